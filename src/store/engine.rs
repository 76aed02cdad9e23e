//! What the store asks of an engine: three verbs over ordered octets.
//!
//! The seam lies below the calendar logic: key layout, indexes, change log and UID uniqueness are written once above it.
//! Not for: what the keys mean (`store::key`).

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;

/// A key; engines order keys by their octets.
pub type Key = Vec<u8>;

/// The largest value an engine must take, in octets; the store cuts longer ones into pieces.
pub const MAX_VALUE: usize = 16 * 1024;

/// The largest number of pairs one scan answers.
pub const MAX_SCAN: usize = 1024;

/// Why an engine did not do as asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineError {
    /// An expectation does not hold; nothing was written.
    Conflict,
    /// Another process holds the store.
    InUse,
    /// The medium failed. After a failed commit the engine takes no further ones: what is on disk is unknown until it is opened again.
    Failed(String),
}

/// The answer of an engine, later.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, EngineError>> + Send + 'a>>;

/// What must be and what shall be, in one step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// Each key has exactly this value now, or is absent. A lock is a value that is different after each change.
    pub expect: Vec<(Key, Option<Bytes>)>,
    /// Each key gets this value, or is deleted. A key stands here once at most.
    pub write: Vec<(Key, Option<Bytes>)>,
}

/// An ordered store of octets with atomic, durable batches.
///
/// * `commit` is all or nothing, and is durable before it answers: power may fail right after.
/// * A reader sees a batch whole or not at all, and **only once it is durable**.
/// * Of two commits that expect the same value of a key and change it, one gets [`EngineError::Conflict`].
pub trait Engine: Send + Sync + 'static {
    /// The values of these keys, at one moment.
    fn get(&self, keys: &[Key]) -> Answer<'_, Vec<Option<Bytes>>>;
    /// Pairs whose key begins with `prefix` and is greater than `after` (where given), in order, at most `limit` and at most [`MAX_SCAN`].
    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Answer<'_, Vec<(Key, Bytes)>>;
    /// Writes the batch if everything expected holds.
    fn commit(&self, batch: Batch) -> Answer<'_, ()>;
}

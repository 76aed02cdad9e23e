//! What the store asks of an engine: three verbs over ordered octets.
//!
//! The seam lies below the calendar logic: key layout, indexes, change log and UID uniqueness are written once above it.
//! Not for: what the keys mean (`store::key`).

use std::collections::BTreeSet;
use std::future::Future;
use std::ops::Bound;
use std::pin::Pin;

use bytes::Bytes;

/// A key; engines order keys by their octets.
pub type Key = Vec<u8>;

/// The longest key an engine must take, in octets. A key has at least one.
///
/// sled keeps 256 keys in one page of an index, and a page must stay small (see [`crate::store::sled`]).
pub const MAX_KEY: usize = 1024;

/// The largest value an engine must take, in octets; the store cuts longer ones into pieces.
pub const MAX_VALUE: usize = 16 * 1024;

/// The largest number of pairs one scan answers.
pub const MAX_SCAN: usize = 1024;

/// A scan of so many pairs may be answered at once, as reading as many values is: whoever expects few asks for so many first.
pub const FEW: usize = 16;

/// Why an engine did not do as asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineError {
    /// An expectation does not hold; nothing was written.
    Conflict,
    /// Another process holds the store.
    InUse,
    /// The medium failed. After a failed commit the engine takes no further ones: what is on disk is unknown until it is opened again.
    ///
    /// A batch that breaks a rule of [`Batch`] is answered so too; that one wrote nothing, and the engine goes on.
    Failed(String),
}

/// The answer of an engine, later.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, EngineError>> + Send + 'a>>;

/// What must be and what shall be, in one step.
///
/// Every key has 1 to [`MAX_KEY`] octets, every written value at most [`MAX_VALUE`]. A key may stand in both lists, and usually does:
/// `expect` is what it has before, `write` what it has after.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// Each key has exactly this value now, or is absent. A lock is a value that is different after each change.
    pub expect: Vec<(Key, Option<Bytes>)>,
    /// Each key gets this value, or is deleted. A key stands here once at most.
    pub write: Vec<(Key, Option<Bytes>)>,
}

impl Batch {
    /// Whether the batch keeps the rules, so that every engine refuses the same ones with the same sentence.
    ///
    /// # Errors
    /// [`EngineError::Failed`] names the broken rule.
    pub(super) fn check(&self) -> Result<(), EngineError> {
        let mut keys = self.expect.iter().chain(&self.write).map(|(key, _)| key);
        if keys.any(|key| key.is_empty() || key.len() > MAX_KEY) {
            return Err(EngineError::Failed(format!("a batch has a key that is empty or longer than {MAX_KEY} octets")));
        }
        if self.write.iter().any(|(_, value)| value.as_ref().is_some_and(|value| value.len() > MAX_VALUE)) {
            return Err(EngineError::Failed(format!("a batch has a value longer than {MAX_VALUE} octets")));
        }
        let mut seen = BTreeSet::new();
        if !self.write.iter().all(|(key, _)| seen.insert(key)) {
            return Err(EngineError::Failed("a batch writes one key twice".to_owned()));
        }
        Ok(())
    }
}

/// Where a scan begins in the order of keys; `None` if no key can be in it. It ends before the first key without the prefix.
pub(super) fn start<'a>(prefix: &'a [u8], after: Option<&'a [u8]>) -> Option<Bound<&'a [u8]>> {
    match after {
        Some(after) if after.starts_with(prefix) => Some(Bound::Excluded(after)),
        Some(after) if after > prefix => None,
        _ => Some(Bound::Included(prefix)),
    }
}

/// An ordered store of octets with atomic, durable batches.
///
/// * `commit` is all or nothing, and is durable before it answers: power may fail right after.
/// * A reader sees a batch whole or not at all, and **only once it is durable**.
/// * A commit whose future is dropped may still be carried out, whole.
/// * It answers threads of a tokio runtime without holding them up, and threads outside of any as well; there it may block.
/// * Of two commits that expect the same value of a key and change it, one gets [`EngineError::Conflict`].
pub trait Engine: Send + Sync + 'static {
    /// The values of these keys, at one moment.
    fn get(&self, keys: &[Key]) -> Answer<'_, Vec<Option<Bytes>>>;
    /// Pairs whose key begins with `prefix` and is greater than `after` (where given), in order, at most `limit` and at most [`MAX_SCAN`].
    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Answer<'_, Vec<(Key, Bytes)>>;
    /// Writes the batch if everything expected holds.
    fn commit(&self, batch: Batch) -> Answer<'_, ()>;
}

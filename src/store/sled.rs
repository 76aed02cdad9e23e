//! The embedded engine: sled 0.34, made to keep what it was given when the power fails.
//!
//! sled alone answers a flush before the disk has the data, never syncs its settings, moves large pages into files that it does not sync,
//! and shows a transaction to readers before it is flushed. Hence, and all of it is needed:
//! * after opening, every file and the folder are synced once (`folder`);
//! * segments of 2 MiB with bounded keys and values, so that no page grows into a file of its own (a page over a quarter of a segment does;
//!   one holds about 20 values of [`MAX_VALUE`](super::engine::MAX_VALUE) or 256 keys of [`MAX_KEY`](super::engine::MAX_KEY));
//! * a commit is one transaction, then sled's flush, then fdatasync on a descriptor of ours, then the answer; one commit at a time;
//! * until then readers get the old values of the keys being written.
//!
//! The file format: sled's default tree, keys and values as given. A store's segment size can never change.
//!
//! Not for: grouping writers into one commit; a sequencer above does that, and without it each commit costs one fdatasync.

mod folder;
pub mod guard;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs::File;
use std::future::ready;
use std::iter::Peekable;
use std::ops::Bound;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use ::sled::transaction::{ConflictableTransactionError, TransactionError};
use ::sled::{Config, Db, IVec};
use bytes::Bytes;
use tokio::runtime::Handle;
use tokio::sync::Mutex;

use super::engine::{Answer, Batch, Engine, EngineError, FEW, Key, MAX_SCAN, start};
use folder::Lock;
use guard::{guarded, unreadable};

/// A page cache for a practice, in octets as sled counts them; in memory it takes more. What falls out of it comes from the system's own
/// cache of the file: four times as much made no answer cheaper at ten thousand events.
pub const CACHE_BYTES: u64 = 16 * 1024 * 1024;

/// sled divides its cache into parts and panics on one too small to divide.
const LEAST_CACHE_BYTES: u64 = 1024 * 1024;

/// In octets; see the top of this file.
const SEGMENT_BYTES: usize = 2 * 1024 * 1024;

/// sled collects garbage in the thread that also flushes at this interval; without it the file only grows.
const FLUSH_EVERY_MS: u64 = 500;

/// An engine on a folder, which belongs to one process at a time.
///
/// Dropping it gives the folder back once the commit and the scans that are under way have ended; that blocks for some milliseconds.
pub struct SledEngine {
    store: Arc<Store>,
    medium: Arc<Mutex<Medium>>,
}

/// What readers and the committer share. The order of the fields is that of their ends: sled first, the lock last.
struct Store {
    tree: Db,
    /// The durable values of keys whose new ones are in sled but not yet on disk. Readers hold it for all of a read, so that the committer
    /// neither begins nor ends in the middle of one.
    shadow: RwLock<BTreeMap<Key, Option<Bytes>>>,
    _lock: Lock,
}

/// What only the one who commits has.
struct Medium {
    /// sled's log, opened once: a write error is reported once per open file, and sled's own threads may swallow theirs.
    db: File,
    /// Why no more commits are taken.
    failed: Option<String>,
}

impl SledEngine {
    /// Opens the store in this folder, or makes one, with a page cache of so many octets (1 MiB at least). Blocks; recovery reads the whole log.
    ///
    /// # Errors
    /// [`EngineError::InUse`] when another process (or another engine of this one) has it open, after half a second of trying;
    /// [`EngineError::Failed`] when the folder cannot be used or sled cannot read it.
    pub fn open(dir: &Path, cache_bytes: u64) -> Result<SledEngine, EngineError> {
        let lock = folder::enter(dir)?;
        let config = Config::new()
            .path(dir)
            .segment_size(SEGMENT_BYTES)
            .cache_capacity(cache_bytes.max(LEAST_CACHE_BYTES))
            .flush_every_ms(Some(FLUSH_EVERY_MS));
        let tree = guarded(|| config.open().map_err(broken))?;
        let path = dir.join(folder::DB);
        let db = File::open(&path).map_err(|error| folder::failed("open", &path, &error))?;
        folder::sync(dir)?;
        let store = Store { tree, shadow: RwLock::default(), _lock: lock };
        Ok(SledEngine { store: Arc::new(store), medium: Arc::new(Mutex::new(Medium { db, failed: None })) })
    }

    /// Whether there is a store in this folder; nothing is made or opened.
    pub fn is_there(dir: &Path) -> bool {
        dir.join(folder::DB).is_file()
    }

    /// What the store takes on the disk, in octets.
    ///
    /// # Errors
    /// [`EngineError::Failed`] when the files cannot be looked at.
    pub fn size_on_disk(&self) -> Result<u64, EngineError> {
        self.store.tree.size_on_disk().map_err(broken)
    }
}

impl Engine for SledEngine {
    /// Reads at once, on the caller's thread, before the future is polled: mostly from the cache.
    fn get(&self, keys: &[Key]) -> Answer<'_, Vec<Option<Bytes>>> {
        Box::pin(ready(guarded(|| self.store.get(keys))))
    }

    /// A few pairs are read as values are, more where that holds up nobody.
    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Answer<'_, Vec<(Key, Bytes)>> {
        if limit <= FEW {
            return Box::pin(ready(guarded(|| self.store.scan(prefix, after, limit))));
        }
        let (prefix, after) = (prefix.to_vec(), after.map(<[u8]>::to_vec));
        let store = Arc::clone(&self.store);
        Box::pin(blocking(move || guarded(|| store.scan(&prefix, after.as_deref(), limit))))
    }

    fn commit(&self, batch: Batch) -> Answer<'_, ()> {
        Box::pin(async move {
            batch.check()?;
            let store = Arc::clone(&self.store);
            // Waiting here holds no thread of the pool; held inside the job, the turn stays taken if the caller goes away.
            let mut medium = Arc::clone(&self.medium).lock_owned().await;
            blocking(move || store.commit(&mut medium, batch)).await
        })
    }
}

impl Store {
    fn get(&self, keys: &[Key]) -> Result<Vec<Option<Bytes>>, EngineError> {
        let shadow = self.shadow.read().unwrap_or_else(PoisonError::into_inner);
        let value = |key: &Key| match shadow.get(key) {
            Some(durable) => Ok(durable.clone()),
            None => self.current(key),
        };
        keys.iter().map(value).collect()
    }

    /// The value in sled, durable or not.
    fn current(&self, key: &[u8]) -> Result<Option<Bytes>, EngineError> {
        Ok(self.tree.get(key).map_err(broken)?.map(|value| octets(&value)))
    }

    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<(Key, Bytes)>, EngineError> {
        let limit = limit.min(MAX_SCAN);
        let Some(start) = start(prefix, after) else { return Ok(Vec::new()) };
        let range = (start, Bound::Unbounded);
        let shadow = self.shadow.read().unwrap_or_else(PoisonError::into_inner);
        let durable = shadow.range::<[u8], _>(range).take_while(|(key, _)| key.starts_with(prefix));
        let mut durable = durable.filter_map(|(key, value)| Some((key.clone(), value.clone()?))).peekable();
        let mut pairs = Vec::new();
        // Under a limit of nothing sled is not asked at all.
        for pair in self.tree.range::<&[u8], _>(range).take_while(|_| limit > 0) {
            let (key, value) = pair.map_err(broken)?;
            take_before(&mut durable, Some(&key), limit, &mut pairs);
            if pairs.len() == limit || !key.starts_with(prefix) {
                break;
            }
            if !shadow.contains_key(&*key) {
                pairs.push((key.to_vec(), octets(&value)));
            }
        }
        take_before(&mut durable, None, limit, &mut pairs);
        Ok(pairs)
    }

    fn commit(&self, medium: &mut Medium, batch: Batch) -> Result<(), EngineError> {
        if let Some(why) = &medium.failed {
            return Err(EngineError::Failed(why.clone()));
        }
        // Stands if sled panics on the way.
        medium.failed = Some("an earlier commit did not end; the store must be opened again".to_owned());
        let done = self.write(&medium.db, &batch);
        medium.failed = match &done {
            Err(EngineError::Failed(why)) => Some(format!("an earlier commit failed, the store must be opened again: {why}")),
            _ => None,
        };
        done
    }

    fn write(&self, db: &File, batch: &Batch) -> Result<(), EngineError> {
        self.cover(batch)?;
        let done = self.apply(batch);
        if done.is_ok() && !batch.write.is_empty() {
            self.tree.flush().map_err(broken)?;
            db.sync_data().map_err(|error| EngineError::Failed(format!("cannot sync the store's log: {error}")))?;
        }
        // After a failure readers keep the shadow: they go on to see what is known to be durable.
        if !matches!(done, Err(EngineError::Failed(_))) {
            self.uncover();
        }
        done
    }

    /// From here on readers get the values that the batch is about to replace.
    fn cover(&self, batch: &Batch) -> Result<(), EngineError> {
        let old = batch.write.iter().map(|(key, _)| Ok((key.clone(), self.current(key)?)));
        let old = old.collect::<Result<BTreeMap<_, _>, EngineError>>()?;
        *self.shadow.write().unwrap_or_else(PoisonError::into_inner) = old;
        Ok(())
    }

    /// From here on readers get what is in sled.
    fn uncover(&self) {
        self.shadow.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Checks and writes in one transaction of sled. The closure may run more than once and so only reads what it was given.
    fn apply(&self, batch: &Batch) -> Result<(), EngineError> {
        let done = self.tree.transaction(|tree| {
            for (key, value) in &batch.expect {
                if tree.get(key)?.as_deref() != value.as_deref() {
                    return Err(ConflictableTransactionError::Abort(EngineError::Conflict));
                }
            }
            for (key, value) in &batch.write {
                match value {
                    Some(value) => tree.insert(key.as_slice(), &**value)?,
                    None => tree.remove(key.as_slice())?,
                };
            }
            Ok(())
        });
        done.map_err(|error| match error {
            TransactionError::Abort(conflict) => conflict,
            TransactionError::Storage(error) => broken(error),
        })
    }
}

/// Moves the pairs whose key is smaller than `key` (all, without one) to the end of `pairs`, up to `limit` there.
fn take_before(from: &mut Peekable<impl Iterator<Item = (Key, Bytes)>>, key: Option<&[u8]>, limit: usize, pairs: &mut Vec<(Key, Bytes)>) {
    while pairs.len() < limit {
        match from.next_if(|(durable, _)| key.is_none_or(|key| durable.as_slice() < key)) {
            Some(pair) => pairs.push(pair),
            None => return,
        }
    }
}

/// Runs something that waits for the disk where that holds up nobody: on the runtime's pool, or right here where there is no runtime.
async fn blocking<T: Send + 'static>(job: impl FnOnce() -> Result<T, EngineError> + Send + 'static) -> Result<T, EngineError> {
    match Handle::try_current() {
        Ok(runtime) => runtime
            .spawn_blocking(job)
            .await
            .unwrap_or_else(|error| Err(EngineError::Failed(format!("the store's job did not end: {error}")))),
        Err(_) => job(),
    }
}

fn octets(value: &IVec) -> Bytes {
    Bytes::copy_from_slice(value)
}

fn broken(error: ::sled::Error) -> EngineError {
    match error {
        ::sled::Error::Corruption { .. } => unreadable(": damaged data"),
        ::sled::Error::Unsupported(why) => unreadable(&format!(": {why}")),
        error => EngineError::Failed(format!("sled: {error}")),
    }
}

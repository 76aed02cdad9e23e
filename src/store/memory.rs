//! An engine that forgets: everything in one ordered map.
//!
//! For tests and for trying out. Not for: anything that must be there tomorrow (`store::sled`).

use std::collections::BTreeMap;
use std::future::ready;
use std::ops::Bound;
use std::sync::{PoisonError, RwLock};

use bytes::Bytes;

use super::engine::{Answer, Batch, Engine, EngineError, Key, MAX_SCAN, start};

/// An engine in memory. A batch is durable as long as this value is.
#[derive(Debug, Default)]
pub struct MemoryEngine {
    pairs: RwLock<BTreeMap<Key, Bytes>>,
}

impl MemoryEngine {
    /// An empty one.
    pub fn new() -> MemoryEngine {
        MemoryEngine::default()
    }

    fn read(&self, keys: &[Key]) -> Vec<Option<Bytes>> {
        let pairs = self.pairs.read().unwrap_or_else(PoisonError::into_inner);
        keys.iter().map(|key| pairs.get(key).cloned()).collect()
    }

    fn page(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Vec<(Key, Bytes)> {
        let Some(start) = start(prefix, after) else { return Vec::new() };
        let pairs = self.pairs.read().unwrap_or_else(PoisonError::into_inner);
        pairs
            .range::<[u8], _>((start, Bound::Unbounded))
            .take_while(|(key, _)| key.starts_with(prefix))
            .take(limit.min(MAX_SCAN))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }

    fn write(&self, batch: Batch) -> Result<(), EngineError> {
        batch.check()?;
        let mut pairs = self.pairs.write().unwrap_or_else(PoisonError::into_inner);
        if batch.expect.iter().any(|(key, value)| pairs.get(key) != value.as_ref()) {
            return Err(EngineError::Conflict);
        }
        for (key, value) in batch.write {
            match value {
                Some(value) => pairs.insert(key, value),
                None => pairs.remove(&key),
            };
        }
        Ok(())
    }
}

impl Engine for MemoryEngine {
    fn get(&self, keys: &[Key]) -> Answer<'_, Vec<Option<Bytes>>> {
        Box::pin(ready(Ok(self.read(keys))))
    }

    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Answer<'_, Vec<(Key, Bytes)>> {
        Box::pin(ready(Ok(self.page(prefix, after, limit))))
    }

    fn commit(&self, batch: Batch) -> Answer<'_, ()> {
        Box::pin(async move { self.write(batch) })
    }
}

//! A value for each collection that somebody asks about, in memory: the least used are forgotten when all of them take too much.
//!
//! Not for: what is kept (`indexes`, `listings`), nor when it is too old.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use crate::collection::CollectionId;

/// One of them. Whoever has it may go on with it after it was forgotten.
#[derive(Default)]
pub struct Slot<T> {
    value: T,
    last_used: AtomicU64,
}

impl<T> Deref for Slot<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// All of them.
#[derive(Default)]
pub struct Slots<T> {
    kept: RwLock<HashMap<CollectionId, Arc<Slot<T>>>>,
    uses: AtomicU64,
}

impl<T: Default> Slots<T> {
    /// That of a collection, new where there is none; it is used.
    pub fn of(&self, id: CollectionId) -> Arc<Slot<T>> {
        if let Some(slot) = self.found(id) {
            return slot;
        }
        let slot = Arc::clone(self.kept.write().unwrap_or_else(PoisonError::into_inner).entry(id).or_default());
        self.used(slot)
    }

    /// That of a collection where there is one; it is used.
    pub fn found(&self, id: CollectionId) -> Option<Arc<Slot<T>>> {
        self.unasked(id).map(|slot| self.used(slot))
    }

    /// The same for whoever brings it forward and has not been asked for it.
    pub fn unasked(&self, id: CollectionId) -> Option<Arc<Slot<T>>> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    fn used(&self, slot: Arc<Slot<T>>) -> Arc<Slot<T>> {
        slot.last_used.store(self.uses.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        slot
    }

    /// Forgets the least used while all together take more than a limit, but never the last one. `size` tells what one takes.
    pub fn forget_least_used(&self, limit: usize, size: impl Fn(&T) -> usize) {
        let total = |kept: &HashMap<CollectionId, Arc<Slot<T>>>| kept.values().map(|slot| size(&slot.value)).sum::<usize>();
        if total(&self.kept.read().unwrap_or_else(PoisonError::into_inner)) <= limit {
            return;
        }
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        while kept.len() > 1 && total(&kept) > limit {
            let Some(oldest) = kept.iter().min_by_key(|(_, slot)| slot.last_used.load(Ordering::Relaxed)).map(|(id, _)| *id) else {
                return;
            };
            kept.remove(&oldest);
        }
    }
}

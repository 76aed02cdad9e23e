//! What has been decided and is not yet written, and what it moves once it is.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bytes::Bytes;

use super::engine::Key;
use super::{key, record};
use crate::collection::{CollectionId, Entry, Name, Version};
use crate::index::Indexed;

/// What a decision has touched, for those who wait for news.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Touched {
    /// A booking, or the list of requests.
    pub bookings: bool,
    /// The outbox.
    pub outbox: bool,
    /// The practice or the people in it.
    pub practice: bool,
}

impl Touched {
    fn join(&mut self, other: Touched) {
        self.bookings |= other.bookings;
        self.outbox |= other.outbox;
        self.practice |= other.practice;
    }
}

/// An object as a decision leaves it, for what is kept in memory beside the store.
#[derive(Debug, Clone)]
pub struct Change {
    /// Its entry.
    pub entry: Arc<Entry>,
    /// Its occurrences.
    pub indexed: Indexed,
}

/// What a decision changes in a collection: an object's new state, or none.
pub type Changes = BTreeMap<Name, Option<Change>>;

/// What has been decided and is not yet on disk.
#[derive(Debug, Default)]
pub struct Overlay {
    /// Values by key.
    pub writes: BTreeMap<Key, Option<Bytes>>,
    /// What the engine must still hold: the versions that were read.
    pub expect: HashMap<Key, Option<Bytes>>,
    /// Changed objects, by collection.
    pub changes: HashMap<CollectionId, Changes>,
    /// What was touched.
    pub touched: Touched,
}

/// How a commit moves one collection.
#[derive(Debug)]
pub struct Step {
    /// Which.
    pub id: CollectionId,
    /// The version it was at.
    pub from: Version,
    /// The version it is at then.
    pub to: Version,
    /// What changes.
    pub changes: Changes,
}

impl Overlay {
    /// How this moves the collections; takes the changes out.
    pub(super) fn steps(&mut self) -> Vec<Step> {
        let version = |value: Option<&Option<Bytes>>| match value {
            Some(Some(octets)) => record::decode(octets).ok(),
            _ => Some(Version(0)),
        };
        let step = |(id, changes)| {
            let key = key::version(id);
            Some(Step { id, from: version(self.expect.get(&key))?, to: version(self.writes.get(&key))?, changes })
        };
        std::mem::take(&mut self.changes).into_iter().filter_map(step).collect()
    }

    pub(super) fn take(&mut self, other: Overlay) {
        self.writes.extend(other.writes);
        for (key, value) in other.expect {
            self.expect.entry(key).or_insert(value);
        }
        for (id, changes) in other.changes {
            self.changes.entry(id).or_default().extend(changes);
        }
        self.touched.join(other.touched);
    }
}

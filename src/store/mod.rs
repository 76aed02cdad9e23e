//! Keeping: typed reads, and one way to change anything.
//!
//! Not for: deciding what to change (`app`); how an engine keeps octets (`store::sled`, `store::memory`).

mod bodies;
mod caches;
#[cfg(test)]
mod conformance;
pub mod engine;
mod indexes;
pub mod key;
mod listings;
pub mod memory;
mod objects;
mod overlay;
pub mod record;
mod sequencer;
pub mod sled;
mod slots;
pub mod txn;
mod wait;

use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;
use minicbor::Decode;

use self::bodies::Bodies;
use self::caches::Caches;
use self::engine::{Engine, EngineError, FEW, Key, MAX_SCAN};
use self::indexes::Indexes;
use self::listings::Listings;
use self::overlay::Touched;
use self::record::{CollectionRecord, FORMAT, Format, Logged, Revision};
use self::sequencer::Sequencer;
use self::txn::{Txn, join};
use crate::collection::{CollectionId, Name, Version};
use crate::error::{Error, Precondition, Result};
use crate::ical::recurrence::Occurrence;
use crate::ical::time::TimeRange;
use crate::ical::zone::Zone;
use crate::world::World;

/// Bits of a version that count commits; those above are the second in which this process started. A token handed out by an
/// earlier life of the store, even one restored from a backup, is never handed out again.
const VERSION_SHIFT: u32 = 20;

/// How many changed names one sync answers at most before it asks to be asked again from the beginning.
const MAX_CHANGES: usize = 200_000;

/// How many revisions of one object are looked at. A program that writes a booking every minute needs two months for so many.
pub(crate) const MAX_REVISIONS: usize = 100_000;

/// Everything that is kept.
pub struct Store {
    engine: Arc<dyn Engine>,
    caches: Arc<Caches>,
    sequencer: Sequencer,
}

/// Why a store was not opened.
fn wrong_format(found: u32) -> Error {
    Error::Failed(format!("the data folder has format {found}; this program reads format {FORMAT}. Use the program that wrote it."))
}

/// An engine's failure as an error.
fn failed(error: EngineError) -> Error {
    match error {
        EngineError::Conflict => Error::Busy,
        EngineError::InUse => Error::Failed("another process uses the data folder".into()),
        EngineError::Failed(text) => Error::Failed(text),
    }
}

async fn between(engine: &dyn Engine, prefix: &[u8], from: &Key, to: &Key) -> Result<Vec<(Key, Bytes)>> {
    let mut found: Vec<(Key, Bytes)> = Vec::new();
    let mut wanted = FEW;
    loop {
        let after = found.last().map_or(from, |(key, _)| key);
        let page = engine.scan(prefix, Some(after), wanted).await.map_err(failed)?;
        let before = found.len();
        found.extend(page.into_iter().take_while(|(key, _)| key < to));
        if found.len() < before + wanted {
            return Ok(found);
        }
        wanted = MAX_SCAN;
    }
}

impl Store {
    /// Opens what an engine holds; an empty one is given the present format.
    pub async fn open(engine: Arc<dyn Engine>, world: Arc<dyn World>) -> Result<Store> {
        let started = u64::try_from(world.now().timestamp()).unwrap_or(0);
        let indexes = Arc::new(Indexes::new(Box::new(move || world.now().timestamp())));
        let caches = Arc::new(Caches { indexes, listings: Listings::default(), bodies: Bodies::default() });
        let floor = Version(started << VERSION_SHIFT);
        let sequencer = Sequencer::start(Arc::clone(&engine), Arc::clone(&caches), floor)
            .map_err(|e| Error::Failed(format!("no thread for the sequencer: {e}")))?;
        let store = Store { engine, caches, sequencer };
        match store.record::<Format>(&key::format()).await? {
            Some(found) if found.format == FORMAT => {}
            Some(found) => return Err(wrong_format(found.format)),
            None => {
                let format = Format { format: FORMAT, made_by: concat!("openslot ", env!("CARGO_PKG_VERSION")).into() };
                store.commit(move |txn| txn.write_record(key::format(), &format)).await?;
            }
        }
        Ok(store)
    }

    /// Decides and commits: durable when it answers. `decide` may run more than once and changes nothing but its transaction.
    pub async fn commit<T, F>(&self, decide: F) -> Result<(T, Touched)>
    where
        T: Send + 'static,
        F: FnMut(&mut Txn<'_>) -> Result<T> + Send + 'static,
    {
        self.sequencer.commit(decide).await
    }

    /// Done, with the reason, once the medium has failed: no more is committed until the store is opened again.
    pub fn failure(&self) -> impl Future<Output = String> + Send + use<> {
        self.sequencer.failure()
    }

    /// The value of a key.
    pub async fn value(&self, key: Key) -> Result<Option<Bytes>> {
        Ok(self.engine.get(&[key]).await.map_err(failed)?.pop().flatten())
    }

    /// The record at a key.
    pub async fn record<T: for<'b> Decode<'b, ()>>(&self, key: &Key) -> Result<Option<T>> {
        self.value(key.clone()).await?.map(|octets| record::decode(&octets)).transpose()
    }

    /// Pairs below a prefix, in order, at most `limit`.
    pub async fn scan(&self, prefix: &[u8], limit: usize) -> Result<Vec<(Key, Bytes)>> {
        let mut found = Vec::new();
        while found.len() < limit {
            let after = found.last().map(|(key, _): &(Key, Bytes)| key.clone());
            let wanted = (limit - found.len()).min(MAX_SCAN);
            let page = self.engine.scan(prefix, after.as_deref(), wanted).await.map_err(failed)?;
            let full = page.len() == wanted;
            found.extend(page);
            if !full {
                break;
            }
        }
        Ok(found)
    }

    /// All pairs below a prefix after one key and before another, in order.
    pub async fn scan_between(&self, prefix: &[u8], from: &Key, to: &Key) -> Result<Vec<(Key, Bytes)>> {
        between(self.engine.as_ref(), prefix, from, to).await
    }

    /// The octets that were written in pieces below a prefix.
    pub async fn long(&self, prefix: &[u8], size: usize) -> Result<Bytes> {
        join(self.engine.get(&key::pieces(prefix, size)).await.map_err(failed)?, size)
    }

    /// A collection and its version.
    pub async fn collection(&self, id: CollectionId) -> Result<Option<(CollectionRecord, Version)>> {
        let mut values = self.engine.get(&[key::collection(id), key::version(id)]).await.map_err(failed)?.into_iter();
        let (Some(Some(record)), Some(Some(version))) = (values.next(), values.next()) else { return Ok(None) };
        Ok(Some((record::decode(&record)?, record::decode(&version)?)))
    }

    /// The same of several, in the order asked.
    pub async fn collections(&self, ids: &[CollectionId]) -> Result<Vec<Option<(CollectionRecord, Version)>>> {
        let keys: Vec<Key> = ids.iter().flat_map(|id| [key::collection(*id), key::version(*id)]).collect();
        let values = self.engine.get(&keys).await.map_err(failed)?;
        let found = values.chunks_exact(2).map(|pair| match pair {
            [Some(collection), Some(version)] => Ok(Some((record::decode(collection)?, record::decode(version)?))),
            _ => Ok(None),
        });
        found.collect()
    }

    /// The zone in which a collection's floating times and dates are meant.
    pub async fn zone(&self, id: CollectionId) -> Result<Zone> {
        indexes::zone_of(self.engine.as_ref(), id).await
    }

    /// The name of a UID.
    pub async fn name_of_uid(&self, id: CollectionId, uid: &str) -> Result<Option<Name>> {
        self.record(&key::uid(id, uid)).await
    }

    /// Occurrences that overlap a range, by start. From the index; only series beyond its horizon are worked out.
    pub async fn occurrences(&self, id: CollectionId, range: TimeRange) -> Result<Vec<(Name, Occurrence)>> {
        Indexes::occurrences(&self.caches.indexes, self.engine.as_ref(), id, range).await
    }

    /// The same without names and in no order: what busy time is made of.
    pub async fn times(&self, id: CollectionId, range: TimeRange) -> Result<Vec<Occurrence>> {
        Indexes::times(&self.caches.indexes, self.engine.as_ref(), id, range).await
    }

    /// Names of the objects that have an occurrence overlapping a range, sorted; the range may be open at either end.
    pub async fn occurring(&self, id: CollectionId, range: TimeRange) -> Result<Vec<Name>> {
        Indexes::names(&self.caches.indexes, self.engine.as_ref(), id, range).await
    }

    /// The range for which series are expanded in the indexes.
    pub fn horizon(&self) -> TimeRange {
        self.caches.indexes.horizon()
    }

    /// The present version and each name that changed after `since`, once, in the order of its last change.
    pub async fn changed(&self, id: CollectionId, since: Version) -> Result<(Version, Vec<Name>)> {
        let version = self.version(id).await?;
        if since > version {
            return Err(Error::Refused(Precondition::ValidSyncToken, "This token was never handed out.".into()));
        }
        let prefix = key::log(id);
        let mut after = key::logged(id, since);
        let mut last = std::collections::HashMap::new();
        loop {
            let page = self.engine.scan(&prefix, Some(&after), MAX_SCAN).await.map_err(failed)?;
            for (n, (_, octets)) in page.iter().enumerate() {
                last.insert(record::decode::<Logged>(octets)?.name, (after.clone(), n));
            }
            if last.len() > MAX_CHANGES {
                return Err(Error::Refused(Precondition::ValidSyncToken, "Too much has changed: sync from the beginning.".into()));
            }
            match page.last() {
                Some((key, _)) if page.len() == MAX_SCAN => after = key.clone(),
                _ => break,
            }
        }
        let mut names: Vec<_> = last.into_iter().collect();
        names.sort_by(|a, b| a.1.cmp(&b.1));
        Ok((version, names.into_iter().map(|(name, _)| name).collect()))
    }

    /// The revisions of a UID, oldest first.
    pub async fn revisions(&self, id: CollectionId, uid: &str) -> Result<Vec<Revision>> {
        let pairs = self.scan(&key::revisions(id, uid), MAX_REVISIONS).await?;
        pairs.iter().map(|(_, octets)| record::decode(octets)).collect()
    }

    /// The revision that was written at a version.
    pub async fn revision(&self, id: CollectionId, uid: &str, version: Version) -> Result<Option<Revision>> {
        self.record(&key::revision(id, uid, version)).await
    }

    /// The octets of a revision; `None` where the object was deleted by it.
    pub async fn revision_octets(&self, id: CollectionId, uid: &str, revision: &Revision) -> Result<Option<Bytes>> {
        let size = usize::try_from(revision.size).unwrap_or(0);
        if size == 0 {
            return Ok(None);
        }
        let current = self.objects(id, std::slice::from_ref(&revision.name)).await?.pop().flatten();
        match current {
            Some(object) if object.entry.version == revision.version => Ok(Some(object.octets)),
            _ => self.long(&key::revision_body(id, uid, revision.version), size).await.map(Some),
        }
    }
}

//! The indexes of occurrences, one a collection: built when first asked for, kept beside the version they were built at, brought
//! forward by the change log, forgotten when they take too much room.
//!
//! Not for: what an index is (`ical::index`).

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::engine::{Engine, MAX_SCAN};
use super::overlay::Step;
use super::record::{self, CollectionRecord, Logged};
use super::slots::Slots;
use super::txn::{join, size_of};
use super::{failed, key};
use crate::collection::{CollectionId, Entry, Name, Version};
use crate::error::{Error, Precondition, Result};
use crate::ical::object::CalendarObject;
use crate::ical::recurrence::{self, Occurrence, Series};
use crate::ical::time::TimeRange;
use crate::ical::zone::Zone;
use crate::index::{Index, Indexed};

/// How far back from the present series are expanded, in seconds.
const HORIZON_BACK: i64 = 366 * 86_400;

/// How far ahead.
const HORIZON_AHEAD: i64 = 2 * 366 * 86_400;

/// An index whose horizon was set so long ago is built anew.
const HORIZON_AGE: i64 = 30 * 86_400;

/// What all indexes together may take, in octets.
const CACHE_LIMIT: usize = 256 * 1024 * 1024;

struct Cached {
    version: Version,
    /// The zone in which dates and times without one were meant when it was built. Another one makes it worthless.
    zone: String,
    index: Index,
    built_at: i64,
}

#[derive(Default)]
struct Kept {
    cached: RwLock<Option<Cached>>,
    /// Only one builds; the others wait for it.
    building: tokio::sync::Mutex<()>,
}

/// All indexes in memory.
pub struct Indexes {
    slots: Slots<Kept>,
    clock: Box<dyn Fn() -> i64 + Send + Sync>,
}

impl Indexes {
    /// None yet. `clock` tells the present in seconds.
    pub fn new(clock: Box<dyn Fn() -> i64 + Send + Sync>) -> Indexes {
        Indexes { slots: Slots::default(), clock }
    }

    /// The range for which series are expanded now.
    pub fn horizon(&self) -> TimeRange {
        let now = (self.clock)();
        TimeRange { start: now - HORIZON_BACK, end: now + HORIZON_AHEAD }
    }

    /// Occurrences that overlap a range, by start, as durable now.
    pub async fn occurrences(
        indexes: &Arc<Indexes>,
        engine: &dyn Engine,
        id: CollectionId,
        range: TimeRange,
    ) -> Result<Vec<(Name, Occurrence)>> {
        let slot = indexes.slots.of(id);
        let found = indexes.fresh(&slot, engine, id, |index| index.query(range)).await?;
        let mut occurrences = found.occurrences;
        if !found.expand.is_empty() {
            occurrences.extend(worked_out(engine, id, found.expand, range).await?);
            occurrences.sort_by_key(|(_, o)| o.range);
        }
        Ok(occurrences)
    }

    /// The same without names and in no order.
    pub async fn times(indexes: &Arc<Indexes>, engine: &dyn Engine, id: CollectionId, range: TimeRange) -> Result<Vec<Occurrence>> {
        let slot = indexes.slots.of(id);
        let times = indexes.fresh(&slot, engine, id, |index| index.times(range)).await?;
        let mut occurrences = times.occurrences;
        if !times.expand.is_empty() {
            occurrences.extend(worked_out(engine, id, times.expand, range).await?.into_iter().map(|(_, occurrence)| occurrence));
        }
        Ok(occurrences)
    }

    /// Names of the objects that have an occurrence overlapping a range, sorted. A range without an end is not walked to its end: a
    /// series found within the horizon is not worked out any further.
    pub async fn names(indexes: &Arc<Indexes>, engine: &dyn Engine, id: CollectionId, range: TimeRange) -> Result<Vec<Name>> {
        let slot = indexes.slots.of(id);
        let names = indexes.fresh(&slot, engine, id, |index| index.names(range)).await?;
        let mut found = names.found;
        if !names.expand.is_empty() {
            let zone = zone_of(engine, id).await?;
            for name in names.expand {
                let Some(entry) = entry(engine, id, &name).await? else { continue };
                let Some(object) = object(engine, id, &entry).await? else { continue };
                // More occurrences than anybody works out: some will be in the range.
                let occurs = match recurrence::occurs(&object, range, &zone) {
                    Err(Error::Refused(Precondition::MaxInstances, _)) => true,
                    occurs => occurs?,
                };
                if occurs {
                    found.insert(name);
                }
            }
        }
        Ok(found.into_iter().collect())
    }

    /// Asks the index of a collection, brought to its present version where it is behind.
    async fn fresh<T>(&self, slot: &Kept, engine: &dyn Engine, id: CollectionId, ask: impl Fn(&Index) -> T) -> Result<T> {
        let present = present_of(engine, id).await?;
        if let Some(answer) = self.answer(slot, &present, &ask) {
            return Ok(answer);
        }
        let _building = slot.building.lock().await;
        // Whoever was before us may have brought it where we need it, or further.
        if let Some(answer) = self.answer(slot, &present, &ask) {
            return Ok(answer);
        }
        self.bring_forward(slot, engine, id).await?;
        let cached = slot.cached.read().unwrap_or_else(PoisonError::into_inner);
        cached.as_ref().map(|cached| ask(&cached.index)).ok_or_else(|| Error::Failed("an index vanished".into()))
    }

    fn answer<T>(&self, slot: &Kept, present: &Present, ask: impl Fn(&Index) -> T) -> Option<T> {
        let cached = slot.cached.read().unwrap_or_else(PoisonError::into_inner);
        let cached = cached.as_ref()?;
        let fresh = cached.version >= present.version && cached.zone == present.zone && (self.clock)() - cached.built_at < HORIZON_AGE;
        fresh.then(|| ask(&cached.index))
    }

    /// Brings a collection's index to its present version: by the change log where there is an index, else from its entries.
    async fn bring_forward(&self, slot: &Kept, engine: &dyn Engine, id: CollectionId) -> Result<()> {
        let now = (self.clock)();
        // The version first, then the scan: what is scanned is at least that new, and replaying a change twice does no harm.
        let Present { version, zone: zone_name } = present_of(engine, id).await?;
        let zone = Zone::named(&zone_name).unwrap_or(Zone::UTC);
        let known = {
            let cached = slot.cached.read().unwrap_or_else(PoisonError::into_inner);
            cached.as_ref().filter(|c| now - c.built_at < HORIZON_AGE && c.zone == zone_name).map(|c| c.version)
        };
        let Some(known) = known else {
            let horizon = self.horizon();
            let index = build(engine, id, horizon, &zone).await?;
            *slot.cached.write().unwrap_or_else(PoisonError::into_inner) = Some(Cached { version, zone: zone_name, index, built_at: now });
            self.slots.forget_least_used(CACHE_LIMIT, |slot| {
                slot.cached.read().unwrap_or_else(PoisonError::into_inner).as_ref().map_or(0, |cached| cached.index.bytes())
            });
            return Ok(());
        };
        let horizon = {
            let cached = slot.cached.read().unwrap_or_else(PoisonError::into_inner);
            cached.as_ref().map_or_else(|| self.horizon(), |c| c.index.horizon())
        };
        let mut changes = BTreeMap::new();
        for name in changed_since(engine, id, known).await? {
            let indexed = match entry(engine, id, &name).await? {
                Some(entry) => Some(indexed(engine, id, &entry, horizon, &zone).await?),
                None => None,
            };
            changes.insert(name, indexed);
        }
        let mut cached = slot.cached.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(cached) = cached.as_mut()
            && cached.version < version
        {
            changes.into_iter().for_each(|(name, indexed)| apply(&mut cached.index, name, indexed));
            cached.version = version;
        }
        Ok(())
    }

    /// What was committed becomes visible in the indexes that are in memory and were exactly one commit behind; others are
    /// brought forward when they are next asked.
    pub fn publish(&self, steps: Vec<Step>) {
        for step in steps {
            let Some(slot) = self.slots.unasked(step.id) else { continue };
            let mut cached = slot.cached.write().unwrap_or_else(PoisonError::into_inner);
            if let Some(cached) = cached.as_mut()
                && cached.version == step.from
            {
                let changes = step.changes.into_iter().map(|(name, change)| (name, change.map(|change| change.indexed)));
                changes.for_each(|(name, indexed)| apply(&mut cached.index, name, indexed));
                cached.version = step.to;
            }
        }
    }
}

fn apply(index: &mut Index, name: Name, indexed: Option<Indexed>) {
    match indexed {
        Some(indexed) => index.put(name, indexed),
        None => index.remove(&name),
    }
}

/// What an index must be at to be asked.
struct Present {
    version: Version,
    zone: String,
}

async fn present_of(engine: &dyn Engine, id: CollectionId) -> Result<Present> {
    let mut values = engine.get(&[key::version(id), key::collection(id)]).await.map_err(failed)?.into_iter();
    let version = values.next().flatten().map_or(Ok(Version(0)), |octets| record::decode(&octets))?;
    let record = values.next().flatten().map(|octets| record::decode::<CollectionRecord>(&octets)).transpose()?;
    Ok(Present { version, zone: record.map(|record| record.zone).unwrap_or_default() })
}

/// The zone in which a collection's floating times and dates are meant.
pub(super) async fn zone_of(engine: &dyn Engine, id: CollectionId) -> Result<Zone> {
    let octets = engine.get(&[key::collection(id)]).await.map_err(failed)?.pop().flatten();
    let record = octets.map(|octets| record::decode::<CollectionRecord>(&octets)).transpose()?;
    Ok(record.and_then(|r| Zone::named(&r.zone)).unwrap_or(Zone::UTC))
}

async fn entry(engine: &dyn Engine, id: CollectionId, name: &Name) -> Result<Option<Entry>> {
    let octets = engine.get(&[key::entry(id, name)]).await.map_err(failed)?.pop().flatten();
    octets.map(|octets| record::decode(&octets)).transpose()
}

async fn object(engine: &dyn Engine, id: CollectionId, entry: &Entry) -> Result<Option<CalendarObject>> {
    let pieces = engine.get(&key::pieces(&key::body(id, &entry.name), size_of(entry))).await.map_err(failed)?;
    match join(pieces, size_of(entry)) {
        Ok(octets) => CalendarObject::parse(octets).map(Some),
        // Pieces that do not fit belong to a later state, which the change log will tell of; else the store is damaged.
        Err(damaged) => {
            let now = self::entry(engine, id, &entry.name).await?;
            if now.is_some_and(|now| now.etag == entry.etag) { Err(damaged) } else { Ok(None) }
        }
    }
}

/// The occurrences in a range of series that the index does not hold.
async fn worked_out(engine: &dyn Engine, id: CollectionId, names: Vec<Name>, range: TimeRange) -> Result<Vec<(Name, Occurrence)>> {
    let zone = zone_of(engine, id).await?;
    let mut occurrences = Vec::new();
    for name in names {
        let Some(entry) = entry(engine, id, &name).await? else { continue };
        let Some(object) = object(engine, id, &entry).await? else { continue };
        let found = Series::read(&object, &zone)?.taken(range)?;
        occurrences.extend(found.into_iter().map(|occurrence| (name.clone(), occurrence)));
    }
    Ok(occurrences)
}

async fn indexed(engine: &dyn Engine, id: CollectionId, entry: &Entry, horizon: TimeRange, zone: &Zone) -> Result<Indexed> {
    if let Some(simple) = Indexed::of_entry(entry) {
        return Ok(simple);
    }
    let Some(object) = object(engine, id, entry).await? else { return Err(Error::NotFound) };
    Indexed::of(&object, horizon, zone)
}

async fn build(engine: &dyn Engine, id: CollectionId, horizon: TimeRange, zone: &Zone) -> Result<Index> {
    let mut index = Index::new(horizon);
    let prefix = key::entries(id);
    let mut after = None;
    loop {
        let page = engine.scan(&prefix, after.as_deref(), MAX_SCAN).await.map_err(failed)?;
        for (_, octets) in &page {
            let entry: Entry = record::decode(octets)?;
            // An object that went between the scan and this read is brought in by the change log.
            match indexed(engine, id, &entry, horizon, zone).await {
                Ok(indexed) => index.put(entry.name, indexed),
                Err(Error::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        if page.len() < MAX_SCAN {
            return Ok(index);
        }
        after = page.last().map(|(key, _)| key.clone());
    }
}

async fn changed_since(engine: &dyn Engine, id: CollectionId, known: Version) -> Result<Vec<Name>> {
    let prefix = key::log(id);
    let mut after = key::logged(id, known);
    let mut names = Vec::new();
    loop {
        let page = engine.scan(&prefix, Some(&after), MAX_SCAN).await.map_err(failed)?;
        for (_, octets) in &page {
            names.push(record::decode::<Logged>(octets)?.name);
        }
        match page.last() {
            Some((key, _)) if page.len() == MAX_SCAN => after = key.clone(),
            _ => return Ok(names),
        }
    }
}

//! What `apply` puts into opening-hours calendars: the weeks of `practice.toml`, as long as nobody has made them their own.
//!
//! Once staff have changed or deleted one of these events, or have begun an empty calendar themselves, the calendar holds and the file's
//! hours do not: `apply` says so. Events that staff have added beside them stay in any case.

use crate::app::describing::describe;
use crate::app::feed;
use crate::appointment::hours::{Place, Soil, seeds};
use crate::appointment::practice::{Practice, Week};
use crate::collection::{CollectionId, Etag, Name};
use crate::error::Result;
use crate::ical::component::Component;
use crate::ical::object::CalendarObject;
use crate::ical::time::{Seconds, TimeRange};
use crate::ical::zone::Zone;
use crate::store::key;
use crate::store::record::{self, CollectionRecord, HoursRecord, Seed};
use crate::store::txn::{Note, Txn};

/// The present, and how far series are expanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Season {
    /// In seconds.
    pub now: Seconds,
    /// Of the indexes.
    pub horizon: TimeRange,
}

/// Makes the hours calendars of a practice, and puts the file's hours where nobody has touched them. Where somebody has, a line says so.
pub fn open_hours(txn: &mut Txn<'_>, practice: &Practice, season: Season) -> Result<Vec<String>> {
    let mut kept = Vec::new();
    for place in Place::all(practice) {
        if !open_place(txn, practice, &place, season)? {
            kept.push(format!("! {}: its calendar was edited and stays as it is; the file's hours do not count", place.name()));
        }
    }
    Ok(kept)
}

/// Forgets the addresses without a login of the hours calendars of places that are gone.
pub fn forget_gone(txn: &mut Txn<'_>, before: &Practice, practice: &Practice) -> Result<()> {
    for place in Place::all(before).into_iter().filter(|place| place.found(practice).is_none()) {
        if let Some(record) = txn.record::<HoursRecord>(&key::hours(&place.name()))? {
            feed::forget(txn, None, &[record.collection])?;
        }
    }
    Ok(())
}

/// Whether the file's hours hold at a place.
fn open_place(txn: &mut Txn<'_>, practice: &Practice, place: &Place, season: Season) -> Result<bool> {
    let Some((location, _)) = place.found(practice) else { return Ok(true) };
    let week = match place {
        Place::Location(_) => location.hours.clone(),
        Place::Resource(id) => practice.resource(id.as_str()).and_then(|resource| resource.hours.clone()).unwrap_or_default(),
    };
    let key = key::hours(&place.name());
    let known = txn.locked(&key)?.map(|octets| record::decode::<HoursRecord>(&octets)).transpose()?;
    let mut record = match known {
        Some(record) => record,
        None => {
            let new = CollectionRecord {
                component: Component::Event,
                zone: location.zone.clone(),
                resource: None,
                owner: None,
                title: None,
                source: None,
            };
            HoursRecord { collection: txn.make_collection(&new)?, seeds: Vec::new(), declared: Vec::new() }
        }
    };
    let wanted = wanted(&week, practice, place, &location.zone, season)?;
    let declared: Vec<String> =
        std::iter::once(location.zone.clone()).chain(wanted.iter().map(|(name, _)| name.as_str().to_owned())).collect();
    if record.declared == declared {
        return Ok(true);
    }
    let same_zone = record.declared.first() == Some(&location.zone);
    set_zone(txn, record.collection, &location.zone)?;
    record.declared = declared;
    let holds = untouched(txn, &record)?;
    if holds {
        replace(txn, &mut record, wanted, same_zone, (&location.zone, season))?;
    }
    txn.write_record(key, &record)?;
    Ok(holds)
}

fn wanted(week: &Week, practice: &Practice, place: &Place, zone: &str, season: Season) -> Result<Vec<(Name, CalendarObject)>> {
    let soil = Soil { place, zone, language: practice.language, now: season.now };
    seeds(week, soil)?.into_iter().map(|(name, octets)| Ok((name, CalendarObject::parse(octets)?))).collect()
}

fn set_zone(txn: &mut Txn<'_>, id: CollectionId, zone: &str) -> Result<()> {
    match txn.collection(id)?.filter(|collection| collection.zone != zone) {
        Some(collection) => txn.write_record(key::collection(id), &CollectionRecord { zone: zone.to_owned(), ..collection }),
        None => Ok(()),
    }
}

/// Whether what `apply` put there stands as it was put; where it put nothing, whether nothing stands there.
fn untouched(txn: &mut Txn<'_>, record: &HoursRecord) -> Result<bool> {
    if record.seeds.is_empty() {
        return Ok(txn.scan(&key::entries(record.collection), 1)?.is_empty());
    }
    for seed in &record.seeds {
        if txn.entry(record.collection, &seed.name)?.is_none_or(|entry| entry.etag != seed.etag) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Takes out what the file says no more and puts in what is new; what stays the same is not written again.
fn replace(
    txn: &mut Txn<'_>,
    record: &mut HoursRecord,
    wanted: Vec<(Name, CalendarObject)>,
    same_zone: bool,
    (zone, season): (&str, Season),
) -> Result<()> {
    let (id, zone) = (record.collection, Zone::named(zone).unwrap_or(Zone::UTC));
    let note = |what: &str| Note { at: season.now, by: None, via: "apply".into(), what: what.into(), sent: None, number: None };
    let stays = |name: &Name| wanted.iter().any(|(wanted, _)| wanted == name);
    let (old, gone): (Vec<Seed>, Vec<Seed>) = std::mem::take(&mut record.seeds).into_iter().partition(|seed| stays(&seed.name));
    for seed in gone {
        txn.remove(id, &seed.name, note("deleted"))?;
    }
    for (name, object) in wanted {
        let known = old.iter().find(|seed| seed.name == name).filter(|_| same_zone);
        if let Some(seed) = known {
            record.seeds.push(seed.clone());
            continue;
        }
        let (entry, indexed) = describe(&object, &name, Component::Event, &zone, season.horizon, season.now)?;
        txn.put(id, entry, object.octets(), indexed, note("created"))?;
        record.seeds.push(Seed { name, etag: Etag::of(object.octets()) });
    }
    Ok(())
}

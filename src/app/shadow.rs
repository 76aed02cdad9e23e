//! A booking's further resources: written, moved and cancelled with it, in its commit.
//!
//! Which shadows a booking has stands in its record; whose a shadow is, under its UID. Not for: what a shadow says (`appointment::shadow`).

use std::collections::BTreeSet;

use super::change::{self, Matched, Scenery};
use super::describing::describe;
use super::naming::free_name;
use crate::appointment::booking;
use crate::appointment::practice::{Id, Resource};
use crate::appointment::shadow::{Half, as_booking, cast, uid_of};
use crate::appointment::team::{Team, joined};
use crate::appointment::view::Lens;
use crate::appointment::words;
use crate::collection::{CollectionId, Name, Object};
use crate::error::{Error, Result};
use crate::ical::component::Component;
use crate::ical::object::CalendarObject;
use crate::ical::zone::Zone;
use crate::store::key;
use crate::store::record::{BookingRecord, ShadowRecord};
use crate::store::txn::{Note, Txn};

/// What stands at a place: the resource whose calendar it is, and what LOCATION says there.
struct Spot {
    resource: Id,
    name: String,
    place: String,
    zone: Zone,
}

fn spot(txn: &Txn<'_>, scenery: &Scenery, id: CollectionId) -> Result<Option<Spot>> {
    let Some(collection) = txn.collection(id)? else { return Ok(None) };
    let Some(resource) = collection.resource.as_deref().and_then(|id| scenery.practice.resource(id)) else { return Ok(None) };
    let Some(location) = scenery.practice.location(resource.location.as_str()) else { return Ok(None) };
    let zone = Zone::named(&collection.zone).unwrap_or(Zone::UTC);
    Ok(Some(Spot { resource: resource.id.clone(), name: resource.name.clone(), place: booking::place(resource, location), zone }))
}

/// What LOCATION says of each of the practice's resources.
fn places(scenery: &Scenery) -> BTreeSet<String> {
    let practice = &scenery.practice;
    let place = |resource: &Resource| Some(booking::place(resource, practice.location(resource.location.as_str())?));
    practice.resources.iter().filter_map(place).collect()
}

/// A booking whose shadow has this UID.
pub(super) fn booking_of(txn: &Txn<'_>, uid: &str) -> Result<Option<(String, BookingRecord)>> {
    let Some(main) = txn.record::<String>(&key::shadow(uid))? else { return Ok(None) };
    Ok(txn.booking(&main)?.map(|record| (main, record)))
}

/// Gives a new booking its shadows: one in each of these calendars.
pub(super) fn add(txn: &mut Txn<'_>, uid: &str, record: &mut BookingRecord, holders: &[(Id, CollectionId)]) -> Result<()> {
    for (resource, collection) in holders {
        let shadow_uid = uid_of(uid, resource);
        let name = Name::new(&format!("{shadow_uid}.ics"))?;
        txn.write_record(key::shadow(&shadow_uid), &uid.to_owned())?;
        record.shadows.push(ShadowRecord { uid: shadow_uid, collection: *collection, name });
    }
    Ok(())
}

/// Gives a booking that moves the further resources that it has from now on: shadows stay where they may, the others are taken out, new ones
/// are made. What they say is written with the booking's next revision.
pub(super) fn reassign(
    txn: &mut Txn<'_>,
    scenery: &Scenery,
    uid: &str,
    record: &mut BookingRecord,
    holders: &[(Id, CollectionId)],
) -> Result<()> {
    let stays = |shadow: &ShadowRecord| holders.iter().any(|(_, collection)| *collection == shadow.collection);
    let (kept, gone): (Vec<ShadowRecord>, Vec<ShadowRecord>) = std::mem::take(&mut record.shadows).into_iter().partition(stays);
    remove(txn, scenery, &gone)?;
    let new = holders.iter().filter(|(_, collection)| kept.iter().all(|shadow| shadow.collection != *collection));
    let new: Vec<(Id, CollectionId)> = new.cloned().collect();
    record.shadows = kept;
    record.missing.clear();
    add(txn, uid, record, &new)?;
    txn.write_booking(uid, record)
}

/// Writes every shadow as the booking's object now is. One that is not in its calendar, because it is new, was taken off, or went with the
/// booking when that was deleted, may find its name given to something else: it gets another one.
pub(super) fn cast_all(
    txn: &mut Txn<'_>,
    scenery: &Scenery,
    record: &mut BookingRecord,
    object: &CalendarObject,
    what: &str,
) -> Result<()> {
    if record.shadows.is_empty() {
        return Ok(());
    }
    let ours = places(scenery);
    let main = spot(txn, scenery, record.collection)?.map(|spot| spot.name).unwrap_or_default();
    for shadow in &mut record.shadows {
        // The calendar of a resource that the practice no longer has.
        let Some(Spot { name, place, zone, .. }) = spot(txn, scenery, shadow.collection)? else { continue };
        shadow.name = free_name(txn, shadow.collection, &shadow.name, &shadow.uid)?;
        let deleting = words::deleting_one(scenery.practice.language, &name, &main);
        let octets = cast(object, &ours, Half { uid: &shadow.uid, place: &place, deleting: &deleting })?;
        let cast = CalendarObject::parse(octets.clone())?;
        let (entry, indexed) = describe(&cast, &shadow.name, Component::Event, &zone, scenery.horizon, scenery.now)?;
        txn.put(shadow.collection, entry, &octets, indexed, note(scenery, what))?;
    }
    Ok(())
}

/// Takes every shadow out of its calendar, since the booking itself is taken out of its own.
pub(super) fn remove_all(txn: &mut Txn<'_>, scenery: &Scenery, record: &BookingRecord) -> Result<()> {
    remove(txn, scenery, &record.shadows)
}

fn remove(txn: &mut Txn<'_>, scenery: &Scenery, shadows: &[ShadowRecord]) -> Result<()> {
    for shadow in shadows {
        if txn.entry(shadow.collection, &shadow.name)?.is_some_and(|entry| entry.uid == shadow.uid) {
            txn.remove(shadow.collection, &shadow.name, note(scenery, "deleted"))?;
        }
    }
    Ok(())
}

/// A PUT of a shadow: what was changed in it is changed in the booking. One that was put into another resource's calendar takes that
/// resource instead of its own, and one that was taken off comes back.
pub(super) fn put(
    txn: &mut Txn<'_>,
    scenery: &Scenery,
    place: (CollectionId, &Name),
    sent: &CalendarObject,
    lens: Lens,
    matched: Matched,
) -> Result<()> {
    let uid = sent.uid().unwrap_or_default();
    let (main, mut record) = booking_of(txn, &uid)?.ok_or(Error::NotFound)?;
    let at = (record.collection, record.name.clone());
    let Some(object) = txn.object(at.0, &at.1)?.filter(|_| !record.deleted) else {
        return Err(Error::Declined("The appointment that this one belongs to is no longer there.".into()));
    };
    let here = ShadowRecord { uid: uid.clone(), collection: place.0, name: place.1.clone() };
    match record.shadows.iter_mut().find(|shadow| shadow.uid == uid) {
        Some(shadow) => *shadow = here,
        None => record.shadows.push(here),
    }
    record.missing.retain(|missing| missing.uid != uid);
    txn.write_booking(&main, &record)?;
    let wish = as_booking(sent, &CalendarObject::parse(object.octets)?, &places(scenery))?;
    let mut whole = scenery.clone();
    whole.page = scenery.page.replace(&uid, &main);
    whole.zone = spot(txn, scenery, at.0)?.map_or_else(|| scenery.zone.clone(), |spot| spot.zone);
    change::put_booking(txn, &whole, (at.0, &at.1), &wish, lens, &record, matched)
}

/// A DELETE of a shadow: its resource is taken off the booking, which is incomplete from then on, and says so.
pub(super) fn delete(txn: &mut Txn<'_>, scenery: &Scenery, id: CollectionId, object: &Object) -> Result<()> {
    let (uid, name) = (&object.entry.uid, &object.entry.name);
    txn.remove(id, name, note(scenery, "deleted"))?;
    let Some((main, mut record)) = booking_of(txn, uid)? else { return Ok(()) };
    let stands = record.shadows.iter().position(|shadow| shadow.uid == *uid && shadow.collection == id && shadow.name == *name);
    // It stands in another calendar already: this is the second half of a move.
    let Some(at) = stands else { return Ok(()) };
    let gone = record.shadows.remove(at);
    if record.standing.is_none() {
        // It was called off: nobody misses anything.
        return txn.write_booking(&main, &record);
    }
    record.missing.push(gone);
    txn.write_booking(&main, &record)?;
    let mut whole = scenery.clone();
    whole.detail = format!(": {}", name_of(txn, scenery, id)?);
    whole.page = scenery.page.replace(uid, &main);
    whole.zone = spot(txn, scenery, record.collection)?.map_or_else(|| scenery.zone.clone(), |spot| spot.zone);
    change::regrouped(txn, &whole, &record, "incomplete")
}

/// Staff are content with a booking as it stands: whoever was taken off it is missed no more.
pub(super) fn accept(txn: &mut Txn<'_>, scenery: &Scenery, uid: &str, record: &mut BookingRecord) -> Result<()> {
    let mut names = Vec::new();
    for missing in std::mem::take(&mut record.missing) {
        names.push(name_of(txn, scenery, missing.collection)?);
    }
    txn.write_booking(uid, record)?;
    let mut told = scenery.clone();
    told.detail = format!(": {}", joined(&names));
    change::regrouped(txn, &told, record, "accepted")
}

/// Whoever was taken off a booking holds it again, where the practice still has them; what lies over it there is flagged.
pub(super) fn restore(txn: &mut Txn<'_>, scenery: &Scenery, uid: &str, record: &mut BookingRecord) -> Result<()> {
    let mut names = Vec::new();
    for missing in std::mem::take(&mut record.missing) {
        let Some(spot) = spot(txn, scenery, missing.collection)? else {
            record.missing.push(missing);
            continue;
        };
        names.push(spot.name);
        record.shadows.push(missing);
    }
    txn.write_booking(uid, record)?;
    let mut told = scenery.clone();
    told.detail = format!(": {}", joined(&names));
    change::regrouped(txn, &told, record, "completed")
}

/// Who holds a booking that stands in this calendar, and who is missing. `named` are the holders as the last revision names them: whoever the
/// practice has no longer keeps that name.
pub(super) fn team(txn: &Txn<'_>, scenery: &Scenery, main: CollectionId, record: &BookingRecord, named: &[String]) -> Result<Team> {
    if record.shadows.is_empty() && record.missing.is_empty() {
        return Ok(Team::default());
    }
    let mut team = Team::default();
    let named = if named.len() == record.shadows.len() + 1 { named } else { &[] };
    for (place, id) in std::iter::once(main).chain(record.shadows.iter().map(|shadow| shadow.collection)).enumerate() {
        let here = spot(txn, scenery, id)?.map(|spot| spot.name);
        team.holders.push(match here.or_else(|| named.get(place).cloned()) {
            Some(name) => name,
            None => name_of(txn, scenery, id)?,
        });
    }
    for missing in &record.missing {
        team.missing.push(name_of(txn, scenery, missing.collection)?);
    }
    Ok(team)
}

/// What the resource of a calendar is called; of one that the practice has no longer, its id.
fn name_of(txn: &Txn<'_>, scenery: &Scenery, id: CollectionId) -> Result<String> {
    let resource = txn.collection(id)?.and_then(|collection| collection.resource).unwrap_or_default();
    Ok(scenery.practice.resource(&resource).map_or(resource.clone(), |resource| resource.name.clone()))
}

/// A shadow gets another name in its calendar.
pub(super) fn rename(txn: &mut Txn<'_>, id: CollectionId, uid: &str, from: &Name, to: &Name) -> Result<()> {
    let Some((main, mut record)) = booking_of(txn, uid)? else { return Ok(()) };
    let Some(shadow) = record.shadows.iter_mut().find(|shadow| shadow.collection == id && shadow.name == *from) else { return Ok(()) };
    shadow.name = to.clone();
    txn.write_booking(&main, &record)
}

/// The resources that hold a booking, sorted.
pub(super) fn holders(txn: &Txn<'_>, scenery: &Scenery, record: &BookingRecord) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for (id, _) in record.held() {
        found.extend(spot(txn, scenery, id)?.map(|spot| spot.resource.0));
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn note(scenery: &Scenery, what: &str) -> Note {
    Note { at: scenery.now, by: scenery.by.login.clone(), via: scenery.by.via.clone(), what: what.to_owned(), sent: None, number: None }
}

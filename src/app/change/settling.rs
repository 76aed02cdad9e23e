//! A booking's next revision, and all that follows from it in the same commit: what every change of a booking ends in.
//!
//! Not for: what was meant (`gesture`), which change it is (`change`), the lists and letters themselves (`lists`, `owing`).
//! RFC 6638 §3.2.10.

use bytes::Bytes;

use super::Scenery;
use super::lists::{close_request, keep_incomplete, keep_request, keep_standing};
use super::owing::owe_change;
use crate::app::describing::describe;
use crate::app::{promise, reminder, shadow};
use crate::appointment::booking::{self, Booking};
use crate::appointment::gesture::{self, Meaning, Settled};
use crate::appointment::team::Team;
use crate::appointment::words;
use crate::collection::{CollectionId, Entry, Etag, Name, Version};
use crate::error::{Error, Result};
use crate::ical::component::{Component, Transparency};
use crate::ical::object::CalendarObject;
use crate::ical::time::instant;
use crate::ical::zone::Zone;
use crate::store::key;
use crate::store::record::BookingRecord;
use crate::store::txn::{Note, Txn};

/// What a booking was before a change: the object in its calendar, or the last that was there.
pub(super) struct Before {
    /// As it stands.
    pub current: CalendarObject,
    /// Where it stands.
    pub booking: Booking,
}

impl Before {
    /// Read from its octets.
    pub fn of(octets: Bytes, zone: &Zone) -> Result<Before> {
        let current = CalendarObject::parse(octets)?;
        let booking = read(&current, zone)?;
        Ok(Before { current, booking })
    }

    /// As it stands in its calendar.
    pub fn standing(txn: &mut Txn<'_>, scenery: &Scenery, record: &BookingRecord) -> Result<Before> {
        let object = txn.object(record.collection, &record.name)?.ok_or(Error::NotFound)?;
        Before::of(object.octets, &scenery.zone)
    }
}

/// The booking of an object that is one.
pub(super) fn read(object: &CalendarObject, zone: &Zone) -> Result<Booking> {
    booking::read(object, zone).ok_or_else(|| Error::Failed("a booking without its times".into()))
}

/// Writes a booking's next revision and all that follows from it.
pub(super) fn settle(
    txn: &mut Txn<'_>,
    scenery: &Scenery,
    place: (CollectionId, &Name),
    before: &Before,
    wish: &CalendarObject,
    meaning: Meaning,
    sent: Option<Bytes>,
) -> Result<Version> {
    let (id, name) = place;
    let uid = before.booking.uid.clone();
    let mut record = txn.booking(&uid)?.ok_or(Error::NotFound)?;
    record.revision = record.revision.max(before.booking.revision).saturating_add(1);
    let mut settled = settled(scenery, &before.booking, &record, meaning);
    let range = wish.master().and_then(|event| booking::timed_range_of(wish, event, &scenery.zone));
    if let (Some(line), Some(range)) = (&mut settled.line, range.filter(|range| meaning.moved && *range != before.booking.range)) {
        let local = |at| scenery.zone.utc_to_local(at);
        line.push_str(&words::from_to(local(before.booking.range.start), local(range.start)));
    }
    if record.collection != id {
        settled.place = place_of(txn, scenery, id)?;
    }
    settled.team = shadow::team(txn, scenery, id, &record, &before.booking.resources)?;
    let octets = gesture::settle(wish, &before.current, &settled)?;
    let object = CalendarObject::parse(octets.clone())?;
    let after = read(&object, &scenery.zone)?;
    let (mut entry, indexed) = describe(&object, name, Component::Event, &scenery.zone, scenery.horizon, scenery.now)?;
    entry.schedule_tag = Some(schedule_tag(txn, scenery, place, &entry)?);
    let sent = sent.filter(|sent| *sent != octets);
    let version = txn.put(id, entry, &octets, indexed, note(scenery, meaning.what, record.revision, sent))?;
    if record.collection != id {
        close_request(txn, &record, &uid);
        txn.erase(key::incomplete_booking(record.collection, &uid));
        if !record.former.contains(&record.collection) {
            record.former.push(record.collection);
        }
    }
    record.collection = id;
    record.name = name.clone();
    record.version = version;
    record.deleted = false;
    keep_request(txn, &mut record, &after)?;
    keep_incomplete(txn, &record, &after)?;
    keep_standing(txn, scenery, &mut record, &after)?;
    promise::keep(txn, &scenery.practice, &mut record, &after)?;
    shadow::cast_all(txn, scenery, &mut record, &object, meaning.what)?;
    // What could not be told while it had no time is told now; who knows it already is told nothing.
    let timed_again = before.booking.day.is_some() && after.day.is_none();
    owe_change(txn, scenery, &mut record, &before.booking, &after, meaning.moved || timed_again)?;
    reminder::keep(txn, &scenery.practice, scenery.now, &mut record, &after)?;
    txn.write_booking(&uid, &record)?;
    Ok(version)
}

/// The tag by which staff's programs say which booking they know (RFC 6638 §3.2.10): the customer is the attendee, and what customers do to
/// their bookings is merged with what is sent later, as everything is that was based on an earlier revision. So theirs keeps the tag, and a
/// telephone that had not seen it does not lose its own change to a 412.
fn schedule_tag(txn: &mut Txn<'_>, scenery: &Scenery, place: (CollectionId, &Name), entry: &Entry) -> Result<Etag> {
    let kept = if scenery.by.login.is_none() { txn.entry(place.0, place.1)?.and_then(|before| before.schedule_tag) } else { None };
    Ok(kept.unwrap_or_else(|| entry.etag.clone()))
}

/// LOCATION of the resource whose calendar this is.
fn place_of(txn: &Txn<'_>, scenery: &Scenery, id: CollectionId) -> Result<Option<String>> {
    let practice = &scenery.practice;
    let resource = txn.collection(id)?.and_then(|collection| collection.resource);
    let resource = resource.and_then(|resource| practice.resource(&resource));
    let location = resource.and_then(|resource| practice.location(resource.location.as_str()));
    Ok(resource.zip(location).map(|(resource, location)| booking::place(resource, location)))
}

fn settled<'a>(scenery: &'a Scenery, booking: &'a Booking, record: &BookingRecord, meaning: Meaning) -> Settled<'a> {
    let language = scenery.practice.language;
    let at = scenery.zone.utc_to_local(scenery.now);
    let service = booking.service.as_ref().and_then(|id| scenery.practice.service(id.as_str()));
    let transparent = service.is_some_and(|service| service.transparent);
    Settled {
        state: meaning.state,
        transparency: if transparent { Transparency::Transparent } else { Transparency::Opaque },
        revision: record.revision,
        service: booking.service.as_ref().map_or("", |id| id.as_str()),
        customer_language: booking.language,
        language,
        page: &scenery.page,
        time: booking.range,
        team: Team::default(),
        place: None,
        line: words::history_line(language, at, meaning.what, scenery.by.login.as_deref(), &scenery.by.via)
            .map(|line| line + &scenery.detail),
        now: instant(scenery.now),
    }
}

/// What stands beside a revision.
pub(super) fn note(scenery: &Scenery, what: &str, number: u32, sent: Option<Bytes>) -> Note {
    Note { at: scenery.now, by: scenery.by.login.clone(), via: scenery.by.via.clone(), what: what.to_owned(), sent, number: Some(number) }
}

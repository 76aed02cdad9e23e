//! One way in which a booking changes, whoever changes it: a PUT from a telephone, a button on the staff page, the customer's link.
//!
//! Pure decisions come from `appointment`; here they are put together and written in one transaction: the object, its revision, where
//! the booking is, the list of open requests, the letters that are owed. Not for: who may do it.

mod lists;

use std::sync::Arc;

use bytes::Bytes;

pub(super) use lists::keep_standing;
use lists::{close_request, forget_standing, keep_incomplete, keep_request};

use super::mass::{self, Way};
use super::{Actor, App, promise, reminder, shadow};
use crate::appointment::booking::{self, Booking, State};
use crate::appointment::gesture::{self, Meaning, Settled};
use crate::appointment::notice::{self, Change, Notice, NoticeKind, Recipient};
use crate::appointment::practice::Practice;
use crate::appointment::refusal::Refusal;
use crate::appointment::team::Team;
use crate::appointment::view::Lens;
use crate::appointment::words;
use crate::collection::{CollectionId, Entry, Etag, Name, Object, Version};
use crate::error::{Error, Result};
use crate::ical::component::{Buffer, Component, Transparency};
use crate::ical::object::CalendarObject;
use crate::ical::time::{TimeRange, instant};
use crate::ical::zone::Zone;
use crate::index::{Facts, Indexed};
use crate::store::key;
use crate::store::record::{BookingRecord, Revision};
use crate::store::txn::{Note, Txn};

/// A moved appointment shows up as DELETE and PUT within this many seconds; until then nobody is told that it was deleted. A PUT that
/// comes later comes from somebody who does not know.
pub const MOVE_GRACE: i64 = 60;

/// Who changes something: a login through a program, or the customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// The login, or `None` for the customer.
    pub login: Option<String>,
    /// Through which program.
    pub via: String,
}

impl From<&Actor> for By {
    fn from(actor: &Actor) -> By {
        By { login: Some(actor.principal.login.clone()), via: actor.via.clone() }
    }
}

/// What stays the same during one change of a booking.
#[derive(Clone)]
pub struct Scenery {
    /// Who.
    pub by: By,
    /// The present, in seconds.
    pub now: i64,
    /// The practice.
    pub practice: Arc<Practice>,
    /// The zone of the calendar that holds it afterwards.
    pub zone: Zone,
    /// The range for which series are expanded in indexes.
    pub horizon: TimeRange,
    /// The staff page of the booking.
    pub page: String,
    /// What else the line of the history says: `, Grund: krank`.
    pub detail: String,
}

impl App {
    /// The scenery of a change of a booking in a calendar.
    pub(super) fn scenery(&self, by: By, zone: Zone, uid: &str) -> Scenery {
        Scenery {
            by,
            now: self.now(),
            practice: self.practice(),
            zone,
            horizon: self.store.horizon(),
            page: self.page_of(uid),
            detail: String::new(),
        }
    }
}

/// An object as an entry and its part of the index.
pub fn describe(
    object: &CalendarObject,
    name: &Name,
    component: Component,
    zone: &Zone,
    horizon: TimeRange,
    now: i64,
) -> Result<(Entry, Indexed)> {
    let facts = Facts::of(object, zone)?;
    let entry = Entry {
        name: name.clone(),
        etag: Etag::of(object.octets()),
        uid: object.uid().unwrap_or_default(),
        component,
        span: facts.span,
        status: facts.status,
        transparency: facts.transparency,
        buffer: Some(facts.buffer).filter(|buffer| *buffer != Buffer::default()),
        recurring: facts.recurring,
        size: object.octets().len() as u64,
        modified: now,
        version: Version(0),
        schedule_tag: None,
    };
    Ok((entry, Indexed::of(object, horizon, zone)?))
}

/// What a booking was before a change: the object in its calendar, or the last that was there.
struct Before {
    /// As it stands.
    current: CalendarObject,
    /// Where it stands.
    booking: Booking,
}

/// Writes a booking's next revision and all that follows from it.
fn settle(
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
    let after = booking::read(&object, &scenery.zone).ok_or_else(|| Error::Failed("a booking without its times".into()))?;
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
    shadow::cast_all(txn, scenery, &record, &object, meaning.what)?;
    // What could not be told while it had no time is told now; who knows it already is told nothing.
    let timed_again = before.booking.day.is_some() && after.day.is_none();
    owe(txn, scenery, &mut record, &before.booking, &after, meaning.moved || timed_again)?;
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

fn note(scenery: &Scenery, what: &str, number: u32, sent: Option<Bytes>) -> Note {
    Note { at: scenery.now, by: scenery.by.login.clone(), via: scenery.by.via.clone(), what: what.to_owned(), sent, number: Some(number) }
}

/// Who holds a booking has changed, and not by its own event: that stands in its history by a word, and in the event for whoever looks at it
/// there.
pub(super) fn regrouped(txn: &mut Txn<'_>, scenery: &Scenery, record: &BookingRecord, what: &'static str) -> Result<()> {
    let decide = |booking: &Booking| Ok(Meaning { state: booking.state, what, moved: false });
    // What is decided so is never refused.
    step(txn, scenery, record, decide)?.map_err(|_| Error::Busy)
}

/// Writes what follows from a new booking, whose event and whose record's shadows stand: lists, shadows, letters.
pub(super) fn begin(txn: &mut Txn<'_>, scenery: &Scenery, record: &mut BookingRecord, object: &CalendarObject) -> Result<()> {
    let after = booking::read(object, &scenery.zone).ok_or_else(|| Error::Failed("a booking without its times".into()))?;
    keep_request(txn, record, &after)?;
    keep_standing(txn, scenery, record, &after)?;
    shadow::cast_all(txn, scenery, record, object, "created")?;
    let change = Change { before: None, after: after.state, moved: false, by_customer: true, future: true, timed: true };
    let copies = scenery.practice.copy_to.is_some();
    let notices = notice::owed(&change).into_iter().filter(|(_, to)| *to == Recipient::Customer || copies);
    owe_all(txn, record, &after.uid, notices.collect(), scenery.now, Way::Leave(None))?;
    reminder::keep(txn, &scenery.practice, scenery.now, record, &after)?;
    txn.write_booking(&after.uid, record)
}

/// Owes the letters of a change.
fn owe(txn: &mut Txn<'_>, scenery: &Scenery, record: &mut BookingRecord, before: &Booking, after: &Booking, moved: bool) -> Result<()> {
    let by_customer = scenery.by.login.is_none();
    let future = after.range.end > scenery.now || before.range.end > scenery.now;
    let change = Change { before: Some(before.state), after: after.state, moved, by_customer, future, timed: after.day.is_none() };
    let grace = if by_customer { 0 } else { i64::from(scenery.practice.notify_grace_seconds) };
    let copies = scenery.practice.copy_to.is_some();
    let notices = notice::owed(&change).into_iter().filter(|(_, to)| *to == Recipient::Customer || copies);
    let way = match &scenery.by.login {
        Some(login) if before.state.blocks() && !after.state.blocks() && future => mass::called_off(txn, login, scenery.now)?,
        login => Way::Leave(login.as_deref()),
    };
    if after.state.blocks() && !before.state.blocks() {
        mass::forget(txn, &after.uid)?;
    }
    owe_all(txn, record, &after.uid, notices.collect(), scenery.now + grace, way)
}

/// Puts notices into the outbox. The customer's letters are counted: the count is the next one's SEQUENCE.
pub fn owe_all(
    txn: &mut Txn<'_>,
    record: &mut BookingRecord,
    uid: &str,
    notices: Vec<(NoticeKind, Recipient)>,
    due: i64,
    way: Way<'_>,
) -> Result<()> {
    let sequence = record.notices;
    for (kind, to) in notices {
        if to == Recipient::Customer {
            record.notices += 1;
        }
        let notice = Notice { uid: uid.to_owned(), collection: record.collection, version: record.version, kind, to, sequence };
        match way {
            Way::Leave(by) => txn.owe(due, notice, by)?,
            Way::Wait(by, at) => mass::park(txn, notice, by, at)?,
        }
    }
    Ok(())
}

/// A PUT of a booking: understood as a gesture against the revision that the client last had.
pub fn put_booking(
    txn: &mut Txn<'_>,
    scenery: &Scenery,
    place: (CollectionId, &Name),
    sent: &CalendarObject,
    lens: Lens,
    record: &BookingRecord,
    matched: Matched,
) -> Result<()> {
    let uid = sent.uid().unwrap_or_default();
    let revisions = all_revisions(txn, record, &uid)?;
    let current = current(txn, scenery, record, &uid, &revisions)?;
    let number = sent.master().and_then(|event| event.text("X-OPENSLOT-REV")).and_then(|n| n.trim().parse::<u32>().ok());
    // Who neither names the present revision nor has shown by a condition that it is known may have seen any.
    let stale = matched == Matched::No && number != Some(current.booking.revision);
    let base = match number {
        Some(number) if stale => octets_of(txn, &uid, &revisions, number)?,
        _ => None,
    };
    let base = base.map(CalendarObject::parse).transpose()?;
    // What is kept as sent is what was sent; what is meant is meant of the whole.
    let octets = sent.octets().clone();
    let sent = &lens.whole(base.as_ref().unwrap_or(&current.current), sent)?;
    let wish = match &base {
        Some(base) => CalendarObject::parse(gesture::merge(base, &current.current, sent, &scenery.zone)?)?,
        None => sent.clone(),
    };
    let mut meaning = gesture::meaning(current.booking.state, stale, base.as_ref().unwrap_or(&current.current), sent, &scenery.zone);
    // What counts for the customer is where it stood and where it stands afterwards, whatever the client had.
    let range = wish.master().and_then(|event| booking::timed_range_of(&wish, event, &scenery.zone));
    meaning.moved = record.collection != place.0 || range.is_some_and(|range| range != current.booking.range);
    match (meaning.what, meaning.moved) {
        ("edited", true) => meaning.what = "moved",
        ("moved", false) => meaning.what = "edited",
        _ => {}
    }
    let dated = wish.master().is_some_and(|event| booking::day_of(event).is_some());
    if dated && current.booking.day.is_none() && matches!(meaning.what, "edited" | "moved") {
        meaning.what = "untimed";
    }
    let mut current = current;
    if record.deleted && current.booking.state.blocks() {
        // It was called off when it was deleted, and its customer may have been told: that is where it stood.
        current.booking.state = called_off(current.booking.state);
    }
    settle(txn, scenery, place, &current, &wish, meaning, Some(octets)).map(|_| ())
}

/// Whether the client has shown by If-Match that it knows the present revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matched {
    /// It has.
    Yes,
    /// It has not said.
    No,
}

/// The booking as it stands; of one deleted a moment ago, as it stood before, so that undoing the deletion, or a move written as DELETE
/// and PUT, begins from there. Once the customer has been told it stays called off.
fn current(
    txn: &mut Txn<'_>,
    scenery: &Scenery,
    record: &BookingRecord,
    uid: &str,
    revisions: &[(CollectionId, Revision)],
) -> Result<Before> {
    let missing = || Error::Failed("a booking without a revision".into());
    let octets = if record.deleted {
        let deleted = revisions.last().map_or(0, |(_, revision)| revision.at);
        let undone = scenery.now < deleted + i64::from(scenery.practice.notify_grace_seconds).max(MOVE_GRACE);
        let counts = |revision: &Revision| revision.size > 0 && !(undone && revision.what == "deleted");
        let before = revisions.iter().rev().find(|(_, revision)| counts(revision)).ok_or_else(missing)?;
        txn.revision_octets(before.0, uid, &before.1)?.ok_or_else(missing)?
    } else {
        txn.object(record.collection, &record.name)?.ok_or_else(missing)?.octets
    };
    before(octets, &scenery.zone)
}

fn before(octets: Bytes, zone: &Zone) -> Result<Before> {
    let current = CalendarObject::parse(octets)?;
    let booking = booking::read(&current, zone).ok_or_else(|| Error::Failed("a booking without its times".into()))?;
    Ok(Before { current, booking })
}

/// Every revision of a booking, in whichever calendar it stood, oldest first.
fn all_revisions(txn: &Txn<'_>, record: &BookingRecord, uid: &str) -> Result<Vec<(CollectionId, Revision)>> {
    let mut all = Vec::new();
    let mut seen = Vec::new();
    for id in record.former.iter().chain([&record.collection]) {
        if !seen.contains(id) {
            seen.push(*id);
            all.extend(txn.revisions(*id, uid)?.into_iter().map(|revision| (*id, revision)));
        }
    }
    all.sort_by_key(|(_, revision)| revision.number);
    Ok(all)
}

fn octets_of(txn: &mut Txn<'_>, uid: &str, revisions: &[(CollectionId, Revision)], number: u32) -> Result<Option<Bytes>> {
    match revisions.iter().find(|(_, revision)| revision.number == number) {
        Some((id, revision)) => txn.revision_octets(*id, uid, revision),
        None => Ok(None),
    }
}

/// A booking's event gets another name in its calendar: nothing about the appointment changes, and nobody is told.
pub fn rename_booking(txn: &mut Txn<'_>, scenery: &Scenery, new_name: &Name, indexed: &Indexed, mut record: BookingRecord) -> Result<()> {
    let (id, old_name) = (record.collection, record.name.clone());
    let object = txn.object(id, &old_name)?.ok_or(Error::NotFound)?;
    let booking = before(object.octets, &scenery.zone)?.booking;
    record.version = txn.rename(id, (&old_name, new_name), indexed.clone(), note(scenery, "edited", record.revision, None))?;
    record.name = new_name.clone();
    keep_request(txn, &mut record, &booking)?;
    keep_incomplete(txn, &record, &booking)?;
    txn.write_booking(&booking.uid, &record)
}

/// A change of state by a button or a link: what is there, with our lines as they must be. A refusal changes nothing.
pub fn step(
    txn: &mut Txn<'_>,
    scenery: &Scenery,
    record: &BookingRecord,
    decide: impl Fn(&Booking) -> std::result::Result<Meaning, Refusal>,
) -> Result<std::result::Result<(), Refusal>> {
    let object = txn.object(record.collection, &record.name)?.ok_or(Error::NotFound)?;
    let before = before(object.octets, &scenery.zone)?;
    let meaning = match decide(&before.booking) {
        Ok(meaning) => meaning,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let name = record.name.clone();
    let wish = before.current.clone();
    settle(txn, scenery, (record.collection, &name), &before, &wish, meaning, None)?;
    Ok(Ok(()))
}

/// The booking as it stands in its calendar; `None` where its event is gone.
pub fn standing(txn: &mut Txn<'_>, scenery: &Scenery, record: &BookingRecord) -> Result<Option<Booking>> {
    if record.deleted {
        return Ok(None);
    }
    let object = txn.object(record.collection, &record.name)?.ok_or(Error::NotFound)?;
    before(object.octets, &scenery.zone).map(|before| Some(before.booking))
}

/// A booking at another time, perhaps in another calendar, as one step: nothing is free before the other time is taken.
pub fn shift(
    txn: &mut Txn<'_>,
    scenery: &Scenery,
    record: &BookingRecord,
    to: CollectionId,
    range: TimeRange,
    meaning: Meaning,
) -> Result<()> {
    let (from, name) = (record.collection, record.name.clone());
    let object = txn.object(from, &name)?.ok_or(Error::NotFound)?;
    let before = before(object.octets, &scenery.zone)?;
    let wish = CalendarObject::parse(gesture::at(&before.current, range, &scenery.zone)?)?;
    settle(txn, scenery, (to, &name), &before, &wish, meaning, None)?;
    if to != from {
        txn.remove(from, &name, note(scenery, "moved", 0, None))?;
    }
    Ok(())
}

/// What an appointment becomes when staff delete its event.
fn called_off(state: State) -> State {
    if state == State::Requested { State::Rejected } else { State::Cancelled }
}

/// A DELETE of a booking: it is called off and taken out of the calendar; its history stays.
pub fn delete_booking(txn: &mut Txn<'_>, scenery: &Scenery, id: CollectionId, object: Object, record: &BookingRecord) -> Result<()> {
    let name = object.entry.name.clone();
    let uid = object.entry.uid.clone();
    // It stands in another calendar already: this is the second half of a move.
    if record.collection != id || record.name != name {
        txn.remove(id, &name, note(scenery, "moved", 0, None))?;
        return Ok(());
    }
    let before = before(object.octets, &scenery.zone)?;
    let mut number = record.revision;
    // What is over is put away as it was: whoever came has not cancelled because somebody tidies the calendar.
    let over = before.booking.range.end <= scenery.now && before.booking.state != State::Requested;
    if before.booking.state.blocks() && !over {
        let state = called_off(before.booking.state);
        let mut patient = scenery.clone();
        if scenery.practice.notify_grace_seconds > 0 {
            let practice = Arc::make_mut(&mut patient.practice);
            practice.notify_grace_seconds = practice.notify_grace_seconds.max(u32::try_from(MOVE_GRACE).unwrap_or(60));
        }
        let meaning = Meaning { state, what: "deleted", moved: false };
        let wish = before.current.clone();
        settle(txn, &patient, (id, &name), &before, &wish, meaning, None)?;
        number += 1;
    }
    txn.remove(id, &name, note(scenery, "deleted", number + 1, None))?;
    let mut record = txn.booking(&uid)?.ok_or(Error::NotFound)?;
    shadow::remove_all(txn, scenery, &record)?;
    forget_standing(txn, &mut record, &uid);
    promise::forget(txn, &mut record, &uid);
    txn.erase(key::incomplete_booking(id, &uid));
    record.deleted = true;
    record.revision = number + 1;
    txn.write_booking(&uid, &record)
}

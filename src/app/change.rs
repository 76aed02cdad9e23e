//! One way in which a booking changes, whoever changes it: a PUT from a telephone, a button on the staff page, the customer's link.
//!
//! Pure decisions come from `appointment`; here they are put together and written in one transaction: the object, its revision, where
//! the booking is, the list of open requests, the letters that are owed. Not for: who may do it. RFC 4791 §5.3.2, RFC 6638 §3.2.10.

mod lists;
mod owing;
mod putting;
mod settling;

use std::sync::Arc;

pub(super) use lists::keep_standing;
use lists::{forget_standing, keep_incomplete, keep_request};
use owing::owe_new;
pub(super) use putting::{Matched, put_booking};
use settling::{Before, note, read, settle};

use super::naming::free_name;
use super::{Actor, App, promise, reminder, shadow};
use crate::appointment::booking::{Booking, State};
use crate::appointment::gesture::{self, Meaning};
use crate::appointment::practice::Practice;
use crate::appointment::refusal::Refusal;
use crate::collection::{CollectionId, Name, Object};
use crate::error::{Error, Result};
use crate::ical::object::CalendarObject;
use crate::ical::time::TimeRange;
use crate::ical::zone::Zone;
use crate::index::Indexed;
use crate::store::key;
use crate::store::record::BookingRecord;
use crate::store::txn::Txn;

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

/// Writes what follows from a new booking, whose event and whose record's shadows stand: lists, shadows, letters.
pub(super) fn begin(txn: &mut Txn<'_>, scenery: &Scenery, record: &mut BookingRecord, object: &CalendarObject) -> Result<()> {
    let after = read(object, &scenery.zone)?;
    keep_request(txn, record, &after)?;
    keep_standing(txn, scenery, record, &after)?;
    shadow::cast_all(txn, scenery, record, object, "created")?;
    owe_new(txn, scenery, record, &after)?;
    reminder::keep(txn, &scenery.practice, scenery.now, record, &after)?;
    txn.write_booking(&after.uid, record)
}

/// A change of state by a button or a link: what is there, with our lines as they must be. A refusal changes nothing.
pub fn step(
    txn: &mut Txn<'_>,
    scenery: &Scenery,
    record: &BookingRecord,
    decide: impl Fn(&Booking) -> std::result::Result<Meaning, Refusal>,
) -> Result<std::result::Result<(), Refusal>> {
    let before = Before::standing(txn, scenery, record)?;
    let meaning = match decide(&before.booking) {
        Ok(meaning) => meaning,
        Err(refusal) => return Ok(Err(refusal)),
    };
    settle(txn, scenery, (record.collection, &record.name), &before, &before.current, meaning, None)?;
    Ok(Ok(()))
}

/// Who holds a booking has changed, and not by its own event: that stands in its history by a word, and in the event for whoever looks at it
/// there.
pub(super) fn regrouped(txn: &mut Txn<'_>, scenery: &Scenery, record: &BookingRecord, what: &'static str) -> Result<()> {
    let decide = |booking: &Booking| Ok(Meaning { state: booking.state, what, moved: false });
    // What is decided so is never refused.
    step(txn, scenery, record, decide)?.map_err(|_| Error::Busy)
}

/// The booking as it stands in its calendar; `None` where its event is gone.
pub fn standing(txn: &mut Txn<'_>, scenery: &Scenery, record: &BookingRecord) -> Result<Option<Booking>> {
    if record.deleted {
        return Ok(None);
    }
    Before::standing(txn, scenery, record).map(|before| Some(before.booking))
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
    let from = record.collection;
    let before = Before::standing(txn, scenery, record)?;
    let wish = CalendarObject::parse(gesture::at(&before.current, range, &scenery.zone)?)?;
    let name = free_name(txn, to, &record.name, &before.booking.uid)?;
    settle(txn, scenery, (to, &name), &before, &wish, meaning, None)?;
    if to != from {
        txn.remove(from, &record.name, note(scenery, "moved", 0, None))?;
    }
    Ok(())
}

/// A booking's event gets another name in its calendar: nothing about the appointment changes, and nobody is told.
pub fn rename_booking(txn: &mut Txn<'_>, scenery: &Scenery, new_name: &Name, indexed: &Indexed, mut record: BookingRecord) -> Result<()> {
    let (id, old_name) = (record.collection, record.name.clone());
    let booking = Before::standing(txn, scenery, &record)?.booking;
    record.version = txn.rename(id, (&old_name, new_name), indexed.clone(), note(scenery, "edited", record.revision, None))?;
    record.name = new_name.clone();
    keep_request(txn, &mut record, &booking)?;
    keep_incomplete(txn, &record, &booking)?;
    txn.write_booking(&booking.uid, &record)
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
    let before = Before::of(object.octets, &scenery.zone)?;
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
        settle(txn, &patient, (id, &name), &before, &before.current, meaning, None)?;
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

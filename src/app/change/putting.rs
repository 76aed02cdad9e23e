//! A PUT of a booking: against which revision it was made, what it means, and what becomes of it.
//!
//! Not for: who may PUT (`calendar::writing`), what signals mean (`gesture`). RFC 4791 §5.3.2, RFC 6638 §3.2.10.

use bytes::Bytes;

use super::settling::{Before, settle};
use super::{MOVE_GRACE, Scenery, called_off};
use crate::appointment::booking;
use crate::appointment::gesture;
use crate::appointment::view::Lens;
use crate::collection::{CollectionId, Name};
use crate::error::{Error, Precondition, Result};
use crate::ical::object::{CalendarObject, fits};
use crate::store::record::{BookingRecord, Revision};
use crate::store::txn::Txn;

/// The longest DESCRIPTION of a booking that is taken, in octets: its lines are the customer's data, staff's notes and a history, and are told
/// apart in the line of writers.
const MAX_DESCRIPTION: usize = 64 * 1024;

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
    let mut current = current(txn, scenery, record, &uid, &revisions)?;
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
    fits(sent.octets().len(), current.current.octets().len())?;
    legible(sent, &current.current)?;
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
    if record.deleted && current.booking.state.blocks() {
        // It was called off when it was deleted, and its customer may have been told: that is where it stood.
        current.booking.state = called_off(current.booking.state);
    }
    settle(txn, scenery, place, &current, &wish, meaning, Some(octets)).map(|_| ())
}

/// Refuses an appointment whose DESCRIPTION is longer than is read line by line while all other writers wait, and than it was with the lines
/// that we have added to its history.
fn legible(sent: &CalendarObject, kept: &CalendarObject) -> Result<()> {
    let longest = |object: &CalendarObject| {
        let descriptions = object.components().flat_map(|event| event.all("DESCRIPTION"));
        descriptions.map(|description| description.value.len()).max().unwrap_or(0)
    };
    if longest(sent) <= MAX_DESCRIPTION.max(longest(kept)) {
        return Ok(());
    }
    let sentence = format!("The description of an appointment has at most {MAX_DESCRIPTION} octets.");
    Err(Error::Refused(Precondition::MaxResourceSize, sentence))
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
    Before::of(octets, &scenery.zone)
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

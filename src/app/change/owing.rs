//! The letters that a change of a booking owes, put into the outbox in the change's own commit.
//!
//! Not for: who is told what (`notice`), sending it (`mail::outbox`), letters about many at once (`mass`). No RFC.

use super::Scenery;
use crate::app::mass::{self, Way};
use crate::appointment::booking::Booking;
use crate::appointment::notice::{self, Change, Notice, NoticeKind, Recipient};
use crate::appointment::practice::Practice;
use crate::error::Result;
use crate::store::record::BookingRecord;
use crate::store::txn::Txn;

/// Owes the letters of a new booking.
pub(super) fn owe_new(txn: &mut Txn<'_>, scenery: &Scenery, record: &mut BookingRecord, after: &Booking) -> Result<()> {
    let change = Change { before: None, after: after.state, moved: false, by_customer: true, future: true, timed: true };
    owe_all(txn, record, &after.uid, owed(&scenery.practice, &change), scenery.now, Way::Leave(None))
}

/// Owes the letters of a change of a booking that was there before.
pub(super) fn owe_change(
    txn: &mut Txn<'_>,
    scenery: &Scenery,
    record: &mut BookingRecord,
    before: &Booking,
    after: &Booking,
    moved: bool,
) -> Result<()> {
    let by_customer = scenery.by.login.is_none();
    let future = after.range.end > scenery.now || before.range.end > scenery.now;
    let change = Change { before: Some(before.state), after: after.state, moved, by_customer, future, timed: after.day.is_none() };
    let grace = if by_customer { 0 } else { i64::from(scenery.practice.notify_grace_seconds) };
    let way = match &scenery.by.login {
        Some(login) if before.state.blocks() && !after.state.blocks() && future => mass::called_off(txn, login, scenery.now)?,
        login => Way::Leave(login.as_deref()),
    };
    if after.state.blocks() && !before.state.blocks() {
        mass::forget(txn, &after.uid)?;
    }
    owe_all(txn, record, &after.uid, owed(&scenery.practice, &change), scenery.now + grace, way)
}

/// The notices of a change; copies only where the practice wants any.
fn owed(practice: &Practice, change: &Change) -> Vec<(NoticeKind, Recipient)> {
    let copies = practice.copy_to.is_some();
    notice::owed(change).into_iter().filter(|(_, to)| *to == Recipient::Customer || copies).collect()
}

/// Puts notices into the outbox. The customer's letters are counted: the count is the next one's SEQUENCE.
fn owe_all(
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

//! The reminder of an appointment: a letter in the outbox that is owed long before it is due, and follows the appointment.
//!
//! Not for: what it says (`mail`), when it is due (`appointment::notice`).

use crate::appointment::booking::{Booking, State};
use crate::appointment::notice::{self, Notice, NoticeKind, Recipient};
use crate::appointment::practice::Practice;
use crate::error::Result;
use crate::ical::time::Seconds;
use crate::ical::zone::Zone;
use crate::store::key;
use crate::store::record::{BookingRecord, ReminderRecord};
use crate::store::txn::Txn;

/// Puts the reminder where the booking is now, in the same commit: owed where one was asked for, moved with its time, taken out where it is off.
/// One that has left, or whose time has passed, is not owed again.
pub fn keep(txn: &mut Txn<'_>, practice: &Practice, now: Seconds, record: &mut BookingRecord, booking: &Booking) -> Result<()> {
    let wanted = due(practice, booking);
    if record.reminder.map(|waiting| waiting.due) == wanted {
        return Ok(());
    }
    if let Some(waiting) = record.reminder.take() {
        txn.erase(key::owed(waiting.due, &notice(&booking.uid, &waiting, record.notices)));
    }
    if let Some(due) = wanted.filter(|due| *due > now) {
        let waiting = ReminderRecord { due, collection: record.collection, version: record.version };
        txn.owe(due, notice(&booking.uid, &waiting, record.notices), None)?;
        record.reminder = Some(waiting);
    }
    Ok(())
}

fn due(practice: &Practice, booking: &Booking) -> Option<Seconds> {
    let stands = matches!(booking.state, State::Requested | State::Confirmed) && booking.day.is_none();
    let zone = Zone::named(&booking.zone).unwrap_or(Zone::UTC);
    (stands && booking.customer.reminder).then(|| notice::reminder_due(booking.range.start, practice.letters.reminder_hours, &zone))?
}

fn notice(uid: &str, waiting: &ReminderRecord, sequence: u32) -> Notice {
    let ReminderRecord { collection, version, .. } = *waiting;
    Notice { uid: uid.to_owned(), collection, version, kind: NoticeKind::Reminder, to: Recipient::Customer, sequence }
}

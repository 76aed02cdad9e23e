//! The lists that a booking stands in, as its state is: open requests, incomplete ones, those that stand, and the counts of each contact.
//!
//! Not for: what it is itself (`change`). All of it follows from bookings and their records.

use super::super::shadow;
use super::Scenery;
use crate::appointment::booking::{Booking, State};
use crate::error::Result;
use crate::store::key;
use crate::store::record::{BookingRecord, OpenRequest, StandingRecord, Stands};
use crate::store::txn::Txn;

/// Keeps the list of open requests, and the counts of each contact's requests and appointments, as the state is.
pub(super) fn keep_request(txn: &mut Txn<'_>, record: &mut BookingRecord, after: &Booking) -> Result<()> {
    let uid = after.uid.as_str();
    let service = after.service.as_ref().map(|id| id.0.clone()).unwrap_or_default();
    let open = OpenRequest { end: after.range.end, service };
    for contact in &record.contacts {
        match after.state {
            State::Confirmed => txn.write_record(key::appointment(contact, uid), &open)?,
            _ => txn.erase(key::appointment(contact, uid)),
        }
    }
    if after.state != State::Requested {
        close_request(txn, record, uid);
        return Ok(());
    }
    txn.write_record(key::request(record.collection, record.created, uid), &record.name)?;
    for contact in &record.contacts {
        txn.write_record(key::contact(contact, uid), &open)?;
    }
    Ok(())
}

/// Keeps the booking in the list of incomplete ones, as long as somebody is missed at it or it has no time.
pub(super) fn keep_incomplete(txn: &mut Txn<'_>, record: &BookingRecord, after: &Booking) -> Result<()> {
    let key = key::incomplete_booking(record.collection, &after.uid);
    let complete = record.missing.is_empty() && after.day.is_none();
    if complete || !matches!(after.state, State::Requested | State::Confirmed) {
        txn.erase(key);
        return Ok(());
    }
    txn.write_record(key, &record.name)
}

/// It is no open request any more.
pub(super) fn close_request(txn: &mut Txn<'_>, record: &BookingRecord, uid: &str) {
    txn.erase(key::request(record.collection, record.created, uid));
    for contact in &record.contacts {
        txn.erase(key::contact(contact, uid));
    }
}

/// Keeps the booking among those of its service that stand, as long as it does.
pub(in crate::app) fn keep_standing(txn: &mut Txn<'_>, scenery: &Scenery, record: &mut BookingRecord, after: &Booking) -> Result<()> {
    forget_standing(txn, record, &after.uid);
    let resources = shadow::holders(txn, scenery, record)?;
    let resource = txn.collection(record.collection)?.and_then(|collection| collection.resource);
    let resource = resource.and_then(|id| scenery.practice.resource(&id));
    if let (true, Some(service), Some(resource)) = (after.state.blocks(), &after.service, resource) {
        let stands = Stands { service: service.0.clone(), location: resource.location.0.clone(), start: after.range.start };
        let key = key::standing(&stands.service, &stands.location, stands.start, &after.uid);
        txn.write_record(key, &StandingRecord { end: after.range.end, resources })?;
        record.standing = Some(stands);
    }
    Ok(())
}

/// It is among them no more.
pub(super) fn forget_standing(txn: &mut Txn<'_>, record: &mut BookingRecord, uid: &str) {
    if let Some(Stands { service, location, start }) = record.standing.take() {
        txn.erase(key::standing(&service, &location, start, uid));
    }
}

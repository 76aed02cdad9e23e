//! The time that a customer was told stays taken while their booking stands as a day without one: they will come then, until somebody decides.
//!
//! Kept in every calendar that holds the booking. Not for: what is listed as incomplete (`change`), what else takes time (`stage`).

use bytes::Bytes;

use super::App;
use super::stage::Calendars;
use crate::appointment::booking::Booking;
use crate::appointment::practice::Practice;
use crate::appointment::slot::{Period, Taker, buffered};
use crate::collection::CollectionId;
use crate::error::Result;
use crate::store::engine::Key;
use crate::store::key;
use crate::store::record::{self, BookingRecord, PromiseRecord};
use crate::store::txn::Txn;

/// Keeps the time that the customer of a booking was told, as long as it stands without one. One that leaves its resources free to others takes
/// none of theirs, and is counted among those of its service.
pub(super) fn keep(txn: &mut Txn<'_>, practice: &Practice, record: &mut BookingRecord, after: &Booking) -> Result<()> {
    forget(txn, record, &after.uid);
    let service = after.service.as_ref().and_then(|id| practice.service(id.as_str()));
    if after.day.is_none() || !after.state.blocks() || service.is_some_and(|service| service.transparent) {
        return Ok(());
    }
    let whole = service.map_or(after.range, |service| buffered(service, after.range));
    let promise = PromiseRecord { core: after.range, whole };
    record.promised = record.held().map(|(id, _)| id).collect();
    record.promised.iter().try_for_each(|id| txn.write_record(key::promise(*id, &after.uid), &promise))
}

/// It is kept no more.
pub(super) fn forget(txn: &mut Txn<'_>, record: &mut BookingRecord, uid: &str) {
    for id in std::mem::take(&mut record.promised) {
        txn.erase(key::promise(id, uid));
    }
}

/// Times that customers were told, in some calendars and perhaps in others.
#[derive(Default)]
pub(super) struct Promises(Vec<(Key, PromiseRecord)>);

impl Promises {
    fn read(found: Vec<(Key, Bytes)>) -> Result<Promises> {
        found.into_iter().map(|(key, octets)| Ok((key, record::decode(&octets)?))).collect::<Result<_>>().map(Promises)
    }

    /// What they take of a calendar's time, but for a booking that is to be moved itself.
    pub fn of(&self, id: CollectionId, except: Option<&str>) -> impl Iterator<Item = Period> {
        let own = except.map(|uid| key::promise(id, uid));
        let here = self.0.iter().filter(move |(key, _)| key::collection_of(key) == id && own.as_ref() != Some(key));
        here.map(|(_, promise)| Period { core: promise.core, whole: promise.whole, by: Taker::Event })
    }
}

/// Between which keys those of some calendars lie: there are few, so that one scan costs less than one for each calendar.
fn bounds(calendars: &Calendars) -> Option<(Key, Key)> {
    let known = || calendars.iter().copied().flatten();
    let last = known().max()?;
    Some((key::promises(known().min()?), key::promises(CollectionId(last.0.saturating_add(1)))))
}

/// The promises in some calendars, as a decision would leave them.
pub(super) fn all(txn: &Txn<'_>, calendars: &Calendars) -> Result<Promises> {
    let Some((from, to)) = bounds(calendars) else { return Ok(Promises::default()) };
    Promises::read(txn.scan_between(&key::all_promises(), &from, &to)?)
}

impl App {
    /// The same as they are on disk.
    pub(super) async fn promises(&self, calendars: &Calendars) -> Result<Promises> {
        let Some((from, to)) = bounds(calendars) else { return Ok(Promises::default()) };
        Promises::read(self.store.scan_between(&key::all_promises(), &from, &to).await?)
    }
}

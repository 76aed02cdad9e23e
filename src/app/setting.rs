//! Live properties that clients may set: what each changes, in the commit of the request that sets it.
//!
//! Not for: dead properties (`app::calendar`), the XML in which they come (`dav::setting`).
//! RFC 4791 §5.2.2, RFC 7809 §5.2, RFC 6638 §9.1 and §9.2, RFC 7953 §7.2.4.

use bytes::Bytes;

use super::hours::NewHours;
use crate::collection::CollectionId;
use crate::error::{Error, Result};
use crate::ical::component::Transparency;
use crate::store::key;
use crate::store::record::{self, CollectionRecord, ScheduleRecord};
use crate::store::txn::Txn;

/// The largest CALDAV:calendar-availability, in octets.
pub const MAX_AVAILABILITY: usize = 64 * 1024;

/// A change of a live property, checked by the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// Of one of the caller's own calendars.
    Calendar(CollectionId, CalendarSetting),
    /// The own calendars that make their owner busy; all others do not.
    Counted(Vec<CollectionId>),
    /// The calendar for what is delivered later; `None`: the server's choice.
    DefaultCalendar(Option<CollectionId>),
    /// When the caller is there at all; `None`: always. At most [`MAX_AVAILABILITY`] octets.
    Availability(Option<Bytes>),
    /// When a resource may be booked.
    Hours(NewHours),
}

/// A change of a calendar's live property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalendarSetting {
    /// The IANA zone in which its dates and times without a zone are meant; `None`: the practice's.
    Zone(Option<String>),
    /// Whether its events make its owner busy.
    Transparency(Transparency),
    /// Where a subscribed calendar is read.
    Source(String),
}

/// Whose settings, and what holds where they say nothing.
#[derive(Debug, Clone)]
pub(super) struct Owner {
    pub login: String,
    /// The practice's zone.
    pub zone: String,
}

impl Setting {
    /// Makes it hold.
    pub(super) fn apply(&self, txn: &mut Txn<'_>, owner: &Owner) -> Result<()> {
        match self {
            Setting::Calendar(id, CalendarSetting::Source(source)) => {
                let before = own_collection(txn, *id, owner)?;
                if before.source.is_none() {
                    return Err(Error::NotFound);
                }
                txn.write_record(key::collection(*id), &CollectionRecord { source: Some(source.clone()), ..before })
            }
            Setting::Calendar(id, CalendarSetting::Zone(zone)) => {
                let before = own_collection(txn, *id, owner)?;
                let zone = zone.clone().unwrap_or_else(|| owner.zone.clone());
                // Its index was built in another zone and is built anew when next asked.
                txn.write_record(key::collection(*id), &CollectionRecord { zone, ..before })
            }
            Setting::Calendar(id, CalendarSetting::Transparency(transparency)) => change(txn, &owner.login, |record| {
                record.transparent.retain(|other| other != id);
                if *transparency == Transparency::Transparent {
                    record.transparent.push(*id);
                }
            }),
            Setting::Counted(counted) => {
                let own = own_collections(txn, &owner.login)?;
                change(txn, &owner.login, |record| {
                    record.transparent = own.iter().filter(|id| !counted.contains(id)).copied().collect();
                })
            }
            Setting::DefaultCalendar(id) => change(txn, &owner.login, |record| record.default_calendar = *id),
            Setting::Hours(hours) => hours.apply(txn),
            Setting::Availability(octets) => {
                let octets = octets.clone().unwrap_or_default();
                let before = read(txn, &owner.login)?.availability;
                txn.write_long(&key::availability(&owner.login), &octets, usize::try_from(before).unwrap_or(0));
                change(txn, &owner.login, |record| record.availability = octets.len() as u64)
            }
        }
    }
}

/// Forgets a calendar that is being deleted.
pub(super) fn forget(txn: &mut Txn<'_>, login: &str, id: CollectionId) -> Result<()> {
    let before = read(txn, login)?;
    if before.transparent.contains(&id) { change(txn, login, |record| record.transparent.retain(|other| *other != id)) } else { Ok(()) }
}

/// A login's record, which must not change until it is written.
pub(super) fn read(txn: &mut Txn<'_>, login: &str) -> Result<ScheduleRecord> {
    Ok(txn.locked(&key::schedule(login))?.map(|octets| record::decode(&octets)).transpose()?.unwrap_or_default())
}

fn change(txn: &mut Txn<'_>, login: &str, change: impl FnOnce(&mut ScheduleRecord)) -> Result<()> {
    let mut record = read(txn, login)?;
    change(&mut record);
    txn.write_record(key::schedule(login), &record)
}

fn own_collection(txn: &Txn<'_>, id: CollectionId, owner: &Owner) -> Result<CollectionRecord> {
    txn.collection(id)?.filter(|collection| collection.owner.as_deref() == Some(&owner.login)).ok_or(Error::NotFound)
}

fn own_collections(txn: &Txn<'_>, login: &str) -> Result<Vec<CollectionId>> {
    txn.scan(&key::home(login), super::calendar::MAX_OWN)?.iter().map(|(_, octets)| record::decode(octets)).collect()
}

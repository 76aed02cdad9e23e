//! Appointments to come that stand with a resource that the practice no longer has. They are not called off: a line that was taken out of
//! the file may be a slip, and nobody has said what their customers are to hear. Nor are they forgotten: administrators find them on the staff
//! pages, and whoever applies the file is told.
//!
//! Not for: what an administrator does with them (`staff`), whose letters wait where there are many (`mass`).

use std::collections::{BTreeSet, HashSet};

use super::App;
use super::booking::failed;
use super::calendar::Calendar;
use super::staff::Listed;
use crate::appointment::booking::Booking;
use crate::appointment::practice::Id;
use crate::appointment::refusal::Refusal;
use crate::collection::{CollectionId, Name};
use crate::error::Result;
use crate::ical::time::TimeRange;
use crate::principal::{Principal, Role};
use crate::store::key;
use crate::store::record::{self, BookingRecord};

/// So many resources a practice can have had.
const MAX_RESOURCES: usize = 10_000;

/// At most so many appointments of one calendar are looked at.
const MAX_LISTED: usize = 500;

impl App {
    /// The calendars of resources that the practice no longer has, for administrators: nobody else can have been granted them.
    pub(super) async fn gone_calendars(&self, who: &Principal) -> Result<Vec<Calendar>> {
        let mut calendars = Vec::new();
        if who.role == Role::Admin {
            for (resource, id) in self.gone_resources().await? {
                calendars.extend(self.gone_calendar(who, &resource, id).await?);
            }
        }
        Ok(calendars)
    }

    async fn gone_resources(&self) -> Result<Vec<(Id, CollectionId)>> {
        let practice = self.practice();
        // Each page of an administrator asks this, and a practice may have a thousand.
        let present: HashSet<&str> = practice.resources.iter().map(|resource| resource.id.as_str()).collect();
        let mut gone = Vec::new();
        for (key, octets) in self.store.scan(&key::resources(), MAX_RESOURCES).await? {
            let Some(resource) = key.get(1..).and_then(|id| std::str::from_utf8(id).ok()) else { continue };
            if !present.contains(resource) {
                gone.push((Id(resource.to_owned()), record::decode(&octets)?));
            }
        }
        Ok(gone)
    }

    /// Whether a calendar is that of a resource that the practice no longer has.
    pub(super) async fn is_gone(&self, id: CollectionId) -> Result<bool> {
        let resource = self.store.collection(id).await?.and_then(|(collection, _)| collection.resource);
        Ok(resource.is_some_and(|resource| self.practice().resource(&resource).is_none()))
    }

    /// The appointments to come that a login can do something about, by start.
    pub async fn stranded(&self, who: &Principal) -> std::result::Result<Vec<Listed>, Refusal> {
        let mut listed = Vec::new();
        let gone = self.gone_calendars(who).await.map_err(failed)?;
        if gone.is_empty() {
            return Ok(listed);
        }
        let seen = self.seen(who).await?;
        for calendar in gone {
            for (record, booking) in self.stranded_in(calendar.id).await? {
                // With a further resource that has gone it stands in a calendar that is still there.
                let Some(holder) = seen.iter().find(|seen| seen.id == record.collection) else { continue };
                listed.extend(self.shown(&seen, holder, &record, booking).await?);
            }
        }
        listed.sort_by(|a, b| (a.booking.range.start, &a.booking.uid).cmp(&(b.booking.range.start, &b.booking.uid)));
        listed.dedup_by(|a, b| a.booking.uid == b.booking.uid);
        Ok(listed)
    }

    /// How many there are, for the head of an administrator's pages.
    pub(super) async fn stranded_count(&self, who: &Principal) -> std::result::Result<usize, Refusal> {
        if who.role != Role::Admin {
            return Ok(0);
        }
        let mut uids = BTreeSet::new();
        for (_, id) in self.gone_resources().await.map_err(failed)? {
            uids.extend(self.stranded_in(id).await?.into_iter().map(|(_, booking)| booking.uid));
        }
        Ok(uids.len())
    }

    /// How many there are with each resource, for whoever applies the practice's file.
    pub async fn stranded_by_resource(&self) -> std::result::Result<Vec<(Id, usize)>, Refusal> {
        let mut counts = Vec::new();
        for (resource, id) in self.gone_resources().await.map_err(failed)? {
            let count = self.stranded_in(id).await?.len();
            counts.extend((count > 0).then_some((resource, count)));
        }
        Ok(counts)
    }

    /// The bookings that stand in a calendar from now on, themselves or by a shadow.
    async fn stranded_in(&self, id: CollectionId) -> std::result::Result<Vec<(BookingRecord, Booking)>, Refusal> {
        let range = TimeRange { start: self.now(), end: self.store.horizon().end };
        let (mut names, mut seen): (Vec<Name>, HashSet<Name>) = (Vec::new(), HashSet::new());
        for (name, _) in self.store.occurrences(id, range).await.map_err(failed)? {
            // By start, so that what is left out is what is furthest away.
            if names.len() < MAX_LISTED && seen.insert(name.clone()) {
                names.push(name);
            }
        }
        let mut found = Vec::new();
        for entry in self.store.entries_of(id, &names).await.map_err(failed)?.into_iter().flatten() {
            let main: Option<String> = self.store.record(&key::shadow(&entry.uid)).await.map_err(failed)?;
            let uid = main.unwrap_or_else(|| entry.uid.clone());
            let record: Option<BookingRecord> = self.store.record(&key::booking(&uid)).await.map_err(failed)?;
            let Some(record) = record.filter(|record| !record.deleted) else { continue };
            let booking = self.last_state(&uid, &record).await?;
            if booking.state.blocks() {
                found.push((record, booking));
            }
        }
        Ok(found)
    }
}

//! What staff should look at in a booking: what else lies over its time, who was taken off it, that it has no time.
//!
//! All of it may be on purpose, so it is shown and asked about, never refused. Not for: what customers are offered (`stage`).

use chrono::NaiveDate;

use super::App;
use super::booking::failed;
use super::calendar::Calendar;
use crate::appointment::booking::Booking;
use crate::appointment::refusal::Refusal;
use crate::collection::{CollectionId, Name, Object, Version};
use crate::ical::freebusy;
use crate::ical::object::CalendarObject;
use crate::ical::recurrence::Occurrence;
use crate::ical::time::TimeRange;
use crate::store::key;
use crate::store::record::{BookingRecord, Stands};
use crate::store::txn::Txn;

/// At most so many overlaps of one booking are told.
const MAX_OVERLAPS: usize = 20;

/// What staff should look at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Concerns {
    /// What else takes its time in a calendar that holds it, by start.
    pub overlaps: Vec<Overlap>,
    /// The names of the resources that were taken off it.
    pub missing: Vec<String>,
    /// The names of further resources that the practice no longer has, as far as they are known, or their ids.
    pub departed: Vec<String>,
    /// Whether some of those were taken off by somebody, which can be undone or accepted.
    pub undecided: bool,
    /// The day on which it stands without a time.
    pub day: Option<NaiveDate>,
    /// Whether the practice no longer has the resource whose calendar holds it.
    pub gone: bool,
}

/// Something that lies over a booking's time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Overlap {
    /// When it is.
    pub range: TimeRange,
    /// What the resource is called whose calendar it is in.
    pub resource: String,
    /// Its title, as far as this login may see it; empty where it may not.
    pub title: String,
}

impl Concerns {
    /// Whether there is nothing to look at.
    pub fn is_empty(&self) -> bool {
        self.overlaps.is_empty() && self.missing.is_empty() && self.departed.is_empty() && self.day.is_none() && !self.gone
    }

    /// A word for exactly this, by which a yes says what it was said to. Only somebody signed in sees or sends it.
    pub fn word(&self) -> String {
        super::booking::hash_of(&format!("{self:?}"))
    }
}

/// The versions of the calendars of which concerns were told.
pub(super) struct Witnessed(Vec<(CollectionId, Version)>);

impl Witnessed {
    /// Whether nothing has changed in them.
    pub fn holds(&self, txn: &mut Txn<'_>) -> crate::error::Result<bool> {
        for (id, version) in &self.0 {
            if txn.version(*id)? != *version {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl App {
    /// The same with the versions at which it was so.
    pub(super) async fn witnessed(
        &self,
        seen: &[Calendar],
        record: &BookingRecord,
        booking: &Booking,
    ) -> Result<(Concerns, Witnessed), Refusal> {
        let witnessed = self.versions(record.held().map(|(id, _)| id).collect()).await?;
        Ok((self.concerns(seen, record, booking).await?, witnessed))
    }

    /// What would lie over a booking in the calendars that it is put back into, with the versions at which it is so.
    pub(super) async fn in_the_way(
        &self,
        seen: &[Calendar],
        record: &BookingRecord,
        booking: &Booking,
        returning: &[CollectionId],
    ) -> Result<(Concerns, Witnessed), Refusal> {
        // Who is missing stands in the record, which is written with the booking's own calendar.
        let witnessed = self.versions(std::iter::once(record.collection).chain(returning.iter().copied()).collect()).await?;
        let mut concerns = Concerns::default();
        for id in returning {
            concerns.overlaps.extend(self.overlaps(seen, record, booking, (*id, None)).await?);
        }
        concerns.overlaps.sort();
        concerns.overlaps.truncate(MAX_OVERLAPS);
        Ok((concerns, witnessed))
    }

    /// The calendars that a booking was taken out of and can be put back into: those of resources that the practice still has.
    pub(super) async fn returning(&self, record: &BookingRecord) -> Result<Vec<CollectionId>, Refusal> {
        let mut returning = Vec::new();
        for missing in &record.missing {
            if !self.is_gone(missing.collection).await.map_err(failed)? {
                returning.push(missing.collection);
            }
        }
        Ok(returning)
    }

    async fn versions(&self, ids: Vec<CollectionId>) -> Result<Witnessed, Refusal> {
        let mut versions = Vec::new();
        for id in ids {
            versions.extend(self.store.collection(id).await.map_err(failed)?.map(|(_, version)| (id, version)));
        }
        Ok(Witnessed(versions))
    }

    /// What this login, which sees these calendars, should look at in a booking.
    pub(super) async fn concerns(&self, seen: &[Calendar], record: &BookingRecord, booking: &Booking) -> Result<Concerns, Refusal> {
        let mut concerns = Concerns::default();
        if !booking.state.blocks() {
            return Ok(concerns);
        }
        concerns.day = booking.day;
        concerns.gone = self.is_gone(record.collection).await.map_err(failed)?;
        concerns.undecided = !record.missing.is_empty();
        for missing in &record.missing {
            let gone = self.is_gone(missing.collection).await.map_err(failed)?;
            let list = if gone { &mut concerns.departed } else { &mut concerns.missing };
            list.push(self.name_of(missing.collection).await?);
        }
        for (place, shadow) in record.shadows.iter().enumerate() {
            if self.is_gone(shadow.collection).await.map_err(failed)? {
                concerns.departed.push(self.last_name_of(shadow.collection, record, booking, place + 1).await?);
            }
        }
        for (id, name) in record.held() {
            concerns.overlaps.extend(self.overlaps(seen, record, booking, (id, Some(name))).await?);
        }
        concerns.overlaps.sort();
        concerns.overlaps.truncate(MAX_OVERLAPS);
        Ok(concerns)
    }

    /// What lies over a booking in a calendar, beside itself where it has this name there.
    async fn overlaps(
        &self,
        seen: &[Calendar],
        record: &BookingRecord,
        booking: &Booking,
        (id, own): (CollectionId, Option<&Name>),
    ) -> Result<Vec<Overlap>, Refusal> {
        let found = self.store.occurrences(id, booking.range).await.map_err(failed)?;
        let takes_time = |occurrence: &Occurrence| !freebusy::busy([*occurrence], booking.range).is_empty();
        let others = found.into_iter().filter(|(other, occurrence)| Some(other) != own && takes_time(occurrence));
        let mut overlaps = Vec::new();
        for (other, occurrence) in others.take(MAX_OVERLAPS) {
            overlaps.extend(self.overlap(seen, record, id, &other, occurrence).await?);
        }
        Ok(overlaps)
    }

    /// An occurrence that lies over a booking; `None` where it has another seat of the same group.
    async fn overlap(
        &self,
        seen: &[Calendar],
        record: &BookingRecord,
        id: CollectionId,
        name: &Name,
        occurrence: Occurrence,
    ) -> Result<Option<Overlap>, Refusal> {
        let Some(object) = self.store.objects(id, std::slice::from_ref(name)).await.map_err(failed)?.pop().flatten() else {
            return Ok(None);
        };
        if self.is_of_group(record, &object).await? {
            return Ok(None);
        }
        let title = match seen.iter().find(|calendar| calendar.id == id) {
            None => String::new(),
            Some(calendar) => {
                let object = CalendarObject::parse(object.octets).map_err(failed)?;
                let title = object.shown().and_then(|node| node.text("SUMMARY")).unwrap_or_default();
                self.lens(calendar).title(&title)
            }
        };
        Ok(Some(Overlap { range: occurrence.range, resource: self.name_of(id).await?, title }))
    }

    /// Whether an object is, or is the copy of, another booking of the same group: of the same service, which has several seats, at the same time.
    async fn is_of_group(&self, record: &BookingRecord, other: &Object) -> Result<bool, Refusal> {
        let Some(Stands { service, location, start }) = &record.standing else { return Ok(false) };
        let practice = self.practice();
        if practice.service(service).is_none_or(|service| service.capacity < 2) {
            return Ok(false);
        }
        let of_shadow: Option<String> = self.store.record(&key::shadow(&other.entry.uid)).await.map_err(failed)?;
        let uid = of_shadow.unwrap_or_else(|| other.entry.uid.clone());
        let other: Option<BookingRecord> = self.store.record(&key::booking(&uid)).await.map_err(failed)?;
        let stands = other.and_then(|other| other.standing);
        Ok(stands.is_some_and(|other| (&other.service, &other.location, &other.start) == (service, location, start)))
    }

    /// What the resource of a calendar is called; of one that the practice has no longer, its id.
    pub(super) async fn name_of(&self, id: CollectionId) -> Result<String, Refusal> {
        let found = self.store.collection(id).await.map_err(failed)?;
        let resource = found.and_then(|(collection, _)| collection.resource).unwrap_or_default();
        Ok(self.practice().resource(&resource).map_or(resource.clone(), |resource| resource.name.clone()))
    }

    /// The names of the resources that hold a booking, that of its own calendar first.
    pub(super) async fn holders_of(&self, record: &BookingRecord, booking: &Booking) -> Result<Vec<String>, Refusal> {
        let mut names = Vec::new();
        for (place, (id, _)) in record.held().enumerate() {
            names.push(self.last_name_of(id, record, booking, place).await?);
        }
        Ok(names)
    }

    /// The same for the holder at this place; of one that the practice has no longer, the name that the booking's last revision gave it.
    async fn last_name_of(&self, id: CollectionId, record: &BookingRecord, booking: &Booking, place: usize) -> Result<String, Refusal> {
        // Written in the order of those who hold it; where they have become others since, nobody knows whose name is which.
        let named = booking.resources.get(place).filter(|_| booking.resources.len() == record.shadows.len() + 1);
        match named {
            Some(name) if self.is_gone(id).await.map_err(failed)? => Ok(name.clone()),
            _ => self.name_of(id).await,
        }
    }
}

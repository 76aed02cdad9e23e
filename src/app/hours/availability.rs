//! The opening hours of a resource as CALDAV:calendar-availability of its calendar: told, and set (RFC 7953 §7.2.4).

use bytes::Bytes;

use super::seeding::Season;
use crate::app::describing::describe;
use crate::app::{Actor, App};
use crate::appointment::hours::availability::{Frame, any_opens, compile, events};
use crate::appointment::hours::{Place, Words};
use crate::appointment::practice::Id;
use crate::collection::{CollectionId, Entry, Name};
use crate::error::{Error, Precondition, Result};
use crate::ical::availability::MAX_AVAILABLE;
use crate::ical::component::Component;
use crate::ical::object::CalendarObject;
use crate::ical::recurrence::occurrences;
use crate::ical::time::TimeRange;
use crate::ical::zone::Zone;
use crate::principal::Privilege;
use crate::store::key;
use crate::store::record::{self, HoursRecord};
use crate::store::txn::{Note, Txn};

/// How far ahead holidays are told: two years.
const AHEAD: i64 = 2 * 366 * 86_400;

/// What has ended so long ago is not told.
const BACK: i64 = 86_400;

/// How many events of a calendar are looked at to be taken away.
const MAX_EVENTS: usize = 100_000;

/// The events that shall be the opening hours of a resource, checked, each with its UID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHours {
    collection: CollectionId,
    zone: String,
    season: Season,
    by: String,
    via: String,
    events: Vec<(String, Bytes)>,
}

impl App {
    /// The opening hours of a resource, its own or its location's, as a VAVAILABILITY; `None` where they take more components than one may
    /// have ([`MAX_AVAILABLE`]).
    pub async fn availability_of_resource(&self, resource: &Id) -> Result<Option<String>> {
        let practice = self.practice();
        let Some(resource) = practice.resource(resource.as_str()) else { return Ok(None) };
        let Some(location) = practice.location(resource.location.as_str()) else { return Ok(None) };
        let zone = Zone::named(&location.zone).unwrap_or(Zone::UTC);
        let range = TimeRange { start: self.now() - BACK, end: self.now() + AHEAD };
        let own = Place::Resource(resource.id.clone());
        let words = Words::of(&practice);
        let (Some((objects, own_changed)), Some((branch, branch_changed))) =
            (self.hours_of(&own).await?, self.hours_of(&Place::Location(location.id.clone())).await?)
        else {
            return Ok(None);
        };
        let changed = own_changed.max(branch_changed);
        let frame = Frame { uid: &own.name(), location, zone: &zone, changed, range, words: &words };
        // Where nothing of its own opens it follows its location, less what it closes itself; what its location closes is closed in any case.
        if any_opens(&objects, &zone, &words)? {
            compile(&objects, &branch, frame)
        } else {
            compile(&branch, &objects, Frame { uid: &Place::Location(location.id.clone()).name(), ..frame })
        }
    }

    /// The events of an hours calendar, and when the last was changed, in seconds; `None` where they are more than may be told.
    async fn hours_of(&self, place: &Place) -> Result<Option<(Vec<CalendarObject>, i64)>> {
        let nothing = Ok(Some((Vec::new(), 0)));
        let Some(record) = self.store.record::<HoursRecord>(&key::hours(&place.name())).await? else { return nothing };
        let entries = self.store.entries(record.collection, None).await?;
        if entries.len() > MAX_AVAILABLE {
            return Ok(None);
        }
        let changed = entries.iter().map(|entry| entry.modified).max().unwrap_or(0);
        let names: Vec<Name> = entries.iter().map(|entry| entry.name.clone()).collect();
        let objects = self.store.objects(record.collection, &names).await?.into_iter().flatten();
        let objects = objects.map(|object| CalendarObject::parse(object.octets)).collect::<Result<Vec<_>>>()?;
        Ok(Some((objects, changed)))
    }

    /// Checks what shall be the opening hours of a resource: one VAVAILABILITY, or nothing, so that it follows its location.
    pub async fn new_hours(&self, by: &Actor, resource: &Id, value: Option<Bytes>) -> Result<NewHours> {
        let practice = self.practice();
        let place = Place::Resource(resource.clone());
        let (location, _) = place.found(&practice).ok_or(Error::NotFound)?;
        let may = self.sight(&by.principal).await?.on(&place, &practice);
        if may.is_none_or(|grant| !grant.allows(Privilege::WriteContent)) {
            return Err(Error::Forbidden(Privilege::WriteContent));
        }
        let record: HoursRecord = self.store.record(&key::hours(&place.name())).await?.ok_or(Error::NotFound)?;
        let zone = Zone::named(&location.zone).unwrap_or(Zone::UTC);
        let season = self.season();
        let events = match value {
            None => Vec::new(),
            Some(octets) => events(&CalendarObject::parse(octets)?, location, &zone, practice.language)?,
        };
        for (_, octets) in &events {
            let object = CalendarObject::parse(octets.clone())?;
            object.check()?;
            occurrences(&object, season.horizon, &zone)?;
        }
        let (by, via) = (by.principal.login.clone(), by.via.clone());
        Ok(NewHours { collection: record.collection, zone: location.zone.clone(), season, by, via, events })
    }
}

impl NewHours {
    /// Makes these the events of the calendar, and no others; what stands there under the same UID keeps its name.
    pub(in crate::app) fn apply(&self, txn: &mut Txn<'_>) -> Result<()> {
        let id = self.collection;
        let zone = Zone::named(&self.zone).unwrap_or(Zone::UTC);
        for (_, octets) in txn.scan(&key::entries(id), MAX_EVENTS)? {
            let entry: Entry = record::decode(&octets)?;
            if self.events.iter().all(|(uid, _)| *uid != entry.uid) {
                txn.remove(id, &entry.name, self.note("deleted"))?;
            }
        }
        for (uid, octets) in &self.events {
            let object = CalendarObject::parse(octets.clone())?;
            let name = match txn.name_of_uid(id, uid)? {
                Some(name) => name,
                None => free_name(txn, id, uid)?,
            };
            let (entry, indexed) = describe(&object, &name, Component::Event, &zone, self.season.horizon, self.season.now)?;
            txn.put(id, entry, octets, indexed, self.note("edited"))?;
        }
        Ok(())
    }

    fn note(&self, what: &str) -> Note {
        let (at, by) = (self.season.now, Some(self.by.clone()));
        Note { at, by, via: self.via.clone(), what: what.to_owned(), sent: None, number: None }
    }
}

fn free_name(txn: &mut Txn<'_>, id: CollectionId, uid: &str) -> Result<Name> {
    for stem in [uid.to_owned(), format!("{uid}-hours")] {
        let name = Name::of_uid(&stem, "ics")?;
        if txn.entry(id, &name)?.is_none() {
            return Ok(name);
        }
    }
    Err(Error::Refused(Precondition::NoUidConflict, "Another object has the name of this UID.".into()))
}

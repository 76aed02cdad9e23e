//! Opening hours as they stand in their calendars: who sees them, and what is open when.
//!
//! Each location and each resource has such a calendar, which staff edit in any program. A resource whose own is empty follows its
//! location's. A question reads the index; what titles say is kept beside it by the calendar's version. A decision asks in the line of
//! writers and holds the calendar's version, so that an edit of hours and a booking at one moment are decided one after the other.
//! Not for: what makes a period (`appointment::hours`), what `apply` puts there (`seeding`).

mod availability;
pub(super) mod seeding;

pub use availability::NewHours;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::App;
use super::access::resources_home;
use super::calendar::{Calendar, PropertyTarget};
use crate::appointment::hours::{Lines, Open, Place, Sheet, Words, opened, whole_days};
use crate::appointment::practice::{Id, Location, Practice, Resource};
use crate::appointment::words;
use crate::collection::{CollectionId, Name, Version};
use crate::error::{Error, Result};
use crate::ical::component::Transparency;
use crate::ical::object::CalendarObject;
use crate::ical::recurrence::Occurrence;
use crate::ical::time::TimeRange;
use crate::ical::zone::Zone;
use crate::principal::{Grant, Principal, PrincipalId, Role, View};
use crate::store::key;
use crate::store::record::{HoursRecord, PrincipalRecord};
use crate::store::txn::Txn;

/// What hours calendars are shown in where they have no colour.
const COLOUR: &str = "#7d7a2c";

/// How often a question is asked anew because the calendar was edited meanwhile.
const MAX_TRIES: usize = 8;

/// How many calendars' sheets are kept.
const MAX_SHEETS: usize = 10_000;

/// What titles say, by calendar, each at the version and under the practice with which it was read.
#[derive(Default)]
pub(super) struct Sheets(Mutex<HashMap<CollectionId, Kept>>);

struct Kept {
    version: Version,
    practice: Arc<Practice>,
    sheet: Arc<Sheet>,
}

impl Sheets {
    fn get(&self, id: CollectionId, version: Version, practice: &Arc<Practice>) -> Option<Arc<Sheet>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = |kept: &&Kept| kept.version == version && Arc::ptr_eq(&kept.practice, practice);
        kept.get(&id).filter(fresh).map(|kept| Arc::clone(&kept.sheet))
    }

    fn keep(&self, id: CollectionId, version: Version, practice: &Arc<Practice>, sheet: &Arc<Sheet>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MAX_SHEETS {
            kept.clear();
        }
        kept.insert(id, Kept { version, practice: Arc::clone(practice), sheet: Arc::clone(sheet) });
    }
}

impl App {
    /// The present, as what is put into hours calendars needs it.
    pub(super) fn season(&self) -> seeding::Season {
        seeding::Season { now: self.now(), horizon: self.store.horizon() }
    }

    /// What a decision under a practice needs to ask for open times.
    pub(super) fn hours_reading(&self, practice: &Arc<Practice>) -> Reading {
        Reading { practice: Arc::clone(practice), sheets: Arc::clone(&self.sheets) }
    }

    /// When a resource may be booked: what touches a range, whole, sorted. Its own hours, or its location's.
    pub async fn open_times(&self, location: &Location, resource: &Resource, range: TimeRange) -> Result<Vec<Open>> {
        Ok(self.all_open_times(location, &[resource], range).await?.pop().unwrap_or_default())
    }

    /// The same of several resources of a location, in their order; the location's hours are worked out once.
    pub(super) async fn all_open_times(&self, location: &Location, resources: &[&Resource], range: TimeRange) -> Result<Vec<Vec<Open>>> {
        let mut shared: Option<Vec<Open>> = None;
        let mut all = Vec::with_capacity(resources.len());
        for resource in resources {
            let open = match (self.open_at(&Place::Resource(resource.id.clone()), location, range).await?, &shared) {
                (Some(own), _) => own,
                (None, Some(shared)) => shared.clone(),
                (None, None) => {
                    let place = Place::Location(location.id.clone());
                    shared.insert(self.open_at(&place, location, range).await?.unwrap_or_default()).clone()
                }
            };
            all.push(open);
        }
        Ok(all)
    }

    async fn open_at(&self, place: &Place, location: &Location, range: TimeRange) -> Result<Option<Vec<Open>>> {
        match self.store.record::<HoursRecord>(&key::hours(&place.name())).await? {
            Some(record) => self.open_in_calendar(record.collection, location, range).await,
            None => Ok(None),
        }
    }

    /// `None` where the calendar is empty.
    async fn open_in_calendar(&self, id: CollectionId, location: &Location, range: TimeRange) -> Result<Option<Vec<Open>>> {
        let zone = Zone::named(&location.zone).unwrap_or(Zone::UTC);
        for _ in 0..MAX_TRIES {
            let Some((_, version)) = self.store.collection(id).await? else { return Ok(None) };
            let sheet = self.sheet(id, version, &zone).await?;
            let found = if sheet.any { self.store.occurrences(id, whole_days(range, &zone)).await? } else { Vec::new() };
            // Times and titles must be of one version.
            if self.store.collection(id).await?.is_some_and(|(_, now)| now == version) {
                return Ok(sheet.any.then(|| touching(opened(&found, &sheet, location, &zone), range)));
            }
        }
        Err(Error::Busy)
    }

    /// What the titles of a calendar say at a version.
    async fn sheet(&self, id: CollectionId, version: Version, zone: &Zone) -> Result<Arc<Sheet>> {
        let practice = self.practice();
        if let Some(sheet) = self.sheets.get(id, version, &practice) {
            return Ok(sheet);
        }
        let words = Words::of(&practice);
        let mut sheet = Sheet::default();
        let mut after: Option<Name> = None;
        loop {
            let names: Vec<Name> = self.store.entries(id, after.as_ref()).await?.into_iter().map(|entry| entry.name).collect();
            let Some(last) = names.last() else { break };
            after = Some(last.clone());
            for object in self.store.objects(id, &names).await?.into_iter().flatten() {
                let lines = Lines::read(&CalendarObject::parse(object.octets)?, zone, &words)?;
                sheet.put(object.entry.name, lines);
            }
        }
        let sheet = Arc::new(sheet);
        self.sheets.keep(id, version, &practice, &sheet);
        Ok(sheet)
    }

    /// The hours calendars that somebody sees, as they stand in a home: those of the resources whose calendars they may read, and of these
    /// resources' locations.
    pub(super) async fn hours_calendars(&self, who: &Principal, home: &str) -> Result<Vec<Calendar>> {
        let practice = self.practice();
        let sight = self.sight(who).await?;
        let mut calendars = Vec::new();
        for place in Place::all(&practice) {
            if let Some(grant) = sight.on(&place, &practice) {
                calendars.extend(self.hours_calendar(who, home, &place, grant).await?);
            }
        }
        Ok(calendars)
    }

    /// The hours calendar of this name, in one's own home or among the resources; `None` where no place has it. [`Error::NotFound`] where
    /// they may not see it.
    pub(super) async fn hours_calendar_at(&self, who: &Principal, home: &str, name: &Name) -> Result<Option<Calendar>> {
        let practice = self.practice();
        let place = Place::of_name(name.as_str()).filter(|place| place.found(&practice).is_some());
        let Some(place) = place.filter(|_| home == who.login || home == resources_home()) else { return Ok(None) };
        let grant = self.sight(who).await?.on(&place, &practice).ok_or(Error::NotFound)?;
        self.hours_calendar(who, home, &place, grant).await?.ok_or(Error::NotFound).map(Some)
    }

    async fn hours_calendar(&self, who: &Principal, home: &str, place: &Place, grant: Grant) -> Result<Option<Calendar>> {
        let practice = self.practice();
        let Some((_, whose)) = place.found(&practice) else { return Ok(None) };
        let Some(record) = self.store.record::<HoursRecord>(&key::hours(&place.name())).await? else { return Ok(None) };
        let Some((collection, version)) = self.store.collection(record.collection).await? else { return Ok(None) };
        Ok(Some(Calendar {
            id: record.collection,
            home: home.to_owned(),
            name: Name::new(&place.name())?,
            owner: match place {
                Place::Location(id) => PrincipalId::Location(id.0.clone()),
                Place::Resource(id) => PrincipalId::Resource(id.0.clone()),
            },
            grant,
            component: collection.component,
            resource: None,
            source: None,
            hours: Some(place.clone()),
            display_name: words::hours_of(practice.language, whose),
            colour: COLOUR.to_owned(),
            zone: collection.zone,
            // An opening takes nobody's time.
            transparency: Transparency::Transparent,
            version,
            properties: self.properties(who, &PropertyTarget::Calendar(record.collection)).await?,
            acl: Vec::new(),
            availability: None,
            // No customer stands in it.
            view: View::Full,
        }))
    }

    async fn sight(&self, who: &Principal) -> Result<Sight> {
        let record: Option<PrincipalRecord> = self.store.record(&key::principal(&who.login)).await?;
        Ok(Sight { role: who.role, hours: record.and_then(|record| record.hours), grants: self.grants(who).await? })
    }
}

/// What decides which opening hours somebody sees, and what they may do with them.
struct Sight {
    role: Role,
    hours: Option<Grant>,
    grants: Vec<(Id, Grant)>,
}

impl Sight {
    fn on(&self, place: &Place, practice: &Practice) -> Option<Grant> {
        match self.role {
            Role::Admin => Some(Grant::Write),
            Role::Staff => place.grant(practice, self.grants.iter().map(|(id, grant)| (id, *grant)), self.hours),
        }
    }
}

/// What a decision needs to ask for open times: the practice under which titles are understood, and what was read of them before.
#[derive(Clone)]
pub(super) struct Reading {
    practice: Arc<Practice>,
    sheets: Arc<Sheets>,
}

impl Reading {
    /// As [`App::open_times`], as a decision would leave it. The calendars must not change until the decision is written.
    pub fn open_times(&self, txn: &mut Txn<'_>, location: &Location, resource: &Resource, range: TimeRange) -> Result<Vec<Open>> {
        let zone = Zone::named(&location.zone).unwrap_or(Zone::UTC);
        for place in [Place::Resource(resource.id.clone()), Place::Location(location.id.clone())] {
            let Some(record) = txn.record::<HoursRecord>(&key::hours(&place.name()))? else { continue };
            let id = record.collection;
            let version = txn.version(id)?;
            let kept = self.sheets.get(id, version, &self.practice);
            let any = match &kept {
                Some(sheet) => sheet.any,
                None => !txn.scan(&key::entries(id), 1)?.is_empty(),
            };
            if !any {
                continue;
            }
            let found = txn.occurrences(id, whole_days(range, &zone))?;
            let sheet = match kept {
                Some(sheet) => sheet,
                None => Arc::new(sheet_of(txn, id, &found, &self.practice, &zone)?),
            };
            return Ok(touching(opened(&found, &sheet, location, &zone), range));
        }
        Ok(Vec::new())
    }
}

/// What the titles of these objects alone say.
fn sheet_of(txn: &mut Txn<'_>, id: CollectionId, found: &[(Name, Occurrence)], practice: &Practice, zone: &Zone) -> Result<Sheet> {
    let words = Words::of(practice);
    let mut sheet = Sheet::default();
    let mut names: Vec<&Name> = found.iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        if let Some(object) = txn.object(id, name)? {
            sheet.put(name.clone(), Lines::read(&CalendarObject::parse(object.octets)?, zone, &words)?);
        }
    }
    Ok(sheet)
}

fn touching(mut open: Vec<Open>, range: TimeRange) -> Vec<Open> {
    open.retain(|open| open.range.overlaps(range));
    open
}

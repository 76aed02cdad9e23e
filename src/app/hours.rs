//! Opening hours as they stand in their calendars: who sees them, and what is open when.
//!
//! Each location and each resource has such a calendar, which staff edit in any program. A resource whose own is empty follows its
//! location's, and one in whose own nothing opens follows them less what it closes. A question reads the index; what titles say is kept beside it by the calendar's version. A decision asks in the line of
//! writers and holds the calendar's version, so that an edit of hours and a booking at one moment are decided one after the other.
//! Not for: what makes a period (`appointment::hours`), what `apply` puts there (`seeding`).

mod availability;
mod odd;
pub(super) mod seeding;
mod worked;

pub use availability::NewHours;
pub use odd::Odd;
pub(super) use worked::AllWorked;

use std::sync::Arc;

use super::App;
use super::access::resources_home;
use super::calendar::{Calendar, PropertyTarget};
use crate::appointment::hours::{Lines, Open, Place, Sheet, Words, closings, hull, opened, reopened, whole_days};
use crate::appointment::practice::{Id, Location, Practice, Resource};
use crate::appointment::words;
use crate::collection::{CollectionId, Entry, Name};
use crate::error::{Error, Result};
use crate::ical::component::Transparency;
use crate::ical::object::CalendarObject;
use crate::ical::recurrence::Occurrence;
use crate::ical::time::TimeRange;
use crate::ical::zone::Zone;
use crate::principal::{Grant, Principal, PrincipalId, Role, View};
use crate::store::engine::MAX_SCAN;
use crate::store::key;
use crate::store::record::{self, HoursRecord, PrincipalRecord};
use crate::store::txn::Txn;

/// What hours calendars are shown in where they have no colour.
const COLOUR: &str = "#7d7a2c";

/// How often a question is asked anew because the calendar was edited meanwhile.
const MAX_TRIES: usize = 8;

impl App {
    /// The present, as what is put into hours calendars needs it.
    pub(super) fn season(&self) -> seeding::Season {
        seeding::Season { now: self.now(), horizon: self.store.horizon() }
    }

    /// What a decision under a practice needs to ask for open times.
    pub(super) fn hours_reading(&self, practice: &Arc<Practice>) -> Reading {
        Reading { practice: Arc::clone(practice), worked: Arc::clone(&self.worked) }
    }

    /// When a resource may be booked: what touches a range, whole, sorted. Its own hours, or its location's.
    pub async fn open_times(&self, location: &Location, resource: &Resource, range: TimeRange) -> Result<Vec<Open>> {
        let all = self.all_open_times(location, &[resource], range).await?;
        Ok(all.iter().flat_map(|open| open.iter()).filter(|open| open.range.overlaps(range)).cloned().collect())
    }

    /// The same of several resources of a location, in their order, and perhaps more than touches the range. Those that keep the
    /// location's hours share them.
    pub(super) async fn all_open_times(&self, location: &Location, resources: &[&Resource], range: TimeRange) -> Result<Vec<Arc<[Open]>>> {
        let (mut shared, mut all): (Option<Arc<[Open]>>, _) = (None, Vec::with_capacity(resources.len()));
        let shut = self.shut(location).await?;
        for resource in resources {
            let own = self.open_at(&Place::Resource(resource.id.clone()), location, range).await?;
            let (open, closing) = match own {
                Own::Opens(open) => (open, shut.clone()),
                Own::Follows | Own::Closes(_) => {
                    let open = match &shared {
                        Some(shared) => Arc::clone(shared),
                        None => self.open_at(&Place::Location(location.id.clone()), location, range).await?.openings(),
                    };
                    shared = Some(Arc::clone(&open));
                    (open, own.closing())
                }
            };
            all.push(match closing {
                None => open,
                Some(closing) => {
                    let near = near(&open, location, range);
                    let found = self.store.occurrences(closing.id, near.hull).await?;
                    reopened(&near.open, &closings(&found, &closing.sheet)).into()
                }
            });
        }
        Ok(all)
    }

    /// The calendar of a location in which something closes: that holds for those too who have hours of their own.
    async fn shut(&self, location: &Location) -> Result<Option<Closing>> {
        let (zone, practice) = (Zone::named(&location.zone).unwrap_or(Zone::UTC), self.practice());
        let place = Place::Location(location.id.clone());
        let Some(record) = self.store.record::<HoursRecord>(&key::hours(&place.name())).await? else { return Ok(None) };
        let id = record.collection;
        let Some((collection, version)) = self.store.collection(id).await? else { return Ok(None) };
        let sheet = self.sheet(worked::Reading { id, version, zone: &collection.zone, practice: &practice }, &zone).await?;
        Ok(sheet.closes.then_some(Closing { id, sheet }))
    }

    async fn open_at(&self, place: &Place, location: &Location, range: TimeRange) -> Result<Own> {
        match self.store.record::<HoursRecord>(&key::hours(&place.name())).await? {
            Some(record) => self.open_in_calendar(record.collection, location, range).await,
            None => Ok(Own::Follows),
        }
    }

    async fn open_in_calendar(&self, id: CollectionId, location: &Location, range: TimeRange) -> Result<Own> {
        let (zone, practice) = (Zone::named(&location.zone).unwrap_or(Zone::UTC), self.practice());
        for _ in 0..MAX_TRIES {
            let Some((collection, version)) = self.store.collection(id).await? else { return Ok(Own::Follows) };
            let reading = worked::Reading { id, version, zone: &collection.zone, practice: &practice };
            if let Some(open) = self.worked.open(reading, range) {
                return Ok(Own::Opens(open));
            }
            let sheet = self.sheet(reading, &zone).await?;
            if let Some(own) = Own::without_openings(id, &sheet) {
                return Ok(own);
            }
            let days = whole_days(self.worked.widened(reading, range), &zone);
            let found = self.store.occurrences(id, days).await?;
            let closed = if sheet.closes { closings(&self.store.occurrences(id, around(&found, days)).await?, &sheet) } else { Vec::new() };
            // Times and titles must be of one version.
            if self.store.collection(id).await?.is_some_and(|(_, now)| now == version) {
                let open = opened(&found, &sheet, &closed, location, &zone).into();
                self.worked.keep_open(reading, &sheet, days, &open);
                return Ok(Own::Opens(open));
            }
        }
        Err(Error::Busy)
    }

    /// What the titles of a calendar say at a version.
    async fn sheet(&self, reading: worked::Reading<'_>, zone: &Zone) -> Result<Arc<Sheet>> {
        if let Some(sheet) = self.worked.sheet(reading) {
            return Ok(sheet);
        }
        let words = Words::of(reading.practice);
        let mut sheet = Sheet::default();
        let mut after: Option<Name> = None;
        loop {
            let names: Vec<Name> = self.store.entries(reading.id, after.as_ref()).await?.iter().map(|entry| entry.name.clone()).collect();
            let Some(last) = names.last() else { break };
            after = Some(last.clone());
            for object in self.store.objects(reading.id, &names).await?.into_iter().flatten() {
                let lines = Lines::read(&CalendarObject::parse(object.octets)?, zone, &words)?;
                sheet.put(object.entry.name.clone(), lines);
            }
        }
        let sheet = Arc::new(sheet);
        self.worked.keep_sheet(reading, &sheet);
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

/// What a decision needs to ask for open times: the practice under which titles are understood, and what was worked out before.
#[derive(Clone)]
pub(super) struct Reading {
    practice: Arc<Practice>,
    worked: Arc<AllWorked>,
}

impl Reading {
    /// As [`App::all_open_times`], as a decision would leave it. The calendars must not change until the decision is written.
    pub fn all_open_times(
        &self,
        txn: &mut Txn<'_>,
        location: &Location,
        resources: &[&Resource],
        range: TimeRange,
    ) -> Result<Vec<Arc<[Open]>>> {
        let (mut shared, mut all): (Option<Arc<[Open]>>, _) = (None, Vec::with_capacity(resources.len()));
        let shut = self.shut(txn, location)?;
        for resource in resources {
            let own = self.open_at(txn, &Place::Resource(resource.id.clone()), location, range)?;
            let (open, closing) = match own {
                Own::Opens(open) => (open, shut.clone()),
                Own::Follows | Own::Closes(_) => {
                    let open = match &shared {
                        Some(shared) => Arc::clone(shared),
                        None => self.open_at(txn, &Place::Location(location.id.clone()), location, range)?.openings(),
                    };
                    shared = Some(Arc::clone(&open));
                    (open, own.closing())
                }
            };
            all.push(match closing {
                None => open,
                Some(closing) => {
                    let near = near(&open, location, range);
                    let found = txn.occurrences(closing.id, near.hull)?;
                    reopened(&near.open, &closings(&found, &closing.sheet)).into()
                }
            });
        }
        Ok(all)
    }

    /// As [`App::shut`].
    fn shut(&self, txn: &mut Txn<'_>, location: &Location) -> Result<Option<Closing>> {
        let place = Place::Location(location.id.clone());
        let Some(record) = txn.record::<HoursRecord>(&key::hours(&place.name()))? else { return Ok(None) };
        let id = record.collection;
        let version = txn.version(id)?;
        let collection = txn.collection(id)?.ok_or(Error::NotFound)?;
        let sheet = self.sheet(txn, worked::Reading { id, version, zone: &collection.zone, practice: &self.practice }, location)?;
        Ok(sheet.closes.then_some(Closing { id, sheet }))
    }

    fn sheet(&self, txn: &mut Txn<'_>, reading: worked::Reading<'_>, location: &Location) -> Result<Arc<Sheet>> {
        match self.worked.sheet(reading) {
            Some(sheet) => Ok(sheet),
            None => Ok(Arc::new(sheet_of(txn, reading.id, &self.practice, &Zone::named(&location.zone).unwrap_or(Zone::UTC))?)),
        }
    }

    fn open_at(&self, txn: &mut Txn<'_>, place: &Place, location: &Location, range: TimeRange) -> Result<Own> {
        let Some(record) = txn.record::<HoursRecord>(&key::hours(&place.name()))? else { return Ok(Own::Follows) };
        let id = record.collection;
        let version = txn.version(id)?;
        let collection = txn.collection(id)?.ok_or(Error::NotFound)?;
        let reading = worked::Reading { id, version, zone: &collection.zone, practice: &self.practice };
        if let Some(open) = self.worked.open(reading, range) {
            return Ok(Own::Opens(open));
        }
        let zone = Zone::named(&location.zone).unwrap_or(Zone::UTC);
        let sheet = self.sheet(txn, reading, location)?;
        if let Some(own) = Own::without_openings(id, &sheet) {
            return Ok(own);
        }
        let days = whole_days(range, &zone);
        let found = txn.occurrences(id, days)?;
        let closed = if sheet.closes { closings(&txn.occurrences(id, around(&found, days))?, &sheet) } else { Vec::new() };
        Ok(Own::Opens(opened(&found, &sheet, &closed, location, &zone).into()))
    }
}

/// A calendar that closes, and what its titles say.
#[derive(Clone)]
struct Closing {
    id: CollectionId,
    sheet: Arc<Sheet>,
}

/// What a place's own calendar says.
enum Own {
    /// When it is open.
    Opens(Arc<[Open]>),
    /// When it is closed, and no more: it is open when its location is, otherwise.
    Closes(Closing),
    /// Nothing: its location's hours are its own.
    Follows,
}

impl Own {
    /// When a place is open that follows nobody.
    fn openings(self) -> Arc<[Open]> {
        match self {
            Own::Opens(open) => open,
            Own::Follows | Own::Closes(_) => Arc::new([]),
        }
    }

    /// What it takes from the hours of its location.
    fn closing(self) -> Option<Closing> {
        match self {
            Own::Closes(closing) => Some(closing),
            Own::Opens(_) | Own::Follows => None,
        }
    }

    /// Of a calendar in which nothing opens.
    fn without_openings(id: CollectionId, sheet: &Arc<Sheet>) -> Option<Own> {
        match (sheet.opens, sheet.closes) {
            (true, _) => None,
            (false, true) => Some(Own::Closes(Closing { id, sheet: Arc::clone(sheet) })),
            (false, false) => Some(Own::Follows),
        }
    }
}

/// Where closed times must be looked for that may cut these openings.
fn around(found: &[(Name, Occurrence)], days: TimeRange) -> TimeRange {
    hull(days, found.iter().map(|(_, occurrence)| occurrence.range))
}

/// The openings of a location near a range, and where they must be looked at.
struct Near {
    open: Vec<Open>,
    hull: TimeRange,
}

fn near(open: &[Open], location: &Location, range: TimeRange) -> Near {
    let days = whole_days(range, &Zone::named(&location.zone).unwrap_or(Zone::UTC));
    let open: Vec<Open> = open.iter().filter(|open| open.range.overlaps(days)).cloned().collect();
    Near { hull: hull(days, open.iter().map(|open| open.range)), open }
}

/// What the titles of a calendar say, as a decision would leave it: asked only where it was edited since somebody last looked.
fn sheet_of(txn: &mut Txn<'_>, id: CollectionId, practice: &Practice, zone: &Zone) -> Result<Sheet> {
    let words = Words::of(practice);
    let mut sheet = Sheet::default();
    for (_, octets) in txn.scan(&key::entries(id), MAX_SCAN)? {
        let entry: Entry = record::decode(&octets)?;
        if let Some(object) = txn.object(id, &entry.name)? {
            sheet.put(entry.name, Lines::read(&CalendarObject::parse(object.octets)?, zone, &words)?);
        }
    }
    Ok(sheet)
}

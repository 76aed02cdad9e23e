//! Where slots are asked about: a branch, a service, the calendars of everything it needs. Read from the store for a page, and in the line
//! of writers for a decision, so that both ask the same question of the same index.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::App;
use super::booking::failed;
use super::hold;
use super::hours::Reading;
use super::leaving::Leaving;
use crate::appointment::hours::{self, Open};
use crate::appointment::practice::{Id, Location, Practice, Resource};
use crate::appointment::refusal::Refusal;
use crate::appointment::service::Service;
use crate::appointment::slot::{self, AllStanding, Hours, Need, Period, Plan, Scene, Span, Standing};
use crate::collection::{CollectionId, Name};
use crate::error::Result;
use crate::ical::freebusy::BusyKind;
use crate::ical::recurrence::Occurrence;
use crate::ical::time::{Seconds, TimeRange};
use crate::ical::zone::Zone;
use crate::store::engine::Key;
use crate::store::key;
use crate::store::record::{self, BookingRecord, HoldRecord, StandingRecord};
use crate::store::txn::Txn;

/// In seconds.
const DAY: i64 = 86_400;

/// What a form asks for, found in the practice.
pub(super) struct Stage<'a> {
    pub location: &'a Location,
    pub service: &'a Service,
    pub zone: Zone,
    /// Everything that may take part, each once.
    pub resources: Vec<&'a Resource>,
    needs: Vec<Need>,
    chosen: Option<usize>,
}

/// The calendars of a stage's resources, in their order; a resource without one is never free.
pub(super) type Calendars = Vec<Option<CollectionId>>;

/// What is known of one resource.
struct Known {
    open: Arc<[Open]>,
    taken: Vec<Period>,
}

/// Who asks: the present, and what does not stand in the way.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub now: DateTime<Utc>,
    /// The form whose own hold does not count.
    pub form: Option<&'a str>,
    /// The appointment that is to be moved.
    pub except: Option<&'a Except>,
}

/// An appointment whose own time does not count as taken.
pub(super) struct Except {
    objects: Vec<(CollectionId, Name)>,
    standing: Option<Key>,
}

impl Except {
    /// Where a booking stands, with its shadows.
    pub fn of(uid: &str, record: &BookingRecord) -> Except {
        let shadows = record.shadows.iter().map(|shadow| (shadow.collection, shadow.name.clone()));
        let objects = std::iter::once((record.collection, record.name.clone())).chain(shadows).collect();
        let standing = record.standing.as_ref();
        let standing = standing.map(|stands| key::standing(&stands.service, &stands.location, stands.start, uid));
        Except { objects, standing }
    }

    fn names(&self, id: CollectionId) -> Vec<&Name> {
        self.objects.iter().filter(|(collection, _)| *collection == id).map(|(_, name)| name).collect()
    }
}

/// The occurrences of a calendar without the objects that do not count.
fn counted(all: Vec<(Name, Occurrence)>, id: CollectionId, asking: Asking<'_>) -> Vec<Occurrence> {
    let own = asking.except.map(|except| except.names(id)).unwrap_or_default();
    all.into_iter().filter(|(name, _)| !own.contains(&name)).map(|(_, occurrence)| occurrence).collect()
}

impl<'a> Stage<'a> {
    /// Finds a service of a branch, on one resource or any.
    pub fn find(practice: &'a Practice, location: &Id, service: &Id, resource: Option<&Id>) -> std::result::Result<Stage<'a>, Refusal> {
        let location = practice.location(location.as_str()).ok_or(Refusal::NotFound)?;
        let service = practice.service(service.as_str()).ok_or(Refusal::NotFound)?;
        let zone = Zone::named(&location.zone).ok_or(Refusal::NotFound)?;
        let wanted = practice.needs(&location.id, service);
        let mut resources: Vec<&Resource> = Vec::new();
        let mut needs = Vec::with_capacity(wanted.len());
        for (count, of) in wanted {
            let mut places = Vec::with_capacity(of.len());
            for resource in of {
                let known = resources.iter().position(|other| other.id == resource.id);
                places.push(known.unwrap_or(resources.len()));
                if known.is_none() {
                    resources.push(resource);
                }
            }
            needs.push(Need { count, of: places });
        }
        let first = needs.first().ok_or(Refusal::NotFound)?;
        let chosen = match resource {
            None => None,
            Some(id) => {
                let found = first.of.iter().copied().find(|place| resources.get(*place).is_some_and(|resource| resource.id == *id));
                Some(found.ok_or(Refusal::NotFound)?)
            }
        };
        Ok(Stage { location, service, zone, resources, needs, chosen })
    }

    /// Resources by their ids, with their calendars; `None` where one has none.
    pub fn holders(&self, ids: &[Id], calendars: &Calendars) -> Option<Vec<(&'a Resource, CollectionId)>> {
        let holder = |id: &Id| {
            let place = self.resources.iter().position(|resource| resource.id == *id)?;
            Some((*self.resources.get(place)?, calendars.get(place).copied().flatten()?))
        };
        ids.iter().map(holder).collect()
    }

    fn scene(&self, known: Vec<Known>, standing: Vec<Standing>, days: Span, asking: Asking<'_>) -> Scene<'_> {
        let mut shared: HashMap<*const Open, Arc<Hours>> = HashMap::new();
        let plan = |(resource, known): (&&'a Resource, Known)| {
            let hours = shared.entry(known.open.as_ptr()).or_insert_with(|| Arc::new(Hours::new(&known.open, self.service)));
            Plan::new(resource, Arc::clone(hours), known.taken)
        };
        Scene {
            known: days,
            zone: &self.zone,
            service: self.service,
            plans: self.resources.iter().zip(known).map(plan).collect(),
            needs: self.needs.clone(),
            chosen: self.chosen,
            standing: AllStanding::new(standing),
            holidays: Default::default(),
            now: asking.now,
        }
    }

    /// Whether the service's other bookings matter beyond the time that they take.
    fn counts(&self) -> bool {
        let Service { per_day, per_week, capacity, transparent, .. } = self.service;
        per_day.is_some() || per_week.is_some() || *capacity > 1 || *transparent
    }

    fn standing_keys(&self, range: TimeRange) -> (Key, Key, Key) {
        let (service, location) = (self.service.id.as_str(), self.location.id.as_str());
        let from = |at| key::standing_from(service, location, at);
        (key::all_standing(service, location), from(range.start.saturating_sub(8 * DAY)), from(range.end.saturating_add(8 * DAY)))
    }

    fn standing(&self, found: &[(Key, Bytes)], prefix: usize, asking: Asking<'_>) -> Result<Vec<Standing>> {
        let own = asking.except.and_then(|except| except.standing.as_ref());
        found
            .iter()
            .filter(|(key, _)| Some(key) != own)
            .map(|(key, octets)| {
                let StandingRecord { end, resources } = record::decode(octets)?;
                let start = key::standing_start(key, prefix).unwrap_or(end);
                Ok(Standing { range: TimeRange { start, end }, resources: resources.into_iter().map(Id).collect() })
            })
            .collect()
    }
}

impl App {
    /// The calendars of what a stage needs.
    pub(super) async fn calendars_of(&self, stage: &Stage<'_>) -> std::result::Result<Calendars, Refusal> {
        let mut calendars = Vec::with_capacity(stage.resources.len());
        for resource in &stage.resources {
            calendars.push(self.collection_of(resource.id.as_str()).await.map_err(failed)?);
        }
        Ok(calendars)
    }

    /// Works out what the decision about a start needs, so that the line of writers does not have to.
    pub(super) async fn prepare(&self, stage: &Stage<'_>, start: Seconds) -> std::result::Result<(), Refusal> {
        let window = slot::window(&stage.zone, days_of(stage, start));
        self.all_open_times(stage.location, &stage.resources, window).await.map(|_| ()).map_err(failed)
    }

    /// All that decides what is free on some days, as it is on disk.
    pub(super) async fn scene<'s>(
        &self,
        stage: &'s Stage<'_>,
        calendars: &Calendars,
        asking: Asking<'_>,
        days: Span,
    ) -> std::result::Result<Scene<'s>, Refusal> {
        self.read_scene(stage, calendars, asking, days).await.map_err(failed)
    }

    async fn read_scene<'s>(&self, stage: &'s Stage<'_>, calendars: &Calendars, asking: Asking<'_>, days: Span) -> Result<Scene<'s>> {
        let window = slot::window(&stage.zone, days);
        let mut gathered = Gathered::default();
        let open = self.all_open_times(stage.location, &stage.resources, window).await?;
        let mut holds = self.holds(calendars).await?;
        for ((resource, calendar), open) in stage.resources.iter().zip(calendars).zip(open) {
            let read = match *calendar {
                None => None,
                Some(id) => Some(Read {
                    open,
                    occurrences: match asking.except {
                        None => self.store.times(id, window).await?,
                        Some(_) => counted(self.store.occurrences(id, window).await?, id, asking),
                    },
                    leaving: self.leaving.of(id, asking.now.timestamp()),
                    holds: holds.remove(&id).unwrap_or_default(),
                }),
            };
            gathered.add(stage, resource, read, asking)?;
        }
        if stage.counts() {
            let (prefix, from, to) = stage.standing_keys(window);
            gathered.standing.extend(stage.standing(&self.store.scan_between(&prefix, &from, &to).await?, prefix.len(), asking)?);
        }
        Ok(gathered.scene(stage, days, asking))
    }
}

/// The day of a start and those beside it: all that a decision about it needs.
fn days_of(stage: &Stage<'_>, start: Seconds) -> Span {
    let date = stage.zone.utc_to_local(start).date();
    Span { first: date.pred_opt().unwrap_or(date), last: date.succ_opt().unwrap_or(date) }
}

/// What decides whether one start is free, as this decision would leave it.
pub(super) fn scene_in<'s>(
    txn: &mut Txn<'_>,
    stage: &'s Stage<'_>,
    calendars: &Calendars,
    start: Seconds,
    asking: Asking<'_>,
    leaving: &Leaving,
    hours: &Reading,
) -> Result<Scene<'s>> {
    let days = days_of(stage, start);
    let window = slot::window(&stage.zone, days);
    let mut gathered = Gathered::default();
    let open = hours.all_open_times(txn, stage.location, &stage.resources, window)?;
    let mut holds = hold::all(txn, calendars)?;
    for ((resource, calendar), open) in stage.resources.iter().zip(calendars).zip(open) {
        let read = match *calendar {
            None => None,
            Some(id) => Some(Read {
                open,
                occurrences: match asking.except {
                    None => txn.times(id, window)?,
                    Some(_) => counted(txn.occurrences(id, window)?, id, asking),
                },
                leaving: leaving.of(id, asking.now.timestamp()),
                holds: holds.remove(&id).unwrap_or_default(),
            }),
        };
        gathered.add(stage, resource, read, asking)?;
    }
    if stage.counts() {
        let (prefix, from, to) = stage.standing_keys(window);
        gathered.standing.extend(stage.standing(&txn.scan_between(&prefix, &from, &to)?, prefix.len(), asking)?);
    }
    Ok(gathered.scene(stage, days, asking))
}

/// What was read of one resource.
struct Read {
    open: Arc<[Open]>,
    occurrences: Vec<Occurrence>,
    leaving: Vec<TimeRange>,
    holds: Vec<(Key, Bytes)>,
}

/// What was read of all.
#[derive(Default)]
struct Gathered {
    known: Vec<Known>,
    standing: Vec<Standing>,
}

impl Gathered {
    /// Takes in what was read of a resource. Times that other forms hold are taken; those of a group take a seat of it.
    fn add(&mut self, stage: &Stage<'_>, resource: &Resource, read: Option<Read>, asking: Asking<'_>) -> Result<()> {
        let Some(read) = read else {
            self.known.push(Known { open: Arc::new([]), taken: Vec::new() });
            return Ok(());
        };
        let blocks = |occurrence: &Occurrence| BusyKind::of(occurrence.status, occurrence.transparency).is_some();
        let blocking = read.occurrences.into_iter().filter(blocks);
        let mut taken: Vec<Period> = blocking.map(|o| Period { core: o.range, whole: o.whole() }).collect();
        taken.extend(read.leaving.into_iter().map(|range| Period { core: range, whole: range }));
        for (key, octets) in &read.holds {
            let hold: HoldRecord = record::decode(octets)?;
            let own = asking.form.is_some_and(|form| key::form_of_hold(key) == form.as_bytes());
            if hold.until <= asking.now.timestamp() || own {
                continue;
            }
            if stage.service.capacity > 1 && hold.service == stage.service.id.as_str() {
                self.standing.push(Standing { range: hold.core, resources: vec![resource.id.clone()] });
            } else {
                taken.push(Period { core: hold.core, whole: hold.whole });
            }
        }
        self.known.push(Known { open: read.open, taken });
        Ok(())
    }

    fn scene<'s>(mut self, stage: &'s Stage<'_>, days: Span, asking: Asking<'_>) -> Scene<'s> {
        if stage.service.transparent && stage.service.capacity == 1 {
            self.take_what_stands(stage);
        }
        let mut scene = stage.scene(self.known, self.standing, days, asking);
        let named = |date| Some((date, hours::holiday_on(stage.location, date)?.to_owned()));
        scene.holidays = days.days().take(hours::MAX_DAYS).filter_map(named).collect();
        scene
    }

    /// Bookings that leave their resources free to others still take the time of their own service.
    fn take_what_stands(&mut self, stage: &Stage<'_>) {
        for (resource, known) in stage.resources.iter().zip(&mut self.known) {
            let here = self.standing.iter().filter(|standing| standing.resources.contains(&resource.id));
            known.taken.extend(here.map(|standing| Period { core: standing.range, whole: slot::buffered(stage.service, standing.range) }));
        }
    }
}

//! Where slots are asked about: a branch, a service, the calendars of everything it needs. Read from the store for a page, and in the line
//! of writers for a decision, so that both ask the same question of the same index.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::App;
use super::blocks::Seen;
use super::booking::failed;
use super::hold::{self, Holds};
use super::hours::Reading;
use super::leaving::Leaving;
use super::promise::{self, Promises};
use crate::appointment::hours::{self, Open};
use crate::appointment::link::Holder;
use crate::appointment::practice::{Id, Location, Practice, Resource};
use crate::appointment::refusal::Refusal;
use crate::appointment::service::Service;
use crate::appointment::slot::{self, AllStanding, Hours, Need, Period, Plan, Scene, Span, Standing, Taken, Taker};
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
    hours: Arc<Hours>,
    times: Times,
    /// What takes its time beside what stands in its calendar.
    beside: Vec<Period>,
}

/// What takes a calendar's time: each appointment, or where it is only asked what is free, all laid together.
enum Times {
    Each(Vec<Period>),
    Blocks(Arc<[TimeRange]>),
}

impl Times {
    /// Of a calendar's occurrences.
    fn each(occurrences: Vec<Occurrence>) -> Times {
        Times::Each(
            occurrences.into_iter().filter(takes_time).map(|o| Period { core: o.range, whole: o.whole(), by: Taker::Event }).collect(),
        )
    }

    fn taken(self, beside: Vec<Period>) -> Taken {
        match self {
            Times::Blocks(blocks) if beside.is_empty() => Taken::of_blocks(blocks),
            Times::Blocks(blocks) => {
                let block = |block: &TimeRange| Period { core: *block, whole: *block, by: Taker::Event };
                Taken::new(blocks.iter().map(block).chain(beside).collect())
            }
            Times::Each(mut periods) => {
                periods.extend(beside);
                Taken::new(periods)
            }
        }
    }
}

fn takes_time(occurrence: &Occurrence) -> bool {
    BusyKind::of(occurrence.status, occurrence.transparency).is_some()
}

/// Who asks: the present, and what does not stand in the way.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub now: DateTime<Utc>,
    /// The form whose own hold does not count, wherever it comes from by now.
    pub form: Option<&'a str>,
    /// Whose holds do not count: those who share an address do not keep each other out; whoever books first has the time. Every page of the
    /// form draws a new id, so that by the form alone somebody who loads the page again would stand in their own way.
    pub holder: Option<Holder>,
    /// The appointment that is to be moved.
    pub except: Option<&'a Except>,
}

/// An appointment whose own time does not count as taken.
pub(super) struct Except {
    uid: String,
    objects: Vec<(CollectionId, Name)>,
    standing: Option<Key>,
    start: Seconds,
}

impl Except {
    /// Where and when a booking stands, with its shadows.
    pub fn of(uid: &str, record: &BookingRecord, start: Seconds) -> Except {
        let objects = record.held().map(|(id, name)| (id, name.clone())).collect();
        let standing = record.standing.as_ref();
        let standing = standing.map(|stands| key::standing(&stands.service, &stands.location, stands.start, uid));
        Except { uid: uid.to_owned(), objects, standing, start }
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
        let mut known: HashMap<&str, usize> = HashMap::new();
        let mut needs = Vec::with_capacity(wanted.len());
        for (count, of) in wanted {
            let mut place = |resource: &'a Resource| {
                *known.entry(resource.id.as_str()).or_insert_with(|| {
                    resources.push(resource);
                    resources.len() - 1
                })
            };
            needs.push(Need { count, of: of.into_iter().map(&mut place).collect() });
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

    fn scene(&self, known: Vec<Known>, standing: Vec<Standing>, own: Vec<usize>, days: Span, asking: Asking<'_>) -> Scene<'_> {
        let plan =
            |(resource, known): (&&'a Resource, Known)| Plan { resource, hours: known.hours, taken: known.times.taken(known.beside) };
        let named = |date| Some((date, hours::holiday_on(self.location, date)?.to_owned()));
        Scene {
            zone: &self.zone,
            service: self.service,
            plans: self.resources.iter().zip(known).map(plan).collect(),
            needs: self.needs.clone(),
            chosen: self.chosen,
            standing: AllStanding::new(standing),
            holidays: days.days().take(hours::MAX_DAYS).filter_map(named).collect(),
            own: asking.except.map(|except| (except.start, own)),
            known: days,
            now: asking.now,
        }
    }

    /// Opening hours as far as the service is concerned; resources that share theirs go on doing so.
    fn hours(&self, open: Vec<Arc<[Open]>>) -> Vec<Arc<Hours>> {
        let mut shared: HashMap<*const Open, Arc<Hours>> = HashMap::new();
        let hours =
            |open: &Arc<[Open]>| Arc::clone(shared.entry(open.as_ptr()).or_insert_with(|| Arc::new(Hours::new(open, self.service))));
        open.iter().map(hours).collect()
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

    /// What a question about some days begins with.
    pub(super) async fn board<'s>(&self, stage: &'s Stage<'s>, asking: Asking<'s>, days: Span) -> std::result::Result<Board<'s>, Refusal> {
        let calendars = self.calendars_of(stage).await?;
        let board = async {
            let open = self.all_open_times(stage.location, &stage.resources, slot::window(&stage.zone, days)).await?;
            let known: Vec<CollectionId> = calendars.iter().copied().flatten().collect();
            let mut found = self.store.collections(&known).await?.into_iter();
            let seen = calendars.iter().map(|calendar| {
                let id = (*calendar)?;
                let (collection, version) = found.next().flatten()?;
                Some(Seen { id, version, zone: collection.zone })
            });
            Ok(Board {
                seen: seen.collect(),
                hours: stage.hours(open),
                holds: self.holds(&calendars).await?,
                promises: self.promises(&calendars).await?,
                stage,
                asking,
            })
        };
        board.await.map_err(failed)
    }

    /// All that decides what is free on some of a board's days, as it is on disk. `Detail::Free` says what is free, and no more.
    pub(super) async fn scene<'s>(&self, board: &Board<'s>, days: Span, detail: Detail) -> std::result::Result<Scene<'s>, Refusal> {
        self.read_scene(board, days, detail).await.map_err(failed)
    }

    async fn read_scene<'s>(&self, board: &Board<'s>, days: Span, detail: Detail) -> Result<Scene<'s>> {
        let (stage, asking) = (board.stage, board.asking);
        let window = slot::window(&stage.zone, days);
        let each = detail == Detail::Reasons || stage.service.capacity > 1;
        let mut gathered = Gathered::default();
        for ((resource, seen), hours) in stage.resources.iter().zip(&board.seen).zip(&board.hours) {
            let read = match seen {
                None => None,
                Some(seen) => Some(Read {
                    id: seen.id,
                    hours: Arc::clone(hours),
                    times: match asking.except {
                        Some(_) => Times::each(counted(self.store.occurrences(seen.id, window).await?, seen.id, asking)),
                        None if each => Times::each(self.store.times(seen.id, window).await?),
                        None => Times::Blocks(self.blocks_of(seen, days, window).await?),
                    },
                    leaving: self.leaving.of(seen.id, asking.now.timestamp()),
                    promises: &board.promises,
                    holds: board.holds.get(&seen.id).map_or(&[], Vec::as_slice),
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

    /// What takes a calendar's time on some days, which `window` are.
    async fn blocks_of(&self, seen: &Seen, days: Span, window: TimeRange) -> Result<Arc<[TimeRange]>> {
        if let Some(kept) = self.blocks.get(seen, days) {
            return Ok(kept);
        }
        let times = self.store.times(seen.id, window).await?;
        let blocks = slot::blocks(times.iter().filter(|occurrence| takes_time(occurrence)).map(Occurrence::whole).collect()).into();
        self.blocks.keep(seen, days, &blocks);
        Ok(blocks)
    }
}

/// How much a scene says of what is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// Whether a time is free.
    Free,
    /// What is in the way, too.
    Reasons,
}

/// A question, with what is read once for all of its days: versions, opening hours, holds.
pub(super) struct Board<'s> {
    pub stage: &'s Stage<'s>,
    pub asking: Asking<'s>,
    seen: Vec<Option<Seen>>,
    hours: Vec<Arc<Hours>>,
    holds: Holds,
    promises: Promises,
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
    let hours = stage.hours(hours.all_open_times(txn, stage.location, &stage.resources, window)?);
    let holds = hold::all(txn, calendars)?;
    let promises = promise::all(txn, calendars)?;
    for ((resource, calendar), hours) in stage.resources.iter().zip(calendars).zip(hours) {
        let read = match *calendar {
            None => None,
            Some(id) => Some(Read {
                id,
                hours,
                times: Times::each(match asking.except {
                    None => txn.times(id, window)?,
                    Some(_) => counted(txn.occurrences(id, window)?, id, asking),
                }),
                leaving: leaving.of(id, asking.now.timestamp()),
                promises: &promises,
                holds: holds.get(&id).map_or(&[], Vec::as_slice),
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
struct Read<'r> {
    id: CollectionId,
    hours: Arc<Hours>,
    times: Times,
    leaving: Vec<TimeRange>,
    promises: &'r Promises,
    holds: &'r [(Key, Bytes)],
}

/// What was read of all.
#[derive(Default)]
struct Gathered {
    known: Vec<Known>,
    standing: Vec<Standing>,
    /// The places of those that have the appointment that is to be moved.
    own: Vec<usize>,
}

impl Gathered {
    /// Takes in what was read of a resource. Times that others hold are taken; those of a group take a seat of it.
    fn add(&mut self, stage: &Stage<'_>, resource: &Resource, read: Option<Read<'_>>, asking: Asking<'_>) -> Result<()> {
        let Some(read) = read else {
            self.known.push(Known { hours: Arc::new(Hours::new(&[], stage.service)), times: Times::Each(Vec::new()), beside: Vec::new() });
            return Ok(());
        };
        let mut beside: Vec<Period> =
            read.leaving.into_iter().map(|range| Period { core: range, whole: range, by: Taker::Event }).collect();
        beside.extend(read.promises.of(read.id, asking.except.map(|except| except.uid.as_str())));
        for (key, octets) in read.holds {
            let hold: HoldRecord = record::decode(octets)?;
            let own = asking.form.is_some_and(|form| key::form_of_hold(key) == form.as_bytes())
                || asking.holder.is_some_and(|holder| key::holder_of_hold(key) == Some(holder));
            if hold.until <= asking.now.timestamp() || own {
                continue;
            }
            if stage.service.capacity > 1 && hold.service == stage.service.id.as_str() {
                self.standing.push(Standing { range: hold.core, resources: vec![resource.id.clone()] });
            } else {
                beside.push(Period { core: hold.core, whole: hold.whole, by: Taker::Form });
            }
        }
        if asking.except.is_some_and(|except| !except.names(read.id).is_empty()) {
            self.own.push(self.known.len());
        }
        self.known.push(Known { hours: read.hours, times: read.times, beside });
        Ok(())
    }

    fn scene<'s>(mut self, stage: &'s Stage<'_>, days: Span, asking: Asking<'_>) -> Scene<'s> {
        if stage.service.transparent && stage.service.capacity == 1 {
            self.take_what_stands(stage);
        }
        stage.scene(self.known, self.standing, self.own, days, asking)
    }

    /// Bookings that leave their resources free to others still take the time of their own service.
    fn take_what_stands(&mut self, stage: &Stage<'_>) {
        for (resource, known) in stage.resources.iter().zip(&mut self.known) {
            let here = self.standing.iter().filter(|standing| standing.resources.contains(&resource.id));
            known.beside.extend(here.map(|standing| Period {
                core: standing.range,
                whole: slot::buffered(stage.service, standing.range),
                by: Taker::Event,
            }));
        }
    }
}

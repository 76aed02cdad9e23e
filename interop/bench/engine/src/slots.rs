//! Six weeks of slots on any of five resources with 10,000 events each: from their indexes, from their blocks as they are kept between
//! changes, and by reading everything and comparing each time with each appointment.

use std::sync::Arc;

use bytes::Bytes;
use chrono::{Datelike, NaiveTime, Weekday};
use openslot::appointment::hours::Open;
use openslot::appointment::practice::{Id, Resource, ResourceKind, Text};
use openslot::appointment::service::Service;
use openslot::appointment::slot::{AllStanding, Cell, Hours, Need, Plan, Scene, Span, Taken, blocks, horizon, window};
use openslot::ical::freebusy::BusyKind;
use openslot::ical::object::CalendarObject;
use openslot::ical::recurrence::{Occurrence, occurrences};
use openslot::ical::time::{TimeRange, instant};
use openslot::ical::zone::Zone;
use openslot::index::Index;

use crate::busy::index;
use crate::contest::{Answer, Contender, Rounds, contest, print};

const DAY: i64 = 86_400;
const RESOURCES: usize = 5;
const EVENTS: usize = 10_000;
const COLUMNS: usize = 60;

struct Practice {
    zone: Zone,
    service: Service,
    resources: Vec<Resource>,
    hours: Arc<Hours>,
    now: i64,
    days: Span,
}

impl Practice {
    fn new(monday: i64) -> Practice {
        let zone = Zone::named("Europe/Berlin").expect("IANA's");
        let service = Service { horizon_days: 42, lead_hours: 0, ..Service::new(Id("visit".into()), Text::default(), 30) };
        let resource = |n| Resource {
            id: Id(format!("room-{n}")),
            name: String::new(),
            location: Id("here".into()),
            kind: ResourceKind::Room,
            hours: None,
            online: true,
            public_busy: false,
        };
        let days = horizon(&service, &zone, instant(monday));
        let clock = |hour| NaiveTime::from_hms_opt(hour, 0, 0).expect("a time");
        let working = days.days().filter(|date| !matches!(date.weekday(), Weekday::Sat | Weekday::Sun));
        let open = working.map(|date| {
            let at = |hour| zone.local_to_utc(date.and_time(clock(hour)));
            Open { range: TimeRange { start: at(8), end: at(18) }, only: None }
        });
        let hours = Arc::new(Hours::new(&open.collect::<Vec<_>>(), &service));
        Practice { resources: (0..RESOURCES).map(resource).collect(), zone, service, hours, now: monday, days }
    }

    fn window(&self) -> TimeRange {
        window(&self.zone, self.days)
    }

    /// The slots where each resource's time is taken like this.
    fn slots(&self, taken: impl Fn(usize) -> Taken) -> Answer {
        let plan = |(n, resource)| Plan { resource, hours: Arc::clone(&self.hours), taken: taken(n) };
        let scene = Scene {
            zone: &self.zone,
            service: &self.service,
            plans: self.resources.iter().enumerate().map(plan).collect(),
            needs: vec![Need { count: 1, of: (0..RESOURCES).collect() }],
            chosen: None,
            standing: AllStanding::default(),
            holidays: Default::default(),
            own: None,
            known: self.days,
            now: instant(self.now),
        };
        let grid = scene.grid(scene.first_free(), Some(self.days.first), COLUMNS).expect("all days are known");
        let mut answer = Answer::default();
        for cell in grid.days.iter().flat_map(|day| &day.cells) {
            if let Cell::Free(range) = cell {
                answer += Answer { count: 1, sum: range.start };
            }
        }
        answer
    }

    fn naive(&self, calendars: &[&[Bytes]]) -> Answer {
        let window = self.window();
        let read = |octets: &Bytes| {
            let object = CalendarObject::parse(octets.clone()).expect("it is an object");
            occurrences(&object, window, &self.zone).expect("few enough")
        };
        let taken: Vec<Vec<TimeRange>> = calendars.iter().map(|all| whole(all.iter().flat_map(read))).collect();
        let mut answer = Answer::default();
        for date in self.days.days().filter(|date| !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)) {
            let midnight = date.and_time(NaiveTime::MIN);
            for half_hour in 16..36 {
                let start = self.zone.local_to_utc(midnight + chrono::TimeDelta::minutes(30 * half_hour));
                let slot = TimeRange { start, end: start + 1800 };
                let free = |periods: &Vec<TimeRange>| periods.iter().all(|period| !period.overlaps(slot));
                if start > self.now && taken.iter().any(free) {
                    answer += Answer { count: 1, sum: start };
                }
            }
        }
        answer
    }
}

fn whole(all: impl IntoIterator<Item = Occurrence>) -> Vec<TimeRange> {
    let takes = |occurrence: &Occurrence| BusyKind::of(occurrence.status, occurrence.transparency).is_some();
    all.into_iter().filter(takes).map(|occurrence| occurrence.whole()).collect()
}

/// `objects`: as in `busy::run`; each resource gets every fifth of the first 50,000, so that all have events in the six weeks.
pub fn run(objects: &[Bytes], monday: i64, rounds: Rounds) {
    let practice = Practice::new(monday + 7 * DAY);
    let window = practice.window();
    let horizon = TimeRange { start: monday - 366 * DAY, end: monday + 2 * 366 * DAY };
    let of = |n: usize| -> Vec<Bytes> { objects.iter().skip(n).step_by(RESOURCES).take(EVENTS).cloned().collect() };
    let calendars: Vec<Vec<Bytes>> = (0..RESOURCES).map(of).collect();
    let indexes: Vec<Index> = calendars.iter().map(|objects| index(objects, horizon, &practice.zone)).collect();
    println!("{:.1} MiB of indexes", indexes.iter().map(Index::bytes).sum::<usize>() as f64 / 1_048_576.0);
    let read = |n: usize| -> Arc<[TimeRange]> { blocks(whole(indexes[n].times(window).occurrences)).into() };
    let kept: Vec<Arc<[TimeRange]>> = (0..RESOURCES).map(read).collect();
    let slices: Vec<&[Bytes]> = calendars.iter().map(Vec::as_slice).collect();
    let contenders = [
        Contender::new("indexes", || practice.slots(|n| Taken::of_blocks(read(n)))),
        Contender::new("kept blocks", || practice.slots(|n| Taken::of_blocks(Arc::clone(&kept[n])))),
        Contender::new("all objects", || practice.naive(&slices)),
    ];
    let few = Rounds { count: rounds.count.min(3), ..rounds };
    print("slots of six weeks, 5 × 10,000 events, from indexes", &contest("slots", &contenders, few), 1.0, "/s");
}

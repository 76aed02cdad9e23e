//! Random practices: around changes of clocks, with every rule that a service can have.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use crate::appointment::hours::Open;
use crate::appointment::practice::{Id, Resource, ResourceKind, Text};
use crate::appointment::service::Service;
use crate::appointment::slot::{AllStanding, Hours, Need, Period, Plan, Scene, Span, Standing, Taken, Taker, horizon, window};
use crate::ical::time::{Seconds, TimeRange, instant};
use crate::ical::zone::Zone;
use chrono::{Datelike, Days, NaiveDate, NaiveTime};

/// Numbers that are the same for the same seed (SplitMix64).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678_9abc_def0)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end.max(1)
    }

    fn chance(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
}

/// Zones with whole, half and quarter hours, one whose clocks change by half an hour, one where they change at midnight, two south of the
/// equator, and two that have no changes.
const ZONES: [&str; 8] = [
    "Europe/Berlin",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "America/Havana",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "Etc/UTC",
];

/// The years whose changes of clocks are tried.
const YEARS: std::ops::RangeInclusive<i32> = 1996..=2040;

/// The days before a year's changes of clocks; the last of some months where there are none.
fn eves(name: &'static str, year: i32) -> Vec<NaiveDate> {
    thread_local! {
        static KNOWN: RefCell<HashMap<(&'static str, i32), Vec<NaiveDate>>> = RefCell::default();
    }
    let find = || {
        let zone = Zone::named(name).unwrap();
        let noon = |date: NaiveDate| date.and_hms_opt(12, 0, 0).unwrap().and_utc().timestamp();
        let days: Vec<NaiveDate> = NaiveDate::from_ymd_opt(year, 1, 2).unwrap().iter_days().take(362).collect();
        let changes = |date: &NaiveDate| zone.offset_at(noon(*date)) != zone.offset_at(noon(*date + Days::new(1)));
        let eves: Vec<NaiveDate> = days.iter().copied().filter(changes).collect();
        if eves.is_empty() { days.into_iter().filter(|date| (*date + Days::new(1)).day() == 1).step_by(4).collect() } else { eves }
    };
    KNOWN.with_borrow_mut(|known| known.entry((name, year)).or_insert_with(find).clone())
}

#[derive(Debug, Clone)]
pub struct World {
    zone: &'static str,
    pub now: Seconds,
    pub service: Service,
    pub resources: Vec<Resource>,
    pub open: Vec<Vec<Open>>,
    pub taken: Vec<Vec<Period>>,
    pub needs: Vec<Need>,
    pub chosen: Option<usize>,
    pub standing: Vec<Standing>,
    pub holidays: Vec<(NaiveDate, String)>,
}

fn id(text: &str) -> Id {
    Id(text.to_owned())
}

fn resource(n: usize) -> Resource {
    let kind = ResourceKind::Room;
    Resource { id: id(&format!("r{n}")), name: String::new(), location: id("l"), kind, hours: None, online: true, public_busy: false }
}

impl World {
    pub fn zone(&self) -> Zone {
        Zone::named(self.zone).unwrap()
    }

    /// One that never opens.
    pub fn closed() -> World {
        World {
            zone: "Europe/Berlin",
            now: 1_790_000_000,
            service: Service { lead_hours: 0, horizon_days: 5, ..Service::new(id("s"), Text::default(), 60) },
            resources: vec![resource(0)],
            open: vec![Vec::new()],
            taken: vec![Vec::new()],
            needs: vec![Need { count: 1, of: vec![0] }],
            chosen: None,
            standing: Vec::new(),
            holidays: Vec::new(),
        }
    }

    pub fn random(r: &mut Random) -> World {
        let zone = r.pick(&ZONES);
        let year = YEARS.start() + r.below(YEARS.count() as u64) as i32;
        let midnight = r.pick(&eves(zone, year)).and_time(NaiveTime::MIN).and_utc().timestamp();
        let now = midnight + r.below(2 * 86_400) as i64;
        let service = service(r);
        let count = 1 + r.below(4) as usize;
        let resources: Vec<Resource> = (0..count).map(resource).collect();
        let needs = needs(r, count);
        let leads = needs[0].of.clone();
        let mut world = World {
            zone,
            now,
            open: (0..count).map(|_| open(r, now)).collect(),
            taken: (0..count).map(|_| taken(r, now)).collect(),
            chosen: r.chance(3).then(|| r.pick(&leads)),
            service,
            resources,
            needs,
            standing: Vec::new(),
            holidays: Vec::new(),
        };
        world.stand(r);
        if r.chance(3) {
            let date = world.zone().utc_to_local(now + r.below(3 * 86_400) as i64).date();
            world.holidays.push((date, format!("Tag {}", date.day())));
        }
        world
    }

    /// Bookings of the service that stand, most of them with the events that they are.
    fn stand(&mut self, r: &mut Random) {
        let length = i64::from(self.service.duration_minutes) * 60;
        for _ in 0..r.below(6) {
            let at = r.below(self.resources.len() as u64) as usize;
            let start = match self.open[at].first() {
                Some(open) => open.range.start + r.below(12) as i64 * i64::from(self.service.step_minutes) * 60,
                None => self.now - self.now.rem_euclid(300) + r.below(500) as i64 * 300,
            };
            let core = TimeRange { start, end: start + length };
            for _ in 0..1 + r.below(2) {
                let mut resources = vec![self.resources[at].id.clone()];
                if r.chance(4) && self.resources.len() > 1 {
                    resources.push(self.resources[(at + 1) % self.resources.len()].id.clone());
                    resources.sort();
                }
                for held in &resources {
                    let place = self.resources.iter().position(|resource| resource.id == *held).unwrap();
                    if !self.service.transparent && !r.chance(8) {
                        self.taken[place].push(Period { core, whole: super::super::buffered(&self.service, core), by: Taker::Event });
                    }
                }
                self.standing.push(Standing { range: core, resources });
            }
        }
    }

    pub fn scene<'a>(&'a self, zone: &'a Zone) -> Scene<'a> {
        let all = horizon(&self.service, zone, instant(self.now));
        self.scene_of(zone, Span { first: all.first - Days::new(2), last: all.last + Days::new(3) })
    }

    /// What is known where only some days are.
    pub fn scene_of<'a>(&'a self, zone: &'a Zone, known: Span) -> Scene<'a> {
        let window = window(zone, known);
        let taken = |n: usize| self.taken[n].iter().copied().filter(|period| period.whole.overlaps(window)).collect();
        let open = |n: usize| self.open[n].iter().filter(|open| open.range.overlaps(window)).cloned().collect::<Vec<_>>();
        let plan = |n: usize| Plan {
            resource: &self.resources[n],
            hours: Arc::new(Hours::new(&open(n), &self.service)),
            taken: Taken::new(taken(n)),
        };
        Scene {
            own: None,
            known,
            zone,
            service: &self.service,
            plans: (0..self.resources.len()).map(plan).collect(),
            needs: self.needs.clone(),
            chosen: self.chosen,
            standing: AllStanding::new(self.standing.clone()),
            holidays: self.holidays.iter().cloned().collect(),
            now: instant(self.now),
        }
    }
}

fn service(r: &mut Random) -> Service {
    let step: u32 = r.pick(&[5, 10, 15, 20, 30, 45, 60, 75]);
    Service {
        gap_step_minutes: r.chance(3).then(|| r.pick(&[5, 10, 15])).filter(|fine| step.is_multiple_of(*fine)),
        step_minutes: step,
        before_minutes: r.pick(&[0, 0, 5, 15]),
        after_minutes: r.pick(&[0, 0, 10, 30]),
        lead_hours: r.pick(&[0, 0, 1, 5, 26]),
        horizon_days: r.below(3) as u32,
        per_day: r.chance(4).then(|| 1 + r.below(3) as u32),
        per_week: r.chance(4).then(|| 1 + r.below(4) as u32),
        capacity: r.pick(&[1, 1, 1, 2, 3]),
        transparent: r.chance(8),
        ..Service::new(id("s"), Text::default(), r.pick(&[5, 15, 30, 45, 60, 90, 180]))
    }
}

fn needs(r: &mut Random, resources: usize) -> Vec<Need> {
    let need = |r: &mut Random| {
        let mut of: Vec<usize> = (0..resources).filter(|_| !r.chance(3)).collect();
        if of.is_empty() {
            of.push(r.below(resources as u64) as usize);
        }
        let count = 1 + if r.chance(4) { r.below(of.len() as u64) as usize } else { 0 };
        Need { count, of }
    };
    (0..1 + r.below(2)).map(|_| need(r)).collect()
}

/// Openings by start; they may touch, overlap, and go over midnight.
fn open(r: &mut Random, now: Seconds) -> Vec<Open> {
    let first = now - now.rem_euclid(300) - 86_400;
    let mut open: Vec<Open> = (0..r.below(5))
        .map(|_| {
            let start = first + r.below(4 * 288) as i64 * 300;
            let range = TimeRange { start, end: start + (1 + r.below(120) as i64) * 300 };
            let only = match r.below(8) {
                0 => Some(vec![id("other")]),
                1 => Some(vec![id("other"), id("s")]),
                _ => None,
            };
            Open { range, only }
        })
        .collect();
    open.sort_by_key(|open| open.range);
    open
}

fn taken(r: &mut Random, now: Seconds) -> Vec<Period> {
    let first = now - now.rem_euclid(300) - 43_200;
    let period = |r: &mut Random| {
        let start = first + r.below(3 * 288) as i64 * 300;
        let core = TimeRange { start, end: start + r.below(40) as i64 * 300 };
        let (before, after) = (r.pick(&[0, 0, 300, 1800]), r.pick(&[0, 0, 600]));
        // One in four is held while somebody fills in a form.
        let by = if r.chance(4) { Taker::Form } else { Taker::Event };
        Period { core, whole: TimeRange { start: core.start - before, end: core.end + after }, by }
    };
    (0..r.below(7)).map(|_| period(r)).collect()
}

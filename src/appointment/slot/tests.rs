//! Slots against a slow, obvious oracle: every minute of the horizon is asked whether it could be booked.

use std::collections::BTreeMap;

use chrono::{NaiveDateTime, Timelike};
use proptest::prelude::*;

use super::*;
use crate::appointment::practice::{Opening, ResourceKind, Text, Week};
use crate::ical::freebusy::BusyKind;
use crate::ical::time::instant;

/// Zones with whole, half and quarter hours, one whose clocks change by half an hour, and one south of the equator; each with the days before
/// both its changes in 2026.
const ZONES: [(&str, [(u32, u32); 2]); 5] = [
    ("Europe/Berlin", [(3, 27), (10, 23)]),
    ("Asia/Kathmandu", [(3, 27), (10, 23)]),
    ("Australia/Lord_Howe", [(4, 3), (10, 2)]),
    ("America/St_Johns", [(3, 6), (10, 30)]),
    ("Asia/Kolkata", [(12, 30), (1, 1)]),
];

#[derive(Debug, Clone)]
struct World {
    zone: &'static str,
    now: i64,
    location: Location,
    resources: Vec<Resource>,
    busy: Vec<Vec<Busy>>,
    service: Service,
}

fn id(text: &str) -> Id {
    Id(text.to_owned())
}

fn week() -> impl Strategy<Value = Week> {
    // Up to two openings a day, on any minute; around the hours in which clocks change more often than not.
    let opening = (prop_oneof![Just(0u32), Just(60), Just(90), 0u32..1300], 5u32..400, 0u32..90, 5u32..500);
    let day = proptest::option::weighted(0.8, opening).prop_map(|given| {
        let Some((from, length, pause, second)) = given else { return Vec::new() };
        let to = (from + length).min(1440);
        let mut openings = vec![Opening { from, to }];
        if to + pause < 1435 {
            openings.push(Opening { from: to + pause, to: (to + pause + second).min(1440) });
        }
        openings
    });
    proptest::array::uniform7(day).prop_map(Week)
}

fn busy(start: i64) -> impl Strategy<Value = Vec<Busy>> {
    proptest::collection::vec((0i64..2000, 1i64..300, any::<bool>()), 0..12).prop_map(move |parts| {
        let mut at = start;
        let mut found = Vec::new();
        for (gap, length, tentative) in parts {
            let range = TimeRange { start: at + gap * 60, end: at + (gap + length) * 60 };
            at = range.end;
            found.push(Busy { range, kind: if tentative { BusyKind::Tentative } else { BusyKind::Busy } });
        }
        found
    })
}

fn world() -> impl Strategy<Value = World> {
    let when = (0usize..ZONES.len(), 0usize..2, 0i64..3 * 86_400).prop_map(|(zone, change, later)| {
        let (zone, days) = ZONES[zone];
        let (month, day) = days[change];
        (zone, NaiveDate::from_ymd_opt(2026, month, day).unwrap().and_time(NaiveTime::MIN).and_utc().timestamp() + later)
    });
    let rules = (1u32..12, 1u32..40, 0u32..60, 0u32..6);
    let resources = proptest::collection::vec(proptest::option::weighted(0.3, week()), 1..4);
    (when, rules, week(), resources, any::<bool>()).prop_flat_map(|((zone, now), rules, hours, own, holidays)| {
        let all = own.iter().map(|_| busy(now)).collect::<Vec<_>>();
        all.prop_map(move |busy| assembled(zone, now, rules, &hours, &own, busy, holidays.then_some("DE-BW")))
    })
}

fn assembled(
    zone: &'static str,
    now: i64,
    (duration, step, lead, horizon): (u32, u32, u32, u32),
    hours: &Week,
    own: &[Option<Week>],
    busy: Vec<Vec<Busy>>,
    region: Option<&str>,
) -> World {
    let text = String::new;
    let location = Location {
        id: id("l"),
        name: text(),
        street: text(),
        postcode: text(),
        city: text(),
        telephone: text(),
        email: text(),
        zone: zone.into(),
        region: region.map(str::to_owned),
        hours: hours.clone(),
    };
    let resource = |(n, hours): (usize, &Option<Week>)| Resource {
        id: id(&format!("r{n}")),
        name: text(),
        location: id("l"),
        kind: ResourceKind::Room,
        hours: hours.clone(),
        online: true,
        public_busy: false,
    };
    let service = Service {
        step_minutes: step * 5,
        lead_hours: lead,
        horizon_days: horizon,
        ..Service::new(id("s"), Text::default(), duration * 15)
    };
    World { zone, now, location, resources: own.iter().enumerate().map(resource).collect(), busy, service }
}

/// When a wall clock shows this for the first time; where it never does, what the clock before the change would have meant.
fn first_instant(zone: &Zone, local: NaiveDateTime) -> i64 {
    let seconds = local.and_utc().timestamp();
    let offsets = [zone.offset_at(seconds - 86_400), zone.offset_at(seconds + 86_400)];
    let shown = offsets.iter().map(|offset| seconds - offset).filter(|at| zone.utc_to_local(*at) == local).min();
    shown.unwrap_or(seconds - offsets[0])
}

/// Every slot, by its start, with the resources that are free.
fn oracle(world: &World, zone: &Zone) -> BTreeMap<i64, Vec<Id>> {
    let today = zone.utc_to_local(world.now).date();
    let last = today + Days::new(u64::from(world.service.horizon_days));
    let length = i64::from(world.service.duration_minutes) * 60;
    let mut found = BTreeMap::new();
    let mut at = world.now - world.now.rem_euclid(60);
    while at < world.now + (i64::from(world.service.horizon_days) + 2) * 86_400 {
        let local = zone.utc_to_local(at);
        let minute = local.hour() * 60 + local.minute();
        let allowed = at > world.now && at >= world.now + i64::from(world.service.lead_hours) * 3600 && local.date() <= last;
        let again = first_instant(zone, local) != at;
        let closed = world.location.region.as_deref().is_some_and(|region| super::super::holiday::holiday(region, local.date()).is_some());
        if allowed && !again && !closed && local.second() == 0 {
            let free = world.resources.iter().zip(&world.busy).filter(|(resource, busy)| {
                let week = resource.hours.as_ref().unwrap_or(&world.location.hours);
                let opens = week.0[local.weekday().num_days_from_monday() as usize].iter().any(|opening| {
                    let end = local.date().and_time(NaiveTime::MIN) + chrono::Duration::minutes(i64::from(opening.to));
                    minute >= opening.from
                        && minute < opening.to
                        && (minute - opening.from).is_multiple_of(world.service.step_minutes)
                        && at + length <= first_instant(zone, end)
                });
                opens && busy.iter().all(|busy| at + length <= busy.range.start || busy.range.end <= at)
            });
            let free: Vec<Id> = free.map(|(resource, _)| resource.id.clone()).collect();
            if !free.is_empty() {
                found.insert(at, free);
            }
        }
        at += 60;
    }
    found
}

fn scene<'a>(world: &'a World, zone: &'a Zone) -> Scene<'a> {
    let resources = world.resources.iter().zip(world.busy.iter().cloned()).collect();
    Scene { location: &world.location, zone, service: &world.service, resources, now: instant(world.now) }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_slot_is_what_the_oracle_says(world in world(), picks in proptest::collection::vec(-3000i64..12_000, 8)) {
        let zone = Zone::named(world.zone).unwrap();
        let expected = oracle(&world, &zone);
        let scene = scene(&world, &zone);
        let today = zone.utc_to_local(world.now).date();
        let grid = scene.grid(Some(today), 400);
        let mut shown = BTreeMap::new();
        for day in &grid.days {
            prop_assert_eq!(day.cells.len(), grid.rows.len());
            for (row, cell) in grid.rows.iter().zip(&day.cells) {
                if let Cell::Free(slot) = cell {
                    prop_assert_eq!(zone.utc_to_local(slot.range.start), day.date.and_time(*row));
                    prop_assert_eq!(slot.range.seconds(), i64::from(world.service.duration_minutes) * 60);
                    shown.insert(slot.range.start, slot.resources.clone());
                }
            }
        }
        prop_assert_eq!(&shown, &expected);
        prop_assert_eq!(grid.first_free.map(|slot| slot.range.start), expected.keys().next().copied());
        for start in picks.iter().map(|minutes| world.now + minutes * 60 - world.now.rem_euclid(60)).chain(expected.keys().copied()) {
            let at = scene.slot_at(start).ok().map(|slot| slot.resources);
            prop_assert_eq!(at.as_ref(), expected.get(&start), "{}", start);
        }
    }

    #[test]
    fn the_nearest_are_the_nearest(world in world(), wanted in -20_000i64..40_000, count in 1usize..7) {
        let zone = Zone::named(world.zone).unwrap();
        let wanted = world.now + wanted * 60;
        let all: Vec<i64> = oracle(&world, &zone).into_keys().collect();
        let nearest: Vec<i64> = scene(&world, &zone).nearest(wanted, count).into_iter().map(|slot| slot.range.start).collect();
        prop_assert_eq!(nearest.len(), all.len().min(count));
        prop_assert!(nearest.is_sorted());
        let furthest = nearest.iter().map(|start| start.abs_diff(wanted)).max().unwrap_or(0);
        let nearer = all.iter().filter(|start| start.abs_diff(wanted) < furthest && !nearest.contains(start)).count();
        prop_assert_eq!(nearer, 0);
    }
}

#[test]
fn hostile_times_are_only_refused() {
    let world = assembled("Europe/Berlin", 1_790_000_000, (4, 6, 0, 5), &Week::default(), &[None], vec![Vec::new()], None);
    let zone = Zone::named(world.zone).unwrap();
    let scene = scene(&world, &zone);
    for start in [i64::MIN, -1, 0, TimeRange::MIN, TimeRange::MAX, i64::MAX] {
        assert!(scene.slot_at(start).is_err());
        assert!(scene.nearest(start, 6).is_empty());
    }
    for day in [NaiveDate::MIN, NaiveDate::MAX] {
        assert!(scene.grid(Some(day), 6).days.is_empty());
    }
}

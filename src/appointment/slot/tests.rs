//! Slots against a slow, obvious oracle: every five minutes of the horizon are asked whether they could be booked, and why not.
//!
//! `OPENSLOT_SLOT_CASES` says how many random practices each test tries; a failure names its seed.

mod oracle;
mod practice;

use std::collections::BTreeMap;

use chrono::Days;

use self::oracle::Oracle;
use self::practice::{Random, World};
use super::*;
use crate::ical::time::{Seconds, instant};

/// How many practices one test tries.
fn cases() -> u64 {
    std::env::var("OPENSLOT_SLOT_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(2_000)
}

/// Tries practices of every fourth seed, so that the tests share the machine's processors.
fn each_world(part: u64, check: impl Fn(u64, &World)) {
    let of_four = (0..cases()).filter(|seed| seed % 4 == part);
    of_four.for_each(|seed| check(seed, &World::random(&mut Random::new(seed))));
}

fn agrees(seed: u64, world: &World) {
    let zone = world.zone();
    let scene = world.scene(&zone);
    let oracle = Oracle::new(world, &zone);
    let expected = oracle.slots();
    let today = zone.utc_to_local(world.now).date();
    let grid = scene.grid(scene.first_free(), Some(today), 40).unwrap();
    let mut shown: BTreeMap<Seconds, Vec<Id>> = BTreeMap::new();
    for day in &grid.days {
        assert_eq!(day.cells.len(), grid.rows.len(), "seed {seed}");
        for (row, cell) in grid.rows.iter().zip(&day.cells) {
            if let Cell::Free(range) = cell {
                assert_eq!(zone.utc_to_local(range.start), day.date.and_time(*row), "seed {seed}");
                assert_eq!(range.seconds(), i64::from(world.service.duration_minutes) * 60, "seed {seed}");
                shown.insert(range.start, scene.slot_at(range.start).unwrap().resources);
            }
        }
    }
    assert_eq!(shown, expected, "seed {seed}: {world:#?}");
    let columns: Vec<NaiveDate> = grid.days.iter().map(|day| day.date).collect();
    let wanted: Vec<NaiveDate> = scene.horizon().days().filter(|date| *date >= today && oracle.has_column(*date)).collect();
    assert_eq!(columns, wanted, "seed {seed}: {world:#?}");
    assert_eq!(grid.first_free.map(|slot| slot.range.start), expected.keys().next().copied(), "seed {seed}");
    let mut random = Random::new(seed ^ 0x5eed);
    let days = i64::from(world.service.horizon_days) + 2;
    let some = (0..4).map(|_| world.now - world.now.rem_euclid(300) + random.below(days as u64 * 288) as i64 * 300 - 43_200);
    for at in some.chain(expected.keys().copied().step_by(expected.len() / 4 + 1)) {
        assert_eq!(scene.reasons(at), oracle.reasons(at), "seed {seed}, at {at}: {world:#?}");
        let slot = scene.slot_at(at).ok();
        assert_eq!(slot.as_ref().map(|slot| &slot.resources), expected.get(&at), "seed {seed}, at {at}");
        if let Some(slot) = slot {
            oracle.accepts(&slot, &scene.choose(&slot, &[]), seed);
        }
    }
}

#[test]
fn slots_and_reasons_are_what_the_oracle_says_1() {
    each_world(0, agrees);
}

#[test]
fn slots_and_reasons_are_what_the_oracle_says_2() {
    each_world(1, agrees);
}

#[test]
fn slots_and_reasons_are_what_the_oracle_says_3() {
    each_world(2, agrees);
}

#[test]
fn slots_and_reasons_are_what_the_oracle_says_4() {
    each_world(3, agrees);
}

#[test]
fn the_nearest_are_the_nearest() {
    for seed in 0..cases() / 20 {
        let world = World::random(&mut Random::new(seed));
        let zone = world.zone();
        let mut random = Random::new(!seed);
        let (wanted, count) = (world.now + random.below(8 * 86_400) as i64 - 2 * 86_400, 1 + random.below(6) as usize);
        let all: Vec<Seconds> = Oracle::new(&world, &zone).slots().into_keys().collect();
        let nearest: Vec<Seconds> = world.scene(&zone).nearest(wanted, count).unwrap().into_iter().map(|slot| slot.range.start).collect();
        assert_eq!(nearest.len(), all.len().min(count), "seed {seed}");
        assert!(nearest.is_sorted(), "seed {seed}");
        let furthest = nearest.iter().map(|start| start.abs_diff(wanted)).max().unwrap_or(0);
        let missed = all.iter().filter(|start| start.abs_diff(wanted) < furthest && !nearest.contains(start)).count();
        assert_eq!(missed, 0, "seed {seed}");
    }
}

/// A scene of some days says what the scene of all says, or that it does not know.
#[test]
fn what_is_known_of_some_days_is_true() {
    let (mut asked, mut answered) = (0, 0);
    for seed in 0..cases() / 4 {
        let mut world = World::random(&mut Random::new(seed));
        world.service.horizon_days = 3;
        let (zone, mut random) = (world.zone(), Random::new(!seed));
        let (whole, all) = (world.scene(&zone), horizon(&world.service, &world.zone(), instant(world.now)));
        let first_free = whole.first_free();
        let days: Vec<NaiveDate> = all.days().collect();
        let by_pieces = days.iter().find_map(|day| world.scene_of(&zone, Span { first: *day, last: *day }).first_free());
        assert_eq!(by_pieces, first_free, "seed {seed}");
        for first in 0..days.len() {
            for last in first..days.len() {
                let some = world.scene_of(&zone, Span { first: days[first], last: days[last] });
                let (from, columns) = (random.pick(&days), 1 + random.below(3) as usize);
                let (wanted, count) = (world.now + random.below(5 * 86_400) as i64 - 86_400, 1 + random.below(6) as usize);
                let grid = some.grid(first_free.clone(), Some(from), columns);
                let nearest = some.nearest(wanted, count);
                asked += 2;
                answered += usize::from(grid.is_some()) + usize::from(nearest.is_some());
                assert!(grid.is_none() || grid == whole.grid(first_free.clone(), Some(from), columns), "seed {seed}");
                assert!(nearest.is_none() || nearest == whole.nearest(wanted, count), "seed {seed}");
                if (first, last) == (0, days.len() - 1) {
                    assert!(grid.is_some() && nearest.is_some(), "seed {seed}");
                }
            }
        }
    }
    // One in ten is asked of all days.
    assert!(answered * 8 > asked, "{answered} of {asked}");
}

#[test]
fn hostile_times_are_only_refused() {
    let world = World::closed();
    let zone = world.zone();
    let scene = world.scene(&zone);
    for start in [i64::MIN, -1, 0, TimeRange::MIN, TimeRange::MAX, i64::MAX] {
        assert!(scene.slot_at(start).is_err());
        assert_eq!(scene.nearest(start, 6), Some(Vec::new()));
        assert!(!scene.reasons(start).obstacles.is_empty());
    }
    for day in [NaiveDate::MIN, NaiveDate::MAX] {
        assert!(scene.grid(None, Some(day), 6).unwrap().days.is_empty());
    }
}

#[test]
fn months_begin_where_something_can_be_booked() {
    let mut world = World::closed();
    world.service.horizon_days = 70;
    let zone = world.zone();
    let today = zone.utc_to_local(world.now).date();
    let months = world.scene(&zone).grid(None, None, 6).unwrap().months;
    assert_eq!(months.first(), Some(&today));
    assert!(months.last().unwrap() <= &(today + Days::new(70)));
    assert!(months.len() >= 3);
}

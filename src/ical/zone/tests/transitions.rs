//! Every change of the clocks from 1990 to 2040 in ten zones, against an oracle that knows nothing but offsets at instants.

use super::*;
use crate::ical::recurrence::occurrences;
use chrono::{Datelike, NaiveDate, Weekday};

/// With the awkward ones: Dublin's winter is its daylight time, Cairo's days and Havana's begin at one, Lord Howe moves by half an hour,
/// Casablanca goes back for Ramadan.
const ZONES: [&str; 10] = [
    "Europe/Berlin",
    "Europe/Dublin",
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Pacific/Apia",
];

fn day(year: i32, month: u32, day: u32) -> Seconds {
    NaiveDate::from_ymd_opt(year, month, day).unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp()
}

/// The instants from which the offset is another, found by looking at each day.
fn changes(zone: &Zone) -> Vec<Seconds> {
    let mut found = Vec::new();
    let (mut at, end) = (day(1990, 1, 1), day(2041, 1, 1));
    while at < end {
        let (mut low, mut high) = (at, at + 86_400);
        if zone.offset_at(low) != zone.offset_at(high) {
            while high - low > 1 {
                let middle = low + (high - low) / 2;
                if zone.offset_at(middle) == zone.offset_at(at) { low = middle } else { high = middle }
            }
            found.push(high);
        }
        at += 86_400;
    }
    found
}

/// RFC 5545 §3.3.5 by trying: the first instant at which the clock shows this time, or in a gap that by the offset before it.
fn oracle(zone: &Zone, local: NaiveDateTime) -> Seconds {
    let local = local.and_utc().timestamp();
    let offsets: std::collections::BTreeSet<i64> = (-100..=100).map(|step| zone.offset_at(local + step * 900)).collect();
    let shown = offsets.iter().map(|offset| local - offset).filter(|at| at + zone.offset_at(*at) == local).min();
    shown.unwrap_or_else(|| local - zone.offset_at(local - offsets.last().unwrap()))
}

#[test]
fn local_times_around_every_change_are_the_oracles() {
    for name in ZONES {
        let zone = Zone::named(name).unwrap();
        let changes = changes(&zone);
        assert!(changes.len() > 9, "{name}: {}", changes.len());
        let known: Vec<Seconds> = zone.transitions(day(1990, 1, 1), day(2041, 1, 1), 1_000).iter().map(|change| change.at).collect();
        assert_eq!(changes, known, "{name}");
        for change in changes {
            let around = DateTime::from_timestamp(change + zone.offset_at(change - 1), 0).unwrap().naive_utc();
            for quarter in -16..=16 {
                let local = around + Duration::minutes(quarter * 15);
                assert_eq!(zone.local_to_utc(local), oracle(&zone, local), "{name} {local}");
            }
            for at in [change - 1, change, change + 1] {
                let local = zone.utc_to_local(at);
                assert_eq!(local.and_utc().timestamp() - at, zone.offset_at(at), "{name} {local}");
            }
        }
    }
}

#[test]
fn a_daily_series_keeps_every_instance_over_every_change() {
    for name in ZONES {
        let zone = Zone::named(name).unwrap();
        for change in changes(&zone) {
            let around = DateTime::from_timestamp(change + zone.offset_at(change - 1), 0).unwrap().naive_utc();
            for minutes in [-60, -30, 0, 15, 45, 90] {
                let start = around + Duration::minutes(minutes) - Duration::days(1);
                let text = start.format("%Y%m%dT%H%M%S");
                let event = format!("BEGIN:VEVENT\nUID:a\nDTSTART;TZID={name}:{text}\nRRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT\n");
                let found =
                    occurrences(&wrapped(&event), TimeRange { start: change - 300_000, end: change + 300_000 }, &Zone::UTC).unwrap();
                let found: Vec<Seconds> = found.iter().map(|occurrence| occurrence.range.start).collect();
                let mut expected: Vec<Seconds> = (0..3).map(|days| oracle(&zone, start + Duration::days(days))).collect();
                // Samoa left out a day: its time is the next day's.
                expected.dedup();
                assert_eq!(found, expected, "{name} {text}");
            }
        }
    }
}

#[test]
fn known_rules_are_kept() {
    let nth_sunday = |year: i32, month: u32, nth: i32| -> Seconds {
        let sundays: Vec<NaiveDate> =
            (1..=31).filter_map(|d| NaiveDate::from_ymd_opt(year, month, d)).filter(|d| d.weekday() == Weekday::Sun).collect();
        let index = if nth < 0 { sundays.len() - 1 } else { usize::try_from(nth).unwrap() - 1 };
        day(year, month, sundays[index].day())
    };
    let of = |name: &str, year: i32| -> Vec<Seconds> {
        changes(&Zone::named(name).unwrap()).into_iter().filter(|at| (day(year, 1, 1)..day(year + 1, 1, 1)).contains(at)).collect()
    };
    for year in [1996, 2007, 2024, 2026, 2037, 2040] {
        for name in ["Europe/Berlin", "Europe/Dublin"] {
            assert_eq!(of(name, year), [nth_sunday(year, 3, -1) + 3_600, nth_sunday(year, 10, -1) + 3_600], "{name} {year}");
        }
    }
    for year in [2007, 2026, 2040] {
        assert_eq!(of("America/New_York", year), [nth_sunday(year, 3, 2) + 7 * 3_600, nth_sunday(year, 11, 1) + 6 * 3_600], "{year}");
        // Lord Howe: both on a Sunday at two by the clock before: half an hour apart from everybody else's.
        assert_eq!(of("Australia/Lord_Howe", 2026), [nth_sunday(2026, 4, 1) - 9 * 3_600, nth_sunday(2026, 10, 1) - 17 * 1_800]);
    }
    assert_eq!(of("America/Havana", 2020), [nth_sunday(2020, 3, 2) + 5 * 3_600, nth_sunday(2020, 11, 1) + 5 * 3_600]);
}

#[test]
fn every_year_can_be_asked() {
    for name in ZONES {
        let zone = Zone::named(name).unwrap();
        for year in 1..=9999 {
            for (month, day) in [(1, 1), (2, 28), (2, 29), (12, 31)] {
                let Some(local) = NaiveDate::from_ymd_opt(year, month, day).and_then(|day| day.and_hms_opt(23, 59, 59)) else { continue };
                let at = zone.local_to_utc(local);
                assert!((at - local.and_utc().timestamp()).abs() < 16 * 3_600, "{name} {local}");
            }
        }
    }
}

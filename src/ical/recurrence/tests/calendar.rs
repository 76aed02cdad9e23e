//! Leap days, months of 30 days, week 53, and every year that can be written.

use super::*;
use chrono::{Datelike, Weekday};

fn years(rule: &str, start: &str, from: i32, to: i32) -> Vec<String> {
    let text = format!("DTSTART;VALUE=DATE:{start}\nRRULE:{rule}\n");
    let found = occurrences(&object(&[&text]), between(&format!("{from:04}-01-01"), &format!("{to:04}-01-01")), &Zone::UTC).unwrap();
    found.iter().map(|o| o.range.start_utc().format("%Y-%m-%d").to_string()).collect()
}

#[test]
fn leap_days_come_every_fourth_year_but_for_most_centuries() {
    let plain = years("FREQ=YEARLY", "20240229", 2090, 2110);
    assert_eq!(plain, ["2092-02-29", "2096-02-29", "2104-02-29", "2108-02-29"]);
    assert_eq!(years("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "20240229", 2090, 2110), plain);
    assert_eq!(years("FREQ=YEARLY;BYYEARDAY=366", "20240101", 2090, 2110), ["2092-12-31", "2096-12-31", "2104-12-31", "2108-12-31"]);
    assert_eq!(years("FREQ=YEARLY;INTERVAL=100", "20000229", 2000, 2900), ["2000-02-29", "2400-02-29", "2800-02-29"]);
    assert_eq!(years("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", "20250228", 2027, 2030), ["2027-02-28", "2028-02-29", "2029-02-28"]);
    assert_eq!(years("FREQ=YEARLY;COUNT=3", "20240229", 2024, 2100), ["2024-02-29", "2028-02-29", "2032-02-29"]);
}

#[test]
fn months_that_are_too_short_are_left_out() {
    assert_eq!(years("FREQ=MONTHLY", "20260131", 2026, 2027).len(), 7);
    assert_eq!(years("FREQ=MONTHLY;BYMONTHDAY=30", "20260130", 2026, 2027).len(), 11);
    assert_eq!(years("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", "20260131", 2026, 2027).len(), 12);
    assert_eq!(years("FREQ=MONTHLY;BYMONTHDAY=-31", "20260101", 2026, 2027).len(), 7);
}

#[test]
fn week_53_is_there_where_the_calendar_has_it() {
    let mondays = years("FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO", "20201228", 2020, 2050);
    assert_eq!(mondays, ["2020-12-28", "2026-12-28", "2032-12-27", "2037-12-28", "2043-12-28", "2048-12-28"]);
    // Thursdays never leave the year of their week: each of them, in ten thousand years.
    for from in (1..9_900).step_by(100) {
        let found = years("FREQ=YEARLY;BYWEEKNO=53;BYDAY=TH", "00010104", from, from + 100);
        let expected: Vec<String> = (from..from + 100)
            .filter_map(|year| chrono::NaiveDate::from_isoywd_opt(year, 53, Weekday::Thu))
            .map(|day| day.format("%Y-%m-%d").to_string())
            .collect();
        let first = usize::from(from == 1);
        assert_eq!(found.iter().skip(first).collect::<Vec<_>>(), expected.iter().collect::<Vec<_>>(), "{from}");
    }
}

#[test]
fn every_year_has_its_occurrences() {
    for year in 1..=9999 {
        let text = format!("DTSTART:{year:04}1230T120000Z\nDURATION:P3D\nRRULE:FREQ=WEEKLY;COUNT=2\n");
        let whole = TimeRange { start: TimeRange::MIN, end: TimeRange::MAX };
        let found = occurrences(&object(&[&text]), whole, &Zone::UTC).unwrap();
        assert_eq!(found.first().unwrap().range.start_utc().year(), year);
        assert_eq!(found.len(), if year == 9999 { 1 } else { 2 }, "{year}");
    }
}

#[test]
fn a_series_from_the_first_year_is_asked_in_the_last() {
    let text = "DTSTART;TZID=Europe/Berlin:00010101T090000\nRRULE:FREQ=DAILY\n";
    let found = occurrences(&object(&[text]), between("9999-12-28", "9999-12-31"), &berlin()).unwrap();
    assert_eq!(found.len(), 3);
    assert_eq!(refusal(&[text], TimeRange { start: TimeRange::MIN, end: TimeRange::MAX }), Precondition::MaxInstances);
}

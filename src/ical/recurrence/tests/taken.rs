//! What takes time where there are more occurrences than anybody works out, and what several searches may cost together.

use super::*;
use crate::ical::freebusy::{around, busy};
use std::ops::ControlFlow;

/// What a day of March 2026 has of a series, by `(start, end, status)`.
fn taken(components: &[&str], day: u32) -> Vec<(String, String, Status)> {
    let range = between(&format!("2026-03-{day}"), &format!("2026-03-{}", day + 1));
    let found = Series::read(&object(components), &berlin()).unwrap().taken(range).unwrap();
    let text = |instant: chrono::DateTime<chrono::Utc>| instant.format("%d %H:%M").to_string();
    found.iter().map(|one| (text(one.range.start_utc()), text(one.range.end_utc()), one.status)).collect()
}

fn row(start: &str, end: &str, status: Status) -> (String, String, Status) {
    (start.to_owned(), end.to_owned(), status)
}

#[test]
fn too_many_instances_take_all_the_time_of_their_series() {
    let seconds = "DTSTART:20260310T120000Z\nDURATION:PT1M\nRRULE:FREQ=SECONDLY;UNTIL=20260312T080000Z\n";
    assert_eq!(taken(&[seconds], 9), []);
    assert_eq!(taken(&[seconds], 10), [row("10 12:00", "11 00:00", Status::Confirmed)]);
    assert_eq!(taken(&[seconds], 11), [row("11 00:00", "12 00:00", Status::Confirmed)]);
    assert_eq!(taken(&[seconds], 12)[0], row("12 00:00", "12 08:01", Status::Confirmed));
    // Without a length they take none; few enough are told one by one.
    assert_eq!(taken(&["DTSTART:20260310T120000Z\nRRULE:FREQ=SECONDLY\n"], 11), []);
    assert_eq!(taken(&["DTSTART:20260310T120000Z\nDURATION:PT1M\nRRULE:FREQ=HOURLY\n"], 11).len(), 24);
}

#[test]
fn preparation_and_follow_up_take_time_where_the_instances_last_none() {
    let seconds = "DTSTART:20260310T120000Z\nRRULE:FREQ=SECONDLY;UNTIL=20260312T080000Z\nX-OPENSLOT-BEFORE:15\nX-OPENSLOT-AFTER:30\n";
    let whole = |components: &[&str], day: u32| -> Vec<(String, String)> {
        let range = between(&format!("2026-03-{day}"), &format!("2026-03-{}", day + 1));
        let found = Series::read(&object(components), &berlin()).unwrap().taken(around(range)).unwrap();
        let text = |instant: chrono::DateTime<chrono::Utc>| instant.format("%d %H:%M").to_string();
        busy(found, range).iter().map(|one| (text(one.range.start_utc()), text(one.range.end_utc()))).collect()
    };
    let row = |start: &str, end: &str| (start.to_owned(), end.to_owned());
    assert_eq!(whole(&[seconds], 9), []);
    assert_eq!(whole(&[seconds], 10), [row("10 11:45", "11 00:00")]);
    assert_eq!(whole(&[seconds], 11), [row("11 00:00", "12 00:00")]);
    assert_eq!(whole(&[seconds], 12), [row("12 00:00", "12 08:30")]);
    assert_eq!(whole(&[seconds], 13), []);
}

#[test]
fn of_several_preparations_the_longest_counts_where_there_are_too_many_instances() {
    let seconds = "DTSTART:20260310T120000Z\nRRULE:FREQ=SECONDLY\nX-OPENSLOT-BEFORE:15\nX-OPENSLOT-AFTER:30\n";
    let future = "RECURRENCE-ID;RANGE=THISANDFUTURE:20260311T200000Z\nDTSTART:20260311T200000Z\nX-OPENSLOT-AFTER:60\n";
    let bare = "RECURRENCE-ID;RANGE=THISANDFUTURE:20260312T200000Z\nDTSTART:20260312T200000Z\nSTATUS:TENTATIVE\n";
    let series = Series::read(&object(&[seconds, future, bare]), &berlin()).unwrap();
    let found = series.taken(between("2026-03-14", "2026-03-15")).unwrap();
    let buffers: Vec<(Status, u16, u16)> = found.iter().map(|one| (one.status, one.buffer.before, one.buffer.after)).collect();
    // Those that are tentative last no time and have nothing around them.
    assert_eq!(buffers, [(Status::Confirmed, 15, 60)]);
}

#[test]
fn overrides_of_too_many_instances_keep_their_status() {
    let seconds = "DTSTART:20260310T120000Z\nDURATION:PT1M\nSTATUS:CANCELLED\nRRULE:FREQ=SECONDLY\n";
    let single = "RECURRENCE-ID:20260311T090000Z\nDTSTART:20260311T100000Z\nDURATION:PT1H\n";
    let future = "RECURRENCE-ID;RANGE=THISANDFUTURE:20260311T200000Z\nDTSTART:20260311T200000Z\nDURATION:PT1M\nSTATUS:TENTATIVE\n";
    let found = taken(&[seconds, single, future], 11);
    assert!(found.contains(&row("11 10:00", "11 11:00", Status::Confirmed)), "{found:?}");
    for status in [Status::Cancelled, Status::Tentative] {
        assert!(found.contains(&row("11 00:00", "12 00:00", status)), "{found:?}");
    }
}

#[test]
fn searches_share_what_they_may_cost() {
    let object = object(&["DTSTART:20000101T120000Z\nRRULE:FREQ=DAILY\n"]);
    let series = Series::read(&object, &berlin()).unwrap();
    let mut effort = Effort::default();
    let searches = (0..100)
        .take_while(|_| series.visit_within(between("2000-01-01", "2100-01-01"), &mut effort, &mut |_| ControlFlow::Continue(())).is_ok());
    // Each looks at 36,525 days, and for each at the day and at its time.
    assert!((2..12).contains(&searches.count()));
    let again = series.visit_within(between("2026-03-01", "2026-03-02"), &mut effort, &mut |_| ControlFlow::Continue(()));
    assert!(again.is_err());
}

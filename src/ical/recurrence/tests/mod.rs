//! Golden files, the corners that break other programs, and a slow oracle.

mod calendar;
mod golden;
mod oracle;
mod taken;

use super::*;
use crate::error::{Error, Precondition};
use bytes::Bytes;
use chrono::NaiveDateTime;
use proptest::prelude::*;

fn object(components: &[&str]) -> CalendarObject {
    let events: String = components.iter().map(|lines| format!("BEGIN:VEVENT\nUID:a\n{lines}END:VEVENT\n")).collect();
    let object = CalendarObject::parse(Bytes::from(format!("BEGIN:VCALENDAR\n{events}END:VCALENDAR\n"))).unwrap();
    object.check().unwrap();
    object
}

fn at(text: &str) -> Seconds {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap().and_utc().timestamp()
}

fn between(start: &str, end: &str) -> TimeRange {
    TimeRange { start: at(&format!("{start} 00:00")), end: at(&format!("{end} 00:00")) }
}

fn berlin() -> Zone {
    Zone::named("Europe/Berlin").unwrap()
}

/// Starts in UTC, as text.
fn starts(components: &[&str], range: TimeRange) -> Vec<String> {
    let found = occurrences(&object(components), range, &berlin()).unwrap();
    found.iter().map(|o| o.range.start_utc().format("%Y-%m-%d %H:%M").to_string()).collect()
}

fn refusal(components: &[&str], range: TimeRange) -> Precondition {
    match occurrences(&object(components), range, &berlin()) {
        Err(Error::Refused(precondition, _)) => precondition,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_gap_moves_an_instance_and_never_skips_it() {
    let found = starts(&["DTSTART;TZID=Europe/Berlin:20260328T023000\nRRULE:FREQ=DAILY;COUNT=3\n"], between("2026-01-01", "2027-01-01"));
    assert_eq!(found, ["2026-03-28 01:30", "2026-03-29 01:30", "2026-03-30 00:30"]);
    let fold = starts(&["DTSTART;TZID=Europe/Berlin:20261024T023000\nRRULE:FREQ=DAILY;COUNT=3\n"], between("2026-01-01", "2027-01-01"));
    assert_eq!(fold, ["2026-10-24 00:30", "2026-10-25 00:30", "2026-10-26 01:30"]);
    // Cairo's day begins at one o'clock on 24 April 2026.
    let cairo = starts(&["DTSTART;TZID=Africa/Cairo:20260423T003000\nRRULE:FREQ=DAILY;COUNT=3\n"], between("2026-01-01", "2027-01-01"));
    assert_eq!(cairo, ["2026-04-22 22:30", "2026-04-23 22:30", "2026-04-24 21:30"]);
    let howe =
        starts(&["DTSTART;TZID=Australia/Lord_Howe:20261003T021500\nRRULE:FREQ=DAILY;COUNT=3\n"], between("2026-01-01", "2027-01-01"));
    assert_eq!(howe, ["2026-10-02 15:45", "2026-10-03 15:45", "2026-10-04 15:15"]);
    let casablanca =
        starts(&["DTSTART;TZID=Africa/Casablanca:20260214T100000\nRRULE:FREQ=DAILY;COUNT=3\n"], between("2026-01-01", "2027-01-01"));
    assert_eq!(casablanca, ["2026-02-14 09:00", "2026-02-15 10:00", "2026-02-16 10:00"]);
}

#[test]
fn until_counts_its_own_instant_whatever_it_is_written_as() {
    for until in ["20260330T080000Z", "20260330T100000", "20260330", "20260330T235959Z"] {
        let rule = format!("DTSTART;TZID=Europe/Berlin:20260328T100000\nRRULE:FREQ=DAILY;UNTIL={until}\n");
        let found = starts(&[&rule], between("2026-01-01", "2027-01-01"));
        assert_eq!(found, ["2026-03-28 09:00", "2026-03-29 08:00", "2026-03-30 08:00"], "{until}");
    }
    let days = "DTSTART;VALUE=DATE:20260328\nRRULE:FREQ=DAILY;BYHOUR=9;UNTIL=20260330T000000Z\n";
    assert_eq!(starts(&[days], between("2026-01-01", "2027-01-01")), ["2026-03-27 23:00", "2026-03-28 23:00", "2026-03-29 22:00"]);
}

#[test]
fn dates_add_and_take_away() {
    let series = "DTSTART;TZID=Europe/Berlin:20260105T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=6\n\
        EXDATE;VALUE=DATE:20260106\nEXDATE:20260107T090000Z,20260108T100000\n\
        RDATE;VALUE=PERIOD:20260109T090000Z/PT3H,20260120T090000Z/20260120T113000Z\nRDATE;VALUE=DATE:20260121\n";
    let found = occurrences(&object(&[series]), between("2026-01-01", "2027-01-01"), &berlin()).unwrap();
    let shown: Vec<(String, i64)> =
        found.iter().map(|o| (o.range.start_utc().format("%d %H:%M").to_string(), o.range.seconds() / 60)).collect();
    let expected = [("05 09:00", 60), ("09 09:00", 180), ("10 09:00", 60), ("20 09:00", 150), ("21 09:00", 60)];
    assert_eq!(shown, expected.map(|(day, minutes)| (day.to_owned(), minutes)));
    let two = "DTSTART:20260101T100000Z\nRRULE:FREQ=DAILY;COUNT=3\nRRULE:FREQ=DAILY;INTERVAL=2;COUNT=3\n";
    assert_eq!(starts(&[two], between("2026-01-01", "2027-01-01")).len(), 4);
    let days = "DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260102T000000\n";
    assert_eq!(starts(&[days], between("2025-01-01", "2027-01-01")).len(), 2);
}

#[test]
fn an_exrule_takes_away_what_it_gives() {
    let series = |more: &str| format!("DTSTART;TZID=Europe/Berlin:20260323T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=10\n{more}");
    let left = |more: &str| {
        starts(&[&series(more)], between("2026-01-01", "2027-01-01")).iter().map(|s| s.get(8..10).unwrap().to_owned()).collect::<Vec<_>>()
    };
    // DTSTART is taken out where the rule meets it, and only there.
    assert_eq!(left("EXRULE:FREQ=WEEKLY\n"), ["24", "25", "26", "27", "28", "29", "31", "01"]);
    assert_eq!(left("EXRULE:FREQ=WEEKLY;BYDAY=SA,SU\n"), ["23", "24", "25", "26", "27", "30", "31", "01"]);
    // Neither another hour nor what comes after its end.
    assert_eq!(left("EXRULE:FREQ=DAILY;BYHOUR=9\n").len(), 10);
    assert_eq!(left("EXRULE:FREQ=DAILY;UNTIL=20260330T080000Z\n"), ["31", "01"]);
    assert_eq!(left("EXRULE:FREQ=DAILY;COUNT=9\n"), ["01"]);
    assert_eq!(left("EXRULE:FREQ=SECONDLY\n"), [""; 0]);
    // Dates are taken out too (RFC 2445 §4.8.5.2), overrides are not.
    assert_eq!(left("RDATE:20260404T100000,20260403T100000,20260405T100000\nEXRULE:FREQ=WEEKLY;BYDAY=SA\n").last().unwrap(), "05");
    let moved = "RECURRENCE-ID;TZID=Europe/Berlin:20260324T100000\nDTSTART;TZID=Europe/Berlin:20260324T150000\n";
    assert_eq!(starts(&[&series("EXRULE:FREQ=DAILY\n"), moved], between("2026-01-01", "2027-01-01")), ["2026-03-24 14:00"]);
    // Far from DTSTART neither costs the years between, whether the exception is dense or rare.
    for exception in ["FREQ=SECONDLY;BYHOUR=10;BYMINUTE=0;BYSECOND=0;BYDAY=SU", "FREQ=YEARLY;BYDAY=SU", "FREQ=WEEKLY;BYDAY=SU"] {
        let endless = format!("DTSTART:20000103T100000Z\nRRULE:FREQ=DAILY\nEXRULE:{exception}\n");
        assert_eq!(starts(&[&endless], between("2900-01-01", "2901-01-01")).len(), 313, "{exception}");
    }
}

#[test]
fn two_instances_on_one_instant_are_one() {
    let hourly = "DTSTART;TZID=Europe/Berlin:20260329T003000\nRRULE:FREQ=HOURLY;COUNT=5\n";
    let found = starts(&[hourly], between("2026-01-01", "2027-01-01"));
    assert_eq!(found, ["2026-03-28 23:30", "2026-03-29 00:30", "2026-03-29 01:30", "2026-03-29 02:30"]);
}

#[test]
fn dtstart_counts_even_where_the_rule_misses_it() {
    let found = starts(&["DTSTART:20260101T100000Z\nRRULE:FREQ=WEEKLY;BYDAY=FR;COUNT=3\n"], between("2026-01-01", "2027-01-01"));
    assert_eq!(found, ["2026-01-01 10:00", "2026-01-02 10:00", "2026-01-09 10:00"]);
}

#[test]
fn overrides_take_the_place_of_instances() {
    let master = "DTSTART;TZID=Europe/Berlin:20260105T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=5\n";
    let moved = "RECURRENCE-ID;TZID=Europe/Berlin:20260106T100000\nDTSTART;TZID=Europe/Berlin:20260206T150000\nDURATION:PT2H\n";
    let cancelled = "RECURRENCE-ID:20260107T090000Z\nDTSTART:20260107T090000Z\nDURATION:PT1H\nSTATUS:CANCELLED\n";
    let outside = "RECURRENCE-ID:20260301T090000Z\nDTSTART:20260302T090000Z\nTRANSP:TRANSPARENT\n";
    let by_day = "RECURRENCE-ID;VALUE=DATE:20260109\nDTSTART:20260109T120000Z\n";
    let object = object(&[master, moved, cancelled, outside, by_day]);
    let found = occurrences(&object, between("2026-01-01", "2027-01-01"), &berlin()).unwrap();
    let shown: Vec<String> = found.iter().map(|o| o.range.start_utc().format("%m-%d %H").to_string()).collect();
    assert_eq!(shown, ["01-05 09", "01-07 09", "01-08 09", "01-09 12", "02-06 14", "03-02 09"]);
    assert_eq!(found[1].status, Status::Cancelled);
    assert_eq!(found[4].recurrence_id, Some(at("2026-01-06 09:00")));
    assert_eq!(found[3].recurrence_id, Some(at("2026-01-09 09:00")));
    assert_eq!(found[5].transparency, Transparency::Transparent);
    // An instance that was moved away does not show where it was, and shows where it went.
    assert_eq!(occurrences(&object, between("2026-01-06", "2026-01-07"), &berlin()).unwrap(), []);
    assert_eq!(occurrences(&object, between("2026-02-06", "2026-02-07"), &berlin()).unwrap().len(), 1);
}

#[test]
fn this_and_future_moves_what_follows() {
    let master = "DTSTART;TZID=Europe/Berlin:20260323T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY\n";
    let later = "RECURRENCE-ID;TZID=Europe/Berlin;RANGE=THISANDFUTURE:20260330T100000\nDTSTART;TZID=Europe/Berlin:20260331T113000\nDURATION:PT2H\nSTATUS:TENTATIVE\n";
    let one = "RECURRENCE-ID;TZID=Europe/Berlin:20260413T100000\nDTSTART;TZID=Europe/Berlin:20260413T080000\nDURATION:PT1H\n";
    let found = occurrences(&object(&[master, later, one]), between("2026-03-20", "2026-04-22"), &berlin()).unwrap();
    let shown: Vec<(String, i64)> =
        found.iter().map(|o| (o.range.start_utc().format("%m-%d %H:%M").to_string(), o.range.seconds() / 3600)).collect();
    let expected = [("03-23 09:00", 1), ("03-31 09:30", 2), ("04-07 09:30", 2), ("04-13 06:00", 1), ("04-21 09:30", 2)];
    assert_eq!(shown, expected.map(|(day, hours)| (day.to_owned(), hours)));
    assert_eq!(found[2].status, Status::Tentative);
    assert_eq!(found[2].recurrence_id, Some(at("2026-04-06 08:00")));
    // Which instances there are is the master's to say: a rule or dates in the override change nothing.
    let ruled = format!("{later}RRULE:FREQ=DAILY;COUNT=20\nRDATE:20260415T090000Z\nEXDATE:20260406T080000Z\n");
    assert_eq!(occurrences(&object(&[master, &ruled, one]), between("2026-03-20", "2026-04-22"), &berlin()).unwrap(), found);
}

#[test]
fn a_series_of_seconds_costs_what_its_window_holds() {
    let master = "DTSTART;TZID=Europe/Berlin:20380422T091517\nDURATION:PT1S\nRRULE:FREQ=SECONDLY\n";
    let moved =
        "RECURRENCE-ID;TZID=Europe/Berlin;RANGE=THISANDFUTURE:20380422T091520\nDTSTART;TZID=Europe/Berlin:20380422T141520\nDURATION:P1D\n";
    let hour = TimeRange { start: at("2038-04-22 07:00"), end: at("2038-04-22 08:00") };
    assert_eq!(occurrences(&object(&[master, moved]), hour, &berlin()).unwrap().len(), 3);
}

#[test]
fn overrides_alone_are_enough() {
    let one = "RECURRENCE-ID:20260106T090000Z\nDTSTART:20260107T090000Z\n";
    let two = "RECURRENCE-ID:20260108T090000Z\nDTSTART:20260109T090000Z\n";
    assert_eq!(starts(&[one, two], between("2026-01-01", "2027-01-01")), ["2026-01-07 09:00", "2026-01-09 09:00"]);
}

#[test]
fn an_exact_length_stays_exact_and_days_follow_the_clock() {
    let exact = "DTSTART;TZID=Europe/Berlin:20260327T120000\nDTEND;TZID=Europe/Berlin:20260328T120000\nRRULE:FREQ=DAILY;COUNT=2\n";
    let nominal = "DTSTART;TZID=Europe/Berlin:20260327T120000\nDURATION:P1D\nRRULE:FREQ=DAILY;COUNT=2\n";
    let hours = |lines| {
        let found = occurrences(&object(&[lines]), between("2026-01-01", "2027-01-01"), &berlin()).unwrap();
        found.iter().map(|o| o.range.seconds() / 3600).collect::<Vec<_>>()
    };
    assert_eq!((hours(exact), hours(nominal)), (vec![24, 24], vec![24, 23]));
    assert_eq!(hours("DTSTART;VALUE=DATE:20260328\nRRULE:FREQ=DAILY;COUNT=2\n"), [24, 23]);
}

#[test]
fn nothing_costs_more_than_its_limit() {
    let year = between("2026-01-01", "2027-01-01");
    let endless = "DTSTART:20260101T000000Z\nRRULE:FREQ=SECONDLY\n";
    assert_eq!(refusal(&[endless], year), Precondition::MaxInstances);
    let never = "DTSTART:20260101T000000Z\nRRULE:FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31\n";
    assert_eq!(starts(&[never], year), ["2026-01-01 00:00"]);
    let all: Vec<String> = (0..60).map(|n| n.to_string()).collect();
    let all = all.join(",");
    let hours: Vec<String> = (0..24).map(|n| n.to_string()).collect();
    let product = format!(
        "DTSTART:20200101T000000Z\nRRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR={};BYMINUTE={all};BYSECOND={all}\n",
        hours.join(",")
    );
    assert_eq!(refusal(&[&product], year), Precondition::MaxInstances);
    assert_eq!(starts(&[&product], TimeRange { start: at("2026-07-01 12:00"), end: at("2026-07-01 12:02") }).len(), 120);
    let whole = TimeRange { start: TimeRange::MIN, end: TimeRange::MAX };
    for rule in [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MINUTELY;INTERVAL=1440;BYHOUR=3",
        "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYDAY=MO;BYSETPOS=366",
        "FREQ=YEARLY;INTERVAL=4294967295",
        "FREQ=SECONDLY;INTERVAL=4294967295",
        "FREQ=SECONDLY;COUNT=4000000000",
        "FREQ=DAILY;BYWEEKNO=53;BYYEARDAY=100",
    ] {
        let object = object(&[&format!("DTSTART:20260101T000000Z\nRRULE:{rule}\n")]);
        let _ = occurrences(&object, whole, &berlin());
        let _ = Series::read(&object, &berlin()).unwrap().span();
        assert!(occurs(&object, year, &berlin()).unwrap());
    }
}

#[test]
fn a_week_does_not_cost_the_years_before_it() {
    // 1.1 thousand million seconds lie between; walking them would meet the limit.
    let object = object(&["DTSTART:19900101T000000Z\nRRULE:FREQ=SECONDLY;INTERVAL=7\n"]);
    let hour = TimeRange { start: at("2026-07-01 12:00"), end: at("2026-07-01 13:00") };
    assert!(occurrences(&object, hour, &berlin()).unwrap().len() >= 514);
    let long_ago = TimeRange { start: at("1980-01-01 00:00"), end: at("1989-12-31 00:00") };
    assert_eq!(occurrences(&object, long_ago, &berlin()).unwrap(), []);
}

#[test]
fn rules_are_read_in_any_order_and_refused_with_a_reason() {
    let rule = Rule::parse("byday=-1su,2mo;freq=monthly;INTERVAL=2;").unwrap();
    assert_eq!((rule.frequency, rule.interval, rule.by_day[0].ordinal), (Frequency::Monthly, 2, -1));
    for bad in [
        "",
        "FREQ=OFTEN",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;COUNT=x",
        "FREQ=DAILY;BYDAY=0MO",
        "FREQ=DAILY;BYDAY=ö",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;BYMONTHDAY=0",
        "FREQ=DAILY;RSCALE=CHINESE",
        "FREQ=DAILY;SKIP=FORWARD",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=DAILY;BYHOUR=24",
    ] {
        assert!(Rule::parse(bad).is_err(), "{bad}");
    }
    assert_eq!(Rule::parse("FREQ=MONTHLY;BYDAY=-5SU").unwrap().by_day[0].ordinal, -5);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    #[test]
    fn a_range_in_two_halves_has_the_same_occurrences(
        which in 0_usize..6, from in -400_i64..900, first in 1_i64..90, second in 1_i64..90, odd in 0_i64..86_400,
    ) {
        let components: &[&str] = [
            &["DTSTART;TZID=Europe/Berlin:20260105T230000\nDURATION:PT5H\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR\nEXDATE;VALUE=DATE:20260116\n"][..],
            &["DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=20\nRDATE;VALUE=DATE:20260203\n"],
            &["DTSTART:20250105T230000\nDURATION:P3D\nRRULE:FREQ=YEARLY;BYDAY=1SU,-1SU\nRRULE:FREQ=MONTHLY;UNTIL=20270105T230000\n"],
            &["DTSTART;TZID=Africa/Cairo:20260401T003000\nDURATION:PT1H\nRRULE:FREQ=DAILY\n",
              "RECURRENCE-ID;TZID=Africa/Cairo;RANGE=THISANDFUTURE:20260501T003000\nDTSTART;TZID=Africa/Cairo:20260503T013000\nDURATION:P2D\n"],
            &["DTSTART:20260101T000000Z\nRRULE:FREQ=HOURLY;INTERVAL=5;BYHOUR=9,10,11\n"],
            &["DTSTART:20260301T000000Z\nDTEND:20260310T000000Z\n"],
        ][which];
        let object = object(components);
        let start = at("2026-01-01 00:00") + from * 86_400 + odd;
        let (middle, end) = (start + first * 86_400, start + (first + second) * 86_400);
        let all = |start, end| occurrences(&object, TimeRange { start, end }, &berlin()).unwrap();
        let mut halves = all(start, middle);
        halves.extend(all(middle, end));
        halves.sort_by_key(|o| (o.range, o.recurrence_id));
        halves.dedup();
        prop_assert_eq!(halves, all(start, end));
        let span = Series::read(&object, &berlin()).unwrap().span().unwrap();
        for occurrence in all(start, end) {
            prop_assert!(span.start <= occurrence.range.start && occurrence.range.end <= span.end, "{:?} in {:?}", occurrence, span);
        }
    }
}

fn odd_times() -> impl Strategy<Value = String> {
    let years = prop_oneof![Just(0), Just(1), Just(2), Just(1969), Just(2026), Just(9998), Just(9999), 1..9999_i32];
    let ends = prop_oneof![Just((1, 1)), Just((2, 28)), Just((12, 31)), (1..13_u32, 1..29_u32)];
    let forms = proptest::sample::select(vec!["", "T000000Z", "T235959Z", "T023000", "T235960"]);
    (years, ends, forms).prop_map(|(year, (month, day), form)| format!("{year:04}{month:02}{day:02}{form}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_object_that_is_kept_can_be_asked(
        start in odd_times(), end in odd_times(), other in odd_times(), id in odd_times(),
        zone in proptest::sample::select(vec!["", ";TZID=Europe/Berlin", ";TZID=Pacific/Apia", ";TZID=Africa/Casablanca"]),
        length in proptest::sample::select(vec!["", "P1D", "PT0S", "P3659999D", "PT9999999999S", "P7W"]),
        rule in proptest::sample::select(vec!["", "FREQ=DAILY", "FREQ=YEARLY;BYWEEKNO=53,-1;COUNT=3", "FREQ=SECONDLY;BYSETPOS=-1", "FREQ=MONTHLY;BYDAY=-1SU"]),
        future in proptest::sample::select(vec!["", ";RANGE=THISANDFUTURE"]),
        component in proptest::sample::select(vec!["VEVENT", "VTODO", "VJOURNAL"]),
    ) {
        let mut lines = format!("DTSTART{zone}:{start}\n");
        if !length.is_empty() {
            lines.push_str(&format!("DURATION:{length}\n"));
        } else if component == "VEVENT" {
            lines.push_str(&format!("DTEND{zone}:{end}\n"));
        }
        if !rule.is_empty() {
            lines.push_str(&format!("RRULE:{rule}\nRDATE{zone}:{other}\nEXDATE:{end}\n"));
        }
        let text = format!("BEGIN:VCALENDAR\nBEGIN:{component}\nUID:a\n{lines}END:{component}\nBEGIN:{component}\nUID:a\n\
            RECURRENCE-ID{zone}{future}:{id}\nDTSTART:{other}\nEND:{component}\nEND:VCALENDAR\n");
        let object = CalendarObject::parse(Bytes::from(text)).unwrap();
        if object.check().is_err() {
            return Ok(());
        }
        let series = Series::read(&object, &berlin()).unwrap();
        let span = series.span().unwrap();
        for range in [between("0001-01-01", "0003-01-01"), between("2026-01-01", "2026-03-01"), between("9998-01-01", "9999-12-31"),
            TimeRange { start: TimeRange::MIN, end: TimeRange::MAX }, TimeRange { start: i64::MIN, end: i64::MAX }] {
            let _ = occurs(&object, range, &berlin());
            for occurrence in series.occurrences(range).unwrap_or_default() {
                prop_assert!(occurrence.meets(range) && span.start <= occurrence.range.start && occurrence.range.end <= span.end, "{occurrence:?} in {range:?} of {span:?}");
            }
            let _ = crate::index::Indexed::of(&object, range, &berlin()).unwrap();
        }
    }
}

#[test]
fn a_series_moved_across_a_change_of_offset_by_a_day_stays_in_its_span() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VTODO\nUID:a\nDTSTART;TZID=Pacific/Apia:00010228T023000\nDURATION:PT0S\nEND:VTODO\nBEGIN:VTODO\nUID:a\n\
        RECURRENCE-ID;TZID=Pacific/Apia;RANGE=THISANDFUTURE:00010101\nDTSTART:19690101\nEND:VTODO\nEND:VCALENDAR\n";
    let object = CalendarObject::parse(Bytes::from(text)).unwrap();
    let series = Series::read(&object, &berlin()).unwrap();
    let span = series.span().unwrap();
    for occurrence in series.occurrences(TimeRange { start: TimeRange::MIN, end: TimeRange::MAX }).unwrap() {
        assert!(span.start <= occurrence.range.start && occurrence.range.end <= span.end, "{occurrence:?} of {span:?}");
    }
}

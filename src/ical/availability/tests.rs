//! The RFC's examples from fixtures/availability, priorities, and what is refused.

use std::path::Path;

use super::*;
use crate::error::{Error, Precondition};
use crate::ical::freebusy;
use crate::ical::recurrence::occurrences;
use crate::ical::time::{Seconds, format_utc};
use bytes::Bytes;
use proptest::prelude::*;

fn instant(text: &str) -> Seconds {
    Moment::parse(text, None).unwrap().naive().and_utc().timestamp()
}

fn object(text: &str) -> CalendarObject {
    CalendarObject::parse(Bytes::from(text.to_owned())).unwrap()
}

/// A calendar of these VAVAILABILITYs, each of which gets a UID.
fn blocks(inner: &[&str]) -> CalendarObject {
    let blocks: String =
        inner.iter().enumerate().map(|(n, lines)| format!("BEGIN:VAVAILABILITY\nUID:{n}\n{lines}END:VAVAILABILITY\n")).collect();
    object(&format!("BEGIN:VCALENDAR\n{blocks}END:VCALENDAR\n"))
}

fn shown(busy: &[Busy]) -> Vec<String> {
    let text = |at| format_utc(crate::ical::time::instant(at));
    busy.iter().map(|b| format!("{} {} {}", b.kind.as_str(), text(b.range.start), text(b.range.end))).collect()
}

/// Busy periods of 5 January 2026 in hours, by kind.
fn day(inner: &[&str]) -> Vec<(i64, i64, &'static str)> {
    let start = instant("20260105T000000Z");
    let mut availability = Availability::default();
    availability.add(&blocks(inner), &Zone::UTC).unwrap();
    let range = TimeRange { start, end: start + 86_400 };
    let busy = availability.busy(range).unwrap();
    busy.iter().map(|b| ((b.range.start - start) / 3600, (b.range.end - start) / 3600, b.kind.as_str())).collect()
}

#[test]
fn every_fixture_has_the_busy_time_beside_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/availability");
    let mut seen = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "ics") {
            continue;
        }
        let object = object(&std::fs::read_to_string(&path).unwrap());
        let mut availability = Availability::default();
        availability.add(&object, &Zone::UTC).unwrap();
        for question in std::fs::read_to_string(path.with_extension("txt")).unwrap().split("range ").skip(1) {
            seen += 1;
            let (range, expected) = question.split_once('\n').unwrap();
            let (start, end) = range.split_once(' ').unwrap();
            let range = TimeRange { start: instant(start), end: instant(end) };
            let mut all = availability.busy(range).unwrap();
            if object.components().any(|node| node.name == "VEVENT") {
                all.extend(freebusy::busy(occurrences(&object, range, &Zone::UTC).unwrap(), range));
            }
            assert_eq!(shown(&merge(all)), expected.lines().collect::<Vec<_>>(), "{}", path.display());
        }
    }
    assert_eq!(seen, 7);
}

#[test]
fn a_higher_priority_hides_the_lower_ones_for_its_time() {
    let free = |uid: &str, from: u8, to: u8| {
        format!("BEGIN:AVAILABLE\nUID:{uid}\nDTSTART:20260105T{from:02}0000Z\nDTEND:20260105T{to:02}0000Z\nEND:AVAILABLE\n")
    };
    let base = free("a", 8, 18);
    let unavailable = "BUSY-UNAVAILABLE";
    assert_eq!(day(&[&base]), [(0, 8, unavailable), (18, 24, unavailable)]);
    // A holiday from noon on, which nothing below it opens again; PRIORITY:0 is the lowest.
    let off = "PRIORITY:9\nBUSYTYPE:BUSY\nDTSTART:20260105T120000Z\nDURATION:PT3H\n";
    let expected = [(0, 8, unavailable), (12, 15, "BUSY"), (18, 24, unavailable)];
    assert_eq!(day(&[off, &format!("PRIORITY:0\n{base}")]), expected);
    assert_eq!(day(&[&base, off]), expected);
    // One that is higher still opens an hour of it, and leaves what lies outside its time.
    let open = format!("PRIORITY:1\nDTSTART:20260105T130000Z\nDTEND:20260105T140000Z\n{}", free("b", 10, 16));
    assert_eq!(day(&[&base, off, &open]), [(0, 8, unavailable), (12, 13, "BUSY"), (14, 15, "BUSY"), (18, 24, unavailable)]);
    // Of one priority: the strongest kind, and what any of them opens is open.
    let tentative = format!("BUSYTYPE:BUSY-TENTATIVE\n{}", free("c", 16, 20));
    let busy = "BUSYTYPE:BUSY\nDTEND:20260105T040000Z\n";
    let odd = "BUSYTYPE:X-HOLIDAY\nDTSTART:20260105T230000Z\n";
    assert_eq!(day(&[&base, &tentative, busy]), [(0, 4, "BUSY"), (4, 8, unavailable), (20, 24, unavailable)]);
    assert_eq!(day(&[&tentative, odd]), [(0, 16, "BUSY-TENTATIVE"), (20, 23, "BUSY-TENTATIVE"), (23, 24, unavailable)]);
    assert_eq!(day(&[]), []);
}

#[test]
fn available_recurs_with_exceptions_and_overrides() {
    let weekly = "BEGIN:AVAILABLE\nUID:a\nDTSTART:20251201T080000Z\nDTEND:20251201T100000Z\nRRULE:FREQ=DAILY\nEXDATE:20260106T080000Z\nEND:AVAILABLE\n\
        BEGIN:AVAILABLE\nUID:a\nRECURRENCE-ID:20260105T080000Z\nDTSTART:20260105T200000Z\nDTEND:20260105T210000Z\nEND:AVAILABLE\n";
    assert_eq!(day(&[weekly]), [(0, 20, "BUSY-UNAVAILABLE"), (21, 24, "BUSY-UNAVAILABLE")]);
    let mut availability = Availability::default();
    availability.add(&blocks(&[weekly]), &Zone::UTC).unwrap();
    let start = instant("20260105T000000Z");
    let open = availability.open(TimeRange { start, end: start + 3 * 86_400 }).unwrap();
    let hours: Vec<i64> = open.iter().flat_map(|range| [(range.start - start) / 3600, (range.end - start) / 3600]).collect();
    assert_eq!(hours, [20, 21, 56, 58]);
    let endless = "BEGIN:AVAILABLE\nUID:a\nDTSTART:20251201T080000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY\nEND:AVAILABLE\n";
    let mut availability = Availability::default();
    availability.add(&blocks(&[endless]), &Zone::UTC).unwrap();
    let why = availability.busy(TimeRange { start, end: start + 86_400 });
    assert!(matches!(why, Err(Error::Refused(Precondition::MaxInstances, _))));
}

#[test]
fn what_breaks_the_rules_is_refused_with_its_line() {
    let available = |lines: &str| format!("BEGIN:AVAILABLE\nUID:a\n{lines}END:AVAILABLE\n");
    for (bad, why) in [
        ("DURATION:PT1H\n".to_owned(), "line 4, DURATION in VAVAILABILITY: there is no DTSTART"),
        ("DTSTART:20260105T000000\n".into(), "line 4, DTSTART in VAVAILABILITY: it must be in UTC or have a time zone"),
        ("DTSTART;VALUE=DATE:20260105\n".into(), "line 4, DTSTART in VAVAILABILITY: it must be in UTC or have a time zone"),
        ("PRIORITY:10\n".into(), "line 4, PRIORITY in VAVAILABILITY: it is a number from 0 to 9"),
        ("BUSYTYPE:BUSY\nBUSYTYPE:BUSY\n".into(), "line 5, BUSYTYPE in VAVAILABILITY: there are several"),
        ("DTSTART:20260105T000000Z\nDTEND:20260105T000000Z\n".into(), "line 5, DTEND in VAVAILABILITY: it does not lie after DTSTART"),
        (available(""), "line 4, DTSTART in AVAILABLE: it is missing"),
        (
            available("DTSTART:20260105T000000Z\nDTEND:20260105T010000Z\nDURATION:PT1H\n"),
            "line 8, DURATION in AVAILABLE: there is a DTEND too",
        ),
        (available("DTSTART:20260105T000000Z\nRRULE:FREQ=NEVER\n"), "line 7, RRULE in AVAILABLE: FREQ=NEVER can't be read"),
        (available("DTSTART:20260105T000000Z\n").repeat(2), "line 8, AVAILABLE: another has the same UID and RECURRENCE-ID"),
        (available("DTSTART:20260105T000000Z\n").repeat(MAX_AVAILABLE + 1), "line 804, AVAILABLE: there are more than 200"),
    ] {
        let refusal = Availability::default().add(&blocks(&[&bad]), &Zone::UTC);
        assert_eq!(refusal, Err(Error::Refused(Precondition::ValidCalendarData, why.to_owned())));
    }
    let missing = object("BEGIN:VCALENDAR\nBEGIN:VAVAILABILITY\nEND:VAVAILABILITY\nEND:VCALENDAR\n");
    assert!(check(&missing).is_err());
}

proptest! {
    #[test]
    fn each_second_is_what_the_highest_component_says(
        parts in proptest::collection::vec((0_u8..4, 0_i64..40, 1_i64..30, 0_i64..40, 1_i64..10, 0_usize..3), 0..8), start in 0_i64..30, len in 1_i64..40,
    ) {
        let kinds = ["BUSY-TENTATIVE", "BUSY-UNAVAILABLE", "BUSY"];
        let text = |at: i64| format_utc(crate::ical::time::instant(at));
        let lines: Vec<String> = parts.iter().map(|(priority, from, len, open, open_len, kind)| format!(
            "PRIORITY:{priority}\nBUSYTYPE:{}\nDTSTART:{}\nDTEND:{}\nBEGIN:AVAILABLE\nUID:a\nDTSTART:{}\nDTEND:{}\nEND:AVAILABLE\n",
            kinds[*kind], text(*from), text(from + len), text(*open), text(open + open_len),
        )).collect();
        let mut availability = Availability::default();
        availability.add(&blocks(&lines.iter().map(String::as_str).collect::<Vec<_>>()), &Zone::UTC).unwrap();
        let range = TimeRange { start, end: start + len };
        let (busy, open) = (availability.busy(range).unwrap(), availability.open(range).unwrap());
        for at in start..start + len {
            let covers = |from: i64, len: i64| (from..from + len).contains(&at);
            let here: Vec<_> = parts.iter().filter(|(_, from, len, ..)| covers(*from, *len)).collect();
            let highest = here.iter().map(|(priority, ..)| if *priority == 0 { 10 } else { *priority }).min();
            let group: Vec<_> = here.iter().filter(|(priority, ..)| Some(if *priority == 0 { 10 } else { *priority }) == highest).collect();
            let free = group.is_empty() || group.iter().any(|(_, _, _, open, len, _)| covers(*open, *len));
            let expected = if free { None } else { group.iter().map(|part| kinds[part.5]).max_by_key(|kind| kinds.iter().position(|k| k == kind)) };
            let second = TimeRange { start: at, end: at + 1 };
            prop_assert_eq!(busy.iter().find(|b| b.range.overlaps(second)).map(|b| b.kind.as_str()), expected);
            prop_assert_eq!(open.iter().any(|range| range.overlaps(second)), free);
        }
    }
}

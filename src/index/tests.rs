use super::*;
use bytes::Bytes;
use proptest::prelude::*;

const DAY: i64 = 86_400;
/// 2026-01-01 to 2028-01-01.
const HORIZON: TimeRange = TimeRange { start: 1_767_225_600, end: 1_767_225_600 + 730 * DAY };

fn object(lines: &str) -> CalendarObject {
    let text = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\n{lines}END:VEVENT\nEND:VCALENDAR\n");
    CalendarObject::parse(Bytes::from(text)).unwrap()
}

fn name(n: u8) -> Name {
    Name::new(&format!("{n}.ics")).unwrap()
}

fn days(from: i64, to: i64) -> TimeRange {
    TimeRange { start: HORIZON.start + from * DAY, end: HORIZON.start + to * DAY }
}

/// A small world of objects: single ones of all lengths, series with and without an end, one that is too much.
fn some(n: u8) -> CalendarObject {
    let day = u32::from(n) % 28 + 1;
    object(&match n % 8 {
        0 => format!("DTSTART:202602{day:02}T100000Z\nDURATION:PT1H\n"),
        1 => format!("DTSTART:202603{day:02}T100000Z\nDURATION:P{}D\n", n % 7 * 10),
        2 => format!(
            "DTSTART;TZID=Europe/Berlin:202510{day:02}T100000\nDURATION:PT45M\nRRULE:FREQ=WEEKLY\nEXDATE;TZID=Europe/Berlin:20260107T100000\n"
        ),
        3 => format!("DTSTART;VALUE=DATE:202601{day:02}\nRRULE:FREQ=DAILY;COUNT={}\n", n % 5 + 1),
        4 => format!("DTSTART:199001{day:02}T100000Z\nSTATUS:CANCELLED\n"),
        5 => "DTSTART:20260101T000000Z\nRRULE:FREQ=SECONDLY\n".to_owned(),
        6 => format!("DTSTART:202602{day:02}T220000\nDTEND:202803{day:02}T060000\nTRANSP:TRANSPARENT\n"),
        _ => format!("DTSTART:202512{day:02}T100000Z\nDURATION:PT2H\nRRULE:FREQ=MONTHLY;UNTIL=20280601T000000Z\n"),
    })
}

fn indexed(n: u8) -> Indexed {
    Indexed::of(&some(n), HORIZON, &Zone::named("Europe/Berlin").unwrap()).unwrap()
}

#[test]
fn single_events_are_there_whatever_their_date() {
    let mut index = Index::new(HORIZON);
    index.put(name(4), indexed(4));
    assert_eq!(index.query(days(-20_000, 0)).occurrences.len(), 1);
    assert!(index.query(days(-20_000, 20_000)).expand.is_empty());
    assert!(index.bytes() > 0 && index.len() == 1);
    index.remove(&name(4));
    assert!(index.is_empty() && index.query(days(-20_000, 0)) == Found::default());
}

#[test]
fn series_are_named_where_the_index_does_not_reach() {
    let mut index = Index::new(HORIZON);
    index.put(name(2), indexed(2));
    let week = index.query(days(14, 21));
    assert_eq!((week.occurrences.len(), week.expand.len()), (1, 0));
    for outside in [days(-30, 5), days(725, 740), days(10_000, 10_007), TimeRange { start: HORIZON.start, end: TimeRange::MAX }] {
        let found = index.query(outside);
        assert_eq!((found.occurrences.len(), found.expand), (0, vec![name(2)]));
    }
    // To know that it happens at all, an open end does not matter.
    let open = index.names(TimeRange { start: HORIZON.start, end: TimeRange::MAX });
    assert!(open.found.contains(&name(2)) && open.expand.is_empty());
    assert!(index.query(days(-200, -100)).expand.is_empty());
    index.put(name(2), indexed(5));
    assert_eq!(index.query(days(3, 4)).expand, [name(2)]);
    assert!(index.query(days(-4, -3)).expand.is_empty());
}

#[test]
fn a_question_within_the_horizon_looks_at_no_series_that_goes_on_outside_of_it() {
    let mut index = Index::new(HORIZON);
    let count = |index: &Index, range| index.candidates(range).count();
    // Over long ago, begun before and without an end, begun within and ending after: none of them costs a week within.
    let ended = object("DTSTART:20010101T100000Z\nRRULE:FREQ=YEARLY;COUNT=3\n");
    for n in 0..100 {
        let indexed = if n < 50 { Indexed::of(&ended, HORIZON, &Zone::UTC).unwrap() } else { indexed(if n % 2 == 0 { 2 } else { 7 }) };
        index.put(name(n), indexed);
    }
    assert_eq!(count(&index, days(100, 107)), 0);
    assert_eq!((count(&index, days(800, 807)), count(&index, days(-3, 4)), count(&index, days(-9_000, -8_990))), (50, 50, 100));
    // What has too many instances is worked out wherever it goes on.
    index.put(name(0), indexed(5));
    assert_eq!((count(&index, days(100, 107)), index.query(days(100, 107)).expand), (1, vec![name(0)]));
    (0..100).for_each(|n| index.remove(&name(n)));
    assert!(index.before.is_empty() && index.after.is_empty() && index.beyond.is_empty());
}

#[test]
fn facts_say_which_objects_must_be_read() {
    let zone = Zone::named("Europe/Berlin").unwrap();
    for (n, recurring, end) in [(0, false, None), (2, true, Some(TimeRange::MAX)), (3, true, None), (6, true, None), (4, false, None)] {
        let facts = Facts::of(&some(n), &zone).unwrap();
        assert_eq!(facts.recurring, recurring, "{n}");
        if let Some(end) = end {
            assert_eq!(facts.span.unwrap().end, end);
        }
        if !recurring {
            let entry = Entry {
                name: name(n),
                etag: crate::collection::Etag::of(b""),
                uid: "a".into(),
                component: crate::ical::component::Component::Event,
                span: facts.span,
                status: facts.status,
                transparency: facts.transparency,
                recurring,
                size: 0,
                modified: 0,
                version: crate::collection::Version(1),
                schedule_tag: None,
                buffer: Some(facts.buffer),
            };
            assert_eq!(Indexed::of_entry(&entry).unwrap(), indexed(n));
        }
    }
}

#[test]
fn a_stored_vfreebusy_counts_as_it_says() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\nUID:a\nDTSTART:20260101T000000Z\nDTEND:20260110T000000Z\n\
        FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260102T100000Z/PT2H\nFREEBUSY:20260102T110000Z/PT2H,20260103T100000Z/PT1H\n\
        FREEBUSY;FBTYPE=FREE:20260104T100000Z/PT1H\nFREEBUSY;FBTYPE=BUSY-TENTATIVE:20260105T100000Z/PT1H\n\
        FREEBUSY;FBTYPE=X-AWAY:20260106T100000Z/PT1H\nEND:VFREEBUSY\nEND:VCALENDAR\n";
    let object = CalendarObject::parse(bytes::Bytes::from_static(text.as_bytes())).unwrap();
    assert_eq!(object.check().unwrap().component, crate::ical::component::Component::FreeBusy);
    // The facts alone don't do: it is read again whenever an index is built.
    assert!(Facts::of(&object, &Zone::UTC).unwrap().recurring);
    let january = TimeRange { start: 1_767_225_600, end: 1_767_225_600 + 31 * 86_400 };
    let mut index = Index::new(days(0, 1));
    index.put(name(1), Indexed::of(&object, index.horizon(), &Zone::UTC).unwrap());
    let found = index.query(january);
    assert!(found.expand.is_empty());
    let busy = crate::ical::freebusy::busy(found.occurrences.into_iter().map(|(_, occurrence)| occurrence), january);
    let hour = |at: Seconds| (at - january.start) / 3600;
    let shown: Vec<(i64, i64, &str)> = busy.iter().map(|b| (hour(b.range.start), hour(b.range.end), b.kind.as_str())).collect();
    assert_eq!(shown, [(34, 35, "BUSY-UNAVAILABLE"), (35, 37, "BUSY"), (58, 59, "BUSY"), (106, 107, "BUSY-TENTATIVE"), (130, 131, "BUSY")]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn after_any_sequence_it_is_as_if_built_anew_and_tells_the_truth(
        steps in proptest::collection::vec((0_u8..12, 0_u8..60, any::<bool>()), 0..40), from in -60_i64..800, len in 1_i64..100,
    ) {
        let mut index = Index::new(HORIZON);
        let mut truth: BTreeMap<Name, u8> = BTreeMap::new();
        for (at, kind, remove) in steps {
            if remove {
                index.remove(&name(at));
                truth.remove(&name(at));
            } else {
                index.put(name(at), indexed(kind));
                truth.insert(name(at), kind);
            }
        }
        let mut anew = Index::new(HORIZON);
        for (name, kind) in &truth {
            anew.put(name.clone(), indexed(*kind));
        }
        let range = days(from, from + len);
        let found = index.query(range);
        prop_assert_eq!(&found, &anew.query(range));
        let sorted = |mut occurrences: Vec<Occurrence>| {
            occurrences.sort_by_key(|occurrence| format!("{occurrence:?}"));
            occurrences
        };
        let times = index.times(range);
        let named = found.occurrences.iter().map(|(_, occurrence)| *occurrence).collect();
        prop_assert_eq!((sorted(times.occurrences), &times.expand), (sorted(named), &found.expand));
        prop_assert_eq!(index.names(range), anew.names(range));
        prop_assert_eq!(index.len(), anew.len());
        let zone = Zone::named("Europe/Berlin").unwrap();
        for (name, kind) in &truth {
            let got: Vec<Occurrence> = found.occurrences.iter().filter(|(n, _)| n == name).map(|(_, o)| *o).collect();
            if found.expand.contains(name) {
                prop_assert!(got.is_empty());
            } else {
                prop_assert_eq!(got, crate::ical::recurrence::occurrences(&some(*kind), range, &zone).unwrap());
            }
        }
    }
}

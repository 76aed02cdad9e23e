use super::*;
use bytes::Bytes;

fn object(text: &str) -> CalendarObject {
    CalendarObject::parse(Bytes::from(format!("BEGIN:VCALENDAR\n{text}END:VCALENDAR\n"))).unwrap()
}

fn event(lines: &str) -> CalendarObject {
    object(&format!("BEGIN:VEVENT\nUID:a\n{lines}END:VEVENT\n"))
}

fn utc(text: &str) -> Seconds {
    Moment::parse(text, None).unwrap().naive().and_utc().timestamp()
}

fn range(start: &str, end: &str) -> TimeRange {
    TimeRange { start: utc(start), end: utc(end) }
}

fn comp(name: &str, conditions: CompConditions) -> CompFilter {
    CompFilter { name: name.into(), test: CompTest::Defined(conditions) }
}

fn calendar(inner: CompFilter) -> Filter {
    Filter(comp("VCALENDAR", CompConditions { comps: vec![inner], ..Default::default() }))
}

fn timed(name: &str, range: TimeRange) -> Filter {
    calendar(comp(name, CompConditions { time_range: Some(range), ..Default::default() }))
}

fn prop(name: &str, test: PropTest) -> Filter {
    calendar(comp("VEVENT", CompConditions { props: vec![PropFilter { name: name.into(), test }], ..Default::default() }))
}

fn text(text: &str, collation: Collation, negated: bool) -> TextMatch {
    TextMatch { text: text.into(), collation, negated }
}

fn met(filter: &Filter, object: &CalendarObject) -> bool {
    matches(filter, object, &Zone::named("Europe/Berlin").unwrap())
}

#[test]
fn text_is_matched_by_collation() {
    let party =
        event("DTSTART:20260101T000000Z\nSUMMARY:Große Feier\\, Übung\nATTENDEE;PARTSTAT=NEEDS-ACTION;CN=\"A;b\":mailto:x@y.example\n");
    let summary = |t: TextMatch| met(&prop("SUMMARY", PropTest::Defined(Some(ValueTest::Text(t)), vec![])), &party);
    assert!(summary(text("FEIER, ", Collation::AsciiCasemap, false)));
    assert!(!summary(text("übung", Collation::AsciiCasemap, false)));
    assert!(summary(text("übung", Collation::UnicodeCasemap, false)));
    // No single letter is the titlecase of ß (RFC 5051 §2, step 2a).
    assert!(summary(text("GROßE", Collation::UnicodeCasemap, false)) && !summary(text("GROSSE", Collation::UnicodeCasemap, false)));
    assert!(!summary(text("feier", Collation::Octet, false)) && summary(text("feier", Collation::Octet, true)));
    let attendee = |test: ParamTest, name: &str| {
        let params = vec![ParamFilter { name: name.into(), test }];
        met(&prop("ATTENDEE", PropTest::Defined(None, params)), &party)
    };
    assert!(attendee(ParamTest::Text(text("needs-action", Collation::AsciiCasemap, false)), "PARTSTAT"));
    assert!(attendee(ParamTest::NotDefined, "ROLE") && !attendee(ParamTest::Defined, "ROLE") && attendee(ParamTest::Defined, "cn"));
    assert!(met(&prop("LOCATION", PropTest::NotDefined), &party) && !met(&prop("SUMMARY", PropTest::NotDefined), &party));
    assert_eq!(Collation::from_name("i;octet"), Some(Collation::Octet));
    assert_eq!(Collation::from_name("i;basic"), None);
}

#[test]
fn time_ranges_follow_rfc4791_9_9() {
    let day = range("20260105T000000Z", "20260106T000000Z");
    for (lines, expected) in [
        ("DTSTART:20260105T000000Z\n", true),
        ("DTSTART:20260106T000000Z\n", false),
        ("DTSTART:20260104T230000Z\nDTEND:20260105T000000Z\n", false),
        ("DTSTART:20260104T230000Z\nDURATION:PT1H1S\n", true),
        ("DTSTART:20260105T000000Z\nDURATION:PT0S\n", true),
        // Midnight in Berlin is an hour before midnight in UTC.
        ("DTSTART;VALUE=DATE:20260106\n", true),
        ("DTSTART;VALUE=DATE:20260104\n", false),
        ("DTSTART;VALUE=DATE:20260104\nDTEND;VALUE=DATE:20260106\n", true),
        ("DTSTART:19970101T120000Z\nRRULE:FREQ=WEEKLY;BYDAY=MO\n", true),
        ("DTSTART:19970101T120000Z\nRRULE:FREQ=WEEKLY;BYDAY=TU\n", false),
    ] {
        assert_eq!(met(&timed("VEVENT", day), &event(lines)), expected, "{lines}");
    }
    let todo = |lines: &str| met(&timed("VTODO", day), &object(&format!("BEGIN:VTODO\nUID:a\n{lines}END:VTODO\n")));
    for (lines, expected) in [
        ("DTSTART:20260104T000000Z\nDURATION:P1D\n", true),
        ("DTSTART:20260104T000000Z\nDURATION:PT1H\n", false),
        ("DTSTART:20260104T000000Z\nDUE:20260105T000000Z\n", false),
        ("DTSTART:20260105T000000Z\nDUE:20260105T000000Z\n", true),
        ("DTSTART:20260105T000000Z\n", true),
        ("DUE:20260105T000000Z\n", false),
        ("DUE:20260106T000000Z\n", true),
        ("DUE:20260106T000001Z\n", false),
        ("COMPLETED:20260104T000000Z\nCREATED:20260107T000000Z\n", true),
        ("COMPLETED:20260106T000000Z\n", true),
        ("COMPLETED:20260106T000001Z\n", false),
        ("CREATED:20260105T235959Z\n", true),
        ("CREATED:20260106T000000Z\n", false),
        ("", true),
    ] {
        assert_eq!(todo(lines), expected, "{lines}");
    }
    let journal = |lines: &str| met(&timed("VJOURNAL", day), &object(&format!("BEGIN:VJOURNAL\nUID:a\n{lines}END:VJOURNAL\n")));
    assert!(journal("DTSTART:20260105T000000Z\n") && journal("DTSTART;VALUE=DATE:20260105\n") && !journal(""));
    let busy = |lines: &str| met(&timed("VFREEBUSY", day), &object(&format!("BEGIN:VFREEBUSY\nUID:a\n{lines}END:VFREEBUSY\n")));
    assert!(busy("DTSTART:20260104T000000Z\nDTEND:20260105T000000Z\n") && !busy(""));
    assert!(busy("FREEBUSY;FBTYPE=FREE:20260105T100000Z/PT1H,20260205T100000Z/PT1H\n") && !busy("FREEBUSY:20260106T000000Z/PT1H\n"));
}

#[test]
fn an_open_range_asks_for_the_first_only() {
    let open = TimeRange { start: utc("20260105T000000Z"), end: TimeRange::MAX };
    assert!(met(&timed("VEVENT", open), &event("DTSTART:19970101T120000Z\nRRULE:FREQ=SECONDLY\n")));
    assert!(!met(&timed("VEVENT", open), &event("DTSTART:19970101T120000Z\nRRULE:FREQ=DAILY;COUNT=20\n")));
}

#[test]
fn alarms_ring_before_or_after() {
    let with = |trigger: &str| {
        event(&format!("DTSTART:20260105T120000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\nBEGIN:VALARM\n{trigger}\nEND:VALARM\n"))
    };
    let asked = |start: &str, end: &str, object: &CalendarObject| {
        let alarm = comp("VALARM", CompConditions { time_range: Some(range(start, end)), ..Default::default() });
        met(&calendar(comp("VEVENT", CompConditions { comps: vec![alarm], ..Default::default() })), object)
    };
    let before = with("TRIGGER:-PT15M");
    assert!(asked("20260106T114500Z", "20260106T114501Z", &before) && !asked("20260106T114501Z", "20260107T114500Z", &before));
    let after = with("TRIGGER;RELATED=END:PT10M\nREPEAT:2\nDURATION:PT5M");
    assert!(asked("20260106T132000Z", "20260106T132001Z", &after) && !asked("20260106T132001Z", "20260107T120000Z", &after));
    let fixed = with("TRIGGER;VALUE=DATE-TIME:20260101T080000Z");
    assert!(asked("20260101T000000Z", "20260102T000000Z", &fixed) && !asked("20260102T000000Z", "20260202T000000Z", &fixed));
}

#[test]
fn knows_when_the_index_alone_answers() {
    let all = range("20260105T000000Z", "20260106T000000Z");
    assert_eq!(timed("VEVENT", all).only_time_range(), Some((Component::Event, all)));
    assert_eq!(timed("VALARM", all).only_time_range(), None);
    assert_eq!(prop("SUMMARY", PropTest::NotDefined).only_time_range(), None);
    assert_eq!(calendar(comp("vtodo", CompConditions::default())).only_component(), Some(Component::Todo));
    assert_eq!(timed("VEVENT", all).only_component(), None);
}

#[test]
fn property_ranges_and_absence() {
    let dtend = |lines: &str| {
        let test = PropTest::Defined(Some(ValueTest::TimeRange(range("20260105T120000Z", "20260105T130000Z"))), vec![]);
        met(&prop("DTEND", test), &event(lines))
    };
    assert!(dtend("DTSTART:20260105T110000Z\nDURATION:PT1H\n") && !dtend("DTSTART:20260105T110000Z\nDURATION:PT2H\n"));
    assert!(dtend("DTSTART:20260105T110000Z\nDTEND:20260105T125959Z\n") && !dtend("DTSTART:20260105T110000Z\n"));
    let no_todo = calendar(CompFilter { name: "VTODO".into(), test: CompTest::NotDefined });
    assert!(met(&no_todo, &event("DTSTART:20260105T110000Z\n")));
}

/// A weekly series whose second instance is another and went to Friday.
fn weekly() -> CalendarObject {
    object(
        "BEGIN:VEVENT\nUID:a\nDTSTART:20260105T120000Z\nDURATION:PT1H\nSUMMARY:team\nRRULE:FREQ=WEEKLY;COUNT=4\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20260112T120000Z\nDTSTART:20260116T080000Z\nDURATION:PT2H\nSUMMARY:guest\n\
         BEGIN:VALARM\nTRIGGER:-PT30M\nEND:VALARM\nEND:VEVENT\n",
    )
}

#[test]
fn a_condition_and_a_range_are_about_one_component() {
    let asked = |summary: &str, start: &str, end: &str| {
        let value = ValueTest::Text(text(summary, Collation::Octet, false));
        let props = vec![PropFilter { name: "SUMMARY".into(), test: PropTest::Defined(Some(value), vec![]) }];
        let conditions = CompConditions { time_range: Some(range(start, end)), props, ..Default::default() };
        met(&calendar(comp("VEVENT", conditions)), &weekly())
    };
    let (first, moved) = (("20260105T000000Z", "20260106T000000Z"), ("20260116T000000Z", "20260117T000000Z"));
    assert!(asked("team", first.0, first.1) && !asked("guest", first.0, first.1));
    assert!(asked("guest", moved.0, moved.1) && !asked("team", moved.0, moved.1));
    // Where the instance was, nothing happens.
    assert!(!asked("team", "20260112T000000Z", "20260113T000000Z") && !asked("guest", "20260112T000000Z", "20260113T000000Z"));
    assert!(asked("team", "20260112T000000Z", "20260120T000000Z"));
    let alarm = |start: &str, end: &str| {
        let alarm = comp("VALARM", CompConditions { time_range: Some(range(start, end)), ..Default::default() });
        met(&calendar(comp("VEVENT", CompConditions { comps: vec![alarm], ..Default::default() })), &weekly())
    };
    assert!(alarm("20260116T073000Z", "20260116T073001Z") && !alarm("20260105T000000Z", "20260116T073000Z"));
    assert!(!alarm("20260116T073001Z", "20270101T000000Z"));
}

#[test]
fn an_override_of_all_that_follow_speaks_of_them() {
    let series = object(
        "BEGIN:VEVENT\nUID:a\nDTSTART:20260105T120000Z\nSUMMARY:old\nRRULE:FREQ=DAILY;COUNT=10\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:a\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260110T120000Z\nDTSTART:20260110T130000Z\nSUMMARY:new\nEND:VEVENT\n",
    );
    let asked = |summary: &str, day: u8| {
        let value = ValueTest::Text(text(summary, Collation::Octet, false));
        let props = vec![PropFilter { name: "SUMMARY".into(), test: PropTest::Defined(Some(value), vec![]) }];
        let time_range = Some(range(&format!("202601{day:02}T000000Z"), &format!("202601{:02}T000000Z", day + 1)));
        met(&calendar(comp("VEVENT", CompConditions { time_range, props, ..Default::default() })), &series)
    };
    for (day, speaks) in [(9, "old"), (10, "new"), (12, "new")] {
        assert_eq!((asked("old", day), asked("new", day)), (speaks == "old", speaks == "new"), "{day}");
    }
}

#[test]
fn a_property_is_where_each_instance_has_it() {
    let asked = |name: &str, start: &str, end: &str, object: &CalendarObject| {
        met(&prop(name, PropTest::Defined(Some(ValueTest::TimeRange(range(start, end))), vec![])), object)
    };
    let weekly = weekly();
    assert!(asked("DTSTART", "20260119T120000Z", "20260119T120001Z", &weekly));
    assert!(!asked("DTSTART", "20260119T120001Z", "20260126T120000Z", &weekly));
    assert!(asked("DTSTART", "20260116T080000Z", "20260116T090000Z", &weekly));
    assert!(!asked("DTSTART", "20260112T000000Z", "20260113T000000Z", &weekly));
    assert!(asked("DTEND", "20260126T130000Z", "20260126T130001Z", &weekly));
    assert!(!asked("DTEND", "20260126T130001Z", "20270101T000000Z", &weekly));
    let task = |lines: &str| object(&format!("BEGIN:VTODO\nUID:a\n{lines}END:VTODO\n"));
    let due = |start: &str, end: &str, object: &CalendarObject| {
        let test = PropTest::Defined(Some(ValueTest::TimeRange(range(start, end))), vec![]);
        let props = vec![PropFilter { name: "DUE".into(), test }];
        met(&calendar(comp("VTODO", CompConditions { props, ..Default::default() })), object)
    };
    for lines in ["DURATION:PT1H\n", "DUE:20260105T130000Z\n"] {
        let task = task(&format!("DTSTART:20260105T120000Z\nRRULE:FREQ=DAILY;COUNT=3\n{lines}"));
        assert!(due("20260107T130000Z", "20260107T130001Z", &task), "{lines}");
        assert!(!due("20260107T130001Z", "20270101T000000Z", &task) && !due("20260106T130001Z", "20260107T130000Z", &task), "{lines}");
    }
}

#[test]
fn a_component_in_a_component_has_its_own_time() {
    let poll = object(
        "BEGIN:VPOLL\nUID:a\nBEGIN:VEVENT\nPOLL-ITEM-ID:1\nDTSTART:20260105T120000Z\nDURATION:PT1H\nEND:VEVENT\n\
         BEGIN:VEVENT\nPOLL-ITEM-ID:2\nDTSTART:20260107T120000Z\nDURATION:PT1H\nEND:VEVENT\nEND:VPOLL\n",
    );
    let asked = |start: &str, end: &str| {
        let event = comp("VEVENT", CompConditions { time_range: Some(range(start, end)), ..Default::default() });
        met(&calendar(comp("VPOLL", CompConditions { comps: vec![event], ..Default::default() })), &poll)
    };
    assert!(asked("20260107T000000Z", "20260108T000000Z") && !asked("20260106T000000Z", "20260107T000000Z"));
}

use super::*;
use crate::ical::component::Component;
use proptest::prelude::*;

pub(crate) fn object(text: &str) -> CalendarObject {
    CalendarObject::parse(Bytes::copy_from_slice(text.as_bytes())).unwrap()
}

fn event(lines: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\n{}END:VEVENT\r\nEND:VCALENDAR\r\n", lines.replace('\n', "\r\n"))
}

fn why(text: &str) -> (Precondition, String) {
    match CalendarObject::parse_sent(Bytes::copy_from_slice(text.as_bytes())).and_then(|o| o.check()) {
        Err(Error::Refused(precondition, why)) => (precondition, why),
        other => panic!("{other:?}"),
    }
}

#[test]
fn reads_folds_inside_characters_parameters_and_positions() {
    let mut octets = b"\xEF\xBB\xBFbegin:vcalendar\nBEGIN:VEVENT\nSUMMARY;X-A=\"b;c:d\",e^nf;X-G:H\xC3".to_vec();
    octets.extend_from_slice(b"\r\n \xB6rger\xC3\n\t\xA4te\\, neu\\nx\n\nEND:VEVENT\nEND:vCalendar");
    let object = CalendarObject::parse(Bytes::from(octets.clone())).unwrap();
    let event = object.components().next().unwrap();
    let summary = event.first("summary").unwrap();
    assert_eq!(summary.value, "Hörgeräte\\, neu\\nx");
    assert_eq!(summary.text(), "Hörgeräte, neu\nx");
    assert_eq!(summary.param("x-a"), Some("b;c:d"));
    assert_eq!(summary.params[0].values[1], "e\nf");
    assert!(summary.params[1].values.is_empty());
    assert_eq!(summary.line, 3);
    assert!(octets[summary.span.clone()].starts_with(b"SUMMARY") && octets[summary.span.clone()].ends_with(b"neu\\nx\n"));
    assert!(octets[event.span.clone()].starts_with(b"BEGIN:VEVENT\n") && octets[event.span.clone()].ends_with(b"END:VEVENT\n"));
}

#[test]
fn a_fold_inside_a_character_stands_before_it_in_text() {
    for (sent, text) in [
        (&b"SUMMARY:H\xC3\r\n \xB6r"[..], "SUMMARY:H\r\n ör"),
        (b"SUMMARY:\xF0\n\t\x9F\x91\n \x82!", "SUMMARY:\n\t👂!"),
        (b"a\xC3\r\n \xA4\xC3\r\n \xA4\r\n b", "a\r\n ä\r\n ä\r\n b"),
        (b"a\xFFb\xC3\r\nc\xC3", "a\u{FFFD}b\u{FFFD}\r\nc\u{FFFD}"),
        ("ä\r\n ö".as_bytes(), "ä\r\n ö"),
    ] {
        assert_eq!(readable(sent), text);
    }
    let sent = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:H\xC3\r\n \xB6rger\xC3\r\n \xA4te\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let parsed = CalendarObject::parse(Bytes::from_static(sent)).unwrap();
    assert_eq!(object(&readable(sent)).shown().unwrap().text("SUMMARY"), parsed.shown().unwrap().text("SUMMARY"));
    // Copied into another object, it keeps its octets.
    let other = object("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
    let mut editor = Editor::new(&other);
    editor.copy(other.shown().unwrap(), "SUMMARY", &parsed, parsed.shown().unwrap()).unwrap();
    assert_eq!(&editor.finish()[..], sent);
}

#[test]
fn says_where_something_is_wrong() {
    let text = event("DTSTART:2026\n");
    assert_eq!(why(&text), (Precondition::ValidCalendarData, "line 5, DTSTART in VEVENT: it can't be read".into()));
    let text = event("DTSTART;TZID=Nowhere:20260101T000000\n");
    assert!(why(&text).1.contains("its TZID is no zone"));
    let text = event("DTSTART:20260101T000000Z\nRDATE;VALUE=PERIOD:20260102T000000Z/PD1H\n");
    assert!(why(&text).1.contains("RDATE in VEVENT: it can't be read"));
    assert!(why("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n").1.starts_with("line 3, END: VEVENT was begun on line 2"));
    assert!(why(&event("DTSTART:20260101T000000Z\nSUMMARY:a\u{8}b\n")).1.contains("U+0008"));
    assert!(why(&event("DTSTART:20260101T000000Z\nSUMMARY:a\rATTENDEE:b\n")).1.contains("U+000D"));
}

#[test]
fn keeps_within_limits() {
    let deep = "BEGIN:A\n".repeat(2_000);
    assert!(why(&deep).1.contains("nested deeper"));
    for line in ["SUMMARY:", "X-ALT-DESC;FMTTYPE=text/html:", "ATTACH;ENCODING=BASE64;VALUE=BINARY:"] {
        let long = event(&format!("DTSTART:20260101T000000Z\n{line}{}\n", "QUJD".repeat(250_000)));
        object(&long).check().unwrap();
    }
    let named = event(&format!("DTSTART:20260101T000000Z\nX-{}:1\n", "x".repeat(MAX_NAME)));
    assert!(why(&named).1.contains("longer than"));
    let headed = event(&format!("DTSTART:20260101T000000Z\nX-A;B=\"{}\":1\n", "x".repeat(MAX_HEAD)));
    assert!(why(&headed).1.contains("longer than"));
    let large = |octets: usize| event(&format!("DTSTART:20260101T000000Z\nATTACH:{}\n", "x".repeat(octets)));
    assert_eq!(why(&large(MAX_KEPT_SIZE)).0, Precondition::MaxResourceSize);
    let [kept, taken] = [MAX_KEPT_SIZE, MAX_OBJECT_SIZE].map(|most| object(&large(most - large(0).len())).octets().len());
    assert_eq!((kept, taken), (MAX_KEPT_SIZE, MAX_OBJECT_SIZE));
    assert!(fits(taken, 0).is_ok() && fits(taken + 1, 0).is_err() && fits(kept, kept).is_ok() && fits(kept, kept - 1).is_err());
    let file = |octets: usize| split(Bytes::from(large(octets - large(0).len()))).map(|objects| objects.len());
    assert!(file(MAX_OBJECT_SIZE) == Ok(1) && file(MAX_OBJECT_SIZE + 1).is_err(), "a file is refused before its first object is put");
    let many = event(&format!("DTSTART:20260101T000000Z\n{}", "X-A:b\n".repeat(MAX_PROPERTIES)));
    assert!(why(&many).1.contains("more than 20000 properties"));
    assert!(CalendarObject::parse(many.into()).is_ok(), "it may have become so by our own lines");
    let crowded = format!("BEGIN:VCALENDAR\n{}END:VCALENDAR\n", "BEGIN:VEVENT\nEND:VEVENT\n".repeat(MAX_COMPONENTS));
    assert!(why(&crowded).1.contains("more than 2000 components"));
}

#[test]
fn checks_what_a_collection_may_keep() {
    use Precondition::*;
    let kept = object(&event("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20260101\nX-B:c\n")).check().unwrap();
    assert_eq!(kept, Kept { component: Component::Event, uid: "a".into() });
    for sloppy in [
        "DTSTART;TZID=Europe/Berlin:20260101T100000\nRRULE:FREQ=DAILY;UNTIL=20260110T100000\nORGANIZER:MAILTO:x@y.example\n",
        "DTSTART:20260101T100000\n",
        "DTSTART;TZID=W. Europe Standard Time:20260101T100000\nDURATION:PT0S\n",
        "DTSTART;TZID=/mozilla.org/20050126_1/Europe/Berlin:20260101T100000\nEXDATE:\n",
    ] {
        object(&event(sloppy)).check().unwrap();
    }
    let start = "DTSTART:20260101T000000Z\n";
    for (text, precondition, part) in [
        (event(""), ValidCalendarData, "DTSTART in VEVENT: it is missing"),
        (event(&format!("{start}DTEND:20251231T000000Z\n")), ValidCalendarData, "before DTSTART"),
        (event(&format!("{start}DTEND:20260101T010000Z\nDURATION:PT1H\n")), ValidCalendarData, "DTEND too"),
        (event(&format!("{start}DURATION:-PT1H\n")), ValidCalendarData, "negative"),
        (event(&format!("{start}RRULE:FREQ=DAILY;BYMONTH=13\n")), ValidCalendarData, "BYMONTH=13"),
        (event(&format!("{start}RRULE:COUNT=2\n")), ValidCalendarData, "no FREQ"),
        (event(&format!("{start}UID:b\n")), ValidCalendarObjectResource, "several"),
        (event(&format!("{start}END:VEVENT\nBEGIN:VEVENT\nUID:b\n{start}")), ValidCalendarObjectResource, "one UID"),
        (event(&format!("{start}END:VEVENT\nBEGIN:VEVENT\nUID:a\n{start}")), ValidCalendarObjectResource, "without RECURRENCE-ID"),
        (
            event(&format!("{start}END:VEVENT\nBEGIN:VTODO\nUID:a\n")).replacen("END:VEVENT\r\nEND:VCAL", "END:VTODO\r\nEND:VCAL", 1),
            ValidCalendarObjectResource,
            "one type",
        ),
        (event(start).replace("VERSION:2.0", "VERSION:1.0"), SupportedCalendarData, "2.0"),
        (event(start).replace("VERSION:2.0", "METHOD:PUBLISH"), ValidCalendarObjectResource, "METHOD"),
        (event(start).replace("VEVENT", "VTHING"), SupportedCalendarComponent, "VTHING"),
        (event(start).replace("UID:a", "X-UID:a"), ValidCalendarObjectResource, "missing"),
    ] {
        let refusal = why(&text);
        assert!(refusal.0 == precondition && refusal.1.contains(part), "{refusal:?} for {text}");
    }
    let twice = format!(
        "{start}RECURRENCE-ID:20260102T000000Z\nEND:VEVENT\nBEGIN:VEVENT\nUID:a\n{start}RECURRENCE-ID;TZID=Europe/Berlin:20260102T010000\n"
    );
    assert!(why(&event(&twice)).1.contains("another has the same"));
}

#[test]
fn writes_lines_that_nothing_can_break_out_of() {
    assert_eq!(
        line("ATTENDEE", &[("CN", "a\"b;c\n^")], "mailto:x@y.example").unwrap(),
        "ATTENDEE;CN=\"a^'b;c^n^^\":mailto:x@y.example\r\n"
    );
    assert!(line("SUMMARY", &[], "hi\r\nATTENDEE:x").is_err());
    assert!(line("SUM MARY", &[], "hi").is_err());
    assert!(line("X-A", &[("B:c", "d")], "hi").is_err());
    assert!(line("X-A", &[("B", "d\u{7f}")], "hi").is_err());
    assert_eq!(escape_text("a,b;c\\d\r\ne\nf"), "a\\,b\\;c\\\\d\\ne\\nf");
    let folded = line("SUMMARY", &[], &"ä".repeat(1_000)).unwrap();
    assert!(folded.split("\r\n").all(|l| l.len() <= 75));
}

#[test]
fn edits_lines_in_the_newlines_of_the_object() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSTATUS:TENTATIVE\nX-Q:\n  folded\nstatus:CANCELLED\nBEGIN:VALARM\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR";
    let object = object(text);
    let event = object.master().unwrap();
    let mut editor = Editor::new(&object);
    editor.set(event, "STATUS", &[], "TENTATIVE").unwrap();
    editor.set(event, "STATUS", &[], "CONFIRMED").unwrap();
    editor.set(event, "SEQUENCE", &[], "1").unwrap();
    editor.set_text(event, "LOCATION", "Kabine 1, oben").unwrap();
    editor.remove(event, "X-Q").unwrap();
    editor.remove(event, "X-Absent").unwrap();
    let expected = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSTATUS:CONFIRMED\nSEQUENCE:1\nLOCATION:Kabine 1\\, oben\nBEGIN:VALARM\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR";
    assert_eq!(editor.finish(), expected.as_bytes());
}

#[test]
fn splits_a_file_into_one_object_for_each_uid() {
    let zone = "BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
    let part = |uid: &str, lines: &str| format!("BEGIN:VEVENT\r\nUID:{uid}\r\n{lines}END:VEVENT\r\n");
    let text = format!(
        "\u{feff}BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:PUBLISH\r\nX-WR-CALNAME:Fl\\, y\r\n{zone}{}{}{}END:VCALENDAR\r\nBEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n",
        part("1", "DTSTART;TZID=X:20260101T100000\r\nRRULE:FREQ=DAILY\r\nDESCRIPTION;X-P=\"a:b\":long \\, li\r\n ne\r\n"),
        part("2", "DTSTART:20260101T100000Z\r\n"),
        part("1", "RECURRENCE-ID;TZID=X:20260102T100000\r\nDTSTART;TZID=X:20260102T110000\r\n"),
        part("3", "DTSTART:20260101T100000Z\r\n"),
    );
    let objects = split(Bytes::from(text)).unwrap();
    assert_eq!(objects.iter().map(|o| o.check().unwrap().uid).collect::<Vec<_>>(), ["1", "2", "3"]);
    assert_eq!(objects[0].components().count(), 2);
    let texts: Vec<String> = objects.iter().map(|o| String::from_utf8(o.octets().to_vec()).unwrap()).collect();
    assert!(texts[0].contains("TZID:X\r\n") && texts[0].contains("li\r\n ne") && !texts[0].contains("METHOD"));
    assert!(!texts[1].contains("VTIMEZONE") && texts[1].contains("X-WR-CALNAME"));
    assert!(split(Bytes::from_static(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n")).is_err());
}

fn soup() -> impl Strategy<Value = Vec<u8>> {
    let words = proptest::sample::select(vec![
        &b"BEGIN:VCALENDAR\r\n"[..],
        b"END:VCALENDAR\r\n",
        b"BEGIN:VEVENT\n",
        b"END:VEVENT\n",
        b"UID:a\r\n",
        b"DTSTART;TZID=\"Europe/Berlin\":20260101T100000\r\n",
        b"RRULE:FREQ=DAILY;COUNT=3\n",
        b"SUMMARY:\xC3\r\n \xB6\r\n",
        b"X;Y=^n,\"a",
        b":",
        b"\r\n ",
        b"\n",
        b"\xFF",
        b"BEGIN:VTIMEZONE\n",
        b"DURATION:PT1H\n",
    ]);
    proptest::collection::vec(words, 0..30).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn parse_is_total(octets in prop_oneof![soup(), proptest::collection::vec(any::<u8>(), 0..300)]) {
        if let Ok(object) = CalendarObject::parse(Bytes::from(octets.clone())) {
            let _ = object.check();
            prop_assert_eq!(object.octets(), &octets);
        }
        let _ = split(Bytes::from(octets));
    }

    #[test]
    fn what_the_writer_writes_is_read_again(text in "\\PC{0,200}", param in "\\PC{0,80}", lines in "[a-z\n,;\\\\]{0,40}") {
        let value = escape_text(&format!("{text}{lines}"));
        let written = line("SUMMARY", &[("X-P", &param)], &value).unwrap();
        prop_assert!(written.split("\r\n").all(|l| l.len() <= 75));
        let object = object(&format!("BEGIN:VCALENDAR\r\n{written}END:VCALENDAR\r\n"));
        let property = &object.root().properties[0];
        prop_assert_eq!(property.text(), format!("{text}{lines}"));
        prop_assert_eq!(property.param("X-P"), Some(param.as_str()));
    }

    #[test]
    fn an_edit_changes_nothing_else(
        lines in proptest::collection::vec(("X-[A-D]", "[a-zäö]{0,90}"), 0..12),
        crlf in any::<bool>(), name in "X-[A-E]", value in "[a-z]{0,100}", removed in "X-[A-E]",
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let written: Vec<(String, String)> =
            lines.iter().map(|(n, v)| (n.clone(), line(n, &[], v).unwrap().replace("\r\n", end))).collect();
        let build = |lines: &[(String, String)]| {
            let body: String = lines.iter().map(|(_, l)| l.as_str()).collect();
            format!("BEGIN:VCALENDAR{end}BEGIN:VEVENT{end}{body}END:VEVENT{end}END:VCALENDAR{end}")
        };
        let object = object(&build(&written));
        let mut editor = Editor::new(&object);
        editor.set(object.master().unwrap(), &name, &[], &value).unwrap();
        editor.remove(object.master().unwrap(), &removed).unwrap();
        let mut expected = written.clone();
        let new = (name.clone(), line(&name, &[], &value).unwrap().replace("\r\n", end));
        let first = expected.iter().position(|(n, _)| *n == name);
        match first {
            Some(at) => {
                expected[at] = new;
                let mut kept = 0;
                expected.retain(|(n, _)| { let keep = *n != name || kept == 0; kept += usize::from(*n == name); keep });
            }
            None => expected.push(new),
        }
        expected.retain(|(n, _)| *n != removed);
        prop_assert_eq!(editor.finish(), build(&expected).into_bytes());
    }

    #[test]
    fn what_was_read_and_written_anew_is_read_the_same(
        lines in proptest::collection::vec(("(X-[A-D]|SUMMARY|DTSTART)", proptest::option::of("\\PC{0,30}"), "\\PC{0,90}"), 0..12), cut in 1_usize..60,
    ) {
        // Each line as somebody else may have written it: folded anywhere, ended with LF.
        let mut sent = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n".to_vec();
        for (name, param, value) in &lines {
            let param = param.as_ref().map(|value| format!(";X-P=\"{}\"", value.replace('"', "'"))).unwrap_or_default();
            let content = format!("{name}{param}:{value}");
            sent.extend(content.as_bytes().chunks(cut).collect::<Vec<_>>().join(&b"\n "[..]));
            sent.push(b'\n');
        }
        sent.extend_from_slice(b"END:VEVENT\nEND:VCALENDAR\n");
        let object = CalendarObject::parse(Bytes::from(sent.clone())).unwrap();
        prop_assert_eq!(&object.octets()[..], &sent[..]);
        let event = &object.root().children[0];
        prop_assert_eq!(event.properties.iter().map(|p| p.value.clone()).collect::<Vec<_>>(), lines.iter().map(|l| l.2.clone()).collect::<Vec<_>>());
        let mut written = String::from("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n");
        for property in &event.properties {
            let params: Vec<(&str, &str)> = property.params.iter().map(|p| (p.name.as_str(), p.values[0].as_str())).collect();
            written.push_str(&line(&property.name, &params, &property.value).unwrap());
        }
        written.push_str("END:VEVENT\r\nEND:VCALENDAR\r\n");
        prop_assert!(written.lines().all(|line| line.len() <= 75));
        let again = CalendarObject::parse(Bytes::from(written)).unwrap();
        let content = |node: &Node| node.properties.iter().map(|p| (p.name.clone(), p.params.clone(), p.value.clone())).collect::<Vec<_>>();
        prop_assert_eq!(content(&again.root().children[0]), content(event));
    }
}

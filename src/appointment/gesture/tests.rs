//! States × signals, settling twice, and what staff may do to a DESCRIPTION without losing anything.

use proptest::prelude::*;

use super::text::Parts;
use super::*;
use crate::appointment::booking::{Customer, NewBooking, Own};
use crate::appointment::practice::{Id, Language, Location, Practice, Resource, ResourceKind, Text, Week};
use crate::appointment::service::Service;
use crate::appointment::words::STATES;
use crate::ical::object::{Editor, escape_text};
use crate::ical::time::{format_utc, instant};

const PAGE: &str = "https://termine.example/staff/appointment/ab";
const START: i64 = 1_795_000_000 - 1_795_000_000 % 3600;

fn zone() -> Zone {
    Zone::named("Europe/Berlin").unwrap()
}

fn customer() -> Customer {
    Customer {
        given_name: "Torsten".into(),
        family_name: "Tester".into(),
        email: "t.tester@example.org".into(),
        telephone: "+49 711 21475475".into(),
        comment: "Gerät pfeift: links. / Verlauf / Notizen".into(),
        own: vec![Own { id: "geraet".into(), label: "Gerät, welches?".into(), value: "Marke; Typ: X".into() }],
        reminder: true,
        ..Customer::default()
    }
}

fn requested(language: Language, customer: &Customer) -> CalendarObject {
    let text = String::from;
    let id = |id: &str| Id(id.into());
    let location = Location {
        id: id("l"),
        name: text("Filiale"),
        street: text("Marktplatz 1"),
        postcode: text("12345"),
        city: text("Stuttgart"),
        telephone: text("1"),
        email: text("a@b.example"),
        zone: text("Europe/Berlin"),
        region: None,
        holidays: Default::default(),
        hours: Week::default(),
    };
    let resource = Resource {
        id: id("r"),
        name: text("Kabine 1"),
        location: id("l"),
        kind: ResourceKind::Room,
        hours: None,
        online: true,
        public_busy: false,
    };
    let service = Service { lead_hours: 0, ..Service::new(id("beratung"), Text([(language, text("Beratung"))].into()), 60) };
    let practice = Practice::new(text("Praxis"), language);
    let new = NewBooking {
        uid: "0197f2c4-8a1e-4c55-9d0b-3b6f2f1c7a10",
        range: TimeRange { start: START, end: START + 3600 },
        location: &location,
        resource: &resource,
        beside: &[],
        service: &service,
        customer,
        language,
        practice: &practice,
        page: PAGE,
        now: instant(START - 86_400),
    };
    CalendarObject::parse(new.compose().unwrap()).unwrap()
}

fn settled(state: State, language: Language, revision: u32, line: Option<&str>) -> Settled<'static> {
    let line = line.map(str::to_owned);
    Settled {
        state,
        transparency: crate::ical::component::Transparency::Opaque,
        revision,
        service: "beratung",
        customer_language: Language::De,
        language,
        page: PAGE,
        time: TimeRange { start: START, end: START + 3600 },
        team: Default::default(),
        place: None,
        line,
        now: instant(START),
    }
}

fn standing(state: State) -> CalendarObject {
    let object = requested(Language::De, &customer());
    let what = settled(state, Language::De, 2, Some("24.03.2026 10:02 bestätigt von anna (Web)"));
    CalendarObject::parse(settle(&object, &object, &what).unwrap()).unwrap()
}

/// Whatever is typed stays in its line, and is read back, also after staff have edited around it.
#[test]
fn form_input_of_any_kind_is_one_vevent_and_reads_back() {
    let long = "0123456789".repeat(1_024);
    for typed in [
        "a\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil\r\n",
        "BEGIN:VEVENT",
        "a\\nSTATUS:CONFIRMED;x,y\\,\\;\\\\",
        "semi;colon,comma:colon\"quote\"",
        "\u{202e}drawkcab\u{2066} \u{200f}\u{feff}x",
        "x\nVerlauf\nNotizen\nE-Mail: evil@example.org\nErinnerung: nein",
        "Telefon: 0190 666666",
        long.as_str(),
        "👩‍👩‍👧‍👦🎉🦻 Ґалаґан 你好 مرحبا",
        "\u{0}\u{7}\u{1b}[31m\u{85}\u{2028}x",
    ] {
        let clean = booking::clean(typed);
        let mut typist = customer();
        (typist.comment, typist.city) = (clean.clone(), clean.clone());
        typist.own = vec![Own { id: "own".into(), label: "Frage; welche, wo?".into(), value: clean.clone() }];
        let object = requested(Language::De, &typist);
        let check = |object: &CalendarObject| {
            let text = String::from_utf8(object.octets().to_vec()).unwrap();
            assert_eq!(text.matches("BEGIN:VEVENT\r\n").count(), 1, "{typed:?}");
            assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n', '\u{202e}', '\u{0}'])), "{typed:?}");
            let unfolded = icalendar::parser::unfold(&text);
            let read = icalendar::parser::read_calendar(&unfolded).unwrap();
            assert_eq!(read.components.iter().filter(|component| component.name == "VEVENT").count(), 1);
            let found = booking::read(object, &zone()).unwrap();
            assert_eq!((&found.customer.comment, &found.customer.city), (&clean, &clean));
            assert_eq!((&found.customer.own[0].value, &found.customer.email), (&clean, &typist.email));
            assert!(found.customer.reminder && found.customer.telephone == typist.telephone);
        };
        check(&object);
        // Staff write on top, turn the lines round, and a program adds its own HTML.
        let event = object.master().unwrap();
        let Parts { mut head, history, notes } = Parts::of(&event.text("DESCRIPTION").unwrap());
        head.reverse();
        let text = [
            vec!["Rückruf, bitte!".to_owned()],
            head,
            vec![String::new(), "Verlauf".into()],
            history,
            vec!["Notizen".into(), "da: ja".into()],
            notes,
        ];
        let mut editor = Editor::new(&object);
        let html = [("ALTREP", "data:text/html,<b>E-Mail: evil@example.org</b>")];
        editor.set(event, "DESCRIPTION", &html, &escape_text(&text.concat().join("\n"))).unwrap();
        let sent = CalendarObject::parse(editor.finish()).unwrap();
        check(&sent);
        let after = settle(&sent, &object, &settled(State::Confirmed, Language::En, 2, None)).unwrap();
        check(&CalendarObject::parse(after).unwrap());
    }
}

#[test]
fn a_series_is_called_off_and_taken_back_with_its_exceptions() {
    let object = standing(State::Confirmed);
    let text = String::from_utf8(object.octets().to_vec()).unwrap();
    let exception = "BEGIN:VEVENT\r\nUID:0197f2c4-8a1e-4c55-9d0b-3b6f2f1c7a10\r\nRECURRENCE-ID:20260402T093000Z\r\nDTSTART:20260402T120000Z\r\nEND:VEVENT\r\n";
    let series = text.replace("END:VCALENDAR", &format!("{exception}END:VCALENDAR"));
    let series = CalendarObject::parse(series.into()).unwrap();
    let statuses = |object: &CalendarObject| object.components().map(|node| node.text("STATUS").unwrap_or_default()).collect::<Vec<_>>();
    assert_eq!(statuses(&series), ["CONFIRMED", ""]);
    let off = settle(&series, &series, &settled(State::Cancelled, Language::De, 3, None)).unwrap();
    let off = CalendarObject::parse(off).unwrap();
    assert_eq!(statuses(&off), ["CANCELLED", "CANCELLED"]);
    let back = settle(&off, &off, &settled(State::Confirmed, Language::De, 4, None)).unwrap();
    assert_eq!(statuses(&CalendarObject::parse(back).unwrap()), ["CONFIRMED", "CONFIRMED"]);
}

fn edited(object: &CalendarObject, changes: &[(&str, Option<&str>)]) -> CalendarObject {
    let event = object.master().unwrap();
    let mut editor = Editor::new(object);
    for (name, value) in changes {
        match value {
            Some(value) => editor.set_text(event, name, value).unwrap(),
            None => editor.remove(event, name).unwrap(),
        }
    }
    CalendarObject::parse(editor.finish()).unwrap()
}

fn meant(state: State, stale: bool, changes: &[(&str, Option<&str>)]) -> &'static str {
    let object = standing(state);
    meaning(state, stale, &object, &edited(&object, changes), &zone()).what
}

/// A name, the lines that change, and what that means in each state.
type Signal<'a> = (&'a str, Vec<(&'a str, Option<&'a str>)>, [&'a str; 6]);

#[test]
fn every_signal_in_every_state() {
    let title = "Beratung – Tester, Torsten";
    let off = format!("STORNO {title}");
    let signals: [Signal<'_>; 13] = [
        // In the order of STATES: requested, confirmed, cancelled, rejected, attended, no-show.
        ("confirmed", vec![("STATUS", Some("CONFIRMED"))], ["confirmed", "edited", "reopened", "reopened", "edited", "edited"]),
        ("cancelled", vec![("STATUS", Some("CANCELLED"))], ["declined", "cancelled", "edited", "edited", "cancelled", "cancelled"]),
        ("unknown status", vec![("STATUS", Some("TENTATIVE"))], ["edited"; 6]),
        ("no status", vec![("STATUS", None)], ["edited"; 6]),
        ("bare title", vec![("SUMMARY", Some(title))], ["confirmed", "edited", "reopened", "reopened", "edited", "edited"]),
        ("storno", vec![("SUMMARY", Some(&off))], ["declined", "cancelled", "edited", "edited", "cancelled", "cancelled"]),
        ("storniert", vec![("SUMMARY", Some("Storniert Tester"))], ["declined", "cancelled", "edited", "edited", "cancelled", "cancelled"]),
        ("ok", vec![("SUMMARY", Some("OK Beratung"))], ["confirmed", "edited", "reopened", "reopened", "edited", "edited"]),
        (
            "no colon",
            vec![("SUMMARY", Some("ANFRAGE Beratung – Tester"))],
            ["edited", "edited", "reopened", "reopened", "edited", "edited"],
        ),
        ("typed over", vec![("SUMMARY", Some("Mittagspause"))], ["edited"; 6]),
        ("emptied", vec![("SUMMARY", Some(""))], ["edited"; 6]),
        ("stripped", vec![("CATEGORIES", None), ("X-OPENSLOT-STATE", None), ("COLOR", None)], ["edited"; 6]),
        (
            "contradiction",
            vec![("STATUS", Some("CANCELLED")), ("CATEGORIES", Some("Wahrgenommen"))],
            ["unclear", "unclear", "edited", "edited", "cancelled", "unclear"],
        ),
    ];
    for (name, changes, expected) in signals {
        for (state, expected) in STATES.into_iter().zip(expected) {
            // A colon lost in front of a title that never had that prefix is a title without a prefix.
            let found = meant(state, false, &changes);
            if name == "no colon" && matches!(state, State::Cancelled | State::Rejected) {
                assert!(["edited", "reopened"].contains(&found), "{name} {state:?}");
                continue;
            }
            if name == "contradiction" {
                assert!(["edited", "unclear", "cancelled"].contains(&found), "{name} {state:?}: {found}");
                continue;
            }
            assert_eq!(found, expected, "{name} in {state:?}");
            let stale = meant(state, true, &changes);
            assert_eq!(stale, if state.blocks() { expected } else { "edited" }, "{name} in {state:?}, stale");
        }
    }
    assert_eq!(meant(State::Requested, false, &[("X-MICROSOFT-CDO-BUSYSTATUS", Some("BUSY"))]), "confirmed");
    assert_eq!(meant(State::Requested, false, &[("STATUS", Some("CANCELLED")), ("SUMMARY", Some(title))]), "unclear");
    assert_eq!(meant(State::Requested, false, &[("CATEGORIES", Some("Wichtig"))]), "confirmed");
    assert_eq!(meant(State::Confirmed, false, &[("CATEGORIES", Some("Geplatzt"))]), "no-show");
}

#[test]
fn settling_twice_changes_nothing_but_stamps() {
    for state in STATES {
        for language in Language::ALL {
            let object = requested(language, &customer());
            let once = settle(&object, &object, &settled(state, language, 2, None)).unwrap();
            let once = CalendarObject::parse(once).unwrap();
            let twice = CalendarObject::parse(settle(&once, &once, &settled(state, language, 2, None)).unwrap()).unwrap();
            let lines = |object: &CalendarObject| -> Vec<(String, String)> {
                let kept = object.master().unwrap().properties.iter().filter(|p| p.name != "SEQUENCE");
                kept.map(|p| (p.name.clone(), p.value.clone())).collect()
            };
            assert_eq!(lines(&once), lines(&twice), "{state:?}");
            let read = booking::read(&twice, &zone()).unwrap();
            assert_eq!((read.state, &read.customer), (state, &customer()), "{state:?}");
        }
    }
}

#[test]
fn a_sequence_at_its_end_stays_there() {
    let object = edited(&standing(State::Confirmed), &[("SEQUENCE", Some("4294967295"))]);
    let after = settle(&object, &object, &settled(State::Confirmed, Language::De, 3, None)).unwrap();
    assert_eq!(CalendarObject::parse(after).unwrap().master().unwrap().text("SEQUENCE").unwrap(), "4294967295");
}

#[test]
fn two_people_write_notes_and_both_stay() {
    let base = standing(State::Confirmed);
    let old = base.master().unwrap().text("DESCRIPTION").unwrap();
    let with = |changes: &[(&str, &str)]| {
        let text = changes.iter().fold(old.clone(), |text, (from, to)| text.replacen(from, to, 1));
        edited(&base, &[("DESCRIPTION", Some(&text))])
    };
    let current = with(&[("\nNotizen\n", "\nNotizen\nalte Geräte mitbringen\n"), ("t.tester@example.org", "neu@example.org")]);
    let current = CalendarObject::parse(settle(&current, &base, &settled(State::Confirmed, Language::De, 3, None)).unwrap()).unwrap();
    let sent = with(&[("\nNotizen\n", "\nNotizen\nruft vorher an\n"), ("+49 711 21475475", "+49 711 1")]);
    let merged = CalendarObject::parse(merge(&base, &current, &sent, &zone()).unwrap()).unwrap();
    let after = settle(&merged, &current, &settled(State::Confirmed, Language::De, 4, None)).unwrap();
    let booking = booking::read(&CalendarObject::parse(after).unwrap(), &zone()).unwrap();
    assert!(booking.notes.contains("alte Geräte mitbringen") && booking.notes.contains("ruft vorher an"), "{}", booking.notes);
    assert_eq!((booking.customer.email.as_str(), booking.customer.telephone.as_str()), ("neu@example.org", "+49 711 1"));
}

#[test]
fn a_stale_edit_in_other_words_does_not_undo_a_move() {
    let base = standing(State::Confirmed);
    let moved = edited(&base, &[]);
    let event = moved.master().unwrap();
    let mut editor = Editor::new(&moved);
    editor.set(event, "DTSTART", &[], &format_utc(instant(START + 7200))).unwrap();
    editor.set(event, "DTEND", &[], &format_utc(instant(START + 10_800))).unwrap();
    let moved = CalendarObject::parse(editor.finish()).unwrap();
    // The same time as in the base, written in UTC and with a DURATION.
    let mut editor = Editor::new(&base);
    let event = base.master().unwrap();
    editor.set(event, "DTSTART", &[], &format_utc(instant(START))).unwrap();
    editor.remove(event, "DTEND").unwrap();
    editor.set(event, "DURATION", &[], "PT1H").unwrap();
    let sent = CalendarObject::parse(editor.finish()).unwrap();
    let merged = CalendarObject::parse(merge(&base, &moved, &sent, &zone()).unwrap()).unwrap();
    let range = booking::read(&merged, &zone()).unwrap().range;
    assert_eq!(range, TimeRange { start: START + 7200, end: START + 10_800 });
    assert!(merged.master().unwrap().first("DURATION").is_none());
}

/// What staff do to a DESCRIPTION, line by line.
#[derive(Debug, Clone)]
enum Edit {
    Drop(usize),
    Insert(usize, String),
    Append(usize, String),
    Note(String),
    CutAfter(usize),
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let words = "[a-zäöü :,.–„]{0,20}|Status: x|Verlauf|Notizen|E-Mail: fremd@example[.]org|Bestätigen: telefonisch";
    let edit = prop_oneof![
        (0usize..24).prop_map(Edit::Drop),
        (0usize..24, words).prop_map(|(at, text)| Edit::Insert(at, text)),
        (0usize..24, "[a-z !]{1,8}").prop_map(|(at, text)| Edit::Append(at, text)),
        "[a-zäöü][a-zäöü ,.]{0,20}".prop_map(Edit::Note),
        (0usize..24).prop_map(Edit::CutAfter),
    ];
    proptest::collection::vec(edit, 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn staff_may_edit_a_description_as_they_like(edits in edits(), from in 0usize..6, to in 0usize..6) {
        let before = standing(STATES[from]);
        let old = before.master().unwrap().text("DESCRIPTION").unwrap();
        let mut lines: Vec<String> = old.lines().map(str::to_owned).collect();
        let (mut touched, mut notes) = (false, Vec::new());
        for edit in edits {
            let place = |at: usize, lines: &[String]| at.min(lines.len().saturating_sub(1));
            match edit {
                Edit::Drop(at) if !lines.is_empty() => {
                    let at = place(at, &lines);
                    let gone = lines.remove(at);
                    notes.retain(|note| *note != gone);
                }
                Edit::Insert(at, text) => {
                    touched |= text.contains(':');
                    lines.insert(at.min(lines.len()), text);
                }
                Edit::Append(at, text) if !lines.is_empty() => {
                    let at = place(at, &lines);
                    touched |= lines[at].contains(':');
                    notes.retain(|note| *note != lines[at]);
                    lines[at].push_str(&text);
                }
                Edit::Note(text) => {
                    lines.push(text.clone());
                    notes.push(text);
                }
                Edit::CutAfter(at) => {
                    lines.truncate(at);
                    notes.retain(|note| lines.contains(note));
                }
                _ => {}
            }
        }
        let text = lines.join("\n");
        let sent = edited(&before, &[("DESCRIPTION", Some(&text))]);
        let line = "25.03.2026 10:00 verschoben von anna (Web)";
        let after = settle(&sent, &before, &settled(STATES[to], Language::De, 3, Some(line))).unwrap();
        let after = CalendarObject::parse(after).unwrap();
        let written = after.master().unwrap().text("DESCRIPTION").unwrap();
        for note in &notes {
            prop_assert!(written.lines().any(|line| line.trim_end() == note.trim_end()), "{note:?} is lost:\n{written}");
        }
        // Nothing that staff typed goes, but blank lines, our own lines, and headings, which stand where they stand.
        for line in lines.iter().filter(|line| !line.trim().is_empty()) {
            let ours = words::is_hint(line) || words::heading(line, "history") || words::heading(line, "notes");
            let ours = ours || words::labelled(line, "status").is_some();
            prop_assert!(ours || written.contains(line.as_str()), "{line:?} is lost:\n{written}");
        }
        let history = Parts::of(&written).history;
        for line in Parts::of(&old).history.iter().map(String::as_str).chain([line]).filter(|line| !line.is_empty()) {
            prop_assert_eq!(history.iter().filter(|kept| *kept == line).count(), 1, "{}\n{}", line, written);
        }
        let read = booking::read(&after, &zone()).unwrap();
        if !touched {
            prop_assert_eq!(&read.customer, &customer(), "{}", written);
        }
        for field in Customer::FIELDS {
            prop_assert!(customer().field(field).is_empty() || !read.customer.field(field).is_empty() || touched, "{}", field);
        }
        let again = settle(&after, &after, &settled(STATES[to], Language::De, 3, None)).unwrap();
        let again = CalendarObject::parse(again).unwrap().master().unwrap().text("DESCRIPTION").unwrap();
        prop_assert_eq!(again, written);
    }
}

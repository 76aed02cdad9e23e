//! Every letter, in every language, read back.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use icalendar::{Calendar, CalendarComponent, Component};

use super::message::{Letter, Particulars, Sender, ascii_address, letter, publish};
use super::shown::{Shown, read_letter};
use crate::appointment::booking::{Booking, Customer, State};
use crate::appointment::notice::{Notice, NoticeKind, Recipient};
use crate::appointment::practice::{Id, Language, Location, MailCalendar, Practice, Resource, ResourceKind, Text, Week};
use crate::appointment::service::Service;
use crate::collection::{CollectionId, Version};
use crate::ical::time::TimeRange;
use crate::template::Templates;

const KINDS: [NoticeKind; 5] =
    [NoticeKind::Requested, NoticeKind::Confirmed, NoticeKind::Moved, NoticeKind::Cancelled, NoticeKind::Declined];
const LINK: &str = "https://termine.example/booking/AbC-_0123456789";

struct Scene {
    practice: Practice,
    sender: Sender,
    booking: Booking,
    templates: Templates,
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn practice() -> Practice {
    let names = [(Language::De, "Beratung".to_owned()), (Language::En, "Consultation".to_owned())];
    let id = |text: &str| Id(text.to_owned());
    Practice {
        copy_to: Some("termine@mustermann.example".into()),
        privacy_url: Some("https://mustermann.example/datenschutz".into()),
        imprint_url: Some("javascript:alert(1)".into()),
        notify_grace_seconds: 0,
        fields: BTreeMap::new(),
        locations: vec![Location {
            id: id("stuttgart"),
            name: "Filiale Stuttgart".into(),
            street: "Marktplatz 1".into(),
            postcode: "12345".into(),
            city: "Stuttgart".into(),
            telephone: "0711/46909151".into(),
            email: "info@mustermann.example".into(),
            zone: "Europe/Berlin".into(),
            region: None,
            holidays: Default::default(),
            hours: Week::default(),
        }],
        resources: vec![Resource {
            id: id("kabine-1"),
            name: "Kabine 1".into(),
            location: id("stuttgart"),
            kind: ResourceKind::Room,
            hours: None,
            online: true,
            public_busy: false,
        }],
        services: vec![Service { lead_hours: 0, ..Service::new(id("beratung"), Text(names.into()), 90) }],
        ..Practice::new("Hörgeräte Mustermann".into(), Language::De)
    }
}

fn customer() -> Customer {
    let text = str::to_owned;
    Customer {
        salutation: text("Herr"),
        given_name: text("Torsten"),
        family_name: text("Tester"),
        email: text("t.tester@exämple.org"),
        telephone: text("+49 711 21475475"),
        street: text("Hauptstraße 2"),
        postcode: text("70771"),
        city: text("Leinfelden"),
        comment: text("Gerät pfeift links."),
        ..Customer::default()
    }
}

fn scene(language: Language) -> Scene {
    let sender =
        Sender { address: "post@termine.example".into(), host: "termine.example".into(), public_url: "https://termine.example/".into() };
    let booking = Booking {
        uid: "0197f2c4-8a1e-7c55-9d0b-3b6f2f1c7a10".into(),
        revision: 1,
        state: State::Confirmed,
        range: TimeRange::new(at("2018-10-24T13:30:00Z"), at("2018-10-24T15:00:00Z")),
        zone: "Europe/Berlin".into(),
        service: Some(Id("beratung".into())),
        summary: "Beratung – Tester, Torsten".into(),
        place: "Kabine 1, Filiale Stuttgart".into(),
        resources: Vec::new(),
        customer: customer(),
        language,
        repeats: false,
        day: None,
        log: Vec::new(),
        notes: "staff's own".into(),
        created: at("2018-10-20T08:00:00Z"),
    };
    Scene { practice: practice(), sender, booking, templates: Templates::load(None).unwrap() }
}

impl Scene {
    fn particulars(&self) -> Particulars<'_> {
        Particulars {
            practice: &self.practice,
            sender: &self.sender,
            booking: &self.booking,
            resource: self.practice.resources.first(),
            beside: &[],
            location: self.practice.locations.first(),
            link: LINK,
            now: at("2018-10-20T08:15:02Z"),
        }
    }

    fn write(&self, kind: NoticeKind, to: Recipient, sequence: u32) -> Result<Letter, String> {
        let notice = Notice { uid: self.booking.uid.clone(), collection: CollectionId(1), version: Version(7), kind, to, sequence };
        let letter = letter(&self.templates, &notice, &self.particulars())?;
        assert_eq!(letter.message_id, notice.message_id("termine.example"));
        check_octets(&letter);
        Ok(letter)
    }
}

fn state_of(kind: NoticeKind) -> State {
    match kind {
        NoticeKind::Requested => State::Requested,
        NoticeKind::Confirmed | NoticeKind::Moved | NoticeKind::Reminder => State::Confirmed,
        NoticeKind::Cancelled => State::Cancelled,
        NoticeKind::Declined => State::Rejected,
    }
}

/// ASCII, CRLF only, lines within RFC 5322 §2.1.1, headers once each.
fn check_octets(letter: &Letter) {
    assert!(letter.octets.is_ascii());
    let text = String::from_utf8(letter.octets.clone()).unwrap();
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
    assert!(text.split("\r\n").all(|line| line.len() <= 998));
    let head = text.split_once("\r\n\r\n").unwrap().0;
    // A Message-ID has no place to fold it, and lettre does not fold between a name and its address.
    let whole = |line: &str| ["Message-ID: ", "From: ", "To: "].iter().any(|name| line.starts_with(name));
    assert!(head.split("\r\n").all(|line| line.len() <= 78 || whole(line)), "{head}");
    let names: Vec<&str> = head.split("\r\n").filter(|l| !l.starts_with(' ')).map(|l| l.split_once(':').unwrap().0).collect();
    let known = ["Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "Reply-To", "MIME-Version", "Content-Type"];
    assert!(names.iter().all(|name| known.contains(name)), "{names:?}");
    let mut once = names.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), names.len(), "{names:?}");
    assert!(head.contains(&format!("Message-ID: <{}>", letter.message_id)));
    assert!(head.contains("Auto-Submitted: auto-generated"));
}

/// The one event of an object that the other reader reads, after what this one can see is checked.
fn event(octets: &[u8]) -> (Calendar, icalendar::Event) {
    let text = std::str::from_utf8(octets).unwrap();
    assert!(text.ends_with("END:VCALENDAR\r\n"));
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
    assert!(text.split("\r\n").all(|line| line.len() <= 75));
    let unfolded = text.replace("\r\n ", "");
    let count = |what: &str| unfolded.lines().filter(|line| *line == what).count();
    assert_eq!((count("BEGIN:VEVENT"), count("BEGIN:VALARM"), count("BEGIN:VTIMEZONE")), (1, 0, 0));
    let calendar = Calendar::from_str(&unfolded).unwrap();
    assert_eq!(calendar.components.len(), 1);
    let CalendarComponent::Event(event) = calendar.components[0].clone() else { panic!("no event") };
    (calendar, event)
}

fn method_of(calendar: &Calendar) -> &str {
    calendar.property_value("METHOD").unwrap()
}

fn invitation(shown: &Shown) -> (Calendar, icalendar::Event) {
    let invitation = shown.invitation.as_ref().unwrap();
    assert_eq!(shown.attachments.len(), 1);
    assert_eq!(shown.attachments[0].octets, invitation.octets);
    event(&invitation.octets)
}

#[test]
fn every_letter_to_a_customer_can_be_read_back() {
    for language in Language::ALL {
        for (sequence, kind) in KINDS.into_iter().enumerate() {
            let mut scene = scene(language);
            scene.booking.state = state_of(kind);
            let letter = scene.write(kind, Recipient::Customer, sequence as u32).unwrap();
            assert_eq!((letter.from.as_str(), letter.to.as_str()), ("post@termine.example", "t.tester@xn--exmple-cua.org"));
            let shown = read_letter(&letter.octets);
            assert_eq!(shown.from, "Hörgeräte Mustermann <post@termine.example>");
            assert!(shown.to.ends_with("<t.tester@xn--exmple-cua.org>") && shown.to.contains("Torsten Tester"), "{}", shown.to);
            assert!(shown.subject.contains("Hörgeräte Mustermann") && !shown.subject.contains("Beratung"), "{}", shown.subject);
            assert!(shown.date.starts_with("Sat, 20 Oct 2018 08:15:02 "));
            let (when, what) = match language {
                Language::De => ("Mittwoch, 24. Oktober 2018, 15:30 – 17:00", "Was: Beratung"),
                Language::DeSimple => ("Mittwoch, 24. Oktober 2018, 15:30 – 17:00", "Was: Beratung"),
                Language::En => ("Wednesday, 24 October 2018, 15:30 – 17:00", "What: Consultation"),
                Language::Tr => ("24 Ekim 2018 Çarşamba, 15:30 – 17:00", "Ne: Beratung"),
                Language::Uk => ("середа, 24 жовтня 2018 р., 15:30 – 17:00", "Що: Beratung"),
                Language::Ar => ("الأربعاء، 24 أكتوبر 2018, 15:30 – 17:00", "ماذا: Beratung"),
            };
            for said in [when, what, "Marktplatz 1, 12345 Stuttgart", "0711/46909151", "info@mustermann.example", LINK, "Torsten Tester"] {
                assert!(shown.text.contains(said), "{said} in {}", shown.text);
            }
            assert!(shown.html.contains(when) && shown.html.contains("Marktplatz 1, 12345 Stuttgart"));
            assert!(!shown.html.contains("<img") && !shown.html.contains("javascript:") && !shown.html.contains("<script"));
            // What the customer typed about themselves and what staff noted stays where it is.
            assert!(!shown.text.contains("pfeift") && !shown.text.contains("staff's own"));

            let (method, status) = match kind {
                NoticeKind::Requested => ("REQUEST", "TENTATIVE"),
                NoticeKind::Confirmed | NoticeKind::Moved | NoticeKind::Reminder => ("REQUEST", "CONFIRMED"),
                NoticeKind::Cancelled | NoticeKind::Declined => ("CANCEL", "CANCELLED"),
            };
            let (calendar, event) = invitation(&shown);
            assert_eq!(method_of(&calendar), method);
            assert_eq!(shown.invitation.as_ref().unwrap().content_type, format!("text/calendar; charset=utf-8; method={method}"));
            let file = match language {
                Language::De => "Terminanhang.ics",
                Language::DeSimple => "Termin.ics",
                Language::Tr => "randevu.ics",
                _ => "appointment.ics",
            };
            assert_eq!(shown.attachments[0].name, file);
            assert!(shown.attachments[0].content_type.starts_with("application/ics"));
            let value = |name: &str| event.property_value(name).unwrap_or("").to_owned();
            assert_eq!(value("UID"), "0197f2c4-8a1e-7c55-9d0b-3b6f2f1c7a10@termine.example");
            assert_eq!(value("SEQUENCE"), sequence.to_string());
            assert_eq!(value("STATUS"), status);
            assert_eq!(value("METHOD"), "");
            assert_eq!((value("DTSTART"), value("DTEND")), ("20181024T133000Z".into(), "20181024T150000Z".into()));
            assert_eq!(value("DTSTAMP"), "20181020T081502Z");
            assert_eq!(value("ORGANIZER"), "mailto:post@termine.example");
            assert_eq!(value("URL"), LINK);
            assert!(value("SUMMARY").contains("Hörgeräte Mustermann"));
            assert!(value("LOCATION").contains("Marktplatz 1"));
            let raw = String::from_utf8(shown.attachments[0].octets.clone()).unwrap().replace("\r\n ", "");
            let attendee =
                "ATTENDEE;CN=Torsten Tester;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:t.tester@xn--exmple-cua.org";
            assert!(raw.lines().any(|line| line == attendee), "{raw}");
        }
    }
}

#[test]
fn the_same_notice_gives_the_same_octets() {
    let write = || scene(Language::De).write(NoticeKind::Confirmed, Recipient::Customer, 1).unwrap();
    assert_eq!(write(), write());
}

#[test]
fn a_request_that_moved_is_still_to_be_confirmed() {
    let mut scene = scene(Language::De);
    scene.booking.state = State::Requested;
    let shown = read_letter(&scene.write(NoticeKind::Moved, Recipient::Customer, 2).unwrap().octets);
    assert_eq!(invitation(&shown).1.property_value("STATUS"), Some("TENTATIVE"));
    assert!(shown.text.contains("noch nicht bestätigt"));
}

#[test]
fn a_reminder_brings_words_and_no_calendar() {
    for language in Language::ALL {
        for state in [State::Requested, State::Confirmed] {
            let mut scene = scene(language);
            scene.booking.state = state;
            let letter = scene.write(NoticeKind::Reminder, Recipient::Customer, 2).unwrap();
            assert!(!String::from_utf8_lossy(&letter.octets).contains("text/calendar"));
            let shown = read_letter(&letter.octets);
            assert!(shown.invitation.is_none() && shown.attachments.is_empty());
            assert!(shown.text.contains("15:30 – 17:00") && shown.text.contains(LINK) && !shown.subject.contains("Beratung"));
            let open = match language {
                Language::De => "noch nicht bestätigt",
                Language::DeSimple => "gilt noch nicht",
                Language::En => "not confirmed yet",
                Language::Tr => "henüz onaylanmadı",
                Language::Uk => "ще не підтверджено",
                Language::Ar => "لم يُؤكَّد",
            };
            assert_eq!(shown.text.contains(open), state == State::Requested);
        }
    }
}

#[test]
fn the_practice_chooses_how_the_appointment_is_enclosed() {
    let mut scene = scene(Language::De);
    let method = |scene: &Scene, kind| {
        let shown = read_letter(&scene.write(kind, Recipient::Customer, 1).unwrap().octets);
        shown.invitation.map(|part| {
            let octets = String::from_utf8(part.octets).unwrap();
            let method = octets.lines().find_map(|line| line.strip_prefix("METHOD:")).unwrap().trim().to_owned();
            assert!(part.content_type.ends_with(&format!("method={method}")), "{}", part.content_type);
            (method, octets.contains("ATTENDEE"))
        })
    };
    let of = |method: &str, attendee| Some((method.to_owned(), attendee));
    assert_eq!(method(&scene, NoticeKind::Confirmed), of("REQUEST", true));
    scene.practice.letters.calendar = MailCalendar::Publish;
    assert_eq!(method(&scene, NoticeKind::Confirmed), of("PUBLISH", false));
    assert_eq!(method(&scene, NoticeKind::Cancelled), of("CANCEL", false));
    scene.practice.letters.calendar = MailCalendar::None;
    assert_eq!(method(&scene, NoticeKind::Confirmed), None);
}

#[test]
fn a_letter_says_what_to_bring_and_until_when_to_cancel() {
    let mut scene = scene(Language::De);
    let service = &mut scene.practice.services[0];
    service.instructions = Text([(Language::De, "Bitte die Geräte mitbringen.".to_owned())].into());
    service.cancel_hours = 24;
    let text = |scene: &Scene, kind| read_letter(&scene.write(kind, Recipient::Customer, 1).unwrap().octets).text;
    let confirmed = text(&scene, NoticeKind::Confirmed);
    assert!(
        confirmed.contains("Bitte die Geräte mitbringen.") && confirmed.contains("bis Dienstag, 23. Oktober 2018, 15:30 Uhr"),
        "{confirmed}"
    );
    scene.booking.state = State::Cancelled;
    let cancelled = text(&scene, NoticeKind::Cancelled);
    assert!(!cancelled.contains("mitbringen") && !cancelled.contains("23. Oktober"), "{cancelled}");
    scene.booking.state = State::Confirmed;
    scene.practice.services[0].cancel_hours = 24 * 7;
    assert!(!text(&scene, NoticeKind::Confirmed).contains("17. Oktober"), "that time has passed");
}

#[test]
fn a_cancelled_appointment_is_not_announced() {
    let mut scene = scene(Language::De);
    scene.booking.state = State::Cancelled;
    for kind in [NoticeKind::Requested, NoticeKind::Confirmed, NoticeKind::Moved] {
        scene.write(kind, Recipient::Customer, 1).unwrap_err();
    }
}

#[test]
fn the_practice_reads_all_that_was_typed() {
    for language in Language::ALL {
        for kind in KINDS {
            let mut scene = scene(Language::En);
            scene.practice.language = language;
            scene.booking.state = state_of(kind);
            let letter = scene.write(kind, Recipient::Practice, 0).unwrap();
            assert_eq!(letter.to, "termine@mustermann.example");
            let shown = read_letter(&letter.octets);
            assert!(!shown.subject.contains("Tester") && shown.subject.contains("Filiale Stuttgart, Kabine 1"), "{}", shown.subject);
            for field in Customer::FIELDS {
                let value = scene.booking.customer.field(field);
                assert!(shown.text.contains(value) && shown.html.contains(value), "{value} in {}", shown.text);
            }
            let date = match language {
                Language::De | Language::DeSimple => "Mittwoch, 24. Oktober 2018, 15:30",
                Language::En => "Wednesday, 24 October 2018, 15:30",
                Language::Tr => "24 Ekim 2018 Çarşamba, 15:30",
                Language::Uk => "середа, 24 жовтня 2018 р., 15:30",
                Language::Ar => "الأربعاء، 24 أكتوبر 2018, 15:30",
            };
            assert!(shown.text.contains(date) && shown.text.contains(LINK));
            assert!(String::from_utf8(letter.octets).unwrap().contains("Reply-To: t.tester@xn--exmple-cua.org\r\n"));
        }
    }
}

#[test]
fn the_practice_hears_of_customers_who_cannot_be_written_to() {
    let mut scene = scene(Language::De);
    scene.booking.customer.email = String::new();
    let shown = read_letter(&scene.write(NoticeKind::Requested, Recipient::Practice, 0).unwrap().octets);
    assert!(shown.text.contains("Tester") && !shown.text.contains("Antwort"));
    scene.practice.copy_to = None;
    scene.write(NoticeKind::Requested, Recipient::Practice, 0).unwrap_err();
}

#[test]
fn nothing_that_is_typed_becomes_a_header_or_a_line() {
    let long = "x".repeat(10_000);
    let words = "Wort für Wort ".repeat(700);
    let emoji = "🦻".repeat(2_500);
    let attempts = [
        "a\r\nBcc: all@example.org\r\n\r\nbody",
        "x\nEND:VEVENT\r\nBEGIN:VEVENT\nUID:2",
        "\u{202e}drawkcab\u{200f}\u{2066}",
        "=?utf-8?q?=0D=0ABcc:_x?=",
        "<script>alert(1)</script>{{ link }}{% include 'x' %}",
        "\";CN=x:mailto:y@z\\,;",
        "--=_m_0\r\n--=_a_0--",
        "\u{0}\u{1b}[31m\u{7f}",
        long.as_str(),
        words.as_str(),
        emoji.as_str(),
    ];
    for attempt in attempts {
        for field in Customer::FIELDS.into_iter().filter(|field| *field != "email") {
            let mut scene = scene(Language::De);
            *scene.booking.customer.field_mut(field).unwrap() = attempt.to_owned();
            for kind in KINDS {
                scene.booking.state = state_of(kind);
                let customer = read_letter(&scene.write(kind, Recipient::Customer, 1).unwrap().octets);
                let (_, event) = invitation(&customer);
                assert_eq!(event.property_value("UID"), Some("0197f2c4-8a1e-7c55-9d0b-3b6f2f1c7a10@termine.example"));
                let practice = read_letter(&scene.write(kind, Recipient::Practice, 1).unwrap().octets);
                assert!(!practice.html.contains("<script"));
                assert!(!practice.text.lines().any(|line| line.starts_with("Bcc") || line.starts_with("BEGIN:")));
                assert!(!practice.text.contains('\u{202e}') && practice.attachments.is_empty() && practice.invitation.is_none());
            }
        }
    }
}

#[test]
fn what_the_practice_is_called_cannot_break_a_letter() {
    let long = "Hörgeräte, Brillen; und \"mehr\" ".repeat(40);
    for name in ["A\r\nBcc: x@y.example", "Müller, Meier; \"Söhne\" ^ & <Partner>", long.as_str()] {
        let mut scene = scene(Language::De);
        scene.practice.name = name.to_owned();
        let shown = read_letter(&scene.write(NoticeKind::Confirmed, Recipient::Customer, 1).unwrap().octets);
        let (_, event) = invitation(&shown);
        assert!(event.property_value("ORGANIZER").unwrap().ends_with("mailto:post@termine.example"));
        assert!(!shown.html.contains("<Partner>"));
    }
}

#[test]
fn addresses_are_made_fit_for_every_server() {
    assert_eq!(ascii_address(" a@EXÄMPLE.org ").unwrap(), "a@xn--exmple-cua.org");
    for wrong in ["jörg@example.org", "nobody", "@example.org", "a@", "a b@example.org", "a@b@c.org\r\nBcc: x@y.org", "a@b..c", "a,b@c.org"]
    {
        let sentence = ascii_address(wrong).unwrap_err();
        assert!(sentence.ends_with('.') && !sentence.contains("example"), "{wrong}: {sentence}");
    }
    let mut scene = scene(Language::De);
    for wrong in ["jörg@example.org", "a@b.org\r\nBcc: x@y.org", ""] {
        scene.booking.customer.email = wrong.into();
        scene.write(NoticeKind::Requested, Recipient::Customer, 0).unwrap_err();
    }
}

#[test]
fn a_foreign_uid_makes_a_message_id_all_the_same() {
    let scene = scene(Language::De);
    for uid in ["{04-00}@other host/é".to_owned(), "u".repeat(2_000)] {
        let notice = Notice {
            uid,
            collection: CollectionId(1),
            version: Version(7),
            kind: NoticeKind::Confirmed,
            to: Recipient::Customer,
            sequence: 1,
        };
        let letter = letter(&scene.templates, &notice, &scene.particulars()).unwrap();
        check_octets(&letter);
        assert_eq!(letter.message_id.matches('@').count(), 1);
        assert!(letter.message_id.len() < 200 && letter.message_id.ends_with("@termine.example"));
    }
}

#[test]
fn without_a_location_the_event_itself_says_where_and_when() {
    let scene = scene(Language::De);
    let notice = Notice {
        uid: scene.booking.uid.clone(),
        collection: CollectionId(1),
        version: Version(7),
        kind: NoticeKind::Cancelled,
        to: Recipient::Customer,
        sequence: 3,
    };
    let mut given = Particulars { location: None, resource: None, ..scene.particulars() };
    let shown = read_letter(&letter(&scene.templates, &notice, &given).unwrap().octets);
    assert!(shown.text.contains("15:30 – 17:00") && shown.text.contains("Kabine 1, Filiale Stuttgart"));
    let booking = Booking { zone: "Nowhere/Land".into(), ..scene.booking.clone() };
    given.booking = &booking;
    letter(&scene.templates, &notice, &given).unwrap_err();
    given.booking = &scene.booking;
    given.link = "javascript:alert(1)";
    letter(&scene.templates, &notice, &given).unwrap_err();
}

#[test]
fn an_appointment_over_midnight_names_both_days() {
    let mut scene = scene(Language::De);
    scene.booking.range = TimeRange::new(at("2018-10-24T21:30:00Z"), at("2018-10-24T22:30:00Z"));
    let shown = read_letter(&scene.write(NoticeKind::Confirmed, Recipient::Customer, 1).unwrap().octets);
    assert!(shown.text.contains("Mittwoch, 24. Oktober 2018, 23:30 – Donnerstag, 25. Oktober 2018, 00:30"), "{}", shown.text);
}

#[test]
fn the_published_object_has_an_organizer_and_no_attendee() {
    let states = [
        (State::Requested, "TENTATIVE"),
        (State::Confirmed, "CONFIRMED"),
        (State::Cancelled, "CANCELLED"),
        (State::Rejected, "CANCELLED"),
        (State::Attended, "CONFIRMED"),
        (State::NoShow, "CONFIRMED"),
    ];
    for language in Language::ALL {
        for (state, status) in states {
            let mut scene = scene(language);
            scene.booking.state = state;
            let octets = publish(&scene.templates, 4, &scene.particulars()).unwrap();
            let (calendar, event) = event(&octets);
            assert_eq!(method_of(&calendar), "PUBLISH");
            assert_eq!(event.property_value("STATUS"), Some(status));
            assert_eq!(event.property_value("SEQUENCE"), Some("4"));
            assert_eq!(event.property_value("ORGANIZER"), Some("mailto:post@termine.example"));
            assert_eq!(event.property_value("UID"), Some("0197f2c4-8a1e-7c55-9d0b-3b6f2f1c7a10@termine.example"));
            assert!(!String::from_utf8(octets).unwrap().contains("ATTENDEE"));
        }
    }
}

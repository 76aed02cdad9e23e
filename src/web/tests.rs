//! Every page in every language; what no page may contain.

use serde::Serialize;

use super::files::Files;
use super::form::Fields;
use super::page::{Contact, Desk, Frame, Framed, LanguageLink, REFUSED, Refused};
use super::sample;
use super::speak::spoken;
use super::view::booking::{CancelPage, booking_page};
use super::view::form::{FAULTS, FormPage, Hidden, NOTICES, cancelling, fields, others, summary};
use super::view::grid::{CLOSED, Chosen, LinkedPlace, StartPage, grid_page, services_page};
use super::view::relative::RELATIVE;
use super::view::said::Said;
use super::view::slots::REASONS;
use super::view::staff::*;
use super::view::{Kept, Place, When, state_word};
use super::wall::Wall;
use crate::app::staff::Opened;
use crate::appointment::booking::{Customer, State};
use crate::appointment::practice::Language;
use crate::appointment::refusal::FieldFault;
use crate::principal::View;
use crate::template::Templates;

const STATES: [State; 6] = [State::Requested, State::Confirmed, State::Cancelled, State::Rejected, State::Attended, State::NoShow];

fn frame(files: &Files, desk: Option<Desk>) -> Frame {
    let style = if desk.is_some() { "staff.css" } else { "book.css" };
    let link = |tag, name| LanguageLink { tag, name, href: format!("/?lang={tag}"), current: tag == "de" };
    Frame {
        practice: "Hörgeräte Mustermann".into(),
        own: "",
        home: "/".into(),
        styles: vec![files.theme_href("#1f5f8b"), files.href("page.css"), files.href(style)],
        scripts: if desk.is_some() { vec![files.href("staff.js")] } else { Vec::new() },
        framed: None,
        contacts: Vec::new(),
        icon: files.href("icon.svg"),
        languages: vec![link("de", "Deutsch"), link("en", "English")],
        chosen: String::new(),
        privacy: String::new(),
        imprint: String::new(),
        noindex: false,
        letters: true,
        mails: String::new(),
        desk,
    }
}

/// A page as it would be sent, by name.
struct Sample {
    name: String,
    html: String,
}

struct Press {
    templates: Templates,
    files: Files,
    language: Language,
    printed: Vec<Sample>,
}

impl Press {
    fn new(language: Language) -> Press {
        let templates = Templates::load(None).unwrap();
        let files = Files::load(&templates).unwrap();
        Press { templates, files, language, printed: Vec::new() }
    }

    fn public(&mut self, name: &str, template: &str, page: impl Serialize) {
        self.print(name, template, None, page);
    }

    fn staff(&mut self, name: &str, template: &str, page: impl Serialize) {
        self.print(
            name,
            template,
            Some(Desk {
                name: "Anna".into(),
                csrf: "c0ffee".into(),
                late: 3,
                late_since: "2026-11-25T10:00:00".into(),
                failed: 1,
                parked: 6,
                stranded: 2,
            }),
            page,
        );
    }

    fn print(&mut self, name: &str, template: &str, desk: Option<Desk>, page: impl Serialize) {
        let frame = frame(&self.files, desk);
        let html = self.templates.render(template, self.language, Framed { frame, page }).unwrap();
        self.printed.push(Sample { name: format!("{name}-{}", self.language.tag()), html });
    }
}

fn form_page(notice: &'static str, faults: &[(&'static str, FieldFault)], typed: &Customer) -> FormPage {
    let practice = sample::practice();
    let faults: Vec<_> = faults.iter().map(|(name, fault)| ((*name).to_owned(), *fault)).collect();
    let fields = fields(&practice, typed, &faults);
    let wall = Wall::of("Europe/Berlin");
    let slots = [sample::slot("2026-11-26T11:30:00+01:00"), sample::slot("2026-11-27T09:00:00+01:00")];
    FormPage {
        place: Place::of(&practice.locations[0]),
        service: "Beratung".into(),
        resource: "Kabine 1".into(),
        when: Some(When::of(slots[0].range, &wall)),
        action: "/book/stuttgart/new".into(),
        back: "/book/stuttgart?service=beratung".into(),
        cancelling: cancelling(
            if notice == "again" { 48 } else { 1 },
            (notice != "taken").then_some(slots[0].range.start),
            sample::now(),
            &wall,
        ),
        at_once: false,
        hidden: vec![Hidden { name: "form", value: "00ff".into() }],
        trap: "reply_channel",
        zone: "Europe/Berlin".into(),
        instructions: "Bitte bringen Sie Ihre Geräte mit.".into(),
        comment_hint: Said::default(),
        faults: summary(&faults, &fields),
        fields,
        consents: Vec::new(),
        reminder: typed.reminder,
        notice,
        number: if notice == "failed" { "4711".into() } else { String::new() },
        others: if notice == "taken" { others(&slots, &wall) } else { Vec::new() },
        chosen: String::new(),
        languages: spoken(Language::De),
    }
}

fn public_pages(press: &mut Press) {
    let (practice, language) = (sample::practice(), press.language);
    let location = &practice.locations[0];
    let linked = |l| LinkedPlace { place: Place::of(l), href: format!("/book/{}", l.id) };
    let intro = practice.texts["intro"].get(language).into();
    press.public("start", "book/start.html", StartPage { places: practice.locations.iter().map(linked).collect(), intro });
    press.public("services", "book/services.html", services_page(&practice, location, language, Kept::default()));
    let chosen = Chosen { practice: &practice, location, service: &practice.services[0], resource: None, language, kept: Kept::default() };
    press.public("grid", "book/grid.html", grid_page(chosen, &sample::grid(), "Egal"));
    let mut nothing = sample::grid();
    nothing.days.clear();
    nothing.first_free = None;
    press.public("grid-none", "book/grid.html", grid_page(chosen, &nothing, "Egal"));
    press.public("form", "book/form.html", form_page("", &[], &Customer::default()));
    let faults = [("email", FieldFault::NoEmail), ("given_name", FieldFault::Missing), ("comment", FieldFault::TooLong)];
    press.public("form-faults", "book/form.html", form_page("", &faults, &sample::customer()));
    for notice in NOTICES {
        press.public(&format!("form-{notice}"), "book/form.html", form_page(notice, &[], &sample::customer()));
    }
    for state in STATES {
        let view = sample::customer_view(state);
        let page = booking_page(&practice, &view, "token", sample::now(), language, None);
        press.public(&format!("booking-{}", state_word(state)), "book/booking.html", &page);
        let page = CancelPage { booking: page, reason: "Bin <krank>".into(), languages: spoken(language) };
        press.public(&format!("cancel-{}", state_word(state)), "book/cancel.html", &page);
    }
    let mails = serde_json::json!({ "mails": [{ "href": "/demo/mail/x", "back": "/demo/mail/", "subject": "Terminanfrage", "to": "a@b.example", "written": "2026-11-25T10:00:00" }] });
    press.public("mails", "staff/mails.html", mails);
    press.public("mails-none", "staff/mails.html", serde_json::json!({ "mails": [] }));
    let mail = serde_json::json!({
        "back": "/demo/mail/", "subject": "Terminanfrage", "from": "Hörgeräte Mustermann <info@mustermann.example>", "to": "a@b.example", "date": "Wed, 25 Nov 2026",
        "text": [{ "text": "Guten Tag\n\n", "href": "" }, { "text": "http://h/booking/x", "href": "/booking/x" }],
        "html": "/static/none.html", "attachments": [{ "name": "", "href": "/demo/mail/x/part/0" }],
    });
    press.public("mail", "staff/mail.html", mail);
    for id in REFUSED {
        let contacts = practice.locations.iter().map(Contact::of).collect();
        press.public(&format!("refused-{id}"), "book/refused.html", Refused { id, number: "4711".into(), contacts, home: "/".into() });
    }
}

fn staff_pages(press: &mut Press) {
    let (practice, language, now) = (sample::practice(), press.language, sample::now());
    let rows = |count: usize| {
        let listed = STATES.iter().cycle().take(count).map(|state| sample::listed(*state));
        listed.map(|one| row(&practice, &one, now, language)).collect::<Vec<_>>()
    };
    #[derive(Serialize)]
    struct SignIn {
        login: &'static str,
        next: &'static str,
        wrong: bool,
        elsewhere: &'static str,
    }
    press.print("sign-in", "staff/sign_in.html", None, SignIn { login: "anna", next: "/staff/", wrong: true, elsewhere: "" });
    let unkept = SignIn { login: "", next: "/staff/", wrong: false, elsewhere: "https://termine.example/staff/" };
    press.print("sign-in-not-kept", "staff/sign_in.html", None, unkept);
    press.staff("requests", "staff/requests.html", RequestsPage { incomplete: rows(2), rows: rows(6) });
    press.staff("requests-none", "staff/requests.html", RequestsPage { incomplete: Vec::new(), rows: Vec::new() });
    for act in ["confirm", "restore"] {
        let sure = confirm_page(&practice, &sample::opened(State::Requested), (act, &sample::concerns()), now, language);
        press.staff(&format!("sure-{act}"), "staff/confirm.html", sure);
    }
    press.staff("upcoming", "staff/upcoming.html", UpcomingPage { stranded: rows(2), days: by_day(rows(4)) });
    press.staff("upcoming-none", "staff/upcoming.html", UpcomingPage { stranded: Vec::new(), days: Vec::new() });
    for state in STATES {
        let link = "https://h/booking/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned();
        let page = AppointmentPage { link, ..appointment_page(&practice, &sample::opened(state), now, language) };
        press.staff(&format!("appointment-{}", state_word(state)), "staff/appointment.html", page);
    }
    let page = AppointmentPage { changed: true, ..appointment_page(&practice, &sample::opened(State::Requested), now, language) };
    press.staff("appointment-changed", "staff/appointment.html", page);
    let deleted = Opened { deleted: true, may_write: false, ..sample::opened(State::Cancelled) };
    press.staff("appointment-deleted", "staff/appointment.html", appointment_page(&practice, &deleted, now, language));
    let device = serde_json::json!({ "key": "k1", "label": "iPhone", "created": "2026-11-01T10:00:00", "used": "2026-11-02T10:00:00", "view": "name" });
    for (name, secret, nameless) in [("devices", "", false), ("devices-made", "k2-abcdef", false), ("devices-nameless", "", true)] {
        let page = serde_json::json!({
            "login": "anna", "server": "http://127.0.0.1:8008/", "devices": [device], "secret": secret, "label": "Mac", "nameless": nameless,
            "feeds": {
                "list": [{ "key": "ab12", "calendar": "Kabine 1", "kind": "busy", "released": true, "created": "2026-03-26T10:00:00" }],
                "calendars": [{ "name": "kabine-1", "shown": "Kabine 1" }],
                "can_release": true,
                "made": if nameless { "" } else { "https://termine.example/feeds/0123.ics" },
            },
            "dns": super::dns::records("mustermann.example", "https://termine.mustermann.example"),
            "views": ["full", "name", "busy"],
        });
        press.staff(name, "staff/devices.html", page);
    }
    let late = serde_json::json!({
        "id": "u.1.confirmed.customer@", "uid": "u", "href": "/staff/appointment/u", "what": "confirmed", "to": "customer",
        "at": "2026-11-25T10:00:00", "attempts": 3, "cause": { "word": "", "said": "550 no such user" }, "may_write": true,
    });
    for tested in ["", "sent", "filed", "rejected", "delayed", "nowhere"] {
        let page = serde_json::json!({
            "filed": tested == "filed", "late": if tested == "filed" { vec![] } else { vec![late.clone()] }, "failed": [late], "parked": 6, "parked_by": "anna", "parked_since": "2026-11-25T10:00:00", "parked_last": 6, "may_judge": true, "may_test": true, "test_to": if tested == "nowhere" { "" } else { "a@b.example" },
            "previews": [{ "about": "confirmed", "links": [{ "tag": "de", "to": "customer", "href": "/staff/mail/preview/confirmed/customer/de" }] }],
            "tested": tested, "cause": CauseView::of(if tested == "rejected" { "The mail server does not accept user and password: 535 no" } else { "" }),
        });
        press.staff(&format!("letters-{tested}"), "staff/letters.html", page);
    }
    let place = serde_json::json!({ "name": "Stuttgart", "links": [{ "service": "", "hidden": false, "href": "/x" }, { "service": "Beratung", "hidden": true, "href": "/y" }] });
    for sites in [vec![], vec!["https://www.mustermann.example"]] {
        press.staff("links", "staff/links.html", serde_json::json!({ "places": [place], "sites": sites }));
    }
    let way = serde_json::json!({ "name": "", "href": "/x", "current": true });
    let reasons: Vec<_> = REASONS.iter().map(|id| serde_json::json!({ "id": id, "name": "Kabine 1", "from": if ["busy", "buffer", "held"].contains(id) { "2026-11-26T10:00:00" } else { "" }, "to": "2026-11-26T11:00:00" })).collect();
    let cells = serde_json::json!([{ "time": "09:00", "last": "10:00", "free": [], "reasons": reasons }, { "time": "10:30", "last": "10:30", "free": ["Kabine 1"], "reasons": [] }]);
    let days = serde_json::json!([{ "date": "2026-11-26", "holiday": "Tag", "cells": cells }, { "date": "2026-11-27", "holiday": "", "cells": [] }]);
    let page = serde_json::json!({ "locations": [way], "services": [way], "resources": [way], "previous": "/p", "next": "/n", "days": days, "odd": [{ "date": "2026-11-26", "calendar": "Sprechzeiten Kabine 1", "title": "Tag <b>" }] });
    press.staff("slots", "staff/slots.html", page);
    let link = serde_json::json!({ "place": "Stuttgart", "service": "Beratung", "link": "https://h/book/x", "code": "<script>", "size": 33, "path": "M4 4h7v1h-7z" });
    press.staff("link", "staff/link.html", link);
    for id in REFUSED {
        let page = Refused { id, number: String::new(), contacts: Vec::new(), home: "/staff/".into() };
        press.staff(&format!("staff-refused-{id}"), "staff/refused.html", page);
    }
}

fn pages(language: Language) -> Press {
    let mut press = Press::new(language);
    public_pages(&mut press);
    staff_pages(&mut press);
    press
}

#[test]
fn every_page_is_written_in_every_language_and_brings_nothing_from_elsewhere() {
    for language in Language::ALL {
        for Sample { name, html } in pages(language).printed {
            assert!(html.contains(&format!("<html lang=\"{}\" dir=\"{}\">", language.tag(), language.direction())), "{name}");
            for foreign in
                ["src=\"http", "href=\"http", "url(", "@import", " style=\"", "<style", "onclick", "<script>", "Set-Cookie", "javascript:"]
            {
                assert!(!html.contains(foreign), "{name} contains {foreign}");
            }
            assert_eq!(html.matches("<h1").count(), 1, "{name}");
            assert!(!html.contains("<script>alert"), "{name}");
        }
    }
}

#[test]
fn public_pages_have_no_script() {
    let mut press = Press::new(Language::De);
    public_pages(&mut press);
    for Sample { name, html } in press.printed {
        assert!(!html.contains("<script"), "{name}");
    }
}

#[test]
fn a_free_time_is_a_link_with_its_start() {
    let mut press = Press::new(Language::De);
    public_pages(&mut press);
    let grid = press.printed.iter().find(|page| page.name == "grid-de").unwrap();
    let href = "/book/stuttgart/new?service=beratung&amp;start=2026-11-26T10%3A30%3A00%2B01%3A00";
    let link =
        format!("<a data-start=\"2026-11-26T10:30:00+01:00\" href=\"{href}\"><span class=\"vh\">Donnerstag, 26. November 2026, </span>");
    assert!(grid.html.contains(&link));
    assert!(grid.html.contains("</span><time datetime=\"2026-11-26T10:30:00+01:00\">10:30</time></a>"));
    assert!(grid.html.contains("09:00 nicht frei: zu kurzfristig"));
    assert!(!grid.html.contains("data-start=\"\""));
}

#[test]
fn faults_stand_at_the_top_and_at_their_fields_and_nothing_is_lost() {
    let mut press = Press::new(Language::De);
    let typed = Customer { email: "kaputt".into(), comment: "</textarea><b>".into(), salutation: "Gräfin".into(), ..Customer::default() };
    press.public("x", "book/form.html", form_page("", &[("email", FieldFault::NoEmail)], &typed));
    let html = &press.printed[0].html;
    assert!(html.contains("<a href=\"#email\">"));
    assert!(html.contains("aria-describedby=\"email-fault\" aria-invalid=\"true\""));
    assert!(html.contains("id=\"email-fault\""));
    assert!(html.contains("value=\"kaputt\""));
    assert!(html.contains("&lt;/textarea&gt;&lt;b&gt;"));
    assert!(html.contains("<option selected>Gräfin</option>"));
}

#[test]
fn every_text_that_a_page_names_exists() {
    let templates = Templates::load(None).unwrap();
    let mut ids: Vec<String> = Vec::new();
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/templates"))];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "html") {
                let text = std::fs::read_to_string(&path).unwrap();
                let calls = text.match_indices("t('").filter(|(at, _)| !text.split_at(*at).0.ends_with(char::is_alphanumeric));
                ids.extend(calls.filter_map(|(at, mark)| text.split_at(at + mark.len()).1.split_once('\'')).map(|(id, _)| id.to_owned()));
            }
        }
    }
    ids.retain(|id| !id.ends_with('-'));
    assert!(ids.len() > 50);
    let mut named = |prefix: &str, words: &[&str], suffix: &str| ids.extend(words.iter().map(|word| format!("{prefix}-{word}{suffix}")));
    let states = STATES.map(state_word);
    named("closed", &CLOSED, "");
    named("relative", &RELATIVE, "");
    named("fault", &FAULTS, "");
    named("form", &NOTICES, "");
    named("form", &NOTICES, "-title");
    named("field", &Customer::FIELDS, "");
    named("state", &states, "");
    named("staff-state", &states, "");
    named("booking", &states, "-title");
    named("booking", &states, "-text");
    named("refused", &REFUSED, "-title");
    named("refused", &REFUSED, "-text");
    named("why", &REASONS, "");
    named("act", &ACTS.map(|(word, _)| word), "");
    named("history", &GESTURES, "");
    named("via", &PAGES.map(|(_, id)| id), "");
    named("letter", &LETTER_IDS, "");
    named("outcome", &OUTCOMES, "");
    named("cause", &crate::mail::mailer::Kind::TOLD.map(|(_, word, _)| word), "");
    named("preview", &crate::mail::sample::LETTERS.map(|(about, _, _)| about), "");
    named("letters-tested", &["sent", "filed", "rejected", "delayed", "nowhere"], "");
    named("letters", &["again", "drop"], "");
    named("letters-parked", &["send", "drop"], "");
    named("feeds-kind", &["full", "busy", "freebusy"], "");
    named("view", &View::ALL.map(View::word), "");
    named("language", &Language::ALL.map(Language::tag), "");
    let arguments = [
        "practice", "minutes", "from", "to", "date", "time", "free", "count", "days", "name", "when", "label", "email", "number",
        "service", "zone", "place", "link", "names", "hours", "limit",
    ];
    let arguments: Vec<(&str, &str)> = arguments.iter().map(|name| (*name, "1")).collect();
    for language in Language::ALL {
        for id in &ids {
            let text = templates.text(language, id, &arguments);
            // Letters' texts have arguments of their own, and their own test.
            assert!(text != *id || id.starts_with("mail-") || id == "when", "{id} in {}", language.tag());
        }
    }
}

/// `OPENSLOT_PREVIEW=folder cargo test --lib preview` writes every page to a folder, to be looked at.
#[test]
fn preview() {
    let Ok(folder) = std::env::var("OPENSLOT_PREVIEW") else { return };
    let folder = std::path::Path::new(&folder);
    std::fs::create_dir_all(folder.join("static")).unwrap();
    for language in Language::ALL {
        let press = pages(language);
        for Sample { name, html } in &press.printed {
            std::fs::write(folder.join(format!("{name}.html")), html).unwrap();
        }
        for name in ["page.css", "book.css", "staff.css", "staff.js", "icon.svg", "theme.css", "zone.js", "frame.js", "widget.js"] {
            let reply = press.files.serve(&press.templates, "#1f5f8b", name, None);
            let crate::exchange::Body::Whole(octets) = reply.body() else { panic!("{name}") };
            std::fs::write(folder.join("static").join(name), octets).unwrap();
        }
    }
    assert!(Fields::decode(b"").is_ok());
}

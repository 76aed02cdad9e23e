//! Walks through the pages as visitors and staff do, over the real app on an engine in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::{Method, StatusCode, header};

use super::form::escape;
use super::{Web, handle, sample};
use crate::app::{Actor, App, Settings};
use crate::appointment::practice::{Id, Opening, Practice, Staff, Week};
use crate::collection::{Condition, Name};
use crate::exchange::{Body, Reply, Request};
use crate::ical::time::instant;
use crate::mail::message::Sender;
use crate::principal::{Grant, Role, View};
use crate::store::memory::MemoryEngine;
use crate::template::Templates;
use crate::world::Fixed;

const FORM: &str = "application/x-www-form-urlencoded";
const START: &str = "2026-11-27T10:30:00+01:00";

mod frames;
mod promises;
mod services;
mod spam;

struct Walk {
    web: Web,
    cookie: String,
}

/// A reply, read.
struct Seen {
    status: StatusCode,
    location: String,
    headers: http::HeaderMap,
    text: String,
}

impl Seen {
    fn read(reply: Reply) -> Seen {
        let (parts, body) = reply.into_parts();
        let text = match body {
            Body::Whole(octets) => String::from_utf8(octets.to_vec()).unwrap(),
            Body::Stream(_) => String::new(),
        };
        let location = parts.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap()).to_owned();
        Seen { status: parts.status, location, headers: parts.headers, text }
    }

    fn is(self, status: u16) -> Seen {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    fn says(self, words: &str) -> Seen {
        assert!(self.text.contains(words), "no '{words}' in {}", self.text);
        self
    }

    fn never_says(self, words: &str) -> Seen {
        assert!(!self.text.contains(words), "'{words}' in {}", self.text);
        self
    }

    /// The value of an attribute after a mark.
    fn after(&self, mark: &str) -> String {
        let (_, rest) = self.text.split_once(mark).unwrap_or_else(|| panic!("no '{mark}' in {}", self.text));
        rest.split_once('"').unwrap().0.replace("&amp;", "&")
    }

    /// The hidden and filled fields of the page's form, as a browser would send them.
    fn field(&self, name: &str) -> String {
        self.after(&format!("name=\"{name}\" value=\""))
    }
}

fn practice() -> Practice {
    let mut practice = sample::practice();
    let day = vec![Opening { from: 540, to: 1080 }];
    let week = Week([day.clone(), day.clone(), day.clone(), day.clone(), day, Vec::new(), Vec::new()]);
    for location in &mut practice.locations {
        location.hours = week.clone();
    }
    let grants = BTreeMap::from([(Id("kabine-1".into()), Grant::Write), (Id("kabine-2".into()), Grant::Read)]);
    let person = Staff {
        login: "anna".into(),
        name: "Anna".into(),
        email: None,
        role: Role::Staff,
        grants,
        customers: None,
        hours: None,
        sees: View::Full,
    };
    practice.staff.push(person);
    practice
}

impl Walk {
    async fn begin() -> Walk {
        Walk::through(practice()).await
    }

    async fn through(practice: Practice) -> Walk {
        Walk::at(practice, Arc::new(Fixed::at(instant(sample::now())))).await
    }

    async fn at(practice: Practice, world: Arc<Fixed>) -> Walk {
        let templates = Arc::new(Templates::load(None).unwrap());
        let sender =
            Sender { address: "praxis@mustermann.example".into(), host: "h.example".into(), public_url: "http://127.0.0.1:8008".into() };
        let settings = Settings { sender, bookings_per_hour: 100 };
        let app = App::start(Arc::new(MemoryEngine::new()), world.clone(), Arc::clone(&templates), settings).await.unwrap();
        app.apply(practice).await.unwrap();
        app.set_password("anna", "anna-demo").await.unwrap();
        let mailer = Arc::new(crate::mail::mailer::FileMailer::new("/nonexistent/openslot-walk"));
        let web = Web::new(Arc::new(app), templates, world, mailer, "http://127.0.0.1:8008/", None).unwrap();
        Walk { web, cookie: String::new() }
    }

    async fn send(&self, request: Request) -> Seen {
        Seen::read(handle(&self.web, request, "192.0.2.7".parse().unwrap()).await)
    }

    async fn get(&self, path: &str) -> Seen {
        let request = http::Request::builder().uri(path).header(header::COOKIE, &self.cookie);
        self.send(request.body(bytes::Bytes::new()).unwrap()).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
        let request = http::Request::builder().method(Method::POST).uri(path).header(header::CONTENT_TYPE, FORM);
        let request = request.header(header::ORIGIN, "null").header("sec-fetch-site", "same-origin").header(header::COOKIE, &self.cookie);
        self.send(request.body(body.join("&").into()).unwrap()).await
    }

    async fn book(&self, start: &str, given: &str) -> Seen {
        let fields = [
            ("service", "beratung"),
            ("resource", "kabine-1"),
            ("start", start),
            ("given_name", given),
            ("family_name", "Tester"),
            ("email", "t.tester@example.org"),
            ("telephone", "0711 21475475"),
            ("lang", "de"),
        ];
        self.post("/book/stuttgart/new", &fields).await
    }

    async fn sign_in(&mut self) -> String {
        let fields = [("login", "anna"), ("password", "anna-demo"), ("next", "/staff/upcoming")];
        let seen = self.post("/staff/sign-in", &fields).await.is(303);
        assert_eq!(seen.location, "/staff/upcoming");
        let cookie = seen.headers[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.contains("HttpOnly; SameSite=Strict") && cookie.contains("Path=/staff;"), "{cookie}");
        self.cookie = cookie.split_once(';').unwrap().0.to_owned();
        self.get("/staff/").await.is(200).field("csrf")
    }
}

#[tokio::test]
async fn a_customer_finds_a_time_books_it_and_cancels() {
    let walk = Walk::begin().await;
    let page = walk.get("/").await.is(200).says("Filiale Stuttgart").says("Ritterstraße 5");
    let page = page.says("href=\"https://mustermann.example/datenschutz\"").says("href=\"https://mustermann.example/impressum\"");
    let services = walk.get(&page.after("class=\"card\" href=\"")).await.is(200).says("Beratung").says("60 Minuten");
    let grid = walk.get(&services.after("class=\"card\" href=\"")).await.is(200).says("Kabine 2").says("Egal");
    let href = grid.after(&format!("data-start=\"{START}\" href=\""));
    let form = walk.get(&href).await.is(200).says("Freitag, 27. November 2026").says("10:30 bis 11:30 Uhr").says("Marktplatz 1");
    let fields = [
        ("location", "stuttgart"),
        ("service", "beratung"),
        ("resource", "any"),
        ("start", &form.field("start")),
        ("form", &form.field("form")),
        ("lang", "de"),
        ("given_name", "Jürgen"),
        ("family_name", ""),
        ("email", "kaputt"),
        ("telephone", "0711 21475475"),
        ("comment", "Zeile eins\r\nZeile zwei"),
    ];
    let again = walk.post("/book/stuttgart/new", &fields).await.is(422).says("value=\"Jürgen\"").says("value=\"kaputt\"");
    let again = again.says("href=\"#family_name\"").says("id=\"email-fault\"").says("Zeile eins\r\nZeile zwei</textarea>");
    assert_eq!(again.field("start"), START);
    let mended = fields.map(|(name, value)| match name {
        "family_name" => (name, "Tester"),
        "email" => (name, "t.tester@example.org"),
        _ => (name, value),
    });
    let booked = walk.post("/book/stuttgart/new", &mended).await.is(303).location;
    assert!(booked.starts_with("/booking/"));
    assert_eq!(walk.post("/book/stuttgart/new", &mended).await.is(303).location, booked, "the same form books once");
    let page = walk.get(&booked).await.is(200).says("Ihre Anfrage ist eingegangen");
    let page = page.says("noindex").never_says("wurde gesendet");
    assert_eq!(page.headers[header::REFERRER_POLICY], "no-referrer");
    let calendar = walk.get(&page.after("class=\"button\" href=\"")).await.is(200).says("METHOD:PUBLISH");
    assert!(calendar.headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment"));
    let question = walk.get(&format!("{booked}/cancel")).await.is(200).says("Diesen Termin absagen?");
    walk.get(&booked).await.is(200).says("Ihre Anfrage ist eingegangen");
    let cancel = question.after("<form method=\"post\" action=\"");
    assert_eq!(walk.post(&cancel, &[]).await.is(303).location, booked);
    walk.get(&format!("{booked}?lang=en")).await.is(200).says("This appointment is cancelled").never_says("cancel?");
    assert_eq!(walk.post(&cancel, &[]).await.is(303).location, booked, "twice is no fault");
    walk.get("/booking/nothing").await.is(404).says("0711/46909151");
}

#[tokio::test]
async fn a_time_that_has_gone_keeps_what_was_typed_and_offers_others() {
    let walk = Walk::begin().await;
    walk.book(START, "Anton").await.is(303);
    let page =
        walk.book(START, "Berta").await.is(409).says("nicht mehr frei").says("value=\"Berta\"").says("type=\"radio\" name=\"start\"");
    assert_eq!(page.field("wanted"), START);
    let other = page.after("name=\"start\" value=\"");
    assert_ne!(other, START);
    let open = walk.get(&format!("/book/stuttgart/new?service=beratung&resource=kabine-1&start={}", escape(START))).await.is(409);
    open.says("type=\"radio\"");
    let fields = [("service", "beratung"), ("resource", "kabine-1"), ("wanted", START), ("given_name", "Berta"), ("lang", "de")];
    walk.post("/book/stuttgart/new", &fields).await.is(422).says("Bitte eine Zeit wählen").says("value=\"Berta\"").says("type=\"radio\"");
    walk.book(&other, "Berta").await.is(303);
    walk.book("2026-11-27T03:00:00+01:00", "Cäsar").await.is(409).says("können wir nicht anbieten");
}

#[tokio::test]
async fn staff_sign_in_see_the_request_and_confirm_it() {
    let mut walk = Walk::begin().await;
    walk.book(START, "Anton").await.is(303);
    assert_eq!(walk.get("/staff/").await.is(303).location, "/staff/sign-in");
    let sent = walk.get("/staff/upcoming?lang=en").await.is(303);
    assert_eq!(sent.location, "/staff/sign-in?next=%2Fstaff%2Fupcoming");
    assert!(sent.headers[header::SET_COOKIE].to_str().unwrap().starts_with("openslot_language=en; Path=/staff;"));
    walk.get("/staff/requests").await.is(403);
    walk.get("/staff/events").await.is(403);
    walk.post("/staff/sign-in", &[("login", "anna"), ("password", "wrong")]).await.is(422).says("value=\"anna\"");
    let csrf = walk.sign_in().await;
    let list =
        walk.get("/staff/").await.is(200).says("Filiale Stuttgart, Kabine 1").says("in 2 Tagen, 10:30").says("http-equiv=\"refresh\"");
    walk.get("/staff/requests").await.is(200).never_says("<html");
    walk.get("/staff/upcoming").await.is(200).says("Freitag, 27. November 2026");
    let opened = list.after("href=\"/staff/appointment/");
    let opened = format!("/staff/appointment/{opened}");
    let seen = walk.get(&opened).await.is(200).field("seen");
    walk.get(&opened).await.is(200).says("mailto:t.tester@example.org").says("tel:071121475475").says("Bestätigen");
    let confirm = format!("{opened}/confirm");
    walk.post(&confirm, &[("csrf", "guessed")]).await.is(403);
    walk.post(&confirm, &[]).await.is(403);
    walk.post(&confirm, &[("csrf", &csrf)]).await.is(409).says("Noch nichts ist bestätigt");
    assert_eq!(walk.post(&confirm, &[("csrf", &csrf), ("seen", &seen)]).await.is(303).location, format!("{opened}#done"));
    walk.get(&opened).await.is(200).says("anna, Praxisseite").says("Kunde, Website").says("Absagen");
    walk.get("/staff/").await.is(200).says("Keine offene Anfrage");
    walk.post(&confirm, &[("csrf", &csrf)]).await.is(409).says("geht mit diesem Termin nicht mehr");
    walk.post(&format!("{opened}/explode"), &[("csrf", &csrf)]).await.is(404);
    walk.post("/staff/sign-out", &[("csrf", &csrf)]).await.is(303);
    walk.get("/staff/").await.is(303);
}

#[tokio::test]
async fn a_deletion_in_a_calendar_is_one_line_of_the_history() {
    let mut walk = Walk::begin().await;
    walk.book(START, "Anton").await.is(303);
    walk.sign_in().await;
    let href = walk.get("/staff/").await.is(200).after("<a class=\"row row-requested\" href=\"");
    let by = Actor::new(walk.web.app.principal_of("anna").await.unwrap(), "Thunderbird");
    let calendar = walk.web.app.calendar(&by.principal, &Name::new("kabine-1").unwrap()).await.unwrap();
    let name = Name::new(&format!("{}.ics", href.rsplit_once('/').unwrap().1)).unwrap();
    walk.web.app.delete(&by, &calendar, &name, Condition::Always).await.unwrap();
    let seen = walk.get(&href).await.is(200).says("Angefragt").says("anna, Thunderbird");
    let history = seen.text.split("<ol class=\"history\"").nth(1).unwrap().split("</ol>").next().unwrap();
    assert_eq!(history.matches("Gelöscht").count(), 1, "{history}");
}

#[tokio::test]
async fn devices_get_passwords_that_are_shown_once() {
    let mut walk = Walk::begin().await;
    let csrf = walk.sign_in().await;
    walk.post("/staff/devices", &[("csrf", &csrf), ("label", " ")]).await.is(422).says("id=\"label-fault\"");
    let made = walk.post("/staff/devices", &[("csrf", &csrf), ("label", "Anrufbeantworter")]).await.is(200).says("http://127.0.0.1:8008/");
    let (_, rest) = made.text.split_once("class=\"secret\">").unwrap();
    let secret = rest.split_once('<').unwrap().0.to_owned();
    walk.web.app.authenticate_from("anna", &secret, None).await.unwrap();
    let list = walk.get("/staff/devices").await.is(200).says("Anrufbeantworter").never_says(&secret);
    walk.post("/staff/devices/revoke", &[("csrf", &csrf), ("key", &list.field("key"))]).await.is(303);
    walk.get("/staff/devices").await.is(200).never_says("Anrufbeantworter");
    assert!(walk.web.app.authenticate_from("anna", &secret, None).await.is_err());
}

#[tokio::test]
async fn an_open_page_hears_of_a_booking_and_of_the_end() {
    let mut walk = Walk::begin().await;
    walk.sign_in().await;
    let request = http::Request::builder().uri("/staff/events").header(header::COOKIE, &walk.cookie).body(bytes::Bytes::new()).unwrap();
    let reply = handle(&walk.web, request, "192.0.2.7".parse().unwrap()).await;
    assert_eq!(reply.headers()[header::CONTENT_TYPE], "text/event-stream");
    let Body::Stream(mut pieces) = reply.into_body() else { panic!("no stream") };
    assert_eq!(pieces.recv().await.unwrap(), "retry: 3000\n\n");
    walk.book(START, "Anton").await.is(303);
    let mut heard = pieces.recv().await.unwrap();
    while heard.starts_with(b":") {
        heard = pieces.recv().await.unwrap();
    }
    assert_eq!(heard, "event: requests\ndata: changed\n\n");
    walk.web.app.close();
    while pieces.recv().await.is_some() {}
}

#[tokio::test]
async fn the_language_follows_the_visitor_and_links_keep_a_choice() {
    let walk = Walk::begin().await;
    let asked =
        |path: &str| http::Request::builder().uri(path).header(header::ACCEPT_LANGUAGE, "fr,en;q=0.5").body(bytes::Bytes::new()).unwrap();
    walk.send(asked("/")).await.is(200).says("<html lang=\"en\" dir=\"ltr\">").never_says("href=\"/book/stuttgart?lang");
    walk.send(asked("/?lang=de")).await.is(200).says("<html lang=\"de\" dir=\"ltr\">").says("href=\"/book/stuttgart?lang=de\"");
    let grid = walk.get("/book/stuttgart?service=beratung&lang=en").await.is(200).says("Consultation");
    let href = grid.after(&format!("data-start=\"{START}\" href=\""));
    assert!(href.ends_with("&lang=en"), "{href}");
    walk.get(&href)
        .await
        .is(200)
        .says("Request an appointment")
        .says("name=\"lang\" value=\"en\"")
        .says("action=\"/book/stuttgart/new?lang=en\"");
}

#[tokio::test]
async fn what_does_not_belong_is_refused_in_words() {
    let walk = Walk::begin().await;
    walk.get("/nothing").await.is(404).says("Diese Seite gibt es nicht");
    walk.get("/book/nowhere").await.is(404);
    walk.get("/book/stuttgart/new?service=beratung&resource=kabine-9&start=2026-11-27T10%3A30%3A00%2B01%3A00").await.is(404);
    assert_eq!(walk.get("/book/stuttgart/new?service=beratung").await.is(303).location, "/book/stuttgart?service=beratung");
    walk.get("/staff/sign-out").await.is(405);
    let refused = walk.post("/book/stuttgart", &[]).await.is(405);
    assert_eq!(refused.headers[header::ALLOW], "GET, HEAD");
    walk.get("/demo/mail/").await.is(404);
    let long = "x".repeat(super::form::MAX_FORM);
    walk.post("/book/stuttgart/new", &[("comment", &long)]).await.is(413);
    let foreign = http::Request::builder().method(Method::POST).uri("/book/stuttgart/new").header(header::CONTENT_TYPE, FORM);
    let foreign = foreign.header(header::ORIGIN, "https://evil.example").header(header::HOST, "127.0.0.1:8008");
    walk.send(foreign.body("start=x".into()).unwrap()).await.is(403);
    let file = http::Request::builder().method(Method::POST).uri("/book/stuttgart/new").header(header::CONTENT_TYPE, "multipart/form-data");
    walk.send(file.body("x".into()).unwrap()).await.is(415);
    let head = http::Request::builder().method(Method::HEAD).uri("/health").body(bytes::Bytes::new()).unwrap();
    let head = walk.send(head).await.is(200);
    assert_eq!((head.headers[header::CONTENT_LENGTH].to_str().unwrap(), head.text.as_str()), ("3", ""));
}

#[tokio::test]
async fn public_pages_are_guarded_and_leave_nothing_behind() {
    let walk = Walk::begin().await;
    let booked = walk.book(START, "Anton").await.is(303).location;
    for path in ["/", "/book/stuttgart", "/book/stuttgart?service=beratung", &booked, &format!("{booked}/cancel"), "/nothing"] {
        let seen = walk.get(path).await;
        assert!(!seen.headers.contains_key(header::SET_COOKIE), "{path}");
        let policy = seen.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'self'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(policy.contains("script-src 'self'"), seen.text.contains("<script"), "{path}: {policy}");
        assert_eq!(seen.headers[header::CACHE_CONTROL], "no-store", "{path}");
        assert_eq!(seen.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        seen.never_says("src=\"http").never_says("<script>").never_says("http://").says("tel:071146909151");
    }
    let style = walk.get("/").await.after("rel=\"stylesheet\" href=\"");
    let style = walk.get(&style).await.is(200).says("--accent: #1f5f8b");
    assert!(style.headers[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
}

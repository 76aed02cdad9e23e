//! A practice in memory with two cabins, and people who talk to its calendar door.

use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use openslot::app::calendar::Calendar;
use openslot::app::devices::DevicePassword;
use openslot::app::former::Home;
use openslot::app::{Actor, App, Settings};
use openslot::appointment::practice::{Id, Language, Location, Opening, Practice, Resource, ResourceKind, Week};
use openslot::collection::Name;
use openslot::dav;
use openslot::dav::xml::{self, Element, Namespace};
use openslot::exchange::{Body, Request};
use openslot::ical::component::Component;
use openslot::ical::time::instant;
use openslot::mail::message::Sender;
use openslot::principal::{Grant, Role, View};
use openslot::store::engine::{Batch, Engine, Key, MAX_SCAN};
use openslot::store::memory::MemoryEngine;
use openslot::store::record::{CollectionRecord, DeviceRecord, PrincipalRecord};
use openslot::store::{Store, key};
use openslot::template::Templates;
use openslot::world::{Fixed, World};
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

/// 26 March 2026, 09:00 UTC.
pub const NOW: i64 = 1_774_515_600;

/// Somebody with a program.
#[derive(Clone)]
pub struct Person {
    app: Arc<App>,
    authorization: String,
    pub login: &'static str,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

/// The house with anna, who may change kabine-1 and read kabine-2, ben, who may change kabine-2 and a collection of
/// VFREEBUSY, and the administrator.
pub struct House {
    pub anna: Person,
    pub ben: Person,
    pub admin: Person,
    pub nobody: Person,
    /// ben at a telephone that shows names only.
    pub bens_telephone: Person,
    /// ben at a screen in the hall that shows no more than what is taken.
    pub bens_screen: Person,
    app: Arc<App>,
}

impl House {
    /// A calendar as a request finds it before it is decided.
    pub async fn calendar(&self, login: &str, name: &str) -> Calendar {
        let who = self.app.principal_of(login).await.unwrap();
        self.app.calendar(&who, &Name::new(name).unwrap()).await.unwrap()
    }

    /// Decides that what was found is deleted.
    pub async fn delete(&self, login: &str, found: &Calendar) -> openslot::error::Result<()> {
        let who = self.app.principal_of(login).await.unwrap();
        self.app.delete_calendar(&Actor::new(who, "test"), found).await
    }

    /// Takes away what is left of what was deleted.
    pub async fn purge(&self) {
        self.app.purge().await.unwrap();
    }

    /// Removes a login; what lay in its home is kept.
    pub async fn remove(&self, login: &str) {
        self.app.remove_login(login, Home::Kept).await.unwrap();
    }

    /// The devices of a login, as its owner sees them.
    pub async fn devices(&self, login: &str) -> Vec<DevicePassword> {
        self.app.devices(&self.app.principal_of(login).await.unwrap()).await.unwrap()
    }
}

fn resource(id: &str, name: &str) -> Resource {
    Resource {
        id: Id(id.into()),
        name: name.into(),
        location: Id("stuttgart".into()),
        kind: ResourceKind::Room,
        hours: None,
        online: true,
        public_busy: false,
    }
}

/// Every day from 9 to 12 and from 13 to 18.
fn hours() -> Week {
    Week(std::array::from_fn(|_| vec![Opening { from: 540, to: 720 }, Opening { from: 780, to: 1080 }]))
}

fn practice() -> Practice {
    Practice {
        notify_grace_seconds: 0,
        locations: vec![Location {
            id: Id("stuttgart".into()),
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
        resources: vec![
            resource("kabine-1", "Kabine 1"),
            resource("kabine-2", "Kabine 2"),
            Resource { public_busy: true, ..resource("auskunft", "Auskunft") },
            Resource { hours: Some(hours()), ..resource("offen", "Offen") },
            Resource { online: false, ..resource("verborgen", "Verborgen") },
        ],
        ..Practice::new("Hörgeräte Mustermann".into(), Language::De)
    }
}

fn grants(login: &str) -> Vec<(String, Grant)> {
    match login {
        "anna" => vec![("kabine-1".into(), Grant::Write), ("kabine-2".into(), Grant::Read)],
        "ben" => vec![("kabine-2".into(), Grant::Write), ("auskunft".into(), Grant::Write)],
        _ => Vec::new(),
    }
}

async fn furnish(engine: &Arc<MemoryEngine>, world: &Arc<dyn World>) {
    let store = Store::open(Arc::clone(engine) as _, Arc::clone(world)).await.unwrap();
    let text = Bytes::from(serde_json::to_vec(&practice()).unwrap());
    store
        .commit(move |txn| {
            txn.write_record(key::setting("practice-size"), &u64::try_from(text.len()).unwrap())?;
            txn.write_long(&key::setting("practice"), &text, 0);
            for (id, component) in [("kabine-1", Component::Event), ("kabine-2", Component::Event), ("auskunft", Component::FreeBusy)] {
                let record = CollectionRecord {
                    component,
                    zone: "Europe/Berlin".into(),
                    resource: Some(id.into()),
                    owner: None,
                    title: None,
                    source: None,
                };
                let collection = txn.make_collection(&record)?;
                txn.write_record(key::resource(id), &collection)?;
            }
            for (login, role) in [("anna", Role::Staff), ("ben", Role::Staff), ("admin", Role::Admin)] {
                let email = Some(format!("{login}@mustermann.example"));
                let record = PrincipalRecord {
                    display_name: login.to_uppercase(),
                    role,
                    email,
                    password: None,
                    grants: grants(login),
                    customers: (login == "anna").then_some(Grant::Write),
                    hours: (login == "ben").then_some(Grant::Write),
                    furnished: login != "admin",
                    view: None,
                };
                txn.write_record(key::principal(login), &record)?;
                let hash = Sha256::digest(b"geheim").to_vec();
                let device = DeviceRecord { login: login.into(), label: "Test".into(), hash, created: 0, used: None, view: None };
                txn.write_record(key::device(login), &device)?;
                for view in [View::Name, View::Busy].into_iter().filter(|_| login == "ben") {
                    let lowered = DeviceRecord { view: Some(view), created: 1, ..device.clone() };
                    txn.write_record(key::device(&format!("ben{}", view.word())), &lowered)?;
                }
            }
            Ok(())
        })
        .await
        .unwrap();
}

/// Reading them takes longer than all else about a house, and nobody changes them.
static TEMPLATES: LazyLock<Arc<Templates>> = LazyLock::new(|| Arc::new(Templates::load(None).unwrap()));

/// What is in the store of a house that is opened for the first time: opening hours for two years are worked out once for all.
static FURNISHED: OnceCell<Vec<(Key, Bytes)>> = OnceCell::const_new();

async fn furnished() -> Vec<(Key, Bytes)> {
    let engine = Arc::new(MemoryEngine::new());
    let world: Arc<dyn World> = Arc::new(Fixed::at(instant(NOW)));
    furnish(&engine, &world).await;
    start(Arc::clone(&engine), world).await;
    let mut pairs: Vec<(Key, Bytes)> = Vec::new();
    loop {
        let after = pairs.last().map(|(key, _)| key.clone());
        let page = engine.scan(b"", after.as_deref(), MAX_SCAN).await.unwrap();
        if page.is_empty() {
            return pairs;
        }
        pairs.extend(page);
    }
}

async fn start(engine: Arc<MemoryEngine>, world: Arc<dyn World>) -> App {
    let sender = Sender {
        address: "info@mustermann.example".into(),
        host: "mustermann.example".into(),
        public_url: "https://termine.mustermann.example".into(),
    };
    App::start(engine, world, Arc::clone(&TEMPLATES), Settings { sender, bookings_per_hour: 1000 }).await.unwrap()
}

/// Opens the house.
pub async fn house() -> House {
    let pairs = FURNISHED.get_or_init(furnished).await;
    let engine = Arc::new(MemoryEngine::new());
    let write = pairs.iter().map(|(key, value)| (key.clone(), Some(value.clone()))).collect();
    engine.commit(Batch { expect: Vec::new(), write }).await.unwrap();
    let app = Arc::new(start(engine, Arc::new(Fixed::at(instant(NOW)))).await);
    let at = |login: &'static str, device: &str| {
        use base64::Engine as _;
        let plain = format!("{login}:os-{device}-geheim");
        let authorization = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(plain));
        Person { app: Arc::clone(&app), authorization, login }
    };
    let person = |login: &'static str| at(login, login);
    House {
        app: Arc::clone(&app),
        bens_telephone: at("ben", "benname"),
        bens_screen: at("ben", "benbusy"),
        anna: person("anna"),
        ben: person("ben"),
        admin: person("admin"),
        nobody: Person { authorization: String::new(), ..person("") },
    }
}

impl Person {
    /// Sends a request; a path without a slash lies in the person's own home.
    pub async fn send(&self, method: &str, path: &str, headers: &[(&'static str, &str)], body: impl Into<Bytes>) -> Answer {
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/dav/calendars/{}/{path}", self.login) };
        let mut request = Request::new(body.into());
        *request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap();
        *request.uri_mut() = path.parse().unwrap();
        if !self.authorization.is_empty() {
            request.headers_mut().insert("authorization", self.authorization.parse().unwrap());
        }
        request.headers_mut().insert("host", "localhost".parse().unwrap());
        request.headers_mut().insert("user-agent", "openslot-tests/1".parse().unwrap());
        for (name, value) in headers {
            request.headers_mut().append(*name, value.parse().unwrap());
        }
        assert!(dav::wants(request.method(), request.uri().path()), "{method} {path}");
        let (head, body) = dav::handle(&self.app, request).await.into_parts();
        let octets = match body {
            Body::Whole(octets) => octets.to_vec(),
            Body::Stream(mut pieces) => {
                let mut all = Vec::new();
                while let Some(piece) = pieces.recv().await {
                    all.extend_from_slice(&piece);
                }
                all
            }
        };
        Answer { status: head.status, headers: head.headers, body: String::from_utf8(octets).unwrap() }
    }

    /// PROPFIND of these properties (`D:displayname C:calendar-data`).
    pub async fn propfind(&self, path: &str, depth: &str, names: &str) -> Answer {
        let props: String = names.split_whitespace().map(|name| format!("<{name}/>")).collect();
        self.send("PROPFIND", path, &[("depth", depth)], within("D:propfind", &format!("<D:prop>{props}</D:prop>"))).await
    }

    pub async fn put(&self, path: &str, body: &str) -> Answer {
        self.send("PUT", path, &[("content-type", "text/calendar; charset=utf-8")], body.to_owned()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], "").await
    }

    /// A report that is asked with Depth 0.
    pub async fn report_on(&self, path: &str, root: &str, inner: &str) -> Answer {
        self.send("REPORT", path, &[("depth", "0")], within(root, inner)).await
    }

    /// ACL with these entries.
    pub async fn acl(&self, path: &str, aces: &str) -> Answer {
        self.send("ACL", path, &[], within("D:acl", aces)).await
    }

    pub async fn report(&self, path: &str, root: &str, inner: &str) -> Answer {
        self.send("REPORT", path, &[("depth", "1")], within(root, inner)).await
    }
}

/// A document with the usual prefixes.
pub fn within(root: &str, inner: &str) -> String {
    format!(
        "<{root} xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav' xmlns:S='http://calendarserver.org/ns/' \
         xmlns:R='urn:ietf:params:xml:ns:carddav' xmlns:A='http://apple.com/ns/ical/'>{inner}</{root}>"
    )
}

/// One DAV:response.
#[derive(Debug, Clone)]
pub struct Response {
    pub href: String,
    pub status: Option<String>,
    /// Name, status and element of each property.
    pub properties: Vec<(String, u16, Element)>,
}

impl Response {
    /// The text of a property that was found.
    pub fn text(&self, name: &str) -> Option<String> {
        self.element(name).map(Element::text)
    }

    pub fn element(&self, name: &str) -> Option<&Element> {
        self.properties.iter().find(|(n, status, _)| n == name && *status == 200).map(|(_, _, element)| element)
    }

    /// The addresses in a property that was found.
    pub fn addresses(&self, name: &str) -> Vec<String> {
        self.element(name).into_iter().flat_map(Element::children).map(Element::text).collect()
    }

    pub fn status_of(&self, name: &str) -> Option<u16> {
        self.properties.iter().find(|(n, _, _)| n == name).map(|(_, status, _)| *status)
    }
}

fn code(line: &str) -> u16 {
    assert!(line.starts_with("HTTP/1.1 "), "{line}");
    line.split(' ').nth(1).unwrap().parse().unwrap()
}

impl Answer {
    /// The element that a refusal names.
    pub fn names(&self, namespace: Namespace, local: &str) -> Element {
        let error = self.xml();
        assert!(error.is(Namespace::Dav, "error"), "{}", self.body);
        let found = error.child(namespace, local);
        assert!(found.is_some(), "{}", self.body);
        found.unwrap().clone()
    }

    pub fn is(self, status: u16) -> Answer {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn xml(&self) -> Element {
        xml::read(self.body.as_bytes()).unwrap()
    }

    /// The responses of a 207.
    pub fn responses(&self) -> Vec<Response> {
        assert_eq!(self.status, StatusCode::MULTI_STATUS, "{}", self.body);
        let responses = |element: &Element| element.is(Namespace::Dav, "response");
        self.xml().children().filter(|element| responses(element)).map(response).collect()
    }

    /// The hrefs of a 207, with the status of those that have one of their own.
    pub fn hrefs(&self) -> Vec<String> {
        self.responses().into_iter().map(|r| r.href).collect()
    }

    /// The new token of a sync.
    pub fn token(&self) -> String {
        self.xml().child(Namespace::Dav, "sync-token").unwrap().text()
    }
}

fn response(element: &Element) -> Response {
    let text = |name: &str| element.child(Namespace::Dav, name).map(Element::text);
    let mut properties = Vec::new();
    for propstat in element.children().filter(|child| child.is(Namespace::Dav, "propstat")) {
        let status = code(&propstat.child(Namespace::Dav, "status").unwrap().text());
        for property in propstat.child(Namespace::Dav, "prop").unwrap().children() {
            properties.push((property.local.clone(), status, property.clone()));
        }
    }
    Response { href: text("href").unwrap(), status: text("status"), properties }
}

/// An event of an hour, with its own lines.
pub fn event(uid: &str, start: &str, more: &str) -> String {
    let more: String = more.lines().map(|line| format!("{line}\r\n")).collect();
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//Test//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260301T000000Z\r\n\
         DTSTART:{start}\r\nDURATION:PT1H\r\nSUMMARY:Termin {uid}\r\n{more}END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

//! The whole product below its doors, on an engine in memory and a clock that stands: faults that were found once, and random work against a
//! naive model.

use std::collections::BTreeMap;

use bytes::Bytes;
use proptest::prelude::*;
use tokio::runtime::Runtime;

use super::booking::BookingForm;
use super::calendar::Calendar;
use super::files::{Overwrite, Way};
use super::former::{Former, Home};
use super::staff::{Act, Acted, Shown};
use super::transfer::ObjectTransfer;
use super::*;
use crate::appointment::booking::{self as event, Customer, State};
use crate::appointment::notice::{Delivery, Outcome};
use crate::appointment::practice::Id;
use crate::appointment::refusal::Refusal;
use crate::collection::{Condition, Etag, Name, Version};
use crate::error::Precondition;
use crate::ical::freebusy;
use crate::ical::object::{CalendarObject, Editor};
use crate::ical::recurrence;
use crate::ical::time::{TimeRange, format_utc, instant};
use crate::ical::zone::Zone;
use crate::mail::mailer::FileMailer;
use crate::principal::{Delegation, Grant, PrincipalId, Role, View};
use crate::store::memory::MemoryEngine;
use crate::store::record;
use crate::world::Fixed;

mod post;

const DAY: i64 = 86_400;
/// Monday, 2026-11-23, 09:00 in Berlin.
const NOW: i64 = 1_795_420_800;

struct House {
    app: Arc<App>,
    engine: Arc<MemoryEngine>,
    clock: Arc<Fixed>,
}

fn practice(change: impl Fn(String) -> String) -> Practice {
    let demo = include_str!("../../fixtures/practice/small.toml").to_owned();
    crate::config::practice::parse("practice.toml", &change(demo)).unwrap()
}

async fn open(engine: &Arc<MemoryEngine>, clock: &Arc<Fixed>) -> Arc<App> {
    let sender = Sender { address: "a@b.example".into(), host: "b.example".into(), public_url: "https://b.example".into() };
    let settings = Settings { sender, bookings_per_hour: u32::MAX };
    let engine: Arc<dyn Engine> = Arc::<MemoryEngine>::clone(engine);
    let clock: Arc<dyn World> = Arc::<Fixed>::clone(clock);
    Arc::new(App::start(engine, clock, Arc::new(Templates::load(None).unwrap()), settings).await.unwrap())
}

async fn house(grace: u32) -> House {
    let (engine, clock) = (Arc::new(MemoryEngine::new()), Arc::new(Fixed::at(instant(NOW))));
    let app = open(&engine, &clock).await;
    app.apply(practice(|text| text.replace("notify_grace_seconds = 0", &format!("notify_grace_seconds = {grace}")))).await.unwrap();
    House { app, engine, clock }
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn wrapped(uid: &str, lines: &str) -> Bytes {
    Bytes::from(format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261123T080000Z\r\n{lines}END:VEVENT\r\nEND:VCALENDAR\r\n"
    ))
}

impl House {
    async fn by(&self, login: &str) -> Actor {
        Actor::new(self.app.principal_of(login).await.unwrap(), "test")
    }

    async fn calendar(&self, login: &str, resource: &str) -> Calendar {
        self.app.calendar(&self.app.principal_of(login).await.unwrap(), &name(resource)).await.unwrap()
    }

    async fn put(&self, login: &str, resource: &str, object: &str, octets: Bytes) -> Result<()> {
        let (by, calendar) = (self.by(login).await, self.calendar(login, resource).await);
        self.app.put(&by, &calendar, &name(object), octets, Condition::Always).await.map(|_| ())
    }

    async fn delete(&self, login: &str, resource: &str, object: &str) -> Result<()> {
        let (by, calendar) = (self.by(login).await, self.calendar(login, resource).await);
        self.app.delete(&by, &calendar, &name(object), Condition::Always).await
    }

    async fn get(&self, resource: &str, object: &str) -> CalendarObject {
        let found = self.app.objects(&self.calendar("admin", resource).await, &[name(object)]).await.unwrap().remove(0).unwrap();
        CalendarObject::parse(found.octets).unwrap()
    }

    /// Books kabine-1; the token and the UID.
    async fn book(&self, start: i64) -> std::result::Result<(String, String), Refusal> {
        let customer = Customer {
            given_name: "Torsten".into(),
            family_name: "Tester".into(),
            email: "t@example.org".into(),
            telephone: "0711 123456".into(),
            ..Customer::default()
        };
        let id = |text: &str| Id(text.into());
        let token = self
            .app
            .book(BookingForm {
                location: id("stuttgart"),
                service: id("beratung"),
                resource: Some(id("kabine-1")),
                start,
                customer,
                own: Default::default(),
                language: Language::De,
                form: None,
                from: [192, 0, 2, 1].into(),
            })
            .await?;
        let uid = self.app.booking(&token).await?.booking.uid;
        Ok((token, uid))
    }

    /// What a page that is opened now shows of when it is.
    async fn sight(&self, uid: &str) -> String {
        self.app.open(&self.by("anna").await.principal, uid).await.unwrap().listed.sight()
    }

    async fn act(&self, uid: &str, act: Act) {
        let seen = self.sight(uid).await;
        assert_eq!(self.app.act(&self.by("anna").await, uid, act, Shown { seen: Some(&seen), yes: None }).await.unwrap(), Acted::Done);
    }

    /// Some lines of a booking changed, as a client that knows the present revision does it; removed where there is no value.
    async fn edit(&self, resource: &str, uid: &str, changes: &[(&str, Option<&str>)]) -> Bytes {
        let object = self.get(resource, &format!("{uid}.ics")).await;
        let mut editor = Editor::new(&object);
        for (name, value) in changes {
            match value {
                Some(value) => editor.set(object.master().unwrap(), name, &[], value).unwrap(),
                None => editor.remove(object.master().unwrap(), name).unwrap(),
            }
        }
        editor.finish()
    }

    /// Lets so many seconds pass, sends what is due, and answers what the customer has been sent about a booking, in order.
    async fn letters(&self, uid: &str, later: i64) -> Vec<&'static str> {
        self.clock.set(instant(self.app.now() + later));
        let folder = std::env::temp_dir().join(format!("openslot-letters-{}-{uid}", std::process::id()));
        self.app.outbox(Arc::new(FileMailer::new(&folder))).round(false).await.unwrap();
        let _ = std::fs::remove_dir_all(folder);
        let found = self.app.store.scan(&key::deliveries(uid), 100).await.unwrap();
        let mut found: Vec<Delivery> = found.iter().map(|(_, octets)| record::decode(octets).unwrap()).collect();
        found.retain(|d| d.outcome.is_taken() && d.notice.to.word() == "customer");
        found.sort_by_key(|d| d.notice.sequence);
        found.into_iter().map(|d| d.notice.kind.word()).collect()
    }
}

fn at(days: i64, hour: i64) -> i64 {
    NOW + days * DAY + (hour - 9) * 3600
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_within_the_grace_are_one_letter_or_none() {
    let house = house(120).await;
    let (_, uid) = house.book(at(2, 10)).await.unwrap();
    assert_eq!(house.letters(&uid, 0).await, ["requested"]);
    // Confirmed, then put right: one letter.
    house.act(&uid, Act::Confirm).await;
    let moved = [("DTSTART", format_utc(instant(at(2, 12)))), ("DTEND", format_utc(instant(at(2, 13))))];
    let moved: Vec<(&str, Option<&str>)> = moved.iter().map(|(name, value)| (*name, Some(value.as_str()))).collect();
    let octets = house.edit("kabine-1", &uid, &moved).await;
    house.put("anna", "kabine-1", &format!("{uid}.ics"), octets).await.unwrap();
    assert_eq!(house.letters(&uid, 300).await, ["requested", "confirmed"]);
    // Cancelled by a slip and put back: none.
    house.act(&uid, Act::Cancel).await;
    let back = house.edit("kabine-1", &uid, &[("STATUS", Some("CONFIRMED"))]).await;
    house.put("anna", "kabine-1", &format!("{uid}.ics"), back).await.unwrap();
    assert_eq!(house.letters(&uid, 300).await, ["requested", "confirmed"]);
    // Deleted and put back at another time, as some programs move: moved.
    let elsewhere = [("DTSTART", format_utc(instant(at(3, 12)))), ("DTEND", format_utc(instant(at(3, 13))))];
    let elsewhere: Vec<(&str, Option<&str>)> = elsewhere.iter().map(|(name, value)| (*name, Some(value.as_str()))).collect();
    let octets = house.edit("kabine-1", &uid, &elsewhere).await;
    house.delete("anna", "kabine-1", &format!("{uid}.ics")).await.unwrap();
    house.put("anna", "kabine-1", &format!("{uid}.ics"), octets).await.unwrap();
    assert_eq!(house.letters(&uid, 300).await, ["requested", "confirmed", "moved"]);
    // Deleted, told, and put back as it was: it stays called off, as the customer knows it.
    let octets = house.edit("kabine-1", &uid, &[]).await;
    house.delete("anna", "kabine-1", &format!("{uid}.ics")).await.unwrap();
    assert_eq!(house.letters(&uid, 300).await, ["requested", "confirmed", "moved", "cancelled"]);
    house.put("anna", "kabine-1", &format!("{uid}.ics"), octets).await.unwrap();
    assert_eq!(house.letters(&uid, 300).await, ["requested", "confirmed", "moved", "cancelled"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_told_at_once_and_undone_is_told_too() {
    let house = house(0).await;
    let (_, uid) = house.book(at(2, 10)).await.unwrap();
    house.act(&uid, Act::Confirm).await;
    assert_eq!(house.letters(&uid, 0).await, ["requested", "confirmed"]);
    let octets = house.edit("kabine-1", &uid, &[]).await;
    house.delete("anna", "kabine-1", &format!("{uid}.ics")).await.unwrap();
    assert_eq!(house.letters(&uid, 0).await, ["requested", "confirmed", "cancelled"]);
    house.put("anna", "kabine-1", &format!("{uid}.ics"), octets).await.unwrap();
    assert_eq!(house.letters(&uid, 0).await, ["requested", "confirmed", "cancelled", "confirmed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_change_a_calendar_takes_no_booking_out_of_it() {
    let house = house(0).await;
    let (_, uid) = house.book(at(2, 10)).await.unwrap();
    let file = format!("{uid}.ics");
    let octets = house.edit("kabine-1", &uid, &[("STATUS", Some("CANCELLED"))]).await;
    house.put("ben", "kabine-2", &file, octets.clone()).await.unwrap();
    house.delete("ben", "kabine-2", &file).await.unwrap();
    assert_eq!(house.app.requests(&house.app.principal_of("anna").await.unwrap()).await.unwrap().len(), 1);
    house.put("anna", "kabine-2", &file, octets).await.unwrap();
    house.delete("anna", "kabine-1", &file).await.unwrap();
    assert_eq!(event::read(&house.get("kabine-2", &file).await, &Zone::UTC).unwrap().state, State::Rejected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_appointment_any_more_is_refused() {
    let house = house(0).await;
    let (token, uid) = house.book(at(2, 10)).await.unwrap();
    let file = format!("{uid}.ics");
    let exception = wrapped(&uid, "RECURRENCE-ID:20261125T090000Z\r\nDTSTART:20261125T100000Z\r\nDTEND:20261125T110000Z\r\n");
    let refused = house.put("anna", "kabine-1", &file, exception).await.unwrap_err();
    assert!(matches!(refused, Error::Refused(Precondition::ValidCalendarObjectResource, _)), "{refused:?}");
    let timeless = house.edit("kabine-1", &uid, &[("DTSTART", None), ("DTEND", None)]).await;
    let refused = house.put("anna", "kabine-1", &file, timeless).await.unwrap_err();
    assert!(matches!(refused, Error::Refused(..)), "{refused:?}");
    let endless = house.edit("kabine-1", &uid, &[("SEQUENCE", Some("4294967295"))]).await;
    house.put("anna", "kabine-1", &file, endless).await.unwrap();
    house.app.cancel(&token, "").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_knows_nothing_of_us_never_brings_a_cancelled_one_back() {
    let house = house(0).await;
    let (token, uid) = house.book(at(2, 10)).await.unwrap();
    let old = house.edit("kabine-1", &uid, &[("X-OPENSLOT-REV", None), ("STATUS", Some("CONFIRMED"))]).await;
    house.app.cancel(&token, "").await.unwrap();
    house.put("anna", "kabine-1", &format!("{uid}.ics"), old).await.unwrap();
    assert_eq!(house.app.booking(&token).await.unwrap().booking.state, State::Cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_is_put_away_as_it_was() {
    let house = house(0).await;
    let (token, uid) = house.book(at(2, 10)).await.unwrap();
    house.act(&uid, Act::Confirm).await;
    house.clock.set(instant(at(4, 10)));
    house.delete("anna", "kabine-1", &format!("{uid}.ics")).await.unwrap();
    let view = house.app.booking(&token).await.unwrap();
    assert_eq!((view.booking.state, view.can_cancel), (State::Confirmed, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_zone_moves_what_has_none() {
    let house = house(0).await;
    house.put("anna", "kabine-1", "a.ics", wrapped("a", "DTSTART:20261125T100000\r\nDTEND:20261125T110000\r\n")).await.unwrap();
    let day = TimeRange { start: at(2, 0), end: at(3, 0) };
    let calendar = house.calendar("anna", "kabine-1").await;
    assert_eq!(house.app.busy(&calendar, day).await.unwrap()[0].range.start, at(2, 10));
    house.app.apply(practice(|text| text.replacen("Europe/Berlin", "Europe/London", 1))).await.unwrap();
    let calendar = house.calendar("anna", "kabine-1").await;
    assert_eq!(house.app.busy(&calendar, day).await.unwrap()[0].range.start, at(2, 11));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_is_known_in_all_its_years_whenever_it_was_written() {
    let house = house(0).await;
    let calendar = house.calendar("anna", "kabine-1").await;
    assert!(house.app.busy(&calendar, TimeRange { start: NOW, end: NOW + DAY }).await.unwrap().is_empty());
    house.clock.set(instant(NOW + 20 * DAY));
    let weekly = wrapped("a", "DTSTART:20230102T100000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY\r\n");
    house.put("anna", "kabine-1", "a.ics", weekly).await.unwrap();
    let week = TimeRange { start: NOW - 364 * DAY, end: NOW - 357 * DAY };
    assert_eq!(house.app.busy(&calendar, week).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_sees_a_series_of_its_own_group_beyond_the_horizon() {
    let house = house(0).await;
    let id = house.calendar("anna", "kabine-1").await.id;
    let octets = wrapped("a", "DTSTART:20261102T100000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY\r\n");
    let object = CalendarObject::parse(octets.clone()).unwrap();
    let horizon = house.app.store.horizon();
    let (entry, indexed) =
        describing::describe(&object, &name("a.ics"), crate::ical::component::Component::Event, &Zone::UTC, horizon, NOW).unwrap();
    let note = crate::store::txn::Note { at: NOW, by: None, via: String::new(), what: String::new(), sent: None, number: None };
    let far = TimeRange { start: NOW + 1000 * DAY, end: NOW + 1001 * DAY };
    let decide = move |txn: &mut Txn<'_>| {
        txn.put(id, entry.clone(), &octets, indexed.clone(), note.clone())?;
        Ok(txn.occurrences(id, far)?.len())
    };
    assert_eq!(house.app.store.commit(decide).await.unwrap().0, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_decision_that_panics_does_not_end_the_line() {
    let house = house(0).await;
    let broken = house.app.store.commit(|_| -> Result<()> { panic!("a fault") }).await;
    assert!(matches!(broken, Err(Error::Failed(_))));
    house.book(at(2, 10)).await.unwrap();
}

#[tokio::test]
async fn the_change_log_grows_with_names_not_with_writes() {
    let house = house(0).await;
    let calendar = house.calendar("anna", "kabine-1").await;
    let begun = calendar.version;
    for n in 3..9 {
        let lines = format!("DTSTART:2026112{n}T080000Z\r\nDURATION:PT1H\r\n");
        house.put("anna", "kabine-1", "a.ics", wrapped("a", &lines)).await.unwrap();
        // An index that is asked in between is brought forward by the log.
        let start = NOW + (n - 3) * DAY;
        assert_eq!(house.app.occurring(&calendar, TimeRange { start, end: start + 60 }).await.unwrap(), [name("a.ics")]);
    }
    let log = house.app.store.scan(&key::log(calendar.id), 100).await.unwrap();
    assert_eq!(log.iter().filter(|(_, octets)| octets.windows(5).any(|part| part == b"a.ics")).count(), 1);
    assert_eq!(house.app.changes(&calendar, Some(begun)).await.unwrap().changed.len(), 1);
    house.delete("anna", "kabine-1", "a.ics").await.unwrap();
    assert_eq!(house.app.changes(&calendar, Some(begun)).await.unwrap().changed, [(name("a.ics"), None)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_lowered_view_did_not_show_survives_its_edits() {
    let house = house(0).await;
    let (_, uid) = house.book(at(2, 10)).await.unwrap();
    let object = name(&format!("{uid}.ics"));
    for view in [View::Busy, View::Name] {
        let mut by = house.by("anna").await;
        by.principal.view = view;
        let calendar = house.app.calendar(&by.principal, &name("kabine-1")).await.unwrap();
        let shown = house.app.objects(&calendar, std::slice::from_ref(&object)).await.unwrap().remove(0).unwrap();
        let text = String::from_utf8(shown.octets.to_vec()).unwrap();
        assert!(!text.contains("example.org") && !text.contains("0711") && text.contains("Tester") == (view == View::Name), "{text}");
        assert_eq!(house.app.entries(&calendar, None).await.unwrap()[0].etag, shown.entry.etag);
        let opened = house.app.open(&by.principal, &uid).await.unwrap().listed.booking;
        assert_eq!((opened.customer.email.as_str(), opened.customer.family_name.is_empty()), ("", view == View::Busy));
        // What the full view has as its tag is no tag of this one.
        let stale = Condition::Matches(vec![Etag::of(house.get("kabine-1", object.as_str()).await.octets()).as_str().to_owned()]);
        let confirmed = Bytes::from(text.replace("STATUS:TENTATIVE", "STATUS:CONFIRMED"));
        assert_eq!(house.app.put(&by, &calendar, &object, confirmed.clone(), stale).await, Err(Error::Stale));
        let matches = Condition::Matches(vec![shown.entry.etag.as_str().to_owned()]);
        assert_eq!(house.app.put(&by, &calendar, &object, confirmed, matches).await.unwrap().etag, None);
        let kept = house.get("kabine-1", object.as_str()).await;
        let booking = event::read(&kept, &Zone::named("Europe/Berlin").unwrap()).unwrap();
        assert_eq!((booking.state, booking.customer.email.as_str()), (State::Confirmed, "t@example.org"));
        assert_eq!((booking.customer.telephone.as_str(), booking.place.is_empty()), ("0711 123456", false));
        assert!(booking.summary.contains("Tester"), "{}", booking.summary);
        assert_eq!(kept.master().unwrap().text("DESCRIPTION").unwrap().matches("t@example.org").count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn wrong_passwords_are_answered_late_and_right_ones_at_once() {
    let house = house(0).await;
    house.app.set_password("ben", "ben-geheim").await.unwrap();
    let from = Some([192, 0, 2, 9].into());
    let took = async |login: &str, password: &str| {
        let begun = tokio::time::Instant::now();
        let right = house.app.authenticate_from(login, password, from).await.is_ok();
        (right, begun.elapsed().as_millis())
    };
    for late in [0, 0, 0, 500, 1000] {
        let (right, waited) = took("ben", "falsch").await;
        // The clock stands still but for what is waited.
        assert!(!right && (late..late + 10).contains(&waited), "{waited}");
    }
    assert_eq!(took("ben", "ben-geheim").await, (true, 0));
    assert!(took("nobody", "ben-geheim").await.1 >= 2000, "from the same address");
    assert_eq!(took("ben", "ben-geheim").await, (true, 0));
    assert!(matches!(house.app.sign_in("ben", "falsch", from).await, Err(Error::Unauthenticated)));
    assert!(house.app.sign_in("ben", "ben-geheim", from).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_resource_hides_nobodys_calendar() {
    let house = house(0).await;
    let new = super::calendar::NewCalendar {
        component: crate::ical::component::Component::Event,
        source: None,
        properties: Vec::new(),
        settings: Vec::new(),
    };
    let ben = house.by("ben").await;
    house.app.make_calendar(&ben, &name("kabine-3"), new).await.unwrap();
    house.put("ben", "kabine-3", "a.ics", wrapped("a", "DTSTART:20261201T090000Z\r\n")).await.unwrap();
    // Wherever the file names the second cabin.
    let renamed = practice(|text| text.replace("kabine-2", "kabine-3"));
    let refused = house.app.apply(renamed).await;
    assert!(matches!(&refused, Err(Error::Malformed(text)) if text.contains("kabine-3") && text.contains("ben")), "{refused:?}");
    assert!(house.calendar("ben", "kabine-3").await.owner == PrincipalId::Login("ben".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_comes_back_finds_nothing_of_the_one_before() {
    let house = house(0).await;
    house.app.set_password("ben", "ben-geheim").await.unwrap();
    let device = house.app.add_device(&house.app.principal_of("ben").await.unwrap(), "phone", View::Full).await.unwrap();
    let (cookie, _) = house.app.sign_in("ben", "ben-geheim", None).await.unwrap();
    assert!(house.app.authenticate("ben", &device).await.is_ok());
    let without = |text: String| {
        let (before, after) = text.split_once("[[staff]]\nlogin = \"ben\"").unwrap();
        format!("{before}[[staff]]{}", after.split_once("[[staff]]").unwrap().1)
    };
    let anna = house.by("anna").await;
    let new = super::calendar::NewCalendar {
        component: crate::ical::component::Component::Event,
        source: None,
        properties: Vec::new(),
        settings: Vec::new(),
    };
    house.app.make_calendar(&anna, &name("privat"), new).await.unwrap();
    let privately = house.app.calendar(&anna.principal, &name("privat")).await.unwrap();
    let ben = PrincipalId::Login("ben".into());
    let shared = crate::access::Wanted {
        named: crate::access::Named::Known(crate::access::Whom::Principal(ben.clone())),
        sense: crate::access::Sense::Plain,
        effect: crate::access::Effect::Grant,
        privileges: Grant::Read.granted().iter().copied().map(Some).collect(),
    };
    house.app.set_acl(&anna, &privately, &[shared]).await.unwrap();
    house.app.set_delegates(&anna, Delegation::Write, vec![ben]).await.unwrap();
    let reach = async || {
        let ben = house.by("ben").await.principal;
        (house.app.calendar(&ben, &name("anna~privat")).await.is_ok(), house.app.delegation("anna", &ben).await.unwrap())
    };
    assert_eq!(reach().await, (true, Some(Delegation::Write)));
    house.app.apply(practice(without)).await.unwrap();
    assert!(matches!(house.app.apply(practice(|text| text)).await, Err(Error::Malformed(text)) if text.contains("--take-home")));
    house.app.add_login("ben", "Ben", Role::Staff, "ben-geheim", Former::Taken).await.unwrap();
    house.app.apply(practice(|text| text)).await.unwrap();
    assert_eq!(house.app.authenticate("ben", &device).await, Err(Error::Unauthenticated));
    assert_eq!(house.app.session(&cookie).await.unwrap(), None);
    assert_eq!(reach().await, (false, None));
    house.app.remove_login("anna", Home::Deleted).await.unwrap();
    house.app.purge().await.unwrap();
    assert_eq!(house.app.apply(practice(|text| text)).await.unwrap(), ["+ staff anna"]);
    assert_eq!(house.app.apply(practice(|text| text)).await.unwrap(), Vec::<String>::new());
}

#[derive(Debug, Clone)]
enum Step {
    Put {
        object: u8,
        day: i64,
        hour: i64,
        kind: u8,
    },
    Delete(u8),
    Book {
        day: i64,
        hour: i64,
    },
    Cancel(usize),
    Act(usize, u8),
    Edit {
        booking: usize,
        kind: u8,
    },
    DeleteBooking(usize),
    /// To another calendar, back under another name, and to its own.
    Travel(usize),
    Reopen,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0u8..5, 1i64..5, 8i64..17, 0u8..7).prop_map(|(object, day, hour, kind)| Step::Put { object, day, hour, kind }),
        1 => (0u8..5).prop_map(Step::Delete),
        5 => (2i64..5, 8i64..18).prop_map(|(day, hour)| Step::Book { day, hour }),
        1 => (0usize..8).prop_map(Step::Cancel),
        2 => (0usize..8, 0u8..3).prop_map(|(booking, act)| Step::Act(booking, act)),
        3 => (0usize..8, 0u8..6).prop_map(|(booking, kind)| Step::Edit { booking, kind }),
        1 => (0usize..8).prop_map(Step::DeleteBooking),
        2 => (0usize..8).prop_map(Step::Travel),
        1 => Just(Step::Reopen),
    ];
    proptest::collection::vec(step, 1..40)
}

/// What a client that only syncs knows, and what the model knows.
#[derive(Default)]
struct Model {
    plain: BTreeMap<String, Bytes>,
    bookings: Vec<(String, String)>,
    synced: BTreeMap<Name, crate::collection::Etag>,
    token: Option<Version>,
}

fn lines(day: i64, hour: i64, kind: u8) -> String {
    let start = instant(at(day, hour));
    let times = format!("DTSTART:{}\r\nDURATION:PT90M\r\n", format_utc(start));
    match kind {
        0 | 1 => times,
        2 => format!("{times}TRANSP:TRANSPARENT\r\n"),
        3 => format!("{times}STATUS:CANCELLED\r\n"),
        4 => format!("{times}RRULE:FREQ=DAILY;COUNT=3\r\nEXDATE:{}\r\n", format_utc(start)),
        5 => format!("DTSTART;VALUE=DATE:{}\r\n", start.format("%Y%m%d")),
        _ => format!("{times}RRULE:FREQ=WEEKLY\r\nSTATUS:TENTATIVE\r\n"),
    }
}

impl House {
    async fn take(&mut self, step: &Step, model: &mut Model) {
        let some = |n: usize| model.bookings.get(n % model.bookings.len().max(1)).cloned();
        match step {
            Step::Put { object, day, hour, kind } => {
                let octets = wrapped(&format!("p{object}"), &lines(*day, *hour, *kind));
                self.put("anna", "kabine-1", &format!("p{object}.ics"), octets.clone()).await.unwrap();
                model.plain.insert(format!("p{object}.ics"), octets);
            }
            Step::Delete(object) => {
                let file = format!("p{object}.ics");
                let there = model.plain.remove(&file).is_some();
                assert_eq!(self.delete("anna", "kabine-1", &file).await.is_ok(), there);
            }
            Step::Book { day, hour } => {
                let range = TimeRange { start: at(*day, *hour), end: at(*day, *hour) + 3600 };
                let taken = !self.naive(range).await.is_empty();
                let open = (9..=17).contains(hour);
                match self.book(range.start).await {
                    Ok(booked) => {
                        assert!(open && !taken, "booked over something at {range:?}");
                        model.bookings.push(booked);
                    }
                    Err(Refusal::Taken(_)) => assert!(open && taken, "a free time was refused"),
                    Err(Refusal::NotOffered(_)) => assert!(!open),
                    Err(other) => panic!("{other:?}"),
                }
            }
            Step::Cancel(n) => {
                if let Some((token, _)) = some(*n) {
                    let can = self.app.booking(&token).await.unwrap().can_cancel;
                    assert_eq!(self.app.cancel(&token, "").await.is_ok(), can);
                }
            }
            Step::Act(n, act) => {
                if let Some((_, uid)) = some(*n) {
                    let act = [Act::Confirm, Act::Decline, Act::Cancel][usize::from(*act)];
                    let seen = self.sight(&uid).await;
                    let done = self.app.act(&self.by("anna").await, &uid, act, Shown { seen: Some(&seen), yes: None }).await;
                    if let Ok(Acted::Asks(concerns)) = done {
                        // Something else was put over it: a yes to exactly that does it.
                        assert!(act == Act::Confirm && !concerns.is_empty());
                        let shown = Shown { seen: Some(&seen), yes: Some(&concerns.word()) };
                        let done = self.app.act(&self.by("anna").await, &uid, act, shown).await;
                        assert_eq!(done.unwrap(), Acted::Done);
                        return;
                    }
                    assert!(matches!(done, Ok(Acted::Done) | Err(Refusal::WrongState)), "{done:?}");
                }
            }
            Step::Edit { booking, kind } => {
                if let Some((_, uid)) = some(*booking) {
                    self.gesture(&uid, *kind).await;
                }
            }
            Step::DeleteBooking(n) => {
                if let Some((_, uid)) = some(*n) {
                    let done = self.delete("anna", "kabine-1", &format!("{uid}.ics")).await;
                    assert!(matches!(done, Ok(()) | Err(Error::NotFound)), "{done:?}");
                }
            }
            Step::Travel(n) => {
                if let Some((_, uid)) = some(*n) {
                    self.travel(&uid).await;
                }
            }
            Step::Reopen => {
                self.clock.set(instant(self.app.now() + 1));
                self.app = open(&self.engine, &self.clock).await;
            }
        }
    }

    async fn travel(&self, uid: &str) {
        let (own, first) = (format!("{uid}.ics"), self.calendar("anna", "kabine-1").await);
        let Some(before) = self.app.entries_of(&first, &[name(&own)]).await.unwrap().remove(0) else { return };
        for (from, old, to, new) in
            [("kabine-1", own.as_str(), "kabine-2", "x"), ("kabine-2", "x", "kabine-1", "y"), ("kabine-1", "y", "kabine-1", &own)]
        {
            let transfer = ObjectTransfer {
                from: self.calendar("anna", from).await,
                name: name(old),
                to: self.calendar("anna", to).await,
                new_name: name(new),
                way: Way::Move,
                overwrite: Overwrite::No,
                condition: Condition::Present,
            };
            assert!(self.app.transfer_object(&self.by("anna").await, &transfer).await.unwrap().created);
        }
        let after = self.app.entries_of(&first, &[name(&own)]).await.unwrap().remove(0).unwrap();
        assert_eq!((after.status, after.span, after.transparency), (before.status, before.span, before.transparency));
        assert!(self.app.entries(&self.calendar("anna", "kabine-2").await, None).await.unwrap().is_empty());
    }

    async fn gesture(&self, uid: &str, kind: u8) {
        let file = format!("{uid}.ics");
        let calendar = self.calendar("anna", "kabine-1").await;
        if self.app.entries_of(&calendar, &[name(&file)]).await.unwrap()[0].is_none() {
            return;
        }
        let (start, end) = (format_utc(instant(at(2, 14))), format_utc(instant(at(2, 15))));
        let changes: Vec<(&str, Option<&str>)> = match kind {
            0 => vec![("STATUS", Some("CONFIRMED"))],
            1 => vec![("STATUS", Some("CANCELLED"))],
            2 => vec![("DTSTART", Some(&start)), ("DTEND", Some(&end))],
            3 => vec![("SUMMARY", Some("Beratung – Tester"))],
            4 => vec![("RRULE", Some("FREQ=DAILY;COUNT=2"))],
            _ => vec![("X-OPENSLOT-REV", Some("1")), ("DESCRIPTION", None)],
        };
        let octets = self.edit("kabine-1", uid, &changes).await;
        self.put("anna", "kabine-1", &file, octets).await.unwrap();
    }

    async fn objects(&self) -> Vec<(Name, CalendarObject)> {
        let calendar = self.calendar("anna", "kabine-1").await;
        let names: Vec<Name> = self.app.entries(&calendar, None).await.unwrap().iter().map(|entry| entry.name.clone()).collect();
        let objects = self.app.objects(&calendar, &names).await.unwrap();
        names.into_iter().zip(objects.into_iter().map(|object| CalendarObject::parse(object.unwrap().octets).unwrap())).collect()
    }

    async fn naive(&self, range: TimeRange) -> Vec<freebusy::Busy> {
        let zone = Zone::named("Europe/Berlin").unwrap();
        let objects = self.objects().await;
        freebusy::busy(objects.iter().flat_map(|(_, object)| recurrence::occurrences(object, range, &zone).unwrap()), range)
    }

    async fn verify(&self, model: &mut Model) {
        let calendar = self.calendar("anna", "kabine-1").await;
        let objects = self.objects().await;
        let zone = Zone::named("Europe/Berlin").unwrap();
        for range in [TimeRange { start: NOW, end: NOW + 7 * DAY }, TimeRange { start: at(2, 11), end: at(2, 16) }] {
            assert_eq!(self.app.busy(&calendar, range).await.unwrap(), self.naive(range).await);
            let occurs = |object: &CalendarObject| recurrence::occurs(object, range, &zone).unwrap();
            let names: Vec<Name> = objects.iter().filter(|(_, object)| occurs(object)).map(|(name, _)| name.clone()).collect();
            assert_eq!(self.app.occurring(&calendar, range).await.unwrap(), names);
        }
        let kept = objects.iter().filter(|(name, _)| name.as_str().starts_with('p') && name.as_str().len() == 6);
        let kept: BTreeMap<String, Bytes> = kept.map(|(name, object)| (name.as_str().to_owned(), object.octets().clone())).collect();
        assert_eq!(kept, model.plain, "what a client PUT is kept octet for octet");
        let changes = self.app.changes(&calendar, model.token).await.unwrap();
        model.token = Some(changes.version);
        for (name, entry) in changes.changed {
            match entry {
                Some(entry) => drop(model.synced.insert(name, entry.etag.clone())),
                None => drop(model.synced.remove(&name)),
            }
        }
        let there = self.app.entries(&calendar, None).await.unwrap().iter().map(|entry| (entry.name.clone(), entry.etag.clone())).collect();
        assert_eq!(model.synced, there);
        let requested = objects.iter().filter(|(name, _)| model.bookings.iter().any(|(_, uid)| name.as_str() == format!("{uid}.ics")));
        let requested = requested.filter_map(|(_, object)| event::read(object, &zone)).filter(|booking| booking.state == State::Requested);
        let mut requested: Vec<String> = requested.map(|booking| booking.uid).collect();
        requested.sort();
        let listed = self.app.requests(&self.app.principal_of("anna").await.unwrap()).await.unwrap();
        let mut listed: Vec<String> = listed.into_iter().map(|listed| listed.booking.uid).collect();
        listed.sort();
        assert_eq!(listed, requested);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_the_store_is_what_its_octets_say(steps in steps()) {
        Runtime::new().unwrap().block_on(async {
            let mut house = house(0).await;
            // Wednesday to Friday lie within the lead time and the horizon of the demo practice.
            let mut model = Model::default();
            for step in &steps {
                house.take(step, &mut model).await;
                house.verify(&mut model).await;
            }
        });
    }
}

#[test]
fn addresses_without_a_login_go_with_their_maker_and_with_the_resource() {
    Runtime::new().unwrap().block_on(async {
        let house = house(0).await;
        let make = async |login: &str, resource: &str| {
            let who = house.app.principal_of(login).await.unwrap();
            house.app.add_feed(&who, &name(resource), feed::FeedKind::Busy, feed::Access::Secret).await.unwrap()
        };
        let opens = async |file: &str| house.app.open_feed(file).await.is_ok();
        house.app.add_login("dora", "Dora", Role::Admin, "dora-dora-dora", Former::Refused).await.unwrap();
        let (doras, admins) = (make("dora", "kabine-1").await, make("admin", "kabine-2").await);
        assert!(opens(&doras).await && opens(&admins).await);
        house.app.remove_login("dora", Home::Kept).await.unwrap();
        house.app.add_login("dora", "Another Dora", Role::Admin, "dora-dora-dora", Former::Taken).await.unwrap();
        assert!(!opens(&doras).await && opens(&admins).await);
        let without = |mut practice: Practice| {
            practice.resources.retain(|resource| resource.id.as_str() != "kabine-2");
            practice
        };
        house.app.apply(without(practice(|text| text))).await.unwrap();
        assert!(!opens(&admins).await);
        house.app.apply(practice(|text| text)).await.unwrap();
        assert!(!opens(&admins).await, "it comes back with the resource");
    });
}

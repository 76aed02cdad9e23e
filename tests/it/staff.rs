//! The practice's side: the staff pages, and the same acts through calendar programs.

use openslot::principal::View;

use crate::harness::{Booked, Server, csrf, edited, event, has, press, state_of, unescape_html, unfold, value_of};
use crate::talk::{Client, read_until};

const THURSDAY: &str = "2026-03-26T10:30:00+01:00";

#[tokio::test]
async fn signing_in_and_out() {
    let server = Server::start().await;
    let visitor = server.customer();
    for path in ["/staff/", "/staff/upcoming", "/staff/devices", "/staff/appointment/x"] {
        let leads = visitor.get(path).await.leads();
        assert!(leads.starts_with("/staff/sign-in"), "{path}: {leads}");
    }
    visitor.get("/staff").await.leads();
    visitor.get("/staff/events").await.is(403);
    visitor.get("/staff/requests").await.is(403);
    for (login, password) in [("anna", "wrong"), ("nobody", "wrong"), ("", ""), ("ben", server.password("anna"))] {
        let refused = visitor.post("/staff/sign-in", &[("login", login), ("password", password)]).await.is(422);
        assert!(refused.find("set-cookie").is_none());
        assert!(refused.text().contains("aria-invalid") && !refused.text().contains("value=\"wrong\""));
    }
    let fields = [("login", "anna"), ("password", &server.own_password("anna").await), ("next", "/staff/upcoming")];
    let signed = visitor.post("/staff/sign-in", &fields).await.is(303);
    let cookie = signed.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("Path=/staff"), "{cookie}");
    assert_eq!(signed.leads(), "/staff/upcoming");
    let fields = [("login", "anna"), ("password", &server.own_password("anna").await), ("next", "https://evil.example/")];
    assert_eq!(visitor.post("/staff/sign-in", &fields).await.leads(), "/staff/");

    let desk = visitor.with("Cookie", cookie.split(';').next().unwrap());
    let page = desk.get("/staff/").await.ok();
    assert!(page.header("cache-control").contains("no-store"));
    desk.post("/staff/sign-out", &[]).await.is(403);
    desk.post("/staff/sign-out", &[("csrf", "wrong")]).await.is(403);
    desk.get("/staff/").await.ok();
    desk.post("/staff/sign-out", &[("csrf", &csrf(&page.text()))]).await.is(303);
    desk.get("/staff/").await.is(303);
    // A session ends by itself after half a day.
    let desk = server.desk("anna").await;
    server.later(12 * 3_600 - 1);
    desk.get("/staff/").await.ok();
    server.later(1);
    desk.get("/staff/").await.is(303);
}

#[tokio::test]
async fn a_password_of_a_person_works_and_a_new_one_replaces_it() {
    let server = Server::start().await;
    server.app.set_password("anna", "anna-demo").await.unwrap();
    let sign_in =
        async |password: &str| server.customer().post("/staff/sign-in", &[("login", "anna"), ("password", password)]).await.status.as_u16();
    assert_eq!((sign_in("anna-demo").await, sign_in("anna-dem").await), (303, 422));
    let dav = |password: &str| server.customer().home("anna").basic("anna", password);
    dav("anna-demo").propfind("", "0", "<D:displayname/>").await.is(207);
    server.app.set_password("anna", "another-one").await.unwrap();
    assert_eq!((sign_in("anna-demo").await, sign_in("another-one").await), (422, 303));
    let refused = dav("anna-demo").propfind("", "0", "<D:displayname/>").await.is(401);
    assert!(refused.header("www-authenticate").starts_with("Basic realm="));
    dav("another-one").propfind("", "0", "<D:displayname/>").await.is(207);
}

/// Whoever finds a phone with a calendar on it finds no more than the calendar shows.
#[tokio::test]
async fn a_device_opens_no_staff_page() {
    let server = Server::start().await;
    server.app.set_password("anna", "anna-demo").await.unwrap();
    let anna = server.app.principal_of("anna").await.unwrap();
    let device = server.app.add_device(&anna, "phone", View::Busy).await.unwrap();
    server.customer().home("anna").basic("anna", &device).propfind("", "0", "<D:displayname/>").await.is(207);
    let sign_in = async |password: &str| server.customer().post("/staff/sign-in", &[("login", "anna"), ("password", password)]).await;
    let refused = sign_in(&device).await.is(422);
    assert!(refused.find("set-cookie").is_none());
    sign_in("anna-demo").await.is(303);
}

#[tokio::test]
async fn a_new_password_ends_the_sessions_of_the_old_one() {
    let server = Server::start().await;
    server.app.set_password("anna", "anna-demo").await.unwrap();
    let (cookie, _) = server.app.sign_in("anna", "anna-demo", None).await.unwrap();
    let desk = server.customer().with("Cookie", &format!("openslot_session={cookie}"));
    desk.get("/staff/").await.ok();
    server.app.set_password("anna", "another-one").await.unwrap();
    assert_eq!(desk.get("/staff/").await.leads(), "/staff/sign-in");
}

#[tokio::test]
async fn open_requests_are_listed_newest_first() {
    let server = Server::start().await;
    let desk = server.desk("anna").await;
    let first = server.book("kabine-1", THURSDAY).await;
    server.later(60);
    let second = server.book("kabine-2", THURSDAY).await;
    server.later(3_600);
    let third = server.book("kabine-1", "2026-03-27T09:00:00+01:00").await;
    let order = async |desk: &Client| {
        let text = desk.get("/staff/").await.ok().text();
        let rows = text.split("href=\"/staff/appointment/").skip(1);
        rows.map(|row| row.split('"').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(order(&desk).await, [&*third.uid, &*second.uid, &*first.uid]);
    assert_eq!(order(&server.desk("ben").await).await, [&*second.uid], "ben sees his cabin alone");
    press(&desk, &second.uid, "confirm").await.is(303);
    server.customer().post(&format!("{}/cancel", third.page), &[]).await.is(303);
    assert_eq!(order(&desk).await, [&*first.uid]);
    let upcoming = unescape_html(&desk.get("/staff/upcoming").await.ok().text());
    assert!(upcoming.contains(&second.uid) && upcoming.contains(&first.uid));
}

#[tokio::test]
async fn buttons_confirm_decline_and_cancel() {
    let server = Server::start().await;
    let (desk, anna) = (server.desk("anna").await, server.anna());
    let booked = server.book("kabine-1", THURSDAY).await;
    let state = async |booked: &Booked| state_of(&anna.get(&booked.path).await.ok().text());
    desk.post(&format!("/staff/appointment/{}/confirm", booked.uid), &[]).await.is(403);
    assert_eq!(state(&booked).await, "REQUESTED");
    press(&desk, &booked.uid, "confirm").await.is(303);
    assert_eq!(state(&booked).await, "CONFIRMED");
    press(&desk, &booked.uid, "confirm").await.is(409);
    press(&desk, &booked.uid, "decline").await.is(409);
    press(&desk, &booked.uid, "attended").await.is(409);
    press(&desk, &booked.uid, "cancel").await.is(303);
    assert_eq!(state(&booked).await, "CANCELLED");
    press(&desk, &booked.uid, "cancel").await.is(409);
    let history = unescape_html(&desk.get(&format!("/staff/appointment/{}", booked.uid)).await.ok().text());
    let history = history.split("class=\"history\"").nth(1).unwrap().split("</ol>").next().unwrap().to_owned();
    assert_eq!(history.matches("<li>").count(), 3, "{history}");
    assert!(history.contains("anna, Praxisseite"), "{history}");

    let booked = server.book("kabine-1", THURSDAY).await;
    press(&desk, &booked.uid, "decline").await.is(303);
    assert_eq!(state(&booked).await, "REJECTED");
    press(&desk, &booked.uid, "nothing").await.is(404);
    press(&desk, &server.book("kabine-1", THURSDAY).await.uid, "cancel").await.is(303);

    let booked = server.book("kabine-1", THURSDAY).await;
    press(&desk, &booked.uid, "confirm").await.is(303);
    server.set_clock("2026-03-26T09:30:00Z");
    let desk = server.desk("anna").await;
    press(&desk, &booked.uid, "no-show").await.is(303);
    assert_eq!(state(&booked).await, "NO-SHOW");
    press(&desk, &booked.uid, "attended").await.is(303);
    assert_eq!(state(&booked).await, "ATTENDED");
}

/// What staff do to an event in their program.
type Gesture = fn(&str) -> String;

fn title(object: &str, change: impl Fn(&str) -> String) -> String {
    edited(object, "SUMMARY", &format!("SUMMARY:{}", change(&value_of(object, "SUMMARY"))))
}

fn bare(title: &str) -> String {
    title.rsplit(": ").next().unwrap().to_owned()
}

fn stripped(object: &str) -> String {
    ["CATEGORIES", "COLOR", "URL", "X-OPENSLOT-STATE", "X-OPENSLOT-SERVICE", "X-OPENSLOT-LANGUAGE", "X-MICROSOFT-CDO-BUSYSTATUS"]
        .iter()
        .fold(object.to_owned(), |object, name| edited(&object, name, ""))
}

/// What each gesture leads to from REQUESTED, CONFIRMED, CANCELLED and REJECTED.
const GESTURES: [(&str, Gesture, [&str; 4]); 19] = [
    ("status confirmed", |o| edited(o, "STATUS", "STATUS:CONFIRMED"), ["CONFIRMED"; 4]),
    ("status cancelled", |o| edited(o, "STATUS", "STATUS:CANCELLED"), ["REJECTED", "CANCELLED", "CANCELLED", "REJECTED"]),
    ("status tentative", |o| edited(o, "STATUS", "STATUS:TENTATIVE"), STAYS),
    ("status unknown", |o| edited(o, "STATUS", "STATUS:NEEDS-ACTION"), STAYS),
    ("status lost", |o| edited(o, "STATUS", ""), STAYS),
    ("prefix removed", |o| title(o, bare), ["CONFIRMED"; 4]),
    ("title OK", |o| title(o, |t| format!("OK {t}")), ["CONFIRMED"; 4]),
    ("title ok:", |o| title(o, |t| format!("ok: {}", bare(t))), ["CONFIRMED"; 4]),
    ("title STORNO", |o| title(o, |t| format!("STORNO {t}")), ["REJECTED", "CANCELLED", "CANCELLED", "REJECTED"]),
    ("title absage", |o| title(o, |t| format!("Absage: {}", bare(t))), ["REJECTED", "CANCELLED", "CANCELLED", "REJECTED"]),
    ("title X", |o| title(o, |t| format!("X {t}")), ["REJECTED", "CANCELLED", "CANCELLED", "REJECTED"]),
    ("title emptied", |o| edited(o, "SUMMARY", "SUMMARY:"), STAYS),
    ("title lost", |o| edited(o, "SUMMARY", ""), STAYS),
    ("category Bestätigt", |o| edited(o, "CATEGORIES", "CATEGORIES:Bestätigt"), ["CONFIRMED"; 4]),
    ("category Storniert", |o| edited(o, "CATEGORIES", "CATEGORIES:Storniert"), ["REJECTED", "CANCELLED", "CANCELLED", "REJECTED"]),
    ("category of their own", |o| edited(o, "CATEGORIES", "CATEGORIES:Wichtig"), ["CONFIRMED", "CONFIRMED", "CANCELLED", "REJECTED"]),
    (
        "show as busy",
        |o| edited(o, "X-MICROSOFT-CDO-BUSYSTATUS", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY"),
        ["CONFIRMED", "CONFIRMED", "CANCELLED", "REJECTED"],
    ),
    ("our lines lost", stripped, STAYS),
    ("several at once", |o| title(&edited(o, "STATUS", "STATUS:CONFIRMED"), bare), ["CONFIRMED"; 4]),
];

const STAYS: [&str; 4] = ["REQUESTED", "CONFIRMED", "CANCELLED", "REJECTED"];

#[tokio::test]
async fn gestures_mean_the_same_as_buttons() {
    let server = Server::start().await;
    let (desk, anna) = (server.desk("anna").await, server.anna().with("User-Agent", "Thunderbird/153.0"));
    for (gesture, made, leads) in GESTURES {
        for (state, expected) in STAYS.into_iter().zip(leads) {
            let booked = server.book("kabine-1", THURSDAY).await;
            bring(&server, &desk, &booked, state).await;
            let before = anna.get(&booked.path).await.ok();
            assert_eq!(state_of(&before.text()), state);
            let put = anna.with("If-Match", &before.etag()).put(&booked.path, made(&before.text())).await.no_content();
            assert!(put.find("etag").is_none(), "{gesture}: what is kept is not what was sent");
            let after = anna.get(&booked.path).await.ok().text();
            assert_eq!(state_of(&after), expected, "{gesture} from {state}: {after}");
            for line in ["X-OPENSLOT-SERVICE", "X-OPENSLOT-LANGUAGE", "DTSTART", "LOCATION"] {
                assert_eq!(value_of(&after, line), value_of(&before.text(), line), "{gesture} from {state}");
            }
            // Out of the way of the next.
            anna.delete(&booked.path).await.no_content();
        }
    }
}

async fn bring(server: &Server, desk: &Client, booked: &Booked, state: &str) {
    match state {
        "CONFIRMED" => press(desk, &booked.uid, "confirm").await.leads(),
        "CANCELLED" => server.customer().post(&format!("{}/cancel", booked.page), &[]).await.leads(),
        "REJECTED" => press(desk, &booked.uid, "decline").await.leads(),
        _ => String::new(),
    };
}

#[tokio::test]
async fn the_history_names_who_and_through_what() {
    let server = Server::start().await;
    let (desk, anna) = (server.desk("admin").await, server.anna());
    let booked = server.book("kabine-1", THURSDAY).await;
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.0";
    let object = anna.get(&booked.path).await.ok().text();
    anna.with("User-Agent", agent).put(&booked.path, edited(&object, "STATUS", "STATUS:CONFIRMED")).await.no_content();
    let description = value_of(&anna.get(&booked.path).await.ok().text(), "DESCRIPTION");
    assert!(description.contains("24.03.2026 09:00 bestätigt von anna (Thunderbird)"), "{description}");
    desk.get(&format!("/staff/appointment/{}", booked.uid)).await.ok().says("anna, Thunderbird");
    // Staff's own categories stay beside ours, in one line.
    let object = anna.get(&booked.path).await.ok().text();
    anna.put(&booked.path, edited(&object, "CATEGORIES", "CATEGORIES:Online bestätigt\r\nCATEGORIES:Wichtig,Batterie")).await.no_content();
    let object = anna.get(&booked.path).await.ok().text();
    assert_eq!(value_of(&object, "CATEGORIES"), "Online bestätigt,Wichtig,Batterie");
    assert_eq!(state_of(&object), "CONFIRMED");
}

#[tokio::test]
async fn contradictory_signals_change_nothing_and_say_so() {
    let server = Server::start().await;
    let (desk, anna) = (server.desk("anna").await, server.anna());
    let booked = server.book("kabine-1", THURSDAY).await;
    let object = anna.get(&booked.path).await.ok().text();
    anna.put(&booked.path, title(&edited(&object, "STATUS", "STATUS:CANCELLED"), bare)).await.no_content();
    let after = anna.get(&booked.path).await.ok().text();
    assert_eq!(state_of(&after), "REQUESTED");
    assert!(value_of(&after, "DESCRIPTION").contains("unklar"), "{after}");
    assert_eq!(server.kinds().await, ["requested.customer", "requested.practice"]);
    desk.get("/staff/").await.ok().says(&booked.uid);
    desk.get(&format!("/staff/appointment/{}", booked.uid)).await.ok().says("Unklar");
}

#[tokio::test]
async fn a_stale_put_without_a_condition_is_merged() {
    let server = Server::start().await;
    let (desk, anna) = (server.desk("anna").await, server.anna());
    let note = |object: &str| {
        let text = format!("DESCRIPTION:{}Bitte zurückrufen.\\n", value_of(object, "DESCRIPTION"));
        edited(object, "DESCRIPTION", &text)
    };
    // The customer has cancelled; whoever did not know confirms, or adds a note.
    for gesture in [
        |o: &str| edited(o, "STATUS", "STATUS:CONFIRMED"),
        |o: &str| title(o, bare),
        |o: &str| {
            edited(&edited(o, "DTSTART", "DTSTART;TZID=Europe/Berlin:20260327T103000"), "DTEND", "DTEND;TZID=Europe/Berlin:20260327T113000")
        },
        |o: &str| edited(&edited(o, "STATUS", "STATUS:CONFIRMED"), "X-OPENSLOT-REV", ""),
    ] {
        let booked = server.book("kabine-1", THURSDAY).await;
        let stale = anna.get(&booked.path).await.ok().text();
        server.customer().post(&format!("{}/cancel", booked.page), &[]).await.is(303);
        anna.put(&booked.path, note(&gesture(&stale))).await.no_content();
        let after = anna.get(&booked.path).await.ok().text();
        assert_eq!(state_of(&after), "CANCELLED", "{after}");
        assert!(value_of(&after, "DESCRIPTION").contains("Bitte zurückrufen."), "{after}");
        assert!(value_of(&after, "DESCRIPTION").contains("storniert vom Kunden"), "{after}");
        server.customer().get(&booked.page).await.ok();
    }
    // Confirmed and moved in the meantime: the note joins, nothing goes back.
    let booked = server.book("kabine-1", THURSDAY).await;
    let stale = anna.get(&booked.path).await.ok().text();
    press(&desk, &booked.uid, "confirm").await.is(303);
    let fresh = anna.get(&booked.path).await.ok().text();
    let moved = edited(
        &edited(&fresh, "DTSTART", "DTSTART;TZID=Europe/Berlin:20260327T090000"),
        "DTEND",
        "DTEND;TZID=Europe/Berlin:20260327T100000",
    );
    anna.put(&booked.path, moved).await.no_content();
    anna.put(&booked.path, note(&stale)).await.no_content();
    let after = anna.get(&booked.path).await.ok().text();
    assert_eq!(state_of(&after), "CONFIRMED");
    assert_eq!((value_of(&after, "DTSTART"), value_of(&after, "DTEND")), ("20260327T090000".into(), "20260327T100000".into()));
    assert!(value_of(&after, "DESCRIPTION").contains("Bitte zurückrufen."));
    // With If-Match a stale edit is refused.
    let etag = anna.get(&booked.path).await.ok().etag();
    press(&desk, &booked.uid, "cancel").await.is(303);
    anna.with("If-Match", &etag).put(&booked.path, after).await.is(412);
}

#[tokio::test]
async fn deleting_calls_off_and_keeps_the_history() {
    let server = Server::changed("notify_grace_seconds = 0", "notify_grace_seconds = 120").await;
    let (desk, anna) = (server.desk("anna").await, server.anna());
    let booked = server.book("kabine-1", THURSDAY).await;
    press(&desk, &booked.uid, "confirm").await.is(303);
    server.later(120);
    assert!(server.kinds().await.contains(&"confirmed.customer".into()));
    let token = anna.token("kabine-1/").await;
    anna.delete(&booked.path).await.no_content();
    anna.get(&booked.path).await.is(404);
    let changes = anna.sync("kabine-1/", &token).await.multistatus();
    assert_eq!(changes.only().status, Some(404), "one entry: it is gone");
    anna.delete(&booked.path).await.is(404);
    server.customer().get(&booked.page).await.ok().never_says("/cancel\"");
    let page = unescape_html(&desk.get(&format!("/staff/appointment/{}", booked.uid)).await.ok().text());
    for word in ["Torsten", "t.tester@example.org", "anna"] {
        assert!(page.contains(word), "{word}");
    }
    assert!(!page.contains("/confirm\""));
    assert!(page.contains("wurde im Kalender gelöscht") && !page.contains("darf den Termin sehen"), "{page}");
    assert_eq!(server.kinds().await.len(), 3, "not before the time in which it can be undone is over");
    server.later(120);
    let kinds = server.kinds().await;
    assert_eq!(kinds, ["cancelled.customer", "confirmed.customer", "requested.customer", "requested.practice"]);
    server.book("kabine-1", THURSDAY).await;
}

#[tokio::test]
async fn a_deletion_is_undone_in_time_and_not_by_somebody_who_did_not_know() {
    let server = Server::changed("notify_grace_seconds = 0", "notify_grace_seconds = 120").await;
    let (desk, anna) = (server.desk("anna").await, server.anna());
    let booked = server.book("kabine-1", THURSDAY).await;
    press(&desk, &booked.uid, "confirm").await.is(303);
    server.later(120);
    let copy = anna.get(&booked.path).await.ok().text();
    let told = server.kinds().await;
    anna.delete(&booked.path).await.no_content();
    server.later(30);
    anna.with("If-None-Match", "*").put(&booked.path, copy.clone()).await.created();
    assert_eq!(state_of(&anna.get(&booked.path).await.ok().text()), "CONFIRMED");
    server.later(1_000);
    assert_eq!(server.kinds().await, told, "nobody needs to know");
    // Deleted for good; an hour later a telephone that was off writes its old copy.
    anna.delete(&booked.path).await.no_content();
    server.later(3_600);
    assert_eq!(server.kinds().await.len(), told.len() + 1);
    anna.put(&booked.path, copy).await;
    let after = anna.get(&booked.path).await;
    assert!(after.status == 404 || state_of(&after.text()) == "CANCELLED", "{}", after.text());
    server.book("kabine-1", THURSDAY).await;
}

fn moved(object: &str, start: &str, end: &str) -> String {
    let zoned = |name: &str, time: &str| format!("{name};TZID=Europe/Berlin:{time}");
    edited(&edited(object, "DTSTART", &zoned("DTSTART", start)), "DTEND", &zoned("DTEND", end))
}

#[tokio::test]
async fn moving_in_time_tells_the_customer_once_it_is_confirmed() {
    let server = Server::start().await;
    let (desk, anna) = (server.desk("anna").await, server.anna());
    let booked = server.book("kabine-1", THURSDAY).await;
    let object = anna.get(&booked.path).await.ok().text();
    anna.put(&booked.path, moved(&object, "20260330T140000", "20260330T150000")).await.no_content();
    assert_eq!(state_of(&anna.get(&booked.path).await.ok().text()), "REQUESTED", "a move is no confirmation");
    assert_eq!(server.kinds().await, ["requested.customer", "requested.practice"]);
    server.customer().get(&booked.page).await.ok().says("14:00");
    press(&desk, &booked.uid, "confirm").await.is(303);
    // Told before it moves again; else there would be one letter.
    server.letters().await;
    let object = anna.get(&booked.path).await.ok().text();
    anna.put(&booked.path, moved(&object, "20260331T090000", "20260331T100000")).await.no_content();
    let letters = server.letters().await;
    let of = |kind: &str| letters.iter().find(|letter| letter.kind() == kind).unwrap();
    assert_eq!(value_of(&of("confirmed.customer").itip(), "DTSTART"), "20260330T120000Z");
    assert_eq!(value_of(&of("moved.customer").itip(), "DTSTART"), "20260331T070000Z");
    // The first time is free again, the last is not.
    server.book("kabine-1", THURSDAY).await;
    let taken = crate::harness::form("kabine-1", "2026-03-31T09:30:00+02:00", &[]);
    server.customer().post("/book/stuttgart/new", &taken).await.is(409);
}

#[tokio::test]
async fn moving_to_another_calendar_keeps_one_booking_in_both_orders() {
    for put_first in [true, false] {
        let server = Server::changed("notify_grace_seconds = 0", "notify_grace_seconds = 120").await;
        let (desk, anna) = (server.desk("anna").await, server.anna());
        let booked = server.book("kabine-1", THURSDAY).await;
        press(&desk, &booked.uid, "confirm").await.is(303);
        server.later(120);
        server.letters().await;
        let object = anna.get(&booked.path).await.ok().text();
        let new = format!("kabine-2/{}.ics", booked.uid);
        if put_first {
            anna.put(&new, object).await.created();
            anna.delete(&booked.path).await.no_content();
        } else {
            anna.delete(&booked.path).await.no_content();
            server.later(20);
            anna.put(&new, object).await.created();
        }
        anna.get(&booked.path).await.is(404);
        let moved = anna.get(&new).await.ok().text();
        assert_eq!(state_of(&moved), "CONFIRMED");
        assert!(value_of(&moved, "LOCATION").starts_with("Kabine 2"), "{moved}");
        server.later(500);
        let kinds = server.kinds().await;
        assert_eq!(kinds, ["confirmed.customer", "moved.customer", "requested.customer", "requested.practice"], "PUT first: {put_first}");
        server.customer().get(&booked.page).await.ok().says("Kabine 2");
        server.ben().get(&new.clone()).await.ok();
        let page = desk.get(&format!("/staff/appointment/{}", booked.uid)).await.ok();
        assert!(page.text().contains("Kabine 2") && page.text().contains("/cancel\""));
        // The old cabin is free, the new one is not.
        server.book("kabine-1", THURSDAY).await;
        let taken = crate::harness::form("kabine-2", THURSDAY, &[]);
        server.customer().post("/book/stuttgart/new", &taken).await.is(409);
        // The customer's link still cancels it.
        server.customer().post(&format!("{}/cancel", booked.page), &[]).await.is(303);
        assert_eq!(state_of(&anna.get(&new).await.ok().text()), "CANCELLED");
    }
}

#[tokio::test]
async fn a_deleted_booking_keeps_its_time_for_the_minute_of_a_move() {
    let server = Server::changed("notify_grace_seconds = 0", "notify_grace_seconds = 120").await;
    let anna = server.anna();
    let booked = server.book("kabine-1", THURSDAY).await;
    anna.delete(&booked.path).await.no_content();
    let same = crate::harness::form("kabine-1", THURSDAY, &[]);
    server.later(59);
    server.customer().post("/book/stuttgart/new", &same).await.is(409);
    server.later(1);
    server.customer().post("/book/stuttgart/new", &same).await.is(303);
}

#[tokio::test]
async fn ben_neither_sees_nor_touches_the_other_cabin() {
    let server = Server::start().await;
    let (desk, ben) = (server.desk("ben").await, server.ben());
    let booked = server.book("kabine-1", THURSDAY).await;
    let anna_object = server.anna().get(&booked.path).await.ok();
    desk.get("/staff/").await.ok().never_says(&booked.uid);
    desk.get(&format!("/staff/appointment/{}", booked.uid)).await.is(404);
    let csrf = csrf(&desk.get("/staff/").await.ok().text());
    for act in ["confirm", "decline", "cancel"] {
        desk.post(&format!("/staff/appointment/{}/{act}", booked.uid), &[("csrf", &csrf)]).await.is(404);
    }
    ben.get(&booked.path).await.is(404);
    ben.propfind("kabine-1/", "1", "<D:getetag/>").await.is(404);
    ben.delete(&booked.path).await.is(404);
    ben.put(&booked.path, anna_object.body.clone()).await.is(409);
    ben.get(&format!("/dav/calendars/anna/{}", booked.path)).await.is(404);
    // A copy of the UID in his own calendar is none of the booking's business.
    ben.ask("MKCALENDAR", "mine/", "").await.created();
    ben.put(&format!("mine/{}.ics", booked.uid), edited(&anna_object.text(), "STATUS", "STATUS:CANCELLED")).await.created();
    ben.delete(&format!("mine/{}.ics", booked.uid)).await.no_content();
    assert_eq!(state_of(&server.anna().get(&booked.path).await.ok().text()), "REQUESTED");
    // Nor may he take it over into his cabin: he does not know it.
    ben.put(&format!("kabine-2/{}.ics", booked.uid), anna_object.text()).await;
    assert_eq!(server.anna().get(&booked.path).await.ok().text(), anna_object.text());
    server.desk("anna").await.get(&format!("/staff/appointment/{}", booked.uid)).await.ok().says("Kabine 1");
}

#[tokio::test]
async fn an_open_page_hears_of_a_new_request() {
    let server = Server::start().await;
    let desk = server.desk("anna").await;
    let mut stream = desk.stream("/staff/events").await;
    let opening = read_until(&mut stream, "retry:").await;
    assert!(opening.contains("text/event-stream"), "{opening}");
    server.book("kabine-1", THURSDAY).await;
    read_until(&mut stream, "event: requests").await;
    desk.get("/staff/requests").await.ok().says("Tester");
    // The program ends although a page is open.
    server.end().await;
}

#[tokio::test]
async fn an_overlap_made_by_staff_is_shown_not_refused() {
    let server = Server::start().await;
    let (desk, anna) = (server.desk("anna").await, server.anna());
    let booked = server.book("kabine-1", THURSDAY).await;
    let flagged = async || desk.get("/staff/").await.ok().text().contains("badge-overlap");
    assert!(!flagged().await);
    anna.put("kabine-1/free.ics", event("free", "20260326T093000Z", "20260326T103000Z", "TRANSP:TRANSPARENT")).await.created();
    anna.put("kabine-1/next.ics", event("next", "20260326T103000Z", "20260326T113000Z", "")).await.created();
    assert!(!flagged().await, "neighbours and free time do not overlap");
    anna.put("kabine-1/over.ics", event("over", "20260326T100000Z", "20260326T110000Z", "")).await.created();
    assert!(flagged().await);
    desk.get(&format!("/staff/appointment/{}", booked.uid)).await.ok().says("badge-overlap");
    anna.delete("kabine-1/over.ics").await.no_content();
    assert!(!flagged().await);
    assert!(!has(&unfold(&anna.get(&booked.path).await.ok().text()), "ATTENDEE"));
}

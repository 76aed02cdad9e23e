//! MOVE and COPY of bookings over the wire, and files that are there after a restart.

use std::sync::Arc;

use openslot::app::{App, Settings};
use openslot::collection::Name;
use openslot::mail::message::Sender;
use openslot::template::Templates;
use openslot::world::Fixed;

use crate::harness::{Letter, NOW, Server, edited, form, instant, press, state_of, value_of};
use crate::talk::Client;

const THURSDAY: &str = "2026-03-26T10:00:00+01:00";

fn to(client: &Client, path: &str) -> Client {
    client.with("Destination", &client.path(path))
}

#[tokio::test]
async fn a_move_between_resources_is_the_gesture_in_one_commit() {
    let server = Server::changed("notify_grace_seconds = 0", "notify_grace_seconds = 120").await;
    let (desk, anna, ben) = (server.desk("anna").await, server.anna(), server.ben());
    let booked = server.book("kabine-1", THURSDAY).await;
    press(&desk, &booked.uid, "confirm").await.is(303);
    server.later(120);
    server.letters().await;
    let new = format!("kabine-2/{}.ics", booked.uid);
    to(&anna, &new).ask("MOVE", &booked.path, "").await.created();
    anna.get(&booked.path).await.is(404);
    let moved = anna.get(&new).await.ok().text();
    assert_eq!(state_of(&moved), "CONFIRMED");
    assert!(value_of(&moved, "LOCATION").starts_with("Kabine 2"), "{moved}");
    // At once: nobody has to wait for the minute of a move in two steps.
    let again = server.book("kabine-1", THURSDAY).await;
    server.customer().post("/book/stuttgart/new", &form("kabine-2", THURSDAY, &[])).await.is(409);
    server.later(500);
    let mut kinds = server.letters().await;
    kinds.retain(|letter| letter.uid() == booked.uid);
    let mut kinds: Vec<String> = kinds.iter().map(Letter::kind).collect();
    kinds.sort();
    assert_eq!(kinds, ["confirmed.customer", "moved.customer", "requested.customer", "requested.practice"]);
    // ben sees it now, knows nothing of the other cabin, and cannot bring it back there.
    ben.get(&new).await.ok();
    to(&ben, &booked.path).ask("MOVE", &new, "").await.is(409);
    let page = desk.get(&format!("/staff/appointment/{}", booked.uid)).await.ok();
    assert!(page.text().contains("Kabine 2"));
    // Back again, onto the booking that stands there now: that one is called off.
    to(&anna, &again.path).ask("MOVE", &new, "").await.no_content();
    assert_eq!(state_of(&anna.get(&again.path).await.ok().text()), "CONFIRMED");
    anna.get(&new).await.is(404);
    server.customer().get(&booked.page).await.ok().says("Kabine 1");
    server.later(500);
    let declined =
        server.letters().await.into_iter().filter(|letter| letter.uid() == again.uid && letter.kind() == "declined.customer").count();
    assert_eq!(declined, 1);
}

#[tokio::test]
async fn a_booking_is_never_copied_into_a_second_calendar() {
    let server = Server::start().await;
    let anna = server.anna();
    let booked = server.book("kabine-1", THURSDAY).await;
    let new = format!("kabine-2/{}.ics", booked.uid);
    let kinds = server.kinds().await;
    let refused = to(&anna, &new).ask("COPY", &booked.path, "").await.refused(409, "no-uid-conflict");
    assert!(refused.text().contains(&anna.path(&booked.path)), "{}", refused.text());
    anna.get(&new).await.is(404);
    // Its time in the other cabin is free, and nobody was told anything.
    server.book("kabine-2", THURSDAY).await;
    anna.ask("MKCALENDAR", "own/", "").await.created();
    let object = anna.get(&booked.path).await.ok().text();
    to(&anna, "own/copy.ics").ask("COPY", &booked.path, "").await.created();
    assert_eq!(anna.get("own/copy.ics").await.ok().text(), object);
    to(&anna, &new).ask("COPY", "own/copy.ics", "").await.refused(409, "no-uid-conflict");
    assert_eq!(state_of(&anna.get(&booked.path).await.ok().text()), "REQUESTED");
    let mut now = server.letters().await;
    now.retain(|letter| letter.uid() == booked.uid);
    assert_eq!(now.len(), kinds.len());
}

#[tokio::test]
async fn a_bookings_copy_within_a_copied_calendar_is_an_ordinary_event() {
    let server = Server::start().await;
    let (desk, anna) = (server.desk("anna").await, server.anna());
    let booked = server.book("kabine-1", THURSDAY).await;
    let object = anna.get(&booked.path).await.ok().text();
    to(&anna, "kopie/").ask("COPY", "kabine-1/", "").await.created();
    let copy = format!("kopie/{}.ics", booked.uid);
    assert_eq!(anna.get(&copy).await.ok().text(), object);
    let named = anna.propfind("kopie/", "0", "<D:displayname/>").await.multistatus();
    assert!(named.only().value("displayname").contains("Kabine 1"));
    // Moved to the other cabin, the appointment would stand twice.
    to(&anna, "kabine-2/x.ics").ask("MOVE", &copy, "").await.refused(409, "no-uid-conflict");
    anna.get("kabine-2/x.ics").await.is(404);
    assert_eq!(anna.get(&booked.path).await.ok().text(), object);
    // Whatever becomes of it becomes of nothing else, and nobody is told.
    anna.put(&copy, edited(&object, "STATUS", "STATUS:CANCELLED")).await.no_content();
    anna.delete(&copy).await.no_content();
    assert_eq!(anna.get(&booked.path).await.ok().text(), object);
    press(&desk, &booked.uid, "confirm").await.is(303);
    assert_eq!(state_of(&anna.get(&booked.path).await.ok().text()), "CONFIRMED");
    assert_eq!(server.kinds().await, ["confirmed.customer", "requested.customer", "requested.practice"]);
    // The copy of a calendar of bookings goes into no calendar of the practice.
    to(&anna, "kabine-2/").ask("COPY", "kabine-1/", "").await.is(403);
}

#[tokio::test]
async fn a_booking_keeps_its_life_under_another_name() {
    let server = Server::start().await;
    let (desk, anna) = (server.desk("anna").await, server.anna());
    let booked = server.book("kabine-1", THURSDAY).await;
    let before = anna.get(&booked.path).await.ok();
    to(&anna, "kabine-1/renamed.ics").ask("MOVE", &booked.path, "").await.created();
    let after = anna.get("kabine-1/renamed.ics").await.ok();
    assert_eq!((after.text(), after.etag()), (before.text(), before.etag()));
    assert_eq!(server.kinds().await, ["requested.customer", "requested.practice"]);
    // It is still in the list, and its button works.
    desk.get("/staff/").await.ok().says(&booked.uid);
    press(&desk, &booked.uid, "confirm").await.is(303);
    assert_eq!(state_of(&anna.get("kabine-1/renamed.ics").await.ok().text()), "CONFIRMED");
    // A program that had read it before the change of name may still write it.
    let noted = edited(&before.text(), "X-NOTE", "X-NOTE:1");
    anna.put("kabine-1/renamed.ics", noted).await.no_content();
    assert_eq!(state_of(&anna.get("kabine-1/renamed.ics").await.ok().text()), "CONFIRMED");
    server.customer().post(&format!("{}/cancel", booked.page), &[]).await.is(303);
    assert_eq!(state_of(&anna.get("kabine-1/renamed.ics").await.ok().text()), "CANCELLED");
    desk.get(&format!("/staff/appointment/{}", booked.uid)).await.ok().says("history");
}

#[tokio::test]
async fn a_booking_that_leaves_the_practices_calendars_is_called_off() {
    let server = Server::start().await;
    let anna = server.anna();
    let booked = server.book("kabine-1", THURSDAY).await;
    anna.ask("MKCALENDAR", "own/", "").await.created();
    to(&anna, "own/mine.ics").ask("MOVE", &booked.path, "").await.created();
    anna.get(&booked.path).await.is(404);
    assert_eq!(server.kinds().await, ["declined.customer", "requested.customer", "requested.practice"]);
    server.book("kabine-1", THURSDAY).await;
}

#[tokio::test]
async fn files_are_there_after_a_restart() {
    let server = Server::start().await;
    let anna = server.anna();
    let octets: Vec<u8> = (0..70_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    anna.ask("MKCOL", "/dav/files/anna/a/", "").await.created();
    let etag = anna.ask("PUT", "/dav/files/anna/a/x", octets.clone()).await.created().etag();
    anna.with("Destination", "/dav/files/anna/b").ask("MOVE", "/dav/files/anna/a", "").await.created();
    let large = vec![0; 4 * 1024 * 1024 + 1];
    anna.ask("PUT", "/dav/files/anna/large", large).await.is(413);
    anna.ask("PUT", "/dav/files/anna/largest", vec![0; 4 * 1024 * 1024]).await.created();
    let part = anna.with("Range", "bytes=69990-").ask("GET", "/dav/files/anna/b/x", "").await.is(206);
    assert_eq!(part.body, octets[69_990..]);
    let folder = server.end().await;
    let sender = Sender { address: "a@b.example".into(), host: "b.example".into(), public_url: "https://b.example".into() };
    let settings = Settings { sender, bookings_per_hour: 1 };
    let world = Arc::new(Fixed::at(instant(NOW)));
    let engine = openslot::program::engine(folder.path()).unwrap();
    let app = App::start(engine, world, Arc::new(Templates::load(None).unwrap()), settings).await.unwrap();
    let who = app.principal_of("anna").await.unwrap();
    let path = ["b", "x"].map(|name| Name::new(name).unwrap());
    let (file, kept) = app.file_octets(&who, &path).await.unwrap();
    assert_eq!(kept, octets);
    assert_eq!(file.content.unwrap().etag.quoted(), etag);
    assert_eq!(app.quota(&who).await.unwrap().used, 70_000 + 4 * 1024 * 1024);
}

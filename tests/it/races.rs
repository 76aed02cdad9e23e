//! Many at once: one time is given once, and no booking comes after an event that was there first.

use std::collections::BTreeMap;
use std::sync::Arc;

use openslot::collection::Name;
use tokio::sync::Barrier;

use crate::harness::{Server, event, form};

const THURSDAY: &str = "2026-03-26T10:30:00+01:00";
const NEW: &str = "/book/stuttgart/new";

/// Forms of different people.
fn person(number: usize) -> [(String, String); 3] {
    [
        ("given_name".into(), format!("Nummer {number}")),
        ("email".into(), format!("p{number}@example.org")),
        ("telephone".into(), format!("0711 55{number:04}")),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_book_one_time() {
    let server = Server::start().await;
    let start = Arc::new(Barrier::new(100));
    let visitors: Vec<_> = (0..100)
        .map(|number| {
            let (visitor, start) = (server.customer(), Arc::clone(&start));
            tokio::spawn(async move {
                // The connection is there before the race begins.
                visitor.get("/health").await.ok();
                start.wait().await;
                let person = person(number);
                let otherwise: Vec<(&str, &str)> = person.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                visitor.post(NEW, &form("kabine-1", THURSDAY, &otherwise)).await
            })
        })
        .collect();
    let mut counts = BTreeMap::new();
    for visitor in visitors {
        let reply = visitor.await.unwrap();
        if reply.status == 409 {
            assert!(reply.text().contains("name=\"start\" value=\"2026-"), "the nearest free times");
        }
        *counts.entry(reply.status.as_u16()).or_insert(0) += 1;
    }
    assert_eq!(counts, BTreeMap::from([(303, 1), (409, 99)]));
    assert_eq!(server.anna().names("kabine-1/").await.len(), 1);
    assert_eq!(server.letters().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn any_cabin_is_given_twice_and_not_a_third_time() {
    let server = Server::start().await;
    let start = Arc::new(Barrier::new(30));
    let visitors: Vec<_> = (0..30)
        .map(|number| {
            let (visitor, start) = (server.customer(), Arc::clone(&start));
            tokio::spawn(async move {
                start.wait().await;
                let person = person(number);
                let otherwise: Vec<(&str, &str)> = person.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                visitor.post(NEW, &form("any", THURSDAY, &otherwise)).await.status.as_u16()
            })
        })
        .collect();
    let mut booked = 0;
    for visitor in visitors {
        booked += usize::from(visitor.await.unwrap() == 303);
    }
    assert_eq!(booked, 2);
    assert_eq!((server.anna().names("kabine-1/").await.len(), server.anna().names("kabine-2/").await.len()), (1, 1));
}

/// Fifty bookings and fifty overlapping events at once, several times: what was committed when is read from the calendar's versions.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn bookings_and_events_at_once() {
    let (mut won, mut lost) = (0, 0);
    for round in 0..4 {
        let server = Server::start().await;
        let anna = server.anna();
        let start = Arc::new(Barrier::new(100));
        let visitors: Vec<_> = (0..100)
            .map(|number| {
                let (visitor, anna, start) = (server.customer(), anna.apart(), Arc::clone(&start));
                tokio::spawn(async move {
                    visitor.get("/health").await.ok();
                    anna.get("kabine-1/none.ics").await.is(404);
                    start.wait().await;
                    // Now these, now those have a start.
                    let staff = number % 2 == 1;
                    if staff == (round % 2 == 0) {
                        for _ in 0..3 - round / 2 {
                            anna.get("kabine-1/none.ics").await.is(404);
                        }
                    }
                    if !staff {
                        let person = person(number);
                        let otherwise: Vec<(&str, &str)> = person.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                        return visitor.post(NEW, &form("kabine-1", THURSDAY, &otherwise)).await.status.as_u16();
                    }
                    let uid = format!("over-{number}");
                    anna.put(&format!("kabine-1/{uid}.ics"), event(&uid, "20260326T100000Z", "20260326T110000Z", "")).await.status.as_u16()
                })
            })
            .collect();
        let (mut booked, mut put) = (0, 0);
        for (number, visitor) in visitors.into_iter().enumerate() {
            let status = visitor.await.unwrap();
            match (number % 2, status) {
                (0, 303) => booked += 1,
                (0, 409) => {}
                (1, 201) => put += 1,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(put, 50, "every event of staff succeeds");
        assert!(booked <= 1);
        let who = server.app.principal_of("anna").await.unwrap();
        let calendar = server.app.calendar(&who, &Name::new("kabine-1").unwrap()).await.unwrap();
        let mut entries = server.app.entries(&calendar, None).await.unwrap();
        assert_eq!(entries.len(), 50 + booked);
        entries.sort_by_key(|entry| entry.version);
        let place = entries.iter().position(|entry| !entry.uid.starts_with("over-"));
        match place {
            Some(place) => assert_eq!(place, 0, "no booking after an overlapping event"),
            None => assert_eq!(booked, 0),
        }
        won += booked;
        lost += 1 - booked;
        if booked == 1 {
            let desk = server.desk("anna").await;
            desk.get("/staff/").await.ok().says("badge-overlap");
        }
    }
    println!("the booking came first in {won} rounds of {}", won + lost);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_confirmation_of_many_clicks() {
    let server = Server::start().await;
    let desk = server.desk("anna").await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let page = desk.get(&format!("/staff/appointment/{}", booked.uid)).await.ok().text();
    let (csrf, seen) = (crate::harness::csrf(&page), crate::harness::hidden(&page, "seen").unwrap());
    let clicks: Vec<_> = (0..20)
        .map(|_| {
            let (desk, csrf, seen, uid) = (desk.apart(), csrf.clone(), seen.clone(), booked.uid.clone());
            let path = format!("/staff/appointment/{uid}/confirm");
            tokio::spawn(async move { desk.post(&path, &[("csrf", &csrf), ("seen", &seen)]).await.status.as_u16() })
        })
        .collect();
    let mut counts = BTreeMap::new();
    for click in clicks {
        *counts.entry(click.await.unwrap()).or_insert(0) += 1;
    }
    assert_eq!(counts, BTreeMap::from([(303, 1), (409, 19)]));
    assert_eq!(server.kinds().await, ["confirmed.customer", "requested.customer", "requested.practice"]);
}

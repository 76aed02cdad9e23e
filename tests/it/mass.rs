//! Many appointments called off at once: a slip must not write to forty customers. BOOKING §4.12.

use crate::harness::{Choices, PRACTICE, Server, csrf, until};

/// Half hours of two days, 36 of them.
fn starts() -> Vec<String> {
    let days = ["2026-03-26", "2026-03-27"];
    let at = |day: &str, n: u32| format!("{day}T{:02}:{:02}:00+01:00", 9 + n / 2, n % 2 * 30);
    days.iter().flat_map(|day| (0..20).map(move |n| at(day, n))).filter(|at| &at[11..13] < "18").collect()
}

/// A calendar with as many bookings as fit, each of its own customer: their paths and pages.
async fn full(server: &Server) -> Vec<(String, String)> {
    let mut booked = Vec::new();
    for (n, start) in starts().iter().enumerate() {
        let (mail, number) = (format!("p{n}@example.org"), format!("0711 55500{n:02}"));
        let fields = [("service", "servicetermin"), ("email", mail.as_str()), ("telephone", number.as_str())];
        let one = server.book_with("kabine-1", start, &fields).await;
        booked.push((one.path, one.page));
    }
    booked
}

async fn told(server: &Server) -> usize {
    server.kinds().await.iter().filter(|kind| *kind == "declined.customer" || *kind == "cancelled.customer").count()
}

#[tokio::test]
async fn deleting_a_whole_calendars_bookings_writes_to_nobody_until_it_is_approved() {
    let practice = PRACTICE.replace("notify_grace_seconds = 0", "notify_grace_seconds = 120");
    let server = Server::with(Choices { practice, ..Choices::default() }).await;
    let anna = server.anna();
    let booked = full(&server).await;
    assert!(booked.len() >= 36);
    anna.delete("kabine-1/").await.is(403);
    for (path, _) in booked.iter().skip(1) {
        anna.delete(path).await.no_content();
    }
    // What a customer does in between is told at once.
    server.customer().post(&format!("{}/cancel", booked[0].1), &[]).await.is(303);
    server.later(121);
    until("the customer's own letter", async || (told(&server).await == 1).then_some(())).await;
    let desk = server.desk("anna").await;
    let page = desk.get("/staff/mail").await.ok().says("Wartet auf Freigabe").says(&format!("{} E-Mails", booked.len() - 1));
    let uid = booked[1].0.trim_start_matches("kabine-1/").trim_end_matches(".ics").to_owned();
    desk.get(&format!("/staff/appointment/{uid}")).await.ok().says("wartet auf Freigabe");
    // Whoever has nothing to do with that calendar decides nothing.
    let ben = server.desk("ben").await;
    let bens = ben.get("/staff/mail").await.ok().never_says("Wartet auf Freigabe").text();
    ben.post("/staff/mail/parked/send", &[("csrf", &csrf(&bens))]).await.is(303);
    server.later(3600);
    assert_eq!(told(&server).await, 1);
    desk.post("/staff/mail/parked/send", &[("csrf", &csrf(&page.text()))]).await.is(303);
    until("all letters", async || (told(&server).await == booked.len()).then_some(())).await;
    desk.get("/staff/mail").await.ok().never_says("Wartet auf Freigabe");
}

#[tokio::test]
async fn what_is_dropped_is_never_sent() {
    let server = Server::start().await;
    let anna = server.anna();
    let booked = full(&server).await;
    // A few are nobody's slip: with no grace their letters leave at once.
    for (path, _) in booked.iter().take(5) {
        anna.delete(path).await.no_content();
    }
    until("five letters", async || (told(&server).await == 5).then_some(())).await;
    for (path, _) in booked.iter().skip(5) {
        anna.delete(path).await.no_content();
    }
    let desk = server.desk("anna").await;
    let page = desk.get("/staff/mail").await.ok().says(&format!("{} E-Mails", booked.len() - 5)).text();
    desk.post("/staff/mail/parked/drop", &[("csrf", &csrf(&page))]).await.is(303);
    desk.get("/staff/mail").await.ok().never_says("Wartet auf Freigabe");
    server.later(3600);
    assert_eq!(told(&server).await, 5);
    // After a minute a single one is as ever.
    let late =
        server.book_with("kabine-1", "2026-03-30T10:00:00+02:00", &[("email", "z@example.org"), ("telephone", "0711 7770000")]).await;
    anna.delete(&late.path).await.no_content();
    until("one more", async || (told(&server).await == 6).then_some(())).await;
}

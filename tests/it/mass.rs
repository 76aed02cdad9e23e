//! Many appointments called off at once: a slip must not write to forty customers.

use crate::harness::{Choices, PRACTICE, Server, csrf, edited, press, until, value_of};

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

#[tokio::test]
async fn it_holds_for_buttons_and_for_a_status_too_and_what_stands_again_is_told_of_nothing() {
    let server = Server::start().await;
    let (anna, desk) = (server.anna(), server.desk("anna").await);
    let booked = full(&server).await;
    let uid = |n: usize| booked[n].0.trim_start_matches("kabine-1/").trim_end_matches(".ics").to_owned();
    for n in 0..3 {
        press(&desk, &uid(n), "decline").await.is(303);
    }
    for (n, (path, _)) in booked.iter().enumerate().take(8).skip(3) {
        if n == 5 {
            // What has not left when the sixth comes waits with it.
            until("the letters of five", async || (told(&server).await == 5).then_some(())).await;
        }
        let object = anna.get(path).await.ok().text();
        anna.put(path, edited(&object, "STATUS", "STATUS:CANCELLED")).await.no_content();
    }
    press(&desk, &uid(8), "decline").await.is(303);
    desk.get("/staff/mail").await.ok().says("Wartet auf Freigabe").says("4 E-Mails");
    // One was not meant: by its STATUS it stands again, and its customer hears of neither.
    let object = anna.get(&booked[7].0).await.ok().text();
    anna.put(&booked[7].0, edited(&object, "STATUS", "STATUS:CONFIRMED")).await.no_content();
    assert_eq!(value_of(&anna.get(&booked[7].0).await.ok().text(), "X-OPENSLOT-STATE"), "CONFIRMED");
    let page = desk.get("/staff/mail").await.ok().says("3 E-Mails").text();
    server.later(3600);
    assert_eq!(told(&server).await, 5);
    desk.post("/staff/mail/parked/send", &[("csrf", &csrf(&page))]).await.is(303);
    until("the letters of all that are off", async || (told(&server).await == 8).then_some(())).await;
}

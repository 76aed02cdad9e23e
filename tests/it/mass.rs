//! Many appointments called off at once: a slip must not write to forty customers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use openslot::appointment::link;

use crate::child::{Demo, said};
use crate::harness::{Choices, Folder, Letter, PRACTICE, Server, csrf, edited, form, hidden, judge, letters, press, until, value_of};
use crate::post::office;
use crate::talk::Client;

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
async fn what_is_parked_after_somebody_looked_waits_for_the_next_look() {
    let server = Server::start().await;
    let booked = full(&server).await;
    let anna = server.anna();
    let desk = server.desk("anna").await;
    for (path, _) in &booked[..8] {
        anna.delete(path).await.no_content();
    }
    let page = desk.get("/staff/mail").await.ok().text();
    anna.delete(&booked[8].0).await.no_content();
    judge(&desk, "drop", &page).await.is(303);
    let left = desk.get("/staff/mail").await.ok();
    assert_ne!(hidden(&left.text(), "last"), hidden(&page, "last"));
    left.says("1 E-Mail");
    desk.post("/staff/mail/parked/drop", &[("csrf", &csrf(&page))]).await.is(303);
    desk.get("/staff/mail").await.ok().says("Wartet auf Freigabe");
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
    judge(&ben, "send", &bens).await.is(303);
    server.later(3600);
    assert_eq!(told(&server).await, 1);
    judge(&desk, "send", &page.text()).await.is(303);
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
    judge(&desk, "drop", &page).await.is(303);
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
    judge(&desk, "send", &page).await.is(303);
    until("the letters of all that are off", async || (told(&server).await == 8).then_some(())).await;
}

/// The customers' letters about appointments that are off, how many of each booking.
fn off(letters: &[Letter]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for letter in letters.iter().filter(|letter| matches!(letter.kind().as_str(), "declined.customer" | "cancelled.customer")) {
        *counts.entry(letter.uid().to_owned()).or_default() += 1;
    }
    counts
}

/// How many letters the staff page says that wait to be let go.
async fn waiting(desk: &Client) -> usize {
    let page = desk.get("/staff/mail").await.ok().text();
    let Some((_, section)) = page.split_once("Wartet auf Freigabe") else { return 0 };
    let before = section.split(" E-Mails").next().unwrap();
    before.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap()
}

/// A demo in a process of its own, with its administrator at the staff page and at a calendar program.
async fn begun(data: &Path) -> (Demo, Client, Client) {
    let demo = Demo::start(data);
    let visitor = Client::new(demo.address);
    let reply = visitor.post("/staff/sign-in", &[("login", "admin"), ("password", "admin-demo"), ("next", "")]).await.is(303);
    let desk = visitor.with("Cookie", reply.header("set-cookie").split(';').next().unwrap());
    let admin = Client::new(demo.address).home("admin").basic("admin", "admin-demo");
    (demo, desk, admin)
}

/// Books as many times as asked for, from the first page of the grid that has them; the UIDs by their path.
async fn booked(visitor: &Client, count: usize) -> BTreeMap<String, String> {
    let page = visitor.get("/book/stuttgart?service=batteriewechsel&resource=kabine-1").await.ok().text();
    let starts: BTreeSet<&str> = page.split("data-start=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(starts.len() >= count, "{} times are free", starts.len());
    let mut uids = BTreeMap::new();
    for start in starts.into_iter().take(count) {
        let email = format!("{}@example.org", start.replace([':', '+'], "."));
        let fields = form("kabine-1", start, &[("service", "batteriewechsel"), ("email", &email)]);
        let page = visitor.post("/book/stuttgart/new", &fields).await.leads();
        let token = page.strip_prefix("/booking/").unwrap().split('?').next().unwrap();
        let uid = link::claim(token).unwrap().uid;
        uids.insert(format!("kabine-1/{uid}.ics"), uid);
    }
    uids
}

#[tokio::test]
async fn a_kill_loses_none_of_the_letters_that_wait_and_sends_none() {
    let folder = Folder::new();
    let data = folder.path().join("data");
    let (demo, _, admin) = begun(&data).await;
    let first = booked(&Client::new(demo.address), 8).await;
    for path in first.keys() {
        admin.delete(path).await.no_content();
    }
    demo.kill();

    let (demo, desk, admin) = begun(&data).await;
    // The outbox is at work: it writes to somebody else in the meantime.
    let second = booked(&Client::new(demo.address), 2).await;
    until("letters after the restart", async || {
        let letters = letters(&data);
        second.values().all(|uid| letters.iter().any(|letter| letter.uid() == uid)).then_some(())
    })
    .await;
    let told = off(&letters(&data));
    let parked = waiting(&desk).await;
    assert!(parked >= 3, "{parked}: all but five at the most wait");
    let mut waits = 0;
    for uid in first.values() {
        let page = desk.get(&format!("/staff/appointment/{uid}")).await.ok().text();
        waits += usize::from(page.contains("wartet auf Freigabe"));
        assert!(told.contains_key(uid) || page.contains("wartet auf Freigabe"), "{uid} is lost");
    }
    assert_eq!(waits, parked);
    // The count of what this login has called off outlives the kill too.
    for path in second.keys() {
        admin.delete(path).await.no_content();
    }
    assert_eq!(waiting(&desk).await, parked + 2);
    demo.kill();

    let (demo, desk, admin) = begun(&data).await;
    assert_eq!(waiting(&desk).await, parked + 2);
    assert_eq!(off(&letters(&data)), told);
    let page = desk.get("/staff/mail").await.ok().text();
    judge(&desk, "send", &page).await.is(303);
    // Let go is let go, also where nothing has left yet.
    demo.kill();
    drop(admin);

    let (demo, desk, admin) = begun(&data).await;
    let all = first.len() + second.len();
    let told = until("every letter", async || Some(off(&letters(&data))).filter(|told| told.len() == all)).await;
    assert_eq!(waiting(&desk).await, 0);
    let third = booked(&Client::new(demo.address), 7).await;
    for path in third.keys() {
        admin.delete(path).await.no_content();
    }
    let parked = waiting(&desk).await;
    assert!(parked >= 2, "{parked}");
    demo.kill();

    let (demo, desk, _) = begun(&data).await;
    assert_eq!(waiting(&desk).await, parked);
    let page = desk.get("/staff/mail").await.ok().text();
    judge(&desk, "drop", &page).await.is(303);
    demo.kill();

    let (demo, desk, _) = begun(&data).await;
    assert_eq!(waiting(&desk).await, 0);
    let last = booked(&Client::new(demo.address), 1).await;
    until("the last letter", async || letters(&data).iter().any(|letter| last.values().any(|uid| letter.uid() == uid)).then_some(())).await;
    let at_last = off(&letters(&data));
    assert_eq!(at_last.len(), told.len() + third.len() - parked, "what was dropped is never sent");
    assert!(at_last.values().all(|count| *count == 1), "{at_last:?}");
    assert!(demo.interrupt(), "it ends well");
}

#[tokio::test]
async fn a_letter_that_is_on_its_way_when_the_others_are_parked_is_not_sent_twice() {
    let office = office().await;
    let server = Server::with(Choices { smtp: Some(office.port), ..Choices::default() }).await;
    let (anna, desk) = (server.anna(), server.desk("anna").await);
    let mut paths = Vec::new();
    for (n, start) in starts().iter().take(6).enumerate() {
        let (mail, number) = (format!("p{n}@example.org"), format!("0711 55500{n:02}"));
        let fields = [("service", "servicetermin"), ("email", mail.as_str()), ("telephone", number.as_str())];
        paths.push(server.book_with("kabine-1", start, &fields).await.path);
    }
    let declined = || office.taken.lock().unwrap().iter().filter(|letter| letter.contains("declined.customer@")).count();
    until("the receipts", async || (office.taken.lock().unwrap().len() == 12).then_some(())).await;
    // The mail server has the first, and has not said so yet.
    let slow = office.slow.lock().await;
    anna.delete(&paths[0]).await.no_content();
    until("the first of them", async || (declined() == 1).then_some(())).await;
    for path in &paths[1..] {
        anna.delete(path).await.no_content();
    }
    assert_eq!(waiting(&desk).await, 6);
    drop(slow);
    until("word of the first", async || (waiting(&desk).await == 5).then_some(())).await;
    let page = desk.get("/staff/mail").await.ok().text();
    judge(&desk, "send", &page).await.is(303);
    until("the others", async || (declined() >= 6).then_some(())).await;
    until("an empty outbox", async || {
        let pages = paths.iter().map(|path| path.trim_start_matches("kabine-1/").trim_end_matches(".ics"));
        for uid in pages {
            if desk.get(&format!("/staff/appointment/{uid}")).await.ok().text().contains("class=\"letter-waiting\"") {
                return None;
            }
        }
        Some(())
    })
    .await;
    assert_eq!(declined(), 6, "each once");
}

/// The small practice without its second cabin.
fn without_the_second() -> String {
    let cabin = "[[resource]]\nid = \"kabine-2\"\nname = \"Kabine 2\"\nlocation = \"stuttgart\"\n\n";
    assert!(PRACTICE.contains(cabin));
    let practice =
        PRACTICE.replace(cabin, "").replace(", kabine-2 = \"write\"", "").replace("{ kabine-2 = \"write\" }", "{ kabine-1 = \"write\" }");
    assert!(!practice.contains("kabine-2"));
    practice
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_resource_that_is_removed_takes_nobodys_appointment_with_it_unsaid() {
    let server = Server::start().await;
    let apply = |text: String| {
        let (file, data) = (server.data().join("practice.toml"), server.data().to_str().unwrap().to_owned());
        std::fs::write(&file, text).unwrap();
        tokio::task::spawn_blocking(move || said(&["apply", file.to_str().unwrap(), "--data", &data], ""))
    };
    let mut booked = Vec::new();
    for (n, start) in starts().iter().enumerate().take(8) {
        let (mail, number) = (format!("p{n}@example.org"), format!("0711 55500{n:02}"));
        let fields = [("service", "servicetermin"), ("email", mail.as_str()), ("telephone", number.as_str())];
        booked.push(server.book_with("kabine-2", start, &fields).await);
    }
    server.anna().delete(&booked[7].path).await.no_content();
    until("the one that is off", async || (told(&server).await == 1).then_some(())).await;
    let before = server.kinds().await;

    let lines = apply(without_the_second()).await.unwrap();
    assert!(lines.contains("- resource kabine-2") && lines.contains("7 appointments to come stand with `kabine-2`"), "{lines}");
    server.later(3600);
    assert_eq!(server.kinds().await, before, "nobody is written to");
    let (admin, anna) = (server.desk("admin").await, server.desk("anna").await);
    // The customer's page goes on; to which time it could be moved nobody knows.
    let page = server.customer().get(&booked[0].page).await.ok().text();
    assert!(!page.contains("/move"), "{page}");
    // Administrators are told on every page, others were granted nothing of it.
    admin.get("/staff/").await.ok().says("7 Termine stehen bei einem Raum").says("Kalender entfernt");
    let list = admin.get("/staff/upcoming").await.ok().text();
    assert!(booked[..7].iter().all(|one| list.contains(&format!("/staff/appointment/{}", one.uid))));
    assert!(!list.contains(&booked[7].uid), "what is off needs nobody");
    anna.get("/staff/").await.ok().never_says("stehen bei einem Raum");
    anna.get(&format!("/staff/appointment/{}", booked[0].uid)).await.is(404);
    server.admin().propfind("kabine-2/", "0", "<D:displayname/>").await.is(404);

    // By their word they are called off, and more than a few at once wait for a second word.
    for one in &booked[..6] {
        press(&admin, &one.uid, "decline").await.is(303);
    }
    server.later(120);
    let sent = told(&server).await;
    let parked = waiting(&admin).await;
    assert!(parked >= 1 && sent + parked == 7, "{sent} sent, {parked} wait");
    anna.get("/staff/mail").await.ok().never_says("Wartet auf Freigabe");
    let page = admin.get("/staff/mail").await.ok().text();
    judge(&admin, "send", &page).await.is(303);
    until("their letters", async || (told(&server).await == 7).then_some(())).await;
    admin.get("/staff/").await.ok().says("Ein Termin steht bei einem Raum");

    // It was a slip: the cabin comes back, and with it what still stands.
    let lines = apply(PRACTICE.to_owned()).await.unwrap();
    assert!(lines.contains("+ resource kabine-2") && !lines.contains("to come stand"), "{lines}");
    admin.get("/staff/").await.ok().never_says("bei einem Raum");
    anna.get(&format!("/staff/appointment/{}", booked[6].uid)).await.ok().says("Kabine 2").never_says("Kalender entfernt");
    server.customer().get(&booked[6].page).await.ok().says("/move");
}

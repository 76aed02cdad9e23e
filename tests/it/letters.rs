//! Which letters there are after each act, and what they carry.

use crate::harness::{Booked, Choices, Letter, PRACTICE, Server, edited, has, press, state_of, until, value_of, value_of_line};
use crate::post::{Office, office};
use crate::talk::Client;

const THURSDAY: &str = "2026-03-26T10:30:00+01:00";

async fn patient() -> Server {
    Server::changed("notify_grace_seconds = 0", "notify_grace_seconds = 120").await
}

async fn gesture(anna: &Client, booked: &Booked, name: &str, line: &str) {
    let reply = anna.get(&booked.path).await.ok();
    anna.with("If-Match", &reply.etag()).put(&booked.path, edited(&reply.text(), name, line)).await.no_content();
}

async fn shift(anna: &Client, booked: &Booked, start: &str, end: &str) {
    let reply = anna.get(&booked.path).await.ok();
    let zoned = |name: &str, time: &str| format!("{name};TZID=Europe/Berlin:{time}");
    let moved = edited(&edited(&reply.text(), "DTSTART", &zoned("DTSTART", start)), "DTEND", &zoned("DTEND", end));
    anna.with("If-Match", &reply.etag()).put(&booked.path, moved).await.no_content();
}

fn only<'a>(letters: &'a [Letter], kind: &str) -> &'a Letter {
    let found: Vec<&Letter> = letters.iter().filter(|letter| letter.kind() == kind).collect();
    assert_eq!(found.len(), 1, "{kind}");
    found[0]
}

#[tokio::test]
async fn an_appointments_life_in_letters() {
    let server = Server::start().await;
    let desk = server.desk("anna").await;
    let booked = server.book("kabine-1", THURSDAY).await;
    assert_eq!(server.kinds().await, ["requested.customer", "requested.practice"]);
    server.later(60);
    press(&desk, &booked.uid, "confirm").await.is(303);
    assert_eq!(server.kinds().await, ["confirmed.customer", "requested.customer", "requested.practice"]);
    server.later(60);
    server.customer().post(&format!("{}/cancel", booked.page), &[]).await.is(303);
    let letters = server.letters().await;
    assert_eq!(letters.len(), 5);

    let mut sequences = Vec::new();
    let mut uids = Vec::new();
    for (kind, method, status) in [
        ("requested.customer", "REQUEST", "TENTATIVE"),
        ("confirmed.customer", "REQUEST", "CONFIRMED"),
        ("cancelled.customer", "CANCEL", "CANCELLED"),
    ] {
        let letter = only(&letters, kind);
        let object = letter.itip();
        assert_eq!(value_of_line(&object, "METHOD"), method);
        assert_eq!(value_of(&object, "STATUS"), status);
        assert_eq!((value_of(&object, "DTSTART"), value_of(&object, "DTEND")), ("20260326T093000Z".into(), "20260326T103000Z".into()));
        assert_eq!(value_of(&object, "ORGANIZER"), "mailto:termine@mustermann.example");
        assert_eq!(value_of(&object, "ATTENDEE"), "mailto:t.tester@example.org");
        assert!(has(&object, "DTSTAMP") && !object.contains("VALARM") && object.matches("BEGIN:VEVENT").count() == 1);
        sequences.push(value_of(&object, "SEQUENCE").parse::<u32>().unwrap());
        uids.push(value_of(&object, "UID"));
        assert!(letter.header("From").contains("termine@mustermann.example") && letter.header("To").contains("t.tester@example.org"));
        assert_eq!(letter.header("Message-ID"), format!("<{}>", letter.id));
        assert_eq!(letter.header("Auto-Submitted"), "auto-generated");
        let plain = &letter.parts("text/plain")[0].1;
        assert!(plain.contains("10:30") && plain.contains("Marktplatz 1"), "{plain}");
        assert!(plain.contains(&format!("http://{}{}", server.address, booked.page)), "the link: {plain}");
        let html = &letter.parts("text/html")[0].1;
        assert!(!html.contains("src=\"http"), "nothing is fetched from elsewhere");
        assert_eq!(letter.uid(), booked.uid);
    }
    assert!(sequences.is_sorted_by(|a, b| a < b), "{sequences:?}");
    assert!(uids.iter().all(|uid| *uid == uids[0]) && uids[0] != booked.uid, "{uids:?}");

    for kind in ["requested.practice", "cancelled.practice"] {
        let copy = only(&letters, kind);
        assert!(copy.header("To").contains("info@mustermann.example"));
        assert!(copy.header("Reply-To").contains("t.tester@example.org"));
        let plain = &copy.parts("text/plain")[0].1;
        for typed in ["Torsten", "Tester", "t.tester@example.org", "+49 711 21475475"] {
            assert!(plain.contains(typed), "{typed}: {plain}");
        }
        assert!(plain.contains(&format!("/staff/appointment/{}", booked.uid)) && !plain.contains(&booked.page));
        assert!(copy.parts("text/calendar").is_empty());
    }
    let page = desk.get(&format!("/staff/appointment/{}", booked.uid)).await.ok().text();
    assert_eq!(page.matches("class=\"letter-filed\"").count(), 5);
}

#[tokio::test]
async fn a_letter_speaks_its_customers_language() {
    let server = Server::start().await;
    server.book_with("kabine-1", THURSDAY, &[("lang", "en")]).await;
    let letters = server.letters().await;
    assert!(only(&letters, "requested.customer").parts("text/plain")[0].1.contains("Consultation"));
    assert!(only(&letters, "requested.practice").parts("text/plain")[0].1.contains("Beratung"));
}

#[tokio::test]
async fn no_header_comes_from_the_form() {
    let server = Server::start().await;
    for (email, taken) in [
        ("a@b.example\r\nBcc: evil@example.org", false),
        ("a@b.example, evil@example.org", false),
        ("a@b.example>", false),
        ("\"a b\"@b.example", false),
        ("jürgen@b.example", false),
        ("a@bücher.example", true),
    ] {
        let fields = crate::harness::form("kabine-1", THURSDAY, &[("email", email)]);
        let before = server.letters().await;
        let reply = server.customer().post("/book/stuttgart/new", &fields).await;
        let mut letters = server.letters().await;
        letters.retain(|letter| before.iter().all(|old| old.id != letter.id));
        if taken || reply.status == 303 {
            let letter = only(&letters, "requested.customer");
            let head = letter.text.split("\r\n\r\n").next().unwrap();
            assert!(!head.to_lowercase().contains("\r\nbcc") && !head.contains("evil"), "{head}");
            let page = reply.leads();
            server.customer().post(&format!("{}/cancel", page.split('?').next().unwrap()), &[]).await.is(303);
        } else {
            assert_eq!(reply.status, 422, "{email}");
            assert!(letters.is_empty());
        }
    }
    server.book_with("kabine-1", THURSDAY, &[("given_name", "T\r\nBcc: evil@example.org"), ("family_name", "<b>\"x\" (y)")]).await;
    for letter in server.letters().await {
        let head = letter.text.split("\r\n\r\n").next().unwrap().to_lowercase();
        assert!(!head.contains("\r\nbcc"), "{head}");
        assert!(!letter.parts("text/html")[0].1.contains("<b>\"x\""));
    }
}

#[tokio::test]
async fn nothing_leaves_before_the_grace_is_over() {
    let server = patient().await;
    let anna = server.anna();
    let booked = server.book("kabine-1", THURSDAY).await;
    assert_eq!(server.kinds().await.len(), 2, "what the customer did is told at once");
    gesture(&anna, &booked, "STATUS", "STATUS:CONFIRMED").await;
    server.later(119);
    assert_eq!(server.kinds().await.len(), 2);
    let page = server.desk("anna").await.get(&format!("/staff/appointment/{}", booked.uid)).await.ok().text();
    assert!(page.contains("class=\"letter-waiting\""));
    server.later(1);
    assert_eq!(server.kinds().await, ["confirmed.customer", "requested.customer", "requested.practice"]);
}

#[tokio::test]
async fn what_is_undone_in_time_is_not_told() {
    let server = patient().await;
    let (anna, desk) = (server.anna(), server.desk("anna").await);
    let booked = server.book("kabine-1", THURSDAY).await;
    press(&desk, &booked.uid, "confirm").await.is(303);
    server.later(120);
    let told = server.kinds().await;
    assert_eq!(told.len(), 3);
    // Called off and taken back.
    gesture(&anna, &booked, "STATUS", "STATUS:CANCELLED").await;
    server.later(30);
    gesture(&anna, &booked, "STATUS", "STATUS:CONFIRMED").await;
    server.later(90);
    assert_eq!(server.kinds().await, told);
    server.later(1_000);
    assert_eq!(server.kinds().await, told);
    // Moved and moved back.
    shift(&anna, &booked, "20260327T090000", "20260327T100000").await;
    server.later(30);
    shift(&anna, &booked, "20260326T103000", "20260326T113000").await;
    server.later(1_000);
    assert_eq!(server.kinds().await, told);
    // The customer is quicker than the confirmation's letter.
    let second = server.book("kabine-2", THURSDAY).await;
    press(&desk, &second.uid, "confirm").await.is(303);
    server.later(30);
    server.customer().post(&format!("{}/cancel", second.page), &[]).await.is(303);
    server.later(1_000);
    let mut kinds: Vec<String> = server.letters().await.iter().filter(|l| l.uid() == second.uid).map(Letter::kind).collect();
    kinds.sort();
    assert_eq!(kinds, ["cancelled.customer", "cancelled.practice", "requested.customer", "requested.practice"]);
    // Called off and back, later than that: both are told.
    gesture(&anna, &booked, "STATUS", "STATUS:CANCELLED").await;
    server.later(120);
    assert_eq!(server.letters().await.iter().filter(|l| l.uid() == booked.uid).count(), 4);
    gesture(&anna, &booked, "STATUS", "STATUS:CONFIRMED").await;
    server.later(120);
    let letters = server.letters().await;
    let mut sequences: Vec<u32> = letters
        .iter()
        .filter(|l| l.uid() == booked.uid && l.kind().ends_with("customer"))
        .map(|l| value_of(&l.itip(), "SEQUENCE").parse().unwrap())
        .collect();
    sequences.sort();
    sequences.dedup();
    assert_eq!(sequences.len(), 4, "each its own");
}

/// The kinds of a booking's letters that a mail server was handed.
fn handed(office: &Office, booked: &Booked) -> Vec<String> {
    let letters = office.taken.lock().unwrap();
    let ids = letters.iter().flat_map(|letter| letter.lines()).filter_map(|line| line.strip_prefix("Message-ID: <"));
    let ids = ids.filter(|id| id.starts_with(&booked.uid)).filter_map(|id| id.split('@').next());
    ids.map(|id| id.split('.').skip(2).collect::<Vec<_>>().join(".")).collect()
}

/// The outbox has looked up what is due, and is still busy with a slow mail server.
#[tokio::test]
async fn what_is_undone_while_other_letters_leave_is_not_told() {
    let office = office().await;
    let practice = PRACTICE.replace("notify_grace_seconds = 0", "notify_grace_seconds = 120");
    let server = Server::with(Choices { practice, smtp: Some(office.port), ..Choices::default() }).await;
    let (anna, desk) = (server.anna(), server.desk("anna").await);
    let (first, second) = (server.book("kabine-1", THURSDAY).await, server.book("kabine-2", THURSDAY).await);
    press(&desk, &second.uid, "confirm").await.is(303);
    server.later(120);
    server.letters().await;
    press(&desk, &first.uid, "confirm").await.is(303);
    server.later(10);
    shift(&anna, &second, "20260327T090000", "20260327T100000").await;
    let busy = office.slow.lock().await;
    server.later(120);
    let third = server.book("kabine-1", "2026-03-27T11:30:00+01:00").await;
    until("the first letter", async || handed(&office, &first).contains(&"confirmed.customer".into()).then_some(())).await;
    shift(&anna, &second, "20260326T103000", "20260326T113000").await;
    drop(busy);
    until("the letter after it", async || handed(&office, &third).contains(&"requested.customer".into()).then_some(())).await;
    assert!(!handed(&office, &second).contains(&"moved.customer".into()), "{:?}", handed(&office, &second));
    server.later(1_000);
    let kinds: Vec<String> = server.letters().await.iter().filter(|l| l.uid() == second.uid).map(Letter::kind).collect();
    assert!(!kinds.contains(&"moved.customer".into()), "{kinds:?}");
    assert!(!handed(&office, &second).contains(&"moved.customer".into()));
}

#[tokio::test]
async fn confirming_and_then_correcting_the_time_is_one_letter() {
    let server = patient().await;
    let (anna, desk) = (server.anna(), server.desk("anna").await);
    let booked = server.book("kabine-1", THURSDAY).await;
    press(&desk, &booked.uid, "confirm").await.is(303);
    server.later(60);
    shift(&anna, &booked, "20260326T113000", "20260326T123000").await;
    server.later(1_000);
    let letters = server.letters().await;
    assert_eq!(letters.len(), 3, "{:?}", server.kinds().await);
    let letter = only(&letters, "confirmed.customer");
    assert_eq!(value_of(&letter.itip(), "DTSTART"), "20260326T103000Z");
    assert!(letter.parts("text/plain")[0].1.contains("11:30"));
}

#[tokio::test]
async fn nobody_is_told_about_the_past() {
    let server = Server::start().await;
    let (anna, desk) = (server.anna(), server.desk("anna").await);
    let booked = server.book("kabine-1", THURSDAY).await;
    press(&desk, &booked.uid, "confirm").await.is(303);
    let told = server.kinds().await;
    server.set_clock("2026-03-27T12:00:00Z");
    anna.delete(&booked.path).await.no_content();
    server.later(1_000);
    assert_eq!(server.kinds().await, told);
}

#[tokio::test]
async fn letters_can_be_read_on_the_demos_page() {
    let server = Server::start().await;
    server.book("kabine-1", THURSDAY).await;
    let letters = server.letters().await;
    let visitor = server.customer();
    crate::harness::until("the program's own outbox", async || {
        (crate::harness::letters(server.data()).len() == 2 || server.data().join("beside/mail").exists()).then_some(())
    })
    .await;
    visitor.get("/demo/mail/").await.ok();
    let own = crate::harness::letters(server.data());
    for letter in own.iter().filter(|letter| letters.iter().any(|l| l.id == letter.id)) {
        visitor.get(&format!("/demo/mail/{}.eml", letter.id.replace('@', "%40"))).await.ok();
    }
    visitor.get("/demo/mail/..%2fcontrol.sock").await.is(404);
}

#[tokio::test]
async fn without_a_mail_server_nobody_is_told_that_letters_were_sent() {
    let server = Server::changed("role = \"admin\"", "role = \"admin\"\nemail = \"admin@mustermann.example\"").await;
    let booked = server.book("kabine-1", THURSDAY).await;
    server.letters().await;
    let (anna, admin) = (server.desk("anna").await, server.desk("admin").await);
    let page = crate::harness::until("the letters", async || {
        let page = anna.get(&format!("/staff/appointment/{}", booked.uid)).await.ok();
        (page.text().matches("nur als Datei geschrieben: es ist kein Mailserver eingerichtet").count() == 2).then_some(page)
    })
    .await;
    page.never_says("vom Mailserver angenommen");
    let page = anna.get("/staff/mail").await.ok().says("Es ist kein Mailserver eingerichtet.").says("[mail.smtp]");
    page.never_says("unterwegs");
    let test = press_at(&admin, "/staff/mail/test").await.ok();
    test.says("als Datei geschrieben und nicht verschickt").never_says("angenommen");
}

async fn press_at(desk: &Client, path: &str) -> crate::talk::Reply {
    let page = desk.get("/staff/mail").await.ok().text();
    desk.post(path, &[("csrf", &crate::harness::csrf(&page))]).await
}

#[test]
fn a_server_says_at_its_start_that_it_has_no_mail_server() {
    let folder = crate::harness::Folder::new();
    let config = folder.path().join("openslot.toml");
    let settings = |mail: &str| format!("listen = \"127.0.0.1:0\"\ndata = {:?}\n\n{mail}", folder.path().join("data"));
    std::fs::write(&config, settings("")).unwrap();
    let said = crate::child::first_words(&config, "no mail server is set up ([mail.smtp])");
    assert!(said.last().unwrap().contains("nobody receives them"), "{said:?}");
}

#[tokio::test]
async fn an_appointment_that_a_program_has_filled_is_called_off_all_the_same() {
    let server = Server::start().await;
    let (anna, desk) = (server.anna(), server.desk("anna").await);
    let booked = server.book("kabine-1", THURSDAY).await;
    press(&desk, &booked.uid, "confirm").await.is(303);
    let with = |object: &str, letters: usize| object.replace("END:VEVENT", &format!("ATTACH:data:,{}\r\nEND:VEVENT", "x".repeat(letters)));
    let reply = anna.get(&booked.path).await.ok();
    let most = 1024 * 1024 - with(&reply.text(), 0).len();
    anna.put(&booked.path, with(&reply.text(), most + 1)).await.is(413);
    anna.put(&booked.path, with(&reply.text(), most)).await.no_content();
    press(&desk, &booked.uid, "cancel").await.is(303);
    let reply = anna.get(&booked.path).await.ok();
    assert_eq!(state_of(&reply.text()), "CANCELLED");
    assert!(reply.text().len() > 1024 * 1024, "{}", reply.text().len());
    // Whoever knows it so changes it so; and it comes to no more than it may.
    anna.put(&booked.path, edited(&reply.text(), "STATUS", "STATUS:CONFIRMED")).await.no_content();
    let reply = anna.get(&booked.path).await.ok();
    assert_eq!(state_of(&reply.text()), "CONFIRMED");
    anna.put(&booked.path, with(&reply.text(), 128 * 1024)).await.is(413);
    // What was never so large may not become it.
    let other = server.book("kabine-2", THURSDAY).await;
    let reply = anna.get(&other.path).await.ok();
    anna.put(&other.path, with(&reply.text(), 1024 * 1024)).await.is(413);
}

//! The staff page of letters, with a mail server that a test plays: what failed, trying again, a letter to test with, letters to look at.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::harness::{Choices, PRACTICE, Server, csrf, hidden, judge, until};
use crate::talk::Client;

const THURSDAY: &str = "2026-03-26T10:30:00+01:00";

/// A mail server: takes everything but letters to the address that it refuses.
pub struct Office {
    pub port: u16,
    pub refused: Arc<Mutex<String>>,
    pub taken: Arc<Mutex<Vec<String>>>,
    /// While somebody holds this, it has a letter and does not say so.
    pub slow: Arc<tokio::sync::Mutex<()>>,
}

pub async fn office() -> Office {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (refused, taken) = (Arc::new(Mutex::new(String::new())), Arc::new(Mutex::new(Vec::new())));
    let slow = Arc::new(tokio::sync::Mutex::new(()));
    let (no, yes, wait) = (Arc::clone(&refused), Arc::clone(&taken), Arc::clone(&slow));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (no, yes, wait) = (Arc::clone(&no), Arc::clone(&yes), Arc::clone(&wait));
            tokio::spawn(async move {
                let (reader, mut writer) = stream.into_split();
                let mut lines = BufReader::new(reader).lines();
                let mut letter: Option<String> = None;
                let _ = writer.write_all(b"220 office\r\n").await;
                while let Ok(Some(line)) = lines.next_line().await {
                    let answer = match (&mut letter, line.as_str()) {
                        (Some(whole), ".") => {
                            yes.lock().unwrap().push(std::mem::take(whole));
                            letter = None;
                            drop(wait.lock().await);
                            "250 taken"
                        }
                        (Some(whole), line) => {
                            whole.push_str(line);
                            whole.push('\n');
                            continue;
                        }
                        (None, "DATA") => {
                            letter = Some(String::new());
                            "354 go on"
                        }
                        (None, line) if line.starts_with("RCPT") => {
                            let no = no.lock().unwrap();
                            if !no.is_empty() && line.contains(no.as_str()) { "550 5.1.1 no such user" } else { "250 ok" }
                        }
                        (None, "QUIT") => "221 bye",
                        _ => "250 ok",
                    };
                    if writer.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    Office { port, refused, taken, slow }
}

async fn server(office: &Office) -> Server {
    let practice = PRACTICE.replace("name = \"Verwaltung\"", "name = \"Verwaltung\"\nemail = \"admin@mustermann.example\"");
    Server::with(Choices { practice, smtp: Some(office.port), ..Choices::default() }).await
}

async fn press(desk: &Client, path: &str, more: &[(&str, &str)]) -> crate::talk::Reply {
    let page = desk.get("/staff/mail").await.ok().text();
    let token = csrf(&page);
    let mut fields = vec![("csrf", token.as_str())];
    fields.extend(more);
    desk.post(path, &fields).await
}

#[tokio::test]
async fn a_letter_refused_for_good_is_shown_and_tried_again() {
    let office = office().await;
    *office.refused.lock().unwrap() = "t.tester@example.org".into();
    let server = server(&office).await;
    let (anna, ben) = (server.desk("anna").await, server.desk("ben").await);
    let booked = server.book("kabine-1", THURSDAY).await;
    let page = until("the failure", async || {
        let page = anna.get("/staff/mail").await.ok().text();
        page.contains("no such user").then_some(page)
    })
    .await;
    assert!(page.contains("550") && page.contains(&format!("/staff/appointment/{}", booked.uid)));
    anna.get("/staff/").await.ok().says("Eine E-Mail wurde abgelehnt");
    anna.get(&format!("/staff/appointment/{}", booked.uid)).await.ok().says("no such user");
    assert!(!ben.get("/staff/").await.ok().text().contains("abgelehnt und wird"), "ben does not see kabine-1");
    let (uid, letter) = (hidden(&page, "uid").unwrap(), hidden(&page, "letter").unwrap());
    let fields = [("uid", uid.as_str()), ("letter", letter.as_str())];
    press(&ben, "/staff/mail/again", &fields).await.is(404);
    anna.post("/staff/mail/again", &fields).await.is(403);
    anna.get("/staff/mail/again").await.is(405);
    office.refused.lock().unwrap().clear();
    press(&anna, "/staff/mail/again", &fields).await.is(303);
    until("the letter", async || office.taken.lock().unwrap().iter().any(|l| l.contains("requested.customer@")).then_some(())).await;
    let sent: Vec<String> = office.taken.lock().unwrap().iter().filter(|l| l.contains("requested.customer@")).cloned().collect();
    assert!(sent.len() == 1 && sent[0].contains(&format!("Message-ID: <{letter}mustermann.example>")), "{sent:?}");
    let page = anna.get("/staff/").await.ok().text();
    assert!(!page.contains("Eine E-Mail wurde abgelehnt"));
}

/// A mail server that is not there: the first page says so, to whoever sees it, before the letters are given up.
#[tokio::test]
async fn letters_that_are_retried_for_a_quarter_of_an_hour_are_told_on_the_first_page() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let server = Server::with(Choices { smtp: Some(gone), ..Choices::default() }).await;
    let anna = server.desk("anna").await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let appointment = format!("/staff/appointment/{}", booked.uid);
    until("the first attempt", async || {
        anna.get(&appointment).await.ok().text().contains("Der Mailserver nimmt keine Verbindung an.").then_some(())
    })
    .await;
    anna.get("/staff/").await.ok().never_says("nicht versendet werden");
    let listed = anna.get("/staff/mail").await.ok().says("Der Mailserver nimmt keine Verbindung an.").text();
    assert!(listed.contains("1 Versuch."), "{listed}");
    server.later(15 * 60);
    anna.get("/staff/").await.ok().says("nicht versendet werden");
}

#[tokio::test]
async fn an_administrator_sends_a_letter_to_test_with_and_looks_at_all() {
    let office = office().await;
    let server = server(&office).await;
    let (admin, anna) = (server.desk("admin").await, server.desk("anna").await);
    press(&admin, "/staff/mail/test", &[]).await.ok().says("angenommen");
    assert!(office.taken.lock().unwrap()[0].contains("To: admin@mustermann.example"));
    *office.refused.lock().unwrap() = "admin@mustermann.example".into();
    press(&admin, "/staff/mail/test", &[]).await.ok().says("abgelehnt").says("no such user");
    press(&anna, "/staff/mail/test", &[]).await.is(403);
    admin.post("/staff/mail/test", &[]).await.is(403);
    admin.get("/staff/mail/test").await.is(405);

    let page = admin.get("/staff/mail").await.ok().never_says("kein Mailserver").text();
    let links: Vec<&str> =
        page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).filter(|href| href.contains("/preview/")).collect();
    assert!(links.len() >= 16, "{links:?}");
    for link in links {
        let shown = admin.get(link).await.ok().text();
        assert!(shown.contains("Erika") || link.contains("/practice/"), "{link}");
        let html = admin.get(&format!("{link}/html")).await.ok();
        assert!(html.header("content-security-policy").contains("sandbox"));
    }
    anna.get("/staff/mail/preview/confirmed/customer/de").await.is(403);
    assert!(!anna.get("/staff/mail").await.ok().text().contains("/preview/"));
    for wrong in ["confirmed/customer/xx", "nothing/customer/de", "declined/practice/de", "confirmed/nobody/de"] {
        admin.get(&format!("/staff/mail/preview/{wrong}")).await.is(404);
    }
}

#[tokio::test]
async fn the_practices_own_texts_count_after_apply_and_slips_are_refused() {
    let server = Server::start().await;
    let desk = server.desk("admin").await;
    let folder = server.data().join("templates");
    let practice = || openslot::config::practice::parse("practice.toml", PRACTICE).unwrap();
    std::fs::create_dir_all(folder.join("text/de")).unwrap();
    let own = folder.join("text/de/own.ftl");
    std::fs::write(&own, "mail-confirmed-lead = Wir sehen uns!\n").unwrap();
    let preview = "/staff/mail/preview/confirmed/customer/de";
    assert!(!desk.get(preview).await.ok().text().contains("Wir sehen uns!"));
    server.app.apply(practice()).await.unwrap();
    desk.get(preview).await.ok().says("Wir sehen uns!");
    std::fs::write(&own, "\nmail-confirmed-lead = Bis { $wann }!\n").unwrap();
    let fault = format!("{:?}", server.app.apply(practice()).await.unwrap_err());
    assert!(fault.contains("own.ftl, line 2: `mail-confirmed-lead` is given no $wann"), "{fault}");
    desk.get(preview).await.ok().says("Wir sehen uns!");
    let folder = server.end().await;
    let fault = crate::harness::refused(folder.path()).await;
    assert!(fault.contains("own.ftl, line 2"), "{fault}");
}

/// The bookings whose letters of this kind the mail server has, in the order in which it got them.
fn arrived(office: &Office, kind: &str) -> Vec<String> {
    let taken = office.taken.lock().unwrap();
    let ids = taken.iter().filter_map(|letter| letter.lines().find_map(|line| line.strip_prefix("Message-ID: <")));
    ids.filter(|id| id.contains(&format!(".{kind}@"))).map(|id| id.split('.').next().unwrap().to_owned()).collect()
}

/// Eight of one customer's half hours on a day.
async fn eight(server: &Server) -> Vec<String> {
    let mut uids = Vec::new();
    for n in 0..8 {
        let start = format!("2026-03-26T{:02}:{:02}:00+01:00", 10 + n / 2, n % 2 * 30);
        uids.push(server.book_with("kabine-1", &start, &[("service", "servicetermin")]).await.uid);
    }
    uids
}

#[tokio::test]
async fn letters_of_one_second_leave_in_the_order_in_which_they_were_owed() {
    let office = office().await;
    let practice = PRACTICE.replace("notify_grace_seconds = 0", "notify_grace_seconds = 120");
    let server = Server::with(Choices { practice, smtp: Some(office.port), ..Choices::default() }).await;
    let desk = server.desk("anna").await;
    let mut uids = eight(&server).await;
    until("the receipts", async || (arrived(&office, "requested.customer").len() == 8).then_some(())).await;
    assert_eq!(arrived(&office, "requested.customer"), uids);
    // Confirmed from the last to the first, all of it within one second of a clock that stands.
    uids.reverse();
    for uid in &uids {
        crate::harness::press(&desk, uid, "confirm").await.is(303);
    }
    server.later(120);
    until("the confirmations", async || (arrived(&office, "confirmed.customer").len() == 8).then_some(())).await;
    assert_eq!(arrived(&office, "confirmed.customer"), uids);
}

#[tokio::test]
async fn letters_that_were_let_go_leave_in_the_order_in_which_the_appointments_were_called_off() {
    let office = office().await;
    let practice = PRACTICE.replace("notify_grace_seconds = 0", "notify_grace_seconds = 120");
    let server = Server::with(Choices { practice, smtp: Some(office.port), ..Choices::default() }).await;
    let desk = server.desk("anna").await;
    let mut uids = eight(&server).await;
    uids.reverse();
    uids.swap(1, 6);
    for uid in &uids {
        crate::harness::press(&desk, uid, "decline").await.is(303);
    }
    server.later(600);
    assert!(arrived(&office, "declined.customer").is_empty());
    let page = desk.get("/staff/mail").await.ok().text();
    judge(&desk, "send", &page).await.is(303);
    until("the refusals", async || (arrived(&office, "declined.customer").len() == 8).then_some(())).await;
    assert_eq!(arrived(&office, "declined.customer"), uids);
}

//! A server as an administrator runs it: signals, what it doubts at its start, a sign-in that the browser does not keep.

use std::fs;
use std::time::{Duration, Instant};

use crate::child::Serving;
use crate::disk::set_up;
use crate::harness::{Folder, form, until};
use crate::post::{Office, office};
use crate::talk::Client;

fn through(office: &Office) -> String {
    format!("[mail]\nfrom = \"a@mustermann.example\"\n[mail.smtp]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n", office.port)
}

async fn end_of(serving: Serving) -> (Option<i32>, String) {
    tokio::task::spawn_blocking(move || serving.ended()).await.unwrap()
}

fn message_ids(office: &Office) -> Vec<String> {
    let taken = office.taken.lock().unwrap();
    taken.iter().filter_map(|letter| letter.lines().find_map(|line| line.strip_prefix("Message-ID: ")).map(str::to_owned)).collect()
}

/// One of the free times that the page offers by the real clock.
async fn book(serving: &Serving) {
    let visitor = Client::new(serving.address);
    let page = visitor.get("/book/stuttgart?service=servicetermin").await.ok().text();
    let start = page.split("data-start=\"").nth(3).unwrap().split('"').next().unwrap();
    visitor.post("/book/stuttgart/new", &form("any", start, &[("service", "servicetermin")])).await.is(303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_server_that_hangs_holds_up_nobody_and_the_letter_stays_owed() {
    let (folder, office) = (Folder::new(), office().await);
    let config = set_up(&folder, &format!("{}[limits]\nform_seconds = 0\n", through(&office)));
    let hanging = office.slow.lock().await;
    let serving = Serving::start(&config);
    book(&serving).await;
    until("the letter that hangs", async || (message_ids(&office).len() == 1).then_some(())).await;
    let begun = Instant::now();
    serving.signal("-TERM");
    let (code, log) = end_of(serving).await;
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert!(code == Some(0) && log.contains("the letter on its way is owed"), "{log}");

    drop(hanging);
    let serving = Serving::start(&config);
    let ids = until("both letters", async || Some(message_ids(&office)).filter(|ids| ids.len() == 3)).await;
    assert!(ids[0] == ids[1] && ids[1] != ids[2], "{ids:?}");
    let (begun, _) = (Instant::now(), serving.signal("-TERM"));
    assert_eq!(end_of(serving).await.0, Some(0));
    assert!(begun.elapsed() < Duration::from_secs(4), "it waits for nothing where nothing hangs");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hangup_reads_the_templates_again_and_ends_nothing() {
    let folder = Folder::new();
    let config = set_up(&folder, "[limits]\nform_seconds = 0\n");
    let serving = Serving::start(&config);
    let visitor = Client::new(serving.address);
    let own = folder.path().join("data/templates/text/de");
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join("own.ftl"), "sign-in-title = Guten Morgen\n").unwrap();
    serving.signal("-HUP");
    until("the new title", async || visitor.get("/staff/sign-in?lang=de").await.ok().text().contains("Guten Morgen").then_some(())).await;
    fs::write(own.join("own.ftl"), "sign-in-title = { $none }\n").unwrap();
    serving.signal("-HUP");
    serving.signal("-TERM");
    let (code, log) = end_of(serving).await;
    assert!(code == Some(0) && log.contains("SIGHUP: the practice's templates were read again"), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_for_https_is_doubted_without_a_proxy_and_told_to_whoever_signs_in_elsewhere() {
    let folder = Folder::new();
    let config = set_up(&folder, "public_url = \"https://termine.example\"\n");
    let serving = Serving::start(&config);
    let browser = Client::new(serving.address);
    let fields = [("login", "admin"), ("password", "the admin's word")];
    let signed_in = browser.post("/staff/sign-in", &fields).await.is(303);
    let (cookie, leads) = (signed_in.header("set-cookie"), signed_in.leads());
    assert!(cookie.contains("; Secure"), "{cookie}");
    // Over plain HTTP a browser brings no such cookie.
    browser.get(&leads).await.ok().says("https://termine.example/staff/").says("Cookies");
    let kept = browser.with("Cookie", cookie.split(';').next().unwrap());
    assert_eq!(kept.get(&leads).await.is(303).leads(), "/staff/");
    browser.get("/staff/sign-in").await.ok().never_says("https://termine.example/staff/");
    serving.signal("-TERM");
    let (code, log) = end_of(serving).await;
    assert!(code == Some(0) && log.contains("WARN") && log.contains("behind_proxy = true"), "{log}");
}

/// The log says of what kind it was and the server's number, and names nobody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_that_does_not_leave_is_logged_without_its_customer() {
    let (folder, office) = (Folder::new(), office().await);
    *office.refused.lock().unwrap() = "t.tester@example.org".into();
    let config = set_up(&folder, &format!("{}[limits]\nform_seconds = 0\n", through(&office)));
    let serving = Serving::start(&config);
    book(&serving).await;
    until("the practice's copy", async || (message_ids(&office).len() == 1).then_some(())).await;
    serving.signal("-TERM");
    let (_, log) = end_of(serving).await;
    let line = log.lines().find(|line| line.contains("WARN") && line.contains("a letter was refused for good")).expect(&log);
    assert!(line.contains("kind=Answer") && line.contains("code=550"), "{line}");
    for theirs in ["tester", "no such user", "example.org"] {
        assert!(!log.to_lowercase().contains(theirs), "{theirs}: {log}");
    }
}

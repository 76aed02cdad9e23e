//! kill -9 in the middle of bookings: what was answered 303 is there after the restart, with its letters, once. And while a calendar takes
//! another one's place: there is always a whole one.
//!
//! `OPENSLOT_CRASH_ROUNDS` sets the number of rounds. Not for: the store alone (`tests/crash.rs`).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use openslot::app::login::readable_secret;
use openslot::appointment::link;
use openslot::world::{Real, World};

use crate::child::Demo;
use crate::harness::{Folder, Letter, event, form, letters, until};
use crate::talk::Client;

/// How many connections book at once.
const CONNECTIONS: usize = 4;

/// Free quarter hours of the grid, from a day on.
async fn times(visitor: &Client, from: &str) -> (Vec<String>, Option<String>) {
    let page = visitor.get(&format!("/book/stuttgart?service=batteriewechsel{from}")).await.ok().text();
    let times = page.split("data-start=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
    let next = page.split("<a class=\"next\" href=\"").nth(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    (times, next.and_then(|href| href.split("from=").nth(1).map(|day| day.split('&').next().unwrap().to_owned())))
}

/// Free times for a whole round.
async fn free(visitor: &Client, enough: usize) -> Vec<String> {
    let (mut all, mut next) = times(visitor, "").await;
    while let Some(day) = next.filter(|_| all.len() < enough) {
        let (more, after) = times(visitor, &format!("&from={day}")).await;
        all.extend(more);
        next = after;
    }
    all
}

/// Books one time after another until the server is gone; the tokens that were answered.
async fn book_on(visitor: Client, times: Vec<String>) -> Vec<String> {
    let mut tokens = Vec::new();
    for start in times {
        let name = readable_secret(Real.fresh());
        let email = format!("{name}@example.org");
        let fields = form("any", &start, &[("service", "batteriewechsel"), ("family_name", &name), ("email", &email)]);
        let Some(reply) = visitor.try_post("/book/stuttgart/new", &fields).await else { return tokens };
        match reply.status.as_u16() {
            303 => tokens.push(reply.leads().strip_prefix("/booking/").unwrap().split('?').next().unwrap().to_owned()),
            409 => {}
            other => panic!("{other}: {}", reply.text()),
        }
    }
    tokens
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bookings_survive_a_kill() {
    let rounds = std::env::var("OPENSLOT_CRASH_ROUNDS").map_or(3, |rounds| rounds.parse::<u64>().unwrap());
    let (mut answered, mut unanswered, mut late) = (0, 0, 0);
    let mut folder = Folder::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for round in 0..rounds {
        // A practice's calendar is full after some rounds.
        if round % 8 == 0 {
            folder = Folder::new();
            known.clear();
        }
        let data = folder.path().join("data");
        let demo = Demo::start(&data);
        let visitor = Client::new(demo.address);
        let all = free(&visitor, 200).await;
        assert!(all.len() > 40, "free times are left");
        let workers: Vec<_> = (0..CONNECTIONS)
            .map(|worker| {
                let mine: Vec<String> = all.iter().skip(worker).step_by(CONNECTIONS).cloned().collect();
                tokio::spawn(book_on(Client::new(demo.address), mine))
            })
            .collect();
        // Sooner or later: the moment of the kill is the point of the test, not a wait for anything.
        let life = Duration::from_millis(20 + u64::from(Real.fresh()[0]) * 2);
        tokio::time::sleep(life).await;
        demo.kill();
        let mut tokens = Vec::new();
        for worker in workers {
            tokens.extend(worker.await.unwrap());
        }
        let before = letters(&data).len();

        let demo = Demo::start(&data);
        let visitor = Client::new(demo.address);
        let admin = Client::new(demo.address).home("admin").basic("admin", "admin-demo");
        let mut kept: BTreeSet<String> = BTreeSet::new();
        for calendar in ["kabine-1/", "kabine-2/"] {
            kept.extend(
                admin.names(calendar).await.into_iter().filter(|name| !name.starts_with("demo-")).map(|name| name.replace(".ics", "")),
            );
        }
        let uids: BTreeSet<String> = tokens.iter().map(|token| link::claim(token).unwrap().uid).collect();
        assert_eq!(uids.len(), tokens.len());
        assert!(uids.is_subset(&kept), "round {round}: answered and lost: {:?}", uids.difference(&kept));
        assert!(known.is_subset(&kept), "round {round}: lost from an earlier round");
        for token in &tokens {
            visitor.get(&format!("/booking/{token}")).await.ok();
        }
        // At most one more for each connection: committed, and killed before the answer.
        let more = kept.len() - known.len() - tokens.len();
        assert!(more <= CONNECTIONS, "{more}");
        // Every booking that is there has both of its letters, once.
        let wanted = kept.len() * 2;
        let found = until("the letters", async || Some(letters(&data)).filter(|letters| letters.len() >= wanted)).await;
        let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
        for letter in &found {
            assert_eq!(letter.header("Message-ID"), format!("<{}>", letter.id));
            *counts.entry((letter.uid().to_owned(), letter.kind())).or_default() += 1;
        }
        assert!(counts.values().all(|count| *count == 1), "{counts:?}");
        let uids_of = |kind: &str| found.iter().filter(|l| l.kind() == kind).map(Letter::uid).map(str::to_owned).collect::<BTreeSet<_>>();
        assert_eq!((uids_of("confirmed.customer"), uids_of("confirmed.practice")), (kept.clone(), kept.clone()));
        assert_eq!(found.len(), wanted);
        assert!(demo.interrupt(), "it ends well");
        answered += tokens.len();
        unanswered += more;
        late += wanted - before;
        known = kept;
    }
    println!(
        "{rounds} kills: {answered} bookings answered and there, {unanswered} there without an answer, {late} letters after the restart"
    );
}

/// How many events the calendars have that take each other's place: enough for a commit of some length.
const EVENTS: usize = 60;

/// Copies a calendar over another and moves that one over a third until the server is gone; how often it was answered.
async fn replace_on(admin: Client) -> usize {
    let onto = |to: &str| admin.with("Destination", &admin.path(to)).with("Overwrite", "T");
    let mut answered = 0;
    loop {
        for (method, from, to) in [("COPY", "eins/", "zwei/"), ("MOVE", "zwei/", "drei/")] {
            let Some(reply) = onto(to).try_ask(method, from, "").await else { return answered };
            assert!(matches!(reply.status.as_u16(), 201 | 204), "{method}: {}", reply.text());
            answered += 1;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_calendar_in_anothers_place_survives_a_kill_whole() {
    let rounds = std::env::var("OPENSLOT_CRASH_ROUNDS").map_or(3, |rounds| rounds.parse::<u64>().unwrap());
    let folder = Folder::new();
    let data = folder.path().join("data");
    let admin = |demo: &Demo| Client::new(demo.address).home("admin").basic("admin", "admin-demo");
    let demo = Demo::start(&data);
    for name in ["eins/", "drei/"] {
        admin(&demo).ask("MKCALENDAR", name, "").await.created();
    }
    for n in 0..EVENTS {
        let object = event(&format!("e{n}"), "20260326T100000Z", "20260326T110000Z", "");
        admin(&demo).put(&format!("eins/{n}.ics"), object).await.created();
    }
    admin(&demo).with("Destination", &admin(&demo).path("drei/")).with("Overwrite", "T").ask("COPY", "eins/", "").await.is(204);
    demo.kill();
    let mut answered = 0;
    for round in 0..rounds {
        let demo = Demo::start(&data);
        let worker = tokio::spawn(replace_on(admin(&demo)));
        // As above: the moment of the kill is the point of the test.
        tokio::time::sleep(Duration::from_millis(20 + u64::from(Real.fresh()[0]) * 2)).await;
        demo.kill();
        answered += worker.await.unwrap();
        let demo = Demo::start(&data);
        let admin = admin(&demo);
        for name in ["eins/", "drei/"] {
            assert_eq!(admin.names(name).await.len(), EVENTS, "round {round}: {name}");
        }
        // Moved away, or copied and not yet moved.
        if admin.propfind("zwei/", "0", "<D:getetag/>").await.status != 404 {
            assert_eq!(admin.names("zwei/").await.len(), EVENTS, "round {round}: zwei/");
        }
        for n in [0, EVENTS - 1] {
            admin.get(&format!("drei/{n}.ics")).await.ok();
        }
        assert!(demo.interrupt(), "it ends well");
    }
    println!("{rounds} kills, {answered} times answered");
}

//! Times that are held while forms are filled in: whom they keep out, how many one address has, when they end.

use crate::harness::{Choices, PRACTICE, Server, form, unescape_html};
use crate::talk::{Client, Reply};

const NEW: &str = "/book/stuttgart/new";
const HOLD: &str = "/book/stuttgart/hold";
const RELEASE: &str = "/book/stuttgart/release";
const THURSDAY: &str = "2026-03-26T10:30:00+01:00";
const AFTERNOON: &str = "2026-03-26T14:00:00+01:00";
const HERE: &str = "203.0.113.5";
const THERE: &str = "198.51.100.9";

async fn behind_proxy() -> Server {
    Server::with(Choices { behind_proxy: true, ..Choices::default() }).await
}

async fn free(visitor: &Client, query: &str) -> Vec<String> {
    let page = visitor.get(&format!("/book/stuttgart?service=beratung&resource=kabine-1{query}")).await.ok();
    let text = unescape_html(&page.text());
    text.split("data-start=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

async fn is_free(visitor: &Client, start: &str) -> bool {
    free(visitor, "&from=2026-03-26").await.contains(&start.to_owned())
}

async fn hold(visitor: &Client, form: &str, start: &str) -> Reply {
    visitor.post(HOLD, &[("service", "beratung"), ("resource", "kabine-1"), ("start", start), ("form", form)]).await
}

#[tokio::test]
async fn a_time_is_held_while_its_form_is_open() {
    let server = behind_proxy().await;
    let (here, there) = (server.visitor(HERE), server.visitor(THERE));
    let (mine, other) = ("00aa11bb00aa11bb", "ffee22ccffee22cc");
    // Looking holds nothing.
    here.get(&format!("{NEW}?service=beratung&resource=kabine-1&start=2026-03-26T10%3A30%3A00%2B01%3A00")).await.ok();
    assert!(is_free(&there, THURSDAY).await);
    let until: i64 = hold(&here, mine, THURSDAY).await.ok().text().parse().unwrap();
    assert_eq!(until, 1_774_339_200 + 600);
    assert!(!is_free(&there, THURSDAY).await);
    hold(&there, other, THURSDAY).await.is(409);
    there.post(NEW, &form("kabine-1", THURSDAY, &[("form", other)])).await.is(409);
    // No calendar shows it, and free-busy does not.
    assert!(server.anna().names("kabine-1/").await.is_empty());
    let busy = server.anna().freebusy("kabine-1/", "20260326T000000Z", "20260327T000000Z").await;
    assert!(!busy.contains("FREEBUSY;"), "{busy}");
    // Whoever holds it books it, even from another network by now, and then it is held no more.
    server.visitor("192.0.2.77").post(NEW, &form("kabine-1", THURSDAY, &[("form", mine)])).await.is(303);
    hold(&there, other, THURSDAY).await.is(409);
}

/// Loading the form again, changing its language, going back to the times: each draws another id, and none of it may keep its visitor out.
#[tokio::test]
async fn nobody_is_kept_out_by_a_hold_of_their_own() {
    let server = behind_proxy().await;
    let (here, there) = (server.visitor(HERE), server.visitor(THERE));
    hold(&here, "aa", THURSDAY).await.ok();
    let address = format!("{NEW}?service=beratung&resource=kabine-1&start=2026-03-26T10%3A30%3A00%2B01%3A00");
    here.get(&address).await.ok();
    here.get(&format!("{address}&lang=en")).await.ok();
    there.get(&address).await.is(409);
    for start in ["2026-03-26T10:00:00+01:00", THURSDAY, "2026-03-26T11:00:00+01:00"] {
        assert!(is_free(&here, start).await && !is_free(&there, start).await, "{start}");
    }
    // The first free time is told to each as it is for them.
    server.set_clock("2026-03-25T09:29:00Z");
    hold(&here, "dd", THURSDAY).await.ok();
    let first = async |visitor: &Client| {
        let page = unescape_html(&visitor.get("/book/stuttgart?service=beratung&resource=kabine-1").await.ok().text());
        let first = page.split("class=\"first-free\"><a href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        first.split("start=").nth(1).unwrap().to_owned()
    };
    assert!(first(&here).await.starts_with("2026-03-26T10%3A30"), "{}", first(&here).await);
    assert!(first(&there).await.starts_with("2026-03-26T11%3A30"), "{}", first(&there).await);
    // Several pages of one visitor hold it at once, and the last one books.
    hold(&here, "bb", THURSDAY).await.ok();
    here.post(NEW, &form("kabine-1", THURSDAY, &[("form", "cc")])).await.is(303);
}

#[tokio::test]
async fn those_who_share_an_address_do_not_keep_each_other_out() {
    let server = behind_proxy().await;
    // A household has a network of IPv6, and many addresses in it.
    let [one, two, other] = ["2001:db8:1:2::a", "2001:db8:1:2:ffff::b", "2001:db8:1:3::a"].map(|address| server.visitor(address));
    hold(&one, "aa", THURSDAY).await.ok();
    assert!(is_free(&two, THURSDAY).await && !is_free(&other, THURSDAY).await);
    hold(&two, "bb", THURSDAY).await.ok();
    // Whoever books first has it, and the commit says so to the second.
    two.post(NEW, &form("kabine-1", THURSDAY, &[("form", "bb")])).await.is(303);
    let late = [("form", "aa"), ("email", "other@example.org"), ("telephone", "0711 5550001")];
    one.post(NEW, &form("kabine-1", THURSDAY, &late)).await.is(409);
}

#[tokio::test]
async fn a_form_that_is_left_lets_go() {
    let server = behind_proxy().await;
    let (here, there) = (server.visitor(HERE), server.visitor(THERE));
    hold(&here, "aa", THURSDAY).await.ok();
    // Nobody else's form lets it go, and no other site.
    there.post(RELEASE, &[("form", "bb")]).await.is(204);
    here.with("Origin", "https://evil.example").post(RELEASE, &[("form", "aa")]).await.is(403);
    here.post(RELEASE, &[("form", "no id")]).await.is(422);
    here.get(RELEASE).await.is(405);
    assert!(!is_free(&there, THURSDAY).await);
    here.post(RELEASE, &[("form", "aa")]).await.is(204);
    assert!(is_free(&there, THURSDAY).await);
    here.post(RELEASE, &[("form", "aa")]).await.is(204);
    // Come back to, it asks again.
    hold(&here, "aa", THURSDAY).await.ok();
    assert!(!is_free(&there, THURSDAY).await);
}

#[tokio::test]
async fn one_address_holds_a_few_times_and_no_calendar() {
    let server = behind_proxy().await;
    let (here, there) = (server.visitor(HERE), server.visitor(THERE));
    let all: Vec<String> = free(&there, "&from=2026-03-26").await;
    let starts: Vec<&String> = all.iter().step_by(2).collect();
    assert!(starts.len() > 20, "{}", starts.len());
    for (n, start) in starts.iter().enumerate() {
        hold(&here, &format!("{n:04x}"), start).await.ok();
        server.later(1);
    }
    let left = free(&there, "&from=2026-03-26").await;
    let kept: Vec<bool> = starts.iter().map(|start| !left.contains(start)).collect();
    // The last four are held, the others are free again.
    assert_eq!(kept.iter().filter(|kept| **kept).count(), openslot::app::hold::MAX_HOLDS);
    assert!(kept[kept.len() - openslot::app::hold::MAX_HOLDS..].iter().all(|kept| *kept), "{kept:?}");
    // Another address has its own.
    hold(&there, "ffff", starts[0]).await.ok();
    assert!(!is_free(&here, starts[0]).await);
}

#[tokio::test]
async fn a_hold_ends() {
    let server = behind_proxy().await;
    let (here, there) = (server.visitor(HERE), server.visitor(THERE));
    hold(&here, "aa", THURSDAY).await.ok();
    // Another time of the same form lets the first one go.
    hold(&here, "aa", AFTERNOON).await.ok();
    assert!(is_free(&there, THURSDAY).await && !is_free(&there, AFTERNOON).await);
    server.later(601);
    assert!(is_free(&there, AFTERNOON).await);
    hold(&here, "bb", AFTERNOON).await.ok();
    // A form that is open for an hour holds no longer.
    for _ in 0..6 {
        hold(&here, "bb", AFTERNOON).await;
        server.later(599);
    }
    server.later(30);
    hold(&here, "bb", AFTERNOON).await.is(410);
    hold(&here, "cc", AFTERNOON).await.ok();
}

#[tokio::test]
async fn staff_see_that_somebody_is_filling_in_a_form() {
    let practice = PRACTICE.replacen("id = \"beratung\"", "id = \"beratung\"\nresources = [\"kabine-1\"]", 1);
    let server = Server::with(Choices { practice, behind_proxy: true, ..Choices::default() }).await;
    hold(&server.visitor(HERE), "aa", THURSDAY).await.ok();
    let desk = server.desk("anna").await;
    let page = desk.get("/staff/slots?location=stuttgart&service=beratung&from=2026-03-26").await.ok();
    let page = page.says("Kabine 1: vorgemerkt von 10:30 bis 11:30, jemand füllt gerade das Formular aus");
    assert!(!page.text().contains("Kabine 1: belegt"));
    let page = desk.get("/staff/slots?location=stuttgart&service=beratung&from=2026-03-26&lang=en").await.ok();
    page.says("Kabine 1: held from 10:30 to 11:30, somebody is filling in the form");
}

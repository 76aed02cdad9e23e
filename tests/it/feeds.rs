//! Calendars without a login: made, read, kept by programs, revoked; and what an administrator is told of DNS.

use std::io::Read as _;

use crate::harness::{Server, csrf, event, unescape_html};
use crate::talk::Client;

/// Makes an address on the staff page; its path.
async fn made(desk: &Client, calendar: &str, kind: &str, more: &[(&str, &str)]) -> String {
    let page = desk.get("/staff/devices").await.ok().text();
    let token = csrf(&page);
    let fields = [&[("csrf", token.as_str()), ("calendar", calendar), ("kind", kind)], more].concat();
    let page = desk.post("/staff/feeds", &fields).await.ok().text();
    let address = unescape_html(page.split("<code class=\"secret\">").nth(1).unwrap().split('<').next().unwrap());
    let path = address.find("/feeds/").unwrap();
    assert!(!desk.get("/staff/devices").await.ok().text().contains(&address), "an address is shown once");
    address[path..].to_owned()
}

#[tokio::test]
async fn a_whole_calendar_is_read_without_a_login() {
    let server = Server::start().await;
    let anna = server.anna();
    let desk = server.desk("anna").await;
    for number in 0..100 {
        anna.put(&format!("kabine-1/{number}.ics"), event(&format!("n-{number}"), "20260326T090000Z", "20260326T100000Z", ""))
            .await
            .created();
    }
    let booked = server.book("kabine-2", "2026-03-26T15:00:00+01:00").await;
    let path = made(&desk, "kabine-1", "full", &[]).await;
    let anybody = server.customer();
    let whole = anybody.get(&path).await.ok();
    assert_eq!(whole.header("content-type"), "text/calendar; charset=utf-8");
    assert!(whole.header("cache-control").starts_with("private"));
    assert_eq!((whole.text().matches("BEGIN:VEVENT").count(), whole.text().matches("BEGIN:VCALENDAR").count()), (100, 1));
    assert!(whole.text().contains("X-WR-CALNAME:Kabine 1") && whole.text().ends_with("END:VCALENDAR\r\n"));
    assert_eq!(anybody.with("If-None-Match", &whole.etag()).get(&path).await.is(304).body.len(), 0);
    let head = anybody.head(&path).await.ok();
    assert!(head.etag() == whole.etag() && head.body.is_empty());
    let packed = anybody.with("Accept-Encoding", "gzip").get(&path).await.ok();
    let mut plain = String::new();
    flate2::read::GzDecoder::new(&packed.body[..]).read_to_string(&mut plain).unwrap();
    assert!(plain == whole.text() && packed.etag() == whole.etag());
    anna.delete("kabine-1/0.ics").await.no_content();
    assert_eq!(anybody.with("If-None-Match", &whole.etag()).get(&path).await.ok().text().matches("BEGIN:VEVENT").count(), 99);
    // The booking's zone comes with it, once.
    let other = anybody.get(&made(&desk, "kabine-2", "full", &[]).await).await.ok().text();
    assert!(other.contains(&booked.uid) && other.matches("BEGIN:VTIMEZONE").count() <= 1);
    for wrong in ["/feeds/", "/feeds/x.ics", &path.replace(".ics", ".ifb"), &path[..path.len() - 5]] {
        anybody.get(wrong).await.is(404);
    }
    anybody.post(&path, &[]).await.is(405);
}

/// An event at ten by a zone that its program made up.
fn zoned(uid: &str, offset: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VTIMEZONE\r\nTZID:Ortszeit\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n\
         TZOFFSETFROM:{offset}\r\nTZOFFSETTO:{offset}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n\
         DTSTAMP:20260324T080000Z\r\nDTSTART;TZID=Ortszeit:20260326T100000\r\nDTEND;TZID=Ortszeit:20260326T110000\r\nEND:VEVENT\r\n\
         END:VCALENDAR\r\n"
    )
}

#[tokio::test]
async fn zones_that_programs_made_up_are_not_mixed_up() {
    let server = Server::start().await;
    let anna = server.anna();
    for (uid, offset) in [("a", "+0100"), ("b", "+0400"), ("c", "+0100")] {
        anna.put(&format!("kabine-1/{uid}.ics"), zoned(uid, offset)).await.created();
    }
    let path = made(&server.desk("anna").await, "kabine-1", "full", &[]).await;
    let file = server.customer().get(&path).await.ok().text();
    assert_eq!(file.matches("BEGIN:VTIMEZONE").count(), 2, "{file}");
    let event = |uid: &str| file.split("BEGIN:VEVENT").find(|event| event.contains(&format!("UID:{uid}\r\n"))).unwrap();
    let name = |uid: &str| event(uid).split("DTSTART;TZID=").nth(1).unwrap().split(':').next().unwrap().to_owned();
    let zone = |uid: &str| {
        let name = format!("TZID:{}\r\n", name(uid));
        file.split("BEGIN:VTIMEZONE").find(|zone| zone.contains(&name)).unwrap().split("TZOFFSETTO:").nth(1).unwrap()[..5].to_owned()
    };
    assert_eq!([zone("a"), zone("b"), zone("c")], ["+0100", "+0400", "+0100"]);
    assert!(name("a") == "Ortszeit" && name("b").starts_with("Ortszeit-") && event("b").contains(&format!("DTEND;TZID={}:", name("b"))));
    // What is kept is what was sent.
    assert_eq!(anna.get("kabine-1/b.ics").await.ok().text(), zoned("b", "+0400"));
}

#[tokio::test]
async fn busy_time_is_told_without_names() {
    let server = Server::start().await;
    let anna = server.anna();
    let desk = server.desk("anna").await;
    anna.put("kabine-1/a.ics", event("secret", "20260326T090000Z", "20260326T100000Z", "")).await.created();
    let anybody = server.customer();
    let busy = made(&desk, "kabine-1", "busy", &[]).await;
    let shown = anybody.get(&busy).await.ok();
    assert!(shown.text().contains("SUMMARY:Belegt\r\n") && shown.text().contains("DTSTART:20260326T090000Z\r\n"), "{}", shown.text());
    assert!(!shown.text().contains("secret"));
    anybody.with("If-None-Match", &shown.etag()).get(&busy).await.is(304);
    let path = made(&desk, "kabine-1", "freebusy", &[]).await;
    assert!(path.ends_with(".ifb"));
    let shown = anybody.get(&path).await.ok();
    assert!(shown.text().contains("FREEBUSY;FBTYPE=BUSY:20260326T090000Z/20260326T100000Z\r\n"), "{}", shown.text());
    assert!(shown.text().contains("METHOD:PUBLISH\r\n") && shown.text().contains("FBTYPE=BUSY-UNAVAILABLE"));
    anybody.with("If-None-Match", &shown.etag()).get(&path).await.is(304);
    // A released one has a name that can be guessed; only administrators release.
    anybody.get("/feeds/kabine-1.ifb").await.is(404);
    let token = csrf(&desk.get("/staff/devices").await.ok().text());
    let fields = [("csrf", token.as_str()), ("calendar", "kabine-1"), ("kind", "freebusy"), ("released", "yes")];
    desk.post("/staff/feeds", &fields).await.is(403);
    let admin = server.desk("admin").await;
    assert_eq!(made(&admin, "kabine-1", "freebusy", &[("released", "yes")]).await, "/feeds/kabine-1.ifb");
    anybody.get("/feeds/kabine-1.ifb").await.ok().says("VFREEBUSY");
}

#[tokio::test]
async fn what_is_revoked_or_no_longer_allowed_is_gone() {
    let server = Server::start().await;
    let desk = server.desk("anna").await;
    let (first, second) = (made(&desk, "kabine-1", "full", &[]).await, made(&desk, "kabine-1", "busy", &[]).await);
    let anybody = server.customer();
    let page = desk.get("/staff/devices").await.ok().text();
    let key = page.split("/staff/feeds/revoke").nth(1).unwrap();
    let key = key.split("name=\"key\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = [("csrf", csrf(&page)), ("key", key)];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    // Nobody revokes another one's.
    let ben = server.desk("ben").await;
    let bens = csrf(&ben.get("/staff/devices").await.ok().text());
    ben.post("/staff/feeds/revoke", &[("csrf", &bens), fields[1]]).await.is(404);
    anybody.get(&first).await.ok();
    desk.post("/staff/feeds/revoke", &fields).await.is(303);
    let left = [anybody.get(&first).await.status, anybody.get(&second).await.status];
    assert_eq!(left.iter().filter(|status| status.as_u16() == 404).count(), 1, "{left:?}");
    desk.post("/staff/feeds", &[("csrf", &csrf(&page)), ("calendar", "gibtsnicht"), ("kind", "full")]).await.is(404);
    // One's own calendar, deleted and made again under the same name.
    let anna = server.anna();
    anna.xml("MKCALENDAR", "privat/", "").await.created();
    let own = made(&desk, "privat", "full", &[]).await;
    anybody.get(&own).await.ok();
    anna.delete("privat/").await.no_content();
    anna.xml("MKCALENDAR", "privat/", "").await.created();
    anybody.get(&own).await.is(404);
}

#[tokio::test]
async fn administrators_are_told_the_dns_records() {
    let server = Server::start().await;
    let page = server.desk("admin").await.get("/staff/devices").await.ok().text();
    let records = unescape_html(&page);
    assert!(records.contains("_tcp.") && records.contains("IN TXT \"path=/dav/\""), "{page}");
    server.desk("anna").await.get("/staff/devices").await.ok().never_says("IN TXT").says("Thunderbird");
}

#[tokio::test]
async fn opening_hours_are_shown_whole_or_not_at_all() {
    let server = Server::start().await;
    let desk = server.desk("ben").await;
    let token = csrf(&desk.get("/staff/devices").await.ok().text());
    for kind in ["busy", "freebusy"] {
        // An opening is nobody's busy time.
        let fields = [("csrf", token.as_str()), ("calendar", "location.stuttgart.hours"), ("kind", kind)];
        desk.post("/staff/feeds", &fields).await.is(400);
    }
    let path = made(&desk, "location.stuttgart.hours", "full", &[]).await;
    assert_eq!(server.customer().get(&path).await.ok().text().matches("BEGIN:VEVENT").count(), 5);
}

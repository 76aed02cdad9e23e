//! gzip over the wire: the same answers in fewer octets, and what is never compressed.

use std::io::Read as _;

use crate::harness::{Server, event};
use crate::talk::{Client, NS, read_until};

fn unpacked(octets: &[u8]) -> String {
    let mut plain = String::new();
    flate2::read::GzDecoder::new(octets).read_to_string(&mut plain).unwrap();
    plain
}

fn reading_gzip(client: &Client) -> Client {
    client.with("Accept-Encoding", "gzip, deflate")
}

#[tokio::test]
async fn listings_and_objects_say_the_same_in_fewer_octets() {
    let server = Server::start().await;
    let anna = server.anna();
    for number in 0..300 {
        anna.put(&format!("kabine-1/{number}.ics"), event(&format!("n-{number}"), "20260326T090000Z", "20260326T100000Z", ""))
            .await
            .created();
    }
    let long = event("long", "20260326T090000Z", "20260326T100000Z", &format!("COMMENT:{}\r\n", "Gerät pfeift. ".repeat(4_000)).repeat(4));
    let etag = anna.put("kabine-1/long.ics", long.clone()).await.created().etag();
    let names = "<D:getetag/><D:getcontenttype/><D:resourcetype/>";
    let plain = anna.propfind("kabine-1/", "1", names).await;
    assert!(plain.find("content-encoding").is_none() && plain.header("vary").contains("Prefer"));
    let packed = reading_gzip(&anna).propfind("kabine-1/", "1", names).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert_eq!(unpacked(&packed.body), plain.text());
    assert!(packed.body.len() * 5 < plain.body.len(), "{} of {}", packed.body.len(), plain.body.len());
    // A stream of more than one piece.
    let query = format!(
        "<C:calendar-query {NS}><D:prop><C:calendar-data/></D:prop><C:filter><C:comp-filter name=\"VCALENDAR\"/></C:filter></C:calendar-query>"
    );
    let all = reading_gzip(&anna).report("kabine-1/", &query).await;
    assert!(unpacked(&all.body) == anna.report("kabine-1/", &query).await.text() && all.body.len() < 100_000);
    let got = reading_gzip(&anna).get("kabine-1/long.ics").await.ok();
    assert_eq!((got.header("content-encoding").as_str(), got.etag()), ("gzip", etag.clone()));
    assert_eq!(unpacked(&got.body).as_bytes(), &long[..]);
    assert!(got.find("accept-ranges").is_none());
    reading_gzip(&anna).with("If-None-Match", &etag).get("kabine-1/long.ics").await.is(304);
    reading_gzip(&anna).with("If-Match", &etag).delete("kabine-1/long.ics").await.no_content();
}

#[tokio::test]
async fn what_is_small_or_holds_secrets_is_sent_as_it_is() {
    let server = Server::start().await;
    let anna = server.anna();
    anna.put("kabine-1/a.ics", event("a", "20260326T090000Z", "20260326T100000Z", "")).await.created();
    let small = reading_gzip(&anna).get("kabine-1/a.ics").await.ok();
    assert!(small.find("content-encoding").is_none() && small.text().starts_with("BEGIN:VCALENDAR"));
    let visitor = reading_gzip(&server.customer());
    let page = visitor.get("/book/stuttgart?service=beratung").await.ok();
    assert!(page.body.len() > 2_000 && page.find("content-encoding").is_none() && page.text().contains("<html"));
    let style = visitor.get("/static/page.css").await.ok();
    assert_eq!((style.header("content-encoding").as_str(), style.header("vary").as_str()), ("gzip", "Accept-Encoding"));
    assert_eq!(unpacked(&style.body), server.customer().get("/static/page.css").await.ok().text());
    // News come when there are some, not when a block is full.
    let desk = reading_gzip(&server.desk("anna").await);
    let mut news = desk.stream("/staff/events").await;
    assert!(!read_until(&mut news, "\r\n\r\n").await.to_ascii_lowercase().contains("content-encoding"));
}

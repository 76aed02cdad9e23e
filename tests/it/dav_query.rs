//! calendar-query, multiget and free-busy over the wire. RFC 4791 §7.8 to §7.10, §9.9.

use crate::harness::{Server, event, unfold};
use crate::talk::{Client, NS};

async fn found(anna: &Client, range: &str) -> Vec<String> {
    let body = format!(
        "<C:calendar-query {NS}><D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\">\
         <C:time-range {range}/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>"
    );
    let answers = anna.report("kabine-1/", &body).await.multistatus();
    let names = answers.names();
    names.into_iter().map(|name| name.replace(".ics", "")).collect()
}

#[tokio::test]
async fn a_time_range_finds_what_overlaps_it() {
    let server = Server::start().await;
    let anna = server.anna();
    for (uid, start, end, more) in [
        ("early", "20200101T090000Z", "20200101T100000Z", ""),
        ("plain", "20260326T090000Z", "20260326T100000Z", ""),
        ("point", "20260326T120000Z", "20260326T120000Z", ""),
        ("day", "20260327", "20260328", ""),
        ("floating", "20260328T003000", "20260328T010000", ""),
        ("weekly", "20260302T090000Z", "20260302T100000Z", "RRULE:FREQ=WEEKLY\nEXDATE:20260330T090000Z"),
        ("late", "20400101T090000Z", "20400101T100000Z", ""),
        ("ancient", "16010101T000000Z", "16010101T010000Z", ""),
        ("cancelled", "20260326T090000Z", "20260326T100000Z", "STATUS:CANCELLED"),
    ] {
        anna.put(&format!("kabine-1/{uid}.ics"), event(uid, start, end, more)).await.created();
    }
    let all = ["ancient", "cancelled", "day", "early", "floating", "late", "plain", "point", "weekly"];
    for (range, expected) in [
        ("start=\"20260326T090000Z\" end=\"20260326T100000Z\"", &["cancelled", "plain"][..]),
        ("start=\"20260326T100000Z\" end=\"20260326T110000Z\"", &[]),
        ("start=\"20260326T080000Z\" end=\"20260326T090000Z\"", &[]),
        ("start=\"20260326T095959Z\" end=\"20260326T100001Z\"", &["cancelled", "plain"]),
        ("start=\"20260326T120000Z\" end=\"20260326T130000Z\"", &["point"]),
        ("start=\"20260326T110000Z\" end=\"20260326T120000Z\"", &[]),
        // A day begins and ends at midnight in Berlin, an hour before that in UTC.
        ("start=\"20260326T220000Z\" end=\"20260326T230000Z\"", &[]),
        ("start=\"20260326T230000Z\" end=\"20260326T233000Z\"", &["day"]),
        ("start=\"20260327T223000Z\" end=\"20260327T230000Z\"", &["day"]),
        ("start=\"20260327T233000Z\" end=\"20260328T000000Z\"", &["floating"]),
        ("start=\"20260330T090000Z\" end=\"20260330T100000Z\"", &[]),
        ("start=\"20260406T090000Z\" end=\"20260406T100000Z\"", &["weekly"]),
        ("start=\"20350101T000000Z\"", &["late", "weekly"]),
        ("start=\"20500101T000000Z\"", &["weekly"]),
        ("end=\"20200101T000000Z\"", &["ancient"]),
        ("end=\"20200601T000000Z\"", &["ancient", "early"]),
        ("start=\"15000101T000000Z\" end=\"30000101T000000Z\"", &all[..]),
    ] {
        assert_eq!(found(&anna, range).await, expected, "{range}");
    }
    for range in ["start=\"20260327T000000Z\" end=\"20260326T000000Z\"", "start=\"20260326\"", "start=\"never\"", ""] {
        let body = format!(
            "<C:calendar-query {NS}><D:prop/><C:filter><C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\">\
             <C:time-range {range}/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>"
        );
        let reply = anna.report("kabine-1/", &body).await;
        assert!(reply.status.is_client_error(), "{range}: {}", reply.text());
    }
    // A task is nothing here.
    let body = format!(
        "<C:calendar-query {NS}><D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VTODO\"/>\
         </C:comp-filter></C:filter></C:calendar-query>"
    );
    assert!(anna.report("kabine-1/", &body).await.multistatus().0.is_empty());
}

#[tokio::test]
async fn multiget_tells_of_every_address() {
    let server = Server::start().await;
    let anna = server.anna();
    let object = event("u@host", "20260326T090000Z", "20260326T100000Z", "DESCRIPTION:<a> & ]]> b");
    anna.put("kabine-1/u%40host.ics", object.clone()).await.created();
    let ask =
        |hrefs: &str| format!("<C:calendar-multiget {NS}><D:prop><D:getetag/><C:calendar-data/></D:prop>{hrefs}</C:calendar-multiget>");
    let home = "/dav/calendars/anna/kabine-1";
    let hrefs = format!(
        "<D:href>{home}/u%40host.ics</D:href><D:href>{home}/u@host.ics</D:href><D:href>{home}/gone.ics</D:href>\
         <D:href>/dav/calendars/ben/kabine-2/x.ics</D:href><D:href>http://{}{home}/u@host.ics</D:href>",
        server.address
    );
    let answers = anna.report("kabine-1/", &ask(&hrefs)).await.multistatus();
    assert_eq!(answers.0.iter().filter(|answer| answer.status == Some(404)).count(), 2, "{answers:?}");
    let there: Vec<_> = answers.0.iter().filter(|answer| answer.status.is_none()).collect();
    assert!(!there.is_empty());
    for answer in there {
        let data = answer.value("calendar-data").replace("\r\n", "\n");
        assert_eq!(data, String::from_utf8_lossy(&object).replace("\r\n", "\n"));
    }
    anna.with("Depth", "0").xml("REPORT", "kabine-1/", &ask(&hrefs)).await.is(207);
    anna.xml("REPORT", "kabine-1/", &ask(&hrefs)).await.is(207);
}

fn busy(text: &str) -> Vec<String> {
    unfold(text).lines().filter(|line| line.starts_with("FREEBUSY")).map(str::to_owned).collect()
}

async fn freebusy(client: &Client, path: &str, start: &str, end: &str) -> crate::talk::Reply {
    client.report(path, &format!("<C:free-busy-query {NS}><C:time-range start=\"{start}\" end=\"{end}\"/></C:free-busy-query>")).await
}

#[tokio::test]
async fn busy_time_follows_the_table() {
    let server = Server::start().await;
    let anna = server.anna();
    // RFC 4791 §7.10: each TRANSP with each STATUS, an hour each.
    let mut expected = Vec::new();
    let mut hour = 0;
    for transparency in ["", "OPAQUE", "TRANSPARENT"] {
        for status in ["", "CONFIRMED", "TENTATIVE", "CANCELLED"] {
            let uid = format!("fb-{hour}");
            let mut more = String::new();
            if !transparency.is_empty() {
                more.push_str(&format!("TRANSP:{transparency}\n"));
            }
            if !status.is_empty() {
                more.push_str(&format!("STATUS:{status}\n"));
            }
            let (start, end) = (format!("20260326T{hour:02}0000Z"), format!("20260326T{hour:02}3000Z"));
            anna.put(&format!("kabine-1/{uid}.ics"), event(&uid, &start, &end, &more)).await.created();
            let kind = match (transparency, status) {
                ("TRANSPARENT", _) | (_, "CANCELLED") => None,
                (_, "TENTATIVE") => Some("BUSY-TENTATIVE"),
                _ => Some("BUSY"),
            };
            expected.extend(kind.map(|kind| format!("FREEBUSY;FBTYPE={kind}:{start}/{end}")));
            hour += 1;
        }
    }
    let reply = freebusy(&anna, "kabine-1/", "20260326T000000Z", "20260327T000000Z").await.ok();
    assert!(reply.header("content-type").starts_with("text/calendar"));
    assert_eq!(busy(&reply.text()), expected);
    assert_eq!(reply.text().matches("BEGIN:VFREEBUSY").count(), 1);
    // Clipped to what was asked; a request of a customer is tentative, once confirmed it is busy.
    let part = freebusy(&anna, "kabine-1/", "20260326T001500Z", "20260326T002000Z").await.ok();
    assert_eq!(busy(&part.text()), ["FREEBUSY;FBTYPE=BUSY:20260326T001500Z/20260326T002000Z"]);
    let booked = server.book("kabine-1", "2026-03-27T10:30:00+01:00").await;
    let friday = async || busy(&freebusy(&anna, "kabine-1/", "20260327T000000Z", "20260328T000000Z").await.ok().text());
    assert_eq!(friday().await, ["FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260327T093000Z/20260327T103000Z"]);
    let desk = server.desk("anna").await;
    crate::harness::press(&desk, &booked.uid, "confirm").await.is(303);
    assert_eq!(friday().await, ["FREEBUSY;FBTYPE=BUSY:20260327T093000Z/20260327T103000Z"]);
    server.customer().post(&format!("{}/cancel", booked.page), &[]).await.is(303);
    assert!(friday().await.is_empty());
    // An object has no busy time, a foreign calendar is not there, and a question has an end.
    freebusy(&anna, "kabine-1/fb-0.ics", "20260326T000000Z", "20260327T000000Z").await.is(403);
    freebusy(&server.ben(), "kabine-1/", "20260326T000000Z", "20260327T000000Z").await.is(404);
    freebusy(&anna, "kabine-1/", "20260327T000000Z", "20260326T000000Z").await.is(403);
}

#[tokio::test]
async fn one_collection_under_several_addresses() {
    let server = Server::start().await;
    let (anna, ben) = (server.anna(), server.ben());
    let etag = anna.put("kabine-2/a.ics", event("a", "20260326T090000Z", "20260326T100000Z", "")).await.created().etag();
    assert_eq!(ben.get("kabine-2/a.ics").await.ok().etag(), etag);
    assert_eq!(ben.token("kabine-2/").await, anna.token("kabine-2/").await);
    let token = anna.token("kabine-2/").await;
    ben.delete("kabine-2/a.ics").await.no_content();
    let gone = anna.sync("kabine-2/", &token).await.multistatus();
    assert_eq!((gone.only().status, gone.hrefs()), (Some(404), vec!["/dav/calendars/anna/kabine-2/a.ics"]));
    // The colour is each one's own.
    let colour = |value: &str| {
        format!("<D:propertyupdate {NS}><D:set><D:prop><A:calendar-color>{value}</A:calendar-color></D:prop></D:set></D:propertyupdate>")
    };
    anna.xml("PROPPATCH", "kabine-2/", &colour("#112233FF")).await.is(207);
    let seen =
        async |who: &Client| who.propfind("kabine-2/", "0", "<A:calendar-color/>").await.multistatus().only().value("calendar-color");
    assert!(seen(&anna).await.contains("#112233") && !seen(&ben).await.contains("#112233"));
}

#[tokio::test]
async fn a_token_brings_what_has_changed() {
    let server = Server::start().await;
    let anna = server.anna();
    let put = async |uid: &str, hour: u32| {
        let object = event(uid, &format!("20260326T{hour:02}0000Z"), &format!("20260326T{hour:02}3000Z"), "");
        anna.put(&format!("kabine-1/{uid}.ics"), object).await
    };
    for uid in ["a", "b", "c"] {
        put(uid, 9).await.created();
    }
    let first = anna.sync("kabine-1/", "").await.is(207);
    let token = |reply: &crate::talk::Reply| reply.text().split("sync-token>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(first.clone().multistatus().names(), ["a.ics", "b.ics", "c.ics"]);
    let since = token(&first);
    assert_eq!(since, anna.token("kabine-1/").await);
    put("a", 10).await.no_content();
    put("a", 11).await.no_content();
    anna.delete("kabine-1/b.ics").await.no_content();
    put("d", 9).await.created();
    put("e", 9).await.created();
    anna.delete("kabine-1/e.ics").await.no_content();
    let changes = anna.sync("kabine-1/", &since).await.multistatus();
    let status: Vec<(&str, Option<u16>)> = changes.0.iter().map(|a| (a.href.rsplit('/').next().unwrap(), a.status)).collect();
    assert_eq!(
        status.iter().filter(|(name, _)| *name != "e.ics").copied().collect::<Vec<_>>(),
        [("a.ics", None), ("b.ics", Some(404)), ("d.ics", None)]
    );
    assert!(status.iter().all(|(name, status)| *name != "e.ics" || *status == Some(404)));
    assert!(anna.sync("kabine-1/", &anna.token("kabine-1/").await).await.multistatus().0.is_empty());
    for wrong in ["urn:openslot:sync:1:99999999999999999999", "http://example.org/1", "x", &anna.token("kabine-2/").await] {
        anna.sync("kabine-1/", wrong).await.refused(403, "valid-sync-token").says("xmlns:D=\"DAV:\"");
    }
}

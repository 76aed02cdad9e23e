//! GET, HEAD, PUT, DELETE. RFC 4791 §5.3, RFC 9110 §13.

use crate::house::*;

#[tokio::test]
async fn octets_come_back_as_they_were_sent() {
    let house = house().await;
    let sent = event("a", "20260326T100000Z", "X-OWN;X-P=\"a,b\":1 < 2 & 3\nDESCRIPTION:Grüße");
    let put = house.anna.put("kabine-1/a.ics", &sent).await.is(201);
    let etag = put.header("etag").unwrap().to_owned();
    assert!(etag.starts_with('"') && etag.ends_with('"'));
    let got = house.anna.get("kabine-1/a.ics").await.is(200);
    assert_eq!(got.body, sent);
    assert_eq!(got.header("etag"), Some(etag.as_str()));
    assert_eq!(got.header("content-type"), Some("text/calendar; charset=utf-8; component=VEVENT"));
    assert!(got.header("last-modified").unwrap().ends_with(" GMT"));
    let head = house.anna.send("HEAD", "kabine-1/a.ics", &[], "").await.is(200);
    assert_eq!((head.body.as_str(), head.header("content-length")), ("", Some(sent.len().to_string().as_str())));
    assert_eq!(head.header("etag"), Some(etag.as_str()));
    house.anna.send("GET", "kabine-1/a.ics", &[("if-none-match", &etag)], "").await.is(304);
    let listed = house.anna.propfind("kabine-1/", "1", "D:getetag D:getcontenttype").await;
    assert_eq!(listed.responses()[1].text("getetag").as_deref(), Some(etag.as_str()));
    let multiget = "<D:prop><D:getetag/><C:calendar-data/></D:prop><D:href>/dav/calendars/anna/kabine-1/a.ics</D:href>";
    let answer = house.anna.report("kabine-1/", "C:calendar-multiget", multiget).await;
    assert_eq!(answer.responses()[0].text("calendar-data").as_deref(), Some(sent.as_str()));
}

#[tokio::test]
async fn conditions_hold() {
    let house = house().await;
    let (first, second) = (event("a", "20260326T100000Z", ""), event("a", "20260326T110000Z", ""));
    let put = |headers: Vec<(&'static str, String)>, body: String| {
        let anna = house.anna.clone();
        async move {
            let headers: Vec<(&'static str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            anna.send("PUT", "kabine-1/a.ics", &headers, body).await
        }
    };
    put(vec![("if-match", "\"x\"".into())], first.clone()).await.is(412);
    let created = put(vec![("if-none-match", "*".into())], first.clone()).await.is(201);
    let etag = created.header("etag").unwrap().to_owned();
    put(vec![("if-none-match", "*".into())], second.clone()).await.is(412);
    put(vec![("if-match", "\"old\"".into())], second.clone()).await.is(412);
    let changed = put(vec![("if-match", etag.clone())], second.clone()).await.is(204);
    assert_ne!(changed.header("etag"), Some(etag.as_str()));
    // Several programs send none at all.
    put(vec![], first).await.is(204);
    house.anna.send("DELETE", "kabine-1/a.ics", &[("if-match", "\"old\"")], "").await.is(412);
    house.anna.send("DELETE", "kabine-1/a.ics", &[], "").await.is(204);
    house.anna.get("kabine-1/a.ics").await.is(404);
    house.anna.send("DELETE", "kabine-1/a.ics", &[], "").await.is(404);
}

#[tokio::test]
async fn what_may_not_be_stored_is_refused_by_name() {
    let house = house().await;
    let good = event("a", "20260326T100000Z", "");
    let wrong = house.anna.send("PUT", "kabine-1/a.ics", &[("content-type", "text/plain")], good.clone()).await.is(415);
    assert!(wrong.body.contains("<C:supported-calendar-data/>"));
    let broken = house.anna.put("kabine-1/a.ics", "BEGIN:VCALENDAR\r\n").await.is(403);
    assert!(broken.body.contains("<C:valid-calendar-data/>"), "{}", broken.body);
    let task = good.replace("VEVENT", "VTODO");
    let task = house.anna.put("kabine-1/a.ics", &task).await.is(403);
    assert!(task.body.contains("<C:supported-calendar-component/>"), "{}", task.body);
    house.anna.put("kabine-1/a.ics", &good).await.is(201);
    let taken = house.anna.put("kabine-1/b.ics", &good).await.is(409);
    assert!(taken.body.contains("<C:no-uid-conflict><D:href>/dav/calendars/anna/kabine-1/a.ics</D:href>"), "{}", taken.body);
    let large = event("b", "20260326T100000Z", &format!("X-LONG:{}", "x".repeat(1024 * 1024)));
    let large = house.anna.put("kabine-1/b.ics", &large).await.is(413);
    assert!(large.body.contains("<C:max-resource-size/>"));
    let read = house.anna.put("kabine-2/a.ics", &good).await.is(403);
    assert!(read.body.contains("<D:need-privileges>") && read.body.contains("kabine-2/a.ics"), "{}", read.body);
}

#[tokio::test]
async fn put_on_a_collection_makes_nothing() {
    let house = house().await;
    let good = event("a", "20260326T100000Z", "");
    for path in ["/", "/dav/", "/dav/calendars/anna/", "/dav/calendars/anna/kabine-1/", "/dav/calendars/anna/new"] {
        let answer = house.anna.send("PUT", path, &[("if-match", "nothing")], good.clone()).await.is(405);
        assert!(!answer.header("allow").unwrap().contains("PUT"));
    }
    house.anna.put("nowhere/a.ics", &good).await.is(409);
    assert_eq!(house.anna.propfind("/dav/calendars/anna/", "1", "D:resourcetype").await.hrefs().len(), 3);
}

#[tokio::test]
async fn a_collection_is_no_calendar_file() {
    let house = house().await;
    let page = house.anna.get("kabine-1/").await.is(200);
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    assert!(!page.body.contains("VCALENDAR"));
    let head = house.anna.send("HEAD", "kabine-1/", &[], "").await.is(200);
    assert!(head.body.is_empty());
    house.anna.get("nowhere/").await.is(404);
}

#[tokio::test]
async fn one_collection_has_several_addresses() {
    let house = house().await;
    let put = house.ben.put("kabine-2/u%40h.ics", &event("u@h", "20260326T100000Z", "")).await.is(201);
    let seen = house.anna.get("kabine-2/u@h.ics").await.is(200);
    assert_eq!(seen.header("etag"), put.header("etag"));
    let listed = house.anna.propfind("kabine-2/", "1", "D:getetag").await;
    assert_eq!(listed.hrefs()[1], "/dav/calendars/anna/kabine-2/u@h.ics");
}

#[tokio::test]
async fn a_program_gets_jcal_where_it_asks_for_it() {
    let house = house().await;
    let put = house.anna.put("kabine-1/a.ics", &event("a", "20260326T100000Z", "CATEGORIES:Rot,Blau")).await.is(201);
    let accept = ("accept", "application/calendar+json");
    let json = house.anna.send("GET", "kabine-1/a.ics", &[accept], "").await.is(200);
    assert_eq!((json.header("content-type"), json.header("vary")), (Some("application/calendar+json"), Some("accept")));
    let whole: serde_json::Value = serde_json::from_str(&json.body).unwrap();
    assert_eq!((&whole[0], &whole[2][0][0]), (&"vcalendar".into(), &"vevent".into()));
    let properties = whole[2][0][1].as_array().unwrap();
    assert!(properties.contains(&serde_json::json!(["categories", {}, "text", "Rot", "Blau"])), "{}", json.body);
    // Its tag is good for asking whether it has changed, and for nothing else.
    let tag = json.header("etag").unwrap().to_owned();
    assert_eq!(tag, format!("W/{}", put.header("etag").unwrap()));
    house.anna.send("GET", "kabine-1/a.ics", &[accept, ("if-none-match", &tag)], "").await.is(304);
    house.anna.send("DELETE", "kabine-1/a.ics", &[("if-match", &tag)], "").await.is(412);
    let head = house.anna.send("HEAD", "kabine-1/a.ics", &[accept], "").await.is(200);
    assert_eq!((head.body.as_str(), head.header("content-length")), ("", Some(json.body.len().to_string().as_str())));
    let plain = house.anna.send("GET", "kabine-1/a.ics", &[("accept", "*/*")], "").await.is(200);
    assert!(plain.header("content-type").unwrap().starts_with("text/calendar") && plain.header("etag") == put.header("etag"));
}

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
async fn what_the_client_has_is_not_sent_again() {
    let house = house().await;
    let sent = event("a", "20260326T100000Z", "");
    let etag = house.anna.put("kabine-1/a.ics", &sent).await.header("etag").unwrap().to_owned();
    let modified = house.anna.get("kabine-1/a.ics").await.header("last-modified").unwrap().to_owned();
    for method in ["GET", "HEAD"] {
        let ask = async |headers: &[(&'static str, &str)]| house.anna.send(method, "kabine-1/a.ics", headers, "").await;
        let known = ask(&[("if-none-match", &etag)]).await.is(304);
        assert_eq!((known.header("etag"), known.body.as_str()), (Some(etag.as_str()), ""));
        ask(&[("if-modified-since", &modified)]).await.is(304);
        ask(&[("if-modified-since", "Thu, 26 Mar 2026 08:59:59 GMT")]).await.is(200);
        ask(&[("if-modified-since", &modified), ("if-none-match", "\"other\"")]).await.is(200);
        ask(&[("if-match", "\"other\"")]).await.is(412);
    }
}

#[tokio::test]
async fn a_part_can_be_asked_for() {
    let house = house().await;
    let sent = event("a", "20260326T100000Z", "");
    let etag = house.anna.put("kabine-1/a.ics", &sent).await.header("etag").unwrap().to_owned();
    let ask = async |headers: &[(&'static str, &str)]| house.anna.send("GET", "kabine-1/a.ics", headers, "").await;
    assert_eq!(ask(&[]).await.header("accept-ranges"), Some("bytes"));
    let part = ask(&[("range", "bytes=6-14"), ("if-range", &etag)]).await.is(206);
    assert_eq!((part.body.as_str(), part.header("etag")), ("VCALENDAR", Some(etag.as_str())));
    assert_eq!(part.header("content-range"), Some(format!("bytes 6-14/{}", sent.len()).as_str()));
    assert_eq!(ask(&[("range", "bytes=-11")]).await.is(206).body, "VCALENDAR\r\n");
    assert_eq!(ask(&[("range", "bytes=6-14"), ("if-range", "\"other\"")]).await.is(200).body, sent);
    assert_eq!(ask(&[("range", "bytes=0-1,4-5")]).await.is(200).body, sent);
    let beyond = ask(&[("range", "bytes=90000-")]).await.is(416);
    assert_eq!(beyond.header("content-range"), Some(format!("bytes */{}", sent.len()).as_str()));
}

#[tokio::test]
async fn what_was_stored_is_answered_to_whoever_prefers_it() {
    let house = house().await;
    let (first, second) = (event("a", "20260326T100000Z", ""), event("a", "20260326T110000Z", ""));
    let put = async |more: &[(&'static str, &str)], body: &str| {
        let headers = [&[("prefer", "return=representation")], more].concat();
        house.anna.send("PUT", "kabine-1/a.ics", &headers, body.to_owned()).await
    };
    let created = put(&[("if-none-match", "*")], &first).await.is(201);
    assert_eq!((created.body.as_str(), created.header("preference-applied")), (first.as_str(), Some("return=representation")));
    assert_eq!(created.header("content-location"), Some("/dav/calendars/anna/kabine-1/a.ics"));
    assert_eq!(created.header("etag"), house.anna.get("kabine-1/a.ics").await.header("etag"));
    let changed = put(&[], &second).await.is(200);
    assert_eq!(changed.body, second);
    // What is in the way comes with the refusal.
    let stale = put(&[("if-match", created.header("etag").unwrap())], &first).await.is(412);
    assert_eq!((stale.body.as_str(), stale.header("etag")), (second.as_str(), changed.header("etag")));
    house.anna.send("DELETE", "kabine-1/a.ics", &[], "").await.is(204);
    put(&[("if-match", "*")], &first).await.is(412);
    let plain = house.anna.put("kabine-1/a.ics", &first).await.is(201);
    assert_eq!((plain.body.as_str(), plain.header("preference-applied")), ("", None));
}

#[tokio::test]
async fn what_is_no_booking_has_no_schedule_tag() {
    let house = house().await;
    let sent = event("a", "20260326T100000Z", "ORGANIZER:mailto:anna@mustermann.example\nATTENDEE:mailto:ben@mustermann.example");
    assert_eq!(house.anna.put("kabine-1/a.ics", &sent).await.is(201).header("schedule-tag"), None);
    let found = house.anna.propfind("kabine-1/a.ics", "0", "C:schedule-tag").await.responses().remove(0);
    assert_eq!(found.status_of("schedule-tag"), Some(404));
    for method in ["PUT", "DELETE"] {
        house.anna.send(method, "kabine-1/a.ics", &[("if-schedule-tag-match", "\"x\"")], sent.clone()).await.is(412);
    }
}

#[tokio::test]
async fn a_value_may_be_as_long_as_an_object() {
    let anna = house().await.anna;
    let told = anna.propfind("kabine-1/", "0", "C:max-resource-size").await.responses()[0].text("max-resource-size").unwrap();
    let most: usize = told.parse().unwrap();
    for (n, name) in ["DESCRIPTION", "X-ALT-DESC;FMTTYPE=text/html", "COMMENT"].into_iter().enumerate() {
        let path = format!("kabine-1/{n}.ics");
        let with = |letters: usize| event(&n.to_string(), "20260326T100000Z", &format!("{name}:Wort {}", "x".repeat(letters)));
        let largest = most - with(0).len();
        for letters in [100_000, largest] {
            anna.send("DELETE", &path, &[], "").await;
            anna.put(&path, &with(letters)).await.is(201);
            assert_eq!(anna.get(&path).await.is(200).body, with(letters));
        }
        let refused = anna.put(&path, &with(largest + 1)).await.is(413);
        assert!(refused.body.contains("<C:max-resource-size/>"), "{}", refused.body);
    }
    // It is searched, cut and sent as data like any other.
    let filter = "<C:filter><C:comp-filter name='VCALENDAR'><C:comp-filter name='VEVENT'><C:prop-filter name='DESCRIPTION'>\
                  <C:text-match>wort</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter></C:filter>";
    let found = anna.report("kabine-1/", "C:calendar-query", &format!("<D:prop><C:calendar-data/></D:prop>{filter}")).await;
    assert_eq!(found.hrefs(), ["/dav/calendars/anna/kabine-1/0.ics"]);
    assert_eq!(found.responses()[0].text("calendar-data").unwrap().len(), most);
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
    let needed = |place: &str, privilege: &str| {
        let at =
            format!("<D:resource><D:href>/dav/calendars/anna/{place}</D:href><D:privilege><D:{privilege}/></D:privilege></D:resource>");
        format!("<D:need-privileges>{at}</D:need-privileges>")
    };
    // RFC 3744 §3.9 and §3.10: members are bound in their collection, and unbound from it.
    assert!(read.body.contains(&needed("kabine-2/", "bind")), "{}", read.body);
    house.ben.put("kabine-2/a.ics", &good.replace("UID:a", "UID:b")).await.is(201);
    let refused = house.anna.send("DELETE", "kabine-2/a.ics", &[], "").await.is(403);
    assert!(refused.body.contains(&needed("kabine-2/", "unbind")), "{}", refused.body);
    let refused = house.anna.put("kabine-2/a.ics", &event("b", "20260327T100000Z", "")).await.is(403);
    assert!(refused.body.contains(&needed("kabine-2/a.ics", "write-content")), "{}", refused.body);
    let to = [("destination", "/dav/calendars/anna/kabine-2/c.ics")];
    let refused = house.anna.send("MOVE", "kabine-1/a.ics", &to, "").await.is(403);
    assert!(refused.body.contains(&needed("kabine-2/", "bind")), "{}", refused.body);
    let kind = [("content-type", "text/calendar")];
    let refused = house.anna.send("POST", "kabine-2/?add-member", &kind, event("d", "20260327T100000Z", "")).await.is(403);
    assert!(refused.body.contains(&needed("kabine-2/", "bind")), "{}", refused.body);
    let refused = house.anna.send("DELETE", "kabine-2/", &[], "").await.is(403);
    assert!(refused.body.contains(&needed("", "unbind")), "{}", refused.body);
}

#[tokio::test]
async fn dates_are_conditions_where_no_tag_is() {
    let house = house().await;
    let sent = event("a", "20260326T100000Z", "");
    let etag = house.anna.put("kabine-1/a.ics", &sent).await.is(201).header("etag").unwrap().to_owned();
    let modified = house.anna.get("kabine-1/a.ics").await.header("last-modified").unwrap().to_owned();
    let (before, now) = (("if-unmodified-since", "Mon, 01 Jan 2001 00:00:00 GMT"), ("if-unmodified-since", modified.as_str()));
    let put = async |headers: &[(&'static str, &str)]| house.anna.send("PUT", "kabine-1/a.ics", headers, sent.clone()).await;
    put(&[before]).await.is(412);
    house.anna.send("GET", "kabine-1/a.ics", &[before], "").await.is(412);
    house.anna.send("DELETE", "kabine-1/a.ics", &[before], "").await.is(412);
    put(&[now]).await.is(204);
    house.anna.send("GET", "kabine-1/a.ics", &[now], "").await.is(200);
    // A tag says more; a date that is none, and one about what is not there, say nothing.
    put(&[before, ("if-match", &etag)]).await.is(204);
    put(&[("if-unmodified-since", "yesterday")]).await.is(204);
    house.anna.send("PUT", "kabine-1/b.ics", &[before], event("b", "20260326T100000Z", "")).await.is(201);
    house.anna.send("DELETE", "kabine-1/a.ics", &[now], "").await.is(204);
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
    let home = house.anna.propfind("/dav/calendars/anna/", "1", "D:resourcetype").await.hrefs();
    assert!(!home.iter().any(|href| href.contains("new") || href.contains("nowhere")), "{home:?}");
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
    assert_eq!((json.header("content-type"), json.header("vary").unwrap().contains("Accept")), (Some("application/calendar+json"), true));
    let whole: serde_json::Value = serde_json::from_str(&json.body).unwrap();
    assert_eq!((&whole[0], &whole[2][0][0]), (&"vcalendar".into(), &"vevent".into()));
    let properties = whole[2][0][1].as_array().unwrap();
    assert!(properties.contains(&serde_json::json!(["categories", {}, "text", "Rot", "Blau"])), "{}", json.body);
    let tag = json.header("etag").unwrap().to_owned();
    assert_eq!(Some(tag.as_str()), put.header("etag"));
    house.anna.send("GET", "kabine-1/a.ics", &[accept, ("if-none-match", &tag)], "").await.is(304);
    let head = house.anna.send("HEAD", "kabine-1/a.ics", &[accept], "").await.is(200);
    assert_eq!((head.body.as_str(), head.header("content-length")), ("", Some(json.body.len().to_string().as_str())));
    let plain = house.anna.send("GET", "kabine-1/a.ics", &[("accept", "*/*")], "").await.is(200);
    assert!(plain.header("content-type").unwrap().starts_with("text/calendar") && plain.header("etag") == put.header("etag"));
}

//! Time zones by reference. RFC 7809, RFC 4791 §5.2.2.

use crate::house::*;

fn set(properties: &str) -> String {
    within("D:propertyupdate", &format!("<D:set><D:prop>{properties}</D:prop></D:set>"))
}

fn timezone(tzid: &str) -> String {
    format!(
        "<C:calendar-timezone>BEGIN:VCALENDAR&#13;\nVERSION:2.0&#13;\nBEGIN:VTIMEZONE&#13;\nTZID:{tzid}&#13;\nBEGIN:STANDARD&#13;\n\
         DTSTART:19700101T000000&#13;\nTZOFFSETFROM:+0100&#13;\nTZOFFSETTO:+0100&#13;\nEND:STANDARD&#13;\nEND:VTIMEZONE&#13;\nEND:VCALENDAR&#13;\n</C:calendar-timezone>"
    )
}

async fn own(house: &House) {
    house.anna.send("MKCALENDAR", "privat/", &[], "").await.is(201);
}

/// The VTIMEZONE and what stands around it.
fn with_zone(uid: &str) -> String {
    let zone = "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\n\
                END:STANDARD\r\nEND:VTIMEZONE\r\n";
    without_zone(uid).replace("BEGIN:VEVENT", &format!("{zone}BEGIN:VEVENT"))
}

fn without_zone(uid: &str) -> String {
    event(uid, "X", "").replace("DTSTART:X", "DTSTART;TZID=Europe/Berlin:20260326T100000")
}

#[tokio::test]
async fn a_zone_of_ones_own_calendar_moves_its_times_without_one() {
    let house = house().await;
    own(&house).await;
    house.anna.put("privat/a.ics", &event("a", "20260326T100000", "")).await.is(201);
    let busy = async || {
        let range = "<C:time-range start='20260326T000000Z' end='20260327T000000Z'/>";
        let answer = house.anna.report("privat/", "C:free-busy-query", range).await.is(200);
        answer.body.lines().find_map(|line| line.strip_prefix("FREEBUSY;FBTYPE=BUSY:")).unwrap().to_owned()
    };
    let shown = async || {
        let response = house.anna.propfind("privat/", "0", "C:calendar-timezone C:calendar-timezone-id").await.responses().remove(0);
        let timezone = response.text("calendar-timezone").unwrap();
        let id = response.text("calendar-timezone-id").unwrap();
        assert!(timezone.contains(&format!("\r\nTZID:{id}\r\n")), "{timezone}");
        id
    };
    assert_eq!((shown().await.as_str(), busy().await.as_str()), ("Europe/Berlin", "20260326T090000Z/20260326T100000Z"));
    let patch = async |body: String| house.anna.send("PROPPATCH", "privat/", &[], body).await.is(207);
    patch(set(&timezone("America/New_York"))).await;
    assert_eq!((shown().await.as_str(), busy().await.as_str()), ("America/New_York", "20260326T140000Z/20260326T150000Z"));
    patch(set("<C:calendar-timezone-id>asia/tokyo</C:calendar-timezone-id>")).await;
    assert_eq!((shown().await.as_str(), busy().await.as_str()), ("Asia/Tokyo", "20260326T010000Z/20260326T020000Z"));
    patch(within("D:propertyupdate", "<D:remove><D:prop><C:calendar-timezone-id/></D:prop></D:remove>")).await;
    assert_eq!((shown().await.as_str(), busy().await.as_str()), ("Europe/Berlin", "20260326T090000Z/20260326T100000Z"));
    let made = within("C:mkcalendar", &format!("<D:set><D:prop>{}</D:prop></D:set>", timezone("Asia/Tokyo")));
    house.anna.send("MKCALENDAR", "tokio/", &[], made).await.is(201);
    let tokyo = house.anna.propfind("tokio/", "0", "C:calendar-timezone-id").await.responses().remove(0);
    assert_eq!(tokyo.text("calendar-timezone-id").as_deref(), Some("Asia/Tokyo"));
}

#[tokio::test]
async fn a_zone_that_is_none_is_refused_by_name() {
    let house = house().await;
    own(&house).await;
    let id = |id: &str| format!("<C:calendar-timezone-id>{id}</C:calendar-timezone-id>");
    for (body, name, precondition) in [
        (timezone("Custom"), "calendar-timezone", "<C:valid-timezone/>"),
        ("<C:calendar-timezone>Berlin</C:calendar-timezone>".into(), "calendar-timezone", "<C:valid-calendar-data/>"),
        (id("Mars/Olympus"), "calendar-timezone-id", "<C:valid-timezone/>"),
        (id(""), "calendar-timezone-id", "<C:valid-timezone/>"),
    ] {
        // On a calendar that is only shown to somebody it would have no effect; wrong it is all the same.
        for path in ["privat/", "kabine-1/"] {
            let answer = house.anna.send("PROPPATCH", path, &[], set(&format!("{body}<D:displayname>Neu</D:displayname>"))).await;
            let response = answer.responses().remove(0);
            assert_eq!((response.status_of(name), response.status_of("displayname")), (Some(403), Some(424)), "{body}");
            assert!(answer.body.contains(precondition), "{}", answer.body);
        }
        let made = within("C:mkcalendar", &format!("<D:set><D:prop>{body}</D:prop></D:set>"));
        assert!(house.anna.send("MKCALENDAR", "neu/", &[], made).await.is(403).body.contains(precondition));
    }
    house.anna.send("PROPPATCH", "kabine-1/", &[], set(&timezone("Asia/Tokyo"))).await.is(207);
    let cabin = house.anna.propfind("kabine-1/", "0", "C:calendar-timezone-id").await.responses().remove(0);
    assert_eq!(cabin.text("calendar-timezone-id").as_deref(), Some("Europe/Berlin"));
}

#[tokio::test]
async fn objects_come_with_zones_or_without_and_are_kept_as_they_were_sent() {
    let house = house().await;
    let (with, without) = (with_zone("with"), without_zone("without"));
    let etag = house.anna.put("kabine-1/with.ics", &with).await.is(201).header("etag").unwrap().to_owned();
    house.anna.put("kabine-1/without.ics", &without).await.is(201);
    let get = async |name: &str, value: &str| {
        let answer = house.anna.send("GET", &format!("kabine-1/{name}.ics"), &[("caldav-timezones", value)], "").await.is(200);
        assert!(answer.header("vary").unwrap().contains("CalDAV-Timezones"));
        let head = house.anna.send("HEAD", &format!("kabine-1/{name}.ics"), &[("caldav-timezones", value)], "").await.is(200);
        assert_eq!(head.header("content-length"), Some(answer.body.len().to_string().as_str()));
        assert_eq!(head.header("etag"), answer.header("etag"));
        answer
    };
    assert_eq!(get("with", "F").await.body, without_zone("with"));
    assert_eq!(get("with", "F").await.header("etag"), Some(etag.as_str()));
    assert_eq!(get("with", "T").await.body, with);
    assert_eq!(get("without", "F").await.body, without);
    let written = get("without", "T").await.body;
    assert!(written.contains("BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n") && written.matches("BEGIN:VTIMEZONE").count() == 1, "{written}");
    assert_eq!(house.anna.get("kabine-1/with.ics").await.body, with);
    let query = "<D:prop><D:getetag/><C:calendar-data/></D:prop><C:filter><C:comp-filter name='VCALENDAR'/></C:filter>";
    for (value, count) in [("F", 0), ("T", 2)] {
        let headers = [("depth", "1"), ("caldav-timezones", value)];
        let answer = house.anna.send("REPORT", "kabine-1/", &headers, within("C:calendar-query", query)).await.is(207);
        let zones = answer.responses().iter().filter(|r| r.text("calendar-data").unwrap().contains("BEGIN:VTIMEZONE")).count();
        assert_eq!((zones, answer.responses().len()), (count, 2), "{value}");
        assert!(answer.responses().iter().any(|r| r.text("getetag").as_deref() == Some(&etag)));
    }
    house.anna.send("GET", "kabine-1/with.ics", &[("caldav-timezones", "maybe")], "").await.is(400);
    let unknown = within("C:calendar-query", &format!("{query}<C:timezone-id>Mars/Olympus</C:timezone-id>"));
    let refused = house.anna.send("REPORT", "kabine-1/", &[], unknown).await.is(403);
    assert!(refused.body.contains("<C:valid-timezone/>"), "{}", refused.body);
    let options = house.nobody.send("OPTIONS", "/dav/", &[], "").await;
    assert!(options.header("dav").unwrap().contains("calendar-no-timezone"));
}

//! PROPPATCH, MKCALENDAR, MKCOL, DELETE of calendars. RFC 4918 §9.2, RFC 4791 §5.3.1, RFC 5689.

use crate::house::*;

fn set(properties: &str) -> String {
    within("D:propertyupdate", &format!("<D:set><D:prop>{properties}</D:prop></D:set>"))
}

#[tokio::test]
async fn everybody_who_can_read_has_a_colour_of_their_own() {
    let house = house().await;
    let body = set("<A:calendar-color symbolic-color='custom'>#FD8208FF</A:calendar-color><A:calendar-order>3</A:calendar-order>\
                    <D:displayname>Meine Kabine</D:displayname><C:default-alarm-vevent-date>BEGIN:VALARM&#13;\n</C:default-alarm-vevent-date>");
    let answer = house.anna.send("PROPPATCH", "kabine-2/", &[], body).await.is(207);
    assert!(answer.responses()[0].properties.iter().all(|(_, status, _)| *status == 200), "{}", answer.body);
    let names = "A:calendar-color A:calendar-order D:displayname C:default-alarm-vevent-date";
    let mine = house.anna.propfind("kabine-2/", "0", names).await.responses().remove(0);
    assert_eq!(mine.text("calendar-color").as_deref(), Some("#FD8208FF"));
    assert_eq!(mine.element("calendar-color").unwrap().attribute("symbolic-color"), Some("custom"));
    assert_eq!(mine.text("displayname").as_deref(), Some("Meine Kabine"));
    assert_eq!(mine.text("default-alarm-vevent-date").as_deref(), Some("BEGIN:VALARM\r\n"));
    let bens = house.ben.propfind("kabine-2/", "0", names).await.responses().remove(0);
    assert_eq!(bens.text("displayname").as_deref(), Some("Kabine 2"));
    assert_eq!(bens.status_of("calendar-order"), Some(404));
    let remove = within("D:propertyupdate", "<D:remove><D:prop><D:displayname/><A:nothing/></D:prop></D:remove>");
    house.anna.send("PROPPATCH", "kabine-2/", &[], remove).await.is(207);
    let again = house.anna.propfind("kabine-2/", "0", "D:displayname").await.responses().remove(0);
    assert_eq!(again.text("displayname").as_deref(), Some("Kabine 2"));
}

#[tokio::test]
async fn all_or_nothing() {
    let house = house().await;
    let answer = house.anna.send("PROPPATCH", "kabine-1/", &[], set("<D:getetag>x</D:getetag><D:displayname>Neu</D:displayname>")).await;
    let response = answer.responses().remove(0);
    assert_eq!((response.status_of("getetag"), response.status_of("displayname")), (Some(403), Some(424)));
    assert!(answer.body.contains("cannot-modify-protected-property"));
    let seen = house.anna.propfind("kabine-1/", "0", "D:displayname").await.responses().remove(0);
    assert_eq!(seen.text("displayname").as_deref(), Some("Kabine 1"));
    let large = set(&format!("<A:large>{}</A:large>", "x".repeat(100_000)));
    let full = house.anna.send("PROPPATCH", "kabine-1/", &[], large).await.responses().remove(0);
    assert_eq!(full.status_of("large"), Some(507));
}

#[tokio::test]
async fn whoever_wants_it_brief_is_told_no_more_than_that_all_is_done() {
    let house = house().await;
    let body = set("<A:calendar-order>3</A:calendar-order>");
    let applied = house.anna.send("PROPPATCH", "kabine-1/", &[("prefer", "return=minimal")], body.clone()).await.is(200);
    assert_eq!((applied.body.as_str(), applied.header("preference-applied")), ("", Some("return=minimal")));
    assert_eq!(house.anna.send("PROPPATCH", "kabine-1/", &[("brief", "t")], body).await.is(200).header("preference-applied"), None);
    let refused = set("<D:getetag>x</D:getetag><A:calendar-order>4</A:calendar-order>");
    let refused = house.anna.send("PROPPATCH", "kabine-1/", &[("prefer", "return=minimal")], refused).await.responses().remove(0);
    assert_eq!((refused.status_of("getetag"), refused.status_of("calendar-order")), (Some(403), Some(424)));
}

#[tokio::test]
async fn utf16_is_understood() {
    let anna = house().await.anna;
    for octets in [u16::to_be_bytes, u16::to_le_bytes] {
        let body = |text: &str| -> Vec<u8> { std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(octets).collect() };
        let name = format!("Größe 😀 {:?}", octets(1));
        let xml = |inner: &str| format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n{inner}");
        anna.send("PROPPATCH", "kabine-1/", &[], body(&xml(&set(&format!("<D:displayname>{name}</D:displayname>"))))).await.is(207);
        let find = within("D:propfind", "<D:prop><D:displayname/></D:prop>");
        let found = anna.send("PROPFIND", "kabine-1/", &[("depth", "0")], body(&xml(&find))).await;
        assert_eq!(found.responses()[0].text("displayname"), Some(name));
        anna.send("PROPFIND", "kabine-1/", &[("depth", "0")], body(&xml(&find))[2..].to_vec()).await.is(400);
    }
}

#[tokio::test]
async fn homes_and_principals_keep_properties_too() {
    let house = house().await;
    for path in ["/dav/calendars/anna/", "/dav/principals/anna/"] {
        house.anna.send("PROPPATCH", path, &[], set("<x xmlns='urn:x'>1<y/></x>")).await.is(207);
        let body = within("D:propfind", "<D:prop><x xmlns='urn:x'/></D:prop>");
        let answer = house.anna.send("PROPFIND", path, &[("depth", "0")], body).await;
        assert_eq!(answer.responses()[0].element("x").unwrap().children().count(), 1);
    }
    let dav = house.anna.send("PROPPATCH", "/dav/", &[], set("<D:displayname>x</D:displayname>")).await.responses().remove(0);
    assert_eq!(dav.status_of("displayname"), Some(403));
}

#[tokio::test]
async fn a_list_of_tasks_is_made_used_and_deleted() {
    let house = house().await;
    let body = within(
        "C:mkcalendar",
        "<D:set><D:prop><D:displayname>Aufgaben</D:displayname><A:calendar-order>7</A:calendar-order>\
         <C:supported-calendar-component-set><C:comp name='VTODO'/></C:supported-calendar-component-set></D:prop></D:set>",
    );
    house.anna.send("MKCALENDAR", "A-1/", &[], body.clone()).await.is(201);
    let again = house.anna.send("MKCALENDAR", "A-1/", &[], body).await.is(403);
    assert!(again.body.contains("<D:resource-must-be-null/>"));
    house.anna.send("MKCALENDAR", "kabine-1/", &[], "").await.is(403);
    let made =
        house.anna.propfind("A-1", "0", "D:displayname C:supported-calendar-component-set D:resourcetype").await.responses().remove(0);
    assert_eq!(made.href, "/dav/calendars/anna/A-1/");
    assert_eq!(made.text("displayname").as_deref(), Some("Aufgaben"));
    assert_eq!(made.element("supported-calendar-component-set").unwrap().children().next().unwrap().attribute("name"), Some("VTODO"));
    let task = event("t", "20260326T100000Z", "").replace("VEVENT", "VTODO").replace("DURATION:PT1H\r\n", "");
    house.anna.put("A-1/t.ics", &task).await.is(201);
    for condition in [("if-match", "\"x\""), ("if-none-match", "*")] {
        house.anna.send("DELETE", "A-1/", &[condition], "").await.is(412);
        house.anna.send("MOVE", "A-1/", &[condition, ("destination", "/dav/calendars/anna/A-2/")], "").await.is(412);
    }
    house.anna.send("DELETE", "A-1/", &[("if-match", "*")], "").await.is(204);
    house.anna.get("A-1/t.ics").await.is(404);
    let kept = house.anna.send("DELETE", "kabine-1/", &[], "").await.is(403);
    assert!(kept.body.contains("need-privileges"));
    house.anna.send("DELETE", "/dav/calendars/anna/", &[], "").await.is(405);
}

#[tokio::test]
async fn mkcol_makes_calendars_alone() {
    let house = house().await;
    let with = |types: &str| within("D:mkcol", &format!("<D:set><D:prop><D:resourcetype>{types}</D:resourcetype></D:prop></D:set>"));
    house.anna.send("MKCOL", "mine/", &[], with("<D:collection/><C:calendar/>")).await.is(201);
    house.anna.send("MKCOL", "mine/", &[], with("<D:collection/><C:calendar/>")).await.is(405);
    // RFC 5689 §3: what became of each property.
    let of_each = async |more: &str, precondition: &str, failed: &str| {
        let types = "<D:resourcetype><D:collection/><C:calendar/></D:resourcetype>";
        let body = within("D:mkcol", &format!("<D:set><D:prop>{types}<D:displayname>x</D:displayname>{more}</D:prop></D:set>"));
        let answer = house.anna.send("MKCOL", "third/", &[], body).await.is(403);
        let error = format!("<D:prop><{failed}/></D:prop><D:status>HTTP/1.1 403 Forbidden</D:status><D:error><{precondition}/></D:error>");
        let others = "<D:prop><D:resourcetype/><D:displayname/></D:prop><D:status>HTTP/1.1 424 Failed Dependency</D:status>";
        assert!(answer.body.contains("<D:mkcol-response ") && answer.body.contains(&error), "{}", answer.body);
        assert!(answer.body.contains(others) && answer.header("cache-control") == Some("no-cache"), "{}", answer.body);
        house.anna.propfind("third/", "0", "D:displayname").await.is(404);
    };
    of_each("<D:getetag>x</D:getetag>", "D:cannot-modify-protected-property", "D:getetag").await;
    of_each("<C:calendar-timezone>x</C:calendar-timezone>", "C:valid-calendar-data", "C:calendar-timezone").await;
    of_each("<C:calendar-timezone-id>Mars/X</C:calendar-timezone-id>", "C:valid-timezone", "C:calendar-timezone-id").await;
    let only = "<C:supported-calendar-component-set><C:comp name='X'/></C:supported-calendar-component-set>";
    of_each(only, "C:supported-calendar-component", "C:supported-calendar-component-set").await;
    let special = house.anna.send("MKCOL", "third/", &[], with("<D:collection/><D:principal/>")).await.is(403);
    assert!(special.body.contains("<D:mkcol-response ") && special.body.contains("<D:valid-resourcetype/>"), "{}", special.body);
    let plain = house.anna.send("MKCOL", "other/", &[], "").await.is(403);
    assert!(plain.body.contains("<D:valid-resourcetype/>"));
    let inside = house.anna.send("MKCALENDAR", "mine/inner", &[], "").await.is(403);
    assert!(inside.body.contains("<C:calendar-collection-location-ok/>"));
    for deeper in ["kabine-1/eigen/", "kabine-1/a.ics/eigen/", "a/b/c/d/", "/dav/files/anna/eigen/"] {
        let refused = house.anna.send("MKCALENDAR", deeper, &[], "").await.is(403);
        assert!(refused.body.contains("<C:calendar-collection-location-ok/>"), "{deeper}: {}", refused.body);
    }
    let taken = house.anna.send("MKCALENDAR", "inbox/", &[], "").await.is(403);
    assert!(taken.body.contains("<D:resource-must-be-null/>"), "{}", taken.body);
    house.anna.send("PUT", "kabine-1/a.ics/b.ics", &[("content-type", "text/calendar")], event("b", "20260326T100000Z", "")).await.is(409);
    let book = house.anna.send("MKCOL", "/dav/addressbooks/anna/customers/a/", &[], "").await.is(403);
    assert!(book.body.contains("<CR:addressbook-collection-location-ok/>"), "{}", book.body);
    house.anna.send("MKCALENDAR", "/dav/calendars/ben/x/", &[], "").await.is(404);
}

#[tokio::test]
async fn brief_answers_leave_out_what_is_missing() {
    let house = house().await;
    let body = within("D:propfind", "<D:prop><D:displayname/><D:unknown/></D:prop>");
    for header in [("prefer", "return=minimal"), ("brief", "t")] {
        let answer = house.anna.send("PROPFIND", "kabine-1/", &[("depth", "0"), header], body.clone()).await.is(207);
        assert!(!answer.body.contains("404"), "{}", answer.body);
    }
    let listed = house.anna.send("PROPFIND", "", &[("depth", "1"), ("prefer", "depth-noroot")], body).await;
    let of_the_practice = |href: &&String| href.contains("/kabine-") || href.ends_with(".hours/");
    assert_eq!(listed.hrefs().iter().filter(of_the_practice).count(), listed.hrefs().len() - 2);
    assert_eq!(listed.header("preference-applied"), Some("depth-noroot"));
    let all = house.anna.send("PROPFIND", "kabine-1/", &[("depth", "0")], "").await.responses().remove(0);
    assert!(all.element("resourcetype").is_some() && all.element("supported-report-set").is_none());
}

#[tokio::test]
async fn a_calendar_tells_its_zone() {
    let house = house().await;
    let answer = house.anna.propfind("kabine-1/", "0", "C:calendar-timezone C:calendar-timezone-id").await.responses().remove(0);
    assert_eq!(answer.text("calendar-timezone-id").as_deref(), Some("Europe/Berlin"));
    let zone = answer.text("calendar-timezone").unwrap();
    assert!(zone.contains("TZID:Europe/Berlin\r\n") && zone.contains("RRULE:FREQ=YEARLY"), "{zone}");
    assert!(zone.starts_with("BEGIN:VCALENDAR\r\n") && zone.ends_with("END:VCALENDAR\r\n"));
}

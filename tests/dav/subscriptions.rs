//! Subscribed calendars, as Apple's programs and Nextcloud's make and find them.

use crate::house::*;

const HOLIDAYS: &str = "<D:resourcetype><D:collection/><S:subscribed/></D:resourcetype>\
    <S:source><D:href>webcal://ferien.example/bw.ics?jahr=2026&amp;x=1</D:href></S:source><D:displayname>Ferien</D:displayname>\
    <A:calendar-color>#1BADF8FF</A:calendar-color><A:calendar-order>5</A:calendar-order><A:refreshrate>P1W</A:refreshrate>\
    <S:subscribed-strip-alarms/><S:subscribed-strip-todos/><S:subscribed-strip-attachments/>";

fn wanted(root: &str, properties: &str) -> String {
    within(root, &format!("<D:set><D:prop>{properties}</D:prop></D:set>"))
}

async fn subscribed() -> House {
    let house = house().await;
    house.anna.send("MKCOL", "ferien/", &[], wanted("D:mkcol", HOLIDAYS)).await.is(201);
    house
}

#[tokio::test]
async fn a_subscribed_calendar_stands_in_the_home_and_is_no_calendar() {
    let house = subscribed().await;
    let names = "D:resourcetype S:source D:displayname A:calendar-color A:calendar-order A:refreshrate S:subscribed-strip-alarms \
                 S:subscribed-strip-todos S:subscribed-strip-attachments S:getctag C:supported-calendar-component-set D:supported-report-set \
                 D:current-user-privilege-set";
    let home = house.anna.propfind("/dav/calendars/anna/", "1", names).await.is(207);
    let found = home.responses().into_iter().find(|response| response.href.ends_with("/ferien/")).unwrap();
    let types: Vec<String> = found.element("resourcetype").unwrap().children().map(|child| child.local.clone()).collect();
    assert_eq!(types, ["collection", "subscribed"]);
    assert_eq!(found.addresses("source"), ["webcal://ferien.example/bw.ics?jahr=2026&x=1"]);
    assert_eq!(found.text("displayname").as_deref(), Some("Ferien"));
    assert_eq!(found.text("calendar-color").as_deref(), Some("#1BADF8FF"));
    assert_eq!((found.text("calendar-order").as_deref(), found.text("refreshrate").as_deref()), (Some("5"), Some("P1W")));
    for strip in ["alarms", "todos", "attachments"] {
        assert_eq!(found.status_of(&format!("subscribed-strip-{strip}")), Some(200));
    }
    assert_eq!((found.status_of("getctag"), found.status_of("supported-calendar-component-set")), (Some(404), Some(404)));
    assert!(!format!("{:?}", found.element("supported-report-set")).contains("calendar-query"));
    let privileges = format!("{:?}", found.element("current-user-privilege-set"));
    assert!(privileges.contains("write-properties") && !privileges.contains("bind"), "{privileges}");
    let options = house.anna.send("OPTIONS", "ferien/", &[], "").await;
    assert!(options.header("dav").unwrap().split(", ").any(|word| word == "calendarserver-subscribed"));
}

#[tokio::test]
async fn its_source_changes_and_cannot_be_taken_away() {
    let house = subscribed().await;
    let before = house.anna.propfind("/dav/calendars/anna/", "0", "D:sync-token").await.responses().remove(0).text("sync-token").unwrap();
    let patch = |inner: &str| within("D:propertyupdate", inner);
    let set = |address: &str| patch(&format!("<D:set><D:prop><S:source><D:href>{address}</D:href></S:source></D:prop></D:set>"));
    let answer = house.anna.send("PROPPATCH", "ferien/", &[], set("https://ferien.example/by.ics")).await.responses().remove(0);
    assert_eq!(answer.status_of("source"), Some(200));
    let read = || async { house.anna.propfind("ferien/", "0", "S:source").await.responses().remove(0).addresses("source") };
    assert_eq!(read().await, ["https://ferien.example/by.ics"]);
    let report = format!("<D:sync-token>{before}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><S:source/></D:prop>");
    let changed = house.anna.report_on("/dav/calendars/anna/", "D:sync-collection", &report).await.hrefs();
    assert_eq!(changed, ["/dav/calendars/anna/ferien/"]);
    for (body, status) in
        [(set("file:///etc/passwd"), 409), (set(""), 409), (patch("<D:remove><D:prop><S:source/></D:prop></D:remove>"), 403)]
    {
        let refused = house.anna.send("PROPPATCH", "ferien/", &[], body).await.responses().remove(0);
        assert_eq!(refused.status_of("source"), Some(status));
    }
    assert_eq!(read().await, ["https://ferien.example/by.ics"]);
    let of_a_calendar = house.anna.send("PROPPATCH", "kabine-1/", &[], set("https://h/x.ics")).await.responses().remove(0);
    assert_eq!(of_a_calendar.status_of("source"), Some(403));
}

#[tokio::test]
async fn nothing_lies_in_it() {
    let house = subscribed().await;
    let octets = event("a", "20260401T080000Z", "");
    house.anna.put("ferien/a.ics", &octets).await.is(403);
    house.anna.send("POST", "ferien/?add-member", &[("content-type", "text/calendar")], octets.clone()).await.is(403);
    house.anna.send("MKCALENDAR", "calendar/", &[], "").await.is(201);
    house.anna.put("calendar/a.ics", &octets).await.is(201);
    let to = [("destination", "/dav/calendars/anna/ferien/a.ics")];
    house.anna.send("COPY", "calendar/a.ics", &to, "").await.is(403);
    house.anna.get("ferien/a.ics").await.is(404);
    assert_eq!(house.anna.propfind("ferien/", "1", "D:getetag").await.hrefs(), ["/dav/calendars/anna/ferien/"]);
    let query = house.anna.report("ferien/", "C:calendar-query", "<C:filter><C:comp-filter name='VCALENDAR'/></C:filter>").await.is(403);
    assert!(query.body.contains("supported-report"));
    let inbox = "<D:set><D:prop><C:schedule-default-calendar-URL><D:href>/dav/calendars/anna/ferien/</D:href>\
                 </C:schedule-default-calendar-URL></D:prop></D:set>";
    let refused = house.anna.send("PROPPATCH", "inbox/", &[], within("D:propertyupdate", inbox)).await.responses().remove(0);
    assert_eq!(refused.status_of("schedule-default-calendar-URL"), Some(403));
    let inbox = house.anna.propfind("inbox/", "0", "C:calendar-free-busy-set").await.responses().remove(0);
    assert_eq!(inbox.addresses("calendar-free-busy-set"), ["/dav/calendars/anna/calendar/"]);
}

#[tokio::test]
async fn it_needs_a_source_and_can_be_deleted() {
    let house = house().await;
    let types = "<D:resourcetype><D:collection/><S:subscribed/></D:resourcetype>";
    house.anna.send("MKCOL", "ohne/", &[], wanted("D:mkcol", types)).await.is(400);
    let local = format!("{types}<S:source><D:href>file:///home/anna/x.ics</D:href></S:source>");
    house.anna.send("MKCOL", "ohne/", &[], wanted("D:mkcol", &local)).await.is(400);
    house.anna.propfind("ohne/", "0", "S:source").await.is(404);
    house.anna.send("MKCALENDAR", "ferien/", &[], wanted("C:mkcalendar", HOLIDAYS)).await.is(201);
    house.anna.send("MOVE", "ferien/", &[("destination", "/dav/calendars/anna/bw/")], "").await.is(201);
    let moved = house.anna.propfind("bw/", "0", "S:source").await.responses().remove(0);
    assert_eq!(moved.addresses("source").len(), 1);
    house.anna.send("DELETE", "bw/", &[], "").await.is(204);
    house.anna.propfind("bw/", "0", "S:source").await.is(404);
}

//! Inbox, outbox, who is busy when, and who is there at all. RFC 6638, RFC 7953.

use crate::house::*;
use openslot::dav::xml::Namespace::{CalDav, Dav};

const INBOX: &str = "/dav/calendars/anna/inbox/";
const OUTBOX: &str = "/dav/calendars/anna/outbox/";

fn set(properties: &str) -> String {
    within("D:propertyupdate", &format!("<D:set><D:prop>{properties}</D:prop></D:set>"))
}

fn request(attendees: &[&str], more: &str) -> String {
    let attendees: String = attendees.iter().map(|address| format!("ATTENDEE;CN=Wer:{address}\r\n")).collect();
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//Test//EN\r\nMETHOD:REQUEST\r\nBEGIN:VFREEBUSY\r\nUID:fb\r\nDTSTAMP:20260326T000000Z\r\n\
         DTSTART:20260326T000000Z\r\nDTEND:20260327T000000Z\r\nORGANIZER:mailto:anna@mustermann.example\r\n{attendees}{more}END:VFREEBUSY\r\nEND:VCALENDAR\r\n"
    )
}

/// Recipient, status and FREEBUSY lines of each response.
fn told(answer: &Answer) -> Vec<(String, String, Vec<String>)> {
    let root = answer.xml();
    assert!(root.is(CalDav, "schedule-response"), "{}", answer.body);
    let response = |response: &openslot::dav::xml::Element| {
        let recipient = response.child(CalDav, "recipient").unwrap().child(Dav, "href").unwrap().text();
        let status = response.child(CalDav, "request-status").unwrap().text();
        let data = response.child(CalDav, "calendar-data").map(|data| data.text()).unwrap_or_default().replace("\r\n ", "");
        assert!(data.is_empty() || data.contains("METHOD:REPLY\r\n") && data.contains(&format!(":{recipient}\r\n")), "{data}");
        let lines = data.lines().filter_map(|line| line.strip_prefix("FREEBUSY;FBTYPE=")).map(str::to_owned).collect();
        (recipient, status, lines)
    };
    root.children().map(response).collect()
}

async fn ask(house: &House, attendees: &[&str], more: &str) -> Vec<(String, String, Vec<String>)> {
    let headers = [("content-type", "text/calendar"), ("originator", "mailto:x@example.com"), ("recipient", "mailto:y@example.com")];
    told(&house.anna.send("POST", OUTBOX, &headers, request(attendees, more)).await.is(200))
}

async fn calendar(house: &House, name: &str) {
    house.ben.send("MKCALENDAR", name, &[], "").await.is(201);
}

#[tokio::test]
async fn every_home_has_an_inbox_and_an_outbox() {
    let house = house().await;
    let names = "C:schedule-inbox-URL C:schedule-outbox-URL C:calendar-user-type C:calendar-home-set";
    let principal = house.anna.propfind("/dav/principals/anna/", "0", names).await.responses().remove(0);
    let href = |name: &str| principal.element(name).unwrap().child(Dav, "href").unwrap().text();
    assert_eq!((href("schedule-inbox-URL").as_str(), href("schedule-outbox-URL").as_str()), (INBOX, OUTBOX));
    assert_eq!(principal.text("calendar-user-type").as_deref(), Some("INDIVIDUAL"));
    let home = house.anna.propfind("/dav/calendars/anna/", "1", "D:resourcetype D:current-user-privilege-set").await;
    for (path, kind) in [(INBOX, "schedule-inbox"), (OUTBOX, "schedule-outbox")] {
        let tray = home.responses().into_iter().find(|response| response.href == path).unwrap();
        let types: Vec<String> = tray.element("resourcetype").unwrap().children().map(|kind| kind.local.clone()).collect();
        assert_eq!(types, ["collection", kind]);
        house.anna.get(path).await.is(200);
    }
    house.ben.propfind(INBOX, "0", "D:resourcetype").await.is(404);
    for verb in ["MKCOL", "DELETE", "PUT"] {
        house.anna.send(verb, INBOX, &[], "").await.is(405);
    }
    house.anna.send("MKCALENDAR", INBOX, &[], "").await.is(403);
    let options = house.nobody.send("OPTIONS", OUTBOX, &[], "").await;
    assert!(options.header("allow").unwrap().contains("POST"));
    let dav = options.header("dav").unwrap();
    assert!(dav.contains("calendar-schedule") && dav.contains("calendar-availability") && !dav.contains("auto-schedule"), "{dav}");
}

#[tokio::test]
async fn an_inbox_into_which_nothing_came_can_be_asked_for_it() {
    let house = house().await;
    let token = house.anna.propfind(INBOX, "0", "S:getctag D:sync-token").await.responses()[0].text("sync-token").unwrap();
    let sync = |token: &str| format!("<D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop>");
    let first = house.anna.report(INBOX, "D:sync-collection", &sync("")).await.is(207);
    assert_eq!((first.hrefs().len(), first.token()), (0, token.clone()));
    assert_eq!(house.anna.report(INBOX, "D:sync-collection", &sync(&token)).await.is(207).token(), token);
    let bad = house.anna.report(INBOX, "D:sync-collection", &sync("urn:openslot:sync:1:1")).await.is(403);
    assert!(bad.body.contains("<D:valid-sync-token/>"));
    let query = "<D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name='VCALENDAR'/></C:filter>";
    assert!(house.anna.report(INBOX, "C:calendar-query", query).await.hrefs().is_empty());
    let multiget = format!("<D:prop><D:getetag/></D:prop><D:href>{INBOX}x.ics</D:href>");
    let answer = house.anna.report(INBOX, "C:calendar-multiget", &multiget).await.responses().remove(0);
    assert!(answer.status.unwrap().contains("404"));
    house.anna.report(INBOX, "C:free-busy-query", "<C:time-range start='20260326T000000Z' end='20260327T000000Z'/>").await.is(403);
}

#[tokio::test]
async fn busy_time_of_people_and_cabins_is_told() {
    let house = house().await;
    calendar(&house, "privat/").await;
    house.ben.put("privat/a.ics", &event("a", "20260326T090000Z", "")).await.is(201);
    house.ben.put("privat/b.ics", &event("b", "20260326T120000Z", "STATUS:TENTATIVE")).await.is(201);
    house.ben.put("privat/c.ics", &event("c", "20260326T150000Z", "TRANSP:TRANSPARENT")).await.is(201);
    house.anna.put("kabine-1/k.ics", &event("k", "20260326T100000Z", "")).await.is(201);
    let asked = [
        "mailto:Ben@mustermann.example",
        "/dav/principals/ben/",
        "https://termine.mustermann.example/dav/principals/resources/offen/",
        "mailto:offen@termine.mustermann.example",
        "mailto:nobody@example.com",
        "urn:uuid:6",
        "/dav/principals/resources/verborgen/",
    ];
    let told = ask(&house, &asked, "").await;
    assert_eq!(told.iter().map(|(recipient, ..)| recipient.as_str()).collect::<Vec<_>>(), asked);
    let ben = ["BUSY:20260326T090000Z/20260326T100000Z", "BUSY-TENTATIVE:20260326T120000Z/20260326T130000Z"];
    assert_eq!((told[0].1.as_str(), told[0].2.clone()), ("2.0;Success", ben.map(str::to_owned).to_vec()));
    assert_eq!(told[1].2, ben);
    // Open on Thursdays from 9 to 12 and from 13 to 18 in Berlin.
    let open = [
        "BUSY-UNAVAILABLE:20260326T000000Z/20260326T080000Z",
        "BUSY-UNAVAILABLE:20260326T110000Z/20260326T120000Z",
        "BUSY-UNAVAILABLE:20260326T170000Z/20260327T000000Z",
    ];
    assert_eq!((told[2].2.clone(), told[3].2.clone()), (open.map(str::to_owned).to_vec(), open.map(str::to_owned).to_vec()));
    assert_eq!((told[4].1.as_str(), told[5].1.as_str()), ("3.7;Invalid calendar user", "3.7;Invalid calendar user"));
    assert_eq!((told[6].1.as_str(), told[6].2.len()), ("3.8;No authority", 0));
    // Who moves an event is not in its own way.
    let masked = ask(&house, &asked[..1], "X-CALENDARSERVER-MASK-UID:a\r\n").await;
    assert_eq!(masked[0].2, ben[1..]);
}

#[tokio::test]
async fn requests_that_cannot_be_answered_are_told_why() {
    let house = house().await;
    let post =
        async |person: &Person, path: &str, body: String| person.send("POST", path, &[("content-type", "text/calendar")], body).await;
    let body = request(&["mailto:ben@mustermann.example"], "");
    let message = post(&house.anna, OUTBOX, body.replace("METHOD:REQUEST", "METHOD:PUBLISH")).await.is(400);
    assert!(message.body.contains("<C:valid-scheduling-message/>"), "{}", message.body);
    let organizer = post(&house.anna, OUTBOX, body.replace("ORGANIZER:mailto:anna", "ORGANIZER:mailto:ben")).await.is(403);
    assert!(organizer.body.contains("<C:valid-organizer/>"), "{}", organizer.body);
    let invitation = body.replace("VFREEBUSY", "VEVENT");
    assert!(post(&house.anna, OUTBOX, invitation).await.is(400).body.contains("valid-scheduling-message"));
    assert!(post(&house.anna, OUTBOX, "BEGIN:VCALENDAR".into()).await.is(403).body.contains("valid-calendar-data"));
    house.anna.send("POST", OUTBOX, &[("content-type", "text/plain")], body.clone()).await.is(415);
    post(&house.anna, INBOX, body.clone()).await.is(405);
    post(&house.ben, OUTBOX, body.clone()).await.is(404);
    post(&house.nobody, OUTBOX, body).await.is(401);
}

#[tokio::test]
async fn a_transparent_calendar_does_not_make_busy() {
    let house = house().await;
    calendar(&house, "privat/").await;
    calendar(&house, "kino/").await;
    house.ben.put("privat/a.ics", &event("a", "20260326T090000Z", "")).await.is(201);
    house.ben.put("kino/b.ics", &event("b", "20260326T190000Z", "")).await.is(201);
    let busy = async || ask(&house, &["mailto:ben@mustermann.example"], "").await.remove(0).2.len();
    assert_eq!(busy().await, 2);
    let transp = |value: &str| set(&format!("<C:schedule-calendar-transp><C:{value}/></C:schedule-calendar-transp>"));
    house.ben.send("PROPPATCH", "kino/", &[], transp("transparent")).await.is(207);
    assert_eq!(busy().await, 1);
    let shown = async |path: &str, name: &str| {
        let response = house.ben.propfind(path, "0", &format!("C:{name}")).await.responses().remove(0);
        let children = response.element(name).unwrap().children();
        children.map(|child| if child.text().is_empty() { child.local.clone() } else { child.text() }).collect::<Vec<_>>()
    };
    assert_eq!(shown("kino/", "schedule-calendar-transp").await, ["transparent"]);
    assert_eq!(shown("inbox/", "calendar-free-busy-set").await, ["/dav/calendars/ben/privat/"]);
    // Old clients say it from the other side.
    let counted = "<C:calendar-free-busy-set><D:href>/dav/calendars/ben/kino/</D:href><D:href>/dav/calendars/anna/x/</D:href></C:calendar-free-busy-set>";
    house.ben.send("PROPPATCH", "inbox/", &[], set(counted)).await.is(207);
    assert_eq!(shown("privat/", "schedule-calendar-transp").await, ["transparent"]);
    assert_eq!(shown("kino/", "schedule-calendar-transp").await, ["opaque"]);
    let bad = house.ben.send("PROPPATCH", "kino/", &[], transp("foggy")).await.responses().remove(0);
    assert_eq!(bad.status_of("schedule-calendar-transp"), Some(409));
    let made = within(
        "C:mkcalendar",
        &format!("<D:set><D:prop>{}</D:prop></D:set>", "<C:schedule-calendar-transp><C:transparent/></C:schedule-calendar-transp>"),
    );
    house.ben.send("MKCALENDAR", "dritter/", &[], made).await.is(201);
    assert_eq!(shown("dritter/", "schedule-calendar-transp").await, ["transparent"]);
}

#[tokio::test]
async fn a_default_calendar_is_ones_own_and_stays() {
    let house = house().await;
    let default = async || {
        let response = house.ben.propfind("inbox/", "0", "C:schedule-default-calendar-URL").await.responses().remove(0);
        response.element("schedule-default-calendar-URL").unwrap().child(Dav, "href").map(|href| href.text())
    };
    assert_eq!(default().await, None);
    calendar(&house, "eins/").await;
    calendar(&house, "zwei/").await;
    assert_eq!(default().await.as_deref(), Some("/dav/calendars/ben/eins/"));
    let choose = |href: &str| set(&format!("<C:schedule-default-calendar-URL><D:href>{href}</D:href></C:schedule-default-calendar-URL>"));
    house.ben.send("PROPPATCH", "inbox/", &[], choose("/dav/calendars/ben/zwei/")).await.is(207);
    assert_eq!(default().await.as_deref(), Some("/dav/calendars/ben/zwei/"));
    for bad in ["/dav/calendars/ben/kabine-2/", "/dav/calendars/ben/gibtsnicht/", "/dav/calendars/ben/", "x"] {
        let answer = house.ben.send("PROPPATCH", "inbox/", &[], choose(bad)).await;
        assert_eq!(answer.responses()[0].status_of("schedule-default-calendar-URL"), Some(403), "{bad}");
        assert!(answer.body.contains("<C:valid-schedule-default-calendar-URL/>"), "{}", answer.body);
    }
    assert!(house.ben.send("DELETE", "zwei/", &[], "").await.is(403).body.contains("<C:default-calendar-needed/>"));
    let elsewhere = house.ben.send("PROPPATCH", "eins/", &[], choose("/dav/calendars/ben/eins/")).await.responses().remove(0);
    assert_eq!(elsewhere.status_of("schedule-default-calendar-URL"), Some(403));
    let junk = set("<C:schedule-default-calendar-URL>x</C:schedule-default-calendar-URL>");
    let junk = house.ben.send("PROPPATCH", "inbox/", &[], junk).await.responses().remove(0);
    assert_eq!(junk.status_of("schedule-default-calendar-URL"), Some(403));
    let remove = within("D:propertyupdate", "<D:remove><D:prop><C:schedule-default-calendar-URL/></D:prop></D:remove>");
    house.ben.send("PROPPATCH", "inbox/", &[], remove).await.is(207);
    house.ben.send("DELETE", "zwei/", &[], "").await.is(204);
    assert_eq!(default().await.as_deref(), Some("/dav/calendars/ben/eins/"));
}

fn available(inner: &str) -> String {
    format!(
        "<C:calendar-availability>BEGIN:VCALENDAR&#13;\nVERSION:2.0&#13;\nPRODID:-//T//T//EN&#13;\n{inner}END:VCALENDAR&#13;\n</C:calendar-availability>"
    )
}

const THURSDAYS: &str = "BEGIN:VAVAILABILITY&#13;\nUID:v&#13;\nDTSTAMP:20260301T000000Z&#13;\nBEGIN:AVAILABLE&#13;\nUID:t&#13;\n\
    DTSTAMP:20260301T000000Z&#13;\nDTSTART;TZID=Europe/Berlin:20260305T090000&#13;\nDTEND;TZID=Europe/Berlin:20260305T180000&#13;\n\
    RRULE:FREQ=WEEKLY&#13;\nEND:AVAILABLE&#13;\nEND:VAVAILABILITY&#13;\n";

#[tokio::test]
async fn who_says_when_they_are_there_is_away_otherwise() {
    let house = house().await;
    calendar(&house, "privat/").await;
    house.ben.put("privat/a.ics", &event("a", "20260326T090000Z", "")).await.is(201);
    let patched = house.ben.send("PROPPATCH", "inbox/", &[], set(&available(THURSDAYS))).await.responses().remove(0);
    assert_eq!(patched.status_of("calendar-availability"), Some(200));
    let shown = house.ben.propfind("inbox/", "0", "C:calendar-availability").await.responses().remove(0);
    assert!(shown.text("calendar-availability").unwrap().contains("RRULE:FREQ=WEEKLY\r\nEND:AVAILABLE\r\n"));
    let busy = ask(&house, &["mailto:ben@mustermann.example"], "").await.remove(0).2;
    let expected = [
        "BUSY-UNAVAILABLE:20260326T000000Z/20260326T080000Z",
        "BUSY:20260326T090000Z/20260326T100000Z",
        "BUSY-UNAVAILABLE:20260326T170000Z/20260327T000000Z",
    ];
    assert_eq!(busy, expected);
    for (bad, precondition) in [
        (THURSDAYS.replace("DTSTART;TZID=Europe/Berlin", "DTSTART"), "valid-calendar-data"),
        (THURSDAYS.repeat(2), "valid-calendar-data"),
        (THURSDAYS.replace("VAVAILABILITY", "VEVENT"), "valid-calendar-data"),
        (THURSDAYS.replace("UID:v", &format!("UID:v&#13;\nDESCRIPTION:{}", "x".repeat(70_000))), "max-resource-size"),
    ] {
        let answer = house.ben.send("PROPPATCH", "inbox/", &[], set(&available(&bad))).await;
        assert_eq!(answer.responses()[0].status_of("calendar-availability"), Some(403));
        assert!(answer.body.contains(precondition), "{}", answer.body);
    }
    assert_eq!(ask(&house, &["mailto:ben@mustermann.example"], "").await.remove(0).2, expected);
    let remove = within("D:propertyupdate", "<D:remove><D:prop><C:calendar-availability/></D:prop></D:remove>");
    house.ben.send("PROPPATCH", "inbox/", &[], remove).await.is(207);
    assert_eq!(ask(&house, &["mailto:ben@mustermann.example"], "").await.remove(0).2, [expected[1]]);
}

//! Opening hours as calendars that staff edit: what opens, what closes, who may. RFC 7953, and the outbox's busy time (RFC 6638 §5).

use crate::house::*;
use openslot::dav::xml::Namespace::{CalDav, Dav};

const OFFEN: &str = "/dav/calendars/admin/offen.hours/";

/// The periods of a day of 2026 in which a resource may be booked, in UTC, as the outbox tells them: all but BUSY-UNAVAILABLE.
async fn open(house: &House, resource: &str, day: &str) -> String {
    let attendee = format!("mailto:{resource}@termine.mustermann.example");
    let request = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//Test//EN\r\nMETHOD:REQUEST\r\nBEGIN:VFREEBUSY\r\nUID:fb\r\n\
         DTSTAMP:20260326T000000Z\r\nDTSTART:2026{day}T000000Z\r\nDTEND:2026{day}T235959Z\r\nORGANIZER:mailto:admin@mustermann.example\r\n\
         ATTENDEE:{attendee}\r\nEND:VFREEBUSY\r\nEND:VCALENDAR\r\n"
    );
    let headers = [("content-type", "text/calendar"), ("originator", "mailto:x@example.com"), ("recipient", "mailto:y@example.com")];
    let answer = house.admin.send("POST", "/dav/calendars/admin/outbox/", &headers, request).await.is(200);
    let response = answer.xml().child(CalDav, "response").unwrap().clone();
    assert_eq!(response.child(CalDav, "request-status").unwrap().text(), "2.0;Success");
    let data = response.child(CalDav, "calendar-data").unwrap().text().replace("\r\n ", "");
    let closed = data.lines().filter_map(|line| line.strip_prefix("FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:"));
    let mut at = "000000".to_owned();
    let mut open = Vec::new();
    for period in closed.flat_map(|line| line.split(',')) {
        let (from, to) = period.split_once('/').unwrap();
        let time = |text: &str| text.split_once('T').unwrap().1.trim_end_matches('Z').to_owned();
        if time(from) > at {
            open.push(format!("{}-{}", minutes(&at), minutes(&time(from))));
        }
        at = time(to);
    }
    if at.as_str() < "235959" {
        open.push(format!("{}-2359", minutes(&at)));
    }
    open.join(" ")
}

/// `0800` of `080000`.
fn minutes(time: &str) -> &str {
    time.get(..4).unwrap()
}

/// A calendar object around components, with their lines' ends.
fn calendar(components: &str) -> String {
    let text = format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Test//Test//EN\n{components}END:VCALENDAR\n");
    text.replace('\n', "\r\n")
}

fn vevent(uid: &str, lines: &str) -> String {
    format!("BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20260301T000000Z\n{lines}\nEND:VEVENT\n")
}

/// What `apply` put there for a day, as a client reads it.
async fn seeded(house: &House, name: &str) -> String {
    house.admin.get(&format!("{OFFEN}{name}")).await.is(200).body
}

#[tokio::test]
async fn the_files_week_stands_in_a_calendar() {
    let house = house().await;
    assert_eq!(open(&house, "offen", "0326").await, "0800-1100 1200-1700");
    // The clocks go forward on 29 March.
    assert_eq!(open(&house, "offen", "0328").await, "0800-1100 1200-1700");
    assert_eq!(open(&house, "offen", "0329").await, "0700-1000 1100-1600");
    assert_eq!(open(&house, "offen", "1024").await, "0700-1000 1100-1600");
    assert_eq!(open(&house, "offen", "1025").await, "0800-1100 1200-1700");
    let names = "D:displayname C:schedule-calendar-transp D:owner";
    let listed = house.admin.propfind(OFFEN, "1", names).await.responses();
    assert_eq!(listed[0].text("displayname").as_deref(), Some("Sprechzeiten Offen"));
    assert!(listed[0].element("schedule-calendar-transp").unwrap().child(CalDav, "transparent").is_some());
    assert_eq!(listed[0].element("owner").unwrap().child(Dav, "href").unwrap().text(), "/dav/principals/resources/offen/");
    assert_eq!(listed.len(), 15, "a series for each of seven days' two openings");
    let tuesday = seeded(&house, "tue-0900-1200.ics").await;
    assert!(tuesday.contains("DTSTART;TZID=Europe/Berlin:20260324T090000\r\n") && tuesday.contains("RRULE:FREQ=WEEKLY\r\n"), "{tuesday}");
    assert!(tuesday.contains("BEGIN:VTIMEZONE\r\n") && tuesday.contains("SUMMARY:Geöffnet\r\n"), "{tuesday}");
    // Its events are nobody's appointments.
    let week = "<C:time-range start='20260323T000000Z' end='20260330T000000Z'/>";
    assert!(!house.admin.report_on(OFFEN, "C:free-busy-query", week).await.is(200).body.contains("\r\nFREEBUSY"));
}

#[tokio::test]
async fn an_occurrence_is_dragged_deleted_and_cancelled() {
    let house = house().await;
    let path = format!("{OFFEN}tue-0900-1200.ics");
    let before = seeded(&house, "tue-0900-1200.ics").await;
    // As Thunderbird does: the master, and an override.
    let dragged = vevent(
        "offen.hours-tue-0900-1200",
        "RECURRENCE-ID;TZID=Europe/Berlin:20260407T090000\nDTSTART;TZID=Europe/Berlin:20260407T070000\nDTEND;TZID=Europe/Berlin:20260407T100000",
    );
    let with = |more: &str| before.replacen("END:VEVENT\r\n", &format!("END:VEVENT\r\n{}", more.replace('\n', "\r\n")), 1);
    house.admin.put(&path, &with(&dragged)).await.is(204);
    assert_eq!(open(&house, "offen", "0407").await, "0500-0800 1100-1600");
    assert_eq!(open(&house, "offen", "0414").await, "0700-1000 1100-1600");
    let cancelled = dragged.replace("DTEND", "STATUS:CANCELLED\nDTEND");
    house.admin.put(&path, &with(&cancelled)).await.is(204);
    assert_eq!(open(&house, "offen", "0407").await, "1100-1600");
    let without = before.replacen("RRULE:FREQ=WEEKLY", "EXDATE;TZID=Europe/Berlin:20260407T090000\r\nRRULE:FREQ=WEEKLY", 1);
    house.admin.put(&path, &without).await.is(204);
    assert_eq!(open(&house, "offen", "0407").await, "1100-1600");
    // TRANSP says nothing; a day without a time opens nothing, and closes where it is called so.
    let day = vevent("day", "DTSTART:20260407T220000Z\nDTEND:20260408T220000Z\nTRANSP:TRANSPARENT\nSUMMARY:Tag der offenen Tür");
    house.admin.put(&format!("{OFFEN}day.ics"), &calendar(&day)).await.is(201);
    assert_eq!(open(&house, "offen", "0408").await, "0000-2200");
    let dated = vevent("dated", "DTSTART;VALUE=DATE:20260408\nTRANSP:TRANSPARENT\nSUMMARY:Tag der offenen Tür");
    house.ben.put("/dav/calendars/ben/location.stuttgart.hours/dated.ics", &calendar(&dated)).await.is(201);
    assert_eq!(open(&house, "kabine-2", "0408").await, "");
    let leave = vevent("leave", "DTSTART;VALUE=DATE:20260408\nSUMMARY:Betriebsausflug");
    house.admin.put(&format!("{OFFEN}leave.ics"), &calendar(&leave)).await.is(201);
    assert_eq!(open(&house, "offen", "0408").await, "");
}

#[tokio::test]
async fn a_resource_without_events_follows_its_location() {
    let house = house().await;
    assert_eq!(open(&house, "kabine-2", "0326").await, "");
    let location = "/dav/calendars/ben/location.stuttgart.hours/";
    let series = vevent("w", "DTSTART;TZID=Europe/Berlin:20260326T100000\nDURATION:PT2H\nRRULE:FREQ=WEEKLY");
    house.ben.put(&format!("{location}w.ics"), &calendar(&series)).await.is(201);
    assert_eq!(open(&house, "kabine-2", "0326").await, "0900-1100");
    let own = vevent("o", "DTSTART:20260326T130000Z\nDTEND:20260326T140000Z\nSUMMARY:Nur heute");
    house.ben.put("/dav/calendars/ben/kabine-2.hours/o.ics", &calendar(&own)).await.is(201);
    assert_eq!(open(&house, "kabine-2", "0326").await, "1300-1400");
    assert_eq!(open(&house, "kabine-1", "0326").await, "0900-1100");
    house.ben.send("DELETE", "/dav/calendars/ben/kabine-2.hours/o.ics", &[], "").await.is(204);
    assert_eq!(open(&house, "kabine-2", "0326").await, "0900-1100");
}

#[tokio::test]
async fn hours_are_read_by_whoever_reads_the_cabin_and_written_by_whom_the_practice_lets() {
    let house = house().await;
    let event = calendar(&vevent("x", "DTSTART:20260326T130000Z\nDTEND:20260326T140000Z"));
    let anna = "/dav/calendars/anna/kabine-1.hours/";
    house.anna.propfind(anna, "1", "D:displayname").await.is(207);
    assert!(house.anna.put(&format!("{anna}x.ics"), &event).await.is(403).body.contains("<D:bind/>"));
    house.anna.propfind("/dav/calendars/anna/offen.hours/", "0", "D:displayname").await.is(404);
    house.ben.propfind("/dav/calendars/ben/kabine-1.hours/", "0", "D:displayname").await.is(404);
    house.ben.put("/dav/calendars/ben/kabine-2.hours/x.ics", &event).await.is(201);
    house.ben.put("/dav/calendars/resources/kabine-2.hours/x.ics", &event).await.is(204);
    // A telephone that is shown no names is shown opening hours.
    assert!(house.bens_telephone.get("/dav/calendars/ben/kabine-2.hours/x.ics").await.is(200).body.contains("UID:x"));
    let todo = event.replace("VEVENT", "VTODO").replace("DTEND", "DUE");
    assert!(house.ben.put("/dav/calendars/ben/kabine-2.hours/t.ics", &todo).await.is(403).body.contains("supported-calendar-component"));
    let endless = calendar(&vevent("e", "DTSTART:20260326T130000Z\nDTEND:20260326T140000Z\nRRULE:FREQ=MINUTELY"));
    assert!(house.ben.put("/dav/calendars/ben/kabine-2.hours/e.ics", &endless).await.is(403).body.contains("max-instances"));
    house.ben.send("DELETE", "/dav/calendars/ben/kabine-2.hours/", &[], "").await.is(403);
    house.admin.send("DELETE", OFFEN, &[], "").await.is(403);
    house.ben.send("MKCALENDAR", "/dav/calendars/ben/meine.hours/", &[], "").await.is(403);
    assert!(house.admin.acl(OFFEN, "").await.is(403).body.contains("<D:write-acl/>"));
}

/// CALDAV:calendar-availability of a calendar.
async fn availability(person: &Person, path: &str) -> Option<String> {
    person.propfind(path, "0", "C:calendar-availability").await.responses()[0].text("calendar-availability")
}

async fn set(person: &Person, path: &str, value: &str) -> Answer {
    let body = format!("<D:set><D:prop><C:calendar-availability>{value}</C:calendar-availability></D:prop></D:set>");
    person.send("PROPPATCH", path, &[], within("D:propertyupdate", &body)).await
}

#[tokio::test]
async fn a_cabins_calendar_tells_its_hours_and_takes_others() {
    let house = house().await;
    let cabin = "/dav/calendars/ben/kabine-2/";
    // Its location has none: it is never open.
    let never = availability(&house.ben, cabin).await.unwrap();
    assert!(never.contains("BEGIN:VAVAILABILITY") && !never.contains("BEGIN:AVAILABLE"), "{never}");
    let available = "BEGIN:AVAILABLE\nUID:mo\nDTSTAMP:20260301T000000Z\nDTSTART;TZID=Europe/Berlin:20260323T080000\n\
                     DTEND;TZID=Europe/Berlin:20260323T120000\nRRULE:FREQ=DAILY\nEND:AVAILABLE\n";
    let block = format!("BEGIN:VAVAILABILITY\nUID:v\nDTSTAMP:20260301T000000Z\n{available}END:VAVAILABILITY\n");
    let done = set(&house.ben, cabin, &calendar(&block)).await.is(207);
    assert_eq!(done.responses()[0].status_of("calendar-availability"), Some(200), "{}", done.body);
    assert_eq!(open(&house, "kabine-2", "0326").await, "0700-1100");
    assert_eq!(open(&house, "kabine-2", "0330").await, "0600-1000");
    let object = house.ben.get("/dav/calendars/ben/kabine-2.hours/mo.ics").await.is(200).body;
    assert!(object.contains("BEGIN:VEVENT\r\nUID:mo\r\n") && object.contains("TRANSP:TRANSPARENT\r\n"), "{object}");
    // It is read as it was set, whoever asks; a series of another name takes its place.
    let told = availability(&house.anna, "/dav/calendars/anna/kabine-2/").await.unwrap();
    assert!(told.contains("UID:mo\r\n") && told.contains("RRULE:FREQ=DAILY\r\n") && told.contains("BEGIN:VTIMEZONE"), "{told}");
    set(&house.ben, cabin, &told.replace("UID:mo", "UID:di").replace("T080000", "T090000")).await.is(207);
    assert_eq!(open(&house, "kabine-2", "0326").await, "0800-1100");
    house.ben.get("/dav/calendars/ben/kabine-2.hours/mo.ics").await.is(404);
    // Who may only read changes nothing, and nonsense changes nothing.
    assert!(set(&house.anna, "/dav/calendars/anna/kabine-1/", &calendar(&block)).await.is(403).body.contains("need-privileges"));
    let bounded = block.replacen("DTSTAMP", "DTSTART:20260101T000000Z\nDTSTAMP", 1);
    let refused = set(&house.ben, cabin, &calendar(&bounded)).await.is(207);
    assert_eq!(refused.responses()[0].status_of("calendar-availability"), Some(403));
    assert!(refused.body.contains("valid-calendar-data"));
    assert_eq!(open(&house, "kabine-2", "0326").await, "0800-1100");
    let removed = within("D:propertyupdate", "<D:remove><D:prop><C:calendar-availability/></D:prop></D:remove>");
    house.ben.send("PROPPATCH", cabin, &[], removed).await.is(207);
    assert_eq!(open(&house, "kabine-2", "0326").await, "");
    // Other calendars have none.
    assert_eq!(availability(&house.ben, "/dav/calendars/ben/kabine-2.hours/").await, None);
}

#[tokio::test]
async fn what_is_told_of_a_cabin_is_what_the_outbox_says() {
    let house = house().await;
    let event = vevent("x", "DTSTART:20260327T190000Z\nDTEND:20260327T200000Z");
    house.admin.put(&format!("{OFFEN}x.ics"), &calendar(&event)).await.is(201);
    // Nobody has the calendar of `offen`, and so nobody its property: the location's hours stand for those of kabine-1.
    let location = "/dav/calendars/admin/location.stuttgart.hours/x.ics";
    house.admin.put(location, &calendar(&event)).await.is(201);
    let told = availability(&house.anna, "kabine-1/").await.unwrap();
    assert!(told.contains("UID:location.stuttgart.hours\r\n") && told.contains("DTSTART:20260327T190000Z\r\n"), "{told}");
    assert_eq!(open(&house, "kabine-1", "0327").await, "1900-2000");
    assert_eq!(open(&house, "offen", "0327").await, "0800-1100 1200-1700 1900-2000");
}

//! Opening hours that staff edit in their calendar programs, on the public page; and `apply` beside them.

use crate::harness::{Choices, PRACTICE, Server, form, unescape_html};
use openslot::config::practice;

const LOCATION: &str = "location.stuttgart.hours/";

/// The free times of a day on the page of a service, as `0900`.
async fn free(server: &Server, query: &str, day: &str) -> Vec<String> {
    let page = server.customer().get(&format!("/book/stuttgart?{query}&from={day}")).await.ok().text();
    let starts = page.split("data-start=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    starts.filter_map(|start| Some(start.strip_prefix(day)?.strip_prefix('T')?.get(..5)?.replace(':', ""))).collect()
}

fn span(times: &[String]) -> String {
    match (times.first(), times.last()) {
        (Some(first), Some(last)) => format!("{first}..{last} ({})", times.len()),
        _ => "none".into(),
    }
}

/// An event with a zone, as a client sends it.
fn object(components: &str) -> String {
    format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Test//Test//EN\n{components}END:VCALENDAR\n").replace('\n', "\r\n")
}

fn vevent(uid: &str, lines: &str) -> String {
    format!("BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20260301T000000Z\n{lines}\nEND:VEVENT\n")
}

#[tokio::test]
async fn a_tuesday_that_was_dragged_is_on_the_page_at_its_next_load() {
    let server = Server::start().await;
    let (ben, beratung) = (server.ben(), "service=beratung");
    assert_eq!(span(&free(&server, beratung, "2026-03-31").await), "0900..1700 (17)");
    let path = format!("{LOCATION}tue-0900-1800.ics");
    let kept = ben.get(&path).await.ok().text();
    // Thunderbird sends the series with an exception behind it.
    let dragged = vevent(
        "location.stuttgart.hours-tue-0900-1800",
        "RECURRENCE-ID;TZID=Europe/Berlin:20260331T090000\nDTSTART;TZID=Europe/Berlin:20260331T130000\nDTEND;TZID=Europe/Berlin:20260331T200000\n\
         SUMMARY:Geöffnet",
    );
    let with = kept.replacen("END:VEVENT\r\n", &format!("END:VEVENT\r\n{}", dragged.replace('\n', "\r\n")), 1);
    ben.with("if-match", &ben.get(&path).await.etag()).put(&path, with).await.no_content();
    assert_eq!(span(&free(&server, beratung, "2026-03-31").await), "1300..1900 (13)");
    assert_eq!(span(&free(&server, beratung, "2026-04-14").await), "0900..1700 (17)");
    // What the page does not offer is not booked either, and what it offers is.
    let visitor = server.customer();
    let early = form("kabine-1", "2026-03-31T09:00:00+02:00", &[]);
    assert_ne!(visitor.post("/book/stuttgart/new", &early).await.status, 303);
    server.book("kabine-1", "2026-03-31T19:00:00+02:00").await;
    // The occurrence is deleted: the day has no column.
    let without = kept.replacen("RRULE:FREQ=WEEKLY", "EXDATE;TZID=Europe/Berlin:20260331T090000\r\nRRULE:FREQ=WEEKLY", 1);
    ben.put(&path, without).await.no_content();
    assert_eq!(span(&free(&server, beratung, "2026-03-31").await), "none");
    // Nobody was told of any of this, and no request came of it.
    assert_eq!(server.kinds().await.iter().filter(|kind| !kind.starts_with("requested")).count(), 0);
}

#[tokio::test]
async fn a_holiday_is_closed_until_somebody_opens_it() {
    let server = Server::start().await;
    assert_eq!(span(&free(&server, "service=beratung", "2026-04-06").await), "none", "Easter Monday");
    let emergency =
        vevent("notdienst", "DTSTART;TZID=Europe/Berlin:20260406T100000\nDTEND;TZID=Europe/Berlin:20260406T120000\nSUMMARY:Notdienst");
    server.ben().put(&format!("{LOCATION}notdienst.ics"), object(&emergency)).await.created();
    assert_eq!(span(&free(&server, "service=beratung", "2026-04-06").await), "1000..1100 (3)");
}

/// The hours of a resource as its calendar tells them (RFC 7953), unfolded.
async fn availability(server: &Server, calendar: &str) -> String {
    let told = server.anna().propfind(&format!("{calendar}/"), "0", "<C:calendar-availability/>").await.is(207).text();
    told.replace("&#13;", "").replace("\r", "").replace("\n ", "")
}

/// What `apply` has put there for the day on which the clocks are changed is nobody's exception to a holiday.
#[tokio::test]
async fn a_holiday_on_the_day_of_the_change_of_clocks_is_closed() {
    let practice = PRACTICE.replacen("hours = { mon-fri = \"09:00-18:00\" }", "hours = { mon-sun = \"00:00-23:00\" }", 1);
    let practice = practice.replacen("region = \"DE-BW\"", "region = \"DE-NI\"", 1);
    let server = Server::with(Choices { practice, ..Choices::default() }).await;
    // Reformation Day of 2027 is the Sunday on which the summer ends.
    server.set_clock("2027-10-20T08:00:00Z");
    assert_eq!(span(&free(&server, "service=beratung", "2027-10-31").await), "none");
    assert_eq!(span(&free(&server, "service=beratung", "2027-10-30").await), "0000..2200 (45)");
    server.set_clock("2026-10-20T08:00:00Z");
    assert_eq!(span(&free(&server, "service=beratung", "2026-10-25").await), "0000..2200 (45)", "no holiday, and the wall says when");
    // Told over RFC 7953, it is closed too.
    server.set_clock("2027-10-20T08:00:00Z");
    let told = availability(&server, "kabine-1").await;
    assert!(told.contains("20271031T000000") && !told.contains("RECURRENCE-ID;TZID=Europe/Berlin:20271031"), "{told}");
    // Opened by somebody, it is open.
    let path = format!("{LOCATION}sun-0000-2300.ics");
    let kept = server.admin().get(&path).await.ok().text();
    let (head, own) = kept.split_once("RECURRENCE-ID;TZID=Europe/Berlin:20271031T000000").unwrap();
    let opened = own.replacen("SUMMARY:Geöffnet", "SUMMARY:Notdienst", 1);
    let opened = format!("{head}RECURRENCE-ID;TZID=Europe/Berlin:20271031T000000{opened}");
    server.admin().put(&path, opened).await.no_content();
    assert_ne!(span(&free(&server, "service=beratung", "2027-10-31").await), "none");
}

#[tokio::test]
async fn a_holiday_that_staff_write_there_closes_the_door() {
    let server = Server::start().await;
    let (ben, query) = (server.ben(), "service=beratung");
    let put = async |name: &str, lines: &str| {
        ben.put(&format!("{LOCATION}{name}.ics"), object(&vevent(name, lines))).await.created();
    };
    // A day in every language, on which it would be open, and a Saturday on which it is not.
    let titles = ["Urlaub", "Geschlossen", "Closed", "Ferien", "Feiertag", "Kapalı", "Відпустка", "عطلة"];
    let days = ["26", "27", "30", "31"];
    for (title, day) in titles.iter().zip(days.iter().cycle()) {
        let name = "day";
        let lines = format!("DTSTART;VALUE=DATE:202603{day}\nTRANSP:TRANSPARENT\nSUMMARY:{title}");
        ben.put(&format!("{LOCATION}{name}.ics"), object(&vevent(name, &lines))).await;
        assert_eq!(span(&free(&server, query, &format!("2026-03-{day}")).await), "none", "{title}");
        ben.delete(&format!("{LOCATION}{name}.ics")).await.no_content();
        assert_eq!(span(&free(&server, query, &format!("2026-03-{day}")).await), "0900..1700 (17)", "{title}");
    }
    put("sat", "DTSTART;VALUE=DATE:20260328\nSUMMARY:Urlaub").await;
    assert_eq!(span(&free(&server, query, "2026-03-28").await), "none", "it opens no Saturday, let alone at night");
    // Some hours of a day; what is not offered is not booked either.
    put("noon", "DTSTART;TZID=Europe/Berlin:20260326T120000\nDTEND;TZID=Europe/Berlin:20260326T140000\nSUMMARY:Geschlossen").await;
    let times = free(&server, query, "2026-03-26").await;
    assert!(times.contains(&"1100".into()) && !times.contains(&"1130".into()) && times.contains(&"1400".into()), "{times:?}");
    server.customer().post("/book/stuttgart/new", &form("kabine-1", "2026-03-26T12:30:00+01:00", &[])).await.is(409);
    // Told over RFC 7953, it is closed too.
    let told = availability(&server, "kabine-1").await;
    let thursdays = told.split("BEGIN:AVAILABLE").find(|one| one.contains("UID:location.stuttgart.hours-thu-0900-1800\n")).unwrap();
    assert!(thursdays.contains("EXDATE;TZID=Europe/Berlin:20260326T090000"), "{thursdays}");
    assert!(told.contains("DTSTART:20260326T080000Z\nDTEND:20260326T110000Z") && told.contains("DTSTART:20260326T130000Z"), "{told}");
    assert!(!told.contains("Urlaub"), "{told}");
}

#[tokio::test]
async fn a_leave_of_ones_own_leaves_the_branchs_hours_as_they_are() {
    let server = Server::start().await;
    let (ben, cabin) = (server.ben(), "service=beratung&resource=kabine-2");
    let leave = vevent("leave", "DTSTART;VALUE=DATE:20260326\nDTEND;VALUE=DATE:20260328\nSUMMARY:Urlaub");
    ben.put("kabine-2.hours/leave.ics", object(&leave)).await.created();
    assert_eq!(span(&free(&server, cabin, "2026-03-26").await), "none");
    assert_eq!(span(&free(&server, cabin, "2026-03-30").await), "0900..1700 (17)", "its own calendar has no hours: the branch's hold");
    assert_eq!(span(&free(&server, "service=beratung&resource=kabine-1", "2026-03-26").await), "0900..1700 (17)");
    server.customer().post("/book/stuttgart/new", &form("kabine-2", "2026-03-26T10:00:00+01:00", &[])).await.is(409);
    server.book("kabine-2", "2026-03-30T10:00:00+02:00").await;
    // What the branch closes is closed for whoever has hours of their own, too.
    let own = vevent("own", "DTSTART;TZID=Europe/Berlin:20260302T080000\nDURATION:PT4H\nRRULE:FREQ=DAILY");
    ben.put("kabine-2.hours/own.ics", object(&own)).await.created();
    assert_eq!(span(&free(&server, cabin, "2026-03-31").await), "0800..1100 (7)");
    let shut = vevent("shut", "DTSTART;TZID=Europe/Berlin:20260331T090000\nDURATION:PT1H\nSUMMARY:Geschlossen");
    ben.put(&format!("{LOCATION}shut.ics"), object(&shut)).await.created();
    assert_eq!(free(&server, cabin, "2026-03-31").await, ["0800", "1000", "1030", "1100"]);
    server.customer().post("/book/stuttgart/new", &form("kabine-2", "2026-03-31T09:00:00+02:00", &[])).await.is(409);
    let told = availability(&server, "kabine-2").await;
    assert!(told.contains("EXDATE;TZID=Europe/Berlin:20260326T080000,20260327T080000,20260331T080000"), "{told}");
    ben.delete(&format!("{LOCATION}shut.ics")).await.no_content();
    ben.delete("kabine-2.hours/own.ics").await.no_content();
    let told = availability(&server, "kabine-2").await;
    let thursdays = told.split("BEGIN:AVAILABLE").find(|one| one.contains("-thu-0900-1800\n")).unwrap();
    assert!(thursdays.contains("20260326T090000"), "{thursdays}");
}

#[tokio::test]
async fn a_day_without_a_time_opens_nothing_and_staff_are_told() {
    let server = Server::start().await;
    let ben = server.ben();
    let day = vevent("open", "DTSTART;VALUE=DATE:20260328\nSUMMARY:Tag der offenen Tür");
    ben.put(&format!("{LOCATION}open.ics"), object(&day)).await.created();
    assert_eq!(span(&free(&server, "service=beratung", "2026-03-28").await), "none");
    let desk = server.desk("ben").await;
    let page = async |from: &str| unescape_html(&desk.get(&format!("/staff/slots?service=beratung&from={from}")).await.ok().text());
    let shown = page("2026-03-24").await;
    assert!(shown.contains("Nicht verstanden") && shown.contains("Tag der offenen Tür"), "{shown}");
    assert!(!page("2026-03-31").await.contains("Nicht verstanden"), "another week");
    ben.put(&format!("{LOCATION}open.ics"), object(&day.replace("SUMMARY:", "SUMMARY:Geschlossen: "))).await.no_content();
    // "offenen" says that it opens, so it is as little understood as before.
    assert!(page("2026-03-24").await.contains("Nicht verstanden"));
    ben.put(&format!("{LOCATION}open.ics"), object(&day.replace("Tag der offenen Tür", "Inventur"))).await.no_content();
    assert!(!page("2026-03-24").await.contains("Nicht verstanden"));
}

#[tokio::test]
async fn a_branch_that_is_open_day_and_night_is_never_told_as_days() {
    let practice = PRACTICE.replacen("hours = { mon-fri = \"09:00-18:00\" }", "hours = { mon-sun = \"00:00-24:00\" }", 1);
    let server = Server::with(Choices { practice, ..Choices::default() }).await;
    assert_eq!(span(&free(&server, "service=beratung", "2026-03-28").await), "0000..2330 (48)");
    // The night in which the clocks are put forward has an hour less.
    assert_eq!(free(&server, "service=beratung", "2026-03-29").await.len(), 46);
}

#[tokio::test]
async fn titles_and_categories_restrict_to_a_service() {
    let server = Server::start().await;
    let ben = server.ben();
    let saturday = |lines: &str| {
        object(&vevent("sa", &format!("DTSTART;TZID=Europe/Berlin:20260328T090000\nDTEND;TZID=Europe/Berlin:20260328T120000\n{lines}")))
    };
    for lines in ["SUMMARY:servicetermin", "SUMMARY:Service appointment", "SUMMARY:Samstag\nCATEGORIES:Team,Servicetermin"] {
        ben.put(&format!("{LOCATION}sa.ics"), saturday(lines)).await;
        assert_eq!(span(&free(&server, "service=servicetermin", "2026-03-28").await), "0900..1130 (6)", "{lines}");
        assert_eq!(span(&free(&server, "service=beratung", "2026-03-28").await), "none", "{lines}");
    }
    ben.put(&format!("{LOCATION}sa.ics"), saturday("SUMMARY:Samstag")).await.no_content();
    assert_eq!(span(&free(&server, "service=beratung", "2026-03-28").await), "0900..1100 (5)");
}

#[tokio::test]
async fn a_person_with_hours_of_her_own_is_there_only_then() {
    let server = Server::start().await;
    let own = vevent("o", "DTSTART;TZID=Europe/Berlin:20260326T140000\nDTEND;TZID=Europe/Berlin:20260326T170000\nRRULE:FREQ=WEEKLY");
    server.ben().put("kabine-2.hours/o.ics", object(&own)).await.created();
    assert_eq!(span(&free(&server, "service=beratung&resource=kabine-2", "2026-03-26").await), "1400..1600 (5)");
    assert_eq!(span(&free(&server, "service=beratung&resource=kabine-1", "2026-03-26").await), "0900..1700 (17)");
    server.ben().delete("kabine-2.hours/o.ics").await.no_content();
    assert_eq!(span(&free(&server, "service=beratung&resource=kabine-2", "2026-03-26").await), "0900..1700 (17)");
    server.anna().put("kabine-1.hours/o.ics", object(&own)).await.refused(403, "need-privileges");
}

async fn apply(server: &Server, text: &str) -> Vec<String> {
    server.app.apply(practice::parse("practice.toml", text).unwrap()).await.unwrap()
}

#[tokio::test]
async fn apply_replaces_what_nobody_has_touched_and_nothing_else() {
    let server = Server::with(Choices::default()).await;
    let admin = server.admin();
    assert_eq!(apply(&server, PRACTICE).await, Vec::<String>::new());
    let week = ["fri-0900-1800.ics", "mon-0900-1800.ics", "thu-0900-1800.ics", "tue-0900-1800.ics", "wed-0900-1800.ics"];
    assert_eq!(admin.names(LOCATION).await, week);
    // Untouched: replaced, but for the days that stay as they are. What staff have added stays.
    let saturday = vevent("sa", "DTSTART;TZID=Europe/Berlin:20260328T090000\nDTEND;TZID=Europe/Berlin:20260328T120000");
    admin.put(&format!("{LOCATION}sa.ics"), object(&saturday)).await.created();
    let monday = admin.get(&format!("{LOCATION}mon-0900-1800.ics")).await.etag();
    let hours = "hours = { mon-fri = \"09:00-18:00\" }";
    let changed = PRACTICE.replacen(hours, "hours = { mon-thu = \"09:00-18:00\", fri = \"08:00-12:00, 13:00-15:00\" }", 1);
    assert_eq!(apply(&server, &changed).await, ["~ location stuttgart: hours"]);
    assert!(admin.names(LOCATION).await.contains(&"fri-0800-1200.ics".to_owned()));
    assert_eq!(admin.names(LOCATION).await.len(), 7);
    assert_eq!(admin.get(&format!("{LOCATION}mon-0900-1800.ics")).await.etag(), monday);
    assert_eq!(span(&free(&server, "service=beratung", "2026-03-27").await), "0800..1400 (10)");
    assert_eq!(apply(&server, &changed).await, Vec::<String>::new());
    // Edited: the calendar holds, once said.
    admin.delete(&format!("{LOCATION}fri-1300-1500.ics")).await.no_content();
    let before = admin.names(LOCATION).await;
    let lines = apply(&server, PRACTICE).await;
    assert_eq!(lines[0], "~ location stuttgart: hours");
    assert!(lines[1].starts_with("! location.stuttgart.hours: its calendar was edited"), "{lines:?}");
    assert_eq!(admin.names(LOCATION).await, before);
    assert_eq!(apply(&server, PRACTICE).await, Vec::<String>::new());
    // A cabin's own hours in the file, and gone again.
    let own = PRACTICE.replacen("id = \"kabine-2\"\n", "id = \"kabine-2\"\nhours = { thu = \"10:00-12:00\" }\n", 1);
    assert_eq!(apply(&server, &own).await, ["~ resource kabine-2: hours"]);
    assert_eq!(admin.names("kabine-2.hours/").await, ["thu-1000-1200.ics"]);
    assert_eq!(span(&free(&server, "service=beratung&resource=kabine-2", "2026-03-26").await), "1000..1100 (3)");
    assert_eq!(apply(&server, PRACTICE).await, ["~ resource kabine-2: hours"]);
    assert!(admin.names("kabine-2.hours/").await.is_empty());
    // A cabin that is gone takes its hours with it.
    let block = PRACTICE.split("[[resource]]").nth(3).unwrap();
    let without = PRACTICE.replace(&format!("[[resource]]{block}"), &block[block.find("[[service]]").unwrap_or(block.len())..]);
    apply(&server, &without).await;
    admin.propfind("kabine-esslingen.hours/", "0", "<D:displayname/>").await.is(404);
}

/// Bookings that arrive while the day is being closed are made before it, or not at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_of_hours_and_bookings_come_one_after_the_other() {
    let server = Server::start().await;
    let (admin, path) = (server.admin(), format!("{LOCATION}thu-0900-1800.ics"));
    let book = |hour: u32| {
        let (visitor, start) = (server.customer(), format!("2026-03-26T{hour:02}:00:00+01:00"));
        async move { visitor.post("/book/stuttgart/new", &form("kabine-1", &start, &[])).await.status.as_u16() }
    };
    let (gone, first, second, third) = tokio::join!(admin.delete(&path), book(10), book(12), book(14));
    gone.no_content();
    let made = [first, second, third].iter().filter(|status| **status == 303).count();
    assert_eq!(server.anna().names("kabine-1/").await.len(), made);
    assert_eq!(book(16).await, 409);
    assert_eq!(span(&free(&server, "service=beratung", "2026-03-26").await), "none");
}

#[tokio::test]
async fn an_appointment_that_is_dropped_among_the_hours_opens_nothing() {
    let server = Server::start().await;
    let (ben, query) = (server.ben(), "service=beratung&resource=kabine-1");
    let booked = server.book("kabine-2", "2026-03-26T10:00:00+01:00").await;
    let before = free(&server, query, "2026-03-26").await;
    let there = format!("{LOCATION}dropped.ics");
    let object = ben.get(&booked.path).await.ok().text();
    for way in ["COPY", "MOVE"] {
        let to = ben.with("Destination", &ben.path(&there));
        to.ask(way, &booked.path, "").await.is(403).says("no opening time");
    }
    ben.put(&there, object.clone()).await.is(403).says("no opening time");
    ben.get(&there).await.is(404);
    assert_eq!(ben.get(&booked.path).await.ok().text(), object);
    assert_eq!(free(&server, query, "2026-03-26").await, before);
}

//! What a service needs and allows: several resources at once, buffers, limits, groups, what is confirmed at once.

use std::collections::BTreeMap;

use crate::harness::{Choices, PRACTICE, Server, edited, event, form, has, press, state_of, unescape_html, until, value_of};

const NEW: &str = "/book/stuttgart/new";
const THURSDAY: &str = "2026-03-26T10:30:00+01:00";

/// The demo practice with Anna and Ben as people to be booked, and these lines in the consultation.
pub async fn practice(rules: &str) -> Server {
    Server::with(Choices { practice: text(rules), ..Choices::default() }).await
}

/// The same where customers are told two minutes after staff have done something.
pub async fn patient_practice(rules: &str) -> Server {
    let practice = text(rules).replacen("notify_grace_seconds = 0", "notify_grace_seconds = 120", 1);
    Server::with(Choices { practice, ..Choices::default() }).await
}

fn text(rules: &str) -> String {
    let people = "[[resource]]\nid = \"anna-p\"\nname = \"Frau Anna\"\nlocation = \"stuttgart\"\nkind = \"person\"\n\n\
                  [[resource]]\nid = \"ben-p\"\nname = \"Herr Ben\"\nlocation = \"stuttgart\"\nkind = \"person\"\n\n[[service]]";
    let practice = PRACTICE.replacen("[[service]]", people, 1);
    let practice = practice.replacen("id = \"beratung\"", &format!("id = \"beratung\"\n{rules}"), 1);
    practice.replacen("kabine-2 = \"write\" }", "kabine-2 = \"write\", anna-p = \"write\", ben-p = \"write\" }", 1)
}

pub const ROOM_AND_PERSON: &str = "need = [{ of = [\"kabine-1\", \"kabine-2\"] }, { of = [\"anna-p\", \"ben-p\"] }]";

pub async fn free(server: &Server, query: &str) -> Vec<String> {
    let page = server.customer().get(&format!("/book/stuttgart?service=beratung{query}")).await.ok();
    let text = unescape_html(&page.text());
    text.split("data-start=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// The objects of a calendar that are part of an appointment, by name.
pub async fn objects(server: &Server, calendar: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for name in server.anna().names(&format!("{calendar}/")).await {
        let path = format!("{calendar}/{}", name.rsplit('/').next().unwrap());
        found.insert(path.clone(), server.anna().get(&path).await.ok().text());
    }
    found
}

pub async fn only(server: &Server, calendar: &str) -> (String, String) {
    let all = objects(server, calendar).await;
    assert_eq!(all.len(), 1, "{calendar}: {all:?}");
    all.into_iter().next().unwrap()
}

#[tokio::test]
async fn a_room_and_a_person_hold_one_appointment() {
    let server = practice(ROOM_AND_PERSON).await;
    let booked = server.book("any", THURSDAY).await;
    let (_, main) = only(&server, "kabine-1").await;
    let (_, shadow) = only(&server, "anna-p").await;
    assert_eq!(value_of(&shadow, "RELATED-TO"), booked.uid);
    assert_eq!(value_of(&shadow, "UID"), format!("{}~anna-p", booked.uid));
    for name in ["DTSTART", "DTEND", "SUMMARY", "STATUS"] {
        assert_eq!(value_of(&main, name), value_of(&shadow, name), "{name}");
    }
    assert!(value_of(&shadow, "LOCATION").starts_with("Frau Anna"));
    assert_eq!(server.kinds().await, ["requested.customer", "requested.practice"], "one appointment, one letter each");

    // The second takes the others, and then there is nobody left, though a cabin was.
    assert!(free(&server, "").await.contains(&THURSDAY.into()));
    server.book_with("any", THURSDAY, &[("email", "b@example.org"), ("telephone", "0711 5550002")]).await;
    assert_eq!((objects(&server, "kabine-2").await.len(), objects(&server, "ben-p").await.len()), (1, 1));
    assert!(!free(&server, "").await.contains(&THURSDAY.into()));
    server.anna().put("ben-p/x.ics", event("x", "20260326T150000Z", "20260326T160000Z", "")).await.created();
    server.anna().put("anna-p/y.ics", event("y", "20260326T150000Z", "20260326T160000Z", "")).await.created();
    assert!(!free(&server, "").await.contains(&"2026-03-26T16:00:00+01:00".into()), "cabins alone do not do");
}

#[tokio::test]
async fn what_is_done_to_one_half_is_done_to_both() {
    let server = practice(ROOM_AND_PERSON).await;
    let booked = server.book("any", THURSDAY).await;
    let anna = server.anna();
    let (path, shadow) = only(&server, "anna-p").await;
    // Confirmed and moved in the person's calendar.
    let wish = edited(&shadow, "STATUS", "STATUS:CONFIRMED");
    let put = anna.put(&path, wish).await.no_content();
    assert_eq!(put.find("etag"), None, "what is kept is not what was sent");
    let (main_path, main) = only(&server, "kabine-1").await;
    let (_, shadow) = only(&server, "anna-p").await;
    assert_eq!((state_of(&main), state_of(&shadow)), ("CONFIRMED".to_owned(), "CONFIRMED".to_owned()));
    until("the confirmation", async || server.kinds().await.iter().any(|kind| kind == "confirmed.customer").then_some(())).await;
    let wish = edited(&edited(&shadow, "DTSTART", "DTSTART:20260327T130000Z"), "DTEND", "DTEND:20260327T140000Z");
    anna.put(&path, wish).await.no_content();
    let (_, main) = (main_path, only(&server, "kabine-1").await.1);
    assert_eq!(value_of(&main, "DTSTART"), "20260327T130000Z");
    assert!(value_of(&main, "LOCATION").starts_with("Kabine 1"), "{main}");
    let told = async |word: &str| server.kinds().await.iter().any(|kind| kind == word).then_some(());
    until("the letter about the move", async || told("moved.customer").await).await;
    // Cancelled by the customer: both stand as cancelled, both are free.
    server.customer().post(&format!("{}/cancel", booked.page), &[]).await.is(303);
    for calendar in ["kabine-1", "anna-p"] {
        assert_eq!(state_of(&only(&server, calendar).await.1), "CANCELLED", "{calendar}");
    }
    let again = free(&server, "&from=2026-03-27").await;
    assert!(again.contains(&"2026-03-27T14:00:00+01:00".into()));
}

#[tokio::test]
async fn a_half_that_is_deleted_is_missed() {
    let server = practice(ROOM_AND_PERSON).await;
    let booked = server.book("any", THURSDAY).await;
    let anna = server.anna();
    let desk = server.desk("anna").await;
    let (path, shadow) = only(&server, "anna-p").await;
    anna.delete(&path).await.no_content();
    assert!(objects(&server, "anna-p").await.is_empty());
    let (main_path, main) = only(&server, "kabine-1").await;
    assert_eq!(state_of(&main), "REQUESTED", "taken off, not called off");
    assert!(value_of(&main, "DESCRIPTION").contains("unvollständig"), "{main}");
    desk.get(&format!("/staff/appointment/{}", booked.uid)).await.ok().says("hält ihn nicht mehr");
    desk.get("/staff/requests").await.ok().says("Unvollständig");
    // Put back, in the calendar of somebody else, it is whole again.
    anna.put("ben-p/again.ics", shadow).await.created();
    let (_, there) = only(&server, "ben-p").await;
    assert!(value_of(&there, "LOCATION").starts_with("Herr Ben"), "{there}");
    assert!(!desk.get(&format!("/staff/appointment/{}", booked.uid)).await.ok().text().contains("hält ihn nicht mehr"));
    // The appointment deleted takes all of it out.
    anna.delete(&main_path).await.no_content();
    assert!(objects(&server, "ben-p").await.is_empty() && objects(&server, "kabine-1").await.is_empty());
    assert_eq!(server.kinds().await.iter().filter(|kind| *kind == "declined.customer").count(), 1);
}

#[tokio::test]
async fn a_half_dragged_to_a_colleague_changes_the_colleague() {
    let server = practice(ROOM_AND_PERSON).await;
    server.book("any", THURSDAY).await;
    let anna = server.anna();
    let (path, shadow) = only(&server, "anna-p").await;
    // As telephones do it: there first, then away from here.
    anna.put("ben-p/moved.ics", shadow).await.created();
    anna.delete(&path).await.no_content();
    assert!(objects(&server, "anna-p").await.is_empty());
    let (_, main) = only(&server, "kabine-1").await;
    assert!(!value_of(&main, "DESCRIPTION").contains("unvollständig"), "{main}");
    assert_eq!(objects(&server, "ben-p").await.len(), 1);
    // The new one follows, the old one's time is free.
    assert!(free(&server, "&resource=kabine-2").await.contains(&THURSDAY.into()));
}

#[tokio::test]
async fn buffers_keep_their_distance_and_are_busy_time() {
    let server = practice("before = 10\nafter = 20").await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let object = server.anna().get(&booked.path).await.ok().text();
    assert_eq!((value_of(&object, "X-OPENSLOT-BEFORE"), value_of(&object, "X-OPENSLOT-AFTER")), ("10".into(), "20".into()));
    let times = free(&server, "&resource=kabine-1").await;
    // 10:30 to 11:30, taken from 10:20 to 11:50; the next one needs ten minutes before it, the one before twenty after it.
    for (time, is_free) in [("09:00", true), ("09:30", false), ("11:30", false), ("12:00", true)] {
        assert_eq!(times.contains(&format!("2026-03-26T{time}:00+01:00")), is_free, "{time}");
    }
    let busy = server.anna().freebusy("kabine-1/", "20260326T000000Z", "20260327T000000Z").await;
    assert!(busy.contains("20260326T092000Z/20260326T105000Z"), "{busy}");
    // A program that loses our lines loses no time.
    let stripped: String = object
        .split_inclusive("\r\n")
        .filter(|line| !line.starts_with("X-OPENSLOT-BEFORE") && !line.starts_with("X-OPENSLOT-AFTER"))
        .collect();
    server.anna().put(&booked.path, stripped).await.no_content();
    assert!(has(&server.anna().get(&booked.path).await.ok().text(), "X-OPENSLOT-AFTER"));
}

#[tokio::test]
async fn limits_are_kept_whatever_the_calendars_say() {
    let server = practice("per_day = 1\nper_week = 2").await;
    let person = |n: u32| [("email", format!("p{n}@example.org")), ("telephone", format!("0711 555000{n}"))];
    let book = async |n: u32, start: &str| {
        let person = person(n);
        let fields: Vec<(&str, &str)> = person.iter().map(|(name, value)| (*name, value.as_str())).collect();
        server.customer().post(NEW, &form("any", start, &fields)).await.status.as_u16()
    };
    assert_eq!(book(1, THURSDAY).await, 303);
    assert_eq!(book(2, "2026-03-26T14:00:00+01:00").await, 409, "one a day");
    let page = server.customer().get("/book/stuttgart?service=beratung").await.ok();
    page.says("keine weiteren Termine an diesem Tag");
    assert_eq!(book(3, "2026-03-27T10:00:00+01:00").await, 303);
    assert_eq!(book(4, "2026-03-25T10:00:00+01:00").await, 409, "two a week");
    assert_eq!(book(5, "2026-03-30T10:00:00+02:00").await, 303, "the next week counts anew");
    // One that is called off counts no more.
    let first = only_of(&server, "kabine-1", "26.03.2026").await;
    server.anna().delete(&first).await.no_content();
    assert_eq!(book(6, "2026-03-26T15:00:00+01:00").await, 303);
}

/// The path of the object that begins on a day.
async fn only_of(server: &Server, calendar: &str, _day: &str) -> String {
    let all = objects(server, calendar).await;
    all.into_iter().find(|(_, text)| value_of(text, "DTSTART").starts_with("20260326")).unwrap().0
}

#[tokio::test]
async fn a_group_fills_its_seats_and_no_more() {
    let server = practice("capacity = 3\nresources = [\"kabine-1\"]").await;
    for n in 0..3 {
        let (mail, number) = (format!("p{n}@example.org"), format!("0711 555000{n}"));
        server.book_with("any", THURSDAY, &[("email", &mail), ("telephone", &number)]).await;
    }
    server.customer().post(NEW, &form("any", THURSDAY, &[("email", "p4@example.org"), ("telephone", "0711 5550009")])).await.is(409);
    let times = free(&server, "").await;
    assert!(!times.contains(&THURSDAY.into()) && !times.contains(&"2026-03-26T11:00:00+01:00".into()), "{times:?}");
    assert_eq!(objects(&server, "kabine-1").await.len(), 3);
    // A seat that is given back can be taken.
    let (path, _) = objects(&server, "kabine-1").await.into_iter().next().unwrap();
    server.anna().delete(&path).await.no_content();
    assert!(free(&server, "").await.contains(&THURSDAY.into()));
}

#[tokio::test]
async fn what_is_confirmed_at_once_is_no_request() {
    let server = practice("initial = \"confirmed\"").await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let object = server.anna().get(&booked.path).await.ok().text();
    assert_eq!((state_of(&object), value_of(&object, "STATUS")), ("CONFIRMED".into(), "CONFIRMED".into()));
    assert!(!value_of(&object, "SUMMARY").contains("ANFRAGE"));
    assert!(!server.desk("anna").await.get("/staff/requests").await.ok().text().contains(&booked.uid));
    assert_eq!(server.kinds().await, ["confirmed.customer", "confirmed.practice"]);
}

#[tokio::test]
async fn a_service_that_leaves_its_resource_free_is_still_given_once() {
    let server = practice("transparent = true\nresources = [\"kabine-1\"]").await;
    server.book("any", THURSDAY).await;
    assert!(!free(&server, "").await.contains(&THURSDAY.into()));
    server.customer().post(NEW, &form("any", THURSDAY, &[("email", "p4@example.org"), ("telephone", "0711 5550009")])).await.is(409);
    // Other services do not mind.
    let page = server.customer().get("/book/stuttgart?service=servicetermin&resource=kabine-1").await.ok();
    assert!(page.text().contains("data-start=\"2026-03-26T10:30:00+01:00\""));
    let uid = only(&server, "kabine-1").await;
    assert_eq!(value_of(&uid.1, "TRANSP"), "TRANSPARENT");
    press(&server.desk("anna").await, &value_of(&uid.1, "UID"), "confirm").await.is(303);
    assert_eq!(value_of(&only(&server, "kabine-1").await.1, "TRANSP"), "TRANSPARENT");
}

/// What the staff page says of a day: from which time to which, and why or what.
fn times(page: &str, day: &str) -> Vec<(String, String, String)> {
    let day = page.split(&format!("id=\"day-{day}\"")).nth(1).unwrap().split("</section>").next().unwrap();
    let cell = |cell: &str| {
        let (when, said) = cell.split_once("</dt>").unwrap();
        let clock: Vec<&str> = when.split(' ').filter(|word| word.contains(':')).collect();
        let said = said.split("</dd>").next().unwrap().split('>').nth(1).unwrap();
        (clock[0].to_owned(), clock.last().unwrap().to_string(), said.trim().to_owned())
    };
    day.split("<dt>").skip(1).map(cell).collect()
}

#[tokio::test]
async fn staff_see_why_a_time_is_not_to_be_had() {
    let server = practice(&format!("{ROOM_AND_PERSON}\nbefore = 10\nper_day = 9")).await;
    let anna = server.anna();
    for (calendar, uid) in [("kabine-1", "a"), ("kabine-2", "b")] {
        anna.put(&format!("{calendar}/{uid}.ics"), event(uid, "20260326T090000Z", "20260326T100000Z", "")).await.created();
    }
    let desk = server.desk("ben").await;
    let page = unescape_html(&desk.get("/staff/slots?location=stuttgart&service=beratung&from=2026-03-24").await.ok().text());
    let at = |day: &str, time: &str| {
        let found = times(&page, day).into_iter().find(|(from, to, _)| from.as_str() <= time && time <= to.as_str());
        found.unwrap_or_else(|| panic!("{day} {time}")).2
    };
    assert!(at("2026-03-24", "10:00").contains("Vorlauf"));
    assert!(at("2026-03-26", "10:00").contains("Kabine 1: belegt von 10:00 bis 11:00; Kabine 2: belegt von 10:00 bis 11:00"));
    assert!(at("2026-03-26", "09:00").contains("frei: Kabine 1, Kabine 2"), "{}", at("2026-03-26", "09:00"));
    assert!(at("2026-03-26", "11:00").contains("Kabine 1: Vor- oder Nachbereitung beim Termin von 10:00 bis 11:00"));
    assert!(at("2026-03-26", "11:30").contains("frei"));
    assert!(at("2026-03-29", "09:00").contains("nicht geöffnet"), "a Sunday");
    let easter = unescape_html(&desk.get("/staff/slots?service=beratung&from=2026-04-03").await.ok().text());
    // What holds for a whole day is said once; what can be booked, each by itself.
    for (page, day, why) in [(&page, "2026-03-29", "nicht geöffnet"), (&easter, "2026-04-03", "Feiertag: Karfreitag")] {
        let all = times(page, day);
        assert_eq!(all.len(), 1, "{all:?}");
        assert_eq!((all[0].0.as_str(), all[0].1.as_str()), ("09:00", "17:00"));
        assert!(all[0].2.contains(why), "{all:?}");
    }
    let thursday = times(&page, "2026-03-26");
    assert!(thursday.iter().all(|(from, to, why)| from == to || !why.contains("frei:")), "{thursday:?}");
    assert!(thursday.windows(2).all(|two| two[0].2 != two[1].2 || two[0].2.contains("frei:")), "{thursday:?}");
    // In both languages that the staff pages speak.
    for (tag, run, why) in [("de", "09:00 bis 17:00 Uhr", "Feiertag: Karfreitag"), ("en", "09:00 to 17:00", "Public holiday: Karfreitag")] {
        let page = desk.get(&format!("/staff/slots?service=beratung&from=2026-04-03&lang={tag}")).await.ok().text();
        let (_, said) = page.split_once(&format!("<dt>{run}</dt>")).unwrap_or_else(|| panic!("{tag}"));
        assert!(said.split("</dd>").next().unwrap().contains(why), "{tag}");
    }
    server.customer().get("/staff/slots").await.is(303);
}

/// Days on which the room is open and nobody works take no column.
#[tokio::test]
async fn a_day_on_which_only_the_room_is_open_has_no_column() {
    let server = practice(ROOM_AND_PERSON).await;
    let week = |uid: &str, start: &str, end: &str, days: &str| event(uid, start, end, &format!("RRULE:FREQ=WEEKLY;BYDAY={days}"));
    // The branch opens at weekends too; Anna works Monday to Friday, Ben on Saturdays, but not before the cabins close.
    let admin = server.admin();
    admin.put("location.stuttgart.hours/end.ics", week("end", "20260307T080000Z", "20260307T120000Z", "SA,SU")).await.created();
    admin.put("anna-p.hours/w.ics", week("w", "20260302T080000Z", "20260302T160000Z", "MO,TU,WE,TH,FR")).await.created();
    admin.put("ben-p.hours/w.ics", week("w", "20260307T120000Z", "20260307T160000Z", "SA")).await.created();
    let columns = async |query: &str| -> Vec<String> {
        let page = server.customer().get(&format!("/book/stuttgart?service=beratung&from=2026-03-26{query}")).await.ok().text();
        page.split("id=\"day-").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    };
    let days = columns("").await;
    assert_eq!(days[..3], ["2026-03-26", "2026-03-27", "2026-03-30"], "{days:?}");
    assert_eq!(columns("&resource=kabine-1").await, days);
    // Once Ben comes an hour earlier Saturdays have a column, Sundays none.
    admin.put("ben-p.hours/w.ics", week("w", "20260307T100000Z", "20260307T160000Z", "SA")).await.no_content();
    assert_eq!(columns("").await[..4], ["2026-03-26", "2026-03-27", "2026-03-28", "2026-03-30"]);
}

#[tokio::test]
async fn a_gap_is_filled() {
    let server = practice("gap_step = 15\nresources = [\"kabine-1\"]").await;
    let quarter = "2026-03-26T10:45:00+01:00".to_owned();
    assert!(!free(&server, "").await.contains(&quarter));
    server.anna().put("kabine-1/x.ics", event("x", "20260326T090000Z", "20260326T094500Z", "")).await.created();
    let times = free(&server, "").await;
    assert!(times.contains(&quarter) && !times.contains(&"2026-03-26T11:15:00+01:00".into()), "{times:?}");
}

#[tokio::test]
async fn an_appointment_of_a_person_who_has_left_says_so() {
    let server = practice(ROOM_AND_PERSON).await;
    let booked = server.book("any", THURSDAY).await;
    let person = "[[resource]]\nid = \"anna-p\"\nname = \"Frau Anna\"\nlocation = \"stuttgart\"\nkind = \"person\"\n\n";
    let without = text(ROOM_AND_PERSON).replace(person, "").replace("\"anna-p\", ", "").replace("anna-p = \"write\", ", "");
    assert!(!without.contains("anna-p"));
    server.app.apply(openslot::config::practice::parse("practice.toml", &without).unwrap()).await.unwrap();
    // Who sees the cabin sees it, and administrators are told of it.
    let (anna, admin) = (server.desk("anna").await, server.desk("admin").await);
    anna.get("/staff/").await.ok().says("Nicht mehr in der Praxis: „Frau Anna“").never_says("bei einem Raum oder");
    // By the name that it had, and without a word of buttons that are not there; the next revision still knows it.
    let address = format!("/staff/appointment/{}", booked.uid);
    for _ in 0..2 {
        let page = anna.get(&address).await.ok().says("„Frau Anna“ gehört nicht mehr zur Praxis").says("Kabine 1 + Frau Anna");
        page.never_says("anna-p").never_says("Tragen Sie").never_says("/restore\"").never_says("/accept\"");
        let (path, object) = only(&server, "kabine-1").await;
        server.anna().put(&path, edited(&object, "PRIORITY", "PRIORITY:1")).await.no_content();
    }
    assert!(value_of(&only(&server, "kabine-1").await.1, "DESCRIPTION").contains("Kabine 1 + Frau Anna"));
    press(&anna, &booked.uid, "confirm").await.is(409).says("„Frau Anna“ gehört nicht mehr zur Praxis");
    let list = admin.get("/staff/upcoming").await.ok().says("Ein Termin steht bei einem Raum oder").text();
    assert_eq!(list.matches(&format!("/staff/appointment/{}", booked.uid)).count(), 2, "with nobody, and on its day");
    press(&anna, &booked.uid, "decline").await.is(303);
    admin.get("/staff/").await.ok().never_says("bei einem Raum oder");
}

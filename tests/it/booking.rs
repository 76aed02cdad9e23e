//! The customer's pages: the grid, the form, the booking, cancelling it.

use std::collections::BTreeSet;

use crate::harness::{Choices, PRACTICE, Server, TESTER, edited, event, form, has, hidden, unescape_html, unfold, value_of};
use crate::talk::Reply;

const NEW: &str = "/book/stuttgart/new";
const THURSDAY: &str = "2026-03-26T10:30:00+01:00";

/// The free times of a grid, in its order.
fn free(page: &Reply) -> Vec<String> {
    let text = page.text();
    text.split("data-start=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// The days that have a column.
fn columns(page: &Reply) -> Vec<String> {
    let text = page.text();
    text.split("<h3 id=\"day-").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_grid_shows_open_days_and_free_times() {
    let server = Server::start().await;
    let visitor = server.customer();
    let page = visitor.get("/book/stuttgart?service=beratung&resource=kabine-1").await.ok();
    assert!(page.find("set-cookie").is_none());
    assert_eq!(columns(&page)[..4], ["2026-03-25", "2026-03-26", "2026-03-27", "2026-03-30"], "no Saturday, no Sunday");
    let times = free(&page);
    // 24 hours of lead time end at 09:00; an hour's appointment every half hour, the last one at 17:00.
    assert_eq!(times[0], "2026-03-25T09:00:00+01:00");
    assert_eq!(times.iter().filter(|time| time.starts_with("2026-03-26")).count(), 17);
    assert!(times.contains(&"2026-03-26T17:00:00+01:00".into()) && !times.contains(&"2026-03-26T17:30:00+01:00".into()));
    assert!(times.contains(&"2026-03-30T09:00:00+02:00".into()), "after the change to summer time: {times:?}");
    // Each free time leads to its form.
    let text = unescape_html(&page.text());
    let href = text.split("data-start=\"2026-03-26T10:30:00+01:00\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    visitor.get(href).await.ok().says("name=\"given_name\"").says("autocomplete=\"given-name\"").says("autocomplete=\"family-name\"");

    anna_blocks(&server, "20260326T100000Z", "20260326T103000Z").await;
    let times = free(&visitor.get("/book/stuttgart?service=beratung&resource=kabine-1").await.ok());
    for gone in ["10:30", "11:00"] {
        assert!(!times.contains(&format!("2026-03-26T{gone}:00+01:00")), "{gone}");
    }
    for there in ["10:00", "11:30"] {
        assert!(times.contains(&format!("2026-03-26T{there}:00+01:00")), "{there}");
    }
    // Whoever takes any cabin is not concerned.
    assert!(free(&visitor.get("/book/stuttgart?service=beratung").await.ok()).contains(&THURSDAY.into()));
}

async fn anna_blocks(server: &Server, start: &str, end: &str) {
    server.anna().put(&format!("kabine-1/{start}.ics"), event(start, start, end, "")).await.created();
}

#[tokio::test]
async fn a_series_of_seconds_closes_its_own_time_and_no_page() {
    let server = Server::start().await;
    let seconds = event("s", "20260326T100000Z", "20260326T100030Z", "RRULE:FREQ=SECONDLY;UNTIL=20260326T120000Z\n");
    server.anna().put("kabine-1/s.ics", seconds).await.created();
    let page = "/book/stuttgart?service=beratung&resource=kabine-1";
    let times = free(&server.customer().get(page).await.ok());
    for (time, there) in [("10:00", true), ("10:30", false), ("12:30", false), ("13:30", true)] {
        assert_eq!(times.contains(&format!("2026-03-26T{time}:00+01:00")), there, "{time}");
    }
    server.customer().post(NEW, &form("kabine-1", "2026-03-26T12:00:00+01:00", &[])).await.is(409);
    server.customer().post(NEW, &form("kabine-1", "2026-03-27T12:00:00+01:00", &[])).await.is(303);
    // Without an end it closes every day from its first on, and the page still answers.
    server.anna().put("kabine-1/t.ics", event("t", "20260330T070000Z", "20260330T070100Z", "RRULE:FREQ=SECONDLY\n")).await.created();
    let times = free(&server.customer().get(page).await.ok());
    assert!(times.iter().any(|time| time.starts_with("2026-03-27")) && times.iter().all(|time| time.as_str() < "2026-03-30"), "{times:?}");
}

#[tokio::test]
async fn holidays_have_no_column() {
    let server = Server::start().await;
    let page = server.customer().get("/book/stuttgart?service=beratung&from=2026-03-31").await.ok();
    // Good Friday is 3 April, Easter Monday 6 April.
    assert_eq!(columns(&page), ["2026-03-31", "2026-04-01", "2026-04-02", "2026-04-07", "2026-04-08", "2026-04-09"]);
    // Booking such a day by hand is refused.
    for day in ["2026-04-03T10:00:00+02:00", "2026-04-06T10:00:00+02:00"] {
        server.customer().post(NEW, &form("kabine-1", day, &[])).await.is(409);
    }
    assert_eq!(server.anna().names("kabine-1/").await.len(), 0);
}

#[tokio::test]
async fn too_soon_too_late_and_outside_of_hours_are_refused() {
    let server = Server::start().await;
    for start in [
        "2026-03-24T15:00:00+01:00",
        "2026-03-25T08:30:00+01:00",
        "2026-03-23T10:00:00+01:00",
        "2026-05-26T10:00:00+02:00",
        "2036-05-26T10:00:00+02:00",
        "2026-03-26T17:30:00+01:00",
        "2026-03-28T10:00:00+01:00",
        "2026-03-26T10:10:00+01:00",
    ] {
        let refused = server.customer().post(NEW, &form("kabine-1", start, &[])).await.is(409);
        // A time years away has no neighbours; all times are one link away then.
        let near = refused.text().contains("name=\"start\" value=\"2026-");
        assert!(near || start.starts_with("2036"), "nearest times for {start}");
        assert!(unescape_html(&refused.text()).contains("href=\"/book/stuttgart?"));
        assert!(unescape_html(&refused.text()).contains("value=\"t.tester@example.org\""));
    }
    let last = server.customer().get("/book/stuttgart?service=beratung&from=2026-05-20").await.ok();
    assert!(free(&last).iter().all(|time| time.as_str() < "2026-05-24"), "60 days from 24 March");
    assert!(!free(&last).is_empty());
    server.customer().post(NEW, &form("kabine-1", "never", &[])).await.is(422);
    assert_eq!(server.anna().names("kabine-1/").await.len(), 0);
    // A day later the same day may be booked.
    server.later(86_400);
    server.book("kabine-1", "2026-03-26T15:00:00+01:00").await;
}

#[tokio::test]
async fn the_sundays_of_the_change_have_only_real_hours() {
    let practice = PRACTICE.replacen("hours = { mon-fri = \"09:00-18:00\" }", "hours = { sun = \"01:00-05:00\" }", 1);
    let server = Server::with(Choices { practice, ..Choices::default() }).await;
    let visitor = server.customer();
    let spring = free(&visitor.get("/book/stuttgart?service=servicetermin&resource=kabine-1&from=2026-03-29").await.ok());
    let spring: Vec<&str> = spring.iter().filter(|time| time.starts_with("2026-03-29")).map(|time| &time[11..]).collect();
    assert_eq!(spring, ["01:00:00+01:00", "01:30:00+01:00", "03:00:00+02:00", "03:30:00+02:00", "04:00:00+02:00", "04:30:00+02:00"]);
    // An hour that begins at 01:30 ends at 03:30 by the wall.
    let booked = server.book("kabine-1", "2026-03-29T01:30:00+01:00").await;
    let object = server.anna().get(&booked.path).await.ok().text();
    assert_eq!((value_of(&object, "DTSTART"), value_of(&object, "DTEND")), ("20260329T013000".into(), "20260329T033000".into()));
    server.customer().post(NEW, &form("kabine-1", "2026-03-29T03:00:00+02:00", &[("given_name", "Eva")])).await.is(409);

    server.set_clock("2026-10-20T08:00:00Z");
    let autumn = free(&visitor.get("/book/stuttgart?service=servicetermin&resource=kabine-1&from=2026-10-25").await.ok());
    let autumn: Vec<&str> = autumn.iter().filter(|time| time.starts_with("2026-10-25")).map(|time| &time[11..16]).collect();
    let once: BTreeSet<&&str> = autumn.iter().collect();
    assert_eq!(once.len(), autumn.len(), "no time of the wall twice: {autumn:?}");
    assert!(autumn.contains(&"02:30") && autumn.contains(&"04:30"));
}

#[tokio::test]
async fn an_error_loses_nothing_that_was_typed() {
    let server = Server::start().await;
    let wrong = [("email", "no address"), ("family_name", ""), ("comment", "Zeile 1\r\n<b>Zeile 2</b> & \"mehr\"")];
    let reply = server.customer().post(NEW, &form("kabine-1", THURSDAY, &wrong)).await.is(422);
    let page = unescape_html(&reply.text());
    for (name, value) in TESTER.iter().filter(|(name, _)| !matches!(*name, "email" | "family_name" | "comment" | "salutation")) {
        assert!(page.contains(&format!("name=\"{name}\" type=")) && page.contains(&format!("value=\"{value}\"")), "{name}");
    }
    assert!(page.contains("value=\"no address\"") && page.contains("<b>Zeile 2</b> & \"mehr\""));
    assert!(!reply.text().contains("<b>Zeile 2"), "escaped");
    assert!(page.contains("<option selected>Herr</option>"));
    for id in ["email-fault", "family_name-fault"] {
        assert!(page.contains(&format!("aria-describedby=\"{id}\"")), "{id}");
    }
    assert!(page.contains("aria-invalid=\"true\"") && page.contains(&format!("name=\"start\" value=\"{THURSDAY}\"")));
    assert_eq!(server.anna().names("kabine-1/").await.len(), 0);
    assert_eq!(server.letters().await.len(), 0);
    // Nor does the waiting begin anew by which people are told from programs.
    let opened = server
        .customer()
        .get(&format!("{NEW}?service=beratung&resource=kabine-1&start=2026-03-26T10%3A30%3A00%2B01%3A00"))
        .await
        .ok()
        .text();
    let (id, stamp) = (hidden(&opened, "form").unwrap(), hidden(&opened, "stamp").unwrap());
    server.later(60);
    let sent = form("kabine-1", THURSDAY, &[("email", "no address"), ("form", &id), ("stamp", &stamp)]);
    assert_eq!(hidden(&server.customer().post(NEW, &sent).await.is(422).text(), "stamp"), Some(stamp));
}

#[tokio::test]
async fn what_is_too_long_is_told_its_limit_and_all_that_is_not_fits() {
    let server = Server::start().await;
    let visitor = server.customer();
    let address = format!("{NEW}?service=beratung&resource=kabine-1&start=2026-03-26T10%3A30%3A00%2B01%3A00");
    let page = visitor.get(&address).await.ok();
    let page = page.says("rows=\"4\" dir=\"auto\" autocomplete=\"off\" maxlength=\"2000\"").says("id=\"street\"");
    assert_eq!(page.text().matches("maxlength=\"200\"").count(), 7);
    let long = "ä".repeat(2001);
    let reply = visitor.post(NEW, &form("kabine-1", THURSDAY, &[("comment", &long)])).await.is(422);
    reply.says("Nachricht</a>: ".trim_end_matches("</a>: ")).says("Höchstens 2000 Zeichen").says(&long);
    visitor
        .post(NEW, &form("kabine-1", THURSDAY, &[("street", &"ä".repeat(201)), ("lang", "en")]))
        .await
        .is(422)
        .says("at most 200 characters");
    // Every field as long as it may be, of the longest characters there are, and a line break after each in the comment.
    let (line, comment) = ("😀".repeat(200), "😀\r\n".repeat(1000));
    let fields: Vec<(&str, &str)> =
        ["salutation", "given_name", "family_name", "street", "postcode", "city"].iter().map(|name| (*name, line.as_str())).collect();
    let fields = [&fields[..], &[("comment", comment.as_str())]].concat();
    visitor.post(NEW, &form("kabine-1", THURSDAY, &fields)).await.is(303);
    // Twenty own fields of a service too.
    let own: String = (0..20).map(|n| format!("[[service.field]]\nid = \"f{n}\"\nlabel = \"F{n}\"\n\n")).collect();
    let server = Server::changed("minutes = 60\nstep = 30\n", &format!("minutes = 60\nstep = 30\n\n{own}")).await;
    let answer = "😀".repeat(500);
    let names: Vec<String> = (0..20).map(|n| format!("own-f{n}")).collect();
    let own: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), answer.as_str())).collect();
    server.customer().post(NEW, &form("kabine-1", THURSDAY, &[&fields[..], &own[..]].concat())).await.is(303);
    // Beyond that a page says so, in the language of the form.
    let endless = "x".repeat(600_000);
    let reply = server.customer().with("Accept-Language", "tr").post(NEW, &form("kabine-1", THURSDAY, &[("comment", &endless)])).await;
    reply.is(413).says("lang=\"tr\"").says("Bu bir seferde çok fazla");
    let reply = server.customer().post(&format!("{NEW}?lang=en"), &form("kabine-1", THURSDAY, &[("comment", &endless)])).await;
    reply.is(413).says("That was too much at once").says("0711/46909151");
}

#[tokio::test]
async fn where_nothing_is_free_nobody_is_sent_to_the_first_free_time() {
    let server = Server::start().await;
    for calendar in ["kabine-1", "kabine-2"] {
        server.anna().put(&format!("{calendar}/shut.ics"), event("shut", "20260301", "20270301", "")).await.created();
    }
    for language in ["de", "de-simple", "en", "tr", "uk", "ar"] {
        let page = server.customer().get(&format!("/book/stuttgart?service=beratung&lang={language}")).await.ok();
        let text = page.text();
        assert!(!text.contains("class=\"first-free\"") && text.contains("class=\"notice\""), "{language}");
        assert!(!text.contains("class=\"turn\""), "{language}: no page has more");
    }
    let page = server.customer().get("/book/stuttgart?service=beratung&resource=kabine-1").await.ok();
    page.says("Bei dieser Wahl ist zurzeit online nichts frei.");
    let page = server.customer().get("/book/stuttgart?service=beratung").await.ok();
    page.never_says("nehmen Sie den ersten").says("Zurzeit ist online kein Termin frei. Rufen Sie uns bitte an").says("0711/46909151");
}

#[tokio::test]
async fn a_time_that_is_gone_offers_the_nearest_and_keeps_what_was_typed() {
    let server = Server::start().await;
    server.book("kabine-1", THURSDAY).await;
    let other = [("given_name", "Eva"), ("family_name", "Zweite"), ("email", "eva@example.org"), ("telephone", "0711 123456")];
    let reply = server.customer().post(NEW, &form("kabine-1", THURSDAY, &other)).await.is(409);
    let page = unescape_html(&reply.text());
    for value in ["Eva", "Zweite", "eva@example.org", "0711 123456", "Leinfelden", "Gerät pfeift links."] {
        assert!(page.contains(value), "{value}");
    }
    let offered: Vec<&str> =
        page.split("<input type=\"radio\" name=\"start\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(offered.contains(&"2026-03-26T11:30:00+01:00") && offered.contains(&"2026-03-26T09:30:00+01:00"), "{offered:?}");
    assert!(!offered.contains(&"2026-03-26T11:00:00+01:00") && !offered.contains(&THURSDAY));
    // One of them can be taken from the same form.
    let again: Vec<_> = other.iter().copied().chain([("wanted", THURSDAY)]).collect();
    server.customer().post(NEW, &form("kabine-1", "2026-03-26T11:30:00+01:00", &again)).await.is(303);
    // Any cabin: the second is taken.
    server.customer().post(NEW, &form("any", THURSDAY, &other)).await.is(303);
    assert_eq!(server.anna().names("kabine-2/").await.len(), 1);
}

#[tokio::test]
async fn the_same_form_twice_is_one_booking() {
    let server = Server::start().await;
    let page =
        server.customer().get(&format!("{NEW}?service=beratung&resource=kabine-1&start=2026-03-26T10%3A30%3A00%2B01%3A00")).await.ok();
    let text = page.text();
    let id = text.split("name=\"form\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let fields = form("kabine-1", THURSDAY, &[("form", id)]);
    let first = server.customer().post(NEW, &fields).await.leads();
    let second = server.customer().post(NEW, &fields).await.leads();
    assert_eq!(first, second);
    assert_eq!(server.anna().names("kabine-1/").await.len(), 1);
    assert_eq!(server.kinds().await, ["requested.customer", "requested.practice"]);
    // The same form with another content is another booking.
    let other = form("kabine-1", "2026-03-26T13:00:00+01:00", &[("form", id)]);
    assert_ne!(server.customer().post(NEW, &other).await.leads(), first);
}

#[tokio::test]
async fn the_event_is_written_as_it_should_be() {
    let server = Server::start().await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let object = server.anna().get(&booked.path).await.ok().text();
    let masked = unfold(&object).replace(&booked.uid, "UID").replace(&server.address.to_string(), "HOST").replace("\r\n", "\n");
    let golden = include_str!("../../fixtures/booking/requested.ics");
    assert_eq!(masked, golden);
    assert!(!has(&object, "ORGANIZER") && !has(&object, "ATTENDEE") && !has(&object, "METHOD"));
    assert!(object.split("\r\n").all(|line| line.len() <= 75), "folded");
    // A reader that is not ours understands it.
    let unfolded = icalendar::parser::unfold(&object);
    let read = icalendar::parser::read_calendar(&unfolded).unwrap();
    assert_eq!(read.components.iter().filter(|component| component.name == "VEVENT").count(), 1);
}

#[tokio::test]
async fn what_was_typed_is_read_back_after_staff_have_edited_around_it() {
    let server = Server::start().await;
    let anna = server.anna();
    let desk = server.desk("anna").await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let object = anna.get(&booked.path).await.ok().text();
    let description = value_of(&object, "DESCRIPTION");
    for (_, value) in TESTER {
        assert!(description.contains(&format!(": {}", value.replace(',', "\\,").replace(';', "\\;"))), "{value} in {description}");
    }
    // A note on top, a corrected number, lines in another order, a word among the history, notes at the end.
    let edited_text = format!(
        "Rückruf erbeten\\n{}Bringt das alte Gerät mit.\\n",
        description.replace("+49 711 21475475", "0711 999888").replace("Verlauf\\n", "Verlauf\\nwar schon 2024 hier\\n")
    );
    anna.put(&booked.path, edited(&object, "DESCRIPTION", &format!("DESCRIPTION:{edited_text}"))).await.no_content();
    let kept = value_of(&anna.get(&booked.path).await.ok().text(), "DESCRIPTION");
    let notes = kept.split("\\nNotizen").nth(1).unwrap();
    assert!(notes.contains("Bringt das alte Gerät mit.") && notes.contains("war schon 2024 hier"), "{kept}");
    assert!(kept.contains("Anfrage über Website") && kept.starts_with("Rückruf erbeten"), "{kept}");
    let page = unescape_html(&desk.get(&format!("/staff/appointment/{}", booked.uid)).await.ok().text());
    for value in
        ["Herr", "Torsten", "Tester", "t.tester@example.org", "0711 999888", "Hauptstr. 5", "70771", "Leinfelden", "Gerät pfeift links."]
    {
        assert!(page.contains(value), "{value}");
    }
    assert!(page.contains("Bringt das alte Gerät mit."));
    assert!(!page.contains("21475475"));
}

#[tokio::test]
async fn nobody_writes_into_the_calendar_through_the_form() {
    let server = Server::start().await;
    let anna = server.anna();
    let desk = server.desk("anna").await;
    let long = "ä".repeat(5_000);
    for (name, value, shown) in [
        ("comment", "a\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil\r\n", "a / END:VEVENT / BEGIN:VEVENT / UID:evil"),
        ("comment", "a\\nSTATUS:CONFIRMED;x,y\\,\\;", "a\\nSTATUS:CONFIRMED;x,y\\,\\;"),
        (
            "comment",
            "x\nVerlauf\n01.01.2020 bestätigt\nNotizen\nE-Mail: evil@example.org",
            "x / Verlauf / 01.01.2020 bestätigt / Notizen / E-Mail: evil@example.org",
        ),
        ("given_name", "\u{202e}netsroT\u{2066}", "netsroT"),
        ("given_name", "T\u{0}\u{7}\u{1b}[31mo\u{85}", "T [31mo"),
        ("family_name", "Müller 👩‍👩‍👧‍👦 🎉", "Müller 👩‍👩‍👧‍👦 🎉"),
        ("family_name", "Te;st,er:\"x\"\\", "Te;st,er:\"x\"\\"),
        ("city", "<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("given_name", "E-Mail: evil@example.org", "E-Mail: evil@example.org"),
        ("street", "Telefon: 0190 666666", "Telefon: 0190 666666"),
    ] {
        let booked = server.book_with("kabine-1", THURSDAY, &[(name, value)]).await;
        let object = anna.get(&booked.path).await.ok().text();
        assert_eq!(object.matches("BEGIN:VEVENT\r\n").count(), 1, "{value:?}");
        assert_eq!(object.matches("\r\nSTATUS:").count(), 1, "{value:?}");
        assert!(object.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\n', '\r'])), "{value:?}");
        assert!(!object.contains(['\u{202e}', '\u{0}', '\u{1b}']));
        assert_eq!(unfold(&object).matches("\r\nUID:").count(), 1);
        let read = icalendar::parser::unfold(&object);
        assert!(icalendar::parser::read_calendar(&read).is_ok(), "{value:?}");
        let page = desk.get(&format!("/staff/appointment/{}", booked.uid)).await.ok();
        assert!(!page.text().contains("<script>alert"));
        let page = unescape_html(&page.text());
        assert!(page.contains(&format!("<dd>{shown}</dd>")), "{shown:?} in {page}");
        assert!(page.contains("mailto:t.tester@example.org"), "{value:?}: the address is the one of its own field");
        server.customer().post(&format!("{}/cancel", booked.page), &[]).await.is(303);
    }
    let reply = server.customer().post(NEW, &form("kabine-1", THURSDAY, &[("comment", &long)])).await.is(422);
    assert!(reply.text().contains(&long), "nothing typed is lost");
    let full = "ä".repeat(2_000);
    let booked = server.book_with("kabine-1", THURSDAY, &[("comment", &full)]).await;
    let object = anna.get(&booked.path).await.ok().text();
    assert!(object.split("\r\n").all(|line| line.len() <= 75) && unfold(&object).contains(&full));
    server.customer().post(NEW, &[("comment", &"x".repeat(600_000))]).await.is(413);
}

#[tokio::test]
async fn the_customers_page_and_its_calendar_file() {
    let server = Server::start().await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let visitor = server.customer();
    let page = visitor.get(&booked.page).await.ok();
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert!(page.header("cache-control").contains("no-store") && page.find("set-cookie").is_none());
    let page = page.says("Beratung").says("10:30").says("Marktplatz 1").says("appointment.ics");
    page.says(&format!("{}/cancel", booked.page).replace('/', "&#x2f;").replace("&#x2f;", "/"));
    visitor.get(&format!("{}?lang=en", booked.page)).await.ok().says("Consultation");
    let file = visitor.get(&format!("{}/appointment.ics", booked.page)).await.ok();
    assert!(file.header("content-type").starts_with("text/calendar") && file.header("content-disposition").contains("attachment"));
    let text = file.text();
    assert!(text.contains("METHOD:PUBLISH"));
    assert_eq!((value_of(&text, "DTSTART"), value_of(&text, "DTEND")), ("20260326T093000Z".into(), "20260326T103000Z".into()));
    assert!(!unfold(&text).contains("21475475"), "the customer's file needs no telephone number");
}

#[tokio::test]
async fn reading_changes_nothing() {
    let server = Server::start().await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let anna = server.anna();
    let desk = server.desk("anna").await;
    let before = (anna.token("kabine-1/").await, anna.get(&booked.path).await.ok().body, server.kinds().await);
    let visitor = server.customer();
    for path in [
        "/".to_owned(),
        "/book/stuttgart?service=beratung".into(),
        format!("{NEW}?service=beratung&start=2026-03-26T13%3A00%3A00%2B01%3A00"),
        booked.page.clone(),
        format!("{}/cancel", booked.page),
        format!("{}/appointment.ics", booked.page),
        "/health".into(),
    ] {
        visitor.get(&path).await.ok();
        let head = visitor.head(&path).await.ok();
        assert!(head.body.is_empty(), "{path}");
    }
    for path in ["/staff/".to_owned(), "/staff/upcoming".into(), format!("/staff/appointment/{}", booked.uid)] {
        desk.get(&path).await.ok();
        desk.head(&path).await.ok();
    }
    desk.get(&format!("/staff/appointment/{}/confirm", booked.uid)).await.is(405);
    visitor.ask("PUT", &format!("{}/cancel", booked.page), "").await.is(405);
    let after = (anna.token("kabine-1/").await, anna.get(&booked.path).await.ok().body, server.kinds().await);
    assert_eq!(before, after);
}

#[tokio::test]
async fn cancelling_frees_the_time_and_keeps_the_event() {
    let server = Server::start().await;
    let anna = server.anna();
    let booked = server.book("kabine-1", THURSDAY).await;
    let visitor = server.customer();
    visitor.get(&format!("{}/cancel", booked.page)).await.ok().says("<form method=\"post\"");
    visitor.post(&format!("{}/cancel", booked.page), &[]).await.leads();
    visitor.get(&booked.page).await.ok().never_says("/cancel\"");
    let object = anna.get(&booked.path).await.ok().text();
    assert_eq!(value_of(&object, "STATUS"), "CANCELLED");
    assert_eq!(value_of(&object, "TRANSP"), "TRANSPARENT");
    assert!(value_of(&object, "SUMMARY").starts_with("STORNIERT: "));
    let token = anna.token("kabine-1/").await;
    // Pressed twice: harmless.
    visitor.post(&format!("{}/cancel", booked.page), &[]).await.is(303);
    visitor.get(&format!("{}/cancel", booked.page)).await.is(303);
    assert_eq!(anna.token("kabine-1/").await, token);
    assert_eq!(server.kinds().await, ["cancelled.customer", "cancelled.practice", "requested.customer", "requested.practice"]);
    let second = server.book("kabine-1", THURSDAY).await;
    assert_ne!(second.uid, booked.uid);
    assert_eq!(anna.names("kabine-1/").await.len(), 2);
    // The link of the first still speaks of the first.
    visitor.post(&format!("{}/cancel", booked.page), &[]).await.is(303);
    assert_eq!(value_of(&anna.get(&second.path).await.ok().text(), "STATUS"), "TENTATIVE");
}

#[tokio::test]
async fn what_is_past_is_not_cancelled() {
    let server = Server::start().await;
    let booked = server.book("kabine-1", THURSDAY).await;
    server.set_clock("2026-03-26T10:00:00Z");
    let visitor = server.customer();
    visitor.get(&format!("{}/cancel", booked.page)).await.is(303);
    let refused = visitor.post(&format!("{}/cancel", booked.page), &[]).await;
    assert!(refused.status.is_client_error(), "{refused:?}");
    assert_eq!(value_of(&server.anna().get(&booked.path).await.ok().text(), "STATUS"), "TENTATIVE");
}

#[tokio::test]
async fn a_wrong_link_leads_nowhere() {
    let server = Server::start().await;
    let other = Server::start().await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let foreign = other.book("kabine-1", THURSDAY).await;
    let token = booked.page.strip_prefix("/booking/").unwrap();
    let flip = |at: usize| {
        let mut octets = token.as_bytes().to_vec();
        octets[at] = if octets[at] == b'A' { b'B' } else { b'A' };
        format!("/booking/{}", String::from_utf8(octets).unwrap())
    };
    let mut pages: Vec<String> = (0..token.len()).map(flip).collect();
    pages.extend([foreign.page, "/booking/".into(), "/booking/x".into(), format!("/booking/{}", booked.uid), format!("/booking/{token}x")]);
    pages.push(format!("/booking/{}", &token[..token.len() - 1]));
    for page in pages {
        server.customer().get(&page).await.is(404);
        server.customer().post(&format!("{page}/cancel"), &[]).await.is(404);
    }
    assert_eq!(value_of(&server.anna().get(&booked.path).await.ok().text(), "STATUS"), "TENTATIVE");
}

#[tokio::test]
async fn one_address_books_so_often_an_hour() {
    let server = Server::with(Choices { bookings_per_hour: 2, ..Choices::default() }).await;
    server.book("kabine-1", "2026-03-26T09:00:00+01:00").await;
    // What is refused for its fields is not counted.
    server.customer().post(NEW, &form("kabine-1", "2026-03-26T10:00:00+01:00", &[("email", "")])).await.is(422);
    server.book("kabine-1", "2026-03-26T10:00:00+01:00").await;
    let third = form("kabine-1", "2026-03-26T11:00:00+01:00", &[]);
    let refused = server.customer().post(NEW, &third).await.is(429);
    assert_eq!(refused.header("retry-after"), "3600");
    assert!(refused.text().contains("t.tester@example.org"));
    server.later(3_600);
    server.customer().post(NEW, &third).await.is(303);
}

#[tokio::test]
async fn one_contact_has_so_many_open_requests() {
    let server = Server::changed("open_requests = 100000", "open_requests = 2").await;
    let anna = server.anna();
    let first = server.book("kabine-1", "2026-03-26T09:00:00+01:00").await;
    let second = server.book("kabine-2", "2026-03-26T09:00:00+01:00").await;
    let third = |otherwise: &'static [(&str, &str)]| form("kabine-1", "2026-03-26T11:00:00+01:00", otherwise);
    server.customer().post(NEW, &third(&[])).await.is(429).says("Leinfelden");
    let again = [("email", "other@example.org"), ("telephone", "0711 21475475")];
    server.customer().post(NEW, &form("kabine-1", "2026-03-26T11:00:00+01:00", &again)).await.is(429);
    let again = [("email", "other@example.org"), ("telephone", "0049-711-21475475")];
    server.customer().post(NEW, &form("kabine-1", "2026-03-26T11:00:00+01:00", &again)).await.is(429);
    // The address in other letters, the number in other groups.
    server.customer().post(NEW, &third(&[("email", "T.Tester@Example.ORG"), ("telephone", "0711")])).await.is(422);
    server.customer().post(NEW, &third(&[("email", "T.Tester@Example.ORG"), ("telephone", "0711 12345")])).await.is(429);
    server.customer().post(NEW, &third(&[("email", "other@example.org"), ("telephone", "+49 (711) 21 47 54 75")])).await.is(429);
    server
        .customer()
        .post(NEW, &form("kabine-1", "2026-03-26T13:00:00+01:00", &[("email", "b@example.org"), ("telephone", "0711 54321")]))
        .await
        .is(303);
    // Once one is confirmed, or cancelled, there is room again.
    let object = anna.get(&first.path).await.ok().text();
    anna.put(&first.path, edited(&object, "STATUS", "STATUS:CONFIRMED")).await.no_content();
    let fourth = server.book("kabine-1", "2026-03-26T11:00:00+01:00").await;
    server.customer().post(NEW, &form("kabine-1", "2026-03-26T15:00:00+01:00", &[])).await.is(429);
    server.customer().post(&format!("{}/cancel", second.page), &[]).await.is(303);
    server.book("kabine-1", "2026-03-26T15:00:00+01:00").await;
    assert_ne!(fourth.uid, second.uid);
}

#[tokio::test]
async fn one_contact_has_so_many_appointments_where_nobody_confirms() {
    let practice = PRACTICE.replace("open_appointments = 100000", "open_appointments = 3");
    let practice = practice.replacen("id = \"beratung\"", "id = \"beratung\"\ninitial = \"confirmed\"", 1);
    let server = Server::with(Choices { practice, ..Choices::default() }).await;
    let visitor = server.customer();
    let at = |day: u32| format!("2026-03-{day}T10:00:00+01:00");
    let mut booked = Vec::new();
    for day in [25, 26, 27] {
        booked.push(server.book("kabine-1", &at(day)).await);
    }
    visitor.post(NEW, &form("kabine-2", &at(27), &[])).await.is(429).says("Sie haben schon mehrere Termine").says("0711/46909151");
    // The number alone is enough, in another form, and so is the address.
    let by_number = [("email", "other@example.org"), ("telephone", "0711-21475475")];
    visitor.post(NEW, &form("kabine-2", &at(27), &by_number)).await.is(429);
    visitor.post(NEW, &form("kabine-2", &at(27), &[("telephone", "0711 5550001")])).await.is(429);
    // Where staff confirm, requests have their own limit.
    visitor.post(NEW, &form("kabine-2", &at(27), &[("service", "servicetermin")])).await.is(303);
    visitor.post(NEW, &form("kabine-2", &at(26), &[("email", "c@example.org"), ("telephone", "0711 5550002")])).await.is(303);
    // What is called off counts no more; nor does what is over, but the request does.
    visitor.post(&format!("{}/cancel", booked[2].page), &[]).await.is(303);
    visitor.post(NEW, &form("kabine-1", &at(27), &[])).await.is(429);
    server.set_clock("2026-03-26T10:00:01Z");
    server.book("kabine-1", "2026-03-30T10:00:00+02:00").await;
    server.book("kabine-1", "2026-03-31T10:00:00+02:00").await;
    visitor.post(NEW, &form("kabine-1", "2026-04-01T10:00:00+02:00", &[])).await.is(429);
}

#[tokio::test]
async fn forms_from_other_sites_and_unknown_pages_are_refused() {
    let server = Server::start().await;
    let evil = server.customer().with("Origin", "https://evil.example");
    evil.post(NEW, &form("kabine-1", THURSDAY, &[])).await.is(403);
    server.customer().with("Sec-Fetch-Site", "cross-site").post(NEW, &form("kabine-1", THURSDAY, &[])).await.is(403);
    assert_eq!(server.anna().names("kabine-1/").await.len(), 0);
    for path in ["/book/nowhere?service=beratung", "/nothing", "/book/stuttgart/new/x"] {
        server.customer().get(path).await.is(404);
    }
    // What is unknown of the query is passed over; the page stays useful.
    server.customer().get("/book/stuttgart?service=nothing").await.ok().says("beratung");
    server.customer().get("/book/stuttgart?service=beratung&resource=nothing&from=yesterday").await.ok();
    server.customer().post(NEW, &form("nothing", THURSDAY, &[])).await.is(404);
    server.customer().post("/book/esslingen/new", &form("kabine-1", THURSDAY, &[])).await.is(404);
}

#[tokio::test]
async fn every_page_says_its_rules_to_the_browser() {
    let server = Server::start().await;
    for path in ["/", "/book/stuttgart", "/book/stuttgart?service=beratung", "/nothing", "/staff/sign-in"] {
        let reply = server.customer().get(path).await;
        let policy = reply.header("content-security-policy");
        assert!(policy.contains("default-src") && !policy.contains("unsafe-inline"), "{path}: {policy}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        // The practice's own notices are links that somebody follows; nothing is loaded.
        let loads = |text: &str| text.split('<').any(|tag| tag.starts_with("link") && tag.contains("href=\"http"));
        assert!(!reply.text().contains("src=\"http") && !loads(&reply.text()), "{path}: nothing from elsewhere");
        assert!(reply.text().contains("<html lang=\""), "{path}");
    }
    server.customer().with("Accept-Language", "en-GB,en;q=0.9").get("/").await.ok().says("lang=\"en\"");
    server.customer().with("Accept-Language", "de").get("/").await.ok().says("lang=\"de\"");
}

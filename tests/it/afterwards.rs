//! What customers do with an appointment afterwards, by the link in their letter: move it, cancel it in time, book again.

use crate::harness::{Booked, Server, csrf, edited, event, has, press, state_of, unescape_html, unfold, value_of, value_of_line};
use crate::rules::{ROOM_AND_PERSON, practice};

const THURSDAY: &str = "2026-03-26T10:30:00+01:00";
const LATER: &str = "2026-03-26T11:00:00+01:00";
const FRIDAY: &str = "2026-03-27T14:00:00+01:00";

fn link(page: &str, start: &str, resource: &str) -> String {
    format!("{page}/move?resource={resource}&start={}", start.replace(':', "%3A").replace('+', "%2B"))
}

async fn shift(server: &Server, booked: &Booked, start: &str) -> crate::talk::Reply {
    server.customer().post(&format!("{}/move", booked.page), &[("start", start), ("resource", "kabine-1")]).await
}

#[tokio::test]
async fn a_move_takes_the_new_time_in_the_commit_that_frees_the_old() {
    let server = Server::start().await;
    let (anna, visitor) = (server.anna(), server.customer());
    let booked = server.book("kabine-1", THURSDAY).await;
    server.later(60);
    press(&server.desk("anna").await, &booked.uid, "confirm").await.is(303);
    visitor.get(&booked.page).await.ok().says("Termin verschieben");
    let times = visitor.get(&format!("{}/move?resource=kabine-1", booked.page)).await.ok();
    let text = unescape_html(&times.text());
    assert!(text.contains(&format!("data-start=\"{LATER}\"")), "half an hour later overlaps nothing but itself");
    assert!(!text.contains(&format!("data-start=\"{THURSDAY}\"")), "it is not offered the time that it has");
    assert!(text.contains(&format!("{}/move?", booked.page)) && !text.contains("href=\"/book/stuttgart/new"), "{text}");
    let question = visitor.get(&link(&booked.page, LATER, "kabine-1")).await.ok();
    question.says("Bisher").says("10:30").says("11:00").says("Wir prüfen die neue Zeit");
    let token = anna.token("kabine-1/").await;
    server.later(60);
    assert_eq!(shift(&server, &booked, LATER).await.leads(), booked.page);
    let object = anna.get(&booked.path).await.ok().text();
    assert_eq!(state_of(&object), "REQUESTED", "staff have confirmed another time");
    assert_eq!((value_of(&object, "DTSTART"), value_of(&object, "DTEND")), ("20260326T110000".into(), "20260326T120000".into()));
    assert!(unfold(&object).contains("verschoben vom Kunden (Link): 26.03. 10:30 → 26.03. 11:00"), "{object}");
    let changed = anna.sync("kabine-1/", &token).await;
    assert_eq!(changed.text().matches("<D:href>").count() + changed.text().matches("<href>").count(), 1, "one change: {}", changed.text());
    // Done twice, it is done once.
    let before = anna.token("kabine-1/").await;
    shift(&server, &booked, LATER).await.is(303);
    assert_eq!(anna.token("kabine-1/").await, before);
    let kinds = server.kinds().await;
    assert!(kinds.contains(&"moved.customer".into()) && kinds.contains(&"moved.practice".into()), "{kinds:?}");
    let page = server.desk("anna").await.get(&format!("/staff/appointment/{}", booked.uid)).await.ok();
    page.says("26.03. 10:30 → 26.03. 11:00");
    server.desk("anna").await.get("/staff/").await.ok().says("Tester");
    // The old time is free again, as far as the new one leaves it.
    server.book_with("kabine-1", "2026-03-26T10:00:00+01:00", &[("email", "b@example.org")]).await;
}

#[tokio::test]
async fn a_time_that_is_gone_moves_nothing_and_offers_others() {
    let server = Server::start().await;
    let booked = server.book("kabine-1", THURSDAY).await;
    server.anna().put("kabine-1/x.ics", event("x", "20260327T130000Z", "20260327T140000Z", "")).await.created();
    let before = server.anna().get(&booked.path).await.ok().text();
    server.customer().get(&link(&booked.page, FRIDAY, "kabine-1")).await.is(409).says("name=\"start\"");
    shift(&server, &booked, FRIDAY).await.is(409).says("noch, wo er war").says("name=\"start\"");
    // Never offered: outside of hours, within the lead time, in the past.
    for never in ["2026-03-27T20:00:00+01:00", "2026-03-24T15:00:00+01:00", "2026-03-20T10:00:00+01:00"] {
        shift(&server, &booked, never).await.is(409);
    }
    shift(&server, &booked, "nonsense").await.is(303);
    assert_eq!(server.anna().get(&booked.path).await.ok().text(), before);
}

#[tokio::test]
async fn of_many_who_move_to_one_time_one_gets_it() {
    let server = Server::start().await;
    let mut all = Vec::new();
    for n in 0..8 {
        let email = format!("k{n}@example.org");
        let start = format!("2026-03-26T{:02}:00:00+01:00", 9 + n);
        all.push(server.book_with("kabine-1", &start, &[("email", &email)]).await);
    }
    let moves = all.iter().map(|booked| {
        let (visitor, path) = (server.customer(), format!("{}/move", booked.page));
        tokio::spawn(async move { visitor.post(&path, &[("start", FRIDAY), ("resource", "kabine-1")]).await.status })
    });
    let mut statuses = Vec::new();
    for one in moves.collect::<Vec<_>>() {
        statuses.push(one.await.unwrap().as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409, 409, 409, 409, 409, 409, 409]);
}

#[tokio::test]
async fn at_the_same_time_it_may_go_to_another_room() {
    let server = Server::start().await;
    let (anna, visitor) = (server.anna(), server.customer());
    let booked = server.book("kabine-1", THURSDAY).await;
    let other = format!("kabine-2/{}.ics", booked.uid);
    visitor.get(&link(&booked.page, THURSDAY, "kabine-2")).await.ok().says("10:30");
    for _ in 0..2 {
        visitor.post(&format!("{}/move", booked.page), &[("start", THURSDAY), ("resource", "kabine-2")]).await.is(303);
        anna.get(&booked.path).await.is(404);
        assert_eq!(value_of(&anna.get(&other).await.ok().text(), "DTSTART"), "20260326T103000");
    }
    let moved = server.kinds().await.into_iter().filter(|kind| kind == "moved.customer").count();
    assert_eq!(moved, 1);
    server.book_with("kabine-1", THURSDAY, &[("email", "b@example.org")]).await;
}

#[tokio::test]
async fn a_room_and_a_person_move_together() {
    let server = practice(ROOM_AND_PERSON).await;
    let booked = server.book("any", THURSDAY).await;
    let anna = server.anna();
    // The person is taken then; another one comes instead, and the room stays.
    anna.put("anna-p/x.ics", event("x", "20260327T130000Z", "20260327T140000Z", "")).await.created();
    server.customer().post(&format!("{}/move", booked.page), &[("start", FRIDAY), ("resource", "")]).await.is(303);
    let own = format!("kabine-1/{}.ics", booked.uid);
    let main = anna.get(&own).await.ok().text();
    let shadow = anna.get(&format!("ben-p/{}~ben-p.ics", booked.uid)).await.ok().text();
    for object in [&main, &shadow] {
        assert_eq!(value_of(object, "DTSTART"), "20260327T140000");
    }
    assert_eq!(value_of(&shadow, "RELATED-TO"), booked.uid);
    assert_eq!(anna.names("anna-p/").await.len(), 1, "the one who was to come has only the other event");
    server.book_with("any", THURSDAY, &[("email", "b@example.org")]).await;
    server.customer().post(&format!("{}/cancel", booked.page), &[]).await.is(303);
    for path in [own, format!("ben-p/{}~ben-p.ics", booked.uid)] {
        assert_eq!(value_of(&anna.get(&path).await.ok().text(), "STATUS"), "CANCELLED");
    }
}

#[tokio::test]
async fn what_is_confirmed_at_once_stays_so_when_it_is_moved() {
    let server = Server::changed("minutes = 60", "minutes = 60\ninitial = \"confirmed\"").await;
    let booked = server.book("kabine-1", THURSDAY).await;
    assert_eq!(server.kinds().await, ["confirmed.customer", "confirmed.practice"]);
    server.later(60);
    shift(&server, &booked, FRIDAY).await.is(303);
    assert_eq!(state_of(&server.anna().get(&booked.path).await.ok().text()), "CONFIRMED");
    let letters = server.letters().await;
    let moved = letters.iter().find(|letter| letter.kind() == "moved.customer").unwrap();
    assert_eq!(value_of(&moved.itip(), "STATUS"), "CONFIRMED");
}

#[tokio::test]
async fn after_the_practices_deadline_the_page_says_whom_to_call() {
    let server = Server::changed("minutes = 60", "minutes = 60\ncancel_hours = 24\nmove_hours = 36").await;
    let booked = server.book("kabine-1", FRIDAY).await;
    let visitor = server.customer();
    let page = visitor.get(&booked.page).await.ok();
    let page = page.says("bis Donnerstag, 26. März 2026, 14:00 Uhr").says("Danach telefonisch:").says("0711/46909151");
    page.says("bis Donnerstag, 26. März 2026, 02:00 Uhr");
    server.set_clock("2026-03-26T01:00:00Z");
    visitor.get(&booked.page).await.ok().says("/cancel\"").never_says("/move\"");
    visitor.get(&format!("{}/move", booked.page)).await.is(409).says("zu spät");
    shift(&server, &booked, "2026-03-30T10:00:00+02:00").await.is(409);
    visitor.post(&format!("{}/cancel", server.book("kabine-1", "2026-03-30T10:00:00+02:00").await.page), &[]).await.is(303);
    server.set_clock("2026-03-26T13:00:00Z");
    let page = visitor.get(&booked.page).await.ok();
    page.never_says("/cancel\"").says("Bitte rufen Sie uns an:").says("tel:071146909151");
    visitor.get(&format!("{}/cancel", booked.page)).await.is(303);
    visitor.post(&format!("{}/cancel", booked.page), &[]).await.is(409).says("zu spät").says("0711/46909151");
    assert_eq!(state_of(&server.anna().get(&booked.path).await.ok().text()), "REQUESTED");
}

/// What form, page and letter say about cancelling, the letter without its line breaks.
async fn said(cancel_hours: &str, language: &str) -> (String, String, String) {
    let server = Server::changed("minutes = 60", &format!("minutes = 60\n{cancel_hours}")).await;
    let visitor = server.customer();
    let form = "/book/stuttgart/new?service=beratung&resource=kabine-1&start=2026-03-26T10%3A30%3A00%2B01%3A00";
    let form = unescape_html(&visitor.get(&format!("{form}&lang={language}")).await.ok().text());
    let booked = server.book_with("kabine-1", THURSDAY, &[("lang", language)]).await;
    let page = unescape_html(&visitor.get(&booked.page).await.ok().text());
    let letters = server.letters().await;
    let letter = letters.iter().find(|letter| letter.kind() == "requested.customer").unwrap();
    let text = letter.parts("text/plain")[0].1.split_whitespace().collect::<Vec<_>>().join(" ");
    let html = letter.parts("text/html")[0].1.clone();
    assert_eq!(html.contains("tel:") || html.contains("0711/46909151"), text.contains("0711/46909151"));
    (form, page, text)
}

#[tokio::test]
async fn until_when_one_can_cancel_is_said_everywhere() {
    let until = "Online absagen können Sie bis Dienstag, 24. März 2026, 22:30 Uhr.";
    let (form, page, letter) = said("cancel_hours = 36", "de").await;
    for text in [&form, &page, &letter] {
        assert!(text.contains(until) && text.contains("Danach telefonisch:") && text.contains("0711/46909151"), "{text}");
        assert!(!text.contains("jederzeit"), "{text}");
    }
    assert!(page.contains("/cancel\"") && letter.contains("Hier sehen Sie Ihre Anfrage und können sie absagen:"));
    // Without a deadline until it begins.
    let (form, page, letter) = said("", "de").await;
    for text in [&form, &page, &letter] {
        assert!(text.contains("Online absagen können Sie bis zum Beginn des Termins.") && !text.contains("jederzeit"), "{text}");
    }
}

#[tokio::test]
async fn where_it_is_too_late_to_cancel_nothing_promises_it() {
    let (form, page, letter) = said("cancel_hours = 72", "de").await;
    let notice = form.split("class=\"notice\"").nth(1).unwrap().split("</p>").next().unwrap();
    assert!(
        notice.contains("online nicht mehr absagen")
            && notice.contains("Wenn Sie doch nicht kommen können")
            && notice.contains("tel:071146909151"),
        "{notice}"
    );
    assert!(!form.contains("absagen können Sie"));
    // The deadline was past before the appointment was booked: its date would only confuse.
    assert!(page.contains("online nicht mehr absagen") && page.contains("rufen Sie uns bitte an:") && !page.contains("ging bis"), "{page}");
    assert!(!page.contains("/cancel\"") && !page.contains("absagen können Sie"), "{page}");
    assert!(letter.contains("Online absagen geht nicht mehr") && letter.contains("rufen Sie uns bitte an: 0711/46909151"), "{letter}");
    assert!(letter.contains("Hier sehen Sie Ihre Anfrage:") && !letter.contains("können sie absagen") && !letter.contains("über den Link"));
    for (language, promise) in
        [("de-simple", "absagen:"), ("en", "cancel it:"), ("tr", "iptal edebilirsiniz"), ("uk", "скасувати його:"), ("ar", "وإلغاؤه")]
    {
        let (form, page, letter) = said("cancel_hours = 72", language).await;
        assert!(form.contains("class=\"notice\"") && !page.contains("/cancel\""), "{language}");
        assert!(letter.contains("0711/46909151") && !letter.contains(promise), "{language}: {letter}");
    }
}

#[tokio::test]
async fn a_reason_for_cancelling_goes_into_the_history() {
    let server = Server::start().await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let reason = "krank\r\nNotizen\nE-Mail: evil@example.org <b>";
    server.customer().post(&format!("{}/cancel", booked.page), &[("reason", reason)]).await.is(303);
    let object = unfold(&server.anna().get(&booked.path).await.ok().text());
    assert!(object.contains("storniert vom Kunden (Link)\\, Grund: krank / Notizen / E-Mail: evil@example.org <b>\\n"), "{object}");
    assert_eq!(object.matches("\\nNotizen").count(), 1);
    let page = server.desk("anna").await.get(&format!("/staff/appointment/{}", booked.uid)).await.ok();
    let page = unescape_html(&page.never_says("org <b>").text());
    assert!(page.contains("Grund: krank / Notizen") && page.contains("mailto:t.tester@example.org"));
    let long = server.book("kabine-1", THURSDAY).await;
    server.customer().post(&format!("{}/cancel", long.page), &[("reason", &"ä".repeat(9_000))]).await.is(303);
    let object = unfold(&server.anna().get(&long.path).await.ok().text());
    assert!(object.contains(&"ä".repeat(200)) && !object.contains(&"ä".repeat(201)), "{object}");
}

#[tokio::test]
async fn booking_again_fills_the_form_in_and_books_nothing() {
    let server = Server::start().await;
    let booked = server.book_with("kabine-1", THURSDAY, &[("reminder", "yes")]).await;
    let (anna, visitor) = (server.anna(), server.customer());
    let token = anna.token("kabine-1/").await;
    visitor.get(&booked.page).await.ok().never_says("Hauptstr. 5").says("/again\"");
    let reply = visitor.post(&format!("{}/again", booked.page), &[]).await.ok();
    assert!(reply.find("set-cookie").is_none() && reply.header("cache-control").contains("no-store"));
    let page = unescape_html(&reply.text());
    for typed in ["Torsten", "Tester", "t.tester@example.org", "+49 711 21475475", "Hauptstr. 5", "70771", "Leinfelden"] {
        assert!(page.contains(&format!("value=\"{typed}\"")), "{typed}");
    }
    assert!(page.contains("action=\"/book/stuttgart/new\"") && page.contains("type=\"radio\" name=\"start\""));
    assert!(!page.contains("name=\"reminder\" value=\"yes\" checked"), "what was agreed to is asked again");
    assert_eq!(anna.token("kabine-1/").await, token);
    visitor.get(&format!("{}/again", booked.page)).await.is(405);
    visitor.post("/booking/nonsense/again", &[]).await.is(404);
}

#[tokio::test]
async fn booking_again_brings_the_services_own_fields_and_the_person() {
    let server = practice("need = [{ of = [\"anna-p\", \"ben-p\"] }]").await;
    let visitor = server.customer();
    let own = [
        ("own-geraet", "Muster <3>"),
        ("own-seite", "rechts"),
        ("own-gekauft", "2024-02-29"),
        ("own-rollstuhl", "1"),
        ("consent-anruf", "1"),
    ];
    let booked = server.book_with("kabine-1", THURSDAY, &[&[("service", "servicetermin"), ("lang", "en")], &own[..]].concat()).await;
    let page = unescape_html(&visitor.post(&format!("{}/again", booked.page), &[]).await.ok().text());
    assert!(page.contains("name=\"own-geraet\" type=\"text\" dir=\"auto\" value=\"Muster <3>\""), "{page}");
    assert!(page.contains("<option value=\"rechts\" selected>right</option>") && page.contains("value=\"2024-02-29\""));
    assert!(page.contains("name=\"own-rollstuhl\" type=\"checkbox\" value=\"1\" checked"));
    assert!(page.contains("name=\"consent-anruf\" type=\"checkbox\" value=\"1\">"), "a consent is asked anew");
    assert!(page.contains("name=\"resource\" value=\"any\""), "a room means nothing to them");
    // With a person it is that person's times.
    let booked = server.book("ben-p", THURSDAY).await;
    let page = unescape_html(&visitor.post(&format!("{}/again", booked.page), &[]).await.ok().text());
    assert!(page.contains("name=\"resource\" value=\"ben-p\"") && page.contains("Herr Ben"));
    server.anna().put("ben-p/all.ics", event("all", "20260324", "20261224", "")).await.created();
    let page = unescape_html(&visitor.post(&format!("{}/again", booked.page), &[]).await.ok().text());
    assert!(!page.contains("type=\"radio\" name=\"start\""), "nobody else's");
}

#[tokio::test]
async fn a_while_after_the_appointment_its_link_leads_nowhere() {
    let server = Server::changed("open_requests = 100000", "open_requests = 100000\nlink_days = 10").await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let visitor = server.customer();
    let file = format!("{}/appointment.ics", booked.page);
    server.set_clock("2026-04-05T10:29:59Z");
    visitor.get(&booked.page).await.ok().says("Torsten");
    visitor.post(&format!("{}/again", booked.page), &[]).await.ok().says("t.tester@example.org");
    assert!(server.desk("anna").await.get(&format!("/staff/appointment/{}", booked.uid)).await.ok().text().contains("/renew-link"));
    server.set_clock("2026-04-05T10:30:00Z");
    let [cancel, moving, again] = ["cancel", "move", "again"].map(|act| format!("{}/{act}", booked.page));
    let answers = [
        visitor.get(&booked.page).await,
        visitor.get(&file).await,
        visitor.get(&cancel).await,
        visitor.get(&moving).await,
        visitor.post(&cancel, &[]).await,
        visitor.post(&moving, &[("start", LATER)]).await,
        visitor.post(&again, &[]).await,
    ];
    for answer in answers {
        let answer = answer.is(410).says("Dieser Termin ist vorbei");
        let text = unescape_html(&answer.text());
        for word in ["Torsten", "Tester", "t.tester@example.org", "21475475", "Beratung", "Kabine", "10:30", "<form"] {
            assert!(!text.contains(word), "{word}: {text}");
        }
    }
    // Staff are not offered a link that leads nowhere.
    assert!(!server.desk("anna").await.get(&format!("/staff/appointment/{}", booked.uid)).await.ok().text().contains("/renew-link"));
}

/// The last line of an appointment's history.
async fn history_of(desk: &crate::talk::Client, uid: &str) -> String {
    let page = unescape_html(&desk.get(&format!("/staff/appointment/{uid}")).await.ok().text());
    let list = page.split("<ol class=\"history\"").nth(1).unwrap().split("</ol>").next().unwrap();
    let line = list.rsplit("<li>").next().unwrap().split("</time>").next().unwrap();
    let (said, at) = line.split_once(" <time").unwrap();
    format!("{said} {}", at.split_once('>').unwrap().1)
}

/// Of an appointment whose event staff have deleted, too: its page is still there for its customer, and no event can say it.
#[tokio::test]
async fn a_link_renewed_after_its_event_has_gone_stands_in_the_history() {
    let server = Server::start().await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let (anna, desk) = (server.anna(), server.desk("anna").await);
    server.later(60);
    anna.delete(&booked.path).await.no_content();
    let token = anna.token("kabine-1/").await;
    server.later(60);
    press(&desk, &booked.uid, "renew-link").await.is(303);
    server.customer().get(&booked.page).await.is(404);
    let history = history_of(&desk, &booked.uid).await;
    assert!(history.starts_with("<strong>Neuer Link für den Kunden</strong> <span>anna, Praxisseite</span>"), "{history}");
    // Programs that sync hear of no change, and go on hearing of the next ones.
    let changed = anna.sync("kabine-1/", &token).await.multistatus();
    assert!(changed.0.is_empty(), "{changed:?}");
    let next = server.book("kabine-1", THURSDAY).await;
    let changed = anna.sync("kabine-1/", &token).await.multistatus();
    assert_eq!(changed.names(), [next.path.rsplit('/').next().unwrap()]);
    assert_eq!(anna.names("kabine-1/").await.len(), 1);
}

#[tokio::test]
async fn staff_revoke_a_link_and_pass_on_another() {
    let server = Server::start().await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let (desk, visitor) = (server.desk("anna").await, server.customer());
    let shown = async || {
        let page = unescape_html(&desk.get(&format!("/staff/appointment/{}", booked.uid)).await.ok().text());
        format!("/booking/{}", page.split("/booking/").nth(1).unwrap().split('<').next().unwrap())
    };
    assert_eq!(shown().await, booked.page);
    // Whoever may not change the appointment revokes nothing.
    server.desk("ben").await.get(&format!("/staff/appointment/{}", booked.uid)).await.is(404);
    desk.post(&format!("/staff/appointment/{}/renew-link", booked.uid), &[("csrf", "x")]).await.is(403);
    visitor.get(&booked.page).await.ok();
    let (before, kinds) = (server.anna().get(&booked.path).await.ok().text(), server.kinds().await);
    press(&desk, &booked.uid, "renew-link").await.is(303);
    visitor.get(&booked.page).await.is(404).never_says("Torsten");
    visitor.post(&format!("{}/cancel", booked.page), &[]).await.is(404);
    let renewed = shown().await;
    assert_ne!(renewed, booked.page);
    visitor.get(&renewed).await.ok().says("Torsten");
    // Who did it is known afterwards, there and in the event; to everybody else nothing has happened.
    let history = history_of(&desk, &booked.uid).await;
    assert!(history.ends_with("<strong>Neuer Link für den Kunden</strong> <span>anna, Praxisseite</span> Di. 24.3. 09:00"), "{history}");
    let object = server.anna().get(&booked.path).await.ok().text();
    assert!(unfold(&object).contains("24.03.2026 09:00 neuer Link von anna (Praxisseite)"), "{object}");
    assert_eq!((state_of(&object), server.kinds().await), (state_of(&before), kinds));
    // The next letter brings the new one.
    press(&desk, &booked.uid, "confirm").await.is(303);
    let letters = server.letters().await;
    let letter = letters.iter().find(|letter| letter.kind() == "confirmed.customer").unwrap();
    assert!(letter.parts("text/plain")[0].1.contains(&renewed));
}

/// Mail scanners open every link.
#[tokio::test]
async fn get_on_any_customer_link_changes_nothing() {
    let server = Server::start().await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let (anna, visitor) = (server.anna(), server.customer());
    let before = (anna.token("kabine-1/").await, anna.get(&booked.path).await.ok().body, server.kinds().await);
    let mut links = vec![link(&booked.page, LATER, "kabine-1"), link(&booked.page, FRIDAY, "")];
    links.extend(["", "/cancel", "/move", "/again", "/appointment.ics"].map(|tail| format!("{}{tail}", booked.page)));
    // Every link of the letters and of the pages that they lead to, and one step further.
    for letter in server.letters().await.iter().filter(|letter| letter.kind().ends_with("customer")) {
        let text = letter.parts("text/plain")[0].1.clone();
        let own = format!("http://{}", server.address);
        links.extend(text.split_whitespace().filter_map(|word| word.strip_prefix(&own)).map(str::to_owned));
    }
    for _ in 0..2 {
        for path in std::mem::take(&mut links) {
            for method in ["GET", "HEAD"] {
                let reply = visitor.ask(method, &path, "").await;
                assert!([200, 303, 405].contains(&reply.status.as_u16()), "{path}: {}", reply.status);
                let page = unescape_html(&reply.text());
                let found = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
                let own = found.filter(|href| href.starts_with("/book")).take(30);
                links.extend(own.filter(|_| method == "GET").map(str::to_owned));
            }
        }
        links.sort();
        links.dedup();
        assert!(links.len() > 5);
    }
    let after = (anna.token("kabine-1/").await, anna.get(&booked.path).await.ok().body, server.kinds().await);
    assert_eq!(before, after);
    // And a POST needs the token: whole, of this booking, not revoked.
    let cut = &booked.page[..booked.page.len() - 1];
    for page in [cut, "/booking/x"] {
        for act in ["cancel", "move", "again"] {
            visitor.post(&format!("{page}/{act}"), &[("start", FRIDAY)]).await.is(404);
        }
    }
    assert_eq!(anna.token("kabine-1/").await, before.0);
}

/// The letter that cancels takes the entry out of the customer's calendar.
#[tokio::test]
async fn cancel_mail_removes_the_entry() {
    let server = Server::start().await;
    let (anna, desk) = (server.anna(), server.desk("anna").await);
    let booked = server.book("kabine-1", THURSDAY).await;
    server.letters().await;
    server.later(60);
    shift(&server, &booked, LATER).await.is(303);
    server.letters().await;
    server.later(60);
    press(&desk, &booked.uid, "confirm").await.is(303);
    server.letters().await;
    server.later(60);
    let object = anna.get(&booked.path).await.ok().text();
    let object = edited(&object, "DTSTART", "DTSTART;TZID=Europe/Berlin:20260327T140000");
    anna.put(&booked.path, edited(&object, "DTEND", "DTEND;TZID=Europe/Berlin:20260327T150000")).await.no_content();
    server.letters().await;
    server.later(60);
    server.customer().post(&format!("{}/cancel", booked.page), &[("reason", "krank")]).await.is(303);
    let mut letters: Vec<_> = server.letters().await.into_iter().filter(|letter| letter.kind().ends_with(".customer")).collect();
    letters.sort_by_key(|letter| value_of(&letter.itip(), "SEQUENCE").parse::<u32>().unwrap());
    let lines: Vec<String> = letters
        .iter()
        .map(|letter| {
            let object = letter.itip();
            assert!(has(&object, "DTSTAMP") && !object.contains("VALARM") && object.matches("BEGIN:VEVENT").count() == 1);
            let event = object.split("BEGIN:VEVENT").nth(1).unwrap();
            assert!(!event.contains("METHOD"), "METHOD is the calendar's");
            assert_eq!(value_of(&object, "UID"), format!("{}@mustermann.example", booked.uid));
            assert_eq!(value_of_line(&object, "ORGANIZER;CN=Hörgeräte Mustermann"), "mailto:termine@mustermann.example");
            let (method, status) = (value_of_line(&object, "METHOD"), value_of(&object, "STATUS"));
            format!("{} {method} {status} {}", letter.kind(), value_of(&object, "DTSTART"))
        })
        .collect();
    assert_eq!(
        lines,
        [
            "requested.customer REQUEST TENTATIVE 20260326T093000Z",
            "moved.customer REQUEST TENTATIVE 20260326T100000Z",
            "confirmed.customer REQUEST CONFIRMED 20260326T100000Z",
            "moved.customer REQUEST CONFIRMED 20260327T130000Z",
            "cancelled.customer CANCEL CANCELLED 20260327T130000Z",
        ]
    );
    let sequences: Vec<u32> = letters.iter().map(|letter| value_of(&letter.itip(), "SEQUENCE").parse().unwrap()).collect();
    assert!(sequences.is_sorted_by(|a, b| a < b), "strictly rising: {sequences:?}");
    let page = desk.get(&format!("/staff/appointment/{}", booked.uid)).await.ok().text();
    assert!(!csrf(&page).is_empty());
}

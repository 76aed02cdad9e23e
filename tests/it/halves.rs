//! A booking of several resources as people see it: who holds it, who is missing, what else lies over its time; and what a button asks first.

use crate::harness::{
    Booked, Choices, PRACTICE, Server, csrf, edited, event, form, hidden, press, state_of, unescape_html, unfold, until, value_of,
};
use crate::rules::{ROOM_AND_PERSON, free, objects, only, patient_practice, practice};
use crate::talk::Client;

const THURSDAY: &str = "2026-03-26T10:30:00+01:00";

/// DESCRIPTION's lines.
fn lines(object: &str) -> Vec<String> {
    value_of(object, "DESCRIPTION").replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").lines().map(str::to_owned).collect()
}

fn line_of<'l>(lines: &'l [String], label: &str) -> &'l str {
    lines.iter().find_map(|line| line.strip_prefix(label)).unwrap_or_else(|| panic!("no {label} in {lines:?}"))
}

async fn page(desk: &Client, booked: &Booked) -> String {
    unescape_html(&desk.get(&format!("/staff/appointment/{}", booked.uid)).await.ok().text())
}

async fn start(desk: &Client) -> String {
    unescape_html(&desk.get("/staff/").await.ok().text())
}

/// The hidden yes of the question that a button asks.
async fn asked(desk: &Client, booked: &Booked) -> (String, String) {
    let question = unescape_html(&press(desk, &booked.uid, "confirm").await.is(409).text());
    let yes = question.split("name=\"yes\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    (question, yes)
}

async fn say(desk: &Client, booked: &Booked, yes: &str) -> u16 {
    let page = desk.get(&format!("/staff/appointment/{}", booked.uid)).await.ok().text();
    let path = format!("/staff/appointment/{}/confirm", booked.uid);
    let seen = hidden(&page, "seen").unwrap_or_default();
    desk.post(&path, &[("csrf", &csrf(&page)), ("seen", &seen), ("yes", yes)]).await.status.as_u16()
}

#[tokio::test]
async fn only_what_was_shown_is_confirmed() {
    let server = practice(ROOM_AND_PERSON).await;
    let booked = server.book("any", THURSDAY).await;
    let (anna, desk) = (server.anna(), server.desk("anna").await);
    let address = format!("/staff/appointment/{}", booked.uid);
    let confirm = async |page: &str| {
        let mut fields = vec![("csrf", csrf(page)), ("seen", hidden(page, "seen").unwrap())];
        fields.extend(hidden(page, "yes").map(|yes| ("yes", yes)));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        desk.post(&format!("{address}/confirm"), &fields).await
    };
    let open = async || unescape_html(&desk.get(&address).await.ok().text());
    let state = async || state_of(&only_booking(&server, &booked).await);
    let page = open().await;
    assert!(page.contains("10:30") && !page.contains("Noch nichts ist bestätigt"), "{page}");
    let fields = [("start", "2026-03-27T14:00:00+01:00"), ("resource", "any")];
    server.customer().post(&format!("{}/move", booked.page), &fields).await.is(303);
    let again = unescape_html(&confirm(&page).await.is(409).text());
    assert!(again.contains("Noch nichts ist bestätigt") && again.contains("27. März") && again.contains("14:00"), "{again}");
    assert_eq!(state().await, "REQUESTED");
    // Nor who holds it.
    let (path, shadow) = only(&server, "anna-p").await;
    anna.put("ben-p/taken.ics", shadow).await.created();
    anna.delete(&path).await.no_content();
    let again = unescape_html(&confirm(&again).await.is(409).text());
    assert!(again.contains("Noch nichts ist bestätigt") && again.contains("Herr Ben"), "{again}");
    // The yes to a question is one to what the question showed.
    anna.put("kabine-1/x.ics", event("Handwerker", "20260327T130000Z", "20260327T134500Z", "")).await.created();
    let question = unescape_html(&confirm(&again).await.is(409).text());
    assert!(question.contains("Trotzdem bestätigen?"), "{question}");
    let object = only_booking(&server, &booked).await;
    let path = format!("kabine-1/{}.ics", booked.uid);
    anna.put(&path, timed(&object, "20260327T133000Z", "20260327T143000Z")).await.no_content();
    let again = unescape_html(&confirm(&question).await.is(409).text());
    assert!(again.contains("Noch nichts ist bestätigt") && again.contains("14:30"), "{again}");
    assert_eq!(state().await, "REQUESTED");
    // A note changes nothing that was confirmed.
    let object = only_booking(&server, &booked).await;
    let note = value_of(&object, "DESCRIPTION").replace("Notizen", "Notizen\\nRuft zurück.");
    anna.put(&path, edited(&object, "DESCRIPTION", &format!("DESCRIPTION:{note}"))).await.no_content();
    let question = unescape_html(&confirm(&again).await.is(409).text());
    assert!(question.contains("Trotzdem bestätigen?"), "{question}");
    confirm(&question).await.is(303);
    assert_eq!(state().await, "CONFIRMED");
}

#[tokio::test]
async fn everybody_who_holds_it_is_named() {
    let server = practice(ROOM_AND_PERSON).await;
    let booked = server.book("any", THURSDAY).await;
    let (anna, desk) = (server.anna(), server.desk("anna").await);
    let (main_path, main) = only(&server, "kabine-1").await;
    let (path, shadow) = only(&server, "anna-p").await;
    assert_eq!(line_of(&lines(&main), "Ressourcen: "), "Kabine 1 + Frau Anna");
    assert_eq!(line_of(&lines(&shadow), "Ressourcen: "), "Kabine 1 + Frau Anna");
    assert!(line_of(&lines(&main), "Diesen Eintrag löschen: ").contains("sagt den ganzen Termin ab"));
    let there = lines(&shadow);
    let there = line_of(&there, "Diesen Eintrag löschen: ");
    assert!(there.contains("nur „Frau Anna“") && there.contains("im Kalender „Kabine 1“"), "{there}");
    // Deleting there declines nothing, and no hint says that it does.
    assert!(line_of(&lines(&main), "Ablehnen: ").contains("löschen"));
    let copy = lines(&shadow);
    assert_eq!(line_of(&copy, "Ablehnen: "), "Titel mit „STORNO“ beginnen.");
    assert!(page(&desk, &booked).await.contains("Kabine 1 + Frau Anna"));
    assert!(start(&desk).await.contains("Kabine 1 + Frau Anna"));
    let upcoming = unescape_html(&desk.get("/staff/upcoming").await.ok().text());
    assert!(upcoming.contains("Kabine 1 + Frau Anna"));
    let customer = unescape_html(&server.customer().get(&booked.page).await.ok().text());
    assert!(customer.contains("Kabine 1, Frau Anna"), "{customer}");
    for letter in server.letters().await {
        let (_, text) = letter.parts("text/plain").remove(0);
        assert!(text.contains("Kabine 1, Frau Anna"), "{}: {text}", letter.kind());
    }
    // Edited around, in either half, the lines stay, each half with its own.
    let note = |object: &str| {
        value_of(object, "DESCRIPTION").replace("Notizen", "Notizen\\nRuft zurück.").replace("Vorname: Torsten", "Vorname: Tom")
    };
    anna.put(&path, edited(&shadow, "DESCRIPTION", &format!("DESCRIPTION:{}", note(&shadow)))).await.no_content();
    let cut: Vec<String> = lines(&only(&server, "kabine-1").await.1);
    assert!(cut.contains(&"Vorname: Tom".into()) && cut.contains(&"Ruft zurück.".into()), "{cut:?}");
    assert!(line_of(&cut, "Diesen Eintrag löschen: ").contains("sagt den ganzen Termin ab"));
    assert_eq!(cut.iter().filter(|line| line.starts_with("Diesen Eintrag löschen")).count(), 1);
    assert_eq!(cut.iter().filter(|line| line.starts_with("Ablehnen")).count(), 1);
    assert!(line_of(&cut, "Ablehnen: ").contains("ODER Termin löschen"));
    // Cut off by a program, they come back.
    let (_, main) = only(&server, "kabine-1").await;
    let without: Vec<String> = lines(&main).into_iter().filter(|l| !l.starts_with("Ressourcen") && !l.starts_with("Diesen")).collect();
    let text = without.join("\\n").replace(',', "\\,");
    anna.put(&main_path, edited(&main, "DESCRIPTION", &format!("DESCRIPTION:{text}"))).await.no_content();
    assert_eq!(line_of(&lines(&only(&server, "kabine-1").await.1), "Ressourcen: "), "Kabine 1 + Frau Anna");
    assert!(line_of(&lines(&only(&server, "anna-p").await.1), "Diesen Eintrag löschen: ").contains("nur „Frau Anna“"));
    // A colleague takes over: both halves say so.
    let (path, shadow) = only(&server, "anna-p").await;
    anna.put("ben-p/taken.ics", shadow).await.created();
    anna.delete(&path).await.no_content();
    for calendar in ["kabine-1", "ben-p"] {
        assert_eq!(line_of(&lines(&only(&server, calendar).await.1), "Ressourcen: "), "Kabine 1 + Herr Ben", "{calendar}");
    }
}

#[tokio::test]
async fn who_holds_it_alone_is_not_named_twice() {
    let server = Server::start().await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let object = server.anna().get(&booked.path).await.ok().text();
    assert!(!unfold(&object).contains("Ressourcen") && !unfold(&object).contains("Diesen Eintrag"));
    // A line that staff have written under such a label is theirs.
    let text = value_of(&object, "DESCRIPTION").replacen("\\n\\n", "\\nRessourcen: Kabine 2\\n\\n", 1);
    server.anna().put(&booked.path, edited(&object, "DESCRIPTION", &format!("DESCRIPTION:{text}"))).await.no_content();
    assert_eq!(line_of(&lines(&server.anna().get(&booked.path).await.ok().text()), "Ressourcen: "), "Kabine 2");
    let customer = unescape_html(&server.customer().get(&booked.page).await.ok().text());
    assert!(customer.contains("Kabine 1") && !customer.contains("Kabine 2"), "{customer}");
}

#[tokio::test]
async fn an_incomplete_booking_stands_first_until_somebody_decides() {
    let server = practice(ROOM_AND_PERSON).await;
    // Two months ahead, and confirmed: in no other list.
    let booked = server.book("any", "2026-05-11T10:30:00+02:00").await;
    let (anna, desk) = (server.anna(), server.desk("anna").await);
    press(&desk, &booked.uid, "confirm").await.is(303);
    assert!(!start(&desk).await.contains(&booked.uid));
    let (path, shadow) = only(&server, "anna-p").await;
    anna.delete(&path).await.no_content();
    let first = start(&desk).await;
    assert!(first.contains("Ein unvollständiger Termin") && first.contains(&booked.uid), "{first}");
    assert!(first.contains("Unvollständig: es fehlt Frau Anna"), "{first}");
    assert!(page(&desk, &booked).await.contains("hält ihn nicht mehr: Frau Anna"));
    let history = page(&desk, &booked).await;
    assert!(history.split("class=\"history\"").nth(1).unwrap().split("</ol>").next().unwrap().contains(": Frau Anna"), "{history}");
    let (_, main) = only(&server, "kabine-1").await;
    assert_eq!(line_of(&lines(&main), "Unvollständig: "), "es fehlt Frau Anna");
    assert_eq!(line_of(&lines(&main), "Ressourcen: "), "Kabine 1");
    // Made whole it is on no list, and says nothing of it.
    anna.put("anna-p/back.ics", shadow.clone()).await.created();
    assert!(!start(&desk).await.contains(&booked.uid));
    assert!(!lines(&only(&server, "kabine-1").await.1).iter().any(|line| line.starts_with("Unvollständig")));
    // A button does the same, also where the name of the entry was given to something else; what lies there is flagged.
    anna.delete("anna-p/back.ics").await.no_content();
    anna.put("anna-p/back.ics", event("Teamrunde", "20260511T090000Z", "20260511T093000Z", "")).await.created();
    let question = unescape_html(&press(&desk, &booked.uid, "restore").await.is(409).text());
    assert!(question.contains("Trotzdem wieder eintragen?") && question.contains("Teamrunde"), "{question}");
    assert!(page(&desk, &booked).await.contains("hält ihn nicht mehr"), "nothing is done until somebody says yes");
    let address = format!("/staff/appointment/{}/restore", booked.uid);
    let (csrf, yes) = (csrf(&question), hidden(&question, "yes").unwrap());
    anna.put("anna-p/late.ics", event("Handwerker", "20260511T083000Z", "20260511T084500Z", "")).await.created();
    desk.post(&address, &[("csrf", &csrf), ("yes", &yes)]).await.is(409).says("Handwerker");
    anna.delete("anna-p/late.ics").await.no_content();
    assert!(question.contains("<div class=\"notice\" role=\"alert\" tabindex=\"-1\" autofocus>"), "{question}");
    let done = desk.post(&address, &[("csrf", &csrf), ("yes", &yes)]).await.leads();
    assert_eq!(done, format!("/staff/appointment/{}#done", booked.uid));
    let shown = page(&desk, &booked).await;
    assert_eq!(told(&shown), "Wieder vollständig");
    assert!(shown.contains("</strong> <span>anna, Praxisseite: Frau Anna</span>"), "{shown}");
    desk.post(&address, &[("csrf", &csrf), ("yes", &yes)]).await.is(409);
    let shown = page(&desk, &booked).await;
    assert!(shown.contains("Wieder vollständig") && shown.contains("Teamrunde") && !shown.contains("hält ihn nicht mehr"), "{shown}");
    assert_eq!(line_of(&lines(&only(&server, "kabine-1").await.1), "Ressourcen: "), "Kabine 1 + Frau Anna");
    let all = objects(&server, "anna-p").await;
    let (path, half) = all.iter().find(|(_, text)| text.contains(&format!("RELATED-TO:{}", booked.uid))).unwrap();
    assert!(line_of(&lines(half), "Diesen Eintrag löschen: ").contains("nur „Frau Anna“"));
    anna.delete("anna-p/back.ics").await.no_content();
    anna.delete(path).await.no_content();
    assert!(start(&desk).await.contains(&booked.uid));
    anna.put("anna-p/back.ics", shadow.clone()).await.created();
    // Left as it is, likewise; pressed twice it is refused.
    anna.delete("anna-p/back.ics").await.no_content();
    assert!(start(&desk).await.contains(&booked.uid));
    assert!(press(&desk, &booked.uid, "accept").await.leads().ends_with("#done"));
    assert_eq!(told(&page(&desk, &booked).await), "Unvollständig belassen");
    assert!(!start(&desk).await.contains(&booked.uid));
    press(&desk, &booked.uid, "accept").await.is(409);
    assert!(page(&desk, &booked).await.contains("Unvollständig belassen"));
    assert_eq!(state_of(&only(&server, "kabine-1").await.1), "CONFIRMED");
    // Back again and off again; called off it is missed no more.
    anna.put("anna-p/back.ics", shadow).await.created();
    anna.delete("anna-p/back.ics").await.no_content();
    assert!(start(&desk).await.contains(&booked.uid));
    server.customer().post(&format!("{}/cancel", booked.page), &[]).await.is(303);
    assert!(!start(&desk).await.contains(&booked.uid));
}

/// What a page says of what was done last, where the focus stands after it was done.
fn told(page: &str) -> &str {
    let line = page.split("id=\"done\" tabindex=\"-1\">").nth(1).unwrap_or_else(|| panic!("{page}"));
    line.trim_start_matches("<strong>").split('<').next().unwrap()
}

#[tokio::test]
async fn only_who_may_write_there_puts_it_back() {
    let server = patient_practice(ROOM_AND_PERSON).await;
    let (anna, ben) = (server.anna(), server.desk("ben").await);
    // Ben has the second cabin, and no person's calendar.
    anna.put("kabine-1/full.ics", event("voll", "20260326T080000Z", "20260326T120000Z", "")).await.created();
    let booked = server.book("any", THURSDAY).await;
    let (path, _) = only(&server, "anna-p").await;
    anna.delete(&path).await.no_content();
    let shown = page(&ben, &booked).await;
    assert!(!shown.contains("/restore\"") && shown.contains("/accept\"") && shown.contains("/confirm\""), "{shown}");
    press(&ben, &booked.uid, "restore").await.is(403);
    assert!(objects(&server, "anna-p").await.is_empty());
    let desk = server.desk("anna").await;
    assert!(page(&desk, &booked).await.contains("/restore\""));
    press(&desk, &booked.uid, "restore").await.is(303);
    assert_eq!(objects(&server, "anna-p").await.len(), 1);
}

/// Asks for a time for which only Frau Anna is left, in either cabin.
async fn books_anna(server: &Server) -> u16 {
    let fields = crate::harness::form("any", THURSDAY, &[("email", "b@example.org"), ("telephone", "0711 5550002")]);
    server.customer().post("/book/stuttgart/new", &fields).await.status.as_u16()
}

#[tokio::test]
async fn a_deletion_keeps_everybodys_time_for_the_minute_of_a_move() {
    for calendar in ["kabine-1", "anna-p"] {
        let server = patient_practice(ROOM_AND_PERSON).await;
        let booked = server.book("any", THURSDAY).await;
        let anna = server.anna();
        anna.put("ben-p/off.ics", event("off", "20260326T080000Z", "20260326T120000Z", "")).await.created();
        let ((path, copy), (_, shadow)) = (only(&server, calendar).await, only(&server, "anna-p").await);
        anna.delete(&path).await.no_content();
        server.later(59);
        assert_eq!(books_anna(&server).await, 409, "deleted in {calendar}");
        // Within it, all of them hold it again, and nobody waits for a time that is taken anyway.
        anna.put(&path, copy).await.created();
        let (_, back) = only(&server, "anna-p").await;
        assert_eq!(value_of(&back, "UID"), value_of(&shadow, "UID"));
        let (_, main) = only(&server, "kabine-1").await;
        assert_eq!((state_of(&main), line_of(&lines(&main), "Ressourcen: ")), ("REQUESTED".into(), "Kabine 1 + Frau Anna"));
        assert!(page(&server.desk("anna").await, &booked).await.contains("Kabine 1 + Frau Anna"));
        anna.delete(&path).await.no_content();
        server.later(59);
        assert_eq!(books_anna(&server).await, 409, "deleted again in {calendar}");
        server.later(1);
        assert_eq!(books_anna(&server).await, 303, "deleted in {calendar}");
    }
}

#[tokio::test]
async fn a_move_by_the_customer_gives_it_its_resources_anew() {
    let server = practice(ROOM_AND_PERSON).await;
    let booked = server.book("any", THURSDAY).await;
    let (anna, desk) = (server.anna(), server.desk("anna").await);
    let (path, _) = only(&server, "anna-p").await;
    anna.delete(&path).await.no_content();
    assert!(start(&desk).await.contains("unvollständiger Termin"));
    let fields = [("start", "2026-03-27T10:30:00+01:00"), ("resource", "any")];
    server.customer().post(&format!("{}/move", booked.page), &fields).await.is(303);
    assert!(!start(&desk).await.contains("unvollständiger Termin"));
    assert_eq!(line_of(&lines(&only(&server, "kabine-1").await.1), "Ressourcen: "), "Kabine 1 + Frau Anna");
    assert_eq!(objects(&server, "anna-p").await.len(), 1);
}

#[tokio::test]
async fn an_incomplete_request_is_confirmed_only_by_a_second_yes() {
    let server = practice(ROOM_AND_PERSON).await;
    let booked = server.book("any", THURSDAY).await;
    let desk = server.desk("anna").await;
    let (path, _) = only(&server, "anna-p").await;
    server.anna().delete(&path).await.no_content();
    let (question, yes) = asked(&desk, &booked).await;
    assert!(question.contains("Frau Anna") && question.contains("Trotzdem bestätigen?"), "{question}");
    assert_eq!(state_of(&only(&server, "kabine-1").await.1), "REQUESTED");
    assert_eq!(say(&desk, &booked, &yes).await, 303);
    assert_eq!(state_of(&only(&server, "kabine-1").await.1), "CONFIRMED");
}

#[tokio::test]
async fn what_lies_over_a_request_is_named_before_it_is_confirmed() {
    let server = practice(ROOM_AND_PERSON).await;
    let booked = server.book("any", THURSDAY).await;
    let (anna, desk) = (server.anna(), server.desk("anna").await);
    // Beside it, free, and called off: nobody asks.
    for (uid, start, end, more) in [
        ("before", "20260326T083000Z", "20260326T093000Z", ""),
        ("free", "20260326T093000Z", "20260326T103000Z", "TRANSP:TRANSPARENT"),
        ("off", "20260326T093000Z", "20260326T103000Z", "STATUS:CANCELLED"),
    ] {
        anna.put(&format!("anna-p/{uid}.ics"), event(uid, start, end, more)).await.created();
    }
    assert!(!page(&desk, &booked).await.contains("Überschneidung"));
    let team = event("Teamrunde", "20260326T094500Z", "20260326T100000Z", "");
    anna.put("anna-p/team.ics", team).await.created();
    let shown = page(&desk, &booked).await;
    assert!(shown.contains("Frau Anna") && shown.contains("Teamrunde"), "{shown}");
    assert!(start(&desk).await.contains("Teamrunde"), "the list names it too");
    let (question, yes) = asked(&desk, &booked).await;
    assert!(question.contains("Teamrunde") && question.contains("10:45") && question.contains("Frau Anna"), "{question}");
    // The yes was said to that alone: what has come since is asked about.
    anna.put("kabine-1/late.ics", event("Handwerker", "20260326T100000Z", "20260326T101500Z", "")).await.created();
    assert_eq!(say(&desk, &booked, &yes).await, 409);
    assert_eq!(say(&desk, &booked, "1").await, 409);
    let (question, yes) = asked(&desk, &booked).await;
    assert!(question.contains("Handwerker") && question.contains("Teamrunde"), "{question}");
    // Whoever does not see a person's calendar learns when, and not what.
    let ben = server.desk("ben").await;
    ben.get(&format!("/staff/appointment/{}", booked.uid)).await.is(404);
    assert_eq!(say(&desk, &booked, &yes).await, 303);
    assert_eq!(state_of(&only_booking(&server, &booked).await), "CONFIRMED");
    assert!(page(&desk, &booked).await.contains("Teamrunde"), "it goes on being shown");
    press(&desk, &booked.uid, "confirm").await.is(409);
}

async fn only_booking(server: &Server, booked: &Booked) -> String {
    let all = objects(server, "kabine-1").await;
    all.into_values().find(|text| value_of(text, "UID") == booked.uid).unwrap()
}

#[tokio::test]
async fn a_title_is_told_only_to_whoever_may_read_it() {
    let server = practice(ROOM_AND_PERSON).await;
    let anna = server.anna();
    // Ben sees the second cabin and not Anna's calendar.
    anna.put("kabine-1/full.ics", event("voll", "20260326T080000Z", "20260326T120000Z", "")).await.created();
    let booked = server.book("any", THURSDAY).await;
    anna.put("anna-p/secret.ics", event("Scheidungstermin", "20260326T093000Z", "20260326T100000Z", "")).await.created();
    let ben = server.desk("ben").await;
    let (question, yes) = asked(&ben, &booked).await;
    assert!(question.contains("Frau Anna") && question.contains("10:30") && !question.contains("Scheidungstermin"), "{question}");
    assert_eq!(say(&ben, &booked, &yes).await, 303);
}

#[tokio::test]
async fn a_gesture_confirms_whatever_lies_there_and_the_flag_says_so() {
    let server = practice(ROOM_AND_PERSON).await;
    let booked = server.book("any", THURSDAY).await;
    let anna = server.anna();
    anna.put("kabine-1/x.ics", event("Handwerker", "20260326T100000Z", "20260326T101500Z", "")).await.created();
    let object = only_booking(&server, &booked).await;
    let path = format!("kabine-1/{}.ics", booked.uid);
    anna.put(&path, edited(&object, "STATUS", "STATUS:CONFIRMED")).await.no_content();
    assert_eq!(state_of(&only_booking(&server, &booked).await), "CONFIRMED");
    until("the letter", async || server.kinds().await.contains(&"confirmed.customer".into()).then_some(())).await;
    let shown = page(&server.desk("anna").await, &booked).await;
    assert!(shown.contains("Überschneidung") && shown.contains("Handwerker"), "{shown}");
}

#[tokio::test]
async fn a_group_is_in_nobodys_way_and_others_are() {
    let server = practice("capacity = 3\nresources = [\"kabine-1\"]").await;
    let desk = server.desk("anna").await;
    let mut all = Vec::new();
    for n in 0..2 {
        let (mail, number) = (format!("p{n}@example.org"), format!("0711 555000{n}"));
        all.push(server.book_with("any", THURSDAY, &[("email", &mail), ("telephone", &number)]).await);
    }
    for booked in &all {
        assert!(!page(&desk, booked).await.contains("Überschneidung"));
    }
    press(&desk, &all[0].uid, "confirm").await.is(303);
    // Moved by half an hour, one of them is no longer of the group.
    let path = format!("kabine-1/{}.ics", all[1].uid);
    let object = server.anna().get(&path).await.ok().text();
    let later = edited(&edited(&object, "DTSTART", "DTSTART:20260326T100000Z"), "DTEND", "DTEND:20260326T110000Z");
    server.anna().put(&path, later).await.no_content();
    for booked in &all {
        let shown = page(&desk, booked).await;
        assert!(shown.contains("Überschneidung") && shown.contains("Tester, Torsten"), "{shown}");
    }
}

/// The event as a day without a time, as a program leaves it where somebody ticks "all day".
fn all_day(object: &str, date: &str, next: &str) -> String {
    let dated = edited(object, "DTSTART", &format!("DTSTART;VALUE=DATE:{date}"));
    edited(&dated, "DTEND", &format!("DTEND;VALUE=DATE:{next}"))
}

fn timed(object: &str, start: &str, end: &str) -> String {
    edited(&edited(object, "DTSTART", &format!("DTSTART:{start}")), "DTEND", &format!("DTEND:{end}"))
}

#[tokio::test]
async fn a_day_without_a_time_is_told_to_nobody_until_it_has_one_again() {
    let server = Server::start().await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let (anna, desk) = (server.anna(), server.desk("anna").await);
    press(&desk, &booked.uid, "confirm").await.is(303);
    server.later(200);
    let count = async |kind: &str| server.kinds().await.iter().filter(|one| *one == kind).count();
    assert_eq!(count("confirmed.customer").await, 1);
    let get = async || anna.get(&booked.path).await.ok().text();
    anna.put(&booked.path, all_day(&get().await, "20260327", "20260328")).await.no_content();
    server.later(200);
    assert_eq!(count("moved.customer").await, 0);
    assert_eq!(state_of(&get().await), "CONFIRMED");
    let customer = unescape_html(&server.customer().get(&booked.page).await.ok().text());
    assert!(customer.contains("2026-03-26T10:30:00+01:00") && !customer.contains("00:00"), "{customer}");
    let shown = page(&desk, &booked).await;
    assert!(shown.contains("ohne Uhrzeit") && shown.contains("27. März"), "{shown}");
    assert!(start(&desk).await.contains(&booked.uid), "somebody must give it a time");
    // Edited once more, even by a program that loses what it does not know, nothing changes.
    let stripped = edited(&edited(&get().await, "X-OPENSLOT-TIME", ""), "PRIORITY", "PRIORITY:1");
    anna.put(&booked.path, stripped).await.no_content();
    server.later(200);
    assert_eq!(count("moved.customer").await, 0);
    assert!(unescape_html(&server.customer().get(&booked.page).await.ok().text()).contains("2026-03-26T10:30:00+01:00"));
    // With a time again it is a move like any other.
    anna.put(&booked.path, timed(&get().await, "20260327T130000Z", "20260327T140000Z")).await.no_content();
    server.later(200);
    assert_eq!(count("moved.customer").await, 1);
    let letters = server.letters().await;
    let moved = letters.iter().find(|letter| letter.kind() == "moved.customer").unwrap();
    assert!(moved.itip().contains("DTSTART:20260327T130000Z"), "{}", moved.text);
    assert!(!page(&desk, &booked).await.contains("ohne Uhrzeit") && !start(&desk).await.contains(&booked.uid));
    assert!(!unfold(&get().await).contains("X-OPENSLOT-TIME"));
    // The same time again is no news at all.
    anna.put(&booked.path, all_day(&get().await, "20260327", "20260328")).await.no_content();
    anna.put(&booked.path, timed(&get().await, "20260327T130000Z", "20260327T140000Z")).await.no_content();
    server.later(200);
    assert_eq!(count("moved.customer").await, 1);
}

#[tokio::test]
async fn the_time_that_was_told_stays_taken_until_somebody_decides() {
    let server = practice(ROOM_AND_PERSON).await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let (anna, desk, other) = (server.anna(), server.desk("anna").await, server.customer());
    press(&desk, &booked.uid, "confirm").await.is(303);
    let path = only(&server, "kabine-1").await.0;
    let get = async || anna.get(&path).await.ok().text();
    let free_on = async |resource: &str| {
        let query = format!("&resource={resource}&from=2026-03-26");
        free(&server, &query).await.contains(&THURSDAY.to_owned())
    };
    let asked = async |resource: &str| {
        let more = [("email", "b@example.org"), ("telephone", "0711 5550002")];
        other.post("/book/stuttgart/new", &form(resource, THURSDAY, &more)).await
    };
    assert!(!free_on("kabine-1").await && free_on("kabine-2").await);
    anna.put(&path, all_day(&get().await, "20260330", "20260331")).await.no_content();
    assert!(!free_on("kabine-1").await && free_on("kabine-2").await);
    asked("kabine-1").await.is(409);
    // Nor is the person free who holds it with the cabin.
    anna.put("ben-p/x.ics", event("x", "20260326T093000Z", "20260326T103000Z", "")).await.created();
    assert!(!free_on("kabine-2").await);
    asked("kabine-2").await.is(409);
    // Edited without a time, and by a program that forgets what it does not know: still.
    anna.put(&path, edited(&edited(&get().await, "X-OPENSLOT-TIME", ""), "PRIORITY", "PRIORITY:1")).await.no_content();
    assert!(!free_on("kabine-1").await);
    // The time itself may be given back to it, and whatever time it has is what counts.
    anna.put(&path, timed(&get().await, "20260327T130000Z", "20260327T140000Z")).await.no_content();
    assert!(free_on("kabine-1").await && free_on("kabine-2").await);
    anna.put(&path, all_day(&get().await, "20260330", "20260331")).await.no_content();
    assert!(free_on("kabine-1").await);
    let told = "2026-03-27T14:00:00+01:00".to_owned();
    let then = async || free(&server, "&resource=kabine-1&from=2026-03-27").await.contains(&told);
    assert!(!then().await);
    // Called off, it takes nothing any more.
    anna.delete(&path).await.no_content();
    assert!(then().await);
}

#[tokio::test]
async fn the_time_that_was_told_is_in_nobodys_own_way() {
    let server = practice("resources = [\"kabine-1\"]").await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let anna = server.anna();
    let dated = all_day(&anna.get(&booked.path).await.ok().text(), "20260330", "20260331");
    anna.put(&booked.path, dated).await.no_content();
    // Half an hour later lies over it, and is its customer's to choose, not another's.
    let later = "2026-03-26T11:00:00+01:00";
    assert!(!free(&server, "&from=2026-03-26").await.contains(&later.to_owned()));
    server.customer().post(&format!("{}/move", booked.page), &[("start", later)]).await.is(303);
    let object = anna.get(&booked.path).await.ok().text();
    assert!(object.contains("20260326T1") && !object.contains("VALUE=DATE:") && !unfold(&object).contains("X-OPENSLOT-TIME"), "{object}");
    let open = free(&server, "&from=2026-03-26").await;
    assert!(open.contains(&"2026-03-26T10:00:00+01:00".to_owned()) && !open.contains(&THURSDAY.to_owned()), "{open:?}");
}

#[tokio::test]
async fn a_group_of_which_one_has_no_time_keeps_their_seat() {
    let server = practice("capacity = 2\nresources = [\"kabine-1\"]").await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let anna = server.anna();
    let is_free = async || free(&server, "&from=2026-03-26").await.contains(&THURSDAY.to_owned());
    let dated = all_day(&anna.get(&booked.path).await.ok().text(), "20260330", "20260331");
    anna.put(&booked.path, dated).await.no_content();
    assert!(is_free().await, "one seat is left");
    server.book_with("any", THURSDAY, &[("email", "b@example.org"), ("telephone", "0711 5550002")]).await;
    assert!(!is_free().await, "and now none");
}

#[tokio::test]
async fn what_is_confirmed_without_a_time_is_told_with_its_time() {
    let server = Server::start().await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let (anna, desk) = (server.anna(), server.desk("anna").await);
    let get = async || anna.get(&booked.path).await.ok().text();
    anna.put(&booked.path, all_day(&get().await, "20260326", "20260327")).await.no_content();
    let (question, yes) = asked(&desk, &booked).await;
    assert!(question.contains("ohne Uhrzeit"), "{question}");
    assert_eq!(say(&desk, &booked, &yes).await, 303);
    server.later(200);
    assert!(!server.kinds().await.contains(&"confirmed.customer".into()));
    anna.put(&booked.path, timed(&get().await, "20260326T093000Z", "20260326T103000Z")).await.no_content();
    server.later(200);
    assert!(server.kinds().await.contains(&"confirmed.customer".into()));
    // Called off without a time, the customer hears of the time that was told.
    anna.put(&booked.path, all_day(&get().await, "20260326", "20260327")).await.no_content();
    anna.put(&booked.path, edited(&get().await, "STATUS", "STATUS:CANCELLED")).await.no_content();
    server.later(200);
    let letters = server.letters().await;
    let off = letters.iter().find(|letter| letter.kind() == "cancelled.customer").unwrap();
    assert!(off.itip().contains("DTSTART:20260326T093000Z"), "{}", off.text);
}

#[tokio::test]
async fn a_move_that_waits_to_be_told_waits_for_a_time_too() {
    let practice = PRACTICE.replacen("notify_grace_seconds = 0", "notify_grace_seconds = 120", 1);
    let server = Server::with(Choices { practice, ..Choices::default() }).await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let anna = server.anna();
    press(&server.desk("anna").await, &booked.uid, "confirm").await.is(303);
    server.later(200);
    server.letters().await;
    let get = async || anna.get(&booked.path).await.ok().text();
    let moved = async || server.kinds().await.iter().filter(|one| *one == "moved.customer").count();
    anna.put(&booked.path, timed(&get().await, "20260327T150000Z", "20260327T160000Z")).await.no_content();
    server.later(10);
    anna.put(&booked.path, all_day(&get().await, "20260327", "20260328")).await.no_content();
    server.later(200);
    assert_eq!(moved().await, 0);
    anna.put(&booked.path, timed(&get().await, "20260327T150000Z", "20260327T160000Z")).await.no_content();
    server.later(200);
    assert_eq!(moved().await, 1, "the customer had not heard of it");
}

#[tokio::test]
async fn what_took_a_name_meanwhile_stays_where_an_appointment_comes_back() {
    let server = practice(ROOM_AND_PERSON).await;
    let booked = server.book("any", THURSDAY).await;
    let anna = server.anna();
    press(&server.desk("anna").await, &booked.uid, "confirm").await.is(303);
    let (main_path, main) = only(&server, "kabine-1").await;
    let (shadow_path, _) = only(&server, "anna-p").await;
    anna.delete(&main_path).await.no_content();
    assert!(objects(&server, "anna-p").await.is_empty());
    // A program puts something else where the appointment's second entry lay.
    let other = event("Zahnarzt", "20260330T090000Z", "20260330T100000Z", "");
    anna.put(&shadow_path, other.clone()).await.created();
    anna.put(&main_path, main).await.created();
    assert_eq!(anna.get(&shadow_path).await.ok().text().as_bytes(), other, "it is nobody's to overwrite");
    let there = objects(&server, "anna-p").await;
    assert_eq!(there.len(), 2, "{there:?}");
    // The second entry is one all the same: what is done there is done to the appointment.
    let (path, shadow) = there.iter().find(|(path, _)| **path != shadow_path).unwrap();
    anna.put(path, edited(shadow, "STATUS", "STATUS:CANCELLED")).await.no_content();
    assert_eq!(state_of(&only_booking(&server, &booked).await), "CANCELLED");
}

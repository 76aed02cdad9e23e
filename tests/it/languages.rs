//! Another language on a page on which something is typed: all of it stays, nothing is done.

use crate::harness::{Server, TESTER, form, hidden, state_of, unescape_html};
use crate::talk::Client;

const NEW: &str = "/book/stuttgart/new";
const OPEN: &str = "/book/stuttgart/new?service=beratung&resource=kabine-1&start=2026-03-26T10%3A30%3A00%2B01%3A00";
const THURSDAY: &str = "2026-03-26T10:30:00+01:00";
const COMMENT: &str = "Bitte „laut“ sprechen & <deutlich>.\r\nDanke.";

/// The radio button of a time, from its value to its end.
fn radio<'a>(page: &'a str, start: &str) -> &'a str {
    let mark = format!("name=\"start\" value=\"{start}\"");
    page.split(&mark).nth(1).unwrap_or_else(|| panic!("no {mark} in {page}")).split('>').next().unwrap()
}

/// The first of the other times that a page offers.
fn first_other(page: &str) -> String {
    page.split("type=\"radio\" name=\"start\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

async fn nothing_is_booked(server: &Server) {
    assert!(server.anna().names("kabine-1/").await.is_empty());
    assert!(server.kinds().await.is_empty());
}

/// Languages are buttons of the form, and what Enter presses, which is a form's first button on its page, is none of them.
fn by_a_button_that_enter_does_not_press(page: &str, form: &str) {
    assert!(!page.contains("hreflang"), "a link would lose what is typed: {page}");
    let button = page.find("name=\"speak\" value=\"uk\"").unwrap();
    let first = page.find(&format!("<button type=\"submit\" form=\"{form}\"")).unwrap();
    let tag = page[first..].split('>').next().unwrap();
    assert!(first < button && !tag.contains("name=") && tag.contains("class=\"vh\" tabindex=\"-1\" aria-hidden=\"true\""), "{tag}");
    let owner = page.split("<form ").find(|rest| rest.split('>').next().unwrap().contains(&format!("id=\"{form}\"")));
    assert!(owner.is_some(), "{page}");
}

#[tokio::test]
async fn the_form_in_another_language_keeps_what_was_typed() {
    let server = Server::start().await;
    let visitor = server.customer();
    let page = visitor.get(OPEN).await.ok().text();
    by_a_button_that_enter_does_not_press(&page, "booking");
    let (id, stamp) = (hidden(&page, "form").unwrap(), hidden(&page, "stamp").unwrap());
    server.later(600);
    // Half of it is typed: one field is wrong, another empty, and that is nobody's business yet.
    let half = [("email", "keine Adresse"), ("family_name", ""), ("comment", COMMENT), ("salutation", "Frau"), ("reminder", "yes")];
    let mut fields = form("kabine-1", THURSDAY, &half);
    fields.extend([("form", id.as_str()), ("stamp", stamp.as_str()), ("speak", "en")]);
    let reply = visitor.post(&format!("{NEW}?lang=de"), &fields).await.is(200);
    assert!(reply.find("set-cookie").is_none() && reply.find("location").is_none());
    let raw = reply.text();
    assert!(raw.contains("<html lang=\"en\"") && raw.contains("action=\"/book/stuttgart/new?lang=en\""), "{raw}");
    by_a_button_that_enter_does_not_press(&raw, "booking");
    assert!(!raw.contains("role=\"alert\"") && !raw.contains("aria-invalid") && !raw.contains("class=\"fault\""), "{raw}");
    let page = unescape_html(&raw);
    for kept in [
        "value=\"keine Adresse\"",
        "value=\"Torsten\"",
        COMMENT,
        "<option selected>Frau</option>",
        "name=\"reminder\" value=\"yes\" checked",
    ] {
        assert!(page.contains(kept), "{kept}: {page}");
    }
    assert_eq!(hidden(&page, "form"), Some(id.clone()));
    assert_eq!(hidden(&page, "stamp"), Some(stamp.clone()), "waiting began when the form was opened");
    assert_eq!((hidden(&page, "lang").unwrap(), hidden(&page, "start").unwrap()), ("en".into(), THURSDAY.into()));
    nothing_is_booked(&server).await;
    // And what comes of it is what a form opened in that language would bring.
    let fields = form("kabine-1", THURSDAY, &[("lang", "en"), ("form", &id), ("stamp", &stamp)]);
    let booked = visitor.post(&format!("{NEW}?lang=en"), &fields).await.leads();
    visitor.get(&booked).await.ok().says("<html lang=\"en\"");
    assert_eq!(server.anna().names("kabine-1/").await.len(), 1);
    // Whatever is sent as a language, it is no booking.
    for tag in ["", "xx", "en, de", "<b>"] {
        let fields = form("kabine-1", "2026-03-26T14:00:00+01:00", &[("lang", "tr"), ("speak", tag)]);
        visitor.post(NEW, &fields).await.is(200).says("<html lang=\"tr\"").says("value=\"Torsten\"");
    }
    assert_eq!(server.anna().names("kabine-1/").await.len(), 1);
}

#[tokio::test]
async fn a_form_that_came_back_can_be_read_in_another_language() {
    let server = Server::start().await;
    let visitor = server.customer();
    // With a mistake.
    let page = visitor.post(NEW, &form("kabine-1", THURSDAY, &[("email", "keine Adresse"), ("comment", COMMENT)])).await.is(422).text();
    by_a_button_that_enter_does_not_press(&page, "booking");
    // At a time that has gone meanwhile.
    server.book("kabine-1", THURSDAY).await;
    let page = unescape_html(&visitor.post(NEW, &form("kabine-1", THURSDAY, &[("comment", COMMENT)])).await.is(409).text());
    by_a_button_that_enter_does_not_press(&page, "booking");
    let (wanted, notice) = (hidden(&page, "wanted").unwrap(), hidden(&page, "notice").unwrap());
    assert_eq!((wanted.as_str(), notice.as_str()), (THURSDAY, "taken"));
    let other = first_other(&page);
    let turned = async |chosen: Option<&str>| {
        let mut fields: Vec<(&str, &str)> = vec![("service", "beratung"), ("resource", "kabine-1"), ("lang", "de"), ("comment", COMMENT)];
        fields.extend(TESTER);
        fields.extend([("wanted", wanted.as_str()), ("notice", notice.as_str()), ("speak", "en")]);
        fields.extend(chosen.map(|start| ("start", start)));
        unescape_html(&visitor.post(NEW, &fields).await.is(200).text())
    };
    let page = turned(Some(&other)).await;
    assert!(page.contains("Sorry, this time is no longer free"), "{page}");
    assert!(radio(&page, &other).contains(" checked") && page.contains(COMMENT), "{page}");
    assert_eq!((hidden(&page, "wanted").unwrap(), hidden(&page, "notice").unwrap()), (THURSDAY.into(), "taken".into()));
    assert_eq!(page.matches(" checked").count(), 1, "{page}");
    // Where none is chosen yet, none is missed.
    let page = turned(None).await;
    assert!(!radio(&page, &other).contains(" checked") && !page.contains("aria-invalid") && !page.contains("faults-title"), "{page}");
    assert_eq!(server.anna().names("kabine-1/").await.len(), 1);
}

#[tokio::test]
async fn the_data_of_an_earlier_appointment_stays_in_another_language() {
    let server = Server::start().await;
    let booked = server.book_with("kabine-1", THURSDAY, &[("comment", COMMENT)]).await;
    let visitor = server.customer();
    let page = unescape_html(&visitor.post(&format!("{}/again", booked.page), &[]).await.ok().text());
    assert_eq!(hidden(&page, "notice").as_deref(), Some("rebook"));
    let (id, other) = (hidden(&page, "form").unwrap(), first_other(&page));
    let mut fields = form("any", &other, &[("comment", COMMENT), ("form", &id), ("notice", "rebook"), ("speak", "tr")]);
    let turned = async |fields: &[(&str, &str)]| unescape_html(&visitor.post(NEW, fields).await.is(200).text());
    let page = turned(&fields).await;
    assert!(page.contains("<html lang=\"tr\"") && page.contains("Geçen seferki") && page.contains(COMMENT), "{page}");
    assert!(radio(&page, &other).contains(" checked") && hidden(&page, "form") == Some(id.clone()), "{page}");
    fields.retain(|(name, _)| *name != "start");
    let page = turned(&fields).await;
    assert!(page.contains("Geçen seferki") && page.contains(COMMENT) && hidden(&page, "wanted").is_none(), "{page}");
}

/// What a service asks of its own, and what it asks one to agree with.
#[tokio::test]
async fn a_services_own_fields_stay_in_another_language() {
    let more = "minutes = 60\nfield = [{ id = \"seite\", label = { de = \"Seite\", en = \"Side\" }, kind = \"choice\", options = [{ de = \"links\", en = \"left\" }, { de = \"rechts\", en = \"right\" }] }, { id = \"gekauft\", label = { de = \"Gekauft\" }, kind = \"date\" }]\nconsent = [{ id = \"daten\", text = { de = \"Ja.\", en = \"Yes.\" }, required = true }]";
    let server = Server::changed("minutes = 60", more).await;
    let own = [("own-seite", "rechts"), ("own-gekauft", "24.12.2025"), ("consent-daten", "1"), ("speak", "en")];
    let page = unescape_html(&server.customer().post(NEW, &form("kabine-1", THURSDAY, &own)).await.is(200).text());
    assert!(page.contains("<option value=\"rechts\" selected>right</option>") && page.contains("value=\"2025-12-24\""), "{page}");
    assert!(page.contains("id=\"consent-daten\" name=\"consent-daten\" type=\"checkbox\" value=\"1\" checked"), "{page}");
    nothing_is_booked(&server).await;
}

#[tokio::test]
async fn the_hold_of_a_form_outlasts_its_language() {
    let server = Server::with(crate::harness::Choices { behind_proxy: true, ..Default::default() }).await;
    let (here, there) = (server.visitor("203.0.113.5"), server.visitor("198.51.100.9"));
    let hold = async |visitor: &Client, form: &str| {
        let wish = [("service", "beratung"), ("resource", "kabine-1"), ("start", THURSDAY), ("form", form)];
        visitor.post("/book/stuttgart/hold", &wish).await
    };
    hold(&here, "00aa11bb").await.ok();
    let page = here.post(NEW, &form("kabine-1", THURSDAY, &[("form", "00aa11bb"), ("speak", "en")])).await.is(200).text();
    let id = hidden(&page, "form").unwrap();
    hold(&there, "ffee22cc").await.is(409);
    there.post(NEW, &form("kabine-1", THURSDAY, &[])).await.is(409);
    // It is the same form's hold: from whichever network it is sent by now.
    server.visitor("192.0.2.77").post(NEW, &form("kabine-1", THURSDAY, &[("form", &id), ("lang", "en")])).await.is(303);
}

#[tokio::test]
async fn the_reason_for_cancelling_stays_in_another_language() {
    let server = Server::start().await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let (visitor, address) = (server.customer(), format!("{}/cancel", booked.page));
    by_a_button_that_enter_does_not_press(&visitor.get(&address).await.ok().text(), "cancelling");
    let reason = "krank & <heiser>";
    let page = visitor.post(&address, &[("reason", reason), ("speak", "en")]).await.is(200).text();
    assert!(page.contains("<html lang=\"en\"") && page.contains("/cancel?lang=en\""), "{page}");
    assert!(unescape_html(&page).contains(&format!("value=\"{reason}\"")) && !page.contains("<heiser>"), "{page}");
    assert_eq!(state_of(&server.anna().get(&booked.path).await.ok().text()), "REQUESTED");
    // Sent as it is, it cancels.
    let page = visitor.post(&format!("{address}?lang=en"), &[("reason", reason)]).await.leads();
    assert!(page.ends_with("?lang=en"));
    assert_eq!(state_of(&server.anna().get(&booked.path).await.ok().text()), "CANCELLED");
    // By then there is nothing to be asked.
    assert!(visitor.post(&address, &[("reason", reason), ("speak", "tr")]).await.leads().ends_with("?lang=tr"));
}

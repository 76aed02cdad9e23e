//! What pages promise customers: letters only where there are any, cancelling only where it is possible, and that nothing typed is lost.

use super::*;

fn form(start: &str, more: &str) -> String {
    format!("/book/stuttgart/new?service=beratung&resource=kabine-1&start={}{more}", escape(start))
}

#[tokio::test]
async fn no_letter_is_promised_where_none_is_sent() {
    let walk = Walk::begin().await;
    for (tag, letter, page) in [
        ("de", "E-Mail mit einem Link", "Bewahren Sie deren Adresse auf"),
        ("de-simple", "bekommen Sie eine E-Mail", "heben Sie die Adresse"),
        ("en", "send you an e-mail", "Please keep its address"),
        ("tr", "bir e-posta göndereceğiz", "adresini saklayın"),
        ("uk", "надішлемо вам листа", "Збережіть"),
        ("ar", "سنرسل إليكم", "الاحتفاظ بعنوانها"),
    ] {
        let shown = walk.get(&form(START, &format!("&lang={tag}"))).await.is(200).says(page).never_says(letter);
        shown.never_says("name=\"reminder\"");
    }
    let booked = walk.book(START, "Anton").await.is(303).location;
    let page = walk.get(&booked).await.is(200).says("bewahren Sie die Adresse dieser Seite auf").says("Auf dieser Seite steht");
    page.never_says("wird gerade an");
}

#[tokio::test]
async fn a_demos_letters_can_be_read_and_are_spoken_of() {
    let mut walk = Walk::begin().await;
    walk.web.mail_folder = Some("/nonexistent/openslot-walk".into());
    walk.get(&form(START, "")).await.is(200).says("E-Mail mit einem Link").says("name=\"reminder\"");
    let booked = walk.book(START, "Anton").await.is(303).location;
    walk.get(&booked).await.is(200).says("wird gerade an t.tester@example.org gesendet").never_says("bewahren Sie die Adresse dieser");
}

#[tokio::test]
async fn a_deadline_that_was_past_before_the_booking_is_not_named() {
    let later = "2026-12-07T10:30:00+01:00";
    let mut practice = practice();
    practice.services[0].cancel_hours = 2000;
    practice.services[0].move_hours = 2000;
    let walk = Walk::through(practice).await;
    for (start, words) in [(START, "schon so nah"), (later, "kann nicht online abgesagt werden")] {
        walk.get(&form(start, "")).await.is(200).says(words).says("rufen Sie uns bitte an");
        let booked = walk.book(start, "Anton").await.is(303).location;
        let page = walk.get(&booked).await.is(200).says(words).says("rufen Sie uns bitte an");
        page.never_says("ging bis").never_says("Termin absagen</a>");
    }
}

#[tokio::test]
async fn back_to_the_form_of_ones_own_booking_blames_nobody() {
    let walk = Walk::begin().await;
    walk.book(START, "Anton").await.is(303);
    let shown = walk.get(&form(START, "")).await.is(409).says("Vielleicht durch Ihre eigene Buchung").says("type=\"radio\" name=\"start\"");
    shown.never_says("noch da").never_says("leider");
}

#[tokio::test]
async fn what_is_read_beside_the_form_opens_beside_it() {
    let walk = Walk::begin().await;
    let shown = walk.get(&form(START, "")).await.is(200).text;
    for address in ["https://mustermann.example/datenschutz", "https://mustermann.example/impressum"] {
        let all = shown.matches(&format!("href=\"{address}\"")).count();
        assert!(all > 0 && all == shown.matches(&format!("href=\"{address}\" target=\"_blank\" rel=\"noopener\"")).count(), "{shown}");
    }
    assert!(shown.contains("(öffnet sich in einem neuen Tab)"));
    walk.get("/").await.is(200).never_says("target=\"_blank\"");
}

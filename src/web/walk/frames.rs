//! Whether the booking pages are published, and how they arrive on the practice's own site.

use super::*;

#[tokio::test]
async fn nothing_is_published_before_the_practice_says_who_it_is() {
    for gone in ["privacy_url", "imprint_url"] {
        let mut practice = practice();
        let link = if gone == "privacy_url" { &mut practice.privacy_url } else { &mut practice.imprint_url };
        *link = None;
        assert_eq!(practice.unpublished(), [gone]);
        let walk = Walk::through(practice).await;
        for path in ["/", "/book/stuttgart", "/book/stuttgart/new?service=beratung"] {
            walk.get(path).await.is(503).says("noch nicht geöffnet").says("tel:071146909151");
        }
        walk.book(START, "Anton").await.is(503);
        walk.get("/booking/nothing").await.is(404);
        let mut walk = walk;
        walk.sign_in().await;
    }
}

#[tokio::test]
async fn a_frame_is_kept_by_every_link_and_form_and_allowed_to_listed_sites_alone() {
    let mut practice = practice();
    practice.widget_origins = vec!["https://www.mustermann.example".into(), "https://mustermann.example".into()];
    let walk = Walk::through(practice).await;
    let policy = |seen: &Seen| seen.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    let start = walk.get("/?frame=1").await.is(200).says("data-sites=\"https://www.mustermann.example https://mustermann.example\"");
    assert!(policy(&start).ends_with("frame-ancestors 'self' https://www.mustermann.example https://mustermann.example"));
    assert!(!start.headers.contains_key(header::X_FRAME_OPTIONS));
    let services = walk.get(&start.after("class=\"card\" href=\"")).await.is(200).says("/static/frame.js");
    let grid = walk.get(&services.after("class=\"card\" href=\"")).await.is(200).says("frame=1&amp;lang=en");
    let form = walk.get(&grid.after(&format!("data-start=\"{START}\" href=\""))).await.is(200).says("class=\"framed\"").never_says("<base");
    let action = form.after("method=\"post\" action=\"");
    assert_eq!(action, "/book/stuttgart/new?frame=1");
    let typed = [("service", "beratung"), ("start", START), ("family_name", "Tester"), ("given_name", "Eva"), ("email", "e@example.org")];
    walk.post(&action, &typed).await.is(422).says("class=\"framed\"");
    let typed = [typed.as_slice(), &[("telephone", "0711 21475475")]].concat();
    let booked = walk.post(&action, &typed).await.is(303).location;
    assert!(booked.ends_with("?frame=1"), "{booked}");
    // Where a page leads next may be shown by us alone: a new window.
    walk.get(&booked).await.is(200).says("<base target=\"_blank\">");
    let plain = walk.get("/book/stuttgart").await.is(200).never_says("frame.js").never_says("data-sites");
    assert!(policy(&plain).ends_with("frame-ancestors 'self'"));
    assert_eq!(plain.headers[header::X_FRAME_OPTIONS], "SAMEORIGIN");
    let staff = walk.get("/staff/sign-in?frame=1").await.is(200);
    assert!(policy(&staff).ends_with("frame-ancestors 'none'"));
}

#[tokio::test]
async fn without_a_list_only_our_own_pages_may_frame() {
    let walk = Walk::begin().await;
    let page = walk.get("/book/stuttgart?frame=1").await.is(200).says("data-sites=\"\"");
    assert_eq!(page.headers[header::X_FRAME_OPTIONS], "SAMEORIGIN");
}

#[tokio::test]
async fn the_widget_is_a_script_for_any_site() {
    let walk = Walk::begin().await;
    let script = walk.get("/book/widget.js").await.is(200).says("document.currentScript").says("event.origin !== home");
    assert_eq!(script.headers[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
    assert_eq!(script.headers["cross-origin-resource-policy"], "cross-origin");
    assert_eq!(script.headers[header::CACHE_CONTROL], "public, max-age=300");
}

#[tokio::test]
async fn staff_find_link_code_and_qr_code() {
    let mut practice = practice();
    practice.services[0].hidden = true;
    practice.services[0].internal_name = Some("Kulanz".into());
    let mut walk = Walk::through(practice).await;
    assert_eq!(walk.get("/staff/links").await.is(303).location, "/staff/sign-in?next=%2Fstaff%2Flinks");
    walk.sign_in().await;
    walk.get("/staff/links")
        .await
        .is(200)
        .says("Alle Anliegen")
        .says("Kulanz</a> <span class=\"badge\">nur über den Link")
        .says("Noch keine.");
    let page = walk.get("/staff/links?location=stuttgart&service=beratung").await.is(200).says("<svg class=\"qr\"").says("fill=\"#000\"");
    let page = page.says("http://127.0.0.1:8008/book/stuttgart?service=beratung</p>");
    page.says("&lt;script src=&quot;http://127.0.0.1:8008/book/widget.js&quot; data-location=&quot;stuttgart&quot; data-service=&quot;beratung&quot; async&gt;");
    walk.get("/staff/links?location=nowhere").await.is(404);
    walk.get("/staff/links?location=stuttgart&service=nothing").await.is(404);
}

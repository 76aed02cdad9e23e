//! The schedule tag of bookings: what DAVx5 sends instead of an entity tag. RFC 6638 §3.2.10.

use crate::harness::{Server, edited, press, state_of, value_of};

#[tokio::test]
async fn a_change_that_crosses_the_customers_own_is_merged() {
    let server = Server::start().await;
    let anna = server.anna();
    let booked = server.book("kabine-1", "2026-03-26T15:00:00+01:00").await;
    let known = anna.get(&booked.path).await.ok();
    let tag = known.header("schedule-tag");
    assert_eq!(anna.propfind(&booked.path, "0", "<C:schedule-tag/>").await.multistatus().only().value("schedule-tag"), tag);
    server.customer().post(&format!("{}/cancel", booked.page), &[]).await.is(303);
    let cancelled = anna.get(&booked.path).await.ok();
    assert_eq!(state_of(&cancelled.text()), "CANCELLED");
    assert!(cancelled.header("schedule-tag") == tag && cancelled.etag() != known.etag());
    let note = edited(&known.text(), "LOCATION", "LOCATION:Hinterhaus");
    anna.with("If-Match", &known.etag()).put(&booked.path, note.clone()).await.is(412);
    let put = anna.with("If-Schedule-Tag-Match", &tag).put(&booked.path, note).await.no_content();
    assert_eq!(put.find("etag"), None);
    let merged = anna.get(&booked.path).await.ok();
    assert_eq!(value_of(&merged.text(), "LOCATION"), "Hinterhaus");
    assert_eq!(state_of(&merged.text()), "CANCELLED");
    assert_eq!(merged.header("schedule-tag"), put.header("schedule-tag"));
    assert_ne!(merged.header("schedule-tag"), tag);
}

#[tokio::test]
async fn what_staff_do_makes_another_tag() {
    let server = Server::start().await;
    let anna = server.anna();
    let booked = server.book("kabine-1", "2026-03-26T15:00:00+01:00").await;
    let known = anna.get(&booked.path).await.ok();
    press(&server.desk("anna").await, &booked.uid, "confirm").await.is(303);
    let confirmed = anna.get(&booked.path).await.ok();
    assert_ne!(confirmed.header("schedule-tag"), known.header("schedule-tag"));
    let stale = anna.with("If-Schedule-Tag-Match", &known.header("schedule-tag"));
    stale.put(&booked.path, edited(&known.text(), "LOCATION", "LOCATION:Hinterhaus")).await.is(412);
    stale.delete(&booked.path).await.is(412);
    // What was made of it comes back at once to whoever prefers that.
    let wish = edited(&confirmed.text(), "LOCATION", "LOCATION:Hinterhaus");
    let asking = anna.with("If-Schedule-Tag-Match", &confirmed.header("schedule-tag")).with("Prefer", "return=representation");
    let stored = asking.put(&booked.path, wish.clone()).await.ok();
    let now = anna.get(&booked.path).await.ok();
    assert_eq!((stored.body.clone(), stored.etag()), (now.body.clone(), now.etag()));
    assert_ne!(stored.text(), wish);
    anna.with("If-Schedule-Tag-Match", &now.header("schedule-tag")).delete(&booked.path).await.no_content();
}

//! An appointment's events never take the place of something else that has been given their names.

use crate::harness::{Server, event, value_of};
use crate::rules::{ROOM_AND_PERSON, objects, only, practice};

const THURSDAY: &str = "2026-03-26T10:30:00+01:00";
const FRIDAY: &str = "2026-03-27T14:00:00+01:00";

/// The appointment's own event in a calendar, which holds something else under a name that was the appointment's.
async fn beside(server: &Server, calendar: &str, other: &str) -> (String, String) {
    let mut all = objects(server, calendar).await;
    let kept = all.remove(other).unwrap_or_else(|| panic!("{other} in {all:?}"));
    assert_eq!(value_of(&kept, "SUMMARY"), "Teamrunde", "{other}");
    assert_eq!(all.len(), 1, "{all:?}");
    all.into_iter().next().unwrap()
}

#[tokio::test]
async fn somebody_who_holds_it_again_leaves_what_has_their_halfs_name_by_now() {
    let server = practice(ROOM_AND_PERSON).await;
    let booked = server.book("any", THURSDAY).await;
    let anna = server.anna();
    let (path, _) = only(&server, "anna-p").await;
    let to = async |start: &str| server.customer().post(&format!("{}/move", booked.page), &[("start", start), ("resource", "")]).await;
    anna.put("anna-p/x.ics", event("x", "20260327T130000Z", "20260327T140000Z", "")).await.created();
    to(FRIDAY).await.is(303);
    only(&server, "ben-p").await;
    anna.put(&path, event("Teamrunde", "20260326T150000Z", "20260326T160000Z", "")).await.created();
    anna.delete("anna-p/x.ics").await.no_content();
    anna.put("ben-p/x.ics", event("x", "20260326T093000Z", "20260326T103000Z", "")).await.created();
    to(THURSDAY).await.is(303);
    let (_, shadow) = beside(&server, "anna-p", &path).await;
    assert_eq!(value_of(&shadow, "RELATED-TO"), booked.uid);
}

#[tokio::test]
async fn a_move_into_another_cabin_leaves_what_has_the_name_there() {
    let server = Server::start().await;
    let booked = server.book("kabine-1", THURSDAY).await;
    let anna = server.anna();
    anna.with("Destination", &anna.path("kabine-1/besuch.ics")).ask("MOVE", &booked.path, "").await.created();
    anna.put("kabine-2/besuch.ics", event("Teamrunde", "20260326T150000Z", "20260326T160000Z", "")).await.created();
    let fields = [("start", FRIDAY), ("resource", "kabine-2")];
    server.customer().post(&format!("{}/move", booked.page), &fields).await.is(303);
    let (path, object) = beside(&server, "kabine-2", "kabine-2/besuch.ics").await;
    assert_eq!((value_of(&object, "UID"), value_of(&object, "DTSTART")), (booked.uid, "20260327T140000".into()));
    assert!(objects(&server, "kabine-1").await.is_empty());
    anna.delete(&path).await.no_content();
}

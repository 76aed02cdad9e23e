//! Forms that no person filled in: asked for once more, with everything typed, and never lost.

use super::*;
use crate::world::World;

/// A walk whose clock can be turned and whose forms are measured.
async fn measured() -> (Walk, Arc<Fixed>) {
    let world = Arc::new(Fixed::at(instant(sample::now())));
    let mut walk = Walk::at(practice(), Arc::clone(&world)).await;
    walk.web.form_seconds = 2;
    (walk, world)
}

const OPEN: &str = "/book/stuttgart/new?service=beratung&resource=kabine-1&start=2026-11-27T10%3A30%3A00%2B01%3A00";

fn typed<'a>(form: &'a str, stamp: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("service", "beratung"),
        ("resource", "kabine-1"),
        ("start", START),
        ("given_name", "Anton"),
        ("family_name", "Tester"),
        ("email", "a@example.org"),
        ("telephone", "0711 21475475"),
        ("form", form),
        ("stamp", stamp),
    ]
}

const NEW: &str = "/book/stuttgart/new";

#[tokio::test]
async fn faster_than_anybody_types_is_asked_again_and_then_booked() {
    let (walk, world) = measured().await;
    let page = walk.get(OPEN).await.is(200);
    let (form, stamp) = (page.field("form"), page.field("stamp"));
    let again = walk.post(NEW, &typed(&form, &stamp)).await.is(422).says("noch einmal").says("value=\"Anton\"");
    assert_eq!((again.field("form"), again.field("stamp")), (form.clone(), stamp.clone()), "waiting begins once");
    world.set(world.now() + chrono::Duration::seconds(2));
    walk.post(NEW, &typed(&form, &stamp)).await.is(303);
}

#[tokio::test]
async fn a_form_left_open_for_days_gets_a_fresh_stamp() {
    let (walk, world) = measured().await;
    let page = walk.get(OPEN).await.is(200);
    let (form, stamp) = (page.field("form"), page.field("stamp"));
    world.set(world.now() + chrono::Duration::hours(23));
    walk.post(NEW, &typed(&form, &stamp)).await.is(303);
    let (walk, world) = measured().await;
    let page = walk.get("/book/stuttgart/new?service=beratung&start=2026-12-04T10%3A30%3A00%2B01%3A00").await.is(200);
    let (form, stamp) = (page.field("form"), page.field("stamp"));
    world.set(world.now() + chrono::Duration::hours(25));
    let mut fields = typed(&form, &stamp);
    fields[2].1 = "2026-12-04T10:30:00+01:00";
    let again = walk.post(NEW, &fields).await.is(422).says("value=\"Anton\"");
    let fresh = again.field("stamp");
    assert_ne!(fresh, stamp);
    world.set(world.now() + chrono::Duration::seconds(3));
    fields[8].1 = &fresh;
    walk.post(NEW, &fields).await.is(303);
}

#[tokio::test]
async fn nobody_makes_a_stamp_and_nobody_uses_anothers() {
    let (walk, world) = measured().await;
    let (one, two) = (walk.get(OPEN).await.is(200), walk.get(OPEN).await.is(200));
    world.set(world.now() + chrono::Duration::seconds(9));
    let early = format!("{}.{}", world.now().timestamp() - 60, one.field("stamp").split_once('.').unwrap().1);
    for stamp in ["", "x", "1.", &early, &two.field("stamp")] {
        walk.post(NEW, &typed(&one.field("form"), stamp)).await.is(422).says("noch einmal");
    }
    walk.post(NEW, &typed(&one.field("form"), &one.field("stamp"))).await.is(303);
}

#[tokio::test]
async fn the_field_that_nobody_sees_stops_whoever_fills_it_in() {
    let walk = Walk::begin().await;
    let page = walk.get(OPEN).await.is(200).says("class=\"trap\" aria-hidden=\"true\"").says("tabindex=\"-1\" autocomplete=\"off\"");
    let form = page.field("form");
    let mut fields = typed(&form, "");
    fields.push(("reply_channel", "https://casino.example"));
    walk.post(NEW, &fields).await.is(422).says("noch einmal").says("value=\"Anton\"").never_says("casino");
    fields.pop();
    walk.post(NEW, &fields).await.is(303);
}

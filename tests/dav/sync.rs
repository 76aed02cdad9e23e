//! sync-collection. RFC 6578 §3.

use crate::house::*;

async fn sync(person: &Person, token: &str, more: &str) -> Answer {
    let inner = format!("<D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop>{more}");
    person.report("kabine-1/", "D:sync-collection", &inner).await
}

fn statuses(answer: &Answer) -> Vec<(String, bool)> {
    answer.responses().into_iter().map(|r| (r.href.rsplit('/').next().unwrap().to_owned(), r.status.is_none())).collect()
}

#[tokio::test]
async fn from_the_beginning_and_then_what_changed() {
    let house = house().await;
    for name in ["a", "b", "c"] {
        house.anna.put(&format!("kabine-1/{name}.ics"), &event(name, "20260326T100000Z", "")).await.is(201);
    }
    let first = sync(&house.anna, "", "").await;
    assert_eq!(statuses(&first), [("a.ics".into(), true), ("b.ics".into(), true), ("c.ics".into(), true)]);
    let tag = house.anna.propfind("kabine-1/", "0", "D:sync-token S:getctag").await.responses().remove(0);
    assert_eq!(tag.text("sync-token"), Some(first.token()));
    assert!(statuses(&sync(&house.anna, &first.token(), "").await).is_empty());
    house.anna.put("kabine-1/b.ics", &event("b", "20260327T100000Z", "")).await.is(204);
    house.anna.send("DELETE", "kabine-1/a.ics", &[], "").await.is(204);
    house.anna.put("kabine-1/d.ics", &event("d", "20260327T100000Z", "")).await.is(201);
    let then = sync(&house.anna, &first.token(), "").await;
    assert_eq!(statuses(&then), [("a.ics".into(), false), ("b.ics".into(), true), ("d.ics".into(), true)]);
    assert_ne!(then.token(), first.token());
    let later = house.anna.propfind("kabine-1/", "0", "S:getctag").await.responses().remove(0);
    assert_ne!(later.text("getctag"), tag.text("getctag"));
}

#[tokio::test]
async fn every_form_that_programs_send_is_read() {
    let house = house().await;
    house.anna.put("kabine-1/a.ics", &event("a", "20260326T100000Z", "")).await.is(201);
    for inner in [
        "<D:sync-token/><D:prop><D:getetag/></D:prop>",
        "<D:sync-level>1</D:sync-level><D:sync-token/><D:prop><D:getetag/></D:prop>",
        "<D:prop><D:getetag/></D:prop><D:sync-token></D:sync-token><D:sync-level>infinite</D:sync-level>",
    ] {
        for headers in [&[][..], &[("depth", "0")], &[("depth", "1")]] {
            let answer = house.anna.send("REPORT", "kabine-1/", headers, within("D:sync-collection", inner)).await.is(207);
            assert_eq!(answer.hrefs().len(), 1);
        }
    }
    for (address, level) in [("kabine-1/", "7"), ("", "7"), ("kabine-1/", "-")] {
        let inner = format!("<D:sync-token/><D:sync-level>{level}</D:sync-level><D:prop/>");
        house.anna.send("REPORT", address, &[], within("D:sync-collection", &inner)).await.is(400);
    }
    let data = "<D:sync-token/><D:prop><D:getetag/><C:calendar-data/></D:prop>";
    let answer = house.anna.report("kabine-1/", "D:sync-collection", data).await;
    assert_eq!(answer.responses()[0].text("calendar-data"), Some(event("a", "20260326T100000Z", "")));
}

#[tokio::test]
async fn a_token_that_was_never_given_is_refused() {
    let house = house().await;
    let token = sync(&house.anna, "", "").await.token();
    let other = "<D:sync-token/><D:prop/>";
    let others = house.anna.report("kabine-2/", "D:sync-collection", other).await.token();
    let future = format!("{}9", token);
    for bad in ["nonsense", "urn:openslot:sync:1:", others.as_str(), future.as_str()] {
        let answer = sync(&house.anna, bad, "").await.is(403);
        assert!(answer.body.contains("<D:valid-sync-token/>"), "{bad}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_limited_answer_goes_on_where_it_stopped() {
    let house = house().await;
    let limit = "<D:limit><D:nresults>2</D:nresults></D:limit>";
    for n in 0..5 {
        house.anna.put(&format!("kabine-1/{n}.ics"), &event(&n.to_string(), "20260326T100000Z", "")).await.is(201);
    }
    let (mut token, mut seen, mut rounds) = (String::new(), Vec::new(), 0);
    loop {
        let answer = sync(&house.anna, &token, limit).await;
        token = answer.token();
        rounds += 1;
        let all = statuses(&answer);
        seen.extend(all.iter().filter(|(name, _)| !name.is_empty()).map(|(name, _)| name.clone()));
        if rounds == 1 {
            // Changed while the client pages: it must hear of it in the end.
            house.anna.put("kabine-1/0.ics", &event("0", "20260401T100000Z", "")).await.is(204);
        }
        if all.iter().all(|(name, _)| !name.is_empty()) {
            break;
        }
        assert!(answer.body.contains("number-of-matches-within-limits"));
    }
    assert_eq!((rounds, seen.len()), (3, 5));
    let rest = sync(&house.anna, &token, limit).await;
    assert_eq!(statuses(&rest), [("0.ics".into(), true)]);
}

//! COPY and MOVE of calendars' objects and of calendars. RFC 4918 §9.8 and §9.9, RFC 4791 §5.3.2.1.

use crate::house::*;

impl Person {
    async fn carry(&self, method: &str, from: &str, to: &str, headers: &[(&'static str, &str)]) -> Answer {
        let to = format!("http://localhost/dav/calendars/{}/{to}", self.login);
        let mut all = vec![("destination", to.as_str())];
        all.extend_from_slice(headers);
        self.send(method, from, &all, "").await
    }

    async fn sync(&self, calendar: &str, token: &str) -> Answer {
        let inner = format!("<D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop>");
        self.report(calendar, "D:sync-collection", &inner).await.is(207)
    }
}

#[tokio::test]
async fn an_object_gets_another_name() {
    let anna = house().await.anna;
    let sent = event("a", "20260326T100000Z", "X-OWN:1");
    let etag = anna.put("kabine-1/a.ics", &sent).await.is(201).header("etag").unwrap().to_owned();
    let token = anna.sync("kabine-1/", "").await.token();
    let moved = anna.carry("MOVE", "kabine-1/a.ics", "kabine-1/b%20c.ics", &[("if-match", &etag)]).await.is(201);
    assert_eq!(moved.header("etag"), Some(etag.as_str()));
    anna.get("kabine-1/a.ics").await.is(404);
    assert_eq!(anna.get("kabine-1/b%20c.ics").await.is(200).body, sent);
    let changed = anna.sync("kabine-1/", &token).await;
    let told: Vec<_> = changed.responses().into_iter().map(|r| (r.href, r.status.is_some())).collect();
    let path = |name: &str| format!("/dav/calendars/anna/kabine-1/{name}");
    assert_eq!(told, [(path("a.ics"), true), (path("b%20c.ics"), false)]);
    // Queries and its UID find it under the new name.
    let filter = "<D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name='VCALENDAR'><C:comp-filter name='VEVENT'>\
                  <C:time-range start='20260326T000000Z' end='20260327T000000Z'/></C:comp-filter></C:comp-filter></C:filter>";
    assert_eq!(anna.report("kabine-1/", "C:calendar-query", filter).await.hrefs(), [path("b%20c.ics")]);
    let again = anna.put("kabine-1/a.ics", &sent).await.is(409);
    assert!(again.body.contains(&path("b%20c.ics")));
    // Further writes go on from there.
    anna.put("kabine-1/b%20c.ics", &event("a", "20260326T110000Z", "")).await.is(204);
    anna.send("DELETE", "kabine-1/b%20c.ics", &[], "").await.is(204);
    assert_eq!(anna.propfind("kabine-1/", "1", "D:getetag").await.hrefs().len(), 1);
}

#[tokio::test]
async fn what_stands_at_the_destination_gives_way_or_stays() {
    let anna = house().await.anna;
    let (a, b) = (event("a", "20260326T100000Z", ""), event("b", "20260326T120000Z", ""));
    anna.put("kabine-1/a.ics", &a).await.is(201);
    anna.put("kabine-1/b.ics", &b).await.is(201);
    anna.carry("MOVE", "kabine-1/a.ics", "kabine-1/b.ics", &[("overwrite", "F")]).await.is(412);
    anna.carry("MOVE", "kabine-1/a.ics", "kabine-1/c.ics", &[("if-match", "\"old\"")]).await.is(412);
    anna.carry("MOVE", "kabine-1/a.ics", "kabine-1/a.ics", &[]).await.is(403);
    anna.carry("MOVE", "kabine-1/none.ics", "kabine-1/c.ics", &[]).await.is(404);
    anna.carry("MOVE", "kabine-1/a.ics", "none/c.ics", &[]).await.is(409);
    assert_eq!(anna.get("kabine-1/b.ics").await.body, b);
    anna.carry("MOVE", "kabine-1/a.ics", "kabine-1/b.ics", &[("overwrite", "T")]).await.is(204);
    assert_eq!(anna.get("kabine-1/b.ics").await.body, a);
    assert_eq!(anna.propfind("kabine-1/", "1", "D:getetag").await.hrefs().len(), 2);
    // The UID that gave way is free.
    anna.put("kabine-1/c.ics", &b).await.is(201);
}

#[tokio::test]
async fn objects_go_from_calendar_to_calendar() {
    let house = house().await;
    let admin = &house.admin;
    let a = event("a", "20260326T100000Z", "");
    admin.put("kabine-1/a.ics", &a).await.is(201);
    let copied = admin.carry("COPY", "kabine-1/a.ics", "kabine-2/x.ics", &[]).await.is(201);
    assert_eq!(copied.header("etag"), admin.get("kabine-2/x.ics").await.is(200).header("etag"));
    // One calendar, one object of a UID.
    let twice = admin.carry("COPY", "kabine-1/a.ics", "kabine-2/y.ics", &[]).await.is(409);
    assert!(twice.body.contains("<C:no-uid-conflict><D:href>/dav/calendars/admin/kabine-2/x.ics"), "{}", twice.body);
    let itself = admin.carry("COPY", "kabine-1/a.ics", "kabine-1/y.ics", &[]).await.is(409);
    assert!(itself.body.contains("<C:no-uid-conflict><D:href>/dav/calendars/admin/kabine-1/a.ics"), "{}", itself.body);
    // The same thing in another state is overwritten, another thing gives way.
    admin.put("kabine-2/x.ics", &event("a", "20260326T150000Z", "")).await.is(204);
    admin.carry("COPY", "kabine-1/a.ics", "kabine-2/x.ics", &[("overwrite", "F")]).await.is(412);
    admin.carry("COPY", "kabine-1/a.ics", "kabine-2/x.ics", &[]).await.is(204);
    assert_eq!(admin.get("kabine-2/x.ics").await.body, a);
    admin.put("kabine-2/z.ics", &event("z", "20260326T160000Z", "")).await.is(201);
    admin.send("DELETE", "kabine-2/x.ics", &[], "").await.is(204);
    admin.carry("MOVE", "kabine-1/a.ics", "kabine-2/z.ics", &[]).await.is(204);
    admin.get("kabine-1/a.ics").await.is(404);
    assert_eq!(admin.get("kabine-2/z.ics").await.body, a);
    // What a calendar does not hold it does not take.
    let kind = admin.carry("MOVE", "kabine-2/z.ics", "auskunft/z.ics", &[]).await.is(403);
    assert!(kind.body.contains("<C:supported-calendar-component/>"));
    assert_eq!(admin.get("kabine-2/z.ics").await.is(200).body, a);
}

#[tokio::test]
async fn privileges_of_both_ends_are_asked() {
    let house = house().await;
    house.ben.put("kabine-2/b.ics", &event("b", "20260326T100000Z", "")).await.is(201);
    house.anna.put("kabine-1/a.ics", &event("a", "20260326T100000Z", "")).await.is(201);
    // anna reads kabine-2, and no more.
    let out = house.anna.carry("MOVE", "kabine-2/b.ics", "kabine-1/b.ics", &[]).await.is(403);
    assert!(out.body.contains("<D:unbind/>"), "{}", out.body);
    let into = house.anna.carry("MOVE", "kabine-1/a.ics", "kabine-2/a.ics", &[]).await.is(403);
    assert!(into.body.contains("<D:bind/>"), "{}", into.body);
    house.anna.carry("COPY", "kabine-1/a.ics", "kabine-2/a.ics", &[]).await.is(403);
    house.anna.carry("COPY", "kabine-2/b.ics", "kabine-1/b.ics", &[]).await.is(201);
    // ben does not know kabine-1, and nobody writes into another one's home.
    house.ben.carry("MOVE", "kabine-2/b.ics", "kabine-1/b2.ics", &[]).await.is(409);
    house.ben.send("MOVE", "kabine-2/b.ics", &[("destination", "/dav/calendars/anna/kabine-2/c.ics")], "").await.is(403);
    house.ben.send("COPY", "/dav/calendars/anna/kabine-2/b.ics", &[("destination", "/dav/calendars/ben/kabine-2/c.ics")], "").await.is(404);
    house.ben.get("kabine-2/b.ics").await.is(200);
}

#[tokio::test]
async fn an_own_calendar_gets_another_name() {
    let anna = house().await.anna;
    let named = "<D:set><D:prop><D:displayname>Privat</D:displayname></D:prop></D:set>";
    anna.send("MKCALENDAR", "eins/", &[], within("C:mkcalendar", named)).await.is(201);
    anna.send("MKCALENDAR", "drei/", &[], "").await.is(201);
    anna.put("eins/a.ics", &event("a", "20260326T100000Z", "")).await.is(201);
    let token = anna.sync("eins/", "").await.token();
    anna.carry("MOVE", "eins/", "zwei/", &[("depth", "0")]).await.is(400);
    anna.carry("MOVE", "eins/", "drei/", &[("overwrite", "F")]).await.is(412);
    anna.carry("MOVE", "eins/", "drei/", &[]).await.is(403);
    anna.carry("MOVE", "eins/", "kabine-1/", &[]).await.is(403);
    anna.carry("MOVE", "eins/", "eins", &[]).await.is(403);
    anna.carry("MOVE", "kabine-1/", "zwei/", &[]).await.is(403);
    anna.carry("COPY", "eins/", "zwei/", &[]).await.is(403);
    anna.carry("MOVE", "eins/", "zwei/", &[("overwrite", "F")]).await.is(201);
    anna.propfind("eins/", "0", "D:displayname").await.is(404);
    let found = anna.propfind("zwei/", "0", "D:displayname").await;
    assert_eq!(found.responses()[0].text("displayname").as_deref(), Some("Privat"));
    anna.get("zwei/a.ics").await.is(200);
    // It is the same collection: what a program knows of it stays good.
    let unchanged = anna.sync("zwei/", &token).await;
    assert!(unchanged.responses().is_empty());
    assert_eq!(unchanged.token(), token);
    anna.send("MKCALENDAR", "eins/", &[], "").await.is(201);
    for path in ["/dav/calendars/anna/", "/dav/principals/anna/", "/dav/"] {
        anna.carry("MOVE", path, "x/", &[]).await.is(405);
    }
}

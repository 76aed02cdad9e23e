//! COPY and MOVE of calendars' objects and of calendars. RFC 4918 §9.8 and §9.9, RFC 4791 §5.3.2.1.

use std::collections::BTreeMap;

use proptest::prelude::*;

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

/// What a listing of a home says of each calendar: so that nothing half done stays in it unseen.
async fn listed(anna: &Person) -> Vec<String> {
    anna.propfind("", "1", "D:displayname").await.hrefs()
}

#[tokio::test]
async fn a_calendar_is_copied_with_what_it_holds_or_without() {
    let house = house().await;
    let anna = &house.anna;
    let named = "<D:set><D:prop><D:displayname>Privat</D:displayname><A:calendar-color>#112233</A:calendar-color>\
                 <C:calendar-timezone-id>America/New_York</C:calendar-timezone-id>\
                 <C:schedule-calendar-transp><C:transparent/></C:schedule-calendar-transp><A:x>1</A:x></D:prop></D:set>";
    anna.send("MKCALENDAR", "eins/", &[], within("C:mkcalendar", named)).await.is(201);
    let series = event("s", "20260326T100000", "RRULE:FREQ=DAILY;COUNT=3");
    let objects = [("a.ics", event("a", "20260326T120000Z", "X-OWN:1")), ("s.ics", series)];
    for (name, text) in &objects {
        anna.put(&format!("eins/{name}"), text).await.is(201);
    }
    let ben = "<D:ace><D:principal><D:href>/dav/principals/ben/</D:href></D:principal><D:grant><D:privilege><D:read/></D:privilege></D:grant></D:ace>";
    anna.acl("eins/", ben).await.is(200);
    anna.carry("COPY", "eins/", "leer/", &[("depth", "0")]).await.is(201);
    anna.carry("COPY", "eins/", "zwei/", &[("overwrite", "F"), ("depth", "infinity")]).await.is(201);
    for (copy, held) in [("leer/", 0), ("zwei/", 2)] {
        let names =
            "D:displayname A:calendar-color C:calendar-timezone-id C:schedule-calendar-transp A:x C:supported-calendar-component-set";
        let told = async |path: &str| {
            let answer = anna.propfind(path, "0", names).await.responses().remove(0);
            let told = answer.properties.into_iter().map(|(name, status, element)| (name, status, element.whole()));
            told.collect::<Vec<_>>()
        };
        assert_eq!(told(copy).await, told("eins/").await);
        assert_eq!(anna.propfind(copy, "1", "D:getetag").await.hrefs().len(), held + 1);
        // Nobody else sees the copy.
        house.ben.propfind(&format!("anna~{copy}"), "0", "D:displayname").await.is(404);
    }
    for (name, text) in &objects {
        let (source, copy) = (anna.get(&format!("eins/{name}")).await.is(200), anna.get(&format!("zwei/{name}")).await.is(200));
        assert_eq!((&copy.body, copy.header("etag")), (text, source.header("etag")));
    }
    // It is found by its times, in its own zone, by its UIDs and by whoever syncs.
    let range = "<C:time-range start='20260328T140000Z' end='20260328T150000Z'/>";
    let query = format!(
        "<D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name='VCALENDAR'><C:comp-filter name='VEVENT'>{range}</C:comp-filter></C:comp-filter></C:filter>"
    );
    assert_eq!(anna.report("zwei/", "C:calendar-query", &query).await.hrefs(), ["/dav/calendars/anna/zwei/s.ics"]);
    anna.put("zwei/b.ics", &event("a", "20260326T120000Z", "")).await.is(409);
    assert_eq!(anna.sync("zwei/", "").await.hrefs().len(), 2);
    // Two lives from here on.
    anna.put("zwei/a.ics", &event("a", "20260327T120000Z", "")).await.is(204);
    assert_eq!(anna.get("eins/a.ics").await.body, objects[0].1);
    anna.send("DELETE", "eins/", &[], "").await.is(204);
    anna.get("zwei/s.ics").await.is(200);
    // And one that is shared is copied by whoever reads it, as their own.
    anna.acl("zwei/", ben).await.is(200);
    house.ben.carry("COPY", "anna~zwei/", "meine/", &[]).await.is(201);
    house.ben.send("DELETE", "meine/a.ics", &[], "").await.is(204);
    anna.get("zwei/a.ics").await.is(200);
}

/// A copy costs its octets: what happens in it is worked out when somebody asks.
#[tokio::test]
async fn a_copy_of_dense_series_answers_as_its_original() {
    let house = house().await;
    let anna = &house.anna;
    anna.send("MKCALENDAR", "dicht/", &[], "").await.is(201);
    for n in 0..40 {
        let rule = "RRULE:FREQ=MINUTELY;INTERVAL=30;COUNT=20000\r\n";
        anna.put(&format!("dicht/{n}.ics"), &event(&format!("d{n}"), "20260326T100000Z", rule)).await.is(201);
    }
    anna.carry("COPY", "dicht/", "kopie/", &[]).await.is(201);
    let busy = async |calendar: &str| {
        let body = "<C:free-busy-query xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><C:time-range start=\"20260501T000000Z\" end=\"20260502T000000Z\"/></C:free-busy-query>";
        let answer = anna.send("REPORT", calendar, &[("depth", "1")], body).await.is(200).body.clone();
        answer.lines().filter(|line| line.starts_with("FREEBUSY")).collect::<Vec<_>>().join("\n")
    };
    let (first, second) = (busy("dicht/").await, busy("kopie/").await);
    assert!(first.contains("FREEBUSY") && first == second, "{first}\n{second}");
    anna.put("kopie/40.ics", &event("d40", "20260501T100000Z", "")).await.is(201);
    assert!(busy("kopie/").await.len() >= second.len());
}

#[tokio::test]
async fn what_is_not_copied_leaves_nothing() {
    let house = house().await;
    let anna = &house.anna;
    anna.send("MKCALENDAR", "eins/", &[], "").await.is(201);
    anna.send("MKCALENDAR", "zwei/", &[], "").await.is(201);
    anna.put("eins/a.ics", &event("a", "20260326T120000Z", "")).await.is(201);
    let before = listed(anna).await;
    for (to, headers, status) in [
        ("zwei/", &[("overwrite", "F")][..], 412),
        ("zwei/", &[], 403),
        ("kabine-1/", &[("overwrite", "F")], 412),
        ("kabine-1.hours/", &[], 403),
        ("ben~eins/", &[], 403),
        ("eins/", &[], 403),
        ("drei/", &[("depth", "1")], 400),
        ("drei/", &[("if-match", "\"x\"")], 412),
        ("drei/", &[("if", "(<urn:openslot:sync:1:2>)")], 412),
        ("inbox/", &[], 403),
        ("eins/in/", &[], 403),
    ] {
        anna.carry("COPY", "eins/", to, headers).await.is(status);
    }
    anna.carry("COPY", "nichts/", "drei/", &[]).await.is(404);
    anna.send("COPY", "eins/", &[("destination", "/dav/calendars/ben/eins/")], "").await.is(403);
    house.bens_telephone.carry("COPY", "kabine-2/", "drei/", &[]).await.is(403);
    // What is larger than one commit shall be is refused whole.
    let long = "x".repeat(900_000);
    for n in 0..5 {
        anna.put(&format!("zwei/{n}.ics"), &event(&n.to_string(), "20260326T120000Z", &format!("ATTACH:{long}"))).await.is(201);
    }
    let full = anna.carry("COPY", "zwei/", "drei/", &[]).await.is(507);
    assert!(full.body.contains("quota-not-exceeded"), "{}", full.body);
    assert_eq!(listed(anna).await, before);
    anna.carry("COPY", "zwei/", "drei/", &[("depth", "0")]).await.is(201);
    assert_eq!(anna.propfind("drei/", "1", "D:getetag").await.hrefs().len(), 1);
    // A home holds so many.
    let mut made = 3;
    while anna.carry("COPY", "drei/", &format!("n{made}/"), &[("depth", "0")]).await.status == 201 {
        made += 1;
        assert!(made <= 100);
    }
    assert_eq!(made, 100);
}

#[tokio::test]
async fn cards_go_the_same_ways() {
    let anna = house().await.anna;
    let book = |path: &str| format!("/dav/addressbooks/anna/{path}");
    let send = async |method: &str, from: &str, to: &str| {
        let to = format!("http://localhost{}", book(to));
        anna.send(method, &book(from), &[("destination", to.as_str())], "").await
    };
    let card = |uid: &str| format!("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{uid}\r\nFN:Torsten Tester\r\nN:Tester;Torsten;;;\r\nEND:VCARD\r\n");
    let put = async |path: &str, uid: &str| anna.send("PUT", &book(path), &[("content-type", "text/vcard")], card(uid)).await;
    let types = "<D:set><D:prop><D:resourcetype><D:collection/><R:addressbook xmlns:R='urn:ietf:params:xml:ns:carddav'/></D:resourcetype></D:prop></D:set>";
    for name in ["eins/", "zwei/"] {
        anna.send("MKCOL", &book(name), &[("content-type", "text/xml")], within("D:mkcol", types)).await.is(201);
    }
    put("eins/a.vcf", "a").await.is(201);
    send("MOVE", "eins/a.vcf", "eins/b.vcf").await.is(201);
    anna.get(&book("eins/a.vcf")).await.is(404);
    send("COPY", "eins/b.vcf", "zwei/x.vcf").await.is(201);
    let twice = send("COPY", "eins/b.vcf", "zwei/y.vcf").await.is(409);
    assert!(twice.body.contains("no-uid-conflict") && twice.body.contains(&book("zwei/x.vcf")), "{}", twice.body);
    assert!(twice.body.contains("urn:ietf:params:xml:ns:carddav"), "{}", twice.body);
    put("eins/c.vcf", "c").await.is(201);
    send("MOVE", "eins/c.vcf", "zwei/x.vcf").await.is(204);
    assert_eq!(anna.get(&book("zwei/x.vcf")).await.is(200).body, card("c"));
    send("MOVE", "eins/b.vcf", "nowhere/b.vcf").await.is(409);
    anna.send("MOVE", &book("eins/b.vcf"), &[("destination", "/dav/calendars/anna/kabine-1/b.ics")], "").await.is(403);
    send("MOVE", "eins/", "customers/").await.is(403);
    send("MOVE", "eins/", "zwei/").await.is(403);
    send("COPY", "eins/", "customers/").await.is(403);
    send("COPY", "eins/", "zwei/").await.is(403);
    send("COPY", "eins/", "kopie/").await.is(201);
    assert_eq!(anna.get(&book("kopie/b.vcf")).await.is(200).body, card("a"));
    let taken = put("kopie/c.vcf", "a").await.is(409);
    assert!(taken.body.contains(&book("kopie/b.vcf")), "{}", taken.body);
    anna.get(&book("eins/b.vcf")).await.is(200);
    send("MOVE", "eins/", "drei/").await.is(201);
    assert_eq!(anna.get(&book("drei/b.vcf")).await.is(200).body, card("a"));
    anna.send("PUT", &book("drei/b.vcf"), &[("if", "([\"x\"])"), ("content-type", "text/vcard")], card("a")).await.is(412);
}

/// Calendar and name, and what stands there: a UID and an hour.
type Model = BTreeMap<(usize, usize), (usize, usize)>;

#[derive(Debug, Clone, Copy)]
enum Step {
    Put((usize, usize), (usize, usize)),
    Delete((usize, usize)),
    Copy((usize, usize), (usize, usize), bool),
    Move((usize, usize), (usize, usize), bool),
}

fn any_step() -> impl Strategy<Value = Step> {
    let place = || (0..2_usize, 0..3_usize);
    prop_oneof![
        (place(), (0..3_usize, 0..3_usize)).prop_map(|(at, thing)| Step::Put(at, thing)),
        place().prop_map(Step::Delete),
        (place(), place(), any::<bool>()).prop_map(|(from, to, over)| Step::Copy(from, to, over)),
        (place(), place(), any::<bool>()).prop_map(|(from, to, over)| Step::Move(from, to, over)),
    ]
}

/// What a step answers, and what it leaves.
fn expected(model: &mut Model, step: Step) -> u16 {
    let taken = |model: &Model, uid: usize, at: (usize, usize), from: Option<(usize, usize)>| {
        model.iter().any(|(place, thing)| place.0 == at.0 && *place != at && Some(*place) != from && thing.0 == uid)
    };
    match step {
        Step::Put(at, (uid, _)) if model.get(&at).is_some_and(|there| there.0 != uid) || taken(model, uid, at, None) => 409,
        Step::Put(at, thing) => {
            if model.insert(at, thing).is_some() {
                204
            } else {
                201
            }
        }
        Step::Delete(at) => {
            if model.remove(&at).is_some() {
                204
            } else {
                404
            }
        }
        Step::Copy(from, to, _) | Step::Move(from, to, _) if from == to => 403,
        Step::Copy(from, to, over) | Step::Move(from, to, over) => {
            let Some(thing) = model.get(&from).copied() else { return 404 };
            if model.contains_key(&to) && !over {
                return 412;
            }
            let moves = matches!(step, Step::Move(..));
            if taken(model, thing.0, to, Some(from).filter(|_| moves)) {
                return 409;
            }
            if moves {
                model.remove(&from);
            }
            if model.insert(to, thing).is_some() { 204 } else { 201 }
        }
    }
}

fn name_of((calendar, name): (usize, usize)) -> String {
    format!("{}/{name}.ics", ["eins", "zwei"][calendar])
}

fn text_of((uid, hour): (usize, usize)) -> String {
    event(&format!("u{uid}"), &format!("20260326T1{hour}0000Z"), "")
}

async fn done(anna: &Person, step: Step) -> u16 {
    let over = |over: bool| [("overwrite", if over { "T" } else { "F" })];
    let answer = match step {
        Step::Put(at, thing) => anna.put(&name_of(at), &text_of(thing)).await,
        Step::Delete(at) => anna.send("DELETE", &name_of(at), &[], "").await,
        Step::Copy(from, to, o) => anna.carry("COPY", &name_of(from), &name_of(to), &over(o)).await,
        Step::Move(from, to, o) => anna.carry("MOVE", &name_of(from), &name_of(to), &over(o)).await,
    };
    answer.status.as_u16()
}

/// What a calendar's listing, its changes since a token, a query by hour and its busy time say must be what the model says.
async fn compare(anna: &Person, model: &Model, calendar: usize, before: &[String], token: &str) {
    let base = ["eins/", "zwei/"][calendar];
    let href = |at: (usize, usize)| format!("/dav/calendars/anna/{}", name_of(at));
    let here: Vec<_> = model.iter().filter(|(at, _)| at.0 == calendar).map(|(at, thing)| (*at, *thing)).collect();
    let all: Vec<String> = here.iter().map(|(at, _)| href(*at)).collect();
    assert_eq!(anna.propfind(base, "1", "D:getetag").await.hrefs()[1..], all);
    let mut synced: Vec<String> = before.to_vec();
    for change in anna.sync(base, token).await.responses() {
        synced.retain(|known| *known != change.href);
        if change.status.is_none() {
            synced.push(change.href);
        }
    }
    synced.sort();
    assert_eq!(synced, all);
    for hour in 0..3 {
        let range = format!("<C:time-range start='20260326T1{hour}0000Z' end='20260326T1{hour}5959Z'/>");
        let filter = format!("<C:comp-filter name='VCALENDAR'><C:comp-filter name='VEVENT'>{range}</C:comp-filter></C:comp-filter>");
        let query = format!("<D:prop><D:getetag/></D:prop><C:filter>{filter}</C:filter>");
        let at_hour: Vec<String> = here.iter().filter(|(_, thing)| thing.1 == hour).map(|(at, _)| href(*at)).collect();
        assert_eq!(anna.report(base, "C:calendar-query", &query).await.hrefs(), at_hour);
        let busy = anna.report(base, "C:free-busy-query", &range).await.is(200).body;
        assert_eq!(busy.contains("\r\nFREEBUSY"), !at_hour.is_empty(), "{busy}");
    }
    for (at, thing) in here {
        assert_eq!(anna.get(&name_of(at)).await.is(200).body, text_of(thing));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn two_calendars_are_what_a_naive_model_says(steps in prop::collection::vec(any_step(), 2..40)) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let anna = house().await.anna;
            for calendar in ["eins/", "zwei/"] {
                anna.send("MKCALENDAR", calendar, &[], "").await.is(201);
            }
            let mut model = Model::new();
            let (first, rest) = steps.split_at(steps.len() / 2);
            for step in first {
                assert_eq!(done(&anna, *step).await, expected(&mut model, *step), "{step:?}");
            }
            let mut known = Vec::new();
            for (number, calendar) in ["eins/", "zwei/"].into_iter().enumerate() {
                let listed = anna.sync(calendar, "").await;
                // From here on its index is there, and must follow.
                compare(&anna, &model, number, &listed.hrefs(), &listed.token()).await;
                known.push((listed.hrefs(), listed.token()));
            }
            for step in rest {
                assert_eq!(done(&anna, *step).await, expected(&mut model, *step), "{step:?}");
            }
            for (calendar, (before, token)) in known.iter().enumerate() {
                compare(&anna, &model, calendar, before, token).await;
            }
        });
    }
}

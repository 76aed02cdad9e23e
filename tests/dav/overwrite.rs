//! COPY and MOVE of a calendar or an address book in the place of another one: `Overwrite: T`, said expressly. RFC 4918 §9.8.4, §9.9.3, §10.6.

use crate::access::ace;
use crate::house::*;
use openslot::error::Error;

const T: &[(&str, &str)] = &[("overwrite", "T")];

/// Copies or moves within a home of anna's.
async fn carry(anna: &Person, method: &str, from: &str, to: &str, headers: &[(&'static str, &str)]) -> Answer {
    let place = |path: &str| if path.starts_with('/') { path.to_owned() } else { format!("/dav/calendars/anna/{path}") };
    let to = place(to);
    let mut all = vec![("destination", to.as_str())];
    all.extend_from_slice(headers);
    anna.send(method, &place(from), &all, "").await
}

fn card(uid: &str) -> String {
    format!("BEGIN:VCARD\r\nVERSION:4.0\r\nUID:{uid}\r\nFN:Karte {uid}\r\nEND:VCARD\r\n")
}

/// Two calendars: `eins` with an event of its own and one whose UID both have, `zwei` with that one and another.
async fn two(anna: &Person) {
    let named = |name: &str| within("C:mkcalendar", &format!("<D:set><D:prop><D:displayname>{name}</D:displayname></D:prop></D:set>"));
    for (name, own, hour) in [("eins", "a", "10"), ("zwei", "b", "12")] {
        anna.send("MKCALENDAR", &format!("{name}/"), &[], named(name)).await.is(201);
        anna.put(&format!("{name}/{own}.ics"), &event(own, &format!("20260326T{hour}0000Z"), "")).await.is(201);
        anna.put(&format!("{name}/beide.ics"), &event("beide", &format!("20260327T{hour}0000Z"), "")).await.is(201);
    }
}

async fn sync(person: &Person, place: &str, token: &str) -> Answer {
    let inner = format!("<D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop>");
    person.report(place, "D:sync-collection", &inner).await
}

/// The names in a collection, or in a home.
async fn listed(person: &Person, place: &str) -> Vec<String> {
    let hrefs = person.propfind(place, "1", "D:displayname").await.hrefs().split_off(1);
    hrefs.iter().map(|href| href.trim_end_matches('/').rsplit('/').next().unwrap().to_owned()).collect()
}

/// Everything that is told of both calendars: so that what was refused has changed nothing.
async fn everything(anna: &Person) -> Vec<String> {
    let mut told = vec![anna.propfind("", "1", "D:displayname D:sync-token D:acl").await.body];
    for place in ["eins/", "zwei/"] {
        told.push(anna.propfind(place, "1", "D:getetag D:sync-token").await.body);
    }
    told
}

fn refused_token(answer: Answer) {
    let answer = answer.is(403);
    assert!(answer.body.contains("<D:valid-sync-token/>"), "{}", answer.body);
}

/// What programs know of the home, of what went and of what takes its place.
#[tokio::test]
async fn a_calendar_is_moved_into_the_place_of_another() {
    let house = house().await;
    let anna = &house.anna;
    two(anna).await;
    anna.acl("zwei/", &ace("/dav/principals/ben/", &["D:read"])).await.is(200);
    let (mine, theirs) = (sync(anna, "eins/", "").await.token(), sync(anna, "zwei/", "").await.token());
    let home = sync(anna, "", "").await.token();
    let ctag = anna.propfind("", "0", "S:getctag").await.body;
    carry(anna, "MOVE", "eins/", "zwei/", T).await.is(204);
    anna.propfind("eins/", "0", "D:displayname").await.is(404);
    assert_eq!(listed(anna, "zwei/").await, ["a.ics", "beide.ics"]);
    assert_eq!(anna.get("zwei/beide.ics").await.is(200).body, event("beide", "20260327T100000Z", ""));
    anna.get("zwei/b.ics").await.is(404);
    assert_eq!(anna.propfind("zwei/", "0", "D:displayname").await.responses()[0].text("displayname").as_deref(), Some("eins"));
    // Who knew what went begins anew; who knew what is there now goes on.
    refused_token(sync(anna, "zwei/", &theirs).await);
    let unchanged = sync(anna, "zwei/", &mine).await;
    assert_eq!((unchanged.responses().len(), unchanged.token()), (0, mine));
    let told: Vec<_> = sync(anna, "", &home).await.responses().into_iter().map(|r| (r.href, r.status.is_some())).collect();
    let path = |name: &str| format!("/dav/calendars/anna/{name}/");
    assert_eq!(told, [(path("zwei"), false), (path("eins"), true)]);
    assert_ne!(anna.propfind("", "0", "S:getctag").await.body, ctag);
    // What was shared is gone, and not given for something else.
    house.ben.propfind("anna~zwei/", "0", "D:displayname").await.is(404);
    // Its busy time is that of what is there, and what is left of the other is taken away without touching it.
    house.purge().await;
    let busy = anna.report_on("zwei/", "C:free-busy-query", "<C:time-range start='20260326T000000Z' end='20260327T000000Z'/>").await;
    assert!(busy.body.contains("20260326T100000Z/") && !busy.body.contains("20260326T120000Z"), "{}", busy.body);
    assert_eq!(listed(anna, "zwei/").await, ["a.ics", "beide.ics"]);
    refused_token(sync(anna, "zwei/", &theirs).await);
    carry(anna, "MOVE", "zwei/", "eins/", T).await.is(201);
}

#[tokio::test]
async fn a_calendar_is_copied_into_the_place_of_another() {
    let house = house().await;
    let anna = &house.anna;
    two(anna).await;
    anna.acl("zwei/", &ace("/dav/principals/ben/", &["D:read"])).await.is(200);
    let (theirs, home) = (sync(anna, "zwei/", "").await.token(), sync(anna, "", "").await.token());
    carry(anna, "COPY", "eins/", "zwei/", T).await.is(204);
    for place in ["eins/", "zwei/"] {
        assert_eq!(listed(anna, place).await, ["a.ics", "beide.ics"]);
        assert_eq!(anna.get(&format!("{place}beide.ics")).await.body, event("beide", "20260327T100000Z", ""));
    }
    refused_token(sync(anna, "zwei/", &theirs).await);
    assert_eq!(sync(anna, "", &home).await.hrefs(), ["/dav/calendars/anna/zwei/"]);
    house.ben.propfind("anna~zwei/", "0", "D:displayname").await.is(404);
    // Two lives from here on; and again, onto the copy.
    anna.send("DELETE", "eins/a.ics", &[], "").await.is(204);
    anna.get("zwei/a.ics").await.is(200);
    house.purge().await;
    anna.get("zwei/a.ics").await.is(200);
    carry(anna, "COPY", "eins/", "zwei/", &[("overwrite", "T"), ("depth", "infinity")]).await.is(204);
    assert_eq!(listed(anna, "zwei/").await, ["beide.ics"]);
    // Without what it holds: nothing of what was there stays either (§9.8.4: a DELETE of all of it comes first).
    carry(anna, "COPY", "eins/", "zwei/", &[("overwrite", "T"), ("depth", "0")]).await.is(204);
    assert!(listed(anna, "zwei/").await.is_empty());
    anna.put("zwei/neu.ics", &event("beide", "20260327T100000Z", "")).await.is(201);
    // One that is shared takes the place of one's own, and stays where it is.
    house.ben.send("MKCALENDAR", "fremd/", &[], "").await.is(201);
    house.ben.put("fremd/f.ics", &event("f", "20260326T120000Z", "")).await.is(201);
    house.ben.acl("fremd/", &ace("/dav/principals/anna/", &["D:read"])).await.is(200);
    carry(anna, "COPY", "ben~fremd/", "zwei/", T).await.is(204);
    assert_eq!(listed(anna, "zwei/").await, ["f.ics"]);
    house.ben.get("fremd/f.ics").await.is(200);
}

#[tokio::test]
async fn what_may_not_go_stays_and_is_told_why() {
    let house = house().await;
    let anna = &house.anna;
    two(anna).await;
    house.ben.send("MKCALENDAR", "fremd/", &[], "").await.is(201);
    house.ben.put("fremd/f.ics", &event("f", "20260326T120000Z", "")).await.is(201);
    house.ben.acl("fremd/", &ace("/dav/principals/anna/", &["D:read", "D:write"])).await.is(200);
    let before = everything(anna).await;
    for method in ["COPY", "MOVE"] {
        // Without the header, which means T, a calendar is too much to be lost.
        assert!(carry(anna, method, "eins/", "zwei/", &[]).await.is(403).body.contains("Overwrite: T"));
        for (from, to, headers, status) in [
            ("eins/", "zwei/", &[("overwrite", "F")][..], 412),
            ("eins/", "zwei/", &[("overwrite", "x")], 400),
            ("eins/", "kabine-1/", T, 403),
            ("eins/", "kabine-1.hours/", T, 403),
            ("eins/", "location.stuttgart.hours/", T, 403),
            ("eins/", "ben~fremd/", T, 403),
            ("eins/", "inbox/", T, 403),
            ("eins/", "eins/", T, 403),
            ("nichts/", "zwei/", T, 404),
            ("eins/", "zwei/", &[("overwrite", "T"), ("depth", "1")], 400),
            ("eins/", "zwei/", &[("overwrite", "T"), ("if-match", "\"x\"")], 412),
            ("eins/", "zwei/", &[("overwrite", "T"), ("if", "(<urn:openslot:sync:1:2>)")], 412),
            ("eins/", "/dav/addressbooks/anna/zwei/", T, 403),
        ] {
            carry(anna, method, from, to, headers).await.is(status);
        }
        let abroad = carry(anna, method, "eins/", "/dav/calendars/ben/fremd/", T).await.is(403);
        assert!(abroad.body.contains("<D:href>/dav/calendars/ben/</D:href><D:privilege><D:bind/>"), "{}", abroad.body);
    }
    // Somebody else's is not moved, whatever it would take the place of.
    let foreign = carry(anna, "MOVE", "ben~fremd/", "zwei/", T).await.is(403);
    assert!(foreign.body.contains("<D:href>/dav/calendars/anna/</D:href><D:privilege><D:unbind/>"), "{}", foreign.body);
    assert_eq!(everything(anna).await, before);
    house.ben.get("fremd/f.ics").await.is(200);
    // What DELETE does not delete gives way to nothing.
    let href = "<D:href>/dav/calendars/anna/zwei/</D:href>";
    let default = format!("<D:set><D:prop><C:schedule-default-calendar-URL>{href}</C:schedule-default-calendar-URL></D:prop></D:set>");
    anna.send("PROPPATCH", "inbox/", &[], within("D:propertyupdate", &default)).await.is(207);
    assert!(anna.send("DELETE", "zwei/", &[], "").await.is(403).body.contains("<C:default-calendar-needed/>"));
    for method in ["COPY", "MOVE"] {
        let needed = carry(anna, method, "eins/", "zwei/", T).await.is(403);
        assert!(needed.body.contains("<C:default-calendar-needed/>"), "{}", needed.body);
    }
    assert_eq!(everything(anna).await, before);
    // The default calendar itself may take another one's place: it stays the default.
    carry(anna, "MOVE", "zwei/", "eins/", T).await.is(204);
    let inbox = anna.propfind("inbox/", "0", "C:schedule-default-calendar-URL").await.responses().remove(0);
    assert_eq!(inbox.addresses("schedule-default-calendar-URL"), ["/dav/calendars/anna/eins/"]);
}

#[tokio::test]
async fn what_is_too_large_to_be_copied_takes_nothings_place() {
    let house = house().await;
    let anna = &house.anna;
    two(anna).await;
    let long = "x".repeat(900_000);
    for n in 0..5 {
        anna.put(&format!("eins/{n}.ics"), &event(&n.to_string(), "20260326T120000Z", &format!("ATTACH:{long}"))).await.is(201);
    }
    let before = everything(anna).await;
    assert!(carry(anna, "COPY", "eins/", "zwei/", T).await.is(507).body.contains("<D:quota-not-exceeded/>"));
    assert_eq!(everything(anna).await, before);
    // A move writes none of it anew.
    carry(anna, "MOVE", "eins/", "zwei/", T).await.is(204);
    assert_eq!(listed(anna, "zwei/").await.len(), 7);
}

/// Whoever wanted to delete what stood there deletes nothing else, although it has its name by now.
#[tokio::test]
async fn a_late_delete_does_not_reach_what_has_taken_the_place() {
    let house = house().await;
    let anna = &house.anna;
    two(anna).await;
    let before = house.calendar("anna", "zwei").await;
    carry(anna, "MOVE", "eins/", "zwei/", T).await.is(204);
    assert_eq!(house.delete("anna", &before).await, Err(Error::NotFound));
    assert_eq!(listed(anna, "zwei/").await, ["a.ics", "beide.ics"]);
    let now = house.calendar("anna", "zwei").await;
    assert_eq!(house.delete("anna", &now).await, Ok(()));
    anna.propfind("zwei/", "0", "D:displayname").await.is(404);
}

/// What takes another one's place needs no room of its own.
#[tokio::test]
async fn a_full_home_takes_a_copy_in_the_place_of_another() {
    let house = house().await;
    let anna = &house.anna;
    two(anna).await;
    let mut made = 2;
    while anna.send("MKCALENDAR", &format!("n{made}/"), &[], "").await.status == 201 {
        made += 1;
        assert!(made <= 100);
    }
    carry(anna, "COPY", "eins/", "mehr/", &[]).await.is(507);
    carry(anna, "COPY", "eins/", "n50/", T).await.is(204);
    assert_eq!(listed(anna, "n50/").await, ["a.ics", "beide.ics"]);
    carry(anna, "COPY", "eins/", "mehr/", T).await.is(507);
}

#[tokio::test]
async fn address_books_give_way_the_same() {
    let house = house().await;
    let anna = &house.anna;
    let book = |path: &str| format!("/dav/addressbooks/anna/{path}");
    let kind = "<D:set><D:prop><D:resourcetype><D:collection/><R:addressbook/></D:resourcetype></D:prop></D:set>";
    for name in ["eins", "zwei"] {
        anna.send("MKCOL", &book(&format!("{name}/")), &[("content-type", "text/xml")], within("D:mkcol", kind)).await.is(201);
        anna.send("PUT", &book(&format!("{name}/{name}.vcf")), &[("content-type", "text/vcard")], card(name)).await.is(201);
    }
    let (one, two) = (book("eins/"), book("zwei/"));
    anna.acl(&two, &ace("/dav/principals/ben/", &["D:read"])).await.is(200);
    let (theirs, home) = (sync(anna, &two, "").await.token(), sync(anna, &book(""), "").await.token());
    for method in ["COPY", "MOVE"] {
        carry(anna, method, &one, &two, &[]).await.is(403);
        carry(anna, method, &one, &two, &[("overwrite", "F")]).await.is(412);
        carry(anna, method, &one, &book("customers/"), T).await.is(403);
        carry(anna, method, &one, &book("customers/"), &[("overwrite", "F")]).await.is(412);
        carry(anna, method, &one, &book("ben~x/"), T).await.is(403);
        carry(anna, method, &one, "/dav/calendars/anna/eins/", T).await.is(403);
    }
    house.ben.get("/dav/addressbooks/ben/anna~zwei/zwei.vcf").await.is(200);
    carry(anna, "COPY", &one, &two, T).await.is(204);
    assert_eq!(listed(anna, &two).await, ["eins.vcf"]);
    house.ben.propfind("/dav/addressbooks/ben/anna~zwei/", "0", "D:displayname").await.is(404);
    refused_token(sync(anna, &two, &theirs).await);
    assert_eq!(sync(anna, &book(""), &home).await.hrefs(), [two.as_str()]);
    anna.send("DELETE", &format!("{two}eins.vcf"), &[], "").await.is(204);
    carry(anna, "MOVE", &one, &two, T).await.is(204);
    house.purge().await;
    assert_eq!(anna.get(&format!("{two}eins.vcf")).await.is(200).body, card("eins"));
    assert_eq!(listed(anna, &book("")).await, ["customers", "zwei"]);
}

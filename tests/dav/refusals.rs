//! What is refused carries the element of its reason, and what is asked of the wrong address changes nothing.
//! RFC 4918 §16, RFC 4791 §5.3, RFC 6352 §6.3.2.1, RFC 5995 §3.2.1, RFC 7240 §2, RFC 9110 §14.4.

use crate::house::*;
use openslot::dav::xml::Namespace::{CalDav, CardDav, Dav};

const BOOK: &str = "/dav/addressbooks/anna/contacts/";

fn card(uid: &str, version: &str) -> String {
    format!("BEGIN:VCARD\r\nVERSION:{version}\r\nUID:{uid}\r\nFN:Torsten Tester\r\nN:Tester;Torsten;;;\r\nEND:VCARD\r\n")
}

async fn book(house: &House) {
    let types = "<D:set><D:prop><D:resourcetype><D:collection/><R:addressbook/></D:resourcetype></D:prop></D:set>";
    house.anna.send("MKCOL", BOOK, &[("content-type", "text/xml")], within("D:mkcol", types)).await.is(201);
    house.anna.send("PUT", &format!("{BOOK}a.vcf"), &[("content-type", "text/vcard")], card("a", "3.0")).await.is(201);
}

#[tokio::test]
async fn what_is_carried_to_the_wrong_kind_of_place_is_told_which_kind_it_is() {
    let house = house().await;
    let anna = &house.anna;
    book(&house).await;
    anna.send("MKCALENDAR", "eigen/", &[], "").await.is(201);
    anna.put("kabine-1/a.ics", &event("a", "20260326T100000Z", "")).await.is(201);
    anna.send("PUT", "/dav/files/anna/plan", &[], "x").await.is(201);
    let (object, other, file) = ("/dav/calendars/anna/kabine-1/a.ics", format!("{BOOK}a.vcf"), "/dav/files/anna/plan");
    let places =
        ["/dav/calendars/anna/kabine-1/in/", "/dav/calendars/anna/kabine-1/in", "/dav/addressbooks/anna/in/", "/dav/files/anna/in/"];
    for method in ["COPY", "MOVE"] {
        let carry = async |from: &str, to: &str| anna.send(method, from, &[("destination", to)], "").await.is(403);
        for to in places {
            carry("eigen/", to).await.names(CalDav, "calendar-collection-location-ok");
        }
        for to in
            ["/dav/calendars/anna/in/", "/dav/addressbooks/anna/contacts/in/", "/dav/addressbooks/anna/contacts/in", "/dav/files/anna/in"]
        {
            carry(BOOK, to).await.names(CardDav, "addressbook-collection-location-ok");
        }
        carry(object, &format!("{BOOK}b.vcf")).await.names(CardDav, "supported-address-data");
        carry(object, "/dav/files/anna/b.ics").await.names(CalDav, "supported-calendar-data");
        carry(&other, "/dav/calendars/anna/kabine-1/b.ics").await.names(CalDav, "supported-calendar-data");
        carry(&other, "/dav/files/anna/b.vcf").await.names(CardDav, "supported-address-data");
        carry(file, "/dav/calendars/anna/kabine-1/b.ics").await.names(CalDav, "supported-calendar-data");
        carry(file, &format!("{BOOK}b.vcf")).await.names(CardDav, "supported-address-data");
    }
    for stays in ["eigen/", BOOK, object, &other, file] {
        anna.get(stays).await.is(200);
    }
}

#[tokio::test]
async fn another_uid_at_an_address_is_told_what_stands_there() {
    let house = house().await;
    book(&house).await;
    house.anna.put("kabine-1/a.ics", &event("a", "20260326T100000Z", "")).await.is(201);
    let taken = house.anna.put("kabine-1/a.ics", &event("b", "20260326T100000Z", "")).await.is(409);
    let href = taken.names(CalDav, "no-uid-conflict").child(Dav, "href").unwrap().text();
    assert_eq!(href, "/dav/calendars/anna/kabine-1/a.ics");
    let taken = house.anna.send("PUT", &format!("{BOOK}a.vcf"), &[("content-type", "text/vcard")], card("b", "4.0")).await.is(409);
    assert_eq!(taken.names(CardDav, "no-uid-conflict").child(Dav, "href").unwrap().text(), format!("{BOOK}a.vcf"));
    // Where the UID stands elsewhere, that is what is in the way.
    house.anna.put("kabine-1/b.ics", &event("b", "20260326T100000Z", "")).await.is(201);
    let taken = house.anna.put("kabine-1/a.ics", &event("b", "20260326T100000Z", "")).await.is(409);
    assert!(taken.names(CalDav, "no-uid-conflict").child(Dav, "href").unwrap().text().ends_with("/b.ics"));
}

#[tokio::test]
async fn a_card_of_another_version_is_no_bad_card() {
    let house = house().await;
    book(&house).await;
    let old = house.anna.send("PUT", &format!("{BOOK}b.vcf"), &[("content-type", "text/vcard")], card("b", "2.1")).await.is(403);
    old.names(CardDav, "supported-address-data");
    house.anna.get(&format!("{BOOK}b.vcf")).await.is(404);
}

#[tokio::test]
async fn where_no_property_is_kept_it_is_said_which_rule_that_is() {
    let house = house().await;
    house.anna.put("kabine-1/a.ics", &event("a", "20260326T100000Z", "")).await.is(201);
    let set = within("D:propertyupdate", "<D:set><D:prop><A:x>1</A:x></D:prop></D:set>");
    for path in ["kabine-1/a.ics", "/dav/", "/dav/principals/ben/"] {
        let answer = house.anna.send("PROPPATCH", path, &[], set.clone()).await.is(207);
        let propstat = answer.xml().child(Dav, "response").and_then(|r| r.child(Dav, "propstat")).unwrap().clone();
        let error = propstat.child(Dav, "error").and_then(|error| error.child(Dav, "cannot-modify-protected-property"));
        assert!(error.is_some(), "{}", answer.body);
        assert_eq!(answer.responses()[0].status_of("x"), Some(403));
    }
    let large = within("D:propertyupdate", &format!("<D:set><D:prop><A:x>{}</A:x></D:prop></D:set>", "x".repeat(100_000)));
    let full = house.anna.send("PROPPATCH", "kabine-1/", &[], large).await.is(207);
    assert!(full.body.contains("<D:error><D:quota-not-exceeded/></D:error>"), "{}", full.body);
}

#[tokio::test]
async fn the_address_of_new_members_is_for_adding_alone() {
    let house = house().await;
    let anna = &house.anna;
    book(&house).await;
    anna.send("MKCALENDAR", "eigen/", &[], "").await.is(201);
    anna.put("eigen/a.ics", &event("a", "20260326T100000Z", "")).await.is(201);
    for path in ["/dav/calendars/anna/eigen/", BOOK] {
        let adding = format!("{path}?add-member");
        let to = [("destination", "/dav/calendars/anna/anders/"), ("depth", "0")];
        for method in ["DELETE", "MOVE", "COPY", "PROPPATCH", "PROPFIND", "REPORT", "GET", "HEAD", "PUT", "ACL", "MKCALENDAR", "MKCOL"] {
            let refused = anna.send(method, &adding, &to, "").await.is(405);
            assert_eq!(refused.header("allow"), Some("OPTIONS, POST"), "{method}");
        }
        assert_eq!(anna.send("OPTIONS", &adding, &[], "").await.header("allow"), Some("OPTIONS, POST"));
        let plain = anna.send("OPTIONS", path, &[], "").await;
        assert!(!plain.header("allow").unwrap().contains("POST"), "{:?}", plain.headers);
        assert!(!anna.send("POST", path, &[], "").await.is(405).header("allow").unwrap().contains("POST"));
    }
    for path in ["eigen/a.ics?add-member", "eigen/?add-member=", "eigen/?x=1&add-member=1"] {
        anna.send("DELETE", path, &[], "").await.is(405);
    }
    anna.get("eigen/a.ics").await.is(200);
    anna.get(&format!("{BOOK}a.vcf")).await.is(200);
    anna.propfind("anders/", "0", "D:displayname").await.is(404);
    // Conditions are held against the collection, which is there and has no tag.
    let add = async |condition: (&'static str, &str)| {
        let headers = [("content-type", "text/calendar"), condition];
        anna.send("POST", "eigen/?add-member", &headers, event("b", "20260326T100000Z", "")).await.status.as_u16()
    };
    assert_eq!((add(("if-match", "\"x\"")).await, add(("if-none-match", "*")).await), (412, 412));
    assert_eq!(anna.propfind("eigen/", "1", "D:getetag").await.hrefs().len(), 2);
    assert_eq!(add(("if-match", "*")).await, 201);
    for (uid, query) in [("c", "?add-member="), ("d", "?x&add-member")] {
        let kind = [("content-type", "text/calendar")];
        anna.send("POST", &format!("eigen/{query}"), &kind, event(uid, "20260326T110000Z", "")).await.is(201);
    }
}

#[tokio::test]
async fn a_part_of_an_object_is_not_taken_for_the_whole() {
    let house = house().await;
    book(&house).await;
    let whole = event("a", "20260326T100000Z", "");
    house.anna.put("kabine-1/a.ics", &whole).await.is(201);
    let part = ("content-range", "bytes 0-9/10");
    for (method, path, kind, body) in [
        ("PUT", "kabine-1/a.ics", "text/calendar", event("a", "20260326T120000Z", "")),
        ("POST", "kabine-1/?add-member", "text/calendar", event("b", "20260326T120000Z", "")),
        ("PUT", "/dav/addressbooks/anna/contacts/a.vcf", "text/vcard", card("a", "4.0")),
    ] {
        house.anna.send(method, path, &[("content-type", kind), part], body).await.is(400);
    }
    assert_eq!(house.anna.get("kabine-1/a.ics").await.body, whole);
    assert_eq!(house.anna.get(&format!("{BOOK}a.vcf")).await.body, card("a", "3.0"));
    assert_eq!(house.anna.propfind("kabine-1/", "1", "D:getetag").await.hrefs().len(), 2);
}

#[tokio::test]
async fn of_preferences_that_contradict_each_other_the_first_counts() {
    let house = house().await;
    let whole = event("a", "20260326T100000Z", "");
    let (brief, full) = ("return=minimal", "return=representation");
    for (first, second) in [(brief, full), (full, brief)] {
        for headers in [vec![("prefer", first), ("prefer", second)], vec![("prefer", &*format!("{first}, {second}"))]] {
            let mut put = vec![("content-type", "text/calendar")];
            put.extend(&headers);
            let put = house.anna.send("PUT", "kabine-1/a.ics", &put, whole.clone()).await;
            assert_eq!(put.body.is_empty(), first == brief, "{headers:?}");
            let mut find = vec![("depth", "0")];
            find.extend(&headers);
            let body = within("D:propfind", "<D:prop><D:displayname/><A:unknown/></D:prop>");
            let found = house.anna.send("PROPFIND", "kabine-1/", &find, body).await.is(207);
            assert_eq!(found.header("preference-applied"), (first == brief).then_some(brief));
            assert_eq!(found.body.contains("404"), first == full, "{}", found.body);
        }
    }
}

#[tokio::test]
async fn what_the_table_calls_lenient_is_taken() {
    let anna = house().await.anna;
    let plain = event("a", "20260326T100000Z", "");
    let day = plain.replace("DTSTART:20260326T100000Z\r\nDURATION:PT1H", "DTSTART:20260326").replace("UID:a", "UID:b");
    let both = event("c", "20260326T100000Z", "RRULE:FREQ=DAILY;COUNT=9;UNTIL=20260327T235959Z");
    for (path, sent) in [("a", plain.replace("VERSION:2.0\r\n", "").replace("DTSTAMP:20260301T000000Z\r\n", "")), ("b", day), ("c", both)] {
        let path = format!("kabine-1/{path}.ics");
        anna.put(&path, &sent).await.is(201);
        assert_eq!(anna.get(&path).await.body, sent);
    }
    let range = |from: &str| format!("<C:time-range start='202603{from}T000000Z' end='202603{from}T235959Z'/>");
    let query = |from: &str| {
        let filter =
            format!("<C:comp-filter name='VCALENDAR'><C:comp-filter name='VEVENT'>{}</C:comp-filter></C:comp-filter>", range(from));
        within("C:calendar-query", &format!("<D:prop><D:getetag/></D:prop><C:filter>{filter}</C:filter>"))
    };
    for depth in [vec![], vec![("depth", "0")], vec![("depth", "1")]] {
        let found = async |from: &str| anna.send("REPORT", "kabine-1/", &depth, query(from)).await.hrefs().len();
        // COUNT alone would reach the 28th.
        assert_eq!((found("26").await, found("27").await, found("28").await), (3, 1, 0), "{depth:?}");
    }
    let nothing = anna.send("PROPFIND", "kabine-1/", &[("depth", "0")], within("D:propfind", "")).await;
    assert!(nothing.responses()[0].properties.is_empty());
    assert_eq!(anna.send("PROPFIND", "kabine-1/", &[], "").await.hrefs().len(), 4);
}

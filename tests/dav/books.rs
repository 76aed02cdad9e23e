//! Address books that are shared: who may what with them, and where they are seen. RFC 3744, RFC 6352 §3 and §7.

use crate::access::{ace, names};
use crate::house::*;

const MINE: &str = "/dav/addressbooks/anna/kunden/";
const SEEN: &str = "/dav/addressbooks/ben/anna~kunden/";
const BEN: &str = "/dav/principals/ben/";
const KIND: &str = "<D:set><D:prop><D:resourcetype><D:collection/><R:addressbook/></D:resourcetype></D:prop></D:set>";

fn card(uid: &str) -> String {
    format!("BEGIN:VCARD\r\nVERSION:4.0\r\nUID:{uid}\r\nFN:Karte {uid}\r\nTEL:0711 4711\r\nEND:VCARD\r\n")
}

async fn put(person: &Person, path: &str, uid: &str) -> Answer {
    person.send("PUT", path, &[("content-type", "text/vcard")], card(uid)).await
}

async fn make(person: &Person, path: &str) -> u16 {
    person.send("MKCOL", path, &[("content-type", "text/xml")], within("D:mkcol", KIND)).await.status.as_u16()
}

/// A book of anna's with a card in it, and who else may do what with it.
async fn shared(house: &House, privileges: &[&str]) {
    assert_eq!(make(&house.anna, MINE).await, 201);
    put(&house.anna, &format!("{MINE}a.vcf"), "a").await.is(201);
    if !privileges.is_empty() {
        house.anna.acl(MINE, &ace(BEN, privileges)).await.is(200);
    }
}

async fn books(person: &Person) -> Vec<String> {
    person.propfind(&format!("/dav/addressbooks/{}/", person.login), "1", "D:displayname").await.hrefs().split_off(1)
}

/// Refused for want of a privilege at an address.
fn needs(answer: Answer, place: &str, privilege: &str) {
    let needed = format!("<D:resource><D:href>{place}</D:href><D:privilege><D:{privilege}/></D:privilege></D:resource>");
    let answer = answer.is(403);
    assert!(answer.body.contains(&needed), "{place} {privilege}: {}", answer.body);
}

#[tokio::test]
async fn a_book_is_shared_to_read_and_to_write_and_taken_back() {
    let house = house().await;
    let (anna, ben) = (&house.anna, &house.ben);
    shared(&house, &[]).await;
    let both = [SEEN, MINE];
    let unseen = async || {
        for place in both {
            ben.propfind(place, "0", "D:displayname").await.is(404);
            ben.get(&format!("{place}a.vcf")).await.is(404);
            ben.send("DELETE", &format!("{place}a.vcf"), &[], "").await.is(404);
            ben.acl(place, "").await.is(404);
            put(ben, &format!("{place}b.vcf"), "b").await.is(409);
        }
        assert!(books(ben).await.is_empty());
    };
    unseen().await;
    assert!(anna.send("OPTIONS", MINE, &[], "").await.header("allow").unwrap().contains("ACL"));
    anna.acl(MINE, &ace(BEN, &["D:read"])).await.is(200);
    assert_eq!(books(ben).await, [SEEN]);
    // Whoever was given nothing sees nothing, administrators too, and nobody enters the home itself.
    house.admin.propfind(MINE, "0", "D:displayname").await.is(404);
    ben.propfind("/dav/addressbooks/anna/", "1", "D:displayname").await.is(404);
    for place in both {
        let (a, b) = (format!("{place}a.vcf"), format!("{place}b.vcf"));
        assert_eq!(ben.get(&a).await.is(200).body, card("a"));
        needs(put(ben, &a, "a").await, &a, "write-content");
        needs(put(ben, &b, "b").await, place, "bind");
        needs(ben.send("DELETE", &a, &[], "").await, place, "unbind");
        let posted = ben.send("POST", &format!("{place}?add-member"), &[("content-type", "text/vcard")], card("p")).await;
        needs(posted, place, "bind");
        needs(ben.acl(place, "").await, place, "write-acl");
    }
    anna.acl(MINE, &ace(BEN, &["D:read", "D:write"])).await.is(200);
    put(ben, &format!("{SEEN}b.vcf"), "b").await.is(201);
    put(ben, &format!("{MINE}c.vcf"), "c").await.is(201);
    assert_eq!(anna.get(&format!("{MINE}b.vcf")).await.is(200).body, card("b"));
    ben.send("DELETE", &format!("{SEEN}c.vcf"), &[], "").await.is(204);
    // A guest neither deletes the book nor gives it another name nor shares it on.
    needs(ben.send("DELETE", SEEN, &[], "").await, "/dav/addressbooks/ben/", "unbind");
    needs(ben.send("DELETE", MINE, &[], "").await, "/dav/addressbooks/anna/", "unbind");
    let renamed = ben.send("MOVE", SEEN, &[("destination", "/dav/addressbooks/ben/meins/")], "").await;
    needs(renamed, "/dav/addressbooks/ben/", "unbind");
    needs(ben.acl(SEEN, "").await, SEEN, "write-acl");
    // A name of ben's own for it is ben's own.
    let name = within("D:propertyupdate", "<D:set><D:prop><D:displayname>Annas</D:displayname></D:prop></D:set>");
    ben.send("PROPPATCH", SEEN, &[], name).await.is(207);
    assert_eq!(ben.propfind(SEEN, "0", "D:displayname").await.responses()[0].text("displayname").as_deref(), Some("Annas"));
    assert_eq!(anna.propfind(MINE, "0", "D:displayname").await.responses()[0].text("displayname").as_deref(), Some("kunden"));
    anna.acl(MINE, "").await.is(200);
    unseen().await;
}

/// What is not shared cannot be told from what is not there, by any method.
#[tokio::test]
async fn a_book_that_is_not_shared_is_nowhere() {
    let house = house().await;
    shared(&house, &[]).await;
    let propertyupdate = within("D:propertyupdate", "<D:set><D:prop><D:displayname>X</D:displayname></D:prop></D:set>");
    let propfind = within("D:propfind", "<D:prop><D:displayname/></D:prop>");
    let filter = "<R:filter><R:prop-filter name='FN'/></R:filter>";
    let headers = [("depth", "0"), ("destination", "/dav/addressbooks/ben/x/")];
    for (method, body) in [
        ("GET", String::new()),
        ("HEAD", String::new()),
        ("DELETE", String::new()),
        ("PROPFIND", propfind),
        ("PROPPATCH", propertyupdate),
        ("REPORT", within("R:addressbook-query", filter)),
        ("REPORT", within("D:expand-property", "<D:property name='owner'/>")),
        ("REPORT", within("D:sync-collection", "<D:sync-token/><D:sync-level>1</D:sync-level><D:prop/>")),
        ("REPORT", within("D:principal-match", "<D:self/>")),
        ("REPORT", within("D:acl-principal-prop-set", "")),
        ("ACL", within("D:acl", "")),
        ("ACL", String::new()),
        ("MKCOL", within("D:mkcol", KIND)),
        ("MKCALENDAR", String::new()),
        ("COPY", String::new()),
        ("MOVE", String::new()),
        ("POST", card("p")),
        ("PUT", card("p")),
    ] {
        for person in [&house.ben, &house.admin] {
            for (within, object) in [("", "?add-member"), ("", ""), ("a.vcf", "")] {
                let ask = async |book: &str| {
                    let path = format!("/dav/addressbooks/anna/{book}/{within}{object}");
                    let answer = person.send(method, &path, &headers, body.clone()).await;
                    (answer.status.as_u16(), answer.body.replace(book, "-"))
                };
                let (there, nowhere) = (ask("kunden").await, ask("nirgends").await);
                assert_eq!(there, nowhere, "{method} {within}{object}");
                assert!((400..500).contains(&there.0), "{method} {within}{object}: {}", there.0);
            }
        }
    }
    house.anna.get(&format!("{MINE}a.vcf")).await.is(200);
}

#[tokio::test]
async fn a_list_of_a_book_is_told_and_is_honest() {
    let house = house().await;
    shared(&house, &["D:read"]).await;
    let told = "D:acl D:current-user-privilege-set D:supported-privilege-set D:inherited-acl-set D:owner D:acl-restrictions";
    let cards_only = |body: &str| assert!(!body.contains("read-free-busy") && !body.contains("schedule-"), "{body}");
    let mine = house.anna.propfind(MINE, "0", told).await;
    cards_only(&mine.body);
    let mine = mine.responses().remove(0);
    let allowed = names(mine.element("current-user-privilege-set").unwrap());
    assert!(["all", "read", "write", "read-acl", "write-acl"].iter().all(|name| allowed.contains(&(*name).to_owned())), "{allowed:?}");
    let aces: Vec<String> = mine.element("acl").unwrap().children().map(|ace| ace.whole()).collect();
    assert_eq!(aces.len(), 2, "{aces:?}");
    assert!(aces[0].contains("owner") && aces[0].contains("all") && aces[0].contains("protected"), "{}", aces[0]);
    assert!(aces[1].contains(BEN) && aces[1].contains("read") && !aces[1].contains("protected"), "{}", aces[1]);
    assert!(mine.addresses("inherited-acl-set").is_empty());
    let theirs = house.ben.propfind(SEEN, "0", told).await;
    cards_only(&theirs.body);
    let theirs = theirs.responses().remove(0);
    assert_eq!(theirs.addresses("owner"), ["/dav/principals/anna/"]);
    assert_eq!(names(theirs.element("current-user-privilege-set").unwrap()), ["read", "read-current-user-privilege-set"]);
    assert_eq!(theirs.status_of("acl"), Some(403));
    house.anna.acl(MINE, &ace(BEN, &["D:read", "D:write"])).await.is(200);
    for path in [SEEN.to_owned(), format!("{SEEN}a.vcf")] {
        let allowed = house.ben.propfind(&path, "0", "D:current-user-privilege-set").await.responses().remove(0);
        let allowed = names(allowed.element("current-user-privilege-set").unwrap());
        let expected = ["read", "read-current-user-privilege-set", "write-properties", "write-content", "bind", "unbind", "write"];
        assert_eq!(allowed, expected, "{path}");
    }
    // A card has the list of its book, and no method to set another.
    let object = house.anna.propfind(&format!("{MINE}a.vcf"), "0", "D:acl D:inherited-acl-set").await.responses().remove(0);
    assert_eq!(object.addresses("inherited-acl-set"), [MINE]);
    assert_eq!(object.element("acl").unwrap().children().count(), 2);
    assert!(!object.element("acl").unwrap().whole().contains("write-acl"));
    house.anna.acl(&format!("{MINE}a.vcf"), "").await.is(405);
    house.anna.acl("/dav/addressbooks/anna/", "").await.is(405);
}

#[tokio::test]
async fn a_bad_list_of_a_book_is_refused_by_name_and_changes_nothing() {
    let house = house().await;
    shared(&house, &["D:read"]).await;
    let read = &["D:read"][..];
    let deny = |whom: &str| ace(whom, read).replace("grant>", "deny>");
    for (list, element) in [
        (ace(BEN, &["C:read-free-busy"]), "not-supported-privilege"),
        (ace(BEN, &["D:read", "C:read-free-busy"]), "not-supported-privilege"),
        (ace(BEN, &["C:schedule-deliver"]), "not-supported-privilege"),
        (ace(BEN, &["C:schedule-send-invite"]), "not-supported-privilege"),
        (ace(BEN, &["A:x"]), "not-supported-privilege"),
        (ace(BEN, &["D:bind"]), "no-abstract"),
        (ace(BEN, &["D:write"]), "no-ace-conflict"),
        (ace("/dav/principals/who/", read), "recognized-principal"),
        (ace("/dav/principals/anna/", read), "allowed-principal"),
        (ace("/dav/principals/anna/calendar-proxy-read/", read), "allowed-principal"),
        (deny(BEN), "grant-only"),
        (deny("/dav/principals/anna/"), "no-protected-ace-conflict"),
        // Nothing here comes from the home.
        (deny("/dav/principals/anna/calendar-proxy-read/"), "grant-only"),
        (ace(BEN, read).repeat(101), "limited-number-of-aces"),
    ] {
        let answer = house.anna.acl(MINE, &list).await.is(403);
        assert!(answer.body.contains(&format!("<D:{element}/>")), "{element}: {}", answer.body);
    }
    house.anna.send("ACL", MINE, &[], "<x/>").await.is(400);
    house.ben.get(&format!("{SEEN}a.vcf")).await.is(200);
    put(&house.ben, &format!("{SEEN}a.vcf"), "a").await.is(403);
    // What was read may be sent back whole.
    let list = house.anna.propfind(MINE, "0", "D:acl").await.responses()[0].element("acl").unwrap().whole();
    house.anna.send("ACL", MINE, &[], list).await.is(200);
    house.ben.get(&format!("{SEEN}a.vcf")).await.is(200);
}

#[tokio::test]
async fn every_report_works_on_a_shared_book() {
    let house = house().await;
    shared(&house, &["D:read"]).await;
    let (anna, ben) = (&house.anna, &house.ben);
    for place in [SEEN, MINE] {
        let a = format!("{place}a.vcf");
        let data = "<D:prop><D:getetag/><R:address-data version='4.0'/></D:prop>";
        let filter = "<R:filter><R:prop-filter name='TEL'><R:text-match>4711</R:text-match></R:prop-filter></R:filter>";
        for (address, report, body) in [
            (place, "R:addressbook-query", format!("{data}{filter}")),
            (place, "R:addressbook-multiget", format!("{data}<D:href>{a}</D:href>")),
            (a.as_str(), "R:addressbook-query", format!("{data}{filter}")),
            (place, "D:sync-collection", format!("<D:sync-token/><D:sync-level>1</D:sync-level>{data}")),
        ] {
            let told = ben.report(address, report, &body).await.responses();
            assert_eq!((told.len(), told[0].href.as_str()), (1, a.as_str()), "{report}");
            assert_eq!(told[0].text("address-data"), Some(card("a")), "{report}");
        }
        let expand = "<D:property name='owner'><D:property name='displayname'/></D:property>";
        let expanded = ben.report_on(place, "D:expand-property", expand).await.is(207);
        assert!(expanded.body.contains("<D:displayname>ANNA</D:displayname>"), "{}", expanded.body);
        needs(ben.report_on(place, "D:acl-principal-prop-set", "").await, place, "read-acl");
        // Cards make nobody busy.
        let busy = "<C:time-range start='20260323T000000Z' end='20260330T000000Z'/>";
        assert!(ben.report_on(place, "C:free-busy-query", busy).await.is(403).body.contains("<D:supported-report/>"));
    }
    // What is asked under one address is told under that one.
    let other = format!("<D:prop><D:getetag/></D:prop><D:href>{MINE}a.vcf</D:href>");
    assert_eq!(ben.report(SEEN, "R:addressbook-multiget", &other).await.responses()[0].status.as_deref(), Some("HTTP/1.1 404 Not Found"));
    let told = anna.report_on(MINE, "D:acl-principal-prop-set", "<D:prop><D:displayname/></D:prop>").await.responses();
    let named: Vec<Option<String>> = told.iter().map(|r| r.text("displayname")).collect();
    assert_eq!(named, ["ANNA", "BEN"].map(|name| Some(name.to_owned())));
    let owner = "<D:principal-property><D:owner/></D:principal-property><D:prop><D:acl/></D:prop>";
    let owned = anna.report_on("/dav/addressbooks/anna/", "D:principal-match", owner).await;
    assert_eq!(owned.hrefs(), [MINE.to_owned(), format!("{MINE}a.vcf")]);
    assert!(owned.responses()[0].element("acl").unwrap().whole().contains(BEN));
    assert!(ben.report_on("/dav/addressbooks/ben/", "D:principal-match", owner).await.hrefs().is_empty());
    // A token of the book is the same for both, and a change of one's is news for the other.
    let sync = async |person: &Person, place: &str, token: &str| {
        let inner = format!("<D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop>");
        person.report(place, "D:sync-collection", &inner).await.is(207)
    };
    let token = sync(ben, SEEN, "").await.token();
    put(anna, &format!("{MINE}b.vcf"), "b").await.is(201);
    assert_eq!(sync(ben, SEEN, &token).await.hrefs(), [format!("{SEEN}b.vcf")]);
    // The header If knows it under both addresses.
    anna.acl(MINE, &ace(BEN, &["D:read", "D:write"])).await.is(200);
    let etag = ben.get(&format!("{SEEN}a.vcf")).await.header("etag").unwrap().to_owned();
    for (place, given, status) in
        [(SEEN, "([\"x\"])".to_owned(), 412), (MINE, format!("([{etag}])"), 204), (SEEN, format!("([{etag}])"), 204)]
    {
        let headers = [("content-type", "text/vcard"), ("if", given.as_str())];
        ben.send("PUT", &format!("{place}a.vcf"), &headers, card("a")).await.is(status);
    }
}

#[tokio::test]
async fn a_home_notices_a_book_that_comes_changes_and_goes() {
    let house = house().await;
    let (anna, ben) = (&house.anna, &house.ben);
    let home = "/dav/addressbooks/ben/";
    let sync = async |token: &str| {
        let inner = format!("<D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:displayname/></D:prop>");
        ben.report(home, "D:sync-collection", &inner).await.is(207)
    };
    let tag = async || ben.propfind(home, "0", "S:getctag").await.responses()[0].text("getctag").unwrap();
    shared(&house, &[]).await;
    let (mut token, mut ctag) = (sync("").await.token(), tag().await);
    for (list, status) in [
        (ace(BEN, &["D:read"]), None),
        // More rights are a change too, of what the program may offer.
        (ace(BEN, &["D:read", "D:write"]), None),
        (String::new(), Some("HTTP/1.1 404 Not Found")),
        (ace("/dav/principals/groups/staff/", &["D:read"]), None),
    ] {
        anna.acl(MINE, &list).await.is(200);
        let news = sync(&token).await;
        let told = news.responses();
        assert_eq!((told.len(), told[0].href.as_str(), told[0].status.as_deref()), (1, SEEN, status), "{list}");
        assert_ne!(tag().await, ctag);
        (token, ctag) = (news.token(), tag().await);
        assert!(sync(&token).await.responses().is_empty());
    }
    put(anna, &format!("{MINE}b.vcf"), "b").await.is(201);
    let news = sync(&token).await;
    assert_eq!(news.hrefs(), [SEEN]);
    // A new name of the book is another address of it.
    anna.send("MOVE", MINE, &[("destination", "/dav/addressbooks/anna/andere/")], "").await.is(201);
    let told: Vec<_> = sync(&news.token()).await.responses().into_iter().map(|r| (r.href, r.status.is_some())).collect();
    assert_eq!(told, [("/dav/addressbooks/ben/anna~andere/".to_owned(), false), (SEEN.to_owned(), true)]);
    // Whoever deletes it takes it from everybody.
    anna.send("DELETE", "/dav/addressbooks/anna/andere/", &[], "").await.is(204);
    assert!(books(ben).await.is_empty());
    shared(&house, &[]).await;
    assert!(books(ben).await.is_empty());
}

#[tokio::test]
async fn cards_go_as_far_as_privileges_go() {
    let house = house().await;
    let ben = &house.ben;
    shared(&house, &["D:read"]).await;
    let own = "/dav/addressbooks/ben/eigen/";
    assert_eq!(make(ben, own).await, 201);
    put(ben, &format!("{own}m.vcf"), "m").await.is(201);
    let carry = async |method: &str, from: &str, to: &str| ben.send(method, from, &[("destination", to)], "").await;
    let (a, m) = (format!("{SEEN}a.vcf"), format!("{own}m.vcf"));
    carry("COPY", &a, &format!("{own}a.vcf")).await.is(201);
    ben.send("DELETE", &format!("{own}a.vcf"), &[], "").await.is(204);
    needs(carry("MOVE", &a, &format!("{own}a.vcf")).await, SEEN, "unbind");
    needs(carry("COPY", &m, &format!("{MINE}m.vcf")).await, MINE, "bind");
    needs(carry("MOVE", &m, &a).await, SEEN, "bind");
    // Of what is not shared nobody is told whether it is there; of one's own home one knows.
    for place in ["/dav/addressbooks/anna/customers/", "/dav/addressbooks/anna/nowhere/"] {
        needs(carry("COPY", &m, &format!("{place}m.vcf")).await, place, "bind");
        carry("COPY", &format!("{place}m.vcf"), &m).await.is(404);
    }
    carry("COPY", &m, "/dav/addressbooks/ben/nowhere/m.vcf").await.is(409);
    house.anna.acl(MINE, &ace(BEN, &["D:read", "D:write"])).await.is(200);
    carry("MOVE", &a, &format!("{SEEN}z.vcf")).await.is(201);
    carry("MOVE", &m, &format!("{MINE}m.vcf")).await.is(201);
    carry("MOVE", &format!("{SEEN}z.vcf"), &format!("{own}z.vcf")).await.is(201);
    assert_eq!(house.anna.get(&format!("{MINE}m.vcf")).await.is(200).body, card("m"));
    assert_eq!(ben.get(&format!("{own}z.vcf")).await.is(200).body, card("a"));
    // The whole book is copied into one's own home and nowhere else, and is nobody else's there.
    carry("COPY", SEEN, "/dav/addressbooks/ben/kopie/").await.is(201);
    assert_eq!(ben.get("/dav/addressbooks/ben/kopie/m.vcf").await.is(200).body, card("m"));
    needs(carry("COPY", own, "/dav/addressbooks/anna/kopie/").await, "/dav/addressbooks/anna/", "bind");
    assert_eq!(books(&house.anna).await, ["/dav/addressbooks/anna/customers/", MINE]);
    assert_eq!(make(ben, "/dav/addressbooks/anna/neu/").await, 404);
}

#[tokio::test]
async fn no_own_book_stands_where_a_shared_one_is_or_will_be_shown() {
    let house = house().await;
    let ben = &house.ben;
    shared(&house, &[]).await;
    let own = "/dav/addressbooks/ben/eigen/";
    assert_eq!(make(ben, own).await, 201);
    let take = async |method: &str, overwrite: &str| {
        ben.send(method, own, &[("destination", SEEN), ("overwrite", overwrite)], "").await.status.as_u16()
    };
    for status in [403, 405] {
        assert_eq!(make(ben, SEEN).await, status);
        for method in ["MOVE", "COPY"] {
            assert_eq!((take(method, "F").await, take(method, "T").await), (412, 403));
        }
        ben.propfind(own, "0", "D:displayname").await.is(207);
        house.anna.acl(MINE, &ace(BEN, &["D:read"])).await.is(200);
        assert_eq!(books(ben).await, [own, SEEN]);
    }
    // The book and a calendar of one name are two things.
    house.anna.send("MKCALENDAR", "kunden/", &[], "").await.is(201);
    ben.propfind("anna~kunden/", "0", "D:displayname").await.is(404);
    house.anna.acl(MINE, "").await.is(200);
    house.anna.acl("kunden/", &ace(BEN, &["D:read"])).await.is(200);
    ben.propfind(SEEN, "0", "D:displayname").await.is(404);
    assert_eq!(books(ben).await, [own]);
}

#[tokio::test]
async fn delegates_see_no_address_books() {
    let house = house().await;
    shared(&house, &[]).await;
    let member = format!("<D:set><D:prop><D:group-member-set><D:href>{BEN}</D:href></D:group-member-set></D:prop></D:set>");
    let delegated = within("D:propertyupdate", &member);
    house.anna.send("PROPPATCH", "/dav/principals/anna/calendar-proxy-write/", &[], delegated).await.is(207);
    house.ben.propfind("/dav/calendars/anna/", "0", "D:displayname").await.is(207);
    house.ben.propfind(MINE, "0", "D:displayname").await.is(404);
    house.ben.get(&format!("{MINE}a.vcf")).await.is(404);
    house.ben.propfind("/dav/addressbooks/anna/", "0", "D:displayname").await.is(404);
    assert!(books(&house.ben).await.is_empty());
}

#[tokio::test]
async fn who_leaves_neither_has_nor_gives_a_book() {
    let house = house().await;
    shared(&house, &["D:read"]).await;
    let list = async || house.anna.propfind(MINE, "0", "D:acl").await.responses()[0].element("acl").unwrap().whole();
    assert!(list().await.contains(BEN));
    house.remove("ben").await;
    assert!(!list().await.contains(BEN));
    // What is kept of a login's home is nobody's until somebody takes it.
    house.anna.acl(MINE, &ace("/dav/principals/groups/staff/", &["D:read"])).await.is(200);
    let at_admins = "/dav/addressbooks/admin/anna~kunden/";
    assert!(books(&house.admin).await.contains(&at_admins.to_owned()));
    house.remove("anna").await;
    assert!(!books(&house.admin).await.contains(&at_admins.to_owned()));
    house.admin.get(&format!("{at_admins}a.vcf")).await.is(404);
}

#[tokio::test]
async fn administrators_say_who_else_sees_the_customers_on_file() {
    let house = house().await;
    let (anna, ben, admin) = (&house.anna, &house.ben, &house.admin);
    let book = |login: &str| format!("/dav/addressbooks/{login}/customers/");
    put(anna, &format!("{}c.vcf", book("anna")), "c").await.is(201);
    // The practice granted it to anna, who may not give it away.
    needs(anna.acl(&book("anna"), &ace(BEN, &["D:read"])).await, &book("anna"), "write-acl");
    assert_eq!(anna.propfind(&book("anna"), "0", "D:acl").await.responses()[0].status_of("acl"), Some(403));
    ben.acl(&book("ben"), "").await.is(404);
    ben.acl(&book("anna"), "").await.is(404);
    let managed = admin.propfind(&book("admin"), "0", "D:acl D:current-user-privilege-set D:owner").await.responses().remove(0);
    let list = managed.element("acl").unwrap();
    assert!(list.children().all(|ace| ace.whole().contains("protected")) && list.whole().contains("/dav/principals/groups/admins/"));
    let allowed = names(managed.element("current-user-privilege-set").unwrap());
    assert!(allowed.contains(&"write-acl".to_owned()) && !allowed.contains(&"all".to_owned()), "{allowed:?}");
    assert!(admin.acl(&book("admin"), &ace(BEN, &["C:read-free-busy"])).await.is(403).body.contains("not-supported-privilege"));
    admin.acl(&book("admin"), &ace(BEN, &["D:read"])).await.is(200);
    assert_eq!(books(ben).await, [book("ben")]);
    assert_eq!(ben.get(&format!("{}c.vcf", book("ben"))).await.is(200).body, card("c"));
    needs(put(ben, &format!("{}d.vcf", book("ben")), "d").await, &book("ben"), "bind");
    // Nobody deletes it or gives it another name.
    needs(admin.send("DELETE", &book("admin"), &[], "").await, "/dav/addressbooks/admin/", "unbind");
    let moved = admin.send("MOVE", &book("admin"), &[("destination", "/dav/addressbooks/admin/x/")], "").await;
    needs(moved, "/dav/addressbooks/admin/", "unbind");
    // Devices that show less of customers show none of their cards, whoever granted them; a colleague's own book is no customers' data.
    shared(&house, &["D:read"]).await;
    for device in [&house.bens_telephone, &house.bens_screen] {
        assert_eq!(books(device).await, [SEEN]);
        device.get(&format!("{}c.vcf", book("ben"))).await.is(404);
        assert_eq!(device.get(&format!("{SEEN}a.vcf")).await.is(200).body, card("a"));
    }
    // What the practice grants is not lowered by a list, nor taken away with it.
    let staff = ace("/dav/principals/groups/staff/", &["D:read"]);
    admin.acl(&book("admin"), &staff).await.is(200);
    put(anna, &format!("{}e.vcf", book("anna")), "e").await.is(201);
    ben.get(&format!("{}c.vcf", book("ben"))).await.is(200);
    admin.acl(&book("admin"), "").await.is(200);
    ben.get(&format!("{}c.vcf", book("ben"))).await.is(404);
    put(anna, &format!("{}f.vcf", book("anna")), "f").await.is(201);
}

//! Address books: found, filled, searched, synced; POST of new members; homes that sync. RFC 6352, RFC 5995, RFC 6578.

use crate::house::*;
use openslot::dav::xml::Namespace::{CardDav, Dav};

const BOOK: &str = "/dav/addressbooks/anna/customers/";

fn card(uid: &str, name: &str, more: &str) -> String {
    let more: String = more.lines().map(|line| format!("{line}\r\n")).collect();
    format!("BEGIN:VCARD\r\nVERSION:4.0\r\nUID:{uid}\r\nFN:{name}\r\n{more}END:VCARD\r\n")
}

async fn put(person: &Person, path: &str, body: &str) -> Answer {
    person.send("PUT", path, &[("content-type", "text/vcard; charset=utf-8")], body.to_owned()).await
}

async fn found(person: &Person, filter: &str) -> Vec<String> {
    let answer = person.report(BOOK, "R:addressbook-query", &format!("<D:prop><D:getetag/></D:prop>{filter}")).await;
    answer.hrefs().iter().map(|href| href.rsplit('/').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_address_book_is_found_from_the_principal() {
    let house = house().await;
    let principal = house.anna.propfind("/dav/principals/anna/", "0", "R:addressbook-home-set").await.responses().remove(0);
    let home = principal.element("addressbook-home-set").unwrap().child(Dav, "href").unwrap().text();
    assert_eq!(home, "/dav/addressbooks/anna/");
    let books = house.anna.propfind(&home, "1", "D:resourcetype D:displayname R:supported-address-data D:getctag").await.responses();
    assert_eq!(books.iter().map(|book| book.href.as_str()).collect::<Vec<_>>(), [home.as_str(), BOOK]);
    assert!(books[1].element("resourcetype").unwrap().child(CardDav, "addressbook").is_some());
    assert_eq!(books[1].text("displayname").unwrap(), "Kunden");
    assert_eq!(books[1].element("supported-address-data").unwrap().children().count(), 2);
    let options = house.anna.send("OPTIONS", &home, &[], "").await;
    assert!(options.header("dav").unwrap().split(", ").any(|word| word == "addressbook"));
    // Whom the customers were not granted to does not see them; administrators do, and have a book of their own.
    assert_eq!(house.ben.propfind("/dav/addressbooks/ben/", "1", "D:displayname").await.hrefs(), ["/dav/addressbooks/ben/"]);
    house.ben.get("/dav/addressbooks/ben/customers/x.vcf").await.is(404);
    let all = house.admin.propfind("/dav/addressbooks/admin/", "1", "D:displayname").await.hrefs();
    assert_eq!(all[1..], ["/dav/addressbooks/admin/customers/", "/dav/addressbooks/admin/contacts/"]);
}

#[tokio::test]
async fn a_card_is_kept_octet_for_octet() {
    let house = house().await;
    let path = format!("{BOOK}a.vcf");
    let text = "BEGIN:VCARD\nVERSION:3.0\nitem1.TEL;TYPE=cell:0711 21475475\nUID:u-1\nN:Tester;Torsten;;;\nFN:Tors\n ten Tester\nX-EIGEN;A=b:c\nEND:VCARD\n";
    let made = put(&house.anna, &path, text).await.is(201);
    let read = house.anna.get(&path).await.is(200);
    assert_eq!(read.body, text);
    assert_eq!(read.header("content-type"), Some("text/vcard; charset=utf-8"));
    assert_eq!(read.header("etag"), made.header("etag"));
    let etag = made.header("etag").unwrap();
    house.anna.send("PUT", &path, &[("if-match", "\"other\"")], card("u-1", "Neu", "")).await.is(412);
    house.anna.send("PUT", &path, &[("if-match", etag)], card("u-1", "Neu", "")).await.is(204);
    house.admin.get("/dav/addressbooks/admin/customers/a.vcf").await.is(200);
    house.anna.send("DELETE", &path, &[], "").await.is(204);
    house.anna.get(&path).await.is(404);
}

#[tokio::test]
async fn what_is_no_card_is_refused_by_name() {
    let house = house().await;
    put(&house.anna, &format!("{BOOK}a.vcf"), &card("u-1", "Eins", "")).await.is(201);
    for (path, body, status, element) in [
        ("b.vcf", "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:x\r\nEND:VCARD\r\n".to_owned(), 403, "valid-address-data"),
        ("b.vcf", event("x", "20260326T100000Z", ""), 403, "valid-address-data"),
        ("b.vcf", card("u-1", "Zwei", ""), 409, "no-uid-conflict"),
        ("a.vcf", card("u-2", "Zwei", ""), 409, "no-uid-conflict"),
    ] {
        let answer = put(&house.anna, &format!("{BOOK}{path}"), &body).await.is(status);
        assert!(answer.xml().child(CardDav, element).is_some(), "{}", answer.body);
    }
    let wrong = house.anna.put(&format!("{BOOK}c.vcf"), &card("u-3", "Drei", "")).await.is(415);
    assert!(wrong.xml().child(CardDav, "supported-address-data").is_some());
    house.anna.put("/dav/addressbooks/anna/nowhere/c.ics", "x").await.is(409);
}

#[tokio::test]
async fn cards_are_searched_and_cut() {
    let house = house().await;
    for (name, who, more) in [
        ("a", "Torsten Tester", "EMAIL;TYPE=work:t.tester@example.org\nTEL:1\nNICKNAME:Toto"),
        ("b", "Änne Öhler", "EMAIL:oehler@example.org"),
        ("c", "Carla Tester", "TEL:2"),
    ] {
        put(&house.anna, &format!("{BOOK}{name}.vcf"), &card(name, who, more)).await.is(201);
    }
    let prop = |name: &str, inner: &str| format!("<R:prop-filter name='{name}'>{inner}</R:prop-filter>");
    let text = |how: &str, text: &str| format!("<R:text-match {how}>{text}</R:text-match>");
    for (filter, wanted) in [
        (prop("FN", &text("", "tester")), &["a.vcf", "c.vcf"][..]),
        (prop("FN", &text("collation='i;unicode-casemap'", "öhler")), &["b.vcf"]),
        (prop("FN", &text("match-type='starts-with'", "torsten")), &["a.vcf"]),
        (prop("EMAIL", "<R:is-not-defined/>"), &["c.vcf"]),
        (prop("EMAIL", "<R:param-filter name='TYPE'/>"), &["a.vcf"]),
        (prop("FN", &text("negate-condition='yes'", "tester")), &["b.vcf"]),
        (prop("NICKNAME", &text("", "toto")) + &prop("EMAIL", &text("match-type='ends-with'", "oehler@example.org")), &["a.vcf", "b.vcf"]),
        (String::new(), &["a.vcf", "b.vcf", "c.vcf"]),
    ] {
        assert_eq!(found(&house.anna, &format!("<R:filter>{filter}</R:filter>")).await, wanted, "{filter}");
    }
    let both = prop("FN", &text("", "tester")) + &prop("EMAIL", "");
    assert_eq!(found(&house.anna, &format!("<R:filter test='allof'>{both}</R:filter>")).await, ["a.vcf"]);
    // One more than is wanted: the address book itself says that there are others.
    let limited = "<R:filter/><R:limit><R:nresults>2</R:nresults></R:limit>";
    assert_eq!(found(&house.anna, limited).await, ["a.vcf", "b.vcf", ""]);
    let odd = house.anna.report(BOOK, "R:addressbook-query", "<R:filter><R:guess/></R:filter>").await.is(403);
    assert!(odd.xml().child(CardDav, "supported-filter").is_some());
    let odd =
        house.anna.report(BOOK, "R:addressbook-query", &format!("<R:filter>{}</R:filter>", prop("FN", &text("collation='x'", "y")))).await;
    assert!(odd.is(403).xml().child(CardDav, "supported-collation").is_some());
    let odd = format!("<R:filter>{}</R:filter>", prop("FN", &text("negate-condition='maybe'", "y")));
    let odd = house.anna.report(BOOK, "R:addressbook-query", &odd).await.is(403);
    assert!(odd.xml().child(CardDav, "supported-filter").is_some());
    house.anna.report(BOOK, "R:addressbook-query", "").await.is(400);
    house.anna.report(BOOK, "C:calendar-query", "").await.is(403);
    let cut = format!(
        "<D:prop><R:address-data version='4.0'><R:prop name='FN'/><R:prop name='EMAIL' novalue='yes'/></R:address-data></D:prop><D:href>{BOOK}a.vcf</D:href>\
         <D:href>{BOOK}gone.vcf</D:href><D:href>/dav/calendars/anna/kabine-1/a.vcf</D:href>"
    );
    let answers = house.anna.report(BOOK, "R:addressbook-multiget", &cut).await.responses();
    let data = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Torsten Tester\r\nEMAIL;TYPE=work:\r\nEND:VCARD\r\n";
    assert_eq!(answers[0].text("address-data").unwrap(), data);
    assert!(answers[1..].iter().all(|answer| answer.status.as_deref() == Some("HTTP/1.1 404 Not Found")));
}

#[tokio::test]
async fn a_card_is_told_in_the_version_that_is_asked_for() {
    let house = house().await;
    let new = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:n\r\nFN:Neu\r\nBDAY:--0412\r\nTEL;PREF=1:1\r\nEND:VCARD\r\n";
    let old = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:o\r\nFN:Alt\r\nN:Alt;;;;\r\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/\r\nEND:VCARD\r\n";
    let new_in_3 = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:n\r\nFN:Neu\r\nN:Neu;;;;\r\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-04-12\r\n\
                    TEL;TYPE=pref:1\r\nEND:VCARD\r\n";
    let old_in_4 = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:o\r\nFN:Alt\r\nN:Alt;;;;\r\nPHOTO:data:image/jpeg;base64,/9j/\r\nEND:VCARD\r\n";
    let (n, o) = (format!("{BOOK}n.vcf"), format!("{BOOK}o.vcf"));
    let tag = put(&house.anna, &n, new).await.is(201).header("etag").unwrap().to_owned();
    put(&house.anna, &o, old).await.is(201);
    let told = async |data: &str, report: &str| {
        let inner = format!("<D:prop><D:getetag/>{data}</D:prop>{report}");
        let kind = if report.is_empty() { "R:addressbook-multiget" } else { "R:addressbook-query" };
        let inner = if report.is_empty() { format!("{inner}<D:href>{n}</D:href><D:href>{o}</D:href>") } else { inner };
        let answers = house.anna.report(BOOK, kind, &inner).await.responses();
        assert_eq!(answers[0].text("getetag").unwrap(), tag, "the tag is the card's, in whatever version it is told");
        answers.iter().map(|answer| answer.text("address-data").unwrap()).collect::<Vec<_>>()
    };
    for report in ["", "<R:filter/>"] {
        // Programs that know of no other version do not say so: Apple's stop where they are told 4.0.
        assert_eq!(told("<R:address-data/>", report).await, [new_in_3, old]);
        assert_eq!(told("<R:address-data content-type='text/vcard' version='3.0'/>", report).await, [new_in_3, old]);
        assert_eq!(told("<R:address-data content-type='text/vcard' version='4.0'/>", report).await, [new, old_in_4]);
    }
    // What is chosen is chosen by the names of the version that is told.
    let part = told("<R:address-data version='4.0'><R:prop name='PHOTO'/></R:address-data>", "<R:filter/>").await;
    assert_eq!(part[1], "BEGIN:VCARD\r\nVERSION:4.0\r\nPHOTO:data:image/jpeg;base64,/9j/\r\nEND:VCARD\r\n");
    let unknown = "<D:prop><R:address-data version='2.1'/></D:prop><R:filter/>";
    house.anna.report(BOOK, "R:addressbook-query", unknown).await.is(403).names(CardDav, "supported-address-data");
    // The same by Accept.
    for (accept, told, kind) in [
        ("text/vcard;version=3.0", new_in_3, "text/vcard; charset=utf-8; version=3.0"),
        ("text/vcard;version=4.0, text/vcard;q=0.5", new, "text/vcard; charset=utf-8; version=4.0"),
        ("text/vcard", new, "text/vcard; charset=utf-8; version=4.0"),
        ("*/*", new, "text/vcard; charset=utf-8"),
    ] {
        let answer = house.anna.send("GET", &n, &[("accept", accept)], "").await.is(200);
        assert_eq!((answer.body.as_str(), answer.header("content-type"), answer.header("etag")), (told, Some(kind), Some(tag.as_str())));
        assert!(answer.header("vary").unwrap().contains("Accept"));
        let head = house.anna.send("HEAD", &n, &[("accept", accept)], "").await.is(200);
        assert_eq!(head.header("content-length").unwrap(), told.len().to_string());
        house.anna.send("GET", &n, &[("accept", accept), ("if-none-match", &tag)], "").await.is(304);
    }
    for accept in ["text/vcard;version=2.1", "application/vcard+json"] {
        let answer = house.anna.send("GET", &n, &[("accept", accept)], "").await;
        answer.is(406).names(CardDav, "supported-address-data-conversion");
    }
    // Whoever was told 3.0 writes 3.0, and that is kept.
    house.anna.send("PUT", &n, &[("content-type", "text/vcard"), ("if-match", &tag)], new_in_3).await.is(204);
    assert_eq!(house.anna.get(&n).await.is(200).body, new_in_3);
}

#[tokio::test]
async fn an_address_book_syncs() {
    let house = house().await;
    put(&house.anna, &format!("{BOOK}a.vcf"), &card("a", "Eins", "")).await.is(201);
    let sync = async |token: &str| {
        let inner =
            format!("<D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><R:address-data version='4.0'/></D:prop>");
        house.anna.report(BOOK, "D:sync-collection", &inner).await
    };
    let first = sync("").await;
    assert_eq!(first.responses()[0].text("address-data"), Some(card("a", "Eins", "")));
    put(&house.anna, &format!("{BOOK}b.vcf"), &card("b", "Zwei", "")).await.is(201);
    assert_eq!(sync(&first.token()).await.hrefs(), [format!("{BOOK}b.vcf")]);
}

#[tokio::test]
async fn books_are_made_named_and_deleted() {
    let house = house().await;
    let body = "<D:set><D:prop><D:resourcetype><D:collection/><R:addressbook/></D:resourcetype><D:displayname>Lieferanten</D:displayname>\
                <R:addressbook-description>Wer uns beliefert</R:addressbook-description></D:prop></D:set>";
    let path = "/dav/addressbooks/anna/lieferanten/";
    house.anna.send("MKCOL", path, &[], within("D:mkcol", body)).await.is(201);
    house.anna.send("MKCOL", path, &[], within("D:mkcol", body)).await.is(405);
    let book = house.anna.propfind(path, "0", "D:displayname R:addressbook-description").await.responses().remove(0);
    assert_eq!(
        (book.text("displayname").as_deref(), book.text("addressbook-description").as_deref()),
        (Some("Lieferanten"), Some("Wer uns beliefert"))
    );
    let calendar = "<D:set><D:prop><D:resourcetype><D:collection/><C:calendar/></D:resourcetype></D:prop></D:set>";
    house.anna.send("MKCOL", "/dav/addressbooks/anna/k/", &[], within("D:mkcol", calendar)).await.is(403);
    house.anna.send("MKCALENDAR", "/dav/addressbooks/anna/k/", &[], "").await.is(403);
    house.anna.send("MKCOL", &format!("{path}in-it.vcf"), &[], "").await.is(403);
    house.anna.send("DELETE", path, &[], "").await.is(204);
    house.anna.propfind(path, "0", "D:displayname").await.is(404);
    // The customers on file are the practice's.
    house.anna.send("DELETE", BOOK, &[], "").await.is(403);
    house.anna.send("MKCOL", "/dav/addressbooks/ben/customers/", &[], "").await.is(404);
}

#[tokio::test]
async fn a_post_makes_a_member() {
    let house = house().await;
    for (path, kind, body, name) in [
        ("/dav/calendars/anna/kabine-1/", "text/calendar", event("post-1", "20260326T100000Z", ""), "post-1.ics"),
        (BOOK, "text/vcard", card("post-2", "Post", ""), "post-2.vcf"),
    ] {
        let collection = house.anna.propfind(path, "0", "D:add-member").await.responses().remove(0);
        let address = collection.element("add-member").unwrap().child(Dav, "href").unwrap().text();
        let made = house.anna.send("POST", &address, &[("content-type", kind)], body.clone()).await.is(201);
        assert_eq!(made.header("location"), Some(format!("{path}{name}").as_str()));
        let read = house.anna.get(&format!("{path}{name}")).await.is(200);
        assert_eq!((read.body.as_str(), read.header("etag")), (body.as_str(), made.header("etag")));
        let again = house.anna.send("POST", &address, &[("content-type", kind)], body.clone()).await.is(409);
        assert!(again.body.contains("no-uid-conflict") && again.body.contains(name), "{}", again.body);
        house.anna.send("POST", path, &[("content-type", kind)], body).await.is(405);
    }
    let wanted = [("content-type", "text/calendar"), ("prefer", "return=representation")];
    let body = event("post-4", "20260329T100000Z", "");
    let made = house.anna.send("POST", "kabine-1/?add-member", &wanted, body.clone()).await.is(201);
    assert_eq!((made.body.as_str(), made.header("preference-applied")), (body.as_str(), Some("return=representation")));
    assert_eq!(made.header("location"), made.header("content-location"));
    // The name is another object's: the new one gets a name of its own.
    house.anna.put("kabine-1/post-3.ics", &event("other", "20260327T100000Z", "")).await.is(201);
    let third = event("post-3", "20260328T100000Z", "");
    let made = house.anna.send("POST", "kabine-1/?add-member", &[("content-type", "text/calendar")], third).await.is(201);
    assert_ne!(made.header("location"), Some("/dav/calendars/anna/kabine-1/post-3.ics"));
    house.anna.send("POST", "kabine-2/?add-member", &[("content-type", "text/calendar")], event("r", "20260328T100000Z", "")).await.is(403);
}

#[tokio::test]
async fn a_home_syncs() {
    let house = house().await;
    let home = "/dav/calendars/anna/";
    let sync = async |token: &str, more: &str| {
        let inner = format!("<D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:displayname/></D:prop>{more}");
        house.anna.report(home, "D:sync-collection", &inner).await
    };
    let first = sync("", "").await;
    let members = ["kabine-1/", "kabine-2/", "location.stuttgart.hours/", "kabine-1.hours/", "kabine-2.hours/"];
    assert_eq!(first.hrefs(), members.map(|name| format!("{home}{name}")));
    let property = house.anna.propfind(home, "0", "D:sync-token").await.responses().remove(0);
    assert_eq!(property.text("sync-token"), Some(first.token()));
    assert!(sync(&first.token(), "").await.responses().is_empty());
    // What anybody changes in a calendar is news in each home that has it.
    house.admin.put("kabine-2/a.ics", &event("a", "20260326T100000Z", "")).await.is(201);
    house.anna.send("MKCALENDAR", "privat/", &[], "").await.is(201);
    let second = sync(&first.token(), "").await;
    assert_eq!(second.hrefs(), [format!("{home}kabine-2/"), format!("{home}privat/")]);
    let name = within("D:propertyupdate", "<D:set><D:prop><D:displayname>Mein Kalender</D:displayname></D:prop></D:set>");
    house.anna.send("PROPPATCH", "privat/", &[], name).await.is(207);
    let third = sync(&second.token(), "").await;
    assert_eq!(third.responses()[0].text("displayname").as_deref(), Some("Mein Kalender"));
    house.anna.send("DELETE", "privat/", &[], "").await.is(204);
    let fourth = sync(&third.token(), "").await.responses();
    assert_eq!(
        (fourth.len(), fourth[0].href.as_str(), fourth[0].status.as_deref()),
        (1, "/dav/calendars/anna/privat/", Some("HTTP/1.1 404 Not Found"))
    );
    // In pieces of one.
    let limit = "<D:limit><D:nresults>1</D:nresults></D:limit>";
    let cut = sync("", limit).await;
    assert_eq!(cut.hrefs(), [format!("{home}kabine-1/"), home.to_owned()]);
    assert_eq!(sync(&cut.token(), limit).await.hrefs(), [format!("{home}kabine-2/"), home.to_owned()]);
    let bad = sync("urn:openslot:home:AAAA", "").await.is(403);
    assert!(bad.body.ends_with("<D:error xmlns:D=\"DAV:\"><D:valid-sync-token/></D:error>"), "{}", bad.body);
    let deep = "<D:sync-token/><D:sync-level>infinite</D:sync-level><D:prop/>";
    let deep = house.anna.report(home, "D:sync-collection", deep).await.is(403);
    assert!(deep.body.contains("sync-traversal-supported"));
}

#[tokio::test]
async fn everybody_has_a_calendar_tasks_and_contacts_from_the_first_day() {
    let house = house().await;
    let calendars =
        house.admin.propfind("/dav/calendars/admin/", "1", "D:displayname C:supported-calendar-component-set").await.responses();
    let names: Vec<_> = calendars.iter().filter_map(|c| c.text("displayname")).collect();
    let own: Vec<&str> = names.iter().map(String::as_str).filter(|name| ["Kalender", "Aufgaben"].contains(name)).collect();
    assert_eq!(own, ["Kalender", "Aufgaben"], "{names:?}");
    // Whoever deletes one has it no more.
    house.admin.send("DELETE", "tasks/", &[], "").await.is(204);
    house.admin.propfind("tasks/", "0", "D:displayname").await.is(404);
}

#[tokio::test]
async fn a_card_answers_reports_about_itself() {
    let house = house().await;
    put(&house.anna, &format!("{BOOK}a.vcf"), &card("a", "Erika Mustermann", "")).await.is(201);
    let asked = |text: &str| {
        format!(
            "<D:prop><D:getetag/></D:prop><R:filter><R:prop-filter name='FN'><R:text-match>{text}</R:text-match></R:prop-filter></R:filter>"
        )
    };
    let path = format!("{BOOK}a.vcf");
    assert_eq!(house.anna.report(&path, "R:addressbook-query", &asked("erika")).await.is(207).hrefs(), [path.as_str()]);
    assert!(house.anna.report(&path, "R:addressbook-query", &asked("otto")).await.is(207).hrefs().is_empty());
    let wanted = format!("<D:prop><R:address-data/></D:prop><D:href>{path}</D:href><D:href>{BOOK}b.vcf</D:href>");
    let answers = house.anna.report(&path, "R:addressbook-multiget", &wanted).await.is(207).responses();
    assert!(answers[0].text("address-data").unwrap().contains("FN:Erika"));
    assert_eq!(answers[1].status.as_deref(), Some("HTTP/1.1 404 Not Found"));
    assert!(house.anna.report(&path, "C:calendar-query", &asked("x")).await.is(403).body.contains("<D:supported-report/>"));
}

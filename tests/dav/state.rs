//! The header If on everything that writes. RFC 4918 §10.4, RFC 6578 §5.

use crate::house::*;

const FALSE: &str = "(<urn:uuid:181d4fae-7d8c-11d0-a765-00a0c91e6bf2>)";

#[tokio::test]
async fn what_is_not_so_stops_every_method() {
    let anna = house().await.anna;
    anna.send("MKCALENDAR", "own/", &[], "").await.is(201);
    anna.put("own/a.ics", &event("a", "20260326T100000Z", "")).await.is(201);
    for path in ["a", "d/"] {
        let method = if path == "a" { "PUT" } else { "MKCOL" };
        anna.send(method, &format!("/dav/files/anna/{path}"), &[], "").await.is(201);
    }
    let set = within("D:propertyupdate", "<D:set><D:prop><D:displayname>Neu</D:displayname></D:prop></D:set>");
    let (update, list) = (event("a", "20260326T110000Z", ""), within("D:acl", ""));
    let requests = [
        ("PUT", "own/a.ics", "", update.as_str()),
        ("PUT", "own/b.ics", "", update.as_str()),
        ("DELETE", "own/a.ics", "", ""),
        ("DELETE", "own/", "", ""),
        ("MOVE", "own/a.ics", "/dav/calendars/anna/own/b.ics", ""),
        ("COPY", "own/a.ics", "/dav/calendars/anna/kabine-1/a.ics", ""),
        ("MOVE", "own/", "/dav/calendars/anna/other/", ""),
        ("MKCALENDAR", "new/", "", ""),
        ("PROPPATCH", "own/", "", set.as_str()),
        ("PROPPATCH", "/dav/principals/anna/", "", set.as_str()),
        ("ACL", "own/", "", list.as_str()),
        ("PUT", "/dav/files/anna/a", "", "x"),
        ("PUT", "/dav/files/anna/b", "", "x"),
        ("DELETE", "/dav/files/anna/a", "", ""),
        ("DELETE", "/dav/files/anna/none", "", ""),
        ("DELETE", "/dav/files/anna/d/", "", ""),
        ("MKCOL", "/dav/files/anna/e/", "", ""),
        ("MOVE", "/dav/files/anna/a", "/dav/files/anna/b", ""),
        ("COPY", "/dav/files/anna/d", "/dav/files/anna/e", ""),
        ("PROPPATCH", "/dav/files/anna/a", "", set.as_str()),
    ];
    let before = (anna.propfind("", "1", "D:displayname").await.body, anna.propfind("/dav/files/anna/", "1", "D:displayname").await.body);
    for (method, path, destination, body) in requests {
        let mut headers = vec![("if", FALSE), ("content-type", "text/calendar")];
        if !destination.is_empty() {
            headers.push(("destination", destination));
        }
        anna.send(method, path, &headers, body.to_owned()).await.is(412);
        headers[0].1 = "(<urn:x>";
        anna.send(method, path, &headers, body.to_owned()).await.is(400);
    }
    let after = (anna.propfind("", "1", "D:displayname").await.body, anna.propfind("/dav/files/anna/", "1", "D:displayname").await.body);
    assert_eq!(before, after);
    anna.send("GET", "own/a.ics", &[("if", FALSE)], "").await.is(412);
    anna.send("PUT", "/dav/files/anna/a", &[("if", "(Not <DAV:no-lock>)")], "x").await.is(204);
    let always = format!("{FALSE} (Not <DAV:no-lock>)");
    anna.send("DELETE", "/dav/files/anna/a", &[("if", &always)], "").await.is(204);
}

#[tokio::test]
async fn tags_of_anything_can_be_asked() {
    let anna = house().await.anna;
    let etag = anna.put("kabine-1/a.ics", &event("a", "20260326T100000Z", "")).await.is(201).header("etag").unwrap().to_owned();
    let file = anna.send("PUT", "/dav/files/anna/a", &[], "x").await.is(201).header("etag").unwrap().to_owned();
    let put = async |condition: &str| anna.send("PUT", "/dav/files/anna/b", &[("if", condition)], "y").await.status.as_u16();
    let address = "/dav/calendars/anna/kabine-1/a.ics";
    let object = format!("<{address}>");
    assert_eq!(put(&format!("{object} ([{etag}])")).await, 201);
    assert_eq!(put(&format!("<http://elsewhere{address}> ([{etag}])")).await, 204);
    assert_eq!(put(&format!("{object} ([W/{etag}])")).await, 412);
    assert_eq!(put(&format!("{object} (Not [{etag}])")).await, 412);
    assert_eq!(put(&format!("{object} ([\"x\"]) ([{etag}] Not [\"x\"])")).await, 204);
    assert_eq!(put(&format!("</dav/files/anna/a> ([{file}])")).await, 204);
    assert_eq!(put(&format!("([{file}])")).await, 412);
    // RFC 4918 §10.4.11: what is not there has no tag.
    assert_eq!(put("</dav/files/anna/none> ([\"4217\"])").await, 412);
    assert_eq!(put("</dav/files/anna/none> (Not [\"4217\"])").await, 204);
    // Nobody learns anything of what is not theirs.
    for other in ["</dav/files/ben/a>", "</dav/calendars/anna/nowhere/a.ics>", "</staff/>", "<x>"] {
        assert_eq!(put(&format!("{other} ([{etag}])")).await, 412, "{other}");
        assert_eq!(put(&format!("{other} (Not [{etag}])")).await, 204, "{other}");
    }
    anna.send("PUT", "/dav/files/anna/b", &[("if", "(Not <urn:x>)"), ("if", "(Not <urn:x>)")], "").await.is(400);
}

/// RFC 6578 §5.1.
#[tokio::test]
async fn a_calendar_is_written_only_as_it_is_known() {
    let house = house().await;
    let anna = &house.anna;
    let token = || async { anna.propfind("kabine-1/", "0", "D:sync-token").await.responses()[0].text("sync-token").unwrap() };
    let first = token().await;
    let put = async |name: &str, token: &str| {
        let condition = format!("</dav/calendars/anna/kabine-1/> (<{token}>)");
        let headers = [("if", condition.as_str()), ("content-type", "text/calendar")];
        anna.send("PUT", &format!("kabine-1/{name}.ics"), &headers, event(name, "20260326T100000Z", "")).await.status.as_u16()
    };
    assert_eq!(put("a", &first).await, 201);
    assert_eq!(put("b", &first).await, 412);
    assert_eq!(put("b", &token().await).await, 201);
    // Of two at a time one comes first.
    let known = token().await;
    let (one, other) = tokio::join!(put("c", &known), put("d", &known));
    assert_eq!([one.min(other), one.max(other)], [201, 412]);
    // A token of the address itself, and one of another collection.
    let set = within("D:propertyupdate", "<D:set><D:prop><D:displayname>Neu</D:displayname></D:prop></D:set>");
    let token = token().await;
    let known = format!("(<{token}>)");
    anna.send("PROPPATCH", "kabine-1/", &[("if", &known)], set.clone()).await.is(207);
    anna.send("PROPPATCH", "kabine-2/", &[("if", &known)], set.clone()).await.is(412);
    anna.send("PROPPATCH", "kabine-1/", &[("if", &format!("(Not <{token}>)"))], set).await.is(412);
}

#[tokio::test]
async fn homes_and_inboxes_have_tokens_too() {
    let house = house().await;
    let anna = &house.anna;
    let token = async |path: &str| anna.propfind(path, "0", "D:sync-token").await.responses()[0].text("sync-token").unwrap();
    let set = |text: &str| within("D:propertyupdate", &format!("<D:set><D:prop><A:order>{text}</A:order></D:prop></D:set>"));
    let home = token("/dav/calendars/anna/").await;
    let make = async |name: &str, condition: &str| anna.send("MKCALENDAR", name, &[("if", condition)], "").await.status.as_u16();
    let known = format!("</dav/calendars/anna/> (<{home}>)");
    assert_eq!(make("one/", &known).await, 201);
    assert_eq!(make("two/", &known).await, 412, "there is one more than was known");
    assert_eq!(make("two/", &format!("</dav/calendars/anna/> (<{}>)", token("/dav/calendars/anna/").await)).await, 201);
    assert_eq!(make("three/", &format!("</dav/addressbooks/anna/> (<{home}>)")).await, 412);
    for path in ["/dav/addressbooks/anna/", "/dav/calendars/anna/inbox/"] {
        let known = format!("(<{}>)", token(path).await);
        anna.send("PROPPATCH", path, &[("if", &known)], set("1")).await.is(207);
        anna.send("PROPPATCH", path, &[("if", "(<urn:openslot:sync:9:9>)")], set("1")).await.is(412);
    }
    // Another's home has none for whoever does not own it.
    assert_eq!(make("three/", &format!("</dav/calendars/ben/> (<{home}>)")).await, 412);
}

#[tokio::test]
async fn tags_match_as_they_are_shown() {
    let house = house().await;
    house.ben.put("kabine-2/a.ics", &event("a", "20260326T100000Z", "")).await.is(201);
    let tag = async |who: &Person| who.get("kabine-2/a.ics").await.header("etag").unwrap().to_owned();
    let (whole, lowered) = (tag(&house.ben).await, tag(&house.bens_screen).await);
    assert_ne!(whole, lowered);
    let check = async |who: &Person, tag: &str| {
        who.send("PROPFIND", "kabine-2/a.ics", &[("depth", "0"), ("if", &format!("([{tag}])"))], "").await.status.as_u16()
    };
    assert_eq!((check(&house.ben, &whole).await, check(&house.ben, &lowered).await), (207, 412));
    assert_eq!((check(&house.bens_screen, &whole).await, check(&house.bens_screen, &lowered).await), (412, 207));
}

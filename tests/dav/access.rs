//! Who may what: principals, privileges, lists, sharing, free-busy alone. RFC 3744, RFC 4791 §6.1.1 and §7.10.

use crate::house::*;
use openslot::dav::xml::{Element, Namespace};

const WEEK: &str = "<C:time-range start='20260323T000000Z' end='20260330T000000Z'/>";

/// An entry that grants somebody something.
pub fn ace(principal: &str, privileges: &[&str]) -> String {
    let privileges: String = privileges.iter().map(|name| format!("<D:privilege><{name}/></D:privilege>")).collect();
    format!("<D:ace><D:principal><D:href>{principal}</D:href></D:principal><D:grant>{privileges}</D:grant></D:ace>")
}

/// The names of privileges.
pub fn names(element: &Element) -> Vec<String> {
    element.children().filter_map(|privilege| privilege.children().next()).map(|name| name.local.clone()).collect()
}

async fn privately(house: &House) {
    house.anna.send("MKCALENDAR", "privat/", &[], "").await.is(201);
    house.anna.put("privat/a.ics", &event("a", "20260326T100000Z", "LOCATION:Zuhause")).await.is(201);
}

#[tokio::test]
async fn principals_are_people_resources_locations_and_groups() {
    let house = house().await;
    let listed = house.anna.propfind("/dav/principals/", "1", "D:resourcetype").await.hrefs();
    let kinds = ["resources", "locations", "groups"].map(|kind| format!("/dav/principals/{kind}/"));
    assert_eq!(listed, [&["/dav/principals/".to_owned(), "/dav/principals/anna/".to_owned()][..], &kinds[..]].concat());
    let resources = house.anna.propfind("/dav/principals/resources/", "1", "D:displayname C:calendar-user-type D:principal-URL").await;
    let cabin = resources.responses().remove(1);
    assert_eq!(cabin.href, "/dav/principals/resources/kabine-1/");
    assert_eq!((cabin.text("displayname").as_deref(), cabin.text("calendar-user-type").as_deref()), (Some("Kabine 1"), Some("ROOM")));
    assert_eq!(cabin.addresses("principal-URL"), [cabin.href.as_str()]);
    let location = house.anna.propfind("/dav/principals/locations/stuttgart/", "0", "D:group-member-set C:calendar-user-type").await;
    assert_eq!(location.responses()[0].addresses("group-member-set").len(), 5);
    assert_eq!(location.responses()[0].text("calendar-user-type").as_deref(), Some("GROUP"));
    for (group, members) in [("staff", &["admin", "anna", "ben"][..]), ("admins", &["admin"]), ("at-stuttgart", &["admin", "anna", "ben"])]
    {
        let path = format!("/dav/principals/groups/{group}/");
        let found = house.anna.propfind(&path, "0", "D:group-member-set").await.responses()[0].addresses("group-member-set");
        let members: Vec<String> = members.iter().map(|login| format!("/dav/principals/{login}/")).collect();
        assert_eq!(found, members, "{group}");
    }
    let mine = house.anna.propfind("/dav/principals/anna/", "0", "D:group-membership").await;
    let groups = ["staff", "at-stuttgart"].map(|group| format!("/dav/principals/groups/{group}/"));
    assert_eq!(mine.responses()[0].addresses("group-membership"), groups);
    for nothing in ["resources/x/", "locations/x/", "groups/x/", "groups/at-x/", "x/y/", "anna/calendar-proxy-x/"] {
        house.anna.propfind(&format!("/dav/principals/{nothing}"), "0", "D:displayname").await.is(404);
    }
}

#[tokio::test]
async fn colleagues_have_a_name_and_an_address_and_no_home() {
    let house = house().await;
    house
        .ben
        .send("PROPPATCH", "/dav/principals/ben/", &[], within("D:propertyupdate", "<D:set><D:prop><A:x>mine</A:x></D:prop></D:set>"))
        .await
        .is(207);
    let seen =
        house.anna.propfind("/dav/principals/ben/", "0", "D:displayname C:calendar-user-address-set C:calendar-home-set A:x D:owner").await;
    let seen = seen.responses().remove(0);
    assert_eq!(seen.text("displayname").as_deref(), Some("BEN"));
    assert_eq!(seen.addresses("calendar-user-address-set"), ["mailto:ben@mustermann.example", "/dav/principals/ben/"]);
    assert_eq!((seen.status_of("calendar-home-set"), seen.status_of("x")), (Some(404), Some(404)));
    let set = within("D:propertyupdate", "<D:set><D:prop><D:displayname>Benno</D:displayname></D:prop></D:set>");
    let refused = house.anna.send("PROPPATCH", "/dav/principals/ben/", &[], set).await.responses().remove(0);
    assert_eq!(refused.status_of("displayname"), Some(403));
    house.nobody.propfind("/dav/principals/ben/", "0", "D:displayname").await.is(401);
}

#[tokio::test]
async fn privileges_form_one_tree() {
    let house = house().await;
    let answer =
        house.anna.propfind("kabine-1/", "0", "D:supported-privilege-set D:acl-restrictions D:group D:inherited-acl-set D:owner").await;
    let response = answer.responses().remove(0);
    let all = response.element("supported-privilege-set").unwrap().children().next().unwrap();
    assert_eq!(names(all)[0], "all");
    for (holder, held) in [
        ("read", "read-free-busy"),
        ("write", "bind"),
        ("schedule-deliver", "schedule-query-freebusy"),
        ("schedule-send", "schedule-send-freebusy"),
    ] {
        let within =
            all.children().find(|child| names(child).first().is_some_and(|name| name == holder)).unwrap_or_else(|| panic!("{holder}"));
        assert!(within.children().any(|child| names(child).first().is_some_and(|name| name == held)), "{held}");
    }
    let restrictions: Vec<&str> = response.element("acl-restrictions").unwrap().children().map(|child| child.local.as_str()).collect();
    assert_eq!(restrictions, ["grant-only", "no-invert"]);
    assert_eq!(response.addresses("owner"), ["/dav/principals/resources/kabine-1/"]);
    assert!(house.nobody.send("OPTIONS", "kabine-1/", &[], "").await.header("dav").unwrap().contains("access-control"));
}

#[tokio::test]
async fn lists_say_where_a_right_comes_from() {
    let house = house().await;
    privately(&house).await;
    let list = house.anna.propfind("privat/", "0", "D:acl D:current-user-privilege-set D:inherited-acl-set").await.responses().remove(0);
    let aces: Vec<&Element> = list.element("acl").unwrap().children().collect();
    let has = |ace: &Element, name: &str| ace.child(Namespace::Dav, name).is_some();
    assert!(has(aces[0], "protected") && aces[0].child(Namespace::Dav, "principal").unwrap().child(Namespace::Dav, "property").is_some());
    assert!(aces[1..].iter().all(|ace| has(ace, "inherited")) && aces.len() == 3);
    assert_eq!(list.addresses("inherited-acl-set"), ["/dav/calendars/anna/"]);
    assert!(names(list.element("current-user-privilege-set").unwrap()).contains(&"write-acl".to_owned()));
    // Who may not change a list is not told it (RFC 3744 §5.5); an administrator manages the resources' calendars.
    for headers in [vec![("depth", "0")], vec![("depth", "0"), ("prefer", "return=minimal")]] {
        let body = within("D:propfind", "<D:prop><D:displayname/><D:acl/></D:prop>");
        let untold = house.anna.send("PROPFIND", "kabine-1/", &headers, body).await;
        let needed = "<D:prop><D:acl/></D:prop><D:status>HTTP/1.1 403 Forbidden</D:status><D:error><D:need-privileges><D:resource>\
                      <D:href>/dav/calendars/anna/kabine-1/</D:href><D:privilege><D:read-acl/></D:privilege></D:resource></D:need-privileges></D:error>";
        assert!(untold.body.contains(needed), "{}", untold.body);
        assert_eq!(untold.responses()[0].status_of("displayname"), Some(200));
    }
    house.anna.send("PROPFIND", "kabine-1/", &[("depth", "0")], within("D:propfind", "<D:allprop/>")).await.responses()[0]
        .properties
        .iter()
        .for_each(|(name, status, _)| assert!(name != "acl" && *status == 200));
    let managed = house.admin.propfind("kabine-1/", "0", "D:acl D:current-user-privilege-set").await.responses().remove(0);
    assert!(managed.element("acl").unwrap().children().all(|ace| has(ace, "protected")));
    assert!(names(managed.element("current-user-privilege-set").unwrap()).contains(&"write-acl".to_owned()));
    let home = house.anna.propfind("", "1", "D:acl").await.responses();
    assert!(home.iter().find(|r| r.href.ends_with("/privat/")).unwrap().element("acl").is_some());
    assert!(home[0].element("acl").unwrap().children().all(|ace| has(ace, "protected")));
    let object = house.anna.propfind("privat/a.ics", "0", "D:acl D:inherited-acl-set D:owner").await.responses().remove(0);
    assert_eq!(object.addresses("inherited-acl-set"), ["/dav/calendars/anna/privat/"]);
    assert_eq!(object.addresses("owner"), ["/dav/principals/anna/"]);
    assert!(object.element("acl").is_some());
}

/// Every privilege that these are made of.
fn spelled_out(names: &[String]) -> Vec<String> {
    let read = ["read", "read-free-busy", "read-current-user-privilege-set"];
    let write = ["write", "write-properties", "write-content", "bind", "unbind"];
    let parts = |name: &String| match name.as_str() {
        "read" => read.map(String::from).to_vec(),
        "write" => write.map(String::from).to_vec(),
        _ => vec![name.clone()],
    };
    let mut all: Vec<String> = names.iter().flat_map(parts).collect();
    all.sort();
    all.dedup();
    all
}

#[tokio::test]
async fn what_one_may_do_is_what_the_list_says_and_what_is_there_to_be_done() {
    let house = house().await;
    privately(&house).await;
    let types = "<D:set><D:prop><D:resourcetype><D:collection/><R:addressbook/></D:resourcetype></D:prop></D:set>";
    let book = "/dav/addressbooks/anna/buch/";
    house.anna.send("MKCOL", book, &[("content-type", "text/xml")], within("D:mkcol", types)).await.is(201);
    house.anna.send("PUT", "/dav/files/anna/a", &[], "x").await.is(201);
    let source = "<C:supported-calendar-component-set><C:comp name='VEVENT'/></C:supported-calendar-component-set><D:resourcetype>\
                  <D:collection/><S:subscribed/></D:resourcetype><S:source><D:href>https://a.example/x.ics</D:href></S:source>";
    house.anna.send("MKCOL", "abo/", &[], within("D:mkcol", &format!("<D:set><D:prop>{source}</D:prop></D:set>"))).await.is(201);
    let owned = &["read", "write", "read-acl"][..];
    let told = &["read", "write-properties", "read-acl"][..];
    for (path, expected) in [
        ("/dav/calendars/anna/", owned),
        ("/dav/addressbooks/anna/", owned),
        ("/dav/files/anna/", owned),
        ("/dav/files/anna/a", owned),
        ("/dav/calendars/anna/privat/a.ics", owned),
        ("/dav/calendars/anna/abo/", &["read", "write-properties", "read-acl", "write-acl"]),
        ("/dav/calendars/anna/inbox/", &["read", "write-properties", "read-acl", "schedule-query-freebusy"]),
        ("/dav/calendars/anna/outbox/", &["read", "write-properties", "read-acl", "schedule-send-freebusy"]),
        ("/dav/principals/anna/", told),
        ("/dav/principals/anna/calendar-proxy-read/", told),
        ("/dav/principals/ben/", &["read", "read-acl"]),
        ("/dav/principals/groups/staff/", &["read", "read-acl"]),
        ("/dav/", &["read", "read-acl"]),
    ] {
        let found = house.anna.propfind(path, "0", "D:acl D:current-user-privilege-set D:owner").await.responses().remove(0);
        let mine = found.addresses("owner") == ["/dav/principals/anna/"];
        let concerns = |ace: &&Element| {
            let principal = ace.child(Namespace::Dav, "principal").unwrap();
            principal.child(Namespace::Dav, "authenticated").is_some() || (mine && principal.child(Namespace::Dav, "property").is_some())
        };
        let aces = found.element("acl").unwrap().children().filter(concerns);
        let granted: Vec<String> = aces.flat_map(|ace| names(ace.child(Namespace::Dav, "grant").unwrap())).collect();
        let allowed = spelled_out(&names(found.element("current-user-privilege-set").unwrap()));
        let expected = spelled_out(&expected.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!((spelled_out(&granted), allowed), (expected.clone(), expected.clone()), "{path}");
        let acl = house.anna.acl(path, "").await.status.as_u16();
        assert_eq!(acl == 200, expected.contains(&"write-acl".to_owned()), "{path}: {acl}");
    }
    for path in ["/dav/calendars/anna/privat/", book] {
        let told = house.anna.propfind(path, "0", "D:current-user-privilege-set").await.responses().remove(0);
        assert!(names(told.element("current-user-privilege-set").unwrap()).contains(&"all".to_owned()), "{path}");
        house.anna.acl(path, "").await.is(200);
    }
}

#[tokio::test]
async fn every_report_tells_the_same_list() {
    let house = house().await;
    privately(&house).await;
    house.anna.acl("privat/", &ace("/dav/principals/ben/", &["D:read", "D:write"])).await.is(200);
    let prop = "<D:prop><D:acl/></D:prop>";
    let (multiget, sync) = (
        format!("{prop}<D:href>/dav/calendars/anna/privat/a.ics</D:href>"),
        format!("<D:sync-token/><D:sync-level>1</D:sync-level>{prop}"),
    );
    let query = format!("{prop}<C:filter><C:comp-filter name='VCALENDAR'/></C:filter>");
    let owner = format!("<D:principal-property><D:owner/></D:principal-property>{prop}");
    let expand = "<D:property name='acl'/>";
    let object = house.anna.propfind("privat/a.ics", "0", "D:acl").await.responses().remove(0).element("acl").unwrap().clone();
    let calendar = house.anna.propfind("privat/", "0", "D:acl").await.responses().remove(0).element("acl").unwrap().clone();
    assert_eq!(object.children().count(), 4);
    for (path, report, body, href) in [
        ("privat/", "C:calendar-multiget", multiget.as_str(), "privat/a.ics"),
        ("privat/", "C:calendar-query", &query, "privat/a.ics"),
        ("privat/a.ics", "C:calendar-query", &query, "privat/a.ics"),
        ("privat/", "D:sync-collection", &sync, "privat/a.ics"),
        ("", "D:sync-collection", &sync, "privat/"),
        ("", "D:principal-match", &owner, "privat/"),
        ("privat/", "D:expand-property", expand, "privat/"),
    ] {
        let told = house.anna.report_on(path, report, body).await.responses();
        let here = told.iter().find(|r| r.href == format!("/dav/calendars/anna/{href}")).unwrap();
        let expected = if href.ends_with('/') { &calendar } else { &object };
        assert_eq!(here.element("acl").map(Element::whole), Some(expected.whole()), "{report}");
    }
    // And each withholds it from whoever may not read it.
    for (path, report, body) in [("anna~privat/", "C:calendar-query", query.as_str()), ("anna~privat/", "D:expand-property", expand)] {
        let told = house.ben.report_on(path, report, body).await;
        assert!(told.body.contains("<D:privilege><D:read-acl/></D:privilege>"), "{}", told.body);
        assert_eq!(told.responses()[0].status_of("acl"), Some(403));
    }
}

#[tokio::test]
async fn a_calendar_is_shared_to_read_and_to_write_and_taken_back() {
    let house = house().await;
    privately(&house).await;
    let mine = "/dav/calendars/anna/privat/";
    house.ben.propfind(mine, "0", "D:displayname").await.is(404);
    house.anna.acl("privat/", &ace("/dav/principals/ben/", &["D:read"])).await.is(200);
    let home = house.ben.propfind("", "1", "D:owner D:displayname D:current-user-privilege-set").await.responses();
    let shared = home.iter().find(|r| r.href == "/dav/calendars/ben/anna~privat/").unwrap();
    assert_eq!(shared.addresses("owner"), ["/dav/principals/anna/"]);
    assert!(!names(shared.element("current-user-privilege-set").unwrap()).iter().any(|name| name == "write" || name == "write-acl"));
    for path in ["anna~privat/a.ics", "/dav/calendars/anna/privat/a.ics"] {
        assert!(house.ben.get(path).await.is(200).body.contains("Zuhause"), "{path}");
        let refused = house.ben.put(path, &event("a", "20260326T110000Z", "")).await.is(403);
        assert!(refused.body.contains("need-privileges"));
    }
    let found = house
        .ben
        .report("anna~privat/", "C:calendar-query", "<D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name='VCALENDAR'/></C:filter>")
        .await;
    assert_eq!(found.hrefs(), ["/dav/calendars/ben/anna~privat/a.ics"]);
    house.anna.acl("privat/", &ace("/dav/principals/ben/", &["D:read", "D:write"])).await.is(200);
    house.ben.put("anna~privat/b.ics", &event("b", "20260326T110000Z", "")).await.is(201);
    house.anna.get("privat/b.ics").await.is(200);
    // A guest neither deletes the calendar nor shares it on.
    house.ben.send("DELETE", "anna~privat/", &[], "").await.is(403);
    assert!(house.ben.acl("anna~privat/", "").await.is(403).body.contains("write-acl"));
    house.ben.send("MKCALENDAR", "anna~privat/", &[], "").await.is(403);
    house.admin.propfind(mine, "0", "D:displayname").await.is(404);
    house.anna.acl("privat/", "").await.is(200);
    house.ben.get("anna~privat/a.ics").await.is(404);
    house.ben.get("/dav/calendars/anna/privat/a.ics").await.is(404);
}

#[tokio::test]
async fn no_own_calendar_stands_where_a_shared_one_is_or_will_be_shown() {
    let house = house().await;
    privately(&house).await;
    let ben = &house.ben;
    ben.send("MKCALENDAR", "eigen/", &[], "").await.is(201);
    let kind = within("D:mkcol", "<D:set><D:prop><D:resourcetype><D:collection/><C:calendar/></D:resourcetype></D:prop></D:set>");
    let take = async |overwrite: &str| {
        let headers = [("destination", "/dav/calendars/ben/anna~privat/"), ("overwrite", overwrite)];
        ben.send("MOVE", "eigen/", &headers, "").await.status.as_u16()
    };
    // Before it is shared, and then.
    for (mkcalendar, mkcol) in [("calendar-collection-location-ok", 403), ("resource-must-be-null", 405)] {
        let refused = ben.send("MKCALENDAR", "anna~privat/", &[], "").await.is(403);
        assert!(refused.body.contains(mkcalendar), "{}", refused.body);
        ben.send("MKCOL", "anna~privat/", &[], kind.clone()).await.is(mkcol);
        assert_eq!((take("F").await, take("T").await), (412, 403));
        ben.propfind("eigen/", "0", "D:displayname").await.is(207);
        house.anna.acl("privat/", &ace("/dav/principals/ben/", &["D:read"])).await.is(200);
        assert!(ben.get("anna~privat/a.ics").await.is(200).body.contains("Zuhause"));
        assert!(ben.propfind("", "1", "D:displayname").await.hrefs().contains(&"/dav/calendars/ben/anna~privat/".to_owned()));
    }
}

#[tokio::test]
async fn a_group_is_granted_a_resources_calendar_by_an_administrator() {
    let house = house().await;
    let group = ace("/dav/principals/groups/staff/", &["D:read"]);
    assert!(house.anna.acl("kabine-1/", &group).await.is(403).body.contains("<D:write-acl/>"));
    house.ben.propfind("kabine-1/", "0", "D:displayname").await.is(404);
    house.admin.acl("kabine-1/", &group).await.is(200);
    let seen = house.ben.propfind("kabine-1/", "0", "D:displayname").await.is(207);
    assert_eq!(seen.responses()[0].text("displayname").as_deref(), Some("Kabine 1"));
    house.ben.put("kabine-1/b.ics", &event("b", "20260326T110000Z", "")).await.is(403);
    // What the practice's file grants is not lowered by a list.
    house.anna.put("kabine-1/b.ics", &event("b", "20260326T110000Z", "")).await.is(201);
    assert_eq!(house.ben.propfind("", "1", "D:displayname").await.hrefs().len(), 10);
    house.admin.acl("kabine-1/", "").await.is(200);
    house.ben.propfind("kabine-1/", "0", "D:displayname").await.is(404);
}

#[tokio::test]
async fn free_busy_alone_tells_nothing_else() {
    let house = house().await;
    privately(&house).await;
    let mine = "/dav/calendars/anna/privat/";
    house.ben.report_on(mine, "C:free-busy-query", WEEK).await.is(404);
    house.anna.acl("privat/", &ace("/dav/principals/ben/", &["C:read-free-busy"])).await.is(200);
    let busy = house.ben.report_on(mine, "C:free-busy-query", WEEK).await.is(200);
    assert!(busy.body.contains("20260326T100000Z/") && !busy.body.contains("Zuhause"), "{}", busy.body);
    for method in ["GET", "PROPFIND", "DELETE", "PROPPATCH", "ACL"] {
        let body = if method == "PROPPATCH" { within("D:propertyupdate", "") } else { String::new() };
        assert_eq!(house.ben.send(method, mine, &[("depth", "0")], body).await.status, 403, "{method}");
    }
    house.ben.get("/dav/calendars/anna/privat/a.ics").await.is(403);
    house.ben.put("/dav/calendars/anna/privat/c.ics", &event("c", "20260326T110000Z", "")).await.is(403);
    let query = "<D:prop><C:calendar-data/></D:prop><C:filter><C:comp-filter name='VCALENDAR'/></C:filter>";
    house.ben.report(mine, "C:calendar-query", query).await.is(403);
    house.ben.report(mine, "D:sync-collection", "<D:sync-token/>").await.is(403);
    assert!(!house.ben.propfind("", "1", "D:displayname").await.body.contains("privat"));
    house.ben.propfind("anna~privat/", "0", "D:displayname").await.is(404);
    house.ben.report_on("anna~privat/", "C:free-busy-query", WEEK).await.is(404);
}

#[tokio::test]
async fn staff_see_when_a_resource_is_busy_and_strangers_where_it_was_released() {
    let house = house().await;
    house.anna.put("kabine-1/a.ics", &event("a", "20260326T100000Z", "")).await.is(201);
    let cabin = "/dav/calendars/resources/kabine-1/";
    assert!(house.ben.report_on(cabin, "C:free-busy-query", WEEK).await.is(200).body.contains("20260326T100000Z/"));
    house.ben.propfind(cabin, "0", "D:displayname").await.is(403);
    assert!(house.anna.get("/dav/calendars/resources/kabine-1/a.ics").await.is(200).body.contains("Termin a"));
    let members = house.anna.propfind("/dav/calendars/resources/", "1", "D:displayname").await.hrefs();
    let names = ["", "kabine-1/", "kabine-2/", "location.stuttgart.hours/", "kabine-1.hours/", "kabine-2.hours/"];
    assert_eq!(members, names.map(|name| format!("/dav/calendars/resources/{name}")));
    house.anna.send("MKCALENDAR", "/dav/calendars/resources/x/", &[], "").await.is(403);
    // Without a password: only what the practice has released, and only this report.
    let released = "/dav/calendars/resources/auskunft/";
    assert!(house.nobody.report_on(released, "C:free-busy-query", WEEK).await.is(200).body.contains("BEGIN:VFREEBUSY"));
    for path in [cabin, "/dav/calendars/resources/nothing/", "/dav/calendars/ben/auskunft/"] {
        house.nobody.report_on(path, "C:free-busy-query", WEEK).await.is(401);
    }
    house.nobody.report_on(released, "D:sync-collection", "<D:sync-token/>").await.is(401);
    house.nobody.propfind(released, "0", "D:displayname").await.is(401);
    let wrong = [("authorization", "Basic YW5uYTpmYWxzY2g="), ("depth", "0")];
    house.nobody.send("REPORT", released, &wrong, within("C:free-busy-query", WEEK)).await.is(401);
    let acl = house.admin.propfind("auskunft/", "0", "D:acl").await;
    assert!(acl.body.contains("<D:unauthenticated/>"));
}

#[tokio::test]
async fn a_bad_list_is_refused_by_name_and_changes_nothing() {
    let house = house().await;
    privately(&house).await;
    house.anna.acl("privat/", &ace("/dav/principals/ben/", &["D:read"])).await.is(200);
    let ben = "/dav/principals/ben/";
    let read = &["D:read"][..];
    let deny = |whom: &str| ace(whom, read).replace("grant>", "deny>");
    let word = |word: &str| ace("X", read).replace("<D:href>X</D:href>", &format!("<D:{word}/>"));
    let inverted =
        ace(ben, read).replace("<D:principal>", "<D:invert><D:principal>").replace("</D:principal>", "</D:principal></D:invert>");
    for (list, element) in [
        (ace(ben, &["D:bind"]), "no-abstract"),
        (ace(ben, &["A:x"]), "not-supported-privilege"),
        (ace(ben, &["D:write"]), "no-ace-conflict"),
        (ace("/dav/principals/who/", read), "recognized-principal"),
        (ace("/dav/principals/groups/at-x/", read), "recognized-principal"),
        (ace("/elsewhere/", read), "recognized-principal"),
        (ace("/dav/principals/resources/kabine-1/", read), "allowed-principal"),
        (ace("/dav/principals/anna/", read), "allowed-principal"),
        (word("all"), "allowed-principal"),
        (word("unauthenticated"), "allowed-principal"),
        (inverted, "no-invert"),
        (deny(ben), "grant-only"),
        (deny("/dav/principals/anna/"), "no-protected-ace-conflict"),
        (deny("/dav/principals/anna/calendar-proxy-read/"), "no-inherited-ace-conflict"),
        (ace(ben, read).repeat(101), "limited-number-of-aces"),
    ] {
        let answer = house.anna.acl("privat/", &list).await.is(403);
        assert!(answer.body.contains(&format!("<D:{element}/>")), "{element}: {}", answer.body);
        assert_eq!(answer.xml().local, "error");
    }
    house.anna.send("ACL", "privat/", &[], "<x/>").await.is(400);
    house.anna.acl("privat/", "<D:ace/>").await.is(400);
    house.anna.acl("privat/a.ics", "").await.is(405);
    house.ben.get("anna~privat/a.ics").await.is(200);
    // What was read may be sent back whole: entries that cannot be changed are passed over.
    let list = house.anna.propfind("privat/", "0", "D:acl").await;
    let list = list.responses()[0].element("acl").unwrap().whole();
    house.anna.send("ACL", "privat/", &[], list).await.is(200);
    house.ben.get("anna~privat/a.ics").await.is(200);
}

#[tokio::test]
async fn principals_are_found_by_what_is_known_of_them() {
    let house = house().await;
    let set = house.anna.report_on("/dav/principals/", "D:principal-search-property-set", "").await.is(200);
    assert_eq!(set.xml().children().count(), 4);
    let search = |property: &str, text: &str| {
        format!(
            "<D:property-search><D:prop><{property}/></D:prop><D:match>{text}</D:match></D:property-search><D:prop><D:displayname/></D:prop>"
        )
    };
    let found = async |path: &str, search: &str| house.anna.report_on(path, "D:principal-property-search", search).await.hrefs();
    assert_eq!(found("/dav/principals/", &search("D:displayname", "be")).await, ["/dav/principals/ben/"]);
    assert_eq!(found("/dav/", &search("C:calendar-user-address-set", "BEN@")).await, ["/dav/principals/ben/"]);
    assert_eq!(found("/dav/principals/", &search("C:calendar-user-type", "room")).await.len(), 5);
    assert_eq!(found("/dav/principals/groups/", &search("D:displayname", "")).await.len(), 3);
    assert!(found("/dav/principals/", &search("D:getetag", "x")).await.is_empty());
    let both = format!("{}{}", search("D:displayname", "kabine 1"), search("D:displayname", "kabine 2"));
    assert!(found("/dav/principals/", &both).await.is_empty());
    let any = within("D:principal-property-search", &both).replacen('>', " test='anyof'>", 1);
    let any = house.anna.send("REPORT", "/dav/principals/", &[("depth", "0")], any).await.responses();
    assert_eq!(any.iter().map(|r| r.text("displayname").unwrap()).collect::<Vec<_>>(), ["Kabine 1", "Kabine 2"]);
    house.anna.report("/dav/principals/", "D:principal-property-search", &search("D:displayname", "b")).await.is(400);
    house.anna.report_on("/dav/principals/", "D:principal-property-search", "").await.is(400);
}

#[tokio::test]
async fn one_finds_oneself_ones_groups_and_what_one_owns() {
    let house = house().await;
    privately(&house).await;
    let me = house.anna.report_on("/dav/principals/", "D:principal-match", "<D:self/><D:prop><D:displayname/></D:prop>").await.responses();
    let hrefs: Vec<&str> = me.iter().map(|r| r.href.as_str()).collect();
    assert_eq!(hrefs, ["/dav/principals/anna/", "/dav/principals/groups/staff/", "/dav/principals/groups/at-stuttgart/"]);
    assert_eq!(me[0].text("displayname").as_deref(), Some("ANNA"));
    let owned = house.anna.report_on("", "D:principal-match", "<D:principal-property><D:owner/></D:principal-property>").await;
    assert_eq!(owned.hrefs(), ["/dav/calendars/anna/privat/", "/dav/calendars/anna/privat/a.ics"]);
    assert_eq!(owned.responses()[0].status.as_deref(), Some("HTTP/1.1 200 OK"));
    house.anna.report_on("/dav/principals/", "D:principal-match", "").await.is(400);
    house.anna.report_on("/dav/calendars/ben/", "D:principal-match", "<D:self/>").await.is(404);
}

#[tokio::test]
async fn the_principals_of_a_list_are_told_once() {
    let house = house().await;
    privately(&house).await;
    let both = ace("/dav/principals/ben/", &["D:read"]) + &ace("/dav/principals/groups/staff/", &["C:read-free-busy"]);
    house.anna.acl("privat/", &both).await.is(200);
    let named = house.anna.report_on("privat/", "D:acl-principal-prop-set", "<D:prop><D:displayname/></D:prop>").await.responses();
    let names: Vec<Option<String>> = named.iter().map(|r| r.text("displayname")).collect();
    let expected = ["ANNA", "ANNA: calendar-proxy-read", "ANNA: calendar-proxy-write", "BEN", "Team Hörgeräte Mustermann"];
    assert_eq!(names, expected.map(|name| Some(name.to_owned())));
    house.ben.report_on("anna~privat/", "D:acl-principal-prop-set", "").await.is(403);
}

#[tokio::test]
async fn addresses_are_expanded_wherever_they_lead() {
    let house = house().await;
    privately(&house).await;
    let expand = "<D:property name='owner'><D:property name='displayname'/>\
                  <D:property name='group-membership'><D:property name='group-member-set'><D:property name='displayname'/></D:property></D:property>\
                  </D:property><D:property name='inherited-acl-set'><D:property name='owner'/></D:property>";
    let answer = house.anna.report_on("privat/", "D:expand-property", expand).await.is(207);
    for name in ["ANNA", "BEN", "ADMIN"] {
        assert!(answer.body.contains(&format!("<D:displayname>{name}</D:displayname>")), "{}", answer.body);
    }
    assert!(answer.body.contains("<D:inherited-acl-set><D:response><D:href>/dav/calendars/anna/</D:href>"));
    let of_ben = "<D:property name='principal-URL'><D:property name='displayname'/></D:property>";
    assert!(
        house.anna.report_on("/dav/principals/ben/", "D:expand-property", of_ben).await.body.contains("<D:displayname>BEN</D:displayname>")
    );
    // Members of a group whose members' groups have members: it must end.
    let mut deep = "<D:property name='displayname'/>".to_owned();
    for name in ["group-member-set", "group-membership"].iter().cycle().take(24) {
        deep = format!("<D:property name='{name}'>{deep}</D:property>");
    }
    let refused = house.anna.report_on("/dav/principals/anna/", "D:expand-property", &deep).await.is(507);
    assert!(refused.body.contains("number-of-matches-within-limits"));
}

#[tokio::test]
async fn what_is_shared_with_a_group_of_ones_own_stands_in_ones_home_once() {
    let house = house().await;
    privately(&house).await;
    house.anna.acl("privat/", &ace("/dav/principals/groups/staff/", &["D:read"])).await.is(200);
    let seen = |hrefs: Vec<String>| hrefs.into_iter().filter(|href| href.contains("privat")).collect::<Vec<_>>();
    assert_eq!(seen(house.anna.propfind("", "1", "D:displayname").await.hrefs()), ["/dav/calendars/anna/privat/"]);
    assert_eq!(seen(house.ben.propfind("", "1", "D:displayname").await.hrefs()), ["/dav/calendars/ben/anna~privat/"]);
    // A principal of another server is none of ours.
    for href in ["http://elsewhere.example/dav/principals/ben/", "//elsewhere.example/dav/principals/ben/", "ben/"] {
        let refused = house.anna.acl("privat/", &ace(href, &["D:read"])).await.is(403);
        assert!(refused.body.contains("<D:recognized-principal/>"), "{}", refused.body);
    }
    // Nobody can be shown a name that has no room beside its owner's.
    let name = |length: usize| format!("{}/", "x".repeat(length));
    house.anna.send("MKCALENDAR", &name(250), &[], "").await.is(201);
    house.anna.send("MKCALENDAR", &name(251), &[], "").await.is(403);
    house.anna.send("COPY", "privat/", &[("destination", &format!("/dav/calendars/anna/{}", name(251)))], "").await.is(403);
    house.anna.send("MOVE", "privat/", &[("destination", &format!("/dav/calendars/anna/{}", name(251)))], "").await.is(403);
    house.anna.acl(&name(250), &ace("/dav/principals/ben/", &["D:read"])).await.is(200);
    house.ben.propfind(&format!("anna~{}", name(250)), "0", "D:displayname").await.is(207);
}

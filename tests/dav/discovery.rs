//! How programs find calendars. RFC 6764 §5, RFC 5397, RFC 4791 §6.2.

use crate::house::*;

#[tokio::test]
async fn well_known_leads_on_without_a_password() {
    let house = house().await;
    for path in ["/.well-known/caldav", "/.well-known/carddav"] {
        for method in ["GET", "PROPFIND", "OPTIONS"] {
            let answer = house.nobody.send(method, path, &[], "").await.is(301);
            assert_eq!(answer.header("location"), Some("/dav/"));
        }
    }
}

#[tokio::test]
async fn options_needs_no_password_and_begins_with_class_1() {
    let house = house().await;
    for path in ["/", "/dav/", "/dav/principals/anna/", "/dav/calendars/anna/", "/dav/calendars/anna/kabine-1/", "/dav/x/y"] {
        let answer = house.nobody.send("OPTIONS", path, &[], "").await.is(200);
        let dav = answer.header("dav").unwrap();
        assert!(dav.starts_with("1,") && dav.contains("calendar-access"), "{dav}");
        assert!(!dav.contains("calendar-auto-schedule") && !dav.contains(" 2"), "{dav}");
        assert!(answer.header("allow").unwrap().contains("OPTIONS"));
    }
    let calendar = house.nobody.send("OPTIONS", "/dav/calendars/anna/kabine-1/", &[], "").await;
    for verb in ["PROPFIND", "REPORT", "DELETE", "MKCALENDAR"] {
        assert!(calendar.header("allow").unwrap().contains(verb));
    }
}

#[tokio::test(start_paused = true)]
async fn every_path_asks_for_the_same_realm() {
    let house = house().await;
    for path in ["/", "/dav/", "/principals/", "/dav/calendars/anna/", "/dav/calendars/ben/", "/dav/nothing/here"] {
        let answer = house.nobody.send("PROPFIND", path, &[("depth", "0")], "").await.is(401);
        assert_eq!(answer.header("www-authenticate"), Some("Basic realm=\"openslot\", charset=\"UTF-8\""), "{path}");
        let wrong = [("authorization", "Basic YW5uYTpmYWxzY2g=")];
        house.nobody.send("PROPFIND", path, &wrong, "").await.is(401);
    }
}

#[tokio::test]
async fn the_way_from_a_host_to_the_calendars() {
    let house = house().await;
    for path in ["/", "/dav/", "/dav", "/principals/", "/dav/principals/"] {
        let answer = house.anna.propfind(path, "0", "D:current-user-principal D:principal-URL D:resourcetype").await;
        let response = &answer.responses()[0];
        let principal = response.element("current-user-principal").unwrap().children().next().unwrap().text();
        assert_eq!(principal, "/dav/principals/anna/", "{path}");
        assert_eq!(response.status_of("principal-URL"), Some(404));
    }
    let answer = house.anna.propfind("/dav/principals/anna/", "0", "C:calendar-home-set C:calendar-user-address-set D:displayname").await;
    let response = &answer.responses()[0];
    let homes: Vec<String> = response.element("calendar-home-set").unwrap().children().map(|href| href.text()).collect();
    assert_eq!(homes, ["/dav/calendars/anna/"]);
    let addresses: Vec<String> = response.element("calendar-user-address-set").unwrap().children().map(|href| href.text()).collect();
    assert_eq!(addresses, ["mailto:anna@mustermann.example", "/dav/principals/anna/"]);
    let home = house.anna.propfind("/dav/calendars/anna/", "1", "D:resourcetype D:displayname C:supported-calendar-component-set").await;
    let hours = ["location.stuttgart.hours/", "kabine-1.hours/", "kabine-2.hours/"];
    let members =
        ["", "kabine-1/", "kabine-2/", hours[0], hours[1], hours[2], "inbox/", "outbox/"].map(|name| format!("/dav/calendars/anna/{name}"));
    assert_eq!(home.hrefs(), members);
    let cabin = &home.responses()[1];
    assert_eq!(cabin.text("displayname").as_deref(), Some("Kabine 1"));
    assert_eq!(cabin.element("supported-calendar-component-set").unwrap().children().next().unwrap().attribute("name"), Some("VEVENT"));
}

#[tokio::test]
async fn privileges_are_spelled_out() {
    let house = house().await;
    let names = |answer: &Answer| -> Vec<String> {
        let response = &answer.responses()[0];
        let set = response.element("current-user-privilege-set").unwrap();
        set.children().map(|privilege| privilege.children().next().unwrap().local.clone()).collect()
    };
    let written = names(&house.anna.propfind("kabine-1/", "0", "D:current-user-privilege-set").await);
    for privilege in ["read", "write", "write-content", "write-properties", "bind", "unbind"] {
        assert!(written.iter().any(|name| name == privilege), "{privilege}");
    }
    let read = names(&house.anna.propfind("kabine-2/", "0", "D:current-user-privilege-set").await);
    assert!(read.iter().any(|name| name == "read") && !read.iter().any(|name| name.starts_with("write")), "{read:?}");
}

#[tokio::test]
async fn what_belongs_to_others_is_not_there() {
    let house = house().await;
    for path in ["/dav/calendars/ben/", "/dav/principals/nobody/", "/dav/calendars/ben/kabine-2/"] {
        house.anna.propfind(path, "0", "D:resourcetype").await.is(404);
        house.admin.propfind(path, "0", "D:resourcetype").await.is(404);
    }
    house.ben.propfind("kabine-1/", "0", "D:resourcetype").await.is(404);
    house.ben.put("kabine-1/a.ics", &event("a", "20260326T100000Z", "")).await.is(409);
    let admin = house.admin.propfind("/dav/calendars/admin/", "1", "D:resourcetype").await;
    assert_eq!(
        admin.hrefs().iter().filter(|href| !href.ends_with("box/")).count(),
        12,
        "the home, three resources, two of one's own, six of opening hours"
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_told_in_a_sentence() {
    let house = house().await;
    house.anna.send("PROPFIND", "kabine-1/", &[("depth", "0")], "<propfind").await.is(400);
    house.anna.send("PROPFIND", "kabine-1/", &[("depth", "0")], "<!DOCTYPE x []><x/>").await.is(400);
    house.anna.send("PROPFIND", "kabine-1/", &[("depth", "0")], "<x/>").await.is(400);
    house.anna.send("PROPFIND", "kabine-1/", &[("depth", "7")], "").await.is(400);
    let infinity = house.anna.send("PROPFIND", "kabine-1/", &[("depth", "infinity")], "").await.is(403);
    assert!(infinity.body.contains("propfind-finite-depth"));
    house.anna.send("PROPFIND", "/dav/calendars/anna/%2e%2e/", &[], "").await.is(400);
    let lock = house.anna.send("LOCK", "kabine-1/", &[], "").await.is(405);
    assert!(!lock.header("allow").unwrap().contains("LOCK"));
    house.anna.send("UNLOCK", "kabine-1/a.ics", &[], "").await.is(405);
}

//! Delegates, as Apple's and Outlook's programs know them. caldav-proxy §5.

use crate::house::*;
use openslot::dav::xml::Namespace;

const READ: &str = "/dav/principals/anna/calendar-proxy-read/";
const WRITE: &str = "/dav/principals/anna/calendar-proxy-write/";

fn members(hrefs: &[&str]) -> String {
    let hrefs: String = hrefs.iter().map(|href| format!("<D:href>{href}</D:href>")).collect();
    within("D:propertyupdate", &format!("<D:set><D:prop><D:group-member-set>{hrefs}</D:group-member-set></D:prop></D:set>"))
}

async fn delegate(person: &Person, group: &str, hrefs: &[&str]) -> u16 {
    let answer = person.send("PROPPATCH", group, &[], members(hrefs)).await.is(207);
    answer.responses()[0].status_of("group-member-set").unwrap()
}

async fn privately(house: &House) {
    house.anna.send("MKCALENDAR", "privat/", &[], "").await.is(201);
    house.anna.put("privat/a.ics", &event("a", "20260326T100000Z", "")).await.is(201);
}

#[tokio::test]
async fn the_two_groups_stand_below_their_principal() {
    let house = house().await;
    let listed = house.anna.propfind("/dav/principals/anna/", "1", "D:resourcetype D:group-member-set D:owner").await.responses();
    assert_eq!(listed.iter().map(|r| r.href.as_str()).collect::<Vec<_>>(), ["/dav/principals/anna/", READ, WRITE]);
    for (group, word) in listed[1..].iter().zip(["calendar-proxy-read", "calendar-proxy-write"]) {
        let types = group.element("resourcetype").unwrap();
        assert!(types.child(Namespace::Dav, "principal").is_some() && types.child(Namespace::CalendarServer, word).is_some());
        assert!(group.addresses("group-member-set").is_empty() && group.addresses("owner") == ["/dav/principals/anna/"]);
    }
    assert!(house.nobody.send("OPTIONS", "/dav/principals/anna/", &[], "").await.header("dav").unwrap().contains("calendar-proxy"));
    house.ben.propfind(WRITE, "0", "D:resourcetype").await.is(404);
}

#[tokio::test]
async fn a_delegate_reads_or_writes_the_calendars_of_another_home() {
    let house = house().await;
    privately(&house).await;
    house.ben.propfind("/dav/calendars/anna/", "1", "D:displayname").await.is(404);
    assert_eq!(delegate(&house.anna, READ, &["/dav/principals/ben/"]).await, 200);
    let names = "S:calendar-proxy-read-for S:calendar-proxy-write-for D:group-membership";
    let mine = house.ben.propfind("/dav/principals/ben/", "0", names).await.responses().remove(0);
    assert_eq!(mine.addresses("calendar-proxy-read-for"), ["/dav/principals/anna/"]);
    assert!(mine.addresses("calendar-proxy-write-for").is_empty() && mine.addresses("group-membership").contains(&READ.to_owned()));
    let expand = "<D:property name='calendar-proxy-read-for' namespace='http://calendarserver.org/ns/'><D:property name='displayname'/>\
                  <D:property name='calendar-home-set' namespace='urn:ietf:params:xml:ns:caldav'/></D:property>";
    let found = house.ben.report_on("/dav/principals/ben/", "D:expand-property", expand).await;
    assert!(found.body.contains("<D:displayname>ANNA</D:displayname>") && found.body.contains("<D:href>/dav/calendars/anna/</D:href>"));
    let matched = house.ben.report_on("/dav/principals/", "D:principal-match", "<D:self/>").await.hrefs();
    assert!(matched.contains(&READ.to_owned()), "{matched:?}");
    // Only what is anna's own: the resources' calendars were granted to her alone.
    let home = house.ben.propfind("/dav/calendars/anna/", "1", "D:owner D:displayname").await.responses();
    assert_eq!(home.iter().map(|r| r.href.as_str()).collect::<Vec<_>>(), ["/dav/calendars/anna/", "/dav/calendars/anna/privat/"]);
    assert_eq!(home[0].text("displayname").as_deref(), Some("ANNA"));
    assert!(home.iter().all(|r| r.addresses("owner") == ["/dav/principals/anna/"]));
    house.ben.get("/dav/calendars/anna/kabine-1/x.ics").await.is(404);
    house.ben.get("/dav/calendars/anna/privat/a.ics").await.is(200);
    house.ben.put("/dav/calendars/anna/privat/b.ics", &event("b", "20260326T110000Z", "")).await.is(403);
    // From reading to writing.
    assert_eq!(delegate(&house.anna, WRITE, &["/dav/principals/ben/"]).await, 200);
    assert!(house.anna.propfind(READ, "0", "D:group-member-set").await.responses()[0].addresses("group-member-set").is_empty());
    house.ben.put("/dav/calendars/anna/privat/b.ics", &event("b", "20260326T110000Z", "")).await.is(201);
    let synced =
        house.ben.report_on("/dav/calendars/anna/privat/", "D:sync-collection", "<D:sync-token/><D:prop><D:getetag/></D:prop>").await;
    assert_eq!(synced.hrefs(), ["/dav/calendars/anna/privat/a.ics", "/dav/calendars/anna/privat/b.ics"]);
    house.ben.send("MKCALENDAR", "/dav/calendars/anna/new/", &[], "").await.is(403);
    house.ben.send("DELETE", "/dav/calendars/anna/privat/", &[], "").await.is(403);
    house.ben.acl("/dav/calendars/anna/privat/", "").await.is(403);
    let colour = within("D:propertyupdate", "<D:set><D:prop><D:displayname>X</D:displayname></D:prop></D:set>");
    let home = house.ben.send("PROPPATCH", "/dav/calendars/anna/", &[], colour).await.responses().remove(0);
    assert_eq!(home.status_of("displayname"), Some(403));
    house.ben.send("DELETE", "/dav/calendars/anna/privat/b.ics", &[], "").await.is(204);
    // What is known of an object there is a condition as it is at home, and of what a stranger knows none holds.
    let etag = house.ben.get("/dav/calendars/anna/privat/a.ics").await.header("etag").unwrap().to_owned();
    let given = |tag: &str| format!("([{tag}])");
    let put = async |person: &Person, tag: &str| {
        let headers = [("content-type", "text/calendar"), ("if", tag)];
        person.send("PUT", "/dav/calendars/anna/privat/a.ics", &headers, event("a", "20260326T130000Z", "")).await.status.as_u16()
    };
    assert_eq!((put(&house.ben, &given("\"x\"")).await, put(&house.admin, &given(&etag)).await), (412, 412));
    assert_eq!(put(&house.ben, &given(&etag)).await, 204);
    assert_eq!(put(&house.ben, &given(&etag)).await, 412);
    // A delegate sees itself among the delegates, and appoints nobody.
    assert_eq!(
        house.ben.propfind(WRITE, "0", "D:group-member-set").await.responses()[0].addresses("group-member-set"),
        ["/dav/principals/ben/"]
    );
    assert_eq!(delegate(&house.ben, WRITE, &["/dav/principals/admin/"]).await, 403);
    assert_eq!(delegate(&house.anna, WRITE, &[]).await, 200);
    house.ben.get("/dav/calendars/anna/privat/a.ics").await.is(404);
    house.ben.propfind("/dav/calendars/anna/", "0", "D:displayname").await.is(404);
}

#[tokio::test]
async fn a_delegate_copies_and_moves_as_far_as_it_may_write() {
    let house = house().await;
    privately(&house).await;
    let (anna, ben) = (&house.anna, &house.ben);
    anna.send("MKCALENDAR", "zweite/", &[], "").await.is(201);
    ben.send("MKCALENDAR", "meine/", &[], "").await.is(201);
    ben.put("meine/m.ics", &event("m", "20260326T120000Z", "")).await.is(201);
    let (privat, zweite) = ("/dav/calendars/anna/privat/", "/dav/calendars/anna/zweite/");
    let carry = async |method: &str, from: &str, to: &str| {
        let from = if from.starts_with('/') { from.to_owned() } else { format!("/dav/calendars/ben/{from}") };
        let to = if to.starts_with('/') { to.to_owned() } else { format!("/dav/calendars/ben/{to}") };
        ben.send(method, &from, &[("destination", to.as_str())], "").await
    };
    let needs = |answer: Answer, place: &str, privilege: &str| {
        let needed = format!("<D:resource><D:href>{place}</D:href><D:privilege><D:{privilege}/></D:privilege></D:resource>");
        assert!(answer.is(403).body.contains(&needed), "{place} {privilege}");
    };
    // A stranger is told nothing of what is there.
    for place in [privat, "/dav/calendars/anna/nowhere/"] {
        needs(carry("COPY", "meine/m.ics", &format!("{place}m.ics")).await, place, "bind");
    }
    carry("COPY", &format!("{privat}a.ics"), "meine/a.ics").await.is(404);
    assert_eq!(delegate(anna, READ, &["/dav/principals/ben/"]).await, 200);
    carry("COPY", &format!("{privat}a.ics"), "meine/a.ics").await.is(201);
    ben.send("DELETE", "meine/a.ics", &[], "").await.is(204);
    needs(carry("MOVE", &format!("{privat}a.ics"), "meine/a.ics").await, privat, "unbind");
    needs(carry("COPY", "meine/m.ics", &format!("{privat}m.ics")).await, privat, "bind");
    needs(carry("COPY", "meine/m.ics", &format!("{privat}a.ics")).await, privat, "bind");
    carry("COPY", "meine/m.ics", "/dav/calendars/anna/nowhere/m.ics").await.is(409);
    assert_eq!(delegate(anna, WRITE, &["/dav/principals/ben/"]).await, 200);
    carry("MOVE", &format!("{privat}a.ics"), &format!("{privat}b.ics")).await.is(201);
    carry("COPY", &format!("{privat}b.ics"), &format!("{zweite}b.ics")).await.is(201);
    carry("COPY", "meine/m.ics", &format!("{privat}m.ics")).await.is(201);
    carry("MOVE", &format!("{zweite}b.ics"), "meine/b.ics").await.is(201);
    assert_eq!(anna.get("privat/m.ics").await.is(200).body, event("m", "20260326T120000Z", ""));
    anna.get("zweite/b.ics").await.is(404);
    ben.get("meine/b.ics").await.is(200);
    // Of collections it binds none there, and takes none away.
    needs(carry("MOVE", "meine/", "/dav/calendars/anna/meine/").await, "/dav/calendars/anna/", "bind");
    needs(carry("MOVE", zweite, "zweite/").await, "/dav/calendars/anna/", "unbind");
    let file = ben.send("COPY", "/dav/files/ben/x", &[("destination", "/dav/files/anna/x")], "").await;
    needs(file, "/dav/files/anna/", "bind");
}

#[tokio::test]
async fn who_cannot_be_a_delegate_is_refused_and_nothing_changes() {
    let house = house().await;
    assert_eq!(delegate(&house.anna, READ, &["/dav/principals/ben/"]).await, 200);
    for wrong in
        ["/dav/principals/anna/", "/dav/principals/who/", "/dav/principals/groups/staff/", "/elsewhere", "mailto:ben@mustermann.example"]
    {
        assert_eq!(delegate(&house.anna, READ, &["/dav/principals/admin/", wrong]).await, 409, "{wrong}");
    }
    assert_eq!(
        house.anna.propfind(READ, "0", "D:group-member-set").await.responses()[0].addresses("group-member-set"),
        ["/dav/principals/ben/"]
    );
    assert_eq!(delegate(&house.anna, "/dav/principals/groups/staff/", &[]).await, 403);
    assert_eq!(delegate(&house.anna, "/dav/principals/anna/", &[]).await, 403);
    let many: Vec<String> = (0..101).map(|n| format!("/dav/principals/p{n}/")).collect();
    assert_eq!(delegate(&house.anna, READ, &many.iter().map(String::as_str).collect::<Vec<_>>()).await, 507);
}

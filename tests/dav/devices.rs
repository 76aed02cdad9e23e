//! Devices: when they were used, and what a lowered view shows and keeps.

use crate::house::*;
use openslot::principal::View;

const PERIOD: &str = "<C:filter><C:comp-filter name='VCALENDAR'><C:comp-filter name='VEVENT'/></C:comp-filter></C:filter>";

/// An event as staff write one about a customer.
fn customer() -> String {
    event(
        "c",
        "20260326T100000Z",
        "LOCATION:Bei Frau Muster\nDESCRIPTION:Erika Muster\\, 0711 4711\nATTENDEE:mailto:erika@example.com\nX-NOTE:Erika\nBEGIN:VALARM\n\
         ACTION:DISPLAY\nTRIGGER:-PT15M\nDESCRIPTION:Erika anrufen\nEND:VALARM",
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_use_is_noted_once_and_by_the_device_that_was_used() {
    let house = house().await;
    assert!(house.devices("ben").await.iter().all(|device| device.used.is_none()));
    let mut devices = Vec::new();
    // It is noted beside the requests.
    for _ in 0..100_000 {
        house.bens_telephone.propfind("kabine-2/", "0", "D:displayname").await.is(207);
        devices = house.devices("ben").await;
        if devices.iter().any(|device| device.used.is_some()) {
            break;
        }
    }
    let used: Vec<(&str, Option<i64>)> = devices.iter().map(|device| (device.key.as_str(), device.used)).collect();
    assert!(used.contains(&("benname", Some(NOW))) && used.contains(&("ben", None)) && used.contains(&("benbusy", None)), "{used:?}");
    let wrong = [("authorization", "Basic YmVuOm9zLWJlbi1mYWxzY2g=")];
    house.nobody.send("PROPFIND", "/dav/", &wrong, "").await.is(401);
    assert!(house.devices("ben").await.iter().any(|device| device.key == "ben" && device.used.is_none()));
    assert_eq!(devices.iter().map(|device| device.view).max(), Some(View::Full));
}

#[tokio::test]
async fn a_lowered_view_shows_the_same_in_every_way_of_asking() {
    let house = house().await;
    house.ben.put("kabine-2/c.ics", &customer()).await.is(201);
    house.ben.send("MKCALENDAR", "mine/", &[], "").await.is(201);
    house.ben.put("mine/c.ics", &customer()).await.is(201);
    for (device, title) in [(&house.bens_telephone, "SUMMARY:Termin c\r\n"), (&house.bens_screen, "SUMMARY:Belegt\r\n")] {
        let got = device.get("kabine-2/c.ics").await.is(200);
        let etag = got.header("etag").unwrap().to_owned();
        assert!(got.body.contains(title) && got.body.contains("DTSTART:20260326T100000Z"), "{}", got.body);
        assert!(!["Erika", "Muster", "0711", "erika"].iter().any(|word| got.body.contains(word)), "{}", got.body);
        assert_ne!(house.ben.get("kabine-2/c.ics").await.header("etag"), Some(etag.as_str()));
        let head = device.send("HEAD", "kabine-2/c.ics", &[], "").await.is(200);
        assert_eq!((head.header("etag"), head.header("content-length")), (Some(etag.as_str()), Some(got.body.len().to_string().as_str())));
        let unchanged = device.send("GET", "kabine-2/c.ics", &[("if-none-match", etag.as_str())], "").await.is(304);
        assert_eq!(unchanged.header("etag"), Some(etag.as_str()));
        let data = "<D:prop><D:getetag/><C:calendar-data/></D:prop>";
        let many = format!("{data}<D:href>/dav/calendars/ben/kabine-2/c.ics</D:href>");
        let answers = [
            device.report("kabine-2/", "C:calendar-multiget", &many).await,
            device.report("kabine-2/", "C:calendar-query", &format!("{data}{PERIOD}")).await,
            device.report("kabine-2/c.ics", "C:calendar-multiget", &many).await,
            device.report("kabine-2/c.ics", "C:calendar-query", &format!("{data}{PERIOD}")).await,
            device.report_on("kabine-2/", "D:sync-collection", &format!("<D:sync-token/>{data}")).await,
        ];
        for answer in answers {
            let response = answer.responses().remove(0);
            assert_eq!(response.text("getetag").as_deref(), Some(etag.as_str()));
            assert_eq!(response.text("calendar-data").as_deref(), Some(got.body.as_str()));
        }
        let listed = device.propfind("kabine-2/", "1", "D:getetag D:getcontentlength").await.responses().remove(1);
        assert_eq!((listed.text("getetag").as_deref(), listed.status_of("getcontentlength")), (Some(etag.as_str()), Some(404)));
        // What is not shown cannot be searched for either.
        let search = "<D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name='VCALENDAR'><C:comp-filter name='VEVENT'>\
                      <C:prop-filter name='DESCRIPTION'><C:text-match>0711</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter></C:filter>";
        for address in ["kabine-2/", "kabine-2/c.ics"] {
            assert!(device.report(address, "C:calendar-query", search).await.responses().is_empty());
        }
        assert_eq!(house.ben.report("kabine-2/", "C:calendar-query", search).await.responses().len(), 1);
        // One's own calendars hold no customers.
        assert!(device.get("mine/c.ics").await.is(200).body.contains("0711"));
    }
}

#[tokio::test]
async fn an_edit_under_a_lowered_view_keeps_what_it_did_not_show() {
    let house = house().await;
    house.ben.put("kabine-2/c.ics", &customer()).await.is(201);
    for device in [&house.bens_screen, &house.bens_telephone] {
        let got = device.get("kabine-2/c.ics").await;
        let etag = got.header("etag").unwrap().to_owned();
        let moved = got.body.replace("DURATION:PT1H", "DURATION:PT2H");
        let full = house.ben.get("kabine-2/c.ics").await.header("etag").unwrap().to_owned();
        device.send("PUT", "kabine-2/c.ics", &[("if-match", full.as_str())], moved.clone()).await.is(412);
        device.send("PUT", "kabine-2/c.ics", &[("if-none-match", "*")], moved.clone()).await.is(412);
        let put = device.send("PUT", "kabine-2/c.ics", &[("if-match", etag.as_str())], moved.clone()).await.is(204);
        assert_eq!(put.header("etag"), None);
        let kept = house.ben.get("kabine-2/c.ics").await.body;
        for line in customer().lines().filter(|line| !line.starts_with("DURATION")) {
            assert!(kept.contains(line), "{line} in {kept}");
        }
        assert!(kept.contains("DURATION:PT2H") && !kept.contains("Belegt"));
        device.send("PUT", "kabine-2/c.ics", &[("if-match", etag.as_str())], moved).await.is(412);
        house.ben.put("kabine-2/c.ics", &customer()).await.is(204);
    }
    let etag = house.bens_screen.get("kabine-2/c.ics").await.header("etag").unwrap().to_owned();
    house.ben.send("DELETE", "kabine-2/c.ics", &[("if-match", etag.as_str())], "").await.is(412);
    house.bens_screen.send("DELETE", "kabine-2/c.ics", &[("if-match", etag.as_str())], "").await.is(204);
    house.bens_screen.put("kabine-2/n.ics", &event("n", "20260326T120000Z", "")).await.is(201);
    assert!(house.ben.get("kabine-2/n.ics").await.body.contains("Termin n"));
}

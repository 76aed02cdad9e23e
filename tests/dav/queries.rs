//! multiget, calendar-query, free-busy-query. RFC 4791 §7.

use crate::house::*;

async fn calendar(house: &House) {
    let weekly = "RRULE:FREQ=WEEKLY;COUNT=3";
    for (name, start, more) in [
        ("single", "20260326T100000Z", ""),
        ("weekly", "20260320T100000Z", weekly),
        ("tentative", "20260328T100000Z", "STATUS:TENTATIVE"),
        ("cancelled", "20260329T100000Z", "STATUS:CANCELLED"),
        ("late", "20260501T100000Z", "CATEGORIES:Rot"),
    ] {
        house.anna.put(&format!("kabine-1/{name}.ics"), &event(name, start, more)).await.is(201);
    }
}

fn filter(inner: &str) -> String {
    format!("<D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name='VCALENDAR'>{inner}</C:comp-filter></C:filter>")
}

async fn found(house: &House, inner: &str) -> Vec<String> {
    let answer = house.anna.report("kabine-1/", "C:calendar-query", &filter(inner)).await.is(207);
    answer.hrefs().iter().map(|href| href.rsplit('/').next().unwrap().trim_end_matches(".ics").to_owned()).collect()
}

#[tokio::test]
async fn a_range_finds_what_happens_in_it() {
    let house = house().await;
    calendar(&house).await;
    let range = |attributes: &str| format!("<C:comp-filter name='VEVENT'><C:time-range {attributes}/></C:comp-filter>");
    assert_eq!(found(&house, &range("start='20260327T000000Z' end='20260328T000000Z'")).await, ["weekly"]);
    assert_eq!(found(&house, &range("start='20260329T000000Z'")).await, ["cancelled", "late", "weekly"]);
    assert_eq!(found(&house, &range("end='20260321T000000Z'")).await, ["weekly"]);
    assert_eq!(found(&house, "<C:comp-filter name='VEVENT'/>").await.len(), 5);
    assert!(found(&house, "<C:comp-filter name='VTODO'/>").await.is_empty());
    let text =
        "<C:comp-filter name='VEVENT'><C:prop-filter name='CATEGORIES'><C:text-match>rot</C:text-match></C:prop-filter></C:comp-filter>";
    assert_eq!(found(&house, text).await, ["late"]);
    let bad = house.anna.report("kabine-1/", "C:calendar-query", &filter(&range("start='x'"))).await.is(403);
    assert!(bad.body.contains("<C:valid-filter/>"));
}

#[tokio::test]
async fn data_and_instances_can_be_asked_for() {
    let house = house().await;
    calendar(&house).await;
    let query = |data: &str| {
        format!(
            "<D:prop><D:getetag/>{data}</D:prop><C:filter><C:comp-filter name='VCALENDAR'><C:comp-filter name='VEVENT'>\
             <C:time-range start='20260327T000000Z' end='20260328T000000Z'/></C:comp-filter></C:comp-filter></C:filter>"
        )
    };
    let stored = house.anna.report("kabine-1/", "C:calendar-query", &query("<C:calendar-data/>")).await.responses().remove(0);
    assert!(stored.text("calendar-data").unwrap().contains("RRULE"));
    let expand = "<C:calendar-data><C:expand start='20260327T000000Z' end='20260328T000000Z'/></C:calendar-data>";
    let instances = house.anna.report("kabine-1/", "C:calendar-query", &query(expand)).await.responses().remove(0);
    let text = instances.text("calendar-data").unwrap();
    assert!(text.contains("RECURRENCE-ID:20260327T100000Z\r\n") && !text.contains("RRULE"), "{text}");
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 1);
}

#[tokio::test]
async fn multiget_tells_of_each_address_in_the_order_asked() {
    let house = house().await;
    calendar(&house).await;
    let hrefs: String = [
        "/dav/calendars/anna/kabine-1/single.ics",
        "/dav/calendars/anna/kabine-1/gone.ics",
        "https://termine.example/dav/calendars/anna/kabine-1/we%65kly.ics",
        "/dav/calendars/ben/kabine-2/x.ics",
        "/elsewhere &amp; else",
    ]
    .iter()
    .map(|href| format!("<D:href>{href}</D:href>"))
    .collect();
    let inner = format!("<D:prop><D:getetag/><C:calendar-data/></D:prop>{hrefs}");
    let answer = house.anna.send("REPORT", "kabine-1/", &[], within("C:calendar-multiget", &inner)).await;
    let told: Vec<(String, bool)> = answer.responses().into_iter().map(|r| (r.href, r.status.is_none())).collect();
    assert_eq!(
        told,
        [
            ("/dav/calendars/anna/kabine-1/single.ics".into(), true),
            ("/dav/calendars/anna/kabine-1/gone.ics".into(), false),
            ("/dav/calendars/anna/kabine-1/weekly.ics".into(), true),
            ("/dav/calendars/ben/kabine-2/x.ics".into(), false),
            ("/elsewhere & else".into(), false),
        ]
    );
}

#[tokio::test]
async fn busy_time_comes_as_one_vfreebusy() {
    let house = house().await;
    calendar(&house).await;
    let range = "<C:time-range start='20260326T000000Z' end='20260330T000000Z'/>";
    let answer = house.anna.report("kabine-1/", "C:free-busy-query", range).await.is(200);
    assert!(answer.header("content-type").unwrap().starts_with("text/calendar"));
    let lines: Vec<&str> = answer.body.lines().filter(|line| line.starts_with("FREEBUSY")).collect();
    assert_eq!(
        lines,
        [
            "FREEBUSY;FBTYPE=BUSY:20260326T100000Z/20260326T110000Z",
            "FREEBUSY;FBTYPE=BUSY:20260327T100000Z/20260327T110000Z",
            "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260328T100000Z/20260328T110000Z",
        ]
    );
    house.anna.report("kabine-1/single.ics", "C:free-busy-query", range).await.is(403);
    house.anna.report("kabine-1/", "C:free-busy-query", "").await.is(403);
}

#[tokio::test]
async fn a_series_of_seconds_takes_its_own_time_and_no_more() {
    let house = house().await;
    calendar(&house).await;
    let until = "UNTIL=20260327T080000Z";
    for (name, start, more) in [
        ("dense", "20260326T120000Z", format!("RRULE:FREQ=SECONDLY;{until}")),
        ("called-off", "20260328T120000Z", "STATUS:CANCELLED\nRRULE:FREQ=SECONDLY".to_owned()),
    ] {
        house.anna.put(&format!("kabine-1/{name}.ics"), &event(name, start, &more)).await.is(201);
    }
    // Instances without a length take no time.
    let none = event("none", "20260320T100000Z", "RRULE:FREQ=SECONDLY").replace("DTEND:", "X-END:").replace("DURATION:", "X-DURATION:");
    house.anna.put("kabine-1/none.ics", &none).await.is(201);
    let range = "<C:time-range start='20260326T000000Z' end='20260330T000000Z'/>";
    let answer = house.anna.report("kabine-1/", "C:free-busy-query", range).await.is(200);
    let lines: Vec<&str> = answer.body.lines().filter(|line| line.starts_with("FREEBUSY")).collect();
    assert_eq!(
        lines,
        [
            "FREEBUSY;FBTYPE=BUSY:20260326T100000Z/20260326T110000Z",
            "FREEBUSY;FBTYPE=BUSY:20260326T120000Z/20260327T090000Z",
            "FREEBUSY;FBTYPE=BUSY:20260327T100000Z/20260327T110000Z",
            "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260328T100000Z/20260328T110000Z",
        ]
    );
    // What would have to list the instances says that they are too many; what asks whether there is one finds it.
    let expand = "<D:prop><C:calendar-data><C:expand start='20260326T000000Z' end='20260330T000000Z'/></C:calendar-data></D:prop>\
        <D:href>/dav/calendars/anna/kabine-1/dense.ics</D:href>";
    let answer = house.anna.report("kabine-1/", "C:calendar-multiget", expand).await;
    assert!(answer.body.contains("number-of-matches-within-limits"), "{}", answer.body);
    let query = "<C:comp-filter name='VEVENT'><C:time-range start='20260326T200000Z' end='20260326T210000Z'/></C:comp-filter>";
    assert_eq!(found(&house, query).await, ["dense", "none"]);
}

#[tokio::test]
async fn a_large_calendar_is_streamed_whole() {
    let house = house().await;
    for n in 0..1_500 {
        house.anna.put(&format!("kabine-1/{n:04}.ics"), &event(&format!("e{n}"), "20260326T100000Z", "")).await.is(201);
    }
    let listed = house.anna.propfind("kabine-1/", "1", "D:getetag").await;
    assert_eq!(listed.hrefs().len(), 1_501);
    let everything = house.anna.report("kabine-1/", "C:calendar-query", &filter("<C:comp-filter name='VEVENT'/>")).await;
    assert_eq!(everything.hrefs().len(), 1_500);
    let token = "<D:sync-token/><D:prop><C:calendar-data/></D:prop>";
    assert_eq!(house.anna.report("kabine-1/", "D:sync-collection", token).await.hrefs().len(), 1_500);
}

#[tokio::test]
async fn an_object_answers_reports_about_itself() {
    let house = house().await;
    calendar(&house).await;
    let query = |text: &str| filter(&format!("<C:comp-filter name='VEVENT'>{text}</C:comp-filter>"));
    let ask = async |name: &str, report: &str, inner: &str| house.anna.report(&format!("kabine-1/{name}.ics"), report, inner).await;
    let red = query("<C:prop-filter name='CATEGORIES'><C:text-match>rot</C:text-match></C:prop-filter>");
    assert_eq!(ask("late", "C:calendar-query", &red).await.is(207).hrefs(), ["/dav/calendars/anna/kabine-1/late.ics"]);
    assert!(ask("single", "C:calendar-query", &red).await.is(207).hrefs().is_empty());
    let range = query("<C:time-range start='20260327T000000Z' end='20260328T000000Z'/>");
    assert_eq!(ask("weekly", "C:calendar-query", &range).await.hrefs().len(), 1);
    assert!(ask("single", "C:calendar-query", &range).await.hrefs().is_empty());
    ask("missing", "C:calendar-query", &range).await.is(404);
    let hrefs = ["late", "single"].map(|name| format!("<D:href>/dav/calendars/anna/kabine-1/{name}.ics</D:href>")).concat();
    let wanted = format!("<D:prop><D:getetag/><C:calendar-data/></D:prop>{hrefs}");
    let answers = ask("late", "C:calendar-multiget", &wanted).await.is(207).responses();
    assert!(answers[0].text("calendar-data").unwrap().contains("UID:late") && answers[0].status.is_none());
    assert_eq!(answers[1].status.as_deref(), Some("HTTP/1.1 404 Not Found"));
    // RFC 4791 §7.10.
    let busy = "<C:time-range start='20260326T000000Z' end='20260327T000000Z'/>";
    assert!(ask("late", "C:free-busy-query", busy).await.is(403).body.contains("<D:supported-report/>"));
    let reports = house.anna.propfind("kabine-1/late.ics", "0", "D:supported-report-set").await.body;
    for report in ["C:calendar-query", "C:calendar-multiget", "D:expand-property", "D:principal-match", "D:acl-principal-prop-set"] {
        assert!(reports.contains(&format!("<{report}/>")), "{reports}");
    }
    // Whoever may not read is told nothing.
    house.ben.report("/dav/calendars/ben/kabine-1/late.ics", "C:calendar-query", &red).await.is(404);
}

#[tokio::test]
async fn an_address_is_told_once_however_often_it_is_asked_for() {
    let house = house().await;
    calendar(&house).await;
    let hrefs = ["single.ics", "late.ics", "%73ingle.ics", "missing.ics", "single.ics", "missing.ics"];
    let hrefs = hrefs.map(|name| format!("<D:href>/dav/calendars/anna/kabine-1/{name}</D:href>")).concat();
    let other = "<D:href>/elsewhere</D:href>".repeat(2);
    let asked = format!("<D:prop><D:getetag/></D:prop>{hrefs}{other}");
    let answer = house.anna.report("kabine-1/", "C:calendar-multiget", &asked).await.is(207);
    let at = |name: &str| format!("/dav/calendars/anna/kabine-1/{name}.ics");
    assert_eq!(answer.hrefs(), [at("single"), at("late"), at("missing"), "/elsewhere".to_owned()]);
}

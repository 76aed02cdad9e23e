//! fixtures/rfc4791: the queries of RFC 4791 §7.8 and §7.10 and their answers over the calendar of its Appendix B.

use std::path::PathBuf;

use bytes::Bytes;
use openslot::dav::query::{CalendarData, Query};
use openslot::dav::xml::{self, Namespace};
use openslot::ical::filter::matches;
use openslot::ical::freebusy;
use openslot::ical::object::CalendarObject;
use openslot::ical::recurrence::occurrences;
use openslot::ical::time::TimeRange;
use openslot::ical::zone::Zone;

use crate::house::*;

fn fixture(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/rfc4791").join(path);
    std::fs::read_to_string(path).unwrap()
}

fn eastern() -> Zone {
    Zone::named("US/Eastern").unwrap()
}

fn objects() -> Vec<(String, CalendarObject)> {
    (1..=8)
        .map(|number| {
            let name = format!("abcd{number}.ics");
            let object = CalendarObject::parse(Bytes::from(fixture(&format!("objects/{name}")))).unwrap();
            object.check().unwrap();
            (name, object)
        })
        .collect()
}

#[test]
fn each_query_of_7_8_has_its_answer() {
    for number in 1..=10 {
        let root = xml::read(fixture(&format!("queries/7.8.{number}.xml")).as_bytes()).unwrap();
        let query = Query::read(&root).unwrap();
        let prop = root.child(Namespace::Dav, "prop").unwrap();
        let data = CalendarData::read(prop.child(Namespace::CalDav, "calendar-data").unwrap()).unwrap();
        let mut answer = String::new();
        for (name, object) in objects() {
            if matches(&query.filter, &object, &eastern()) {
                let octets = data.render(object.octets(), &eastern()).unwrap();
                answer.push_str(&format!("== {name}\n{}", String::from_utf8(octets.to_vec()).unwrap().replace("\r\n", "\n")));
            }
        }
        assert_eq!(answer, fixture(&format!("queries/7.8.{number}.txt")), "7.8.{number}");
    }
}

#[test]
fn busy_time_is_that_of_7_10_1() {
    let range = TimeRange { start: 1_136_383_200, end: 1_136_412_000 };
    let all = objects().into_iter().flat_map(|(_, object)| occurrences(&object, range, &eastern()).unwrap());
    let text = String::from_utf8(freebusy::vfreebusy(range, &freebusy::busy(all, range), range.start_utc())).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("DT") || line.starts_with("FREEBUSY")).collect();
    assert_eq!(
        lines,
        [
            "DTSTAMP:20060104T140000Z",
            "DTSTART:20060104T140000Z",
            "DTEND:20060104T220000Z",
            "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20060104T150000Z/20060104T160000Z",
            "FREEBUSY;FBTYPE=BUSY:20060104T190000Z/20060104T200000Z",
        ]
    );
}

#[tokio::test]
async fn a_vfreebusy_that_is_kept_counts_in_busy_time() {
    let house = house().await;
    house.ben.put("auskunft/abcd8.ics", &fixture("objects/abcd8.ics")).await.is(201);
    let range = "<C:time-range start='20060103T110000Z' end='20060106T000000Z'/>";
    let answer = house.ben.report("auskunft/", "C:free-busy-query", range).await.is(200);
    let lines: Vec<&str> = answer.body.lines().filter(|line| line.starts_with("FREEBUSY")).collect();
    assert_eq!(
        lines,
        [
            "FREEBUSY;FBTYPE=BUSY:20060103T110000Z/20060103T120000Z",
            "FREEBUSY;FBTYPE=BUSY:20060104T100000Z/20060104T120000Z",
            "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20060105T100000Z/20060105T120000Z",
        ]
    );
    let query = fixture("queries/7.8.4.xml");
    let found = house.ben.send("REPORT", "auskunft/", &[("depth", "1")], query).await.is(207).responses().remove(0);
    assert_eq!(found.text("calendar-data").unwrap().matches("FREEBUSY;").count(), 1);
}

#[tokio::test]
async fn every_report_with_data_gives_the_part_that_was_asked_for() {
    let house = house().await;
    let weekly = event("weekly", "20260320T100000Z", "RRULE:FREQ=WEEKLY;COUNT=3");
    let moved = event("weekly", "20260328T120000Z", "RECURRENCE-ID:20260327T100000Z");
    let moved = moved.get(moved.find("BEGIN:VEVENT").unwrap()..moved.find("END:VCALENDAR").unwrap()).unwrap();
    house.anna.put("kabine-1/weekly.ics", &weekly.replace("END:VCALENDAR", &format!("{moved}END:VCALENDAR"))).await.is(201);
    let filter = "<C:filter><C:comp-filter name='VCALENDAR'/></C:filter>";
    let href = "<D:href>/dav/calendars/anna/kabine-1/weekly.ics</D:href>";
    let reports = [("C:calendar-query", filter), ("C:calendar-multiget", href), ("D:sync-collection", "<D:sync-token/>")];
    for (report, more) in reports {
        let ask = async |data: &str| {
            let inner = format!("<D:prop><C:calendar-data>{data}</C:calendar-data></D:prop>{more}");
            let answer = house.anna.send("REPORT", "kabine-1/", &[("depth", "0")], within(report, &inner)).await.is(207);
            answer.responses().remove(0).text("calendar-data").unwrap().to_owned()
        };
        let uid = "<C:comp name='VCALENDAR'><C:comp name='VEVENT'><C:prop name='UID'/></C:comp></C:comp>";
        let event = "BEGIN:VEVENT\r\nUID:weekly\r\nEND:VEVENT\r\n";
        assert_eq!(ask(uid).await, format!("BEGIN:VCALENDAR\r\n{event}{event}END:VCALENDAR\r\n"), "{report}");
        let limit = "<C:limit-recurrence-set start='20260320T000000Z' end='20260321T000000Z'/>";
        let limited = ask(limit).await;
        assert!(limited.contains("RRULE") && !limited.contains("RECURRENCE-ID"), "{report}: {limited}");
        let expand = "<C:expand start='20260320T000000Z' end='20260329T000000Z'/>";
        assert_eq!(ask(&format!("{uid}{expand}")).await, format!("BEGIN:VCALENDAR\r\n{event}{event}END:VCALENDAR\r\n"), "{report}");
    }
}

#[tokio::test]
async fn a_query_names_the_zone_of_times_without_one() {
    let house = house().await;
    let floating = event("floating", "20260326T233000", "").replace("20260326T233000Z", "20260326T233000");
    house.anna.put("kabine-1/floating.ics", &floating).await.is(201);
    let ask = async |zone: &str| {
        let inner = format!(
            "<D:prop><C:calendar-data><C:expand start='20260325T000000Z' end='20260329T000000Z'/></C:calendar-data></D:prop><C:filter>\
             <C:comp-filter name='VCALENDAR'><C:comp-filter name='VEVENT'><C:time-range start='20260327T000000Z' end='20260328T000000Z'/>\
             </C:comp-filter></C:comp-filter></C:filter>{zone}"
        );
        let answer = house.anna.report("kabine-1/", "C:calendar-query", &inner).await.is(207);
        answer.responses().first().map(|response| response.text("calendar-data").unwrap().to_owned())
    };
    // In the calendar's own zone it is over before that day begins in UTC.
    assert_eq!(ask("").await, None);
    let there = ask("<C:timezone-id>America/New_York</C:timezone-id>").await.unwrap();
    assert!(there.contains("DTSTART:20260327T033000Z"), "{there}");
    let sent = "BEGIN:VCALENDAR&#13;\nVERSION:2.0&#13;\nBEGIN:VTIMEZONE&#13;\nTZID:Own&#13;\nBEGIN:STANDARD&#13;\nDTSTART:19700101T000000&#13;\n\
        TZOFFSETFROM:-0700&#13;\nTZOFFSETTO:-0700&#13;\nEND:STANDARD&#13;\nEND:VTIMEZONE&#13;\nEND:VCALENDAR&#13;\n";
    let there = ask(&format!("<C:timezone>{sent}</C:timezone>")).await.unwrap();
    assert!(there.contains("DTSTART:20260327T063000Z"), "{there}");
}

//! Every type of value, and RFC 7265's rules for what holds several.

use super::*;
use bytes::Bytes;
use proptest::prelude::*;
use serde_json::json;

fn object(lines: &str) -> CalendarObject {
    CalendarObject::parse(Bytes::from(format!("BEGIN:VCALENDAR\r\n{lines}END:VCALENDAR\r\n"))).unwrap()
}

/// The first property of a calendar with this line.
fn made(line: &str) -> Value {
    jcal(&object(&format!("{line}\r\n")))[1][0].clone()
}

#[test]
fn components_nest_as_they_stand() {
    let object = object(
        "VERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY;LANGUAGE=de:Hör\r\n test\\, neu\r\nBEGIN:VALARM\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n\
         END:VEVENT\r\nBEGIN:X-THING\r\nEND:X-THING\r\n",
    );
    assert_eq!(
        jcal(&object),
        json!([
            "vcalendar",
            [["version", {}, "text", "2.0"]],
            [
                [
                    "vevent",
                    [["uid", {}, "text", "a"], ["summary", { "language": "de" }, "text", "Hörtest, neu"]],
                    [["valarm", [["trigger", {}, "duration", "-PT5M"]], []]]
                ],
                ["x-thing", [], []]
            ]
        ])
    );
}

#[test]
fn each_type_has_its_form() {
    for (line, expected) in [
        ("DTSTART;VALUE=DATE:20260326", json!(["dtstart", {}, "date", "2026-03-26"])),
        ("DTSTART:20260326", json!(["dtstart", {}, "date", "2026-03-26"])),
        ("DTSTART;TZID=Europe/Berlin:20260326T103000", json!(["dtstart", { "tzid": "Europe/Berlin" }, "date-time", "2026-03-26T10:30:00"])),
        ("DTSTAMP:20260326T103000Z", json!(["dtstamp", {}, "date-time", "2026-03-26T10:30:00Z"])),
        ("TRIGGER;VALUE=DATE-TIME:20260326T103000Z", json!(["trigger", {}, "date-time", "2026-03-26T10:30:00Z"])),
        ("X-AT;VALUE=TIME:103000Z", json!(["x-at", {}, "time", "10:30:00Z"])),
        ("X-YES;VALUE=BOOLEAN:TRUE", json!(["x-yes", {}, "boolean", true])),
        ("PRIORITY:3", json!(["priority", {}, "integer", 3])),
        ("GEO:37.386013;-122.082932", json!(["geo", {}, "float", [37.386_013, -122.082_932]])),
        ("DURATION:PT15M", json!(["duration", {}, "duration", "PT15M"])),
        ("TZOFFSETFROM:-0530", json!(["tzoffsetfrom", {}, "utc-offset", "-05:30"])),
        ("TZOFFSETTO:+013020", json!(["tzoffsetto", {}, "utc-offset", "+01:30:20"])),
        ("ORGANIZER:mailto:a@b.example", json!(["organizer", {}, "cal-address", "mailto:a@b.example"])),
        (
            "ATTACH;FMTTYPE=text/plain;ENCODING=BASE64;VALUE=BINARY:QUJD",
            json!([
                "attach", { "fmttype": "text/plain", "encoding": "BASE64" }, "binary", "QUJD"
            ]),
        ),
        ("URL:https://a.example/x\\,y", json!(["url", {}, "uri", "https://a.example/x\\,y"])),
        ("X-OWN:a\\,b", json!(["x-own", {}, "unknown", "a\\,b"])),
        ("X-OWN;VALUE=TEXT:a\\,b", json!(["x-own", {}, "text", "a,b"])),
    ] {
        assert_eq!(made(line), expected, "{line}");
    }
}

#[test]
fn several_values_and_parameters() {
    for (line, expected) in [
        ("CATEGORIES:a\\,b,c", json!(["categories", {}, "text", "a,b", "c"])),
        ("EXDATE;VALUE=DATE:20260326,20260327", json!(["exdate", {}, "date", "2026-03-26", "2026-03-27"])),
        ("RDATE;VALUE=PERIOD:20260326T103000Z/PT1H", json!(["rdate", {}, "period", ["2026-03-26T10:30:00Z", "PT1H"]])),
        (
            "FREEBUSY;FBTYPE=BUSY:20260326T103000Z/20260326T113000Z,20260327T103000Z/PT1H",
            json!([
                "freebusy", { "fbtype": "BUSY" }, "period", ["2026-03-26T10:30:00Z", "2026-03-26T11:30:00Z"], ["2026-03-27T10:30:00Z", "PT1H"]
            ]),
        ),
        ("REQUEST-STATUS:2.0;Success;a\\;b", json!(["request-status", {}, "text", ["2.0", "Success", "a;b"]])),
        (
            "ATTENDEE;DELEGATED-TO=\"mailto:a@b.example\",\"mailto:c@d.example\";X-A=1;X-A=2;CN=^'Q^':mailto:e@f.example",
            json!(["attendee", {
                "delegated-to": ["mailto:a@b.example", "mailto:c@d.example"], "x-a": ["1", "2"], "cn": "\"Q\""
            }, "cal-address", "mailto:e@f.example"]),
        ),
        (
            "RRULE:FREQ=YEARLY;COUNT=5;BYDAY=-1SU,2MO;BYMONTH=10",
            json!(["rrule", {}, "recur", {
                "freq": "YEARLY", "count": 5, "byday": ["-1SU", "2MO"], "bymonth": 10
            }]),
        ),
        (
            "RRULE:FREQ=DAILY;UNTIL=20260326T103000Z;WKST=MO",
            json!(["rrule", {}, "recur", {
                "freq": "DAILY", "until": "2026-03-26T10:30:00Z", "wkst": "MO"
            }]),
        ),
        (
            "EXRULE:FREQ=DAILY;UNTIL=20260326;BYHOUR=9,10",
            json!(["exrule", {}, "recur", {
                "freq": "DAILY", "until": "2026-03-26", "byhour": [9, 10]
            }]),
        ),
    ] {
        assert_eq!(made(line), expected, "{line}");
    }
}

#[test]
fn what_is_not_of_its_type_is_passed_on_as_unknown() {
    for line in [
        "DTSTART:tomorrow",
        "DTSTART;VALUE=DATE:20260326T103000Z",
        "PRIORITY:high",
        "GEO:1",
        "GEO:NaN;1",
        "DURATION:long",
        "RRULE:daily",
        "RRULE:COUNT=1",
        "TZOFFSETTO:0100",
        "FREEBUSY:20260326T103000Z",
        "X-A;VALUE=BOOLEAN:maybe",
        "RRULE:FREQ=DAILY;FREQ=DAILY",
    ] {
        let value = made(line);
        assert_eq!(value[2], json!("unknown"), "{line}");
        assert_eq!(value[3], json!(line.split_once(':').unwrap().1), "{line}");
    }
}

proptest! {
    #[test]
    fn nothing_is_left_out(
        names in proptest::collection::vec("(DTSTART|RRULE|GEO|CATEGORIES|REQUEST-STATUS|FREEBUSY|TZOFFSETTO|X-A|SUMMARY|EXDATE)", 0..6),
        value in "[0-9TZ;:=,/+A-Ypä\\\\-]{0,40}", kind in "(|;VALUE=DATE|;VALUE=PERIOD|;VALUE=RECUR|;VALUE=FLOAT|;VALUE=X-B)",
    ) {
        let lines: String = names.iter().map(|name| format!("{name}{kind}:{value}\r\n")).collect();
        let made = jcal(&object(&lines));
        let properties = made[1].as_array().unwrap();
        prop_assert_eq!(properties.len(), names.len());
        for (property, name) in properties.iter().zip(&names) {
            prop_assert_eq!(property[0].as_str().unwrap(), name.to_ascii_lowercase());
            prop_assert!(property.as_array().unwrap().len() >= 4);
        }
    }
}

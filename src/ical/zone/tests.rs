mod transitions;

use super::*;
use bytes::Bytes;
use chrono::NaiveDate;
use proptest::prelude::*;

fn at(y: i32, mo: u32, d: u32, h: u32, mi: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(y, mo, d).unwrap().and_hms_opt(h, mi, 0).unwrap()
}

fn utc(y: i32, mo: u32, d: u32, h: u32, mi: u32) -> Seconds {
    at(y, mo, d, h, mi).and_utc().timestamp()
}

fn wrapped(zones: &str) -> CalendarObject {
    CalendarObject::parse(Bytes::from(format!("BEGIN:VCALENDAR\r\n{zones}END:VCALENDAR\r\n"))).unwrap()
}

/// The zone as it would be read from a VTIMEZONE that we wrote.
fn read_back(text: &str) -> Zone {
    Zone(Rules::Sent(Sent::read(&wrapped(text).root().children[0]).unwrap()))
}

#[test]
fn gap_takes_the_offset_before_and_fold_the_first() {
    let berlin = Zone::named("europe/berlin").unwrap();
    assert_eq!(berlin.local_to_utc(at(2026, 3, 29, 2, 30)), utc(2026, 3, 29, 1, 30));
    assert_eq!(berlin.utc_to_local(utc(2026, 3, 29, 1, 30)), at(2026, 3, 29, 3, 30));
    assert_eq!(berlin.local_to_utc(at(2026, 10, 25, 2, 30)), utc(2026, 10, 25, 0, 30));
    let cairo = Zone::named("Africa/Cairo").unwrap();
    assert_eq!(cairo.local_to_utc(at(2026, 4, 24, 0, 30)), utc(2026, 4, 23, 22, 30));
    let howe = Zone::named("Australia/Lord_Howe").unwrap();
    assert_eq!(howe.local_to_utc(at(2026, 4, 5, 1, 45)), utc(2026, 4, 4, 14, 45));
    assert_eq!(howe.utc_to_local(utc(2026, 4, 4, 15, 0)), at(2026, 4, 5, 1, 30));
    // Ramadan 2026: an hour back on 15 February, forth on 22 March.
    let casablanca = Zone::named("Africa/Casablanca").unwrap();
    assert_eq!(casablanca.offset_at(utc(2026, 2, 20, 0, 0)), 0);
    assert_eq!(casablanca.offset_at(utc(2026, 4, 1, 0, 0)), 3600);
}

#[test]
fn names_lead_to_zones_or_nowhere() {
    let none = wrapped("");
    for (tzid, iana) in [
        ("Europe/Berlin", "Europe/Berlin"),
        ("EUROPE/BERLIN", "Europe/Berlin"),
        ("/mozilla.org/20050126_1/Europe/Berlin", "Europe/Berlin"),
        ("/freeassociation.sourceforge.net/Tzfile/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("pacific standard time", "America/Los_Angeles"),
        ("\"Europe/Paris\"", "Europe/Paris"),
        ("UTC", "UTC"),
    ] {
        assert_eq!(Zone::of(tzid, &none).and_then(|z| z.iana_name().map(str::to_owned)).as_deref(), Some(iana), "{tzid}");
    }
    for tzid in ["", "Nowhere", "Customized Time Zone", "Foo/EST", "../../etc/passwd", "Etc/Unknown"] {
        assert!(Zone::of(tzid, &none).is_none(), "{tzid}");
    }
}

#[test]
fn a_vtimezone_as_sent_is_followed() {
    // Thunderbird's way: UNTIL in local time. The zone is an invented one, two hours off Berlin.
    let text = "BEGIN:VTIMEZONE\r\nTZID:Customized Time Zone\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0400\r\nTZOFFSETTO:+0300\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0300\r\nTZOFFSETTO:+0400\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n";
    let zone = Zone::of("customized time zone", &wrapped(text)).unwrap();
    assert_eq!(zone.local_to_utc(at(2026, 1, 15, 12, 0)), utc(2026, 1, 15, 9, 0));
    assert_eq!(zone.local_to_utc(at(2026, 7, 15, 12, 0)), utc(2026, 7, 15, 8, 0));
    assert_eq!(zone.local_to_utc(at(2026, 3, 29, 2, 30)), utc(2026, 3, 28, 23, 30));
    assert_eq!(zone.local_to_utc(at(2026, 10, 25, 2, 30)), utc(2026, 10, 24, 22, 30));
    assert_eq!(zone.local_to_utc(at(2140, 7, 15, 12, 0)), utc(2140, 7, 15, 8, 0));
}

#[test]
fn writes_berlin_as_the_programs_know_it() {
    let berlin = Zone::named("Europe/Berlin").unwrap();
    let day = TimeRange { start: utc(2026, 11, 26, 9, 0), end: utc(2026, 11, 26, 10, 0) };
    let expected = "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:DAYLIGHT\r\nDTSTART:19700329T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\nEND:DAYLIGHT\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
    assert_eq!(berlin.vtimezone("Europe/Berlin", day), expected);
    assert_eq!(berlin.vtimezone("Europe/Berlin", TimeRange { start: day.start, end: TimeRange::MAX }), expected);
    assert_eq!(berlin.vtimezone("a\u{7}", day), "");
}

#[test]
fn what_is_written_gives_the_offsets_of_the_zone() {
    for name in [
        "Europe/Berlin",
        "Africa/Cairo",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "America/New_York",
        "Asia/Kolkata",
        "Asia/Jerusalem",
        "Europe/Dublin",
        "America/Sao_Paulo",
        "UTC",
        "Pacific/Apia",
    ] {
        let zone = Zone::named(name).unwrap();
        for year in [1975, 1995, 2011, 2026, 2036] {
            let range = TimeRange { start: utc(year, 2, 10, 0, 0), end: utc(year + 2, 2, 10, 0, 0) };
            let text = zone.vtimezone(name, range);
            let back = read_back(&text);
            for day in 0..730 {
                let at = range.start + day * 86_400 + 40_000;
                assert_eq!(back.offset_at(at), zone.offset_at(at), "{name} {year} day {day}\n{text}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn never_panics_and_returns_to_the_same_instant(
        name in prop_oneof![Just("Europe/Berlin"), Just("Africa/Casablanca"), Just("Pacific/Apia"), Just("America/St_Johns"), Just("UTC")],
        days in -719_162_i64..2_932_896, second in 0_i64..86_400,
    ) {
        let zone = Zone::named(name).unwrap();
        let at = days * 86_400 + second;
        let local = zone.utc_to_local(at);
        // In the second pass through a fold the first is meant.
        prop_assert!((zone.local_to_utc(local) - at).abs() <= 3 * 3600);
        let back = zone.utc_to_local(zone.local_to_utc(local));
        prop_assert!((back - local).num_seconds().abs() <= 86_400);
        let _ = zone.vtimezone(name, TimeRange { start: at, end: at + 86_400 });
    }

    #[test]
    fn looking_up_is_total(tzid in "\\PC{0,60}") {
        let _ = Zone::of(&tzid, &wrapped(""));
    }
}

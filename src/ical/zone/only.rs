//! The one time zone that a VCALENDAR is about: what CALDAV:calendar-timezone says.
//!
//! Not for: zones of events. RFC 4791 §5.2.2, RFC 7809 §5.2.

use super::Zone;
use crate::error::{Error, Precondition, Result};
use crate::ical::object::{CalendarObject, refused};

/// The IANA name of the only VTIMEZONE in a VCALENDAR that holds nothing else, `UTC` for UTC.
///
/// [`Precondition::ValidCalendarData`] where it is no such VCALENDAR; [`Precondition::ValidTimezone`] where the zone is none of IANA's, by its
/// TZID, a name behind a prefix, a Windows name or X-LIC-LOCATION: a calendar's dates have a meaning only in a zone that has a future.
pub fn only_zone(object: &CalendarObject) -> Result<String> {
    let mut children = object.root().children.iter();
    let node = match (children.next(), children.next()) {
        (Some(node), None) if node.name == "VTIMEZONE" => node,
        (_, Some(second)) => {
            return Err(refused(&format!("line {}, {}: one VTIMEZONE and nothing else is expected", second.line, second.name)));
        }
        _ => return Err(refused("there is no VTIMEZONE in it")),
    };
    let tzid = node.first("TZID").ok_or_else(|| refused(&format!("line {}, TZID in VTIMEZONE: it is missing", node.line)))?;
    let offsets = |name: &str| node.children.iter().all(|observance| observance.first(name).is_some());
    if node.children.is_empty() || !offsets("TZOFFSETFROM") || !offsets("TZOFFSETTO") {
        return Err(refused(&format!("line {}, VTIMEZONE: STANDARD or DAYLIGHT with their offsets are missing", node.line)));
    }
    let zone = Zone::of(&tzid.value, object);
    zone.as_ref().and_then(Zone::iana_name).map(str::to_owned).ok_or_else(|| unknown(&tzid.value))
}

/// The IANA name in its own spelling; [`Precondition::ValidTimezone`] where there is no such zone.
pub fn zone_id(name: &str) -> Result<String> {
    Zone::named(name).as_ref().and_then(Zone::iana_name).map(str::to_owned).ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> Error {
    let name: String = name.trim().chars().take(60).collect();
    Error::Refused(Precondition::ValidTimezone, format!("There is no time zone {name}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(inner: &str) -> Result<String> {
        let inner: String = inner.lines().map(|line| format!("{line}\r\n")).collect();
        only_zone(&CalendarObject::parse(format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{inner}END:VCALENDAR\r\n").into()).unwrap())
    }

    fn zone(tzid: &str, more: &str) -> String {
        format!(
            "BEGIN:VTIMEZONE\nTZID:{tzid}\n{more}BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n"
        )
    }

    #[test]
    fn a_zone_is_known_by_its_names() {
        for (tzid, more, name) in [
            ("Europe/Berlin", "", "Europe/Berlin"),
            ("europe/berlin", "", "Europe/Berlin"),
            ("/freeassociation.sourceforge.net/Europe/Vienna", "", "Europe/Vienna"),
            ("W. Europe Standard Time", "", "Europe/Berlin"),
            ("Büro", "X-LIC-LOCATION:Europe/Zurich\n", "Europe/Zurich"),
            ("UTC", "", "UTC"),
        ] {
            assert_eq!(read(&zone(tzid, more)).as_deref(), Ok(name));
        }
        assert_eq!(zone_id("america/new_york").as_deref(), Ok("America/New_York"));
    }

    #[test]
    fn anything_else_is_refused() {
        let precondition = |result: Result<String>| match result {
            Err(Error::Refused(precondition, _)) => precondition,
            other => panic!("{other:?}"),
        };
        let two = format!("{}{}", zone("Europe/Berlin", ""), zone("Europe/Paris", ""));
        for bad in ["", &two, "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nEND:VTIMEZONE\n", &zone("Europe/Berlin", "").replace("TZID:", "X-ID:")]
        {
            assert_eq!(precondition(read(bad)), Precondition::ValidCalendarData, "{bad}");
        }
        assert_eq!(precondition(read(&zone("Custom", ""))), Precondition::ValidTimezone);
        assert_eq!(precondition(zone_id("Mars/Olympus")), Precondition::ValidTimezone);
    }
}

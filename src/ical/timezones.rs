//! An object with the VTIMEZONEs of the zones that it names, or without those that everybody knows.
//!
//! Not for: what is kept; that is as it was sent. RFC 7809 §3.1 and §7.1, RFC 5545 §3.6.5.

use std::collections::BTreeSet;

use bytes::{Bytes, BytesMut};

use crate::ical::object::{CalendarObject, Node, collect_tzids};
use crate::ical::time::{Moment, Seconds, TimeRange};
use crate::ical::zone::{self, Zone};

/// How far past the first time of an object a VTIMEZONE of ours holds at least, in seconds: thirty years.
const AHEAD: Seconds = 30 * 366 * 86_400;

/// What a client wants to be told of time zones (the header CalDAV-Timezones).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Timezones {
    /// Nothing was said: objects are answered as they were sent.
    #[default]
    AsSent,
    /// `T`: a VTIMEZONE for each TZID.
    Included,
    /// `F`: none for zones that have IANA's name.
    ByReference,
}

impl Timezones {
    /// The object as it is wanted; the same octets where nothing has to change, or where they cannot be read.
    pub fn shown(self, octets: &Bytes) -> Bytes {
        if self == Timezones::AsSent {
            return octets.clone();
        }
        let Ok(object) = CalendarObject::parse_written(octets.clone()) else { return octets.clone() };
        match self {
            Timezones::AsSent => octets.clone(),
            Timezones::Included => with_all(&object),
            Timezones::ByReference => without_known(&object),
        }
    }
}

/// Whether a VTIMEZONE says no more than its name does.
fn is_known(node: &Node) -> bool {
    node.name == "VTIMEZONE" && node.first("TZID").is_some_and(|tzid| Zone::named(&tzid.value).is_some())
}

fn without_known(object: &CalendarObject) -> Bytes {
    let octets = object.octets();
    let mut out = BytesMut::with_capacity(octets.len());
    let mut from = 0;
    for node in object.root().children.iter().filter(|node| is_known(node)) {
        out.extend_from_slice(octets.get(from..node.span.start).unwrap_or_default());
        from = node.span.end;
    }
    if from == 0 {
        return octets.clone();
    }
    out.extend_from_slice(octets.get(from..).unwrap_or_default());
    out.freeze()
}

fn with_all(object: &CalendarObject) -> Bytes {
    let octets = object.octets();
    let mut named = BTreeSet::new();
    object.components().for_each(|node| collect_tzids(node, &mut named));
    for there in object.root().children.iter().filter(|node| node.name == "VTIMEZONE") {
        if let Some(tzid) = there.first("TZID") {
            named.remove(tzid.value.trim());
        }
    }
    let start = first_time(object);
    let range = TimeRange { start, end: start.saturating_add(AHEAD) };
    let missing: String = named.iter().filter_map(|tzid| Some(Zone::of(tzid, object)?.vtimezone(tzid, range))).collect();
    let (Some(first), false) = (object.components().next(), missing.is_empty()) else { return octets.clone() };
    let mut out = BytesMut::with_capacity(octets.len() + missing.len());
    out.extend_from_slice(octets.get(..first.span.start).unwrap_or_default());
    out.extend_from_slice(missing.as_bytes());
    out.extend_from_slice(octets.get(first.span.start..).unwrap_or_default());
    out.freeze()
}

/// The earliest time with a zone; the present era where there is none.
fn first_time(object: &CalendarObject) -> Seconds {
    let times = object.components().flat_map(|node| &node.properties).filter_map(|property| {
        let moment = Moment::parse(property.value.split([',', '/']).next()?, Some(property.param("TZID")?))?;
        zone::resolve(&moment, object, &Zone::UTC)
    });
    times.min().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str =
        "BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=Europe/Berlin:20260326T100000\r\nDTEND;TZID=Eigen:20260326T120000\r\nEND:VEVENT\r\n";
    const HEAD: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n";
    const END: &str = "END:VCALENDAR\r\n";

    fn zone(tzid: &str) -> String {
        format!(
            "BEGIN:VTIMEZONE\r\nTZID:{tzid}\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
        )
    }

    #[test]
    fn what_everybody_knows_is_left_out_and_nothing_else() {
        let sent = format!("{HEAD}{}{EVENT}{}{END}", zone("Europe/Berlin"), zone("Eigen"));
        let shown = Timezones::ByReference.shown(&sent.clone().into());
        assert_eq!(shown, format!("{HEAD}{EVENT}{}{END}", zone("Eigen")));
        assert_eq!(Timezones::AsSent.shown(&sent.clone().into()), sent);
        assert_eq!(Timezones::Included.shown(&sent.clone().into()), sent);
        assert_eq!(Timezones::ByReference.shown(&Bytes::from_static(b"nonsense")), "nonsense");
    }

    #[test]
    fn what_is_missing_is_written() {
        let sent = format!("{HEAD}{EVENT}{}{END}", zone("Eigen"));
        let shown = String::from_utf8(Timezones::Included.shown(&sent.clone().into()).to_vec()).unwrap();
        assert!(shown.starts_with(&format!("{HEAD}BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n")), "{shown}");
        assert!(shown.ends_with(&format!("END:VTIMEZONE\r\n{EVENT}{}{END}", zone("Eigen"))), "{shown}");
        assert!(shown.contains("RRULE:FREQ=YEARLY"), "{shown}");
        assert_eq!(Timezones::ByReference.shown(&shown.into()), sent);
    }
}

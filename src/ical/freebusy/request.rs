//! A VFREEBUSY that asks for the busy time of others, and the VFREEBUSY that answers it for one of them.
//!
//! Not for: who they are and when they are busy (`app::schedule`), how the answers travel (`dav::outbox`).
//! RFC 6638 §5, RFC 5546 §3.3.2 and §3.3.3. Lenient about DTSTAMP, as with events.

use chrono::{DateTime, Utc};

use super::{Busy, PRODID, put_periods};
use crate::error::{Error, Precondition, Result};
use crate::ical::object::{CalendarObject, Node, Property, line};
use crate::ical::time::{Moment, Seconds, TimeRange, format_utc};

/// How many attendees one request may ask about.
pub const MAX_ATTENDEES: usize = 100;

/// The longest time that one request may ask about, in seconds: a little more than a year.
pub const MAX_SECONDS: Seconds = 400 * 86_400;

/// How many events a request may leave out.
const MAX_MASKED: usize = 20;

/// What somebody wants to know.
#[derive(Debug, Clone)]
pub struct FreeBusyRequest {
    /// The time that is asked about.
    pub range: TimeRange,
    /// The address of who asks, as sent.
    pub organizer: String,
    /// Those asked about, each once, in the order sent.
    pub attendees: Vec<Attendee>,
    /// UIDs of events that shall not count: somebody who moves an event is not in the way of it (X-CALENDARSERVER-MASK-UID).
    pub masked: Vec<String>,
    /// UID and ORGANIZER, which every answer repeats.
    repeated: String,
}

/// Somebody asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    /// The address as sent, without blanks around it.
    pub address: String,
    line: String,
}

impl FreeBusyRequest {
    /// Reads a request; [`Precondition::ValidSchedulingMessage`] where iTIP does not allow it or it asks too much.
    pub fn read(object: &CalendarObject) -> Result<FreeBusyRequest> {
        let method = object.root().first("METHOD").map(|property| property.value.trim().to_ascii_uppercase());
        let mut components = object.components();
        let node = components.next().filter(|node| node.name == "VFREEBUSY").ok_or_else(|| refused("there is no VFREEBUSY in it"))?;
        if components.next().is_some() || method.as_deref() != Some("REQUEST") {
            return Err(refused("it is one VFREEBUSY with the METHOD REQUEST"));
        }
        let organizer = one(node, "ORGANIZER")?;
        let uid = one(node, "UID")?;
        let octets = object.octets();
        let repeated = [uid, organizer].map(|property| property.with_value(octets, property.value.trim())).concat();
        Ok(FreeBusyRequest {
            range: range(node)?,
            organizer: organizer.value.trim().to_owned(),
            attendees: attendees(node, octets)?,
            masked: node.all("X-CALENDARSERVER-MASK-UID").take(MAX_MASKED).map(|property| property.value.trim().to_owned()).collect(),
            repeated,
        })
    }

    /// The answer about one of those asked about: a VCALENDAR with the METHOD REPLY. `periods` as [`super::busy`] gives them.
    pub fn reply(&self, attendee: &Attendee, periods: &[Busy], now: DateTime<Utc>) -> Result<String> {
        let mut out = String::new();
        for (name, value) in [("BEGIN", "VCALENDAR"), ("VERSION", "2.0"), ("PRODID", PRODID), ("METHOD", "REPLY"), ("BEGIN", "VFREEBUSY")] {
            out.push_str(&line(name, &[], value)?);
        }
        out.push_str(&self.repeated);
        out.push_str(&attendee.line);
        let times = [("DTSTAMP", now), ("DTSTART", self.range.start_utc()), ("DTEND", self.range.end_utc())];
        for (name, at) in times {
            out.push_str(&line(name, &[], &format_utc(at))?);
        }
        put_periods(self.range, periods, &mut out);
        for name in ["VFREEBUSY", "VCALENDAR"] {
            out.push_str(&line("END", &[], name)?);
        }
        Ok(out)
    }
}

fn refused(why: &str) -> Error {
    Error::Refused(Precondition::ValidSchedulingMessage, format!("The request can't be answered: {why}."))
}

fn one<'a>(node: &'a Node, name: &str) -> Result<&'a Property> {
    let mut found = node.properties.iter().filter(|property| property.name.eq_ignore_ascii_case(name));
    match (found.next().filter(|property| !property.value.trim().is_empty()), found.next()) {
        (Some(property), None) => Ok(property),
        (None, _) => Err(refused(&format!("{name} is missing"))),
        (_, Some(second)) => Err(refused(&format!("line {}, {name}: there are several", second.line))),
    }
}

fn range(node: &Node) -> Result<TimeRange> {
    let instant = |name: &str| {
        let property = one(node, name)?;
        match Moment::parse(&property.value, property.param("TZID")) {
            Some(Moment::Utc(at)) => Ok(at.and_utc().timestamp()),
            _ => Err(refused(&format!("line {}, {name}: it is a time in UTC", property.line))),
        }
    };
    let range = TimeRange { start: instant("DTSTART")?, end: instant("DTEND")? };
    if range.end <= range.start {
        return Err(refused("DTEND lies after DTSTART"));
    }
    if range.seconds() > MAX_SECONDS {
        return Err(refused(&format!("it asks about more than {} days", MAX_SECONDS / 86_400)));
    }
    Ok(range)
}

fn attendees(node: &Node, octets: &[u8]) -> Result<Vec<Attendee>> {
    let mut attendees: Vec<Attendee> = Vec::new();
    for property in node.all("ATTENDEE") {
        let address = property.value.trim();
        if address.is_empty() || attendees.iter().any(|other| other.address == address) {
            continue;
        }
        if attendees.len() >= MAX_ATTENDEES {
            return Err(refused(&format!("it asks about more than {MAX_ATTENDEES} attendees")));
        }
        attendees.push(Attendee { address: address.to_owned(), line: property.with_value(octets, address) });
    }
    if attendees.is_empty() { Err(refused("ATTENDEE is missing")) } else { Ok(attendees) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ical::freebusy::BusyKind;

    fn request(inner: &str) -> Result<FreeBusyRequest> {
        let inner: String = inner.lines().map(|line| format!("{line}\r\n")).collect();
        let text = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T//T//EN\r\n{inner}END:VCALENDAR\r\n");
        FreeBusyRequest::read(&CalendarObject::parse(text.into()).unwrap())
    }

    const ASKED: &str = "METHOD:REQUEST\nBEGIN:VFREEBUSY\nUID:u1\nDTSTAMP:20260301T000000Z\nDTSTART:20260326T000000Z\nDTEND:20260327T000000Z\n\
                         ORGANIZER;CN=\"Anna, Muster\":mailto:anna@example.com\nATTENDEE;CN=Ben:mailto:ben@example.com\n\
                         ATTENDEE:mailto:ben@example.com\nATTENDEE:/dav/principals/carla/\nX-CALENDARSERVER-MASK-UID:moving\nEND:VFREEBUSY\n";

    #[test]
    fn a_request_is_read_and_its_lines_come_back() {
        let request = request(ASKED).unwrap();
        assert_eq!(request.organizer, "mailto:anna@example.com");
        assert_eq!(request.masked, ["moving"]);
        let asked: Vec<&str> = request.attendees.iter().map(|attendee| attendee.address.as_str()).collect();
        assert_eq!(asked, ["mailto:ben@example.com", "/dav/principals/carla/"]);
        let start = request.range.start + 3600;
        let busy = [Busy { range: TimeRange { start, end: start + 3600 }, kind: BusyKind::Unavailable }];
        let text = request.reply(&request.attendees[0], &busy, request.range.start_utc()).unwrap();
        for line in [
            "METHOD:REPLY",
            "UID:u1",
            "ORGANIZER;CN=\"Anna, Muster\":mailto:anna@example.com",
            "ATTENDEE;CN=Ben:mailto:ben@example.com",
            "DTSTART:20260326T000000Z",
            "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260326T010000Z/20260326T020000Z",
        ] {
            assert!(text.contains(&format!("{line}\r\n")), "{line}\n{text}");
        }
        assert!(CalendarObject::parse(text.into()).is_ok());
    }

    #[test]
    fn what_itip_does_not_allow_is_refused() {
        for (from, to) in [
            ("METHOD:REQUEST", "METHOD:PUBLISH"),
            ("METHOD:REQUEST\n", ""),
            ("UID:u1\n", ""),
            ("DTEND:20260327T000000Z\n", ""),
            ("DTEND:20260327T000000Z", "DTEND:20260326T000000Z"),
            ("DTEND:20260327T000000Z", "DTEND:20290327T000000Z"),
            ("DTSTART:20260326T000000Z", "DTSTART:20260326T000000"),
            ("ORGANIZER", "X-ORGANIZER"),
            ("ATTENDEE", "X-ATTENDEE"),
            ("UID:u1", "UID:u1\nUID:u2"),
            ("VFREEBUSY", "VEVENT"),
        ] {
            let refusal = request(&ASKED.replace(from, to)).unwrap_err();
            assert!(matches!(refusal, Error::Refused(Precondition::ValidSchedulingMessage, _)), "{from} → {to}: {refusal:?}");
        }
        let many: String = (0..=MAX_ATTENDEES).map(|n| format!("ATTENDEE:mailto:{n}@example.com\n")).collect();
        assert!(request(&ASKED.replace("END:VFREEBUSY", &format!("{many}END:VFREEBUSY"))).is_err());
    }
}

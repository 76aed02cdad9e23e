//! The calendar object in a letter: an appointment as its customer's own calendar is told of it.
//!
//! Not for: the event that staff see (`appointment`); that one has no organizer, and another UID. RFC 5545 §3.6.1, RFC 5546 §3.2.

use chrono::{DateTime, Utc};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::appointment::practice::Language;
use crate::error::Result;
use crate::ical::object::{escape_text, line};
use crate::ical::time::{TimeRange, format_utc};

/// What the receiving calendar is to do (RFC 5546 §1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Only look (RFC 5546 §3.2.1).
    Publish,
    /// Enter or update (RFC 5546 §3.2.2).
    Request,
    /// Take out (RFC 5546 §3.2.5).
    Cancel,
}

impl Method {
    /// The value of METHOD and of the Content-Type's parameter, which must be the same (RFC 6047 §2.4).
    pub fn word(self) -> &'static str {
        match self {
            Method::Publish => "PUBLISH",
            Method::Request => "REQUEST",
            Method::Cancel => "CANCEL",
        }
    }
}

/// STATUS of a VEVENT (RFC 5545 §3.8.1.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Asked for.
    Tentative,
    /// Agreed.
    Confirmed,
    /// Off.
    Cancelled,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Status::Tentative => "TENTATIVE",
            Status::Confirmed => "CONFIRMED",
            Status::Cancelled => "CANCELLED",
        }
    }
}

/// Somebody with an address.
#[derive(Debug, Clone, Copy)]
pub struct Party<'a> {
    /// CN; empty where it is not told.
    pub name: &'a str,
    /// An ASCII address.
    pub address: &'a str,
}

/// All that the object says.
#[derive(Debug, Clone, Copy)]
pub struct Meeting<'a> {
    /// What to do with it.
    pub method: Method,
    /// The same for the life of the appointment.
    pub uid: &'a str,
    /// Rises with each object of this UID.
    pub sequence: u32,
    /// When the object was made.
    pub stamp: DateTime<Utc>,
    /// When the appointment is; written in UTC, so that no calendar needs our zone.
    pub range: TimeRange,
    /// Where it stands.
    pub status: Status,
    /// The title: neutral, without what it is about.
    pub summary: &'a str,
    /// Where.
    pub place: &'a str,
    /// A few lines.
    pub note: &'a str,
    /// The customer's page.
    pub link: &'a str,
    /// The practice; the same in all objects of this UID.
    pub organizer: Party<'a>,
    /// The customer; not in a PUBLISH (RFC 5546 §3.2.1).
    pub attendee: Option<Party<'a>>,
    /// In which language it is written.
    pub language: Language,
}

/// Characters that mean something else in a mailto address (RFC 6068 §2).
const IN_MAILTO: &AsciiSet = &CONTROLS.add(b'%').add(b'/').add(b'?').add(b'#').add(b'&').add(b';').add(b'=').add(b'"').add(b'`').add(b'^');

impl Meeting<'_> {
    /// The whole object: CRLF, folded to 75 octets, without alarm and without zone.
    pub fn octets(&self) -> Result<Vec<u8>> {
        let product = format!("-//openslot//openslot//{}", self.language.tag().to_ascii_uppercase());
        let mut text = String::with_capacity(1024);
        text.push_str("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
        text.push_str(&line("PRODID", &[], &product)?);
        text.push_str(&line("CALSCALE", &[], "GREGORIAN")?);
        text.push_str(&line("METHOD", &[], self.method.word())?);
        text.push_str("BEGIN:VEVENT\r\n");
        self.event(&mut text)?;
        text.push_str("END:VEVENT\r\nEND:VCALENDAR\r\n");
        Ok(text.into_bytes())
    }

    fn event(&self, text: &mut String) -> Result<()> {
        let plain = [
            ("UID", self.uid.to_owned()),
            ("DTSTAMP", format_utc(self.stamp)),
            ("SEQUENCE", self.sequence.to_string()),
            ("DTSTART", format_utc(self.range.start_utc())),
            ("DTEND", format_utc(self.range.end_utc())),
            ("SUMMARY", escape_text(self.summary)),
            ("LOCATION", escape_text(self.place)),
            ("STATUS", self.status.word().to_owned()),
        ];
        for (name, value) in plain {
            text.push_str(&line(name, &[], &value)?);
        }
        text.push_str(&party("ORGANIZER", self.organizer, &[])?);
        if let Some(attendee) = self.attendee {
            // The customer chose the time; asked again, every calendar program would show a question.
            let said = [("ROLE", "REQ-PARTICIPANT"), ("PARTSTAT", "ACCEPTED"), ("RSVP", "FALSE")];
            text.push_str(&party("ATTENDEE", attendee, &said)?);
        }
        text.push_str(&line("DESCRIPTION", &[], &escape_text(self.note))?);
        text.push_str(&line("URL", &[], self.link)?);
        Ok(())
    }
}

fn party(name: &str, party: Party<'_>, more: &[(&str, &str)]) -> Result<String> {
    let common_name = [("CN", party.name)];
    let common_name = if party.name.is_empty() { &[] } else { common_name.as_slice() };
    line(name, &[common_name, more].concat(), &format!("mailto:{}", utf8_percent_encode(party.address, IN_MAILTO)))
}

//! A calendar object: its octets as they were sent, and the tree of components in them.
//!
//! Not for: what times mean (`zone`), when something happens (`recurrence`). The octets are the truth; the tree points into
//! them, and whoever changes an object changes whole lines ([`Editor`]). RFC 5545 §3.1, §3.2, §3.4, §3.6; RFC 6868; RFC 4791 §4.1.

mod check;
mod edit;
mod scan;
mod split;
mod write;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use bytes::Bytes;

pub use check::{Kept, MAX_UID_LEN};
pub use edit::Editor;
pub use scan::{Limits, MAX_COMPONENTS, MAX_DEPTH, MAX_HEAD, MAX_NAME, MAX_PROPERTIES, readable, tree};
pub(in crate::ical) use split::collect_tzids;
pub use split::{MAX_IMPORT_COMPONENTS, MAX_IMPORT_PROPERTIES, MAX_IMPORT_SIZE, split};
pub(crate) use write::content_line;
pub use write::{cut_text, escape_text, line, unescape_text};

use crate::error::{Error, Precondition, Result};
use crate::ical::zone::{Zone, zones_sent};

/// The largest object that is taken, in octets (CALDAV:max-resource-size).
pub const MAX_OBJECT_SIZE: usize = 1024 * 1024;

/// How many octets an appointment's event may have beyond [`MAX_OBJECT_SIZE`], for what we write into it ourselves: whoever fills it with an
/// attachment does not keep others from confirming it or calling it off. Room for a line of its history at each change, and for two lines in
/// each exception of a series that is called off.
pub const OWN_SIZE: usize = 128 * 1024;

/// The largest object that is kept and read again, in octets.
pub const MAX_KEPT_SIZE: usize = MAX_OBJECT_SIZE + OWN_SIZE;

/// Refuses what somebody sends that is larger than what is taken, and than what stands there in its place: whoever sends back what they read
/// has made nothing larger. In octets; `stored` is 0 where nothing stands there.
pub fn fits(sent: usize, stored: usize) -> Result<()> {
    if sent <= MAX_OBJECT_SIZE.max(stored) {
        return Ok(());
    }
    Err(Error::Refused(Precondition::MaxResourceSize, format!("An object may have {MAX_OBJECT_SIZE} octets.")))
}

/// An iCalendar object: octets and tree. Two are equal where their octets are.
#[derive(Debug, Clone)]
pub struct CalendarObject {
    octets: Bytes,
    root: Node,
    /// Zones that only this object's VTIMEZONEs define, by TZID in lower case; read when first asked for, for a date may ask thousands
    /// of times.
    zones: OnceLock<HashMap<String, Zone>>,
}

impl PartialEq for CalendarObject {
    fn eq(&self, other: &CalendarObject) -> bool {
        self.octets == other.octets
    }
}

impl Eq for CalendarObject {}

/// A component. Positions are octets in the object it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// `VEVENT`; upper case whatever was sent.
    pub name: String,
    /// Its own properties in the order sent, without BEGIN and END.
    pub properties: Vec<Property>,
    /// The components in it, in the order sent.
    pub children: Vec<Node>,
    /// The line of its BEGIN, counted from 1.
    pub line: usize,
    /// From the first octet of its BEGIN line to the last of its END line.
    pub span: Range<usize>,
    /// Where its END line begins.
    pub(crate) end_at: usize,
}

/// A content line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// `DTSTART`; upper case whatever was sent.
    pub name: String,
    /// Its parameters in the order sent.
    pub params: Vec<Param>,
    /// The value, unfolded and otherwise as sent.
    pub value: String,
    /// The line on which it begins, counted from 1.
    pub line: usize,
    /// Its octets with all folds and the line's end.
    pub span: Range<usize>,
}

/// A parameter of a content line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Param {
    /// `TZID`; upper case whatever was sent.
    pub name: String,
    /// Its values without quotes, RFC 6868 decoded. Empty where there was no `=`.
    pub values: Vec<String>,
}

impl Property {
    /// The first value of a parameter; the name is compared without regard to case.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|p| p.name.eq_ignore_ascii_case(name))?.values.first().map(String::as_str)
    }

    /// The line with another value: name and parameters stay as they were sent. `octets` are those that the property was read from.
    pub(crate) fn with_value(&self, octets: &[u8], value: &str) -> String {
        let mut content = scan::unfolded(octets.get(self.span.clone()).unwrap_or_default());
        content.truncate(content.len().saturating_sub(self.value.len()));
        content.push_str(value);
        write::fold(&content)
    }

    /// The line without one of its parameters and with another value. Errors as [`line()`].
    pub(crate) fn without_param(&self, param: &str, value: &str) -> Result<String> {
        let left = self.params.iter().filter(|one| !one.name.eq_ignore_ascii_case(param));
        write::content_line(&self.name, left.map(|one| (one.name.as_str(), one.values.as_slice())), value)
    }

    /// The value as TEXT, unescaped (RFC 5545 §3.3.11).
    pub fn text(&self) -> String {
        unescape_text(&self.value)
    }

    /// The values of a list of TEXT such as CATEGORIES, each unescaped.
    pub fn texts(&self) -> Vec<String> {
        write::cut_text(&self.value, ',').into_iter().map(unescape_text).collect()
    }
}

impl Node {
    /// The first property of this name; the name is compared without regard to case.
    pub fn first(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|p| p.name.eq_ignore_ascii_case(name))
    }

    /// All properties of this name in the order sent.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Property> {
        self.properties.iter().filter(move |p| p.name.eq_ignore_ascii_case(name))
    }

    /// The first property's value as TEXT, if there is one.
    pub fn text(&self, name: &str) -> Option<String> {
        self.first(name).map(Property::text)
    }
}

impl CalendarObject {
    /// Reads an object as it may be kept, of at most [`MAX_KEPT_SIZE`] octets, that holds exactly one VCALENDAR.
    ///
    /// Refused with [`Precondition::ValidCalendarData`] and a sentence that names the line, or, where it is too large, with
    /// [`Precondition::MaxResourceSize`]. Whether a collection may keep it is another question: [`CalendarObject::check`], [`fits`].
    pub fn parse(octets: Bytes) -> Result<CalendarObject> {
        CalendarObject::parse_within(octets, &scan::KEPT)
    }

    /// Reads an object that somebody sends, as [`CalendarObject::parse`] does. Up to [`MAX_OBJECT_SIZE`] octets the room for our own lines is
    /// not theirs; what is larger can only be what they were sent by us, which [`fits`] decides.
    pub fn parse_sent(octets: Bytes) -> Result<CalendarObject> {
        let limits = if octets.len() <= MAX_OBJECT_SIZE { &scan::SENT } else { &scan::KEPT };
        CalendarObject::parse_within(octets, limits)
    }

    /// Reads what we have written ourselves out of an object, which may be larger than what is taken: the limits are those of a file.
    pub fn parse_written(octets: Bytes) -> Result<CalendarObject> {
        CalendarObject::parse_within(octets, &split::IMPORT)
    }

    fn parse_within(octets: Bytes, limits: &scan::Limits) -> Result<CalendarObject> {
        let mut roots = scan::tree(&octets, limits)?;
        let root = roots.pop().ok_or_else(|| refused("there is no VCALENDAR in it"))?;
        if let Some(first) = roots.first() {
            return Err(refused(&format!("line {}, {}: one object holds one VCALENDAR", root.line.max(first.line), root.name)));
        }
        if root.name != "VCALENDAR" {
            return Err(refused(&format!("line {}, {}: an object begins with VCALENDAR", root.line, root.name)));
        }
        Ok(CalendarObject { octets, root, zones: OnceLock::new() })
    }

    /// The octets as they were sent.
    pub fn octets(&self) -> &Bytes {
        &self.octets
    }

    /// The zone that a VTIMEZONE of this object defines, where its TZID says nothing to anybody else.
    pub(crate) fn zone_sent(&self, tzid: &str) -> Option<Zone> {
        self.zones.get_or_init(|| zones_sent(&self.root)).get(&tzid.to_ascii_lowercase()).cloned()
    }

    /// The VCALENDAR.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// Its components other than VTIMEZONE, in the order sent.
    pub fn components(&self) -> impl Iterator<Item = &Node> {
        self.root.children.iter().filter(|node| node.name != "VTIMEZONE")
    }

    /// The first component without RECURRENCE-ID: the event itself, or what defines a series.
    pub fn master(&self) -> Option<&Node> {
        self.components().find(|node| node.first("RECURRENCE-ID").is_none())
    }

    /// The components with RECURRENCE-ID, in the order sent.
    pub fn overrides(&self) -> impl Iterator<Item = &Node> {
        self.components().filter(|node| node.first("RECURRENCE-ID").is_some())
    }

    /// The component that a list shows: the master, or the first override where there is none.
    pub fn shown(&self) -> Option<&Node> {
        self.master().or_else(|| self.components().next())
    }

    /// The UID, if the first component has one.
    pub fn uid(&self) -> Option<String> {
        self.components().next()?.first("UID").map(|p| p.value.trim().to_owned())
    }
}

/// A refusal of what was sent as no calendar at all.
pub(crate) fn refused(why: &str) -> Error {
    Error::Refused(Precondition::ValidCalendarData, why.to_owned())
}

/// A refusal that names the line, the property and its component.
pub(crate) fn invalid(property: &Property, component: &str, why: &str) -> Error {
    refused(&format!("line {}, {} in {}: {}", property.line, property.name, component, why))
}

#[cfg(test)]
mod tests;

//! Properties as an answer without VTIMEZONEs may hold them: times of a zone in UTC, without the TZID.
//!
//! Not for: DTSTART, DTEND and what else an instance has of its own (`super`). RFC 4791 §9.6.5: "date and local time with reference to time zone
//! information MUST be converted". That is done wherever a TZID stands, in components within components and in properties that we don't know, too.
//! A value that is no time, or whose zone nobody knows, stays as it was sent.

use super::copy;
use crate::ical::object::{CalendarObject, Node, Property};
use crate::ical::time::{Moment, Span, format_utc, instant};
use crate::ical::zone::{self, Zone};

/// Writes a whole component, with what is in it.
pub(super) fn component(node: &Node, object: &CalendarObject, default: &Zone, out: &mut Vec<u8>) {
    if !refers(node) {
        out.extend_from_slice(object.octets().get(node.span.clone()).unwrap_or_default());
        return;
    }
    out.extend_from_slice(format!("BEGIN:{}\r\n", node.name).as_bytes());
    for one in &node.properties {
        property(one, object, default, out);
    }
    for child in &node.children {
        component(child, object, default, out);
    }
    out.extend_from_slice(format!("END:{}\r\n", node.name).as_bytes());
}

fn refers(node: &Node) -> bool {
    node.properties.iter().any(|property| property.param("TZID").is_some()) || node.children.iter().any(refers)
}

/// Writes a property.
pub(super) fn property(property: &Property, object: &CalendarObject, default: &Zone, out: &mut Vec<u8>) {
    let in_utc = || property.without_param("TZID", &value(property, object, default)?).ok();
    match property.param("TZID").and_then(|_| in_utc()) {
        Some(text) => out.extend_from_slice(text.as_bytes()),
        None => copy(object.octets(), property, out),
    }
}

/// Its times and periods, each in UTC; `None` where one can't be read.
fn value(property: &Property, object: &CalendarObject, default: &Zone) -> Option<String> {
    let tzid = property.param("TZID");
    let time = |text: &str| match Moment::parse(text, tzid)? {
        Moment::Date(_) => Some(text.to_owned()),
        moment => zone::resolve(&moment, object, default).map(|at| format_utc(instant(at))),
    };
    let one = |text: &str| match text.split_once('/') {
        Some((start, length)) if Span::parse(length).is_some() => Some(format!("{}/{length}", time(start)?)),
        Some((start, end)) => Some(format!("{}/{}", time(start)?, time(end)?)),
        None => time(text),
    };
    Some(property.value.split(',').map(one).collect::<Option<Vec<String>>>()?.join(","))
}

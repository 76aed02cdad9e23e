//! What a VAVAILABILITY must be.
//!
//! Not for: what it means. Lenient about DTSTAMP, as with events. RFC 7953 §3.1, §3.2.

use std::collections::HashSet;

use crate::error::Result;
use crate::ical::object::{CalendarObject, Node, invalid, refused};
use crate::ical::recurrence::{MAX_RULES, Rule};
use crate::ical::time::{Moment, Seconds, Span};
use crate::ical::zone::{self, Zone};

/// How many AVAILABLE components one VAVAILABILITY may have.
pub const MAX_AVAILABLE: usize = 200;

/// Checks each VAVAILABILITY of an object: once at most what may be there once, times in UTC or with a zone, an end once and behind its start,
/// PRIORITY from 0 to 9, and the same of each AVAILABLE, which must have a start. Other components are not looked at.
///
/// [`crate::error::Precondition::ValidCalendarData`] with the line.
pub fn check(object: &CalendarObject) -> Result<()> {
    object.components().filter(|node| node.name == "VAVAILABILITY").try_for_each(|node| block(node, object))
}

fn block(node: &Node, object: &CalendarObject) -> Result<()> {
    once(node, &["UID", "DTSTART", "DTEND", "DURATION", "PRIORITY", "BUSYTYPE"])?;
    uid(node)?;
    let start = times(node, object)?;
    if let Some(property) = node.first("DURATION").filter(|_| start.is_none()) {
        return Err(invalid(property, &node.name, "there is no DTSTART"));
    }
    if let Some(property) = node.first("PRIORITY") {
        let value: Option<u8> = property.value.trim().parse().ok();
        value.filter(|value| *value <= 9).ok_or_else(|| invalid(property, &node.name, "it is a number from 0 to 9"))?;
    }
    let available: Vec<&Node> = node.children.iter().filter(|child| child.name == "AVAILABLE").collect();
    if let Some(more) = available.get(MAX_AVAILABLE) {
        return Err(refused(&format!("line {}, AVAILABLE: there are more than {MAX_AVAILABLE}", more.line)));
    }
    let mut seen = HashSet::new();
    for child in available {
        let id = self::available(child, object)?;
        if !seen.insert((child.first("UID").map(|uid| uid.value.trim()), id)) {
            return Err(refused(&format!("line {}, AVAILABLE: another has the same UID and RECURRENCE-ID", child.line)));
        }
    }
    Ok(())
}

/// Checks an AVAILABLE and answers the instant of its RECURRENCE-ID.
fn available(node: &Node, object: &CalendarObject) -> Result<Option<Seconds>> {
    once(node, &["UID", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID"])?;
    uid(node)?;
    if times(node, object)?.is_none() {
        return Err(refused(&format!("line {}, DTSTART in AVAILABLE: it is missing", node.line)));
    }
    if let Some(property) = node.all("RRULE").nth(MAX_RULES) {
        return Err(invalid(property, &node.name, "there are too many"));
    }
    for property in node.all("RRULE") {
        Rule::parse(&property.value).map_err(|why| invalid(property, &node.name, &why))?;
    }
    instant(node, "RECURRENCE-ID", object)
}

fn once(node: &Node, names: &[&str]) -> Result<()> {
    match names.iter().find_map(|name| node.all(name).nth(1)) {
        Some(second) => Err(invalid(second, &node.name, "there are several")),
        None => Ok(()),
    }
}

fn uid(node: &Node) -> Result<()> {
    let missing = || refused(&format!("line {}, UID in {}: it is missing", node.line, node.name));
    node.first("UID").filter(|uid| !uid.value.trim().is_empty()).map(|_| ()).ok_or_else(missing)
}

/// Checks start, end and length; answers the start.
fn times(node: &Node, object: &CalendarObject) -> Result<Option<Seconds>> {
    let start = instant(node, "DTSTART", object)?;
    let end = instant(node, "DTEND", object)?;
    if let (Some(property), Some(start), Some(end)) = (node.first("DTEND"), start, end)
        && end <= start
    {
        return Err(invalid(property, &node.name, "it does not lie after DTSTART"));
    }
    if let Some(property) = node.first("DURATION") {
        if end.is_some() {
            return Err(invalid(property, &node.name, "there is a DTEND too"));
        }
        let span = Span::parse(&property.value).ok_or_else(|| invalid(property, &node.name, "it can't be read"))?;
        if span.days < 0 || span.seconds < 0 {
            return Err(invalid(property, &node.name, "it is negative"));
        }
    }
    Ok(start)
}

/// The instant of a property, which must be in UTC or have a zone.
fn instant(node: &Node, name: &str, object: &CalendarObject) -> Result<Option<Seconds>> {
    let Some(property) = node.first(name) else { return Ok(None) };
    let moment = Moment::parse(&property.value, property.param("TZID")).ok_or_else(|| invalid(property, &node.name, "it can't be read"))?;
    if matches!(moment, Moment::Date(_) | Moment::Floating(_)) {
        return Err(invalid(property, &node.name, "it must be in UTC or have a time zone"));
    }
    let unknown = || invalid(property, &node.name, "its TZID is no zone, and there is no VTIMEZONE for it");
    zone::resolve(&moment, object, &Zone::UTC).map(Some).ok_or_else(unknown)
}

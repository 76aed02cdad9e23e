//! A VAVAILABILITY as the events of an opening-hours calendar.
//!
//! Not for: putting them there (`app::hours`). RFC 7953 §3.1, §7.2.4.

use std::collections::BTreeSet;

use bytes::Bytes;
use chrono::NaiveDate;

use crate::appointment::hours::{closes, holiday_on, spoken};
use crate::appointment::practice::{Language, Location};
use crate::appointment::words;
use crate::error::{Error, Precondition, Result};
use crate::ical::availability::check;
use crate::ical::object::{CalendarObject, Node, Property, escape_text, line};
use crate::ical::time::Moment;
use crate::ical::zone::{Zone, resolve};

/// The events of a VAVAILABILITY, each with its UID: what a calendar must hold to say the same. EXDATEs on holidays are not taken over, for
/// holidays close by themselves.
///
/// [`Precondition::ValidCalendarData`] where it is not one VAVAILABILITY, or one that is bounded: events have nothing for that.
pub fn events(value: &CalendarObject, location: &Location, zone: &Zone, language: Language) -> Result<Vec<(String, Bytes)>> {
    check(value)?;
    let refused = |sentence: &str| Error::Refused(Precondition::ValidCalendarData, sentence.to_owned());
    let mut components = value.components();
    let block = components.next().filter(|node| node.name == "VAVAILABILITY" && components.next().is_none());
    let block = block.ok_or_else(|| refused("One VAVAILABILITY is expected, and nothing else."))?;
    if let Some(bound) = ["DTSTART", "DTEND", "DURATION"].iter().find_map(|name| block.first(name)) {
        return Err(refused(&format!("line {}: opening hours have no bounds; give their series an UNTIL", bound.line)));
    }
    let available: Vec<&Node> = block.children.iter().filter(|node| node.name == "AVAILABLE").collect();
    let uid = |node: &Node| node.first("UID").map_or("", |uid| uid.value.trim()).to_owned();
    let mut uids: Vec<String> = available.iter().map(|node| uid(node)).collect();
    let mut seen = BTreeSet::new();
    uids.retain(|uid| seen.insert(uid.clone()));
    uids.into_iter()
        .map(|wanted| {
            let group = available.iter().copied().filter(|node| uid(node) == wanted);
            let octets = event(value, group, location, zone, language)?;
            Ok((wanted, octets))
        })
        .collect()
}

fn event<'a>(
    value: &CalendarObject,
    group: impl Iterator<Item = &'a Node>,
    location: &Location,
    zone: &Zone,
    language: Language,
) -> Result<Bytes> {
    let mut body = String::new();
    for node in group {
        // What is sent as available opens, whatever it is called.
        let shut = closes(&spoken(node));
        body.push_str("BEGIN:VEVENT\r\n");
        for property in &node.properties {
            let raw = || property.with_value(value.octets(), &property.value);
            match property.name.as_str() {
                "EXDATE" => body.push_str(&without_closed(property, value, location, zone)),
                "SUMMARY" if shut => {}
                _ => body.push_str(&raw()),
            }
        }
        let opened = words::opened(language);
        match node.text("SUMMARY") {
            None => body.push_str(&line("SUMMARY", &[], &escape_text(opened))?),
            Some(title) if shut => body.push_str(&line("SUMMARY", &[], &escape_text(&format!("{opened}: {title}")))?),
            Some(_) => {}
        }
        body.push_str("TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n");
    }
    let mut text = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//openslot//openslot//EN\r\n");
    for sent in value.root().children.iter().filter(|node| node.name == "VTIMEZONE") {
        let name = sent.text("TZID").unwrap_or_default();
        if body.contains(&format!("TZID={name}")) || body.contains(&format!("TZID=\"{name}\"")) {
            text.push_str(std::str::from_utf8(value.octets().get(sent.span.clone()).unwrap_or_default()).unwrap_or_default());
        }
    }
    text.push_str(&body);
    text.push_str("END:VCALENDAR\r\n");
    Ok(Bytes::from(text))
}

/// An EXDATE without its days that are holidays; nothing where none is left.
fn without_closed(property: &Property, value: &CalendarObject, location: &Location, zone: &Zone) -> String {
    let day = |text: &str| -> Option<NaiveDate> {
        let moment = Moment::parse(text, property.param("TZID"))?;
        Some(zone.utc_to_local(resolve(&moment, value, zone)?).date())
    };
    let open = |text: &&str| day(text).is_none_or(|date| holiday_on(location, date).is_none());
    let left: Vec<&str> = property.value.split(',').filter(open).collect();
    if left.is_empty() { String::new() } else { property.with_value(value.octets(), &left.join(",")) }
}

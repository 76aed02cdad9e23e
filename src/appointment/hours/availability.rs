//! Opening hours as one VAVAILABILITY, and back (`events`): its AVAILABLE components are the events of the calendar, lines as they stand.
//!
//! What an event cannot say there becomes an EXDATE: a cancelled occurrence, and for the time that is told the holidays that close a series.
//! AVAILABLE knows neither dates nor times without a zone, so that these are written in the location's zone. RFC 7953 §3.1, §7.2.4.

mod events;

use std::collections::BTreeSet;

pub use events::events;

use super::super::practice::Location;
use super::sheet::{Lines, Words};
use super::{Origin, without_holidays};
use crate::error::Result;
use crate::ical::availability::MAX_AVAILABLE;
use crate::ical::component::Status;
use crate::ical::object::{CalendarObject, Node, Property, escape_text, line};
use crate::ical::recurrence::{Occurrence, is_of_future, occurrences, occurs, standing};
use crate::ical::time::{Moment, Seconds, TimeRange, format_local, format_utc, instant};
use crate::ical::zone::{Zone, resolve};

/// The properties of an event that AVAILABLE has too, beside those that begin with X-.
const KEPT: [&str; 18] = [
    "UID",
    "DTSTAMP",
    "DTSTART",
    "DTEND",
    "DURATION",
    "CREATED",
    "DESCRIPTION",
    "LAST-MODIFIED",
    "LOCATION",
    "RECURRENCE-ID",
    "RRULE",
    "EXRULE",
    "SUMMARY",
    "CATEGORIES",
    "COMMENT",
    "CONTACT",
    "EXDATE",
    "RDATE",
];

/// Those among them whose values are times.
const TIMES: [&str; 5] = ["DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"];

/// How far VTIMEZONEs must hold that no event brought: ten years.
const ZONE_RANGE: Seconds = 10 * 366 * 86_400;

/// What a VAVAILABILITY is made for.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// Its UID: the name of the hours calendar.
    pub uid: &'a str,
    /// The location whose holidays close.
    pub location: &'a Location,
    /// Its zone.
    pub zone: &'a Zone,
    /// When the calendar was last changed, in seconds: its DTSTAMP.
    pub changed: Seconds,
    /// What ended before is left out; for holidays the time that is told.
    pub range: TimeRange,
}

/// The VAVAILABILITY of a calendar's events, in a VCALENDAR with the zones that it needs; `None` where they are more than
/// [`MAX_AVAILABLE`]. Errors as [`occurrences`].
pub fn compile(objects: &[CalendarObject], frame: Frame<'_>) -> Result<Option<String>> {
    let mut writer = Available { frame, zones: Vec::new(), zone_names: BTreeSet::new(), text: String::new(), count: 0 };
    for object in objects {
        writer.object(object)?;
    }
    if writer.count > MAX_AVAILABLE {
        return Ok(None);
    }
    let mut text = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//openslot//openslot//EN\r\n");
    writer.zones.iter().for_each(|zone| text.push_str(zone));
    text.push_str("BEGIN:VAVAILABILITY\r\n");
    text.push_str(&line("UID", &[], frame.uid)?);
    text.push_str(&line("DTSTAMP", &[], &format_utc(instant(frame.changed)))?);
    text.push_str("BUSYTYPE:BUSY-UNAVAILABLE\r\n");
    text.push_str(&writer.text);
    text.push_str("END:VAVAILABILITY\r\nEND:VCALENDAR\r\n");
    Ok(Some(text))
}

/// AVAILABLE components as they are written.
struct Available<'a> {
    frame: Frame<'a>,
    zones: Vec<String>,
    zone_names: BTreeSet<String>,
    text: String,
    count: usize,
}

impl Available<'_> {
    fn object(&mut self, object: &CalendarObject) -> Result<()> {
        let Frame { location, zone, range, .. } = self.frame;
        let lines = Lines::read(object, zone, &Words::default())?;
        let mut left_out: BTreeSet<Seconds> = BTreeSet::new();
        let mut parts: Vec<TimeRange> = Vec::new();
        let found = occurrences(object, range, zone)?;
        for occurrence in &found {
            let closed = occurrence.status == Status::Cancelled;
            let rest = if closed || lines.of(occurrence).1 == Origin::Wish {
                vec![occurrence.range]
            } else {
                without_holidays(occurrence.range, location, zone)
            };
            if closed || rest != [occurrence.range] {
                left_out.extend(occurrence.recurrence_id);
                parts.extend(rest.into_iter().filter(|_| !closed));
            }
        }
        for node in object.overrides().filter(|node| is_cancelled(node)) {
            left_out.extend(node.first("RECURRENCE-ID").and_then(|property| self.instant(property, object)));
        }
        let happens = |occurrence: &Occurrence| occurrence.status != Status::Cancelled;
        if !found.iter().any(happens) && !goes_on(object, range, zone)? {
            return Ok(());
        }
        for node in object.components().filter(|node| node.name == "VEVENT") {
            self.event(object, node, &left_out)?;
        }
        for (n, part) in parts.iter().enumerate() {
            self.part(object, n, *part)?;
        }
        Ok(())
    }

    /// Writes a component, unless it is an override of what does not happen.
    fn event(&mut self, object: &CalendarObject, node: &Node, left_out: &BTreeSet<Seconds>) -> Result<()> {
        let override_of = node.first("RECURRENCE-ID").and_then(|property| self.instant(property, object));
        let past = override_of.is_some_and(|id| id < self.frame.range.start) && !self.reaches(node, object);
        let following = node.first("RECURRENCE-ID").is_some_and(is_of_future);
        if is_cancelled(node) || past || (!following && override_of.is_some_and(|id| left_out.contains(&id))) {
            return Ok(());
        }
        self.count += 1;
        self.text.push_str("BEGIN:AVAILABLE\r\n");
        let dates = node.first("DTSTART").is_some_and(|start| start.value.trim().len() == 8);
        for property in node.properties.iter().filter(|p| KEPT.contains(&p.name.as_str()) || p.name.starts_with("X-")) {
            self.property(object, property)?;
        }
        if node.first("DTSTAMP").is_none() {
            self.text.push_str(&line("DTSTAMP", &[], &format_utc(instant(self.frame.changed)))?);
        }
        if dates && node.first("DTEND").or(node.first("DURATION")).is_none() {
            self.text.push_str("DURATION:P1D\r\n");
        }
        if override_of.is_none() && !left_out.is_empty() {
            self.left_out(node, dates, left_out)?;
        }
        self.text.push_str("END:AVAILABLE\r\n");
        Ok(())
    }

    /// Writes an EXDATE, in the zone of DTSTART where that is the location's.
    fn left_out(&mut self, master: &Node, dates: bool, left_out: &BTreeSet<Seconds>) -> Result<()> {
        let Frame { location, zone, .. } = self.frame;
        let tzid = master.first("DTSTART").and_then(|start| start.param("TZID"));
        if dates || tzid == Some(location.zone.as_str()) {
            let times: Vec<String> = left_out.iter().map(|id| format_local(zone.utc_to_local(*id))).collect();
            self.text.push_str(&line("EXDATE", &[("TZID", &location.zone)], &times.join(","))?);
        } else {
            let times: Vec<String> = left_out.iter().map(|id| format_utc(instant(*id))).collect();
            self.text.push_str(&line("EXDATE", &[], &times.join(","))?);
        }
        Ok(())
    }

    /// What is left of an opening of several days, one of which is a holiday.
    fn part(&mut self, object: &CalendarObject, n: usize, part: TimeRange) -> Result<()> {
        self.count += 1;
        let uid = format!("{}~{n}", object.uid().unwrap_or_default());
        self.text.push_str("BEGIN:AVAILABLE\r\n");
        self.text.push_str(&line("UID", &[], &uid)?);
        self.text.push_str(&line("DTSTAMP", &[], &format_utc(instant(self.frame.changed)))?);
        self.text.push_str(&line("DTSTART", &[], &format_utc(part.start_utc()))?);
        self.text.push_str(&line("DTEND", &[], &format_utc(part.end_utc()))?);
        if let Some(summary) = object.shown().and_then(|node| node.text("SUMMARY")) {
            self.text.push_str(&line("SUMMARY", &[], &escape_text(&summary))?);
        }
        self.text.push_str("END:AVAILABLE\r\n");
        Ok(())
    }

    fn property(&mut self, object: &CalendarObject, property: &Property) -> Result<()> {
        let tzid = property.param("TZID");
        let loose =
            TIMES.contains(&property.name.as_str()) && moments(property).any(|m| matches!(m, Moment::Date(_) | Moment::Floating(_)));
        let until = property.name == "RRULE" || property.name == "EXRULE";
        if loose {
            self.needs(object, &self.frame.location.zone.clone());
            let values: Vec<String> = property.value.split(',').map(|value| wall(value, tzid)).collect();
            let range = property.param("RANGE").map(|range| ("RANGE", range));
            let params: Vec<(&str, &str)> = std::iter::once(("TZID", self.frame.location.zone.as_str())).chain(range).collect();
            self.text.push_str(&line(&property.name, &params, &values.join(","))?);
            return Ok(());
        }
        if let Some(tzid) = tzid {
            self.needs(object, tzid);
        }
        let written = if until { with_utc_until(&property.value, self.frame.zone) } else { property.value.clone() };
        self.text.push_str(&property.with_value(object.octets(), &written));
        Ok(())
    }

    /// Writes the VTIMEZONE of a TZID, once.
    fn needs(&mut self, object: &CalendarObject, tzid: &str) {
        if !self.zone_names.insert(tzid.to_owned()) {
            return;
        }
        let sent = object.root().children.iter().find(|node| node.name == "VTIMEZONE" && node.text("TZID").as_deref() == Some(tzid));
        let sent = sent.and_then(|node| std::str::from_utf8(object.octets().get(node.span.clone())?).ok());
        let start = self.frame.range.start;
        let ours = || Zone::named(tzid).map(|zone| zone.vtimezone(tzid, TimeRange { start, end: start + ZONE_RANGE }));
        self.zones.extend(sent.map(str::to_owned).or_else(ours));
    }

    fn instant(&self, property: &Property, object: &CalendarObject) -> Option<Seconds> {
        let moment = Moment::parse(&property.value, property.param("TZID"))?;
        resolve(&moment, object, self.frame.zone)
    }

    /// Whether an override begins where something is told.
    fn reaches(&self, node: &Node, object: &CalendarObject) -> bool {
        let start = node.first("DTSTART").and_then(|property| self.instant(property, object));
        let following = node.first("RECURRENCE-ID").is_some_and(is_of_future);
        following || start.is_some_and(|start| start >= self.frame.range.start - 86_400)
    }
}

fn is_cancelled(node: &Node) -> bool {
    standing(node).0 == Status::Cancelled
}

/// Whether an object happens after a range.
fn goes_on(object: &CalendarObject, range: TimeRange, zone: &Zone) -> Result<bool> {
    occurs(object, TimeRange { start: range.end, end: TimeRange::MAX }, zone)
}

fn moments(property: &Property) -> impl Iterator<Item = Moment> + '_ {
    property.value.split([',', '/']).filter_map(|value| Moment::parse(value, property.param("TZID")))
}

/// Dates and times without a zone by the wall clock; of a date its midnight.
fn wall(value: &str, tzid: Option<&str>) -> String {
    let part = |part: &str| Moment::parse(part, tzid).map_or_else(|| part.to_owned(), |moment| format_local(moment.naive()));
    value.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// A rule whose UNTIL, where it is a date or has no zone, is in UTC: RFC 5545 §3.3.10 asks for it where DTSTART has a zone.
fn with_utc_until(rule: &str, zone: &Zone) -> String {
    let part = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let until = Moment::parse(value, None).filter(|_| name.trim().eq_ignore_ascii_case("UNTIL"));
        match until {
            Some(Moment::Date(date)) => {
                format!("{name}={}", format_utc(instant(zone.local_to_utc(date.and_hms_opt(23, 59, 59).unwrap_or_default()))))
            }
            Some(Moment::Floating(local)) => format!("{name}={}", format_utc(instant(zone.local_to_utc(local)))),
            _ => part.to_owned(),
        }
    };
    rule.split(';').map(part).collect::<Vec<_>>().join(";")
}

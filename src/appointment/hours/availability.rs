//! Opening hours as one VAVAILABILITY, and back (`events`): its AVAILABLE components are the events of the calendar, lines as they stand.
//!
//! What an event cannot say there becomes an EXDATE: a cancelled occurrence, and for the time that is told the holidays that close a series and
//! what somebody has closed by name.
//! AVAILABLE knows neither dates nor times without a zone, so that these are written in the location's zone. RFC 7953 §3.1, §7.2.4.

mod events;

use std::collections::{BTreeMap, BTreeSet};

pub use events::events;

use super::super::practice::Location;
use super::sheet::{Lines, Words};
use super::{Does, Origin, less, without_holidays};
use crate::error::Result;
use crate::ical::availability::MAX_AVAILABLE;
use crate::ical::component::Status;
use crate::ical::object::{CalendarObject, Node, Property, escape_text, line};
use crate::ical::recurrence::{Occurrence, Speakers, is_of_future, occurrences, occurs, standing};
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
    /// By which services are known: a title that is a service's name closes nothing.
    pub words: &'a Words,
}

/// The VAVAILABILITY of a calendar's events, in a VCALENDAR with the zones that it needs; `None` where they are more than
/// [`MAX_AVAILABLE`]. `closing`: events of another calendar, of which only what they close counts. Errors as [`occurrences`].
pub fn compile(objects: &[CalendarObject], closing: &[CalendarObject], frame: Frame<'_>) -> Result<Option<String>> {
    let mut closed = Vec::new();
    for object in objects.iter().chain(closing) {
        closed.extend(closed_by(object, frame)?);
    }
    let mut writer = Available { frame, closed, zones: Vec::new(), zone_names: BTreeSet::new(), text: String::new(), count: 0 };
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

/// Parts of openings that are told together: they last as long and are for the same. What was put there singly is told singly, for it opens on
/// holidays too.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    title: String,
    categories: Vec<String>,
    seconds: Seconds,
    wish: Option<Seconds>,
}

impl Part {
    fn of(node: Option<&Node>, range: TimeRange, wish: Option<Seconds>) -> Part {
        let title = node.and_then(|node| node.text("SUMMARY")).unwrap_or_default();
        let categories = node.into_iter().flat_map(|node| node.all("CATEGORIES")).flat_map(Property::texts).collect();
        Part { title, categories, seconds: range.seconds(), wish }
    }
}

/// Whether any of a calendar's events may open something.
pub fn any_opens(objects: &[CalendarObject], zone: &Zone, words: &Words) -> Result<bool> {
    for object in objects {
        if Lines::read(object, zone, words)?.may_open() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What an object closes in the time that is told.
fn closed_by(object: &CalendarObject, frame: Frame<'_>) -> Result<Vec<TimeRange>> {
    let lines = Lines::read(object, frame.zone, frame.words)?;
    let found = occurrences(object, frame.range, frame.zone)?;
    let closing = found.iter().filter(|one| one.status != Status::Cancelled && lines.of(one) == Does::Closes);
    Ok(closing.map(|one| one.range).collect())
}

/// AVAILABLE components as they are written.
struct Available<'a> {
    frame: Frame<'a>,
    closed: Vec<TimeRange>,
    zones: Vec<String>,
    zone_names: BTreeSet<String>,
    text: String,
    count: usize,
}

impl Available<'_> {
    fn object(&mut self, object: &CalendarObject) -> Result<()> {
        let Frame { location, zone, range, .. } = self.frame;
        let lines = Lines::read(object, zone, self.frame.words)?;
        let mut left_out: BTreeSet<Seconds> = BTreeSet::new();
        let mut parts: BTreeMap<Part, Vec<Seconds>> = BTreeMap::new();
        let found = occurrences(object, range, zone)?;
        let speakers = Speakers::read(object, zone)?;
        // Whether the event itself can be told as it stands.
        let mut tells = lines.opens();
        for occurrence in &found {
            let rest = match (occurrence.status, lines.of(occurrence)) {
                (Status::Cancelled, _) | (_, Does::Closes | Does::Nothing) => Vec::new(),
                (_, Does::Opens(_, Origin::Wish)) => less(vec![occurrence.range], &self.closed),
                (_, Does::Opens(_, Origin::Series)) => less(without_holidays(occurrence.range, location, zone), &self.closed),
            };
            if rest != [occurrence.range] || !lines.opens() {
                tells &= occurrence.recurrence_id.is_some();
                left_out.extend(occurrence.recurrence_id);
                for range in rest {
                    let wish = matches!(lines.of(occurrence), Does::Opens(_, Origin::Wish)).then_some(range.start);
                    parts.entry(Part::of(speakers.of(occurrence), range, wish)).or_default().push(range.start);
                }
            }
        }
        for node in object.overrides().filter(|node| is_cancelled(node)) {
            left_out.extend(node.first("RECURRENCE-ID").and_then(|property| self.instant(property, object)));
        }
        let happens = |occurrence: &Occurrence| occurrence.status != Status::Cancelled && matches!(lines.of(occurrence), Does::Opens(..));
        let told = found.iter().any(happens) || (lines.may_open() && goes_on(object, range, zone)?);
        if !told {
            return Ok(());
        }
        for node in object.components().filter(|node| tells && node.name == "VEVENT") {
            self.event(object, node, &left_out)?;
        }
        for (n, (part, starts)) in parts.iter().enumerate() {
            self.part(&format!("{}~{n}", object.uid().unwrap_or_default()), part, starts)?;
        }
        Ok(())
    }

    /// Writes a component, unless it is an override of what does not happen.
    fn event(&mut self, object: &CalendarObject, node: &Node, left_out: &BTreeSet<Seconds>) -> Result<()> {
        let override_of = node.first("RECURRENCE-ID").and_then(|property| self.instant(property, object));
        let past = override_of.is_some_and(|id| id < self.frame.range.start) && !self.reaches(node, object);
        let following = node.first("RECURRENCE-ID").is_some_and(is_of_future);
        if is_cancelled(node)
            || !self.frame.words.opens(node)
            || past
            || (!following && override_of.is_some_and(|id| left_out.contains(&id)))
        {
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

    /// What is left of openings after what closes.
    fn part(&mut self, uid: &str, part: &Part, starts: &[Seconds]) -> Result<()> {
        let Some((first, others)) = starts.split_first() else { return Ok(()) };
        self.count += 1;
        self.text.push_str("BEGIN:AVAILABLE\r\n");
        self.text.push_str(&line("UID", &[], uid)?);
        self.text.push_str(&line("DTSTAMP", &[], &format_utc(instant(self.frame.changed)))?);
        self.text.push_str(&line("DTSTART", &[], &format_utc(instant(*first)))?);
        self.text.push_str(&line("DTEND", &[], &format_utc(instant(first + part.seconds)))?);
        if !others.is_empty() {
            let others: Vec<String> = others.iter().map(|start| format_utc(instant(*start))).collect();
            self.text.push_str(&line("RDATE", &[], &others.join(","))?);
        }
        if !part.title.is_empty() {
            self.text.push_str(&line("SUMMARY", &[], &escape_text(&part.title))?);
        }
        if !part.categories.is_empty() {
            let categories: Vec<String> = part.categories.iter().map(|category| escape_text(category)).collect();
            self.text.push_str(&line("CATEGORIES", &[], &categories.join(","))?);
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

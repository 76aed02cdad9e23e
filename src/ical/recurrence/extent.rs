//! One component → when it begins and how long it lasts.
//!
//! Not for: how often (`series`). RFC 4791 §9.9; RFC 5545 §3.6.1, §3.8.2, §3.8.5.3 (DTEND is an exact length, DURATION a nominal one).

use chrono::{NaiveDateTime, NaiveTime};

use super::Occurrence;
use crate::error::Result;
use crate::ical::component::{Buffer, Component, MAX_BUFFER_MINUTES, Status, Transparency};
use crate::ical::object::{CalendarObject, Node, Property, invalid};
use crate::ical::time::{Moment, Seconds, Span, TimeRange};
use crate::ical::zone::{self, Zone};

/// How long an instance lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    /// Seconds, whatever the clocks do meanwhile.
    Exact(i64),
    /// Days by the wall clock, then seconds.
    Nominal(Span),
}

/// When a component with DTSTART happens, and what it means then.
#[derive(Debug, Clone)]
pub(super) struct Extent {
    pub start: Moment,
    pub zone: Zone,
    pub length: Length,
    /// A task with DURATION is met at its very end too.
    tail: i64,
    pub status: Status,
    pub transparency: Transparency,
    pub buffer: Buffer,
}

/// Reads a DATE or DATE-TIME property.
pub(super) fn moment(property: &Property, node: &Node) -> Result<Moment> {
    Moment::parse(&property.value, property.param("TZID")).ok_or_else(|| invalid(property, &node.name, "it can't be read"))
}

/// The instant of a property.
pub(super) fn instant(property: &Property, node: &Node, object: &CalendarObject, default: &Zone) -> Result<Seconds> {
    let unknown = || invalid(property, &node.name, "its TZID is no zone");
    zone::resolve(&moment(property, node)?, object, default).ok_or_else(unknown)
}

impl Extent {
    /// Reads a component; `None` where it has no DTSTART.
    pub(super) fn read(node: &Node, object: &CalendarObject, default: &Zone) -> Result<Option<Extent>> {
        let Some(property) = node.first("DTSTART") else { return Ok(None) };
        let start = moment(property, node)?;
        let unknown = || invalid(property, &node.name, "its TZID is no zone");
        let zone = zone::zone_of(&start, object, default).ok_or_else(unknown)?;
        let component = Component::from_name(&node.name);
        let end = match component {
            Some(Component::Todo) => node.first("DUE"),
            Some(Component::Journal) => None,
            _ => node.first("DTEND"),
        };
        let duration = node.first("DURATION").filter(|_| component != Some(Component::Journal));
        let mut tail = 0;
        let length = if let Some(end_property) = end {
            let end = moment(end_property, node)?;
            let days = (end.naive().date() - start.naive().date()).num_days();
            if start.is_date() && end.is_date() {
                // DTEND on the same day is how some write one day.
                Length::Nominal(Span { days: days.max(i64::from(component == Some(Component::Event))), seconds: 0 })
            } else {
                let exact = instant(end_property, node, object, default)? - zone.local_to_utc(start.naive());
                // A DTSTART in a gap is shifted past a DTEND in the hour after it; the wall clock says what was meant.
                let meant = if exact < 0 && start.precedes_by_clock(&end) { (end.naive() - start.naive()).num_seconds() } else { exact };
                Length::Exact(meant.max(0))
            }
        } else if let Some(duration) = duration {
            tail = i64::from(component == Some(Component::Todo));
            let span = Span::parse(&duration.value).ok_or_else(|| invalid(duration, &node.name, "it can't be read"))?;
            Length::Nominal(Span { days: span.days.max(0), seconds: span.seconds.max(0) })
        } else {
            Length::Nominal(Span { days: i64::from(start.is_date() && component != Some(Component::Todo)), seconds: 0 })
        };
        Ok(Some(Extent { start, zone, length, tail, status: status(node), transparency: transparency(node), buffer: buffer(node) }))
    }

    /// The occurrence that begins at a wall-clock time of this component's zone.
    pub(super) fn occurrence(&self, local: NaiveDateTime, length: Option<Length>, recurrence_id: Option<Seconds>) -> Occurrence {
        self.occurrence_in(&self.zone, local, length, recurrence_id)
    }

    /// The same by the wall clock of another zone.
    pub(super) fn occurrence_in(
        &self,
        zone: &Zone,
        local: NaiveDateTime,
        length: Option<Length>,
        recurrence_id: Option<Seconds>,
    ) -> Occurrence {
        let start = zone.local_to_utc(local);
        let end = match length.unwrap_or(self.length) {
            Length::Exact(seconds) => start.saturating_add(seconds),
            Length::Nominal(span) if span.days == 0 => start.saturating_add(span.seconds),
            Length::Nominal(span) => {
                let days = Span { days: span.days, seconds: 0 };
                days.after(local).map_or(TimeRange::MAX, |day| zone.local_to_utc(day)).saturating_add(span.seconds)
            }
        };
        // What lasts longer than iCalendar can write ends there.
        let range = TimeRange { start, end: end.max(start).saturating_add(self.tail).min(TimeRange::MAX) };
        Occurrence { range, recurrence_id, status: self.status, transparency: self.transparency, buffer: self.buffer }
    }

    /// No occurrence is longer, in seconds.
    pub(super) fn longest(&self) -> i64 {
        self.tail + longest(self.length)
    }
}

/// No instance of this length is longer, in seconds: a nominal day can have 25 hours, and with a zone's leap over the date line 48.
pub(super) fn longest(length: Length) -> i64 {
    match length {
        Length::Exact(seconds) => seconds,
        Length::Nominal(span) => span.days * 86_400 + span.seconds + if span.days > 0 { 86_400 } else { 0 },
    }
}

/// STATUS; what we don't know blocks like CONFIRMED (RFC 4791 §7.10).
pub(super) fn status(node: &Node) -> Status {
    match node.first("STATUS").map(|p| p.value.trim().to_ascii_uppercase()).as_deref() {
        Some("TENTATIVE") => Status::Tentative,
        Some("CANCELLED") => Status::Cancelled,
        _ => Status::Confirmed,
    }
}

/// TRANSP of an event; other components take nobody's time.
pub(super) fn transparency(node: &Node) -> Transparency {
    let transparent = node.first("TRANSP").is_some_and(|p| p.value.trim().eq_ignore_ascii_case("TRANSPARENT"));
    if transparent || node.name != "VEVENT" { Transparency::Transparent } else { Transparency::Opaque }
}

/// Preparation and follow-up of an event; what is no number of minutes, or too many, is none.
pub(super) fn buffer(node: &Node) -> Buffer {
    let minutes = |name: &str| {
        let value = node.first(name).and_then(|p| p.value.trim().parse::<u16>().ok());
        value.filter(|minutes| *minutes <= MAX_BUFFER_MINUTES).unwrap_or(0)
    };
    if node.name == "VEVENT" {
        Buffer { before: minutes("X-OPENSLOT-BEFORE"), after: minutes("X-OPENSLOT-AFTER") }
    } else {
        Buffer::default()
    }
}

/// A task without DTSTART: RFC 4791 §9.9's table, written as a range that a half-open test meets.
pub(super) fn task_without_start(node: &Node, object: &CalendarObject, default: &Zone) -> Result<Occurrence> {
    let at = |name: &str| node.first(name).map(|p| instant(p, node, object, default)).transpose();
    let range = match (at("DUE")?, at("COMPLETED")?, at("CREATED")?) {
        (Some(due), _, _) => TimeRange { start: due.saturating_sub(1), end: due },
        (None, Some(completed), Some(created)) => TimeRange { start: completed.min(created) - 1, end: completed.max(created) + 1 },
        (None, Some(completed), None) => TimeRange { start: completed - 1, end: completed + 1 },
        (None, None, Some(created)) => TimeRange { start: created, end: TimeRange::MAX },
        (None, None, None) => TimeRange { start: TimeRange::MIN, end: TimeRange::MAX },
    };
    Ok(Occurrence { range, recurrence_id: None, status: status(node), transparency: Transparency::Transparent, buffer: Buffer::default() })
}

/// A VFREEBUSY: the time it covers, which is nobody's busy time, and its periods.
pub(super) fn free_busy(node: &Node, object: &CalendarObject, default: &Zone) -> Result<Vec<Occurrence>> {
    let mut found = Vec::new();
    let at = |name: &str| node.first(name).map(|p| instant(p, node, object, default)).transpose();
    if let (Some(start), Some(end)) = (at("DTSTART")?, at("DTEND")?) {
        let range = TimeRange { start, end: end.max(start).saturating_add(1) };
        found.push(Occurrence {
            range,
            recurrence_id: None,
            status: Status::Confirmed,
            transparency: Transparency::Transparent,
            buffer: Buffer::default(),
        });
    }
    for property in node.all("FREEBUSY") {
        let kind = property.param("FBTYPE").unwrap_or("BUSY").to_ascii_uppercase();
        // What we don't know is busy (RFC 5545 §3.2.9).
        let status = match kind.as_str() {
            "BUSY-TENTATIVE" => Status::Tentative,
            "BUSY-UNAVAILABLE" => Status::Unavailable,
            _ => Status::Confirmed,
        };
        let transparency = if kind == "FREE" { Transparency::Transparent } else { Transparency::Opaque };
        for value in property.value.split(',').filter(|value| !value.trim().is_empty()) {
            let range = period_range(value, property, object, default).ok_or_else(|| invalid(property, &node.name, "it can't be read"))?;
            found.push(Occurrence { range, recurrence_id: None, status, transparency, buffer: Buffer::default() });
        }
    }
    Ok(found)
}

/// The time of a PERIOD of an object; `None` where it can't be read.
pub(super) fn period_range(value: &str, property: &Property, object: &CalendarObject, default: &Zone) -> Option<TimeRange> {
    let (start, length) = period(value, property)?;
    let start = zone::resolve(&start, object, default)?;
    let seconds = match length {
        PeriodEnd::After(span) => span.days * 86_400 + span.seconds,
        PeriodEnd::At(end) => zone::resolve(&end, object, default)? - start,
    };
    Some(TimeRange { start, end: start.saturating_add(seconds.max(0)) })
}

/// How a PERIOD ends (RFC 5545 §3.3.9).
pub(super) enum PeriodEnd {
    After(Span),
    At(Moment),
}

/// Reads `start/end` or `start/duration`.
pub(super) fn period(value: &str, property: &Property) -> Option<(Moment, PeriodEnd)> {
    let (start, end) = value.split_once('/')?;
    let tzid = property.param("TZID");
    let end = match Span::parse(end) {
        Some(span) => PeriodEnd::After(span),
        None => PeriodEnd::At(Moment::parse(end, tzid)?),
    };
    Some((Moment::parse(start, tzid)?, end))
}

/// A moment by the wall clock of a series that begins at `start` in `zone`; a date in a series with times means that day's instance.
pub(super) fn in_series(moment: &Moment, start: &Moment, zone: &Zone, object: &CalendarObject) -> Option<NaiveDateTime> {
    let local = match moment {
        Moment::Date(day) if !start.is_date() => day.and_time(start.naive().time()),
        Moment::Date(_) | Moment::Floating(_) => moment.naive(),
        Moment::Zoned { .. } if start.is_date() => moment.naive(),
        // As written, in a gap too: a series runs by the wall clock.
        Moment::Zoned { tzid, .. } if matches!(start, Moment::Zoned { tzid: of_series, .. } if tzid == of_series) => moment.naive(),
        Moment::Utc(_) | Moment::Zoned { .. } => zone.utc_to_local(zone::resolve(moment, object, zone)?),
    };
    Some(if start.is_date() { local.date().and_time(NaiveTime::MIN) } else { local })
}

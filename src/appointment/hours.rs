//! Opening hours are the events of a calendar: its occurrences, less public holidays → open periods.
//!
//! What is deleted closes, what is dragged opens elsewhere, and what is called so closes ("Urlaub": `closing`), whatever else opens. A day without
//! a time opens nothing. An event that is cancelled (STATUS) does not open; TRANSP says nothing here, for
//! programs make events of whole days transparent by themselves, and an opening takes nobody's time however it is marked. Times are by the
//! wall clock of each event. Not for: reading the calendar (`app::hours`). RFC 5545 §3.8.1.11, §3.8.2.7.

pub mod availability;
mod closing;
mod place;
mod seed;
mod sheet;

use chrono::{Days, NaiveDate, NaiveTime};

use super::practice::{Id, Location};
use crate::collection::Name;
use crate::ical::component::Status;
use crate::ical::recurrence::Occurrence;
use crate::ical::time::{Seconds, TimeRange};
use crate::ical::zone::Zone;

pub use closing::closes;
pub use place::Place;
pub use seed::{Soil, seeds};
pub use sheet::{Does, Lines, Origin, Sheet, Words, spoken};

/// How many days of one opening are looked at for holidays: longer ones than anybody may ask about.
pub const MAX_DAYS: usize = 1_200;

/// A time in which a resource may be booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// From when to when, UTC.
    pub range: TimeRange,
    /// For these services only; absent: for all.
    pub only: Option<Vec<Id>>,
}

/// The name of the holiday on which a location is closed, public or its own.
pub fn holiday_on(location: &Location, date: NaiveDate) -> Option<&str> {
    location.holidays.on(location.region.as_deref(), date)
}

/// A range widened to whole days, so that what is open does not depend on where a question begins.
pub fn whole_days(range: TimeRange, zone: &Zone) -> TimeRange {
    let midnight = |date: NaiveDate| zone.local_to_utc(date.and_time(NaiveTime::MIN));
    let date = |at: Seconds| zone.utc_to_local(at.clamp(TimeRange::MIN, TimeRange::MAX)).date();
    let after = date(range.end).checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
    TimeRange { start: midnight(date(range.start)), end: midnight(after) }
}

/// The open periods that an hours calendar's occurrences make, sorted; those for the same services that touch are one. `found` are all
/// occurrences of [`whole_days`] of a range, so that they are not clipped to it; `closed` is what closes in all their time ([`closings`]).
pub fn opened(found: &[(Name, Occurrence)], sheet: &Sheet, closed: &[TimeRange], location: &Location, zone: &Zone) -> Vec<Open> {
    let mut open: Vec<Open> = Vec::new();
    for (name, occurrence) in happening(found) {
        let Does::Opens(only, origin) = sheet.of(name, occurrence) else { continue };
        let ranges = match origin {
            Origin::Wish => vec![occurrence.range],
            Origin::Series => without_holidays(occurrence.range, location, zone),
        };
        open.extend(less(ranges, closed).into_iter().map(|range| Open { range, only: only.map(<[Id]>::to_vec) }));
    }
    joined(open)
}

/// What is open less what is closed, likewise sorted.
pub fn reopened(open: &[Open], closed: &[TimeRange]) -> Vec<Open> {
    let parts = |open: &Open| {
        let only = open.only.clone();
        less(vec![open.range], closed).into_iter().map(move |range| Open { range, only: only.clone() })
    };
    joined(open.iter().flat_map(parts).collect())
}

/// What an hours calendar's occurrences close.
pub fn closings(found: &[(Name, Occurrence)], sheet: &Sheet) -> Vec<TimeRange> {
    happening(found)
        .filter(|(name, occurrence)| sheet.of(name, occurrence) == Does::Closes)
        .map(|(_, occurrence)| occurrence.range)
        .collect()
}

fn happening(found: &[(Name, Occurrence)]) -> impl Iterator<Item = (&Name, &Occurrence)> {
    found.iter().filter(|(_, occurrence)| occurrence.status != Status::Cancelled).map(|(name, occurrence)| (name, occurrence))
}

/// From the first to the last of a range and of everything that touches it: in all of this what closes must be known, for a part that is left
/// begins where the closed time ends, and slots begin where it begins.
pub fn hull(range: TimeRange, all: impl Iterator<Item = TimeRange>) -> TimeRange {
    all.fold(range, |hull, one| TimeRange { start: hull.start.min(one.start), end: hull.end.max(one.end) })
}

/// Ranges less what is closed; none of them is empty.
fn less(mut ranges: Vec<TimeRange>, closed: &[TimeRange]) -> Vec<TimeRange> {
    for closed in closed.iter().filter(|closed| closed.start < closed.end) {
        let parts = ranges.iter().flat_map(|range| {
            let before = TimeRange { start: range.start, end: range.end.min(closed.start) };
            let after = TimeRange { start: range.start.max(closed.end), end: range.end };
            if closed.overlaps(*range) { vec![before, after] } else { vec![*range] }
        });
        ranges = parts.filter(|range| range.start < range.end).collect();
    }
    ranges.retain(|range| range.start < range.end);
    ranges
}

/// A range less the days on which the location is closed.
fn without_holidays(range: TimeRange, location: &Location, zone: &Zone) -> Vec<TimeRange> {
    let first = zone.utc_to_local(range.start).date();
    let days = first.iter_days().take(MAX_DAYS).map(|date| (date, whole_day(date, zone))).take_while(|(_, day)| day.start < range.end);
    let mut parts: Vec<TimeRange> = Vec::new();
    for (date, day) in days {
        let Some(part) = day.clip(range).filter(|_| holiday_on(location, date).is_none()) else { continue };
        match parts.last_mut().filter(|last| last.end == part.start) {
            Some(last) => last.end = part.end,
            None => parts.push(part),
        }
    }
    parts
}

fn whole_day(date: NaiveDate, zone: &Zone) -> TimeRange {
    let midnight = |date: NaiveDate| zone.local_to_utc(date.and_time(NaiveTime::MIN));
    TimeRange { start: midnight(date), end: midnight(date.succ_opt().unwrap_or(date)) }
}

fn joined(mut open: Vec<Open>) -> Vec<Open> {
    open.sort_by(|a, b| (&a.only, a.range).cmp(&(&b.only, b.range)));
    let mut joined: Vec<Open> = Vec::with_capacity(open.len());
    for next in open {
        match joined.last_mut().filter(|last| last.only == next.only && next.range.start <= last.range.end) {
            Some(last) => last.range.end = last.range.end.max(next.range.end),
            None => joined.push(next),
        }
    }
    joined.sort_by(|a, b| (a.range, &a.only).cmp(&(b.range, &b.only)));
    joined
}

/// The parts of a range in which nothing is open, sorted. `open` is sorted by start.
pub fn closed(open: &[Open], range: TimeRange) -> Vec<TimeRange> {
    let mut closed = Vec::new();
    let mut from = range.start;
    for open in open.iter().filter_map(|open| open.range.clip(range)) {
        if from < open.start {
            closed.push(TimeRange { start: from, end: open.start });
        }
        from = from.max(open.end);
    }
    if from < range.end {
        closed.push(TimeRange { start: from, end: range.end });
    }
    closed
}

#[cfg(test)]
mod tests;

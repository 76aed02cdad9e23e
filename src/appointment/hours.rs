//! Opening hours and public holidays → open periods.
//!
//! Hours are wall-clock time in the location's zone: they are laid out day by day and only then become UTC, so that 09:00 stays
//! 09:00 across the change of clocks.

use chrono::{Datelike, Days, NaiveDate, NaiveTime};

use super::practice::{Id, Location, Opening, Resource};
use crate::ical::time::TimeRange;
use crate::ical::zone::Zone;

/// A time in which a resource may be booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// From when to when, UTC.
    pub range: TimeRange,
    /// For these services only; absent: for all.
    pub only: Option<Vec<Id>>,
}

/// The times in which a resource may be booked, sorted, that touch a range. What lies after [`MAX_DAYS`] counts as closed.
pub fn open(location: &Location, resource: &Resource, zone: &Zone, range: TimeRange) -> Vec<Open> {
    let (first, last) = (zone.utc_to_local(range.start).date(), zone.utc_to_local(range.end).date());
    let days = first.iter_days().take_while(|date| *date <= last).take(MAX_DAYS);
    let ranges = days.flat_map(|date| openings(location, resource, date).iter().filter_map(move |opening| range_of(date, *opening, zone)));
    ranges.filter(|open| open.overlaps(range)).map(|range| Open { range, only: None }).collect()
}

/// The name of the holiday on which a location is closed, public or its own.
pub fn holiday_on(location: &Location, date: NaiveDate) -> Option<&str> {
    location.holidays.on(location.region.as_deref(), date)
}

/// The openings of a day, Monday's for a Monday; none on a public holiday.
pub fn openings<'a>(location: &'a Location, resource: &'a Resource, date: NaiveDate) -> &'a [Opening] {
    if holiday_on(location, date).is_some() {
        return &[];
    }
    let week = resource.hours.as_ref().unwrap_or(&location.hours);
    week.0.get(date.weekday().num_days_from_monday() as usize).map_or(&[], Vec::as_slice)
}

/// The most days of which closed times are worked out: longer ranges than anybody may ask about.
pub const MAX_DAYS: usize = 1_200;

/// The parts of a range in which a resource is not there, sorted: all but its openings. What lies after [`MAX_DAYS`] counts as closed.
pub fn closed(location: &Location, resource: &Resource, range: TimeRange) -> Vec<TimeRange> {
    let zone = Zone::named(&location.zone).unwrap_or(Zone::UTC);
    let mut closed = Vec::new();
    let mut from = range.start;
    for open in open(location, resource, &zone, range).into_iter().filter_map(|open| open.range.clip(range)) {
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

/// The instant of a minute of a day; minute 1440 is the next day's midnight.
pub fn instant_of(date: NaiveDate, minute: u32, zone: &Zone) -> Option<i64> {
    let day = date.checked_add_days(Days::new(u64::from(minute / 1440)))?;
    let time = NaiveTime::from_num_seconds_from_midnight_opt(minute % 1440 * 60, 0)?;
    Some(zone.local_to_utc(day.and_time(time)))
}

/// An opening on a day, UTC.
pub fn range_of(date: NaiveDate, opening: Opening, zone: &Zone) -> Option<TimeRange> {
    Some(TimeRange { start: instant_of(date, opening.from, zone)?, end: instant_of(date, opening.to, zone)? })
}

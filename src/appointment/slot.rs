//! open − busy − rules → slots, and for a time that can't be booked the reason.
//!
//! Not for: reading calendars (`store`), pages (`web`). Times are shown in the location's zone; ranges are UTC.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};

use super::hours;
use super::practice::{Id, Location, Resource};
use super::service::Service;
use crate::ical::freebusy::Busy;
use crate::ical::time::{Seconds, TimeRange};
use crate::ical::zone::Zone;

/// The longest horizon that is searched, in days, whatever a service says.
pub const MAX_HORIZON_DAYS: u32 = 3 * 366;

/// A start that could be booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// From when to when, UTC.
    pub range: TimeRange,
    /// The free resources, in the practice's order; never empty.
    pub resources: Vec<Id>,
}

/// Why a time can't be booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// Outside opening hours, or too close to their end.
    Hours,
    /// Sooner than the service's lead time, or past.
    Lead,
    /// Later than the service's horizon.
    Horizon,
    /// Every resource is busy.
    Busy,
}

/// One cell of the grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Can be booked.
    Free(Slot),
    /// Can't.
    Closed(Closed),
}

/// A column: a day with opening hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The day, in the location's zone.
    pub date: NaiveDate,
    /// One cell for each row.
    pub cells: Vec<Cell>,
}

/// What the booking page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// Wall-clock times, sorted.
    pub rows: Vec<NaiveTime>,
    /// Days with opening hours only; closed days and public holidays have no column.
    pub days: Vec<Day>,
    /// Where the page before begins, if it could show anything bookable.
    pub previous: Option<NaiveDate>,
    /// Where the next page begins, if it lies within the horizon.
    pub next: Option<NaiveDate>,
    /// For each month within the horizon, the first day to show.
    pub months: Vec<NaiveDate>,
    /// The first time that is free at all.
    pub first_free: Option<Slot>,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The branch.
    pub location: Id,
    /// The service.
    pub service: Id,
    /// One resource, or any.
    pub resource: Option<Id>,
    /// The first day to show; absent: the day of the first free time.
    pub from: Option<NaiveDate>,
    /// How many days at most.
    pub columns: usize,
    /// The present.
    pub now: DateTime<Utc>,
}

/// Everything that decides what is free: one branch, one service, the resources that may do it and when they are busy.
pub struct Scene<'a> {
    /// The branch.
    pub location: &'a Location,
    /// Its zone.
    pub zone: &'a Zone,
    /// The service.
    pub service: &'a Service,
    /// The resources that may do it, in the practice's order, each with its busy periods (sorted, disjoint) of [`window`].
    pub resources: Vec<(&'a Resource, Vec<Busy>)>,
    /// The present.
    pub now: DateTime<Utc>,
}

/// The range for which busy periods must be known: from the present to the end of the horizon.
pub fn window(service: &Service, zone: &Zone, now: DateTime<Utc>) -> TimeRange {
    let after_last = last_day(service, zone, now).checked_add_days(Days::new(2)).unwrap_or(NaiveDate::MAX);
    TimeRange { start: now.timestamp(), end: zone.local_to_utc(after_last.and_time(NaiveTime::MIN)) }
}

fn today(zone: &Zone, now: DateTime<Utc>) -> NaiveDate {
    zone.utc_to_local(now.timestamp()).date()
}

/// The last day that may be booked.
fn last_day(service: &Service, zone: &Zone, now: DateTime<Utc>) -> NaiveDate {
    let days = service.horizon_days.min(MAX_HORIZON_DAYS);
    today(zone, now).checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX)
}

impl Scene<'_> {
    fn duration(&self) -> i64 {
        i64::from(self.service.duration_minutes) * 60
    }

    fn today(&self) -> NaiveDate {
        today(self.zone, self.now)
    }

    fn last_day(&self) -> NaiveDate {
        last_day(self.service, self.zone, self.now)
    }

    /// The starts that opening hours allow on a day for one resource: wall-clock time and instant.
    fn starts<'s>(&'s self, resource: &'s Resource, date: NaiveDate) -> impl Iterator<Item = (NaiveTime, Seconds)> + 's {
        let step = self.service.step_minutes.max(1);
        hours::openings(self.location, resource, date).iter().flat_map(move |opening| {
            let end = hours::range_of(date, *opening, self.zone).map_or(i64::MIN, |range| range.end);
            (opening.from..opening.to).step_by(step as usize).filter_map(move |minute| {
                let time = NaiveTime::from_num_seconds_from_midnight_opt(minute % 1440 * 60, 0)?;
                let start = hours::instant_of(date, minute, self.zone)?;
                // A wall-clock time that the change of clocks skips does not exist and is not offered.
                let exists = self.zone.utc_to_local(start) == date.and_time(time);
                (exists && start + self.duration() <= end).then_some((time, start))
            })
        })
    }

    /// Why a start can't be booked whatever the calendars say.
    fn rule(&self, start: Seconds) -> Option<Closed> {
        if start < self.now.timestamp() + i64::from(self.service.lead_hours) * 3600 || start <= self.now.timestamp() {
            return Some(Closed::Lead);
        }
        (self.zone.utc_to_local(start).date() > self.last_day()).then_some(Closed::Horizon)
    }

    /// What a day holds, by wall-clock time: for each start that some resource's hours allow, whether it is free.
    fn day(&self, date: NaiveDate) -> Vec<(NaiveTime, Cell)> {
        let mut starts: Vec<(NaiveTime, Seconds, &Resource, &[Busy])> = Vec::new();
        for (resource, busy) in &self.resources {
            starts.extend(self.starts(resource, date).map(|(time, start)| (time, start, *resource, busy.as_slice())));
        }
        // A stable sort keeps the practice's order of resources within one start.
        starts.sort_by_key(|(time, start, _, _)| (*time, *start));
        let mut cells: Vec<(NaiveTime, Cell)> = Vec::new();
        for same in starts.chunk_by(|a, b| a.1 == b.1) {
            let Some((time, start, _, _)) = same.first() else { continue };
            let range = TimeRange { start: *start, end: start + self.duration() };
            let cell = match self.rule(*start) {
                Some(reason) => Cell::Closed(reason),
                None => {
                    let free: Vec<Id> =
                        same.iter().filter(|(_, _, _, busy)| !overlaps(busy, range)).map(|(_, _, r, _)| r.id.clone()).collect();
                    if free.is_empty() { Cell::Closed(Closed::Busy) } else { Cell::Free(Slot { range, resources: free }) }
                }
            };
            cells.push((*time, cell));
        }
        cells
    }

    fn opens(&self, date: NaiveDate) -> bool {
        self.resources.iter().any(|(resource, _)| !hours::openings(self.location, resource, date).is_empty())
    }

    /// Free slots from a day on, in order.
    fn free_from(&self, first: NaiveDate) -> impl Iterator<Item = Slot> + '_ {
        let last = self.last_day();
        first.iter_days().take_while(move |date| *date <= last).flat_map(|date| self.day(date)).filter_map(|(_, cell)| match cell {
            Cell::Free(slot) => Some(slot),
            Cell::Closed(_) => None,
        })
    }

    /// The grid of `columns` days from `from` on, or from the first free time on.
    pub fn grid(&self, from: Option<NaiveDate>, columns: usize) -> Grid {
        let (today, last) = (self.today(), self.last_day());
        let first_free = self.free_from(today).next();
        let first_day = first_free.as_ref().map_or(today, |slot| self.zone.utc_to_local(slot.range.start).date());
        let from = from.unwrap_or(first_day).clamp(today, last);
        let mut open = from.iter_days().take_while(|date| *date <= last).filter(|date| self.opens(*date));
        let shown: Vec<(NaiveDate, Vec<(NaiveTime, Cell)>)> = open.by_ref().take(columns).map(|date| (date, self.day(date))).collect();
        let next = open.next();
        let rows: BTreeSet<NaiveTime> = shown.iter().flat_map(|(_, cells)| cells.iter().map(|(time, _)| *time)).collect();
        let days = shown
            .into_iter()
            .map(|(date, cells)| {
                let cell = |row: &NaiveTime| {
                    cells.iter().find(|(time, _)| time == row).map_or(Cell::Closed(Closed::Hours), |(_, cell)| cell.clone())
                };
                Day { date, cells: rows.iter().map(cell).collect() }
            })
            .collect();
        Grid {
            rows: rows.into_iter().collect(),
            days,
            previous: self.previous(from, columns, first_day),
            next,
            months: months(first_day, last),
            first_free,
        }
    }

    /// Where the page before begins: as many open days back, but not before the first that has anything free.
    fn previous(&self, from: NaiveDate, columns: usize, first_day: NaiveDate) -> Option<NaiveDate> {
        let mut day = from;
        let mut found = None;
        let mut missing = columns;
        while missing > 0 && day > first_day {
            day = day.pred_opt()?;
            if self.opens(day) {
                found = Some(day);
                missing -= 1;
            }
        }
        found
    }

    /// The slot that starts at an instant, or why there is none.
    pub fn slot_at(&self, start: Seconds) -> Result<Slot, Closed> {
        let date = self.zone.utc_to_local(start).date();
        if date < self.today() {
            return Err(Closed::Lead);
        }
        let cell = self.day(date).into_iter().find_map(|(_, cell)| match &cell {
            Cell::Free(slot) if slot.range.start == start => Some(cell),
            _ => None,
        });
        match cell {
            Some(Cell::Free(slot)) => Ok(slot),
            _ => Err(self.why(date, start)),
        }
    }

    fn why(&self, date: NaiveDate, start: Seconds) -> Closed {
        let fits = self.resources.iter().any(|(resource, _)| self.starts(resource, date).any(|(_, at)| at == start));
        if fits { self.rule(start).unwrap_or(Closed::Busy) } else { Closed::Hours }
    }

    /// The free slots nearest to an instant, in order of time.
    pub fn nearest(&self, wanted: Seconds, count: usize) -> Vec<Slot> {
        let date = self.zone.utc_to_local(wanted).date().min(self.last_day());
        let near = date.checked_sub_days(Days::new(14)).unwrap_or(date).max(self.today());
        let mut slots = self.around(near, wanted, count);
        if slots.len() < count && near > self.today() {
            slots = self.around(self.today(), wanted, count);
        }
        slots.sort_by_key(|slot| slot.range.start.abs_diff(wanted));
        slots.truncate(count);
        slots.sort_by_key(|slot| slot.range.start);
        slots
    }
}

impl Scene<'_> {
    /// The free slots from a day on: all before an instant, after it as many as needed and no more.
    fn around(&self, first: NaiveDate, wanted: Seconds, count: usize) -> Vec<Slot> {
        let (mut slots, mut after) = (Vec::new(), 0);
        for slot in self.free_from(first) {
            after += usize::from(slot.range.start >= wanted);
            slots.push(slot);
            if after >= count {
                break;
            }
        }
        slots
    }
}

/// Whether any of the busy periods (sorted, disjoint) overlaps the range. Tentative ones block too: a request is somebody's hope.
fn overlaps(busy: &[Busy], range: TimeRange) -> bool {
    let from = busy.partition_point(|period| period.range.end <= range.start);
    busy.get(from).is_some_and(|period| period.range.overlaps(range))
}

/// For each month from the first day to the last, the first day of it that may be shown.
fn months(first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
    let mut found = vec![first];
    while let Some(next) = found.last().and_then(|day| day.with_day(1)).and_then(|day| day.checked_add_months(chrono::Months::new(1))) {
        if next > last {
            break;
        }
        found.push(next);
    }
    found
}

#[cfg(test)]
mod tests;

//! open − busy − rules → slots, and for a time that can't be booked the reason.
//!
//! Not for: reading calendars (`store`), pages (`web`). Times are shown in the location's zone; ranges are UTC.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::practice::Id;
use crate::ical::time::TimeRange;

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

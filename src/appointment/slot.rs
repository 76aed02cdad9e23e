//! open − busy − rules → slots, and for a time that can't be booked all the reasons.
//!
//! A slot is a start on the grid of one of the resources that customers choose among (those of the service's first need), at which
//! everything that the service needs is open until the end and free with preparation and follow-up, which need not lie in opening hours,
//! and at which no limit of the service is reached. Not for: reading calendars (`store`), pages (`web`). Times are shown in the location's
//! zone; ranges are UTC.

mod grid;
mod matching;
mod plan;
mod reason;
mod scene;
mod span;
mod standing;
mod taken;
mod week;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};

pub use plan::{Hours, Plan, Why, buffered, with_buffers};
pub use reason::{Obstacle, Reasons, Rule};
pub use scene::{Need, Scene};
pub use span::Span;
pub use standing::{AllStanding, Standing};
pub use taken::{Period, Taken, Taker, blocks};
pub use week::{WhyCell, WhyDay};

use super::practice::Id;
use super::service::Service;
use crate::ical::freebusy;
use crate::ical::time::TimeRange;
use crate::ical::zone::Zone;

/// The longest horizon that is searched, in days, whatever a service says.
pub const MAX_HORIZON_DAYS: u32 = 3 * 366;

/// A start that could be booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// From when to when, UTC.
    pub range: TimeRange,
    /// The resources that customers may choose among and that are free, with whatever else is needed, in the practice's order; never empty.
    pub resources: Vec<Id>,
}

/// Why a time can't be booked, in one word: what customers are told. Staff see all [`Reasons`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// Outside opening hours, or too close to their end.
    Hours,
    /// Sooner than the service's lead time, or past.
    Lead,
    /// Later than the service's horizon.
    Horizon,
    /// The service has as many appointments on this day, or in this week, as it may.
    Limit,
    /// What it needs is busy.
    Busy,
}

/// One cell of the grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Can be booked, from when to when, UTC.
    Free(TimeRange),
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

/// What must be read to know of some days, in UTC: as far before and after them as buffers reach and as slots run over midnight.
pub fn window(zone: &Zone, days: Span) -> TimeRange {
    let midnight = |date: NaiveDate| zone.local_to_utc(date.and_time(NaiveTime::MIN));
    let before = days.first.pred_opt().unwrap_or(NaiveDate::MIN);
    let after = days.last.checked_add_days(Days::new(2)).unwrap_or(NaiveDate::MAX);
    freebusy::around(TimeRange { start: midnight(before), end: midnight(after) })
}

fn today(zone: &Zone, now: DateTime<Utc>) -> NaiveDate {
    zone.utc_to_local(now.timestamp()).date()
}

/// The days on which a service may be booked, from today on.
pub fn horizon(service: &Service, zone: &Zone, now: DateTime<Utc>) -> Span {
    let days = service.horizon_days.min(MAX_HORIZON_DAYS);
    let first = today(zone, now);
    Span { first, last: first.checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX) }
}

#[cfg(test)]
mod tests;

//! What staff see: days with every time that the grid has, free ones and for each other all that stands against it.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime};

use super::grid::DayOf;
use super::reason::Reasons;
use super::{Scene, Slot};

/// A day, open or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhyDay {
    /// The day, in the location's zone.
    pub date: NaiveDate,
    /// The name of a public holiday.
    pub holiday: Option<String>,
    /// One cell for each time that any of the days shown has.
    pub cells: Vec<WhyCell>,
}

/// A time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhyCell {
    /// By the wall clock.
    pub time: NaiveTime,
    /// Whether it can be booked, and on what; else why not.
    pub answer: Result<Slot, Reasons>,
}

impl Scene<'_> {
    /// So many days from one on. A day on which nothing opens has the times of the others, each with its reasons.
    pub fn week(&self, from: NaiveDate, days: usize) -> Vec<WhyDay> {
        let dates: Vec<NaiveDate> = from.iter_days().take(days).collect();
        let open: Vec<_> = dates.iter().map(|date| self.day(*date)).collect();
        let rows: BTreeSet<NaiveTime> = open.iter().flat_map(|cells| cells.keys().copied()).collect();
        let answer = |date: NaiveDate, time: &NaiveTime, cells: &mut DayOf| {
            let free = cells.remove(time).and_then(|(range, verdict)| self.slot(range, verdict.ok()?));
            free.ok_or_else(|| self.reasons(self.zone.local_to_utc(date.and_time(*time))))
        };
        let day = |(date, mut cells): (NaiveDate, DayOf)| WhyDay {
            date,
            holiday: self.holidays.get(&date).cloned(),
            cells: rows.iter().map(|time| WhyCell { time: *time, answer: answer(date, time, &mut cells) }).collect(),
        };
        dates.into_iter().zip(open).map(day).collect()
    }
}

//! What the booking page shows: days, rows, the first free time, the nearest ones.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, NaiveTime};

use super::{Cell, Closed, Day, Grid, Scene, Slot};
use crate::ical::time::Seconds;

impl Scene<'_> {
    /// What a day holds, by wall-clock time: for each start that some lead's openings allow, whether it is free.
    pub(super) fn day(&self, date: NaiveDate) -> BTreeMap<NaiveTime, Cell> {
        let day = self.day_of(date);
        let mut starts: BTreeMap<Seconds, Vec<usize>> = BTreeMap::new();
        for lead in self.leads() {
            let Some(plan) = self.plans.get(*lead).filter(|plan| plan.opens(day)) else { continue };
            for start in plan.starts(self.service, self.zone, date, day) {
                starts.entry(start).or_default().push(*lead);
            }
        }
        let full = !starts.is_empty() && (self.day_is_full(date) || self.week_is_full(date));
        let cell = |(start, leads): (Seconds, Vec<usize>)| (self.zone.utc_to_local(start).time(), self.judge(start, &leads, full));
        starts.into_iter().map(cell).collect()
    }

    fn opens(&self, date: NaiveDate) -> bool {
        let day = self.day_of(date);
        self.leads().iter().filter_map(|lead| self.plans.get(*lead)).any(|plan| plan.opens(day))
    }

    /// Free slots from a day on, in order.
    fn free_from(&self, first: NaiveDate) -> impl Iterator<Item = Slot> + '_ {
        let last = self.last_day();
        first.iter_days().take_while(move |date| *date <= last).flat_map(|date| self.day(date)).filter_map(|(_, cell)| match cell {
            Cell::Free(slot) => Some(slot),
            Cell::Closed(_) => None,
        })
    }

    /// The first time that is free at all.
    pub fn first_free(&self) -> Option<Slot> {
        self.free_from(self.today()).next()
    }

    /// The grid of `columns` days from `from` on, or from the first free time on.
    pub fn grid(&self, from: Option<NaiveDate>, columns: usize) -> Grid {
        let (today, last) = (self.today(), self.last_day());
        let first_free = self.first_free();
        let first_day = first_free.as_ref().map_or(today, |slot| self.zone.utc_to_local(slot.range.start).date());
        let from = from.unwrap_or(first_day).clamp(today, last);
        let mut open = from.iter_days().take_while(|date| *date <= last).filter(|date| self.opens(*date));
        let shown: Vec<(NaiveDate, BTreeMap<NaiveTime, Cell>)> = open.by_ref().take(columns).map(|date| (date, self.day(date))).collect();
        let next = open.next();
        let rows: BTreeSet<NaiveTime> = shown.iter().flat_map(|(_, cells)| cells.keys().copied()).collect();
        let days = shown.into_iter().map(|(date, mut cells)| {
            let cell = |row: &NaiveTime| cells.remove(row).unwrap_or(Cell::Closed(Closed::Hours));
            Day { date, cells: rows.iter().map(cell).collect() }
        });
        let days = days.collect();
        let previous = self.previous(from, columns, first_day);
        Grid { rows: rows.into_iter().collect(), days, previous, next, months: months(first_day, last), first_free }
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
        let local = self.zone.utc_to_local(start);
        if local.date() < self.today() {
            return Err(Closed::Lead);
        }
        // The second of two equal wall-clock times is no slot.
        if self.zone.local_to_utc(local) != start {
            return Err(Closed::Hours);
        }
        match self.day(local.date()).remove(&local.time()) {
            Some(Cell::Free(slot)) => Ok(slot),
            Some(Cell::Closed(closed)) => Err(closed),
            None => Err(Closed::Hours),
        }
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

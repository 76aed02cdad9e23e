//! What the booking page shows: days, rows, the first free time, the nearest ones.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate, NaiveTime};

use super::plan::{Hours, Plan, Start, with_buffers};
use super::scene::{Leads, Verdict};
use super::{Cell, Closed, Day, Grid, Scene, Slot, Span};
use crate::ical::time::{Seconds, TimeRange};

/// What a day holds, by wall-clock time.
pub(super) type DayOf = BTreeMap<NaiveTime, (TimeRange, Verdict)>;

impl Scene<'_> {
    /// For each start of a day that some lead's openings allow, whether it is free.
    pub(super) fn day(&self, date: NaiveDate) -> DayOf {
        self.day_with(date, self.leads(), Leads::All)
    }

    /// The same as far as some of the leads go.
    fn day_with(&self, date: NaiveDate, leads: &[usize], told: Leads) -> DayOf {
        let starts = self.starts(date, leads);
        let beyond = date > self.horizon().last;
        let full = !starts.is_empty() && (self.day_is_full(date) || self.week_is_full(date));
        let cell = |(start, (time, leads)): (Seconds, (NaiveTime, Vec<usize>))| {
            let verdict = if beyond && !self.too_soon(start) { Err(Closed::Horizon) } else { self.judge(start, leads, full, told) };
            (time, (self.range(start), verdict))
        };
        starts.into_iter().map(cell).collect()
    }

    /// The starts that openings allow on a day, each with its time on the wall clock and the leads that have it. Leads with the same hours
    /// have the same starts.
    pub(super) fn starts(&self, date: NaiveDate, leads: &[usize]) -> BTreeMap<Seconds, (NaiveTime, Vec<usize>)> {
        let day = self.day_of(date);
        let mut known: BTreeMap<*const Hours, Vec<Start>> = BTreeMap::new();
        let mut starts: BTreeMap<Seconds, (NaiveTime, Vec<usize>)> = BTreeMap::new();
        for (lead, plan) in leads.iter().filter_map(|lead| Some((*lead, self.plans.get(*lead)?))) {
            let of_hours = || plan.hours.starts(self.service, self.zone, date, day);
            for start in known.entry(Arc::as_ptr(&plan.hours)).or_insert_with(of_hours) {
                if plan.offers(self.service, *start) {
                    starts.entry(start.at).or_insert((start.time, Vec::new())).1.push(lead);
                }
            }
        }
        starts
    }

    /// Whether a day has a column: somebody whom the customer may have is there, and where it takes several, at some start enough of each
    /// kind are. A day on which the room alone is open is a closed one.
    fn opens(&self, date: NaiveDate) -> bool {
        let day = self.day_of(date);
        let open = self.leads().iter().filter_map(|lead| self.plans.get(*lead)).any(|plan| plan.hours.opens(day));
        let alone = self.needs.len() == 1 && self.needs.first().is_some_and(|need| need.count == 1);
        open && (alone || self.can_be_held(date))
    }

    /// Whether enough of everything that the service needs are there at some start of a day, be they taken or not.
    fn can_be_held(&self, date: NaiveDate) -> bool {
        let there = |place: &usize, range: TimeRange| self.plans.get(*place).is_some_and(|plan| plan.covers(range));
        let enough = |range: TimeRange| {
            self.needs.iter().all(|need| need.of.iter().filter(|place| there(place, range)).nth(need.count.saturating_sub(1)).is_some())
        };
        self.starts(date, self.leads()).keys().any(|start| enough(self.range(*start)))
    }

    /// Free slots from a day on, as far as is known, in order.
    fn free_from(&self, first: NaiveDate) -> impl Iterator<Item = Slot> + '_ {
        let days = self.bookable().within(Span { first, last: NaiveDate::MAX }).days();
        days.flat_map(|date| self.day_with(date, &self.leads_with_room(date), Leads::All))
            .filter_map(|(_, (range, verdict))| self.slot(range, verdict.ok()?))
    }

    /// The leads that could have a slot on a day, or a seat in a group: most days of a resource that is taken can be passed by.
    fn leads_with_room(&self, date: NaiveDate) -> Vec<usize> {
        let day = self.day_of(date);
        let seconds = with_buffers(self.service, 0).seconds();
        let mut known: BTreeMap<*const Hours, Vec<TimeRange>> = BTreeMap::new();
        let mut has_room = |plan: &Plan<'_>| {
            let room = known.entry(Arc::as_ptr(&plan.hours)).or_insert_with(|| plan.hours.room(self.service, day));
            room.iter().any(|range| self.service.capacity > 1 || plan.taken.has_gap(*range, seconds))
        };
        self.leads().iter().copied().filter(|lead| self.plans.get(*lead).is_some_and(&mut has_room)).collect()
    }

    /// The first time that is free in the days that are known.
    pub fn first_free(&self) -> Option<Slot> {
        let soonest = self.zone.utc_to_local(self.soonest()).date();
        self.free_from(soonest).next()
    }

    /// The grid of `columns` days from `from` on, or from the first free time on, which is given. `None` where it needs other days than
    /// those that are known.
    pub fn grid(&self, first_free: Option<Slot>, from: Option<NaiveDate>, columns: usize) -> Option<Grid> {
        let all = self.horizon();
        let first_day = first_free.as_ref().map_or(all.first, |slot| self.zone.utc_to_local(slot.range.start).date());
        let from = from.unwrap_or(first_day).clamp(all.first, all.last);
        let mut shown: Vec<NaiveDate> = Vec::with_capacity(columns);
        let mut next = None;
        for date in (Span { first: from, last: all.last }).days() {
            if !self.known.holds(date) {
                return None;
            }
            if self.opens(date) {
                if shown.len() == columns {
                    next = Some(date);
                    break;
                }
                shown.push(date);
            }
        }
        let previous = self.previous(from, columns, first_day)?;
        let shown: Vec<(NaiveDate, DayOf)> = shown.into_iter().map(|date| (date, self.day_with(date, self.leads(), Leads::Any))).collect();
        let rows: BTreeSet<NaiveTime> = shown.iter().flat_map(|(_, cells)| cells.keys().copied()).collect();
        let days = shown.into_iter().map(|(date, mut cells)| {
            let cell = |row: &NaiveTime| match cells.remove(row) {
                Some((range, Ok(_))) => Cell::Free(range),
                Some((_, Err(closed))) => Cell::Closed(closed),
                None => Cell::Closed(Closed::Hours),
            };
            Day { date, cells: rows.iter().map(cell).collect() }
        });
        let days = days.collect();
        Some(Grid { rows: rows.into_iter().collect(), days, previous, next, months: months(first_day, all.last), first_free })
    }

    /// Where the page before begins: as many open days back, but not before the first that has anything free. `None` where too few days
    /// are known.
    fn previous(&self, from: NaiveDate, columns: usize, first_day: NaiveDate) -> Option<Option<NaiveDate>> {
        let mut day = from;
        let mut found = None;
        let mut missing = columns;
        while missing > 0 && day > first_day {
            day = day.pred_opt()?;
            if !self.known.holds(day) {
                return None;
            }
            if self.opens(day) {
                found = Some(day);
                missing -= 1;
            }
        }
        Some(found)
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
        let (range, verdict) = self.day(local.date()).remove(&local.time()).ok_or(Closed::Hours)?;
        self.slot(range, verdict?).ok_or(Closed::Busy)
    }

    /// The free slots nearest to an instant, in order of time. `None` where nearer ones may lie outside the days that are known.
    pub fn nearest(&self, wanted: Seconds, count: usize) -> Option<Vec<Slot>> {
        let distance = |slot: &Slot| slot.range.start.abs_diff(wanted);
        let mut slots: Vec<Slot> = self.free_from(self.known.first).collect();
        slots.sort_by_key(distance);
        slots.truncate(count);
        // How near at least is what lies outside the days that are known.
        let (all, known) = (self.horizon(), self.known);
        let before = (known.first > all.first).then(|| wanted.saturating_sub(self.day_of(known.first).start));
        let after = (known.last < all.last).then(|| self.day_of(known.last).end.saturating_sub(wanted));
        let outside = before.into_iter().chain(after).map(|seconds| u64::try_from(seconds).unwrap_or(0)).min();
        if outside.is_some_and(|outside| slots.len() < count || slots.last().is_some_and(|slot| distance(slot) >= outside)) {
            return None;
        }
        slots.sort_by_key(|slot| slot.range.start);
        Some(slots)
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

//! One resource's day: when it is open, when it is taken, where on the grid a slot may start.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime, TimeDelta};

use super::taken::{Taken, Taker};
use crate::appointment::hours::Open;
use crate::appointment::practice::{Id, Resource};
use crate::appointment::service::Service;
use crate::ical::time::{Seconds, TimeRange};
use crate::ical::zone::Zone;

/// When resources that keep the same hours are open, as far as one service is concerned: worked out once for all of them.
#[derive(Debug)]
pub struct Hours {
    /// The openings for the service, by start: slots are counted from their beginnings.
    open: Vec<TimeRange>,
    /// The longest of them, in seconds.
    longest: Seconds,
    /// The same laid together.
    runs: Vec<TimeRange>,
    /// All openings laid together, those for other services too.
    any: Vec<TimeRange>,
}

/// A time at which a slot may start as far as opening hours go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Start {
    pub at: Seconds,
    /// What the wall clock shows then.
    pub time: NaiveTime,
    /// Whether it is on the grid itself, not only on the finer one that fills gaps.
    pub on_grid: bool,
}

/// A resource, as far as one service is concerned.
#[derive(Debug, Clone)]
pub struct Plan<'a> {
    /// Which.
    pub resource: &'a Resource,
    /// When it is open.
    pub hours: Arc<Hours>,
    /// When it is taken.
    pub taken: Taken,
}

/// Why a resource is not to be had at a time. Times are those of the appointment in the way, without its preparation and follow-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It is not there.
    Closed,
    /// It is there, but for other services.
    OtherService,
    /// It is not there until the end.
    Closes,
    /// No slot starts here: the grid has none, or only one that fills a gap.
    OffGrid,
    /// An appointment.
    Busy(TimeRange),
    /// The preparation or follow-up of an appointment, or our own in its time.
    Buffer(TimeRange),
    /// Somebody is filling in the form for a time that meets this one: it is held for minutes.
    Held(TimeRange),
    /// All its seats are taken.
    Full,
}

impl Hours {
    /// Of openings, sorted by start.
    pub fn new(open: &[Open], service: &Service) -> Hours {
        let may = |open: &&Open| open.only.as_ref().is_none_or(|only| only.contains(&service.id));
        let ours: Vec<TimeRange> = open.iter().filter(may).map(|open| open.range).collect();
        let any = laid_together(open.iter().map(|open| open.range));
        let longest = ours.iter().map(|open| open.seconds()).max().unwrap_or(0);
        Hours { runs: laid_together(ours.iter().copied()), longest, open: ours, any }
    }

    /// Whether they open for the service on a day, which is given by its first instants.
    pub fn opens(&self, day: TimeRange) -> bool {
        self.runs_of(day).next().is_some()
    }

    /// The runs that touch a day.
    fn runs_of(&self, day: TimeRange) -> impl Iterator<Item = TimeRange> + '_ {
        let at = self.runs.partition_point(|run| run.end <= day.start);
        self.runs.iter().skip(at).copied().take_while(move |run| run.start < day.end)
    }

    /// The times of a day, with preparation and follow-up, in which a slot could lie, be it on the grid or not.
    pub(super) fn room(&self, service: &Service, day: TimeRange) -> Vec<TimeRange> {
        let whole = with_buffers(service, 0);
        let room = |run: TimeRange| {
            let (first, last) = (run.start.max(day.start), (run.end - i64::from(service.duration_minutes) * 60).min(day.end - 1));
            (first <= last).then(|| TimeRange { start: first.saturating_add(whole.start), end: last.saturating_add(whole.end) })
        };
        self.runs_of(day).filter_map(room).collect()
    }

    /// The starts that openings allow on a day, sorted: on the grid, which is counted on the wall clock from each opening's beginning, and
    /// on the finer one. A wall-clock time that the change of clocks skips is not offered, one that it repeats is offered once.
    pub(super) fn starts(&self, service: &Service, zone: &Zone, date: NaiveDate, day: TimeRange) -> Vec<Start> {
        let length = i64::from(service.duration_minutes) * 60;
        let step = i64::from(service.step_minutes.max(1));
        let fine = i64::from(service.gap_step_minutes.unwrap_or(service.step_minutes).max(1));
        // On a day without a change of clocks, which nearly all are, the wall clock goes as instants do.
        let offset = Some(zone.offset_at(day.start));
        let offset =
            offset.filter(|offset| *offset == zone.offset_at(day.end) && date.and_time(NaiveTime::MIN) == zone.utc_to_local(day.start));
        let mut found: BTreeMap<Seconds, Start> = BTreeMap::new();
        let after = self.open.partition_point(|open| open.start < day.end);
        for open in self.open.iter().take(after).rev().take_while(|open| open.start > day.start - self.longest) {
            let Some(run) = run_at(&self.runs, open.start) else { continue };
            let first = zone.utc_to_local(open.start);
            let mut minutes = minutes_until(first, date.and_time(NaiveTime::MIN), fine);
            while let Some(local) = first.checked_add_signed(TimeDelta::minutes(minutes)).filter(|local| local.date() == date) {
                let at = offset.map_or_else(|| zone.local_to_utc(local), |offset| local.and_utc().timestamp() - offset);
                let inside = at >= open.start && at < open.end && at + length <= run.end;
                if inside && (offset.is_some() || zone.utc_to_local(at) == local) {
                    let start = found.entry(at).or_insert(Start { at, time: local.time(), on_grid: false });
                    start.on_grid |= minutes % step == 0;
                }
                minutes += fine;
            }
        }
        found.into_values().collect()
    }
}

impl<'a> Plan<'a> {
    /// Its id.
    pub fn id(&self) -> &'a Id {
        &self.resource.id
    }

    /// Whether it is open for the service all the time.
    pub fn covers(&self, range: TimeRange) -> bool {
        run_at(&self.hours.runs, range.start).is_some_and(|run| range.end <= run.end)
    }

    /// Whether a slot may start at one of the starts that its hours allow: on the finer grid only where it touches what is taken.
    pub(super) fn offers(&self, service: &Service, start: Start) -> bool {
        let fine = i64::from(service.gap_step_minutes.unwrap_or(service.step_minutes).max(1));
        start.on_grid || self.touches(service, start.at, fine * 60)
    }

    /// Whether the start before or after on the finer grid is not free: so this one fills a gap.
    fn touches(&self, service: &Service, at: Seconds, fine: Seconds) -> bool {
        [at - fine, at + fine].into_iter().any(|other| self.taken.until(with_buffers(service, other)).is_some())
    }

    /// What is in the way at a time, but for the grid.
    pub fn obstacles(&self, service: &Service, range: TimeRange) -> BTreeSet<Why> {
        let mut found = BTreeSet::new();
        if !self.covers(range) {
            let there = run_at(&self.hours.runs, range.start).is_some();
            let elsewhere = run_at(&self.hours.any, range.start).is_some_and(|run| range.end <= run.end);
            found.insert(match (elsewhere, there) {
                (true, _) => Why::OtherService,
                (false, true) => Why::Closes,
                (false, false) => Why::Closed,
            });
        }
        let wanted = with_buffers(service, range.start);
        found.extend(self.taken.meeting(wanted).map(|period| {
            let core = period.core.start < range.end && range.start < period.core.end;
            match period.by {
                Taker::Form => Why::Held(period.core),
                Taker::Event if core => Why::Busy(period.core),
                Taker::Event => Why::Buffer(period.core),
            }
        }));
        found
    }
}

/// A slot of a service with its preparation and follow-up.
pub fn with_buffers(service: &Service, start: Seconds) -> TimeRange {
    buffered(service, TimeRange { start, end: start.saturating_add(i64::from(service.duration_minutes) * 60) })
}

/// An appointment of a service, of whatever length, with its preparation and follow-up.
pub fn buffered(service: &Service, range: TimeRange) -> TimeRange {
    let (before, after) = (i64::from(service.before_minutes) * 60, i64::from(service.after_minutes) * 60);
    TimeRange { start: range.start.saturating_sub(before), end: range.end.saturating_add(after) }
}

/// The smallest multiple of `step` minutes that leads from one time to another, at least 0.
fn minutes_until(from: chrono::NaiveDateTime, to: chrono::NaiveDateTime, step: i64) -> i64 {
    let missing = to.signed_duration_since(from).num_seconds().max(0);
    let minutes = (missing + 59) / 60;
    (minutes + step - 1) / step * step
}

fn laid_together(ranges: impl Iterator<Item = TimeRange>) -> Vec<TimeRange> {
    let mut runs: Vec<TimeRange> = Vec::new();
    for range in ranges.filter(|range| range.start < range.end) {
        match runs.last_mut() {
            Some(run) if range.start <= run.end => run.end = run.end.max(range.end),
            _ => runs.push(range),
        }
    }
    runs
}

fn run_at(runs: &[TimeRange], at: Seconds) -> Option<TimeRange> {
    let place = runs.partition_point(|run| run.end <= at);
    runs.get(place).copied().filter(|run| run.start <= at)
}

//! One resource's day: when it is open, when it is taken, where on the grid a slot may start.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime, TimeDelta};

use super::taken::{Period, Taken};
use crate::appointment::hours::Open;
use crate::appointment::practice::{Id, Resource};
use crate::appointment::service::Service;
use crate::ical::time::{Seconds, TimeRange};
use crate::ical::zone::Zone;

/// A resource, as far as one service is concerned.
#[derive(Debug, Clone)]
pub struct Plan<'a> {
    /// Which.
    pub resource: &'a Resource,
    /// Its openings for the service, by start: slots are counted from their beginnings.
    open: Vec<TimeRange>,
    /// The longest of them, in seconds.
    longest: Seconds,
    /// The same laid together.
    runs: Vec<TimeRange>,
    /// All its openings laid together, those for other services too.
    any: Vec<TimeRange>,
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
    /// All its seats are taken.
    Full,
}

impl<'a> Plan<'a> {
    /// A resource's openings (sorted) and what takes its time, for a service.
    pub fn new(resource: &'a Resource, open: &[Open], taken: Vec<Period>, service: &Service) -> Plan<'a> {
        let may = |open: &&Open| open.only.as_ref().is_none_or(|only| only.contains(&service.id));
        let ours: Vec<TimeRange> = open.iter().filter(may).map(|open| open.range).collect();
        let any = laid_together(open.iter().map(|open| open.range));
        let longest = ours.iter().map(|open| open.seconds()).max().unwrap_or(0);
        Plan { resource, runs: laid_together(ours.iter().copied()), longest, open: ours, any, taken: Taken::new(taken) }
    }

    /// Its id.
    pub fn id(&self) -> &'a Id {
        &self.resource.id
    }

    /// Whether it is open for the service all the time.
    pub fn covers(&self, range: TimeRange) -> bool {
        run_at(&self.runs, range.start).is_some_and(|run| range.end <= run.end)
    }

    /// Whether it opens for the service on a day, which is given by its first instants.
    pub fn opens(&self, day: TimeRange) -> bool {
        let at = self.runs.partition_point(|run| run.end <= day.start);
        self.runs.get(at).is_some_and(|run| run.start < day.end)
    }

    /// The starts that its openings allow on a day, sorted: on the grid, which is counted on the wall clock from each opening's beginning, and
    /// where a slot touches what is taken, on the finer one. A wall-clock time that the change of clocks skips is not offered, one that
    /// it repeats is offered once.
    pub fn starts(&self, service: &Service, zone: &Zone, date: NaiveDate, day: TimeRange) -> BTreeSet<Seconds> {
        let length = i64::from(service.duration_minutes) * 60;
        let step = i64::from(service.step_minutes.max(1));
        let fine = i64::from(service.gap_step_minutes.unwrap_or(service.step_minutes).max(1));
        let mut found = BTreeSet::new();
        let after = self.open.partition_point(|open| open.start < day.end);
        for open in self.open.iter().take(after).rev().take_while(|open| open.start > day.start - self.longest) {
            let Some(run) = run_at(&self.runs, open.start) else { continue };
            let first = zone.utc_to_local(open.start);
            let mut minutes = minutes_until(first, date.and_time(NaiveTime::MIN), fine);
            while let Some(local) = first.checked_add_signed(TimeDelta::minutes(minutes)).filter(|local| local.date() == date) {
                let at = zone.local_to_utc(local);
                let inside = at >= open.start && at < open.end && at + length <= run.end;
                let exists = zone.utc_to_local(at) == local;
                if inside && exists && (minutes % step == 0 || self.touches(service, at, fine * 60)) {
                    found.insert(at);
                }
                minutes += fine;
            }
        }
        found
    }

    /// Whether the start before or after on the finer grid is not free: so this one fills a gap.
    fn touches(&self, service: &Service, at: Seconds, fine: Seconds) -> bool {
        [at - fine, at + fine].into_iter().any(|other| self.taken.until(with_buffers(service, other)).is_some())
    }

    /// What is in the way at a time, but for the grid.
    pub fn obstacles(&self, service: &Service, range: TimeRange) -> BTreeSet<Why> {
        let mut found = BTreeSet::new();
        if !self.covers(range) {
            let there = run_at(&self.runs, range.start).is_some();
            let elsewhere = run_at(&self.any, range.start).is_some_and(|run| range.end <= run.end);
            found.insert(match (elsewhere, there) {
                (true, _) => Why::OtherService,
                (false, true) => Why::Closes,
                (false, false) => Why::Closed,
            });
        }
        let wanted = with_buffers(service, range.start);
        found.extend(self.taken.meeting(wanted).map(|period| {
            let core = period.core.start < range.end && range.start < period.core.end;
            if core { Why::Busy(period.core) } else { Why::Buffer(period.core) }
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

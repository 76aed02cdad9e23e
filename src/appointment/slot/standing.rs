//! The appointments of one service at one location that stand: what its limits and the seats of its groups count.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate};

use crate::appointment::practice::Id;
use crate::ical::time::{Seconds, TimeRange};
use crate::ical::zone::Zone;

/// By how much clocks are ever set forward or back at once, in seconds: a day, where a country crosses the date line.
const LONGEST_CHANGE: Seconds = 86_400;

/// One booking that stands: neither cancelled nor declined.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Standing {
    /// When, without preparation and follow-up.
    pub range: TimeRange,
    /// The resources that hold it, sorted.
    pub resources: Vec<Id>,
}

/// All of them, by start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllStanding(Vec<Standing>);

impl AllStanding {
    /// Of bookings in any order.
    pub fn new(mut all: Vec<Standing>) -> AllStanding {
        all.sort_unstable();
        AllStanding(all)
    }

    fn between(&self, from: Seconds, to: Seconds) -> &[Standing] {
        let at = |instant| self.0.partition_point(|standing| standing.range.start < instant);
        self.0.get(at(from)..at(to).max(at(from))).unwrap_or(&[])
    }

    /// How many customers have a seat on a resource at exactly this time.
    pub fn seats(&self, resource: &Id, range: TimeRange) -> usize {
        let here = self.between(range.start, range.start.saturating_add(1));
        here.iter().filter(|standing| standing.range == range && standing.resources.contains(resource)).count()
    }

    /// How many appointments there are on the days from one to another, which is no longer counted: a group is one. A day is what the wall
    /// clock calls so: where clocks go back over midnight it has two parts.
    fn appointments(&self, zone: &Zone, from: NaiveDate, to: NaiveDate) -> usize {
        let midnight = |date: NaiveDate| zone.local_to_utc(date.and_time(chrono::NaiveTime::MIN));
        let near = self.between(midnight(from).saturating_sub(LONGEST_CHANGE), midnight(to).saturating_add(LONGEST_CHANGE));
        let on = |standing: &&Standing| (from..to).contains(&zone.utc_to_local(standing.range.start).date());
        near.iter().filter(on).collect::<BTreeSet<_>>().len()
    }

    /// On a day.
    pub fn on_day(&self, zone: &Zone, date: NaiveDate) -> usize {
        self.appointments(zone, date, date.checked_add_days(Days::new(1)).unwrap_or(date))
    }

    /// In the week of a day, which begins on Monday.
    pub fn in_week(&self, zone: &Zone, date: NaiveDate) -> usize {
        let monday = date.checked_sub_days(Days::new(u64::from(date.weekday().num_days_from_monday()))).unwrap_or(date);
        self.appointments(zone, monday, monday.checked_add_days(Days::new(7)).unwrap_or(monday))
    }
}

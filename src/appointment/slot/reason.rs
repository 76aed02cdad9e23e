//! For a time that can't be booked: everything that stands against it.

use std::collections::BTreeSet;

use super::Scene;
use super::plan::Why;
use crate::appointment::practice::Id;
use crate::ical::time::Seconds;

/// A rule of the service that forbids a time, whatever the calendars say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The day is a public holiday of this name, and nothing was opened on it.
    Holiday(String),
    /// Sooner than the lead time, or past.
    Lead,
    /// Beyond the horizon.
    Horizon,
    /// As many appointments on this day as the service may have.
    Day,
    /// As many in this week.
    Week,
}

/// What stands against one resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Obstacle {
    /// Which.
    pub resource: Id,
    /// Why it is not to be had.
    pub why: Why,
}

/// Everything that stands against a time. Of several resources that would do, those with an obstacle are named even where others are free.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reasons {
    /// Rules of the service.
    pub rules: BTreeSet<Rule>,
    /// Obstacles of single resources.
    pub obstacles: BTreeSet<Obstacle>,
    /// Whether each need could be met alone, but not all at once: they share resources.
    pub shared: bool,
}

impl Scene<'_> {
    /// Everything that stands against a start; what stands against single resources is told of free starts too.
    pub fn reasons(&self, start: Seconds) -> Reasons {
        let date = self.zone.utc_to_local(start).date();
        let (range, day) = (self.range(start), self.day_of(date));
        let mut reasons = Reasons::default();
        let on_grid: BTreeSet<usize> =
            self.starts(date, self.leads()).remove(&start).map(|(_, leads)| leads).unwrap_or_default().into_iter().collect();
        for plan in self.leads().iter().filter(|lead| !on_grid.contains(lead)).filter_map(|lead| self.plans.get(*lead)) {
            if plan.covers(range) {
                reasons.obstacles.insert(Obstacle { resource: plan.id().clone(), why: Why::OffGrid });
            }
        }
        let mut places: BTreeSet<usize> = self.needs.iter().flat_map(|need| need.of.iter().copied()).collect();
        if let ([only], Some(chosen)) = (self.needs.as_slice(), self.chosen)
            && only.count == 1
        {
            places = BTreeSet::from([chosen]);
        }
        for plan in places.iter().filter_map(|place| self.plans.get(*place)) {
            let obstacles = self.obstacles(plan, range).into_iter();
            reasons.obstacles.extend(obstacles.map(|why| Obstacle { resource: plan.id().clone(), why }));
        }
        let opens = places.iter().filter_map(|place| self.plans.get(*place)).any(|plan| plan.hours.opens(day));
        reasons.rules.extend(self.holidays.get(&date).filter(|_| !opens).map(|name| Rule::Holiday(name.clone())));
        reasons.rules.extend(self.too_soon(start).then_some(Rule::Lead));
        reasons.rules.extend((date > self.horizon().last).then_some(Rule::Horizon));
        let free: Vec<usize> = on_grid.iter().copied().filter(|lead| self.available(*lead, range)).collect();
        let free = self.completing(free, range);
        let joins = free.iter().filter_map(|lead| self.plans.get(*lead)).any(|plan| self.seats(plan, range) > 0);
        reasons.rules.extend((!joins && self.day_is_full(date)).then_some(Rule::Day));
        reasons.rules.extend((!joins && self.week_is_full(date)).then_some(Rule::Week));
        reasons.shared = self.is_shared(&on_grid, range);
        reasons
    }

    fn obstacles(&self, plan: &super::Plan<'_>, range: crate::ical::time::TimeRange) -> BTreeSet<Why> {
        let mut found = plan.obstacles(self.service, range);
        let seats = self.seats(plan, range);
        if seats == 0 || !self.only_group(plan, range, seats) {
            return found;
        }
        // What takes its time is the group itself.
        found.retain(|why| !matches!(why, Why::Busy(_) | Why::Buffer(_) | Why::Held(_)));
        if seats >= self.service.capacity as usize {
            found.insert(Why::Full);
        }
        found
    }

    /// Whether there are enough free resources for each need, and yet not for all.
    fn is_shared(&self, on_grid: &BTreeSet<usize>, range: crate::ical::time::TimeRange) -> bool {
        let free = |place: &&usize| self.available(**place, range);
        let each = self.needs.iter().all(|need| need.of.iter().filter(free).count() >= need.count);
        let leads: Vec<usize> = on_grid.iter().filter(free).copied().collect();
        each && !leads.is_empty() && self.completing(leads, range).is_empty()
    }
}

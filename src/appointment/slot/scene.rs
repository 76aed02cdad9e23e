//! Everything that decides what is free, and the answers for one time.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};

use super::matching::{assign, can_fill};
use super::plan::{Plan, with_buffers};
use super::standing::AllStanding;
use super::{Closed, Slot, Span, horizon, today};
use crate::appointment::practice::Id;
use crate::appointment::service::Service;
use crate::ical::time::{Seconds, TimeRange};
use crate::ical::zone::Zone;

/// So many of these plans at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// How many; at least 1.
    pub count: usize,
    /// Places in [`Scene::plans`], in the practice's order.
    pub of: Vec<usize>,
}

/// One branch, one service, what it needs and when that is open and taken.
pub struct Scene<'a> {
    /// The branch's zone.
    pub zone: &'a Zone,
    /// The service.
    pub service: &'a Service,
    /// Every resource that may take part, each with its openings and what takes its time in [`super::window`] of the days that are known.
    pub plans: Vec<Plan<'a>>,
    /// What the service needs. Customers choose among the first one's resources.
    pub needs: Vec<Need>,
    /// The resource that the customer has chosen: a place in `plans`.
    pub chosen: Option<usize>,
    /// The service's appointments that stand.
    pub standing: AllStanding,
    /// The names of the days that are closed as public holidays.
    pub holidays: BTreeMap<NaiveDate, String>,
    /// The appointment that is to be moved: its start, and the places in `plans` that it has now. It is not offered to itself.
    pub own: Option<(Seconds, Vec<usize>)>,
    /// The days of which all this is known.
    pub known: Span,
    /// The present.
    pub now: DateTime<Utc>,
}

/// Whether a start can be booked: on which of the leads, by their places in [`Scene::plans`], or why not.
pub(super) type Verdict = Result<Vec<usize>, Closed>;

/// Which of the leads that a start can be booked on a verdict names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leads {
    /// Each.
    All,
    /// One will do: who only asks whether a time is free need not look at a thousand resources.
    Any,
}

impl Scene<'_> {
    pub(super) fn today(&self) -> NaiveDate {
        today(self.zone, self.now)
    }

    /// The days on which the service may be booked at all.
    pub(super) fn horizon(&self) -> Span {
        horizon(self.service, self.zone, self.now)
    }

    /// Those of them that are known.
    pub(super) fn bookable(&self) -> Span {
        self.known.within(self.horizon())
    }

    /// A slot on some of the leads; `None` without any.
    pub(super) fn slot(&self, range: TimeRange, leads: Vec<usize>) -> Option<Slot> {
        let resources: Vec<Id> = leads.into_iter().filter_map(|lead| self.plans.get(lead)).map(|plan| plan.id().clone()).collect();
        (!resources.is_empty()).then_some(Slot { range, resources })
    }

    pub(super) fn range(&self, start: Seconds) -> TimeRange {
        TimeRange { start, end: start.saturating_add(i64::from(self.service.duration_minutes) * 60) }
    }

    /// A day, from its first midnight to the next day's.
    pub(super) fn day_of(&self, date: NaiveDate) -> TimeRange {
        let midnight = |date: NaiveDate| self.zone.local_to_utc(date.and_time(NaiveTime::MIN));
        TimeRange { start: midnight(date), end: date.checked_add_days(Days::new(1)).map_or(Seconds::MAX, midnight) }
    }

    /// The places in `plans` of those that the customer may have.
    pub(super) fn leads(&self) -> &[usize] {
        match &self.chosen {
            Some(chosen) => std::slice::from_ref(chosen),
            None => self.needs.first().map_or(&[], |need| &need.of),
        }
    }

    /// Whether a resource is open and has room. A group's appointment takes the place of nobody who joins it.
    pub(super) fn available(&self, place: usize, range: TimeRange) -> bool {
        let Some(plan) = self.plans.get(place) else { return false };
        plan.covers(range) && self.has_room(plan, range)
    }

    fn has_room(&self, plan: &Plan<'_>, range: TimeRange) -> bool {
        let wanted = with_buffers(self.service, range.start);
        match self.seats(plan, range) {
            0 => plan.taken.until(wanted).is_none(),
            seats => seats < self.service.capacity as usize && self.only_group(plan, range, seats),
        }
    }

    /// How many customers of a group hold a seat here; 0 where the service has no groups.
    pub(super) fn seats(&self, plan: &Plan<'_>, range: TimeRange) -> usize {
        if self.service.capacity > 1 { self.standing.seats(plan.id(), range) } else { 0 }
    }

    /// Whether nothing but a group's own appointments takes a resource's time: as many events as seats, all at exactly this time.
    pub(super) fn only_group(&self, plan: &Plan<'_>, range: TimeRange, seats: usize) -> bool {
        let mut events = 0;
        let all = plan.taken.meeting(with_buffers(self.service, range.start)).inspect(|_| events += 1).all(|period| period.core == range);
        // Of a service that leaves its resources free no event shows.
        all && events <= seats
    }

    /// No slot starts before it.
    pub(super) fn soonest(&self) -> Seconds {
        self.now.timestamp().saturating_add(i64::from(self.service.lead_hours) * 3600)
    }

    pub(super) fn too_soon(&self, start: Seconds) -> bool {
        start < self.soonest() || start <= self.now.timestamp()
    }

    pub(super) fn day_is_full(&self, date: NaiveDate) -> bool {
        self.service.per_day.is_some_and(|most| self.standing.on_day(self.zone, date) >= most as usize)
    }

    pub(super) fn week_is_full(&self, date: NaiveDate) -> bool {
        self.service.per_week.is_some_and(|most| self.standing.in_week(self.zone, date) >= most as usize)
    }

    /// Whether a start within the horizon that `leads` have on their grids can be booked.
    pub(super) fn judge(&self, start: Seconds, leads: Vec<usize>, full: bool, told: Leads) -> Verdict {
        if self.too_soon(start) {
            return Err(Closed::Lead);
        }
        let range = self.range(start);
        let alone = matches!(self.needs.as_slice(), [Need { count: 1, .. }]);
        let mut free = leads;
        if let Some((_, own)) = self.own.as_ref().filter(|(at, _)| *at == start) {
            free.retain(|lead| !own.contains(lead));
        }
        if told == Leads::Any && alone && !full {
            free = free.into_iter().find(|lead| self.available(*lead, range)).into_iter().collect();
        } else {
            free.retain(|lead| self.available(*lead, range));
        }
        let free = if free.is_empty() { free } else { self.completing(free, range) };
        if free.is_empty() {
            return Err(Closed::Busy);
        }
        // Whoever joins a group makes no further appointment of it.
        let joins = |lead: &usize| self.plans.get(*lead).is_some_and(|plan| self.seats(plan, range) > 0);
        let free: Vec<usize> = if full { free.into_iter().filter(joins).collect() } else { free };
        if free.is_empty() { Err(Closed::Limit) } else { Ok(free) }
    }

    /// Those of the free leads with which everything else that is needed can be had.
    pub(super) fn completing(&self, mut free: Vec<usize>, range: TimeRange) -> Vec<usize> {
        if let [Need { count: 1, .. }] = self.needs.as_slice() {
            return free;
        }
        let places = self.places(range);
        let rest = places.get(1..).unwrap_or(&[]);
        free.retain(|lead| can_fill(rest, &[*lead]));
        free
    }

    /// What may take each place: so many places for a need as it counts. The first place is the lead's.
    fn places(&self, range: TimeRange) -> Vec<Vec<usize>> {
        let free = |need: &Need| need.of.iter().copied().filter(|place| self.available(*place, range)).collect::<Vec<_>>();
        self.needs.iter().flat_map(|need| vec![free(need); need.count]).collect()
    }

    /// Which resources a slot gets, the lead first: those it would rather stay with, then those whose group it joins, then those with the
    /// least to do on that day, then in the practice's order. The same question gets the same answer.
    pub fn choose(&self, slot: &Slot, rather: &[Id]) -> Vec<Id> {
        let day = self.day_of(self.zone.utc_to_local(slot.range.start).date());
        let rank = |place: &usize| {
            let plan = self.plans.get(*place);
            let joins = plan.is_some_and(|plan| self.seats(plan, slot.range) > 0);
            let stays = plan.is_some_and(|plan| rather.contains(plan.id()));
            (!stays, !joins, plan.map_or(0, |plan| plan.taken.seconds(day)), *place)
        };
        let mut places = self.places(slot.range);
        if let Some(lead) = places.first_mut() {
            let offered = |place: &usize| self.plans.get(*place).is_some_and(|plan| slot.resources.contains(plan.id()));
            *lead = self.leads().iter().copied().filter(offered).collect();
        }
        places.iter_mut().for_each(|place| place.sort_by_key(rank));
        let chosen = assign(&places).unwrap_or_default();
        chosen.iter().filter_map(|place| self.plans.get(*place)).map(|plan| plan.id().clone()).collect()
    }
}

//! The same questions, answered by looking at everything each time.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDateTime};

use super::practice::World;
use crate::appointment::practice::Id;
use crate::appointment::slot::{Obstacle, Period, Reasons, Rule, Slot, Taker, Why};
use crate::ical::time::{Seconds, TimeRange};
use crate::ical::zone::Zone;

const TICK: Seconds = 300;

pub struct Oracle<'a> {
    world: &'a World,
    zone: &'a Zone,
}

/// When a wall clock shows this for the first time, if it ever does.
fn first_instant(zone: &Zone, local: NaiveDateTime) -> Option<Seconds> {
    let seconds = local.and_utc().timestamp();
    let offsets = [zone.offset_at(seconds - 86_400), zone.offset_at(seconds + 86_400)];
    offsets.iter().map(|offset| seconds - offset).filter(|at| zone.utc_to_local(*at) == local).min()
}

impl<'a> Oracle<'a> {
    pub fn new(world: &'a World, zone: &'a Zone) -> Oracle<'a> {
        Oracle { world, zone }
    }

    fn length(&self) -> Seconds {
        i64::from(self.world.service.duration_minutes) * 60
    }

    fn range(&self, at: Seconds) -> TimeRange {
        TimeRange { start: at, end: at + self.length() }
    }

    fn ours(&self, n: usize) -> impl Iterator<Item = TimeRange> + '_ {
        let may = |only: &Vec<Id>| only.contains(&self.world.service.id);
        self.world.open[n].iter().filter(move |open| open.only.as_ref().is_none_or(may)).map(|open| open.range)
    }

    fn is_open(&self, n: usize, at: Seconds) -> bool {
        self.ours(n).any(|open| open.start <= at && at < open.end)
    }

    fn open_throughout(&self, n: usize, range: TimeRange) -> bool {
        (0..range.seconds() / TICK).all(|tick| self.is_open(n, range.start + tick * TICK))
    }

    /// What meets a slot with its buffers.
    fn in_the_way(&self, n: usize, at: Seconds) -> Vec<Period> {
        let service = &self.world.service;
        let from = at - i64::from(service.before_minutes) * 60;
        let to = at + self.length() + i64::from(service.after_minutes) * 60;
        let periods = self.world.taken[n].iter().copied();
        periods.filter(|p| p.whole.start < p.whole.end && p.whole.start < to && from < p.whole.end).collect()
    }

    fn seats(&self, n: usize, at: Seconds) -> usize {
        let id = &self.world.resources[n].id;
        let here = self.world.standing.iter().filter(|s| s.range == self.range(at) && s.resources.contains(id)).count();
        if self.world.service.capacity > 1 { here } else { 0 }
    }

    /// Whether all that takes its time is the group that meets then.
    fn only_the_group(&self, n: usize, at: Seconds) -> bool {
        let seats = self.seats(n, at);
        let there = self.in_the_way(n, at);
        seats > 0 && there.len() <= seats && there.iter().all(|period| period.core == self.range(at))
    }

    fn available(&self, n: usize, at: Seconds) -> bool {
        let room = if self.seats(n, at) > 0 {
            self.only_the_group(n, at) && self.seats(n, at) < self.world.service.capacity as usize
        } else {
            self.in_the_way(n, at).is_empty()
        };
        room && self.open_throughout(n, self.range(at))
    }

    fn on_grid(&self, n: usize, at: Seconds) -> bool {
        let service = &self.world.service;
        let local = self.zone.utc_to_local(at);
        if first_instant(self.zone, local) != Some(at) || !self.open_throughout(n, self.range(at)) {
            return false;
        }
        self.ours(n).filter(|open| open.start <= at && at < open.end).any(|open| {
            let minutes = (local - self.zone.utc_to_local(open.start)).num_minutes();
            let fills = |fine: i64| {
                let beside = [at - fine * 60, at + fine * 60].into_iter().any(|other| !self.in_the_way(n, other).is_empty());
                minutes % fine == 0 && beside
            };
            // After the clocks went back the wall clock may show less than at the opening: those are counted from nothing.
            minutes >= 0
                && (minutes % i64::from(service.step_minutes) == 0 || service.gap_step_minutes.is_some_and(|fine| fills(i64::from(fine))))
        })
    }

    /// Whether a day has a column in the grid.
    pub fn has_column(&self, date: chrono::NaiveDate) -> bool {
        let midnight = |date: chrono::NaiveDate| self.zone.local_to_utc(date.and_time(chrono::NaiveTime::MIN));
        let (from, to) = (midnight(date), midnight(date + Days::new(1)));
        let needs = &self.world.needs;
        if needs.len() == 1 && needs[0].count == 1 {
            return self.leads().into_iter().any(|n| self.ours(n).any(|open| open.start < to && from < open.end));
        }
        let there = |n: &usize, at: Seconds| self.open_throughout(*n, self.range(at));
        let held = |at: Seconds| needs.iter().all(|need| need.of.iter().filter(|n| there(n, at)).count() >= need.count);
        (0..(to - from) / TICK).map(|tick| from + tick * TICK).any(|at| held(at) && self.leads().iter().any(|lead| self.on_grid(*lead, at)))
    }

    fn leads(&self) -> Vec<usize> {
        self.world.chosen.map_or_else(|| self.world.needs[0].of.clone(), |chosen| vec![chosen])
    }

    /// Tries everything: whether each place can have somebody of its own.
    fn fill(&self, places: &[&[usize]], used: &mut Vec<usize>, at: Seconds) -> bool {
        let Some((first, rest)) = places.split_first() else { return true };
        first.iter().any(|n| {
            if used.contains(n) || !self.available(*n, at) {
                return false;
            }
            used.push(*n);
            let done = self.fill(rest, used, at);
            used.pop();
            done
        })
    }

    fn places(&self) -> Vec<&[usize]> {
        self.world.needs.iter().flat_map(|need| vec![need.of.as_slice(); need.count]).collect()
    }

    fn completes(&self, lead: usize, at: Seconds) -> bool {
        self.available(lead, at) && self.fill(&self.places()[1..], &mut vec![lead], at)
    }

    fn appointments(&self, from: chrono::NaiveDate, days: i64) -> usize {
        let on = |at: Seconds| (self.zone.utc_to_local(at).date() - from).num_days();
        let all: BTreeSet<_> = self.world.standing.iter().filter(|s| (0..days).contains(&on(s.range.start))).collect();
        all.len()
    }

    fn rules(&self, at: Seconds) -> BTreeSet<Rule> {
        let (service, date) = (&self.world.service, self.zone.utc_to_local(at).date());
        let mut rules = BTreeSet::new();
        if at <= self.world.now || at < self.world.now + i64::from(service.lead_hours) * 3600 {
            rules.insert(Rule::Lead);
        }
        if date > self.zone.utc_to_local(self.world.now).date() + Days::new(u64::from(service.horizon_days)) {
            rules.insert(Rule::Horizon);
        }
        let monday = date - Days::new(u64::from(date.weekday().num_days_from_monday()));
        if service.per_day.is_some_and(|most| self.appointments(date, 1) >= most as usize) {
            rules.insert(Rule::Day);
        }
        if service.per_week.is_some_and(|most| self.appointments(monday, 7) >= most as usize) {
            rules.insert(Rule::Week);
        }
        rules
    }

    /// The leads that can be had at a time, some of which join a group.
    fn free(&self, at: Seconds) -> Vec<usize> {
        self.leads().into_iter().filter(|lead| self.on_grid(*lead, at) && self.completes(*lead, at)).collect()
    }

    /// Every slot, by its start, with the resources that are free.
    pub fn slots(&self) -> BTreeMap<Seconds, Vec<Id>> {
        let mut found = BTreeMap::new();
        let end = self.world.now + (i64::from(self.world.service.horizon_days) + 2) * 86_400;
        let mut at = self.world.now - self.world.now.rem_euclid(TICK);
        while at < end {
            let mut free = self.free(at);
            let rules = if free.is_empty() { BTreeSet::new() } else { self.rules(at) };
            if rules.contains(&Rule::Lead) || rules.contains(&Rule::Horizon) {
                free.clear();
            } else if !rules.is_empty() {
                free.retain(|lead| self.seats(*lead, at) > 0);
            }
            if !free.is_empty() {
                found.insert(at, free.into_iter().map(|n| self.world.resources[n].id.clone()).collect());
            }
            at += TICK;
        }
        found
    }

    fn why(&self, n: usize, at: Seconds) -> BTreeSet<Why> {
        let range = self.range(at);
        let mut found = BTreeSet::new();
        if !self.open_throughout(n, range) {
            let any = |at: Seconds| self.world.open[n].iter().any(|open| open.range.start <= at && at < open.range.end);
            let others = (0..range.seconds() / TICK).all(|tick| any(at + tick * TICK));
            found.insert(if others {
                Why::OtherService
            } else if self.is_open(n, at) {
                Why::Closes
            } else {
                Why::Closed
            });
        }
        if self.only_the_group(n, at) {
            if self.seats(n, at) >= self.world.service.capacity as usize {
                found.insert(Why::Full);
            }
            return found;
        }
        for period in self.in_the_way(n, at) {
            let core = period.core.start < range.end && range.start < period.core.end;
            found.insert(if period.by == Taker::Form {
                Why::Held(period.core)
            } else if core {
                Why::Busy(period.core)
            } else {
                Why::Buffer(period.core)
            });
        }
        found
    }

    /// Everything that stands against a time.
    pub fn reasons(&self, at: Seconds) -> Reasons {
        let mut reasons = Reasons { rules: self.rules(at), ..Reasons::default() };
        let named = |n: usize, why: Why| Obstacle { resource: self.world.resources[n].id.clone(), why };
        let leads = self.leads();
        for lead in &leads {
            if self.open_throughout(*lead, self.range(at)) && !self.on_grid(*lead, at) {
                reasons.obstacles.insert(named(*lead, Why::OffGrid));
            }
        }
        let all: BTreeSet<usize> = self.world.needs.iter().flat_map(|need| need.of.iter().copied()).collect();
        let alone = self.world.needs.len() == 1 && self.world.needs[0].count == 1;
        let asked: Vec<usize> = all.into_iter().filter(|n| !alone || self.world.chosen.is_none_or(|chosen| chosen == *n)).collect();
        for n in &asked {
            reasons.obstacles.extend(self.why(*n, at).into_iter().map(|why| named(*n, why)));
        }
        let free = self.free(at);
        if free.iter().any(|lead| self.seats(*lead, at) > 0) {
            reasons.rules.remove(&Rule::Day);
            reasons.rules.remove(&Rule::Week);
        }
        let date = self.zone.utc_to_local(at).date();
        let opens = asked.iter().any(|n| {
            let midnight = |date: chrono::NaiveDate| self.zone.local_to_utc(date.and_time(chrono::NaiveTime::MIN));
            let (from, to) = (midnight(date), midnight(date + Days::new(1)));
            self.ours(*n).any(|open| open.start < to && from < open.end)
        });
        if let Some((_, name)) = self.world.holidays.iter().find(|(day, _)| *day == date && !opens) {
            reasons.rules.insert(Rule::Holiday(name.clone()));
        }
        let some_lead = leads.iter().any(|lead| self.on_grid(*lead, at) && self.available(*lead, at));
        let each = self.world.needs.iter().all(|need| need.of.iter().filter(|n| self.available(**n, at)).count() >= need.count);
        reasons.shared = some_lead && each && free.is_empty();
        reasons
    }

    /// Whether resources chosen for a slot are what it needs, the lead among those offered, joining a group before making one.
    pub fn accepts(&self, slot: &Slot, chosen: &[Id], seed: u64) {
        let at = slot.range.start;
        let places = self.places();
        assert_eq!(chosen.len(), places.len(), "seed {seed}");
        let numbers: Vec<usize> =
            chosen.iter().map(|id| self.world.resources.iter().position(|resource| resource.id == *id).unwrap()).collect();
        let distinct: BTreeSet<usize> = numbers.iter().copied().collect();
        assert_eq!(distinct.len(), numbers.len(), "seed {seed}: nobody takes two places");
        for (n, place) in numbers.iter().zip(places) {
            assert!(place.contains(n) && self.available(*n, at), "seed {seed}, at {at}");
        }
        assert!(slot.resources.contains(&chosen[0]), "seed {seed}");
        let joinable = slot.resources.iter().any(|id| {
            let n = self.world.resources.iter().position(|resource| resource.id == *id).unwrap();
            self.seats(n, at) > 0
        });
        assert_eq!(self.seats(numbers[0], at) > 0, joinable, "seed {seed}: a group is joined first");
    }
}

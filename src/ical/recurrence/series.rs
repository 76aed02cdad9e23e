//! An object → its occurrences: rules and dates, less exceptions, changed by overrides.
//!
//! Not for: a single rule (`expand`), the length of one instance (`extent`). RFC 5545 §3.2.13, §3.8.4.4, §3.8.5.1, §3.8.5.2; RFC 4791 §9.9.
//! What the RFCs leave open: an override shows even where the rule has no such instance; a date excludes or overrides what happens on
//! that day; DTSTART happens whether a rule meets it or not, and where UNTIL lies before it (as in Thunderbird); what a
//! gap shifts keeps its place by the wall clock, before what follows it there; of two RDATEs at one time the PERIOD counts; THISANDFUTURE moves the instances from there on by as much as it was moved itself, and gives them its length and status.
//! A rule or dates in an override say nothing: which instances there are is the master's to say, and RFC 5545 §3.8.4.4 lets a range
//! change no more than their place and length (it sends whoever wants another rule from there on to a series of its own).

use std::collections::HashSet;
use std::ops::ControlFlow;

use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};

use super::effort::Effort;
use super::excluded::{Excluded, ExcludedRule};
use super::expand::{Expansion, too_much};
use super::extent::{self, Extent, Length, PeriodEnd};
use super::{Frequency, MAX_OCCURRENCES, MAX_RULES, Occurrence, Rule};
use crate::error::Result;
use crate::ical::object::{CalendarObject, Node, invalid};
use crate::ical::time::{Moment, Seconds, TimeRange, parse_wall_clock};
use crate::ical::zone::Zone;

const DAY: Seconds = 86_400;

/// All that decides when an object happens.
#[derive(Debug)]
pub struct Series {
    /// What no rule gives: overrides, tasks without DTSTART, periods of a VFREEBUSY.
    pub(super) fixed: Vec<Occurrence>,
    pub(super) master: Option<Master>,
}

#[derive(Debug)]
pub(super) struct Master {
    pub(super) extent: Extent,
    rules: Vec<Rule>,
    /// EXRULE (RFC 2445 §4.8.5.2).
    exceptions: Vec<Rule>,
    dates: Vec<Added>,
    /// What EXDATE takes out, by the wall clock: which instants these are is worked out for those near a question alone.
    without: Vec<NaiveDateTime>,
    /// Instants that have an override.
    overridden: HashSet<Seconds>,
    /// Days that either takes out.
    without_days: HashSet<NaiveDate>,
    /// By instant, ascending.
    pub(super) futures: Vec<Future>,
    recurring: bool,
}

/// An RDATE.
#[derive(Debug)]
struct Added {
    local: NaiveDateTime,
    length: Option<Length>,
}

/// An override with RANGE=THISANDFUTURE.
#[derive(Debug)]
pub(super) struct Future {
    from: Seconds,
    shift: Duration,
    pub(super) extent: Extent,
}

impl Series {
    /// Reads an object. Errors as [`super::occurrences`].
    pub fn read(object: &CalendarObject, default_zone: &Zone) -> Result<Series> {
        let nodes: Vec<&Node> = object.components().collect();
        Series::of(&nodes, object, default_zone)
    }

    /// Reads components of an object that are one series: its master and its overrides. Errors as [`super::occurrences`].
    pub fn of(nodes: &[&Node], object: &CalendarObject, default_zone: &Zone) -> Result<Series> {
        let mut series = Series { fixed: Vec::new(), master: None };
        let overrides = |node: &&&Node| node.first("RECURRENCE-ID").is_some();
        for node in nodes.iter().filter(|node| !overrides(node)) {
            match Extent::read(node, object, default_zone)? {
                _ if node.name == "VFREEBUSY" => series.fixed.extend(extent::free_busy(node, object, default_zone)?),
                Some(extent) if series.master.is_none() => series.master = Some(Master::read(node, extent, object)?),
                None if node.name == "VTODO" => series.fixed.push(extent::task_without_start(node, object, default_zone)?),
                _ => {}
            }
        }
        for node in nodes.iter().filter(overrides) {
            series.add_override(node, object, default_zone)?;
        }
        if let Some(master) = &mut series.master {
            master.futures.sort_by_key(|future| future.from);
        }
        Ok(series)
    }

    fn add_override(&mut self, node: &Node, object: &CalendarObject, default_zone: &Zone) -> Result<()> {
        let Some(property) = node.first("RECURRENCE-ID") else { return Ok(()) };
        let extent = Extent::read(node, object, default_zone)?;
        let Some(master) = &mut self.master else {
            let id = extent::instant(property, node, object, default_zone)?;
            self.fixed.extend(extent.map(|extent| extent.occurrence(extent.start.naive(), None, Some(id))));
            return Ok(());
        };
        let moment = extent::moment(property, node)?;
        let (start, zone) = (&master.extent.start, &master.extent.zone);
        let unknown = || invalid(property, &node.name, "its TZID is no zone");
        let local = extent::in_series(&moment, start, zone, object).ok_or_else(unknown)?;
        let id = zone.local_to_utc(local);
        master.recurring = true;
        master.overridden.insert(id);
        if moment.is_date() || start.is_date() {
            master.without_days.insert(local.date());
        }
        let Some(extent) = extent else { return Ok(()) };
        if property.param("RANGE").is_some_and(|range| range.eq_ignore_ascii_case("THISANDFUTURE")) {
            let moved = extent::in_series(&extent.start, start, zone, object).unwrap_or(local);
            master.futures.push(Future { from: id, shift: moved - local, extent: extent.clone() });
        }
        self.fixed.push(extent.occurrence(extent.start.naive(), None, Some(id)));
        Ok(())
    }

    /// Whether it has a rule, dates or overrides.
    pub fn recurring(&self) -> bool {
        self.master.as_ref().map_or(self.fixed.iter().any(|o| o.recurrence_id.is_some()), |master| master.recurring)
    }

    /// The occurrences that overlap a range, sorted. Errors as [`super::occurrences`].
    pub fn occurrences(&self, range: TimeRange) -> Result<Vec<Occurrence>> {
        let mut found = Vec::new();
        let mut full = false;
        self.visit(range, &mut |occurrence| {
            full = found.len() >= MAX_OCCURRENCES;
            if full {
                return ControlFlow::Break(());
            }
            found.push(occurrence);
            ControlFlow::Continue(())
        })?;
        if full {
            return Err(too_much());
        }
        found.sort_unstable_by_key(|occurrence| (occurrence.range, occurrence.recurrence_id));
        Ok(found)
    }

    /// Shows the occurrences that overlap a range, in no order, until told to stop.
    pub fn visit(&self, range: TimeRange, show: &mut dyn FnMut(Occurrence) -> ControlFlow<()>) -> Result<()> {
        self.visit_within(range, &mut Effort::default(), show)
    }

    /// The same where several searches share what one may cost.
    pub fn visit_within(&self, range: TimeRange, effort: &mut Effort, show: &mut dyn FnMut(Occurrence) -> ControlFlow<()>) -> Result<()> {
        for occurrence in self.fixed.iter().filter(|occurrence| occurrence.meets(range)) {
            if show(*occurrence).is_break() {
                return Ok(());
            }
        }
        match &self.master {
            Some(master) => master.visit(range, effort, show),
            None => Ok(()),
        }
    }

    /// A range that holds every occurrence, as narrow as can be said cheaply; `None` where there is none. An endless series ends at
    /// [`TimeRange::MAX`].
    pub fn span(&self) -> Option<TimeRange> {
        let wider =
            |a: Option<TimeRange>, b: TimeRange| Some(a.map_or(b, |a| TimeRange { start: a.start.min(b.start), end: a.end.max(b.end) }));
        let fixed = self.fixed.iter().fold(None, |span, occurrence| wider(span, occurrence.range));
        match &self.master {
            Some(master) => wider(fixed, master.span()),
            None => fixed,
        }
    }
}

impl Master {
    fn read(node: &Node, extent: Extent, object: &CalendarObject) -> Result<Master> {
        let rules = rules_of(node, "RRULE", &extent)?;
        let mut master = Master {
            recurring: !rules.is_empty(),
            exceptions: rules_of(node, "EXRULE", &extent)?,
            extent,
            rules,
            dates: Vec::new(),
            without: Vec::new(),
            overridden: HashSet::new(),
            without_days: HashSet::new(),
            futures: Vec::new(),
        };
        master.read_dates(node, object)?;
        Ok(master)
    }

    fn read_dates(&mut self, node: &Node, object: &CalendarObject) -> Result<()> {
        let (start, zone) = (self.extent.start.clone(), self.extent.zone.clone());
        for property in node.all("RDATE").chain(node.all("EXDATE")) {
            if property.name == "EXDATE" {
                self.without.reserve(property.value.len() / 16 + 1);
            }
            let by_our_clock = property.name == "EXDATE" && start.tzid().is_some_and(|tzid| property.param("TZID") == Some(tzid));
            for value in property.value.split(',').filter(|value| !value.trim().is_empty()) {
                // As nearly always: what thousands of exceptions cost is this line.
                if by_our_clock && let Some(local) = parse_wall_clock(value) {
                    self.without.push(local);
                    continue;
                }
                let bad = || invalid(property, &node.name, "it can't be read");
                let (moment, end) = match extent::period(value, property) {
                    Some((moment, end)) => (moment, Some(end)),
                    None => (Moment::parse(value, property.param("TZID")).ok_or_else(bad)?, None),
                };
                let local = extent::in_series(&moment, &start, &zone, object).ok_or_else(bad)?;
                if property.name == "EXDATE" {
                    if moment.is_date() || start.is_date() {
                        self.without_days.insert(local.date());
                    } else {
                        self.without.push(local);
                    }
                    continue;
                }
                let length = match end {
                    Some(PeriodEnd::After(span)) => Some(Length::Nominal(span)),
                    Some(PeriodEnd::At(end)) => {
                        let end = extent::in_series(&end, &start, &zone, object).ok_or_else(bad)?;
                        Some(Length::Exact((zone.local_to_utc(end) - zone.local_to_utc(local)).max(0)))
                    }
                    None => None,
                };
                self.dates.push(Added { local, length });
                self.recurring = true;
            }
        }
        // In order, for exclusions are walked beside them; of two at one time the one with a length of its own is meant.
        self.dates.sort_by_key(|added| (added.local, added.length.is_none()));
        Ok(())
    }

    fn visit(&self, range: TimeRange, effort: &mut Effort, show: &mut dyn FnMut(Occurrence) -> ControlFlow<()>) -> Result<()> {
        let (from, last) = self.window(range);
        let without = self.without(from, last);
        // What happens at one instant happens once, whether several sources give it or a gap moves two times onto each other; RDATEs come
        // first, for they may carry a length.
        let mut seen: Option<HashSet<Seconds>> = self.may_coincide().then(HashSet::new);
        let mut before = None;
        let mut give = |local: NaiveDateTime, length: Option<Length>| {
            let id = self.extent.zone.local_to_utc(local);
            if before.replace(id) == Some(id) || seen.as_mut().is_some_and(|seen| !seen.insert(id)) {
                return ControlFlow::Continue(());
            }
            if without.binary_search(&id).is_ok() {
                return ControlFlow::Continue(());
            }
            match self.instance(local, id, length).filter(|occurrence| occurrence.meets(range)) {
                Some(occurrence) => show(occurrence),
                None => ControlFlow::Continue(()),
            }
        };
        let mut excluded = self.excluded(last);
        for added in self.dates.iter().filter(|added| (from..=last).contains(&added.local)) {
            effort.spend(1)?;
            if !excluded.holds(added.local, effort)? && give(added.local, added.length).is_break() {
                return Ok(());
            }
        }
        let start = self.extent.start.naive();
        if (!self.recurring || !self.excluded(last).holds(start, effort)?) && give(start, None).is_break() {
            return Ok(());
        }
        for rule in &self.rules {
            let until = self.until(rule);
            excluded = self.excluded(last);
            let mut expansion = Expansion::new(rule, start, from, last.min(until.local));
            effort.spend(expansion.steps())?;
            while let Some(local) = effort.advance(&mut expansion)? {
                // Not the end: a gap moves what lies in it behind what follows.
                if until.exact.is_some_and(|exact| self.extent.zone.local_to_utc(local) > exact) {
                    continue;
                }
                if !excluded.holds(local, effort)? && give(local, None).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Whether two of its times may be one instant without standing beside each other, as those of a daily rule do where a zone leaves out
    /// a whole day.
    fn may_coincide(&self) -> bool {
        let often = |rule: &Rule| {
            rule.frequency < Frequency::Daily || [&rule.by_hour, &rule.by_minute, &rule.by_second].iter().any(|list| list.len() > 1)
        };
        !self.dates.is_empty() || self.rules.len() > 1 || self.rules.iter().any(often)
    }

    /// The instants near two wall-clock times that EXDATE takes out, ascending.
    fn without(&self, from: NaiveDateTime, last: NaiveDateTime) -> Vec<Seconds> {
        if !self.recurring {
            return Vec::new();
        }
        // A gap may move a time onto one of the window's.
        let swing = Duration::seconds(ZONE_SWING);
        let (from, last) = (from.checked_sub_signed(swing).unwrap_or(from), last.checked_add_signed(swing).unwrap_or(last));
        let near = self.without.iter().filter(|local| (from..=last).contains(*local));
        let mut instants: Vec<Seconds> = near.map(|local| self.extent.zone.local_to_utc(*local)).collect();
        instants.sort_unstable();
        instants
    }

    /// What EXRULE takes out, up to a time.
    fn excluded(&self, last: NaiveDateTime) -> Excluded<'_> {
        let rule = |rule| {
            let until = self.until(rule);
            ExcludedRule::new(rule, &self.extent, last.min(until.local), until.exact)
        };
        Excluded { rules: self.exceptions.iter().map(rule).collect() }
    }

    /// What becomes of the instance at a wall-clock time, which is the instant `id`: nothing, itself, or what an override makes of it and
    /// those after it.
    fn instance(&self, local: NaiveDateTime, id: Seconds, length: Option<Length>) -> Option<Occurrence> {
        if self.recurring && (self.overridden.contains(&id) || self.without_days.contains(&local.date())) {
            return None;
        }
        let recurrence_id = self.recurring.then_some(id);
        let Some(future) = self.futures.partition_point(|f| f.from <= id).checked_sub(1).and_then(|at| self.futures.get(at)) else {
            return Some(self.extent.occurrence(local, length, recurrence_id));
        };
        // The length is the override's, the place in time is the series', moved.
        let moved = local.checked_add_signed(future.shift)?;
        Some(future.extent.occurrence_in(&self.extent.zone, moved, None, recurrence_id))
    }

    /// The wall-clock times at which instances may begin that overlap a range.
    fn window(&self, range: TimeRange) -> (NaiveDateTime, NaiveDateTime) {
        let (from, _) = self.clock_at(range.start.saturating_sub(self.longest()));
        let (_, last) = self.clock_at(range.end);
        let shifts = || self.futures.iter().map(|future| future.shift).chain([Duration::zero()]);
        let (later, earlier) = (shifts().max().unwrap_or_default(), shifts().min().unwrap_or_default());
        (from.checked_sub_signed(later).unwrap_or(from), last.checked_sub_signed(earlier).unwrap_or(last))
    }

    /// No instance of it is longer, in seconds.
    fn longest(&self) -> Seconds {
        let futures = self.futures.iter().map(|future| future.extent.longest());
        futures.chain([self.extent.longest(), self.longest_added()]).max().unwrap_or(0)
    }

    /// No PERIOD of an RDATE is longer, in seconds.
    pub(super) fn longest_added(&self) -> Seconds {
        self.dates.iter().filter_map(|added| added.length).map(extent::longest).max().unwrap_or(0)
    }

    /// The least wall-clock time that may be this instant or a later one, and the greatest that may be this or an earlier one: where the
    /// clocks change near it, they are not what the clock says then.
    fn clock_at(&self, instant: Seconds) -> (NaiveDateTime, NaiveDateTime) {
        let zone = &self.extent.zone;
        let near = |by: Seconds| {
            let clock = zone.utc_to_local(instant.saturating_add(by));
            clock.checked_sub_signed(Duration::seconds(by)).unwrap_or(clock)
        };
        let (before, now, after) = (near(-ZONE_SWING), near(0), near(ZONE_SWING));
        (before.min(now).min(after), before.max(now))
    }

    fn until(&self, rule: &Rule) -> Until {
        let zone = &self.extent.zone;
        match &rule.until {
            None => Until { local: NaiveDateTime::MAX, exact: None },
            // Clients write midnight or the last second of the day, whatever the zone.
            Some(Moment::Utc(at)) if self.extent.start.is_date() => Until { local: *at, exact: None },
            Some(Moment::Utc(at)) => {
                let exact = at.and_utc().timestamp();
                Until { local: zone.utc_to_local(exact.saturating_add(DAY)), exact: Some(exact) }
            }
            Some(Moment::Date(day)) => Until { local: day.and_time(NaiveTime::MIN) + Duration::seconds(DAY - 1), exact: None },
            Some(other) => Until { local: other.naive(), exact: None },
        }
    }

    pub(super) fn span(&self) -> TimeRange {
        let first = self.extent.occurrence(self.extent.start.naive(), None, None).range;
        let added = self.dates.iter().map(|added| self.extent.occurrence(added.local, added.length, None).range);
        let mut span = added.fold(first, |a, b| TimeRange { start: a.start.min(b.start), end: a.end.max(b.end) });
        if !self.rules.is_empty() {
            // What follows a DTSTART in a gap by the wall clock may come before it.
            let shifted = self.extent.zone.utc_to_local(first.start) - self.extent.start.naive();
            span.start = span.start.saturating_sub(shifted.num_seconds().max(0));
        }
        for rule in &self.rules {
            span.end = span.end.max(self.end_of(rule));
        }
        for future in &self.futures {
            let shift = future.shift.num_seconds();
            span.start = span.start.min(future.from.saturating_add(shift).saturating_sub(ZONE_SWING));
            let later = shift.max(0).saturating_add(ZONE_SWING).saturating_add(future.extent.longest());
            span.end = span.end.saturating_add(later).min(TimeRange::MAX);
        }
        span
    }

    /// When the last instance of a rule is over, or later.
    fn end_of(&self, rule: &Rule) -> Seconds {
        let start = self.extent.start.naive();
        let until = self.until(rule);
        let mut last = until.local.min(self.extent.zone.utc_to_local(TimeRange::MAX));
        if rule.count.is_none() && rule.until.is_none() {
            return TimeRange::MAX;
        }
        if rule.count.is_some() {
            let mut expansion = Expansion::new(rule, start, start, last);
            let mut latest = start;
            loop {
                match expansion.advance() {
                    Ok(Some(at)) => latest = at,
                    Ok(None) => break,
                    Err(_) => return TimeRange::MAX,
                }
            }
            last = latest;
        }
        let last = last.max(start);
        let end = self.extent.occurrence(last, None, None).range.end.saturating_add(self.gap_before(last));
        let exact = until.exact.map(|exact| exact.max(self.extent.zone.local_to_utc(start)).saturating_add(self.extent.longest()));
        exact.map_or(end, |exact| end.min(exact))
    }

    /// How many seconds the clocks left out in the two days before a wall-clock time: so much later may be what the gap has shifted.
    fn gap_before(&self, local: NaiveDateTime) -> Seconds {
        let zone = &self.extent.zone;
        let earlier = local - Duration::seconds(ZONE_SWING);
        (zone.local_to_utc(earlier) + ZONE_SWING - zone.local_to_utc(local)).max(0)
    }
}

/// How far two offsets of one zone may lie apart, in seconds: a shift by the wall clock is longer or shorter by so much. Samoa's are a day
/// apart.
const ZONE_SWING: Seconds = 2 * 86_400;

/// The rules of a component under a property's name.
fn rules_of(node: &Node, name: &str, extent: &Extent) -> Result<Vec<Rule>> {
    let mut rules = Vec::new();
    for property in node.all(name).take(MAX_RULES) {
        let mut rule = Rule::parse(&property.value).map_err(|why| invalid(property, &node.name, &why))?;
        if extent.start.is_date() {
            (rule.by_hour, rule.by_minute, rule.by_second) = (Vec::new(), Vec::new(), Vec::new());
        }
        rules.push(rule);
    }
    Ok(rules)
}

/// How far a rule goes.
struct Until {
    /// By the wall clock, a day generous where `exact` says it better.
    local: NaiveDateTime,
    exact: Option<Seconds>,
}

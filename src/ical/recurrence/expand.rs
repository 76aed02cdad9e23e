//! A rule → the wall-clock times at which it happens, in order, from any point on.
//!
//! Not for: zones, exceptions and overrides (`set`). Periods before the point asked for are skipped by arithmetic; only COUNT must
//! be walked from the start. RFC 5545 §3.3.10. What the RFC leaves open is done like this: DTSTART always happens and counts, whether
//! the rule meets it or not, as Thunderbird and Apple Calendar show it; BY parts that a FREQ must not have limit; weeks at the turn of the
//! year belong, day by day, to the year of the day.

use chrono::{Datelike, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Weekday};

use super::rule::{ByDay, Frequency, Rule};
use crate::error::{Error, Precondition};

/// How many days, periods and candidates one expansion looks at before it gives up.
pub const MAX_STEPS: u32 = 200_000;
/// How many times of a day are put together for one step.
const TIMES_A_STEP: usize = 32;

/// A sequence of wall-clock times, ascending, each once.
#[derive(Debug)]
pub struct Expansion {
    rule: Rule,
    start: NaiveDateTime,
    from: NaiveDateTime,
    /// Nothing after this is asked for; at most the end of the year 9999.
    last: NaiveDateTime,
    /// Seconds since the beginning of a base at which candidates lie.
    times: Vec<u32>,
    period: i64,
    bases: Vec<NaiveDateTime>,
    /// The indexes BYSETPOS takes out of bases × times; absent: all.
    picks: Option<Vec<usize>>,
    next: usize,
    given: u32,
    steps: u32,
    most_steps: u32,
    started: bool,
    over: bool,
    first: First,
}

/// What becomes of DTSTART.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum First {
    /// It happens whether the rule meets it or not.
    Always,
    /// It is one of the times where the rule meets it.
    AsRuled,
}

/// The reason why an expansion is not finished.
pub fn too_much() -> Error {
    Error::Refused(Precondition::MaxInstances, "This series has more instances than are worked out.".into())
}

impl Expansion {
    /// The times of a rule at or after `from` and not after `last`. For `dates`, BYHOUR, BYMINUTE and BYSECOND are ignored (RFC 5545).
    pub fn new(rule: &Rule, start: NaiveDateTime, from: NaiveDateTime, last: NaiveDateTime) -> Expansion {
        let end = NaiveDate::from_ymd_opt(9999, 12, 31).map_or(last, |day| day.and_time(NaiveTime::MIN) + Duration::seconds(86_399));
        let rule = filled(rule, start);
        let times = times(&rule, start);
        let steps = u32::try_from(times.len() / TIMES_A_STEP).unwrap_or(MAX_STEPS);
        let mut expansion = Expansion {
            start,
            from,
            last: last.min(end),
            times,
            period: 0,
            bases: Vec::new(),
            picks: None,
            next: 0,
            given: 0,
            steps,
            most_steps: MAX_STEPS,
            started: false,
            over: false,
            first: First::Always,
            rule,
        };
        if expansion.rule.count.is_none() && from > start {
            expansion.period = expansion.period_of(from).max(0);
            expansion.started = true;
        }
        expansion
    }

    /// The same with less to spend than [`MAX_STEPS`].
    pub fn limited(mut self, most_steps: u32) -> Expansion {
        self.most_steps = most_steps.min(MAX_STEPS);
        self
    }

    /// The same where DTSTART is one of the times only if the rule meets it, as EXRULE wants it.
    pub fn as_ruled(mut self) -> Expansion {
        self.first = First::AsRuled;
        self
    }

    /// What it has spent so far.
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// The next time; `None` at the end. [`Precondition::MaxInstances`] where the search costs too much.
    pub fn advance(&mut self) -> Result<Option<NaiveDateTime>, Error> {
        if !self.started && self.first == First::Always {
            self.started = true;
            self.given = 1;
            if self.start >= self.from && self.start <= self.last {
                return Ok(Some(self.start));
            }
        }
        loop {
            if self.over || self.rule.count.is_some_and(|count| self.given >= count) {
                return Ok(None);
            }
            match self.candidate() {
                Some(at) if at > self.last => {
                    self.over = true;
                    return Ok(None);
                }
                Some(at) => {
                    self.step(1)?;
                    if at > self.start || (at == self.start && self.first == First::AsRuled) {
                        self.given = self.given.saturating_add(1);
                        if at >= self.from {
                            return Ok(Some(at));
                        }
                    }
                }
                None => self.fill()?,
            }
        }
    }

    fn step(&mut self, cost: u32) -> Result<(), Error> {
        self.steps = self.steps.saturating_add(cost);
        if self.steps > self.most_steps { Err(too_much()) } else { Ok(()) }
    }

    fn len(&self) -> usize {
        self.picks.as_ref().map_or(self.bases.len() * self.times.len(), Vec::len)
    }

    fn at(&self, index: usize) -> Option<NaiveDateTime> {
        let index = match &self.picks {
            Some(picks) => *picks.get(index)?,
            None => index,
        };
        let base = self.bases.get(index / self.times.len().max(1))?;
        let time = self.times.get(index % self.times.len().max(1))?;
        base.checked_add_signed(Duration::seconds(i64::from(*time)))
    }

    fn candidate(&mut self) -> Option<NaiveDateTime> {
        let at = self.at(self.next)?;
        self.next += 1;
        Some(at)
    }

    /// Finds the next period that has candidates.
    fn fill(&mut self) -> Result<(), Error> {
        self.bases.clear();
        self.next = 0;
        while self.bases.is_empty() && !self.over {
            match self.rule.frequency {
                Frequency::Secondly | Frequency::Minutely | Frequency::Hourly => self.fill_short()?,
                _ => self.fill_days()?,
            }
        }
        self.picks = None;
        if !self.rule.by_set_pos.is_empty() {
            self.picks = Some(picks(&self.rule.by_set_pos, self.bases.len() * self.times.len()));
        }
        // Inside a period too, nothing before the point asked for needs to be walked.
        if self.rule.count.is_none() {
            let (mut low, mut high) = (0, self.len());
            while low < high {
                let middle = low + (high - low) / 2;
                if self.at(middle).is_some_and(|at| at < self.from) { low = middle + 1 } else { high = middle }
            }
            self.next = low;
        }
        Ok(())
    }

    /// One period of DAILY and coarser: its days that the BY parts leave.
    fn fill_days(&mut self) -> Result<(), Error> {
        let Some((first, days)) = self.span_of(self.period) else {
            self.over = true;
            return Ok(());
        };
        self.period += 1;
        if first.and_time(NaiveTime::MIN) > self.last {
            self.over = true;
            return Ok(());
        }
        self.step(1)?;
        let (mut day, mut looked) = (first, 0);
        let end = first.checked_add_days(Days::new(u64::from(days))).unwrap_or(first);
        while day < end {
            looked += 1;
            let mut forward = 1;
            if !self.rule.takes_month(day) {
                forward = days_in_month(day) - day.day0();
            } else if self.rule.takes_day(day) {
                self.bases.push(day.and_time(NaiveTime::MIN));
            }
            day = day.checked_add_days(Days::new(u64::from(forward))).unwrap_or(end);
        }
        self.step(looked)
    }

    /// The first day of a period and how many days it has; `None` after the year 9999.
    fn span_of(&self, period: i64) -> Option<(NaiveDate, u32)> {
        let forward = period.checked_mul(i64::from(self.rule.interval))?;
        let start = self.start.date();
        match self.rule.frequency {
            Frequency::Yearly => {
                let year = i32::try_from(i64::from(start.year()).checked_add(forward)?).ok()?;
                let first = NaiveDate::from_ymd_opt(year, 1, 1).filter(|day| day.year() <= 9999)?;
                Some((first, days_in_year(year)))
            }
            Frequency::Monthly => {
                let month = i64::from(start.year()) * 12 + i64::from(start.month0()) + forward;
                let year = i32::try_from(month.div_euclid(12)).ok().filter(|year| *year <= 9999)?;
                let first = NaiveDate::from_ymd_opt(year, u32::try_from(month.rem_euclid(12)).ok()? + 1, 1)?;
                Some((first, days_in_month(first)))
            }
            Frequency::Weekly => {
                let first = week_of(start, self.rule.week_start)?;
                Some((first.checked_add_days(Days::new(u64::try_from(forward.checked_mul(7)?).ok()?))?, 7))
            }
            _ => Some((start.checked_add_days(Days::new(u64::try_from(forward).ok()?))?, 1)),
        }
        .filter(|(first, _)| first.year() <= 9999)
    }

    /// The period that holds a time, or the one before where INTERVAL leaves it out.
    fn period_of(&self, at: NaiveDateTime) -> i64 {
        let start = self.start.date();
        let units = match self.rule.frequency {
            Frequency::Yearly => i64::from(at.year()) - i64::from(start.year()),
            Frequency::Monthly => (i64::from(at.year()) - i64::from(start.year())) * 12 + i64::from(at.month()) - i64::from(start.month()),
            Frequency::Weekly => {
                let first = week_of(start, self.rule.week_start).unwrap_or(start);
                (at.date() - first).num_days().div_euclid(7)
            }
            Frequency::Daily => (at.date() - start).num_days(),
            _ => return (at - self.short_base()).num_seconds().div_euclid(self.short_step()),
        };
        units.div_euclid(i64::from(self.rule.interval))
    }

    fn unit(&self) -> i64 {
        match self.rule.frequency {
            Frequency::Secondly => 1,
            Frequency::Minutely => 60,
            _ => 3600,
        }
    }

    fn short_step(&self) -> i64 {
        self.unit() * i64::from(self.rule.interval)
    }

    fn short_base(&self) -> NaiveDateTime {
        self.start - Duration::seconds(i64::from(self.start.num_seconds_from_midnight()) % self.unit())
    }

    /// One period of HOURLY, MINUTELY or SECONDLY; where a BY part rules out a day, an hour or a minute, all of it is skipped.
    fn fill_short(&mut self) -> Result<(), Error> {
        self.step(1)?;
        let step = self.short_step();
        let base = self
            .period
            .checked_mul(step)
            .and_then(Duration::try_seconds)
            .and_then(|forward| self.short_base().checked_add_signed(forward))
            .filter(|base| *base <= self.last);
        let Some(base) = base else {
            self.over = true;
            return Ok(());
        };
        let out = |list: &[u32], value: u32| !list.is_empty() && !list.contains(&value);
        let second = i64::from(base.num_seconds_from_midnight());
        let left = if !self.rule.takes_day(base.date()) {
            86_400 - second
        } else if out(&self.rule.by_hour, base.hour()) {
            3_600 - second % 3_600
        } else if self.rule.frequency != Frequency::Hourly && out(&self.rule.by_minute, base.minute()) {
            60 - second % 60
        } else if self.rule.frequency == Frequency::Secondly && out(&self.rule.by_second, base.second()) {
            1
        } else {
            self.bases.push(base);
            1
        };
        self.period += (left + step - 1) / step;
        Ok(())
    }
}

/// The rule with what it leaves unsaid taken from DTSTART (RFC 5545 §3.3.10).
fn filled(rule: &Rule, start: NaiveDateTime) -> Rule {
    let mut rule = rule.clone();
    if !matches!(rule.frequency, Frequency::Monthly | Frequency::Yearly) || !rule.by_week_no.is_empty() {
        rule.by_day.iter_mut().for_each(|day| day.ordinal = 0);
    }
    if rule.frequency < Frequency::Weekly || !(rule.by_day.is_empty() && rule.by_month_day.is_empty() && rule.by_year_day.is_empty()) {
        return rule;
    }
    let weekday = ByDay { ordinal: 0, weekday: start.weekday() };
    match rule.frequency {
        Frequency::Weekly => rule.by_day.push(weekday),
        Frequency::Yearly if !rule.by_week_no.is_empty() => rule.by_day.push(weekday),
        Frequency::Yearly if rule.by_month.is_empty() => {
            rule.by_month.push(start.month());
            rule.by_month_day.push(start.day().cast_signed());
        }
        _ => rule.by_month_day.push(start.day().cast_signed()),
    }
    rule
}

/// The seconds within a base (a day, an hour, a minute, a second) at which candidates lie, ascending.
fn times(rule: &Rule, start: NaiveDateTime) -> Vec<u32> {
    let or = |list: &[u32], value: u32| if list.is_empty() { vec![value] } else { list.to_vec() };
    let hours = if rule.frequency >= Frequency::Daily { or(&rule.by_hour, start.hour()) } else { vec![0] };
    let minutes = if rule.frequency >= Frequency::Hourly { or(&rule.by_minute, start.minute()) } else { vec![0] };
    let seconds = if rule.frequency >= Frequency::Minutely { or(&rule.by_second, start.second()) } else { vec![0] };
    let mut times = Vec::with_capacity(hours.len() * minutes.len() * seconds.len());
    for hour in &hours {
        for minute in &minutes {
            times.extend(seconds.iter().map(|second| hour * 3600 + minute * 60 + second));
        }
    }
    times
}

/// BYSETPOS → indexes in a set of `len`, ascending.
fn picks(positions: &[i32], len: usize) -> Vec<usize> {
    let len = i64::try_from(len).unwrap_or(i64::MAX);
    let index = |position: &i32| if *position > 0 { i64::from(*position) - 1 } else { len + i64::from(*position) };
    let mut picks: Vec<usize> =
        positions.iter().map(index).filter(|at| (0..len).contains(at)).filter_map(|at| usize::try_from(at).ok()).collect();
    picks.sort_unstable();
    picks.dedup();
    picks
}

impl Rule {
    /// Whether the BY parts that concern days leave this day.
    fn takes_day(&self, day: NaiveDate) -> bool {
        let (month_days, year_days) = (days_in_month(day).cast_signed(), days_in_year(day.year()).cast_signed());
        let counted = |list: &[i32], value: u32, of: i32| {
            let value = value.cast_signed();
            list.is_empty() || list.contains(&value) || list.contains(&(value - of - 1))
        };
        self.takes_month(day)
            && counted(&self.by_month_day, day.day(), month_days)
            && counted(&self.by_year_day, day.ordinal(), year_days)
            && (self.by_day.is_empty() || self.by_day.iter().any(|by| self.takes_weekday(*by, day)))
            && (self.by_week_no.is_empty() || {
                let (week, weeks) = week_number(day, self.week_start);
                counted(&self.by_week_no, week, weeks.cast_signed())
            })
    }

    fn takes_month(&self, day: NaiveDate) -> bool {
        self.by_month.is_empty() || self.by_month.contains(&day.month())
    }

    fn takes_weekday(&self, by: ByDay, day: NaiveDate) -> bool {
        if by.weekday != day.weekday() {
            return false;
        }
        if by.ordinal == 0 {
            return true;
        }
        let in_month = self.frequency == Frequency::Monthly || !self.by_month.is_empty();
        let (nth, len) = if in_month { (day.day0(), days_in_month(day)) } else { (day.ordinal0(), days_in_year(day.year())) };
        let (from_front, from_back) = (nth / 7 + 1, (len - 1 - nth) / 7 + 1);
        i32::from(by.ordinal) == from_front.cast_signed() || i32::from(by.ordinal) == -from_back.cast_signed()
    }
}

fn days_in_year(year: i32) -> u32 {
    if year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0) { 366 } else { 365 }
}

fn days_in_month(day: NaiveDate) -> u32 {
    match day.month() {
        2 => days_in_year(day.year()) - 337,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The first day of the week that holds a day.
fn week_of(day: NaiveDate, week_start: Weekday) -> Option<NaiveDate> {
    day.checked_sub_days(Days::new(u64::from(day.weekday().days_since(week_start))))
}

/// The number of a day's week and how many weeks that week's year has; week 1 is the first with four days in its year.
fn week_number(day: NaiveDate, week_start: Weekday) -> (u32, u32) {
    // A week belongs to the year of its fourth day.
    let fourth = |day: NaiveDate| week_of(day, week_start).and_then(|first| first.checked_add_days(Days::new(3))).unwrap_or(day);
    let middle = fourth(day);
    let last = NaiveDate::from_ymd_opt(middle.year(), 12, 31).unwrap_or(day);
    let last = if fourth(last).year() == middle.year() { fourth(last) } else { fourth(last) - Days::new(7) };
    (middle.ordinal0() / 7 + 1, last.ordinal0() / 7 + 1)
}

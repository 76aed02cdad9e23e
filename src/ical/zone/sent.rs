//! A VTIMEZONE as it was sent: its observances as a list of changes.
//!
//! Not for: zones that IANA knows. RFC 5545 §3.6.5.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};

use super::Transition;
use crate::ical::object::Node;
use crate::ical::recurrence::{Expansion, MAX_RULES, MAX_STEPS, Rule};
use crate::ical::time::{Moment, Seconds};

/// How many STANDARD and DAYLIGHT a VTIMEZONE may have.
const MAX_OBSERVANCES: usize = 200;
/// How many changes one VTIMEZONE gives.
const MAX_TRANSITIONS: usize = 2_000;
/// Rules are worked out from here (Windows begins its rules in 1601)
const FIRST_YEAR: i32 = 1900;
/// and up to here; later years are mapped to the 28 years before, whose weekdays are the same.
const LAST_YEAR: i32 = 2100;
const CYCLE: Seconds = 10_227 * 86_400;

/// The changes, sorted; shared, for zones are cloned with every lookup.
#[derive(Debug, Clone)]
pub(super) struct Sent(Arc<[Transition]>);

impl Sent {
    /// Reads the observances; `None` where there is none that can be read.
    pub(super) fn read(node: &Node) -> Option<Sent> {
        let (mut changes, mut steps) = (Vec::new(), MAX_STEPS);
        let observances = node.children.iter().filter(|n| n.name == "STANDARD" || n.name == "DAYLIGHT");
        for observance in observances.take(MAX_OBSERVANCES) {
            let from = offset(&observance.first("TZOFFSETFROM")?.value)?;
            let to = offset(&observance.first("TZOFFSETTO")?.value)?;
            let name = observance.text("TZNAME").unwrap_or_default();
            for onset in onsets(observance, from, &mut steps)? {
                if changes.len() >= MAX_TRANSITIONS {
                    break;
                }
                changes.push(Transition {
                    at: onset.and_utc().timestamp() - from,
                    before: from,
                    after: to,
                    name: name.clone(),
                    daylight: to > from,
                });
            }
        }
        changes.sort_by_key(|change| change.at);
        (!changes.is_empty()).then(|| Sent(changes.into()))
    }

    pub(super) fn offset_at(&self, at: Seconds) -> i64 {
        let at = self.fold_years(at);
        match self.0.partition_point(|change| change.at <= at).checked_sub(1).and_then(|i| self.0.get(i)) {
            Some(change) => change.after,
            None => self.0.first().map_or(0, |change| change.before),
        }
    }

    /// The offset for a wall-clock time given as if it were UTC.
    pub(super) fn offset_of_local(&self, local: Seconds) -> i64 {
        let local = self.fold_years(local);
        // A change counts once the wall clock, read with the offset before it, is past the gap and past the fold: in a gap the offset
        // before holds, of two times the first is meant.
        let past = |change: &Transition| local >= change.at + change.before.max(change.after);
        match self.0.partition_point(past).checked_sub(1).and_then(|i| self.0.get(i)) {
            Some(change) => change.after,
            None => self.0.first().map_or(0, |change| change.before),
        }
    }

    pub(super) fn transitions(&self, from: Seconds, to: Seconds, limit: usize) -> Vec<Transition> {
        let changed = |change: &&Transition| change.at > from && change.at < to && change.before != change.after;
        self.0.iter().filter(changed).take(limit).cloned().collect()
    }

    pub(super) fn preceding(&self, at: Seconds) -> Option<Transition> {
        self.0.iter().rev().find(|change| change.at <= at).cloned()
    }

    fn fold_years(&self, at: Seconds) -> Seconds {
        let last = NaiveDate::from_ymd_opt(LAST_YEAR, 1, 1).map_or(Seconds::MAX, |d| d.and_time(NaiveTime::MIN).and_utc().timestamp());
        if at < last { at } else { at - ((at - last) / CYCLE + 1) * CYCLE }
    }
}

/// When an observance begins, by the wall clock before it; takes what it costs off `steps`.
fn onsets(observance: &Node, from: i64, steps: &mut u32) -> Option<Vec<NaiveDateTime>> {
    let start = Moment::parse(&observance.first("DTSTART")?.value, None)?.naive();
    let last = NaiveDate::from_ymd_opt(LAST_YEAR, 12, 31)?.and_time(NaiveTime::MIN);
    let mut onsets = vec![start];
    for property in observance.all("RRULE").take(MAX_RULES) {
        let rule = Rule::parse(&property.value).ok()?;
        // UNTIL in UTC is how it shall be; in local time is how Thunderbird and KDE write it.
        let until = match &rule.until {
            Some(Moment::Utc(at)) => at.checked_add_signed(chrono::Duration::seconds(from))?,
            Some(Moment::Date(day)) => day.and_hms_opt(23, 59, 59)?,
            Some(other) => other.naive(),
            None => last,
        };
        let first = NaiveDate::from_ymd_opt(FIRST_YEAR, 1, 1)?.and_time(NaiveTime::MIN);
        let mut expansion = Expansion::new(&rule, start, start.max(first), until.min(last)).limited(*steps);
        while let Ok(Some(onset)) = expansion.advance() {
            onsets.push(onset);
            if onsets.len() > MAX_TRANSITIONS {
                break;
            }
        }
        *steps = steps.saturating_sub(expansion.steps());
    }
    for property in observance.all("RDATE") {
        let moments = property.value.split(',').map_while(|value| Moment::parse(value.split('/').next()?, None));
        onsets.extend(moments.take(MAX_TRANSITIONS).map(|moment| match moment {
            Moment::Utc(at) => at + chrono::Duration::seconds(from),
            other => other.naive(),
        }));
    }
    onsets.retain(|onset| (0..=9999).contains(&onset.year()));
    onsets.sort_unstable();
    onsets.dedup();
    Some(onsets)
}

/// Reads `+0100` or `-053020` (RFC 5545 §3.3.14).
fn offset(value: &str) -> Option<i64> {
    let value = value.trim();
    let (sign, digits) = match value.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, value.strip_prefix('+').unwrap_or(value)),
    };
    if !matches!(digits.len(), 4 | 6) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |range: std::ops::Range<usize>| digits.get(range).and_then(|s| s.parse::<i64>().ok());
    let (hours, minutes, seconds) = (part(0..2)?, part(2..4)?, if digits.len() == 6 { part(4..6)? } else { 0 });
    (hours < 24 && minutes < 60 && seconds < 60).then_some(sign * (hours * 3600 + minutes * 60 + seconds))
}

//! EXRULE: times that a rule takes out of a series.
//!
//! Not for: single dates (`series`). RFC 2445 §4.8.5.2; RFC 5545 writes it no more, old calendars hold it still.

use chrono::NaiveDateTime;

use super::Rule;
use super::effort::Effort;
use super::expand::Expansion;
use super::extent::Extent;
use crate::error::Result;
use crate::ical::time::Seconds;

/// How many times of a rule are passed one by one before it is asked anew from a later point.
const STRIDE: u32 = 32;

/// The rules that take times out. Asked for ascending times.
pub(super) struct Excluded<'a> {
    pub rules: Vec<ExcludedRule<'a>>,
}

/// One of them, at the first of its times that has not been passed.
pub(super) struct ExcludedRule<'a> {
    rule: &'a Rule,
    extent: &'a Extent,
    last: NaiveDateTime,
    /// UNTIL, where it is an instant.
    exact: Option<Seconds>,
    expansion: Expansion,
    next: Option<NaiveDateTime>,
}

impl Excluded<'_> {
    /// Whether a time is taken out.
    pub(super) fn holds(&mut self, local: NaiveDateTime, effort: &mut Effort) -> Result<bool> {
        for rule in &mut self.rules {
            if rule.holds(local, effort)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl<'a> ExcludedRule<'a> {
    pub(super) fn new(rule: &'a Rule, extent: &'a Extent, last: NaiveDateTime, exact: Option<Seconds>) -> ExcludedRule<'a> {
        let start = extent.start.naive();
        let expansion = Expansion::new(rule, start, start, last).as_ruled();
        ExcludedRule { rule, extent, last, exact, expansion, next: Some(NaiveDateTime::MIN) }
    }

    fn holds(&mut self, local: NaiveDateTime, effort: &mut Effort) -> Result<bool> {
        let mut passed = 0;
        if self.next.is_none_or(|next| next > local) && self.next != Some(NaiveDateTime::MIN) {
            return Ok(false);
        }
        while self.next.is_some_and(|next| next < local) {
            // Where COUNT is given its times must be walked, else the way to a later one is short.
            if passed % STRIDE == 0 && self.rule.count.is_none() {
                self.expansion = Expansion::new(self.rule, self.extent.start.naive(), local, self.last).as_ruled();
                effort.spend(self.expansion.steps())?;
            }
            passed += 1;
            self.next = effort.advance(&mut self.expansion)?;
        }
        let past = |exact: Seconds| self.extent.zone.local_to_utc(local) > exact;
        Ok(self.next == Some(local) && !self.exact.is_some_and(past))
    }
}

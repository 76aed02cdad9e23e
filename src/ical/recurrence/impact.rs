//! Which overrides and which busy periods concern a range: what limit-recurrence-set and limit-freebusy-set keep.
//!
//! Not for: writing what is kept (`partial`). RFC 4791 §9.6.6, §9.6.7.

use std::collections::HashSet;
use std::ops::ControlFlow;

use super::effort::Effort;
use super::extent;
use super::speaker::{Speakers, instance_of, is_of_future, master};
use super::{Series, first_occurrence};
use crate::error::Result;
use crate::ical::object::{CalendarObject, Node, Property};
use crate::ical::time::TimeRange;
use crate::ical::zone::Zone;

/// The overrides of an object that don't concern a range.
#[derive(Debug)]
pub struct LeftOut {
    /// Where they begin.
    overrides: HashSet<usize>,
}

impl LeftOut {
    /// An override concerns a range where it happens in it, or what it overrides would have. One with RANGE=THISANDFUTURE also stands for
    /// the instances after it that no other override speaks of.
    ///
    /// Errors as [`super::occurrences`].
    pub fn read(object: &CalendarObject, range: TimeRange, default_zone: &Zone) -> Result<LeftOut> {
        let mut left_out = LeftOut { overrides: HashSet::new() };
        let series = master(object, default_zone)?;
        for node in object.overrides() {
            let Some(property) = node.first("RECURRENCE-ID") else { continue };
            let id = instance_of(property, node, series.as_ref(), object, default_zone)?;
            let would = match &series {
                Some(series) => series.occurrence(series.zone.utc_to_local(id), None, None).meets(range),
                None => range.start <= id && id < range.end,
            };
            let own = first_occurrence(node, object, default_zone)?;
            if !would && !own.is_some_and(|own| own.meets(range)) {
                left_out.overrides.insert(node.span.start);
            }
        }
        let futures = |node: &&Node| left_out.overrides.contains(&node.span.start) && node.first("RECURRENCE-ID").is_some_and(is_of_future);
        let futures: HashSet<usize> = object.overrides().filter(futures).map(|node| node.span.start).collect();
        if !futures.is_empty() {
            let concerned = concerned(object, range, default_zone, futures)?;
            left_out.overrides.retain(|start| !concerned.contains(start));
        }
        Ok(left_out)
    }

    /// Whether a component is one of them.
    pub fn holds(&self, node: &Node) -> bool {
        self.overrides.contains(&node.span.start)
    }
}

/// Those of these overrides whose instances happen in a range, or would have; all where that costs too much to know.
fn concerned(object: &CalendarObject, range: TimeRange, zone: &Zone, futures: HashSet<usize>) -> Result<HashSet<usize>> {
    let speakers = Speakers::read(object, zone)?;
    let masters: Vec<&Node> = object.master().into_iter().collect();
    let (mut unseen, mut effort) = (futures.clone(), Effort::default());
    for series in [Series::read(object, zone)?, Series::of(&masters, object, zone)?] {
        let visited = series.visit_within(range, &mut effort, &mut |occurrence| {
            if let Some(node) = speakers.of(&occurrence) {
                unseen.remove(&node.span.start);
            }
            if unseen.is_empty() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if visited.is_err() {
            return Ok(futures);
        }
    }
    Ok(futures.difference(&unseen).copied().collect())
}

/// Whether a value of FREEBUSY overlaps a range; also where it can't be read, for then nobody knows.
pub fn period_overlaps(value: &str, property: &Property, object: &CalendarObject, range: TimeRange, default_zone: &Zone) -> bool {
    extent::period_range(value, property, object, default_zone).is_none_or(|period| period.overlaps(range))
}

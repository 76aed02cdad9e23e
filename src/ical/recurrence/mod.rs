//! When something happens: RRULE, RDATE, EXDATE, RECURRENCE-ID in a range of time.
//!
//! Not for: what a local time means (`zone`), what is busy (`freebusy`). RFC 5545 §3.3.10, §3.8.4.4, §3.8.5; RFC 4791 §9.9.

mod effort;
mod excluded;
mod expand;
mod extent;
mod impact;
mod rule;
mod series;
mod solid;
mod speaker;

use std::ops::ControlFlow;

pub use effort::{Effort, MAX_EFFORT};
pub use expand::{Expansion, MAX_STEPS, too_much};
pub use impact::{LeftOut, period_overlaps};
pub use rule::{ByDay, Frequency, Rule};
pub use series::Series;
pub use speaker::{Speakers, is_of_future};

use crate::error::Result;
use crate::ical::component::{Buffer, Status, Transparency};
use crate::ical::object::{CalendarObject, Node};
use crate::ical::time::{Seconds, TimeRange};
use crate::ical::zone::Zone;

/// How many RRULEs a component may have; more than one is rare, and each has a search of its own.
pub const MAX_RULES: usize = 5;
/// How many occurrences one question may have as its answer.
pub const MAX_OCCURRENCES: usize = 10_000;

/// One time at which an object happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// When, such that RFC 4791 §9.9's tables are [`Occurrence::meets`]: of an event this is its time (start equals end where it has
    /// no duration), a task without times fills all time, an end that counts itself is one second later.
    pub range: TimeRange,
    /// Which one of a series: where the rule puts it, UTC; a date stands for its midnight. Absent for what does not recur.
    pub recurrence_id: Option<Seconds>,
    /// Its STATUS.
    pub status: Status,
    /// Its TRANSP; whatever is no event is transparent, except busy periods of a VFREEBUSY.
    pub transparency: Transparency,
    /// What it takes of the time around it.
    pub buffer: Buffer,
}

impl Occurrence {
    /// Its time with preparation and follow-up.
    pub fn whole(&self) -> TimeRange {
        let (before, after) = (i64::from(self.buffer.before) * 60, i64::from(self.buffer.after) * 60);
        TimeRange { start: self.range.start.saturating_sub(before), end: self.range.end.saturating_add(after) }
    }

    /// Whether it overlaps a range in the sense of RFC 4791 §9.9.
    pub fn meets(&self, range: TimeRange) -> bool {
        if self.range.start == self.range.end {
            range.start <= self.range.start && self.range.start < range.end
        } else {
            self.range.overlaps(range)
        }
    }
}

/// The occurrences of an object that overlap a range, sorted by start; `default_zone` is for dates and floating times.
///
/// [`crate::error::Precondition::MaxInstances`] where there are more than [`MAX_OCCURRENCES`] or the search costs too much,
/// [`crate::error::Precondition::ValidCalendarData`] for what [`CalendarObject::check`] would have refused.
pub fn occurrences(object: &CalendarObject, range: TimeRange, default_zone: &Zone) -> Result<Vec<Occurrence>> {
    Series::read(object, default_zone)?.occurrences(range)
}

/// Whether an object has an occurrence that overlaps a range. Cheap for a range without an end too.
pub fn occurs(object: &CalendarObject, range: TimeRange, default_zone: &Zone) -> Result<bool> {
    let mut found = false;
    Series::read(object, default_zone)?.visit(range, &mut |_| {
        found = true;
        ControlFlow::Break(())
    })?;
    Ok(found)
}

/// A component's own time, without regard to what makes it recur; `None` without DTSTART. Errors as [`occurrences`].
pub fn first_occurrence(node: &Node, object: &CalendarObject, default_zone: &Zone) -> Result<Option<Occurrence>> {
    let extent = extent::Extent::read(node, object, default_zone)?;
    Ok(extent.map(|extent| extent.occurrence(extent.start.naive(), None, None)))
}

/// STATUS and TRANSP of a component, and what it takes of the time around it; whatever is no event is transparent.
pub fn standing(node: &Node) -> (Status, Transparency, Buffer) {
    (extent::status(node), extent::transparency(node), extent::buffer(node))
}

#[cfg(test)]
mod tests;

//! When an alarm rings, as far as a filter asks.
//!
//! Not for: ringing. RFC 4791 §9.9 (VALARM); RFC 5545 §3.6.6, §3.8.6.

use super::search::Search;
use crate::ical::object::Node;
use crate::ical::time::{Moment, Seconds, Span, TimeRange};
use crate::ical::zone;

/// How often an alarm repeats at most.
const MAX_REPEATS: i64 = 1_000;

/// When an alarm rings after its trigger.
#[derive(Clone, Copy)]
struct Rings {
    /// Between two times, in seconds; 0 where it does not repeat.
    pause: i64,
    /// How often it rings again.
    repeats: i64,
}

impl Rings {
    fn read(alarm: &Node) -> Rings {
        let pause = alarm.first("DURATION").and_then(|p| Span::parse(&p.value)).map_or(0, seconds).max(0);
        let repeats = alarm.first("REPEAT").and_then(|p| p.value.trim().parse::<i64>().ok()).unwrap_or(0).clamp(0, MAX_REPEATS);
        Rings { pause, repeats: if pause == 0 { 0 } else { repeats } }
    }

    /// How long it rings, from the first to the last.
    fn length(self) -> i64 {
        self.pause.saturating_mul(self.repeats)
    }

    /// Whether one that rings first at an instant rings in a range.
    fn meet(self, first: Seconds, range: TimeRange) -> bool {
        let late = range.start.saturating_sub(first).max(0);
        // The first of them that is not before the range.
        let missed = if self.pause == 0 { late.min(1) } else { late.div_euclid(self.pause) + i64::from(late % self.pause != 0) };
        missed <= self.repeats && first.saturating_add(missed.saturating_mul(self.pause)) < range.end
    }
}

/// Whether an alarm of a component rings in a range; also where that can't be worked out within limits.
pub(super) fn rings(search: &Search<'_>, parent: &Node, alarm: &Node, range: TimeRange) -> bool {
    let Some(trigger) = alarm.first("TRIGGER") else { return false };
    let rings = Rings::read(alarm);
    if let Some(moment) = Moment::parse(&trigger.value, trigger.param("TZID")) {
        return zone::resolve(&moment, search.object, search.default_zone).is_some_and(|first| rings.meet(first, range));
    }
    let Some(offset) = Span::parse(&trigger.value).map(seconds) else { return false };
    let at_end = trigger.param("RELATED").is_some_and(|related| related.eq_ignore_ascii_case("END"));
    // The occurrences whose start or end lies where an alarm of this range may come from.
    let from = range.start.saturating_sub(offset).saturating_sub(rings.length()).saturating_sub(1);
    let window = TimeRange { start: from, end: range.end.saturating_sub(offset).saturating_add(1) };
    search.finds(parent, window, |occurrence| {
        let from = if at_end { occurrence.range.end } else { occurrence.range.start };
        rings.meet(from.saturating_add(offset), range)
    })
}

fn seconds(span: Span) -> i64 {
    span.days * 86_400 + span.seconds
}

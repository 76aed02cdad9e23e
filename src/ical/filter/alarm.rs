//! When an alarm rings, as far as a filter asks.
//!
//! Not for: ringing. RFC 4791 §9.9 (VALARM); RFC 5545 §3.6.6, §3.8.6.

use std::ops::ControlFlow;

use crate::ical::object::{CalendarObject, Node};
use crate::ical::recurrence::Series;
use crate::ical::time::{Moment, Seconds, Span, TimeRange};
use crate::ical::zone::{self, Zone};

/// How often an alarm repeats at most.
const MAX_REPEATS: i64 = 1_000;

/// Whether an alarm of a component rings in a range; also where that can't be worked out within limits.
pub(super) fn rings(object: &CalendarObject, parent: &Node, alarm: &Node, range: TimeRange, default_zone: &Zone) -> bool {
    let Some(trigger) = alarm.first("TRIGGER") else { return false };
    let pause = alarm.first("DURATION").and_then(|p| Span::parse(&p.value)).map_or(0, seconds).max(0);
    let repeats = alarm.first("REPEAT").and_then(|p| p.value.trim().parse::<i64>().ok()).unwrap_or(0).clamp(0, MAX_REPEATS);
    let in_range = |first: Seconds| (0..=repeats).map(|n| first.saturating_add(n * pause)).any(|at| range.start <= at && at < range.end);
    if let Some(moment) = Moment::parse(&trigger.value, trigger.param("TZID")) {
        return zone::resolve(&moment, object, default_zone).is_some_and(in_range);
    }
    let Some(offset) = Span::parse(&trigger.value).map(seconds) else { return false };
    let at_end = trigger.param("RELATED").is_some_and(|related| related.eq_ignore_ascii_case("END"));
    // The occurrences whose start or end lies where an alarm of this range may come from.
    let from = range.start.saturating_sub(offset).saturating_sub(repeats * pause).saturating_sub(1);
    let window = TimeRange { start: from, end: range.end.saturating_sub(offset).saturating_add(1) };
    let own = parent.first("RECURRENCE-ID").is_some();
    let mut found = false;
    let visited = Series::read(object, default_zone).and_then(|series| {
        series.visit(window, &mut |occurrence| {
            // An override's alarm rings for that one alone, and it may be any: none is cut off.
            let first = if at_end { occurrence.range.end } else { occurrence.range.start }.saturating_add(offset);
            found = in_range(first) && (!own || occurrence.recurrence_id.is_some());
            if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
    });
    found || visited.is_err()
}

fn seconds(span: Span) -> i64 {
    span.days * 86_400 + span.seconds
}

//! Which overrides and which busy periods concern a range: what limit-recurrence-set and limit-freebusy-set keep.
//!
//! Not for: writing what is kept (`partial`). RFC 4791 §9.6.6, §9.6.7.

use super::extent::{self, Extent};
use crate::error::Result;
use crate::ical::object::{CalendarObject, Node, Property};
use crate::ical::time::TimeRange;
use crate::ical::zone::Zone;

/// Whether an override happens in a range, or what it overrides would have. One of all that follow (RANGE=THISANDFUTURE) concerns
/// every range that ends after it begins, for it moves what happens there.
///
/// Errors as [`super::occurrences`]; a component without RECURRENCE-ID concerns every range.
pub fn impacts(node: &Node, object: &CalendarObject, range: TimeRange, default_zone: &Zone) -> Result<bool> {
    let Some(property) = node.first("RECURRENCE-ID") else { return Ok(true) };
    let id = extent::instant(property, node, object, default_zone)?;
    let own = Extent::read(node, object, default_zone)?;
    let current = own.map(|own| own.occurrence(own.start.naive(), None, None));
    if property.param("RANGE").is_some_and(|kind| kind.eq_ignore_ascii_case("THISANDFUTURE")) {
        let first = current.map_or(id, |current| current.range.start.min(id));
        return Ok(first < range.end);
    }
    if current.is_some_and(|current| current.meets(range)) {
        return Ok(true);
    }
    let Some(master) = object.master() else { return Ok(range.start <= id && id < range.end) };
    let Some(series) = Extent::read(master, object, default_zone)? else { return Ok(range.start <= id && id < range.end) };
    let moment = extent::moment(property, node)?;
    let local = extent::in_series(&moment, &series.start, &series.zone, object).unwrap_or_else(|| series.zone.utc_to_local(id));
    Ok(series.occurrence(local, None, None).meets(range))
}

/// Whether a value of FREEBUSY overlaps a range; also where it can't be read, for then nobody knows.
pub fn period_overlaps(value: &str, property: &Property, object: &CalendarObject, range: TimeRange, default_zone: &Zone) -> bool {
    extent::period_range(value, property, object, default_zone).is_none_or(|period| period.overlaps(range))
}

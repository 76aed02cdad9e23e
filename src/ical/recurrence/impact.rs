//! Which overrides and which busy periods concern a range: what limit-recurrence-set and limit-freebusy-set keep.
//!
//! Not for: writing what is kept (`partial`). RFC 4791 §9.6.6, §9.6.7.

use std::collections::HashSet;
use std::ops::ControlFlow;

use chrono::NaiveDateTime;

use super::extent::{self, Extent};
use super::{Series, first_range};
use crate::error::Result;
use crate::ical::object::{CalendarObject, Node, Property};
use crate::ical::time::{Moment, Seconds, TimeRange};
use crate::ical::zone::Zone;

/// Whether an override happens in a range, or what it overrides would have. One with RANGE=THISANDFUTURE also stands for the instances
/// after it that no other override speaks of.
///
/// Errors as [`super::occurrences`]; a component without RECURRENCE-ID concerns every range.
pub fn impacts(node: &Node, object: &CalendarObject, range: TimeRange, default_zone: &Zone) -> Result<bool> {
    let Some(property) = node.first("RECURRENCE-ID") else { return Ok(true) };
    let own = first_range(node, object, default_zone)?;
    if own.is_some_and(|own| overlaps(own, range)) {
        return Ok(true);
    }
    let id = extent::instant(property, node, object, default_zone)?;
    let Some(master) = object.master() else { return Ok(range.start <= id && id < range.end) };
    let Some(series) = Extent::read(master, object, default_zone)? else { return Ok(range.start <= id && id < range.end) };
    let local = |node| place(node, &series, object).unwrap_or_else(|| series.zone.utc_to_local(id));
    if series.occurrence(local(node), None, None).meets(range) {
        return Ok(true);
    }
    if !is_of_future(property) {
        return Ok(false);
    }
    let id = series.zone.local_to_utc(local(node));
    let others = object.overrides().filter(|other| *other != node);
    let others: Vec<(Seconds, &Node)> = others.map(|other| (series.zone.local_to_utc(local(other)), other)).collect();
    let next =
        others.iter().filter(|(at, other)| *at > id && other.first("RECURRENCE-ID").is_some_and(is_of_future)).map(|(at, _)| *at).min();
    let single: HashSet<Seconds> = others.iter().map(|(at, _)| *at).collect();
    let governed = |at: Seconds| at > id && next.is_none_or(|next| at < next) && !single.contains(&at);
    Ok(happens(&[master, node], object, range, default_zone, &governed)? || happens(&[master], object, range, default_zone, &governed)?)
}

fn overlaps(own: TimeRange, range: TimeRange) -> bool {
    own.overlaps(range) || (own.start == own.end && range.start <= own.start && own.start < range.end)
}

fn is_of_future(property: &Property) -> bool {
    property.param("RANGE").is_some_and(|kind| kind.eq_ignore_ascii_case("THISANDFUTURE"))
}

/// Where a series has the instance that an override speaks of.
fn place(node: &Node, series: &Extent, object: &CalendarObject) -> Option<NaiveDateTime> {
    let property = node.first("RECURRENCE-ID")?;
    let moment = Moment::parse(&property.value, property.param("TZID"))?;
    extent::in_series(&moment, &series.start, &series.zone, object)
}

/// Whether one of these instances happens in a range; also where that costs too much to know.
fn happens(nodes: &[&Node], object: &CalendarObject, range: TimeRange, zone: &Zone, governed: &dyn Fn(Seconds) -> bool) -> Result<bool> {
    let mut found = false;
    let visited = Series::of(nodes, object, zone)?.visit(range, &mut |occurrence| {
        found = occurrence.recurrence_id.is_some_and(governed);
        if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    Ok(found || visited.is_err())
}

/// Whether a value of FREEBUSY overlaps a range; also where it can't be read, for then nobody knows.
pub fn period_overlaps(value: &str, property: &Property, object: &CalendarObject, range: TimeRange, default_zone: &Zone) -> bool {
    extent::period_range(value, property, object, default_zone).is_none_or(|period| period.overlaps(range))
}

//! Which component of an object speaks of an occurrence: the master, or an override.
//!
//! Not for: when it happens (`series`). RFC 5545 §3.2.13, §3.8.4.4.

use std::collections::HashMap;

use super::Occurrence;
use super::extent::{self, Extent};
use crate::error::Result;
use crate::ical::object::{CalendarObject, Node, Property, invalid};
use crate::ical::time::Seconds;
use crate::ical::zone::Zone;

/// The components of an object by the occurrences that they speak of.
#[derive(Debug)]
pub struct Speakers<'a> {
    shown: Option<&'a Node>,
    /// Overrides by the instance that they are about.
    at: HashMap<Seconds, &'a Node>,
    /// Those with RANGE=THISANDFUTURE, ascending.
    futures: Vec<(Seconds, &'a Node)>,
}

impl<'a> Speakers<'a> {
    /// Reads an object. Errors as [`super::occurrences`].
    pub fn read(object: &'a CalendarObject, default_zone: &Zone) -> Result<Speakers<'a>> {
        let mut speakers = Speakers { shown: object.shown(), at: HashMap::new(), futures: Vec::new() };
        let series = master(object, default_zone)?;
        for node in object.overrides() {
            let Some(property) = node.first("RECURRENCE-ID") else { continue };
            let id = instance_of(property, node, series.as_ref(), object, default_zone)?;
            speakers.at.entry(id).or_insert(node);
            if is_of_future(property) {
                speakers.futures.push((id, node));
            }
        }
        speakers.futures.sort_by_key(|(id, _)| *id);
        Ok(speakers)
    }

    /// The component that speaks of an occurrence of this object: its override, the last override of it and all that follow, or the master.
    pub fn of(&self, occurrence: &Occurrence) -> Option<&'a Node> {
        let Some(id) = occurrence.recurrence_id else { return self.shown };
        let following = || self.futures.partition_point(|(from, _)| *from <= id).checked_sub(1).and_then(|last| self.futures.get(last));
        self.at.get(&id).copied().or_else(|| following().map(|(_, node)| *node)).or(self.shown)
    }

    /// The overrides with the instances that they are about, in no order; those that speak of what follows, too, are among them.
    pub fn single(&self) -> impl Iterator<Item = (Seconds, &'a Node)> {
        self.at.iter().map(|(id, node)| (*id, *node))
    }

    /// The overrides that speak of an instance and of all that follow it, ascending.
    pub fn following(&self) -> impl Iterator<Item = (Seconds, &'a Node)> {
        self.futures.iter().copied()
    }
}

/// Whether a RECURRENCE-ID is about all instances that follow, too.
pub fn is_of_future(recurrence_id: &Property) -> bool {
    recurrence_id.param("RANGE").is_some_and(|range| range.eq_ignore_ascii_case("THISANDFUTURE"))
}

/// The extent of what defines the series.
pub(super) fn master(object: &CalendarObject, default_zone: &Zone) -> Result<Option<Extent>> {
    Ok(object.master().map(|node| Extent::read(node, object, default_zone)).transpose()?.flatten())
}

/// The instant of the instance that a RECURRENCE-ID means.
pub(super) fn instance_of(
    property: &Property,
    node: &Node,
    series: Option<&Extent>,
    object: &CalendarObject,
    default_zone: &Zone,
) -> Result<Seconds> {
    let Some(series) = series else { return extent::instant(property, node, object, default_zone) };
    let unknown = || invalid(property, &node.name, "its TZID is no zone");
    let local = extent::in_series(&extent::moment(property, node)?, &series.start, &series.zone, object).ok_or_else(unknown)?;
    Ok(series.zone.local_to_utc(local))
}

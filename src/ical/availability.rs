//! VAVAILABILITY: when somebody can be asked at all, and when not.
//!
//! Not for: appointments, which are laid over it afterwards (`freebusy`), and keeping such components in a collection. RFC 7953 §3 to §5.
//! Where §4 and the procedure of §5 differ, §4 holds: a component hides those of lower priority for all of its time, their AVAILABLE too.
//! Of several with one priority what any of them calls available is free, and elsewhere the strongest of their BUSYTYPEs holds.

mod check;

use crate::error::Result;
use crate::ical::freebusy::{Busy, BusyKind, merge};
use crate::ical::object::{CalendarObject, Node};
use crate::ical::recurrence::{MAX_OCCURRENCES, Series, first_occurrence, too_much};
use crate::ical::time::{Moment, TimeRange};
use crate::ical::zone::{self, Zone};

pub use check::{MAX_AVAILABLE, check};

/// The VAVAILABILITY components of one person or room, ready to be asked.
#[derive(Debug, Default)]
pub struct Availability {
    blocks: Vec<Block>,
}

/// One VAVAILABILITY.
#[derive(Debug)]
struct Block {
    range: TimeRange,
    /// From 0, which everything hides, to 9, which hides everything; PRIORITY counts the other way round.
    rank: u8,
    kind: BusyKind,
    available: Vec<Series>,
}

impl Availability {
    /// Adds the VAVAILABILITY components of an object; `default_zone` is for times without a zone, which the RFC forbids.
    ///
    /// Refused as [`check()`] does.
    pub fn add(&mut self, object: &CalendarObject, default_zone: &Zone) -> Result<()> {
        check(object)?;
        for node in object.components().filter(|node| node.name == "VAVAILABILITY") {
            self.blocks.push(Block {
                range: bounds(node, object, default_zone)?,
                rank: rank(node),
                kind: kind(node),
                available: available(node, object, default_zone)?,
            });
        }
        self.blocks.sort_by_key(|block| block.rank);
        Ok(())
    }

    /// Whether nothing was said about any time.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// The periods of a range in which nobody is there: sorted, disjoint, clipped. What no component covers is free.
    ///
    /// [`crate::error::Precondition::MaxInstances`] where AVAILABLE happens more than [`MAX_OCCURRENCES`] times in the range.
    pub fn busy(&self, range: TimeRange) -> Result<Vec<Busy>> {
        let mut result: Vec<Busy> = Vec::new();
        let mut room = MAX_OCCURRENCES;
        for group in self.blocks.chunk_by(|a, b| a.rank == b.rank) {
            let (mut covered, mut free) = (Vec::new(), Vec::new());
            for (block, part) in group.iter().filter_map(|block| Some((block, block.range.clip(range)?))) {
                covered.push(Busy { range: part, kind: block.kind });
                block.free(part, &mut room, &mut free)?;
            }
            let covered = merge(covered);
            let mut left = without(&result, &ranges(&covered));
            left.extend(without(&covered, &ranges(&merge(free))));
            result = merge(left);
        }
        Ok(result)
    }

    /// The rest of the range. Errors as [`Availability::busy`].
    pub fn open(&self, range: TimeRange) -> Result<Vec<TimeRange>> {
        let whole = [Busy { range, kind: BusyKind::Busy }];
        Ok(ranges(&without(&whole, &ranges(&self.busy(range)?))))
    }
}

impl Block {
    /// Adds the times within `part` that are available, each taking one off `room`.
    fn free(&self, part: TimeRange, room: &mut usize, free: &mut Vec<Busy>) -> Result<()> {
        for series in &self.available {
            for occurrence in series.occurrences(part)? {
                *room = room.checked_sub(1).ok_or_else(too_much)?;
                free.extend(occurrence.range.clip(part).map(|range| Busy { range, kind: BusyKind::Busy }));
            }
        }
        Ok(())
    }
}

/// The time that a VAVAILABILITY is about; open where it says nothing.
fn bounds(node: &Node, object: &CalendarObject, default_zone: &Zone) -> Result<TimeRange> {
    let whole = first_occurrence(node, object, default_zone)?.map(|own| own.range);
    let end = node.first("DTEND").and_then(|property| Moment::parse(&property.value, property.param("TZID")));
    let end = end.and_then(|end| zone::resolve(&end, object, default_zone));
    let open_end = node.first("DTEND").or_else(|| node.first("DURATION")).is_none();
    Ok(match whole {
        Some(whole) if open_end => TimeRange { end: TimeRange::MAX, ..whole },
        Some(whole) => whole,
        None => TimeRange { start: TimeRange::MIN, end: end.unwrap_or(TimeRange::MAX) },
    })
}

/// The AVAILABLE components, those of one UID as one series.
fn available(node: &Node, object: &CalendarObject, default_zone: &Zone) -> Result<Vec<Series>> {
    let mut groups: Vec<(&str, Vec<&Node>)> = Vec::new();
    for child in node.children.iter().filter(|child| child.name == "AVAILABLE") {
        let uid = child.first("UID").map_or("", |uid| uid.value.trim());
        match groups.iter_mut().find(|(other, _)| *other == uid) {
            Some((_, group)) => group.push(child),
            None => groups.push((uid, vec![child])),
        }
    }
    groups.iter().map(|(_, group)| Series::of(group, object, default_zone)).collect()
}

fn rank(node: &Node) -> u8 {
    let priority: u8 = node.first("PRIORITY").and_then(|p| p.value.trim().parse().ok()).unwrap_or(0);
    if priority == 0 { 0 } else { 10_u8.saturating_sub(priority) }
}

/// BUSYTYPE; one that we don't know is the default (RFC 7953 §3.2).
fn kind(node: &Node) -> BusyKind {
    let name = node.first("BUSYTYPE").map(|p| p.value.trim().to_ascii_uppercase());
    let kinds = [BusyKind::Tentative, BusyKind::Unavailable, BusyKind::Busy];
    kinds.into_iter().find(|kind| name.as_deref() == Some(kind.as_str())).unwrap_or(BusyKind::Unavailable)
}

fn ranges(periods: &[Busy]) -> Vec<TimeRange> {
    periods.iter().map(|period| period.range).collect()
}

/// Periods less ranges; both sorted and disjoint.
fn without(periods: &[Busy], taken: &[TimeRange]) -> Vec<Busy> {
    let mut left = Vec::new();
    let mut from = 0;
    for period in periods {
        let mut start = period.range.start;
        while taken.get(from).is_some_and(|range| range.end <= start) {
            from += 1;
        }
        for range in taken.iter().skip(from).take_while(|range| range.start < period.range.end) {
            if start < range.start {
                left.push(Busy { range: TimeRange { start, end: range.start }, kind: period.kind });
            }
            start = start.max(range.end);
        }
        if start < period.range.end {
            left.push(Busy { range: TimeRange { start, end: period.range.end }, kind: period.kind });
        }
    }
    left
}

#[cfg(test)]
mod tests;

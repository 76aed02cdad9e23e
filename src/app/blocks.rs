//! What takes calendars' time, laid together, as it was read before for some days: most visitors look at what nobody has changed meanwhile.
//!
//! Kept by the calendar's version and its zone, so that every change makes it worthless. Not for: decisions, which read the index.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::appointment::slot::Span;
use crate::collection::{CollectionId, Version};
use crate::ical::time::TimeRange;

/// How many blocks of all calendars together are kept, of 16 octets each.
const MAX_BLOCKS: usize = 1_000_000;

/// How many calendars, and for how many spans of days each.
const MAX_CALENDARS: usize = 10_000;
const MAX_SPANS: usize = 16;

/// A calendar as it was when a question began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub id: CollectionId,
    pub version: Version,
    /// The zone of its times without one.
    pub zone: String,
}

struct Calendar {
    seen: Seen,
    spans: Vec<(Span, Arc<[TimeRange]>)>,
}

impl Calendar {
    fn blocks(&self) -> usize {
        self.spans.iter().map(|(_, blocks)| blocks.len()).sum()
    }
}

#[derive(Default)]
struct Kept {
    calendars: HashMap<CollectionId, Calendar>,
    blocks: usize,
}

/// All that is kept.
#[derive(Default)]
pub struct KeptBlocks(Mutex<Kept>);

impl KeptBlocks {
    /// What takes a calendar's time on some days.
    pub fn get(&self, seen: &Seen, days: Span) -> Option<Arc<[TimeRange]>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let calendar = kept.calendars.get(&seen.id).filter(|calendar| calendar.seen == *seen)?;
        calendar.spans.iter().find(|(span, _)| *span == days).map(|(_, blocks)| Arc::clone(blocks))
    }

    /// Keeps it. What was read is at least as new as what was seen: who sees more than that looks for it under its own version.
    pub fn keep(&self, seen: &Seen, days: Span, blocks: &Arc<[TimeRange]>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.blocks >= MAX_BLOCKS || kept.calendars.len() >= MAX_CALENDARS {
            *kept = Kept::default();
        }
        let mut calendar = kept.calendars.remove(&seen.id).unwrap_or_else(|| Calendar { seen: seen.clone(), spans: Vec::new() });
        kept.blocks -= calendar.blocks();
        if calendar.seen != *seen || calendar.spans.len() >= MAX_SPANS {
            calendar = Calendar { seen: seen.clone(), spans: Vec::new() };
        }
        calendar.spans.push((days, Arc::clone(blocks)));
        kept.blocks += calendar.blocks();
        kept.calendars.insert(seen.id, calendar);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn a_change_makes_it_worthless() {
        let kept = KeptBlocks::default();
        let day = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
        let days = Span { first: day, last: day };
        let seen = |version, zone: &str| Seen { id: CollectionId(1), version: Version(version), zone: zone.to_owned() };
        let blocks: Arc<[TimeRange]> = Arc::new([TimeRange { start: 0, end: 9 }]);
        assert_eq!(kept.get(&seen(1, "UTC"), days), None);
        kept.keep(&seen(1, "UTC"), days, &blocks);
        assert_eq!(kept.get(&seen(1, "UTC"), days), Some(Arc::clone(&blocks)));
        assert_eq!(kept.get(&seen(2, "UTC"), days), None);
        assert_eq!(kept.get(&seen(1, "Europe/Berlin"), days), None);
        assert_eq!(kept.get(&seen(1, "UTC"), Span { first: day, last: day + chrono::Days::new(1) }), None);
        for version in 2..100 {
            kept.keep(&seen(version, "UTC"), days, &blocks);
        }
        let kept = kept.0.into_inner().unwrap();
        assert_eq!((kept.blocks, kept.calendars.len()), (1, 1));
    }
}

//! What was worked out of hours calendars before: what their titles say, and what is open.
//!
//! Kept by the calendar's version and under the practice with which it was read, so that an edit of either makes it worthless.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::appointment::hours::{Open, Sheet};
use crate::appointment::practice::Practice;
use crate::collection::{CollectionId, Version};
use crate::ical::time::TimeRange;

/// How many calendars are kept.
const MAX_CALENDARS: usize = 10_000;

/// How many openings of all of them together, some 50 octets each.
const MAX_OPENINGS: usize = 500_000;

/// The longest time for which openings are kept, in seconds: whoever asks for more has them worked out.
const LONGEST: i64 = 1_200 * 86_400;

/// A calendar as it was read: which, at which version, with the zone of its floating times, under which practice.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    pub id: CollectionId,
    pub version: Version,
    pub zone: &'a str,
    pub practice: &'a Arc<Practice>,
}

struct Worked {
    version: Version,
    zone: String,
    practice: Arc<Practice>,
    sheet: Arc<Sheet>,
    open: Option<(TimeRange, Arc<[Open]>)>,
}

#[derive(Default)]
struct Kept {
    calendars: HashMap<CollectionId, Worked>,
    openings: usize,
}

/// All that is kept.
#[derive(Default)]
pub struct AllWorked(Mutex<Kept>);

impl Worked {
    fn is_of(&self, reading: Reading<'_>) -> bool {
        self.version == reading.version && self.zone == reading.zone && Arc::ptr_eq(&self.practice, reading.practice)
    }

    fn openings(&self) -> usize {
        self.open.as_ref().map_or(0, |(_, open)| open.len())
    }
}

impl AllWorked {
    /// What the titles say.
    pub fn sheet(&self, reading: Reading<'_>) -> Option<Arc<Sheet>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.calendars.get(&reading.id).filter(|worked| worked.is_of(reading)).map(|worked| Arc::clone(&worked.sheet))
    }

    /// What is open in a range at least; perhaps more.
    pub fn open(&self, reading: Reading<'_>, range: TimeRange) -> Option<Arc<[Open]>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let worked = kept.calendars.get(&reading.id).filter(|worked| worked.is_of(reading))?;
        let (known, open) = worked.open.as_ref()?;
        (known.start <= range.start && range.end <= known.end).then(|| Arc::clone(open))
    }

    /// For which range what is open had best be worked out, so that what was known stays known.
    pub fn widened(&self, reading: Reading<'_>, range: TimeRange) -> TimeRange {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let worked = kept.calendars.get(&reading.id).filter(|worked| worked.is_of(reading));
        let known = worked.and_then(|worked| worked.open.as_ref()).map_or(range, |(known, _)| *known);
        let wide = TimeRange { start: known.start.min(range.start), end: known.end.max(range.end) };
        if wide.seconds() <= LONGEST { wide } else { range }
    }

    /// Keeps what the titles say.
    pub fn keep_sheet(&self, reading: Reading<'_>, sheet: &Arc<Sheet>) {
        self.keep(reading, sheet, None);
    }

    /// Keeps what is open in a range.
    pub fn keep_open(&self, reading: Reading<'_>, sheet: &Arc<Sheet>, range: TimeRange, open: &Arc<[Open]>) {
        if range.seconds() <= LONGEST {
            self.keep(reading, sheet, Some((range, Arc::clone(open))));
        }
    }

    fn keep(&self, reading: Reading<'_>, sheet: &Arc<Sheet>, open: Option<(TimeRange, Arc<[Open]>)>) {
        let (zone, practice) = (reading.zone.to_owned(), Arc::clone(reading.practice));
        let worked = Worked { version: reading.version, zone, practice, sheet: Arc::clone(sheet), open };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.calendars.len() >= MAX_CALENDARS || kept.openings >= MAX_OPENINGS {
            *kept = Kept::default();
        }
        kept.openings += worked.openings();
        let before = kept.calendars.insert(reading.id, worked);
        kept.openings -= before.map_or(0, |before| before.openings());
    }
}

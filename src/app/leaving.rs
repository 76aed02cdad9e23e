//! Times of bookings that were just deleted. Some programs write a move as DELETE and PUT: for that minute nobody else gets the old time.
//!
//! Kept in memory only: a process that dies within the minute gives the time free a little early, and nothing is lost.

use std::sync::{Mutex, PoisonError};

use crate::collection::CollectionId;
use crate::ical::freebusy::{self, Busy, BusyKind};
use crate::ical::time::{Seconds, TimeRange};

/// How many are kept; beyond it the oldest are let go.
const MAX_KEPT: usize = 10_000;

/// One that is leaving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// From which calendars: that of the booking and those of its copies, or that of one copy.
    pub collections: Vec<CollectionId>,
    /// Which booking, or which copy of one.
    pub uid: String,
    /// Its time.
    pub range: TimeRange,
    /// Until when its time stays taken.
    pub until: Seconds,
}

/// Those that are leaving.
#[derive(Debug, Default)]
pub struct Leaving(Mutex<Vec<Left>>);

impl Leaving {
    /// Keeps a time for a while.
    pub fn add(&self, left: Left, now: Seconds) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|other| other.until > now && other.uid != left.uid);
        let surplus = (kept.len() + 1).saturating_sub(MAX_KEPT);
        kept.drain(..surplus);
        kept.push(left);
    }

    /// It has arrived somewhere, or never left.
    pub fn forget(&self, uid: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|left| left.uid != uid);
    }

    /// The times of a calendar that stay taken.
    pub fn of(&self, id: CollectionId, now: Seconds) -> Vec<TimeRange> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().filter(|left| left.collections.contains(&id) && left.until > now).map(|left| left.range).collect()
    }

    /// Busy periods of a calendar with those times in them.
    pub fn join(&self, id: CollectionId, range: TimeRange, now: Seconds, mut busy: Vec<Busy>) -> Vec<Busy> {
        let before = busy.len();
        let here = self.of(id, now).into_iter();
        busy.extend(here.filter_map(|left| Some(Busy { range: left.clip(range)?, kind: BusyKind::Busy })));
        if busy.len() == before { busy } else { freebusy::merge(busy) }
    }
}

//! What stands for a series with more occurrences than anybody works out: all its time.
//!
//! Not for: lists of occurrences, which name their limit instead (`series`). RFC 4791 §7.10 knows no such limit: one series of seconds must not
//! keep a whole calendar from saying when it is busy.

use super::extent::Extent;
use super::series::Master;
use super::{Occurrence, Series};
use crate::error::{Error, Precondition, Result};
use crate::ical::component::Buffer;
use crate::ical::time::TimeRange;

impl Series {
    /// What takes time in a range. Where there are too many occurrences the whole range is taken from the first to the last of the series,
    /// once for each STATUS that it has there with the longest preparation and follow-up, beside its overrides: a slot is rather refused than
    /// given twice. Instances that last no time and have nothing around them take none, however many they are.
    ///
    /// [`Precondition::ValidCalendarData`] as [`super::occurrences`].
    pub fn taken(&self, range: TimeRange) -> Result<Vec<Occurrence>> {
        match self.occurrences(range) {
            Err(Error::Refused(Precondition::MaxInstances, _)) => Ok(self.solid(range)),
            found => found,
        }
    }

    fn solid(&self, range: TimeRange) -> Vec<Occurrence> {
        let mut taken: Vec<Occurrence> = self.fixed.iter().filter(|occurrence| occurrence.meets(range)).copied().collect();
        let Some(master) = &self.master else { return taken };
        let Some(range) = master.span().clip(range) else { return taken };
        let mut solid: Vec<Occurrence> = Vec::new();
        for Extent { status, transparency, buffer, .. } in master.extents_that_take_time() {
            match solid.iter_mut().find(|one| (one.status, one.transparency) == (*status, *transparency)) {
                Some(one) => {
                    one.buffer = Buffer { before: one.buffer.before.max(buffer.before), after: one.buffer.after.max(buffer.after) };
                }
                None => {
                    solid.push(Occurrence { range, recurrence_id: None, status: *status, transparency: *transparency, buffer: *buffer })
                }
            }
        }
        taken.append(&mut solid);
        taken
    }
}

impl Master {
    /// What its instances are like, at first and after each THISANDFUTURE, where they last some time or have preparation or follow-up.
    fn extents_that_take_time(&self) -> impl Iterator<Item = &Extent> {
        let lasting = |extent: &Extent| extent.longest() > 0 || extent.buffer != Buffer::default();
        // A PERIOD lasts some time whatever the others do.
        let first = (lasting(&self.extent) || self.longest_added() > 0).then_some(&self.extent);
        first.into_iter().chain(self.futures.iter().map(|future| &future.extent).filter(move |extent| lasting(extent)))
    }
}

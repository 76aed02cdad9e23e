//! What stands for a series with more occurrences than anybody works out: all its time.
//!
//! Not for: lists of occurrences, which name their limit instead (`series`). RFC 4791 §7.10 knows no such limit: one series of seconds must not
//! keep a whole calendar from saying when it is busy.

use super::{Occurrence, Series};
use crate::error::{Error, Precondition, Result};
use crate::ical::component::{Status, Transparency};
use crate::ical::time::TimeRange;

impl Series {
    /// What takes time in a range. Where there are too many occurrences the whole range is taken from the first to the last of the series,
    /// once for each STATUS that it has there, beside its overrides: a slot is rather refused than given twice. Instances that last no time
    /// take none, however many they are.
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
        let Some(master) = self.master.as_ref().filter(|master| master.longest() > 0) else { return taken };
        let Some(range) = master.span().clip(range) else { return taken };
        let mut seen: Vec<(Status, Transparency)> = Vec::new();
        for extent in std::iter::once(&master.extent).chain(master.futures.iter().map(|future| &future.extent)) {
            let standing = (extent.status, extent.transparency);
            if !seen.contains(&standing) {
                seen.push(standing);
                taken.push(Occurrence {
                    range,
                    recurrence_id: None,
                    status: extent.status,
                    transparency: extent.transparency,
                    buffer: extent.buffer,
                });
            }
        }
        taken
    }
}

//! The XML of calendar reports → filters and ranges.
//!
//! Not for: whether an object matches (`ical::filter`), which objects are looked at (`report::search`).
//! RFC 4791 §9.5 to §9.10.

use crate::dav::xml::Element;
use crate::dav::xml::Namespace::CalDav;
use crate::error::{Error, Precondition, Result};
use crate::ical::time::{Moment, TimeRange};

/// The most conditions that one filter may have.
pub const MAX_CONDITIONS: usize = 200;

/// Reads CALDAV:time-range. Either end may be missing, not both; both are UTC (RFC 4791 §9.9).
pub fn time_range(element: &Element) -> Result<TimeRange> {
    let end = |name: &str| match element.attribute(name) {
        None => Ok(None),
        Some(value) => match Moment::parse(value, None) {
            Some(Moment::Utc(at)) => Ok(Some(at.and_utc().timestamp())),
            _ => Err(invalid("A time-range is given in UTC, as 20260326T093000Z.")),
        },
    };
    let (start, end) = (end("start")?, end("end")?);
    if start.is_none() && end.is_none() {
        return Err(invalid("A time-range has a start or an end."));
    }
    let range = TimeRange { start: start.unwrap_or(TimeRange::MIN), end: end.unwrap_or(TimeRange::MAX) };
    if range.start < range.end { Ok(range) } else { Err(invalid("A time-range ends after it starts.")) }
}

/// The CALDAV:time-range in an element, which must be there.
pub fn required_range(parent: &Element) -> Result<TimeRange> {
    time_range(parent.child(CalDav, "time-range").ok_or_else(|| invalid("A time-range is missing."))?)
}

fn invalid(why: &str) -> Error {
    Error::Refused(Precondition::ValidFilter, why.to_owned())
}
/// x
#[derive(Debug, Clone)]
pub struct CalendarData;
impl CalendarData { /// x
pub fn read(_e: &Element) -> Result<CalendarData> { Ok(CalendarData) } /// x
pub fn render(&self, o: &bytes::Bytes, _c: &crate::app::calendar::Calendar) -> Result<bytes::Bytes> { Ok(o.clone()) } }

//! The XML of calendar reports → filters and ranges.
//!
//! Not for: whether an object matches (`ical::filter`), which objects are looked at (`report::search`).
//! RFC 4791 §9.5 to §9.10.

use bytes::Bytes;

use crate::dav::xml::Element;
use crate::dav::xml::Namespace::CalDav;
use crate::error::{Error, Precondition, Result};
use crate::ical::expanded::expanded;
use crate::ical::object::CalendarObject;
use crate::ical::time::{Moment, TimeRange};
use crate::ical::zone::Zone;

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
/// What CALDAV:calendar-data asks for (RFC 4791 §9.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarData {
    expand: Option<TimeRange>,
}

impl CalendarData {
    /// Reads the element. Choosing components and properties (§9.6.1) is passed over: the whole object is more than was asked for,
    /// and no program is harmed by it.
    pub fn read(element: &Element) -> Result<CalendarData> {
        let kind = element.attribute("content-type").unwrap_or("text/calendar");
        let version = element.attribute("version").unwrap_or("2.0");
        if !kind.eq_ignore_ascii_case("text/calendar") || version != "2.0" {
            return Err(Error::Refused(Precondition::SupportedCalendarData, "Objects are text/calendar, version 2.0.".into()));
        }
        let expand = match element.child(CalDav, "expand") {
            Some(expand) if expand.attribute("start").is_none() || expand.attribute("end").is_none() => {
                return Err(invalid("A CALDAV:expand has a start and an end."));
            }
            expand => expand.map(time_range).transpose()?,
        };
        Ok(CalendarData { expand })
    }

    /// The octets to answer for an object: as stored, or its instances in the range. `zone` is for times without one.
    /// [`Precondition::MaxInstances`] where they would be too many.
    pub fn render(&self, octets: &Bytes, zone: &Zone) -> Result<Bytes> {
        match self.expand {
            None => Ok(octets.clone()),
            Some(range) => Ok(Bytes::from(expanded(&CalendarObject::parse(octets.clone())?, range, zone)?)),
        }
    }
}

//! CALDAV:timezone, CALDAV:calendar-timezone and their kin with -id: the zone that a client names.
//!
//! Not for: what a zone is (`ical::zone`). RFC 4791 §5.2.2, §7.3, §9.8; RFC 7809 §4.2, §5.2.

use bytes::Bytes;

use super::xml::Element;
use super::xml::Namespace::CalDav;
use crate::app::calendar::PropertyName;
use crate::error::{Error, Precondition};
use crate::ical::object::CalendarObject;
use crate::ical::zone::Zone;

/// The zone in an element: of a VCALENDAR with a VTIMEZONE, or in one whose name ends in -id of a name. `None` where there is none.
pub fn zone(element: &Element) -> Option<Zone> {
    let text = element.text();
    if element.local.ends_with("-id") {
        return Zone::named(&text);
    }
    let object = CalendarObject::parse(Bytes::from(text)).ok()?;
    let timezone = object.root().children.iter().find(|node| node.name == "VTIMEZONE")?;
    Zone::of(&timezone.first("TZID")?.value, &object)
}

/// The name of the zone in a property of a calendar, which keeps none that IANA does not know.
pub fn name(property: &Element) -> Option<String> {
    zone(property)?.iana_name().map(str::to_owned)
}

/// Whether a property says in which zone a calendar's dates are.
pub fn is_of_calendar(property: &PropertyName) -> bool {
    property.namespace == CalDav.uri() && matches!(property.local.as_str(), "calendar-timezone" | "calendar-timezone-id")
}

/// The refusal of a zone.
pub fn unknown() -> Error {
    Error::Refused(Precondition::ValidCalendarData, "The time zone cannot be read, or a calendar cannot be in it.".into())
}

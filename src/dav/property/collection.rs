//! Values of the properties of calendars, address books and what lies in them.
//!
//! Not for: those that every collection has (`webdav`), those of scheduling (`schedule`). RFC 4791 §5.2 and §9.6, RFC 7809 §5.2, RFC 6352 §6.2 and §10.4.

use super::{Subject, schedule};
use crate::dav::xml::Namespace::{CalDav, CardDav, Dav};
use crate::dav::xml::writer::Writer;
use crate::ical::filter::Collation;
use crate::ical::freebusy::PRODID;
use crate::ical::object::{MAX_OBJECT_SIZE, line, readable};
use crate::ical::time::TimeRange;
use crate::ical::zone::Zone;
use crate::vcard::MAX_CARD_SIZE;

/// The years for which CALDAV:calendar-timezone must hold at least: 2020 to 2040. The rules of almost all zones go on after them.
const ZONE_RANGE: TimeRange = TimeRange { start: 1_577_836_800, end: 2_208_988_800 };

pub(super) fn supported_address_data(_: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    for version in ["3.0", "4.0"] {
        writer.raw("<CR:address-data-type content-type=\"text/vcard\"");
        writer.attribute("version", version);
        writer.raw("/>");
    }
    Some(())
}

pub(super) fn supported_card_collation_set(_: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    for collation in Collation::ALL {
        writer.leaf(CardDav, "supported-collation", collation.as_str());
    }
    Some(())
}

pub(super) fn max_card_size(_: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(&MAX_CARD_SIZE.to_string());
    Some(())
}

pub(super) fn component_set(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    let Some(component) = subject.calendar().map(|calendar| calendar.component) else {
        schedule::tray_components(subject, writer);
        return Some(());
    };
    writer.raw("<C:comp");
    writer.attribute("name", component.as_str());
    writer.raw("/>");
    Some(())
}

pub(super) fn supported_calendar_data(_: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.raw("<C:calendar-data content-type=\"text/calendar\" version=\"2.0\"/>");
    Some(())
}

pub(super) fn supported_collation_set(_: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    for collation in Collation::ALL {
        writer.leaf(CalDav, "supported-collation", collation.as_str());
    }
    Some(())
}

pub(super) fn max_resource_size(_: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(&MAX_OBJECT_SIZE.to_string());
    Some(())
}

pub(super) fn calendar_data(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(&readable(subject.member()?.data?));
    Some(())
}

/// The calendar's zone as a VCALENDAR that holds its VTIMEZONE (RFC 4791 §5.2.2).
pub(super) fn calendar_timezone(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    let name = &subject.calendar()?.zone;
    let timezone = Zone::named(name)?.vtimezone(name, ZONE_RANGE);
    let lines = [("BEGIN", "VCALENDAR"), ("VERSION", "2.0"), ("PRODID", PRODID)];
    for (name, value) in lines {
        writer.text(&line(name, &[], value).ok()?);
    }
    writer.text(&timezone);
    writer.text(&line("END", &[], "VCALENDAR").ok()?);
    Some(())
}

pub(super) fn calendar_timezone_id(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(&subject.calendar()?.zone);
    Some(())
}

pub(super) fn calendar_color(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(&subject.calendar()?.colour);
    Some(())
}

/// Where a subscribed calendar is read (caldav-ctag's kin: Apple's subscribed calendars).
pub(super) fn source(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.leaf(Dav, "href", subject.calendar()?.source.as_deref()?);
    Some(())
}

/// There until somebody sets it: nothing.
pub(super) fn unset(_: &Subject<'_>, _: &mut Writer) -> Option<()> {
    None
}

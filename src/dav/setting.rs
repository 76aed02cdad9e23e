//! A live property that a client sets → what it changes.
//!
//! Not for: changing it (`app::setting`), dead properties (`proppatch`).
//! RFC 4791 §5.2.2, RFC 7809 §5.2, RFC 6638 §4.3.1.2, §9.1 and §9.2, RFC 7953 §7.2.4.

use bytes::Bytes;

use super::Call;
use super::found::Found;
use super::href::Target;
use super::subscription;
use super::xml::Namespace::{CalDav, CalendarServer, Dav};
use super::xml::{self, Element};
use crate::app::calendar::{Calendar, PropertyChange};
use crate::app::setting::{CalendarSetting, MAX_AVAILABILITY, Setting};
use crate::error::{Error, Precondition, Result};
use crate::ical::availability;
use crate::ical::component::{Component, Transparency};
use crate::ical::object::CalendarObject;
use crate::ical::zone::{only_zone, zone_id};
use crate::principal::Grant;

/// What a change of a property changes beside the property; `None`: nothing, it is kept as it was sent.
/// A property that is no part of what stands there is [`Precondition::CannotModifyProtectedProperty`], a value without sense
/// [`Error::Malformed`].
pub async fn read(call: &Call, found: &Found, change: &PropertyChange) -> Result<Option<Setting>> {
    if let (Found::Calendar(calendar), true) = (found, subscription::is_source(&change.name)) {
        return subscription::of_calendar(change, calendar);
    }
    let old_name = change.name.namespace == CalendarServer.uri() && change.name.local == "calendar-availability";
    if change.name.namespace != CalDav.uri() && !old_name {
        return Ok(None);
    }
    let value = change.value.as_deref().map(|value| xml::read(value.as_bytes())).transpose()?;
    match (found, change.name.local.as_str()) {
        (Found::Inbox(_), "calendar-availability") => Ok(Some(Setting::Availability(value.map(|v| available(&v)).transpose()?))),
        (Found::Inbox(_), "schedule-default-calendar-URL") => default_calendar(call, value.as_ref()).await.map(Some),
        (Found::Inbox(_), "calendar-free-busy-set") => counted(call, value.as_ref()).await.map(Some),
        (Found::Calendar(Calendar { resource: Some(resource), .. }), "calendar-availability") => {
            let octets = value.map(|value| available(&value)).transpose()?;
            call.app.new_hours(&call.by, resource, octets).await.map(|hours| Some(Setting::Hours(hours)))
        }
        (_, "calendar-availability" | "schedule-default-calendar-URL" | "calendar-free-busy-set") => {
            Err(Error::Refused(Precondition::CannotModifyProtectedProperty, "This property is the inbox's.".into()))
        }
        (Found::Calendar(calendar), _) => of_calendar(&change.name.local, value.as_ref(), calendar),
        _ => Ok(None),
    }
}

/// Of a resource's calendar zone and transparency are the practice's: what somebody sets there is kept for them, and has no effect.
fn of_calendar(local: &str, value: Option<&Element>, calendar: &Calendar) -> Result<Option<Setting>> {
    let setting = calendar_setting(local, value)?;
    Ok(setting.filter(|_| calendar.grant == Grant::Own).map(|setting| Setting::Calendar(calendar.id, setting)))
}

/// What a CALDAV property of a calendar changes beside the property.
pub fn calendar_setting(local: &str, value: Option<&Element>) -> Result<Option<CalendarSetting>> {
    Ok(Some(match local {
        "calendar-timezone" => CalendarSetting::Zone(value.map(timezone).transpose()?),
        "calendar-timezone-id" => CalendarSetting::Zone(value.map(|value| zone_id(&value.text())).transpose()?),
        "schedule-calendar-transp" => CalendarSetting::Transparency(value.map_or(Ok(Transparency::Opaque), transparency)?),
        _ => return Ok(None),
    }))
}

fn timezone(value: &Element) -> Result<String> {
    only_zone(&CalendarObject::parse(Bytes::from(value.text().trim_start().to_owned()))?)
}

fn transparency(value: &Element) -> Result<Transparency> {
    match (value.child(CalDav, "opaque").is_some(), value.child(CalDav, "transparent").is_some()) {
        (true, false) => Ok(Transparency::Opaque),
        (false, true) => Ok(Transparency::Transparent),
        _ => Err(Error::Malformed("A calendar is CALDAV:opaque or CALDAV:transparent.".into())),
    }
}

/// RFC 7953 §7.2.4: one VAVAILABILITY, and nothing but time zones beside it.
fn available(value: &Element) -> Result<Bytes> {
    let octets = Bytes::from(value.text().trim_start().to_owned());
    if octets.len() > MAX_AVAILABILITY {
        return Err(Error::Refused(Precondition::MaxResourceSize, format!("An availability may have {MAX_AVAILABILITY} octets.")));
    }
    let object = CalendarObject::parse(octets.clone())?;
    let mut components = object.components();
    if components.next().is_none_or(|node| node.name != "VAVAILABILITY") || components.next().is_some() {
        return Err(Error::Refused(Precondition::ValidCalendarData, "One VAVAILABILITY is expected, and nothing else.".into()));
    }
    availability::check(&object)?;
    Ok(octets)
}

async fn default_calendar(call: &Call, value: Option<&Element>) -> Result<Setting> {
    // An empty one is as good as none.
    let Some(value) = value.filter(|value| !value.content.is_empty()) else { return Ok(Setting::DefaultCalendar(None)) };
    let href = value.child(Dav, "href").map(Element::text).unwrap_or_default();
    match own_calendar(call, &href).await? {
        Some(calendar) if calendar.component == Component::Event && calendar.source.is_none() => {
            Ok(Setting::DefaultCalendar(Some(calendar.id)))
        }
        _ => {
            let sentence = "A calendar of your own that holds events is expected.";
            Err(Error::Refused(Precondition::ValidScheduleDefaultCalendarUrl, sentence.into()))
        }
    }
}

/// Addresses that are none of the caller's own calendars are passed over: old clients list everything they know.
async fn counted(call: &Call, value: Option<&Element>) -> Result<Setting> {
    let mut counted = Vec::new();
    let Some(value) = value else {
        let own = call.app.home(&call.by.principal).await?.into_iter().filter(|calendar| calendar.grant == Grant::Own);
        return Ok(Setting::Counted(own.map(|calendar| calendar.id).collect()));
    };
    for href in value.children().filter(|child| child.is(Dav, "href")) {
        counted.extend(own_calendar(call, &href.text()).await?.map(|calendar| calendar.id));
    }
    Ok(Setting::Counted(counted))
}

async fn own_calendar(call: &Call, href: &str) -> Result<Option<Calendar>> {
    let who = &call.by.principal;
    let Ok(Target::Calendar(login, name)) = Target::read(href) else { return Ok(None) };
    if login != who.login {
        return Ok(None);
    }
    match call.app.calendar(who, &name).await {
        Ok(calendar) => Ok(Some(calendar).filter(|calendar| calendar.grant == Grant::Own)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

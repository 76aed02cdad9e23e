//! Values of the properties of scheduling: where inbox and outbox are, what counts as busy, when somebody is there.
//!
//! Not for: which properties there are (`property`), setting them (`setting`). RFC 6638 §2 and §9, RFC 7953 §7.2.4.

use super::{Subject, Thing};
use crate::app::schedule::Inbox;
use crate::collection::Name;
use crate::dav::href::{Target, Tray};
use crate::dav::xml::Namespace::CalDav;
use crate::dav::xml::writer::Writer;
use crate::ical::component::Transparency;
use crate::ical::freebusy;
use crate::principal::PrincipalId;

pub(super) fn inbox_url(subject: &Subject<'_>) -> Option<Vec<Target>> {
    tray(subject, Tray::Inbox)
}

pub(super) fn outbox_url(subject: &Subject<'_>) -> Option<Vec<Target>> {
    tray(subject, Tray::Outbox)
}

/// Of oneself alone: nobody reaches another's.
fn tray(subject: &Subject<'_>, tray: Tray) -> Option<Vec<Target>> {
    let own = PrincipalId::Login(subject.who.login.clone());
    (subject.party()?.id == own).then(|| vec![Target::Tray(subject.who.login.clone(), tray)])
}

pub(super) fn calendar_transp(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    let transparent = subject.calendar()?.transparency == Transparency::Transparent;
    writer.empty(CalDav, if transparent { "transparent" } else { "opaque" });
    Some(())
}

/// Bookings alone have one (RFC 6638 §3.2.10): theirs are the only events here whose attendees the server tells of changes.
pub(super) fn tag(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(&subject.member()?.entry.schedule_tag.as_ref()?.quoted());
    Some(())
}

pub(super) fn default_calendar(subject: &Subject<'_>) -> Option<Vec<Target>> {
    Some(calendars(subject, inbox(subject)?.default_calendar.iter()))
}

pub(super) fn free_busy_set(subject: &Subject<'_>) -> Option<Vec<Target>> {
    Some(calendars(subject, inbox(subject)?.counted.iter()))
}

fn calendars<'a>(subject: &Subject<'_>, names: impl Iterator<Item = &'a Name>) -> Vec<Target> {
    names.map(|name| Target::Calendar(subject.who.login.clone(), name.clone())).collect()
}

pub(super) fn availability(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    let kept = match subject.thing {
        Thing::Calendar(calendar) => &calendar.availability,
        _ => &inbox(subject)?.availability,
    };
    writer.text(kept.as_deref()?);
    Some(())
}

/// A request for busy time is a VFREEBUSY.
pub(super) fn tray_components(_: &Subject<'_>, writer: &mut Writer) {
    writer.raw("<C:comp");
    writer.attribute("name", "VFREEBUSY");
    writer.raw("/>");
}

/// How many attendees one request may ask about.
pub(super) fn max_attendees(_: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(&freebusy::MAX_ATTENDEES.to_string());
    Some(())
}

fn inbox<'a>(subject: &Subject<'a>) -> Option<&'a Inbox> {
    match subject.thing {
        Thing::Inbox(inbox) => Some(inbox),
        _ => None,
    }
}

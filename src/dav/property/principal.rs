//! Values of principals' properties: addresses, homes, groups, delegates.
//!
//! Not for: who is a principal, and who sees it (`app::principals`). RFC 3744 §4, RFC 4791 §6.2, RFC 6352 §7.1, RFC 6638 §2.4, caldav-proxy §5.1.

use super::{Subject, write_href};
use crate::app::access::resources_home;
use crate::app::principals::Reach;
use crate::dav::href::Target;
use crate::dav::xml::Namespace::{CalendarServer, Dav};
use crate::dav::xml::writer::Writer;
use crate::principal::PrincipalId;

pub(super) fn principal(subject: &Subject<'_>) -> Option<Vec<Target>> {
    Some(vec![Target::of(&subject.party()?.id)])
}

pub(super) fn members(subject: &Subject<'_>) -> Option<Vec<Target>> {
    Some(subject.party()?.members.as_ref()?.iter().map(Target::of).collect())
}

pub(super) fn memberships(subject: &Subject<'_>) -> Option<Vec<Target>> {
    Some(subject.party()?.memberships.iter().map(Target::of).collect())
}

/// The home to which a principal leads: one, for Apple's programs take no more.
pub(super) fn home(subject: &Subject<'_>) -> Option<Vec<Target>> {
    let party = subject.party()?;
    match (party.reach, &party.id) {
        (Reach::Home, PrincipalId::Login(login)) => Some(vec![Target::Home(login.clone())]),
        (Reach::Resources, _) => Some(vec![Target::Home(resources_home().to_owned())]),
        _ => None,
    }
}

pub(super) fn address_home(subject: &Subject<'_>) -> Option<Vec<Target>> {
    let own = PrincipalId::Login(subject.who.login.clone());
    (subject.party()?.id == own).then_some(())?;
    Some(vec![Target::AddressHome(subject.who.login.clone())])
}

pub(super) fn calendar_user_address_set(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    let party = subject.party()?;
    if let Some(address) = &party.address {
        writer.leaf(Dav, "href", &format!("mailto:{address}"));
    }
    write_href(&Target::of(&party.id), writer);
    Some(())
}

/// Those for whom somebody may read: programs follow these to further homes (calendarserver.org).
pub(super) fn proxy_read_for(subject: &Subject<'_>) -> Option<Vec<Target>> {
    let [read, _] = subject.party()?.delegators.as_ref()?;
    Some(read.iter().map(Target::of).collect())
}

/// Those for whom somebody may read and write.
pub(super) fn proxy_write_for(subject: &Subject<'_>) -> Option<Vec<Target>> {
    let [_, write] = subject.party()?.delegators.as_ref()?;
    Some(write.iter().map(Target::of).collect())
}

pub(super) fn calendar_user_type(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(subject.party()?.user_type.word());
    Some(())
}

/// Other names of the same principal (RFC 3744 §4.1): where mail reaches it.
pub(super) fn alternate_uri_set(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    if let Some(email) = &subject.party()?.email {
        writer.leaf(Dav, "href", &format!("mailto:{email}"));
    }
    Some(())
}

pub(super) fn email_address_set(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.leaf(CalendarServer, "email-address", subject.party()?.email.as_deref()?);
    Some(())
}

//! Values of the properties of access control: whose something is, and who may do what with it.
//!
//! Not for: who was granted what (`app::access`), what a grant allows (`principal`). RFC 3744 §5, RFC 5397.

use super::{Subject, Thing, schedule};
use crate::access::{Ace, Source, Whom};
use crate::app::access::{inherited, resources_home};
use crate::app::calendar::Calendar;
use crate::dav::acl::{write_ace, write_privilege, write_supported};
use crate::dav::href::Target;
use crate::dav::xml::Namespace::Dav;
use crate::dav::xml::writer::Writer;
use crate::ical::component::Component;
use crate::principal::{Grant, Principal, PrincipalId, Privilege};

pub(super) fn current_user_privilege_set(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    let own = &[Privilege::Read, Privilege::ReadFreeBusy, Privilege::ReadCurrentUserPrivilegeSet, Privilege::WriteProperties];
    let reading = &[Privilege::Read, Privilege::ReadFreeBusy, Privilege::ReadCurrentUserPrivilegeSet];
    let privileges: &[Privilege] = match subject.thing {
        Thing::Principal(party) if is_of(&party.id, subject.who) => own,
        Thing::Inbox(_) | Thing::Outbox(_) => own,
        Thing::Plain | Thing::Principal(_) | Thing::Neighbour(_) => reading,
        Thing::Home(_) | Thing::AddressHome(_) | Thing::Folder(..) | Thing::File(_) => Grant::Own.privileges(),
        // It holds nothing, and nothing can be put into it; it can be changed and taken away.
        Thing::Calendar(Calendar { source: Some(_), grant: Grant::Own, .. }) => OF_SUBSCRIPTIONS,
        Thing::Calendar(Calendar { source: Some(_), .. }) => reading,
        Thing::Calendar(calendar) => calendar.grant.privileges(),
        Thing::Object(member) => member.calendar.grant.privileges(),
    };
    for privilege in privileges {
        write_privilege(*privilege, writer);
    }
    if let Target::Tray(_, tray) = subject.target {
        schedule::write_privileges(*tray, writer);
    }
    Some(())
}

/// What owners may do with a subscribed calendar.
const OF_SUBSCRIPTIONS: &[Privilege] = &[
    Privilege::Read,
    Privilege::ReadFreeBusy,
    Privilege::ReadCurrentUserPrivilegeSet,
    Privilege::WriteProperties,
    Privilege::ReadAcl,
    Privilege::WriteAcl,
];

/// Whether a principal is somebody's own: the login, or a group of its delegates.
fn is_of(id: &PrincipalId, who: &Principal) -> bool {
    matches!(id, PrincipalId::Login(login) | PrincipalId::Delegates(login, _) if *login == who.login)
}

pub(super) fn supported_privilege_set(_: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    write_supported(Privilege::All, writer);
    Some(())
}

pub(super) fn acl_restrictions(_: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.empty(Dav, "grant-only");
    writer.empty(Dav, "no-invert");
    Some(())
}

pub(super) fn acl(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    let home = Target::Home(subject.home().unwrap_or_default().to_owned());
    list(subject)?.iter().for_each(|ace| write_ace(ace, &home, writer));
    Some(())
}

/// The access control list of a subject. That of a calendar is told to whoever may change it; what nobody else reaches is its owner's; the
/// other lists are the same for everybody.
pub fn list(subject: &Subject<'_>) -> Option<Vec<Ace>> {
    let everybody = Ace { whom: Whom::Authenticated, grant: Grant::Read, source: Source::Protected };
    let owner = Ace { whom: Whom::Owner, grant: Grant::Own, source: Source::Protected };
    match subject.thing {
        Thing::Calendar(_) | Thing::Object(_) => {
            let calendar = subject.within().filter(|calendar| calendar.grant.allows(Privilege::ReadAcl))?;
            Some(calendar.acl.clone())
        }
        Thing::Home(_) => {
            let delegates = inherited(subject.home()?).into_iter().map(|ace| Ace { source: Source::Protected, ..ace });
            Some(std::iter::once(owner).chain(delegates).collect())
        }
        Thing::AddressHome(_) | Thing::Inbox(_) | Thing::Outbox(_) | Thing::Folder(..) | Thing::File(_) => Some(vec![owner]),
        Thing::Neighbour(neighbour) if neighbour.home != resources_home() => None,
        Thing::Plain | Thing::Principal(_) | Thing::Neighbour(_) => Some(vec![everybody]),
    }
}

pub(super) fn inherited_acl_set(subject: &Subject<'_>) -> Option<Vec<Target>> {
    let calendar = subject.within();
    Some(match (subject.thing, calendar) {
        (Thing::Object(_), Some(_)) => vec![subject.target.parent()?],
        (Thing::Calendar(_), Some(Calendar { component: Component::Card, .. })) => Vec::new(),
        (Thing::Calendar(_), Some(Calendar { owner: PrincipalId::Login(owner), .. })) => vec![Target::Home(owner.clone())],
        _ => Vec::new(),
    })
}

pub(super) fn current_user(subject: &Subject<'_>) -> Option<Vec<Target>> {
    Some(vec![Target::Principal(subject.who.login.clone())])
}

/// Whose it is. A principal owns itself; delegates are their login's.
pub fn owner(subject: &Subject<'_>) -> Option<Vec<Target>> {
    let login = |login: &str| PrincipalId::Login(login.to_owned());
    let owner = match (subject.thing, subject.within()) {
        (_, Some(calendar)) => calendar.owner.clone(),
        (Thing::Principal(party), _) => match &party.id {
            PrincipalId::Delegates(owner, _) => login(owner),
            id => id.clone(),
        },
        (Thing::Neighbour(neighbour), _) if neighbour.home != resources_home() => login(&neighbour.home),
        // What nobody else reaches.
        (Thing::Home(_) | Thing::AddressHome(_) | Thing::Inbox(_) | Thing::Outbox(_) | Thing::Folder(..) | Thing::File(_), _) => {
            login(&subject.who.login)
        }
        _ => return None,
    };
    Some(vec![Target::of(&owner)])
}

pub(super) fn principals(_: &Subject<'_>) -> Option<Vec<Target>> {
    Some(vec![Target::Principals])
}

pub(super) fn none(_: &Subject<'_>) -> Option<Vec<Target>> {
    Some(Vec::new())
}

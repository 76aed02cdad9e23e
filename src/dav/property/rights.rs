//! Values of the properties of access control: whose something is, and who may do what with it.
//!
//! Not for: who was granted what (`app::access`), what a grant allows (`principal`). RFC 3744 §5, RFC 5397.

use super::{Row, Subject, Thing};
use crate::access::{Ace, OWNED, Source, Whom};
use crate::app::access::{inherited, resources_home};
use crate::app::calendar::Calendar;
use crate::app::principals::Party;
use crate::dav::acl::{write_ace, write_privilege, write_supported};
use crate::dav::href::Target;
use crate::dav::xml::Namespace::Dav;
use crate::dav::xml::writer::Writer;
use crate::principal::{Contents, Grant, PrincipalId, Privilege};

pub(super) fn current_user_privilege_set(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    for privilege in privileges(subject).into_iter().filter(|privilege| privilege.is_about(contents(subject))) {
        write_privilege(privilege, writer);
    }
    Some(())
}

/// What lies there or below it.
fn contents(subject: &Subject<'_>) -> Contents {
    if subject.target.is_about_cards() { Contents::Cards } else { Contents::Calendar }
}

/// What the caller may do with a subject, spelled out: with a calendar or an address book what was granted, with all else what its list says.
fn privileges(subject: &Subject<'_>) -> Vec<Privilege> {
    let listed = |is_mine: &dyn Fn(&Whom) -> bool| {
        let mut privileges = Vec::new();
        for ace in list(subject).into_iter().flatten().filter(|ace| is_mine(&ace.whom)) {
            let more = ace.privileges.iter().flat_map(|privilege| privilege.spelled_out());
            more.for_each(|privilege| {
                if !privileges.contains(&privilege) {
                    privileges.push(privilege)
                }
            });
        }
        privileges
    };
    match subject.thing {
        Thing::Calendar(Calendar { source: Some(_), grant: Grant::Own, .. }) => OF_SUBSCRIPTIONS.to_vec(),
        Thing::Calendar(Calendar { source: Some(_), .. }) => Grant::Read.privileges().to_vec(),
        Thing::Calendar(calendar) => calendar.grant.privileges().to_vec(),
        Thing::Object(member) => without_list(member.calendar.grant.privileges()),
        Thing::Neighbour(neighbour) if neighbour.home != resources_home() => Grant::Read.privileges().to_vec(),
        _ => {
            let mine = owner(subject).is_some_and(|owner| owner == [Target::Principal(subject.who.login.clone())]);
            listed(&|whom| matches!(whom, Whom::Authenticated) || (mine && *whom == Whom::Owner))
        }
    }
}

/// What a grant allows with what has no method ACL.
fn without_list(privileges: &[Privilege]) -> Vec<Privilege> {
    privileges.iter().copied().filter(|privilege| !matches!(privilege, Privilege::All | Privilege::WriteAcl)).collect()
}

/// What owners may do with a subscribed calendar: it holds nothing, and nothing can be put into it; it can be changed and taken away.
const OF_SUBSCRIPTIONS: &[Privilege] = &[
    Privilege::Read,
    Privilege::ReadFreeBusy,
    Privilege::ReadCurrentUserPrivilegeSet,
    Privilege::WriteProperties,
    Privilege::ReadAcl,
    Privilege::WriteAcl,
];

/// What owners may do with a principal, an inbox and an outbox: they tell something, and keep properties.
const TOLD: &[Privilege] = &[Privilege::Read, Privilege::WriteProperties, Privilege::ReadAcl];

/// The same and, of an outbox, asking when others are busy. Nothing else is there to be sent (RFC 6638 §6.2).
const OF_OUTBOXES: &[Privilege] = &[Privilege::Read, Privilege::WriteProperties, Privilege::ReadAcl, Privilege::ScheduleSendFreebusy];

pub(super) fn supported_privilege_set(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    write_supported(Privilege::All, contents(subject), writer);
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

/// The access control list of a subject. That of a calendar or an address book is told to whoever may change it; what nobody else reaches is its owner's; the
/// other lists are the same for everybody. `None` where it is not told.
pub fn list(subject: &Subject<'_>) -> Option<Vec<Ace>> {
    let protected = |whom, privileges| Ace { whom, privileges, source: Source::Protected };
    let everybody = || protected(Whom::Authenticated, &[Privilege::Read, Privilege::ReadAcl]);
    let owner = |privileges| protected(Whom::Owner, privileges);
    Some(match subject.thing {
        Thing::Calendar(_) | Thing::Object(_) => {
            let calendar = subject.within().filter(|calendar| calendar.grant.allows(Privilege::ReadAcl))?;
            let object = matches!(subject.thing, Thing::Object(_));
            // An object has the list of its collection, and no method to set another.
            let here = |ace: Ace| if object && ace.grants(Privilege::WriteAcl) { Ace { privileges: OWNED, ..ace } } else { ace };
            calendar.acl.iter().cloned().map(here).collect()
        }
        Thing::Home(_) => {
            // The home itself they only read: what they may write lies in it.
            let reading = |ace| Ace { privileges: &[Privilege::Read], source: Source::Protected, ..ace };
            std::iter::once(owner(OWNED)).chain(inherited(subject.home()?).into_iter().map(reading)).collect()
        }
        Thing::AddressHome(_) | Thing::Folder(..) | Thing::File(_) => vec![owner(OWNED)],
        // Whoever works here may ask when its owner is busy (RFC 6638 §6.1.1).
        Thing::Inbox(_) => vec![owner(TOLD), protected(Whom::Authenticated, &[Privilege::ScheduleQueryFreebusy])],
        Thing::Outbox(_) => vec![owner(OF_OUTBOXES)],
        Thing::Neighbour(neighbour) if neighbour.home != resources_home() => return None,
        Thing::Principal(Party { id: PrincipalId::Login(_) | PrincipalId::Delegates(..), .. }) => vec![everybody(), owner(TOLD)],
        Thing::Plain | Thing::Principal(_) | Thing::Neighbour(_) => vec![everybody()],
    })
}

/// The privilege without which a property is not told that is there all the same (RFC 3744 §5.5).
pub fn withheld(row: &Row, subject: &Subject<'_>) -> Option<Privilege> {
    let is_list = row.namespace == Dav && row.local == "acl";
    (is_list && list(subject).is_none()).then_some(Privilege::ReadAcl)
}

pub(super) fn inherited_acl_set(subject: &Subject<'_>) -> Option<Vec<Target>> {
    let calendar = subject.within();
    Some(match (subject.thing, calendar) {
        (Thing::Object(_), Some(_)) => vec![subject.target.parent()?],
        // An address book has nothing from its home: there are no delegates of address books.
        (Thing::Calendar(_), Some(calendar)) if calendar.contents() == Contents::Cards => Vec::new(),
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

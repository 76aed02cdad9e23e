//! Access control lists, pure: what a calendar's or an address book's list says, and whether another one may take its place.
//!
//! A list only grants. What follows from the practice and from ownership is protected or inherited; what owners and administrators give
//! besides is theirs to change. Not for: what a grant allows (`principal`), keeping (`app::access`). RFC 3744 §5.5, §5.6, §8.1.

use std::collections::BTreeMap;

use crate::error::{Error, Precondition, Result};
use crate::principal::{Contents, Grant, PrincipalId, Privilege};

/// How many entries one list may be given.
pub const MAX_ACES: usize = 100;

/// Whom an entry means (RFC 3744 §5.5.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// DAV:href
    Principal(PrincipalId),
    /// DAV:property with DAV:owner
    Owner,
    /// DAV:authenticated
    Authenticated,
    /// DAV:unauthenticated
    Unauthenticated,
}

/// Why an entry is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Somebody gave it; another list can take it away.
    Given,
    /// It follows from ownership or from the practice (DAV:protected).
    Protected,
    /// It comes from the home (DAV:inherited).
    Inherited,
}

/// An entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ace {
    /// Whom it means.
    pub whom: Whom,
    /// What it grants: the greatest privileges that it is made of.
    pub privileges: &'static [Privilege],
    /// Why it is there.
    pub source: Source,
}

impl Ace {
    /// Whether it grants a privilege, by itself or within another.
    pub fn grants(&self, privilege: Privilege) -> bool {
        self.privileges.iter().any(|granted| granted.spelled_out().contains(&privilege))
    }
}

/// What owners may do with what has no list that could be set: all but saying who else may.
pub const OWNED: &[Privilege] = &[Privilege::Read, Privilege::Write, Privilege::ReadAcl];

/// Whom an entry of a request means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// A principal, or one of the words that are understood.
    Known(Whom),
    /// An address that is no principal's.
    Unknown,
    /// One of the other words of RFC 3744 §5.5.1, which no entry here may mean.
    Other,
}

/// Whether an entry grants or denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// DAV:grant
    Grant,
    /// DAV:deny
    Deny,
}

/// Whether an entry means somebody or everybody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    /// DAV:principal
    Plain,
    /// DAV:invert
    Inverted,
}

/// An entry as a request asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Whom it means.
    pub named: Named,
    /// Or everybody else.
    pub sense: Sense,
    /// What it does.
    pub effect: Effect,
    /// Its privileges; `None` for one that is not known here.
    pub privileges: Vec<Option<Privilege>>,
}

fn refused<T>(precondition: Precondition, sentence: &str) -> Result<T> {
    Err(Error::Refused(precondition, sentence.to_owned()))
}

/// The grants that a requested list makes, where it may take the place of what was given before (RFC 3744 §8.1.1). `owner` is who owns the
/// calendar or address book, `present` the list as it stands.
///
/// DAV:deny-before-grant and DAV:missing-required-principal cannot be violated: nothing may be denied, and nobody is required.
pub fn judged(wanted: &[Wanted], present: &[Ace], owner: &PrincipalId, contents: Contents) -> Result<BTreeMap<PrincipalId, Grant>> {
    if wanted.len() > MAX_ACES {
        return refused(Precondition::LimitedNumberOfAces, &format!("A list has at most {MAX_ACES} entries of its own."));
    }
    let mut privileges: BTreeMap<PrincipalId, Vec<Privilege>> = BTreeMap::new();
    for ace in wanted {
        let asked = supported(&ace.privileges, contents)?;
        if ace.sense == Sense::Inverted {
            return refused(Precondition::NoInvert, "An entry means somebody, not everybody else.");
        }
        if ace.effect == Effect::Deny {
            return Err(denied(ace, &asked, present, owner));
        }
        privileges.entry(grantee(&ace.named, owner)?).or_default().extend(asked);
    }
    let granted = |(id, asked): (PrincipalId, Vec<Privilege>)| match Grant::of(&asked) {
        Some(grant) => Ok((id, grant)),
        None => refused(Precondition::NoAceConflict, "Whoever may write something here may also read it: grant both."),
    };
    privileges.into_iter().map(granted).collect()
}

/// The privileges of an entry, all of which must be known, be about what lies there, and be grantable.
fn supported(asked: &[Option<Privilege>], contents: Contents) -> Result<Vec<Privilege>> {
    let mut known = Vec::with_capacity(asked.len());
    for privilege in asked {
        match privilege {
            None => return refused(Precondition::NotSupportedPrivilege, "There is no such privilege here."),
            Some(privilege) if !privilege.is_about(contents) => {
                return refused(Precondition::NotSupportedPrivilege, "An address book makes nobody busy, and nothing is sent to it.");
            }
            Some(privilege) if !privilege.grantable() => {
                return refused(Precondition::NoAbstract, "Granted are read, write and read-free-busy; the others come with them.");
            }
            Some(privilege) => known.push(*privilege),
        }
    }
    if known.is_empty() {
        return Err(Error::Malformed("An entry names no privilege.".into()));
    }
    Ok(known)
}

/// Why a denial is refused: where it contradicts an entry that cannot be changed, by that entry's name.
fn denied(ace: &Wanted, asked: &[Privilege], present: &[Ace], owner: &PrincipalId) -> Error {
    let same = |whom: &Whom| match (&ace.named, whom) {
        (Named::Known(Whom::Principal(id)), Whom::Owner) => id == owner,
        (Named::Known(Whom::Owner), Whom::Principal(id)) => id == owner,
        (Named::Known(named), whom) => named == whom,
        (Named::Unknown | Named::Other, _) => false,
    };
    let contradicted = |source| {
        present.iter().any(|entry| entry.source == source && same(&entry.whom) && asked.iter().any(|privilege| entry.grants(*privilege)))
    };
    let (precondition, sentence) = if contradicted(Source::Protected) {
        (Precondition::NoProtectedAceConflict, "What this would deny follows from the practice or from ownership.")
    } else if contradicted(Source::Inherited) {
        (Precondition::NoInheritedAceConflict, "What this would deny comes from the home: change its delegates.")
    } else {
        (Precondition::GrantOnly, "Nothing is denied here: leave out what shall not be granted.")
    };
    Error::Refused(precondition, sentence.into())
}

/// To whom something may be given: other logins, and groups of them.
fn grantee(named: &Named, owner: &PrincipalId) -> Result<PrincipalId> {
    match named {
        Named::Known(Whom::Principal(id @ (PrincipalId::Login(_) | PrincipalId::Group(_)))) if id != owner => Ok(id.clone()),
        Named::Unknown => refused(Precondition::RecognizedPrincipal, "This address is no principal's."),
        _ => refused(Precondition::AllowedPrincipal, "Something is shared with other logins and with groups of them."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::principal::{Delegation, Group};

    fn login(name: &str) -> PrincipalId {
        PrincipalId::Login(name.into())
    }

    fn ask(named: Named, effect: Effect, privileges: &[Option<Privilege>]) -> Result<BTreeMap<PrincipalId, Grant>> {
        ask_of(Contents::Calendar, named, effect, privileges)
    }

    fn ask_of(contents: Contents, named: Named, effect: Effect, privileges: &[Option<Privilege>]) -> Result<BTreeMap<PrincipalId, Grant>> {
        let delegates = Whom::Principal(PrincipalId::Delegates("anna".into(), Delegation::Write));
        let present = [
            Ace { whom: Whom::Owner, privileges: Grant::Own.granted(), source: Source::Protected },
            Ace { whom: delegates, privileges: Grant::Write.granted(), source: Source::Inherited },
        ];
        let wanted = Wanted { named, sense: Sense::Plain, effect, privileges: privileges.to_vec() };
        judged(&[wanted], &present, &login("anna"), contents)
    }

    fn precondition(result: Result<BTreeMap<PrincipalId, Grant>>) -> Precondition {
        match result {
            Err(Error::Refused(precondition, _)) => precondition,
            other => panic!("{other:?}"),
        }
    }

    const READ: &[Option<Privilege>] = &[Some(Privilege::Read)];

    #[test]
    fn reading_writing_and_free_busy_are_granted_to_logins_and_groups() {
        let ben = || Named::Known(Whom::Principal(login("ben")));
        for (privileges, grant) in [
            (READ, Grant::Read),
            (&[Some(Privilege::Write), Some(Privilege::Read)], Grant::Write),
            (&[Some(Privilege::ReadFreeBusy)], Grant::FreeBusy),
        ] {
            assert_eq!(ask(ben(), Effect::Grant, privileges).unwrap(), BTreeMap::from([(login("ben"), grant)]));
        }
        let staff = PrincipalId::Group(Group::Staff);
        let granted = ask(Named::Known(Whom::Principal(staff.clone())), Effect::Grant, READ).unwrap();
        assert_eq!(granted, BTreeMap::from([(staff, Grant::Read)]));
    }

    #[test]
    fn of_cards_busy_time_and_messages_are_not_granted() {
        let of_cards = |privileges: &[_]| ask_of(Contents::Cards, Named::Known(Whom::Principal(login("ben"))), Effect::Grant, privileges);
        for privilege in [Privilege::ReadFreeBusy, Privilege::ScheduleDeliver, Privilege::ScheduleSendInvite] {
            assert_eq!(precondition(of_cards(&[Some(Privilege::Read), Some(privilege)])), Precondition::NotSupportedPrivilege);
        }
        assert_eq!(precondition(of_cards(&[Some(Privilege::Bind)])), Precondition::NoAbstract);
        assert_eq!(of_cards(READ).unwrap(), BTreeMap::from([(login("ben"), Grant::Read)]));
    }

    #[test]
    fn each_mistake_has_its_name() {
        let ben = || Named::Known(Whom::Principal(login("ben")));
        let refused = |named, effect, privileges: &[_]| precondition(ask(named, effect, privileges));
        assert_eq!(refused(ben(), Effect::Grant, &[Some(Privilege::Bind)]), Precondition::NoAbstract);
        assert_eq!(refused(ben(), Effect::Grant, &[None]), Precondition::NotSupportedPrivilege);
        assert_eq!(refused(ben(), Effect::Grant, &[Some(Privilege::Write)]), Precondition::NoAceConflict);
        assert_eq!(refused(ben(), Effect::Deny, READ), Precondition::GrantOnly);
        assert_eq!(refused(Named::Known(Whom::Principal(login("anna"))), Effect::Deny, READ), Precondition::NoProtectedAceConflict);
        let delegates = Named::Known(Whom::Principal(PrincipalId::Delegates("anna".into(), Delegation::Write)));
        assert_eq!(refused(delegates.clone(), Effect::Deny, READ), Precondition::NoInheritedAceConflict);
        assert_eq!(refused(Named::Unknown, Effect::Grant, READ), Precondition::RecognizedPrincipal);
        for named in [Named::Other, delegates, Named::Known(Whom::Owner), Named::Known(Whom::Unauthenticated)] {
            assert_eq!(refused(named, Effect::Grant, READ), Precondition::AllowedPrincipal);
        }
        let inverted = Wanted { named: ben(), sense: Sense::Inverted, effect: Effect::Grant, privileges: READ.to_vec() };
        assert_eq!(precondition(judged(std::slice::from_ref(&inverted), &[], &login("anna"), Contents::Calendar)), Precondition::NoInvert);
        assert_eq!(
            precondition(judged(&vec![inverted; MAX_ACES + 1], &[], &login("anna"), Contents::Calendar)),
            Precondition::LimitedNumberOfAces
        );
    }
}

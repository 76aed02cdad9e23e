//! Principals as others see them: logins, resources, locations, groups, delegates.
//!
//! Whoever may sign in sees the name and the address of everybody who works here: so much is needed to ask when a colleague is busy, to
//! share a calendar, to delegate. Nobody sees more of a colleague than that; customers are no principals. Not for: what they may do
//! (`app::access`). RFC 3744 §2, §4 and §9.4.

use std::collections::BTreeMap;

use super::App;
use super::access::{groups, practice_grants};
use super::calendar::{PropertyName, PropertyTarget, PropertyValue};
use crate::appointment::practice::{Practice, ResourceKind};
use crate::error::{Error, Result};
use crate::principal::{Delegation, Group, Kind, Principal, PrincipalId};
use crate::store::key;
use crate::store::record::{self, PrincipalRecord};

/// How many logins are looked through for a group or a search.
const MAX_LOGINS: usize = 10_000;

/// How many principals one search finds.
pub const MAX_MATCHES: usize = 200;

/// What a principal is to a calendar program (RFC 5545 §3.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserType {
    /// INDIVIDUAL
    Individual,
    /// GROUP
    Group,
    /// RESOURCE
    Resource,
    /// ROOM
    Room,
}

impl UserType {
    /// The word of CUTYPE and CALDAV:calendar-user-type.
    pub fn word(self) -> &'static str {
        match self {
            UserType::Individual => "INDIVIDUAL",
            UserType::Group => "GROUP",
            UserType::Resource => "RESOURCE",
            UserType::Room => "ROOM",
        }
    }
}

/// Whose home can be reached through a principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// One's own, or that of somebody who has delegated.
    Home,
    /// The resources'.
    Resources,
    /// None.
    Nothing,
}

/// A principal as somebody sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Which.
    pub id: PrincipalId,
    /// For people.
    pub display_name: String,
    /// Its mail address, if it has one.
    pub email: Option<String>,
    /// By which address programs ask when it is busy; of a resource no letter goes there.
    pub address: Option<String>,
    /// What it is.
    pub user_type: UserType,
    /// Which home it leads to.
    pub reach: Reach,
    /// Who is in it; `None` for what is no group.
    pub members: Option<Vec<PrincipalId>>,
    /// The groups that it is in.
    pub memberships: Vec<PrincipalId>,
    /// Those who have delegated to it, reading and writing; of oneself only.
    pub delegators: Option<[Vec<PrincipalId>; 2]>,
    /// Dead properties; of oneself only.
    pub properties: BTreeMap<PropertyName, PropertyValue>,
}

impl Party {
    /// A principal of which no more is known.
    pub fn new(id: PrincipalId, display_name: String, user_type: UserType) -> Party {
        let (members, memberships, properties) = (None, Vec::new(), BTreeMap::new());
        Party {
            id,
            display_name,
            email: None,
            address: None,
            user_type,
            reach: Reach::Nothing,
            members,
            memberships,
            delegators: None,
            properties,
        }
    }
}

/// Principals that were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches {
    /// Those that were found, logins last.
    pub found: Vec<Party>,
    /// Whether there are more.
    pub more: More,
}

/// Whether a list is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum More {
    /// It is.
    No,
    /// It was cut off.
    Yes,
}

impl App {
    /// A principal as somebody sees it. [`Error::NotFound`] where there is none that they may see.
    pub async fn party(&self, who: &Principal, id: &PrincipalId) -> Result<Party> {
        match id {
            PrincipalId::Login(login) => {
                let record = self.store.record(&key::principal(login)).await?.ok_or(Error::NotFound)?;
                let party = login_party(&self.practice(), login, &record);
                self.acquainted(who, party, login).await
            }
            PrincipalId::Resource(_) | PrincipalId::Location(_) => self.practice_party(&self.practice(), id).ok_or(Error::NotFound),
            PrincipalId::Group(group) => {
                let mut party = self.practice_party(&self.practice(), id).ok_or(Error::NotFound)?;
                party.members = Some(self.members(group).await?);
                Ok(party)
            }
            PrincipalId::Delegates(owner, delegation) => self.delegates_party(who, owner, *delegation).await,
        }
    }

    fn practice_party(&self, practice: &Practice, id: &PrincipalId) -> Option<Party> {
        let party = practice_party(practice, id)?;
        let address = match id {
            PrincipalId::Resource(name) => practice.resource(name).map(|resource| self.resource_address(&resource.id)),
            _ => None,
        };
        Some(Party { address, ..party })
    }

    /// What only oneself, or a delegate, sees of a login.
    async fn acquainted(&self, who: &Principal, mut party: Party, login: &str) -> Result<Party> {
        if login == who.login {
            party.reach = Reach::Home;
            party.properties = self.properties(who, &PropertyTarget::Principal).await?;
            let [read, write] = Delegation::ALL;
            let delegators = [self.delegators(login, read).await?, self.delegators(login, write).await?];
            for (list, delegation) in delegators.iter().zip(Delegation::ALL) {
                for id in list {
                    if let PrincipalId::Login(owner) = id {
                        party.memberships.push(PrincipalId::Delegates(owner.clone(), delegation));
                    }
                }
            }
            party.delegators = Some(delegators);
        } else if self.delegation(login, who).await?.is_some() {
            party.reach = Reach::Home;
        }
        Ok(party)
    }

    /// The group of a login's delegates: its owner sees all of them, a delegate itself.
    async fn delegates_party(&self, who: &Principal, owner: &str, delegation: Delegation) -> Result<Party> {
        let record: PrincipalRecord = self.store.record(&key::principal(owner)).await?.ok_or(Error::NotFound)?;
        let id = PrincipalId::Delegates(owner.to_owned(), delegation);
        let members = if owner == who.login {
            self.delegates(owner, delegation).await?
        } else if self.delegation(owner, who).await? == Some(delegation) {
            vec![PrincipalId::Login(who.login.clone())]
        } else {
            return Err(Error::NotFound);
        };
        let name = format!("{}: {}", record.display_name, delegation.word());
        Ok(Party { members: Some(members), ..Party::new(id, name, UserType::Group) })
    }

    /// The logins in a group.
    async fn members(&self, group: &Group) -> Result<Vec<PrincipalId>> {
        let practice = self.practice();
        let mut members = Vec::new();
        for (login, record) in self.people().await? {
            if groups(&practice, record.role, &practice_grants(&practice, &record)).contains(group) {
                members.push(PrincipalId::Login(login));
            }
        }
        Ok(members)
    }

    async fn people(&self) -> Result<Vec<(String, PrincipalRecord)>> {
        let kept = self.store.scan(&key::principals(), MAX_LOGINS).await?;
        let person = |(key, octets): (Vec<u8>, bytes::Bytes)| {
            let login = String::from_utf8_lossy(key.get(1..).unwrap_or_default()).into_owned();
            Ok((login, record::decode(&octets)?))
        };
        kept.into_iter().map(person).collect()
    }

    /// The principals of one kind that follow from the practice.
    pub fn parties(&self, kind: Kind) -> Vec<PrincipalId> {
        let practice = self.practice();
        match kind {
            Kind::Resources => practice.resources.iter().map(|resource| PrincipalId::Resource(resource.id.0.clone())).collect(),
            Kind::Locations => practice.locations.iter().map(|location| PrincipalId::Location(location.id.0.clone())).collect(),
            Kind::Groups => {
                let at = practice.locations.iter().map(|location| Group::At(location.id.0.clone()));
                [Group::Staff, Group::Admins].into_iter().chain(at).map(PrincipalId::Group).collect()
            }
        }
    }

    /// The principals that somebody is or belongs to, as a delegate too (RFC 3744 §9.3).
    pub async fn identities(&self, who: &Principal) -> Result<Vec<PrincipalId>> {
        let mut mine = self.acts_as(who).await?;
        for delegation in Delegation::ALL {
            for id in self.delegators(&who.login, delegation).await? {
                if let PrincipalId::Login(owner) = id {
                    mine.push(PrincipalId::Delegates(owner, delegation));
                }
            }
        }
        Ok(mine)
    }

    /// Every principal that somebody sees and that a test holds for, delegates aside.
    pub async fn search(&self, who: &Principal, holds: impl Fn(&Party) -> bool) -> Result<Matches> {
        let practice = self.practice();
        let kinds = Kind::ALL.into_iter().flat_map(|kind| self.parties(kind));
        let mut candidates: Vec<Party> = kinds.filter_map(|id| self.practice_party(&practice, &id)).collect();
        candidates.extend(self.people().await?.iter().map(|(login, record)| login_party(&practice, login, record)));
        let mut found = Vec::new();
        for party in candidates.into_iter().filter(|party| holds(party)) {
            if found.len() == MAX_MATCHES {
                return Ok(Matches { found, more: More::Yes });
            }
            // Only now what costs more to know: who is in a group, and what oneself sees of oneself.
            found.push(self.party(who, &party.id).await?);
        }
        Ok(Matches { found, more: More::No })
    }
}

/// A login as every colleague sees it.
fn login_party(practice: &Practice, login: &str, record: &PrincipalRecord) -> Party {
    let groups = groups(practice, record.role, &practice_grants(practice, record));
    Party {
        email: record.email.clone(),
        address: record.email.clone(),
        memberships: groups.into_iter().map(PrincipalId::Group).collect(),
        ..Party::new(PrincipalId::Login(login.to_owned()), record.display_name.clone(), UserType::Individual)
    }
}

/// What follows from the practice; the members of groups of logins are not among it.
fn practice_party(practice: &Practice, id: &PrincipalId) -> Option<Party> {
    let party = |name: String, user_type| Party::new(id.clone(), name, user_type);
    Some(match id {
        PrincipalId::Resource(name) => {
            let resource = practice.resource(name)?;
            let user_type = match resource.kind {
                ResourceKind::Room => UserType::Room,
                ResourceKind::Device => UserType::Resource,
                ResourceKind::Person => UserType::Individual,
            };
            let location = PrincipalId::Location(resource.location.0.clone());
            Party { reach: Reach::Resources, memberships: vec![location], ..party(resource.name.clone(), user_type) }
        }
        PrincipalId::Location(name) => {
            let location = practice.location(name)?;
            let here = practice.resources.iter().filter(|resource| resource.location == location.id);
            let members = here.map(|resource| PrincipalId::Resource(resource.id.0.clone())).collect();
            Party { members: Some(members), ..party(location.name.clone(), UserType::Group) }
        }
        // The words are the same in every language that is spoken here.
        PrincipalId::Group(Group::Staff) => party(format!("Team {}", practice.name), UserType::Group),
        PrincipalId::Group(Group::Admins) => party(format!("Admin {}", practice.name), UserType::Group),
        PrincipalId::Group(Group::At(location)) => party(format!("Team {}", practice.location(location)?.name), UserType::Group),
        PrincipalId::Login(_) | PrincipalId::Delegates(..) => return None,
    })
}

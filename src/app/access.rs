//! Who may what with whose calendars and address books: what the practice grants, what owners and administrators give besides, and delegates.
//!
//! Not for: what a grant allows (`principal`), whether a list may be given (`access`). RFC 3744 §5.5 and §8.1, caldav-proxy §5.

use std::collections::BTreeMap;

use super::calendar::Calendar;
use super::{Actor, App};
use crate::access::{Ace, MAX_ACES, Source, Wanted, Whom, judged};
use crate::appointment::practice::{Id, Practice};
use crate::collection::CollectionId;
use crate::error::{Error, Precondition, Result};
use crate::principal::{Contents, Delegation, Grant, Group, Kind, Principal, PrincipalId, Privilege, Role};
use crate::store::key::{self, HomeKind};
use crate::store::record::{self, PrincipalRecord};
use crate::store::txn::Txn;

/// To how many others a login may delegate.
pub const MAX_DELEGATES: usize = 100;

/// What owners may do with a calendar that is read elsewhere.
const SUBSCRIBED: &[Privilege] = &[Privilege::Read, Privilege::WriteProperties, Privilege::ReadAcl, Privilege::WriteAcl];

/// How many calendars and address books of others one login sees.
const MAX_SHARED: usize = 1_000;

/// The home in which each resource's calendar has an address of its own; no login can have this name.
pub fn resources_home() -> &'static str {
    Kind::Resources.word()
}

/// What a principal is kept under.
pub(super) fn word(id: &PrincipalId) -> String {
    id.segments().join("/")
}

/// What the practice grants.
pub(super) type PracticeGrants = Vec<(Id, Grant)>;

/// The groups that somebody is in: they follow from the role and from what the practice grants.
pub(super) fn groups(practice: &Practice, role: Role, grants: &PracticeGrants) -> Vec<Group> {
    let mut groups = vec![Group::Staff];
    if role == Role::Admin {
        groups.push(Group::Admins);
    }
    for location in &practice.locations {
        let here = |(id, _): &(Id, Grant)| practice.resource(id.as_str()).is_some_and(|resource| resource.location == location.id);
        if role == Role::Admin || grants.iter().any(here) {
            groups.push(Group::At(location.id.0.clone()));
        }
    }
    groups
}

/// What a principal's record grants with the practice's resources; administrators may do everything.
pub(super) fn practice_grants(practice: &Practice, record: &PrincipalRecord) -> PracticeGrants {
    if record.role == Role::Admin {
        return practice.resources.iter().map(|resource| (resource.id.clone(), Grant::Manage)).collect();
    }
    record.grants.iter().map(|(id, grant)| (Id(id.clone()), *grant)).collect()
}

impl App {
    /// What the practice grants a login.
    pub(super) async fn practice_grants(&self, who: &Principal) -> Result<PracticeGrants> {
        let practice = self.practice();
        if who.role == Role::Admin {
            return Ok(practice.resources.iter().map(|resource| (resource.id.clone(), Grant::Manage)).collect());
        }
        let record = self.store.record::<PrincipalRecord>(&key::principal(&who.login)).await?;
        Ok(record.map(|record| practice_grants(&practice, &record)).unwrap_or_default())
    }

    /// The principals that somebody is or belongs to, delegations aside.
    pub(super) async fn acts_as(&self, who: &Principal) -> Result<Vec<PrincipalId>> {
        let groups = groups(&self.practice(), who.role, &self.practice_grants(who).await?);
        Ok(std::iter::once(PrincipalId::Login(who.login.clone())).chain(groups.into_iter().map(PrincipalId::Group)).collect())
    }

    /// What lists of calendars and address books grant somebody, the greatest for each.
    pub(super) async fn given(&self, who: &Principal) -> Result<BTreeMap<CollectionId, Grant>> {
        let mut given = BTreeMap::new();
        for id in self.acts_as(who).await? {
            for (key, octets) in self.store.scan(&key::shared(&word(&id)), MAX_SHARED).await? {
                let Some(collection) = key::collection_at_end(&key) else { continue };
                let grant: Grant = record::decode(&octets)?;
                given.entry(collection).and_modify(|known: &mut Grant| *known = grant.max(*known)).or_insert(grant);
            }
        }
        Ok(given)
    }

    /// What one list grants somebody.
    pub(super) async fn given_on(&self, who: &Principal, id: CollectionId) -> Result<Option<Grant>> {
        let shares = self.shares(id).await?;
        if shares.is_empty() {
            return Ok(None);
        }
        let mine = self.acts_as(who).await?;
        Ok(shares.into_iter().filter(|(id, _)| mine.contains(id)).map(|(_, grant)| grant).max())
    }

    /// What owner and administrators gave on a calendar or an address book.
    async fn shares(&self, id: CollectionId) -> Result<Vec<(PrincipalId, Grant)>> {
        let mut shares = Vec::new();
        for (key, octets) in self.store.scan(&key::shares(id), MAX_ACES).await? {
            let segments: Vec<&str> = key::principal_of_share(&key).unwrap_or_default().split('/').collect();
            if let Some(id) = PrincipalId::of_segments(&segments) {
                shares.push((id, record::decode(&octets)?));
            }
        }
        Ok(shares)
    }

    /// What somebody may do with which resource's calendar.
    pub(super) async fn grants(&self, who: &Principal) -> Result<Vec<(Id, Grant)>> {
        let mut grants = self.practice_grants(who).await?;
        for (id, grant) in self.given(who).await? {
            let Some((collection, _)) = self.store.collection(id).await? else { continue };
            let Some(resource) = collection.resource else { continue };
            match grants.iter_mut().find(|(known, _)| known.as_str() == resource) {
                Some((_, known)) => *known = grant.max(*known),
                None => grants.push((Id(resource), grant)),
            }
        }
        Ok(grants)
    }

    /// What somebody may do with one resource's calendar. Staff may see when a resource is busy, as customers may on the booking page.
    pub(super) async fn grant_on_resource(&self, who: &Principal, resource: &Id, id: CollectionId) -> Result<Grant> {
        let practice = self.practice_grants(who).await?.into_iter().find(|(known, _)| known == resource).map(|(_, grant)| grant);
        let given = if practice >= Some(Grant::Write) { None } else { self.given_on(who, id).await? };
        Ok(practice.max(given).unwrap_or(Grant::FreeBusy))
    }

    /// The calendar of a resource of which the practice has released when it is busy, to anybody.
    pub async fn released(&self, resource: &str) -> Result<Option<CollectionId>> {
        match self.practice().resource(resource).filter(|resource| resource.public_busy) {
            Some(resource) => self.collection_of(resource.id.as_str()).await,
            None => Ok(None),
        }
    }

    /// How far somebody may act in a login's home.
    pub async fn delegation(&self, owner: &str, who: &Principal) -> Result<Option<Delegation>> {
        let grant: Option<Grant> = self.store.record(&key::delegate(owner, &who.login)).await?;
        Ok(grant.map(delegation_of))
    }

    /// The logins to whom a login has delegated so far.
    pub(super) async fn delegates(&self, owner: &str, wanted: Delegation) -> Result<Vec<PrincipalId>> {
        let kept = self.store.scan(&key::delegates(owner), MAX_DELEGATES).await?;
        delegations(kept, wanted)
    }

    /// The logins that have delegated to somebody so far.
    pub(super) async fn delegators(&self, who: &str, wanted: Delegation) -> Result<Vec<PrincipalId>> {
        let kept = self.store.scan(&key::delegators(who), MAX_SHARED).await?;
        delegations(kept, wanted)
    }

    /// Makes these, and no others, the delegates of a login in one of the two ways.
    pub async fn set_delegates(&self, by: &Actor, delegation: Delegation, to: Vec<PrincipalId>) -> Result<()> {
        if to.len() > MAX_DELEGATES {
            let sentence = format!("A login delegates to {MAX_DELEGATES} others at most.");
            return Err(Error::Refused(Precondition::QuotaNotExceeded, sentence));
        }
        let owner = by.principal.login.clone();
        let mut logins = Vec::new();
        for id in to {
            match id {
                PrincipalId::Login(login) if login != owner => logins.push(login),
                _ => return Err(Error::Refused(Precondition::AllowedPrincipal, "Delegates are other logins.".into())),
            }
        }
        self.commit_by(by, move |txn| {
            for (key, octets) in txn.scan(&key::delegates(&owner), MAX_DELEGATES)? {
                let Some(login) = key::login_at_end(&key).map(str::to_owned) else { continue };
                if delegation_of(record::decode(&octets)?) == delegation {
                    txn.erase(key);
                    txn.erase(key::delegator(&login, &owner));
                }
            }
            for login in &logins {
                known(txn, &PrincipalId::Login(login.clone()), None)?;
                // Whoever was a delegate in the other way is one in this way now.
                txn.write_record(key::delegate(&owner, login), &grant_of(delegation))?;
                txn.write_record(key::delegator(login, &owner), &grant_of(delegation))?;
            }
            Ok(())
        })
        .await
    }

    /// The access control list of a calendar or an address book. What the practice grants is protected: it stands in the practice's file.
    pub async fn acl(&self, calendar: &Calendar) -> Result<Vec<Ace>> {
        let protected = |whom, grant: Grant| Ace { whom, privileges: grant.granted(), source: Source::Protected };
        let group = |group| Whom::Principal(PrincipalId::Group(group));
        let mut list = Vec::new();
        match &calendar.owner {
            // Opening hours have none: who sees them follows from the resources' lists, and nobody may share them.
            _ if calendar.hours.is_some() => return Ok(list),
            PrincipalId::Resource(id) => {
                let practice = self.practice();
                list.push(protected(group(Group::Admins), Grant::Manage));
                list.push(protected(group(Group::Staff), Grant::FreeBusy));
                if practice.resource(id).is_some_and(|resource| resource.public_busy) {
                    list.push(protected(Whom::Unauthenticated, Grant::FreeBusy));
                }
                for person in &practice.staff {
                    let granted = person.grants.iter().find(|(granted, _)| granted.as_str() == id);
                    list.extend(granted.map(|(_, grant)| protected(Whom::Principal(PrincipalId::Login(person.login.clone())), *grant)));
                }
            }
            PrincipalId::Login(owner) => {
                // One that is subscribed to holds nothing, and nothing can be put into it.
                let privileges = if calendar.source.is_some() { SUBSCRIBED } else { Grant::Own.granted() };
                list.push(Ace { whom: Whom::Owner, privileges, source: Source::Protected });
                if calendar.contents() == Contents::Calendar {
                    list.extend(inherited(owner));
                }
            }
            // The customers on file.
            PrincipalId::Group(managing) => {
                list.push(protected(group(managing.clone()), Grant::Manage));
                for person in &self.practice().staff {
                    let whom = || Whom::Principal(PrincipalId::Login(person.login.clone()));
                    list.extend(person.customers.map(|grant| protected(whom(), grant)));
                }
            }
            _ => {}
        }
        let given = |(id, grant): (_, Grant)| Ace { whom: Whom::Principal(id), privileges: grant.granted(), source: Source::Given };
        list.extend(self.shares(calendar.id).await?.into_iter().map(given));
        Ok(list)
    }

    /// Makes the list of given entries of a calendar or an address book what is wanted (RFC 3744 §8.1).
    pub async fn set_acl(&self, by: &Actor, calendar: &Calendar, wanted: &[Wanted]) -> Result<()> {
        if !calendar.grant.allows(Privilege::WriteAcl) {
            return Err(Error::Forbidden(Privilege::WriteAcl));
        }
        let grants = judged(wanted, &self.acl(calendar).await?, &calendar.owner, calendar.contents())?;
        let (id, practice) = (calendar.id, self.practice());
        self.commit_by(by, move |txn| {
            if txn.locked(&key::collection(id))?.is_none() {
                return Err(Error::NotFound);
            }
            unshare(txn, id)?;
            for (principal, grant) in &grants {
                known(txn, principal, Some(&practice))?;
                let word = word(principal);
                txn.write_record(key::share(id, &word), grant)?;
                txn.write_record(key::shared_with(&word, id), grant)?;
            }
            Ok(())
        })
        .await
    }
}

/// The entries that every calendar of a home has from it.
pub fn inherited(owner: &str) -> Vec<Ace> {
    let ace = |delegation| {
        let whom = Whom::Principal(PrincipalId::Delegates(owner.to_owned(), delegation));
        Ace { whom, privileges: grant_of(delegation).granted(), source: Source::Inherited }
    };
    Delegation::ALL.map(ace).to_vec()
}

/// What a delegate may do.
pub(super) fn grant_of(delegation: Delegation) -> Grant {
    match delegation {
        Delegation::Read => Grant::Read,
        Delegation::Write => Grant::Write,
    }
}

fn delegation_of(grant: Grant) -> Delegation {
    if grant >= Grant::Write { Delegation::Write } else { Delegation::Read }
}

fn delegations(kept: Vec<(Vec<u8>, bytes::Bytes)>, wanted: Delegation) -> Result<Vec<PrincipalId>> {
    let mut found = Vec::new();
    for (key, octets) in kept {
        if let Some(login) = key::login_at_end(&key)
            && delegation_of(record::decode(&octets)?) == wanted
        {
            found.push(PrincipalId::Login(login.to_owned()));
        }
    }
    Ok(found)
}

/// Refuses a principal that is not there (RFC 3744 §8.1.1); of groups without a practice none is.
fn known(txn: &mut Txn<'_>, id: &PrincipalId, practice: Option<&Practice>) -> Result<()> {
    let there = match id {
        PrincipalId::Login(login) => txn.locked(&key::principal(login))?.is_some(),
        PrincipalId::Group(Group::At(location)) => practice.is_some_and(|practice| practice.location(location).is_some()),
        PrincipalId::Group(Group::Staff | Group::Admins) => practice.is_some(),
        _ => false,
    };
    if there { Ok(()) } else { Err(Error::Refused(Precondition::RecognizedPrincipal, "There is no such principal.".into())) }
}

/// Takes away all that was given on a calendar or an address book.
pub(super) fn unshare(txn: &mut Txn<'_>, id: CollectionId) -> Result<()> {
    for (key, _) in txn.scan(&key::shares(id), MAX_ACES)? {
        if let Some(word) = key::principal_of_share(&key) {
            txn.erase(key::shared_with(word, id));
        }
        txn.erase(key);
    }
    Ok(())
}

/// Takes away all that a login was given, has given and has delegated: whoever is given the same name later must not find it.
pub(super) fn forget(txn: &mut Txn<'_>, login: &str) -> Result<()> {
    for (key, _) in txn.scan(&key::shared(login), MAX_SHARED)? {
        if let Some(id) = key::collection_at_end(&key) {
            txn.erase(key::share(id, login));
        }
        txn.erase(key);
    }
    for home in HomeKind::ALL {
        for (_, octets) in txn.scan(&home.home(login), MAX_SHARED)? {
            unshare(txn, record::decode(&octets)?)?;
        }
    }
    for (key, _) in txn.scan(&key::delegates(login), MAX_DELEGATES)? {
        if let Some(to) = key::login_at_end(&key) {
            txn.erase(key::delegator(to, login));
        }
        txn.erase(key);
    }
    for (key, _) in txn.scan(&key::delegators(login), MAX_SHARED)? {
        if let Some(from) = key::login_at_end(&key) {
            txn.erase(key::delegate(from, login));
        }
        txn.erase(key);
    }
    Ok(())
}

//! Whose home holds which calendars, and how each looks to whoever asks; what of it holds for address books too.
//!
//! Not for: who was granted what (`app::access`), the customers on file (`app::address`). RFC 4791 §6.2.

use crate::app::App;
use crate::app::access::{grant_of, resources_home};
use crate::app::calendar::{Calendar, MAX_OWN, Neighbour, PropertyTarget};
use crate::appointment::practice::{Id, Practice};
use crate::collection::{CollectionId, Name};
use crate::error::{Error, Result};
use crate::ical::component::Transparency;
use crate::principal::{Grant, Login, Principal, PrincipalId, Privilege, View};
use crate::store::key::{self, HomeKind};
use crate::store::record::{self, PrincipalRecord};
use std::collections::BTreeMap;

/// Where a calendar is looked at: one of its addresses, and with what right.
struct Place {
    home: Login,
    name: Name,
    grant: Grant,
}

/// What stands between a login and the name of its collection where another login is shown it. No login has it in its name.
pub(super) const SHARED: char = '~';

/// What a login's own calendar is shown in where it has no colour.
const OWN_COLOUR: &str = "#5b6770";

/// Colours of resources' calendars, in the practice's order, so that two cabins are told apart at a glance.
const COLOURS: [&str; 8] = ["#2e7d5b", "#b3541e", "#6a4ca3", "#9c2f5f", "#1f6f8b", "#7a6a00", "#a33b3b", "#3d5a98"];

impl App {
    /// The calendars in a login's home, in the order in which they should be shown: the resources' that it was granted, its own, those
    /// that others share with it, and opening hours.
    pub async fn home(&self, who: &Principal) -> Result<Vec<Calendar>> {
        let mut calendars = self.resource_calendars(who, &who.login).await?;
        calendars.extend(self.calendars_in(who, &who.login, Grant::Own).await?);
        self.add_shared(who, HomeKind::Calendars, &mut calendars).await?;
        calendars.extend(self.hours_calendars(who, &who.login).await?);
        Ok(calendars)
    }

    /// Adds what others share with somebody to what stands in one of their homes, which nothing shared may hide.
    pub(in crate::app) async fn add_shared(&self, who: &Principal, kind: HomeKind, members: &mut Vec<Calendar>) -> Result<()> {
        for (id, grant) in self.given(who).await?.into_iter().filter(|(_, grant)| grant.allows(Privilege::Read)) {
            let Some(shared) = self.shared_calendar(who, kind, id, grant).await? else { continue };
            if members.iter().all(|known| known.name != shared.name) {
                members.push(shared);
            }
        }
        Ok(())
    }

    /// The collections of a login's own in one of its homes, by name.
    pub(in crate::app) async fn own_names(&self, kind: HomeKind, login: &str) -> Result<Vec<(Name, CollectionId)>> {
        let mut names = Vec::new();
        for (key, octets) in self.store.scan(&kind.home(login), MAX_OWN).await? {
            let name = key.get(login.len() + 2..).and_then(|name| std::str::from_utf8(name).ok());
            let Some(Ok(name)) = name.map(Name::new) else { continue };
            names.push((name, record::decode(&octets)?));
        }
        Ok(names)
    }

    /// The calendars of a home by its name in addresses, as far as somebody may see them.
    pub async fn home_of(&self, who: &Principal, home: &str) -> Result<Vec<Calendar>> {
        if home == who.login { self.home(who).await } else { Ok(self.neighbour(who, home).await?.members) }
    }

    /// A home that is not one's own, with what somebody sees in it. [`Error::NotFound`] where they may not enter it.
    pub async fn neighbour(&self, who: &Principal, home: &str) -> Result<Neighbour> {
        if home == resources_home() {
            let mut members = self.resource_calendars(who, home).await?;
            members.extend(self.hours_calendars(who, home).await?);
            return Ok(Neighbour { home: home.to_owned(), display_name: self.practice().name.clone(), members });
        }
        let delegation = self.delegation(home, who).await?.ok_or(Error::NotFound)?;
        let record: PrincipalRecord = self.store.record(&key::principal(home)).await?.ok_or(Error::NotFound)?;
        let members = self.calendars_in(who, home, grant_of(delegation)).await?;
        Ok(Neighbour { home: home.to_owned(), display_name: record.display_name, members })
    }

    /// The resources' calendars that somebody may read.
    async fn resource_calendars(&self, who: &Principal, home: &str) -> Result<Vec<Calendar>> {
        let practice = self.practice();
        let grants = self.grants(who).await?;
        let mut calendars = Vec::new();
        for (place, resource) in practice.resources.iter().enumerate() {
            let granted = grants.iter().find(|(id, grant)| *id == resource.id && grant.allows(Privilege::Read));
            if let (Some((_, grant)), Some(id)) = (granted, self.collection_of(resource.id.as_str()).await?) {
                let at = Place { home: home.to_owned(), name: Name::new(resource.id.as_str())?, grant: *grant };
                calendars.extend(self.resource_calendar(who, &practice, place, id, at).await?);
            }
        }
        Ok(calendars)
    }

    /// A login's own calendars, as somebody sees them who may do this much in its home.
    async fn calendars_in(&self, who: &Principal, home: &str, grant: Grant) -> Result<Vec<Calendar>> {
        let mut calendars = Vec::new();
        for (name, id) in self.own_names(HomeKind::Calendars, home).await? {
            calendars.extend(self.calendar_at(who, home, id, Place { home: home.to_owned(), name, grant }).await?);
        }
        Ok(calendars)
    }

    /// A collection that another login shares, as it stands in one's own home: `OWNER~NAME`.
    async fn shared_calendar(&self, who: &Principal, kind: HomeKind, id: CollectionId, grant: Grant) -> Result<Option<Calendar>> {
        let Some((collection, _)) = self.store.collection(id).await? else { return Ok(None) };
        let Some(owner) = collection.owner.filter(|_| HomeKind::of(collection.component) == kind) else { return Ok(None) };
        // What one shares with a group that one is in stands in one's own home already.
        if owner == who.login {
            return Ok(None);
        }
        let Some((name, _)) = self.own_names(kind, &owner).await?.into_iter().find(|(_, member)| *member == id) else { return Ok(None) };
        let Ok(name) = Name::new(&format!("{owner}{SHARED}{}", name.as_str())) else { return Ok(None) };
        self.calendar_at(who, &owner, id, Place { home: who.login.clone(), name, grant }).await
    }

    /// One calendar of a login's home. [`Error::NotFound`] where there is none or it was not granted.
    pub async fn calendar(&self, who: &Principal, name: &Name) -> Result<Calendar> {
        self.calendar_of(who, &who.login, name).await
    }

    /// A calendar by its address: in one's own home, at its owner's, or among the resources. [`Error::NotFound`] where there is none of which
    /// somebody may at least know when it is busy; in one's own home stands only what one may read.
    pub async fn calendar_of(&self, who: &Principal, home: &str, name: &Name) -> Result<Calendar> {
        let found = self.found_at(who, home, name).await?;
        if home != who.login || found.grant.allows(Privilege::Read) { Ok(found) } else { Err(Error::NotFound) }
    }

    async fn found_at(&self, who: &Principal, home: &str, name: &Name) -> Result<Calendar> {
        let practice = self.practice();
        let own = home == who.login;
        if (own || home == resources_home())
            && let Some(place) = practice.resources.iter().position(|r| r.id.as_str() == name.as_str())
            && let Some(resource) = practice.resources.get(place)
        {
            let id = self.collection_of(resource.id.as_str()).await?.ok_or(Error::NotFound)?;
            let grant = self.grant_on_resource(who, &resource.id, id).await?;
            let at = Place { home: home.to_owned(), name: name.clone(), grant };
            return self.resource_calendar(who, &practice, place, id, at).await?.ok_or(Error::NotFound);
        }
        if let Some(calendar) = self.hours_calendar_at(who, home, name).await? {
            return Ok(calendar);
        }
        self.member_at(who, HomeKind::Calendars, home, name).await
    }

    /// A login's collection by its address: one's own, at its owner's, or as it is shared.
    pub(in crate::app) async fn member_at(&self, who: &Principal, kind: HomeKind, home: &str, name: &Name) -> Result<Calendar> {
        let own = home == who.login;
        let member: Option<CollectionId> = self.store.record(&kind.member(home, name)).await?;
        let at = |grant| Place { home: home.to_owned(), name: name.clone(), grant };
        match (member, name.as_str().split_once(SHARED)) {
            (Some(id), _) if own => self.calendar_at(who, home, id, at(Grant::Own)).await?.ok_or(Error::NotFound),
            (Some(id), _) => {
                let grant = self.grant_abroad(who, kind, home, id).await?.ok_or(Error::NotFound)?;
                self.calendar_at(who, home, id, at(grant)).await?.ok_or(Error::NotFound)
            }
            (None, Some((owner, theirs))) if own && owner != home => {
                let id = self.store.record(&kind.member(owner, &Name::new(theirs)?)).await?.ok_or(Error::NotFound)?;
                let grant = self.given_on(who, id).await?.ok_or(Error::NotFound)?;
                self.calendar_at(who, owner, id, at(grant)).await?.ok_or(Error::NotFound)
            }
            (None, _) => Err(Error::NotFound),
        }
    }

    /// What somebody may do with a collection of another login: by its list, or as a delegate, who was let into the calendars alone.
    async fn grant_abroad(&self, who: &Principal, kind: HomeKind, owner: &str, id: CollectionId) -> Result<Option<Grant>> {
        let delegated = match kind {
            HomeKind::Calendars => self.delegation(owner, who).await?.map(grant_of),
            HomeKind::AddressBooks => None,
        };
        Ok(delegated.max(self.given_on(who, id).await?))
    }

    async fn resource_calendar(
        &self,
        who: &Principal,
        practice: &Practice,
        place: usize,
        id: CollectionId,
        at: Place,
    ) -> Result<Option<Calendar>> {
        let Some(resource) = practice.resources.get(place) else { return Ok(None) };
        let Some((collection, version)) = self.store.collection(id).await? else { return Ok(None) };
        // With one branch the resource's name says it all.
        let display_name = match practice.location(resource.location.as_str()) {
            Some(location) if practice.locations.len() > 1 => format!("{} – {}", resource.name, location.name),
            _ => resource.name.clone(),
        };
        Ok(Some(Calendar {
            id,
            home: at.home,
            name: at.name,
            owner: PrincipalId::Resource(resource.id.0.clone()),
            grant: at.grant,
            component: collection.component,
            resource: Some(resource.id.clone()),
            hours: None,
            display_name,
            colour: COLOURS.get(place % COLOURS.len()).copied().unwrap_or(OWN_COLOUR).to_owned(),
            zone: collection.zone,
            transparency: Transparency::Opaque,
            version,
            properties: self.properties(who, &PropertyTarget::Calendar(id)).await?,
            acl: Vec::new(),
            availability: None,
            view: who.view,
            source: None,
        }))
    }

    /// The calendar of a resource that the practice no longer has. It lies in nobody's home and has no address.
    pub(in crate::app) async fn gone_calendar(&self, who: &Principal, resource: &Id, id: CollectionId) -> Result<Option<Calendar>> {
        let Some((collection, version)) = self.store.collection(id).await? else { return Ok(None) };
        Ok(Some(Calendar {
            id,
            home: resources_home().to_owned(),
            name: Name::new(resource.as_str())?,
            owner: PrincipalId::Resource(resource.0.clone()),
            grant: Grant::Manage,
            component: collection.component,
            resource: Some(resource.clone()),
            hours: None,
            display_name: resource.0.clone(),
            colour: OWN_COLOUR.to_owned(),
            zone: collection.zone,
            transparency: Transparency::Opaque,
            version,
            properties: BTreeMap::new(),
            acl: Vec::new(),
            availability: None,
            view: who.view,
            source: None,
        }))
    }

    /// One of the caller's own collections.
    pub(in crate::app) async fn own_calendar(&self, who: &Principal, name: Name, id: CollectionId) -> Result<Option<Calendar>> {
        self.calendar_at(who, &who.login, id, Place { home: who.login.clone(), name, grant: Grant::Own }).await
    }

    /// A login's own collection at one of its addresses.
    async fn calendar_at(&self, who: &Principal, owner: &str, id: CollectionId, at: Place) -> Result<Option<Calendar>> {
        let Some((collection, version)) = self.store.collection(id).await? else { return Ok(None) };
        let target = PropertyTarget::Calendar(id);
        let mut properties = if owner == who.login { BTreeMap::new() } else { self.properties_of(owner, &target).await? };
        properties.extend(self.properties(who, &target).await?);
        Ok(Some(Calendar {
            id,
            home: at.home,
            owner: PrincipalId::Login(owner.to_owned()),
            grant: at.grant,
            component: collection.component,
            resource: None,
            hours: None,
            display_name: collection.title.unwrap_or_else(|| at.name.as_str().to_owned()),
            colour: OWN_COLOUR.to_owned(),
            zone: collection.zone,
            transparency: self.schedule_of(owner).await?.transparency(id),
            version,
            properties,
            name: at.name,
            acl: Vec::new(),
            availability: None,
            // Customers' data stand in the resources' calendars.
            view: View::Full,
            source: collection.source,
        }))
    }
}

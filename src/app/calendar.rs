//! What calendar programs do: find, list, read, write, sync.
//!
//! A calendar appears in the home of each login that it was granted to or shared with: one collection, several addresses. It can also be
//! reached at its owner's: `/dav/calendars/LOGIN/NAME/`, and `/dav/calendars/resources/ID/` for a resource's.
//! RFC 4791 §5 to §7, RFC 6578 §3.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::access::{grant_of, resources_home, unshare};
use super::change::{self, By, Matched, Scenery, describe};
use super::leaving::Left;
use super::setting::{self, CalendarSetting, Setting};
use super::{Actor, App, feed, shadow};
use crate::access::Ace;
use crate::appointment::practice::{Id, Practice};
use crate::appointment::view::Lens;
use crate::collection::{CollectionId, Condition, Entry, Etag, Name, Object, Version};
use crate::error::{Error, Precondition, Result};
use crate::ical::component::{Component, Status, Transparency};
use crate::ical::freebusy::{self, Busy};
use crate::ical::object::CalendarObject;
use crate::ical::object::MAX_OBJECT_SIZE;
use crate::ical::time::TimeRange;
use crate::ical::zone::Zone;
use crate::index::Indexed;
use crate::principal::{Grant, Login, Principal, PrincipalId, Privilege, View};
use crate::store::engine::{Key, MAX_SCAN};
use crate::store::key;
use crate::store::record::{self, BookingRecord, CollectionRecord, PrincipalRecord, Properties, Property};
use crate::store::txn::{Note, Txn};

/// The name of a WebDAV property: namespace and local name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PropertyName {
    /// `DAV:`
    pub namespace: String,
    /// `displayname`
    pub local: String,
}

/// A dead property's element, whole: well-formed XML that declares the namespaces it uses.
pub type PropertyValue = String;

/// One instruction of a PROPPATCH: set to an element, or remove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyChange {
    /// Which.
    pub name: PropertyName,
    /// The whole element, or `None` to remove it.
    pub value: Option<PropertyValue>,
}

/// What dead properties belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PropertyTarget {
    /// The login's principal.
    Principal,
    /// The login's calendar home.
    Home,
    /// The login's address book home.
    AddressHome,
    /// The login's scheduling inbox.
    Inbox,
    /// The login's scheduling outbox.
    Outbox,
    /// A calendar, as this login sees it: one's own colour on a shared calendar is one's own.
    Calendar(CollectionId),
}

/// A calendar, or an address book, as it stands in one login's home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Its number.
    pub id: CollectionId,
    /// In whose home this address of it lies: a login's, or the resources'.
    pub home: Login,
    /// Its name in this home.
    pub name: Name,
    /// Whose it is: a login's or a resource's.
    pub owner: PrincipalId,
    /// What this login may do.
    pub grant: Grant,
    /// What it holds.
    pub component: Component,
    /// The resource whose calendar it is, if it is one.
    pub resource: Option<Id>,
    /// Where no DAV:displayname was set.
    pub display_name: String,
    /// `#rrggbb`, where no calendar-color was set.
    pub colour: String,
    /// IANA zone for times without one.
    pub zone: String,
    /// Whether its events make its owner busy (RFC 6638 §9.1).
    pub transparency: Transparency,
    /// Its version when it was read.
    pub version: Version,
    /// Dead properties of this login on it, whole elements by name; of a calendar that is shared, the owner's below them.
    pub properties: BTreeMap<PropertyName, PropertyValue>,
    /// Its access control list, where it was asked for.
    pub acl: Vec<Ace>,
    /// How much of what is in it is shown.
    pub view: View,
    /// Of a subscribed calendar, where its owner's programs read it; nothing lies in it here.
    pub source: Option<String>,
}

/// A home that is not one's own: of somebody who has delegated it, or of the resources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// Its name in addresses.
    pub home: Login,
    /// For people.
    pub display_name: String,
    /// The calendars in it that one may read.
    pub members: Vec<Calendar>,
}

/// Where a calendar is looked at: one of its addresses, and with what right.
struct Place {
    home: Login,
    name: Name,
    grant: Grant,
}

/// What a PUT did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Put {
    /// 201 rather than 204.
    pub created: bool,
    /// Absent where what is kept differs from what was sent (RFC 4791 §5.3.4).
    pub etag: Option<Etag>,
    /// Of a booking (RFC 6638 §3.2.10).
    pub schedule_tag: Option<Etag>,
}

/// What has changed since a version (RFC 6578 §3.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// The version that this brings the client to.
    pub version: Version,
    /// Each changed name once: its entry, or `None` where it is gone.
    pub changed: Vec<(Name, Option<Entry>)>,
}

/// A calendar to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCalendar {
    /// What it shall hold.
    pub component: Component,
    /// Of a subscribed calendar, where it is read.
    pub source: Option<String>,
    /// Its first properties, whole elements.
    pub properties: Vec<PropertyChange>,
    /// Its first live properties.
    pub settings: Vec<CalendarSetting>,
}

/// What a login's own calendar is shown in where it has no colour.
const OWN_COLOUR: &str = "#5b6770";

/// Colours of resources' calendars, in the practice's order, so that two cabins are told apart at a glance.
const COLOURS: [&str; 8] = ["#2e7d5b", "#b3541e", "#6a4ca3", "#9c2f5f", "#1f6f8b", "#7a6a00", "#a33b3b", "#3d5a98"];

/// How many entries a page has that is not the last.
pub const ENTRIES: usize = MAX_SCAN;

/// All dead properties of one owner together may take this many octets.
const MAX_PROPERTIES: usize = 15_000;

/// How many calendars of its own a login may have, and how many address books.
pub(super) const MAX_OWN: usize = 100;

impl App {
    /// The calendars in a login's home, in the order in which they should be shown: the resources' that it was granted, its own, those
    /// that others share with it.
    pub async fn home(&self, who: &Principal) -> Result<Vec<Calendar>> {
        let mut calendars = self.resource_calendars(who, &who.login).await?;
        calendars.extend(self.calendars_in(who, &who.login, Grant::Own).await?);
        for (id, grant) in self.given(who).await?.into_iter().filter(|(_, grant)| grant.allows(Privilege::Read)) {
            let Some(calendar) = self.shared_calendar(who, id, grant).await? else { continue };
            if calendars.iter().all(|known| known.name != calendar.name) {
                calendars.push(calendar);
            }
        }
        Ok(calendars)
    }

    /// The collections of a login's own, by name.
    pub(super) async fn own_names(&self, login: &str) -> Result<Vec<(Name, CollectionId)>> {
        let mut names = Vec::new();
        for (key, octets) in self.store.scan(&key::home(login), MAX_OWN).await? {
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
            let members = self.resource_calendars(who, home).await?;
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
        for (name, id) in self.own_names(home).await? {
            calendars.extend(self.calendar_at(who, home, id, Place { home: home.to_owned(), name, grant }).await?);
        }
        Ok(calendars)
    }

    /// A calendar that another login shares, as it stands in one's own home: `OWNER~NAME`.
    async fn shared_calendar(&self, who: &Principal, id: CollectionId, grant: Grant) -> Result<Option<Calendar>> {
        let Some(owner) = self.store.collection(id).await?.and_then(|(collection, _)| collection.owner) else { return Ok(None) };
        let Some((name, _)) = self.own_names(&owner).await?.into_iter().find(|(_, member)| *member == id) else { return Ok(None) };
        let Ok(name) = Name::new(&format!("{owner}~{}", name.as_str())) else { return Ok(None) };
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
        let member: Option<CollectionId> = self.store.record(&key::member(home, name)).await?;
        let at = |grant| Place { home: home.to_owned(), name: name.clone(), grant };
        match (member, name.as_str().split_once('~')) {
            (Some(id), _) if own => self.calendar_at(who, home, id, at(Grant::Own)).await?.ok_or(Error::NotFound),
            (Some(id), _) => {
                let grant = self.grant_abroad(who, home, id).await?.ok_or(Error::NotFound)?;
                self.calendar_at(who, home, id, at(grant)).await?.ok_or(Error::NotFound)
            }
            (None, Some((owner, theirs))) if own && owner != home => {
                let id = self.store.record(&key::member(owner, &Name::new(theirs)?)).await?.ok_or(Error::NotFound)?;
                let grant = self.given_on(who, id).await?.ok_or(Error::NotFound)?;
                self.calendar_at(who, owner, id, at(grant)).await?.ok_or(Error::NotFound)
            }
            (None, _) => Err(Error::NotFound),
        }
    }

    /// What somebody may do with a calendar of another login: by its list, or as a delegate.
    async fn grant_abroad(&self, who: &Principal, owner: &str, id: CollectionId) -> Result<Option<Grant>> {
        let delegated = self.delegation(owner, who).await?.map(grant_of);
        Ok(delegated.max(self.given_on(who, id).await?))
    }

    /// The resources' calendars out of which a login may move a booking into this one. Hardly any PUT is a move: the others ask no further.
    async fn sources(&self, who: &Principal, calendar: &Calendar, uid: &str) -> Result<Vec<CollectionId>> {
        let mut writable = Vec::new();
        let main: Option<String> = self.store.record(&key::shadow(uid)).await?;
        let record: Option<BookingRecord> = self.store.record(&key::booking(main.as_deref().unwrap_or(uid))).await?;
        let stands_here = |record: &BookingRecord| match &main {
            None => record.collection == calendar.id,
            Some(_) => record.shadows.iter().any(|shadow| shadow.uid == uid && shadow.collection == calendar.id),
        };
        if record.as_ref().is_none_or(stands_here) {
            return Ok(writable);
        }
        for (resource, _) in self.grants(who).await?.iter().filter(|(_, grant)| grant.allows(Privilege::Unbind)) {
            writable.extend(self.collection_of(resource.as_str()).await?);
        }
        Ok(writable)
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
            display_name,
            colour: COLOURS.get(place % COLOURS.len()).copied().unwrap_or(OWN_COLOUR).to_owned(),
            zone: collection.zone,
            transparency: Transparency::Opaque,
            version,
            properties: self.properties(who, &PropertyTarget::Calendar(id)).await?,
            acl: Vec::new(),
            view: who.view,
            source: None,
        }))
    }

    /// One of the caller's own collections.
    pub(super) async fn own_calendar(&self, who: &Principal, name: Name, id: CollectionId) -> Result<Option<Calendar>> {
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
            display_name: collection.title.unwrap_or_else(|| at.name.as_str().to_owned()),
            colour: OWN_COLOUR.to_owned(),
            zone: collection.zone,
            transparency: self.schedule_of(owner).await?.transparency(id),
            version,
            properties,
            name: at.name,
            acl: Vec::new(),
            // Customers' data stand in the resources' calendars.
            view: View::Full,
            source: collection.source,
        }))
    }

    /// Entries by name, after a name, one page of [`ENTRIES`] at a time; fewer only at the end.
    pub async fn entries(&self, calendar: &Calendar, after: Option<&Name>) -> Result<Vec<Entry>> {
        let lens = self.lens(calendar);
        let entries = self.store.entries(calendar.id, after).await?;
        Ok(if lens.is_lowered() { entries.into_iter().map(|entry| lens.entry(entry)).collect() } else { entries })
    }

    /// How much of a calendar is shown to whoever looks at it.
    pub fn lens(&self, calendar: &Calendar) -> Lens {
        Lens { view: calendar.view, language: self.practice().language }
    }

    /// Entries of these names, `None` where there is nothing, in the order asked.
    pub async fn entries_of(&self, calendar: &Calendar, names: &[Name]) -> Result<Vec<Option<Entry>>> {
        let lens = self.lens(calendar);
        let entries = self.store.entries_of(calendar.id, names).await?;
        Ok(if lens.is_lowered() { entries.into_iter().map(|entry| Some(lens.entry(entry?))).collect() } else { entries })
    }

    /// Objects of these names, `None` where there is nothing, in the order asked.
    pub async fn objects(&self, calendar: &Calendar, names: &[Name]) -> Result<Vec<Option<Object>>> {
        let lens = self.lens(calendar);
        let objects = self.store.objects(calendar.id, names).await?;
        Ok(if lens.is_lowered() { objects.into_iter().map(|object| seen_through(lens, object?)).collect() } else { objects })
    }

    /// Names of the objects that have an occurrence overlapping the range by RFC 4791 §9.9, sorted. From the index alone.
    pub async fn occurring(&self, calendar: &Calendar, range: TimeRange) -> Result<Vec<Name>> {
        self.store.occurring(calendar.id, range).await
    }

    /// The name of the object with this UID, if there is one.
    pub async fn name_of_uid(&self, calendar: &Calendar, uid: &str) -> Result<Option<Name>> {
        self.store.name_of_uid(calendar.id, uid).await
    }

    /// Busy periods in the range by RFC 4791 §7.10: sorted, merged, clipped. From the index alone. The booking page's slots rest on
    /// the same function.
    pub async fn busy(&self, calendar: &Calendar, range: TimeRange) -> Result<Vec<Busy>> {
        self.busy_of(calendar.id, range).await
    }

    /// Busy periods of a collection.
    pub async fn busy_of(&self, id: CollectionId, range: TimeRange) -> Result<Vec<Busy>> {
        self.busy_except(id, range, &[]).await
    }

    /// Busy periods of a collection without some of its objects.
    pub(super) async fn busy_except(&self, id: CollectionId, range: TimeRange, names: &[Name]) -> Result<Vec<Busy>> {
        let busy = if names.is_empty() {
            freebusy::busy(self.store.times(id, freebusy::around(range)).await?, range)
        } else {
            let occurrences = self.store.occurrences(id, freebusy::around(range)).await?;
            freebusy::busy(occurrences.into_iter().filter(|(name, _)| !names.contains(name)).map(|(_, occurrence)| occurrence), range)
        };
        Ok(self.leaving.join(id, range, self.now(), busy))
    }

    /// What has changed since a version; `None` asks for everything. A version that was never handed out is refused with
    /// [`crate::error::Precondition::ValidSyncToken`].
    pub async fn changes(&self, calendar: &Calendar, since: Option<Version>) -> Result<Changes> {
        let Some(since) = since else { return self.everything(calendar).await };
        let (version, names) = self.store.changed(calendar.id, since).await?;
        let mut changed = Vec::with_capacity(names.len());
        for page in names.chunks(MAX_SCAN) {
            let entries = self.entries_of(calendar, page).await?;
            changed.extend(page.iter().cloned().zip(entries));
        }
        Ok(Changes { version, changed })
    }

    async fn everything(&self, calendar: &Calendar) -> Result<Changes> {
        // The version first, then the scan: what changes in between is told again at the next sync, and nothing is missed.
        let (_, version) = self.store.collection(calendar.id).await?.ok_or(Error::NotFound)?;
        let mut changed: Vec<(Name, Option<Entry>)> = Vec::new();
        loop {
            let page = self.entries(calendar, changed.last().map(|(name, _)| name)).await?;
            let last = page.len() < ENTRIES;
            changed.extend(page.into_iter().map(|entry| (entry.name.clone(), Some(entry))));
            if last {
                return Ok(Changes { version, changed });
            }
        }
    }

    /// Stores an object. Checks RFC 4791 §5.3.2.1; a booking's change is understood as a gesture and answered without an ETag.
    pub async fn put(&self, by: &Actor, calendar: &Calendar, name: &Name, octets: Bytes, condition: Condition) -> Result<Put> {
        let (write, scenery) = self.put_wish(by, calendar, name, octets, condition).await?;
        let uid = write.uid.clone();
        let put = self.commit_by(by, move |txn| write.decide(txn, &scenery)).await?;
        self.leaving.forget(&uid);
        Ok(put)
    }

    /// Checks an object that shall be stored; what is left is to be decided in the line.
    pub(super) async fn put_wish(
        &self,
        by: &Actor,
        calendar: &Calendar,
        name: &Name,
        octets: Bytes,
        condition: Condition,
    ) -> Result<(PutWish, Scenery)> {
        if calendar.source.is_some() {
            return Err(Error::Declined("A subscribed calendar holds nothing here: it is read from its source.".into()));
        }
        if octets.len() > MAX_OBJECT_SIZE {
            return Err(Error::Refused(Precondition::MaxResourceSize, format!("An object may have {MAX_OBJECT_SIZE} octets.")));
        }
        let object = CalendarObject::parse(octets.clone())?;
        let kept = object.check()?;
        if kept.component != calendar.component {
            let sentence = format!("This calendar holds {}, not {}.", calendar.component.as_str(), kept.component.as_str());
            return Err(Error::Refused(Precondition::SupportedCalendarComponent, sentence));
        }
        let zone = Zone::named(&calendar.zone).unwrap_or(Zone::UTC);
        let (entry, indexed) = describe(&object, name, kept.component, &zone, self.store.horizon(), self.now())?;
        let scenery = self.scenery(By::from(by), zone, &kept.uid);
        let taken_from = self.sources(&by.principal, calendar, &kept.uid).await?;
        let (id, name, grant, uid) = (calendar.id, name.clone(), calendar.grant, kept.uid.clone());
        let lens = self.lens(calendar);
        Ok((PutWish { id, name, grant, lens, taken_from, condition, uid, object, entry, indexed }, scenery))
    }

    /// Deletes an object; a booking is cancelled and its history kept.
    pub async fn delete(&self, by: &Actor, calendar: &Calendar, name: &Name, condition: Condition) -> Result<()> {
        require(calendar.grant, Privilege::Unbind)?;
        let zone = Zone::named(&calendar.zone).unwrap_or(Zone::UTC);
        let entry = self.store.entries_of(calendar.id, std::slice::from_ref(name)).await?.pop().flatten().ok_or(Error::NotFound)?;
        let uid = entry.uid.clone();
        let (scenery, id, name) = (self.scenery(By::from(by), zone, &uid), calendar.id, name.clone());
        self.keep_time(id, &entry).await?;
        let lens = self.lens(calendar);
        let done = self.commit_by(by, move |txn| {
            let object = txn.object(id, &name)?.ok_or(Error::NotFound)?;
            condition.check_write(Some(&lens.entry(object.entry.clone())))?;
            delete_object(txn, &scenery, id, object)
        });
        let done = done.await;
        if done.is_err() {
            self.leaving.forget(&uid);
        }
        done
    }

    /// A booking's time stays taken for the minute in which its deletion may be half of a move; where the practice tells at once what
    /// staff do, a deletion is what it says.
    pub(super) async fn keep_time(&self, id: CollectionId, entry: &Entry) -> Result<()> {
        let tells_later = self.practice().notify_grace_seconds > 0;
        let Some(range) = entry.span.filter(|_| tells_later && entry.status != Status::Cancelled) else { return Ok(()) };
        let record: Option<BookingRecord> = self.store.record(&key::booking(&entry.uid)).await?;
        if record.is_some_and(|record| record.collection == id && record.name == entry.name) {
            let now = self.now();
            self.leaving.add(Left { collection: id, uid: entry.uid.clone(), range, until: now + change::MOVE_GRACE }, now);
        }
        Ok(())
    }

    /// Makes a calendar in the caller's own home (RFC 4791 §5.3.1).
    pub async fn make_calendar(&self, by: &Actor, name: &Name, new: NewCalendar) -> Result<()> {
        if self.practice().resource(name.as_str()).is_some() || self.calendar(&by.principal, name).await.is_ok() {
            return Err(Error::Refused(Precondition::ResourceMustBeNull, "There is a calendar of this name already.".into()));
        }
        let login = &by.principal.login;
        self.make_own(by, key::home(login), key::member(login, name), new).await
    }

    /// Makes a collection below the caller's home, at a key.
    pub(super) async fn make_own(&self, by: &Actor, home: Key, member: Key, new: NewCalendar) -> Result<()> {
        let login = by.principal.login.clone();
        let zone = self.practice().zone().to_owned();
        let whose = setting::Owner { login: login.clone(), zone: zone.clone() };
        let (owned, source) = (Some(login.clone()), new.source);
        let record = CollectionRecord { component: new.component, zone, resource: None, owner: owned, title: None, source };
        let (properties, settings) = (new.properties, new.settings);
        self.commit_by(by, move |txn| {
            if txn.locked(&member)?.is_some() {
                return Err(Error::Refused(Precondition::ResourceMustBeNull, "There is a collection of this name already.".into()));
            }
            if txn.scan(&home, MAX_OWN)?.len() >= MAX_OWN {
                return Err(Error::Refused(Precondition::QuotaNotExceeded, format!("A login may have {MAX_OWN} of these of its own.")));
            }
            let id = txn.make_collection(&record)?;
            txn.write_record(member.clone(), &id)?;
            settings.iter().try_for_each(|setting| Setting::Calendar(id, setting.clone()).apply(txn, &whose))?;
            patch(txn, &owner(&login, &PropertyTarget::Calendar(id)), &properties)
        })
        .await
    }

    /// Deletes one of the caller's own collections with everything in it; one that belongs to the practice is refused.
    pub async fn delete_calendar(&self, by: &Actor, calendar: &Calendar) -> Result<()> {
        if calendar.grant != Grant::Own {
            return Err(Error::Forbidden(Privilege::Unbind));
        }
        let (login, name, id, component) = (by.principal.login.clone(), calendar.name.clone(), calendar.id, calendar.component);
        let needed = || {
            let sentence = "Choose another default calendar first (CALDAV:schedule-default-calendar-URL of the inbox).";
            Error::Refused(Precondition::DefaultCalendarNeeded, sentence.into())
        };
        // The addresses vanish at once, however much it held; what is kept under its number is purged in the background.
        self.commit_by(by, move |txn| {
            let card = component == Component::Card;
            let member = if card { key::address_book(&login, &name) } else { key::member(&login, &name) };
            if txn.locked(&member)?.is_none() {
                return Err(Error::NotFound);
            }
            if setting::read(txn, &login)?.default_calendar == Some(id) {
                return Err(needed());
            }
            drop_collection(txn, &login, member, id)
        })
        .await
    }

    /// Dead properties of an owner, by name.
    pub async fn properties(&self, who: &Principal, target: &PropertyTarget) -> Result<BTreeMap<PropertyName, PropertyValue>> {
        self.properties_of(&who.login, target).await
    }

    async fn properties_of(&self, login: &str, target: &PropertyTarget) -> Result<BTreeMap<PropertyName, PropertyValue>> {
        Ok(named(self.store.record::<Properties>(&key::properties(&owner(login, target))).await?.unwrap_or_default()))
    }

    /// Sets and removes dead properties and settings, all or none. The door has refused protected ones before.
    pub async fn patch(&self, by: &Actor, target: PropertyTarget, changes: Vec<PropertyChange>, settings: Vec<Setting>) -> Result<()> {
        let owner = owner(&by.principal.login, &target);
        let whose = setting::Owner { login: by.principal.login.clone(), zone: self.practice().zone().to_owned() };
        self.commit_by(by, move |txn| {
            settings.iter().try_for_each(|setting| setting.apply(txn, &whose))?;
            patch(txn, &owner, &changes)
        })
        .await
    }
}

/// Takes a login's own collection away from all its addresses; what is kept under its number is left to be purged.
pub(super) fn drop_collection(txn: &mut Txn<'_>, login: &str, member: Key, id: CollectionId) -> Result<()> {
    setting::forget(txn, login, id)?;
    feed::forget(txn, None, &[id])?;
    txn.erase(member);
    txn.erase(key::properties(&owner(login, &PropertyTarget::Calendar(id))));
    txn.erase(key::collection(id));
    unshare(txn, id)?;
    txn.write(key::deleted_collection(id), Bytes::new());
    Ok(())
}

/// Who owns dead properties: a login's view of a thing.
fn owner(login: &str, target: &PropertyTarget) -> String {
    match target {
        PropertyTarget::Principal => format!("p/{login}"),
        PropertyTarget::Home => format!("h/{login}"),
        PropertyTarget::AddressHome => format!("a/{login}"),
        PropertyTarget::Inbox => format!("i/{login}"),
        PropertyTarget::Outbox => format!("o/{login}"),
        PropertyTarget::Calendar(id) => format!("c/{}/{login}", id.0),
    }
}

/// Dead properties by name.
pub(super) fn named(kept: Properties) -> BTreeMap<PropertyName, PropertyValue> {
    let named = |p: Property| (PropertyName { namespace: p.namespace, local: p.local }, p.element);
    kept.properties.into_iter().map(named).collect()
}

/// Sets and removes an owner's dead properties.
pub(super) fn patch(txn: &mut Txn<'_>, owner: &str, changes: &[PropertyChange]) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let key = key::properties(owner);
    let mut kept = txn.locked(&key)?.map(|octets| record::decode::<Properties>(&octets)).transpose()?.unwrap_or_default();
    for change in changes {
        kept.properties.retain(|p| p.namespace != change.name.namespace || p.local != change.name.local);
        if let Some(element) = &change.value {
            let (namespace, local) = (change.name.namespace.clone(), change.name.local.clone());
            kept.properties.push(Property { namespace, local, element: element.clone() });
        }
    }
    if record::encode(&kept)?.len() > MAX_PROPERTIES {
        let sentence = format!("All properties of one thing together may take {MAX_PROPERTIES} octets.");
        return Err(Error::Refused(Precondition::QuotaNotExceeded, sentence));
    }
    txn.write_record(key, &kept)
}

/// An object as it is shown; what cannot be read is not shown in part either.
fn seen_through(lens: Lens, object: Object) -> Option<Object> {
    let shown = CalendarObject::parse(object.octets).and_then(|whole| lens.shown(&whole)).ok()?;
    let size = u64::try_from(shown.len()).unwrap_or(0);
    Some(Object { entry: Entry { size, ..lens.entry(object.entry) }, octets: shown })
}

/// Refuses with the privilege that is missing.
pub(super) fn require(grant: Grant, privilege: Privilege) -> Result<()> {
    if grant.allows(privilege) { Ok(()) } else { Err(Error::Forbidden(privilege)) }
}

/// Whether a booking's record speaks of this calendar: a UID of ours in somebody's private calendar is none of the booking's business.
fn knows(record: &BookingRecord, id: CollectionId) -> bool {
    record.collection == id || record.former.contains(&id)
}

/// A line of an ordinary object's history.
pub(super) fn plain_note(scenery: &Scenery, what: &str) -> Note {
    Note { at: scenery.now, by: scenery.by.login.clone(), via: scenery.by.via.clone(), what: what.to_owned(), sent: None, number: None }
}

/// Refuses where an object's dates were understood in a zone that has changed in between.
pub(super) fn same_zone(txn: &Txn<'_>, id: CollectionId, scenery: &Scenery) -> Result<()> {
    let collection = txn.collection(id)?.ok_or(Error::NotFound)?;
    let same = Zone::named(&collection.zone).unwrap_or(Zone::UTC).iana_name() == scenery.zone.iana_name();
    if same { Ok(()) } else { Err(Error::Busy) }
}

/// Deletes an object; a booking is called off.
pub(super) fn delete_object(txn: &mut Txn<'_>, scenery: &Scenery, id: CollectionId, object: Object) -> Result<()> {
    match txn.booking(&object.entry.uid)? {
        Some(record) if knows(&record, id) => change::delete_booking(txn, scenery, id, object, &record),
        None if shadow::booking_of(txn, &object.entry.uid)?.is_some() => shadow::delete(txn, scenery, id, &object),
        _ => txn.remove(id, &object.entry.name, plain_note(scenery, "deleted")).map(|_| ()),
    }
}

/// What a PUT would replace, once its condition, the privilege it needs and its UID have been checked.
pub(super) fn admitted(
    txn: &mut Txn<'_>,
    place: (CollectionId, &Name),
    uid: &str,
    grant: Grant,
    condition: &Condition,
    lens: Lens,
) -> Result<Option<Entry>> {
    let (id, name) = place;
    let before = txn.entry(id, name)?;
    condition.check_write(before.clone().map(|entry| lens.entry(entry)).as_ref())?;
    require(grant, if before.is_some() { Privilege::WriteContent } else { Privilege::Bind })?;
    let conflict = |sentence: &str| Err(Error::Refused(Precondition::NoUidConflict, sentence.to_owned()));
    if before.as_ref().is_some_and(|entry| entry.uid != uid) {
        return conflict("The object at this address has another UID.");
    }
    if txn.name_of_uid(id, uid)?.is_some_and(|other| other != *name) {
        return conflict("Another object in this collection has this UID.");
    }
    Ok(before)
}

/// A PUT, checked and waiting for its decision.
pub(super) struct PutWish {
    id: CollectionId,
    name: Name,
    grant: Grant,
    /// How much the sender was shown of what is there.
    lens: Lens,
    /// The calendars from which a booking may be moved here.
    taken_from: Vec<CollectionId>,
    condition: Condition,
    uid: String,
    object: CalendarObject,
    entry: Entry,
    indexed: Indexed,
}

impl PutWish {
    /// Stores the object, if it may be.
    pub(super) fn decide(&self, txn: &mut Txn<'_>, scenery: &Scenery) -> Result<Put> {
        same_zone(txn, self.id, scenery)?;
        let before = admitted(txn, (self.id, &self.name), &self.uid, self.grant, &self.condition, self.lens)?;
        if let Some(entry) = before.as_ref().filter(|entry| !self.lens.is_lowered() && entry.etag == self.entry.etag) {
            return Ok(Put { created: false, etag: Some(entry.etag.clone()), schedule_tag: entry.schedule_tag.clone() });
        }
        let created = before.is_none();
        if let Some(record) = self.booking(txn)? {
            let matched = if matches!(self.condition, Condition::Matches(_)) { Matched::Yes } else { Matched::No };
            change::put_booking(txn, scenery, (self.id, &self.name), &self.object, self.lens, &record, matched)?;
            let schedule_tag = txn.entry(self.id, &self.name)?.and_then(|entry| entry.schedule_tag);
            return Ok(Put { created, etag: None, schedule_tag });
        }
        if self.shadow(txn)? {
            let matched = if matches!(self.condition, Condition::Matches(_)) { Matched::Yes } else { Matched::No };
            shadow::put(txn, scenery, (self.id, &self.name), &self.object, self.lens, matched)?;
            return Ok(Put { created, etag: None, schedule_tag: None });
        }
        let note = plain_note(scenery, if created { "created" } else { "edited" });
        if self.lens.is_lowered() {
            // Whoever has put something there is not shown all of it either: they read it again.
            self.put_back(txn, scenery, note)?;
            return Ok(Put { created, etag: None, schedule_tag: None });
        }
        txn.put(self.id, self.entry.clone(), self.object.octets(), self.indexed.clone(), note)?;
        Ok(Put { created, etag: Some(self.entry.etag.clone()), schedule_tag: None })
    }

    /// Writes what was sent by somebody who did not see all that is there.
    fn put_back(&self, txn: &mut Txn<'_>, scenery: &Scenery, note: Note) -> Result<()> {
        let kept = txn.object(self.id, &self.name)?.map(|object| CalendarObject::parse(object.octets)).transpose()?;
        let whole = kept.map_or_else(|| Ok(self.object.clone()), |kept| self.lens.whole(&kept, &self.object))?;
        let (entry, indexed) = describe(&whole, &self.name, self.entry.component, &scenery.zone, scenery.horizon, scenery.now)?;
        txn.put(self.id, entry, whole.octets(), indexed, note).map(|_| ())
    }

    /// Whether this is the copy of a booking of several resources: it stands here, or is being moved here, or comes back.
    fn shadow(&self, txn: &Txn<'_>) -> Result<bool> {
        let Some((_, record)) = shadow::booking_of(txn, &self.uid)? else { return Ok(false) };
        let here = txn.collection(self.id)?.is_some_and(|collection| collection.resource.is_some());
        let stands = record.shadows.iter().find(|shadow| shadow.uid == self.uid);
        let may = stands.is_none_or(|shadow| shadow.collection == self.id || self.taken_from.contains(&shadow.collection));
        Ok(here && may && record.collection != self.id && self.object.master().is_some())
    }

    /// The booking that this is a change of: it stands here, stood here, or is being moved here from another resource's calendar.
    fn booking(&self, txn: &Txn<'_>) -> Result<Option<BookingRecord>> {
        let Some(record) = txn.booking(&self.uid)? else { return Ok(None) };
        let here = txn.collection(self.id)?.is_some_and(|collection| collection.resource.is_some());
        // Knowing a UID is no right to the calendar in which the booking stands.
        let may = record.collection == self.id || self.taken_from.contains(&record.collection);
        if !here || !may {
            return Ok(None);
        }
        if record.collection == self.id && self.object.master().is_none() {
            let sentence = "An appointment is one event; exceptions alone can't take its place.";
            return Err(Error::Refused(Precondition::ValidCalendarObjectResource, sentence.into()));
        }
        Ok(Some(record).filter(|_| self.object.master().is_some()))
    }
}

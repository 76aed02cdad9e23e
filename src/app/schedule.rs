//! How somebody takes part in scheduling: the inbox's properties, who is behind a calendar user address, and when they are busy.
//!
//! Not for: delivering messages into calendars, which nobody does here yet; the form of requests (`ical::freebusy`).
//! RFC 6638 §2.2, §4.3, §5 and §9, RFC 7953 §7.2.4 and §7.2.5.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::App;
use super::calendar::{PropertyName, PropertyTarget, PropertyValue};
use crate::appointment::hours;
use crate::appointment::practice::Id;
use crate::collection::{CollectionId, Name};
use crate::error::Result;
use crate::ical::availability::Availability;
use crate::ical::component::{Component, Transparency};
use crate::ical::freebusy::{Busy, BusyKind, merge};
use crate::ical::object::CalendarObject;
use crate::ical::time::TimeRange;
use crate::ical::zone::Zone;
use crate::principal::{Login, Principal, Privilege, Role};
use crate::store::key::{self, HomeKind};
use crate::store::record;
use crate::store::record::{PrincipalRecord, ScheduleRecord};

/// How many logins are looked through for an address.
const MAX_LOGINS: usize = 10_000;

/// A login's scheduling inbox. No message is ever delivered into it yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inbox {
    /// Dead properties.
    pub properties: BTreeMap<PropertyName, PropertyValue>,
    /// CALDAV:calendar-availability: a VCALENDAR, as it was sent.
    pub availability: Option<String>,
    /// CALDAV:schedule-default-calendar-URL: the calendar that was chosen, or the first of those that hold events.
    pub default_calendar: Option<Name>,
    /// CALDAV:calendar-free-busy-set of old clients: the calendars in the home whose events make its owner busy.
    pub counted: Vec<Name>,
}

/// An address of a calendar user, as far as its form goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// `mailto:`, without it.
    Mail(String),
    /// The principal of a login.
    Login(Login),
    /// The principal of a resource.
    Resource(String),
}

/// Somebody whose busy time can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalendarUser {
    /// Who works here.
    Person(Login),
    /// What customers book.
    Resource(Id),
}

/// What may be told of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// This is who it is.
    User(CalendarUser),
    /// Nobody here has it.
    Nobody,
    /// It is known, but not to whoever asks.
    Forbidden,
}

/// One of a login's own calendars.
struct OwnCalendar {
    name: Name,
    id: CollectionId,
    component: Component,
    zone: String,
    transparency: Transparency,
}

impl ScheduleRecord {
    /// Whether the events of an own calendar make their owner busy (RFC 6638 §9.1).
    pub(super) fn transparency(&self, id: CollectionId) -> Transparency {
        if self.transparent.contains(&id) { Transparency::Transparent } else { Transparency::Opaque }
    }
}

impl App {
    /// How a login takes part in scheduling, as it was set.
    pub(super) async fn schedule_of(&self, login: &str) -> Result<ScheduleRecord> {
        Ok(self.store.record(&key::schedule(login)).await?.unwrap_or_default())
    }

    /// The inbox of the caller.
    pub async fn inbox(&self, who: &Principal) -> Result<Inbox> {
        let record = self.schedule_of(&who.login).await?;
        let availability = self.availability_of(&who.login, &record).await?;
        let own = self.own_calendars(&who.login, &record).await?;
        let events = || own.iter().filter(|calendar| calendar.component == Component::Event);
        let mut counted: Vec<Name> = own.iter().filter(|calendar| counts(calendar)).map(|calendar| calendar.name.clone()).collect();
        let seen = self.grants(who).await?.iter().any(|(id, grant)| id.as_str() == who.login && grant.allows(Privilege::Read));
        if seen && self.booked_as(&who.login).await?.is_some() {
            counted.push(Name::new(&who.login)?);
        }
        let chosen = events().find(|calendar| Some(calendar.id) == record.default_calendar).or_else(|| events().next());
        Ok(Inbox {
            properties: self.properties(who, &PropertyTarget::Inbox).await?,
            availability: availability.map(|octets| String::from_utf8_lossy(&octets).into_owned()),
            default_calendar: chosen.map(|calendar| calendar.name.clone()),
            counted,
        })
    }

    async fn availability_of(&self, login: &str, record: &ScheduleRecord) -> Result<Option<Bytes>> {
        match usize::try_from(record.availability).unwrap_or(0) {
            0 => Ok(None),
            size => self.store.long(&key::availability(login), size).await.map(Some),
        }
    }

    async fn own_calendars(&self, login: &str, record: &ScheduleRecord) -> Result<Vec<OwnCalendar>> {
        let mut own = Vec::new();
        for (name, id) in self.own_names(HomeKind::Calendars, login).await? {
            // In a subscribed one nothing lies that could be busy, and nothing can be delivered into it.
            let Some((collection, _)) = self.store.collection(id).await?.filter(|(found, _)| found.source.is_none()) else { continue };
            let transparency = record.transparency(id);
            own.push(OwnCalendar { name, id, component: collection.component, zone: collection.zone, transparency });
        }
        Ok(own)
    }

    /// The address by which calendar programs can ask for a resource: `mailto:ID@HOST` of the public address. No letter goes there.
    pub fn resource_address(&self, resource: &Id) -> String {
        format!("{resource}@{}", self.public_host())
    }

    /// The host of the address under which everybody reaches this server.
    pub fn public_host(&self) -> &str {
        let url = &self.sender.public_url;
        let authority = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        authority.split(['/', ':']).next().unwrap_or_default()
    }

    /// Who is behind each address. Who works in a practice may ask about everybody who works there and about what customers can book;
    /// a resource that customers cannot book is shown to those it was granted to.
    pub async fn calendar_users(&self, who: &Principal, addresses: &[Option<Address>]) -> Result<Vec<Known>> {
        let mails = self.mails().await?;
        let grants = self.grants(who).await?;
        let practice = self.practice();
        let resource = |id: &str| match practice.resource(id) {
            None => Known::Nobody,
            Some(found) if found.online || who.role == Role::Admin || grants.iter().any(|(id, _)| *id == found.id) => {
                Known::User(CalendarUser::Resource(found.id.clone()))
            }
            Some(_) => Known::Forbidden,
        };
        let mut known = Vec::with_capacity(addresses.len());
        for address in addresses {
            known.push(match address {
                None => Known::Nobody,
                Some(Address::Resource(id)) => resource(id),
                Some(Address::Login(login)) if self.store.value(key::principal(login)).await?.is_some() => {
                    Known::User(CalendarUser::Person(login.clone()))
                }
                Some(Address::Login(_)) => Known::Nobody,
                Some(Address::Mail(mail)) => match mails.get(&mail.to_ascii_lowercase()) {
                    Some(login) => Known::User(CalendarUser::Person(login.clone())),
                    None => match mail.rsplit_once('@') {
                        Some((id, host)) if host.eq_ignore_ascii_case(self.public_host()) => resource(&id.to_ascii_lowercase()),
                        _ => Known::Nobody,
                    },
                },
            });
        }
        Ok(known)
    }

    /// The logins by their mail addresses, in lower case.
    async fn mails(&self) -> Result<BTreeMap<String, Login>> {
        let mut mails = BTreeMap::new();
        for (key, octets) in self.store.scan(&key::principals(), MAX_LOGINS).await? {
            let person: PrincipalRecord = record::decode(&octets)?;
            let login = String::from_utf8_lossy(key.get(1..).unwrap_or_default()).into_owned();
            if let Some(mail) = person.email {
                mails.entry(mail.to_ascii_lowercase()).or_insert(login);
            }
        }
        Ok(mails)
    }

    /// When somebody is busy: the events of what counts, and outside of it the time in which they are not there (RFC 7953 §7.2.5).
    /// Events with a masked UID do not count.
    pub async fn busy_of_user(&self, user: &CalendarUser, range: TimeRange, masked: &[String]) -> Result<Vec<Busy>> {
        match user {
            CalendarUser::Resource(id) => self.busy_of_resource(id, range, masked).await,
            CalendarUser::Person(login) => self.busy_of_person(login, range, masked).await,
        }
    }

    async fn busy_of_resource(&self, id: &Id, range: TimeRange, masked: &[String]) -> Result<Vec<Busy>> {
        let mut busy = match self.collection_of(id.as_str()).await? {
            Some(collection) => self.busy_without(collection, range, masked).await?,
            None => Vec::new(),
        };
        let practice = self.practice();
        let resource = practice.resource(id.as_str());
        if let Some((resource, location)) = resource.and_then(|r| Some((r, practice.location(r.location.as_str())?))) {
            busy.extend(
                hours::closed(&self.open_times(location, resource, range).await?, range)
                    .into_iter()
                    .map(|range| Busy { range, kind: BusyKind::Unavailable }),
            );
        }
        Ok(merge(busy))
    }

    async fn busy_of_person(&self, login: &str, range: TimeRange, masked: &[String]) -> Result<Vec<Busy>> {
        let record = self.schedule_of(login).await?;
        let own = self.own_calendars(login, &record).await?;
        let mut busy = Vec::new();
        for calendar in own.iter().filter(|calendar| counts(calendar)) {
            busy.extend(self.busy_without(calendar.id, range, masked).await?);
        }
        if let Some(calendar) = self.booked_as(login).await? {
            busy.extend(self.busy_without(calendar, range, masked).await?);
        }
        if let Some(octets) = self.availability_of(login, &record).await? {
            let zone = own.first().and_then(|calendar| Zone::named(&calendar.zone)).unwrap_or(Zone::UTC);
            let mut availability = Availability::default();
            availability.add(&CalendarObject::parse(octets)?, &zone)?;
            busy.extend(availability.busy(range)?);
        }
        Ok(merge(busy))
    }

    /// The calendar of the resource that has a login's name for its id: customers book that person, whose appointments stand in it. What it makes
    /// busy is told of them as what their own calendars make busy is; when it is closed is the booking page's matter.
    async fn booked_as(&self, login: &str) -> Result<Option<CollectionId>> {
        if self.practice().resource(login).is_none() {
            return Ok(None);
        }
        let Some(id) = self.collection_of(login).await? else { return Ok(None) };
        Ok(self.store.collection(id).await?.filter(|(collection, _)| collection.component == Component::Event).map(|_| id))
    }

    /// Busy periods of a collection without the events of these UIDs.
    async fn busy_without(&self, id: CollectionId, range: TimeRange, masked: &[String]) -> Result<Vec<Busy>> {
        let mut names = Vec::new();
        for uid in masked {
            names.extend(self.store.name_of_uid(id, uid).await?);
        }
        self.busy_except(id, range, &names).await
    }
}

/// Whether a calendar makes its owner busy: it holds events, and was not said to be transparent.
fn counts(calendar: &OwnCalendar) -> bool {
    calendar.component == Component::Event && calendar.transparency == Transparency::Opaque
}

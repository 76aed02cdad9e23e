//! What calendar programs do: find, list, read, write, sync.
//!
//! A resource's calendar appears in the home of each login that it was granted to: one collection, several addresses.
//! RFC 4791 §5 to §7, RFC 6578 §3.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::{Actor, App};
use crate::appointment::practice::Id;
use crate::collection::{CollectionId, Component, Condition, Entry, Etag, Name, Object, Version};
use crate::error::Result;
use crate::ical::freebusy::Busy;
use crate::ical::time::TimeRange;
use crate::principal::{Grant, Principal};

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
    /// A calendar, as this login sees it: one's own colour on a shared calendar is one's own.
    Calendar(CollectionId),
}

/// A calendar as it stands in one login's home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Its number.
    pub id: CollectionId,
    /// Its name in this home.
    pub name: Name,
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
    /// Its version when it was read.
    pub version: Version,
    /// Dead properties of this login on it, whole elements by name.
    pub properties: BTreeMap<PropertyName, PropertyValue>,
}

/// What a PUT did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Put {
    /// 201 rather than 204.
    pub created: bool,
    /// Absent where what is kept differs from what was sent (RFC 4791 §5.3.4).
    pub etag: Option<Etag>,
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
    /// Its first properties, whole elements.
    pub properties: Vec<PropertyChange>,
}

impl App {
    /// The calendars in a login's home, in the order in which they should be shown.
    pub async fn home(&self, who: &Principal) -> Result<Vec<Calendar>> {
        let _ = who;
        todo!()
    }

    /// One calendar of a login's home. [`crate::error::Error::NotFound`] where there is none or it was not granted.
    pub async fn calendar(&self, who: &Principal, name: &Name) -> Result<Calendar> {
        let _ = (who, name);
        todo!()
    }

    /// Entries by name, after a name, one page (up to 1,024) at a time; empty at the end.
    pub async fn entries(&self, calendar: &Calendar, after: Option<&Name>) -> Result<Vec<Entry>> {
        let _ = (calendar, after);
        todo!()
    }

    /// Entries of these names, `None` where there is nothing, in the order asked.
    pub async fn entries_of(&self, calendar: &Calendar, names: &[Name]) -> Result<Vec<Option<Entry>>> {
        let _ = (calendar, names);
        todo!()
    }

    /// Objects of these names, `None` where there is nothing, in the order asked.
    pub async fn objects(&self, calendar: &Calendar, names: &[Name]) -> Result<Vec<Option<Object>>> {
        let _ = (calendar, names);
        todo!()
    }

    /// Names of the objects that have an occurrence overlapping the range by RFC 4791 §9.9, sorted. From the index alone.
    pub async fn occurring(&self, calendar: &Calendar, range: TimeRange) -> Result<Vec<Name>> {
        let _ = (calendar, range);
        todo!()
    }

    /// The name of the object with this UID, if there is one.
    pub async fn name_of_uid(&self, calendar: &Calendar, uid: &str) -> Result<Option<Name>> {
        let _ = (calendar, uid);
        todo!()
    }

    /// Busy periods in the range by RFC 4791 §7.10: sorted, merged, clipped. From the index alone.
    pub async fn busy(&self, calendar: &Calendar, range: TimeRange) -> Result<Vec<Busy>> {
        let _ = (calendar, range);
        todo!()
    }

    /// What has changed since a version; `None` asks for everything. A version that was never handed out is refused with
    /// [`crate::error::Precondition::ValidSyncToken`].
    pub async fn changes(&self, calendar: &Calendar, since: Option<Version>) -> Result<Changes> {
        let _ = (calendar, since);
        todo!()
    }

    /// Stores an object. Checks RFC 4791 §5.3.2.1; a booking's change is understood as a gesture and answered without an ETag.
    pub async fn put(&self, by: &Actor, calendar: &Calendar, name: &Name, octets: Bytes, condition: Condition) -> Result<Put> {
        let _ = (by, calendar, name, octets, condition);
        todo!()
    }

    /// Deletes an object; a booking is cancelled and its history kept.
    pub async fn delete(&self, by: &Actor, calendar: &Calendar, name: &Name, condition: Condition) -> Result<()> {
        let _ = (by, calendar, name, condition);
        todo!()
    }

    /// Makes a calendar in the caller's own home (RFC 4791 §5.3.1).
    pub async fn make_calendar(&self, by: &Actor, name: &Name, new: NewCalendar) -> Result<()> {
        let _ = (by, name, new);
        todo!()
    }

    /// Deletes one of the caller's own calendars with everything in it; a resource's calendar is refused.
    pub async fn delete_calendar(&self, by: &Actor, calendar: &Calendar) -> Result<()> {
        let _ = (by, calendar);
        todo!()
    }

    /// Dead properties of the principal or the home; a calendar's stand in [`Calendar::properties`].
    pub async fn properties(&self, who: &Principal, target: &PropertyTarget) -> Result<BTreeMap<PropertyName, PropertyValue>> {
        let _ = (who, target);
        todo!()
    }

    /// Sets and removes dead properties, all or none. The door has refused protected ones before.
    pub async fn patch(&self, by: &Actor, target: PropertyTarget, changes: Vec<PropertyChange>) -> Result<()> {
        let _ = (by, target, changes);
        todo!()
    }
}

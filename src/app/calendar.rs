//! What calendar programs do: find, list, read, write, sync.
//!
//! A calendar appears in the home of each login that it was granted to or shared with: one collection, several addresses. It can also be
//! reached at its owner's: `/dav/calendars/LOGIN/NAME/`, and `/dav/calendars/resources/ID/` for a resource's.
//! RFC 4791 §5 to §7, RFC 6578 §3.

mod homes;
mod properties;
mod writing;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::App;
use super::setting::CalendarSetting;
use crate::access::Ace;
use crate::appointment::hours;
use crate::appointment::practice::Id;
use crate::appointment::view::Lens;
use crate::collection::{CollectionId, Entry, Name, Object, Version};
use crate::error::{Error, Result};
use crate::ical::component::{Component, Transparency};
use crate::ical::freebusy::{self, Busy};
use crate::ical::object::CalendarObject;
use crate::ical::time::TimeRange;
use crate::principal::{Contents, Grant, Login, PrincipalId, View};
use crate::store::engine::MAX_SCAN;

pub use properties::{PropertyChange, PropertyName, PropertyTarget, PropertyValue};
pub(super) use properties::{named, owner, patch};
pub use writing::Put;
pub(super) use writing::{
    MAX_OWN, admitted, bind_new, can_be_shown, delete_object, discard, drop_collection, plain_note, require, same_zone,
};

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
    /// Whose opening hours it holds, if it holds some.
    pub hours: Option<hours::Place>,
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
    /// Of a resource's, where it was asked for: its opening hours (CALDAV:calendar-availability), a VCALENDAR.
    pub availability: Option<String>,
    /// How much of what is in it is shown.
    pub view: View,
    /// Of a subscribed calendar, where its owner's programs read it; nothing lies in it here.
    pub source: Option<String>,
}

impl Calendar {
    /// What it holds, as far as rights go.
    pub fn contents(&self) -> Contents {
        if self.component == Component::Card { Contents::Cards } else { Contents::Calendar }
    }
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

/// What has changed since a version (RFC 6578 §3.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// The version that this brings the client to.
    pub version: Version,
    /// Each changed name once: its entry, or `None` where it is gone.
    pub changed: Vec<(Name, Option<Arc<Entry>>)>,
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

/// How many entries a page has that is not the last.
pub const ENTRIES: usize = MAX_SCAN;

impl App {
    /// Entries by name, after a name, one page of [`ENTRIES`] at a time; fewer only at the end.
    pub async fn entries(&self, calendar: &Calendar, after: Option<&Name>) -> Result<Vec<Arc<Entry>>> {
        let lens = self.lens(calendar);
        let entries = self.store.entries(calendar.id, after).await?;
        Ok(if lens.is_lowered() { entries.iter().map(|entry| Arc::new(lens.entry(entry))).collect() } else { entries })
    }

    /// How much of a calendar is shown to whoever looks at it.
    pub fn lens(&self, calendar: &Calendar) -> Lens {
        Lens { view: calendar.view, language: self.practice().language }
    }

    /// Entries of these names, `None` where there is nothing, in the order asked.
    pub async fn entries_of(&self, calendar: &Calendar, names: &[Name]) -> Result<Vec<Option<Arc<Entry>>>> {
        let lens = self.lens(calendar);
        let entries = self.store.entries_of(calendar.id, names).await?;
        Ok(if lens.is_lowered() {
            entries.into_iter().map(|entry| entry.map(|entry| Arc::new(lens.entry(&entry)))).collect()
        } else {
            entries
        })
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
    /// the same function. Opening hours make nobody busy.
    pub async fn busy(&self, calendar: &Calendar, range: TimeRange) -> Result<Vec<Busy>> {
        if calendar.hours.is_some() {
            return Ok(Vec::new());
        }
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
        let mut changed: Vec<(Name, Option<Arc<Entry>>)> = Vec::new();
        loop {
            let page = self.entries(calendar, changed.last().map(|(name, _)| name)).await?;
            let last = page.len() < ENTRIES;
            changed.extend(page.into_iter().map(|entry| (entry.name.clone(), Some(entry))));
            if last {
                return Ok(Changes { version, changed });
            }
        }
    }
}

/// An object as it is shown; what cannot be read is not shown in part either.
fn seen_through(lens: Lens, object: Object) -> Option<Object> {
    let shown = CalendarObject::parse(object.octets).and_then(|whole| lens.shown(&whole)).ok()?;
    let size = u64::try_from(shown.len()).unwrap_or(0);
    Some(Object { entry: Arc::new(Entry { size, ..lens.entry(&object.entry) }), octets: shown })
}

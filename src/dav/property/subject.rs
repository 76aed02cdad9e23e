//! What has properties: a thing, its address, and who asks.
//!
//! Not for: reading it (`found`), the properties themselves.

use std::collections::BTreeMap;

use bytes::Bytes;

use crate::app::calendar::{Calendar, Neighbour, PropertyName, PropertyValue};
use crate::app::files::{File, Quota};
use crate::app::principals::Party;
use crate::app::schedule::Inbox;
use crate::collection::Entry;
use crate::dav::found::Home;
use crate::dav::href::Target;
use crate::ical::component::Component;
use crate::principal::Principal;

/// Dead properties: whole elements by name.
pub type Kept = BTreeMap<PropertyName, PropertyValue>;

/// Something that has properties.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Who asks.
    pub who: &'a Principal,
    /// Its address.
    pub target: &'a Target,
    /// What it is.
    pub thing: Thing<'a>,
}

/// What a subject is.
#[derive(Debug, Clone, Copy)]
pub enum Thing<'a> {
    /// `/`, `/dav/` and the other collections that only lead further.
    Plain,
    /// A principal.
    Principal(&'a Party),
    /// One's own calendar home.
    Home(&'a Home),
    /// Another home.
    Neighbour(&'a Neighbour),
    /// An address book home with its dead properties.
    AddressHome(&'a Home),
    /// A scheduling inbox.
    Inbox(&'a Inbox),
    /// A scheduling outbox with its dead properties.
    Outbox(&'a Kept),
    /// A calendar, or an address book.
    Calendar(&'a Calendar),
    /// An object of either.
    Object(Member<'a>),
    /// A folder, and what all files of its owner take.
    Folder(&'a File, Quota),
    /// A file.
    File(&'a File),
}

/// An object as far as it was read.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a> {
    /// Where it is.
    pub calendar: &'a Calendar,
    /// What is known of it.
    pub entry: &'a Entry,
    /// What CALDAV:calendar-data or CARDDAV:address-data answers, where a report asks for it.
    pub data: Option<&'a Bytes>,
}

/// The kinds of things that a row can belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// See [`Thing::Plain`].
    Plain,
    /// See [`Thing::Principal`].
    Principal,
    /// See [`Thing::Home`].
    Home,
    /// See [`Thing::AddressHome`].
    AddressHome,
    /// See [`Thing::Inbox`].
    Inbox,
    /// See [`Thing::Outbox`].
    Outbox,
    /// See [`Thing::Calendar`].
    Calendar,
    /// A [`Thing::Calendar`] that holds cards.
    AddressBook,
    /// A [`Thing::Calendar`] that is read elsewhere.
    Subscribed,
    /// See [`Thing::Object`].
    Object,
    /// A [`Thing::Object`] of an address book.
    Card,
    /// See [`Thing::Folder`].
    Folder,
    /// See [`Thing::File`].
    File,
}

impl<'a> Subject<'a> {
    /// Which kind of thing it is.
    pub fn kind(&self) -> Kind {
        match self.thing {
            Thing::Plain => Kind::Plain,
            Thing::Principal(_) => Kind::Principal,
            Thing::Home(_) | Thing::Neighbour(_) => Kind::Home,
            Thing::Inbox(_) => Kind::Inbox,
            Thing::Outbox(_) => Kind::Outbox,
            Thing::AddressHome(_) => Kind::AddressHome,
            Thing::Calendar(calendar) if calendar.component == Component::Card => Kind::AddressBook,
            Thing::Calendar(calendar) if calendar.source.is_some() => Kind::Subscribed,
            Thing::Calendar(_) => Kind::Calendar,
            Thing::Object(member) if member.calendar.component == Component::Card => Kind::Card,
            Thing::Object(_) => Kind::Object,
            Thing::Folder(..) => Kind::Folder,
            Thing::File(_) => Kind::File,
        }
    }

    /// Its dead properties, where it can have some.
    pub fn kept(&self) -> Option<&'a Kept> {
        match self.thing {
            Thing::Principal(party) => Some(&party.properties),
            Thing::Outbox(kept) => Some(kept),
            Thing::Home(home) | Thing::AddressHome(home) => Some(&home.kept),
            Thing::Inbox(inbox) => Some(&inbox.properties),
            Thing::Calendar(calendar) => Some(&calendar.properties),
            Thing::Folder(file, _) | Thing::File(file) => Some(&file.properties),
            Thing::Plain | Thing::Neighbour(_) | Thing::Object(_) => None,
        }
    }

    pub(super) fn calendar(&self) -> Option<&'a Calendar> {
        match self.thing {
            Thing::Calendar(calendar) => Some(calendar),
            _ => None,
        }
    }

    pub(super) fn party(&self) -> Option<&'a Party> {
        match self.thing {
            Thing::Principal(party) => Some(party),
            _ => None,
        }
    }

    /// The calendar itself, or the one that holds the object.
    pub(super) fn within(&self) -> Option<&'a Calendar> {
        self.calendar().or(self.member().map(|member| member.calendar))
    }

    /// In whose home it lies.
    pub(super) fn home(&self) -> Option<&'a str> {
        self.target.home()
    }

    pub(super) fn member(&self) -> Option<Member<'a>> {
        match self.thing {
            Thing::Object(member) => Some(member),
            _ => None,
        }
    }

    /// It, where it is a file or a folder.
    pub(super) fn file(&self) -> Option<&'a File> {
        match self.thing {
            Thing::Folder(file, _) | Thing::File(file) => Some(file),
            _ => None,
        }
    }

    pub(super) fn quota(&self) -> Option<Quota> {
        match self.thing {
            Thing::Folder(_, quota) => Some(quota),
            _ => None,
        }
    }
}

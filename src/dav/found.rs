//! What stands at a target, read as far as its properties need.
//!
//! Not for: the shape of addresses (`href`), properties (`property`).

use super::href::{Target, Tray};
use super::property::{Kept, Member, Subject, Thing};
use crate::app::App;
use crate::app::calendar::{Calendar, PropertyTarget};
use crate::app::files::{File, Quota};
use crate::app::schedule::Inbox;
use crate::collection::{Entry, Name};
use crate::error::{Error, Result};
use crate::principal::Principal;

/// A home: what was set on it, and what lies in it.
#[derive(Debug, Clone, Default)]
pub struct Home {
    /// Dead properties.
    pub kept: Kept,
    /// Its calendars or address books.
    pub members: Vec<Calendar>,
}

/// What stands at a target of the caller's own.
#[derive(Debug, Clone)]
pub enum Found {
    /// A collection that only leads further.
    Plain,
    /// The caller's principal.
    Principal(Kept),
    /// The caller's home.
    Home(Home),
    /// The caller's address book home.
    AddressHome(Home),
    /// The caller's scheduling inbox.
    Inbox(Inbox),
    /// The caller's scheduling outbox with its dead properties.
    Outbox(Kept),
    /// A calendar or an address book.
    Calendar(Calendar),
    /// An object of either.
    Object(Calendar, Entry),
    /// A folder, and what all files take.
    Folder(File, Quota),
    /// A file.
    File(File),
}

impl Found {
    /// It, with its address, as something that has properties.
    pub fn subject<'a>(&'a self, who: &'a Principal, target: &'a Target) -> Subject<'a> {
        let thing = match self {
            Found::Plain => Thing::Plain,
            Found::Principal(kept) => Thing::Principal(kept),
            Found::Home(home) => Thing::Home(home),
            Found::AddressHome(home) => Thing::AddressHome(home),
            Found::Inbox(inbox) => Thing::Inbox(inbox),
            Found::Outbox(kept) => Thing::Outbox(kept),
            Found::Calendar(calendar) => Thing::Calendar(calendar),
            Found::Object(calendar, entry) => Thing::Object(Member { calendar, entry, data: None }),
            Found::Folder(file, quota) => Thing::Folder(file, *quota),
            Found::File(file) => Thing::File(file),
        };
        Subject { who, target, thing }
    }

    /// The address under which it is told: a folder's has a slash at its end, however it was asked for (RFC 4918 §5.2).
    pub fn address(&self, asked: Target) -> Target {
        match (self, asked) {
            (Found::Folder(..), Target::File(login, path)) => Target::Folder(login, path),
            (_, asked) => asked,
        }
    }
}

/// Looks up a target. Whose it is has been checked before.
pub async fn find(app: &App, who: &Principal, target: &Target) -> Result<Found> {
    Ok(match target {
        Target::Root | Target::Dav | Target::Principals | Target::Homes | Target::AddressHomes | Target::Files => Found::Plain,
        Target::Principal(_) => Found::Principal(app.properties(who, &PropertyTarget::Principal).await?),
        Target::Home(_) => {
            let kept = app.properties(who, &PropertyTarget::Home).await?;
            Found::Home(Home { kept, members: home(app, who, target).await? })
        }
        Target::AddressHome(_) => {
            let kept = app.properties(who, &PropertyTarget::AddressHome).await?;
            Found::AddressHome(Home { kept, members: home(app, who, target).await? })
        }
        Target::Tray(_, Tray::Inbox) => Found::Inbox(app.inbox(who).await?),
        Target::Tray(_, Tray::Outbox) => Found::Outbox(app.properties(who, &PropertyTarget::Outbox).await?),
        Target::Calendar(..) | Target::AddressBook(..) => Found::Calendar(collection(app, who, target).await?),
        Target::Object(_, _, name) | Target::Card(_, _, name) => {
            let collection = collection(app, who, target).await?;
            let entry = entry(app, &collection, name).await?;
            Found::Object(collection, entry)
        }
        Target::Folder(_, path) | Target::File(_, path) => {
            let file = app.file(who, path).await?;
            match (&file.content, target) {
                (None, _) => Found::Folder(file, app.quota(who).await?),
                (Some(_), Target::File(..)) => Found::File(file),
                _ => return Err(Error::NotFound),
            }
        }
    })
}

/// The collection at a target, or the one in which it lies.
pub async fn collection(app: &App, who: &Principal, target: &Target) -> Result<Calendar> {
    match target {
        Target::Calendar(_, name) | Target::Object(_, name, _) => app.calendar(who, name).await,
        Target::AddressBook(_, name) | Target::Card(_, name, _) => app.address_book(who, name).await,
        _ => Err(Error::NotFound),
    }
}

/// What lies in a home.
pub async fn home(app: &App, who: &Principal, target: &Target) -> Result<Vec<Calendar>> {
    match target {
        Target::AddressHome(_) => app.address_home(who).await,
        _ => app.home(who).await,
    }
}

/// The entry of one object.
pub async fn entry(app: &App, calendar: &Calendar, name: &Name) -> Result<Entry> {
    let entries = app.entries_of(calendar, std::slice::from_ref(name)).await?;
    entries.into_iter().next().flatten().ok_or(Error::NotFound)
}

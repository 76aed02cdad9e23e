//! What stands at a target, read as far as its properties need.
//!
//! Not for: the shape of addresses (`href`), properties (`property`).

use std::sync::Arc;

use super::href::{Target, Tray};
use super::property::{Kept, Member, Subject, Thing};
use crate::app::App;
use crate::app::calendar::{Calendar, Neighbour, PropertyTarget};
use crate::app::files::{File, Quota};
use crate::app::principals::Party;
use crate::app::schedule::Inbox;
use crate::collection::{Entry, Name};
use crate::error::{Error, Result};
use crate::principal::{Principal, PrincipalId, Privilege};

/// A home: what was set on it, and what lies in it.
#[derive(Debug, Clone, Default)]
pub struct Home {
    /// Dead properties.
    pub kept: Kept,
    /// Its calendars or address books.
    pub members: Vec<Calendar>,
}

/// What stands at a target.
#[derive(Debug, Clone)]
pub enum Found {
    /// A collection that only leads further.
    Plain,
    /// A principal.
    Principal(Party),
    /// The caller's home.
    Home(Home),
    /// Another home that the caller may enter.
    Neighbour(Neighbour),
    /// The caller's address book home.
    AddressHome(Home),
    /// The caller's scheduling inbox.
    Inbox(Inbox),
    /// The caller's scheduling outbox with its dead properties.
    Outbox(Kept),
    /// A calendar or an address book.
    Calendar(Calendar),
    /// An object of either.
    Object(Calendar, Arc<Entry>),
    /// A folder, and what all files take.
    Folder(File, Quota),
    /// A file.
    File(File),
}

impl Found {
    /// Reads the access control lists of a calendar, of the one that holds an object, or of those in a home.
    pub async fn read_acl(&mut self, app: &App) -> Result<()> {
        let calendars = match self {
            Found::Calendar(calendar) | Found::Object(calendar, _) => std::slice::from_mut(calendar),
            Found::Home(Home { members, .. }) | Found::AddressHome(Home { members, .. }) => members.as_mut_slice(),
            Found::Neighbour(Neighbour { members, .. }) => members.as_mut_slice(),
            _ => return Ok(()),
        };
        read_acls(app, calendars).await
    }

    /// Reads the opening hours of a resource's calendar, or of those in a home.
    pub async fn read_availability(&mut self, app: &App) -> Result<()> {
        let calendars = match self {
            Found::Calendar(calendar) => std::slice::from_mut(calendar),
            Found::Home(Home { members, .. }) | Found::Neighbour(Neighbour { members, .. }) => members.as_mut_slice(),
            _ => return Ok(()),
        };
        for calendar in calendars {
            if let Some(resource) = &calendar.resource {
                calendar.availability = app.availability_of_resource(resource).await?;
            }
        }
        Ok(())
    }

    /// It, with its address, as something that has properties.
    pub fn subject<'a>(&'a self, who: &'a Principal, target: &'a Target) -> Subject<'a> {
        let thing = match self {
            Found::Plain => Thing::Plain,
            Found::Principal(party) => Thing::Principal(party),
            Found::Neighbour(neighbour) => Thing::Neighbour(neighbour),
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

/// Reads the access control lists of calendars.
pub async fn read_acls(app: &App, calendars: &mut [Calendar]) -> Result<()> {
    for calendar in calendars {
        calendar.acl = app.acl(calendar).await?;
    }
    Ok(())
}

/// Looks up a target.
pub async fn find(app: &App, who: &Principal, target: &Target) -> Result<Found> {
    Ok(match target {
        Target::Root | Target::Dav | Target::Principals | Target::PrincipalsOf(_) => Found::Plain,
        Target::Homes | Target::AddressHomes | Target::Files => Found::Plain,
        Target::Principal(login) => Found::Principal(app.party(who, &PrincipalId::Login(login.clone())).await?),
        Target::Party(id) => Found::Principal(app.party(who, id).await?),
        Target::Home(login) if *login != who.login => Found::Neighbour(app.neighbour(who, login).await?),
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

/// The caller's own home without what lies in it, each collection of which costs some reading; `None` for what is none.
pub async fn home_alone(app: &App, who: &Principal, target: &Target) -> Result<Option<Found>> {
    let home = async |of| Ok(Home { kept: app.properties(who, &of).await?, members: Vec::new() });
    match target {
        Target::Home(login) if *login == who.login => home(PropertyTarget::Home).await.map(|home| Some(Found::Home(home))),
        Target::AddressHome(_) => home(PropertyTarget::AddressHome).await.map(|home| Some(Found::AddressHome(home))),
        _ => Ok(None),
    }
}

/// The collection at a target, or the one in which it lies, for somebody who may read it. Of another's calendar they may know that it is
/// there without reading it.
pub async fn collection(app: &App, who: &Principal, target: &Target) -> Result<Calendar> {
    match target {
        Target::Calendar(home, name) | Target::Object(home, name, _) => {
            let calendar = app.calendar_of(who, home, name).await?;
            if calendar.grant.allows(Privilege::Read) { Ok(calendar) } else { Err(Error::Forbidden(Privilege::Read)) }
        }
        Target::AddressBook(home, name) | Target::Card(home, name, _) => app.address_book(who, home, name).await,
        _ => Err(Error::NotFound),
    }
}

/// What lies in a home.
pub async fn home(app: &App, who: &Principal, target: &Target) -> Result<Vec<Calendar>> {
    match target {
        Target::AddressHome(_) => app.address_home(who).await,
        Target::Home(home) => app.home_of(who, home).await,
        _ => app.home(who).await,
    }
}

/// The entry of one object.
pub async fn entry(app: &App, calendar: &Calendar, name: &Name) -> Result<Arc<Entry>> {
    let entries = app.entries_of(calendar, std::slice::from_ref(name)).await?;
    entries.into_iter().next().flatten().ok_or(Error::NotFound)
}

//! What stands at a target, read as far as its properties need.
//!
//! Not for: the shape of addresses (`href`), properties (`property`).

use super::href::Target;
use super::property::{Kept, Member, Subject, Thing};
use crate::app::App;
use crate::app::calendar::{Calendar, Neighbour, PropertyTarget};
use crate::app::principals::Party;
use crate::collection::{Entry, Name};
use crate::error::{Error, Result};
use crate::principal::{Principal, PrincipalId, Privilege};

/// What stands at a target.
#[derive(Debug, Clone)]
pub enum Found {
    /// A collection that only leads further.
    Plain,
    /// A principal.
    Principal(Party),
    /// The caller's home.
    Home(Kept),
    /// Another home that the caller may enter.
    Neighbour(Neighbour),
    /// A calendar.
    Calendar(Calendar),
    /// An object.
    Object(Calendar, Entry),
}

impl Found {
    /// Reads the access control list of a calendar, or of the one that holds an object.
    pub async fn read_acl(&mut self, app: &App) -> Result<()> {
        if let Found::Calendar(calendar) | Found::Object(calendar, _) = self {
            calendar.acl = app.acl(calendar).await?;
        }
        Ok(())
    }

    /// It, with its address, as something that has properties.
    pub fn subject<'a>(&'a self, who: &'a Principal, target: &'a Target) -> Subject<'a> {
        let thing = match self {
            Found::Plain => Thing::Plain,
            Found::Principal(party) => Thing::Principal(party),
            Found::Home(kept) => Thing::Home(kept),
            Found::Neighbour(neighbour) => Thing::Neighbour(neighbour),
            Found::Calendar(calendar) => Thing::Calendar(calendar),
            Found::Object(calendar, entry) => Thing::Object(Member { calendar, entry, data: None }),
        };
        Subject { who, target, thing }
    }
}

/// Looks up a target.
pub async fn find(app: &App, who: &Principal, target: &Target) -> Result<Found> {
    Ok(match target {
        Target::Root | Target::Dav | Target::Principals | Target::PrincipalsOf(_) | Target::Homes => Found::Plain,
        Target::Principal(login) => Found::Principal(app.party(who, &PrincipalId::Login(login.clone())).await?),
        Target::Party(id) => Found::Principal(app.party(who, id).await?),
        Target::Home(login) if *login == who.login => Found::Home(app.properties(who, &PropertyTarget::Home).await?),
        Target::Home(home) => Found::Neighbour(app.neighbour(who, home).await?),
        Target::Calendar(home, name) => Found::Calendar(calendar(app, who, home, name).await?),
        Target::Object(home, parent, name) => {
            let calendar = calendar(app, who, home, parent).await?;
            let entry = entry(app, &calendar, name).await?;
            Found::Object(calendar, entry)
        }
    })
}

/// The calendar at an address, for somebody who may read it. Of another's calendar they may know that it is there without reading it.
pub async fn calendar(app: &App, who: &Principal, home: &str, name: &Name) -> Result<Calendar> {
    if home == who.login {
        return app.calendar(who, name).await;
    }
    let calendar = app.calendar_of(who, home, name).await?;
    if calendar.grant.allows(Privilege::Read) { Ok(calendar) } else { Err(Error::Forbidden(Privilege::Read)) }
}

/// The entry of one object.
pub async fn entry(app: &App, calendar: &Calendar, name: &Name) -> Result<Entry> {
    let entries = app.entries_of(calendar, std::slice::from_ref(name)).await?;
    entries.into_iter().next().flatten().ok_or(Error::NotFound)
}

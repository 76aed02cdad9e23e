//! What stands at a target, read as far as its properties need.
//!
//! Not for: the shape of addresses (`href`), properties (`property`).

use super::href::{Target, Tray};
use super::property::{Kept, Member, Subject, Thing};
use crate::app::App;
use crate::app::calendar::{Calendar, PropertyTarget};
use crate::app::schedule::Inbox;
use crate::collection::{Entry, Name};
use crate::error::{Error, Result};
use crate::principal::Principal;

/// What stands at a target of the caller's own.
#[derive(Debug, Clone)]
pub enum Found {
    /// A collection that only leads further.
    Plain,
    /// The caller's principal.
    Principal(Kept),
    /// The caller's home.
    Home(Kept),
    /// The caller's scheduling inbox.
    Inbox(Inbox),
    /// The caller's scheduling outbox with its dead properties.
    Outbox(Kept),
    /// A calendar.
    Calendar(Calendar),
    /// An object.
    Object(Calendar, Entry),
}

impl Found {
    /// It, with its address, as something that has properties.
    pub fn subject<'a>(&'a self, who: &'a Principal, target: &'a Target) -> Subject<'a> {
        let thing = match self {
            Found::Plain => Thing::Plain,
            Found::Principal(kept) => Thing::Principal(kept),
            Found::Home(kept) => Thing::Home(kept),
            Found::Inbox(inbox) => Thing::Inbox(inbox),
            Found::Outbox(kept) => Thing::Outbox(kept),
            Found::Calendar(calendar) => Thing::Calendar(calendar),
            Found::Object(calendar, entry) => Thing::Object(Member { calendar, entry, data: None }),
        };
        Subject { who, target, thing }
    }
}

/// Looks up a target. Whose it is has been checked before.
pub async fn find(app: &App, who: &Principal, target: &Target) -> Result<Found> {
    Ok(match target {
        Target::Root | Target::Dav | Target::Principals | Target::Homes => Found::Plain,
        Target::Principal(_) => Found::Principal(app.properties(who, &PropertyTarget::Principal).await?),
        Target::Home(_) => Found::Home(app.properties(who, &PropertyTarget::Home).await?),
        Target::Tray(_, Tray::Inbox) => Found::Inbox(app.inbox(who).await?),
        Target::Tray(_, Tray::Outbox) => Found::Outbox(app.properties(who, &PropertyTarget::Outbox).await?),
        Target::Calendar(_, name) => Found::Calendar(app.calendar(who, name).await?),
        Target::Object(_, calendar, name) => {
            let calendar = app.calendar(who, calendar).await?;
            let entry = entry(app, &calendar, name).await?;
            Found::Object(calendar, entry)
        }
    })
}

/// The entry of one object.
pub async fn entry(app: &App, calendar: &Calendar, name: &Name) -> Result<Entry> {
    let entries = app.entries_of(calendar, std::slice::from_ref(name)).await?;
    entries.into_iter().next().flatten().ok_or(Error::NotFound)
}

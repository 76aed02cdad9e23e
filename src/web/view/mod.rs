//! What pages show, as plain values that templates read. Pure: no request, no store, no clock.
//!
//! Not for: how it looks (`templates/`). Local times are written `YYYY-MM-DDTHH:MM:SS`, for the templates' filters.

pub mod booking;
pub mod form;
pub mod grid;
pub mod relative;
pub mod said;
pub mod slots;
pub mod staff;

use serde::Serialize;

use self::said::Said;
use super::page::dial;
use super::wall::Wall;
use crate::appointment::booking::State;
use crate::appointment::practice::{Language, Location};
use crate::ical::time::TimeRange;

/// What links from one public page to the next carry along.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kept {
    /// The language that was chosen.
    pub language: Option<Language>,
    /// Whether the page stands in a frame.
    pub framed: bool,
}

impl Kept {
    /// As pairs of an address; empty ones are left out there.
    pub fn pairs(self) -> [(&'static str, &'static str); 2] {
        [("lang", self.language.map_or("", Language::tag)), ("frame", if self.framed { "1" } else { "" })]
    }
}

/// A branch as pages name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// In addresses.
    pub id: String,
    /// For people.
    pub name: String,
    /// Street and number.
    pub street: String,
    /// Postal code.
    pub postcode: String,
    /// Town.
    pub city: String,
    /// As people write it.
    pub telephone: String,
    /// For `tel:`.
    pub dial: String,
    /// Mail address.
    pub email: String,
}

impl Place {
    /// A branch as pages name it.
    pub fn of(location: &Location) -> Place {
        Place {
            id: location.id.to_string(),
            name: location.name.clone(),
            street: location.street.clone(),
            postcode: location.postcode.clone(),
            city: location.city.clone(),
            telephone: location.telephone.clone(),
            dial: dial(&location.telephone),
            email: location.email.clone(),
        }
    }
}

/// From when to when, on the branch's wall clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct When {
    /// Local start.
    pub start: String,
    /// Local end.
    pub end: String,
    /// The start as RFC 3339 has it, with its offset: what a `time` element says to programs.
    pub at: String,
}

impl When {
    /// A range on a wall clock.
    pub fn of(range: TimeRange, wall: &Wall) -> When {
        When { start: wall.written(range.start), end: wall.written(range.end), at: wall.rfc3339(range.start) }
    }
}

/// A link of which one among several may be the current one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// For people.
    pub name: Said,
    /// A sentence below it, or empty.
    pub detail: Said,
    /// Minutes that it takes; 0 where that means nothing.
    pub minutes: u32,
    /// Where it leads.
    pub href: String,
    /// Whether it is what the page shows.
    pub current: bool,
}

/// The word of a state in the ids of texts and the names of CSS classes.
pub fn state_word(state: State) -> &'static str {
    match state {
        State::Requested => "requested",
        State::Confirmed => "confirmed",
        State::Cancelled => "cancelled",
        State::Rejected => "rejected",
        State::Attended => "attended",
        State::NoShow => "no-show",
    }
}

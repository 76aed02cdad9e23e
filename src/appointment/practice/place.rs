//! Where customers are received and what they book there: branches, their resources, and when both are open.
//!
//! Not for: what is open on a day (`hours`), what of it is free (`slot`). RFC 5545 §3.2.3 names the kinds of resources.

use serde::{Deserialize, Serialize};

use super::Id;
use crate::appointment::holiday::Holidays;

/// Minutes of the day, local wall clock: `09:00-18:00` is 540 to 1080.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// First minute open.
    pub from: u32,
    /// First minute closed again; at most 1440.
    pub to: u32,
}

/// Opening hours of a week, Monday first; each day sorted and without overlaps.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week(pub [Vec<Opening>; 7]);

/// A branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// In addresses.
    pub id: Id,
    /// For people: `Filiale Stuttgart`.
    pub name: String,
    /// Street and number.
    pub street: String,
    /// Postal code.
    pub postcode: String,
    /// Town.
    pub city: String,
    /// As people write it.
    pub telephone: String,
    /// Where customers write to.
    pub email: String,
    /// IANA zone in which its hours are meant and its times are shown.
    pub zone: String,
    /// ISO 3166-2 subdivision whose public holidays are closed (`DE-BW`), if any.
    pub region: Option<String>,
    /// Which of them it does not keep, which others it does, and on which days it is closed besides.
    #[serde(default)]
    pub holidays: Holidays,
    /// When it is open.
    pub hours: Week,
}

/// What a resource is (RFC 5545 §3.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResourceKind {
    /// A cabin, a room.
    Room,
    /// Somebody.
    Person,
    /// A device.
    Device,
}

/// Ids that no resource can have: a login's home, where its calendar stands under its id, has collections of these names (RFC 6638 §2).
pub const RESERVED_IDS: [&str; 2] = ["inbox", "outbox"];

/// The thing that customers book: a room or a person with a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// In addresses, and the name of its calendar.
    pub id: Id,
    /// For people: `Kabine 1`.
    pub name: String,
    /// Where it is.
    pub location: Id,
    /// What it is.
    pub kind: ResourceKind,
    /// Its own hours, where they differ from the location's.
    pub hours: Option<Week>,
    /// Whether customers may book it.
    pub online: bool,
    /// Whether anybody may ask, without a password, when it is busy.
    #[serde(default)]
    pub public_busy: bool,
}

//! Records of logins, of what opens doors for them, and of their sessions.

use minicbor::{Decode, Encode};

use crate::collection::{CollectionId, Name};
use crate::principal::{Grant, Role, View};

/// A principal.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PrincipalRecord {
    /// For people.
    #[n(0)]
    pub display_name: String,
    /// What they are.
    #[n(1)]
    pub role: Role,
    /// Their address.
    #[n(2)]
    pub email: Option<String>,
    /// A PHC string of argon2id; without one nobody can sign in.
    #[n(3)]
    pub password: Option<String>,
    /// Resources and what may be done with their calendars.
    #[n(4)]
    pub grants: Vec<(String, Grant)>,
    /// What may be done with the customers on file.
    #[n(5)]
    pub customers: Option<Grant>,
    /// Whether it was given its first collections: whoever deletes one has it no more.
    #[n(6)]
    #[cbor(default)]
    pub furnished: bool,
    /// How much of customers' data is shown; everything where nothing is said.
    #[n(7)]
    pub view: Option<View>,
    /// What may be done with opening hours that are seen; reading where nothing is said.
    #[n(8)]
    pub hours: Option<Grant>,
}

/// How a login takes part in scheduling (RFC 6638 §9, RFC 7953 §7.2.4).
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct ScheduleRecord {
    /// Own calendars whose events do not make their owner busy.
    #[n(0)]
    pub transparent: Vec<CollectionId>,
    /// The own calendar that was chosen for what is delivered.
    #[n(1)]
    pub default_calendar: Option<CollectionId>,
    /// Octets of CALDAV:calendar-availability, which is kept beside; 0 where there is none.
    #[n(2)]
    pub availability: u64,
}

/// A device's password.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DeviceRecord {
    /// Whose.
    #[n(0)]
    pub login: String,
    /// What its owner calls it.
    #[n(1)]
    pub label: String,
    /// SHA-256 of the secret.
    #[n(2)]
    #[cbor(with = "minicbor::bytes")]
    pub hash: Vec<u8>,
    /// Seconds since 1970.
    #[n(3)]
    pub created: i64,
    /// The hour in which it was last used, roughly: seconds since 1970.
    #[n(4)]
    pub used: Option<i64>,
    /// How much of customers' data it is shown, where that is less than its owner is.
    #[n(5)]
    pub view: Option<View>,
}

/// What an address without a login shows of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum FeedKind {
    /// Everything.
    #[n(0)]
    Full,
    /// When it is busy, as events without a word.
    #[n(1)]
    Busy,
    /// The same as VFREEBUSY.
    #[n(2)]
    FreeBusy,
}

/// An address without a login, by the hash of its file's name.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct FeedRecord {
    /// Who made it.
    #[n(0)]
    pub login: String,
    /// The calendar,
    #[n(1)]
    pub collection: CollectionId,
    /// and its name in that login's home.
    #[n(2)]
    pub name: Name,
    /// What it shows.
    #[n(3)]
    pub kind: FeedKind,
    /// Whether its name is no secret.
    #[n(4)]
    pub released: bool,
    /// Seconds since 1970.
    #[n(5)]
    pub created: i64,
}

/// A session of the staff pages.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SessionRecord {
    /// Whose.
    #[n(0)]
    pub login: String,
    /// What each form must bring back.
    #[n(1)]
    pub csrf: String,
    /// Seconds since 1970.
    #[n(2)]
    pub expires: i64,
    /// The password that it was begun with, as `app::login` tells it from others: with another one it is over.
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    pub password: Vec<u8>,
}

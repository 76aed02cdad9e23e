//! Records of bookings: where they are, what is counted and held for them, which letters are owed.

use minicbor::{Decode, Encode};

use crate::appointment::notice::Notice;
use crate::collection::{CollectionId, Name, Version};
use crate::ical::time::TimeRange;

/// Where a booking is. Everything else about it stands in its VEVENT.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct BookingRecord {
    /// The calendar that holds it, or held it.
    #[n(0)]
    pub collection: CollectionId,
    /// Its name there.
    #[n(1)]
    pub name: Name,
    /// How many notices the customer was owed: the next letter's SEQUENCE.
    #[n(2)]
    pub notices: u32,
    /// Raised to revoke the links given out.
    #[n(3)]
    pub generation: u32,
    /// Seconds since 1970.
    #[n(4)]
    pub created: i64,
    /// The version of its last revision.
    #[n(5)]
    pub version: Version,
    /// Whether the object itself is gone from the calendar.
    #[n(6)]
    pub deleted: bool,
    /// Hashes of the address and the number under which the open request is counted.
    #[n(7)]
    pub contacts: Vec<String>,
    /// A hash of what was typed in the form, so that the same form sent twice is known.
    #[n(8)]
    pub typed: Option<String>,
    /// The number of its last revision, which stands in the object as X-OPENSLOT-REV.
    #[n(9)]
    pub revision: u32,
    /// Calendars that held it before, oldest first; their part of the history stays there.
    #[n(10)]
    pub former: Vec<CollectionId>,
    /// Under what it is counted while it stands, neither cancelled nor declined.
    #[n(11)]
    pub standing: Option<Stands>,
    /// Its copies in the calendars of further resources.
    #[n(12)]
    #[cbor(default)]
    pub shadows: Vec<ShadowRecord>,
    /// The reminder that waits in the outbox.
    #[n(14)]
    pub reminder: Option<ReminderRecord>,
    /// Shadows that staff have deleted, where they stood: the booking is incomplete.
    #[n(15)]
    #[cbor(default)]
    pub missing: Vec<ShadowRecord>,
    /// Calendars in which the time is kept that its customer was told, since it stands as a day without one.
    #[n(16)]
    #[cbor(default)]
    pub promised: Vec<CollectionId>,
}

impl BookingRecord {
    /// Where it stands: in its own calendar first, then its shadows.
    pub fn held(&self) -> impl Iterator<Item = (CollectionId, &Name)> {
        let shadows = self.shadows.iter().map(|shadow| (shadow.collection, &shadow.name));
        std::iter::once((self.collection, &self.name)).chain(shadows)
    }
}

/// A booking's copy in the calendar of a further resource.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ShadowRecord {
    /// Its UID.
    #[n(0)]
    pub uid: String,
    /// The calendar that holds it.
    #[n(1)]
    pub collection: CollectionId,
    /// Its name there.
    #[n(2)]
    pub name: Name,
}

/// An open request of a contact.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct OpenRequest {
    /// The end of the appointment, in seconds: afterwards it no longer counts.
    #[n(0)]
    pub end: i64,
    /// The service's id, or empty.
    #[n(1)]
    pub service: String,
}

/// Where a standing booking is found among those of its service: the parts of its key.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Stands {
    /// The service's id.
    #[n(0)]
    pub service: String,
    /// The location's id.
    #[n(1)]
    pub location: String,
    /// Its start, in seconds.
    #[n(2)]
    pub start: i64,
}

/// What is kept there.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct StandingRecord {
    /// Its end, in seconds.
    #[n(0)]
    pub end: i64,
    /// The ids of the resources that hold it, sorted.
    #[n(1)]
    pub resources: Vec<String>,
}

/// A time that is held while a form is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HoldRecord {
    /// Until when, in seconds.
    #[n(0)]
    pub until: i64,
    /// The appointment.
    #[n(1)]
    pub core: TimeRange,
    /// With preparation and follow-up.
    #[n(2)]
    pub whole: TimeRange,
    /// Of which service.
    #[n(3)]
    pub service: String,
    /// When the form first held anything: it does not hold for ever.
    #[n(4)]
    pub since: i64,
}

/// The time that a customer was told, of a booking that stands as a day without one.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PromiseRecord {
    /// The appointment.
    #[n(0)]
    pub core: TimeRange,
    /// With preparation and follow-up.
    #[n(1)]
    pub whole: TimeRange,
}

/// Under which key a reminder waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct ReminderRecord {
    /// When it is due, in seconds since 1970.
    #[n(0)]
    pub due: i64,
    /// The calendar that held the booking,
    #[n(1)]
    pub collection: CollectionId,
    /// and the version, when it was put there.
    #[n(2)]
    pub version: Version,
}

/// A letter in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Owed {
    /// What is to be told.
    #[n(0)]
    pub notice: Notice,
    /// How often it was tried.
    #[n(1)]
    pub attempts: u32,
    /// Not to be tried again before this second.
    #[n(2)]
    pub next: i64,
    /// A hash of the address to which it could not be sent: what is for the same waits for it.
    #[n(3)]
    pub to: Option<String>,
    /// What the mail server said last.
    #[n(4)]
    pub words: Option<String>,
    /// The login whose doing it tells of.
    #[n(5)]
    pub by: Option<String>,
    /// How many letters were owed before it: of those that are due in the same second, they leave first.
    #[n(6)]
    #[cbor(default)]
    pub place: u64,
}

/// A letter that waits for somebody to let it go.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ParkedRecord {
    /// What is to be told.
    #[n(0)]
    pub notice: Notice,
    /// The login that called the appointment off.
    #[n(1)]
    pub by: String,
    /// When, in seconds.
    #[n(2)]
    pub at: i64,
    /// How many letters were owed before it.
    #[n(3)]
    #[cbor(default)]
    pub place: u64,
}

//! What stands at a key: small records in CBOR with numbered fields, so that a later version may add some.
//!
//! Not for: an object's octets, which are kept as they are.

use bytes::Bytes;
use minicbor::{Decode, Encode};

use crate::appointment::notice::Notice;
use crate::collection::{CollectionId, Etag, Name, Version};
use crate::error::{Error, Result};
use crate::ical::component::Component;
use crate::ical::time::TimeRange;
use crate::principal::{Grant, Role, View};

/// The format that this program writes. A store of a later format is not opened.
pub const FORMAT: u32 = 1;

/// What the store says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Format {
    /// Version of the format.
    #[n(0)]
    pub format: u32,
    /// The program that made it.
    #[n(1)]
    pub made_by: String,
}

/// A collection.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct CollectionRecord {
    /// What it holds.
    #[n(0)]
    pub component: Component,
    /// IANA zone for times without one.
    #[n(1)]
    pub zone: String,
    /// The resource whose calendar it is.
    #[n(2)]
    pub resource: Option<String>,
    /// The login whose own calendar it is.
    #[n(3)]
    pub owner: Option<String>,
    /// What it is called where nobody has given it a name.
    #[n(4)]
    pub title: Option<String>,
    /// Of a subscribed calendar, the address of the calendar that its owner's programs show in its place.
    #[n(5)]
    pub source: Option<String>,
}

/// An opening-hours calendar: what `apply` put into it, so that it can tell what nobody has touched.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HoursRecord {
    /// Where its events are.
    #[n(0)]
    pub collection: CollectionId,
    /// The events of `apply`, as they were put there.
    #[n(1)]
    pub seeds: Vec<Seed>,
    /// What the practice's file last said, whether it was done or the calendar had been edited: its zone, and the names of its seeds.
    #[n(2)]
    pub declared: Vec<String>,
}

/// An event that `apply` put into an opening-hours calendar.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Seed {
    /// Its name.
    #[n(0)]
    pub name: Name,
    /// Its tag then.
    #[n(1)]
    pub etag: Etag,
}

/// A line of the change log.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Logged {
    /// What changed.
    #[n(0)]
    pub name: Name,
    /// Whether it is gone.
    #[n(1)]
    pub gone: bool,
}

/// A revision of an object.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Revision {
    /// The version at which it was written.
    #[n(0)]
    pub version: Version,
    /// Seconds since 1970, UTC.
    #[n(1)]
    pub at: i64,
    /// The login, or `None` for the customer.
    #[n(2)]
    pub by: Option<String>,
    /// Through which program.
    #[n(3)]
    pub via: String,
    /// What it meant, one of the words of `app::staff::HistoryLine`.
    #[n(4)]
    pub what: String,
    /// Octets of the object as kept; 0 where it was deleted.
    #[n(5)]
    pub size: u64,
    /// Octets as sent, where we kept others.
    #[n(6)]
    pub sent_size: Option<u64>,
    /// The name it had.
    #[n(7)]
    pub name: Name,
    /// Of a booking, its number, which stands in the object as X-OPENSLOT-REV; else 0.
    #[n(8)]
    pub number: u32,
}

/// Dead properties of one owner (RFC 4918 §4.3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct Properties {
    /// Namespace, local name, whole element.
    #[n(0)]
    pub properties: Vec<Property>,
}

/// One dead property.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Property {
    /// `DAV:`
    #[n(0)]
    pub namespace: String,
    /// `displayname`
    #[n(1)]
    pub local: String,
    /// The element, whole.
    #[n(2)]
    pub element: String,
}

/// How much a login's files take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
pub struct FilesRecord {
    /// Goes up with every change, so that it can be their lock; files, folders and bodies get their numbers from it.
    #[n(0)]
    pub last: u64,
    /// Octets of all bodies and dead properties.
    #[n(1)]
    pub octets: u64,
    /// Files and folders.
    #[n(2)]
    pub entries: u64,
}

/// A file or a folder.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct FileRecord {
    /// Its number: what lies in a folder, and the dead properties, stand under it. It stays when the name changes.
    #[n(0)]
    pub number: u64,
    /// What a file holds; a folder has none.
    #[n(1)]
    pub body: Option<FileBody>,
    /// Seconds since 1970, UTC.
    #[n(2)]
    pub created: i64,
    /// Seconds since 1970, UTC: when a file was last written.
    #[n(3)]
    pub modified: i64,
    /// Octets of its dead properties.
    #[n(4)]
    pub properties: u64,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct FileBody {
    /// Under which its octets stand. They never change: another content is another body.
    #[n(0)]
    pub number: u64,
    /// The tag of its octets.
    #[n(1)]
    pub etag: Etag,
    /// Octets.
    #[n(2)]
    pub size: u64,
    /// As the client named it.
    #[n(3)]
    pub content_type: String,
}

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

/// Encodes a record.
pub fn encode<T: Encode<()>>(record: &T) -> Result<Bytes> {
    minicbor::to_vec(record).map(Bytes::from).map_err(|e| Error::Failed(format!("a record cannot be encoded: {e}")))
}

/// Decodes a record.
pub fn decode<'a, T: Decode<'a, ()>>(octets: &'a [u8]) -> Result<T> {
    minicbor::decode(octets).map_err(|e| Error::Failed(format!("a record in the store cannot be read: {e}")))
}

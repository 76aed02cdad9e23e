//! What stands at a key: small records in CBOR with numbered fields, so that a later version may add some.
//!
//! Not for: an object's octets, which are kept as they are.

mod bookings;
mod files;
mod people;

use bytes::Bytes;
use minicbor::{Decode, Encode};

use crate::collection::{CollectionId, Etag, Name, Version};
use crate::error::{Error, Result};
use crate::ical::component::Component;

pub use bookings::*;
pub use files::*;
pub use people::*;

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

/// Encodes a record.
pub fn encode<T: Encode<()>>(record: &T) -> Result<Bytes> {
    minicbor::to_vec(record).map(Bytes::from).map_err(|e| Error::Failed(format!("a record cannot be encoded: {e}")))
}

/// Decodes a record.
pub fn decode<'a, T: Decode<'a, ()>>(octets: &'a [u8]) -> Result<T> {
    minicbor::decode(octets).map_err(|e| Error::Failed(format!("a record in the store cannot be read: {e}")))
}

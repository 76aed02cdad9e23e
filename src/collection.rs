//! A collection and what is in it: names, versions, ETags, entries, conditions.
//!
//! Not for: how they are kept (`store`), what they mean to a practice (`appointment`).
//! RFC 4918 §5 and §10.4, RFC 4791 §4 and §5.3, RFC 6578 §3.

use std::sync::Arc;

use bytes::Bytes;
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::ical::component::{Buffer, Component, Status, Transparency};
use crate::ical::time::TimeRange;

/// The longest name of an object or a collection in an address, in octets, decoded.
pub const MAX_NAME_LEN: usize = 255;

/// A collection's number in the store. Its addresses may change, this never does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct CollectionId(#[n(0)] pub u64);

/// How often a collection has changed: its DAV:sync-token, its getctag and its optimistic lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Version(#[n(0)] pub u64);

impl Version {
    /// The version after this one.
    pub fn next(self) -> Version {
        Version(self.0.saturating_add(1))
    }
}

/// An object's name inside its collection: one decoded path segment, 1 to 255 octets, without `/` and control characters. Copies share it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

impl<C> Encode<C> for Name {
    fn encode<W: encode::Write>(&self, e: &mut Encoder<W>, _: &mut C) -> std::result::Result<(), encode::Error<W::Error>> {
        e.str(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Name {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> std::result::Result<Name, decode::Error> {
        Ok(Name(d.str()?.into()))
    }
}

impl Name {
    /// Checks a decoded path segment.
    pub fn new(segment: &str) -> Result<Name> {
        let bad = segment.is_empty()
            || segment.len() > MAX_NAME_LEN
            || segment == "."
            || segment == ".."
            || segment.chars().any(|c| c == '/' || c == '\\' || c.is_control());
        if bad {
            return Err(Error::Malformed("This is no name for an object: 1 to 255 octets without slashes and control characters.".into()));
        }
        Ok(Name(segment.into()))
    }

    /// A name made of a UID, with an ending such as `ics`: the UID itself where it is safe in any address, else its hash.
    pub fn of_uid(uid: &str, ending: &str) -> Result<Name> {
        let safe = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
        let plain = !uid.is_empty() && uid.len() <= 200 && !uid.starts_with('.') && uid.chars().all(safe);
        let stem = if plain { uid.to_owned() } else { Etag::of(uid.as_bytes()).as_str().to_owned() };
        Name::new(&format!("{stem}.{ending}"))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A strong entity tag: the first 128 bits of the SHA-256 of the octets, in hexadecimal, without its quotes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Etag(#[n(0)] String);

impl Etag {
    /// The tag of these octets.
    pub fn of(octets: &[u8]) -> Etag {
        let digest = Sha256::digest(octets);
        Etag(digest.iter().take(16).map(|b| format!("{b:02x}")).collect())
    }

    /// The tag between its quotes, as it stands in headers and in DAV:getetag.
    pub fn quoted(&self) -> String {
        format!("\"{}\"", self.0)
    }

    /// The tag without quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is known of an object without reading it: enough for PROPFIND, sync, and the index of a simple event.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Entry {
    /// The last segment of its address.
    #[n(0)]
    pub name: Name,
    /// The tag of its octets.
    #[n(1)]
    pub etag: Etag,
    /// Its UID.
    #[n(2)]
    pub uid: String,
    /// Its component type.
    #[n(3)]
    pub component: Component,
    /// Start of the first and end of the last occurrence; absent where the object has no time.
    /// An endless series ends at [`TimeRange::MAX`].
    #[n(4)]
    pub span: Option<TimeRange>,
    /// The master's status.
    #[n(5)]
    pub status: Status,
    /// The master's transparency.
    #[n(6)]
    pub transparency: Transparency,
    /// Whether its occurrences must be worked out: a rule, dates, overrides, or times without a zone.
    #[n(7)]
    pub recurring: bool,
    /// Octets.
    #[n(8)]
    pub size: u64,
    /// Seconds since 1970, UTC: when it was last written.
    #[n(9)]
    pub modified: i64,
    /// The version at which it was last written.
    #[n(10)]
    pub version: Version,
    /// CALDAV:schedule-tag of a booking: another one after each change but the customer's own (RFC 6638 §3.2.10).
    #[n(11)]
    pub schedule_tag: Option<Etag>,
    /// What the master takes of the time around it; none where it is absent.
    #[n(12)]
    pub buffer: Option<Buffer>,
}

/// An object: its entry and its octets as they were sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// What is known of it.
    pub entry: Arc<Entry>,
    /// The octets.
    pub octets: Bytes,
}

/// What must hold for a write to happen (RFC 9110 §13.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Nothing.
    Always,
    /// `If-None-Match: *`
    Absent,
    /// `If-Match: *`
    Present,
    /// `If-Match` with tags, without quotes; weak ones compare unequal and are not listed.
    Matches(Vec<String>),
    /// `If-None-Match` with tags: none of these may be the current one.
    Differs(Vec<String>),
    /// `If-Schedule-Tag-Match` with a tag, without quotes, and what else must hold (RFC 6638 §8.3).
    ScheduleTag(String, Box<Condition>),
}

impl Condition {
    /// Refuses with [`Error::Stale`] where the condition does not hold for what is there now.
    pub fn check(&self, current: Option<&Etag>) -> Result<()> {
        let listed = |tags: &[String]| current.is_some_and(|etag| tags.iter().any(|tag| tag == etag.as_str()));
        let holds = match self {
            Condition::Always => true,
            Condition::Absent => current.is_none(),
            Condition::Present => current.is_some(),
            Condition::Matches(tags) => listed(tags),
            Condition::Differs(tags) => !listed(tags),
            // It is about writing alone, and has nothing to say of a tag of octets.
            Condition::ScheduleTag(_, and) => return and.check(current),
        };
        if holds { Ok(()) } else { Err(Error::Stale) }
    }

    /// The same before something is written. What is no booking has no schedule tag, and none matches it.
    pub fn check_write(&self, current: Option<&Entry>) -> Result<()> {
        if let Condition::ScheduleTag(tag, _) = self
            && current.and_then(|entry| entry.schedule_tag.as_ref()).is_none_or(|present| present.as_str() != tag)
        {
            return Err(Error::Stale);
        }
        self.check(current.map(|entry| &entry.etag))
    }
}

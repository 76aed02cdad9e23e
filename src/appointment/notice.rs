//! What a change of a booking owes to whom. A notice is kept in the outbox and becomes a letter only when it is sent.
//!
//! Not for: MIME (`mail::message`), sending (`mail::outbox`).

use minicbor::{Decode, Encode};

use crate::collection::{CollectionId, Version};

/// What there is to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum NoticeKind {
    /// The request has been received.
    #[n(0)]
    Requested,
    /// The practice has confirmed.
    #[n(1)]
    Confirmed,
    /// The time or the place has changed.
    #[n(2)]
    Moved,
    /// It was cancelled, by whomever.
    #[n(3)]
    Cancelled,
    /// The practice has declined the request.
    #[n(4)]
    Declined,
}

impl NoticeKind {
    /// The word in Message-IDs, template names and the history.
    pub fn word(self) -> &'static str {
        match self {
            NoticeKind::Requested => "requested",
            NoticeKind::Confirmed => "confirmed",
            NoticeKind::Moved => "moved",
            NoticeKind::Cancelled => "cancelled",
            NoticeKind::Declined => "declined",
        }
    }
}

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Recipient {
    /// The customer, at the address of the revision.
    #[n(0)]
    Customer,
    /// The practice's own address ('Kopie an').
    #[n(1)]
    Practice,
}

impl Recipient {
    /// The word in Message-IDs and template names.
    pub fn word(self) -> &'static str {
        match self {
            Recipient::Customer => "customer",
            Recipient::Practice => "practice",
        }
    }
}

/// A letter that is owed. The revision that it speaks of is named, not copied.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Notice {
    /// The booking.
    #[n(0)]
    pub uid: String,
    /// The calendar that holds it.
    #[n(1)]
    pub collection: CollectionId,
    /// The version of that calendar at which the revision was written.
    #[n(2)]
    pub version: Version,
    /// What happened.
    #[n(3)]
    pub kind: NoticeKind,
    /// Who is told.
    #[n(4)]
    pub to: Recipient,
    /// SEQUENCE of the object in the letter: how many notices this appointment had before (RFC 5546 §2.1.4).
    #[n(5)]
    pub sequence: u32,
}

impl Notice {
    /// The Message-ID without its angle brackets. The same notice always has the same, so that a repeat is recognised.
    pub fn message_id(&self, host: &str) -> String {
        format!("{}.{}.{}.{}@{host}", self.uid, self.version.0, self.kind.word(), self.to.word())
    }
}

/// How sending a notice went.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Outcome {
    /// The mail server took it (or the file is written).
    #[n(0)]
    Sent,
    /// Not yet; it is tried again. The server's words.
    #[n(1)]
    Delayed(#[n(0)] String),
    /// Never; the server's words.
    #[n(2)]
    Rejected(#[n(0)] String),
    /// A later change made it untrue before it left.
    #[n(3)]
    Superseded,
}

/// An outcome with its time, as the history shows it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Delivery {
    /// What was to be sent.
    #[n(0)]
    pub notice: Notice,
    /// Seconds since 1970, UTC.
    #[n(1)]
    pub at: i64,
    /// How it went.
    #[n(2)]
    pub outcome: Outcome,
    /// How often it was tried.
    #[n(3)]
    pub attempts: u32,
}

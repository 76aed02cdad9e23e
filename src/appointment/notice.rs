//! What a change of a booking owes to whom. A notice is kept in the outbox and becomes a letter only when it is sent.
//!
//! Not for: MIME (`mail::message`), sending (`mail::outbox`).

use minicbor::{Decode, Encode};

use super::booking::State;
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

/// What a change owes, in the order in which it is told. `before` is absent for a new request. `future`: the appointment, or the
/// one it was moved from, is not over yet; nobody is told about the past.
pub fn owed(change: &Change) -> Vec<(NoticeKind, Recipient)> {
    use NoticeKind::{Cancelled, Confirmed, Declined, Moved, Requested};
    if !change.future {
        return Vec::new();
    }
    let kind = match (change.before, change.after) {
        (None, State::Confirmed) => Some(Confirmed),
        (None, _) => Some(Requested),
        (Some(before), State::Confirmed) if before != State::Confirmed && !matches!(before, State::Attended | State::NoShow) => {
            Some(Confirmed)
        }
        (Some(State::Confirmed | State::Attended | State::NoShow), State::Confirmed) if change.moved => Some(Moved),
        (Some(before), State::Cancelled) if before.blocks() => Some(Cancelled),
        (Some(before), State::Rejected) if before.blocks() => Some(Declined),
        _ => None,
    };
    let Some(kind) = kind else { return Vec::new() };
    let mut owed = vec![(kind, Recipient::Customer)];
    // The practice knows what its own people did; it is told what came from outside.
    if change.by_customer {
        owed.push((kind, Recipient::Practice));
    }
    owed
}

/// A change of a booking, as far as letters care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Where it stood; `None` for a new request.
    pub before: Option<State>,
    /// Where it stands.
    pub after: State,
    /// Whether its time or place changed.
    pub moved: bool,
    /// Whether the customer did it.
    pub by_customer: bool,
    /// Whether it still lies ahead.
    pub future: bool,
}

/// Whether a letter is still true of a booking that stands in `state` when it is about to leave.
pub fn still_true(kind: NoticeKind, state: State) -> bool {
    match kind {
        // The receipt of a request is true whatever became of it.
        NoticeKind::Requested => true,
        NoticeKind::Confirmed | NoticeKind::Moved => state.blocks() && state != State::Requested,
        NoticeKind::Cancelled => state == State::Cancelled,
        NoticeKind::Declined => state == State::Rejected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appointment::words::STATES;

    #[test]
    fn every_transition_owes_what_it_should() {
        let table = |moved, by_customer| {
            let mut lines = Vec::new();
            for before in std::iter::once(None).chain(STATES.map(Some)) {
                for after in STATES {
                    let told = owed(&Change { before, after, moved, by_customer, future: true });
                    if !told.is_empty() {
                        let words: Vec<_> = told.iter().map(|(kind, to)| format!("{}/{}", kind.word(), to.word())).collect();
                        lines.push(format!("{} {} {}", before.map_or("-", State::word), after.word(), words.join("+")));
                    }
                }
            }
            lines
        };
        let staff = table(false, false);
        assert!(staff.contains(&"REQUESTED CONFIRMED confirmed/customer".to_owned()));
        assert!(staff.contains(&"REQUESTED REJECTED declined/customer".to_owned()));
        assert!(staff.contains(&"CONFIRMED CANCELLED cancelled/customer".to_owned()));
        assert!(!staff.iter().any(|l| l.starts_with("CONFIRMED CONFIRMED") || l.starts_with("CANCELLED CANCELLED")));
        assert!(table(true, false).contains(&"CONFIRMED CONFIRMED moved/customer".to_owned()));
        assert!(!table(true, false).iter().any(|l| l.starts_with("REQUESTED REQUESTED")));
        assert!(table(false, true).contains(&"REQUESTED CANCELLED cancelled/customer+cancelled/practice".to_owned()));
        let past = Change { before: None, after: State::Requested, moved: false, by_customer: true, future: false };
        assert!(owed(&past).is_empty());
    }
}

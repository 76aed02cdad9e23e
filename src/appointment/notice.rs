//! What a change of a booking owes to whom. A notice is kept in the outbox and becomes a letter only when it is sent.
//!
//! Not for: MIME (`mail::message`), sending (`mail::outbox`).

use minicbor::{Decode, Encode};

use super::booking::State;
use crate::collection::{CollectionId, Version};
use crate::ical::time::Seconds;
use crate::ical::zone::Zone;

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
    /// It is near.
    #[n(5)]
    Reminder,
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
            NoticeKind::Reminder => "reminder",
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
    /// The mail server took it.
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
    /// Staff have taken it out; the login.
    #[n(4)]
    Dropped(#[n(0)] String),
    /// It is written to a file, since there is no mail server: nobody but whoever reads the folder has it.
    #[n(5)]
    Filed,
}

impl Outcome {
    /// Whether the letter is out of our hands: what comes later builds upon it.
    pub fn is_taken(&self) -> bool {
        matches!(self, Outcome::Sent | Outcome::Filed)
    }
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
        // Who is confirmed at once gets one letter, not two.
        (None, State::Confirmed) => Some(Confirmed),
        (None, _) => Some(Requested),
        // What staff do with a request is told once it is confirmed; who has moved it reads that it has arrived.
        (Some(State::Requested | State::Confirmed), State::Requested) if change.moved && change.by_customer => Some(Moved),
        (Some(before), State::Confirmed) if before != State::Confirmed && !matches!(before, State::Attended | State::NoShow) => {
            Some(Confirmed)
        }
        (Some(State::Confirmed | State::Attended | State::NoShow), State::Confirmed) if change.moved => Some(Moved),
        (Some(before), State::Cancelled) if before.blocks() => Some(Cancelled),
        (Some(before), State::Rejected) if before.blocks() => Some(Declined),
        _ => None,
    };
    let off = |kind: &NoticeKind| matches!(kind, Cancelled | Declined);
    let Some(kind) = kind.filter(|kind| change.timed || off(kind)) else { return Vec::new() };
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
    /// Whether it has a time. Without one there is nothing to tell but that it is off.
    pub timed: bool,
}

/// When a reminder of an appointment at `start` is due: so many hours before it on the wall clock of its zone. `None` where that is the same
/// day: who comes today knows it.
pub fn reminder_due(start: Seconds, hours: u32, zone: &Zone) -> Option<Seconds> {
    let begins = zone.utc_to_local(start);
    let due = begins.checked_sub_signed(chrono::TimeDelta::hours(i64::from(hours)))?;
    (due.date() < begins.date()).then(|| zone.local_to_utc(due))
}

/// Whether a reminder may still leave: on an earlier day than that of the appointment.
pub fn may_remind(now: Seconds, start: Seconds, zone: &Zone) -> bool {
    zone.utc_to_local(now).date() < zone.utc_to_local(start).date()
}

/// Whether a letter about a booking that stood in `then` is still true where it stands in `state` when it is about to leave.
pub fn still_true(kind: NoticeKind, then: State, state: State) -> bool {
    match kind {
        // The receipt of a request is true whatever became of it.
        NoticeKind::Requested => true,
        NoticeKind::Moved if then == State::Requested => state.blocks(),
        NoticeKind::Reminder => matches!(state, State::Requested | State::Confirmed),
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
    fn a_reminder_comes_the_day_before_or_not_at_all() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let at = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp();
        assert_eq!(reminder_due(at("2026-03-26T09:30:00Z"), 24, &berlin), Some(at("2026-03-25T09:30:00Z")));
        // The days of the change have 25 and 23 hours; a day before is the same time on the clock.
        assert_eq!(reminder_due(at("2026-10-25T22:30:00Z"), 24, &berlin), Some(at("2026-10-24T21:30:00Z")));
        assert_eq!(reminder_due(at("2026-03-29T08:00:00Z"), 24, &berlin), Some(at("2026-03-28T09:00:00Z")));
        assert_eq!(reminder_due(at("2026-03-26T09:30:00Z"), 2, &berlin), None);
        assert_eq!(reminder_due(at("2026-03-26T00:30:00Z"), 3, &berlin), Some(at("2026-03-25T21:30:00Z")));
        assert!(may_remind(at("2026-03-25T22:59:00Z"), at("2026-03-26T09:30:00Z"), &berlin));
        assert!(!may_remind(at("2026-03-25T23:00:00Z"), at("2026-03-26T09:30:00Z"), &berlin));
    }

    #[test]
    fn every_transition_owes_what_it_should() {
        let table = |moved, by_customer| {
            let mut lines = Vec::new();
            for before in std::iter::once(None).chain(STATES.map(Some)) {
                for after in STATES {
                    let told = owed(&Change { before, after, moved, by_customer, future: true, timed: true });
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
        assert!(table(true, true).contains(&"CONFIRMED REQUESTED moved/customer+moved/practice".to_owned()));
        assert!(table(false, true).contains(&"- CONFIRMED confirmed/customer+confirmed/practice".to_owned()));
        assert!(table(false, true).contains(&"REQUESTED CANCELLED cancelled/customer+cancelled/practice".to_owned()));
        let past = Change { before: None, after: State::Requested, moved: false, by_customer: true, future: false, timed: true };
        assert!(owed(&past).is_empty());
        let dated =
            |after| owed(&Change { before: Some(State::Confirmed), after, moved: true, by_customer: false, future: true, timed: false });
        assert!(dated(State::Confirmed).is_empty());
        assert_eq!(dated(State::Cancelled), [(NoticeKind::Cancelled, Recipient::Customer)]);
    }
}

//! A notice → the letter that it is by now, or why there will be none: what the customer has heard already decides.
//!
//! Not for: when it is sent (`outbox`), what it looks like (`message`).

use bytes::Bytes;

use super::super::message::{self, Letter, Particulars};
use super::{Outbox, ROUND};
use crate::appointment::booking::{self, Booking, State};
use crate::appointment::notice::{self, Delivery, Notice, NoticeKind, Outcome, Recipient};
use crate::appointment::team;
use crate::collection::{CollectionId, Version};
use crate::error::{Error, Result};
use crate::ical::object::CalendarObject;
use crate::ical::zone::Zone;
use crate::store::key;
use crate::store::record::{self, BookingRecord};

/// What a customer was told before a letter.
struct Told {
    notice: Notice,
    booking: Option<Booking>,
}

impl Told {
    /// Whether it said that the appointment takes place.
    fn stands(&self) -> bool {
        stands(self.notice.kind, self.booking.as_ref().map(|booking| booking.state))
    }
}

/// What has been sent of a booking's letters.
#[derive(Default)]
struct Heard {
    /// The last before this one.
    before: Option<Told>,
    /// Whether one that was owed later has left already.
    later: bool,
}

impl Outbox {
    /// What a letter is to its customer, who may not have heard of what was before: a time that is changed before it was ever
    /// confirmed is confirmed, and one that was called off and taken back at another time, unheard, has moved.
    fn news(kind: NoticeKind, booking: &Booking, told: Option<&Told>) -> NoticeKind {
        match kind {
            _ if booking.state == State::Requested => kind,
            NoticeKind::Moved if !told.is_some_and(Told::stands) => NoticeKind::Confirmed,
            NoticeKind::Confirmed if told.is_some_and(Told::stands) => NoticeKind::Moved,
            kind => kind,
        }
    }

    async fn heard(&self, notice: &Notice) -> Result<Heard> {
        let (mut last, mut later): (Option<Notice>, bool) = (None, false);
        for (_, octets) in self.store.scan(&key::deliveries(&notice.uid), ROUND).await? {
            let delivery: Delivery = record::decode(&octets)?;
            let told = delivery.notice;
            if !delivery.outcome.is_taken() || told.to != Recipient::Customer || told.kind == NoticeKind::Reminder {
                continue;
            }
            later |= told.sequence > notice.sequence;
            if told.sequence < notice.sequence && last.as_ref().is_none_or(|last| last.sequence < told.sequence) {
                last = Some(told);
            }
        }
        let Some(last) = last else { return Ok(Heard { before: None, later }) };
        let booking = self.booking_of(&last).await?;
        Ok(Heard { before: Some(Told { notice: last, booking }), later })
    }

    async fn octets(&self, id: CollectionId, uid: &str, version: Version) -> Result<Option<Bytes>> {
        match self.store.revision(id, uid, version).await? {
            Some(revision) => self.store.revision_octets(id, uid, &revision).await,
            None => Ok(None),
        }
    }

    /// The booking at the revision that a notice names.
    async fn booking_of(&self, notice: &Notice) -> Result<Option<Booking>> {
        self.booking_at(notice.collection, &notice.uid, notice.version).await
    }

    async fn booking_at(&self, id: CollectionId, uid: &str, version: Version) -> Result<Option<Booking>> {
        let octets = self.octets(id, uid, version).await?;
        let zone = self.store.zone(id).await?;
        octets.map(|octets| read(octets, &zone)).transpose()
    }

    /// The letter of a notice, from the revision that it speaks of; a reminder speaks of the last.
    pub(super) async fn write(&self, notice: &mut Notice) -> Result<Written> {
        let never = Ok(Written::Never(Outcome::Superseded));
        let Some(record) = self.store.record::<BookingRecord>(&key::booking(&notice.uid)).await? else { return never };
        let reminder = notice.kind == NoticeKind::Reminder;
        let (id, version) = if reminder { (record.collection, record.version) } else { (notice.collection, notice.version) };
        let Some(booking) = self.booking_at(id, &notice.uid, version).await? else { return never };
        if reminder && !self.may_remind(notice, &record, &booking) {
            return never;
        }
        if notice.to == Recipient::Customer && !reminder {
            let heard = self.heard(notice).await?;
            notice.kind = Outbox::news(notice.kind, &booking, heard.before.as_ref());
            if heard.later || is_known(notice, &booking, heard.before.as_ref()) {
                return never;
            }
        }
        let mut booking = booking;
        let now = self.booking_at(record.collection, &notice.uid, record.version).await?;
        // Nobody is told when to come to one that has lost its time meanwhile; once it has one again, that is owed anew.
        if now.as_ref().is_some_and(|now| now.day.is_some() && now.state.blocks()) && says_when(notice.kind) {
            return never;
        }
        if !notice::still_true(notice.kind, booking.state, now.as_ref().map_or(booking.state, |now| now.state)) {
            return never;
        }
        // An address that staff have put right since is the one to write to.
        if let Some(now) = now.filter(|now| !now.customer.email.is_empty()) {
            booking.customer.email = now.customer.email;
        }
        self.letter(notice, &record, &booking, id).await
    }

    async fn letter(&self, notice: &Notice, record: &BookingRecord, booking: &Booking, id: CollectionId) -> Result<Written> {
        let practice = (self.practice)();
        let collection = self.store.collection(id).await?;
        let resource = collection.and_then(|(collection, _)| collection.resource).and_then(|id| practice.resource(&id));
        let location = resource.and_then(|resource| practice.location(resource.location.as_str()));
        let link = match notice.to {
            Recipient::Customer => {
                format!("{}/booking/{}", self.sender.public_url, self.secret.token(&notice.uid, record.generation).unwrap_or_default())
            }
            Recipient::Practice => format!("{}/staff/appointment/{}", self.sender.public_url, notice.uid),
        };
        let now = self.world.now();
        let beside = resource.map(|main| team::beside(&practice, booking, main)).unwrap_or_default();
        let sender = &self.sender;
        let particulars = Particulars { practice: &practice, sender, booking, resource, beside: &beside, location, link: &link, now };
        Ok(match message::letter(&self.templates, notice, &particulars) {
            Ok(letter) => Written::Letter(Box::new(letter)),
            Err(words) => Written::Never(Outcome::Rejected(words)),
        })
    }

    /// Whether this is the reminder of the appointment as it is now, and still in time.
    fn may_remind(&self, notice: &Notice, record: &BookingRecord, booking: &Booking) -> bool {
        let zone = Zone::named(&booking.zone).unwrap_or(Zone::UTC);
        let own = record.reminder.is_some_and(|waiting| (waiting.collection, waiting.version) == (notice.collection, notice.version));
        own && !record.deleted && notice::may_remind(self.world.now().timestamp(), booking.range.start, &zone)
    }
}

/// Whether the customer knows already: what has happened since was taken back before it was told.
fn is_known(notice: &Notice, booking: &Booking, told: Option<&Told>) -> bool {
    let Some(told) = told else { return false };
    if stands(notice.kind, Some(booking.state)) && told.stands() {
        let same = told.booking.as_ref().is_some_and(|then| then.range == booking.range);
        return same && told.notice.collection == notice.collection;
    }
    is_off(notice.kind) && is_off(told.notice.kind)
}

/// Whether a letter says that the appointment takes place.
fn stands(kind: NoticeKind, state: Option<State>) -> bool {
    matches!(kind, NoticeKind::Confirmed | NoticeKind::Moved) && state != Some(State::Requested)
}

/// Whether a letter of staff's doing says when it takes place.
fn says_when(kind: NoticeKind) -> bool {
    matches!(kind, NoticeKind::Confirmed | NoticeKind::Moved | NoticeKind::Reminder)
}

/// Whether a letter says that it does not.
fn is_off(kind: NoticeKind) -> bool {
    matches!(kind, NoticeKind::Cancelled | NoticeKind::Declined)
}

/// A notice as a letter, or why it will never be one.
pub(super) enum Written {
    Letter(Box<Letter>),
    Never(Outcome),
}

fn read(octets: Bytes, zone: &Zone) -> Result<Booking> {
    let object = CalendarObject::parse(octets)?;
    booking::read(&object, zone).ok_or_else(|| Error::Failed("a booking without its times".into()))
}

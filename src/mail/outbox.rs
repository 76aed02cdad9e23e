//! Sends what the outbox holds, tries again, records how it went.
//!
//! A letter enters the outbox only in the commit of the change that owes it, and is sent only from here, one after another in the
//! order in which they became due; of one booking no letter overtakes another. SMTP is at-least-once: a letter repeats, with the same
//! Message-ID, only if the process dies between the server's word and our commit. Not for: what a letter says (`mail::message`).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Notify;
use tokio::sync::watch;

use super::mailer::{MailFault, Mailer};
use super::message::{self, Letter, Particulars, Sender};
use crate::appointment::booking::{self, Booking};
use crate::appointment::link::Secret;
use crate::appointment::notice::{self, Delivery, Notice, NoticeKind, Outcome, Recipient};
use crate::appointment::practice::Practice;
use crate::collection::{CollectionId, Version};
use crate::error::{Error, Result};
use crate::ical::object::CalendarObject;
use crate::ical::zone::Zone;
use crate::store::engine::Key;
use crate::store::record::{self, BookingRecord, Owed};
use crate::store::{Store, key};
use crate::template::Templates;
use crate::world::World;

/// How many letters one round looks at.
const ROUND: usize = 10_000;

/// The first wait after a failure, in seconds; it doubles up to [`LONGEST_WAIT`].
const FIRST_WAIT: i64 = 15;

/// The longest wait between two attempts, in seconds.
const LONGEST_WAIT: i64 = 3600;

/// A letter that could not be sent for so long is given up, in seconds: five days, as mail servers do.
const GIVE_UP: i64 = 5 * 86_400;

/// After so many failures in a row the mail server is taken to be down, and the round ends.
const FAILURES_IN_A_ROW: u32 = 3;

/// How long the outbox sleeps at most; the clock is the only thing that makes a waiting letter due.
const NAP: Duration = Duration::from_secs(5);

/// What sends the letters.
pub struct Outbox {
    /// Where they wait.
    pub store: Arc<Store>,
    /// The clock.
    pub world: Arc<dyn World>,
    /// What they look like.
    pub templates: Arc<Templates>,
    /// In whose name.
    pub sender: Sender,
    /// For the customer's link.
    pub secret: Secret,
    /// The practice as it is now.
    pub practice: Box<dyn Fn() -> Arc<Practice> + Send + Sync>,
    /// Who takes them.
    pub mailer: Arc<dyn Mailer>,
    /// Rung when there is a new one.
    pub bell: Arc<Notify>,
}

/// What became of one letter.
enum Turn {
    Done(Outcome),
    Again(String),
}

impl Outbox {
    /// Sends until told to stop.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        // What waits from an earlier life is not overtaken either.
        let mut was_down = true;
        while !*stop.borrow() {
            let rung = self.bell.notified();
            match self.send(was_down, &stop).await {
                Ok(down) => was_down = down,
                Err(error) => {
                    tracing::error!(?error, "the outbox could not be read or written");
                    was_down = true;
                }
            }
            tokio::select! {
                () = rung => {}
                () = tokio::time::sleep(NAP) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Sends everything that is due; whether the mail server seems to be down. After it was down, a letter that is due makes the oldest be
    /// tried before it, and the first success makes all that wait for their next attempt due at once: so their order is kept.
    pub async fn round(&self, was_down: bool) -> Result<bool> {
        let (_go_on, stop) = watch::channel(false);
        self.send(was_down, &stop).await
    }

    async fn send(&self, was_down: bool, stop: &watch::Receiver<bool>) -> Result<bool> {
        let mut held = HashSet::new();
        let (mut failures, mut up_again) = (0, false);
        let waiting = self.waiting().await?;
        let last = last_of_each(&waiting);
        let begun = self.world.now().timestamp();
        let is_due = |key: &Key, now: i64| key::due_of(key).is_some_and(|due| due <= now);
        let mut probe = was_down && waiting.iter().any(|(key, owed)| is_due(key, begun) && owed.next <= begun);
        for (key, mut owed) in waiting {
            let now = self.world.now().timestamp();
            // At the end of the program the letter on its way is finished; the others wait for the next start.
            if !is_due(&key, now) || *stop.borrow() {
                break;
            }
            // Only the oldest: one that its server alone does not take must not keep others from being tried.
            let oldest = std::mem::take(&mut probe);
            if held.contains(&owed.notice.uid) || (owed.next > now && !up_again && !oldest) {
                held.insert(owed.notice.uid);
                continue;
            }
            let followed = last.get(&owed.notice.uid).is_some_and(|sequence| *sequence > owed.notice.sequence);
            match self.turn(&mut owed.notice, followed).await {
                Turn::Done(outcome) => {
                    up_again |= was_down && outcome == Outcome::Sent;
                    failures = 0;
                    self.finish(key, owed, outcome, now).await?;
                }
                Turn::Again(words) => {
                    held.insert(owed.notice.uid.clone());
                    failures += 1;
                    self.postpone(key, owed, words, now).await?;
                }
            }
            if failures >= FAILURES_IN_A_ROW {
                return Ok(true);
            }
        }
        Ok(failures > 0 || (was_down && !up_again && !held.is_empty()))
    }

    /// The letters that wait, in the order in which they become due.
    async fn waiting(&self) -> Result<Vec<(Key, Owed)>> {
        let page = self.store.scan(&key::outbox(), ROUND).await?;
        page.into_iter().map(|(key, octets)| Ok((key, record::decode(&octets)?))).collect()
    }

    /// What a letter is to its customer, who may not have heard of what was before: a time that is changed before it was ever
    /// confirmed is confirmed, and one that was called off and taken back at another time, unheard, has moved.
    async fn news(&self, notice: &Notice) -> Result<NoticeKind> {
        let told = self.told(notice).await?.map(|told| told.kind);
        Ok(match (notice.kind, told) {
            (NoticeKind::Moved, told) if !told.is_some_and(stands) => NoticeKind::Confirmed,
            (NoticeKind::Confirmed, Some(told)) if stands(told) => NoticeKind::Moved,
            (kind, _) => kind,
        })
    }

    /// What the customer was told last before this letter.
    async fn told(&self, notice: &Notice) -> Result<Option<Notice>> {
        let mut last: Option<Notice> = None;
        for (_, octets) in self.store.scan(&key::deliveries(&notice.uid), ROUND).await? {
            let delivery: Delivery = record::decode(&octets)?;
            let told = delivery.notice;
            let counts = delivery.outcome == Outcome::Sent && told.to == Recipient::Customer && told.sequence < notice.sequence;
            if counts && last.as_ref().is_none_or(|last| last.sequence < told.sequence) {
                last = Some(told);
            }
        }
        Ok(last)
    }

    /// Whether the customer knows already: what has happened since was taken back before it was told.
    async fn is_known(&self, notice: &Notice, booking: &Booking) -> Result<bool> {
        let Some(told) = self.told(notice).await? else { return Ok(false) };
        if stands(notice.kind) && stands(told.kind) {
            let then = self.booking_of(&told).await?;
            return Ok(told.collection == notice.collection && then.is_some_and(|then| then.range == booking.range));
        }
        Ok(is_off(notice.kind) && is_off(told.kind))
    }

    async fn octets(&self, id: CollectionId, uid: &str, version: Version) -> Result<Option<Bytes>> {
        match self.store.revision(id, uid, version).await? {
            Some(revision) => self.store.revision_octets(id, uid, &revision).await,
            None => Ok(None),
        }
    }

    /// The booking at the revision that a notice names.
    async fn booking_of(&self, notice: &Notice) -> Result<Option<Booking>> {
        let octets = self.octets(notice.collection, &notice.uid, notice.version).await?;
        let zone = self.store.zone(notice.collection).await?;
        octets.map(|octets| read(octets, &zone)).transpose()
    }

    /// `followed`: a later letter waits that says how things stand now.
    async fn turn(&self, notice: &mut Notice, followed: bool) -> Turn {
        if followed && notice.to == Recipient::Customer && notice.kind != NoticeKind::Requested {
            return Turn::Done(Outcome::Superseded);
        }
        let letter = match self.write(notice).await {
            Ok(Written::Letter(letter)) => letter,
            Ok(Written::Never(outcome)) => return Turn::Done(outcome),
            // One appointment that can't be read must not hold up everybody's letters.
            Err(error) => {
                tracing::error!(?error, "a letter could not be written");
                return Turn::Again("The appointment could not be read.".into());
            }
        };
        match self.mailer.send(&letter).await {
            Ok(()) => Turn::Done(Outcome::Sent),
            Err(MailFault::Permanent(words)) => Turn::Done(Outcome::Rejected(words)),
            Err(MailFault::Transient(words)) => Turn::Again(words),
        }
    }

    /// The letter of a notice, from the revision that it speaks of.
    async fn write(&self, notice: &mut Notice) -> Result<Written> {
        notice.kind = self.news(notice).await?;
        let Some(record) = self.store.record::<BookingRecord>(&key::booking(&notice.uid)).await? else {
            return Ok(Written::Never(Outcome::Superseded));
        };
        let Some(booking) = self.booking_of(notice).await? else { return Ok(Written::Never(Outcome::Superseded)) };
        if !notice::still_true(notice.kind, self.state_now(&record, &notice.uid, &booking).await?) {
            return Ok(Written::Never(Outcome::Superseded));
        }
        if notice.to == Recipient::Customer && self.is_known(notice, &booking).await? {
            return Ok(Written::Never(Outcome::Superseded));
        }
        let practice = (self.practice)();
        let collection = self.store.collection(notice.collection).await?;
        let resource = collection.and_then(|(collection, _)| collection.resource).and_then(|id| practice.resource(&id));
        let location = resource.and_then(|resource| practice.location(resource.location.as_str()));
        let link = match notice.to {
            Recipient::Customer => {
                format!("{}/booking/{}", self.sender.public_url, self.secret.token(&notice.uid, record.generation).unwrap_or_default())
            }
            Recipient::Practice => format!("{}/staff/appointment/{}", self.sender.public_url, notice.uid),
        };
        let now = self.world.now();
        let particulars =
            Particulars { practice: &practice, sender: &self.sender, booking: &booking, resource, location, link: &link, now };
        Ok(match message::letter(&self.templates, notice, &particulars) {
            Ok(letter) => Written::Letter(Box::new(letter)),
            Err(words) => Written::Never(Outcome::Rejected(words)),
        })
    }

    /// Where the booking stands now, whatever the letter's revision says.
    async fn state_now(&self, record: &BookingRecord, uid: &str, then: &Booking) -> Result<booking::State> {
        let octets = self.octets(record.collection, uid, record.version).await?;
        octets.map_or(Ok(then.state), |octets| read(octets, &Zone::UTC).map(|booking| booking.state))
    }

    async fn finish(&self, key: Key, owed: Owed, outcome: Outcome, now: i64) -> Result<()> {
        let delivery = Delivery { notice: owed.notice, at: now, outcome, attempts: owed.attempts + 1 };
        self.store
            .commit(move |txn| {
                txn.erase(key.clone());
                txn.write_record(key::delivery(&delivery.notice), &delivery)
            })
            .await?;
        Ok(())
    }

    async fn postpone(&self, key: Key, owed: Owed, words: String, now: i64) -> Result<()> {
        if key::due_of(&key).is_some_and(|due| now - due > GIVE_UP) {
            return self.finish(key, owed, Outcome::Rejected(words), now).await;
        }
        let attempts = owed.attempts + 1;
        let wait = FIRST_WAIT.checked_shl(owed.attempts).filter(|wait| (1..LONGEST_WAIT).contains(wait)).unwrap_or(LONGEST_WAIT);
        let delivery = Delivery { notice: owed.notice.clone(), at: now, outcome: Outcome::Delayed(words), attempts };
        let again = Owed { notice: owed.notice, attempts, next: now + wait };
        self.store
            .commit(move |txn| {
                txn.write_record(key.clone(), &again)?;
                txn.write_record(key::delivery(&delivery.notice), &delivery)
            })
            .await?;
        Ok(())
    }
}

/// The last letter that waits for each booking's customer, by SEQUENCE; the receipt of a request says nothing about how it stands.
fn last_of_each(waiting: &[(Key, Owed)]) -> HashMap<String, u32> {
    let mut last = HashMap::new();
    for (_, Owed { notice, .. }) in waiting {
        if notice.to == Recipient::Customer && notice.kind != NoticeKind::Requested {
            let sequence = last.entry(notice.uid.clone()).or_insert(notice.sequence);
            *sequence = notice.sequence.max(*sequence);
        }
    }
    last
}

/// Whether a letter says that the appointment takes place.
fn stands(kind: NoticeKind) -> bool {
    matches!(kind, NoticeKind::Confirmed | NoticeKind::Moved)
}

/// Whether a letter says that it does not.
fn is_off(kind: NoticeKind) -> bool {
    matches!(kind, NoticeKind::Cancelled | NoticeKind::Declined)
}

/// A notice as a letter, or why it will never be one.
enum Written {
    Letter(Box<Letter>),
    Never(Outcome),
}

fn read(octets: Bytes, zone: &Zone) -> Result<Booking> {
    let object = CalendarObject::parse(octets)?;
    booking::read(&object, zone).ok_or_else(|| Error::Failed("a booking without its times".into()))
}

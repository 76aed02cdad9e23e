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
use crate::ical::time::TimeRange;
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
        let mut was_down = false;
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

    /// Sends everything that is due; whether the mail server seems to be down. After it was down, the first success makes all that
    /// wait for their next attempt due at once.
    pub async fn round(&self, was_down: bool) -> Result<bool> {
        let (_go_on, stop) = watch::channel(false);
        self.send(was_down, &stop).await
    }

    async fn send(&self, was_down: bool, stop: &watch::Receiver<bool>) -> Result<bool> {
        let mut held = HashSet::new();
        let (mut failures, mut up_again) = (0, false);
        let waiting = self.store.scan(&key::outbox(), ROUND).await?;
        let latest = latest(&waiting)?;
        for (key, octets) in waiting {
            let now = self.world.now().timestamp();
            let mut owed: Owed = record::decode(&octets)?;
            // At the end of the program the letter on its way is finished; the others wait for the next start.
            if *stop.borrow() {
                break;
            }
            if key::due_of(&key).is_none_or(|due| due > now) {
                break;
            }
            if held.contains(&owed.notice.uid) || (owed.next > now && !up_again) {
                held.insert(owed.notice.uid);
                continue;
            }
            let later = latest.get(&owed.notice.uid).is_some_and(|last| *last > owed.notice.sequence);
            match self.turn(&mut owed.notice, later).await {
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

    /// `later`: another letter about the same appointment waits for the same person.
    async fn turn(&self, notice: &mut Notice, later: bool) -> Turn {
        let written = match self.news(notice, later).await {
            Ok(Some(kind)) => {
                notice.kind = kind;
                self.write(notice).await
            }
            Ok(None) => return Turn::Done(Outcome::Superseded),
            Err(error) => Err(error),
        };
        let letter = match written {
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

    /// What a notice tells its customer beyond what the last letter has told; `None` where that is nothing. Changes within the time in
    /// which staff may still undo them become one letter, or none.
    async fn news(&self, notice: &Notice, later: bool) -> Result<Option<NoticeKind>> {
        if notice.to != Recipient::Customer || notice.kind == NoticeKind::Requested {
            return Ok(Some(notice.kind));
        }
        if later {
            return Ok(None);
        }
        let deliveries = self.store.scan(&key::deliveries(&notice.uid), ROUND).await?;
        let deliveries = deliveries.iter().map(|(_, octets)| record::decode(octets)).collect::<Result<Vec<Delivery>>>()?;
        let sent = deliveries.into_iter().filter(|d| d.notice.to == Recipient::Customer && d.outcome == Outcome::Sent).map(|d| d.notice);
        let Some(told) = sent.max_by_key(|notice| notice.sequence) else { return Ok(Some(stands(notice.kind))) };
        let same = told.collection == notice.collection && self.range(&told).await? == self.range(notice).await?;
        Ok(match (stands(told.kind), stands(notice.kind)) {
            (NoticeKind::Confirmed, NoticeKind::Confirmed) => (!same).then_some(NoticeKind::Moved),
            (NoticeKind::Cancelled | NoticeKind::Declined, NoticeKind::Cancelled | NoticeKind::Declined) => None,
            (_, kind) => Some(kind),
        })
    }

    /// When the appointment is at the revision of a notice.
    async fn range(&self, notice: &Notice) -> Result<Option<TimeRange>> {
        let Some(octets) = self.octets(notice.collection, &notice.uid, notice.version).await? else { return Ok(None) };
        Ok(Some(read(octets, &self.store.zone(notice.collection).await?)?.range))
    }

    async fn octets(&self, id: CollectionId, uid: &str, version: Version) -> Result<Option<Bytes>> {
        match self.store.revision(id, uid, version).await? {
            Some(revision) => self.store.revision_octets(id, uid, &revision).await,
            None => Ok(None),
        }
    }

    /// The letter of a notice, from the revision that it speaks of.
    async fn write(&self, notice: &Notice) -> Result<Written> {
        let Some(record) = self.store.record::<BookingRecord>(&key::booking(&notice.uid)).await? else {
            return Ok(Written::Never(Outcome::Superseded));
        };
        let octets = self.octets(notice.collection, &notice.uid, notice.version).await?;
        let zone = self.store.zone(notice.collection).await?;
        let Some(booking) = octets.map(|octets| read(octets, &zone)).transpose()? else { return Ok(Written::Never(Outcome::Superseded)) };
        if !notice::still_true(notice.kind, self.state_now(&record, &notice.uid, &booking).await?) {
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

/// Of each appointment, the last letter that waits for its customer.
fn latest(waiting: &[(Key, Bytes)]) -> Result<HashMap<String, u32>> {
    let mut latest = HashMap::new();
    for (_, octets) in waiting {
        let notice = record::decode::<Owed>(octets)?.notice;
        if notice.to == Recipient::Customer {
            let last = latest.entry(notice.uid).or_insert(notice.sequence);
            *last = notice.sequence.max(*last);
        }
    }
    Ok(latest)
}

/// What a letter says of how the appointment stands: a moved one is confirmed at another time.
fn stands(kind: NoticeKind) -> NoticeKind {
    if kind == NoticeKind::Moved { NoticeKind::Confirmed } else { kind }
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

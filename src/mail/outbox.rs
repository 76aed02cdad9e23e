//! Sends what the outbox holds, tries again, records how it went.
//!
//! A letter enters the outbox only in the commit of the change that owes it, and is sent only from here, one after another in the
//! order in which they became due, those of one second in the order in which they were owed; of one booking, and to one address, no letter
//! overtakes another. SMTP is at-least-once: a letter repeats, with the same Message-ID, only if the process dies between the server's word
//! and our commit. Not for: what a letter says (`mail::message`).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::sync::Notify;
use tokio::sync::watch;

use super::mailer::{Cause, MailFault, Mailer};
use super::message::Sender;
use crate::appointment::link::Secret;
use crate::appointment::notice::{Delivery, Notice, NoticeKind, Outcome, Recipient};
use crate::appointment::practice::Practice;
use crate::error::Result;
use crate::store::engine::Key;
use crate::store::record::{self, BookingRecord, Owed};
use crate::store::{Store, key};
use crate::template::Templates;
use crate::world::World;

mod writing;

use writing::Written;

/// How many letters one round looks at.
pub const ROUND: usize = 10_000;

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
    /// Tried in vain, to this address.
    Again {
        words: String,
        to: Option<String>,
    },
    /// An earlier one to the same address waits.
    Behind,
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
        let mut last = last_of_each(&waiting);
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
            let behind = held.contains(&owed.notice.uid) || owed.to.as_ref().is_some_and(|to| held.contains(to));
            if behind || (owed.next > now && !up_again && !oldest) {
                held.insert(owed.notice.uid);
                held.extend(owed.to);
                continue;
            }
            // A round takes as long as its letters: this one may have been taken out, or have left, since it was looked up.
            if self.store.value(key.clone()).await?.is_none() {
                continue;
            }
            let followed = self.is_followed(&owed.notice, &mut last).await?;
            match self.turn(&mut owed.notice, followed, &held).await {
                Turn::Done(outcome) => {
                    up_again |= was_down && outcome.is_taken();
                    failures = 0;
                    self.finish(key, owed, outcome, now).await?;
                }
                Turn::Behind => {
                    held.insert(owed.notice.uid);
                }
                Turn::Again { words, to } => {
                    held.insert(owed.notice.uid.clone());
                    held.extend(to.clone());
                    failures += 1;
                    self.postpone(key, Owed { to, words: Some(words), ..owed }, now).await?;
                }
            }
            if failures >= FAILURES_IN_A_ROW {
                return Ok(true);
            }
        }
        Ok(failures > 0 || (was_down && !up_again && !held.is_empty()))
    }

    /// The letters that wait, in the order in which they become due, and in the same second in the order in which they were owed.
    async fn waiting(&self) -> Result<Vec<(Key, Owed)>> {
        let page = self.store.scan(&key::outbox(), ROUND).await?;
        let mut waiting: Vec<(Key, Owed)> =
            page.into_iter().map(|(key, octets)| Ok((key, record::decode(&octets)?))).collect::<Result<_>>()?;
        // The key's end is the letter's name.
        waiting.sort_by_key(|(key, owed)| (key::due_of(key), owed.place));
        Ok(waiting)
    }

    /// Whether a later letter waits that says how things stand now. A round takes as long as its letters, and what was undone meanwhile is
    /// not in what it looked up at its beginning: the count of the booking's notices tells that there is more.
    async fn is_followed(&self, notice: &Notice, last: &mut HashMap<String, u32>) -> Result<bool> {
        let knows = |last: &HashMap<String, u32>| last.get(&notice.uid).is_some_and(|sequence| *sequence > notice.sequence);
        if !says_how_it_stands(notice) {
            return Ok(false);
        }
        if knows(last) {
            return Ok(true);
        }
        let record: Option<BookingRecord> = self.store.record(&key::booking(&notice.uid)).await?;
        if record.is_some_and(|record| record.notices > notice.sequence.saturating_add(1)) {
            *last = last_of_each(&self.waiting().await?);
        }
        Ok(knows(last))
    }

    /// `followed`: a later letter waits that says how things stand now.
    async fn turn(&self, notice: &mut Notice, followed: bool, held: &HashSet<String>) -> Turn {
        if followed {
            return Turn::Done(Outcome::Superseded);
        }
        let letter = match self.write(notice).await {
            Ok(Written::Letter(letter)) => letter,
            Ok(Written::Never(outcome)) => return Turn::Done(outcome),
            // One appointment that can't be read must not hold up everybody's letters.
            Err(error) => {
                tracing::error!(?error, "a letter could not be written");
                return Turn::Again { words: "The appointment could not be read.".into(), to: None };
            }
        };
        let to = hash_of(&letter.to);
        if held.contains(&to) {
            return Turn::Behind;
        }
        match self.mailer.send(&letter).await {
            Ok(()) => Turn::Done(self.mailer.taken()),
            Err(MailFault::Permanent(cause)) => {
                log(&cause, "a letter was refused for good");
                Turn::Done(Outcome::Rejected(cause.words))
            }
            Err(MailFault::Transient(cause)) => {
                log(&cause, "a letter did not leave and is tried again");
                Turn::Again { words: cause.words, to: Some(to) }
            }
        }
    }

    async fn finish(&self, key: Key, owed: Owed, outcome: Outcome, now: i64) -> Result<()> {
        let delivery = Delivery { notice: owed.notice, at: now, outcome, attempts: owed.attempts + 1 };
        self.store
            .commit(move |txn| {
                txn.erase(key.clone());
                // Parked while it was on its way: it has left, and there is nothing to let go.
                txn.erase(key::parked(&delivery.notice));
                if matches!(delivery.outcome, Outcome::Rejected(_)) {
                    txn.write_record(key::failed(&delivery.notice), &delivery)?;
                }
                txn.write_record(key::delivery(&delivery.notice), &delivery)
            })
            .await?;
        Ok(())
    }

    async fn postpone(&self, key: Key, owed: Owed, now: i64) -> Result<()> {
        let words = owed.words.clone().unwrap_or_default();
        if key::due_of(&key).is_some_and(|due| now - due > GIVE_UP) {
            return self.finish(key, owed, Outcome::Rejected(words), now).await;
        }
        let attempts = owed.attempts + 1;
        let wait = FIRST_WAIT.checked_shl(owed.attempts).filter(|wait| (1..LONGEST_WAIT).contains(wait)).unwrap_or(LONGEST_WAIT);
        let delivery = Delivery { notice: owed.notice.clone(), at: now, outcome: Outcome::Delayed(words), attempts };
        let again = Owed { attempts, next: now + wait, ..owed };
        self.store
            .commit(move |txn| {
                // Taken out while it was on its way, by staff or because the appointment is off: it does not come back.
                if txn.record::<Owed>(&key)?.is_none() {
                    return Ok(());
                }
                txn.write_record(key.clone(), &again)?;
                txn.write_record(key::delivery(&delivery.notice), &delivery)
            })
            .await?;
        Ok(())
    }
}

/// The server's words stay out of the log: they may quote what a customer typed.
fn log(cause: &Cause, what: &str) {
    tracing::warn!(kind = ?cause.kind, code = cause.code, "{what}");
}

/// Addresses that cannot be told apart by upper and lower case are one.
fn hash_of(address: &str) -> String {
    Sha256::digest(address.to_lowercase().as_bytes()).iter().take(16).map(|octet| format!("{octet:02x}")).collect()
}

/// Whether a letter tells its customer how the appointment stands: neither the receipt of a request nor a reminder does.
fn says_how_it_stands(notice: &Notice) -> bool {
    notice.to == Recipient::Customer && !matches!(notice.kind, NoticeKind::Requested | NoticeKind::Reminder)
}

/// The last letter that waits for each booking's customer, by SEQUENCE; the receipt of a request says nothing about how it stands.
fn last_of_each(waiting: &[(Key, Owed)]) -> HashMap<String, u32> {
    let mut last = HashMap::new();
    for (_, Owed { notice, .. }) in waiting {
        if says_how_it_stands(notice) {
            let sequence = last.entry(notice.uid.clone()).or_insert(notice.sequence);
            *sequence = notice.sequence.max(*sequence);
        }
    }
    last
}

//! What staff see and do of the letters that have not left: the outbox as a queue with its faults, trying again, taking out, a letter to test.
//!
//! Not for: sending (`mail::outbox`), what one appointment's page shows of its letters (`staff`).

use std::collections::HashMap;

use super::booking::failed;
use super::calendar::Calendar;
use super::{Actor, App};
use crate::appointment::notice::{Delivery, Notice, NoticeKind, Outcome, Recipient};
use crate::appointment::refusal::Refusal;
use crate::collection::CollectionId;
use crate::mail::message::{self, Letter};
use crate::mail::outbox::ROUND;
use crate::principal::{Principal, Privilege, Role};
use crate::store::key;
use crate::store::record::{self, BookingRecord, Owed};

/// A letter that has been due for so many seconds shows that the queue is stuck.
pub const STUCK: i64 = 10 * 60;

/// At most so many letters are listed, and as many that failed are looked at.
const MAX_LISTED: usize = 200;

/// How the outbox stands and what else needs somebody's word, for the head of every staff page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Post {
    /// Letters that are due; 0 while nothing is late.
    pub waiting: usize,
    /// Since when the first of them is, in seconds since 1970.
    pub since: i64,
    /// Letters that this login sees and that will not be sent.
    pub failed: usize,
    /// Letters that wait for somebody to let them go.
    pub parked: usize,
    /// Appointments to come with a resource that the practice no longer has, where this login can do something about them.
    pub stranded: usize,
}

/// A letter that has not left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    /// Names it in forms: what its Message-ID begins with.
    pub id: String,
    /// The booking.
    pub uid: String,
    /// What it says.
    pub kind: NoticeKind,
    /// To whom.
    pub to: Recipient,
    /// Since when it is due, or when it failed; seconds since 1970.
    pub at: i64,
    /// How often it was tried.
    pub attempts: u32,
    /// What the mail server said last, or empty.
    pub words: String,
    /// Whether this login may try it again and take it out.
    pub may_write: bool,
}

/// Letters that have not left, as far as a login sees their appointments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queue {
    /// Due and not sent, the oldest first.
    pub late: Vec<Late>,
    /// Will not be sent, until somebody tries again.
    pub failed: Vec<Late>,
}

impl App {
    /// How the outbox stands. Costs one read while all is well.
    pub async fn post(&self, who: &Principal) -> Result<Post, Refusal> {
        let now = self.now();
        let oldest = self.store.scan(&key::outbox(), 1).await.map_err(failed)?;
        let since = oldest.first().and_then(|(key, _)| key::due_of(key)).unwrap_or(now);
        let mut post = Post { since, ..Post::default() };
        if now - since > STUCK {
            let all = self.store.scan(&key::outbox(), ROUND).await.map_err(failed)?;
            post.waiting = all.iter().filter(|(key, _)| key::due_of(key).is_some_and(|due| due <= now)).count();
        }
        post.failed = self.failed_letters(who).await?.len();
        post.parked = self.parked(who).await?.count;
        post.stranded = self.stranded_count(who).await?;
        Ok(post)
    }

    /// The letters that have not left.
    pub async fn queue(&self, who: &Principal) -> Result<Queue, Refusal> {
        let now = self.now();
        let seen = self.seen_whole(who).await?;
        let mut queue = Queue { late: Vec::new(), failed: self.failed_letters(who).await? };
        for (key, octets) in self.store.scan(&key::outbox(), ROUND).await.map_err(failed)? {
            let due = key::due_of(&key).unwrap_or(now);
            if due > now || queue.late.len() == MAX_LISTED {
                break;
            }
            let Owed { notice, attempts, words, .. } = record::decode(&octets).map_err(failed)?;
            if let Some(may_write) = self.sees(&seen, &notice.uid).await? {
                queue.late.push(late(notice, due, attempts, words.unwrap_or_default(), may_write));
            }
        }
        Ok(queue)
    }

    async fn failed_letters(&self, who: &Principal) -> Result<Vec<Late>, Refusal> {
        let found = self.store.scan(&key::all_failed(), MAX_LISTED).await.map_err(failed)?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let seen = self.seen_whole(who).await?;
        let mut listed = Vec::new();
        for (_, octets) in found {
            let Delivery { notice, at, outcome, attempts } = record::decode(&octets).map_err(failed)?;
            let words = if let Outcome::Rejected(words) = outcome { words } else { String::new() };
            if let Some(may_write) = self.sees(&seen, &notice.uid).await? {
                listed.push(late(notice, at, attempts, words, may_write));
            }
        }
        listed.sort_by_key(|one| one.at);
        Ok(listed)
    }

    /// Calendars of which a login sees everything: what a mail server says may quote an address.
    pub(super) async fn seen_whole(&self, who: &Principal) -> Result<HashMap<CollectionId, Calendar>, Refusal> {
        let seen = self.seen(who).await?.into_iter().filter(|calendar| !calendar.view.is_lowered());
        Ok(seen.map(|calendar| (calendar.id, calendar)).collect())
    }

    /// Whether a login may change a booking's letters; `None` where it does not see the booking.
    pub(super) async fn sees(&self, seen: &HashMap<CollectionId, Calendar>, uid: &str) -> Result<Option<bool>, Refusal> {
        let record: Option<BookingRecord> = self.store.record(&key::booking(uid)).await.map_err(failed)?;
        let calendar = record.and_then(|record| seen.get(&record.collection));
        Ok(calendar.map(|calendar| calendar.grant.allows(Privilege::WriteContent)))
    }

    /// Tries a letter again, at once; it keeps its Message-ID. Nothing happens to one that has left in the meantime.
    pub async fn send_again(&self, by: &Actor, uid: &str, id: &str) -> Result<(), Refusal> {
        self.may_handle(by, uid).await?;
        let (uid, id, now) = (uid.to_owned(), id.to_owned(), self.now());
        let decided = self.commit(move |txn| {
            for (key, octets) in txn.scan(&key::failures(&uid), MAX_LISTED)? {
                let Delivery { notice, .. } = record::decode(&octets)?;
                if notice.message_id("") == id {
                    txn.erase(key);
                    return txn.owe(now, notice, None);
                }
            }
            for (key, octets) in txn.scan(&key::outbox(), ROUND)? {
                let owed: Owed = record::decode(&octets)?;
                if owed.notice.message_id("") == id {
                    // Where it stands in the line it stays.
                    txn.touch_outbox();
                    let next = key::due_of(&key).unwrap_or(now);
                    return txn.write_record(key, &Owed { attempts: 0, next, to: None, words: None, by: None, ..owed });
                }
            }
            Ok(())
        });
        decided.await.map_err(failed)
    }

    /// Takes a letter out; the appointment's page keeps saying so, and by whom. Nothing happens to one that has left in the meantime.
    pub async fn drop_letter(&self, by: &Actor, uid: &str, id: &str) -> Result<(), Refusal> {
        self.may_handle(by, uid).await?;
        let (uid, id, now, login) = (uid.to_owned(), id.to_owned(), self.now(), by.principal.login.clone());
        let decided = self.commit(move |txn| {
            for (key, octets) in txn.scan(&key::failures(&uid), MAX_LISTED)? {
                let Delivery { notice, .. } = record::decode(&octets)?;
                if notice.message_id("") == id {
                    // How it failed stays in the appointment's history.
                    txn.erase(key);
                    return Ok(());
                }
            }
            for (key, octets) in txn.scan(&key::outbox(), ROUND)? {
                let Owed { notice, attempts, .. } = record::decode(&octets)?;
                if notice.message_id("") == id {
                    txn.erase(key);
                    let delivery = Delivery { notice, at: now, outcome: Outcome::Dropped(login.clone()), attempts };
                    return txn.write_record(key::delivery(&delivery.notice), &delivery);
                }
            }
            Ok(())
        });
        decided.await.map_err(failed)
    }

    async fn may_handle(&self, by: &Actor, uid: &str) -> Result<(), Refusal> {
        match self.sees(&self.seen_whole(&by.principal).await?, uid).await? {
            Some(true) => Ok(()),
            Some(false) => Err(Refusal::Forbidden),
            None => Err(Refusal::NotFound),
        }
    }

    /// A letter to test sending with, to the login's own address; for administrators. `None` where the login has none.
    pub fn test_letter(&self, who: &Principal) -> Result<Option<Letter>, Refusal> {
        if who.role != Role::Admin {
            return Err(Refusal::Forbidden);
        }
        let Some(to) = &who.email else { return Ok(None) };
        let id: String = self.world.fresh().iter().map(|octet| format!("{octet:02x}")).collect();
        let letter = message::test(&self.templates, &self.practice(), &self.sender, to, &id, self.world.now());
        letter.map(Some).map_err(Refusal::Failed)
    }
}

fn late(notice: Notice, at: i64, attempts: u32, words: String, may_write: bool) -> Late {
    Late { id: notice.message_id(""), uid: notice.uid, kind: notice.kind, to: notice.to, at, attempts, words, may_write }
}

//! The guard against a slip with many appointments: when one login calls off more than a few within a minute, as a program does that empties a
//! calendar, the letters to their customers wait until somebody of the practice lets them go.
//!
//! What customers do themselves is theirs to be told of at once. Not for: what is owed (`change`), single letters (`letters`).

use super::booking::failed;
use super::{Actor, App};
use crate::appointment::notice::{Delivery, Notice, NoticeKind, Outcome};
use crate::appointment::refusal::Refusal;
use crate::error::Result;
use crate::principal::Principal;
use crate::store::engine::Key;
use crate::store::key;
use crate::store::record::{self, Owed, ParkedRecord};
use crate::store::txn::Txn;

/// So many appointments one login may call off within [`WINDOW`]; the letters of further ones wait.
pub const MASS: usize = 5;

/// In seconds.
pub const WINDOW: i64 = 60;

/// No letter about what staff did waits longer to be undone, in seconds (`config::practice`).
const LONGEST_GRACE: i64 = 86_400;

/// At most so many letters are looked at.
const MAX_PARKED: usize = 10_000;

/// As many letters one commit lets go.
const CHUNK: usize = 500;

/// What becomes of a change's letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way<'a> {
    /// They leave when they are due. By which login, if it was one.
    Leave(Option<&'a str>),
    /// They wait for somebody to let them go. Who called it off, and when.
    Wait(&'a str, i64),
}

/// The letters that wait, as far as a login sees their appointments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parked {
    /// How many.
    pub count: usize,
    /// Who called those appointments off: logins, each once.
    pub by: Vec<String>,
    /// Since when the first waits, in seconds since 1970.
    pub since: i64,
    /// Whether this login may let all of them go.
    pub may_write: bool,
    /// Those that are parked later have a higher number.
    pub last: u64,
}

/// What somebody decides about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// They are sent.
    Send,
    /// They never are.
    Drop,
}

/// Counts an appointment that a login calls off, and says what becomes of its letters. With the first one too many, those of its letters
/// of this kind that have not left yet wait too.
pub(super) fn called_off<'a>(txn: &mut Txn<'_>, login: &'a str, now: i64) -> Result<Way<'a>> {
    let key = key::calling_off(login);
    let mut times: Vec<i64> = txn.record(&key)?.unwrap_or_default();
    times.retain(|at| now.saturating_sub(*at) < WINDOW);
    times.push(now);
    let surplus = times.len().saturating_sub(MASS + 1);
    times.drain(..surplus);
    txn.write_record(key, &times)?;
    if times.len() <= MASS {
        return Ok(Way::Leave(Some(login)));
    }
    // Theirs were owed within the window, and are due after the grace at the latest.
    let (from, to) = (key::outbox_from(now - WINDOW), key::outbox_from(now + LONGEST_GRACE + 1));
    for (key, octets) in txn.scan_between(&key::outbox(), &from, &to)? {
        let owed: Owed = record::decode(&octets)?;
        let off = matches!(owed.notice.kind, NoticeKind::Cancelled | NoticeKind::Declined);
        if off && owed.by.as_deref() == Some(login) {
            txn.erase(key);
            park_at(txn, owed.notice, login, now, owed.place)?;
        }
    }
    Ok(Way::Wait(login, now))
}

/// Puts a letter where it waits.
pub(super) fn park(txn: &mut Txn<'_>, notice: Notice, login: &str, now: i64) -> Result<()> {
    let place = txn.next_letter()?;
    park_at(txn, notice, login, now, place)
}

fn park_at(txn: &mut Txn<'_>, notice: Notice, login: &str, now: i64, place: u64) -> Result<()> {
    txn.touch_outbox();
    let key = key::parked(&notice);
    txn.write_record(key, &ParkedRecord { notice, by: login.to_owned(), at: now, place })
}

/// A booking stands again: its customer has heard of nothing, and never will of this.
pub(super) fn forget(txn: &mut Txn<'_>, uid: &str) -> Result<()> {
    for (key, _) in txn.scan(&key::parked_of(uid), CHUNK)? {
        txn.erase(key);
    }
    Ok(())
}

impl App {
    /// The letters that wait to be let go. Costs one read while there are none.
    pub async fn parked(&self, who: &Principal) -> std::result::Result<Parked, Refusal> {
        let mut parked = Parked { may_write: true, ..Parked::default() };
        let found = self.store.scan(&key::all_parked(), MAX_PARKED).await.map_err(failed)?;
        if found.is_empty() {
            return Ok(parked);
        }
        let seen = self.seen_whole(who).await?;
        for (_, octets) in found {
            let ParkedRecord { notice, by, at, place } = record::decode(&octets).map_err(failed)?;
            let Some(may_write) = self.sees(&seen, &notice.uid).await? else { continue };
            parked.may_write &= may_write;
            parked.since = if parked.count == 0 { at } else { parked.since.min(at) };
            parked.count += 1;
            parked.last = parked.last.max(place);
            if !parked.by.contains(&by) {
                parked.by.push(by);
            }
        }
        Ok(parked)
    }

    /// Lets the letters go that this login may write to, in the order in which the appointments were called off, or drops them; the
    /// appointments' pages say which. Only those up to `last` ([`Parked::last`]): nobody judges what came after they looked. Done twice it is
    /// done once.
    pub async fn judge(&self, by: &Actor, verdict: Verdict, last: u64) -> std::result::Result<(), Refusal> {
        let seen = self.seen_whole(&by.principal).await?;
        let mut mine = Vec::new();
        for (key, octets) in self.store.scan(&key::all_parked(), MAX_PARKED).await.map_err(failed)? {
            let ParkedRecord { notice, at, place, .. } = record::decode(&octets).map_err(failed)?;
            if place <= last && self.sees(&seen, &notice.uid).await? == Some(true) {
                mine.push((at, place, key));
            }
        }
        mine.sort();
        let mine: Vec<Key> = mine.into_iter().map(|(_, _, key)| key).collect();
        for chunk in mine.chunks(CHUNK) {
            let (keys, now, login) = (chunk.to_vec(), self.now(), by.principal.login.clone());
            let done = self.commit(move |txn| {
                for key in &keys {
                    let Some(ParkedRecord { notice, .. }) = txn.record(key)? else { continue };
                    txn.erase(key.clone());
                    match verdict {
                        Verdict::Send => txn.owe(now, notice, None)?,
                        Verdict::Drop => {
                            let delivery = Delivery { notice, at: now, outcome: Outcome::Dropped(login.clone()), attempts: 0 };
                            txn.write_record(key::delivery(&delivery.notice), &delivery)?;
                        }
                    }
                }
                Ok(())
            });
            done.await.map_err(failed)?;
        }
        Ok(())
    }
}

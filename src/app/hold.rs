//! A time is held while its form is filled in: for minutes, by the form's own id, for nobody to see but the slots.
//!
//! The form page asks for it by a POST of its own, so that nobody who only looks holds anything, and lets it go when it is left. Without one the
//! booking itself is the check. A hold keeps out visitors from other addresses only; an address is kept as a keyed hash, in the key of the hold,
//! and goes with it. Not for: booking (`booking`).

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use bytes::Bytes;

use super::App;
use super::booking::failed;
use super::stage::{self, Asking, Calendars, Stage};
use super::visits::network;
use crate::appointment::link::Holder;
use crate::appointment::practice::Id;
use crate::appointment::refusal::Refusal;
use crate::appointment::slot;
use crate::collection::CollectionId;
use crate::error::Error;
use crate::ical::time::Seconds;
use crate::store::engine::Key;
use crate::store::key;
use crate::store::record::{self, HoldRecord};
use crate::store::txn::Txn;

/// For so many seconds a time is held.
pub const HOLD_SECONDS: i64 = 600;

/// A form that is left open holds no longer than this altogether, in seconds.
const MAX_HELD: i64 = 3600;

/// So many forms of one address may hold a time at once: somebody compares a few, or a household shares its address. A further one takes the
/// place of the one that has not been asked for the longest, so that nobody can hold a whole calendar.
pub const MAX_HOLDS: usize = 4;

/// What shall be held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The branch.
    pub location: Id,
    /// The service.
    pub service: Id,
    /// One resource, or any.
    pub resource: Option<Id>,
    /// The start of the slot.
    pub start: Seconds,
    /// The form's own random id.
    pub form: String,
    /// Where it came from; counted, and kept as a keyed hash for as long as the time is held.
    pub from: IpAddr,
}

impl App {
    /// Whoever holds times from an address.
    pub(super) fn holder(&self, from: IpAddr) -> Option<Holder> {
        self.secret.holder(network(from))
    }

    /// Holds a time for a form, or goes on holding it: until when, in seconds, which is the present where the form has held for long enough.
    /// [`Refusal::Taken`] where it is no longer free, [`Refusal::TooOften`] where one address holds too much.
    pub async fn hold(&self, hold: Hold) -> Result<Seconds, Refusal> {
        let practice = self.practice();
        let form = self.secret.uid_of_form(&hold.form).ok_or(Refusal::NotFound)?;
        let holder = self.holder(hold.from).ok_or(Refusal::NotFound)?;
        let calendars = {
            let stage = Stage::find(&practice, &hold.location, &hold.service, hold.resource.as_ref())?;
            self.prepare(&stage, hold.start).await?;
            self.calendars_of(&stage).await?
        };
        self.holding.count(hold.from, self.now()).map_err(Refusal::TooOften)?;
        let (now, leaving) = (self.world.now(), std::sync::Arc::clone(&self.leaving));
        let hours = self.hours_reading(&practice);
        let decided = self.commit(move |txn| {
            let stage = Stage::find(&practice, &hold.location, &hold.service, hold.resource.as_ref()).map_err(|_| Error::NotFound)?;
            let since = make_room(txn, &holder, &form, now.timestamp())?.unwrap_or(now.timestamp());
            let until = (now.timestamp() + HOLD_SECONDS).min(since + MAX_HELD);
            let asking = Asking { now, form: Some(&form), holder: Some(holder), except: None };
            let scene = stage::scene_in(txn, &stage, &calendars, hold.start, asking, &leaving, &hours)?;
            let Ok(slot) = scene.slot_at(hold.start) else { return Ok(None) };
            if until <= now.timestamp() {
                return Ok(Some(now.timestamp()));
            }
            let record = HoldRecord {
                until,
                core: slot.range,
                whole: slot::buffered(stage.service, slot.range),
                service: stage.service.id.0.clone(),
                since,
            };
            let chosen = scene.choose(&slot, &[]);
            for (resource, calendar) in stage.resources.iter().zip(&calendars) {
                if let Some(id) = calendar.filter(|_| chosen.contains(&resource.id)) {
                    txn.write_record(key::hold(id, &holder, &form), &record)?;
                }
            }
            Ok(Some(until))
        });
        decided.await.map_err(failed)?.ok_or(Refusal::Taken(Vec::new()))
    }

    /// Lets go of what a form holds, since it is no longer looked at.
    pub async fn let_go(&self, form: &str) -> Result<(), Refusal> {
        let form = self.secret.uid_of_form(form).ok_or(Refusal::NotFound)?;
        self.drop_holds(move |key, _| key::form_of_hold(key) == form.as_bytes()).await.map_err(failed)
    }

    /// Takes away the holds that have ended, and with them what is known of who held.
    pub(super) async fn drop_ended_holds(&self) -> crate::error::Result<()> {
        let now = self.now();
        self.drop_holds(move |_, hold| hold.until <= now).await
    }

    /// Commits nothing where there is none: anybody may ask.
    async fn drop_holds(&self, ends: impl Fn(&[u8], &HoldRecord) -> bool + Send + 'static) -> crate::error::Result<()> {
        let (from, to) = everywhere();
        let found = self.store.scan_between(&key::all_holds(), &from, &to).await?;
        if ended(found, &ends)?.is_empty() {
            return Ok(());
        }
        self.commit(move |txn| {
            let found = txn.scan_between(&key::all_holds(), &from, &to)?;
            ended(found, &ends)?.into_iter().for_each(|key| txn.erase(key));
            Ok(())
        })
        .await
    }
}

fn ended(found: Vec<(Key, Bytes)>, ends: &impl Fn(&[u8], &HoldRecord) -> bool) -> crate::error::Result<Vec<Key>> {
    let mut keys = Vec::new();
    for (key, octets) in found {
        if ends(&key, &record::decode(&octets)?) {
            keys.push(key);
        }
    }
    Ok(keys)
}

/// Between which keys all holds lie.
fn everywhere() -> (Key, Key) {
    (key::holds(CollectionId(0)), key::holds(CollectionId(u64::MAX)))
}

/// Takes away what a form holds, what others held once, and of what the address holds beside it so much that there is room for one more: since
/// when the form has held anything.
fn make_room(txn: &mut Txn<'_>, holder: &Holder, form: &str, now: Seconds) -> crate::error::Result<Option<Seconds>> {
    let (from, to) = everywhere();
    let mut since = None;
    // A form's holds, one for each resource that it needs, were all made at once.
    let mut others: BTreeMap<(Seconds, Vec<u8>), Vec<Key>> = BTreeMap::new();
    for (key, octets) in txn.scan_between(&key::all_holds(), &from, &to)? {
        let held: HoldRecord = record::decode(&octets)?;
        let of = key::form_of_hold(&key);
        if of == form.as_bytes() {
            since = Some(held.since);
            txn.erase(key);
        } else if held.until <= now {
            txn.erase(key);
        } else if key::holder_of_hold(&key).as_ref() == Some(holder) {
            others.entry((held.until, of.to_vec())).or_default().push(key);
        }
    }
    let surplus = (others.len() + 1).saturating_sub(MAX_HOLDS);
    others.into_values().take(surplus).flatten().for_each(|key| txn.erase(key));
    Ok(since)
}

/// Takes away what a form held, since it has booked.
pub(super) fn release(txn: &mut Txn<'_>, calendars: &Calendars, form: &str) -> crate::error::Result<()> {
    let own = all(txn, calendars)?.into_values().flatten().map(|(key, _)| key);
    own.filter(|key| key::form_of_hold(key) == form.as_bytes()).for_each(|key| txn.erase(key));
    Ok(())
}

/// Holds by the calendar that they are in.
pub(super) type Holds = HashMap<CollectionId, Vec<(Key, Bytes)>>;

/// Where the holds of some calendars lie. A practice's calendars were made one after the other, so that there is little else between
/// them, and one scan costs less than one for each of them.
fn bounds(calendars: &Calendars) -> Option<(Key, Key)> {
    let known = || calendars.iter().copied().flatten();
    let last = known().max()?;
    Some((key::holds(known().min()?), key::holds(CollectionId(last.0.saturating_add(1)))))
}

fn by_calendar(found: Vec<(Key, Bytes)>) -> Holds {
    let mut holds = Holds::new();
    for (key, octets) in found {
        holds.entry(key::collection_of(&key)).or_default().push((key, octets));
    }
    holds
}

/// The holds in some calendars, as a decision would leave them; perhaps others' too.
pub(super) fn all(txn: &Txn<'_>, calendars: &Calendars) -> crate::error::Result<Holds> {
    let Some((from, to)) = bounds(calendars) else { return Ok(Holds::new()) };
    txn.scan_between(&key::all_holds(), &from, &to).map(by_calendar)
}

impl App {
    /// The same as they are on disk.
    pub(super) async fn holds(&self, calendars: &Calendars) -> crate::error::Result<Holds> {
        let Some((from, to)) = bounds(calendars) else { return Ok(Holds::new()) };
        self.store.scan_between(&key::all_holds(), &from, &to).await.map(by_calendar)
    }
}

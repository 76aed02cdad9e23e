//! A time is held while its form is filled in: for minutes, by the form's own id, for nobody to see but the slots.
//!
//! The form page asks for it by a POST of its own, so that nobody who only looks holds anything. Without one the booking itself is the check.
//! Not for: booking (`booking`).

use std::collections::HashMap;

use bytes::Bytes;

use super::App;
use super::booking::failed;
use super::stage::{self, Asking, Calendars, Stage};
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
    /// Where it came from; counted, never kept.
    pub from: std::net::IpAddr,
}

impl App {
    /// Holds a time for a form, or goes on holding it: until when, in seconds, which is the present where the form has held for long enough.
    /// [`Refusal::Taken`] where it is no longer free, [`Refusal::TooOften`] where one address holds too much.
    pub async fn hold(&self, hold: Hold) -> Result<Seconds, Refusal> {
        let practice = self.practice();
        let form = self.secret.uid_of_form(&hold.form).ok_or(Refusal::NotFound)?;
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
            let since = let_go(txn, &calendars, &form, now.timestamp())?.unwrap_or(now.timestamp());
            let until = (now.timestamp() + HOLD_SECONDS).min(since + MAX_HELD);
            let scene =
                stage::scene_in(txn, &stage, &calendars, hold.start, Asking { now, form: Some(&form), except: None }, &leaving, &hours)?;
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
                    txn.write_record(key::hold(id, &form), &record)?;
                }
            }
            Ok(Some(until))
        });
        decided.await.map_err(failed)?.ok_or(Refusal::Taken(Vec::new()))
    }
}

/// Takes away what a form holds, and what others held once: since when the form has held anything.
fn let_go(txn: &mut Txn<'_>, calendars: &Calendars, form: &str, now: Seconds) -> crate::error::Result<Option<Seconds>> {
    let mut since = None;
    for (key, octets) in all(txn, calendars)?.into_values().flatten() {
        let held: HoldRecord = record::decode(&octets)?;
        let own = key::form_of_hold(&key) == form.as_bytes();
        if own {
            since = Some(held.since);
        }
        if own || held.until <= now {
            txn.erase(key);
        }
    }
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
        holds.entry(key::collection_of_hold(&key)).or_default().push((key, octets));
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

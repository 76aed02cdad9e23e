//! The customer chooses another time for an appointment, by the same rules as for a new one. The old time stays taken until the new one is:
//! both happen in one commit. The appointment's own old time does not stand in the way of its new one.
//!
//! A confirmed appointment that its customer moves is a request again where the service asks staff to confirm: they have agreed to another
//! time. Where it is confirmed at once, so is its new time. Not for: what is free (`booking`), what a change writes (`change`).

use std::net::IpAddr;
use std::sync::Arc;

use chrono::NaiveDate;

use super::App;
use super::booking::failed;
use super::change::{self, By, Scenery};
use super::hours::Reading;
use super::leaving::Leaving;
use super::shadow;
use super::stage::{self, Asking, Calendars, Except, Stage};
use crate::appointment::booking::{Booking, State};
use crate::appointment::gesture::Meaning;
use crate::appointment::link::Holder;
use crate::appointment::practice::{Id, Practice};
use crate::appointment::refusal::Refusal;
use crate::appointment::service::{Initial, Service};
use crate::appointment::slot::{Closed, Grid, Slot};
use crate::collection::CollectionId;
use crate::error::{Error, Result};
use crate::ical::time::{Seconds, instant};
use crate::store::record::BookingRecord;
use crate::store::txn::Txn;

/// How the decision went.
enum Decided {
    Moved,
    Closed(Closed),
    Refused(Refusal),
}

impl App {
    /// The slot grid for another time. `resource`: one, or any.
    pub async fn move_grid(
        &self,
        token: &str,
        resource: Option<&Id>,
        from: Option<NaiveDate>,
        columns: usize,
        visitor: IpAddr,
    ) -> std::result::Result<Grid, Refusal> {
        let (uid, record, booking) = self.movable(token).await?;
        let practice = self.practice();
        let (location, service) = self.where_of(&practice, &record, &booking).await?;
        let stage = Stage::find(&practice, &location, &service.id, resource)?;
        self.grid_of(&stage, self.without(&Except::of(&uid, &record, booking.range.start), visitor), from, columns).await
    }

    /// The free times nearest to one, for an appointment that is to be moved; itself among them where it is free.
    pub async fn move_nearest(
        &self,
        token: &str,
        resource: Option<&Id>,
        start: Seconds,
        visitor: IpAddr,
    ) -> std::result::Result<Vec<Slot>, Refusal> {
        let (uid, record, booking) = self.movable(token).await?;
        let practice = self.practice();
        let (location, service) = self.where_of(&practice, &record, &booking).await?;
        let stage = Stage::find(&practice, &location, &service.id, resource)?;
        self.nearest_of(&stage, self.without(&Except::of(&uid, &record, booking.range.start), visitor), start).await
    }

    /// The customer moves the appointment. Done twice it is done once.
    pub async fn move_to(&self, token: &str, resource: Option<&Id>, start: Seconds, visitor: IpAddr) -> std::result::Result<(), Refusal> {
        let (uid, record, booking) = self.linked(token).await?;
        let practice = self.practice();
        if booking.range.start == start && resource.is_none() {
            return Ok(());
        }
        let (location, service) = self.where_of(&practice, &record, &booking).await?;
        let stage = Stage::find(&practice, &location, &service.id, resource)?;
        let except = Except::of(&uid, &record, booking.range.start);
        self.prepare(&stage, start).await?;
        let wish = Wish {
            hours: self.hours_reading(&practice),
            scenery: self.scenery(By { login: None, via: "Link".into() }, stage.zone.clone(), &uid),
            calendars: self.calendars_of(&stage).await?,
            leaving: Arc::clone(&self.leaving),
            uid,
            location: location.clone(),
            service: service.id.clone(),
            resource: resource.cloned(),
            start,
            holder: self.holder(visitor),
        };
        match self.commit(move |txn| wish.decide(txn)).await.map_err(failed)? {
            Decided::Moved => Ok(()),
            Decided::Refused(refusal) => Err(refusal),
            Decided::Closed(reason) => {
                let nearest = self.nearest_of(&stage, self.without(&except, visitor), start).await?;
                Err(if reason == Closed::Busy { Refusal::Taken(nearest) } else { Refusal::NotOffered(nearest) })
            }
        }
    }

    /// The question for another time than the one that an appointment has.
    fn without<'e>(&self, except: &'e Except, visitor: IpAddr) -> Asking<'e> {
        Asking { now: self.world.now(), form: None, holder: self.holder(visitor), except: Some(except) }
    }

    /// The booking of a link, if it can still be moved.
    async fn movable(&self, token: &str) -> std::result::Result<(String, BookingRecord, Booking), Refusal> {
        let (uid, record, booking) = self.linked(token).await?;
        may_move(&self.practice(), &record, &booking, self.now())?;
        Ok((uid, record, booking))
    }

    /// The branch that an appointment is at, and its service.
    async fn where_of<'p>(
        &self,
        practice: &'p Practice,
        record: &BookingRecord,
        booking: &Booking,
    ) -> std::result::Result<(Id, &'p Service), Refusal> {
        let held = self.store.collection(record.collection).await.map_err(failed)?;
        let resource = held.and_then(|(collection, _)| collection.resource).and_then(|id| practice.resource(&id));
        let service = booking.service.as_ref().and_then(|id| practice.service(id.as_str()));
        resource.map(|resource| resource.location.clone()).zip(service).ok_or(Refusal::WrongState)
    }
}

/// Until when an appointment can be changed by its customer.
pub(super) fn until(booking: &Booking, hours: u32) -> Seconds {
    booking.range.start.saturating_sub(i64::from(hours) * 3600)
}

/// Whether its customer may move an appointment. One that staff have made into a series is theirs to move.
pub(super) fn may_move(practice: &Practice, record: &BookingRecord, booking: &Booking, now: Seconds) -> std::result::Result<(), Refusal> {
    let service = booking.service.as_ref().and_then(|id| practice.service(id.as_str()));
    match (booking.state, service) {
        (State::Cancelled | State::Rejected, _) => Err(Refusal::AlreadyCancelled),
        _ if booking.range.start <= now => Err(Refusal::Past),
        (State::Attended | State::NoShow, _) | (_, None) => Err(Refusal::WrongState),
        _ if record.deleted || booking.repeats => Err(Refusal::WrongState),
        (_, Some(service)) if now >= until(booking, service.move_hours) => Err(Refusal::TooLate),
        _ => Ok(()),
    }
}

/// A move, waiting for its decision.
struct Wish {
    scenery: Scenery,
    calendars: Calendars,
    hours: Reading,
    leaving: Arc<Leaving>,
    uid: String,
    location: Id,
    service: Id,
    resource: Option<Id>,
    start: Seconds,
    holder: Option<Holder>,
}

impl Wish {
    fn decide(&self, txn: &mut Txn<'_>) -> Result<Decided> {
        let practice = Arc::clone(&self.scenery.practice);
        let Some(mut record) = txn.booking(&self.uid)? else { return Err(Error::NotFound) };
        let Some(booking) = change::standing(txn, &self.scenery, &record)? else {
            return Ok(Decided::Refused(Refusal::AlreadyCancelled));
        };
        // Where it was it stays, if that is free too; at the same time it may go to somebody else.
        let held: Vec<Id> = shadow::holders(txn, &self.scenery, &record)?.into_iter().map(Id).collect();
        if booking.range.start == self.start && self.resource.as_ref().is_none_or(|wanted| held.contains(wanted)) {
            return Ok(Decided::Moved);
        }
        if let Err(refusal) = may_move(&practice, &record, &booking, self.scenery.now) {
            return Ok(Decided::Refused(refusal));
        }
        let Ok(stage) = Stage::find(&practice, &self.location, &self.service, self.resource.as_ref()) else { return Err(Error::NotFound) };
        let except = Except::of(&self.uid, &record, booking.range.start);
        let asking = Asking { now: instant(self.scenery.now), form: None, holder: self.holder, except: Some(&except) };
        let scene = stage::scene_in(txn, &stage, &self.calendars, self.start, asking, &self.leaving, &self.hours)?;
        let slot = match scene.slot_at(self.start) {
            Ok(slot) => slot,
            Err(reason) => return Ok(Decided::Closed(reason)),
        };
        let holders = stage.holders(&scene.choose(&slot, &held), &self.calendars).ok_or(Error::NotFound)?;
        let Some(((_, to), others)) = holders.split_first() else { return Err(Error::NotFound) };
        let others: Vec<(Id, CollectionId)> = others.iter().map(|(resource, id)| (resource.id.clone(), *id)).collect();
        shadow::reassign(txn, &self.scenery, &self.uid, &mut record, &others)?;
        let asks = stage.service.initial == Initial::Request;
        let state = if asks { State::Requested } else { booking.state };
        let meaning = Meaning { state, what: "moved", moved: true };
        change::shift(txn, &self.scenery, &record, *to, slot.range, meaning)?;
        Ok(Decided::Moved)
    }
}

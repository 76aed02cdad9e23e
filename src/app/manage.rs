//! What a customer does with a booking afterwards, by the link in a letter: look at it, cancel it.
//!
//! Not for: booking (`booking`), what a change writes (`change`).

use super::App;
use super::booking::failed;
use super::change::{self, By};
use crate::appointment::booking::{self, Booking, State};
use crate::appointment::gesture::Meaning;
use crate::appointment::link;
use crate::appointment::practice::Id;
use crate::appointment::refusal::Refusal;
use crate::error::Error;
use crate::ical::object::CalendarObject;
use crate::mail::message::{self, Particulars};
use crate::store::key;
use crate::store::record::BookingRecord;

/// A booking as its customer sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerView {
    /// The appointment.
    pub booking: Booking,
    /// The branch, as far as it still exists.
    pub location: Option<Id>,
    /// The resource that holds it.
    pub resource: Option<Id>,
    /// Whether it can still be cancelled: not cancelled yet and not past.
    pub can_cancel: bool,
    /// `appointment.ics` for the customer's own calendar: METHOD:PUBLISH, UTC times.
    pub calendar: Vec<u8>,
}

impl App {
    /// The booking of a link.
    pub async fn booking(&self, token: &str) -> Result<CustomerView, Refusal> {
        let (uid, record) = self.claimed(token).await?;
        let booking = self.last_state(&uid, &record).await?;
        let practice = self.practice();
        let held = self.store.collection(record.collection).await.map_err(failed)?;
        let resource = held.and_then(|(collection, _)| collection.resource).and_then(|id| practice.resource(&id).cloned());
        let location = resource.as_ref().and_then(|resource| practice.location(resource.location.as_str()).cloned());
        let link = format!("{}/booking/{token}", self.sender.public_url);
        let particulars = Particulars {
            practice: &practice,
            sender: &self.sender,
            booking: &booking,
            resource: resource.as_ref(),
            location: location.as_ref(),
            link: &link,
            now: self.world.now(),
        };
        let sequence = record.notices.saturating_sub(1);
        let calendar = message::publish(&self.templates, sequence, &particulars).map_err(|e| self.broken(e))?;
        let can_cancel =
            matches!(booking.state, State::Requested | State::Confirmed) && booking.range.start > self.now() && !record.deleted;
        Ok(CustomerView { booking, location: location.map(|l| l.id), resource: resource.map(|r| r.id), can_cancel, calendar })
    }

    /// The customer cancels.
    pub async fn cancel(&self, token: &str) -> Result<(), Refusal> {
        let (uid, record) = self.claimed(token).await?;
        let zone = self.store.zone(record.collection).await.map_err(failed)?;
        let scenery = self.scenery(By { login: None, via: "Link".into() }, zone, &uid);
        let decided = self.commit(move |txn| {
            let Some(record) = txn.booking(&uid)?.filter(|record| !record.deleted) else { return Ok(Err(Refusal::AlreadyCancelled)) };
            let now = scenery.now;
            change::step(txn, &scenery, &record, |booking| match booking.state {
                State::Cancelled | State::Rejected => Err(Refusal::AlreadyCancelled),
                _ if booking.range.start <= now => Err(Refusal::Past),
                State::Attended | State::NoShow => Err(Refusal::WrongState),
                State::Requested | State::Confirmed => Ok(Meaning { state: State::Cancelled, what: "cancelled", moved: false }),
            })
        });
        decided.await.map_err(failed)?
    }

    async fn claimed(&self, token: &str) -> Result<(String, BookingRecord), Refusal> {
        let claim = link::claim(token).ok_or(Refusal::NotFound)?;
        let record: Option<BookingRecord> = self.store.record(&key::booking(&claim.uid)).await.map_err(failed)?;
        let record = record.filter(|record| self.secret.holds(&claim, record.generation)).ok_or(Refusal::NotFound)?;
        Ok((claim.uid, record))
    }

    /// A booking as its last revision left it, also where staff have deleted the event.
    pub(super) async fn last_state(&self, uid: &str, record: &BookingRecord) -> Result<Booking, Refusal> {
        let last = self.store.revision(record.collection, uid, record.version).await.map_err(failed)?.ok_or(Refusal::NotFound)?;
        let octets = self.store.revision_octets(record.collection, uid, &last).await.map_err(failed)?.ok_or(Refusal::NotFound)?;
        let zone = self.store.zone(record.collection).await.map_err(failed)?;
        let object = CalendarObject::parse(octets).map_err(failed)?;
        booking::read(&object, &zone).ok_or(Refusal::NotFound)
    }

    fn broken(&self, words: String) -> Refusal {
        failed(Error::Failed(words))
    }
}

//! What a customer does with a booking afterwards, by the link in a letter: look at it, cancel it.
//!
//! Not for: booking (`booking`), what a change writes (`change`).

use super::booking::failed;
use super::change::{self, By};
use super::{App, moving};
use crate::appointment::booking::{self, Booking, State};
use crate::appointment::gesture::Meaning;
use crate::appointment::link;
use crate::appointment::practice::{Id, Practice};
use crate::appointment::refusal::Refusal;
use crate::appointment::team;
use crate::appointment::words;
use crate::error::Error;
use crate::ical::object::CalendarObject;
use crate::ical::time::Seconds;
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
    /// The resources that hold it, that of its own calendar first.
    pub resources: Vec<Id>,
    /// Whether it can still be cancelled online.
    pub can_cancel: bool,
    /// Until when it could be, where the practice asks for it some time ahead, in seconds since 1970.
    pub cancel_until: Option<Seconds>,
    /// Whether it can still be moved online.
    pub can_move: bool,
    /// Until when it could be, likewise.
    pub move_until: Option<Seconds>,
    /// `appointment.ics` for the customer's own calendar: METHOD:PUBLISH, UTC times.
    pub calendar: Vec<u8>,
}

/// The longest reason for cancelling, in characters; what is longer is cut.
const MAX_REASON: usize = 200;

impl App {
    /// The booking of a link.
    pub async fn booking(&self, token: &str) -> Result<CustomerView, Refusal> {
        let (_, record, booking) = self.linked(token).await?;
        let practice = self.practice();
        let held = self.store.collection(record.collection).await.map_err(failed)?;
        let resource = held.and_then(|(collection, _)| collection.resource).and_then(|id| practice.resource(&id).cloned());
        let location = resource.as_ref().and_then(|resource| practice.location(resource.location.as_str()).cloned());
        let link = format!("{}/booking/{token}", self.sender.public_url);
        let beside = resource.as_ref().map(|main| team::beside(&practice, &booking, main)).unwrap_or_default();
        let particulars = Particulars {
            practice: &practice,
            sender: &self.sender,
            booking: &booking,
            resource: resource.as_ref(),
            beside: &beside,
            location: location.as_ref(),
            link: &link,
            now: self.world.now(),
        };
        let sequence = record.notices.saturating_sub(1);
        let calendar = message::publish(&self.templates, sequence, &particulars).map_err(|e| self.broken(e))?;
        let service = booking.service.as_ref().and_then(|id| practice.service(id.as_str()));
        let until = |hours: u32| Some(moving::until(&booking, hours)).filter(|_| hours > 0);
        Ok(CustomerView {
            // Which branch it could be moved within is not known where its resource has gone.
            can_move: resource.is_some() && moving::may_move(&practice, &record, &booking, self.now()).is_ok(),
            location: location.map(|l| l.id),
            resources: resource.iter().chain(beside.iter().copied()).map(|r| r.id.clone()).collect(),
            can_cancel: !record.deleted && may_cancel(&practice, &booking, self.now()).is_ok(),
            cancel_until: service.and_then(|service| until(service.cancel_hours)),
            move_until: service.and_then(|service| until(service.move_hours)),
            booking,
            calendar,
        })
    }

    /// The customer cancels, and may say why; that goes into the history.
    pub async fn cancel(&self, token: &str, reason: &str) -> Result<(), Refusal> {
        let (uid, record, _) = self.linked(token).await?;
        let zone = self.store.zone(record.collection).await.map_err(failed)?;
        let mut scenery = self.scenery(By { login: None, via: "Link".into() }, zone, &uid);
        let reason: String = booking::clean(reason).chars().take(MAX_REASON).collect();
        if !reason.is_empty() {
            scenery.detail = words::reason(scenery.practice.language, &reason);
        }
        let decided = self.commit(move |txn| {
            let Some(record) = txn.booking(&uid)?.filter(|record| !record.deleted) else { return Ok(Err(Refusal::AlreadyCancelled)) };
            change::step(txn, &scenery, &record, |booking| {
                may_cancel(&scenery.practice, booking, scenery.now)?;
                Ok(Meaning { state: State::Cancelled, what: "cancelled", moved: false })
            })
        });
        decided.await.map_err(failed)?
    }

    /// What a link leads to, for as long as it does: a while after the appointment nobody needs it, and what lies about in mailboxes, histories and
    /// shared calendars should tell nothing more. One that staff have made into a series has no end.
    pub(super) async fn linked(&self, token: &str) -> Result<(String, BookingRecord, Booking), Refusal> {
        let (uid, record) = self.claimed(token).await?;
        let booking = self.last_state(&uid, &record).await?;
        if is_over(&self.practice(), &booking, self.now()) { Err(Refusal::Expired) } else { Ok((uid, record, booking)) }
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

/// Whether an appointment has been over for so long that its link leads nowhere.
pub(super) fn is_over(practice: &Practice, booking: &Booking, now: Seconds) -> bool {
    !booking.repeats && booking.range.end.saturating_add(i64::from(practice.link_days) * 86_400) <= now
}

/// Whether its customer may cancel an appointment online.
fn may_cancel(practice: &Practice, booking: &Booking, now: Seconds) -> Result<(), Refusal> {
    let service = booking.service.as_ref().and_then(|id| practice.service(id.as_str()));
    match booking.state {
        State::Cancelled | State::Rejected => Err(Refusal::AlreadyCancelled),
        _ if booking.range.start <= now => Err(Refusal::Past),
        State::Attended | State::NoShow => Err(Refusal::WrongState),
        State::Requested | State::Confirmed if service.is_some_and(|s| now >= moving::until(booking, s.cancel_hours)) => {
            Err(Refusal::TooLate)
        }
        State::Requested | State::Confirmed => Ok(()),
    }
}

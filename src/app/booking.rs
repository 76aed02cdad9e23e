//! What a customer does: look for a free time, book it, look at the booking, cancel it.

use std::net::IpAddr;
use std::sync::Arc;

use super::App;
use crate::appointment::booking::{Booking, Customer};
use crate::appointment::practice::{Id, Language, Practice};
use crate::appointment::refusal::Refusal;
use crate::appointment::slot::{Grid, Question};
use crate::ical::time::Seconds;

/// The booking form, filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookingForm {
    /// The branch.
    pub location: Id,
    /// The service.
    pub service: Id,
    /// One resource, or any.
    pub resource: Option<Id>,
    /// The start of the slot.
    pub start: Seconds,
    /// What was typed, untrimmed.
    pub customer: Customer,
    /// The language of the page.
    pub language: Language,
    /// The form's own random id, where it has one: the same form sent twice with the same content books once.
    pub form: Option<String>,
    /// Where it came from; counted, never kept.
    pub from: IpAddr,
}

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
    /// The practice as it is now.
    pub fn practice(&self) -> Arc<Practice> {
        todo!()
    }

    /// The slot grid.
    pub async fn grid(&self, question: Question) -> Result<Grid, Refusal> {
        let _ = question;
        todo!()
    }

    /// Books: the token of the booking's link. Durable when it answers; never a second booking of the same time.
    pub async fn book(&self, form: BookingForm) -> Result<String, Refusal> {
        let _ = form;
        todo!()
    }

    /// The booking of a link.
    pub async fn booking(&self, token: &str) -> Result<CustomerView, Refusal> {
        let _ = token;
        todo!()
    }

    /// The customer cancels.
    pub async fn cancel(&self, token: &str) -> Result<(), Refusal> {
        let _ = token;
        todo!()
    }
}

//! The page behind a booking's link: what, where, when; the calendar file; cancelling.
//!
//! Mail programs open links by themselves. So opening one only ever shows a page, and whatever changes something is a form on it. The file
//! is for every calendar; there are no links to the calendars of particular companies, which would learn of the appointment.

use http::{StatusCode, header};

use super::form::{Fields, escape};
use super::page::{Visit, set, whole};
use super::speak;
use super::view::booking::{BookingPage, CancelPage, booking_page};
use crate::app::manage::CustomerView;
use crate::appointment::refusal::Refusal;
use crate::exchange::Reply;

/// The booking.
pub async fn booking(visit: Visit<'_>, token: &str) -> Reply {
    match visit.web.app.booking(token).await {
        Ok(view) => {
            let (visit, page) = page(visit, &view, token);
            visit.personal(StatusCode::OK, "book/booking.html", page)
        }
        Err(refusal) => refused(&visit, refusal),
    }
}

/// The calendar file, to be kept.
pub async fn calendar(visit: &Visit<'_>, token: &str) -> Reply {
    match visit.web.app.booking(token).await {
        Ok(view) => {
            let mut reply = whole(StatusCode::OK, "text/calendar; charset=utf-8; method=PUBLISH", view.calendar);
            set(&mut reply, header::CONTENT_DISPOSITION, "attachment; filename=\"appointment.ics\"");
            reply
        }
        Err(refusal) => refused(visit, refusal),
    }
}

/// The question before cancelling. One that can't be cancelled shows its page, which says why.
pub async fn question(visit: Visit<'_>, token: &str) -> Reply {
    ask(visit, token, "").await
}

async fn ask(visit: Visit<'_>, token: &str, reason: &str) -> Reply {
    match visit.web.app.booking(token).await {
        Ok(view) if view.can_cancel => {
            let (visit, booking) = page(visit, &view, token);
            let page = CancelPage { booking, reason: reason.to_owned(), languages: speak::spoken(visit.language) };
            visit.personal(StatusCode::OK, "book/cancel.html", page)
        }
        Ok(_) => visit.see(&page_of(&visit, token)),
        Err(refusal) => refused(&visit, refusal),
    }
}

/// Cancels, or asks in another language where the form was sent for that. What is cancelled already stays so: pressing twice is no fault.
pub async fn cancel(mut visit: Visit<'_>, token: &str, fields: &Fields) -> Reply {
    let reason = fields.get("reason").unwrap_or("");
    if speak::is_asked(&mut visit, fields) {
        return ask(visit, token, reason).await;
    }
    match visit.web.app.cancel(token, reason).await {
        Ok(()) | Err(Refusal::AlreadyCancelled) => visit.see(&page_of(&visit, token)),
        Err(refusal) => refused(&visit, refusal),
    }
}

/// Another appointment with the data of this one: the form, filled in, with the next free times to choose from. It is asked for by a POST, so
/// that the data stands in no address and on no page that merely shows the appointment; nothing is booked by it.
pub async fn again(mut visit: Visit<'_>, token: &str) -> Reply {
    let view = match visit.web.app.booking(token).await {
        Ok(view) => view,
        Err(refusal) => return refused(&visit, refusal),
    };
    visit.language = visit.chosen.unwrap_or(view.booking.language);
    let Some(location) = view.location else { return visit.refusal(Refusal::NotFound) };
    super::book::again(&visit, location.as_str(), &view.booking, &view.resources).await
}

fn page_of(visit: &Visit, token: &str) -> String {
    visit.href(&format!("/booking/{}", escape(token)), [])
}

/// The page of a refusal; a link that is none has a page of its own.
pub fn refused(visit: &Visit, refusal: Refusal) -> Reply {
    match refusal {
        Refusal::NotFound => visit.refused(StatusCode::NOT_FOUND, "no-booking"),
        other => visit.refusal(other),
    }
}

/// The page in the language in which it was booked, unless the address names another.
fn page<'v>(mut visit: Visit<'v>, view: &CustomerView, token: &str) -> (Visit<'v>, BookingPage) {
    visit.language = visit.chosen.unwrap_or(view.booking.language);
    let page = booking_page(&visit.practice, view, token, visit.now, visit.language, visit.chosen);
    (visit, page)
}

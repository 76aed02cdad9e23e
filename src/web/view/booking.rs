//! A booking as its customer sees it.

use serde::Serialize;

use super::super::form::escape;
use super::super::speak::Spoken;
use super::super::wall::Wall;
use super::form::past;
use super::grid::words;
use super::said::{Said, Tongue};
use super::{Place, When, state_word};
use crate::app::manage::CustomerView;
use crate::appointment::booking::State;
use crate::appointment::practice::{Id, Language, Practice, ResourceKind};
use crate::ical::time::Seconds;

/// For so many seconds after booking the page speaks of the letter that is on its way.
const FRESH: i64 = 15 * 60;

/// The question before a booking is cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CancelPage {
    /// What it is about.
    #[serde(flatten)]
    pub booking: BookingPage,
    /// The reason, as far as it is typed.
    pub reason: String,
    /// The languages that the question can be read in.
    pub languages: Vec<Spoken>,
}

/// A booking's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BookingPage {
    /// `requested`, `confirmed`, …: the texts are `booking-STATE-title` and `booking-STATE-text`.
    pub state: &'static str,
    /// What for.
    pub service: Said,
    /// The branch, as far as it still exists.
    pub place: Option<Place>,
    /// The place as the appointment has it, where the branch no longer exists.
    pub written_place: String,
    /// The names of what is reserved, devices left out, or empty.
    pub resource: String,
    /// When.
    pub when: When,
    /// For whom.
    pub name: String,
    /// Where the letter goes, while the request is fresh; else empty.
    pub mail_to: String,
    /// The practice's own words of thanks, or empty.
    pub thanks: Said,
    /// Whether it can still be cancelled online.
    pub can_cancel: bool,
    /// Until when, local; empty where the practice asks for no time ahead.
    pub cancel_until: String,
    /// Why it could not be cancelled online even when it was booked: the text is `form-cancel-ID`; else empty.
    pub never_cancelled: &'static str,
    /// Whether it can still be moved online.
    pub can_move: bool,
    /// Until when, local, likewise.
    pub move_until: String,
    /// Whether it stands: a calendar may take it.
    pub stands: bool,
    /// `appointment.ics`
    pub calendar: String,
    /// The page that cancels.
    pub cancel: String,
    /// The page that moves.
    pub moving: String,
    /// This page.
    pub page: String,
    /// Where another appointment is booked with the same data, by a POST; empty where that is not offered any more.
    pub again: String,
    /// What to know or bring, or empty.
    pub instructions: Said,
}

/// A booking as its customer sees it. `kept` is the language that links keep.
pub fn booking_page(
    practice: &Practice,
    view: &CustomerView,
    token: &str,
    now: Seconds,
    language: Language,
    kept: Option<Language>,
) -> BookingPage {
    let booking = &view.booking;
    let tongue = Tongue::of(practice, language);
    let location = view.location.as_ref().and_then(|id| practice.location(id.as_str()));
    let wall = Wall::of(location.map_or(&booking.zone, |location| &location.zone));
    let service = booking.service.as_ref().and_then(|id| practice.service(id.as_str()));
    let tail = kept.map_or(String::new(), |language| format!("?lang={}", language.tag()));
    let page = format!("/booking/{}", escape(token));
    let requested = booking.state == State::Requested;
    let stands = matches!(booking.state, State::Requested | State::Confirmed);
    let ahead = stands && booking.range.start > now;
    let offered = location.zip(service).is_some_and(|(location, service)| practice.offering(&location.id, service).next().is_some());
    let fresh = requested && now.saturating_sub(booking.created.timestamp()) < FRESH;
    BookingPage {
        state: state_word(booking.state),
        service: service.map_or_else(|| tongue.own(&booking.summary), |service| tongue.said(&service.name)),
        place: location.map(Place::of),
        written_place: booking.place.clone(),
        resource: named(practice, &view.resources),
        when: When::of(booking.range, &wall),
        name: booking.customer.full_name(),
        mail_to: if fresh { booking.customer.email.clone() } else { String::new() },
        thanks: if requested { words(practice, "thanks", language) } else { Said::default() },
        can_cancel: view.can_cancel,
        cancel_until: view.cancel_until.filter(|_| ahead).map_or(String::new(), |at| wall.written(at)),
        never_cancelled: match view.cancel_until {
            Some(until) if until <= booking.created.timestamp() => past(booking.range.start, booking.created.timestamp()),
            _ => "",
        },
        can_move: view.can_move,
        move_until: view
            .move_until
            .filter(|until| ahead && *until > booking.created.timestamp())
            .map_or(String::new(), |at| wall.written(at)),
        stands,
        calendar: format!("{page}/appointment.ics"),
        cancel: format!("{page}/cancel{tail}"),
        moving: format!("{page}/move{tail}"),
        again: if offered { format!("{page}/again{tail}") } else { String::new() },
        instructions: service.filter(|_| stands).map(|service| tongue.said(&service.instructions)).unwrap_or_default(),
        page: format!("{page}{tail}"),
    }
}

/// Names in one line. Customers are not told which device is reserved for them.
fn named(practice: &Practice, resources: &[Id]) -> String {
    let found = resources.iter().filter_map(|id| practice.resource(id.as_str()));
    let told = found.filter(|resource| resource.kind != ResourceKind::Device);
    told.map(|resource| resource.name.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::super::sample;
    use super::*;

    #[test]
    fn a_fresh_request_speaks_of_its_letter() {
        let (practice, view) = (sample::practice(), sample::customer_view(State::Requested));
        let now = view.booking.created.timestamp();
        let page = booking_page(&practice, &view, "a-b_c", now + 60, Language::De, Some(Language::De));
        assert_eq!((page.state, page.service.text.as_str()), ("requested", "Beratung"));
        assert_eq!(page.mail_to, "t.tester@example.org");
        assert_eq!((page.when.start.as_str(), page.when.at.as_str()), ("2026-11-26T10:30:00", "2026-11-26T10:30:00+01:00"));
        assert_eq!(page.cancel, "/booking/a-b_c/cancel?lang=de");
        assert_eq!(page.calendar, "/booking/a-b_c/appointment.ics");
        assert_eq!(booking_page(&practice, &view, "x", now + FRESH, Language::De, None).mail_to, "");
    }

    #[test]
    fn a_branch_that_has_gone_leaves_the_place_as_written() {
        let mut view = sample::customer_view(State::Cancelled);
        view.location = None;
        let page = booking_page(&sample::practice(), &view, "x", 0, Language::En, None);
        assert!(page.place.is_none() && page.again.is_empty() && !page.stands);
        assert!(!page.written_place.is_empty());
    }
}

//! The staff pages: open requests, the next two weeks, one appointment and what is done with it.
//!
//! Not for: what an act means (`app::staff`).

use http::StatusCode;

use super::form::Fields;
use super::page::Visit;
use super::session::{actor, signed_in, signed_in_form};
use super::view::staff::{
    ACTS, AppointmentPage, RequestsPage, RowView, UpcomingPage, appointment as address_of, appointment_page, by_day, confirm_page, row,
};
use crate::app::staff::{Acted, Listed, Shown};
use crate::appointment::refusal::Refusal;
use crate::exchange::Reply;
use crate::principal::Principal;

/// Days of the list of what comes next.
const UPCOMING_DAYS: u32 = 14;

/// The act that gives an appointment another link for its customer.
const RENEW: &str = "renew-link";

/// Open requests, as a page that keeps itself up to date.
pub async fn reminders(visit: Visit<'_>) -> Reply {
    requests_as(visit, "staff/requests.html").await
}

/// The list alone, for that page. Who is no longer signed in gets 403 instead of another page within the page.
pub async fn requests(visit: Visit<'_>) -> Reply {
    match super::session::session(&visit).await {
        Ok(Some(_)) => requests_as(visit, "staff/requests_list.html").await,
        Ok(None) => super::page::plain(StatusCode::FORBIDDEN, "Sign in again.\n"),
        Err(error) => visit.error(error),
    }
}

async fn requests_as(visit: Visit<'_>, template: &str) -> Reply {
    let (visit, who) = match signed_in(visit).await {
        Ok(desk) => desk,
        Err(reply) => return reply,
    };
    match (visit.web.app.incomplete(&who).await, visit.web.app.requests(&who).await) {
        (Ok(incomplete), Ok(listed)) => {
            let page = RequestsPage { incomplete: rows(&visit, &incomplete), rows: rows(&visit, &listed) };
            visit.page(StatusCode::OK, template, page)
        }
        (Err(refusal), _) | (_, Err(refusal)) => visit.refusal(refusal),
    }
}

/// The next two weeks.
pub async fn upcoming(visit: Visit<'_>) -> Reply {
    let (visit, who) = match signed_in(visit).await {
        Ok(desk) => desk,
        Err(reply) => return reply,
    };
    let app = &visit.web.app;
    let found = match app.stranded(&who).await {
        Ok(stranded) => app.upcoming(&who, UPCOMING_DAYS).await.map(|listed| (stranded, listed)),
        Err(refusal) => Err(refusal),
    };
    match found {
        Ok((stranded, listed)) => {
            let page = UpcomingPage { stranded: rows(&visit, &stranded), days: by_day(rows(&visit, &listed)) };
            visit.page(StatusCode::OK, "staff/upcoming.html", page)
        }
        Err(refusal) => visit.refusal(refusal),
    }
}

/// One appointment.
pub async fn appointment(visit: Visit<'_>, uid: &str) -> Reply {
    let (visit, who) = match signed_in(visit).await {
        Ok(desk) => desk,
        Err(reply) => return reply,
    };
    opened(&visit, &who, uid, StatusCode::OK).await
}

/// The page of an appointment: with 409 where it says that it has changed since it was looked at.
async fn opened(visit: &Visit<'_>, who: &Principal, uid: &str, status: StatusCode) -> Reply {
    match visit.web.app.open(who, uid).await {
        Ok(opened) => {
            let link = match visit.web.app.customer_link(who, uid).await {
                Ok(link) => link.unwrap_or_default(),
                Err(refusal) => return visit.refusal(refusal),
            };
            let changed = status == StatusCode::CONFLICT;
            let page = AppointmentPage { link, changed, ..appointment_page(&visit.practice, &opened, visit.now, visit.language) };
            visit.page(status, "staff/appointment.html", page)
        }
        Err(refusal) => visit.refusal(refusal),
    }
}

/// Does what a button says, and shows the appointment again.
pub async fn act(visit: Visit<'_>, uid: &str, word: &str, fields: &Fields) -> Reply {
    let (visit, who) = match signed_in_form(visit, fields).await {
        Ok(desk) => desk,
        Err(reply) => return reply,
    };
    if word == RENEW {
        return match visit.web.app.renew_link(&actor(who), uid).await {
            Ok(()) => visit.see(&format!("{}#link", address_of(uid))),
            Err(refusal) => visit.refusal(refusal),
        };
    }
    let Some((word, act)) = ACTS.into_iter().find(|(known, _)| *known == word) else { return visit.refusal(Refusal::NotFound) };
    let shown = Shown { seen: fields.get("seen"), yes: fields.get("yes") };
    match visit.web.app.act(&actor(who.clone()), uid, act, shown).await {
        // The page says it and the focus stands on what it says, so that nobody has to look for what has become of it.
        Ok(Acted::Done) => visit.see(&format!("{}#done", address_of(uid))),
        Ok(Acted::Changed) => opened(&visit, &who, uid, StatusCode::CONFLICT).await,
        Ok(Acted::Asks(concerns)) => match visit.web.app.open(&who, uid).await {
            Ok(opened) => {
                let page = confirm_page(&visit.practice, &opened, (word, &concerns), visit.now, visit.language);
                visit.page(StatusCode::CONFLICT, "staff/confirm.html", page)
            }
            Err(refusal) => visit.refusal(refusal),
        },
        Err(refusal) => visit.refusal(refusal),
    }
}

fn rows(visit: &Visit, listed: &[Listed]) -> Vec<RowView> {
    listed.iter().map(|one| row(&visit.practice, one, visit.now, visit.language)).collect()
}

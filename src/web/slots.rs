//! The staff page that says of each time of a service why it can be booked or not.
//!
//! Not for: the reasons themselves (`appointment::slot`), the customers' grid (`choose`).

use chrono::{Days, NaiveDate};
use http::StatusCode;

use super::form::address;
use super::page::Visit;
use super::session::signed_in;
use super::view::slots::{OddView, Shown, odd_view, slots_page};
use super::wall::Wall;
use crate::appointment::practice::{Id, Location};
use crate::appointment::service::Service;
use crate::appointment::slot::Span;
use crate::exchange::Reply;
use crate::ical::time::instant;
use crate::principal::Principal;

/// Days on one page.
const DAYS: usize = 7;

/// The page: which branch, which service, from which day is in the address; the first of each where nothing is said.
pub async fn slots(visit: Visit<'_>) -> Reply {
    let (visit, who) = match signed_in(visit).await {
        Ok(desk) => desk,
        Err(reply) => return reply,
    };
    let practice = &visit.practice;
    let Some((location, service)) = chosen(&visit) else {
        return visit.refused(StatusCode::NOT_FOUND, "not-found");
    };
    let resource = practice.offering(&location.id, service).map(|r| &r.id).find(|id| Some(id.as_str()) == visit.query.filled("resource"));
    let today = Wall::of(&location.zone).date(visit.now);
    let from = visit.query.get("from").and_then(|day| day.parse().ok()).unwrap_or(today);
    match visit.web.app.week(&location.id, &service.id, resource, from, DAYS, instant(visit.now)).await {
        Ok(week) => {
            let shown = Shown { practice, location, service, resource, language: visit.language };
            let turn = |days: Option<NaiveDate>| days.map(|day| page(location, service, resource, day)).unwrap_or_default();
            let length = Days::new(DAYS as u64);
            let back = from.checked_sub_days(length).filter(|_| from > today);
            let mut page = slots_page(shown, &week, turn(back), turn(from.checked_add_days(length)), today);
            page.odd = match odd(&visit, &who, location, service, from).await {
                Ok(odd) => odd,
                Err(error) => return visit.error(error),
            };
            visit.page(StatusCode::OK, "staff/slots.html", page)
        }
        Err(refusal) => visit.refusal(refusal),
    }
}

/// What nobody understands in the hours of these days.
async fn odd(
    visit: &Visit<'_>,
    who: &Principal,
    location: &Location,
    service: &Service,
    from: NaiveDate,
) -> crate::error::Result<Vec<OddView>> {
    let last = from.checked_add_days(Days::new(DAYS.saturating_sub(1) as u64)).unwrap_or(from);
    let odd = visit.web.app.odd_hours(who, location, service, Span { first: from, last }).await?;
    let wall = Wall::of(&location.zone);
    Ok(odd.into_iter().map(|odd| odd_view(odd, &wall)).collect())
}

/// The branch and the service that are asked for, or the first that fit.
fn chosen<'v>(visit: &'v Visit<'_>) -> Option<(&'v Location, &'v Service)> {
    let practice = &visit.practice;
    let offers = |location: &Location, service: &Service| practice.offering(&location.id, service).next().is_some();
    let location = match visit.query.filled("location") {
        Some(id) => practice.location(id)?,
        None => practice.locations.iter().find(|location| practice.services.iter().any(|service| offers(location, service)))?,
    };
    let asked = visit.query.filled("service").and_then(|id| practice.service(id)).filter(|service| offers(location, service));
    let service = asked.or_else(|| practice.services.iter().find(|service| offers(location, service)))?;
    Some((location, service))
}

/// The page with these choices, from a day on.
pub fn page(location: &Location, service: &Service, resource: Option<&Id>, from: NaiveDate) -> String {
    let resource = resource.map_or("", Id::as_str);
    let pairs = [("location", location.id.as_str()), ("service", service.id.as_str()), ("resource", resource), ("from", &from.to_string())];
    address("/staff/slots", pairs)
}

//! Choosing a branch, a service and a time.
//!
//! Not for: the form behind a time (`book`), what is free (`app::booking`), how it looks (`templates/book`).

use http::StatusCode;

use super::page::Visit;
use super::view::Place;
use super::view::grid::{Chosen, LinkedPlace, Neighbour, StartPage, grid_page, neighbour, neighbours, services, services_page, words};
use crate::appointment::practice::Location;
use crate::appointment::refusal::Refusal;
use crate::appointment::service::Service;
use crate::appointment::slot::Question;
use crate::exchange::Reply;
use crate::ical::time::instant;

/// How many other branches are asked for a free time.
const MAX_NEIGHBOURS: usize = 4;

/// Days on one page: a week of a practice that opens six days.
const COLUMNS: usize = 6;

/// The choice of branches; where there is one, its page.
pub fn start(visit: &Visit) -> Reply {
    let path = |location: &Location| visit.href(&format!("/book/{}", location.id), []);
    let locations = &visit.practice.locations;
    if let [only] = locations.as_slice() {
        return visit.see(&path(only));
    }
    let places = locations.iter().map(|location| LinkedPlace { place: Place::of(location), href: path(location) }).collect();
    visit.page(StatusCode::OK, "book/start.html", StartPage { places, intro: words(&visit.practice, "intro", visit.language) })
}

/// The choice of services, or the slot grid.
pub async fn times(visit: &Visit<'_>, location: &str) -> Reply {
    let practice = &visit.practice;
    let Some(location) = practice.location(location) else { return visit.refusal(Refusal::NotFound) };
    let Some(service) = service(visit, location, visit.query.filled("service")) else {
        if services(practice, location).next().is_none() {
            return visit.refused(StatusCode::NOT_FOUND, "not-found");
        }
        return visit.page(StatusCode::OK, "book/services.html", services_page(practice, location, visit.language, visit.kept()));
    };
    // A resource that can no longer be booked shows as 'any': the page says so, and nothing is booked yet.
    let wanted = visit.query.filled("resource");
    let resource = practice.offering(&location.id, service).map(|r| &r.id).find(|id| Some(id.as_str()) == wanted);
    let question = Question {
        location: location.id.clone(),
        service: service.id.clone(),
        resource: resource.cloned(),
        from: visit.query.get("from").and_then(|day| day.parse().ok()),
        columns: COLUMNS,
        now: instant(visit.now),
    };
    match visit.web.app.grid(question, visit.peer).await {
        Ok(grid) => {
            let any = visit.web.templates.text(visit.language, "grid-any", &[]);
            let chosen = Chosen { practice, location, service, resource, language: visit.language, kept: visit.kept() };
            let mut page = grid_page(chosen, &grid, &any);
            if !page.any_free {
                page.neighbour = free_elsewhere(visit, chosen).await;
            }
            visit.page(StatusCode::OK, "book/grid.html", page)
        }
        Err(refusal) => visit.refusal(refusal),
    }
}

/// The service that is asked for, or the only one.
pub fn service<'a>(visit: &'a Visit, location: &'a Location, asked: Option<&str>) -> Option<&'a Service> {
    let mut offered = services(&visit.practice, location);
    if let (Some(only), None) = (offered.next(), offered.next()) {
        return Some(only);
    }
    // One that is hidden is found by its link alone.
    visit.practice.service(asked?).filter(|service| visit.practice.offering(&location.id, service).next().is_some())
}

/// The nearest other branch where the service has a free time.
async fn free_elsewhere(visit: &Visit<'_>, chosen: Chosen<'_>) -> Option<Neighbour> {
    for other in neighbours(&visit.practice, chosen.location, chosen.service).into_iter().take(MAX_NEIGHBOURS) {
        let (location, service) = (other.id.clone(), chosen.service.id.clone());
        let question = Question { location, service, resource: None, from: None, columns: 1, now: instant(visit.now) };
        // What can't be said about another branch is no fault of this page.
        if let Ok(grid) = visit.web.app.grid(question, visit.peer).await
            && let Some(slot) = &grid.first_free
        {
            return Some(neighbour(chosen, other, slot));
        }
    }
    None
}

//! Another time for an appointment, chosen on the page behind its link: the times, the question, the move.
//!
//! Not for: what is free and what a move means (`app::moving`).

use http::StatusCode;
use serde::Serialize;

use super::form::{Fields, address, escape};
use super::manage::refused;
use super::page::Visit;
use super::view::form::{Other, others};
use super::view::grid::{Chosen, GridPage, grid_page};
use super::view::said::{Said, Tongue};
use super::view::{Place, When};
use super::wall::{Wall, instant_of};
use crate::app::manage::CustomerView;
use crate::appointment::practice::{Id, Location};
use crate::appointment::refusal::Refusal;
use crate::appointment::service::Service;
use crate::appointment::slot::Slot;
use crate::exchange::Reply;
use crate::ical::time::{Seconds, TimeRange};

/// Days on one page, as when booking.
const COLUMNS: usize = 6;

/// The times to choose from.
#[derive(Serialize)]
struct TimesPage {
    #[serde(flatten)]
    grid: GridPage,
    /// When it is now.
    old: When,
    /// The appointment's page.
    back: String,
}

/// The question before moving.
#[derive(Serialize)]
struct MovePage {
    service: Said,
    place: Place,
    /// When it is now.
    old: When,
    /// When it is to be; as long as no other time has to be chosen.
    new: Option<When>,
    /// Where the form is sent.
    action: String,
    /// Hidden in the form: the new time and the resource.
    start: String,
    resource: String,
    /// The appointment's page.
    back: String,
    /// All times.
    times: String,
    /// `taken` where the time has gone, or empty.
    notice: &'static str,
    /// Other times, to choose one of.
    others: Vec<Other>,
    /// Whether staff have to confirm the new time.
    asks: bool,
}

/// What is to be moved, found in the practice.
struct Scene<'a> {
    view: CustomerView,
    location: &'a Location,
    service: &'a Service,
    resource: Option<Id>,
    path: String,
}

/// Finds it; `Err` is the page that says why it cannot be moved.
async fn scene<'a>(visit: &'a Visit<'_>, token: &str, fields: &Fields) -> Result<Scene<'a>, Box<Reply>> {
    let view = visit.web.app.booking(token).await.map_err(|refusal| Box::new(refused(visit, refusal)))?;
    let practice = &visit.practice;
    let location = view.location.as_ref().and_then(|id| practice.location(id.as_str()));
    let service = view.booking.service.as_ref().and_then(|id| practice.service(id.as_str()));
    let (Some(location), Some(service)) = (location, service) else { return Err(Box::new(visit.refusal(Refusal::WrongState))) };
    let asked = fields.filled("resource").or_else(|| visit.query.filled("resource"));
    let resource = practice.offering(&location.id, service).map(|r| &r.id).find(|id| Some(id.as_str()) == asked).cloned();
    Ok(Scene { view, location, service, resource, path: format!("/booking/{}/move", escape(token)) })
}

/// The times, or for one of them the question. Moves nothing.
pub async fn choose(mut visit: Visit<'_>, token: &str) -> Reply {
    if let Ok(view) = visit.web.app.booking(token).await {
        visit.language = visit.chosen.unwrap_or(view.booking.language);
    }
    let scene = match scene(&visit, token, &Fields::default()).await {
        Ok(scene) => scene,
        Err(reply) => return *reply,
    };
    match visit.query.get("start").and_then(instant_of) {
        Some(start) => question(&visit, &scene, token, start).await,
        None => times(&visit, &scene, token).await,
    }
}

async fn times(visit: &Visit<'_>, scene: &Scene<'_>, token: &str) -> Reply {
    let from = visit.query.get("from").and_then(|day| day.parse().ok());
    let grid = match visit.web.app.move_grid(token, scene.resource.as_ref(), from, COLUMNS, visit.peer).await {
        Ok(grid) => grid,
        Err(refusal) => return refused(visit, refusal),
    };
    let any = visit.web.templates.text(visit.language, "grid-any", &[]);
    let chosen = Chosen {
        practice: &visit.practice,
        location: scene.location,
        service: scene.service,
        resource: scene.resource.as_ref(),
        language: visit.language,
        kept: visit.kept(),
    };
    let mut grid = grid_page(chosen, &grid, &any);
    lead_to(&mut grid, &scene.path);
    let page = TimesPage { grid, old: old(scene), back: page_of(visit, scene) };
    visit.personal(StatusCode::OK, "book/move_times.html", page)
}

async fn question(visit: &Visit<'_>, scene: &Scene<'_>, token: &str, start: Seconds) -> Reply {
    match visit.web.app.move_nearest(token, scene.resource.as_ref(), start, visit.peer).await {
        Ok(slots) if slots.iter().any(|slot| slot.range.start == start) => ask(visit, scene, StatusCode::OK, start, &[]),
        Ok(slots) => ask(visit, scene, StatusCode::CONFLICT, start, &slots),
        Err(refusal) => refused(visit, refusal),
    }
}

/// Moves it.
pub async fn go(mut visit: Visit<'_>, token: &str, fields: &Fields) -> Reply {
    if let Ok(view) = visit.web.app.booking(token).await {
        visit.language = visit.chosen.unwrap_or(view.booking.language);
    }
    let scene = match scene(&visit, token, fields).await {
        Ok(scene) => scene,
        Err(reply) => return *reply,
    };
    let Some(start) = fields.get("start").and_then(instant_of) else { return visit.see(&visit.href(&scene.path, [])) };
    match visit.web.app.move_to(token, scene.resource.as_ref(), start, visit.peer).await {
        Ok(()) => visit.see(&page_of(&visit, &scene)),
        Err(Refusal::Taken(slots) | Refusal::NotOffered(slots)) => ask(&visit, &scene, StatusCode::CONFLICT, start, &slots),
        Err(refusal) => refused(&visit, refusal),
    }
}

fn ask(visit: &Visit, scene: &Scene, status: StatusCode, start: Seconds, instead: &[Slot]) -> Reply {
    let wall = Wall::of(&scene.location.zone);
    let length = scene.view.booking.range.end - scene.view.booking.range.start;
    let length = if status == StatusCode::OK { i64::from(scene.service.duration_minutes) * 60 } else { length };
    let gone = status != StatusCode::OK;
    let resource = scene.resource.as_ref().map_or("", Id::as_str);
    let page = MovePage {
        service: Tongue::of(&visit.practice, visit.language).said(&scene.service.name),
        place: Place::of(scene.location),
        old: old(scene),
        new: (!gone).then(|| When::of(TimeRange { start, end: start.saturating_add(length) }, &wall)),
        action: visit.href(&scene.path, []),
        start: if gone { String::new() } else { wall.rfc3339(start) },
        resource: resource.to_owned(),
        back: page_of(visit, scene),
        times: visit.href(&scene.path, [("resource", resource), ("from", wall.date(start).to_string().as_str())]),
        notice: if gone { "taken" } else { "" },
        others: others(instead, &wall),
        asks: scene.service.initial == crate::appointment::service::Initial::Request,
    };
    visit.personal(status, "book/move.html", page)
}

fn old(scene: &Scene) -> When {
    When::of(scene.view.booking.range, &Wall::of(&scene.location.zone))
}

fn page_of(visit: &Visit, scene: &Scene) -> String {
    visit.href(scene.path.trim_end_matches("/move"), [])
}

/// Makes the grid's links lead to the move of this appointment: they keep what was chosen, but for the service, which stays what it is.
fn lead_to(page: &mut GridPage, path: &str) {
    let lead = |href: &mut String| {
        if !href.is_empty() {
            let query = href.split_once('?').map_or("", |(_, query)| query);
            let fields = Fields::decode(query.as_bytes()).unwrap_or_default();
            *href = address(path, fields.without("service"));
        }
    };
    page.other_service.clear();
    page.resources.iter_mut().for_each(|choice| lead(&mut choice.href));
    page.months.iter_mut().for_each(|tab| lead(&mut tab.href));
    page.first_free.iter_mut().for_each(|first| lead(&mut first.href));
    page.days.iter_mut().flat_map(|day| &mut day.cells).for_each(|cell| lead(&mut cell.href));
    lead(&mut page.previous);
    lead(&mut page.next);
}

//! Slots with their reasons as the staff page shows them.

use chrono::NaiveDate;
use serde::Serialize;

use super::super::slots::page;
use super::super::wall::Wall;
use crate::app::hours::Odd;
use crate::appointment::practice::{Id, Language, Location, Practice};
use crate::appointment::service::Service;
use crate::appointment::slot::{Obstacle, Rule, Why, WhyCell, WhyDay};
use crate::ical::time::TimeRange;

/// The page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SlotsPage {
    /// Branches; empty where there is one.
    pub locations: Vec<Way>,
    /// Services of the branch.
    pub services: Vec<Way>,
    /// Any resource, and each; empty where there is one.
    pub resources: Vec<Way>,
    /// The week before, or empty.
    pub previous: String,
    /// The next week, or empty.
    pub next: String,
    /// What stands in the hours of these days and is not understood.
    pub odd: Vec<OddView>,
    /// Its days.
    pub days: Vec<DayView>,
}

/// A day without a time in an hours calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OddView {
    /// `2026-11-26`
    pub date: String,
    /// The calendar's name.
    pub calendar: String,
    /// Its title, or empty.
    pub title: String,
}

/// A day that is not understood.
pub fn odd_view(odd: Odd, wall: &Wall) -> OddView {
    OddView { date: wall.date(odd.start).to_string(), calendar: odd.calendar, title: odd.title }
}

/// A choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Way {
    /// Its name; empty: any.
    pub name: String,
    /// Where it leads.
    pub href: String,
    /// Whether it is chosen.
    pub current: bool,
}

/// A day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayView {
    /// `2026-11-26`
    pub date: String,
    /// The name of a public holiday, or empty.
    pub holiday: String,
    /// Its times; those that follow each other and can't be booked for the same reasons are one.
    pub cells: Vec<CellView>,
}

/// A time, or a run of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellView {
    /// `10:30`
    pub time: String,
    /// The last of a run; of a single time the same.
    pub last: String,
    /// The names of the resources that are free; empty where it can't be booked.
    pub free: Vec<String>,
    /// Why it can't be.
    pub reasons: Vec<ReasonView>,
}

/// A reason: the text is `why-ID`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReasonView {
    /// Which.
    pub id: &'static str,
    /// Of which resource, or the name of a holiday; empty where it is the service's rule.
    pub name: String,
    /// Of an appointment that is in the way: its local start and end, else empty.
    pub from: String,
    /// See above.
    pub to: String,
}

/// The ids of all reasons.
#[cfg(test)]
pub const REASONS: [&str; 15] = [
    "holiday",
    "lead",
    "horizon",
    "day",
    "week",
    "shared",
    "closed",
    "other-service",
    "closes",
    "off-grid",
    "busy",
    "buffer",
    "held",
    "full",
    "few",
];

/// What is shown.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    /// The practice.
    pub practice: &'a Practice,
    /// The branch.
    pub location: &'a Location,
    /// The service.
    pub service: &'a Service,
    /// One resource, or any.
    pub resource: Option<&'a Id>,
    /// The language of the page.
    pub language: Language,
}

/// The page of a week. `today` is where another choice begins.
pub fn slots_page(shown: Shown<'_>, week: &[WhyDay], previous: String, next: String, today: NaiveDate) -> SlotsPage {
    let Shown { practice, location, service, resource, language } = shown;
    let from = week.first().map_or(today, |day| day.date);
    let does = |location: &Location, service: &Service| practice.offering(&location.id, service).next().is_some();
    let here =
        |other: &Location| Way { name: other.name.clone(), href: page(other, service, None, from), current: other.id == location.id };
    let locations: Vec<Way> = practice.locations.iter().map(here).collect();
    let offered = practice.services.iter().filter(|service| does(location, service));
    let named = |other: &Service| other.internal_name.clone().unwrap_or_else(|| other.name.get(language).to_owned());
    let services =
        offered.map(|other| Way { name: named(other), href: page(location, other, None, from), current: other.id == service.id });
    let offering: Vec<_> = practice.offering(&location.id, service).collect();
    let any = Way { name: String::new(), href: page(location, service, None, from), current: resource.is_none() };
    let each = offering.iter().map(|one| Way {
        name: one.name.clone(),
        href: page(location, service, Some(&one.id), from),
        current: resource == Some(&one.id),
    });
    let several = |ways: Vec<Way>, least: usize| if ways.len() > least { ways } else { Vec::new() };
    SlotsPage {
        locations: several(locations, 1),
        services: services.collect(),
        resources: several(std::iter::once(any).chain(each).collect(), 2),
        previous,
        next,
        odd: Vec::new(),
        days: week.iter().map(|day| day_view(shown, day)).collect(),
    }
}

fn day_view(shown: Shown<'_>, day: &WhyDay) -> DayView {
    let cells = runs(day.cells.iter().map(|cell| cell_view(shown, cell)));
    DayView { date: day.date.to_string(), holiday: day.holiday.clone().unwrap_or_default(), cells }
}

/// A closed day says once what holds for all of it. Free times stay by themselves: each is something that can be booked.
fn runs(cells: impl Iterator<Item = CellView>) -> Vec<CellView> {
    let mut runs: Vec<CellView> = Vec::new();
    for cell in cells {
        match runs.last_mut().filter(|run| cell.free.is_empty() && run.free.is_empty() && run.reasons == cell.reasons) {
            Some(run) => run.last = cell.last,
            None => runs.push(cell),
        }
    }
    runs
}

fn cell_view(shown: Shown<'_>, cell: &WhyCell) -> CellView {
    let time = cell.time.format("%H:%M").to_string();
    let name = |id: &Id| shown.practice.resource(id.as_str()).map(|resource| resource.name.clone()).unwrap_or_default();
    match &cell.answer {
        Ok(slot) => CellView { last: time.clone(), time, free: slot.resources.iter().map(name).collect(), reasons: Vec::new() },
        Err(reasons) => {
            let mut views: Vec<ReasonView> = reasons.rules.iter().map(rule_view).collect();
            views.extend(reasons.obstacles.iter().map(|obstacle| obstacle_view(shown, obstacle, name(&obstacle.resource))));
            views.extend(reasons.shared.then(|| plain("shared", String::new())));
            if views.is_empty() {
                // Each resource that is named is free, but fewer are than it takes.
                views.push(plain("few", String::new()));
            }
            CellView { last: time.clone(), time, free: Vec::new(), reasons: views }
        }
    }
}

fn plain(id: &'static str, name: String) -> ReasonView {
    ReasonView { id, name, from: String::new(), to: String::new() }
}

fn rule_view(rule: &Rule) -> ReasonView {
    match rule {
        Rule::Holiday(name) => plain("holiday", name.clone()),
        Rule::Lead => plain("lead", String::new()),
        Rule::Horizon => plain("horizon", String::new()),
        Rule::Day => plain("day", String::new()),
        Rule::Week => plain("week", String::new()),
    }
}

fn obstacle_view(shown: Shown<'_>, obstacle: &Obstacle, name: String) -> ReasonView {
    let wall = Wall::of(&shown.location.zone);
    let taken = |id: &'static str, range: &TimeRange| ReasonView {
        id,
        name: name.clone(),
        from: wall.written(range.start),
        to: wall.written(range.end),
    };
    match &obstacle.why {
        Why::Closed => plain("closed", name),
        Why::OtherService => plain("other-service", name),
        Why::Closes => plain("closes", name),
        Why::OffGrid => plain("off-grid", name),
        Why::Full => plain("full", name),
        Why::Busy(range) => taken("busy", range),
        Why::Buffer(range) => taken("buffer", range),
        Why::Held(range) => taken("held", range),
    }
}

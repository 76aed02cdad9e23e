//! The booking page: what can be chosen, and the slot grid.
//!
//! The grid is written as one section a day, each with a heading and a list, not as a table. Somebody who listens to the page
//! (perhaps at 80, perhaps on a telephone) then jumps from day to day with the one key for headings that every screen reader
//! teaches first, and hears per day how many times are free and the times in order. A table would ask for the commands that move
//! through cells, would read a row across days that nobody compares by ear, and falls apart in several browsers once it is
//! stacked for a narrow screen. Every day's list holds one entry for each row, so that wide screens line them up without a table.
//! A link's text is the time alone: under its heading it is enough, and the next page says day, time and place in full.

use chrono::NaiveDate;
use serde::Serialize;

use super::super::form::address;
use super::super::wall::Wall;
use super::said::{Said, Tongue};
use super::{Choice, Kept, Place};
use crate::appointment::practice::{Id, Language, Location, Practice};
use crate::appointment::service::Service;
use crate::appointment::slot::{Cell, Closed, Grid, Slot};

/// The branches to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StartPage {
    /// Each with its address in the world and on this server.
    pub places: Vec<LinkedPlace>,
    /// The practice's own words, or empty.
    pub intro: Said,
}

/// A branch and where its booking page is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkedPlace {
    /// The branch.
    pub place: Place,
    /// Its booking page.
    pub href: String,
}

/// The services to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServicesPage {
    /// The branch.
    pub place: Place,
    /// The practice's own words, or empty.
    pub intro: Said,
    /// What can be booked there, by groups in the order of the file.
    pub groups: Vec<Group>,
    /// Back to the choice of branches; empty where there is one.
    pub back: String,
}

/// Services under one heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The heading; empty for those that belong to none.
    pub name: Said,
    /// The services.
    pub services: Vec<Choice>,
}

/// The slot grid and the choices above it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GridPage {
    /// The branch.
    pub place: Place,
    /// The practice's own words, or empty.
    pub intro: Said,
    /// The service's name.
    pub service: Said,
    /// What it is, or empty.
    pub description: Said,
    /// How long it takes.
    pub minutes: u32,
    /// Where another service is chosen; empty where there is one.
    pub other_service: String,
    /// Any, and each resource; empty where there is one.
    pub resources: Vec<Choice>,
    /// The months within the horizon; empty where there is one.
    pub months: Vec<Tab>,
    /// The page before, or empty.
    pub previous: String,
    /// The next page, or empty.
    pub next: String,
    /// The first time that is free at all.
    pub first_free: Option<FirstFree>,
    /// Another branch, where nothing on this page is free.
    pub neighbour: Option<Neighbour>,
    /// The zone of the times, for whoever lives in another.
    pub zone: String,
    /// The times of the rows: `10:30`.
    pub rows: Vec<String>,
    /// Columns.
    pub days: Vec<DayView>,
    /// Whether any time on this page is free.
    pub any_free: bool,
}

/// A month's tab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tab {
    /// A day of the month.
    pub month: String,
    /// Where it leads.
    pub href: String,
    /// Whether the page begins in it.
    pub current: bool,
}

/// The first free time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FirstFree {
    /// Local start.
    pub at: String,
    /// Its booking form.
    pub href: String,
}

/// Another branch that offers the service sooner than not at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Neighbour {
    /// Its name.
    pub name: String,
    /// Its first free time, local there.
    pub at: String,
    /// Its times.
    pub href: String,
}

/// A day's column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayView {
    /// `2026-11-26`
    pub date: String,
    /// How many of its times are free.
    pub free: usize,
    /// One for each row.
    pub cells: Vec<CellView>,
}

/// A time of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellView {
    /// `10:30`
    pub time: String,
    /// RFC 3339 with offset where it is free, else empty.
    pub start: String,
    /// The booking form where it is free, else empty.
    pub href: String,
    /// Why not: the text is `closed-ID`; empty where it is free.
    pub closed: &'static str,
}

/// The ids of all reasons.
#[cfg(test)]
pub const CLOSED: [&str; 5] = ["hours", "lead", "horizon", "limit", "busy"];

/// What the visitor has chosen so far.
#[derive(Debug, Clone, Copy)]
pub struct Chosen<'a> {
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
    /// What links keep.
    pub kept: Kept,
}

impl Chosen<'_> {
    /// The booking page with these choices, from a day on.
    pub fn page(&self, resource: Option<&Id>, from: Option<NaiveDate>) -> String {
        let from = from.map(|day| day.to_string()).unwrap_or_default();
        self.link("", resource, ("from", &from))
    }

    /// The page's language beside the practice's.
    fn tongue(&self) -> Tongue {
        Tongue::of(self.practice, self.language)
    }

    /// The booking form of a start.
    pub fn form(&self, start: &str) -> String {
        self.link("/new", self.resource, ("start", start))
    }

    fn link(&self, below: &str, resource: Option<&Id>, last: (&str, &str)) -> String {
        let path = format!("/book/{}{below}", self.location.id);
        let resource = resource.map_or("", Id::as_str);
        let pairs = [("service", self.service.id.as_str()), ("resource", resource), last];
        address(&path, pairs.into_iter().chain(self.kept.pairs()))
    }
}

/// The practice's own words for a place on a page, or empty.
pub fn words(practice: &Practice, name: &str, language: Language) -> Said {
    practice.texts.get(name).map(|text| Tongue::of(practice, language).said(text)).unwrap_or_default()
}

/// The services that a branch offers to everybody, in the order of the file.
pub fn services<'a>(practice: &'a Practice, location: &'a Location) -> impl Iterator<Item = &'a Service> {
    practice.services.iter().filter(|service| !service.hidden && practice.offering(&location.id, service).next().is_some())
}

/// The choice of services.
pub fn services_page(practice: &Practice, location: &Location, language: Language, kept: Kept) -> ServicesPage {
    let path = format!("/book/{}", location.id);
    let tongue = Tongue::of(practice, language);
    let choice = |service: &Service| Choice {
        name: tongue.said(&service.name),
        detail: tongue.said(&service.description),
        minutes: service.duration_minutes,
        href: address(&path, [("service", service.id.as_str())].into_iter().chain(kept.pairs())),
        current: false,
    };
    let mut groups: Vec<Group> = Vec::new();
    for service in services(practice, location) {
        let name = service.group.as_ref().map(|group| tongue.said(group)).unwrap_or_default();
        match groups.iter_mut().find(|group| group.name == name) {
            Some(group) => group.services.push(choice(service)),
            None => groups.push(Group { name, services: vec![choice(service)] }),
        }
    }
    ServicesPage {
        place: Place::of(location),
        intro: words(practice, "intro", language),
        groups,
        back: if practice.locations.len() > 1 { address("/", kept.pairs()) } else { String::new() },
    }
}

/// The slot grid. `any` is the name of 'no matter which'.
pub fn grid_page(chosen: Chosen, grid: &Grid, any: &str) -> GridPage {
    let wall = Wall::of(&chosen.location.zone);
    let rows: Vec<String> = grid.rows.iter().map(|row| row.format("%H:%M").to_string()).collect();
    let days: Vec<DayView> = grid.days.iter().map(|day| day_view(chosen, &wall, day.date, &rows, &day.cells)).collect();
    let several = services(chosen.practice, chosen.location).nth(1).is_some();
    GridPage {
        place: Place::of(chosen.location),
        intro: words(chosen.practice, "intro", chosen.language),
        service: chosen.tongue().said(&chosen.service.name),
        description: chosen.tongue().said(&chosen.service.description),
        minutes: chosen.service.duration_minutes,
        other_service: if several { address(&format!("/book/{}", chosen.location.id), chosen.kept.pairs()) } else { String::new() },
        resources: resources(chosen, any),
        months: months(chosen, grid),
        previous: grid.previous.map(|day| chosen.page(chosen.resource, Some(day))).unwrap_or_default(),
        next: grid.next.map(|day| chosen.page(chosen.resource, Some(day))).unwrap_or_default(),
        first_free: grid.first_free.as_ref().map(|slot| first_free(chosen, &wall, slot)),
        neighbour: None,
        zone: chosen.location.zone.clone(),
        rows,
        any_free: days.iter().any(|day| day.free > 0),
        days,
    }
}

/// Another branch with its first free time.
pub fn neighbour(chosen: Chosen, other: &Location, slot: &Slot) -> Neighbour {
    let there = Chosen { location: other, resource: None, ..chosen };
    Neighbour { name: other.name.clone(), at: Wall::of(&other.zone).written(slot.range.start), href: there.page(None, None) }
}

/// The other branches that offer a service, the nearest first: those whose postcode begins most like this one's, else in the order of the
/// file. Postcodes are given out by region; a practice that has none stays in its own order.
pub fn neighbours<'a>(practice: &'a Practice, location: &Location, service: &Service) -> Vec<&'a Location> {
    let alike = |other: &Location| other.postcode.chars().zip(location.postcode.chars()).take_while(|(a, b)| a == b).count();
    let offers = |other: &&Location| other.id != location.id && practice.offering(&other.id, service).next().is_some();
    let mut others: Vec<&Location> = practice.locations.iter().filter(offers).collect();
    others.sort_by_key(|other| std::cmp::Reverse(alike(other)));
    others
}

fn day_view(chosen: Chosen, wall: &Wall, date: NaiveDate, rows: &[String], cells: &[Cell]) -> DayView {
    let cells: Vec<CellView> = rows.iter().zip(cells).map(|(row, cell)| cell_view(chosen, wall, row, cell)).collect();
    DayView { date: date.to_string(), free: cells.iter().filter(|cell| cell.closed.is_empty()).count(), cells }
}

fn cell_view(chosen: Chosen, wall: &Wall, row: &str, cell: &Cell) -> CellView {
    let closed = match cell {
        Cell::Free(range) => {
            let start = wall.rfc3339(range.start);
            return CellView { time: row.to_owned(), href: chosen.form(&start), start, closed: "" };
        }
        Cell::Closed(Closed::Hours) => "hours",
        Cell::Closed(Closed::Lead) => "lead",
        Cell::Closed(Closed::Horizon) => "horizon",
        Cell::Closed(Closed::Limit) => "limit",
        Cell::Closed(Closed::Busy) => "busy",
    };
    CellView { time: row.to_owned(), start: String::new(), href: String::new(), closed }
}

fn resources(chosen: Chosen, any: &str) -> Vec<Choice> {
    let first = chosen.practice.needs(&chosen.location.id, chosen.service).into_iter().next();
    // Where all of them are needed at once, there is nothing to choose.
    let Some((_, offering)) = first.filter(|(count, of)| of.len() > *count) else { return Vec::new() };
    let choice = |name: Said, id: Option<&Id>| Choice {
        name,
        detail: Said::default(),
        minutes: 0,
        href: chosen.page(id, None),
        current: chosen.resource == id,
    };
    let each = offering.iter().map(|resource| choice(chosen.tongue().own(&resource.name), Some(&resource.id)));
    std::iter::once(choice(any.into(), None)).chain(each).collect()
}

fn months(chosen: Chosen, grid: &Grid) -> Vec<Tab> {
    use chrono::Datelike;
    if grid.months.len() < 2 {
        return Vec::new();
    }
    let shown = grid.days.first().map(|day| (day.date.year(), day.date.month()));
    let tab = |day: &NaiveDate| Tab {
        month: day.to_string(),
        href: chosen.page(chosen.resource, Some(*day)),
        current: shown == Some((day.year(), day.month())),
    };
    grid.months.iter().map(tab).collect()
}

fn first_free(chosen: Chosen, wall: &Wall, slot: &Slot) -> FirstFree {
    FirstFree { at: wall.written(slot.range.start), href: chosen.form(&wall.rfc3339(slot.range.start)) }
}

#[cfg(test)]
mod tests {
    use super::super::super::sample;
    use super::*;
    use crate::appointment::service::Need;

    #[test]
    fn a_free_time_leads_to_its_form_and_a_closed_one_says_why() {
        let practice = sample::practice();
        let (location, service) = (&practice.locations[0], &practice.services[0]);
        let chosen = Chosen { practice: &practice, location, service, resource: None, language: Language::De, kept: Kept::default() };
        let page = grid_page(chosen, &sample::grid(), "Egal");
        assert_eq!(page.days.len(), 6);
        let cell = page.days[0].cells.iter().find(|cell| cell.time == "10:30").unwrap();
        assert_eq!(cell.start, "2026-11-26T10:30:00+01:00");
        assert_eq!(cell.href, "/book/stuttgart/new?service=beratung&start=2026-11-26T10%3A30%3A00%2B01%3A00");
        assert_eq!(page.days[0].cells[0].closed, "lead");
        assert_eq!(page.days[0].free, page.days[0].cells.iter().filter(|c| !c.href.is_empty()).count());
        assert!(page.days.iter().all(|day| day.cells.len() == page.rows.len()));
        assert!(page.months.iter().filter(|tab| tab.current).count() == 1);
        assert_eq!(page.next, "/book/stuttgart?service=beratung&from=2026-12-04");
        assert_eq!(page.previous, "");
    }

    #[test]
    fn links_keep_resource_and_language() {
        let practice = sample::practice();
        let (location, service) = (&practice.locations[0], &practice.services[0]);
        let id = Id("kabine-2".into());
        let chosen = Chosen {
            practice: &practice,
            location,
            service,
            resource: Some(&id),
            language: Language::En,
            kept: Kept { language: Some(Language::En), framed: false },
        };
        let page = grid_page(chosen, &sample::grid(), "Any");
        assert_eq!(page.resources.iter().map(|r| r.current).collect::<Vec<_>>(), [false, false, true]);
        assert_eq!(page.resources[0].href, "/book/stuttgart?service=beratung&lang=en");
        assert_eq!(page.resources[2].href, "/book/stuttgart?service=beratung&resource=kabine-2&lang=en");
        let free = page.days.iter().flat_map(|day| &day.cells).find(|cell| cell.closed.is_empty()).unwrap();
        assert!(free.href.contains("&resource=kabine-2&start=") && free.href.ends_with("&lang=en"), "{}", free.href);
    }

    #[test]
    fn the_neighbour_is_the_branch_with_the_likest_postcode_that_offers_the_service() {
        let mut practice = sample::practice();
        let names = |practice: &Practice| {
            let found = neighbours(practice, &practice.locations[0], &practice.services[0]);
            found.iter().map(|l| l.id.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(names(&practice), ["esslingen"]);
        let (mut near, mut room) = (practice.locations[1].clone(), practice.resources[2].clone());
        (near.id, near.postcode, room.id, room.location) = (Id("fellbach".into()), "12399".into(), Id("x".into()), Id("fellbach".into()));
        practice.locations.push(near);
        assert_eq!(names(&practice), ["esslingen"], "nothing can be booked there");
        practice.resources.push(room);
        assert_eq!(names(&practice), ["fellbach", "esslingen"]);
        practice.services[0].locations = vec![Id("stuttgart".into())];
        assert!(names(&practice).is_empty());
    }

    #[test]
    fn where_all_are_needed_none_is_chosen() {
        let mut practice = sample::practice();
        let of = practice.resources.iter().filter(|one| one.location == practice.locations[0].id).map(|one| one.id.clone()).collect();
        practice.services[0].needs = vec![Need { count: 1, of }];
        let choices = |practice: &Practice| {
            let (location, service) = (&practice.locations[0], &practice.services[0]);
            let chosen = Chosen { practice, location, service, resource: None, language: Language::De, kept: Kept::default() };
            grid_page(chosen, &sample::grid(), "Egal").resources.len()
        };
        assert_eq!(choices(&practice), 3);
        practice.services[0].needs[0].count = 2;
        assert_eq!(choices(&practice), 0);
    }

    #[test]
    fn one_choice_is_not_asked_for() {
        let mut practice = sample::practice();
        practice.services.truncate(1);
        let location = practice.locations[1].clone();
        let service = practice.services[0].clone();
        let chosen = Chosen {
            practice: &practice,
            location: &location,
            service: &service,
            resource: None,
            language: Language::De,
            kept: Kept::default(),
        };
        let page = grid_page(chosen, &sample::grid(), "Egal");
        assert!(page.resources.is_empty());
        assert_eq!(page.other_service, "");
    }
}

//! The staff page of ways to the booking page: the link, the code for a site of one's own, a QR code to print.
//!
//! Not for: the widget itself (`templates/static/widget.js`). ISO/IEC 18004 by qrcodegen.

use http::StatusCode;
use qrcodegen::{QrCode, QrCodeEcc};
use serde::Serialize;

use super::form::address;
use super::page::Visit;
use super::session::signed_in;
use crate::appointment::practice::{Id, Location, Practice};
use crate::appointment::service::Service;
use crate::exchange::Reply;

/// The most links on one page; a practice with more finds them by the pattern.
const MAX_LINKS: usize = 500;

/// Modules of quiet around a QR code.
const QUIET: i32 = 4;

#[derive(Serialize)]
struct LinksPage {
    /// A branch's name and its links, the one to all services first.
    places: Vec<PlaceLinks>,
    /// Sites that may show the widget.
    sites: Vec<String>,
}

#[derive(Serialize)]
struct PlaceLinks {
    name: String,
    links: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    /// The service's name, or empty: all.
    service: String,
    /// Whether it is offered by its link alone.
    hidden: bool,
    /// Its page here.
    href: String,
}

#[derive(Serialize)]
struct LinkPage {
    place: String,
    service: String,
    /// The link.
    link: String,
    /// What the practice's page is given.
    code: String,
    /// How many modules the QR code has on a side, its quiet zone included.
    size: i32,
    /// Its dark modules as an SVG path.
    path: String,
}

/// All links, or one of them with its code.
pub async fn links(visit: Visit<'_>) -> Reply {
    let (visit, _) = match signed_in(visit).await {
        Ok(desk) => desk,
        Err(reply) => return reply,
    };
    let practice = &visit.practice;
    let Some(id) = visit.query.filled("location") else {
        let places = practice.locations.iter().map(|location| place(practice, location)).take(MAX_LINKS).collect();
        return visit.page(StatusCode::OK, "staff/links.html", LinksPage { places, sites: practice.widget_origins.clone() });
    };
    let Some(location) = practice.location(id) else { return visit.refused(StatusCode::NOT_FOUND, "not-found") };
    let service = match visit.query.filled("service") {
        None => None,
        Some(id) => match offered(practice, location).find(|service| service.id.as_str() == id) {
            Some(service) => Some(service),
            None => return visit.refused(StatusCode::NOT_FOUND, "not-found"),
        },
    };
    let id = service.map_or("", |service| service.id.as_str());
    let link = format!("{}{}", visit.web.public_url, address(&format!("/book/{}", location.id), [("service", id)]));
    let Ok(code) = QrCode::encode_text(&link, QrCodeEcc::Medium) else { return visit.refused(StatusCode::NOT_FOUND, "not-found") };
    let said = visit.web.templates.text(practice.language, "start-title", &[]);
    let page = LinkPage {
        place: location.name.clone(),
        service: service.map_or(String::new(), |service| service.name.get(visit.language).to_owned()),
        code: snippet(&visit.web.public_url, location, service, &link, &said),
        size: code.size() + 2 * QUIET,
        path: path(&code),
        link,
    };
    visit.page(StatusCode::OK, "staff/link.html", page)
}

fn offered<'a>(practice: &'a Practice, location: &'a Location) -> impl Iterator<Item = &'a Service> {
    practice.services.iter().filter(|service| practice.offering(&location.id, service).next().is_some())
}

fn place(practice: &Practice, location: &Location) -> PlaceLinks {
    let href = |service: &str| address("/staff/links", [("location", location.id.as_str()), ("service", service)]);
    let one = |service: &Service| {
        let shown = service.internal_name.as_deref().unwrap_or_else(|| service.name.get(practice.language));
        Row { service: shown.to_owned(), hidden: service.hidden, href: href(service.id.as_str()) }
    };
    let all = Row { service: String::new(), hidden: false, href: href("") };
    PlaceLinks {
        name: location.name.clone(),
        links: std::iter::once(all).chain(offered(practice, location).map(one)).take(MAX_LINKS).collect(),
    }
}

/// The code for a page of the practice: a link for everybody, and the script that puts a frame in its place. Ids need no escape.
fn snippet(public_url: &str, location: &Location, service: Option<&Service>, link: &str, words: &str) -> String {
    let id = |id: &Id| id.as_str().to_owned();
    let service = service.map_or(String::new(), |service| format!(" data-service=\"{}\"", id(&service.id)));
    let branch = id(&location.id);
    format!(
        "<a href=\"{link}\">{words}</a>\n<script src=\"{public_url}/book/widget.js\" data-location=\"{branch}\"{service} async></script>"
    )
}

/// The dark modules, a run of a row at a time.
fn path(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|x| code.get_module(*x, y)).count();
            let run = i32::try_from(run).unwrap_or(0);
            if run > 0 {
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET));
            }
            x += run.max(1);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_the_modules_of_its_code() {
        let code = QrCode::encode_text("https://termine.example/book/stuttgart", QrCodeEcc::Medium).unwrap();
        let path = path(&code);
        let mut dark = 0;
        for run in path.split('M').skip(1) {
            let (at, rest) = run.split_once('h').unwrap();
            let (x, y) = at.split_once(' ').unwrap();
            let length: i32 = rest.split_once('v').unwrap().0.parse().unwrap();
            let (x, y): (i32, i32) = (x.parse().unwrap(), y.parse().unwrap());
            assert!((x..x + length).all(|x| code.get_module(x - QUIET, y - QUIET)));
            dark += length;
        }
        let all = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
        assert_eq!(usize::try_from(dark).unwrap(), all.filter(|(x, y)| code.get_module(*x, *y)).count());
    }
}

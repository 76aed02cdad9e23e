//! `practice.toml` → a checked [`Practice`]: locations, resources, services, hours, people. A mistake anywhere is named by its line,
//! and nothing of the file is taken.
//!
//! Not for: what a table of it holds (the files of this folder, one for each), what changed since the last time (`app::admin`).
//! No RFC: these are the trade's own words.

mod colour;
mod holidays;
mod hours;
mod place;
mod service;
mod staff;
mod value;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::{at_line, fault};
use crate::appointment::booking::Customer;
use crate::appointment::practice::{Language, Letters, MailCalendar, Practice, Presence, Text};
use place::{LocationFile, ResourceFile};
use value::{Checked, Mistake, address, at_least_one, at_most, between, origins, web_address, wrong};
use words::Words;

/// How long a letter about what staff did may wait, in seconds.
const MAX_GRACE: u32 = 86_400;

/// For so many days an appointment's link may be good after it.
const MAX_LINK_DAYS: u32 = 3660;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Spanned<String>,
    colour: Option<Spanned<String>>,
    #[serde(default = "german")]
    language: Language,
    copy_to: Option<Spanned<String>>,
    privacy_url: Option<Spanned<String>>,
    imprint_url: Option<Spanned<String>>,
    #[serde(default)]
    widget_origins: Vec<Spanned<String>>,
    notify_grace_seconds: Option<Spanned<u32>>,
    reminder_hours: Option<Spanned<u32>>,
    #[serde(default)]
    mail_calendar: MailCalendar,
    open_requests: Option<Spanned<u32>>,
    open_appointments: Option<Spanned<u32>>,
    link_days: Option<Spanned<u32>>,
    #[serde(default)]
    fields: BTreeMap<Spanned<String>, Presence>,
    #[serde(default)]
    texts: BTreeMap<Spanned<String>, Words>,
    #[serde(default)]
    location: Vec<LocationFile>,
    #[serde(default)]
    resource: Vec<ResourceFile>,
    #[serde(default)]
    service: Vec<service::File>,
    #[serde(default)]
    staff: Vec<staff::File>,
}

fn german() -> Language {
    Language::De
}

/// Reads and checks a practice's file.
pub fn read(path: &Path) -> Result<Practice, String> {
    let shown = path.display().to_string();
    let text = super::text(path)?;
    parse_in(&shown, &text, path.parent())
}

/// Checks the text of a practice's file that names no other files; `name` is what refusals call it.
pub fn parse(name: &str, text: &str) -> Result<Practice, String> {
    parse_in(name, text, None)
}

/// The same, with the folder in which the files are that it names.
fn parse_in(name: &str, text: &str, folder: Option<&Path>) -> Result<Practice, String> {
    let file: File = toml::from_str(text).map_err(|e| fault(name, text, &e))?;
    check(file, folder).map_err(|Mistake(span, message)| at_line(name, text, span.start, &message))
}

fn check(file: File, folder: Option<&Path>) -> Checked<Practice> {
    if file.name.get_ref().trim().is_empty() {
        return Err(wrong(&file.name, "the practice needs a name"));
    }
    let mut ids = BTreeSet::new();
    let locations = file.location.iter().map(|l| place::location(l, folder, &mut ids)).collect::<Checked<Vec<_>>>()?;
    ids.clear();
    let resources = file.resource.iter().map(|r| place::resource(r, &locations, &mut ids)).collect::<Checked<Vec<_>>>()?;
    ids.clear();
    let services = file.service.iter().map(|s| service::check(s, &locations, &resources, &mut ids)).collect::<Checked<Vec<_>>>()?;
    ids.clear();
    let staff = file.staff.iter().map(|s| staff::check(s, &resources, &mut ids)).collect::<Checked<Vec<_>>>()?;
    let plain = Practice::new(file.name.get_ref().trim().to_owned(), file.language);
    let some = |value: &Option<Spanned<u32>>, plain| value.as_ref().map_or(Ok(plain), at_least_one);
    let most = |value: &Option<Spanned<u32>>, plain, limit| value.as_ref().map_or(Ok(plain), |value| at_most(value, limit));
    let web = |url: &Option<Spanned<String>>| url.as_ref().map(web_address).transpose();
    Ok(Practice {
        colour: file.colour.as_ref().map_or_else(|| Ok(plain.colour.clone()), colour::check)?,
        copy_to: file.copy_to.as_ref().map(address).transpose()?,
        privacy_url: web(&file.privacy_url)?,
        imprint_url: web(&file.imprint_url)?,
        widget_origins: origins(&file.widget_origins)?,
        notify_grace_seconds: most(&file.notify_grace_seconds, plain.notify_grace_seconds, MAX_GRACE)?,
        letters: Letters {
            reminder_hours: file.reminder_hours.as_ref().map_or(Ok(plain.letters.reminder_hours), reminder_hours)?,
            calendar: file.mail_calendar,
        },
        open_requests: some(&file.open_requests, plain.open_requests)?,
        open_appointments: some(&file.open_appointments, plain.open_appointments)?,
        link_days: most(&file.link_days, plain.link_days, MAX_LINK_DAYS)?,
        fields: fields(&file.fields)?,
        texts: texts(&file.texts)?,
        locations,
        resources,
        services,
        staff,
        ..plain
    })
}

/// From an hour, which reminds of early appointments alone, to four weeks.
fn reminder_hours(value: &Spanned<u32>) -> Checked<u32> {
    between(value, 1, 672, "a reminder comes 1 to 672 hours before")
}

fn texts(file: &BTreeMap<Spanned<String>, Words>) -> Checked<BTreeMap<String, Text>> {
    const NAMES: [&str; 3] = ["intro", "thanks", "comment"];
    file.iter()
        .map(|(name, words)| match NAMES.contains(&name.get_ref().as_str()) {
            true => Ok((name.get_ref().clone(), words.text())),
            false => Err(wrong(name, format!("no page shows this text; those that are shown are {}", NAMES.join(", ")))),
        })
        .collect()
}

fn fields(file: &BTreeMap<Spanned<String>, Presence>) -> Checked<BTreeMap<String, Presence>> {
    let mut fields = Practice::default_fields();
    for (name, presence) in file {
        if !Customer::FIELDS.contains(&name.get_ref().as_str()) {
            return Err(wrong(name, format!("the form has no such field; it has {}", Customer::FIELDS.join(", "))));
        }
        // Without these nobody could be answered, and the calendar would show nobody's appointment.
        if matches!(name.get_ref().as_str(), "family_name" | "email") && *presence != Presence::Required {
            return Err(wrong(name, "this field must stay required: the answer goes there"));
        }
        fields.insert(name.get_ref().clone(), *presence);
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appointment::practice::Opening;

    const DEMO: &str = include_str!("../../fixtures/practice/small.toml");

    #[test]
    fn the_demo_practice_is_as_it_should_be() {
        let practice = parse("practice.toml", DEMO).unwrap();
        assert_eq!(practice.locations.len(), 2);
        assert_eq!(practice.service("beratung").unwrap().duration_minutes, 60);
        let esslingen = practice.location("esslingen").unwrap();
        assert_eq!(esslingen.hours.0[5], vec![Opening { from: 540, to: 780 }]);
        assert!(practice.location("stuttgart").unwrap().hours.0[5].is_empty());
    }

    #[test]
    fn a_name_is_enough() {
        let practice = parse("practice.toml", "name = \" Praxis \"").unwrap();
        assert_eq!(practice, Practice::new("Praxis".into(), Language::De));
        assert_eq!((practice.notify_grace_seconds, practice.letters.reminder_hours, practice.link_days), (120, 24, 30));
        assert_eq!((practice.open_requests, practice.open_appointments, practice.colour.as_str()), (2, 6, "#1f5f8b"));
    }

    #[test]
    fn a_mistake_is_named_by_its_line() {
        let change = |from: &str, to: &str| {
            let text = DEMO.replacen(from, to, 1);
            assert_ne!(text, DEMO, "{from}");
            parse("p.toml", &text).unwrap_err()
        };
        let colour = change("colour = \"#1f5f8b\"", "colour = \"#f0c040\"");
        assert!(colour.contains("contrast of 1.7") && colour.starts_with("p.toml, line "), "{colour}");
        assert!(change("mon-fri", "mon-fry").contains("days are mon, tue"));
        assert!(change("09:00-18:00", "09:00-08:00").contains("hours are written as"));
        assert!(change("location = \"stuttgart\"", "location = \"stutgart\"").contains("there is no location `stutgart`"));
        assert!(change("id = \"kabine-2\"", "id = \"kabine-1\"").contains("there is another `kabine-1`"));
        assert!(change("id = \"kabine-2\"", "id = \"inbox\"").contains("of this name already"));
        assert!(change("zone = \"Europe/Berlin\"", "zone = \"Europe/Stuttgart\"").contains("no time zone"));
        let language = change("de = \"Beratung\"", "dk = \"Beratung\"");
        assert!(language.contains("`dk`") && language.contains("`de-simple`") && language.starts_with("p.toml, line "), "{language}");
        assert!(change("name = { de = \"Beratung\"", "name = { de = 1").contains("expected a text in quotes"));
        assert!(change("minutes = 60", "minutes = \"60\"").contains("a whole number, without quotes"));
        assert!(change("minutes = 60", "minuten = 60").contains("unknown field `minuten`, expected one of"));
        assert!(change("role = \"admin\"", "role = \"admin\"\nsees = \"all\"").contains("one of full, name, busy"));
        assert!(change("login = \"ben\"", "login = \"groups\"").contains("none of the words resources"));
        for site in [
            "https://www.mustermann.example/x",
            "http://A.example",
            "https://*.example",
            "https://x.example; script-src *",
            "x.example",
            "",
        ] {
            assert!(change("https://www.mustermann.example", site).contains("a site is written as browsers name it"), "{site}");
        }
        let many: String = (0..=300).map(|n| format!("k-{n} = \"read\", ")).collect();
        assert!(change("kabine-1 = \"write\"", &format!("{many}kabine-1 = \"write\"")).contains("more than 300 calendars"));
        assert!(change("kabine-1 = \"write\"", "kabine-9 = \"write\"").contains("there is no resource `kabine-9`"));
    }
}

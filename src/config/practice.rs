//! `practice.toml` → a checked [`Practice`]: locations, resources, services, hours, people. A mistake anywhere is named by its line,
//! and nothing of the file is taken.
//!
//! Not for: what changed since the last time (`app::admin`).

mod holidays;
mod service;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Formatter;
use std::ops::Range;
use std::path::Path;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use toml::Spanned;

use super::{at_line, fault};
use crate::appointment::booking::Customer;
use crate::appointment::practice::{
    self, Id, Language, Letters, Location, MailCalendar, Opening, Practice, Presence, RESERVED_IDS, Resource, ResourceKind, Staff, Text,
    Week,
};
use crate::ical::zone::Zone;
use crate::principal::{Grant, LOGIN_RULE, Role, View, is_login};

/// The least contrast of the practice's colour with white that people can read (WCAG 2.1 §1.4.3).
const MIN_CONTRAST: f64 = 4.5;

/// How often a day may open.
const MAX_OPENINGS: usize = 12;
/// For so many days an appointment's link may be good after it.
const MAX_LINK_DAYS: u32 = 3660;
/// How many sites may show the booking pages in a frame.
const MAX_ORIGINS: usize = 20;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

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
    #[serde(default = "two_minutes")]
    notify_grace_seconds: Spanned<u32>,
    #[serde(default = "a_day")]
    reminder_hours: Spanned<u32>,
    #[serde(default)]
    mail_calendar: MailCalendar,
    #[serde(default = "two")]
    open_requests: Spanned<u32>,
    #[serde(default = "some_appointments")]
    open_appointments: Spanned<u32>,
    #[serde(default = "a_month")]
    link_days: Spanned<u32>,
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
    staff: Vec<StaffFile>,
}

fn german() -> Language {
    Language::De
}

fn two_minutes() -> Spanned<u32> {
    Spanned::new(0..0, 120)
}

fn a_day() -> Spanned<u32> {
    Spanned::new(0..0, 24)
}

fn two() -> Spanned<u32> {
    Spanned::new(0..0, 2)
}

fn some_appointments() -> Spanned<u32> {
    Spanned::new(0..0, practice::open_appointments())
}

fn a_month() -> Spanned<u32> {
    Spanned::new(0..0, practice::link_days())
}

/// One text for all languages, or one for each.
#[derive(Clone)]
enum Words {
    One(String),
    Each(BTreeMap<Language, String>),
}

/// By hand, so that a language that there is not is refused by its name and with those that there are.
impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Words, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Words;

            fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text in quotes, or one for each language: { de = \"…\", en = \"…\" }")
            }

            fn visit_str<E>(self, text: &str) -> Result<Words, E> {
                Ok(Words::One(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Words, A::Error> {
                let mut each = BTreeMap::new();
                while let Some((language, text)) = map.next_entry()? {
                    each.insert(language, text);
                }
                Ok(Words::Each(each))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

type Hours = BTreeMap<Spanned<String>, Spanned<String>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LocationFile {
    id: Spanned<String>,
    name: String,
    street: String,
    postcode: String,
    city: String,
    telephone: String,
    email: Spanned<String>,
    zone: Option<Spanned<String>>,
    region: Option<Spanned<String>>,
    #[serde(default)]
    holidays: holidays::File,
    hours: Hours,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceFile {
    id: Spanned<String>,
    name: String,
    location: Spanned<String>,
    #[serde(default = "room")]
    kind: ResourceKind,
    hours: Option<Hours>,
    #[serde(default = "yes")]
    online: bool,
    #[serde(default)]
    public_busy: bool,
}

fn room() -> ResourceKind {
    ResourceKind::Room
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StaffFile {
    login: Spanned<String>,
    name: String,
    email: Option<Spanned<String>>,
    #[serde(default)]
    role: RoleWord,
    #[serde(default)]
    calendars: BTreeMap<Spanned<String>, GrantWord>,
    customers: Option<Spanned<GrantWord>>,
    hours: Option<Spanned<GrantWord>>,
    sees: Option<Spanned<String>>,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum RoleWord {
    #[default]
    Staff,
    Admin,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
enum GrantWord {
    FreeBusy,
    Read,
    Write,
}

impl From<GrantWord> for Grant {
    fn from(word: GrantWord) -> Grant {
        match word {
            GrantWord::FreeBusy => Grant::FreeBusy,
            GrantWord::Read => Grant::Read,
            GrantWord::Write => Grant::Write,
        }
    }
}

/// A refusal and where it stands.
struct Mistake(Range<usize>, String);

type Checked<T> = Result<T, Mistake>;

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

fn wrong<T>(value: &Spanned<T>, message: impl Into<String>) -> Mistake {
    Mistake(value.span(), message.into())
}

fn check(file: File, folder: Option<&Path>) -> Checked<Practice> {
    if file.name.get_ref().trim().is_empty() {
        return Err(wrong(&file.name, "the practice needs a name"));
    }
    let mut ids = BTreeSet::new();
    let locations = file.location.iter().map(|l| location(l, folder, &mut ids)).collect::<Checked<Vec<_>>>()?;
    ids.clear();
    let resources = file.resource.iter().map(|r| resource(r, &locations, &mut ids)).collect::<Checked<Vec<_>>>()?;
    ids.clear();
    let services = file.service.iter().map(|s| service::check(s, &locations, &resources, &mut ids)).collect::<Checked<Vec<_>>>()?;
    ids.clear();
    let staff = file.staff.iter().map(|s| person(s, &resources, &mut ids)).collect::<Checked<Vec<_>>>()?;
    let web = |url: &Option<Spanned<String>>| url.as_ref().map(web_address).transpose();
    Ok(Practice {
        name: file.name.get_ref().trim().to_owned(),
        colour: file.colour.as_ref().map_or_else(|| Ok("#1f5f8b".to_owned()), colour)?,
        language: file.language,
        copy_to: file.copy_to.as_ref().map(address).transpose()?,
        privacy_url: web(&file.privacy_url)?,
        imprint_url: web(&file.imprint_url)?,
        widget_origins: origins(&file.widget_origins)?,
        notify_grace_seconds: at_most(&file.notify_grace_seconds, 86_400)?,
        letters: Letters { reminder_hours: reminder_hours(&file.reminder_hours)?, calendar: file.mail_calendar },
        open_requests: at_least_one(&file.open_requests)?,
        open_appointments: at_least_one(&file.open_appointments)?,
        link_days: at_most(&file.link_days, MAX_LINK_DAYS)?,
        fields: fields(&file.fields)?,
        texts: texts(&file.texts)?,
        locations,
        resources,
        services,
        staff,
    })
}

fn id(value: &Spanned<String>, seen: &mut BTreeSet<String>) -> Checked<Id> {
    let text = value.get_ref();
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if !(1..=40).contains(&text.len()) || !text.bytes().all(allowed) {
        return Err(wrong(value, "an id has 1 to 40 lower-case letters a–z, digits and hyphens"));
    }
    if !seen.insert(text.clone()) {
        return Err(wrong(value, format!("there is another `{text}`")));
    }
    Ok(Id(text.clone()))
}

fn location(file: &LocationFile, folder: Option<&Path>, ids: &mut BTreeSet<String>) -> Checked<Location> {
    let zone = match &file.zone {
        None => "Europe/Berlin".to_owned(),
        Some(zone) => {
            let known =
                Zone::named(zone.get_ref()).ok_or_else(|| wrong(zone, "this is no time zone; an IANA name such as Europe/Berlin is"))?;
            known.iana_name().unwrap_or(zone.get_ref()).to_owned()
        }
    };
    Ok(Location {
        id: id(&file.id, ids)?,
        name: file.name.clone(),
        street: file.street.clone(),
        postcode: file.postcode.clone(),
        city: file.city.clone(),
        telephone: file.telephone.clone(),
        email: address(&file.email)?,
        zone,
        region: file.region.as_ref().map(|r| r.get_ref().clone()),
        holidays: holidays::check(&file.holidays, file.region.as_ref(), folder)?,
        hours: week(&file.hours)?,
    })
}

fn resource(file: &ResourceFile, locations: &[Location], ids: &mut BTreeSet<String>) -> Checked<Resource> {
    let location = locations.iter().find(|l| l.id.as_str() == file.location.get_ref());
    let location = location.ok_or_else(|| wrong(&file.location, format!("there is no location `{}`", file.location.get_ref())))?;
    if RESERVED_IDS.contains(&file.id.get_ref().as_str()) {
        return Err(wrong(&file.id, "a home has a collection of this name already"));
    }
    Ok(Resource {
        id: id(&file.id, ids)?,
        name: file.name.clone(),
        location: location.id.clone(),
        kind: file.kind,
        hours: file.hours.as_ref().map(week).transpose()?,
        online: file.online,
        public_busy: file.public_busy,
    })
}

fn known(value: &Spanned<String>, resources: &[Resource]) -> Checked<Id> {
    let found = resources.iter().find(|r| r.id.as_str() == value.get_ref());
    found.map(|r| r.id.clone()).ok_or_else(|| wrong(value, format!("there is no resource `{}`", value.get_ref())))
}

/// So many calendars one person is granted at most: what a login is granted is one record.
const MAX_GRANTS: usize = 300;

fn person(file: &StaffFile, resources: &[Resource], ids: &mut BTreeSet<String>) -> Checked<Staff> {
    let login = file.login.get_ref();
    if let Some((surplus, _)) = file.calendars.iter().nth(MAX_GRANTS) {
        return Err(wrong(surplus, format!("nobody is granted more than {MAX_GRANTS} calendars one by one; an administrator has all")));
    }
    if !is_login(login) {
        return Err(wrong(&file.login, LOGIN_RULE));
    }
    if !ids.insert(login.clone()) {
        return Err(wrong(&file.login, format!("there is another `{login}`")));
    }
    let grant = |(id, word): (&Spanned<String>, &GrantWord)| Ok((known(id, resources)?, Grant::from(*word)));
    Ok(Staff {
        login: login.clone(),
        name: file.name.clone(),
        email: file.email.as_ref().map(address).transpose()?,
        role: match file.role {
            RoleWord::Staff => Role::Staff,
            RoleWord::Admin => Role::Admin,
        },
        grants: file.calendars.iter().map(grant).collect::<Checked<_>>()?,
        customers: file.customers.as_ref().map(|word| readable(word, "the customers on file")).transpose()?,
        hours: file.hours.as_ref().map(|word| readable(word, "opening hours")).transpose()?,
        sees: file.sees.as_ref().map_or(Ok(View::Full), view)?,
    })
}

/// Of cards and of opening hours nobody can be told no more than when they are busy: they never are.
fn readable(word: &Spanned<GrantWord>, what: &str) -> Checked<Grant> {
    match Grant::from(*word.get_ref()) {
        Grant::FreeBusy => Err(wrong(word, format!("{what} are granted to read or to write"))),
        grant => Ok(grant),
    }
}

fn view(word: &Spanned<String>) -> Checked<View> {
    let words = || View::ALL.map(View::word).join(", ");
    View::from_word(word.get_ref()).ok_or_else(|| wrong(word, format!("what somebody sees of customers' data is one of {}", words())))
}

fn text(words: &Words) -> Text {
    match words {
        Words::One(one) => Text(Language::ALL.map(|language| (language, one.clone())).into_iter().collect()),
        Words::Each(each) => Text(each.clone()),
    }
}

fn texts(file: &BTreeMap<Spanned<String>, Words>) -> Checked<BTreeMap<String, Text>> {
    const NAMES: [&str; 3] = ["intro", "thanks", "comment"];
    file.iter()
        .map(|(name, words)| match NAMES.contains(&name.get_ref().as_str()) {
            true => Ok((name.get_ref().clone(), text(words))),
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

fn week(hours: &Hours) -> Checked<Week> {
    let mut week = Week::default();
    for (days, times) in hours {
        let openings = openings(times)?;
        for day in days_of(days)? {
            let Some(slot) = week.0.get_mut(day) else { continue };
            if !slot.is_empty() {
                return Err(wrong(days, format!("{} stands there twice", DAYS.get(day).unwrap_or(&""))));
            }
            slot.clone_from(&openings);
        }
    }
    Ok(week)
}

/// `mon`, or `mon-fri`.
fn days_of(days: &Spanned<String>) -> Checked<std::ops::RangeInclusive<usize>> {
    let number = |word: &str| DAYS.iter().position(|day| *day == word.trim());
    let (first, last) = days.get_ref().split_once('-').unwrap_or((days.get_ref(), days.get_ref()));
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => Ok(first..=last),
        _ => Err(wrong(days, format!("days are {}, or a range such as mon-fri", DAYS.join(", ")))),
    }
}

/// `09:00-12:30, 13:30-18:00`.
fn openings(times: &Spanned<String>) -> Checked<Vec<Opening>> {
    let bad = || wrong(times, "hours are written as 09:00-18:00, several divided by commas, in order, up to 24:00");
    let minute = |word: &str| {
        let (hour, minute) = word.trim().split_once(':')?;
        let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
        (minute < 60 && hour * 60 + minute <= 1440).then_some(hour * 60 + minute)
    };
    let mut openings: Vec<Opening> = Vec::new();
    if times.get_ref().split(',').count() > MAX_OPENINGS {
        return Err(wrong(times, format!("a day opens at most {MAX_OPENINGS} times")));
    }
    for part in times.get_ref().split(',').filter(|part| !part.trim().is_empty()) {
        let (from, to) = part.split_once(['-', '–']).ok_or_else(bad)?;
        let opening = Opening { from: minute(from).ok_or_else(bad)?, to: minute(to).ok_or_else(bad)? };
        if opening.from >= opening.to || openings.last().is_some_and(|before| before.to > opening.from) {
            return Err(bad());
        }
        openings.push(opening);
    }
    Ok(openings)
}

fn at_most(value: &Spanned<u32>, limit: u32) -> Checked<u32> {
    if *value.get_ref() <= limit { Ok(*value.get_ref()) } else { Err(wrong(value, format!("at most {limit}"))) }
}

/// From an hour, which reminds of early appointments alone, to four weeks.
fn reminder_hours(value: &Spanned<u32>) -> Checked<u32> {
    if (1..=672).contains(value.get_ref()) { Ok(*value.get_ref()) } else { Err(wrong(value, "a reminder comes 1 to 672 hours before")) }
}

fn at_least_one(value: &Spanned<u32>) -> Checked<u32> {
    if *value.get_ref() >= 1 { Ok(*value.get_ref()) } else { Err(wrong(value, "at least 1")) }
}

fn address(value: &Spanned<String>) -> Checked<String> {
    crate::mail::message::ascii_address(value.get_ref()).map_err(|why| wrong(value, why))?;
    Ok(value.get_ref().clone())
}

/// Origins as browsers compare them (RFC 6454 §6.2) and as a policy takes them: nothing in them can end its directive.
fn origins(file: &[Spanned<String>]) -> Checked<Vec<String>> {
    if let Some(one) = file.get(MAX_ORIGINS) {
        return Err(wrong(one, format!("at most {MAX_ORIGINS} sites may show the booking pages")));
    }
    let origin = |value: &Spanned<String>| {
        let text = value.get_ref();
        let uri: Option<http::Uri> = text.parse().ok();
        let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".:/-".contains(&b));
        let whole = uri.is_some_and(|uri| {
            let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https"));
            let host = uri.authority().filter(|host| !host.host().is_empty());
            scheme.zip(host).is_some_and(|(scheme, host)| *text == format!("{scheme}://{host}"))
        });
        let words = "a site is written as browsers name it: https://www.praxis.example, in lower case, without a path";
        if plain && whole { Ok(text.clone()) } else { Err(wrong(value, words)) }
    };
    file.iter().map(origin).collect()
}

fn web_address(value: &Spanned<String>) -> Checked<String> {
    let uri: Option<http::Uri> = value.get_ref().parse().ok();
    let web = uri.is_some_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some());
    if web { Ok(value.get_ref().clone()) } else { Err(wrong(value, "a web address begins with http:// or https://")) }
}

fn colour(value: &Spanned<String>) -> Checked<String> {
    let text = value.get_ref();
    let hex = text.strip_prefix('#').filter(|hex| hex.len() == 6);
    let number = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok()).ok_or_else(|| wrong(value, "a colour is written as #1f5f8b"))?;
    let contrast = contrast_with_white(number);
    if contrast < MIN_CONTRAST {
        let message =
            format!("white text on this colour has a contrast of {contrast:.1}; at least {MIN_CONTRAST} is needed, so take a darker one");
        return Err(wrong(value, message));
    }
    Ok(text.to_lowercase())
}

/// The contrast ratio of a colour with white (WCAG 2.1, relative luminance).
fn contrast_with_white(rgb: u32) -> f64 {
    let channel = |shift: u32| {
        let value = f64::from(rgb >> shift & 0xff) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    1.05 / (0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let many: String = (0..=MAX_GRANTS).map(|n| format!("k-{n} = \"read\", ")).collect();
        assert!(change("kabine-1 = \"write\"", &format!("{many}kabine-1 = \"write\"")).contains("more than 300 calendars"));
        assert!(change("kabine-1 = \"write\"", "kabine-9 = \"write\"").contains("there is no resource `kabine-9`"));
    }

    #[test]
    fn contrast_is_what_the_guidelines_say() {
        assert!((contrast_with_white(0x00_0000) - 21.0).abs() < 0.01);
        assert!((contrast_with_white(0xff_ffff) - 1.0).abs() < 0.01);
        assert!((contrast_with_white(0x76_7676) - 4.54).abs() < 0.01);
    }
}

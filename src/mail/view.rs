//! What the templates of a letter are given, and how outside values become fit to be shown in one.
//!
//! Not for: the words (`templates/text/*/mail.ftl`), MIME (`message`).

use serde::Serialize;

use super::message::Particulars;
use crate::appointment::booking::{Customer, State};
use crate::appointment::notice::{Notice, NoticeKind, Recipient};
use crate::appointment::practice::{Language, Resource, ResourceKind};
use crate::ical::zone::Zone;

/// A value from outside is shown up to so many characters.
const VALUE_CHARACTERS: usize = 4_000;
/// A name in a header or a greeting has at most so many.
const NAME_CHARACTERS: usize = 60;

/// One thing that the customer typed.
#[derive(Debug, Serialize)]
pub struct Typed {
    /// The field's name: the label is `mail-field-FIELD`; empty for a service's own field.
    pub field: &'static str,
    /// The label of a service's own field, or empty.
    pub label: String,
    /// One line.
    pub value: String,
}

/// A letter's template context. Texts are one line each and empty where there is nothing to say.
#[derive(Debug, Serialize)]
pub struct View {
    /// Which wording: `requested`, `confirmed`, `moved`, `moved-request`, `cancelled`, `declined`, `reminder`,
    /// `reminder-request`.
    pub about: &'static str,
    /// The practice's name.
    pub practice: String,
    /// `#rrggbb`
    pub colour: String,
    /// For the greeting.
    pub name: String,
    /// Wall clock of the location: `2026-03-26T10:30:00`.
    pub start: String,
    /// The same for the end.
    pub end: String,
    /// What was booked.
    pub service: String,
    /// What to know or bring, or empty; only where the appointment takes place.
    pub instructions: String,
    /// Whether its customer can still cancel it online.
    pub can_cancel: bool,
    /// Until when, on the wall clock of the location; empty where that is until it begins, or no longer.
    pub cancel_until: String,
    /// Whether it can't be cancelled online though it is not near.
    pub cancel_never: bool,
    /// `Filiale Stuttgart, Kabine 1, Frau Anna`
    pub spot: String,
    /// `Marktplatz 1, 12345 Stuttgart`
    pub address: String,
    /// The location's.
    pub telephone: String,
    /// The location's.
    pub email: String,
    /// The page that the letter leads to.
    pub link: String,
    /// Where a new appointment can be asked for.
    pub public_url: String,
    /// Link to the privacy notice.
    pub privacy: String,
    /// Link to the imprint.
    pub imprint: String,
    /// All that the customer typed, in the order of the form.
    pub typed: Vec<Typed>,
    /// Where an answer goes; empty where it goes to the sender.
    pub answer_to: String,
}

/// An appointment that begins within so many seconds is near.
const NEAR: i64 = 7 * 86_400;

impl View {
    /// Puts it together. Refused where the zone is unknown: a letter with a wrong time is worse than none.
    pub fn of(notice: &Notice, given: &Particulars<'_>, language: Language) -> Result<View, String> {
        let (practice, booking) = (given.practice, given.booking);
        let zone_name = given.location.map_or(booking.zone.as_str(), |l| l.zone.as_str());
        let zone = Zone::named(zone_name).ok_or_else(|| format!("The time zone '{}' is not known.", one_line(zone_name)))?;
        let wall = |at| zone.utc_to_local(at).format("%Y-%m-%dT%H:%M:%S").to_string();
        let service = booking.service.as_ref().and_then(|id| practice.service(id.as_str()));
        let stands = booking.state.blocks() && !matches!(notice.kind, NoticeKind::Cancelled | NoticeKind::Declined);
        let ahead = service.map_or(0, |service| service.cancel_hours);
        let until = booking.range.start - i64::from(ahead) * 3600;
        let can_cancel = stands && until > given.now.timestamp();
        let of_location =
            |text: fn(&crate::appointment::practice::Location) -> &str| given.location.map_or(String::new(), |l| one_line(text(l)));
        Ok(View {
            about: about(notice.kind, booking.state),
            practice: one_line(&practice.name),
            colour: colour(&practice.colour),
            name: speakable(&booking.customer),
            start: wall(booking.range.start),
            end: wall(booking.range.end),
            service: service.map_or(String::new(), |s| one_line(s.name.get(language))),
            instructions: service.filter(|_| stands).map_or(String::new(), |s| one_line(s.instructions.get(language))),
            can_cancel,
            cancel_until: if can_cancel && ahead > 0 { wall(until) } else { String::new() },
            cancel_never: stands && !can_cancel && booking.range.start.saturating_sub(given.now.timestamp()) > NEAR,
            spot: spot(notice.to, given),
            address: address(given),
            telephone: of_location(|l| &l.telephone),
            email: of_location(|l| &l.email),
            link: given.link.to_owned(),
            public_url: web_link(Some(&given.sender.public_url)),
            privacy: web_link(practice.privacy_url.as_deref()),
            imprint: web_link(practice.imprint_url.as_deref()),
            typed: typed(&booking.customer),
            answer_to: String::new(),
        })
    }
}

/// The wording: a request that moved is still a request, and so is one that its customer is reminded of.
pub fn about(kind: NoticeKind, state: State) -> &'static str {
    match (kind, state) {
        (NoticeKind::Moved, State::Requested) => "moved-request",
        (NoticeKind::Reminder, State::Requested) => "reminder-request",
        _ => kind.word(),
    }
}

/// LOCATION of the customer's object: practice, street, town.
pub fn place(given: &Particulars<'_>) -> String {
    let address = address(given);
    if address.is_empty() { one_line(&given.practice.name) } else { format!("{}, {address}", one_line(&given.practice.name)) }
}

fn spot(to: Recipient, given: &Particulars<'_>) -> String {
    let location = given.location.map_or("", |l| l.name.as_str());
    // Customers are not told which device is reserved for them.
    let told = |resource: &&Resource| to == Recipient::Practice || resource.kind != ResourceKind::Device;
    let resources = given.resource.into_iter().chain(given.beside.iter().copied()).filter(told);
    let parts: Vec<&str> = std::iter::once(location).chain(resources.map(|resource| resource.name.as_str())).collect();
    joined(&parts, ", ")
}

fn address(given: &Particulars<'_>) -> String {
    match given.location {
        Some(location) => joined(&[&location.street, &joined(&[&location.postcode, &location.city], " ")], ", "),
        None => one_line(&given.booking.place),
    }
}

fn joined(parts: &[&str], with: &str) -> String {
    parts.iter().map(|part| one_line(part)).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(with)
}

fn typed(customer: &Customer) -> Vec<Typed> {
    let form = Customer::FIELDS.into_iter().map(|field| Typed { field, label: String::new(), value: one_line(customer.field(field)) });
    let own = customer.own.iter().map(|own| Typed { field: "", label: one_line(&own.label), value: one_line(&own.value) });
    form.chain(own).filter(|typed| !typed.value.is_empty()).collect()
}

/// An address that a page of ours may link to, or nothing.
fn web_link(written: Option<&str>) -> String {
    written.map(str::trim).filter(|link| is_web_link(link)).unwrap_or("").to_owned()
}

/// Whether it is an address of the web: nothing else becomes a link.
pub fn is_web_link(link: &str) -> bool {
    let web = link.starts_with("https://") || link.starts_with("http://");
    web && !link.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn colour(written: &str) -> String {
    let is_colour = written.len() == 7 && written.strip_prefix('#').is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
    if is_colour { written.to_owned() } else { "#1f5f8b".to_owned() }
}

/// A value on one line, of bounded length, without control characters and without marks that turn the reading direction.
pub fn one_line(value: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let breaks = |c: char| c.is_whitespace() || c.is_control();
    let kept: String = value.chars().take(VALUE_CHARACTERS).map(|c| if breaks(c) { ' ' } else { c }).filter(|c| !turns(*c)).collect();
    let mut line = kept.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if value.chars().nth(VALUE_CHARACTERS).is_some() {
        line.push('…');
    }
    line
}

/// A name for a header or a greeting, cut where it is too long.
pub fn short_name(value: &str) -> String {
    one_line(value).chars().take(NAME_CHARACTERS).collect::<String>().trim().to_owned()
}

/// The customer's name, or nothing where it does not look like one: anybody can type somebody else's address into the form, and the
/// letter must not carry an advertisement or a link to them.
pub fn speakable(customer: &Customer) -> String {
    let name = one_line(&customer.full_name());
    let ordinary = |c: char| c.is_alphabetic() || c.is_whitespace() || matches!(c, '-' | '\'' | '’' | '.' | ',' | '·') || is_mark(c);
    let letters: Vec<char> = name.chars().collect();
    // A full stop belongs at the end of an abbreviation; before a letter it makes a domain.
    let domain = letters.windows(2).any(|pair| matches!(pair, ['.', after] if after.is_alphabetic()));
    if letters.len() > NAME_CHARACTERS || domain || !name.chars().all(ordinary) { String::new() } else { name }
}

/// Combining marks, as names decomposed into letter and accent have them.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_one_line_of_bounded_length() {
        assert_eq!(one_line("a\r\nBcc: b\u{202e}c\u{0}d\te "), "a Bcc: bc d e");
        assert_eq!(one_line(&"x".repeat(10_000)).chars().count(), VALUE_CHARACTERS + 1);
        assert_eq!(one_line(""), "");
    }

    #[test]
    fn only_what_looks_like_a_name_is_greeted() {
        let named = |given: &str, family: &str| {
            speakable(&Customer { given_name: given.to_owned(), family_name: family.to_owned(), ..Customer::default() })
        };
        assert_eq!(named("Dr. Torsten", "O’Neill-Müller"), "Dr. Torsten O’Neill-Müller");
        assert_eq!(named("Élodie", "Ґалаґан"), "Élodie Ґалаґан");
        assert_eq!(named("Win 1000 €", "now"), "");
        assert_eq!(named("See", "evil.example"), "");
        assert_eq!(named("http://evil", "x"), "");
        assert_eq!(named(&"Anna ".repeat(20), "x"), "");
    }

    #[test]
    fn every_name_is_documented() {
        let view = View {
            about: "confirmed",
            practice: String::new(),
            colour: String::new(),
            name: String::new(),
            start: String::new(),
            end: String::new(),
            service: String::new(),
            instructions: String::new(),
            can_cancel: true,
            cancel_until: String::new(),
            cancel_never: false,
            spot: String::new(),
            address: String::new(),
            telephone: String::new(),
            email: String::new(),
            link: String::new(),
            public_url: String::new(),
            privacy: String::new(),
            imprint: String::new(),
            typed: Vec::new(),
            answer_to: String::new(),
        };
        let documented = include_str!("LETTERS.md");
        for name in serde_json::to_value(view).unwrap().as_object().unwrap().keys() {
            assert!(documented.contains(&format!("`{name}`")), "{name}");
        }
        for (about, _, _) in super::super::sample::LETTERS {
            assert!(documented.contains(&format!("| `{about}` |")), "{about}");
        }
    }

    #[test]
    fn a_colour_is_a_colour() {
        assert_eq!(colour("#AA0011"), "#AA0011");
        assert_eq!(colour("red;background:url(x)"), "#1f5f8b");
    }
}

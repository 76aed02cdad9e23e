//! A VEVENT seen as an appointment.
//!
//! Not for: what a change of it meant (`gesture`), who is told (`notice`).

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use minicbor::{Decode, Encode};

use super::description::{self, Labels, Setting};
use super::practice::{Id, Language, Location, Practice, Resource};
use super::service::{Initial, Service};
use super::team::Team;
use super::words;
use crate::error::Result;
use crate::ical::object::{CalendarObject, Node, escape_text, line};
use crate::ical::time::{Moment, Span, TimeRange, format_local, format_utc};
use crate::ical::zone::{self, Zone};

/// Where a booking stands. There is no other record of it than the event's own lines and its history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum State {
    /// Asked for on the web; blocks its time.
    #[n(0)]
    Requested,
    /// Staff have confirmed.
    #[n(1)]
    Confirmed,
    /// Cancelled by customer or staff; its time is free.
    #[n(2)]
    Cancelled,
    /// Staff have declined the request; its time is free.
    #[n(3)]
    Rejected,
    /// The customer came.
    #[n(4)]
    Attended,
    /// The customer did not come.
    #[n(5)]
    NoShow,
}

/// What the customer typed. Each value is one line without control characters; empty where nothing was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Customer {
    /// `Herr`, `Frau`, or what the practice offers.
    pub salutation: String,
    /// First name.
    pub given_name: String,
    /// Last name.
    pub family_name: String,
    /// E-mail.
    pub email: String,
    /// Telephone.
    pub telephone: String,
    /// Street and number.
    pub street: String,
    /// Postal code.
    pub postcode: String,
    /// Town.
    pub city: String,
    /// Comment; several lines are joined by ` / `.
    pub comment: String,
    /// What was filled into the service's own fields, in their order.
    pub own: Vec<Own>,
    /// Whether a reminder by e-mail was asked for.
    pub reminder: bool,
}

/// What was filled into one of a service's own fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    /// The field's id.
    pub id: String,
    /// Its label as DESCRIPTION has it.
    pub label: String,
    /// One line; `ja` or `nein` for a box, `2026-11-24` for a day.
    pub value: String,
}

impl Customer {
    /// The fields' names, in the order of the form.
    pub const FIELDS: [&'static str; 9] =
        ["salutation", "given_name", "family_name", "email", "telephone", "street", "postcode", "city", "comment"];

    /// The longest value of a field but the comment, in characters.
    pub const MAX_FIELD: usize = 200;

    /// The longest comment, in characters.
    pub const MAX_COMMENT: usize = 2_000;

    /// The longest value of a field, in characters as they are typed.
    pub fn limit(name: &str) -> usize {
        if name == "comment" { Customer::MAX_COMMENT } else { Customer::MAX_FIELD }
    }

    /// A field by its name.
    pub fn field(&self, name: &str) -> &str {
        match name {
            "salutation" => &self.salutation,
            "given_name" => &self.given_name,
            "family_name" => &self.family_name,
            "email" => &self.email,
            "telephone" => &self.telephone,
            "street" => &self.street,
            "postcode" => &self.postcode,
            "city" => &self.city,
            "comment" => &self.comment,
            _ => "",
        }
    }

    /// A field to write, by its name.
    pub fn field_mut(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "salutation" => &mut self.salutation,
            "given_name" => &mut self.given_name,
            "family_name" => &mut self.family_name,
            "email" => &mut self.email,
            "telephone" => &mut self.telephone,
            "street" => &mut self.street,
            "postcode" => &mut self.postcode,
            "city" => &mut self.city,
            "comment" => &mut self.comment,
            _ => return None,
        })
    }

    /// `Given Family`, without salutation.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name).trim().to_owned()
    }
}

/// An appointment, as read from its VEVENT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// UID of the event: a UUID.
    pub uid: String,
    /// X-OPENSLOT-REV: how often the server has written it.
    pub revision: u32,
    /// Where it stands.
    pub state: State,
    /// When. Of one that stands as a day without a time, when it last had one.
    pub range: TimeRange,
    /// On which day it stands without a time: somebody has ticked "all day", and nobody can tell its customer when to come.
    pub day: Option<NaiveDate>,
    /// Whether staff have made it into a series.
    pub repeats: bool,
    /// IANA zone in which it was written.
    pub zone: String,
    /// What for.
    pub service: Option<Id>,
    /// SUMMARY without our prefix.
    pub summary: String,
    /// LOCATION as written.
    pub place: String,
    /// The names of the resources that hold it, where they are several.
    pub resources: Vec<String>,
    /// Who.
    pub customer: Customer,
    /// In which language the customer is written to.
    pub language: Language,
    /// Lines of the history in DESCRIPTION, oldest first.
    pub log: Vec<String>,
    /// Staff's own notes, below `Notizen`.
    pub notes: String,
    /// When it was asked for.
    pub created: DateTime<Utc>,
}

/// A request, before it becomes an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBooking<'a> {
    /// Its UUID.
    pub uid: &'a str,
    /// When.
    pub range: TimeRange,
    /// Where.
    pub location: &'a Location,
    /// On what.
    pub resource: &'a Resource,
    /// On what else.
    pub beside: &'a [&'a Resource],
    /// What for.
    pub service: &'a Service,
    /// By whom; already cleaned.
    pub customer: &'a Customer,
    /// The customer's language.
    pub language: Language,
    /// The practice.
    pub practice: &'a Practice,
    /// The staff page of this booking.
    pub page: &'a str,
    /// The present.
    pub now: DateTime<Utc>,
}

/// LOCATION of a booking: the resource, then the branch with its address.
pub fn place(resource: &Resource, location: &Location) -> String {
    let Location { name, street, postcode, city, .. } = location;
    format!("{}, {name}, {street}, {postcode} {city}", resource.name)
}

/// Makes one line of what somebody typed: no control characters, no marks that change the direction of what follows.
/// Line breaks become ` / `.
pub fn clean(typed: &str) -> String {
    let unmarked = typed.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}', '\u{85}', '\u{b}', '\u{c}'], "\n");
    let lines = unmarked.split('\n').map(|line| {
        let kept = line.chars().filter(|c| !matches!(*c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'));
        let spaced: String = kept.map(|c| if c.is_control() { ' ' } else { c }).collect();
        spaced.split_whitespace().collect::<Vec<_>>().join(" ")
    });
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" / ")
}

/// Name, parameters, value as it stands in iCalendar.
type Line<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);

impl NewBooking<'_> {
    /// The whole object: as a rule TENTATIVE and OPAQUE, always without ORGANIZER and ATTENDEE, so that neither a
    /// client nor a server ever mails the customer behind our back (RFC 6638 §3.1).
    pub fn compose(&self) -> Result<Bytes> {
        let zone = Zone::named(&self.location.zone).unwrap_or(Zone::UTC);
        let language = self.practice.language;
        let state = self.state();
        let words = words::of_state(language, state);
        let stamp = format_utc(self.now);
        let local = |at| format_local(zone.utc_to_local(at));
        let tzid = [("TZID", self.location.zone.as_str())];
        let name = [self.customer.family_name.as_str(), self.customer.given_name.as_str()]
            .iter()
            .filter(|n| !n.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(", ");
        let summary = format!("{}{} – {name}", words.prefix, self.service.name.get(language));
        let place = place(self.resource, self.location);
        let history = words::history_line(
            language,
            zone.utc_to_local(self.now.timestamp()),
            if state == State::Requested { "requested" } else { "booked" },
            None,
            "",
        );
        let history: Vec<String> = history.into_iter().collect();
        let head = words::head(language, &self.practice.name, &self.location.city);
        let holders = std::iter::once(self.resource).chain(self.beside.iter().copied());
        let team = Team { holders: holders.map(|resource| resource.name.clone()).collect(), missing: Vec::new() };
        let setting = Setting { head: &head, language, state, team: &team, page: self.page };
        let description = description::compose(setting, self.customer, &history);
        let fields = Labels::of_customer(self.customer).written();
        let mut text = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//openslot//openslot//EN\r\nCALSCALE:GREGORIAN\r\n");
        text.push_str(&zone.vtimezone(&self.location.zone, self.range));
        text.push_str("BEGIN:VEVENT\r\n");
        let (transp, show_as, colour) = match (self.service.transparent, state) {
            (true, _) => ("TRANSPARENT", "FREE", "green"),
            (false, State::Requested) => ("OPAQUE", "TENTATIVE", "orange"),
            (false, _) => ("OPAQUE", "BUSY", "green"),
        };
        let (before, after) = (self.service.before_minutes.to_string(), self.service.after_minutes.to_string());
        let lines: [Line<'_>; 22] = [
            ("UID", &[], self.uid),
            ("CREATED", &[], &stamp),
            ("DTSTAMP", &[], &stamp),
            ("LAST-MODIFIED", &[], &stamp),
            ("SEQUENCE", &[], "0"),
            ("DTSTART", &tzid, &local(self.range.start)),
            ("DTEND", &tzid, &local(self.range.end)),
            ("SUMMARY", &[], &escape_text(&summary)),
            ("LOCATION", &[], &escape_text(&place)),
            ("STATUS", &[], state.status()),
            ("TRANSP", &[], transp),
            ("CATEGORIES", &[], &escape_text(words.category)),
            ("COLOR", &[], colour),
            ("URL", &[], self.page),
            ("DESCRIPTION", &[], &escape_text(&description)),
            ("X-MICROSOFT-CDO-BUSYSTATUS", &[], show_as),
            ("X-OPENSLOT-STATE", &[], state.word()),
            ("X-OPENSLOT-REV", &[], "1"),
            ("X-OPENSLOT-SERVICE", &[], self.service.id.as_str()),
            ("X-OPENSLOT-LANGUAGE", &[], self.language.tag()),
            ("X-OPENSLOT-BEFORE", &[], &before),
            ("X-OPENSLOT-AFTER", &[], &after),
        ];
        let none = |name: &str, value: &str| value == "0" && name.starts_with("X-OPENSLOT-");
        for (name, params, value) in lines.into_iter().filter(|(name, _, value)| !none(name, value)) {
            text.push_str(&line(name, params, value)?);
        }
        if !fields.is_empty() {
            text.push_str(&line(Labels::PROPERTY, &[], &fields)?);
        }
        text.push_str("END:VEVENT\r\nEND:VCALENDAR\r\n");
        Ok(Bytes::from(text))
    }

    /// What it is at first: a request, or confirmed at once where the service says so.
    pub fn state(&self) -> State {
        match self.service.initial {
            Initial::Request => State::Requested,
            Initial::Confirmed => State::Confirmed,
        }
    }
}

impl State {
    /// The word in X-OPENSLOT-STATE.
    pub fn word(self) -> &'static str {
        match self {
            State::Requested => "REQUESTED",
            State::Confirmed => "CONFIRMED",
            State::Cancelled => "CANCELLED",
            State::Rejected => "REJECTED",
            State::Attended => "ATTENDED",
            State::NoShow => "NO-SHOW",
        }
    }

    /// The state of a word.
    pub fn from_word(word: &str) -> Option<State> {
        words::STATES.into_iter().find(|state| state.word().eq_ignore_ascii_case(word.trim()))
    }

    /// Whether the time is taken.
    pub fn blocks(self) -> bool {
        !matches!(self, State::Cancelled | State::Rejected)
    }

    /// STATUS (RFC 5545 §3.8.1.11): nothing but its three words, or clients make something up.
    pub fn status(self) -> &'static str {
        match self {
            State::Requested => "TENTATIVE",
            State::Cancelled | State::Rejected => "CANCELLED",
            State::Confirmed | State::Attended | State::NoShow => "CONFIRMED",
        }
    }
}

/// From when to when an event is, its repetitions aside; `None` without a DTSTART that leads to an instant.
pub fn range_of(object: &CalendarObject, event: &Node, default_zone: &Zone) -> Option<TimeRange> {
    let moment = |name: &str| event.first(name).and_then(|p| Moment::parse(&p.value, p.param("TZID")));
    let begin = moment("DTSTART")?;
    let start = zone::resolve(&begin, object, default_zone)?;
    let after = |span: Span| Some(zone::zone_of(&begin, object, default_zone)?.local_to_utc(span.after(begin.naive())?));
    let end = match (moment("DTEND"), event.first("DURATION").and_then(|p| Span::parse(&p.value))) {
        (Some(end), _) => zone::resolve(&end, object, default_zone)?,
        (None, Some(span)) => after(span)?,
        (None, None) => after(Span { days: i64::from(begin.is_date()), seconds: 0 })?,
    };
    Some(TimeRange { start, end: end.max(start) })
}

/// When an event last had a time, of one that stands as a day without one.
pub const LAST_TIME: &str = "X-OPENSLOT-TIME";

/// The day of an event that has no time.
pub fn day_of(event: &Node) -> Option<NaiveDate> {
    match event.first("DTSTART").and_then(|start| Moment::parse(&start.value, start.param("TZID"))) {
        Some(Moment::Date(date)) => Some(date),
        _ => None,
    }
}

/// As [`range_of`], of an event that has a time.
pub fn timed_range_of(object: &CalendarObject, event: &Node, default_zone: &Zone) -> Option<TimeRange> {
    range_of(object, event, default_zone).filter(|_| day_of(event).is_none())
}

/// The value of [`LAST_TIME`].
pub fn last_time(range: TimeRange) -> String {
    format!("{}/{}", format_utc(range.start_utc()), format_utc(range.end_utc()))
}

fn read_last_time(event: &Node) -> Option<TimeRange> {
    let text = event.text(LAST_TIME)?;
    let (start, end) = text.split_once('/')?;
    let at = |text: &str| match Moment::parse(text, None)? {
        Moment::Utc(at) => Some(at.and_utc()),
        _ => None,
    };
    Some(TimeRange::new(at(start)?, at(end)?)).filter(|range| range.start <= range.end)
}

/// Reads an event as an appointment of ours; `None` where it has no master VEVENT with times. Where our own lines are lost the
/// state follows from STATUS.
pub fn read(object: &CalendarObject, default_zone: &Zone) -> Option<Booking> {
    let event = object.master()?;
    let text = |name: &str| event.text(name).unwrap_or_default();
    let day = day_of(event);
    let range = day.and_then(|_| read_last_time(event)).or_else(|| range_of(object, event, default_zone))?;
    let state = State::from_word(&text("X-OPENSLOT-STATE")).unwrap_or_else(|| match text("STATUS").to_uppercase().as_str() {
        "CANCELLED" => State::Cancelled,
        "TENTATIVE" => State::Requested,
        _ => State::Confirmed,
    });
    let description = text("DESCRIPTION");
    let (customer, notes) = description::read(&Labels::of(event), &description);
    let created = event.first("CREATED").and_then(|p| Moment::parse(&p.value, None)).map(|m| m.naive().and_utc());
    Some(Booking {
        uid: object.uid()?,
        revision: text("X-OPENSLOT-REV").trim().parse().unwrap_or(0),
        state,
        range,
        day,
        repeats: ["RRULE", "RDATE"].iter().any(|name| event.first(name).is_some()),
        zone: event.first("DTSTART").and_then(|p| p.param("TZID")).or(default_zone.iana_name()).unwrap_or_default().to_owned(),
        service: Some(text("X-OPENSLOT-SERVICE")).filter(|id| !id.is_empty()).map(Id),
        summary: words::prefix_of(&text("SUMMARY")).1.to_owned(),
        place: text("LOCATION"),
        resources: description::resources(&description),
        customer,
        language: Language::from_tag(&text("X-OPENSLOT-LANGUAGE")).unwrap_or(Language::De),
        log: description::log(&description),
        notes,
        created: created.unwrap_or_default(),
    })
}

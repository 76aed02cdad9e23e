//! The booking form: its fields, what was typed, what is wrong with it, and other times.
//!
//! Not for: checking what was typed (`app::booking`). HTML §4.10.18.7 (autofill), WCAG 2.1 §1.3.5, §3.3.1.

use serde::Serialize;

use super::super::speak::Spoken;
use super::super::wall::Wall;
use super::said::{Said, Tongue};
use super::{Place, When};
use crate::appointment::answers::{Given, MAX_ANSWER, consent_name, date, field_name};
use crate::appointment::booking::{Customer, clean};
use crate::appointment::practice::{Practice, Presence, Text};
use crate::appointment::refusal::FieldFault;
use crate::appointment::service::{Consent, Field, FieldKind, Service};
use crate::appointment::slot::Slot;
use crate::ical::time::Seconds;

/// The most other times that the page offers.
pub const MAX_OTHERS: usize = 8;

/// The booking form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FormPage {
    /// The branch.
    pub place: Place,
    /// The service's name.
    pub service: Said,
    /// The resource's name; empty for any.
    pub resource: String,
    /// When, if that is known.
    pub when: Option<When>,
    /// How long it can be cancelled online.
    pub cancelling: Cancelling,
    /// Whether it is confirmed as soon as it is booked: nothing is asked for then.
    pub at_once: bool,
    /// Where the form is sent.
    pub action: String,
    /// Back to the times.
    pub back: String,
    /// What the form carries along.
    pub hidden: Vec<Hidden>,
    /// The field that people don't see and don't fill in.
    pub trap: &'static str,
    /// The zone of the times, for whoever lives in another.
    pub zone: String,
    /// What to know or to bring, or empty.
    pub instructions: Said,
    /// What the practice says about its free text; empty: the text `form-comment-hint`.
    pub comment_hint: Said,
    /// Fields that the practice asks for, then the service's own.
    pub fields: Vec<FieldView>,
    /// Boxes to agree with.
    pub consents: Vec<FieldView>,
    /// Whether a reminder was asked for; the box is never ticked beforehand.
    pub reminder: bool,
    /// What is wrong, in the order of the form.
    pub faults: Vec<FaultView>,
    /// Why the page is shown again; the text is `form-ID`: `taken`, `lost` before anything was typed, `not-offered`, `choose`, `rebook`, `too-many-open`, `too-often`, `failed`,
    /// `again`, or empty.
    pub notice: &'static str,
    /// The number of a failure, or empty.
    pub number: String,
    /// Other times, to choose one of.
    pub others: Vec<Other>,
    /// Which of them is chosen already, or empty.
    pub chosen: String,
    /// The languages that the form can be read in.
    pub languages: Vec<Spoken>,
}

/// How long an appointment can be cancelled online, to be said before it is booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cancelling {
    /// `until` a time, until its `start`, until so many `hours` before it where no time is chosen yet; it `was` possible and
    /// no longer is, or `never` is as long as it is booked online.
    pub id: &'static str,
    /// Until when, local, or empty.
    pub until: String,
    /// The hours.
    pub hours: u32,
}

/// What a service's rule means for an appointment at a time, or at one that is still to be chosen.
pub fn cancelling(hours: u32, start: Option<Seconds>, now: Seconds, wall: &Wall) -> Cancelling {
    let until = start.map(|start| start.saturating_sub(i64::from(hours) * 3600));
    let id = match until {
        Some(until) if until <= now => past(start.unwrap_or(now), now),
        _ if hours == 0 => "start",
        Some(_) => "until",
        None => "hours",
    };
    Cancelling { id, until: until.map(|until| wall.written(until)).unwrap_or_default(), hours }
}

/// An appointment that begins within so many seconds is near.
const NEAR: i64 = 7 * 86_400;

/// Why one that begins at a time cannot be cancelled online any more: it is too near, or it never could.
pub fn past(start: Seconds, now: Seconds) -> &'static str {
    if start.saturating_sub(now) <= NEAR { "was" } else { "never" }
}

/// The notices with which another time has to be chosen.
pub const ELSEWHERE: [&str; 5] = ["taken", "lost", "not-offered", "choose", "rebook"];

/// The ids of all notices.
#[cfg(test)]
pub const NOTICES: [&str; 9] = ["taken", "lost", "not-offered", "choose", "rebook", "too-many-open", "too-often", "failed", "again"];

/// A hidden field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hidden {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

/// A field to fill in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldView {
    /// Its name.
    pub name: String,
    /// Its label; empty: the text `field-NAME`.
    pub label: Said,
    /// `text`, `email`, `tel`, `select`, `area`, `choice`, `checkbox` or `date`.
    pub kind: &'static str,
    /// For browsers that fill it in; empty where they can't know.
    pub autocomplete: &'static str,
    /// Whether it must be filled in.
    pub required: bool,
    /// What was typed.
    pub value: String,
    /// What a `choice` is made from.
    pub options: Vec<OptionView>,
    /// What is wrong with it: the text is `fault-ID`; empty where nothing is.
    pub fault: &'static str,
    /// How many characters it takes; 0 where nothing is typed.
    pub limit: usize,
}

/// One of the choices of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OptionView {
    /// What is sent: what staff will read.
    pub value: String,
    /// What the customer reads.
    pub label: Said,
}

/// A fault, for the summary at the top.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FaultView {
    /// The field.
    pub name: String,
    /// Its label; empty: the text `field-NAME`.
    pub label: Said,
    /// The text is `fault-ID`.
    pub fault: &'static str,
    /// How many characters the field takes.
    pub limit: usize,
}

/// Another time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Other {
    /// RFC 3339 with offset.
    pub start: String,
    /// Local start.
    pub at: String,
}

/// The text's id of a fault.
pub fn fault_word(field: &str, fault: FieldFault) -> &'static str {
    match (fault, field) {
        (FieldFault::Missing, "start") => "missing-start",
        (FieldFault::Missing, _) => "missing",
        (FieldFault::TooLong, _) => "too-long",
        (FieldFault::NoEmail, _) => "no-email",
        (FieldFault::NoTelephone, _) => "no-telephone",
        (FieldFault::NoChoice, _) => "no-choice",
        (FieldFault::NoDate, _) => "no-date",
        (FieldFault::Unticked, _) => "unticked",
    }
}

/// The ids of all faults.
#[cfg(test)]
pub const FAULTS: [&str; 8] = ["missing-start", "missing", "too-long", "no-email", "no-telephone", "no-choice", "no-date", "unticked"];

/// Faults by the fields' names.
pub type Faults = [(String, FieldFault)];

/// The text's id of what is wrong with a field, or empty.
fn fault_of(faults: &Faults, name: &str) -> &'static str {
    faults.iter().find(|(field, _)| field == name).map_or("", |(_, fault)| fault_word(name, *fault))
}

/// The fields that the practice asks for, filled in, each with its fault.
pub fn fields(practice: &Practice, typed: &Customer, faults: &Faults) -> Vec<FieldView> {
    let present = Customer::FIELDS.into_iter().filter(|name| practice.presence(name) != Presence::Off);
    present
        .map(|name| {
            let (kind, autocomplete) = shape(name);
            FieldView {
                name: name.to_owned(),
                label: Said::default(),
                kind,
                autocomplete,
                required: practice.presence(name) == Presence::Required,
                value: typed.field(name).to_owned(),
                options: Vec::new(),
                fault: fault_of(faults, name),
                limit: if kind == "select" { 0 } else { Customer::limit(name) },
            }
        })
        .collect()
}

/// A service's own fields. What is sent of a choice is the practice's own word for it, which staff will read.
pub fn own_fields(service: &Service, tongue: Tongue, given: &Given, faults: &Faults) -> Vec<FieldView> {
    let view = |field: &Field| {
        let name = field_name(field);
        let value = given.get(&name).cloned().unwrap_or_default();
        let (kind, options) = match &field.kind {
            FieldKind::Text => ("text", Vec::new()),
            FieldKind::Checkbox => ("checkbox", Vec::new()),
            FieldKind::Date => ("date", Vec::new()),
            FieldKind::Choice(options) => {
                let option = |text: &Text| OptionView { value: clean(text.get(tongue.practice)), label: tongue.said(text) };
                ("choice", options.iter().map(option).collect())
            }
        };
        // A browser with a calendar of its own takes a day in this form only.
        let value = if kind == "date" { date(&value).map_or(value, |day| day.to_string()) } else { value };
        let fault = fault_of(faults, &name);
        let limit = if kind == "text" { MAX_ANSWER } else { 0 };
        FieldView { name, label: tongue.said(&field.label), kind, autocomplete: "", required: field.required, value, options, fault, limit }
    };
    service.fields.iter().map(view).collect()
}

/// The boxes to agree with; never ticked beforehand.
pub fn consents(service: &Service, tongue: Tongue, given: &Given, faults: &Faults) -> Vec<FieldView> {
    let view = |consent: &Consent| {
        let name = consent_name(consent);
        FieldView {
            label: tongue.said(&consent.text),
            kind: "checkbox",
            autocomplete: "",
            required: consent.required,
            value: given.get(&name).cloned().unwrap_or_default(),
            options: Vec::new(),
            fault: fault_of(faults, &name),
            limit: 0,
            name,
        }
    };
    service.consents.iter().map(view).collect()
}

/// A field's control, and its token for browsers that fill it in.
fn shape(name: &str) -> (&'static str, &'static str) {
    match name {
        "salutation" => ("select", "honorific-prefix"),
        "given_name" => ("text", "given-name"),
        "family_name" => ("text", "family-name"),
        "email" => ("email", "email"),
        "telephone" => ("tel", "tel"),
        "street" => ("text", "street-address"),
        "postcode" => ("text", "postal-code"),
        "city" => ("text", "address-level2"),
        _ => ("area", "off"),
    }
}

/// Faults for the summary, in the order of the form; a fault of a field that isn't shown stands last.
pub fn summary(faults: &Faults, shown: &[FieldView]) -> Vec<FaultView> {
    let place = |name: &str| shown.iter().position(|field| field.name == name).unwrap_or(usize::MAX);
    let label = |name: &str| shown.iter().find(|field| field.name == name).map(|field| field.label.clone()).unwrap_or_default();
    let view = |(name, fault): &(String, FieldFault)| FaultView {
        name: name.clone(),
        label: label(name),
        fault: fault_word(name, *fault),
        limit: shown.iter().find(|field| field.name == *name).map_or(0, |field| field.limit),
    };
    let mut views: Vec<FaultView> = faults.iter().map(view).collect();
    views.sort_by_key(|view| place(&view.name));
    views
}

/// Other times, as many as are shown.
pub fn others(slots: &[Slot], wall: &Wall) -> Vec<Other> {
    let other = |slot: &Slot| Other { start: wall.rfc3339(slot.range.start), at: wall.written(slot.range.start) };
    slots.iter().take(MAX_OTHERS).map(other).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::sample;
    use super::*;
    use crate::appointment::practice::{Id, Language};

    #[test]
    fn fields_follow_the_practice_and_keep_what_was_typed() {
        let mut practice = sample::practice();
        practice.fields.insert("street".into(), Presence::Off);
        let typed = Customer { email: "no address".into(), comment: "<b>\"hm\"".into(), ..Customer::default() };
        let faults = [("email".to_owned(), FieldFault::NoEmail), ("given_name".to_owned(), FieldFault::Missing)];
        let fields = fields(&practice, &typed, &faults);
        let field = |name: &str| fields.iter().find(|field| field.name == name);
        assert!(field("street").is_none());
        assert_eq!(field("email").unwrap().fault, "no-email");
        assert_eq!(field("email").unwrap().value, "no address");
        assert_eq!(field("comment").unwrap().value, "<b>\"hm\"");
        assert!(field("family_name").unwrap().required);
        assert!(!field("salutation").unwrap().required);
    }

    #[test]
    fn the_summary_follows_the_form() {
        let faults = ["own-x", "email", "start", "given_name"].map(|name| (name.to_owned(), FieldFault::Missing));
        let mut shown = fields(&sample::practice(), &Customer::default(), &faults);
        shown.push(FieldView { name: "own-x".into(), label: "Gerät".into(), ..shown[0].clone() });
        let views = summary(&faults, &shown);
        assert_eq!(views.iter().map(|v| v.name.as_str()).collect::<Vec<_>>(), ["given_name", "email", "own-x", "start"]);
        assert_eq!((views[2].label.text.as_str(), views[3].fault), ("Gerät", "missing-start"));
    }

    #[test]
    fn own_fields_speak_to_the_customer_and_send_what_staff_read() {
        let text = |de: &str, en: &str| sample::text(de, en);
        let field = |id: &str, kind| Field { id: Id(id.into()), label: text("Gerät", "Device"), kind, required: true };
        let service = Service {
            fields: vec![field("side", FieldKind::Choice(vec![text("links", "left")])), field("born", FieldKind::Date)],
            consents: vec![Consent { id: Id("ok".into()), text: text("Ja.", "Yes."), required: true }],
            ..sample::practice().services[0].clone()
        };
        let tongue = Tongue { page: Language::En, practice: Language::De };
        let given = Given::from([("own-born".to_owned(), "24.12.1960".to_owned())]);
        let own = own_fields(&service, tongue, &given, &[]);
        assert_eq!((own[0].label.text.as_str(), own[0].kind), ("Device", "choice"));
        assert_eq!(own[0].options, [OptionView { value: "links".into(), label: "left".into() }]);
        assert_eq!(own[1].value, "1960-12-24");
        let faults = [("consent-ok".to_owned(), FieldFault::Unticked)];
        let boxes = consents(&service, tongue, &given, &faults);
        assert_eq!((boxes[0].label.text.as_str(), boxes[0].fault, boxes[0].value.as_str()), ("Yes.", "unticked", ""));
    }
}

//! The booking form: its fields, what was typed, what is wrong with it, and other times.
//!
//! Not for: checking what was typed (`app::booking`). HTML §4.10.18.7 (autofill), WCAG 2.1 §1.3.5, §3.3.1.

use serde::Serialize;

use super::super::wall::Wall;
use super::{Place, When};
use crate::appointment::booking::Customer;
use crate::appointment::practice::{Practice, Presence};
use crate::appointment::refusal::FieldFault;
use crate::appointment::slot::Slot;

/// The most other times that the page offers.
pub const MAX_OTHERS: usize = 8;

/// The booking form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FormPage {
    /// The branch.
    pub place: Place,
    /// The service's name.
    pub service: String,
    /// The resource's name; empty for any.
    pub resource: String,
    /// When, if that is known.
    pub when: Option<When>,
    /// Where the form is sent.
    pub action: String,
    /// Back to the times.
    pub back: String,
    /// What the form carries along.
    pub hidden: Vec<Hidden>,
    /// Fields that the practice asks for.
    pub fields: Vec<FieldView>,
    /// Whether a reminder was asked for; the box is never ticked beforehand.
    pub reminder: bool,
    /// What is wrong, in the order of the form.
    pub faults: Vec<FaultView>,
    /// Why the page is shown again; the text is `form-ID`: `taken`, `not-offered`, `choose`, `rebook`, `too-many-open`, `too-often`, `failed`, or empty.
    pub notice: &'static str,
    /// The number of a failure, or empty.
    pub number: String,
    /// Other times, to choose one of.
    pub others: Vec<Other>,
}

/// The ids of all notices.
#[cfg(test)]
pub const NOTICES: [&str; 7] = ["taken", "not-offered", "choose", "rebook", "too-many-open", "too-often", "failed"];

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
    /// Its name: the label is `field-NAME`.
    pub name: &'static str,
    /// `text`, `email`, `tel`, `select` or `area`.
    pub kind: &'static str,
    /// For browsers that fill it in.
    pub autocomplete: &'static str,
    /// Whether it must be filled in.
    pub required: bool,
    /// What was typed.
    pub value: String,
    /// What is wrong with it: the text is `fault-ID`; empty where nothing is.
    pub fault: &'static str,
}

/// A fault, for the summary at the top.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FaultView {
    /// The field.
    pub name: &'static str,
    /// The text is `fault-ID`.
    pub fault: &'static str,
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
    }
}

/// The ids of all faults.
#[cfg(test)]
pub const FAULTS: [&str; 5] = ["missing-start", "missing", "too-long", "no-email", "no-telephone"];

/// The fields that the practice asks for, filled in, each with its fault.
pub fn fields(practice: &Practice, typed: &Customer, faults: &[(&'static str, FieldFault)]) -> Vec<FieldView> {
    let present = Customer::FIELDS.into_iter().filter(|name| practice.presence(name) != Presence::Off);
    present
        .map(|name| {
            let (kind, autocomplete) = shape(name);
            FieldView {
                name,
                kind,
                autocomplete,
                required: practice.presence(name) == Presence::Required,
                value: typed.field(name).to_owned(),
                fault: faults.iter().find(|(field, _)| *field == name).map_or("", |(_, fault)| fault_word(name, *fault)),
            }
        })
        .collect()
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
pub fn summary(faults: &[(&'static str, FieldFault)]) -> Vec<FaultView> {
    let place = |name: &str| Customer::FIELDS.iter().position(|field| *field == name).unwrap_or(usize::MAX);
    let mut views: Vec<FaultView> = faults.iter().map(|(name, fault)| FaultView { name, fault: fault_word(name, *fault) }).collect();
    views.sort_by_key(|view| place(view.name));
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

    #[test]
    fn fields_follow_the_practice_and_keep_what_was_typed() {
        let mut practice = sample::practice();
        practice.fields.insert("street".into(), Presence::Off);
        let typed = Customer { email: "no address".into(), comment: "<b>\"hm\"".into(), ..Customer::default() };
        let fields = fields(&practice, &typed, &[("email", FieldFault::NoEmail), ("given_name", FieldFault::Missing)]);
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
        let views = summary(&[("email", FieldFault::NoEmail), ("start", FieldFault::Missing), ("given_name", FieldFault::Missing)]);
        assert_eq!(views.iter().map(|v| v.name).collect::<Vec<_>>(), ["given_name", "email", "start"]);
        assert_eq!(views[2].fault, "missing-start");
    }
}

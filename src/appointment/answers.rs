//! What a service's own fields and boxes were answered with, checked and as lines of DESCRIPTION.
//!
//! Not for: the fields that every form has (`app::booking`), how they look (`web::view::form`).

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::booking::{Own, clean};
use super::practice::Language;
use super::refusal::FieldFault;
use super::service::{Consent, Field, FieldKind, Service};
use super::words;

/// The longest answer, in characters.
pub const MAX_ANSWER: usize = 500;

/// The years in which a date that somebody fills in may lie.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

/// What was filled in, by the names that [`field_name`] and [`consent_name`] give.
pub type Given = BTreeMap<String, String>;

/// A field's name in the form. It can't be that of a field of ours.
pub fn field_name(field: &Field) -> String {
    format!("own-{}", field.id)
}

/// A box's name in the form.
pub fn consent_name(consent: &Consent) -> String {
    format!("consent-{}", consent.id)
}

/// The answers in the order of the form, for staff to read: in the practice's language, but for what was agreed to, which stays as the
/// customer has read it. Or every fault, by the name in the form.
pub fn check(service: &Service, given: &Given, practice: Language, customer: Language) -> Result<Vec<Own>, Vec<(String, FieldFault)>> {
    let (mut answers, mut faults) = (Vec::new(), Vec::new());
    let typed = |name: &str| given.get(name).map_or_else(String::new, |typed| clean(typed));
    for field in &service.fields {
        let name = field_name(field);
        match value(field, &typed(&name), practice) {
            Ok(value) if value.is_empty() => {}
            Ok(value) => answers.push(Own { id: field.id.to_string(), label: field.label.get(practice).to_owned(), value }),
            Err(fault) => faults.push((name, fault)),
        }
    }
    for consent in &service.consents {
        let name = consent_name(consent);
        if !typed(&name).is_empty() {
            let label = words::label(practice, "consent").to_owned();
            answers.push(Own { id: consent.id.to_string(), label, value: clean(consent.text.get(customer)) });
        } else if consent.required {
            faults.push((name, FieldFault::Unticked));
        }
    }
    if faults.is_empty() { Ok(answers) } else { Err(faults) }
}

/// What was answered once, for the form that asks again. What was agreed to is not among it: that is asked anew.
pub fn given_again(service: &Service, earlier: &[Own]) -> Given {
    let given = |field: &Field| {
        let answer = earlier.iter().find(|own| own.id == field.id.as_str()).filter(|own| !own.value.is_empty())?;
        let value = if field.kind == FieldKind::Checkbox { "1" } else { answer.value.as_str() };
        Some((field_name(field), value.to_owned()))
    };
    service.fields.iter().filter_map(given).collect()
}

/// What one field was answered with; empty where it was not.
fn value(field: &Field, typed: &str, practice: Language) -> Result<String, FieldFault> {
    if typed.is_empty() {
        let fault = if field.kind == FieldKind::Checkbox { FieldFault::Unticked } else { FieldFault::Missing };
        return if field.required { Err(fault) } else { Ok(String::new()) };
    }
    if typed.chars().count() > MAX_ANSWER {
        return Err(FieldFault::TooLong);
    }
    match &field.kind {
        FieldKind::Text => Ok(typed.to_owned()),
        FieldKind::Choice(options) => {
            let offered = options.iter().map(|option| clean(option.get(practice))).find(|option| option == typed);
            offered.ok_or(FieldFault::NoChoice)
        }
        FieldKind::Checkbox => Ok(words::yes(practice).to_owned()),
        FieldKind::Date => date(typed).map(|day| day.to_string()).ok_or(FieldFault::NoDate),
    }
}

/// A day as a browser sends it (`1960-12-24`), or as somebody writes it where the browser has no calendar: `24.12.1960`, `24/12/1960`,
/// `24. 12. 1960`.
pub fn date(typed: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = typed.split(['-', '.', '/']).map(str::trim).collect();
    let [first, month, last] = parts.as_slice() else { return None };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
    let year = i32::try_from(number(year).filter(|_| year.len() == 4)?).ok()?;
    NaiveDate::from_ymd_opt(year, number(month)?, number(day)?).filter(|date| YEARS.contains(&date.year()))
}

#[cfg(test)]
mod tests {
    use super::super::practice::{Id, Text};
    use super::*;

    fn text(de: &str, en: &str) -> Text {
        Text(BTreeMap::from([(Language::De, de.to_owned()), (Language::En, en.to_owned())]))
    }

    fn service() -> Service {
        let field = |id: &str, label, kind, required| Field { id: Id(id.into()), label, kind, required };
        let ears = FieldKind::Choice(vec![text("links", "left"), text("rechts", "right")]);
        Service {
            fields: vec![
                field("device", text("Gerät", "Device"), FieldKind::Text, true),
                field("ear", text("Ohr", "Ear"), ears, true),
                field("wheelchair", text("Rollstuhl", "Wheelchair"), FieldKind::Checkbox, false),
                field("born", text("Geburtsdatum", "Date of birth"), FieldKind::Date, false),
            ],
            consents: vec![Consent { id: Id("rules".into()), text: text("Ich komme pünktlich.", "I will be on time."), required: true }],
            ..Service::new(Id("x".into()), text("x", "x"), 30)
        }
    }

    fn given(pairs: &[(&str, &str)]) -> Given {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn answers_are_lines_for_staff_and_consents_as_they_were_read() {
        let given = given(&[
            ("own-device", "Phonak\r\nBEGIN:VEVENT"),
            ("own-ear", "rechts"),
            ("own-wheelchair", "on"),
            ("own-born", "1960-12-24"),
            ("consent-rules", "on"),
            ("own-unknown", "x"),
        ]);
        let answers = check(&service(), &given, Language::De, Language::En).unwrap();
        let lines: Vec<String> = answers.iter().map(|a| format!("{}: {}", a.label, a.value)).collect();
        let wanted = [
            "Gerät: Phonak / BEGIN:VEVENT",
            "Ohr: rechts",
            "Rollstuhl: ja",
            "Geburtsdatum: 1960-12-24",
            "Einverstanden: I will be on time.",
        ];
        assert_eq!(lines, wanted);
    }

    #[test]
    fn what_was_answered_is_given_again_but_for_consents() {
        let typed = [("own-device", "Phonak"), ("own-ear", "rechts"), ("own-wheelchair", "on"), ("own-born", "24.12.1960")];
        let answers = check(&service(), &given(&[&typed[..], &[("consent-rules", "on")]].concat()), Language::De, Language::En).unwrap();
        let again = given_again(&service(), &answers);
        let wanted = [("own-device", "Phonak"), ("own-ear", "rechts"), ("own-wheelchair", "1"), ("own-born", "1960-12-24")];
        assert_eq!(again, given(&wanted));
        assert!(check(&service(), &again, Language::De, Language::De).is_err(), "the consent is missing");
    }

    #[test]
    fn every_fault_is_told_at_its_field() {
        let typed = given(&[("own-ear", "oben"), ("own-born", "31.2.1960")]);
        let faults = check(&service(), &typed, Language::De, Language::De).unwrap_err();
        let wanted = [
            ("own-device", FieldFault::Missing),
            ("own-ear", FieldFault::NoChoice),
            ("own-born", FieldFault::NoDate),
            ("consent-rules", FieldFault::Unticked),
        ];
        assert_eq!(faults, wanted.map(|(name, fault)| (name.to_owned(), fault)));
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        let day = NaiveDate::from_ymd_opt(1960, 12, 4);
        for typed in ["1960-12-04", "4.12.1960", "04/12/1960", "4. 12. 1960"] {
            assert_eq!(date(typed), day, "{typed}");
        }
        for typed in ["", "gestern", "4.12.60", "1960", "1960-13-04", "+4.12.1960", "12/24/1960", "0000-01-01", "4.12.9999", "-"] {
            assert_eq!(date(typed), None, "{typed}");
        }
    }
}

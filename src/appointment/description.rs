//! What a booking's DESCRIPTION says, line by line: written once, read back after staff have edited around it.
//!
//! A line counts by its label, in whichever language of ours, wherever staff have put it above the history. Labels of a service's own
//! fields are listed in X-OPENSLOT-FIELDS, so that a line is known as the customer's when the service has long changed. Not for: what
//! becomes of the lines when a booking changes (`gesture`). ALTREP (RFC 5545 §3.2.1) is ignored: the plain value counts.

use super::booking::{Customer, Own, State};
use super::practice::Language;
use super::team::{self, Team};
use super::words;
use crate::ical::object::{Node, escape_text};

/// At most so many own fields of a booking are read: a service has no more fields and boxes together.
const MAX_OWN: usize = 100;

/// At most so many lines of a history are read.
const MAX_LOG: usize = 1_000;

/// What else `Label: value` lines of a customer may be called, beside [`Customer::FIELDS`].
pub const REMINDER: &str = "reminder";

/// Parts whose names no own field can have: its line would be taken for them.
const RESERVED: [&str; 9] = ["status", "history", "notes", "confirm", "decline", "page", "resources", "incomplete", "deleting"];

/// The labels of one booking's customer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    /// Ids and labels of own fields.
    own: Vec<(String, String)>,
}

impl Labels {
    /// The property by which an event lists them.
    pub const PROPERTY: &str = "X-OPENSLOT-FIELDS";

    /// As an event lists them.
    pub fn of(event: &Node) -> Labels {
        let listed = event.all(Labels::PROPERTY).flat_map(|property| property.texts()).take(MAX_OWN);
        Labels { own: listed.filter_map(|one| one.split_once('=').map(|(id, label)| (id.to_owned(), label.to_owned()))).collect() }
    }

    /// Those of what a customer typed.
    pub fn of_customer(customer: &Customer) -> Labels {
        let mut own: Vec<(String, String)> = Vec::new();
        for one in customer.own.iter().take(MAX_OWN) {
            let label = label_of(one, &own);
            own.push((one.id.clone(), label));
        }
        Labels { own }
    }

    /// The value of [`Labels::PROPERTY`]; empty where there are none.
    pub fn written(&self) -> String {
        self.own.iter().map(|(id, label)| escape_text(&format!("{id}={label}"))).collect::<Vec<_>>().join(",")
    }

    /// The names of all fields that a line can be: of the form, of the service, and the reminder.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        Customer::FIELDS.into_iter().chain(self.own.iter().map(|(id, _)| id.as_str())).chain([REMINDER])
    }

    /// Whether a line is this field's; what follows its label.
    pub fn value<'l>(&self, line: &'l str, name: &str) -> Option<&'l str> {
        let Some((_, label)) = self.own.iter().find(|(id, _)| id == name) else { return words::labelled(line, name) };
        let (before, after) = line.split_once(':')?;
        (before.trim().to_lowercase() == label.to_lowercase()).then(|| after.trim())
    }

    /// Whether a line is any field's.
    pub fn is_field(&self, line: &str) -> bool {
        self.names().any(|name| self.value(line, name).is_some())
    }

    /// The lines of what a customer typed, in the order of the form.
    pub fn lines(&self, customer: &Customer, language: Language) -> Vec<String> {
        let form = Customer::FIELDS.into_iter().map(|field| (words::label(language, field), customer.field(field)));
        let own = self.own.iter().zip(&customer.own).map(|((_, label), one)| (label.as_str(), one.value.as_str()));
        let reminder = customer.reminder.then(|| (words::label(language, REMINDER), words::yes(language)));
        let all = form.chain(own).chain(reminder).filter(|(_, value)| !value.is_empty());
        all.map(|(label, value)| format!("{label}: {value}")).collect()
    }
}

/// A label that stays one when it is read: without a colon, and no other line's.
fn label_of(own: &Own, before: &[(String, String)]) -> String {
    let plain = super::booking::clean(&own.label).replace([':', '='], " ");
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let same = |other: &str| other.to_lowercase() == plain.to_lowercase();
    let ours = |field: &str| Language::ALL.into_iter().any(|language| same(words::label(language, field)));
    let taken = Customer::FIELDS.into_iter().chain(RESERVED).chain([REMINDER]).any(ours) || before.iter().any(|(_, label)| same(label));
    match (plain.is_empty(), taken) {
        (true, _) => own.id.clone(),
        (false, true) => format!("{plain} ({})", own.id),
        (false, false) => plain,
    }
}

/// What the customer typed, and staff's own notes.
pub fn read(labels: &Labels, description: &str) -> (Customer, String) {
    let mut customer = Customer::default();
    let heading = |text: &&str| !words::heading(text, "history") && !words::heading(text, "notes");
    let head: Vec<&str> = description.lines().take_while(heading).collect();
    // Of two lines with one label the first that says something counts.
    let value = |name: &str| head.iter().filter_map(|line| labels.value(line, name)).find(|value| !value.is_empty());
    for field in Customer::FIELDS {
        if let (Some(slot), Some(value)) = (customer.field_mut(field), value(field)) {
            *slot = if field == "email" { unlinked(value) } else { value }.to_owned();
        }
    }
    let own = labels.own.iter().filter_map(|(id, label)| {
        let value = value(id)?.to_owned();
        Some(Own { id: id.clone(), label: label.clone(), value })
    });
    customer.own = own.collect();
    customer.reminder = value(REMINDER).is_some_and(|word| Language::ALL.into_iter().any(|l| words::yes(l).eq_ignore_ascii_case(word)));
    let notes = description.lines().skip_while(|text| !words::heading(text, "notes")).skip(1).collect::<Vec<_>>().join("\n");
    (customer, notes.trim().to_owned())
}

/// The names of the resources that hold the booking, where they are several.
pub fn resources(description: &str) -> Vec<String> {
    team::read(&description.lines().take_while(|text| !words::heading(text, "history")).collect::<Vec<_>>())
}

/// The lines of the history.
pub fn log(description: &str) -> Vec<String> {
    let lines = description.lines().skip_while(|text| !words::heading(text, "history")).skip(1);
    let lines = lines.take_while(|text| !words::heading(text, "notes")).map(str::trim).filter(|text| !text.is_empty());
    lines.take(MAX_LOG).map(str::to_owned).collect()
}

/// An address without the link that some programs write behind it: `a@b.example <mailto:a@b.example>`.
fn unlinked(address: &str) -> &str {
    let bare = address.split_once("<mailto:").map_or(address, |(before, _)| before);
    let bare = bare.split_once("[mailto:").map_or(bare, |(before, _)| before);
    bare.trim()
}

/// What a new DESCRIPTION says beside what the customer typed.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// Its first line.
    pub head: &'a str,
    /// The practice's language.
    pub language: Language,
    /// Where the booking stands; hints stand on requests only.
    pub state: State,
    /// Who holds it.
    pub team: &'a Team,
    /// Its staff page.
    pub page: &'a str,
}

/// A whole new DESCRIPTION.
pub fn compose(setting: Setting<'_>, customer: &Customer, history: &[String]) -> String {
    let Setting { head, language, state, team, page } = setting;
    let mut lines = vec![head.to_owned()];
    lines.push(format!("{}: {}", words::label(language, "status"), words::of_state(language, state).status));
    lines.extend(team.lines(language, state));
    lines.push(String::new());
    lines.extend(Labels::of_customer(customer).lines(customer, language));
    lines.push(String::new());
    if state == State::Requested {
        lines.extend(words::hints(language, page));
        lines.push(String::new());
    }
    lines.push(words::label(language, "history").to_owned());
    lines.extend(history.iter().cloned());
    lines.push(String::new());
    lines.push(words::label(language, "notes").to_owned());
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(id: &str, label: &str, value: &str) -> Own {
        Own { id: id.into(), label: label.into(), value: value.into() }
    }

    fn tester() -> Customer {
        Customer {
            given_name: "Torsten".into(),
            family_name: "Tester".into(),
            email: "t.tester@example.org".into(),
            own: vec![
                own("geraet", "Gerät, welches?", "links; \\n rechts"),
                own("email-2", "E-Mail", "x@y.example"),
                own("x", "A: b=c", "ja"),
            ],
            reminder: true,
            ..Customer::default()
        }
    }

    fn setting(language: Language, state: State, team: &Team) -> Setting<'_> {
        Setting { head: "Kopf", language, state, team, page: "https://h/x" }
    }

    #[test]
    fn own_fields_are_read_back_whatever_their_labels() {
        let customer = tester();
        for language in Language::ALL {
            let text = compose(setting(language, State::Requested, &Team::default()), &customer, &["gestern".into()]);
            let labels = Labels::of_customer(&customer);
            let (read, notes) = read(&labels, &text);
            assert_eq!(read.email, "t.tester@example.org", "an own label does not take the form's place");
            let values = |customer: &Customer| customer.own.iter().map(|own| (own.id.clone(), own.value.clone())).collect::<Vec<_>>();
            assert_eq!(values(&read), values(&customer), "{text}");
            assert_eq!(
                labels.own.iter().map(|(_, label)| label.as_str()).collect::<Vec<_>>(),
                ["Gerät, welches?", "E-Mail (email-2)", "A b c"]
            );
            assert!(read.reminder && notes.is_empty());
        }
    }

    #[test]
    fn staff_may_edit_around_them() {
        let customer = tester();
        let labels = Labels::of_customer(&customer);
        let text = compose(setting(Language::De, State::Confirmed, &Team::default()), &customer, &[]);
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let end = lines.iter().position(|line| line == "Verlauf").unwrap();
        lines[2..end].reverse();
        let spaced =
            lines.join("\n\n").replace("E-Mail: t.tester@example.org", " e-mail :t.tester@example.org <mailto:t.tester@example.org>");
        let edited = format!("Rückruf: ja\n{}", spaced.replace("Vorname", "First name").replace("Erinnerung: ja", "Reminder: yes"));
        let (found, _) = read(&labels, &format!("{edited}Hat Angst.\nTelefon: 1"));
        assert_eq!((found.given_name, found.family_name, found.email), ("Torsten".into(), "Tester".into(), customer.email.clone()));
        assert_eq!(found.own.len(), 3);
        assert!(found.reminder && found.telephone.is_empty(), "what stands among the notes is staff's");
        let (without, notes) =
            read(&labels, &text.replace("Erinnerung: ja", "Erinnerung: nein").replace("Notizen\n", "Notizen\nHat Angst."));
        assert!(!without.reminder && notes == "Hat Angst.");
    }
}

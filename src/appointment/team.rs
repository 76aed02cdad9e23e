//! A booking of several resources, as its DESCRIPTION tells it: who holds it, who is missing, and what deleting the entry does, which is not
//! the same in every calendar that holds it.
//!
//! The lines are the server's, as the status is: written anew with each revision, wherever staff have put them above the history. Not for:
//! which resources those are (`app::shadow`).

use super::booking::{Booking, State};
use super::practice::{Practice, Resource};
use super::words;
use crate::appointment::practice::Language;

/// Labels of the lines.
pub const LINES: [&str; 3] = ["resources", "incomplete", "deleting"];

/// What stands between two names, which may hold commas.
const BETWEEN: &str = " + ";

/// The resources of a booking by their names; nothing where one alone holds it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Team {
    /// Who holds it, the calendar of the appointment itself first.
    pub holders: Vec<String>,
    /// Who was taken off it.
    pub missing: Vec<String>,
}

impl Team {
    /// Who holds it, in one line.
    pub fn named(&self) -> String {
        joined(&self.holders)
    }

    /// The lines in the calendar of the appointment itself.
    pub fn lines(&self, language: Language, state: State) -> Vec<String> {
        let mut lines = Vec::new();
        if self.holders.len() + self.missing.len() < 2 {
            return lines;
        }
        lines.push(format!("{}: {}", words::label(language, "resources"), self.named()));
        if state.blocks() && !self.missing.is_empty() {
            lines.push(words::missing(language, &joined(&self.missing)));
        }
        if state.blocks() && self.holders.len() > 1 {
            lines.push(words::deleting_all(language, &self.named()));
        }
        lines
    }
}

/// Names in one line.
pub fn joined(names: &[String]) -> String {
    names.join(BETWEEN)
}

/// Whether a line is one of these, in any language.
pub fn is_line(line: &str) -> bool {
    LINES.into_iter().any(|part| words::labelled(line, part).is_some())
}

/// The names that a DESCRIPTION says hold the booking; nothing where one alone does.
pub fn read(head: &[&str]) -> Vec<String> {
    let line = head.iter().find_map(|line| words::labelled(line, "resources"));
    line.map(|names| names.split(BETWEEN).map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()).unwrap_or_default()
}

/// A DESCRIPTION with another line about deleting in place of its own, where it has one: `line` is what the same text says elsewhere.
pub fn with_deleting(description: &str, line: &str) -> String {
    let own = |text: &&str| words::labelled(text, "deleting").is_some();
    match description.lines().find(own) {
        Some(found) if !line.is_empty() => description.replacen(found, line, 1),
        _ => description.to_owned(),
    }
}

/// The line about deleting in a DESCRIPTION, or nothing.
pub fn deleting(description: &str) -> &str {
    description.lines().find(|text| words::labelled(text, "deleting").is_some()).unwrap_or_default()
}

/// The resources that hold a booking beside the one whose calendar it stands in, as its revision names them and the practice still has them.
pub fn beside<'p>(practice: &'p Practice, booking: &Booking, main: &Resource) -> Vec<&'p Resource> {
    // A line that staff have called so themselves names somebody or something else.
    if !booking.resources.contains(&main.name) {
        return Vec::new();
    }
    let named =
        |resource: &&Resource| resource.id != main.id && resource.location == main.location && booking.resources.contains(&resource.name);
    practice.resources.iter().filter(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn what_is_written_is_read_in_every_language() {
        let team = Team { holders: names(&["Kabine 1, links", "Frau Anna"]), missing: names(&["Gerät: Otto"]) };
        for language in Language::ALL {
            let lines = team.lines(language, State::Confirmed);
            assert_eq!(lines.len(), 3, "{lines:?}");
            assert!(lines.iter().all(|line| is_line(line)), "{lines:?}");
            let head: Vec<&str> = lines.iter().map(String::as_str).collect();
            assert_eq!(read(&head), team.holders);
            assert!(lines[1].contains("Gerät: Otto") && lines[2].contains("Kabine 1, links + Frau Anna"), "{lines:?}");
            let there = words::deleting_one(language, "Frau Anna", "Kabine 1, links");
            assert!(is_line(&there) && there != lines[2]);
            let text = lines.join("\n");
            let shadow = with_deleting(&text, &there);
            assert_eq!(deleting(&shadow), there);
            assert_eq!(with_deleting(&shadow, deleting(&text)), text);
        }
    }

    #[test]
    fn one_alone_and_one_called_off_say_no_more_than_they_must() {
        let alone = Team { holders: names(&["Kabine 1"]), missing: Vec::new() };
        assert!(alone.lines(Language::De, State::Confirmed).is_empty());
        let off = Team { holders: names(&["Kabine 1", "Frau Anna"]), missing: names(&["Herr Ben"]) };
        assert_eq!(off.lines(Language::De, State::Cancelled), ["Ressourcen: Kabine 1 + Frau Anna"]);
        assert!(!is_line("Löschen: nicht vor Mai") && deleting("Notizen\nBitte löschen").is_empty());
    }
}

//! What the events of an opening-hours calendar say beside their times: for which services, and which of them were edited singly.
//!
//! Read once for each version of the calendar, so that a question about open times parses nothing. RFC 5545 §3.8.1.2, §3.8.1.12, §3.8.4.4.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::practice::{Id, Practice};
use crate::collection::Name;
use crate::error::Result;
use crate::ical::object::{CalendarObject, Node};
use crate::ical::recurrence::{Occurrence, Speakers};
use crate::ical::time::Seconds;
use crate::ical::zone::Zone;

/// By which words services are known: id, internal name, public name in every language, in lower case.
#[derive(Debug, Default)]
pub struct Words(HashMap<String, BTreeSet<Id>>);

impl Words {
    /// Those of a practice.
    pub fn of(practice: &Practice) -> Words {
        let mut words = Words::default();
        for service in &practice.services {
            let names = service.name.0.values().chain(service.internal_name.as_ref()).map(String::as_str);
            for word in names.chain([service.id.as_str()]) {
                words.0.entry(plain(word)).or_default().insert(service.id.clone());
            }
        }
        words
    }

    /// The services that an event's title and categories name; absent where they name none: then it is for all.
    fn only(&self, node: &Node) -> Option<Vec<Id>> {
        let categories = node.all("CATEGORIES").flat_map(|property| property.texts());
        let named: BTreeSet<&Id> =
            node.text("SUMMARY").into_iter().chain(categories).filter_map(|word| self.0.get(&plain(&word))).flatten().collect();
        (!named.is_empty()).then(|| named.into_iter().cloned().collect())
    }
}

fn plain(word: &str) -> String {
    word.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// How an occurrence came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A series has it there: a holiday closes it.
    Series,
    /// Somebody put this very one there: an event that does not recur, or one of a series that was moved or edited. It opens on a holiday too.
    Wish,
}

/// What one object says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines {
    only: Option<Vec<Id>>,
    /// Of the occurrences that were edited singly.
    single: BTreeMap<Seconds, Option<Vec<Id>>>,
    /// Of those from an instant on (RANGE=THISANDFUTURE).
    following: BTreeMap<Seconds, Option<Vec<Id>>>,
}

impl Lines {
    /// Reads an object. Errors as [`crate::ical::recurrence::occurrences`].
    pub fn read(object: &CalendarObject, zone: &Zone, words: &Words) -> Result<Lines> {
        let speakers = Speakers::read(object, zone)?;
        let mut lines = Lines { only: object.shown().and_then(|node| words.only(node)), ..Lines::default() };
        for (id, node) in speakers.single() {
            lines.single.insert(id, words.only(node));
        }
        for (id, node) in speakers.following() {
            lines.single.remove(&id);
            lines.following.insert(id, words.only(node));
        }
        Ok(lines)
    }

    /// For which services an occurrence is, and how it came to be.
    pub fn of(&self, occurrence: &Occurrence) -> (Option<&[Id]>, Origin) {
        let Some(id) = occurrence.recurrence_id else { return (self.only.as_deref(), Origin::Wish) };
        if let Some(only) = self.single.get(&id) {
            return (only.as_deref(), Origin::Wish);
        }
        let following = self.following.range(..=id).next_back().map(|(_, only)| only);
        (following.unwrap_or(&self.only).as_deref(), Origin::Series)
    }
}

/// What all objects of a calendar say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Whether the calendar has any objects.
    pub any: bool,
    /// Of those objects only that say anything.
    lines: HashMap<Name, Lines>,
}

impl Sheet {
    /// Takes in what an object says.
    pub fn put(&mut self, name: Name, lines: Lines) {
        self.any = true;
        if lines != Lines::default() {
            self.lines.insert(name, lines);
        }
    }

    /// As [`Lines::of`], of an occurrence of an object.
    pub fn of(&self, name: &Name, occurrence: &Occurrence) -> (Option<&[Id]>, Origin) {
        match self.lines.get(name) {
            Some(lines) => lines.of(occurrence),
            None if occurrence.recurrence_id.is_none() => (None, Origin::Wish),
            None => (None, Origin::Series),
        }
    }
}

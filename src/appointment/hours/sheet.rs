//! What the events of an opening-hours calendar say beside their times: for which services, and which of them were edited singly.
//!
//! Read once for each version of the calendar, so that a question about open times parses nothing. RFC 5545 §3.8.1.2, §3.8.1.12, §3.8.4.4.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::practice::{Id, Practice};
use super::closing::closes;
use crate::collection::Name;
use crate::error::Result;
use crate::ical::object::{CalendarObject, Node};
use crate::ical::recurrence::{Occurrence, Speakers};
use crate::ical::time::{Moment, Seconds, Span};
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

    /// Whether a component by itself says that it opens, for whomever.
    pub fn opens(&self, node: &Node) -> bool {
        matches!(self.said(node), Said::Opens(_))
    }

    /// What an event says: that it closes, unless its title is a service's name; or for which services it opens, as its title and categories
    /// name them, all where they name none. A day without a time opens nothing: programs make such days of many things.
    fn said(&self, node: &Node) -> Said {
        let title = node.text("SUMMARY").unwrap_or_default();
        let categories: Vec<String> = node.all("CATEGORIES").flat_map(|property| property.texts()).collect();
        if !self.0.contains_key(&plain(&title)) && closes(&spoken(node)) {
            return Said::Closes;
        }
        if node.first("DTSTART").is_some_and(|start| matches!(Moment::parse(&start.value, None), Some(Moment::Date(_)))) {
            return Said::Nothing;
        }
        let named: BTreeSet<&Id> =
            std::iter::once(&title).chain(&categories).filter_map(|word| self.0.get(&plain(word))).flatten().collect();
        Said::Opens((!named.is_empty()).then(|| named.into_iter().cloned().collect()))
    }
}

/// Title and categories of an event as one text: what one of them says of opening holds against what another says of closing.
pub fn spoken(node: &Node) -> String {
    let categories = node.all("CATEGORIES").flat_map(|property| property.texts());
    node.text("SUMMARY").into_iter().chain(categories).collect::<Vec<_>>().join(" / ")
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
    /// One that says no more than its series does is none.
    Wish,
}

/// What one event says.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    /// It opens, for some services or for all.
    Opens(Option<Vec<Id>>),
    /// It closes.
    Closes,
    /// Nobody knows.
    Nothing,
}

impl Default for Said {
    fn default() -> Said {
        Said::Opens(None)
    }
}

/// What an occurrence does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does<'a> {
    /// It opens, for these services only, or for all.
    Opens(Option<&'a [Id]>, Origin),
    /// It closes, whatever else opens.
    Closes,
    /// A day without a time that says nothing of closing: it is not understood, and does nothing.
    Nothing,
}

/// What one object says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines {
    whole: Said,
    /// Of the occurrences that were edited singly.
    single: BTreeMap<Seconds, Said>,
    /// Of those from an instant on (RANGE=THISANDFUTURE).
    following: BTreeMap<Seconds, Said>,
}

impl Lines {
    /// Reads an object. Errors as [`crate::ical::recurrence::occurrences`].
    pub fn read(object: &CalendarObject, zone: &Zone, words: &Words) -> Result<Lines> {
        let speakers = Speakers::read(object, zone)?;
        let mut lines = Lines { whole: object.shown().map(|node| words.said(node)).unwrap_or_default(), ..Lines::default() };
        // Behind a range of the future a repetition of the series is a change of what it has become there.
        let same = |node: &Node| speakers.following().next().is_none() && object.master().is_some_and(|master| repeats(master, node));
        for (id, node) in speakers.single().filter(|(_, node)| !same(node)) {
            lines.single.insert(id, words.said(node));
        }
        for (id, node) in speakers.following() {
            lines.single.remove(&id);
            lines.following.insert(id, words.said(node));
        }
        Ok(lines)
    }

    fn all(&self) -> impl Iterator<Item = &Said> {
        std::iter::once(&self.whole).chain(self.single.values()).chain(self.following.values())
    }

    /// Whether some of its occurrences may open something.
    pub fn may_open(&self) -> bool {
        self.all().any(|said| matches!(said, Said::Opens(_)))
    }

    /// Whether the series itself opens: what it is where nothing else is said.
    pub fn opens(&self) -> bool {
        matches!(self.whole, Said::Opens(_))
    }

    /// What an occurrence does, and how it came to be.
    pub fn of(&self, occurrence: &Occurrence) -> Does<'_> {
        let (said, origin) = match occurrence.recurrence_id {
            None => (&self.whole, Origin::Wish),
            Some(id) => match self.single.get(&id) {
                Some(said) => (said, Origin::Wish),
                None => (self.following.range(..=id).next_back().map_or(&self.whole, |(_, said)| said), Origin::Series),
            },
        };
        match said {
            Said::Opens(only) => Does::Opens(only.as_deref(), origin),
            Said::Closes => Does::Closes,
            Said::Nothing => Does::Nothing,
        }
    }
}

/// Lines that every program writes anew, and those by which an override and its series differ in any case.
const BOOKKEEPING: [&str; 12] = [
    "RECURRENCE-ID",
    "RRULE",
    "RDATE",
    "EXRULE",
    "EXDATE",
    "DTSTART",
    "DTEND",
    "DURATION",
    "DTSTAMP",
    "CREATED",
    "LAST-MODIFIED",
    "SEQUENCE",
];

/// Whether an override says what its series says, by the wall clock: then it is nobody's exception. `apply` writes such where the clocks are
/// changed during an opening, for an exact length (RFC 5545 §3.8.5.3) would end an hour away from what the wall says.
fn repeats(master: &Node, node: &Node) -> bool {
    let moment = |node: &Node, name: &str| node.first(name).and_then(|p| Moment::parse(&p.value, p.param("TZID")));
    let length = |node: &Node| {
        let start = moment(node, "DTSTART")?;
        match (moment(node, "DTEND"), node.first("DURATION").and_then(|p| Span::parse(&p.value))) {
            (Some(end), _) => same_clock(&start, &end).then(|| end.naive() - start.naive()),
            (None, Some(span)) => Some(span.after(start.naive())? - start.naive()),
            (None, None) => None,
        }
    };
    let said = |node: &Node| {
        let lines = node.properties.iter().filter(|p| !BOOKKEEPING.contains(&p.name.as_str()) && !p.name.starts_with("X-"));
        lines.map(|p| (p.name.clone(), format!("{:?}", p.params), p.value.clone())).collect::<BTreeSet<_>>()
    };
    let placed = moment(node, "DTSTART").is_some_and(|start| moment(node, "RECURRENCE-ID").as_ref() == Some(&start));
    let clock = moment(master, "DTSTART").zip(moment(node, "DTSTART")).is_some_and(|(a, b)| same_clock(&a, &b));
    placed && clock && length(node).is_some() && length(node) == length(master) && said(node) == said(master)
}

/// Whether two times are by the same clock.
fn same_clock(a: &Moment, b: &Moment) -> bool {
    match (a, b) {
        (Moment::Zoned { tzid: a, .. }, Moment::Zoned { tzid: b, .. }) => a == b,
        _ => std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}

/// What all objects of a calendar say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Whether the calendar has any objects.
    pub any: bool,
    /// Whether one of them may open something: a calendar of closed times alone leaves the hours to somebody else's.
    pub opens: bool,
    /// Whether one of them may close something.
    pub closes: bool,
    /// Whether one of them is not understood.
    pub odd: bool,
    /// Of those objects only that say anything.
    lines: HashMap<Name, Lines>,
}

impl Sheet {
    /// Takes in what an object says.
    pub fn put(&mut self, name: Name, lines: Lines) {
        self.any = true;
        self.opens |= lines.may_open();
        self.closes |= lines.all().any(|said| *said == Said::Closes);
        self.odd |= lines.all().any(|said| *said == Said::Nothing);
        if lines != Lines::default() {
            self.lines.insert(name, lines);
        }
    }

    /// As [`Lines::of`], of an occurrence of an object.
    pub fn of(&self, name: &Name, occurrence: &Occurrence) -> Does<'_> {
        match self.lines.get(name) {
            Some(lines) => lines.of(occurrence),
            None if occurrence.recurrence_id.is_none() => Does::Opens(None, Origin::Wish),
            None => Does::Opens(None, Origin::Series),
        }
    }
}

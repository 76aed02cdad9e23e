//! What a card of 3.0 says, in 4.0.
//!
//! Not for: pictures (`media`), days (`moment`). RFC 6350 appendix A; what Apple's programs write in 3.0 for want of a word.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{ANNIVERSARY, Line, media, moment};
use crate::ical::object::{Param, unescape_text};

/// Names that 3.0 has and 4.0 has not, and those that programs use in 3.0 for what 4.0 has a name for.
const RENAMED: [(&str, &str); 9] = [
    ("CLASS", "X-CLASS"),
    ("MAILER", "X-MAILER"),
    ("NAME", "X-NAME"),
    ("SORT-STRING", "X-SORT-STRING"),
    ("X-ADDRESSBOOKSERVER-KIND", "KIND"),
    ("X-ADDRESSBOOKSERVER-MEMBER", "MEMBER"),
    ("X-ANNIVERSARY", "ANNIVERSARY"),
    ("X-BDAY", "BDAY"),
    ("X-GENDER", "GENDER"),
];

/// What a card of 4.0 has one of at most (RFC 6350 §6), where 3.0 may say it twice under two names.
const ONCE: [&str; 4] = ["ANNIVERSARY", "BDAY", "GENDER", "KIND"];

/// For each line what stands in its place: nothing, itself, others.
pub(super) fn said(sent: &[Line]) -> Vec<Vec<Line>> {
    let mut card = Whole::of(sent);
    sent.iter().enumerate().map(|(at, line)| card.line(at, line).into_iter().map(described).collect()).collect()
}

/// What is known of the whole card before its lines are gone through.
struct Whole<'a> {
    sent: &'a [Line],
    /// Which address has which label, by their places in the card.
    labels: BTreeMap<usize, &'a Line>,
    /// Labels that no address has.
    alone: BTreeSet<usize>,
    /// Groups whose X-ABDATE is an anniversary.
    anniversaries: BTreeSet<String>,
    /// Where the name stands, and the SORT-STRING that is about it.
    sorted: Option<(usize, usize)>,
    /// Which of [`ONCE`] have been said.
    once: BTreeSet<&'static str>,
}

impl<'a> Whole<'a> {
    fn of(sent: &'a [Line]) -> Whole<'a> {
        let named = |name: &'static str| sent.iter().enumerate().filter(move |(_, line)| line.name == name);
        let mut waiting: BTreeMap<String, VecDeque<usize>> = BTreeMap::new();
        named("ADR").for_each(|(at, line)| waiting.entry(line.place()).or_default().push_back(at));
        let (mut labels, mut alone) = (BTreeMap::new(), BTreeSet::new());
        for (at, line) in named("LABEL") {
            match waiting.get_mut(&line.place()).and_then(VecDeque::pop_front) {
                Some(address) => drop(labels.insert(address, line)),
                None => drop(alone.insert(at)),
            }
        }
        let dates: BTreeSet<String> =
            named("X-ABDATE").filter_map(|(_, line)| line.group.as_deref().map(str::to_ascii_lowercase)).collect();
        let labelled = named("X-ABLABEL").filter(|(_, line)| line.value == ANNIVERSARY);
        let anniversaries =
            labelled.filter_map(|(_, line)| line.group.as_deref().map(str::to_ascii_lowercase)).filter(|group| dates.contains(group));
        let place = |name| named(name).next().map(|(at, _)| at);
        let sorted = place("N").zip(place("SORT-STRING"));
        Whole { sent, labels, alone, anniversaries: anniversaries.collect(), sorted, once: BTreeSet::new() }
    }

    fn line(&mut self, at: usize, sent: &Line) -> Vec<Line> {
        let mut line = sent.clone();
        match sent.name.as_str() {
            "VERSION" | "PROFILE" => return Vec::new(),
            "N" => {
                let sorted = self.sorted.filter(|(name, _)| *name == at).and_then(|(_, sorted)| self.sent.get(sorted));
                if let Some(sorted) = sorted {
                    line.set("SORT-AS", unescape_text(&sorted.value));
                }
            }
            "SORT-STRING" if self.sorted.is_some_and(|(_, sorted)| sorted == at) => return Vec::new(),
            "ADR" => {
                if let Some(label) = self.labels.get(&at) {
                    line.set("LABEL", unescape_text(&label.value));
                }
            }
            "LABEL" if !self.alone.contains(&at) => return Vec::new(),
            "LABEL" => {
                line = line.named("ADR");
                line.set("LABEL", unescape_text(&sent.value));
                line.value = ";;;;;;".into();
            }
            "PHOTO" | "LOGO" | "SOUND" | "KEY" => media::to_four(&mut line),
            "REV" => moment::revision_to_four(&mut line),
            "GEO" => line.value = coordinates(&line.value).unwrap_or(line.value),
            "TZ" => zone(&mut line),
            "AGENT" if line.says("VALUE", "uri") => {
                line = line.named("RELATED");
                line.take("VALUE");
                line.set_types(std::iter::once("agent".to_owned()).chain(line.types()).collect());
            }
            "AGENT" => line = line.named("X-AGENT"),
            "X-ABDATE" if self.is_anniversary(sent) => {
                line = line.named("ANNIVERSARY");
                line.group = None;
            }
            "X-ABLABEL" if self.is_anniversary(sent) => return Vec::new(),
            "X-ABSHOWAS" if line.value.eq_ignore_ascii_case("company") => line = Line::new("KIND", "org"),
            name => {
                if let Some((_, other)) = RENAMED.iter().find(|(three, _)| *three == name) {
                    line = line.named(other);
                }
            }
        }
        if matches!(line.name.as_str(), "BDAY" | "ANNIVERSARY") {
            // A card has one; none is preferred to another.
            line.set_types(Vec::new());
            moment::to_four(&mut line);
        }
        if line.name == "KIND" {
            line.value.make_ascii_lowercase();
        }
        let first = ONCE.iter().find(|name| **name == line.name).is_none_or(|name| self.once.insert(name));
        if first { vec![line] } else { Vec::new() }
    }

    fn is_anniversary(&self, line: &Line) -> bool {
        line.group.as_deref().is_some_and(|group| self.anniversaries.contains(&group.to_ascii_lowercase()))
    }
}

/// A line whose parameters are those of 4.0.
fn described(mut line: Line) -> Line {
    line.take("CHARSET");
    // Before there were names of parameters, their values stood alone.
    let bare = |param: &Param| param.values.is_empty();
    let mut types: Vec<String> = line.params.iter().filter(|param| bare(param)).map(|param| param.name.clone()).collect();
    line.params.retain(|param| !bare(param));
    types.extend(line.types());
    if types.iter().any(|kind| kind.eq_ignore_ascii_case("pref")) && line.param("PREF").is_none() {
        line.set("PREF", "1");
    }
    // Every address of mail is one of the Internet.
    let needless = |kind: &str| kind.eq_ignore_ascii_case("pref") || line.name == "EMAIL" && kind.eq_ignore_ascii_case("internet");
    types.retain(|kind| !needless(kind));
    line.set_types(types);
    if line.says("VALUE", "phone-number") {
        line.take("VALUE");
    }
    line
}

/// `48.77;9.18` as `geo:48.77,9.18`.
fn coordinates(value: &str) -> Option<String> {
    let (latitude, longitude) = value.trim().split_once(';')?;
    let latitude = latitude.strip_suffix('\\').unwrap_or(latitude);
    let both = [latitude, longitude].iter().all(|number| number.trim().parse::<f64>().is_ok());
    both.then(|| format!("geo:{},{}", latitude.trim(), longitude.trim()))
}

/// TZ is text in 4.0 where nothing else is said, and an offset in 3.0.
fn zone(line: &mut Line) {
    if line.says("VALUE", "text") {
        line.take("VALUE");
    } else if let Some(offset) = moment::offset_to_four(line.value.trim()) {
        line.set("VALUE", "utc-offset");
        line.value = offset;
    }
}

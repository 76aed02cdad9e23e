//! What a card of 3.0 says, in 4.0.
//!
//! Not for: pictures (`media`), days (`moment`). RFC 6350 appendix A; what Apple's programs write in 3.0 for want of a word.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{ANNIVERSARY, Line, media, moment};
use crate::ical::object::{Param, unescape_text};

/// Names that 3.0 has and 4.0 has not, and those that programs use in 3.0 for what 4.0 has a name for.
const RENAMED: [(&str, &str); 5] = [
    ("CLASS", "X-CLASS"),
    ("MAILER", "X-MAILER"),
    ("NAME", "X-NAME"),
    ("SORT-STRING", "X-SORT-STRING"),
    ("X-ADDRESSBOOKSERVER-MEMBER", "MEMBER"),
];

/// What a card of 4.0 has one of at most (RFC 6350 §6), and by which names 3.0 says it: of the first of these that is there the first line is
/// meant.
const ONCE: [(&str, &[&str]); 4] = [
    ("ANNIVERSARY", &["ANNIVERSARY", "X-ABDATE", "X-ANNIVERSARY"]),
    ("BDAY", &["BDAY", "X-BDAY"]),
    ("GENDER", &["GENDER", "X-GENDER"]),
    ("KIND", &["KIND", "X-ADDRESSBOOKSERVER-KIND", "X-ABSHOWAS"]),
];

/// Properties whose values are addresses.
const ADDRESSES: [&str; 7] = ["CALADRURI", "CALURI", "FBURL", "IMPP", "MEMBER", "SOURCE", "URL"];

/// For each line what stands in its place: nothing, itself, another.
pub(super) fn said(sent: &[Line]) -> Vec<Vec<Line>> {
    let named: Vec<Line> = sent.iter().cloned().map(with_names).collect();
    let card = Whole::of(&named);
    named.iter().enumerate().map(|(at, line)| card.line(at, line).map(described).into_iter().collect()).collect()
}

/// What is known of the whole card before its lines are gone through; all of it by their places.
struct Whole<'a> {
    sent: &'a [Line],
    /// Which address has which label.
    labels: BTreeMap<usize, usize>,
    /// The name, and the SORT-STRING that is about it.
    sorted: Option<(usize, usize)>,
    /// Which line says what is said once.
    once: BTreeMap<&'static str, usize>,
}

impl<'a> Whole<'a> {
    fn of(sent: &'a [Line]) -> Whole<'a> {
        let place = |name: &str| sent.iter().position(|line| line.name == name);
        let anniversaries: BTreeSet<String> = sent.iter().filter(|line| is_label_of_anniversary(line)).filter_map(group).collect();
        let says = |line: &Line, name: &str| {
            line.name == name
                && match name {
                    "X-ABDATE" => group(line).is_some_and(|group| anniversaries.contains(&group)),
                    "X-ABSHOWAS" => line.value.eq_ignore_ascii_case("company"),
                    _ => true,
                }
        };
        let first = |names: &[&str]| names.iter().find_map(|name| sent.iter().position(|line| says(line, name)));
        let once = ONCE.iter().filter_map(|(name, names)| Some((*name, first(names)?))).collect();
        Whole { sent, labels: labels(sent), sorted: place("N").zip(place("SORT-STRING")), once }
    }

    fn line(&self, at: usize, sent: &Line) -> Option<Line> {
        let mut line = sent.clone();
        match sent.name.as_str() {
            "VERSION" | "PROFILE" => return None,
            "N" => {
                let sorted = self.sorted.filter(|(name, _)| *name == at).and_then(|(_, sorted)| self.sent.get(sorted));
                if let Some(sorted) = sorted {
                    line.set("SORT-AS", unescape_text(&sorted.value));
                }
            }
            "SORT-STRING" if self.sorted.is_some_and(|(_, sorted)| sorted == at) => return None,
            "ADR" => {
                if let Some(label) = self.labels.get(&at).and_then(|label| self.sent.get(*label)) {
                    line.set("LABEL", unescape_text(&label.value));
                }
            }
            "LABEL" if self.labels.values().any(|label| *label == at) => return None,
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
            "X-ABLABEL" if self.is_of_anniversary(sent) => return None,
            name => {
                if let Some((_, other)) = RENAMED.iter().find(|(three, _)| *three == name) {
                    line = line.named(other);
                }
            }
        }
        if ADDRESSES.contains(&line.name.as_str()) {
            line.value = line.address();
        }
        Some(self.said_once(at, line))
    }

    /// A line of what is said once says it as 4.0 does, where it is the one that is meant; another one keeps a name that nobody takes for it.
    fn said_once(&self, at: usize, line: Line) -> Line {
        let Some((name, _)) = ONCE.iter().find(|(_, names)| names.contains(&line.name.as_str())) else { return line };
        // Several that are one in other words or letters may stand beside each other (§5.4).
        let is_meant = self.once.get(name) == Some(&at) || line.param("ALTID").is_some();
        match (is_meant, line.name == *name) {
            (true, _) => once(line.named(name)),
            (false, true) => line.named(&format!("X-{name}")),
            (false, false) => line,
        }
    }

    /// Whether a label is that of the line that says the anniversary.
    fn is_of_anniversary(&self, label: &Line) -> bool {
        let day = self.once.get("ANNIVERSARY").and_then(|at| self.sent.get(*at)).filter(|line| line.name == "X-ABDATE");
        is_label_of_anniversary(label) && day.is_some_and(|day| group(day).is_some() && group(day) == group(label))
    }
}

/// The group that a line is in, in small letters.
fn group(line: &Line) -> Option<String> {
    line.group.as_deref().map(str::to_ascii_lowercase)
}

fn is_label_of_anniversary(line: &Line) -> bool {
    line.name == "X-ABLABEL" && line.value == ANNIVERSARY
}

/// Which address each LABEL is of: the one in its group, the one before it, or the next of the same types that has none.
fn labels(sent: &[Line]) -> BTreeMap<usize, usize> {
    let mut labels = BTreeMap::new();
    let mut grouped: BTreeMap<String, usize> = places(sent, "ADR").filter_map(|at| Some((group(sent.get(at)?)?, at))).collect();
    for label in places(sent, "LABEL") {
        if let Some(address) = sent.get(label).and_then(group).and_then(|group| grouped.remove(&group)) {
            labels.insert(address, label);
        }
    }
    let found: BTreeSet<usize> = labels.values().copied().collect();
    let mut left: Vec<usize> = places(sent, "LABEL").filter(|label| !found.contains(label)).collect();
    left.retain(|label| {
        let before = label.checked_sub(1).and_then(|at| Some((at, sent.get(at)?)));
        let is_its = |line: &Line| line.name == "ADR" && sent.get(*label).is_some_and(|label| label.place() == line.place());
        match before.filter(|(at, line)| is_its(line) && !labels.contains_key(at)) {
            Some((address, _)) => labels.insert(address, *label).is_some(),
            None => true,
        }
    });
    let mut waiting: BTreeMap<String, VecDeque<usize>> = BTreeMap::new();
    for address in places(sent, "ADR").filter(|at| !labels.contains_key(at)).collect::<Vec<_>>() {
        waiting.entry(sent.get(address).map(Line::place).unwrap_or_default()).or_default().push_back(address);
    }
    for label in left {
        if let Some(address) = sent.get(label).and_then(|label| waiting.get_mut(&label.place())?.pop_front()) {
            labels.insert(address, label);
        }
    }
    labels
}

fn places<'a>(sent: &'a [Line], name: &'a str) -> impl Iterator<Item = usize> + 'a {
    sent.iter().enumerate().filter(move |(_, line)| line.name == name).map(|(at, _)| at)
}

/// What is said once, as 4.0 says it.
fn once(mut line: Line) -> Line {
    match line.name.as_str() {
        "BDAY" | "ANNIVERSARY" => {
            // None is preferred to another, and what labelled it is gone.
            line.group = line.group.filter(|_| line.name == "BDAY");
            line.set_types(Vec::new());
            moment::to_four(&mut line);
        }
        "KIND" if line.value.eq_ignore_ascii_case("company") => line = Line::new("KIND", "org"),
        "KIND" => line.value.make_ascii_lowercase(),
        "GENDER" => line.value = gender(&line.value),
        _ => {}
    }
    line
}

/// A letter, or words behind a semicolon (RFC 6350 §6.2.7).
fn gender(value: &str) -> String {
    match value.trim().to_ascii_lowercase().as_str() {
        "male" => "M".to_owned(),
        "female" => "F".to_owned(),
        said if said.split(';').next().is_some_and(|sex| ["", "m", "f", "o", "n", "u"].contains(&sex)) => value.to_owned(),
        _ => format!(";{value}"),
    }
}

/// Before there were names of parameters, their values stood alone.
fn with_names(mut line: Line) -> Line {
    let bare: Vec<String> = line.params.iter().filter(|param| param.values.is_empty()).map(|param| param.name.clone()).collect();
    if bare.is_empty() {
        return line;
    }
    line.params.retain(|param| !param.values.is_empty());
    let (encodings, types): (Vec<String>, Vec<String>) = bare.into_iter().partition(|word| ["B", "BASE64"].contains(&word.as_str()));
    line.params.extend(encodings.into_iter().take(1).map(|word| Param { name: "ENCODING".to_owned(), values: vec![word] }));
    line.set_types(types.into_iter().chain(line.types()).collect());
    line
}

/// A line whose parameters are those of 4.0.
fn described(mut line: Line) -> Line {
    line.take("CHARSET");
    let mut types = line.types();
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

//! What a card of 4.0 says, in 3.0.
//!
//! Not for: pictures (`media`), days (`moment`). RFC 2426, RFC 6350 appendix A; names that Apple's programs read where 3.0 has none.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use super::{ANNIVERSARY, Line, media, moment};
use crate::ical::object::{escape_text, unescape_text};

/// Names of 4.0 that 3.0 has others for: its own, or those that its programs have found.
const RENAMED: [(&str, &str); 6] = [
    ("X-CLASS", "CLASS"),
    ("X-MAILER", "MAILER"),
    ("X-NAME", "NAME"),
    ("X-SORT-STRING", "SORT-STRING"),
    ("MEMBER", "X-ADDRESSBOOKSERVER-MEMBER"),
    ("GENDER", "X-GENDER"),
];

/// For each line what stands in its place: nothing, itself, others.
pub(super) fn said(sent: &[Line]) -> Vec<Vec<Line>> {
    let mut card = Whole::of(sent);
    let mut said: Vec<Vec<Line>> = sent.iter().enumerate().map(|(at, line)| card.line(at, line)).collect();
    // 3.0 does not go without N (RFC 2426 §3.1.2).
    if !sent.iter().any(|line| line.name == "N")
        && let Some(at) = card.liked.get("FN").map(|liked| liked.at)
        && let (Some(line), Some(lines)) = (sent.get(at), said.get_mut(at))
    {
        lines.push(Line::new("N", format!("{};;;;", escape_text(&unescape_text(&line.value)))));
    }
    said
}

/// What is known of the whole card before its lines are gone through.
struct Whole {
    /// Of each name the line that is liked most: in 3.0 one is preferred or it is not, and names stand once.
    liked: BTreeMap<String, Liked>,
    /// The number of a group that nothing is in yet.
    free: u32,
}

struct Liked {
    at: usize,
    /// From 1 to 100; 101 where nothing is said.
    preference: u8,
}

impl Whole {
    fn of(sent: &[Line]) -> Whole {
        let mut liked: BTreeMap<String, Liked> = BTreeMap::new();
        for (at, line) in sent.iter().enumerate() {
            let preference = preference(line);
            let best = liked.entry(line.name.clone()).or_insert(Liked { at, preference });
            if preference < best.preference {
                *best = Liked { at, preference };
            }
        }
        let number = |line: &Line| line.group.as_deref()?.to_ascii_lowercase().strip_prefix("item")?.parse::<u32>().ok();
        // Anniversaries get another group than the one that they may be in.
        let free = sent.iter().filter(|line| line.name != "ANNIVERSARY").filter_map(number).max().unwrap_or(0).saturating_add(1);
        Whole { liked, free }
    }

    fn line(&mut self, at: usize, sent: &Line) -> Vec<Line> {
        let mut line = sent.clone();
        let is_first = self.liked.get(&sent.name).is_some_and(|liked| liked.at == at);
        self.prefer(&mut line, is_first);
        match sent.name.as_str() {
            "VERSION" => return Vec::new(),
            "FN" | "N" if !is_first => line = line.clone().named(&format!("X-{}", sent.name)),
            "N" => {
                let sorted = line.take("SORT-AS").map(|sorted| Line::new("SORT-STRING", escape_text(&sorted.values.join(","))));
                return std::iter::once(line).chain(sorted).collect();
            }
            "ADR" => return address(line),
            "PHOTO" | "LOGO" | "SOUND" | "KEY" => media::to_three(&mut line),
            // It may stand several times in 4.0, in one sense (ALTID).
            "BDAY" if !line.value.is_empty() && (!is_first || !moment::to_three(&mut line)) => line = line.named("X-BDAY"),
            "ANNIVERSARY" => return self.anniversary(line),
            "REV" => moment::revision_to_three(&mut line),
            "GEO" => line.value = coordinates(&line.value).unwrap_or(line.value),
            "TZ" => zone(&mut line),
            "TEL" => telephone(&mut line),
            "RELATED" if line.is_typed("agent") && !line.says("VALUE", "text") => {
                line = line.named("AGENT");
                line.set_types(line.types().into_iter().filter(|kind| !kind.eq_ignore_ascii_case("agent")).collect());
                line.set("VALUE", "uri");
            }
            "X-AGENT" => line = line.named("AGENT"),
            "KIND" => match line.value.to_ascii_lowercase().as_str() {
                "individual" => return Vec::new(),
                "org" => line = Line::new("X-ABShowAs", "COMPANY"),
                "group" => line = line.named("X-ADDRESSBOOKSERVER-KIND"),
                _ => {}
            },
            name => {
                if let Some((_, other)) = RENAMED.iter().find(|(four, _)| *four == name) {
                    line = line.named(other);
                }
            }
        }
        vec![line]
    }

    /// Of the lines of a name the one that is liked most is preferred, where one is liked at all.
    fn prefer(&self, line: &mut Line, is_first: bool) {
        let liked = preference(line) <= 100;
        line.take("PREF");
        let mut types: Vec<String> = line.types().into_iter().filter(|kind| !kind.eq_ignore_ascii_case("pref")).collect();
        types.extend((liked && is_first).then(|| "pref".to_owned()));
        line.set_types(types);
    }

    /// As Apple's programs write it; what is no whole day goes under a name of its own.
    fn anniversary(&mut self, mut line: Line) -> Vec<Line> {
        line.set_types(Vec::new());
        if !moment::to_three(&mut line) {
            return vec![line.named("X-ANNIVERSARY")];
        }
        let group = format!("item{}", self.free);
        self.free = self.free.saturating_add(1);
        let label = Line { group: Some(group.clone()), ..Line::new("X-ABLabel", ANNIVERSARY) };
        vec![Line { group: Some(group), ..line.named("X-ABDATE") }, label]
    }
}

/// Some programs of 4.0 still write what 3.0 does.
fn preference(line: &Line) -> u8 {
    let said = line.param("PREF").and_then(|pref| pref.trim().parse().ok()).filter(|pref| (1..=100).contains(pref));
    said.unwrap_or_else(|| if line.is_typed("pref") { 1 } else { 101 })
}

/// In 3.0 the label of an address is a line of its own, of the same types.
fn address(mut line: Line) -> Vec<Line> {
    let Some(text) = line.take("LABEL").and_then(|label| label.values.into_iter().next()) else { return vec![line] };
    // As RFC 6350 §6.3.1 writes the ends of its lines, which RFC 6868 writes `^n`.
    let text = text.replace("\\n", "\n").replace("\\N", "\n");
    let label = Line { value: escape_text(&text), ..line.clone().named("LABEL") };
    let is_empty = line.value.chars().all(|c| c == ';');
    if is_empty { vec![label] } else { vec![line, label] }
}

/// `geo:48.77,9.18` as `48.77;9.18`.
fn coordinates(value: &str) -> Option<String> {
    let (scheme, rest) = value.trim().split_at_checked(4)?;
    let (latitude, longitude) = rest.split(';').next()?.trim().split_once(',')?;
    let latitude = latitude.strip_suffix('\\').unwrap_or(latitude);
    let both = [latitude, longitude].iter().all(|number| number.parse::<f64>().is_ok());
    (scheme.eq_ignore_ascii_case("geo:") && both).then(|| format!("{latitude};{longitude}"))
}

/// TZ is an offset in 3.0 where nothing else is said, and text in 4.0.
fn zone(line: &mut Line) {
    if let Some(offset) = moment::offset_to_three(line.value.trim()) {
        line.take("VALUE");
        line.value = offset;
    } else if line.param("VALUE").is_none() {
        line.set("VALUE", "text");
    }
}

/// A telephone number is text in 3.0; an extension stands behind it. One that says more, such as in which area it is dialled (RFC 3966
/// §5.1.5), stays an address.
fn telephone(line: &mut Line) {
    let value = line.address();
    let Some((_, rest)) = value.split_at_checked(4).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("tel:")) else { return };
    let mut parts = rest.split(';');
    let number = percent_decode_str(parts.next().unwrap_or_default()).decode_utf8_lossy().into_owned();
    let named = |part: &'_ str| {
        part.split_once('=').filter(|(name, _)| name.eq_ignore_ascii_case("ext")).map(|(_, digits)| format!(" ext. {digits}"))
    };
    let Some(extension) = parts.map(named).collect::<Option<String>>() else { return };
    line.take("VALUE");
    line.value = escape_text(&format!("{number}{extension}"));
}

//! A vCard: its octets as they were sent, and its properties. Versions 3.0 and 4.0.
//!
//! Not for: keeping address books; calendars' objects (`ical::object`, whose reader and line editor serve here too). What is sent stays octet
//! for octet; whoever changes a card changes whole lines. RFC 6350, RFC 2426, RFC 6868; RFC 6352 §5.1.

mod convert;
mod filter;
mod partial;

use bytes::Bytes;

pub use convert::converted;
pub use filter::{Condition, Filter, MatchType, ParamFilter, ParamTest, PropFilter, PropTest, Test, TextMatch, matches};
pub use partial::part_of;

use crate::error::{Error, Precondition, Result};
use crate::ical::object::{Editor, Limits, MAX_UID_LEN, Node, Property, cut_text, tree, unescape_text};

/// The largest vCard that is read, in octets: pictures stand in it.
pub const MAX_CARD_SIZE: usize = 1024 * 1024;
/// How many content lines a vCard may have.
pub const MAX_CARD_PROPERTIES: usize = 2_000;
/// The largest file of vCards, in octets.
pub const MAX_FILE_SIZE: usize = 32 * 1024 * 1024;
/// How many vCards a file may have.
pub const MAX_CARDS: usize = 20_000;

const CARD: Limits = Limits { octets: MAX_CARD_SIZE, components: 1, properties: MAX_CARD_PROPERTIES };
const FILE: Limits = Limits { octets: MAX_FILE_SIZE, components: MAX_CARDS, properties: MAX_CARDS * 50 };

/// A vCard: octets and properties. Two are equal where their octets are.
#[derive(Debug, Clone)]
pub struct Card {
    octets: Bytes,
    root: Node,
}

impl PartialEq for Card {
    fn eq(&self, other: &Card) -> bool {
        self.octets == other.octets
    }
}

impl Eq for Card {}

/// VERSION.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// 3.0 (RFC 2426)
    Three,
    /// 4.0 (RFC 6350)
    Four,
}

impl Version {
    /// All of them, those first that more programs know.
    pub const ALL: [Version; 2] = [Version::Three, Version::Four];

    /// `3.0`
    pub fn as_str(self) -> &'static str {
        match self {
            Version::Three => "3.0",
            Version::Four => "4.0",
        }
    }

    /// The version that is written so.
    pub fn read(text: &str) -> Option<Version> {
        Version::ALL.into_iter().find(|version| version.as_str() == text)
    }

    /// The version of a card's octets where a line says so as nearly all cards write it; others have to be read.
    pub fn at_a_glance(octets: &[u8]) -> Option<Version> {
        let said = octets.split(|b| *b == b'\n').find_map(|line| line.strip_prefix(b"VERSION:"))?;
        Version::ALL.into_iter().find(|version| said.trim_ascii_end() == version.as_str().as_bytes())
    }
}

/// What is known of a card that may be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its version.
    pub version: Version,
    /// Its one UID.
    pub uid: String,
}

impl Card {
    /// Reads octets of at most [`MAX_CARD_SIZE`] that hold exactly one VCARD. [`Error::Malformed`] with a sentence that names the line.
    pub fn parse(octets: Bytes) -> Result<Card> {
        let mut roots = tree(&octets, &CARD).map_err(malformed)?;
        match (roots.pop(), roots.is_empty()) {
            (Some(root), true) if root.name == "VCARD" => Ok(Card { octets, root }),
            (Some(root), true) => Err(Error::Malformed(format!("line {}, {}: a card begins with VCARD", root.line, root.name))),
            (Some(root), false) => Err(Error::Malformed(format!("line {}, {}: there is more than one card", root.line, root.name))),
            (None, _) => Err(Error::Malformed("there is no VCARD in it".into())),
        }
    }

    /// Splits a file into its cards, each with its octets. [`Error::Malformed`] as [`Card::parse`].
    pub fn split(octets: &Bytes) -> Result<Vec<Card>> {
        let roots = tree(octets, &FILE).map_err(malformed)?;
        roots.iter().map(|root| Card::parse(octets.slice(root.span.clone()))).collect()
    }

    /// Checks what an address book may keep: one VERSION that is known, FN, and one UID (RFC 6352 §5.1, RFC 6350 §6.2.1, §6.7.9).
    /// Lenient about N in version 3 and about VERSION standing further down. [`Error::Malformed`] with a sentence; a card of a version that is not
    /// known is refused by [`Precondition::SupportedAddressData`].
    pub fn check(&self) -> Result<Kept> {
        let version = self.version()?;
        if self.all("FN").next().is_none() {
            return Err(Error::Malformed("FN: it is missing".into()));
        }
        let uid = self.one("UID")?;
        let value = uid.value.trim();
        if value.is_empty() || value.len() > MAX_UID_LEN {
            return Err(bad(uid, &format!("it has between 1 and {MAX_UID_LEN} octets")));
        }
        Ok(Kept { version, uid: value.to_owned() })
    }

    /// Its one VERSION; another than those that are kept is refused by [`Precondition::SupportedAddressData`].
    pub fn version(&self) -> Result<Version> {
        let version = self.one("VERSION")?;
        Version::read(version.value.trim()).ok_or_else(|| unsupported(version))
    }

    /// The one property of a name.
    fn one<'a>(&'a self, name: &'a str) -> Result<&'a Property> {
        let mut all = self.all(name);
        let first = all.next().ok_or_else(|| Error::Malformed(format!("{name}: it is missing")))?;
        match all.next() {
            Some(second) => Err(bad(second, "there are several")),
            None => Ok(first),
        }
    }

    /// The octets as they were sent.
    pub fn octets(&self) -> &Bytes {
        &self.octets
    }

    /// The VCARD with its properties; the name of one in a group is `ITEM1.TEL`.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The properties that a name means, in the order sent: `TEL` in any group and in none, `item1.TEL` in that group alone
    /// (RFC 6352 §10.5.1).
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Property> {
        self.root.properties.iter().filter(move |property| {
            let own = if name.contains('.') { property.name.as_str() } else { bare(property) };
            own.eq_ignore_ascii_case(name)
        })
    }

    /// The value as TEXT of the most preferred property of a name (PREF in version 4, TYPE=PREF in version 3), or of the first.
    pub fn text(&self, name: &str) -> Option<String> {
        self.all(name).min_by_key(|property| preference(property)).map(Property::text)
    }

    /// An editor of this card's lines.
    pub fn editor(&self) -> Editor<'_> {
        Editor::of(&self.octets, &self.root)
    }
}

/// A property's name without its group.
pub fn bare(property: &Property) -> &str {
    property.name.rsplit('.').next().unwrap_or(&property.name)
}

/// The fields of a structured value such as N, ADR or ORG, each a list (RFC 6350 §3.3, list-component).
pub fn fields(property: &Property) -> Vec<Vec<String>> {
    let list = |field: &str| cut_text(field, ',').into_iter().map(unescape_text).collect();
    cut_text(&property.value, ';').into_iter().map(list).collect()
}

/// From 1, which is liked most, to 101, where nothing is said.
fn preference(property: &Property) -> u8 {
    let pref = property.param("PREF").and_then(|pref| pref.trim().parse().ok()).filter(|pref| (1..=100).contains(pref));
    let typed = || property.params.iter().any(|param| param.name == "TYPE" && param.values.iter().any(|v| v.eq_ignore_ascii_case("pref")));
    pref.unwrap_or_else(|| if typed() { 1 } else { 101 })
}

/// A card of another version than those that are kept may be a good one all the same.
fn unsupported(version: &Property) -> Error {
    let sentence = format!("line {}, VERSION: only 3.0 and 4.0 are kept", version.line);
    Error::Refused(Precondition::SupportedAddressData, sentence)
}

fn bad(property: &Property, why: &str) -> Error {
    Error::Malformed(format!("line {}, {}: {why}", property.line, property.name))
}

/// The reader's refusals speak of calendars' preconditions; of a card the sentence alone holds.
fn malformed(error: Error) -> Error {
    match error {
        Error::Refused(_, why) => Error::Malformed(why),
        other => other,
    }
}

#[cfg(test)]
mod tests;

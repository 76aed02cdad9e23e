//! A card in the other version: 3.0 for programs that know no other, 4.0 for those that ask for it.
//!
//! Not for: what is kept, which stays as it was sent. Lines that both versions write alike stay octet for octet. What a version has no word
//! for goes under the name that programs of that version have found for it (`X-ABDATE`, `X-ADDRESSBOOKSERVER-KIND`), or stands under its own:
//! whoever does not know it passes over it. RFC 6350 appendix A, RFC 2426, RFC 6352 §5.1.1.

mod four;
mod media;
mod moment;
mod three;

use bytes::Bytes;

use super::{Card, Version, bare};
use crate::error::Result;
use crate::ical::object::{Param, Property, content_line};

/// What Apple's programs call an anniversary.
const ANNIVERSARY: &str = "_$!<Anniversary>!$_";

/// The parameter by which Apple's programs say that a year is none, and the year that they write then.
const OMIT_YEAR: &str = "X-APPLE-OMIT-YEAR";

/// The card in a version; its own octets where it has that already. [`crate::error::Error::Malformed`] for one whose version is not known,
/// and for one with a line that cannot be written, such as one with control characters.
pub fn converted(card: &Card, to: Version) -> Result<Bytes> {
    if card.version()? == to {
        return Ok(card.octets().clone());
    }
    let octets = card.octets();
    let sent: Vec<Line> = card.root().properties.iter().map(|property| Line::of(octets, property)).collect();
    let said = match to {
        Version::Three => three::said(&sent),
        Version::Four => four::said(&sent),
    };
    let mut out = Vec::with_capacity(octets.len() + octets.len() / 8);
    // 4.0 wants VERSION first (RFC 6350 §6.7.9), and 3.0 does not mind.
    out.extend_from_slice(format!("BEGIN:VCARD\r\nVERSION:{}\r\n", to.as_str()).as_bytes());
    for ((property, sent), said) in card.root().properties.iter().zip(&sent).zip(&said) {
        match said.as_slice() {
            [same] if same == sent => {
                let line = octets.get(property.span.clone()).unwrap_or_default();
                if is_in_order(line) {
                    out.extend_from_slice(line);
                } else {
                    out.extend_from_slice(property.with_value(octets, &property.value).as_bytes());
                }
            }
            lines => lines.iter().try_for_each(|line| line.write().map(|text| out.extend_from_slice(text.as_bytes())))?,
        }
    }
    out.extend_from_slice(b"END:VCARD\r\n");
    Ok(Bytes::from(out))
}

/// Whether a line as it was sent ends as lines do, and is folded between characters (RFC 6350 §3.2).
fn is_in_order(line: &[u8]) -> bool {
    let lone =
        |at: usize| line.get(at).is_some_and(|octet| *octet == b'\n') && at.checked_sub(1).and_then(|at| line.get(at)) != Some(&b'\r');
    line.ends_with(b"\r\n") && !(0..line.len()).any(lone) && std::str::from_utf8(line).is_ok()
}

/// A content line that may be written anew.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    /// `item1`, as it was sent: lines that it holds together are found by it.
    group: Option<String>,
    /// In upper case.
    name: String,
    params: Vec<Param>,
    /// As it stands in the card, escapes and all.
    value: String,
}

impl Line {
    /// `octets` are those that the property was read from.
    fn of(octets: &[u8], property: &Property) -> Line {
        let name = bare(property).to_owned();
        let group = property.name.len().checked_sub(name.len() + 1).map(|length| {
            let sent = octets.get(property.span.start..property.span.start.saturating_add(length)).unwrap_or_default();
            let sent = String::from_utf8_lossy(sent).into_owned();
            // One that is folded within its name is found by what was read.
            property.name.get(..length).filter(|read| !read.eq_ignore_ascii_case(&sent)).map_or(sent, str::to_owned)
        });
        Line { group, name, params: property.params.clone(), value: property.value.clone() }
    }

    fn new(name: &str, value: impl Into<String>) -> Line {
        Line { group: None, name: name.to_owned(), params: Vec::new(), value: value.into() }
    }

    fn write(&self) -> Result<String> {
        let name = self.group.as_ref().map_or_else(|| self.name.clone(), |group| format!("{group}.{}", self.name));
        content_line(&name, self.params.iter().map(|param| (param.name.as_str(), param.values.as_slice())), &self.value)
    }

    fn named(mut self, name: &str) -> Line {
        name.clone_into(&mut self.name);
        self
    }

    fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|param| param.name == name)?.values.first().map(String::as_str)
    }

    /// Whether a parameter has this value, in capitals or not.
    fn says(&self, name: &str, value: &str) -> bool {
        self.param(name).is_some_and(|said| said.eq_ignore_ascii_case(value))
    }

    /// Takes a parameter away, however often it is there; what the first says.
    fn take(&mut self, name: &str) -> Option<Param> {
        let first = self.params.iter().find(|param| param.name == name).cloned();
        self.params.retain(|param| param.name != name);
        first
    }

    fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = vec![value.into()];
        match self.params.iter_mut().find(|param| param.name == name) {
            Some(param) => param.values = value,
            None => self.params.push(Param { name: name.to_owned(), values: value }),
        }
    }

    /// Its types one by one: they come in several parameters, in one list, and in one pair of quotes.
    fn types(&self) -> Vec<String> {
        let typed = self.params.iter().filter(|param| param.name == "TYPE").flat_map(|param| &param.values);
        typed.flat_map(|value| value.split(',')).map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect()
    }

    /// Some programs escape an address's colons, commas and semicolons as they do those of text; an address has no escapes.
    fn address(&self) -> String {
        self.value.trim().replace("\\:", ":").replace("\\,", ",").replace("\\;", ";")
    }

    fn is_typed(&self, kind: &str) -> bool {
        self.types().iter().any(|each| each.eq_ignore_ascii_case(kind))
    }

    /// Writes the types as one list where the first of them stood.
    fn set_types(&mut self, types: Vec<String>) {
        let at = self.params.iter().position(|param| param.name == "TYPE").unwrap_or(self.params.len());
        self.params.retain(|param| param.name != "TYPE");
        if !types.is_empty() {
            self.params.insert(at.min(self.params.len()), Param { name: "TYPE".to_owned(), values: types });
        }
    }

    /// Its types but the preference, in one order: by them an address and its label find each other in 3.0.
    fn place(&self) -> String {
        let mut types: Vec<String> = self.types().into_iter().map(|kind| kind.to_ascii_lowercase()).filter(|kind| kind != "pref").collect();
        types.sort_unstable();
        types.join(",")
    }
}

#[cfg(test)]
mod tests;

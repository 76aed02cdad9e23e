//! A part of a card: chosen properties.
//!
//! Not for: reading the choice from XML (`dav`). RFC 6352 §10.4.2.

use bytes::Bytes;

use super::{Card, bare};
use crate::ical::partial::{PropChoice, Shown};

/// The card with the named properties alone, each as it was sent or without its value. VERSION comes with them: without it no program
/// reads the rest. A name with a group means that group's, one without means all (§10.4.2).
pub fn part_of(card: &Card, named: &[PropChoice]) -> Bytes {
    let octets = card.octets();
    let mut out = Vec::with_capacity(octets.len());
    out.extend_from_slice(b"BEGIN:VCARD\r\n");
    for property in &card.root().properties {
        let means = |choice: &&PropChoice| {
            let own = if choice.name.contains('.') { property.name.as_str() } else { bare(property) };
            own.eq_ignore_ascii_case(&choice.name)
        };
        let version = bare(property).eq_ignore_ascii_case("VERSION").then_some(Shown::Value);
        match version.or_else(|| named.iter().find(means).map(|choice| choice.value)) {
            Some(Shown::Value) => out.extend_from_slice(octets.get(property.span.clone()).unwrap_or_default()),
            Some(Shown::NameOnly) => out.extend_from_slice(property.with_value(octets, "").as_bytes()),
            None => {}
        }
    }
    out.extend_from_slice(b"END:VCARD\r\n");
    Bytes::from(out)
}

//! A file with many objects → objects that can be kept, one for each UID.
//!
//! Not for: what a client PUTs. This is the room of the `icalendar` crate: behind our limits (its parser ends the process on deep
//! nesting) it reads the file a second time, and where the two don't see the same, the file is refused. RFC 4791 §4.1.

use std::collections::{BTreeSet, HashMap};

use bytes::Bytes;
use icalendar::parser;

use super::scan::{self, Limits};
use super::{CalendarObject, Node, fits, refused};
use crate::error::Result;
use crate::ical::component::Component;

/// The largest file that is imported, in octets.
pub const MAX_IMPORT_SIZE: usize = 32 * 1024 * 1024;
/// How many components a file may have.
pub const MAX_IMPORT_COMPONENTS: usize = 100_000;
/// How many content lines a file may have.
pub const MAX_IMPORT_PROPERTIES: usize = 2_000_000;

pub(super) const IMPORT: Limits = Limits { octets: MAX_IMPORT_SIZE, components: MAX_IMPORT_COMPONENTS, properties: MAX_IMPORT_PROPERTIES };

/// Splits a file into objects in the order of their first component: all components of a UID, the VTIMEZONEs that they use, the
/// file's other properties without METHOD. Components keep their octets. What is none of [`Component::ICALENDAR`] is left out.
///
/// Refused as [`CalendarObject::parse_sent`] and [`fits`] do, where a component has no UID, and where the second reader sees something else.
pub fn split(octets: Bytes) -> Result<Vec<CalendarObject>> {
    let roots = scan::tree(&octets, &IMPORT)?;
    if roots.is_empty() {
        return Err(refused("there is no VCALENDAR in it"));
    }
    let mut objects = Vec::new();
    for root in &roots {
        if root.name != "VCALENDAR" {
            return Err(refused(&format!("line {}, {}: a file holds VCALENDARs", root.line, root.name)));
        }
        second_reading(&octets, root)?;
        for group in by_uid(root)? {
            let object = CalendarObject::parse_sent(assemble(&octets, root, &group))?;
            fits(object.octets().len(), 0)?;
            objects.push(object);
        }
    }
    Ok(objects)
}

fn by_uid(root: &Node) -> Result<Vec<Vec<&Node>>> {
    let mut groups: Vec<Vec<&Node>> = Vec::new();
    let mut place: HashMap<&str, usize> = HashMap::new();
    for node in root.children.iter().filter(|node| Component::from_name(&node.name).is_some()) {
        let uid = node.first("UID").map(|p| p.value.trim()).filter(|uid| !uid.is_empty());
        let uid = uid.ok_or_else(|| refused(&format!("line {}, {}: it has no UID", node.line, node.name)))?;
        let at = *place.entry(uid).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(node),
            None => groups.push(vec![node]),
        }
    }
    Ok(groups)
}

fn assemble(octets: &[u8], root: &Node, group: &[&Node]) -> Bytes {
    let mut used = BTreeSet::new();
    group.iter().for_each(|node| collect_tzids(node, &mut used));
    let slice = |range: &std::ops::Range<usize>| octets.get(range.clone()).unwrap_or_default();
    let mut out = Vec::new();
    out.extend_from_slice(if super::edit::lone_newlines(octets) { b"BEGIN:VCALENDAR\n" } else { b"BEGIN:VCALENDAR\r\n" });
    for property in root.properties.iter().filter(|p| p.name != "METHOD") {
        out.extend_from_slice(slice(&property.span));
    }
    for zone in root.children.iter().filter(|node| node.name == "VTIMEZONE") {
        if zone.first("TZID").is_some_and(|p| used.contains(p.value.trim())) {
            out.extend_from_slice(slice(&zone.span));
        }
    }
    for node in group {
        out.extend_from_slice(slice(&node.span));
    }
    out.extend_from_slice(octets.get(root.end_at..root.span.end).unwrap_or_default());
    Bytes::from(out)
}

/// The TZIDs that a component and those in it name.
pub(in crate::ical) fn collect_tzids<'a>(node: &'a Node, used: &mut BTreeSet<&'a str>) {
    used.extend(node.properties.iter().filter_map(|p| p.param("TZID")).map(str::trim));
    node.children.iter().for_each(|child| collect_tzids(child, used));
}

/// Reads a VCALENDAR with the other parser and compares what both have seen.
fn second_reading(octets: &[u8], root: &Node) -> Result<()> {
    let mut text = String::new();
    plain(octets, root, &mut text);
    let disagree = || refused(&format!("line {}, VCALENDAR: two ways of reading this file don't agree on what is in it", root.line));
    let seen = parser::read_components(&text).map_err(|_| disagree())?;
    match seen.as_slice() {
        [one] if same(root, one) => Ok(()),
        _ => Err(disagree()),
    }
}

/// The lines as they were sent but unfolded: the other parser can't unfold inside a character and wants BEGIN and END in capitals.
fn plain(octets: &[u8], node: &Node, out: &mut String) {
    out.push_str(&format!("BEGIN:{}\n", node.name));
    for property in &node.properties {
        out.push_str(&scan::unfolded(octets.get(property.span.clone()).unwrap_or_default()));
        out.push('\n');
    }
    node.children.iter().for_each(|child| plain(octets, child, out));
    out.push_str(&format!("END:{}\n", node.name));
}

fn same(ours: &Node, theirs: &parser::Component<'_>) -> bool {
    let uids = |name: &str| name.eq_ignore_ascii_case("UID");
    let mine: Vec<&str> = ours.all("UID").map(|p| p.value.trim()).collect();
    let other: Vec<&str> = theirs.properties.iter().filter(|p| uids(p.name.as_str())).map(|p| p.val.as_str().trim()).collect();
    ours.name.eq_ignore_ascii_case(theirs.name.as_str())
        && ours.properties.len() == theirs.properties.len()
        && mine.len() == other.len()
        && mine.iter().zip(&other).all(|(a, b)| a == b || super::unescape_text(a) == *b)
        && ours.children.len() == theirs.components.len()
        && ours.children.iter().zip(&theirs.components).all(|(a, b)| same(a, b))
}

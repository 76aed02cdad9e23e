//! Line edits that leave every other octet as it was.
//!
//! Not for: what an edit means. RFC 4791 §5.3.4: an object that we edit has another ETag than the one that was sent.

use std::ops::Range;

use bytes::Bytes;

use super::{CalendarObject, Node, write};
use crate::error::{Error, Result};

/// Collects edits of one object; nothing happens before [`Editor::finish`].
#[derive(Debug)]
pub struct Editor<'a> {
    octets: &'a Bytes,
    root: &'a Node,
    changes: Vec<Change>,
}

/// Octets to be replaced, in the order in which they were asked for.
#[derive(Debug)]
struct Change {
    start: usize,
    end: usize,
    /// The property that this concerns, by component and name: a later edit of it takes this one back.
    owner: usize,
    name: String,
    /// In octets, for a line that was sent may be folded inside a character.
    text: Vec<u8>,
}

impl<'a> Editor<'a> {
    /// Begins to edit an object.
    pub fn new(object: &'a CalendarObject) -> Editor<'a> {
        Editor::of(&object.octets, &object.root)
    }

    /// Begins to edit octets whose tree is at hand.
    pub fn of(octets: &'a Bytes, root: &'a Node) -> Editor<'a> {
        Editor { octets, root, changes: Vec::new() }
    }

    /// Sets a property of a component of this object: the first of that name is replaced where it stands, further ones are
    /// dropped; where there is none, the line goes behind the component's own properties. `value` is as it stands in iCalendar.
    ///
    /// [`Error::Malformed`] for what [`write::line`] refuses and for a component of another object.
    pub fn set(&mut self, node: &Node, name: &str, params: &[(&str, &str)], value: &str) -> Result<()> {
        let text = self.own_newlines(write::line(name, params, value)?);
        self.replace(node, name, text.into_bytes())
    }

    /// Sets a TEXT property from plain text.
    pub fn set_text(&mut self, node: &Node, name: &str, text: &str) -> Result<()> {
        self.set(node, name, &[], &write::escape_text(text))
    }

    /// Makes all properties of that name those of a component of another object, as they stand there; removes them where it has none.
    pub fn copy(&mut self, node: &Node, name: &str, other: &CalendarObject, source: &Node) -> Result<()> {
        let lines = source.all(name).filter_map(|property| other.octets.get(property.span.clone()));
        let text = lines.flatten().copied().collect();
        self.replace(node, name, text)
    }

    /// Removes all properties of that name from a component of this object.
    pub fn remove(&mut self, node: &Node, name: &str) -> Result<()> {
        self.replace(node, name, Vec::new())
    }

    /// Takes a component of this object out, with all that is in it; nothing in it may be edited besides.
    pub fn cut(&mut self, child: &Node) -> Result<()> {
        if !contains(self.root, child) {
            return Err(Error::Malformed("The component to cut stands in another object.".into()));
        }
        let Range { start, end } = child.span;
        self.changes.push(Change { start, end, owner: start, name: child.name.clone(), text: Vec::new() });
        Ok(())
    }

    /// Puts a component of another object, as it stands there, behind those that a component of this object has.
    pub fn adopt(&mut self, node: &Node, other: &CalendarObject, child: &Node) -> Result<()> {
        if !contains(self.root, node) {
            return Err(Error::Malformed("The component to edit stands in another object.".into()));
        }
        let octets = other.octets.get(child.span.clone()).unwrap_or_default();
        let text = octets.to_vec();
        self.changes.push(Change { start: node.end_at, end: node.end_at, owner: child.span.start, name: child.name.clone(), text });
        Ok(())
    }

    /// The object's octets with the edits made.
    pub fn finish(mut self) -> Bytes {
        if self.changes.is_empty() {
            return self.octets.clone();
        }
        // Stable: lines that are put in at one place keep the order in which they were asked for.
        self.changes.sort_by_key(|change| change.start);
        let octets = self.octets;
        let mut out = Vec::with_capacity(octets.len() + self.changes.iter().map(|c| c.text.len()).sum::<usize>());
        let mut at = 0;
        for change in &self.changes {
            out.extend_from_slice(octets.get(at..change.start).unwrap_or_default());
            out.extend_from_slice(&change.text);
            at = change.end;
        }
        out.extend_from_slice(octets.get(at..).unwrap_or_default());
        Bytes::from(out)
    }

    fn replace(&mut self, node: &Node, name: &str, text: Vec<u8>) -> Result<()> {
        if !contains(self.root, node) {
            return Err(Error::Malformed("The component to edit stands in another object.".into()));
        }
        let name = name.to_ascii_uppercase();
        let owner = node.span.start;
        self.changes.retain(|change| change.owner != owner || change.name != name);
        let mut text = Some(text);
        for property in node.all(&name) {
            self.changes.push(Change {
                start: property.span.start,
                end: property.span.end,
                owner,
                name: name.clone(),
                text: text.take().unwrap_or_default(),
            });
        }
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            // Properties stand before components (RFC 5545 §3.6.1).
            let at = node.children.first().map_or(node.end_at, |child| child.span.start);
            self.changes.push(Change { start: at, end: at, owner, name, text });
        }
        Ok(())
    }

    fn own_newlines(&self, line: String) -> String {
        if lone_newlines(self.octets) { line.replace("\r\n", "\n") } else { line }
    }
}

/// Whether the first line ends in LF alone.
pub(super) fn lone_newlines(octets: &[u8]) -> bool {
    octets.iter().position(|b| *b == b'\n').is_some_and(|at| at == 0 || octets.get(at - 1) != Some(&b'\r'))
}

fn contains(root: &Node, node: &Node) -> bool {
    root == node
        || root.children.iter().any(|child| child.span.start <= node.span.start && node.span.end <= child.span.end && contains(child, node))
}

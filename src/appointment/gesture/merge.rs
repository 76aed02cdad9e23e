//! Three revisions → one: what a client changed in an old one, laid upon what stands by now.
//!
//! Not for: what the change meant (`gesture`), a DESCRIPTION's lines (`text`). RFC 5545 §3.6.1: DTEND and DURATION say the same.

use std::collections::BTreeSet;

use bytes::Bytes;

use super::text;
use crate::appointment::booking;
use crate::appointment::description::Labels;
use crate::error::Result;
use crate::ical::object::{CalendarObject, Editor, Node};
use crate::ical::zone::Zone;

/// Properties that say together when it is.
const TIMES: [&str; 3] = ["DTSTART", "DTEND", "DURATION"];

/// Merges a stale edit: a line that the client did not change against its base takes its present value. Times are compared by what they
/// mean, for programs write them anew; DESCRIPTION is merged line by line, for it changes with each revision.
pub fn merge(base: &CalendarObject, current: &CalendarObject, sent: &CalendarObject, zone: &Zone) -> Result<Bytes> {
    let (Some(was), Some(is), Some(wish)) = (base.master(), current.master(), sent.master()) else {
        return Ok(sent.octets().clone());
    };
    let names: BTreeSet<&str> = [was, is, wish].iter().flat_map(|node| node.properties.iter().map(|p| p.name.as_str())).collect();
    let mut editor = Editor::new(sent);
    for name in names {
        // An end may be written as DTEND or as DURATION; start and end are one thing and are merged as one.
        let group: &[&str] = if TIMES.contains(&name) { &TIMES } else { &[name] };
        if group.first() != Some(&name) && group.len() > 1 && (was.first("DTSTART").is_some() || wish.first("DTSTART").is_some()) {
            continue;
        }
        if name == "DESCRIPTION" {
            let typed = |node: &Node| node.text(name).unwrap_or_default();
            // A lost DESCRIPTION is no edit; it comes back as a whole.
            if !typed(wish).trim().is_empty() && typed(wish) != typed(was) {
                editor.set_text(wish, name, &text::merged(&Labels::of(is), &typed(was), &typed(is), &typed(wish)))?;
                continue;
            }
        }
        let unchanged = if group.len() > 1 {
            booking::range_of(base, was, zone) == booking::range_of(sent, wish, zone)
        } else {
            group.iter().all(|name| same(was, wish, name))
        };
        let differs = group.iter().any(|name| !same(is, wish, name));
        if unchanged && differs {
            for name in group {
                editor.copy(wish, name, current, is)?;
            }
        }
    }
    Ok(editor.finish())
}

fn same(a: &Node, b: &Node, name: &str) -> bool {
    let lines = |node: &'_ Node| node.all(name).map(|p| (p.params.clone(), p.value.clone())).collect::<Vec<_>>();
    lines(a) == lines(b)
}

//! A booking's DESCRIPTION through a change: its parts, what two people wrote merged, and our lines in it as they must be.
//!
//! Not for: what its lines say (`description`), other properties (`merge`, `settle`). RFC 5545 §3.8.1.5.

use super::Settled;
use crate::appointment::booking::State;
use crate::appointment::description::Labels;
use crate::appointment::practice::Language;
use crate::appointment::{team, words};

/// Lines above the history that are ours.
const PARTS: [&str; 7] = ["status", "resources", "incomplete", "deleting", "confirm", "decline", "page"];

/// A text in its three parts; the headings themselves are left out.
#[derive(Default)]
pub(super) struct Parts {
    /// Lines above the history.
    pub head: Vec<String>,
    /// Lines of the history.
    pub history: Vec<String>,
    /// Lines below it.
    pub notes: Vec<String>,
}

impl Parts {
    /// As the headings divide it; notes may follow the head at once.
    pub fn of(text: &str) -> Parts {
        let mut parts = Parts::default();
        let mut part = 0;
        for line in text.lines() {
            if part < 1 && words::heading(line, "history") {
                part = 1;
            } else if part < 2 && words::heading(line, "notes") {
                part = 2;
            } else {
                let lines = match part {
                    0 => &mut parts.head,
                    1 => &mut parts.history,
                    _ => &mut parts.notes,
                };
                lines.push(line.to_owned());
            }
        }
        parts
    }
}

/// A text that somebody changed on the way from `was` to `wish`, with what others have changed since in `is`: their values of fields that
/// the client left alone, and their further lines.
pub(super) fn merged(labels: &Labels, was: &str, is: &str, wish: &str) -> String {
    let (was, is) = (Parts::of(was), Parts::of(is));
    let Parts { mut head, history, mut notes } = Parts::of(wish);
    let wished = head.clone();
    let value = |lines: &[String], field: &str| lines.iter().find_map(|line| labels.value(line, field).map(str::to_owned));
    for field in labels.names() {
        if value(&was.head, field) == value(&wished, field)
            && let Some(present) = is.head.iter().find(|line| labels.value(line, field).is_some())
            && let Some(line) = head.iter_mut().find(|line| labels.value(line, field).is_some())
        {
            line.clone_from(present);
        }
    }
    let added = |was: &[String], is: &[String], wish: &[String]| -> Vec<String> {
        is.iter().filter(|line| !line.trim().is_empty() && !was.contains(line) && !wish.contains(line)).cloned().collect()
    };
    let ours = |line: &String| labels.is_field(line) || PARTS.iter().any(|part| words::labelled(line, part).is_some());
    let new: Vec<String> = added(&was.head, &is.head, &head).into_iter().filter(|line| !ours(line)).collect();
    // What others have taken out stays out.
    let gone = |was: &[String], is: &[String], line: &String| !line.trim().is_empty() && was.contains(line) && !is.contains(line);
    head.retain(|line| ours(line) || !gone(&was.head, &is.head, line));
    notes.retain(|line| !gone(&was.notes, &is.notes, line));
    head.extend(new);
    notes.extend(added(&was.notes, &is.notes, &notes));
    let heading = |part: &str| vec![words::label(Language::De, part).to_owned()];
    [head, heading("history"), history, heading("notes"), notes].concat().join("\n")
}

/// The text as staff left it, with our parts as they must be: the status line, the hints, the history.
pub(super) fn settled(labels: &Labels, typed: &str, old: &str, settled: &Settled<'_>) -> String {
    let language = settled.language;
    let Parts { mut head, history: strays, notes } = Parts::of(typed);
    let Parts { head: old_head, history, .. } = Parts::of(old);
    // Without its heading the history would stand there twice.
    head.retain(|line| !words::is_hint(line) && (line.trim().is_empty() || !history.contains(line)));
    keep_fields(labels, &mut head, &old_head);
    let status = format!("{}: {}", words::label(language, "status"), words::of_state(language, settled.state).status);
    let team = settled.team.lines(language, settled.state);
    // What staff may have called so themselves stays, unless the booking has or had such lines of ours.
    if !team.is_empty() || old_head.iter().any(|line| team::is_line(line)) {
        head.retain(|line| !team::is_line(line));
    }
    let at = match head.iter().position(|line| words::labelled(line, "status").is_some()) {
        Some(at) => at,
        None => {
            let at = head.len().min(1);
            head.insert(at, String::new());
            at
        }
    };
    head.splice(at..=at, std::iter::once(status).chain(team));
    let mut lines = trimmed(head);
    if settled.state == State::Requested {
        lines.push(String::new());
        lines.extend(words::hints(language, settled.page));
    }
    lines.push(String::new());
    lines.push(words::label(language, "history").to_owned());
    // What staff typed among the history is theirs: it moves to the notes, and the history is as it was.
    let strays: Vec<String> = strays.into_iter().filter(|line| !history.contains(line) && !line.trim().is_empty()).collect();
    lines.extend(history.into_iter().filter(|line| !line.trim().is_empty()));
    lines.extend(settled.line.clone());
    lines.push(String::new());
    lines.push(words::label(language, "notes").to_owned());
    lines.extend(strays);
    lines.extend(trimmed(notes));
    lines.push(String::new());
    lines.join("\n")
}

/// Puts back the customer's lines whose label is gone: a program that cuts texts off must not take the address that answers go to. A
/// value is taken away by emptying its line.
fn keep_fields(labels: &Labels, head: &mut Vec<String>, old: &[String]) {
    let of = |line: &String, field: &str| labels.value(line, field).is_some();
    let lost = |line: &&String| labels.names().any(|field| of(line, field) && !head.iter().any(|kept| of(kept, field)));
    let lost: Vec<String> = old.iter().filter(lost).cloned().collect();
    if lost.is_empty() {
        return;
    }
    let at = match head.iter().rposition(|line| labels.is_field(line)) {
        Some(last) => last + 1,
        None => {
            while head.last().is_some_and(|line| line.trim().is_empty()) {
                head.pop();
            }
            head.push(String::new());
            head.len()
        }
    };
    head.splice(at..at, lost);
}

fn trimmed(mut lines: Vec<String>) -> Vec<String> {
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    lines
}

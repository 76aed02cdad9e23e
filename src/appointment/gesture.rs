//! Before and after → what a person meant; and the event as we keep it then.
//!
//! A gesture is the difference between the revision that a client last had and what it sends. Only a change counts, never a value:
//! many programs write STATUS:CONFIRMED by themselves. A missing line is no gesture: programs lose what they do not know.
//! Not for: who is told (`notice`), keeping (`store`).

use std::collections::BTreeSet;

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::booking::{self, State};
use super::description::Labels;
use super::practice::Language;
use super::team::{self, Team};
use super::words;
use crate::error::{Error, Result};
use crate::ical::component::Transparency;
use crate::ical::object::{CalendarObject, Editor, Node, escape_text};
use crate::ical::time::{TimeRange, format_local, format_utc, instant};
use crate::ical::zone::Zone;

/// The signals of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Signals {
    status: Option<String>,
    title: Option<String>,
    categories: Vec<String>,
    show_as: Option<String>,
    range: Option<TimeRange>,
}

/// What was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// Where the booking stands now.
    pub state: State,
    /// The word for the history (`app::staff::HistoryLine`).
    pub what: &'static str,
    /// Whether its time changed.
    pub moved: bool,
}

/// A wish that one signal expresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Wish {
    Confirm,
    CallOff,
    Attended,
    NoShow,
}

fn signals(object: &CalendarObject, zone: &Zone) -> Option<Signals> {
    let event = object.master()?;
    let categories: Vec<String> = event.all("CATEGORIES").flat_map(|p| p.texts()).collect();
    Some(Signals {
        status: event.text("STATUS").map(|s| s.trim().to_uppercase()),
        title: event.text("SUMMARY"),
        categories,
        show_as: event.text("X-MICROSOFT-CDO-BUSYSTATUS").map(|s| s.trim().to_uppercase()),
        // A day without a time is no other time.
        range: booking::timed_range_of(object, event, zone),
    })
}

/// Understands a change of a booking that stands in `state`. `stale`: the client had not seen the present revision.
pub fn meaning(state: State, stale: bool, base: &CalendarObject, sent: &CalendarObject, zone: &Zone) -> Meaning {
    let (Some(base), Some(sent)) = (signals(base, zone), signals(sent, zone)) else {
        return Meaning { state, what: "edited", moved: false };
    };
    let moved = sent.range.is_some() && sent.range != base.range;
    let edited = Meaning { state, what: if moved { "moved" } else { "edited" }, moved };
    // Whoever did not know that it was called off can't have meant to bring it back.
    if stale && !state.blocks() {
        return Meaning { moved: false, what: "edited", ..edited };
    }
    let wishes = wishes(&base, &sent);
    let mut wishes = wishes.into_iter();
    match (wishes.next(), wishes.next()) {
        (None, _) => edited,
        (Some(_), Some(_)) => Meaning { what: "unclear", ..edited },
        (Some(wish), None) => {
            let (next, what) = step(state, wish);
            if next == state { edited } else { Meaning { state: next, what, moved } }
        }
    }
}

/// Where a wish leads from a state, and the word for it.
fn step(state: State, wish: Wish) -> (State, &'static str) {
    match (state, wish) {
        (State::Requested, Wish::Confirm) => (State::Confirmed, "confirmed"),
        (State::Requested, Wish::CallOff) => (State::Rejected, "declined"),
        (State::Cancelled | State::Rejected, Wish::Confirm) => (State::Confirmed, "reopened"),
        (State::Confirmed | State::Attended | State::NoShow, Wish::CallOff) => (State::Cancelled, "cancelled"),
        (State::Confirmed | State::NoShow, Wish::Attended) => (State::Attended, "attended"),
        (State::Confirmed | State::Attended, Wish::NoShow) => (State::NoShow, "no-show"),
        (other, _) => (other, "edited"),
    }
}

/// What the changed signals ask for, each wish once.
fn wishes(base: &Signals, sent: &Signals) -> BTreeSet<Wish> {
    let mut wishes = BTreeSet::new();
    if let Some(status) = sent.status.as_deref()
        && base.status.as_deref() != Some(status)
    {
        wishes.extend(match status {
            "CONFIRMED" => Some(Wish::Confirm),
            "CANCELLED" => Some(Wish::CallOff),
            _ => None,
        });
    }
    if let (Some(before), Some(after)) = (&base.title, &sent.title)
        && before != after
    {
        wishes.extend(wish_of_title(before, after));
    }
    if !sent.categories.is_empty() && sent.categories != base.categories {
        wishes.extend(wish_of_categories(base, sent));
    }
    if base.show_as.as_deref() == Some("TENTATIVE") && sent.show_as.as_deref() == Some("BUSY") {
        wishes.insert(Wish::Confirm);
    }
    wishes
}

fn wish_of_title(before: &str, after: &str) -> Option<Wish> {
    if words::called_off(after) {
        return (!words::called_off(before)).then_some(Wish::CallOff);
    }
    if words::approved(after) {
        return Some(Wish::Confirm);
    }
    let (had, before_rest) = words::prefix_of(before);
    let (has, rest) = words::prefix_of(after);
    // An emptied title is a slip, and one that says something else altogether is another event typed over this one. Whoever lost only the
    // colon has not removed the word.
    let removed = matches!(had, Some(State::Requested | State::Cancelled | State::Rejected))
        && has.is_none()
        && words::worn_prefix_of(after).is_none()
        && shares_a_word(before_rest, rest);
    removed.then_some(Wish::Confirm)
}

fn shares_a_word(a: &str, b: &str) -> bool {
    let words = |text: &str| -> BTreeSet<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 1).map(str::to_lowercase).collect()
    };
    !words(a).is_disjoint(&words(b))
}

fn wish_of_categories(base: &Signals, sent: &Signals) -> Option<Wish> {
    let named = |signals: &Signals| signals.categories.iter().find_map(|c| words::state_of_category(c));
    match (named(base), named(sent)) {
        (before, Some(after)) if before == Some(after) => None,
        (_, Some(State::Confirmed)) => Some(Wish::Confirm),
        (_, Some(State::Cancelled | State::Rejected)) => Some(Wish::CallOff),
        (_, Some(State::Attended)) => Some(Wish::Attended),
        (_, Some(State::NoShow)) => Some(Wish::NoShow),
        (Some(State::Requested), None) => Some(Wish::Confirm),
        _ => None,
    }
}

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
            let text = |node: &Node| node.text(name).unwrap_or_default();
            // A lost DESCRIPTION is no edit; it comes back as a whole.
            if !text(wish).trim().is_empty() && text(wish) != text(was) {
                editor.set_text(wish, name, &merged_text(&Labels::of(is), &text(was), &text(is), &text(wish)))?;
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

/// A text that somebody changed on the way from `was` to `wish`, with what others have changed since in `is`: their values of fields that
/// the client left alone, and their further lines.
fn merged_text(labels: &Labels, was: &str, is: &str, wish: &str) -> String {
    let value = |text: &str, field: &str| parts(text).0.iter().find_map(|line| labels.value(line, field).map(str::to_owned));
    let (mut head, history, mut notes) = parts(wish);
    for field in labels.names() {
        if value(was, field) == value(wish, field)
            && let Some(present) = parts(is).0.into_iter().find(|line| labels.value(line, field).is_some())
            && let Some(line) = head.iter_mut().find(|line| labels.value(line, field).is_some())
        {
            *line = present;
        }
    }
    let (was, is) = (parts(was), parts(is));
    let added = |was: &[String], is: &[String], wish: &[String]| -> Vec<String> {
        is.iter().filter(|line| !line.trim().is_empty() && !was.contains(line) && !wish.contains(line)).cloned().collect()
    };
    let ours = |line: &String| labels.is_field(line) || PARTS.iter().any(|part| words::labelled(line, part).is_some());
    let new: Vec<String> = added(&was.0, &is.0, &head).into_iter().filter(|line| !ours(line)).collect();
    // What others have taken out stays out.
    let gone = |was: &[String], is: &[String], line: &String| !line.trim().is_empty() && was.contains(line) && !is.contains(line);
    head.retain(|line| ours(line) || !gone(&was.0, &is.0, line));
    notes.retain(|line| !gone(&was.2, &is.2, line));
    head.extend(new);
    notes.extend(added(&was.2, &is.2, &notes));
    let heading = |part: &str| vec![words::label(Language::De, part).to_owned()];
    [head, heading("history"), history, heading("notes"), notes].concat().join("\n")
}

/// Lines above the history that are ours.
const PARTS: [&str; 7] = ["status", "resources", "incomplete", "deleting", "confirm", "decline", "page"];

/// Properties that say together when it is.
const TIMES: [&str; 3] = ["DTSTART", "DTEND", "DURATION"];

fn same(a: &Node, b: &Node, name: &str) -> bool {
    let lines = |node: &'_ Node| node.all(name).map(|p| (p.params.clone(), p.value.clone())).collect::<Vec<_>>();
    lines(a) == lines(b)
}

/// The event at another time, written as it was: on the wall clock where its zone is ours, else in UTC.
pub fn at(object: &CalendarObject, range: TimeRange, zone: &Zone) -> Result<Bytes> {
    let Some(event) = object.master() else { return Err(Error::Failed("a booking without its event".into())) };
    let tzid = event.first("DTSTART").and_then(|start| start.param("TZID")).filter(|tzid| zone.iana_name() == Some(tzid));
    let mut editor = Editor::new(object);
    editor.remove(event, "DURATION")?;
    for (name, at) in [("DTSTART", range.start), ("DTEND", range.end)] {
        match tzid {
            Some(tzid) => editor.set(event, name, &[("TZID", tzid)], &format_local(zone.utc_to_local(at)))?,
            None => editor.set(event, name, &[], &format_utc(instant(at)))?,
        }
    }
    Ok(editor.finish())
}

/// What the server's lines of a booking shall say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled<'a> {
    /// Where it stands.
    pub state: State,
    /// Whether it takes the time of its resources while it stands.
    pub transparency: Transparency,
    /// Its number of revision.
    pub revision: u32,
    /// The service's id.
    pub service: &'a str,
    /// The customer's language.
    pub customer_language: Language,
    /// The practice's language.
    pub language: Language,
    /// The staff page of this booking.
    pub page: &'a str,
    /// When it last had a time.
    pub time: TimeRange,
    /// Who holds it.
    pub team: Team,
    /// Where it takes place, if it was moved to another resource.
    pub place: Option<String>,
    /// The line that this change adds to the history in DESCRIPTION.
    pub line: Option<String>,
    /// The present.
    pub now: DateTime<Utc>,
}

/// The list of own fields' labels.
const FIELDS: &str = "X-OPENSLOT-FIELDS";

/// Writes our lines so that all signals agree again; every other line stays as it was sent. `kept` is the present revision, from
/// which the history and a lost DESCRIPTION come back.
pub fn settle(sent: &CalendarObject, kept: &CalendarObject, settled: &Settled<'_>) -> Result<Bytes> {
    let (Some(event), Some(before)) = (sent.master(), kept.master()) else {
        return Err(Error::Failed("a booking without its event".into()));
    };
    let words = words::of_state(settled.language, settled.state);
    let old = before.text("DESCRIPTION").unwrap_or_default();
    let typed = event.text("DESCRIPTION").filter(|text| !text.trim().is_empty()).unwrap_or_else(|| old.clone());
    let title = event.text("SUMMARY").filter(|title| !title.trim().is_empty()).or_else(|| before.text("SUMMARY")).unwrap_or_default();
    let (show_as, colour) = match settled.state {
        State::Requested => ("TENTATIVE", "orange"),
        State::Cancelled | State::Rejected => ("FREE", "gray"),
        State::Confirmed | State::Attended | State::NoShow => ("BUSY", "green"),
    };
    let show_as = if settled.transparency == Transparency::Transparent { "FREE" } else { show_as };
    let takes_time = settled.state.blocks() && settled.transparency == Transparency::Opaque;
    let labels = if before.first(FIELDS).is_some() { Labels::of(before) } else { Labels::of(event) };
    let stamp = format_utc(settled.now);
    let sequence = |node: &Node| node.text("SEQUENCE").and_then(|s| s.trim().parse::<u32>().ok()).unwrap_or(0);
    let sequence = sequence(event).max(sequence(before).saturating_add(1)).to_string();
    let mut editor = Editor::new(sent);
    editor.set(event, "DTSTAMP", &[], &stamp)?;
    editor.set(event, "LAST-MODIFIED", &[], &stamp)?;
    editor.set(event, "SEQUENCE", &[], &sequence)?;
    editor.set(event, "SUMMARY", &[], &escape_text(&format!("{}{}", words.prefix, bare_title(&title))))?;
    editor.set(event, "STATUS", &[], settled.state.status())?;
    editor.set(event, "TRANSP", &[], if takes_time { "OPAQUE" } else { "TRANSPARENT" })?;
    editor.set(event, "CATEGORIES", &[], &categories(event, words.category))?;
    editor.set(event, "COLOR", &[], colour)?;
    // What staff wrote there themselves, a home visit say, stays.
    if let Some(place) = settled.place.as_ref().filter(|_| event.text("LOCATION") == before.text("LOCATION")) {
        editor.set(event, "LOCATION", &[], &escape_text(place))?;
    }
    editor.set(event, "URL", &[], settled.page)?;
    editor.set(event, "DESCRIPTION", &[], &escape_text(&description(&labels, &typed, &old, settled)))?;
    editor.set(event, "X-MICROSOFT-CDO-BUSYSTATUS", &[], show_as)?;
    editor.set(event, "X-OPENSLOT-STATE", &[], settled.state.word())?;
    editor.set(event, "X-OPENSLOT-REV", &[], &settled.revision.to_string())?;
    if !settled.service.is_empty() {
        editor.set(event, "X-OPENSLOT-SERVICE", &[], settled.service)?;
    }
    editor.set(event, "X-OPENSLOT-LANGUAGE", &[], settled.customer_language.tag())?;
    for name in ["X-OPENSLOT-BEFORE", "X-OPENSLOT-AFTER"] {
        // Programs lose what they do not know.
        if event.first(name).is_none() && before.first(name).is_some() {
            editor.copy(event, name, kept, before)?;
        }
    }
    match booking::day_of(event) {
        Some(_) => editor.set(event, booking::LAST_TIME, &[], &booking::last_time(settled.time))?,
        None => editor.remove(event, booking::LAST_TIME)?,
    }
    if !labels.written().is_empty() {
        editor.set(event, FIELDS, &[], &labels.written())?;
    }
    settle_overrides(&mut editor, sent, before, settled.state)?;
    Ok(editor.finish())
}

/// An appointment that staff have made into a series is called off, and taken back, as a whole: an exception must not go on blocking.
fn settle_overrides(editor: &mut Editor<'_>, sent: &CalendarObject, before: &Node, state: State) -> Result<()> {
    let was_off = before.text("STATUS").is_some_and(|status| status.eq_ignore_ascii_case("CANCELLED"));
    if state.blocks() && !was_off {
        return Ok(());
    }
    for exception in sent.overrides() {
        editor.set(exception, "STATUS", &[], state.status())?;
        editor.set(exception, "TRANSP", &[], if state.blocks() { "OPAQUE" } else { "TRANSPARENT" })?;
    }
    Ok(())
}

/// A title without any of our prefixes and without the words by which staff call off or approve.
fn bare_title(title: &str) -> String {
    let mut title = title.trim();
    // A handful is more than anybody types; the limit only keeps this from running for ever.
    for _ in 0..4 {
        let (state, rest) = words::prefix_of(title);
        let rest = if state.is_some() { rest } else { words::worn_prefix_of(title).unwrap_or_else(|| words::without_word(title)) };
        if rest == title || rest.is_empty() {
            break;
        }
        title = rest;
    }
    title.to_owned()
}

/// Ours, then what staff have added, as one list value. One line: a synchroniser keeps only the first line.
fn categories(event: &Node, ours: &str) -> String {
    let own = event.all("CATEGORIES").flat_map(|p| p.texts()).filter(|c| words::state_of_category(c).is_none() && !c.trim().is_empty());
    std::iter::once(ours.to_owned()).chain(own).map(|c| escape_text(&c)).collect::<Vec<_>>().join(",")
}

/// The text as staff left it, with our parts as they must be: the status line, the hints, the history.
fn description(labels: &Labels, typed: &str, old: &str, settled: &Settled<'_>) -> String {
    let language = settled.language;
    let (mut head, strays, notes) = parts(typed);
    let (old_head, history, _) = parts(old);
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

/// Lines above the history, of the history, and of the notes; the headings themselves are left out.
fn parts(text: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    let (mut head, mut history, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    let mut part = 0;
    for line in text.lines() {
        let next = if part < 1 && words::heading(line, "history") { 1 } else { part };
        let next = if next < 2 && words::heading(line, "notes") { 2 } else { next };
        if next != part {
            part = next;
            continue;
        }
        match part {
            0 => head.push(line.to_owned()),
            1 => history.push(line.to_owned()),
            _ => notes.push(line.to_owned()),
        }
    }
    (head, history, notes)
}

fn trimmed(mut lines: Vec<String>) -> Vec<String> {
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    lines
}

#[cfg(test)]
mod tests;

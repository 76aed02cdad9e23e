//! The event as we keep it: our lines as the booking stands, or at another time.
//!
//! Not for: how it stands (`gesture`), a DESCRIPTION's lines (`text`). RFC 5545 §3.8, RFC 7986 §5.9 for COLOR.

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::text;
use crate::appointment::booking::{self, State};
use crate::appointment::description::Labels;
use crate::appointment::practice::Language;
use crate::appointment::team::Team;
use crate::appointment::words;
use crate::error::{Error, Result};
use crate::ical::component::Transparency;
use crate::ical::object::{CalendarObject, Editor, Node, escape_text};
use crate::ical::time::{TimeRange, format_local, format_utc, instant};
use crate::ical::zone::Zone;

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

/// Writes our lines so that all signals agree again; every other line stays as it was sent. `kept` is the present revision, from
/// which the history and a lost DESCRIPTION come back.
pub fn settle(sent: &CalendarObject, kept: &CalendarObject, settled: &Settled<'_>) -> Result<Bytes> {
    let (Some(event), Some(before)) = (sent.master(), kept.master()) else {
        return Err(Error::Failed("a booking without its event".into()));
    };
    let words = words::of_state(settled.language, settled.state);
    let old = before.text("DESCRIPTION").unwrap_or_default();
    let typed = event.text("DESCRIPTION").filter(|typed| !typed.trim().is_empty()).unwrap_or_else(|| old.clone());
    let title = event.text("SUMMARY").filter(|title| !title.trim().is_empty()).or_else(|| before.text("SUMMARY")).unwrap_or_default();
    let (show_as, colour) = match settled.state {
        State::Requested => ("TENTATIVE", "orange"),
        State::Cancelled | State::Rejected => ("FREE", "gray"),
        State::Confirmed | State::Attended | State::NoShow => ("BUSY", "green"),
    };
    let show_as = if settled.transparency == Transparency::Transparent { "FREE" } else { show_as };
    let takes_time = settled.state.blocks() && settled.transparency == Transparency::Opaque;
    let labels = if before.first(Labels::PROPERTY).is_some() { Labels::of(before) } else { Labels::of(event) };
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
    editor.set(event, "DESCRIPTION", &[], &escape_text(&text::settled(&labels, &typed, &old, settled)))?;
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
        editor.set(event, Labels::PROPERTY, &[], &labels.written())?;
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

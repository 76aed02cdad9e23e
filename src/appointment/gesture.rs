//! Before and after → what a person meant; and the event as we keep it then.
//!
//! A gesture is the difference between the revision that a client last had and what it sends. Only a change counts, never a value:
//! many programs write STATUS:CONFIRMED by themselves. A missing line is no gesture: programs lose what they do not know.
//! Not for: who is told (`notice`), keeping (`store`). RFC 5545 §3.8.1.11 for STATUS; the other signals are the trade's own.

mod merge;
mod settle;
mod text;

use std::collections::BTreeSet;

use super::booking::{self, State};
use super::words;
use crate::ical::object::CalendarObject;
use crate::ical::time::TimeRange;
use crate::ical::zone::Zone;
pub use merge::merge;
pub use settle::{Settled, at, settle};

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

#[cfg(test)]
mod tests;

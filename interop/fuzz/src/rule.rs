//! Three lines as RRULE, DTSTART and a point to ask from: what is skipped by arithmetic is what a walk from DTSTART passes by.
//! RFC 5545 §3.3.10.

use chrono::{Duration, NaiveDateTime};
use openslot::ical::recurrence::{Expansion, MAX_STEPS, Rule};
use openslot::ical::time::Moment;

use super::budget::{Work, hold};

/// How many instances are compared.
const MOST: usize = 200;

/// One input.
pub fn try_it(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.lines();
    let Some(rule) = hold(Work::Reading, data.len(), || Rule::parse(lines.next()?).ok()) else { return };
    hold(Work::Answering, data.len(), || expand(&rule, lines));
}

fn expand(rule: &Rule, mut lines: std::str::Lines<'_>) {
    let moment = |line: Option<&str>| Moment::parse(line?, None).map(|moment| moment.naive());
    let Some(start) = moment(lines.next()) else { return };
    let from = moment(lines.next()).unwrap_or(start);
    let last = from.checked_add_signed(Duration::days(400)).unwrap_or(NaiveDateTime::MAX);
    let walked = take(Expansion::new(rule, start, start, last), from);
    let skipped = take(Expansion::new(rule, start, from, last), from);
    if let (Some(walked), Some(skipped)) = (walked, skipped) {
        assert_eq!(walked, skipped, "skipping changes nothing");
    }
}

/// The first instances from a point on; `None` where the search was given up.
fn take(mut expansion: Expansion, from: NaiveDateTime) -> Option<Vec<NaiveDateTime>> {
    let mut found: Vec<NaiveDateTime> = Vec::new();
    while found.len() < MOST {
        match expansion.advance() {
            Ok(Some(at)) => {
                assert!(found.last().is_none_or(|before| *before < at), "instances ascend");
                if at >= from {
                    found.push(at);
                }
            }
            Ok(None) => break,
            Err(_) => {
                assert!(expansion.steps() > MAX_STEPS, "it gives up at its limit only");
                return None;
            }
        }
        // A period may be longer than what is left.
        assert!(expansion.steps() <= MAX_STEPS + 400, "work is bounded");
    }
    Some(found)
}

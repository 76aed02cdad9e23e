//! Three lines as RRULE, DTSTART and a point to ask from: what is skipped by arithmetic is what a walk from DTSTART passes by.
//! RFC 5545 §3.3.10.
#![no_main]

#[path = "budget.rs"]
mod budget;

use chrono::{Duration, NaiveDateTime};
use libfuzzer_sys::fuzz_target;
use openslot::ical::recurrence::{Expansion, MAX_STEPS, Rule};
use openslot::ical::time::Moment;

/// How many instances are compared.
const MOST: usize = 200;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        budget::hold(data.len(), || try_rule(text));
    }
});

fn try_rule(text: &str) {
    let mut lines = text.lines();
    let Some(rule) = lines.next().and_then(|line| Rule::parse(line).ok()) else { return };
    let moment = |line: Option<&str>| Moment::parse(line?, None).map(|moment| moment.naive());
    let Some(start) = moment(lines.next()) else { return };
    let from = moment(lines.next()).unwrap_or(start);
    let last = from.checked_add_signed(Duration::days(400)).unwrap_or(NaiveDateTime::MAX);
    let walked = take(Expansion::new(&rule, start, start, last), from);
    let skipped = take(Expansion::new(&rule, start, from, last), from);
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

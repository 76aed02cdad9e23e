//! `hours` of a location or a resource: `mon-fri = "09:00-12:30, 13:30-18:00"`.
//!
//! Not for: what these hours become (`appointment::hours::seed`). No RFC: these are the trade's own words.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use toml::Spanned;

use super::value::{Checked, wrong};
use crate::appointment::practice::{Opening, Week};

/// How often a day may open.
const MAX_OPENINGS: usize = 12;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Days, or ranges of them, and when they are open.
pub(super) type Hours = BTreeMap<Spanned<String>, Spanned<String>>;

/// What they say of each day of a week; a day may stand there once.
pub(super) fn week(hours: &Hours) -> Checked<Week> {
    let mut week = Week::default();
    for (days, times) in hours {
        let openings = openings(times)?;
        for day in days_of(days)? {
            let Some(slot) = week.0.get_mut(day) else { continue };
            if !slot.is_empty() {
                return Err(wrong(days, format!("{} stands there twice", DAYS.get(day).unwrap_or(&""))));
            }
            slot.clone_from(&openings);
        }
    }
    Ok(week)
}

/// `mon`, or `mon-fri`.
fn days_of(days: &Spanned<String>) -> Checked<RangeInclusive<usize>> {
    let number = |word: &str| DAYS.iter().position(|day| *day == word.trim());
    let (first, last) = days.get_ref().split_once('-').unwrap_or((days.get_ref(), days.get_ref()));
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => Ok(first..=last),
        _ => Err(wrong(days, format!("days are {}, or a range such as mon-fri", DAYS.join(", ")))),
    }
}

/// `09:00-12:30, 13:30-18:00`.
fn openings(times: &Spanned<String>) -> Checked<Vec<Opening>> {
    let bad = || wrong(times, "hours are written as 09:00-18:00, several divided by commas, in order, up to 24:00");
    let minute = |word: &str| {
        let (hour, minute) = word.trim().split_once(':')?;
        let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
        (minute < 60 && hour * 60 + minute <= 1440).then_some(hour * 60 + minute)
    };
    let mut openings: Vec<Opening> = Vec::new();
    if times.get_ref().split(',').count() > MAX_OPENINGS {
        return Err(wrong(times, format!("a day opens at most {MAX_OPENINGS} times")));
    }
    for part in times.get_ref().split(',').filter(|part| !part.trim().is_empty()) {
        let (from, to) = part.split_once(['-', '–']).ok_or_else(bad)?;
        let opening = Opening { from: minute(from).ok_or_else(bad)?, to: minute(to).ok_or_else(bad)? };
        if opening.from >= opening.to || openings.last().is_some_and(|before| before.to > opening.from) {
            return Err(bad());
        }
        openings.push(opening);
    }
    Ok(openings)
}

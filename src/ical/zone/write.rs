//! Zone → VTIMEZONE, as short as an event needs and in the form that calendar programs know.
//!
//! Not for: what a client sent; that is kept as it is. RFC 5545 §3.6.5, §3.8.3.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, Weekday};

use super::{Transition, Zone};
use crate::error::Result;
use crate::ical::object::{escape_text, line};
use crate::ical::time::{Seconds, TimeRange, format_local};

/// How many years a rule must have held to be written as a rule.
const STABLE_YEARS: i32 = 10;
/// How many years of single changes are written at most.
pub const MAX_YEARS: i32 = 30;
/// No zone has changed its offset more often than this within [`MAX_YEARS`].
const MAX_TRANSITIONS: usize = 200;

/// A yearly change: on the nth weekday of a month, by the wall clock before it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Yearly {
    month: u32,
    weekday: Weekday,
    ordinal: i32,
    seconds: u32,
    change: Transition,
}

pub(super) fn vtimezone(zone: &Zone, name: &str, range: TimeRange) -> Result<String> {
    let start = range.start.clamp(TimeRange::MIN, TimeRange::MAX);
    let first_year = zone.utc_to_local(start).year();
    let last_year = zone.utc_to_local(range.end.max(start)).year().min(first_year.saturating_add(MAX_YEARS));
    let mut out = line("BEGIN", &[], "VTIMEZONE")?;
    out.push_str(&line("TZID", &[], &escape_text(name))?);
    let changes =
        zone.transitions(year_start(first_year) - 86_400, year_start(last_year.max(first_year + STABLE_YEARS) + 1), MAX_TRANSITIONS);
    match yearly_pair(&changes, first_year, last_year.max(first_year + STABLE_YEARS)) {
        Some(pair) => {
            for yearly in pair {
                out.push_str(&rule_observance(&yearly)?);
            }
        }
        None => single_observances(zone, start, year_start(last_year + 1).min(range.end), &mut out)?,
    }
    out.push_str(&line("END", &[], "VTIMEZONE")?);
    Ok(out)
}

/// 1 January, UTC.
fn year_start(year: i32) -> Seconds {
    NaiveDate::from_ymd_opt(year.clamp(1, 9999), 1, 1)
        .map_or(TimeRange::MAX, |day| day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp())
}

/// Wall clock at a change, by the offset before it.
fn onset(change: &Transition) -> Option<NaiveDateTime> {
    DateTime::from_timestamp(change.at, 0)?.naive_utc().checked_add_signed(Duration::seconds(change.before))
}

/// The two rules that give exactly these changes in each of the years, if there are such.
fn yearly_pair(changes: &[Transition], first: i32, last: i32) -> Option<[Yearly; 2]> {
    let mut years: Vec<[NaiveDateTime; 2]> = Vec::new();
    let mut of_years: Vec<[&Transition; 2]> = Vec::new();
    for year in first..=last {
        let mut both = changes.iter().filter(|c| onset(c).is_some_and(|at| at.year() == year));
        let pair = [both.next()?, both.next()?];
        if both.next().is_some() {
            return None;
        }
        let [a, b] = pair;
        years.push([onset(a)?, onset(b)?]);
        of_years.push(pair);
    }
    let column = |which: fn(&[NaiveDateTime; 2]) -> NaiveDateTime, change: fn(&[&Transition; 2]) -> Transition| {
        let onsets: Vec<NaiveDateTime> = years.iter().map(which).collect();
        let all: Vec<Transition> = of_years.iter().map(change).collect();
        yearly(&onsets, &all)
    };
    Some([column(|y| y[0], |y| y[0].clone())?, column(|y| y[1], |y| y[1].clone())?])
}

fn yearly(onsets: &[NaiveDateTime], changes: &[Transition]) -> Option<Yearly> {
    let (first, change) = (onsets.first()?, changes.first()?);
    let same = onsets.iter().all(|at| at.month() == first.month() && at.weekday() == first.weekday() && at.time() == first.time());
    let steady = changes.iter().all(|c| c.before == change.before && c.after == change.after && c.name == change.name);
    if !same || !steady {
        return None;
    }
    let is_last = |at: &NaiveDateTime| at.checked_add_signed(Duration::days(7)).is_some_and(|next| next.month() != at.month());
    let nth = |at: &NaiveDateTime| at.day0() / 7 + 1;
    let ordinal = if onsets.iter().all(is_last) {
        -1
    } else if onsets.iter().all(|at| nth(at) == nth(first)) {
        nth(first).cast_signed()
    } else {
        return None;
    };
    Some(Yearly {
        month: first.month(),
        weekday: first.weekday(),
        ordinal,
        seconds: chrono::Timelike::num_seconds_from_midnight(first),
        change: change.clone(),
    })
}

fn rule_observance(yearly: &Yearly) -> Result<String> {
    let day = match u8::try_from(yearly.ordinal) {
        Ok(nth) => NaiveDate::from_weekday_of_month_opt(1970, yearly.month, yearly.weekday, nth),
        Err(_) => [5, 4].into_iter().find_map(|nth| NaiveDate::from_weekday_of_month_opt(1970, yearly.month, yearly.weekday, nth)),
    };
    let start = day.unwrap_or_default().and_time(chrono::NaiveTime::MIN) + Duration::seconds(i64::from(yearly.seconds));
    let weekday = yearly.weekday.to_string().chars().take(2).collect::<String>().to_ascii_uppercase();
    let rule = format!("FREQ=YEARLY;BYMONTH={};BYDAY={}{}", yearly.month, yearly.ordinal, weekday);
    observance(&yearly.change, start, Some(&rule))
}

/// What holds at the start, and each change in the range.
fn single_observances(zone: &Zone, start: Seconds, end: Seconds, out: &mut String) -> Result<()> {
    let long_ago = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default().and_time(chrono::NaiveTime::MIN);
    let at_start = zone.preceding(start).and_then(|change| Some((onset(&change)?, change)));
    out.push_str(&match at_start {
        // A zone that has not changed since long before: nobody needs to know since when.
        Some((at, change)) if zone.transitions(start, end, 1).is_empty() && at < long_ago => {
            observance(&steady(change.after, change.name), long_ago, None)?
        }
        Some((at, change)) => {
            // Some programs want a STANDARD in every zone.
            let before = if change.daylight { zone.preceding(change.at - 1) } else { None };
            let mut both = match before.as_ref().and_then(|before| Some((onset(before)?, before))) {
                Some((at, before)) => observance(before, at, None)?,
                None => String::new(),
            };
            both.push_str(&observance(&change, at, None)?);
            both
        }
        None => {
            let first = zone.utc_to_local(start).min(long_ago);
            observance(&steady(zone.offset_at(start), zone.abbreviation(start)), first, None)?
        }
    });
    for change in zone.transitions(start, end, MAX_TRANSITIONS) {
        if let Some(at) = onset(&change) {
            out.push_str(&observance(&change, at, None)?);
        }
    }
    Ok(())
}

/// An offset that no change leads to.
fn steady(offset: i64, name: String) -> Transition {
    Transition { at: 0, before: offset, after: offset, name, daylight: false }
}

fn observance(change: &Transition, start: NaiveDateTime, rule: Option<&str>) -> Result<String> {
    let kind = if change.daylight { "DAYLIGHT" } else { "STANDARD" };
    let mut out = line("BEGIN", &[], kind)?;
    out.push_str(&line("DTSTART", &[], &format_local(start))?);
    if let Some(rule) = rule {
        out.push_str(&line("RRULE", &[], rule)?);
    }
    out.push_str(&line("TZOFFSETFROM", &[], &offset(change.before))?);
    out.push_str(&line("TZOFFSETTO", &[], &offset(change.after))?);
    if !change.name.is_empty() {
        out.push_str(&line("TZNAME", &[], &escape_text(&change.name))?);
    }
    out.push_str(&line("END", &[], kind)?);
    Ok(out)
}

/// Writes `+0100`, with seconds only where there are any.
fn offset(seconds: i64) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, minutes, rest) = (seconds.abs() / 3600, seconds.abs() / 60 % 60, seconds.abs() % 60);
    if rest == 0 { format!("{sign}{hours:02}{minutes:02}") } else { format!("{sign}{hours:02}{minutes:02}{rest:02}") }
}

//! The weekly series with which an opening-hours calendar begins: one for each opening of `practice.toml`.
//!
//! A day's opening has a series of its own, so that in any calendar program Tuesday can be changed without the rest of the week.
//! RFC 5545 §3.6.1, §3.8.5.3.

use bytes::Bytes;
use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Weekday};

use super::super::practice::{Language, Opening, Week};
use super::super::words;
use super::Place;
use crate::collection::Name;
use crate::error::Result;
use crate::ical::object::{escape_text, line};
use crate::ical::time::{Seconds, TimeRange, format_utc, instant};
use crate::ical::zone::Zone;

/// How long the VTIMEZONE must hold, where its rules do not hold for good: ten years.
const ZONE_RANGE: Seconds = 10 * 366 * 86_400;

/// What all series of a calendar share.
#[derive(Debug, Clone, Copy)]
pub struct Soil<'a> {
    /// Whose hours they are.
    pub place: &'a Place,
    /// IANA name of the zone in which they are meant.
    pub zone: &'a str,
    /// The practice's language, for the title.
    pub language: Language,
    /// The present, in seconds.
    pub now: Seconds,
}

/// The series of a week, each with its name: `tue-0900-1800.ics`. They begin in the present week.
pub fn seeds(week: &Week, soil: Soil<'_>) -> Result<Vec<(Name, Bytes)>> {
    let zone = Zone::named(soil.zone).unwrap_or(Zone::UTC);
    let monday = zone.utc_to_local(soil.now).date().week(Weekday::Mon).first_day();
    let mut seeds = Vec::new();
    for (date, openings) in monday.iter_days().zip(&week.0) {
        for opening in openings {
            let stem = stem(date.weekday(), *opening);
            seeds.push((Name::new(&format!("{stem}.ics"))?, series(&stem, date, *opening, &zone, soil)?));
        }
    }
    Ok(seeds)
}

fn stem(weekday: Weekday, opening: Opening) -> String {
    let clock = |minute: u32| format!("{:02}{:02}", minute / 60, minute % 60);
    format!("{}-{}-{}", weekday.to_string().to_lowercase(), clock(opening.from), clock(opening.to))
}

fn series(stem: &str, date: NaiveDate, opening: Opening, zone: &Zone, soil: Soil<'_>) -> Result<Bytes> {
    let at = |minute: u32| local(date, minute).format("%Y%m%dT%H%M%S").to_string();
    let tzid = [("TZID", soil.zone)];
    let mut text = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//openslot//openslot//EN\r\n");
    let start = zone.local_to_utc(local(date, opening.from));
    text.push_str(&zone.vtimezone(soil.zone, TimeRange { start, end: start + ZONE_RANGE }));
    text.push_str("BEGIN:VEVENT\r\n");
    text.push_str(&line("UID", &[], &format!("{}-{stem}", soil.place.name()))?);
    text.push_str(&line("DTSTAMP", &[], &format_utc(instant(soil.now)))?);
    text.push_str(&line("DTSTART", &tzid, &at(opening.from))?);
    text.push_str(&line("DTEND", &tzid, &at(opening.to))?);
    text.push_str(&line("RRULE", &[], "FREQ=WEEKLY")?);
    text.push_str(&line("SUMMARY", &[], &escape_text(words::opened(soil.language)))?);
    // Nobody is busy because the door is open.
    text.push_str(&line("TRANSP", &[], "TRANSPARENT")?);
    text.push_str("END:VEVENT\r\nEND:VCALENDAR\r\n");
    Ok(Bytes::from(text))
}

/// The wall clock at a minute of a day; minute 1440 is the next day's midnight.
fn local(date: NaiveDate, minute: u32) -> NaiveDateTime {
    let day = date.checked_add_days(Days::new(u64::from(minute / 1440))).unwrap_or(date);
    day.and_time(NaiveTime::from_num_seconds_from_midnight_opt(minute % 1440 * 60, 0).unwrap_or_default())
}

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
use crate::ical::time::{Seconds, TimeRange, format_local, format_utc, instant};
use crate::ical::zone::Zone;

/// How long the VTIMEZONE must hold, where its rules do not hold for good: ten years.
const ZONE_RANGE: Seconds = 10 * 366 * 86_400;

/// For so many weeks the days of a change of clocks are told apart: ten years.
const WEEKS_AHEAD: u64 = 520;

/// Within so many weeks there is a Sunday on which no clock is changed.
const MAX_WEEKS_BACK: u64 = 4;

const WEEKLY: &str = "RRULE:FREQ=WEEKLY\r\n";

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

/// The series of a week, each with its name: `tue-0900-1800.ics`. They begin in the present week, or a little earlier.
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
    let uid = format!("{}-{stem}", soil.place.name());
    let mut text = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//openslot//openslot//EN\r\n");
    // All of a series last as long as its first, by the clock on a shelf (RFC 5545 §3.8.5.3): that one must be an ordinary day's.
    let mut weeks = (0..MAX_WEEKS_BACK).map_while(|week| date.checked_sub_days(Days::new(7 * week)));
    let first = weeks.find(|date| is_ordinary(*date, opening, zone)).unwrap_or(date);
    let start = zone.local_to_utc(local(first, opening.from));
    text.push_str(&zone.vtimezone(soil.zone, TimeRange { start, end: start + ZONE_RANGE }));
    text.push_str(&component(&uid, &times(first, opening, soil)?, soil)?);
    // Where the clocks are changed while it is open, one of its own says what the wall says.
    let weeks = (1..WEEKS_AHEAD).map_while(|week| first.checked_add_days(Days::new(7 * week)));
    for date in weeks.filter(|date| !is_ordinary(*date, opening, zone)) {
        let id = line("RECURRENCE-ID", &[("TZID", soil.zone)], &format_local(local(date, opening.from)))?;
        let own = times(date, opening, soil)?.replace(WEEKLY, "");
        text.push_str(&component(&uid, &format!("{id}{own}"), soil)?);
    }
    text.push_str("END:VCALENDAR\r\n");
    Ok(Bytes::from(text))
}

fn component(uid: &str, when: &str, soil: Soil<'_>) -> Result<String> {
    let mut text = String::from("BEGIN:VEVENT\r\n");
    text.push_str(&line("UID", &[], uid)?);
    text.push_str(&line("DTSTAMP", &[], &format_utc(instant(soil.now)))?);
    text.push_str(when);
    text.push_str(&line("SUMMARY", &[], &escape_text(words::opened(soil.language)))?);
    // Nobody is busy because the door is open.
    text.push_str("TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n");
    Ok(text)
}

fn times(date: NaiveDate, opening: Opening, soil: Soil<'_>) -> Result<String> {
    let at = |name: &str, minute: u32| line(name, &[("TZID", soil.zone)], &format_local(local(date, minute)));
    Ok(at("DTSTART", opening.from)? + &at("DTEND", opening.to)? + WEEKLY)
}

/// Whether an opening of a day lasts as long as the wall clock says.
fn is_ordinary(date: NaiveDate, opening: Opening, zone: &Zone) -> bool {
    let at = |minute| zone.local_to_utc(local(date, minute));
    at(opening.to) - at(opening.from) == i64::from(opening.to - opening.from) * 60
}

/// The wall clock at a minute of a day; minute 1440 is the next day's midnight.
fn local(date: NaiveDate, minute: u32) -> NaiveDateTime {
    let day = date.checked_add_days(Days::new(u64::from(minute / 1440))).unwrap_or(date);
    day.and_time(NaiveTime::from_num_seconds_from_midnight_opt(minute % 1440 * 60, 0).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appointment::practice::Id;
    use crate::ical::object::CalendarObject;
    use crate::ical::recurrence::occurrences;

    /// Every opening of a year, by the wall clock, from a seed of a Sunday.
    fn year(zone_name: &str, opening: Opening) -> Vec<(NaiveDateTime, NaiveDateTime)> {
        let mut week = Week::default();
        week.0[6] = vec![opening];
        let zone = Zone::named(zone_name).unwrap();
        let now = NaiveDate::from_ymd_opt(2026, 3, 26).unwrap().and_hms_opt(9, 0, 0).unwrap().and_utc().timestamp();
        let place = Place::Location(Id("nacht".into()));
        let seeds = seeds(&week, Soil { place: &place, zone: zone_name, language: Language::De, now }).unwrap();
        let object = CalendarObject::parse(seeds[0].1.clone()).unwrap();
        object.check().unwrap();
        let found = occurrences(&object, TimeRange { start: now, end: now + 366 * 86_400 }, &zone).unwrap();
        found.iter().map(|o| (zone.utc_to_local(o.range.start), zone.utc_to_local(o.range.end))).collect()
    }

    #[test]
    fn an_opening_ends_when_the_wall_says_so() {
        for zone in ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"] {
            for (from, to) in [(60, 300), (0, 1440), (540, 1080), (1320, 1440)] {
                let all = year(zone, Opening { from, to });
                assert_eq!(all.len(), 52, "{zone} {from}");
                for (start, end) in all {
                    assert_eq!((local(start.date(), from), local(start.date(), to)), (start, end), "{zone}");
                }
            }
        }
    }
}

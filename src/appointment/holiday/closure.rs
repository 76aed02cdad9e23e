//! Days that a practice takes off by itself: the all-day events of an iCalendar file, recurring ones too, each with its name.
//!
//! The file is read once, when the practice is applied; what is kept are its days. RFC 5545 §3.6.1, §3.8.5.

use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::{NaiveDate, NaiveDateTime};

use crate::error::Error;
use crate::ical::component::{Component, Status};
use crate::ical::object::{CalendarObject, split};
use crate::ical::recurrence::{Speakers, occurrences};
use crate::ical::time::{Moment, Seconds, TimeRange, instant};
use crate::ical::zone::Zone;

/// How many files a location may name.
pub const MAX_FILES: usize = 16;
/// The largest of them, in octets.
pub const MAX_FILE_SIZE: usize = 1024 * 1024;
/// How many days a location's files may close, all together.
pub const MAX_DAYS: usize = 4_000;

/// The longest name that is kept, in characters.
const MAX_NAME: usize = 100;

/// Days on which a location is closed, each with its reason, for staff.
pub type Closures = BTreeMap<NaiveDate, String>;

/// The days of a file: of series those before 2100. Cancelled events close nothing; an event that has times, or a file with more
/// than [`MAX_DAYS`] days, is refused in a sentence.
pub fn closures(octets: Bytes) -> Result<Closures, String> {
    if octets.len() > MAX_FILE_SIZE {
        return Err(format!("it has more than {MAX_FILE_SIZE} octets"));
    }
    let mut found = Closures::new();
    for object in split(octets).map_err(sentence)? {
        if object.components().any(|node| node.name == Component::Event.as_str()) {
            add(&object, &mut found)?;
        }
    }
    Ok(found)
}

fn add(object: &CalendarObject, closures: &mut Closures) -> Result<(), String> {
    for property in object.components().filter_map(|node| node.first("DTSTART")) {
        let moment = Moment::parse(&property.value, property.param("TZID"));
        if !matches!(moment, Some(Moment::Date(_))) {
            return Err(format!("line {}: only events of whole days close a location", property.line));
        }
    }
    object.check().map_err(sentence)?;
    // Dates have no zone; what is asked for in UTC comes back as midnights there.
    let speakers = Speakers::read(object, &Zone::UTC).map_err(sentence)?;
    let until_2100 = NaiveDate::from_ymd_opt(2100, 1, 1).map_or(TimeRange::MAX, midnight);
    let found = occurrences(object, TimeRange { start: TimeRange::MIN, end: until_2100 }, &Zone::UTC).map_err(sentence)?;
    for occurrence in found.iter().filter(|occurrence| occurrence.status != Status::Cancelled) {
        let name = speakers.of(occurrence).and_then(|node| node.text("SUMMARY")).unwrap_or_default();
        let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_NAME).collect();
        let (first, end) = (instant(occurrence.range.start).date_naive(), instant(occurrence.range.end).date_naive());
        for day in first.iter_days().take_while(|day| *day < end) {
            closures.insert(day, name.clone());
            if closures.len() > MAX_DAYS {
                return Err(format!("it closes more than {MAX_DAYS} days; give its series an end"));
            }
        }
    }
    Ok(())
}

fn midnight(date: NaiveDate) -> Seconds {
    NaiveDateTime::from(date).and_utc().timestamp()
}

fn sentence(error: Error) -> String {
    match error {
        Error::Refused(_, sentence) | Error::Malformed(sentence) => sentence,
        _ => "it can't be read".to_owned(),
    }
}

pub(super) mod days {
    //! Days as `2026-08-03`.
    use super::Closures;
    use chrono::NaiveDate;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use std::collections::BTreeMap;

    pub fn serialize<S: Serializer>(days: &Closures, s: S) -> Result<S::Ok, S::Error> {
        s.collect_map(days.iter().map(|(day, name)| (day.to_string(), name)))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Closures, D::Error> {
        let read = |(day, name): (String, String)| Ok((day.parse::<NaiveDate>().map_err(D::Error::custom)?, name));
        BTreeMap::<String, String>::deserialize(d)?.into_iter().map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(events: &str) -> Result<Vec<String>, String> {
        let file = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t//EN\r\n{}END:VCALENDAR\r\n", events.replace('\n', "\r\n"));
        Ok(closures(Bytes::from(file))?.iter().map(|(day, name)| format!("{day} {name}")).collect())
    }

    fn event(uid: &str, lines: &str) -> String {
        format!("BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20260101T000000Z\n{lines}\nEND:VEVENT\n")
    }

    #[test]
    fn whole_days_close_with_their_name_series_and_their_exceptions_too() {
        let one = event("a", "DTSTART;VALUE=DATE:20260803\nDTEND;VALUE=DATE:20260805\nSUMMARY:Betriebs\\nferien");
        let series = event("b", "DTSTART;VALUE=DATE:20261224\nRRULE:FREQ=YEARLY;COUNT=3\nSUMMARY:Heiligabend");
        let other = event("b", "RECURRENCE-ID;VALUE=DATE:20271224\nDTSTART;VALUE=DATE:20271223\nSUMMARY:Inventur");
        let off = event("c", "DTSTART;VALUE=DATE:20260901\nSTATUS:CANCELLED\nSUMMARY:Ausflug");
        assert_eq!(
            read(&[one, series, other, off].concat()).unwrap(),
            [
                "2026-08-03 Betriebs ferien",
                "2026-08-04 Betriebs ferien",
                "2026-12-24 Heiligabend",
                "2027-12-23 Inventur",
                "2028-12-24 Heiligabend"
            ]
        );
    }

    #[test]
    fn what_has_times_or_no_end_is_refused() {
        let timed = event("a", "DTSTART:20260803T080000Z\nSUMMARY:Besprechung");
        assert!(read(&timed).unwrap_err().contains("line 7: only events of whole days"));
        let daily = event("a", "DTSTART;VALUE=DATE:20260803\nRRULE:FREQ=DAILY");
        assert!(read(&daily).is_err());
        assert!(read("").unwrap().is_empty());
        assert!(closures(Bytes::from_static(b"Betriebsferien")).is_err());
    }
}

//! A series → its occurrences, all of many years or those of one week, by three engines. RFC 5545 §3.8.5.3.
//!
//! Each has read its object before; what is timed begins with that and ends with instants in UTC.

use std::ffi::CString;

use chrono::{DateTime, NaiveDate, TimeDelta};
use openslot::ical::object::CalendarObject;
use openslot::ical::recurrence::occurrences;
use openslot::ical::time::TimeRange;
use openslot::ical::zone::Zone;
use rrule::{RRuleSet, Tz};

use crate::contest::{Answer, Contender, Rounds, contest, print, spread};
use crate::libical::Calendar;

/// What people and programs have in their calendars. DTSTART meets each of them: a Monday that is the first of its month.
const RULES: [&str; 10] = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
    "FREQ=MONTHLY;BYMONTHDAY=1",
    "FREQ=MONTHLY;BYDAY=1MO",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
    "FREQ=YEARLY;BYMONTH=5,11;BYDAY=1MO",
    "FREQ=DAILY;BYHOUR=9,21",
];

const VTIMEZONE: &str = "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\n\
    BEGIN:DAYLIGHT\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nDTSTART:19970330T020000\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT\n\
    BEGIN:STANDARD\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nDTSTART:19971026T030000\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\n\
    END:VTIMEZONE\n";

/// An event as each of them has read it.
struct Event {
    label: String,
    ours: CalendarObject,
    rrule: RRuleSet,
    libical: Calendar,
}

impl Event {
    /// From a Monday in 2000 at half past nine in Berlin, for an hour; `exceptions` of its days are left out.
    fn new(rule: &str, exceptions: usize) -> Event {
        let start = NaiveDate::from_ymd_opt(2000, 5, 1).expect("a date");
        let out = (1..=exceptions).map(|n| (start + TimeDelta::days(28 * n as i64)).format("%Y%m%dT093000").to_string());
        let out = out.collect::<Vec<_>>().join(",");
        let exdate = if out.is_empty() { out } else { format!("EXDATE;TZID=Europe/Berlin:{out}\n") };
        let recurrence = format!("DTSTART;TZID=Europe/Berlin:20000501T093000\nRRULE:{rule}\n{exdate}");
        let text = format!(
            "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//openslot//bench//EN\n{VTIMEZONE}BEGIN:VEVENT\nUID:bench\nDTSTAMP:20000101T000000Z\n\
             {recurrence}DURATION:PT1H\nEND:VEVENT\nEND:VCALENDAR\n"
        );
        Event {
            label: if exceptions == 0 { rule.to_owned() } else { format!("{rule}, {exceptions} EXDATEs") },
            ours: CalendarObject::parse(text.clone().into()).expect("it is an object"),
            rrule: recurrence.trim().parse().expect("rrule takes it"),
            libical: Calendar::read(&CString::new(text).expect("no zero in it")),
        }
    }

    fn by_us(&self, range: TimeRange) -> Answer {
        let found = occurrences(&self.ours, range, &Zone::UTC).expect("few enough");
        let mut answer = Answer::default();
        found.iter().for_each(|occurrence| answer += Answer { count: 1, sum: occurrence.range.start });
        answer
    }

    fn by_rrule(&self, range: TimeRange) -> Answer {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default().with_timezone(&Tz::UTC);
        let mut answer = Answer::default();
        for start in &self.rrule {
            if start >= at(range.end) {
                break;
            }
            if start + TimeDelta::hours(1) > at(range.start) {
                answer += Answer { count: 1, sum: start.timestamp() };
            }
        }
        answer
    }

    fn by_libical(&self, range: TimeRange) -> Answer {
        self.libical.occurrences(range.start, range.end)
    }
}

fn contenders<'a>(event: &'a Event, ranges: &'a [TimeRange]) -> [Contender<'a>; 3] {
    let all = move |one: &dyn Fn(TimeRange) -> Answer| {
        let mut total = Answer::default();
        ranges.iter().for_each(|range| total += one(*range));
        total
    };
    [
        Contender::new("openslot", move || all(&|range| event.by_us(range))),
        Contender::new("rrule", move || all(&|range| event.by_rrule(range))),
        Contender::new("libical", move || all(&|range| event.by_libical(range))),
    ]
}

fn day(year: i32, month: u32, day: u32) -> i64 {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default().and_time(Default::default()).and_utc().timestamp()
}

fn events() -> Vec<Event> {
    let mut events: Vec<Event> = RULES.iter().map(|rule| Event::new(rule, 0)).collect();
    events.push(Event::new("FREQ=WEEKLY", 12));
    events
}

/// Every occurrence of ten years.
pub fn all(rounds: Rounds) {
    let ranges = [TimeRange { start: day(2000, 5, 1), end: day(2010, 5, 1) }];
    let rate = |event: &Event| {
        let row = contest(&event.label, &contenders(event, &ranges), rounds);
        let count = event.by_us(ranges[0]).count;
        print(&format!("all of ten years, {}", event.label), &row, count as f64, "occurrences/s");
        row.ratios
    };
    summary("all of ten years", &events().iter().map(rate).collect::<Vec<_>>());
}

/// Each of eight weeks, spring's change of clocks among them, 26 years after the series began.
pub fn weeks(rounds: Rounds) {
    let ranges: Vec<TimeRange> =
        (0..8).map(|week| day(2026, 3, 2) + week * 7 * 86_400).map(|start| TimeRange { start, end: start + 7 * 86_400 }).collect();
    let rate = |event: &Event| {
        let row = contest(&event.label, &contenders(event, &ranges), rounds);
        print(&format!("one week, {}", event.label), &row, ranges.len() as f64, "windows/s");
        row.ratios
    };
    summary("one week", &events().iter().map(rate).collect::<Vec<_>>());
}

/// The worst and the median of all rules' ratios.
fn summary(what: &str, rows: &[Vec<(&'static str, [f64; 3])>]) {
    for (place, (name, _)) in rows[0].iter().enumerate() {
        let [worst, median, best] = spread(rows.iter().map(|row| row[place].1[1]).collect());
        println!("-- {what}, {name}: × {median:.1} (worst rule × {worst:.1}, best × {best:.1})");
    }
}

//! RRULE as a value.
//!
//! Not for: when a rule happens; that is `expand`. RFC 5545 §3.3.10; of RFC 7529 only what says the same as RFC 5545.

use chrono::Weekday;

use crate::ical::time::Moment;

/// The longest list of a BY part: as many values as the widest of them (BYYEARDAY) has.
const MAX_LIST: usize = 1_000;

/// How much of a part that cannot be read is told, in characters.
const SHOWN: usize = 40;

/// How many parts a rule may have; there are sixteen kinds, and X- ones.
const MAX_PARTS: usize = 50;

/// FREQ, from the finest to the coarsest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Frequency {
    /// SECONDLY
    Secondly,
    /// MINUTELY
    Minutely,
    /// HOURLY
    Hourly,
    /// DAILY
    Daily,
    /// WEEKLY
    Weekly,
    /// MONTHLY
    Monthly,
    /// YEARLY
    Yearly,
}

/// A value of BYDAY: `MO`, `2TU`, `-1SU`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByDay {
    /// Which of them in the month or year, negative from its end; 0 stands for each.
    pub ordinal: i16,
    /// The day.
    pub weekday: Weekday,
}

/// A recurrence rule. Lists are sorted where order means nothing, and empty where the part is absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// FREQ
    pub frequency: Frequency,
    /// INTERVAL, at least 1.
    pub interval: u32,
    /// COUNT, at least 1; DTSTART is the first.
    pub count: Option<u32>,
    /// UNTIL as written: a date, UTC, or local time.
    pub until: Option<Moment>,
    /// BYSECOND, 0 to 59 (a 60th is read as 59).
    pub by_second: Vec<u32>,
    /// BYMINUTE
    pub by_minute: Vec<u32>,
    /// BYHOUR
    pub by_hour: Vec<u32>,
    /// BYDAY
    pub by_day: Vec<ByDay>,
    /// BYMONTHDAY, ±1 to ±31.
    pub by_month_day: Vec<i32>,
    /// BYYEARDAY, ±1 to ±366.
    pub by_year_day: Vec<i32>,
    /// BYWEEKNO, ±1 to ±53.
    pub by_week_no: Vec<i32>,
    /// BYMONTH, 1 to 12.
    pub by_month: Vec<u32>,
    /// BYSETPOS, ±1 to ±366.
    pub by_set_pos: Vec<i32>,
    /// WKST
    pub week_start: Weekday,
}

impl Rule {
    /// A rule with nothing but a frequency.
    pub fn every(frequency: Frequency) -> Rule {
        Rule {
            frequency,
            interval: 1,
            count: None,
            until: None,
            by_second: Vec::new(),
            by_minute: Vec::new(),
            by_hour: Vec::new(),
            by_day: Vec::new(),
            by_month_day: Vec::new(),
            by_year_day: Vec::new(),
            by_week_no: Vec::new(),
            by_month: Vec::new(),
            by_set_pos: Vec::new(),
            week_start: Weekday::Mon,
        }
    }

    /// Reads a RECUR value; the error is the reason, as the rest of a sentence.
    ///
    /// Parts may come in any order and in any case; COUNT beside UNTIL is taken although it is forbidden, both then hold. A part
    /// that we don't know is refused, for a series at wrong times is worse than none.
    pub fn parse(value: &str) -> Result<Rule, String> {
        let mut rule = Rule::every(Frequency::Yearly);
        let mut seen: Vec<String> = Vec::new();
        for part in value.trim().split(';').filter(|part| !part.trim().is_empty()) {
            if seen.len() >= MAX_PARTS {
                return Err(format!("it has more than {MAX_PARTS} parts"));
            }
            let short = |text: &str| text.chars().take(SHOWN).collect::<String>();
            let (name, value) = part.split_once('=').ok_or_else(|| format!("{} is no rule part", short(part)))?;
            let (name, value) = (name.trim().to_ascii_uppercase(), value.trim());
            if seen.contains(&name) {
                return Err(format!("{} stands there twice", short(&name)));
            }
            rule.set(&name, value).ok_or_else(|| format!("{}={} can't be read", short(&name), short(value)))?;
            seen.push(name);
        }
        if seen.iter().any(|name| name == "FREQ") { Ok(rule) } else { Err("it has no FREQ".into()) }
    }

    fn set(&mut self, name: &str, value: &str) -> Option<()> {
        match name {
            "FREQ" => self.frequency = frequency(value)?,
            "INTERVAL" => self.interval = positive(value)?,
            "COUNT" => self.count = Some(positive(value)?),
            "UNTIL" => self.until = Some(Moment::parse(value, None)?),
            "BYSECOND" => {
                self.by_second = unsigned(value, 0, 60)?;
                self.by_second.iter_mut().for_each(|s| *s = (*s).min(59));
                self.by_second.dedup();
            }
            "BYMINUTE" => self.by_minute = unsigned(value, 0, 59)?,
            "BYHOUR" => self.by_hour = unsigned(value, 0, 23)?,
            "BYDAY" => self.by_day = by_day(value)?,
            "BYMONTHDAY" => self.by_month_day = signed(value, 31)?,
            "BYYEARDAY" => self.by_year_day = signed(value, 366)?,
            "BYWEEKNO" => self.by_week_no = signed(value, 53)?,
            "BYMONTH" => self.by_month = unsigned(value, 1, 12)?,
            "BYSETPOS" => self.by_set_pos = signed(value, 366)?,
            "WKST" => self.week_start = weekday(value)?,
            // RFC 7529: what is said here is what holds without it.
            "RSCALE" if value.eq_ignore_ascii_case("GREGORIAN") => {}
            "SKIP" if value.eq_ignore_ascii_case("OMIT") => {}
            name if name.starts_with("X-") => {}
            _ => return None,
        }
        Some(())
    }
}

fn frequency(value: &str) -> Option<Frequency> {
    Some(match value.to_ascii_uppercase().as_str() {
        "SECONDLY" => Frequency::Secondly,
        "MINUTELY" => Frequency::Minutely,
        "HOURLY" => Frequency::Hourly,
        "DAILY" => Frequency::Daily,
        "WEEKLY" => Frequency::Weekly,
        "MONTHLY" => Frequency::Monthly,
        "YEARLY" => Frequency::Yearly,
        _ => return None,
    })
}

fn positive(value: &str) -> Option<u32> {
    value.parse().ok().filter(|n| *n > 0)
}

fn unsigned(value: &str, least: u32, most: u32) -> Option<Vec<u32>> {
    let mut list = Vec::new();
    for part in value.split(',').take(MAX_LIST + 1) {
        list.push(part.trim().parse().ok().filter(|n| (least..=most).contains(n))?);
    }
    list.sort_unstable();
    list.dedup();
    (list.len() <= MAX_LIST).then_some(list)
}

fn signed(value: &str, most: i32) -> Option<Vec<i32>> {
    let mut list = Vec::new();
    for part in value.split(',').take(MAX_LIST + 1) {
        list.push(part.trim().parse::<i32>().ok().filter(|n| *n != 0 && (-most..=most).contains(n))?);
    }
    list.sort_unstable();
    list.dedup();
    (list.len() <= MAX_LIST).then_some(list)
}

fn by_day(value: &str) -> Option<Vec<ByDay>> {
    let mut list: Vec<ByDay> = Vec::new();
    for part in value.split(',').take(MAX_LIST + 1) {
        let part = part.trim();
        let (ordinal, name) = part.split_at_checked(part.len().checked_sub(2)?)?;
        let ordinal = match ordinal {
            "" => 0,
            number => number.parse::<i16>().ok().filter(|n| *n != 0 && (-53..=53).contains(n))?,
        };
        let day = ByDay { ordinal, weekday: weekday(name)? };
        if !list.contains(&day) {
            list.push(day);
        }
    }
    (list.len() <= MAX_LIST).then_some(list)
}

fn weekday(value: &str) -> Option<Weekday> {
    Some(match value.to_ascii_uppercase().as_str() {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    })
}

//! Public holidays: days on which a location is closed, by region, and what a practice adds to them.
//!
//! Germany by state, Austria, Switzerland by canton; each table names its source. A day that is a holiday in parts of a region only, or by
//! custom only, is *local*: it counts where the practice switches it on. Sundays that are holidays by themselves (Easter, Whitsun, the
//! Swiss day of prayer) stand in a table only where the law names them. Not for: days that a practice takes off by itself (`closure`).

mod austria;
mod closure;
mod germany;
mod switzerland;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

pub use closure::{Closures, MAX_DAYS, MAX_FILE_SIZE, MAX_FILES, closures};

/// A holiday, whatever region has it.
#[derive(Debug, Clone, Copy)]
struct Day {
    /// Its name in settings: `corpus-christi`.
    key: &'static str,
    /// For people there: `Fronleichnam`.
    name: &'static str,
    when: When,
}

#[derive(Debug, Clone, Copy)]
enum When {
    /// Month and day.
    On(u32, u32),
    /// Days from Easter Sunday.
    Easter(i64),
    /// The first such weekday on or after a day.
    First(Weekday, u32, u32),
    /// Month and day, where it falls on one of these weekdays.
    If(u32, u32, &'static [Weekday]),
    /// The first Thursday of April, a week later where that is in Holy Week.
    Naefels,
}

const fn day(key: &'static str, name: &'static str, when: When) -> Day {
    Day { key, name, when }
}

impl When {
    fn is(self, date: NaiveDate) -> bool {
        let from_easter = || easter(date.year()).map(|easter| date.signed_duration_since(easter).num_days());
        let on = |month, day| date.month() == month && date.day() == day;
        match self {
            When::On(month, day) => on(month, day),
            When::If(month, day, weekdays) => on(month, day) && weekdays.contains(&date.weekday()),
            When::Easter(days) => from_easter() == Some(days),
            When::First(weekday, month, day) => {
                let first = NaiveDate::from_ymd_opt(date.year(), month, day);
                date.weekday() == weekday && first.is_some_and(|first| (0..7).contains(&date.signed_duration_since(first).num_days()))
            }
            When::Naefels => {
                let thursday = |first| When::First(Weekday::Thu, 4, first).is(date);
                (thursday(1) && from_easter() != Some(-3)) || (thursday(8) && from_easter() == Some(4))
            }
        }
    }
}

/// That a region has a holiday: since when, until when, and whether everywhere in it.
#[derive(Debug, Clone, Copy)]
struct Rule {
    day: Day,
    first: i32,
    last: i32,
    local: bool,
}

const fn always(day: Day) -> Rule {
    Rule { day, first: i32::MIN, last: i32::MAX, local: false }
}

const fn since(first: i32, day: Day) -> Rule {
    Rule { first, ..always(day) }
}

const fn until(last: i32, day: Day) -> Rule {
    Rule { last, ..always(day) }
}

const fn once(year: i32, day: Day) -> Rule {
    Rule { first: year, last: year, ..always(day) }
}

const fn local(day: Day) -> Rule {
    Rule { local: true, ..always(day) }
}

/// How a location differs from its region.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holidays {
    /// Keys of local holidays that it keeps.
    pub with: Vec<String>,
    /// Keys of its region's holidays that it does not keep.
    pub without: Vec<String>,
    /// The days of its files; at most [`MAX_DAYS`].
    #[serde(with = "closure::days")]
    pub closures: Closures,
}

impl Holidays {
    /// The name of what closes a day: the region's holiday, or one of the practice's own.
    pub fn on(&self, region: Option<&str>, date: NaiveDate) -> Option<&str> {
        let public = region.and_then(self::region).and_then(|region| region.holiday(date, &self.with, &self.without));
        public.or_else(|| self.closures.get(&date).map(String::as_str))
    }
}

/// A region and its holidays.
#[derive(Debug)]
pub struct Region {
    /// ISO 3166-2, or 3166-1 where a country needs no more: `DE-BW`, `CH-ZH`, `AT`.
    pub code: &'static str,
    common: &'static [Rule],
    own: &'static [Rule],
}

const COUNTRIES: [&[Region]; 3] = [&germany::STATES, &austria::STATES, &switzerland::CANTONS];

/// Every region whose holidays are known.
pub fn regions() -> impl Iterator<Item = &'static Region> {
    COUNTRIES.into_iter().flatten()
}

/// The region with this code.
pub fn region(code: &str) -> Option<&'static Region> {
    regions().find(|region| region.code == code)
}

impl Region {
    fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        self.common.iter().chain(self.own)
    }

    /// The keys of its days: of those that are holidays everywhere in it, or of its local ones.
    pub fn keys(&self, local: Local) -> Vec<&'static str> {
        let mut keys: Vec<_> = self.rules().filter(|rule| rule.local == (local == Local::Yes)).map(|rule| rule.day.key).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The name of the holiday on a day: of one of its own that the practice did not take out, or of a local one that it put in.
    pub fn holiday(&self, date: NaiveDate, with: &[String], without: &[String]) -> Option<&'static str> {
        let named = |list: &[String], rule: &Rule| list.iter().any(|key| key == rule.day.key);
        let counts = |rule: &&Rule| if rule.local { named(with, rule) } else { !named(without, rule) };
        let holds = |rule: &&Rule| (rule.first..=rule.last).contains(&date.year()) && rule.day.when.is(date);
        self.rules().filter(holds).find(counts).map(|rule| rule.day.name)
    }
}

/// Whether a holiday is one in parts of its region only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Local {
    /// It is.
    Yes,
    /// It is one everywhere in it.
    No,
}

/// Easter Sunday of a Gregorian year: Gauss's rule in Lichtenberg's form, which needs no exceptions.
pub fn easter(year: i32) -> Option<NaiveDate> {
    let century = year.div_euclid(100);
    let moon_correction = 15 + (3 * century + 3) / 4 - (8 * century + 13) / 25;
    let sun_correction = 2 - (3 * century + 3) / 4;
    let cycle = year.rem_euclid(19);
    let seed = (19 * cycle + moon_correction).rem_euclid(30);
    let fix = (seed + cycle / 11) / 29;
    let full_moon = 21 + seed - fix;
    let first_sunday = 7 - (year + year / 4 + sun_correction).rem_euclid(7);
    let distance = 7 - (full_moon - first_sunday).rem_euclid(7);
    let march_day = full_moon + distance;
    NaiveDate::from_ymd_opt(year, 3, 1)?.checked_add_days(Days::new(u64::try_from(march_day - 1).ok()?))
}

#[cfg(test)]
mod tests;

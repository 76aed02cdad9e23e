//! Days and times of cards: written with hyphens and colons in 3.0, without in 4.0, where the year may be left out.
//!
//! Not for: calendars' times (`ical::time`): here nothing is reckoned. RFC 2426 §4 (RFC 2425 §5.8.4), RFC 6350 §4.3.

use super::{Line, OMIT_YEAR};

/// The year that stands where there is none: 29 February is in it.
const NO_YEAR: &str = "1604";

/// A day, perhaps without a year, perhaps with a time, by its digits.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Moment<'a> {
    year: Option<&'a str>,
    month: &'a str,
    day: &'a str,
    time: Option<Time<'a>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Time<'a> {
    hour: &'a str,
    minute: &'a str,
    second: &'a str,
    /// Empty, `Z`, or a sign.
    zone: &'a str,
    /// Hours and minutes from UTC, where the zone is a sign.
    offset: Option<(&'a str, &'a str)>,
}

/// A line of 3.0 with a day says it as 4.0 does; what is no day stays as it is.
pub(super) fn to_four(line: &mut Line) {
    let omitted = line.param(OMIT_YEAR).map(str::to_owned);
    if line.says("VALUE", "text") {
        return;
    }
    let Some(mut moment) = Moment::read(line.value.trim()) else { return };
    if moment.year.is_some_and(|year| omitted.as_deref() == Some(year)) {
        moment.year = None;
    }
    let value = moment.basic();
    line.take(OMIT_YEAR);
    line.take("VALUE");
    line.value = value;
}

/// A line of 4.0 with a day says it as 3.0 does. `false` for what 3.0 cannot say, and changes nothing then.
pub(super) fn to_three(line: &mut Line) -> bool {
    if line.says("VALUE", "text") {
        return false;
    }
    let Some(mut moment) = Moment::read(line.value.trim()) else { return false };
    let without = moment.year.is_none();
    if without && moment.time.is_some() {
        return false;
    }
    moment.year.get_or_insert(NO_YEAR);
    let (value, timed) = (moment.extended(), moment.time.is_some());
    line.take("VALUE");
    if without {
        line.set(OMIT_YEAR, NO_YEAR);
    }
    if timed {
        line.set("VALUE", "date-time");
    }
    line.value = value;
    true
}

/// REV as 4.0 writes it: a time always.
pub(super) fn revision_to_four(line: &mut Line) {
    let value = Moment::read(line.value.trim()).map(|moment| match moment.time {
        Some(_) => moment.basic(),
        None => format!("{}T000000Z", moment.basic()),
    });
    if let Some(value) = value {
        line.take("VALUE");
        line.value = value;
    }
}

/// REV as 3.0 writes it.
pub(super) fn revision_to_three(line: &mut Line) {
    let value = Moment::read(line.value.trim()).filter(|moment| moment.year.is_some()).map(|moment| moment.extended());
    if let Some(value) = value {
        line.value = value;
    }
}

/// An offset from UTC as 3.0 writes it: `-05:00`. `None` for what is none.
pub(super) fn offset_to_three(value: &str) -> Option<String> {
    let (sign, (hours, minutes)) = offset(value)?;
    Some(format!("{sign}{hours}:{minutes}"))
}

/// The same as 4.0 writes it: `-0500`.
pub(super) fn offset_to_four(value: &str) -> Option<String> {
    let (sign, (hours, minutes)) = offset(value)?;
    Some(format!("{sign}{hours}{minutes}"))
}

impl<'a> Moment<'a> {
    /// Reads both ways of writing.
    fn read(value: &'a str) -> Option<Moment<'a>> {
        let (date, time) = value.split_once(['T', 't']).map_or((value, None), |(date, time)| (date, Some(time)));
        let (year, rest) = match date.strip_prefix("--") {
            Some(rest) => (None, rest),
            None => {
                let (year, rest) = digits(date, 4)?;
                (Some(year), rest.strip_prefix('-').unwrap_or(rest))
            }
        };
        let (month, rest) = digits(rest, 2)?;
        let (day, rest) = digits(rest.strip_prefix('-').unwrap_or(rest), 2)?;
        let real = (1..=12).contains(&month.parse().unwrap_or(0)) && (1..=31).contains(&day.parse().unwrap_or(0));
        let time = time.map(Time::read);
        // A time that cannot be read makes the whole unreadable.
        (rest.is_empty() && real && time != Some(None)).then(|| Moment { year, month, day, time: time.flatten() })
    }

    fn basic(&self) -> String {
        let date = format!("{}{}{}", self.year.unwrap_or("--"), self.month, self.day);
        self.time.as_ref().map_or(date.clone(), |time| format!("{date}T{}{}{}{}", time.hour, time.minute, time.second, time.zone_with("")))
    }

    fn extended(&self) -> String {
        let date = format!("{}-{}-{}", self.year.unwrap_or(NO_YEAR), self.month, self.day);
        self.time
            .as_ref()
            .map_or(date.clone(), |time| format!("{date}T{}:{}:{}{}", time.hour, time.minute, time.second, time.zone_with(":")))
    }
}

impl<'a> Time<'a> {
    /// Parts of seconds, which 4.0 has none of, are left out.
    fn read(value: &'a str) -> Option<Time<'a>> {
        let parted = |rest: &'a str| rest.strip_prefix(':').unwrap_or(rest);
        let (hour, rest) = digits(value, 2)?;
        let (minute, rest) = digits(parted(rest), 2)?;
        let (second, rest) = digits(parted(rest), 2)?;
        let rest = rest.strip_prefix(['.', ',']).map_or(rest, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
        let (zone, offset) = match rest {
            "" => ("", None),
            "Z" | "z" => ("Z", None),
            rest => offset(rest).map(|(sign, offset)| (sign, Some(offset)))?,
        };
        Some(Time { hour, minute, second, zone, offset })
    }

    fn zone_with(&self, between: &str) -> String {
        let offset = self.offset.map(|(hours, minutes)| format!("{hours}{between}{minutes}"));
        format!("{}{}", self.zone, offset.unwrap_or_default())
    }
}

fn offset(value: &str) -> Option<(&str, (&str, &str))> {
    let (sign, rest) = value.split_at_checked(1).filter(|(sign, _)| matches!(*sign, "+" | "-"))?;
    let (hours, rest) = digits(rest, 2)?;
    let (minutes, rest) = match rest {
        "" => ("00", ""),
        rest => digits(rest.strip_prefix(':').unwrap_or(rest), 2)?,
    };
    rest.is_empty().then_some((sign, (hours, minutes)))
}

/// So many digits, and what follows them.
fn digits(text: &str, count: usize) -> Option<(&str, &str)> {
    text.split_at_checked(count).filter(|(digits, _)| digits.bytes().all(|b| b.is_ascii_digit()))
}

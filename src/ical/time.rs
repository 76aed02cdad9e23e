//! Times as iCalendar writes them, and ranges of time.
//!
//! Not for: what a local time means in a zone; that is `ical::zone`. RFC 5545 §3.3.4, §3.3.5, §3.3.6, §3.3.9.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use minicbor::{Decode, Encode};

/// Seconds since 1970-01-01T00:00:00Z.
pub type Seconds = i64;

/// A half-open range of UTC time, `[start, end)`, in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct TimeRange {
    /// First second in the range.
    #[n(0)]
    pub start: Seconds,
    /// First second after the range.
    #[n(1)]
    pub end: Seconds,
}

impl TimeRange {
    /// Before every date that iCalendar can write (the year 0001).
    pub const MIN: Seconds = -62_135_769_600;
    /// After every date that iCalendar can write (the year 9999).
    pub const MAX: Seconds = 253_402_473_600;

    /// The range between two instants.
    pub fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> TimeRange {
        TimeRange { start: start.timestamp(), end: end.timestamp() }
    }

    /// Whether the two share any time.
    pub fn overlaps(self, other: TimeRange) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The part of this range that lies in the other, if any.
    pub fn clip(self, other: TimeRange) -> Option<TimeRange> {
        let clipped = TimeRange { start: self.start.max(other.start), end: self.end.min(other.end) };
        (clipped.start < clipped.end).then_some(clipped)
    }

    /// Its length in seconds; never negative.
    pub fn seconds(self) -> i64 {
        (self.end - self.start).max(0)
    }

    /// Its start as an instant.
    pub fn start_utc(self) -> DateTime<Utc> {
        instant(self.start)
    }

    /// Its end as an instant.
    pub fn end_utc(self) -> DateTime<Utc> {
        instant(self.end)
    }
}

/// The instant of a count of seconds, clamped to what chrono can hold.
pub fn instant(seconds: Seconds) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds.clamp(TimeRange::MIN, TimeRange::MAX), 0).unwrap_or_default()
}

/// A DATE or DATE-TIME value as it was written, not yet resolved to an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moment {
    /// `20260326T093000Z`
    Utc(NaiveDateTime),
    /// `TZID=Europe/Berlin:20260326T103000`
    Zoned {
        /// Wall-clock time.
        local: NaiveDateTime,
        /// The TZID as written.
        tzid: String,
    },
    /// `20260326T103000`
    Floating(NaiveDateTime),
    /// `20260326`
    Date(NaiveDate),
}

impl Moment {
    /// Reads a DATE or DATE-TIME value; `tzid` is the property's TZID parameter, if it has one.
    /// A second of 60 is read as 59 (RFC 5545 §3.3.12 allows leap seconds, no calendar shows them).
    pub fn parse(value: &str, tzid: Option<&str>) -> Option<Moment> {
        let value = value.trim();
        let date = parse_date(value.get(..8)?)?;
        let rest = value.get(8..)?;
        if rest.is_empty() {
            return Some(Moment::Date(date));
        }
        let time = rest.strip_prefix(['T', 't'])?;
        let (time, utc) = match time.strip_suffix(['Z', 'z']) {
            Some(time) => (time, true),
            None => (time, false),
        };
        let number = digits(time, 6)?;
        let local = date.and_time(NaiveTime::from_hms_opt(number / 10_000, number / 100 % 100, (number % 100).min(59))?);
        Some(match (utc, tzid) {
            (true, _) => Moment::Utc(local),
            (false, Some(tzid)) => Moment::Zoned { local, tzid: tzid.to_owned() },
            (false, None) => Moment::Floating(local),
        })
    }

    /// The wall-clock time as written; midnight for a date.
    pub fn naive(&self) -> NaiveDateTime {
        match self {
            Moment::Utc(t) | Moment::Floating(t) | Moment::Zoned { local: t, .. } => *t,
            Moment::Date(d) => d.and_time(NaiveTime::MIN),
        }
    }

    /// Whether both are by one wall clock that shows the other no earlier. Then it is no earlier as an instant either, unless this
    /// one lies in a gap and is shifted (RFC 5545 §3.3.5).
    pub fn precedes_by_clock(&self, other: &Moment) -> bool {
        let one_clock = match (self, other) {
            (Moment::Zoned { tzid, .. }, Moment::Zoned { tzid: another, .. }) => tzid == another,
            (Moment::Floating(_), Moment::Floating(_)) => true,
            _ => false,
        };
        one_clock && self.naive() <= other.naive()
    }

    /// The TZID as written, if it has one.
    pub fn tzid(&self) -> Option<&str> {
        match self {
            Moment::Zoned { tzid, .. } => Some(tzid),
            _ => None,
        }
    }

    /// Whether it is a DATE.
    pub fn is_date(&self) -> bool {
        matches!(self, Moment::Date(_))
    }
}

/// Reads `YYYYMMDD`, from the year 0001 on.
pub fn parse_date(value: &str) -> Option<NaiveDate> {
    let number = digits(value, 8)?;
    let date = NaiveDate::from_ymd_opt((number / 10_000).cast_signed(), number / 100 % 100, number % 100)?;
    (date.year() > 0).then_some(date)
}

/// Reads `20260326T103000` and nothing else: what long lists of dates are made of, without looking for what else a value may be.
pub fn parse_wall_clock(value: &str) -> Option<NaiveDateTime> {
    let octets: &[u8; 15] = value.as_bytes().try_into().ok()?;
    let mut number = [0u32; 14];
    let digits = octets.iter().enumerate().filter(|(at, _)| *at != 8).map(|(_, octet)| octet.wrapping_sub(b'0'));
    for (digit, place) in digits.zip(&mut number) {
        *place = u32::from(digit);
    }
    if octets.get(8) != Some(&b'T') || number.iter().any(|digit| *digit > 9) {
        return None;
    }
    let [y, e, a, r, m, o, d, i, h, u, n, t, s, c] = number;
    let year = y * 1000 + e * 100 + a * 10 + r;
    let date = NaiveDate::from_ymd_opt(year.cast_signed(), m * 10 + o, d * 10 + i).filter(|_| year > 0)?;
    date.and_hms_opt(h * 10 + u, n * 10 + t, (s * 10 + c).min(59))
}

/// The number that so many digits are; at most nine.
fn digits(text: &str, count: usize) -> Option<u32> {
    let add = |number: u32, b: u8| b.is_ascii_digit().then(|| number * 10 + u32::from(b - b'0'));
    if text.len() == count { text.bytes().try_fold(0, add) } else { None }
}

/// A DURATION: days are nominal (they follow the wall clock), the rest is exact (RFC 5545 §3.3.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Days, weeks counted as seven.
    pub days: i64,
    /// Seconds, hours and minutes included.
    pub seconds: i64,
}

impl Span {
    /// Reads a DURATION value such as `P15DT5H0M20S`, `P7W` or `-PT15M`.
    pub fn parse(value: &str) -> Option<Span> {
        let value = value.trim();
        let (sign, value) = match value.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, value.strip_prefix('+').unwrap_or(value)),
        };
        let mut rest = value.strip_prefix(['P', 'p'])?;
        let (mut days, mut seconds, mut in_time, mut seen) = (0i64, 0i64, false, false);
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix(['T', 't']) {
                if in_time {
                    return None;
                }
                in_time = true;
                rest = after;
                continue;
            }
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            // Nine digits hold a hundred years of seconds, and no sum of them overflows.
            if digits == 0 || digits > 10 {
                return None;
            }
            let number: i64 = rest.get(..digits)?.parse().ok()?;
            let mut after = rest.get(digits..)?.chars();
            match (after.next()?.to_ascii_uppercase(), in_time) {
                ('W', false) => days = days.checked_add(number.checked_mul(7)?)?,
                ('D', false) => days = days.checked_add(number)?,
                ('H', true) => seconds = seconds.checked_add(number.checked_mul(3600)?)?,
                ('M', true) => seconds = seconds.checked_add(number.checked_mul(60)?)?,
                ('S', true) => seconds = seconds.checked_add(number)?,
                _ => return None,
            }
            seen = true;
            rest = after.as_str();
        }
        // Ten thousand years: whatever is longer is a mistake.
        (seen && days < 3_660_000 && seconds < 316_224_000_000).then_some(Span { days: sign * days, seconds: sign * seconds })
    }

    /// The span added to a wall-clock time; `None` beyond the years that chrono holds.
    pub fn after(self, local: NaiveDateTime) -> Option<NaiveDateTime> {
        local.checked_add_signed(Duration::try_days(self.days)?)?.checked_add_signed(Duration::try_seconds(self.seconds)?)
    }
}

/// Writes `YYYYMMDDTHHMMSS`.
pub fn format_local(local: NaiveDateTime) -> String {
    local.format("%Y%m%dT%H%M%S").to_string()
}

/// Writes `YYYYMMDDTHHMMSSZ`.
pub fn format_utc(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_wall_clock_is_what_a_moment_without_zone_is(value in "[0-9]{8}T[0-9]{6}|[0-2][0-9]{3}(0[1-9]|1[0-2])[0-2][0-9]T[0-2][0-9][0-5][0-9][0-6][0-9]|\\PC{13,16}") {
            let moment = match Moment::parse(&value, None) {
                Some(Moment::Floating(local)) if value.len() == 15 && value.as_bytes()[8] == b'T' => Some(local),
                _ => None,
            };
            prop_assert_eq!(parse_wall_clock(&value), moment);
        }
    }

    #[test]
    fn moments_keep_how_they_were_written() {
        let local = NaiveDate::from_ymd_opt(2026, 3, 26).unwrap().and_hms_opt(10, 30, 0).unwrap();
        assert_eq!(Moment::parse("20260326T103000Z", Some("Europe/Berlin")), Some(Moment::Utc(local)));
        assert_eq!(Moment::parse(" 20260326T103000", None), Some(Moment::Floating(local)));
        let zoned = Moment::Zoned { local, tzid: "Europe/Berlin".into() };
        assert_eq!(Moment::parse("20260326T103000", Some("Europe/Berlin")), Some(zoned));
        assert_eq!(Moment::parse("20260326", Some("Europe/Berlin")), Some(Moment::Date(local.date())));
        assert_eq!(Moment::parse("20261231T235960Z", None).unwrap().naive().format("%S").to_string(), "59");
        for bad in
            ["", "2026", "20260230", "00000101", "20260326T", "20260326T1030", "20260326T103000+0100", "20260326T250000", "2026032６"]
        {
            assert_eq!(Moment::parse(bad, None), None, "{bad}");
        }
    }

    #[test]
    fn spans_keep_days_apart_from_seconds() {
        for (text, days, seconds) in [("P15DT5H0M20S", 15, 18_020), ("P7W", 49, 0), ("-PT15M", 0, -900), ("+P1D", 1, 0), ("PT0S", 0, 0)] {
            assert_eq!(Span::parse(text), Some(Span { days, seconds }), "{text}");
        }
        for bad in ["", "P", "PT", "P1", "1D", "P1H", "PT1D", "PTT1H", "P99999999999D", "P-1D"] {
            assert_eq!(Span::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn ranges_are_half_open() {
        let range = |start, end| TimeRange { start, end };
        assert!(range(0, 10).overlaps(range(9, 11)) && !range(0, 10).overlaps(range(10, 11)));
        assert_eq!(range(0, 10).clip(range(5, 20)), Some(range(5, 10)));
        assert_eq!(range(0, 10).clip(range(10, 20)), None);
    }

    proptest! {
        #[test]
        fn reading_is_total(text in "\\PC{0,20}", digits in "[0-9TZPDHMSW+-]{0,20}") {
            for text in [&text, &digits] {
                let _ = Moment::parse(text, None);
                let _ = Span::parse(text).map(|span| span.after(NaiveDateTime::MAX));
            }
        }

        #[test]
        fn what_is_written_is_read_again(seconds in TimeRange::MIN + 3 * 86_400..TimeRange::MAX - 3 * 86_400) {
            let at = instant(seconds);
            prop_assert_eq!(Moment::parse(&format_utc(at), None), Some(Moment::Utc(at.naive_utc())));
            prop_assert_eq!(Moment::parse(&format_local(at.naive_utc()), None), Some(Moment::Floating(at.naive_utc())));
        }
    }
}

//! How far away a time is, in days on the wall clock: `morgen`, `in 3 Tagen`.
//!
//! Not for: the words (`templates/text`).

use chrono::NaiveDate;
use serde::Serialize;

/// A distance in days, as a text's id and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Relative {
    /// `today`, `tomorrow`, `yesterday`, `ahead` or `ago`: the text is `relative-ID`.
    pub id: &'static str,
    /// Days, where the text names them.
    pub days: i64,
}

/// The ids of all distances.
#[cfg(test)]
pub const RELATIVE: [&str; 5] = ["today", "tomorrow", "yesterday", "ahead", "ago"];

/// How far `then` is from `today`. Days of the calendar count, not hours: at 23:00 the next morning is tomorrow.
pub fn relative(today: NaiveDate, then: NaiveDate) -> Relative {
    let days = then.signed_duration_since(today).num_days();
    let id = match days {
        0 => "today",
        1 => "tomorrow",
        -1 => "yesterday",
        2.. => "ahead",
        _ => "ago",
    };
    Relative { id, days: days.abs() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_calendar_count() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let from = day("2026-03-28");
        assert_eq!(relative(from, day("2026-03-28")), Relative { id: "today", days: 0 });
        assert_eq!(relative(from, day("2026-03-29")), Relative { id: "tomorrow", days: 1 });
        assert_eq!(relative(from, day("2026-03-27")), Relative { id: "yesterday", days: 1 });
        assert_eq!(relative(from, day("2026-04-01")), Relative { id: "ahead", days: 4 });
        assert_eq!(relative(from, day("2025-03-28")), Relative { id: "ago", days: 365 });
    }
}

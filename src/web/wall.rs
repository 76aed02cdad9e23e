//! Instants as the wall clock of a branch shows them, and as templates and links write them.
//!
//! Not for: the rules of zones (`ical::zone`). RFC 3339 §5.6.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

use crate::ical::time::{Seconds, instant};
use crate::ical::zone::Zone;

/// The wall clock of one zone. A zone that is not known shows UTC; `config` has refused it long before.
#[derive(Debug, Clone)]
pub struct Wall(Option<Zone>);

impl Wall {
    /// The clock of an IANA zone.
    pub fn of(zone: &str) -> Wall {
        Wall(Zone::named(zone))
    }

    /// What the clock shows at an instant.
    pub fn local(&self, at: Seconds) -> NaiveDateTime {
        self.0.as_ref().map_or_else(|| instant(at).naive_utc(), |zone| zone.utc_to_local(at))
    }

    /// The day that the clock shows.
    pub fn date(&self, at: Seconds) -> NaiveDate {
        self.local(at).date()
    }

    /// `2026-11-26T10:30:00`, as the templates' filters take it.
    pub fn written(&self, at: Seconds) -> String {
        // A grid has hundreds of these, and chrono's formats are read anew for each.
        format!("{:?}", self.local(at))
    }

    /// `2026-11-26T10:30:00+01:00`, as links carry it.
    pub fn rfc3339(&self, at: Seconds) -> String {
        let ahead = self.0.as_ref().map_or(0, |zone| zone.offset_at(at));
        let (sign, minutes) = (if ahead < 0 { '-' } else { '+' }, ahead.abs() / 60);
        format!("{:?}{sign}{:02}:{:02}", instant(at.saturating_add(ahead)).naive_utc(), minutes / 60, minutes % 60)
    }
}

/// Reads what [`Wall::rfc3339`] wrote. A `+` that came as a blank, because somebody wrote the address by hand, is put right.
pub fn instant_of(text: &str) -> Option<Seconds> {
    DateTime::parse_from_rfc3339(&text.trim().replace(' ', "+")).ok().map(|at| at.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_of_the_branch_counts() {
        let wall = Wall::of("Europe/Berlin");
        let winter = instant_of("2026-11-26T10:30:00+01:00").unwrap();
        assert_eq!(wall.written(winter), "2026-11-26T10:30:00");
        assert_eq!(wall.rfc3339(winter), "2026-11-26T10:30:00+01:00");
        let summer = instant_of("2026-07-01T08:00:00Z").unwrap();
        assert_eq!(wall.rfc3339(summer), "2026-07-01T10:00:00+02:00");
        assert_eq!(Wall::of("Asia/Kathmandu").rfc3339(summer), "2026-07-01T13:45:00+05:45");
        assert_eq!(Wall::of("America/New_York").rfc3339(summer), "2026-07-01T04:00:00-04:00");
        assert_eq!(Wall::of("Nowhere/Town").rfc3339(summer), "2026-07-01T08:00:00+00:00");
    }

    #[test]
    fn a_start_is_read_strictly_but_for_its_plus() {
        assert_eq!(instant_of("2026-11-26T10:30:00 01:00"), instant_of("2026-11-26T09:30:00Z"));
        for text in ["", "2026-11-26", "2026-11-26T10:30:00", "yesterday", "2026-13-01T00:00:00Z"] {
            assert_eq!(instant_of(text), None, "{text}");
        }
    }
}

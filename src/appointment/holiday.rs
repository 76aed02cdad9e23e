//! Public holidays: days on which a location is closed.
//!
//! Baden-Württemberg so far; other regions close on no day. Source: Gesetz über die Sonntage und Feiertage (Feiertagsgesetz) of
//! Baden-Württemberg, § 1, and the Unification Treaty, art. 2 para. 2, for 3 October.

use chrono::{Datelike, Days, NaiveDate};

/// Regions (ISO 3166-2) whose holidays are known.
pub const REGIONS: [&str; 1] = ["DE-BW"];

/// The name of the public holiday in a region, if the day is one.
pub fn holiday(region: &str, date: NaiveDate) -> Option<&'static str> {
    if !REGIONS.contains(&region) {
        return None;
    }
    let fixed = match (date.month(), date.day()) {
        (1, 1) => Some("Neujahr"),
        (1, 6) => Some("Heilige Drei Könige"),
        (5, 1) => Some("Tag der Arbeit"),
        (10, 3) if date.year() >= 1990 => Some("Tag der Deutschen Einheit"),
        // On the Reformation's 500th anniversary it was a holiday everywhere in Germany.
        (10, 31) if date.year() == 2017 => Some("Reformationstag"),
        (11, 1) => Some("Allerheiligen"),
        (12, 25) => Some("1. Weihnachtstag"),
        (12, 26) => Some("2. Weihnachtstag"),
        _ => None,
    };
    fixed.or_else(|| movable(date))
}

fn movable(date: NaiveDate) -> Option<&'static str> {
    let easter = easter(date.year())?;
    let days = date.signed_duration_since(easter).num_days();
    match days {
        -2 => Some("Karfreitag"),
        1 => Some("Ostermontag"),
        39 => Some("Christi Himmelfahrt"),
        50 => Some("Pfingstmontag"),
        60 => Some("Fronleichnam"),
        _ => None,
    }
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
mod tests {
    use super::*;

    #[test]
    fn easter_falls_where_the_almanacs_say() {
        let known = [
            (1954, 4, 18),
            (1981, 4, 19),
            (2000, 4, 23),
            (2008, 3, 23),
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2027, 3, 28),
            (2038, 4, 25),
            (2049, 4, 18),
            (2076, 4, 19),
        ];
        for (year, month, day) in known {
            assert_eq!(easter(year), NaiveDate::from_ymd_opt(year, month, day), "{year}");
        }
    }

    #[test]
    fn the_holidays_of_2026_in_baden_wuerttemberg() {
        let mut day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let mut found = Vec::new();
        while day.year() == 2026 {
            if holiday("DE-BW", day).is_some() {
                found.push(day.format("%m-%d").to_string());
            }
            day = day.succ_opt().unwrap();
        }
        assert_eq!(found.join(" "), "01-01 01-06 04-03 04-06 05-01 05-14 05-25 06-04 10-03 11-01 12-25 12-26");
        assert_eq!(holiday("DE-BE", NaiveDate::from_ymd_opt(2026, 12, 25).unwrap()), None);
    }
}

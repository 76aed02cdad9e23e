//! Easter, and every region's holidays against a golden file that an independent compilation was held against.

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
/// A region's holidays of a year, in their order; with every local one, those marked by `+`.
fn year(region: &Region, year: i32) -> Vec<(NaiveDate, String)> {
    let local: Vec<String> = region.keys(Local::Yes).into_iter().map(str::to_owned).collect();
    let days = NaiveDate::from_ymd_opt(year, 1, 1).unwrap().iter_days().take_while(|day| day.year() == year);
    days.filter_map(|day| {
        let plain = region.holiday(day, &[], &[]).map(str::to_owned);
        let name = plain.or_else(|| region.holiday(day, &local, &[]).map(|name| format!("+{name}")))?;
        Some((day, name))
    })
    .collect()
}

#[test]
fn the_holidays_of_every_region_are_those_of_its_file() {
    for region in regions() {
        let found = (2025..=2027).flat_map(|y| year(region, y)).map(|(day, name)| format!("{day} {name}\n")).collect::<String>();
        let path = format!("fixtures/holidays/{}.txt", region.code);
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        let wanted: String = kept.lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect();
        assert!(found == wanted, "{path} should have:\n{found}");
    }
}

#[test]
fn laws_begin_and_end() {
    let has = |code: &str, y, m, d| region(code).unwrap().holiday(NaiveDate::from_ymd_opt(y, m, d).unwrap(), &[], &[]).is_some();
    assert!(!has("DE-NI", 1989, 10, 3) && has("DE-NI", 1990, 10, 3));
    assert!(has("DE-HE", 1994, 11, 16) && !has("DE-HE", 1995, 11, 22) && has("DE-SN", 1995, 11, 22));
    for code in ["DE-HB", "DE-HH", "DE-NI", "DE-SH"] {
        assert!(!has(code, 2016, 10, 31) && has(code, 2017, 10, 31) && has(code, 2018, 10, 31), "{code}");
    }
    assert!(has("DE-BY", 2017, 10, 31) && !has("DE-BY", 2018, 10, 31));
    assert!(!has("DE-BE", 2018, 3, 8) && has("DE-BE", 2019, 3, 8));
    assert!(!has("DE-MV", 2022, 3, 8) && has("DE-MV", 2023, 3, 8));
    assert!(!has("DE-TH", 2018, 9, 20) && has("DE-TH", 2019, 9, 20));
    assert!(has("DE-BE", 2020, 5, 8) && !has("DE-BE", 2021, 5, 8) && has("DE-BE", 2028, 6, 17) && !has("DE-BE", 2029, 6, 17));
    // Stephen's day is none in Uri where Christmas is a Monday or a Friday; in Neuchâtel only where it is a Sunday.
    assert!(!has("CH-UR", 2023, 12, 26) && has("CH-UR", 2024, 12, 26) && !has("CH-UR", 2026, 12, 26));
    assert!(has("CH-NE", 2022, 12, 26) && !has("CH-NE", 2023, 12, 26) && has("CH-NE", 2023, 1, 2));
    // Näfels: 6 April 2023 was Maundy Thursday, so it went a week later.
    assert!(!has("CH-GL", 2023, 4, 6) && has("CH-GL", 2023, 4, 13) && has("CH-GL", 2024, 4, 4));
    assert!(has("CH-GE", 2024, 9, 5) && has("CH-VD", 2024, 9, 16));
}

#[test]
fn a_practice_takes_out_and_puts_in() {
    let bavaria = region("DE-BY").unwrap();
    let words = |key: &str| vec![key.to_owned()];
    let (peace, king) = (NaiveDate::from_ymd_opt(2026, 8, 8).unwrap(), NaiveDate::from_ymd_opt(2026, 1, 6).unwrap());
    assert_eq!(bavaria.holiday(peace, &[], &[]), None);
    assert_eq!(bavaria.holiday(peace, &words("augsburg-peace-festival"), &[]), Some("Augsburger Hohes Friedensfest"));
    assert_eq!(bavaria.holiday(king, &[], &[]), Some("Heilige Drei Könige"));
    assert_eq!(bavaria.holiday(king, &[], &words("epiphany")), None);
    assert_eq!(bavaria.keys(Local::Yes), ["assumption", "augsburg-peace-festival"]);
}

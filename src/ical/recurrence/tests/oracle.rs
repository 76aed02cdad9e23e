//! The rule expander against one that tries every day (or minute, or second) and asks of each what RFC 5545 §3.3.10 says.

use std::collections::BTreeMap;

use chrono::{Datelike, Duration, NaiveDate, Timelike, Weekday};

use super::*;

fn weekday_count(day: NaiveDate, same: impl Fn(NaiveDate) -> bool, step: i64) -> i16 {
    let mut nth = 0;
    let mut at = day;
    while same(at) {
        nth += 1;
        at += Duration::days(7 * step);
    }
    nth
}

/// The week's number by counting weeks from the first that has four days in the year.
fn week(day: NaiveDate, start: Weekday) -> (i32, i32) {
    let mut first_day = day;
    while first_day.weekday() != start {
        first_day -= Duration::days(1);
    }
    let owner = |first: NaiveDate| (first + Duration::days(3)).year();
    let year = owner(first_day);
    let count = |step: i64| {
        let (mut n, mut at) = (0, first_day);
        while owner(at) == year {
            n += 1;
            at += Duration::days(7 * step);
        }
        n
    };
    (count(-1), count(1))
}

fn day_fits(rule: &Rule, start: NaiveDateTime, day: NaiveDate) -> bool {
    let month_end = (28..=31).rev().find(|d| day.with_day(*d).is_some()).unwrap() as i32;
    let year_end = if day.with_month(12).and_then(|d| d.with_day(31)).unwrap().ordinal() == 366 { 366 } else { 365 };
    let dated = !rule.by_day.is_empty() || !rule.by_month_day.is_empty() || !rule.by_year_day.is_empty();
    let coarse = rule.frequency >= Frequency::Weekly;
    let either = |list: &[i32], front: i32, size: i32| list.is_empty() || list.iter().any(|n| *n == front || size + 1 + *n == front);
    if !rule.by_month.is_empty() && !rule.by_month.contains(&day.month()) {
        return false;
    }
    let (weeks_from_front, weeks_from_back) = week(day, rule.week_start);
    if !rule.by_week_no.is_empty() && !rule.by_week_no.iter().any(|n| *n == weeks_from_front || -*n == weeks_from_back) {
        return false;
    }
    if coarse && !dated {
        let on_weekday = rule.frequency == Frequency::Weekly || (rule.frequency == Frequency::Yearly && !rule.by_week_no.is_empty());
        if on_weekday {
            return day.weekday() == start.weekday();
        }
        let month_fits = rule.frequency != Frequency::Yearly || !rule.by_month.is_empty() || day.month() == start.month();
        return month_fits && day.day() == start.day();
    }
    let plain = !matches!(rule.frequency, Frequency::Monthly | Frequency::Yearly) || !rule.by_week_no.is_empty();
    let by_month = rule.frequency == Frequency::Monthly || !rule.by_month.is_empty();
    let same = |other: NaiveDate| other.year() == day.year() && (!by_month || other.month() == day.month());
    either(&rule.by_month_day, day.day() as i32, month_end)
        && either(&rule.by_year_day, day.ordinal() as i32, year_end)
        && (rule.by_day.is_empty()
            || rule.by_day.iter().any(|by| {
                by.weekday == day.weekday()
                    && (by.ordinal == 0
                        || plain
                        || by.ordinal == weekday_count(day, same, -1)
                        || -by.ordinal == weekday_count(day, same, 1))
            }))
}

fn period(rule: &Rule, start: NaiveDateTime, at: NaiveDateTime) -> i64 {
    let monday_like = |day: NaiveDate| day - Duration::days(i64::from(day.weekday().days_since(rule.week_start)));
    match rule.frequency {
        Frequency::Yearly => i64::from(at.year() - start.year()),
        Frequency::Monthly => i64::from((at.year() - start.year()) * 12 + at.month() as i32 - start.month() as i32),
        Frequency::Weekly => (monday_like(at.date()) - monday_like(start.date())).num_days() / 7,
        Frequency::Daily => (at.date() - start.date()).num_days(),
        Frequency::Hourly => (at - start.date().and_hms_opt(start.hour(), 0, 0).unwrap()).num_seconds().div_euclid(3600),
        Frequency::Minutely => (at - start.date().and_hms_opt(start.hour(), start.minute(), 0).unwrap()).num_seconds().div_euclid(60),
        Frequency::Secondly => (at - start).num_seconds(),
    }
}

fn expected(rule: &Rule, start: NaiveDateTime, end: NaiveDateTime) -> Vec<NaiveDateTime> {
    let fine = rule.frequency <= Frequency::Hourly;
    let first = match rule.frequency {
        Frequency::Yearly => NaiveDate::from_ymd_opt(start.year(), 1, 1).unwrap(),
        Frequency::Monthly => start.date().with_day(1).unwrap(),
        Frequency::Weekly => start.date() - Duration::days(6),
        _ => start.date(),
    };
    let fits =
        |list: &[u32], value: u32, own: u32, expands: bool| if list.is_empty() { !expands || value == own } else { list.contains(&value) };
    let mut groups: BTreeMap<i64, Vec<NaiveDateTime>> = BTreeMap::new();
    let mut day = first;
    // BYSETPOS counts in whole periods.
    let whole = if fine || rule.by_set_pos.is_empty() { 1 } else { 366 };
    while day.and_hms_opt(0, 0, 0).unwrap() <= end + Duration::days(whole) {
        if day_fits(rule, start, day) {
            for second in (0..86_400_u32)
                .filter(|s| fine || rule.frequency == Frequency::Secondly || s % 60 == start.second() || rule.by_second.contains(&(s % 60)))
            {
                let at = day.and_hms_opt(second / 3600, second / 60 % 60, second % 60).unwrap();
                let number = period(rule, start, at);
                let takes = number >= 0
                    && number % i64::from(rule.interval) == 0
                    && fits(&rule.by_hour, at.hour(), start.hour(), rule.frequency >= Frequency::Daily)
                    && fits(&rule.by_minute, at.minute(), start.minute(), rule.frequency >= Frequency::Hourly)
                    && fits(&rule.by_second, at.second(), start.second(), rule.frequency >= Frequency::Minutely);
                if takes {
                    groups.entry(number).or_default().push(at);
                }
            }
        }
        day = day.succ_opt().unwrap();
    }
    let mut all = vec![start];
    for group in groups.values() {
        let len = group.len() as i32;
        let chosen = |i: i32| rule.by_set_pos.is_empty() || rule.by_set_pos.iter().any(|p| *p == i + 1 || *p == i - len);
        all.extend(group.iter().enumerate().filter(|(i, at)| chosen(*i as i32) && **at > start).map(|(_, at)| *at));
    }
    all.truncate(rule.count.map_or(usize::MAX, |count| count as usize));
    all.retain(|at| *at <= end);
    all
}

fn expanded(rule: &Rule, start: NaiveDateTime, from: NaiveDateTime, end: NaiveDateTime) -> Vec<NaiveDateTime> {
    let mut expansion = Expansion::new(rule, start, from, end);
    let mut found = Vec::new();
    while let Some(at) = expansion.advance().unwrap() {
        found.push(at);
    }
    found
}

fn some<T: std::fmt::Debug + Clone + Ord + 'static>(of: impl Strategy<Value = T> + 'static, most: usize) -> impl Strategy<Value = Vec<T>> {
    prop_oneof![2 => Just(Vec::new()), 1 => proptest::collection::btree_set(of, 1..=most).prop_map(|set| set.into_iter().collect())]
}

fn ordinals(most: i32) -> impl Strategy<Value = i32> {
    prop_oneof![1..=most, -most..=-1]
}

fn weekdays() -> impl Strategy<Value = Weekday> {
    (0_u8..7).prop_map(|n| Weekday::try_from(n).unwrap())
}

fn coarse_rules() -> impl Strategy<Value = Rule> {
    let by_day = proptest::collection::vec((prop_oneof![3 => Just(0_i16), 1 => 1_i16..=5, 1 => -5_i16..=-1], weekdays()), 0..4);
    let days = (by_day, some(ordinals(31), 3), some(ordinals(366), 3), some(ordinals(53), 2), some(1_u32..=12, 3));
    let times = (some(0_u32..24, 2), some(0_u32..60, 2), some(ordinals(6), 2));
    let frame = (0_usize..4, 1_u32..4, proptest::option::of(1_u32..20), weekdays());
    (days, times, frame).prop_map(
        |((by_day, month_day, year_day, week_no, month), (hour, minute, set_pos), (frequency, interval, count, week_start))| {
            let frequency = [Frequency::Daily, Frequency::Weekly, Frequency::Monthly, Frequency::Yearly][frequency];
            let mut rule = Rule { interval, count, week_start, ..Rule::every(frequency) };
            for (ordinal, weekday) in by_day {
                let day = ByDay { ordinal, weekday };
                if !rule.by_day.contains(&day) {
                    rule.by_day.push(day);
                }
            }
            (rule.by_month_day, rule.by_year_day, rule.by_week_no, rule.by_month) = (month_day, year_day, week_no, month);
            (rule.by_hour, rule.by_minute, rule.by_set_pos) = (hour, minute, set_pos);
            rule
        },
    )
}

fn fine_rules() -> impl Strategy<Value = Rule> {
    let lists = (some(0_u32..24, 3), some(0_u32..60, 3), some(0_u32..60, 3), some(ordinals(5), 2), some(ordinals(31), 3));
    (0_usize..3, 1_u32..100, proptest::option::of(1_u32..30), lists).prop_map(
        |(frequency, interval, count, (hour, minute, second, set_pos, month_day))| {
            let frequency = [Frequency::Hourly, Frequency::Minutely, Frequency::Secondly][frequency];
            let mut rule = Rule { interval, count, ..Rule::every(frequency) };
            (rule.by_hour, rule.by_minute, rule.by_second, rule.by_set_pos, rule.by_month_day) = (hour, minute, second, set_pos, month_day);
            rule
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn days_agree(rule in coarse_rules(), offset in 0_i64..2_000, seek in 0_i64..900) {
        let start = NaiveDate::from_ymd_opt(2019, 1, 1).unwrap().and_hms_opt(9, 30, 0).unwrap() + Duration::days(offset);
        let end = start + Duration::days(if rule.frequency == Frequency::Yearly { 900 } else { 250 });
        let all = expected(&rule, start, end);
        prop_assert_eq!(&expanded(&rule, start, start, end), &all);
        let from = start + Duration::days(seek);
        let rest: Vec<NaiveDateTime> = all.into_iter().filter(|at| *at >= from).collect();
        prop_assert_eq!(expanded(&rule, start, from, end), rest);
    }

    #[test]
    fn hours_minutes_and_seconds_agree(rule in fine_rules(), minute in 0_i64..1440, seek in 0_i64..80_000) {
        let start = NaiveDate::from_ymd_opt(2026, 1, 30).unwrap().and_hms_opt(0, 0, 17).unwrap() + Duration::minutes(minute);
        // Every second of more than a day is more than one expansion looks at.
        let end = start + Duration::hours(if rule.frequency == Frequency::Secondly { 20 } else { 30 });
        let all = expected(&rule, start, end);
        prop_assert_eq!(&expanded(&rule, start, start, end), &all);
        let from = start + Duration::seconds(seek);
        let rest: Vec<NaiveDateTime> = all.into_iter().filter(|at| *at >= from).collect();
        prop_assert_eq!(expanded(&rule, start, from, end), rest);
    }
}

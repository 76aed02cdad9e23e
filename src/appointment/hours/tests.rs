//! What opens and what closes, for whom; and the same as a VAVAILABILITY, there and back.

use bytes::Bytes;
use proptest::prelude::*;

use super::super::practice::{Language, Practice, Text};
use super::super::service::Service;
use super::availability::{Frame, compile, events};
use super::*;
use crate::ical::availability::Availability;
use crate::ical::object::CalendarObject;
use crate::ical::recurrence::occurrences;
use crate::ical::time::Moment;

const DEMO: &str = include_str!("../../../fixtures/practice/small.toml");

/// The demo's practice, whose first location is in Baden-Württemberg, with a service of several names.
fn practice() -> Practice {
    let mut practice = crate::config::practice::parse("practice.toml", DEMO).unwrap();
    let names = Text([(Language::De, "Hörtest für Kinder".to_owned()), (Language::En, "Children’s test".to_owned())].into());
    let mut service = Service::new(Id("kinder".into()), names, 30);
    service.internal_name = Some("KHT".into());
    practice.services.push(service);
    practice
}

fn object(components: &str) -> CalendarObject {
    let text = format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//t//t//EN\n{components}END:VCALENDAR\n").replace('\n', "\r\n");
    let object = CalendarObject::parse(Bytes::from(text)).unwrap();
    object.check().unwrap();
    object
}

fn event(uid: &str, lines: &str) -> String {
    format!("BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20260101T000000Z\n{lines}\nEND:VEVENT\n")
}

fn day(date: &str) -> TimeRange {
    let start = Moment::parse(&format!("{date}T000000Z"), None).unwrap().naive().and_utc().timestamp();
    TimeRange { start, end: start + 86_400 }
}

fn asked(objects: &[CalendarObject], range: TimeRange) -> Vec<Open> {
    let practice = practice();
    let location = &practice.locations[0];
    let zone = Zone::named(&location.zone).unwrap();
    let words = Words::of(&practice);
    let (mut sheet, mut found) = (Sheet::default(), Vec::new());
    for (n, object) in objects.iter().enumerate() {
        let name = Name::new(&format!("{n}.ics")).unwrap();
        sheet.put(name.clone(), Lines::read(object, &zone, &words).unwrap());
        found.extend(occurrences(object, whole_days(range, &zone), &zone).unwrap().into_iter().map(|o| (name.clone(), o)));
    }
    let hull = hull(whole_days(range, &zone), found.iter().map(|(_, o)| o.range));
    let mut closed = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        let name = Name::new(&format!("{n}.ics")).unwrap();
        let near: Vec<_> = occurrences(object, hull, &zone).unwrap().into_iter().map(|o| (name.clone(), o)).collect();
        closed.extend(closings(&near, &sheet));
    }
    let mut open = opened(&found, &sheet, &closed, location, &zone);
    open.retain(|open| open.range.overlaps(range));
    open
}

/// `0800-1700`, and for which services, of a day in UTC.
fn told(objects: &[CalendarObject], date: &str) -> String {
    let clock = |at| crate::ical::time::instant(at).format("%H%M").to_string();
    let shown = |open: Open| {
        let only = open.only.map(|ids| format!("[{}]", ids.iter().map(Id::as_str).collect::<Vec<_>>().join(","))).unwrap_or_default();
        format!("{}-{}{only}", clock(open.range.start), clock(open.range.end))
    };
    asked(objects, day(date)).into_iter().map(shown).collect::<Vec<_>>().join(" ")
}

fn week() -> String {
    event("w", "DTSTART;TZID=Europe/Berlin:20260302T090000\nDURATION:PT9H\nRRULE:FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR\nSUMMARY:Geöffnet")
}

#[test]
fn a_holiday_closes_series_and_not_what_somebody_put_there() {
    let series = object(&week());
    assert_eq!(told(std::slice::from_ref(&series), "20260402"), "0700-1600");
    // Good Friday, Easter Monday.
    assert_eq!(told(std::slice::from_ref(&series), "20260403"), "");
    assert_eq!(told(std::slice::from_ref(&series), "20260406"), "");
    let single = object(&event("s", "DTSTART:20260403T080000Z\nDTEND:20260403T100000Z"));
    assert_eq!(told(&[series, single], "20260403"), "0800-1000");
    let edited = event("w", "RECURRENCE-ID;TZID=Europe/Berlin:20260406T090000\nDTSTART;TZID=Europe/Berlin:20260406T100000\nDURATION:PT1H");
    assert_eq!(told(&[object(&format!("{}{edited}", week()))], "20260406"), "0800-0900");
    // A series that goes on from there with other times is still a series.
    let onwards = edited.replace("RECURRENCE-ID;", "RECURRENCE-ID;RANGE=THISANDFUTURE;");
    let onwards = [object(&format!("{}{onwards}", week()))];
    assert_eq!((told(&onwards, "20260406").as_str(), told(&onwards, "20260407").as_str()), ("", "0800-0900"));
    // Of several days only the holiday goes.
    let days = "DTSTART;TZID=Europe/Berlin:20260401T000000\nDTEND;TZID=Europe/Berlin:20260405T000000\nRRULE:FREQ=WEEKLY";
    let days = [object(&event("d", days))];
    let hours = |date: &str| asked(&days, day(date)).iter().map(|open| open.range.seconds() / 3600).collect::<Vec<_>>();
    assert_eq!((hours("20260402"), hours("20260403"), hours("20260404")), (vec![48], vec![24], vec![24]));
}

#[test]
fn what_says_no_more_than_its_series_opens_on_no_holiday() {
    let good_friday = |lines: &str| {
        let own = "RECURRENCE-ID;TZID=Europe/Berlin:20260403T090000\nDTSTART;TZID=Europe/Berlin:20260403T090000\n";
        told(&[object(&format!("{}{}", week(), event("w", &format!("{own}{lines}"))))], "20260403")
    };
    for same in [
        "DTEND;TZID=Europe/Berlin:20260403T180000\nSUMMARY:Geöffnet",
        "DURATION:PT9H\nSUMMARY:Geöffnet\nSEQUENCE:4\nX-MOZ-GENERATION:2\nCREATED:20260101T000000Z",
    ] {
        assert_eq!(good_friday(same), "", "{same}");
    }
    for edited in [
        "DTEND;TZID=Europe/Berlin:20260403T170000\nSUMMARY:Geöffnet",
        "DURATION:PT9H\nSUMMARY:Notdienst",
        "DURATION:PT9H\nSUMMARY:Geöffnet\nDESCRIPTION:Anna ist da",
    ] {
        assert_ne!(good_friday(edited), "", "{edited}");
    }
}

#[test]
fn titles_and_categories_restrict() {
    for line in [
        "SUMMARY:kinder",
        "SUMMARY: HÖRTEST  für kinder",
        "SUMMARY:Children’s test",
        "SUMMARY:kht",
        "SUMMARY:Nur heute\nCATEGORIES:Wichtig,KHT",
    ] {
        let event = object(&event("s", &format!("DTSTART:20260304T080000Z\nDTEND:20260304T100000Z\n{line}")));
        assert_eq!(told(&[event], "20260304"), "0800-1000[kinder]", "{line}");
    }
    let other = object(&event("s", "DTSTART:20260304T080000Z\nDTEND:20260304T100000Z\nSUMMARY:Hörtest für Kinder und Eltern"));
    assert_eq!(told(std::slice::from_ref(&other), "20260304"), "0800-1000");
    let two = object(&event("t", "DTSTART:20260304T090000Z\nDTEND:20260304T110000Z\nCATEGORIES:kinder,Beratung"));
    assert_eq!(told(&[other, two], "20260304"), "0800-1000 0900-1100[beratung,kinder]");
    // One of a series is for children.
    let one = event(
        "w",
        "RECURRENCE-ID;TZID=Europe/Berlin:20260304T090000\nDTSTART;TZID=Europe/Berlin:20260304T090000\nDURATION:PT9H\nSUMMARY:KHT",
    );
    let series = [object(&format!("{}{one}", week()))];
    assert_eq!((told(&series, "20260304").as_str(), told(&series, "20260305").as_str()), ("0800-1700[kinder]", "0800-1700"));
}

#[test]
fn what_touches_is_one_and_the_rest_is_closed() {
    let at = |uid: &str, from: &str, to: &str| object(&event(uid, &format!("DTSTART:20260304T{from}00Z\nDTEND:20260304T{to}00Z")));
    let all = [at("a", "0800", "1000"), at("b", "1000", "1200"), at("c", "1300", "1400"), at("d", "1315", "1330"), at("e", "1500", "1500")];
    assert_eq!(told(&all, "20260304"), "0800-1200 1300-1400");
    let range = TimeRange { start: day("20260304").start + 9 * 3600, end: day("20260304").start + 15 * 3600 };
    let closed: Vec<i64> = closed(&asked(&all, range), range).iter().map(|range| range.seconds() / 60).collect();
    assert_eq!(closed, [60, 60]);
}

#[test]
fn a_days_real_length_is_open_around_the_change_of_clocks() {
    for (date, hours) in [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-14", 24)] {
        let plain = date.replace('-', "");
        let next = plain.parse::<u32>().unwrap() + 1;
        let whole = format!("DTSTART;TZID=Europe/Berlin:{plain}T000000\nDTEND;TZID=Europe/Berlin:{next}T000000");
        let whole = [object(&event("d", &whole))];
        let noon = TimeRange { start: day(&plain).start + 43_200, end: day(&plain).start + 43_201 };
        assert_eq!(asked(&whole, noon).first().map(|open| open.range.seconds() / 3600), Some(hours), "{date}");
    }
}

#[test]
fn what_is_called_so_closes_and_a_day_without_a_time_opens_nothing() {
    let with = |lines: &str, date: &str| told(&[object(&week()), object(&event("x", lines))], date);
    // A day, some hours of one, a series.
    assert_eq!(with("DTSTART;VALUE=DATE:20260304\nSUMMARY:Urlaub", "20260304"), "");
    assert_eq!(with("DTSTART;VALUE=DATE:20260304\nTRANSP:TRANSPARENT\nSUMMARY:Team\nCATEGORIES:Holiday", "20260304"), "");
    assert_eq!(with("DTSTART:20260304T110000Z\nDTEND:20260304T120000Z\nSUMMARY:Geschlossen", "20260304"), "0800-1100 1200-1700");
    assert_eq!(with("DTSTART:20260225T110000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY\nSUMMARY:Mittagspause", "20260304"), "0800-1100 1200-1700");
    assert_eq!(with("DTSTART:20260307T080000Z\nDURATION:PT1H\nSUMMARY:Notdienst\nCATEGORIES:Feiertage", "20260307"), "0800-0900");
    // Called off it closes nothing, and a title that is a service's opens for that.
    assert_eq!(with("DTSTART;VALUE=DATE:20260304\nSTATUS:CANCELLED\nSUMMARY:Urlaub", "20260304"), "0800-1700");
    // It wins over what was put there singly, whichever comes first.
    let wish = event("y", "DTSTART:20260304T180000Z\nDTEND:20260304T190000Z\nSUMMARY:Beratung");
    let leave = event("x", "DTSTART;VALUE=DATE:20260303\nDTEND;VALUE=DATE:20260306\nSUMMARY:Ferien");
    assert_eq!(told(&[object(&leave), object(&wish), object(&week())], "20260304"), "");
    // Whole days of anything else are left alone.
    for lines in ["SUMMARY:Tag der offenen Tür", "SUMMARY:Beratung", "RRULE:FREQ=WEEKLY"] {
        assert_eq!(with(&format!("DTSTART;VALUE=DATE:20260307\n{lines}"), "20260307"), "", "{lines}");
    }
    // One of a series is called so, and one made a day without a time.
    let one = |lines: &str| {
        let own = event("w", &format!("RECURRENCE-ID;TZID=Europe/Berlin:20260304T090000\n{lines}"));
        told(&[object(&format!("{}{own}", week()))], "20260304")
    };
    assert_eq!(one("DTSTART;TZID=Europe/Berlin:20260304T090000\nDURATION:PT9H\nSUMMARY:Urlaub"), "");
    assert_eq!(one("DTSTART;VALUE=DATE:20260304\nSUMMARY:Geöffnet"), "");
    // What is left of a long one begins anew where the closed time ends, also where that lies before the day that is asked about.
    let long = object(&event("l", "DTSTART:20260304T080000Z\nDTEND:20260306T160000Z"));
    let shut = object(&event("x", "DTSTART:20260304T090000Z\nDTEND:20260304T101500Z\nSUMMARY:zu – closed"));
    assert_eq!(told(&[long, shut], "20260305"), "1015-1600");
}

/// Everything that a calendar of hours may hold.
fn all_kinds() -> Vec<CalendarObject> {
    let dragged = event(
        "w",
        "RECURRENCE-ID;TZID=Europe/Berlin:20260407T090000\nDTSTART;TZID=Europe/Berlin:20260407T070000\nDURATION:PT2H\nSUMMARY:KHT",
    );
    let off = event(
        "w",
        "RECURRENCE-ID;TZID=Europe/Berlin:20260408T090000\nDTSTART;TZID=Europe/Berlin:20260408T090000\nDURATION:PT9H\nSTATUS:CANCELLED",
    );
    let good_friday =
        event("w", "RECURRENCE-ID;TZID=Europe/Berlin:20260403T090000\nDTSTART;TZID=Europe/Berlin:20260403T120000\nDURATION:PT1H");
    vec![
        object(&format!("{}{dragged}{off}{good_friday}", week())),
        object(&event("day", "DTSTART;VALUE=DATE:20260411\nTRANSP:TRANSPARENT\nSUMMARY:Tag der offenen Tür")),
        object(&event("days", "DTSTART:20260418T060000\nDURATION:PT8H\nRRULE:FREQ=WEEKLY;UNTIL=20260502\nEXDATE:20260425T060000")),
        object(&event("leave", "DTSTART;VALUE=DATE:20260413\nDTEND;VALUE=DATE:20260416\nSUMMARY:Urlaub")),
        object(&event("team", "DTSTART;TZID=Europe/Berlin:20260303T120000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY\nSUMMARY:Mittagspause")),
        object(&format!(
            "{}{}",
            event("mixed", "DTSTART;TZID=Europe/Berlin:20260304T190000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY\nSUMMARY:Abend"),
            event(
                "mixed",
                "RECURRENCE-ID;TZID=Europe/Berlin:20260318T190000\nDTSTART;TZID=Europe/Berlin:20260318T190000\nDURATION:PT1H\nSUMMARY:Geschlossen"
            )
        )),
        object(&format!(
            "{}{}",
            event("turned", "DTSTART;TZID=Europe/Berlin:20260306T130000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY\nSUMMARY:Pause"),
            event(
                "turned",
                "RECURRENCE-ID;TZID=Europe/Berlin:20260320T130000\nDTSTART;TZID=Europe/Berlin:20260320T200000\nDURATION:PT1H\nSUMMARY:Abend"
            )
        )),
        object(&event("float", "DTSTART:20260301T190000\nDTEND:20260301T200000\nRRULE:FREQ=WEEKLY;UNTIL=20260510T190000")),
        object(&event("utc", "DTSTART:20260404T100000Z\nDTEND:20260404T120000Z")),
        object(&event("gone", "DTSTART:20260404T130000Z\nDTEND:20260404T140000Z\nSTATUS:CANCELLED")),
        object(&event("past", "DTSTART:20250404T130000Z\nDTEND:20250404T140000Z")),
        object(&event("long", "DTSTART:20260430T000000\nDTEND:20260503T000000\nRRULE:FREQ=YEARLY")),
    ]
}

fn ranges(open: &[Open], range: TimeRange) -> Vec<TimeRange> {
    let closed = closed(open, range);
    let edges = std::iter::once(range.start).chain(closed.iter().map(|c| c.end)).zip(closed.iter().map(|c| c.start).chain([range.end]));
    edges.filter(|(start, end)| start < end).map(|(start, end)| TimeRange { start, end }).collect()
}

fn frame<'a>(practice: &'a Practice, zone: &'a Zone, words: &'a Words) -> Frame<'a> {
    let range = TimeRange { start: day("20260315").start, end: day("20280315").start };
    Frame { uid: "location.stuttgart.hours", location: &practice.locations[0], zone, changed: range.start, range, words }
}

#[test]
fn a_vavailability_says_the_same_there_and_back() {
    let practice = practice();
    let zone = Zone::named("Europe/Berlin").unwrap();
    let objects = all_kinds();
    let text = compile(&objects, &[], frame(&practice, &zone, &Words::of(&practice))).unwrap().unwrap();
    let value = CalendarObject::parse(Bytes::from(text.clone())).unwrap();
    let mut availability = Availability::default();
    availability.add(&value, &Zone::UTC).unwrap();
    let range = TimeRange { start: day("20260316").start, end: day("20270601").start };
    let expected = ranges(&asked(&objects, range), range);
    assert!(expected.len() > 250);
    assert_eq!(availability.open(range).unwrap(), expected, "{text}");
    assert!(!text.contains("UID:past") && !text.contains("UID:gone") && !text.contains("TRANSP"), "{text}");
    // Set again, it makes the same calendar; a holiday that is given up later opens again.
    let back = events(&value, &practice.locations[0], &zone, Language::De).unwrap();
    let back: Vec<CalendarObject> = back.into_iter().map(|(_, octets)| CalendarObject::parse(octets).unwrap()).collect();
    back.iter().for_each(|object| drop(object.check().unwrap()));
    assert_eq!(ranges(&asked(&back, range), range), expected);
    assert_eq!(asked(&back, day("20260407"))[0].only, Some(vec![Id("kinder".into())]));
    let series = String::from_utf8(back[0].octets().to_vec()).unwrap();
    let series = series.replace("\r\n ", "");
    let left_out = series.lines().find(|line| line.starts_with("EXDATE;TZID=Europe/Berlin:")).unwrap();
    assert!(left_out.contains("20260408T090000") && !left_out.contains("20260406"), "holidays close by themselves: {left_out}");
}

#[test]
fn what_is_sent_as_available_opens_whatever_it_is_called() {
    let (practice, zone) = (practice(), Zone::named("Europe/Berlin").unwrap());
    for lines in ["SUMMARY:Urlaubsvertretung im Urlaub", "SUMMARY:Abend\nCATEGORIES:Holiday,KHT", "CATEGORIES:Closed"] {
        let text = format!(
            "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//t//t//EN\nBEGIN:VAVAILABILITY\nUID:v\nDTSTAMP:20260101T000000Z\nBEGIN:AVAILABLE\nUID:a\n\
             DTSTAMP:20260101T000000Z\nDTSTART:20260304T080000Z\nDTEND:20260304T090000Z\n{lines}\nEND:AVAILABLE\nEND:VAVAILABILITY\nEND:VCALENDAR\n"
        );
        let value = CalendarObject::parse(Bytes::from(text.replace('\n', "\r\n"))).unwrap();
        let made = events(&value, &practice.locations[0], &zone, Language::De).unwrap();
        let objects: Vec<CalendarObject> = made.into_iter().map(|(_, octets)| CalendarObject::parse(octets).unwrap()).collect();
        let restricted = if lines.contains("KHT") { "[kinder]" } else { "" };
        assert_eq!(told(&objects, "20260304"), format!("0800-0900{restricted}"), "{lines}");
    }
}

#[test]
fn what_no_calendar_can_hold_is_refused() {
    let practice = practice();
    let zone = Zone::named("Europe/Berlin").unwrap();
    let read = |block: &str| {
        let text = format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//t//t//EN\n{block}END:VCALENDAR\n").replace('\n', "\r\n");
        events(&CalendarObject::parse(Bytes::from(text)).unwrap(), &practice.locations[0], &zone, Language::De)
    };
    let block = |lines: &str| format!("BEGIN:VAVAILABILITY\nUID:v\nDTSTAMP:20260101T000000Z\n{lines}END:VAVAILABILITY\n");
    assert!(read(&block("")).unwrap().is_empty());
    assert!(read(&block("DTSTART:20260101T000000Z\n")).is_err());
    assert!(read(&format!("{}{}", block(""), block(""))).is_err());
    let many: Vec<CalendarObject> =
        (0..201).map(|n| object(&event(&format!("e{n}"), "DTSTART:20260404T100000Z\nDTEND:20260404T120000Z"))).collect();
    assert_eq!(compile(&many, &[], frame(&practice, &zone, &Words::of(&practice))).unwrap(), None);
}

/// An event of some hours in the first days of April 2026, weekly or not, with a title.
#[derive(Debug, Clone)]
struct Written {
    from: i64,
    quarters: i64,
    weekly: bool,
    title: &'static str,
}

fn written() -> impl Strategy<Value = Vec<Written>> {
    let title = proptest::sample::select(vec!["Geöffnet", "KHT", "Urlaub", "Closed"]);
    let one = (0..4 * 96_i64, 1..60_i64, any::<bool>(), title).prop_map(|(from, quarters, weekly, title)| Written {
        from,
        quarters,
        weekly,
        title,
    });
    proptest::collection::vec(one, 1..7)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// A quarter of an hour is open where something opens it, no holiday does away with that, and nothing closes it; whichever day is asked
    /// about, and told as a VAVAILABILITY too.
    #[test]
    fn every_quarter_is_open_or_closed_as_looking_at_everything_says(all in written()) {
        let practice = practice();
        let zone = Zone::named("Europe/Berlin").unwrap();
        let begin = day("20260401").start;
        let objects: Vec<CalendarObject> = all.iter().enumerate().map(|(n, one)| {
            let at = |quarters: i64| crate::ical::time::instant(begin + quarters * 900).format("%Y%m%dT%H%M%SZ").to_string();
            let rule = if one.weekly { "RRULE:FREQ=WEEKLY\n" } else { "" };
            let (start, end) = (at(one.from), at(one.from + one.quarters));
            object(&event(&format!("e{n}"), &format!("DTSTART:{start}\nDTEND:{end}\n{rule}SUMMARY:{}", one.title)))
        }).collect();
        let covers = |one: &Written, tick: i64| {
            let since = tick - one.from;
            since >= 0 && if one.weekly { since % (7 * 96) < one.quarters } else { since < one.quarters }
        };
        let closing = |one: &Written| matches!(one.title, "Urlaub" | "Closed");
        let expected = |tick: i64| {
            let date = zone.utc_to_local(begin + tick * 900).date();
            let opens = |one: &Written| covers(one, tick) && !closing(one) && (!one.weekly || holiday_on(&practice.locations[0], date).is_none());
            all.iter().any(opens) && !all.iter().any(|one| closing(one) && covers(one, tick))
        };
        let whole = TimeRange { start: begin, end: begin + 16 * 86_400 };
        let words = Words::of(&practice);
        let text = compile(&objects, &[], frame(&practice, &zone, &words)).unwrap().unwrap();
        let mut told = Availability::default();
        told.add(&CalendarObject::parse(Bytes::from(text)).unwrap(), &Zone::UTC).unwrap();
        let told = told.open(whole).unwrap();
        for date in 0..16 {
            let range = TimeRange { start: begin + date * 86_400, end: begin + (date + 1) * 86_400 };
            let open = asked(&objects, range);
            for tick in date * 96..(date + 1) * 96 {
                let at = begin + tick * 900;
                let within = |range: &TimeRange| range.start <= at && at < range.end;
                prop_assert_eq!(open.iter().any(|open| within(&open.range)), expected(tick), "{} {:?}", tick, open);
                prop_assert_eq!(told.iter().any(within), expected(tick), "told: {}", tick);
            }
        }
    }
}

//! A series → its single instances, in UTC and without rules: what CALDAV:expand asks for.
//!
//! Not for: when the instances are (`recurrence`). RFC 4791 §9.6.5.

mod utc;

use crate::error::{Error, Precondition, Result};
use crate::ical::object::{CalendarObject, Node, Property, line};
use crate::ical::recurrence::{Occurrence, Speakers, occurrences};
use crate::ical::time::{Moment, Seconds, Span, TimeRange, format_utc, instant};
use crate::ical::zone::Zone;

/// The largest answer for one object, in octets.
pub const MAX_SIZE: usize = 4 * 1024 * 1024;

/// What belongs to the series as a whole and is left out of an instance.
const OF_THE_SERIES: [&str; 5] = ["RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID"];

/// The instances of an object that overlap a range, each as a component of its own: times in UTC, dates as dates, no VTIMEZONE.
/// `default` is the zone of dates and floating times.
///
/// [`Precondition::MaxInstances`] where there are too many or the answer becomes larger than [`MAX_SIZE`].
pub fn expanded(object: &CalendarObject, range: TimeRange, default: &Zone) -> Result<Vec<u8>> {
    let octets = object.octets();
    let mut out = line("BEGIN", &[], "VCALENDAR")?.into_bytes();
    for property in &object.root().properties {
        copy(octets, property, &mut out);
    }
    let speakers = Speakers::read(object, default)?;
    let writing = Writing { object, default, days_are_ids: days_are_ids(object) };
    for occurrence in occurrences(object, range, default)? {
        match speakers.of(&occurrence) {
            Some(node) if node.name == "VFREEBUSY" => {
                // Its periods are no instances: it is one thing.
                utc::component(node, object, default, &mut out);
                break;
            }
            Some(node) => writing.instance(node, &occurrence, &mut out)?,
            None => {}
        }
        if out.len() > MAX_SIZE {
            return Err(Error::Refused(Precondition::MaxInstances, "The instances in this range are too many to write out.".into()));
        }
    }
    out.extend_from_slice(line("END", &[], "VCALENDAR")?.as_bytes());
    Ok(out)
}

/// Whether instances are named by days: RECURRENCE-ID is of the type of the series' DTSTART (RFC 5545 §3.8.4.4).
fn days_are_ids(object: &CalendarObject) -> bool {
    let start = object.master().and_then(|node| node.first("DTSTART"));
    start.or_else(|| object.shown()?.first("RECURRENCE-ID")).is_some_and(is_date)
}

struct Writing<'a> {
    object: &'a CalendarObject,
    default: &'a Zone,
    days_are_ids: bool,
}

impl Writing<'_> {
    fn instance(&self, node: &Node, occurrence: &Occurrence, out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(line("BEGIN", &[], &node.name)?.as_bytes());
        if let Some(id) = occurrence.recurrence_id {
            write_time("RECURRENCE-ID", id, self.days_are_ids.then_some(self.default), out)?;
        }
        let length = Length::of(node, occurrence);
        for property in &node.properties {
            let day = || is_date(property).then_some(self.default);
            match property.name.as_str() {
                name if OF_THE_SERIES.contains(&name) => {}
                "DTSTART" => {
                    write_time("DTSTART", occurrence.range.start, day(), out)?;
                    length.write(out)?;
                }
                "DTEND" | "DUE" => write_time(&property.name, occurrence.range.end, day(), out)?,
                "DURATION" if length != Length::AsSent => {}
                _ => utc::property(property, self.object, self.default, out),
            }
        }
        for child in &node.children {
            utc::component(child, self.object, self.default, out);
        }
        out.extend_from_slice(line("END", &[], &node.name)?.as_bytes());
        Ok(())
    }
}

/// How an instance says how long it lasts.
#[derive(Debug, PartialEq, Eq)]
enum Length {
    /// As its component does: by an end, by an exact DURATION, by days, or not at all.
    AsSent,
    /// By an end: a DURATION in days is another time in UTC where the clocks change meanwhile, and an RDATE may have brought a length of its
    /// own.
    Until(&'static str, Seconds),
}

impl Length {
    fn of(node: &Node, occurrence: &Occurrence) -> Length {
        let name = match node.name.as_str() {
            "VEVENT" => "DTEND",
            "VTODO" => "DUE",
            _ => return Length::AsSent,
        };
        if node.first(name).is_some() || node.first("DTSTART").is_none_or(is_date) {
            return Length::AsSent;
        }
        let duration = node.first("DURATION").map(|property| Span::parse(&property.value));
        // The very end of a task that has DURATION is counted to it.
        let end = occurrence.range.end - i64::from(duration.is_some() && name == "DUE");
        let exact = match duration {
            Some(span) => span.map(|span| if span.days == 0 { span.seconds } else { -1 }),
            None => Some(0),
        };
        if exact == Some(end - occurrence.range.start) { Length::AsSent } else { Length::Until(name, end) }
    }

    fn write(&self, out: &mut Vec<u8>) -> Result<()> {
        match self {
            Length::AsSent => Ok(()),
            Length::Until(name, end) => write_time(name, *end, None, out),
        }
    }
}

fn is_date(property: &Property) -> bool {
    Moment::parse(&property.value, None).is_some_and(|moment| moment.is_date())
}

/// Writes an instant in UTC, or where a zone is given the day that it is there.
fn write_time(name: &str, at: Seconds, day_in: Option<&Zone>, out: &mut Vec<u8>) -> Result<()> {
    let text = match day_in {
        Some(zone) => line(name, &[("VALUE", "DATE")], &zone.utc_to_local(at).format("%Y%m%d").to_string())?,
        None => line(name, &[], &format_utc(instant(at)))?,
    };
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

/// Copies a property as it was sent; its last line may lack its end.
fn copy(octets: &[u8], property: &Property, out: &mut Vec<u8>) {
    out.extend_from_slice(octets.get(property.span.clone()).unwrap_or_default());
    if !out.ends_with(b"\n") {
        out.extend_from_slice(b"\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ical::zone;
    use bytes::Bytes;

    fn expand(lines: &[&str], start: &str, end: &str) -> String {
        let text = lines.join("\r\n") + "\r\n";
        let object = CalendarObject::parse(Bytes::from(text)).unwrap();
        let at = |text| zone::resolve(&Moment::parse(text, None).unwrap(), &object, &Zone::UTC).unwrap();
        let range = TimeRange { start: at(start), end: at(end) };
        String::from_utf8(expanded(&object, range, &Zone::named("Europe/Berlin").unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn a_series_with_an_override_becomes_instances_in_utc() {
        let text = expand(
            &[
                "BEGIN:VCALENDAR",
                "VERSION:2.0",
                "BEGIN:VEVENT",
                "UID:a",
                "DTSTART;TZID=Europe/Berlin:20260326T100000",
                "DTEND;TZID=Europe/Berlin:20260326T110000",
                "RRULE:FREQ=WEEKLY;COUNT=4",
                "EXDATE;TZID=Europe/Berlin:20260409T100000",
                "SUMMARY:Hörtest",
                "BEGIN:VALARM",
                "ACTION:DISPLAY",
                "TRIGGER:-PT5M",
                "END:VALARM",
                "END:VEVENT",
                "BEGIN:VEVENT",
                "UID:a",
                "RECURRENCE-ID;TZID=Europe/Berlin:20260402T100000",
                "DTSTART;TZID=Europe/Berlin:20260402T140000",
                "DURATION:PT30M",
                "SUMMARY:Verlegt",
                "END:VEVENT",
                "END:VCALENDAR",
            ],
            "20260301T000000Z",
            "20260410T000000Z",
        );
        assert_eq!(
            text.lines().collect::<Vec<_>>(),
            [
                "BEGIN:VCALENDAR",
                "VERSION:2.0",
                "BEGIN:VEVENT",
                "RECURRENCE-ID:20260326T090000Z",
                "UID:a",
                "DTSTART:20260326T090000Z",
                "DTEND:20260326T100000Z",
                "SUMMARY:Hörtest",
                "BEGIN:VALARM",
                "ACTION:DISPLAY",
                "TRIGGER:-PT5M",
                "END:VALARM",
                "END:VEVENT",
                "BEGIN:VEVENT",
                "RECURRENCE-ID:20260402T080000Z",
                "UID:a",
                "DTSTART:20260402T120000Z",
                "DURATION:PT30M",
                "SUMMARY:Verlegt",
                "END:VEVENT",
                "END:VCALENDAR",
            ]
        );
    }

    #[test]
    fn whole_days_stay_days() {
        let text = expand(
            &[
                "BEGIN:VCALENDAR",
                "VERSION:2.0",
                "BEGIN:VEVENT",
                "UID:a",
                "DTSTART;VALUE=DATE:20260328",
                "DTEND;VALUE=DATE:20260329",
                "RRULE:FREQ=DAILY;COUNT=3",
                "END:VEVENT",
                "END:VCALENDAR",
            ],
            "20260329T060000Z",
            "20260329T070000Z",
        );
        let times: Vec<&str> = text.lines().filter(|line| line.contains("DATE")).collect();
        assert_eq!(times, ["RECURRENCE-ID;VALUE=DATE:20260329", "DTSTART;VALUE=DATE:20260329", "DTEND;VALUE=DATE:20260330"]);
    }

    /// What is expanded of an event's lines between these days, without what every answer has.
    fn times(lines: &[&str], start: &str, end: &str) -> Vec<String> {
        let whole = [&["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:a"][..], lines, &["END:VEVENT", "END:VCALENDAR"]].concat();
        let text = expand(&whole, &format!("{start}T000000Z"), &format!("{end}T000000Z"));
        text.lines().filter(|line| ["DT", "DU", "REC"].iter().any(|name| line.starts_with(name))).map(str::to_owned).collect()
    }

    #[test]
    fn a_day_by_the_wall_clock_ends_where_the_clock_says() {
        let series = ["DTSTART;TZID=Europe/Berlin:20260328T180000", "DURATION:P1D", "RRULE:FREQ=DAILY;COUNT=2"];
        assert_eq!(
            times(&series, "20260301", "20260401"),
            [
                "RECURRENCE-ID:20260328T170000Z",
                "DTSTART:20260328T170000Z",
                "DTEND:20260329T160000Z",
                "RECURRENCE-ID:20260329T160000Z",
                "DTSTART:20260329T160000Z",
                "DTEND:20260330T160000Z",
            ]
        );
    }

    #[test]
    fn a_period_brings_its_own_length() {
        let series = ["DTSTART:20260328T180000Z", "DURATION:PT1H", "RDATE;VALUE=PERIOD:20260330T100000Z/PT3H"];
        assert_eq!(
            times(&series, "20260301", "20260401"),
            [
                "RECURRENCE-ID:20260328T180000Z",
                "DTSTART:20260328T180000Z",
                "DURATION:PT1H",
                "RECURRENCE-ID:20260330T100000Z",
                "DTSTART:20260330T100000Z",
                "DTEND:20260330T130000Z",
            ]
        );
        let bare = ["DTSTART:20260328T180000Z", "RDATE;VALUE=PERIOD:20260330T100000Z/20260330T110000Z"];
        assert_eq!(times(&bare, "20260330", "20260401").last().unwrap(), "DTEND:20260330T110000Z");
    }

    #[test]
    fn an_instance_of_a_series_of_days_is_named_by_its_day() {
        let lines = [
            "DTSTART;VALUE=DATE:20260328",
            "RRULE:FREQ=DAILY;COUNT=3",
            "END:VEVENT",
            "BEGIN:VEVENT",
            "UID:a",
            "RECURRENCE-ID;VALUE=DATE:20260329",
            "DTSTART;TZID=Europe/Berlin:20260329T100000",
            "DTEND;TZID=Europe/Berlin:20260329T110000",
        ];
        let expected = ["RECURRENCE-ID;VALUE=DATE:20260329", "DTSTART:20260329T080000Z", "DTEND:20260329T090000Z"];
        assert_eq!(times(&lines, "20260329", "20260330")[..3], expected);
    }

    #[test]
    fn no_line_names_a_zone_that_the_answer_does_not_have() {
        let lines = [
            "DTSTART;TZID=Europe/Berlin:20260328T100000",
            "X-SEEN;X-BY=\"a:b\",c;TZID=Europe/Berlin:20260401T100000,20260101T100000Z",
            "X-AWAY;VALUE=PERIOD;TZID=Europe/Berlin:20260101T100000/PT1H,20260101T100000/20260101T120000",
            "X-WORD;TZID=Europe/Berlin:no time",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "TRIGGER;VALUE=DATE-TIME;TZID=Europe/Berlin:20260401T090000",
            "END:VALARM",
        ];
        let whole = [&["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:a"][..], &lines, &["END:VEVENT", "END:VCALENDAR"]].concat();
        let text = expand(&whole, "20260301T000000Z", "20260401T000000Z");
        assert_eq!(
            text.lines().skip(3).collect::<Vec<_>>(),
            [
                "DTSTART:20260328T090000Z",
                "X-SEEN;X-BY=\"a:b\",c:20260401T080000Z,20260101T100000Z",
                "X-AWAY;VALUE=PERIOD:20260101T090000Z/PT1H,20260101T090000Z/20260101T110000Z",
                "X-WORD;TZID=Europe/Berlin:no time",
                "BEGIN:VALARM",
                "ACTION:DISPLAY",
                "TRIGGER;VALUE=DATE-TIME:20260401T070000Z",
                "END:VALARM",
                "END:VEVENT",
                "END:VCALENDAR",
            ]
        );
    }

    #[test]
    fn a_vfreebusy_stays_one() {
        let lines = [
            "BEGIN:VCALENDAR",
            "BEGIN:VFREEBUSY",
            "UID:a",
            "DTSTART:20260328T000000Z",
            "DTEND:20260330T000000Z",
            "FREEBUSY:20260328T100000Z/PT1H,20260329T100000Z/PT1H",
            "END:VFREEBUSY",
            "END:VCALENDAR",
        ];
        assert_eq!(expand(&lines, "20260328T000000Z", "20260401T000000Z").lines().collect::<Vec<_>>(), lines);
        assert_eq!(expand(&lines, "20260428T000000Z", "20260501T000000Z").lines().count(), 2);
    }
}

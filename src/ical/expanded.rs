//! A series → its single instances, in UTC and without rules: what CALDAV:expand asks for.
//!
//! Not for: when the instances are (`recurrence`). RFC 4791 §9.6.5.

use crate::error::{Error, Precondition, Result};
use crate::ical::object::{CalendarObject, Node, Property, line};
use crate::ical::recurrence::{Occurrence, occurrences};
use crate::ical::time::{Moment, Seconds, TimeRange, format_utc, instant};
use crate::ical::zone::{self, Zone};

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
    for occurrence in occurrences(object, range, default)? {
        if let Some(node) = instance_of(object, &occurrence, default) {
            write(object, node, &occurrence, default, &mut out)?;
        }
        if out.len() > MAX_SIZE {
            return Err(Error::Refused(Precondition::MaxInstances, "The instances in this range are too many to write out.".into()));
        }
    }
    out.extend_from_slice(line("END", &[], "VCALENDAR")?.as_bytes());
    Ok(out)
}

/// The component that describes an occurrence: its override, the last override of it and all that follow, or the master.
fn instance_of<'a>(object: &'a CalendarObject, occurrence: &Occurrence, default: &Zone) -> Option<&'a Node> {
    let Some(id) = occurrence.recurrence_id else { return object.shown() };
    let day = default.utc_to_local(id).date();
    let mut following: Option<(Seconds, &Node)> = None;
    for node in object.overrides() {
        let Some(property) = node.first("RECURRENCE-ID") else { continue };
        let Some(moment) = Moment::parse(&property.value, property.param("TZID")) else { continue };
        let Some(at) = zone::resolve(&moment, object, default) else { continue };
        if at == id || (moment.is_date() && moment.naive().date() == day) {
            return Some(node);
        }
        let future = property.param("RANGE").is_some_and(|range| range.eq_ignore_ascii_case("THISANDFUTURE"));
        if future && at < id && following.is_none_or(|(before, _)| before < at) {
            following = Some((at, node));
        }
    }
    following.map(|(_, node)| node).or_else(|| object.shown())
}

fn write(object: &CalendarObject, node: &Node, occurrence: &Occurrence, default: &Zone, out: &mut Vec<u8>) -> Result<()> {
    let octets = object.octets();
    out.extend_from_slice(line("BEGIN", &[], &node.name)?.as_bytes());
    let whole_days = node.first("DTSTART").or_else(|| node.first("DUE")).is_some_and(is_date);
    if let Some(id) = occurrence.recurrence_id {
        write_time("RECURRENCE-ID", id, whole_days.then_some(default), out)?;
    }
    for property in &node.properties {
        match property.name.as_str() {
            name if OF_THE_SERIES.contains(&name) => {}
            "DTSTART" => write_time("DTSTART", occurrence.range.start, is_date(property).then_some(default), out)?,
            "DTEND" | "DUE" => write_time(&property.name, occurrence.range.end, is_date(property).then_some(default), out)?,
            _ => copy(octets, property, out),
        }
    }
    for child in &node.children {
        out.extend_from_slice(octets.get(child.span.clone()).unwrap_or_default());
    }
    out.extend_from_slice(line("END", &[], &node.name)?.as_bytes());
    Ok(())
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
}

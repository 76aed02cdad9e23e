//! A whole calendar as one VCALENDAR: its objects one after another, each time zone once.
//!
//! Not for: which objects, and who may see them (`app::feed`), what zones are called in one file (`zones`).
//! RFC 5545 §3.4, RFC 7986 §5 (NAME, REFRESH-INTERVAL, COLOR is left to clients).

mod zones;

use chrono::{DateTime, Utc};

use self::zones::Zones;
use crate::error::Result;
use crate::ical::freebusy::{Busy, BusyKind, PRODID};
use crate::ical::object::{CalendarObject, escape_text, line};
use crate::ical::time::{TimeRange, format_utc};

/// How often programs should look again.
const REFRESH: &str = "PT15M";

/// A calendar that is being written.
#[derive(Debug, Default)]
pub struct Published {
    zones: Zones,
}

impl Published {
    /// The beginning, with the calendar's name for people.
    pub fn head(name: &str) -> Result<String> {
        let name = escape_text(name);
        let mut out = String::new();
        for (property, params, value) in [
            ("BEGIN", &[][..], "VCALENDAR"),
            ("VERSION", &[], "2.0"),
            ("PRODID", &[], PRODID),
            ("NAME", &[], name.as_str()),
            ("X-WR-CALNAME", &[], name.as_str()),
            ("REFRESH-INTERVAL", &[("VALUE", "DURATION")], REFRESH),
            ("X-PUBLISHED-TTL", &[], REFRESH),
        ] {
            out.push_str(&line(property, params, value)?);
        }
        Ok(out)
    }

    /// Adds an object's components, and before them the zones that were not written yet.
    pub fn add(&mut self, object: &CalendarObject, out: &mut Vec<u8>) {
        let renamed = self.zones.add(object, out);
        for node in object.components() {
            zones::push_component(object.octets(), node, &renamed, out);
        }
    }

    /// The end.
    pub fn end() -> Result<String> {
        line("END", &[], "VCALENDAR")
    }
}

/// Busy time as events that say nothing but that it is taken: for programs that show calendars and know no VFREEBUSY.
/// `taken` is what they are called.
pub fn busy_events(name: &str, taken: &str, periods: &[Busy], now: DateTime<Utc>) -> Result<String> {
    let mut out = Published::head(name)?;
    let stamp = format_utc(now);
    for period in periods {
        let (start, end) = (format_utc(period.range.start_utc()), format_utc(period.range.end_utc()));
        let status = if period.kind == BusyKind::Tentative { "TENTATIVE" } else { "CONFIRMED" };
        for (property, value) in [
            ("BEGIN", "VEVENT"),
            ("UID", &format!("busy-{start}-{end}")),
            ("DTSTAMP", &stamp),
            ("DTSTART", &start),
            ("DTEND", &end),
            ("SUMMARY", &escape_text(taken)),
            ("STATUS", status),
            ("TRANSP", "OPAQUE"),
            ("END", "VEVENT"),
        ] {
            out.push_str(&line(property, &[], value)?);
        }
    }
    out.push_str(&Published::end()?);
    Ok(out)
}

/// A VFREEBUSY for everybody who has its address (RFC 5545 §3.6.4, RFC 5546 §3.3.1). `periods` as [`super::freebusy::busy`] gives them.
pub fn published_freebusy(organizer: &str, range: TimeRange, periods: &[Busy], now: DateTime<Utc>) -> Result<String> {
    let (start, end) = (format_utc(range.start_utc()), format_utc(range.end_utc()));
    let mut out = String::new();
    for (property, value) in [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", PRODID),
        ("METHOD", "PUBLISH"),
        ("BEGIN", "VFREEBUSY"),
        ("UID", &format!("freebusy-{start}-{organizer}")),
        ("ORGANIZER", &format!("mailto:{organizer}")),
        ("DTSTAMP", &format_utc(now)),
        ("DTSTART", &start),
        ("DTEND", &end),
    ] {
        out.push_str(&line(property, &[], value)?);
    }
    super::freebusy::put_periods(range, periods, &mut out);
    for name in ["VFREEBUSY", "VCALENDAR"] {
        out.push_str(&line("END", &[], name)?);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: &str = "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n";

    fn event(uid: &str) -> CalendarObject {
        let inner = format!(
            "{ZONE}BEGIN:VEVENT\nUID:{uid}\nDTSTART;TZID=Europe/Berlin:20260326T100000\nSUMMARY:Lang und\n  gefaltet\nEND:VEVENT\n"
        );
        let text = format!("BEGIN:VCALENDAR\nVERSION:2.0\n{inner}END:VCALENDAR\n").replace('\n', "\r\n");
        CalendarObject::parse(text.into()).unwrap()
    }

    #[test]
    fn objects_become_one_calendar_with_each_zone_once() {
        let mut out = Published::head("Kabine 1, hinten").unwrap().into_bytes();
        let mut published = Published::default();
        for uid in ["a", "b"] {
            published.add(&event(uid), &mut out);
        }
        let bare: Vec<u8> = event("c").octets().iter().copied().filter(|octet| *octet != b'\r').collect();
        published.add(&CalendarObject::parse(bare.into()).unwrap(), &mut out);
        out.extend_from_slice(Published::end().unwrap().as_bytes());
        let text = String::from_utf8(out).unwrap();
        assert_eq!((text.matches("BEGIN:VTIMEZONE").count(), text.matches("BEGIN:VEVENT").count()), (1, 3));
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
        assert!(text.contains("\r\nNAME:Kabine 1\\, hinten\r\n") && text.find("VTIMEZONE") < text.find("VEVENT"), "{text}");
        assert_eq!(crate::ical::object::split(text.into()).unwrap().len(), 3);
    }

    #[test]
    fn busy_time_is_told_without_anything_else() {
        let range = TimeRange { start: 1_774_515_600, end: 1_774_519_200 };
        let periods = [Busy { range, kind: BusyKind::Tentative }];
        let text = busy_events("Kabine", "Belegt", &periods, range.start_utc()).unwrap();
        let read = CalendarObject::parse(text.into()).unwrap();
        let event = read.master().unwrap();
        assert_eq!((event.text("SUMMARY").as_deref(), event.text("STATUS").as_deref()), (Some("Belegt"), Some("TENTATIVE")));
        assert!(read.check().is_ok());
        let text = published_freebusy("kabine-1@termine.example", range, &periods, range.start_utc()).unwrap();
        assert!(text.contains("\r\nFREEBUSY;FBTYPE=BUSY-TENTATIVE:20260326T090000Z/20260326T100000Z\r\n"), "{text}");
    }
}

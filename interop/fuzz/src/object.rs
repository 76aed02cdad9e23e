//! Any octets as an object: read, checked, expanded, edited, read again. RFC 5545, RFC 4791 §4.1, §7.10, §9.9; RFC 7953, RFC 7265.

use bytes::Bytes;
use openslot::ical::availability::Availability;
use openslot::ical::expanded::expanded;
use openslot::ical::freebusy::{Busy, busy, vfreebusy};
use openslot::ical::jcal::jcal;
use openslot::ical::object::{CalendarObject, Editor, Node, split as import};
use openslot::ical::recurrence::{Occurrence, Series, occurrences};
use openslot::ical::time::TimeRange;
use openslot::ical::zone::Zone;
use openslot::index::{Facts, Indexed};

use super::budget::{Work, hold};

/// Weeks that series begin in, run through, and hardly reach: 1997, 2026, 9000.
const WEEKS: [TimeRange; 3] = [
    TimeRange { start: 873_200_000, end: 873_804_800 },
    TimeRange { start: 1_774_000_000, end: 1_774_604_800 },
    TimeRange { start: 221_845_392_000, end: 221_845_996_800 },
];

/// One input.
pub fn try_it(data: &[u8]) {
    let Some(object) = hold(Work::Reading, data.len(), || read(data)) else { return };
    hold(Work::Answering, data.len(), || ask(&object));
}

/// What is read keeps its octets; what may be kept can be edited.
fn read(data: &[u8]) -> Option<CalendarObject> {
    let octets = Bytes::copy_from_slice(data);
    let imported = import(octets.clone());
    for part in imported.iter().flatten() {
        assert!(part.uid().is_some_and(|uid| !uid.is_empty()), "an imported object has its UID");
    }
    let object = CalendarObject::parse(octets).ok()?;
    assert_eq!(&object.octets()[..], data, "octets are kept");
    assert_eq!(jcal(&object).as_array().map(Vec::len), Some(3), "a component is a name, properties, components");
    if object.check().is_ok() {
        edit(&object);
    }
    Some(object)
}

fn ask(object: &CalendarObject) {
    let berlin = Zone::named("Europe/Berlin").expect("IANA has it");
    if object.check().is_ok() {
        let span = Series::read(object, &berlin).expect("what is kept can be read").span();
        assert!(span.is_none_or(|span| span.start <= span.end), "a span ends after it starts");
        assert_eq!(Facts::of(object, &berlin).expect("what is kept has its facts").span, span);
        Indexed::of(object, WEEKS[1], &berlin).expect("what is kept can be indexed");
    }
    let mut availability = Availability::default();
    let available = availability.add(object, &berlin).is_ok();
    for week in WEEKS {
        split(object, week, &berlin);
        let _ = expanded(object, week, &berlin);
        if let (true, Ok(periods)) = (available, availability.busy(week)) {
            lies_in(&periods, week);
        }
    }
}

/// A range in two halves has the same occurrences as the whole.
fn split(object: &CalendarObject, range: TimeRange, zone: &Zone) {
    let middle = range.start + 3 * 86_400 + 4_321;
    let Ok(whole) = occurrences(object, range, zone) else { return };
    assert!(whole.iter().all(|one| one.meets(range) && one.range.start <= one.range.end));
    assert!(whole.is_sorted_by_key(|one| one.range.start));
    let periods = busy(whole.iter().copied(), range);
    lies_in(&periods, range);
    let text = Bytes::from(vfreebusy(range, &periods, range.start_utc()));
    CalendarObject::parse_written(text).expect("what we write can be read").check().expect("and kept");
    let half = |start, end| occurrences(object, TimeRange { start, end }, zone);
    let (Ok(mut parts), Ok(second)) = (half(range.start, middle), half(middle, range.end)) else { return };
    parts.extend(second);
    let key = |one: &Occurrence| (one.range, one.recurrence_id);
    let (mut whole, mut parts): (Vec<_>, Vec<_>) = (whole.iter().map(key).collect(), parts.iter().map(key).collect());
    for rows in [&mut whole, &mut parts] {
        rows.sort_unstable();
        rows.dedup();
    }
    assert_eq!(whole, parts, "a range split in two");
}

/// Busy periods are sorted, disjoint and inside their range.
fn lies_in(periods: &[Busy], range: TimeRange) {
    assert!(periods.iter().all(|one| range.start <= one.range.start && one.range.start < one.range.end && one.range.end <= range.end));
    assert!(periods.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start));
}

/// A line of ours changes that line alone.
fn edit(object: &CalendarObject) {
    let Some(node) = object.shown() else { return };
    let mut editor = Editor::new(object);
    editor.set_text(node, "X-FUZZ", "Grüße; von, hier\n").expect("TEXT can be written");
    let again = CalendarObject::parse_written(editor.finish()).expect("what we write can be read");
    let edited = again.shown().expect("it is still there");
    assert_eq!(edited.text("X-FUZZ").as_deref(), Some("Grüße; von, hier\n"));
    assert_eq!(others(node), others(edited));
}

/// The properties that were not ours to touch.
pub fn others(node: &Node) -> Vec<(&str, &str)> {
    node.properties.iter().filter(|p| p.name != "X-FUZZ").map(|p| (p.name.as_str(), p.value.as_str())).collect()
}

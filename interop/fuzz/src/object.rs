//! Any octets as an object: read, checked, expanded, edited, read again. RFC 5545, RFC 4791 §4.1, §9.9.
#![no_main]

#[path = "budget.rs"]
mod budget;

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use openslot::ical::expanded::expanded;
use openslot::ical::object::{CalendarObject, Editor, Node};
use openslot::ical::recurrence::{Occurrence, Series, occurrences};
use openslot::ical::time::TimeRange;
use openslot::ical::zone::Zone;

/// Weeks that series begin in, run through, and hardly reach: 1997, 2026, 9000.
const WEEKS: [TimeRange; 3] = [
    TimeRange { start: 873_200_000, end: 873_804_800 },
    TimeRange { start: 1_774_000_000, end: 1_774_604_800 },
    TimeRange { start: 221_845_392_000, end: 221_845_996_800 },
];

fuzz_target!(|data: &[u8]| budget::hold(data.len(), || try_object(data)));

fn try_object(data: &[u8]) {
    let Ok(object) = CalendarObject::parse(Bytes::copy_from_slice(data)) else { return };
    assert_eq!(&object.octets()[..], data, "octets are kept");
    let berlin = Zone::named("Europe/Berlin").expect("IANA has it");
    let kept = object.check().is_ok();
    for week in WEEKS {
        split(&object, week, &berlin);
        let _ = expanded(&object, week, &berlin);
    }
    if kept {
        let span = Series::read(&object, &berlin).expect("what is kept can be read").span();
        assert!(span.is_none_or(|span| span.start <= span.end), "a span ends after it starts");
        edit(&object);
    }
}

/// A range in two halves has the same occurrences as the whole.
fn split(object: &CalendarObject, range: TimeRange, zone: &Zone) {
    let middle = range.start + 3 * 86_400 + 4_321;
    let Ok(whole) = occurrences(object, range, zone) else { return };
    assert!(whole.iter().all(|one| one.meets(range) && one.range.start <= one.range.end));
    assert!(whole.is_sorted_by_key(|one| one.range.start));
    let half = |start, end| occurrences(object, TimeRange { start, end }, zone);
    let (Ok(mut parts), Ok(second)) = (half(range.start, middle), half(middle, range.end)) else { return };
    parts.extend(second.into_iter().filter(|one| !parts.contains(one)).collect::<Vec<_>>());
    let key = |one: &Occurrence| (one.range, one.recurrence_id);
    let (mut whole, mut parts): (Vec<_>, Vec<_>) = (whole.iter().map(key).collect(), parts.iter().map(key).collect());
    for rows in [&mut whole, &mut parts] {
        rows.sort_unstable();
        rows.dedup();
    }
    assert_eq!(whole, parts, "a range split in two");
}

/// A line of ours changes that line alone.
fn edit(object: &CalendarObject) {
    let Some(node) = object.shown() else { return };
    let mut editor = Editor::new(object);
    editor.set_text(node, "X-FUZZ", "Grüße; von, hier\n").expect("TEXT can be written");
    let again = CalendarObject::parse(editor.finish()).expect("what we write can be read");
    let edited = again.shown().expect("it is still there");
    assert_eq!(edited.text("X-FUZZ").as_deref(), Some("Grüße; von, hier\n"));
    let others = |node: &Node| -> Vec<(String, String)> {
        node.properties.iter().filter(|p| p.name != "X-FUZZ").map(|p| (p.name.clone(), p.value.clone())).collect()
    };
    assert_eq!(others(node), others(edited));
}

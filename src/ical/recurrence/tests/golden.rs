//! fixtures/occurrences: an object, and the starts that another program (python-dateutil) finds in it.

use std::path::Path;

use super::*;

#[test]
fn every_fixture_has_the_occurrences_beside_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/occurrences");
    let mut seen = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|e| e != "ics") {
            continue;
        }
        seen += 1;
        let object = CalendarObject::parse(std::fs::read(&path).unwrap().into()).unwrap();
        object.check().unwrap();
        let expected = std::fs::read_to_string(path.with_extension("txt")).unwrap();
        let (range, expected) = expected.split_once('\n').unwrap();
        let mut words = range.split(' ').skip(1);
        let mut instant = || crate::ical::time::Moment::parse(words.next().unwrap(), None).unwrap().naive().and_utc().timestamp();
        let range = TimeRange { start: instant(), end: instant() };
        let expected: Vec<Seconds> = expected.lines().map(|l| chrono::DateTime::parse_from_rfc3339(l).unwrap().timestamp()).collect();
        let found: Vec<Seconds> = occurrences(&object, range, &berlin()).unwrap().iter().map(|o| o.range.start).collect();
        assert_eq!(found, expected, "{}", path.display());
        let span = Series::read(&object, &berlin()).unwrap().span().unwrap();
        assert!(span.end >= expected.last().unwrap() + 600, "{}", path.display());
    }
    assert!(seen >= 48);
}

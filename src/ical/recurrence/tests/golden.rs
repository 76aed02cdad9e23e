//! fixtures/occurrences: an object, and beside it what happens in a range, as other programs find it too, or with the RFC's words for it.
//!
//! Beside `NAME.ics` stands `NAME.txt`: lines `# why`, a line `range START END`, then a line `START[/END][ of RECURRENCE-ID]` for each
//! occurrence. `interop/oracle` wants a pair `oracle-WAY` for each way in which another program is known to say something else.

use std::path::Path;

use super::*;

/// An occurrence as a fixture tells it: where no end or recurrence-id is written, any is meant.
struct Told {
    start: Seconds,
    end: Option<Seconds>,
    recurrence_id: Option<Seconds>,
}

impl Told {
    fn read(line: &str) -> Told {
        let at = |text: &str| chrono::DateTime::parse_from_rfc3339(text).unwrap_or_else(|why| panic!("{line}: {why}")).timestamp();
        let (time, id) = line.split_once(" of ").map_or((line, None), |(time, id)| (time, Some(at(id))));
        let (start, end) = time.split_once('/').map_or((time, None), |(start, end)| (start, Some(at(end))));
        Told { start: at(start), end, recurrence_id: id }
    }

    fn is(&self, found: &Occurrence) -> bool {
        found.range.start == self.start
            && self.end.is_none_or(|end| found.range.end == end)
            && (self.recurrence_id.is_none() || found.recurrence_id == self.recurrence_id)
    }
}

fn read(text: &str) -> (TimeRange, Vec<Told>) {
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let mut words = lines.next().unwrap().split(' ').skip(1);
    let mut instant = || crate::ical::time::Moment::parse(words.next().unwrap(), None).unwrap().naive().and_utc().timestamp();
    (TimeRange { start: instant(), end: instant() }, lines.map(Told::read).collect())
}

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
        let (range, expected) = read(&std::fs::read_to_string(path.with_extension("txt")).unwrap());
        let found = occurrences(&object, range, &berlin()).unwrap();
        let same = found.len() == expected.len() && found.iter().zip(&expected).all(|(found, told)| told.is(found));
        let shown = |at| chrono::DateTime::from_timestamp(at, 0).unwrap().to_rfc3339();
        let ours: Vec<_> =
            found.iter().map(|o| format!("{}/{} of {:?}", shown(o.range.start), shown(o.range.end), o.recurrence_id.map(shown))).collect();
        assert!(same, "{}: {ours:#?}", path.display());
        let span = Series::read(&object, &berlin()).unwrap().span().unwrap();
        assert!(found.iter().all(|o| span.start <= o.range.start && o.range.end <= span.end), "{}", path.display());
    }
    assert!(seen >= 80);
}

//! Busy time of a week and of eight, from an index and from all objects. RFC 4791 §7.10.

use bytes::Bytes;
use openslot::collection::Name;
use openslot::ical::freebusy::{Busy, busy};
use openslot::ical::object::CalendarObject;
use openslot::ical::recurrence::{Occurrence, occurrences};
use openslot::ical::time::TimeRange;
use openslot::ical::zone::Zone;
use openslot::index::{Index, Indexed};

use crate::contest::{Answer, Contender, Rounds, contest, print};

const DAY: i64 = 86_400;

fn answer(periods: &[Busy]) -> Answer {
    let mut answer = Answer::default();
    periods.iter().for_each(|period| answer += Answer { count: 1, sum: period.range.start + period.range.end });
    answer
}

fn from_index(index: &Index, range: TimeRange) -> Answer {
    let times = index.times(range);
    assert!(times.expand.is_empty(), "the index holds all of these weeks");
    answer(&busy(times.occurrences, range))
}

fn from_objects(objects: &[Bytes], range: TimeRange, zone: &Zone) -> Answer {
    let each = |octets: &Bytes| -> Vec<Occurrence> {
        let object = CalendarObject::parse(octets.clone()).expect("it is an object");
        occurrences(&object, range, zone).expect("few enough")
    };
    answer(&busy(objects.iter().flat_map(each), range))
}

pub fn index(objects: &[Bytes], horizon: TimeRange, zone: &Zone) -> Index {
    let mut index = Index::new(horizon);
    for (number, octets) in objects.iter().enumerate() {
        let object = CalendarObject::parse(octets.clone()).expect("it is an object");
        let indexed = Indexed::of(&object, horizon, zone).expect("it can be indexed");
        index.put(Name::new(&format!("bench-{number:06}.ics")).expect("a name"), indexed);
    }
    index
}

/// `objects` are laid out such that the weeks around `monday` hold the same events however many there are. The first contender is the
/// index of the smallest size, so each ratio says how much longer more events take.
pub fn run(objects: &[Bytes], monday: i64, rounds: Rounds) {
    let zone = Zone::named("Europe/Berlin").expect("IANA's");
    let horizon = TimeRange { start: monday - 366 * DAY, end: monday + 2 * 366 * DAY };
    let sizes = [("1,000 events", 1_000), ("10,000 events", 10_000), ("100,000 events", 100_000)];
    let indexes: Vec<(&str, Index)> = sizes.iter().map(|(name, size)| (*name, index(&objects[..*size], horizon, &zone))).collect();
    for weeks in [1, 8] {
        let range = TimeRange { start: monday + 7 * DAY, end: monday + (7 + 7 * weeks) * DAY };
        let contender = |(name, index): &'_ (&'static str, Index)| {
            let (name, index) = (*name, index.clone());
            Contender::new(name, move || from_index(&index, range))
        };
        let row = contest("busy", &indexes.iter().map(contender).collect::<Vec<_>>(), rounds);
        print(&format!("busy of {weeks} week(s) from an index of 1,000"), &row, 1.0, "/s");
        let largest = &indexes[indexes.len() - 1].1;
        let both =
            [Contender::new("index", || from_index(largest, range)), Contender::new("all objects", || from_objects(objects, range, &zone))];
        let few = Rounds { count: rounds.count.min(3), ..rounds };
        let row = contest("busy", &both, few);
        print(&format!("busy of {weeks} week(s) from an index of 100,000"), &row, 1.0, "/s");
    }
}

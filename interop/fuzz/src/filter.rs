//! The XML of a calendar-query and, from BEGIN:VCALENDAR on, an object: the filter is read and tried on it, and the data that it asks for
//! is cut out. RFC 4791 §7.8, §9.6, §9.7.

use bytes::Bytes;
use openslot::dav::query::{CalendarData, Query};
use openslot::dav::xml::{self, Namespace};
use openslot::ical::filter::{CompFilter, CompTest, Filter, matches};
use openslot::ical::object::CalendarObject;
use openslot::ical::zone::Zone;

use super::budget::{Work, hold};

const BEGIN: &[u8] = b"BEGIN:VCALENDAR";

/// What was read.
struct Question {
    query: Query,
    data: Option<CalendarData>,
    object: CalendarObject,
    zone: Zone,
}

/// One input.
pub fn try_it(data: &[u8]) {
    let Some(question) = hold(Work::Reading, data.len(), || read(data)) else { return };
    hold(Work::Answering, data.len(), || ask(&question));
}

fn read(data: &[u8]) -> Option<Question> {
    let at = data.windows(BEGIN.len()).position(|octets| octets == BEGIN).unwrap_or(data.len());
    let (body, object) = data.split_at(at);
    let root = xml::read(body).ok()?;
    let query = Query::read(&root).ok()?;
    let prop = root.child(Namespace::Dav, "prop").and_then(|prop| prop.child(Namespace::CalDav, "calendar-data"));
    let data = prop.and_then(|prop| CalendarData::read(prop).ok());
    let object = CalendarObject::parse(Bytes::copy_from_slice(object)).ok()?;
    let zone = query.zone.clone().or_else(|| Zone::named("Europe/Berlin"))?;
    Some(Question { query, data, object, zone })
}

fn ask(Question { query, data, object, zone }: &Question) {
    if let Some(Ok(part)) = data.as_ref().map(|data| data.render(object.octets(), zone)) {
        // Without its VCALENDAR, or with names alone, it is no object any more, but never a broken one.
        assert!(part.is_empty() || CalendarObject::parse_written(part).is_ok(), "a part can be read");
    }
    let found = matches(&query.filter, object, zone);
    let Some(_) = query.filter.only_component() else { return };
    // Nothing more is asked than that it is there, and its absence is the opposite.
    let CompTest::Defined(calendar) = &query.filter.0.test else { return };
    let absent = |comp: &CompFilter| CompFilter { name: comp.name.clone(), test: CompTest::NotDefined };
    let mut opposite = calendar.clone();
    opposite.comps = calendar.comps.iter().map(absent).collect();
    let opposite = Filter(CompFilter { name: query.filter.0.name.clone(), test: CompTest::Defined(opposite) });
    assert_ne!(found, matches(&opposite, object, zone), "is-not-defined is the opposite");
}

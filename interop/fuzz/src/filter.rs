//! The XML of a calendar-query and, from BEGIN:VCALENDAR on, an object: the filter is read and tried on it. RFC 4791 §7.8, §9.7.
#![no_main]

#[path = "budget.rs"]
mod budget;

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use openslot::dav::query::Query;
use openslot::dav::xml;
use openslot::ical::filter::{CompFilter, CompTest, Filter, matches};
use openslot::ical::object::CalendarObject;
use openslot::ical::zone::Zone;

const BEGIN: &[u8] = b"BEGIN:VCALENDAR";

fuzz_target!(|data: &[u8]| budget::hold(data.len(), || try_filter(data)));

fn try_filter(data: &[u8]) {
    let at = data.windows(BEGIN.len()).position(|octets| octets == BEGIN).unwrap_or(data.len());
    let (body, object) = data.split_at(at);
    let Ok(query) = xml::read(body).and_then(|root| Query::read(&root)) else { return };
    let Ok(object) = CalendarObject::parse(Bytes::copy_from_slice(object)) else { return };
    let berlin = Zone::named("Europe/Berlin").expect("IANA has it");
    let zone = query.zone.clone().unwrap_or(berlin);
    let found = matches(&query.filter, &object, &zone);
    assert_eq!(found, matches(&query.filter, &object, &zone), "a filter says the same twice");
    if query.filter.only_component().is_some() {
        // Nothing more is asked than that it is there, and its absence is the opposite.
        let CompTest::Defined(calendar) = &query.filter.0.test else { return };
        let absent = |comp: &CompFilter| CompFilter { name: comp.name.clone(), test: CompTest::NotDefined };
        let mut opposite = calendar.clone();
        opposite.comps = calendar.comps.iter().map(absent).collect();
        let opposite = Filter(CompFilter { name: query.filter.0.name.clone(), test: CompTest::Defined(opposite) });
        assert_ne!(found, matches(&opposite, &object, &zone), "is-not-defined is the opposite");
    }
}

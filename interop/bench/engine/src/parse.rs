//! Octets → a tree of components and properties, by three parsers. RFC 5545 §3.1.

use std::ffi::CString;

use bytes::Bytes;
use openslot::ical::object::{CalendarObject, Node};

use crate::contest::{Answer, Contender, Rounds, contest, print};
use crate::libical;

fn ours(node: &Node) -> Answer {
    let mut parts = Answer { count: 1, sum: i64::try_from(node.properties.len()).unwrap_or(i64::MAX) };
    node.children.iter().for_each(|child| parts += ours(child));
    parts
}

fn theirs(component: &icalendar::parser::Component<'_>) -> Answer {
    let mut parts = Answer { count: 1, sum: i64::try_from(component.properties.len()).unwrap_or(i64::MAX) };
    component.components.iter().for_each(|child| parts += theirs(child));
    parts
}

/// Objects as they come over the wire, read one by one; the answers are their components and properties.
pub fn run(objects: &[Bytes], rounds: Rounds) {
    let texts: Vec<&str> = objects.iter().map(|octets| std::str::from_utf8(octets).expect("events.py writes UTF-8")).collect();
    let strings: Vec<CString> = texts.iter().map(|text| CString::new(*text).expect("no zero in it")).collect();
    let total = |parts: &dyn Fn(usize) -> Answer| {
        let mut total = Answer::default();
        (0..objects.len()).for_each(|at| total += parts(at));
        total
    };
    let contenders = [
        Contender::new("openslot", || total(&|at| ours(CalendarObject::parse(objects[at].clone()).expect("it is an object").root()))),
        Contender::new("icalendar", || {
            total(&|at| {
                let unfolded = icalendar::parser::unfold(texts[at]);
                let calendar = icalendar::parser::read_calendar(&unfolded).expect("it is an object");
                // Its root keeps the calendar's own properties like any component.
                let mut parts = Answer { count: 1, sum: i64::try_from(calendar.properties.len()).unwrap_or(i64::MAX) };
                calendar.components.iter().for_each(|child| parts += theirs(child));
                parts
            })
        }),
        Contender::new("libical", || total(&|at| libical::Calendar::read(&strings[at]).parts())),
    ];
    let row = contest("parse", &contenders, rounds);
    let octets: usize = objects.iter().map(Bytes::len).sum();
    print(&format!("parse {} objects", objects.len()), &row, octets as f64 / 1e6, "MB/s");
}

//! fixtures/kept: whatever a valid object holds, its octets come back as they were sent, and what a report tells of it is the same text.
//! RFC 4791 §4.1, §5.3.2, §7.9.

use std::collections::BTreeSet;
use std::fs;

use bytes::Bytes;
use openslot::ical::component::Component;
use openslot::ical::object::CalendarObject;

use crate::harness::Server;
use crate::talk::{Client, NS};

/// Makes a calendar for a type of component.
async fn calendar(anna: &Client, component: Component) {
    let name = component.as_str();
    let body = format!(
        "<C:mkcalendar {NS}><D:set><D:prop><C:supported-calendar-component-set><C:comp name=\"{name}\"/></C:supported-calendar-component-set>\
         </D:prop></D:set></C:mkcalendar>"
    );
    anna.xml("MKCALENDAR", &format!("{name}/"), &body).await.created();
}

/// Octets with other ends of lines.
fn ended(octets: &[u8], end: &[u8]) -> Vec<u8> {
    let lines: Vec<&[u8]> = octets.split(|b| *b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)).collect();
    lines.join(end)
}

/// Octets without folds.
fn unfolded(octets: &[u8]) -> String {
    let mut text = Vec::new();
    for line in ended(octets, b"\n").split(|b| *b == b'\n') {
        match line {
            [b' ' | b'\t', rest @ ..] => text.extend_from_slice(rest),
            line => text.extend([b"\n", line].concat()),
        }
    }
    String::from_utf8(text).unwrap()
}

#[tokio::test]
async fn octets_come_back_as_they_were_sent() {
    let server = Server::start().await;
    let anna = server.anna();
    for component in Component::ICALENDAR {
        calendar(&anna, component).await;
    }
    let mut seen = BTreeSet::new();
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/kept")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "ics") {
            continue;
        }
        let sent = fs::read(&path).unwrap();
        let component = CalendarObject::parse(Bytes::from(sent.clone())).unwrap().check().unwrap().component;
        seen.insert(component);
        for octets in [sent.clone(), ended(&sent, b"\n"), ended(&sent, b"\r\n")] {
            let address = format!("{}/kept.ics", component.as_str());
            anna.put(&address, octets.clone()).await.created();
            let got = anna.get(&address).await.ok();
            assert_eq!(got.body, Bytes::from(octets.clone()), "{}", path.display());
            let body = format!(
                "<C:calendar-multiget {NS}><D:prop><C:calendar-data/></D:prop><D:href>{}</D:href></C:calendar-multiget>",
                anna.path(&address)
            );
            let told = anna.report(&format!("{}/", component.as_str()), &body).await.multistatus().only().value("calendar-data");
            assert_eq!(unfolded(told.as_bytes()), unfolded(&octets), "{}", path.display());
            anna.delete(&address).await.no_content();
        }
    }
    assert_eq!(seen.len(), Component::ICALENDAR.len(), "there is a fixture for each component");
}

//! A practice and its bookings for the tests of this room.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};

use super::wall::instant_of;
use crate::app::manage::CustomerView;
use crate::app::staff::{Concerns, HistoryLine, Listed, Opened, Overlap, Waiting};
use crate::appointment::booking::{Booking, Customer, State};
use crate::appointment::notice::{Delivery, Notice, NoticeKind, Outcome, Recipient};
use crate::appointment::practice::*;
use crate::appointment::service::Service;
use crate::appointment::slot::{Cell, Closed, Day, Grid, Slot};
use crate::collection::{CollectionId, Version};
use crate::ical::time::{Seconds, TimeRange, instant};

/// The present of all samples: 2026-11-25, 11:00 in Stuttgart.
pub fn now() -> Seconds {
    instant_of("2026-11-25T11:00:00+01:00").unwrap()
}

pub fn text(de: &str, en: &str) -> Text {
    Text(BTreeMap::from([(Language::De, de.to_owned()), (Language::En, en.to_owned())]))
}

fn location(id: &str, name: &str, street: &str, postcode: &str, city: &str) -> Location {
    Location {
        id: Id(id.into()),
        name: name.into(),
        street: street.into(),
        postcode: postcode.into(),
        city: city.into(),
        telephone: "0711/46909151".into(),
        email: "info@mustermann.example".into(),
        zone: "Europe/Berlin".into(),
        region: Some("DE-BW".into()),
        holidays: Default::default(),
        hours: Week::default(),
    }
}

fn resource(id: &str, name: &str, location: &str) -> Resource {
    Resource {
        id: Id(id.into()),
        name: name.into(),
        location: Id(location.into()),
        kind: ResourceKind::Room,
        hours: None,
        online: true,
        public_busy: false,
    }
}

fn service(id: &str, de: &str, en: &str, minutes: u32, about: Text) -> Service {
    Service { description: about, step_minutes: 30, ..Service::new(Id(id.into()), text(de, en), minutes) }
}

pub fn practice() -> Practice {
    let mut fields: BTreeMap<String, Presence> = Customer::FIELDS.iter().map(|name| ((*name).to_owned(), Presence::Optional)).collect();
    for name in ["given_name", "family_name", "email", "telephone"] {
        fields.insert(name.into(), Presence::Required);
    }
    Practice {
        privacy_url: Some("https://mustermann.example/datenschutz".into()),
        imprint_url: Some("https://mustermann.example/impressum".into()),
        notify_grace_seconds: 0,
        open_requests: 3,
        fields,
        texts: BTreeMap::from([(
            "intro".into(),
            text(
                "Suchen Sie sich in Ruhe eine Zeit aus. Wir bestätigen jeden Termin persönlich.",
                "Take your time to choose. We confirm every appointment in person.",
            ),
        )]),
        locations: vec![
            location("stuttgart", "Filiale Stuttgart", "Marktplatz 1", "12345", "Stuttgart"),
            location("esslingen", "Filiale Esslingen", "Ritterstraße 5", "73728", "Esslingen"),
        ],
        resources: vec![
            resource("kabine-1", "Kabine 1", "stuttgart"),
            resource("kabine-2", "Kabine 2", "stuttgart"),
            resource("kabine-3", "Kabine", "esslingen"),
        ],
        services: vec![
            service(
                "beratung",
                "Beratung",
                "Consultation",
                60,
                text("Wir hören zu, messen und erklären, was möglich ist.", "We listen, measure and explain what is possible."),
            ),
            service(
                "servicetermin",
                "Servicetermin",
                "Service appointment",
                30,
                text("Reinigung und Einstellung.", "Cleaning and tuning."),
            ),
            service("batteriewechsel", "Batteriewechsel", "Battery change", 15, Text::default()),
        ],
        ..Practice::new("Hörgeräte Mustermann".into(), Language::De)
    }
}

/// Six days from Thursday 2026-11-26 with a gap at the weekend; rows from 09:00 every half hour.
pub fn grid() -> Grid {
    let rows: Vec<NaiveTime> = (0..17).map(|n| NaiveTime::from_hms_opt(9 + n / 2, 30 * (n % 2), 0).unwrap()).collect();
    let dates = ["2026-11-26", "2026-11-27", "2026-11-30", "2026-12-01", "2026-12-02", "2026-12-03"];
    let days = dates.iter().enumerate().map(|(n, date)| day(n, date.parse().unwrap(), &rows)).collect();
    Grid {
        rows,
        days,
        previous: None,
        next: "2026-12-04".parse().ok(),
        months: ["2026-11-26", "2026-12-01", "2027-01-04"].iter().filter_map(|d| d.parse().ok()).collect(),
        first_free: Some(slot("2026-11-26T10:30:00+01:00")),
    }
}

fn day(n: usize, date: NaiveDate, rows: &[NaiveTime]) -> Day {
    let cell = |(row, time): (usize, &NaiveTime)| {
        let lead = n == 0 && row < 3;
        let busy = (row * 7 + n * 5) % 3 == 1 || n == 3;
        match (lead, busy && row != 3) {
            (true, _) => Cell::Closed(Closed::Lead),
            (_, true) => Cell::Closed(Closed::Busy),
            _ if row == 16 => Cell::Closed(Closed::Hours),
            _ => Cell::Free(slot(&format!("{date}T{time}+01:00")).range),
        }
    };
    Day { date, cells: rows.iter().enumerate().map(cell).collect() }
}

pub fn slot(start: &str) -> Slot {
    let start = instant_of(start).unwrap();
    Slot { range: TimeRange { start, end: start + 3600 }, resources: vec![Id("kabine-1".into())] }
}

pub fn customer() -> Customer {
    Customer {
        salutation: "Herr".into(),
        given_name: "Torsten".into(),
        family_name: "Tester".into(),
        email: "t.tester@example.org".into(),
        telephone: "+49 711 21475475".into(),
        postcode: "70771".into(),
        city: "Leinfelden".into(),
        comment: "Gerät pfeift links. <script>alert(1)</script>".into(),
        ..Customer::default()
    }
}

pub fn booking(state: State) -> Booking {
    Booking {
        uid: "0197f2c4-8a1e-7c55-9d0b-3b6f2f1c7a10".into(),
        revision: 1,
        state,
        range: slot("2026-11-26T10:30:00+01:00").range,
        zone: "Europe/Berlin".into(),
        service: Some(Id("beratung".into())),
        summary: "Beratung – Tester, Torsten".into(),
        place: "Kabine 1, Filiale Stuttgart, Marktplatz 1, 12345 Stuttgart".into(),
        resources: Vec::new(),
        customer: customer(),
        language: Language::De,
        repeats: false,
        day: None,
        log: Vec::new(),
        notes: "Bringt altes Gerät mit.".into(),
        created: instant(now() - 120),
    }
}

pub fn customer_view(state: State) -> CustomerView {
    CustomerView {
        booking: booking(state),
        location: Some(Id("stuttgart".into())),
        resources: vec![Id("kabine-1".into())],
        can_cancel: matches!(state, State::Requested | State::Confirmed),
        cancel_until: Some(now() + 3600),
        can_move: matches!(state, State::Requested | State::Confirmed),
        move_until: Some(now() + 3600),
        calendar: b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n".to_vec(),
    }
}

pub fn listed(state: State) -> Listed {
    Listed {
        booking: booking(state),
        resource: Id("kabine-1".into()),
        holders: vec!["Kabine 1".into()],
        location: Some(Id("stuttgart".into())),
        concerns: concerns(),
    }
}

pub fn concerns() -> Concerns {
    let overlap =
        |title: &str| Overlap { range: slot("2026-11-26T11:00:00+01:00").range, resource: "Kabine 1".into(), title: title.into() };
    Concerns {
        overlaps: vec![overlap("Teamrunde <b>"), overlap("")],
        missing: vec!["Frau Anna".into()],
        departed: vec!["Herr <i>Ben</i>".into()],
        undecided: true,
        day: "2026-11-26".parse().ok(),
        gone: true,
    }
}

pub fn opened(state: State) -> Opened {
    let line = |at, by: Option<&str>, via: &str, what: &str, state| HistoryLine {
        at,
        by: by.map(str::to_owned),
        via: via.into(),
        what: what.into(),
        detail: String::new(),
        state,
    };
    let delivery = |to, outcome, attempts| Delivery {
        notice: Notice { uid: "u".into(), collection: CollectionId(1), version: Version(2), kind: NoticeKind::Requested, to, sequence: 0 },
        at: now(),
        outcome,
        attempts,
    };
    Opened {
        listed: listed(state),
        history: vec![
            line(now() - 120, None, "", "requested", State::Requested),
            line(now() - 60, Some("anna"), "Thunderbird", "confirmed", State::Confirmed),
            line(now(), Some("ben"), "DAVx5", "something new", State::Confirmed),
        ],
        letters: vec![
            delivery(Recipient::Customer, Outcome::Sent, 1),
            delivery(Recipient::Practice, Outcome::Delayed("451 4.7.1 try again later".into()), 3),
        ],
        waiting: vec![Waiting { kind: NoticeKind::Confirmed, to: Recipient::Customer, due: Some(now()) }],
        deleted: false,
        may_write: true,
        may_restore: true,
    }
}

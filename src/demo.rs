//! The demo practice: filled into an empty store, with logins whose passwords are printed and a few appointments that are there.
//!
//! Not for: real use. Its file is `fixtures/demo/practice.toml`.

use std::path::Path;

use bytes::Bytes;
use chrono::{Datelike, Days, NaiveDate};

use crate::app::{Actor, App};
use crate::collection::{Condition, Name};
use crate::config::practice;
use crate::error::{Error, Result};
use crate::ical::object::{escape_text, line};
use crate::ical::time::{TimeRange, format_utc};
use crate::ical::zone::Zone;

/// The demo's logins and passwords.
pub const LOGINS: [(&str, &str); 3] = [("anna", "anna-demo"), ("ben", "ben-demo"), ("admin", "admin-demo")];

/// An appointment that stands there from the beginning.
struct Standing {
    calendar: &'static str,
    uid: &'static str,
    summary: &'static str,
    /// Weekdays from Monday of next week on.
    day: u64,
    from: &'static str,
    to: &'static str,
    /// Further lines: a rule, an exception.
    weekly: bool,
}

const APPOINTMENTS: [Standing; 5] = [
    Standing { calendar: "kabine-1", uid: "demo-team", summary: "Teambesprechung", day: 0, from: "090000", to: "100000", weekly: true },
    Standing {
        calendar: "kabine-1",
        uid: "demo-messung",
        summary: "Kalibrierung Messkabine",
        day: 1,
        from: "110000",
        to: "123000",
        weekly: false,
    },
    Standing {
        calendar: "kabine-2",
        uid: "demo-schulung",
        summary: "Schulung Hersteller",
        day: 2,
        from: "140000",
        to: "160000",
        weekly: false,
    },
    Standing { calendar: "kabine-2", uid: "demo-reinigung", summary: "Reinigung", day: 4, from: "163000", to: "180000", weekly: false },
    Standing {
        calendar: "kabine-esslingen",
        uid: "demo-inventur",
        summary: "Inventur",
        day: 3,
        from: "090000",
        to: "120000",
        weekly: false,
    },
];

/// Fills an empty store; one that has a practice is left as it is.
pub async fn fill(app: &App, today: NaiveDate) -> Result<()> {
    if !app.practice().locations.is_empty() {
        return Ok(());
    }
    let practice = practice::parse("practice.toml", include_str!("../fixtures/demo/practice.toml")).map_err(Error::Failed)?;
    app.apply(practice).await?;
    for (login, password) in LOGINS {
        app.set_password(login, password).await?;
    }
    let principal = app.principal_of("admin").await?;
    let by = Actor::new(principal, "setup");
    for appointment in &APPOINTMENTS {
        let calendar = app.calendar(&by.principal, &Name::new(appointment.calendar)?).await?;
        let name = Name::new(&format!("{}.ics", appointment.uid))?;
        app.put(&by, &calendar, &name, event(appointment, today)?, Condition::Absent).await?;
    }
    Ok(())
}

/// The next Monday after a day.
fn next_monday(today: NaiveDate) -> NaiveDate {
    let ahead = 7 - u64::from(today.weekday().num_days_from_monday());
    today.checked_add_days(Days::new(ahead)).unwrap_or(today)
}

fn event(appointment: &Standing, today: NaiveDate) -> Result<Bytes> {
    let monday = next_monday(today);
    let at = |days: u64, time: &str| format!("{}T{time}", monday.checked_add_days(Days::new(days)).unwrap_or(monday).format("%Y%m%d"));
    let zone = Zone::named("Europe/Berlin").unwrap_or(Zone::UTC);
    let noon = zone.local_to_utc(monday.and_hms_opt(12, 0, 0).unwrap_or_default());
    let tzid = [("TZID", "Europe/Berlin")];
    let mut text = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//openslot//openslot//EN\r\n");
    text.push_str(&zone.vtimezone("Europe/Berlin", TimeRange { start: noon, end: noon + 86_400 }));
    text.push_str("BEGIN:VEVENT\r\n");
    text.push_str(&line("UID", &[], appointment.uid)?);
    text.push_str(&line("DTSTAMP", &[], &format_utc(crate::ical::time::instant(noon)))?);
    text.push_str(&line("DTSTART", &tzid, &at(appointment.day, appointment.from))?);
    text.push_str(&line("DTEND", &tzid, &at(appointment.day, appointment.to))?);
    text.push_str(&line("SUMMARY", &[], &escape_text(appointment.summary))?);
    if appointment.weekly {
        // The second one is left out: somebody is on holiday.
        text.push_str(&line("RRULE", &[], "FREQ=WEEKLY")?);
        text.push_str(&line("EXDATE", &tzid, &at(appointment.day + 7, appointment.from))?);
    }
    text.push_str("END:VEVENT\r\nEND:VCALENDAR\r\n");
    Ok(Bytes::from(text))
}

/// Says where everything is.
pub fn announce(url: &str, data: &Path) {
    println!("openslot demo: Hörgeräte Mustermann\n");
    println!("  booking page   {url}/book/stuttgart");
    println!("  staff page     {url}/staff/");
    println!("  CalDAV         {url}/dav/      (programs that search find it from {url})");
    println!("  mails          {url}/demo/mail/   and as files in {}/mail", data.display());
    println!("\n  logins         {}", LOGINS.map(|(login, password)| format!("{login} / {password}")).join("    "));
    println!("\nCtrl-C ends it.");
}

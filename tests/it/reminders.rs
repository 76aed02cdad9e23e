//! Reminders: asked for, owed with the booking, following it, and never on the day itself.

use crate::harness::{Server, edited, press};

/// Two days ahead of the clock of every test.
const THURSDAY: &str = "2026-03-26T10:30:00+01:00";
const YES: [(&str, &str); 1] = [("reminder", "yes")];

async fn kinds(server: &Server) -> Vec<String> {
    server.kinds().await.into_iter().filter(|kind| kind.starts_with("reminder")).collect()
}

#[tokio::test]
async fn a_reminder_leaves_a_day_before_where_it_was_asked_for() {
    let server = Server::start().await;
    server.book("kabine-2", THURSDAY).await;
    let booked = server.book_with("kabine-1", THURSDAY, &YES).await;
    let object = server.anna().get(&booked.path).await.ok().text();
    assert!(crate::harness::unfold(&object).contains("\\nErinnerung: ja\\n"), "the wish stands in the event: {object}");
    let page = server.desk("anna").await.get(&format!("/staff/appointment/{}", booked.uid)).await.ok();
    page.says("Erinnerung").says("geplant").says("25.3.");
    server.set_clock("2026-03-25T09:29:59Z");
    assert!(kinds(&server).await.is_empty());
    server.later(1);
    assert_eq!(kinds(&server).await, ["reminder.customer"], "one, for the one who asked");
    let letters = server.letters().await;
    let reminder = letters.iter().find(|letter| letter.kind() == "reminder.customer").unwrap();
    assert_eq!(reminder.uid(), booked.uid);
    assert!(reminder.parts("text/calendar").is_empty() && reminder.parts("text/plain")[0].1.contains("10:30"));
    server.later(86_400);
    assert_eq!(kinds(&server).await.len(), 1);
}

#[tokio::test]
async fn a_reminder_follows_the_appointment_and_goes_with_it() {
    let server = Server::start().await;
    let anna = server.anna();
    let moved = server.book_with("kabine-1", THURSDAY, &YES).await;
    let off = server.book_with("kabine-2", THURSDAY, &YES).await;
    let unwanted = server.book_with("kabine-2", "2026-03-26T14:00:00+01:00", &YES).await;
    let object = anna.get(&moved.path).await.ok().text();
    let zoned = |name: &str, time: &str| format!("{name};TZID=Europe/Berlin:{time}");
    let object = edited(&object, "DTSTART", &zoned("DTSTART", "20260330T150000"));
    anna.put(&moved.path, edited(&object, "DTEND", &zoned("DTEND", "20260330T160000"))).await.no_content();
    server.customer().post(&format!("{}/cancel", off.page), &[]).await.is(303);
    let object = crate::harness::unfold(&anna.get(&unwanted.path).await.ok().text());
    anna.put(&unwanted.path, object.replace("\\nErinnerung: ja", "\\nErinnerung: nein")).await.no_content();
    server.set_clock("2026-03-26T09:00:00Z");
    assert!(kinds(&server).await.is_empty(), "not at the old time, not of what is off, not of what is no longer wanted");
    // The clocks have changed in between; on the wall it is the same time of day.
    server.set_clock("2026-03-29T12:59:59Z");
    assert!(kinds(&server).await.is_empty());
    server.later(1);
    let letters = server.letters().await;
    let reminders: Vec<_> = letters.iter().filter(|letter| letter.kind() == "reminder.customer").collect();
    assert_eq!(reminders.len(), 1);
    assert!(reminders[0].uid() == moved.uid && reminders[0].parts("text/plain")[0].1.contains("15:00"));
    assert!(reminders[0].parts("text/plain")[0].1.contains("noch nicht bestätigt"));
}

#[tokio::test]
async fn no_reminder_comes_on_the_day_itself() {
    let server = Server::changed("open_requests = 100000", "open_requests = 100000\nreminder_hours = 2").await;
    server.book_with("kabine-1", THURSDAY, &YES).await;
    server.set_clock("2026-03-26T08:45:00Z");
    assert!(kinds(&server).await.is_empty());

    // Booked 23 hours before: that time has passed.
    let lead = Server::changed("minutes = 60", "minutes = 60\nlead_hours = 1").await;
    lead.set_clock("2026-03-25T10:30:00Z");
    lead.book_with("kabine-1", THURSDAY, &YES).await;
    lead.set_clock("2026-03-25T23:30:00Z");
    assert!(kinds(&lead).await.is_empty());

    // Nothing could leave the day before; what is late is not sent on the day.
    let server = Server::start().await;
    let booked = server.book_with("kabine-1", THURSDAY, &YES).await;
    press(&server.desk("anna").await, &booked.uid, "confirm").await.is(303);
    server.set_clock("2026-03-26T08:00:00Z");
    assert!(kinds(&server).await.is_empty());
    server.desk("anna").await.get(&format!("/staff/appointment/{}", booked.uid)).await.ok().says("nicht mehr nötig");
}

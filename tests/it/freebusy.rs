//! Busy time of people whom customers book, asked of the outbox. RFC 6638 §5.

use crate::harness::{Choices, PRACTICE, Server, event};
use crate::talk::Client;

/// What is told about ben on the 26th of March: the answer's status, and its FREEBUSY lines.
async fn told(who: &Client, login: &str) -> (String, Vec<String>) {
    let request = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//Test//EN\r\nMETHOD:REQUEST\r\nBEGIN:VFREEBUSY\r\nUID:fb\r\nDTSTAMP:20260326T000000Z\r\n\
         DTSTART:20260326T000000Z\r\nDTEND:20260327T000000Z\r\nORGANIZER:/dav/principals/{login}/\r\nATTENDEE:mailto:ben@mustermann.example\r\n\
         END:VFREEBUSY\r\nEND:VCALENDAR\r\n"
    );
    let answer = who.with("Content-Type", "text/calendar").ask("POST", "outbox/", request).await.ok().text().replace("&#13;", "");
    let status = answer.split("<C:request-status>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    (status, answer.lines().filter(|line| line.starts_with("FREEBUSY")).map(|line| line.trim_end().to_owned()).collect())
}

#[tokio::test]
async fn who_is_booked_is_busy_by_the_calendar_of_that_name() {
    let person = "[[resource]]\nid = \"ben\"\nname = \"Ben\"\nlocation = \"stuttgart\"\nkind = \"person\"\n\n";
    let practice = PRACTICE.replacen("[[resource]]", &format!("{person}[[resource]]"), 1);
    let practice = practice.replace("calendars = { kabine-2 = \"write\" }", "calendars = { ben = \"write\", kabine-2 = \"write\" }");
    let server = Server::with(Choices { practice, ..Choices::default() }).await;
    let (anna, ben) = (server.anna(), server.ben());
    assert_eq!(told(&anna, "anna").await, ("2.0;Success".into(), Vec::new()));
    ben.put("ben/a.ics", event("a", "20260326T090000Z", "20260326T100000Z", "X-WHAT:Hörtest")).await.created();
    ben.put("calendar/b.ics", event("b", "20260326T120000Z", "20260326T130000Z", "")).await.created();
    // Another resource of which ben sees the calendar is not ben.
    ben.put("kabine-2/c.ics", event("c", "20260326T150000Z", "20260326T160000Z", "")).await.created();
    let busy = ["20260326T090000Z/20260326T100000Z", "20260326T120000Z/20260326T130000Z"];
    for (who, login) in [(&anna, "anna"), (&ben, "ben")] {
        let lines = busy.map(|period| format!("FREEBUSY;FBTYPE=BUSY:{period}")).to_vec();
        assert_eq!(told(who, login).await, ("2.0;Success".into(), lines));
    }
    // Old clients are told which calendars count.
    let set = ben.propfind("inbox/", "0", "<C:calendar-free-busy-set/>").await.multistatus();
    let counted = set.only().value("calendar-free-busy-set");
    assert!(counted.contains("/dav/calendars/ben/ben/") && !counted.contains("kabine"), "{counted}");
    ben.delete("ben/a.ics").await.no_content();
    assert_eq!(told(&anna, "anna").await.1, [format!("FREEBUSY;FBTYPE=BUSY:{}", busy[1])]);
}

//! GET, HEAD, PUT and DELETE over the wire: conditions, octets, entity tags, refusals.

use std::fs;

use bytes::Bytes;

use crate::harness::{Server, edited, event, press, value_of};
use crate::talk::{Client, NS};

/// The entity tag as each way of asking tells it.
async fn tags(anna: &Client, calendar: &str, name: &str) -> Vec<String> {
    let path = format!("{calendar}{name}");
    let href = anna.path(&path);
    let mut tags = vec![anna.get(&path).await.ok().etag(), anna.head(&path).await.ok().etag()];
    tags.push(anna.propfind(&path, "0", "<D:getetag/>").await.multistatus().only().value("getetag"));
    tags.push(anna.propfind(calendar, "1", "<D:getetag/>").await.multistatus().of(name).value("getetag"));
    tags.push(anna.sync(calendar, "").await.multistatus().of(name).value("getetag"));
    let multiget =
        format!("<C:calendar-multiget {NS}><D:prop><D:getetag/><C:calendar-data/></D:prop><D:href>{href}</D:href></C:calendar-multiget>");
    tags.push(anna.report(calendar, &multiget).await.multistatus().only().value("getetag"));
    let query = format!(
        "<C:calendar-query {NS}><D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name=\"VCALENDAR\"/></C:filter></C:calendar-query>"
    );
    tags.push(anna.report(calendar, &query).await.multistatus().of(name).value("getetag"));
    tags
}

#[tokio::test]
async fn octets_and_tags_are_the_same_everywhere() {
    let server = Server::start().await;
    let anna = server.anna();
    let plain = event("nasty", "20260326T090000Z", "20260326T100000Z", "");
    let plain = String::from_utf8(plain.to_vec()).unwrap();
    let with = |line: &str| plain.replace("SUMMARY:nasty\r\n", line);
    let folded = {
        // Folded by octets, in the middle of a character (RFC 5545 §3.1).
        let line = "SUMMARY:ääääääääääääääääääääääääääääääääääääääää".as_bytes();
        let (head, tail) = line.split_at(19);
        let mut octets = plain.split("SUMMARY:nasty\r\n").next().unwrap().as_bytes().to_vec();
        octets.extend_from_slice(head);
        octets.extend_from_slice(b"\r\n ");
        octets.extend_from_slice(tail);
        octets.extend_from_slice(b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
        octets
    };
    let cases: Vec<Vec<u8>> = vec![
        plain.clone().into_bytes(),
        plain.replace("\r\n", "\n").into_bytes(),
        format!("\u{feff}{plain}").into_bytes(),
        folded,
        with("X-FOO;X-BAR=\"a:b;c\":1\r\nX-FOO:2\r\nSUMMARY;LANGUAGE=de:x\\, y\\; z\\n\r\n").into_bytes(),
        with("SUMMARY:a\r\n\tb\r\n  c\r\nCOMMENT:1\r\nCOMMENT:2\r\n").into_bytes(),
        with("ATTENDEE;CN=\"x, y\";X-Z=1:MAILTO:a@example.org\r\nORGANIZER:mailto:b@example.org\r\n").into_bytes(),
        with("begin:valarm\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT5M\r\nend:valarm\r\n").into_bytes(),
        with("DESCRIPTION:<b>&amp; ]]></b> \u{2028}👩‍👩‍👧\r\n").into_bytes(),
        format!("{plain}\r\n\r\n").into_bytes(),
        plain.trim_end().to_owned().into_bytes(),
        with(&format!("DESCRIPTION:{}\r\n", "x".repeat(60_000))).into_bytes(),
    ];
    for (number, octets) in cases.into_iter().enumerate() {
        let name = format!("n {number}@ä.ics");
        let path = format!("kabine-1/n%20{number}%40%C3%A4.ics");
        let object = String::from_utf8_lossy(&octets).replace("UID:nasty", &format!("UID:nasty-{number}"));
        let octets = if number == 3 { octets } else { object.into_bytes() };
        let put = anna.put(&path, octets.clone()).await.created();
        let got = anna.get(&path).await.ok();
        assert_eq!(got.body, Bytes::from(octets.clone()), "{name}");
        assert!(got.header("content-type").starts_with("text/calendar"));
        assert_eq!(anna.head(&path).await.ok().header("content-length"), octets.len().to_string());
        let tags = tags(&anna, "kabine-1/", path.strip_prefix("kabine-1/").unwrap().replace("%40", "@").as_str()).await;
        assert!(put.etag().starts_with('"') && tags.iter().all(|tag| *tag == put.etag()), "{name}: {} {tags:?}", put.etag());
    }
}

#[tokio::test]
async fn conditions_of_put_get_and_delete() {
    let server = Server::start().await;
    let anna = server.anna();
    let first = event("a", "20260326T090000Z", "20260326T100000Z", "");
    let second = event("a", "20260326T090000Z", "20260326T110000Z", "");
    let path = "kabine-1/a.ics";
    anna.with("If-Match", "*").put(path, first.clone()).await.is(412);
    anna.with("If-Match", "\"x\"").put(path, first.clone()).await.is(412);
    anna.get(path).await.is(404);
    let one = anna.with("If-None-Match", "*").put(path, first.clone()).await.created().etag();
    anna.with("If-None-Match", "*").put(path, second.clone()).await.is(412);
    anna.with("If-Match", &format!("W/{one}")).put(path, second.clone()).await.is(412);
    let two = anna.with("If-Match", &format!("\"other\", {one}")).put(path, second.clone()).await.no_content().etag();
    assert_ne!(one, two);
    anna.with("If-Match", &one).put(path, first.clone()).await.is(412);
    anna.put(path, first.clone()).await.no_content();
    assert_eq!(anna.get(path).await.ok().etag(), one, "the tag is the octets'");
    assert_eq!(anna.with("If-None-Match", &one).get(path).await.is(304).etag(), one);
    anna.with("If-None-Match", &two).get(path).await.ok();
    anna.with("If-Match", &two).delete(path).await.is(412);
    anna.with("If-Match", &one).delete(path).await.no_content();
    anna.delete(path).await.is(404);
    anna.get(path).await.is(404);
    // ICS detection of a mail program.
    anna.with("If-Match", "nothing").put("/", first.clone()).await.is(405);
    let on_calendar = anna.with("If-Match", "nothing").put("kabine-1/", first.clone()).await;
    assert!(on_calendar.status.is_client_error());
    anna.put("nowhere/a.ics", first.clone()).await.is(409);
    anna.with("Content-Type", "text/plain").ask("PUT", path, first.clone()).await.refused(415, "supported-calendar-data");
    assert!(anna.names("kabine-1/").await.is_empty());
}

#[tokio::test]
async fn what_may_not_be_kept_is_refused_by_its_name() {
    let server = Server::start().await;
    let anna = server.anna();
    let mut count = 0;
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/refused")).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let names = ["valid-calendar-data", "valid-calendar-object-resource", "supported-calendar-component", "supported-calendar-data"];
        let element = names.into_iter().filter(|name| file.starts_with(name)).max_by_key(|name| name.len()).unwrap();
        let reply = anna.put("kabine-1/refused.ics", fs::read(&path).unwrap()).await;
        assert!(reply.status == 403 && reply.text().contains(&format!(":{element}/>")), "{file}: {} {}", reply.status, reply.text());
        count += 1;
    }
    assert_eq!(count, 27);
    let large = event("large", "20260326T090000Z", "20260326T100000Z", &format!("DESCRIPTION:{}", "x".repeat(1 << 20)));
    let reply = anna.put("kabine-1/large.ics", large).await;
    assert!(reply.text().contains(":max-resource-size"), "{}", reply.text());
    // One UID, one object; the other one is named.
    anna.put("kabine-1/a.ics", event("same", "20260326T090000Z", "20260326T100000Z", "")).await.created();
    let conflict =
        anna.put("kabine-1/b.ics", event("same", "20260326T090000Z", "20260326T100000Z", "")).await.refused(409, "no-uid-conflict");
    assert!(conflict.text().contains("/dav/calendars/anna/kabine-1/a.ics"));
    anna.put("kabine-1/a.ics", event("other", "20260326T090000Z", "20260326T100000Z", "")).await.refused(409, "no-uid-conflict");
    anna.put("kabine-2/b.ics", event("same", "20260326T090000Z", "20260326T100000Z", "")).await.created();
    assert_eq!(anna.names("kabine-1/").await, ["a.ics"]);
}

#[tokio::test]
async fn sloppy_objects_are_kept() {
    let server = Server::start().await;
    let anna = server.anna();
    let wrap = |inner: &str| format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n{inner}END:VEVENT\r\nEND:VCALENDAR\r\n");
    for (number, inner) in [
        "UID:s0\r\nDTSTART:20260326T090000\r\n",
        "UID:s1\r\nDTSTART;TZID=Europe/Berlin:20260326T090000\r\nDURATION:PT1H\r\n",
        "UID:s2\r\nDTSTART;TZID=W. Europe Standard Time:20260326T090000\r\n",
        "UID:s3\r\nDTSTART;VALUE=DATE:20260326\r\nDTEND;VALUE=DATE:20260326\r\n",
        "UID:s4\r\nDTSTART;TZID=Europe/Berlin:20260326T090000\r\nRRULE:FREQ=DAILY;UNTIL=20260401T000000\r\n",
        "UID:s5\r\nDTSTART:20260326T090000Z\r\nRECURRENCE-ID:20260326T090000Z\r\n",
        "UID:s6\r\nDTSTART:16010101T000000Z\r\n",
        "UID:s7\r\nDTSTART:20260326T090000Z\r\nATTENDEE:MAILTO:x@example.org\r\nX-:1\r\n",
    ]
    .into_iter()
    .enumerate()
    {
        anna.put(&format!("kabine-1/{number}.ics"), wrap(inner)).await.created();
    }
}

#[tokio::test]
async fn a_rewritten_booking_has_no_tag_and_is_told_once() {
    let server = Server::start().await;
    let anna = server.anna();
    let booked = server.book("kabine-1", "2026-03-26T10:30:00+01:00").await;
    let token = anna.token("kabine-1/").await;
    let before = anna.get(&booked.path).await.ok();
    let put =
        anna.with("If-Match", &before.etag()).put(&booked.path, edited(&before.text(), "STATUS", "STATUS:CONFIRMED")).await.no_content();
    assert!(put.find("etag").is_none());
    let changes = anna.sync("kabine-1/", &token).await.multistatus();
    let after = anna.get(&booked.path).await.ok();
    assert_eq!(changes.only().value("getetag"), after.etag());
    assert_ne!(after.etag(), before.etag());
    assert_eq!(value_of(&after.text(), "X-OPENSLOT-REV"), "2");
    // Its description is read line by line while others wait: that of an ordinary event may be longer.
    let long = edited(&after.text(), "DESCRIPTION", &format!("DESCRIPTION:{}", "a:b\\n".repeat(20_000)));
    anna.put(&booked.path, long.clone()).await.refused(413, "max-resource-size");
    assert_eq!(anna.get(&booked.path).await.ok().etag(), after.etag());
    anna.ask("MKCALENDAR", "own/", "").await.created();
    anna.put("own/long.ics", long).await.created();
    // What is there already, put again, is nothing new.
    let token = anna.token("kabine-1/").await;
    assert_eq!(anna.put(&booked.path, after.body.clone()).await.no_content().etag(), after.etag());
    assert_eq!(anna.token("kabine-1/").await, token);
}

/// The largest object that is taken.
const MOST: usize = 1 << 20;

/// The object with an attachment that makes it as long as asked for.
fn filled(object: &str, octets: usize) -> String {
    let with = |letters: usize| edited(object, "ATTACH", &format!("ATTACH:data:text/plain,{}", "x".repeat(letters)));
    with(octets - with(0).len())
}

/// What we add to an appointment is not refused for what somebody has attached to it, and what was got from us may be sent back.
#[tokio::test]
async fn an_appointment_as_large_as_an_object_may_be_is_still_confirmed() {
    let server = Server::start().await;
    let (anna, desk) = (server.anna(), server.desk("anna").await);
    let booked = server.book("kabine-1", "2026-03-26T10:30:00+01:00").await;
    press(&desk, &booked.uid, "confirm").await.is(303);
    let sent = filled(&anna.get(&booked.path).await.ok().text(), MOST);
    assert_eq!(sent.len(), MOST);
    anna.put(&booked.path, sent).await.no_content();
    // At another time it is a request again, with the lines that say how it is confirmed.
    let fields = [("start", "2026-03-27T10:30:00+01:00"), ("resource", "kabine-1")];
    server.customer().post(&format!("{}/move", booked.page), &fields).await.is(303);
    press(&desk, &booked.uid, "confirm").await.is(303);
    let kept = anna.get(&booked.path).await.ok();
    assert!(value_of(&kept.text(), "STATUS") == "CONFIRMED" && kept.body.len() > MOST, "{}", kept.body.len());
    // As large as it is, and with another word in it.
    let named = kept.text().replacen("Beratung", "Besprech", 1);
    assert_eq!(named.len(), kept.body.len());
    anna.with("If-Match", &kept.etag()).put(&booked.path, named).await.no_content();
    let kept = anna.get(&booked.path).await.ok();
    assert!(value_of(&kept.text(), "SUMMARY").contains("Besprech"));
    // Larger than that it is refused, and nothing is changed.
    let other = String::from_utf8(event("other", "20260326T140000Z", "20260326T150000Z", "").to_vec()).unwrap();
    let room = kept.body.len().max(MOST) + 1;
    anna.put(&booked.path, filled(&kept.text(), room)).await.refused(413, "max-resource-size");
    anna.put("kabine-1/other.ics", filled(&other, MOST + 1)).await.is(413);
    assert_eq!(anna.get(&booked.path).await.ok().etag(), kept.etag());
    // It is moved, in one step and in two, copied, found and listed as any other.
    let there = format!("kabine-2/{}.ics", booked.uid);
    anna.with("Destination", &anna.path(&there)).ask("MOVE", &booked.path, "").await.created();
    let large = anna.get(&there).await.ok();
    assert!(large.body.len() > MOST);
    anna.put(&booked.path, large.body.clone()).await.created();
    anna.delete(&there).await.no_content();
    anna.ask("MKCALENDAR", "own/", "").await.created();
    anna.with("Destination", &anna.path("own/copy.ics")).ask("COPY", &booked.path, "").await.created();
    let busy = anna.freebusy("kabine-1/", "20260327T000000Z", "20260328T000000Z").await;
    assert!(busy.contains("20260327T093000Z"), "{busy}");
    server.customer().post(&format!("{}/cancel", booked.page), &[]).await.is(303);
    assert_eq!(value_of(&anna.get(&booked.path).await.ok().text(), "STATUS"), "CANCELLED");
}

/// The same of its description, which is read line by line.
#[tokio::test]
async fn our_own_lines_do_not_make_a_description_too_long() {
    let server = Server::start().await;
    let (anna, desk) = (server.anna(), server.desk("anna").await);
    let booked = server.book("kabine-1", "2026-03-26T10:30:00+01:00").await;
    press(&desk, &booked.uid, "confirm").await.is(303);
    let object = anna.get(&booked.path).await.ok().text();
    let text = value_of(&object, "DESCRIPTION");
    let long = |octets: usize| edited(&object, "DESCRIPTION", &format!("DESCRIPTION:{text}{}", "x".repeat(octets - text.len())));
    anna.put(&booked.path, long(64 * 1024)).await.no_content();
    let fields = [("start", "2026-03-27T10:30:00+01:00"), ("resource", "kabine-1")];
    server.customer().post(&format!("{}/move", booked.page), &fields).await.is(303);
    press(&desk, &booked.uid, "confirm").await.is(303);
    let kept = anna.get(&booked.path).await.ok();
    let length = value_of(&kept.text(), "DESCRIPTION").len();
    assert!(length > 64 * 1024, "{length}");
    anna.put(&booked.path, kept.text().replacen("Beratung", "Besprechung", 1)).await.no_content();
    let kept = anna.get(&booked.path).await.ok().text();
    assert!(value_of(&kept, "SUMMARY").contains("Besprechung"));
    let longer = edited(&kept, "DESCRIPTION", &format!("DESCRIPTION:{}x", value_of(&kept, "DESCRIPTION")));
    anna.put(&booked.path, longer).await.refused(413, "max-resource-size");
}

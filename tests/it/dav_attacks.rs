//! Requests that nobody sends in good faith, octet for octet.

use crate::harness::{Server, event};
use crate::talk::NS;

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("no answer: {answer:?}"))
}

#[tokio::test]
async fn no_path_leads_elsewhere() {
    let server = Server::start().await;
    let anna = server.anna();
    server.ben().put("kabine-2/b.ics", event("b", "20260326T090000Z", "20260326T100000Z", "")).await.created();
    let long = format!("/dav/calendars/anna/kabine-1/{}.ics", "a".repeat(10_000));
    for path in [
        "/dav/calendars/anna/../ben/kabine-2/b.ics",
        "/dav/calendars/anna/%2e%2e/ben/kabine-2/b.ics",
        "/dav/calendars/anna/..%2fben/kabine-2/b.ics",
        "/dav/calendars/anna/kabine-1%2f..%2fkabine-2/b.ics",
        "/dav/calendars/anna/kabine-1/%00.ics",
        "/dav/calendars/anna/kabine-1/a%0d%0ab.ics",
        "/dav/calendars/anna/kabine-1/..%5c..%5cx.ics",
        "/dav/calendars/anna/kabine-1/%ff.ics",
        "/dav/calendars/anna/kabine-1/%zz.ics",
        "/dav//calendars/anna/kabine-1/a.ics",
        "/dav/calendars/ben/kabine-2/b.ics",
        "/dav/calendars/admin/kabine-1/b.ics",
        "/dav/calendars/nobody/kabine-1/b.ics",
        "/dav/principals/nobody/",
        "/dav/principals/resources/nothing/",
        "/dav/principals/ben/calendar-proxy-write/",
        "/dav/calendars/resources/nothing/b.ics",
        "/dav/addressbooks/ben/",
        long.as_str(),
        "/static/..%2f..%2fCargo.toml",
        "/demo/mail/..%2f..%2fstore%2fconf",
        "/booking/..%2f..%2f",
    ] {
        let answer = anna.raw(format!("{}\r\n", anna.head_of("GET", path)).as_bytes()).await;
        assert!(matches!(status(&answer), 400 | 404 | 414), "{}: {}", &path[..path.len().min(60)], &answer[..answer.len().min(300)]);
        assert!(!answer.contains("BEGIN:VCALENDAR"));
        let body = event("evil", "20260326T090000Z", "20260326T100000Z", "");
        let head = anna.head_of("PUT", path);
        let answer = anna.raw(format!("{head}Content-Length: {}\r\n\r\n{}", body.len(), String::from_utf8_lossy(&body)).as_bytes()).await;
        assert!((400..500).contains(&status(&answer)), "{path:.60}: {answer:.300}");
    }
    assert!(anna.names("kabine-1/").await.is_empty());
}

#[tokio::test]
async fn a_request_has_one_length_and_not_too_much() {
    let server = Server::start().await;
    let anna = server.anna();
    let head = anna.head_of("PUT", "kabine-1/a.ics");
    // Chunks and a length: what follows the chunks is not taken for a request (RFC 9112 §6.3).
    for lengths in ["Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 5"] {
        let kept = head.replace("Connection: close\r\n", "");
        let smuggled = format!("{kept}{lengths}\r\n\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n");
        let answer = anna.raw(smuggled.as_bytes()).await;
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
        assert_eq!(status(&answer), 400, "{answer}");
        assert!(answer.contains("said twice"), "{answer}");
        // On a connection that was used before, too.
        let first = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
        let answers = anna.raw_in_turn(&[first.as_bytes(), smuggled.as_bytes()]).await;
        assert_eq!((status(&answers[0]), status(&answers[1])), (200, 400), "{answers:?}");
    }
    let two = format!("{head}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!");
    assert_eq!(status(&anna.raw(two.as_bytes()).await), 400);
    let whole = String::from_utf8(event("a", "20260326T090000Z", "20260326T100000Z", "").to_vec()).unwrap();
    let chunks = format!("{:x}\r\n{whole}\r\n0\r\n\r\n", whole.len());
    for (lengths, answered) in [
        ("Transfer-Encoding: gzip, chunked\r\n", 501),
        ("Transfer-Encoding: gzip, chunked\r\nContent-Length: 3\r\n", 501),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400),
        ("Transfer-Encoding: chunked, chunked\r\n", 400),
    ] {
        let odd = format!("{head}{lengths}\r\n{chunks}");
        assert_eq!(status(&anna.raw(odd.as_bytes()).await), answered, "{lengths}");
    }
    let cut = format!("{head}Content-Length: 500\r\n\r\nBEGIN:VCALENDAR\r\n");
    let answer = anna.raw(cut.as_bytes()).await;
    assert!(answer.is_empty() || status(&answer) == 400, "{answer}");
    let large = format!("{head}Content-Length: 5000000\r\n\r\n{}", "x".repeat(5_000_000));
    let answer = anna.raw(large.as_bytes()).await;
    assert!(answer.is_empty() || status(&answer) == 413, "{answer:.300}");
    anna.ask("PROPFIND", "", "x".repeat(4 * 1024 * 1024 + 1)).await.is(413);
    let headers = format!("{head}X-Long: {}\r\nContent-Length: 0\r\n\r\n", "x".repeat(600_000));
    let answer = anna.raw(headers.as_bytes()).await;
    assert!(answer.is_empty() || matches!(status(&answer), 400 | 431), "{answer:.300}");
    for nonsense in ["\r\n\r\n", "GET\r\n\r\n", "\0\0\0\0", "GET / HTTP/9.9\r\n\r\n", "GET  HTTP/1.1\r\n\r\n"] {
        let answer = anna.raw(nonsense.as_bytes()).await;
        assert!(answer.is_empty() || status(&answer) == 400 || status(&answer) == 505, "{nonsense:?}: {answer}");
    }
    anna.get("kabine-1/a.ics").await.is(404);
}

#[tokio::test]
async fn a_head_says_one_thing() {
    let server = Server::start().await;
    let anna = server.anna();
    let answer = async |head: String| anna.raw(format!("{head}Connection: close\r\n\r\n").as_bytes()).await;
    let host = format!("Host: {}\r\n", server.address);
    assert_eq!(status(&answer("GET /health HTTP/1.1\r\n".into()).await), 400);
    assert_eq!(status(&answer(format!("GET /health HTTP/1.1\r\n{host}{host}")).await), 400);
    for bad in ["a b", "a/b", "x@evil.example", "<"] {
        assert_eq!(status(&answer(format!("GET /health HTTP/1.1\r\nHost: {bad}\r\n")).await), 400, "{bad}");
    }
    assert_eq!(status(&answer("GET /health HTTP/1.0\r\n".into()).await), 200);
    let authorization = anna.head_of("GET", "").lines().find(|line| line.starts_with("Authorization")).unwrap().to_owned();
    let asked = |more: &str| format!("PROPFIND /dav/calendars/anna/ HTTP/1.1\r\n{host}{authorization}\r\n{more}");
    assert_eq!(status(&answer(asked("Depth: 0\r\n")).await), 207);
    for twice in ["Depth: 0\r\nDepth: 1\r\n", "Authorization: Basic YTpi\r\nDepth: 0\r\n", "Destination: /a\r\nDestination: /b\r\n"] {
        assert_eq!(status(&answer(asked(twice)).await), 400, "{twice}");
    }
    // Lines that were folded, and other forms of a target.
    assert_eq!(status(&answer(asked("X-A: b\r\n c\r\nDepth: 0\r\n")).await), 400);
    let absolute = asked("Depth: 0\r\n").replacen("/dav/", "http://elsewhere.example/dav/", 1);
    let absolute = answer(absolute).await;
    assert!(status(&absolute) == 207 && absolute.contains("<D:href>/dav/calendars/anna/</D:href>"), "{absolute}");
    let all = answer(format!("OPTIONS * HTTP/1.1\r\n{host}")).await;
    assert!(status(&all) == 200 && all.to_lowercase().contains("\nallow: options\r\n"), "{all}");
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_it_is_sent() {
    let server = Server::start().await;
    let anna = server.anna();
    let head = anna.head_of("PUT", "kabine-1/a.ics");
    let answer = anna.raw(format!("{head}Expect: 100-continue\r\nContent-Length: 5000000\r\n\r\n").as_bytes()).await;
    assert_eq!((status(&answer), answer.matches("HTTP/1.1 ").count()), (413, 1), "{answer}");
    assert!(answer.contains("<C:max-resource-size/>"), "{answer}");
    let card = anna.head_of("PUT", "/dav/addressbooks/anna/contacts/a.vcf");
    let answer = anna.raw(format!("{card}Expect: 100-continue\r\nContent-Length: 5000000\r\n\r\n").as_bytes()).await;
    assert!(status(&answer) == 413 && answer.contains("<CR:max-resource-size/>"), "{answer}");
    let body = String::from_utf8(event("a", "20260326T090000Z", "20260326T100000Z", "").to_vec()).unwrap();
    let kind = "Content-Type: text/calendar\r\n";
    let patient = format!("{head}{kind}Expect: 100-continue\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let answer = anna.raw(patient.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 100 ") && answer.contains("HTTP/1.1 201 "), "{answer}");
    // What nobody unpacks is not kept as if it were a calendar, or a file.
    for path in ["kabine-1/b.ics", "/dav/files/anna/b"] {
        let packed = anna.with("Content-Encoding", "gzip").put(path, body.clone()).await.is(415);
        assert_eq!(packed.header("accept-encoding"), "identity");
        anna.get(path).await.is(404);
    }
    anna.with("Content-Encoding", "identity").put("kabine-1/a.ics", body.clone()).await.no_content();
    // Chunks with whatever is said beside them, and more of them than may be.
    let chunks = format!("{head}{kind}Transfer-Encoding: chunked\r\n\r\n{:x};a=\"b\"\r\n{body}\r\n0\r\nX: y\r\n\r\n", body.len());
    assert_eq!(status(&anna.raw(chunks.as_bytes()).await), 204);
    let piece = format!("10000\r\n{}\r\n", "x".repeat(65_536));
    let answer = anna.raw(format!("{head}Transfer-Encoding: chunked\r\n\r\n{}0\r\n\r\n", piece.repeat(65)).as_bytes()).await;
    assert!(answer.is_empty() || status(&answer) == 413, "{answer:.300}");
    for odd in ["ffffffffffffffffff\r\nx", "-1\r\nx", "0x1\r\nx\r\n0\r\n\r\n"] {
        let answer = anna.raw(format!("{head}Transfer-Encoding: chunked\r\n\r\n{odd}").as_bytes()).await;
        assert_eq!(status(&answer), 400, "{odd}: {answer}");
    }
    assert_eq!(anna.get("kabine-1/a.ics").await.ok().text(), body);
}

#[tokio::test]
async fn no_document_type_no_entity_no_depth() {
    let server = Server::start().await;
    let anna = server.anna();
    let nested =
        |depth: usize| format!("<D:propfind {NS}><D:prop>{}{}</D:prop></D:propfind>", "<D:x>".repeat(depth), "</D:x>".repeat(depth));
    let laughs = "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
    for body in [
        format!("{laughs}<D:propfind {NS}><D:prop><D:displayname>&b;</D:displayname></D:prop></D:propfind>"),
        format!("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><D:propfind {NS}><D:allprop/></D:propfind>"),
        format!("<D:propfind {NS}><D:prop><D:displayname>&xxe;</D:displayname></D:prop></D:propfind>"),
        nested(10_000),
        "<D:propfind xmlns:D=\"DAV:\"><D:prop>".to_owned(),
        "<propfind/>".to_owned(),
        "<D:propfind><D:prop/></D:propfind>".to_owned(),
        "not xml".to_owned(),
        format!("<D:propfind {NS}><D:prop a=\"1\" a=\"2\"/></D:propfind>"),
        format!("<D:propfind {NS}><D:prop/></D:propfind><D:propfind {NS}/>"),
        format!("<D:propfind {NS}><D:prop>{}</D:prop></D:propfind>", (0..100_000).map(|n| format!("<D:x{n}/>")).collect::<String>()),
    ] {
        let reply = anna.with("Depth", "0").xml("PROPFIND", "", &body).await;
        assert_eq!(reply.status, 400, "{:.120}: {:.300}", body, reply.text());
        assert!(!reply.text().contains("root:") && reply.body.len() < 2_000);
        let reply = anna.report("kabine-1/", &body).await;
        assert!(matches!(reply.status.as_u16(), 400 | 403), "{:.120}: {:.300}", body, reply.text());
    }
    anna.with("Depth", "7").xml("PROPFIND", "", &nested(1)).await.is(400);
    anna.with("Depth", "infinity").xml("PROPFIND", "", &nested(1)).await.refused(403, "propfind-finite-depth");
}

#[tokio::test]
async fn who_asks_proves_it_everywhere() {
    let server = Server::start().await;
    let visitor = server.customer();
    let mut realms = Vec::new();
    for (method, path) in [
        ("PROPFIND", "/"),
        ("PROPFIND", "/dav/"),
        ("PROPFIND", "/principals/"),
        ("PROPFIND", "/dav/principals/anna/"),
        ("PROPFIND", "/dav/calendars/anna/"),
        ("REPORT", "/dav/calendars/anna/kabine-1/"),
        ("GET", "/dav/calendars/anna/kabine-1/x.ics"),
        ("PUT", "/dav/calendars/anna/kabine-1/x.ics"),
        ("DELETE", "/dav/calendars/anna/kabine-1/x.ics"),
        ("MKCALENDAR", "/dav/calendars/anna/new/"),
        ("GET", "/dav/calendars/nobody/x/"),
    ] {
        realms.push(visitor.ask(method, path, "").await.is(401).header("www-authenticate"));
        for authorization in ["Basic", "Basic !!!", "Bearer x", "Basic YW5uYQ=="] {
            visitor.with("Authorization", authorization).ask(method, path, "").await.is(401);
        }
        // Each wrong password is answered later than the one before: a few of them are enough.
        if matches!(method, "PUT" | "DELETE") {
            visitor.with("Authorization", "Basic YW5uYTp4").ask(method, path, "").await.is(401);
            // A device's password opens one login.
            visitor.basic("ben", server.password("anna")).ask(method, path, "").await.is(401);
        }
    }
    assert!(realms.iter().all(|realm| *realm == realms[0] && realm.starts_with("Basic realm=")));
    for path in ["/.well-known/caldav", "/.well-known/caldav/"] {
        for method in ["GET", "PROPFIND", "OPTIONS"] {
            assert_eq!(visitor.ask(method, path, "").await.is(301).header("location"), "/dav/");
        }
    }
    for path in ["/", "/dav/", "/dav/principals/anna/", "/dav/calendars/anna/", "/dav/calendars/anna/kabine-1/"] {
        let reply = visitor.ask("OPTIONS", path, "").await.ok();
        let classes = reply.header("dav");
        assert!(classes.starts_with("1, 3") && classes.contains("calendar-access"), "{path}: {classes}");
        assert!(reply.header("allow").contains("PROPFIND"));
    }
}

#[tokio::test]
async fn a_client_that_knows_a_host_finds_its_calendars() {
    let server = Server::start().await;
    let anna = server.anna();
    let principal = anna.propfind("/", "0", "<D:current-user-principal/>").await.multistatus().only().value("current-user-principal");
    let href = |inner: &str| inner.split("href>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let principal = href(&principal);
    let home = anna.propfind(&principal, "0", "<C:calendar-home-set/>").await.multistatus().only().value("calendar-home-set");
    assert_eq!(home.matches("<D:href>").count(), 1, "{home}");
    let home = href(&home);
    let names =
        "<D:resourcetype/><D:displayname/><D:current-user-privilege-set/><C:supported-calendar-component-set/><D:owner/><D:nothing/>";
    let answers = anna.propfind(&home, "1", names).await.multistatus();
    let calendars: Vec<_> = answers.0.iter().filter(|a| a.value("resourcetype").contains("calendar")).collect();
    let hrefs: Vec<&str> = calendars.iter().map(|a| a.href.as_str()).collect();
    let names = ["kabine-1", "kabine-2", "calendar", "tasks", "location.stuttgart.hours", "kabine-1.hours", "kabine-2.hours"];
    assert_eq!(hrefs, names.map(|name| format!("/dav/calendars/anna/{name}/")));
    for calendar in &calendars {
        let privileges = calendar.value("current-user-privilege-set");
        for privilege in ["read", "write-content", "bind", "unbind", "write-properties"] {
            // Opening hours are read by whoever the practice does not let write them.
            let expected = privilege == "read" || !calendar.href.ends_with(".hours/");
            assert_eq!(privileges.contains(&format!("<D:{privilege}/>")), expected, "{privilege}: {privileges}");
        }
        assert_eq!(calendar.value("supported-calendar-component-set").matches("name=\"V").count(), 1);
        assert!(!calendar.value("displayname").is_empty() && calendar.status_of("nothing") == Some(404));
    }
    assert!(hrefs.iter().all(|href| href.starts_with(&home)));
    let all = server.admin().propfind("", "1", "<D:resourcetype/>").await.multistatus();
    assert_eq!(all.hrefs().iter().filter(|href| href.contains("/kabine-") && !href.ends_with(".hours/")).count(), 3, "three cabins");
}

#[tokio::test]
async fn who_may_only_read_changes_nothing() {
    let server = Server::changed("calendars = { kabine-2 = \"write\" }", "calendars = { kabine-2 = \"read\" }").await;
    let (anna, ben) = (server.anna(), server.ben());
    let object = event("a", "20260326T090000Z", "20260326T100000Z", "");
    anna.put("kabine-2/a.ics", object.clone()).await.created();
    let booked = server.book("kabine-2", "2026-03-27T10:30:00+01:00").await;
    ben.get("kabine-2/a.ics").await.ok();
    ben.put("kabine-2/b.ics", event("b", "20260326T090000Z", "20260326T100000Z", "")).await.refused(403, "need-privileges");
    ben.put("kabine-2/a.ics", event("a", "20260326T090000Z", "20260326T110000Z", "")).await.refused(403, "need-privileges");
    ben.delete("kabine-2/a.ics").await.refused(403, "need-privileges");
    ben.delete("kabine-2/").await.is(403);
    let confirmed = crate::harness::edited(&ben.get(&booked.path).await.ok().text(), "STATUS", "STATUS:CONFIRMED");
    ben.put(&booked.path, confirmed).await.refused(403, "need-privileges");
    let desk = server.desk("ben").await;
    let page = desk.get(&format!("/staff/appointment/{}", booked.uid)).await.ok().never_says("/confirm\"");
    let csrf = crate::harness::csrf(&page.text());
    desk.post(&format!("/staff/appointment/{}/confirm", booked.uid), &[("csrf", &csrf)]).await.is(403);
    assert_eq!(anna.names("kabine-2/").await.len(), 2);
    let mine = ben.propfind("kabine-2/", "0", "<D:current-user-privilege-set/>").await.multistatus();
    assert!(!mine.only().value("current-user-privilege-set").contains("write"));
}

//! Files and folders. RFC 4918 §9.3 to §9.9, RFC 4331, RFC 9110 §13 and §14.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::house::*;

const HOME: &str = "/dav/files/anna/";

/// A path as it stands in a request.
fn encoded(path: &str) -> String {
    let one = |b: u8| if b.is_ascii_graphic() { char::from(b).to_string() } else { format!("%{b:02X}") };
    path.bytes().map(one).collect()
}

impl Person {
    async fn file(&self, method: &str, path: &str, headers: &[(&'static str, &str)], body: &str) -> Answer {
        self.send(method, &format!("/dav/files/{}/{}", self.login, encoded(path)), headers, body.to_owned()).await
    }

    async fn transfer(&self, method: &str, from: &str, to: &str, overwrite: &str) -> Answer {
        let to = format!("http://localhost/dav/files/{}/{}", self.login, encoded(to));
        self.file(method, from, &[("destination", &to), ("overwrite", overwrite)], "").await
    }

    /// DAV:quota-used-bytes and DAV:quota-available-bytes.
    async fn quota(&self) -> (u64, u64) {
        let answer = self.propfind(&format!("/dav/files/{}/", self.login), "0", "D:quota-used-bytes D:quota-available-bytes").await;
        let number = |name: &str| answer.responses()[0].text(name).unwrap().parse().unwrap();
        (number("quota-used-bytes"), number("quota-available-bytes"))
    }
}

#[tokio::test]
async fn a_file_comes_back_as_an_attachment() {
    let anna = house().await.anna;
    let page = "<script>alert(1)</script>";
    let put = anna.file("PUT", "a b.html", &[("content-type", "text/html; charset=utf-8")], page).await.is(201);
    let etag = put.header("etag").unwrap().to_owned();
    let got = anna.file("GET", "a%20b.html", &[], "").await.is(200);
    assert_eq!(got.body, page);
    for (name, value) in [
        ("content-type", "text/html; charset=utf-8"),
        ("content-disposition", "attachment"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("etag", etag.as_str()),
        ("accept-ranges", "bytes"),
        ("last-modified", "Thu, 26 Mar 2026 09:00:00 GMT"),
    ] {
        assert_eq!(got.header(name), Some(value), "{name}");
    }
    let head = anna.file("HEAD", "a%20b.html", &[], "").await.is(200);
    assert_eq!((head.body.as_str(), head.header("content-length")), ("", Some("25")));
    anna.file("PUT", "plain", &[], "x").await.is(201);
    assert_eq!(anna.file("GET", "plain", &[], "").await.is(200).header("content-type"), Some("application/octet-stream"));
}

#[tokio::test]
async fn conditions_hold() {
    let anna = house().await.anna;
    anna.file("PUT", "a", &[("if-match", "*")], "1").await.is(412);
    let etag = anna.file("PUT", "a", &[("if-none-match", "*")], "1").await.is(201).header("etag").unwrap().to_owned();
    anna.file("PUT", "a", &[("if-none-match", "*")], "2").await.is(412);
    anna.file("PUT", "a", &[("if-match", "\"old\"")], "2").await.is(412);
    anna.file("GET", "a", &[("if-none-match", &etag)], "").await.is(304);
    anna.file("GET", "a", &[("if-match", "\"old\"")], "").await.is(412);
    anna.file("GET", "a", &[("if-modified-since", "Thu, 26 Mar 2026 09:00:00 GMT")], "").await.is(304);
    anna.file("GET", "a", &[("if-modified-since", "Thu, 26 Mar 2026 08:59:59 GMT")], "").await.is(200);
    anna.file("GET", "a", &[("if-none-match", "\"old\""), ("if-modified-since", "Thu, 26 Mar 2026 09:00:00 GMT")], "").await.is(200);
    let before = ("if-unmodified-since", "Thu, 26 Mar 2026 08:59:59 GMT");
    for (method, body) in [("GET", ""), ("PUT", "3"), ("DELETE", "")] {
        anna.file(method, "a", &[before], body).await.is(412);
    }
    anna.file("PUT", "a", &[("if-unmodified-since", "Thu, 26 Mar 2026 09:00:00 GMT")], "1").await.is(204);
    anna.file("PUT", "new", &[before], "1").await.is(201);
    assert_ne!(anna.file("PUT", "a", &[("if-match", &etag)], "2").await.is(204).header("etag"), Some(etag.as_str()));
    let away = format!("{HOME}b");
    anna.file("MOVE", "a", &[("destination", &away), ("if-match", &etag)], "").await.is(412);
    anna.file("DELETE", "a", &[("if-match", &etag)], "").await.is(412);
    assert_eq!(anna.file("GET", "a", &[], "").await.is(200).body, "2");
}

#[tokio::test]
async fn one_range_is_answered() {
    let anna = house().await.anna;
    anna.file("PUT", "a", &[], "0123456789").await.is(201);
    let part = anna.file("GET", "a", &[("range", "bytes=2-4")], "").await.is(206);
    assert_eq!((part.body.as_str(), part.header("content-range")), ("234", Some("bytes 2-4/10")));
    let end = anna.file("GET", "a", &[("range", "bytes=-2")], "").await.is(206);
    assert_eq!((end.body.as_str(), end.header("content-range")), ("89", Some("bytes 8-9/10")));
    let beyond = anna.file("GET", "a", &[("range", "bytes=10-")], "").await.is(416);
    assert_eq!(beyond.header("content-range"), Some("bytes */10"));
    assert_eq!(anna.file("GET", "a", &[("range", "bytes=0-1"), ("if-range", "\"old\"")], "").await.is(200).body, "0123456789");
    assert_eq!(anna.file("GET", "a", &[("range", "bytes=0-1,4-5")], "").await.is(200).body, "0123456789");
    anna.file("PUT", "a", &[("content-range", "bytes 0-0/10")], "x").await.is(400);
    assert_eq!(anna.file("GET", "a", &[], "").await.body, "0123456789");
}

#[tokio::test]
async fn folders_are_made_where_there_is_room_for_them() {
    let anna = house().await.anna;
    anna.file("MKCOL", "a/b/", &[], "").await.is(409);
    anna.file("PUT", "a/x", &[], "x").await.is(409);
    anna.file("MKCOL", "a/", &[], "").await.is(201);
    anna.file("MKCOL", "a", &[], "").await.is(405);
    anna.file("MKCOL", "", &[], "").await.is(405);
    anna.file("MKCOL", "a/b", &[], "").await.is(201);
    anna.file("PUT", "a/b/x", &[], "x").await.is(201);
    anna.file("PUT", "a/b", &[], "x").await.is(405);
    anna.file("PUT", "a/b/", &[], "x").await.is(405);
    anna.file("PUT", "new/", &[], "x").await.is(405);
    anna.file("PUT", "a/b/x/y", &[], "x").await.is(409);
    anna.file("MKCOL", "a/b/x", &[], "").await.is(405);
    anna.file("MKCOL", "a/b/x/y", &[], "").await.is(409);
    // An address with a slash at its end is no file's.
    for method in ["GET", "HEAD", "DELETE", "PROPFIND"] {
        anna.file(method, "a/b/x/", &[("depth", "0")], "").await.is(404);
    }
    assert!(anna.file("GET", "a/b", &[], "").await.is(200).header("content-type").unwrap().starts_with("text/html"));
    anna.file("MKCOL", "c", &[("content-type", "xzy-foo/bar-512")], "afafafaf").await.is(415);
    anna.file("MKCOL", "c", &[("content-type", "application/xml")], "<a").await.is(400);
    let extended = |types: &str| {
        let set = format!("<D:resourcetype>{types}</D:resourcetype><D:displayname>Blätter</D:displayname><x xmlns='urn:x'>1</x>");
        within("D:mkcol", &format!("<D:set><D:prop>{set}</D:prop></D:set>"))
    };
    let calendar = anna.file("MKCOL", "c", &[("content-type", "text/xml")], &extended("<D:collection/><C:calendar/>")).await.is(403);
    assert!(calendar.body.contains("<D:valid-resourcetype/>"));
    anna.file("MKCOL", "c", &[("content-type", "text/xml; charset=utf-8")], &extended("<D:collection/>")).await.is(201);
    assert_eq!(anna.propfind(&format!("{HOME}c/"), "0", "D:displayname").await.responses()[0].text("displayname").unwrap(), "Blätter");
    let calendar = anna.file("MKCALENDAR", "d", &[], "").await.is(403);
    assert!(calendar.body.contains("<C:calendar-collection-location-ok/>"));
}

#[tokio::test]
async fn folders_list_what_lies_in_them() {
    let anna = house().await.anna;
    assert_eq!(anna.propfind("/dav/", "1", "D:resourcetype").await.hrefs().last().unwrap(), "/dav/files/");
    assert_eq!(anna.propfind("/dav/files/", "1", "D:resourcetype").await.hrefs(), ["/dav/files/", HOME]);
    anna.file("MKCOL", "Blätter/", &[], "").await.is(201);
    anna.file("PUT", "Blätter/1", &[("content-type", "text/plain")], "eins").await.is(201);
    anna.file("MKCOL", "Blätter/2", &[], "").await.is(201);
    for path in [HOME.to_owned(), format!("{HOME}Bl%C3%A4tter/1")] {
        assert_eq!(anna.propfind(&path, "0", "D:owner").await.responses()[0].addresses("owner"), ["/dav/principals/anna/"]);
    }
    let names = "D:resourcetype D:getetag D:getcontentlength D:getcontenttype D:getlastmodified D:creationdate D:displayname";
    // Asked for without its slash, it is told with it.
    let listed = anna.propfind(&format!("{HOME}Bl%C3%A4tter"), "1", names).await;
    let responses = listed.responses();
    let base = format!("{HOME}Bl%C3%A4tter/");
    assert_eq!(listed.hrefs(), [base.clone(), format!("{base}1"), format!("{base}2/")]);
    let file = &responses[1];
    for (name, value) in [
        ("getcontentlength", "4"),
        ("getcontenttype", "text/plain"),
        ("getlastmodified", "Thu, 26 Mar 2026 09:00:00 GMT"),
        ("creationdate", "2026-03-26T09:00:00Z"),
        ("displayname", "1"),
        ("resourcetype", ""),
    ] {
        assert_eq!(file.text(name).as_deref(), Some(value), "{name}");
    }
    assert!(responses[2].element("resourcetype").unwrap().children().count() == 1);
    assert_eq!(responses[2].status_of("getetag"), Some(404));
    let infinite = anna.propfind(HOME, "infinity", "D:getetag").await.is(403);
    assert!(infinite.body.contains("<D:propfind-finite-depth/>"));
    anna.propfind(&format!("{HOME}nothing"), "0", "D:getetag").await.is(404);
}

#[tokio::test]
async fn properties_go_where_the_file_goes() {
    let anna = house().await.anna;
    anna.file("MKCOL", "a/", &[], "").await.is(201);
    anna.file("PUT", "a/x", &[], "x").await.is(201);
    let set = |text: &str| {
        within(
            "D:propertyupdate",
            &format!("<D:set><D:prop><note xmlns='urn:x'>{text}</note><D:displayname>{text}</D:displayname></D:prop></D:set>"),
        )
    };
    anna.file("PROPPATCH", "a", &[], &set("folder")).await.is(207);
    anna.file("PROPPATCH", "a/x", &[], &set("file")).await.is(207);
    let protected = within("D:propertyupdate", "<D:set><D:prop><D:getetag>1</D:getetag></D:prop></D:set>");
    assert!(anna.file("PROPPATCH", "a/x", &[], &protected).await.is(207).body.contains("cannot-modify-protected-property"));
    anna.file("PROPPATCH", "nothing", &[], &set("x")).await.is(404);
    // The topmost folder has some of its own.
    anna.file("PROPPATCH", "", &[], &set("top")).await.is(207);
    assert_eq!(anna.propfind(HOME, "0", "D:displayname").await.responses()[0].text("displayname").as_deref(), Some("top"));
    let ask = within("D:propfind", "<D:prop><note xmlns='urn:x'/><D:displayname/></D:prop>");
    let notes = async |path: &str| {
        let answer = anna.file("PROPFIND", path, &[("depth", "1")], &ask).await;
        answer.responses().iter().map(|r| (r.text("note").unwrap_or_default(), r.text("displayname").unwrap())).collect::<Vec<_>>()
    };
    let both = vec![("folder".to_owned(), "folder".to_owned()), ("file".to_owned(), "file".to_owned())];
    assert_eq!(notes("a").await, both);
    anna.transfer("COPY", "a", "b", "T").await.is(201);
    assert_eq!(notes("b").await, both);
    anna.transfer("MOVE", "b", "c", "T").await.is(201);
    assert_eq!(notes("c").await, both);
    anna.file("PROPPATCH", "c/x", &[], &set("other")).await.is(207);
    assert_eq!(notes("a").await, both);
    // They belong to what was replaced, and go with it.
    anna.file("PUT", "y", &[], "y").await.is(201);
    anna.transfer("COPY", "y", "c/x", "T").await.is(204);
    assert_eq!(notes("c").await[1], (String::new(), "x".to_owned()));
    anna.file("PUT", "c/x", &[], "z").await.is(204);
    // What is written anew keeps them.
    anna.file("PROPPATCH", "c/x", &[], &set("again")).await.is(207);
    anna.file("PUT", "c/x", &[], "zz").await.is(204);
    assert_eq!(notes("c").await[1].0, "again");
}

#[tokio::test]
async fn copies_and_moves_follow_their_headers() {
    let anna = house().await.anna;
    for folder in ["a/", "a/b/", "d/"] {
        anna.file("MKCOL", folder, &[], "").await.is(201);
    }
    anna.file("PUT", "a/b/x", &[("content-type", "text/plain")], "x").await.is(201);
    anna.transfer("COPY", "a", "d", "F").await.is(412);
    anna.transfer("COPY", "a", "none/d", "T").await.is(409);
    anna.transfer("COPY", "a", "a/b/x/y", "T").await.is(403);
    for (from, to) in [("a", "a"), ("a", "a/c"), ("a/b", "a"), ("a/", "a/b/c/d"), ("", "d/e"), ("a", "")] {
        anna.transfer("COPY", from, to, "T").await.is(403);
        anna.transfer("MOVE", from, to, "T").await.is(403);
    }
    anna.transfer("COPY", "none", "e", "T").await.is(404);
    anna.transfer("COPY", "a", "d", "T").await.is(204);
    assert_eq!(anna.file("GET", "d/b/x", &[], "").await.is(200).body, "x");
    anna.transfer("MOVE", "d/b/x", "d/y", "F").await.is(201);
    anna.file("GET", "d/b/x", &[], "").await.is(404);
    assert_eq!(anna.file("GET", "d/y", &[], "").await.is(200).header("content-type"), Some("text/plain"));
    // A folder over a file, and a file over a folder.
    anna.transfer("MOVE", "d/b", "d/y", "T").await.is(204);
    assert_eq!(anna.propfind(&format!("{HOME}d"), "1", "D:resourcetype").await.hrefs()[1], format!("{HOME}d/y/"));
    anna.transfer("COPY", "a/b/x", "d/y", "T").await.is(204);
    assert_eq!(anna.file("GET", "d/y", &[], "").await.is(200).body, "x");
    // Depth.
    let send = async |method: &str, path: &str, to: &str, depth: &str| {
        anna.file(method, path, &[("destination", &format!("{HOME}{to}")), ("depth", depth)], "").await
    };
    send("COPY", "a", "e", "1").await.is(400);
    send("MOVE", "a", "e", "0").await.is(400);
    send("COPY", "a", "e", "0").await.is(201);
    assert_eq!(anna.propfind(&format!("{HOME}e/"), "1", "D:resourcetype").await.hrefs().len(), 1);
    send("DELETE", "a", "", "0").await.is(400);
    send("MOVE", "a/b/x", "e/x", "0").await.is(201);
    send("COPY", "e/x", "e/z", "1").await.is(201);
    // Destinations that are none.
    let to = async |to: &str| anna.file("MOVE", "e/x", &[("destination", to)], "").await;
    anna.file("MOVE", "e/x", &[], "").await.is(400);
    to("/dav/files/ben/x").await.is(403);
    to("/dav/calendars/anna/kabine-1/x.ics").await.is(403);
    to("/elsewhere/x").await.is(403);
    to("/dav/files/anna/%2e%2e/x").await.is(400);
    to("http://elsewhere.example/dav/files/anna/x").await.is(502);
    anna.file("MOVE", "e/x", &[("destination", "/dav/files/anna/f"), ("overwrite", "X")], "").await.is(400);
    assert_eq!(anna.file("GET", "e/x", &[], "").await.is(200).body, "x");
}

#[tokio::test]
async fn a_copy_lives_on_without_its_source() {
    let anna = house().await.anna;
    let large = "0123456789abcdef".repeat(5_000);
    anna.file("PUT", "a", &[], &large).await.is(201);
    anna.transfer("COPY", "a", "b", "T").await.is(201);
    anna.transfer("COPY", "b", "c", "T").await.is(201);
    assert_eq!(anna.quota().await.0, 240_000);
    anna.file("PUT", "a", &[], "small").await.is(204);
    anna.file("DELETE", "b", &[], "").await.is(204);
    assert_eq!(anna.file("GET", "c", &[], "").await.is(200).body, large);
    assert_eq!(anna.quota().await.0, 80_005);
    anna.file("DELETE", "c", &[], "").await.is(204);
    anna.file("DELETE", "a", &[], "").await.is(204);
    assert_eq!(anna.quota().await.0, 0);
    anna.file("DELETE", "", &[], "").await.is(403);
}

#[tokio::test]
async fn a_login_has_room_for_so_much() {
    let house = house().await;
    let (used, available) = house.anna.quota().await;
    assert_eq!((used, available), (0, 104_857_600));
    let four = "x".repeat(4 * 1024 * 1024);
    for n in 0..25 {
        house.anna.file("PUT", &n.to_string(), &[], &four).await.is(201);
    }
    let full = house.anna.file("PUT", "more", &[], "x").await.is(507);
    assert!(full.body.contains("<D:quota-not-exceeded/>"));
    house.anna.file("GET", "more", &[], "").await.is(404);
    assert!(house.anna.transfer("COPY", "1", "copy", "T").await.is(507).body.contains("<D:quota-not-exceeded/>"));
    let set = within("D:propertyupdate", "<D:set><D:prop><D:displayname>x</D:displayname></D:prop></D:set>");
    assert!(house.anna.file("PROPPATCH", "1", &[], &set).await.is(207).body.contains("507 Insufficient Storage"));
    house.anna.transfer("MOVE", "1", "moved", "T").await.is(201);
    house.anna.file("DELETE", "2", &[], "").await.is(204);
    assert_eq!(house.anna.quota().await.1, 4 * 1024 * 1024);
    house.anna.file("PUT", "more", &[], "x").await.is(201);
    // One's own.
    assert_eq!(house.ben.quota().await.0, 0);
    house.ben.send("GET", "/dav/files/anna/more", &[], "").await.is(404);
    house.admin.send("GET", "/dav/files/anna/more", &[], "").await.is(404);
    house.nobody.send("GET", "/dav/files/anna/more", &[], "").await.is(401);
}

#[tokio::test]
async fn what_has_a_path_can_be_reached_by_it() {
    let anna = house().await.anna;
    let mut path = String::new();
    for n in 0..40 {
        path.push_str(&format!("{n}/"));
        anna.file("MKCOL", &path, &[], "").await.is(201);
    }
    anna.file("MKCOL", &format!("{path}x"), &[], "").await.is(403);
    anna.file("MKCOL", "top/", &[], "").await.is(201);
    anna.transfer("MOVE", "0", "top/0", "T").await.is(403);
    anna.transfer("COPY", "0", "top/0", "T").await.is(403);
    let long = "ä".repeat(120);
    anna.file("MKCOL", &long, &[], "").await.is(201);
    anna.file("MKCOL", &format!("{long}/{long}"), &[], "").await.is(201);
    anna.file("PUT", &format!("{long}/{long}/{}", "x".repeat(118)), &[], "x").await.is(403);
    anna.file("PUT", &format!("{long}/{long}/{}", "x".repeat(117)), &[], "x").await.is(201);
    anna.transfer("MOVE", &long, "top/x", "T").await.is(201);
    anna.file("PUT", &"x".repeat(256), &[], "x").await.is(400);
    for path in ["a/../b", "a%2fb", "a%00b", "%2e%2e/b", "a\\b", "a//b"] {
        let answer = anna.file("PUT", path, &[], "x").await;
        assert!(matches!(answer.status.as_u16(), 400 | 404), "{path}: {}", answer.status);
    }
}

/// A naive model: paths and what stands there; folders hold nothing.
type Model = BTreeMap<String, Option<String>>;

#[derive(Debug, Clone)]
enum Step {
    Put(String, String),
    Mkcol(String),
    Delete(String),
    Transfer(&'static str, String, String, &'static str),
}

fn any_path() -> impl Strategy<Value = String> {
    prop::collection::vec("[ab]", 1..4).prop_map(|names| names.join("/"))
}

fn any_step() -> impl Strategy<Value = Step> {
    let methods = prop_oneof![Just("COPY"), Just("MOVE")];
    let overwrite = prop_oneof![Just("T"), Just("F")];
    prop_oneof![
        (any_path(), "[x-z]{0,3}").prop_map(|(path, text)| Step::Put(path, text)),
        any_path().prop_map(Step::Mkcol),
        any_path().prop_map(Step::Delete),
        (methods, any_path(), any_path(), overwrite).prop_map(|(method, from, to, over)| Step::Transfer(method, from, to, over)),
    ]
}

fn has_parent(model: &Model, path: &str) -> bool {
    path.rsplit_once('/').is_none_or(|(parent, _)| model.get(parent).is_some_and(Option::is_none))
}

fn within_or_same(path: &str, folder: &str) -> bool {
    path == folder || path.starts_with(&format!("{folder}/"))
}

fn remove(model: &mut Model, path: &str) {
    model.retain(|other, _| !within_or_same(other, path));
}

/// What a step answers, and what it leaves.
fn expected(model: &mut Model, step: &Step) -> u16 {
    match step {
        Step::Put(path, _) if !has_parent(model, path) => 409,
        Step::Put(path, _) if model.get(path) == Some(&None) => 405,
        Step::Put(path, text) => {
            if model.insert(path.clone(), Some(text.clone())).is_some() {
                204
            } else {
                201
            }
        }
        Step::Mkcol(path) if !has_parent(model, path) => 409,
        Step::Mkcol(path) if model.contains_key(path) => 405,
        Step::Mkcol(path) => {
            model.insert(path.clone(), None);
            201
        }
        Step::Delete(path) if !model.contains_key(path) => 404,
        Step::Delete(path) => {
            remove(model, path);
            204
        }
        Step::Transfer(_, from, _, _) if !model.contains_key(from) => 404,
        Step::Transfer(_, from, to, _) if within_or_same(to, from) || within_or_same(from, to) => 403,
        Step::Transfer(_, _, to, _) if !has_parent(model, to) => 409,
        Step::Transfer(_, _, to, over) if model.contains_key(to) && *over == "F" => 412,
        Step::Transfer(method, from, to, _) => {
            let status = if model.contains_key(to) { 204 } else { 201 };
            remove(model, to);
            let moved: Vec<_> = model.iter().filter(|(path, _)| within_or_same(path, from)).map(|(p, v)| (p.clone(), v.clone())).collect();
            if *method == "MOVE" {
                remove(model, from);
            }
            model.extend(moved.into_iter().map(|(path, value)| (path.replacen(from, to, 1), value)));
            status
        }
    }
}

async fn done(anna: &Person, step: &Step) -> Answer {
    match step {
        Step::Put(path, text) => anna.file("PUT", path, &[], text).await,
        Step::Mkcol(path) => anna.file("MKCOL", path, &[], "").await,
        Step::Delete(path) => anna.file("DELETE", path, &[], "").await,
        Step::Transfer(method, from, to, over) => anna.transfer(method, from, to, over).await,
    }
}

/// Everything there is, found by walking down.
async fn walked(anna: &Person) -> Model {
    let mut model = Model::new();
    let mut folders = vec![HOME.to_owned()];
    while let Some(folder) = folders.pop() {
        for href in anna.propfind(&folder, "1", "D:resourcetype").await.hrefs().into_iter().skip(1) {
            let path = href.strip_prefix(HOME).unwrap().trim_end_matches('/').to_owned();
            if href.ends_with('/') {
                folders.push(href);
                model.insert(path, None);
            } else {
                model.insert(path, Some(anna.get(&href).await.is(200).body));
            }
        }
    }
    model
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_tree_is_what_a_naive_model_says(steps in prop::collection::vec(any_step(), 1..40)) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let anna = house().await.anna;
            let mut model = Model::new();
            for step in &steps {
                let status = expected(&mut model, step);
                assert_eq!(done(&anna, step).await.status.as_u16(), status, "{step:?}");
            }
            assert_eq!(walked(&anna).await, model);
            let octets: usize = model.values().flatten().map(String::len).sum();
            assert_eq!(anna.quota().await.0, octets as u64);
        });
    }
}

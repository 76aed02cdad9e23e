//! A request for the calendar door: `METHOD PATH`, lines of headers, an empty line, a body. It is answered by the real application.
//! RFC 4918, RFC 4791, RFC 5689, RFC 6578.

use std::cell::RefCell;

use http::Method;
use openslot::dav;
use openslot::dav::xml;
use tokio::runtime::{Builder, Runtime};

use super::budget::{Work, hold};
use super::house::{Answer, House, event, house};

/// How many headers are sent along.
const MOST_HEADERS: usize = 10;
/// Names that headers may have: those that the door reads.
const HEADERS: [&str; 9] = ["depth", "content-type", "if-match", "if-none-match", "prefer", "brief", "destination", "overwrite", "if"];
/// What changes nothing can be asked of one house for ever.
const READING: [&str; 5] = ["GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT"];

/// A house that is open.
struct Open {
    runtime: Runtime,
    house: House,
}

thread_local! {
    static SHARED: RefCell<Option<Open>> = const { RefCell::new(None) };
}

/// A request taken apart.
struct Wish<'a> {
    method: &'a str,
    path: &'a str,
    headers: Vec<(&'static str, &'a str)>,
    body: &'a [u8],
}

/// One input.
pub fn try_it(data: &[u8]) {
    let Some(wish) = Wish::read(data) else { return };
    if !READING.contains(&wish.method) {
        return wish.grant(&open());
    }
    SHARED.with_borrow_mut(|shared| wish.grant(shared.get_or_insert_with(open)));
}

fn open() -> Open {
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    let house = runtime.block_on(async {
        let house = house().await;
        for (name, start, more) in [
            ("single", "20260326T100000Z", "CATEGORIES:Rot"),
            ("weekly", "20260320T100000Z", "RRULE:FREQ=WEEKLY\nEXDATE:20260327T100000Z"),
            ("tentative", "20260328T100000Z", "STATUS:TENTATIVE\nATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example"),
        ] {
            house.anna.put(&format!("kabine-1/{name}.ics"), &event(name, start, more)).await.is(201);
        }
        house
    });
    Open { runtime, house }
}

impl<'a> Wish<'a> {
    fn read(data: &'a [u8]) -> Option<Wish<'a>> {
        let (head, body) = match data.windows(2).position(|pair| pair == b"\n\n") {
            Some(at) => (data.get(..at)?, data.get(at + 2..)?),
            None => (data, &data[data.len()..]),
        };
        let mut lines = std::str::from_utf8(head).ok()?.lines();
        let (method, path) = lines.next()?.split_once(' ')?;
        let header = |line: &'a str| {
            let (name, value) = line.split_once(':')?;
            let name = HEADERS.into_iter().find(|known| known.eq_ignore_ascii_case(name.trim()))?;
            http::HeaderValue::from_str(value.trim()).ok().map(|_| (name, value.trim()))
        };
        let headers = lines.filter_map(header).take(MOST_HEADERS).collect();
        let known = Method::from_bytes(method.as_bytes()).ok()?;
        let uri: http::Uri = path.parse().ok()?;
        (path.starts_with('/') && dav::wants(&known, uri.path())).then_some(Wish { method, path, headers, body })
    }

    /// Whatever is asked, the house does not fall down, and its XML is XML.
    fn grant(&self, Open { runtime, house }: &Open) {
        let Wish { method, path, headers, body } = self;
        let send = || runtime.block_on(house.anna.send(method, path, headers, body.to_vec()));
        let answer: Answer = hold(Work::Answering, body.len(), send);
        // 507 is what a full house says.
        assert!(answer.status.as_u16() < 500 || answer.status == 507, "{method} {path}: {} {}", answer.status, answer.body);
        if answer.header("content-type").is_some_and(|kind| kind.contains("xml")) {
            xml::read(answer.body.as_bytes()).unwrap_or_else(|why| panic!("{why:?}: {}", answer.body));
        }
        if answer.status.as_u16() == 207 {
            assert!(!answer.responses().iter().any(|response| response.href.is_empty()));
        }
    }
}

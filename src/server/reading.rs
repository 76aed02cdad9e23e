//! A request as it comes → one that the doors can trust: its head says one thing, its body is whole and within limits.
//!
//! Not for: what it asks. RFC 9110 §5.3, §7.2 and §10.1.1, RFC 9112 §3.2 and §6.3.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue,
    IF_MODIFIED_SINCE, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE, RETRY_AFTER, TRANSFER_ENCODING,
};
use http::request::Parts;
use http::uri::Authority;
use http::{StatusCode, Uri, Version};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::plain;
use crate::dav;
use crate::exchange::{Reply, Request};

/// The largest body, in octets, whoever sends it: an object of a megabyte, or a multiget of some ten thousand addresses.
pub const MAX_BODY: usize = 4 * 1024 * 1024;

/// How long a client may take for its body.
const BODY: Duration = Duration::from_secs(60);

/// Bodies are counted in pieces of so many octets; what is smaller, as nearly all are, needs no room.
const PIECE: usize = 64 * 1024;

/// How many such pieces all requests together may hold: 128 MiB.
const PIECES: usize = 2048;

/// Seconds after which a client that found no room should ask again.
const RETRY_SECONDS: &str = "5";

/// What a request may say once. Who says it twice could mean one thing to a proxy and another one to us.
const ONCE: [HeaderName; 12] = [
    HOST,
    AUTHORIZATION,
    CONTENT_TYPE,
    RANGE,
    IF_RANGE,
    IF_MODIFIED_SINCE,
    IF_UNMODIFIED_SINCE,
    HeaderName::from_static("depth"),
    HeaderName::from_static("destination"),
    HeaderName::from_static("overwrite"),
    HeaderName::from_static("if-schedule-tag-match"),
    HeaderName::from_static("caldav-timezones"),
];

/// The room that the bodies of all requests share.
#[derive(Clone)]
pub struct Room(Arc<Semaphore>);

/// What a request holds of it, for as long as it is answered.
pub type Held = Option<OwnedSemaphorePermit>;

impl Room {
    /// All of it is free.
    pub fn new() -> Room {
        Room(Arc::new(Semaphore::new(PIECES)))
    }

    /// Takes what a body of this length needs beyond what it holds; `None` where there is none.
    fn grow(&self, held: &mut Held, length: usize) -> Option<()> {
        let needed = (length / PIECE).saturating_sub(held.as_ref().map_or(0, OwnedSemaphorePermit::num_permits));
        if needed == 0 {
            return Some(());
        }
        let more = Arc::clone(&self.0).try_acquire_many_owned(u32::try_from(needed).ok()?).ok()?;
        match held {
            Some(held) => held.merge(more),
            None => *held = Some(more),
        }
        Some(())
    }
}

/// Why a request is not read. The connection can't be used after it: what follows in it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Refusal {
    status: StatusCode,
    text: &'static str,
}

const TOO_LARGE: Refusal = Refusal { status: StatusCode::PAYLOAD_TOO_LARGE, text: "The request is too large.\n" };
const BROKEN: Refusal = Refusal { status: StatusCode::BAD_REQUEST, text: "The request broke off.\n" };
const TOO_SLOW: Refusal = Refusal { status: StatusCode::REQUEST_TIMEOUT, text: "The request took too long.\n" };
const NO_ROOM: Refusal =
    Refusal { status: StatusCode::SERVICE_UNAVAILABLE, text: "Too much is being sent at once. Please try again in a moment.\n" };

const CODED: Refusal = Refusal { status: StatusCode::NOT_IMPLEMENTED, text: "Of transfer codings only `chunked` is understood.\n" };
const ENCODED: Refusal = Refusal { status: StatusCode::UNSUPPORTED_MEDIA_TYPE, text: "Bodies are sent as they are, not compressed.\n" };

impl Refusal {
    fn head(text: &'static str) -> Refusal {
        Refusal { status: StatusCode::BAD_REQUEST, text }
    }

    /// As it is answered.
    fn reply(self, asked: &Parts) -> Reply {
        let named = Some(asked).filter(|_| self == TOO_LARGE).and_then(|asked| dav::too_large(&asked.method, asked.uri.path()));
        let mut reply = named.unwrap_or_else(|| plain(self.status, self.text));
        reply.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        if self == ENCODED {
            reply.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        if self == NO_ROOM {
            reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
        }
        reply
    }
}

/// How many lengths of its body a head names: hyper shows one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lengths {
    /// Content-Length, Transfer-Encoding, or neither.
    One,
    /// Both.
    Two,
}

/// Reads a request. One with two lengths, which a proxy may have read otherwise, is refused (RFC 9112 §6.1 and §6.3, item 3).
pub async fn read(request: http::Request<Incoming>, lengths: Lengths, room: &Room) -> Result<(Request, Held), Reply> {
    let (mut parts, body) = request.into_parts();
    check_head(&parts, lengths).map_err(|refusal| refusal.reply(&parts))?;
    let path = parts.uri.path_and_query().filter(|_| parts.uri.scheme().is_some()).cloned();
    if let Some(path) = path {
        // Whom it was sent to is known: it came here.
        parts.uri = Uri::from(path);
    }
    let read = tokio::time::timeout(BODY, collect(body, room)).await.unwrap_or(Err(TOO_SLOW));
    let (body, held) = read.map_err(|refusal| refusal.reply(&parts))?;
    Ok((Request::from_parts(parts, body), held))
}

async fn collect(mut body: Incoming, room: &Room) -> Result<(Bytes, Held), Refusal> {
    // Before it is read: whoever asks with `Expect` is not told to go on.
    if body.size_hint().lower() > MAX_BODY as u64 {
        return Err(TOO_LARGE);
    }
    let (mut whole, mut held) = (BytesMut::new(), None);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| BROKEN)?;
        let Ok(octets) = frame.into_data() else { continue };
        if whole.len() + octets.len() > MAX_BODY {
            return Err(TOO_LARGE);
        }
        if whole.is_empty() && body.is_end_stream() && octets.len() < PIECE {
            return Ok((octets, None));
        }
        room.grow(&mut held, whole.len() + octets.len()).ok_or(NO_ROOM)?;
        whole.extend_from_slice(&octets);
    }
    Ok((whole.freeze(), held))
}

/// Whether the head says one thing only.
fn check_head(parts: &Parts, lengths: Lengths) -> Result<(), Refusal> {
    let count = |name: &HeaderName| parts.headers.get_all(name).iter().take(2).count();
    if ONCE.iter().any(|name| count(name) > 1) {
        return Err(Refusal::head("A header stands twice that may stand once.\n"));
    }
    if parts.version == Version::HTTP_11 && count(&HOST) == 0 {
        return Err(Refusal::head("The header Host is missing.\n"));
    }
    if !host_is_readable(&parts.headers) {
        return Err(Refusal::head("The header Host cannot be read.\n"));
    }
    check_transfer(&parts.headers)?;
    if lengths == Lengths::Two {
        return Err(Refusal::head("The length of the body is said twice.\n"));
    }
    // What is not understood must not be kept as if it were (RFC 9110 §8.4, §12.5.3).
    if parts.headers.get_all(CONTENT_ENCODING).iter().any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(ENCODED);
    }
    Ok(())
}

/// Whether it is said in a way that is understood where the body ends (RFC 9112 §6.1 and §7.1).
fn check_transfer(headers: &HeaderMap) -> Result<(), Refusal> {
    let text = headers.get_all(TRANSFER_ENCODING).iter().map(|value| value.to_str().unwrap_or_default());
    let codings: Vec<&str> = text.flat_map(|text| text.split(',')).map(str::trim).collect();
    if !codings.iter().all(|coding| coding.eq_ignore_ascii_case("chunked")) {
        return Err(CODED);
    }
    match codings.len() {
        0 | 1 => Ok(()),
        _ => Err(Refusal::head("A body is sent in chunks once.\n")),
    }
}

/// Whether `Host` is a host with or without a port, or empty (RFC 9112 §3.2).
fn host_is_readable(headers: &HeaderMap) -> bool {
    headers.get(HOST).is_none_or(|host| {
        let host = host.as_bytes();
        host.is_empty() || !host.contains(&b'@') && Authority::try_from(host).is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_share_their_room() {
        let room = Room::new();
        let mut small = None;
        assert!(room.grow(&mut small, PIECE - 1).is_some() && small.is_none());
        let (mut first, mut second) = (None, None);
        assert!(room.grow(&mut first, MAX_BODY / 2).is_some() && room.grow(&mut first, MAX_BODY).is_some());
        assert_eq!(first.as_ref().map(OwnedSemaphorePermit::num_permits), Some(MAX_BODY / PIECE));
        let mut others: Vec<Held> = Vec::new();
        for _ in 1..PIECES * PIECE / MAX_BODY {
            let mut held = None;
            assert!(room.grow(&mut held, MAX_BODY).is_some());
            others.push(held);
        }
        assert!(room.grow(&mut second, PIECE).is_none());
        assert!(room.grow(&mut small, PIECE - 1).is_some());
        drop(first);
        assert!(room.grow(&mut second, MAX_BODY).is_some());
    }

    #[test]
    fn hosts_are_hosts() {
        let readable = |host: &str| host_is_readable(&[(HOST, HeaderValue::from_str(host).unwrap())].into_iter().collect());
        for host in ["termine.example", "termine.example:8443", "127.0.0.1:80", "[::1]:8008", ""] {
            assert!(readable(host), "{host}");
        }
        for host in ["a b", "a/b", "a@b", "a:b:c", "<"] {
            assert!(!readable(host), "{host}");
        }
    }
}

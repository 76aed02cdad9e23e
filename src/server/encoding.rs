//! Content-Encoding gzip: what is worth it, for whom, and a piece at a time.
//!
//! Not for: HTML. A page of ours holds secrets of its forms next to what a visitor typed, and the length of a compressed page tells about
//! both (BREACH); calendars, listings and style sheets hold none. Entity tags stay as they are: programs send them back in If-Match, and what
//! they name is the state of an object, not its octets on the way. So a range is never offered of what was compressed.
//! RFC 9110 §8.4 and §12.5.3, RFC 1952.

use std::io::Write as _;

use bytes::{Buf, Bytes};
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, HeaderMap, HeaderValue, VARY,
};

use crate::exchange::{Body, Reply};

/// Bodies below this are sent as they are: one packet holds them either way.
const SMALL: usize = 1_400;

/// The most that is compressed at a time, in octets: less than a millisecond, after which others get their turn.
const SLICE: usize = 64 * 1024;

/// What there is much of, and repeats itself.
const COMPRESSED: [&str; 8] =
    ["application/xml", "text/xml", "text/calendar", "text/vcard", "text/css", "text/javascript", "application/json", "image/svg+xml"];

/// What a client can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// Nothing but the octets themselves.
    Identity,
    /// gzip too.
    Gzip,
}

/// Reads Accept-Encoding: gzip by its name, or by `*` where it is not named, with a weight above zero.
pub fn accepted(headers: &HeaderMap) -> Accepted {
    let (mut named, mut any) = (None, false);
    for value in headers.get_all(ACCEPT_ENCODING) {
        for each in value.to_str().unwrap_or_default().split(',') {
            let (coding, weight) = each.split_once(';').unwrap_or((each, ""));
            let wanted = weight.trim().strip_prefix("q=").is_none_or(|q| q.trim().parse::<f32>().is_ok_and(|q| q > 0.0));
            match coding.trim().to_ascii_lowercase().as_str() {
                "gzip" | "x-gzip" => named = Some(wanted),
                "*" => any = wanted,
                _ => {}
            }
        }
    }
    if named.unwrap_or(any) { Accepted::Gzip } else { Accepted::Identity }
}

/// A body that is compressed while it is sent.
pub struct Gzip {
    encoder: Option<GzEncoder<Vec<u8>>>,
    /// What came and has not been compressed yet.
    waiting: Bytes,
}

/// What a reply's body becomes.
pub enum Encoded {
    /// It stays as it is.
    Plain(Reply),
    /// It is sent through this; its whole body, where it is one, waits in it already.
    Gzip(Reply, Gzip),
}

/// Decides about a reply, and compresses at once what is whole and fits in one piece.
pub fn encode(mut reply: Reply, accepted: Accepted) -> Encoded {
    if !worth(&reply) {
        return Encoded::Plain(reply);
    }
    reply.headers_mut().append(VARY, HeaderValue::from_static("Accept-Encoding"));
    if accepted == Accepted::Identity {
        return Encoded::Plain(reply);
    }
    let headers = reply.headers_mut();
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    headers.remove(CONTENT_LENGTH);
    headers.remove(ACCEPT_RANGES);
    let mut gzip = Gzip { encoder: Some(GzEncoder::new(Vec::new(), Compression::fast())), waiting: Bytes::new() };
    match reply.body_mut() {
        Body::Whole(octets) if octets.len() <= SLICE => {
            gzip.take(std::mem::take(octets));
            let mut all = gzip.next().map(|piece| piece.to_vec()).unwrap_or_default();
            all.extend_from_slice(&gzip.finish().unwrap_or_default());
            *reply.body_mut() = Body::from(all);
            Encoded::Plain(reply)
        }
        Body::Whole(octets) => {
            gzip.take(std::mem::take(octets));
            Encoded::Gzip(reply, gzip)
        }
        Body::Stream(_) => Encoded::Gzip(reply, gzip),
    }
}

fn worth(reply: &Reply) -> bool {
    let headers = reply.headers();
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let large = match reply.body() {
        Body::Whole(octets) => octets.len() >= SMALL,
        Body::Stream(_) => true,
    };
    let as_it_is = headers.contains_key(CONTENT_ENCODING) || headers.contains_key(CONTENT_RANGE);
    large && !as_it_is && COMPRESSED.iter().any(|known| known.eq_ignore_ascii_case(kind))
}

impl Gzip {
    /// Takes what came, once all before it has been compressed.
    pub fn take(&mut self, octets: Bytes) {
        self.waiting = octets;
    }

    /// Compresses the next slice of what waits, and gives what there is to send; `None` where nothing waits.
    pub fn next(&mut self) -> Option<Bytes> {
        if self.waiting.is_empty() {
            return None;
        }
        let slice = self.waiting.split_to(self.waiting.remaining().min(SLICE));
        let encoder = self.encoder.as_mut()?;
        // Into memory: there is nothing that could fail.
        encoder.write_all(&slice).ok()?;
        encoder.flush().ok()?;
        Some(Bytes::from(std::mem::take(encoder.get_mut())))
    }

    /// The end of it; `None` where it was given already.
    pub fn finish(&mut self) -> Option<Bytes> {
        self.encoder.take()?.finish().ok().map(Bytes::from)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;
    use http::StatusCode;
    use tokio::sync::mpsc;

    fn accepts(value: &'static str) -> bool {
        let headers: HeaderMap = [(ACCEPT_ENCODING, HeaderValue::from_static(value))].into_iter().collect();
        accepted(&headers) == Accepted::Gzip
    }

    fn reply(kind: &'static str, body: impl Into<Body>) -> Reply {
        let mut reply = Reply::new(body.into());
        reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        reply
    }

    fn unpacked(octets: &[u8]) -> Vec<u8> {
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(octets).read_to_end(&mut plain).unwrap();
        plain
    }

    #[test]
    fn clients_say_what_they_can_read() {
        for value in ["gzip", "br, gzip;q=0.5", "deflate, X-GZIP", "*", "identity, *;q=0.1", "gzip, *;q=0"] {
            assert!(accepts(value), "{value}");
        }
        for value in ["", "br", "gzip;q=0", "gzip; q=0.0, *", "*;q=0", "identity", "gzip;q=x"] {
            assert!(!accepts(value), "{value}");
        }
    }

    #[test]
    fn what_is_whole_is_compressed_at_once_with_its_tag() {
        let text = "<D:response/>".repeat(1_000);
        let mut sent = reply("application/xml; charset=utf-8", text.clone());
        sent.headers_mut().insert("etag", HeaderValue::from_static("\"x\""));
        sent.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(13_000));
        let Encoded::Plain(encoded) = encode(sent, Accepted::Gzip) else { panic!("a stream") };
        let headers = encoded.headers();
        assert_eq!(
            (headers["etag"].as_bytes(), headers[CONTENT_ENCODING].as_bytes(), headers[VARY].as_bytes()),
            (&b"\"x\""[..], &b"gzip"[..], &b"Accept-Encoding"[..])
        );
        assert!(!headers.contains_key(CONTENT_LENGTH));
        let Body::Whole(octets) = encoded.body() else { panic!("a stream") };
        assert!(octets.len() < 500);
        assert_eq!(unpacked(octets), text.as_bytes());
    }

    #[test]
    fn what_is_long_is_compressed_a_slice_at_a_time() {
        let text: String = (0..40_000).map(|n| format!("{n}\n")).collect();
        let Encoded::Gzip(_, mut gzip) = encode(reply("text/calendar", text.clone()), Accepted::Gzip) else { panic!("not compressed") };
        let mut pieces = Vec::new();
        while let Some(piece) = gzip.next() {
            assert!(!piece.is_empty());
            pieces.push(piece);
        }
        assert_eq!(pieces.len(), text.len().div_ceil(SLICE));
        pieces.extend(gzip.finish());
        assert_eq!(gzip.finish(), None);
        assert_eq!(unpacked(&pieces.concat()), text.as_bytes());
    }

    #[test]
    fn the_rest_stays_as_it_is() {
        let long = "x".repeat(10_000);
        let plain = |reply: Reply, accepted| match encode(reply, accepted) {
            Encoded::Plain(reply) => !reply.headers().contains_key(CONTENT_ENCODING),
            Encoded::Gzip(..) => false,
        };
        assert!(plain(reply("text/html; charset=utf-8", long.clone()), Accepted::Gzip));
        assert!(plain(reply("text/event-stream", Body::Stream(mpsc::channel(1).1)), Accepted::Gzip));
        assert!(plain(reply("text/calendar", "x".repeat(SMALL - 1)), Accepted::Gzip));
        assert!(plain(reply("text/calendar", long.clone()), Accepted::Identity));
        let mut part = reply("text/calendar", long);
        *part.status_mut() = StatusCode::PARTIAL_CONTENT;
        part.headers_mut().insert(CONTENT_RANGE, HeaderValue::from_static("bytes 0-9999/20000"));
        assert!(plain(part, Accepted::Gzip));
        assert!(matches!(encode(reply("text/xml", Body::Stream(mpsc::channel(1).1)), Accepted::Gzip), Encoded::Gzip(..)));
    }
}

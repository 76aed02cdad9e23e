//! Whether the head of a request names two lengths of its body, of which hyper tells one.
//!
//! hyper takes the chunks then, drops the Content-Length, and closes the connection after the answer, which RFC 9112 §6.1 allows; but whoever sends
//! such a request means to be read in two ways, by a proxy and by us, and is refused. So each head is looked at as it comes in. Heads that come before the
//! answer to the request before them (pipelining) are not: there hyper's way is all there is. Not for: what else a head says (`reading`).

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// So much of a line is kept: the names that are looked for are shorter.
const KEPT: usize = 32;

/// What was seen of the heads of a connection.
#[derive(Default)]
pub struct Heads(Mutex<Scan>);

#[derive(Default)]
struct Scan {
    place: Place,
    /// The beginning of the line that is being read.
    line: Vec<u8>,
    content_length: bool,
    transfer_encoding: bool,
}

#[derive(Default, PartialEq, Eq)]
enum Place {
    /// Before the first line: empty ones are passed over (RFC 9112 §2.2).
    #[default]
    Before,
    Head,
    /// Behind the empty line that ends the head.
    Behind,
}

impl Heads {
    /// Whether the head that was read last named both; the next request begins with the next octets.
    pub fn had_two_lengths(&self) -> bool {
        let scan = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        scan.content_length && scan.transfer_encoding
    }

    /// The request was answered: what comes next is a head.
    pub fn next(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Scan::default();
    }

    fn see(&self, octets: &[u8]) {
        let mut scan = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for octet in octets {
            if scan.place == Place::Behind {
                return;
            }
            scan.see(*octet);
        }
    }
}

impl Scan {
    fn see(&mut self, octet: u8) {
        if octet != b'\n' {
            if self.line.len() < KEPT {
                self.line.push(octet);
            }
            return;
        }
        let line = self.line.strip_suffix(b"\r").unwrap_or(&self.line);
        let is_named = |name: &[u8]| {
            let (begin, rest) = line.split_at_checked(name.len()).unwrap_or_default();
            begin.eq_ignore_ascii_case(name) && rest.trim_ascii_start().starts_with(b":")
        };
        self.content_length |= is_named(b"content-length");
        self.transfer_encoding |= is_named(b"transfer-encoding");
        self.place = match (line.is_empty(), &self.place) {
            (true, Place::Head) => Place::Behind,
            (true, _) => Place::Before,
            (false, _) => Place::Head,
        };
        self.line.clear();
    }
}

/// A stream whose incoming octets are looked at.
pub struct Watched<S> {
    stream: S,
    heads: Arc<Heads>,
}

impl<S> Watched<S> {
    /// `heads` is told what comes in.
    pub fn new(stream: S, heads: Arc<Heads>) -> Watched<S> {
        Watched { stream, heads }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        self.heads.see(buffer.filled().get(before..).unwrap_or_default());
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, octets: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, octets)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, octets: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, octets)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a head that comes in pieces of so many octets names two lengths.
    fn two_lengths(head: &str, piece: usize) -> bool {
        let heads = Heads::default();
        head.as_bytes().chunks(piece).for_each(|octets| heads.see(octets));
        heads.had_two_lengths()
    }

    #[test]
    fn two_lengths_are_seen_however_they_come() {
        let request = |lines: &str| format!("PUT /x HTTP/1.1\r\nHost: a\r\n{lines}\r\n0\r\n\r\n");
        for piece in [1, 7, 1000] {
            for lines in [
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                "transfer-encoding:chunked\r\nX-Long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\nCONTENT-LENGTH : 5\r\n",
            ] {
                assert!(two_lengths(&request(lines), piece), "{lines}");
                assert!(two_lengths(&format!("\r\n{}", request(&lines.replace("\r\n", "\n"))), piece), "{lines}");
            }
            for lines in
                ["Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "X-Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", ""]
            {
                assert!(!two_lengths(&request(lines), piece), "{lines}");
            }
            // What a body says is no head, and what a head said is forgotten with it.
            assert!(!two_lengths(&request("Content-Length: 60\r\n\r\nTransfer-Encoding: chunked\r\n"), piece));
        }
        let heads = Heads::default();
        heads.see(b"PUT / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx");
        heads.next();
        heads.see(b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
        assert!(!heads.had_two_lengths());
    }
}

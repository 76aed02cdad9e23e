//! hyper's only room: accept, limits, one log line a request, shutdown; a panic is a 500.
//!
//! Not for: what a request means (`dav`, `web`), whether it can be read (`reading`, `heads`), which answers are compressed (`encoding`), how long a
//! client may take for them (`patience`). RFC 9110, RFC 9112.

mod encoding;
mod heads;
mod patience;
mod places;
mod reading;

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};

use self::encoding::{Encoded, Gzip};
use self::heads::{Heads, Watched};
use self::patience::{Abandon as _, Patient};
use self::places::Places;
use self::reading::{Lengths, Room};
use crate::app::App;
use crate::dav;
use crate::exchange::{Body, Peer, Reply, Request};
use crate::web::{self, Web};

/// How long a client may take for its headers, which in hyper is also how long an idle connection is kept.
const HEADERS: Duration = Duration::from_secs(60);

/// How long the head of a request may be, in octets (hyper looks after each read, so that up to twice as much gets through), and how much of an
/// answer waits in a connection's buffer.
const BUFFER: usize = 64 * 1024;

/// How long requests that are under way may take at the end.
const DRAIN: Duration = Duration::from_secs(5);

/// The server's parts.
pub struct Server {
    /// The product.
    pub app: Arc<App>,
    /// The door for people.
    pub web: Web,
    /// Connections at once.
    pub connections: usize,
    /// Whether the last address in X-Forwarded-For is the visitor's.
    pub behind_proxy: bool,
}

/// Serves until `stop` is done, then lets requests under way end.
pub async fn run(server: Arc<Server>, listener: TcpListener, stop: impl Future<Output = ()>) {
    let places = Places::new(server.connections);
    let room = Room::new();
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        // No place, no accept: further clients wait in the kernel's queue.
        let free = tokio::select! {
            free = places.free() => free,
            () = &mut stop => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors: waiting a moment is all that helps.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let place = free.and_then(|free| places.give(free, peer.ip(), server.behind_proxy));
        if place.is_none() {
            tracing::debug!("an address has its share of the connections already");
            stream.abandon();
            continue;
        }
        let connection = graceful.watch(connection(Arc::clone(&server), room.clone(), stream, peer));
        tokio::spawn(async move {
            let _place = place;
            // A client that breaks off is no news.
            let _ = connection.await;
        });
    }
    drop(listener);
    server.app.close();
    let _ = tokio::time::timeout(DRAIN, graceful.shutdown()).await;
}

fn connection(
    server: Arc<Server>,
    room: Room,
    stream: TcpStream,
    peer: SocketAddr,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> {
    // Small answers must not wait for the client's acknowledgement of the one before.
    let _ = stream.set_nodelay(true);
    let heads = Arc::new(Heads::default());
    let stream = Watched::new(Patient::new(stream), Arc::clone(&heads));
    let service = service_fn(move |request| {
        let (server, room, heads) = (Arc::clone(&server), room.clone(), Arc::clone(&heads));
        let lengths = if heads.had_two_lengths() { Lengths::Two } else { Lengths::One };
        async move {
            let reply = answer(server, room, request, lengths, peer.ip()).await;
            heads.next();
            Ok::<_, std::convert::Infallible>(reply)
        }
    });
    hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .max_buf_size(BUFFER)
        // Who has said all it wants to say may close its half and still be answered (RFC 9112 §9.6).
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service)
}

/// One request, one log line. The line has the route's name, never the address: addresses hold customers' links.
async fn answer(
    server: Arc<Server>,
    room: Room,
    request: http::Request<Incoming>,
    lengths: Lengths,
    peer: IpAddr,
) -> http::Response<Outgoing> {
    let begun = std::time::Instant::now();
    let (method, route) = (request.method().clone(), route(request.method(), request.uri().path()));
    let peer = visitor(&server, request.headers(), peer);
    let accepted = encoding::accepted(request.headers());
    let reply = match reading::read(request, lengths, &room).await {
        // In a task of its own, so that a panic ends this request and nothing else.
        Ok((request, _held)) => match tokio::spawn(dispatch(Arc::clone(&server), request, peer)).await {
            Ok(reply) => reply,
            Err(_) => {
                // The error would quote the panic's words, and those may quote what a customer typed.
                tracing::error!(route, "a request panicked");
                plain(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong here. It has been logged.\n")
            }
        },
        Err(reply) => reply,
    };
    tracing::info!(method = %method, route, status = reply.status().as_u16(), ms = begun.elapsed().as_millis() as u64);
    match encoding::encode(reply, accepted) {
        Encoded::Plain(reply) => reply.map(|body| Outgoing { body, gzip: None }),
        Encoded::Gzip(reply, gzip) => reply.map(|body| Outgoing { body, gzip: Some(gzip) }),
    }
}

async fn dispatch(server: Arc<Server>, mut request: Request, peer: IpAddr) -> Reply {
    if dav::wants(request.method(), request.uri().path()) {
        request.extensions_mut().insert(Peer(peer));
        dav::handle(&server.app, request).await
    } else {
        web::handle(&server.web, request, peer).await
    }
}

fn route(method: &Method, path: &str) -> &'static str {
    if dav::wants(method, path) { "dav" } else { web::route_name(method, path) }
}

/// Whose request it is, for the limits.
fn visitor(server: &Server, headers: &HeaderMap, peer: IpAddr) -> IpAddr {
    if !server.behind_proxy {
        return peer;
    }
    let last = headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next());
    last.and_then(forwarded).unwrap_or(peer)
}

/// An address as proxies write it: some add the port, and put one of IPv6 into brackets (RFC 7239 §6).
fn forwarded(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

fn plain(status: StatusCode, text: &'static str) -> Reply {
    let mut reply = Reply::new(Body::from(text));
    *reply.status_mut() = status;
    reply.headers_mut().insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("text/plain; charset=utf-8"));
    reply
}

/// A reply's body as hyper takes it.
struct Outgoing {
    body: Body,
    gzip: Option<Gzip>,
}

impl Outgoing {
    /// The next octets as the doors gave them.
    fn poll_plain(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        match &mut self.body {
            Body::Whole(octets) if octets.is_empty() => Poll::Ready(None),
            Body::Whole(octets) => Poll::Ready(Some(std::mem::take(octets))),
            Body::Stream(pieces) => pieces.poll_recv(context),
        }
    }

    /// The next octets on the wire.
    fn poll_encoded(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        loop {
            let Some(gzip) = &mut self.gzip else { return self.poll_plain(context) };
            if let Some(piece) = gzip.next() {
                return Poll::Ready(Some(piece));
            }
            let Poll::Ready(piece) = self.poll_plain(context) else { return Poll::Pending };
            match (&mut self.gzip, piece) {
                (Some(gzip), Some(piece)) => gzip.take(piece),
                (Some(gzip), None) => return Poll::Ready(gzip.finish()),
                (None, piece) => return Poll::Ready(piece),
            }
        }
    }
}

impl HttpBody for Outgoing {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.poll_encoded(context).map(|piece| piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.gzip.is_none() && matches!(&self.body, Body::Whole(octets) if octets.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        match &self.body {
            Body::Whole(octets) if self.gzip.is_none() => SizeHint::with_exact(octets.len() as u64),
            Body::Whole(_) | Body::Stream(_) => SizeHint::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_may_say_the_port_too() {
        for (text, address) in [
            ("10.0.0.9", "10.0.0.9"),
            (" 10.0.0.9:4711", "10.0.0.9"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
        ] {
            assert_eq!(forwarded(text), address.parse().ok(), "{text}");
        }
        for text in ["", "unknown", "10.0.0.9:", "[10.0.0.9", "_hidden:80"] {
            assert_eq!(forwarded(text), None, "{text}");
        }
    }
}

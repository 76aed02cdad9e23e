//! A request and a reply, as the doors see them: whole body in, whole or streamed body out.
//!
//! Not for: sockets and limits (`server`).

use std::net::IpAddr;

use bytes::Bytes;
use tokio::sync::mpsc;

/// A request whose body has been read within the server's limits. Its URI is origin-form.
pub type Request = http::Request<Bytes>;

/// Whose request it is, as far as the network tells; the server puts it among the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// A reply.
pub type Reply = http::Response<Body>;

/// A reply's body.
#[derive(Debug)]
pub enum Body {
    /// All of it.
    Whole(Bytes),
    /// Pieces as they come; the stream ends when the sender is dropped. A full channel holds the sender back.
    Stream(mpsc::Receiver<Bytes>),
}

impl Body {
    /// No body.
    pub fn empty() -> Body {
        Body::Whole(Bytes::new())
    }
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(octets: T) -> Body {
        Body::Whole(octets.into())
    }
}

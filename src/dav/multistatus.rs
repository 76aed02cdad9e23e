//! A 207 answer, sent while it is being written: memory does not grow with the collection.
//!
//! Not for: what stands in a response (`selection`). RFC 4918 §13, RFC 6578 §3.6.

use std::future::Future;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use tokio::sync::{mpsc, oneshot};

use super::selection::NOT_FOUND;
use super::xml::Namespace::{self, Dav};
use super::xml::writer::Writer;
use crate::error::{Error, Precondition, Result};
use crate::exchange::{Body, Reply};

/// An answer of so many octets is sent at once: most listings are, and cost no second task.
pub const WHOLE: usize = 256 * 1024;

/// Octets after which a piece of a longer one is sent.
pub const PIECE: usize = 64 * 1024;

/// About what stands around the octets of an object, in octets.
const AROUND: usize = 300;

/// Pieces that may wait for the client before writing pauses.
const WAITING: usize = 2;

/// An answer that is being written.
#[derive(Debug)]
pub struct Multistatus {
    writer: Writer,
    pieces: mpsc::Sender<Bytes>,
    started: Option<oneshot::Sender<()>>,
}

impl Multistatus {
    /// Where responses are written. Call [`Multistatus::flush`] between them.
    pub fn writer(&mut self) -> &mut Writer {
        &mut self.writer
    }

    /// Makes room for objects of these lengths at once, with what stands around each of them.
    pub fn expect(&mut self, lengths: impl Iterator<Item = usize>) {
        // A carriage return takes five octets, and there is one in a line.
        self.writer.reserve(lengths.map(|length| length + length / 6 + AROUND).sum());
    }

    /// A member that is not there: its own response with 404, and no propstat (RFC 4791 §7.9).
    pub fn gone(&mut self, href: &str) {
        self.writer.open(Dav, "response");
        self.writer.leaf(Dav, "href", href);
        self.writer.leaf(Dav, "status", NOT_FOUND);
        self.writer.close(Dav, "response");
    }

    /// The answer is not all there is: 507 for the collection itself (RFC 6578 §3.6), or for an object with too many instances.
    pub fn truncated(&mut self, href: &str) {
        self.refused(href, "HTTP/1.1 507 Insufficient Storage", Precondition::NumberOfMatchesWithinLimits);
    }

    /// A card that cannot be told in the version that is asked for (RFC 6352 §5.1.1, §8.7.2).
    pub fn unconverted(&mut self, href: &str) {
        self.refused(href, "HTTP/1.1 415 Unsupported Media Type", Precondition::SupportedAddressDataConversion);
    }

    fn refused(&mut self, href: &str, status: &str, precondition: Precondition) {
        let element = super::error::element(precondition);
        self.writer.open(Dav, "response");
        self.writer.leaf(Dav, "href", href);
        self.writer.leaf(Dav, "status", status);
        self.writer.open(Dav, "error");
        self.writer.empty(element.namespace, element.local);
        self.writer.close(Dav, "error");
        self.writer.close(Dav, "response");
    }

    /// Sends what was written once there is enough of it; waits while the client is slower.
    pub async fn flush(&mut self) -> Result<()> {
        let enough = if self.started.is_some() { WHOLE } else { PIECE };
        if self.writer.len() < enough { Ok(()) } else { self.send().await }
    }

    async fn send(&mut self) -> Result<()> {
        let piece = Bytes::from(self.writer.take(PIECE + PIECE / 8));
        self.pieces.send(piece).await.map_err(|_| Error::Failed("the client has closed the connection".into()))?;
        if let Some(started) = self.started.take() {
            let _ = started.send(());
        }
        Ok(())
    }
}

/// Writes an answer. What fails before the first piece is full is an error with its own status; afterwards the status has been
/// sent, and the answer ends without its last tag, so that no client takes it for complete.
pub async fn reply<F, Fut>(write: F) -> Result<Reply>
where
    F: FnOnce(Multistatus) -> Fut,
    Fut: Future<Output = Result<Multistatus>> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel(WAITING);
    let (started, begun) = oneshot::channel();
    let watch = sender.clone();
    let writer = Writer::document(Dav, "multistatus");
    let mut work = Box::pin(write(Multistatus { writer, pieces: sender, started: Some(started) }));
    tokio::select! {
        biased;
        done = &mut work => {
            let mut out = done?;
            out.writer.close(Dav, "multistatus");
            if out.started.is_some() {
                return Ok(headed(Body::from(out.writer.into_text())));
            }
            // It began and ended within one turn: the last piece still has to wait for room.
            tokio::spawn(async move { let _ = out.send().await; });
        }
        _ = begun => {
            tokio::spawn(async move {
                match work.await {
                    Ok(mut out) => {
                        out.writer.close(Dav, "multistatus");
                        let _ = out.send().await;
                    }
                    Err(error) if !watch.is_closed() => tracing::error!(?error, "an answer was cut off"),
                    Err(_) => {}
                }
            });
        }
    }
    Ok(headed(Body::Stream(receiver)))
}

fn headed(body: Body) -> Reply {
    let mut reply = Response::new(body);
    *reply.status_mut() = StatusCode::MULTI_STATUS;
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/xml; charset=utf-8"));
    reply
}

/// A whole document with another root than multistatus.
pub fn document(namespace: Namespace, local: &str, write: impl FnOnce(&mut Writer)) -> String {
    let mut writer = Writer::document(namespace, local);
    write(&mut writer);
    writer.close(namespace, local);
    writer.into_text()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn text(reply: Reply) -> String {
        match reply.into_body() {
            Body::Whole(octets) => String::from_utf8(octets.to_vec()).unwrap(),
            Body::Stream(mut pieces) => {
                let mut all = Vec::new();
                while let Some(piece) = pieces.recv().await {
                    all.extend_from_slice(&piece);
                }
                String::from_utf8(all).unwrap()
            }
        }
    }

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().build().unwrap()
    }

    #[test]
    fn a_short_answer_is_whole() {
        runtime().block_on(async {
            let answer = reply(|mut out| async move {
                out.gone("/dav/x");
                out.flush().await?;
                Ok(out)
            });
            let answer = answer.await.unwrap();
            assert_eq!(answer.status(), StatusCode::MULTI_STATUS);
            assert!(matches!(answer.body(), Body::Whole(_)));
            let tree = super::super::xml::read(text(answer).await.as_bytes()).unwrap();
            let response = tree.child(Dav, "response").unwrap();
            assert_eq!(response.child(Dav, "status").unwrap().text(), NOT_FOUND);
        });
    }

    #[test]
    fn an_object_that_cannot_be_told_is_told_by_name() {
        runtime().block_on(async {
            let answer = reply(|mut out| async move {
                out.truncated("/dav/a");
                out.unconverted("/dav/b");
                Ok(out)
            });
            let tree = super::super::xml::read(text(answer.await.unwrap()).await.as_bytes()).unwrap();
            let told: Vec<(String, String)> = tree
                .children()
                .map(|response| {
                    let error = response.child(Dav, "error").unwrap().children().next().unwrap();
                    (response.child(Dav, "status").unwrap().text(), error.local.clone())
                })
                .collect();
            let told: Vec<(&str, &str)> = told.iter().map(|(status, error)| (status.as_str(), error.as_str())).collect();
            let long = ("HTTP/1.1 507 Insufficient Storage", "number-of-matches-within-limits");
            assert_eq!(told, [long, ("HTTP/1.1 415 Unsupported Media Type", "supported-address-data-conversion")]);
        });
    }

    #[test]
    fn a_long_answer_comes_in_pieces_and_is_complete() {
        runtime().block_on(async {
            for count in [4_000, 30_000] {
                let answer = reply(move |mut out| async move {
                    for n in 0..count {
                        out.gone(&format!("/dav/{n}"));
                        out.flush().await?;
                    }
                    Ok(out)
                });
                let answer = answer.await.unwrap();
                assert!(matches!(answer.body(), Body::Stream(_)));
                let tree = super::super::xml::read(text(answer).await.as_bytes()).unwrap();
                assert_eq!(tree.children().count(), count);
            }
        });
    }

    #[test]
    fn a_failure_before_the_first_piece_has_its_status_and_one_after_it_cuts_off() {
        runtime().block_on(async {
            let early = reply(|_| async { Err(Error::Busy) }).await;
            assert_eq!(early.err(), Some(Error::Busy));
            let late = reply(|mut out| async move {
                for n in 0..10_000 {
                    out.gone(&format!("/dav/{n}"));
                    out.flush().await?;
                }
                Err(Error::Busy)
            });
            let body = text(late.await.unwrap()).await;
            assert!(!body.ends_with("</D:multistatus>"));
        });
    }

    #[test]
    fn a_client_that_goes_away_ends_the_work() {
        runtime().block_on(async {
            let (done, finished) = oneshot::channel();
            let answer = reply(|mut out| async move {
                let result = loop {
                    out.gone("/dav/x");
                    if let Err(error) = out.flush().await {
                        break error;
                    }
                };
                let _ = done.send(());
                Err(result)
            });
            drop(answer.await.unwrap());
            finished.await.unwrap();
        });
    }
}

//! Server-sent events for the page of requests: only that something changed; the page asks for the rest.
//!
//! WHATWG HTML §9.2.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, StatusCode, header};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::page::{Visit, plain, set, whole};
use crate::app::Event;
use crate::exchange::{Body, Reply};

/// Seconds between two signs of life; proxies close a silent connection after thirty or sixty.
const BEAT_SECONDS: u64 = 20;

/// Pieces that may wait for a slow reader before the stream ends; the browser then opens another.
const WAITING: usize = 16;

/// After a break the browser waits so many milliseconds.
const OPENING: &str = "retry: 3000\n\n";
const CHANGED: &str = "event: requests\ndata: changed\n\n";
const BEAT: &str = ": still here\n\n";

/// Opens a stream for somebody signed in.
pub async fn events(visit: &Visit<'_>) -> Reply {
    match super::session::session(visit).await {
        Ok(Some(_)) => {}
        Ok(None) => return plain(StatusCode::FORBIDDEN, "Sign in again.\n"),
        Err(error) => return visit.error(error),
    }
    let Ok(place) = Arc::clone(&visit.web.streams).try_acquire_owned() else {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "Too many pages are open.\n");
    };
    let (pieces, body) = mpsc::channel(WAITING);
    if visit.request.method() == http::Method::GET {
        tokio::spawn(feed(visit.web.app.watch(), pieces, place));
    }
    let mut reply = whole(StatusCode::OK, "text/event-stream", "");
    *reply.body_mut() = Body::Stream(body);
    // nginx would hold the pieces back otherwise.
    set(&mut reply, HeaderName::from_static("x-accel-buffering"), "no");
    set(&mut reply, header::CACHE_CONTROL, "no-store, no-transform");
    reply
}

/// Writes until the reader has gone, is too slow, or the program ends. The place is given back with it.
async fn feed(mut news: broadcast::Receiver<Event>, pieces: mpsc::Sender<Bytes>, _place: OwnedSemaphorePermit) {
    let mut beat = tokio::time::interval(Duration::from_secs(BEAT_SECONDS));
    let mut piece = OPENING;
    while pieces.try_send(Bytes::from_static(piece.as_bytes())).is_ok() {
        piece = tokio::select! {
            event = news.recv() => match event {
                // What was missed is in the list that the page asks for.
                Ok(Event::Requests) | Err(RecvError::Lagged(_)) => CHANGED,
                Ok(Event::Closing) | Err(RecvError::Closed) => return,
            },
            _ = beat.tick() => BEAT,
            () = pieces.closed() => return,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn place() -> OwnedSemaphorePermit {
        Arc::new(tokio::sync::Semaphore::new(1)).acquire_owned().await.unwrap()
    }

    #[tokio::test]
    async fn a_change_is_told_and_closing_ends_the_stream() {
        let (news, listener) = broadcast::channel(4);
        let (pieces, mut body) = mpsc::channel(WAITING);
        let feeding = tokio::spawn(feed(listener, pieces, place().await));
        assert_eq!(body.recv().await.unwrap(), OPENING);
        news.send(Event::Requests).unwrap();
        let mut heard = body.recv().await.unwrap();
        while heard == BEAT {
            heard = body.recv().await.unwrap();
        }
        assert_eq!(heard, CHANGED);
        news.send(Event::Closing).unwrap();
        feeding.await.unwrap();
        while let Some(rest) = body.recv().await {
            assert_eq!(rest, BEAT);
        }
    }

    #[tokio::test]
    async fn a_reader_that_has_gone_or_sleeps_ends_it() {
        let (news, listener) = broadcast::channel(64);
        let (pieces, body) = mpsc::channel(WAITING);
        drop(body);
        feed(listener, pieces, place().await).await;
        let listener = news.subscribe();
        let (pieces, _asleep) = mpsc::channel(2);
        for _ in 0..8 {
            news.send(Event::Requests).unwrap();
        }
        feed(listener, pieces, place().await).await;
    }
}

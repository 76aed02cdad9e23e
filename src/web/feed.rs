//! `/feeds/NAME`: a calendar without a login, for programs that subscribe to an address.
//!
//! Not for: who may see what (`app::feed`), what a file looks like (`ical::published`). RFC 9110 §13.1.2, RFC 9111 §5.2.2.

use bytes::Bytes;
use http::{HeaderName, Method, StatusCode, header};
use tokio::sync::mpsc;

use super::page::{Visit, header_of, plain, set, whole};
use crate::app::App;
use crate::app::calendar::Calendar;
use crate::app::feed::{FeedKind, OpenFeed};
use crate::collection::{Etag, Name};
use crate::error::{Error, Result};
use crate::exchange::{Body, Reply};
use crate::ical::object::CalendarObject;
use crate::ical::published::Published;

/// How long a program need not ask again, in seconds.
const FRESH: &str = "private, max-age=300";

/// Octets after which a piece is sent.
const PIECE: usize = 64 * 1024;

/// Pieces that may wait for a slow reader.
const WAITING: usize = 2;

/// How many objects are held at a time.
const PAGE: usize = 32;

/// Answers the file of an address; whatever is wrong with it, there is nothing.
pub async fn feed(visit: &Visit<'_>, file: &str) -> Reply {
    match answer(visit, file).await {
        Ok(mut reply) => {
            set(&mut reply, header::CACHE_CONTROL, FRESH);
            set(&mut reply, HeaderName::from_static("x-robots-tag"), "noindex");
            reply
        }
        Err(Error::NotFound) => plain(StatusCode::NOT_FOUND, "There is no such calendar.\n"),
        Err(error) => visit.error(error),
    }
}

async fn answer(visit: &Visit<'_>, file: &str) -> Result<Reply> {
    let app = &visit.web.app;
    let feed = app.open_feed(file).await?;
    if feed.kind == FeedKind::Full {
        return everything(visit, feed);
    }
    let taken = visit.web.templates.text(visit.practice.language, "feed-busy", &[]);
    let text = app.busy_feed(&feed, &taken).await?;
    let tag = Etag::of(text.as_bytes());
    Ok(if is_known(visit, &tag) { not_modified(&tag) } else { described(Body::from(text), &tag) })
}

/// The whole calendar, sent while it is read. Its tag is its version's: what changes meanwhile is found at the next visit.
fn everything(visit: &Visit<'_>, feed: OpenFeed) -> Result<Reply> {
    let calendar = feed.calendar;
    let tag = Etag::of(format!("{} {} {}", calendar.id.0, calendar.version.0, calendar.display_name).as_bytes());
    if is_known(visit, &tag) {
        return Ok(not_modified(&tag));
    }
    let head = Published::head(&calendar.display_name)?;
    let (pieces, body) = mpsc::channel(WAITING);
    if visit.request.method() == Method::GET {
        let app = std::sync::Arc::clone(&visit.web.app);
        tokio::spawn(async move {
            if let Err(error) = write(&app, &calendar, head, &pieces).await
                && !pieces.is_closed()
            {
                tracing::error!(?error, "a calendar was cut off");
            }
        });
    }
    Ok(described(Body::Stream(body), &tag))
}

async fn write(app: &App, calendar: &Calendar, head: String, pieces: &mpsc::Sender<Bytes>) -> Result<()> {
    let gone = |_| Error::Failed("the client has closed the connection".into());
    let mut published = Published::default();
    let mut out = head.into_bytes();
    let mut after: Option<Name> = None;
    loop {
        let page = app.entries(calendar, after.as_ref()).await?;
        let names: Vec<Name> = page.iter().map(|entry| entry.name.clone()).collect();
        let Some(last) = names.last() else { break };
        after = Some(last.clone());
        for names in names.chunks(PAGE) {
            for object in app.objects(calendar, names).await?.into_iter().flatten() {
                // What cannot be read any more cannot stand in a file with others.
                if let Ok(object) = CalendarObject::parse(object.octets) {
                    published.add(&object, &mut out);
                }
            }
            if out.len() >= PIECE {
                pieces.send(Bytes::from(std::mem::take(&mut out))).await.map_err(gone)?;
            }
        }
    }
    out.extend_from_slice(Published::end()?.as_bytes());
    pieces.send(Bytes::from(out)).await.map_err(gone)
}

fn is_known(visit: &Visit<'_>, tag: &Etag) -> bool {
    let listed = header_of(visit.request, header::IF_NONE_MATCH).unwrap_or("");
    let quoted = tag.quoted();
    listed.split(',').map(|each| each.trim().trim_start_matches("W/")).any(|each| each == "*" || each == quoted)
}

fn described(body: Body, tag: &Etag) -> Reply {
    let mut reply = whole(StatusCode::OK, "text/calendar; charset=utf-8", "");
    *reply.body_mut() = body;
    set(&mut reply, header::ETAG, &tag.quoted());
    set(&mut reply, header::CONTENT_DISPOSITION, "attachment");
    reply
}

fn not_modified(tag: &Etag) -> Reply {
    let mut reply = Reply::new(Body::empty());
    *reply.status_mut() = StatusCode::NOT_MODIFIED;
    set(&mut reply, header::ETAG, &tag.quoted());
    reply
}

//! GET, HEAD, PUT and DELETE. RFC 4791 §5.3.2 to §5.3.4, RFC 4918 §9.4 to §9.7, RFC 9110 §13.
//!
//! Not for: what may be stored (`app::calendar`).

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderValue, LAST_MODIFIED, X_CONTENT_TYPE_OPTIONS};

use super::href::Target;
use super::property::{content_type, last_modified};
use super::{Call, error, found, request};
use crate::app::calendar::Calendar;
use crate::collection::{Condition, Entry, Name};
use crate::error::{Error, Precondition, Result};
use crate::exchange::{Body, Reply};
use crate::ical::object::CalendarObject;

/// What somebody sees who opens a collection in a browser. Not text/calendar: programs would take it for a calendar file.
const COLLECTION_PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>openslot</title></head>\
<body><p>This address is for calendar programs. Give it to yours, with your login and password.</p></body></html>\n";

/// How much of an object is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// GET
    Whole,
    /// HEAD
    Head,
}

/// Answers an object's octets as they were stored.
pub async fn get(call: &Call, part: Part) -> Result<Reply> {
    let who = &call.by.principal;
    let Target::Object(_, calendar, name) = &call.target else {
        found::find(&call.app, who, &call.target).await?;
        return Ok(collection_page(part));
    };
    let calendar = call.calendar(calendar).await?;
    let (entry, octets) = match part {
        Part::Head if !calendar.view.is_lowered() => (found::entry(&call.app, &calendar, name).await?, Bytes::new()),
        Part::Head | Part::Whole => {
            let objects = call.app.objects(&calendar, std::slice::from_ref(name)).await?;
            let object = objects.into_iter().next().flatten().ok_or(Error::NotFound)?;
            (object.entry, object.octets)
        }
    };
    let condition = request::condition(call.request.headers())?;
    match condition.check(Some(&entry.etag)) {
        Ok(()) => {}
        // A failed If-None-Match means that the client has it already (RFC 9110 §13.1.2).
        Err(Error::Stale) if matches!(condition, Condition::Absent | Condition::Differs(_)) => return not_modified(&entry),
        Err(refusal) => return Err(refusal),
    }
    let mut reply = Reply::new(if part == Part::Head { Body::empty() } else { Body::from(octets) });
    if part == Part::Head {
        reply.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(entry.size));
    }
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, header(&content_type(&entry))?);
    headers.insert(ETAG, header(&entry.etag.quoted())?);
    headers.insert(LAST_MODIFIED, header(&last_modified(&entry))?);
    // Whatever people put here, no browser shall take it for a page.
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    Ok(reply)
}

fn collection_page(part: Part) -> Reply {
    let mut reply = Reply::new(match part {
        Part::Whole => Body::from(COLLECTION_PAGE),
        Part::Head => Body::empty(),
    });
    if part == Part::Head {
        reply.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(COLLECTION_PAGE.len()));
    }
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    reply
}

fn not_modified(entry: &Entry) -> Result<Reply> {
    let mut reply = Reply::new(Body::empty());
    *reply.status_mut() = StatusCode::NOT_MODIFIED;
    reply.headers_mut().insert(ETAG, header(&entry.etag.quoted())?);
    Ok(reply)
}

fn header(text: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text).map_err(|_| Error::Failed("a header's value holds control characters".into()))
}

/// Stores an object.
pub async fn put(call: &Call) -> Result<Reply> {
    let Target::Object(_, calendar, name) = &call.target else { return Err(Error::NotAllowed) };
    let condition = request::condition(call.request.headers())?;
    let calendar = match call.calendar(calendar).await {
        // RFC 4918 §9.7.1: what shall lie in a collection needs that collection first.
        Err(Error::NotFound) => return Ok(error::plain(StatusCode::CONFLICT, "There is no such calendar.")),
        found => found?,
    };
    if !request::is_calendar(call.request.headers()) {
        let sentence = "Objects of a calendar are text/calendar.";
        return Ok(error::refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, Precondition::SupportedCalendarData, sentence));
    }
    let put = match call.app.put(&call.by, &calendar, name, call.request.body().clone(), condition).await {
        Err(Error::Refused(Precondition::NoUidConflict, sentence)) => return uid_conflict(call, &calendar, &sentence).await,
        result => result?,
    };
    let mut reply = Reply::new(Body::empty());
    *reply.status_mut() = if put.created { StatusCode::CREATED } else { StatusCode::NO_CONTENT };
    if let Some(etag) = put.etag {
        reply.headers_mut().insert(ETAG, header(&etag.quoted())?);
    }
    Ok(reply)
}

/// Names the object that has the UID already (RFC 4791 §5.3.2.1).
async fn uid_conflict(call: &Call, calendar: &Calendar, sentence: &str) -> Result<Reply> {
    let uid = CalendarObject::parse(call.request.body().clone()).ok().and_then(|object| object.uid());
    let name = match uid {
        Some(uid) => call.app.name_of_uid(calendar, &uid).await?,
        None => None,
    };
    let target = name.map(|name| Target::Object(calendar.home.clone(), calendar.name.clone(), name));
    Ok(error::uid_conflict(target.as_ref(), sentence))
}

/// Deletes an object, or a calendar with everything in it.
pub async fn delete(call: &Call) -> Result<Reply> {
    match &call.target {
        Target::Object(_, calendar, name) => delete_object(call, calendar, name).await?,
        Target::Calendar(_, name) => {
            let calendar = call.calendar(name).await?;
            call.app.delete_calendar(&call.by, &calendar).await?;
        }
        _ => return Err(Error::NotAllowed),
    }
    let mut reply = Reply::new(Body::empty());
    *reply.status_mut() = StatusCode::NO_CONTENT;
    Ok(reply)
}

async fn delete_object(call: &Call, calendar: &Name, name: &Name) -> Result<()> {
    let condition = request::condition(call.request.headers())?;
    let calendar = call.calendar(calendar).await?;
    call.app.delete(&call.by, &calendar, name, condition).await
}

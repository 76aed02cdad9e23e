//! GET, HEAD, PUT and DELETE. RFC 4791 §5.3.2 to §5.3.4, RFC 4918 §9.4 to §9.7, RFC 6638 §8, RFC 7809 §7.1, RFC 8144, RFC 9110 §13
//! and §14.
//!
//! Not for: what may be stored (`app::calendar`).

use bytes::Bytes;
use http::StatusCode;
use http::header::{
    ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_LOCATION, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName,
    HeaderValue, LAST_MODIFIED, VARY, X_CONTENT_TYPE_OPTIONS,
};

use super::href::Target;
use super::property::{content_type, last_modified};
use super::request::Wanted;
use super::{Call, error, found, request};
use crate::app::calendar::Calendar;
use crate::collection::{Condition, Entry, Etag, Name, Object};
use crate::error::{Error, Precondition, Result};
use crate::exchange::{Body, Reply};
use crate::ical::object::CalendarObject;
use crate::ical::timezones::Timezones;

/// What somebody sees who opens a collection in a browser. Not text/calendar: programs would take it for a calendar file.
const COLLECTION_PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>openslot</title></head>\
<body><p>This address is for calendar programs. Give it to yours, with your login and password.</p></body></html>\n";

/// The headers by which answers about one object differ, beside the encoding.
const VARIES: &str = "CalDAV-Timezones, Prefer";

/// How much of an object is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// GET
    Whole,
    /// HEAD
    Head,
}

/// Answers an object's octets as they were stored, or with its time zones as the client wants them. The ETag is the same for all of them,
/// as it is for a compressed answer: it says which state of the object is known, and comes back in `If-Match`.
pub async fn get(call: &Call, part: Part) -> Result<Reply> {
    let who = &call.by.principal;
    let headers = call.request.headers();
    let Target::Object(_, calendar, name) = &call.target else {
        found::find(&call.app, who, &call.target).await?;
        return Ok(collection_page(part));
    };
    let calendar = call.app.calendar(who, calendar).await?;
    let timezones = request::timezones(headers)?;
    // Of what is answered as it is kept the length is known without reading it.
    if part == Part::Head && timezones == Timezones::AsSent {
        let entry = found::entry(&call.app, &calendar, name).await?;
        if let Some(reply) = not_modified(headers, &entry)? {
            return Ok(reply);
        }
        let mut reply = described(Body::empty(), &entry)?;
        reply.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(entry.size));
        reply.headers_mut().insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        return Ok(reply);
    }
    let object = read(call, &calendar, name).await?;
    if let Some(reply) = not_modified(headers, &object.entry)? {
        return Ok(reply);
    }
    if timezones == Timezones::AsSent {
        return ranged(headers, &object);
    }
    let shown = timezones.shown(&object.octets);
    let length = shown.len();
    let mut reply = described(if part == Part::Head { Body::empty() } else { Body::from(shown) }, &object.entry)?;
    reply.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    Ok(reply)
}

async fn read(call: &Call, calendar: &Calendar, name: &Name) -> Result<Object> {
    let objects = call.app.objects(calendar, std::slice::from_ref(name)).await?;
    objects.into_iter().next().flatten().ok_or(Error::NotFound)
}

/// All of an object, or the part of it that `Range` asks for (RFC 9110 §14).
fn ranged(headers: &HeaderMap, object: &Object) -> Result<Reply> {
    let length = object.octets.len();
    let (status, octets, shown) = match request::wanted(headers, length, &object.entry.etag.quoted()) {
        Wanted::All => (StatusCode::OK, object.octets.clone(), None),
        Wanted::Part(range) => {
            let shown = format!("bytes {}-{}/{length}", range.start, range.end.saturating_sub(1));
            (StatusCode::PARTIAL_CONTENT, object.octets.slice(range), Some(shown))
        }
        Wanted::Beyond => (StatusCode::RANGE_NOT_SATISFIABLE, Bytes::new(), Some(format!("bytes */{length}"))),
    };
    let mut reply = described(Body::from(octets), &object.entry)?;
    *reply.status_mut() = status;
    reply.headers_mut().insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Some(shown) = shown {
        reply.headers_mut().insert(CONTENT_RANGE, header(&shown)?);
    }
    Ok(reply)
}

/// A reply about an object with what is known of it.
fn described(body: Body, entry: &Entry) -> Result<Reply> {
    let mut reply = Reply::new(body);
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, header(&content_type(entry))?);
    headers.insert(LAST_MODIFIED, header(&last_modified(entry))?);
    headers.insert(VARY, HeaderValue::from_static(VARIES));
    // Whatever people put here, no browser shall take it for a page.
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    tag(&mut reply, Some(&entry.etag), entry.schedule_tag.as_ref())?;
    Ok(reply)
}

/// The tags of an object as headers, where it has them.
fn tag(reply: &mut Reply, etag: Option<&Etag>, schedule_tag: Option<&Etag>) -> Result<()> {
    if let Some(etag) = etag {
        reply.headers_mut().insert(ETAG, header(&etag.quoted())?);
    }
    if let Some(tag) = schedule_tag {
        reply.headers_mut().insert(HeaderName::from_static("schedule-tag"), header(&tag.quoted())?);
    }
    Ok(())
}

/// 304 where the client has it already (RFC 9110 §13.1.2 and §13.1.3); an `If-Match` that does not hold is an error.
fn not_modified(headers: &HeaderMap, entry: &Entry) -> Result<Option<Reply>> {
    let condition = request::condition(headers)?;
    match condition.check(Some(&entry.etag)) {
        Ok(()) if !request::not_modified_since(headers, entry.modified) => return Ok(None),
        Ok(()) => {}
        Err(Error::Stale) if matches!(condition, Condition::Absent | Condition::Differs(_)) => {}
        Err(refusal) => return Err(refusal),
    }
    let mut reply = Reply::new(Body::empty());
    *reply.status_mut() = StatusCode::NOT_MODIFIED;
    reply.headers_mut().insert(VARY, HeaderValue::from_static(VARIES));
    tag(&mut reply, Some(&entry.etag), entry.schedule_tag.as_ref())?;
    Ok(Some(reply))
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

fn header(text: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text).map_err(|_| Error::Failed("a header's value holds control characters".into()))
}

/// Stores an object.
pub async fn put(call: &Call) -> Result<Reply> {
    let Target::Object(_, calendar, name) = &call.target else { return Err(Error::NotAllowed) };
    let condition = request::condition(call.request.headers())?;
    let calendar = match call.app.calendar(&call.by.principal, calendar).await {
        // RFC 4918 §9.7.1: what shall lie in a collection needs that collection first.
        Err(Error::NotFound) => return Ok(error::plain(StatusCode::CONFLICT, "There is no such calendar.")),
        found => found?,
    };
    if !request::is_calendar(call.request.headers()) {
        let sentence = "Objects of a calendar are text/calendar.";
        return Ok(error::refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, Precondition::SupportedCalendarData, sentence));
    }
    let wants_it = request::preference(call.request.headers()).representation.is_some();
    let put = match call.app.put(&call.by, &calendar, name, call.request.body().clone(), condition).await {
        Err(Error::Refused(Precondition::NoUidConflict, sentence)) => return uid_conflict(call, &calendar, &sentence).await,
        // RFC 8144: whoever wants the representation gets what is in the way.
        Err(Error::Stale) if wants_it => return represented(call, &calendar, name, StatusCode::PRECONDITION_FAILED).await,
        result => result?,
    };
    if wants_it {
        let status = if put.created { StatusCode::CREATED } else { StatusCode::OK };
        return represented(call, &calendar, name, status).await;
    }
    let mut reply = Reply::new(Body::empty());
    *reply.status_mut() = if put.created { StatusCode::CREATED } else { StatusCode::NO_CONTENT };
    tag(&mut reply, put.etag.as_ref(), put.schedule_tag.as_ref())?;
    Ok(reply)
}

/// What stands there now, with its tags: of a booking the lines that were made of what was sent.
async fn represented(call: &Call, calendar: &Calendar, name: &Name, status: StatusCode) -> Result<Reply> {
    let object = match read(call, calendar, name).await {
        Err(Error::NotFound) if status == StatusCode::PRECONDITION_FAILED => return Err(Error::Stale),
        object => object?,
    };
    let mut reply = described(Body::from(object.octets.clone()), &object.entry)?;
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_LOCATION, header(&call.target.href())?);
    reply.headers_mut().insert(HeaderName::from_static("preference-applied"), HeaderValue::from_static("return=representation"));
    Ok(reply)
}

/// Names the object that has the UID already (RFC 4791 §5.3.2.1).
async fn uid_conflict(call: &Call, calendar: &Calendar, sentence: &str) -> Result<Reply> {
    let uid = CalendarObject::parse(call.request.body().clone()).ok().and_then(|object| object.uid());
    let name = match uid {
        Some(uid) => call.app.name_of_uid(calendar, &uid).await?,
        None => None,
    };
    let target = name.map(|name| Target::Object(call.by.principal.login.clone(), calendar.name.clone(), name));
    Ok(error::uid_conflict(target.as_ref(), sentence))
}

/// Deletes an object, or a calendar with everything in it.
pub async fn delete(call: &Call) -> Result<Reply> {
    match &call.target {
        Target::Object(_, calendar, name) => delete_object(call, calendar, name).await?,
        Target::Calendar(_, name) => {
            let calendar = call.app.calendar(&call.by.principal, name).await?;
            call.app.delete_calendar(&call.by, &calendar).await?;
        }
        Target::Root | Target::Dav | Target::Principals | Target::Homes | Target::Principal(_) | Target::Home(_) | Target::Tray(..) => {
            return Err(Error::NotAllowed);
        }
    }
    let mut reply = Reply::new(Body::empty());
    *reply.status_mut() = StatusCode::NO_CONTENT;
    Ok(reply)
}

async fn delete_object(call: &Call, calendar: &Name, name: &Name) -> Result<()> {
    let condition = request::condition(call.request.headers())?;
    let calendar = call.app.calendar(&call.by.principal, calendar).await?;
    call.app.delete(&call.by, &calendar, name, condition).await
}

//! GET and HEAD. RFC 4918 §9.4, RFC 6352 §5.1.1, RFC 6638 §3.2.10, RFC 7265, RFC 7809 §7.1, RFC 9110 §12 to §14.
//!
//! Not for: writing (`write`).

use bytes::Bytes;
use http::StatusCode;
use http::header::{
    ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
    LAST_MODIFIED, VARY, X_CONTENT_TYPE_OPTIONS,
};

use super::accept::Form;
use super::href::Target;
use super::property::{content_type, last_modified};
use super::request::Wanted;
use super::{Call, accept, found, request};
use crate::app::calendar::Calendar;
use crate::collection::{Condition, Entry, Etag, Name, Object};
use crate::error::{Error, Precondition, Result};
use crate::exchange::{Body, Reply};
use crate::ical::jcal::{self, jcal};
use crate::ical::object::CalendarObject;
use crate::ical::timezones::Timezones;
use crate::vcard::{Card, converted};

/// What somebody sees who opens a collection in a browser. Not text/calendar: programs would take it for a calendar file.
const COLLECTION_PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>openslot</title></head>\
<body><p>This address is for calendar programs. Give it to yours, with your login and password.</p></body></html>\n";

/// The headers by which answers about one object differ, beside the encoding.
const VARIES: &str = "Accept, CalDAV-Timezones, Prefer";

/// How much of an object is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// GET
    Whole,
    /// HEAD
    Head,
}

/// Answers an object's octets as they were stored, or in the form and with the time zones that the client wants. The ETag is the same for all of them,
/// as it is for a compressed answer: it says which state of the object is known, and comes back in `If-Match`.
pub async fn get(call: &Call, part: Part) -> Result<Reply> {
    let who = &call.by.principal;
    let headers = call.request.headers();
    let (Target::Object(_, _, name) | Target::Card(_, _, name)) = &call.target else {
        found::find(&call.app, who, &call.target).await?;
        return Ok(collection_page(part));
    };
    let calendar = found::collection(&call.app, who, &call.target).await?;
    match call.target {
        Target::Object(..) if accept::form(headers) == Form::JCal => return in_jcal(&read(call, &calendar, name).await?, headers, part),
        Target::Card(..) if accept::is_about_cards(headers) => return in_version(&read(call, &calendar, name).await?, headers, part),
        _ => {}
    }
    let timezones = request::timezones(headers)?;
    // Of what is answered as it is kept the length is known without reading it.
    if part == Part::Head && timezones == Timezones::AsSent && !calendar.view.is_lowered() {
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
    if timezones == Timezones::AsSent && part == Part::Whole {
        return as_kept(headers, &object);
    }
    let shown = timezones.shown(&object.octets);
    let length = shown.len();
    let mut reply = described(if part == Part::Head { Body::empty() } else { Body::from(shown) }, &object.entry)?;
    reply.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    Ok(reply)
}

/// An object's octets as they are kept, or the part of them that was asked for.
fn as_kept(headers: &HeaderMap, object: &Object) -> Result<Reply> {
    ranged(headers, &object.octets, &object.entry.etag, described(Body::empty(), &object.entry)?)
}

/// An object as jCal; what cannot be read any more is not kept from the client, which may know what to do with it.
fn in_jcal(object: &Object, headers: &HeaderMap, part: Part) -> Result<Reply> {
    if let Some(reply) = not_modified(headers, &object.entry)? {
        return Ok(reply);
    }
    let Ok(parsed) = CalendarObject::parse(object.octets.clone()) else { return as_kept(headers, object) };
    typed(jcal(&parsed).to_string().into(), jcal::MEDIA_TYPE, &object.entry, part)
}

/// A card in the version that the client likes best (RFC 6352 §5.1.1).
fn in_version(card: &Object, headers: &HeaderMap, part: Part) -> Result<Reply> {
    if let Some(reply) = not_modified(headers, &card.entry)? {
        return Ok(reply);
    }
    let unconverted =
        |_| Error::Refused(Precondition::SupportedAddressDataConversion, "The card cannot be told in another version.".into());
    let parsed = Card::parse(card.octets.clone()).map_err(unconverted)?;
    let version = accept::version(headers, parsed.version().map_err(unconverted)?)?;
    let kind = format!("{}; version={}", content_type(&card.entry), version.as_str());
    typed(converted(&parsed, version).map_err(unconverted)?, &kind, &card.entry, part)
}

/// An object in another form than it is kept in.
fn typed(octets: Bytes, kind: &str, entry: &Entry, part: Part) -> Result<Reply> {
    let length = octets.len();
    let mut reply = described(if part == Part::Head { Body::empty() } else { Body::from(octets) }, entry)?;
    reply.headers_mut().insert(CONTENT_TYPE, header(kind)?);
    reply.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    Ok(reply)
}

/// The object of a name.
pub async fn read(call: &Call, calendar: &Calendar, name: &Name) -> Result<Object> {
    let objects = call.app.objects(calendar, std::slice::from_ref(name)).await?;
    objects.into_iter().next().flatten().ok_or(Error::NotFound)
}

/// A reply with all octets, or with the part of them that `Range` asks for (RFC 9110 §14).
pub fn ranged(headers: &HeaderMap, octets: &Bytes, etag: &Etag, mut reply: Reply) -> Result<Reply> {
    let length = octets.len();
    let (status, octets, shown) = match request::wanted(headers, length, &etag.quoted()) {
        Wanted::All => (StatusCode::OK, octets.clone(), None),
        Wanted::Part(range) => {
            let shown = format!("bytes {}-{}/{length}", range.start, range.end.saturating_sub(1));
            (StatusCode::PARTIAL_CONTENT, octets.slice(range), Some(shown))
        }
        Wanted::Beyond => (StatusCode::RANGE_NOT_SATISFIABLE, Bytes::new(), Some(format!("bytes */{length}"))),
    };
    *reply.body_mut() = Body::from(octets);
    *reply.status_mut() = status;
    reply.headers_mut().insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Some(shown) = shown {
        reply.headers_mut().insert(CONTENT_RANGE, header(&shown)?);
    }
    Ok(reply)
}

/// A reply about an object with what is known of it.
pub fn described(body: Body, entry: &Entry) -> Result<Reply> {
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
pub fn tag(reply: &mut Reply, etag: Option<&Etag>, schedule_tag: Option<&Etag>) -> Result<()> {
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
    if request::is_modified_since(headers, entry.modified) {
        return Err(Error::Stale);
    }
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

/// A collection as a browser sees it.
pub fn collection_page(part: Part) -> Reply {
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

/// A header's value.
pub fn header(text: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text).map_err(|_| Error::Failed("a header's value holds control characters".into()))
}

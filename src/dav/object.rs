//! GET, HEAD, PUT, POST of new members, and DELETE. RFC 4791 §5.3.2 to §5.3.4, RFC 6352 §6.3.2, RFC 5995, RFC 4918 §9.4 to §9.7,
//! RFC 9110 §13.
//!
//! Not for: what may be stored (`app::calendar`, `app::address`).

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderValue, LAST_MODIFIED, LOCATION, X_CONTENT_TYPE_OPTIONS};

use super::href::Target;
use super::property::{ADD_MEMBER, content_type, last_modified};
use super::{Call, error, found, request};
use crate::app::calendar::{Calendar, Put};
use crate::collection::{Condition, Entry, Etag, Name};
use crate::error::{Error, Precondition, Result};
use crate::exchange::{Body, Reply};
use crate::ical::component::Component;
use crate::ical::object::CalendarObject;
use crate::vcard::Card;

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
    let (Target::Object(_, _, name) | Target::Card(_, _, name)) = &call.target else {
        found::find(&call.app, who, &call.target).await?;
        return Ok(collection_page(part));
    };
    let calendar = found::collection(&call.app, who, &call.target).await?;
    let (entry, octets) = match part {
        Part::Head => (found::entry(&call.app, &calendar, name).await?, Bytes::new()),
        Part::Whole => {
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
    let mut reply = Reply::new(Body::from(octets));
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
    let (Target::Object(_, _, name) | Target::Card(_, _, name)) = &call.target else { return Err(Error::NotAllowed) };
    let condition = request::condition(call.request.headers())?;
    let collection = match found::collection(&call.app, &call.by.principal, &call.target).await {
        // RFC 4918 §9.7.1: what shall lie in a collection needs that collection first.
        Err(Error::NotFound) => return Ok(error::plain(StatusCode::CONFLICT, "There is no such collection.")),
        found => found?,
    };
    match store(call, &collection, name, condition).await? {
        Stored::Put(put) => stored(put),
        Stored::Refused(reply) => Ok(reply),
    }
}

/// Stores a new object under a name of ours (RFC 5995 §3.2.2): that of its UID, as most clients would have named it.
pub async fn add(call: &Call) -> Result<Reply> {
    if !matches!(call.target, Target::Calendar(..) | Target::AddressBook(..)) || call.request.uri().query() != Some(ADD_MEMBER) {
        return Err(Error::NotAllowed);
    }
    let collection = found::collection(&call.app, &call.by.principal, &call.target).await?;
    let ending = if collection.component == Component::Card { "vcf" } else { "ics" };
    let octets = call.request.body();
    // Without a UID the check that follows says what is wrong; its name is never used.
    let mut name = Name::of_uid(&uid(&collection, octets).unwrap_or_default(), ending)?;
    if call.app.entries_of(&collection, std::slice::from_ref(&name)).await?.iter().any(Option::is_some) {
        name = Name::of_uid(Etag::of(octets).as_str(), ending)?;
    }
    let put = match store(call, &collection, &name, Condition::Absent).await? {
        Stored::Put(put) => put,
        Stored::Refused(reply) => return Ok(reply),
    };
    let mut reply = stored(put)?;
    let target = call.target.below(&name).ok_or(Error::NotFound)?;
    reply.headers_mut().insert(LOCATION, header(&target.href())?);
    Ok(reply)
}

/// What became of a body.
enum Stored {
    Put(Put),
    /// Refused with a reply that says more than the refusal alone.
    Refused(Reply),
}

async fn store(call: &Call, collection: &Calendar, name: &Name, condition: Condition) -> Result<Stored> {
    let cards = collection.component == Component::Card;
    let (types, precondition, sentence) = if cards {
        (request::CARDS, Precondition::SupportedAddressData, "Objects of an address book are text/vcard.")
    } else {
        (request::CALENDARS, Precondition::SupportedCalendarData, "Objects of a calendar are text/calendar.")
    };
    if !request::is_type(call.request.headers(), types) {
        return Ok(Stored::Refused(error::refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, precondition, sentence)));
    }
    let octets = call.request.body().clone();
    let put = if cards {
        call.app.put_card(&call.by, collection, name, octets, condition).await
    } else {
        call.app.put(&call.by, collection, name, octets, condition).await
    };
    match put {
        Err(Error::Refused(Precondition::NoUidConflict, sentence)) => Ok(Stored::Refused(uid_conflict(call, collection, &sentence).await?)),
        put => put.map(Stored::Put),
    }
}

fn stored(put: Put) -> Result<Reply> {
    let mut reply = Reply::new(Body::empty());
    *reply.status_mut() = if put.created { StatusCode::CREATED } else { StatusCode::NO_CONTENT };
    if let Some(etag) = put.etag {
        reply.headers_mut().insert(ETAG, header(&etag.quoted())?);
    }
    Ok(reply)
}

/// The UID in a body, as far as one can be read.
fn uid(collection: &Calendar, octets: &Bytes) -> Option<String> {
    if collection.component == Component::Card {
        return Some(Card::parse(octets.clone()).ok()?.check().ok()?.uid);
    }
    CalendarObject::parse(octets.clone()).ok()?.uid()
}

/// Names the object that has the UID already (RFC 4791 §5.3.2.1, RFC 6352 §6.3.2.1).
async fn uid_conflict(call: &Call, collection: &Calendar, sentence: &str) -> Result<Reply> {
    let name = match uid(collection, call.request.body()) {
        Some(uid) => call.app.name_of_uid(collection, &uid).await?,
        None => None,
    };
    let place = call.target.parent().unwrap_or_else(|| call.target.clone());
    let other = name.and_then(|name| place.below(&name));
    Ok(error::uid_conflict(other.as_ref(), sentence, collection.component == Component::Card))
}

/// Deletes an object, or a collection with everything in it.
pub async fn delete(call: &Call) -> Result<Reply> {
    let who = &call.by.principal;
    match &call.target {
        Target::Object(_, _, name) | Target::Card(_, _, name) => {
            let condition = request::condition(call.request.headers())?;
            let collection = found::collection(&call.app, who, &call.target).await?;
            call.app.delete(&call.by, &collection, name, condition).await?;
        }
        Target::Calendar(..) | Target::AddressBook(..) => {
            let collection = found::collection(&call.app, who, &call.target).await?;
            call.app.delete_calendar(&call.by, &collection).await?;
        }
        _ => return Err(Error::NotAllowed),
    }
    let mut reply = Reply::new(Body::empty());
    *reply.status_mut() = StatusCode::NO_CONTENT;
    Ok(reply)
}

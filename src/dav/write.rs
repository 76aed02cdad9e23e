//! PUT, POST of new members, DELETE. RFC 4791 §5.3.2 to §5.3.4, RFC 6352 §6.3.2, RFC 5995, RFC 4918 §9.6 and §9.7, RFC 6638 §8, RFC 8144.
//!
//! Not for: what may be stored (`app::calendar`, `app::address`), reading (`object`).

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_LOCATION, HeaderName, HeaderValue, LOCATION};

use super::href::Target;
use super::object::{described, header, read, tag};
use super::{Call, error, found, request};
use crate::app::calendar::{Calendar, Put};
use crate::collection::{Condition, Etag, Name};
use crate::error::{Error, Precondition, Result};
use crate::exchange::{Body, Reply};
use crate::ical::component::Component;
use crate::ical::object::CalendarObject;
use crate::vcard::Card;

/// Stores an object.
pub async fn put(call: &Call) -> Result<Reply> {
    let (Target::Object(_, _, name) | Target::Card(_, _, name)) = &call.target else { return Err(Error::NotAllowed) };
    let condition = request::condition(call.request.headers())?;
    let collection = match found::collection(&call.app, &call.by.principal, &call.target).await {
        // RFC 4918 §9.7.1: what shall lie in a collection needs that collection first.
        Err(Error::NotFound) => return Ok(error::plain(StatusCode::CONFLICT, "There is no such collection.")),
        found => found?,
    };
    let condition = unmodified(call, &collection, name, condition).await?;
    let wants_it = request::preference(call.request.headers()).representation.is_some();
    let put = match store(call, &collection, name, condition).await {
        Ok(Stored::Put(put)) => put,
        Ok(Stored::Refused(reply)) => return Ok(reply),
        // RFC 8144: whoever wants the representation gets what is in the way.
        Err(Error::Stale) if wants_it => {
            return represented(call, &collection, (&call.target, name), StatusCode::PRECONDITION_FAILED).await;
        }
        Err(refusal) => return Err(refusal),
    };
    if wants_it {
        let status = if put.created { StatusCode::CREATED } else { StatusCode::OK };
        return represented(call, &collection, (&call.target, name), status).await;
    }
    stored(put)
}

/// `If-Unmodified-Since`, where no entity tag is named (RFC 9110 §13.1.4): what stands there now must be what is decided on.
async fn unmodified(call: &Call, collection: &Calendar, name: &Name, condition: Condition) -> Result<Condition> {
    let Some(since) = request::unmodified_since(call.request.headers()).filter(|_| condition == Condition::Always) else {
        return Ok(condition);
    };
    match call.app.entries_of(collection, std::slice::from_ref(name)).await?.pop().flatten() {
        Some(entry) if entry.modified > since => Err(Error::Stale),
        Some(entry) => Ok(Condition::Matches(vec![entry.etag.as_str().to_owned()])),
        None => Ok(condition),
    }
}

/// What stands there now, with its tags: of a booking the lines that were made of what was sent.
async fn represented(call: &Call, calendar: &Calendar, (target, name): (&Target, &Name), status: StatusCode) -> Result<Reply> {
    let object = match read(call, calendar, name).await {
        Err(Error::NotFound) if status == StatusCode::PRECONDITION_FAILED => return Err(Error::Stale),
        object => object?,
    };
    let mut reply = described(Body::from(object.octets.clone()), &object.entry)?;
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_LOCATION, header(&target.href())?);
    reply.headers_mut().insert(HeaderName::from_static("preference-applied"), HeaderValue::from_static("return=representation"));
    Ok(reply)
}

/// Stores a new object under a name of ours (RFC 5995 §3.2.2): that of its UID, as most clients would have named it.
pub async fn add(call: &Call) -> Result<Reply> {
    if !matches!(call.target, Target::Calendar(..) | Target::AddressBook(..)) || !super::is_adding(&call.request) {
        return Err(Error::NotAllowed);
    }
    let collection = found::collection(&call.app, &call.by.principal, &call.target).await?;
    request::check_collection(call.request.headers())?;
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
    let target = call.target.below(&name).ok_or(Error::NotFound)?;
    let mut reply = if request::preference(call.request.headers()).representation.is_some() {
        represented(call, &collection, (&target, &name), StatusCode::CREATED).await?
    } else {
        stored(put)?
    };
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
    request::check_whole(call.request.headers())?;
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
    tag(&mut reply, put.etag.as_ref(), put.schedule_tag.as_ref())?;
    Ok(reply)
}

/// The UID in a body, as far as one can be read.
fn uid(collection: &Calendar, octets: &Bytes) -> Option<String> {
    if collection.component == Component::Card {
        return Some(Card::parse(octets.clone()).ok()?.check().ok()?.uid);
    }
    CalendarObject::parse(octets.clone()).ok()?.uid()
}

/// Names the object that has the UID already, or else the one that has another UID at this address (RFC 4791 §5.3.2.1, RFC 6352 §6.3.2.1:
/// the element holds one DAV:href).
async fn uid_conflict(call: &Call, collection: &Calendar, sentence: &str) -> Result<Reply> {
    let name = match uid(collection, call.request.body()) {
        Some(uid) => call.app.name_of_uid(collection, &uid).await?,
        None => None,
    };
    let place = call.target.parent().unwrap_or_else(|| call.target.clone());
    let other = name.and_then(|name| place.below(&name));
    Ok(error::uid_conflict(other.as_ref().unwrap_or(&call.target), sentence, collection.component == Component::Card))
}

/// Deletes an object, or a collection with everything in it.
pub async fn delete(call: &Call) -> Result<Reply> {
    let who = &call.by.principal;
    match &call.target {
        Target::Object(_, _, name) | Target::Card(_, _, name) => {
            let condition = request::condition(call.request.headers())?;
            let collection = found::collection(&call.app, who, &call.target).await?;
            let condition = unmodified(call, &collection, name, condition).await?;
            call.app.delete(&call.by, &collection, name, condition).await?;
        }
        Target::Calendar(..) | Target::AddressBook(..) => {
            let collection = found::collection(&call.app, who, &call.target).await?;
            request::check_collection(call.request.headers())?;
            call.app.delete_calendar(&call.by, &collection).await?;
        }
        _ => return Err(Error::NotAllowed),
    }
    let mut reply = Reply::new(Body::empty());
    *reply.status_mut() = StatusCode::NO_CONTENT;
    Ok(reply)
}

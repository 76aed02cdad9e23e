//! GET, HEAD, PUT, DELETE and MKCOL of files and folders. RFC 4918 §9.3 to §9.7, RFC 5689 §3, RFC 9110 §13 and §14.
//!
//! Whatever people put here is handed out as an attachment that no browser runs. Not for: keeping it (`app::files`).

use bytes::Bytes;
use http::StatusCode;
use http::header::{
    ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, LAST_MODIFIED,
    X_CONTENT_TYPE_OPTIONS,
};

use super::href::Target;
use super::mkcol::{answered, settable, types};
use super::object::{Part, collection_page, header, ranged};
use super::property::http_date;
use super::request::{self, Depth};
use super::xml::{Element, Namespace::Dav};
use super::{Call, error, xml};
use crate::app::calendar::PropertyChange;
use crate::app::files::{File, FileContent, Written};
use crate::collection::{Condition, Name};
use crate::error::{Error, Precondition, Result};
use crate::exchange::{Body, Reply};

/// Answers a file, whole or in part, or a folder's page.
pub async fn get(call: &Call, path: &[Name], part: Part) -> Result<Reply> {
    let who = &call.by.principal;
    let (file, octets) = match part {
        Part::Head => (call.app.file(who, path).await?, Bytes::new()),
        Part::Whole => call.app.file_octets(who, path).await?,
    };
    let Some(content) = &file.content else { return Ok(collection_page(part)) };
    if matches!(call.target, Target::Folder(..)) {
        return Err(Error::NotFound);
    }
    let headers = call.request.headers();
    let reply = described(&file, content)?;
    if known(headers, &file, content)? {
        let mut reply = reply;
        *reply.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(reply);
    }
    match part {
        Part::Head => headed(reply, content.size),
        Part::Whole => ranged(headers, &octets, &content.etag, reply),
    }
}

/// A reply without a body, with what is known of a file.
fn described(file: &File, content: &FileContent) -> Result<Reply> {
    let mut reply = Reply::new(Body::empty());
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, header(&content.content_type)?);
    headers.insert(ETAG, header(&content.etag.quoted())?);
    headers.insert(LAST_MODIFIED, header(&http_date(file.modified.unwrap_or(0)))?);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    Ok(reply)
}

/// Whether the client has this state already (RFC 9110 §13.1.2, §13.1.3).
fn known(headers: &HeaderMap, file: &File, content: &FileContent) -> Result<bool> {
    let condition = request::condition(headers)?;
    if file.modified.is_some_and(|modified| request::is_modified_since(headers, modified)) {
        return Err(Error::Stale);
    }
    match condition.check(Some(&content.etag)) {
        Ok(()) => Ok(file.modified.is_some_and(|modified| request::not_modified_since(headers, modified))),
        Err(Error::Stale) if matches!(condition, Condition::Absent | Condition::Differs(_)) => Ok(true),
        Err(refusal) => Err(refusal),
    }
}

fn headed(mut reply: Reply, size: u64) -> Result<Reply> {
    reply.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(size));
    reply.headers_mut().insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    Ok(reply)
}

/// The condition of a request that changes a file; `If-Unmodified-Since` becomes that of the state which it was held against.
async fn condition(call: &Call, path: &[Name]) -> Result<Condition> {
    let headers = call.request.headers();
    let condition = request::condition(headers)?;
    if condition != Condition::Always || request::unmodified_since(headers).is_none() {
        return Ok(condition);
    }
    let Ok(File { content: Some(content), modified: Some(modified), .. }) = call.app.file(&call.by.principal, path).await else {
        return Ok(condition);
    };
    if request::is_modified_since(headers, modified) {
        return Err(Error::Stale);
    }
    Ok(Condition::Matches(vec![content.etag.as_str().to_owned()]))
}

/// Stores a file.
pub async fn put(call: &Call, path: &[Name]) -> Result<Reply> {
    if matches!(call.target, Target::Folder(..)) {
        return Err(Error::NotAllowed);
    }
    let headers = call.request.headers();
    request::check_whole(headers)?;
    let condition = condition(call, path).await?;
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (written, etag) = call.app.put_file(&call.by, path, call.request.body().clone(), content_type, condition).await?;
    let mut reply = done(written);
    reply.headers_mut().insert(ETAG, header(&etag.quoted())?);
    Ok(reply)
}

/// Deletes a file, or a folder with all below it.
pub async fn delete(call: &Call, path: &[Name]) -> Result<Reply> {
    let headers = call.request.headers();
    let (condition, depth) = (condition(call, path).await?, request::depth(headers)?);
    slash_of_a_folder(call, path).await?;
    if matches!(depth, Some(Depth::Zero | Depth::One)) && call.app.file(&call.by.principal, path).await?.content.is_none() {
        return Err(Error::Malformed("A folder goes with all below it: Depth is infinity (RFC 4918 §9.6.1).".into()));
    }
    call.app.delete_file(&call.by, path, condition).await?;
    Ok(done(Written::Replaced))
}

/// An address with a slash at its end is no file's (RFC 4918 §5.2).
pub async fn slash_of_a_folder(call: &Call, path: &[Name]) -> Result<()> {
    let slash = matches!(call.target, Target::Folder(..));
    if slash && call.app.file(&call.by.principal, path).await?.content.is_some() { Err(Error::NotFound) } else { Ok(()) }
}

/// 201 or 204.
pub fn done(written: Written) -> Reply {
    let mut reply = Reply::new(Body::empty());
    *reply.status_mut() = if written == Written::Created { StatusCode::CREATED } else { StatusCode::NO_CONTENT };
    reply
}

/// Makes a folder, with the properties that an extended MKCOL sets.
pub async fn make_folder(call: &Call, path: &[Name]) -> Result<Reply> {
    let body = call.request.body();
    if !body.iter().all(u8::is_ascii_whitespace) && !is_xml(call.request.headers()) {
        // RFC 4918 §9.3.1
        return Ok(error::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body of a MKCOL is a DAV:mkcol, or there is none."));
    }
    let root = xml::read_optional(body)?;
    let made = match root.as_ref().map_or(Ok(Vec::new()), wanted) {
        Ok(properties) => call.app.make_folder(&call.by, path, properties).await,
        Err(refusal) => Err(refusal),
    };
    answered(made, root.as_ref())
}

fn is_xml(headers: &HeaderMap) -> bool {
    let named = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    matches!(named.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str(), "application/xml" | "text/xml")
}

/// The properties that a plain collection shall begin with.
fn wanted(root: &Element) -> Result<Vec<PropertyChange>> {
    if !root.is(Dav, "mkcol") {
        return Err(Error::Malformed("The body of a MKCOL is a DAV:mkcol.".into()));
    }
    if types(root).is_some_and(|types| types.children().any(|each| !each.is(Dav, "collection"))) {
        return Err(Error::Refused(Precondition::ValidResourcetype, "Only plain collections can be made here.".into()));
    }
    settable(root)
}

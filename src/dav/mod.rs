//! The door for calendar programs: CalDAV over `app`.
//!
//! Not for: sockets and limits (`server`), pages (`web`), rules of calendars (`app` and below).
//! RFC 3744, RFC 4918, RFC 4791, RFC 5689, RFC 6578, RFC 6638, RFC 6764 §5 (well-known), RFC 7809, RFC 7953, caldav-proxy.

mod accept;
mod acl;
mod anonymous;
pub mod error;
mod file;
mod found;
mod home_token;
mod host;
pub mod href;
mod mkcol;
pub mod multistatus;
mod object;
mod outbox;
pub mod property;
mod propfind;
mod proppatch;
pub mod query;
mod report;
pub mod request;
mod selection;
mod setting;
mod state;
mod subscription;
pub mod sync_token;
mod transfer;
mod write;
pub mod xml;

use std::sync::Arc;

use http::header::{ALLOW, AUTHORIZATION, HeaderName, HeaderValue, LOCATION};
use http::{Method, StatusCode};

use crate::app::{Actor, App};
use crate::error::{Error, Precondition, Result};
use crate::exchange::{Body, Peer, Reply, Request};
use href::{Target, Tray};
use property::ADD_MEMBER;

/// What this server can do (RFC 4918 §10.1, RFC 3744 §7.2, RFC 4791 §5.1, RFC 6352 §6.1, RFC 5689 §3.1, RFC 7953 §7.2.1, RFC 7809 §3.1,
/// caldav-proxy §5.1). Class 2 is not there: there are no locks. Nor is calendar-auto-schedule: nothing is delivered to attendees, and
/// programs that see it leave their invitations to the server. calendar-schedule is the word of RFC 6638's drafts, by which Thunderbird and
/// Evolution know that they can ask the outbox for busy time; invitations they go on sending by mail.
const CAPABILITIES: &str = "1, 3, access-control, extended-mkcol, calendar-access, calendar-schedule, calendar-availability, \
                            calendar-no-timezone, addressbook, calendar-proxy, calendarserver-subscribed";

/// A request of somebody who has proved who they are.
struct Call {
    app: Arc<App>,
    by: Actor,
    target: Target,
    request: Request,
}

/// Whether a request is for this door. `/` belongs to the booking page as far as browsers go; whatever else is asked of it comes
/// from calendar programs that were told no more than a host.
pub fn wants(method: &Method, path: &str) -> bool {
    let below = |base: &str| path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    match path {
        "/" => !matches!(*method, Method::GET | Method::HEAD | Method::POST),
        // The server as a whole (RFC 9110 §9.3.7).
        "*" => *method == Method::OPTIONS,
        _ => below("/dav") || below("/principals") || is_well_known(path),
    }
}

/// How a body is refused that is larger than any object may be, where an object was to be stored.
pub fn too_large(method: &Method, path: &str) -> Option<Reply> {
    let target = Target::read(path).ok().filter(|_| wants(method, path))?;
    let stores = match target {
        Target::Object(..) | Target::Card(..) => *method == Method::PUT,
        Target::Calendar(..) | Target::AddressBook(..) => *method == Method::POST,
        _ => false,
    };
    let refusal = Error::Refused(Precondition::MaxResourceSize, "An object is not that large.".to_owned());
    stores.then(|| error::reply(&refusal, error::Asked { path, destination: None, allow: allow(&target), cards: target.is_about_cards() }))
}

fn is_well_known(path: &str) -> bool {
    matches!(path.trim_end_matches('/'), "/.well-known/caldav" | "/.well-known/carddav")
}

/// Answers a request. Whatever goes wrong is a reply too.
pub async fn handle(app: &Arc<App>, request: Request) -> Reply {
    let path = request.uri().path().to_owned();
    let target = Target::read(&path);
    let adds = is_adding(&request);
    let allow = target.as_ref().map_or(UNKNOWN, |target| if adds { allow_adding(target) } else { allow(target) });
    let mut reply = if is_well_known(&path) {
        redirect()
    } else if request.method() == Method::OPTIONS {
        options(allow)
    } else {
        let cards = target.as_ref().is_ok_and(Target::is_about_cards);
        let destination = destination(&request);
        answer(app, request, target).await.unwrap_or_else(|refusal| {
            error::reply(&refusal, error::Asked { path: &path, destination: destination.as_deref(), allow, cards })
        })
    };
    reply.headers_mut().insert(HeaderName::from_static("dav"), HeaderValue::from_static(CAPABILITIES));
    reply
}

/// Where a request puts something, where that is not its own address: a POST's new member has no name yet.
fn destination(request: &Request) -> Option<String> {
    if *request.method() == Method::POST {
        return Some(format!("{}/new", request.uri().path().trim_end_matches('/')));
    }
    if !matches!(request.method().as_str(), "COPY" | "MOVE") {
        return None;
    }
    Target::read(request.headers().get("destination")?.to_str().ok()?).ok().map(|target| target.href())
}

async fn answer(app: &Arc<App>, request: Request, target: Result<Target>) -> Result<Reply> {
    if !request.headers().contains_key(AUTHORIZATION) {
        return anonymous::answer(app, &request, &target.map_err(|_| Error::Unauthenticated)?).await;
    }
    let credentials = request::credentials(request.headers())?;
    let from = request.extensions().get().map(|Peer(address)| *address);
    let principal = app.authenticate_from(&credentials.login, &credentials.password, from).await?;
    let target = target.map_err(|error| nowhere(error, request.method(), request.uri().path()))?;
    // For administrators neither: what they may see stands in their own home.
    if target.private_to().is_some_and(|login| login != principal.login) {
        return Err(Error::NotFound);
    }
    let mut by = Actor::new(principal, request::via(request.headers()));
    by.given = state::given(app, &by.principal, &target, request.headers()).await?;
    app.check(&by).await?;
    dispatch(Call { app: Arc::clone(app), by, target, request }).await
}

/// What is said of an address at which nothing can ever be: to whoever wants to put something there, why it cannot.
fn nowhere(error: Error, method: &Method, path: &str) -> Error {
    match (&error, method.as_str()) {
        (Error::NotFound, "PUT") => Error::NoParent,
        (Error::NotFound, "MKCALENDAR" | "MKCOL") if path.starts_with("/dav/calendars/") => mkcol::in_each_other(),
        (Error::NotFound, "MKCOL") if path.starts_with("/dav/addressbooks/") => mkcol::books_in_each_other(),
        (Error::NotFound, "MKCALENDAR" | "MKCOL") => Error::NoParent,
        _ => error,
    }
}

/// Whether a request's address is that of new members, however its query goes on.
pub(in crate::dav) fn is_adding(request: &Request) -> bool {
    let parts = request.uri().query().into_iter().flat_map(|query| query.split('&'));
    parts.filter_map(|part| part.split('=').next()).any(|name| name == ADD_MEMBER)
}

/// How a method is refused where nothing but POST is understood: the address of new members is none of the collection itself (RFC 5995
/// §3.2.1), and whoever deletes it must not delete the collection.
fn only_adding(allow: &'static str) -> Reply {
    error::not_allowed(allow, "At this address members are added by POST, and nothing else is done: leave out the query.")
}

async fn dispatch(call: Call) -> Result<Reply> {
    if is_adding(&call.request) && call.request.method() != Method::POST {
        return Ok(only_adding(allow_adding(&call.target)));
    }
    if let Target::Folder(_, path) | Target::File(_, path) = &call.target {
        match call.request.method().as_str() {
            "GET" => return file::get(&call, path, object::Part::Whole).await,
            "HEAD" => return file::get(&call, path, object::Part::Head).await,
            "PUT" => return file::put(&call, path).await,
            "DELETE" => return file::delete(&call, path).await,
            "MKCOL" => return file::make_folder(&call, path).await,
            _ => {}
        }
    }
    match call.request.method().as_str() {
        "GET" => object::get(&call, object::Part::Whole).await,
        "HEAD" => object::get(&call, object::Part::Head).await,
        "PUT" => write::put(&call).await,
        "DELETE" => write::delete(&call).await,
        "POST" if matches!(call.target, Target::Tray(..)) => outbox::post(&call).await,
        "POST" => write::add(&call).await,
        "PROPFIND" => propfind::propfind(call).await,
        "PROPPATCH" => proppatch::proppatch(&call).await,
        "REPORT" => report::report(call).await,
        "ACL" => acl::acl(&call).await,
        "MKCALENDAR" => mkcol::make(&call, mkcol::Verb::Mkcalendar).await,
        "MKCOL" => mkcol::make(&call, mkcol::Verb::Mkcol).await,
        "COPY" => transfer::transfer(&call, transfer::Verb::Copy).await,
        "MOVE" => transfer::transfer(&call, transfer::Verb::Move).await,
        _ => Err(Error::NotAllowed),
    }
}

const UNKNOWN: &str = "OPTIONS";

/// The methods that a target has.
fn allow(target: &Target) -> &'static str {
    match target {
        // GET is the booking page.
        Target::Root => "OPTIONS, GET, HEAD, PROPFIND, REPORT",
        Target::Tray(_, Tray::Outbox) => "OPTIONS, GET, HEAD, POST, PROPFIND, PROPPATCH, REPORT",
        Target::Calendar(..) => "OPTIONS, GET, HEAD, DELETE, COPY, MOVE, PROPFIND, PROPPATCH, REPORT, ACL, MKCALENDAR, MKCOL",
        Target::AddressBook(..) => "OPTIONS, GET, HEAD, DELETE, COPY, MOVE, PROPFIND, PROPPATCH, REPORT, ACL, MKCOL",
        Target::Object(..) | Target::Card(..) => "OPTIONS, GET, HEAD, PUT, DELETE, COPY, MOVE, PROPFIND, PROPPATCH, REPORT",
        Target::Folder(..) => "OPTIONS, GET, HEAD, DELETE, COPY, MOVE, PROPFIND, PROPPATCH, REPORT, MKCOL",
        Target::File(..) => "OPTIONS, GET, HEAD, PUT, DELETE, COPY, MOVE, PROPFIND, PROPPATCH, REPORT, MKCOL",
        _ => "OPTIONS, GET, HEAD, PROPFIND, PROPPATCH, REPORT",
    }
}

/// The methods of a target's address with the query for new members.
fn allow_adding(target: &Target) -> &'static str {
    match target {
        Target::Calendar(..) | Target::AddressBook(..) => "OPTIONS, POST",
        _ => UNKNOWN,
    }
}

/// OPTIONS is answered to everybody: programs ask it before they know whom to ask for a password.
fn options(allow: &'static str) -> Reply {
    let mut reply = Reply::new(Body::empty());
    reply.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
    reply
}

/// Well-known addresses lead on, before any password (RFC 6764 §5).
fn redirect() -> Reply {
    let mut reply = Reply::new(Body::empty());
    *reply.status_mut() = StatusCode::MOVED_PERMANENTLY;
    reply.headers_mut().insert(LOCATION, HeaderValue::from_static(href::BASE));
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_door_knows_its_requests() {
        let method = |name: &str| Method::from_bytes(name.as_bytes()).unwrap();
        for (name, path) in [
            ("GET", "/dav"),
            ("GET", "/dav/calendars/anna/"),
            ("PROPFIND", "/"),
            ("OPTIONS", "/"),
            ("PUT", "/"),
            ("PROPFIND", "/principals/"),
            ("GET", "/.well-known/caldav"),
            ("PROPFIND", "/.well-known/carddav/"),
            ("OPTIONS", "*"),
        ] {
            assert!(wants(&method(name), path), "{name} {path}");
        }
        for (name, path) in [("GET", "/"), ("HEAD", "/"), ("POST", "/"), ("GET", "/davos"), ("GET", "/staff/"), ("GET", "/.well-known/x")] {
            assert!(!wants(&method(name), path), "{name} {path}");
        }
    }
}

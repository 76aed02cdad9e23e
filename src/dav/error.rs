//! A refusal as HTTP: status, `DAV:error` body, headers.
//!
//! Not for: deciding that something is refused. RFC 4918 §16, RFC 4791 §1.3, RFC 3744 §7.1.1, RFC 7617 §2.

use http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{Response, StatusCode};

use super::acl::write_need;
use super::href::Target;
use super::xml::Namespace;
use super::xml::writer::Writer;
use crate::collection::Etag;
use crate::error::{Error, Precondition};
use crate::exchange::{Body, Reply};
use crate::principal::Privilege;

/// The same on every path: clients keep one password per realm.
const CHALLENGE: &str = "Basic realm=\"openslot\", charset=\"UTF-8\"";

/// Seconds after which a client that met a full queue should ask again.
const RETRY_SECONDS: &str = "5";

/// The namespace of the sentence that explains a refusal.
const SENTENCES: &str = "urn:openslot:ns";

/// What a reply needs to know of the request that was refused.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The path of the request, encoded.
    pub path: &'a str,
    /// The address at which something was to be put, encoded, where it is not the request's own.
    pub destination: Option<&'a str>,
    /// The methods that the target has, for `Allow`.
    pub allow: &'static str,
    /// Whether an address book is asked: some preconditions are its own RFC's there.
    pub cards: bool,
}

/// The reply to a request that was refused. A failure of ours is logged under the number that the reply shows.
pub fn reply(error: &Error, asked: Asked<'_>) -> Reply {
    match error {
        Error::NotFound => plain(StatusCode::NOT_FOUND, "There is nothing at this address."),
        Error::Unauthenticated => {
            let reply = plain(StatusCode::UNAUTHORIZED, "Please sign in with your login and password.");
            with(reply, WWW_AUTHENTICATE, CHALLENGE)
        }
        Error::Forbidden(privilege) => forbidden(*privilege, needed_at(*privilege, asked)),
        Error::Stale => plain(
            StatusCode::PRECONDITION_FAILED,
            "What the request makes its condition does not hold: it has changed since, or it is there already.",
        ),
        Error::Malformed(sentence) => plain(StatusCode::BAD_REQUEST, sentence),
        Error::Refused(precondition, sentence) => refused_with(of_cards(*precondition, asked.cards), *precondition, sentence),
        Error::NoParent => plain(StatusCode::CONFLICT, "The collection that this shall lie in is not there."),
        Error::Declined(sentence) => plain(StatusCode::FORBIDDEN, sentence),
        Error::NotAllowed => not_allowed(asked.allow, "This address has no such method."),
        Error::Busy => with(plain(StatusCode::SERVICE_UNAVAILABLE, "Please try again in a moment."), RETRY_AFTER, RETRY_SECONDS),
        Error::Failed(text) => {
            let number = number(text);
            tracing::error!(number, text, "a request failed");
            plain(StatusCode::INTERNAL_SERVER_ERROR, &format!("Something went wrong here. It is noted under the number {number}."))
        }
    }
}

/// A refusal with a precondition's element, under a status that the request's own RFC demands.
pub fn refused(status: StatusCode, precondition: Precondition, sentence: &str) -> Reply {
    refused_with(PreconditionElement { status, ..element(precondition) }, precondition, sentence)
}

fn refused_with(element: PreconditionElement, precondition: Precondition, sentence: &str) -> Reply {
    let mut writer = begin(element.namespace);
    writer.empty(element.namespace, element.local);
    // A bad token is what clients look for by name alone.
    if precondition != Precondition::ValidSyncToken {
        write_sentence(sentence, &mut writer);
    }
    finish(writer, element.status)
}

/// What CardDAV calls by a name of its own although it says what CalDAV says (RFC 6352 §6.3.2.1, §8.6).
fn of_cards(precondition: Precondition, cards: bool) -> PreconditionElement {
    let element = element(precondition);
    let shared = matches!(
        precondition,
        Precondition::NoUidConflict | Precondition::MaxResourceSize | Precondition::SupportedFilter | Precondition::SupportedCollation
    );
    if cards && shared { PreconditionElement { namespace: Namespace::CardDav, ..element } } else { element }
}

/// 405 with the methods that there are.
pub fn not_allowed(allow: &'static str, sentence: &str) -> Reply {
    with(plain(StatusCode::METHOD_NOT_ALLOWED, sentence), ALLOW, allow)
}

/// 502: a destination on another server, to which nothing is copied or moved (RFC 4918 §9.8.5).
pub fn elsewhere() -> Reply {
    plain(StatusCode::BAD_GATEWAY, "The destination is on another server.")
}

/// no-uid-conflict with the address of the object that is in the way.
pub fn uid_conflict(other: &Target, sentence: &str, cards: bool) -> Reply {
    let element = of_cards(Precondition::NoUidConflict, cards);
    let mut writer = begin(element.namespace);
    writer.open(element.namespace, element.local);
    writer.leaf(Namespace::Dav, "href", &other.href());
    writer.close(element.namespace, element.local);
    write_sentence(sentence, &mut writer);
    finish(writer, element.status)
}

/// The sentence stands after the precondition: some programs show the name of the first element to people.
fn write_sentence(sentence: &str, writer: &mut Writer) {
    if !sentence.is_empty() {
        writer.raw(&format!("<O:sentence xmlns:O=\"{SENTENCES}\">"));
        writer.text(sentence);
        writer.raw("</O:sentence>");
    }
}

/// What the privilege would have to be granted on: members are bound in their collection and unbound from it (RFC 3744 §3.9, §3.10).
fn needed_at(privilege: Privilege, asked: Asked<'_>) -> &str {
    match privilege {
        Privilege::Bind => collection_of(asked.destination.unwrap_or(asked.path)),
        // Of what is copied or moved that is the object which it would replace.
        Privilege::WriteContent => asked.destination.unwrap_or(asked.path),
        Privilege::Unbind => collection_of(asked.path),
        _ => asked.path,
    }
}

/// The address of the collection in which something lies.
fn collection_of(path: &str) -> &str {
    let inner = path.strip_suffix('/').unwrap_or(path);
    inner.rfind('/').and_then(|slash| path.get(..=slash)).unwrap_or(path)
}

fn forbidden(privilege: Privilege, path: &str) -> Reply {
    let mut writer = begin(Namespace::CalDav);
    write_need(path, privilege, &mut writer);
    finish(writer, StatusCode::FORBIDDEN)
}

/// The element of a precondition and the status that goes with it.
#[derive(Debug, Clone, Copy)]
pub struct PreconditionElement {
    /// The namespace of its RFC.
    pub namespace: Namespace,
    /// Its name there.
    pub local: &'static str,
    /// 403: don't repeat; 409: the user can mend it; 413: too large; 507: too much.
    pub status: StatusCode,
}

/// Each precondition's element.
pub fn element(precondition: Precondition) -> PreconditionElement {
    let (namespace, local, status) = match precondition {
        Precondition::ValidCalendarData => (Namespace::CalDav, "valid-calendar-data", StatusCode::FORBIDDEN),
        Precondition::ValidCalendarObjectResource => (Namespace::CalDav, "valid-calendar-object-resource", StatusCode::FORBIDDEN),
        Precondition::SupportedCalendarData => (Namespace::CalDav, "supported-calendar-data", StatusCode::FORBIDDEN),
        Precondition::SupportedCalendarComponent => (Namespace::CalDav, "supported-calendar-component", StatusCode::FORBIDDEN),
        Precondition::ValidAddressData => (Namespace::CardDav, "valid-address-data", StatusCode::FORBIDDEN),
        Precondition::SupportedAddressData => (Namespace::CardDav, "supported-address-data", StatusCode::FORBIDDEN),
        Precondition::SupportedAddressDataConversion => {
            (Namespace::CardDav, "supported-address-data-conversion", StatusCode::NOT_ACCEPTABLE)
        }
        Precondition::AddressbookCollectionLocationOk => (Namespace::CardDav, "addressbook-collection-location-ok", StatusCode::FORBIDDEN),
        Precondition::NoUidConflict => (Namespace::CalDav, "no-uid-conflict", StatusCode::CONFLICT),
        Precondition::MaxResourceSize => (Namespace::CalDav, "max-resource-size", StatusCode::PAYLOAD_TOO_LARGE),
        Precondition::MaxInstances => (Namespace::CalDav, "max-instances", StatusCode::FORBIDDEN),
        Precondition::SupportedFilter => (Namespace::CalDav, "supported-filter", StatusCode::FORBIDDEN),
        Precondition::ValidFilter => (Namespace::CalDav, "valid-filter", StatusCode::FORBIDDEN),
        Precondition::SupportedCollation => (Namespace::CalDav, "supported-collation", StatusCode::FORBIDDEN),
        Precondition::CalendarCollectionLocationOk => (Namespace::CalDav, "calendar-collection-location-ok", StatusCode::FORBIDDEN),
        Precondition::ResourceMustBeNull => (Namespace::Dav, "resource-must-be-null", StatusCode::FORBIDDEN),
        Precondition::ValidResourcetype => (Namespace::Dav, "valid-resourcetype", StatusCode::FORBIDDEN),
        Precondition::PropfindFiniteDepth => (Namespace::Dav, "propfind-finite-depth", StatusCode::FORBIDDEN),
        Precondition::ValidSyncToken => (Namespace::Dav, "valid-sync-token", StatusCode::FORBIDDEN),
        Precondition::SyncTraversalSupported => (Namespace::Dav, "sync-traversal-supported", StatusCode::FORBIDDEN),
        Precondition::NumberOfMatchesWithinLimits => (Namespace::Dav, "number-of-matches-within-limits", StatusCode::INSUFFICIENT_STORAGE),
        Precondition::SupportedReport => (Namespace::Dav, "supported-report", StatusCode::FORBIDDEN),
        Precondition::CannotModifyProtectedProperty => (Namespace::Dav, "cannot-modify-protected-property", StatusCode::FORBIDDEN),
        Precondition::QuotaNotExceeded => (Namespace::Dav, "quota-not-exceeded", StatusCode::INSUFFICIENT_STORAGE),
        Precondition::NoAceConflict => (Namespace::Dav, "no-ace-conflict", StatusCode::FORBIDDEN),
        Precondition::NoProtectedAceConflict => (Namespace::Dav, "no-protected-ace-conflict", StatusCode::FORBIDDEN),
        Precondition::NoInheritedAceConflict => (Namespace::Dav, "no-inherited-ace-conflict", StatusCode::FORBIDDEN),
        Precondition::LimitedNumberOfAces => (Namespace::Dav, "limited-number-of-aces", StatusCode::FORBIDDEN),
        Precondition::GrantOnly => (Namespace::Dav, "grant-only", StatusCode::FORBIDDEN),
        Precondition::NoInvert => (Namespace::Dav, "no-invert", StatusCode::FORBIDDEN),
        Precondition::NoAbstract => (Namespace::Dav, "no-abstract", StatusCode::FORBIDDEN),
        Precondition::NotSupportedPrivilege => (Namespace::Dav, "not-supported-privilege", StatusCode::FORBIDDEN),
        Precondition::RecognizedPrincipal => (Namespace::Dav, "recognized-principal", StatusCode::FORBIDDEN),
        Precondition::AllowedPrincipal => (Namespace::Dav, "allowed-principal", StatusCode::FORBIDDEN),
        Precondition::ValidSchedulingMessage => (Namespace::CalDav, "valid-scheduling-message", StatusCode::BAD_REQUEST),
        Precondition::ValidOrganizer => (Namespace::CalDav, "valid-organizer", StatusCode::FORBIDDEN),
        Precondition::DefaultCalendarNeeded => (Namespace::CalDav, "default-calendar-needed", StatusCode::FORBIDDEN),
        Precondition::ValidScheduleDefaultCalendarUrl => (Namespace::CalDav, "valid-schedule-default-calendar-URL", StatusCode::FORBIDDEN),
        Precondition::ValidTimezone => (Namespace::CalDav, "valid-timezone", StatusCode::FORBIDDEN),
    };
    PreconditionElement { namespace, local, status }
}

/// The number of a failure: the same words get the same number, so that repeats are seen as such.
fn number(text: &str) -> String {
    Etag::of(text.as_bytes()).as_str().chars().take(8).collect()
}

/// Begins a body whose first element is of this namespace. Others are not declared: one client compares this text literally.
fn begin(namespace: Namespace) -> Writer {
    let mut writer = Writer::new();
    writer.raw("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:error");
    writer.attribute("xmlns:D", Namespace::Dav.uri());
    if namespace != Namespace::Dav {
        writer.attribute(&format!("xmlns:{}", namespace.prefix()), namespace.uri());
    }
    writer.raw(">");
    writer
}

fn finish(mut writer: Writer, status: StatusCode) -> Reply {
    writer.close(Namespace::Dav, "error");
    xml(status, writer.into_text())
}

/// A reply with a whole XML body.
pub fn xml(status: StatusCode, text: String) -> Reply {
    let mut reply = Response::new(Body::from(text));
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/xml; charset=utf-8"));
    reply
}

/// A reply with one line of text.
pub fn plain(status: StatusCode, sentence: &str) -> Reply {
    let mut reply = Response::new(Body::from(format!("{sentence}\n")));
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    reply
}

/// The reply with one more header.
fn with(mut reply: Reply, name: http::HeaderName, value: &'static str) -> Reply {
    reply.headers_mut().insert(name, HeaderValue::from_static(value));
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(reply: Reply) -> String {
        match reply.into_body() {
            Body::Whole(octets) => String::from_utf8(octets.to_vec()).unwrap(),
            Body::Stream(_) => panic!("streamed"),
        }
    }

    const ASKED: Asked<'static> = Asked { path: "/dav/calendars/anna/k/", destination: None, allow: "OPTIONS, PROPFIND", cards: false };

    #[test]
    fn a_bad_token_is_told_in_the_words_that_clients_look_for() {
        let reply = reply(&Error::Refused(Precondition::ValidSyncToken, "Too old.".into()), ASKED);
        assert_eq!(reply.status(), StatusCode::FORBIDDEN);
        assert!(text(reply).ends_with("<D:error xmlns:D=\"DAV:\"><D:valid-sync-token/></D:error>"));
    }

    #[test]
    fn need_privileges_names_the_address_and_the_privilege() {
        let reply = reply(&Error::Forbidden(Privilege::WriteContent), ASKED);
        assert_eq!(reply.status(), StatusCode::FORBIDDEN);
        let body = text(reply);
        let read = super::super::xml::read(body.as_bytes()).unwrap();
        let resource = read.child(Namespace::Dav, "need-privileges").and_then(|n| n.child(Namespace::Dav, "resource")).unwrap();
        assert_eq!(resource.child(Namespace::Dav, "href").unwrap().text(), ASKED.path);
        assert!(resource.child(Namespace::Dav, "privilege").unwrap().child(Namespace::Dav, "write-content").is_some());
    }

    #[test]
    fn statuses_and_headers_follow_from_the_error() {
        let unauthenticated = reply(&Error::Unauthenticated, ASKED);
        assert_eq!(unauthenticated.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(unauthenticated.headers()[WWW_AUTHENTICATE], "Basic realm=\"openslot\", charset=\"UTF-8\"");
        let busy = reply(&Error::Busy, ASKED);
        assert_eq!(busy.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(busy.headers().contains_key(RETRY_AFTER));
        assert_eq!(reply(&Error::NotAllowed, ASKED).headers()[ALLOW], ASKED.allow);
        assert_eq!(reply(&Error::Stale, ASKED).status(), StatusCode::PRECONDITION_FAILED);
    }

    #[test]
    fn a_failure_shows_its_number_and_not_its_words() {
        let body = text(reply(&Error::Failed("the disk is full at block 17".into()), ASKED));
        assert!(body.contains(&number("the disk is full at block 17")));
        assert!(!body.contains("disk"));
    }
}

//! Reports on a scheduling inbox: programs ask what has come, and nothing has.
//!
//! Not for: delivering anything. RFC 6638 §2.3, RFC 6578 §3.

use http::StatusCode;

use super::unsupported;
use crate::dav::Call;
use crate::dav::error::xml;
use crate::dav::multistatus::document;
use crate::dav::propfind::confirmed;
use crate::dav::query::Query;
use crate::dav::request;
use crate::dav::selection::{MAX_PROPERTIES, NOT_FOUND, Selection};
use crate::dav::sync_token::SyncToken;
use crate::dav::xml::Element;
use crate::dav::xml::Namespace::{CalDav, Dav};
use crate::error::{Error, Precondition, Result};
use crate::exchange::Reply;

/// The most addresses that are answered: there are none that could be known.
const MAX_HREFS: usize = MAX_PROPERTIES;

/// Answers calendar-query, calendar-multiget and sync-collection.
pub fn report(call: Call, root: &Element) -> Result<Reply> {
    let preference = request::preference(call.request.headers());
    Selection::read(root, super::brevity(preference))?;
    let body = if root.is(CalDav, "calendar-query") {
        Query::read(root)?;
        document(Dav, "multistatus", |_| {})
    } else if root.is(CalDav, "calendar-multiget") {
        multiget(root)
    } else if root.is(Dav, "sync-collection") {
        sync(root)?
    } else {
        return Err(unsupported(root));
    };
    Ok(confirmed(xml(StatusCode::MULTI_STATUS, body), preference))
}

fn multiget(root: &Element) -> String {
    document(Dav, "multistatus", |writer| {
        for href in root.children().filter(|child| child.is(Dav, "href")).take(MAX_HREFS) {
            writer.open(Dav, "response");
            writer.leaf(Dav, "href", href.text().trim());
            writer.leaf(Dav, "status", NOT_FOUND);
            writer.close(Dav, "response");
        }
    })
}

fn sync(root: &Element) -> Result<String> {
    let empty = SyncToken::EMPTY.to_string();
    let token = root.child(Dav, "sync-token").map(Element::text).unwrap_or_default();
    if !token.trim().is_empty() && token.trim() != empty {
        return Err(Error::Refused(Precondition::ValidSyncToken, String::new()));
    }
    Ok(document(Dav, "multistatus", |writer| writer.leaf(Dav, "sync-token", &empty)))
}

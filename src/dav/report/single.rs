//! Reports of one object: a query that it matches or not, a multiget of its own address. RFC 4791 §7 and §7.9, RFC 6352 §8.
//!
//! Not for: free-busy-query, which RFC 4791 §7.10 forbids here.

use super::{cards, multiget, search, unsupported};
use crate::dav::xml::Element;
use crate::dav::xml::Namespace::{CalDav, CardDav};
use crate::dav::{Call, found};
use crate::error::{Error, Result};
use crate::exchange::Reply;

/// Answers a report as the collection of the object would, if it held nothing else.
pub async fn report(mut call: Call, root: &Element) -> Result<Reply> {
    let collection = super::collection(&call, root).await?;
    let parent = call.target.parent().ok_or(Error::NotFound)?;
    let name = call.target.name_in(&parent).cloned().ok_or(Error::NotFound)?;
    found::entry(&call.app, &collection, &name).await?;
    let about_cards = call.target.is_about_cards();
    // Objects are written as members of what is asked.
    call.target = parent;
    match about_cards {
        false if root.is(CalDav, "calendar-query") => search::of_one(call, collection, root, name).await,
        false if root.is(CalDav, "calendar-multiget") => multiget::of_one(call, collection, root, &name).await,
        true if root.is(CardDav, "addressbook-query") => cards::of_one(call, collection, root, name).await,
        true if root.is(CardDav, "addressbook-multiget") => multiget::of_one(call, collection, root, &name).await,
        _ => Err(unsupported(root)),
    }
}

//! COPY and MOVE. RFC 4918 §9.8, §9.9, §10.3 (Destination), §10.6 (Overwrite).
//!
//! Each is done whole or not at all, so that no answer needs a Multi-Status. Not for: doing it (`app::transfer`, `app::files`).

use http::header::HeaderMap;

use super::file::{done, slash_of_a_folder};
use super::href::Target;
use super::object::tag;
use super::request::{self, Depth};
use super::{Call, error, found, host};
use crate::app::calendar::Put;
use crate::app::duplicate::Members;
use crate::app::files::{Overwrite, Transfer, Way, Written};
use crate::app::transfer::ObjectTransfer;
use crate::collection::Name;
use crate::error::{Error, Precondition, Result};
use crate::exchange::Reply;
use crate::principal::Privilege;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// COPY
    Copy,
    /// MOVE
    Move,
}

/// Copies or moves the target to the destination.
pub async fn transfer(call: &Call, verb: Verb) -> Result<Reply> {
    let headers = call.request.headers();
    if !can_be_moved(&call.target) {
        return Err(Error::NotAllowed);
    }
    let named = destination(headers)?;
    if !host::is_here(headers, call.app.public_host(), named)? {
        return Ok(error::elsewhere());
    }
    let (destination, overwrite) = (target(named, &call.target)?, overwrite(headers)?);
    if destination.private_to().is_some_and(|login| *login != call.by.principal.login) {
        return Err(Error::Forbidden(Privilege::Bind));
    }
    match (&call.target, &destination) {
        (Target::Folder(_, from) | Target::File(_, from), Target::Folder(_, to) | Target::File(_, to)) => {
            let way = way_of_file(call, from, verb).await?;
            slash_of_a_folder(call, from).await?;
            let transfer = Transfer { from: from.clone(), to: to.clone(), way, overwrite };
            Ok(done(call.app.transfer_file(&call.by, transfer, request::condition(headers)?).await?))
        }
        (Target::Object(_, _, name), Target::Object(_, _, new_name)) | (Target::Card(_, _, name), Target::Card(_, _, new_name)) => {
            object(call, &destination, (name, new_name), verb, overwrite).await
        }
        // Nobody has another home than their own to put collections into.
        (Target::Calendar(..), Target::Calendar(home, _)) | (Target::AddressBook(..), Target::AddressBook(home, _))
            if *home != call.by.principal.login =>
        {
            Err(Error::Forbidden(Privilege::Bind))
        }
        (Target::Calendar(..), Target::Calendar(_, new_name)) | (Target::AddressBook(..), Target::AddressBook(_, new_name)) => {
            collection(call, new_name, verb, overwrite).await
        }
        (from, to) => Err(misplaced(from, Some(to))),
    }
}

/// Why something cannot be at such a place, by the precondition of that place where it has one: a calendar takes calendar data, an address
/// book cards, and neither of the two lies in anything but a home (RFC 4791 §5.3.1.1 and §5.3.2.1, RFC 6352 §5.2 and §6.3.2.1).
/// Without a place it is one of which this door knows nothing.
fn misplaced(from: &Target, to: Option<&Target>) -> Error {
    let sentence = "This cannot be copied or moved to such a place.".to_owned();
    let precondition = match (from, to) {
        (Target::Calendar(..), _) => Precondition::CalendarCollectionLocationOk,
        (Target::AddressBook(..), _) => Precondition::AddressbookCollectionLocationOk,
        (_, Some(Target::Object(..))) | (Target::Object(..), Some(Target::File(..))) => Precondition::SupportedCalendarData,
        (_, Some(Target::Card(..))) | (Target::Card(..), Some(Target::File(..))) => Precondition::SupportedAddressData,
        _ => return Error::Declined(sentence),
    };
    Error::Refused(precondition, sentence)
}

fn can_be_moved(target: &Target) -> bool {
    let collection = matches!(target, Target::Folder(..) | Target::Calendar(..) | Target::AddressBook(..));
    collection || matches!(target, Target::File(..) | Target::Object(..) | Target::Card(..))
}

/// The header `Destination`: a path, or a whole URL.
fn destination(headers: &HeaderMap) -> Result<&str> {
    let value = headers.get("destination").ok_or_else(|| Error::Malformed("The header Destination is missing.".into()))?;
    value.to_str().map(str::trim).map_err(|_| Error::Malformed("The header Destination is no URL.".into()))
}

/// What a destination of what stands at `from` is.
fn target(destination: &str, from: &Target) -> Result<Target> {
    match Target::read(destination) {
        Err(Error::NotFound) => Err(misplaced(from, None)),
        result => result,
    }
}

/// The header `Overwrite`.
fn overwrite(headers: &HeaderMap) -> Result<Overwrite> {
    match headers.get("overwrite").map(|value| value.to_str().unwrap_or_default().trim()) {
        None => Ok(Overwrite::Unsaid),
        Some("T" | "t") => Ok(Overwrite::Yes),
        Some("F" | "f") => Ok(Overwrite::No),
        Some(_) => Err(Error::Malformed("The header Overwrite is T or F.".into())),
    }
}

/// How deep a file or folder goes. Of a file the header `Depth` says nothing (RFC 4918 §10.2).
async fn way_of_file(call: &Call, from: &[Name], verb: Verb) -> Result<Way> {
    let depth = request::depth(call.request.headers())?;
    Ok(match (verb, depth) {
        (Verb::Move, None | Some(Depth::Infinity)) => Way::Move,
        (Verb::Copy, None | Some(Depth::Infinity)) => Way::Copy,
        (Verb::Copy, Some(Depth::Zero)) => Way::CopyAlone,
        _ if call.app.file(&call.by.principal, from).await?.content.is_some() => {
            if verb == Verb::Move {
                Way::Move
            } else {
                Way::Copy
            }
        }
        (Verb::Move, _) => return Err(Error::Malformed("A folder moves with all below it: Depth is infinity (RFC 4918 §9.9.2).".into())),
        (Verb::Copy, _) => return Err(Error::Malformed("A folder is copied with Depth 0 or infinity (RFC 4918 §9.8.3).".into())),
    })
}

async fn object(call: &Call, destination: &Target, (name, new_name): (&Name, &Name), verb: Verb, overwrite: Overwrite) -> Result<Reply> {
    let who = &call.by.principal;
    let from = found::collection(&call.app, who, &call.target).await?;
    let to = match found::collection(&call.app, who, destination).await {
        Err(Error::NotFound) if may_enter(call, destination).await? => return Err(Error::NoParent),
        // Of what is in a home that they may not enter nobody is told whether it is there.
        Err(Error::NotFound | Error::Forbidden(_)) => return Err(Error::Forbidden(Privilege::Bind)),
        found => found?,
    };
    let transfer = ObjectTransfer {
        from,
        name: name.clone(),
        to,
        new_name: new_name.clone(),
        way: if verb == Verb::Move { Way::Move } else { Way::Copy },
        overwrite,
        condition: request::condition(call.request.headers())?,
    };
    let put = match call.app.transfer_object(&call.by, &transfer).await {
        Err(Error::Refused(Precondition::NoUidConflict, sentence)) => {
            let other = other(call, &transfer, destination).await?;
            return Ok(error::uid_conflict(&other, &sentence, other.is_about_cards()));
        }
        result => result?,
    };
    answer(put)
}

/// Whether somebody may know what lies in the home of a destination.
async fn may_enter(call: &Call, destination: &Target) -> Result<bool> {
    let who = &call.by.principal;
    match destination.home() {
        Some(home) if home != who.login && destination.is_about_cards() => Ok(false),
        Some(home) if home != who.login => match call.app.neighbour(who, home).await {
            Err(Error::NotFound) => Ok(false),
            neighbour => neighbour.map(|_| true),
        },
        _ => Ok(true),
    }
}

/// Who has the UID already: an object of the destination, or the source itself.
async fn other(call: &Call, transfer: &ObjectTransfer, destination: &Target) -> Result<Target> {
    let source = call.app.entries_of(&transfer.from, std::slice::from_ref(&transfer.name)).await?.pop().flatten();
    let there = match source {
        Some(entry) => call.app.name_of_uid(&transfer.to, &entry.uid).await?,
        None => None,
    };
    let there = there.and_then(|name| destination.parent()?.below(&name));
    Ok(there.unwrap_or_else(|| call.target.clone()))
}

fn answer(put: Put) -> Result<Reply> {
    let mut reply = done(if put.created { Written::Created } else { Written::Replaced });
    tag(&mut reply, put.etag.as_ref(), put.schedule_tag.as_ref())?;
    Ok(reply)
}

/// A collection of one's own gets another name, or one that can be read is copied into one's own home.
async fn collection(call: &Call, new_name: &Name, verb: Verb, overwrite: Overwrite) -> Result<Reply> {
    let collection = found::collection(&call.app, &call.by.principal, &call.target).await?;
    let depth = request::depth(call.request.headers())?;
    request::check_collection(call.request.headers())?;
    let written = match (verb, depth) {
        (Verb::Move, None | Some(Depth::Infinity)) => call.app.rename_calendar(&call.by, &collection, new_name, overwrite).await?,
        (Verb::Copy, None | Some(Depth::Infinity)) => {
            call.app.copy_collection(&call.by, &collection, new_name, Members::Whole, overwrite).await?
        }
        (Verb::Copy, Some(Depth::Zero)) => call.app.copy_collection(&call.by, &collection, new_name, Members::None, overwrite).await?,
        (Verb::Move, _) => {
            return Err(Error::Malformed("A collection moves with all that it holds: Depth is infinity (RFC 4918 §9.9.2).".into()));
        }
        (Verb::Copy, _) => return Err(Error::Malformed("A collection is copied with Depth 0 or infinity (RFC 4918 §9.8.3).".into())),
    };
    Ok(done(written))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        headers
    }

    #[test]
    fn destinations_are_paths_or_urls() {
        let name = |text: &str| Name::new(text).unwrap();
        let file = Target::File("anna".into(), vec![name("a b")]);
        for value in ["/dav/files/anna/a%20b", "https://elsewhere.example/dav/files/anna/a%20b", "http://localhost:1/dav/files/anna/a%20b"]
        {
            assert_eq!(target(destination(&headers("destination", value)).unwrap(), &file), Ok(file.clone()), "{value}");
        }
        for value in ["/dav/files/anna/%2e%2e/x", "/dav/files/anna/a%2fb"] {
            assert!(matches!(target(value, &file), Err(Error::Malformed(_))), "{value}");
        }
        assert!(matches!(target("/staff/", &file), Err(Error::Declined(_))));
        assert!(matches!(destination(&HeaderMap::new()), Err(Error::Malformed(_))));
    }

    #[test]
    fn overwrite_is_true_or_false() {
        assert_eq!(overwrite(&HeaderMap::new()), Ok(Overwrite::Unsaid));
        assert_eq!(overwrite(&headers("overwrite", "T")), Ok(Overwrite::Yes));
        assert_eq!(overwrite(&headers("overwrite", " F ")), Ok(Overwrite::No));
        assert!(overwrite(&headers("overwrite", "yes")).is_err());
    }
}

//! Without a password: when a resource is busy, where the practice has released that. Everything else asks for one.
//!
//! RFC 3744 §5.5.1 (DAV:unauthenticated), RFC 4791 §7.10.

use super::href::Target;
use super::report::freebusy;
use super::xml::{self, Namespace::CalDav};
use crate::app::App;
use crate::app::access::resources_home;
use crate::error::{Error, Result};
use crate::exchange::{Reply, Request};

/// Answers a free-busy-query at the own address of a resource's calendar.
pub async fn answer(app: &App, request: &Request, target: &Target) -> Result<Reply> {
    let Target::Calendar(home, name) = target else { return Err(Error::Unauthenticated) };
    if home != resources_home() || request.method().as_str() != "REPORT" {
        return Err(Error::Unauthenticated);
    }
    // Whoever has no password is not told what is there.
    let collection = app.released(name.as_str()).await?.ok_or(Error::Unauthenticated)?;
    let root = xml::read(request.body()).map_err(|_| Error::Unauthenticated)?;
    if !root.is(CalDav, "free-busy-query") {
        return Err(Error::Unauthenticated);
    }
    freebusy::answer(app, collection, &root).await
}

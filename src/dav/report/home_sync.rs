//! DAV:sync-collection of a home: which of its collections are new, gone, or have changed. RFC 6578 §3.
//!
//! A collection has changed where anything in it has, or a property of it: macOS asks each changed one what it was. Not for: what has
//! changed in a collection (`sync`).

use std::collections::BTreeMap;

use super::sync::{Level, wanted};
use crate::dav::Call;
use crate::dav::found;
use crate::dav::home_token::{self, Seen};
use crate::dav::multistatus::{self, Multistatus};
use crate::dav::property::{Subject, Thing};
use crate::dav::propfind::{brevity, confirmed};
use crate::dav::request;
use crate::dav::selection::Selection;
use crate::dav::xml::Element;
use crate::dav::xml::Namespace::Dav;
use crate::error::{Error, Precondition, Result};
use crate::exchange::Reply;

/// Answers the collections that have changed since a token, and the new token.
pub async fn report(call: Call, root: &Element) -> Result<Reply> {
    let wanted = wanted(root)?;
    if wanted.level == Level::Infinite {
        return Err(Error::Refused(Precondition::SyncTraversalSupported, "Each collection is synced by itself.".into()));
    }
    let preference = request::preference(call.request.headers());
    let selection = Selection::read(root, brevity(preference))?;
    let reply = multistatus::reply(move |out| write(call, selection, wanted.token, wanted.limit, out)).await?;
    Ok(confirmed(reply, preference))
}

async fn write(call: Call, selection: Selection, token: String, limit: usize, mut out: Multistatus) -> Result<Multistatus> {
    let who = &call.by.principal;
    let mut members = found::home(&call.app, who, &call.target).await?;
    if selection.names(Dav, "acl") {
        found::read_acls(&call.app, &mut members).await?;
    }
    let now: Vec<Seen> = members.iter().map(Seen::of).collect();
    let known = if token.is_empty() { Vec::new() } else { home_token::read(&token, &now)? };
    let mut told: BTreeMap<_, Seen> = known.into_iter().map(|seen| (seen.name.clone(), seen)).collect();
    let changed = members.iter().zip(&now).filter(|(_, seen)| told.get(&seen.name) != Some(seen));
    let changed: Vec<_> = changed.map(|(member, seen)| (&seen.name, Some((member, seen)))).collect();
    let gone: Vec<_> = told.keys().filter(|name| now.iter().all(|seen| seen.name != **name)).cloned().collect();
    let all = changed.len() + gone.len();
    for (name, there) in changed.into_iter().chain(gone.iter().map(|name| (name, None))).take(limit) {
        let Some(target) = call.target.below(name) else { continue };
        match there {
            Some((member, seen)) => {
                selection.respond(&Subject { who, target: &target, thing: Thing::Calendar(member) }, out.writer());
                told.insert(name.clone(), seen.clone());
            }
            None => {
                out.gone(&target.href());
                told.remove(name);
            }
        }
        out.flush().await?;
    }
    if all > limit {
        out.truncated(&call.target.href());
    }
    // In the order of the home, as its property has it.
    let mut seen: Vec<Seen> = now.iter().filter_map(|seen| told.remove(&seen.name)).collect();
    seen.extend(told.into_values());
    out.writer().leaf(Dav, "sync-token", &home_token::write(&seen)?);
    Ok(out)
}

//! PROPFIND. RFC 4918 §9.1, RFC 8144 §2.1 and §3.
//!
//! Not for: values (`property`), layout (`selection`).

use http::header::{HeaderName, HeaderValue, VARY};

use super::Call;
use super::found::{self, Found, Home};
use super::href::{Target, Tray};
use super::multistatus::{self, Multistatus};
use super::property::{Member, Subject, Thing};
use super::request::{self, Depth, Preference};
use super::selection::{Brevity, Selection};
use super::xml::{self, Namespace};
use crate::app::App;
use crate::app::calendar::{Calendar, ENTRIES, Neighbour};
use crate::error::{Error, Precondition, Result};
use crate::exchange::Reply;
use crate::principal::{Delegation, Kind, Principal, PrincipalId};

/// Answers the properties of the target and, with Depth 1, of its members.
pub async fn propfind(mut call: Call) -> Result<Reply> {
    let depth = match request::depth(call.request.headers())? {
        // Without a header it would be infinity (RFC 4918 §10.2); a program that forgot it wants no tree.
        None | Some(Depth::One) => Depth::One,
        Some(Depth::Zero) => Depth::Zero,
        Some(Depth::Infinity) => {
            return Err(Error::Refused(Precondition::PropfindFiniteDepth, "Ask with Depth 0 or 1.".into()));
        }
    };
    let preference = request::preference(call.request.headers());
    let brevity = brevity(preference);
    let selection = match xml::read_optional(call.request.body())? {
        None => Selection::all(brevity),
        Some(root) if root.is(Namespace::Dav, "propfind") => Selection::read(&root, brevity)?,
        Some(_) => return Err(Error::Malformed("The body of a PROPFIND is a DAV:propfind.".into())),
    };
    let who = &call.by.principal;
    let alone =
        if depth == Depth::Zero && !selection.asks_members() { found::home_alone(&call.app, who, &call.target).await? } else { None };
    let found = match alone {
        Some(home) => home,
        None => found::find(&call.app, who, &call.target).await?,
    };
    call.target = found.address(call.target);
    let reply = multistatus::reply(move |out| write(call, found, Listing { selection, depth, preference }, out)).await?;
    Ok(confirmed(reply, preference))
}

/// What is to be listed.
struct Listing {
    selection: Selection,
    depth: Depth,
    preference: Preference,
}

/// How brief an answer shall be.
pub fn brevity(preference: Preference) -> Brevity {
    if preference.minimal.is_some() { Brevity::Minimal } else { Brevity::Full }
}

/// Says which preferences were followed.
pub fn confirmed(mut reply: Reply, preference: Preference) -> Reply {
    reply.headers_mut().insert(VARY, HeaderValue::from_static("Brief, CalDAV-Timezones, Prefer"));
    if let Some(applied) = preference.applied() {
        reply.headers_mut().insert(HeaderName::from_static("preference-applied"), HeaderValue::from_static(applied));
    }
    reply
}

async fn write(call: Call, mut found: Found, listing: Listing, mut out: Multistatus) -> Result<Multistatus> {
    let who = &call.by.principal;
    let asks_acl = listing.selection.names(Namespace::Dav, "acl");
    if asks_acl {
        found.read_acl(&call.app).await?;
    }
    if listing.selection.names(Namespace::CalDav, "calendar-availability") {
        found.read_availability(&call.app).await?;
    }
    let members = listing.depth == Depth::One;
    if !(members && listing.preference.depth_noroot.is_some()) {
        listing.selection.respond(&found.subject(who, &call.target), out.writer());
    }
    if members {
        match (&call.target, &found) {
            (
                _,
                Found::Home(Home { members, .. }) | Found::AddressHome(Home { members, .. }) | Found::Neighbour(Neighbour { members, .. }),
            ) => {
                for calendar in members {
                    let Some(target) = call.target.below(&calendar.name) else { continue };
                    let thing = Thing::Calendar(calendar);
                    listing.selection.respond(&Subject { who, target: &target, thing }, out.writer());
                    out.flush().await?;
                }
                if let (Target::Home(login), Found::Home(_)) = (&call.target, &found) {
                    write_trays(&call, login, &listing.selection, &mut out).await?;
                }
            }
            (Target::Folder(login, path), Found::Folder(folder, quota)) => {
                for file in call.app.files_in(who, folder).await? {
                    let path = path.iter().chain(&file.name).cloned().collect();
                    let (target, thing) = match file.content {
                        Some(_) => (Target::File(login.clone(), path), Thing::File(&file)),
                        None => (Target::Folder(login.clone(), path), Thing::Folder(&file, *quota)),
                    };
                    listing.selection.respond(&Subject { who, target: &target, thing }, out.writer());
                    out.flush().await?;
                }
            }
            (_, Found::Calendar(calendar)) => write_objects(&call, calendar, &listing.selection, &mut out).await?,
            (target, _) => {
                for target in below(&call.app, target, who) {
                    let found = found::find(&call.app, who, &target).await?;
                    listing.selection.respond(&found.subject(who, &target), out.writer());
                }
            }
        }
    }
    Ok(out)
}

/// The inbox and the outbox of a home.
async fn write_trays(call: &Call, login: &str, selection: &Selection, out: &mut Multistatus) -> Result<()> {
    let who = &call.by.principal;
    for tray in Tray::ALL {
        let target = Target::Tray(login.to_owned(), tray);
        let found = found::find(&call.app, who, &target).await?;
        selection.respond(&found.subject(who, &target), out.writer());
    }
    Ok(())
}

/// The members of the collections that only lead further. Of logins and homes these are the caller's own; other logins are found by
/// searching.
fn below(app: &App, target: &Target, who: &Principal) -> Vec<Target> {
    match target {
        Target::Root => vec![Target::Dav],
        Target::Dav => vec![Target::Principals, Target::Homes, Target::AddressHomes, Target::Files],
        Target::Principals => {
            let kinds = Kind::ALL.into_iter().map(Target::PrincipalsOf);
            std::iter::once(Target::Principal(who.login.clone())).chain(kinds).collect()
        }
        Target::PrincipalsOf(kind) => app.parties(*kind).iter().map(Target::of).collect(),
        Target::Homes => vec![Target::Home(who.login.clone())],
        Target::AddressHomes => vec![Target::AddressHome(who.login.clone())],
        Target::Files => vec![Target::Folder(who.login.clone(), Vec::new())],
        Target::Principal(login) if *login == who.login => {
            Delegation::ALL.map(|delegation| Target::Party(PrincipalId::Delegates(login.clone(), delegation))).to_vec()
        }
        _ => Vec::new(),
    }
}

/// Every object of a collection, page by page.
async fn write_objects(call: &Call, calendar: &Calendar, selection: &Selection, out: &mut Multistatus) -> Result<()> {
    let who = &call.by.principal;
    let mut after = None;
    loop {
        let page = call.app.entries(calendar, after.as_ref()).await?;
        let listed = page.len();
        for entry in &page {
            let Some(target) = call.target.below(&entry.name) else { continue };
            let thing = Thing::Object(Member { calendar, entry, data: None });
            selection.respond(&Subject { who, target: &target, thing }, out.writer());
            out.flush().await?;
        }
        match page.into_iter().next_back() {
            Some(last) if listed == ENTRIES => after = Some(last.name.clone()),
            _ => return Ok(()),
        }
    }
}

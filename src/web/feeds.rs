//! The list of addresses without a login beside the devices: a new one, revoking.
//!
//! Not for: what they show (`feed`), how they are kept (`app::feed`).

use serde::Serialize;

use super::devices::{self, Added};
use super::form::Fields;
use super::page::Visit;
use super::session::signed_in_form;
use super::wall::Wall;
use crate::app::feed::{Access, FeedKind};
use crate::collection::Name;
use crate::error::{Error, Result};
use crate::exchange::Reply;
use crate::principal::{Principal, Role};

/// What the page shows of addresses.
#[derive(Serialize)]
pub struct FeedsView {
    /// Oldest first.
    list: Vec<FeedView>,
    /// Calendars that can be given away.
    calendars: Vec<Choice>,
    /// Whether busy time can be released to everybody.
    can_release: bool,
    /// The address just made, or empty.
    made: String,
}

#[derive(Serialize)]
struct FeedView {
    key: String,
    /// The calendar's name, or empty.
    calendar: String,
    kind: &'static str,
    released: bool,
    /// Local.
    created: String,
}

#[derive(Serialize)]
struct Choice {
    name: String,
    shown: String,
}

fn word(kind: FeedKind) -> &'static str {
    match kind {
        FeedKind::Full => "full",
        FeedKind::Busy => "busy",
        FeedKind::FreeBusy => "freebusy",
    }
}

/// What there is to show; `made` is the address just made, or empty.
pub async fn view(visit: &Visit<'_>, who: &Principal, wall: &Wall, made: String) -> Result<FeedsView> {
    let app = &visit.web.app;
    let list = app.feeds(who).await?.into_iter().map(|feed| FeedView {
        key: feed.key,
        calendar: feed.calendar.unwrap_or_default(),
        kind: word(feed.kind),
        released: feed.released,
        created: wall.written(feed.created),
    });
    let calendars = app.home(who).await?.into_iter().filter(|calendar| calendar.source.is_none());
    let calendars = calendars.map(|calendar| Choice { name: calendar.name.as_str().to_owned(), shown: calendar.display_name });
    Ok(FeedsView { list: list.collect(), calendars: calendars.collect(), can_release: who.role == Role::Admin, made })
}

/// Makes one. The answer is the page itself, as with a device's password: the address is kept nowhere.
pub async fn add(visit: Visit<'_>, fields: &Fields) -> Reply {
    let (visit, who) = match signed_in_form(visit, fields).await {
        Ok(desk) => desk,
        Err(reply) => return reply,
    };
    match made(&visit, &who, fields).await {
        Ok(file) => devices::show(&visit, &who, Added::Feed(format!("{}/feeds/{file}", visit.web.public_url))).await,
        Err(error) => visit.error(error),
    }
}

async fn made(visit: &Visit<'_>, who: &Principal, fields: &Fields) -> Result<String> {
    let kind = [FeedKind::Full, FeedKind::Busy, FeedKind::FreeBusy].into_iter().find(|kind| fields.get("kind") == Some(word(*kind)));
    let kind = kind.ok_or_else(|| Error::Malformed("There is nothing of this kind to be shown.".into()))?;
    let access = if fields.get("released") == Some("yes") { Access::Released } else { Access::Secret };
    visit.web.app.add_feed(who, &Name::new(fields.get("calendar").unwrap_or(""))?, kind, access).await
}

/// Revokes one.
pub async fn revoke(visit: Visit<'_>, fields: &Fields) -> Reply {
    let (visit, who) = match signed_in_form(visit, fields).await {
        Ok(desk) => desk,
        Err(reply) => return reply,
    };
    match visit.web.app.revoke_feed(&who, fields.get("key").unwrap_or("")).await {
        Ok(()) => visit.see("/staff/devices"),
        Err(error) => visit.error(error),
    }
}

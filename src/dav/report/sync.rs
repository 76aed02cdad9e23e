//! DAV:sync-collection: what has changed since a token. RFC 6578 §3.
//!
//! Not for: the token's form (`sync_token`).

use std::sync::Arc;

use super::{Absent, Answer, ENTRY_PAGE, Place};
use crate::app::calendar::Calendar;
use crate::collection::{Entry, Name, Version};
use crate::dav::Call;
use crate::dav::multistatus::{self, Multistatus};
use crate::dav::propfind::confirmed;
use crate::dav::request::{self, Depth};
use crate::dav::sync_token::{Rest, SyncToken};
use crate::dav::xml::Element;
use crate::dav::xml::Namespace::Dav;
use crate::error::{Error, Result};
use crate::exchange::Reply;

/// A sync that was asked for.
struct Sync {
    /// `None`: of everything.
    since: Option<Version>,
    /// Where an answer before was cut off, and the version that it promised.
    resumed: Option<Resumed>,
    /// The most members that the client wants.
    limit: usize,
}

struct Resumed {
    after: Name,
    version: Version,
}

/// There is more than the client wanted at once.
struct Cut;

/// Answers the members that have changed and the new token.
pub async fn report(call: Call, calendar: Calendar, root: &Element) -> Result<Reply> {
    // RFC 6578 §3.2 wants Depth 0; 1 is what several clients send.
    if request::depth(call.request.headers())? == Some(Depth::Infinity) {
        return Err(Error::Malformed("A sync-collection is asked with Depth 0.".into()));
    }
    let answer = Answer::read(&call, root)?;
    let sync = read(root, &calendar)?;
    let preference = request::preference(call.request.headers());
    let reply = multistatus::reply(move |out| write(call, calendar, answer, sync, out)).await?;
    Ok(confirmed(reply, preference))
}

/// Reads token and limit. What DAV:sync-level is makes no difference: calendars have no collections in them.
fn read(root: &Element, calendar: &Calendar) -> Result<Sync> {
    let Wanted { token, limit, .. } = wanted(root)?;
    if token.is_empty() {
        return Ok(Sync { since: None, resumed: None, limit });
    }
    let token = SyncToken::read(&token, calendar)?;
    Ok(match token.rest {
        None => Sync { since: Some(token.version), resumed: None, limit },
        Some(Rest { since, after }) => Sync { since, resumed: Some(Resumed { after, version: token.version }), limit },
    })
}

/// What every sync asks for.
pub(super) struct Wanted {
    /// Empty at the first one.
    pub token: String,
    /// How many members at most.
    pub limit: usize,
    pub level: Level,
}

/// How deep a sync goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// The members.
    One,
    /// All below.
    Infinite,
}

/// Reads DAV:sync-token, DAV:limit and DAV:sync-level, which programs from before the RFC leave out.
pub(super) fn wanted(root: &Element) -> Result<Wanted> {
    let token = root.child(Dav, "sync-token").map(|token| token.text().trim().to_owned()).unwrap_or_default();
    let limit = match root.child(Dav, "limit").and_then(|limit| limit.child(Dav, "nresults")) {
        None => usize::MAX,
        Some(results) => match results.text().trim().parse() {
            Ok(limit) if limit > 0 => limit,
            _ => return Err(Error::Malformed("DAV:nresults is a number above zero.".into())),
        },
    };
    let level = match root.child(Dav, "sync-level").map(Element::text).as_deref().map(str::trim) {
        None | Some("1") => Level::One,
        Some("infinite" | "infinity") => Level::Infinite,
        Some(_) => return Err(Error::Malformed("DAV:sync-level is 1 or infinite.".into())),
    };
    Ok(Wanted { token, limit, level })
}

async fn write(call: Call, calendar: Calendar, answer: Answer, sync: Sync, out: Multistatus) -> Result<Multistatus> {
    let place = Place { call: &call, calendar: &calendar };
    let mut writing = Writing { place, answer, room: sync.limit, last: None, cut: None, out };
    let after = sync.resumed.as_ref().map(|resumed| &resumed.after);
    let reached = match sync.since {
        Some(since) => writing.changes(since, after).await?,
        None => writing.everything(after).await?,
    };
    // What lies before the cut may have changed since the first part was answered: the version of that part is what holds for all.
    let version = sync.resumed.as_ref().map_or(reached, |resumed| resumed.version);
    let mut out = writing.out;
    let rest = match (writing.cut, writing.last) {
        (Some(Cut), Some(after)) => {
            out.truncated(&call.target.href());
            Some(Rest { since: sync.since, after })
        }
        _ => None,
    };
    let token = SyncToken { collection: calendar.id, version, rest };
    out.writer().leaf(Dav, "sync-token", &token.to_string());
    Ok(out)
}

/// A name whose object has changed, or is gone.
struct Change {
    name: Name,
    entry: Option<Arc<Entry>>,
}

/// An answer that is being written.
struct Writing<'a> {
    place: Place<'a>,
    answer: Answer,
    /// How many members the client still wants.
    room: usize,
    /// The last name that was written.
    last: Option<Name>,
    cut: Option<Cut>,
    out: Multistatus,
}

impl Writing<'_> {
    /// Writes every member after a name, and answers the version that the client then has.
    async fn everything(&mut self, after: Option<&Name>) -> Result<Version> {
        let mut after = after.cloned();
        loop {
            let page = self.place.call.app.entries(self.place.calendar, after.as_ref()).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.name.clone());
            let page: Vec<Change> = page.into_iter().map(|entry| Change { name: entry.name.clone(), entry: Some(entry) }).collect();
            self.page(&page).await?;
            if self.cut.is_some() {
                break;
            }
        }
        // It was read before the pages: what changes meanwhile is newer and comes with the next sync.
        Ok(self.place.calendar.version)
    }

    /// Writes what has changed since a version, as far as its name comes after a name, and answers the version that the client then has.
    async fn changes(&mut self, since: Version, after: Option<&Name>) -> Result<Version> {
        let changes = self.place.call.app.changes(self.place.calendar, Some(since)).await?;
        let named = changes.changed.into_iter().map(|(name, entry)| Change { name, entry });
        let mut changed: Vec<Change> = named.filter(|change| after.is_none_or(|after| change.name > *after)).collect();
        // By name, so that an answer that was cut off can go on after the last one.
        changed.sort_by(|a, b| a.name.cmp(&b.name));
        for page in changed.chunks(ENTRY_PAGE) {
            self.page(page).await?;
        }
        Ok(changes.version)
    }

    /// Writes as much of a page as there is room for.
    async fn page(&mut self, page: &[Change]) -> Result<()> {
        let (written, left) = page.split_at(self.room.min(page.len()));
        if !left.is_empty() {
            self.cut = Some(Cut);
        }
        self.room -= written.len();
        self.last = written.last().map(|change| change.name.clone()).or(self.last.take());
        if self.answer.data.is_some() {
            let names: Vec<Name> = written.iter().map(|change| change.name.clone()).collect();
            return self.answer.write_named(self.place, &names, Absent::Told, &mut self.out).await;
        }
        for change in written {
            match &change.entry {
                Some(entry) => self.answer.write(self.place, entry, None, &mut self.out),
                None => self.place.gone(&change.name, &mut self.out),
            }
            self.out.flush().await?;
        }
        Ok(())
    }
}

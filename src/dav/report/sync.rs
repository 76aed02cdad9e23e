//! DAV:sync-collection: what has changed since a token. RFC 6578 §3.
//!
//! Not for: the token's form (`sync_token`).

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

/// Where an answer has come to.
#[derive(Default)]
struct Progress {
    written: usize,
    last: Option<Name>,
    cut: Option<Cut>,
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

/// Reads token and limit. DAV:sync-level is passed over: calendars have no collections in them, so its values mean the same.
fn read(root: &Element, calendar: &Calendar) -> Result<Sync> {
    let token = root.child(Dav, "sync-token").map(Element::text).unwrap_or_default();
    let limit = match root.child(Dav, "limit").and_then(|limit| limit.child(Dav, "nresults")) {
        None => usize::MAX,
        Some(results) => match results.text().trim().parse() {
            Ok(limit) if limit > 0 => limit,
            _ => return Err(Error::Malformed("DAV:nresults is a number above zero.".into())),
        },
    };
    if token.trim().is_empty() {
        return Ok(Sync { since: None, resumed: None, limit });
    }
    let token = SyncToken::read(&token, calendar)?;
    Ok(match token.rest {
        None => Sync { since: Some(token.version), resumed: None, limit },
        Some(Rest { since, after }) => Sync { since, resumed: Some(Resumed { after, version: token.version }), limit },
    })
}

async fn write(call: Call, calendar: Calendar, answer: Answer, sync: Sync, mut out: Multistatus) -> Result<Multistatus> {
    let place = Place { call: &call, calendar: &calendar };
    let mut progress = Progress::default();
    let reached = match sync.since {
        Some(since) => write_changes(place, &answer, &sync, since, (&mut progress, &mut out)).await?,
        None => {
            // What changes while the pages are read is newer than the version that was read first, and comes with the next sync.
            write_everything(place, &answer, &sync, (&mut progress, &mut out)).await?;
            calendar.version
        }
    };
    // What lies before the cut may have changed since the first part was answered: the version of that part is what holds for all.
    let version = sync.resumed.map_or(reached, |resumed| resumed.version);
    let rest = match (progress.cut, progress.last) {
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

async fn write_everything(
    place: Place<'_>,
    answer: &Answer,
    sync: &Sync,
    (progress, out): (&mut Progress, &mut Multistatus),
) -> Result<()> {
    let mut after = sync.resumed.as_ref().map(|resumed| resumed.after.clone());
    loop {
        let page = place.call.app.entries(place.calendar, after.as_ref()).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.name.clone());
        let page: Vec<Change> = page.into_iter().map(|entry| Change { name: entry.name.clone(), entry: Some(entry) }).collect();
        write_page(place, answer, sync, &page, (progress, out)).await?;
        if progress.cut.is_some() {
            return Ok(());
        }
    }
}

/// Writes the changes since a version and answers the version that they bring the client to.
async fn write_changes(
    place: Place<'_>,
    answer: &Answer,
    sync: &Sync,
    since: Version,
    (progress, out): (&mut Progress, &mut Multistatus),
) -> Result<Version> {
    let changes = place.call.app.changes(place.calendar, Some(since)).await?;
    let mut changed: Vec<Change> = changes.changed.into_iter().map(|(name, entry)| Change { name, entry }).collect();
    // By name, so that an answer that was cut off can go on after the last one.
    changed.sort_by(|a, b| a.name.cmp(&b.name));
    if let Some(resumed) = &sync.resumed {
        changed.retain(|change| change.name > resumed.after);
    }
    for page in changed.chunks(ENTRY_PAGE) {
        write_page(place, answer, sync, page, (progress, out)).await?;
    }
    Ok(changes.version)
}

/// A name whose object has changed, or is gone.
struct Change {
    name: Name,
    entry: Option<Entry>,
}

async fn write_page(
    place: Place<'_>,
    answer: &Answer,
    sync: &Sync,
    page: &[Change],
    (progress, out): (&mut Progress, &mut Multistatus),
) -> Result<()> {
    if progress.cut.is_some() {
        return Ok(());
    }
    let room = sync.limit.saturating_sub(progress.written);
    if page.len() > room {
        progress.cut = Some(Cut);
    }
    let page = page.get(..room.min(page.len())).unwrap_or_default();
    if let Some(last) = page.last() {
        progress.last = Some(last.name.clone());
        progress.written += page.len();
    }
    if answer.data.is_some() {
        let names: Vec<Name> = page.iter().map(|change| change.name.clone()).collect();
        return answer.write_named(place, &names, Absent::Told, out).await;
    }
    for change in page {
        match &change.entry {
            Some(entry) => answer.write(place, entry, None, out),
            None => out.gone(&place.target(&change.name).href()),
        }
        out.flush().await?;
    }
    Ok(())
}

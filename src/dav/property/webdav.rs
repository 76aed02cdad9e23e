//! Values of WebDAV's own properties: what something is, what it is called, when it changed, what can be asked of it.
//!
//! Not for: which properties there are (`property`). RFC 4918 §15, RFC 4331 §3 and §4, RFC 3253 §3.1.5, RFC 6578 §4, RFC 5995 §3.2.1.

use std::time::{Duration, UNIX_EPOCH};

use super::{ADD_MEMBER, CONTENT, Kind, Subject, Thing};
use crate::app::calendar::Neighbour;
use crate::app::principals::Party;
use crate::collection::{Entry, Name};
use crate::dav::found::Home;
use crate::dav::home_token::{self, Seen};
use crate::dav::href::Target;
use crate::dav::sync_token::SyncToken;
use crate::dav::xml::Namespace::{self, CalDav, CalendarServer, CardDav, Dav};
use crate::dav::xml::writer::Writer;
use crate::ical::component::Component;
use crate::ical::time::instant;
use crate::principal::PrincipalId;

pub(super) fn resourcetype(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    if !CONTENT.contains(&subject.kind()) {
        writer.empty(Dav, "collection");
    }
    match subject.kind() {
        Kind::Principal => {
            writer.empty(Dav, "principal");
            if let Some(Party { id: PrincipalId::Delegates(_, delegation), .. }) = subject.party() {
                writer.empty(CalendarServer, delegation.word());
            }
        }
        Kind::Calendar => writer.empty(CalDav, "calendar"),
        Kind::AddressBook => writer.empty(CardDav, "addressbook"),
        Kind::Subscribed => writer.empty(CalendarServer, "subscribed"),
        Kind::Inbox => writer.empty(CalDav, "schedule-inbox"),
        Kind::Outbox => writer.empty(CalDav, "schedule-outbox"),
        _ => {}
    }
    Some(())
}

pub(super) fn displayname(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    let own = subject.file().and_then(|file| file.name.as_ref());
    writer.text(match (subject.thing, subject.target) {
        (Thing::Principal(party), _) => &party.display_name,
        (Thing::Neighbour(neighbour), _) => &neighbour.display_name,
        (Thing::Calendar(calendar), _) => &calendar.display_name,
        (_, Target::Tray(_, tray)) => tray.name(),
        _ => own.map_or(&subject.who.display_name, Name::as_str),
    });
    Some(())
}

pub(super) fn getetag(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    let etag = match subject.thing {
        Thing::File(file) => &file.content.as_ref()?.etag,
        _ => &subject.member()?.entry.etag,
    };
    writer.raw("\"");
    writer.text(etag.as_str());
    writer.raw("\"");
    Some(())
}

pub(super) fn getcontenttype(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    match subject.thing {
        Thing::File(file) => writer.text(&file.content.as_ref()?.content_type),
        _ => writer.text(&content_type(subject.member()?.entry)),
    }
    Some(())
}

/// The content type of an object, the same in headers and in DAV:getcontenttype.
pub fn content_type(entry: &Entry) -> String {
    if entry.component == Component::Card {
        return "text/vcard; charset=utf-8".to_owned();
    }
    format!("text/calendar; charset=utf-8; component={}", entry.component.as_str())
}

pub(super) fn getcontentlength(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    let size = match subject.thing {
        Thing::File(file) => file.content.as_ref()?.size,
        // Under a lowered view it is only known of what was read.
        _ => Some(subject.member()?.entry.size).filter(|size| *size > 0)?,
    };
    writer.text(&size.to_string());
    Some(())
}

pub(super) fn getlastmodified(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    let modified = match subject.file() {
        Some(file) => http_date(file.modified?),
        None => last_modified(subject.member()?.entry),
    };
    writer.text(&modified);
    Some(())
}

pub(super) fn creationdate(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(&instant(subject.file()?.created?).format("%Y-%m-%dT%H:%M:%SZ").to_string());
    Some(())
}

pub(super) fn quota_available(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(&subject.quota()?.available.to_string());
    Some(())
}

pub(super) fn quota_used(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(&subject.quota()?.used.to_string());
    Some(())
}

/// When an object was last written, as HTTP writes dates.
pub fn last_modified(entry: &Entry) -> String {
    http_date(entry.modified)
}

/// Seconds since 1970 as HTTP writes dates.
pub fn http_date(seconds: i64) -> String {
    // The last second of the year 9999: HTTP has four digits for a year.
    let seconds = u64::try_from(seconds).unwrap_or(0).min(253_402_300_799);
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
}

/// getctag and sync-token are the same: both say how often the collection has changed.
pub(super) fn version(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    match subject.thing {
        Thing::Home(Home { members, .. }) | Thing::AddressHome(Home { members, .. }) | Thing::Neighbour(Neighbour { members, .. }) => {
            let seen: Vec<Seen> = members.iter().map(Seen::of).collect();
            writer.text(&home_token::write(&seen).ok()?);
        }
        _ => writer.text(&subject.calendar().map_or(SyncToken::EMPTY, SyncToken::of).to_string()),
    }
    Some(())
}

/// The reports that every address has (RFC 3253 §3.8, RFC 3744 §9.2 and §9.3).
const EVERYWHERE: [(Namespace, &str); 3] = [(Dav, "expand-property"), (Dav, "principal-match"), (Dav, "acl-principal-prop-set")];

pub(super) fn supported_report_set(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    let reports: &[(Namespace, &str)] = match subject.kind() {
        Kind::Plain | Kind::Principal => &[(Dav, "principal-property-search"), (Dav, "principal-search-property-set")],
        Kind::Home | Kind::AddressHome => &[(Dav, "sync-collection")],
        Kind::Outbox | Kind::Subscribed | Kind::Folder | Kind::File => &[],
        // RFC 4791 §7 and RFC 6352 §8 want the reports on objects too; §7.10 no free-busy-query.
        Kind::Object => &[(CalDav, "calendar-query"), (CalDav, "calendar-multiget")],
        Kind::Card => &[(CardDav, "addressbook-query"), (CardDav, "addressbook-multiget")],
        Kind::AddressBook => &[(CardDav, "addressbook-query"), (CardDav, "addressbook-multiget"), (Dav, "sync-collection")],
        // RFC 6638 §2.3: no free-busy-query.
        Kind::Inbox => &[(CalDav, "calendar-query"), (CalDav, "calendar-multiget"), (Dav, "sync-collection")],
        Kind::Calendar => {
            &[(CalDav, "calendar-query"), (CalDav, "calendar-multiget"), (CalDav, "free-busy-query"), (Dav, "sync-collection")]
        }
    };
    for (namespace, local) in reports.iter().chain(&EVERYWHERE) {
        writer.open(Dav, "supported-report");
        writer.open(Dav, "report");
        writer.empty(*namespace, local);
        writer.close(Dav, "report");
        writer.close(Dav, "supported-report");
    }
    Some(())
}

/// Where a POST makes a new member (RFC 5995 §3.2.1): the collection itself, told from a client's slip by a word.
pub(super) fn add_member(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.leaf(Dav, "href", &format!("{}?{ADD_MEMBER}", subject.target.href()));
    Some(())
}

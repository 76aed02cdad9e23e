//! REPORT: which one is asked for, and what all of them share.
//!
//! Not for: filters (`query`). RFC 3253 §3.6, RFC 4791 §7, RFC 6352 §8, RFC 6578 §3.2, RFC 3744 §9.

mod cards;
mod expand;
pub mod freebusy;
mod home_sync;
mod inbox;
mod multiget;
mod principals;
mod search;
mod single;
mod sync;

use bytes::Bytes;

use super::Call;
use super::href::{Target, Tray};
use super::multistatus::Multistatus;
use super::property::{Member, Subject, Thing};
use super::propfind::brevity;
use super::query::{AddressData, CalendarData};
use super::selection::Selection;
use super::xml::Namespace::{CalDav, CardDav, Dav};
use super::xml::{self, Element};
use super::{found, request};
use crate::app::calendar::Calendar;
use crate::collection::{Entry, Name, Object};
use crate::error::{Error, Precondition, Result};
use crate::exchange::Reply;
use crate::ical::timezones::Timezones;
use crate::ical::zone::Zone;

/// How many objects are held in memory at a time.
pub const OBJECT_PAGE: usize = 32;

/// How many entries are held in memory at a time.
pub const ENTRY_PAGE: usize = 1024;

/// Answers a report.
pub async fn report(call: Call) -> Result<Reply> {
    let root = xml::read(call.request.body())?;
    match &call.target {
        _ if root.is(Dav, "expand-property") => expand::report(call, &root).await,
        _ if root.is(Dav, "principal-match") => principals::matching(call, &root).await,
        _ if root.is(Dav, "acl-principal-prop-set") => principals::of_acl(call, &root).await,
        Target::AddressBook(..) => {
            let book = collection(&call, &root).await?;
            if root.is(CardDav, "addressbook-multiget") {
                multiget::report(call, book, &root).await
            } else if root.is(CardDav, "addressbook-query") {
                cards::report(call, book, &root).await
            } else if root.is(Dav, "sync-collection") {
                sync::report(call, book, &root).await
            } else {
                Err(unsupported(&root))
            }
        }
        Target::Home(_) | Target::AddressHome(_) if root.is(Dav, "sync-collection") => home_sync::report(call, &root).await,
        Target::Tray(_, Tray::Inbox) => inbox::report(call, &root),
        Target::Calendar(home, name) if root.is(CalDav, "free-busy-query") => {
            let calendar = call.app.calendar_of(&call.by.principal, home, name).await?;
            if calendar.source.is_some() {
                return Err(unsupported(&root));
            }
            freebusy::report(&call, &calendar, &root).await
        }
        Target::Calendar(..) => {
            let calendar = collection(&call, &root).await?;
            if calendar.source.is_some() {
                Err(unsupported(&root))
            } else if root.is(CalDav, "calendar-multiget") {
                multiget::report(call, calendar, &root).await
            } else if root.is(CalDav, "calendar-query") {
                search::report(call, calendar, &root).await
            } else if root.is(Dav, "sync-collection") {
                sync::report(call, calendar, &root).await
            } else {
                Err(unsupported(&root))
            }
        }
        Target::Object(..) | Target::Card(..) => single::report(call, &root).await,
        target if root.is(Dav, "principal-property-search") && leads_to_principals(target) => principals::search(call, &root).await,
        target if root.is(Dav, "principal-search-property-set") && leads_to_principals(target) => Ok(principals::searchable()),
        _ => Err(unsupported(&root)),
    }
}

/// The collection that is asked or in which what is asked lies, with its access control list where that is asked for.
async fn collection(call: &Call, root: &Element) -> Result<Calendar> {
    let mut collection = found::collection(&call.app, &call.by.principal, &call.target).await?;
    if asks_acl(root) {
        found::read_acls(&call.app, std::slice::from_mut(&mut collection)).await?;
    }
    Ok(collection)
}

/// Whether DAV:acl is among what a report asks for.
fn asks_acl(root: &Element) -> bool {
    root.child(Dav, "prop").is_some_and(|prop| prop.child(Dav, "acl").is_some())
}

/// Whether principals may be looked for here: programs ask wherever they have come to on their way to one.
fn leads_to_principals(target: &Target) -> bool {
    matches!(target, Target::Root | Target::Dav | Target::Principals | Target::PrincipalsOf(_)) || target.principal().is_some()
}

fn unsupported(root: &Element) -> Error {
    Error::Refused(Precondition::SupportedReport, format!("This address has no report {}.", root.local))
}

/// What a report answers for each object.
struct Answer {
    selection: Selection,
    data: Option<Wanted>,
    /// The zone of times without one, where the request names it; else the calendar's.
    zone: Option<Zone>,
    /// Whether objects come with their zones.
    timezones: Timezones,
}

/// How much of an object's octets is asked for.
enum Wanted {
    Calendar(CalendarData),
    Card(AddressData),
}

impl Wanted {
    /// Whether it is all of an object's, as they are.
    fn is_all_of(&self, object: &Object) -> bool {
        match self {
            Wanted::Calendar(data) => data.is_whole(),
            Wanted::Card(data) => data.is_all_of(&object.octets),
        }
    }
}

/// What becomes of a name that nothing is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Absent {
    /// It gets a response of its own, with 404.
    Told,
    /// It is left out.
    Skipped,
}

impl Answer {
    /// Reads which properties are asked for, and CALDAV:calendar-data among them.
    fn read(call: &Call, root: &Element) -> Result<Answer> {
        let selection = Selection::read(root, brevity(request::preference(call.request.headers())))?;
        let named = |namespace, local| root.child(Dav, "prop").and_then(|prop| prop.child(namespace, local));
        let data = if matches!(call.target, Target::AddressBook(..)) {
            named(CardDav, "address-data").map(AddressData::read).transpose()?.map(Wanted::Card)
        } else {
            named(CalDav, "calendar-data").map(CalendarData::read).transpose()?.map(Wanted::Calendar)
        };
        Ok(Answer { selection, data, zone: None, timezones: request::timezones(call.request.headers())? })
    }

    /// Writes the response of an object of which no more than its entry is needed, or whose octets are at hand.
    fn write(&self, place: Place<'_>, entry: &Entry, octets: Option<&Bytes>, out: &mut Multistatus) {
        let Some(target) = place.target(&entry.name) else { return };
        let thing = Thing::Object(Member { calendar: place.calendar, entry, data: octets });
        self.selection.respond(&Subject { who: &place.call.by.principal, target: &target, thing }, out.writer());
    }

    /// Writes the response of an object that was read.
    fn write_object(&self, place: Place<'_>, object: &Object, out: &mut Multistatus) {
        if self.timezones == Timezones::AsSent && self.data.as_ref().is_some_and(|data| data.is_all_of(object)) {
            return self.write(place, &object.entry, Some(&object.octets), out);
        }
        // One object that cannot be told as it is wanted does not spoil the answer for the others.
        match &self.data {
            None => self.write(place, &object.entry, None, out),
            Some(Wanted::Calendar(data)) => {
                let zone = self.zone.clone().or_else(|| Zone::named(&place.calendar.zone)).unwrap_or(Zone::UTC);
                match data.render(&object.octets, &zone) {
                    Ok(octets) => self.write(place, &object.entry, Some(&self.timezones.shown(&octets)), out),
                    Err(_) => place.truncated(&object.entry.name, out),
                }
            }
            Some(Wanted::Card(data)) => match data.render(&object.octets) {
                Ok(octets) => self.write(place, &object.entry, Some(&octets), out),
                Err(_) => place.target(&object.entry.name).iter().for_each(|target| out.unconverted(&target.href())),
            },
        }
    }

    /// Writes the responses of these names, page by page, in the order asked.
    async fn write_named(&self, place: Place<'_>, names: &[Name], absent: Absent, out: &mut Multistatus) -> Result<()> {
        let page = if self.data.is_some() { OBJECT_PAGE } else { ENTRY_PAGE };
        for names in names.chunks(page) {
            if self.data.is_some() {
                let objects = place.call.app.objects(place.calendar, names).await?;
                out.expect(objects.iter().flatten().map(|object| object.octets.len()));
                for (name, object) in names.iter().zip(&objects) {
                    match object {
                        Some(object) => self.write_object(place, object, out),
                        None => place.absent(name, absent, out),
                    }
                    out.flush().await?;
                }
            } else {
                let entries = place.call.app.entries_of(place.calendar, names).await?;
                for (name, entry) in names.iter().zip(&entries) {
                    match entry {
                        Some(entry) => self.write(place, entry, None, out),
                        None => place.absent(name, absent, out),
                    }
                    out.flush().await?;
                }
            }
        }
        Ok(())
    }
}

/// Where objects are written: the calendar, as the caller sees it.
#[derive(Clone, Copy)]
struct Place<'a> {
    call: &'a Call,
    calendar: &'a Calendar,
}

impl Place<'_> {
    fn target(&self, name: &Name) -> Option<Target> {
        self.call.target.below(name)
    }

    fn gone(&self, name: &Name, out: &mut Multistatus) {
        self.target(name).iter().for_each(|target| out.gone(&target.href()));
    }

    fn truncated(&self, name: &Name, out: &mut Multistatus) {
        self.target(name).iter().for_each(|target| out.truncated(&target.href()));
    }

    fn absent(&self, name: &Name, absent: Absent, out: &mut Multistatus) {
        if absent == Absent::Told {
            self.gone(name, out);
        }
    }
}

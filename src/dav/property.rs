//! The table of live properties: one row each, with what has it, whether it can be set, and its value.
//!
//! Not for: which properties a request asks for and how the answer is laid out (`selection`).
//! RFC 4918 §15, RFC 4791 §5.2 and §6.2, RFC 3744 §4 and §5, RFC 5397, RFC 6578 §4, RFC 7809 §5.2, RFC 6638 §2 and §9,
//! RFC 7953 §7.2.4, caldav-ctag §4.1, caldav-proxy §5.1.

mod schedule;

use std::collections::BTreeMap;
use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;

use super::acl::{write_ace, write_privilege, write_supported};
use super::found::Home;
use super::home_token::{self, Seen};
use super::href::Target;
use super::sync_token::SyncToken;
use super::xml::Namespace::{self, Apple, CalDav, CalendarServer, CardDav, Dav};
use super::xml::writer::Writer;
use crate::access::{Ace, Source, Whom};
use crate::app::access::{inherited, resources_home};
use crate::app::calendar::{Calendar, Neighbour, PropertyName, PropertyValue};
use crate::app::files::{File, Quota};
use crate::app::principals::{Party, Reach};
use crate::app::schedule::Inbox;
use crate::collection::{Entry, Name};
use crate::ical::component::Component;
use crate::ical::filter::Collation;
use crate::ical::freebusy::PRODID;
use crate::ical::object::{MAX_OBJECT_SIZE, line, readable};
use crate::ical::time::{TimeRange, instant};
use crate::ical::zone::Zone;
use crate::principal::{Grant, Principal, PrincipalId, Privilege};
use crate::vcard::MAX_CARD_SIZE;

/// The years for which CALDAV:calendar-timezone must hold at least: 2020 to 2040. The rules of almost all zones go on after them.
const ZONE_RANGE: TimeRange = TimeRange { start: 1_577_836_800, end: 2_208_988_800 };

/// The query of the address that a POST of a new member goes to.
pub const ADD_MEMBER: &str = "add-member";

/// Dead properties: whole elements by name.
pub type Kept = BTreeMap<PropertyName, PropertyValue>;

/// Something that has properties.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Who asks.
    pub who: &'a Principal,
    /// Its address.
    pub target: &'a Target,
    /// What it is.
    pub thing: Thing<'a>,
}

/// What a subject is.
#[derive(Debug, Clone, Copy)]
pub enum Thing<'a> {
    /// `/`, `/dav/` and the other collections that only lead further.
    Plain,
    /// A principal.
    Principal(&'a Party),
    /// One's own calendar home.
    Home(&'a Home),
    /// Another home.
    Neighbour(&'a Neighbour),
    /// An address book home with its dead properties.
    AddressHome(&'a Home),
    /// A scheduling inbox.
    Inbox(&'a Inbox),
    /// A scheduling outbox with its dead properties.
    Outbox(&'a Kept),
    /// A calendar, or an address book.
    Calendar(&'a Calendar),
    /// An object of either.
    Object(Member<'a>),
    /// A folder, and what all files of its owner take.
    Folder(&'a File, Quota),
    /// A file.
    File(&'a File),
}

/// An object as far as it was read.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a> {
    /// Where it is.
    pub calendar: &'a Calendar,
    /// What is known of it.
    pub entry: &'a Entry,
    /// What CALDAV:calendar-data or CARDDAV:address-data answers, where a report asks for it.
    pub data: Option<&'a Bytes>,
}

/// The kinds of things that a row can belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// See [`Thing::Plain`].
    Plain,
    /// See [`Thing::Principal`].
    Principal,
    /// See [`Thing::Home`].
    Home,
    /// See [`Thing::AddressHome`].
    AddressHome,
    /// See [`Thing::Inbox`].
    Inbox,
    /// See [`Thing::Outbox`].
    Outbox,
    /// See [`Thing::Calendar`].
    Calendar,
    /// A [`Thing::Calendar`] that holds cards.
    AddressBook,
    /// A [`Thing::Calendar`] that is read elsewhere.
    Subscribed,
    /// See [`Thing::Object`].
    Object,
    /// A [`Thing::Object`] of an address book.
    Card,
    /// See [`Thing::Folder`].
    Folder,
    /// See [`Thing::File`].
    File,
}

impl<'a> Subject<'a> {
    /// Which kind of thing it is.
    pub fn kind(&self) -> Kind {
        match self.thing {
            Thing::Plain => Kind::Plain,
            Thing::Principal(_) => Kind::Principal,
            Thing::Home(_) | Thing::Neighbour(_) => Kind::Home,
            Thing::Inbox(_) => Kind::Inbox,
            Thing::Outbox(_) => Kind::Outbox,
            Thing::AddressHome(_) => Kind::AddressHome,
            Thing::Calendar(calendar) if calendar.component == Component::Card => Kind::AddressBook,
            Thing::Calendar(calendar) if calendar.source.is_some() => Kind::Subscribed,
            Thing::Calendar(_) => Kind::Calendar,
            Thing::Object(member) if member.calendar.component == Component::Card => Kind::Card,
            Thing::Object(_) => Kind::Object,
            Thing::Folder(..) => Kind::Folder,
            Thing::File(_) => Kind::File,
        }
    }

    /// Its dead properties, where it can have some.
    pub fn kept(&self) -> Option<&'a Kept> {
        match self.thing {
            Thing::Principal(party) => Some(&party.properties),
            Thing::Outbox(kept) => Some(kept),
            Thing::Home(home) | Thing::AddressHome(home) => Some(&home.kept),
            Thing::Inbox(inbox) => Some(&inbox.properties),
            Thing::Calendar(calendar) => Some(&calendar.properties),
            Thing::Folder(file, _) | Thing::File(file) => Some(&file.properties),
            Thing::Plain | Thing::Neighbour(_) | Thing::Object(_) => None,
        }
    }

    fn calendar(&self) -> Option<&'a Calendar> {
        match self.thing {
            Thing::Calendar(calendar) => Some(calendar),
            _ => None,
        }
    }

    fn party(&self) -> Option<&'a Party> {
        match self.thing {
            Thing::Principal(party) => Some(party),
            _ => None,
        }
    }

    /// The calendar itself, or the one that holds the object.
    fn within(&self) -> Option<&'a Calendar> {
        self.calendar().or(self.member().map(|member| member.calendar))
    }

    /// In whose home it lies.
    fn home(&self) -> Option<&'a str> {
        self.target.home()
    }

    fn member(&self) -> Option<Member<'a>> {
        match self.thing {
            Thing::Object(member) => Some(member),
            _ => None,
        }
    }

    /// It, where it is a file or a folder.
    fn file(&self) -> Option<&'a File> {
        match self.thing {
            Thing::Folder(file, _) | Thing::File(file) => Some(file),
            _ => None,
        }
    }

    fn quota(&self) -> Option<Quota> {
        match self.thing {
            Thing::Folder(_, quota) => Some(quota),
            _ => None,
        }
    }
}

/// Whether DAV:allprop answers a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// It does.
    InAllprop,
    /// Only when it is asked for by name.
    ByName,
}

/// Whether PROPPATCH may touch a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Write {
    /// Its value is ours to compute.
    Protected,
    /// What was set beats the value computed here.
    Settable,
}

/// How a value comes about; `None` where this subject has none.
#[derive(Debug, Clone, Copy)]
pub enum Value {
    /// Addresses of ours, which expand-property can follow.
    Hrefs(fn(&Subject<'_>) -> Option<Vec<Target>>),
    /// Anything else, written into the property's element.
    Content(fn(&Subject<'_>, &mut Writer) -> Option<()>),
}

/// A live property.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Its namespace.
    pub namespace: Namespace,
    /// Its name.
    pub local: &'static str,
    /// What has it.
    pub on: &'static [Kind],
    /// Whether allprop answers it.
    pub listing: Listing,
    /// Whether it can be set.
    pub write: Write,
    /// Its value.
    pub value: Value,
}

impl Row {
    /// Its name.
    pub fn name(&self) -> PropertyName {
        PropertyName { namespace: self.namespace.uri().to_owned(), local: self.local.to_owned() }
    }

    /// Writes the property's whole element; nothing, and `None`, where the subject does not have it.
    pub fn write_value(&self, subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
        if !self.on.contains(&subject.kind()) {
            return None;
        }
        let mark = writer.mark();
        writer.open(self.namespace, self.local);
        let written = match self.value {
            Value::Content(write) => write(subject, writer),
            Value::Hrefs(targets) => targets(subject).map(|targets| targets.iter().for_each(|target| write_href(target, writer))),
        };
        match written {
            Some(()) => writer.close(self.namespace, self.local),
            None => writer.back_to(mark),
        }
        written
    }
}

const EVERYTHING: &[Kind] = &[
    Kind::Plain,
    Kind::Principal,
    Kind::Home,
    Kind::AddressHome,
    Kind::Inbox,
    Kind::Outbox,
    Kind::Calendar,
    Kind::AddressBook,
    Kind::Subscribed,
    Kind::Object,
    Kind::Card,
    Kind::Folder,
    Kind::File,
];
/// What has a name of its own.
const NAMED: &[Kind] = &[
    Kind::Principal,
    Kind::Home,
    Kind::AddressHome,
    Kind::Inbox,
    Kind::Outbox,
    Kind::Calendar,
    Kind::AddressBook,
    Kind::Subscribed,
    Kind::Folder,
    Kind::File,
];
/// What belongs to somebody.
const OWNED: &[Kind] = &[
    Kind::Principal,
    Kind::Home,
    Kind::AddressHome,
    Kind::Inbox,
    Kind::Outbox,
    Kind::Calendar,
    Kind::AddressBook,
    Kind::Subscribed,
    Kind::Object,
    Kind::Card,
    Kind::Folder,
    Kind::File,
];
const TAKING: &[Kind] = &[Kind::Inbox, Kind::Outbox, Kind::Calendar];
const INBOX: &[Kind] = &[Kind::Inbox];
const OUTBOX: &[Kind] = &[Kind::Outbox];
const PRINCIPAL: &[Kind] = &[Kind::Principal];
const CALENDAR: &[Kind] = &[Kind::Calendar];
const SUBSCRIBED: &[Kind] = &[Kind::Subscribed];
/// What stands in a list of calendars.
const SHOWN: &[Kind] = &[Kind::Calendar, Kind::Subscribed];
const ADDRESS_BOOK: &[Kind] = &[Kind::AddressBook];
/// What holds objects.
const COLLECTION: &[Kind] = &[Kind::Calendar, Kind::AddressBook];
const SYNCED: &[Kind] = &[Kind::Home, Kind::AddressHome, Kind::Inbox, Kind::Calendar, Kind::AddressBook];
const OBJECT: &[Kind] = &[Kind::Object];
const CARD: &[Kind] = &[Kind::Card];
/// What has octets.
const CONTENT: &[Kind] = &[Kind::Object, Kind::Card, Kind::File];
const DATED: &[Kind] = &[Kind::Object, Kind::Card, Kind::File, Kind::Folder];
const FILES: &[Kind] = &[Kind::File, Kind::Folder];
const FOLDER: &[Kind] = &[Kind::Folder];

/// A row whose value is computed.
const fn protected(namespace: Namespace, local: &'static str, on: &'static [Kind], listing: Listing, value: Value) -> Row {
    Row { namespace, local, on, listing, write: Write::Protected, value }
}

/// A row whose computed value stands until somebody sets another.
const fn settable(namespace: Namespace, local: &'static str, on: &'static [Kind], listing: Listing, value: Value) -> Row {
    Row { namespace, local, on, listing, write: Write::Settable, value }
}

/// Every live property.
pub static TABLE: &[Row] = &[
    protected(Dav, "resourcetype", EVERYTHING, Listing::InAllprop, Value::Content(resourcetype)),
    settable(Dav, "displayname", NAMED, Listing::InAllprop, Value::Content(displayname)),
    protected(Dav, "getetag", CONTENT, Listing::InAllprop, Value::Content(getetag)),
    protected(Dav, "getcontenttype", CONTENT, Listing::InAllprop, Value::Content(getcontenttype)),
    protected(Dav, "getcontentlength", CONTENT, Listing::InAllprop, Value::Content(getcontentlength)),
    protected(Dav, "getlastmodified", DATED, Listing::InAllprop, Value::Content(getlastmodified)),
    protected(Dav, "creationdate", FILES, Listing::InAllprop, Value::Content(creationdate)),
    protected(Dav, "quota-available-bytes", FOLDER, Listing::ByName, Value::Content(quota_available)),
    protected(Dav, "quota-used-bytes", FOLDER, Listing::ByName, Value::Content(quota_used)),
    protected(Dav, "sync-token", SYNCED, Listing::ByName, Value::Content(version)),
    protected(Dav, "add-member", COLLECTION, Listing::ByName, Value::Content(add_member)),
    protected(Dav, "supported-report-set", EVERYTHING, Listing::ByName, Value::Content(supported_report_set)),
    protected(Dav, "supported-privilege-set", EVERYTHING, Listing::ByName, Value::Content(supported_privilege_set)),
    protected(Dav, "current-user-privilege-set", EVERYTHING, Listing::ByName, Value::Content(current_user_privilege_set)),
    protected(Dav, "acl", EVERYTHING, Listing::ByName, Value::Content(acl)),
    protected(Dav, "acl-restrictions", EVERYTHING, Listing::ByName, Value::Content(acl_restrictions)),
    protected(Dav, "inherited-acl-set", EVERYTHING, Listing::ByName, Value::Hrefs(inherited_acl_set)),
    protected(Dav, "current-user-principal", EVERYTHING, Listing::ByName, Value::Hrefs(current_user)),
    protected(Dav, "owner", OWNED, Listing::ByName, Value::Hrefs(owner)),
    protected(Dav, "group", OWNED, Listing::ByName, Value::Hrefs(none)),
    protected(Dav, "principal-URL", PRINCIPAL, Listing::ByName, Value::Hrefs(principal)),
    protected(Dav, "principal-collection-set", EVERYTHING, Listing::ByName, Value::Hrefs(principals)),
    protected(Dav, "group-member-set", PRINCIPAL, Listing::ByName, Value::Hrefs(members)),
    protected(Dav, "group-membership", PRINCIPAL, Listing::ByName, Value::Hrefs(memberships)),
    protected(Dav, "alternate-URI-set", PRINCIPAL, Listing::ByName, Value::Content(alternate_uri_set)),
    protected(CalDav, "calendar-home-set", PRINCIPAL, Listing::ByName, Value::Hrefs(home)),
    protected(CardDav, "addressbook-home-set", PRINCIPAL, Listing::ByName, Value::Hrefs(address_home)),
    protected(CalDav, "calendar-user-address-set", PRINCIPAL, Listing::ByName, Value::Content(calendar_user_address_set)),
    protected(CalDav, "calendar-user-type", PRINCIPAL, Listing::ByName, Value::Content(calendar_user_type)),
    protected(CalDav, "supported-calendar-component-set", TAKING, Listing::ByName, Value::Content(component_set)),
    protected(CalDav, "supported-calendar-data", TAKING, Listing::ByName, Value::Content(supported_calendar_data)),
    protected(CalDav, "supported-collation-set", CALENDAR, Listing::ByName, Value::Content(supported_collation_set)),
    protected(CalDav, "max-resource-size", TAKING, Listing::ByName, Value::Content(max_resource_size)),
    protected(CalDav, "calendar-data", OBJECT, Listing::ByName, Value::Content(calendar_data)),
    protected(CardDav, "supported-address-data", ADDRESS_BOOK, Listing::ByName, Value::Content(supported_address_data)),
    protected(CardDav, "supported-collation-set", ADDRESS_BOOK, Listing::ByName, Value::Content(supported_card_collation_set)),
    protected(CardDav, "max-resource-size", ADDRESS_BOOK, Listing::ByName, Value::Content(max_card_size)),
    protected(CardDav, "address-data", CARD, Listing::ByName, Value::Content(calendar_data)),
    settable(CardDav, "addressbook-description", ADDRESS_BOOK, Listing::ByName, Value::Content(unset)),
    settable(CalDav, "calendar-description", CALENDAR, Listing::ByName, Value::Content(unset)),
    settable(CalDav, "calendar-timezone", CALENDAR, Listing::ByName, Value::Content(calendar_timezone)),
    settable(CalDav, "calendar-timezone-id", CALENDAR, Listing::ByName, Value::Content(calendar_timezone_id)),
    settable(CalDav, "schedule-calendar-transp", CALENDAR, Listing::ByName, Value::Content(schedule::calendar_transp)),
    protected(CalDav, "schedule-tag", OBJECT, Listing::ByName, Value::Content(schedule::tag)),
    protected(CalDav, "schedule-inbox-URL", PRINCIPAL, Listing::ByName, Value::Hrefs(schedule::inbox_url)),
    protected(CalDav, "schedule-outbox-URL", PRINCIPAL, Listing::ByName, Value::Hrefs(schedule::outbox_url)),
    settable(CalDav, "schedule-default-calendar-URL", INBOX, Listing::ByName, Value::Hrefs(schedule::default_calendar)),
    settable(CalDav, "calendar-free-busy-set", INBOX, Listing::ByName, Value::Hrefs(schedule::free_busy_set)),
    settable(CalDav, "calendar-availability", INBOX, Listing::ByName, Value::Content(schedule::availability)),
    // Apple's name for it before RFC 7953.
    settable(CalendarServer, "calendar-availability", INBOX, Listing::ByName, Value::Content(schedule::availability)),
    protected(CalDav, "max-attendees-per-instance", OUTBOX, Listing::ByName, Value::Content(schedule::max_attendees)),
    protected(CalendarServer, "getctag", SYNCED, Listing::ByName, Value::Content(version)),
    protected(CalendarServer, "email-address-set", PRINCIPAL, Listing::ByName, Value::Content(email_address_set)),
    protected(CalendarServer, "calendar-proxy-read-for", PRINCIPAL, Listing::ByName, Value::Hrefs(proxy_read_for)),
    protected(CalendarServer, "calendar-proxy-write-for", PRINCIPAL, Listing::ByName, Value::Hrefs(proxy_write_for)),
    settable(CalendarServer, "source", SUBSCRIBED, Listing::ByName, Value::Content(source)),
    settable(Apple, "calendar-color", SHOWN, Listing::ByName, Value::Content(calendar_color)),
    settable(Apple, "calendar-order", SHOWN, Listing::ByName, Value::Content(unset)),
];

/// Properties that RFCs reserve to the server and that this one does not have. Nobody may set them as dead ones either:
/// a client would believe what another client wrote.
const RESERVED: &[(Namespace, &[&str])] = &[
    (Dav, &["lockdiscovery", "supportedlock", "resource-id", "supported-method-set", "supported-live-property-set"]),
    (CalDav, &["min-date-time", "max-date-time", "max-instances", "schedule-tag"]),
];

/// The row of a name.
pub fn row(name: &PropertyName) -> Option<&'static Row> {
    let namespace = Namespace::of(&name.namespace)?;
    TABLE.iter().find(|row| row.namespace == namespace && row.local == name.local)
}

/// Whether PROPPATCH may touch a property of this name. What no RFC knows may be set: it becomes a dead property.
pub fn writable(name: &PropertyName) -> Write {
    let reserved = |namespace| RESERVED.iter().any(|(of, names)| *of == namespace && names.contains(&name.local.as_str()));
    match row(name) {
        Some(row) => row.write,
        None if Namespace::of(&name.namespace).is_some_and(reserved) => Write::Protected,
        None => Write::Settable,
    }
}

/// `<D:href>/dav/…</D:href>`
pub fn write_href(target: &Target, writer: &mut Writer) {
    writer.leaf(Dav, "href", &target.href());
}

fn resourcetype(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
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

fn displayname(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
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

fn getetag(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    let etag = match subject.thing {
        Thing::File(file) => &file.content.as_ref()?.etag,
        _ => &subject.member()?.entry.etag,
    };
    writer.raw("\"");
    writer.text(etag.as_str());
    writer.raw("\"");
    Some(())
}

fn getcontenttype(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
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

fn getcontentlength(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    let size = match subject.thing {
        Thing::File(file) => file.content.as_ref()?.size,
        // Under a lowered view it is only known of what was read.
        _ => Some(subject.member()?.entry.size).filter(|size| *size > 0)?,
    };
    writer.text(&size.to_string());
    Some(())
}

fn getlastmodified(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    let modified = match subject.file() {
        Some(file) => http_date(file.modified?),
        None => last_modified(subject.member()?.entry),
    };
    writer.text(&modified);
    Some(())
}

fn creationdate(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(&instant(subject.file()?.created?).format("%Y-%m-%dT%H:%M:%SZ").to_string());
    Some(())
}

fn quota_available(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(&subject.quota()?.available.to_string());
    Some(())
}

fn quota_used(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
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
fn version(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    match subject.thing {
        Thing::Home(Home { members, .. }) | Thing::AddressHome(Home { members, .. }) | Thing::Neighbour(Neighbour { members, .. }) => {
            let seen: Vec<Seen> = members.iter().map(Seen::of).collect();
            writer.text(&home_token::write(&seen).ok()?);
        }
        _ => writer.text(&subject.calendar().map_or(SyncToken::EMPTY, SyncToken::of).to_string()),
    }
    Some(())
}

fn supported_report_set(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    let reports: &[(Namespace, &str)] = match subject.kind() {
        Kind::Plain | Kind::Principal => &[
            (Dav, "expand-property"),
            (Dav, "principal-property-search"),
            (Dav, "principal-search-property-set"),
            (Dav, "principal-match"),
            (Dav, "acl-principal-prop-set"),
        ],
        Kind::Home | Kind::AddressHome => {
            &[(Dav, "sync-collection"), (Dav, "expand-property"), (Dav, "principal-match"), (Dav, "acl-principal-prop-set")]
        }
        Kind::Outbox | Kind::Subscribed | Kind::Object | Kind::Card | Kind::Folder | Kind::File => {
            &[(Dav, "expand-property"), (Dav, "acl-principal-prop-set")]
        }
        Kind::AddressBook => {
            &[(CardDav, "addressbook-query"), (CardDav, "addressbook-multiget"), (Dav, "sync-collection"), (Dav, "expand-property")]
        }
        // RFC 6638 §2.3: no free-busy-query.
        Kind::Inbox => &[(CalDav, "calendar-query"), (CalDav, "calendar-multiget"), (Dav, "sync-collection"), (Dav, "expand-property")],
        Kind::Calendar => &[
            (CalDav, "calendar-query"),
            (CalDav, "calendar-multiget"),
            (CalDav, "free-busy-query"),
            (Dav, "sync-collection"),
            (Dav, "expand-property"),
            (Dav, "acl-principal-prop-set"),
        ],
    };
    for (namespace, local) in reports {
        writer.open(Dav, "supported-report");
        writer.open(Dav, "report");
        writer.empty(*namespace, local);
        writer.close(Dav, "report");
        writer.close(Dav, "supported-report");
    }
    Some(())
}

fn current_user_privilege_set(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    let own = &[Privilege::Read, Privilege::ReadFreeBusy, Privilege::ReadCurrentUserPrivilegeSet, Privilege::WriteProperties];
    let reading = &[Privilege::Read, Privilege::ReadFreeBusy, Privilege::ReadCurrentUserPrivilegeSet];
    let privileges: &[Privilege] = match subject.thing {
        Thing::Principal(party) if is_of(&party.id, subject.who) => own,
        Thing::Inbox(_) | Thing::Outbox(_) => own,
        Thing::Plain | Thing::Principal(_) | Thing::Neighbour(_) => reading,
        Thing::Home(_) | Thing::AddressHome(_) | Thing::Folder(..) | Thing::File(_) => Grant::Own.privileges(),
        // It holds nothing, and nothing can be put into it; it can be changed and taken away.
        Thing::Calendar(Calendar { source: Some(_), grant: Grant::Own, .. }) => OF_SUBSCRIPTIONS,
        Thing::Calendar(Calendar { source: Some(_), .. }) => reading,
        Thing::Calendar(calendar) => calendar.grant.privileges(),
        Thing::Object(member) => member.calendar.grant.privileges(),
    };
    for privilege in privileges {
        write_privilege(*privilege, writer);
    }
    if let Target::Tray(_, tray) = subject.target {
        schedule::write_privileges(*tray, writer);
    }
    Some(())
}

/// What owners may do with a subscribed calendar.
const OF_SUBSCRIPTIONS: &[Privilege] = &[
    Privilege::Read,
    Privilege::ReadFreeBusy,
    Privilege::ReadCurrentUserPrivilegeSet,
    Privilege::WriteProperties,
    Privilege::ReadAcl,
    Privilege::WriteAcl,
];

/// Whether a principal is somebody's own: the login, or a group of its delegates.
fn is_of(id: &PrincipalId, who: &Principal) -> bool {
    matches!(id, PrincipalId::Login(login) | PrincipalId::Delegates(login, _) if *login == who.login)
}

fn supported_privilege_set(_: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    write_supported(Privilege::All, writer);
    Some(())
}

fn acl_restrictions(_: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.empty(Dav, "grant-only");
    writer.empty(Dav, "no-invert");
    Some(())
}

fn acl(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    let home = Target::Home(subject.home().unwrap_or_default().to_owned());
    list(subject)?.iter().for_each(|ace| write_ace(ace, &home, writer));
    Some(())
}

/// The access control list of a subject. That of a calendar is told to whoever may change it; what nobody else reaches is its owner's; the
/// other lists are the same for everybody.
pub fn list(subject: &Subject<'_>) -> Option<Vec<Ace>> {
    let everybody = Ace { whom: Whom::Authenticated, grant: Grant::Read, source: Source::Protected };
    let owner = Ace { whom: Whom::Owner, grant: Grant::Own, source: Source::Protected };
    match subject.thing {
        Thing::Calendar(_) | Thing::Object(_) => {
            let calendar = subject.within().filter(|calendar| calendar.grant.allows(Privilege::ReadAcl))?;
            Some(calendar.acl.clone())
        }
        Thing::Home(_) => {
            let delegates = inherited(subject.home()?).into_iter().map(|ace| Ace { source: Source::Protected, ..ace });
            Some(std::iter::once(owner).chain(delegates).collect())
        }
        Thing::AddressHome(_) | Thing::Inbox(_) | Thing::Outbox(_) | Thing::Folder(..) | Thing::File(_) => Some(vec![owner]),
        Thing::Neighbour(neighbour) if neighbour.home != resources_home() => None,
        Thing::Plain | Thing::Principal(_) | Thing::Neighbour(_) => Some(vec![everybody]),
    }
}

fn inherited_acl_set(subject: &Subject<'_>) -> Option<Vec<Target>> {
    let calendar = subject.within();
    Some(match (subject.thing, calendar) {
        (Thing::Object(_), Some(_)) => vec![subject.target.parent()?],
        (Thing::Calendar(_), Some(Calendar { component: Component::Card, .. })) => Vec::new(),
        (Thing::Calendar(_), Some(Calendar { owner: PrincipalId::Login(owner), .. })) => vec![Target::Home(owner.clone())],
        _ => Vec::new(),
    })
}

fn current_user(subject: &Subject<'_>) -> Option<Vec<Target>> {
    Some(vec![Target::Principal(subject.who.login.clone())])
}

/// Whose it is. A principal owns itself; delegates are their login's.
pub fn owner(subject: &Subject<'_>) -> Option<Vec<Target>> {
    let login = |login: &str| PrincipalId::Login(login.to_owned());
    let owner = match (subject.thing, subject.within()) {
        (_, Some(calendar)) => calendar.owner.clone(),
        (Thing::Principal(party), _) => match &party.id {
            PrincipalId::Delegates(owner, _) => login(owner),
            id => id.clone(),
        },
        (Thing::Neighbour(neighbour), _) if neighbour.home != resources_home() => login(&neighbour.home),
        (Thing::Home(_) | Thing::AddressHome(_) | Thing::Inbox(_) | Thing::Outbox(_), _) => login(&subject.who.login),
        _ => return None,
    };
    Some(vec![Target::of(&owner)])
}

fn principal(subject: &Subject<'_>) -> Option<Vec<Target>> {
    Some(vec![Target::of(&subject.party()?.id)])
}

fn members(subject: &Subject<'_>) -> Option<Vec<Target>> {
    Some(subject.party()?.members.as_ref()?.iter().map(Target::of).collect())
}

fn memberships(subject: &Subject<'_>) -> Option<Vec<Target>> {
    Some(subject.party()?.memberships.iter().map(Target::of).collect())
}

fn principals(_: &Subject<'_>) -> Option<Vec<Target>> {
    Some(vec![Target::Principals])
}

/// The home to which a principal leads: one, for Apple's programs take no more.
fn home(subject: &Subject<'_>) -> Option<Vec<Target>> {
    let party = subject.party()?;
    match (party.reach, &party.id) {
        (Reach::Home, PrincipalId::Login(login)) => Some(vec![Target::Home(login.clone())]),
        (Reach::Resources, _) => Some(vec![Target::Home(resources_home().to_owned())]),
        _ => None,
    }
}

fn address_home(subject: &Subject<'_>) -> Option<Vec<Target>> {
    let own = PrincipalId::Login(subject.who.login.clone());
    (subject.party()?.id == own).then_some(())?;
    Some(vec![Target::AddressHome(subject.who.login.clone())])
}

/// Where a POST makes a new member (RFC 5995 §3.2.1): the collection itself, told from a client's slip by a word.
fn add_member(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.leaf(Dav, "href", &format!("{}?{ADD_MEMBER}", subject.target.href()));
    Some(())
}

fn supported_address_data(_: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    for version in ["3.0", "4.0"] {
        writer.raw("<CR:address-data-type content-type=\"text/vcard\"");
        writer.attribute("version", version);
        writer.raw("/>");
    }
    Some(())
}

fn supported_card_collation_set(_: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    for collation in Collation::ALL {
        writer.leaf(CardDav, "supported-collation", collation.as_str());
    }
    Some(())
}

fn max_card_size(_: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(&MAX_CARD_SIZE.to_string());
    Some(())
}

fn none(_: &Subject<'_>) -> Option<Vec<Target>> {
    Some(Vec::new())
}

fn calendar_user_address_set(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    let party = subject.party()?;
    if let Some(address) = &party.address {
        writer.leaf(Dav, "href", &format!("mailto:{address}"));
    }
    write_href(&Target::of(&party.id), writer);
    Some(())
}

/// Those for whom somebody may read: programs follow these to further homes (calendarserver.org).
fn proxy_read_for(subject: &Subject<'_>) -> Option<Vec<Target>> {
    let [read, _] = subject.party()?.delegators.as_ref()?;
    Some(read.iter().map(Target::of).collect())
}

/// Those for whom somebody may read and write.
fn proxy_write_for(subject: &Subject<'_>) -> Option<Vec<Target>> {
    let [_, write] = subject.party()?.delegators.as_ref()?;
    Some(write.iter().map(Target::of).collect())
}

fn calendar_user_type(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(subject.party()?.user_type.word());
    Some(())
}

/// Other names of the same principal (RFC 3744 §4.1): where mail reaches it.
fn alternate_uri_set(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    if let Some(email) = &subject.party()?.email {
        writer.leaf(Dav, "href", &format!("mailto:{email}"));
    }
    Some(())
}

fn email_address_set(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.leaf(CalendarServer, "email-address", subject.party()?.email.as_deref()?);
    Some(())
}

fn component_set(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    let Some(component) = subject.calendar().map(|calendar| calendar.component) else {
        schedule::tray_components(subject, writer);
        return Some(());
    };
    writer.raw("<C:comp");
    writer.attribute("name", component.as_str());
    writer.raw("/>");
    Some(())
}

fn supported_calendar_data(_: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.raw("<C:calendar-data content-type=\"text/calendar\" version=\"2.0\"/>");
    Some(())
}

fn supported_collation_set(_: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    for collation in Collation::ALL {
        writer.leaf(CalDav, "supported-collation", collation.as_str());
    }
    Some(())
}

fn max_resource_size(_: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(&MAX_OBJECT_SIZE.to_string());
    Some(())
}

fn calendar_data(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(&readable(subject.member()?.data?));
    Some(())
}

/// The calendar's zone as a VCALENDAR that holds its VTIMEZONE (RFC 4791 §5.2.2).
fn calendar_timezone(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    let name = &subject.calendar()?.zone;
    let timezone = Zone::named(name)?.vtimezone(name, ZONE_RANGE);
    let lines = [("BEGIN", "VCALENDAR"), ("VERSION", "2.0"), ("PRODID", PRODID)];
    for (name, value) in lines {
        writer.text(&line(name, &[], value).ok()?);
    }
    writer.text(&timezone);
    writer.text(&line("END", &[], "VCALENDAR").ok()?);
    Some(())
}

fn calendar_timezone_id(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(&subject.calendar()?.zone);
    Some(())
}

fn calendar_color(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.text(&subject.calendar()?.colour);
    Some(())
}

/// Where a subscribed calendar is read (caldav-ctag's kin: Apple's subscribed calendars).
fn source(subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
    writer.leaf(Dav, "href", subject.calendar()?.source.as_deref()?);
    Some(())
}

/// There until somebody sets it: nothing.
fn unset(_: &Subject<'_>, _: &mut Writer) -> Option<()> {
    None
}

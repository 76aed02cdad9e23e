//! The table of live properties: one row each, with what has it, whether it can be set, and where its value comes from.
//!
//! Not for: which properties a request asks for and how the answer is laid out (`selection`).
//! RFC 4918 §15, RFC 4791 §5.2 and §6.2, RFC 3744 §4 and §5, RFC 5397, RFC 6578 §4, RFC 7809 §5.2, RFC 6638 §2 and §9,
//! RFC 7953 §7.2.4, caldav-ctag §4.1, caldav-proxy §5.1.

mod collection;
mod principal;
mod rights;
mod schedule;
mod subject;
mod webdav;

use super::href::Target;
use super::xml::Namespace::{self, Apple, CalDav, CalendarServer, CardDav, Dav};
use super::xml::writer::Writer;
use crate::app::calendar::PropertyName;

pub use rights::{list, owner, withheld};
pub use subject::{Kept, Kind, Member, Subject, Thing};
pub use webdav::{content_type, http_date, last_modified};

/// The query of the address that a POST of a new member goes to.
pub const ADD_MEMBER: &str = "add-member";

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
/// What says when somebody, or something, is there.
const AVAILABLE: &[Kind] = &[Kind::Inbox, Kind::Calendar];
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
    protected(Dav, "resourcetype", EVERYTHING, Listing::InAllprop, Value::Content(webdav::resourcetype)),
    settable(Dav, "displayname", NAMED, Listing::InAllprop, Value::Content(webdav::displayname)),
    protected(Dav, "getetag", CONTENT, Listing::InAllprop, Value::Content(webdav::getetag)),
    protected(Dav, "getcontenttype", CONTENT, Listing::InAllprop, Value::Content(webdav::getcontenttype)),
    protected(Dav, "getcontentlength", CONTENT, Listing::InAllprop, Value::Content(webdav::getcontentlength)),
    protected(Dav, "getlastmodified", DATED, Listing::InAllprop, Value::Content(webdav::getlastmodified)),
    protected(Dav, "creationdate", FILES, Listing::InAllprop, Value::Content(webdav::creationdate)),
    protected(Dav, "quota-available-bytes", FOLDER, Listing::ByName, Value::Content(webdav::quota_available)),
    protected(Dav, "quota-used-bytes", FOLDER, Listing::ByName, Value::Content(webdav::quota_used)),
    protected(Dav, "sync-token", SYNCED, Listing::ByName, Value::Content(webdav::version)),
    protected(Dav, "add-member", COLLECTION, Listing::ByName, Value::Content(webdav::add_member)),
    protected(Dav, "supported-report-set", EVERYTHING, Listing::ByName, Value::Content(webdav::supported_report_set)),
    protected(Dav, "supported-privilege-set", EVERYTHING, Listing::ByName, Value::Content(rights::supported_privilege_set)),
    protected(Dav, "current-user-privilege-set", EVERYTHING, Listing::ByName, Value::Content(rights::current_user_privilege_set)),
    protected(Dav, "acl", EVERYTHING, Listing::ByName, Value::Content(rights::acl)),
    protected(Dav, "acl-restrictions", EVERYTHING, Listing::ByName, Value::Content(rights::acl_restrictions)),
    protected(Dav, "inherited-acl-set", EVERYTHING, Listing::ByName, Value::Hrefs(rights::inherited_acl_set)),
    protected(Dav, "current-user-principal", EVERYTHING, Listing::ByName, Value::Hrefs(rights::current_user)),
    protected(Dav, "owner", OWNED, Listing::ByName, Value::Hrefs(rights::owner)),
    protected(Dav, "group", OWNED, Listing::ByName, Value::Hrefs(rights::none)),
    protected(Dav, "principal-URL", PRINCIPAL, Listing::ByName, Value::Hrefs(principal::principal)),
    protected(Dav, "principal-collection-set", EVERYTHING, Listing::ByName, Value::Hrefs(rights::principals)),
    protected(Dav, "group-member-set", PRINCIPAL, Listing::ByName, Value::Hrefs(principal::members)),
    protected(Dav, "group-membership", PRINCIPAL, Listing::ByName, Value::Hrefs(principal::memberships)),
    protected(Dav, "alternate-URI-set", PRINCIPAL, Listing::ByName, Value::Content(principal::alternate_uri_set)),
    protected(CalDav, "calendar-home-set", PRINCIPAL, Listing::ByName, Value::Hrefs(principal::home)),
    protected(CardDav, "addressbook-home-set", PRINCIPAL, Listing::ByName, Value::Hrefs(principal::address_home)),
    protected(CalDav, "calendar-user-address-set", PRINCIPAL, Listing::ByName, Value::Content(principal::calendar_user_address_set)),
    protected(CalDav, "calendar-user-type", PRINCIPAL, Listing::ByName, Value::Content(principal::calendar_user_type)),
    protected(CalDav, "supported-calendar-component-set", TAKING, Listing::ByName, Value::Content(collection::component_set)),
    protected(CalDav, "supported-calendar-data", TAKING, Listing::ByName, Value::Content(collection::supported_calendar_data)),
    protected(CalDav, "supported-collation-set", CALENDAR, Listing::ByName, Value::Content(collection::supported_collation_set)),
    protected(CalDav, "max-resource-size", TAKING, Listing::ByName, Value::Content(collection::max_resource_size)),
    protected(CalDav, "calendar-data", OBJECT, Listing::ByName, Value::Content(collection::calendar_data)),
    protected(CardDav, "supported-address-data", ADDRESS_BOOK, Listing::ByName, Value::Content(collection::supported_address_data)),
    protected(CardDav, "supported-collation-set", ADDRESS_BOOK, Listing::ByName, Value::Content(collection::supported_card_collation_set)),
    protected(CardDav, "max-resource-size", ADDRESS_BOOK, Listing::ByName, Value::Content(collection::max_card_size)),
    protected(CardDav, "address-data", CARD, Listing::ByName, Value::Content(collection::calendar_data)),
    settable(CardDav, "addressbook-description", ADDRESS_BOOK, Listing::ByName, Value::Content(collection::unset)),
    settable(CalDav, "calendar-description", CALENDAR, Listing::ByName, Value::Content(collection::unset)),
    settable(CalDav, "calendar-timezone", CALENDAR, Listing::ByName, Value::Content(collection::calendar_timezone)),
    settable(CalDav, "calendar-timezone-id", CALENDAR, Listing::ByName, Value::Content(collection::calendar_timezone_id)),
    settable(CalDav, "schedule-calendar-transp", CALENDAR, Listing::ByName, Value::Content(schedule::calendar_transp)),
    protected(CalDav, "schedule-tag", OBJECT, Listing::ByName, Value::Content(schedule::tag)),
    protected(CalDav, "schedule-inbox-URL", PRINCIPAL, Listing::ByName, Value::Hrefs(schedule::inbox_url)),
    protected(CalDav, "schedule-outbox-URL", PRINCIPAL, Listing::ByName, Value::Hrefs(schedule::outbox_url)),
    settable(CalDav, "schedule-default-calendar-URL", INBOX, Listing::ByName, Value::Hrefs(schedule::default_calendar)),
    settable(CalDav, "calendar-free-busy-set", INBOX, Listing::ByName, Value::Hrefs(schedule::free_busy_set)),
    settable(CalDav, "calendar-availability", AVAILABLE, Listing::ByName, Value::Content(schedule::availability)),
    // Apple's name for it before RFC 7953.
    settable(CalendarServer, "calendar-availability", INBOX, Listing::ByName, Value::Content(schedule::availability)),
    protected(CalDav, "max-attendees-per-instance", OUTBOX, Listing::ByName, Value::Content(schedule::max_attendees)),
    protected(CalendarServer, "getctag", SYNCED, Listing::ByName, Value::Content(webdav::version)),
    protected(CalendarServer, "email-address-set", PRINCIPAL, Listing::ByName, Value::Content(principal::email_address_set)),
    protected(CalendarServer, "calendar-proxy-read-for", PRINCIPAL, Listing::ByName, Value::Hrefs(principal::proxy_read_for)),
    protected(CalendarServer, "calendar-proxy-write-for", PRINCIPAL, Listing::ByName, Value::Hrefs(principal::proxy_write_for)),
    settable(CalendarServer, "source", SUBSCRIBED, Listing::ByName, Value::Content(collection::source)),
    settable(Apple, "calendar-color", SHOWN, Listing::ByName, Value::Content(collection::calendar_color)),
    settable(Apple, "calendar-order", SHOWN, Listing::ByName, Value::Content(collection::unset)),
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

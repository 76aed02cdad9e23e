//! MKCALENDAR, and MKCOL that asks for a calendar or an address book. RFC 4791 §5.3.1, RFC 5689 §3, RFC 6352 §5.2.
//!
//! Not for: making it (`app::calendar`, `app::address`).

use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderValue};

use super::href::Target;
use super::multistatus::document;
use super::property::{Write, writable};
use super::proppatch::changes;
use super::setting::calendar_setting;
use super::subscription;
use super::xml::Namespace::{CalDav, CalendarServer, CardDav, Dav};
use super::xml::{self, Element};
use super::{Call, error};
use crate::app::calendar::{NewCalendar, PropertyChange, PropertyName};
use crate::error::{Error, Precondition, Result};
use crate::exchange::{Body, Reply};
use crate::ical::component::Component;
use crate::principal::Privilege;

/// How a calendar was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// MKCALENDAR
    Mkcalendar,
    /// MKCOL
    Mkcol,
}

/// Makes a collection at the target.
pub async fn make(call: &Call, verb: Verb) -> Result<Reply> {
    match &call.target {
        Target::Calendar(home, _) if *home != call.by.principal.login => {
            // Whoever may enter another home makes nothing there; to others it is not there.
            call.app.neighbour(&call.by.principal, home).await?;
            return Err(Error::Forbidden(Privilege::Bind));
        }
        Target::Calendar(..) => {}
        // Nobody enters another one's home of address books, whatever was shared out of it.
        Target::AddressBook(home, _) if *home != call.by.principal.login => return Err(Error::NotFound),
        Target::AddressBook(..) if verb == Verb::Mkcol => {}
        Target::Object(..) | Target::AddressBook(..) | Target::Folder(..) | Target::File(..) => return Err(in_each_other()),
        Target::Card(..) => return Err(books_in_each_other()),
        // An inbox or an outbox.
        Target::Tray(..) if verb == Verb::Mkcalendar => {
            return Err(Error::Refused(Precondition::ResourceMustBeNull, "There is something of this name already.".to_owned()));
        }
        _ => return Err(Error::NotAllowed),
    }
    let root = xml::read_optional(call.request.body())?;
    let made = match made(call, verb, root.as_ref()).await {
        // RFC 4918 §9.3.1 answers the same case with 405.
        Err(Error::Refused(Precondition::ResourceMustBeNull, _)) if verb == Verb::Mkcol => Err(Error::NotAllowed),
        made => made,
    };
    answered(made, root.as_ref())
}

async fn made(call: &Call, verb: Verb, root: Option<&Element>) -> Result<()> {
    match &call.target {
        Target::AddressBook(_, name) => call.app.make_address_book(&call.by, name, book(root)?).await,
        Target::Calendar(_, name) => call.app.make_calendar(&call.by, name, wanted(root, verb)?).await,
        _ => Err(Error::NotAllowed),
    }
}

/// 201; or where a MKCOL failed for one of the properties in its body, what became of each (RFC 5689 §3 and §5.2). MKCALENDAR is told the
/// precondition alone (RFC 4791 §5.3.1): nobody shall take a Multi-Status for a success.
pub fn answered(made: Result<()>, root: Option<&Element>) -> Result<Reply> {
    let mut reply = match (made, root.filter(|root| root.is(Dav, "mkcol"))) {
        (Err(Error::Refused(precondition, sentence)), Some(root)) if properties(root).any(|p| at_fault(precondition, p)) => {
            of_each_property(root, precondition, &sentence)
        }
        (made, _) => {
            made?;
            let mut reply = Reply::new(Body::empty());
            *reply.status_mut() = StatusCode::CREATED;
            reply
        }
    };
    reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(reply)
}

/// Whether this is the property that does not meet a precondition.
fn at_fault(precondition: Precondition, property: &Element) -> bool {
    match precondition {
        Precondition::ValidResourcetype => property.is(Dav, "resourcetype"),
        Precondition::SupportedCalendarComponent => property.is(CalDav, "supported-calendar-component-set"),
        Precondition::ValidCalendarData => property.is(CalDav, "calendar-timezone"),
        Precondition::ValidTimezone => property.is(CalDav, "calendar-timezone-id"),
        Precondition::CannotModifyProtectedProperty => is_protected(&property.name()),
        _ => false,
    }
}

fn of_each_property(root: &Element, precondition: Precondition, sentence: &str) -> Reply {
    let element = error::element(precondition);
    let body = document(Dav, "mkcol-response", |writer| {
        let (failed, others): (Vec<_>, Vec<_>) = properties(root).partition(|property| at_fault(precondition, property));
        for (properties, status) in [(failed, "HTTP/1.1 403 Forbidden"), (others, "HTTP/1.1 424 Failed Dependency")] {
            if properties.is_empty() {
                continue;
            }
            writer.raw("<D:propstat><D:prop>");
            properties.iter().for_each(|property| writer.named(&property.name()));
            writer.close(Dav, "prop");
            writer.leaf(Dav, "status", status);
            if status.contains("403") {
                writer.open(Dav, "error");
                writer.empty(element.namespace, element.local);
                writer.close(Dav, "error");
                writer.leaf(Dav, "responsedescription", sentence);
            }
            writer.close(Dav, "propstat");
        }
    });
    error::xml(StatusCode::FORBIDDEN, body)
}

/// The refusal of a calendar in a wrong place (RFC 4791 §5.3.1.1).
pub fn in_each_other() -> Error {
    let sentence = "Calendars lie in a calendar home, not in each other.";
    Error::Refused(Precondition::CalendarCollectionLocationOk, sentence.to_owned())
}

/// The refusal of an address book in a wrong place (RFC 6352 §5.2).
pub fn books_in_each_other() -> Error {
    let sentence = "Address books lie in a home, not in each other.";
    Error::Refused(Precondition::AddressbookCollectionLocationOk, sentence.to_owned())
}

/// The address book that a body describes; nothing else can lie where it was asked for, so that a bare MKCOL means one too.
fn book(root: Option<&Element>) -> Result<NewCalendar> {
    let Some(root) = root else { return Ok(holding(Component::Card)) };
    if !root.is(Dav, "mkcol") {
        return Err(Error::Malformed("The body is a DAV:mkcol.".into()));
    }
    let types = properties(root).find(|property| property.is(Dav, "resourcetype"));
    if types.is_some_and(|types| types.child(CardDav, "addressbook").is_none()) {
        return Err(Error::Refused(Precondition::ValidResourcetype, "Only address books can be made here.".into()));
    }
    Ok(NewCalendar { properties: settable(root)?, ..holding(Component::Card) })
}

/// A collection of which no more is known than what it holds.
fn holding(component: Component) -> NewCalendar {
    NewCalendar { component, source: None, properties: Vec::new(), settings: Vec::new() }
}

/// The calendar that a body describes.
fn wanted(root: Option<&Element>, verb: Verb) -> Result<NewCalendar> {
    let Some(root) = root else {
        return match verb {
            Verb::Mkcalendar => Ok(holding(Component::Event)),
            Verb::Mkcol => Err(no_calendar()),
        };
    };
    if !(root.is(CalDav, "mkcalendar") || root.is(Dav, "mkcol")) {
        return Err(Error::Malformed("The body is a CALDAV:mkcalendar or a DAV:mkcol.".into()));
    }
    let types = types(root);
    if types.is_some_and(|types| types.child(CalendarServer, "subscribed").is_some()) {
        return subscribed(root);
    }
    let named = types.is_some_and(|types| types.child(CalDav, "calendar").is_some());
    if !named && (verb == Verb::Mkcol || types.is_some()) {
        return Err(no_calendar());
    }
    let component = component(properties(root).find(|property| property.is(CalDav, "supported-calendar-component-set")))?;
    let mut new = holding(component);
    for change in settable(root)? {
        let value = change.value.as_deref().filter(|_| change.name.namespace == CalDav.uri());
        let value = value.map(|value| xml::read(value.as_bytes())).transpose()?;
        match calendar_setting(&change.name.local, value.as_ref())?.filter(|_| value.is_some()) {
            Some(setting) => new.settings.push(setting),
            None => new.properties.push(change),
        }
    }
    Ok(new)
}

/// A subscribed calendar: its source, and what its owner's programs keep beside it.
fn subscribed(root: &Element) -> Result<NewCalendar> {
    let source = properties(root).find(|property| property.is(CalendarServer, "source"));
    let source = source.ok_or_else(|| Error::Malformed("A subscribed calendar has a CS:source.".into()))?;
    let properties = settable(root)?.into_iter().filter(|change| !subscription::is_source(&change.name)).collect();
    Ok(NewCalendar { source: Some(subscription::source(source)?), properties, ..holding(Component::Event) })
}

fn no_calendar() -> Error {
    Error::Refused(Precondition::ValidResourcetype, "Only calendars can be made here.".into())
}

/// What DAV:set sets.
fn properties(root: &Element) -> impl Iterator<Item = &Element> {
    root.children()
        .filter(|child| child.is(Dav, "set"))
        .flat_map(Element::children)
        .filter(|child| child.is(Dav, "prop"))
        .flat_map(Element::children)
}

/// What it shall be (RFC 5689 §3).
pub fn types(root: &Element) -> Option<&Element> {
    properties(root).find(|property| property.is(Dav, "resourcetype"))
}

/// The properties that a collection begins with; the two that say what it is are not among them.
pub fn settable(root: &Element) -> Result<Vec<PropertyChange>> {
    let mut kept = Vec::new();
    for change in changes(root)? {
        if is_protected(&change.name) {
            let sentence = format!("The property {} is not set by clients.", change.name.local);
            return Err(Error::Refused(Precondition::CannotModifyProtectedProperty, sentence));
        }
        if writable(&change.name) == Write::Settable {
            kept.push(change);
        }
    }
    Ok(kept)
}

/// Whether no client sets this property, not even of what is being made.
fn is_protected(name: &PropertyName) -> bool {
    let descriptive = matches!(name.local.as_str(), "resourcetype" | "supported-calendar-component-set");
    writable(name) == Write::Protected && !descriptive
}

/// What the calendar shall hold. One type per calendar: of several, events win, since that is what such a calendar is for.
fn component(set: Option<&Element>) -> Result<Component> {
    let Some(set) = set else { return Ok(Component::Event) };
    let named: Vec<Component> =
        set.children().filter(|child| child.is(CalDav, "comp")).filter_map(|comp| Component::from_name(comp.attribute("name")?)).collect();
    if named.contains(&Component::Event) {
        return Ok(Component::Event);
    }
    named.first().copied().ok_or_else(|| {
        Error::Refused(Precondition::SupportedCalendarComponent, "Calendars here hold VEVENT, VTODO, VJOURNAL, VFREEBUSY or VPOLL.".into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str, verb: Verb) -> Result<NewCalendar> {
        wanted(Some(&xml::read(body.as_bytes()).unwrap()), verb)
    }

    const NAMESPACES: &str = "xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'";

    #[test]
    fn a_list_of_tasks_is_made() {
        let body = format!(
            "<C:mkcalendar {NAMESPACES}><D:set><D:prop><D:displayname>Aufgaben</D:displayname><C:supported-calendar-component-set>\
             <C:comp name='VTODO'/></C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>"
        );
        let new = read(&body, Verb::Mkcalendar).unwrap();
        assert_eq!(new.component, Component::Todo);
        assert_eq!(new.properties.len(), 1);
        assert_eq!(new.properties[0].name.local, "displayname");
    }

    #[test]
    fn mkcol_must_ask_for_a_calendar() {
        let with = |types: &str| {
            format!("<D:mkcol {NAMESPACES}><D:set><D:prop><D:resourcetype>{types}</D:resourcetype></D:prop></D:set></D:mkcol>")
        };
        assert_eq!(read(&with("<D:collection/><C:calendar/>"), Verb::Mkcol).unwrap().component, Component::Event);
        for types in ["<D:collection/>", ""] {
            assert!(matches!(read(&with(types), Verb::Mkcol), Err(Error::Refused(Precondition::ValidResourcetype, _))));
        }
        assert!(wanted(None, Verb::Mkcol).is_err());
        assert!(wanted(None, Verb::Mkcalendar).is_ok());
    }

    #[test]
    fn unknown_components_and_protected_properties_are_refused() {
        let with = |inner: &str| format!("<C:mkcalendar {NAMESPACES}><D:set><D:prop>{inner}</D:prop></D:set></C:mkcalendar>");
        let set = |names: &str| with(&format!("<C:supported-calendar-component-set>{names}</C:supported-calendar-component-set>"));
        assert!(matches!(
            read(&set("<C:comp name='VTIMEZONE'/>"), Verb::Mkcalendar),
            Err(Error::Refused(Precondition::SupportedCalendarComponent, _))
        ));
        assert_eq!(read(&set("<C:comp name='VTODO'/><C:comp name='VEVENT'/>"), Verb::Mkcalendar).unwrap().component, Component::Event);
        assert!(matches!(
            read(&with("<D:getetag>x</D:getetag>"), Verb::Mkcalendar),
            Err(Error::Refused(Precondition::CannotModifyProtectedProperty, _))
        ));
    }
}

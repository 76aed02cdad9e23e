//! Which properties a request asks for, and a subject's answer laid out in propstats.
//!
//! Not for: what a property's value is (`property`). RFC 4918 §9.1, §14.20, §14.22; RFC 8144 §2.1.

use super::acl;
use super::property::{self, Row, Subject, TABLE, Write};
use super::xml::Namespace::Dav;
use super::xml::writer::Writer;
use super::xml::{Element, Namespace};
use crate::app::calendar::PropertyName;
use crate::error::{Error, Result};
use crate::principal::Privilege;

/// The most properties that one request may name: each is answered for every member.
pub const MAX_PROPERTIES: usize = 256;

/// The status line of what was found.
pub const OK: &str = "HTTP/1.1 200 OK";
/// The status line of what is not there.
pub const NOT_FOUND: &str = "HTTP/1.1 404 Not Found";

/// What a request asks for.
#[derive(Debug, Clone)]
pub struct Selection {
    wanted: Wanted,
    brevity: Brevity,
}

/// Whether properties that are not there are mentioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brevity {
    /// Each with 404.
    Full,
    /// Not at all.
    Minimal,
}

#[derive(Debug, Clone)]
enum Wanted {
    /// DAV:allprop, and what DAV:include names besides.
    All(Vec<Column>),
    /// DAV:propname
    Names,
    /// DAV:prop
    These(Vec<Column>),
}

/// A property that was asked for by name.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub name: PropertyName,
    /// Its row, where it is a live one.
    pub row: Option<&'static Row>,
}

impl AsRef<Column> for Column {
    fn as_ref(&self) -> &Column {
        self
    }
}

impl Column {
    /// The column of a name.
    pub fn of(name: PropertyName) -> Column {
        let row = property::row(&name);
        Column { name, row }
    }

    /// The privilege that is missing where the subject has the property and does not tell it.
    fn withheld(&self, subject: &Subject<'_>) -> Option<Privilege> {
        property::withheld(self.row?, subject)
    }

    /// Writes the property's whole element, if the subject has it.
    pub fn write(&self, subject: &Subject<'_>, writer: &mut Writer) -> Option<()> {
        let settable = self.row.is_none_or(|row| row.write == Write::Settable);
        if settable && let Some(whole) = subject.kept().and_then(|kept| kept.get(&self.name)) {
            writer.raw(whole);
            return Some(());
        }
        self.row?.write_value(subject, writer)
    }
}

impl Selection {
    /// Everything that allprop stands for: a PROPFIND without a body (RFC 4918 §9.1).
    pub fn all(brevity: Brevity) -> Selection {
        Selection { wanted: Wanted::All(Vec::new()), brevity }
    }

    /// Reads DAV:prop, DAV:allprop with DAV:include, or DAV:propname from a propfind's or a report's element. Where there is none
    /// of them nothing is asked for.
    pub fn read(parent: &Element, brevity: Brevity) -> Result<Selection> {
        let wanted = if let Some(prop) = parent.child(Dav, "prop") {
            Wanted::These(columns(prop)?)
        } else if parent.child(Dav, "propname").is_some() {
            Wanted::Names
        } else if parent.child(Dav, "allprop").is_some() {
            Wanted::All(parent.child(Dav, "include").map(columns).transpose()?.unwrap_or_default())
        } else {
            Wanted::These(Vec::new())
        };
        Ok(Selection { wanted, brevity })
    }

    /// Whether a property is asked for by name.
    pub fn names(&self, namespace: Namespace, local: &str) -> bool {
        match &self.wanted {
            Wanted::These(columns) | Wanted::All(columns) => {
                columns.iter().any(|column| column.name.local == local && column.name.namespace == namespace.uri())
            }
            Wanted::Names => false,
        }
    }

    /// Whether something is asked for that follows from what lies in a home.
    pub fn asks_members(&self) -> bool {
        matches!(self.wanted, Wanted::Names) || self.names(Dav, "sync-token") || self.names(Namespace::CalendarServer, "getctag")
    }

    /// Writes a subject's `DAV:response`.
    pub fn respond(&self, subject: &Subject<'_>, writer: &mut Writer) {
        writer.open(Dav, "response");
        property::write_href(subject.target, writer);
        match &self.wanted {
            Wanted::These(columns) => self.write_these(columns, subject, writer),
            Wanted::All(more) => write_all(more, subject, writer),
            Wanted::Names => write_names(subject, writer),
        }
        writer.close(Dav, "response");
    }

    fn write_these(&self, columns: &[Column], subject: &Subject<'_>, writer: &mut Writer) {
        write_propstats(columns, subject, self.brevity, writer, |column, writer| column.write(subject, writer));
    }
}

/// Writes what a subject has under 200, what it does not tell the caller under 403 and, where wanted, the names of the rest under 404.
/// `write` writes a property's whole element.
pub fn write_propstats<'a, T, F>(asked: &'a [T], subject: &Subject<'_>, brevity: Brevity, writer: &mut Writer, mut write: F)
where
    T: AsRef<Column>,
    F: FnMut(&'a T, &mut Writer) -> Option<()>,
{
    let before = writer.mark();
    writer.raw("<D:propstat><D:prop>");
    let unwritten: Vec<&Column> = asked.iter().filter(|each| write(each, writer).is_none()).map(AsRef::as_ref).collect();
    let (withheld, missing): (Vec<_>, Vec<_>) =
        unwritten.iter().map(|column| (*column, column.withheld(subject))).partition(|(_, w)| w.is_some());
    let mentioned = brevity == Brevity::Full && !missing.is_empty();
    if (mentioned || !withheld.is_empty()) && unwritten.len() == asked.len() {
        // No propstat may be without properties, unless nothing else is left to say.
        writer.back_to(before);
    } else {
        end_propstat(OK, writer);
    }
    for (column, privilege) in withheld {
        writer.raw("<D:propstat><D:prop>");
        writer.named(&column.name);
        writer.raw("</D:prop><D:status>HTTP/1.1 403 Forbidden</D:status>");
        writer.open(Dav, "error");
        privilege.into_iter().for_each(|privilege| acl::write_need(&subject.target.href(), privilege, writer));
        writer.close(Dav, "error");
        writer.close(Dav, "propstat");
    }
    if mentioned {
        writer.raw("<D:propstat><D:prop>");
        missing.iter().for_each(|(column, _)| writer.named(&column.name));
        end_propstat(NOT_FOUND, writer);
    }
}

fn write_all(more: &[Column], subject: &Subject<'_>, writer: &mut Writer) {
    writer.raw("<D:propstat><D:prop>");
    let listed =
        TABLE.iter().filter(|row| row.listing == property::Listing::InAllprop).map(|row| Column { name: row.name(), row: Some(row) });
    let dead = subject.kept().into_iter().flatten().map(|(name, _)| Column::of(name.clone()));
    let mut written: Vec<PropertyName> = Vec::new();
    for column in listed.chain(dead.filter(|column| column.row.is_none())).chain(more.iter().cloned()) {
        if !written.contains(&column.name) && column.write(subject, writer).is_some() {
            written.push(column.name);
        }
    }
    end_propstat(OK, writer);
}

fn write_names(subject: &Subject<'_>, writer: &mut Writer) {
    writer.raw("<D:propstat><D:prop>");
    // Whether a value is there is only known by writing it.
    let mut scratch = Writer::new();
    let empty = scratch.mark();
    let live = TABLE.iter().map(|row| Column { name: row.name(), row: Some(row) });
    let dead = subject.kept().into_iter().flatten().map(|(name, _)| Column::of(name.clone())).filter(|column| column.row.is_none());
    for column in live.chain(dead) {
        if column.write(subject, &mut scratch).is_some() {
            writer.named(&column.name);
        }
        scratch.back_to(empty);
    }
    end_propstat(OK, writer);
}

/// Closes DAV:prop and its propstat under a status line.
fn end_propstat(status: &str, writer: &mut Writer) {
    writer.raw("</D:prop><D:status>");
    writer.raw(status);
    writer.raw("</D:status></D:propstat>");
}

/// The properties that an element names, each once.
fn columns(parent: &Element) -> Result<Vec<Column>> {
    let mut columns: Vec<Column> = Vec::new();
    for child in parent.children() {
        if columns.iter().any(|column| column.name.local == child.local && column.name.namespace == child.namespace) {
            continue;
        }
        if columns.len() >= MAX_PROPERTIES {
            return Err(Error::Malformed(format!("More than {MAX_PROPERTIES} properties are asked for.")));
        }
        columns.push(Column::of(child.name()));
    }
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use bytes::Bytes;

    use super::*;
    use crate::app::calendar::Calendar;
    use crate::app::principals::{Party, Reach, UserType};
    use crate::collection::{CollectionId, Entry, Etag, Name, Version};
    use crate::dav::href::Target;
    use crate::dav::multistatus::document;
    use crate::dav::property::{Member, Thing};
    use crate::dav::xml;
    use crate::ical::component::{Component, Status, Transparency};
    use crate::principal::{Grant, Principal, PrincipalId, Role, View};

    fn anna() -> Principal {
        Principal {
            login: "anna".into(),
            display_name: "Anna Muster".into(),
            role: Role::Staff,
            email: Some("anna@mustermann.example".into()),
            view: View::Full,
        }
    }

    fn calendar() -> Calendar {
        let whole = |text: &str| {
            let element = xml::read(text.as_bytes()).unwrap();
            (element.name(), element.whole())
        };
        Calendar {
            id: CollectionId(7),
            home: "anna".into(),
            owner: PrincipalId::Resource("kabine-1".into()),
            acl: Vec::new(),
            availability: None,
            view: View::Full,
            source: None,
            name: Name::new("kabine-1").unwrap(),
            grant: Grant::Write,
            component: Component::Event,
            resource: None,
            hours: None,
            display_name: "Kabine 1".into(),
            colour: "#336699".into(),
            zone: "Europe/Berlin".into(),
            transparency: Transparency::Opaque,
            version: Version(12),
            properties: [
                whole("<d:displayname xmlns:d='DAV:' xml:lang='de'>Kabine &amp; mehr</d:displayname>"),
                whole("<calendar-order xmlns='http://apple.com/ns/ical/'>3</calendar-order>"),
                whole("<c:calendar-description xmlns:c='urn:ietf:params:xml:ns:caldav'>Hinten links</c:calendar-description>"),
            ]
            .into_iter()
            .collect(),
        }
    }

    fn entry() -> Entry {
        Entry {
            name: Name::new("a@b c.ics").unwrap(),
            etag: Etag::of(b"x"),
            uid: "a".into(),
            component: Component::Event,
            span: None,
            status: Status::Confirmed,
            transparency: Transparency::Opaque,
            recurring: false,
            size: 1,
            modified: 1_774_512_000,
            version: Version(3),
            schedule_tag: None,
            buffer: None,
        }
    }

    fn answer(request: &str, target: &Target, thing: Thing<'_>, brevity: Brevity) -> String {
        let selection = Selection::read(&xml::read(request.as_bytes()).unwrap(), brevity).unwrap();
        let who = anna();
        let text = document(Dav, "multistatus", |writer| selection.respond(&Subject { who: &who, target, thing }, writer));
        xml::read(text.as_bytes()).unwrap();
        // One element a line, so that a difference can be seen.
        text.replace("><", ">\n<") + "\n"
    }

    #[test]
    fn answers_are_as_the_fixtures_say() {
        let (calendar, entry) = (calendar(), entry());
        let party = Party {
            email: anna().email,
            address: anna().email,
            reach: Reach::Home,
            ..Party::new(PrincipalId::Login("anna".into()), anna().display_name, UserType::Individual)
        };
        let own = Target::Calendar("anna".into(), calendar.name.clone());
        let object = Target::Object("anna".into(), calendar.name.clone(), entry.name.clone());
        let member = Thing::Object(Member { calendar: &calendar, entry: &entry, data: None });
        let principal = Target::Principal("anna".into());
        for (stem, target, thing) in [
            ("thunderbird-calendar", &own, Thing::Calendar(&calendar)),
            ("davx5-calendar", &own, Thing::Calendar(&calendar)),
            ("apple-calendar", &own, Thing::Calendar(&calendar)),
            ("apple-principal", &principal, Thing::Principal(&party)),
            ("vdirsyncer-object", &object, member),
            ("rfc4918-allprop-calendar", &own, Thing::Calendar(&calendar)),
            ("rfc4918-propname-calendar", &own, Thing::Calendar(&calendar)),
        ] {
            let path = |end: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/xml").join(format!("{stem}.{end}.xml"));
            let request = std::fs::read_to_string(path("request")).unwrap();
            let expected = std::fs::read_to_string(path("answer")).unwrap();
            assert_eq!(answer(&request, target, thing, Brevity::Full), expected, "{stem}");
        }
    }

    #[test]
    fn a_brief_answer_leaves_out_what_is_not_there() {
        let calendar = calendar();
        let target = Target::Calendar("anna".into(), calendar.name.clone());
        let ask = |names: &str| format!("<propfind xmlns='DAV:'><prop>{names}</prop></propfind>");
        let brief = answer(&ask("<getetag/><resourcetype/>"), &target, Thing::Calendar(&calendar), Brevity::Minimal);
        assert!(!brief.contains("404"), "{brief}");
        let nothing = answer(&ask("<getetag/>"), &target, Thing::Calendar(&calendar), Brevity::Minimal);
        assert!(nothing.contains("200 OK") && !nothing.contains("getetag"), "{nothing}");
    }

    #[test]
    fn data_is_escaped_so_that_its_octets_survive() {
        let (calendar, entry) = (calendar(), entry());
        let octets = Bytes::from_static(b"BEGIN:VCALENDAR\r\nX-A:1 < 2 & 3\r\n");
        let thing = Thing::Object(Member { calendar: &calendar, entry: &entry, data: Some(&octets) });
        let request = "<x xmlns='DAV:'><prop><c:calendar-data xmlns:c='urn:ietf:params:xml:ns:caldav'/></prop></x>";
        let text = answer(request, &Target::Root, thing, Brevity::Full);
        let tree = xml::read(text.replace(">\n<", "><").as_bytes()).unwrap();
        let data = ["response", "propstat", "prop"].iter().fold(&tree, |at, name| at.child(Dav, name).unwrap());
        assert_eq!(data.child(super::super::xml::Namespace::CalDav, "calendar-data").unwrap().text().as_bytes(), &octets[..]);
    }

    #[test]
    fn too_many_properties_are_refused() {
        let names: String = (0..=MAX_PROPERTIES).map(|n| format!("<p{n}/>")).collect();
        let body = format!("<propfind xmlns='DAV:'><prop>{names}</prop></propfind>");
        assert!(Selection::read(&xml::read(body.as_bytes()).unwrap(), Brevity::Full).is_err());
    }
}

//! An address ⇄ what it points at.
//!
//! Not for: whether something is there. RFC 3986 §2.1 and §3.3, RFC 4918 §5.2 (trailing slashes) and §8.3 (hrefs).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::collection::Name;
use crate::error::{Error, Result};
use crate::principal::{Kind, Login, PrincipalId};

/// The longest path that is read, in octets after decoding, slashes and all.
pub const MAX_PATH: usize = 2_000;

/// The longest address that is read, in octets as it was sent: encoded, each octet of a path may take three, and so it does where we write it.
const MAX_HREF: usize = 4 * MAX_PATH;

/// Where everything of this door lies.
pub const BASE: &str = "/dav/";

/// What stays as it is in a segment: RFC 3986's pchar, `@` included, since clients write both forms.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// The name that a segment stands for which is written without anything encoded; `None` where it takes more to read.
pub fn plain_name(segment: &str) -> Option<Name> {
    let plain = |octet: u8| octet.is_ascii_alphanumeric() || b"-_.~@".contains(&octet);
    if segment.bytes().all(plain) { Name::new(segment).ok() } else { None }
}

/// What a path points at. Only the shape of the path decides; nothing is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `/`, which calendar programs ask when they were told no more than a host.
    Root,
    /// `/dav/`
    Dav,
    /// `/dav/principals/`, also reached as `/principals/`
    Principals,
    /// `/dav/principals/LOGIN/`
    Principal(Login),
    /// `/dav/principals/resources/` and its like
    PrincipalsOf(Kind),
    /// The principal of what cannot sign in: `/dav/principals/resources/ID/`, `/dav/principals/LOGIN/calendar-proxy-read/`
    Party(PrincipalId),
    /// `/dav/calendars/`
    Homes,
    /// `/dav/calendars/LOGIN/`
    Home(Login),
    /// `/dav/calendars/LOGIN/inbox/` and `…/outbox/`
    Tray(Login, Tray),
    /// `/dav/calendars/LOGIN/CALENDAR/`
    Calendar(Login, Name),
    /// `/dav/calendars/LOGIN/CALENDAR/OBJECT`
    Object(Login, Name, Name),
    /// `/dav/addressbooks/`
    AddressHomes,
    /// `/dav/addressbooks/LOGIN/`
    AddressHome(Login),
    /// `/dav/addressbooks/LOGIN/BOOK/`
    AddressBook(Login, Name),
    /// `/dav/addressbooks/LOGIN/BOOK/CARD`
    Card(Login, Name, Name),
    /// `/dav/files/`
    Files,
    /// `/dav/files/LOGIN/FOLDER/…/`, at any depth
    Folder(Login, Vec<Name>),
    /// `/dav/files/LOGIN/FOLDER/…/FILE`: a file, or a folder whose slash is missing
    File(Login, Vec<Name>),
}

/// The two collections of scheduling in every home (RFC 6638 §2.1 and §2.2). No calendar can have their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tray {
    /// Where messages would be delivered.
    Inbox,
    /// Where requests for busy time are posted.
    Outbox,
}

impl Tray {
    /// Both.
    pub const ALL: [Tray; 2] = [Tray::Inbox, Tray::Outbox];

    /// The name in a home.
    pub fn name(self) -> &'static str {
        match self {
            Tray::Inbox => "inbox",
            Tray::Outbox => "outbox",
        }
    }

    fn named(name: &str) -> Option<Tray> {
        Tray::ALL.into_iter().find(|tray| tray.name() == name)
    }
}

impl Target {
    /// Reads a path, or an href as clients send them in bodies: an absolute path, or a whole URL whose host is not looked at.
    /// A collection is found with and without its trailing slash. [`Error::NotFound`] for a path that cannot be one of ours,
    /// [`Error::Malformed`] for one that nobody may send.
    pub fn read(href: &str) -> Result<Target> {
        let too_long = || Error::Malformed(format!("The address is longer than {MAX_PATH} octets."));
        if href.len() > MAX_HREF {
            return Err(too_long());
        }
        let segments = segments(path_of(href.trim()).ok_or(Error::NotFound)?)?;
        if segments.iter().map(|segment| segment.len() + 1).sum::<usize>() > MAX_PATH {
            return Err(too_long());
        }
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        Ok(match segments.as_slice() {
            [] => Target::Root,
            ["dav"] => Target::Dav,
            ["dav", "principals"] | ["principals"] => Target::Principals,
            ["dav", "principals", kind] if Kind::from_word(kind).is_some() => {
                Target::PrincipalsOf(Kind::from_word(kind).ok_or(Error::NotFound)?)
            }
            ["dav", "principals", login] => Target::Principal((*login).to_owned()),
            ["dav", "principals", below @ ..] => Target::Party(PrincipalId::of_segments(below).ok_or(Error::NotFound)?),
            ["dav", "calendars"] => Target::Homes,
            ["dav", "calendars", login] => Target::Home((*login).to_owned()),
            ["dav", "calendars", login, name] => match Tray::named(name) {
                Some(tray) => Target::Tray((*login).to_owned(), tray),
                None => Target::Calendar((*login).to_owned(), Name::new(name)?),
            },
            ["dav", "calendars", login, calendar, object] if !href.trim().ends_with('/') => {
                Target::Object((*login).to_owned(), Name::new(calendar)?, Name::new(object)?)
            }
            ["dav", "addressbooks"] => Target::AddressHomes,
            ["dav", "addressbooks", login] => Target::AddressHome((*login).to_owned()),
            ["dav", "addressbooks", login, book] => Target::AddressBook((*login).to_owned(), Name::new(book)?),
            ["dav", "addressbooks", login, book, card] if !href.trim().ends_with('/') => {
                Target::Card((*login).to_owned(), Name::new(book)?, Name::new(card)?)
            }
            ["dav", "files"] => Target::Files,
            ["dav", "files", login, path @ ..] => {
                let login = (*login).to_owned();
                let path: Vec<Name> = path.iter().map(|name| Name::new(name)).collect::<Result<_>>()?;
                if path.is_empty() || href.trim().ends_with('/') { Target::Folder(login, path) } else { Target::File(login, path) }
            }
            _ => return Err(Error::NotFound),
        })
    }

    /// What lies under a name in a home or a collection.
    pub fn below(&self, name: &Name) -> Option<Target> {
        Some(match self {
            Target::Home(login) => Target::Calendar(login.clone(), name.clone()),
            Target::Calendar(login, calendar) => Target::Object(login.clone(), calendar.clone(), name.clone()),
            Target::AddressHome(login) => Target::AddressBook(login.clone(), name.clone()),
            Target::AddressBook(login, book) => Target::Card(login.clone(), book.clone(), name.clone()),
            _ => return None,
        })
    }

    /// The collection in which this lies.
    pub fn parent(&self) -> Option<Target> {
        Some(match self {
            Target::Object(login, calendar, _) => Target::Calendar(login.clone(), calendar.clone()),
            Target::Card(login, book, _) => Target::AddressBook(login.clone(), book.clone()),
            _ => return None,
        })
    }

    /// The name that this has in a collection, if it lies there.
    pub fn name_in(&self, collection: &Target) -> Option<&Name> {
        let (Target::Object(_, _, name) | Target::Card(_, _, name)) = self else { return None };
        (self.parent().as_ref() == Some(collection)).then_some(name)
    }

    /// The address: an absolute path, encoded, with a trailing slash for collections.
    pub fn href(&self) -> String {
        // In one piece: a listing makes thousands of these.
        let path = |parts: &[&str]| {
            let mut href = String::with_capacity(BASE.len() + parts.iter().map(|part| part.len() + 1).sum::<usize>());
            href.push_str(BASE);
            for part in parts {
                href.extend(utf8_percent_encode(part, SEGMENT));
                href.push('/');
            }
            href
        };
        match self {
            Target::Root => "/".to_owned(),
            Target::Dav => path(&[]),
            Target::Principals => path(&["principals"]),
            Target::Principal(login) => path(&["principals", login]),
            Target::PrincipalsOf(kind) => path(&["principals", kind.word()]),
            Target::Party(id) => {
                let segments = id.segments();
                path(&std::iter::once("principals").chain(segments.iter().map(String::as_str)).collect::<Vec<_>>())
            }
            Target::Homes => path(&["calendars"]),
            Target::Home(login) => path(&["calendars", login]),
            Target::Tray(login, tray) => path(&["calendars", login, tray.name()]),
            Target::Calendar(login, calendar) => path(&["calendars", login, calendar.as_str()]),
            Target::AddressHomes => path(&["addressbooks"]),
            Target::AddressHome(login) => path(&["addressbooks", login]),
            Target::AddressBook(login, book) => path(&["addressbooks", login, book.as_str()]),
            Target::Object(login, calendar, object) => member(path(&["calendars", login, calendar.as_str(), object.as_str()])),
            Target::Card(login, book, card) => member(path(&["addressbooks", login, book.as_str(), card.as_str()])),
            Target::Files => path(&["files"]),
            Target::Folder(login, names) => path(&below_files(login, names)),
            Target::File(login, names) => member(path(&below_files(login, names))),
        }
    }

    /// In whose home it lies that others may be let into, or whose home of calendars it is.
    pub fn home(&self) -> Option<&str> {
        match self {
            Target::Home(login) | Target::Calendar(login, _) | Target::Object(login, _, _) => Some(login),
            Target::AddressBook(login, _) | Target::Card(login, _, _) => Some(login),
            _ => None,
        }
    }

    /// The login that alone reaches it: inboxes, outboxes, homes of address books and files are shared with nobody.
    pub fn private_to(&self) -> Option<&str> {
        match self {
            Target::Tray(login, _) | Target::AddressHome(login) | Target::Folder(login, _) | Target::File(login, _) => Some(login),
            _ => None,
        }
    }

    /// In whose home it lies, or to whom alone it belongs.
    pub fn login(&self) -> Option<&str> {
        self.home().or_else(|| self.private_to())
    }

    /// The address of a principal.
    pub fn of(id: &PrincipalId) -> Target {
        match id {
            PrincipalId::Login(login) => Target::Principal(login.clone()),
            other => Target::Party(other.clone()),
        }
    }

    /// Which principal's address this is.
    pub fn principal(&self) -> Option<PrincipalId> {
        match self {
            Target::Principal(login) => Some(PrincipalId::Login(login.clone())),
            Target::Party(id) => Some(id.clone()),
            _ => None,
        }
    }

    /// Whether it is an address book or lies in one.
    pub fn is_about_cards(&self) -> bool {
        matches!(self, Target::AddressHome(_) | Target::AddressBook(..) | Target::Card(..))
    }
}

/// The segments of a file's address.
fn below_files<'a>(login: &'a str, names: &'a [Name]) -> Vec<&'a str> {
    ["files", login].into_iter().chain(names.iter().map(Name::as_str)).collect()
}

/// The address of what is no collection: without the last slash.
fn member(mut href: String) -> String {
    href.pop();
    href
}

/// The path of an href: scheme, host, query and fragment cut off.
fn path_of(href: &str) -> Option<&str> {
    let path = match href.split_once("://") {
        Some((scheme, rest)) if !scheme.contains('/') => rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or("/"),
        _ => href,
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.starts_with('/').then_some(path)
}

/// The decoded segments between the slashes; the last slash may be missing.
fn segments(path: &str) -> Result<Vec<String>> {
    let inner = path.strip_prefix('/').unwrap_or(path);
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    if inner.is_empty() {
        return Ok(Vec::new());
    }
    inner.split('/').map(decode).collect()
}

/// Decodes a segment once. What would be another path after decoding is refused, not repaired.
fn decode(segment: &str) -> Result<String> {
    let refused = || Error::Malformed("The address holds a segment that is not allowed.".to_owned());
    if !escapes_are_whole(segment) {
        return Err(refused());
    }
    let decoded = percent_decode_str(segment).decode_utf8().map_err(|_| refused())?;
    let bad = decoded == "." || decoded == ".." || decoded.chars().any(|c| c == '/' || c == '\\' || c.is_control());
    if bad { Err(refused()) } else { Ok(decoded.into_owned()) }
}

/// Whether each `%` is followed by two hexadecimal digits.
fn escapes_are_whole(segment: &str) -> bool {
    segment.split('%').skip(1).all(|after| after.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::principal::Delegation;
    use proptest::prelude::*;

    fn name(text: &str) -> Name {
        Name::new(text).unwrap()
    }

    #[test]
    fn addresses_read_and_write() {
        for (path, target) in [
            ("/", Target::Root),
            ("/dav/", Target::Dav),
            ("/dav/principals/", Target::Principals),
            ("/dav/principals/anna/", Target::Principal("anna".into())),
            ("/dav/principals/resources/", Target::PrincipalsOf(Kind::Resources)),
            ("/dav/principals/resources/kabine-1/", Target::Party(PrincipalId::Resource("kabine-1".into()))),
            ("/dav/principals/a@b/calendar-proxy-read/", Target::Party(PrincipalId::Delegates("a@b".into(), Delegation::Read))),
            ("/dav/calendars/", Target::Homes),
            ("/dav/calendars/anna/", Target::Home("anna".into())),
            ("/dav/calendars/anna/inbox/", Target::Tray("anna".into(), Tray::Inbox)),
            ("/dav/calendars/anna/outbox/", Target::Tray("anna".into(), Tray::Outbox)),
            ("/dav/calendars/anna/kabine-1/", Target::Calendar("anna".into(), name("kabine-1"))),
            ("/dav/addressbooks/", Target::AddressHomes),
            ("/dav/addressbooks/anna/", Target::AddressHome("anna".into())),
            ("/dav/addressbooks/anna/contacts/", Target::AddressBook("anna".into(), name("contacts"))),
            ("/dav/addressbooks/anna/contacts/x.vcf", Target::Card("anna".into(), name("contacts"), name("x.vcf"))),
            ("/dav/files/", Target::Files),
            ("/dav/files/anna/", Target::Folder("anna".into(), vec![])),
            ("/dav/files/anna/a/b%20c/", Target::Folder("anna".into(), vec![name("a"), name("b c")])),
            ("/dav/files/anna/a/b.txt", Target::File("anna".into(), vec![name("a"), name("b.txt")])),
            ("/dav/calendars/a@b/k/x@y%20z.ics", Target::Object("a@b".into(), name("k"), name("x@y z.ics"))),
        ] {
            assert_eq!(Target::read(path), Ok(target.clone()), "{path}");
            assert_eq!(target.href(), path);
        }
    }

    #[test]
    fn forms_of_one_path_are_equal() {
        let target = Target::Object("anna".into(), name("k"), name("u@h.ics"));
        for form in [
            "/dav/calendars/anna/k/u%40h.ics",
            "/dav/calendars/anna/k/u@h.ics",
            "/dav/calendars/%61nna/k/u%40h.ics",
            "https://example.com:8443/dav/calendars/anna/k/u%40h.ics",
            " /dav/calendars/anna/k/u@h.ics\n",
        ] {
            assert_eq!(Target::read(form), Ok(target.clone()), "{form}");
        }
        assert_eq!(Target::read("/dav"), Ok(Target::Dav));
        assert_eq!(Target::read("/dav/files/anna"), Ok(Target::Folder("anna".into(), vec![])));
        assert_eq!(Target::read("http://example.com"), Ok(Target::Root));
        assert_eq!(Target::read("/principals/"), Ok(Target::Principals));
        assert_eq!(Target::read("/dav/calendars/anna/k"), Ok(Target::Calendar("anna".into(), name("k"))));
        // Decoded once: this is a per cent sign in a name.
        assert_eq!(Target::read("/dav/calendars/anna/k/%2541").unwrap(), Target::Object("anna".into(), name("k"), name("%41")));
    }

    #[test]
    fn what_could_be_another_path_is_refused() {
        for path in [
            "/dav/calendars/anna/../ben/",
            "/dav/calendars/anna/%2e%2e/",
            "/dav/calendars/anna/k/a%2fb",
            "/dav/files/anna/a/../../ben/",
            "/dav/files/anna/%2e%2e/ben/",
            "/dav/files/anna//a",
            "/dav/files/anna/a%5c",
            "/dav/calendars/anna/k/a%5cb",
            "/dav/calendars/anna/k/a\\b",
            "/dav/calendars/anna/k/%00",
            "/dav/calendars/anna/k/%ff",
            "/dav/calendars/anna/k/%4",
            "/dav/calendars/anna/k/%zz",
        ] {
            assert!(matches!(Target::read(path), Err(Error::Malformed(_))), "{path}");
        }
        assert!(matches!(Target::read(&format!("/dav/{}", "a".repeat(MAX_PATH))), Err(Error::Malformed(_))));
        for path in ["/dav/calendars/anna/k/a/b", "/dav/calendars/anna/k/a/", "dav/", "", "/staff/", "/dav//calendars/"] {
            assert_eq!(Target::read(path), Err(Error::NotFound), "{path}");
        }
    }

    proptest! {
        #[test]
        fn reading_is_total(path in "\\PC{0,100}", more in "[/a-z%0-9.@\\\\]{0,60}") {
            let _ = Target::read(&path);
            let _ = Target::read(&format!("/dav/{more}"));
        }

        #[test]
        fn every_name_survives(text in "[^/\\\\\\p{Cc}]{1,60}") {
            if let Ok(object) = Name::new(&text) {
                let target = Target::Object("anna".into(), object.clone(), object);
                prop_assert_eq!(Target::read(&target.href()), Ok(target));
            }
        }
    }
}

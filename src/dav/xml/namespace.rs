//! The namespaces that this program writes and knows, by name and prefix.
//!
//! Not for: reading or declaring them (`reader`, `writer`). Namespaces in XML 1.0 §2 and §3.

/// The namespace of `xml:lang`.
pub const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

/// The namespaces that this program writes, each with its prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Namespace {
    /// `DAV:` (RFC 4918)
    Dav,
    /// `urn:ietf:params:xml:ns:caldav` (RFC 4791)
    CalDav,
    /// `urn:ietf:params:xml:ns:carddav` (RFC 6352)
    CardDav,
    /// `http://calendarserver.org/ns/` (getctag and its kin)
    CalendarServer,
    /// `http://apple.com/ns/ical/` (colour and order)
    Apple,
}

impl Namespace {
    /// All of them.
    pub const ALL: [Namespace; 5] = [Namespace::Dav, Namespace::CalDav, Namespace::CardDav, Namespace::CalendarServer, Namespace::Apple];

    /// Its name.
    pub fn uri(self) -> &'static str {
        match self {
            Namespace::Dav => "DAV:",
            Namespace::CalDav => "urn:ietf:params:xml:ns:caldav",
            Namespace::CardDav => "urn:ietf:params:xml:ns:carddav",
            Namespace::CalendarServer => "http://calendarserver.org/ns/",
            Namespace::Apple => "http://apple.com/ns/ical/",
        }
    }

    /// The prefix that stands for it in what this program writes.
    pub fn prefix(self) -> &'static str {
        match self {
            Namespace::Dav => "D",
            Namespace::CalDav => "C",
            Namespace::CardDav => "CR",
            Namespace::CalendarServer => "CS",
            Namespace::Apple => "A",
        }
    }

    /// The one with this name.
    pub fn of(uri: &str) -> Option<Namespace> {
        Namespace::ALL.into_iter().find(|namespace| namespace.uri() == uri)
    }
}

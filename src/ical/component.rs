//! What components are and how they stand, as far as anybody here cares: kinds, STATUS, TRANSP.
//!
//! Not for: reading them (`ical::object`). RFC 5545 §3.6, §3.8.1.11, §3.8.2.7.

use minicbor::{Decode, Encode};

/// What a collection holds. One component type per calendar: macOS splits and duplicates mixed ones. A card is no component, but what
/// an address book holds as a calendar holds events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Component {
    /// VEVENT
    #[n(0)]
    Event,
    /// VTODO
    #[n(1)]
    Todo,
    /// VJOURNAL
    #[n(2)]
    Journal,
    /// VFREEBUSY
    #[n(3)]
    FreeBusy,
    /// VCARD (RFC 6350), of address books alone
    #[n(4)]
    Card,
}

impl Component {
    /// The component's name in iCalendar.
    pub fn as_str(self) -> &'static str {
        match self {
            Component::Event => "VEVENT",
            Component::Todo => "VTODO",
            Component::Journal => "VJOURNAL",
            Component::FreeBusy => "VFREEBUSY",
            Component::Card => "VCARD",
        }
    }

    /// The component type of a name in iCalendar, without regard to case.
    pub fn from_name(name: &str) -> Option<Component> {
        [Component::Event, Component::Todo, Component::Journal, Component::FreeBusy]
            .into_iter()
            .find(|c| c.as_str().eq_ignore_ascii_case(name))
    }
}

/// STATUS of an event as far as busy time and lists care (RFC 5545 §3.8.1.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Status {
    /// CONFIRMED, absent, or unknown.
    #[n(0)]
    Confirmed,
    /// TENTATIVE
    #[n(1)]
    Tentative,
    /// CANCELLED
    #[n(2)]
    Cancelled,
    /// BUSY-UNAVAILABLE: no STATUS, but what a VFREEBUSY can say of a period.
    #[n(3)]
    Unavailable,
}

/// TRANSP (RFC 5545 §3.8.2.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Transparency {
    /// OPAQUE, or absent.
    #[n(0)]
    Opaque,
    /// TRANSPARENT
    #[n(1)]
    Transparent,
}

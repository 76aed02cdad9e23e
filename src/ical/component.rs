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
    /// VPOLL, a vote on times, each of which is a component in it. It takes nobody's time.
    #[n(5)]
    Poll,
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
            Component::Poll => "VPOLL",
        }
    }

    /// Those of iCalendar.
    pub const ICALENDAR: [Component; 5] = [Component::Event, Component::Todo, Component::Journal, Component::FreeBusy, Component::Poll];

    /// The component type of a name in iCalendar, without regard to case.
    pub fn from_name(name: &str) -> Option<Component> {
        Component::ICALENDAR.into_iter().find(|c| c.as_str().eq_ignore_ascii_case(name))
    }
}

/// Preparation and follow-up of an event, in minutes: X-OPENSLOT-BEFORE and X-OPENSLOT-AFTER. They take time like the event itself, but are no part
/// of it: a question about events does not find them, one about busy time does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Buffer {
    /// Before its start.
    #[n(0)]
    pub before: u16,
    /// After its end.
    #[n(1)]
    pub after: u16,
}

/// The longest preparation or follow-up, in minutes: questions about busy time look so much further.
pub const MAX_BUFFER_MINUTES: u16 = 240;

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

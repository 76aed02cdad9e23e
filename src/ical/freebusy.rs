//! Occurrences → busy periods; VFREEBUSY. RFC 4791 §7.10, RFC 5545 §3.6.4.

use crate::ical::time::TimeRange;

/// FBTYPE (RFC 5545 §3.2.9); FREE is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BusyKind {
    /// BUSY-TENTATIVE
    Tentative,
    /// BUSY-UNAVAILABLE
    Unavailable,
    /// BUSY
    Busy,
}

/// A period in which a resource is not free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Busy {
    /// When.
    pub range: TimeRange,
    /// How.
    pub kind: BusyKind,
}

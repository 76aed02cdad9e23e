//! Why a customer's or a receptionist's wish was not granted; each becomes a sentence on a page.
//!
//! Not for: refusals over DAV (`error`).

use super::slot::Slot;

/// What is wrong with one field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldFault {
    /// Required and empty.
    Missing,
    /// Longer than its limit.
    TooLong,
    /// No e-mail address.
    NoEmail,
    /// No telephone number.
    NoTelephone,
    /// None of the choices.
    NoChoice,
    /// No day of a calendar.
    NoDate,
    /// A box that must be ticked and is not.
    Unticked,
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No such page, link, location, service or resource; or not for this login.
    NotFound,
    /// Faults by field name; nothing typed is lost.
    Fields(Vec<(String, FieldFault)>),
    /// The time has gone in the meantime; the nearest free ones.
    Taken(Vec<Slot>),
    /// Never was a slot: outside hours, too soon, too far, or off the grid.
    NotOffered(Vec<Slot>),
    /// This contact has as many open requests as the practice allows.
    TooManyOpen,
    /// This address has booked too often just now; seconds to wait.
    TooOften(u64),
    /// It is cancelled already.
    AlreadyCancelled,
    /// The link of an appointment that is long over.
    Expired,
    /// It lies in the past.
    Past,
    /// It is too near for this to be done online; the practice can still be reached.
    TooLate,
    /// It is not in a state in which this can be done.
    WrongState,
    /// This login may see it but not change it.
    Forbidden,
    /// Ours; logged under this number.
    Failed(String),
}

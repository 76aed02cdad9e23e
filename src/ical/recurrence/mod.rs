//! When something happens: RRULE, RDATE, EXDATE, RECURRENCE-ID in a range of time.
//!
//! Not for: what a local time means (`zone`), what is busy (`freebusy`). RFC 5545 §3.3.10, §3.8.4.4, §3.8.5; RFC 4791 §9.9.

mod expand;
mod rule;

pub use expand::{Expansion, MAX_STEPS};
pub use rule::{ByDay, Frequency, Rule};

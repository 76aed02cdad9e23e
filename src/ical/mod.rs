//! iCalendar: RFC 5545, 6868, 7953, 7986. Pure: no clock, no files, no network.

pub mod collation;
pub mod component;
pub mod expanded;
pub mod filter;
pub mod freebusy;
pub mod object;
pub mod recurrence;
pub mod time;
pub mod zone;

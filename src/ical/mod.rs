//! iCalendar: RFC 5545, 6868, 7953, 7986. Pure: no clock, no files, no network.

pub mod availability;
pub mod collation;
pub mod component;
pub mod expanded;
pub mod filter;
pub mod freebusy;
pub mod jcal;
pub mod object;
pub mod partial;
pub mod recurrence;
pub mod time;
pub mod timezones;
pub mod zone;

//! openslot: a CalDAV-native scheduling server. The calendar is the truth.
//!
//! Formats at the bottom (`ical`), on them a collection's rules (`collection`), on those side by side `appointment` (pure
//! decisions) and `store` (keeping), on both `app` (every operation), on it two doors: `dav` for calendar programs, `web` for
//! people. `ARCHITECTURE.md` has the map.

pub mod access;
pub mod app;
pub mod appointment;
pub mod arguments;
pub mod collection;
pub mod config;
pub mod control;
pub mod dav;
pub mod demo;
pub mod error;
pub mod exchange;
pub mod ical;
pub mod index;
pub mod mail;
pub mod principal;
pub mod program;
pub mod server;
pub mod store;
pub mod template;
pub mod vcard;
pub mod web;
pub mod world;

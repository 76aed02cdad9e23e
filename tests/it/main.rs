//! Black box: the whole program over real HTTP, with its real store in a folder of its own and a clock that stands until it is set.
//!
//! One file per verb or page. Not for: real calendar programs and browsers (`interop/`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what is wrong by ending there"
)]

mod admin;
mod afterwards;
mod booking;
mod child;
mod compression;
mod crash;
mod dav_attacks;
mod dav_kept;
mod dav_objects;
mod dav_query;
mod disk;
mod feeds;
mod freebusy;
mod halves;
mod harness;
mod holds;
mod hours;
mod languages;
mod letters;
mod mass;
mod model;
mod names;
mod post;
mod races;
mod reminders;
mod rules;
mod running;
mod schedule_tag;
mod staff;
mod talk;
mod templates;
mod transfer;

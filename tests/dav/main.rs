//! The calendar door over the real application and an engine in memory: what calendar programs do, point by point.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that does not find what it needs has failed")]

mod access;
mod books;
mod calendars;
mod cards;
mod delegates;
mod devices;
mod discovery;
mod examples;
mod files;
mod hours;
mod house;
mod objects;
mod overwrite;
mod queries;
mod refusals;
mod scheduling;
mod state;
mod subscriptions;
mod sync;
mod transfer;
mod zones;

//! The calendar door over the real application and an engine in memory: what calendar programs do, point by point.

mod calendars;
mod discovery;
mod house;
mod objects;
mod queries;
mod sync;

//! Every operation of the product: read → decide → commit. Both doors (`dav`, `web`) call these and nothing below them.
//!
//! Not for: HTTP, XML, HTML.

pub mod booking;
pub mod calendar;
pub mod login;
pub mod staff;

use crate::principal::Principal;

/// Who does something, and through what: `Thunderbird`, `DAVx5`, `staff page`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub principal: Principal,
    /// Through which program; a short name made of the User-Agent, never the whole of it.
    pub via: String,
}

/// What an open page is told; it asks for the rest itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The list of requests, or a booking in it, has changed.
    Requests,
    /// The program is about to end: close the stream.
    Closing,
}

/// The product. One per process; shared by both doors.
pub struct App {}

impl App {
    /// The present, in seconds.
    pub fn now(&self) -> i64 {
        todo!()
    }
}

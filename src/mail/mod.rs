//! Letters: what a notice says, and how it leaves.
//!
//! Not for: what is owed to whom (`appointment::notice`). A letter is made when it is sent, never kept. RFC 5322, 5546, 6047.

pub mod itip;
pub mod mailer;
pub mod message;
pub mod outbox;
pub mod sample;
pub mod shown;
pub mod smtp;
mod view;

#[cfg(test)]
mod tests;

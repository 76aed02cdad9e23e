//! Why a letter did not leave: lettre's errors → what kind it was, the server's code, and one line for people that says it once.
//!
//! Not for: whether it is worth another try (`smtp`).

use std::error::Error as _;
use std::io::ErrorKind;

use lettre::transport::smtp::Error;

use crate::mail::mailer::{Cause, Kind};
use crate::mail::message::Letter;

/// The server's words are kept up to so many characters.
const WORDS: usize = 300;

/// Up to where a letter got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The connection and its TLS.
    Connecting,
    /// User and password.
    SigningIn,
    /// The letter itself.
    Letter,
}

/// The cause of an error, without any address: causes are kept longer than the customer's details.
pub(super) fn cause(error: &Error, step: Step, letter: &Letter) -> Cause {
    let code = error.status().map(u16::from);
    let said = match (error.status(), error.source()) {
        (Some(code), Some(said)) => format!("{code} {said}"),
        // What wraps a cause repeats it.
        _ => deepest(error),
    };
    let kind = match (step, code, io_kind(error)) {
        (Step::SigningIn, Some(_), _) => Kind::Authentication,
        (_, Some(_), _) => Kind::Answer,
        (_, None, Some(ErrorKind::ConnectionRefused)) => Kind::Refused,
        (_, None, Some(ErrorKind::TimedOut)) => Kind::Silent,
        (_, None, Some(ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable)) => Kind::Unreachable,
        _ if said.contains("failed to lookup") => Kind::Name,
        _ if said.contains("certificate") => Kind::Certificate,
        _ if error.is_tls() => Kind::Tls,
        _ => Kind::Other,
    };
    let detail = match kind {
        // The system's words for it say the same.
        Kind::Refused | Kind::Silent | Kind::Unreachable | Kind::Name => "",
        _ => said.strip_prefix("invalid peer certificate: ").unwrap_or(&said),
    };
    Cause::told(kind, code, &without_addresses(detail, letter))
}

/// What an error wraps, from the outside in.
fn wrapped(error: &Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    let mut next = error.source();
    std::iter::from_fn(move || {
        let this = next?;
        next = this.source();
        Some(this)
    })
}

/// The system's error, where it is one.
fn io_kind(error: &Error) -> Option<ErrorKind> {
    wrapped(error).find_map(|error| error.downcast_ref::<std::io::Error>()).map(std::io::Error::kind)
}

fn deepest(error: &Error) -> String {
    wrapped(error).last().map_or_else(|| error.to_string(), ToString::to_string)
}

/// One line in which no word is an address, or the part of the letter's before its `@`.
fn without_addresses(text: &str, letter: &Letter) -> String {
    let local = letter.to.rsplit_once('@').map_or("", |(local, _)| local);
    let names_somebody = |word: &str| {
        word.contains('@') || (!local.is_empty() && word.trim_matches(|c: char| !c.is_alphanumeric()).eq_ignore_ascii_case(local))
    };
    let line = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line: Vec<&str> = line.map(|word| if names_somebody(word) { "…" } else { word }).collect();
    line.join(" ").chars().take(WORDS).collect()
}

//! Single values of `practice.toml`, checked: ids, numbers, addresses; and how a refusal says where it stands.
//!
//! Not for: what the practice's tables hold (`place`, `service`, `staff`). RFC 6454 §6.2 for origins.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;

use crate::appointment::practice::Id;

/// How many sites may show the booking pages in a frame.
const MAX_ORIGINS: usize = 20;

/// A refusal and where it stands.
pub(super) struct Mistake(pub Range<usize>, pub String);

/// What was read, or why it is refused.
pub(super) type Checked<T> = Result<T, Mistake>;

/// The refusal of a value, where it stands.
pub(super) fn wrong<T>(value: &Spanned<T>, message: impl Into<String>) -> Mistake {
    Mistake(value.span(), message.into())
}

/// An id that none of those in `seen` is; it joins them.
pub(super) fn id(value: &Spanned<String>, seen: &mut BTreeSet<String>) -> Checked<Id> {
    let text = value.get_ref();
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if !(1..=40).contains(&text.len()) || !text.bytes().all(allowed) {
        return Err(wrong(value, "an id has 1 to 40 lower-case letters a–z, digits and hyphens"));
    }
    if !seen.insert(text.clone()) {
        return Err(wrong(value, format!("there is another `{text}`")));
    }
    Ok(Id(text.clone()))
}

/// A number within these limits, else the words that name them.
pub(super) fn between(value: &Spanned<u32>, least: u32, most: u32, words: &str) -> Checked<u32> {
    if (least..=most).contains(value.get_ref()) { Ok(*value.get_ref()) } else { Err(wrong(value, words)) }
}

/// A number up to this limit.
pub(super) fn at_most(value: &Spanned<u32>, limit: u32) -> Checked<u32> {
    between(value, 0, limit, &format!("at most {limit}"))
}

/// A number above zero.
pub(super) fn at_least_one(value: &Spanned<u32>) -> Checked<u32> {
    between(value, 1, u32::MAX, "at least 1")
}

/// A mail address as letters can bear it.
pub(super) fn address(value: &Spanned<String>) -> Checked<String> {
    crate::mail::message::ascii_address(value.get_ref()).map_err(|why| wrong(value, why))?;
    Ok(value.get_ref().clone())
}

/// Origins as browsers compare them (RFC 6454 §6.2) and as a policy takes them: nothing in them can end its directive.
pub(super) fn origins(file: &[Spanned<String>]) -> Checked<Vec<String>> {
    if let Some(one) = file.get(MAX_ORIGINS) {
        return Err(wrong(one, format!("at most {MAX_ORIGINS} sites may show the booking pages")));
    }
    let origin = |value: &Spanned<String>| {
        let text = value.get_ref();
        let uri: Option<http::Uri> = text.parse().ok();
        let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".:/-".contains(&b));
        let whole = uri.is_some_and(|uri| {
            let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https"));
            let host = uri.authority().filter(|host| !host.host().is_empty());
            scheme.zip(host).is_some_and(|(scheme, host)| *text == format!("{scheme}://{host}"))
        });
        let words = "a site is written as browsers name it: https://www.praxis.example, in lower case, without a path";
        if plain && whole { Ok(text.clone()) } else { Err(wrong(value, words)) }
    };
    file.iter().map(origin).collect()
}

/// An address that a link of a page may lead to.
pub(super) fn web_address(value: &Spanned<String>) -> Checked<String> {
    let uri: Option<http::Uri> = value.get_ref().parse().ok();
    let web = uri.is_some_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some());
    if web { Ok(value.get_ref().clone()) } else { Err(wrong(value, "a web address begins with http:// or https://")) }
}

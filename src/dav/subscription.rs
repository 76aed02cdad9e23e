//! Subscribed calendars: a list of addresses that somebody's programs show as calendars, kept with their other calendars.
//!
//! This server never opens such an address: it says where a calendar is, and each program reads it there by itself. Not for: making the
//! collection (`mkcol`). No RFC knows them; the words are calendarserver.org's, as Apple's programs and Nextcloud's use them.

use super::xml::Namespace::{CalendarServer, Dav};
use super::xml::{self, Element};
use crate::app::calendar::{Calendar, PropertyChange, PropertyName};
use crate::app::setting::{CalendarSetting, Setting};
use crate::error::{Error, Precondition, Result};
use crate::principal::Grant;

/// The longest address of a calendar, in octets.
const MAX_SOURCE: usize = 2_000;

/// How an address may begin: what programs can read without being led anywhere else on their user's computer.
const SCHEMES: [&str; 3] = ["http", "https", "webcal"];

/// Whether a property is CS:source.
pub fn is_source(name: &PropertyName) -> bool {
    name.local == "source" && name.namespace == CalendarServer.uri()
}

/// What setting CS:source of a calendar changes. A calendar that holds its own objects has no source, and a subscribed one always has one.
pub fn of_calendar(change: &PropertyChange, calendar: &Calendar) -> Result<Option<Setting>> {
    let protected = |sentence: &str| Error::Refused(Precondition::CannotModifyProtectedProperty, sentence.to_owned());
    if calendar.source.is_none() || calendar.grant != Grant::Own {
        return Err(protected("Only one's own subscribed calendars have a source that can be set."));
    }
    let value = change.value.as_deref().ok_or_else(|| protected("A subscribed calendar cannot be without its source."))?;
    let address = source(&xml::read(value.as_bytes())?)?;
    Ok(Some(Setting::Calendar(calendar.id, CalendarSetting::Source(address))))
}

/// The address in a CS:source: a DAV:href, or bare text, which some programs send.
pub fn source(element: &Element) -> Result<String> {
    let text = element.child(Dav, "href").map_or_else(|| element.text(), Element::text);
    let address = text.trim();
    if address.len() > MAX_SOURCE {
        return Err(Error::Malformed(format!("The address of a subscribed calendar has {MAX_SOURCE} octets at most.")));
    }
    let (scheme, rest) = address.split_once("://").unwrap_or_default();
    let known = SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if !known || host.is_empty() || address.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(Error::Malformed("A subscribed calendar is read from an http, https or webcal address.".into()));
    }
    Ok(address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(inner: &str) -> Result<String> {
        let text = format!("<source xmlns='http://calendarserver.org/ns/' xmlns:d='DAV:'>{inner}</source>");
        source(&xml::read(text.as_bytes()).unwrap())
    }

    #[test]
    fn addresses_that_programs_can_read_are_taken_as_they_are() {
        for address in ["https://ferien.example/bw.ics?jahr=2026&amp;x=1", "webcal://h", "HTTP://[::1]:8080/a", "https://a:b@h/x"] {
            assert_eq!(of(&format!("<d:href>\n {address} </d:href>")), Ok(address.replace("&amp;", "&")), "{address}");
            assert!(of(address).is_ok(), "{address}");
        }
    }

    #[test]
    fn all_else_is_refused() {
        let long = format!("https://h/{}", "x".repeat(MAX_SOURCE));
        for address in
            ["", "ferien.ics", "file:///etc/passwd", "javascript:alert(1)", "ftp://h/x", "https://", "https:///x", "https://h/a b", &long]
        {
            assert!(matches!(of(&format!("<d:href>{address}</d:href>")), Err(Error::Malformed(_))), "{address}");
        }
    }
}

//! The staff pages' cookies: read and written. Public pages have none.
//!
//! RFC 6265 §4.1 and §5.4.

/// Holds a session's secret.
pub const SESSION: &str = "openslot_session";

/// Holds the language that somebody chose on the staff pages.
pub const LANGUAGE: &str = "openslot_language";

/// How long a browser keeps a session's secret, in seconds: as long as the session lasts on the server.
const SESSION_AGE: u32 = 12 * 3600;

/// How long a browser keeps the language, in seconds.
const LANGUAGE_AGE: u32 = 365 * 24 * 3600;

/// The most cookies of one header that are looked at.
const MAX_COOKIES: usize = 64;

/// Whether a cookie may travel over plain HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// The site is reached over TLS alone.
    Secure,
    /// A demo, or a server of the own network.
    Plain,
}

/// The value of a cookie in a Cookie header.
pub fn read<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    let pairs = header.split(';').take(MAX_COOKIES).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(n, _)| *n == name).map(|(_, value)| value.trim_matches('"')).find(|value| !value.is_empty())
}

/// A Set-Cookie value that keeps a session's secret for the staff pages.
pub fn keep_session(secret: &str, transport: Transport) -> String {
    written(SESSION, secret, SESSION_AGE, transport)
}

/// A Set-Cookie value that keeps the language of the staff pages.
pub fn keep_language(tag: &str, transport: Transport) -> String {
    written(LANGUAGE, tag, LANGUAGE_AGE, transport)
}

/// A Set-Cookie value that removes the cookie.
pub fn forget(name: &str, transport: Transport) -> String {
    written(name, "", 0, transport)
}

fn written(name: &str, value: &str, age: u32, transport: Transport) -> String {
    let secure = if transport == Transport::Secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/staff; Max-Age={age}; HttpOnly; SameSite=Strict{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_read() {
        assert_eq!(read("a=1; openslot_session=abc; b=2", SESSION), Some("abc"));
        assert_eq!(read("openslot_session=\"abc\"", SESSION), Some("abc"));
        assert_eq!(read("openslot_session=; openslot_session=x", SESSION), Some("x"));
        assert_eq!(read("xopenslot_session=abc", SESSION), None);
        assert_eq!(read("", SESSION), None);
        assert_eq!(read("openslot_session", SESSION), None);
    }

    #[test]
    fn cookies_are_for_the_staff_pages_alone() {
        let plain = keep_session("abc", Transport::Plain);
        assert_eq!(plain, "openslot_session=abc; Path=/staff; Max-Age=43200; HttpOnly; SameSite=Strict");
        assert!(keep_session("abc", Transport::Secure).ends_with("; Secure"));
        assert!(forget(SESSION, Transport::Plain).contains("Max-Age=0"));
    }
}

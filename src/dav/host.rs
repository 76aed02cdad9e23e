//! Whether an address that a request names is on this server.
//!
//! Not for: what lies there (`href`). RFC 3986 §4.2, RFC 4918 §10.3 and §8.3, RFC 9110 §7.2.

use http::header::{HOST, HeaderMap, HeaderName};
use http::uri::Authority;

use crate::error::{Error, Result};

/// Whether a URL or an absolute path names this server: by no host, by the one that the client speaks to, or by the public one, in place of
/// which a proxy may have put another. To take too many hosts for this one does no harm: nothing is sent anywhere. Ports are not compared: there
/// is one server behind all of them. [`Error::Malformed`] for what is neither of the two.
pub fn is_here(headers: &HeaderMap, public: &str, url: &str) -> Result<bool> {
    let authority = match url.split_once("://") {
        Some((scheme, rest)) if !scheme.contains('/') => {
            if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
                return Ok(false);
            }
            rest
        }
        _ => match url.strip_prefix("//") {
            Some(rest) => rest,
            None if url.starts_with('/') => return Ok(true),
            None => return Err(Error::Malformed("An address is a whole URL or begins with a slash.".into())),
        },
    };
    let host = |authority: &str| authority.parse::<Authority>().ok().map(|authority| authority.host().to_ascii_lowercase());
    let Some(named) = host(authority.split(['/', '?', '#']).next().unwrap_or_default()) else { return Ok(false) };
    let header = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let known = [header(HOST), header(HeaderName::from_static("x-forwarded-host")), Some(public)];
    Ok(known.into_iter().flatten().any(|known| host(known).as_ref() == Some(&named)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_on_this_server_or_not() {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, "127.0.0.1:8008".parse().unwrap());
        let here = |url: &str| is_here(&headers, "termine.example", url);
        for url in [
            "/dav/files/anna/a",
            "//127.0.0.1/dav/files/anna/a",
            "http://127.0.0.1:8008/dav/files/anna/a",
            "http://127.0.0.1/dav/files/anna/a",
            "https://Termine.example/dav/files/anna/a",
            "HTTPS://termine.example:443/dav/files/anna/a",
        ] {
            assert_eq!(here(url), Ok(true), "{url}");
        }
        for url in [
            "http://elsewhere.example/dav/files/anna/a",
            "//elsewhere.example/dav/files/anna/a",
            "http:///dav/files/anna/a",
            "https://termine.example.evil/x",
            "ftp://127.0.0.1:8008/dav/files/anna/a",
        ] {
            assert_eq!(here(url), Ok(false), "{url}");
        }
        for url in ["", "a", "../a", "mailto:a@b.example"] {
            assert!(matches!(here(url), Err(Error::Malformed(_))), "{url}");
        }
        let mut forwarded = HeaderMap::new();
        forwarded.insert(HOST, "backend:8008".parse().unwrap());
        assert_eq!(is_here(&forwarded, "termine.example", "https://kalender.example/dav/"), Ok(false));
        forwarded.insert("x-forwarded-host", "kalender.example".parse().unwrap());
        assert_eq!(is_here(&forwarded, "termine.example", "https://kalender.example/dav/"), Ok(true));
    }
}

//! From which site a form was sent.
//!
//! Our pages say `Referrer-Policy: no-referrer`, so browsers send `Origin: null` with our own forms too (Fetch §3.1.3): a `null`
//! alone proves nothing. `Sec-Fetch-Site` decides where a browser sends it. What is left is guarded by what a foreign page can't
//! know: a session's csrf field on the staff pages, the token of a booking's link.
//! RFC 6454 §7, W3C Fetch Metadata §2.3.

use http::HeaderMap;

/// Whether a form was sent by a page of ours, as far as the headers tell. `public_url` is ours as configured.
pub fn is_ours(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?").trim());
    match text("sec-fetch-site") {
        Some("same-origin" | "none") | None => {}
        Some(_) => return false,
    }
    match text("origin") {
        None | Some("null") => true,
        Some(origin) => {
            let host = text("host").unwrap_or("");
            origin.eq_ignore_ascii_case(site(public_url))
                || (!host.is_empty() && origin.split_once("://").is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host)))
        }
    }
}

/// Scheme and authority of an address.
fn site(address: &str) -> &str {
    let Some((scheme, rest)) = address.split_once("://") else { return address };
    let authority = rest.split('/').next().unwrap_or("");
    address.get(..scheme.len() + "://".len() + authority.len()).unwrap_or(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        is_ours(&headers, "https://termine.example/")
    }

    #[test]
    fn our_own_forms_pass() {
        assert!(asked(&[]));
        assert!(asked(&[("origin", "https://termine.example")]));
        assert!(asked(&[("origin", "null"), ("sec-fetch-site", "same-origin")]));
        assert!(asked(&[("origin", "null")]));
        assert!(asked(&[("origin", "http://127.0.0.1:8008"), ("host", "127.0.0.1:8008")]));
        assert!(asked(&[("sec-fetch-site", "none")]));
    }

    #[test]
    fn other_sites_do_not() {
        assert!(!asked(&[("origin", "https://evil.example")]));
        assert!(!asked(&[("origin", "https://termine.example.evil.example")]));
        assert!(!asked(&[("origin", "https://evil.example"), ("host", "termine.example")]));
        assert!(!asked(&[("origin", "null"), ("sec-fetch-site", "cross-site")]));
        assert!(!asked(&[("origin", "null"), ("sec-fetch-site", "same-site")]));
        assert!(!asked(&[("origin", "")]));
    }
}

//! The DNS records by which calendar programs find this server from nothing but a mail address.
//!
//! Not for: making them; that is for whoever runs the domain. RFC 6764 §3 and §4.

/// The path at which programs begin, as the TXT record names it.
const PATH: &str = "/dav/";

/// Lines of a zone file for a domain: where CalDAV is spoken, that it is not spoken without TLS, and where to begin.
/// Nothing for an address of the server that is none.
pub fn records(domain: &str, public_url: &str) -> Vec<String> {
    let Some((scheme, rest)) = public_url.split_once("://") else { return Vec::new() };
    let authority = rest.split('/').next().unwrap_or_default();
    let secure = scheme == "https";
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => (host, port),
        _ => (authority, if secure { "443" } else { "80" }),
    };
    if host.is_empty() || host.starts_with('[') {
        // An SRV record names a host, and an address is none.
        return Vec::new();
    }
    let (spoken, other) = if secure { ("_caldavs", "_caldav") } else { ("_caldav", "_caldavs") };
    vec![
        format!("{spoken}._tcp.{domain}. 86400 IN SRV 0 1 {port} {host}."),
        format!("{spoken}._tcp.{domain}. 86400 IN TXT \"path={PATH}\""),
        format!("{other}._tcp.{domain}. 86400 IN SRV 0 0 0 ."),
    ]
}

/// The domain whose addresses people type: that of a mail address, or else the server's own host.
pub fn domain<'a>(email: Option<&'a str>, public_url: &'a str) -> &'a str {
    let host = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    let host = host.split(['/', ':']).next().unwrap_or_default();
    email.and_then(|email| email.rsplit_once('@')).map_or(host, |(_, domain)| domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_name_the_host_the_port_and_the_path() {
        assert_eq!(
            records("mustermann.example", "https://termine.mustermann.example"),
            [
                "_caldavs._tcp.mustermann.example. 86400 IN SRV 0 1 443 termine.mustermann.example.",
                "_caldavs._tcp.mustermann.example. 86400 IN TXT \"path=/dav/\"",
                "_caldav._tcp.mustermann.example. 86400 IN SRV 0 0 0 .",
            ]
        );
        assert!(records("x.example", "https://x.example:8443")[0].ends_with("SRV 0 1 8443 x.example."));
        assert!(records("x.example", "http://x.example")[0].starts_with("_caldav._tcp.x.example. 86400 IN SRV 0 1 80 "));
        assert!(records("x.example", "http://[::1]:8080").is_empty());
        assert_eq!(domain(Some("info@mustermann.example"), "https://t.example"), "mustermann.example");
        assert_eq!(domain(None, "https://t.example:8443"), "t.example");
    }
}

//! The headers under which pages are shown: what they may load and run, and which sites may frame them.
//!
//! Content Security Policy Level 3, RFC 7034 (X-Frame-Options, for browsers that know no policy).

use http::header::{self, HeaderName};

use super::page::{Audience, set};
use crate::exchange::Reply;

/// Who may show a page in a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing<'a> {
    /// Pages of ours alone.
    Ours,
    /// These sites too.
    Sites(&'a [String]),
}

/// The scripts of a page: our own files, none of which it needs.
pub fn scripts(audience: Audience, framed: bool, template: &str) -> Vec<&'static str> {
    let mut scripts = Vec::new();
    match (audience, template) {
        (Audience::Staff, _) => scripts.push("staff.js"),
        (Audience::Public, "book/form.html") => scripts.extend(["zone.js", "hold.js"]),
        (Audience::Public, "book/grid.html" | "book/booking.html" | "book/move_times.html") => scripts.push("zone.js"),
        (Audience::Public, _) => {}
    }
    if framed {
        scripts.push("frame.js");
    }
    scripts
}

/// Sets the headers. Nothing is loaded from elsewhere, and no script runs that the page does not name.
pub fn guard(reply: &mut Reply, audience: Audience, framing: Framing, scripts: &[&str]) {
    let mut policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'".to_owned();
    if !scripts.is_empty() {
        policy.push_str("; script-src 'self'; connect-src 'self'");
    }
    let options = match (audience, framing) {
        (Audience::Staff, _) => {
            policy.push_str("; frame-ancestors 'none'");
            Some("DENY")
        }
        (Audience::Public, Framing::Sites(sites)) if !sites.is_empty() => {
            policy.push_str("; frame-ancestors 'self' ");
            policy.push_str(&sites.join(" "));
            // It knows one site only; browsers that know a policy take no notice of it.
            None
        }
        (Audience::Public, _) => {
            policy.push_str("; frame-ancestors 'self'");
            Some("SAMEORIGIN")
        }
    };
    set(reply, header::CONTENT_SECURITY_POLICY, &policy);
    if let Some(options) = options {
        set(reply, header::X_FRAME_OPTIONS, options);
    }
    set(reply, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(reply, HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    set(reply, header::VARY, "Accept-Language");
}

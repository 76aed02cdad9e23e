//! The one writer of content lines, and TEXT.
//!
//! Not for: deciding what is written. Nothing else in the house may print a content line: a value that could begin a line of its
//! own ends here. RFC 5545 §3.1, §3.2, §3.3.11; RFC 6868.

use super::scan::is_name;
use crate::error::{Error, Result};

/// The longest physical line, in octets, without its end (RFC 5545 §3.1).
const FOLD: usize = 75;

/// Writes one content line, folded, with its CRLF.
///
/// `value` is a value as it stands in iCalendar: TEXT must have gone through [`escape_text`]. [`Error::Malformed`] for a name
/// that is none, and for control characters anywhere but a newline in a parameter (which RFC 6868 can write).
pub fn line(name: &str, params: &[(&str, &str)], value: &str) -> Result<String> {
    content_line(name, params.iter().map(|(name, value)| (*name, std::slice::from_ref(value))), value)
}

/// The same where a parameter may have several values, or none.
pub(crate) fn content_line<'a, V: AsRef<str> + 'a>(
    name: &str,
    params: impl Iterator<Item = (&'a str, &'a [V])>,
    value: &str,
) -> Result<String> {
    check_name(name)?;
    let mut content = String::with_capacity(name.len() + value.len() + 16);
    content.push_str(name);
    for (param, values) in params {
        check_name(param)?;
        content.push(';');
        content.push_str(param);
        for (place, value) in values.iter().enumerate() {
            content.push(if place == 0 { '=' } else { ',' });
            push_param(&mut content, value.as_ref())?;
        }
    }
    check_text(value)?;
    content.push(':');
    content.push_str(value);
    Ok(fold(&content))
}

fn check_name(name: &str) -> Result<()> {
    if is_name(name) { Ok(()) } else { Err(Error::Malformed("A property's or parameter's name is letters, digits and hyphens.".into())) }
}

fn check_text(text: &str) -> Result<()> {
    if text.chars().any(|c| c.is_ascii_control() && c != '\t') {
        return Err(Error::Malformed("A line of a calendar can't hold control characters.".into()));
    }
    Ok(())
}

fn push_param(out: &mut String, value: &str) -> Result<()> {
    let quoted = value.contains([':', ';', ',']);
    if quoted {
        out.push('"');
    }
    for c in value.chars() {
        match c {
            '\n' => out.push_str("^n"),
            '^' => out.push_str("^^"),
            '"' => out.push_str("^'"),
            '\t' => out.push('\t'),
            c if c.is_ascii_control() => {
                return Err(Error::Malformed("A parameter can't hold control characters.".into()));
            }
            c => out.push(c),
        }
    }
    if quoted {
        out.push('"');
    }
    Ok(())
}

/// Breaks a line into pieces of at most 75 octets, never inside a character.
pub(super) fn fold(content: &str) -> String {
    let mut out = String::with_capacity(content.len() + content.len() / (FOLD - 1) * 3 + 2);
    let mut room = FOLD;
    for c in content.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = FOLD - 1;
        }
        out.push(c);
        room -= c.len_utf8();
    }
    out.push_str("\r\n");
    out
}

/// Writes text as a TEXT value: `\`, `;`, `,` and newlines escaped (RFC 5545 §3.3.11). A CR before a newline is dropped.
pub fn escape_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
    out
}

/// Reads a TEXT value: `\n` and `\N` are newlines, any other escaped character is itself (RFC 5545 §3.3.11).
pub fn unescape_text(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(c) => out.push(c),
                None => out.push('\\'),
            },
            c => out.push(c),
        }
    }
    out
}

/// Cuts a value at its commas or semicolons (`at`, in ASCII), escaped ones excepted.
pub fn cut_text(value: &str, at: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (place, b) in value.bytes().enumerate() {
        if char::from(b) == at && !escaped {
            parts.push(value.get(start..place).unwrap_or_default());
            start = place + 1;
        }
        escaped = b == b'\\' && !escaped;
    }
    parts.push(value.get(start..).unwrap_or_default());
    parts
}

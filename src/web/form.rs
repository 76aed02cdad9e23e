//! Queries and forms: application/x-www-form-urlencoded, read within limits and written.
//!
//! Not for: what the fields mean. WHATWG URL §5; multipart forms are not taken, since no page sends a file.

use crate::appointment::answers::MAX_ANSWER;
use crate::appointment::booking::Customer;
use crate::appointment::service::MAX_LIST;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

/// A character of four octets, each of them percent-encoded.
const ENCODED: usize = 12;

/// The most characters that the booking form takes: each field at its limit.
const TYPED: usize = Customer::FIELDS.len() * Customer::MAX_FIELD + Customer::MAX_COMMENT + MAX_LIST * MAX_ANSWER;

/// The largest form that is read, in octets: the booking form with every field at its limit, names and hidden fields beside.
pub const MAX_FORM: usize = TYPED * ENCODED + 32 * 1024;

/// The most fields that a form or a query may have.
pub const MAX_FIELDS: usize = 160;

const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Why a form can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormFault {
    /// More octets than [`MAX_FORM`] or more fields than [`MAX_FIELDS`].
    TooLarge,
    /// Not UTF-8 once decoded.
    NotUtf8,
}

/// Names and values in the order in which they were sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads a query or a form's body. A `%` without two hexadecimal digits stands for itself, as browsers have it.
    pub fn decode(octets: &[u8]) -> Result<Fields, FormFault> {
        if octets.len() > MAX_FORM {
            return Err(FormFault::TooLarge);
        }
        let mut fields = Vec::new();
        for pair in octets.split(|b| *b == b'&').filter(|pair| !pair.is_empty()) {
            if fields.len() == MAX_FIELDS {
                return Err(FormFault::TooLarge);
            }
            let mut halves = pair.splitn(2, |b| *b == b'=');
            let name = part(halves.next().unwrap_or_default())?;
            let value = part(halves.next().unwrap_or_default())?;
            fields.push((name, value));
        }
        Ok(Fields(fields))
    }

    /// The first value of a name: what a page repeats further down can't replace what stands at its top.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The first value of a name, if there is one and it isn't empty.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// All pairs but those of one name, as borrowed text.
    pub fn without<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter(move |(n, _)| n != name).map(|(n, value)| (n.as_str(), value.as_str()))
    }
}

fn part(octets: &[u8]) -> Result<String, FormFault> {
    let spaced: Vec<u8> = octets.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
    percent_decode(&spaced).decode_utf8().map(|text| text.into_owned()).map_err(|_| FormFault::NotUtf8)
}

/// A text as one segment of a path or one part of a query.
pub fn escape(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// A path with a query; pairs without a value are left out.
pub fn address<'a>(path: &str, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut address = path.to_owned();
    let mut mark = '?';
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        address.push(mark);
        address.push_str(&escape(name));
        address.push('=');
        address.push_str(&escape(value));
        mark = '&';
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_decoded() {
        let fields = Fields::decode("given_name=J%C3%BCrgen+M&city=K%c3%b6ln&empty=&bare&a=1=2&=x".as_bytes()).unwrap();
        assert_eq!(fields.get("given_name"), Some("Jürgen M"));
        assert_eq!(fields.get("city"), Some("Köln"));
        assert_eq!(fields.get("empty"), Some(""));
        assert_eq!(fields.filled("empty"), None);
        assert_eq!(fields.get("bare"), Some(""));
        assert_eq!(fields.get("a"), Some("1=2"));
        assert_eq!(fields.get("none"), None);
        assert_eq!(Fields::decode(b"comment=a%0D%0Ab%20%F0%9F%98%80").unwrap().get("comment"), Some("a\r\nb 😀"));
    }

    #[test]
    fn odd_escapes_stand_for_themselves() {
        assert_eq!(Fields::decode(b"a=100%&b=%zz&c=%2").unwrap().get("a"), Some("100%"));
        assert_eq!(Fields::decode(b"b=%zz").unwrap().get("b"), Some("%zz"));
    }

    #[test]
    fn the_first_of_repeated_fields_counts() {
        let fields = Fields::decode(b"start=1&start=2").unwrap();
        assert_eq!(fields.get("start"), Some("1"));
        assert_eq!(fields.without("other").count(), 2);
        assert_eq!(fields.without("start").count(), 0);
    }

    #[test]
    fn limits_hold() {
        assert_eq!(Fields::decode(&vec![b'a'; MAX_FORM + 1]), Err(FormFault::TooLarge));
        assert_eq!(Fields::decode("a=1&".repeat(MAX_FIELDS + 1).as_bytes()), Err(FormFault::TooLarge));
        assert!(Fields::decode("a=1&".repeat(MAX_FIELDS).as_bytes()).is_ok());
        assert_eq!(Fields::decode(b"a=%ff"), Err(FormFault::NotUtf8));
        assert_eq!(Fields::decode(b"a=\xff"), Err(FormFault::NotUtf8));
    }

    #[test]
    fn what_is_written_is_read_back() {
        let written = address("/x", [("start", "2026-11-26T10:30:00+01:00"), ("none", ""), ("q", "ä &=?#/")]);
        assert!(written.starts_with("/x?start=2026-11-26T10%3A30%3A00%2B01%3A00&q="));
        let query = written.split_once('?').unwrap().1;
        let fields = Fields::decode(query.as_bytes()).unwrap();
        assert_eq!(fields.get("start"), Some("2026-11-26T10:30:00+01:00"));
        assert_eq!(fields.get("q"), Some("ä &=?#/"));
    }
}

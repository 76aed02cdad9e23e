//! A message → what a page can show of it: a small MIME reader, good enough for the letters that this program writes.
//!
//! Not for: mail from outside. What it can't read is shown as it stands. RFC 2045, 2046, 2047, 5322.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Multiparts within multiparts are read so deep.
const DEPTH: usize = 4;
/// At most so many parts of one multipart are read.
const PARTS: usize = 16;
/// At most so many header lines of one part are read.
const HEADER_LINES: usize = 400;

/// A letter, opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// From, decoded.
    pub from: String,
    /// To, decoded.
    pub to: String,
    /// Subject, decoded.
    pub subject: String,
    /// Date, as it stands.
    pub date: String,
    /// The text.
    pub text: String,
    /// The HTML; from outside as far as a customer typed it, so a page shows it in a sandbox.
    pub html: String,
    /// The invitation beside the text, which mail programs show as buttons.
    pub invitation: Option<Attachment>,
    /// What is attached.
    pub attachments: Vec<Attachment>,
}

/// A file in a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its file name; empty where it has none.
    pub name: String,
    /// The whole Content-Type.
    pub content_type: String,
    /// Its content.
    pub octets: Vec<u8>,
}

/// Reads a letter. Never refuses: a page that shows what is there is more use than none.
pub fn read_letter(octets: &[u8]) -> Shown {
    let part = Part::read(octets);
    let mut shown = Shown {
        from: decode_words(part.header("From")),
        to: decode_words(part.header("To")),
        subject: decode_words(part.header("Subject")),
        date: part.header("Date").to_owned(),
        ..Shown::default()
    };
    collect(&part, DEPTH, &mut shown);
    shown
}

fn collect(part: &Part<'_>, depth: usize, shown: &mut Shown) {
    let content_type = part.header("Content-Type");
    let kind = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    if kind.starts_with("multipart/") {
        let Some(boundary) = parameter(content_type, "boundary").filter(|_| depth > 0) else { return };
        for inner in parts(part.body, &boundary) {
            collect(&Part::read(inner), depth - 1, shown);
        }
        return;
    }
    let disposition = part.header("Content-Disposition");
    let attached = disposition.trim_start().to_ascii_lowercase().starts_with("attachment");
    let octets = part.content();
    match kind.as_str() {
        "text/plain" | "" if !attached && shown.text.is_empty() => shown.text = String::from_utf8_lossy(&octets).into_owned(),
        "text/html" if !attached && shown.html.is_empty() => shown.html = String::from_utf8_lossy(&octets).into_owned(),
        _ => {
            let name = parameter(disposition, "filename").or_else(|| parameter(content_type, "name")).unwrap_or_default();
            let attachment = Attachment { name, content_type: content_type.to_owned(), octets };
            if kind == "text/calendar" && !attached && shown.invitation.is_none() {
                shown.invitation = Some(attachment);
            } else {
                shown.attachments.push(attachment);
            }
        }
    }
}

/// Header and body of a message or of a part of one.
struct Part<'a> {
    headers: Vec<(String, String)>,
    body: &'a [u8],
}

impl<'a> Part<'a> {
    fn read(octets: &'a [u8]) -> Part<'a> {
        let mut headers: Vec<(String, String)> = Vec::new();
        let mut rest = octets;
        for _ in 0..HEADER_LINES {
            let (line, after) = split_line(rest);
            rest = after;
            if line.is_empty() {
                break;
            }
            let line = String::from_utf8_lossy(line);
            match (line.starts_with([' ', '\t']), headers.last_mut()) {
                (true, Some((_, value))) => {
                    value.push(' ');
                    value.push_str(line.trim());
                }
                _ => {
                    if let Some((name, value)) = line.split_once(':') {
                        headers.push((name.trim().to_owned(), value.trim().to_owned()));
                    }
                }
            }
        }
        Part { headers, body: rest }
    }

    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }

    fn content(&self) -> Vec<u8> {
        match self.header("Content-Transfer-Encoding").to_ascii_lowercase().as_str() {
            "quoted-printable" => quoted_printable(self.body, false),
            "base64" => {
                let kept: Vec<u8> = self.body.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
                STANDARD.decode(&kept).unwrap_or_else(|_| self.body.to_vec())
            }
            _ => self.body.to_vec(),
        }
    }
}

/// The first line without its end, and what follows it.
fn split_line(octets: &[u8]) -> (&[u8], &[u8]) {
    let end = octets.iter().position(|b| *b == b'\n').unwrap_or(octets.len());
    let line = octets.get(..end).unwrap_or_default();
    (line.strip_suffix(b"\r").unwrap_or(line), octets.get(end + 1..).unwrap_or_default())
}

/// The parts between a multipart's delimiters; the line end before a delimiter belongs to the delimiter (RFC 2046 §5.1.1).
fn parts<'a>(body: &'a [u8], boundary: &str) -> Vec<&'a [u8]> {
    let delimiter = format!("--{boundary}");
    let mut found: Vec<&[u8]> = Vec::new();
    let (mut rest, mut at, mut start) = (body, 0, None);
    while !rest.is_empty() && found.len() < PARTS {
        let (line, after) = split_line(rest);
        let tail = line.strip_prefix(delimiter.as_bytes()).map(<[u8]>::trim_ascii_end);
        let next = body.len() - after.len();
        if let Some(tail) = tail.filter(|tail| tail.is_empty() || *tail == b"--") {
            if let Some(start) = start {
                let part = body.get(start..at).unwrap_or_default();
                let part = part.strip_suffix(b"\n").unwrap_or(part);
                found.push(part.strip_suffix(b"\r").unwrap_or(part));
            }
            if tail == b"--" {
                break;
            }
            start = Some(next);
        }
        (rest, at) = (after, next);
    }
    found
}

/// A parameter of a structured header, quoted or not (RFC 2045 §5.1).
fn parameter(header: &str, name: &str) -> Option<String> {
    let mut rest = header.split_once(';')?.1;
    loop {
        let (key, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => after.split_once(';').map_or((after, ""), |(value, _)| (value, after.get(value.len()..).unwrap_or(""))),
        };
        if key.trim().eq_ignore_ascii_case(name) {
            return Some(value.trim().to_owned());
        }
        rest = next.split_once(';')?.1;
    }
}

/// RFC 2045 §6.7; in a header (RFC 2047 §4.2) `_` is a space.
fn quoted_printable(octets: &[u8], in_header: bool) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(octets.len());
    let mut rest = octets;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match (first, after) {
            (b'=', [b'\r', b'\n', tail @ ..]) | (b'=', [b'\n', tail @ ..]) => rest = tail,
            (b'=', [high, low, tail @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digit = |b: &u8| char::from(*b).to_digit(16).and_then(|d| u8::try_from(d).ok()).unwrap_or(0);
                decoded.push(digit(high) * 16 + digit(low));
                rest = tail;
            }
            (b'_', _) if in_header => decoded.push(b' '),
            (other, _) => decoded.push(*other),
        }
    }
    decoded
}

/// Decodes RFC 2047 words in UTF-8 or ASCII; white space between two of them is not part of the text (§6.2).
fn decode_words(value: &str) -> String {
    let mut decoded: Vec<u8> = Vec::with_capacity(value.len());
    let (mut rest, mut after_word) = (value, false);
    while let Some((before, from)) = rest.split_once("=?") {
        let Some(word) = Word::read(from) else {
            decoded.extend_from_slice(before.as_bytes());
            decoded.extend_from_slice(b"=?");
            (rest, after_word) = (from, false);
            continue;
        };
        if !(after_word && before.trim().is_empty()) {
            decoded.extend_from_slice(before.as_bytes());
        }
        decoded.extend_from_slice(&word.octets);
        (rest, after_word) = (word.rest, true);
    }
    decoded.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&decoded).into_owned()
}

struct Word<'a> {
    octets: Vec<u8>,
    rest: &'a str,
}

impl<'a> Word<'a> {
    /// Reads `charset?encoding?text?=`.
    fn read(from: &'a str) -> Option<Word<'a>> {
        let (charset, from) = from.split_once('?')?;
        let (encoding, from) = from.split_once('?')?;
        let (text, rest) = from.split_once("?=")?;
        if !["utf-8", "us-ascii"].iter().any(|known| known.eq_ignore_ascii_case(charset)) {
            return None;
        }
        let octets = match encoding {
            "B" | "b" => STANDARD.decode(text).ok()?,
            "Q" | "q" => quoted_printable(text.as_bytes(), true),
            _ => return None,
        };
        Some(Word { octets, rest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_words_are_joined() {
        assert_eq!(decode_words("=?utf-8?b?SMO2?= =?UTF-8?Q?rger=C3=A4te_X?= <a@b.c>"), "Hörgeräte X <a@b.c>");
        assert_eq!(decode_words("=? plain =?koi8-r?q?x?= ="), "=? plain =?koi8-r?q?x?= =");
    }

    #[test]
    fn parameters_are_found() {
        let header = "application/ics; name=\"a;b=c.ics\"; charset=utf-8 ;x=y";
        assert_eq!(parameter(header, "NAME").as_deref(), Some("a;b=c.ics"));
        assert_eq!(parameter(header, "charset").as_deref(), Some("utf-8"));
        assert_eq!(parameter(header, "x").as_deref(), Some("y"));
        assert_eq!(parameter(header, "z"), None);
    }

    #[test]
    fn parts_end_before_their_delimiter() {
        let body = b"preamble\r\n--b\r\n\r\none\r\n\r\n--bb\r\n--b  \r\nA: 1\r\n\r\ntwo\r\n--b--\r\nend\r\n--b\r\n";
        let found: Vec<Vec<u8>> = parts(body, "b").into_iter().map(|p| Part::read(p).body.to_vec()).collect();
        assert_eq!(found, [b"one\r\n\r\n--bb".to_vec(), b"two".to_vec()]);
    }

    #[test]
    fn rubbish_is_read_without_panic() {
        for octets in [
            &b""[..],
            b"\n",
            b":",
            b"Content-Type: multipart/x; boundary=\"",
            b"Content-Transfer-Encoding: base64\n\n*",
            b"a: =?utf-8?b?=\n\n=",
            b"\xff\xfe",
        ] {
            read_letter(octets);
        }
        let mut deep = String::new();
        for _ in 0..50 {
            deep.push_str("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n");
        }
        read_letter(deep.as_bytes());
    }
}

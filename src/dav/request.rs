//! What a request's headers say: who asks, how deep, on which condition, how briefly.
//!
//! Not for: bodies (`xml`, `query`), the form of an answer (`accept`). RFC 4918 §10.2, RFC 9110 §11.7, §13.1 and §14.2, RFC 7617, RFC 7240, RFC 7809 §7.1, RFC 8144.

use std::ops::Range;
use std::time::UNIX_EPOCH;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use http::header::{
    AUTHORIZATION, CONTENT_RANGE, CONTENT_TYPE, HeaderMap, HeaderName, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
    IF_UNMODIFIED_SINCE, RANGE, USER_AGENT,
};

use crate::collection::Condition;
use crate::error::{Error, Result};
use crate::ical::timezones::Timezones;

/// The longest short name of a program.
pub const MAX_VIA: usize = 24;

/// The most entity tags that one header may list.
pub const MAX_TAGS: usize = 100;

/// Depth (RFC 4918 §10.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// The target alone.
    Zero,
    /// The target and its members.
    One,
    /// All below.
    Infinity,
}

/// The header `Depth`, `None` where there is none.
pub fn depth(headers: &HeaderMap) -> Result<Option<Depth>> {
    let Some(value) = text(headers, &HeaderName::from_static("depth")) else { return Ok(None) };
    match value.trim().to_ascii_lowercase().as_str() {
        "0" => Ok(Some(Depth::Zero)),
        "1" => Ok(Some(Depth::One)),
        "infinity" => Ok(Some(Depth::Infinity)),
        _ => Err(Error::Malformed("The header Depth is 0, 1 or infinity.".into())),
    }
}

/// What `Prefer` and Apple's older `Brief` ask to be left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Preference {
    /// Properties that are not there need no mention.
    pub minimal: Option<Asked>,
    /// A listing needs no entry for the collection itself (RFC 8144 §3).
    pub depth_noroot: Option<Asked>,
    /// What was stored shall be answered (RFC 7240 §4.2, RFC 8144).
    pub representation: Option<Asked>,
}

/// Through which header something was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// `Prefer`, whose granting is confirmed.
    Prefer,
    /// `Brief`
    Brief,
}

impl Preference {
    /// The value for `Preference-Applied`, where something was granted that `Prefer` asked for.
    pub fn applied(self) -> Option<&'static str> {
        match (self.minimal == Some(Asked::Prefer), self.depth_noroot.is_some()) {
            (true, true) => Some("return=minimal, depth-noroot"),
            (true, false) => Some("return=minimal"),
            (false, true) => Some("depth-noroot"),
            (false, false) => None,
        }
    }
}

/// Reads `Prefer` and `Brief`. What is not understood is passed over, and of a preference that stands there several times the first counts, as
/// RFC 7240 §2 wants it: what shall be returned is one preference, whatever its value.
pub fn preference(headers: &HeaderMap) -> Preference {
    let mut preference = Preference::default();
    if text(headers, &HeaderName::from_static("brief")).is_some_and(|value| value.trim().eq_ignore_ascii_case("t")) {
        preference.minimal = Some(Asked::Brief);
    }
    let mut returned = false;
    for value in headers.get_all("prefer") {
        for each in value.to_str().unwrap_or_default().split([',', ';']) {
            let plain: String = each.chars().filter(|c| !c.is_ascii_whitespace() && *c != '"').collect();
            match plain.to_ascii_lowercase().as_str() {
                "depth-noroot" => preference.depth_noroot = Some(Asked::Prefer),
                _ if returned => {}
                // The second is what OS X 10.9 and iOS 7 wrote.
                "return=minimal" | "return-minimal" => {
                    preference.minimal = Some(Asked::Prefer);
                    returned = true;
                }
                "return=representation" => {
                    preference.representation = Some(Asked::Prefer);
                    returned = true;
                }
                _ => {}
            }
        }
    }
    preference
}

/// The condition that `If-Match` and `If-None-Match` make; where both stand there, `If-Match` decides (RFC 9110 §13.2.2).
/// `If-Schedule-Tag-Match` must hold beside them (RFC 6638 §8.3).
pub fn condition(headers: &HeaderMap) -> Result<Condition> {
    let condition = etag_condition(headers)?;
    let Some(value) = text(headers, &HeaderName::from_static("if-schedule-tag-match")) else { return Ok(condition) };
    let (tag, _) = tag(value.trim())?;
    Ok(Condition::ScheduleTag(tag.opaque, Box::new(condition)))
}

/// Whether what a request asks of entity tags holds for a collection, which is there and has none. [`Error::Stale`] where it does not.
pub fn check_collection(headers: &HeaderMap) -> Result<()> {
    match condition(headers)? {
        Condition::Always | Condition::Present | Condition::Differs(_) => Ok(()),
        Condition::Absent | Condition::Matches(_) | Condition::ScheduleTag(..) => Err(Error::Stale),
    }
}

fn etag_condition(headers: &HeaderMap) -> Result<Condition> {
    if headers.contains_key(IF_MATCH) {
        return Ok(match tags(headers, &IF_MATCH)? {
            Tags::Any => Condition::Present,
            // A weak tag never matches here (RFC 9110 §13.1.1).
            Tags::These(tags) => Condition::Matches(tags.into_iter().filter(|tag| !tag.weak).map(|tag| tag.opaque).collect()),
        });
    }
    if headers.contains_key(IF_NONE_MATCH) {
        return Ok(match tags(headers, &IF_NONE_MATCH)? {
            Tags::Any => Condition::Absent,
            Tags::These(tags) => Condition::Differs(tags.into_iter().map(|tag| tag.opaque).collect()),
        });
    }
    Ok(Condition::Always)
}

/// One entity tag, without its quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Tag {
    weak: bool,
    opaque: String,
}

enum Tags {
    Any,
    These(Vec<Tag>),
}

/// The tags that a header lists, over all its lines.
fn tags(headers: &HeaderMap, header: &HeaderName) -> Result<Tags> {
    let mut list = Vec::new();
    for value in headers.get_all(header) {
        let value = value.to_str().map_err(|_| Error::Malformed("An entity tag holds characters that are not allowed.".into()))?;
        let mut rest = value.trim();
        if rest == "*" {
            return Ok(Tags::Any);
        }
        while !rest.is_empty() {
            if list.len() >= MAX_TAGS {
                return Err(Error::Malformed(format!("More than {MAX_TAGS} entity tags.")));
            }
            let (tag, after) = tag(rest)?;
            list.push(tag);
            rest = after.trim_start_matches([',', ' ', '\t']);
        }
    }
    Ok(Tags::These(list))
}

/// The first tag of a list and what comes after it. A bare word is taken for a tag without quotes: old clients send such.
fn tag(list: &str) -> Result<(Tag, &str)> {
    let (weak, list) = match list.strip_prefix("W/") {
        Some(after) => (true, after),
        None => (false, list),
    };
    if let Some(inner) = list.strip_prefix('"') {
        let (opaque, after) =
            inner.split_once('"').ok_or_else(|| Error::Malformed("An entity tag lacks its closing quotation mark.".into()))?;
        return Ok((Tag { weak, opaque: opaque.to_owned() }, after));
    }
    let (opaque, after) = list.split_once(',').unwrap_or((list, ""));
    Ok((Tag { weak, opaque: opaque.trim().to_owned() }, after))
}

/// Whether `If-Unmodified-Since` does not hold for what was last written at `modified`; `If-Match` decides where it stands there too.
pub fn is_modified_since(headers: &HeaderMap, modified: i64) -> bool {
    !headers.contains_key(IF_MATCH) && unmodified_since(headers).is_some_and(|since| modified > since)
}

/// `If-Unmodified-Since`, in seconds since 1970; a date that cannot be read is none (RFC 9110 §13.1.4).
pub fn unmodified_since(headers: &HeaderMap) -> Option<i64> {
    let since = httpdate::parse_http_date(text(headers, &IF_UNMODIFIED_SINCE)?.trim()).ok()?;
    i64::try_from(since.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
}

/// Whether the client has what was last written at `modified`, by `If-Modified-Since`; `If-None-Match` decides where it stands there too
/// (RFC 9110 §13.1.3).
pub fn not_modified_since(headers: &HeaderMap, modified: i64) -> bool {
    let since = text(headers, &IF_MODIFIED_SINCE).and_then(|value| httpdate::parse_http_date(value.trim()).ok());
    let since = since.and_then(|since| since.duration_since(UNIX_EPOCH).ok()).and_then(|since| i64::try_from(since.as_secs()).ok());
    !headers.contains_key(IF_NONE_MATCH) && since.is_some_and(|since| modified <= since)
}

/// What `Range` asks of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// All of it: nothing was asked, or what nobody has to answer (other units, several ranges).
    All,
    /// These octets.
    Part(Range<usize>),
    /// Octets that are not there.
    Beyond,
}

/// Reads `Range` for a body of `len` octets with this entity tag; `If-Range` must name the tag or the range is passed over
/// (RFC 9110 §13.1.5 and §14.2).
pub fn wanted(headers: &HeaderMap, len: usize, etag: &str) -> Wanted {
    let Some(spec) = text(headers, &RANGE).and_then(|value| value.trim().strip_prefix("bytes=")) else { return Wanted::All };
    if text(headers, &IF_RANGE).is_some_and(|value| value.trim() != etag) {
        return Wanted::All;
    }
    let Some((first, last)) = spec.split_once('-').map(|(first, last)| (first.trim(), last.trim())) else { return Wanted::All };
    let range = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(len),
        (Ok(first), Err(_)) if last.is_empty() => first..len,
        (Err(_), Ok(suffix)) if first.is_empty() => len.saturating_sub(suffix)..len,
        _ => return Wanted::All,
    };
    if range.start < range.end { Wanted::Part(range) } else { Wanted::Beyond }
}

/// What the header `CalDAV-Timezones` asks (RFC 7809 §7.1): `T` or `F`.
pub fn timezones(headers: &HeaderMap) -> Result<Timezones> {
    let Some(value) = text(headers, &HeaderName::from_static("caldav-timezones")) else { return Ok(Timezones::AsSent) };
    match value.trim() {
        "T" | "t" => Ok(Timezones::Included),
        "F" | "f" => Ok(Timezones::ByReference),
        _ => Err(Error::Malformed("The header CalDAV-Timezones is T or F.".into())),
    }
}

/// Refuses a body that is said to be a part of what it shall be stored as: taken for the whole it would destroy the rest
/// (RFC 9110 §14.5).
pub fn check_whole(headers: &HeaderMap) -> Result<()> {
    if headers.contains_key(CONTENT_RANGE) {
        return Err(Error::Malformed("What is stored here is sent whole, without Content-Range.".into()));
    }
    Ok(())
}

/// What iCalendar is sent as.
pub const CALENDARS: &[&str] = &["text/calendar"];

/// What vCards are sent as: the type of RFC 6350, that of RFC 2426, and one from before both.
pub const CARDS: &[&str] = &["text/vcard", "text/directory", "text/x-vcard"];

/// Whether a body may be taken for one of these types, with whatever parameters; or nothing is said of it.
pub fn is_type(headers: &HeaderMap, types: &[&str]) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE) else { return true };
    let named = value.to_str().unwrap_or("?").split(';').next().unwrap_or_default().trim();
    types.iter().any(|each| each.eq_ignore_ascii_case(named))
}

/// A login and a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// In lower case: telephones like to begin names with a capital.
    pub login: String,
    /// As sent.
    pub password: String,
}

/// The credentials of `Authorization: Basic`. [`Error::Unauthenticated`] where there are none or they cannot be read.
pub fn credentials(headers: &HeaderMap) -> Result<Credentials> {
    let value = text(headers, &AUTHORIZATION).ok_or(Error::Unauthenticated)?;
    let (scheme, encoded) = value.trim().split_once(' ').ok_or(Error::Unauthenticated)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(Error::Unauthenticated);
    }
    let encoded = encoded.trim();
    let octets = STANDARD.decode(encoded).or_else(|_| STANDARD_NO_PAD.decode(encoded)).map_err(|_| Error::Unauthenticated)?;
    // UTF-8 is what we ask for; some libraries write Latin-1 all the same, whose octets are the first 256 characters.
    let plain = String::from_utf8(octets).unwrap_or_else(|e| e.into_bytes().into_iter().map(char::from).collect());
    let (login, password) = plain.split_once(':').ok_or(Error::Unauthenticated)?;
    Ok(Credentials { login: login.trim().to_ascii_lowercase(), password: password.to_owned() })
}

/// Marks in a User-Agent, and the short name of the program that writes them. The first that is found counts.
const PROGRAMS: [Program; 16] = [
    Program { mark: "davx5", name: "DAVx5" },
    Program { mark: "thunderbird", name: "Thunderbird" },
    Program { mark: "icedove", name: "Thunderbird" },
    Program { mark: "ios/", name: "iOS" },
    Program { mark: "ipados/", name: "iOS" },
    Program { mark: "iphone", name: "iOS" },
    Program { mark: "macos/", name: "macOS Calendar" },
    Program { mark: "mac os x/", name: "macOS Calendar" },
    Program { mark: "mac_os_x/", name: "macOS Calendar" },
    Program { mark: "evolution", name: "Evolution" },
    Program { mark: "vdirsyncer", name: "vdirsyncer" },
    Program { mark: "python-caldav", name: "python-caldav" },
    Program { mark: "akonadi", name: "Akonadi" },
    Program { mark: "kio/", name: "Akonadi" },
    Program { mark: "caldavsynchronizer", name: "Outlook" },
    Program { mark: "curl/", name: "curl" },
];

struct Program {
    mark: &'static str,
    name: &'static str,
}

/// The short name of the program that asks, for histories that people read.
pub fn via(headers: &HeaderMap) -> String {
    let agent = text(headers, &USER_AGENT).unwrap_or_default();
    let lower = agent.to_ascii_lowercase();
    if let Some(program) = PROGRAMS.iter().find(|program| lower.contains(program.mark)) {
        return program.name.to_owned();
    }
    let token = agent.split([' ', '/', '\t']).find(|part| !part.is_empty()).unwrap_or_default();
    let short: String = token.chars().filter(char::is_ascii_graphic).take(MAX_VIA).collect();
    if short.is_empty() { "calendar program".to_owned() } else { short }
}

/// A header's value, where it is text.
fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.append(*name, value.parse().unwrap());
        }
        map
    }

    #[test]
    fn depth_is_read() {
        assert_eq!(depth(&headers(&[])), Ok(None));
        assert_eq!(depth(&headers(&[("depth", "1")])), Ok(Some(Depth::One)));
        assert_eq!(depth(&headers(&[("depth", "Infinity")])), Ok(Some(Depth::Infinity)));
        assert!(depth(&headers(&[("depth", "2")])).is_err());
    }

    #[test]
    fn preferences_are_read_in_all_their_spellings() {
        let minimal = |pairs: &[(&'static str, &str)]| preference(&headers(pairs)).minimal;
        assert_eq!(minimal(&[]), None);
        assert_eq!(minimal(&[("brief", "t")]), Some(Asked::Brief));
        assert_eq!(minimal(&[("brief", "f")]), None);
        for value in ["return=minimal", "return-minimal", "wait=1, Return = \"minimal\"", "respond-async;return=minimal"] {
            assert_eq!(minimal(&[("prefer", value)]), Some(Asked::Prefer), "{value}");
        }
        let both = preference(&headers(&[("prefer", "return=minimal, depth-noroot")]));
        assert_eq!(both.applied(), Some("return=minimal, depth-noroot"));
        assert_eq!(preference(&headers(&[("brief", "t")])).applied(), None);
    }

    #[test]
    fn conditions_are_read() {
        let read = |pairs: &[(&'static str, &str)]| condition(&headers(pairs)).unwrap();
        let tags = |tags: &[&str]| tags.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        assert_eq!(read(&[]), Condition::Always);
        assert_eq!(read(&[("if-none-match", "*")]), Condition::Absent);
        assert_eq!(read(&[("if-match", " * ")]), Condition::Present);
        assert_eq!(read(&[("if-match", "\"a\" , \"b,c\"")]), Condition::Matches(tags(&["a", "b,c"])));
        assert_eq!(read(&[("if-match", "\"a\""), ("if-match", "\"b\"")]), Condition::Matches(tags(&["a", "b"])));
        assert_eq!(read(&[("if-match", "W/\"a\"")]), Condition::Matches(vec![]));
        assert_eq!(read(&[("if-none-match", "W/\"a\", \"b\"")]), Condition::Differs(tags(&["a", "b"])));
        // What Thunderbird sends to find out whether it may write.
        assert_eq!(read(&[("if-match", "nothing")]), Condition::Matches(tags(&["nothing"])));
        assert_eq!(read(&[("if-match", "\"a\""), ("if-none-match", "*")]), Condition::Matches(tags(&["a"])));
        let both = read(&[("if-schedule-tag-match", "\"s\""), ("if-match", "\"a\"")]);
        assert_eq!(both, Condition::ScheduleTag("s".into(), Box::new(Condition::Matches(tags(&["a"])))));
        assert!(condition(&headers(&[("if-match", "\"a")])).is_err());
        assert!(condition(&headers(&[("if-match", &"\"a\",".repeat(MAX_TAGS + 1))])).is_err());
    }

    #[test]
    fn ranges_are_read() {
        let read = |value: &str| wanted(&headers(&[("range", value)]), 100, "\"e\"");
        for (value, range) in
            [("bytes=0-9", 0..10), ("bytes=90-", 90..100), ("bytes=90-200", 90..100), ("bytes=-30", 70..100), ("bytes=-300", 0..100)]
        {
            assert_eq!(read(value), Wanted::Part(range), "{value}");
        }
        for value in ["bytes=9-0", "bytes=0-1,3-4", "lines=0-1", "bytes=", "bytes=-", "bytes=a-b"] {
            assert_eq!(read(value), Wanted::All, "{value}");
        }
        for value in ["bytes=100-", "bytes=-0", "bytes=100-200"] {
            assert_eq!(read(value), Wanted::Beyond, "{value}");
        }
        assert_eq!(wanted(&headers(&[("range", "bytes=0-9"), ("if-range", "\"e\"")]), 100, "\"e\""), Wanted::Part(0..10));
        assert_eq!(wanted(&headers(&[("range", "bytes=0-9"), ("if-range", "\"x\"")]), 100, "\"e\""), Wanted::All);
    }

    #[test]
    fn a_date_of_the_last_change_is_enough_where_no_tag_was_sent() {
        let date = "Thu, 26 Mar 2026 09:00:00 GMT";
        let read = |pairs: &[(&'static str, &str)], modified| not_modified_since(&headers(pairs), modified);
        assert!(read(&[("if-modified-since", date)], 1_774_515_600));
        assert!(!read(&[("if-modified-since", date)], 1_774_515_601));
        assert!(!read(&[("if-modified-since", date), ("if-none-match", "\"x\"")], 1_774_515_600));
        assert!(!read(&[("if-modified-since", "yesterday")], 0) && !read(&[], 0));
    }

    #[test]
    fn content_types_are_read() {
        assert!(is_type(&headers(&[]), CALENDARS));
        assert!(is_type(&headers(&[("content-type", "text/calendar; charset=\"utf-8\"")]), CALENDARS));
        assert!(is_type(&headers(&[("content-type", "Text/Calendar;component=VEVENT")]), CALENDARS));
        assert!(!is_type(&headers(&[("content-type", "text/plain")]), CALENDARS));
        assert!(!is_type(&headers(&[("content-type", "text/calendars")]), CALENDARS));
    }

    #[test]
    fn credentials_are_read() {
        let read = |value: &str| credentials(&headers(&[("authorization", value)])).ok().map(|c| (c.login, c.password));
        let pair = |login: &str, password: &str| Some((login.to_owned(), password.to_owned()));
        assert_eq!(read(&format!("Basic {}", STANDARD.encode("anna:a:b"))), pair("anna", "a:b"));
        assert_eq!(read(&format!("basic  {}", STANDARD.encode("anna:grün"))), pair("anna", "grün"));
        assert_eq!(read(&format!("Basic {}", STANDARD.encode(b"anna:gr\xfcn"))), pair("anna", "grün"));
        assert_eq!(read(&format!("Basic {}", STANDARD.encode("Anna :X"))), pair("anna", "X"));
        assert_eq!(read("Basic"), None);
        assert_eq!(read("Basic !!!"), None);
        assert_eq!(read(&format!("Basic {}", STANDARD.encode("anna"))), None);
        assert_eq!(read("Bearer YTpi"), None);
        assert_eq!(credentials(&headers(&[])).err(), Some(Error::Unauthenticated));
    }

    #[test]
    fn programs_get_a_short_name() {
        for (agent, name) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.0", "Thunderbird"),
            ("DAVx5/4.5.1-ose (dav4jvm; okhttp/5.1.0) Android/14", "DAVx5"),
            ("macOS/15.1 (24B83) CalendarAgent/1100", "macOS Calendar"),
            ("Mac OS X/10.11 (15A284) CalendarAgent/361", "macOS Calendar"),
            ("iOS/18.1.1 (22B91) dataaccessd/1.0", "iOS"),
            ("Evolution/3.46.4", "Evolution"),
            ("vdirsyncer/0.21", "vdirsyncer"),
            ("python-caldav/3.6", "python-caldav"),
            ("calcurse-caldav/4.7", "calcurse-caldav"),
            ("curl/8.14.1", "curl"),
            ("CalDavSynchronizer/4.4", "Outlook"),
            ("Mozilla/5.0 (X11; Linux x86_64) KHTML/5.103.0 (like Gecko) Konqueror/5 KIO/5.103", "Akonadi"),
            ("rust-libdav/0.11 x", "rust-libdav"),
            ("a-program-with-a-name-that-is-much-too-long/1", "a-program-with-a-name-th"),
            ("", "calendar program"),
        ] {
            assert_eq!(via(&headers(&[("user-agent", agent)])), name);
        }
    }

    proptest! {
        #[test]
        fn every_header_can_be_read(value in "[ -~]{0,60}") {
            for name in ["if-match", "if-none-match", "depth", "prefer", "authorization", "user-agent"] {
                let map = headers(&[(name, &value)]);
                let _ = (depth(&map), condition(&map), preference(&map), credentials(&map).is_ok(), via(&map));
            }
        }
    }
}

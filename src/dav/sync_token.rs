//! DAV:sync-token: what a client was brought to, as a URI.
//!
//! Not for: what has changed since (`report::sync`). RFC 6578 §3.6, §4.

use std::fmt;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::app::calendar::Calendar;
use crate::collection::{CollectionId, Name, Version};
use crate::error::{Error, Precondition, Result};

const PREFIX: &str = "urn:openslot:sync:";

/// A version of a collection, or a place on the way to it where an answer was cut off.
/// Written `urn:openslot:sync:COLLECTION:VERSION`, and `…:SINCE:NAME` after it where it was cut off: one client pastes
/// tokens into XML unescaped, so nothing in it may need escaping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncToken {
    /// Whose version.
    pub collection: CollectionId,
    /// The version that the client has, or will have after the rest.
    pub version: Version,
    /// What is still owed.
    pub rest: Option<Rest>,
}

/// The part of an answer that was cut off: the names after `after`, of what changed since `since`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rest {
    /// `None`: of everything.
    pub since: Option<Version>,
    /// The last name that was answered.
    pub after: Name,
}

impl SyncToken {
    /// The token of a collection into which nothing ever comes. No calendar has this number.
    pub const EMPTY: SyncToken = SyncToken { collection: CollectionId(0), version: Version(0), rest: None };

    /// The token of a calendar as it stands.
    pub fn of(calendar: &Calendar) -> SyncToken {
        SyncToken { collection: calendar.id, version: calendar.version, rest: None }
    }

    /// Reads a token that must belong to this calendar and not lie in its future.
    pub fn read(text: &str, calendar: &Calendar) -> Result<SyncToken> {
        parse(text.trim())
            .filter(|token| token.collection == calendar.id && token.version <= calendar.version)
            .ok_or_else(|| Error::Refused(Precondition::ValidSyncToken, String::new()))
    }
}

impl fmt::Display for SyncToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}:{}", self.collection.0, self.version.0)?;
        if let Some(rest) = &self.rest {
            let since = rest.since.map_or_else(String::new, |version| version.0.to_string());
            write!(f, ":{since}:{}", utf8_percent_encode(rest.after.as_str(), NON_ALPHANUMERIC))?;
        }
        Ok(())
    }
}

fn parse(text: &str) -> Option<SyncToken> {
    let mut parts = text.strip_prefix(PREFIX)?.split(':');
    let collection = CollectionId(number(parts.next()?)?);
    let version = Version(number(parts.next()?)?);
    let rest = match (parts.next(), parts.next()) {
        (None, _) => None,
        (Some(since), Some(after)) => {
            let since = if since.is_empty() { None } else { Some(Version(number(since)?)) };
            let after = percent_decode_str(after).decode_utf8().ok()?;
            Some(Rest { since, after: Name::new(&after).ok()? })
        }
        (Some(_), None) => return None,
    };
    parts.next().is_none().then_some(SyncToken { collection, version, rest })
}

/// Digits alone: `+7` and `007` are not what we wrote.
fn number(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn token(version: u64, rest: Option<Rest>) -> SyncToken {
        SyncToken { collection: CollectionId(7), version: Version(version), rest }
    }

    #[test]
    fn tokens_read_and_write() {
        assert_eq!(token(12, None).to_string(), "urn:openslot:sync:7:12");
        let cut = token(12, Some(Rest { since: Some(Version(3)), after: Name::new("a & <b>:c.ics").unwrap() }));
        assert!(!cut.to_string().contains(['&', '<', ' ']));
        for token in [token(12, None), cut, token(1, Some(Rest { since: None, after: Name::new("x").unwrap() }))] {
            assert_eq!(parse(&token.to_string()), Some(token));
        }
        for text in ["", "urn:openslot:sync:7", "urn:openslot:sync:7:x", "urn:openslot:sync:7:+1", "urn:openslot:sync:7:1:2", "data:,1"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn reading_is_total(text in "\\PC{0,40}", more in "[0-9:%a-z]{0,30}") {
            let _ = parse(&text);
            let _ = parse(&format!("{PREFIX}{more}"));
        }
    }
}

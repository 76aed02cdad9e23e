//! What a local time means: UTC, a zone of IANA's, or the rules of a VTIMEZONE as it was sent.
//!
//! Not for: choosing a zone for times that have none; callers pass theirs. A name that leads nowhere is `None`, never silently
//! UTC. This is the room of `jiff`. Its bundled rules are used, for the machine's may be years old; where they are newer, [`adopt`] says so.
//! RFC 5545 §3.2.19, §3.3.5, §3.6.5, §3.8.3.

mod newer;
mod only;
mod sent;
mod windows;
mod write;

use std::collections::HashMap;

use chrono::{DateTime, Datelike, Duration, NaiveDateTime, Timelike};
use jiff::Timestamp;
use jiff::civil;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};

use crate::ical::object::{CalendarObject, Node};
use crate::ical::time::{Moment, Seconds, TimeRange};
pub use newer::{MAX_ZONE_FILE, MAX_ZONE_FILES, Newer, adopt};
pub use only::{only_zone, zone_id};
use sent::Sent;

/// The longest name that is looked up, in octets.
const MAX_NAME: usize = 255;
/// How many VTIMEZONEs of an object are read.
const MAX_ZONES: usize = 50;

/// The rules of a time zone. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Zone(Rules);

#[derive(Debug, Clone)]
enum Rules {
    Utc,
    Iana(TimeZone),
    Sent(Sent),
}

/// A change of a zone's offset.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Transition {
    /// When, UTC.
    at: Seconds,
    /// Offset before, seconds east of Greenwich.
    before: i64,
    /// Offset from then on.
    after: i64,
    /// TZNAME from then on; may be empty.
    name: String,
    /// Whether programs call what follows daylight time: later clocks than before, and not for good.
    daylight: bool,
}

impl Zone {
    /// UTC.
    pub const UTC: Zone = Zone(Rules::Utc);

    /// A zone by its IANA name, without regard to case.
    pub fn named(name: &str) -> Option<Zone> {
        let name = name.trim();
        if name.is_empty() || name.len() > MAX_NAME {
            return None;
        }
        if ["UTC", "Z", "Etc/UTC", "Etc/UCT", "UCT", "Zulu", "Etc/Zulu"].iter().any(|utc| utc.eq_ignore_ascii_case(name)) {
            return Some(Zone::UTC);
        }
        let zone = newer::get(name).or_else(|| TimeZoneDatabase::bundled().get(name).ok())?;
        (!zone.is_unknown()).then_some(Zone(Rules::Iana(zone)))
    }

    /// The zone that a TZID of an object means: an IANA name, one behind a prefix (`/mozilla.org/20050126_1/Europe/Berlin`), a
    /// Windows name, the IANA name in a VTIMEZONE's X-LIC-LOCATION, or else the VTIMEZONE's own rules.
    ///
    /// IANA's rules win over those that were sent under IANA's name: programs send what they once knew, cut to a few years or to one rule, and
    /// an appointment that was made for ten o'clock is at ten by the clocks that hang there.
    pub fn of(tzid: &str, object: &CalendarObject) -> Option<Zone> {
        let tzid = tzid.trim().trim_matches('"');
        known(tzid).or_else(|| object.zone_sent(tzid))
    }

    /// The IANA name, if it is one of IANA's zones; `UTC` for UTC.
    pub fn iana_name(&self) -> Option<&str> {
        match &self.0 {
            Rules::Utc => Some("UTC"),
            Rules::Iana(zone) => zone.iana_name(),
            Rules::Sent(_) => None,
        }
    }

    /// The instant of a wall-clock time. In a gap the offset before it holds, of two the first is meant (RFC 5545 §3.3.5).
    pub fn local_to_utc(&self, local: NaiveDateTime) -> Seconds {
        let seconds = local.and_utc().timestamp();
        let offset = match &self.0 {
            Rules::Utc => 0,
            Rules::Iana(zone) => match civil_of(local).map(|at| zone.to_ambiguous_timestamp(at).offset()) {
                Some(AmbiguousOffset::Unambiguous { offset }) => offset_seconds(offset),
                Some(AmbiguousOffset::Gap { before, .. } | AmbiguousOffset::Fold { before, .. }) => offset_seconds(before),
                None => 0,
            },
            Rules::Sent(sent) => sent.offset_of_local(seconds),
        };
        seconds - offset
    }

    /// The wall-clock time of an instant, clamped to the years that iCalendar can write.
    pub fn utc_to_local(&self, at: Seconds) -> NaiveDateTime {
        let at = at.clamp(TimeRange::MIN, TimeRange::MAX);
        let local = DateTime::from_timestamp(at, 0).unwrap_or_default().naive_utc();
        local.checked_add_signed(Duration::seconds(self.offset_at(at))).unwrap_or(local)
    }

    /// The offset at an instant, in seconds east of Greenwich.
    pub fn offset_at(&self, at: Seconds) -> i64 {
        match &self.0 {
            Rules::Utc => 0,
            Rules::Iana(zone) => offset_seconds(zone.to_offset(timestamp(at))),
            Rules::Sent(sent) => sent.offset_at(at),
        }
    }

    /// A VTIMEZONE component with CRLF lines that gives this zone's offsets in a range; `name` becomes its TZID.
    ///
    /// Rules as calendar programs know them where the zone keeps to such rules for ten years and for the whole range, else the single
    /// changes in the range, as far as thirty years go. Empty for a name that can't be written.
    pub fn vtimezone(&self, name: &str, range: TimeRange) -> String {
        write::vtimezone(self, name, range).unwrap_or_default()
    }

    /// The changes after `from` and before `to`, at most `limit`.
    fn transitions(&self, from: Seconds, to: Seconds, limit: usize) -> Vec<Transition> {
        match &self.0 {
            Rules::Utc => Vec::new(),
            Rules::Iana(zone) => {
                let mut before = self.offset_at(from);
                let mut was_dst = zone.to_offset_info(timestamp(from)).dst().is_dst();
                let mut found = Vec::new();
                for change in zone.following(timestamp(from)) {
                    let (at, after) = (change.timestamp().as_second(), offset_seconds(change.offset()));
                    if at >= to || found.len() >= limit {
                        break;
                    }
                    // A change of the name alone is none that anybody's clock shows.
                    if after != before {
                        let daylight = after > before && (was_dst || change.dst().is_dst());
                        found.push(Transition { at, before, after, name: change.abbreviation().to_owned(), daylight });
                    }
                    (before, was_dst) = (after, change.dst().is_dst());
                }
                found
            }
            Rules::Sent(sent) => sent.transitions(from, to, limit),
        }
    }

    /// The last change at or before an instant.
    fn preceding(&self, at: Seconds) -> Option<Transition> {
        match &self.0 {
            Rules::Utc => None,
            Rules::Iana(zone) => {
                // The moments just before an offset ends; a zone has less than ten changes of its name alone in a row.
                for change in zone.preceding(timestamp(at.saturating_add(1))).take(10) {
                    let (at, after) = (change.timestamp().as_second(), offset_seconds(change.offset()));
                    let before = self.offset_at(at - 1);
                    if before != after {
                        let was_dst = zone.to_offset_info(timestamp(at - 1)).dst().is_dst();
                        let daylight = after > before && (was_dst || change.dst().is_dst());
                        return Some(Transition { at, before, after, name: change.abbreviation().to_owned(), daylight });
                    }
                }
                None
            }
            Rules::Sent(sent) => sent.preceding(at),
        }
    }

    /// The name of the offset at an instant; may be empty.
    fn abbreviation(&self, at: Seconds) -> String {
        match &self.0 {
            Rules::Utc => "UTC".to_owned(),
            Rules::Iana(zone) => zone.to_offset_info(timestamp(at)).abbreviation().to_owned(),
            Rules::Sent(sent) => sent.preceding(at).map(|t| t.name).unwrap_or_default(),
        }
    }
}

/// The zone in which a moment's wall clock runs; `default` for dates and floating times. `None` for a TZID that leads nowhere.
pub fn zone_of(moment: &Moment, object: &CalendarObject, default: &Zone) -> Option<Zone> {
    match moment {
        Moment::Utc(_) => Some(Zone::UTC),
        Moment::Zoned { tzid, .. } => Zone::of(tzid, object),
        Moment::Floating(_) | Moment::Date(_) => Some(default.clone()),
    }
}

/// The instant of a moment of an object; a date is its midnight in `default`. `None` for a TZID that leads nowhere.
pub fn resolve(moment: &Moment, object: &CalendarObject, default: &Zone) -> Option<Seconds> {
    zone_of(moment, object, default).map(|zone| zone.local_to_utc(moment.naive()))
}

/// The zones that a VCALENDAR's VTIMEZONEs define and nobody else knows, by TZID in lower case.
pub(crate) fn zones_sent(root: &Node) -> HashMap<String, Zone> {
    let mut zones = HashMap::new();
    let tzid = |node: &'_ Node| node.first("TZID").map(|p| p.value.trim().to_owned()).filter(|tzid| known(tzid).is_none());
    let unknown = root.children.iter().filter(|node| node.name == "VTIMEZONE").filter_map(|node| Some((node, tzid(node)?)));
    for (node, tzid) in unknown.take(MAX_ZONES) {
        let location = node.first("X-LIC-LOCATION").and_then(|p| Zone::named(&p.value));
        if let Some(zone) = location.or_else(|| Sent::read(node).map(|sent| Zone(Rules::Sent(sent)))) {
            zones.entry(tzid.to_ascii_lowercase()).or_insert(zone);
        }
    }
    zones
}

/// What a TZID says by itself.
fn known(tzid: &str) -> Option<Zone> {
    Zone::named(tzid).or_else(|| behind_prefix(tzid)).or_else(|| windows::iana(tzid).and_then(Zone::named))
}

/// `/vendor/version/Area/Place` → the longest end that IANA knows.
fn behind_prefix(tzid: &str) -> Option<Zone> {
    if tzid.len() > MAX_NAME {
        return None;
    }
    let ends = tzid.match_indices('/').filter_map(|(at, _)| tzid.get(at + 1..));
    // One word behind a slash counts only in a name that begins with one: `Foo/EST` is somebody's own.
    ends.filter(|end| end.contains('/') || tzid.starts_with('/')).find_map(Zone::named)
}

fn offset_seconds(offset: Offset) -> i64 {
    i64::from(offset.seconds())
}

fn timestamp(at: Seconds) -> Timestamp {
    Timestamp::from_second(at.clamp(TimeRange::MIN, TimeRange::MAX)).unwrap_or(if at > 0 { Timestamp::MAX } else { Timestamp::MIN })
}

fn civil_of(local: NaiveDateTime) -> Option<civil::DateTime> {
    let year = i16::try_from(local.year().clamp(-9998, 9998)).ok()?;
    // The ends of what can be written: the rules of the neighbouring year hold there, and every year has a 28 February.
    let (month, day) = if local.year() == i32::from(year) { (local.month(), local.day()) } else { (local.month(), local.day().min(28)) };
    let small = |n: u32| i8::try_from(n).ok();
    civil::DateTime::new(year, small(month)?, small(day)?, small(local.hour())?, small(local.minute())?, small(local.second())?, 0).ok()
}

#[cfg(test)]
mod tests;

//! Occurrences → busy periods; VFREEBUSY. RFC 4791 §7.10, RFC 5545 §3.6.4.
//!
//! Not for: finding the occurrences (`index`, `recurrence`).

mod request;

pub use request::{Attendee, FreeBusyRequest, MAX_ATTENDEES, MAX_SECONDS};

use chrono::{DateTime, Utc};

use crate::ical::component::{MAX_BUFFER_MINUTES, Status, Transparency};
use crate::ical::object::line;
use crate::ical::recurrence::Occurrence;
use crate::ical::time::{TimeRange, format_utc};

/// PRODID of what we write.
pub const PRODID: &str = "-//openslot//openslot//EN";

/// FBTYPE (RFC 5545 §3.2.9); FREE is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BusyKind {
    /// BUSY-TENTATIVE
    Tentative,
    /// BUSY-UNAVAILABLE
    Unavailable,
    /// BUSY
    Busy,
}

impl BusyKind {
    /// What an occurrence makes of its time by RFC 4791 §7.10; `None` for free.
    pub fn of(status: Status, transparency: Transparency) -> Option<BusyKind> {
        match (transparency, status) {
            (Transparency::Transparent, _) | (Transparency::Opaque, Status::Cancelled) => None,
            (Transparency::Opaque, Status::Tentative) => Some(BusyKind::Tentative),
            (Transparency::Opaque, Status::Unavailable) => Some(BusyKind::Unavailable),
            (Transparency::Opaque, Status::Confirmed) => Some(BusyKind::Busy),
        }
    }

    /// The value of FBTYPE.
    pub fn as_str(self) -> &'static str {
        match self {
            BusyKind::Tentative => "BUSY-TENTATIVE",
            BusyKind::Unavailable => "BUSY-UNAVAILABLE",
            BusyKind::Busy => "BUSY",
        }
    }
}

/// A period in which a resource is not free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Busy {
    /// When.
    pub range: TimeRange,
    /// How.
    pub kind: BusyKind,
}

/// The busy periods in a range: sorted, disjoint, clipped. Where several overlap, the strongest kind holds (BUSY before
/// BUSY-UNAVAILABLE before BUSY-TENTATIVE); neighbours of one kind are one. Preparation and follow-up count as the event does.
pub fn busy(occurrences: impl IntoIterator<Item = Occurrence>, range: TimeRange) -> Vec<Busy> {
    let kind = |o: &Occurrence| BusyKind::of(o.status, o.transparency);
    merge(occurrences.into_iter().filter_map(|o| Some(Busy { kind: kind(&o)?, range: o.whole().clip(range)? })).collect())
}

/// Where occurrences must be looked for to know who is busy in a range: as far around it as preparation and follow-up reach.
pub fn around(range: TimeRange) -> TimeRange {
    let reach = i64::from(MAX_BUFFER_MINUTES) * 60;
    TimeRange { start: range.start.saturating_sub(reach), end: range.end.saturating_add(reach) }
}

/// Makes periods sorted, disjoint and as few as they can be, by the same order of kinds.
pub fn merge(periods: Vec<Busy>) -> Vec<Busy> {
    let kinds = [BusyKind::Tentative, BusyKind::Unavailable, BusyKind::Busy];
    let lasting = || periods.iter().filter(|period| period.range.start < period.range.end);
    let starts = lasting().map(|period| Edge { at: period.range.start, kind: period.kind, change: 1 });
    let ends = lasting().map(|period| Edge { at: period.range.end, kind: period.kind, change: -1 });
    let mut edges: Vec<Edge> = starts.chain(ends).collect();
    // Mostly two sorted runs, one of starts and one of ends: a stable sort only has to merge them.
    edges.sort_by_key(|edge| edge.at);
    let mut open = [0i64; 3];
    let mut merged: Vec<Busy> = Vec::new();
    for (place, edge) in edges.iter().enumerate() {
        for (count, kind) in open.iter_mut().zip(kinds) {
            *count += if kind == edge.kind { edge.change } else { 0 };
        }
        let Some(next) = edges.get(place + 1).filter(|next| next.at > edge.at) else { continue };
        let strongest = open.iter().zip(kinds).filter(|(count, _)| **count > 0).map(|(_, kind)| kind).max();
        let Some(kind) = strongest else { continue };
        match merged.last_mut() {
            Some(last) if last.kind == kind && last.range.end == edge.at => last.range.end = next.at,
            _ => merged.push(Busy { range: TimeRange { start: edge.at, end: next.at }, kind }),
        }
    }
    merged
}

struct Edge {
    at: i64,
    kind: BusyKind,
    change: i64,
}

/// The answer of a free-busy-query: a VCALENDAR with one VFREEBUSY for the range. `periods` as [`busy`] gives them.
pub fn vfreebusy(range: TimeRange, periods: &[Busy], now: DateTime<Utc>) -> Vec<u8> {
    // The years that four digits can write.
    let range = TimeRange { start: range.start.max(TimeRange::MIN + 366 * 86_400), end: range.end.min(TimeRange::MAX - 3 * 86_400) };
    let (start, end) = (format_utc(range.start_utc()), format_utc(range.end_utc()));
    let mut out = String::new();
    let mut put = |name: &str, params: &[(&str, &str)], value: &str| out.push_str(&line(name, params, value).unwrap_or_default());
    put("BEGIN", &[], "VCALENDAR");
    put("VERSION", &[], "2.0");
    put("PRODID", &[], PRODID);
    put("BEGIN", &[], "VFREEBUSY");
    put("UID", &[], &format!("freebusy-{start}-{end}-{}", now.timestamp()));
    put("DTSTAMP", &[], &format_utc(now));
    put("DTSTART", &[], &start);
    put("DTEND", &[], &end);
    put_periods(range, periods, &mut out);
    for name in ["VFREEBUSY", "VCALENDAR"] {
        out.push_str(&line("END", &[], name).unwrap_or_default());
    }
    out.into_bytes()
}

/// A FREEBUSY line for each period, clipped to the range.
pub(in crate::ical) fn put_periods(range: TimeRange, periods: &[Busy], out: &mut String) {
    for period in periods {
        let Some(clipped) = period.range.clip(range) else { continue };
        let value = format!("{}/{}", format_utc(clipped.start_utc()), format_utc(clipped.end_utc()));
        out.push_str(&line("FREEBUSY", &[("FBTYPE", period.kind.as_str())], &value).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn occurrence(start: i64, end: i64, status: Status, transparency: Transparency) -> Occurrence {
        Occurrence {
            range: TimeRange { start, end },
            recurrence_id: None,
            status,
            transparency,
            buffer: crate::ical::component::Buffer::default(),
        }
    }

    #[test]
    fn follows_the_table_of_rfc4791_7_10() {
        use {Status::*, Transparency::*};
        for (transparency, status, expected) in [
            (Opaque, Confirmed, Some(BusyKind::Busy)),
            (Opaque, Cancelled, None),
            (Opaque, Tentative, Some(BusyKind::Tentative)),
            (Transparent, Confirmed, None),
            (Transparent, Cancelled, None),
            (Transparent, Tentative, None),
        ] {
            assert_eq!(BusyKind::of(status, transparency), expected);
        }
    }

    #[test]
    fn busy_wins_over_tentative_and_neighbours_merge() {
        use {Status::*, Transparency::Opaque};
        let found = busy(
            [
                occurrence(-50, 10, Confirmed, Opaque),
                occurrence(10, 20, Confirmed, Opaque),
                occurrence(15, 40, Tentative, Opaque),
                occurrence(25, 30, Confirmed, Opaque),
                occurrence(35, 35, Confirmed, Opaque),
                occurrence(90, 200, Cancelled, Opaque),
            ],
            TimeRange { start: 0, end: 100 },
        );
        let flat: Vec<(i64, i64, BusyKind)> = found.iter().map(|b| (b.range.start, b.range.end, b.kind)).collect();
        let (busy, tentative) = (BusyKind::Busy, BusyKind::Tentative);
        assert_eq!(flat, [(0, 20, busy), (20, 25, tentative), (25, 30, busy), (30, 40, tentative)]);
    }

    #[test]
    fn writes_a_whole_answer() {
        let range = TimeRange { start: 1_767_225_600, end: 1_767_312_000 };
        let periods = [Busy { range: TimeRange { start: 1_767_225_600, end: 1_767_229_200 }, kind: BusyKind::Tentative }];
        let text = String::from_utf8(vfreebusy(range, &periods, range.start_utc())).unwrap();
        assert!(text.contains("\r\nFREEBUSY;FBTYPE=BUSY-TENTATIVE:20260101T000000Z/20260101T010000Z\r\n"), "{text}");
        assert!(text.contains("\r\nDTSTART:20260101T000000Z\r\nDTEND:20260102T000000Z\r\n"));
        let open = vfreebusy(TimeRange { start: TimeRange::MIN, end: TimeRange::MAX }, &[], range.start_utc());
        assert!(crate::ical::object::CalendarObject::parse(open.into()).unwrap().check().is_ok());
    }

    proptest! {
        #[test]
        fn is_sorted_disjoint_clipped_and_true_to_each_second(
            parts in proptest::collection::vec((0_i64..60, 0_i64..30, 0_u8..3, any::<bool>()), 0..25), start in 0_i64..40, len in 1_i64..50,
        ) {
            let status = |n| [Status::Confirmed, Status::Tentative, Status::Cancelled][usize::from(n)];
            let transparency = |t| if t { Transparency::Opaque } else { Transparency::Transparent };
            let all: Vec<Occurrence> = parts.iter().map(|(s, l, n, t)| occurrence(*s, s + l, status(*n), transparency(*t))).collect();
            let range = TimeRange { start, end: start + len };
            let found = busy(all.clone(), range);
            for pair in found.windows(2) {
                let apart = pair[0].range.end < pair[1].range.start || pair[0].kind != pair[1].kind;
                prop_assert!(pair[0].range.end <= pair[1].range.start && apart);
            }
            for at in -5..100 {
                let second = TimeRange { start: at, end: at + 1 };
                let expected = all.iter().filter(|o| o.range.overlaps(second) && range.overlaps(second))
                    .filter_map(|o| BusyKind::of(o.status, o.transparency)).max();
                let got = found.iter().find(|b| b.range.overlaps(second)).map(|b| b.kind);
                prop_assert_eq!(got, expected, "at {}", at);
            }
        }
    }
}

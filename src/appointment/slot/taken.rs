//! When a resource is taken: each appointment with its preparation and follow-up.

use std::sync::Arc;

use crate::ical::time::{Seconds, TimeRange};

/// What takes a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Taker {
    /// An appointment, or whatever else stands in a calendar.
    Event,
    /// A form that somebody is filling in.
    Form,
}

/// One time that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// With preparation and follow-up.
    pub whole: TimeRange,
    /// The appointment itself.
    pub core: TimeRange,
    /// By what.
    pub by: Taker,
}

/// All that is known of a resource, in two forms: as the appointments that reasons speak of, and as what a question for free time needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// By start; `None` where only the blocks are known.
    periods: Option<Vec<Period>>,
    /// The latest end among the periods up to each: so far one must look back.
    reach: Vec<Seconds>,
    /// The periods laid together: sorted, disjoint, not touching.
    blocks: Arc<[TimeRange]>,
}

impl Taken {
    /// Of periods in any order; those without a length take nothing.
    pub fn new(mut periods: Vec<Period>) -> Taken {
        periods.retain(|period| period.whole.start < period.whole.end);
        periods.sort_unstable();
        let mut latest = Seconds::MIN;
        let blocks = laid_together(periods.iter().map(|period| period.whole));
        let reach = periods.iter().map(|period| {
            latest = latest.max(period.whole.end);
            latest
        });
        Taken { reach: reach.collect(), blocks: blocks.into(), periods: Some(periods) }
    }

    /// Of what is known to be taken without being told apart: [`blocks`]. It says what is free, but not what is in the way.
    pub fn of_blocks(blocks: Arc<[TimeRange]>) -> Taken {
        Taken { periods: None, reach: Vec::new(), blocks }
    }

    /// The end of what is taken in a range, as far as it goes on without a gap; `None` where all of the range is free.
    pub fn until(&self, range: TimeRange) -> Option<Seconds> {
        let at = self.blocks.partition_point(|block| block.end <= range.start);
        self.blocks.get(at).filter(|block| block.start < range.end).map(|block| block.end)
    }

    /// Whether some part of a range of at least so many seconds is free. Nothing outside it counts.
    pub fn has_gap(&self, range: TimeRange, seconds: Seconds) -> bool {
        let mut from = range.start;
        let at = self.blocks.partition_point(|block| block.end <= range.start);
        for block in self.blocks.iter().skip(at).take_while(|block| block.start < range.end) {
            if block.start - from >= seconds {
                return true;
            }
            from = block.end;
        }
        range.end - from >= seconds
    }

    /// The appointments that meet a range, latest first; none where they are not told apart.
    pub fn meeting(&self, range: TimeRange) -> impl Iterator<Item = Period> + '_ {
        let periods = self.periods.as_deref().unwrap_or(&[]);
        let after = periods.partition_point(|period| period.whole.start < range.end);
        let before = periods.iter().zip(&self.reach).take(after).rev();
        before.take_while(move |(_, reach)| **reach > range.start).map(|(period, _)| *period).filter(move |p| p.whole.end > range.start)
    }

    /// How many seconds of a range appointments take.
    pub fn seconds(&self, range: TimeRange) -> Seconds {
        let at = self.blocks.partition_point(|block| block.end <= range.start);
        let within = self.blocks.iter().skip(at).take_while(|block| block.start < range.end);
        within.filter_map(|block| block.clip(range)).map(TimeRange::seconds).sum()
    }
}

/// Times that are taken, in any order, as few as they can be: sorted, disjoint, not touching.
pub fn blocks(mut ranges: Vec<TimeRange>) -> Vec<TimeRange> {
    ranges.retain(|range| range.start < range.end);
    ranges.sort_unstable();
    laid_together(ranges.into_iter())
}

/// The same of times that are sorted by start.
fn laid_together(ranges: impl Iterator<Item = TimeRange>) -> Vec<TimeRange> {
    let mut blocks: Vec<TimeRange> = Vec::new();
    for range in ranges {
        match blocks.last_mut() {
            Some(block) if range.start <= block.end => block.end = block.end.max(range.end),
            _ => blocks.push(range),
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn period((start, length, before, after): (i64, i64, i64, i64)) -> Period {
        let core = TimeRange { start, end: start + length };
        Period { core, whole: TimeRange { start: start - before, end: core.end + after }, by: Taker::Event }
    }

    proptest! {
        #[test]
        fn is_what_looking_at_each_would_say(
            given in proptest::collection::vec((0i64..200, 0i64..40, 0i64..9, 0i64..9), 0..20), start in 0i64..200, length in 1i64..40,
        ) {
            let periods: Vec<Period> = given.into_iter().map(period).filter(|p| p.whole.start < p.whole.end).collect();
            let range = TimeRange { start, end: start + length };
            let mut meeting: Vec<Period> = periods.iter().copied().filter(|p| p.whole.start < range.end && range.start < p.whole.end).collect();
            let taken = |second: i64| periods.iter().any(|p| p.whole.start <= second && second < p.whole.end);
            let all = Taken::new(periods.clone());
            let until = (!meeting.is_empty()).then(|| {
                let mut at = (range.start..range.end).find(|second| taken(*second)).unwrap();
                while taken(at) {
                    at += 1;
                }
                at
            });
            prop_assert_eq!(all.until(range), until);
            let only_blocks = Taken::of_blocks(blocks(periods.iter().map(|period| period.whole).collect()).into());
            prop_assert_eq!(only_blocks.until(range), until);
            meeting.sort_unstable();
            let mut found: Vec<Period> = all.meeting(range).collect();
            found.sort_unstable();
            prop_assert_eq!(found, meeting);
            let free = |from: i64| from + 5 <= range.end && (from..from + 5).all(|second| !taken(second));
            prop_assert_eq!(all.has_gap(range, 5), (range.start..range.end).any(free));
            prop_assert_eq!(all.seconds(range), i64::try_from((range.start..range.end).filter(|second| taken(*second)).count()).unwrap());
        }
    }
}

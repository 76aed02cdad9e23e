//! Days in a row, and how far to look: what is free next week is known without reading what is there in a year.

use chrono::{Days, NaiveDate};

/// Days in a row, both ends included; none where the last is before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub first: NaiveDate,
    /// The last.
    pub last: NaiveDate,
}

/// How many days are looked at first, and by what each further look is longer than the one before.
const FIRST_LOOK: u64 = 14;
const LONGER: u64 = 4;

impl Span {
    /// Whether it has a day.
    pub fn holds(&self, date: NaiveDate) -> bool {
        self.first <= date && date <= self.last
    }

    /// Its days, in order.
    pub fn days(self) -> impl Iterator<Item = NaiveDate> {
        self.first.iter_days().take_while(move |date| *date <= self.last)
    }

    /// The days that it has in common with another.
    pub fn within(self, other: Span) -> Span {
        Span { first: self.first.max(other.first), last: self.last.min(other.last) }
    }

    /// Its days in pieces, one after the other, each longer than the one before: whoever looks for the first of something reads each day
    /// once, and few where it comes soon.
    pub fn pieces(self) -> impl Iterator<Item = Span> {
        let mut rest = Some(self).filter(|span| span.first <= span.last);
        let mut days = FIRST_LOOK;
        std::iter::from_fn(move || {
            let Span { first, last } = rest?;
            let end = first.checked_add_days(Days::new(days - 1)).map_or(last, |end| end.min(last));
            rest = end.succ_opt().filter(|next| *next <= last).map(|first| Span { first, last });
            days *= LONGER;
            Some(Span { first, last: end })
        })
    }

    /// Ever more of its days around the one of them that is nearest to a date, at last all: who needs to know what is near reads little.
    pub fn around(self, date: NaiveDate) -> impl Iterator<Item = Span> {
        let date = date.min(self.last).max(self.first);
        let mut days = Some(FIRST_LOOK);
        std::iter::from_fn(move || {
            let far = Days::new(days?);
            let first = date.checked_sub_days(far).unwrap_or(NaiveDate::MIN);
            let last = date.checked_add_days(far).unwrap_or(NaiveDate::MAX);
            let some = Span { first, last }.within(self);
            days = days.map(|days| days.saturating_mul(LONGER)).filter(|_| some != self);
            Some(some)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + Days::new(n)
    }

    #[test]
    fn pieces_have_each_day_once() {
        for length in [1, 13, 14, 15, 70, 400] {
            let span = Span { first: day(0), last: day(length - 1) };
            let days: Vec<NaiveDate> = span.pieces().flat_map(Span::days).collect();
            assert_eq!(days, span.days().collect::<Vec<_>>());
        }
        assert_eq!(Span { first: day(1), last: day(0) }.pieces().count(), 0);
    }

    #[test]
    fn what_is_around_a_day_grows_to_all() {
        let span = Span { first: day(0), last: day(300) };
        for date in [day(0), day(150), day(300), NaiveDate::MIN, NaiveDate::MAX] {
            let some: Vec<Span> = span.around(date).collect();
            assert!(some.windows(2).all(|pair| pair[1].first <= pair[0].first && pair[0].last <= pair[1].last), "{some:?}");
            assert!(some[0].holds(date.clamp(span.first, span.last)) && some.last() == Some(&span), "{some:?}");
        }
    }
}

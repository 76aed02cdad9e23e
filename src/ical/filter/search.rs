//! Looking through an object's occurrences for one that a condition asks for, within bounds.
//!
//! Not for: the conditions. RFC 4791 §9.9: every instance counts, each as the component that speaks of it.

use std::cell::{Cell, OnceCell};
use std::ops::ControlFlow;

use crate::ical::object::{CalendarObject, Node};
use crate::ical::recurrence::{Effort, Occurrence, Series, Speakers, first_occurrence, is_of_future};
use crate::ical::time::TimeRange;
use crate::ical::zone::Zone;

/// How many searches through a series one object is worth to a filter; a real one needs two or three. Together they have the limits of one.
const MAX_SEARCHES: u32 = 50;

/// An object that is asked the same questions again and again.
pub(super) struct Search<'a> {
    pub object: &'a CalendarObject,
    /// Of times without a zone.
    pub default_zone: &'a Zone,
    /// Read when first needed; `None` where it can't be.
    series: OnceCell<Option<(Series, Speakers<'a>)>>,
    made: Cell<u32>,
    effort: Cell<Effort>,
}

impl<'a> Search<'a> {
    pub(super) fn new(object: &'a CalendarObject, default_zone: &'a Zone) -> Search<'a> {
        Search { object, default_zone, series: OnceCell::new(), made: Cell::new(0), effort: Cell::default() }
    }

    fn series(&self) -> Option<&(Series, Speakers<'a>)> {
        let read = || {
            let series = Series::read(self.object, self.default_zone).ok()?;
            Some((series, Speakers::read(self.object, self.default_zone).ok()?))
        };
        self.series.get_or_init(read).as_ref()
    }

    /// Whether a component has instances, and not just its own time.
    pub(super) fn recurs(&self, node: &Node) -> bool {
        self.is_component(node) && !is_single(node) && self.series().is_none_or(|(series, _)| series.recurring())
    }

    /// Whether one of the occurrences that overlap a range and that a component speaks of is such; of a VCALENDAR any occurrence, of a component
    /// in a component its own time. Where that can't be known, it is.
    pub(super) fn finds(&self, node: &Node, range: TimeRange, such: impl Fn(&Occurrence) -> bool) -> bool {
        let whole = std::ptr::eq(node, self.object.root());
        if !whole && (is_single(node) || !self.is_component(node)) {
            let own = first_occurrence(node, self.object, self.default_zone);
            return own.map_or(true, |own| own.is_some_and(|own| own.meets(range) && such(&own)));
        }
        let Some((series, speakers)) = self.series() else { return true };
        self.made.set(self.made.get().saturating_add(1));
        if self.made.get() > MAX_SEARCHES {
            return true;
        }
        let mut found = false;
        let speaks = |occurrence: &Occurrence| whole || speakers.of(occurrence).is_some_and(|speaker| std::ptr::eq(speaker, node));
        let mut effort = self.effort.get();
        let visited = series.visit_within(range, &mut effort, &mut |occurrence| {
            found = such(&occurrence) && speaks(&occurrence);
            if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        self.effort.set(effort);
        found || visited.is_err()
    }

    fn is_component(&self, node: &Node) -> bool {
        self.object.root().children.as_ptr_range().contains(&std::ptr::from_ref(node))
    }
}

/// Whether it is an override of one instance.
fn is_single(node: &Node) -> bool {
    node.first("RECURRENCE-ID").is_some_and(|property| !is_of_future(property))
}

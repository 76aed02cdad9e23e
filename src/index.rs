//! A collection's occurrences, sorted by start: what busy, time-range queries and slots read instead of objects.
//!
//! Not for: keeping it beside the version it was built at (`store`). A question costs the logarithm of what is there and its answer.
//! RFC 4791 §7.8, §7.10, §9.9.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::mem::size_of;

use crate::collection::{Entry, Name};
use crate::error::{Error, Precondition, Result};
use crate::ical::component::{Buffer, Status, Transparency};
use crate::ical::object::{CalendarObject, Node};
use crate::ical::recurrence::{Occurrence, Series};
use crate::ical::time::{Moment, Seconds, TimeRange};
use crate::ical::zone::Zone;

/// The longest occurrence of each class but the last, in seconds: 36 hours, 9 days, 54 days, a year. A question looks this far back in a
/// class, so that a few long ones do not make every question long.
const CLASSES: [Seconds; 4] = [36 * 3600, 9 * 86_400, 54 * 86_400, 366 * 86_400];

/// What [`Entry`] keeps of an object's times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// From the first start to the last end, or a little wider; absent where it never happens.
    pub span: Option<TimeRange>,
    /// Of the master, or of the first override where there is none.
    pub status: Status,
    /// Likewise.
    pub transparency: Transparency,
    /// Likewise.
    pub buffer: Buffer,
    /// Whether its occurrences can't be told from these facts: a rule, dates, overrides, several periods, dates or times without a zone.
    pub recurring: bool,
}

impl Facts {
    /// Works out the facts of an object. Errors as [`crate::ical::recurrence::occurrences`].
    pub fn of(object: &CalendarObject, default_zone: &Zone) -> Result<Facts> {
        let series = Series::read(object, default_zone)?;
        let shown = object.shown();
        let recurring = series.recurring() || object.components().any(|node| node.name == "VFREEBUSY" || is_floating(node));
        let nothing = (Status::Confirmed, Transparency::Opaque, Buffer::default());
        let (status, transparency, buffer) = shown.map_or(nothing, crate::ical::recurrence::standing);
        Ok(Facts { span: series.span(), status, transparency, buffer, recurring })
    }
}

/// Whether a component has a date, or a time without a zone, among those that say when it happens.
fn is_floating(node: &Node) -> bool {
    ["DTSTART", "DTEND", "DUE", "COMPLETED", "CREATED"].iter().filter_map(|name| node.first(name)).any(|property| {
        let moment = Moment::parse(&property.value, property.param("TZID"));
        matches!(moment, Some(Moment::Floating(_) | Moment::Date(_)))
    })
}

/// What the index keeps of one object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Indexed {
    occurrences: Vec<Occurrence>,
    /// Of a series that goes on outside the horizon, or has too many instances within: all its time.
    beyond: Option<Beyond>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Beyond {
    span: TimeRange,
    /// The horizon within which the occurrences are there, which may be an older or a newer one than the index's; `None`: none are there.
    known: Option<TimeRange>,
}

impl Beyond {
    /// Whether some of a range must be worked out from the octets.
    fn misses(&self, range: TimeRange) -> bool {
        let touches = |part: TimeRange| part.start < part.end && self.span.start < part.end && self.span.end >= part.start;
        match self.known {
            None => touches(range),
            Some(known) => {
                touches(TimeRange { start: range.start, end: range.end.min(known.start) })
                    || touches(TimeRange { start: range.start.max(known.end), end: range.end })
            }
        }
    }

    /// When the time before what is known ends, where some of the object lies there.
    fn before(&self) -> Option<Seconds> {
        let known = self.known?;
        (self.span.start < known.start).then_some(known.start.min(self.span.end.saturating_add(1)))
    }

    /// When the time after what is known begins, likewise; where nothing is known, all its time.
    fn after(&self) -> Option<Seconds> {
        let Some(known) = self.known else { return Some(self.span.start) };
        (self.span.end >= known.end).then_some(known.end.max(self.span.start))
    }
}

impl Indexed {
    /// The occurrences known here that overlap a range.
    pub fn within(&self, range: TimeRange) -> impl Iterator<Item = Occurrence> + '_ {
        self.occurrences.iter().copied().filter(move |occurrence| occurrence.meets(range))
    }

    /// Whether a range holds time of the object of which [`Indexed::within`] knows nothing: it must be worked out from the octets.
    pub fn misses(&self, range: TimeRange) -> bool {
        self.beyond.is_some_and(|beyond| beyond.misses(range))
    }

    /// What there is to know of an object: everything of one that does not recur, of a series the occurrences within the horizon. A series
    /// with more of them than are worked out is kept without any, and named by every question about its time.
    pub fn of(object: &CalendarObject, horizon: TimeRange, default_zone: &Zone) -> Result<Indexed> {
        let series = Series::read(object, default_zone)?;
        let whole = TimeRange { start: TimeRange::MIN, end: TimeRange::MAX };
        let known = if series.recurring() { horizon } else { whole };
        let Some(span) = series.span() else { return Ok(Indexed { occurrences: Vec::new(), beyond: None }) };
        match series.occurrences(known) {
            Ok(occurrences) => {
                let inside = known.start <= span.start && span.end <= known.end;
                Ok(Indexed { occurrences, beyond: (!inside).then_some(Beyond { span, known: Some(known) }) })
            }
            Err(Error::Refused(Precondition::MaxInstances, _)) => {
                Ok(Indexed { occurrences: Vec::new(), beyond: Some(Beyond { span, known: None }) })
            }
            Err(error) => Err(error),
        }
    }

    /// The same without reading the object; `None` where [`Entry::recurring`] says that it must be read.
    pub fn of_entry(entry: &Entry) -> Option<Indexed> {
        if entry.recurring {
            return None;
        }
        let (status, transparency, buffer) = (entry.status, entry.transparency, entry.buffer.unwrap_or_default());
        let occurrence = |range| Occurrence { range, recurrence_id: None, status, transparency, buffer };
        Some(Indexed { occurrences: entry.span.map(occurrence).into_iter().collect(), beyond: None })
    }
}

/// The answer to a question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Occurrences that overlap the range, sorted by start.
    pub occurrences: Vec<(Name, Occurrence)>,
    /// Series of which the index does not hold all that may overlap the range, sorted; none of theirs stand above, they must be worked
    /// out from their octets for the whole range.
    pub expand: Vec<Name>,
}

/// The answer to the question when something is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Times {
    /// Occurrences that overlap the range, in no order.
    pub occurrences: Vec<Occurrence>,
    /// As in [`Found`].
    pub expand: Vec<Name>,
}

/// The answer to the question which objects there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Objects with an occurrence that overlaps the range.
    pub found: BTreeSet<Name>,
    /// Series that may have one where the index does not reach, without those found.
    pub expand: BTreeSet<Name>,
}

/// Occurrences of a collection by start.
#[derive(Debug, Clone)]
pub struct Index {
    horizon: TimeRange,
    /// By class of length.
    sorted: [BTreeMap<Key, Kept>; CLASSES.len() + 1],
    objects: Vec<Option<Held>>,
    free: Vec<u32>,
    numbers: HashMap<Name, u32>,
    beyond: BTreeMap<u32, Beyond>,
    /// Those of them that happen before what is known of them, by its end, and those that happen after it, by its start: a question
    /// within the horizon passes by all others, however many there are.
    before: BTreeSet<(Seconds, u32)>,
    after: BTreeSet<(Seconds, u32)>,
    occurrences: usize,
    names_len: usize,
}

/// Start, the object's number, and which of its occurrences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    start: Seconds,
    object: u32,
    place: u32,
}

#[derive(Debug, Clone, Copy)]
struct Kept {
    end: Seconds,
    /// `Seconds::MIN` stands for none: half the size of an Option.
    recurrence_id: Seconds,
    status: Status,
    transparency: Transparency,
    buffer: Buffer,
}

#[derive(Debug, Clone)]
struct Held {
    name: Name,
    /// The starts of its occurrences: what is needed to take them out.
    starts: Box<[Seconds]>,
}

impl Index {
    /// An empty index that holds what happens within a horizon.
    pub fn new(horizon: TimeRange) -> Index {
        Index {
            horizon,
            sorted: Default::default(),
            objects: Vec::new(),
            free: Vec::new(),
            numbers: HashMap::new(),
            beyond: BTreeMap::new(),
            before: BTreeSet::new(),
            after: BTreeSet::new(),
            occurrences: 0,
            names_len: 0,
        }
    }

    /// The time for which series are worked out.
    pub fn horizon(&self) -> TimeRange {
        self.horizon
    }

    /// How many objects it knows.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// Puts an object in, instead of what was there under its name.
    pub fn put(&mut self, name: Name, indexed: Indexed) {
        self.remove(&name);
        let number = self.free.pop().unwrap_or_else(|| {
            self.objects.push(None);
            u32::try_from(self.objects.len() - 1).unwrap_or(u32::MAX)
        });
        for (place, occurrence) in (0..).zip(&indexed.occurrences) {
            let key = Key { start: occurrence.range.start, object: number, place };
            if let Some(sorted) = self.sorted.get_mut(class(occurrence.range)) {
                sorted.insert(key, Kept::of(occurrence));
            }
        }
        self.occurrences += indexed.occurrences.len();
        self.names_len += name.as_str().len();
        if let Some(beyond) = indexed.beyond {
            self.beyond.insert(number, beyond);
            self.before.extend(beyond.before().map(|end| (end, number)));
            self.after.extend(beyond.after().map(|start| (start, number)));
        }
        let starts = indexed.occurrences.iter().map(|occurrence| occurrence.range.start).collect();
        self.numbers.insert(name.clone(), number);
        if let Some(place) = usize::try_from(number).ok().and_then(|at| self.objects.get_mut(at)) {
            *place = Some(Held { name, starts });
        }
    }

    /// Takes an object out; nothing happens where it is not there.
    pub fn remove(&mut self, name: &Name) {
        let Some(number) = self.numbers.remove(name) else { return };
        let Some(held) = usize::try_from(number).ok().and_then(|at| self.objects.get_mut(at)).and_then(Option::take) else { return };
        for (place, start) in (0..).zip(held.starts.iter()) {
            let key = Key { start: *start, object: number, place };
            // Its class is not kept: there are few, and looking costs less than remembering.
            let _ = self.sorted.iter_mut().any(|sorted| sorted.remove(&key).is_some());
        }
        self.occurrences -= held.starts.len();
        self.names_len -= held.name.as_str().len();
        if let Some(beyond) = self.beyond.remove(&number) {
            if let Some(end) = beyond.before() {
                self.before.remove(&(end, number));
            }
            if let Some(start) = beyond.after() {
                self.after.remove(&(start, number));
            }
        }
        self.free.push(number);
    }

    /// The occurrences that overlap a range by RFC 4791 §9.9, and the series that must be worked out.
    pub fn query(&self, range: TimeRange) -> Found {
        let expand = self.to_expand(range);
        let mut occurrences: Vec<(Name, Occurrence)> = Vec::new();
        self.each(range, &mut |number, occurrence| {
            if !expand.contains(&number)
                && let Some(name) = self.name(number)
            {
                occurrences.push((name.clone(), occurrence));
            }
        });
        occurrences.sort_by(|a, b| (a.1.range, &a.0, a.1.recurrence_id).cmp(&(b.1.range, &b.0, b.1.recurrence_id)));
        Found { occurrences, expand: self.sorted_names(&expand) }
    }

    /// The same without names: all that busy time needs, for a fraction of the cost.
    pub fn times(&self, range: TimeRange) -> Times {
        let expand = self.to_expand(range);
        let mut occurrences = Vec::new();
        self.each(range, &mut |number, occurrence| {
            if !expand.contains(&number) {
                occurrences.push(occurrence);
            }
        });
        Times { occurrences, expand: self.sorted_names(&expand) }
    }

    fn sorted_names(&self, numbers: &BTreeSet<u32>) -> Vec<Name> {
        let mut names: Vec<Name> = numbers.iter().filter_map(|number| self.name(*number)).cloned().collect();
        names.sort();
        names
    }

    /// The objects that have an occurrence in a range: a series that has one within the horizon need not be worked out for this.
    pub fn names(&self, range: TimeRange) -> Names {
        let mut numbers = BTreeSet::new();
        self.each(range, &mut |number, _| {
            numbers.insert(number);
        });
        let expand = self.to_expand(range).into_iter().filter(|number| !numbers.contains(number));
        let expand = expand.filter_map(|number| self.name(number)).cloned().collect();
        Names { found: numbers.iter().filter_map(|number| self.name(*number)).cloned().collect(), expand }
    }

    /// About how much memory it takes, in octets.
    pub fn bytes(&self) -> usize {
        // A map's pages are two thirds full as a rule.
        let map = (size_of::<Key>() + size_of::<Kept>()) * 3 / 2 + size_of::<Seconds>();
        let object = size_of::<Option<Held>>() + (size_of::<Name>() + size_of::<u32>()) * 2 + 48;
        size_of::<Index>() + self.occurrences * map + self.objects.len() * object + self.names_len * 2 + self.beyond.len() * 128
    }

    fn name(&self, number: u32) -> Option<&Name> {
        self.objects.get(usize::try_from(number).ok()?)?.as_ref().map(|held| &held.name)
    }

    fn each(&self, range: TimeRange, show: &mut dyn FnMut(u32, Occurrence)) {
        if range.start >= range.end {
            return;
        }
        for (class, sorted) in self.sorted.iter().enumerate() {
            let back = CLASSES.get(class).map_or(Seconds::MIN, |longest| range.start.saturating_sub(*longest));
            let from = Key { start: back, object: 0, place: 0 };
            let to = Key { start: range.end, object: 0, place: 0 };
            for (key, kept) in sorted.range(from..to) {
                let occurrence = kept.occurrence(key.start);
                if occurrence.meets(range) {
                    show(key.object, occurrence);
                }
            }
        }
    }

    /// The series with time in the range that the index does not hold.
    fn to_expand(&self, range: TimeRange) -> BTreeSet<u32> {
        self.candidates(range).filter(|number| self.beyond.get(number).is_some_and(|beyond| beyond.misses(range))).collect()
    }

    /// Those among which they are.
    fn candidates(&self, range: TimeRange) -> impl Iterator<Item = u32> {
        self.before.range((range.start, 0)..).chain(self.after.range(..(range.end, 0))).map(|(_, number)| *number)
    }
}

impl Kept {
    fn of(occurrence: &Occurrence) -> Kept {
        Kept {
            end: occurrence.range.end,
            recurrence_id: occurrence.recurrence_id.unwrap_or(Seconds::MIN),
            status: occurrence.status,
            transparency: occurrence.transparency,
            buffer: occurrence.buffer,
        }
    }

    fn occurrence(&self, start: Seconds) -> Occurrence {
        Occurrence {
            range: TimeRange { start, end: self.end },
            recurrence_id: (self.recurrence_id != Seconds::MIN).then_some(self.recurrence_id),
            status: self.status,
            transparency: self.transparency,
            buffer: self.buffer,
        }
    }
}

fn class(range: TimeRange) -> usize {
    CLASSES.iter().position(|longest| range.seconds() <= *longest).unwrap_or(CLASSES.len())
}

#[cfg(test)]
mod tests;

//! calendar-query's filter: which objects match.
//!
//! Not for: reading it from XML (`dav`), finding candidates fast (`index`; [`Filter::only_time_range`] says when that is all).
//! RFC 4791 §7.5, §9.7, §9.9.

mod alarm;
mod search;

pub use crate::ical::collation::Collation;
use crate::ical::component::Component;
use crate::ical::object::{CalendarObject, Node, Property};
use crate::ical::time::{Moment, Seconds, TimeRange};
use crate::ical::zone::{self, Zone};
use search::Search;

/// CALDAV:text-match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextMatch {
    /// What must be part of the value, unescaped.
    pub text: String,
    /// How letters are compared.
    pub collation: Collation,
    /// negate-condition: whether it must not be part.
    pub negated: bool,
}

impl TextMatch {
    fn matches(&self, value: &str) -> bool {
        self.collation.contains(value, &self.text) != self.negated
    }
}

/// CALDAV:param-filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamFilter {
    /// `PARTSTAT`
    pub name: String,
    /// What is asked of it.
    pub test: ParamTest,
}

/// What is asked of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParamTest {
    /// It must not be there.
    NotDefined,
    /// It must be there.
    Defined,
    /// It must be there and match.
    Text(TextMatch),
}

/// CALDAV:prop-filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropFilter {
    /// `ATTENDEE`
    pub name: String,
    /// What is asked of it.
    pub test: PropTest,
}

/// What is asked of a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PropTest {
    /// None of that name may be there.
    NotDefined,
    /// One must be there, with this value and these parameters.
    Defined(Option<ValueTest>, Vec<ParamFilter>),
}

/// What is asked of a property's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueTest {
    /// It must lie in a range.
    TimeRange(TimeRange),
    /// It must match.
    Text(TextMatch),
}

/// CALDAV:comp-filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompFilter {
    /// `VEVENT`
    pub name: String,
    /// What is asked of it.
    pub test: CompTest,
}

/// What is asked of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompTest {
    /// None of that name may be there.
    NotDefined,
    /// One must be there of which all this holds.
    Defined(CompConditions),
}

/// What must hold of a component, all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CompConditions {
    /// An occurrence overlaps this.
    pub time_range: Option<TimeRange>,
    /// Of its properties.
    pub props: Vec<PropFilter>,
    /// Of the components in it.
    pub comps: Vec<CompFilter>,
}

/// CALDAV:filter: the comp-filter for VCALENDAR.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter(pub CompFilter);

impl Filter {
    /// The component and the range, where nothing else is asked: then the index alone answers.
    pub fn only_time_range(&self) -> Option<(Component, TimeRange)> {
        let (component, conditions) = self.only_child()?;
        (conditions.props.is_empty() && conditions.comps.is_empty()).then_some((component, conditions.time_range?))
    }

    /// The component, where nothing is asked but that it is there.
    pub fn only_component(&self) -> Option<Component> {
        let (component, conditions) = self.only_child()?;
        (*conditions == CompConditions::default()).then_some(component)
    }

    fn only_child(&self) -> Option<(Component, &CompConditions)> {
        let CompTest::Defined(calendar) = &self.0.test else { return None };
        let plain = self.0.name.eq_ignore_ascii_case("VCALENDAR") && calendar.time_range.is_none() && calendar.props.is_empty();
        match (plain, calendar.comps.as_slice()) {
            (true, [CompFilter { name, test: CompTest::Defined(conditions) }]) => Some((Component::from_name(name)?, conditions)),
            _ => None,
        }
    }
}

/// Whether an object matches. Where a series can't be worked out within limits it does: a client that gets one object more is served
/// better than one that misses an appointment.
pub fn matches(filter: &Filter, object: &CalendarObject, default_zone: &Zone) -> bool {
    let scope = Scope(Search::new(object, default_zone));
    scope.comp(&filter.0, std::slice::from_ref(object.root()), None)
}

/// What every test needs to know.
struct Scope<'a>(Search<'a>);

impl Scope<'_> {
    fn comp(&self, filter: &CompFilter, among: &[Node], parent: Option<&Node>) -> bool {
        let mut named = among.iter().filter(|node| node.name.eq_ignore_ascii_case(&filter.name));
        match &filter.test {
            CompTest::NotDefined => named.next().is_none(),
            CompTest::Defined(conditions) => named.any(|node| self.conditions(conditions, node, parent)),
        }
    }

    /// Whether all that is asked holds of one component; what others of the object say is none of it (RFC 4791 §9.7.1).
    fn conditions(&self, conditions: &CompConditions, node: &Node, parent: Option<&Node>) -> bool {
        conditions.props.iter().all(|filter| self.prop(filter, node))
            && conditions.comps.iter().all(|filter| self.comp(filter, &node.children, Some(node)))
            && conditions.time_range.is_none_or(|range| match (node.name.as_str(), parent) {
                ("VALARM", Some(parent)) => alarm::rings(&self.0, parent, node, range),
                _ => self.0.finds(node, range, |_| true),
            })
    }

    fn prop(&self, filter: &PropFilter, node: &Node) -> bool {
        match &filter.test {
            PropTest::NotDefined => node.first(&filter.name).is_none(),
            PropTest::Defined(value, params) => {
                let of_instance = match value {
                    Some(ValueTest::TimeRange(range)) if params.is_empty() => self.instances(&filter.name, node, *range),
                    _ => false,
                };
                of_instance
                    || node.all(&filter.name).any(|property| {
                        value.as_ref().is_none_or(|test| self.value(test, property)) && params.iter().all(|filter| param(filter, property))
                    })
            }
        }
    }

    fn value(&self, test: &ValueTest, property: &Property) -> bool {
        match test {
            ValueTest::Text(text) => text.matches(&property.text()),
            ValueTest::TimeRange(range) => self.instant(property).is_some_and(|at| range.start <= at && at < range.end),
        }
    }

    fn instant(&self, property: &Property) -> Option<Seconds> {
        let moment = Moment::parse(&property.value, property.param("TZID"))?;
        zone::resolve(&moment, self.0.object, self.0.default_zone)
    }

    /// Whether DTSTART, DTEND or DUE lies in a range as an instance has it: where the series puts it, or DURATION (RFC 4791 §9.9).
    fn instances(&self, name: &str, node: &Node, range: TimeRange) -> bool {
        let has_length = node.first("DURATION").is_some();
        let there = node.first(name).is_some();
        let edge = match (name.to_ascii_uppercase().as_str(), node.name.as_str()) {
            ("DTSTART", _) if there && self.0.recurs(node) => Edge::Start,
            ("DTEND", "VEVENT") if (there && self.0.recurs(node)) || has_length => Edge::End,
            // The very end of a task that has DURATION is counted to it.
            ("DUE", "VTODO") if has_length => Edge::LastSecond,
            ("DUE", "VTODO") if there && self.0.recurs(node) => Edge::End,
            _ => return false,
        };
        let wider = TimeRange { start: range.start.saturating_sub(1), end: range.end.saturating_add(1) };
        self.0.finds(node, wider, |occurrence| {
            let at = match edge {
                Edge::Start => occurrence.range.start,
                Edge::End => occurrence.range.end,
                Edge::LastSecond => occurrence.range.end.saturating_sub(1),
            };
            range.start <= at && at < range.end
        })
    }
}

/// Which end of an occurrence a property is.
#[derive(Clone, Copy)]
enum Edge {
    Start,
    End,
    LastSecond,
}

fn param(filter: &ParamFilter, property: &Property) -> bool {
    let mut named = property.params.iter().filter(|param| param.name.eq_ignore_ascii_case(&filter.name));
    match &filter.test {
        ParamTest::NotDefined => named.next().is_none(),
        ParamTest::Defined => named.next().is_some(),
        ParamTest::Text(text) => named.any(|param| text.matches(&param.values.join(","))),
    }
}

#[cfg(test)]
mod tests;

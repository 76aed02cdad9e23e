//! The XML of calendar reports → filters, ranges, and which part of an object is wanted.
//!
//! Not for: whether an object matches (`ical::filter`), which objects are looked at (`report::search`).
//! RFC 4791 §9.5 to §9.10.

mod card;
mod data;

use bytes::Bytes;

pub use card::{AddressData, CardQuery};
pub use data::{CalendarData, MAX_CHOICES};

use crate::dav::xml::Element;
use crate::dav::xml::Namespace::CalDav;
use crate::error::{Error, Precondition, Result};
use crate::ical::filter::{
    Collation, CompConditions, CompFilter, CompTest, Filter, ParamFilter, ParamTest, PropFilter, PropTest, TextMatch, ValueTest,
};
use crate::ical::object::CalendarObject;
use crate::ical::time::{Moment, TimeRange};
use crate::ical::zone::{Zone, zone_id};

/// The most conditions that one filter may have.
pub const MAX_CONDITIONS: usize = 200;

/// Reads CALDAV:time-range. Either end may be missing, not both; both are UTC (RFC 4791 §9.9).
pub fn time_range(element: &Element) -> Result<TimeRange> {
    let end = |name: &str| match element.attribute(name) {
        None => Ok(None),
        Some(value) => match Moment::parse(value, None) {
            Some(Moment::Utc(at)) => Ok(Some(at.and_utc().timestamp())),
            _ => Err(invalid("A time-range is given in UTC, as 20260326T093000Z.")),
        },
    };
    let (start, end) = (end("start")?, end("end")?);
    if start.is_none() && end.is_none() {
        return Err(invalid("A time-range has a start or an end."));
    }
    let range = TimeRange { start: start.unwrap_or(TimeRange::MIN), end: end.unwrap_or(TimeRange::MAX) };
    if range.start < range.end { Ok(range) } else { Err(invalid("A time-range ends after it starts.")) }
}

/// The CALDAV:time-range in an element, which must be there.
pub fn required_range(parent: &Element) -> Result<TimeRange> {
    time_range(parent.child(CalDav, "time-range").ok_or_else(|| invalid("A time-range is missing."))?)
}

fn invalid(why: &str) -> Error {
    Error::Refused(Precondition::ValidFilter, why.to_owned())
}

/// What a calendar-query asks.
#[derive(Debug, Clone)]
pub struct Query {
    /// Which objects match.
    pub filter: Filter,
    /// The zone of times without one, where the query names one.
    pub zone: Option<Zone>,
}

impl Query {
    /// Reads CALDAV:filter and CALDAV:timezone or -timezone-id (RFC 4791 §9.5, RFC 7809 §4.2).
    pub fn read(root: &Element) -> Result<Query> {
        let filter = root.child(CalDav, "filter").ok_or_else(|| invalid("A CALDAV:filter is missing."))?;
        let mut comps = filter.children();
        let comp = comps.next().filter(|child| child.is(CalDav, "comp-filter") && child.attribute("name") == Some("VCALENDAR"));
        let (Some(comp), None) = (comp, comps.next()) else {
            return Err(invalid("A filter holds one comp-filter, for VCALENDAR."));
        };
        let filter = Filter(Conditions { left: MAX_CONDITIONS }.comp(comp)?);
        Ok(Query { filter, zone: zone(root)? })
    }
}

/// The zone that a query names.
fn zone(root: &Element) -> Result<Option<Zone>> {
    let unknown = || Error::Refused(Precondition::ValidCalendarData, "The query's time zone cannot be read.".into());
    if let Some(id) = root.child(CalDav, "timezone-id") {
        return Ok(Zone::named(&zone_id(&id.text())?));
    }
    let Some(element) = root.child(CalDav, "timezone") else { return Ok(None) };
    let object = CalendarObject::parse(Bytes::from(element.text())).map_err(|_| unknown())?;
    let timezone = object.root().children.iter().find(|node| node.name == "VTIMEZONE");
    let tzid = timezone.and_then(|node| node.first("TZID")).ok_or_else(unknown)?;
    Zone::of(&tzid.value, &object).map(Some).ok_or_else(unknown)
}

/// Reads conditions, as many as are left to read.
struct Conditions {
    left: usize,
}

impl Conditions {
    /// The name of a filter's element, which takes one off the count.
    fn name(&mut self, element: &Element) -> Result<String> {
        self.left = self.left.checked_sub(1).ok_or_else(|| invalid("The filter has too many conditions."))?;
        element.attribute("name").map(str::to_owned).ok_or_else(|| invalid("A filter's element has no name."))
    }

    fn comp(&mut self, element: &Element) -> Result<CompFilter> {
        let name = self.name(element)?;
        if not_defined(element)? {
            return Ok(CompFilter { name, test: CompTest::NotDefined });
        }
        let mut conditions = CompConditions::default();
        for child in element.children() {
            match child.local.as_str() {
                "time-range" if ours(child) && conditions.time_range.is_none() => conditions.time_range = Some(time_range(child)?),
                "prop-filter" if ours(child) => conditions.props.push(self.prop(child)?),
                "comp-filter" if ours(child) => conditions.comps.push(self.comp(child)?),
                _ => return Err(unsupported(child)),
            }
        }
        Ok(CompFilter { name, test: CompTest::Defined(conditions) })
    }

    fn prop(&mut self, element: &Element) -> Result<PropFilter> {
        let name = self.name(element)?;
        if not_defined(element)? {
            return Ok(PropFilter { name, test: PropTest::NotDefined });
        }
        let (mut value, mut params) = (None, Vec::new());
        for child in element.children() {
            match child.local.as_str() {
                "time-range" if ours(child) && value.is_none() => value = Some(ValueTest::TimeRange(time_range(child)?)),
                "text-match" if ours(child) && value.is_none() => value = Some(ValueTest::Text(text_match(child)?)),
                "param-filter" if ours(child) => params.push(self.param(child)?),
                _ => return Err(unsupported(child)),
            }
        }
        Ok(PropFilter { name, test: PropTest::Defined(value, params) })
    }

    fn param(&mut self, element: &Element) -> Result<ParamFilter> {
        let name = self.name(element)?;
        if not_defined(element)? {
            return Ok(ParamFilter { name, test: ParamTest::NotDefined });
        }
        let mut test = ParamTest::Defined;
        for child in element.children() {
            match child.local.as_str() {
                "text-match" if ours(child) && test == ParamTest::Defined => test = ParamTest::Text(text_match(child)?),
                _ => return Err(unsupported(child)),
            }
        }
        Ok(ParamFilter { name, test })
    }
}

fn ours(element: &Element) -> bool {
    element.namespace == CalDav.uri()
}

/// Whether the element asks for absence, which stands alone.
fn not_defined(element: &Element) -> Result<bool> {
    let mut children = element.children();
    match (children.next(), children.next()) {
        (Some(child), None) if child.is(CalDav, "is-not-defined") => Ok(true),
        _ if element.child(CalDav, "is-not-defined").is_some() => Err(invalid("An is-not-defined stands alone.")),
        _ => Ok(false),
    }
}

fn text_match(element: &Element) -> Result<TextMatch> {
    let collation = collation(element)?.unwrap_or_default();
    Ok(TextMatch { text: element.text(), collation, negated: negated(element)? })
}

/// The collation that a text-match names.
fn collation(element: &Element) -> Result<Option<Collation>> {
    let Some(name) = element.attribute("collation") else { return Ok(None) };
    let unknown = || Error::Refused(Precondition::SupportedCollation, "The collations are those of supported-collation-set.".into());
    Collation::from_name(name).map(Some).ok_or_else(unknown)
}

fn negated(element: &Element) -> Result<bool> {
    match element.attribute("negate-condition") {
        None | Some("no") => Ok(false),
        Some("yes") => Ok(true),
        Some(_) => Err(invalid("A negate-condition is yes or no.")),
    }
}

/// RFC 4791 §7.8 asks to name what is not understood.
fn unsupported(element: &Element) -> Error {
    Error::Refused(Precondition::SupportedFilter, format!("The filter's element {} is not understood here.", element.local))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dav::xml;
    use crate::ical::component::Component;

    fn query(filter: &str) -> Result<Query> {
        let body = format!("<c:calendar-query xmlns:c='urn:ietf:params:xml:ns:caldav' xmlns:d='DAV:'>{filter}</c:calendar-query>");
        Query::read(&xml::read(body.as_bytes()).unwrap())
    }

    fn within(inner: &str) -> Result<Query> {
        query(&format!("<c:filter><c:comp-filter name='VCALENDAR'>{inner}</c:comp-filter></c:filter>"))
    }

    fn refusal<T: std::fmt::Debug>(result: Result<T>) -> Precondition {
        match result {
            Err(Error::Refused(precondition, _)) => precondition,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_range_may_be_open_at_either_end() {
        let range = |attributes: &str| {
            within(&format!("<c:comp-filter name='VEVENT'><c:time-range {attributes}/></c:comp-filter>"))
                .map(|query| query.filter.only_time_range().unwrap())
        };
        let (component, only_start) = range("start='20260326T000000Z'").unwrap();
        assert_eq!(component, Component::Event);
        assert_eq!(only_start, TimeRange { start: 1_774_483_200, end: TimeRange::MAX });
        assert_eq!(range("end='20260326T000000Z'").unwrap().1, TimeRange { start: TimeRange::MIN, end: 1_774_483_200 });
        for bad in ["", "start='20260326T000000'", "start='20260326'", "start='x'", "start='20260326T000000Z' end='20260326T000000Z'"] {
            assert_eq!(refusal(range(bad)), Precondition::ValidFilter, "{bad}");
        }
    }

    #[test]
    fn a_component_alone_is_seen_as_such() {
        let query = within("<c:comp-filter name='VTODO'/>").unwrap();
        assert_eq!(query.filter.only_component(), Some(Component::Todo));
    }

    #[test]
    fn all_kinds_of_conditions_are_read() {
        let query = within(
            "<c:comp-filter name='VTODO'><c:prop-filter name='COMPLETED'><c:is-not-defined/></c:prop-filter>\
             <c:prop-filter name='STATUS'><c:text-match negate-condition='yes' collation='i;octet'>CANCELLED</c:text-match></c:prop-filter>\
             <c:prop-filter name='ATTENDEE'><c:param-filter name='PARTSTAT'><c:text-match>NEEDS</c:text-match></c:param-filter></c:prop-filter>\
             <c:comp-filter name='VALARM'><c:is-not-defined/></c:comp-filter></c:comp-filter>",
        )
        .unwrap();
        let CompTest::Defined(calendar) = &query.filter.0.test else { panic!() };
        let CompTest::Defined(task) = &calendar.comps[0].test else { panic!() };
        assert_eq!(task.props[0].test, PropTest::NotDefined);
        let text = TextMatch { text: "CANCELLED".into(), collation: Collation::Octet, negated: true };
        assert_eq!(task.props[1].test, PropTest::Defined(Some(ValueTest::Text(text)), vec![]));
        assert!(matches!(&task.props[2].test, PropTest::Defined(None, params) if params[0].name == "PARTSTAT"));
        assert_eq!(task.comps[0].test, CompTest::NotDefined);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        assert_eq!(refusal(query("")), Precondition::ValidFilter);
        assert_eq!(refusal(query("<c:filter/>")), Precondition::ValidFilter);
        assert_eq!(refusal(query("<c:filter><c:comp-filter name='VEVENT'/></c:filter>")), Precondition::ValidFilter);
        assert_eq!(refusal(within("<c:comp-filter/>")), Precondition::ValidFilter);
        assert_eq!(refusal(within("<c:guess/>")), Precondition::SupportedFilter);
        assert_eq!(refusal(within("<d:time-range start='20260326T000000Z'/>")), Precondition::SupportedFilter);
        let many = "<c:comp-filter name='VEVENT'/>".repeat(MAX_CONDITIONS);
        assert_eq!(refusal(within(&many)), Precondition::ValidFilter);
        assert_eq!(
            refusal(within("<c:prop-filter name='A'><c:text-match collation='i;klingon'>x</c:text-match></c:prop-filter>")),
            Precondition::SupportedCollation
        );
        assert_eq!(
            refusal(within("<c:comp-filter name='VEVENT'><c:is-not-defined/><c:prop-filter name='X'/></c:comp-filter>")),
            Precondition::ValidFilter
        );
    }

    #[test]
    fn a_query_may_name_its_zone() {
        let filter = "<c:filter><c:comp-filter name='VCALENDAR'/></c:filter>";
        let named = query(&format!("{filter}<c:timezone-id>America/New_York</c:timezone-id>")).unwrap();
        assert_eq!(named.zone.unwrap().iana_name(), Some("America/New_York"));
        let sent = "BEGIN:VCALENDAR&#13;\nVERSION:2.0&#13;\nBEGIN:VTIMEZONE&#13;\nTZID:Europe/Berlin&#13;\nEND:VTIMEZONE&#13;\nEND:VCALENDAR&#13;\n";
        let sent = query(&format!("{filter}<c:timezone>{sent}</c:timezone>")).unwrap();
        assert_eq!(sent.zone.unwrap().iana_name(), Some("Europe/Berlin"));
        assert_eq!(refusal(query(&format!("{filter}<c:timezone>x</c:timezone>"))), Precondition::ValidCalendarData);
    }
}

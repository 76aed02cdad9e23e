//! CALDAV:calendar-query: the objects that match a filter. RFC 4791 §7.8.
//!
//! Not for: whether one matches (`ical::filter`). The index answers what it can; objects are read only where the filter looks into
//! them or their data is asked for.

use super::{Absent, Answer, OBJECT_PAGE, Place};
use crate::app::calendar::Calendar;
use crate::collection::Name;
use crate::dav::Call;
use crate::dav::multistatus::{self, Multistatus};
use crate::dav::propfind::confirmed;
use crate::dav::query::Query;
use crate::dav::request;
use crate::dav::xml::Element;
use crate::error::Result;
use crate::exchange::Reply;
use crate::ical::component::Component;
use crate::ical::filter::{CompConditions, CompTest, Filter, matches};
use crate::ical::object::CalendarObject;
use crate::ical::time::TimeRange;
use crate::ical::zone::Zone;

/// How the matching objects are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// None can match.
    Nothing,
    /// All match.
    Everything,
    /// The index knows which ones.
    Index(TimeRange),
    /// Each that could match must be read; the index narrows them down where there is a range.
    Reading(Option<TimeRange>),
}

/// Answers the matching objects.
///
/// The Depth header is passed over: with 0 nothing could ever match, and programs that leave it out want the calendar's objects.
pub async fn report(call: Call, calendar: Calendar, root: &Element) -> Result<Reply> {
    let query = Query::read(root)?;
    let answer = Answer { zone: query.zone.clone(), ..Answer::read(&call, root)? };
    let preference = request::preference(call.request.headers());
    let reply = multistatus::reply(move |out| write(call, calendar, answer, query, out)).await?;
    Ok(confirmed(reply, preference))
}

/// Answers one object, if it matches.
pub async fn of_one(call: Call, calendar: Calendar, root: &Element, name: Name) -> Result<Reply> {
    let query = Query::read(root)?;
    let answer = Answer { zone: query.zone.clone(), ..Answer::read(&call, root)? };
    let preference = request::preference(call.request.headers());
    let write = async move |mut out: Multistatus| {
        let place = Place { call: &call, calendar: &calendar };
        let zone = query.zone.clone().or_else(|| Zone::named(&calendar.zone)).unwrap_or(Zone::UTC);
        write_matching(place, &answer, Search { filter: &query.filter, zone: &zone }, std::slice::from_ref(&name), &mut out).await?;
        Ok(out)
    };
    Ok(confirmed(multistatus::reply(write).await?, preference))
}

async fn write(call: Call, calendar: Calendar, answer: Answer, query: Query, mut out: Multistatus) -> Result<Multistatus> {
    let place = Place { call: &call, calendar: &calendar };
    let zone = Zone::named(&calendar.zone).unwrap_or(Zone::UTC);
    let other_zone = query.zone.as_ref().is_some_and(|named| named.iana_name() != zone.iana_name());
    match way(&query.filter, calendar.component) {
        Way::Nothing => {}
        Way::Everything => write_all(place, &answer, &mut out).await?,
        // The index was built with the calendar's own zone.
        Way::Index(_) | Way::Reading(_) if other_zone => {
            let search = Search { filter: &query.filter, zone: query.zone.as_ref().unwrap_or(&zone) };
            write_searched(place, &answer, search, &mut out).await?;
        }
        Way::Index(range) => {
            let names = call.app.occurring(&calendar, range).await?;
            answer.write_named(place, &names, Absent::Skipped, &mut out).await?;
        }
        Way::Reading(range) => {
            let search = Search { filter: &query.filter, zone: &zone };
            match range {
                Some(range) => {
                    let names = call.app.occurring(&calendar, range).await?;
                    write_matching(place, &answer, search, &names, &mut out).await?;
                }
                None => write_searched(place, &answer, search, &mut out).await?,
            }
        }
    }
    Ok(out)
}

fn way(filter: &Filter, held: Component) -> Way {
    if let Some(component) = filter.only_component() {
        return if component == held { Way::Everything } else { Way::Nothing };
    }
    if let Some((component, range)) = filter.only_time_range() {
        return if component == held { Way::Index(range) } else { Way::Nothing };
    }
    match &filter.0.test {
        CompTest::Defined(conditions) if *conditions == CompConditions::default() => Way::Everything,
        _ => Way::Reading(narrowed(filter, held)),
    }
}

/// A range that every match must overlap: that of a condition on the component that the calendar holds.
fn narrowed(filter: &Filter, held: Component) -> Option<TimeRange> {
    let CompTest::Defined(calendar) = &filter.0.test else { return None };
    calendar.comps.iter().find_map(|comp| match &comp.test {
        CompTest::Defined(conditions) if Component::from_name(&comp.name) == Some(held) => conditions.time_range,
        _ => None,
    })
}

/// What each object is held against.
#[derive(Clone, Copy)]
struct Search<'a> {
    filter: &'a Filter,
    zone: &'a Zone,
}

async fn write_all(place: Place<'_>, answer: &Answer, out: &mut Multistatus) -> Result<()> {
    let mut after: Option<Name> = None;
    loop {
        let page = place.call.app.entries(place.calendar, after.as_ref()).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.name.clone());
        if answer.data.is_some() {
            let names: Vec<Name> = page.iter().map(|entry| entry.name.clone()).collect();
            answer.write_named(place, &names, Absent::Skipped, out).await?;
        } else {
            for entry in &page {
                answer.write(place, entry, None, out);
                out.flush().await?;
            }
        }
    }
}

async fn write_searched(place: Place<'_>, answer: &Answer, search: Search<'_>, out: &mut Multistatus) -> Result<()> {
    let mut after: Option<Name> = None;
    loop {
        let page = place.call.app.entries(place.calendar, after.as_ref()).await?;
        let names: Vec<Name> = page.iter().map(|entry| entry.name.clone()).collect();
        let Some(last) = names.last() else { return Ok(()) };
        write_matching(place, answer, search, &names, out).await?;
        after = Some(last.clone());
    }
}

/// Reads the objects of these names and writes those that match.
async fn write_matching(place: Place<'_>, answer: &Answer, search: Search<'_>, names: &[Name], out: &mut Multistatus) -> Result<()> {
    for names in names.chunks(OBJECT_PAGE) {
        for object in place.call.app.objects(place.calendar, names).await?.into_iter().flatten() {
            // What cannot be read any more is not kept from the client: it may know what to do with it.
            if CalendarObject::parse(object.octets.clone()).map_or(true, |parsed| matches(search.filter, &parsed, search.zone)) {
                answer.write_object(place, &object, out);
                out.flush().await?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dav::xml;

    fn way_of(inner: &str) -> Way {
        let body = format!(
            "<c:calendar-query xmlns:c='urn:ietf:params:xml:ns:caldav'><c:filter><c:comp-filter name='VCALENDAR'>{inner}</c:comp-filter>\
             </c:filter></c:calendar-query>"
        );
        way(&Query::read(&xml::read(body.as_bytes()).unwrap()).unwrap().filter, Component::Event)
    }

    #[test]
    fn the_cheapest_way_is_taken() {
        let range = TimeRange { start: 1_774_483_200, end: TimeRange::MAX };
        let time_range = "<c:time-range start='20260326T000000Z'/>";
        let event = |inner: &str| format!("<c:comp-filter name='VEVENT'>{inner}</c:comp-filter>");
        assert_eq!(way_of(&event("")), Way::Everything);
        assert_eq!(way_of("<c:comp-filter name='VTODO'/>"), Way::Nothing);
        assert_eq!(way_of(&event(time_range)), Way::Index(range));
        assert_eq!(way_of(&format!("<c:comp-filter name='VTODO'>{time_range}</c:comp-filter>")), Way::Nothing);
        assert_eq!(way_of(&event(&format!("{time_range}<c:prop-filter name='SUMMARY'/>"))), Way::Reading(Some(range)));
        assert_eq!(way_of(&event("<c:prop-filter name='SUMMARY'/>")), Way::Reading(None));
        // The alarm's range says nothing about the event's.
        assert_eq!(way_of(&event(&format!("<c:comp-filter name='VALARM'>{time_range}</c:comp-filter>"))), Way::Reading(None));
        assert_eq!(way_of(""), Way::Everything);
    }
}

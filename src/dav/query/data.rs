//! CALDAV:calendar-data in a request: which part of an object is wanted, and how.
//!
//! Not for: cutting it out (`ical::partial`, `ical::expanded`). RFC 4791 §9.6.

use bytes::Bytes;

use super::{invalid, ours, time_range};
use crate::dav::xml::Element;
use crate::dav::xml::Namespace::CalDav;
use crate::error::{Error, Precondition, Result};
use crate::ical::expanded::expanded;
use crate::ical::object::CalendarObject;
use crate::ical::partial::{Choice, CompChoice, Part, PropChoice, Shown, part_of};
use crate::ical::time::TimeRange;
use crate::ical::zone::Zone;

/// The most CALDAV:comp and CALDAV:prop elements that one request may have.
pub const MAX_CHOICES: usize = 500;

/// What CALDAV:calendar-data asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CalendarData {
    expand: Option<TimeRange>,
    part: Part,
}

impl CalendarData {
    /// Reads the element. [`Precondition::SupportedCalendarData`] for another type of data, [`Precondition::ValidFilter`] for anything
    /// in it that the RFC does not allow.
    pub fn read(element: &Element) -> Result<CalendarData> {
        let kind = element.attribute("content-type").unwrap_or("text/calendar");
        let version = element.attribute("version").unwrap_or("2.0");
        if !kind.eq_ignore_ascii_case("text/calendar") || version != "2.0" {
            return Err(Error::Refused(Precondition::SupportedCalendarData, "Objects are text/calendar, version 2.0.".into()));
        }
        let expand = range(element, "expand")?;
        let recurrence_set = range(element, "limit-recurrence-set")?;
        if expand.is_some() && recurrence_set.is_some() {
            return Err(invalid("A series is either expanded or limited, not both."));
        }
        let freebusy_set = range(element, "limit-freebusy-set")?;
        let comp = element.child(CalDav, "comp").map(|comp| Choices { left: MAX_CHOICES }.comp(comp)).transpose()?;
        Ok(CalendarData { expand, part: Part { comp, recurrence_set, freebusy_set } })
    }

    /// Whether objects are answered as they are stored.
    pub fn is_whole(&self) -> bool {
        *self == CalendarData::default()
    }

    /// The octets to answer for an object: as stored, its instances in a range, or a part of either. `zone` is for times without one.
    /// [`Precondition::MaxInstances`] where they would be too many.
    pub fn render(&self, octets: &Bytes, zone: &Zone) -> Result<Bytes> {
        if self.is_whole() {
            return Ok(octets.clone());
        }
        // What cannot be read any more is not kept from the client: it may know what to do with it.
        let Ok(mut object) = CalendarObject::parse(octets.clone()) else { return Ok(octets.clone()) };
        if let Some(range) = self.expand {
            let instances = Bytes::from(expanded(&object, range, zone)?);
            if self.part == Part::default() {
                return Ok(instances);
            }
            object = CalendarObject::parse_written(instances)?;
        }
        part_of(&object, &self.part, zone)
    }
}

/// A range that is given as attributes, both of which must be there.
fn range(parent: &Element, name: &str) -> Result<Option<TimeRange>> {
    let Some(element) = parent.child(CalDav, name) else { return Ok(None) };
    if element.attribute("start").is_none() || element.attribute("end").is_none() {
        return Err(invalid(&format!("A CALDAV:{name} has a start and an end.")));
    }
    time_range(element).map(Some)
}

/// Reads CALDAV:comp, with as many elements in it as are left to read.
struct Choices {
    left: usize,
}

impl Choices {
    fn name(&mut self, element: &Element) -> Result<String> {
        self.left = self.left.checked_sub(1).ok_or_else(|| invalid("Too many components and properties are asked for."))?;
        element.attribute("name").map(str::to_owned).ok_or_else(|| invalid("A CALDAV:comp or CALDAV:prop has no name."))
    }

    fn comp(&mut self, element: &Element) -> Result<CompChoice> {
        let name = self.name(element)?;
        if element.children().next().is_none() {
            return Ok(CompChoice { name, props: Choice::All, comps: Choice::All });
        }
        let (mut props, mut comps) = (Choice::Named(Vec::new()), Choice::Named(Vec::new()));
        // What we don't know is passed over (RFC 4918 §17): more than was asked for harms no program.
        for child in element.children().filter(|child| ours(child)) {
            match (child.local.as_str(), &mut props, &mut comps) {
                ("allprop", _, _) => props = Choice::All,
                ("allcomp", _, _) => comps = Choice::All,
                ("prop", Choice::Named(named), _) => named.push(self.prop(child)?),
                ("comp", _, Choice::Named(named)) => named.push(self.comp(child)?),
                _ => {}
            }
        }
        Ok(CompChoice { name, props, comps })
    }

    fn prop(&mut self, element: &Element) -> Result<PropChoice> {
        let name = self.name(element)?;
        let value = match element.attribute("novalue") {
            None | Some("no") => Shown::Value,
            Some("yes") => Shown::NameOnly,
            Some(_) => return Err(invalid("A novalue is yes or no.")),
        };
        Ok(PropChoice { name, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dav::xml;

    fn read(inner: &str) -> Result<CalendarData> {
        let body = format!("<c:calendar-data xmlns:c='urn:ietf:params:xml:ns:caldav' {inner}</c:calendar-data>");
        CalendarData::read(&xml::read(body.as_bytes()).unwrap())
    }

    fn refusal(inner: &str) -> Precondition {
        match read(inner) {
            Err(Error::Refused(precondition, _)) => precondition,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_asked_for_is_read() {
        let octets = Bytes::from_static(b"anything at all");
        assert_eq!(read(">").unwrap().render(&octets, &Zone::UTC), Ok(octets.clone()));
        let range = "start='20260101T000000Z' end='20270101T000000Z'";
        assert!(read(&format!("><c:expand {range}/>")).unwrap().expand.is_some());
        assert!(read(&format!("><c:limit-recurrence-set {range}/><c:limit-freebusy-set {range}/>")).is_ok());
        let comp = "><c:comp name='VCALENDAR'><c:allprop/><c:comp name='VEVENT'><c:prop name='UID' novalue='yes'/></c:comp></c:comp>";
        let event = CompChoice {
            name: "VEVENT".into(),
            props: Choice::Named(vec![PropChoice { name: "UID".into(), value: Shown::NameOnly }]),
            comps: Choice::Named(vec![]),
        };
        let calendar = CompChoice { name: "VCALENDAR".into(), props: Choice::All, comps: Choice::Named(vec![event]) };
        assert_eq!(read(comp).unwrap().part.comp, Some(calendar));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for bad in [
            "><c:expand start='20260101T000000Z'/>",
            "><c:limit-recurrence-set end='20260101T000000Z'/>",
            "><c:expand start='20260101T000000Z' end='20260102T000000Z'/><c:limit-recurrence-set start='20260101T000000Z' end='20260102T000000Z'/>",
            "><c:comp/>",
            "><c:comp name='VCALENDAR'><c:prop name='UID' novalue='maybe'/></c:comp>",
        ] {
            assert_eq!(refusal(bad), Precondition::ValidFilter, "{bad}");
        }
        let many = format!("><c:comp name='VCALENDAR'>{}</c:comp>", "<c:prop name='A'/>".repeat(MAX_CHOICES));
        assert_eq!(refusal(&many), Precondition::ValidFilter);
        assert_eq!(refusal("content-type='application/calendar+json'>"), Precondition::SupportedCalendarData);
    }
}

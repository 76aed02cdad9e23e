//! What a collection may keep.
//!
//! Not for: whether this collection takes this component, and UIDs of other objects; that is for whoever keeps them. Lenient where
//! clients are known to be sloppy and nothing is lost by it: no DTSTAMP, no VERSION, a local UNTIL, MAILTO:, further VTIMEZONEs, X- lines,
//! an IANA TZID without VTIMEZONE (RFC 7809), DTEND equal to DTSTART, DTEND of the other value type. RFC 4791 §4.1, §5.3.2.1.

use std::collections::BTreeSet;

use super::{CalendarObject, Node, Property, invalid};
use crate::error::{Error, Precondition, Result};
use crate::ical::component::Component;
use crate::ical::recurrence::{MAX_RULES, Rule};
use crate::ical::time::{Moment, Seconds, Span};
use crate::ical::zone::{self, Zone};

/// The longest UID, in octets.
pub const MAX_UID_LEN: usize = 512;

/// What is known of an object that may be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its one component type.
    pub component: Component,
    /// Its one UID.
    pub uid: String,
}

fn object_resource(why: String) -> Error {
    Error::Refused(Precondition::ValidCalendarObjectResource, why)
}

impl CalendarObject {
    /// Checks what RFC 4791 §4.1 asks of an object in a collection.
    ///
    /// [`Precondition::SupportedCalendarData`] for another VERSION than 2.0, [`Precondition::SupportedCalendarComponent`] for a component
    /// that nobody keeps, [`Precondition::ValidCalendarObjectResource`] for METHOD, mixed components and anything about UIDs and
    /// RECURRENCE-IDs, [`Precondition::ValidCalendarData`] for a time, rule or TZID that can't be read.
    pub fn check(&self) -> Result<Kept> {
        self.check_calendar()?;
        let component = self.one_component()?;
        let uid = self.one_uid()?;
        let mut masters = 0;
        let mut recurrence_ids = BTreeSet::new();
        for node in self.components() {
            self.check_times(node, component)?;
            match node.first("RECURRENCE-ID") {
                Some(property) => {
                    let id = (self.instant(property, &node.name)?, moment(property, &node.name)?.is_date());
                    if !recurrence_ids.insert(id) {
                        return Err(object_resource(format!(
                            "line {}, RECURRENCE-ID in {}: another has the same",
                            property.line, node.name
                        )));
                    }
                }
                None => masters += 1,
            }
            if masters > 1 {
                let why = "there is another without RECURRENCE-ID";
                return Err(object_resource(format!("line {}, {}: {why}", node.line, node.name)));
            }
        }
        Ok(Kept { component, uid })
    }

    fn check_calendar(&self) -> Result<()> {
        if let Some(version) = self.root.first("VERSION").filter(|p| p.value.trim() != "2.0") {
            let why = format!("line {}, VERSION in VCALENDAR: only 2.0 is kept", version.line);
            return Err(Error::Refused(Precondition::SupportedCalendarData, why));
        }
        match self.root.first("METHOD") {
            Some(method) => Err(object_resource(format!("line {}, METHOD in VCALENDAR: an object that is kept has none", method.line))),
            None => Ok(()),
        }
    }

    fn one_component(&self) -> Result<Component> {
        let mut found = None;
        for node in self.components() {
            let component = Component::from_name(&node.name).ok_or_else(|| {
                let why = format!("line {}, {}: such a component is not kept", node.line, node.name);
                Error::Refused(Precondition::SupportedCalendarComponent, why)
            })?;
            if found.is_some_and(|found| found != component) {
                return Err(object_resource(format!("line {}, {}: an object holds one type of component", node.line, node.name)));
            }
            found = Some(component);
        }
        found.ok_or_else(|| object_resource("VCALENDAR: there is nothing in it to keep".into()))
    }

    fn one_uid(&self) -> Result<String> {
        let mut found: Option<&str> = None;
        for node in self.components() {
            let mut uids = node.all("UID");
            let why = |why: &str| object_resource(format!("line {}, UID in {}: {why}", node.line, node.name));
            let uid = uids.next().map(|p| p.value.trim()).filter(|uid| !uid.is_empty()).ok_or_else(|| why("it is missing"))?;
            if uids.next().is_some() {
                return Err(why("there are several"));
            }
            if uid.len() > MAX_UID_LEN {
                return Err(why("it is longer than 512 octets"));
            }
            if found.is_some_and(|found| found != uid) {
                return Err(why("an object holds one UID, this is another"));
            }
            found = Some(uid);
        }
        Ok(found.unwrap_or_default().to_owned())
    }

    fn check_times(&self, node: &Node, component: Component) -> Result<()> {
        for name in ["DTSTART", "DTEND", "DUE", "DURATION", "RECURRENCE-ID"] {
            if let Some(second) = node.all(name).nth(1) {
                return Err(invalid(second, &node.name, "there are several"));
            }
        }
        let start = node.first("DTSTART").map(|p| self.instant(p, &node.name)).transpose()?;
        // Tasks with a rule and DUE alone are seen; their rule says nothing then.
        if start.is_none() && component == Component::Event {
            let why = format!("line {}, DTSTART in {}: it is missing", node.line, node.name);
            return Err(Error::Refused(Precondition::ValidCalendarData, why));
        }
        self.check_end(node, component, start)?;
        for name in ["RRULE", "EXRULE"] {
            if let Some(property) = node.all(name).nth(MAX_RULES) {
                return Err(invalid(property, &node.name, "there are too many"));
            }
            for property in node.all(name) {
                Rule::parse(&property.value).map_err(|why| invalid(property, &node.name, &why))?;
            }
        }
        for property in node.all("RDATE").chain(node.all("EXDATE")) {
            self.check_dates(property, node, |_| true)?;
        }
        match component {
            Component::FreeBusy => {
                node.all("FREEBUSY").try_for_each(|property| self.check_dates(property, node, |value| value.contains('/')))
            }
            // They say when a task is that has no start (RFC 4791 §9.9).
            Component::Todo if start.is_none() => {
                let mut told = ["COMPLETED", "CREATED"].into_iter().filter_map(|name| node.first(name));
                told.try_for_each(|property| self.instant(property, &node.name).map(|_| ()))
            }
            _ => Ok(()),
        }
    }

    /// Checks a list of dates, times and periods, each of which must be such.
    fn check_dates(&self, property: &Property, node: &Node, such: impl Fn(&str) -> bool) -> Result<()> {
        for value in property.value.split(',').filter(|value| !value.trim().is_empty()) {
            if !such(value) {
                return Err(invalid(property, &node.name, "it can't be read"));
            }
            let (start, end) = value.split_once('/').unzip();
            self.check_date(property, start.unwrap_or(value), &node.name)?;
            if let Some(end) = end.filter(|end| Span::parse(end).is_none()) {
                self.check_date(property, end, &node.name)?;
            }
        }
        Ok(())
    }

    fn check_end(&self, node: &Node, component: Component, start: Option<Seconds>) -> Result<()> {
        let end_name = if component == Component::Todo { "DUE" } else { "DTEND" };
        let end = node.first(end_name);
        if let Some(property) = end {
            let at = self.instant(property, &node.name)?;
            // A DUE before DTSTART is common in lists of tasks and harms nobody; of an event one can't say when it is.
            if component == Component::Event && start.is_some_and(|start| at < start) && !self.starts_in_a_gap(node, property)? {
                return Err(invalid(property, &node.name, "it lies before DTSTART"));
            }
        }
        let Some(property) = node.first("DURATION").filter(|_| component != Component::FreeBusy) else { return Ok(()) };
        if end.is_some() {
            return Err(invalid(property, &node.name, &format!("there is a {end_name} too")));
        }
        let span = Span::parse(&property.value).ok_or_else(|| invalid(property, &node.name, "it can't be read"))?;
        if span.days < 0 || span.seconds < 0 {
            return Err(invalid(property, &node.name, "it is negative"));
        }
        Ok(())
    }

    /// Whether an end is before DTSTART only because that one lies in a gap: 02:59 to 03:14 in the night the clocks go forward.
    fn starts_in_a_gap(&self, node: &Node, end: &Property) -> Result<bool> {
        let Some(start) = node.first("DTSTART") else { return Ok(false) };
        Ok(moment(start, &node.name)?.precedes_by_clock(&moment(end, &node.name)?))
    }

    fn check_date(&self, property: &Property, value: &str, component: &str) -> Result<Seconds> {
        let moment = Moment::parse(value, property.param("TZID")).ok_or_else(|| invalid(property, component, "it can't be read"))?;
        // Which zone stands in for none does not matter here: all that is compared stands in the same.
        zone::resolve(&moment, self, &Zone::UTC)
            .ok_or_else(|| invalid(property, component, "its TZID is no zone, and there is no VTIMEZONE for it"))
    }

    fn instant(&self, property: &Property, component: &str) -> Result<Seconds> {
        self.check_date(property, &property.value, component)
    }
}

fn moment(property: &Property, component: &str) -> Result<Moment> {
    Moment::parse(&property.value, property.param("TZID")).ok_or_else(|| invalid(property, component, "it can't be read"))
}

//! A part of an object: chosen components and properties, overrides and busy periods of a range.
//!
//! Not for: reading the choice from XML (`dav`), single instances (`expanded`). What is left over need not be a valid object.
//! RFC 4791 §9.6.1 to §9.6.4, §9.6.6, §9.6.7.

use bytes::Bytes;

use crate::error::Result;
use crate::ical::object::{CalendarObject, Node, Property, line};
use crate::ical::recurrence::{LeftOut, period_overlaps};
use crate::ical::time::TimeRange;
use crate::ical::zone::Zone;

/// Which part of an object is wanted. The default is all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// CALDAV:comp for VCALENDAR; absent: everything.
    pub comp: Option<CompChoice>,
    /// CALDAV:limit-recurrence-set: of the overrides only those that concern this range.
    pub recurrence_set: Option<TimeRange>,
    /// CALDAV:limit-freebusy-set: of FREEBUSY only the values that overlap this range.
    pub freebusy_set: Option<TimeRange>,
}

/// CALDAV:comp. One with neither properties nor components in it means all of the component, as the RFC's own example has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompChoice {
    /// `VEVENT`
    pub name: String,
    /// Which of its properties.
    pub props: Choice<PropChoice>,
    /// Which of the components in it.
    pub comps: Choice<CompChoice>,
}

/// Everything, or what is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice<T> {
    /// CALDAV:allprop, CALDAV:allcomp
    All,
    /// What is named, perhaps nothing.
    Named(Vec<T>),
}

/// CALDAV:prop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropChoice {
    /// `SUMMARY`
    pub name: String,
    /// Whether its value comes with it.
    pub value: Shown,
}

/// The attribute novalue of CALDAV:prop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The property as it was sent.
    Value,
    /// Name and parameters alone.
    NameOnly,
}

/// The part of an object that is wanted, with CRLF; what is kept of it keeps its octets. `default_zone` is for times without one.
///
/// Errors as [`crate::ical::recurrence::occurrences`] for overrides that can't be placed.
pub fn part_of(object: &CalendarObject, part: &Part, default_zone: &Zone) -> Result<Bytes> {
    if *part == Part::default() {
        return Ok(object.octets().clone());
    }
    let left_out = part.recurrence_set.map(|range| LeftOut::read(object, range, default_zone)).transpose()?;
    let mut writing = Writing { object, part, default_zone, left_out, out: Vec::with_capacity(object.octets().len()) };
    match &part.comp {
        Some(choice) if !choice.name.eq_ignore_ascii_case("VCALENDAR") => writing.named(object.root(), &[])?,
        choice => writing.component(object.root(), choice.as_ref())?,
    }
    Ok(Bytes::from(writing.out))
}

struct Writing<'a> {
    object: &'a CalendarObject,
    part: &'a Part,
    default_zone: &'a Zone,
    left_out: Option<LeftOut>,
    out: Vec<u8>,
}

impl Writing<'_> {
    /// Writes a component; without a choice all of it.
    fn component(&mut self, node: &Node, choice: Option<&CompChoice>) -> Result<()> {
        self.delimiter("BEGIN", node)?;
        for property in &node.properties {
            let shown = choice.map_or(Some(Shown::Value), |choice| choice.shows(property));
            match shown {
                Some(Shown::Value) => self.property(property),
                Some(Shown::NameOnly) => self.out.extend_from_slice(property.with_value(self.object.octets(), "").as_bytes()),
                None => {}
            }
        }
        match choice.map(|choice| &choice.comps) {
            Some(Choice::Named(named)) => self.named(node, named)?,
            None | Some(Choice::All) => {
                for child in &node.children {
                    self.child(child, None)?;
                }
            }
        }
        self.delimiter("END", node)
    }

    /// Writes those of a component's components that are chosen.
    fn named(&mut self, node: &Node, named: &[CompChoice]) -> Result<()> {
        for child in &node.children {
            if let Some(choice) = named.iter().find(|choice| choice.name.eq_ignore_ascii_case(&child.name)) {
                self.child(child, Some(choice))?;
            }
        }
        Ok(())
    }

    fn child(&mut self, child: &Node, choice: Option<&CompChoice>) -> Result<()> {
        if self.left_out.as_ref().is_some_and(|left_out| left_out.holds(child)) { Ok(()) } else { self.component(child, choice) }
    }

    fn property(&mut self, property: &Property) {
        let octets = self.object.octets();
        if let Some(range) = self.part.freebusy_set.filter(|_| property.name == "FREEBUSY") {
            let all: Vec<&str> = property.value.split(',').collect();
            let kept: Vec<&str> =
                all.iter().copied().filter(|value| period_overlaps(value, property, self.object, range, self.default_zone)).collect();
            if kept.is_empty() {
                return;
            }
            if kept.len() < all.len() {
                self.out.extend_from_slice(property.with_value(octets, &kept.join(",")).as_bytes());
                return;
            }
        }
        self.out.extend_from_slice(octets.get(property.span.clone()).unwrap_or_default());
    }

    fn delimiter(&mut self, name: &str, node: &Node) -> Result<()> {
        let text = line(name, &[], &node.name)?;
        self.out.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

impl CompChoice {
    fn shows(&self, property: &Property) -> Option<Shown> {
        match &self.props {
            Choice::All => Some(Shown::Value),
            Choice::Named(named) => named.iter().find(|choice| choice.name.eq_ignore_ascii_case(&property.name)).map(|choice| choice.value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERIES: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260105T100000Z\r\n\
        DURATION:PT1H\r\nRRULE:FREQ=DAILY\r\nSUMMARY;LANGUAGE=\"de\";X-A=a,b:Ein lang\r\n er Titel\r\nBEGIN:VALARM\r\nACTION:AUDIO\r\nEND:VALARM\r\n\
        END:VEVENT\r\nBEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID:20260107T100000Z\r\nDTSTART:20260201T100000Z\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260110T100000Z\r\nDTSTART:20260110T120000Z\r\nEND:VEVENT\r\n\
        END:VCALENDAR\r\n";

    fn cut(text: &str, part: &Part) -> String {
        let object = CalendarObject::parse(Bytes::from(text.to_owned())).unwrap();
        String::from_utf8(part_of(&object, part, &Zone::UTC).unwrap().to_vec()).unwrap()
    }

    fn day(from: i64, to: i64) -> Option<TimeRange> {
        // 1 January 2026.
        let at = |day: i64| 1_767_225_600 + (day - 1) * 86_400;
        Some(TimeRange { start: at(from), end: at(to) })
    }

    fn prop(name: &str, value: Shown) -> PropChoice {
        PropChoice { name: name.into(), value }
    }

    #[test]
    fn all_of_it_is_as_it_was_sent() {
        assert_eq!(cut(SERIES, &Part::default()), SERIES);
        let all = CompChoice { name: "vcalendar".into(), props: Choice::All, comps: Choice::All };
        assert_eq!(cut(SERIES, &Part { comp: Some(all), ..Part::default() }), SERIES);
    }

    #[test]
    fn properties_and_components_are_chosen_by_name() {
        let event = CompChoice {
            name: "VEVENT".into(),
            props: Choice::Named(vec![prop("uid", Shown::Value), prop("SUMMARY", Shown::NameOnly)]),
            comps: Choice::Named(vec![]),
        };
        let calendar = CompChoice { name: "VCALENDAR".into(), props: Choice::Named(vec![]), comps: Choice::Named(vec![event]) };
        let text = cut(SERIES, &Part { comp: Some(calendar), recurrence_set: day(5, 6), ..Part::default() });
        assert_eq!(text, "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY;LANGUAGE=\"de\";X-A=a,b:\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
        let other = CompChoice { name: "VCARD".into(), props: Choice::All, comps: Choice::All };
        assert_eq!(cut(SERIES, &Part { comp: Some(other), ..Part::default() }), "");
    }

    #[test]
    fn overrides_stay_where_they_are_or_were_in_the_range() {
        let ids = |from, to| {
            let text = cut(SERIES, &Part { recurrence_set: day(from, to), ..Part::default() });
            text.lines()
                .filter(|line| line.starts_with("RECURRENCE-ID"))
                .map(|line| line.get(line.len() - 10..line.len() - 8).unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(ids(5, 7), [""; 0]);
        assert_eq!(ids(7, 8), ["07"]);
        assert_eq!(ids(8, 9), [""; 0]);
        assert_eq!(ids(20, 21), ["10"]);
        assert_eq!(ids(32, 33), ["07", "10"]);
    }

    #[test]
    fn only_overrides_are_left_out() {
        let text = "BEGIN:VCALENDAR\r\nBEGIN:VPOLL\r\nUID:a\r\nBEGIN:VEVENT\r\nUID:b\r\nRECURRENCE-ID:20260107T100000Z\r\n\
            DTSTART:20260107T100000Z\r\nEND:VEVENT\r\nEND:VPOLL\r\nEND:VCALENDAR\r\n";
        assert_eq!(cut(text, &Part { recurrence_set: day(20, 21), ..Part::default() }), text);
    }

    #[test]
    fn an_override_of_all_that_follow_stays_for_those_that_are_its_own() {
        let part = |more: &str| {
            format!(
                "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260105T100000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=20\r\nEND:VEVENT\r\n\
                 BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260110T100000Z\r\nDTSTART:20260111T230000Z\r\nDURATION:PT1H\r\n\
                 SUMMARY:first\r\nEND:VEVENT\r\n{more}END:VCALENDAR\r\n"
            )
        };
        let kept = |more: &str, from, to| {
            let text = cut(&part(more), &Part { recurrence_set: day(from, to), ..Part::default() });
            text.contains("SUMMARY:first")
        };
        // From where it was to where it went last, and not after the series is over.
        assert!(!kept("", 9, 10) && kept("", 10, 11) && kept("", 24, 25) && kept("", 25, 26) && !kept("", 26, 27));
        let next =
            "BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260115T100000Z\r\nDTSTART:20260115T120000Z\r\nEND:VEVENT\r\n";
        assert!(kept(next, 14, 15) && kept(next, 15, 16) && !kept(next, 17, 18));
        let one = "BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID:20260124T100000Z\r\nDTSTART:20260124T120000Z\r\nEND:VEVENT\r\n";
        assert!(kept(one, 24, 25) && !kept(one, 25, 26));
    }

    #[test]
    fn busy_periods_outside_the_range_are_left_out() {
        let text = "BEGIN:VCALENDAR\r\nBEGIN:VFREEBUSY\r\nUID:a\r\nFREEBUSY;FBTYPE=BUSY;X-B=\"a:b\":20260101T100000Z/PT1H,20260102T100000Z/PT1H,\r\n\
            \u{20}20260103T000000Z/20260103T010000Z\r\nFREEBUSY:20260101T000000Z/PT1H\r\nEND:VFREEBUSY\r\nEND:VCALENDAR\r\n";
        let left = |from, to| {
            let text = cut(text, &Part { freebusy_set: day(from, to), ..Part::default() });
            text.lines().filter(|line| line.starts_with("FREEBUSY")).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(left(2, 3), ["FREEBUSY;FBTYPE=BUSY;X-B=\"a:b\":20260102T100000Z/PT1H"]);
        assert_eq!(left(1, 2).len(), 2);
        assert_eq!(left(4, 5).len(), 0);
    }
}

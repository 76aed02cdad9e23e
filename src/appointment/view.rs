//! What a lowered view shows of an event, and how an edit made under it is put back onto the whole.
//!
//! Only what is known to say nothing about a customer is left in; everything else is left out, a line that a later program writes too.
//! A view changes what is read, never what is kept: whoever sends back what they were shown has changed nothing. Not for: whose view is
//! lowered (`principal`, `app`).

use bytes::Bytes;

use super::booking::{Booking, Customer};
use super::practice::Language;
use super::words;
use crate::collection::{Entry, Etag};
use crate::error::Result;
use crate::ical::object::{CalendarObject, Editor, Node};
use crate::principal::View;

/// Raised when the same view begins to show something else: it is part of the ETag of what is shown.
const EDITION: &str = "1";

/// Properties of a VCALENDAR that are always shown.
const OF_CALENDARS: [&str; 4] = ["VERSION", "PRODID", "CALSCALE", "METHOD"];

/// Properties of an event that are always shown: when it is, how it stands, which revision it is.
const OF_EVENTS: [&str; 27] = [
    "UID",
    "DTSTAMP",
    "DTSTART",
    "DTEND",
    "DURATION",
    "DUE",
    "COMPLETED",
    "PERCENT-COMPLETE",
    "FREEBUSY",
    "RECURRENCE-ID",
    "RRULE",
    "EXRULE",
    "RDATE",
    "EXDATE",
    "SEQUENCE",
    "STATUS",
    "TRANSP",
    "CREATED",
    "LAST-MODIFIED",
    "CLASS",
    "PRIORITY",
    "COLOR",
    "X-MICROSOFT-CDO-BUSYSTATUS",
    "X-MICROSOFT-CDO-ALLDAYEVENT",
    "X-OPENSLOT-STATE",
    "X-OPENSLOT-REV",
    // With another title where that is not shown.
    "SUMMARY",
];

/// Properties that come with the name: the page of ours, the service, the categories.
const WITH_NAME: [&str; 3] = ["CATEGORIES", "X-OPENSLOT-SERVICE", "URL"];

/// A view in a language: what there is to show and to put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lens {
    /// How much is shown.
    pub view: View,
    /// In which language a hidden title is named.
    pub language: Language,
}

impl Lens {
    /// The one through which all is seen.
    pub const FULL: Lens = Lens { view: View::Full, language: Language::De };

    /// Whether something is left out.
    pub fn is_lowered(self) -> bool {
        self.view.is_lowered()
    }

    /// The tag of what is shown of the octets that have this tag: strong, and another one for each view (RFC 9110 §8.8.1).
    pub fn etag(self, etag: &Etag) -> Etag {
        if !self.is_lowered() {
            return etag.clone();
        }
        Etag::of(format!("{EDITION}/{}/{}/{}", self.view.word(), self.language.tag(), etag.as_str()).as_bytes())
    }

    /// An entry as it is shown; its size is only known once the object is read, and 0 until then.
    pub fn entry(self, entry: &Entry) -> Entry {
        if !self.is_lowered() {
            return entry.clone();
        }
        Entry { etag: self.etag(&entry.etag), size: 0, ..entry.clone() }
    }

    fn shows(self, node: &Node, name: &str) -> bool {
        match node.name.as_str() {
            "VCALENDAR" => OF_CALENDARS.contains(&name),
            "VTIMEZONE" => true,
            _ => OF_EVENTS.contains(&name) || (self.view >= View::Name && WITH_NAME.contains(&name)),
        }
    }

    /// A title as it is shown: our prefix, which says how it stands, and what the view lets be seen.
    pub fn title(self, title: &str) -> String {
        if self.view >= View::Name {
            return title.to_owned();
        }
        let (_, rest) = words::prefix_of(title);
        let prefix = title.get(..title.len() - rest.len()).unwrap_or_default();
        format!("{prefix}{}", words::taken(self.language))
    }

    /// The octets that are shown of an object.
    pub fn shown(self, object: &CalendarObject) -> Result<Bytes> {
        if !self.is_lowered() {
            return Ok(object.octets().clone());
        }
        let mut editor = Editor::new(object);
        self.hide(object.root(), &mut editor)?;
        for component in object.components() {
            self.hide(component, &mut editor)?;
            for child in &component.children {
                editor.cut(child)?;
            }
        }
        Ok(editor.finish())
    }

    fn hide(self, node: &Node, editor: &mut Editor<'_>) -> Result<()> {
        for property in &node.properties {
            if !self.shows(node, &property.name) {
                editor.remove(node, &property.name)?;
            }
        }
        if let Some(title) = node.text("SUMMARY") {
            let shown = self.title(&title);
            if shown != title {
                editor.set_text(node, "SUMMARY", &shown)?;
            }
        }
        Ok(())
    }

    /// What somebody who sees everything would have sent: `sent` was made of what was shown of `kept`. A line that was sent as it was shown,
    /// or not at all because it was not shown, is as it is kept; what was changed counts.
    pub fn whole(self, kept: &CalendarObject, sent: &CalendarObject) -> Result<CalendarObject> {
        if !self.is_lowered() {
            return Ok(sent.clone());
        }
        let shown = CalendarObject::parse(self.shown(kept)?)?;
        let mut editor = Editor::new(sent);
        let root = Layers { kept: kept.root(), shown: shown.root(), sent: sent.root() };
        self.put_back(root, kept, &mut editor)?;
        for component in sent.components() {
            let at = |object: &CalendarObject| counterpart(object, component);
            // An exception that the client has made is one to the whole event.
            let master = kept.components().position(|node| node.first("RECURRENCE-ID").is_none());
            let Some(place) = at(kept).or(master) else { continue };
            if let (Some(was), Some(seen)) = (kept.components().nth(place), shown.components().nth(place)) {
                self.put_back(Layers { kept: was, shown: seen, sent: component }, kept, &mut editor)?;
                put_back_children(was, component, (kept, sent), &mut editor)?;
            }
        }
        CalendarObject::parse(editor.finish())
    }

    fn put_back(self, layers: Layers<'_>, kept: &CalendarObject, editor: &mut Editor<'_>) -> Result<()> {
        let Layers { kept: was, shown, sent } = layers;
        let mut names: Vec<&str> = was.properties.iter().chain(&sent.properties).map(|property| property.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            if same(sent, shown, name) {
                if !same(sent, was, name) {
                    editor.copy(sent, name, kept, was)?;
                }
            } else if name == "SUMMARY" {
                if let Some(title) = sent.text(name) {
                    editor.set_text(sent, name, &self.untitled(&title, &was.text(name).unwrap_or_default()))?;
                }
            } else if name == "DESCRIPTION"
                && let Some(hidden) = was.text(name)
                && let Some(typed) = sent.text(name).filter(|typed| !typed.trim().is_empty())
            {
                // What was typed by somebody who did not see the text comes below it: of a booking, among the notes.
                editor.set_text(sent, name, &format!("{}\n{typed}\n", hidden.trim_end()))?;
            } else if !self.shows(sent, name) && was.first(name).is_some() {
                // Nobody writes over what they were not shown.
                editor.copy(sent, name, kept, was)?;
            }
        }
        Ok(())
    }

    /// A title that was edited while another word stood for it, with the title itself again in place of the word.
    fn untitled(self, sent: &str, kept: &str) -> String {
        if self.view >= View::Name {
            return sent.to_owned();
        }
        sent.replacen(words::taken(self.language), words::prefix_of(kept).1, 1)
    }

    /// A booking as pages show it.
    pub fn booking(self, booking: Booking) -> Booking {
        let Customer { salutation, given_name, family_name, .. } = booking.customer.clone();
        match self.view {
            View::Full => booking,
            View::Name => {
                let customer = Customer { salutation, given_name, family_name, ..Customer::default() };
                Booking { customer, notes: String::new(), log: Vec::new(), place: String::new(), ..booking }
            }
            View::Busy => Booking {
                customer: Customer::default(),
                notes: String::new(),
                log: Vec::new(),
                place: String::new(),
                service: None,
                summary: words::taken(self.language).to_owned(),
                ..booking
            },
        }
    }
}

/// One component as it is kept, as it was shown, and as it was sent.
#[derive(Clone, Copy)]
struct Layers<'a> {
    kept: &'a Node,
    shown: &'a Node,
    sent: &'a Node,
}

/// Which component of an object is the same instance.
fn counterpart(object: &CalendarObject, component: &Node) -> Option<usize> {
    let instance = |node: &Node| node.first("RECURRENCE-ID").map(|property| property.value.clone());
    object.components().position(|node| node.name == component.name && instance(node) == instance(component))
}

/// Alarms are not shown; those that are kept stay beside those that were sent.
fn put_back_children(was: &Node, sent: &Node, objects: (&CalendarObject, &CalendarObject), editor: &mut Editor<'_>) -> Result<()> {
    let (kept, new) = objects;
    let octets = |object: &CalendarObject, node: &Node| object.octets().get(node.span.clone()).map(<[u8]>::to_vec);
    for child in &was.children {
        if !sent.children.iter().any(|other| octets(new, other) == octets(kept, child)) {
            editor.adopt(sent, kept, child)?;
        }
    }
    Ok(())
}

fn same(a: &Node, b: &Node, name: &str) -> bool {
    let lines = |node: &Node| node.all(name).map(|line| (line.params.clone(), line.value.clone())).collect::<Vec<_>>();
    lines(a) == lines(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ical::object::{escape_text, line};

    const KEPT: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nX-WR-CALDESC:Erika\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTAMP:20260301T000000Z\r\n\
        DTSTART:20260326T100000Z\r\nDTEND:20260326T110000Z\r\nSUMMARY:ANFRAGE: Beratung – Muster\\, Erika\r\nLOCATION:Bei Erika\r\n\
        DESCRIPTION:E-Mail: erika@example.com\\n\\nNotizen\\nalt\\n\r\nSTATUS:TENTATIVE\r\nX-OPENSLOT-REV:1\r\nX-NEW;A=1:Erika\r\nBEGIN:VALARM\r\n\
        ACTION:DISPLAY\r\nDESCRIPTION:Erika\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    fn object(text: &str) -> CalendarObject {
        CalendarObject::parse(Bytes::from(text.to_owned())).unwrap()
    }

    fn lens(view: View) -> Lens {
        Lens { view, language: Language::De }
    }

    fn text(octets: &Bytes) -> String {
        String::from_utf8(octets.to_vec()).unwrap()
    }

    #[test]
    fn less_is_shown_with_each_view() {
        let kept = object(KEPT);
        assert_eq!(lens(View::Full).shown(&kept).unwrap(), KEPT);
        let name = text(&lens(View::Name).shown(&kept).unwrap());
        assert!(
            name.contains("SUMMARY:ANFRAGE: Beratung – Muster\\, Erika\r\n")
                && !name.contains("example.com")
                && !name.contains("Bei Erika")
        );
        let busy = text(&lens(View::Busy).shown(&kept).unwrap());
        assert!(busy.contains("SUMMARY:ANFRAGE: Belegt\r\n") && busy.contains("X-OPENSLOT-REV:1") && !busy.contains("Erika"), "{busy}");
        for shown in [name, busy] {
            assert!(!shown.contains("VALARM") && !shown.contains("X-NEW") && !shown.contains("DESCRIPTION"), "{shown}");
            object(&shown).check().unwrap();
        }
        let etag = Etag::of(KEPT.as_bytes());
        let tags = View::ALL.map(|view| lens(view).etag(&etag));
        assert!(tags[0] == etag && tags[1] != etag && tags[2] != etag && tags[1] != tags[2]);
    }

    #[test]
    fn what_was_shown_and_comes_back_changes_nothing() {
        let kept = object(KEPT);
        for view in View::ALL {
            let shown = CalendarObject::parse(lens(view).shown(&kept).unwrap()).unwrap();
            let whole = lens(view).whole(&kept, &shown).unwrap();
            let mut lines: Vec<&str> = KEPT.lines().collect();
            let back = text(whole.octets());
            let mut back: Vec<&str> = back.lines().collect();
            // Each line is there again, though not in its place.
            lines.sort_unstable();
            back.sort_unstable();
            assert_eq!(back, lines, "{view:?}");
        }
    }

    #[test]
    fn what_was_changed_counts_and_what_was_not_seen_stays() {
        let kept = object(KEPT);
        let shown = text(&lens(View::Busy).shown(&kept).unwrap());
        let note = line("DESCRIPTION", &[], &escape_text("kommt später")).unwrap();
        let sent = shown
            .replace("T110000Z", "T113000Z")
            .replace("ANFRAGE: Belegt", "OK Belegt")
            .replace("STATUS:TENTATIVE\r\n", &format!("STATUS:TENTATIVE\r\nLOCATION:Kabine 2\r\nCONTACT:Ben\r\n{note}"));
        let whole = lens(View::Busy).whole(&kept, &object(&sent)).unwrap();
        let event = whole.master().unwrap();
        assert_eq!(event.text("SUMMARY").as_deref(), Some("OK Beratung – Muster, Erika"));
        assert_eq!(event.text("LOCATION").as_deref(), Some("Bei Erika"));
        assert_eq!(event.text("CONTACT").as_deref(), Some("Ben"));
        assert_eq!(event.text("DESCRIPTION").as_deref(), Some("E-Mail: erika@example.com\n\nNotizen\nalt\nkommt später\n"));
        assert!(event.text("DTEND").unwrap().contains("T113000Z") && event.children.len() == 1 && event.first("X-NEW").is_some());
    }

    #[test]
    fn an_exception_made_under_a_lowered_view_is_one_to_the_whole_event() {
        let kept = object(&KEPT.replace("STATUS:TENTATIVE", "RRULE:FREQ=DAILY;COUNT=3\r\nSTATUS:TENTATIVE"));
        let shown = text(&lens(View::Busy).shown(&kept).unwrap());
        let (head, event) = shown.split_once("BEGIN:VEVENT").unwrap();
        let exception = event
            .replace("RRULE:FREQ=DAILY;COUNT=3\r\n", "RECURRENCE-ID:20260327T100000Z\r\n")
            .replace("DTSTART:20260326T100000Z", "DTSTART:20260327T120000Z")
            .replace("DTEND:20260326T110000Z", "DTEND:20260327T130000Z");
        let sent = format!("{head}BEGIN:VEVENT{}BEGIN:VEVENT{exception}", event.replace("END:VCALENDAR\r\n", ""));
        let whole = lens(View::Busy).whole(&kept, &object(&sent)).unwrap();
        let exception = whole.overrides().next().unwrap();
        assert!(exception.text("SUMMARY").unwrap().contains("Erika") && exception.text("DESCRIPTION").unwrap().contains("erika@"));
        assert!(exception.first("RRULE").is_none());
    }
}

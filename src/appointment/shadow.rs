//! The copies of a booking that stand in the calendars of its further resources: the same times and the same text under a UID of their own.
//!
//! What staff change in a copy is a change of the booking, and is read as one. Not for: keeping them (`app::shadow`).

use std::collections::BTreeSet;

use bytes::Bytes;

use super::practice::{Id, Language};
use super::{team, words};
use crate::error::Result;
use crate::ical::object::{CalendarObject, Editor, Node, escape_text};

/// The UID of a booking's shadow on a resource. It is only made so: which booking a shadow belongs to is kept, never read from it.
pub fn uid_of(booking: &str, resource: &Id) -> String {
    format!("{booking}~{resource}")
}

/// A shadow as it differs from its booking.
#[derive(Debug, Clone, Copy)]
pub struct Half<'a> {
    /// Its UID.
    pub uid: &'a str,
    /// LOCATION where it stands, unless staff have written one of their own, which both share: one that is none of ours.
    pub place: &'a str,
    /// The line that says what deleting it does.
    pub deleting: &'a str,
}

/// The shadow of a booking's object. `ours` are the places that the practice's resources have.
pub fn cast(booking: &CalendarObject, ours: &BTreeSet<String>, half: Half<'_>) -> Result<Bytes> {
    let Half { uid, place, deleting } = half;
    let mut editor = Editor::new(booking);
    let main = booking.uid().unwrap_or_default();
    for event in booking.components().filter(|node| node.name == "VEVENT") {
        editor.set(event, "UID", &[], uid)?;
        editor.set(event, "RELATED-TO", &[], &main)?;
        if event.text("LOCATION").is_some_and(|written| ours.contains(&written)) {
            editor.set(event, "LOCATION", &[], &escape_text(place))?;
        }
        said_otherwise(&mut editor, event, deleting, |[itself, further]| [itself, further])?;
    }
    Ok(editor.finish())
}

/// The same text with the other half's lines about deleting; `turned` gives the hint as it stands here and as it stands there.
fn said_otherwise(editor: &mut Editor<'_>, event: &Node, deleting: &str, turned: fn([String; 2]) -> [String; 2]) -> Result<()> {
    let text = event.text("DESCRIPTION").unwrap_or_default();
    let mut there = team::with_deleting(&text, deleting);
    for language in Language::ALL {
        let [before, after] = turned(words::declining(language));
        if let Some(found) = there.lines().find(|line| line.trim() == before) {
            there = there.replacen(found, &after, 1);
        }
    }
    if there == text { Ok(()) } else { editor.set_text(event, "DESCRIPTION", &there) }
}

/// What a change of a shadow means for the booking itself: the object as it would have been sent for that. `ours` as in [`cast`].
pub fn as_booking(sent: &CalendarObject, booking: &CalendarObject, ours: &BTreeSet<String>) -> Result<CalendarObject> {
    let main = booking.uid().unwrap_or_default();
    let kept_text = booking.master().and_then(|kept| kept.text("DESCRIPTION")).unwrap_or_default();
    let mut editor = Editor::new(sent);
    for event in sent.components().filter(|node| node.name == "VEVENT") {
        editor.set(event, "UID", &[], &main)?;
        if event.text("RELATED-TO").is_some_and(|related| related == main) {
            editor.remove(event, "RELATED-TO")?;
        }
        if let Some(kept) = booking.master()
            && event.text("LOCATION").is_some_and(|written| ours.contains(&written))
        {
            editor.copy(event, "LOCATION", booking, kept)?;
        }
        said_otherwise(&mut editor, event, team::deleting(&kept_text), |[itself, further]| [further, itself])?;
    }
    CalendarObject::parse(editor.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOKING: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\n\
        DTSTART:20260102T100000Z\r\nDTEND:20260102T110000Z\r\nLOCATION:Kabine 1\\, Ulm\r\nSUMMARY:Beratung\r\n\
        DESCRIPTION:Kopf\\nDiesen Eintrag löschen: sagt ab\\n\\nNotizen\r\nX-A;X=Y:z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    fn parse(text: &str) -> CalendarObject {
        CalendarObject::parse(Bytes::from(text.to_owned())).unwrap()
    }

    fn ours() -> BTreeSet<String> {
        ["Kabine 1, Ulm", "Anna, Ulm"].map(str::to_owned).into()
    }

    fn half(uid: &str) -> Half<'_> {
        Half { uid, place: "Anna, Ulm", deleting: "Diesen Eintrag löschen: nimmt nur „Anna“ heraus" }
    }

    #[test]
    fn there_and_back_nothing_is_lost() {
        let booking = parse(BOOKING);
        let uid = uid_of("a", &Id("anna".into()));
        let shadow = CalendarObject::parse(cast(&booking, &ours(), half(&uid)).unwrap()).unwrap();
        let event = shadow.master().unwrap();
        assert_eq!(shadow.uid().as_deref(), Some("a~anna"));
        assert_eq!(event.text("RELATED-TO").as_deref(), Some("a"));
        assert_eq!(event.text("LOCATION").as_deref(), Some("Anna, Ulm"));
        let text = event.text("DESCRIPTION").unwrap();
        assert_eq!(text, "Kopf\nDiesen Eintrag löschen: nimmt nur „Anna“ heraus\n\nNotizen");
        assert_eq!(as_booking(&shadow, &booking, &ours()).unwrap().octets(), booking.octets());
    }

    #[test]
    fn the_hint_to_delete_stands_only_where_deleting_declines() {
        for language in Language::ALL {
            let [itself, further] = words::declining(language);
            let booking = parse(&BOOKING.replace("Kopf", &format!("Kopf\\n{}", escape_text(&itself))));
            let shadow = CalendarObject::parse(cast(&booking, &ours(), half("a~anna")).unwrap()).unwrap();
            let text = shadow.master().unwrap().text("DESCRIPTION").unwrap();
            assert!(text.contains(&further) && !text.contains(&itself), "{text}");
            assert!(words::is_hint(&further), "{further}");
            let back = as_booking(&shadow, &booking, &ours()).unwrap();
            assert_eq!(back.master().unwrap().text("DESCRIPTION"), booking.master().unwrap().text("DESCRIPTION"));
        }
    }

    #[test]
    fn a_place_that_staff_have_written_is_shared() {
        let booking = parse(&BOOKING.replace("Kabine 1\\, Ulm", "Hausbesuch"));
        let shadow = CalendarObject::parse(cast(&booking, &ours(), half("a~anna")).unwrap()).unwrap();
        assert_eq!(shadow.master().unwrap().text("LOCATION").as_deref(), Some("Hausbesuch"));
        let moved = parse(&String::from_utf8_lossy(shadow.octets()).replace("Hausbesuch", "Foyer"));
        let back = as_booking(&moved, &booking, &ours()).unwrap();
        assert_eq!(back.master().unwrap().text("LOCATION").as_deref(), Some("Foyer"));
    }
}

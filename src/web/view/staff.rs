//! What staff see: open requests, the next days, one appointment with its history and letters.

use chrono::NaiveDate;
use serde::Serialize;

use super::super::form::escape;
use super::super::page::dial;
use super::super::wall::Wall;
use super::relative::{Relative, relative};
use super::{When, state_word};
use crate::app::staff::{Act, Concerns, HistoryLine, Listed, Opened, Overlap, Waiting};
use crate::appointment::booking::{Customer, State};
use crate::appointment::notice::{Delivery, Outcome};
use crate::appointment::practice::{Language, Location, Practice};
use crate::appointment::team::joined;
use crate::ical::time::Seconds;
use crate::mail::mailer::told;

/// Acts by their last segment in addresses.
pub const ACTS: [(&str, Act); 7] = [
    ("confirm", Act::Confirm),
    ("decline", Act::Decline),
    ("cancel", Act::Cancel),
    ("attended", Act::Attended),
    ("no-show", Act::NoShow),
    ("restore", Act::Restore),
    ("accept", Act::Accept),
];

/// What a line of the history can have meant; a word that isn't listed shows as `edited`.
pub const GESTURES: [&str; 17] = [
    "requested",
    "booked",
    "confirmed",
    "moved",
    "cancelled",
    "declined",
    "attended",
    "no-show",
    "reopened",
    "edited",
    "deleted",
    "unclear",
    "incomplete",
    "accepted",
    "completed",
    "untimed",
    "renewed",
];

/// Pages of ours as the history names them, and the ids of what they are called: `via-ID`.
pub const PAGES: [(&str, &str); 4] = [("Web", "web"), ("Link", "link"), ("staff page", "staff-page"), ("import", "import")];

/// A letter that is due later than so many seconds from now is planned; one before, the grace of a change, is about to leave.
const PLANNED_AHEAD: i64 = 3600;

/// The ids of all letters.
#[cfg(test)]
pub const LETTER_IDS: [&str; 6] = ["requested", "confirmed", "moved", "cancelled", "declined", "reminder"];

/// The ids of all ways in which a letter can stand.
#[cfg(test)]
pub const OUTCOMES: [&str; 9] = ["waiting", "planned", "parked", "sent", "filed", "delayed", "rejected", "superseded", "dropped"];

/// A booking in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowView {
    /// The event's UID.
    pub uid: String,
    /// Its page.
    pub href: String,
    /// The branch's name.
    pub location: String,
    /// The names of the resources that hold it.
    pub resource: String,
    /// What it is called in the calendar.
    pub subject: String,
    /// The service's name, or empty.
    pub service: String,
    /// Who.
    pub name: String,
    /// `requested`, `confirmed`, …
    pub state: &'static str,
    /// When.
    pub when: When,
    /// How far away.
    pub relative: Relative,
    /// When it was asked for, local.
    pub created: String,
    /// How long ago that was.
    pub asked: Relative,
    /// What else lies over its time.
    pub overlaps: Vec<OverlapView>,
    /// The names of the resources that were taken off it, in one line, or empty.
    pub missing: String,
    /// The names of further resources that the practice no longer has, in one line, or empty.
    pub departed: String,
    /// The day on which it stands without a time, or empty.
    pub day: String,
    /// The resource whose calendar holds it, where the practice no longer has that, or empty.
    pub gone: String,
}

/// Something that lies over an appointment's time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OverlapView {
    /// When.
    pub when: When,
    /// In whose calendar.
    pub resource: String,
    /// Its title, or empty where this login may not see it.
    pub title: String,
}

/// The question before something is done that something speaks against: a request is confirmed, or somebody holds an appointment again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConfirmPage {
    /// As listed.
    pub row: RowView,
    /// What it is about, `confirm` or `restore`: the texts are `staff-sure-title-ACT` and `staff-sure-yes-ACT`.
    pub act: &'static str,
    /// Where the yes is sent.
    pub action: String,
    /// What it says yes to.
    pub yes: String,
    /// When the appointment is and who holds it, as this page shows it.
    pub seen: String,
}

/// The list of requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestsPage {
    /// Those that have lost a resource, by start.
    pub incomplete: Vec<RowView>,
    /// Newest first.
    pub rows: Vec<RowView>,
}

/// A day of the next two weeks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayRows {
    /// `2026-11-26`
    pub date: String,
    /// How far away.
    pub relative: Relative,
    /// By start.
    pub rows: Vec<RowView>,
}

/// The next days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UpcomingPage {
    /// Whatever is to come with a resource that the practice no longer has, by start.
    pub stranded: Vec<RowView>,
    /// Days that have appointments.
    pub days: Vec<DayRows>,
}

/// One appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppointmentPage {
    /// As listed.
    pub row: RowView,
    /// What the customer typed, in the order of the form; empty fields are left out.
    pub typed: Vec<Typed>,
    /// Staff's own notes, or empty.
    pub notes: String,
    /// The language in which the customer is written to: its BCP 47 tag.
    pub speaks: &'static str,
    /// Acts that can be done now.
    pub acts: Vec<Button>,
    /// Oldest first.
    pub history: Vec<LineView>,
    /// Oldest first, the waiting ones last.
    pub letters: Vec<LetterView>,
    /// Whether its event was deleted.
    pub deleted: bool,
    /// Whether this login may change it.
    pub may_write: bool,
    /// When it is and who holds it, as this page shows it: a confirmation counts for that alone.
    pub seen: String,
    /// Whether it says that nothing was confirmed since it has changed.
    pub changed: bool,
    /// The customer's link, or empty where this login is not shown it, or it leads nowhere.
    pub link: String,
}

/// What was typed in one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Typed {
    /// The label is `field-NAME`; empty for a service's own field.
    pub name: &'static str,
    /// The label of a service's own field, or empty.
    pub label: String,
    /// What was typed.
    pub value: String,
    /// `mailto:` or `tel:`, or empty.
    pub href: String,
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Button {
    /// The text is `act-ACT`.
    pub act: &'static str,
    /// Where it is sent.
    pub action: String,
}

/// A line of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineView {
    /// Local.
    pub at: String,
    /// The text is `history-WHAT`.
    pub what: &'static str,
    /// The login; empty for the customer.
    pub by: String,
    /// Through which program, or empty.
    pub via: String,
    /// For a page of ours instead: the text is `via-ID`; else empty.
    pub via_id: &'static str,
    /// Why, or from when to when; or empty.
    pub detail: String,
    /// `requested`, `confirmed`, …
    pub state: &'static str,
}

/// Why a letter has not left; empty where it has, or where it was not tried.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CauseView {
    /// The text is `cause-WORD`; empty where no common cause is known.
    pub word: &'static str,
    /// The mail server's words, or empty.
    pub said: String,
}

impl CauseView {
    /// Of the words that were kept.
    pub fn of(words: &str) -> CauseView {
        let (word, said) = told(words);
        CauseView { word, said: said.to_owned() }
    }
}

/// A letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LetterView {
    /// The text is `letter-WHAT`.
    pub what: &'static str,
    /// `customer` or `practice`: the text is `letter-to-TO`.
    pub to: &'static str,
    /// The text is `outcome-OUTCOME`.
    pub outcome: &'static str,
    /// Why it has not left.
    pub cause: CauseView,
    /// By whom it was taken out, or empty.
    pub detail: String,
    /// Local; empty while it waits.
    pub at: String,
    /// How often it was tried.
    pub attempts: u32,
}

fn location_of<'p>(practice: &'p Practice, listed: &Listed) -> Option<&'p Location> {
    practice.location(listed.location.as_ref()?.as_str())
}

/// A booking in a list. A resource that has gone shows by its id, its branch by what the event says of the place.
pub fn row(practice: &Practice, listed: &Listed, now: Seconds, language: Language) -> RowView {
    let booking = &listed.booking;
    let location = location_of(practice, listed);
    let wall = Wall::of(location.map_or(&booking.zone, |location| &location.zone));
    let today = wall.date(now);
    let service = booking.service.as_ref().and_then(|id| practice.service(id.as_str()));
    RowView {
        uid: booking.uid.clone(),
        href: appointment(&booking.uid),
        location: location.map_or(&booking.place, |location| &location.name).to_owned(),
        resource: joined(&listed.holders),
        subject: booking.summary.clone(),
        service: service.map_or("", |service| service.name.get(language)).to_owned(),
        name: booking.customer.full_name(),
        state: state_word(booking.state),
        when: When::of(booking.range, &wall),
        relative: relative(today, wall.date(booking.range.start)),
        created: wall.written(booking.created.timestamp()),
        asked: relative(today, wall.date(booking.created.timestamp())),
        overlaps: listed.concerns.overlaps.iter().map(|overlap| overlap_view(overlap, &wall)).collect(),
        missing: joined(&listed.concerns.missing),
        departed: joined(&listed.concerns.departed),
        day: listed.concerns.day.map(|day| day.to_string()).unwrap_or_default(),
        gone: listed.holders.first().filter(|_| listed.concerns.gone).cloned().unwrap_or_default(),
    }
}

fn overlap_view(overlap: &Overlap, wall: &Wall) -> OverlapView {
    OverlapView { when: When::of(overlap.range, wall), resource: overlap.resource.clone(), title: overlap.title.clone() }
}

/// The question before this is done with an opened appointment.
pub fn confirm_page(
    practice: &Practice,
    opened: &Opened,
    (act, concerns): (&'static str, &Concerns),
    now: Seconds,
    language: Language,
) -> ConfirmPage {
    let listed = Listed { concerns: concerns.clone(), ..opened.listed.clone() };
    let row = row(practice, &listed, now, language);
    ConfirmPage { act, action: format!("{}/{act}", row.href), yes: concerns.word(), seen: listed.sight(), row }
}

/// The page of an appointment.
pub fn appointment(uid: &str) -> String {
    format!("/staff/appointment/{}", escape(uid))
}

/// Rows by the day on which they begin; rows come sorted by start.
pub fn by_day(rows: Vec<RowView>) -> Vec<DayRows> {
    let mut days: Vec<DayRows> = Vec::new();
    for row in rows {
        let date = row.when.start.get(..10).unwrap_or("").parse::<NaiveDate>().map(|day| day.to_string()).unwrap_or_default();
        match days.last_mut().filter(|day| day.date == date) {
            Some(day) => day.rows.push(row),
            None => days.push(DayRows { date, relative: row.relative, rows: vec![row] }),
        }
    }
    days
}

/// One appointment, opened.
pub fn appointment_page(practice: &Practice, opened: &Opened, now: Seconds, language: Language) -> AppointmentPage {
    let booking = &opened.listed.booking;
    let location = location_of(practice, &opened.listed);
    let wall = Wall::of(location.map_or(&booking.zone, |location| &location.zone));
    let mut letters: Vec<LetterView> = opened.letters.iter().map(|delivery| letter(delivery, &wall)).collect();
    letters.extend(opened.waiting.iter().map(|letter| waiting(letter, now, &wall)));
    AppointmentPage {
        row: row(practice, &opened.listed, now, language),
        typed: typed(&booking.customer),
        notes: booking.notes.clone(),
        speaks: booking.language.tag(),
        acts: if opened.may_write { buttons(opened, now) } else { Vec::new() },
        history: opened.history.iter().map(|line| line_view(line, &wall)).collect(),
        letters,
        deleted: opened.deleted,
        may_write: opened.may_write,
        seen: opened.listed.sight(),
        changed: false,
        link: String::new(),
    }
}

fn typed(customer: &Customer) -> Vec<Typed> {
    let typed = |name: &'static str| {
        let value = customer.field(name).to_owned();
        let href = match name {
            "email" => format!("mailto:{}", escape(&value).replace("%40", "@")),
            "telephone" => format!("tel:{}", dial(&value)),
            _ => String::new(),
        };
        Typed { name, label: String::new(), value, href }
    };
    let own = customer.own.iter().map(|own| Typed { name: "", label: own.label.clone(), value: own.value.clone(), href: String::new() });
    Customer::FIELDS.into_iter().map(typed).chain(own).filter(|typed| !typed.value.is_empty()).collect()
}

/// What can be done with an appointment; that somebody came is known once it has begun.
fn buttons(opened: &Opened, now: Seconds) -> Vec<Button> {
    let Opened { listed, may_restore, .. } = opened;
    let booking = &listed.booking;
    let begun = booking.range.start <= now;
    let acts: &[&'static str] = match (booking.state, begun) {
        (State::Requested, _) => &["confirm", "decline"],
        (State::Confirmed, false) => &["cancel"],
        (State::Confirmed, true) => &["attended", "no-show"],
        // Pressed by mistake: it can be put right.
        (State::Attended, true) => &["no-show"],
        (State::NoShow, true) => &["attended"],
        _ => &[],
    };
    // Whoever is content with what is left says so, and it is asked about no more.
    let incomplete = listed.concerns.undecided && matches!(booking.state, State::Requested | State::Confirmed);
    let whole: &[&'static str] = match (incomplete, may_restore) {
        (false, _) => &[],
        (true, false) => &["accept"],
        (true, true) => &["restore", "accept"],
    };
    acts.iter().chain(whole).copied().map(|act| Button { act, action: format!("{}/{act}", appointment(&booking.uid)) }).collect()
}

fn line_view(line: &HistoryLine, wall: &Wall) -> LineView {
    LineView {
        at: wall.written(line.at),
        what: GESTURES.into_iter().find(|word| *word == line.what).unwrap_or("edited"),
        by: line.by.clone().unwrap_or_default(),
        via: line.via.clone(),
        via_id: PAGES.into_iter().find(|(via, _)| *via == line.via).map_or("", |(_, id)| id),
        detail: line.detail.clone(),
        state: state_word(line.state),
    }
}

fn letter(delivery: &Delivery, wall: &Wall) -> LetterView {
    let (outcome, detail) = match &delivery.outcome {
        Outcome::Sent => ("sent", String::new()),
        Outcome::Filed => ("filed", String::new()),
        Outcome::Delayed(_) => ("delayed", String::new()),
        Outcome::Rejected(_) => ("rejected", String::new()),
        Outcome::Superseded => ("superseded", String::new()),
        Outcome::Dropped(login) => ("dropped", login.clone()),
    };
    let cause = match &delivery.outcome {
        Outcome::Delayed(words) | Outcome::Rejected(words) => CauseView::of(words),
        _ => CauseView::default(),
    };
    LetterView {
        what: delivery.notice.kind.word(),
        to: delivery.notice.to.word(),
        outcome,
        cause,
        detail,
        at: wall.written(delivery.at),
        attempts: delivery.attempts,
    }
}

/// A letter that has not left: it is about to, or planned for a time to come.
fn waiting(letter: &Waiting, now: Seconds, wall: &Wall) -> LetterView {
    let planned = letter.due.filter(|due| *due > now.saturating_add(PLANNED_AHEAD));
    LetterView {
        what: letter.kind.word(),
        to: letter.to.word(),
        outcome: match (letter.due, planned) {
            (None, _) => "parked",
            (Some(_), Some(_)) => "planned",
            (Some(_), None) => "waiting",
        },
        cause: CauseView::default(),
        detail: String::new(),
        at: planned.map(|due| wall.written(due)).unwrap_or_default(),
        attempts: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::sample;
    use super::*;

    #[test]
    fn a_row_says_who_where_and_how_soon() {
        let listed = sample::listed(State::Requested);
        let now = listed.booking.range.start - 24 * 3600;
        let row = row(&sample::practice(), &listed, now, Language::De);
        assert_eq!((row.location.as_str(), row.resource.as_str()), ("Filiale Stuttgart", "Kabine 1"));
        assert_eq!(row.relative, Relative { id: "tomorrow", days: 1 });
        assert_eq!(row.href, format!("/staff/appointment/{}", row.uid));
    }

    #[test]
    fn buttons_follow_the_state() {
        let start = sample::booking(State::Requested).range.start;
        let plain = |state| {
            let listed = Listed { concerns: Concerns::default(), ..sample::listed(state) };
            Opened { listed, ..sample::opened(state) }
        };
        let acts = |state, now| buttons(&plain(state), now).iter().map(|b| b.act).collect::<Vec<_>>();
        assert_eq!(acts(State::Requested, start - 1), ["confirm", "decline"]);
        assert_eq!(acts(State::Confirmed, start - 1), ["cancel"]);
        assert_eq!(acts(State::Confirmed, start), ["attended", "no-show"]);
        assert_eq!(acts(State::NoShow, start), ["attended"]);
        assert!(acts(State::Cancelled, start - 1).is_empty());
        let incomplete = |may_restore| {
            buttons(&Opened { may_restore, ..sample::opened(State::Confirmed) }, start - 1).iter().map(|b| b.act).collect::<Vec<_>>()
        };
        assert_eq!(incomplete(true), ["cancel", "restore", "accept"]);
        assert_eq!(incomplete(false), ["cancel", "accept"]);
        for state in [State::Requested, State::Confirmed] {
            for act in acts(state, start) {
                assert!(ACTS.iter().any(|(word, _)| *word == act), "{act}");
            }
        }
    }

    #[test]
    fn a_reader_has_no_buttons() {
        let mut opened = sample::opened(State::Requested);
        opened.may_write = false;
        assert!(appointment_page(&sample::practice(), &opened, 0, Language::En).acts.is_empty());
    }

    #[test]
    fn contacts_are_links_and_cannot_smuggle() {
        let customer = Customer { email: "a@b.example?bcc=x".into(), telephone: "+49 711 1".into(), ..Customer::default() };
        let typed = typed(&customer);
        assert_eq!(typed[0].href, "mailto:a@b.example%3Fbcc%3Dx");
        assert_eq!(typed[1].href, "tel:+497111");
    }

    #[test]
    fn days_are_grouped() {
        let practice = sample::practice();
        let mut later = sample::listed(State::Confirmed);
        later.booking.range.start += 86_400;
        let rows = [sample::listed(State::Requested), sample::listed(State::Confirmed), later];
        let days = by_day(rows.iter().map(|listed| row(&practice, listed, 0, Language::De)).collect());
        assert_eq!(days.iter().map(|day| (day.date.as_str(), day.rows.len())).collect::<Vec<_>>(), [("2026-11-26", 2), ("2026-11-27", 1)]);
    }
}

//! What staff do on their pages. The same acts as through a calendar program, over the same code path.

use std::collections::HashSet;

use tokio::sync::broadcast;

use super::booking::{failed, hash_of};
use super::calendar::Calendar;
use super::change::{self, By};
pub use super::concerns::{Concerns, Overlap};
use super::{Actor, App, Event, shadow};
use crate::appointment::booking::{self, Booking, State};
use crate::appointment::gesture::Meaning;
use crate::appointment::notice::{Delivery, Notice, NoticeKind, Recipient};
use crate::appointment::practice::{Id, Language};
use crate::appointment::refusal::Refusal;
use crate::appointment::words;
use crate::collection::{CollectionId, Name};
use crate::error::Error;
use crate::ical::object::CalendarObject;
use crate::ical::time::{Seconds, TimeRange};
use crate::ical::zone::Zone;
use crate::principal::{Principal, Privilege};
use crate::store::key;
use crate::store::record::{self, BookingRecord, Owed, ParkedRecord};

/// A booking in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The appointment.
    pub booking: Booking,
    /// The resource whose calendar holds it.
    pub resource: Id,
    /// The names of all resources that hold it, that one first.
    pub holders: Vec<String>,
    /// The branch of the resource; absent where the practice no longer has it.
    pub location: Option<Id>,
    /// What staff should look at.
    pub concerns: Concerns,
}

impl Listed {
    /// A word for when it is and who holds it, by which somebody who confirms it says what they saw.
    pub fn sight(&self) -> String {
        sight(&self.booking, &self.holders)
    }
}

fn sight(booking: &Booking, holders: &[String]) -> String {
    hash_of(&format!("{:?} {:?} {holders:?}", booking.range, booking.day))
}

/// What somebody who presses a button has been shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shown<'a> {
    /// The word of [`Listed::sight`].
    pub seen: Option<&'a str>,
    /// The word of the [`Concerns`] to which they have said yes.
    pub yes: Option<&'a str>,
}

/// One line of a booking's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    /// Seconds since 1970, UTC.
    pub at: i64,
    /// The login, or `None` for the customer.
    pub by: Option<String>,
    /// Through which program.
    pub via: String,
    /// What it meant, one of: `requested`, `confirmed`, `moved`, `cancelled`, `declined`, `attended`, `no-show`, `reopened`, `edited`, `deleted`,
    /// `unclear`, `incomplete`, `accepted`,
    /// `completed`, `untimed`.
    pub what: String,
    /// What the line in DESCRIPTION adds: why, or from when to when; or empty.
    pub detail: String,
    /// Where it stood afterwards.
    pub state: State,
}

/// A booking, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The booking as listed.
    pub listed: Listed,
    /// Oldest first.
    pub history: Vec<HistoryLine>,
    /// The letters about it and how sending them went, oldest first; those still waiting have no outcome in `waiting`.
    pub letters: Vec<Delivery>,
    /// Letters that were not tried yet, by the time at which they are due.
    pub waiting: Vec<Waiting>,
    /// Whether its event was deleted: nobody can do anything with it here.
    pub deleted: bool,
    /// Whether this login may change it.
    pub may_write: bool,
    /// Whether it may put it back into every calendar that it was taken out of.
    pub may_restore: bool,
}

/// A letter that was not tried yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// What it says.
    pub kind: NoticeKind,
    /// To whom.
    pub to: Recipient,
    /// When it is due, in seconds since 1970; absent: when somebody lets it go.
    pub due: Option<i64>,
}

/// What staff can do with a booking by a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// A request becomes an appointment.
    Confirm,
    /// A request is turned down.
    Decline,
    /// An appointment is called off.
    Cancel,
    /// The customer came.
    Attended,
    /// The customer did not come.
    NoShow,
    /// An incomplete appointment is as it should be.
    Accept,
    /// Whoever was taken off it holds it again.
    Restore,
}

/// What became of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acted {
    /// It is done.
    Done,
    /// Nothing is done until somebody says yes to this.
    Asks(Concerns),
    /// Nothing is done: it is at another time, or held by others, than whoever pressed was shown.
    Changed,
}

/// How many bookings one list shows at most.
const MAX_LISTED: usize = 500;

/// How often an act is tried anew because the calendars have changed while it was decided.
const MAX_TRIES: usize = 8;

impl App {
    /// Open requests in the calendars this login sees, newest first.
    pub async fn requests(&self, who: &Principal) -> Result<Vec<Listed>, Refusal> {
        let mut listed = Vec::new();
        let seen = self.seen(who).await?;
        for calendar in &seen {
            for (key, octets) in self.store.scan(&key::requests(calendar.id), MAX_LISTED).await.map_err(failed)? {
                let name: Name = record::decode(&octets).map_err(failed)?;
                let created = key::created_of(&key).unwrap_or(0);
                listed.extend(self.listed(&seen, calendar, &name).await?.map(|listed| (created, listed)));
            }
        }
        listed.sort_by_key(|(created, listed)| (-created, listed.booking.range.start));
        Ok(listed.into_iter().take(MAX_LISTED).map(|(_, listed)| listed).collect())
    }

    /// Bookings that have lost a resource or their time in the calendars this login sees, by start, however far away they are.
    pub async fn incomplete(&self, who: &Principal) -> Result<Vec<Listed>, Refusal> {
        let mut listed = Vec::new();
        let seen = self.seen(who).await?;
        for calendar in &seen {
            for (_, octets) in self.store.scan(&key::incomplete(calendar.id), MAX_LISTED).await.map_err(failed)? {
                let name: Name = record::decode(&octets).map_err(failed)?;
                listed.extend(self.listed(&seen, calendar, &name).await?);
            }
        }
        listed.sort_by_key(|listed| listed.booking.range.start);
        listed.truncate(MAX_LISTED);
        Ok(listed)
    }

    /// Bookings of the next `days` days from now in the calendars this login sees, by start, whatever their state.
    pub async fn upcoming(&self, who: &Principal, days: u32) -> Result<Vec<Listed>, Refusal> {
        let range = TimeRange { start: self.now(), end: self.now() + i64::from(days) * 86_400 };
        let mut listed = Vec::new();
        let calendars = self.seen(who).await?;
        for calendar in &calendars {
            let found = self.store.occurrences(calendar.id, range).await.map_err(failed)?;
            let (mut seen, mut shown) = (HashSet::new(), 0);
            // By start, so that a full list ends with what is furthest away.
            for (name, _) in found {
                if shown < MAX_LISTED && seen.insert(name.clone()) {
                    let one = self.listed(&calendars, calendar, &name).await?;
                    shown += usize::from(one.is_some());
                    listed.extend(one);
                }
            }
        }
        listed.sort_by_key(|listed| (listed.booking.range.start, listed.resource.clone()));
        listed.truncate(MAX_LISTED);
        Ok(listed)
    }

    /// A booking by its UID, with its history.
    pub async fn open(&self, who: &Principal, uid: &str) -> Result<Opened, Refusal> {
        let record: BookingRecord = self.store.record(&key::booking(uid)).await.map_err(failed)?.ok_or(Refusal::NotFound)?;
        let seen = self.seen(who).await?;
        let calendar = seen.iter().find(|calendar| calendar.id == record.collection).ok_or(Refusal::NotFound)?;
        let booking = self.last_state(uid, &record).await?;
        let concerns = if record.deleted { Concerns::default() } else { self.concerns(&seen, &record, &booking).await? };
        let holders = self.holders_of(&record, &booking).await?;
        let listed = self.placed(calendar, booking, holders, concerns).ok_or(Refusal::NotFound)?;
        let mut history = self.history(uid, &record).await?;
        if calendar.view.is_lowered() {
            history.iter_mut().for_each(|line| line.detail.clear());
        }
        let letters = self.store.scan(&key::deliveries(uid), MAX_LISTED).await.map_err(failed)?;
        // How sending went may quote the customer's address.
        let letters = if calendar.view.is_lowered() { Vec::new() } else { letters };
        let letters = letters.iter().map(|(_, octets)| record::decode(octets)).collect::<Result<Vec<Delivery>, _>>().map_err(failed)?;
        let may_write = calendar.grant.allows(Privilege::WriteContent) && !record.deleted;
        let returning = self.returning(&record).await?;
        let may_restore = may_write && !returning.is_empty() && may_fill(&seen, &returning);
        Ok(Opened { listed, history, waiting: self.waiting(uid).await?, letters, deleted: record.deleted, may_write, may_restore })
    }

    /// Does it. Done twice it is refused with [`Refusal::WrongState`]. A request is confirmed only as it was shown; what lies over its time, and
    /// who is missing at it, is asked about before; likewise what lies where somebody is to hold it again, and that takes the privilege to write there.
    pub async fn act(&self, by: &Actor, uid: &str, act: Act, shown: Shown<'_>) -> Result<Acted, Refusal> {
        for _ in 0..MAX_TRIES {
            if let Some(acted) = self.try_act(by, uid, act, shown).await? {
                return Ok(acted);
            }
        }
        Err(failed(Error::Busy))
    }

    /// `None` where the calendars have changed since they were looked at.
    async fn try_act(&self, by: &Actor, uid: &str, act: Act, shown: Shown<'_>) -> Result<Option<Acted>, Refusal> {
        let record: BookingRecord = self.store.record(&key::booking(uid)).await.map_err(failed)?.ok_or(Refusal::NotFound)?;
        let seen = self.seen(&by.principal).await?;
        let calendar = seen.iter().find(|calendar| calendar.id == record.collection).ok_or(Refusal::NotFound)?;
        if !calendar.grant.allows(Privilege::WriteContent) {
            return Err(Refusal::Forbidden);
        }
        let mut witnessed = None;
        if act == Act::Confirm && !record.deleted {
            let booking = self.last_state(uid, &record).await?;
            let (concerns, seen_so) = self.witnessed(&seen, &record, &booking).await?;
            let seen = sight(&booking, &self.holders_of(&record, &booking).await?);
            if booking.state == State::Requested && shown.seen != Some(seen.as_str()) {
                return Ok(Some(Acted::Changed));
            }
            let agreed = concerns.is_empty() || shown.yes == Some(concerns.word().as_str());
            if booking.state == State::Requested && !agreed {
                return Ok(Some(Acted::Asks(concerns)));
            }
            witnessed = Some(seen_so);
        }
        if act == Act::Restore && !record.deleted && record.standing.is_some() {
            let returning = self.returning(&record).await?;
            if returning.is_empty() {
                return Err(Refusal::WrongState);
            }
            if !may_fill(&seen, &returning) {
                return Err(Refusal::Forbidden);
            }
            let booking = self.last_state(uid, &record).await?;
            let (concerns, seen_so) = self.in_the_way(&seen, &record, &booking, &returning).await?;
            if !concerns.is_empty() && shown.yes != Some(concerns.word().as_str()) {
                return Ok(Some(Acted::Asks(concerns)));
            }
            witnessed = Some(seen_so);
        }
        let zone = Zone::named(&calendar.zone).unwrap_or(Zone::UTC);
        let missing = record.missing;
        let (scenery, uid, held) = (self.scenery(By::from(by), zone, uid), uid.to_owned(), calendar.id);
        let decided = self.commit(move |txn| {
            if let Some(witnessed) = &witnessed
                && !witnessed.holds(txn)?
            {
                return Ok(Ok(None));
            }
            let Some(mut record) = txn.booking(&uid)?.filter(|record| !record.deleted) else { return Ok(Err(Refusal::WrongState)) };
            // It was moved to another calendar since this login's right was looked up.
            if record.collection != held {
                return Ok(Err(Refusal::WrongState));
            }
            if matches!(act, Act::Accept | Act::Restore) {
                if record.missing.is_empty() || record.standing.is_none() {
                    return Ok(Err(Refusal::WrongState));
                }
                let regroup = if act == Act::Accept { shadow::accept } else { shadow::restore };
                regroup(txn, &scenery, &uid, &mut record)?;
                return Ok(Ok(Some(Acted::Done)));
            }
            let done = change::step(txn, &scenery, &record, |booking| meant(booking, act, scenery.now))?;
            Ok(done.map(|()| Some(Acted::Done)))
        });
        let decided = decided.await.map_err(failed)?;
        if matches!(decided, Ok(Some(_))) && matches!(act, Act::Accept | Act::Restore) {
            // It is decided who holds it: no move is waited for any more.
            missing.iter().for_each(|missing| self.leaving.forget(&missing.uid));
        }
        decided
    }

    /// News for an open page. Nothing is sent that this login may not see; only that something changed.
    pub fn watch(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// The resources' calendars that a login sees, for administrators those of former resources too: what stands there needs somebody's word.
    pub(super) async fn seen(&self, who: &Principal) -> Result<Vec<Calendar>, Refusal> {
        let mut seen = self.home(who).await.map_err(failed)?;
        seen.retain(|calendar| calendar.resource.is_some());
        seen.extend(self.gone_calendars(who).await.map_err(failed)?);
        Ok(seen)
    }

    /// A booking of a calendar as a list shows it; `None` for what is no booking of ours.
    async fn listed(&self, seen: &[Calendar], calendar: &Calendar, name: &Name) -> Result<Option<Listed>, Refusal> {
        let found = self.store.objects(calendar.id, std::slice::from_ref(name)).await.map_err(failed)?.pop().flatten();
        let Some(object) = found else { return Ok(None) };
        let record: Option<BookingRecord> = self.store.record(&key::booking(&object.entry.uid)).await.map_err(failed)?;
        let Some(record) = record else { return Ok(None) };
        let zone = Zone::named(&calendar.zone).unwrap_or(Zone::UTC);
        let Some(booking) = booking::read(&CalendarObject::parse(object.octets).map_err(failed)?, &zone) else { return Ok(None) };
        self.shown(seen, calendar, &record, booking).await
    }

    /// A booking as a list shows it.
    pub(super) async fn shown(
        &self,
        seen: &[Calendar],
        calendar: &Calendar,
        record: &BookingRecord,
        booking: Booking,
    ) -> Result<Option<Listed>, Refusal> {
        let concerns = self.concerns(seen, record, &booking).await?;
        let holders = self.holders_of(record, &booking).await?;
        Ok(self.placed(calendar, booking, holders, concerns))
    }

    fn placed(&self, calendar: &Calendar, booking: Booking, holders: Vec<String>, concerns: Concerns) -> Option<Listed> {
        let resource = calendar.resource.clone()?;
        let location = self.practice().resource(resource.as_str()).map(|resource| resource.location.clone());
        Some(Listed { booking: self.lens(calendar).booking(booking), resource, holders, location, concerns })
    }

    async fn history(&self, uid: &str, record: &BookingRecord) -> Result<Vec<HistoryLine>, Refusal> {
        let mut lines = Vec::new();
        let mut calendars: Vec<CollectionId> = record.former.clone();
        calendars.push(record.collection);
        calendars.sort();
        calendars.dedup();
        for id in calendars {
            let zone = self.store.zone(id).await.map_err(failed)?;
            for revision in self.store.revisions(id, uid).await.map_err(failed)? {
                let octets = self.store.revision_octets(id, uid, &revision).await.map_err(failed)?;
                let object = octets.and_then(|octets| CalendarObject::parse(octets).ok());
                let after = object.and_then(|object| booking::read(&object, &zone));
                let state = after.as_ref().map_or(State::Cancelled, |booking| booking.state);
                // What is only edited adds no line.
                let after = after.filter(|_| revision.what != "edited");
                let detail = after.map_or(String::new(), |booking| detail_of(&booking, &revision.via));
                lines.push((
                    revision.version,
                    HistoryLine { at: revision.at, by: revision.by, via: revision.via, what: revision.what, detail, state },
                ));
            }
        }
        lines.sort_by_key(|(version, line)| (line.at, *version));
        let mut lines: Vec<HistoryLine> = lines.into_iter().map(|(_, line)| line).collect();
        // Deleting one that still blocks its time is two revisions, called off and gone, of one act.
        lines.dedup_by(|gone, off| gone.what == "deleted" && (&off.what, &off.by, off.at) == (&gone.what, &gone.by, gone.at));
        Ok(lines)
    }

    async fn waiting(&self, uid: &str) -> Result<Vec<Waiting>, Refusal> {
        let mut waiting = Vec::new();
        for (key, octets) in self.store.scan(&key::outbox(), 10_000).await.map_err(failed)? {
            let owed: Owed = record::decode(&octets).map_err(failed)?;
            if owed.notice.uid == uid && owed.attempts == 0 {
                let Notice { kind, to, .. } = owed.notice;
                waiting.push(Waiting { kind, to, due: Some(key::due_of(&key).unwrap_or(owed.next)) });
            }
        }
        // Those that somebody must let go are due at no time.
        for (_, octets) in self.store.scan(&key::parked_of(uid), MAX_LISTED).await.map_err(failed)? {
            let Notice { kind, to, .. } = record::decode::<ParkedRecord>(&octets).map_err(failed)?.notice;
            waiting.push(Waiting { kind, to, due: None });
        }
        Ok(waiting)
    }
}

/// Whether a login that sees these calendars may put events into all of those.
fn may_fill(seen: &[Calendar], ids: &[CollectionId]) -> bool {
    let may = |id: &CollectionId| seen.iter().any(|calendar| calendar.id == *id && calendar.grant.allows(Privilege::Bind));
    ids.iter().all(may)
}

/// What the last line of a revision's own history says behind who it was: `… vom Kunden (Link), Grund: krank`.
fn detail_of(booking: &Booking, via: &str) -> String {
    // In the language that the practice had then.
    let behind = |line: &'_ str| {
        let mut doors = Language::ALL.into_iter().map(|language| format!("({})", words::door(language, via)));
        doors.find_map(|door| line.split_once(&door).map(|(_, rest)| rest.to_owned()))
    };
    let last = booking.log.last().and_then(|line| behind(line));
    last.map_or(String::new(), |rest| rest.trim_start_matches([',', ':', ' ']).to_owned())
}

/// What a button means in a state.
fn meant(booking: &Booking, act: Act, now: Seconds) -> Result<Meaning, Refusal> {
    let (state, what) = match (act, booking.state) {
        (Act::Confirm, State::Requested) => (State::Confirmed, "confirmed"),
        (Act::Decline, State::Requested) => (State::Rejected, "declined"),
        (Act::Cancel, State::Requested | State::Confirmed) => (State::Cancelled, "cancelled"),
        (Act::Attended, State::Confirmed | State::NoShow) if booking.range.start <= now => (State::Attended, "attended"),
        (Act::NoShow, State::Confirmed | State::Attended) if booking.range.start <= now => (State::NoShow, "no-show"),
        _ => return Err(Refusal::WrongState),
    };
    Ok(Meaning { state, what, moved: false })
}

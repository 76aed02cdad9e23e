//! Objects stored and deleted, collections made and deleted: what is checked before the line, and what is decided in it.
//!
//! Not for: bookings (`app::change`), copies and moves (`app::transfer`), cards (`app::address`). RFC 4791 §5.3.

use bytes::Bytes;

use super::homes::SHARED;
use super::properties::{owner, patch};
use super::{Calendar, NewCalendar, PropertyTarget};
use crate::app::access::unshare;
use crate::app::address::CUSTOMERS;
use crate::app::change::{self, By, Matched, Scenery};
use crate::app::describing::describe;
use crate::app::leaving::Left;
use crate::app::setting::{self, Setting};
use crate::app::{Actor, App, feed, shadow};
use crate::appointment::hours;
use crate::appointment::view::Lens;
use crate::collection::{CollectionId, Condition, Entry, Etag, MAX_NAME_LEN, Name, Object};
use crate::error::{Error, Precondition, Result};
use crate::ical::component::Status;
use crate::ical::object::{CalendarObject, MAX_KEPT_SIZE, fits};
use crate::ical::recurrence::occurrences;
use crate::ical::zone::Zone;
use crate::index::Indexed;
use crate::principal::{Grant, Principal, Privilege};
use crate::store::engine::Key;
use crate::store::key::{self, HomeKind};
use crate::store::record::{BookingRecord, CollectionRecord, ShadowRecord};
use crate::store::txn::{Note, Txn};

/// What a PUT did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Put {
    /// 201 rather than 204.
    pub created: bool,
    /// Absent where what is kept differs from what was sent (RFC 4791 §5.3.4).
    pub etag: Option<Etag>,
    /// Of a booking (RFC 6638 §3.2.10).
    pub schedule_tag: Option<Etag>,
}

/// How many calendars of its own a login may have, and how many address books.
pub(in crate::app) const MAX_OWN: usize = 100;

impl App {
    /// The resources' calendars out of which a login may move a booking into this one. Hardly any PUT is a move: the others ask no further.
    async fn sources(&self, who: &Principal, calendar: &Calendar, uid: &str) -> Result<Vec<CollectionId>> {
        let mut writable = Vec::new();
        let main: Option<String> = self.store.record(&key::shadow(uid)).await?;
        let record: Option<BookingRecord> = self.store.record(&key::booking(main.as_deref().unwrap_or(uid))).await?;
        let stands_here = |record: &BookingRecord| match &main {
            None => record.collection == calendar.id,
            Some(_) => record.shadows.iter().any(|shadow| shadow.uid == uid && shadow.collection == calendar.id),
        };
        if record.as_ref().is_none_or(stands_here) {
            return Ok(writable);
        }
        for (resource, _) in self.grants(who).await?.iter().filter(|(_, grant)| grant.allows(Privilege::Unbind)) {
            writable.extend(self.collection_of(resource.as_str()).await?);
        }
        Ok(writable)
    }

    /// Stores an object. Checks RFC 4791 §5.3.2.1; a booking's change is understood as a gesture and answered without an ETag.
    pub async fn put(&self, by: &Actor, calendar: &Calendar, name: &Name, octets: Bytes, condition: Condition) -> Result<Put> {
        let (write, scenery) = self.put_wish(by, calendar, name, octets, condition).await?;
        let uid = write.uid.clone();
        let put = self.commit_by(by, move |txn| write.decide(txn, &scenery)).await?;
        self.leaving.forget(&uid);
        Ok(put)
    }

    /// Checks an object that shall be stored; what is left is to be decided in the line.
    pub(in crate::app) async fn put_wish(
        &self,
        by: &Actor,
        calendar: &Calendar,
        name: &Name,
        octets: Bytes,
        condition: Condition,
    ) -> Result<(PutWish, Scenery)> {
        if calendar.source.is_some() {
            return Err(Error::Declined("A subscribed calendar holds nothing here: it is read from its source.".into()));
        }
        // Nothing so large stands anywhere; with what does it is compared in the line.
        fits(octets.len(), MAX_KEPT_SIZE)?;
        let object = CalendarObject::parse_sent(octets.clone())?;
        let kept = object.check()?;
        if kept.component != calendar.component {
            let sentence = format!("This calendar holds {}, not {}.", calendar.component.as_str(), kept.component.as_str());
            return Err(Error::Refused(Precondition::SupportedCalendarComponent, sentence));
        }
        let zone = Zone::named(&calendar.zone).unwrap_or(Zone::UTC);
        let (entry, indexed) = describe(&object, name, kept.component, &zone, self.store.horizon(), self.now())?;
        if calendar.hours.is_some() {
            // A series with more times than are worked out counts as all its time elsewhere: here it would open the door for good.
            occurrences(&object, self.store.horizon(), &zone)?;
            if self.is_booking(&kept.uid).await? {
                return Err(Error::Declined(
                    "An appointment is no opening time, and whoever sees the hours need not see its customer.".into(),
                ));
            }
        }
        let scenery = self.scenery(By::from(by), zone, &kept.uid);
        let taken_from = self.sources(&by.principal, calendar, &kept.uid).await?;
        let (id, name, grant, uid) = (calendar.id, name.clone(), calendar.grant, kept.uid.clone());
        let lens = self.lens(calendar);
        Ok((PutWish { id, name, grant, lens, taken_from, condition, uid, object, entry, indexed, copied: 0 }, scenery))
    }

    /// Whether a UID is that of a booking, or of its copy in a further calendar.
    async fn is_booking(&self, uid: &str) -> Result<bool> {
        let (booking, shadow) = (self.store.value(key::booking(uid)).await?, self.store.value(key::shadow(uid)).await?);
        Ok(booking.is_some() || shadow.is_some())
    }

    /// Deletes an object; a booking is cancelled and its history kept.
    pub async fn delete(&self, by: &Actor, calendar: &Calendar, name: &Name, condition: Condition) -> Result<()> {
        require(calendar.grant, Privilege::Unbind)?;
        let zone = Zone::named(&calendar.zone).unwrap_or(Zone::UTC);
        let entry = self.store.entries_of(calendar.id, std::slice::from_ref(name)).await?.pop().flatten().ok_or(Error::NotFound)?;
        let uid = entry.uid.clone();
        let (scenery, id, name) = (self.scenery(By::from(by), zone, &uid), calendar.id, name.clone());
        self.keep_time(id, &entry).await?;
        let lens = self.lens(calendar);
        let done = self.commit_by(by, move |txn| {
            let object = txn.object(id, &name)?.ok_or(Error::NotFound)?;
            condition.check_write(Some(&lens.entry(&object.entry)))?;
            delete_object(txn, &scenery, id, object)
        });
        let done = done.await;
        if done.is_err() {
            self.leaving.forget(&uid);
        }
        done
    }

    /// A booking's time stays taken for the minute in which its deletion may be half of a move; where the practice tells at once what
    /// staff do, a deletion is what it says.
    pub(in crate::app) async fn keep_time(&self, id: CollectionId, entry: &Entry) -> Result<()> {
        let tells_later = self.practice().notify_grace_seconds > 0;
        let Some(range) = entry.span.filter(|_| tells_later && entry.status != Status::Cancelled) else { return Ok(()) };
        let main: Option<String> = self.store.record(&key::shadow(&entry.uid)).await?;
        let record: Option<BookingRecord> = self.store.record(&key::booking(main.as_deref().unwrap_or(&entry.uid))).await?;
        let Some(record) = record else { return Ok(()) };
        let stands = |shadow: &ShadowRecord| shadow.uid == entry.uid && shadow.collection == id && shadow.name == entry.name;
        let collections: Vec<CollectionId> = match main {
            // Whoever holds it beside the calendar that it is deleted from loses it by the same act, and gets it back by the same PUT.
            None if record.collection == id && record.name == entry.name => record.held().map(|(id, _)| id).collect(),
            Some(_) if record.shadows.iter().any(stands) => vec![id],
            _ => return Ok(()),
        };
        let now = self.now();
        self.leaving.add(Left { collections, uid: entry.uid.clone(), range, until: now + change::MOVE_GRACE }, now);
        Ok(())
    }

    /// Whether no login can give a collection in its home this name: a resource's, that of opening hours or of the customers on file, or one
    /// under which collections of other logins are shown, now or once they are shared.
    pub(in crate::app) fn is_reserved(&self, kind: HomeKind, name: &Name) -> bool {
        let practices = match kind {
            HomeKind::Calendars => self.practice().resource(name.as_str()).is_some() || hours::Place::of_name(name.as_str()).is_some(),
            HomeKind::AddressBooks => name.as_str() == CUSTOMERS,
        };
        practices || name.as_str().contains(SHARED)
    }

    /// Makes a calendar in the caller's own home (RFC 4791 §5.3.1).
    pub async fn make_calendar(&self, by: &Actor, name: &Name, new: NewCalendar) -> Result<()> {
        if self.calendar(&by.principal, name).await.is_ok() {
            return Err(Error::Refused(Precondition::ResourceMustBeNull, "There is a calendar of this name already.".into()));
        }
        self.make_own(by, name, new).await
    }

    /// Makes a collection in one of the caller's homes: in that where such collections lie.
    pub(in crate::app) async fn make_own(&self, by: &Actor, name: &Name, new: NewCalendar) -> Result<()> {
        let kind = HomeKind::of(new.component);
        if self.is_reserved(kind, name) {
            let sentence = "This name is the practice's, or one under which collections of others are shown.";
            let precondition = match kind {
                HomeKind::Calendars => Precondition::CalendarCollectionLocationOk,
                HomeKind::AddressBooks => Precondition::AddressbookCollectionLocationOk,
            };
            return Err(Error::Refused(precondition, sentence.into()));
        }
        let login = by.principal.login.clone();
        can_be_shown(&login, name)?;
        let (home, member) = (kind.home(&login), kind.member(&login, name));
        let zone = self.practice().zone().to_owned();
        let whose = setting::Owner { login: login.clone(), zone: zone.clone() };
        let (owned, source) = (Some(login.clone()), new.source);
        let record = CollectionRecord { component: new.component, zone, resource: None, owner: owned, title: None, source };
        let (properties, settings) = (new.properties, new.settings);
        self.commit_by(by, move |txn| {
            if txn.locked(&member)?.is_some() {
                return Err(Error::Refused(Precondition::ResourceMustBeNull, "There is a collection of this name already.".into()));
            }
            let id = bind_new(txn, (&home, &member), &record)?;
            settings.iter().try_for_each(|setting| Setting::Calendar(id, setting.clone()).apply(txn, &whose))?;
            patch(txn, &owner(&login, &PropertyTarget::Calendar(id)), &properties)
        })
        .await
    }

    /// Deletes one of the caller's own collections with everything in it; one that belongs to the practice is refused.
    pub async fn delete_calendar(&self, by: &Actor, calendar: &Calendar) -> Result<()> {
        if calendar.grant != Grant::Own {
            return Err(Error::Forbidden(Privilege::Unbind));
        }
        let (login, id) = (by.principal.login.clone(), calendar.id);
        let member = HomeKind::of(calendar.component).member(&login, &calendar.name);
        self.commit_by(by, move |txn| discard(txn, &login, &member, id)).await
    }
}

/// Deletes a login's own collection, if it still stands at this key and may go. Its addresses vanish at once, however much it held; what is
/// kept under its number is purged in the background.
pub(in crate::app) fn discard(txn: &mut Txn<'_>, login: &str, member: &Key, id: CollectionId) -> Result<()> {
    txn.locked(member)?;
    if txn.record::<CollectionId>(member)? != Some(id) {
        // Gone, or another one has this name by now.
        return Err(Error::NotFound);
    }
    if setting::read(txn, login)?.default_calendar == Some(id) {
        let sentence = "Choose another default calendar first (CALDAV:schedule-default-calendar-URL of the inbox).";
        return Err(Error::Refused(Precondition::DefaultCalendarNeeded, sentence.into()));
    }
    drop_collection(txn, login, member.clone(), id)
}

/// Refuses a name that is too long for others to be shown it beside its owner's.
pub(in crate::app) fn can_be_shown(login: &str, name: &Name) -> Result<()> {
    let room = MAX_NAME_LEN.saturating_sub(login.len() + SHARED.len_utf8());
    if name.as_str().len() <= room { Ok(()) } else { Err(Error::Declined(format!("This name has more than {room} octets."))) }
}

/// Makes a collection below a home, at the key of a member that is free.
pub(in crate::app) fn bind_new(txn: &mut Txn<'_>, (home, member): (&Key, &Key), record: &CollectionRecord) -> Result<CollectionId> {
    if txn.scan(home, MAX_OWN)?.len() >= MAX_OWN {
        return Err(Error::Refused(Precondition::QuotaNotExceeded, format!("A login may have {MAX_OWN} of these of its own.")));
    }
    let id = txn.make_collection(record)?;
    txn.write_record(member.clone(), &id)?;
    Ok(id)
}

/// Takes a login's own collection away from all its addresses; what is kept under its number is left to be purged.
pub(in crate::app) fn drop_collection(txn: &mut Txn<'_>, login: &str, member: Key, id: CollectionId) -> Result<()> {
    setting::forget(txn, login, id)?;
    feed::forget(txn, None, &[id])?;
    txn.erase(member);
    txn.erase(key::properties(&owner(login, &PropertyTarget::Calendar(id))));
    txn.erase(key::collection(id));
    unshare(txn, id)?;
    txn.write(key::deleted_collection(id), Bytes::new());
    Ok(())
}

/// Refuses with the privilege that is missing.
pub(in crate::app) fn require(grant: Grant, privilege: Privilege) -> Result<()> {
    if grant.allows(privilege) { Ok(()) } else { Err(Error::Forbidden(privilege)) }
}

/// Whether a booking's record speaks of this calendar: a UID of ours in somebody's private calendar is none of the booking's business.
fn knows(record: &BookingRecord, id: CollectionId) -> bool {
    record.collection == id || record.former.contains(&id)
}

/// A line of an ordinary object's history.
pub(in crate::app) fn plain_note(scenery: &Scenery, what: &str) -> Note {
    Note { at: scenery.now, by: scenery.by.login.clone(), via: scenery.by.via.clone(), what: what.to_owned(), sent: None, number: None }
}

/// Refuses where an object's dates were understood in a zone that has changed in between.
pub(in crate::app) fn same_zone(txn: &Txn<'_>, id: CollectionId, scenery: &Scenery) -> Result<()> {
    let collection = txn.collection(id)?.ok_or(Error::NotFound)?;
    let same = Zone::named(&collection.zone).unwrap_or(Zone::UTC).iana_name() == scenery.zone.iana_name();
    if same { Ok(()) } else { Err(Error::Busy) }
}

/// Deletes an object; a booking is called off.
pub(in crate::app) fn delete_object(txn: &mut Txn<'_>, scenery: &Scenery, id: CollectionId, object: Object) -> Result<()> {
    match txn.booking(&object.entry.uid)? {
        Some(record) if knows(&record, id) => change::delete_booking(txn, scenery, id, object, &record),
        None if shadow::booking_of(txn, &object.entry.uid)?.is_some() => shadow::delete(txn, scenery, id, &object),
        _ => txn.remove(id, &object.entry.name, plain_note(scenery, "deleted")).map(|_| ()),
    }
}

/// What a PUT would replace, once its condition, the privilege it needs and its UID have been checked.
pub(in crate::app) fn admitted(
    txn: &mut Txn<'_>,
    place: (CollectionId, &Name),
    uid: &str,
    grant: Grant,
    condition: &Condition,
    lens: Lens,
) -> Result<Option<Entry>> {
    let (id, name) = place;
    let before = txn.entry(id, name)?;
    condition.check_write(before.as_ref().map(|entry| lens.entry(entry)).as_ref())?;
    require(grant, if before.is_some() { Privilege::WriteContent } else { Privilege::Bind })?;
    let conflict = |sentence: &str| Err(Error::Refused(Precondition::NoUidConflict, sentence.to_owned()));
    if before.as_ref().is_some_and(|entry| entry.uid != uid) {
        return conflict("The object at this address has another UID.");
    }
    if txn.name_of_uid(id, uid)?.is_some_and(|other| other != *name) {
        return conflict("Another object in this collection has this UID.");
    }
    Ok(before)
}

/// A PUT, checked and waiting for its decision.
pub(in crate::app) struct PutWish {
    id: CollectionId,
    name: Name,
    grant: Grant,
    /// How much the sender was shown of what is there.
    lens: Lens,
    /// The calendars from which a booking may be moved here.
    taken_from: Vec<CollectionId>,
    condition: Condition,
    uid: String,
    object: CalendarObject,
    entry: Entry,
    indexed: Indexed,
    /// How many octets of it stand elsewhere already; 0 for what was sent.
    copied: usize,
}

impl PutWish {
    /// The wish to have what is stored already in another place too.
    pub(in crate::app) fn of_stored(mut self) -> PutWish {
        self.copied = self.object.octets().len();
        self
    }

    /// Stores the object, if it may be.
    pub(in crate::app) fn decide(&self, txn: &mut Txn<'_>, scenery: &Scenery) -> Result<Put> {
        same_zone(txn, self.id, scenery)?;
        let before = admitted(txn, (self.id, &self.name), &self.uid, self.grant, &self.condition, self.lens)?;
        if let Some(entry) = before.as_ref().filter(|entry| !self.lens.is_lowered() && entry.etag == self.entry.etag) {
            return Ok(Put { created: false, etag: Some(entry.etag.clone()), schedule_tag: entry.schedule_tag.clone() });
        }
        let created = before.is_none();
        if let Some(record) = self.booking(txn)? {
            let matched = if matches!(self.condition, Condition::Matches(_)) { Matched::Yes } else { Matched::No };
            change::put_booking(txn, scenery, (self.id, &self.name), &self.object, self.lens, &record, matched)?;
            let schedule_tag = txn.entry(self.id, &self.name)?.and_then(|entry| entry.schedule_tag);
            return Ok(Put { created, etag: None, schedule_tag });
        }
        if self.shadow(txn)? {
            let matched = if matches!(self.condition, Condition::Matches(_)) { Matched::Yes } else { Matched::No };
            shadow::put(txn, scenery, (self.id, &self.name), &self.object, self.lens, matched)?;
            return Ok(Put { created, etag: None, schedule_tag: None });
        }
        let stored = before.map_or(0, |entry| usize::try_from(entry.size).unwrap_or(usize::MAX));
        fits(self.object.octets().len(), stored.max(self.copied))?;
        let note = plain_note(scenery, if created { "created" } else { "edited" });
        if self.lens.is_lowered() {
            // Whoever has put something there is not shown all of it either: they read it again.
            self.put_back(txn, scenery, note)?;
            return Ok(Put { created, etag: None, schedule_tag: None });
        }
        txn.put(self.id, self.entry.clone(), self.object.octets(), self.indexed.clone(), note)?;
        Ok(Put { created, etag: Some(self.entry.etag.clone()), schedule_tag: None })
    }

    /// Writes what was sent by somebody who did not see all that is there.
    fn put_back(&self, txn: &mut Txn<'_>, scenery: &Scenery, note: Note) -> Result<()> {
        let kept = txn.object(self.id, &self.name)?.map(|object| CalendarObject::parse(object.octets)).transpose()?;
        let stored = kept.as_ref().map_or(0, |kept| kept.octets().len());
        let whole = kept.map_or_else(|| Ok(self.object.clone()), |kept| self.lens.whole(&kept, &self.object))?;
        fits(whole.octets().len(), stored.max(self.copied))?;
        let (entry, indexed) = describe(&whole, &self.name, self.entry.component, &scenery.zone, scenery.horizon, scenery.now)?;
        txn.put(self.id, entry, whole.octets(), indexed, note).map(|_| ())
    }

    /// Whether this is the copy of a booking of several resources: it stands here, or is being moved here, or comes back.
    fn shadow(&self, txn: &Txn<'_>) -> Result<bool> {
        let Some((_, record)) = shadow::booking_of(txn, &self.uid)? else { return Ok(false) };
        let here = txn.collection(self.id)?.is_some_and(|collection| collection.resource.is_some());
        let stands = record.shadows.iter().find(|shadow| shadow.uid == self.uid);
        let may = stands.is_none_or(|shadow| shadow.collection == self.id || self.taken_from.contains(&shadow.collection));
        Ok(here && may && record.collection != self.id && self.object.master().is_some())
    }

    /// The booking that this is a change of: it stands here, stood here, or is being moved here from another resource's calendar.
    fn booking(&self, txn: &Txn<'_>) -> Result<Option<BookingRecord>> {
        let Some(record) = txn.booking(&self.uid)? else { return Ok(None) };
        let here = txn.collection(self.id)?.is_some_and(|collection| collection.resource.is_some());
        // Knowing a UID is no right to the calendar in which the booking stands.
        let may = record.collection == self.id || self.taken_from.contains(&record.collection);
        if !here || !may {
            return Ok(None);
        }
        if record.collection == self.id && self.object.master().is_none() {
            let sentence = "An appointment is one event; exceptions alone can't take its place.";
            return Err(Error::Refused(Precondition::ValidCalendarObjectResource, sentence.into()));
        }
        Ok(Some(record).filter(|_| self.object.master().is_some()))
    }
}

//! COPY and MOVE between and within calendars or address books: one commit, by the same decisions as PUT and DELETE.
//!
//! A booking that moves from one resource's calendar to another's is the gesture "moved", and nothing else. It is never copied into a
//! second one: two events of one booking would both block their time, and which of them is meant nobody could say.
//! Not for: files (`app::files`). RFC 4918 §9.8 and §9.9, RFC 4791 §5.3.2.1, RFC 3744 §3 (bind, unbind).

use super::calendar::{Calendar, Put, can_be_shown, delete_object, plain_note, require, same_zone};
use super::change::{self, By, Scenery};
use super::duplicate::{make_room, reserved};
use super::files::{Overwrite, Way, Written};
use super::{Actor, App, shadow};
use crate::collection::{CollectionId, Condition, Entry, Etag, Name, Object};
use crate::error::{Error, Precondition, Result};
use crate::ical::component::Component;
use crate::ical::object::CalendarObject;
use crate::ical::zone::Zone;
use crate::index::Indexed;
use crate::principal::{Grant, Privilege};
use crate::store::key::HomeKind;
use crate::store::txn::Txn;

/// An object's way to another name or another collection of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectTransfer {
    /// Where it is.
    pub from: Calendar,
    /// Its name there.
    pub name: Name,
    /// Where it shall be.
    pub to: Calendar,
    /// Its name there.
    pub new_name: Name,
    /// Whether it stays where it is, too.
    pub way: Way,
    /// What becomes of an object of the new name.
    pub overwrite: Overwrite,
    /// What must hold of the object as it is.
    pub condition: Condition,
}

/// The PUT at a destination, checked and waiting for its decision.
type Arrival = Box<dyn Fn(&mut Txn<'_>) -> Result<Put> + Send>;

/// What was known of a transfer's two ends before its decision.
struct Ends {
    from: CollectionId,
    name: Name,
    etag: Etag,
    to: CollectionId,
    new_name: Name,
    /// What stands at the destination, and how its end is told.
    there: Option<(String, Scenery)>,
    to_grant: Grant,
    way: Way,
    overwrite: Overwrite,
    condition: Condition,
}

impl App {
    /// Copies or moves an object, to where its privileges allow it: from and into one's own calendars, those that were shared, and those of
    /// whom one is a delegate.
    pub async fn transfer_object(&self, by: &Actor, transfer: &ObjectTransfer) -> Result<Put> {
        let ObjectTransfer { from, to, .. } = transfer;
        require(from.grant, if transfer.way == Way::Move { Privilege::Unbind } else { Privilege::Read })?;
        if self.lens(from).is_lowered() || self.lens(to).is_lowered() {
            // What would arrive is the whole of it, where it may be read by whoever was shown a part.
            return Err(Error::Declined("Who sees a part of an object copies and moves none.".into()));
        }
        if from.id == to.id && transfer.name == transfer.new_name {
            return Err(Error::Declined("Source and destination are the same object.".into()));
        }
        let source = self.store.objects(from.id, std::slice::from_ref(&transfer.name)).await?.pop().flatten().ok_or(Error::NotFound)?;
        let there = self.store.entries_of(to.id, std::slice::from_ref(&transfer.new_name)).await?.pop().flatten();
        let zone = |calendar: &Calendar| Zone::named(&calendar.zone).unwrap_or(Zone::UTC);
        let there = there.map(|entry| (entry.uid.clone(), self.scenery(By::from(by), zone(to), &entry.uid)));
        let ends = Ends {
            from: from.id,
            name: transfer.name.clone(),
            etag: source.entry.etag.clone(),
            to: to.id,
            new_name: transfer.new_name.clone(),
            there,
            to_grant: to.grant,
            way: transfer.way,
            overwrite: transfer.overwrite,
            condition: transfer.condition.clone(),
        };
        let scenery = self.scenery(By::from(by), zone(from), &source.entry.uid);
        if from.id == to.id {
            let indexed = indexed(source, &scenery)?;
            return self.commit_by(by, move |txn| ends.rename(txn, &scenery, &indexed)).await;
        }
        let arrival: Arrival = if to.component == Component::Card {
            let (wish, scenery) = self.card_wish(by, to, &transfer.new_name, source.octets, Condition::Always)?;
            Box::new(move |txn| wish.decide(txn, &scenery))
        } else {
            let (wish, scenery) = self.put_wish(by, to, &transfer.new_name, source.octets, Condition::Always).await?;
            let wish = wish.of_stored();
            Box::new(move |txn| wish.decide(txn, &scenery))
        };
        let to_resource = to.resource.is_some();
        let leaves = ends.way == Way::Move && to.resource.is_none();
        if leaves {
            self.keep_time(from.id, &source.entry).await?;
        }
        let done = self.commit_by(by, move |txn| ends.carry(txn, &scenery, &arrival, to_resource)).await;
        if !leaves || done.is_err() {
            self.leaving.forget(&source.entry.uid);
        }
        done
    }

    /// Gives one of the caller's own collections another name in their home. It stays the same one: its tokens stay good, and those of what it
    /// takes the place of do not.
    pub async fn rename_calendar(&self, by: &Actor, calendar: &Calendar, new_name: &Name, overwrite: Overwrite) -> Result<Written> {
        if calendar.grant != Grant::Own {
            return Err(Error::Forbidden(Privilege::Unbind));
        }
        if calendar.name == *new_name {
            return Err(Error::Declined("Source and destination are the same collection.".into()));
        }
        let kind = HomeKind::of(calendar.component);
        if self.is_reserved(kind, new_name) {
            return Err(reserved(overwrite));
        }
        let (login, id) = (by.principal.login.clone(), calendar.id);
        can_be_shown(&login, new_name)?;
        let (old, new) = (kind.member(&login, &calendar.name), kind.member(&login, new_name));
        self.commit_by(by, move |txn| {
            txn.locked(&old)?;
            if txn.record::<CollectionId>(&old)? != Some(id) {
                // Another one has this name by now.
                return Err(Error::NotFound);
            }
            let written = make_room(txn, &login, &new, overwrite)?;
            txn.erase(old.clone());
            txn.write_record(new.clone(), &id)?;
            Ok(written)
        })
        .await
    }
}

impl Ends {
    /// The source as it was read, and a destination that may be written.
    fn meet(&self, txn: &mut Txn<'_>) -> Result<Entry> {
        let entry = txn.entry(self.from, &self.name)?.ok_or(Error::NotFound)?;
        self.condition.check_write(Some(&entry))?;
        let there = txn.entry(self.to, &self.new_name)?.map(|entry| entry.uid);
        if entry.etag != self.etag || there.as_ref() != self.there.as_ref().map(|(uid, _)| uid) {
            // One of them has changed since it was read.
            return Err(Error::Busy);
        }
        if there.is_some() && self.overwrite == Overwrite::No {
            return Err(Error::Stale);
        }
        // Before anything there gives way: what is refused is told by the privilege that is missing there.
        require(self.to_grant, Privilege::Bind)?;
        Ok(entry)
    }

    /// Deletes what stands at the destination, unless it is another state of the same thing.
    fn clear(&self, txn: &mut Txn<'_>, uid: &str) -> Result<()> {
        let Some((_, scenery)) = self.there.as_ref().filter(|(there, _)| there != uid) else { return Ok(()) };
        require(self.to_grant, Privilege::Unbind)?;
        let object = txn.object(self.to, &self.new_name)?.ok_or(Error::Busy)?;
        delete_object(txn, scenery, self.to, object)
    }

    /// Another name in the same collection.
    fn rename(&self, txn: &mut Txn<'_>, scenery: &Scenery, indexed: &Indexed) -> Result<Put> {
        let entry = self.meet(txn)?;
        if self.way != Way::Move {
            return Err(conflict("A collection holds one object of each UID."));
        }
        same_zone(txn, self.to, scenery)?;
        self.clear(txn, &entry.uid)?;
        match txn.booking(&entry.uid)? {
            Some(record) if record.collection == self.from && record.name == self.name => {
                change::rename_booking(txn, scenery, &self.new_name, indexed, record)?;
            }
            None if shadow::booking_of(txn, &entry.uid)?.is_some() => {
                txn.rename(self.from, (&self.name, &self.new_name), indexed.clone(), plain_note(scenery, "edited"))?;
                shadow::rename(txn, self.from, &entry.uid, &self.name, &self.new_name)?;
            }
            _ => txn.rename(self.from, (&self.name, &self.new_name), indexed.clone(), plain_note(scenery, "edited")).map(|_| ())?,
        }
        Ok(Put { created: self.there.is_none(), etag: Some(entry.etag), schedule_tag: entry.schedule_tag })
    }

    /// Whether an appointment would stand twice: by a copy of it, or by a move of what is only a copy. One that was deleted can come back.
    fn is_second(&self, txn: &mut Txn<'_>, uid: &str) -> Result<bool> {
        let moves = self.way == Way::Move;
        let here = |collection, name: &Name| moves && collection == self.from && *name == self.name;
        if let Some(record) = txn.booking(uid)? {
            return Ok(!(here(record.collection, &record.name) || moves && record.deleted));
        }
        let Some((_, record)) = shadow::booking_of(txn, uid)? else { return Ok(false) };
        let is_shadow = record.shadows.iter().any(|shadow| here(shadow.collection, &shadow.name));
        Ok(!(is_shadow || moves && record.deleted))
    }

    /// Into another collection: a PUT there, and for a move a DELETE here.
    fn carry(&self, txn: &mut Txn<'_>, scenery: &Scenery, arrival: &Arrival, to_resource: bool) -> Result<Put> {
        let entry = self.meet(txn)?;
        if to_resource && self.is_second(txn, &entry.uid)? {
            return Err(conflict("An appointment stands in one calendar: move it from there, or write a new one."));
        }
        self.clear(txn, &entry.uid)?;
        let put = arrival(txn)?;
        if self.way == Way::Move {
            let object = txn.object(self.from, &self.name)?.ok_or(Error::Busy)?;
            delete_object(txn, scenery, self.from, object)?;
        }
        Ok(Put { created: self.there.is_none(), ..put })
    }
}

/// An object's part of the index under another name: that of its octets, of which a card has none.
fn indexed(source: Object, scenery: &Scenery) -> Result<Indexed> {
    if source.entry.component == Component::Card {
        return Ok(Indexed::of_entry(&source.entry).unwrap_or_default());
    }
    Indexed::of(&CalendarObject::parse(source.octets)?, scenery.horizon, &scenery.zone)
}

fn conflict(sentence: &str) -> Error {
    Error::Refused(Precondition::NoUidConflict, sentence.to_owned())
}

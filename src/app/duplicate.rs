//! COPY of a whole calendar or address book into one's own home: one commit, of one state of what is copied. And what becomes of the collection
//! in whose place something is copied or moved.
//!
//! What is copied is octets: a booking's copy is an ordinary event, as that of a single object is (`app::transfer`), and nobody is told anything.
//! Nor does the copy have the list of those to whom its original was shared. Not for: files (`app::files`). RFC 4918 §9.8 and §9.9.3.

use super::calendar::{Calendar, ENTRIES, PropertyChange, PropertyTarget, bind_new, can_be_shown, discard, owner, patch, plain_note};
use super::change::{By, Scenery};
use super::files::{Overwrite, Written};
use super::setting::{self, CalendarSetting, Setting};
use super::{Actor, App};
use crate::collection::{CollectionId, Entry, Name, Object, Version};
use crate::error::{Error, Precondition, Result};
use crate::ical::component::Transparency;
use crate::ical::zone::Zone;
use crate::index::Indexed;
use crate::store::engine::Key;
use crate::store::key::HomeKind;
use crate::store::record::CollectionRecord;
use crate::store::txn::Txn;

/// How many objects a collection may hold that is copied whole.
pub const MAX_COPIED: usize = 1_000;

/// How many octets they may have together: they are one commit.
pub const MAX_COPIED_OCTETS: u64 = 4 * 1024 * 1024;

/// How often it is tried.
const TRIES: usize = 5;

/// How much of a collection is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Members {
    /// All of it.
    Whole,
    /// The collection and its properties (Depth 0).
    None,
}

/// A collection as it was read, waiting for the decision to write it once more.
struct Duplicate {
    from: CollectionId,
    version: Version,
    login: String,
    home: Key,
    member: Key,
    record: CollectionRecord,
    transparency: Transparency,
    zone: String,
    properties: Vec<PropertyChange>,
    members: Vec<Object>,
    scenery: Scenery,
    overwrite: Overwrite,
}

impl App {
    /// Copies a collection that the caller may read under a new name into their own home.
    pub async fn copy_collection(
        &self,
        by: &Actor,
        from: &Calendar,
        new_name: &Name,
        members: Members,
        overwrite: Overwrite,
    ) -> Result<Written> {
        // A calendar in which somebody writes is read again.
        for _ in 1..TRIES {
            match self.try_copy(by, from, new_name, members, overwrite).await {
                Err(Error::Busy) => {}
                done => return done,
            }
        }
        self.try_copy(by, from, new_name, members, overwrite).await
    }

    async fn try_copy(&self, by: &Actor, from: &Calendar, new_name: &Name, members: Members, overwrite: Overwrite) -> Result<Written> {
        if self.lens(from).is_lowered() {
            return Err(Error::Declined("Who sees a part of what is in a calendar copies none of it.".into()));
        }
        let login = by.principal.login.clone();
        let kind = HomeKind::of(from.component);
        if from.home == login && from.name == *new_name {
            return Err(Error::Declined("Source and destination are the same collection.".into()));
        }
        if self.is_reserved(kind, new_name) {
            return Err(reserved(overwrite));
        }
        can_be_shown(&login, new_name)?;
        let (kept, version) = self.store.collection(from.id).await?.ok_or(Error::NotFound)?;
        let zone = Zone::named(&kept.zone).unwrap_or(Zone::UTC);
        let scenery = self.scenery(By::from(by), zone, "");
        let members = match members {
            Members::None => Vec::new(),
            Members::Whole => self.members_of(from).await?,
        };
        let properties = from.properties.iter().map(|(name, value)| PropertyChange { name: name.clone(), value: Some(value.clone()) });
        let title = kept.title.clone().unwrap_or_else(|| from.display_name.clone());
        let duplicate = Duplicate {
            from: from.id,
            version,
            home: kind.home(&login),
            member: kind.member(&login, new_name),
            record: CollectionRecord { resource: None, owner: Some(login.clone()), title: Some(title), ..kept },
            login,
            transparency: from.transparency,
            zone: self.practice().zone().to_owned(),
            properties: properties.collect(),
            members,
            scenery,
            overwrite,
        };
        self.commit_by(by, move |txn| duplicate.decide(txn)).await
    }

    /// What a collection holds, as it will stand in the copy.
    async fn members_of(&self, from: &Calendar) -> Result<Vec<Object>> {
        let (mut members, mut octets): (Vec<Object>, u64) = (Vec::new(), 0);
        loop {
            let after = members.last().map(|object| object.entry.name.clone());
            let page = self.store.entries(from.id, after.as_ref()).await?;
            octets += page.iter().map(|entry| entry.size).sum::<u64>();
            if members.len() + page.len() > MAX_COPIED || octets > MAX_COPIED_OCTETS {
                let sentence = format!(
                    "A collection of more than {MAX_COPIED} objects or {MAX_COPIED_OCTETS} octets is not copied whole: \
                     make one, and copy object by object."
                );
                return Err(Error::Refused(Precondition::QuotaNotExceeded, sentence));
            }
            let names: Vec<Name> = page.iter().map(|entry| entry.name.clone()).collect();
            for object in self.store.objects(from.id, &names).await? {
                // Gone since it was listed: the decision will see that the collection has changed.
                members.push(object.ok_or(Error::Busy)?);
            }
            if page.len() < ENTRIES {
                return Ok(members);
            }
        }
    }
}

/// How a name is refused that is not one's own to give: nothing there ever gives way.
pub(super) fn reserved(overwrite: Overwrite) -> Error {
    match overwrite {
        Overwrite::No => Error::Stale,
        Overwrite::Yes | Overwrite::Unsaid => {
            Error::Declined("This name is the practice's, or one under which collections of others are shown.".into())
        }
    }
}

/// Makes room for a collection at the key of a member of a login's home. What stands there goes where the header Overwrite says so expressly, and
/// DELETE would delete it: a calendar is too much to be lost by a header that is not there. It goes in the commit of what takes its place, as one
/// record, however much it held.
pub(super) fn make_room(txn: &mut Txn<'_>, login: &str, member: &Key, overwrite: Overwrite) -> Result<Written> {
    if txn.locked(member)?.is_none() {
        return Ok(Written::Created);
    }
    match overwrite {
        Overwrite::No => return Err(Error::Stale),
        Overwrite::Unsaid => {
            let sentence = "A collection stands there: it gives way to the header Overwrite: T alone, with all that it holds.";
            return Err(Error::Declined(sentence.into()));
        }
        Overwrite::Yes => {}
    }
    let there: CollectionId = txn.record(member)?.ok_or(Error::Busy)?;
    discard(txn, login, member, there)?;
    Ok(Written::Replaced)
}

impl Duplicate {
    /// Writes the copy, if what was read is still what is there.
    fn decide(&self, txn: &mut Txn<'_>) -> Result<Written> {
        let written = make_room(txn, &self.login, &self.member, self.overwrite)?;
        if txn.version(self.from)? != self.version || txn.collection(self.from)?.is_none_or(|now| now.zone != self.record.zone) {
            return Err(Error::Busy);
        }
        let id = bind_new(txn, (&self.home, &self.member), &self.record)?;
        if self.transparency == Transparency::Transparent {
            let whose = setting::Owner { login: self.login.clone(), zone: self.zone.clone() };
            Setting::Calendar(id, CalendarSetting::Transparency(self.transparency)).apply(txn, &whose)?;
        }
        patch(txn, &owner(&self.login, &PropertyTarget::Calendar(id)), &self.properties)?;
        for object in &self.members {
            // The same octets in the same zone: what is known of them needs no reading. A booking's tag of its own stays with the booking.
            let entry = Entry { modified: self.scenery.now, schedule_tag: None, ..Entry::clone(&object.entry) };
            // Nobody has asked the new collection anything: its index is built when somebody does, so that a copy costs its octets and not what
            // happens in them.
            txn.put(id, entry, &object.octets, Indexed::default(), plain_note(&self.scenery, "created"))?;
        }
        Ok(written)
    }
}

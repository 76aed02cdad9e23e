//! What a decision sees and what it wants written.
//!
//! Decisions run one after another on an overlay of what is not yet written, so that each sees those before it in the same
//! group. Not for: deciding (`app`), grouping (`store::sequencer`).

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use minicbor::{Decode, Encode};

use super::engine::{Engine, Key, MAX_SCAN, MAX_VALUE};
use super::indexes::Indexes;
use super::overlay::{Change, Overlay};
use super::record::{self, BookingRecord, CollectionRecord, Logged, Owed, Revision};
use super::wait::wait;
use super::{MAX_REVISIONS, between, failed, key};
use crate::appointment::notice::Notice;
use crate::collection::{CollectionId, Entry, Name, Object, Version};
use crate::error::{Error, Result};
use crate::ical::object::CalendarObject;
use crate::ical::recurrence::{Occurrence, Series};
use crate::ical::time::TimeRange;
use crate::ical::zone::Zone;
use crate::index::Indexed;

/// How many revisions of an object that is no booking are kept.
const REVISIONS_KEPT: usize = 5;

/// What an object's change is to the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Seconds since 1970, UTC.
    pub at: i64,
    /// The login, or `None` for the customer.
    pub by: Option<String>,
    /// Through which program.
    pub via: String,
    /// What it meant.
    pub what: String,
    /// The octets as sent, where others are kept.
    pub sent: Option<Bytes>,
    /// A booking's number of this revision: all of a booking's revisions are kept. `None`: an ordinary object.
    pub number: Option<u32>,
}

/// One decision's view of the store.
pub struct Txn<'a> {
    engine: &'a dyn Engine,
    indexes: &'a Arc<Indexes>,
    /// Decisions before this one in the group.
    before: &'a Overlay,
    /// This decision's own.
    own: Overlay,
    /// No version below this is handed out: those of an earlier life of the store may be known to clients.
    floor: Version,
}

impl<'a> Txn<'a> {
    pub(super) fn new(engine: &'a dyn Engine, indexes: &'a Arc<Indexes>, before: &'a Overlay, floor: Version) -> Txn<'a> {
        Txn { engine, indexes, before, own: Overlay::default(), floor }
    }

    pub(super) fn into_overlay(self) -> Overlay {
        self.own
    }

    /// The values of keys as this decision would leave them.
    fn values(&self, keys: &[Key]) -> Result<Vec<Option<Bytes>>> {
        let mut found: Vec<Option<Option<Bytes>>> =
            keys.iter().map(|k| self.own.writes.get(k).or_else(|| self.before.writes.get(k)).cloned()).collect();
        let missing: Vec<Key> = keys.iter().zip(&found).filter(|(_, f)| f.is_none()).map(|(k, _)| k.clone()).collect();
        if !missing.is_empty() {
            let mut read = wait(self.engine.get(&missing)).map_err(failed)?.into_iter();
            for slot in found.iter_mut().filter(|f| f.is_none()) {
                *slot = read.next();
            }
        }
        Ok(found.into_iter().map(Option::flatten).collect())
    }

    /// The value of a key.
    pub fn value(&self, key: &Key) -> Result<Option<Bytes>> {
        Ok(self.values(std::slice::from_ref(key))?.pop().flatten())
    }

    /// The record at a key.
    pub fn record<T: for<'b> Decode<'b, ()>>(&self, key: &Key) -> Result<Option<T>> {
        self.value(key)?.map(|octets| record::decode(&octets)).transpose()
    }

    /// The value of a key, which must not change until this is written.
    pub fn locked(&mut self, key: &Key) -> Result<Option<Bytes>> {
        if !self.before.expect.contains_key(key) && !self.own.expect.contains_key(key) {
            let kept = wait(self.engine.get(std::slice::from_ref(key))).map_err(failed)?.pop().flatten();
            self.own.expect.insert(key.clone(), kept);
        }
        self.value(key)
    }

    /// Writes a value.
    pub fn write(&mut self, key: Key, value: Bytes) {
        self.own.writes.insert(key, Some(value));
    }

    /// Writes a record.
    pub fn write_record<T: Encode<()>>(&mut self, key: Key, record: &T) -> Result<()> {
        let octets = record::encode(record)?;
        if octets.len() > MAX_VALUE {
            return Err(Error::Failed("a record is larger than a value may be".into()));
        }
        self.write(key, octets);
        Ok(())
    }

    /// Deletes a key.
    pub fn erase(&mut self, key: Key) {
        self.own.writes.insert(key, None);
    }

    /// Writes octets of any length, in pieces; `before` is how many octets stood there.
    pub fn write_long(&mut self, prefix: &[u8], octets: &Bytes, before: usize) {
        for (n, key) in key::pieces(prefix, octets.len()).into_iter().enumerate() {
            self.write(key, octets.slice(n * MAX_VALUE..octets.len().min((n + 1) * MAX_VALUE)));
        }
        self.erase_long(prefix, octets.len(), before);
    }

    /// Deletes the pieces that `before` octets had and `kept` octets have not.
    pub fn erase_long(&mut self, prefix: &[u8], kept: usize, before: usize) {
        for key in key::pieces(prefix, before).into_iter().skip(kept.div_ceil(MAX_VALUE)) {
            self.erase(key);
        }
    }

    /// The octets that were written in pieces.
    pub fn long(&self, prefix: &[u8], size: usize) -> Result<Bytes> {
        join(self.values(&key::pieces(prefix, size))?, size)
    }

    /// Pairs below a prefix, in order, at most `limit`.
    pub fn scan(&self, prefix: &[u8], limit: usize) -> Result<Vec<(Key, Bytes)>> {
        let mut merged: BTreeMap<Key, Option<Bytes>> = BTreeMap::new();
        let mut after: Option<Key> = None;
        loop {
            let page = wait(self.engine.scan(prefix, after.as_deref(), MAX_SCAN)).map_err(failed)?;
            let full = page.len() == MAX_SCAN;
            after = page.last().map(|(k, _)| k.clone());
            merged.extend(page.into_iter().map(|(k, v)| (k, Some(v))));
            if !full || merged.len() >= limit.saturating_add(MAX_SCAN) {
                break;
            }
        }
        for writes in [&self.before.writes, &self.own.writes] {
            merged.extend(writes.range(prefix.to_vec()..).take_while(|(k, _)| k.starts_with(prefix)).map(|(k, v)| (k.clone(), v.clone())));
        }
        Ok(merged.into_iter().filter_map(|(k, v)| Some((k, v?))).take(limit).collect())
    }

    /// All pairs below a prefix after one key and before another, in order.
    pub fn scan_between(&self, prefix: &[u8], from: &Key, to: &Key) -> Result<Vec<(Key, Bytes)>> {
        let found = wait(between(self.engine, prefix, from, to))?;
        let mut merged: BTreeMap<Key, Option<Bytes>> = found.into_iter().map(|(k, v)| (k, Some(v))).collect();
        let range = (Bound::Excluded(from.clone()), Bound::Excluded(to.clone()));
        for writes in [&self.before.writes, &self.own.writes].into_iter().filter(|_| from < to) {
            merged.extend(writes.range(range.clone()).filter(|(k, _)| k.starts_with(prefix)).map(|(k, v)| (k.clone(), v.clone())));
        }
        Ok(merged.into_iter().filter_map(|(k, v)| Some((k, v?))).collect())
    }

    /// A collection's record.
    pub fn collection(&self, id: CollectionId) -> Result<Option<CollectionRecord>> {
        self.record(&key::collection(id))
    }

    /// A new collection's number; its record is written.
    pub fn make_collection(&mut self, record: &CollectionRecord) -> Result<CollectionId> {
        let counter = key::setting("collections");
        let last = self.locked(&counter)?.map_or(Ok(0), |octets| record::decode::<u64>(&octets))?;
        let id = CollectionId(last + 1);
        self.write_record(counter, &id.0)?;
        self.write_record(key::collection(id), record)?;
        self.advance(id)?;
        Ok(id)
    }

    /// The version of a collection, which must not change until this is written.
    pub fn version(&mut self, id: CollectionId) -> Result<Version> {
        self.locked(&key::version(id))?.map_or(Ok(Version(0)), |octets| record::decode(&octets))
    }

    /// The next version of a collection.
    fn advance(&mut self, id: CollectionId) -> Result<Version> {
        let next = self.version(id)?.next().max(self.floor);
        self.write_record(key::version(id), &next)?;
        Ok(next)
    }

    /// An entry. The collection must not change until this is written.
    pub fn entry(&mut self, id: CollectionId, name: &Name) -> Result<Option<Entry>> {
        self.version(id)?;
        self.record(&key::entry(id, name))
    }

    /// An object. The collection must not change until this is written.
    pub fn object(&mut self, id: CollectionId, name: &Name) -> Result<Option<Object>> {
        let Some(entry) = self.entry(id, name)? else { return Ok(None) };
        let octets = self.long(&key::body(id, name), size_of(&entry))?;
        Ok(Some(Object { entry: Arc::new(entry), octets }))
    }

    /// The name that holds a UID.
    pub fn name_of_uid(&mut self, id: CollectionId, uid: &str) -> Result<Option<Name>> {
        self.version(id)?;
        self.record(&key::uid(id, uid))
    }

    /// Writes an object and its revision. `entry.version` is set here; the answer is the new version.
    pub fn put(&mut self, id: CollectionId, mut entry: Entry, octets: &Bytes, indexed: Indexed, note: Note) -> Result<Version> {
        let name = entry.name.clone();
        let before = self.object(id, &name)?;
        let version = self.advance(id)?;
        entry.version = version;
        entry.size = octets.len() as u64;
        if let Some(before) = &before {
            self.keep_revision(id, before, note.number.is_some())?;
            self.forget_change(id, before);
            if before.entry.uid != entry.uid {
                self.erase(key::uid(id, &before.entry.uid));
            }
        }
        self.write_record(key::uid(id, &entry.uid), &name)?;
        self.write_long(&key::body(id, &name), octets, before.as_ref().map_or(0, |b| b.octets.len()));
        self.write_revision(id, &entry.uid, version, name.clone(), octets.len(), note)?;
        self.write_record(key::logged(id, version), &Logged { name: name.clone(), gone: false })?;
        self.write_record(key::entry(id, &name), &entry)?;
        self.own.changes.entry(id).or_default().insert(name, Some(Change { entry: Arc::new(entry), indexed }));
        Ok(version)
    }

    /// Deletes an object; its last octets stay in the history.
    pub fn remove(&mut self, id: CollectionId, name: &Name, note: Note) -> Result<Version> {
        let Some(before) = self.object(id, name)? else { return Err(Error::NotFound) };
        let version = self.advance(id)?;
        self.keep_revision(id, &before, note.number.is_some())?;
        self.forget_change(id, &before);
        self.erase(key::entry(id, name));
        self.erase(key::uid(id, &before.entry.uid));
        self.erase_long(&key::body(id, name), 0, before.octets.len());
        self.write_revision(id, &before.entry.uid, version, name.clone(), 0, note)?;
        self.write_record(key::logged(id, version), &Logged { name: name.clone(), gone: true })?;
        self.own.changes.entry(id).or_default().insert(name.clone(), None);
        Ok(version)
    }

    /// Gives an object another name, where nothing stands. To those who sync, the old name is gone and the new one has come.
    pub fn rename(&mut self, id: CollectionId, (from, to): (&Name, &Name), indexed: Indexed, note: Note) -> Result<Version> {
        let before = self.object(id, from)?.ok_or(Error::NotFound)?;
        let gone = self.advance(id)?;
        self.write_record(key::logged(id, gone), &Logged { name: from.clone(), gone: true })?;
        let version = self.advance(id)?;
        self.write_record(key::logged(id, version), &Logged { name: to.clone(), gone: false })?;
        self.keep_revision(id, &before, note.number.is_some())?;
        self.forget_change(id, &before);
        self.erase(key::entry(id, from));
        self.erase_long(&key::body(id, from), 0, before.octets.len());
        let entry = Entry { name: to.clone(), version, ..Entry::clone(&before.entry) };
        self.write_record(key::entry(id, to), &entry)?;
        self.write_record(key::uid(id, &entry.uid), to)?;
        self.write_long(&key::body(id, to), &before.octets, 0);
        self.write_revision(id, &entry.uid, version, to.clone(), before.octets.len(), note)?;
        let change = Change { entry: Arc::new(entry), indexed };
        self.own.changes.entry(id).or_default().extend([(from.clone(), None), (to.clone(), Some(change))]);
        Ok(version)
    }

    /// Writes a line of the history of an object that is no longer there. Nothing changes for those who sync.
    pub fn remark(&mut self, id: CollectionId, uid: &str, name: &Name, note: Note) -> Result<Version> {
        let version = self.advance(id)?;
        self.write_revision(id, uid, version, name.clone(), 0, note)?;
        self.own.changes.entry(id).or_default();
        Ok(version)
    }

    /// Of each name only the last change is in the log: whoever was told of an earlier one is told of the last, and the log grows with what
    /// is there and what is gone, not with how often it was written.
    fn forget_change(&mut self, id: CollectionId, before: &Object) {
        self.erase(key::logged(id, before.entry.version));
    }

    /// The current octets become a past revision's; of an ordinary object the oldest revisions go.
    fn keep_revision(&mut self, id: CollectionId, before: &Object, forever: bool) -> Result<()> {
        let uid = &before.entry.uid;
        self.write_long(&key::revision_body(id, uid, before.entry.version), &before.octets, 0);
        if forever {
            return Ok(());
        }
        let revisions = self.revisions(id, uid)?;
        let surplus = revisions.len().saturating_sub(REVISIONS_KEPT);
        for old in revisions.iter().take(surplus) {
            self.erase(key::revision(id, uid, old.version));
            self.erase_long(&key::revision_body(id, uid, old.version), 0, usize::try_from(old.size).unwrap_or(0));
        }
        Ok(())
    }

    fn write_revision(&mut self, id: CollectionId, uid: &str, version: Version, name: Name, size: usize, note: Note) -> Result<()> {
        if let Some(sent) = &note.sent {
            self.write_long(&key::revision_sent(id, uid, version), sent, 0);
        }
        let revision = Revision {
            version,
            at: note.at,
            by: note.by,
            via: note.via,
            what: note.what,
            size: size as u64,
            sent_size: note.sent.map(|sent| sent.len() as u64),
            name,
            number: note.number.unwrap_or(0),
        };
        self.write_record(key::revision(id, uid, version), &revision)
    }

    /// The revisions of a UID, oldest first.
    pub fn revisions(&self, id: CollectionId, uid: &str) -> Result<Vec<Revision>> {
        self.scan(&key::revisions(id, uid), MAX_REVISIONS)?.iter().map(|(_, octets)| record::decode(octets)).collect()
    }

    /// The octets of a revision: kept apart once it was superseded.
    pub fn revision_octets(&mut self, id: CollectionId, uid: &str, revision: &Revision) -> Result<Option<Bytes>> {
        if let Some(object) = self.object(id, &revision.name)?
            && object.entry.version == revision.version
        {
            return Ok(Some(object.octets));
        }
        let size = usize::try_from(revision.size).unwrap_or(0);
        if size == 0 {
            return Ok(None);
        }
        self.long(&key::revision_body(id, uid, revision.version), size).map(Some)
    }

    /// Where a booking is.
    pub fn booking(&self, uid: &str) -> Result<Option<BookingRecord>> {
        self.record(&key::booking(uid))
    }

    /// Writes where a booking is.
    pub fn write_booking(&mut self, uid: &str, record: &BookingRecord) -> Result<()> {
        self.own.touched.bookings = true;
        self.write_record(key::booking(uid), record)
    }

    /// Owes a letter, due at `due` seconds; `by` is the login whose doing it tells of.
    pub fn owe(&mut self, due: i64, notice: Notice, by: Option<&str>) -> Result<()> {
        self.own.touched.outbox = true;
        let (key, place) = (key::owed(due, &notice), self.next_letter()?);
        self.write_record(key, &Owed { notice, attempts: 0, next: due, to: None, words: None, by: by.map(str::to_owned), place })
    }

    /// The place of a letter among all that were ever owed.
    pub fn next_letter(&mut self) -> Result<u64> {
        let counter = key::setting("letters");
        let last: u64 = self.locked(&counter)?.map(|octets| record::decode(&octets)).transpose()?.unwrap_or(0);
        self.write_record(counter, &(last + 1))?;
        Ok(last + 1)
    }

    /// Says that letters have changed that wait elsewhere.
    pub fn touch_outbox(&mut self) {
        self.own.touched.outbox = true;
    }

    /// Says that the practice or the people in it have changed.
    pub fn touch_practice(&mut self) {
        self.own.touched.practice = true;
    }

    /// Occurrences of a collection that overlap a range, as this decision would leave them. The collection must not change
    /// until this is written.
    pub fn occurrences(&mut self, id: CollectionId, range: TimeRange) -> Result<Vec<(Name, Occurrence)>> {
        self.version(id)?;
        let mut found = wait(Indexes::occurrences(self.indexes, self.engine, id, range))?;
        for changes in [self.before.changes.get(&id), self.own.changes.get(&id)].into_iter().flatten() {
            found.retain(|(name, _)| !changes.contains_key(name));
            for (name, change) in changes {
                let Some(Change { indexed, .. }) = change else { continue };
                let known = if indexed.misses(range) { self.worked_out(id, name, range)? } else { indexed.within(range).collect() };
                found.extend(known.into_iter().map(|occurrence| (name.clone(), occurrence)));
            }
        }
        Ok(found)
    }

    /// The same without names and in no order.
    pub fn times(&mut self, id: CollectionId, range: TimeRange) -> Result<Vec<Occurrence>> {
        if self.before.changes.contains_key(&id) || self.own.changes.contains_key(&id) {
            return Ok(self.occurrences(id, range)?.into_iter().map(|(_, occurrence)| occurrence).collect());
        }
        self.version(id)?;
        wait(Indexes::times(self.indexes, self.engine, id, range))
    }

    /// The occurrences of an object that was written in this group, where the index does not reach.
    fn worked_out(&self, id: CollectionId, name: &Name, range: TimeRange) -> Result<Vec<Occurrence>> {
        let Some(entry) = self.record::<Entry>(&key::entry(id, name))? else { return Ok(Vec::new()) };
        let octets = self.long(&key::body(id, name), size_of(&entry))?;
        let zone = self.collection(id)?.and_then(|collection| Zone::named(&collection.zone)).unwrap_or(Zone::UTC);
        Series::read(&CalendarObject::parse(octets)?, &zone)?.taken(range)
    }
}

/// An entry's size in memory.
pub(super) fn size_of(entry: &Entry) -> usize {
    usize::try_from(entry.size).unwrap_or(usize::MAX)
}

/// Puts pieces together; a missing or short one is a damaged store.
pub(super) fn join(pieces: Vec<Option<Bytes>>, size: usize) -> Result<Bytes> {
    let damaged = || Error::Failed("an object's octets are not complete in the store".into());
    let mut pieces = pieces.into_iter().collect::<Option<Vec<Bytes>>>().ok_or_else(damaged)?;
    let whole = if pieces.len() == 1 {
        pieces.pop().unwrap_or_default()
    } else {
        let mut whole = BytesMut::with_capacity(size);
        pieces.iter().for_each(|piece| whole.extend_from_slice(piece));
        whole.freeze()
    };
    if whole.len() == size { Ok(whole) } else { Err(damaged()) }
}

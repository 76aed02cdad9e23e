//! A login's files and folders as one decision sees and changes them.
//!
//! A file is found by its folder's number and its name, so that a folder moves with all below it by one record. What a file holds never
//! changes under its number: a copy shares it, and a reader who comes late finds it whole or gone. Not for: who may do it.
//! RFC 4918 §5.2, §9.8, §9.9; RFC 4331.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;

use super::{MAX_DEPTH, MAX_ENTRIES, MAX_FILE_PATH, Overwrite, QUOTA, Transfer, Way, owner};
use crate::app::calendar::{self, PropertyChange};
use crate::collection::{Condition, Etag, Name};
use crate::error::{Error, Precondition, Result};
use crate::store::key;
use crate::store::record::{self, FileBody, FileRecord, FilesRecord};
use crate::store::txn::Txn;

/// The files of one login, locked until they are written.
pub struct Tree<'t, 'a> {
    txn: &'t mut Txn<'a>,
    login: &'t str,
    before: FilesRecord,
    now: FilesRecord,
}

/// Where something stands, or could.
struct Place<'p> {
    folder: u64,
    name: &'p Name,
}

/// What lies below a folder.
struct Below {
    folder: u64,
    name: Name,
    record: FileRecord,
    /// Folders between, and octets of the path from the folder on.
    depth: usize,
    octets: usize,
}

/// Whether something was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// 201
    Created,
    /// 204
    Replaced,
}

/// A file's new content.
pub struct Content {
    /// Its octets.
    pub octets: Bytes,
    /// Their tag.
    pub etag: Etag,
    /// As the client named it.
    pub content_type: String,
}

impl<'t, 'a> Tree<'t, 'a> {
    /// The files of a login as this decision would leave them.
    pub fn open(txn: &'t mut Txn<'a>, login: &'t str) -> Result<Tree<'t, 'a>> {
        let kept = txn.locked(&key::files(login))?.map(|octets| record::decode(&octets)).transpose()?;
        let before: FilesRecord = kept.unwrap_or_default();
        Ok(Tree { txn, login, before, now: before })
    }

    /// Writes how much is taken; refuses what has grown over a limit.
    pub fn close(mut self) -> Result<()> {
        let over = |now: u64, before: u64, most: u64| now > most && now > before;
        if over(self.now.octets, self.before.octets, QUOTA) {
            return Err(full(format!("All files of a login together may take {QUOTA} octets.")));
        }
        if over(self.now.entries, self.before.entries, MAX_ENTRIES as u64) {
            return Err(full(format!("A login may have {MAX_ENTRIES} files and folders.")));
        }
        self.fresh();
        self.txn.write_record(key::files(self.login), &self.now)
    }

    /// A number that nothing had before.
    fn fresh(&mut self) -> u64 {
        self.now.last += 1;
        self.now.last
    }

    /// What stands at a path; the topmost folder has no record.
    pub fn find(&self, path: &[Name]) -> Result<Option<FileRecord>> {
        let Some((name, above)) = path.split_last() else { return Ok(None) };
        match self.folder(above)? {
            Some(folder) => self.at(&Place { folder, name }),
            None => Ok(None),
        }
    }

    /// The number of the folder at a path.
    fn folder(&self, path: &[Name]) -> Result<Option<u64>> {
        let mut folder = 0;
        for name in path {
            match self.at(&Place { folder, name })? {
                Some(record) if record.body.is_none() => folder = record.number,
                _ => return Ok(None),
            }
        }
        Ok(Some(folder))
    }

    fn at(&self, place: &Place<'_>) -> Result<Option<FileRecord>> {
        self.txn.record(&key::file(self.login, place.folder, place.name))
    }

    /// Where a path leads, in a folder that is there.
    fn place<'p>(&self, path: &'p [Name]) -> Result<Place<'p>> {
        let (name, above) = path.split_last().ok_or_else(topmost)?;
        check_path(path.len(), octets_of(path))?;
        Ok(Place { folder: self.folder(above)?.ok_or(Error::NoParent)?, name })
    }

    fn write(&mut self, place: &Place<'_>, record: &FileRecord) -> Result<()> {
        self.txn.write_record(key::file(self.login, place.folder, place.name), record)
    }

    /// Writes a file. Refuses with [`Error::NotAllowed`] where a folder stands.
    pub fn put(&mut self, path: &[Name], content: &Content, condition: &Condition, now: i64) -> Result<Written> {
        let place = self.place(path)?;
        let before = self.at(&place)?;
        if before.as_ref().is_some_and(|record| record.body.is_none()) {
            return Err(Error::NotAllowed);
        }
        condition.check(before.as_ref().and_then(etag))?;
        let size = content.octets.len() as u64;
        let body = FileBody { number: self.fresh(), etag: content.etag.clone(), size, content_type: content.content_type.clone() };
        self.txn.write_long(&key::file_body(self.login, body.number), &content.octets, 0);
        self.now.octets += size;
        let written = if before.is_some() { Written::Replaced } else { Written::Created };
        let record = match before {
            Some(mut record) => {
                if let Some(old) = record.body.replace(body) {
                    self.release(&old)?;
                }
                FileRecord { modified: now, ..record }
            }
            None => {
                self.now.entries += 1;
                FileRecord { number: self.fresh(), body: Some(body), created: now, modified: now, properties: 0 }
            }
        };
        self.write(&place, &record)?;
        Ok(written)
    }

    /// Makes a folder. Refuses with [`Error::NotAllowed`] where something stands (RFC 4918 §9.3.1).
    pub fn make_folder(&mut self, path: &[Name], properties: &[PropertyChange], now: i64) -> Result<()> {
        if path.is_empty() {
            return Err(Error::NotAllowed);
        }
        let place = self.place(path)?;
        if self.at(&place)?.is_some() {
            return Err(Error::NotAllowed);
        }
        self.now.entries += 1;
        let mut record = FileRecord { number: self.fresh(), body: None, created: now, modified: now, properties: 0 };
        record.properties = self.patch_number(record.number, properties)?;
        self.write(&place, &record)
    }

    /// Deletes a file, or a folder with all below it.
    pub fn remove(&mut self, path: &[Name], condition: &Condition) -> Result<()> {
        if path.is_empty() {
            return Err(topmost());
        }
        let record = self.find(path)?.ok_or(Error::NotFound)?;
        condition.check(etag(&record))?;
        let place = self.place(path)?;
        self.drop_tree(&place, &record)
    }

    fn drop_tree(&mut self, place: &Place<'_>, record: &FileRecord) -> Result<()> {
        for below in self.below(record)? {
            self.drop_one(&Place { folder: below.folder, name: &below.name }, &below.record)?;
        }
        self.drop_one(place, record)
    }

    fn drop_one(&mut self, place: &Place<'_>, record: &FileRecord) -> Result<()> {
        self.txn.erase(key::file(self.login, place.folder, place.name));
        if record.properties > 0 {
            self.txn.erase(key::properties(&owner(self.login, record.number)));
        }
        self.now.octets = self.now.octets.saturating_sub(record.properties);
        self.now.entries = self.now.entries.saturating_sub(1);
        record.body.as_ref().map_or(Ok(()), |body| self.release(body))
    }

    /// One file fewer has this body; without any its octets go.
    fn release(&mut self, body: &FileBody) -> Result<()> {
        self.now.octets = self.now.octets.saturating_sub(body.size);
        match self.shares(body)? {
            0 | 1 => self.txn.erase_long(&key::file_body(self.login, body.number), 0, usize::try_from(body.size).unwrap_or(usize::MAX)),
            2 => self.txn.erase(key::file_shares(self.login, body.number)),
            more => self.txn.write_record(key::file_shares(self.login, body.number), &(more - 1))?,
        }
        Ok(())
    }

    /// One file more has this body.
    fn share(&mut self, body: &FileBody) -> Result<()> {
        self.now.octets += body.size;
        let shares = self.shares(body)?;
        self.txn.write_record(key::file_shares(self.login, body.number), &(shares + 1))
    }

    fn shares(&self, body: &FileBody) -> Result<u64> {
        Ok(self.txn.record(&key::file_shares(self.login, body.number))?.unwrap_or(1))
    }

    /// Everything below a folder, each folder before what lies in it; nothing for a file.
    fn below(&self, record: &FileRecord) -> Result<Vec<Below>> {
        if record.body.is_some() {
            return Ok(Vec::new());
        }
        // One scan over all of them, instead of one for each folder.
        let mut members: BTreeMap<u64, Vec<(Name, FileRecord)>> = BTreeMap::new();
        for (key, octets) in self.txn.scan(&key::all_files(self.login), MAX_ENTRIES)? {
            let Some((folder, name)) = key::file_of(self.login, &key) else { continue };
            members.entry(folder).or_default().push((name, record::decode(&octets)?));
        }
        let mut below = Vec::new();
        let mut folders = VecDeque::from([(record.number, 0, 0)]);
        while let Some((folder, depth, octets)) = folders.pop_front() {
            for (name, record) in members.remove(&folder).unwrap_or_default() {
                let (depth, octets) = (depth + 1, octets + name.as_str().len() + 1);
                if record.body.is_none() {
                    folders.push_back((record.number, depth, octets));
                }
                below.push(Below { folder, name, record, depth, octets });
            }
        }
        Ok(below)
    }

    /// Copies or moves a file or a folder (RFC 4918 §9.8, §9.9).
    pub fn transfer(&mut self, transfer: &Transfer, condition: &Condition, now: i64) -> Result<Written> {
        let (from, to) = (&transfer.from, &transfer.to);
        let record = if from.is_empty() { return Err(topmost()) } else { self.find(from)?.ok_or(Error::NotFound)? };
        condition.check(etag(&record))?;
        if from.starts_with(to) || to.starts_with(from) {
            return Err(Error::Declined("Nothing can be copied or moved onto itself, into itself, or over what it lies in.".into()));
        }
        let place = self.place(to)?;
        let there = self.at(&place)?;
        if there.is_some() && transfer.overwrite == Overwrite::No {
            return Err(Error::Stale);
        }
        let below = if transfer.way == Way::CopyAlone { Vec::new() } else { self.below(&record)? };
        for each in &below {
            check_path(to.len() + each.depth, octets_of(to) + each.octets)?;
        }
        if let Some(there) = &there {
            self.drop_tree(&place, there)?;
        }
        if transfer.way == Way::Move {
            let source = self.place(from)?;
            self.txn.erase(key::file(self.login, source.folder, source.name));
            self.write(&place, &record)?;
        } else {
            self.copy(&place, &record, &below, now)?;
        }
        Ok(if there.is_some() { Written::Replaced } else { Written::Created })
    }

    fn copy(&mut self, place: &Place<'_>, record: &FileRecord, below: &[Below], now: i64) -> Result<()> {
        // Old numbers of folders, and those of their copies.
        let mut copies = BTreeMap::from([(record.number, self.copy_one(place, record, now)?)]);
        for each in below {
            let folder = *copies.get(&each.folder).ok_or_else(|| Error::Failed("a folder comes after what lies in it".into()))?;
            let copy = self.copy_one(&Place { folder, name: &each.name }, &each.record, now)?;
            copies.insert(each.record.number, copy);
        }
        Ok(())
    }

    fn copy_one(&mut self, place: &Place<'_>, record: &FileRecord, now: i64) -> Result<u64> {
        let copy = FileRecord { number: self.fresh(), created: now, ..record.clone() };
        if let Some(body) = &record.body {
            self.share(body)?;
        }
        if let Some(kept) = self.txn.value(&key::properties(&owner(self.login, record.number)))? {
            self.txn.write(key::properties(&owner(self.login, copy.number)), kept);
        }
        self.now.octets += copy.properties;
        self.now.entries += 1;
        self.write(place, &copy)?;
        Ok(copy.number)
    }

    /// Sets and removes dead properties.
    pub fn patch(&mut self, path: &[Name], changes: &[PropertyChange]) -> Result<()> {
        if path.is_empty() {
            return self.patch_number(0, changes).map(|_| ());
        }
        let place = self.place(path)?;
        let mut record = self.at(&place)?.ok_or(Error::NotFound)?;
        record.properties = self.patch_number(record.number, changes)?;
        self.write(&place, &record)
    }

    /// The octets that the properties take then.
    fn patch_number(&mut self, number: u64, changes: &[PropertyChange]) -> Result<u64> {
        let owner = owner(self.login, number);
        let before = self.properties_size(&owner)?;
        calendar::patch(self.txn, &owner, changes)?;
        let after = self.properties_size(&owner)?;
        self.now.octets = (self.now.octets + after).saturating_sub(before);
        Ok(after)
    }

    fn properties_size(&self, owner: &str) -> Result<u64> {
        Ok(self.txn.value(&key::properties(owner))?.map_or(0, |octets| octets.len() as u64))
    }
}

fn etag(record: &FileRecord) -> Option<&Etag> {
    record.body.as_ref().map(|body| &body.etag)
}

fn octets_of(path: &[Name]) -> usize {
    path.iter().map(|name| name.as_str().len() + 1).sum()
}

/// Whatever has a path can be reached by it: addresses are not read beyond a length.
fn check_path(depth: usize, octets: usize) -> Result<()> {
    if depth > MAX_DEPTH || octets > MAX_FILE_PATH {
        return Err(Error::Declined(format!("A path may have {MAX_DEPTH} names and {MAX_FILE_PATH} octets.")));
    }
    Ok(())
}

fn topmost() -> Error {
    Error::Declined("The topmost folder is always there, and nowhere else.".into())
}

fn full(sentence: String) -> Error {
    Error::Refused(Precondition::QuotaNotExceeded, sentence)
}

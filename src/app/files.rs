//! Each login's files: one tree of plain collections, which no calendar knows of.
//!
//! Not for: addresses and headers (`dav`), how a tree is kept and changed (`files::tree`). RFC 4918 §5.2, §9; RFC 4331 (quotas).

mod tree;

use std::collections::BTreeMap;

use bytes::Bytes;

pub use self::tree::Written;
use self::tree::{Content, Tree};
use super::calendar::{PropertyChange, PropertyName, PropertyValue, named};
use super::{Actor, App};
use crate::collection::{Condition, Etag, Name};
use crate::error::{Error, Precondition, Result};
use crate::principal::Principal;
use crate::store::key;
use crate::store::record::{self, FileRecord, FilesRecord, Properties};
use crate::store::txn::Txn;

/// The largest file, in octets: what the server reads of one request.
pub const MAX_FILE: usize = 4 * 1024 * 1024;

/// What all files of a login may take together, dead properties included, in octets.
pub const QUOTA: u64 = 100 * 1024 * 1024;

/// How many files and folders a login may have.
pub const MAX_ENTRIES: usize = 10_000;

/// How deep a folder may lie.
pub const MAX_DEPTH: usize = 40;

/// The longest path, in octets, decoded: each octet takes up to three in an address, and those are read up to a length too.
pub const MAX_FILE_PATH: usize = 600;

/// The longest content type that is kept.
const MAX_CONTENT_TYPE: usize = 200;

/// What a file is said to be where nobody has said it.
const UNKNOWN: &str = "application/octet-stream";

/// How often a file is looked up again because it was replaced between two reads.
const MAX_READS: usize = 5;

/// A file or a folder as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    number: u64,
    /// Its name; the topmost folder has none.
    pub name: Option<Name>,
    /// What a file holds; a folder has none.
    pub content: Option<FileContent>,
    /// Seconds since 1970; the topmost folder was always there.
    pub created: Option<i64>,
    /// Seconds since 1970.
    pub modified: Option<i64>,
    /// Dead properties, whole elements by name.
    pub properties: BTreeMap<PropertyName, PropertyValue>,
}

/// What is known of a file's content without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileContent {
    body: u64,
    /// The tag of its octets.
    pub etag: Etag,
    /// Octets.
    pub size: u64,
    /// As the client named it.
    pub content_type: String,
}

/// What a login's files take and may still take, in octets (RFC 4331 §3, §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// DAV:quota-used-bytes
    pub used: u64,
    /// DAV:quota-available-bytes
    pub available: u64,
}

/// A COPY or a MOVE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// What.
    pub from: Vec<Name>,
    /// Where it shall stand.
    pub to: Vec<Name>,
    /// In which way.
    pub way: Way,
    /// What becomes of something that stands there.
    pub overwrite: Overwrite,
}

/// How something gets to another place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It is there afterwards, and not here.
    Move,
    /// It is in both places, with all below it.
    Copy,
    /// It is in both places, there without what lies in it.
    CopyAlone,
}

/// The header `Overwrite` (RFC 4918 §10.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// `T`: what stands at the destination gives way.
    Yes,
    /// There is no such header. It means `T` (§10.6), but calendars and address books give way to those alone who say so.
    Unsaid,
    /// `F`: what stands there stays, and the request fails.
    No,
}

/// Who owns a file's dead properties.
fn owner(login: &str, number: u64) -> String {
    format!("f/{login}/{number}")
}

impl App {
    /// What stands at a path of the caller's own.
    pub async fn file(&self, who: &Principal, path: &[Name]) -> Result<File> {
        let mut found: Option<(&Name, FileRecord)> = None;
        for name in path.iter().take(MAX_DEPTH + 1) {
            let folder = match &found {
                None => 0,
                Some((_, record)) if record.body.is_none() => record.number,
                Some(_) => return Err(Error::NotFound),
            };
            let record = self.store.record(&key::file(&who.login, folder, name)).await?.ok_or(Error::NotFound)?;
            found = Some((name, record));
        }
        match found {
            Some((name, record)) => self.as_file(who, name.clone(), record).await,
            None => self.topmost(who).await,
        }
    }

    async fn topmost(&self, who: &Principal) -> Result<File> {
        let properties = self.file_properties(who, 0).await?;
        Ok(File { number: 0, name: None, content: None, created: None, modified: None, properties })
    }

    async fn as_file(&self, who: &Principal, name: Name, record: FileRecord) -> Result<File> {
        let properties = if record.properties > 0 { self.file_properties(who, record.number).await? } else { BTreeMap::new() };
        let content = record.body.map(|b| FileContent { body: b.number, etag: b.etag, size: b.size, content_type: b.content_type });
        let (created, modified) = (Some(record.created), Some(record.modified));
        Ok(File { number: record.number, name: Some(name), content, created, modified, properties })
    }

    async fn file_properties(&self, who: &Principal, number: u64) -> Result<BTreeMap<PropertyName, PropertyValue>> {
        let kept = self.store.record::<Properties>(&key::properties(&owner(&who.login, number))).await?.unwrap_or_default();
        Ok(named(kept))
    }

    /// What lies in a folder, by name.
    pub async fn files_in(&self, who: &Principal, folder: &File) -> Result<Vec<File>> {
        let mut files = Vec::new();
        for (key, octets) in self.store.scan(&key::folder(&who.login, folder.number), MAX_ENTRIES).await? {
            let Some((_, name)) = key::file_of(&who.login, &key) else { continue };
            files.push(self.as_file(who, name, record::decode(&octets)?).await?);
        }
        Ok(files)
    }

    /// A file with its octets; a folder has none.
    pub async fn file_octets(&self, who: &Principal, path: &[Name]) -> Result<(File, Bytes)> {
        for _ in 0..MAX_READS {
            let file = self.file(who, path).await?;
            let Some(content) = &file.content else { return Ok((file, Bytes::new())) };
            let size = usize::try_from(content.size).unwrap_or(usize::MAX);
            match self.store.long(&key::file_body(&who.login, content.body), size).await {
                Ok(octets) => return Ok((file, octets)),
                // Replaced or deleted between the two reads; if it was neither, the store is damaged, and the last attempt says so.
                Err(error) if self.file(who, path).await.is_ok_and(|again| again == file) => return Err(error),
                Err(_) => {}
            }
        }
        Err(Error::Busy)
    }

    /// What the caller's files take.
    pub async fn quota(&self, who: &Principal) -> Result<Quota> {
        let taken = self.store.record::<FilesRecord>(&key::files(&who.login)).await?.unwrap_or_default();
        Ok(Quota { used: taken.octets, available: QUOTA.saturating_sub(taken.octets) })
    }

    /// Stores a file.
    pub async fn put_file(
        &self,
        by: &Actor,
        path: &[Name],
        octets: Bytes,
        content_type: &str,
        condition: Condition,
    ) -> Result<(Written, Etag)> {
        if octets.len() > MAX_FILE {
            return Err(Error::Refused(Precondition::QuotaNotExceeded, format!("A file may have {MAX_FILE} octets.")));
        }
        let fits = !content_type.is_empty() && content_type.len() <= MAX_CONTENT_TYPE;
        let content_type = if fits { content_type } else { UNKNOWN }.to_owned();
        let etag = Etag::of(&octets);
        let content = Content { octets, etag: etag.clone(), content_type };
        let (path, now) = (path.to_vec(), self.now());
        let written = self.change_files(by, move |tree| tree.put(&path, &content, &condition, now)).await?;
        Ok((written, etag))
    }

    /// Makes a folder with its first dead properties.
    pub async fn make_folder(&self, by: &Actor, path: &[Name], properties: Vec<PropertyChange>) -> Result<()> {
        let (path, now) = (path.to_vec(), self.now());
        self.change_files(by, move |tree| tree.make_folder(&path, &properties, now)).await
    }

    /// Deletes a file, or a folder with all below it.
    pub async fn delete_file(&self, by: &Actor, path: &[Name], condition: Condition) -> Result<()> {
        let path = path.to_vec();
        self.change_files(by, move |tree| tree.remove(&path, &condition)).await
    }

    /// Copies or moves a file or a folder.
    pub async fn transfer_file(&self, by: &Actor, transfer: Transfer, condition: Condition) -> Result<Written> {
        let now = self.now();
        self.change_files(by, move |tree| tree.transfer(&transfer, &condition, now)).await
    }

    /// Sets and removes dead properties of a file or a folder, all or none.
    pub async fn patch_file(&self, by: &Actor, path: &[Name], changes: Vec<PropertyChange>) -> Result<()> {
        let path = path.to_vec();
        self.change_files(by, move |tree| tree.patch(&path, &changes)).await
    }

    async fn change_files<T, F>(&self, by: &Actor, mut change: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tree<'_, '_>) -> Result<T> + Send + 'static,
    {
        let login = by.principal.login.clone();
        self.commit_by(by, move |txn| {
            let mut tree = Tree::open(txn, &login)?;
            let value = change(&mut tree)?;
            tree.close()?;
            Ok(value)
        })
        .await
    }
}

/// The tag of the file at a path, as a decision sees it.
pub(super) fn etag_of(txn: &mut Txn<'_>, login: &str, path: &[Name]) -> Result<Option<Etag>> {
    let found = Tree::open(txn, login)?.find(path)?;
    Ok(found.and_then(|record| record.body).map(|body| body.etag))
}

#[cfg(test)]
mod tests;

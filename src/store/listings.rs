//! Entries that were read lately: what lists a collection, or reads many of its objects, asks the engine once and then memory.
//!
//! Of a collection they are kept beside the version that they stood at, brought forward by each commit of this process and forgotten where
//! another process was faster. Not for: occurrences (`indexes`); reading what is not here (`store`).

use std::collections::BTreeMap;
use std::mem::size_of;
use std::ops::Bound;
use std::sync::{Arc, PoisonError, RwLock};

use super::overlay::Step;
use super::slots::Slots;
use crate::collection::{CollectionId, Entry, Name, Version};

/// What all listings together may take, in octets.
const LIMIT: usize = 16 * 1024 * 1024;

/// What one may take: some twenty thousand entries. Of a larger collection the first ones are kept.
const SHARE: usize = LIMIT / 2;

/// How far a listing has been read from its beginning without a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Reach {
    Nowhere,
    /// To this name, which need not be there any more.
    To(Name),
    All,
}

/// Entries of one collection.
struct Listing {
    version: Version,
    /// Those within reach, and single ones beyond.
    entries: BTreeMap<Name, Arc<Entry>>,
    reach: Reach,
    bytes: usize,
}

impl Listing {
    fn at(version: Version) -> Listing {
        Listing { version, entries: BTreeMap::new(), reach: Reach::Nowhere, bytes: 0 }
    }

    fn has_room(&self) -> bool {
        self.bytes < SHARE
    }

    fn put(&mut self, entry: Arc<Entry>) {
        self.bytes += bytes(&entry);
        if let Some(before) = self.entries.insert(entry.name.clone(), entry) {
            self.bytes -= bytes(&before);
        }
    }

    fn remove(&mut self, name: &Name) {
        if let Some(before) = self.entries.remove(name) {
            self.bytes -= bytes(&before);
        }
    }

    /// Whether everything up to a name is here; `None` stands before all names.
    fn reaches(&self, name: Option<&Name>) -> bool {
        match (&self.reach, name) {
            (Reach::All, _) | (_, None) => true,
            (Reach::To(last), Some(name)) => name <= last,
            (Reach::Nowhere, Some(_)) => false,
        }
    }

    fn page(&self, after: Option<&Name>, limit: usize) -> Option<Vec<Arc<Entry>>> {
        let end = match &self.reach {
            Reach::All => Bound::Unbounded,
            Reach::To(last) if after.is_none_or(|after| after < last) => Bound::Included(last),
            Reach::To(_) | Reach::Nowhere => return None,
        };
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let page: Vec<Arc<Entry>> = self.entries.range((start, end)).take(limit).map(|(_, entry)| Arc::clone(entry)).collect();
        (page.len() == limit || self.reach == Reach::All).then_some(page)
    }
}

/// About how much memory an entry takes here, in octets.
fn bytes(entry: &Entry) -> usize {
    // The map's place, the counts of the two shared values, and what each allocation costs besides.
    const BESIDE: usize = (size_of::<Name>() + size_of::<Arc<Entry>>()) * 3 / 2 + 4 * size_of::<usize>() + 4 * 16;
    let tag = entry.schedule_tag.as_ref().map_or(0, |tag| tag.as_str().len());
    size_of::<Entry>() + BESIDE + entry.name.as_str().len() + entry.etag.as_str().len() + entry.uid.len() + tag
}

impl Default for Listing {
    /// Older than any that there is.
    fn default() -> Listing {
        Listing::at(Version(0))
    }
}

/// All of them.
#[derive(Default)]
pub struct Listings {
    slots: Slots<RwLock<Listing>>,
}

impl Listings {
    /// A page of a collection at a version: `limit` entries after a name, fewer at the end. `None` where it must be read.
    pub fn page(&self, id: CollectionId, version: Version, after: Option<&Name>, limit: usize) -> Option<Vec<Arc<Entry>>> {
        let slot = self.slots.found(id)?;
        let listing = slot.read().unwrap_or_else(PoisonError::into_inner);
        if listing.version == version { listing.page(after, limit) } else { None }
    }

    /// Those of some names whose entries are here, and the version that they stand at.
    pub fn known(&self, id: CollectionId, names: &[Name]) -> Option<(Version, Vec<Option<Arc<Entry>>>)> {
        let slot = self.slots.found(id)?;
        let listing = slot.read().unwrap_or_else(PoisonError::into_inner);
        Some((listing.version, names.iter().map(|name| listing.entries.get(name).cloned()).collect()))
    }

    /// Keeps a page that was read while the collection stood at a version. `is_last`: nothing comes after it.
    pub fn keep_page(&self, id: CollectionId, version: Version, after: Option<&Name>, page: &[Arc<Entry>], is_last: bool) {
        self.change(id, version, |listing| {
            if !listing.reaches(after) || !listing.has_room() {
                return;
            }
            page.iter().for_each(|entry| listing.put(Arc::clone(entry)));
            match page.last() {
                _ if is_last => listing.reach = Reach::All,
                Some(last) if !listing.reaches(Some(&last.name)) => listing.reach = Reach::To(last.name.clone()),
                _ => {}
            }
        });
    }

    /// Keeps single entries that were read while the collection stood at a version.
    pub fn keep(&self, id: CollectionId, version: Version, entries: impl Iterator<Item = Arc<Entry>>) {
        self.change(id, version, |listing| {
            for entry in entries {
                if listing.has_room() {
                    listing.put(entry);
                }
            }
        });
    }

    /// Brings the listings to where a commit has brought the collections.
    pub fn publish(&self, steps: &[Step]) {
        for step in steps {
            let Some(slot) = self.slots.unasked(step.id) else { continue };
            let mut listing = slot.write().unwrap_or_else(PoisonError::into_inner);
            if listing.version == step.from {
                for (name, change) in &step.changes {
                    match change {
                        Some(change) => listing.put(Arc::clone(&change.entry)),
                        None => listing.remove(name),
                    }
                }
                listing.version = step.to;
                if listing.bytes > LIMIT {
                    *listing = Listing::at(step.to);
                }
            }
        }
    }

    /// Changes a listing that stands at a version; an older one is worth nothing any more, a newer one is left alone.
    fn change(&self, id: CollectionId, version: Version, change: impl FnOnce(&mut Listing)) {
        let slot = self.slots.of(id);
        {
            let mut listing = slot.write().unwrap_or_else(PoisonError::into_inner);
            if listing.version < version {
                *listing = Listing::at(version);
            }
            if listing.version != version {
                return;
            }
            change(&mut listing);
        }
        self.slots.forget_least_used(LIMIT, |listing| listing.read().unwrap_or_else(PoisonError::into_inner).bytes);
    }
}

#[cfg(test)]
mod tests;

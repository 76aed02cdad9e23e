//! Reading what lies in a collection: entries and objects, from memory where listings and bodies have them.
//!
//! An entry out of memory is what it was kept as only while the collection stands at the same version. That is read together with all else
//! that is asked of the engine, so that an answer is of one moment.

use std::sync::Arc;

use bytes::Bytes;

use super::engine::{Key, MAX_SCAN};
use super::txn::{join, size_of};
use super::{Store, failed, key, record};
use crate::collection::{CollectionId, Entry, Name, Object, Version};
use crate::error::Result;

/// From so many names on a listing is asked: fewer entries are read with their octets as fast.
const SEVERAL: usize = 4;

impl Store {
    /// One page of entries by name, after a name; fewer than [`MAX_SCAN`] at the end.
    pub async fn entries(&self, id: CollectionId, after: Option<&Name>) -> Result<Vec<Arc<Entry>>> {
        let listings = &self.caches.listings;
        let version = self.version(id).await?;
        if let Some(page) = listings.page(id, version, after, MAX_SCAN) {
            return Ok(page);
        }
        let from = after.map(|name| key::entry(id, name));
        let page = self.engine.scan(&key::entries(id), from.as_deref(), MAX_SCAN).await.map_err(failed)?;
        let page: Vec<Arc<Entry>> = page.iter().map(|(_, octets)| entry(octets)).collect::<Result<_>>()?;
        // The version was read first: what is kept may be newer than it says, but never is taken for it. A commit that came in between has
        // moved the collection on, and the listing follows when it is published, which changes nothing the second time.
        listings.keep_page(id, version, after, &page, page.len() < MAX_SCAN);
        Ok(page)
    }

    /// Entries of names, in the order asked.
    pub async fn entries_of(&self, id: CollectionId, names: &[Name]) -> Result<Vec<Option<Arc<Entry>>>> {
        let keys: Vec<Key> = names.iter().map(|name| key::entry(id, name)).collect();
        let values = self.engine.get(&keys).await.map_err(failed)?;
        values.into_iter().map(|value| value.map(|octets| entry(&octets)).transpose()).collect()
    }

    /// Objects of names, in the order asked.
    pub async fn objects(&self, id: CollectionId, names: &[Name]) -> Result<Vec<Option<Object>>> {
        let known = if names.len() < SEVERAL { None } else { self.caches.listings.known(id, names) };
        if let Some((version, known)) = known
            && let Some(objects) = self.read(id, names, known, Some(version)).await?
        {
            return Ok(objects);
        }
        Ok(self.read(id, names, vec![None; names.len()], None).await?.unwrap_or_default())
    }

    /// Objects of names, of which some entries are known as they were at a version; nothing where the collection is not there any more.
    async fn read(
        &self,
        id: CollectionId,
        names: &[Name],
        known: Vec<Option<Arc<Entry>>>,
        at: Option<Version>,
    ) -> Result<Option<Vec<Option<Object>>>> {
        // Most objects fit one piece: entries and first pieces are read at one moment, and only larger objects are read again.
        let mut keys = Vec::with_capacity(1 + 2 * names.len());
        keys.push(key::version(id));
        let bodies = self.caches.bodies.of(&known);
        for ((name, known), body) in names.iter().zip(&known).zip(&bodies) {
            if known.is_none() {
                keys.push(key::entry(id, name));
            }
            if body.is_none() {
                keys.push(key::first_piece(id, name));
            }
        }
        let mut values = self.engine.get(&keys).await.map_err(failed)?.into_iter();
        let version = values.next().flatten().map_or(Ok(Version(0)), |octets| record::decode(&octets))?;
        if at.is_some_and(|at| at != version) {
            return Ok(None);
        }
        let (mut objects, mut read, mut found) = (Vec::with_capacity(names.len()), Vec::new(), 0);
        for ((name, known), body) in names.iter().zip(known).zip(bodies) {
            if let (Some(entry), Some(octets)) = (&known, body) {
                objects.push(Some(Object { entry: Arc::clone(entry), octets }));
                found += 1;
                continue;
            }
            let entry = match known {
                Some(entry) => Some(entry),
                None => values.next().flatten().map(|octets| entry(&octets)).transpose()?.inspect(|entry| read.push(Arc::clone(entry))),
            };
            let first = values.next().flatten();
            objects.push(match entry {
                Some(entry) => self.whole(id, name, entry, first).await?,
                None => None,
            });
        }
        if names.len() >= SEVERAL {
            if found < objects.len() {
                self.caches.bodies.keep(objects.iter().flatten());
            }
            if !read.is_empty() {
                self.caches.listings.keep(id, version, read.into_iter());
            }
        }
        Ok(Some(objects))
    }

    async fn whole(&self, id: CollectionId, name: &Name, known: Arc<Entry>, first: Option<Bytes>) -> Result<Option<Object>> {
        if let Some(octets) = first
            && octets.len() == size_of(&known)
        {
            return Ok(Some(Object { entry: known, octets }));
        }
        let mut keys = vec![key::entry(id, name)];
        keys.extend(key::pieces(&key::body(id, name), size_of(&known)));
        let mut values = self.engine.get(&keys).await.map_err(failed)?.into_iter();
        let Some(now) = values.next().flatten() else { return Ok(None) };
        let now = entry(&now)?;
        if now.etag != known.etag {
            // It changed between the two reads; the next attempt sees one moment of it.
            return Box::pin(self.whole(id, name, now, None)).await;
        }
        let octets = join(values.collect(), size_of(&now))?;
        Ok(Some(Object { entry: now, octets }))
    }

    pub(super) async fn version(&self, id: CollectionId) -> Result<Version> {
        Ok(self.record(&key::version(id)).await?.unwrap_or(Version(0)))
    }
}

fn entry(octets: &[u8]) -> Result<Arc<Entry>> {
    record::decode(octets).map(Arc::new)
}

#[cfg(test)]
mod tests;

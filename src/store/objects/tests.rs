use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use chrono::{TimeZone, Utc};

use super::super::engine::{Answer, Batch, Engine};
use super::super::memory::MemoryEngine;
use super::super::record::CollectionRecord;
use super::super::txn::{Note, Txn};
use super::super::wait::wait;
use super::*;
use crate::collection::Etag;
use crate::ical::component::{Component, Status, Transparency};
use crate::index::Indexed;
use crate::world::Fixed;

const NAMES: u8 = 12;

fn name(n: u8) -> Name {
    Name::new(&format!("{n:03}.ics")).unwrap()
}

/// An engine on which somebody else commits just before the next read of octets, or just after the next scan.
#[derive(Default)]
struct Shared {
    inner: MemoryEngine,
    before_octets: Mutex<Option<Batch>>,
    after_scan: Mutex<Option<Batch>>,
}

impl Shared {
    fn commit_now(&self, waiting: &Mutex<Option<Batch>>) {
        if let Some(batch) = waiting.lock().unwrap().take() {
            wait(self.inner.commit(batch)).unwrap();
        }
    }

    /// What somebody else writes: an object, its entry, and the version after the present one.
    async fn foreign(&self, id: CollectionId, n: u8, octets: &Bytes) -> Batch {
        let keys = [key::version(id), key::entry(id, &name(n))];
        let kept = self.inner.get(&keys).await.unwrap();
        let version: Version = record::decode(kept[0].as_ref().unwrap()).unwrap();
        let entry: Entry = record::decode(kept[1].as_ref().unwrap()).unwrap();
        let entry = Entry { etag: Etag::of(octets), version: version.next(), size: octets.len() as u64, ..entry };
        let [version_key, entry_key] = keys;
        let write = vec![
            (version_key, Some(record::encode(&version.next()).unwrap())),
            (entry_key, Some(record::encode(&entry).unwrap())),
            (key::piece(&key::body(id, &name(n)), 0), Some(octets.clone())),
        ];
        Batch { expect: Vec::new(), write }
    }
}

impl Engine for Shared {
    fn get(&self, keys: &[Key]) -> Answer<'_, Vec<Option<Bytes>>> {
        if keys.iter().any(|key| key.starts_with(b"b")) {
            self.commit_now(&self.before_octets);
        }
        self.inner.get(keys)
    }

    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Answer<'_, Vec<(Key, Bytes)>> {
        let page = self.inner.scan(prefix, after, limit);
        self.commit_now(&self.after_scan);
        page
    }

    fn commit(&self, batch: Batch) -> Answer<'_, ()> {
        self.inner.commit(batch)
    }
}

async fn store() -> (Store, CollectionId) {
    on(Arc::new(MemoryEngine::new())).await
}

async fn on(engine: Arc<dyn Engine>) -> (Store, CollectionId) {
    let world = Fixed::at(Utc.with_ymd_and_hms(2026, 3, 2, 8, 0, 0).unwrap());
    let store = Store::open(engine, Arc::new(world)).await.unwrap();
    let record = CollectionRecord {
        component: Component::Event,
        zone: "Europe/Berlin".into(),
        resource: None,
        owner: None,
        title: None,
        source: None,
    };
    let (id, _) = store.commit(move |txn| txn.make_collection(&record)).await.unwrap();
    (store, id)
}

fn note() -> Note {
    Note { at: 0, by: None, via: "test".into(), what: "changed".into(), sent: None, number: None }
}

/// Octets of different lengths, some of them in several pieces.
fn octets(n: u64) -> Bytes {
    Bytes::from(format!("{n}:").repeat(if n.is_multiple_of(7) { 60_000 } else { 20 }))
}

fn put(txn: &mut Txn<'_>, id: CollectionId, n: u8, octets: &Bytes) -> Result<Version> {
    let entry = Entry {
        name: name(n),
        etag: Etag::of(octets),
        uid: format!("uid-{n}"),
        component: Component::Event,
        span: None,
        status: Status::Confirmed,
        transparency: Transparency::Opaque,
        recurring: false,
        size: 0,
        modified: 0,
        version: Version(0),
        schedule_tag: None,
        buffer: None,
    };
    txn.put(id, entry, octets, Indexed::default(), note())
}

/// Objects that are read while others write are whole, and what is listed while nobody writes is what the engine has.
#[test]
fn readers_beside_a_writer_see_what_is_there() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    runtime.block_on(async {
        let (store, id) = store().await;
        let store = Arc::new(store);
        let done = Arc::new(AtomicBool::new(false));
        let readers = (0..3).map(|_| {
            let (store, done) = (Arc::clone(&store), Arc::clone(&done));
            tokio::spawn(async move {
                let names: Vec<Name> = (0..NAMES).map(name).collect();
                let (mut still, mut moving) = (0, 0);
                while !done.load(Ordering::Relaxed) || still == 0 {
                    let before = store.version(id).await.unwrap();
                    let listed = store.entries(id, None).await.unwrap();
                    let kept = store.engine.scan(&key::entries(id), None, MAX_SCAN).await.unwrap();
                    if store.version(id).await.unwrap() == before {
                        let kept: Vec<Entry> = kept.iter().map(|(_, octets)| record::decode(octets).unwrap()).collect();
                        assert!(listed.iter().map(|entry| &**entry).eq(&kept));
                        still += 1;
                    } else {
                        moving += 1;
                    }
                    for object in store.objects(id, &names).await.unwrap().into_iter().flatten() {
                        assert_eq!(Etag::of(&object.octets), object.entry.etag);
                    }
                    tokio::task::yield_now().await;
                }
                (still, moving)
            })
        });
        let readers: Vec<_> = readers.collect();
        for n in 0..600_u64 {
            let place = u8::try_from(n * 7919 % u64::from(NAMES)).unwrap();
            let change = move |txn: &mut Txn<'_>| match n % 5 {
                0 => txn.remove(id, &name(place), note()).or_else(|_| put(txn, id, place, &octets(n))),
                _ => put(txn, id, place, &octets(n)),
            };
            store.commit(change).await.unwrap();
        }
        done.store(true, Ordering::Relaxed);
        for reader in readers {
            assert!(reader.await.unwrap().0 > 0);
        }
    });
}

#[test]
fn what_was_listed_is_read_from_memory_and_changes_with_each_commit() {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
        let (store, id) = store().await;
        store.commit(move |txn| (0..NAMES).try_for_each(|n| put(txn, id, n, &octets(1)).map(drop))).await.unwrap();
        let first = store.entries(id, None).await.unwrap();
        let again = store.entries(id, None).await.unwrap();
        assert!(first.len() == usize::from(NAMES) && first.iter().zip(&again).all(|(a, b)| Arc::ptr_eq(a, b)));
        store.commit(move |txn| put(txn, id, 3, &octets(2))).await.unwrap();
        store.commit(move |txn| txn.remove(id, &name(4), note())).await.unwrap();
        let changed = store.entries(id, None).await.unwrap();
        assert_eq!(changed.len(), first.len() - 1);
        assert!(Arc::ptr_eq(&changed[0], &first[0]) && changed[3].etag == Etag::of(&octets(2)));
        let names: Vec<Name> = (0..NAMES).map(name).collect();
        let objects = store.objects(id, &names).await.unwrap();
        assert!(objects[4].is_none());
        assert!(Arc::ptr_eq(&objects[3].as_ref().unwrap().entry, &changed[3]) && objects[3].as_ref().unwrap().octets == octets(2));
    });
}

#[test]
fn an_entry_from_memory_never_goes_with_octets_of_another_moment() {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
        let engine = Arc::new(Shared::default());
        let (store, id) = on(Arc::clone(&engine) as _).await;
        store.commit(move |txn| (0..NAMES).try_for_each(|n| put(txn, id, n, &octets(1)).map(drop))).await.unwrap();
        store.entries(id, None).await.unwrap();
        let names: Vec<Name> = (0..NAMES).map(name).collect();
        // As long as what was there, so that the length does not tell.
        let foreign = engine.foreign(id, 3, &octets(2)).await;
        *engine.before_octets.lock().unwrap() = Some(foreign);
        for object in store.objects(id, &names).await.unwrap().into_iter().flatten() {
            assert_eq!(Etag::of(&object.octets), object.entry.etag);
        }
        assert_eq!(store.entries(id, None).await.unwrap()[3].etag, Etag::of(&octets(2)));
    });
}

#[test]
fn a_page_that_is_old_when_it_arrives_is_not_listed_again() {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
        let engine = Arc::new(Shared::default());
        let (store, id) = on(Arc::clone(&engine) as _).await;
        store.commit(move |txn| (0..NAMES).try_for_each(|n| put(txn, id, n, &octets(1)).map(drop))).await.unwrap();
        let foreign = engine.foreign(id, 3, &octets(2)).await;
        *engine.after_scan.lock().unwrap() = Some(foreign);
        assert_eq!(store.entries(id, None).await.unwrap()[3].etag, Etag::of(&octets(1)));
        assert_eq!(store.entries(id, None).await.unwrap()[3].etag, Etag::of(&octets(2)));
    });
}

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use chrono::{TimeZone, Utc};

use super::super::memory::MemoryEngine;
use super::super::record::CollectionRecord;
use super::super::txn::{Note, Txn};
use super::*;
use crate::collection::Etag;
use crate::ical::component::{Component, Status, Transparency};
use crate::index::Indexed;
use crate::world::Fixed;

const NAMES: u8 = 12;

fn name(n: u8) -> Name {
    Name::new(&format!("{n:03}.ics")).unwrap()
}

async fn store() -> (Store, CollectionId) {
    let world = Fixed::at(Utc.with_ymd_and_hms(2026, 3, 2, 8, 0, 0).unwrap());
    let store = Store::open(Arc::new(MemoryEngine::new()), Arc::new(world)).await.unwrap();
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

use proptest::prelude::*;

use super::super::overlay::{Change, Changes};
use super::*;
use crate::collection::Etag;
use crate::ical::component::{Component, Status, Transparency};
use crate::index::Indexed;

const ID: CollectionId = CollectionId(7);

fn name(n: u8) -> Name {
    Name::new(&format!("{n:03}.ics")).unwrap()
}

fn entry(n: u8, version: Version) -> Arc<Entry> {
    Arc::new(Entry {
        name: name(n),
        etag: Etag::of(&version.0.to_be_bytes()),
        uid: format!("uid-{n}"),
        component: Component::Event,
        span: None,
        status: Status::Confirmed,
        transparency: Transparency::Opaque,
        recurring: false,
        size: 1,
        modified: 0,
        version,
        schedule_tag: None,
        buffer: None,
    })
}

/// A collection as an engine would have it, with listings beside it.
struct World {
    kept: BTreeMap<Name, Arc<Entry>>,
    version: Version,
    listings: Listings,
}

impl World {
    fn new() -> World {
        World { kept: BTreeMap::new(), version: Version(1), listings: Listings::default() }
    }

    /// `told`: by this process, not by another one.
    fn commit(&mut self, changed: &[(u8, bool)], told: bool) {
        let (from, to) = (self.version, self.version.next());
        let mut changes = Changes::new();
        for (n, is_there) in changed {
            let change = is_there.then(|| Change { entry: entry(*n, to), indexed: Indexed::default() });
            match &change {
                Some(change) => self.kept.insert(name(*n), Arc::clone(&change.entry)),
                None => self.kept.remove(&name(*n)),
            };
            changes.insert(name(*n), change);
        }
        self.version = to;
        if told {
            self.listings.publish(&[Step { id: ID, from, to, changes }]);
        }
    }

    fn right_page(&self, after: Option<&Name>, limit: usize) -> Vec<Arc<Entry>> {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        self.kept.range((start, Bound::Unbounded)).take(limit).map(|(_, entry)| Arc::clone(entry)).collect()
    }

    /// A whole listing by pages of a size, as the store reads it.
    fn list(&self, limit: usize) {
        let mut after: Option<Name> = None;
        loop {
            let right = self.right_page(after.as_ref(), limit);
            match self.listings.page(ID, self.version, after.as_ref(), limit) {
                Some(page) => assert_eq!(page, right),
                None => self.listings.keep_page(ID, self.version, after.as_ref(), &right, right.len() < limit),
            }
            match right.last() {
                Some(last) if right.len() == limit => after = Some(last.name.clone()),
                _ => return,
            }
        }
    }
}

#[derive(Debug, Clone)]
enum Event {
    Commit {
        changed: Vec<(u8, bool)>,
        told: bool,
    },
    List {
        limit: usize,
    },
    /// One page from the middle.
    Page {
        after: u8,
        limit: usize,
    },
    /// Some names, read where they are not known.
    Some {
        names: Vec<u8>,
    },
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (prop::collection::vec((0..40_u8, prop::bool::weighted(0.7)), 1..5), prop::bool::weighted(0.9))
            .prop_map(|(changed, told)| Event::Commit { changed, told }),
        (1..30_usize).prop_map(|limit| Event::List { limit }),
        (0..40_u8, 1..30_usize).prop_map(|(after, limit)| Event::Page { after, limit }),
        prop::collection::vec(0..40_u8, 1..8).prop_map(|names| Event::Some { names }),
    ]
}

proptest! {
    #[test]
    fn what_is_kept_is_what_is_there(events in prop::collection::vec(event(), 1..60)) {
        let mut world = World::new();
        for event in events {
            match event {
                Event::Commit { changed, told } => world.commit(&changed, told),
                Event::List { limit } => world.list(limit),
                Event::Page { after, limit } => {
                    let after = name(after);
                    let right = world.right_page(Some(&after), limit);
                    match world.listings.page(ID, world.version, Some(&after), limit) {
                        Some(page) => prop_assert_eq!(page, right),
                        None => world.listings.keep_page(ID, world.version, Some(&after), &right, right.len() < limit),
                    }
                }
                Event::Some { names } => {
                    let names: Vec<Name> = names.into_iter().map(name).collect();
                    if let Some((version, known)) = world.listings.known(ID, &names) && version == world.version {
                        for (name, known) in names.iter().zip(known) {
                            prop_assert!(known.is_none() || known.as_ref() == world.kept.get(name));
                        }
                    }
                    let read = names.iter().filter_map(|name| world.kept.get(name).cloned());
                    world.listings.keep(ID, world.version, read);
                }
            }
        }
    }
}

#[test]
fn a_second_listing_reads_nothing_and_one_after_a_change_neither() {
    let mut world = World::new();
    world.commit(&(0..10).map(|n| (n, true)).collect::<Vec<_>>(), true);
    world.list(4);
    for changed in [vec![], vec![(3, false), (20, true), (4, true)]] {
        world.commit(&changed, true);
        let page = world.listings.page(ID, world.version, None, 100);
        assert_eq!(page, Some(world.right_page(None, 100)));
    }
    // Another process was faster: what is here is old.
    world.commit(&[(5, false)], false);
    assert_eq!(world.listings.page(ID, world.version, None, 100), None);
    world.commit(&[(6, false)], true);
    assert_eq!(world.listings.page(ID, world.version, None, 100), None);
}

#[test]
fn a_reader_that_was_slow_does_not_spoil_a_newer_listing() {
    let mut world = World::new();
    world.commit(&[(1, true), (2, true)], true);
    let (old, page) = (world.version, world.right_page(None, 10));
    world.list(10);
    world.commit(&[(1, false)], true);
    world.listings.keep_page(ID, old, None, &page, true);
    world.listings.keep(ID, old, page.into_iter());
    assert_eq!(world.listings.page(ID, world.version, None, 10), Some(world.right_page(None, 10)));
}

#[test]
fn memory_is_bounded() {
    let listings = Listings::default();
    let many = |collection: u64| {
        let mut after: Option<Name> = None;
        for round in 0..60_u64 {
            let entries: Vec<Arc<Entry>> = (0..1000)
                .map(|n| {
                    let name = Name::new(&format!("{:06}.ics", round * 1000 + n)).unwrap();
                    Arc::new(Entry { name, ..Entry::clone(&entry(1, Version(1))) })
                })
                .collect();
            listings.keep_page(CollectionId(collection), Version(1), after.as_ref(), &entries, false);
            after = entries.last().map(|entry| entry.name.clone());
        }
    };
    (0..5).for_each(many);
    let slots: Vec<_> = (0..5).filter_map(|n| listings.slots.unasked(CollectionId(n))).collect();
    let total: usize = slots.iter().map(|slot| slot.read().unwrap().bytes).sum();
    assert!(total <= LIMIT && slots.len() < 5 && !slots.is_empty(), "{total} octets in {}", slots.len());
    // The first part of the last one is there, and what lies beyond it is read.
    assert!(listings.page(CollectionId(4), Version(1), None, 1000).is_some());
    assert!(listings.page(CollectionId(4), Version(1), Some(&Name::new("058000.ics").unwrap()), 1000).is_none());
}

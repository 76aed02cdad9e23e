//! Octets of small objects that were read lately, by their tags: whoever reads many at once finds them faster here than in the engine's tree.
//!
//! A tag names octets and nothing else, so that nothing in here is ever too old. Not for: which tag an object has (`listings`).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

use crate::collection::{Entry, Etag, Object};

/// What all of them together may take, in octets.
const LIMIT: usize = 4 * 1024 * 1024;

/// The largest object that is kept, in octets: of larger ones finding them is the least.
const SMALL: usize = 4 * 1024;

/// What one takes besides its octets: its tag, two places in maps that are half full, and what each allocation costs.
const BESIDE: usize = 256;

/// All of them, in two generations: when the young take half of what all may, the old are forgotten and the young are old.
#[derive(Default)]
pub struct Bodies(Mutex<Generations>);

#[derive(Default)]
struct Generations {
    young: HashMap<Etag, Bytes>,
    old: HashMap<Etag, Bytes>,
    /// What the young take.
    bytes: usize,
}

impl Bodies {
    /// The octets of these entries, where they are here.
    pub fn of(&self, entries: &[Option<Arc<Entry>>]) -> Vec<Option<Bytes>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.iter().map(|entry| kept.found(&entry.as_ref()?.etag)).collect()
    }

    /// Keeps the small ones of some objects.
    pub fn keep<'a>(&self, objects: impl Iterator<Item = &'a Object>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        objects.filter(|object| object.octets.len() <= SMALL).for_each(|object| kept.put(object.entry.etag.clone(), object.octets.clone()));
    }
}

impl Generations {
    fn found(&mut self, tag: &Etag) -> Option<Bytes> {
        if let Some(octets) = self.young.get(tag) {
            return Some(octets.clone());
        }
        let (tag, octets) = self.old.remove_entry(tag)?;
        self.put(tag, octets.clone());
        Some(octets)
    }

    fn put(&mut self, tag: Etag, octets: Bytes) {
        self.bytes += octets.len() + BESIDE;
        if let Some(before) = self.young.insert(tag, octets) {
            self.bytes -= before.len() + BESIDE;
        }
        if self.bytes > LIMIT / 2 {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::{Name, Version};
    use crate::ical::component::{Component, Status, Transparency};

    fn object(number: usize, length: usize) -> Object {
        let octets = Bytes::from(format!("{number:0length$}"));
        let entry = Entry {
            name: Name::new(&format!("{number}.ics")).unwrap(),
            etag: Etag::of(&octets),
            uid: number.to_string(),
            component: Component::Event,
            span: None,
            status: Status::Confirmed,
            transparency: Transparency::Opaque,
            recurring: false,
            size: octets.len() as u64,
            modified: 0,
            version: Version(1),
            schedule_tag: None,
            buffer: None,
        };
        Object { entry: Arc::new(entry), octets }
    }

    fn asked(bodies: &Bodies, object: &Object) -> Option<Bytes> {
        bodies.of(&[Some(Arc::clone(&object.entry)), None]).remove(0)
    }

    #[test]
    fn what_is_read_again_and_again_stays_and_the_rest_goes() {
        let bodies = Bodies::default();
        let (liked, large) = (object(0, 1_000), object(1, SMALL + 1));
        bodies.keep([&liked, &large].into_iter());
        assert_eq!(asked(&bodies, &large), None);
        let first = object(2, 1_000);
        bodies.keep(std::iter::once(&first));
        for number in 3..10_000 {
            bodies.keep(std::iter::once(&object(number, 1_000)));
            assert_eq!(asked(&bodies, &liked).as_ref(), Some(&liked.octets), "{number}");
            let kept = bodies.0.lock().unwrap();
            let all: usize = kept.young.values().chain(kept.old.values()).map(|octets| octets.len() + BESIDE).sum();
            assert!(all <= LIMIT && kept.bytes == kept.young.values().map(|octets| octets.len() + BESIDE).sum::<usize>());
        }
        assert_eq!(asked(&bodies, &first), None);
        // Another state of an object has another tag.
        assert_eq!(asked(&bodies, &object(0, 999)), None);
    }
}

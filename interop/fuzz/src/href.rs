//! Any text as an address: what it points at has one address, which points there. RFC 3986 §2.1, §3.3; RFC 4918 §8.3.

use openslot::dav::href::Target;

use super::budget::{Work, hold};

/// One input.
pub fn try_it(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    hold(Work::Reading, data.len(), || {
        if let Ok(target) = Target::read(text) {
            assert_eq!(Target::read(&target.href()).ok(), Some(target), "what we write is what we read");
        }
    });
}

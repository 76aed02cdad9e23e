//! Any octets as a body of XML: what is read can be written, and is read as the same again. RFC 4918 §4.3, §8.2; XML 1.0, Namespaces in XML.

use openslot::dav::xml;

use super::budget::{Work, hold};

/// One input.
pub fn try_it(data: &[u8]) {
    hold(Work::Reading, data.len(), || {
        let Ok(root) = xml::read(data) else { return };
        let again = xml::read(root.whole().as_bytes()).expect("what we write can be read");
        assert_eq!(again, root, "what we write is what we read");
    });
}

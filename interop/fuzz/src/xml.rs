//! Any octets as a body of XML: what is read can be written, and is read as the same again. RFC 4918 §4.3, §8.2; XML 1.0, Namespaces in XML.

use openslot::dav::xml;

use super::budget::{Work, hold};

/// One input.
pub fn try_it(data: &[u8]) {
    hold(Work::Reading, data.len(), || {
        let Ok(root) = xml::read(data) else { return };
        let again = xml::read(root.whole().as_bytes()).expect("what we write can be read");
        assert_eq!(again, root, "what we write is what we read");
        for octets in [u16::to_be_bytes, u16::to_le_bytes] {
            let utf16: Vec<u8> = std::iter::once(0xfeff).chain(root.whole().encode_utf16()).flat_map(octets).collect();
            assert_eq!(xml::read(&utf16).expect("UTF-16 is read"), root, "an encoding changes nothing");
        }
    });
}

//! What is asserted of any octets that come from outside, a file for each target of the fuzzer.
//!
//! Not for: finding octets (libFuzzer does, by `fuzz.rs`). `tests/fuzz.rs` reads this file too and runs through fixtures/fuzz.

pub mod budget;
pub mod filter;
#[path = "../../../tests/dav/house.rs"]
pub mod house;
pub mod href;
pub mod object;
pub mod request;
pub mod rule;
pub mod text;
pub mod vcard;
pub mod xml;

/// What a target asserts of an input.
pub type Assert = fn(&[u8]);

/// All targets, by the names of their folders in fixtures/fuzz.
pub const TARGETS: [(&str, Assert); 8] = [
    ("object", object::try_it),
    ("rule", rule::try_it),
    ("filter", filter::try_it),
    ("vcard", vcard::try_it),
    ("request", request::try_it),
    ("xml", xml::try_it),
    ("href", href::try_it),
    ("text", text::try_it),
];

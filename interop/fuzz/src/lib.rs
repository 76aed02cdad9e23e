//! What is asserted of any octets that come from outside, a file for each target of the fuzzer.
//!
//! Not for: finding octets (libFuzzer does, by `fuzz_targets`). `tests/fuzz.rs` reads this file too and runs through fixtures/fuzz.

pub mod budget;
pub mod filter;
#[path = "../../../tests/dav/house.rs"]
pub mod house;
pub mod object;
pub mod request;
pub mod rule;
pub mod text;
pub mod vcard;

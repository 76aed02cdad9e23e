//! One program for all targets, so that everything is built and linked once; the environment's FUZZ_TARGET says which it is.
#![no_main]

use std::sync::LazyLock;

use openslot_fuzz::{Assert, TARGETS};

static TARGET: LazyLock<Assert> = LazyLock::new(|| {
    let wanted = std::env::var("FUZZ_TARGET").expect("FUZZ_TARGET says which");
    TARGETS.iter().find(|(name, _)| *name == wanted).unwrap_or_else(|| panic!("{wanted} is no target")).1
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| TARGET(data));

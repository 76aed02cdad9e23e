//! fixtures/fuzz: what the fuzzer has found, and what it begins with, under the same assertions that it makes (`interop/fuzz`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what is wrong by ending there"
)]

use std::path::Path;

#[path = "../interop/fuzz/src/lib.rs"]
#[allow(dead_code, unused_imports, reason = "it is the fuzzer's too")]
mod targets;

#[test]
fn every_fixture_holds_what_its_target_asserts() {
    for (target, assert) in targets::TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/fuzz").join(target);
        let mut seen = 0;
        for file in std::fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            eprintln!("{}", path.display());
            assert(&std::fs::read(path).unwrap());
            seen += 1;
        }
        assert!(seen > 0, "{target} has fixtures");
    }
}

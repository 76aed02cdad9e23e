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

/// The fuzzer's inputs are shorter than an object may be: one line that fills one must hold the same budget.
#[test]
fn a_line_as_long_as_an_object_costs_no_more_than_its_octets() {
    let event = |line: &str| {
        format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260301T000000Z\r\n{line}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
    };
    let card = |line: &str| format!("BEGIN:VCARD\r\nVERSION:4.0\r\nUID:a\r\nFN:b\r\n{line}\r\nEND:VCARD\r\n");
    let many = |unit: &str, octets: usize| unit.repeat(octets / unit.len());
    let (value, head) = (1_000_000, 65_000);
    let days: Vec<String> = (1_970..4_000).flat_map(|year| [1, 4, 7, 10].map(|month| format!("{year}{month:02}11T090000Z"))).collect();
    let object: fn(&[u8]) = targets::object::try_it;
    for (assert, text) in [
        (object, event(&format!("DESCRIPTION:{}", many("a:b\\n", value)))),
        (object, event(&format!("X-ALT-DESC;FMTTYPE=text/html:{}", many("<b>ä</b>", value)))),
        (object, event(&format!("DESCRIPTION:{}", many("a\r\n ", value)))),
        (object, event(&format!("CATEGORIES:{}", many("a,", value)))),
        (object, event(&format!("RDATE:{}", days.join(",")))),
        (object, event(&format!("RRULE:FREQ=DAILY;BYDAY={}TU", many("MO,", value)))),
        (object, event(&format!("X-A{}:{}", many(";B=c", head), many("x", value - head)))),
        (object, event(&format!("X-A{}:1", many(";B=c", value)))),
        (targets::vcard::try_it, card(&format!("NOTE:{}", many("a\\n", value)))),
        (targets::vcard::try_it, card(&format!("X-A{}:1", many(";B=c", value)))),
    ] {
        eprintln!("{}", text.chars().skip(60).take(60).collect::<String>());
        assert(text.as_bytes());
    }
}

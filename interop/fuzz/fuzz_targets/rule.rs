#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| openslot_fuzz::rule::try_it(data));

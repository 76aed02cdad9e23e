#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| openslot_fuzz::request::try_it(data));

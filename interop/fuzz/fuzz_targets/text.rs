#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| openslot_fuzz::text::try_it(data));

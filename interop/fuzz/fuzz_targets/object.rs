#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| openslot_fuzz::object::try_it(data));

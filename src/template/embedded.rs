//! The files that are part of the program. `tests/tidy.rs` checks that none in `templates/` is missing here.

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// Name below `templates/` and content.
        pub const FILES: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../templates/", $name)))),*];
    };
}

files!["text/de/date.ftl", "text/en/date.ftl",];

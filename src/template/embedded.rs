//! The files that are part of the program. `tests/tidy.rs` checks that none in `templates/` is missing here.

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// Name below `templates/` and content.
        pub const FILES: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../templates/", $name)))),*];
    };
}

files![
    "mail/button.html",
    "mail/customer.html",
    "mail/customer.txt",
    "mail/frame.html",
    "mail/practice.html",
    "mail/practice.subject.txt",
    "mail/practice.txt",
    "mail/when.txt",
    "text/de/date.ftl",
    "text/de/mail.ftl",
    "text/en/date.ftl",
    "text/en/mail.ftl",
];

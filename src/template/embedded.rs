//! The files that are part of the program. `tests/tidy.rs` checks that none in `templates/` is missing here.

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// Name below `templates/` and content.
        pub const FILES: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../templates/", $name)))),*];
    };
}

files![
    "base.html",
    "book/address.html",
    "book/booking.html",
    "book/cancel.html",
    "book/contact.html",
    "book/form.html",
    "book/grid.html",
    "book/refused.html",
    "book/refused_text.html",
    "book/services.html",
    "book/start.html",
    "book/summary.html",
    "mail/button.html",
    "mail/customer.html",
    "mail/customer.txt",
    "mail/frame.html",
    "mail/practice.html",
    "mail/practice.subject.txt",
    "mail/practice.txt",
    "mail/when.txt",
    "staff/appointment.html",
    "staff/base.html",
    "staff/devices.html",
    "staff/feeds.html",
    "staff/letters.html",
    "staff/mail.html",
    "staff/mails.html",
    "staff/refused.html",
    "staff/requests.html",
    "staff/requests_list.html",
    "staff/row.html",
    "staff/sign_in.html",
    "staff/upcoming.html",
    "static/book.css",
    "static/icon.svg",
    "static/page.css",
    "static/staff.css",
    "static/staff.js",
    "static/theme.css",
    "text/de/book.ftl",
    "text/de/date.ftl",
    "text/de/mail.ftl",
    "text/de/staff.ftl",
    "text/en/book.ftl",
    "text/en/date.ftl",
    "text/en/mail.ftl",
    "text/en/staff.ftl",
];

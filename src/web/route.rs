//! Which page a path means.
//!
//! Not for: what may be done there (`mod`). Paths carry tokens, so logs hold a route's name and never the path.

use percent_encoding::percent_decode_str;

/// The longest path that means anything, in octets.
const MAX_PATH: usize = 1024;

/// A page, with the changing parts of its path, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// `/`
    Start,
    /// `/book/widget.js`
    Widget,
    /// `/book/LOCATION`
    Book(String),
    /// `/book/LOCATION/new`
    NewBooking(String),
    /// `/book/LOCATION/hold`
    Hold(String),
    /// `/book/LOCATION/release`
    Release(String),
    /// `/booking/TOKEN`
    Booking(String),
    /// `/booking/TOKEN/appointment.ics`
    Calendar(String),
    /// `/booking/TOKEN/cancel`
    Cancel(String),
    /// `/booking/TOKEN/move`
    Move(String),
    /// `/booking/TOKEN/again`
    Again(String),
    /// `/staff`
    StaffBare,
    /// `/staff/`
    Reminders,
    /// `/staff/sign-in`
    SignIn,
    /// `/staff/sign-out`
    SignOut,
    /// `/staff/requests`
    Requests,
    /// `/staff/events`
    Events,
    /// `/staff/upcoming`
    Upcoming,
    /// `/staff/appointment/UID`
    Appointment(String),
    /// `/staff/appointment/UID/ACT`
    Act(String, String),
    /// `/staff/mail`
    Letters,
    /// `/staff/mail/again`
    SendAgain,
    /// `/staff/mail/drop`
    DropLetter,
    /// `/staff/mail/parked/VERDICT`
    Judge(String),
    /// `/staff/mail/test`
    TestLetter,
    /// `/staff/mail/preview/ABOUT/TO/LANGUAGE`
    Preview(String, String, String),
    /// `/staff/mail/preview/ABOUT/TO/LANGUAGE/html`
    PreviewHtml(String, String, String),
    /// `/staff/links`
    Links,
    /// `/staff/slots`
    Slots,
    /// `/staff/devices`
    Devices,
    /// `/staff/devices/revoke`
    RevokeDevice,
    /// `/staff/feeds`
    Feeds,
    /// `/staff/feeds/revoke`
    RevokeFeed,
    /// `/feeds/NAME`
    Feed(String),
    /// `/static/NAME`
    Static(String),
    /// `/health`
    Health,
    /// `/demo/mail`
    MailsBare,
    /// `/demo/mail/`
    Mails,
    /// `/demo/mail/NAME`
    Mail(String),
    /// `/demo/mail/NAME/html`
    MailHtml(String),
    /// `/demo/mail/NAME/part/N`
    MailPart(String, usize),
    /// None of these.
    Unknown,
}

impl Route {
    /// The route of a path as it came, without its query.
    pub fn of(path: &str) -> Route {
        if path.len() > MAX_PATH {
            return Route::Unknown;
        }
        let Some(segments) = path.strip_prefix('/').map(|rest| rest.split('/').map(decoded).collect::<Option<Vec<_>>>()) else {
            return Route::Unknown;
        };
        let Some(segments) = segments else { return Route::Unknown };
        let words: Vec<&str> = segments.iter().map(String::as_str).collect();
        Route::of_segments(&words)
    }

    fn of_segments(words: &[&str]) -> Route {
        let own = |word: &&str| (*word).to_owned();
        match words {
            [""] => Route::Start,
            ["health"] => Route::Health,
            ["static", name] => Route::Static(own(name)),
            ["book", "widget.js"] => Route::Widget,
            ["book", location] => Route::Book(own(location)),
            ["book", location, "new"] => Route::NewBooking(own(location)),
            ["book", location, "hold"] => Route::Hold(own(location)),
            ["book", location, "release"] => Route::Release(own(location)),
            ["booking", token] => Route::Booking(own(token)),
            ["booking", token, "appointment.ics"] => Route::Calendar(own(token)),
            ["booking", token, "cancel"] => Route::Cancel(own(token)),
            ["booking", token, "move"] => Route::Move(own(token)),
            ["booking", token, "again"] => Route::Again(own(token)),
            ["staff"] => Route::StaffBare,
            ["staff", ""] => Route::Reminders,
            ["staff", "sign-in"] => Route::SignIn,
            ["staff", "sign-out"] => Route::SignOut,
            ["staff", "requests"] => Route::Requests,
            ["staff", "events"] => Route::Events,
            ["staff", "upcoming"] => Route::Upcoming,
            ["staff", "appointment", uid] => Route::Appointment(own(uid)),
            ["staff", "appointment", uid, act] => Route::Act(own(uid), own(act)),
            ["staff", "mail"] => Route::Letters,
            ["staff", "mail", "again"] => Route::SendAgain,
            ["staff", "mail", "drop"] => Route::DropLetter,
            ["staff", "mail", "parked", verdict] => Route::Judge(own(verdict)),
            ["staff", "mail", "test"] => Route::TestLetter,
            ["staff", "mail", "preview", about, to, tag] => Route::Preview(own(about), own(to), own(tag)),
            ["staff", "mail", "preview", about, to, tag, "html"] => Route::PreviewHtml(own(about), own(to), own(tag)),
            ["staff", "links"] => Route::Links,
            ["staff", "slots"] => Route::Slots,
            ["staff", "devices"] => Route::Devices,
            ["staff", "devices", "revoke"] => Route::RevokeDevice,
            ["staff", "feeds"] => Route::Feeds,
            ["staff", "feeds", "revoke"] => Route::RevokeFeed,
            ["feeds", file] => Route::Feed(own(file)),
            ["demo", "mail"] => Route::MailsBare,
            ["demo", "mail", ""] => Route::Mails,
            ["demo", "mail", name] => Route::Mail(own(name)),
            ["demo", "mail", name, "html"] => Route::MailHtml(own(name)),
            ["demo", "mail", name, "part", number] => number.parse().map_or(Route::Unknown, |n| Route::MailPart(own(name), n)),
            _ => Route::Unknown,
        }
    }

    /// The route's name for the log: the path with its changing parts in capitals.
    pub fn name(&self) -> &'static str {
        match self {
            Route::Start => "/",
            Route::Widget => "/book/widget.js",
            Route::Book(_) => "/book/LOCATION",
            Route::NewBooking(_) => "/book/LOCATION/new",
            Route::Hold(_) => "/book/LOCATION/hold",
            Route::Release(_) => "/book/LOCATION/release",
            Route::Booking(_) => "/booking/TOKEN",
            Route::Calendar(_) => "/booking/TOKEN/appointment.ics",
            Route::Cancel(_) => "/booking/TOKEN/cancel",
            Route::Move(_) => "/booking/TOKEN/move",
            Route::Again(_) => "/booking/TOKEN/again",
            Route::StaffBare => "/staff",
            Route::Reminders => "/staff/",
            Route::SignIn => "/staff/sign-in",
            Route::SignOut => "/staff/sign-out",
            Route::Requests => "/staff/requests",
            Route::Events => "/staff/events",
            Route::Upcoming => "/staff/upcoming",
            Route::Appointment(_) => "/staff/appointment/UID",
            Route::Act(..) => "/staff/appointment/UID/ACT",
            Route::Letters => "/staff/mail",
            Route::SendAgain => "/staff/mail/again",
            Route::Judge(_) => "/staff/mail/parked/VERDICT",
            Route::DropLetter => "/staff/mail/drop",
            Route::TestLetter => "/staff/mail/test",
            Route::Preview(..) => "/staff/mail/preview/ABOUT/TO/LANGUAGE",
            Route::PreviewHtml(..) => "/staff/mail/preview/ABOUT/TO/LANGUAGE/html",
            Route::Links => "/staff/links",
            Route::Slots => "/staff/slots",
            Route::Devices => "/staff/devices",
            Route::RevokeDevice => "/staff/devices/revoke",
            Route::Feeds => "/staff/feeds",
            Route::RevokeFeed => "/staff/feeds/revoke",
            Route::Feed(_) => "/feeds/NAME",
            Route::Static(_) => "/static/NAME",
            Route::Health => "/health",
            Route::MailsBare => "/demo/mail",
            Route::Mails => "/demo/mail/",
            Route::Mail(_) => "/demo/mail/NAME",
            Route::MailHtml(_) => "/demo/mail/NAME/html",
            Route::MailPart(..) => "/demo/mail/NAME/part/N",
            Route::Unknown => "unknown",
        }
    }

    /// The methods that the route answers, as an Allow header writes them.
    pub fn methods(&self) -> &'static str {
        match self {
            Route::NewBooking(_) | Route::Cancel(_) | Route::Move(_) | Route::SignIn | Route::Devices => "GET, HEAD, POST",
            Route::Again(_) | Route::Judge(_) | Route::SendAgain | Route::DropLetter | Route::TestLetter => "POST",
            Route::Hold(_)
            | Route::Release(_)
            | Route::SignOut
            | Route::Act(..)
            | Route::RevokeDevice
            | Route::Feeds
            | Route::RevokeFeed => "POST",
            _ => "GET, HEAD",
        }
    }
}

/// A segment without its escapes; `None` where it holds what no segment of ours holds.
fn decoded(segment: &str) -> Option<String> {
    let segment = percent_decode_str(segment).decode_utf8().ok()?;
    (!segment.chars().any(char::is_control)).then(|| segment.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_mean_pages() {
        assert_eq!(Route::of("/"), Route::Start);
        assert_eq!(Route::of("/book/stuttgart"), Route::Book("stuttgart".into()));
        assert_eq!(Route::of("/book/widget.js"), Route::Widget);
        assert_eq!(Route::of("/booking/abc/cancel"), Route::Cancel("abc".into()));
        assert_eq!(Route::of("/staff/appointment/a%40b/confirm"), Route::Act("a@b".into(), "confirm".into()));
        assert_eq!(Route::of("/demo/mail/x%40y/part/2"), Route::MailPart("x@y".into(), 2));
        for path in ["", "x", "/book", "/book/a/b", "/booking/a/b", "/nothing", "/book/%00", "/book/%ff", "//", "/demo/mail/x/part/no"] {
            assert_eq!(Route::of(path), Route::Unknown, "{path}");
        }
        assert_eq!(Route::of(&format!("/{}", "a".repeat(MAX_PATH))), Route::Unknown);
    }

    #[test]
    fn a_name_never_holds_a_token() {
        for path in
            ["/feeds/SECRET", "/booking/SECRET", "/booking/SECRET/cancel", "/staff/appointment/SECRET", "/SECRET", "/demo/mail/SECRET"]
        {
            assert!(!Route::of(path).name().contains("SECRET"), "{path}");
        }
    }
}

//! Forms that no person filled in, told apart without a third party, a puzzle, a script or a cookie.
//!
//! Whoever is taken for a program by mistake is asked to send the form once more, with everything typed still there: that costs a person
//! one click, and a program that sends forms blindly does not come back. Not for: how often somebody may book (`app::visits`, `app::booking`).

use super::Web;
use super::form::Fields;
use crate::ical::time::Seconds;

/// The name of the field that people don't see. None that browsers fill in.
pub const TRAP: &str = "reply_channel";

/// The name of the field that says when the form was given out.
pub const STAMP: &str = "stamp";

/// A form is good for so long, in seconds: somebody may leave it open over night.
const MAX_AGE: Seconds = 24 * 60 * 60;

/// The stamp of a form that is given out now, or the one it had while that is good: waiting begins once.
pub fn stamp(web: &Web, form: &str, sent: Option<&str>, now: Seconds) -> String {
    let good = sent.filter(|stamp| web.app.stamped(form, stamp).is_some_and(|at| is_good(at, now)));
    good.map_or_else(|| web.app.stamp(form, now), str::to_owned)
}

fn is_good(at: Seconds, now: Seconds) -> bool {
    (0..MAX_AGE).contains(&now.saturating_sub(at))
}

/// Whether the form has to be asked for once more: the hidden field is filled in, it came faster than anybody types, or nobody was ever
/// given it.
pub fn is_doubtful(web: &Web, form: &str, fields: &Fields, now: Seconds) -> bool {
    if fields.filled(TRAP).is_some() {
        return true;
    }
    if web.form_seconds == 0 {
        return false;
    }
    let given = fields.get(STAMP).and_then(|stamp| web.app.stamped(form, stamp)).filter(|at| is_good(*at, now));
    given.is_none_or(|at| now.saturating_sub(at) < Seconds::from(web.form_seconds))
}

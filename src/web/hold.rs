//! The form page asks that its time be held while it is filled in, and lets it go when it is left.
//!
//! Only a script asks: whoever has none books without, and the booking itself is the check. Not for: what a hold is (`app::hold`).

use http::{StatusCode, header};

use super::form::Fields;
use super::page::{Visit, plain, set, whole};
use super::wall::instant_of;
use crate::app::hold::Hold;
use crate::appointment::practice::Id;
use crate::appointment::refusal::Refusal;
use crate::exchange::Reply;

/// Holds the time that a form names: 200 with the seconds since 1970 until which it is held, 409 where it is no longer free, 410 where
/// the form has held for long enough.
pub async fn hold(visit: &Visit<'_>, location: &str, fields: &Fields) -> Reply {
    let Some(hold) = wished(visit, location, fields) else { return plain(StatusCode::UNPROCESSABLE_ENTITY, "") };
    match visit.web.app.hold(hold).await {
        Ok(until) if until <= visit.now => plain(StatusCode::GONE, ""),
        Ok(until) => whole(StatusCode::OK, "text/plain; charset=utf-8", until.to_string()),
        Err(Refusal::Taken(_) | Refusal::NotOffered(_)) => plain(StatusCode::CONFLICT, ""),
        Err(Refusal::NotFound) => plain(StatusCode::NOT_FOUND, ""),
        Err(Refusal::TooOften(seconds)) => {
            let mut reply = plain(StatusCode::TOO_MANY_REQUESTS, "");
            set(&mut reply, header::RETRY_AFTER, &seconds.max(1).to_string());
            reply
        }
        Err(Refusal::Failed(words)) => {
            visit.failure(&words);
            plain(StatusCode::INTERNAL_SERVER_ERROR, "")
        }
        Err(_) => plain(StatusCode::CONFLICT, ""),
    }
}

/// Lets go of what a form holds: 204, whether it held anything or not. It is asked by a page that is being left and hears no answer.
pub async fn release(visit: &Visit<'_>, fields: &Fields) -> Reply {
    let Some(form) = fields.filled("form").filter(|id| super::book::is_form_id(id)) else {
        return plain(StatusCode::UNPROCESSABLE_ENTITY, "");
    };
    match visit.web.app.let_go(form).await {
        Err(Refusal::Failed(words)) => {
            visit.failure(&words);
            plain(StatusCode::INTERNAL_SERVER_ERROR, "")
        }
        _ => plain(StatusCode::NO_CONTENT, ""),
    }
}

fn wished(visit: &Visit<'_>, location: &str, fields: &Fields) -> Option<Hold> {
    let form = fields.filled("form").filter(|id| super::book::is_form_id(id))?;
    let resource = fields.filled("resource").filter(|id| *id != "any");
    Some(Hold {
        location: Id(location.to_owned()),
        service: Id(fields.filled("service")?.to_owned()),
        resource: resource.map(|id| Id(id.to_owned())),
        start: fields.filled("start").and_then(instant_of)?,
        form: form.to_owned(),
        from: visit.peer,
    })
}

//! Signing in to the staff pages and out of them.
//!
//! Not for: passwords (`app::login`). A wrong password answers 422, not 401: a 401 would have to offer a way to authenticate
//! (RFC 9110 §15.5.2), and browsers would put their own box before our page.

use http::StatusCode;
use serde::Serialize;
use subtle::ConstantTimeEq;

use super::cookie::{self, Transport};
use super::form::{Fields, address};
use super::page::{Desk, Visit, cookie_of, give};
use super::wall::Wall;
use crate::app::Actor;
use crate::app::login::Session;
use crate::error::Error;
use crate::exchange::Reply;
use crate::principal::Principal;

/// Where somebody lands who asked for nothing else.
const HOME: &str = "/staff/";

/// The form.
const SIGN_IN: &str = "/staff/sign-in";

/// The field that asks whether the browser has kept the sign-in.
const KEPT: &str = "kept";

/// The longest address to which signing in leads back.
const MAX_NEXT: usize = 200;

#[derive(Serialize)]
struct SignInPage<'a> {
    /// What was typed.
    login: &'a str,
    /// Where it leads.
    next: &'a str,
    /// Whether login and password did not fit.
    wrong: bool,
    /// Where the staff pages are to be opened, after the browser did not keep a sign-in; else empty.
    elsewhere: String,
}

/// The form. Who is signed in already goes on.
pub async fn form(visit: &Visit<'_>) -> Reply {
    let next = next(visit.query.get("next"));
    match session(visit).await {
        Ok(Some(_)) => visit.see(next),
        // Just signed in, and the cookie did not come back: over plain HTTP a browser keeps none that is for HTTPS alone.
        _ if visit.query.get(KEPT).is_some() => {
            let elsewhere = format!("{}{HOME}", visit.web.public_url);
            visit.page(StatusCode::OK, "staff/sign_in.html", SignInPage { login: "", next, wrong: false, elsewhere })
        }
        _ => visit.page(StatusCode::OK, "staff/sign_in.html", SignInPage { login: "", next, wrong: false, elsewhere: String::new() }),
    }
}

/// Signs in.
pub async fn sign_in(visit: &Visit<'_>, fields: &Fields) -> Reply {
    let login = fields.get("login").unwrap_or("").trim();
    let next = next(fields.get("next"));
    match visit.web.app.sign_in(login, fields.get("password").unwrap_or(""), Some(visit.peer)).await {
        Ok((secret, _)) => {
            let mut reply = match visit.web.transport() {
                Transport::Plain => visit.see(next),
                Transport::Secure => visit.see(&address(SIGN_IN, [("next", next), (KEPT, "1")])),
            };
            give(&mut reply, &cookie::keep_session(&secret, visit.web.transport()));
            reply
        }
        Err(Error::Unauthenticated) => visit.page(
            StatusCode::UNPROCESSABLE_ENTITY,
            "staff/sign_in.html",
            SignInPage { login, next, wrong: true, elsewhere: String::new() },
        ),
        Err(error) => visit.error(error),
    }
}

/// Signs out.
pub async fn sign_out(visit: Visit<'_>, fields: &Fields) -> Reply {
    let (visit, _) = match signed_in_form(visit, fields).await {
        Ok(desk) => desk,
        Err(reply) => return reply,
    };
    if let Some(secret) = cookie_of(visit.request, cookie::SESSION)
        && let Err(error) = visit.web.app.sign_out(secret).await
    {
        return visit.error(error);
    }
    let mut reply = visit.see(SIGN_IN);
    give(&mut reply, &cookie::forget(cookie::SESSION, visit.web.transport()));
    reply
}

/// The session of the visit's cookie, if there is one.
pub async fn session(visit: &Visit<'_>) -> Result<Option<Session>, Error> {
    match cookie_of(visit.request, cookie::SESSION) {
        Some(secret) => visit.web.app.session(secret).await,
        None => Ok(None),
    }
}

/// A visit of somebody signed in; anybody else is sent to the form, and from there back.
pub async fn signed_in(mut visit: Visit<'_>) -> Result<(Visit<'_>, Principal), Reply> {
    match session(&visit).await {
        Ok(Some(session)) => {
            let post = match visit.web.app.post(&session.principal).await {
                Ok(post) => post,
                Err(refusal) => return Err(visit.refusal(refusal)),
            };
            visit.desk = Some(Desk {
                name: session.principal.display_name.clone(),
                csrf: session.csrf,
                late: post.waiting,
                late_since: if post.waiting > 0 { Wall::of(visit.practice.zone()).written(post.since) } else { String::new() },
                failed: post.failed,
                parked: post.parked,
                stranded: post.stranded,
            });
            Ok((visit, session.principal))
        }
        Ok(None) => {
            let next = next(Some(visit.request.uri().path()));
            let next = if next == HOME || visit.request.method() == http::Method::POST { "" } else { next };
            Err(visit.see(&address(SIGN_IN, [("next", next)])))
        }
        Err(error) => Err(visit.error(error)),
    }
}

/// The same for a form, which must bring the session's field `csrf`.
pub async fn signed_in_form<'a>(visit: Visit<'a>, fields: &Fields) -> Result<(Visit<'a>, Principal), Reply> {
    let (visit, principal) = signed_in(visit).await?;
    let expected = visit.desk.as_ref().map_or("", |desk| desk.csrf.as_str());
    let brought = fields.get("csrf").unwrap_or("");
    if expected.is_empty() || !bool::from(brought.as_bytes().ct_eq(expected.as_bytes())) {
        return Err(visit.refused(StatusCode::FORBIDDEN, "other-site"));
    }
    Ok((visit, principal))
}

/// Somebody who acts by a button.
pub fn actor(principal: Principal) -> Actor {
    Actor::new(principal, "staff page")
}

/// A page of staff to go on to: nothing that leads to another site or does anything.
fn next(asked: Option<&str>) -> &str {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-._~%".contains(&b);
    asked
        .filter(|path| path.starts_with(HOME) && path.len() <= MAX_NEXT && path.bytes().all(plain) && !path.contains("//"))
        .filter(|path| ![SIGN_IN, "/staff/sign-out", "/staff/requests", "/staff/events"].contains(path))
        .unwrap_or(HOME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_to_staff_pages_alone() {
        assert_eq!(next(Some("/staff/appointment/0197f2c4-8a1e")), "/staff/appointment/0197f2c4-8a1e");
        for bad in
            ["//evil.example", "https://evil.example", "/staff//evil.example", "/staff/\\evil", "/book/x", "/staff/sign-out", "/staff/x?y"]
        {
            assert_eq!(next(Some(bad)), HOME, "{bad}");
        }
        assert_eq!(next(None), HOME);
    }
}

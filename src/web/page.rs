//! One visit of one page: who asks in which language, and how a reply is put together.
//!
//! Not for: what stands on a page (`view`). Its headers: Content Security Policy Level 3, RFC 9111 §5.2, RFC 9110 §15.

use std::net::IpAddr;
use std::sync::Arc;

use http::header::{self, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use serde::Serialize;

use super::form::{Fields, address};
use super::guard::{Framing, guard, scripts};
use super::view::Kept;
use super::view::said::Tongue;
use super::{Web, cookie, language};
use crate::appointment::notice::Outcome;
use crate::appointment::practice::{Language, Location, Practice};
use crate::appointment::refusal::Refusal;
use crate::error::Error;
use crate::exchange::{Body, Reply, Request};
use crate::ical::time::Seconds;

/// The most branches whose telephone numbers stand at the foot of every page.
const MAX_CONTACTS: usize = 6;

/// Whom a page is for: that decides its policy and what frames it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Anybody: no cookie, and nothing that needs a script.
    Public,
    /// People of the practice.
    Staff,
}

/// One visit.
pub struct Visit<'a> {
    /// The door.
    pub web: &'a Web,
    /// The practice as it was when the visit began.
    pub practice: Arc<Practice>,
    /// The language that the page speaks.
    pub language: Language,
    /// The language that the address names, which links keep.
    pub chosen: Option<Language>,
    /// Whether the page is shown in a frame of the practice's site, which links keep.
    pub framed: bool,
    /// The request.
    pub request: &'a Request,
    /// Its query.
    pub query: Fields,
    /// Where it comes from.
    pub peer: IpAddr,
    /// The present.
    pub now: Seconds,
    /// Whom the page is for.
    pub audience: Audience,
    /// Who is signed in, once that is known.
    pub desk: Option<Desk>,
}

/// What staff pages show of who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Desk {
    /// A name for people.
    pub name: String,
    /// Must come back with every form.
    pub csrf: String,
    /// Letters that are late; 0 while none is.
    pub late: usize,
    /// Since when, local, where letters are late; else empty.
    pub late_since: String,
    /// Letters that will not be sent.
    pub failed: usize,
    /// Letters that wait for somebody to let them go.
    pub parked: usize,
    /// Appointments to come with a resource that the practice no longer has.
    pub stranded: usize,
}

/// A link to the same page in another language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LanguageLink {
    /// BCP 47.
    pub tag: &'static str,
    /// What the language calls itself.
    pub name: &'static str,
    /// The address.
    pub href: String,
    /// Whether the page speaks it now.
    pub current: bool,
}

/// What stands around every page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Frame {
    /// The practice's name.
    pub practice: String,
    /// The language of what the practice has written once, as names are, where the page speaks another; else empty.
    pub own: &'static str,
    /// The start page's address.
    pub home: String,
    /// Style sheets, in order.
    pub styles: Vec<String>,
    /// Scripts; the page works without them.
    pub scripts: Vec<String>,
    /// The sites around the frame that the page is shown in, separated by blanks; none where it is not in one.
    pub framed: Option<String>,
    /// How to reach the branches, at the foot of public pages; empty where they are many.
    pub contacts: Vec<Contact>,
    /// The icon.
    pub icon: String,
    /// The page in the other languages; empty where the page answers a form, which a link would lose.
    pub languages: Vec<LanguageLink>,
    /// The language as links carry it; empty where the address doesn't name one.
    pub chosen: String,
    /// Link to the privacy notice, or empty.
    pub privacy: String,
    /// Link to the imprint, or empty.
    pub imprint: String,
    /// Whether search engines are asked to stay away.
    pub noindex: bool,
    /// Whether customers get letters, or can at least read them in a demo: without a mail server nothing is promised by mail.
    pub letters: bool,
    /// Where demo mails can be read, or empty.
    pub mails: String,
    /// Who is signed in; on staff pages only.
    pub desk: Option<Desk>,
}

/// A page's frame and what stands in it, as templates see them.
#[derive(Debug, Clone, Serialize)]
pub struct Framed<T> {
    /// Around it.
    pub frame: Frame,
    /// In it.
    pub page: T,
}

/// How to reach the practice, on pages that say no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// The branch.
    pub name: String,
    /// As people write it.
    pub telephone: String,
    /// For `tel:`.
    pub dial: String,
    /// Mail address.
    pub email: String,
}

/// A page that says no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The text's id: `refused-ID-title` and `refused-ID-text`.
    pub id: &'static str,
    /// The number under which a failure was logged, or empty.
    pub number: String,
    /// Whom to ask.
    pub contacts: Vec<Contact>,
    /// A way on.
    pub home: String,
}

impl Contact {
    /// How to reach a branch.
    pub fn of(location: &Location) -> Contact {
        Contact {
            name: location.name.clone(),
            telephone: location.telephone.clone(),
            dial: dial(&location.telephone),
            email: location.email.clone(),
        }
    }
}

/// A telephone number as a `tel:` link takes it (RFC 3966 §3): digits, after a `+` at the front.
pub fn dial(telephone: &str) -> String {
    let plus = if telephone.trim_start().starts_with('+') { "+" } else { "" };
    // `+49 (0)711`: the zero in brackets is dialled at home only.
    let telephone = if plus.is_empty() { telephone.to_owned() } else { telephone.replace("(0)", "") };
    plus.chars().chain(telephone.chars().filter(char::is_ascii_digit)).collect()
}

impl<'a> Visit<'a> {
    /// The visit that a request begins. A query that can't be read counts as none.
    pub fn begin(web: &'a Web, request: &'a Request, peer: IpAddr, audience: Audience) -> Visit<'a> {
        let practice = web.app.practice();
        let query = Fields::decode(request.uri().query().unwrap_or("").as_bytes()).unwrap_or_default();
        let named = query.get("lang").and_then(Language::from_tag);
        let kept = || match audience {
            Audience::Staff => cookie_of(request, cookie::LANGUAGE).and_then(Language::from_tag),
            Audience::Public => None,
        };
        let asked = || header_of(request, header::ACCEPT_LANGUAGE).and_then(language::accepted);
        let language = named.or_else(kept).or_else(asked).unwrap_or(practice.language);
        let language = if audience == Audience::Staff { language.instead() } else { language };
        // On staff pages the cookie remembers, and links stay short.
        let chosen = named.filter(|_| audience == Audience::Public);
        let now = web.world.now().timestamp();
        let framed = audience == Audience::Public && query.get("frame") == Some("1");
        Visit { web, practice, language, chosen, framed, request, query, peer, now, audience, desk: None }
    }

    /// What links carry along.
    pub fn kept(&self) -> Kept {
        Kept { language: self.chosen, framed: self.framed }
    }

    /// An address of ours that keeps the chosen language, and the frame.
    pub fn href<'b>(&self, path: &str, pairs: impl IntoIterator<Item = (&'b str, &'b str)>) -> String {
        address(path, pairs.into_iter().chain(self.kept().pairs()))
    }

    /// What stands around the page.
    pub fn frame(&self) -> Frame {
        let files = self.web.files();
        let public = self.audience == Audience::Public;
        let style = if public { "book.css" } else { "staff.css" };
        let several = self.practice.locations.len() > MAX_CONTACTS;
        Frame {
            practice: self.practice.name.clone(),
            own: Tongue::of(&self.practice, self.language).mark(),
            home: self.href("/", []),
            styles: vec![files.theme_href(&self.practice.colour), files.href("page.css"), files.href(style)],
            scripts: Vec::new(),
            framed: self.framed.then(|| self.practice.widget_origins.join(" ")),
            contacts: if public && !several { self.practice.locations.iter().map(Contact::of).collect() } else { Vec::new() },
            icon: files.href("icon.svg"),
            languages: self.languages(),
            chosen: self.chosen.map_or("", Language::tag).to_owned(),
            privacy: self.practice.privacy_url.clone().unwrap_or_default(),
            imprint: self.practice.imprint_url.clone().unwrap_or_default(),
            noindex: self.audience == Audience::Staff,
            letters: self.web.mail_folder.is_some() || self.web.mailer.taken() != Outcome::Filed,
            mails: self.web.mail_folder.as_ref().map_or("", |_| "/demo/mail/").to_owned(),
            desk: self.desk.clone(),
        }
    }

    fn languages(&self) -> Vec<LanguageLink> {
        if self.request.method() == Method::POST {
            return Vec::new();
        }
        let link = |language: Language| LanguageLink {
            tag: language.tag(),
            name: language.own_name(),
            href: address(self.request.uri().path(), self.query.without("lang").chain([("lang", language.tag())])),
            current: language == self.language,
        };
        let spoken = if self.audience == Audience::Staff { &Language::STAFF[..] } else { &Language::ALL[..] };
        spoken.iter().copied().map(link).collect()
    }

    /// A page from a template.
    pub fn page(&self, status: StatusCode, template: &str, page: impl Serialize) -> Reply {
        self.written(status, template, self.frame(), page)
    }

    /// A page that search engines are asked not to list.
    pub fn personal(&self, status: StatusCode, template: &str, page: impl Serialize) -> Reply {
        self.written(status, template, Frame { noindex: true, ..self.frame() }, page)
    }

    fn written(&self, status: StatusCode, template: &str, frame: Frame, page: impl Serialize) -> Reply {
        let scripts = scripts(self.audience, self.framed, template);
        let files = self.web.files();
        let frame = Frame { scripts: scripts.iter().map(|name| files.href(name)).collect(), ..frame };
        match self.web.templates.page(template, self.language, Framed { frame, page }) {
            Ok(html) => {
                let mut reply = whole(status, "text/html; charset=utf-8", html);
                let framing = if self.framed { Framing::Sites(&self.practice.widget_origins) } else { Framing::Ours };
                guard(&mut reply, self.audience, framing, &scripts);
                self.remember_language(&mut reply);
                reply
            }
            Err(fault) => {
                tracing::error!(template, fault, "a page could not be written");
                plain(StatusCode::INTERNAL_SERVER_ERROR, "This page could not be written. Please call us.\n")
            }
        }
    }

    fn remember_language(&self, reply: &mut Reply) {
        let Some(named) = self.query.get("lang").and_then(Language::from_tag).filter(|_| self.audience == Audience::Staff) else { return };
        give(reply, &cookie::keep_language(named.tag(), self.web.transport()));
    }

    /// A redirect to another page of ours, to be fetched by GET.
    pub fn see(&self, location: &str) -> Reply {
        let mut reply = plain(StatusCode::SEE_OTHER, "");
        set(&mut reply, header::LOCATION, location);
        self.remember_language(&mut reply);
        reply
    }

    /// The page that says no to a customer or to staff.
    pub fn refused(&self, status: StatusCode, id: &'static str) -> Reply {
        self.refused_with(status, id, String::new())
    }

    /// The same with the number under which the failure was logged.
    pub fn refused_with(&self, status: StatusCode, id: &'static str, number: String) -> Reply {
        let template = if self.audience == Audience::Staff { "staff/refused.html" } else { "book/refused.html" };
        let home = if self.audience == Audience::Staff { "/staff/".to_owned() } else { self.href("/", []) };
        let contacts = self.practice.locations.iter().map(Contact::of).collect();
        self.personal(status, template, Refused { id, number, contacts, home })
    }

    /// Logs what failed and answers the number under which it stands there: pages show the number alone.
    pub fn failure(&self, words: &str) -> String {
        let number: String = self.web.world.fresh().iter().take(4).map(|b| format!("{b:02X}")).collect();
        tracing::error!(number, words, "a page failed");
        number
    }

    /// The page of what `app::login` refuses.
    pub fn error(&self, error: Error) -> Reply {
        match error {
            Error::Busy => {
                let mut reply = self.refused(StatusCode::SERVICE_UNAVAILABLE, "busy");
                set(&mut reply, header::RETRY_AFTER, "5");
                reply
            }
            Error::NotFound => self.refused(StatusCode::NOT_FOUND, "not-found"),
            Error::Forbidden(_) | Error::Unauthenticated => self.refused(StatusCode::FORBIDDEN, "forbidden"),
            Error::Failed(words) => self.refused_with(StatusCode::INTERNAL_SERVER_ERROR, "failed", self.failure(&words)),
            Error::NotAllowed => self.refused(StatusCode::METHOD_NOT_ALLOWED, "not-allowed"),
            Error::Malformed(_) | Error::Stale | Error::Refused(..) | Error::NoParent | Error::Declined(_) => {
                self.refused(StatusCode::BAD_REQUEST, "malformed")
            }
        }
    }

    /// The page of a refusal that no form answers.
    pub fn refusal(&self, refusal: Refusal) -> Reply {
        match refusal {
            Refusal::NotFound => self.refused(StatusCode::NOT_FOUND, "not-found"),
            Refusal::Fields(_) => self.refused(StatusCode::UNPROCESSABLE_ENTITY, "malformed"),
            Refusal::Taken(_) | Refusal::NotOffered(_) => self.refused(StatusCode::CONFLICT, "taken"),
            Refusal::TooManyOpen => self.refused(StatusCode::TOO_MANY_REQUESTS, "too-many-open"),
            Refusal::TooOften(seconds) => {
                let mut reply = self.refused(StatusCode::TOO_MANY_REQUESTS, "too-often");
                set(&mut reply, header::RETRY_AFTER, &seconds.max(1).to_string());
                reply
            }
            Refusal::AlreadyCancelled => self.refused(StatusCode::CONFLICT, "already-cancelled"),
            Refusal::Expired => self.refused(StatusCode::GONE, "expired"),
            Refusal::Past => self.refused(StatusCode::CONFLICT, "past"),
            Refusal::TooLate => self.refused(StatusCode::CONFLICT, "too-late"),
            Refusal::WrongState => self.refused(StatusCode::CONFLICT, "wrong-state"),
            Refusal::Forbidden => self.refused(StatusCode::FORBIDDEN, "forbidden"),
            Refusal::Failed(words) => self.refused_with(StatusCode::INTERNAL_SERVER_ERROR, "failed", self.failure(&words)),
        }
    }
}

/// The ids of all pages that say no; each has two texts.
#[cfg(test)]
pub const REFUSED: [&str; 18] = [
    "expired",
    "not-found",
    "no-booking",
    "malformed",
    "taken",
    "too-many-open",
    "too-often",
    "already-cancelled",
    "past",
    "too-late",
    "wrong-state",
    "forbidden",
    "failed",
    "other-site",
    "not-allowed",
    "too-large",
    "busy",
    "unpublished",
];

/// A header's value as text.
pub fn header_of(request: &Request, name: HeaderName) -> Option<&str> {
    request.headers().get(name)?.to_str().ok()
}

/// A cookie's value.
pub fn cookie_of<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    request.headers().get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).find_map(|value| cookie::read(value, name))
}

/// A whole reply of a media type, which is kept by nobody.
pub fn whole(status: StatusCode, media_type: &str, body: impl Into<bytes::Bytes>) -> Reply {
    let mut reply = Reply::new(Body::Whole(body.into()));
    *reply.status_mut() = status;
    set(&mut reply, header::CONTENT_TYPE, media_type);
    set(&mut reply, header::CACHE_CONTROL, "no-store");
    set(&mut reply, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(&mut reply, header::REFERRER_POLICY, "no-referrer");
    reply
}

/// A reply in plain text.
pub fn plain(status: StatusCode, text: &'static str) -> Reply {
    whole(status, "text/plain; charset=utf-8", text)
}

/// Sets a header; a value that no header may carry is left out.
pub fn set(reply: &mut Reply, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers_mut().insert(name, value);
    }
}

/// Gives the browser one cookie more.
pub fn give(reply: &mut Reply, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        reply.headers_mut().append(header::SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_can_be_dialled() {
        assert_eq!(dial("0711/46909151"), "071146909151");
        assert_eq!(dial("+49 (0)711 21 47-54"), "+49711214754");
        assert_eq!(dial("(0711) 12 34"), "07111234");
    }
}

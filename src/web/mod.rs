//! The door for people: the booking pages that anybody may open, and the staff pages.
//!
//! Not for: calendar programs (`dav`), what is decided (`app`), sockets and limits (`server`). No GET changes anything.
//! RFC 9110.

mod book;
mod choose;
mod colour;
mod cookie;
mod devices;
mod dns;
mod events;
mod feed;
mod feeds;
mod files;
mod form;
mod guard;
mod hold;
mod language;
mod letters;
mod links;
mod mailbox;
mod manage;
mod moving;
mod origin;
mod page;
mod route;
#[cfg(test)]
mod sample;
mod session;
mod slots;
mod spam;
mod speak;
mod staff;
#[cfg(test)]
mod tests;
mod view;
#[cfg(test)]
mod walk;
mod wall;

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use http::{Method, StatusCode, header};
use tokio::sync::Semaphore;

use crate::app::App;
use crate::exchange::{Body, Reply, Request};
use crate::mail::mailer::Mailer;
use crate::template::Templates;
use crate::world::World;
use cookie::Transport;
use files::Files;
use form::{Fields, FormFault, MAX_FORM};
use page::{Audience, Visit, header_of, plain, set};
use route::Route;

/// The most pages that may be kept up to date at once.
const MAX_STREAMS: usize = 1024;

/// What the door needs.
pub struct Web {
    /// Every operation.
    pub app: Arc<App>,
    /// Pages and texts.
    pub templates: Arc<Templates>,
    /// Where the site is reached: `https://termine.example`, without a slash at its end.
    pub public_url: String,
    /// Where a demo's mails are; they can then be read at `/demo/mail/`.
    pub mail_folder: Option<PathBuf>,
    /// The clock, and fresh ids of forms.
    pub world: Arc<dyn World>,
    /// What sends the letter that somebody tests with.
    pub mailer: Arc<dyn Mailer>,
    /// How many seconds filling in the booking form takes at least; 0: no form is measured.
    pub form_seconds: u32,
    /// Made of the templates as they were after so many adoptions.
    files: RwLock<(u64, Arc<Files>)>,
    streams: Arc<Semaphore>,
}

impl Web {
    /// Opens the door. A template or file of the practice's own that can't be read is refused with its name.
    pub fn new(
        app: Arc<App>,
        templates: Arc<Templates>,
        world: Arc<dyn World>,
        mailer: Arc<dyn Mailer>,
        public_url: &str,
        mail_folder: Option<PathBuf>,
    ) -> Result<Web, String> {
        let files = RwLock::new((templates.adoptions(), Arc::new(Files::load(&templates)?)));
        let public_url = public_url.trim_end_matches('/').to_owned();
        let streams = Arc::new(Semaphore::new(MAX_STREAMS));
        Ok(Web { app, templates, public_url, mail_folder, world, mailer, form_seconds: 0, files, streams })
    }

    /// Style sheets and scripts. Where new ones can't be made, which `apply` has tried, the old ones stay.
    fn files(&self) -> Arc<Files> {
        let adoptions = self.templates.adoptions();
        {
            let files = self.files.read().unwrap_or_else(PoisonError::into_inner);
            if files.0 == adoptions {
                return Arc::clone(&files.1);
            }
        }
        let fresh = Files::load(&self.templates);
        let mut files = self.files.write().unwrap_or_else(PoisonError::into_inner);
        match fresh {
            Ok(fresh) => *files = (adoptions, Arc::new(fresh)),
            Err(error) => tracing::error!(error, "the practice's own style sheets and scripts are not taken over"),
        }
        Arc::clone(&files.1)
    }

    fn transport(&self) -> Transport {
        if self.public_url.starts_with("https://") { Transport::Secure } else { Transport::Plain }
    }
}

/// A request's name for the log: never its path, which may carry a token.
pub fn route_name(method: &Method, path: &str) -> &'static str {
    if [Method::GET, Method::HEAD, Method::POST].contains(method) { Route::of(path).name() } else { "unknown" }
}

/// Answers a request.
pub async fn handle(web: &Web, request: Request, peer: IpAddr) -> Reply {
    let route = Route::of(request.uri().path());
    let mut reply = answer(web, route, &request, peer).await;
    if request.method() == Method::HEAD {
        if let Body::Whole(octets) = reply.body() {
            let length = octets.len().to_string();
            set(&mut reply, header::CONTENT_LENGTH, &length);
        }
        *reply.body_mut() = Body::empty();
    }
    reply
}

async fn answer(web: &Web, route: Route, request: &Request, peer: IpAddr) -> Reply {
    match &route {
        Route::Health => return plain(StatusCode::OK, "ok\n"),
        Route::Static(name) if request.method() != Method::POST => {
            let query = Fields::decode(request.uri().query().unwrap_or("").as_bytes()).unwrap_or_default();
            return web.files().serve(&web.templates, &web.app.practice().colour, name, query.get("v"));
        }
        Route::Widget if request.method() != Method::POST => return web.files().widget(),
        _ => {}
    }
    let audience = if route.name().starts_with("/staff") { Audience::Staff } else { Audience::Public };
    let visit = Visit::begin(web, request, peer, audience);
    let method = request.method();
    if route == Route::Unknown {
        return visit.refused(StatusCode::NOT_FOUND, "not-found");
    }
    if !route.methods().split(", ").any(|allowed| allowed == method.as_str()) {
        let mut reply = visit.refused(StatusCode::METHOD_NOT_ALLOWED, "not-allowed");
        set(&mut reply, header::ALLOW, route.methods());
        return reply;
    }
    let public = matches!(route, Route::Start | Route::Book(_) | Route::NewBooking(_));
    if public && !visit.practice.unpublished().is_empty() {
        return visit.refused(StatusCode::SERVICE_UNAVAILABLE, "unpublished");
    }
    if method == Method::POST {
        return match posted(&visit) {
            Ok(fields) => post(visit, route, fields).await,
            Err(reply) => *reply,
        };
    }
    get(visit, route).await
}

/// The fields of a form that a page of ours has sent.
fn posted(visit: &Visit) -> Result<Fields, Box<Reply>> {
    if !origin::is_ours(visit.request.headers(), &visit.web.public_url) {
        return Err(Box::new(visit.refused(StatusCode::FORBIDDEN, "other-site")));
    }
    let octets = visit.request.body();
    if octets.len() > MAX_FORM {
        return Err(Box::new(visit.refused(StatusCode::PAYLOAD_TOO_LARGE, "too-large")));
    }
    let media_type = header_of(visit.request, header::CONTENT_TYPE).unwrap_or("");
    let is_form = media_type.split(';').next().is_some_and(|t| t.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"));
    if !is_form && !octets.is_empty() {
        return Err(Box::new(visit.refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "malformed")));
    }
    Fields::decode(octets).map_err(|fault| match fault {
        FormFault::TooLarge => Box::new(visit.refused(StatusCode::PAYLOAD_TOO_LARGE, "too-large")),
        FormFault::NotUtf8 => Box::new(visit.refused(StatusCode::BAD_REQUEST, "malformed")),
    })
}

async fn get(visit: Visit<'_>, route: Route) -> Reply {
    match route {
        Route::Start => choose::start(&visit),
        Route::Book(location) => choose::times(&visit, &location).await,
        Route::NewBooking(location) => book::form(&visit, &location).await,
        Route::Booking(token) => manage::booking(visit, &token).await,
        Route::Calendar(token) => manage::calendar(&visit, &token).await,
        Route::Cancel(token) => manage::question(visit, &token).await,
        Route::Move(token) => moving::choose(visit, &token).await,
        Route::StaffBare => visit.see("/staff/"),
        Route::Reminders => staff::reminders(visit).await,
        Route::SignIn => session::form(&visit).await,
        Route::Requests => staff::requests(visit).await,
        Route::Events => events::events(&visit).await,
        Route::Upcoming => staff::upcoming(visit).await,
        Route::Appointment(uid) => staff::appointment(visit, &uid).await,
        Route::Links => links::links(visit).await,
        Route::Slots => slots::slots(visit).await,
        Route::Devices => devices::list(visit).await,
        Route::Letters => letters::page(visit).await,
        Route::Preview(about, to, language) => letters::preview(visit, &about, &to, &language).await,
        Route::PreviewHtml(about, to, language) => letters::preview_html(visit, &about, &to, &language).await,
        Route::Feed(file) => feed::feed(&visit, &file).await,
        Route::MailsBare => visit.see("/demo/mail/"),
        Route::Mails => mailbox::list(&visit).await,
        Route::Mail(name) => mailbox::letter(&visit, &name).await,
        Route::MailHtml(name) => mailbox::html(&visit, &name).await,
        Route::MailPart(name, number) => mailbox::part(&visit, &name, number).await,
        _ => visit.refused(StatusCode::NOT_FOUND, "not-found"),
    }
}

async fn post(visit: Visit<'_>, route: Route, fields: Fields) -> Reply {
    match route {
        Route::NewBooking(location) => book::book(visit, &location, &fields).await,
        Route::Hold(location) => hold::hold(&visit, &location, &fields).await,
        Route::Release(_) => hold::release(&visit, &fields).await,
        Route::Cancel(token) => manage::cancel(visit, &token, &fields).await,
        Route::Move(token) => moving::go(visit, &token, &fields).await,
        Route::Again(token) => manage::again(visit, &token).await,
        Route::SignIn => session::sign_in(&visit, &fields).await,
        Route::SignOut => session::sign_out(visit, &fields).await,
        Route::Act(uid, act) => staff::act(visit, &uid, &act, &fields).await,
        Route::Devices => devices::add(visit, &fields).await,
        Route::SendAgain => letters::again(visit, &fields).await,
        Route::Judge(verdict) => letters::judge(visit, &verdict, &fields).await,
        Route::DropLetter => letters::drop(visit, &fields).await,
        Route::TestLetter => letters::test(visit, &fields).await,
        Route::RevokeDevice => devices::revoke(visit, &fields).await,
        Route::Feeds => feeds::add(visit, &fields).await,
        Route::RevokeFeed => feeds::revoke(visit, &fields).await,
        _ => visit.refused(StatusCode::NOT_FOUND, "not-found"),
    }
}

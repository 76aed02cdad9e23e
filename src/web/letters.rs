//! The staff page of letters: what has not left and why, trying again and taking out; for administrators a letter to test with, and every
//! letter to look at.
//!
//! Not for: a demo's mails (`mailbox`), the letters of one appointment (`staff`).

use http::{StatusCode, header};
use serde::Serialize;

use super::form::{Fields, escape};
use super::mailbox::{LETTER_POLICY, MailPage, PAGE_POLICY};
use super::page::{Visit, set, whole};
use super::session::{actor, signed_in, signed_in_form};
use super::view::staff::{CauseView, appointment};
use super::wall::Wall;
use crate::app::letters::Late;
use crate::app::mass::Verdict;
use crate::appointment::notice::{Outcome, Recipient};
use crate::appointment::practice::Language;
use crate::appointment::refusal::Refusal;
use crate::exchange::Reply;
use crate::mail::mailer::MailFault;
use crate::mail::sample;
use crate::mail::shown::{Shown, read_letter};
use crate::principal::{Principal, Role};

#[derive(Serialize)]
struct LettersPage {
    /// Whether letters are written to files only, since no mail server is set up.
    filed: bool,
    late: Vec<LateView>,
    failed: Vec<LateView>,
    /// How many wait for somebody to let them go.
    parked: usize,
    /// Who called those appointments off.
    parked_by: String,
    /// Since when, local.
    parked_since: String,
    /// Which of them are meant on this page: [`Parked::last`](crate::app::mass::Parked::last).
    parked_last: u64,
    /// Whether this login may decide about them.
    may_judge: bool,
    /// Letters to look at; for administrators.
    previews: Vec<Preview>,
    /// Where a letter to test with goes; empty where the login has no address.
    test_to: String,
    /// Whether there may be one.
    may_test: bool,
    /// What came of it: `sent`, `filed`, `rejected`, `delayed`, `nowhere`, or empty.
    tested: &'static str,
    /// Why not.
    cause: CauseView,
}

#[derive(Serialize)]
struct LateView {
    id: String,
    uid: String,
    href: String,
    /// The text is `letter-WHAT`.
    what: &'static str,
    /// The text is `letter-to-TO`.
    to: &'static str,
    /// Local.
    at: String,
    attempts: u32,
    cause: CauseView,
    may_write: bool,
}

#[derive(Serialize)]
struct Preview {
    /// The text is `preview-ABOUT`.
    about: &'static str,
    links: Vec<PreviewLink>,
}

#[derive(Serialize)]
struct PreviewLink {
    tag: &'static str,
    /// `customer` or `practice`.
    to: &'static str,
    href: String,
}

/// What came of a letter to test with.
struct Tested {
    word: &'static str,
    words: String,
}

/// The page.
pub async fn page(visit: Visit<'_>) -> Reply {
    match signed_in(visit).await {
        Ok((visit, who)) => show(&visit, &who, StatusCode::OK, Tested { word: "", words: String::new() }).await,
        Err(reply) => reply,
    }
}

async fn show(visit: &Visit<'_>, who: &Principal, status: StatusCode, tested: Tested) -> Reply {
    let queue = match visit.web.app.queue(who).await {
        Ok(queue) => queue,
        Err(refusal) => return visit.refusal(refusal),
    };
    let parked = match visit.web.app.parked(who).await {
        Ok(parked) => parked,
        Err(refusal) => return visit.refusal(refusal),
    };
    let wall = Wall::of(visit.practice.zone());
    let view = |late: &Late| LateView {
        id: late.id.clone(),
        uid: late.uid.clone(),
        href: appointment(&late.uid),
        what: late.kind.word(),
        to: late.to.word(),
        at: wall.written(late.at),
        attempts: late.attempts,
        cause: CauseView::of(&late.words),
        may_write: late.may_write,
    };
    let admin = who.role == Role::Admin;
    let page = LettersPage {
        filed: visit.web.mailer.taken() == Outcome::Filed,
        late: queue.late.iter().map(view).collect(),
        failed: queue.failed.iter().map(view).collect(),
        parked: parked.count,
        parked_by: parked.by.join(", "),
        parked_since: wall.written(parked.since),
        parked_last: parked.last,
        may_judge: parked.may_write,
        previews: if admin { previews() } else { Vec::new() },
        test_to: who.email.clone().unwrap_or_default(),
        may_test: admin,
        tested: tested.word,
        cause: CauseView::of(&tested.words),
    };
    visit.page(status, "staff/letters.html", page)
}

fn previews() -> Vec<Preview> {
    let links = |about: &str| {
        let recipients =
            [Recipient::Customer, Recipient::Practice].into_iter().filter(|to| *to == Recipient::Customer || sample::has_copy(about));
        let link = |to: Recipient, language: Language| PreviewLink {
            tag: language.tag(),
            to: to.word(),
            href: format!("/staff/mail/preview/{about}/{}/{}", to.word(), language.tag()),
        };
        recipients.flat_map(|to| Language::ALL.map(|language| link(to, language))).collect()
    };
    sample::LETTERS.map(|(about, _, _)| Preview { about, links: links(about) }).into()
}

/// Tries a letter again.
pub async fn again(visit: Visit<'_>, fields: &Fields) -> Reply {
    handle(visit, fields, Handling::Again).await
}

/// Takes a letter out.
pub async fn drop(visit: Visit<'_>, fields: &Fields) -> Reply {
    handle(visit, fields, Handling::Drop).await
}

enum Handling {
    Again,
    Drop,
}

async fn handle(visit: Visit<'_>, fields: &Fields, handling: Handling) -> Reply {
    let (visit, who) = match signed_in_form(visit, fields).await {
        Ok(desk) => desk,
        Err(reply) => return reply,
    };
    let (by, uid, id) = (actor(who), fields.get("uid").unwrap_or(""), fields.get("letter").unwrap_or(""));
    let done = match handling {
        Handling::Again => visit.web.app.send_again(&by, uid, id).await,
        Handling::Drop => visit.web.app.drop_letter(&by, uid, id).await,
    };
    match done {
        Ok(()) => visit.see("/staff/mail"),
        Err(refusal) => visit.refusal(refusal),
    }
}

/// Lets the letters go that wait for it, or drops them.
pub async fn judge(visit: Visit<'_>, word: &str, fields: &Fields) -> Reply {
    let (visit, who) = match signed_in_form(visit, fields).await {
        Ok(desk) => desk,
        Err(reply) => return reply,
    };
    let verdict = match word {
        "send" => Verdict::Send,
        "drop" => Verdict::Drop,
        _ => return visit.refusal(Refusal::NotFound),
    };
    // A form that does not say which letters it is about is about none.
    let last = fields.get("last").and_then(|last| last.parse().ok()).unwrap_or(0);
    match visit.web.app.judge(&actor(who), verdict, last).await {
        Ok(()) => visit.see("/staff/mail"),
        Err(refusal) => visit.refusal(refusal),
    }
}

/// Sends a letter to the login's own address, and waits for the mail server's word.
pub async fn test(visit: Visit<'_>, fields: &Fields) -> Reply {
    let (visit, who) = match signed_in_form(visit, fields).await {
        Ok(desk) => desk,
        Err(reply) => return reply,
    };
    let letter = match visit.web.app.test_letter(&who) {
        Ok(Some(letter)) => letter,
        Ok(None) => {
            let nowhere = Tested { word: "nowhere", words: String::new() };
            return show(&visit, &who, StatusCode::UNPROCESSABLE_ENTITY, nowhere).await;
        }
        Err(refusal) => return visit.refusal(refusal),
    };
    let (word, words) = match visit.web.mailer.send(&letter).await {
        Ok(()) if visit.web.mailer.taken() == Outcome::Filed => ("filed", String::new()),
        Ok(()) => ("sent", String::new()),
        Err(MailFault::Permanent(cause)) => ("rejected", cause.words),
        Err(MailFault::Transient(cause)) => ("delayed", cause.words),
    };
    show(&visit, &who, StatusCode::OK, Tested { word, words }).await
}

/// One letter, made of an invented appointment.
pub async fn preview(visit: Visit<'_>, about: &str, to: &str, tag: &str) -> Reply {
    let (visit, who) = match signed_in(visit).await {
        Ok(desk) => desk,
        Err(reply) => return reply,
    };
    let shown = match sampled(&visit, &who, about, to, tag) {
        Ok(shown) => shown,
        Err(refusal) => return visit.refusal(refusal),
    };
    let html = format!("/staff/mail/preview/{}/{}/{}/html", escape(about), escape(to), escape(tag));
    let mut reply = visit.page(StatusCode::OK, "staff/mail.html", MailPage::preview(&shown, html));
    set(&mut reply, header::CONTENT_SECURITY_POLICY, PAGE_POLICY);
    reply
}

/// Its HTML, for the frame on its page.
pub async fn preview_html(visit: Visit<'_>, about: &str, to: &str, tag: &str) -> Reply {
    let (visit, who) = match signed_in(visit).await {
        Ok(desk) => desk,
        Err(reply) => return reply,
    };
    match sampled(&visit, &who, about, to, tag) {
        Ok(shown) => {
            let mut reply = whole(StatusCode::OK, "text/html; charset=utf-8", shown.html);
            set(&mut reply, header::CONTENT_SECURITY_POLICY, LETTER_POLICY);
            reply
        }
        Err(refusal) => visit.refusal(refusal),
    }
}

fn sampled(visit: &Visit<'_>, who: &Principal, about: &str, to: &str, tag: &str) -> Result<Shown, Refusal> {
    if who.role != Role::Admin {
        return Err(Refusal::Forbidden);
    }
    let to = [Recipient::Customer, Recipient::Practice].into_iter().find(|recipient| recipient.word() == to).ok_or(Refusal::NotFound)?;
    let language = Language::from_tag(tag).ok_or(Refusal::NotFound)?;
    let now = visit.web.world.now();
    let letter = sample::letter(&visit.web.templates, &visit.practice, about, to, language, now).ok_or(Refusal::NotFound)?;
    letter.map(|letter| read_letter(&letter.octets)).map_err(Refusal::Failed)
}

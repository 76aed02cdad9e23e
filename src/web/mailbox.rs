//! A demo's mails, readable in the browser: the list, one letter, its HTML in a frame of its own, its attachments.
//!
//! Not for: a server that really sends mail; there these pages don't exist. What a letter holds came partly from a customer, so its
//! HTML gets a sandbox and its attachments are only ever downloaded.

use http::{StatusCode, header};
use serde::Serialize;

use super::form::escape;
use super::page::{Visit, set, whole};
use super::wall::Wall;
use crate::appointment::refusal::Refusal;
use crate::exchange::Reply;
use crate::mail::mailer::FileMailer;
use crate::mail::shown::{Attachment, Shown, read_letter};

/// No script, nothing from elsewhere; the letter's own styles and links that leave the frame.
pub const LETTER_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; \
     sandbox allow-top-navigation-by-user-activation allow-popups";

/// A letter's page: as on every public page, and the frame.
pub const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'self'";

#[derive(Serialize)]
struct MailsPage {
    mails: Vec<MailRow>,
}

#[derive(Serialize)]
struct MailRow {
    href: String,
    subject: String,
    to: String,
    /// Local.
    written: String,
}

/// A letter, opened.
#[derive(Serialize)]
pub struct MailPage {
    /// Where the list is.
    back: &'static str,
    subject: String,
    from: String,
    to: String,
    /// As it stands in the letter.
    date: String,
    /// The text, cut where links begin and end.
    text: Vec<Piece>,
    /// Where the HTML is; empty where the letter has none.
    html: String,
    attachments: Vec<AttachmentView>,
}

/// A piece of a text; with an address it is a link.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    text: String,
    href: String,
}

/// An attachment.
#[derive(Serialize)]
pub struct AttachmentView {
    /// Empty: the invitation, which has no file name.
    name: String,
    href: String,
}

impl MailPage {
    /// A letter that is only looked at: its links lead nowhere, and there is nothing to keep.
    pub fn preview(shown: &Shown, html: String) -> MailPage {
        MailPage {
            back: "/staff/mail",
            attachments: Vec::new(),
            text: pieces(&shown.text, ""),
            html: if shown.html.is_empty() { String::new() } else { html },
            subject: shown.subject.clone(),
            from: shown.from.clone(),
            to: shown.to.clone(),
            date: shown.date.clone(),
        }
    }
}

/// The mails, newest first.
pub async fn list(visit: &Visit<'_>) -> Reply {
    let Some(mailer) = mailer(visit) else { return visit.refusal(Refusal::NotFound) };
    let listed = match mailer.list().await {
        Ok(listed) => listed,
        Err(fault) => return visit.refusal(Refusal::Failed(fault.to_string())),
    };
    let wall = Wall::of(visit.practice.locations.first().map_or("", |location| &location.zone));
    let mut mails = Vec::new();
    for one in listed {
        // One that somebody has just deleted is left out.
        if let Ok(Some(octets)) = mailer.read(&one.name).await {
            let shown = read_letter(&octets);
            mails.push(MailRow {
                href: address(&one.name),
                subject: shown.subject,
                to: shown.to,
                written: wall.written(one.written.timestamp()),
            });
        }
    }
    visit.personal(StatusCode::OK, "staff/mails.html", MailsPage { mails })
}

/// One letter.
pub async fn letter(visit: &Visit<'_>, name: &str) -> Reply {
    let shown = match open(visit, name).await {
        Ok(shown) => shown,
        Err(reply) => return reply,
    };
    let attachments = parts(&shown).enumerate();
    let attachments = attachments.map(|(n, part)| AttachmentView { name: part.name.clone(), href: format!("{}/part/{n}", address(name)) });
    let page = MailPage {
        back: "/demo/mail/",
        attachments: attachments.collect(),
        text: pieces(&shown.text, &visit.web.public_url),
        html: if shown.html.is_empty() { String::new() } else { format!("{}/html", address(name)) },
        subject: shown.subject.clone(),
        from: shown.from.clone(),
        to: shown.to.clone(),
        date: shown.date.clone(),
    };
    let mut reply = visit.personal(StatusCode::OK, "staff/mail.html", page);
    set(&mut reply, header::CONTENT_SECURITY_POLICY, PAGE_POLICY);
    reply
}

/// A letter's HTML, for the frame on its page. Its links open in the whole window.
pub async fn html(visit: &Visit<'_>, name: &str) -> Reply {
    match open(visit, name).await {
        Ok(shown) if !shown.html.is_empty() => {
            let mut reply = whole(StatusCode::OK, "text/html; charset=utf-8", format!("<base target=\"_top\">{}", shown.html));
            set(&mut reply, header::CONTENT_SECURITY_POLICY, LETTER_POLICY);
            reply
        }
        Ok(_) => visit.refusal(Refusal::NotFound),
        Err(reply) => reply,
    }
}

/// An attachment, to be kept.
pub async fn part(visit: &Visit<'_>, name: &str, number: usize) -> Reply {
    let shown = match open(visit, name).await {
        Ok(shown) => shown,
        Err(reply) => return reply,
    };
    let Some(part) = parts(&shown).nth(number) else { return visit.refusal(Refusal::NotFound) };
    let plain: String = part.name.chars().filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c)).collect();
    let file = if plain.is_empty() { "invitation.ics" } else { &plain };
    let mut reply = whole(StatusCode::OK, "application/octet-stream", part.octets.clone());
    set(&mut reply, header::CONTENT_TYPE, &part.content_type);
    set(&mut reply, header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{file}\""));
    set(&mut reply, header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    reply
}

fn mailer(visit: &Visit) -> Option<FileMailer> {
    visit.web.mail_folder.as_ref().map(FileMailer::new)
}

async fn open(visit: &Visit<'_>, name: &str) -> Result<Shown, Reply> {
    let Some(mailer) = mailer(visit) else { return Err(visit.refusal(Refusal::NotFound)) };
    match mailer.read(name).await {
        Ok(Some(octets)) => Ok(read_letter(&octets)),
        Ok(None) => Err(visit.refusal(Refusal::NotFound)),
        Err(fault) => Err(visit.refusal(Refusal::Failed(fault.to_string()))),
    }
}

/// The invitation first, then what is attached.
fn parts(shown: &Shown) -> impl Iterator<Item = &Attachment> {
    shown.invitation.iter().chain(&shown.attachments)
}

fn address(name: &str) -> String {
    format!("/demo/mail/{}", escape(name))
}

/// A text with the links to this server made clickable, and no others.
fn pieces(text: &str, public_url: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(public_url).filter(|_| !public_url.is_empty()) {
        let path: String = after.chars().take_while(|c| c.is_ascii_alphanumeric() || "/-._~%?=&".contains(*c)).collect();
        let path = path.trim_end_matches(['.', '?', '&']);
        pieces.push(Piece { text: before.to_owned(), href: String::new() });
        let href = if path.starts_with('/') { path.to_owned() } else { "/".to_owned() };
        pieces.push(Piece { text: format!("{public_url}{path}"), href });
        rest = after.get(path.len()..).unwrap_or("");
    }
    pieces.push(Piece { text: rest.to_owned(), href: String::new() });
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_addresses_become_links() {
        let piece = |text: &str, href: &str| Piece { text: text.into(), href: href.into() };
        let text = "See http://h:1/booking/a-b_c. Or https://evil.example/x\nhttp://h:1/booking/d?lang=en";
        let expected = [
            piece("See ", ""),
            piece("http://h:1/booking/a-b_c", "/booking/a-b_c"),
            piece(". Or https://evil.example/x\n", ""),
            piece("http://h:1/booking/d?lang=en", "/booking/d?lang=en"),
        ];
        assert_eq!(pieces(text, "http://h:1"), expected);
        assert_eq!(pieces("x", ""), [piece("x", "")]);
        assert_eq!(pieces("http://h:1.evil.example/", "http://h:1")[0].href, "/");
    }
}

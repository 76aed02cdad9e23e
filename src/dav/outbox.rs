//! POST to a scheduling outbox: who is busy when.
//!
//! Not for: reading the request (`ical::freebusy`), who is who and busy when (`app::schedule`). Invitations are not taken: programs send
//! them by mail. The headers Originator and Recipient of RFC 6638's drafts say what the body says, and are not looked at.
//! RFC 6638 §5 and §10, RFC 5546 §3.6 (request status codes).

use http::StatusCode;

use super::href::{Target, Tray};
use super::multistatus::document;
use super::xml::Namespace::{CalDav, Dav};
use super::xml::writer::Writer;
use super::{Call, error, request};
use crate::app::schedule::{Address, Known};
use crate::error::{Error, Precondition, Result};
use crate::exchange::Reply;
use crate::ical::freebusy::{Attendee, Busy, BusyKind, FreeBusyRequest};
use crate::ical::object::CalendarObject;
use crate::ical::time::instant;
use crate::principal::PrincipalId;

/// What is answered about one attendee.
struct Answer<'a> {
    attendee: &'a Attendee,
    /// REQUEST-STATUS
    status: &'static str,
    /// Where it is known and may be told.
    periods: Option<Vec<Busy>>,
}

/// Answers a request for busy time; other targets have no POST.
pub async fn post(call: &Call) -> Result<Reply> {
    if !matches!(call.target, Target::Tray(_, Tray::Outbox)) {
        return Err(Error::NotAllowed);
    }
    if !request::is_type(call.request.headers(), request::CALENDARS) {
        let sentence = "A request for busy time is text/calendar.";
        return Ok(error::refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, Precondition::SupportedCalendarData, sentence));
    }
    let asked = FreeBusyRequest::read(&CalendarObject::parse_sent(call.request.body().clone())?)?;
    check_organizer(call, &asked)?;
    let addresses: Vec<Option<Address>> = asked.attendees.iter().map(|attendee| address(&attendee.address)).collect();
    let known = call.app.calendar_users(&call.by.principal, &addresses).await?;
    let mut answers = Vec::with_capacity(known.len());
    for (attendee, known) in asked.attendees.iter().zip(&known) {
        answers.push(answer(call, &asked, attendee, known).await?);
    }
    let body = document(CalDav, "schedule-response", |writer| {
        for answer in &answers {
            write(call, &asked, answer, writer);
        }
    });
    Ok(error::xml(StatusCode::OK, body))
}

/// RFC 6638 §5.2.2: the organizer is the owner of the outbox.
fn check_organizer(call: &Call, asked: &FreeBusyRequest) -> Result<()> {
    let who = &call.by.principal;
    let own = match address(&asked.organizer) {
        Some(Address::Mail(mail)) => who.email.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(&mail)),
        Some(Address::Login(login)) => login == who.login,
        Some(Address::Resource(_)) | None => false,
    };
    if own {
        return Ok(());
    }
    Err(Error::Refused(Precondition::ValidOrganizer, "ORGANIZER is not one of your addresses.".into()))
}

/// An address of a calendar user: `mailto:`, or the address of a principal here.
fn address(text: &str) -> Option<Address> {
    if let Some(mail) = text.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")).and_then(|_| text.get(7..)) {
        return Some(Address::Mail(mail.trim().to_owned()));
    }
    match Target::read(text).ok()?.principal()? {
        PrincipalId::Login(login) => Some(Address::Login(login)),
        PrincipalId::Resource(id) => Some(Address::Resource(id)),
        _ => None,
    }
}

async fn answer<'a>(call: &Call, asked: &FreeBusyRequest, attendee: &'a Attendee, known: &Known) -> Result<Answer<'a>> {
    let user = match known {
        Known::User(user) => user,
        Known::Nobody => return Ok(Answer { attendee, status: "3.7;Invalid calendar user", periods: None }),
        Known::Forbidden => return Ok(Answer { attendee, status: "3.8;No authority", periods: None }),
    };
    let periods = match call.app.busy_of_user(user, asked.range, &asked.masked).await {
        // More than anybody works out: all of it is taken, rather than given away.
        Err(Error::Refused(Precondition::MaxInstances, _)) => vec![Busy { range: asked.range, kind: BusyKind::Unavailable }],
        periods => periods?,
    };
    Ok(Answer { attendee, status: "2.0;Success", periods: Some(periods) })
}

fn write(call: &Call, asked: &FreeBusyRequest, answer: &Answer<'_>, writer: &mut Writer) {
    writer.open(CalDav, "response");
    writer.open(CalDav, "recipient");
    writer.leaf(Dav, "href", &answer.attendee.address);
    writer.close(CalDav, "recipient");
    writer.leaf(CalDav, "request-status", answer.status);
    if let Some(text) = answer.periods.as_ref().and_then(|periods| asked.reply(answer.attendee, periods, instant(call.app.now())).ok()) {
        writer.leaf(CalDav, "calendar-data", &text);
    }
    writer.close(CalDav, "response");
}

//! A notice → a complete message: headers, text, HTML, and for the customer the calendar object.
//!
//! Not for: who is owed a letter (`appointment::notice`), sending it (`mailer`, `smtp`). Pure. RFC 5322, 2045, 2047, 6047.

use chrono::{DateTime, Utc};
use lettre::Address;
use lettre::message::header::{ContentDisposition, ContentTransferEncoding, ContentType, Date, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Message, MessageBuilder, MultiPart, SinglePart, SinglePartBuilder};
use sha2::{Digest, Sha256};

use super::itip::{Meeting, Method, Party, Status};
use super::view::{self, View};
use crate::appointment::booking::{Booking, State};
use crate::appointment::notice::{Notice, NoticeKind, Recipient};
use crate::appointment::practice::{Location, MailCalendar, Practice, Resource};
use crate::template::Templates;

/// A left side of a Message-ID longer than this is replaced by its hash: the whole is a header's line and a file's name.
const MESSAGE_ID_LEFT: usize = 160;

/// A message, ready to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Without angle brackets; the same whenever the same notice is written again.
    pub message_id: String,
    /// The envelope's sender, ASCII.
    pub from: String,
    /// The envelope's recipient, ASCII: its domain in punycode.
    pub to: String,
    /// The message: ASCII, CRLF, no line longer than 998 octets.
    pub octets: Vec<u8>,
}

/// From where letters come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// A real mailbox: calendar programs answer to it.
    pub address: String,
    /// The right side of Message-IDs and of the UIDs in letters.
    pub host: String,
    /// Where a new appointment can be asked for.
    pub public_url: String,
}

/// All that a letter speaks of.
#[derive(Debug, Clone, Copy)]
pub struct Particulars<'a> {
    /// Who writes.
    pub practice: &'a Practice,
    /// From which address.
    pub sender: &'a Sender,
    /// The appointment at the revision that the notice names.
    pub booking: &'a Booking,
    /// What is reserved, as far as it still exists.
    pub resource: Option<&'a Resource>,
    /// What else is reserved for it.
    pub beside: &'a [&'a Resource],
    /// The branch, as far as it still exists.
    pub location: Option<&'a Location>,
    /// The customer's page; in the practice's copy the staff page. Begins with `http://` or `https://`.
    pub link: &'a str,
    /// The present: Date and DTSTAMP.
    pub now: DateTime<Utc>,
}

/// The letter of a notice. Refused, for good, with a sentence that holds no address: one that can't be written to, an unknown zone, or
/// an appointment that no longer is what the notice says.
pub fn letter(templates: &Templates, notice: &Notice, given: &Particulars<'_>) -> Result<Letter, String> {
    if !view::is_web_link(given.link) {
        return Err("The letter's link is no web address.".to_owned());
    }
    match notice.to {
        Recipient::Customer => to_customer(templates, notice, given),
        Recipient::Practice => to_practice(templates, notice, given),
    }
}

/// `appointment.ics` for the customer's own calendar: METHOD:PUBLISH. `sequence` is that of the last notice, 0 where there was none.
pub fn publish(templates: &Templates, sequence: u32, given: &Particulars<'_>) -> Result<Vec<u8>, String> {
    let (kind, status) = match given.booking.state {
        State::Requested => (NoticeKind::Requested, Status::Tentative),
        State::Confirmed | State::Attended | State::NoShow => (NoticeKind::Confirmed, Status::Confirmed),
        State::Cancelled => (NoticeKind::Cancelled, Status::Cancelled),
        State::Rejected => (NoticeKind::Declined, Status::Cancelled),
    };
    let organizer = ascii_address(&given.sender.address)?;
    let wording = view::about(kind, given.booking.state);
    object(templates, wording, given, Itip { method: Method::Publish, status, sequence, organizer: &organizer, attendee: None })
}

/// An e-mail address as it can be sent to by every server: ASCII, its domain in punycode. The refusal's sentence holds no address.
pub fn ascii_address(written: &str) -> Result<String, String> {
    Ok(address(written)?.to_string())
}

fn address(written: &str) -> Result<Address, String> {
    let (local, domain) = written.trim().rsplit_once('@').ok_or("The e-mail address has no @.")?;
    if !local.is_ascii() {
        return Err("The e-mail address has letters before the @ that mail servers do not all accept.".to_owned());
    }
    // Allowed by RFC 5321 §4.1.2, but the message is not built with one, and its customer would never hear of us.
    if local.contains('"') {
        return Err("The e-mail address has quotation marks.".to_owned());
    }
    let domain = idna::domain_to_ascii(domain).map_err(|_| "The e-mail address has no valid domain.")?;
    Address::new(local, domain).map_err(|_| "The e-mail address is not valid.".to_owned())
}

fn to_customer(templates: &Templates, notice: &Notice, given: &Particulars<'_>) -> Result<Letter, String> {
    let language = given.booking.language;
    let view = View::of(notice, given, language)?;
    let to = address(&given.booking.customer.email)?;
    let from = address(&given.sender.address)?;
    let subject = templates.text(language, &format!("mail-{}-subject", view.about), &[("practice", &view.practice)]);
    let marks = Marks::of(notice, given.sender);

    let text = templates.render("mail/customer.txt", language, &view)?;
    let html = templates.render("mail/customer.html", language, &view)?;
    let words = MultiPart::alternative()
        .boundary(marks.boundary("a"))
        .singlepart(written(ContentType::TEXT_PLAIN, text)?)
        .singlepart(written(ContentType::TEXT_HTML, html)?);
    let body = match itip(notice, given, (from.as_ref(), to.as_ref()))? {
        Some(itip) => {
            let file = plain_file_name(&templates.text(language, "mail-calendar-file", &[]));
            let method = itip.method;
            enclosed(words, object(templates, view.about, given, itip)?, method, &file, &marks)?
        }
        None => words,
    };
    let answer_to = given.location.and_then(|l| address(&l.email).ok());
    let headers = Headers { from, to, to_name: view.name.clone(), answer_to, subject };
    finish(headers, marks, given.practice, given.now, body)
}

/// What a letter tells its customer's calendar: by the practice's choice nothing, and in a reminder nothing new. A PUBLISH has no ATTENDEE;
/// it too is taken back by CANCEL (RFC 5546 §3.2.1).
fn itip<'a>(notice: &Notice, given: &Particulars<'_>, (from, to): (&'a str, &'a str)) -> Result<Option<Itip<'a>>, String> {
    if notice.kind == NoticeKind::Reminder {
        return Ok(None);
    }
    let (method, status) = meaning(notice.kind, given.booking.state)?;
    let itip = Itip { method, status, sequence: notice.sequence, organizer: from, attendee: Some(to) };
    Ok(match given.practice.letters.calendar {
        MailCalendar::Request => Some(itip),
        MailCalendar::Publish if method == Method::Request => Some(Itip { method: Method::Publish, attendee: None, ..itip }),
        MailCalendar::Publish => Some(Itip { attendee: None, ..itip }),
        MailCalendar::None => None,
    })
}

/// A letter's words with the appointment beside them: as the third way to read it, which Gmail and Outlook look for, and attached.
fn enclosed(words: MultiPart, calendar: Vec<u8>, method: Method, file: &str, marks: &Marks) -> Result<MultiPart, String> {
    let (invitation, octets) = encoded(&format!("text/calendar; charset=utf-8; method={}", method.word()), calendar.clone())?;
    // Some programs only offer what is attached; as text/calendar they would show the invitation twice.
    let (attached, copy) = encoded(&format!("application/ics; name=\"{file}\""), calendar)?;
    Ok(MultiPart::mixed()
        .boundary(marks.boundary("m"))
        .multipart(words.singlepart(invitation.body(octets)))
        .singlepart(attached.header(ContentDisposition::attachment(file)).body(copy)))
}

fn to_practice(templates: &Templates, notice: &Notice, given: &Particulars<'_>) -> Result<Letter, String> {
    let language = given.practice.language;
    let mut view = View::of(notice, given, language)?;
    // The practice must learn of a booking even where its customer can't be written to.
    let answer_to = address(&given.booking.customer.email).ok();
    view.answer_to = answer_to.as_ref().map_or(String::new(), Address::to_string);
    let copy_to = given.practice.copy_to.as_deref().ok_or("The practice has no address for copies.")?;
    let marks = Marks::of(notice, given.sender);
    let body = MultiPart::alternative()
        .boundary(marks.boundary("a"))
        .singlepart(written(ContentType::TEXT_PLAIN, templates.render("mail/practice.txt", language, &view)?)?)
        .singlepart(written(ContentType::TEXT_HTML, templates.render("mail/practice.html", language, &view)?)?);
    let headers = Headers {
        from: address(&given.sender.address)?,
        to: address(copy_to)?,
        to_name: String::new(),
        answer_to,
        subject: templates.render("mail/practice.subject.txt", language, &view)?,
    };
    finish(headers, marks, given.practice, given.now, body)
}

/// A letter to somebody of the practice that says no more than that sending works. `id` makes its Message-ID.
pub fn test(templates: &Templates, practice: &Practice, sender: &Sender, to: &str, id: &str, now: DateTime<Utc>) -> Result<Letter, String> {
    let language = practice.language;
    let said = |text: &str| templates.text(language, text, &[("practice", &view::one_line(&practice.name))]);
    let marks = Marks::named(format!("test.{id}@{}", sender.host));
    let body = MultiPart::alternative().boundary(marks.boundary("a")).singlepart(written(ContentType::TEXT_PLAIN, said("mail-test-text"))?);
    let (from, to) = (address(&sender.address)?, address(to)?);
    let headers = Headers { from, to, to_name: String::new(), answer_to: None, subject: said("mail-test-subject") };
    finish(headers, marks, practice, now, body)
}

/// METHOD and STATUS of the object in a customer's letter (RFC 5546 §3.2.2, §3.2.5).
fn meaning(kind: NoticeKind, state: State) -> Result<(Method, Status), String> {
    if matches!(kind, NoticeKind::Cancelled | NoticeKind::Declined) {
        return Ok((Method::Cancel, Status::Cancelled));
    }
    if matches!(state, State::Cancelled | State::Rejected) {
        return Err("The appointment is cancelled; a letter that says otherwise is not sent.".to_owned());
    }
    let asked = kind == NoticeKind::Requested || (kind == NoticeKind::Moved && state == State::Requested);
    Ok((Method::Request, if asked { Status::Tentative } else { Status::Confirmed }))
}

/// What differs between the objects of one appointment.
struct Itip<'a> {
    method: Method,
    status: Status,
    sequence: u32,
    organizer: &'a str,
    attendee: Option<&'a str>,
}

fn object(templates: &Templates, wording: &str, given: &Particulars<'_>, itip: Itip<'_>) -> Result<Vec<u8>, String> {
    let language = given.booking.language;
    let practice = view::one_line(&given.practice.name);
    let name = view::speakable(&given.booking.customer);
    let note = templates.text(language, &format!("mail-{wording}-note"), &[]);
    let meeting = Meeting {
        method: itip.method,
        uid: &format!("{}@{}", given.booking.uid, given.sender.host),
        sequence: itip.sequence,
        stamp: given.now,
        range: given.booking.range,
        status: itip.status,
        summary: &templates.text(language, &format!("mail-{wording}-title"), &[("practice", &practice)]),
        place: &view::place(given),
        note: &format!("{note}\n{}", given.link),
        link: given.link,
        organizer: Party { name: &practice, address: itip.organizer },
        attendee: itip.attendee.map(|address| Party { name: &name, address }),
        language,
    };
    meeting.octets().map_err(|e| format!("The calendar object can't be written: {e:?}"))
}

/// The names that tie a letter together: its Message-ID, and boundaries made of it, so that the same notice gives the same octets.
struct Marks {
    message_id: String,
    hash: String,
}

impl Marks {
    fn of(notice: &Notice, sender: &Sender) -> Marks {
        Marks::named(notice.message_id(&sender.host))
    }

    fn named(whole: String) -> Marks {
        let hash: String = Sha256::digest(whole.as_bytes()).iter().take(16).map(|octet| format!("{octet:02x}")).collect();
        Marks { message_id: message_id(&whole, &hash), hash }
    }

    /// `=_` can stand neither in quoted-printable nor in base64, so no content can end a part (RFC 2045 §6.7).
    fn boundary(&self, level: &str) -> String {
        format!("=_{level}_{}", self.hash)
    }
}

/// A Message-ID of plain characters: a UID may come from any calendar program (RFC 5322 §3.6.4).
fn message_id(whole: &str, hash: &str) -> String {
    let plain = |side: &str| side.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' }).collect::<String>();
    let (left, right) = whole.rsplit_once('@').unwrap_or((whole, "localhost"));
    let left = if left.len() > MESSAGE_ID_LEFT { hash.to_owned() } else { plain(left) };
    format!("{left}@{}", plain(right))
}

struct Headers {
    from: Address,
    to: Address,
    to_name: String,
    answer_to: Option<Address>,
    subject: String,
}

fn finish(headers: Headers, marks: Marks, practice: &Practice, now: DateTime<Utc>, body: MultiPart) -> Result<Letter, String> {
    let mailbox = |name: String, address: &Address| Mailbox::new((!name.is_empty()).then_some(name), address.clone());
    let mut builder: MessageBuilder = Message::builder()
        .header(Date::new(now.into()))
        .from(mailbox(view::short_name(&practice.name), &headers.from))
        .to(mailbox(headers.to_name, &headers.to))
        .subject(view::one_line(&headers.subject))
        .message_id(Some(format!("<{}>", marks.message_id)))
        // Out-of-office programs do not answer what says this (RFC 3834 §5).
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()));
    if let Some(answer_to) = headers.answer_to {
        builder = builder.reply_to(mailbox(String::new(), &answer_to));
    }
    let message = builder.multipart(body).map_err(|e| format!("The letter can't be written: {e}"))?;
    let (from, to) = (headers.from.to_string(), headers.to.to_string());
    Ok(Letter { message_id: marks.message_id, from, to, octets: message.formatted() })
}

/// A text part in quoted-printable: readable as it is, and safe against every server on the way.
fn written(kind: ContentType, text: String) -> Result<SinglePart, String> {
    let body =
        Body::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable).map_err(|_| "The letter's text can't be encoded.")?;
    Ok(SinglePart::builder().content_type(kind).body(body))
}

/// A part in base64, so that no server on the way touches its line ends.
fn encoded(kind: &str, octets: Vec<u8>) -> Result<(SinglePartBuilder, Body), String> {
    let kind = ContentType::parse(kind).map_err(|_| "The letter's content type is wrong.")?;
    let body = Body::new_with_encoding(octets, ContentTransferEncoding::Base64).map_err(|_| "The calendar object can't be encoded.")?;
    Ok((SinglePart::builder().content_type(kind), body))
}

/// A practice may translate the file's name; it has to stay one.
fn plain_file_name(written: &str) -> String {
    let name: String = written.chars().filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c)).take(60).collect();
    if name.is_empty() { "appointment.ics".to_owned() } else { name }
}

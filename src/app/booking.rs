//! What a customer does before there is a booking: look for a free time, book it.
//!
//! Not for: what they do with the booking afterwards (`manage`).

use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};
use sha2::{Digest, Sha256};

use super::App;
use super::change::{self, By, Scenery};
use super::describing::describe;
use super::hours::Reading;
use super::leaving::Leaving;
use super::stage::{self, Asking, Calendars, Detail, Stage};
use super::{hold, shadow};
use crate::appointment::answers;
use crate::appointment::booking::{self, Customer, NewBooking, State};
use crate::appointment::link::{self, Holder};
use crate::appointment::practice::{Id, Language, Practice, Presence, Resource};
use crate::appointment::refusal::{FieldFault, Refusal};
use crate::appointment::service::{Initial, Service};
use crate::appointment::slot::{Closed, Grid, Question, Slot, Span, WhyDay};
use crate::appointment::telephone;
use crate::collection::{CollectionId, Name};
use crate::error::Error;
use crate::ical::component::Component;
use crate::ical::object::CalendarObject;
use crate::ical::time::{Seconds, TimeRange};
use crate::mail::message;
use crate::store::engine::MAX_SCAN;
use crate::store::key;
use crate::store::record::{self, BookingRecord, OpenRequest};
use crate::store::txn::{Note, Txn};

/// The booking form, filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookingForm {
    /// The branch.
    pub location: Id,
    /// The service.
    pub service: Id,
    /// One resource, or any.
    pub resource: Option<Id>,
    /// The start of the slot.
    pub start: Seconds,
    /// What was typed, untrimmed.
    pub customer: Customer,
    /// What was filled into the service's own fields.
    pub own: answers::Given,
    /// The language of the page.
    pub language: Language,
    /// The form's own random id, where it has one: the same form sent twice with the same content books once.
    pub form: Option<String>,
    /// Where it came from; counted, never kept as it is.
    pub from: IpAddr,
}

impl App {
    /// The slot grid, as a visitor from an address sees it.
    pub async fn grid(&self, question: Question, from: IpAddr) -> Result<Grid, Refusal> {
        let practice = self.practice();
        let stage = Stage::find(&practice, &question.location, &question.service, question.resource.as_ref())?;
        let asking = Asking { now: question.now, form: None, holder: self.holder(from), except: None };
        self.grid_of(&stage, asking, question.from, question.columns).await
    }

    /// Days of a service with the reasons of all that can't be booked, for staff.
    pub async fn week(
        &self,
        location: &Id,
        service: &Id,
        resource: Option<&Id>,
        from: NaiveDate,
        days: usize,
        now: DateTime<Utc>,
    ) -> Result<Vec<WhyDay>, Refusal> {
        let practice = self.practice();
        let stage = Stage::find(&practice, location, service, resource)?;
        let last = from.checked_add_days(Days::new(days.saturating_sub(1) as u64)).unwrap_or(NaiveDate::MAX);
        let span = Span { first: from, last };
        let board = self.board(&stage, Asking { now, form: None, holder: None, except: None }, span).await?;
        Ok(self.scene(&board, span, Detail::Reasons).await?.week(from, days))
    }

    /// Books: the token of the booking's link. Durable when it answers; never a second booking of the same time.
    pub async fn book(&self, form: BookingForm) -> Result<String, Refusal> {
        let practice = self.practice();
        let stage = Stage::find(&practice, &form.location, &form.service, form.resource.as_ref())?;
        let customer = check_fields(&practice, stage.service, &form)?;
        let calendars = self.calendars_of(&stage).await?;
        let wish = self.wish(&practice, &form, customer, calendars.clone());
        // Whoever sends the same form again is shown the same booking and is not counted twice.
        if let Some(uid) = self.booked_before(&wish).await? {
            return self.token_of(&uid).await;
        }
        self.visits.count(form.from, self.now()).map_err(Refusal::TooOften)?;
        self.prepare(&stage, form.start).await?;
        let decided = wish.clone();
        match self.commit(move |txn| decided.decide(txn)).await.map_err(failed)? {
            Decided::Booked(uid) => self.token_of(&uid).await,
            Decided::TooManyOpen => Err(Refusal::TooManyOpen),
            Decided::Closed(reason) => {
                let nearest = self.nearest_of(&stage, wish.asking(), form.start).await?;
                Err(if reason == Closed::Busy { Refusal::Taken(nearest) } else { Refusal::NotOffered(nearest) })
            }
        }
    }

    /// The stamp of a form that is given out at an instant.
    pub fn stamp(&self, form: &str, at: Seconds) -> String {
        self.secret.stamp(form, at).unwrap_or_default()
    }

    /// When the form with this stamp was given out; `None` where it is not ours.
    pub fn stamped(&self, form: &str, stamp: &str) -> Option<Seconds> {
        self.secret.stamped(form, stamp)
    }

    /// The free times nearest to one, for a form whose time may be gone, as a visitor from an address sees it.
    pub async fn nearest(
        &self,
        location: &Id,
        service: &Id,
        resource: Option<&Id>,
        start: Seconds,
        from: IpAddr,
    ) -> Result<Vec<Slot>, Refusal> {
        let practice = self.practice();
        let stage = Stage::find(&practice, location, service, resource)?;
        self.nearest_of(&stage, Asking { now: self.world.now(), form: None, holder: self.holder(from), except: None }, start).await
    }

    async fn token_of(&self, uid: &str) -> Result<String, Refusal> {
        let record: Option<BookingRecord> = self.store.record(&key::booking(uid)).await.map_err(failed)?;
        record.and_then(|record| self.secret.token(uid, record.generation)).ok_or(Refusal::NotFound)
    }

    fn wish(&self, practice: &Arc<Practice>, form: &BookingForm, customer: Customer, calendars: Calendars) -> Wish {
        let mut typed: Vec<String> = Customer::FIELDS.iter().map(|field| customer.field(field).to_owned()).collect();
        typed.extend(customer.own.iter().map(|answer| format!("{}: {}", answer.id, answer.value)));
        let typed = format!("{}\n{}\n{}\n{:?}\n{}", form.location, form.service, form.start, form.resource, typed.join("\n"));
        let uid_of_form = form.form.as_deref().and_then(|form| self.secret.uid_of_form(form));
        let zone = practice.location(form.location.as_str()).map_or(practice.zone(), |location| &location.zone);
        let contacts = [customer.email.to_lowercase(), telephone::normal(&customer.telephone, zone)];
        Wish {
            practice: Arc::clone(practice),
            location: form.location.clone(),
            service: form.service.clone(),
            resource: form.resource.clone(),
            start: form.start,
            contacts: contacts.into_iter().filter(|contact| !contact.is_empty()).map(|contact| hash_of(&contact)).collect(),
            customer,
            language: form.language,
            calendars,
            typed: hash_of(&typed),
            fresh_uid: link::uuid(self.world.fresh()),
            uid_of_form,
            holder: self.holder(form.from),
            page_base: format!("{}/staff/appointment/", self.sender.public_url),
            horizon: self.store.horizon(),
            now: self.world.now(),
            leaving: Arc::clone(&self.leaving),
            hours: self.hours_reading(practice),
        }
    }

    async fn booked_before(&self, wish: &Wish) -> Result<Option<String>, Refusal> {
        let Some(uid) = &wish.uid_of_form else { return Ok(None) };
        let record: Option<BookingRecord> = self.store.record(&key::booking(uid)).await.map_err(failed)?;
        Ok(record.filter(|record| record.typed.as_ref() == Some(&wish.typed)).map(|_| uid.clone()))
    }
}

pub(super) fn hash_of(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

/// An error of the store as a refusal; its text goes to the log and its number to the page.
pub(super) fn failed(error: Error) -> Refusal {
    match error {
        Error::NotFound => Refusal::NotFound,
        Error::Forbidden(_) => Refusal::Forbidden,
        other => Refusal::Failed(format!("{other:?}")),
    }
}

/// A booking, checked and waiting for its decision.
#[derive(Clone)]
struct Wish {
    practice: Arc<Practice>,
    location: Id,
    service: Id,
    resource: Option<Id>,
    start: Seconds,
    customer: Customer,
    contacts: Vec<String>,
    language: Language,
    calendars: Calendars,
    typed: String,
    fresh_uid: String,
    uid_of_form: Option<String>,
    holder: Option<Holder>,
    page_base: String,
    horizon: TimeRange,
    now: DateTime<Utc>,
    leaving: Arc<Leaving>,
    hours: Reading,
}

/// What became of a wish.
enum Decided {
    Booked(String),
    TooManyOpen,
    Closed(Closed),
}

impl Wish {
    fn asking(&self) -> Asking<'_> {
        Asking { now: self.now, form: self.uid_of_form.as_deref(), holder: self.holder, except: None }
    }

    /// Decides on what is on disk and in the group before it: the same slot rules as the page, on the same index.
    fn decide(&self, txn: &mut Txn<'_>) -> crate::error::Result<Decided> {
        let mut uid = self.fresh_uid.clone();
        if let Some(of_form) = &self.uid_of_form {
            match txn.booking(of_form)? {
                Some(record) if record.typed.as_ref() == Some(&self.typed) => return Ok(Decided::Booked(of_form.clone())),
                Some(_) => {}
                None => uid = of_form.clone(),
            }
        }
        let Ok(stage) = Stage::find(&self.practice, &self.location, &self.service, self.resource.as_ref()) else {
            return Err(Error::NotFound);
        };
        if self.too_many_open(txn, stage.service)? {
            return Ok(Decided::TooManyOpen);
        }
        let scene = stage::scene_in(txn, &stage, &self.calendars, self.start, self.asking(), &self.leaving, &self.hours)?;
        let slot = match scene.slot_at(self.start) {
            Ok(slot) => slot,
            Err(reason) => return Ok(Decided::Closed(reason)),
        };
        let holders = stage.holders(&scene.choose(&slot, &[]), &self.calendars).ok_or(Error::NotFound)?;
        self.write(txn, &stage, slot.range, &holders, &uid)?;
        if let Some(form) = &self.uid_of_form {
            hold::release(txn, &self.calendars, form)?;
        }
        Ok(Decided::Booked(uid))
    }

    /// Whether this contact has as much ahead, by address or by number, as the practice allows, or the service of its own: requests where staff
    /// confirm, requests and appointments where nobody does. What staff have confirmed limits no further requests: they know whom they treat.
    fn too_many_open(&self, txn: &mut Txn<'_>, service: &Service) -> crate::error::Result<bool> {
        for contact in &self.contacts {
            let mut counted = vec![key::contacts(contact)];
            let mut most = self.practice.open_requests;
            if service.initial == Initial::Confirmed {
                counted.push(key::appointments(contact));
                most = self.practice.open_appointments;
            }
            let (mut all, mut same) = (0, 0);
            for prefix in counted {
                for (key, octets) in txn.scan(&prefix, MAX_SCAN)? {
                    let open: OpenRequest = record::decode(&octets)?;
                    if open.end > self.now.timestamp() {
                        all += 1;
                        same += u32::from(open.service == service.id.as_str());
                    } else if prefix == key::appointments(contact) {
                        // Appointments stay confirmed when they are over, and would become ever more.
                        txn.erase(key);
                    }
                }
            }
            if all >= most || service.open_requests.is_some_and(|most| same >= most) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Writes the event into the calendar of the first holder, its shadows into those of the others, and all that follows.
    fn write(
        &self,
        txn: &mut Txn<'_>,
        stage: &Stage<'_>,
        range: TimeRange,
        holders: &[(&Resource, CollectionId)],
        uid: &str,
    ) -> crate::error::Result<()> {
        let (first, others) = holders.split_first().ok_or(Error::NotFound)?;
        let (resource, id) = *first;
        let page = format!("{}{uid}", self.page_base);
        let beside: Vec<&Resource> = others.iter().map(|(resource, _)| *resource).collect();
        let new = NewBooking {
            uid,
            range,
            location: stage.location,
            resource,
            beside: &beside,
            service: stage.service,
            customer: &self.customer,
            language: self.language,
            practice: &self.practice,
            page: &page,
            now: self.now,
        };
        let octets = new.compose()?;
        let object = CalendarObject::parse(octets.clone())?;
        let name = Name::new(&format!("{uid}.ics"))?;
        let now = self.now.timestamp();
        let (mut entry, indexed) = describe(&object, &name, Component::Event, &stage.zone, self.horizon, now)?;
        entry.schedule_tag = Some(entry.etag.clone());
        let what = if new.state() == State::Requested { "requested" } else { "booked" };
        let note = Note { at: now, by: None, via: "Web".into(), what: what.into(), sent: None, number: Some(1) };
        let version = txn.put(id, entry, &octets, indexed, note)?;
        let mut record = BookingRecord {
            promised: Vec::new(),
            collection: id,
            name,
            notices: 0,
            generation: 1,
            created: now,
            version,
            deleted: false,
            contacts: self.contacts.clone(),
            typed: Some(self.typed.clone()),
            revision: 1,
            former: Vec::new(),
            standing: None,
            shadows: Vec::new(),
            missing: Vec::new(),
            reminder: None,
        };
        let others: Vec<(Id, CollectionId)> = others.iter().map(|(resource, id)| (resource.id.clone(), *id)).collect();
        shadow::add(txn, uid, &mut record, &others)?;
        change::begin(txn, &self.scenery(stage, page), &mut record, &object)
    }

    /// The scenery of a new booking: the customer makes it, on the web.
    fn scenery(&self, stage: &Stage<'_>, page: String) -> Scenery {
        let by = By { login: None, via: "Web".into() };
        let (practice, zone) = (Arc::clone(&self.practice), stage.zone.clone());
        Scenery { by, now: self.now.timestamp(), practice, zone, horizon: self.horizon, page, detail: String::new() }
    }
}

/// What was typed, made into single lines and checked; or every fault at once.
fn check_fields(practice: &Practice, service: &Service, form: &BookingForm) -> Result<Customer, Refusal> {
    let mut customer = Customer { reminder: form.customer.reminder, ..Customer::default() };
    let mut faults = Vec::new();
    for field in Customer::FIELDS {
        let value = booking::clean(form.customer.field(field));
        let fault = match practice.presence(field) {
            Presence::Off => continue,
            Presence::Required if value.is_empty() => Some(FieldFault::Missing),
            _ if is_longer(form.customer.field(field), &value, Customer::limit(field)) => Some(FieldFault::TooLong),
            _ if field == "email" && !value.is_empty() && message::ascii_address(&value).is_err() => Some(FieldFault::NoEmail),
            _ if field == "telephone" && !value.is_empty() && !is_telephone(&value) => Some(FieldFault::NoTelephone),
            _ => None,
        };
        faults.extend(fault.map(|fault| (field.to_owned(), fault)));
        if let Some(slot) = customer.field_mut(field) {
            *slot = value;
        }
    }
    match answers::check(service, &form.own, practice.language, form.language) {
        Ok(own) => customer.own = own,
        Err(wrong) => faults.extend(wrong),
    }
    if faults.is_empty() { Ok(customer) } else { Err(Refusal::Fields(faults)) }
}

/// Whether more was typed than a field takes. A line break is one character to whoever types it and three where it has become part of a line.
fn is_longer(typed: &str, line: &str, limit: usize) -> bool {
    line.chars().count() > limit && typed.replace("\r\n", "\n").trim().chars().count() > limit
}

/// A telephone number as people write it: 5 to 20 digits, and nothing but what stands between digits.
fn is_telephone(value: &str) -> bool {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    (5..=20).contains(&digits) && value.chars().all(|c| c.is_ascii_digit() || "+-–/(). ".contains(c))
}

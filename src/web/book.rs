//! The booking form: shown, shown again with what was typed, booked.
//!
//! Not for: choosing a time (`choose`), what is free (`app::booking`), how it looks (`templates/book`).

use http::{StatusCode, header};

use super::choose::service;
use super::form::{Fields, address};
use super::page::{Visit, set};
use super::spam;
use super::speak;
use super::view::form::{ELSEWHERE, FormPage, Hidden, Other, cancelling, consents, fields, others, own_fields, summary};
use super::view::grid::words;
use super::view::said::Tongue;
use super::view::{Kept, Place, When};
use super::wall::{Wall, instant_of};
use crate::app::booking::BookingForm;
use crate::appointment::answers::{Given, consent_name, field_name, given_again};
use crate::appointment::booking::{Booking, Customer};
use crate::appointment::description::REMINDER;
use crate::appointment::practice::{Id, Language, Location, ResourceKind};
use crate::appointment::refusal::{FieldFault, Refusal};
use crate::appointment::service::{Initial, Service};
use crate::appointment::slot::Slot;
use crate::exchange::Reply;
use crate::ical::time::{Seconds, TimeRange};

/// The longest id of a form that is passed on.
const MAX_FORM_ID: usize = 64;

/// The name of the field that says why another time has to be chosen.
const NOTICE: &str = "notice";

/// Whether this may be the id of a form of ours.
pub fn is_form_id(id: &str) -> bool {
    id.len() <= MAX_FORM_ID && id.bytes().all(|b| b.is_ascii_hexdigit())
}

/// What somebody wants to book, as far as the form or its address says.
struct Wish<'a> {
    location: &'a Location,
    service: &'a Service,
    resource: Option<&'a Id>,
    start: Option<Seconds>,
    /// Where another time is to be chosen: the one that was wanted first.
    wanted: Option<Seconds>,
    form: String,
    /// The stamp that the form was sent with.
    stamp: Option<&'a str>,
}

/// What was filled in.
#[derive(Default)]
struct Typed {
    customer: Customer,
    own: Given,
}

impl Typed {
    fn of(service: &Service, fields: &Fields) -> Typed {
        let mut customer = Customer::default();
        for name in Customer::FIELDS {
            if let (Some(field), Some(typed)) = (customer.field_mut(name), fields.get(name)) {
                typed.clone_into(field);
            }
        }
        customer.reminder = fields.filled(REMINDER).is_some();
        let names = service.fields.iter().map(field_name).chain(service.consents.iter().map(consent_name));
        let own = names.filter_map(|name| fields.filled(&name).map(str::to_owned).map(|typed| (name, typed))).collect();
        Typed { customer, own }
    }
}

/// The form as it is shown: what was typed and what came of it.
struct Shown<'a> {
    status: StatusCode,
    typed: &'a Typed,
    faults: Vec<(String, FieldFault)>,
    notice: &'static str,
    number: String,
    others: Vec<Other>,
    /// Which of them is chosen already.
    chosen: String,
}

impl<'a> Shown<'a> {
    fn new(status: StatusCode, typed: &'a Typed) -> Shown<'a> {
        Shown { status, typed, faults: Vec::new(), notice: "", number: String::new(), others: Vec::new(), chosen: String::new() }
    }
}

/// Reads a wish: a field of the form first, then the address. `Err` where the way leads elsewhere.
fn wish<'a>(visit: &'a Visit, location: &str, fields: &'a Fields) -> Result<Wish<'a>, Box<Reply>> {
    let practice = &visit.practice;
    let Some(location) = practice.location(location) else { return Err(Box::new(visit.refusal(Refusal::NotFound))) };
    let said = |name: &str| fields.filled(name).or_else(|| visit.query.filled(name));
    let Some(service) = service(visit, location, said("service")) else {
        return Err(Box::new(visit.see(&visit.href(&format!("/book/{}", location.id), []))));
    };
    let asked = said("resource").filter(|id| *id != "any");
    let resource = practice.offering(&location.id, service).map(|r| &r.id).find(|id| Some(id.as_str()) == asked);
    if asked.is_some() && resource.is_none() {
        return Err(Box::new(visit.refusal(Refusal::NotFound)));
    }
    let kept = said("form").filter(|id| is_form_id(id));
    let form = kept.map_or_else(|| visit.web.world.fresh().iter().map(|b| format!("{b:02x}")).collect(), str::to_owned);
    let time = |name: &str| said(name).and_then(instant_of);
    // With other times to choose from, the address's own time is the one that has gone.
    let wanted = fields.filled("wanted").and_then(instant_of);
    let start = if wanted.is_some() { fields.filled("start").and_then(instant_of) } else { time("start") };
    Ok(Wish { location, service, resource, start, wanted, form, stamp: fields.get(spam::STAMP) })
}

/// The empty form, if its time is still free; else the same with other times.
pub async fn form(visit: &Visit<'_>, location: &str) -> Reply {
    let none = Fields::default();
    let wish = match wish(visit, location, &none) {
        Ok(wish) => wish,
        Err(reply) => return *reply,
    };
    let Some(start) = wish.start else {
        let pairs = [("service", wish.service.id.as_str()), ("resource", wish.resource.map_or("", Id::as_str))];
        return visit.see(&visit.href(&format!("/book/{}", wish.location.id), pairs));
    };
    let typed = Typed::default();
    match near(visit, &wish, start).await {
        Ok(slots) if slots.iter().any(|slot| slot.range.start == start) => show(visit, &wish, Shown::new(StatusCode::OK, &typed)),
        Ok(slots) => {
            let others = others(&slots, &Wall::of(&wish.location.zone));
            show(visit, &wish, Shown { notice: "lost", others, ..Shown::new(StatusCode::CONFLICT, &typed) })
        }
        Err(refusal) => visit.refusal(refusal),
    }
}

/// The free times nearest to a start; itself among them where it is free.
async fn near(visit: &Visit<'_>, wish: &Wish<'_>, start: Seconds) -> Result<Vec<Slot>, Refusal> {
    visit.web.app.nearest(&wish.location.id, &wish.service.id, wish.resource, start, visit.peer).await
}

/// Books what the form says, or shows it in another language where it was sent for that.
pub async fn book(mut visit: Visit<'_>, location: &str, fields: &Fields) -> Reply {
    // The answer speaks the language of the form, whatever the browser asks for by now.
    visit.language = fields.get("lang").and_then(Language::from_tag).unwrap_or(visit.language);
    let turned = speak::is_asked(&mut visit, fields);
    let visit = &visit;
    let wish = match wish(visit, location, fields) {
        Ok(wish) => wish,
        Err(reply) => return *reply,
    };
    let typed = Typed::of(wish.service, fields);
    if turned {
        return turn(visit, wish, &typed, fields).await;
    }
    let Some(start) = wish.start else { return choose(visit, &wish, &typed).await };
    if spam::is_doubtful(visit.web, &wish.form, fields, visit.now) {
        return show(visit, &wish, Shown { notice: "again", ..Shown::new(StatusCode::UNPROCESSABLE_ENTITY, &typed) });
    }
    let form = BookingForm {
        location: wish.location.id.clone(),
        service: wish.service.id.clone(),
        resource: wish.resource.cloned(),
        start,
        customer: typed.customer.clone(),
        own: typed.own.clone(),
        language: visit.language,
        form: Some(wish.form.clone()),
        from: visit.peer,
    };
    match visit.web.app.book(form).await {
        // The booking remembers its language; the link needs none.
        Ok(token) => {
            let path = format!("/booking/{}", super::form::escape(&token));
            visit.see(&address(&path, Kept { language: None, ..visit.kept() }.pairs()))
        }
        Err(refusal) => not_booked(visit, &wish, &typed, refusal),
    }
}

/// The form in the language that was asked for, with all that was typed and chosen. Nothing is checked and nothing booked: whoever reads another
/// language may not be done yet.
async fn turn(visit: &Visit<'_>, wish: Wish<'_>, typed: &Typed, fields: &Fields) -> Reply {
    let shown = Shown::new(StatusCode::OK, typed);
    let said = fields.get(NOTICE).and_then(|sent| ELSEWHERE.into_iter().find(|id| *id == sent));
    let Some(notice) = said.or(wish.start.is_none().then_some("choose")) else { return show(visit, &wish, shown) };
    match near(visit, &wish, wish.wanted.unwrap_or(visit.now)).await {
        Ok(slots) => {
            let wall = Wall::of(&wish.location.zone);
            let chosen = wish.start.map(|start| wall.rfc3339(start)).unwrap_or_default();
            let wish = Wish { start: None, ..wish };
            show(visit, &wish, Shown { notice, others: others(&slots, &wall), chosen, ..shown })
        }
        Err(refusal) => not_booked(visit, &wish, typed, refusal),
    }
}

/// The form with the data of an earlier booking and the next free times to choose from. What was agreed to then is asked again. Whoever was with a
/// person is offered that person's times; a room means nothing to them.
pub async fn again(visit: &Visit<'_>, location: &str, earlier: &Booking, held_by: &[Id]) -> Reply {
    let service = earlier.service.as_ref().map_or("", Id::as_str);
    let person = person(visit, location, service, held_by).map_or("", Id::as_str);
    let pairs = [("service", service), ("resource", person)];
    let fields = Fields::decode(address("", pairs).trim_start_matches('?').as_bytes()).unwrap_or_default();
    let wish = match wish(visit, location, &fields) {
        Ok(wish) => wish,
        Err(reply) => return *reply,
    };
    let customer = Customer { reminder: false, ..earlier.customer.clone() };
    let typed = Typed { customer, own: given_again(wish.service, &earlier.customer.own) };
    match near(visit, &wish, visit.now).await {
        Ok(slots) => {
            let others = others(&slots, &Wall::of(&wish.location.zone));
            show(visit, &wish, Shown { notice: "rebook", others, ..Shown::new(StatusCode::OK, &typed) })
        }
        Err(refusal) => visit.refusal(refusal),
    }
}

/// Who held an appointment, if that is somebody whom customers can choose for it.
fn person<'v>(visit: &'v Visit<'_>, location: &str, service: &str, held_by: &[Id]) -> Option<&'v Id> {
    let (location, service) = (visit.practice.location(location)?, visit.practice.service(service)?);
    let offered = visit.practice.offering(&location.id, service);
    offered.filter(|resource| resource.kind == ResourceKind::Person).map(|resource| &resource.id).find(|id| held_by.contains(id))
}

/// The form again, since none of the other times was chosen.
async fn choose(visit: &Visit<'_>, wish: &Wish<'_>, typed: &Typed) -> Reply {
    match near(visit, wish, wish.wanted.unwrap_or(visit.now)).await {
        Ok(slots) => {
            let others = others(&slots, &Wall::of(&wish.location.zone));
            let faults = vec![("start".to_owned(), FieldFault::Missing)];
            show(visit, wish, Shown { notice: "choose", faults, others, ..Shown::new(StatusCode::UNPROCESSABLE_ENTITY, typed) })
        }
        Err(refusal) => not_booked(visit, wish, typed, refusal),
    }
}

/// The form again with everything typed, and why.
fn not_booked(visit: &Visit, wish: &Wish, typed: &Typed, refusal: Refusal) -> Reply {
    let wall = Wall::of(&wish.location.zone);
    let again = |status, notice| Shown { notice, ..Shown::new(status, typed) };
    match refusal {
        Refusal::Fields(faults) => show(visit, wish, Shown { faults, ..again(StatusCode::UNPROCESSABLE_ENTITY, "") }),
        Refusal::Taken(slots) => show(visit, wish, Shown { others: others(&slots, &wall), ..again(StatusCode::CONFLICT, "taken") }),
        Refusal::NotOffered(slots) => {
            show(visit, wish, Shown { others: others(&slots, &wall), ..again(StatusCode::CONFLICT, "not-offered") })
        }
        Refusal::TooManyOpen => show(visit, wish, again(StatusCode::TOO_MANY_REQUESTS, "too-many-open")),
        Refusal::TooOften(seconds) => {
            let mut reply = show(visit, wish, again(StatusCode::TOO_MANY_REQUESTS, "too-often"));
            set(&mut reply, header::RETRY_AFTER, &seconds.max(1).to_string());
            reply
        }
        Refusal::Failed(words) => {
            let number = visit.failure(&words);
            show(visit, wish, Shown { number, ..again(StatusCode::INTERNAL_SERVER_ERROR, "failed") })
        }
        other => visit.refusal(other),
    }
}

fn show(visit: &Visit, wish: &Wish, shown: Shown) -> Reply {
    let wall = Wall::of(&wish.location.zone);
    let elsewhere = ELSEWHERE.contains(&shown.notice);
    let start = wish.start.or(wish.wanted);
    let length = i64::from(wish.service.duration_minutes) * 60;
    let range = start.map(|start| TimeRange { start, end: start.saturating_add(length) });
    let path = format!("/book/{}", wish.location.id);
    let day = start.map(|start| wall.date(start).to_string()).unwrap_or_default();
    let resource = wish.resource.map_or("", Id::as_str);
    let (service, tongue) = (wish.service.id.as_str(), Tongue::of(&visit.practice, visit.language));
    let mut asked = fields(&visit.practice, &shown.typed.customer, &shown.faults);
    asked.extend(own_fields(wish.service, tongue, &shown.typed.own, &shown.faults));
    let consents = consents(wish.service, tongue, &shown.typed.own, &shown.faults);
    let faults = summary(&shown.faults, &[asked.as_slice(), consents.as_slice()].concat());
    let back = visit.href(&path, [("service", service), ("resource", resource), ("from", day.as_str())]);
    let page = FormPage {
        place: Place::of(wish.location),
        service: tongue.said(&wish.service.name),
        resource: resource_name(visit, wish),
        when: range.map(|range| When::of(range, &wall)),
        cancelling: cancelling(wish.service.cancel_hours, start.filter(|_| !elsewhere), visit.now, &wall),
        at_once: wish.service.initial == Initial::Confirmed,
        action: visit.href(&format!("{path}/new"), []),
        back,
        hidden: hidden(visit, wish, &shown, start.map(|start| wall.rfc3339(start))),
        trap: spam::TRAP,
        zone: wish.location.zone.clone(),
        instructions: tongue.said(&wish.service.instructions),
        comment_hint: words(&visit.practice, "comment", visit.language),
        fields: asked,
        consents,
        faults,
        reminder: shown.typed.customer.reminder,
        notice: shown.notice,
        number: shown.number,
        others: shown.others,
        chosen: shown.chosen,
        languages: speak::spoken(visit.language),
    };
    visit.personal(shown.status, "book/form.html", page)
}

/// The chosen resource's name, or that of the only one.
fn resource_name(visit: &Visit, wish: &Wish) -> String {
    let mut offering = visit.practice.offering(&wish.location.id, wish.service);
    let named = match wish.resource {
        Some(id) => visit.practice.resource(id.as_str()),
        None => offering.next().filter(|_| offering.next().is_none()),
    };
    named.map(|resource| resource.name.clone()).unwrap_or_default()
}

fn hidden(visit: &Visit, wish: &Wish, shown: &Shown, start: Option<String>) -> Vec<Hidden> {
    let elsewhere = ELSEWHERE.contains(&shown.notice);
    let value = |name, value: &str| Hidden { name, value: value.to_owned() };
    let mut hidden = vec![
        value("location", wish.location.id.as_str()),
        value("service", wish.service.id.as_str()),
        value("resource", wish.resource.map_or("any", Id::as_str)),
        value("form", &wish.form),
        value("lang", visit.language.tag()),
        value(spam::STAMP, &spam::stamp(visit.web, &wish.form, wish.stamp, visit.now)),
    ];
    hidden.extend(start.map(|start| Hidden { name: if elsewhere { "wanted" } else { "start" }, value: start }));
    hidden.extend(elsewhere.then(|| value(NOTICE, shown.notice)));
    hidden
}

//! `[[service]]` of `practice.toml` → a checked [`Service`].
//!
//! Not for: what its rules mean (`appointment::service`, `appointment::slot`). No RFC: these are the trade's own words.

use std::collections::BTreeSet;

use serde::Deserialize;
use toml::Spanned;

use super::place::{known_location, known_resource};
use super::value::{Checked, Mistake, between, id, wrong};
use super::words::Words;
use crate::appointment::booking::Customer;
use crate::appointment::description::REMINDER;
use crate::appointment::practice::{Location, Resource};
use crate::appointment::service::{Consent, Field, FieldKind, Initial, MAX_LIST, Need, Service};
use crate::appointment::slot::MAX_HORIZON_DAYS;
use crate::ical::component::MAX_BUFFER_MINUTES;

/// The most customers who share one appointment.
const MAX_CAPACITY: u32 = 1000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    id: Spanned<String>,
    name: Words,
    internal_name: Option<String>,
    group: Option<Words>,
    description: Option<Words>,
    instructions: Option<Words>,
    minutes: Spanned<u32>,
    step: Option<Spanned<u32>>,
    gap_step: Option<Spanned<u32>>,
    before: Option<Spanned<u16>>,
    after: Option<Spanned<u16>>,
    lead_hours: Option<u32>,
    #[serde(default)]
    move_hours: u32,
    #[serde(default)]
    cancel_hours: u32,
    horizon_days: Option<Spanned<u32>>,
    per_day: Option<Spanned<u32>>,
    per_week: Option<Spanned<u32>>,
    open_requests: Option<Spanned<u32>>,
    #[serde(default)]
    initial: Initial,
    #[serde(default)]
    transparent: bool,
    resources: Option<Spanned<Vec<Spanned<String>>>>,
    #[serde(default)]
    need: Vec<NeedFile>,
    #[serde(default)]
    locations: Vec<Spanned<String>>,
    #[serde(default)]
    hidden: bool,
    capacity: Option<Spanned<u32>>,
    #[serde(default)]
    field: Vec<FieldFile>,
    #[serde(default)]
    consent: Vec<ConsentFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NeedFile {
    count: Option<Spanned<u32>>,
    of: Spanned<Vec<Spanned<String>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldFile {
    id: Spanned<String>,
    label: Words,
    #[serde(default)]
    kind: Kind,
    options: Option<Spanned<Vec<Words>>>,
    #[serde(default)]
    required: bool,
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    #[default]
    Text,
    Choice,
    Checkbox,
    Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConsentFile {
    id: Spanned<String>,
    text: Words,
    #[serde(default)]
    required: bool,
}

/// Checks one service; `ids` are those of the services before it.
pub(super) fn check(file: &File, locations: &[Location], resources: &[Resource], ids: &mut BTreeSet<String>) -> Checked<Service> {
    let minutes = between(&file.minutes, 5, 1440, "a service takes 5 to 1440 minutes")?;
    let step = |step: &Spanned<u32>| between(step, 5, 1440, "a step has 5 to 1440 minutes");
    let buffer = |minutes: &Option<Spanned<u16>>| match minutes {
        Some(minutes) if *minutes.get_ref() > MAX_BUFFER_MINUTES => {
            Err(wrong(minutes, format!("preparation and follow-up take at most {MAX_BUFFER_MINUTES} minutes")))
        }
        minutes => Ok(minutes.as_ref().map_or(0, |minutes| *minutes.get_ref())),
    };
    let horizon = |days: &Spanned<u32>| between(days, 0, MAX_HORIZON_DAYS, &format!("the horizon is at most {MAX_HORIZON_DAYS} days"));
    let limit = |most: &Option<Spanned<u32>>| most.as_ref().map(|most| between(most, 1, u32::MAX, "a limit is at least 1")).transpose();
    let capacity = |seats: &Spanned<u32>| between(seats, 1, MAX_CAPACITY, &format!("an appointment has 1 to {MAX_CAPACITY} seats"));
    let fine = |fine: &Spanned<u32>| {
        let coarse = file.step.as_ref().map_or(minutes.min(30), |step| *step.get_ref());
        let minutes = step(fine)?;
        if coarse.is_multiple_of(minutes) {
            Ok(minutes)
        } else {
            Err(wrong(fine, format!("a finer step divides the step, which has {coarse} minutes")))
        }
    };
    let plain = Service::new(id(&file.id, ids)?, file.name.text(), minutes);
    let mut names: BTreeSet<String> = Customer::FIELDS.into_iter().chain([REMINDER]).map(str::to_owned).collect();
    Ok(Service {
        internal_name: file.internal_name.clone(),
        group: file.group.as_ref().map(Words::text),
        description: file.description.as_ref().map(Words::text).unwrap_or_default(),
        instructions: file.instructions.as_ref().map(Words::text).unwrap_or_default(),
        step_minutes: file.step.as_ref().map_or(Ok(plain.step_minutes), step)?,
        gap_step_minutes: file.gap_step.as_ref().map(fine).transpose()?,
        before_minutes: buffer(&file.before)?,
        after_minutes: buffer(&file.after)?,
        lead_hours: file.lead_hours.unwrap_or(plain.lead_hours),
        move_hours: file.move_hours,
        cancel_hours: file.cancel_hours,
        horizon_days: file.horizon_days.as_ref().map_or(Ok(plain.horizon_days), horizon)?,
        per_day: limit(&file.per_day)?,
        per_week: limit(&file.per_week)?,
        open_requests: limit(&file.open_requests)?,
        initial: file.initial,
        transparent: file.transparent,
        needs: needs(file, resources)?,
        locations: file.locations.iter().map(|l| known_location(l, locations)).collect::<Checked<_>>()?,
        hidden: file.hidden,
        capacity: file.capacity.as_ref().map_or(Ok(plain.capacity), capacity)?,
        fields: few(&file.field, &file.id)?.iter().map(|f| field(f, &mut names)).collect::<Checked<_>>()?,
        consents: few(&file.consent, &file.id)?.iter().map(|c| consent(c, &mut names)).collect::<Checked<_>>()?,
        ..plain
    })
}

fn few<'a, T>(list: &'a [T], of: &Spanned<String>) -> Checked<&'a [T]> {
    if list.len() <= MAX_LIST { Ok(list) } else { Err(wrong(of, format!("a service has at most {MAX_LIST} fields and as many boxes"))) }
}

/// `resources` is the short form of one need: any one of them.
fn needs(file: &File, resources: &[Resource]) -> Checked<Vec<Need>> {
    let all = |of: &[Spanned<String>]| of.iter().map(|id| known_resource(id, resources)).collect::<Checked<Vec<_>>>();
    let mut needs = Vec::new();
    if let Some(of) = &file.resources {
        if !file.need.is_empty() {
            return Err(wrong(of, "what a service needs is said by `resources` or by [[service.need]], not by both"));
        }
        if !of.get_ref().is_empty() {
            needs.push(Need { count: 1, of: all(of.get_ref())? });
        }
    }
    for need in &file.need {
        let of = all(need.of.get_ref())?;
        let distinct = of.iter().collect::<BTreeSet<_>>().len();
        if of.is_empty() || distinct < of.len() {
            return Err(wrong(&need.of, "a need names its resources, each once"));
        }
        let count = need.count.as_ref().map_or(1, |count| *count.get_ref());
        if count < 1 || count as usize > of.len() {
            let at = need.count.as_ref().map_or_else(|| need.of.span(), Spanned::span);
            return Err(Mistake(at, format!("of {} resources 1 to {} can be needed", of.len(), of.len())));
        }
        needs.push(Need { count, of });
    }
    Ok(needs)
}

fn field(file: &FieldFile, names: &mut BTreeSet<String>) -> Checked<Field> {
    let options: Vec<_> = file.options.iter().flat_map(|options| options.get_ref()).map(Words::text).collect();
    if (file.kind == Kind::Choice) != (2..=MAX_LIST).contains(&options.len()) {
        let at = file.options.as_ref().map_or_else(|| file.id.span(), Spanned::span);
        return Err(Mistake(at, format!("a choice has 2 to {MAX_LIST} `options`, and nothing else has")));
    }
    let kind = match file.kind {
        Kind::Text => FieldKind::Text,
        Kind::Choice => FieldKind::Choice(options),
        Kind::Checkbox => FieldKind::Checkbox,
        Kind::Date => FieldKind::Date,
    };
    Ok(Field { id: id(&file.id, names)?, label: file.label.text(), kind, required: file.required })
}

fn consent(file: &ConsentFile, names: &mut BTreeSet<String>) -> Checked<Consent> {
    Ok(Consent { id: id(&file.id, names)?, text: file.text.text(), required: file.required })
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    const DEMO: &str = include_str!("../../../fixtures/practice/small.toml");

    fn with(lines: &str) -> Result<Service, String> {
        let text = DEMO.replacen("id = \"beratung\"", &format!("id = \"beratung\"\n{lines}"), 1);
        parse("p.toml", &text).map(|practice| practice.service("beratung").unwrap().clone())
    }

    #[test]
    fn every_rule_is_read() {
        let service = with(
            "group = \"Hören\"\nbefore = 10\nafter = 15\ngap_step = 15\nlead_hours = 2\nmove_hours = 24\ncancel_hours = 12\n\
             per_day = 4\nper_week = 12\nopen_requests = 1\ninitial = \"confirmed\"\ntransparent = true\nhidden = true\ncapacity = 8\n\
             locations = [\"stuttgart\"]\nneed = [{ of = [\"kabine-1\", \"kabine-2\"] }, { count = 1, of = [\"kabine-1\"] }]\n\
             field = [{ id = \"geraet\", label = \"Gerät\", kind = \"choice\", options = [\"links\", \"rechts\"], required = true }]\n\
             consent = [{ id = \"agb\", text = { de = \"Ja\", en = \"Yes\" } }]",
        )
        .unwrap();
        assert_eq!((service.before_minutes, service.after_minutes), (10, 15));
        assert_eq!((service.per_day, service.per_week, service.open_requests), (Some(4), Some(12), Some(1)));
        assert_eq!((service.initial, service.hidden, service.transparent, service.capacity), (Initial::Confirmed, true, true, 8));
        assert_eq!(service.needs.iter().map(|need| (need.count, need.of.len())).collect::<Vec<_>>(), [(1, 2), (1, 1)]);
        assert!(matches!(&service.fields.first().unwrap().kind, FieldKind::Choice(options) if options.len() == 2));
        assert!(!service.consents.first().unwrap().required);
    }

    #[test]
    fn what_can_not_be_is_refused_with_its_reason() {
        let no = |lines: &str| with(lines).unwrap_err();
        assert!(no("before = 300").contains("at most 240 minutes"));
        assert!(no("gap_step = 20").contains("divides the step, which has 30 minutes"));
        assert!(no("per_day = 0").contains("at least 1"));
        assert!(no("locations = [\"ulm\"]").contains("no location `ulm`"));
        assert!(no("need = [{ count = 3, of = [\"kabine-1\", \"kabine-2\"] }]").contains("of 2 resources 1 to 2 can be needed"));
        assert!(no("need = [{ of = [\"kabine-1\", \"kabine-1\"] }]").contains("each once"));
        assert!(no("resources = [\"kabine-1\"]\nneed = [{ of = [\"kabine-2\"] }]").contains("not by both"));
        assert!(no("field = [{ id = \"email\", label = \"x\" }]").contains("there is another `email`"));
        assert!(no("field = [{ id = \"x\", label = \"x\", kind = \"choice\" }]").contains("2 to 50 `options`"));
    }
}

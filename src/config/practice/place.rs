//! `[[location]]` and `[[resource]]` of `practice.toml` → a checked [`Location`] and [`Resource`].
//!
//! Not for: their hours (`hours`), a location's holidays (`holidays`). No RFC: these are the trade's own words.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::holidays;
use super::hours::{Hours, week};
use super::value::{Checked, address, id, wrong};
use crate::appointment::practice::{Id, Location, RESERVED_IDS, Resource, ResourceKind};
use crate::ical::zone::Zone;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LocationFile {
    id: Spanned<String>,
    name: String,
    street: String,
    postcode: String,
    city: String,
    telephone: String,
    email: Spanned<String>,
    zone: Option<Spanned<String>>,
    region: Option<Spanned<String>>,
    #[serde(default)]
    holidays: holidays::File,
    hours: Hours,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ResourceFile {
    id: Spanned<String>,
    name: String,
    location: Spanned<String>,
    #[serde(default = "room")]
    kind: ResourceKind,
    hours: Option<Hours>,
    #[serde(default = "yes")]
    online: bool,
    #[serde(default)]
    public_busy: bool,
}

fn room() -> ResourceKind {
    ResourceKind::Room
}

fn yes() -> bool {
    true
}

/// Checks one location; `ids` are those of the locations before it, `folder` has the files that it names.
pub(super) fn location(file: &LocationFile, folder: Option<&Path>, ids: &mut BTreeSet<String>) -> Checked<Location> {
    let zone = match &file.zone {
        None => "Europe/Berlin".to_owned(),
        Some(zone) => {
            let known =
                Zone::named(zone.get_ref()).ok_or_else(|| wrong(zone, "this is no time zone; an IANA name such as Europe/Berlin is"))?;
            known.iana_name().unwrap_or(zone.get_ref()).to_owned()
        }
    };
    Ok(Location {
        id: id(&file.id, ids)?,
        name: file.name.clone(),
        street: file.street.clone(),
        postcode: file.postcode.clone(),
        city: file.city.clone(),
        telephone: file.telephone.clone(),
        email: address(&file.email)?,
        zone,
        region: file.region.as_ref().map(|r| r.get_ref().clone()),
        holidays: holidays::check(&file.holidays, file.region.as_ref(), folder)?,
        hours: week(&file.hours)?,
    })
}

/// Checks one resource; `ids` are those of the resources before it.
pub(super) fn resource(file: &ResourceFile, locations: &[Location], ids: &mut BTreeSet<String>) -> Checked<Resource> {
    let location = known_location(&file.location, locations)?;
    if RESERVED_IDS.contains(&file.id.get_ref().as_str()) {
        return Err(wrong(&file.id, "a home has a collection of this name already"));
    }
    Ok(Resource {
        id: id(&file.id, ids)?,
        name: file.name.clone(),
        location,
        kind: file.kind,
        hours: file.hours.as_ref().map(week).transpose()?,
        online: file.online,
        public_busy: file.public_busy,
    })
}

/// The id of a location that the file has.
pub(super) fn known_location(value: &Spanned<String>, locations: &[Location]) -> Checked<Id> {
    let found = locations.iter().find(|l| l.id.as_str() == value.get_ref());
    found.map(|l| l.id.clone()).ok_or_else(|| wrong(value, format!("there is no location `{}`", value.get_ref())))
}

/// The id of a resource that the file has.
pub(super) fn known_resource(value: &Spanned<String>, resources: &[Resource]) -> Checked<Id> {
    let found = resources.iter().find(|r| r.id.as_str() == value.get_ref());
    found.map(|r| r.id.clone()).ok_or_else(|| wrong(value, format!("there is no resource `{}`", value.get_ref())))
}

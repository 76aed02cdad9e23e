//! Whose opening hours a calendar holds, and the name that follows from it.

use super::super::practice::{Id, Location, Practice};
use crate::principal::{Grant, Privilege};

/// What every name of an opening-hours calendar ends with. Ids have no dots, so that none of these is a resource's or a location's.
const ENDING: &str = ".hours";
const OF_LOCATION: &str = "location.";

/// A location or a resource, as what has opening hours.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A branch.
    Location(Id),
    /// A room, somebody, a device.
    Resource(Id),
}

impl Place {
    /// Every place of a practice, each resource after its location.
    pub fn all(practice: &Practice) -> Vec<Place> {
        let of = |location: &Location| {
            let here = practice.resources.iter().filter(|resource| resource.location == location.id);
            let own = here.map(|resource| Place::Resource(resource.id.clone()));
            std::iter::once(Place::Location(location.id.clone())).chain(own).collect::<Vec<_>>()
        };
        practice.locations.iter().flat_map(of).collect()
    }

    /// The name of its calendar: `kabine-1.hours`, `location.stuttgart.hours`.
    pub fn name(&self) -> String {
        match self {
            Place::Location(id) => format!("{OF_LOCATION}{id}{ENDING}"),
            Place::Resource(id) => format!("{id}{ENDING}"),
        }
    }

    /// The place whose calendar has this name, whether there is such a place or not.
    pub fn of_name(name: &str) -> Option<Place> {
        let stem = name.strip_suffix(ENDING)?;
        let place = |id: &str| {
            let plain = !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            plain.then(|| Id(id.to_owned()))
        };
        match stem.strip_prefix(OF_LOCATION) {
            Some(id) => place(id).map(Place::Location),
            None => place(stem).map(Place::Resource),
        }
    }

    /// What somebody may do with its hours who may do this with the resources' calendars: whoever reads one of them reads its hours and its
    /// location's, and changes them where `hours` says so.
    pub fn grant<'a>(&self, practice: &Practice, grants: impl Iterator<Item = (&'a Id, Grant)>, hours: Option<Grant>) -> Option<Grant> {
        let concerns = |id: &Id| match self {
            Place::Resource(own) => own == id,
            Place::Location(own) => practice.resource(id.as_str()).is_some_and(|resource| resource.location == *own),
        };
        let mut read = grants.filter(|(_, grant)| grant.allows(Privilege::Read));
        read.any(|(id, _)| concerns(id)).then(|| hours.unwrap_or(Grant::Read))
    }

    /// Its location, and what people call it; `None` where the practice has it no more.
    pub fn found<'a>(&self, practice: &'a Practice) -> Option<(&'a Location, &'a str)> {
        match self {
            Place::Location(id) => practice.location(id.as_str()).map(|location| (location, location.name.as_str())),
            Place::Resource(id) => {
                let resource = practice.resource(id.as_str())?;
                Some((practice.location(resource.location.as_str())?, &resource.name))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_no_id_is_one() {
        for place in [Place::Location(Id("stuttgart".into())), Place::Resource(Id("location".into()))] {
            assert_eq!(Place::of_name(&place.name()), Some(place));
        }
        for other in ["kabine-1", "hours", ".hours", "location..hours", "a.b.hours", "ben~x.hours", "Kabine.hours"] {
            assert_eq!(Place::of_name(other), None, "{other}");
        }
    }
}

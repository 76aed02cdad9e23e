//! What is bookable and how: the practice as `practice.toml` describes it, checked.
//!
//! Not for: reading the file (`config`), keeping it (`store`). No RFC: these are the trade's own words.

mod language;
mod place;
mod staff;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::service::{Need, Service};
pub use language::{Language, Text};
pub use place::{Location, Opening, RESERVED_IDS, Resource, ResourceKind, Week};
pub use staff::{GrantWord, Staff};

/// An id in addresses: lower-case ASCII letters, digits and `-`, 1 to 40 octets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(pub String);

impl Id {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether the form has a field and whether it must be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// Must be filled in.
    Required,
    /// May be filled in.
    Optional,
    /// Is not there.
    Off,
}

/// What letters to customers bring, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letters {
    /// A reminder, where it was asked for, leaves so many hours before the appointment; never on the same day.
    pub reminder_hours: u32,
    /// How the appointment is enclosed.
    pub calendar: MailCalendar,
}

impl Default for Letters {
    fn default() -> Letters {
        Letters { reminder_hours: 24, calendar: MailCalendar::Request }
    }
}

/// How a letter encloses the appointment for the customer's calendar (RFC 5546 §1.4).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailCalendar {
    /// As an invitation, which later letters move and take out again by themselves.
    #[default]
    Request,
    /// To be looked at and taken over by hand; programs do not all take it out again.
    Publish,
    /// Not at all.
    None,
}

/// The whole practice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Practice {
    /// Its name, as customers know it.
    pub name: String,
    /// `#rrggbb`; its contrast with white was checked to be at least 4.5.
    pub colour: String,
    /// The language of calendars, and of pages where the visitor's is not spoken.
    pub language: Language,
    /// Where a copy of every online booking goes ('Kopie an').
    pub copy_to: Option<String>,
    /// Link to the privacy notice.
    pub privacy_url: Option<String>,
    /// Link to the imprint.
    pub imprint_url: Option<String>,
    /// Sites that may show the booking pages in a frame: `https://www.praxis.example`, each a scheme, a host and perhaps a port.
    #[serde(default)]
    pub widget_origins: Vec<String>,
    /// How long a letter about what staff did waits, so that it can be undone.
    pub notify_grace_seconds: u32,
    /// What letters bring, and when.
    #[serde(default)]
    pub letters: Letters,
    /// How many requests one e-mail address or telephone number may have open.
    pub open_requests: u32,
    /// How many appointments one of them may have ahead, for services that are confirmed at once.
    #[serde(default = "open_appointments")]
    pub open_appointments: u32,
    /// So many days after its end an appointment's link leads nowhere any more.
    #[serde(default = "link_days")]
    pub link_days: u32,
    /// Fields of the form, by name (`salutation`, `given_name`, …).
    pub fields: BTreeMap<String, Presence>,
    /// Texts by name (`intro`, `thanks`).
    pub texts: BTreeMap<String, Text>,
    /// Branches, in the order of the file.
    pub locations: Vec<Location>,
    /// Rooms, people and devices, in the order of the file.
    pub resources: Vec<Resource>,
    /// Services, in the order of the file.
    pub services: Vec<Service>,
    /// People who work here.
    pub staff: Vec<Staff>,
}

/// Where the practice says nothing: as many as a short series has.
fn open_appointments() -> u32 {
    6
}

/// Where the practice says nothing: a month.
fn link_days() -> u32 {
    30
}

impl Practice {
    /// A practice that says no more than this: nobody works there yet, and nothing can be booked.
    pub fn new(name: String, language: Language) -> Practice {
        Practice {
            name,
            colour: "#1f5f8b".to_owned(),
            language,
            copy_to: None,
            privacy_url: None,
            imprint_url: None,
            widget_origins: Vec::new(),
            notify_grace_seconds: 120,
            letters: Letters::default(),
            open_requests: 2,
            open_appointments: open_appointments(),
            link_days: link_days(),
            fields: Practice::default_fields(),
            texts: BTreeMap::new(),
            locations: Vec::new(),
            resources: Vec::new(),
            services: Vec::new(),
            staff: Vec::new(),
        }
    }

    /// What is missing before customers may see the booking pages: whoever asks for personal data says who they are and what becomes of
    /// it (GDPR Art. 13; in Germany § 5 DDG).
    pub fn unpublished(&self) -> Vec<&'static str> {
        let links = [("privacy_url", &self.privacy_url), ("imprint_url", &self.imprint_url)];
        links.into_iter().filter(|(_, link)| link.is_none()).map(|(name, _)| name).collect()
    }

    /// The branch with this id.
    pub fn location(&self, id: &str) -> Option<&Location> {
        self.locations.iter().find(|l| l.id.as_str() == id)
    }

    /// The IANA zone of what belongs to no branch.
    pub fn zone(&self) -> &str {
        self.locations.first().map_or("Europe/Berlin", |location| &location.zone)
    }

    /// The resource with this id.
    pub fn resource(&self, id: &str) -> Option<&Resource> {
        self.resources.iter().find(|r| r.id.as_str() == id)
    }

    /// The service with this id.
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services.iter().find(|s| s.id.as_str() == id)
    }

    /// The resources among which a customer of a branch may choose for a service, in the order of the file: those of its first need; none
    /// where the branch cannot do the service at all.
    pub fn offering<'a>(&'a self, location: &'a Id, service: &'a Service) -> impl Iterator<Item = &'a Resource> {
        self.needs(location, service).into_iter().next().map(|(_, of)| of).unwrap_or_default().into_iter()
    }

    /// What a service needs at a branch: how many of which resources, in the order of the file; empty where the branch cannot do it.
    pub fn needs(&self, location: &Id, service: &Service) -> Vec<(usize, Vec<&Resource>)> {
        if !service.locations.is_empty() && !service.locations.contains(location) {
            return Vec::new();
        }
        let here = |of: &[Id]| {
            let may = |r: &&Resource| r.online && r.location == *location && (of.is_empty() || of.contains(&r.id));
            self.resources.iter().filter(may).collect::<Vec<_>>()
        };
        let any = [Need { count: 1, of: Vec::new() }];
        let needs = if service.needs.is_empty() { &any[..] } else { &service.needs };
        let found: Vec<_> = needs.iter().map(|need| (need.count as usize, here(&need.of))).collect();
        if found.iter().all(|(count, of)| of.len() >= *count) { found } else { Vec::new() }
    }

    /// The form's fields where the practice says nothing: those that a call back and a letter need are required.
    pub fn default_fields() -> BTreeMap<String, Presence> {
        let required = ["given_name", "family_name", "email", "telephone"];
        let optional = ["salutation", "street", "postcode", "city", "comment"];
        let named = |names: &[&str], presence| names.iter().map(|name| ((*name).to_owned(), presence)).collect::<Vec<_>>();
        [named(&required, Presence::Required), named(&optional, Presence::Optional)].concat().into_iter().collect()
    }

    /// Whether the form has a field, and must have it.
    pub fn presence(&self, field: &str) -> Presence {
        self.fields.get(field).copied().unwrap_or(Presence::Off)
    }
}

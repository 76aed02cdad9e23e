//! What is bookable and how: the practice as `practice.toml` describes it, checked.
//!
//! Not for: reading the file (`config`), keeping it (`store`). No RFC: these are the trade's own words.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::holiday::Holidays;
use super::service::{Need, Service};
use crate::principal::{Grant, Login, Role, View};

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

/// A language in which pages and mails speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// German
    De,
    /// German in plain language
    DeSimple,
    /// English
    En,
    /// Turkish
    Tr,
    /// Ukrainian
    Uk,
    /// Arabic
    Ar,
}

impl Language {
    /// Every language that is shipped.
    pub const ALL: [Language; 6] = [Language::De, Language::DeSimple, Language::En, Language::Tr, Language::Uk, Language::Ar];

    /// Those in which the staff pages speak.
    pub const STAFF: [Language; 2] = [Language::De, Language::En];

    /// Its BCP 47 tag. `simple` is a registered variant (RFC 5646 §2.2.5).
    pub fn tag(self) -> &'static str {
        match self {
            Language::De => "de",
            Language::DeSimple => "de-simple",
            Language::En => "en",
            Language::Tr => "tr",
            Language::Uk => "uk",
            Language::Ar => "ar",
        }
    }

    /// What the language calls itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Language::De => "Deutsch",
            Language::DeSimple => "Einfache Sprache",
            Language::En => "English",
            Language::Tr => "Türkçe",
            Language::Uk => "Українська",
            Language::Ar => "العربية",
        }
    }

    /// `ltr` or `rtl`: from which side it is read (HTML §3.2.6.4).
    pub fn direction(self) -> &'static str {
        if self == Language::Ar { "rtl" } else { "ltr" }
    }

    /// The language that speaks where this one has no text of its own, as on the staff pages; itself where it has all.
    pub fn instead(self) -> Language {
        match self {
            Language::De | Language::DeSimple => Language::De,
            Language::En | Language::Tr | Language::Uk | Language::Ar => Language::En,
        }
    }

    /// The language of a tag, by its primary subtag and, where it has one, the variant `simple`.
    pub fn from_tag(tag: &str) -> Option<Language> {
        let mut subtags = tag.split(['-', '_']);
        let primary = subtags.next().unwrap_or("");
        let simple = subtags.any(|subtag| subtag.eq_ignore_ascii_case("simple"));
        let found = Language::ALL.into_iter().find(|l| l.tag().eq_ignore_ascii_case(primary))?;
        Some(if simple && found == Language::De { Language::DeSimple } else { found })
    }
}

/// A text in one or more languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(pub BTreeMap<Language, String>);

impl Text {
    /// The text in a language; for plain language the usual words; else in the first language that there is.
    pub fn get(&self, language: Language) -> &str {
        self.found(language).map_or("", |(_, text)| text)
    }

    /// The language of what `get` answers; none where one text stands for all languages: nobody has said which it is in.
    pub fn language(&self, asked: Language) -> Option<Language> {
        let (language, text) = self.found(asked)?;
        let alike = self.0.len() == Language::ALL.len() && self.0.values().all(|other| other == text);
        (!alike).then_some(language)
    }

    fn found(&self, language: Language) -> Option<(Language, &str)> {
        let usual = || self.0.get_key_value(&Language::De).filter(|_| language == Language::DeSimple);
        let found = self.0.get_key_value(&language).or_else(usual).or_else(|| self.0.iter().next());
        found.map(|(language, text)| (*language, text.as_str()))
    }
}

/// Minutes of the day, local wall clock: `09:00-18:00` is 540 to 1080.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// First minute open.
    pub from: u32,
    /// First minute closed again; at most 1440.
    pub to: u32,
}

/// Opening hours of a week, Monday first; each day sorted and without overlaps.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week(pub [Vec<Opening>; 7]);

/// A branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// In addresses.
    pub id: Id,
    /// For people: `Filiale Stuttgart`.
    pub name: String,
    /// Street and number.
    pub street: String,
    /// Postal code.
    pub postcode: String,
    /// Town.
    pub city: String,
    /// As people write it.
    pub telephone: String,
    /// Where customers write to.
    pub email: String,
    /// IANA zone in which its hours are meant and its times are shown.
    pub zone: String,
    /// ISO 3166-2 subdivision whose public holidays are closed (`DE-BW`), if any.
    pub region: Option<String>,
    /// Which of them it does not keep, which others it does, and on which days it is closed besides.
    #[serde(default)]
    pub holidays: Holidays,
    /// When it is open.
    pub hours: Week,
}

/// What a resource is (RFC 5545 §3.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResourceKind {
    /// A cabin, a room.
    Room,
    /// Somebody.
    Person,
    /// A device.
    Device,
}

/// Ids that no resource can have: a login's home, where its calendar stands under its id, has collections of these names (RFC 6638 §2).
pub const RESERVED_IDS: [&str; 2] = ["inbox", "outbox"];

/// The thing that customers book: a room or a person with a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// In addresses, and the name of its calendar.
    pub id: Id,
    /// For people: `Kabine 1`.
    pub name: String,
    /// Where it is.
    pub location: Id,
    /// What it is.
    pub kind: ResourceKind,
    /// Its own hours, where they differ from the location's.
    pub hours: Option<Week>,
    /// Whether customers may book it.
    pub online: bool,
    /// Whether anybody may ask, without a password, when it is busy.
    #[serde(default)]
    pub public_busy: bool,
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

/// Somebody who works here, as the file declares it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// The login's name.
    pub login: Login,
    /// For people.
    pub name: String,
    /// Where the calendar programs may reach them.
    pub email: Option<String>,
    /// What they are.
    #[serde(with = "role")]
    pub role: Role,
    /// Resources whose calendars they see, and whether they may change them.
    #[serde(with = "grants")]
    pub grants: BTreeMap<Id, Grant>,
    /// What they may do with the customers on file.
    #[serde(default, with = "grant", skip_serializing_if = "Option::is_none")]
    pub customers: Option<Grant>,
    /// What they may do with opening hours that they see; reading where nothing is said.
    #[serde(default, with = "grant", skip_serializing_if = "Option::is_none")]
    pub hours: Option<Grant>,
    /// How much of customers' data their calendar programs and pages show.
    #[serde(with = "view", default = "full")]
    pub sees: View,
}

fn full() -> View {
    View::Full
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
pub fn open_appointments() -> u32 {
    6
}

/// Where the practice says nothing: a month.
pub fn link_days() -> u32 {
    30
}

impl Practice {
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

mod role {
    //! A role as one word.
    use crate::principal::Role;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(role: &Role, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(match role {
            Role::Staff => "staff",
            Role::Admin => "admin",
        })
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Role, D::Error> {
        match String::deserialize(d)?.as_str() {
            "staff" => Ok(Role::Staff),
            "admin" => Ok(Role::Admin),
            other => Err(D::Error::unknown_variant(other, &["staff", "admin"])),
        }
    }
}

mod view {
    //! A view as one word.
    use crate::principal::View;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(view: &View, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(view.word())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<View, D::Error> {
        let word = String::deserialize(d)?;
        View::from_word(&word).ok_or_else(|| D::Error::unknown_variant(&word, &["full", "name", "busy"]))
    }
}

mod grant {
    //! A grant as `"free-busy"`, `"read"` or `"write"`, or none.
    use crate::principal::Grant;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn word(grant: Grant) -> &'static str {
        match grant {
            Grant::FreeBusy => "free-busy",
            Grant::Read => "read",
            Grant::Write | Grant::Manage | Grant::Own => "write",
        }
    }

    pub fn of<E: Error>(word: &str) -> Result<Grant, E> {
        match word {
            "free-busy" => Ok(Grant::FreeBusy),
            "read" => Ok(Grant::Read),
            "write" => Ok(Grant::Write),
            other => Err(E::unknown_variant(other, &["free-busy", "read", "write"])),
        }
    }

    pub fn serialize<S: Serializer>(grant: &Option<Grant>, s: S) -> Result<S::Ok, S::Error> {
        match grant {
            Some(grant) => s.serialize_some(word(*grant)),
            None => s.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Grant>, D::Error> {
        Option::<String>::deserialize(d)?.map(|word| of(&word)).transpose()
    }
}

mod grants {
    //! Grants as `resource = "free-busy"`, `"read"` or `"write"`.
    use super::{Id, grant};
    use crate::principal::Grant;
    use serde::{Deserialize, Deserializer, Serializer, ser::SerializeMap};
    use std::collections::BTreeMap;

    pub fn serialize<S: Serializer>(grants: &BTreeMap<Id, Grant>, s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(Some(grants.len()))?;
        for (id, grant) in grants {
            map.serialize_entry(id, grant::word(*grant))?;
        }
        map.end()
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<BTreeMap<Id, Grant>, D::Error> {
        BTreeMap::<Id, String>::deserialize(d)?.into_iter().map(|(id, word)| Ok((id, grant::of(&word)?))).collect()
    }
}

//! What each login has from the first day: a calendar, a list of tasks, an address book. And the practice's customers on file.
//!
//! macOS and iOS make a list of tasks where they find none, at each refresh if they don't find that one either. Whoever deletes one of
//! these has it no more. Not for: collections that people make (`calendar`, `address`).

use super::App;
use super::hours::seeding::open_hours;
use crate::appointment::hours::Place;
use crate::appointment::practice::{Language, Practice};
use crate::collection::Name;
use crate::error::Result;
use crate::ical::component::Component;
use crate::store::key::{self, HomeKind};
use crate::store::record::{self, CollectionRecord, PrincipalRecord};
use crate::store::txn::Txn;

/// How many logins are looked through at a start.
const MAX_LOGINS: usize = 10_000;

/// The first collections of a login: name in its home, what it holds, what it is called.
const FIRST: [(&str, Component); 3] = [("calendar", Component::Event), ("tasks", Component::Todo), ("contacts", Component::Card)];

fn title(component: Component, language: Language) -> &'static str {
    match (component, language) {
        (Component::Todo, Language::De | Language::DeSimple) => "Aufgaben",
        (Component::Todo, Language::En) => "Tasks",
        (Component::Card, Language::De | Language::DeSimple) => "Kontakte",
        (Component::Card, Language::En) => "Contacts",
        (_, Language::De | Language::DeSimple) => "Kalender",
        (_, Language::En) => "Calendar",
        (Component::Todo, Language::Tr) => "Görevler",
        (Component::Card, Language::Tr) => "Kişiler",
        (_, Language::Tr) => "Takvim",
        (Component::Todo, Language::Uk) => "Завдання",
        (Component::Card, Language::Uk) => "Контакти",
        (_, Language::Uk) => "Календар",
        (Component::Todo, Language::Ar) => "المهام",
        (Component::Card, Language::Ar) => "جهات الاتصال",
        (_, Language::Ar) => "التقويم",
    }
}

/// Gives a login its first collections, once; the record says so and is to be written.
pub fn furnish(txn: &mut Txn<'_>, login: &str, record: &mut PrincipalRecord, practice: &Practice) -> Result<()> {
    if record.furnished {
        return Ok(());
    }
    record.furnished = true;
    for (name, component) in FIRST {
        let name = Name::new(name)?;
        let member = HomeKind::of(component).member(login, &name);
        // One of that name was made before there were first ones; a resource of that name stands in its place.
        if txn.locked(&member)?.is_some() || practice.resource(name.as_str()).is_some() {
            continue;
        }
        let collection = CollectionRecord {
            component,
            zone: practice.zone().to_owned(),
            resource: None,
            owner: Some(login.to_owned()),
            title: Some(title(component, practice.language).to_owned()),
            source: None,
        };
        let id = txn.make_collection(&collection)?;
        txn.write_record(member, &id)?;
    }
    Ok(())
}

/// Makes the address book of the customers on file where there is none.
pub fn open_customers(txn: &mut Txn<'_>, language: Language) -> Result<()> {
    if txn.locked(&key::customers())?.is_some() {
        return Ok(());
    }
    let title = match language {
        Language::De | Language::DeSimple => "Kunden",
        Language::En => "Customers",
        Language::Tr => "Müşteriler",
        Language::Uk => "Клієнти",
        Language::Ar => "العملاء",
    };
    let record = CollectionRecord {
        component: Component::Card,
        zone: "UTC".into(),
        resource: None,
        owner: None,
        title: Some(title.into()),
        source: None,
    };
    let id = txn.make_collection(&record)?;
    txn.write_record(key::customers(), &id)
}

impl App {
    /// Gives what a store of an earlier program lacks. Nothing is written where nothing is missing.
    pub(super) async fn furnish_all(&self) -> Result<()> {
        let mut bare = Vec::new();
        for (key, octets) in self.store.scan(&key::principals(), MAX_LOGINS).await? {
            if !record::decode::<PrincipalRecord>(&octets)?.furnished {
                bare.push(String::from_utf8_lossy(key.get(1..).unwrap_or_default()).into_owned());
            }
        }
        let practice = self.practice();
        let customers = self.store.value(key::customers()).await?.is_some() || practice.locations.is_empty();
        let hours = self.all_have_hours(&practice).await?;
        if bare.is_empty() && customers && hours {
            return Ok(());
        }
        let season = self.season();
        self.commit(move |txn| {
            if !customers {
                open_customers(txn, practice.language)?;
            }
            if !hours {
                open_hours(txn, &practice, season)?;
            }
            for login in &bare {
                let key = key::principal(login);
                let Some(octets) = txn.locked(&key)? else { continue };
                let mut record: PrincipalRecord = record::decode(&octets)?;
                furnish(txn, login, &mut record, &practice)?;
                txn.write_record(key, &record)?;
            }
            Ok(())
        })
        .await
    }

    async fn all_have_hours(&self, practice: &Practice) -> Result<bool> {
        for place in Place::all(practice) {
            if self.store.value(key::hours(&place.name())).await?.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

//! What an administrator does from the command line: apply a practice's file, keep logins, import calendars.
//!
//! The same operations run inside a server that already has the data folder (`control`), or in a process of their own.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use super::describing::describe;
use super::former::{self, Former, Home};
use super::hours::seeding::{forget_gone, open_hours};
use super::{Actor, App, access, credentials, feed, furnish};
use crate::appointment::practice::{Location, Practice, Staff};
use crate::collection::{Condition, Name};
use crate::error::{Error, Result};
use crate::ical::component::Component;
use crate::ical::object::split;
use crate::mail::sample;
use crate::principal::{LOGIN_RULE, Login, Principal, Role, is_login};
use crate::store::key;
use crate::store::record::{self, CollectionRecord, DeviceRecord, PrincipalRecord, SessionRecord};
use crate::store::txn::Txn;

/// The shortest password that is taken, in characters.
pub const MIN_PASSWORD: usize = 8;

/// How many logins one list shows.
const MAX_LOGINS: usize = 10_000;

/// How many devices and sessions of all logins together are looked through.
const MAX_KEPT: usize = 1_000_000;

/// A login in the list of logins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedLogin {
    /// Its name.
    pub login: Login,
    /// For people.
    pub display_name: String,
    /// What it is.
    pub role: Role,
    /// Whether somebody can sign in with a password.
    pub has_password: bool,
}

impl App {
    /// Makes the practice what the file says, and answers what changed, a line each; the same file again changes nothing.
    pub async fn apply(&self, practice: Practice) -> Result<Vec<String>> {
        self.read_templates()?;
        let text = Bytes::from(serde_json::to_vec(&practice).map_err(|e| Error::Failed(e.to_string()))?);
        let season = self.season();
        self.commit(move |txn| {
            let size_key = key::setting("practice-size");
            let size = txn.locked(&size_key)?.map_or(Ok(0), |octets| record::decode::<u64>(&octets))?;
            let size = usize::try_from(size).unwrap_or(0);
            let before = txn.long(&key::setting("practice"), size)?;
            let before =
                if size == 0 { super::empty() } else { serde_json::from_slice(&before).map_err(|e| Error::Failed(e.to_string()))? };
            let mut changes = differences(&before, &practice, size == 0);
            let differs = !changes.is_empty();
            refuse_clashes(txn, &before, &practice)?;
            open_calendars(txn, &practice)?;
            changes.extend(open_hours(txn, &practice, season)?);
            forget_gone(txn, &before, &practice)?;
            furnish::open_customers(txn, practice.language)?;
            for person in &practice.staff {
                // Somebody removed it beside the file, which still has it.
                if employ(txn, person, &practice)? && before.staff.iter().any(|old| old.login == person.login) {
                    changes.push(format!("+ staff {}", person.login));
                }
            }
            for gone in before.staff.iter().filter(|old| practice.staff.iter().all(|new| new.login != old.login)) {
                dismiss(txn, &gone.login)?;
            }
            for gone in before.resources.iter().filter(|old| practice.resource(old.id.as_str()).is_none()) {
                if let Some(id) = txn.record(&key::resource(gone.id.as_str()))? {
                    feed::forget(txn, None, &[id])?;
                }
            }
            if differs {
                txn.write_long(&key::setting("practice"), &text, size);
                txn.write_record(size_key, &(text.len() as u64))?;
                txn.touch_practice();
            }
            Ok(changes)
        })
        .await
    }

    /// Reads the practice's own templates again, and takes them over where every letter can be made of them.
    pub fn read_templates(&self) -> Result<()> {
        let fresh = self.templates.again().and_then(|fresh| sample::check(&fresh).map(|()| fresh)).map_err(Error::Malformed)?;
        self.templates.adopt(&fresh);
        Ok(())
    }

    /// Adds a login, or refuses where there is one, or where the home of a former one is kept and not to be taken.
    pub async fn add_login(&self, login: &str, display_name: &str, role: Role, password: &str, former: Former) -> Result<()> {
        if !is_login(login) {
            return Err(Error::Malformed(format!("This is no name for a login: {LOGIN_RULE}.")));
        }
        let mut record = PrincipalRecord {
            display_name: display_name.to_owned(),
            role,
            email: None,
            password: Some(self.hashed(password).await?),
            grants: Vec::new(),
            customers: None,
            // Who takes a home takes it as it is.
            furnished: former == Former::Taken,
            hours: None,
            view: None,
        };
        let (login, practice) = (login.to_owned(), self.practice());
        self.commit(move |txn| {
            let key = key::principal(&login);
            if txn.locked(&key)?.is_some() {
                return Err(Error::Malformed(format!(
                    "There is a login `{login}` already; `openslot user passwd {login}` gives it a new password."
                )));
            }
            former::admit(txn, &login, former)?;
            txn.touch_practice();
            furnish::furnish(txn, &login, &mut record, &practice)?;
            txn.write_record(key, &record)
        })
        .await
    }

    /// Gives a login a new password; its open sessions end. Its devices' passwords stay.
    pub async fn set_password(&self, login: &str, password: &str) -> Result<()> {
        let hash = self.hashed(password).await?;
        let login = login.to_owned();
        self.commit(move |txn| {
            let key = key::principal(&login);
            let Some(octets) = txn.locked(&key)? else { return Err(no_login(&login)) };
            let mut record: PrincipalRecord = record::decode(&octets)?;
            record.password = Some(hash.clone());
            txn.touch_practice();
            txn.write_record(key, &record)
        })
        .await
    }

    /// Every login, by name.
    pub async fn logins(&self) -> Result<Vec<ListedLogin>> {
        let mut logins = Vec::new();
        for (key, octets) in self.store.scan(&key::principals(), MAX_LOGINS).await? {
            let record: PrincipalRecord = record::decode(&octets)?;
            let login = String::from_utf8_lossy(key.get(1..).unwrap_or_default()).into_owned();
            logins.push(ListedLogin {
                login,
                display_name: record.display_name,
                role: record.role,
                has_password: record.password.is_some(),
            });
        }
        Ok(logins)
    }

    /// Removes a login with its devices' passwords; what it did stays in the history. Its own home is kept or deleted; a kept one of a login
    /// that was removed before can be deleted later.
    pub async fn remove_login(&self, login: &str, home: Home) -> Result<()> {
        let login = login.to_owned();
        self.commit(move |txn| {
            let known = txn.locked(&key::principal(&login))?.is_some();
            if !known && (home == Home::Kept || former::home_of(txn, &login)?.is_none()) {
                return Err(no_login(&login));
            }
            if known {
                dismiss(txn, &login)?;
                txn.touch_practice();
            }
            if home == Home::Deleted { former::delete(txn, &login) } else { Ok(()) }
        })
        .await
    }

    /// The principal of a login, without its password: for the command line only.
    pub async fn principal_of(&self, login: &str) -> Result<Principal> {
        let record: PrincipalRecord = self.store.record(&key::principal(login)).await?.ok_or_else(|| no_login(login))?;
        Ok(super::login::principal(login, record))
    }

    /// Puts every object of an exported calendar into one of a login's calendars; how many. What has a UID that is there already
    /// replaces it. One mistake in the file and nothing is taken.
    pub async fn import(&self, login: &str, calendar: &str, octets: Bytes) -> Result<usize> {
        let by = Actor::new(self.principal_of(login).await?, "import");
        let calendar = match self.calendar(&by.principal, &Name::new(calendar)?).await {
            Err(Error::NotFound) => return Err(self.no_calendar(&by.principal, calendar).await?),
            found => found?,
        };
        let objects = split(octets)?;
        let zone = crate::ical::zone::Zone::named(&calendar.zone).unwrap_or(crate::ical::zone::Zone::UTC);
        let mut checked = Vec::with_capacity(objects.len());
        for object in objects {
            let kept = object.check()?;
            if kept.component == calendar.component {
                let name = match self.name_of_uid(&calendar, &kept.uid).await? {
                    Some(name) => name,
                    None => Name::of_uid(&kept.uid, "ics")?,
                };
                describe(&object, &name, kept.component, &zone, self.store.horizon(), self.now())?;
                checked.push((name, object));
            }
        }
        let count = checked.len();
        for (name, object) in checked {
            self.put(&by, &calendar, &name, object.octets().clone(), Condition::Always).await?;
        }
        Ok(count)
    }

    /// Names those that there are.
    async fn no_calendar(&self, who: &Principal, wanted: &str) -> Result<Error> {
        let names: Vec<String> = self.home(who).await?.iter().map(|calendar| calendar.name.as_str().to_owned()).collect();
        Ok(Error::Malformed(format!("{} has no calendar `{wanted}`; there are {}", who.login, names.join(", "))))
    }

    async fn hashed(&self, password: &str) -> Result<String> {
        if password.chars().count() < MIN_PASSWORD {
            return Err(Error::Malformed(format!("A password has at least {MIN_PASSWORD} characters.")));
        }
        let (world, password) = (std::sync::Arc::clone(&self.world), password.to_owned());
        tokio::task::spawn_blocking(move || credentials::hash(&password, world.as_ref())).await.map_err(|_| Error::Busy)?
    }
}

fn no_login(login: &str) -> Error {
    Error::Malformed(format!("There is no login `{login}`."))
}

/// A resource stands in homes under its own name, and must not hide a calendar that somebody has made there.
fn refuse_clashes(txn: &Txn<'_>, before: &Practice, practice: &Practice) -> Result<()> {
    let mut new = practice.resources.iter().filter(|resource| before.resource(resource.id.as_str()).is_none()).peekable();
    if new.peek().is_none() {
        return Ok(());
    }
    let people = txn.scan(&key::principals(), MAX_LOGINS)?;
    for resource in new {
        let name = Name::new(resource.id.as_str())?;
        for (key, _) in &people {
            let login = String::from_utf8_lossy(key.get(1..).unwrap_or_default());
            if txn.value(&key::member(&login, &name))?.is_some() {
                return Err(Error::Malformed(format!(
                    "resource `{id}`: {login} has a calendar of this name, which it would hide. Give the resource another id, or have the calendar renamed.",
                    id = resource.id.as_str(),
                )));
            }
        }
    }
    Ok(())
}

/// Each resource has its calendar from the moment it is declared; one that is no longer declared keeps what it held.
fn open_calendars(txn: &mut Txn<'_>, practice: &Practice) -> Result<()> {
    for resource in &practice.resources {
        let key = key::resource(resource.id.as_str());
        let zone = practice.location(resource.location.as_str()).map(|l: &Location| l.zone.clone()).unwrap_or_default();
        match txn.locked(&key)? {
            Some(octets) => {
                let id = record::decode(&octets)?;
                if let Some(collection) = txn.collection(id)?.filter(|collection| collection.zone != zone) {
                    txn.write_record(key::collection(id), &CollectionRecord { zone, ..collection })?;
                }
            }
            None => {
                let resource = Some(resource.id.as_str().to_owned());
                let record = CollectionRecord { component: Component::Event, zone, resource, owner: None, title: None, source: None };
                let id = txn.make_collection(&record)?;
                txn.write_record(key, &id)?;
            }
        }
    }
    Ok(())
}

/// Writes what the file says of a person; a password given before stays. Whether the login is new.
fn employ(txn: &mut Txn<'_>, person: &Staff, practice: &Practice) -> Result<bool> {
    let key = key::principal(&person.login);
    let kept = txn.locked(&key)?.map(|octets| record::decode::<PrincipalRecord>(&octets)).transpose()?;
    if kept.is_none() {
        former::admit(txn, &person.login, Former::Refused)?;
    }
    let mut record = PrincipalRecord {
        display_name: person.name.clone(),
        role: person.role,
        email: person.email.clone(),
        password: kept.as_ref().and_then(|kept| kept.password.clone()),
        grants: person.grants.iter().map(|(id, grant)| (id.as_str().to_owned(), *grant)).collect(),
        customers: person.customers,
        hours: person.hours,
        furnished: kept.as_ref().is_some_and(|kept| kept.furnished),
        view: Some(person.sees).filter(|view| view.is_lowered()),
    };
    furnish::furnish(txn, &person.login, &mut record, practice)?;
    if kept.as_ref() == Some(&record) {
        return Ok(false);
    }
    txn.touch_practice();
    txn.write_record(key, &record)?;
    Ok(kept.is_none())
}

/// Removes a login with its devices' passwords, open sessions and addresses without a login: whoever is given the same name later must not
/// find them. Its home is kept until somebody says otherwise.
fn dismiss(txn: &mut Txn<'_>, login: &str) -> Result<()> {
    txn.erase(key::principal(login));
    former::keep(txn, login)?;
    access::forget(txn, login)?;
    for (key, octets) in txn.scan(&key::devices(), MAX_KEPT)? {
        if record::decode::<DeviceRecord>(&octets)?.login == login {
            txn.erase(key);
        }
    }
    for (key, octets) in txn.scan(&key::sessions(), MAX_KEPT)? {
        if record::decode::<SessionRecord>(&octets)?.login == login {
            txn.erase(key);
        }
    }
    feed::forget(txn, Some(login), &[])
}

/// What is different, a line each: `+ resource kabine-2`, `~ service beratung: lead_hours`, `- staff ben (login removed, its home is kept)`.
fn differences(before: &Practice, after: &Practice, first: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let (old, new) = (value(before), value(after));
    for key in [
        "name",
        "colour",
        "language",
        "copy_to",
        "privacy_url",
        "imprint_url",
        "widget_origins",
        "notify_grace_seconds",
        "open_requests",
        "open_appointments",
        "link_days",
        "fields",
        "texts",
    ] {
        if first || old.get(key) != new.get(key) {
            lines.push(format!("~ {key}"));
        }
    }
    for (word, list, id, gone) in [
        ("location", "locations", "id", ""),
        ("resource", "resources", "id", " (its calendar is kept, but nobody sees it)"),
        ("service", "services", "id", ""),
        ("staff", "staff", "login", " (login removed, its home is kept)"),
    ] {
        let (old, new) = (by_id(&old, list, id), by_id(&new, list, id));
        for (id, value) in &new {
            match old.get(id) {
                None => lines.push(format!("+ {word} {id}")),
                Some(before) if before != value => lines.push(format!("~ {word} {id}: {}", changed_keys(before, value))),
                Some(_) => {}
            }
        }
        lines.extend(old.keys().filter(|id| !new.contains_key(*id)).map(|id| format!("- {word} {id}{gone}")));
    }
    if lines.is_empty() && old != new {
        lines.push("~ order".into());
    }
    lines
}

fn value(practice: &impl Serialize) -> Value {
    serde_json::to_value(practice).unwrap_or_default()
}

fn by_id(practice: &Value, list: &str, id: &str) -> BTreeMap<String, Value> {
    let items = practice.get(list).and_then(Value::as_array).cloned().unwrap_or_default();
    items.into_iter().filter_map(|item| Some((item.get(id)?.as_str()?.to_owned(), item))).collect()
}

fn changed_keys(before: &Value, after: &Value) -> String {
    let (Some(before), Some(after)) = (before.as_object(), after.as_object()) else { return String::new() };
    let keys = after.iter().filter(|(key, value)| before.get(*key) != Some(value)).map(|(key, _)| key.as_str());
    keys.collect::<Vec<_>>().join(", ")
}

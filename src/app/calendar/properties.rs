//! Dead properties: kept whole, by owner and thing.
//!
//! Not for: live ones that can be set (`app::setting`). RFC 4918 §4.3 and §9.2.

use std::collections::BTreeMap;

use crate::app::setting::{self, Setting};
use crate::app::{Actor, App};
use crate::collection::CollectionId;
use crate::error::{Error, Precondition, Result};
use crate::principal::Principal;
use crate::store::key;
use crate::store::record::{self, Properties, Property};
use crate::store::txn::Txn;

/// The name of a WebDAV property: namespace and local name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PropertyName {
    /// `DAV:`
    pub namespace: String,
    /// `displayname`
    pub local: String,
}

/// A dead property's element, whole: well-formed XML that declares the namespaces it uses.
pub type PropertyValue = String;

/// One instruction of a PROPPATCH: set to an element, or remove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyChange {
    /// Which.
    pub name: PropertyName,
    /// The whole element, or `None` to remove it.
    pub value: Option<PropertyValue>,
}

/// What dead properties belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PropertyTarget {
    /// The login's principal.
    Principal,
    /// The login's calendar home.
    Home,
    /// The login's address book home.
    AddressHome,
    /// The login's scheduling inbox.
    Inbox,
    /// The login's scheduling outbox.
    Outbox,
    /// A calendar, as this login sees it: one's own colour on a shared calendar is one's own.
    Calendar(CollectionId),
}

/// All dead properties of one owner together may take this many octets.
const MAX_PROPERTIES: usize = 15_000;

impl App {
    /// Dead properties of an owner, by name.
    pub async fn properties(&self, who: &Principal, target: &PropertyTarget) -> Result<BTreeMap<PropertyName, PropertyValue>> {
        self.properties_of(&who.login, target).await
    }

    pub(super) async fn properties_of(&self, login: &str, target: &PropertyTarget) -> Result<BTreeMap<PropertyName, PropertyValue>> {
        Ok(named(self.store.record::<Properties>(&key::properties(&owner(login, target))).await?.unwrap_or_default()))
    }

    /// Sets and removes dead properties and settings, all or none. The door has refused protected ones before.
    pub async fn patch(&self, by: &Actor, target: PropertyTarget, changes: Vec<PropertyChange>, settings: Vec<Setting>) -> Result<()> {
        let owner = owner(&by.principal.login, &target);
        let whose = setting::Owner { login: by.principal.login.clone(), zone: self.practice().zone().to_owned() };
        self.commit_by(by, move |txn| {
            settings.iter().try_for_each(|setting| setting.apply(txn, &whose))?;
            patch(txn, &owner, &changes)
        })
        .await
    }
}

/// Who owns dead properties: a login's view of a thing.
pub(in crate::app) fn owner(login: &str, target: &PropertyTarget) -> String {
    match target {
        PropertyTarget::Principal => format!("p/{login}"),
        PropertyTarget::Home => format!("h/{login}"),
        PropertyTarget::AddressHome => format!("a/{login}"),
        PropertyTarget::Inbox => format!("i/{login}"),
        PropertyTarget::Outbox => format!("o/{login}"),
        PropertyTarget::Calendar(id) => format!("c/{}/{login}", id.0),
    }
}

/// Dead properties by name.
pub(in crate::app) fn named(kept: Properties) -> BTreeMap<PropertyName, PropertyValue> {
    let named = |p: Property| (PropertyName { namespace: p.namespace, local: p.local }, p.element);
    kept.properties.into_iter().map(named).collect()
}

/// Sets and removes an owner's dead properties.
pub(in crate::app) fn patch(txn: &mut Txn<'_>, owner: &str, changes: &[PropertyChange]) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let key = key::properties(owner);
    let mut kept = txn.locked(&key)?.map(|octets| record::decode::<Properties>(&octets)).transpose()?.unwrap_or_default();
    for change in changes {
        kept.properties.retain(|p| p.namespace != change.name.namespace || p.local != change.name.local);
        if let Some(element) = &change.value {
            let (namespace, local) = (change.name.namespace.clone(), change.name.local.clone());
            kept.properties.push(Property { namespace, local, element: element.clone() });
        }
    }
    if record::encode(&kept)?.len() > MAX_PROPERTIES {
        let sentence = format!("All properties of one thing together may take {MAX_PROPERTIES} octets.");
        return Err(Error::Refused(Precondition::QuotaNotExceeded, sentence));
    }
    txn.write_record(key, &kept)
}

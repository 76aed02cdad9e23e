//! What a removed login leaves behind: its calendars, address books, files and settings. They are kept until somebody says that they shall go,
//! and until they are gone nobody else is given the name.
//!
//! Not for: resources' calendars and the customers on file, which are the practice's whoever works there; rights, devices and sessions,
//! which end with the login (`admin`).

use bytes::Bytes;
use minicbor::{Decode, Encode};

use super::App;
use super::calendar::{MAX_OWN, drop_collection};
use crate::error::{Error, Result};
use crate::principal::Login;
use crate::store::engine::Key;
use crate::store::txn::Txn;
use crate::store::{key, record};

/// How many removed logins are listed and purged at a time.
const MAX_FORMER: usize = 10_000;

/// How many dead properties of collections are looked through for those of one login.
const MAX_PROPERTIES: usize = 1_000_000;

/// What becomes of a removed login's home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Home {
    /// It stays, for whoever is given it expressly.
    #[n(0)]
    Kept,
    /// It is being deleted.
    #[n(1)]
    Deleted,
}

/// What is done with the home of a former login of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Former {
    /// Nothing: while one is kept there is no new login of its name.
    Refused,
    /// The new login gets it.
    Taken,
}

/// What is left of a former login, if anything. A store of an earlier program has no record of those that it removed.
pub(super) fn home_of(txn: &mut Txn<'_>, login: &str) -> Result<Option<Home>> {
    if let Some(octets) = txn.locked(&key::former_login(login))? {
        return record::decode(&octets).map(Some);
    }
    for prefix in [key::home(login), key::address_home(login), key::all_files(login)] {
        if !txn.scan(&prefix, 1)?.is_empty() {
            return Ok(Some(Home::Kept));
        }
    }
    Ok(None)
}

/// Lets a new login have its name, or refuses.
pub(super) fn admit(txn: &mut Txn<'_>, login: &str, former: Former) -> Result<()> {
    match (home_of(txn, login)?, former) {
        (None, Former::Refused) => Ok(()),
        (None, Former::Taken) => Err(Error::Malformed(format!("No home of a former login `{login}` is kept."))),
        (Some(Home::Deleted), _) => {
            Err(Error::Malformed(format!("The home of the former login `{login}` is still being deleted; try again in a minute.")))
        }
        (Some(Home::Kept), Former::Refused) => Err(Error::Malformed(format!(
            "The home of a former login `{login}` is kept: `openslot user add {login} --take-home` gives it to the new one, \
             `openslot user remove {login} --delete-home` deletes it."
        ))),
        (Some(Home::Kept), Former::Taken) => {
            txn.erase(key::former_login(login));
            Ok(())
        }
    }
}

/// Marks what a login leaves as kept.
pub(super) fn keep(txn: &mut Txn<'_>, login: &str) -> Result<()> {
    txn.locked(&key::former_login(login))?;
    txn.write_record(key::former_login(login), &Home::Kept)
}

/// Takes a removed login's collections away; all else that is kept under its name is purged in the background.
pub(super) fn delete(txn: &mut Txn<'_>, login: &str) -> Result<()> {
    for home in [key::home(login), key::address_home(login)] {
        for (member, octets) in txn.scan(&home, MAX_OWN)? {
            drop_collection(txn, login, member, record::decode(&octets)?)?;
        }
    }
    txn.write_record(key::former_login(login), &Home::Deleted)
}

impl App {
    /// The removed logins whose homes are still there, by name.
    pub async fn former_logins(&self) -> Result<Vec<(Login, Home)>> {
        let mut former = Vec::new();
        for (key, octets) in self.store.scan(&key::former_logins(), MAX_FORMER).await? {
            former.push((String::from_utf8_lossy(key.get(1..).unwrap_or_default()).into_owned(), record::decode(&octets)?));
        }
        Ok(former)
    }

    /// Purges what removed logins have left, where that was wished.
    pub(super) async fn purge_former(&self) -> Result<()> {
        for (login, _) in self.former_logins().await?.into_iter().filter(|(_, home)| *home == Home::Deleted) {
            for prefix in key::left_by(&login) {
                self.take_away(&prefix).await?;
            }
            let set_on_collections = self.set_by(&login).await?;
            let own = ["p", "h", "a", "i", "o"].map(|kind| key::properties(&format!("{kind}/{login}")));
            self.commit(move |txn| {
                own.iter().chain(&set_on_collections).for_each(|key| txn.erase(key.clone()));
                txn.erase(key::files(&login));
                txn.erase(key::former_login(&login));
                Ok(())
            })
            .await?;
        }
        Ok(())
    }

    /// Where a login has set properties on collections of others.
    async fn set_by(&self, login: &str) -> Result<Vec<Key>> {
        let end = format!("/{login}");
        let all: Vec<(Key, Bytes)> = self.store.scan(&key::properties_of_collections(), MAX_PROPERTIES).await?;
        Ok(all.into_iter().map(|(key, _)| key).filter(|key| key.ends_with(end.as_bytes())).collect())
    }
}

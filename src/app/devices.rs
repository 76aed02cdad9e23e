//! Devices' passwords: the list, a new one, revoking, and when each was last used.
//!
//! Not for: checking them (`login`).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::App;
use super::login::readable_secret;
use crate::error::{Error, Result};
use crate::principal::{Principal, View};
use crate::store::key;
use crate::store::record::{self, DeviceRecord};

/// How many devices one login may have.
const MAX_DEVICES: usize = 50;

/// How many seconds lie between two notes of one device's use.
const NOTED_EVERY: i64 = 3600;

/// How many devices' last notes are remembered.
const MAX_NOTED: usize = 10_000;

/// A device's password, as its owner sees it in the list; the secret itself is shown once, when it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevicePassword {
    /// Its key id, which is part of the secret.
    pub key: String,
    /// What its owner calls it: `iPhone`.
    pub label: String,
    /// Seconds since 1970, UTC.
    pub created: i64,
    /// When it was last used, to the hour; `None` where it never was.
    pub used: Option<i64>,
    /// How much of customers' data it is shown at most.
    pub view: View,
}

impl App {
    /// The devices' passwords of a login, oldest first.
    pub async fn devices(&self, who: &Principal) -> Result<Vec<DevicePassword>> {
        let mut devices = Vec::new();
        for (key, octets) in self.store.scan(&key::devices(), usize::MAX).await? {
            let device: DeviceRecord = record::decode(&octets)?;
            if device.login == who.login {
                let key = String::from_utf8_lossy(key.get(1..).unwrap_or_default()).into_owned();
                devices.push(DevicePassword {
                    key,
                    label: device.label,
                    created: device.created,
                    used: device.used,
                    view: device.view.unwrap_or(View::Full),
                });
            }
        }
        devices.sort_by_key(|device| device.created);
        Ok(devices)
    }

    /// Makes a device's password and answers the secret, which is not kept and cannot be shown again. The device never sees more than its
    /// owner does.
    pub async fn add_device(&self, who: &Principal, label: &str, view: View) -> Result<String> {
        if self.devices(who).await?.len() >= MAX_DEVICES {
            return Err(Error::Malformed(format!("There are {MAX_DEVICES} device passwords already; revoke one first.")));
        }
        let letters = readable_secret(self.world.fresh()).replace('-', "");
        let id = letters.get(..8).unwrap_or_default().to_owned();
        let secret = readable_secret(self.world.fresh());
        let label: String = crate::appointment::booking::clean(label).chars().take(60).collect();
        let hash = Sha256::digest(secret.as_bytes()).to_vec();
        let view = Some(view).filter(|view| view.is_lowered());
        let record = DeviceRecord { login: who.login.clone(), label, hash, created: self.now(), used: None, view };
        let shown = format!("os-{id}-{secret}");
        self.commit(move |txn| {
            let key = key::device(&id);
            // One in a trillion: whoever asks again gets another.
            if txn.locked(&key)?.is_some() {
                return Err(Error::Busy);
            }
            txn.write_record(key, &record)
        })
        .await?;
        Ok(shown)
    }

    /// Revokes a device's password at once.
    pub async fn revoke_device(&self, who: &Principal, id: &str) -> Result<()> {
        let (login, id) = (who.login.clone(), id.to_owned());
        self.commit(move |txn| {
            txn.record(&key::device(&id))?.filter(|device: &DeviceRecord| device.login == login).ok_or(Error::NotFound)?;
            txn.erase(key::device(&id));
            Ok(())
        })
        .await
    }

    /// Notes that a device is being used: to the hour, so that hardly any request writes, and beside the request, so that none waits. What
    /// cannot be written is no reason to turn the device away.
    pub(super) fn used(self: &Arc<App>, id: &str, device: &DeviceRecord) {
        let now = self.now();
        if now.saturating_sub(device.used.unwrap_or(i64::MIN)) < NOTED_EVERY || !self.uses.begin(id, now) {
            return;
        }
        let (app, id) = (Arc::clone(self), id.to_owned());
        tokio::spawn(async move {
            let noted = app.commit(move |txn| {
                let key = key::device(&id);
                let Some(octets) = txn.locked(&key)? else { return Ok(()) };
                let device: DeviceRecord = record::decode(&octets)?;
                txn.write_record(key, &DeviceRecord { used: Some(now), ..device })
            });
            if let Err(error) = noted.await {
                tracing::warn!(?error, "a device's use was not noted");
            }
        });
    }
}

/// Which devices' uses are being noted: of the many requests with which a program begins only one writes.
#[derive(Debug, Default)]
pub struct Uses(Mutex<HashMap<String, i64>>);

impl Uses {
    /// Whether the caller is the first within the hour.
    fn begin(&self, id: &str, now: i64) -> bool {
        let mut begun = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if begun.len() >= MAX_NOTED {
            begun.clear();
        }
        match begun.get(id) {
            Some(since) if now.saturating_sub(*since) < NOTED_EVERY => false,
            _ => {
                begun.insert(id.to_owned(), now);
                true
            }
        }
    }
}

//! Passwords and sessions.
//!
//! A device's password is `os-KEY-SECRET`: random, so one SHA-256 is enough, and many devices cost nothing. Not for: what somebody
//! may do (`principal`), the list of devices (`devices`).

use std::net::IpAddr;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::App;
use crate::error::{Error, Result};
use crate::principal::{Principal, View, is_login};
use crate::store::key;
use crate::store::record::{self, DeviceRecord, PrincipalRecord, SessionRecord};

/// How long a session lasts, in seconds: a working day and a half.
const SESSION: i64 = 12 * 3600;

/// The longest password that is looked at, in octets.
const MAX_PASSWORD: usize = 1024;

/// Somebody signed in to the staff pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub principal: Principal,
    /// Must come back in the field `csrf` of every form of this session.
    pub csrf: String,
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|b| format!("{b:02x}")).collect()
}

/// Who a login is by its record.
pub(super) fn principal(login: &str, record: PrincipalRecord) -> Principal {
    let view = record.view.unwrap_or(View::Full);
    Principal { login: login.to_owned(), display_name: record.display_name, role: record.role, email: record.email, view }
}

/// Tells a person's password from those before and after it, and says nothing about it: the hash that is kept has a salt of its own.
fn mark(person: &PrincipalRecord) -> Vec<u8> {
    Sha256::digest(person.password.as_deref().unwrap_or_default().as_bytes()).to_vec()
}

impl App {
    /// Checks a login and a password (a person's or a device's). A full queue answers [`Error::Busy`], never 401; a wrong one is answered
    /// the later the more there were for the login or from the address, a right one at once.
    pub async fn authenticate_from(self: &Arc<App>, login: &str, password: &str, from: Option<IpAddr>) -> Result<Principal> {
        let checked = self.authenticate(login, password).await;
        if checked == Err(Error::Unauthenticated) {
            self.failures.hold(login, from, self.now()).await;
        }
        checked
    }

    /// Checks a login and a password, and answers at once.
    pub(super) async fn authenticate(self: &Arc<App>, login: &str, password: &str) -> Result<Principal> {
        if let Some(rest) = password.strip_prefix("os-")
            && let Some((id, secret)) = rest.split_once('-')
            && let Some(device) = self.store.record::<DeviceRecord>(&key::device(id)).await?
        {
            let right = bool::from(device.hash.ct_eq(&Sha256::digest(secret.as_bytes()))) && device.login == login;
            let record = self.person(login).await?.filter(|_| right).ok_or(Error::Unauthenticated)?;
            let mut principal = principal(login, record);
            principal.view = principal.view.min(device.view.unwrap_or(View::Full));
            self.used(id, &device);
            return Ok(principal);
        }
        Ok(principal(login, self.recognise(login, password).await?))
    }

    /// Checks a login and a person's own password.
    async fn recognise(&self, login: &str, password: &str) -> Result<PrincipalRecord> {
        if password.len() > MAX_PASSWORD {
            return Err(Error::Unauthenticated);
        }
        let record = self.person(login).await?;
        let phc = record.as_ref().and_then(|r| r.password.as_deref());
        let right = self.credentials.right(login, password, phc, self.now()).await?;
        record.filter(|_| right).ok_or(Error::Unauthenticated)
    }

    async fn person(&self, login: &str) -> Result<Option<PrincipalRecord>> {
        if !is_login(login) {
            return Ok(None);
        }
        self.store.record(&key::principal(login)).await
    }

    /// Starts a session: the secret for the cookie, and the session. Wrong credentials: [`Error::Unauthenticated`]. So is a device's password:
    /// what may be lowered and revoked for one program must not open the pages where passwords are made.
    pub async fn sign_in(&self, login: &str, password: &str, from: Option<IpAddr>) -> Result<(String, Session)> {
        let recognised = self.recognise(login, password).await;
        if matches!(recognised, Err(Error::Unauthenticated)) {
            self.failures.hold(login, from, self.now()).await;
        }
        let person = recognised?;
        let password = mark(&person);
        let secret = hex(&[self.world.fresh(), self.world.fresh()].concat());
        let csrf = hex(&self.world.fresh());
        let record = SessionRecord { login: login.to_owned(), csrf: csrf.clone(), expires: self.now() + SESSION, password };
        let (hash, now) = (Sha256::digest(secret.as_bytes()), self.now());
        self.commit(move |txn| {
            for (key, octets) in txn.scan(&key::sessions(), crate::store::engine::MAX_SCAN)? {
                if record::decode::<SessionRecord>(&octets)?.expires <= now {
                    txn.erase(key);
                }
            }
            txn.write_record(key::session(&hash), &record)
        })
        .await?;
        Ok((secret, Session { principal: principal(login, person), csrf }))
    }

    /// The session of a cookie's secret, if there is one, it has not expired and its login still has the password that it was begun with.
    pub async fn session(&self, secret: &str) -> Result<Option<Session>> {
        let Some(session) = self.store.record::<SessionRecord>(&key::session(&Sha256::digest(secret.as_bytes()))).await? else {
            return Ok(None);
        };
        if session.expires <= self.now() {
            return Ok(None);
        }
        let person = self.person(&session.login).await?.filter(|person| mark(person) == session.password);
        Ok(person.map(|record| Session { principal: principal(&session.login, record), csrf: session.csrf }))
    }

    /// Ends a session.
    pub async fn sign_out(&self, secret: &str) -> Result<()> {
        let hash = Sha256::digest(secret.as_bytes());
        self.commit(move |txn| {
            txn.erase(key::session(&hash));
            Ok(())
        })
        .await
    }
}

/// Sixteen random octets as a password that people can type: 20 letters and digits in groups, without those that look alike.
pub fn readable_secret(random: [u8; 16]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let number = u128::from_be_bytes(random);
    let letter = |n: u32| LETTERS.get((number >> (5 * n)) as usize % 32).copied().unwrap_or(b'x') as char;
    (0..4).map(|group| (0..5).map(|n| letter(group * 5 + n)).collect::<String>()).collect::<Vec<_>>().join("-")
}

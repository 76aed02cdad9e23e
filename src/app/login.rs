//! Passwords, devices' passwords and sessions.
//!
//! Not for: what somebody may do (`principal`).

use super::App;
use crate::error::Result;
use crate::principal::Principal;

/// Somebody signed in to the staff pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub principal: Principal,
    /// Must come back in the field `csrf` of every form of this session.
    pub csrf: String,
}

/// A device's password, as its owner sees it in the list; the secret itself is shown once, when it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevicePassword {
    /// Its key id, which is part of the secret.
    pub key: String,
    /// What its owner calls it: `iPhone`.
    pub label: String,
    /// Seconds since 1970, UTC.
    pub created: i64,
}

impl App {
    /// Checks a login and a password (a person's or a device's). A full queue answers [`crate::error::Error::Busy`], never 401.
    pub async fn authenticate(&self, login: &str, password: &str) -> Result<Principal> {
        let _ = (login, password);
        todo!()
    }

    /// Starts a session: the secret for the cookie, and the session. Wrong credentials: [`crate::error::Error::Unauthenticated`].
    pub async fn sign_in(&self, login: &str, password: &str) -> Result<(String, Session)> {
        let _ = (login, password);
        todo!()
    }

    /// The session of a cookie's secret, if there is one and it has not expired.
    pub async fn session(&self, secret: &str) -> Result<Option<Session>> {
        let _ = secret;
        todo!()
    }

    /// Ends a session.
    pub async fn sign_out(&self, secret: &str) -> Result<()> {
        let _ = secret;
        todo!()
    }

    /// The devices' passwords of a login, oldest first.
    pub async fn devices(&self, who: &Principal) -> Result<Vec<DevicePassword>> {
        let _ = who;
        todo!()
    }

    /// Makes a device's password and answers the secret, which is not kept and cannot be shown again.
    pub async fn add_device(&self, who: &Principal, label: &str) -> Result<String> {
        let _ = (who, label);
        todo!()
    }

    /// Revokes a device's password at once.
    pub async fn revoke_device(&self, who: &Principal, key: &str) -> Result<()> {
        let _ = (who, key);
        todo!()
    }
}

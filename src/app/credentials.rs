//! Checking passwords: argon2id for people, one SHA-256 for devices, and a memory of what was right.
//!
//! Calendar programs send the password with every request, several at once when they start: each pair is checked once, the others
//! wait for that check. A full queue is "try later", never "wrong". Not for: who may do what (`principal`).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use sha2::{Digest, Sha256};
use tokio::sync::{OnceCell, Semaphore};

use crate::error::{Error, Result};
use crate::world::World;

/// Checks that run at once: each takes a core and 19 MiB.
const CHECKS: usize = 2;

/// Checks that may wait; more are asked to come later.
const WAITING: usize = 64;

/// How long a right password is remembered, in seconds.
const REMEMBERED: i64 = 600;

/// How many are remembered.
const MAX_REMEMBERED: usize = 10_000;

type Check = Arc<OnceCell<bool>>;

/// Passwords checked before, by a keyed hash.
pub struct Credentials {
    key: [u8; 16],
    /// Places in the queue, those being served included.
    queue: Semaphore,
    running: Semaphore,
    remembered: Mutex<HashMap<[u8; 32], (i64, Check)>>,
}

/// What an unknown login is checked against, so that it costs the same. No password is known to be right for it, and none would do.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LCBub3doZXJlLg$b3BlbnNsb3Q6IG5vIGxvZ2luLCBubyBwYXNzd29yZC4";

fn argon() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

/// The PHC string of a password: argon2id with the crate's parameters (19 MiB, two passes), which follow OWASP.
pub fn hash(password: &str, world: &dyn World) -> Result<String> {
    let salted = argon().hash_password_with_salt(password.as_bytes(), &world.fresh());
    salted.map(|hash| hash.to_string()).map_err(|e| Error::Failed(format!("a password could not be hashed: {e}")))
}

fn verify(password: &str, phc: &str) -> bool {
    PasswordHash::new(phc).is_ok_and(|hash| argon().verify_password(password.as_bytes(), &hash).is_ok())
}

impl Credentials {
    /// Remembers nothing yet.
    pub fn new(world: &dyn World) -> Credentials {
        Credentials {
            key: world.fresh(),
            queue: Semaphore::new(CHECKS + WAITING),
            running: Semaphore::new(CHECKS),
            remembered: Mutex::default(),
        }
    }

    /// Forgets everything: a password or a person has changed.
    pub fn forget(&self) {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Whether a password is the one of this PHC string; without one it is checked all the same and is wrong.
    pub async fn right(&self, login: &str, password: &str, phc: Option<&str>, now: i64) -> Result<bool> {
        let id = self.id(login, password, phc);
        let check = self.check_of(id, now);
        let phc_or_nobody = phc.unwrap_or(NOBODY).to_owned();
        let known = phc.is_some();
        let checked = check.get_or_try_init(|| self.verify_apart(password.to_owned(), phc_or_nobody)).await.copied();
        let right = checked.map(|right| right && known);
        if right != Ok(true) {
            // A wrong one is not remembered: it may become right. Nor is one that found no place: whoever fills the queue would push out
            // what was right.
            self.remembered.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        }
        right
    }

    fn check_of(&self, id: [u8; 32], now: i64) -> Check {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= MAX_REMEMBERED {
            remembered.clear();
        }
        let (since, check) = remembered.entry(id).or_insert_with(|| (now, Check::default()));
        if now - *since > REMEMBERED {
            (*since, *check) = (now, Check::default());
        }
        Arc::clone(check)
    }

    fn id(&self, login: &str, password: &str, phc: Option<&str>) -> [u8; 32] {
        let mut digest = Sha256::new();
        for part in [self.key.as_slice(), login.as_bytes(), password.as_bytes(), phc.unwrap_or("").as_bytes()] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        digest.finalize().into()
    }

    async fn verify_apart(&self, password: String, phc: String) -> Result<bool> {
        // Whoever finds the queue full is asked to come later at once; the others take their turn.
        let _place = self.queue.try_acquire().map_err(|_| Error::Busy)?;
        let _running = self.running.acquire().await.map_err(|_| Error::Busy)?;
        tokio::task::spawn_blocking(move || verify(&password, &phc)).await.map_err(|_| Error::Busy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Real;

    #[tokio::test]
    async fn right_wrong_and_unknown() {
        let credentials = Credentials::new(&Real);
        let phc = hash("anna-demo", &Real).unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(credentials.right("anna", "anna-demo", Some(&phc), 0).await.unwrap());
        assert!(!credentials.right("anna", "anna-dem", Some(&phc), 0).await.unwrap());
        assert!(!credentials.right("nobody", "anna-demo", None, 0).await.unwrap());
        let read =
            |phc| PasswordHash::new(phc).map(|hash| (hash.algorithm, hash.version, hash.params, hash.hash.map(|h| h.as_bytes().len())));
        assert_eq!(read(NOBODY).unwrap(), read(&phc).unwrap(), "an unknown login costs what a known one costs");
        let other = hash("new", &Real).unwrap();
        assert!(!credentials.right("anna", "anna-demo", Some(&other), 1).await.unwrap());
    }
}

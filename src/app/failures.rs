//! Wrong passwords are answered late, right ones at once: guessing becomes slow for the one who guesses, and nobody else.
//!
//! Counted by login and by network address, so that neither many logins from one address nor many addresses for one login go fast. A right
//! password is never held back, refused or counted, whatever was tried before: programs take a 401, or a wait, for a wrong password and
//! forget the right one. Not for: checking passwords (`credentials`).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::world::World;

/// Wrong ones that are answered at once: people mistype.
const FREE: u32 = 3;

/// How late the first answer is that is late; each further one is twice as late.
const FIRST: Duration = Duration::from_millis(500);

/// How late an answer is at most. Programs wait longer than that.
const LATEST: Duration = Duration::from_secs(8);

/// How late an answer is where there is no more room to count.
const UNCOUNTED: Duration = Duration::from_secs(2);

/// After so many seconds without a wrong one all is forgotten.
const FORGOTTEN: i64 = 900;

/// How many logins and addresses are counted.
const MAX_COUNTED: usize = 20_000;

/// How many answers are held back at a time.
const MAX_HELD: usize = 1_000;

/// Whom wrong passwords came from, or were meant for, lately.
pub struct Failures {
    key: [u8; 16],
    counted: Mutex<HashMap<[u8; 16], Count>>,
    held: Semaphore,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    failures: u32,
    last: i64,
}

impl Failures {
    /// Remembers nothing yet.
    pub fn new(world: &dyn World) -> Failures {
        Failures { key: world.fresh(), counted: Mutex::default(), held: Semaphore::new(MAX_HELD) }
    }

    /// Counts a wrong password and waits as long as its answer shall.
    pub async fn hold(&self, login: &str, from: Option<IpAddr>, now: i64) {
        let delay = self.count(login, from, now);
        // Where too many wait already, one more would only cost room.
        if let Ok(_place) = self.held.try_acquire()
            && !delay.is_zero()
        {
            tokio::time::sleep(delay).await;
        }
    }

    /// Counts a wrong password; how late it shall be answered.
    fn count(&self, login: &str, from: Option<IpAddr>, now: i64) -> Duration {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.len() >= MAX_COUNTED {
            counted.retain(|_, count| now - count.last <= FORGOTTEN);
        }
        let keys = std::iter::once(self.id(b"login", login.as_bytes())).chain(from.map(|from| self.id(b"address", &network(from))));
        let mut delay = Duration::ZERO;
        for key in keys {
            let full = counted.len() >= MAX_COUNTED;
            delay = delay.max(match counted.get_mut(&key) {
                Some(count) => {
                    let before = if now - count.last > FORGOTTEN { 0 } else { count.failures };
                    *count = Count { failures: before.saturating_add(1), last: now };
                    lateness(count.failures)
                }
                None if full => UNCOUNTED,
                None => {
                    counted.insert(key, Count { failures: 1, last: now });
                    Duration::ZERO
                }
            });
        }
        delay
    }

    /// What is counted, by a keyed hash: no login that somebody made up stays in memory, and all take the same room.
    fn id(&self, what: &[u8], value: &[u8]) -> [u8; 16] {
        let digest: [u8; 32] = Sha256::new().chain_update(self.key).chain_update(what).chain_update(value).finalize().into();
        let mut id = [0; 16];
        id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        id
    }
}

/// The network that an address stands for: of IPv6 the first 64 bits, for whoever has one address there has all of them.
fn network(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => address.octets().to_vec(),
            None => address.octets().into_iter().take(8).collect(),
        },
    }
}

/// How late the answer to a wrong password is, of which this is the so manyth.
fn lateness(failures: u32) -> Duration {
    match failures.checked_sub(FREE + 1) {
        None => Duration::ZERO,
        Some(doublings) => FIRST.saturating_mul(2_u32.saturating_pow(doublings)).min(LATEST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Real;

    fn address(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([192, 0, 2, last]))
    }

    #[test]
    fn answers_come_later_and_later_by_login_and_by_address() {
        let failures = Failures::new(&Real);
        let late: Vec<u128> = (0..10).map(|_| failures.count("anna", address(1), 0).as_millis()).collect();
        assert_eq!(late, [0, 0, 0, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!(failures.count("ben", address(1), 0), LATEST, "another login from there");
        assert_eq!(failures.count("anna", address(2), 0), LATEST, "the same login from elsewhere");
        assert_eq!(failures.count("ben", address(3), 0), Duration::ZERO, "neither");
        assert_eq!(failures.count("anna", address(1), FORGOTTEN + 1), Duration::ZERO, "after a while");
    }

    #[test]
    fn a_network_is_one_and_memory_is_bounded() {
        let failures = Failures::new(&Real);
        for n in 0..8_u16 {
            failures.count(&format!("x{n}"), Some(IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, n])), 0);
        }
        assert_eq!(failures.count("y", Some(IpAddr::from([0x2001, 0xdb8, 0, 0, 9, 9, 9, 9])), 0), LATEST);
        for n in 0..MAX_COUNTED + 100 {
            failures.count(&format!("login-{n}"), None, 0);
        }
        assert_eq!(failures.counted.lock().unwrap().len(), MAX_COUNTED);
        assert_eq!(failures.count("one more", None, 1), UNCOUNTED);
        assert_eq!(failures.count("one more", None, FORGOTTEN + 1), Duration::ZERO);
        assert!(failures.counted.lock().unwrap().len() < 10);
    }
}

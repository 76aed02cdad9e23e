//! How often one network address has booked within the hour. Counted in memory, by a keyed hash, and forgotten with the hour.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Seconds after which a count begins anew.
const WINDOW: i64 = 3600;

/// How many addresses are counted at once; beyond it the oldest counts are dropped first.
const MAX_COUNTED: usize = 100_000;

/// The counts.
pub struct Visits {
    limit: u32,
    hasher: RandomState,
    counts: Mutex<HashMap<u64, (i64, u32)>>,
}

impl Visits {
    /// At most `limit` bookings an hour and address.
    pub fn new(limit: u32) -> Visits {
        Visits { limit, hasher: RandomState::new(), counts: Mutex::default() }
    }

    /// Counts a booking, or says how many seconds there are to wait.
    pub fn count(&self, from: IpAddr, now: i64) -> Result<(), u64> {
        let key = self.hasher.hash_one(network(from));
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MAX_COUNTED {
            counts.retain(|_, (since, _)| now - *since < WINDOW);
            drop_oldest(&mut counts);
        }
        let (since, count) = counts.entry(key).or_insert((now, 0));
        if now - *since >= WINDOW {
            (*since, *count) = (now, 0);
        }
        if *count >= self.limit {
            return Err(u64::try_from(*since + WINDOW - now).unwrap_or(1).max(1));
        }
        *count += 1;
        Ok(())
    }
}

/// What counts as one visitor: an address of IPv4, and of IPv6 a network of 64 bits, since one household has many addresses. Where a socket
/// hears both, what comes over IPv4 is still told apart.
pub(super) fn network(from: IpAddr) -> u128 {
    match from.to_canonical() {
        IpAddr::V4(v4) => u128::from(v4.to_bits()),
        IpAddr::V6(v6) => v6.to_bits() >> 64 | 1 << 127,
    }
}

/// Half of the counts go where none has run out.
fn drop_oldest(counts: &mut HashMap<u64, (i64, u32)>) {
    if counts.len() < MAX_COUNTED {
        return;
    }
    let mut times: Vec<i64> = counts.values().map(|(since, _)| *since).collect();
    let (_, middle, _) = times.select_nth_unstable(MAX_COUNTED / 2);
    let middle = *middle;
    counts.retain(|_, (since, _)| *since > middle);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_are_counted_than_the_limit_says() {
        let visits = Visits::new(1);
        for n in 0..u32::try_from(MAX_COUNTED * 2).unwrap() {
            assert_eq!(visits.count(IpAddr::from(n.to_be_bytes()), i64::from(n) / 1000), Ok(()));
        }
        assert!(visits.counts.lock().unwrap().len() <= MAX_COUNTED);
        let last = u32::try_from(MAX_COUNTED * 2 - 1).unwrap();
        assert!(visits.count(IpAddr::from(last.to_be_bytes()), 200).is_err(), "the latest are still known");
    }

    #[test]
    fn an_address_is_stopped_and_let_in_again() {
        let visits = Visits::new(2);
        let (here, there) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        assert_eq!(visits.count(here, 0), Ok(()));
        assert_eq!(visits.count(here, 10), Ok(()));
        assert_eq!(visits.count(here, 20), Err(3580));
        assert_eq!(visits.count(there, 20), Ok(()));
        assert_eq!(visits.count(here, 3600), Ok(()));
        let (a, b) = ("2001:db8::1".parse().unwrap(), "2001:db8::2".parse().unwrap());
        assert_eq!((visits.count(a, 0), visits.count(b, 0), visits.count(a, 1).is_err()), (Ok(()), Ok(()), true));
        let [one, other] = ["::ffff:192.0.2.7", "::ffff:192.0.2.8"].map(|address| network(address.parse().unwrap()));
        assert_ne!(one, other, "not one network of all IPv4");
        assert_eq!(one, network("192.0.2.7".parse().unwrap()));
    }
}

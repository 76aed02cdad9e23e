//! How many connections there are, and how many of them one address may have.
//!
//! Places are limited, and a connection that says nothing is kept for a minute: without a share for each address, whoever opens enough of
//! them would keep everybody else out. Not for: requests; how often somebody may try is asked where that matters.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Which part of all places one address may take: a whole practice behind one address needs some hundred.
const SHARE: usize = 4;

/// The places of a server.
pub struct Places {
    all: Arc<Semaphore>,
    taken: Arc<Taken>,
    /// How many one address may have.
    share: usize,
}

/// How many connections each address has.
type Taken = Mutex<HashMap<IpAddr, usize>>;

/// A place for one connection, before it is known whose.
pub type Free = OwnedSemaphorePermit;

/// A connection's place, until it is dropped.
pub struct Place {
    _free: Free,
    counted: Option<(IpAddr, Arc<Taken>)>,
}

impl Places {
    /// So many places.
    pub fn new(count: usize) -> Places {
        Places { all: Arc::new(Semaphore::new(count)), taken: Arc::default(), share: count.div_ceil(SHARE) }
    }

    /// Waits for a place; further clients wait in the kernel's queue meanwhile.
    pub async fn free(&self) -> Option<Free> {
        Arc::clone(&self.all).acquire_owned().await.ok()
    }

    /// Gives a place to an address; `None` where it has its share already. A proxy, and whoever sits at this machine, may have all.
    pub fn give(&self, free: Free, to: IpAddr, behind_proxy: bool) -> Option<Place> {
        if behind_proxy || to.to_canonical().is_loopback() {
            return Some(Place { _free: free, counted: None });
        }
        let address = network(to);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(address).or_default();
        if *count >= self.share {
            return None;
        }
        *count += 1;
        Some(Place { _free: free, counted: Some((address, Arc::clone(&self.taken))) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((address, taken)) = &self.counted else { return };
        let mut taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(address) {
            *count -= 1;
            if *count == 0 {
                taken.remove(address);
            }
        }
    }
}

/// What counts as one address: of IPv6 the network, for a single machine has as many addresses as it likes in it.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() & (u128::MAX << 64))),
        four => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_takes_all_places() {
        let places = Places::new(8);
        let take = async |address: &str| {
            let free = places.free().await.unwrap();
            places.give(free, address.parse().unwrap(), false)
        };
        let first = [take("192.0.2.1").await, take("::ffff:192.0.2.1").await];
        assert!(first.iter().all(Option::is_some));
        assert!(take("192.0.2.1").await.is_none(), "a quarter of eight");
        let second = [take("2001:db8::1").await, take("2001:db8::2:3").await];
        assert!(second.iter().all(Option::is_some));
        assert!(take("2001:db8:0:0:ffff::").await.is_none());
        assert!(take("2001:db8:0:1::1").await.is_some());
        drop(first);
        assert!(take("192.0.2.1").await.is_some());
        drop(second);
        assert!(places.taken.lock().unwrap().is_empty(), "what is gone is forgotten");
        let mut all = Vec::new();
        for _ in 0..8 {
            let free = places.free().await.unwrap();
            all.push(places.give(free, "127.0.0.1".parse().unwrap(), false).unwrap());
        }
        assert!(places.all.clone().try_acquire_owned().is_err());
        drop(all);
        for _ in 0..8 {
            let free = places.free().await.unwrap();
            assert!(places.give(free, "192.0.2.1".parse().unwrap(), true).is_some());
        }
    }
}

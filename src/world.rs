//! The clock and fresh randomness, as one trait: nothing else reads either.

use chrono::{DateTime, Utc};
use std::sync::atomic::{AtomicI64, Ordering};

/// What comes from outside the program.
pub trait World: Send + Sync + 'static {
    /// The present, in whole seconds.
    fn now(&self) -> DateTime<Utc>;
    /// Sixteen octets that nobody can guess.
    fn fresh(&self) -> [u8; 16];
}

/// The real one.
#[derive(Debug, Default)]
pub struct Real;

impl World for Real {
    #[allow(clippy::disallowed_methods)]
    fn now(&self) -> DateTime<Utc> {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        crate::ical::time::instant(i64::try_from(since.as_secs()).unwrap_or(0))
    }

    fn fresh(&self) -> [u8; 16] {
        let mut octets = [0; 16];
        // Without randomness no secret can be made; there is nothing sensible to go on with.
        if getrandom::fill(&mut octets).is_err() {
            std::process::abort();
        }
        octets
    }
}

/// One whose clock stands until it is set; for tests and for `OPENSLOT_NOW`.
#[derive(Debug)]
pub struct Fixed(AtomicI64);

impl Fixed {
    /// A clock that shows this instant.
    pub fn at(now: DateTime<Utc>) -> Fixed {
        Fixed(AtomicI64::new(now.timestamp()))
    }

    /// Sets the clock.
    pub fn set(&self, now: DateTime<Utc>) {
        self.0.store(now.timestamp(), Ordering::SeqCst);
    }
}

impl World for Fixed {
    fn now(&self) -> DateTime<Utc> {
        crate::ical::time::instant(self.0.load(Ordering::SeqCst))
    }

    fn fresh(&self) -> [u8; 16] {
        Real.fresh()
    }
}

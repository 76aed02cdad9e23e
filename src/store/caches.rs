//! What is kept in memory beside the store, and moves with each commit.

use std::sync::Arc;

use super::bodies::Bodies;
use super::indexes::Indexes;
use super::listings::Listings;
use super::overlay::Step;

/// Nothing in here is the only place of anything: all of it can be read again.
pub struct Caches {
    /// When what is in collections happens.
    pub indexes: Arc<Indexes>,
    /// Their entries.
    pub listings: Listings,
    /// Octets by their tags.
    pub bodies: Bodies,
}

impl Caches {
    /// What was committed becomes visible.
    pub fn publish(&self, steps: Vec<Step>) {
        self.listings.publish(&steps);
        self.indexes.publish(steps);
    }
}

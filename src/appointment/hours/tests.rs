//! Opening hours.

//! Keeping.

#[cfg(test)]
mod conformance;
pub mod engine;
pub mod memory;
pub mod sled;

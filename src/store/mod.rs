//! Keeping.

pub mod engine;

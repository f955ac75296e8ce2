//! What changed for a caller.
//!
//! - [`diff`]: between two sets of contracts, or two documents of metadata
//! - [`review`]: in snapshots that wait for somebody to decide

pub mod diff;
pub mod review;

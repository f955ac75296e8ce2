//! `graph-contracts review` and the real cargo-insta on the same files: either may decide, and both leave the same.
//!
//! This is a command of its own, as it builds a project and takes its time:
//! `cargo test --package graph-contracts-cli --test insta`.

#![expect(clippy::expect_used, reason = "a helper of a test may stop the test")]

mod decisions;
mod files;
mod project;

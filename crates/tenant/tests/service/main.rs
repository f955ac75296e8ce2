//! The engine as a service for clients, asked with plain data.

#![expect(clippy::expect_used, reason = "a helper of a test may stop the test")]

mod actions;
mod deleted;
mod delta;
mod drive;
mod lifecycle;
mod relations;
mod requirements;
mod seeds;
mod support;
mod values;

//! Live runs against providers that misbehave. A new test goes into the module of what it is about.

#![expect(clippy::expect_used, reason = "a helper of a test may stop the test")]

mod effects;
mod learn;
mod run;
mod transport;

//! Integration tests over real sockets and real files. A new test goes into the module of what it is about.

#![expect(clippy::expect_used, reason = "a helper of a test may stop the test")]

mod dialects;
mod fixed;
mod harness;
mod hostile;
mod large;
mod levels;
mod matching;
mod mismatches;
mod reliability;
mod robustness;
mod rules;
mod schema;
mod snapshots;
mod stub;
mod volatile;

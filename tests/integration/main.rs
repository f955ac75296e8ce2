//! Integration tests over real sockets and real files. A new test goes into the module of what it is about.

#![expect(clippy::expect_used, reason = "a helper of a test may stop the test")]

mod diagnostics;
mod dialects;
mod diff;
mod faulty_proxy;
mod hostile;
mod levels;
mod live_learn;
mod live_run;
mod live_transport;
mod metadata;
mod metadata_fetch;
mod mismatches;
mod proof;
mod reliability;
mod robustness;
mod sandbox;
mod schema;
mod snapshots;
mod stub;
mod support;
mod volatile;

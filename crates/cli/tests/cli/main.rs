//! The commands as a user runs them: exit codes, messages, files. A new test goes into the module of its command.

#![expect(clippy::expect_used, reason = "a helper of a test may stop the test")]

mod check_metadata;
mod ci_log;
mod configuration;
mod diff;
#[cfg(unix)]
mod examples;
mod export;
#[cfg(unix)]
mod files;
mod import;
mod init;
mod lint;
mod lint_changed;
mod live_faults;
mod live_kill;
mod live_learn;
mod live_metadata;
mod prove;
mod replay;
mod report;
mod review;
mod review_in_use;
mod review_terminal;
mod serve;
mod serve_tls;
mod support;
mod terminal;
mod verify_client;
mod verify_live;

//! The commands as a user runs them: exit codes, messages, files. A new test goes into the module of its command.

#![expect(clippy::expect_used, reason = "a helper of a test may stop the test")]

mod import;
mod lint;
mod prove;
mod replay;
mod support;
mod verify_live;

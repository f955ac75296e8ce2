//! Live runs over TLS, with a certificate authority of the test's own and tokens from a token endpoint.

#![expect(clippy::expect_used, reason = "a helper of a test may stop the test")]

mod command_line;
mod metadata;
mod run;
mod support;
mod tokens;

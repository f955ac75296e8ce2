//! The served contracts over TLS and through the proxy, by a client that trusts the authority.

#![expect(clippy::expect_used, reason = "a helper of a test may stop the test")]

mod authority;
mod https;
mod proxy;
mod support;

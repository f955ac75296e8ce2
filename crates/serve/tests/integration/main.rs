//! The served contracts, over real sockets.

#![expect(clippy::expect_used, reason = "a helper of a test may stop the test")]

mod answers;
mod authorization;
mod batches;
mod documented;
mod faults;
mod hostile;
mod manners;
mod server;
mod states;

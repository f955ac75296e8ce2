//! The served contracts, over real sockets.

#![expect(clippy::expect_used, reason = "a helper of a test may stop the test")]

mod answers;
mod authorization;
mod batches;
mod documented;
mod faults;
mod hostile;
mod journal;
mod manners;
mod page;
mod reload;
mod server;
mod sign_in;
mod states;
mod upstream;

//! Live runs: contracts in, what a live provider answers to them out.
//!
//! - [`Transport`]: sends a request with a token, within a pace and limits, and repeats it where that is safe; else there is a
//!   [`LiveError`] (`transport.rs`, `live_error.rs`)
//! - `retry.rs`: what follows an attempt
//! - [`Pace`], [`Manners`]: how fast a run may be, and how long it may wait (`pace.rs`)
//! - [`Tokens`], [`TokenSource`], [`AccessToken`]: where tokens come from, and when they are refreshed (`token.rs`)
//! - [`Ledger`]: what a run was about to write and what it created, on disk before it matters (`ledger.rs`)

mod ledger;
mod live_error;
mod pace;
mod retry;
mod token;
mod transport;

pub use ledger::{Intent, IntentId, Ledger, LedgerError, Left, LeftObject, Target};
pub use live_error::{About, LiveError};
pub use pace::{Manners, OverBudget, Pace, Turn};
pub use token::{AccessToken, Claims, ReadyToken, TokenError, TokenFuture, TokenSource, Tokens};
pub use transport::{LiveExchange, LiveRequest, Transport};

//! What a client of Microsoft Graph sent and received, judged by documented contracts. The core is pure; files are read in [`read`].
//!
//! - [`Record`], [`Recorded`], [`Content`]: an entry of a file, as far as the file has it (`recorded.rs`), or what a server saw (`observed.rs`); [`read()`]: HTTP
//!   Archives and journals
//! - [`Judge`], [`Judgment`], [`Found`], [`Verdict`]: one request (`judge.rs`, `found.rs`; `address.rs`: where it was sent to; `batch.rs`: those within a batch), with the help of `answer.rs` (what came back) and
//!   `metadata.rs` (what the service declares); both look at it as if a page documented it (`sent.rs`); `siblings.rs`: which contracts are of one request; `operation_names.rs`: calls where a page has a key
//! - [`Kind`]: the kinds of what is found, and which of them count (`kind.rs`)
//! - [`Granted`], [`Privileges`]: the least privileges, beside what was granted (`privileges.rs`)
//! - `manners.rs`: what a client repeats, how soon, and how often
//! - [`Verifier`], [`Verification`]: all requests together, by operation (`verification.rs`); [`report()`]: as a report (`report.rs`)
//! - `redact.rs`: what of a request may be written; `words.rs`: the words that documentation, metadata and standards have; `tokens.rs`: what is never written. Tokens are read for their claims, in memory, and written nowhere

mod address;
mod answer;
mod batch;
mod found;
mod judge;
mod kind;
mod manners;
mod metadata;
mod observed;
mod operation_names;
mod privileges;
mod read;
mod recorded;
mod redact;
mod report;
mod sent;
mod siblings;
mod tokens;
mod verification;
mod words;

pub use found::Found;
pub use judge::{Judge, Judgment, Verdict};
pub use kind::Kind;
pub use privileges::{Granted, Privileges};
pub use read::{ReadError, read};
pub use recorded::{Content, Record, Recorded};
pub use report::{Question, report};
pub use verification::{Expectations, Finding, Operation, Verification, Verifier};

//! The journal: what was requested, and what answered.
//!
//! - [`Entry`]: one request with its answer (`entry.rs`); [`Exchange`]: its messages (`exchange.rs`)
//! - [`Journal`]: the requests so far, and who listens (`journal.rs`)
//! - [`Observed`]: a request with its answer as they are, for who judges them in memory (`observed.rs`)
//! - `redaction.rs`: what is never written anywhere
//! - `har.rs`: requests in the HTTP Archive format; [`HarFile`]: a file of them (`har_file.rs`)

mod entry;
mod exchange;
mod har;
mod har_file;
#[expect(clippy::module_inception, reason = "the module's noun is its file")]
mod journal;
mod observed;
pub(crate) mod redaction;

pub use entry::{Entry, Within};
pub(crate) use exchange::{Arrival, Exchange};
pub use har::har;
pub use har_file::HarFile;
pub(crate) use journal::{Cursor, Recent};
pub use journal::{Journal, Summary};
pub use observed::Observed;

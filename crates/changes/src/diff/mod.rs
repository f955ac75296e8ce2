//! Compares two sets: two imports of the documentation, or two documents of a service's metadata.
//!
//! - [`contracts`], [`metadata`]: two sets to their [`Diff`] (`run.rs`, `outcome.rs`)
//! - what is found in one place, and the changes by cause that come of it (`found.rs`)
//! - contracts: the operations that they document (`operation.rs`), which contracts are the same (`pair.rs`, `pairs.rs`), which came and went
//!   (`presence.rs`), and what differs: the message (`message.rs`), its body (`body.rs`), property tables (`types.rs`,
//!   `recased.rs`) by who sees their values (`used.rs`), with what both keep of metadata (`kept_rules.rs`), permissions (`permissions.rs`), clouds
//!   (`clouds.rs`), and header fields and options that are required (`requirements.rs`)
//! - what differs as a report: in lines (`report.rs`), and contract by contract (`cases.rs`); as a changelog (`changelog.rs`)
//! - two contracts, and how a change of them is reported (`two.rs`)
//! - metadata: `metadata/`

mod body;
mod cases;
mod changelog;
mod clouds;
mod found;
mod kept_rules;
mod message;
mod metadata;
mod operation;
mod outcome;
mod pair;
mod pairs;
mod permissions;
mod presence;
mod recased;
mod report;
mod requirements;
mod run;
#[cfg(test)]
mod tests;
mod two;
mod types;
mod used;

pub use changelog::changelog;
pub(crate) use found::{Found, by_cause};
pub(crate) use operation::area;
pub use outcome::{Diff, SetOf};
pub(crate) use pair::{Traits, pair_by};
pub(crate) use run::one_contract;
pub use run::{contracts, metadata};

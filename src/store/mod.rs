//! The folder of contract files.
//!
//! - [`Store`]: the contracts of a folder with their volatile rules (`store.rs`); [`StoreError`]: everything that is wrong with
//!   one (`store_error.rs`)
//! - `read_contract` and others: one contract file; `entries_below`: what is below a folder, or a [`FolderError`] (`file.rs`)
//! - [`Filter`]: selects contracts by their ids, or whatever else has a name (`filter.rs`)

mod file;
mod filter;
#[expect(clippy::module_inception, reason = "the module is the folder, the file its main type")]
mod store;
mod store_error;

pub use file::{FolderError, contract_path, read_contract_of};
pub(crate) use file::{contract_files, contract_ids, entries_below, parse_contract, read_contract};
pub use filter::{Filter, NothingSelected, Searched};
pub use store::Store;
pub(crate) use store::read_rules;
pub use store_error::{StoreError, StoreErrorKind};

//! Contracts as files of other tools: pure functions from contracts to texts, the same bytes each time.
//!
//! - [`export()`]: contracts as the files of a [`Target`] (`export.rs`, `target.rs`, `made.rs`); [`Export`]: these, and what was left out
//! - [`Limit`], [`LeftOut`]: what a target cannot say, and where that matters (`limit.rs`)
//! - `exchange.rs`: what each target says of a contract on a route; `claim.rs`: what a replay asserts of its answer, from the normal form
//!   that the comparison itself works with; `pattern.rs`: masks as
//!   regular expressions; `identity.rs`: identifiers that stand in several places
//! - the targets, a module each: `openapi.rs` with `schema.rs` and `route_path.rs`, `wiremock.rs`, `hurl.rs` with `hurl_text.rs`,
//!   `pact.rs`, `postman.rs` with the script that it puts into collections, `dev_proxy.rs`
//! - `tree.rs`: JSON that is made; `number_form.rs`: numbers that other tools read; `report.rs`: an export as a report
//! - [`write()`]: the files on disk; what an export did not make is kept (`write.rs`)

mod claim;
mod dev_proxy;
mod exchange;
mod export;
mod hurl;
mod hurl_text;
mod identity;
mod limit;
mod made;
mod number_form;
mod openapi;
mod pact;
mod pattern;
mod postman;
mod report;
mod route_path;
mod schema;
mod target;
mod tree;
mod wiremock;
mod write;

pub use export::{Export, export};
pub use limit::{LeftOut, Limit};
pub use made::ExportFile;
pub use target::Target;
pub use write::{WriteError, Written, write};

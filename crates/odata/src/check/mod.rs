//! Checks contracts against the service's own metadata: no tenant, no token, nothing is sent.
//!
//! - [`check`]: contracts and metadata to a verdict for each contract and route (`run.rs`; `contract.rs` has one contract, `clouds.rs` the clouds that it names)
//! - [`MetadataText`], [`Metadata`]: metadata with the version that it is of (`source.rs`); [`fetch`] has it from a URL
//! - [`Verdict`], [`Finding`]: what is found (`finding.rs`, and before it is known of which contract, `remark.rs`)
//! - from a documented path to what it addresses (`segment.rs`, `resolve.rs`, `key.rs`, `operation.rs`,
//!   `resource.rs`)
//! - what a method does with that (`method.rs`), and what annotations rule out (`restriction.rs`)
//! - the arguments of functions (`argument.rs`), and the names in query options (`query.rs`)
//! - the types in metadata comments ([`check_comment`], `comment.rs`), and the pages of resources ([`check_resource`], `described.rs`)
//! - bodies and property tables (`body.rs`, `context.rs`, `member.rs`, `reference.rs`, `value.rs`, `table.rs`)
//!
//! What OData says holds; what Microsoft Graph documents beyond it, such as addressing by path, is said where it is used. What CSDL
//! does not describe is unknown, with the reason, and never a contradiction.

mod argument;
mod body;
mod clouds;
mod comment;
mod context;
mod contract;
mod described;
mod fetch;
mod finding;
mod key;
mod member;
mod method;
mod operation;
mod query;
mod reference;
mod remark;
mod report;
mod resolve;
mod resource;
mod restriction;
mod run;
mod segment;
mod source;
mod table;
mod value;

pub use clouds::check_contract;
pub use comment::check_comment;
pub(crate) use contract::{Takes, metadata_of, request_type, response_type};
pub use described::check_resource;
pub use fetch::{FetchError, Fetched, fetch, fetch_limits, is_url, shown_name};
pub use finding::{Finding, Verdict};
pub use report::causes;
pub use run::{Check, RouteCheck, check};
pub use source::{Metadata, MetadataName, MetadataText, SourceError, read_all, read_together};

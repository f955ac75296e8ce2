//! URLs as documentation writes them: with blanks, placeholders and quotes, so that no URL parser reads them as they are.
//!
//! - [`Target`]: host, version, path and query of a URL (`target.rs`); [`query_parameters`] (`query.rs`)
//! - [`is_graph_host`]: the hosts of Microsoft Graph, and its endpoints (`endpoint.rs`)
//! - [`Segment`]: one segment of a path, with its parameters, key or arguments (`segment.rs`); [`split_path`]
//! - `fold.rs`: segments as Microsoft Graph reads them, in any case and with or without its namespace
//! - [`CastPath`]: paths with a cast at their end (`cast.rs`)
//! - [`Template`]: paths with parameters (`template.rs`)
//! - `percent.rs`: percent-encoding, with [`decode`], [`encode`] and what keys and quoted values need besides

mod cast;
pub mod endpoint;
mod fold;
mod percent;
mod query;
mod segment;
mod target;
mod template;

pub use cast::CastPath;
pub use endpoint::is_graph_host;
pub(crate) use fold::fold;
pub use fold::without_namespace;
pub use percent::{decode, encode, encode_addressed, encode_key, encode_quoted, encode_written};
pub use query::query_parameters;
pub(crate) use segment::fits_value;
pub use segment::{Argument, Part, Segment, split_path};
pub(crate) use segment::{Call, unquoted};
pub use target::{Target, is_version, split_scheme, without_query};
pub use template::Template;
pub(crate) use template::{names_of_path, sample_value};

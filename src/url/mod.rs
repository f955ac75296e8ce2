//! URLs as documentation writes them: with blanks, placeholders and quotes, so that no URL parser reads them as they are.
//!
//! - [`Target`]: host, version, path and query of a URL (`target.rs`); [`query_parameters`] (`query.rs`)
//! - [`split_path`]: the segments of a path (`segment.rs`)
//! - [`Template`]: paths with parameters (`template.rs`)
//! - `percent.rs`: percent-encoding, with [`decode`]

mod percent;
mod query;
mod segment;
mod target;
mod template;

pub use percent::decode;
pub use query::query_parameters;
pub use segment::split_path;
pub use target::{Target, is_version, split_scheme};
pub use template::{Template, sample_value};

//! JSON as documents really contain it: member order, duplicate members and number literals survive.
//!
//! `serde_json::Value` loses all three, and none of it may be lost between a documentation page and a contract. The parser
//! is `jsonc-parser`, which also knows where in the text each value stands.
//!
//! - [`Json`], [`Member`], [`Number`]: the tree (`value.rs`)
//! - [`parse()`]: text to tree, strictly as RFC 8259 says (`parse.rs`)
//! - `parse_tolerant`: the same for JSON with mistakes, each of them named (`repair.rs`)
//! - `cause`: why a text is not JSON (`cause.rs`)
//! - [`pairs()`], [`walk`]: two trees side by side (`pairs.rs`)
//! - [`Index`]: many values of one tree, by their paths (`index.rs`)
//! - [`Path`]: where a value is, written as an RFC 9535 normalized path (`path.rs`)
//! - `serde.rs`: trees in contract files
//! - [`Lines`]: on which line of its page each value stands (`lines.rs`)

mod cause;
mod index;
mod lines;
mod pairs;
mod parse;
mod path;
mod repair;
mod serde;
mod value;

pub(crate) use cause::{Cause, cause};
pub use index::Index;
pub use lines::Lines;
pub(crate) use lines::{Anchors, anchors, serialize_anchors};
pub use pairs::{Pair, Tree, pairs, walk};
pub use parse::{JsonError, Parsed, parse};
pub use path::{Cursor, Key, Path, PathError, Step};
pub(crate) use repair::{Repair, RepairKind, behind_blanks, is_invisible, opens_json, parse_tolerant, string_end};
pub(crate) use serde::bounded;
pub use value::{Json, Kind, Member, Number};

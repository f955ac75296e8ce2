//! The query options of OData: their names, and the expressions in them (OData URL Conventions 4.01 section 5.1), as text and as data.
//!
//! - [`SYSTEM_OPTIONS`], [`system_option`], [`option_name`]: the names (`option.rs`)
//! - [`parse_filter`], [`read_filter`], [`parse_orderby`]: text to [`Expression`] (`parse.rs`, `literal.rs`)
//! - [`split_list`]: the items of a list (`split.rs`); [`calls`]: whether a function is called (`call.rs`)
//! - [`Expression`] and its parts (`expression.rs`)

mod call;
mod expression;
mod literal;
mod option;
mod parse;
mod split;

pub use call::calls;
pub use expression::{Comparison, Expression, Function, Lambda, Literal, PropertyPath};
pub(crate) use option::option_value;
pub use option::{SYSTEM_OPTIONS, is_system_option, option_name, system_option};
pub use parse::{ParseError, Sorting, parse_filter, parse_orderby, read_filter};
pub use split::split_list;

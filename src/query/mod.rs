//! The expressions in system query options of OData (OData URL Conventions 4.01 section 5.1.1), as text and as data.
//!
//! - [`parse_filter`], [`read_filter`], [`parse_orderby`]: text to [`Expression`] (`parse.rs`, `literal.rs`)
//! - [`Expression`] and its parts (`expression.rs`)

mod expression;
mod literal;
mod parse;

pub use expression::{Comparison, Expression, Function, Lambda, Literal, PropertyPath};
pub use parse::{ParseError, Sorting, parse_filter, parse_orderby, read_filter};

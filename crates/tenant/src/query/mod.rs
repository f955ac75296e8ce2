//! System query options applied to JSON (OData URL Conventions 4.01 section 5.1): pure, and without any knowledge of contracts.
//!
//! [`Options::parse`] reads the query of a URL. [`Options::apply_to_body`] applies it to a whole body, [`Options::apply_to_collection`] and
//! [`Options::apply_to_object`] to what is in one. An option that is valid and cannot be applied (an operator that is not supported, a
//! property that no object has) leaves the result as it is, and is a [`Note`]; one that is not valid is an [`InvalidOption`].
//!
//! ```
//! use graph_contracts::json::parse;
//! use graph_contracts_tenant::query::{Options, Paging, undeclared};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let body = parse(r#"{"value": [{"id": "1", "name": "Ada"}, {"id": "2", "name": "Bob"}, {"id": "3", "name": "Al"}]}"#)?.json;
//! let options = Options::parse("$filter=startswith(name,'a')&$orderby=name desc&$top=1&$count=true&$select=name");
//! let paging = Paging { size: 100, top_is_size: true };
//! let applied = options.apply_to_body(body, "http://localhost/v1.0/users", paging, &undeclared).map_err(|e| e.reason)?;
//! assert_eq!(applied.object.get("value").map(ToString::to_string).as_deref(), Some(r#"[{"name":"Al"}]"#));
//! assert_eq!(applied.object.get("@odata.count").map(ToString::to_string).as_deref(), Some("2"));
//! assert!(applied.notes.is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! - [`Options`], [`Note`], [`InvalidOption`]: the options of a request (`options.rs`)
//! - [`Paging`], [`AppliedCollection`], [`AppliedObject`]: what comes of them (`apply.rs`)
//! - `evaluate.rs`, `value.rs`: expressions (`graph_contracts::query`) over JSON; [`Declared`]: what is known of properties (`properties.rs`)
//! - `select.rs`: `$select`; `expand.rs`: `$expand`; [`Search`]: `$search` (`search.rs`)

mod apply;
mod evaluate;
mod expand;
mod options;
mod properties;
mod search;
mod select;
#[cfg(test)]
mod tests;
mod value;

pub use apply::{AppliedCollection, AppliedObject, Paging};
pub use options::{InvalidOption, Note, Options};
pub use properties::{Declared, undeclared};
pub use search::Search;

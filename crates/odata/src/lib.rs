//! The service's own description of itself, and what it says of documented contracts.
//!
//! - [`csdl`]: reads OData CSDL, as `GET {version}/$metadata` answers
//! - [`check`]: checks contracts against it; [`diagnostics`], [`resource_diagnostics`]: the same for the linter, as diagnostics of a page
//! - [`service_rules`]: the same as rules by which responses are judged; [`Keeper`]: what contracts keep of it (`rules.rs`)

pub mod check;
pub mod csdl;
mod lint;
mod rules;

pub use lint::{diagnostics, resource_diagnostics};
pub use rules::{Keeper, service_rules};

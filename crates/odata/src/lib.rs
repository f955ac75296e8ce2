//! The service's own description of itself, and what it says of documented contracts.
//!
//! - [`csdl`]: reads OData CSDL, as `GET {version}/$metadata` answers
//! - [`check`]: checks contracts against it; [`diagnostics`]: the same for the linter, as diagnostics of a page

pub mod check;
pub mod csdl;
mod lint;

pub use lint::diagnostics;

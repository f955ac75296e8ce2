//! Results as people and programs read them.
//!
//! - [`terminal`]: lines for a terminal, with ANSI styles that the caller strips where they are not wanted
//! - [`causes`]: what mismatches have in common
//! - [`json`]: the files behind `--json`; `sarif` (a feature): what the linter found, for code scanning

pub mod causes;
pub mod json;
#[cfg(feature = "sarif")]
pub mod sarif;
pub mod terminal;

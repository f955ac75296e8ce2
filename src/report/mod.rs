//! Results as people and programs read them.
//!
//! - [`terminal`]: lines for a terminal, with ANSI styles that the caller strips where they are not wanted
//! - [`json`]: the files behind `--json`

pub mod json;
pub mod terminal;

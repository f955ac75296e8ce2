//! Results as people and programs read them.
//!
//! - [`terminal`]: lines for a terminal, with ANSI styles that the caller strips where they are not wanted
//! - [`causes`](graph_contracts::report::causes): what mismatches have in common
//! - [`json`]: the files behind `--json`
//! - [`Results`]: what a command found, in the one form from which the reports of `--report` are made (`results.rs`)
//! - [`html`] for a browser, [`junit`] for CI, [`sarif`] for code scanning
//! - [`summary`]: Markdown; [`annotations`]: lines that GitHub shows beside the page
//! - [`Repository`]: paths as GitHub wants them
//! - [`changelog`]: what differs between two sets, as Markdown
//! - [`history`]: earlier results, for the trend

pub mod annotations;
pub mod changelog;
pub mod history;
pub mod html;
pub mod json;
pub mod junit;
mod repository;
mod results;
pub mod sarif;
pub mod summary;
pub mod terminal;

pub use repository::Repository;
pub use results::{Case, Finding, Group, Results, Status};

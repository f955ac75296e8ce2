//! `results.json`: the result of a command for programs, and how several of them become one report.
//!
//! - [`document`]: what a command writes: its own numbers and lists, and what its reports show of each case
//! - `records.rs`: cases and findings as JSON
//! - [`Results`]: a document that was read again, and several as one (`merge.rs`)

mod merge;
mod records;

use graph_contracts::report::Report;
use serde_json::{Value, json};

pub use self::merge::{MergeError, Results};
use self::records::{CaseRecord, Shown};
use crate::comparison::Comparison;

/// The members that every command's document has, beside its own.
const CASES: &str = "cases";
const SHOWN: &str = "report";
const COMPARISON: &str = "comparison";

/// The document of a report: the command's own, with a member `report` (what is said beside the cases) and a member `cases`. That is all that a
/// report shows, so that reports of several machines can be merged. What it is beside an earlier run is a member `comparison`.
pub fn document(report: &Report<'_>, comparison: Option<&Comparison>) -> Value {
    let mut document = report.document.clone();
    if let Value::Object(members) = &mut document {
        let cases: Vec<CaseRecord> = report.cases.iter().map(CaseRecord::of).collect();
        members.insert(SHOWN.to_owned(), json!(Shown::of(report)));
        members.insert(CASES.to_owned(), json!(cases));
        members.extend(comparison.map(|comparison| (COMPARISON.to_owned(), json!(comparison))));
    }
    document
}

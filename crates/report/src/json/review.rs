//! Pending snapshots and what became of them, as JSON.

use serde::Serialize;

use graph_contracts::snapshot::Origin;
use graph_contracts_changes::review::patch::Patches;
use graph_contracts_changes::review::{Decision, Review, Reviewed};
use graph_contracts_changes::{Change, Effect, Kind};

/// The result of `cargo xtask review`.
#[derive(Debug, Serialize)]
pub struct ReviewDocument<'a> {
    snapshots: usize,
    accepted: usize,
    rejected: usize,
    pending: usize,
    breaking: usize,
    entries: Vec<ReviewEntry<'a>>,
}

/// One snapshot that was pending.
#[derive(Debug, Serialize)]
struct ReviewEntry<'a> {
    contract: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<&'a str>,
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    breaking: bool,
    changes: Vec<ChangeEntry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'a str>,
    decision: Decision,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

/// One change.
#[derive(Debug, Serialize)]
struct ChangeEntry<'a> {
    change: Kind,
    at: &'a str,
    before: &'a str,
    after: &'a str,
    breaking: bool,
    effect: Effect,
    why: &'static str,
    source: &'a str,
}

/// The document of a review.
pub fn review<'a>(review: &'a Review<'_>) -> ReviewDocument<'a> {
    ReviewDocument {
        snapshots: review.reviewed.len(),
        accepted: review.count(Decision::Accepted),
        rejected: review.count(Decision::Rejected),
        pending: review.count(Decision::Pending),
        breaking: review.reviewed.iter().filter(|reviewed| reviewed.entry.is_breaking()).count(),
        entries: review.reviewed.iter().map(entry).collect(),
    }
}

fn entry<'a>(reviewed: &'a Reviewed<'_>) -> ReviewEntry<'a> {
    let Reviewed { entry, decision, error } = reviewed;
    let (kind, profile) = match &entry.pending.origin {
        Origin::Stub => ("stub", None),
        Origin::Live { profile } => ("live", Some(profile.as_str())),
    };
    ReviewEntry {
        contract: &entry.pending.id,
        title: entry.contract.map(|contract| contract.title.as_str()),
        kind,
        profile,
        file: entry.pending.file.display().to_string(),
        source: entry.contract.map(|contract| contract.location()),
        request: entry.request.as_deref(),
        request_id: entry.request_id.as_deref(),
        breaking: entry.is_breaking(),
        changes: entry.changes.iter().map(change).collect(),
        problem: entry.problem.as_deref(),
        decision: *decision,
        error: error.as_deref(),
    }
}

fn change(change: &Change) -> ChangeEntry<'_> {
    ChangeEntry {
        change: change.kind,
        at: &change.subject,
        before: &change.before,
        after: &change.after,
        breaking: change.is_breaking(),
        effect: change.effect(),
        why: change.kind.why(),
        source: change.source().unwrap_or_default(),
    }
}

/// The result of `cargo xtask review --patch`.
#[derive(Debug, Serialize)]
pub struct PatchDocument<'a> {
    drifts: usize,
    pages: Vec<PageEntry<'a>>,
    unpatched: Vec<UnpatchedEntry<'a>>,
}

/// The patch of a page.
#[derive(Debug, Serialize)]
struct PageEntry<'a> {
    page: &'a str,
    contracts: &'a [String],
    diff: &'a str,
}

/// A drift of which there is no patch.
#[derive(Debug, Serialize)]
struct UnpatchedEntry<'a> {
    file: String,
    why: &'a str,
}

/// The document of patches.
pub fn patches(patches: &Patches) -> PatchDocument<'_> {
    PatchDocument {
        drifts: patches.drifts,
        pages: patches
            .pages
            .iter()
            .map(|page| PageEntry { page: &page.page, contracts: &page.contracts, diff: &page.diff })
            .collect(),
        unpatched: patches
            .unpatched
            .iter()
            .map(|unpatched| UnpatchedEntry { file: unpatched.file.display().to_string(), why: &unpatched.why })
            .collect(),
    }
}

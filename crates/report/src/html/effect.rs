//! What a change does to a caller, and the status whose color that has.

use graph_contracts::report::{Finding, Notice, Status};

/// The effects, the worst first, each with the status whose color it has.
pub(super) const EFFECTS: [(Notice, Status); 3] =
    [(Notice::Breaking, Status::Failed), (Notice::Additive, Status::Passed), (Notice::Cosmetic, Status::Skipped)];

/// What a change does to a caller: the status that has its color, and its word.
pub(super) fn effect(finding: &Finding<'_>) -> (Status, &'static str) {
    let known = EFFECTS.iter().find(|(notice, _)| *notice == finding.notice);
    (known.map_or(Status::Skipped, |(_, status)| *status), finding.notice.words())
}

//! Whether the judgment of a changed response is the one that is due.

use super::{Class, Expectation, Mutant};
use graph_contracts::at::At;
use graph_contracts::compare::{Mismatch, MismatchKind, Severity};
use graph_contracts::normal::Level;
use graph_contracts::replay::RouteOutcome;

/// What is wrong with the judgment of a mutant.
pub(super) struct Failure {
    pub(super) why: String,
    /// Whether a rule that hides the changed value can explain it.
    pub(super) may_be_hidden: bool,
}

impl Failure {
    /// There was no response to judge.
    pub(super) fn no_response(error: &str) -> Failure {
        Failure { why: format!("there was no response: {error}"), may_be_hidden: false }
    }

    /// Something was reported that should not have been, or not so. Of identifiers, one that is hidden shows as another that no longer
    /// agrees.
    fn reported(how: &str, mismatch: &Mismatch) -> Failure {
        let why = format!("{how}: `{}` at {}", mismatch.kind, mismatch.at);
        Failure { why, may_be_hidden: mismatch.kind == MismatchKind::Identity }
    }
}

/// What is wrong with the judgment of a mutant at a level, if anything is.
pub(super) fn failure(mutant: &Mutant, level: Level, outcome: &RouteOutcome) -> Option<Failure> {
    let expectation = mutant.expectation(level);
    if expectation == Expectation::Open {
        return None;
    }
    let errors: Vec<&Mismatch> =
        outcome.mismatches.iter().filter(|mismatch| mismatch.severity == Severity::Error).collect();
    match (expectation, errors.first()) {
        (Expectation::Noted, None) => {
            let is_meant = |mismatch: &&Mismatch| {
                mutant.places.contains(&mismatch.at)
                    && mutant.class.kinds().contains(&mismatch.kind)
                    && mismatch.rule.is_some()
            };
            let why = "no note names the rule".to_owned();
            (!outcome.mismatches.iter().any(|mismatch| is_meant(&mismatch)))
                .then_some(Failure { why, may_be_hidden: false })
        }
        (Expectation::Noted, Some(first)) => Some(Failure::reported("it is more than a note", first)),
        (Expectation::Harmless, Some(first)) => Some(Failure::reported("it was reported", first)),
        (Expectation::Caught, None) => Some(Failure { why: "nothing was reported".to_owned(), may_be_hidden: true }),
        (Expectation::Caught, Some(_)) => {
            // A request decides what its response repeats, so that another one changes that, too.
            let is_place =
                |at: &At| mutant.class == Class::Request || mutant.places.iter().any(|place| is_in(at, place));
            let elsewhere = errors.iter().find(|mismatch| !is_place(&mismatch.at));
            let is_meant = |mismatch: &&Mismatch| {
                mutant.places.contains(&mismatch.at) && mutant.class.kinds().contains(&mismatch.kind)
            };
            let of_kind = errors.iter().copied().any(|mismatch| is_meant(&mismatch));
            match elsewhere {
                Some(mismatch) => Some(Failure::reported("it was reported elsewhere", mismatch)),
                None if !of_kind => Some(Failure::reported("it was taken for something else", errors[0])),
                None => None,
            }
        }
        _ => None,
    }
}

/// Whether a place is another one, or below it.
fn is_in(at: &At, place: &At) -> bool {
    match (at, place) {
        (At::Path(at), At::Path(place)) => at.steps().starts_with(place.steps()),
        _ => at == place,
    }
}

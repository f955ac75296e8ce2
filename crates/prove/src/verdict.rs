//! Whether the judgement of a changed response is the one that is due.

use super::{Class, Expectation, Mutant};
use graph_contracts::compare::{At, Mismatch, Severity};
use graph_contracts::normal::Level;
use graph_contracts::replay::RouteOutcome;

/// What is wrong where a mutant passed.
pub(super) const NOTHING: &str = "nothing was reported";

/// What is wrong with the judgement of a mutant at a level, if anything is.
pub(super) fn failure(mutant: &Mutant, level: Level, outcome: &RouteOutcome) -> Option<String> {
    let expectation = mutant.expectation(level);
    if expectation == Expectation::Open {
        return None;
    }
    if let Some(error) = &outcome.error {
        return Some(format!("there was no response: {error}"));
    }
    let errors: Vec<&Mismatch> =
        outcome.mismatches.iter().filter(|mismatch| mismatch.severity == Severity::Error).collect();
    let shown = |mismatch: &Mismatch| format!("`{}` at {}", mismatch.kind, mismatch.at);
    match (expectation, errors.first()) {
        (Expectation::Harmless, Some(first)) => Some(format!("it was reported: {}", shown(first))),
        (Expectation::Caught, None) => Some(NOTHING.to_owned()),
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
                Some(mismatch) => Some(format!("it was reported elsewhere: {}", shown(mismatch))),
                None if !of_kind => Some(format!("it was taken for something else: {}", shown(errors[0]))),
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

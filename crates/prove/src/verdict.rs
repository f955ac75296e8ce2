//! Whether the judgment of a changed response is the one that is due.

use std::fmt;

use super::{Class, Expectation, Mutant};
use graph_contracts::at::At;
use graph_contracts::compare::{Mismatch, MismatchKind, Severity};
use graph_contracts::normal::Level;
use graph_contracts::replay::RouteOutcome;

/// What is wrong with the judgment of a mutant.
pub(super) enum Failure<'o> {
    /// There was no response to judge.
    NoResponse(&'o str),
    /// Nothing was reported.
    Unreported,
    /// Something was reported that should not have been, or not so.
    Reported(&'static str, &'o Mismatch),
}

impl Failure<'_> {
    /// Whether a rule that hides the changed value can explain it. Of identifiers, one that is hidden shows as another that no longer
    /// agrees.
    pub(super) fn may_be_hidden(&self) -> bool {
        match self {
            Failure::NoResponse(_) => false,
            Failure::Unreported => true,
            Failure::Reported(_, mismatch) => mismatch.kind == MismatchKind::Identity,
        }
    }
}

impl fmt::Display for Failure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::NoResponse(error) => write!(f, "there was no response: {error}"),
            Failure::Unreported => f.write_str("nothing was reported"),
            Failure::Reported(how, mismatch) => write!(f, "{how}: `{}` at {}", mismatch.kind, mismatch.at),
        }
    }
}

/// What is wrong with the judgment of a mutant at a level, if anything is.
pub(super) fn failure<'o>(mutant: &Mutant, level: Level, outcome: &'o RouteOutcome) -> Option<Failure<'o>> {
    let expectation = mutant.expectation(level);
    if expectation == Expectation::Open {
        return None;
    }
    let errors: Vec<&Mismatch> =
        outcome.mismatches.iter().filter(|mismatch| mismatch.severity == Severity::Error).collect();
    match (expectation, errors.first()) {
        (Expectation::Harmless, Some(first)) => Some(Failure::Reported("it was reported", first)),
        (Expectation::Caught, None) => Some(Failure::Unreported),
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
                Some(mismatch) => Some(Failure::Reported("it was reported elsewhere", mismatch)),
                None if !of_kind => Some(Failure::Reported("it was taken for something else", errors[0])),
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

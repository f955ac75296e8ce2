//! An exchange becomes the outcome of a route.

use super::{Evidence, Outcome, RouteOutcome};
use crate::compare::{At, Context, Mismatch, MismatchKind, Reference, Severity, compare};
use crate::contract::Contract;
use crate::exchange::ReceivedResponse;
use crate::normal::{Guide, NormalForm, documented, normalise};
use crate::stub::{REFUSED, Refusal};

/// Judges a response to a contract's request on a route, by what the contract documents and by the reviewed snapshot, if
/// snapshots count. `Some(None)` means that they count and there is none.
pub fn judge(
    contract: &Contract,
    guide: &Guide<'_>,
    route: &str,
    response: &ReceivedResponse,
    snapshot: Option<Option<&NormalForm>>,
) -> RouteOutcome {
    let actual = normalise(response, guide);
    let expected = documented(guide);
    let mut context = Context::new(contract);
    let refusal = (response.status == REFUSED).then(|| Refusal::from_body(&response.body)).flatten();
    if let Some(refusal) = refusal {
        return outcome(contract, route, refused(contract, &refusal), None);
    }
    let mut mismatches = compare(&expected, &actual, Reference::Documentation, &mut context);
    let mut evidence = None;
    if !mismatches.is_empty() {
        evidence = Some(Evidence {
            reference: format!("documented in {}", contract.location()),
            expected: expected.to_string(),
            actual: actual.to_string(),
        });
    }
    match snapshot {
        None => {}
        Some(None) => mismatches.push(no_snapshot(contract)),
        Some(Some(reviewed)) => {
            let differences = compare(reviewed, &actual, Reference::Snapshot, &mut context);
            if !differences.is_empty() && evidence.is_none() {
                evidence = Some(Evidence {
                    reference: format!("reviewed in {}.snap", contract.id),
                    expected: reviewed.to_string(),
                    actual: actual.to_string(),
                });
            }
            mismatches.extend(differences);
        }
    }
    outcome(contract, route, mismatches, evidence)
}

fn outcome(contract: &Contract, route: &str, mismatches: Vec<Mismatch>, evidence: Option<Evidence>) -> RouteOutcome {
    let broken = mismatches.iter().any(|mismatch| mismatch.severity == Severity::Error);
    RouteOutcome {
        id: contract.id.clone(),
        route: route_name(contract, route),
        outcome: if broken { Outcome::Mismatched } else { Outcome::Matched },
        mismatches,
        error: None,
        evidence,
    }
}

/// The outcome of a route that could not be asked.
pub(super) fn errored(contract: &Contract, route: &str, error: String) -> RouteOutcome {
    RouteOutcome {
        id: contract.id.clone(),
        route: route_name(contract, route),
        outcome: Outcome::Errored,
        mismatches: Vec::new(),
        error: Some(error),
        evidence: None,
    }
}

fn route_name(contract: &Contract, route: &str) -> String {
    let version = contract.api_version.as_ref().map(|version| format!("/{version}")).unwrap_or_default();
    format!("{} {version}{route}", contract.request.method)
}

fn refused(contract: &Contract, refusal: &Refusal) -> Vec<Mismatch> {
    let mismatch = |difference: &crate::stub::Difference| Mismatch {
        kind: MismatchKind::RequestRefused,
        at: At::Request(difference.at.clone()),
        expected: difference.expected.clone(),
        actual: difference.actual.clone(),
        severity: Severity::Error,
        source: contract.location(),
        reference: Reference::Documentation,
    };
    refusal.differences.iter().map(mismatch).collect()
}

fn no_snapshot(contract: &Contract) -> Mismatch {
    Mismatch {
        kind: MismatchKind::NoSnapshot,
        at: At::Snapshot(format!("{}.snap", contract.id)),
        expected: "a reviewed snapshot".to_owned(),
        actual: "none; make and review it with `cargo insta test --review`".to_owned(),
        severity: Severity::Error,
        source: contract.location(),
        reference: Reference::Snapshot,
    }
}

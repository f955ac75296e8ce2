//! An exchange becomes the outcome of a route.

use super::{Evidence, Outcome, RouteOutcome};
use crate::compare::{At, Comparison, Context, Coverage, Mismatch, MismatchKind, Reference, Severity, compare};
use crate::contract::Contract;
use crate::exchange::ReceivedResponse;
use crate::normal::{Guide, NormalForm, normalise};
use crate::stub::{REFUSED, Refusal};

/// Judges a response to a contract's request on a route, by what the contract documents and by the reviewed snapshot, if
/// snapshots count. `Some(None)` means that they count and there is none.
pub fn judge(
    guide: &Guide<'_>,
    route: &str,
    response: &ReceivedResponse,
    snapshot: Option<Option<&NormalForm>>,
) -> RouteOutcome {
    let contract = guide.contract();
    let refusal = (response.status == REFUSED).then(|| Refusal::from_body(&response.body)).flatten();
    if let Some(refusal) = refusal {
        let coverage = documented_coverage(guide).not_asserted();
        let mismatches = refused(contract, &refusal);
        return outcome(contract, route, Comparison { mismatches, omitted: 0, coverage }, None);
    }
    let actual = normalise(response, guide);
    let expected = guide.documented();
    let mut context = Context::of(guide, false);
    let mut found = compare(expected, &actual, Reference::Documentation, &mut context);
    let mut evidence = None;
    if !found.mismatches.is_empty() {
        evidence = Some(Evidence::new(format!("documented in {}", contract.location()), expected, &actual));
    }
    match snapshot {
        None => {}
        Some(None) => found.mismatches.push(no_snapshot(contract)),
        Some(Some(reviewed)) => {
            let differences = compare(reviewed, &actual, Reference::Snapshot, &mut context);
            if !differences.mismatches.is_empty() && evidence.is_none() {
                evidence = Some(Evidence::new(format!("reviewed in {}.snap", contract.id), reviewed, &actual));
            }
            found.mismatches.extend(differences.mismatches);
            found.omitted += differences.omitted;
        }
    }
    outcome(contract, route, found, evidence)
}

/// How the leaves would be asserted of a response that is as documented.
fn documented_coverage(guide: &Guide<'_>) -> Coverage {
    let documented = guide.documented();
    compare(documented, documented, Reference::Documentation, &mut Context::of(guide, false)).coverage
}

fn outcome(contract: &Contract, route: &str, found: Comparison, evidence: Option<Evidence>) -> RouteOutcome {
    let Comparison { mismatches, omitted, coverage } = found;
    let broken = mismatches.iter().any(|mismatch| mismatch.severity == Severity::Error) || omitted > 0;
    RouteOutcome {
        id: contract.id.clone(),
        route: route_name(contract, route),
        outcome: if broken { Outcome::Mismatched } else { Outcome::Matched },
        mismatches,
        omitted,
        coverage,
        error: None,
        evidence,
    }
}

/// The outcome of a route that could not be asked.
pub(super) fn errored(contract: &Contract, guide: Option<&Guide<'_>>, route: &str, error: String) -> RouteOutcome {
    let coverage = guide.map(documented_coverage).unwrap_or_default().not_asserted();
    RouteOutcome {
        id: contract.id.clone(),
        route: route_name(contract, route),
        outcome: Outcome::Errored,
        mismatches: Vec::new(),
        omitted: 0,
        coverage,
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

//! An exchange becomes the outcome of a route.

use std::time::Duration;

use super::{Outcome, RouteOutcome};
use crate::at::At;
use crate::compare::{Comparison, Context, Mismatch, MismatchKind, Reference, Severity, compare, coverage};
use crate::contract::{Body, Contract, Header};
use crate::http::ReceivedResponse;
use crate::matching::{REFUSED, Refusal};
use crate::normal::{NormalForm, NormalizationPlan, may_have_content, normalize};
use crate::report::Evidence;

/// Judges a response to a contract's request on a route, by what the contract documents and by the reviewed snapshot, if
/// snapshots count. `Some(None)` means that they count and there is none.
pub fn judge(
    normalization: &NormalizationPlan<'_>,
    route: &str,
    response: &ReceivedResponse,
    snapshot: Option<Option<&NormalForm>>,
) -> RouteOutcome {
    let contract = normalization.contract();
    let refusal = (response.status == REFUSED).then(|| Refusal::from_body(&response.body)).flatten();
    // A refusal that names no difference is not the stub's.
    if let Some(refusal) = refusal.filter(|refusal| !refusal.differences.is_empty()) {
        let coverage = coverage(normalization).not_asserted();
        let mismatches = refused(contract, &refusal);
        return outcome(contract, route, Comparison { mismatches, omitted: 0, coverage }, None);
    }
    let expected = normalization.documented();
    // Of a response that is as documented to the letter, the normal form is known.
    let normalized = (!is_documented(response, normalization)).then(|| normalize(response, normalization));
    let actual = normalized.as_ref().unwrap_or(expected);
    let mut context = Context::of(normalization, false);
    let mut found = match &normalized {
        Some(actual) => compare(expected, actual, Reference::Documentation, &mut context),
        None => Comparison { coverage: coverage(normalization), ..Comparison::default() },
    };
    let mut evidence = None;
    if !found.mismatches.is_empty() {
        evidence = Some(Evidence::new(format!("documented in {}", contract.location()), expected, actual));
    }
    match snapshot {
        None => {}
        Some(None) => found.mismatches.push(no_snapshot(contract)),
        Some(Some(reviewed)) => {
            let differences = compare(reviewed, actual, Reference::Snapshot, &mut context);
            if !differences.mismatches.is_empty() && evidence.is_none() {
                evidence = Some(Evidence::new(format!("reviewed in {}.snap", contract.id), reviewed, actual));
            }
            found.mismatches.extend(differences.mismatches);
            found.omitted += differences.omitted;
        }
    }
    outcome(contract, route, found, evidence)
}

/// Whether a response is the documented one: status, documented header fields, and a body that says the same in the same order.
fn is_documented(response: &ReceivedResponse, normalization: &NormalizationPlan<'_>) -> bool {
    let contract = normalization.contract();
    let documented = &contract.response;
    let length_is_volatile = normalization.rule_for_header("content-length").is_some();
    if response.status != documented.status || !may_have_content(&contract.request.method, documented.status) {
        return false;
    }
    let is_once =
        |name: &str| documented.headers.iter().filter(|other| other.name.eq_ignore_ascii_case(name)).count() == 1;
    let has_header = |header: &Header| {
        let Some(value) = response.header(&header.name).filter(|_| is_once(&header.name)) else { return false };
        // How long a body is follows from how it is written.
        let is_length = header.name.eq_ignore_ascii_case("content-length") && length_is_volatile;
        value == header.value || (is_length && value.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let Some(Body::Json(body)) = &documented.body else { return false };
    let parsed = || crate::json::parse(std::str::from_utf8(&response.body).ok()?).ok();
    documented.headers.iter().all(has_header) && parsed().is_some_and(|parsed| parsed.json == *body)
}

/// The outcome of a route, given what was found.
fn outcome(contract: &Contract, route: &str, found: Comparison, evidence: Option<Evidence>) -> RouteOutcome {
    let Comparison { mismatches, omitted, coverage } = found;
    let mut errors = mismatches.iter().filter(|mismatch| mismatch.severity == Severity::Error);
    let is_reviewed = |own: &Mismatch| own.kind != MismatchKind::NoSnapshot;
    let verdict = match (errors.clone().next(), errors.any(is_reviewed) || omitted > 0) {
        (_, true) => Outcome::Mismatched,
        (Some(_), false) => Outcome::New,
        (None, false) => Outcome::Matched,
    };
    RouteOutcome {
        id: contract.id.clone(),
        route: route_name(contract, route),
        outcome: verdict,
        mismatches,
        omitted,
        coverage,
        error: None,
        exceeded: None,
        evidence,
        elapsed: Duration::ZERO,
    }
}

/// The outcome of a route that could not be asked.
pub(super) fn errored(
    contract: &Contract,
    normalization: Option<&NormalizationPlan<'_>>,
    route: &str,
    error: String,
) -> RouteOutcome {
    let coverage = normalization.map(coverage).unwrap_or_default().not_asserted();
    let found = Comparison { coverage, ..Comparison::default() };
    RouteOutcome { outcome: Outcome::Errored, error: Some(error), ..outcome(contract, route, found, None) }
}

fn route_name(contract: &Contract, route: &str) -> String {
    format!("{} {}{route}", contract.request.method, contract.path_root())
}

fn refused(contract: &Contract, refusal: &Refusal) -> Vec<Mismatch> {
    let mismatch = |difference: &crate::matching::Difference| Mismatch {
        kind: MismatchKind::RequestRefused,
        at: At::Request(difference.at.clone()),
        expected: difference.expected.clone(),
        actual: difference.actual.clone(),
        severity: Severity::Error,
        source: contract.location(),
        reference: Reference::Documentation,
        rule: None,
    };
    refusal.differences.iter().map(mismatch).collect()
}

fn no_snapshot(contract: &Contract) -> Mismatch {
    Mismatch {
        kind: MismatchKind::NoSnapshot,
        at: At::Snapshot(format!("{}.snap", contract.id)),
        expected: "a reviewed snapshot".to_owned(),
        actual: "nothing".to_owned(),
        severity: Severity::Error,
        source: contract.location(),
        reference: Reference::Snapshot,
        rule: None,
    }
}

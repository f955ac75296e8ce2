//! The plan of a live run as JSON.

use std::collections::BTreeSet;

use serde::Serialize;

use graph_contracts::contract::Contract;
use graph_contracts_live::{Phase, Plan, PlannedSegment, Skip, least_privileged};

/// The document of a plan: what `--dry-run` prints.
#[derive(Debug, Serialize)]
pub struct PlanDocument<'a> {
    provider: &'a str,
    requests: usize,
    writes: usize,
    left_out: usize,
    /// The least privileged permissions with which all requests can be sent.
    least_privileged: LeastPrivileged<'a>,
    steps: Vec<PlannedStep<'a>>,
}

#[derive(Debug, Serialize)]
struct LeastPrivileged<'a> {
    application: BTreeSet<&'a str>,
    delegated: BTreeSet<&'a str>,
}

#[derive(Debug, Serialize)]
struct PlannedStep<'a> {
    id: &'a str,
    method: &'a str,
    url: String,
    phase: Phase,
    writes: bool,
    parameters: Vec<PlannedParameter<'a>>,
    /// The least privileged permission of an application, and of a signed-in user.
    application: Option<&'a str>,
    delegated: Option<&'a str>,
    source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a Skip>,
}

#[derive(Debug, Serialize)]
struct PlannedParameter<'a> {
    name: &'a str,
    place: String,
    from: String,
}

/// The document of a plan for the provider at that base URL. Steps are in the order in which they are sent.
pub fn plan<'a>(plan: &'a Plan, contracts: &'a [Contract], provider: &'a str) -> PlanDocument<'a> {
    let steps = plan.steps.iter().map(|step| {
        let contract = &contracts[step.contracts[0]];
        let parameters = step.segments.iter().filter_map(|segment| match segment {
            PlannedSegment::Parameter { name, place, source } => {
                Some(PlannedParameter { name, place: place.to_string(), from: source.describe(place) })
            }
            PlannedSegment::Literal(_) => None,
        });
        PlannedStep {
            id: &contract.id,
            method: &contract.request.method,
            url: step.url(contract, provider),
            phase: step.phase,
            writes: step.writes(),
            parameters: parameters.collect(),
            application: step.needs.least(true),
            delegated: step.needs.least(false),
            source: contract.location(),
            skipped: step.skip.as_ref().map(Skip::reason),
            reason: step.skip.as_ref(),
        }
    });
    let least = |application| least_privileged(plan.active().map(|step| &step.needs), application);
    PlanDocument {
        provider,
        requests: plan.active().count(),
        writes: plan.active().filter(|step| step.writes()).count(),
        left_out: plan.steps.len() - plan.active().count(),
        least_privileged: LeastPrivileged { application: least(true), delegated: least(false) },
        steps: steps.collect(),
    }
}

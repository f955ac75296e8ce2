//! Checks many contracts against metadata.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use serde::Serialize;

use super::clouds::unknown_clouds;
use super::contract::of_cloud;
use super::finding::{Finding, Verdict};
use super::{Metadata, check_contract};
use graph_contracts::contract::{Availability, Cloud, Contract};
use graph_contracts::lint::Suppressions;
use graph_contracts::source::SourceLine;
use graph_contracts::url::Target;

/// What the metadata says of contracts.
#[derive(Debug)]
pub struct Check {
    /// The number of contracts.
    pub contracts: usize,
    /// Each contract on each route, in the order of the contracts.
    pub routes: Vec<RouteCheck>,
    /// The versions of contracts of which no metadata was given.
    pub missing: BTreeSet<String>,
    /// The clouds, as `china:v1.0`, of which pages say something and no metadata was given, with the number of contracts.
    pub missing_clouds: BTreeMap<String, usize>,
    /// Entries of the suppressions that accepted nothing: line and entry. Those of codes that only the linter has are not among them.
    pub unused_suppressions: Vec<(u32, String)>,
    /// The documents by what they are of (`v1.0`, `china:v1.0`): where each is from.
    pub metadata: Vec<(String, Vec<String>)>,
    /// How long it took, reading the metadata included.
    pub elapsed: Duration,
}

/// What the metadata says of a contract on a route.
#[derive(Debug, Serialize)]
pub struct RouteCheck {
    /// The contract.
    pub contract: String,
    /// The method and URL template.
    pub route: String,
    /// The page and the template's line.
    pub source: SourceLine,
    /// The verdict.
    pub verdict: Verdict,
    /// What it follows from, and notes.
    #[serde(skip)]
    pub findings: Vec<Finding>,
}

impl Check {
    /// How many contracts on routes have that verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.routes.iter().filter(|route| route.verdict == verdict).count()
    }

    /// The contracts, each with its routes, in order.
    pub(crate) fn by_contract(&self) -> impl Iterator<Item = &[RouteCheck]> {
        self.routes.chunk_by(|one, other| one.contract == other.contract)
    }

    /// Everything that was found.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.routes.iter().flat_map(|route| &route.findings)
    }

    /// Whether nothing is contradicted.
    pub fn holds(&self) -> bool {
        self.count(Verdict::Contradicted) == 0
    }
}

/// Checks contracts against metadata. `start` is when reading the metadata began.
pub fn check(contracts: &[&Contract], metadata: &[Metadata<'_>], suppressions: &Suppressions, start: Instant) -> Check {
    let of_contract = |contract: &&Contract| {
        let mut used = BTreeSet::new();
        let found = check_contract(contract, metadata);
        let routes = contract.routes.iter().zip(found).map(|(route, mut findings)| {
            for finding in &mut findings {
                finding.accepted =
                    finding.diagnostic().is_some_and(|diagnostic| suppressions.accept(&diagnostic, None, &mut used));
            }
            RouteCheck {
                contract: contract.id.clone(),
                route: format!("{} {}", contract.request.method, route.path),
                source: contract.source_line(route.line),
                verdict: Verdict::of(&findings),
                findings,
            }
        });
        let routes = routes.collect::<Vec<_>>();
        (routes, used)
    };
    let is_missing =
        |version: &&String| !of_cloud(metadata, Cloud::Global).any(|own| own.version.eq_ignore_ascii_case(version));
    let is_global = |contract: &&&Contract| contract.clouds.is_none_or(|own| own.global != Availability::NotAvailable);
    let mut missing_clouds: BTreeMap<String, usize> = BTreeMap::new();
    for contract in contracts {
        for cloud in unknown_clouds(contract, metadata) {
            let version = contract.api_version.as_deref().map(|version| format!(":{version}")).unwrap_or_default();
            *missing_clouds.entry(format!("{}{version}", cloud.name())).or_default() += 1;
        }
    }
    // A version that there is not has no metadata.
    let has_version = |contract: &&&Contract| !Target::read(&contract.request.url).lacks_graph_version();
    let missing =
        contracts.iter().filter(has_version).filter(is_global).filter_map(|contract| contract.api_version.as_ref());
    let missing = missing.filter(is_missing).cloned();
    let (routes, used): (Vec<Vec<RouteCheck>>, Vec<BTreeSet<usize>>) = contracts.par_iter().map(of_contract).unzip();
    let used = used.into_iter().flatten().collect();
    Check {
        contracts: contracts.len(),
        routes: routes.into_iter().flatten().collect(),
        missing: missing.collect(),
        missing_clouds,
        unused_suppressions: suppressions
            .unused(&used, |code, _, takes_fingerprint| code.is_of_metadata() && !takes_fingerprint),
        metadata: metadata.iter().map(|own| (own.label(), documents(own))).collect(),
        elapsed: start.elapsed(),
    }
}

fn documents(metadata: &Metadata<'_>) -> Vec<String> {
    metadata.csdl.document_names().map(str::to_owned).collect()
}

//! What replay catches in changed answers, exported Hurl and Pact files catch at the same place, or the export has listed why not.

use std::collections::BTreeMap;
use std::sync::Arc;

use graph_contracts::compare::Severity;
use graph_contracts::contract::Contract;
use graph_contracts::normal::{DEFAULT_RULES, Level, NormalizationPlan, VolatileRules};
use graph_contracts::replay::{Client, judge};
use graph_contracts::store::Store;
use graph_contracts::stub::{Answer, Stub};
use graph_contracts_export::{Export, Limit, Target};
use graph_contracts_prove::{Class, Expectation, Mutant, mutants};
use graph_contracts_testing::contracts_of_text;
use serde_json::Value;

use crate::installed::{hurl, python, run};
use crate::places::{CAPTURE, is_same, of_hurl, of_pact};
use crate::provider::InTurn;
use crate::{exported, temporary};

/// A page with what the project's own contracts lack: a header field with an identifier, a collection, values within values.
const PAGE: &str = "# Create lamp\n\n## HTTP request\n\n```http\nPOST /lamps\n```\n\n## Example\n\n```http\n\
    POST https://graph.microsoft.com/v1.0/lamps\nContent-Type: application/json\n\n{\"name\": \"desk\"}\n```\n\n```http\n\
    HTTP/1.1 201 Created\nContent-Type: application/json\nLocation: https://graph.microsoft.com/v1.0/lamps/1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e\n\n\
    {\n\"id\": \"1e5b41ba-41ba-1e5b-ba41-5b1eba415b1e\",\n\"name\": \"desk\",\n\"made\": \"2024-01-02T03:04:05Z\",\n\
    \"bulbs\": [{\"watts\": 4.5, \"on\": true}, {\"watts\": 6, \"on\": false}],\n\"room\": {\"id\": \"b9feb68f-b68f-b9fe-8fb6-feb98fb6feb9\", \"floor\": null}\n}\n```\n";

/// The contracts whose answers are changed.
fn tried() -> Store {
    let mut contracts = crate::project_contracts();
    contracts.extend(contracts_of_text("lamp-create.md", PAGE));
    contracts.sort_by(|one, other| one.id.cmp(&other.id));
    Store::new(contracts, VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("valid rules"))
}

async fn stub(store: &Arc<Store>, contract: &Contract, answers: &[Answer]) -> Stub {
    let answers = Arc::new(InTurn::new(contract, answers.to_vec()));
    Stub::builder().answers(answers).serve(Arc::clone(store)).await.expect("a stub")
}

/// Which of the answers a replay calls wrong.
async fn replayed(store: &Arc<Store>, contract: &Contract, answers: &[Answer]) -> Vec<bool> {
    let plan = NormalizationPlan::new(contract, &store.rules, Level::Exact).expect("valid rules");
    let mut wrong = Vec::new();
    for answer in answers {
        let stub = stub(store, contract, std::slice::from_ref(answer)).await;
        let route = &contract.routes[0].path;
        let exchange = Client::new(&stub.uri()).expect("a client").send(contract, route).await.expect("an answer");
        let outcome = judge(&plan, route, &exchange.response, None);
        wrong.push(outcome.mismatches.iter().any(|own| own.severity == Severity::Error));
    }
    wrong
}

/// Why a target does not see a mutant, if the export has listed that.
fn explained(export: &Export, mutant: &Mutant, found: &[String]) -> Option<Limit> {
    if found == [CAPTURE] {
        return export.left_out.iter().map(|own| own.limit).find(|limit| *limit == Limit::EarlyEnd);
    }
    let at_place = export.left_out.iter().find(|own| mutant.places.iter().any(|place| place.to_string() == own.at));
    let of_class: &[Limit] = match mutant.class {
        Class::Add | Class::Rename => &[Limit::UndocumentedMember],
        Class::Annotations => &[Limit::Annotation],
        Class::Duplicate => &[Limit::DuplicateMember],
        Class::Identity => &[Limit::Identity, Limit::DistinctIdentifiers],
        Class::MalformedDate => &[Limit::Calendar],
        Class::StatusOtherClass if mutant.answer.status / 100 == 3 => &[Limit::Redirect],
        _ => &[],
    };
    at_place.map(|own| own.limit).or_else(|| of_class.iter().copied().find(|own| export.limits.contains(own)))
}

/// What became of the mutants of all contracts.
#[derive(Default)]
struct Tally {
    caught: usize,
    elsewhere: Vec<String>,
    missed: Vec<String>,
    alarms: Vec<String>,
    explained: BTreeMap<&'static str, usize>,
}

impl Tally {
    fn count(&mut self, export: &Export, contract: &Contract, mutant: &Mutant, is_wrong: bool, found: &[String]) {
        let places: Vec<String> = mutant.places.iter().map(ToString::to_string).collect();
        let said = || format!("{} {} at {places:?}: {found:?}", contract.id, mutant.class.name());
        let is_caught = found.iter().any(|own| places.iter().any(|place| is_same(own, place)));
        match (is_wrong, found.is_empty()) {
            (true, false) if is_caught => self.caught += 1,
            (false, true) => {}
            // The contract does not say, and so no tool has to.
            (false, false) if mutant.exact == Expectation::Open => {}
            _ => match explained(export, mutant, found) {
                Some(limit) => *self.explained.entry(limit.name()).or_default() += 1,
                None if !is_wrong => self.alarms.push(said()),
                None if found.is_empty() => self.missed.push(said()),
                None => self.elsewhere.push(said()),
            },
        }
    }

    #[track_caller]
    fn check(&self, tool: &str) {
        let Tally { caught, elsewhere, missed, alarms, explained } = self;
        println!(
            "{tool}: {caught} mutants that replay catches are caught at the same place; listed limits explain {explained:?}"
        );
        let wrong = [("missed", missed), ("caught elsewhere", elsewhere), ("false alarm", alarms)];
        let wrong: Vec<String> =
            wrong.iter().flat_map(|(what, list)| list.iter().map(move |own| format!("{what}: {own}"))).collect();
        assert!(wrong.is_empty(), "{tool}: {} wrong:\n{}", wrong.len(), wrong.join("\n"));
        assert!(*caught > 400, "{tool}: only {caught} mutants were caught");
    }
}

/// Tries all mutants of all contracts with a tool, which gives for each answer in turn where it is wrong.
async fn prove(target: Target, ask: impl Fn(&std::path::Path, &str, usize) -> Vec<Vec<String>>) {
    let store = Arc::new(tried());
    let mut tally = Tally::default();
    for (index, contract) in store.contracts.iter().enumerate() {
        let mut own = Vec::new();
        mutants(contract, &mut |mutant| own.push(mutant));
        let answers: Vec<Answer> = own.iter().map(|mutant| mutant.answer.clone()).collect();
        let wrong = replayed(&store, contract, &answers).await;
        let (folder, stub) = (temporary(), stub(&store, contract, &answers).await);
        let export = exported(target, &store, &[index], folder.path());
        let file = folder.path().join(&export.files[0].path);
        let found = tokio::task::block_in_place(|| ask(&file, &stub.uri(), answers.len()));
        assert_eq!(found.len(), answers.len(), "{}", contract.id);
        for ((mutant, is_wrong), found) in own.iter().zip(wrong).zip(&found) {
            tally.count(&export, contract, mutant, is_wrong, found);
        }
    }
    tally.check(target.title());
}

/// The lines of JSON in a text.
fn documents(text: &str) -> impl Iterator<Item = Value> {
    text.lines().filter_map(|line| serde_json::from_str(line).ok())
}

#[tokio::test(flavor = "multi_thread")]
async fn hurl_catches_what_replay_catches_at_the_same_place() {
    prove(Target::Hurl, |file, base, times| {
        let text = std::fs::read_to_string(file).expect("a file");
        let base = format!("base_url={base}");
        let mut hurl = hurl();
        hurl.args(["--json", "--continue-on-error", "--jobs", "1", "--repeat", &times.to_string()]);
        let output = hurl.args(["--variable", &base, "--variable", "token=any"]).arg(file).output().expect("hurl");
        documents(&String::from_utf8_lossy(&output.stdout)).map(|result| of_hurl(&text, &result)).collect()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pact_catches_what_replay_catches_at_the_same_place() {
    prove(Target::Pact, |file, base, times| {
        let output = file.with_extension("results");
        run(python().arg(base).arg(file).arg(times.to_string()).arg(&output));
        documents(&std::fs::read_to_string(output).expect("results")).map(|result| of_pact(&result)).collect()
    })
    .await;
}

//! Proves contracts, several at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use futures_util::StreamExt as _;
use tokio::sync::mpsc;
use tokio::task::JoinError;
use tokio_util::task::AbortOnDropHandle;

use super::request::reviewed;
use super::specimens::specimens;
use super::verdict::{Failure, failure};
use super::{BlindSpot, Class, Count, Expectation, Mutant, Proof, Sampled, mutants};
use graph_contracts::at::At;
use graph_contracts::contract::Contract;
use graph_contracts::http::{Limits, with_causes};
use graph_contracts::normal::{Level, NormalizationPlan, RuleError};
use graph_contracts::replay::{Client, RouteOutcome, judge};
use graph_contracts::store::Store;
use graph_contracts::stub::{Answer, Answers, Stub, StubError};

/// Why nothing can be proved.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// The stub cannot be started.
    #[error(transparent)]
    Stub(#[from] StubError),
    /// A rule for volatile values cannot be used.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// The client cannot be set up.
    #[error("cannot set up the HTTP client: {0}")]
    Client(String),
}

/// How far a proof is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The number of contracts.
    pub contracts: usize,
    /// The changes that were judged for the contract that is done.
    pub judged: usize,
}

/// The changed answers that the stub is to give next, by contract.
#[derive(Default)]
struct NextAnswers(Mutex<HashMap<String, Answer>>);

/// What became of the changes of one contract.
#[derive(Default)]
struct Part {
    count: Count,
    failures: Vec<BlindSpot>,
    sampled: Option<Sampled>,
}

/// Derives the mutants and harmless variations of contracts of a store, by their positions in it, and of the specimens, lets the stub answer
/// with each, and judges it at both levels, a number of them at a time. `observe` is told of each contract when it is done.
///
/// # Errors
///
/// When nothing can be proved at all; what cannot be judged is a blind spot. Whoever drops the future aborts what is under way.
pub async fn prove(
    store: &Arc<Store>,
    selected: &[usize],
    concurrency: usize,
    mut observe: impl FnMut(Progress),
) -> Result<Proof, ProveError> {
    let start = Instant::now();
    let mut proof = Proof { contracts: selected.len(), ..Proof::default() };
    let own = Arc::new(specimens()?);
    let all: Vec<usize> = (0..own.contracts.len()).collect();
    let contracts = selected.len() + all.len();
    for (store, selected) in [(&own, all.as_slice()), (store, selected)] {
        let mut count = Count::default();
        prove_store(store, selected, concurrency, |part| {
            observe(Progress { contracts, judged: part.count.judged() });
            count.add(&part.count);
            proof.sampled.extend(part.sampled);
            part.failures.into_iter().for_each(|failure| proof.add(failure));
        })
        .await?;
        // The specimens come first.
        proof.specimens = std::mem::replace(&mut proof.count, count);
    }
    proof.elapsed = start.elapsed();
    Ok(proof)
}

async fn prove_store(
    store: &Arc<Store>,
    selected: &[usize],
    concurrency: usize,
    mut done: impl FnMut(Part),
) -> Result<(), ProveError> {
    let answers = Arc::new(NextAnswers::default());
    let stub = Stub::builder().answers(Arc::clone(&answers) as Arc<dyn Answers>).serve(Arc::clone(store)).await?;
    let client = Client::for_stub(&stub, Limits::default()).map_err(ProveError::Client)?;
    let tasks = selected.iter().map(|index| {
        let (store, client, answers, index) = (Arc::clone(store), client.clone(), Arc::clone(&answers), *index);
        let task = tokio::spawn(async move { prove_contract(&store, index, &client, &answers).await });
        let task = AbortOnDropHandle::new(task);
        async move { (index, task.await) }
    });
    let mut parts = futures_util::stream::iter(tasks).buffered(concurrency.max(1));
    while let Some((index, part)) = parts.next().await {
        // A defect of the harness is no reason to lose what became of the others.
        done(part.unwrap_or_else(|error| Ok(Part::broken_off(&store.contracts[index], &error)))?);
    }
    Ok(())
}

async fn prove_contract(
    store: &Arc<Store>,
    index: usize,
    client: &Client,
    answers: &NextAnswers,
) -> Result<Part, RuleError> {
    let mut part = Part::default();
    let contract = &store.contracts[index];
    let mut levels = Vec::new();
    for level in Level::ALL {
        levels.push((level, NormalizationPlan::new(contract, &store.rules, level)?));
    }
    let (sender, mut derived) = mpsc::channel::<Mutant>(16);
    let source = Arc::clone(store);
    // A large body has many mutants, each as large; they are derived as they are needed.
    let deriving = tokio::task::spawn_blocking(move || {
        // There is no receiver if the proof was dropped.
        mutants(&source.contracts[index], &mut |mutant| drop(sender.blocking_send(mutant)))
    });
    let route = &contract.routes[0].path;
    // Without a rule for them, other ids and times are other values.
    let ids_are_ruled = levels.iter().all(|(_, normalization)| normalization.has_rule_for_name("id"));
    let times_are_ruled = levels.iter().all(|(_, normalization)| normalization.has_rule_for_times());
    while let Some(mut mutant) = derived.recv().await {
        if (mutant.class == Class::OtherIds && !ids_are_ruled)
            || (mutant.class == Class::OtherTimes && !times_are_ruled)
        {
            mutant.exact = Expectation::Open;
        }
        answers.put(&contract.id, mutant.answer.clone());
        let exchange = client.send(contract, route).await;
        for (level, normalization) in &levels {
            let outcome = match &exchange {
                Ok(exchange) => Ok(judge(normalization, route, &exchange.response, None)),
                Err(error) => Err(with_causes(error)),
            };
            part.judge(normalization, *level, &mutant, outcome);
        }
    }
    match deriving.await {
        Ok(1) => {}
        Ok(every) => part.sampled = Some(Sampled { contract: contract.id.clone(), every }),
        Err(error) => part.failures.extend(Part::broken_off(contract, &error).failures),
    }
    prove_request(store, contract, client, &mut part).await?;
    Ok(part)
}

/// Judges the documented response beside snapshots of other requests.
async fn prove_request(store: &Store, contract: &Contract, client: &Client, part: &mut Part) -> Result<(), RuleError> {
    let normalization = NormalizationPlan::new(contract, &store.rules, Level::Exact)?;
    let route = &contract.routes[0].path;
    let exchange = match client.send(contract, route).await {
        Ok(exchange) => exchange,
        Err(error) => {
            part.failures.push(not_judged(contract, Failure::no_response(&with_causes(&error)).why));
            return Ok(());
        }
    };
    for (at, other) in reviewed(contract) {
        let reviewed = NormalizationPlan::new(&other, &store.rules, Level::Exact)?.documented().clone();
        let outcome = judge(&normalization, route, &exchange.response, Some(Some(&reviewed)));
        let mutant = Mutant {
            class: Class::Request,
            places: vec![at],
            exact: Expectation::Caught,
            shape: Expectation::Open,
            answer: Answer { status: 0, headers: Vec::new(), body: Vec::new() },
        };
        part.judge(&normalization, Level::Exact, &mutant, Ok(outcome));
    }
    Ok(())
}

fn blind_spot(normalization: &NormalizationPlan<'_>, level: Level, mutant: &Mutant, failure: Failure) -> BlindSpot {
    let rule_at = |at: &At| match at {
        At::Path(path) if level == Level::Exact => normalization.rule_for(path).map(|rule| rule.text),
        At::Header(name) => normalization.rule_for_header(name).map(|rule| rule.text),
        _ => None,
    };
    let first = || mutant.places.first().and_then(rule_at);
    // A rule hides other values that look alike, and nothing else.
    let rule = match mutant.class {
        Class::Change
        | Class::Enum
        | Class::Range
        | Class::Malformed
        | Class::HeaderChanged
        | Class::HeaderMissing
        | Class::ContentTypeMissing
        | Class::ContentTypeOther
        | Class::Charset => first(),
        // That an identifier changed shows in its other places, unless they are hidden by a rule for something else.
        Class::Identity => {
            let own = first();
            mutant.places.iter().skip(1).find_map(rule_at).filter(|rule| Some(rule) != own.as_ref())
        }
        _ => None,
    };
    let rule = rule.filter(|_| failure.may_be_hidden);
    let hidden = rule.map(|rule| format!("a rule for volatile values hides it: {rule}"));
    BlindSpot {
        contract: normalization.contract().id.clone(),
        class: mutant.class,
        at: mutant.places.first().cloned(),
        level,
        explained: hidden.is_some(),
        why: hidden.unwrap_or(failure.why),
        false_alarm: mutant.expectation(level) == Expectation::Harmless,
    }
}

/// A failure of a contract as a whole.
fn not_judged(contract: &Contract, why: String) -> BlindSpot {
    let (contract, class) = (contract.id.clone(), Class::Request);
    BlindSpot { contract, class, at: None, level: Level::Exact, why, explained: false, false_alarm: false }
}

impl Part {
    /// What is known of a contract whose proof ended in a defect of its own.
    fn broken_off(contract: &Contract, error: &JoinError) -> Part {
        let why =
            format!("the proof of this contract broke off, which is a defect of its own; please report it: {error}");
        Part { failures: vec![not_judged(contract, why)], ..Part::default() }
    }

    /// Counts what became of a mutant at a level, and keeps what is wrong with that.
    fn judge(
        &mut self,
        normalization: &NormalizationPlan<'_>,
        level: Level,
        mutant: &Mutant,
        outcome: Result<RouteOutcome, String>,
    ) {
        let failure = match &outcome {
            Ok(outcome) => failure(mutant, level, outcome),
            Err(error) => Some(Failure::no_response(error)),
        };
        self.count.judge(mutant, level, failure.is_none());
        let failure = failure.filter(|_| mutant.expectation(level) != Expectation::Open);
        self.failures.extend(failure.map(|failure| blind_spot(normalization, level, mutant, failure)));
    }
}

impl Count {
    /// Counts a change that was judged at a level, rightly or not.
    fn judge(&mut self, mutant: &Mutant, level: Level, is_right: bool) {
        let class = self.by_class.entry(mutant.class).or_default();
        match mutant.expectation(level) {
            Expectation::Caught | Expectation::Noted => {
                class.mutants += 1;
                class.caught += usize::from(is_right);
            }
            Expectation::Harmless => {
                class.harmless += 1;
                class.false_alarms += usize::from(!is_right);
            }
            Expectation::Open => self.open += 1,
        }
    }

    fn add(&mut self, other: &Count) {
        self.open += other.open;
        for (class, count) in &other.by_class {
            *self.by_class.entry(*class).or_default() += *count;
        }
    }

    fn judged(&self) -> usize {
        let total = self.total();
        total.mutants + total.harmless
    }
}

impl NextAnswers {
    fn put(&self, id: &str, answer: Answer) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), answer);
    }
}

impl Answers for NextAnswers {
    fn answer(&self, contract: &Contract) -> Option<Answer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&contract.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_contract_whose_proof_breaks_off_is_a_failure_and_the_others_are_proved() {
        let mut store = specimens().expect("the rules are valid");
        // The stub reads no such contract from a file.
        store.contracts[0].routes.clear();
        let (broken, selected) = (store.contracts[0].id.clone(), [0, 1]);
        let mut parts = Vec::new();
        prove_store(&Arc::new(store), &selected, 2, |part| parts.push(part)).await.expect("a stub");
        assert_eq!(parts.len(), 2);
        let [failure] = &parts[0].failures[..] else { panic!("{:?}", parts[0].failures) };
        assert_eq!(failure.contract, broken);
        assert!(failure.why.starts_with("the proof of this contract broke off"), "{}", failure.why);
        assert!(parts[1].failures.is_empty() && parts[1].count.judged() > 0, "{:?}", parts[1].failures);
    }
}

//! All requests of a client together: by operation, so that memory does not grow with their number.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use graph_contracts::store::Store;

use crate::found::Found;
use crate::judge::{Judge, Judgment, Verdict, token, unknown};
use crate::kind::Kind;
use crate::manners::{Manners, Noticed};
use crate::privileges::{Granted, Ledger, Privileges};
use crate::recorded::{Record, Recorded};

/// So many numbers of requests are kept of one finding.
const MOST_NUMBERS: usize = 20;

/// So many findings are kept of one operation.
const MOST_FOUND: usize = 100;

/// Something that was found, with the requests.
#[derive(Debug)]
pub struct Finding {
    /// What was found.
    pub found: Found,
    /// The numbers of the first requests.
    pub numbers: Vec<String>,
    /// How many requests there are.
    pub requests: usize,
    /// The finding in words, with the requests.
    pub said: String,
}

/// One operation that was called.
#[derive(Debug)]
pub struct Operation {
    /// Method, version and template; of what no page documents, as much of the path as may be written.
    pub name: String,
    /// What is known of its calls.
    pub verdict: Verdict,
    /// The contract, by its position.
    pub contract: Option<usize>,
    /// How often it was called.
    pub calls: usize,
    /// What was found, the first that was found first.
    pub findings: Vec<Finding>,
    /// How many more findings there were.
    pub omitted: usize,
}

/// What is found of a client.
#[derive(Debug, Default)]
pub struct Verification {
    /// The operations, in the order of their names.
    pub operations: Vec<Operation>,
    /// What was found of the client as a whole.
    pub whole: Vec<Finding>,
    /// How many requests were read.
    pub requests: usize,
    /// How many of them are not for Microsoft Graph, and are not judged.
    pub others: usize,
    /// How many of them a browser sent on its own, to ask whether it may send the client's.
    pub preflights: usize,
    /// How many requests were judged; each within a batch is one.
    pub judged: usize,
    /// How many answers to them are not recorded as a whole, so that they are not judged.
    pub unknown_answers: usize,
    /// The contracts that were used, by their positions.
    pub used: BTreeSet<usize>,
    /// The delegated privileges.
    pub delegated: Privileges,
    /// The privileges of an application.
    pub application: Privileges,
    /// Why files were not read to their end.
    pub unread: Vec<String>,
}

/// What a client is asked to keep to.
#[derive(Clone, Debug, Default)]
pub struct Expectations {
    /// What was granted to it; else, its tokens say it.
    pub granted: Option<Granted>,
    /// The ids of the contracts that it promises to use, and no other.
    pub promised: Option<BTreeSet<String>>,
}

/// Takes one request after another.
pub struct Verifier<'j> {
    judge: Judge<'j>,
    store: Arc<Store>,
    promised: Option<BTreeSet<String>>,
    operations: BTreeMap<String, Operation>,
    ledger: Ledger,
    manners: Manners,
    verification: Verification,
}

impl<'j> Verifier<'j> {
    /// A verifier that asks this judge.
    pub fn new(judge: Judge<'j>, expectations: Expectations) -> Verifier<'j> {
        Verifier {
            store: Arc::clone(&judge.store),
            judge,
            promised: expectations.promised,
            operations: BTreeMap::new(),
            ledger: Ledger::new(expectations.granted),
            manners: Manners::default(),
            verification: Verification::default(),
        }
    }

    /// Takes an entry of a file.
    pub fn add(&mut self, record: &Record) {
        self.verification.requests += 1;
        match record {
            Record::Exchange(recorded) => self.exchange(recorded),
            Record::Unreadable { number, reason } => self.judgment(unknown(number, "an entry of the file", reason)),
        }
    }

    /// Says that a file was not read to its end.
    pub fn unread(&mut self, reason: String) {
        self.verification.unread.push(reason);
    }

    fn exchange(&mut self, recorded: &Recorded) {
        if self.judge.is_preflight(recorded) {
            self.verification.preflights += 1;
            return;
        }
        let mut judgments = self.judge.judge(recorded);
        if judgments.is_empty() {
            self.verification.others += 1;
            return;
        }
        self.verification.unknown_answers += usize::from(recorded.has_unknown_answer());
        self.manners.add(recorded, &judgments, (&self.store, &self.judge.siblings));
        let token = token(recorded.headers.as_ref());
        for judgment in &mut judgments {
            let contract = judgment.contract.and_then(|index| self.store.contracts.get(index));
            let lacks = self.ledger.add(judgment, contract, token);
            judgment.found.extend(lacks);
            if let Some((promised, contract)) =
                self.promised.as_ref().zip(contract).filter(|(all, own)| !all.contains(&own.id))
            {
                let message = format!("{} is not among the {} promised contracts", contract.id, promised.len());
                judgment.found.push(Found::new(Kind::Unpromised, message, Some(contract.location())));
            }
        }
        judgments.into_iter().for_each(|judgment| self.judgment(judgment));
    }

    fn judgment(&mut self, judgment: Judgment) {
        self.verification.judged += 1;
        self.verification.used.extend(judgment.contract);
        let Judgment { number, verdict, operation: name, contract, found, .. } = judgment;
        let operation = self.operations.entry(name.clone()).or_insert_with(|| Operation {
            name,
            verdict,
            contract,
            calls: 0,
            findings: Vec::new(),
            omitted: 0,
        });
        operation.calls += 1;
        operation.verdict = operation.verdict.max(verdict);
        operation.contract = operation.contract.or(contract);
        for found in found {
            operation.add(found, std::slice::from_ref(&number));
        }
    }

    /// All that was found.
    pub fn end(self) -> Verification {
        let Verifier { mut operations, mut verification, ledger, manners, promised, store, .. } = self;
        for Noticed { operation, found, numbers } in manners.end() {
            match operation.as_ref().and_then(|name| operations.get_mut(name)) {
                Some(operation) => operation.add(found, &numbers),
                None => verification.whole.push(Finding::of(found, &numbers)),
            }
        }
        verification.whole.extend(ledger.excess().into_iter().map(|found| Finding::of(found, &[])));
        for id in promised.into_iter().flatten() {
            let contract = store.contract(&id);
            let is_used = store.position(&id).is_some_and(|index| verification.used.contains(&index));
            let message = match contract {
                Some(_) if is_used => continue,
                Some(_) => format!("{id} is promised, and was not called"),
                None => format!("{id} is promised, and there is no such contract"),
            };
            let source = contract.map(graph_contracts::contract::Contract::location);
            verification.whole.push(Finding::of(Found::new(Kind::Uncalled, message, source), &[]));
        }
        verification.delegated = ledger.privileges(false);
        verification.application = ledger.privileges(true);
        verification.operations = operations.into_values().collect();
        let findings = verification.operations.iter_mut().flat_map(|own| &mut own.findings);
        for finding in findings.chain(&mut verification.whole) {
            finding.said = finding.in_words();
        }
        verification
    }
}

impl Finding {
    fn of(found: Found, numbers: &[String]) -> Finding {
        let kept = numbers.iter().take(MOST_NUMBERS).cloned().collect();
        Finding { found, numbers: kept, requests: numbers.len(), said: String::new() }
    }

    fn in_words(&self) -> String {
        match self.requests_in_words().as_str() {
            "" => self.found.message.clone(),
            requests => format!("{requests}: {}", self.found.message),
        }
    }

    /// The requests, in words.
    pub fn requests_in_words(&self) -> String {
        let more = self.requests - self.numbers.len();
        match (self.numbers.as_slice(), more) {
            ([], _) => String::new(),
            ([only], 0) => format!("request {only}"),
            ([all @ .., last], 0) => format!("requests {} and {last}", all.join(", ")),
            (all, more) => format!("requests {} and {more} more", all.join(", ")),
        }
    }
}

impl Operation {
    fn add(&mut self, found: Found, numbers: &[String]) {
        if let Some(known) = self.findings.iter_mut().find(|own| own.found == found) {
            known.requests += numbers.len();
            let room = MOST_NUMBERS.saturating_sub(known.numbers.len());
            known.numbers.extend(numbers.iter().take(room).cloned());
        } else if self.findings.len() < MOST_FOUND {
            self.findings.push(Finding::of(found, numbers));
        } else {
            self.omitted += 1;
        }
    }
}

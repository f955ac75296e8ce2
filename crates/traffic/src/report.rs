//! What was found of a client as a report: a case for each operation, and one for the client as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use graph_contracts::compare::{Reference, Severity};
use graph_contracts::contract::Contract;
use graph_contracts::report::{
    self, Block, Case, Judged, Line, Notice, Report, Status, Summary, Tone, Total, count, safe,
};
use graph_contracts::store::Store;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::judge::Verdict;
use crate::kind::Kind;
use crate::privileges::Privileges;
use crate::verification::{Finding, Operation, Verification};

/// So many lines are shown of what does not count.
const MOST_LINES: usize = 10;

/// What is shown where there is no contract.
const NO_CONTRACT: &str = "(no contract)";

/// What was asked.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The files, or the command.
    pub of: String,
    /// What counts.
    pub denied: BTreeSet<Kind>,
    /// When it began.
    pub at: Timestamp,
    /// How long it took.
    pub elapsed: Duration,
    /// What was the exit code of the command whose requests were judged; `None` if none was run, or if a signal ended it.
    pub command: Option<Option<i32>>,
}

impl Question {
    fn counts(&self, finding: &Finding) -> bool {
        self.denied.contains(&finding.found.kind)
    }
}

/// What was found, as a report.
pub fn report<'r>(found: &'r Verification, store: &'r Store, question: &Question) -> Report<'r> {
    let mut cases: Vec<Case<'r>> = found.operations.iter().map(|own| case(own, store, question)).collect();
    if !found.whole.is_empty() {
        let findings: Vec<report::Finding<'r>> = found.whole.iter().map(|own| finding(own, question)).collect();
        let fails = found.whole.iter().any(|own| question.counts(own));
        cases.push(Case {
            verdict: if fails { "The client does not keep to what was expected." } else { "See its findings." }
                .to_owned(),
            findings,
            ..Case::new(
                "client",
                "",
                if fails { Status::Failed } else { Status::Passed },
                if fails { "failed" } else { "noted" },
            )
        });
    }
    let is_broken = cases.iter().any(|case| case.status == Status::Failed);
    let has_failed = question.command.is_some_and(|code| code != Some(0));
    let exit_code = match (is_broken, found.unread.is_empty(), has_failed) {
        (_, false, _) => 2,
        (true, ..) => 1,
        (false, true, true) => 2,
        // Of what was never judged, nothing is known, least of all that it is as expected.
        (false, true, false) if found.operations.iter().all(|own| own.verdict == Verdict::Unknown) => 2,
        (false, true, false) => 0,
    };
    let areas = areas(found, store);
    Report {
        exit_code,
        judged: Judged::Requests,
        unit: ("operation", "operations"),
        cases,
        blocks: blocks(found, question, &areas, unused(found, store)),
        totals: totals(found),
        summary: summary(found, question, exit_code),
        store: Some(store),
        document: document(found, store, question, &areas),
        ..Report::new("verify-client", question.of.clone(), question.at, question.elapsed)
    }
}

/// How many requests there are, and how many of them are not judged. Only browsers send preflights.
fn totals(found: &Verification) -> Vec<Total> {
    let preflights = Total::new(found.preflights, "preflight of a browser", "preflights of browsers");
    let mut totals = vec![
        Total::new(found.requests, "request", "requests"),
        Total::new(found.others, "for another host", "for other hosts"),
    ];
    totals.extend((found.preflights > 0).then_some(preflights));
    totals
}

fn case<'r>(operation: &'r Operation, store: &'r Store, question: &Question) -> Case<'r> {
    let fails = operation.findings.iter().any(|own| question.counts(own));
    let contract = operation.contract.and_then(|index| store.contracts.get(index));
    let reason = operation.findings.iter().find(|own| own.found.kind == Kind::Unknown).map(|own| own.said.clone());
    let (status, outcome, verdict) = match (fails, operation.verdict) {
        (true, Verdict::Undocumented) => (Status::Failed, "undocumented", "No page documents it.".to_owned()),
        (true, _) => (Status::Failed, "failed", "It is not called as it should be.".to_owned()),
        (false, Verdict::Documented) => (Status::Passed, "documented", "It is documented.".to_owned()),
        (false, Verdict::Undocumented) => (Status::Passed, "undocumented", "No page documents it.".to_owned()),
        (false, Verdict::Unknown) => {
            (Status::Skipped, "unknown", format!("Not known: {}.", safe(reason.as_deref().unwrap_or_default())))
        }
    };
    let mut case = Case {
        holds: !fails && operation.verdict == Verdict::Documented,
        verdict,
        reason: reason.filter(|_| status == Status::Skipped),
        findings: operation.findings.iter().map(|own| finding(own, question)).collect(),
        omitted: operation.omitted,
        source: contract.map(Contract::location),
        ..match contract {
            Some(own) => Case::new(&own.id, &operation.name, status, outcome),
            None => Case::new(NO_CONTRACT, &operation.name, status, outcome),
        }
    };
    if case.source.is_none() {
        case.source = operation.findings.iter().find_map(|own| own.found.source.clone());
    }
    case
}

fn finding<'r>(own: &'r Finding, question: &Question) -> report::Finding<'r> {
    let kind = own.found.kind;
    let (severity, notice) = match kind {
        _ if question.counts(own) => (Severity::Error, Notice::Note),
        Kind::Unknown => (Severity::Notice, Notice::NotKnown),
        Kind::Difference => (Severity::Notice, Notice::Note),
        _ => (Severity::Notice, Notice::Warning),
    };
    report::Finding {
        code: kind.name(),
        title: kind.phrase(),
        subject: own.found.message.clone(),
        at: own.requests_in_words(),
        sides: None,
        message: &own.said,
        declared: own.found.declared.as_ref(),
        rule: None,
        severity,
        notice,
        source: own.found.source.clone(),
        reference: Reference::Documentation,
        means: kind.means(),
        fingerprint: None,
        excerpt: None,
    }
}

/// How many contracts an area has, and how many of them were used.
type Areas<'s> = BTreeMap<&'s str, (usize, usize)>;

fn area(contract: &Contract) -> &str {
    let path = contract.routes.first().map_or("", |route| route.path.as_str());
    path.split(['/', '(']).find(|segment| !segment.is_empty()).unwrap_or("other")
}

fn areas<'s>(found: &Verification, store: &'s Store) -> Areas<'s> {
    let mut areas = Areas::new();
    for (index, contract) in store.contracts.iter().enumerate() {
        let (all, used) = areas.entry(area(contract)).or_default();
        *all += 1;
        *used += usize::from(found.used.contains(&index));
    }
    areas
}

/// The contracts that were not used, a line each with its area: those of areas of which something was used come first.
fn unused(found: &Verification, store: &Store) -> Vec<String> {
    let is_used = |index: &usize| found.used.contains(index);
    let used: BTreeSet<&str> = found.used.iter().filter_map(|index| store.contracts.get(*index)).map(area).collect();
    let others = store.contracts.iter().enumerate().filter(|(index, _)| !is_used(index)).map(|(_, own)| own);
    let mut all: Vec<(bool, &str, &str)> =
        others.map(|own| (!used.contains(area(own)), area(own), own.id.as_str())).collect();
    all.sort_unstable();
    all.into_iter().map(|(_, area, id)| format!("{area}: {id}")).collect()
}

fn blocks(found: &Verification, question: &Question, areas: &Areas<'_>, unused: Vec<String>) -> Vec<Block> {
    let mut blocks = Vec::new();
    if !found.unread.is_empty() {
        let lines =
            found.unread.iter().map(|reason| Line::new(Tone::Bad, "not read to its end").text(format!(": {reason}")));
        blocks.push(Block::new(lines.collect()).remark(found.unread.clone()));
    }
    if found.unknown_answers > 0 {
        let answers = count(found.unknown_answers, "answer is", "answers are");
        let said = format!("{answers} not recorded as a whole: what else is there is not known");
        blocks.push(Block::new(vec![Line::plain(&said)]).remark(vec![said]));
    }
    if let Some(command) = question.command {
        let said = match command {
            Some(code) => format!("the command ended with {code}"),
            None => "the command was ended by a signal".to_owned(),
        };
        blocks.push(Block::new(vec![Line::plain(&said)]).remark(vec![said]));
    }
    let each =
        found.operations.iter().flat_map(|own| own.findings.iter().map(move |finding| (own.name.as_str(), finding)));
    let each = each.chain(found.whole.iter().map(|finding| ("the client", finding)));
    let mut beside: BTreeMap<Kind, Vec<(&str, &Finding)>> = BTreeMap::new();
    each.filter(|(_, own)| !question.counts(own)).for_each(|own| beside.entry(own.1.found.kind).or_default().push(own));
    for (kind, findings) in beside {
        let title = Line::new(Tone::Warn, kind.phrase()).text(format!(" ({}):", kind.name()));
        let shown = findings.iter().map(|(name, own)| {
            let source = own.found.source.as_ref().map(|source| format!("  {source}")).unwrap_or_default();
            format!("{name}: {}{source}", own.said)
        });
        blocks.extend(Block::list(title, shown.collect(), MOST_LINES));
    }
    let privileges = [("delegated", &found.delegated), ("application", &found.application)];
    let lines: Vec<String> = privileges.iter().filter_map(|(who, own)| least(who, own)).collect();
    if !lines.is_empty() {
        let mut all = vec![Line::new(Tone::Bold, "least privileges").text(":")];
        all.extend(lines.iter().map(|line| Line::plain(format!("  {line}"))));
        blocks.push(Block::new(all).remark(lines));
    }
    let used: Vec<String> = areas
        .iter()
        .filter(|(_, (_, used))| *used > 0)
        .map(|(area, (all, used))| format!("{area}: {used} of {}", count(*all, "contract", "contracts")))
        .collect();
    blocks.extend(Block::list(Line::new(Tone::Bold, "coverage").text(":"), used, MOST_LINES));
    if found.judged > 0 {
        let title =
            Line::new(Tone::Bold, "not used").text(format!(" ({}):", count(unused.len(), "contract", "contracts")));
        blocks.extend(Block::list(title, unused, MOST_LINES));
    }
    blocks
}

/// The least privileges in a line; nothing where nothing is known of them.
fn least(who: &str, own: &Privileges) -> Option<String> {
    let names: Vec<&str> = own.least.iter().map(String::as_str).collect();
    let unknown = match own.unknown {
        0 => String::new(),
        number => format!("; those of {} are not known", count(number, "operation", "operations")),
    };
    let missing = match own.not_available {
        0 => String::new(),
        number => format!("; {} not available", count(number, "operation is", "operations are")),
    };
    (!names.is_empty()).then(|| format!("{who}: {}{unknown}{missing}", names.join(", ")))
}

fn number_of(found: &Verification, verdict: Verdict) -> usize {
    found.operations.iter().filter(|own| own.verdict == verdict).count()
}

/// Why nothing was judged, and what to do.
fn why_nothing(found: &Verification, question: &Question) -> &'static str {
    if found.judged > 0 {
        return "Of no request it could be found out whether a page documents it.";
    }
    match (found.requests, question.command) {
        (0, Some(_)) => {
            "Nothing was sent through the proxy. A client that asks no proxy has to call the address in GRAPH_BASE_URL."
        }
        (0, None) => "No request was recorded. Record while the client runs, and give that file.",
        _ => {
            "Nothing was sent to Microsoft Graph. If the client calls another address for it, name that with --base-url."
        }
    }
}

fn summary(found: &Verification, question: &Question, exit_code: u8) -> Summary {
    let counts = [
        (number_of(found, Verdict::Documented), "documented"),
        (number_of(found, Verdict::Undocumented), "undocumented"),
        (number_of(found, Verdict::Unknown), "unknown"),
    ];
    let is_known = found.operations.iter().any(|own| own.verdict != Verdict::Unknown);
    let notes = if is_known { Vec::new() } else { vec![Line::plain(why_nothing(found, question))] };
    let mut results = vec![if found.judged == 0 { "nothing was judged".to_owned() } else { Summary::parts(counts) }];
    // Whoever reads this line alone has to know, too.
    if !found.unread.is_empty() {
        results.push(format!("{} not read to the end", count(found.unread.len(), "file is", "files are")));
    }
    let failing = failing(found, question);
    if !failing.is_empty() {
        results.push(format!(
            "what counts: {}",
            Summary::parts(failing.iter().map(|(kind, number)| (*number, kind.name())))
        ));
    }
    let operations = count(found.operations.len(), "operation", "operations");
    Summary {
        subject: format!("{}, {operations}", count(found.judged, "call", "calls")),
        tone: if exit_code == 0 { Tone::Good } else { Tone::Bad },
        result: results.join("; "),
        elapsed: Some(question.elapsed),
        notes,
    }
}

/// The findings that count, by kind, beside the operations that are undocumented.
fn failing(found: &Verification, question: &Question) -> BTreeMap<Kind, usize> {
    let all = found.operations.iter().flat_map(|own| &own.findings).chain(&found.whole);
    let mut failing = BTreeMap::new();
    let counting = all.filter(|own| own.found.kind != Kind::Undocumented && question.counts(own));
    counting.for_each(|own| *failing.entry(own.found.kind).or_default() += 1);
    failing
}

fn document(found: &Verification, store: &Store, question: &Question, areas: &Areas<'_>) -> Value {
    let all = || found.operations.iter().flat_map(|own| &own.findings).chain(&found.whole);
    let mut by_kind: BTreeMap<&str, usize> = BTreeMap::new();
    all().for_each(|own| *by_kind.entry(own.found.kind.name()).or_default() += 1);
    let outcomes = found.operations.iter().map(|own| {
        json!({
            "operation": own.name,
            "verdict": match own.verdict {
                Verdict::Documented => "documented",
                Verdict::Undocumented => "undocumented",
                Verdict::Unknown => "unknown",
            },
            "contract": own.contract.map(|index| store.contracts[index].id.as_str()),
            "source": own.contract.map(|index| store.contracts[index].location()),
            "calls": own.calls,
            "findings": shown(&own.findings, question),
        })
    });
    let areas: BTreeMap<&str, Value> =
        areas.iter().map(|(area, (all, used))| (*area, json!({ "contracts": all, "used": used }))).collect();
    let unused = store.contracts.iter().enumerate().filter(|(index, _)| !found.used.contains(index));
    json!({
        "command": "verify-client",
        "at": question.at,
        "requests": found.requests,
        "others": found.others,
        "preflights": found.preflights,
        "judged": found.judged,
        "unknown_answers": found.unknown_answers,
        "documented": number_of(found, Verdict::Documented),
        "undocumented": number_of(found, Verdict::Undocumented),
        "unknown": number_of(found, Verdict::Unknown),
        "by_kind": by_kind,
        "denied": question.denied.iter().map(|kind| kind.name()).collect::<Vec<_>>(),
        "outcomes": outcomes.collect::<Vec<_>>(),
        "client": shown(&found.whole, question),
        "privileges": { "delegated": found.delegated, "application": found.application },
        "coverage": {
            "contracts": store.contracts.len(),
            "used": found.used.len(),
            "areas": areas,
            "unused": unused.map(|(_, own)| own.id.as_str()).collect::<Vec<_>>(),
        },
        "unread": found.unread,
        "command_exit_code": question.command.flatten(),
        "seconds": question.elapsed.as_secs_f64(),
    })
}

fn shown(findings: &[Finding], question: &Question) -> Vec<Value> {
    let each = findings.iter().map(|own| {
        json!({
            "kind": own.found.kind.name(),
            "counts": question.counts(own),
            "message": own.found.message,
            "requests": own.requests,
            "numbers": own.numbers,
            "source": own.found.source,
            "metadata": own.found.declared,
        })
    });
    each.collect()
}

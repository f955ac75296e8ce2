//! Results that never change, with every outcome.

use std::path::{Path, PathBuf};
use std::time::Duration;

use graph_contracts::at::{At, RequestPart};
use graph_contracts::compare::{Coverage, Mismatch, MismatchKind, Reference, Severity};
use graph_contracts::diagnostic::{Code, Diagnostic};
use graph_contracts::json;
use graph_contracts::lint::Lint;
use graph_contracts::normal::{Level, UsedRules};
use graph_contracts::replay::{ContractOutcome, Outcome, RouteOutcome, Run};
use graph_contracts::report::{Correction, Evidence, Excerpt};
use graph_contracts::source::SourceLine;
use graph_contracts::store::Store;
use graph_contracts_changes::diff::{Diff, SetOf};
use graph_contracts_changes::{Change, Kind as ChangeKind, Place};
use graph_contracts_live::{LiveOutcome, LiveRun, Phase, StepOutcome, Traffic};
use graph_contracts_odata::check::{Check, Finding, RouteCheck, Verdict};
use graph_contracts_prove::{BlindSpot, Class, ClassCount, Count, Proof, Sampled};
use graph_contracts_traffic::{Expectations, Granted, Judge, Kind, Question, Verification, Verifier, read};
use jiff::Timestamp;

/// What a response must not be able to do to a report.
pub(crate) const HOSTILE: &str = "</script><script>document.title='owned'</script><img src=http://hostile.invalid/x onerror=alert(1)>\u{202e}|`@you`";

pub(crate) fn at() -> Timestamp {
    "2026-11-24T10:00:00Z".parse().expect("a time")
}

fn project(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

/// The contracts of the project.
pub(crate) fn store() -> Store {
    Store::read(&project("contracts")).expect("contracts")
}

fn mismatch(kind: MismatchKind, at: At, expected: &str, actual: &str, severity: Severity) -> Mismatch {
    Mismatch {
        kind,
        at,
        expected: expected.to_owned(),
        actual: actual.to_owned(),
        severity,
        source: SourceLine::new("000_4fe8af0c44e28dd1.txt", 75),
        reference: Reference::Documentation,
        rule: None,
    }
}

fn mismatches() -> Vec<Mismatch> {
    let at = |name: &str| At::Path(json::Path::root().member(name));
    vec![
        mismatch(MismatchKind::MissingMember, at("userName"), "\"User Name value\"", "nothing", Severity::Error),
        mismatch(MismatchKind::UndocumentedMember, at("extra"), "nothing", HOSTILE, Severity::Notice),
    ]
}

fn evidence() -> Evidence {
    let expected = "POST https://graph.microsoft.com/v1.0/x\n\nHTTP 201\n\n{\n  \"userName\": \"the red lamp\"\n}\n";
    let actual = format!(
        "POST https://graph.microsoft.com/v1.0/x\n\nHTTP 201\n\n{{\n  \"userName\": \"the blue lamp\",\n  \"extra\": {}\n}}\n",
        serde_json::Value::from(HOSTILE)
    );
    Evidence {
        reference: "documented in 000_4fe8af0c44e28dd1.txt:52".to_owned(),
        expected: expected.to_owned(),
        actual,
    }
}

/// A replay with every outcome.
pub(crate) fn replay(store: &Store) -> Run {
    let outcomes = [Outcome::Matched, Outcome::Mismatched, Outcome::Errored];
    let contracts = store.contracts.iter().zip(outcomes.into_iter().cycle()).map(|(contract, outcome)| {
        let is_broken = outcome == Outcome::Mismatched;
        let route = RouteOutcome {
            id: contract.id.clone(),
            route: format!("{} {}", contract.request.method, contract.routes[0].path),
            outcome,
            mismatches: if is_broken { mismatches() } else { Vec::new() },
            omitted: usize::from(is_broken),
            coverage: Coverage { exact: 4, shape: 1, none: usize::from(is_broken) },
            exceeded: None,
            error: (outcome == Outcome::Errored).then(|| format!("no response: {HOSTILE}")),
            evidence: is_broken.then(evidence),
            elapsed: Duration::from_millis(7),
        };
        ContractOutcome {
            id: contract.id.clone(),
            source: contract.location(),
            routes: vec![route],
            unused_rules: Vec::new(),
            to_review: None,
            used_rules: UsedRules::default(),
            elapsed: Duration::from_millis(7),
        }
    });
    Run {
        contracts: contracts.collect(),
        unreferenced_snapshots: vec!["snapshots/v1.0/gone.snap".into()],
        unused_rules: vec!["contracts/volatile.toml:9: $..never".to_owned()],
        elapsed: Duration::from_millis(1234),
    }
}

/// What the linter found in three pages: nothing, something to know, and something that counts.
pub(crate) fn lint() -> Lint {
    let diagnostic = |page: &str, code: Code, line: u32| {
        let message = format!("what is wrong: {HOSTILE}");
        Diagnostic::new(code, page, (line, 3), message)
    };
    Lint {
        root: PathBuf::new(),
        pages: 3,
        with_requests: 3,
        diagnostics: vec![
            diagnostic("api/b.md", Code::JsonTrailingComma, 7),
            diagnostic("api/c.md", Code::JsonTrailingComma, 8),
            diagnostic("api/c.md", Code::OrphanResponse, 9),
        ],
        excerpts: vec![
            Excerpt {
                fix: vec![Correction {
                    line: 7,
                    old: "  \"b\": 1,".to_owned(),
                    new: vec!["  \"b\": 1".to_owned()],
                    crlf: true,
                }],
                ..Excerpt::new("  \"b\": 1,", 9)
            },
            Excerpt::new(&format!("{HOSTILE} {}", "x".repeat(300)), 3),
            Excerpt::new("HTTP/1.1 200 OK", 1),
        ],
        suppressed: 1,
        known: 3,
        gone: 1,
        unused_suppressions: vec![(3, "todo-left on api/a.md".to_owned())],
        unjudged: [(Code::NoBody, 2)].into(),
        files: ["a", "b", "c"].map(|page| (format!("api/{page}.md"), format!("docs/api/{page}.md").into())).into(),
        elapsed: Duration::from_millis(30),
        ..Lint::default()
    }
}

/// A client with what counts, what does not, and what is not known.
pub(crate) fn client() -> (Verification, Question) {
    let granted = Granted::parse("delegated = ['DeviceManagementApps.ReadWrite.All']").expect("what was granted");
    let store = std::sync::Arc::new(store());
    let expectations = Expectations { granted: Some(granted), promised: None };
    let mut verifier = Verifier::new(Judge::new(store, &[], &[], false), expectations);
    let archive = std::fs::read(project("examples/client/client.har")).expect("an archive");
    read("client.har", "", archive.as_slice(), &mut |record| verifier.add(&record)).expect("an archive");
    let broken = br#"{"log":{"entries":[{}"#;
    if let Err(error) = read("broken.har", "broken.har:", broken.as_slice(), &mut |record| verifier.add(&record)) {
        verifier.unread(error.to_string());
    }
    let denied = Kind::deniable().filter(|kind| kind.is_denied_by_default()).collect();
    (verifier.end(), Question { of: "client.har, broken.har".to_owned(), denied, at: at(), ..Question::default() })
}

/// What changed between two sets of the project's contracts: something of each effect, in several places, and what is hostile.
pub(crate) fn changes() -> Diff {
    let place = |item: &str, at: &str, old: Option<u32>, new: Option<u32>| Place {
        item: item.to_owned(),
        at: at.to_owned(),
        spot: None,
        old: old.map(|line| SourceLine::new("000_4fe8af0c44e28dd1.txt", line)),
        new: new.map(|line| SourceLine::new("000_4fe8af0c44e28dd1.txt", line)),
    };
    let change = |kind: ChangeKind, subject: &str, (before, after): (&str, &str), places: Vec<Place>| Change {
        kind,
        area: "v1.0 deviceAppManagement".to_owned(),
        subject: subject.to_owned(),
        before: before.to_owned(),
        after: after.to_owned(),
        places,
        mismatch: None,
    };
    let (first, second) = ("v1.0/create-userinstallstatesummary", "v1.0/create-userstatussummary");
    let member = "$['notInstalledDeviceCount'] of the response";
    let removed = vec![place(first, member, Some(78), Some(72)), place(second, member, Some(70), Some(69))];
    let changes = vec![
        change(ChangeKind::ResponseMemberRemoved, member, ("7", "nothing"), removed),
        change(
            ChangeKind::OperationRemoved,
            "GET /lamps/{id}",
            ("GET /lamps/{id}", "nothing"),
            vec![place("v1.0/lamp-get", "GET /lamps/{id}", Some(3), None)],
        ),
        change(
            ChangeKind::PermissionAdded,
            "DeviceManagementApps.Read.All for a work or school account",
            ("DeviceManagementApps.ReadWrite.All", HOSTILE),
            vec![place(second, "", Some(20), Some(20))],
        ),
        change(
            ChangeKind::SampleChanged,
            "$['userName'] of the response",
            ("\"User Name value\"", "\"Another value\""),
            vec![place(first, "$['userName'] of the response", Some(75), Some(75))],
        ),
    ];
    Diff { of: SetOf::Contracts, old: 6, new: 5, changes, elapsed: Duration::from_millis(40) }
}

/// A check with every verdict: contradicted twice by one cause, a warning, accepted, and unknown.
pub(crate) fn check(store: &Store) -> Check {
    let finding = |index: usize, code: Code, at: RequestPart, accepted: bool| {
        let contract = &store.contracts[index];
        Finding {
            code,
            contract: contract.id.clone(),
            route: format!("{} {}", contract.request.method, contract.routes[0].path),
            at: At::Request(at),
            message: format!("what is wrong: {HOSTILE}"),
            source: SourceLine::new("000_4fe8af0c44e28dd1.txt", 75),
            metadata: (code != Code::NoMetadata).then(|| SourceLine::new("v1.0.csdl", 7)),
            subject: format!("subject of {code}"),
            accepted,
        }
    };
    let member = || RequestPart::Path(json::Path::root().member("userName"));
    let found = [
        (Verdict::Unknown, vec![finding(0, Code::NoMetadata, RequestPart::Url, false)]),
        (Verdict::Accepted, vec![finding(1, Code::MethodNotAllowed, RequestPart::Method, true)]),
        (Verdict::Confirmed, vec![finding(2, Code::NameCaseDiffers, RequestPart::Segment(1), false)]),
        (Verdict::Contradicted, vec![finding(3, Code::MemberNotInMetadata, member(), false)]),
        (Verdict::Contradicted, vec![finding(4, Code::MemberNotInMetadata, member(), false)]),
    ];
    let routes = store.contracts.iter().zip(found).map(|(contract, (verdict, findings))| RouteCheck {
        contract: contract.id.clone(),
        route: format!("{} {}", contract.request.method, contract.routes[0].path),
        source: contract.source_line(contract.routes[0].line),
        verdict,
        findings,
    });
    Check {
        contracts: store.contracts.len(),
        routes: routes.collect(),
        missing: ["beta".to_owned()].into(),
        missing_clouds: [("china:v1.0".to_owned(), 2)].into(),
        unused_suppressions: vec![(5, "null-not-allowed on *".to_owned())],
        metadata: vec![("v1.0".to_owned(), vec!["v1.0.csdl".to_owned()])],
        elapsed: Duration::from_millis(110),
    }
}

/// A proof in which one mutant passes, one is explained, and one variation is reported.
pub(crate) fn proof(store: &Store) -> Proof {
    let failure = |contract: usize, class: Class, explained: bool, false_alarm: bool| BlindSpot {
        contract: store.contracts[contract].id.clone(),
        class,
        at: Some(At::Path(json::Path::root().member("userName"))),
        level: Level::Exact,
        why: if explained { "masked by $..id".to_owned() } else { "nothing was reported".to_owned() },
        explained,
        false_alarm,
    };
    let class = ClassCount { mutants: 9, caught: 7, harmless: 4, false_alarms: 1 };
    let count = Count { by_class: [(Class::Drop, class)].into(), open: 2 };
    Proof {
        contracts: store.contracts.len(),
        count: count.clone(),
        specimens: count,
        failures: vec![
            failure(0, Class::Drop, false, false),
            failure(1, Class::Drop, true, false),
            failure(2, Class::MemberOrder, false, true),
        ],
        omitted: 1,
        sampled: vec![Sampled { contract: store.contracts[3].id.clone(), every: 4 }],
        elapsed: Duration::from_millis(1500),
    }
}

/// A live run with every outcome.
pub(crate) fn live(store: &Store) -> LiveRun {
    let steps = LiveOutcome::ALL.into_iter().enumerate().map(|(index, outcome)| {
        let contract = &store.contracts[index % store.contracts.len()];
        let has_drift = matches!(outcome, LiveOutcome::Drifted | LiveOutcome::KnownDrift);
        let is_asked = !matches!(outcome, LiveOutcome::Skipped | LiveOutcome::Errored);
        StepOutcome {
            id: contract.id.clone(),
            route: format!("{} {}", contract.request.method, contract.routes[0].path),
            phase: Phase::Create,
            outcome,
            reason: (!is_asked).then(|| "it writes, and --allow-writes is not given".to_owned()),
            skipped: (outcome == LiveOutcome::Skipped).then_some("writes"),
            mismatches: if has_drift { mismatches() } else { Vec::new() },
            omitted: 0,
            exceeded: None,
            coverage: Coverage { exact: 1, shape: 4, none: 0 },
            source: contract.location(),
            request_id: is_asked.then(|| format!("request-{index}")),
            client_request_id: is_asked.then(|| format!("client-{index}")),
            known_since: (outcome == LiveOutcome::KnownDrift).then(|| "2026-11-01".to_owned()),
            accepted: None,
            pending: None,
            elapsed: if is_asked { Duration::from_millis(40 * (index as u64 + 1)) } else { Duration::ZERO },
            evidence: has_drift.then(evidence),
        }
    });
    LiveRun {
        provider: "https://graph.microsoft.com/".to_owned(),
        steps: steps.collect(),
        traffic: Traffic { sent: 9, retries: 1, throttled: 1, created: 2, deleted: 2 },
        left_behind: vec!["/v1.0/users/7: answered 403 to DELETE".to_owned()],
        kept: Vec::new(),
        service: Vec::new(),
        ledger_error: None,
        stopped: true,
        elapsed: Duration::from_millis(2500),
    }
}

//! Live runs against a provider with which things go wrong: what is created is known, and is deleted.

use std::sync::Arc;
use std::time::Duration;

use graph_contracts::contract::Contract;
use graph_contracts::http::Limits;
use graph_contracts::normal::{DEFAULT_RULES, VolatileRules};
use graph_contracts::snapshot::SnapshotFolders;
use graph_contracts::store::Store;
use graph_contracts_live::{
    AccessToken, Conditions, Destination, Ledger, LiveOptions, LiveOutcome, LiveRun, Manners, Pace, Plan, Profile,
    ReadyToken, Tokens, Transport, run,
};
use graph_contracts_tenant::{Sandbox, SandboxOptions};

use graph_contracts_testing::{Fault, FaultyProxy};
use graph_contracts_testing::{TestResult, contracts_of_pair as page};

/// The life of a lamp. `status` is that of its creation.
fn lamps(status: &str) -> Arc<Store> {
    let lamp = r#"{ "id": "87d349ed-44d7-43e1-9a83-5f2406dee5bd", "name": "Desk", "watts": 5 }"#;
    let pages = [
        page("Create lamp", "POST /lamps", r#"{ "name": "Desk", "watts": 5 }"#, status, lamp),
        page("Delete lamp", "DELETE /lamps/{id}", "", "204 No Content", ""),
        page("Get lamp", "GET /lamps/{id}", "", "200 OK", lamp),
        page("Update lamp", "PATCH /lamps/{id}", r#"{ "watts": 6 }"#, "200 OK", &lamp.replace('5', "6")),
    ];
    let mut contracts: Vec<Contract> = pages.into_iter().flatten().collect();
    contracts.sort_by(|one, other| one.id.cmp(&other.id));
    store_of(contracts)
}

/// A simulated tenant, a proxy before it, and the folder of what runs keep.
struct Tenant {
    store: Arc<Store>,
    sandbox: Sandbox,
    proxy: FaultyProxy,
    folder: tempfile::TempDir,
    manners: Manners,
}

impl Tenant {
    async fn start(
        store: Arc<Store>,
        fault: impl Fn(usize, &str, &str) -> Fault + Send + Sync + 'static,
    ) -> Result<Tenant, Box<dyn std::error::Error>> {
        let options = SandboxOptions { drift: false, latency: Duration::ZERO, throttle_every: None };
        let sandbox = Sandbox::start(Arc::clone(&store), options).await?;
        let proxy = FaultyProxy::start(&sandbox.uri(), fault).await?;
        let manners = Manners { requests_per_second: 1000.0, ..Manners::default() };
        Ok(Tenant { store, sandbox, proxy, folder: tempfile::tempdir()?, manners })
    }

    fn ledger(&self) -> Result<Ledger, Box<dyn std::error::Error>> {
        let destination = Destination::new(&self.proxy.base.parse()?, self.sandbox.tenant());
        Ok(Ledger::open(self.folder.path().join("ledger.jsonl"), destination, "a test")?)
    }

    /// A whole run with leave to write, or one that only cleans up.
    async fn run(&self, pace: &Arc<Pace>, only_clean_up: bool) -> Result<LiveRun, Box<dyn std::error::Error>> {
        let tenant = self.sandbox.tenant().to_owned();
        let profile = Profile { tenant: Some(tenant.clone()), write_tenants: vec![tenant], ..Profile::default() };
        let selected: Vec<usize> = (0..self.store.contracts.len()).filter(|_| !only_clean_up).collect();
        let conditions = Conditions { profile: &profile, allow_writes: true, account: None, own_tenant: false };
        let plan = Plan::new(&self.store.contracts, &selected, &conditions);
        let tokens = Tokens::new(ReadyToken::new(AccessToken::new(self.sandbox.token(), None), "the sandbox"));
        let limits = Limits { head_timeout: Duration::from_millis(500), ..Limits::default() };
        let base = self.proxy.base.parse()?;
        let transport = Transport::new(reqwest::Client::builder(), base, tokens, Arc::clone(pace), limits)?;
        let snapshots = SnapshotFolders::same(self.folder.path().join("snapshots"));
        let options = LiveOptions {
            settling: Duration::from_millis(800),
            ..LiveOptions::new(snapshots, jiff::civil::date(2026, 11, 24))
        };
        Ok(run(&plan, Arc::clone(&self.store), transport, Some(self.ledger()?), options, |_| {}).await)
    }

    async fn whole_run(&self) -> Result<LiveRun, Box<dyn std::error::Error>> {
        self.run(&Arc::new(Pace::new(self.manners)), false).await
    }

    async fn clean_up(&self) -> Result<LiveRun, Box<dyn std::error::Error>> {
        self.run(&Arc::new(Pace::new(self.manners)), true).await
    }

    fn left(&self) -> Vec<String> {
        self.sandbox.left()
    }
}

/// The outcomes by method.
fn outcomes(run: &LiveRun) -> Vec<(&str, LiveOutcome)> {
    run.steps.iter().map(|step| (step.route.split(' ').next().unwrap_or_default(), step.outcome)).collect()
}

const ALL_MATCHED: [(&str, LiveOutcome); 4] = [
    ("POST", LiveOutcome::Matched),
    ("GET", LiveOutcome::Matched),
    ("PATCH", LiveOutcome::Matched),
    ("DELETE", LiveOutcome::Matched),
];

#[tokio::test]
async fn a_resource_lives_from_creation_to_deletion_whatever_status_says_that_it_was_created() -> TestResult {
    for status in ["201 Created", "200 OK"] {
        let tenant = Tenant::start(lamps(status), |_, _, _| Fault::None).await?;
        let run = tenant.whole_run().await?;
        assert_eq!(outcomes(&run), ALL_MATCHED, "{status}: {:?}", run.steps);
        assert_eq!((run.traffic.created, run.traffic.deleted, run.exit_code()), (1, 1, 0), "{status}");
        assert_eq!(tenant.left(), [""; 0]);
    }
    Ok(())
}

#[tokio::test]
async fn of_several_contracts_that_delete_one_object_one_does_and_the_others_are_left_out() -> TestResult {
    let mut contracts = lamps("201 Created").contracts.clone();
    for (title, url) in
        [("Delete desk lamp", "DELETE /lamps/{lamp-id}"), ("Delete old lamp", "DELETE /lamps/{oldLampId}")]
    {
        contracts.extend(page(title, url, "", "204 No Content", ""));
    }
    contracts.sort_by(|one, other| one.id.cmp(&other.id));
    let tenant = Tenant::start(store_of(contracts), |_, _, _| Fault::None).await?;
    let run = tenant.whole_run().await?;
    let deletions: Vec<LiveOutcome> =
        outcomes(&run).into_iter().filter(|(method, _)| *method == "DELETE").map(|(_, outcome)| outcome).collect();
    let count = |outcome| deletions.iter().filter(|other| **other == outcome).count();
    assert_eq!((count(LiveOutcome::Matched), count(LiveOutcome::Skipped)), (1, 2), "{:?}", run.steps);
    assert_eq!((run.traffic.created, run.traffic.deleted), (1, 1));
    Ok(())
}

#[tokio::test]
async fn an_object_that_appears_only_after_a_delay_is_waited_for() -> TestResult {
    // The first two requests about the object find nothing.
    let missing = std::sync::atomic::AtomicUsize::new(0);
    let fault = move |_, method: &str, path: &str| {
        let is_object = path.starts_with("/v1.0/lamps/") && (method == "GET" || method == "PATCH");
        match is_object && missing.fetch_add(1, std::sync::atomic::Ordering::SeqCst) < 2 {
            true => Fault::status("404 Not Found", ""),
            false => Fault::None,
        }
    };
    let tenant = Tenant::start(lamps("201 Created"), fault).await?;
    let run = tenant.whole_run().await?;
    assert_eq!(outcomes(&run), ALL_MATCHED, "{:?}", run.steps);
    Ok(())
}

#[tokio::test]
async fn what_a_creation_without_an_answer_made_is_found_and_deleted() -> TestResult {
    for fault in [Fault::ResetAfter, Fault::Silence, Fault::HeadOnly] {
        let for_post = fault.clone();
        let tenant = Tenant::start(lamps("201 Created"), move |_, method, _| match method {
            "POST" => for_post.clone(),
            _ => Fault::None,
        })
        .await?;
        let run = tenant.whole_run().await?;
        assert_eq!(run.steps[0].outcome, LiveOutcome::Errored, "{fault:?}: {:?}", run.steps[0]);
        assert_eq!(tenant.proxy.count("POST"), 1, "{fault:?}: a POST is not repeated");
        assert_eq!(tenant.left(), [""; 0], "{fault:?}: {:?}", run.left_behind);
        assert_eq!(run.left_behind, [""; 0], "{fault:?}");
        assert!(tenant.ledger()?.left().is_empty(), "{fault:?}");
    }
    Ok(())
}

#[tokio::test]
async fn an_object_that_somebody_else_has_is_not_taken_for_one_of_the_run() -> TestResult {
    // Whether the request arrives or not: objects like it are there already.
    for fault in [Fault::ResetBefore, Fault::Hold, Fault::ResetAfter] {
        let tenant = Tenant::start(lamps("201 Created"), move |_, method, _| match method {
            "POST" => fault.clone(),
            _ => Fault::None,
        })
        .await?;
        let collection = format!("{}/v1.0/lamps", tenant.sandbox.uri());
        for _ in 0..2 {
            let sent = reqwest::Client::new().post(&collection).bearer_auth(tenant.sandbox.token());
            let sent = sent.header("Content-Type", "application/json").body(r#"{ "name": "Desk", "watts": 5 }"#);
            assert_eq!(sent.send().await?.status(), 201);
        }
        let before = tenant.left();
        let run = tenant.whole_run().await?;
        assert_eq!(run.left_behind, [""; 0]);
        assert_eq!(tenant.left(), before, "those of others are still there");
    }
    Ok(())
}

#[tokio::test]
async fn an_object_that_was_there_before_is_not_the_runs_own_although_the_service_says_created() -> TestResult {
    let answer = Arc::new(std::sync::Mutex::new(Fault::None));
    let of_post = Arc::clone(&answer);
    let tenant = Tenant::start(lamps("201 Created"), move |_, method, _| match method {
        "POST" => of_post.lock().expect("no test panicked").clone(),
        _ => Fault::None,
    })
    .await?;
    let sent = reqwest::Client::new().post(format!("{}/v1.0/lamps", tenant.sandbox.uri()));
    let sent = sent.bearer_auth(tenant.sandbox.token()).header("Content-Type", "application/json");
    let made = sent.body(r#"{ "name": "Desk", "watts": 5 }"#).send().await?.text().await?;
    let (length, kind) = (made.len(), "Content-Type: application/json");
    let old = format!("HTTP/1.1 201 Created\r\n{kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{made}");
    *answer.lock().expect("no test panicked") = Fault::Answer(old);
    let before = tenant.left();
    let path = before[0].trim_start_matches(&tenant.sandbox.uri()).to_owned();
    let (collection, key) = path.rsplit_once('/').ok_or("no path")?;
    // As the body says, or as only the head does.
    for location in [None, Some(path.clone()), Some(format!("{collection}('{key}')"))] {
        if let Some(location) = location {
            *answer.lock().expect("no test panicked") =
                Fault::status("201 Created", &format!("Location: {location}\r\n"));
        }
        let run = tenant.whole_run().await?;
        assert_eq!((tenant.left(), run.traffic.created), (before.clone(), 0), "{:?}", run.steps);
        assert_eq!((tenant.proxy.count("PATCH"), tenant.proxy.count("DELETE")), (0, 0), "nothing is done to it");
    }
    Ok(())
}

#[tokio::test]
async fn a_deletion_that_fails_is_reported_and_tried_again_by_the_next_run() -> TestResult {
    let broken = Arc::new(std::sync::atomic::AtomicBool::new(true));
    let is_broken = Arc::clone(&broken);
    let tenant = Tenant::start(lamps("201 Created"), move |_, method, _| {
        match method == "DELETE" && is_broken.load(std::sync::atomic::Ordering::SeqCst) {
            true => Fault::status("403 Forbidden", ""),
            false => Fault::None,
        }
    })
    .await?;
    let run = tenant.whole_run().await?;
    assert_eq!(run.left_behind.len(), 1, "{:?}", run.left_behind);
    assert!(run.left_behind[0].contains("the service answers 403 to its DELETE"), "{:?}", run.left_behind);
    assert_ne!(run.exit_code(), 0);
    assert_eq!(tenant.left().len(), 1);
    broken.store(false, std::sync::atomic::Ordering::SeqCst);
    for deleted in [1, 0] {
        let run = tenant.clean_up().await?;
        assert_eq!((run.traffic.deleted, run.left_behind.len()), (deleted, 0));
        assert_eq!(tenant.left(), [""; 0]);
    }
    Ok(())
}

#[tokio::test]
async fn a_run_that_is_stopped_or_out_of_time_cleans_up_and_says_what_it_left_out() -> TestResult {
    let tenant = Tenant::start(lamps("201 Created"), |_, method, _| match method {
        "PATCH" => Fault::status("429 Too Many Requests", "Retry-After: 1\r\n"),
        _ => Fault::None,
    })
    .await?;
    let pace = Arc::new(Pace::new(tenant.manners));
    let stop = async {
        tenant.proxy.wait_for("PATCH").await;
        pace.stop();
    };
    let (stopped, ()) = tokio::join!(tenant.run(&pace, false), stop);
    let stopped = stopped?;
    assert!(stopped.stopped && stopped.exit_code() == 2);
    assert_eq!(stopped.steps[3].skipped, Some("stopped"), "{:?}", stopped.steps[3]);
    assert_eq!((stopped.left_behind.len(), tenant.left().len()), (0, 0));

    let hurried = Manners { time_budget: Duration::from_millis(800), ..tenant.manners };
    let late = tenant.run(&Arc::new(Pace::new(hurried)), false).await?;
    assert_eq!((late.steps[3].skipped, late.exit_code()), (Some("out-of-time"), 2), "{:?}", late.steps);
    assert_eq!((late.left_behind.len(), tenant.left().len()), (0, 0));
    Ok(())
}

/// A store of one page.
fn store_of(contracts: Vec<Contract>) -> Arc<Store> {
    let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("rules");
    Arc::new(Store::new(contracts, rules))
}

#[tokio::test]
async fn differences_beyond_those_that_are_listed_are_counted() -> TestResult {
    let members: Vec<String> = (0..1100).map(|number| format!("\"m{number}\": {number}")).collect();
    let lamp = format!("{{{}}}", members.join(", "));
    let answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
    let pages = page("Get lamp", "GET /lamps", "", "200 OK", &lamp);
    let tenant = Tenant::start(store_of(pages), move |_, _, _| Fault::Answer(answer.to_owned())).await?;
    let run = tenant.whole_run().await?;
    let step = &run.steps[0];
    assert_eq!((step.outcome, step.mismatches.len(), step.omitted), (LiveOutcome::Drifted, 1000, 100));
    assert_eq!(serde_json::to_value(step)?["omitted"], 100);
    let whole = Tenant::start(lamps("201 Created"), |_, _, _| Fault::None).await?.whole_run().await?;
    assert_eq!(serde_json::to_value(&whole.steps[0])?.get("omitted"), None);
    Ok(())
}

#[tokio::test]
async fn of_what_a_delta_says_is_gone_the_key_is_enough() -> TestResult {
    let lamps = |lamp: &str| format!(r#"{{"value": [{lamp}], "@odata.deltaLink": "https://x/y"}}"#);
    let pages = page("Get delta", "GET /lamps/delta", "", "200 OK", &lamps(r#"{"id": "1", "name": "Desk"}"#));
    for gone in [
        r#"{"id": "7", "@removed": {"reason": "deleted"}}"#,
        r##"{"@odata.context": "#lamps/$deletedEntity", "id": "7", "reason": "deleted"}"##,
    ] {
        let body = lamps(gone);
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        let tenant = Tenant::start(store_of(pages.clone()), move |_, _, _| Fault::Answer(answer.clone())).await?;
        let run = tenant.whole_run().await?;
        assert_eq!(outcomes(&run), [("GET", LiveOutcome::Matched)], "{gone}: {:?}", run.steps[0].mismatches);
    }
    Ok(())
}

#[tokio::test]
async fn a_run_that_is_dropped_sends_nothing_more() -> TestResult {
    let tenant = Tenant::start(lamps("201 Created"), |_, _, _| Fault::Hold).await?;
    tokio::select! {
        run = tenant.whole_run() => return Err(format!("{run:?}").into()),
        () = tenant.proxy.wait_for("GET") => {}
    }
    let sent = tenant.proxy.methods();
    // A request that is not answered is sent again after half a second.
    tokio::time::sleep(Duration::from_millis(2000)).await;
    assert_eq!(tenant.proxy.methods(), sent);
    Ok(())
}

#[tokio::test]
async fn a_ledger_that_cannot_be_closed_does_not_take_the_run_away() -> TestResult {
    let page = page("List lamps", "GET /lamps", "", "200 OK", r#"{ "value": [{ "name": "Desk" }] }"#);
    let place: Arc<std::sync::OnceLock<std::path::PathBuf>> = Arc::default();
    let ledger = Arc::clone(&place);
    let tenant = Tenant::start(store_of(page), move |_, _, _| {
        // Meanwhile, somebody puts a folder there.
        if let Some(ledger) = ledger.get().filter(|ledger| ledger.is_file()) {
            std::fs::remove_file(ledger).expect("removed");
            std::fs::create_dir(ledger).expect("made");
        }
        Fault::None
    })
    .await?;
    place.set(tenant.folder.path().join("ledger.jsonl")).expect("once");
    let run = tenant.whole_run().await?;
    assert_eq!((run.steps.len(), run.steps[0].outcome), (1, LiveOutcome::Matched), "{:?}", run.steps);
    let error = run.ledger_error.as_deref().unwrap_or_default();
    assert!(error.contains("ledger.jsonl: cannot remove it: "), "{error}");
    assert_eq!(run.exit_code(), 2);
    Ok(())
}

#[tokio::test]
async fn a_contract_with_two_routes_has_one_pending_snapshot() -> TestResult {
    let page = "# List lamps\n\n## HTTP request\n\n```http\nGET /lamps\nGET /rooms/hall/lamps\n```\n\n## Example\n\n```http\n\
        GET https://graph.microsoft.com/v1.0/lamps\n```\n\n```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n\
        {\n  \"value\": [\n    { \"id\": \"7\", \"on\": true }\n  ]\n}\n```\n";
    let store = store_of(graph_contracts_testing::contracts_of_text("lamp-list.md", page));
    assert_eq!(store.contracts[0].routes.len(), 2);
    // Each of the two departs while the other matches, and then both in one way.
    for (departs, differs) in [(&["/v1.0/lamps"][..], true), (&["/rooms/"], true), (&["/lamps"], false)] {
        let tenant = Tenant::start(Arc::clone(&store), move |_, _, path: &str| {
            let is_one = departs.iter().any(|part| path.starts_with(part) || path.contains(part));
            if is_one { Fault::status("403 Forbidden", "") } else { Fault::None }
        })
        .await?;
        let run = tenant.whole_run().await?;
        let drifted = run.count(LiveOutcome::Drifted);
        assert_eq!(
            (drifted, run.count(LiveOutcome::Matched)),
            if differs { (1, 1) } else { (2, 0) },
            "{:?}",
            run.steps
        );
        let id = &store.contracts[0].id;
        let pending = tenant.folder.path().join("snapshots").join(format!("{id}.snap.new"));
        let text = std::fs::read_to_string(&pending)?;
        assert_eq!(text.contains("as documented\n"), differs, "{text}");
        std::fs::rename(&pending, pending.with_extension(""))?;
        let run = tenant.whole_run().await?;
        assert_eq!((run.count(LiveOutcome::KnownDrift), run.exit_code()), (drifted, 0), "{:?}", run.steps);
        assert!(!pending.exists());
    }
    Ok(())
}

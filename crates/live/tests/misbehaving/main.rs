//! Live runs against services that misbehave: nothing foreign is changed or deleted, and nothing is left that is not named. The table of
//! `docs/reliability.md` names each of these tests.

#![expect(clippy::expect_used, reason = "a helper of a test may stop the test")]

mod contents;
mod creation;
mod deletion;
mod kill;
mod ownership;
mod service;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use graph_contracts::contract::Contract;
use graph_contracts::http::Limits;
use graph_contracts::normal::{DEFAULT_RULES, VolatileRules};
use graph_contracts::snapshot::SnapshotFolders;
use graph_contracts::store::Store;
use graph_contracts_live::{
    AccessToken, Conditions, Destination, Ledger, LiveOptions, LiveRun, Manners, Pace, Plan, Profile, ReadyToken,
    Tokens, Transport, run,
};
use graph_contracts_testing::contracts_of_pair;
use serde_json::{Value, json};
use tempfile::TempDir;

use self::service::{Answer, Misbehavior, Request, Service, State};

/// When the objects of others were created.
const LONG_AGO: &str = "2020-01-01T00:00:00Z";

/// The service may take this long until all of it shows what was written.
const SETTLING: Duration = Duration::from_millis(250);

/// A page with one pair; `null` is no body.
fn page(title: &str, request: &str, sent: &Value, status: &str, body: &Value) -> Vec<Contract> {
    let text = |body: &Value| if body.is_null() { String::new() } else { body.to_string() };
    contracts_of_pair(title, request, &text(sent), status, &text(body))
}

/// The life of a lamp that is created with these members.
fn life_of(collection: &str, sent: &Value) -> Vec<Contract> {
    let mut lamp = sent.clone();
    lamp["id"] = "87d349ed-44d7-43e1-9a83-5f2406dee5bd".into();
    if sent.get("name").is_none() {
        lamp["createdDateTime"] = "2024-01-01T00:00:00Z".into();
    }
    let item = format!("{collection}/{{id}}");
    let none = &Value::Null;
    let changed = json!({ "watts": 6 });
    [
        page("Create lamp", &format!("POST {collection}"), sent, "201 Created", &lamp),
        page("Get lamp", &format!("GET {item}"), none, "200 OK", &lamp),
        page("Update lamp", &format!("PATCH {item}"), &changed, "200 OK", &lamp),
        page("Delete lamp", &format!("DELETE {item}"), none, "204 No Content", none),
    ]
    .concat()
}

/// Lamps that have a name, which can carry a marker.
fn named() -> Vec<Contract> {
    life_of("/lamps", &json!({ "name": "Desk lamp", "watts": 5 }))
}

/// Lamps that have nothing but a number, and say when they were created.
fn unnamed() -> Vec<Contract> {
    life_of("/lamps", &json!({ "watts": 5 }))
}

/// What is there before a run: lamps of others that are equal to what the run creates, and something else.
fn before() -> State {
    let mut state = State::default();
    for key in ["f-1", "F.2"] {
        let lamp = json!({ "id": key, "name": "Desk lamp", "watts": 5, "createdDateTime": LONG_AGO });
        state.foreign(&format!("/v1.0/lamps/{key}"), &lamp);
    }
    state.foreign("/v1.0/users/u-1", &json!({ "id": "u-1", "displayName": "Ada" }));
    state.foreign("/v1.0/rooms/r-1", &json!({ "id": "r-1", "name": "A room" }));
    state.foreign("/v1.0/rooms/r-1/lamps/f-3", &json!({ "id": "f-3", "name": "Desk lamp" }));
    state
}

/// A service, and the folder of the ledger of runs against it.
struct Tenant {
    service: Service,
    contracts: Vec<Contract>,
    folder: TempDir,
    profile: Profile,
    settling: Duration,
}

impl Tenant {
    async fn start(contracts: Vec<Contract>, misbehave: Misbehavior) -> Tenant {
        Tenant::with_state(before(), contracts, misbehave).await
    }

    async fn with_state(state: State, contracts: Vec<Contract>, misbehave: Misbehavior) -> Tenant {
        let service = Service::start(state, misbehave).await.expect("a service");
        let profile = Profile {
            base_url: Some(service.base.clone()),
            tenant: Some("tenant".to_owned()),
            write_tenants: vec!["tenant".to_owned()],
            ..Profile::default()
        };
        Tenant { service, contracts, folder: tempfile::tempdir().expect("a folder"), profile, settling: SETTLING }
    }

    fn ledger(&self) -> Ledger {
        let destination = Destination::new(&self.service.base.parse().expect("a URL"), "tenant");
        Ledger::open(self.folder.path().join("ledger.jsonl"), destination, "a test").expect("a ledger")
    }

    /// Whether no run has the ledger.
    fn is_unlocked(&self) -> bool {
        let destination = Destination::new(&self.service.base.parse().expect("a URL"), "tenant");
        Ledger::open(self.folder.path().join("ledger.jsonl"), destination, "a test").is_ok()
    }

    /// A whole run with leave to write.
    async fn run(&self) -> LiveRun {
        self.run_some(false).await
    }

    /// A run that only cleans up.
    async fn clean_up(&self) -> LiveRun {
        self.run_some(true).await
    }

    async fn run_some(&self, only_clean_up: bool) -> LiveRun {
        let rules = VolatileRules::parse("volatile.toml", DEFAULT_RULES).expect("rules");
        let store = Arc::new(Store::new(self.contracts.clone(), rules));
        let selected: Vec<usize> = (0..store.contracts.len()).filter(|_| !only_clean_up).collect();
        let conditions = Conditions { profile: &self.profile, allow_writes: true, account: None, own_tenant: false };
        let plan = Plan::new(&store.contracts, &selected, &conditions);
        let tokens = Tokens::new(ReadyToken::new(AccessToken::new("token-0123456789".to_owned(), None), "a test"));
        let limits = Limits {
            head_timeout: Duration::from_millis(500),
            idle_timeout: Duration::from_millis(500),
            ..Limits::default()
        };
        let time_budget = Duration::from_secs(20);
        let manners = Manners { requests_per_second: 1000.0, time_budget, ..Manners::default() };
        let base = self.service.base.parse().expect("a URL");
        let pace = Arc::new(Pace::new(manners));
        let transport = Transport::new(reqwest::Client::builder(), base, tokens, pace, limits).expect("a transport");
        let options = LiveOptions {
            settling: self.settling,
            list_limit: 50,
            purge_deleted: self.profile.purge_deleted,
            ..LiveOptions::new(
                SnapshotFolders::same(self.folder.path().join("snapshots")),
                jiff::civil::date(2026, 11, 24),
            )
        };
        run(&plan, store, transport, Some(self.ledger()), options, |_| {}).await
    }

    /// What holds whatever a service does: nothing foreign is changed or deleted, and what is left is named.
    #[track_caller]
    fn check(&self, run: &LiveRun) {
        let state = self.service.state();
        assert_eq!(state.violations, [""; 0], "{run:?}");
        for path in state.left() {
            let (collection, _) = path.rsplit_once('/').expect("a key");
            let names = |text: &String| {
                text.contains(&path) || [",", " ("].iter().any(|end| text.contains(&format!("{collection}{end}")))
            };
            assert!(run.left_behind.iter().chain(&run.kept).any(names), "{path} is left and not named: {run:?}");
        }
        assert!(run.left_behind.is_empty() || run.exit_code() == 2, "{run:?}");
    }

    /// The same, and nothing is left.
    #[track_caller]
    fn check_clean(&self, run: &LiveRun) {
        self.check(run);
        assert_eq!(self.service.state().left(), [""; 0], "{run:?}");
        assert_eq!(run.left_behind, [""; 0], "{run:?}");
        assert!(self.ledger().left().is_empty());
    }
}

/// What becomes of the run's objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    /// They are deleted, and nothing is named.
    Nothing,
    /// What is left is named; something is.
    Named,
    /// Nothing is created in the first place.
    Uncreated,
}

/// A run, and a second one that only cleans up, against a service that misbehaves in this way.
async fn check(
    contracts: Vec<Contract>,
    misbehave: impl FnMut(&mut State, &Request) -> Option<Answer> + Send + 'static,
    left: Left,
) {
    check_within(SETTLING, contracts, misbehave, left).await;
}

/// The same against a service that may take this long until it shows what was written: for one that takes some time, whatever else this
/// machine does meanwhile.
async fn check_within(
    settling: Duration,
    contracts: Vec<Contract>,
    misbehave: impl FnMut(&mut State, &Request) -> Option<Answer> + Send + 'static,
    left: Left,
) {
    let mut tenant = Tenant::start(contracts, Box::new(misbehave)).await;
    tenant.settling = settling;
    let run = tenant.run().await;
    match left {
        Left::Nothing => tenant.check_clean(&run),
        Left::Named => {
            tenant.check(&run);
            assert_ne!(run.left_behind, [""; 0], "{run:?}");
        }
        Left::Uncreated => {
            tenant.check_clean(&run);
            assert_eq!(run.traffic.created, 0, "{run:?}");
        }
    }
    let again = tenant.clean_up().await;
    tenant.check(&again);
}

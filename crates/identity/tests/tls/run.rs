//! Whole runs over TLS.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use graph_contracts::http::{Limits, OutgoingRequest};
use graph_contracts::snapshot::SnapshotFolders;
use graph_contracts_identity::{Source, http};
use graph_contracts_live::{
    AccessToken, Conditions, Destination, IdentityKind, Ledger, LiveOptions, LiveRun, Pace, Plan, TokenError,
    TokenFuture, TokenSource, Tokens, Transport, run,
};
use tracing_subscriber::fmt::MakeWriter;

use crate::support::{CANARY, Tenant, TestResult};

/// A run with leave to write; its tokens are those of a source.
async fn whole_run(tenant: &Tenant, source: impl TokenSource + 'static) -> Result<LiveRun, Box<dyn std::error::Error>> {
    let profile = tenant.profile(IdentityKind::ClientSecret);
    let selected: Vec<usize> = (0..tenant.store.contracts.len()).collect();
    let conditions = Conditions { profile: &profile, allow_writes: true, account: None, own_tenant: true };
    let plan = Plan::new(&tenant.store.contracts, &selected, &conditions);
    let folder = tempfile::tempdir()?;
    let base: reqwest::Url = tenant.base.parse()?;
    let destination = Destination::new(&base, tenant.sandbox.tenant());
    let ledger = Ledger::open(folder.path().join("ledger.jsonl"), destination, "a test")?;
    let pace = Arc::new(Pace::new(profile.manners()));
    let transport =
        Transport::new(http::builder(&profile.ca_cert)?, base, Tokens::new(source), pace, Limits::default())?;
    let options = LiveOptions {
        own_tenant: true,
        ..LiveOptions::new(SnapshotFolders::same(folder.path().join("snapshots")), jiff::civil::date(2026, 11, 24))
    };
    Ok(run(&plan, Arc::clone(&tenant.store), transport, Some(ledger), options, |_| {}).await)
}

fn source(tenant: &Tenant) -> Result<Source, Box<dyn std::error::Error>> {
    let profile = tenant.profile(IdentityKind::ClientSecret);
    let client = http::builder(&profile.ca_cert)?;
    let secret = |name: &str| (name == "SECRET").then(|| CANARY.to_owned());
    Ok(Source::with_environment(&profile, client, secret)?.ok_or("no identity")?)
}

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no test panicked").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Log;

    fn make_writer(&self) -> Log {
        self.clone()
    }
}

#[tokio::test]
async fn a_run_over_tls_creates_compares_and_deletes_and_logs_no_secret() -> TestResult {
    let log = Log::default();
    // That of all tests in this process.
    let logging = tracing_subscriber::fmt().with_max_level(tracing_subscriber::filter::LevelFilter::TRACE);
    logging.with_writer(log.clone()).try_init().map_err(|error| error.to_string())?;
    let tenant = Tenant::start().await?;
    let run = whole_run(&tenant, source(&tenant)?).await?;
    assert_eq!((run.exit_code(), run.traffic.created, run.traffic.deleted), (0, 6, 6), "{:?}", run.steps);
    assert_eq!(tenant.sandbox.left(), [""; 0]);
    let text = String::from_utf8_lossy(&log.0.lock().expect("no test panicked")).into_owned();
    assert!(!text.is_empty(), "something is logged");
    let token = tenant.sandbox.token();
    let payload = token.split('.').nth(1).ok_or("no JSON web token")?;
    assert!(!text.contains(CANARY) && !text.contains(&payload[..40]), "a secret is logged");
    Ok(())
}

/// Gives tokens that the provider does not know from the second on, until it is asked for a fresh one.
struct Expiring {
    good: String,
    asked: Arc<AtomicUsize>,
    first_is_good: bool,
}

impl TokenSource for Expiring {
    fn token<'a>(&'a self, fresh: bool) -> TokenFuture<'a> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let good = fresh && self.first_is_good;
        let token = if good { self.good.clone() } else { format!("{CANARY}.expired") };
        Box::pin(async move { Ok::<_, TokenError>(AccessToken::new(token, None)) })
    }
}

#[tokio::test]
async fn a_token_that_the_service_no_longer_takes_is_refreshed_once_for_all() -> TestResult {
    let tenant = Tenant::start().await?;
    let asked = Arc::new(AtomicUsize::new(0));
    let source = Expiring { good: tenant.sandbox.token(), asked: Arc::clone(&asked), first_is_good: true };
    let run = whole_run(&tenant, source).await?;
    assert_eq!((run.exit_code(), asked.load(Ordering::SeqCst)), (0, 2), "{:?}", run.steps);
    assert_eq!(tenant.sandbox.left(), [""; 0]);
    Ok(())
}

#[tokio::test]
async fn a_storm_of_401_ends_with_one_refresh_and_writes_nothing() -> TestResult {
    let tenant = Tenant::start().await?;
    let asked = Arc::new(AtomicUsize::new(0));
    let source = Expiring { good: String::new(), asked: Arc::clone(&asked), first_is_good: false };
    let run = whole_run(&tenant, source).await?;
    assert_eq!(run.exit_code(), 2);
    // What goes into an object that another step creates is not even asked for.
    let asked = run.steps.iter().filter(|step| step.skipped.is_none());
    let reasons: Vec<&str> = asked.filter_map(|step| step.reason.as_deref()).collect();
    assert_eq!(reasons.len(), 5, "{:?}", run.steps);
    assert!(reasons.iter().all(|why| why.contains("refuses the access token (401)")), "{reasons:?}");
    assert!(reasons.iter().all(|why| !why.contains(CANARY)), "{reasons:?}");
    assert_eq!((run.traffic.created, tenant.sandbox.left().len()), (0, 0));
    Ok(())
}

#[tokio::test]
async fn a_provider_that_nobody_vouches_for_gets_no_token() -> TestResult {
    let tenant = Tenant::start().await?;
    let profile = tenant.profile(IdentityKind::ClientSecret);
    let transport = Transport::new(
        http::builder(&[])?,
        tenant.base.parse()?,
        Tokens::new(source(&tenant)?),
        Arc::new(Pace::new(profile.manners())),
        Limits::default(),
    )?;
    let request =
        OutgoingRequest { method: "POST".to_owned(), path_and_query: "/v1.0/lamps".to_owned(), ..Default::default() };
    let error = transport.send(request).await.expect_err("no connection").to_string();
    assert!(
        error.contains("certificate is not trusted") && error.contains("`ca_cert`") && !error.contains(CANARY),
        "{error}"
    );
    assert_eq!(tenant.sandbox.log().iter().filter(|logged| logged.path.contains("lamps")).count(), 0);
    Ok(())
}

//! `cargo xtask verify-live`

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use graph_contracts::contract::Store;
use graph_contracts::live::{
    Account, Claims, Conditions, Ledger, LiveOptions, Manners, Pace, Plan, Profile, ReadyToken, Target, Tokens,
    Transport, live_folder, parse_duration, run as run_live,
};
use graph_contracts::replay::Limits;
use graph_contracts::report::json;
use graph_contracts::sandbox::{Sandbox, SandboxOptions};
use tokio::sync::watch;

use crate::output;
use crate::selection::Selection;

/// Replay contracts against a live service.
///
/// Plans first, writes nothing unless --allow-writes is given and the profile lists the tenant, touches only objects that it
/// created itself, and deletes them at the end. Where the service answers otherwise than documented, a pending snapshot waits for
/// `cargo insta review`. Exits with 1 if there is drift that nobody accepted, or an accepted one that is over.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    /// What to do and where: a TOML file; docs/verify-live.md explains its keys
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,

    /// Against a small simulated tenant within this process: a test double, which needs no profile
    #[arg(long, conflicts_with_all = ["profile", "base_url", "token_env", "tenant"])]
    sandbox: bool,

    /// The simulated tenant departs from the documentation in named ways
    #[arg(long, requires = "sandbox")]
    sandbox_drift: bool,

    /// The provider's base URL, without a version; https, or http on this machine
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,

    /// The tenant's id
    #[arg(long, value_name = "ID")]
    tenant: Option<String>,

    /// The environment variable that holds a ready access token
    #[arg(long, value_name = "NAME")]
    token_env: Option<String>,

    /// Let contracts write, if the profile lists the tenant in `write_tenants`
    #[arg(long)]
    allow_writes: bool,

    /// Send no request; print what would be sent, and what is left out and why
    #[arg(long)]
    dry_run: bool,

    /// Only delete what earlier runs left behind
    #[arg(long, conflicts_with = "dry_run")]
    cleanup: bool,

    /// Members that a page does not document are drift even where its example is shortened
    #[arg(long)]
    strict: bool,

    /// How many requests are under way at a time
    #[arg(long, value_name = "N")]
    concurrency: Option<NonZeroU32>,

    /// How many requests are sent in a second
    #[arg(long, value_name = "N")]
    requests_per_second: Option<NonZeroU32>,

    /// How long the run may wait for throttling: 90s, 10m, 1h
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    time_budget: Option<Duration>,

    /// The folder of the reviewed snapshots; accepted drift is in its folder `live`
    #[arg(long, value_name = "DIR", default_value = "snapshots")]
    snapshots: PathBuf,

    /// Also write the result to this file, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Where a run goes, and as whom.
struct Connection {
    /// The name of the profile: that of its file.
    name: String,
    profile: Profile,
    /// None where nothing is going to be sent.
    tokens: Option<Tokens>,
    /// The simulated tenant, which lives as long as this.
    sandbox: Option<Sandbox>,
}

/// The name of the profile of simulated tenants.
const SANDBOX: &str = "sandbox";

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    tokio::runtime::Runtime::new()?.block_on(verify(arguments))
}

async fn verify(arguments: &Arguments) -> anyhow::Result<u8> {
    let store = Arc::new(Store::read(&arguments.selection.contracts)?);
    let Selection { filters, contracts } = &arguments.selection;
    let selected = store.select(filters, contracts)?;
    let connection = connect(arguments, &store).await?;
    let Connection { name, profile, tokens, sandbox } = connection;
    let (name, profile) = (name.as_str(), &profile);
    // A plan without an account is still a plan: --dry-run needs no token.
    let claims = match &tokens {
        Some(tokens) => tokens.get().await?.claims(),
        None => None,
    };
    check_tenant(profile, claims.as_ref())?;
    // A simulated tenant allows everybody everything.
    let account = claims.as_ref().filter(|_| sandbox.is_none()).and_then(account);
    let conditions = Conditions { profile, allow_writes: arguments.allow_writes, account: account.as_ref() };
    let plan = Plan::new(&store.contracts, &selected, &conditions);
    let mut terminal = output::terminal();
    terminal.plan(&plan, &store.contracts, profile.base_url(), arguments.dry_run)?;
    if sandbox.is_some() {
        output::note("the sandbox is a simulated tenant in this process: a test double, not Microsoft Graph")?;
    }
    if arguments.dry_run {
        return Ok(0);
    }
    let Some(tokens) = tokens else { bail!("there is no token") };
    if account.is_none() && sandbox.is_none() {
        output::note("the token cannot be read, so nothing is known of its permissions")?;
    }
    let base = profile.base_url().parse().with_context(|| format!("{}: no URL", profile.base_url()))?;
    let ledger = ledger(arguments, profile, name, &base, &plan)?;
    let manners = manners(profile);
    let transport =
        Transport::new(reqwest::Client::builder(), base, tokens, Arc::new(Pace::new(manners)), Limits::default())?;
    let plan = if arguments.cleanup { Plan { steps: Vec::new() } } else { plan };
    let options = LiveOptions {
        live_snapshots: live_folder(&arguments.snapshots, name),
        concurrency: usize::try_from(manners.concurrency.get())?,
        strict: arguments.strict,
        day: jiff::Zoned::now().date(),
    };
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            // What is in flight is finished, and what was created is deleted.
            stop.send_replace(true);
        }
        // The receiver sees an end of the channel as no change.
        std::future::pending::<()>().await;
    });
    let mut written = Ok(());
    let live = run_live(&plan, Arc::clone(&store), transport, ledger, options, stopped, |step| {
        if written.is_ok() {
            written = terminal.live_step(step);
        }
    })
    .await?;
    // Files first: whoever reads the terminal may go away.
    if let Some(file) = &arguments.json {
        output::write_json(file, &json::live(&live))?;
    }
    written?;
    terminal.live(&live)?;
    if arguments.cleanup {
        return Ok(if live.left_behind.is_empty() { 0 } else { 2 });
    }
    Ok(live.exit_code())
}

async fn connect(arguments: &Arguments, store: &Arc<Store>) -> anyhow::Result<Connection> {
    if arguments.sandbox {
        let options = SandboxOptions { drift: arguments.sandbox_drift, ..SandboxOptions::default() };
        let sandbox = Sandbox::start(Arc::clone(store), options).await?;
        let tenant = sandbox.tenant().to_owned();
        let mut profile = Profile {
            base_url: Some(sandbox.uri()),
            tenant: Some(tenant.clone()),
            write_tenants: vec![tenant],
            requests_per_second: Some(1000.0),
            ..Profile::default()
        };
        override_profile(&mut profile, arguments);
        let tokens = Some(Tokens::new(ReadyToken::of_sandbox(&sandbox)));
        return Ok(Connection { name: SANDBOX.to_owned(), profile, tokens, sandbox: Some(sandbox) });
    }
    let (name, mut profile) = match &arguments.profile {
        None => ("flags".to_owned(), Profile::default()),
        Some(file) => {
            let shown = file.display().to_string();
            let text = std::fs::read_to_string(file).with_context(|| format!("{shown}: cannot be read"))?;
            let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            (name, Profile::parse(&shown, &text)?)
        }
    };
    if name == SANDBOX {
        bail!("a profile cannot be called `{SANDBOX}`: that is the simulated tenant's name; rename the file");
    }
    override_profile(&mut profile, arguments);
    let Some(variable) = &profile.token_env else {
        if arguments.dry_run {
            return Ok(Connection { name, profile, tokens: None, sandbox: None });
        }
        bail!("there is no token: name the environment variable that holds one with --token-env, or try --sandbox");
    };
    let tokens = match ReadyToken::from_env(variable) {
        Ok(token) => Some(Tokens::new(token)),
        Err(_) if arguments.dry_run => None,
        Err(error) => return Err(error.into()),
    };
    Ok(Connection { name, profile, tokens, sandbox: None })
}

/// What the command line says wins over the profile.
fn override_profile(profile: &mut Profile, arguments: &Arguments) {
    if let Some(base) = &arguments.base_url {
        (profile.base_url, profile.cloud) = (Some(base.clone()), None);
    }
    if let Some(tenant) = &arguments.tenant {
        profile.tenant = Some(tenant.clone());
    }
    if let Some(variable) = &arguments.token_env {
        (profile.token_env, profile.identity) = (Some(variable.clone()), None);
    }
    if let Some(concurrency) = arguments.concurrency {
        profile.concurrency = usize::try_from(concurrency.get()).ok();
    }
    if let Some(rate) = arguments.requests_per_second {
        profile.requests_per_second = Some(f64::from(rate.get()));
    }
    profile.time_budget = arguments.time_budget.or(profile.time_budget);
}

fn manners(profile: &Profile) -> Manners {
    let usual = Manners::default();
    let whole = |number: f64| NonZeroU32::new(number.ceil().clamp(1.0, f64::from(u32::MAX)) as u32);
    let concurrency = profile.concurrency.and_then(|number| u32::try_from(number).ok()).and_then(NonZeroU32::new);
    Manners {
        concurrency: concurrency.unwrap_or(usual.concurrency),
        requests_per_second: profile.requests_per_second.and_then(whole).unwrap_or(usual.requests_per_second),
        time_budget: profile.time_budget.unwrap_or(usual.time_budget),
    }
}

/// A token for another tenant than the profile's writes where nobody allowed it.
fn check_tenant(profile: &Profile, claims: Option<&Claims>) -> anyhow::Result<()> {
    let Some(own) = claims.and_then(|claims| claims.tid.as_ref()) else { return Ok(()) };
    match &profile.tenant {
        Some(tenant) if !tenant.eq_ignore_ascii_case(own) => {
            bail!("the token is for the tenant {own}, and the profile for {tenant}")
        }
        _ => Ok(()),
    }
}

fn account(claims: &Claims) -> Option<Account> {
    if !claims.roles.is_empty() {
        Some(Account::Application(claims.roles.clone()))
    } else if !claims.scp.is_empty() {
        Some(Account::User(claims.scp.clone()))
    } else {
        None
    }
}

/// The ledger of a profile; there has to be one where something is written or cleaned up.
fn ledger(
    arguments: &Arguments,
    profile: &Profile,
    name: &str,
    base: &reqwest::Url,
    plan: &Plan,
) -> anyhow::Result<Option<Ledger>> {
    let path = Path::new("target/verify-live").join(name).join("ledger.jsonl");
    let is_needed = arguments.cleanup || path.exists() || plan.active().any(|step| step.writes());
    if !is_needed {
        return Ok(None);
    }
    // A simulated tenant is another one each time: what an earlier one held is gone with it.
    if arguments.sandbox && path.exists() {
        std::fs::remove_file(&path).with_context(|| format!("{}: cannot be removed", path.display()))?;
    }
    let Some(tenant) = &profile.tenant else {
        bail!("the profile names no tenant, and without one nothing is deleted")
    };
    Ok(Some(Ledger::open(path, Target::new(base, tenant))?))
}

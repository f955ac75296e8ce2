//! `graph-contracts verify-live`

mod connection;
mod find_marked;
mod learn;
mod ledger;
mod profile;
mod service;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use graph_contracts::command_line::{command_line, explain};
use graph_contracts::report::{Detail, Line};
use graph_contracts::snapshot::SnapshotFolders;
use graph_contracts_live::{
    Account, Claims, Conditions, LIST_LIMIT, LiveOptions, LiveOutcome, Pace, Plan, Profile, SETTLING, Skip, Transport,
    run as run_live,
};
use jiff::Timestamp;

use self::connection::Connection;
pub(crate) use self::profile::is_of_profile;
use self::profile::{Origin, ProfileArguments};
use crate::limits::LimitArguments;
use crate::output;
use crate::report_files::ReportArguments;
use crate::selection::Selection;

/// Replay contracts against a live service.
///
/// Plans first. Writes only if --allow-writes is given and the profile lists the tenant, changes only objects that it
/// created itself, and deletes them at the end. Where the service departs from the documentation, leaves a pending snapshot for
/// `review`. Exits with 1 if there is drift that was not accepted, or accepted drift that is over. See `graph-contracts explain verify-live`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    #[command(flatten, next_help_heading = "Profile")]
    profile: ProfileArguments,

    /// Use a small simulated tenant within this process: a test double, which needs no profile
    #[arg(long, conflicts_with_all = ["profile", "cloud", "base_url", "token_env", "identity", "tenant", "write_tenants"])]
    sandbox: bool,

    /// Let the simulated tenant depart from the documentation in named ways
    #[arg(long)]
    sandbox_drift: bool,

    /// Let contracts write, if the profile lists the tenant in `write_tenants`
    #[arg(long)]
    allow_writes: bool,

    /// Send no request; print what would be sent, and what is left out and why. There is no report of that; --json FILE writes it
    #[arg(long, conflicts_with = "report")]
    dry_run: bool,

    /// Delete what earlier runs left behind, and do nothing else
    #[arg(long, conflicts_with = "dry_run")]
    cleanup: bool,

    /// Forget what --cleanup lists and cannot prove to be this tool's, after you have looked after it
    #[arg(long, requires = "cleanup")]
    acknowledge: bool,

    /// Where the ledger is lost: list the objects that carry a marker of any run, and delete none
    #[arg(long, requires = "cleanup", conflicts_with = "acknowledge")]
    find_marked: bool,

    /// Send every reading request twice, and propose rules for the volatile values that differ, as a patch of volatile.toml. Writes
    /// nothing to the service, and does not apply the patch. There is no report of that; --json FILE writes it
    #[arg(long, conflicts_with_all = ["allow_writes", "cleanup", "strict", "report"])]
    learn: bool,

    /// Report undocumented members as drift even where the example of the page is shortened, or the service's metadata declares them
    #[arg(long)]
    strict: bool,

    /// Compare with the reviewed snapshots in this folder; accepted drift is in its folder `live`
    #[arg(long, value_name = "DIR", default_value = "snapshots")]
    snapshots: PathBuf,

    #[command(flatten, next_help_heading = "Results")]
    report: ReportArguments,

    #[command(flatten, next_help_heading = "Limits of a response")]
    limits: LimitArguments,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let runtime = tokio::runtime::Runtime::new()?;
    let ended = runtime.block_on(verify(arguments));
    // A response that is still being compared keeps no run from ending.
    runtime.shutdown_background();
    ended
}

async fn verify(arguments: &Arguments) -> anyhow::Result<u8> {
    let at = Timestamp::now();
    let (store, selected) = arguments.selection.read()?;
    let (Selection { filters, contracts, .. }, report) = (&arguments.selection, &arguments.report);
    let connection = match arguments.sandbox {
        true => Connection::to_sandbox(&arguments.profile, &store, arguments.sandbox_drift).await?,
        false => Connection::of_profile(&arguments.profile, arguments.dry_run)?,
    };
    let Connection { name, profile, origin, tokens, http, sandbox } = connection;
    let (name, profile) = (name.as_str(), &profile);
    // A plan without an account is still a plan: --dry-run needs no token.
    let claims = match &tokens {
        Some(tokens) => tokens.get().await?.claims(),
        None => None,
    };
    check_tenant(profile, &origin, claims.as_ref())?;
    // A simulated tenant allows everybody everything.
    let account = claims.as_ref().filter(|_| sandbox.is_none()).and_then(account);
    let conditions = Conditions {
        profile,
        allow_writes: arguments.allow_writes,
        account: account.as_ref(),
        own_tenant: sandbox.is_some(),
    };
    let plan = Plan::new(&store.contracts, &selected, &conditions);
    let plan = if arguments.learn { plan.only_reads() } else { plan };
    let mut terminal = output::terminal();
    let effects = match (arguments.dry_run, arguments.learn) {
        (true, false) => Some(plan.effects(&store.contracts, &selected, &conditions)),
        // A run that only reads has none.
        (true, true) => Some(Vec::new()),
        (false, _) => None,
    };
    let planned = plan.report(&store.contracts, profile.base_url(), at, effects.as_deref());
    let planned_code = match arguments.dry_run {
        true => report.emit(&mut terminal, &planned)?,
        // The result of a run is what came of its plan.
        false if terminal.detail() == Detail::Result => planned.exit_code,
        false => {
            terminal.report(&planned)?;
            planned.exit_code
        }
    };
    if sandbox.is_some() {
        output::note("the sandbox is a simulated tenant in this process: a test double, not Microsoft Graph")?;
    }
    for unmatched in origin.unmatched(profile, &store.contracts) {
        output::note(&unmatched)?;
    }
    if arguments.dry_run {
        match plan.active().next().is_none() {
            false => output::say_next(&mut terminal, "Send these requests", &output::again("--dry-run", &[]))?,
            true => {
                let nothing = format!("No request would be sent; {} says what a plan needs.", explain("verify-live"));
                terminal.lines(&[Line::plain(nothing)])?;
                // What else keeps them from being sent, the next plan says.
                if plan.steps.iter().any(|step| step.skip == Some(Skip::WritesNotAllowed)) {
                    let command = output::again("", &["--allow-writes"]);
                    output::say_next(&mut terminal, "To plan what writes, too", &command)?;
                }
            }
        }
        return Ok(planned_code);
    }
    let Some(tokens) = tokens else { bail!("there is no token") };
    if account.is_none() && sandbox.is_none() {
        output::note("the token cannot be read, so its permissions are unknown")?;
    }
    let base = profile.base_url().parse().with_context(|| format!("{}: no URL", profile.base_url()))?;
    let cleans_up = arguments.cleanup && !arguments.find_marked;
    let writes = cleans_up || (arguments.allow_writes && profile.may_write());
    let ledger = if writes { Some(ledger::open(profile, &base)?) } else { None };
    let manners = profile.manners();
    let pace = Arc::new(Pace::new(manners));
    let limits = arguments.limits.limits();
    let transport = Transport::new(http, base.clone(), tokens, Arc::clone(&pace), limits)?;
    tokio::spawn(stop_on_signal(Arc::clone(&pace)));
    if arguments.learn {
        let concurrency = usize::try_from(manners.concurrency.get())?;
        return learn::run(arguments, name, &plan, store, transport, concurrency).await;
    }
    if arguments.find_marked {
        return find_marked::run(&plan, store, transport, report).await;
    }
    let plan = if arguments.cleanup { Plan { steps: Vec::new() } } else { plan };
    let service = service::service(profile, &base, sandbox.is_some(), (&plan, &store), &pace).await?;
    let folders = SnapshotFolders::of_environment(&arguments.snapshots).map_err(anyhow::Error::msg)?;
    let snapshots = folders.live(name);
    let options = LiveOptions {
        concurrency: usize::try_from(manners.concurrency.get())?,
        strict: arguments.strict,
        settling: profile.settling.unwrap_or(SETTLING),
        list_limit: profile.list_limit.unwrap_or(LIST_LIMIT),
        own_tenant: sandbox.is_some(),
        purge_deleted: profile.purge_deleted,
        service: service.rules,
        ..LiveOptions::new(snapshots, jiff::Zoned::now().date())
    };
    let mut written = Ok(());
    let progress = output::Progress::new("routes");
    let mut live = run_live(&plan, Arc::clone(&store), transport, ledger, options, |step| {
        progress.advance(plan.steps.len(), [(1, step.outcome.phrase())]);
        progress.suspend(|| {
            if written.is_ok() {
                written = step.line().map_or(Ok(()), |line| terminal.case(&line));
            }
        });
    })
    .await;
    drop(progress);
    live.service = service.notes;
    let found = live.report(&store, at);
    let exit_code = report.finish(&mut terminal, written, &found, filters)?;
    output::say_pending(&mut terminal, contracts, &folders)?;
    if sandbox.is_some()
        && !arguments.allow_writes
        && live.steps.iter().any(|step| step.outcome == LiveOutcome::Skipped)
    {
        let command = output::again("", &["--allow-writes"]);
        output::say_next(&mut terminal, "To send what writes, too (to the simulated tenant alone)", &command)?;
    }
    if arguments.acknowledge {
        return Ok(if ledger::acknowledge(profile, &base)? { 0 } else { output::COULD_NOT_RUN });
    }
    if arguments.cleanup {
        let is_clean = live.left_behind.is_empty() && live.ledger_error.is_none();
        return Ok(if is_clean { 0 } else { output::COULD_NOT_RUN });
    }
    Ok(exit_code)
}

/// The first signal ends the run early: what is in flight is finished, and what was created is deleted. The second ends it at
/// once; the ledger knows what is left.
async fn stop_on_signal(pace: Arc<Pace>) {
    signal().await;
    pace.stop();
    output::note("stopping: what is in flight is finished, and what was created is deleted; once more stops at once")
        .ok();
    signal().await;
    output::note(&format!("stopped at once; `{} verify-live --cleanup` deletes what is left", command_line())).ok();
    std::process::exit(output::COULD_NOT_RUN.into());
}

/// Ctrl-C, the signal with which machines end a job, or that of a terminal that was closed.
async fn signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut terminate), Ok(mut hang_up)) = (signal(SignalKind::terminate()), signal(SignalKind::hangup())) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
                _ = hang_up.recv() => {}
            }
            return;
        }
    }
    // Where signals cannot be received, the run ends by itself.
    if interrupt.await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// A token for another tenant than the profile's would write where no profile allows it.
fn check_tenant(profile: &Profile, origin: &Origin, claims: Option<&Claims>) -> anyhow::Result<()> {
    let Some(own) = claims.and_then(|claims| claims.tid.as_ref()) else { return Ok(()) };
    match &profile.tenant {
        Some(tenant) if !tenant.eq_ignore_ascii_case(own) => {
            let message = format!("the token is for the tenant {own}, and the profile for {tenant}");
            bail!(origin.of_tenant(profile, message))
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

/// Where runs with a profile keep what is not to be committed.
fn run_folder(profile: &str) -> PathBuf {
    Path::new("target/verify-live").join(profile)
}

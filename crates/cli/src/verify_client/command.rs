//! Runs a command behind a proxy of its own, and hands on what it sends.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::Stdio;
use std::sync::Arc;

use anyhow::Context as _;
use graph_contracts::store::Store;
use graph_contracts_serve::{Authorization, Observed, ServeOptions, Server, State, Tls, trusted_bundle};
use graph_contracts_traffic::Record;
use tokio::process::Command;
use tokio::sync::mpsc;

use super::environment::{TRUST, environment};
use super::pass_on::pass_on;
use super::upstream::Service;
use super::{Upstream, program};
use crate::signals::Signals;
use crate::{output, serve_tls, voice};

/// So many requests may wait to be judged; answers to more wait.
const MOST_WAITING: usize = 256;

/// Variables that name a proxy, which that of this command takes the place of.
const OTHER_PROXY: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Runs a command to its end, and hands each request that it sends on; its exit code, `None` if a signal ended it.
pub(super) fn run(
    command: &[OsString],
    upstream: &Upstream,
    store: Arc<Store>,
    each: &mut dyn FnMut(&Record),
) -> anyhow::Result<Option<i32>> {
    // Each connection is an open file; where the limit cannot be raised, fewer have to do.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    tokio::runtime::Runtime::new()?.block_on(run_behind_proxy(command, upstream, store, each))
}

async fn run_behind_proxy(
    command: &[OsString],
    upstream: &Upstream,
    store: Arc<Store>,
    each: &mut dyn FnMut(&Record),
) -> anyhow::Result<Option<i32>> {
    let (observer, mut seen) = mpsc::channel(MOST_WAITING);
    let tls = Tls::new(None, true, &serve_tls::authority_folder()?)?;
    let server = Server::start_with_tls(store, options(upstream, observer)?, tls.clone()).await?;
    let (authority, _) = tls.authority().context("the proxy has no certificate")?;
    // What the command would have trusted otherwise, beside what the system trusts.
    let others: Vec<PathBuf> = TRUST.iter().filter_map(|name| Some(std::env::var_os(name)?.into())).collect();
    let bundle = trusted_bundle(authority, others.iter().map(PathBuf::as_path))
        .context("the certificates for the command cannot be written")?;
    let mut signals = Signals::listen()?;
    let mut child = prepared(command, &server, bundle.path())
        .spawn()
        .with_context(|| format!("{}: cannot be run", program(command)))?;
    output::note(&format!("{} runs behind the proxy {}; {}", program(command), server.url(), upstream.in_words()))?;
    if let Some(name) = OTHER_PROXY.iter().find(|name| std::env::var_os(name).is_some_and(|own| !own.is_empty())) {
        output::note(&format!(
            "{name} names a proxy, which the command does not use: it reaches other hosts directly"
        ))?;
    }
    let mut number = 0;
    let mut take = |observed: Observed| {
        number += 1;
        each(&Record::observed(number, observed));
    };
    let ended = loop {
        tokio::select! {
            Some(observed) = seen.recv() => take(observed),
            ended = child.wait() => break ended?,
            Ok(signal) = signals.next() => pass_on(signal, &child),
        }
    };
    // What the command left behind may still wait for an answer.
    let mut stopped = pin!(server.stop());
    loop {
        tokio::select! {
            Some(observed) = seen.recv() => take(observed),
            _ = &mut stopped => break,
        }
    }
    while let Ok(observed) = seen.try_recv() {
        take(observed);
    }
    Ok(ended.code())
}

fn options(upstream: &Upstream, observer: mpsc::Sender<Observed>) -> anyhow::Result<ServeOptions> {
    let options = ServeOptions { port: 0, observer: Some(observer), ..ServeOptions::default() };
    Ok(match upstream {
        Upstream::Stub => options,
        Upstream::Tenant => ServeOptions { state: State::Tenant(None), ..options },
        Upstream::Service(base) => ServeOptions {
            authorization: Authorization::Unchecked,
            upstream: Some(Arc::new(Service::new(base)?)),
            ..options
        },
    })
}

/// The command, told of the proxy.
fn prepared(command: &[OsString], server: &Server, bundle: &Path) -> Command {
    let (first, rest) = command.split_first().map_or((OsString::new(), &[][..]), |(first, rest)| (first.clone(), rest));
    let mut prepared = Command::new(first);
    prepared.args(rest).kill_on_drop(true);
    for (name, value) in environment(server.url(), bundle, |name| std::env::var(name).ok()) {
        prepared.env(name, value);
    }
    if voice::is_out_for_programs() {
        prepared.stdout(Stdio::from(std::io::stderr()));
    }
    prepared
}

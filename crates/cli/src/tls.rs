//! TLS and access tokens, which only the feature `live` compiles in: where a command needs them, the command line is built again with
//! it.

use std::path::PathBuf;

use graph_contracts_live::{Profile, Tokens};
use reqwest::ClientBuilder;

/// Whether https can be spoken.
pub(crate) const HAS_TLS: bool = cfg!(feature = "live");

/// Sees to it that TLS is compiled in; where it is not, this returns only if it cannot be.
#[cfg(feature = "live")]
#[expect(clippy::unnecessary_wraps, reason = "it may fail without the feature")]
pub(crate) fn ensure() -> anyhow::Result<()> {
    Ok(())
}

/// The same, by building the command line again.
#[cfg(not(feature = "live"))]
pub(crate) fn ensure() -> anyhow::Result<()> {
    again()
}

/// An HTTP client with TLS, which also trusts the authorities in these files.
#[cfg(feature = "live")]
pub(crate) fn client(_is_needed: bool, ca_cert: &[PathBuf]) -> anyhow::Result<ClientBuilder> {
    Ok(graph_contracts_identity::http::builder(ca_cert)?)
}

/// The tokens of a profile's identity, if it has one.
#[cfg(feature = "live")]
pub(crate) fn tokens(profile: &Profile) -> anyhow::Result<Option<Tokens>> {
    Ok(graph_contracts_identity::Source::new(profile, client(true, &profile.ca_cert)?)?.map(Tokens::new))
}

/// An HTTP client without TLS, if none is needed.
#[cfg(not(feature = "live"))]
pub(crate) fn client(is_needed: bool, _ca_cert: &[PathBuf]) -> anyhow::Result<ClientBuilder> {
    if is_needed {
        again()?;
    }
    Ok(ClientBuilder::new())
}

/// Nothing: an identity needs TLS.
#[cfg(not(feature = "live"))]
pub(crate) fn tokens(profile: &Profile) -> anyhow::Result<Option<Tokens>> {
    if profile.identity.is_some() {
        again()?;
    }
    Ok(None)
}

/// Runs the same command again, built with the feature `live`. It returns only if that is not possible.
#[cfg(not(feature = "live"))]
fn again() -> anyhow::Result<()> {
    use std::process::Command;

    use anyhow::{Context as _, bail};

    const MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../xtask/Cargo.toml");
    let Some(cargo) = std::env::var_os("CARGO") else {
        bail!("this needs TLS, which is not compiled in: build graph-contracts with its default features");
    };
    crate::output::note("this needs TLS, which is built now; the first time, that takes some minutes")?;
    let mut command = Command::new(cargo);
    command.args(["run", "--manifest-path", MANIFEST, "--features", "live"]);
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    command.arg("--").args(std::env::args_os().skip(1));
    #[cfg(unix)]
    {
        // In place of this process, so that signals and the exit code are those of the other one.
        use std::os::unix::process::CommandExt as _;
        Err(command.exec()).context("cargo cannot be run")
    }
    #[cfg(not(unix))]
    {
        let status = command.status().context("cargo cannot be run")?;
        std::process::exit(status.code().unwrap_or(i32::from(crate::output::COULD_NOT_RUN)));
    }
}

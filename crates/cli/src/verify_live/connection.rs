//! Where a live run goes, and as whom.

use std::sync::Arc;

use anyhow::bail;
use graph_contracts::store::Store;
use graph_contracts_live::{AccessToken, Profile, ReadyToken, Tokens};
use graph_contracts_tenant::{Sandbox, SandboxOptions};
use reqwest::ClientBuilder;
use tempfile::TempDir;

use super::profile::{Origin, ProfileArguments};
use crate::tls;

/// The name of the profile of simulated tenants.
const SANDBOX: &str = "sandbox";

/// Where a run goes, and as whom.
pub(crate) struct Connection {
    /// The name of the profile.
    pub(crate) name: String,
    pub(crate) profile: Profile,
    /// Where its keys are from.
    pub(crate) origin: Origin,
    /// None where nothing is going to be sent.
    pub(crate) tokens: Option<Tokens>,
    /// The HTTP client, with TLS where that is needed.
    pub(crate) http: ClientBuilder,
    /// The simulated tenant and the folder of its ledger, which live as long as this.
    pub(crate) sandbox: Option<(Sandbox, TempDir)>,
}

impl Connection {
    /// To a simulated tenant.
    pub(crate) async fn to_sandbox(
        flags: &ProfileArguments,
        store: &Arc<Store>,
        drift: bool,
    ) -> anyhow::Result<Connection> {
        let options = SandboxOptions { drift, ..SandboxOptions::default() };
        let sandbox = Sandbox::start(Arc::clone(store), options).await?;
        let tenant = sandbox.tenant().to_owned();
        // What the tenant held is gone with it, and so is the ledger.
        let state = TempDir::new()?;
        let mut profile = Profile {
            base_url: Some(sandbox.uri()),
            tenant: Some(tenant.clone()),
            write_tenants: vec![tenant],
            state: Some(state.path().to_owned()),
            requests_per_second: Some(1000.0),
            ..Profile::default()
        };
        flags.override_keys(&mut profile);
        profile.check().map_err(anyhow::Error::msg)?;
        let tokens = Some(Tokens::new(ReadyToken::new(AccessToken::new(sandbox.token(), None), "the sandbox")));
        let http = ClientBuilder::new();
        let (name, origin) = (SANDBOX.to_owned(), Origin::default());
        Ok(Connection { name, profile, origin, tokens, http, sandbox: Some((sandbox, state)) })
    }

    /// To what the profile names. A dry run does without a token.
    pub(crate) fn of_profile(flags: &ProfileArguments, dry_run: bool) -> anyhow::Result<Connection> {
        let (name, profile, origin) = flags.read()?;
        if name == SANDBOX {
            bail!("a profile cannot be called `{SANDBOX}`: that is the simulated tenant's name; rename the file");
        }
        let tokens = match &profile.token_env {
            // A dry run sends nothing, not even a request for a token.
            None if dry_run => None,
            None => tls::tokens(&profile)?,
            Some(variable) => match ReadyToken::from_env(variable) {
                Ok(token) => Some(Tokens::new(token)),
                Err(_) if dry_run => None,
                Err(error) => return Err(error.into()),
            },
        };
        if tokens.is_none() && !dry_run {
            bail!(
                "there is no token: give the profile an [identity] (or --identity), name the environment variable that holds one with \
                 --token-env, or try --sandbox"
            );
        }
        // Before anything is printed: the command may have to be built again.
        // `http` goes to this machine alone, as the transport sees to.
        let needs_tls = !profile.base_url().starts_with("http://");
        let http = if dry_run { ClientBuilder::new() } else { tls::client(needs_tls, &profile.ca_cert)? };
        Ok(Connection { name, profile, origin, tokens, http, sandbox: None })
    }
}

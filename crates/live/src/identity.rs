//! As whom a run gets its tokens: the `[identity]` table of a profile. It names where secrets are and never holds one.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use graph_contracts::contract::Cloud;
use reqwest::Url;
use serde::Deserialize;

use super::profile_problem::ProfileProblem;

/// The `[identity]` table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// How to prove who one is.
    pub kind: IdentityKind,
    /// The application's (client) id; for a managed identity, that of the user-assigned one.
    #[serde(default)]
    pub client_id: Option<String>,
    /// The environment variable that holds the client secret.
    #[serde(default)]
    pub client_secret_env: Option<String>,
    /// A PEM file with the client's certificate and its private key.
    #[serde(default)]
    pub client_certificate: Option<PathBuf>,
    /// A file with a federated token, which is read anew for each access token.
    #[serde(default)]
    pub federated_token_file: Option<PathBuf>,
    /// Another authority than the cloud's: an `https` URL.
    #[serde(default)]
    pub authority: Option<String>,
    /// Another scope than the cloud's.
    #[serde(default)]
    pub scope: Option<String>,
}

/// The ways to prove who one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum IdentityKind {
    /// A secret of the application.
    ClientSecret,
    /// A certificate of the application.
    ClientCertificate,
    /// A token of another issuer, which the application trusts: GitHub Actions, Kubernetes.
    WorkloadIdentity,
    /// The identity of the Azure machine that this runs on.
    ManagedIdentity,
    /// Whoever is signed in to the Azure CLI.
    AzureCli,
}

impl IdentityKind {
    /// Every kind, with the name that a profile has for it.
    const NAMES: [(IdentityKind, &str); 5] = [
        (IdentityKind::ClientSecret, "client-secret"),
        (IdentityKind::ClientCertificate, "client-certificate"),
        (IdentityKind::WorkloadIdentity, "workload-identity"),
        (IdentityKind::ManagedIdentity, "managed-identity"),
        (IdentityKind::AzureCli, "azure-cli"),
    ];
}

impl fmt::Display for IdentityKind {
    /// The name that a profile has for the kind.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        IdentityKind::NAMES.iter().filter(|(kind, _)| kind == self).try_for_each(|(_, name)| f.write_str(name))
    }
}

impl FromStr for IdentityKind {
    type Err = String;

    /// Reads the name that a profile has for the kind.
    fn from_str(name: &str) -> Result<IdentityKind, String> {
        let found = IdentityKind::NAMES.iter().find(|(_, own)| *own == name);
        found.map(|(kind, _)| *kind).ok_or_else(|| {
            let names = IdentityKind::NAMES.map(|(_, name)| name).join(", ");
            format!("`{name}` is not a kind of identity; the kinds are {names}")
        })
    }
}

impl TryFrom<String> for IdentityKind {
    type Error = String;

    /// As [`FromStr`].
    fn try_from(name: String) -> Result<IdentityKind, String> {
        name.parse()
    }
}

impl Identity {
    /// An identity of that kind of which nothing else is known.
    pub fn new(kind: IdentityKind) -> Identity {
        Identity {
            kind,
            client_id: None,
            client_secret_env: None,
            client_certificate: None,
            federated_token_file: None,
            authority: None,
            scope: None,
        }
    }

    /// Whether what the kind needs is there, in that tenant and cloud, as far as they are known.
    pub(super) fn check(&self, tenant: Option<&str>, cloud: Option<Cloud>) -> Result<(), ProfileProblem> {
        let asks_the_authority = !matches!(self.kind, IdentityKind::ManagedIdentity | IdentityKind::AzureCli);
        let problem = |key: &str, message: String| Err(ProfileProblem::new(&["identity", key], message));
        let needs = |is_there: bool, what: &str| match is_there {
            true => Ok(()),
            false => problem("kind", format!("this kind of [identity] needs {what}")),
        };
        if asks_the_authority {
            needs(tenant.is_some(), "`tenant`")?;
            needs(self.client_id.is_some(), "`client_id`")?;
        }
        match self.kind {
            IdentityKind::ClientSecret => {
                let what = "`client_secret_env`, the environment variable that holds the secret";
                needs(self.client_secret_env.is_some(), what)?;
            }
            IdentityKind::ClientCertificate => {
                needs(self.client_certificate.is_some(), "`client_certificate`, a PEM file")?;
            }
            IdentityKind::WorkloadIdentity | IdentityKind::ManagedIdentity | IdentityKind::AzureCli => {}
        }
        if self.client_secret_env.as_ref().is_some_and(|name| !is_variable(name)) {
            return problem("client_secret_env", NO_VARIABLE.replace("{key}", "client_secret_env"));
        }
        let is_https = |text: &String| Url::parse(text).is_ok_and(|url| url.scheme() == "https");
        if self.authority.as_ref().is_some_and(|authority| !is_https(authority)) {
            return problem("authority", "`authority` has to be an https URL".to_owned());
        }
        // A token for one service is not handed to another because of a URL.
        let elsewhere = |what: &str| {
            problem("kind", format!("with another provider than a cloud, this kind of [identity] needs {what}"))
        };
        match cloud {
            None if self.scope.is_none() => elsewhere("`scope`, what the tokens are for"),
            None if asks_the_authority && self.authority.is_none() => elsewhere("`authority`, who issues the tokens"),
            _ => Ok(()),
        }
    }
}

/// What is said instead of a text that is not a name: it may be the secret itself.
pub(super) const NO_VARIABLE: &str =
    "`{key}` is the name of an environment variable, of letters, digits and `_`; the secret itself is never put there";

/// Whether a text is the name of an environment variable (POSIX.1-2017 section 8.1), and too short for a secret.
pub(super) fn is_variable(name: &str) -> bool {
    let is_start = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    is_start && name.len() <= 39 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

//! Access tokens of Microsoft Entra ID.

use std::sync::Arc;

use azure_core::cloud::{CloudConfiguration, CustomConfiguration};
use azure_core::credentials::{Secret, TokenCredential};
use azure_core::http::{ClientOptions, ExponentialRetryOptions, RetryOptions, Transport};
use azure_identity::{
    AzureCliCredential, AzureCliCredentialOptions, ClientAssertionCredential, ClientAssertionCredentialOptions,
    ClientSecretCredential, ClientSecretCredentialOptions, ManagedIdentityCredential, ManagedIdentityCredentialOptions,
    UserAssignedId, WorkloadIdentityCredential, WorkloadIdentityCredentialOptions,
};
use graph_contracts::http::causes;
use graph_contracts_live::{
    AccessToken, CertificateProblem, Cloud, Identity, IdentityKind, Profile, TokenError, TokenFuture, TokenSource,
};
use jiff::Timestamp;
use reqwest::ClientBuilder;

use crate::certificate::{CANNOT_SIGN, Certificate};
use crate::github::GitHub;
use crate::http::for_authority;

/// Reads a variable of the environment.
type Environment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// The tokens of an identity.
///
/// azure_identity keeps tokens too, and gives the same one until it expires. Whoever asks here has a reason to want another one, so
/// each time there is a new credential; the run itself keeps what it gets.
pub struct Source {
    identity: Identity,
    tenant: String,
    scope: String,
    authority: String,
    cloud: Cloud,
    http: reqwest::Client,
    environment: Environment,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("identity", &self.identity).field("tenant", &self.tenant).finish_non_exhaustive()
    }
}

/// The scope of tokens for a cloud (Graph documentation, "National cloud deployments"): whatever the application was granted.
pub fn scope(cloud: Cloud) -> String {
    format!("{}/.default", cloud.base_url())
}

/// Who issues tokens in a cloud (Graph documentation, "National cloud deployments").
fn authority(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Global => "https://login.microsoftonline.com",
        Cloud::Usgov | Cloud::UsgovDod => "https://login.microsoftonline.us",
        Cloud::China => "https://login.chinacloudapi.cn",
    }
}

impl Source {
    /// The tokens of a profile's identity; `None` if it has none. `http` says whom to trust and what proxy to ask.
    ///
    /// # Errors
    ///
    /// When there is no HTTP client.
    pub fn new(profile: &Profile, http: ClientBuilder) -> reqwest::Result<Option<Source>> {
        Source::with_environment(profile, http, |name| std::env::var(name).ok())
    }

    /// The same, with another environment than the process has.
    ///
    /// # Errors
    ///
    /// When there is no HTTP client.
    pub fn with_environment(
        profile: &Profile,
        http: ClientBuilder,
        environment: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> reqwest::Result<Option<Source>> {
        let Some(identity) = profile.identity.clone() else { return Ok(None) };
        let cloud = profile.known_cloud().unwrap_or_default();
        Ok(Some(Source {
            tenant: profile.tenant.clone().unwrap_or_default(),
            scope: identity.scope.clone().unwrap_or_else(|| scope(cloud)),
            authority: identity.authority.clone().unwrap_or_else(|| authority(cloud).to_owned()),
            http: for_authority(http, identity.kind == IdentityKind::ManagedIdentity)?,
            identity,
            cloud,
            environment: Arc::new(environment),
        }))
    }

    async fn ask(&self) -> Result<AccessToken, TokenError> {
        let credential = self.credential()?;
        let token = credential.get_token(&[&self.scope], None).await.map_err(|error| self.refused(&error))?;
        let expires = Timestamp::from_second(token.expires_on.unix_timestamp()).ok();
        Ok(AccessToken::new(token.token.secret().to_owned(), expires))
    }

    fn credential(&self) -> Result<Arc<dyn TokenCredential>, TokenError> {
        let Identity { kind, client_id, client_secret_env, client_certificate, federated_token_file, .. } =
            &self.identity;
        let client_id = client_id.clone().unwrap_or_default();
        let client_options = self.client_options();
        let built: azure_core::Result<Arc<dyn TokenCredential>> = match kind {
            IdentityKind::ClientSecret => {
                let name = client_secret_env.as_deref().unwrap_or_default();
                let secret = (self.environment)(name).filter(|secret| !secret.is_empty());
                let secret = secret.ok_or_else(|| {
                    TokenError::new(format!(
                        "the environment variable {name}, which holds the client secret, is not set"
                    ))
                })?;
                let options = ClientSecretCredentialOptions { client_options };
                ClientSecretCredential::new(&self.tenant, client_id, Secret::new(secret), Some(options))
                    .map(|own| own as _)
            }
            IdentityKind::ClientCertificate => {
                let endpoint = format!("{}/{}/oauth2/v2.0/token", self.authority.trim_end_matches('/'), self.tenant);
                let path = client_certificate.as_deref().unwrap_or("".as_ref());
                let certificate = Certificate::read(path, &client_id, endpoint).map_err(TokenError::new)?;
                let options = ClientAssertionCredentialOptions { client_options };
                ClientAssertionCredential::new(self.tenant.clone(), client_id, certificate, Some(options))
                    .map(|own| own as _)
            }
            IdentityKind::WorkloadIdentity => {
                let options = ClientAssertionCredentialOptions { client_options };
                let file = federated_token_file.clone();
                let file = file.or_else(|| Some((self.environment)("AZURE_FEDERATED_TOKEN_FILE")?.into()));
                let github = GitHub::from_env(self.http.clone(), self.cloud, |name| (self.environment)(name));
                match (file, github) {
                    (Some(file), _) => WorkloadIdentityCredential::new(Some(WorkloadIdentityCredentialOptions {
                        credential_options: options,
                        client_id: Some(client_id),
                        tenant_id: Some(self.tenant.clone()),
                        token_file_path: Some(file),
                    }))
                    .map(|own| own as _),
                    (None, Some(github)) => {
                        ClientAssertionCredential::new(self.tenant.clone(), client_id, github, Some(options))
                            .map(|own| own as _)
                    }
                    (None, None) => {
                        return Err(TokenError::new(
                            "there is no federated token: name a file with `federated_token_file`, or give the GitHub job the \
                             permission `id-token: write`",
                        ));
                    }
                }
            }
            IdentityKind::ManagedIdentity => {
                let user_assigned_id = self.identity.client_id.clone().map(UserAssignedId::ClientId);
                let options = ManagedIdentityCredentialOptions { user_assigned_id, client_options };
                ManagedIdentityCredential::new(Some(options)).map(|own| own as _)
            }
            IdentityKind::AzureCli => {
                let tenant_id = Some(self.tenant.clone()).filter(|tenant| !tenant.is_empty());
                let options = AzureCliCredentialOptions { tenant_id, ..AzureCliCredentialOptions::default() };
                AzureCliCredential::new(Some(options)).map(|own| own as _)
            }
        };
        built.map_err(|error| self.refused(&error))
    }

    /// Requests go through our own client, and to the authority of the profile.
    fn client_options(&self) -> ClientOptions {
        let mut cloud = CustomConfiguration::default();
        cloud.authority_host.clone_from(&self.authority);
        let cloud: CloudConfiguration = cloud.into();
        let transport = Some(Transport::new(Arc::new(self.http.clone())));
        // Enough for a hiccup: who waits for a minute wants to know why.
        let retry = ExponentialRetryOptions { max_retries: 2, ..ExponentialRetryOptions::default() };
        let retry = RetryOptions::exponential(retry);
        ClientOptions { retry, transport, cloud: Some(Arc::new(cloud)), ..ClientOptions::default() }
    }

    /// What an error of azure_identity may say: it can hold the authority's whole answer, so only its code is taken, or why there
    /// was no answer.
    fn refused(&self, error: &azure_core::Error) -> TokenError {
        let texts: Vec<String> = causes(error).map(ToString::to_string).collect();
        let advice = match self.identity.kind {
            IdentityKind::AzureCli => "sign in with `az login`, and check the tenant",
            IdentityKind::ManagedIdentity => "managed identities are there on machines of Azure alone",
            _ => "check the tenant, the client id and the credential",
        };
        let code = texts.iter().find_map(|text| aadsts(text));
        let ours = causes(error).find_map(|cause| cause.downcast_ref::<reqwest::Error>());
        let unreachable = ours.map(|error| {
            let cause = causes(error).last().map(ToString::to_string).unwrap_or_default();
            match CertificateProblem::of(error) {
                Some(CertificateProblem::Untrusted) => {
                    format!("{cause}; if its authority is your own, name its file in `ca_cert`")
                }
                Some(CertificateProblem::Invalid) | None => cause,
            }
        });
        let own = texts.iter().find(|text| text.starts_with("GitHub") || *text == CANNOT_SIGN);
        let what = match (code, own, unreachable) {
            (Some(code), ..) => format!(
                "the authority refuses it: {code} (see https://login.microsoftonline.com/error?code={})",
                &code[6..]
            ),
            (None, Some(own), _) => own.clone(),
            (None, None, Some(unreachable)) => format!("{} cannot be reached: {unreachable}", self.authority),
            (None, None, None) => "the authority gave no reason".to_owned(),
        };
        TokenError::new(format!("no access token by {}: {what}: {advice}", self.identity.kind))
    }
}

/// The error code of the authority in a text: `AADSTS` and digits.
fn aadsts(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("AADSTS")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then(|| format!("AADSTS{digits}"))
}

impl TokenSource for Source {
    fn token<'a>(&'a self, _fresh: bool) -> TokenFuture<'a> {
        Box::pin(self.ask())
    }
}

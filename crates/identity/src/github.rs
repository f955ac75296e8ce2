//! The federated token of a job of GitHub Actions ("About security hardening with OpenID Connect"): asked for anew each time, because
//! it lives for minutes and a run may take longer.

use std::fmt;

use azure_core::error::{Error, ErrorKind};
use azure_core::http::ClientMethodOptions;
use azure_identity::ClientAssertion;
use graph_contracts_live::Cloud;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// For whom the token is: what Entra ID expects of a federated credential in a cloud (Microsoft Entra documentation, "Workload
/// identity federation").
fn audience(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Global => "api://AzureADTokenExchange",
        Cloud::Usgov | Cloud::UsgovDod => "api://AzureADTokenExchangeUSGov",
        Cloud::China => "api://AzureADTokenExchangeChina",
    }
}

/// Where a job asks for its token.
pub(crate) struct GitHub {
    http: reqwest::Client,
    url: String,
    audience: &'static str,
    bearer: SecretString,
}

#[derive(Deserialize)]
struct Answer {
    value: String,
}

impl fmt::Debug for GitHub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GitHub(..)")
    }
}

impl GitHub {
    /// What the environment of a job says; `None` outside of one, or without the permission `id-token: write`.
    pub(crate) fn from_env(
        http: reqwest::Client,
        cloud: Cloud,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Option<GitHub> {
        let url = variable("ACTIONS_ID_TOKEN_REQUEST_URL")?;
        Some(GitHub {
            http,
            url,
            audience: audience(cloud),
            bearer: variable("ACTIONS_ID_TOKEN_REQUEST_TOKEN")?.into(),
        })
    }

    async fn ask(&self) -> Result<String, String> {
        let mut url =
            reqwest::Url::parse(&self.url).map_err(|_| "ACTIONS_ID_TOKEN_REQUEST_URL is not a URL".to_owned())?;
        url.query_pairs_mut().append_pair("audience", self.audience);
        let answer = self.http.get(url).bearer_auth(self.bearer.expose_secret()).send().await;
        let answer = answer.map_err(|error| format!("GitHub cannot be asked: {}", error.without_url()))?;
        if !answer.status().is_success() {
            return Err(format!("GitHub answers {} to the request for the job's token", answer.status()));
        }
        let answer: Result<Answer, _> = answer.json().await;
        Ok(answer.map_err(|_| "GitHub's answer has no token".to_owned())?.value)
    }
}

#[async_trait::async_trait]
impl ClientAssertion for GitHub {
    async fn secret(&self, _options: Option<ClientMethodOptions<'_>>) -> azure_core::Result<String> {
        self.ask().await.map_err(|message| Error::with_message(ErrorKind::Credential, message))
    }
}

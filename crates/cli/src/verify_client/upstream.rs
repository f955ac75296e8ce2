//! The service to which the requests of a command are sent on.

use std::time::Duration;

use graph_contracts_serve::{BodyStream, Outgoing, Return, Returned, Upstream};
use reqwest::redirect::Policy;
use reqwest::{Body, Client};

use crate::tls;

/// So long connecting may take; how long an answer takes is the client's to judge.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// A service at a base URL.
#[derive(Debug)]
pub(super) struct Service {
    base: String,
    http: Client,
}

impl Service {
    pub(super) fn new(base: &str) -> anyhow::Result<Service> {
        let http = tls::client(true, &[])?.redirect(Policy::none()).referer(false).connect_timeout(CONNECT_TIMEOUT);
        Ok(Service { base: base.trim_end_matches('/').to_owned(), http: http.build()? })
    }

    async fn answer(&self, request: Outgoing) -> Result<Returned, String> {
        let Outgoing { method, target, headers, body } = request;
        let url = format!("{}{target}", self.base);
        let body = body.whole().map_or_else(Body::wrap, Body::from);
        let sent = self.http.request(method, url).headers(headers).body(body).send().await;
        let mut response = sent.map_err(reason)?;
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        Ok(Returned { status, headers, body: BodyStream::new(Body::from(response)) })
    }
}

impl Upstream for Service {
    fn base_url(&self) -> &str {
        &self.base
    }

    fn send(&self, request: Outgoing) -> Return<'_> {
        Box::pin(self.answer(request))
    }
}

/// Why there is no answer, without the URL, which may name somebody.
fn reason(error: reqwest::Error) -> String {
    format!("{:#}", anyhow::Error::new(error.without_url()))
}

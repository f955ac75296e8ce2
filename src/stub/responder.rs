//! Answers the requests of a stub.

use std::sync::Arc;

use wiremock::{Request, Respond, ResponseTemplate};

use super::request_log::RequestLog;
use super::{Answer, Answers};
use crate::http::decoded_body;
use crate::matching::{CONTRACT_HEADER, Matched, Matcher, Mode, Received, SOURCE_HEADER, field_value};

/// The largest body of a request, once its content codings are undone.
const LARGEST_BODY: usize = 64 << 20;

/// Answers each request by the contract that it fits.
pub(super) struct Responder {
    pub(super) matcher: Matcher,
    pub(super) mode: Mode,
    pub(super) answers: Option<Arc<dyn Answers>>,
    pub(super) log: Arc<RequestLog>,
}

impl Respond for Responder {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        // What cannot be decoded is compared as it came, and so refused.
        let body =
            decoded_body(&request.headers, &request.body, LARGEST_BODY).unwrap_or(request.body.as_slice().into());
        let (method, path, query) = (request.method.as_str(), request.url.path(), request.url.query());
        let received = Received::new(method, path, query, &request.headers, &body);
        let template = self.answer(&received);
        match request.headers.get("client-request-id") {
            // As Microsoft Graph does ("Best practices for working with Microsoft Graph").
            Some(id) => template.append_header("client-request-id", id.as_bytes()),
            None => template,
        }
    }
}

impl Responder {
    fn answer(&self, received: &Received<'_>) -> ResponseTemplate {
        let found = self.matcher.find(received, self.mode);
        if found.is_err()
            && let Some(allowed) = self.matcher.allowed(received)
        {
            return ResponseTemplate::new(204).insert_header("allow", allowed);
        }
        self.log.push(received, found.as_ref().ok().map(|matched| matched.contract.id.as_str()));
        match found {
            Ok(Matched { contract, .. }) => {
                let other = self.answers.as_ref().and_then(|answers| answers.answer(contract));
                let template = other.unwrap_or_else(|| Answer::documented(contract)).into_template();
                let template = template.append_header(CONTRACT_HEADER, field_value(&contract.id));
                template.append_header(SOURCE_HEADER, field_value(&contract.location().to_string()))
            }
            Err(refusal) => {
                let template = ResponseTemplate::new(refusal.status());
                let template =
                    refusal.allowed().into_iter().fold(template, |own, allowed| own.insert_header("allow", allowed));
                let nearest = refusal.nearest_id().and_then(|id| self.matcher.store().contract(id));
                template.set_body_raw(refusal.to_body(nearest), "application/json")
            }
        }
    }
}

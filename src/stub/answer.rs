//! What the stub answers.

use wiremock::ResponseTemplate;

use crate::contract::Contract;
use crate::http::is_hop_by_hop;
use crate::normal::may_have_content;

/// A response that a provider gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The header fields, but for those that the server itself adds.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Gives other answers than the documented ones to requests that fit a contract.
pub trait Answers: Send + Sync {
    /// The answer to the contract's request; `None` for the documented one.
    fn answer(&self, contract: &Contract) -> Option<Answer>;
}

impl Answer {
    /// The documented response. The server itself says how long the body is: documentation counts its line ends differently.
    pub fn documented(contract: &Contract) -> Answer {
        let documented = &contract.response;
        let body = documented.body.as_ref().filter(|_| may_have_content(&contract.request.method, documented.status));
        let body = body.map(|body| body.to_text().into_bytes()).unwrap_or_default();
        Answer { body, ..Answer::documented_head(contract) }
    }

    /// The same without its body, for whoever answers with another one.
    pub fn documented_head(contract: &Contract) -> Answer {
        let documented = &contract.response;
        let is_sent = |name: &str| !name.eq_ignore_ascii_case("content-length") && !is_hop_by_hop(name);
        let headers = documented.headers.iter().filter(|header| is_sent(&header.name));
        Answer {
            status: documented.status,
            headers: headers.map(|header| (header.name.clone(), header.value.clone())).collect(),
            body: Vec::new(),
        }
    }

    /// The same answer with another body.
    pub fn with_body(&self, body: impl Into<Vec<u8>>) -> Answer {
        Answer { body: body.into(), ..self.clone() }
    }

    /// The same answer with that header field, in place of any of its name.
    pub fn with_header(&self, name: &str, value: &str) -> Answer {
        let mut answer = self.without_header(name);
        answer.headers.push((name.to_owned(), value.to_owned()));
        answer
    }

    /// The same answer without header fields of that name.
    pub fn without_header(&self, name: &str) -> Answer {
        let mut answer = self.clone();
        answer.headers.retain(|(own, _)| !own.eq_ignore_ascii_case(name));
        answer
    }

    /// As wiremock sends it.
    pub(super) fn into_template(self) -> ResponseTemplate {
        let template = self.headers.iter().fold(ResponseTemplate::new(self.status), |template, (name, value)| {
            template.append_header(name.as_str(), value.as_str())
        });
        if self.body.is_empty() { template } else { template.set_body_bytes(self.body) }
    }
}

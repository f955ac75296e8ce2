//! The documented response with one change.

use super::{Class, body, harmless, message};
use crate::compare::At;
use crate::contract::{Contract, header};
use crate::normal::{Level, is_hop_by_hop, may_have_content};

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

/// What a comparison has to make of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// It has to be reported as an error.
    Caught,
    /// It must not.
    Harmless,
    /// The contract does not say: what the page documents elsewhere allows the change, or does not agree with itself.
    Open,
}

/// A mutant or a harmless variation.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// What was changed.
    pub class: Class,
    /// The places at which it may be reported. The first is where it was made.
    pub places: Vec<At>,
    /// What has to become of it at the exact level.
    pub exact: Expectation,
    /// What has to become of it at the shape level.
    pub shape: Expectation,
    /// The changed response.
    pub answer: Answer,
}

impl Mutant {
    /// What has to become of it at a level.
    pub fn expectation(&self, level: Level) -> Expectation {
        match level {
            Level::Exact => self.exact,
            Level::Shape => self.shape,
        }
    }
}

impl Answer {
    /// The documented response.
    pub(super) fn documented(contract: &Contract) -> Answer {
        let documented = &contract.response;
        let is_sent = |name: &str| !name.eq_ignore_ascii_case("content-length") && !is_hop_by_hop(name);
        let headers = documented.headers.iter().filter(|header| is_sent(&header.name));
        let body = documented.body.as_ref().filter(|_| may_have_content(&contract.request.method, documented.status));
        Answer {
            status: documented.status,
            headers: headers.map(|header| (header.name.clone(), header.value.clone())).collect(),
            body: body.map(|body| body.to_text().into_bytes()).unwrap_or_default(),
        }
    }

    pub(super) fn with_body(&self, body: impl Into<Vec<u8>>) -> Answer {
        Answer { body: body.into(), ..self.clone() }
    }

    pub(super) fn with_header(&self, name: &str, value: &str) -> Answer {
        let mut answer = self.without_header(name);
        answer.headers.push((name.to_owned(), value.to_owned()));
        answer
    }

    pub(super) fn without_header(&self, name: &str) -> Answer {
        let mut answer = self.clone();
        answer.headers.retain(|(own, _)| !own.eq_ignore_ascii_case(name));
        answer
    }
}

/// Gives every mutant and harmless variation of a contract's documented response to `give`, one by one: a large body has
/// many. They follow from what the contract documents alone. Says of every how many values of the body there are mutants: of
/// every one, but for very large bodies.
pub fn mutants(contract: &Contract, give: &mut dyn FnMut(Mutant)) -> usize {
    let documented = Answer::documented(contract);
    message::mutants(contract, &documented, give);
    let every = body::mutants(contract, &documented, give);
    harmless::variations(contract, &documented, give);
    every
}

/// The documented `Content-Type`.
pub(super) fn content_type(contract: &Contract) -> Option<&str> {
    header(&contract.response.headers, "content-type").map(|header| header.value.as_str())
}

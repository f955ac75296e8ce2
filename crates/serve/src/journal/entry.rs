//! One request, and its answer.

use std::sync::Arc;

use graph_contracts::matching::{Note, Refusal};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Arrival, Exchange, redaction};
use crate::incoming::Incoming;
use crate::reply::{Account, Part, Reply};

/// One request, and its answer. As JSON it is small: without header fields and bodies, which [`har()`](super::har()) shows. Tokens, cookies and what else
/// is secret are not in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number, counted from 1.
    pub number: u64,
    /// When it came.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub milliseconds: f64,
    /// The method.
    pub method: String,
    /// The path and the query, without the values of secret parameters.
    pub url: String,
    /// The status of the answer; 0 where the connection was broken instead, as in an HTTP Archive.
    pub status: u16,
    /// The contract that answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// Where it is documented, as `page:line`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What of the request is not as documented.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// What of the request was not applied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unapplied: Vec<String>,
    /// Why no contract answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// Whether there was no token that would do for any operation.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unauthorized: bool,
    /// Which permissions the token lacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denial: Option<String>,
    /// The requests within a batch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<Within>,
    /// The messages; `None` where there is no more room for them.
    #[serde(skip)]
    pub(crate) exchange: Option<Arc<Exchange>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_false(value: &bool) -> bool {
    !value
}

/// A request within a batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Within {
    /// Its id in the batch.
    pub id: String,
    /// The method.
    pub method: String,
    /// The path and the query, as if it had come alone, without the values of secret parameters.
    pub url: String,
    /// The status of the answer.
    pub status: u16,
    /// The contract that answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// What of the request is not as documented.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// Why no contract answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// Which permissions the token lacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denial: Option<String>,
}

impl Within {
    /// The request as one of its own in the journal that has its batch.
    #[must_use]
    pub fn entry(&self, batch: &Entry) -> Entry {
        Entry {
            number: batch.number,
            at: batch.at,
            milliseconds: batch.milliseconds,
            method: self.method.clone(),
            url: self.url.clone(),
            status: self.status,
            contract: self.contract.clone(),
            source: None,
            notes: self.notes.clone(),
            unapplied: Vec::new(),
            refusal: self.refusal.clone(),
            unauthorized: false,
            denial: self.denial.clone(),
            within: Vec::new(),
            exchange: None,
        }
    }
}

impl Entry {
    /// A request that has no number yet.
    pub(crate) fn new(arrival: Arrival, request: &Incoming, reply: &Reply) -> Entry {
        let Account { contract, notes, unapplied, refusal, is_unauthorized, denial, within, is_broken } =
            &reply.account;
        let within = within.iter().map(|Part { id, method, target, status, account }| Within {
            id: id.clone(),
            method: method.clone(),
            url: redaction::url(target),
            status: status.as_u16(),
            contract: account.contract.as_ref().map(|(id, _)| id.clone()),
            notes: account.notes.clone(),
            refusal: account.refusal.as_deref().cloned(),
            denial: account.denial.as_ref().map(|(message, _)| message.clone()),
        });
        Entry {
            number: 0,
            at: arrival.at,
            milliseconds: (arrival.took.as_secs_f64() * 1e6).round() / 1e3,
            method: request.method.to_string(),
            url: redaction::url(&request.target()),
            status: if *is_broken { 0 } else { reply.status.as_u16() },
            contract: contract.as_ref().map(|(id, _)| id.clone()),
            source: contract.as_ref().map(|(_, source)| source.to_string()),
            notes: notes.clone(),
            unapplied: unapplied.clone(),
            refusal: refusal.as_deref().cloned(),
            unauthorized: *is_unauthorized,
            denial: denial.as_ref().map(|(message, _)| message.clone()),
            within: within.collect(),
            exchange: Some(Arc::new(Exchange::new(arrival.version, request, reply))),
        }
    }

    /// How many bytes its messages take.
    pub(crate) fn weight(&self) -> usize {
        self.exchange.as_ref().map_or(0, |exchange| exchange.weight())
    }
}

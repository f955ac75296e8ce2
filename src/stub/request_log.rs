//! What a stub was asked, and what answered.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::matching::Received;

/// So many requests are remembered.
const MOST_REQUESTS: usize = 10_000;

/// So many requests are listed in a message.
const MOST_SHOWN: usize = 20;

/// A request that a stub received.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StubRequest {
    /// The request line without the version of HTTP, decoded.
    pub line: String,
    /// The id of the contract that answered; `None` if the request was refused.
    pub contract: Option<String>,
}

/// The requests of a stub.
#[derive(Debug, Default)]
pub(super) struct RequestLog(Mutex<Log>);

#[derive(Debug, Default)]
struct Log {
    requests: VecDeque<StubRequest>,
    calls: HashMap<String, usize>,
}

impl RequestLog {
    pub(super) fn push(&self, received: &Received<'_>, contract: Option<&str>) {
        let contract = contract.map(str::to_owned);
        let mut log = self.log();
        if let Some(id) = &contract {
            *log.calls.entry(id.clone()).or_default() += 1;
        }
        if log.requests.len() == MOST_REQUESTS {
            log.requests.pop_front();
        }
        log.requests.push_back(StubRequest { line: received.shown(), contract });
    }

    pub(super) fn requests(&self) -> Vec<StubRequest> {
        self.log().requests.iter().cloned().collect()
    }

    pub(super) fn calls(&self, id: &str) -> usize {
        self.log().calls.get(id).copied().unwrap_or_default()
    }

    /// The last requests, a line each.
    pub(super) fn shown(&self) -> String {
        let log = self.log();
        let skipped = log.requests.len().saturating_sub(MOST_SHOWN);
        let mut text = if log.requests.is_empty() {
            " Nothing was requested.".to_owned()
        } else {
            " The last requests:".to_owned()
        };
        for StubRequest { line, contract } in log.requests.iter().skip(skipped) {
            text.push_str(&format!("\n- {line}: {}", contract.as_deref().unwrap_or("refused")));
        }
        text
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! The journal: what was requested, and what answered.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use graph_contracts::matching::{Note, Refusal};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

use crate::incoming::Incoming;
use crate::reply::{Account, Reply};
use crate::serve_options::FailOn;

/// So many requests are remembered.
const MOST_ENTRIES: usize = 10_000;

/// So many requests may wait for somebody who listens.
const MOST_WAITING: usize = 1024;

/// One request, and its answer. Tokens, cookies and bodies are not in it.
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
    /// The path and the query.
    pub url: String,
    /// The status of the answer.
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
    /// Which permissions the token lacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denial: Option<String>,
    /// The requests within a batch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<Within>,
}

/// A request within a batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Within {
    /// Its id in the batch.
    pub id: String,
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

/// What was requested so far.
#[derive(Debug)]
pub struct Journal {
    log: Mutex<Log>,
    listeners: broadcast::Sender<Entry>,
}

#[derive(Debug, Default)]
struct Log {
    entries: VecDeque<Entry>,
    calls: BTreeMap<String, u64>,
    summary: Summary,
}

/// How many requests there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// All of them.
    pub requests: u64,
    /// Those that a contract answered.
    pub answered: u64,
    /// Those that no contract fits.
    pub refused: u64,
    /// Those that a contract answered although they have something that no page documents.
    pub undocumented: u64,
}

impl Summary {
    /// Whether the run has failed.
    pub fn fails(&self, fail_on: Option<FailOn>) -> bool {
        match fail_on {
            None => false,
            Some(FailOn::Undocumented) => self.refused + self.undocumented > 0,
        }
    }
}

impl Default for Journal {
    fn default() -> Journal {
        Journal { log: Mutex::default(), listeners: broadcast::channel(MOST_WAITING).0 }
    }
}

impl Journal {
    /// Adds a request.
    pub(crate) fn push(&self, at: Timestamp, took: Duration, request: &Incoming, reply: &Reply) {
        let Account { contract, notes, unapplied, refusal, denial, within } = &reply.account;
        let within = within.iter().map(|(id, account)| Within {
            id: id.clone(),
            contract: account.contract.as_ref().map(|(id, _)| id.clone()),
            notes: account.notes.clone(),
            refusal: account.refusal.as_deref().cloned(),
            denial: account.denial.as_ref().map(|(message, _)| message.clone()),
        });
        let mut entry = Entry {
            number: 0,
            at,
            milliseconds: took.as_secs_f64() * 1000.0,
            method: request.method.to_string(),
            url: request.target(),
            status: reply.status.as_u16(),
            contract: contract.as_ref().map(|(id, _)| id.clone()),
            source: contract.as_ref().map(|(_, source)| source.to_string()),
            notes: notes.clone(),
            unapplied: unapplied.clone(),
            refusal: refusal.as_deref().cloned(),
            denial: denial.as_ref().map(|(message, _)| message.clone()),
            within: within.collect(),
        };
        let mut log = self.log();
        log.count(&entry);
        entry.number = log.summary.requests;
        if log.entries.len() == MOST_ENTRIES {
            log.entries.pop_front();
        }
        log.entries.push_back(entry.clone());
        drop(log);
        // Nobody needs to listen.
        let _ = self.listeners.send(entry);
    }

    /// The requests that are remembered, the oldest first.
    pub fn entries(&self) -> Vec<Entry> {
        self.log().entries.iter().cloned().collect()
    }

    /// How often each contract has answered, by its id.
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.log().calls.clone()
    }

    /// How many requests there were.
    pub fn summary(&self) -> Summary {
        self.log().summary
    }

    /// Each request from now on.
    pub fn listen(&self) -> broadcast::Receiver<Entry> {
        self.listeners.subscribe()
    }

    /// Forgets all requests.
    pub fn reset(&self) {
        *self.log() = Log::default();
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log {
    fn count(&mut self, entry: &Entry) {
        self.summary.requests += 1;
        let within = entry.within.iter().map(|own| (own.contract.as_ref(), own.refusal.as_ref(), &own.notes));
        for (contract, refusal, notes) in
            within.chain([(entry.contract.as_ref(), entry.refusal.as_ref(), &entry.notes)])
        {
            if let Some(id) = contract {
                self.summary.answered += 1;
                self.summary.undocumented += u64::from(notes.iter().any(|note| note.kind.is_undocumented()));
                *self.calls.entry(id.clone()).or_default() += 1;
            }
            self.summary.refused += u64::from(refusal.is_some());
        }
    }
}

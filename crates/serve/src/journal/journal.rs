//! The requests so far, and who listens.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::{mpsc, watch};

use super::{Arrival, Entry, Observed};
use crate::incoming::Incoming;
use crate::reply::Reply;
use crate::serve_options::FailOn;

/// So many requests are remembered.
const MOST_ENTRIES: usize = 10_000;

/// So many requests may wait for somebody who listens; answers to more wait until they are taken.
const MOST_WAITING: usize = 1024;

/// So many bytes of messages are remembered; of older requests, the header fields and bodies are forgotten.
const MOST_BYTES: usize = 64 << 20;

/// What was requested so far.
#[derive(Debug, Default)]
pub struct Journal {
    log: Mutex<Log>,
    listeners: Mutex<Vec<mpsc::Sender<Entry>>>,
    /// Who takes each request as it is.
    observer: Option<mpsc::Sender<Observed>>,
    /// How often something has happened that a page shows.
    changes: watch::Sender<u64>,
}

#[derive(Debug)]
struct Log {
    /// When it began, which tells it from the one before a reset, and from that of another server.
    began: i128,
    entries: VecDeque<Entry>,
    /// How many bytes the messages of the entries take, and how many of the oldest entries have none any more.
    bytes: usize,
    emptied: usize,
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
    /// Those whose token would not do, or that had none.
    pub denied: u64,
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

/// Up to where somebody has read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// When the journal began.
    pub(crate) began: i128,
    /// The number of the last request.
    pub(crate) number: u64,
}

/// What has happened since a cursor.
#[derive(Debug)]
pub(crate) struct Recent {
    pub(crate) cursor: Cursor,
    pub(crate) entries: Vec<Entry>,
    pub(crate) summary: Summary,
    /// Whether there is more than that.
    pub(crate) has_more: bool,
}

impl Default for Log {
    fn default() -> Log {
        Log {
            began: Timestamp::now().as_nanosecond(),
            entries: VecDeque::new(),
            bytes: 0,
            emptied: 0,
            calls: BTreeMap::new(),
            summary: Summary::default(),
        }
    }
}

impl Journal {
    /// An empty journal.
    pub(crate) fn new(observer: Option<mpsc::Sender<Observed>>) -> Journal {
        Journal { observer, ..Journal::default() }
    }

    /// Adds a request. Waits for those who listen, so that they miss none.
    pub(crate) async fn push(&self, arrival: Arrival, request: &Incoming, reply: &Reply) {
        let mut entry = Entry::new(arrival, request, reply);
        let listeners = self.listening();
        let heard = {
            let mut log = self.log();
            log.count(&entry);
            entry.number = log.summary.requests;
            let heard: Vec<Entry> = listeners.iter().map(|_| entry.clone()).collect();
            log.keep(entry);
            heard
        };
        self.wake();
        if let Some(observer) = &self.observer {
            // Whoever has gone since then takes nothing more.
            let _ = observer.send(Observed::new(arrival, request, reply)).await;
        }
        for (listener, entry) in listeners.iter().zip(heard) {
            // Whoever has gone since then hears nothing more.
            let _ = listener.send(entry).await;
        }
    }

    /// Those who listen.
    fn listening(&self) -> Vec<mpsc::Sender<Entry>> {
        let mut listeners = self.listeners.lock().unwrap_or_else(PoisonError::into_inner);
        listeners.retain(|listener| !listener.is_closed());
        listeners.clone()
    }

    /// Lets those who wait look again.
    pub(crate) fn wake(&self) {
        self.changes.send_modify(|changes| *changes += 1);
    }

    /// Who waits for something to happen waits for this.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// What has happened since a cursor: all that is remembered, where the cursor is of another journal.
    pub(crate) fn since(&self, cursor: Cursor, most: usize) -> Recent {
        let log = self.log();
        let last = if cursor.began == log.began { cursor.number } else { 0 };
        let first = log.entries.front().map_or(1, |entry| entry.number);
        let skipped = usize::try_from((last + 1).saturating_sub(first)).unwrap_or(usize::MAX);
        let entries: Vec<Entry> = log.entries.iter().skip(skipped).take(most).cloned().collect();
        let number = entries.last().map_or(last, |entry| entry.number);
        let cursor = Cursor { began: log.began, number };
        Recent { cursor, has_more: number < log.summary.requests, entries, summary: log.summary }
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

    /// Each request from now on, in about the order of their numbers. Whoever listens has to take them: where a thousand wait, the answers to more
    /// wait too.
    pub fn listen(&self) -> mpsc::Receiver<Entry> {
        let (listener, entries) = mpsc::channel(MOST_WAITING);
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).push(listener);
        entries
    }

    /// Forgets all requests.
    pub fn reset(&self) {
        *self.log() = Log::default();
        self.wake();
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log {
    /// Remembers an entry, and forgets what there is no room for.
    fn keep(&mut self, entry: Entry) {
        if self.entries.len() == MOST_ENTRIES
            && let Some(oldest) = self.entries.pop_front()
        {
            self.bytes -= oldest.weight();
            self.emptied = self.emptied.saturating_sub(1);
        }
        self.bytes += entry.weight();
        self.entries.push_back(entry);
        while self.bytes > MOST_BYTES
            && let Some(oldest) = self.entries.get_mut(self.emptied)
        {
            self.bytes -= oldest.weight();
            oldest.exchange = None;
            self.emptied += 1;
        }
    }

    fn count(&mut self, entry: &Entry) {
        self.summary.requests += 1;
        self.summary.denied += u64::from(entry.unauthorized);
        let within =
            entry.within.iter().map(|own| (own.contract.as_ref(), own.refusal.as_ref(), &own.notes, &own.denial));
        let whole = (entry.contract.as_ref(), entry.refusal.as_ref(), &entry.notes, &entry.denial);
        for (contract, refusal, notes, denial) in within.chain([whole]) {
            if let Some(id) = contract {
                self.summary.answered += 1;
                self.summary.undocumented += u64::from(notes.iter().any(|note| note.kind.is_undocumented()));
                *self.calls.entry(id.clone()).or_default() += 1;
            }
            self.summary.refused += u64::from(refusal.is_some());
            self.summary.denied += u64::from(denial.is_some());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use http::{StatusCode, Version};

    use super::*;

    #[tokio::test]
    async fn who_listens_slowly_misses_nothing() {
        let journal = Arc::new(Journal::default());
        let mut entries = journal.listen();
        let gone = journal.listen();
        drop(gone);
        let pushing = Arc::clone(&journal);
        let count = 3 * MOST_WAITING as u64;
        let pushed = tokio::spawn(async move {
            let request = Incoming { path: "/v1.0/lamps".to_owned(), ..Incoming::default() };
            for _ in 0..count {
                let arrival = Arrival { at: Timestamp::now(), took: Duration::ZERO, version: Version::HTTP_11 };
                pushing.push(arrival, &request, &Reply::new(StatusCode::OK)).await;
            }
        });
        // Until all are waiting that may.
        while entries.len() < MOST_WAITING {
            tokio::task::yield_now().await;
        }
        assert!(!pushed.is_finished(), "answers wait for those who listen");
        for number in 1..=count {
            assert_eq!(entries.recv().await.map(|entry| entry.number), Some(number));
        }
        assert!(pushed.await.is_ok());
        assert_eq!(journal.listeners.lock().map(|own| own.len()).ok(), Some(1), "who has gone is forgotten");
    }
}

//! What the steps of a run share: the provider, the objects that are known there, and the count of what was sent.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::ledger::Ledger;
use super::live_error::LiveError;
use super::outcome::Traffic;
use super::resolve::Objects;
use super::transport::{LiveExchange, Transport};
use graph_contracts::http::OutgoingRequest;
use graph_contracts::store::Store;

/// One run's dealings with a provider.
pub(super) struct Session {
    pub(super) store: Arc<Store>,
    pub(super) transport: Transport,
    /// What writing needs. Without it, the session only reads.
    pub(super) writing: Option<Writing>,
    objects: Mutex<Objects>,
    traffic: Mutex<Traffic>,
}

/// What a session needs in order to write.
pub(super) struct Writing {
    pub(super) ledger: Ledger,
    /// See [`LiveOptions::settling`](super::LiveOptions::settling).
    pub(super) settling: Duration,
}

impl Session {
    /// A session at its beginning. Without `writing` it only reads.
    pub(super) fn new(store: Arc<Store>, transport: Transport, writing: Option<Writing>) -> Session {
        Session { store, transport, writing, objects: Mutex::default(), traffic: Mutex::default() }
    }

    /// The objects that the run knows.
    pub(super) fn objects(&self) -> MutexGuard<'_, Objects> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the run has sent so far.
    pub(super) fn traffic(&self) -> MutexGuard<'_, Traffic> {
        self.traffic.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long an object may take to appear. A session that only reads creates none.
    pub(super) fn settling(&self) -> Duration {
        self.writing.as_ref().map_or(Duration::ZERO, |writing| writing.settling)
    }

    /// Sends a request and counts it.
    ///
    /// # Errors
    ///
    /// When there is no response to compare.
    pub(super) async fn exchange(&self, request: OutgoingRequest) -> Result<LiveExchange, LiveError> {
        let exchange = self.transport.send(request).await;
        let (attempts, throttled) = match &exchange {
            Ok(exchange) => (exchange.attempts, exchange.throttled),
            Err(error) => error.about().map_or((0, 0), |about| (about.attempts, about.throttled)),
        };
        let mut traffic = self.traffic();
        traffic.sent += attempts as usize;
        traffic.retries += attempts.saturating_sub(1) as usize;
        traffic.throttled += throttled as usize;
        exchange
    }
}

//! What the steps of a run share: the provider, the objects that are known there, and the count of what was sent.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::collections::Collections;
use super::kept_rules::KeptRules;
use super::ledger::{Ledger, LeftObject};
use super::live_error::LiveError;
use super::live_options::{LIST_LIMIT, LiveOptions};
use super::outcome::Traffic;
use super::pending_drift::PendingDrift;
use super::public_names::PublicNames;
use super::request::unversioned;
use super::resolve::Objects;
use super::transport::{LiveExchange, Transport};
use graph_contracts::http::OutgoingRequest;
use graph_contracts::store::Store;

/// One run's dealings with a provider.
pub(super) struct Session {
    pub(super) store: Arc<Store>,
    /// The names of members that may be shown.
    pub(super) public_names: Arc<PublicNames>,
    /// What its contracts keep of the service's metadata.
    pub(super) kept_rules: Arc<KeptRules>,
    /// What the run has found of each contract.
    pub(super) pending_drift: Arc<PendingDrift>,
    pub(super) transport: Transport,
    /// What writing needs. Without it, the session only reads.
    pub(super) writing: Option<Writing>,
    collections: OnceLock<Collections>,
    objects: Mutex<Objects>,
    traffic: Mutex<Traffic>,
    /// Objects that were read to be gone.
    removed: Mutex<Vec<LeftObject>>,
    /// The paths that a contract of the run deletes.
    deletions: Mutex<BTreeSet<String>>,
    /// The paths of objects that a list has shown.
    listed: Mutex<BTreeSet<String>>,
    /// What the service still keeps of them.
    kept: Mutex<Vec<String>>,
    /// How far the service's clock is ahead of this machine's, by the last response that said what time it is.
    ahead: Mutex<SignedDuration>,
}

/// What a session needs in order to write.
pub(super) struct Writing {
    pub(super) ledger: Ledger,
    pub(super) options: Arc<LiveOptions>,
}

impl Session {
    /// A session at its beginning. Without `writing` it only reads.
    pub(super) fn new(store: Arc<Store>, transport: Transport, writing: Option<Writing>) -> Session {
        Session {
            public_names: Arc::new(PublicNames::of(&store.contracts)),
            kept_rules: Arc::new(KeptRules::of(&store)),
            pending_drift: Arc::default(),
            store,
            transport,
            writing,
            collections: OnceLock::new(),
            objects: Mutex::default(),
            traffic: Mutex::default(),
            removed: Mutex::default(),
            deletions: Mutex::default(),
            listed: Mutex::default(),
            kept: Mutex::default(),
            ahead: Mutex::default(),
        }
    }

    /// Whether no contract of the run has deleted this before: several may document it, and only one finds it.
    pub(super) fn begins_deletion(&self, path: &str) -> bool {
        let path = path.split('?').next().unwrap_or_default().to_owned();
        self.deletions.lock().unwrap_or_else(PoisonError::into_inner).insert(path)
    }

    /// The collections within objects; they are found when they are asked for first.
    pub(super) fn collections(&self) -> &Collections {
        self.collections.get_or_init(|| Collections::of(&self.store.contracts))
    }

    /// The objects that the run knows.
    pub(super) fn objects(&self) -> MutexGuard<'_, Objects> {
        locked(&self.objects)
    }

    /// What the run has sent so far.
    pub(super) fn traffic(&self) -> MutexGuard<'_, Traffic> {
        locked(&self.traffic)
    }

    /// How long an object may take to appear. A session that only reads creates none.
    pub(super) fn settling(&self) -> Duration {
        self.writing.as_ref().map_or(Duration::ZERO, |writing| writing.options.settling)
    }

    /// How many objects a collection may have that is listed.
    pub(super) fn list_limit(&self) -> usize {
        self.writing.as_ref().map_or(LIST_LIMIT, |writing| writing.options.list_limit)
    }

    /// What time it is by the service's clock, as far as it is known.
    pub(super) fn service_time(&self) -> Timestamp {
        let ahead = *locked(&self.ahead);
        Timestamp::now().checked_add(ahead).unwrap_or_else(|_| Timestamp::now())
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
        // RFC 9110 section 6.6.1.
        let date = exchange.as_ref().ok().and_then(|exchange| exchange.response.header("date"));
        let date = date.and_then(|date| Timestamp::try_from(httpdate::parse_http_date(&date).ok()?).ok());
        if let Some(date) = date {
            *locked(&self.ahead) = date.duration_since(Timestamp::now());
        }
        let mut traffic = self.traffic();
        traffic.sent += attempts as usize;
        traffic.retries += attempts.saturating_sub(1) as usize;
        traffic.throttled += throttled as usize;
        exchange
    }

    /// Takes an object out that is gone.
    pub(super) fn remove(&self, object: &LeftObject) {
        self.objects().remove_created(unversioned(&object.url));
        let mut removed = locked(&self.removed);
        // Two steps may delete the same object.
        if !removed.iter().any(|own| own.url == object.url) {
            self.traffic().deleted += 1;
            removed.push(object.clone());
        }
    }

    /// Whether an object is within one that is gone.
    pub(super) fn is_within_removed(&self, url: &str) -> bool {
        let is_around = |own: &LeftObject| {
            let rest = unversioned(url).strip_prefix(unversioned(&own.url));
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        locked(&self.removed).iter().any(is_around)
    }

    /// Takes back that an object is gone.
    pub(super) fn restore(&self, url: &str) {
        let mut removed = locked(&self.removed);
        if let Some(at) = removed.iter().position(|own| own.url == url) {
            removed.swap_remove(at);
            self.traffic().deleted -= 1;
        }
    }

    /// Takes note of what the service still keeps of a deleted object.
    pub(super) fn note_kept(&self, what: String) {
        let mut kept = locked(&self.kept);
        if !kept.contains(&what) {
            kept.push(what);
        }
    }

    /// What the service still keeps of deleted objects.
    pub(super) fn kept(&self) -> Vec<String> {
        locked(&self.kept).clone()
    }

    /// Takes note that a list shows an object.
    pub(super) fn note_listed(&self, url: String) {
        locked(&self.listed).insert(url);
    }

    /// Whether a list has shown an object.
    pub(super) fn was_listed(&self, url: &str) -> bool {
        locked(&self.listed).contains(url)
    }

    /// The objects that are gone.
    pub(super) fn removed(&self) -> Vec<LeftObject> {
        locked(&self.removed).clone()
    }

    /// Waits before what was not there yet is looked for again: until that much of the settling time is over. `false` if it is over, or
    /// no further request may be sent.
    pub(super) async fn may_still_settle(&self, age: Duration, failures: u32) -> bool {
        let Some(left) = self.settling().checked_sub(age).filter(|left| !left.is_zero()) else { return false };
        let pace = self.transport.pace();
        pace.pause(pace.backoff(failures).min(left)).await.is_ok()
    }
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

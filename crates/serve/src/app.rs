//! What every connection shares.

use std::sync::{Arc, PoisonError, RwLock};

use graph_contracts::store::Store;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::faults::Faults;
use crate::journal::Journal;
use crate::serve_options::ServeOptions;
use crate::service::Service;
use crate::sign_in::SignIn;
use crate::upstream::Upstream;

/// What every connection shares.
#[derive(Debug)]
pub(crate) struct App {
    /// Replaced as a whole when contracts are read again.
    service: RwLock<Arc<Service>>,
    pub(crate) sign_in: SignIn,
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
    /// The URL at which clients that say nothing else find the server.
    pub(crate) url: String,
    /// What answers instead, if requests are sent on.
    pub(crate) upstream: Option<Arc<dyn Upstream>>,
    /// Whose turn it is to answer a large body: only one is in memory as more than its bytes.
    pub(crate) large: Arc<Semaphore>,
    /// When it is cancelled, no more is awaited.
    pub(crate) ending: CancellationToken,
}

impl App {
    pub(crate) fn new(service: Service, options: &ServeOptions, url: String) -> App {
        let service = RwLock::new(Arc::new(service));
        App {
            service,
            sign_in: SignIn::default(),
            faults: Faults::new(options.faults.clone()),
            journal: Journal::new(options.observer.clone()),
            url,
            upstream: options.upstream.clone(),
            large: Arc::new(Semaphore::new(1)),
            ending: CancellationToken::new(),
        }
    }

    /// What answers now. Whoever has it answers by it to the end, and holds no lock meanwhile.
    pub(crate) fn service(&self) -> Arc<Service> {
        Arc::clone(&self.service.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets other contracts answer from the next request on.
    pub(crate) fn reload(&self, store: Arc<Store>) {
        // Indexing takes its time, and requests are answered meanwhile.
        let service = Arc::new(self.service().with_store(store));
        *self.service.write().unwrap_or_else(PoisonError::into_inner) = service;
        self.journal.wake();
    }
}

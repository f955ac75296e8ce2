//! The one mock of a server, which is mounted anew now and then.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// A responder that answers every request of a server.
#[derive(Clone)]
pub struct Mounted {
    responder: Arc<dyn Respond>,
    server: Weak<MockServer>,
    answered: Arc<AtomicUsize>,
}

/// How many requests a mounted mock answers before it is mounted anew.
const ANSWERS_PER_MOUNT: usize = 512;

impl Mounted {
    /// A mock of that server which answers everything by the responder.
    pub fn new(responder: Arc<impl Respond + 'static>, server: &Arc<MockServer>) -> Mounted {
        Mounted { responder, server: Arc::downgrade(server), answered: Arc::default() }
    }

    /// Mounts the mock.
    pub async fn mount(self, server: &MockServer) {
        Mock::given(any()).respond_with(self).mount(server).await;
    }

    /// wiremock keeps every request that a mock has matched, even where it should record none, until the mock is gone.
    ///
    /// This runs on the server's own thread, between two requests: no request can come between the two steps.
    async fn mount_anew(self) {
        if let Some(server) = self.server.upgrade() {
            server.reset().await;
            self.mount(&server).await;
        }
    }
}

impl Respond for Mounted {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        if self.answered.fetch_add(1, Ordering::Relaxed) % ANSWERS_PER_MOUNT == ANSWERS_PER_MOUNT - 1 {
            tokio::spawn(self.clone().mount_anew());
        }
        self.responder.respond(request)
    }
}

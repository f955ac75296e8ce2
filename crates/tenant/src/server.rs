//! Starts the sandbox: the engine behind a server.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use wiremock::MockServer;

use super::engine::{Engine, EngineOptions, locked};
use super::responder::Responder;
use super::{Drift, Logged, SandboxOptions};
use graph_contracts::store::Store;
use graph_contracts::stub::Mounted;

/// Why the sandbox cannot start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// No port can be opened.
    #[error("cannot listen on the loopback interface: {0}")]
    Listen(#[from] io::Error),
}

/// A simulated tenant on a free port of the loopback interface, until it is dropped. It is a test double: what it does follows
/// from the contracts alone.
#[derive(Debug)]
pub struct Sandbox {
    _server: Arc<MockServer>,
    responder: Arc<Responder>,
}

impl Sandbox {
    /// Starts a tenant that has what the contracts are about.
    ///
    /// # Errors
    ///
    /// When no port can be opened.
    pub async fn start(store: Arc<Store>, options: SandboxOptions) -> Result<Sandbox, SandboxError> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let uri = format!("http://{}", listener.local_addr()?);
        let server = Arc::new(MockServer::builder().listener(listener).disable_request_recording().start().await);
        let engine = Engine::new(store, EngineOptions::default());
        let responder = Arc::new(Responder::new(engine, options, uri));
        Mounted::new(Arc::clone(&responder), &server).mount(&server).await;
        Ok(Sandbox { _server: server, responder })
    }

    /// The base URL, such as `http://127.0.0.1:40123`. It takes the place of `https://graph.microsoft.com`; the version
    /// follows.
    pub fn uri(&self) -> String {
        self.responder.uri.clone()
    }

    /// The tenant's id, a GUID.
    pub fn tenant(&self) -> &str {
        &self.responder.id
    }

    /// Where clients get tokens, by the client credentials grant (RFC 6749 section 4.4). Any client and any secret will do.
    pub fn token_endpoint(&self) -> String {
        format!("{}/{}/oauth2/v2.0/token", self.uri(), self.tenant())
    }

    /// A token without asking the endpoint.
    pub fn token(&self) -> String {
        self.responder.tokens.issue()
    }

    /// The requests that were answered, the oldest first; of very many, the latest.
    pub fn log(&self) -> Vec<Logged> {
        locked(&self.responder.log).iter().cloned().collect()
    }

    /// The URLs of the objects that clients created and that still exist.
    pub fn left(&self) -> Vec<String> {
        self.responder.engine.left()
    }

    /// The deviations that are on. Without [`SandboxOptions::drift`] there are none.
    pub fn drifts(&self) -> Vec<Drift> {
        self.responder.plan.drifts(&self.responder.engine.store().contracts)
    }
}

//! Starts the stub.

use std::fmt;
use std::io;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use wiremock::MockServer;

use super::request_log::{RequestLog, StubRequest};
use super::responder::Responder;
use super::{Answers, Mounted};
use crate::contract::Cloud;
use crate::matching::{Matcher, Mode};
use crate::store::{Store, StoreError};

/// A server on the loopback interface, until it is dropped.
#[derive(Debug)]
pub struct Stub {
    server: Arc<MockServer>,
    log: Arc<RequestLog>,
}

/// How a stub answers, before it is started: see [`Stub::builder`].
#[derive(Clone, Default)]
pub struct StubBuilder {
    port: u16,
    mode: Mode,
    cloud: Option<Cloud>,
    answers: Option<Arc<dyn Answers>>,
}

/// Why the stub cannot start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StubError {
    /// The contracts cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The port cannot be opened.
    #[error("cannot listen on port {port} of the loopback interface: {cause}")]
    Listen {
        /// The port; 0 for any free one.
        port: u16,
        /// Why.
        cause: io::Error,
    },
}

impl Stub {
    /// Starts a stub for the contracts of a folder, on a free port.
    ///
    /// # Errors
    ///
    /// When the contracts cannot be read, or no port can be opened.
    pub async fn start(folder: impl AsRef<Path>) -> Result<Stub, StubError> {
        Stub::serve(Arc::new(Store::read(folder.as_ref())?)).await
    }

    /// Starts a stub for contracts that have been read, on a free port.
    ///
    /// # Errors
    ///
    /// When no port can be opened.
    pub async fn serve(store: Arc<Store>) -> Result<Stub, StubError> {
        Stub::builder().serve(store).await
    }

    /// A stub that is set up before it is started: its port, and how closely a request has to be the documented one.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use graph_contracts::{Store, Stub};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let store = Arc::new(Store::read("contracts".as_ref())?);
    /// let stub = Stub::builder().lenient().serve(store).await?;
    /// // … run your client against stub.uri() …
    /// stub.assert_called("v1.0/create-userinstallstatesummary", 0);
    /// assert!(stub.requests().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder() -> StubBuilder {
        StubBuilder::default()
    }

    /// The base URL, such as `http://127.0.0.1:40123`. It takes the place of `https://graph.microsoft.com`; the version
    /// follows.
    pub fn uri(&self) -> String {
        self.server.uri()
    }

    /// The requests so far, the oldest first. Of very many, the first are forgotten.
    pub fn requests(&self) -> Vec<StubRequest> {
        self.log.requests()
    }

    /// How often a contract has answered.
    pub fn calls(&self, id: &str) -> usize {
        self.log.calls(id)
    }

    /// Asserts that a contract has answered so often.
    ///
    /// # Panics
    ///
    /// When it has answered more or less often; the message lists the last requests, with what answered each.
    #[track_caller]
    pub fn assert_called(&self, id: &str, times: usize) {
        let calls = self.calls(id);
        assert!(calls == times, "{id} has answered {calls} times, not {times}.{}", self.log.shown());
    }
}

impl StubBuilder {
    /// On that port of the loopback interface, instead of a free one.
    #[must_use]
    pub fn port(self, port: u16) -> StubBuilder {
        StubBuilder { port, ..self }
    }

    /// Answers whatever fits a documented path and method and can be of the declared types, instead of the documented example alone.
    #[must_use]
    pub fn lenient(self) -> StubBuilder {
        StubBuilder { mode: Mode::Lenient, ..self }
    }

    /// Without the operations that the pages deny to a cloud.
    #[doc(hidden)]
    #[must_use]
    pub fn cloud(self, cloud: Cloud) -> StubBuilder {
        StubBuilder { cloud: Some(cloud), ..self }
    }

    /// With other answers than the documented ones.
    #[doc(hidden)]
    #[must_use]
    pub fn answers(self, answers: Arc<dyn Answers>) -> StubBuilder {
        StubBuilder { answers: Some(answers), ..self }
    }

    /// Starts the stub for contracts that have been read.
    ///
    /// # Errors
    ///
    /// When the port cannot be opened.
    pub async fn serve(self, store: Arc<Store>) -> Result<Stub, StubError> {
        let listen = |cause| StubError::Listen { port: self.port, cause };
        let listener = TcpListener::bind(("127.0.0.1", self.port)).map_err(listen)?;
        let server = Arc::new(start_server(listener).await);
        let log = Arc::<RequestLog>::default();
        let responder = Responder {
            matcher: Matcher::new(store, self.cloud),
            mode: self.mode,
            answers: self.answers,
            log: Arc::clone(&log),
        };
        // One mock for all contracts: wiremock asks its mocks one by one, the matcher finds the contract by its route.
        Mounted::new(Arc::new(responder), &server).mount(&server).await;
        Ok(Stub { server, log })
    }
}

impl fmt::Debug for StubBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let StubBuilder { port, mode, cloud, .. } = self;
        f.debug_struct("StubBuilder")
            .field("port", port)
            .field("mode", mode)
            .field("cloud", cloud)
            .finish_non_exhaustive()
    }
}

/// Starts the server. It is boxed so that its HTTP stack is compiled here, and not again in every program that starts a stub.
fn start_server(listener: TcpListener) -> BoxFuture<'static, MockServer> {
    // A stub for thousands of requests need not remember them.
    MockServer::builder().listener(listener).disable_request_recording().start().boxed()
}

//! What all connections have in common.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::App;

/// A client that has not sent its header fields by then is not waited for.
pub(crate) const LONGEST_HEAD: Duration = Duration::from_secs(60);

/// What all connections have in common.
#[derive(Clone, Debug)]
pub(crate) struct Connections {
    pub(crate) app: Arc<App>,
    pub(crate) router: Router,
    /// Cancelled when the server ends.
    pub(crate) ending: CancellationToken,
    pub(crate) tasks: TaskTracker,
    /// The port of the server.
    #[cfg(feature = "tls")]
    pub(crate) port: u16,
    #[cfg(feature = "tls")]
    pub(crate) tls: Option<Arc<crate::tls::Tls>>,
}

impl Connections {
    /// Does something until the server ends.
    #[cfg(feature = "tls")]
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(task);
    }

    /// The same within a tunnel of the proxy.
    #[cfg(feature = "tls")]
    pub(crate) fn without_proxy(&self) -> Connections {
        Connections { tls: None, ..self.clone() }
    }

    /// Whether the proxy stands for a host.
    #[cfg(feature = "tls")]
    pub(crate) fn stands_for(&self, host: &str) -> bool {
        crate::tls::stands_for(host, self.app.upstream.is_some())
    }

    /// Whether an authority is that of the server itself.
    #[cfg(feature = "tls")]
    pub(crate) fn is_own(&self, authority: &http::uri::Authority) -> bool {
        let is_local =
            url::Url::parse(&format!("http://{authority}")).is_ok_and(|url| graph_contracts::http::is_local(&url));
        authority.port_u16() == Some(self.port) && is_local
    }
}

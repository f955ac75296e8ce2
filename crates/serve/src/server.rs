//! Listens, and ends in order.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use graph_contracts::store::Store;
use graph_contracts_tenant::SeedError;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::App;
use crate::connection;
use crate::connections::Connections;
use crate::journal::{Journal, Summary};
use crate::router::router;
use crate::serve_options::ServeOptions;
use crate::service::Service;

/// Requests that have begun are answered within this time after the end, or not at all.
const LONGEST_ENDING: Duration = Duration::from_secs(5);

/// So many free ports are tried until one is free on both addresses of the loopback interface.
const MOST_ATTEMPTS: usize = 8;

/// A server that has started. It ends when it is dropped, or in order by [`Server::stop`].
#[derive(Debug)]
pub struct Server {
    app: Arc<App>,
    addresses: Vec<SocketAddr>,
    ending: CancellationToken,
    tasks: TaskTracker,
}

/// How clients reach the server.
struct Transport {
    scheme: &'static str,
    #[cfg(feature = "tls")]
    tls: Option<Arc<crate::tls::Tls>>,
}

impl Default for Transport {
    fn default() -> Transport {
        Transport {
            scheme: "http",
            #[cfg(feature = "tls")]
            tls: None,
        }
    }
}

/// Why a server cannot start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// A seed fits no contract.
    #[error(transparent)]
    Seed(#[from] SeedError),
    /// The port is taken.
    #[error(
        "port {port} of {host} is taken by another program: end that one, or choose another port; 0 is any free one"
    )]
    Taken {
        /// The address.
        host: IpAddr,
        /// The port.
        port: u16,
    },
    /// A proxy on the network would lead anybody to wherever this machine can go.
    #[error("a proxy is for programs of this machine, and {host} is reached by others: leave out --proxy or --host")]
    OpenProxy {
        /// The address.
        host: IpAddr,
    },
    /// The address cannot be opened.
    #[error("cannot listen on {host}, port {port}: {cause}")]
    Listen {
        /// The address.
        host: IpAddr,
        /// The port.
        port: u16,
        /// Why.
        cause: io::Error,
    },
}

impl Server {
    /// Starts to listen. Requests are answered from now on.
    ///
    /// # Errors
    ///
    /// When the address cannot be opened, or a seed fits no contract.
    pub async fn start(store: Arc<Store>, options: ServeOptions) -> Result<Server, ServeError> {
        let plain = Transport::default();
        Server::start_on(store, options, plain).await
    }

    /// The same with TLS, with a proxy, or with both. The port answers plain HTTP as well, which is how clients speak to a proxy.
    ///
    /// # Errors
    ///
    /// As before, and when a proxy would be open to others than programs of this machine.
    #[cfg(feature = "tls")]
    pub async fn start_with_tls(
        store: Arc<Store>,
        options: ServeOptions,
        tls: crate::tls::Tls,
    ) -> Result<Server, ServeError> {
        if tls.is_proxy() && !options.host.is_loopback() {
            return Err(ServeError::OpenProxy { host: options.host });
        }
        let scheme = if tls.own.is_some() { "https" } else { "http" };
        Server::start_on(store, options, Transport { scheme, tls: Some(Arc::new(tls)) }).await
    }

    async fn start_on(store: Arc<Store>, options: ServeOptions, transport: Transport) -> Result<Server, ServeError> {
        let scheme = transport.scheme;
        let listeners = listen(options.host, options.port).await?;
        let addresses: Vec<SocketAddr> = listeners.iter().filter_map(|listener| listener.local_addr().ok()).collect();
        let port = addresses.first().map_or(options.port, SocketAddr::port);
        let url = match options.host {
            IpAddr::V4(host) => format!("{scheme}://{host}:{port}"),
            IpAddr::V6(host) => format!("{scheme}://[{host}]:{port}"),
        };
        let service = Service::new(store, options.clone())?;
        let app = Arc::new(App::new(service, &options, url));
        let connections = Connections {
            router: router(Arc::clone(&app)),
            app: Arc::clone(&app),
            ending: app.ending.clone(),
            tasks: TaskTracker::new(),
            #[cfg(feature = "tls")]
            port,
            #[cfg(feature = "tls")]
            tls: transport.tls,
        };
        for listener in listeners {
            connections.tasks.spawn(accept(listener, connections.clone()));
        }
        let Connections { ending, tasks, .. } = connections;
        let server = Server { app, addresses, ending, tasks };
        Ok(server)
    }

    /// The base URL. It takes the place of `https://graph.microsoft.com`; the version follows.
    pub fn url(&self) -> &str {
        &self.app.url
    }

    /// The addresses on which it listens.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// What was requested so far.
    pub fn journal(&self) -> &Journal {
        &self.app.journal
    }

    /// Lets other contracts answer from the next request on. Requests that have begun are answered by those of their beginning. The journal stays, and
    /// a tenant keeps what it holds: it is reached by the paths that the new contracts have. Links to content that earlier answers have may lead elsewhere.
    pub fn reload(&self, store: Arc<Store>) {
        self.app.reload(store);
    }

    /// Ends: no connection is accepted any more, and the requests that have begun are answered. Returns how many requests there were.
    pub async fn stop(self) -> Summary {
        self.ending.cancel();
        self.tasks.close();
        // A client that never reads its answer is not waited for.
        let _ = tokio::time::timeout(LONGEST_ENDING, self.tasks.wait()).await;
        self.app.journal.summary()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ending.cancel();
    }
}

/// Opens the port; on the loopback interface of IPv4 also on that of IPv6, where there is one.
async fn listen(host: IpAddr, port: u16) -> Result<Vec<TcpListener>, ServeError> {
    let failed = |host: IpAddr, cause: io::Error| match cause.kind() {
        io::ErrorKind::AddrInUse => ServeError::Taken { host, port },
        _ => ServeError::Listen { host, port, cause },
    };
    if host != IpAddr::V4(Ipv4Addr::LOCALHOST) {
        return Ok(vec![TcpListener::bind((host, port)).await.map_err(|cause| failed(host, cause))?]);
    }
    let other = IpAddr::V6(Ipv6Addr::LOCALHOST);
    for _ in 0..MOST_ATTEMPTS {
        let first = TcpListener::bind((host, port)).await.map_err(|cause| failed(host, cause))?;
        let own = first.local_addr().map_err(|cause| failed(host, cause))?.port();
        match TcpListener::bind((other, own)).await {
            Ok(second) => return Ok(vec![first, second]),
            // A machine need not have IPv6.
            Err(cause) if cause.kind() != io::ErrorKind::AddrInUse => return Ok(vec![first]),
            Err(cause) if port != 0 => return Err(failed(other, cause)),
            Err(_) => {}
        }
    }
    Ok(vec![TcpListener::bind((host, port)).await.map_err(|cause| failed(host, cause))?])
}

async fn accept(listener: TcpListener, connections: Connections) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = connections.ending.cancelled() => return,
        };
        match accepted {
            Ok((stream, _)) => {
                connections.tasks.spawn(connection::begin(stream, connections.clone()));
            }
            // Too many open files, say: others may be closed soon.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

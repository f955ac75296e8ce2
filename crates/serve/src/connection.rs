//! One connection.

use std::io;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::header::{self, HeaderValue};
use http::uri::Authority;
use http::{Method, StatusCode};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use crate::connections::{Connections, LONGEST_HEAD};
use crate::router::{self, Broken, Origin};
#[cfg(feature = "tls")]
use crate::tls::proxy::{self, Proxied};

/// The most bytes of header fields. A token with every permission that there is has some ten thousand.
const LARGEST_HEAD: u32 = 256 << 10;

/// Serves what a client sends on a new connection: HTTP, or, if the server has TLS, either HTTP or TLS, which a first byte of 22 begins
/// (RFC 8446 section 5.1).
pub(crate) async fn begin(stream: TcpStream, connections: Connections) {
    let _ = stream.set_nodelay(true);
    #[cfg(feature = "tls")]
    if let Some(config) = connections.tls.as_ref().and_then(|tls| tls.own.clone()) {
        let mut first = [0];
        let Ok(Ok(1)) = tokio::time::timeout(LONGEST_HEAD, stream.peek(&mut first)).await else { return };
        if first == [22] {
            let handshake = tokio_rustls::TlsAcceptor::from(config).accept(stream);
            if let Ok(Ok(stream)) = tokio::time::timeout(LONGEST_HEAD, handshake).await {
                serve(stream, connections, Origin { scheme: "https", host: None }).await;
            }
            return;
        }
    }
    serve(stream, connections, Origin { scheme: "http", host: None }).await;
}

/// Serves HTTP/1.1 and HTTP/2 on a connection until the client closes it, or, when the server ends, until the requests that have begun are
/// answered.
pub(crate) async fn serve<S>(stream: S, connections: Connections, origin: Origin)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let ending = connections.ending.clone();
    let shared = Arc::new((connections, origin));
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        answer(Arc::clone(&shared), request.map(Body::new))
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(LONGEST_HEAD);
    builder.http2().timer(TokioTimer::new()).max_header_list_size(LARGEST_HEAD);
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    tokio::pin!(connection);
    // A connection that breaks concerns its client alone.
    tokio::select! {
        _ = connection.as_mut() => {}
        () = ending.cancelled() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

/// Serves in the place of a host, in a tunnel of the proxy: with TLS, if there is a configuration for it. It is boxed, because a connection within a
/// connection has a type of its own.
#[cfg(feature = "tls")]
fn intercept(
    config: Option<Arc<tokio_rustls::rustls::ServerConfig>>,
    host: String,
    upgrade: hyper::upgrade::OnUpgrade,
    connections: Connections,
) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        let Ok(upgraded) = upgrade.await else { return };
        let (stream, host) = (TokioIo::new(upgraded), Some(host));
        let Some(config) = config else {
            serve(stream, connections, Origin { scheme: "http", host }).await;
            return;
        };
        let handshake = tokio_rustls::TlsAcceptor::from(config).accept(stream);
        // A client that does not trust the authority ends it here.
        if let Ok(Ok(stream)) = tokio::time::timeout(LONGEST_HEAD, handshake).await {
            serve(stream, connections, Origin { scheme: "https", host }).await;
        }
    })
}

/// Why a request cannot be answered whatever it asks for: it names no host that there can be, or several (RFC 9112 section 3.2).
fn host_defect(request: &Request) -> Option<&'static str> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (first, second) = (hosts.next(), hosts.next());
    let is_host = |host: &str| host.is_empty() || (!host.contains('@') && host.parse::<Authority>().is_ok());
    let is_valid = first.is_none_or(|host| host.to_str().is_ok_and(is_host));
    if second.is_some() {
        Some("The request has several Host fields.\n")
    } else if !is_valid {
        Some("The Host field of the request names no host.\n")
    } else {
        None
    }
}

async fn answer(shared: Arc<(Connections, Origin)>, request: Request) -> io::Result<Response> {
    let (connections, origin) = &*shared;
    if let Some(defect) = host_defect(&request) {
        return Ok((StatusCode::BAD_REQUEST, defect).into_response());
    }
    #[cfg(feature = "tls")]
    let request = match connections.tls.as_ref().and_then(|tls| tls.intercepting.as_ref()) {
        Some(config) => match proxy::answer(connections, request).await {
            Proxied::ForServer(request) => request,
            Proxied::Answered(response) => return Ok(response),
            Proxied::Intercepted { host, is_secure, upgrade } => {
                let config = is_secure.then(|| Arc::clone(config));
                connections.spawn(intercept(config, host, upgrade, connections.without_proxy()));
                return Ok(StatusCode::OK.into_response());
            }
        },
        None => request,
    };
    if request.method() == Method::CONNECT {
        return Ok(
            (StatusCode::METHOD_NOT_ALLOWED, "This server is no proxy: start it with --proxy.\n").into_response()
        );
    }
    let mut request = request;
    // The authority of the target comes before `Host` (RFC 9112 section 3.2.2; RFC 9113 section 8.3.1).
    if let Some(host) = request.uri().authority().and_then(|own| HeaderValue::from_str(own.as_str()).ok()) {
        request.headers_mut().insert(header::HOST, host);
    }
    request.extensions_mut().insert(origin.clone());
    let response = router::answer(&connections.app, &connections.router, request).await;
    match response.extensions().get::<Broken>() {
        Some(_) => Err(io::ErrorKind::ConnectionReset.into()),
        None => Ok(response),
    }
}

//! The proxy: what is for Microsoft Graph or for sign-in is answered here, and everything else is passed on untouched.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::header;
use http::uri::{Authority, PathAndQuery};
use http::{Method, StatusCode, Uri};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::connections::Connections;
use crate::upstream::without_fields_of_connection;

/// Another host is not waited for any longer.
const LONGEST_CONNECTING: Duration = Duration::from_secs(10);

/// The port of https.
const HTTPS: u16 = 443;

/// What becomes of a request.
pub(crate) enum Proxied {
    /// It is for the server, as if it had come without a proxy.
    ForServer(Request),
    /// It is for another host.
    Answered(Response),
    /// It asks for a tunnel to a host that the server stands for, which begins as soon as it is answered.
    Intercepted { host: String, upgrade: OnUpgrade },
}

/// Passes a request on, if it is not for the server.
pub(crate) async fn answer(connections: &Connections, request: Request) -> Proxied {
    if request.method() == Method::CONNECT {
        return connect(connections, request).await;
    }
    let is_other = |authority: &Authority| !connections.stands_for(authority.host()) && !connections.is_own(authority);
    match request.uri().authority() {
        // With HTTP/2, every request has an authority: who speaks it to the proxy means the proxy.
        Some(authority) if request.version() < http::Version::HTTP_2 && is_other(authority) => {
            Proxied::Answered(forward(connections, request).await)
        }
        _ => Proxied::ForServer(request),
    }
}

/// A tunnel (RFC 9110 section 9.3.6).
async fn connect(connections: &Connections, mut request: Request) -> Proxied {
    let Some(authority) = request.uri().authority().cloned() else {
        return Proxied::Answered((StatusCode::BAD_REQUEST, "CONNECT names a host and a port.\n").into_response());
    };
    let (host, port) = (authority.host().to_ascii_lowercase(), authority.port_u16().unwrap_or(HTTPS));
    let upgrade = hyper::upgrade::on(&mut request);
    if port == HTTPS && connections.stands_for(&host) {
        return Proxied::Intercepted { host, upgrade };
    }
    Proxied::Answered(match reach(&host, port).await {
        Ok(stream) => {
            let ending = connections.ending.clone();
            connections.spawn(async move {
                tokio::select! {
                    _ = tunnel(upgrade, stream) => {}
                    () = ending.cancelled() => {}
                }
            });
            StatusCode::OK.into_response()
        }
        Err(error) => unreachable(&authority, &error),
    })
}

async fn tunnel(upgrade: OnUpgrade, mut stream: TcpStream) -> io::Result<()> {
    let upgraded = upgrade.await.map_err(io::Error::other)?;
    tokio::io::copy_bidirectional(&mut TokioIo::new(upgraded), &mut stream).await?;
    Ok(())
}

async fn reach(host: &str, port: u16) -> io::Result<TcpStream> {
    // An address of IPv6 stands in brackets.
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let stream = tokio::time::timeout(LONGEST_CONNECTING, TcpStream::connect((host, port))).await??;
    stream.set_nodelay(true)?;
    Ok(stream)
}

fn unreachable(authority: &Authority, error: &dyn std::fmt::Display) -> Response {
    (StatusCode::BAD_GATEWAY, format!("{authority} cannot be reached: {error}\n")).into_response()
}

/// Sends a request for another host on (RFC 9112 section 3.2.2), and its response back.
async fn forward(connections: &Connections, mut request: Request) -> Response {
    let Some(authority) = request.uri().authority().cloned() else { return StatusCode::BAD_REQUEST.into_response() };
    let path = request.uri().path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
    *request.uri_mut() = Uri::from(path);
    without_fields_of_connection(request.headers_mut());
    if let Ok(host) = authority.as_str().parse() {
        request.headers_mut().insert(header::HOST, host);
    }
    let stream = match reach(authority.host(), authority.port_u16().unwrap_or(80)).await {
        Ok(stream) => stream,
        Err(error) => return unreachable(&authority, &error),
    };
    let (mut sender, connection) = match hyper::client::conn::http1::handshake(TokioIo::new(stream)).await {
        Ok(both) => both,
        Err(error) => return unreachable(&authority, &error),
    };
    let ending = connections.ending.clone();
    connections.spawn(async move {
        tokio::select! {
            _ = connection => {}
            () = ending.cancelled() => {}
        }
    });
    match sender.send_request(request).await {
        Ok(response) => {
            let mut response = response.map(Body::new);
            without_fields_of_connection(response.headers_mut());
            response
        }
        Err(error) => unreachable(&authority, &error),
    }
}

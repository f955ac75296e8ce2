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

/// The ports of HTTP and of https.
const HTTP: u16 = 80;
const HTTPS: u16 = 443;

/// What becomes of a request.
pub(crate) enum Proxied {
    /// It is for the server, as if it had come without a proxy.
    ForServer(Request),
    /// It is for another host.
    Answered(Response),
    /// It asks for a tunnel to a host that the server stands for, which begins as soon as it is answered, with TLS or in plain text.
    Intercepted { host: String, is_secure: bool, upgrade: OnUpgrade },
}

/// Passes a request on, if it is not for the server.
pub(crate) async fn answer(connections: &Connections, request: Request) -> Proxied {
    if request.method() == Method::CONNECT {
        return connect(connections, request).await;
    }
    let is_other = |authority: &Authority| {
        !connections.stands_for(without_dot(authority.host())) && !connections.is_own(authority)
    };
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
    let Some((host, port)) = destination(request.uri()) else {
        return refused("CONNECT names a host and a port, as `graph.microsoft.com:443`.\n");
    };
    let upgrade = hyper::upgrade::on(&mut request);
    if connections.stands_for(without_dot(&host)) {
        let host = without_dot(&host).to_owned();
        return match port {
            HTTP | HTTPS => Proxied::Intercepted { host, is_secure: port == HTTPS, upgrade },
            // The service itself is never reached from here.
            _ => refused("The proxy stands for this host, which has the ports 80 and 443.\n"),
        };
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
        Err(error) => unreachable((&host, port), &error),
    })
}

fn refused(message: &'static str) -> Proxied {
    Proxied::Answered((StatusCode::BAD_REQUEST, message).into_response())
}

/// The host and the port that CONNECT names: both, and nothing else (RFC 9112 section 3.2.3).
fn destination(uri: &Uri) -> Option<(String, u16)> {
    let authority = uri.authority().filter(|_| uri.scheme().is_none() && uri.path_and_query().is_none())?;
    let port = authority.port_u16().filter(|port| *port > 0)?;
    let is_bare = !authority.as_str().contains('@') && !authority.host().is_empty();
    is_bare.then(|| (authority.host().to_ascii_lowercase(), port))
}

/// A host without the dot of the root of all names, with which it is the same (RFC 1034 section 3.1).
fn without_dot(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
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

fn unreachable((host, port): (&str, u16), error: &dyn std::fmt::Display) -> Response {
    (StatusCode::BAD_GATEWAY, format!("{host}:{port} cannot be reached: {error}\n")).into_response()
}

/// Sends a request for another host on (RFC 9112 section 3.2.2), and its response back.
async fn forward(connections: &Connections, mut request: Request) -> Response {
    let Some(authority) = request.uri().authority().cloned() else { return StatusCode::BAD_REQUEST.into_response() };
    // What is meant to be sent with TLS is not sent without.
    if request.uri().scheme_str() != Some("http") {
        let message =
            "The proxy sends requests to other hosts on with the scheme http; any other needs a tunnel: CONNECT.\n";
        return (StatusCode::BAD_REQUEST, message).into_response();
    }
    let path = request.uri().path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
    *request.uri_mut() = Uri::from(path);
    without_fields_of_connection(request.headers_mut());
    // Without a user and a password, which `Host` does not have (RFC 9110 section 7.2).
    let host = authority.as_str().rsplit('@').next().unwrap_or_default();
    if let Ok(host) = host.parse() {
        request.headers_mut().insert(header::HOST, host);
    }
    let to = (authority.host(), authority.port_u16().unwrap_or(HTTP));
    let stream = match reach(to.0, to.1).await {
        Ok(stream) => stream,
        Err(error) => return unreachable(to, &error),
    };
    let (mut sender, connection) = match hyper::client::conn::http1::handshake(TokioIo::new(stream)).await {
        Ok(both) => both,
        Err(error) => return unreachable(to, &error),
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
        Err(error) => unreachable(to, &error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connect_names_a_host_and_a_port_and_nothing_else() {
        let check = |target: &str, expected: Option<(&str, u16)>| {
            let uri: Uri = target.parse().expect("a target");
            let found = destination(&uri);
            assert_eq!(found.as_ref().map(|(host, port)| (host.as_str(), *port)), expected, "{target}");
        };
        check("graph.microsoft.com:443", Some(("graph.microsoft.com", 443)));
        check("Graph.Microsoft.com.:443", Some(("graph.microsoft.com.", 443)));
        check("[::1]:8443", Some(("[::1]", 8443)));
        for other in ["graph.microsoft.com", "a:0", "a:99999", "a:", "u:p@a:443", "https://a:443/", "/v1.0/me", "*"] {
            check(other, None);
        }
    }
}

//! One connection.

use std::io;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::sync::CancellationToken;

use crate::router::{Broken, Origin};

/// A client that has not sent its header fields by then is not waited for.
const LONGEST_HEAD: Duration = Duration::from_secs(60);

/// Serves HTTP/1.1 and HTTP/2 on a connection until the client closes it, or, when `ending` is cancelled, until the requests that have
/// begun are answered.
pub(crate) async fn serve<S>(stream: S, router: Router, origin: Option<Origin>, ending: CancellationToken)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        if let Some(origin) = &origin {
            request.extensions_mut().insert(origin.clone());
        }
        answer(router.clone(), request)
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(LONGEST_HEAD);
    builder.http2().timer(TokioTimer::new());
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

async fn answer(mut router: Router, request: Request) -> io::Result<Response> {
    use tower_service::Service as _;
    // A router is always ready.
    let Ok(response) = router.call(request).await;
    match response.extensions().get::<Broken>() {
        Some(_) => Err(io::ErrorKind::ConnectionReset.into()),
        None => Ok(response),
    }
}

//! The set-up of a client.

use reqwest::redirect::Policy;
use reqwest::{ClientBuilder, Url};

use super::limits::Limits;
use super::urls::is_local;

/// A client for a provider that decides nothing by itself, so that [`receive`](super::receive()) and its callers do. `http` has
/// what the command line decides, such as TLS, its certificates and a proxy; what is decided here comes last:
///
/// - No redirect is followed, since redirects are documented responses, and no referrer is named.
/// - Bodies stay encoded as they came.
/// - No proxy is asked for a provider on this machine: one from the environment is not meant for it, and would see what is sent.
/// - Without TLS a connection is used once. Bytes that follow a response would be read as the response to the next request, and a
///   connection that breaks after it would break the next exchange: both belong to another contract. With TLS, connections are
///   used again: HTTP/2 frames its responses, and a handshake for each request would burden the service.
pub fn set_up(http: ClientBuilder, provider: &Url, limits: &Limits) -> ClientBuilder {
    let mut http = http
        .redirect(Policy::none())
        .referer(false)
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        // A user agent takes a folded header field for one line (RFC 9112 section 5.2).
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .connect_timeout(limits.connect_timeout);
    if is_local(provider) {
        http = http.no_proxy();
    }
    if provider.scheme() == "http" { http.pool_max_idle_per_host(0) } else { http }
}

//! HTTP clients with TLS.

use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, ClientBuilder};

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// A file of certificates cannot be read.
    #[error("{}: cannot be read", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// A file has no certificates.
    #[error("{}: no certificates in PEM form (`-----BEGIN CERTIFICATE-----`)", .path.display())]
    NoCertificates {
        /// The file.
        path: PathBuf,
    },
}

/// How long connecting to an authority, and all of its answer, may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const TIMEOUT: Duration = Duration::from_secs(30);

/// A client for the authority: it follows no redirect, because 307 and 308 take the secret along, and does not wait forever. With
/// `direct`, no proxy is asked: a machine's own identity endpoint is on the machine.
pub(crate) fn for_authority(http: ClientBuilder, direct: bool) -> reqwest::Result<reqwest::Client> {
    let http = http.redirect(Policy::none()).referer(false).connect_timeout(CONNECT_TIMEOUT).timeout(TIMEOUT);
    if direct { http.no_proxy().build() } else { http.build() }
}

/// A client that trusts the system's certificate authorities and those in these PEM files. It asks the proxies that the environment
/// names (`HTTPS_PROXY`, `NO_PROXY`) and speaks TLS 1.2 or later.
///
/// # Errors
///
/// When a file cannot be read, or has no certificates.
pub fn builder(ca_certs: &[PathBuf]) -> Result<ClientBuilder, HttpError> {
    let mut authorities = Vec::new();
    for path in ca_certs {
        authorities.extend(certificates(path)?);
    }
    let builder = ClientBuilder::new().min_tls_version(reqwest::tls::Version::TLS_1_2);
    // Those of the system stay: a company's own authority usually is beside them.
    Ok(builder.tls_certs_merge(authorities))
}

fn certificates(path: &Path) -> Result<Vec<Certificate>, HttpError> {
    let pem = std::fs::read(path).map_err(|cause| HttpError::Unreadable { path: path.to_owned(), cause })?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(HttpError::NoCertificates { path: path.to_owned() }),
    }
}

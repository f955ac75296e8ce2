//! HTTP clients with TLS.

use std::path::{Path, PathBuf};

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

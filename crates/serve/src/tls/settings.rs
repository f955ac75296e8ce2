//! What a server needs for TLS and for its proxy.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use graph_contracts::url::is_graph_host;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::authority::Authority;
use super::certificates::{Leaf, provider};
use super::error::TlsError;
use crate::sign_in::is_sign_in_host;

/// Whose certificate the server shows at its own address.
#[derive(Clone, Debug)]
pub enum Certificate {
    /// One that the authority makes.
    OfAuthority,
    /// One in these files, in PEM form: the certificate with those between it and its authority, and its key.
    Files {
        /// The certificates.
        certificate: PathBuf,
        /// The key.
        key: PathBuf,
    },
}

/// TLS, and perhaps a proxy.
#[derive(Clone, Debug)]
pub struct Tls {
    /// At the server's own address; `None` if it has no https there.
    pub(crate) own: Option<Arc<ServerConfig>>,
    /// At the hosts that the proxy intercepts; `None` without a proxy.
    pub(crate) intercepting: Option<Arc<ServerConfig>>,
    authority: Option<(PathBuf, bool)>,
}

impl Tls {
    /// TLS with that certificate at the server's own address, if there is one, and a proxy, if it is wanted. `authority` is the folder in
    /// which the authority is kept: it is looked at only if a certificate of it is needed.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or written, or a certificate cannot be used.
    pub fn new(certificate: Option<&Certificate>, with_proxy: bool, authority: &Path) -> Result<Tls, TlsError> {
        let mut tls = Tls { own: None, intercepting: None, authority: None };
        if with_proxy || matches!(certificate, Some(Certificate::OfAuthority)) {
            let (file, is_new, leaf) = Authority::open(authority)?.into_parts();
            let config = Arc::new(config(leaf)?);
            tls.authority = Some((file, is_new));
            tls.intercepting = with_proxy.then(|| Arc::clone(&config));
            tls.own = certificate.map(|_| config);
        }
        if let Some(Certificate::Files { certificate, key }) = certificate {
            tls.own = Some(Arc::new(config(read(certificate, key)?)?));
        }
        Ok(tls)
    }

    /// The file of the authority's certificate, which clients have to trust, and whether it is new; `None` if there is no need to.
    pub fn authority(&self) -> Option<(&Path, bool)> {
        self.authority.as_ref().map(|(file, is_new)| (file.as_path(), *is_new))
    }

    /// Whether there is a proxy.
    pub fn is_proxy(&self) -> bool {
        self.intercepting.is_some()
    }
}

/// Whether the proxy stands for a host. Where requests are sent on, clients sign in where tokens come from that the service takes.
pub(crate) fn stands_for(host: &str, sends_on: bool) -> bool {
    is_graph_host(host) || (!sends_on && is_sign_in_host(host))
}

fn config(Leaf { chain, key }: Leaf) -> Result<ServerConfig, TlsError> {
    let builder = ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
    let mut config = builder.with_no_client_auth().with_single_cert(chain, key)?;
    // RFC 7301 section 6; RFC 9113 section 3.2.
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn read(certificate: &Path, key: &Path) -> Result<Leaf, TlsError> {
    let failed = |path: &Path, reason: String| TlsError::File { path: path.to_owned(), reason };
    let chain = CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let chain = chain.map_err(|error| failed(certificate, error.to_string()))?;
    if chain.is_empty() {
        return Err(failed(certificate, "no certificates in PEM form (`-----BEGIN CERTIFICATE-----`)".to_owned()));
    }
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| failed(key, error.to_string()))?;
    Ok(Leaf { chain, key })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_sign_in_where_their_tokens_are_taken() {
        let check = |host: &str, answers: bool, sends_on: bool| {
            assert_eq!((stands_for(host, false), stands_for(host, true)), (answers, sends_on), "{host}");
        };
        check("graph.microsoft.com", true, true);
        check("dod-graph.microsoft.us", true, true);
        check("login.microsoftonline.com", true, false);
        check("graph.microsoft.com.example", false, false);
    }
}

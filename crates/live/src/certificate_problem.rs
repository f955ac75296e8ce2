//! Why a service's certificate is refused.

use std::error::Error;

/// Why a service's certificate is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateProblem {
    /// No authority that is trusted here has issued it.
    Untrusted,
    /// It is for another host, expired, revoked or malformed.
    Invalid,
}

impl CertificateProblem {
    /// The problem among the causes of an error, if there is one.
    #[cfg(feature = "tls")]
    pub fn of(error: &(dyn Error + 'static)) -> Option<CertificateProblem> {
        use rustls::{CertificateError, Error as TlsError};
        let found: &TlsError = graph_contracts::http::causes(error).find_map(|cause| cause.downcast_ref())?;
        match found {
            TlsError::InvalidCertificate(CertificateError::UnknownIssuer) => Some(CertificateProblem::Untrusted),
            TlsError::InvalidCertificate(_) | TlsError::NoCertificatesPresented => Some(CertificateProblem::Invalid),
            _ => None,
        }
    }

    /// None: without TLS there are no certificates.
    #[cfg(not(feature = "tls"))]
    pub fn of(_error: &(dyn Error + 'static)) -> Option<CertificateProblem> {
        None
    }
}

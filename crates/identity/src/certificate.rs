//! A client assertion that is signed with the application's certificate (RFC 7523; Microsoft identity platform, "Certificate
//! credentials").

use std::fmt;
use std::path::Path;

use azure_core::error::{Error, ErrorKind};
use azure_core::http::ClientMethodOptions;
use azure_identity::ClientAssertion;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// How long an assertion is good for, in seconds. One is made for each request.
const LIFETIME: i64 = 300;

/// What an error says if the key is not good.
pub(crate) const CANNOT_SIGN: &str = "the key of the client certificate cannot sign";

/// Signs assertions.
pub(crate) struct Certificate {
    client_id: String,
    /// The token endpoint.
    audience: String,
    /// The SHA-256 of the certificate (RFC 7515 section 4.1.8).
    thumbprint: String,
    /// The private key, as PEM.
    key: SecretString,
}

#[derive(Serialize)]
struct Claims<'a> {
    aud: &'a str,
    iss: &'a str,
    sub: &'a str,
    jti: String,
    nbf: i64,
    exp: i64,
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

impl Certificate {
    /// The certificate and key of a PEM file, for that client at that token endpoint.
    pub(crate) fn read(path: &Path, client_id: &str, audience: String) -> Result<Certificate, String> {
        let shown = path.display();
        let text = std::fs::read(path).map_err(|error| format!("{shown}: cannot be read: {error}"))?;
        let blocks = pem::parse_many(&text).unwrap_or_default();
        let certificate = blocks.iter().find(|block| block.tag() == "CERTIFICATE");
        let certificate = certificate
            .ok_or_else(|| format!("{shown}: no certificate in PEM form (`-----BEGIN CERTIFICATE-----`)"))?;
        let thumbprint = URL_SAFE_NO_PAD.encode(Sha256::digest(certificate.contents()));
        // PKCS #8 or PKCS #1; which one it is, is for the key's reader to see.
        let key = blocks.iter().find(|block| block.tag().ends_with("PRIVATE KEY")).map(pem::encode);
        let key = key.filter(|key| EncodingKey::from_rsa_pem(key.as_bytes()).is_ok());
        let key = key.ok_or_else(|| {
            format!("{shown}: no RSA private key in PEM form (`-----BEGIN PRIVATE KEY-----`), or an encrypted one")
        })?;
        Ok(Certificate { client_id: client_id.to_owned(), audience, thumbprint, key: key.into() })
    }

    fn sign(&self) -> Result<String, jsonwebtoken::errors::Error> {
        let now = Timestamp::now().as_second();
        let claims = Claims {
            aud: &self.audience,
            iss: &self.client_id,
            sub: &self.client_id,
            jti: uuid::Uuid::new_v4().to_string(),
            nbf: now,
            exp: now + LIFETIME,
        };
        let header = Header { x5t_s256: Some(self.thumbprint.clone()), ..Header::new(Algorithm::PS256) };
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_rsa_pem(self.key.expose_secret().as_bytes())?)
    }
}

#[async_trait::async_trait]
impl ClientAssertion for Certificate {
    async fn secret(&self, _options: Option<ClientMethodOptions<'_>>) -> azure_core::Result<String> {
        self.sign().map_err(|_| Error::with_message(ErrorKind::Credential, CANNOT_SIGN))
    }
}

//! What signs tokens: a key that is made when it is first needed. Without TLS, tokens have no signature (RFC 7519 section 6): clients of
//! Microsoft identity platform want https.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// The algorithm of all signatures (RFC 7518 section 3.1).
#[cfg(feature = "tls")]
pub(super) const ALGORITHM: &str = "RS256";
/// The algorithm of tokens that have no signature.
#[cfg(not(feature = "tls"))]
pub(super) const ALGORITHM: &str = "none";

/// A key.
#[derive(Debug, Default)]
pub(super) struct SigningKey {
    /// `None` inside if none can be made.
    #[cfg(feature = "tls")]
    pair: std::sync::OnceLock<Option<aws_lc_rs::rsa::KeyPair>>,
}

impl SigningKey {
    /// The compact serialization of claims (RFC 7515 section 7.1).
    pub(super) fn sign(&self, claims: &Value) -> String {
        let header = self.header();
        let message =
            format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = self.signature(message.as_bytes()).unwrap_or_default();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

#[cfg(feature = "tls")]
impl SigningKey {
    /// The public key, as a set has it (RFC 7518 section 6.3.1).
    pub(super) fn public(&self) -> Vec<Value> {
        let Some((_, id, modulus, exponent)) = self.parts() else { return Vec::new() };
        vec![json!({ "kty": "RSA", "use": "sig", "alg": ALGORITHM, "kid": id, "x5t": id, "n": modulus, "e": exponent })]
    }

    fn header(&self) -> Value {
        match self.parts() {
            Some((_, id, ..)) => json!({ "typ": "JWT", "alg": ALGORITHM, "kid": id, "x5t": id }),
            None => json!({ "typ": "JWT", "alg": "none" }),
        }
    }

    fn signature(&self, message: &[u8]) -> Option<Vec<u8>> {
        let (pair, ..) = self.parts()?;
        let mut signature = vec![0; pair.public_modulus_len()];
        let random = aws_lc_rs::rand::SystemRandom::new();
        pair.sign(&aws_lc_rs::signature::RSA_PKCS1_SHA256, &random, message, &mut signature).ok()?;
        Some(signature)
    }

    /// The key, its name, its modulus and its exponent.
    fn parts(&self) -> Option<(&aws_lc_rs::rsa::KeyPair, String, String, String)> {
        use aws_lc_rs::signature::KeyPair as _;
        use sha2::Digest as _;
        let make = || aws_lc_rs::rsa::KeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).ok();
        let pair = self.pair.get_or_init(make).as_ref()?;
        let public = pair.public_key();
        let modulus = public.modulus().big_endian_without_leading_zero();
        let exponent = public.exponent().big_endian_without_leading_zero();
        let id = URL_SAFE_NO_PAD.encode(&sha2::Sha256::digest(modulus)[..20]);
        Some((pair, id, URL_SAFE_NO_PAD.encode(modulus), URL_SAFE_NO_PAD.encode(exponent)))
    }
}

#[cfg(not(feature = "tls"))]
#[expect(clippy::unused_self, reason = "there is a key with the feature `tls`")]
impl SigningKey {
    /// No key.
    pub(super) fn public(&self) -> Vec<Value> {
        Vec::new()
    }

    fn header(&self) -> Value {
        json!({ "typ": "JWT", "alg": ALGORITHM })
    }

    fn signature(&self, _message: &[u8]) -> Option<Vec<u8>> {
        None
    }
}

//! An access token, and what it says of itself.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};

/// A bearer token (RFC 6750). It is wiped from memory when the last clone of it is dropped, and no form of it can be printed.
#[derive(Clone)]
pub struct AccessToken {
    secret: Arc<SecretString>,
    expires: Option<Timestamp>,
}

impl AccessToken {
    /// A token, and when it expires if its issuer said so.
    pub fn new(secret: String, expires: Option<Timestamp>) -> AccessToken {
        AccessToken { secret: Arc::new(SecretString::from(secret)), expires }
    }

    /// What the token says of itself. `None` if it is opaque.
    pub fn claims(&self) -> Option<Claims> {
        Claims::read(self.expose())
    }

    /// When the token expires: as its issuer said, or else as the token itself says.
    pub fn expires(&self) -> Option<Timestamp> {
        self.expires.or_else(|| self.claims()?.exp)
    }

    /// The token itself. Only the header field `Authorization` is made of it.
    pub(crate) fn expose(&self) -> &str {
        self.secret.expose_secret()
    }

    pub(crate) fn is_same(&self, other: &AccessToken) -> bool {
        self.expose() == other.expose()
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(..)")
    }
}

/// What a JSON Web Token says (RFC 7519 section 4), as far as a run needs it.
///
/// The signature is not verified: a token for Microsoft Graph is Graph's to verify. The claims serve to find a missing permission
/// or the wrong tenant before anything is sent; they decide nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// The tenant.
    pub tid: Option<String>,
    /// The application permissions.
    pub roles: Vec<String>,
    /// The delegated permissions.
    pub scp: Vec<String>,
    /// When the token expires.
    pub exp: Option<Timestamp>,
}

impl Claims {
    /// The claims of a token in the compact serialization (RFC 7515 section 7.1): header, payload and signature, with dots.
    fn read(token: &str) -> Option<Claims> {
        let parts: Vec<&str> = token.split('.').collect();
        let [_, payload, _] = parts[..] else { return None };
        let payload = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        // What is of another type than expected counts as absent.
        let payload: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&payload).ok()?;
        let words = |name: &str| match payload.get(name) {
            Some(serde_json::Value::String(text)) => text.split_ascii_whitespace().map(str::to_owned).collect(),
            Some(serde_json::Value::Array(items)) => {
                items.iter().filter_map(|item| Some(item.as_str()?.to_owned())).collect()
            }
            _ => Vec::new(),
        };
        // A NumericDate may have a fraction (RFC 7519 section 2).
        let exp = payload.get("exp").and_then(serde_json::Value::as_f64);
        let exp = exp.and_then(|seconds| Timestamp::from_second(seconds as i64).ok());
        Some(Claims {
            tid: payload.get("tid").and_then(|tid| tid.as_str()).map(str::to_owned),
            roles: words("roles"),
            scp: words("scp"),
            exp,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A JSON Web Token with this payload.
    fn jwt(payload: &str) -> AccessToken {
        AccessToken::new(format!("e30.{}.signature", URL_SAFE_NO_PAD.encode(payload)), None)
    }

    #[track_caller]
    fn check_claims(payload: &str, expected: Option<Claims>) {
        assert_eq!(jwt(payload).claims(), expected);
    }

    #[test]
    fn the_claims_of_a_jwt_are_read() {
        check_claims(
            r#"{"tid": "t", "roles": ["A", "B"], "scp": "C  D", "exp": 1700000000.5, "other": {}}"#,
            Some(Claims {
                tid: Some("t".to_owned()),
                roles: vec!["A".to_owned(), "B".to_owned()],
                scp: vec!["C".to_owned(), "D".to_owned()],
                exp: Timestamp::from_second(1_700_000_000).ok(),
            }),
        );
        check_claims("{}", Some(Claims::default()));
        check_claims(r#"{"tid": 1, "roles": "A", "scp": [1, "B"], "exp": "soon"}"#, {
            Some(Claims { roles: vec!["A".to_owned()], scp: vec!["B".to_owned()], ..Claims::default() })
        });
        check_claims(r#"{"exp": 1e300}"#, Some(Claims::default()));
    }

    #[test]
    fn an_opaque_token_has_no_claims() {
        for text in ["", "opaque", "a.b", "a.b.c.d.e", "e30.!!.x", "e30.bm8.x"] {
            assert_eq!(AccessToken::new(text.to_owned(), None).claims(), None, "{text}");
        }
        check_claims("[]", None);
    }

    #[test]
    fn the_expiry_is_the_issuers_or_else_the_tokens_own() {
        assert_eq!(jwt(r#"{"exp": 1700000000}"#).expires(), Timestamp::from_second(1_700_000_000).ok());
        let said = Timestamp::from_second(1_800_000_000).ok();
        assert_eq!(AccessToken::new(jwt(r#"{"exp": 1700000000}"#).expose().to_owned(), said).expires(), said);
        assert_eq!(AccessToken::new("opaque".to_owned(), None).expires(), None);
    }
}

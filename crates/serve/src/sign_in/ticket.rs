//! What codes and refresh tokens hold: all that the token endpoint needs, so that the server keeps nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// The content of an authorization code, a device code or a refresh token. None of them is a secret here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ticket {
    /// What the ticket is: `code`, `device` or `refresh`.
    pub(super) kind: String,
    /// The scopes that were asked for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) scope: String,
    /// The name of the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<String>,
    /// What the id token has to repeat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) nonce: Option<String>,
    /// What the client has to know (RFC 7636 section 4.2), and how it is compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) challenge: Option<(String, bool)>,
}

impl Ticket {
    /// As it is sent.
    pub(super) fn write(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// What a client sends back; `None` if it is no such ticket.
    pub(super) fn read(text: &str, kind: &str) -> Option<Ticket> {
        let ticket: Ticket = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        (ticket.kind == kind).then_some(ticket)
    }

    /// Whether a client knows what it said it would (RFC 7636 section 4.6).
    pub(super) fn is_verified_by(&self, verifier: Option<&str>) -> bool {
        use sha2::Digest as _;
        match (&self.challenge, verifier) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some((challenge, true)), Some(verifier)) => {
                URL_SAFE_NO_PAD.encode(sha2::Sha256::digest(verifier.as_bytes())) == challenge.trim_end_matches('=')
            }
            (Some((challenge, false)), Some(verifier)) => challenge == verifier,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verifier_is_compared_as_the_client_said() {
        let check = |challenge: Option<(&str, bool)>, verifier: Option<&str>, expected: bool| {
            let challenge = challenge.map(|(text, is_hashed)| (text.to_owned(), is_hashed));
            let ticket = Ticket { challenge, ..Ticket::default() };
            assert_eq!(ticket.is_verified_by(verifier), expected, "{ticket:?} {verifier:?}");
        };
        // RFC 7636, appendix B.
        let (verifier, challenge) =
            ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        check(Some((challenge, true)), Some(verifier), true);
        check(Some((challenge, true)), Some("another"), false);
        check(Some((challenge, true)), None, false);
        check(Some((verifier, false)), Some(verifier), true);
        check(None, Some(verifier), true);
    }

    #[test]
    fn a_ticket_is_read_as_what_it_is() {
        let ticket = Ticket { kind: "code".to_owned(), scope: "Lamp.Read".to_owned(), ..Ticket::default() };
        assert_eq!(Ticket::read(&ticket.write(), "code"), Some(ticket.clone()));
        assert_eq!(Ticket::read(&ticket.write(), "refresh"), None);
        assert_eq!(Ticket::read("!", "code"), None);
    }
}

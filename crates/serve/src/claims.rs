//! What an access token says.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// The tenant of all personal accounts (Microsoft identity platform, "Access token claims reference", claim `tid`).
pub(crate) const PERSONAL_TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// Whose a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Account {
    /// An application without a user.
    Application,
    /// A user of a tenant.
    Work,
    /// A user with a personal account.
    Personal,
}

impl Account {
    /// All such accounts, in words.
    pub(crate) fn plural(self) -> &'static str {
        match self {
            Account::Application => "applications",
            Account::Work => "work or school accounts",
            Account::Personal => "personal accounts",
        }
    }
}

/// The claims of a JSON Web Token, as far as authorization needs them.
///
/// Neither the signature nor the time is checked: this server protects nothing, and tests bring tokens of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claims {
    /// Whose the token is.
    pub(crate) account: Account,
    /// The permissions of that account: `scp` of a user, `roles` of an application.
    pub(crate) permissions: Vec<String>,
}

impl Claims {
    /// The claims of a token in the compact serialization: header, payload and signature, with dots between them (RFC 7515 section 7.1).
    ///
    /// # Errors
    ///
    /// When it is no such token: why.
    pub(crate) fn read(token: &str) -> Result<Claims, String> {
        let mut parts = token.split('.');
        let (Some(_), Some(payload), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err("a JSON Web Token has three parts, with dots between them".to_owned());
        };
        let payload = URL_SAFE_NO_PAD
            .decode(payload.trim_end_matches('='))
            .map_err(|_| "the payload of the JSON Web Token is not in base64url".to_owned())?;
        let claims: Map<String, Value> = serde_json::from_slice(&payload)
            .map_err(|_| "the payload of the JSON Web Token is not a JSON object".to_owned())?;
        let is_personal = claims.get("tid").and_then(Value::as_str) == Some(PERSONAL_TENANT);
        let (account, permissions) = match claims.get("scp") {
            Some(scopes) if is_personal => (Account::Personal, words(scopes)),
            Some(scopes) => (Account::Work, words(scopes)),
            None => (Account::Application, claims.get("roles").map(words).unwrap_or_default()),
        };
        Ok(Claims { account, permissions })
    }
}

/// The words of a claim: `scp` is a text with spaces, `roles` an array. What is of another type has none.
fn words(claim: &Value) -> Vec<String> {
    match claim {
        Value::String(text) => text.split_ascii_whitespace().map(str::to_owned).collect(),
        Value::Array(items) => items.iter().filter_map(|item| Some(item.as_str()?.to_owned())).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A token with that payload and no signature.
    fn token(payload: &str) -> String {
        format!("e30.{}.", URL_SAFE_NO_PAD.encode(payload))
    }

    #[track_caller]
    fn check(payload: &str, account: Account, permissions: &[&str]) {
        let claims = Claims::read(&token(payload)).expect("a token");
        assert_eq!(
            (claims.account, claims.permissions),
            (account, permissions.iter().map(ToString::to_string).collect())
        );
    }

    #[test]
    fn users_have_scopes_and_applications_have_roles() {
        check(r#"{"scp": "Lamp.Read  Room.Read"}"#, Account::Work, &["Lamp.Read", "Room.Read"]);
        check(r#"{"roles": ["Lamp.Read.All"]}"#, Account::Application, &["Lamp.Read.All"]);
        check(r#"{"scp": "Lamp.Read", "roles": ["Lamp.Read.All"]}"#, Account::Work, &["Lamp.Read"]);
        check(&format!(r#"{{"scp": "Lamp.Read", "tid": "{PERSONAL_TENANT}"}}"#), Account::Personal, &["Lamp.Read"]);
        check(r#"{"roles": 7}"#, Account::Application, &[]);
        check("{}", Account::Application, &[]);
    }

    #[test]
    fn what_is_no_json_web_token_is_not_read() {
        let check = |token: &str, reason: &str| {
            let error = Claims::read(token).expect_err("not a token");
            assert!(error.contains(reason), "{token}: {error}");
        };
        check("secret", "three parts");
        check("a.b.c.d", "three parts");
        check("a.!.c", "base64url");
        check("a.aaaa.c", "JSON object");
        check(&token("[]"), "JSON object");
    }
}

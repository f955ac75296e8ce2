//! Access tokens and id tokens.

use std::collections::BTreeSet;

use graph_contracts::contract::{Contract, Grant};
use serde_json::{Value, json};

use super::Asked;
use super::signing_key::SigningKey;
use super::tenant::{issuer, tenant_id};

/// How long a token is valid, in seconds.
pub(super) const LIFETIME: i64 = 3599;

/// The user who is signed in.
pub(super) const USER_ID: &str = "5b0c7a1e-93d4-4f0b-8a76-c1e2d3f4a5b6";

/// The name of the user, where a client says none.
pub(super) const USER_NAME: &str = "user@graph-contracts.example";

/// The id of an application as a principal of the tenant.
const PRINCIPAL_ID: &str = "a7d9e2f1-4c3b-4d5e-8f60-1b2c3d4e5f60";

/// Scopes of OpenID Connect, which are no permissions.
const OPENID: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// Who a token is for.
pub(super) enum Holder<'h> {
    Application,
    /// A user, by name.
    User(&'h str),
}

/// An access token for scopes as they were asked for: `https://graph.microsoft.com/Mail.Read`, `Mail.Read`, or `.default` for every
/// permission that a contract names.
pub(super) fn access_token(
    (asked, client): (&Asked<'_>, &str),
    (holder, scope): (&Holder<'_>, &str),
    key: &SigningKey,
    contracts: &[Contract],
) -> String {
    let is_application = matches!(holder, Holder::Application);
    let mut permissions: BTreeSet<&str> = BTreeSet::new();
    let mut audience = None;
    for scope in scope.split_ascii_whitespace().filter(|scope| !OPENID.contains(scope)) {
        let (resource, name) = scope.rsplit_once('/').unwrap_or(("", scope));
        audience = audience.or(Some(resource.trim_end_matches('/')).filter(|resource| !resource.is_empty()));
        if name == ".default" {
            permissions.extend(named_permissions(contracts, is_application));
        } else {
            permissions.insert(name);
        }
    }
    let now = jiff::Timestamp::now().as_second();
    let mut claims = json!({
        "aud": audience.unwrap_or("https://graph.microsoft.com"),
        "iss": issuer(asked),
        "iat": now,
        "nbf": now,
        "exp": now + LIFETIME,
        "appid": client,
        "tid": tenant_id(asked.address.tenant),
        "ver": "1.0",
        "xms_note": "simulated by graph-contracts",
    });
    let own = match holder {
        Holder::Application => {
            json!({ "idtyp": "app", "oid": PRINCIPAL_ID, "sub": PRINCIPAL_ID, "roles": permissions })
        }
        Holder::User(name) => {
            let scopes: Vec<&str> = permissions.into_iter().collect();
            json!({ "idtyp": "user", "oid": USER_ID, "sub": USER_ID, "upn": name, "name": name, "scp": scopes.join(" ") })
        }
    };
    add(&mut claims, own);
    key.sign(&claims)
}

/// An id token (OpenID Connect Core 1.0 section 2).
pub(super) fn id_token(
    (asked, client): (&Asked<'_>, &str),
    user: &str,
    nonce: Option<&str>,
    key: &SigningKey,
) -> String {
    let now = jiff::Timestamp::now().as_second();
    let mut claims = json!({
        "aud": client,
        "iss": issuer(asked),
        "iat": now,
        "nbf": now,
        "exp": now + LIFETIME,
        "oid": USER_ID,
        "sub": USER_ID,
        "tid": tenant_id(asked.address.tenant),
        "name": user,
        "preferred_username": user,
        "ver": "2.0",
    });
    if let Some(nonce) = nonce {
        add(&mut claims, json!({ "nonce": nonce }));
    }
    key.sign(&claims)
}

fn add(claims: &mut Value, more: Value) {
    if let (Value::Object(claims), Value::Object(more)) = (claims, more) {
        claims.extend(more);
    }
}

/// Every permission that a contract names for such an account, and those of which it does not say for which.
fn named_permissions(contracts: &[Contract], of_application: bool) -> impl Iterator<Item = &str> {
    contracts.iter().flat_map(Contract::all_permissions).flat_map(move |stated| {
        let grants: &[&Grant] =
            if of_application { &[&stated.application] } else { &[&stated.delegated_work, &stated.delegated_personal] };
        let named: Vec<&String> = grants.iter().flat_map(|grant| grant.sets()).flatten().chain(&stated.prose).collect();
        named.into_iter().map(String::as_str)
    })
}

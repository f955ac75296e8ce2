//! The metadata of a tenant and of the clouds.

use http::StatusCode;
use serde_json::{Value, json};
use url::Url;

use super::hosts::CLOUDS;
use super::tenant::issuer;
use super::{Asked, json_of};
use crate::reply::Reply;

/// The metadata of a tenant (OpenID Connect Discovery 1.0 section 3). All endpoints are where the client has asked.
pub(super) fn configuration(asked: &Asked<'_>) -> Reply {
    let authority = &asked.authority;
    let (oauth2, discovery) =
        if asked.address.is_v2 { ("oauth2/v2.0", "discovery/v2.0") } else { ("oauth2", "discovery") };
    json_of(
        StatusCode::OK,
        &json!({
            "issuer": issuer(asked),
            "authorization_endpoint": format!("{authority}/{oauth2}/authorize"),
            "token_endpoint": format!("{authority}/{oauth2}/token"),
            "device_authorization_endpoint": format!("{authority}/{oauth2}/devicecode"),
            "end_session_endpoint": format!("{authority}/{oauth2}/logout"),
            "jwks_uri": format!("{authority}/{discovery}/keys"),
            "userinfo_endpoint": "https://graph.microsoft.com/oidc/userinfo",
            "response_modes_supported": ["query", "fragment", "form_post"],
            "response_types_supported": ["code"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": [super::signing_key::ALGORITHM],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            "code_challenge_methods_supported": ["plain", "S256"],
            "cloud_instance_name": "microsoftonline.com",
            "cloud_graph_host_name": "graph.windows.net",
            "msgraph_host": "graph.microsoft.com",
            "tenant_region_scope": Value::Null,
        }),
    )
}

/// The metadata of the clouds, and where that of the authority is which the client asks about. Every authority is one here.
pub(super) fn instance(asked: &Asked<'_>) -> Reply {
    let about = asked.parameters.get("authorization_endpoint").and_then(|url| Url::parse(url).ok());
    let authority = about.and_then(|url| {
        let tenant = url.path_segments()?.next().filter(|tenant| !tenant.is_empty())?.to_owned();
        Some(format!("{}/{tenant}", url.origin().ascii_serialization()))
    });
    let authority = authority.as_ref().unwrap_or(&asked.authority);
    let clouds: Vec<Value> = CLOUDS
        .iter()
        .map(|cloud| json!({ "preferred_network": cloud.preferred, "preferred_cache": cloud.aliases.get(1).unwrap_or(&cloud.preferred), "aliases": cloud.aliases }))
        .collect();
    json_of(
        StatusCode::OK,
        &json!({
            "tenant_discovery_endpoint": format!("{authority}/v2.0/.well-known/openid-configuration"),
            "api-version": "1.1",
            "metadata": clouds,
        }),
    )
}

/// How a user signs in: with a password, at the tenant itself.
pub(super) fn user_realm(user: &str) -> Reply {
    let domain = user.rsplit(['@']).next().unwrap_or_default().replace("%40", "@");
    json_of(
        StatusCode::OK,
        &json!({
            "ver": "1.0",
            "account_type": "Managed",
            "domain_name": domain.rsplit('@').next().unwrap_or_default(),
            "cloud_instance_name": "microsoftonline.com",
            "cloud_audience_urn": "urn:federation:MicrosoftOnline",
        }),
    )
}

//! Which endpoint of Microsoft identity platform a path is.

use graph_contracts::url::is_version;

/// An endpoint of a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endpoint<'p> {
    /// The metadata of the tenant (OpenID Connect Discovery 1.0 section 4).
    Configuration,
    /// The metadata of the clouds.
    Instance,
    /// The keys that tokens are signed with (RFC 7517 section 5).
    Keys,
    /// How a user signs in.
    UserRealm(&'p str),
    /// Authorization codes (RFC 6749 section 4.1).
    Authorize,
    /// Device codes (RFC 8628 section 3.1).
    DeviceCode,
    /// Where a user would type in a device code (RFC 8628 section 3.3).
    DeviceVerification,
    /// Tokens (RFC 6749 section 3.2).
    Token,
    /// The end of a session (OpenID Connect RP-Initiated Logout 1.0).
    Logout,
}

/// An endpoint and its tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Address<'p> {
    /// The tenant, as the path names it: an id, a domain, or `common`.
    pub(super) tenant: &'p str,
    /// Whether the endpoint is one of version 2.
    pub(super) is_v2: bool,
    pub(super) endpoint: Endpoint<'p>,
}

impl<'p> Address<'p> {
    /// The endpoint of a path; `None` for a path of Microsoft Graph, which begins with a version, and for any other.
    pub(super) fn read(path: &'p str) -> Option<Address<'p>> {
        let (tenant, rest) = path.strip_prefix('/')?.split_once('/')?;
        if tenant.is_empty() || is_version(tenant) {
            return None;
        }
        let segments: Vec<&str> = rest.splitn(5, '/').collect();
        let (rest, user) = match segments.as_slice() {
            [realm, user] if realm.eq_ignore_ascii_case("userrealm") => (&segments[..1], *user),
            all => (all, ""),
        };
        let folded: Vec<String> = rest.iter().map(|segment| segment.to_ascii_lowercase()).collect();
        let folded: Vec<&str> = folded.iter().map(String::as_str).collect();
        let (is_v2, endpoint) = match folded[..] {
            ["v2.0", ".well-known", "openid-configuration"] => (true, Endpoint::Configuration),
            [".well-known", "openid-configuration"] => (false, Endpoint::Configuration),
            ["discovery", "instance"] => (false, Endpoint::Instance),
            ["discovery", "v2.0", "keys"] => (true, Endpoint::Keys),
            ["discovery", "keys"] => (false, Endpoint::Keys),
            ["oauth2", "v2.0", name] => (true, Endpoint::named(name)?),
            ["oauth2", name] => (false, Endpoint::named(name)?),
            ["userrealm"] => (false, Endpoint::UserRealm(user)),
            _ => return None,
        };
        Some(Address { tenant, is_v2, endpoint })
    }
}

impl Endpoint<'_> {
    fn named(name: &str) -> Option<Self> {
        match name {
            "authorize" => Some(Endpoint::Authorize),
            "deviceauth" => Some(Endpoint::DeviceVerification),
            "devicecode" => Some(Endpoint::DeviceCode),
            "token" => Some(Endpoint::Token),
            "logout" => Some(Endpoint::Logout),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: Option<(&str, bool, Endpoint<'_>)>) {
        let found = Address::read(path).map(|own| (own.tenant, own.is_v2, own.endpoint));
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn the_endpoints_of_both_versions_are_known() {
        check("/common/v2.0/.well-known/openid-configuration", Some(("common", true, Endpoint::Configuration)));
        check("/a.example/.well-known/openid-configuration", Some(("a.example", false, Endpoint::Configuration)));
        check("/common/discovery/instance", Some(("common", false, Endpoint::Instance)));
        check("/common/discovery/v2.0/keys", Some(("common", true, Endpoint::Keys)));
        check("/t/oauth2/v2.0/token", Some(("t", true, Endpoint::Token)));
        check("/t/oauth2/token", Some(("t", false, Endpoint::Token)));
        check("/t/OAuth2/v2.0/DeviceCode", Some(("t", true, Endpoint::DeviceCode)));
        check("/common/UserRealm/a@b.example", Some(("common", false, Endpoint::UserRealm("a@b.example"))));
    }

    #[test]
    fn other_paths_are_not_for_sign_in() {
        check("/v1.0/oauth2/token", None);
        check("/beta/discovery/instance", None);
        check("/v1.0/users", None);
        check("/t/oauth2/v2.0/token/more", None);
        check("/t/oauth2/v2.0/tokens", None);
        check("//oauth2/token", None);
        check("/", None);
        check("", None);
    }
}

//! Where a request was sent to.

use graph_contracts::contract::Cloud;
use graph_contracts::url::endpoint::{CHINA, USGOV, USGOV_DOD};
use graph_contracts::url::{is_graph_host, is_version};

use crate::recorded::Recorded;

/// The parts of a URL that is for Microsoft Graph.
pub(crate) struct Address<'u> {
    /// Scheme and host, or the address of a server with what its paths begin with.
    pub(crate) base: &'u str,
    host: &'u str,
    pub(crate) path: &'u str,
    pub(crate) query: Option<&'u str>,
}

impl<'u> Address<'u> {
    /// The address of a request; `None` if it is not for Microsoft Graph. What begins with one of `bases` is.
    pub(crate) fn read(recorded: &'u Recorded, bases: &[String]) -> Option<Address<'u>> {
        let url = recorded.url.split('#').next().unwrap_or_default();
        // Scheme and host are the same in any case (RFC 3986 section 6.2.2.1), and so is what clients append to an address.
        let own_base = bases.iter().find_map(|base| {
            let (start, rest) = url.split_at_checked(base.len())?;
            let is_base = start.eq_ignore_ascii_case(base) && (rest.is_empty() || rest.starts_with(['/', '?']));
            is_base.then_some(rest)
        });
        let (base, rest) = match (own_base, url.split_once("://")) {
            (Some(rest), _) => url.split_at(url.len() - rest.len()),
            (None, Some((scheme, rest))) => {
                url.split_at(scheme.len() + 3 + rest.find(['/', '?']).unwrap_or(rest.len()))
            }
            (None, None) => ("", url),
        };
        let host = base.split_once("://").map_or("", |(_, host)| host);
        let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
        let path = if path.is_empty() { "/" } else { path };
        let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        let is_own = own_base.is_some() || is_graph_host(host) || (recorded.is_of_server && is_version(first));
        is_own.then_some(Address { base, host, path, query })
    }

    /// The national cloud at its host.
    pub(crate) fn cloud(&self) -> Option<Cloud> {
        let host = self.host.strip_suffix(":443").unwrap_or(self.host);
        let is = |endpoint: &str| endpoint.strip_prefix("https://").is_some_and(|own| own.eq_ignore_ascii_case(host));
        [(USGOV, Cloud::Usgov), (USGOV_DOD, Cloud::UsgovDod), (CHINA, Cloud::China)]
            .into_iter()
            .find_map(|(endpoint, cloud)| is(endpoint).then_some(cloud))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, is_of_server: bool, expected: Option<(&str, &str, Option<&str>, Option<Cloud>)>) {
        let recorded = Recorded { url: url.to_owned(), is_of_server, ..Recorded::default() };
        let address = Address::read(&recorded, &["http://127.0.0.1:7000/graph".to_owned()]);
        let found = address.as_ref().map(|own| (own.base, own.path, own.query, own.cloud()));
        assert_eq!(found, expected, "{url}");
    }

    #[test]
    fn an_address_is_that_of_a_service_or_of_a_server_that_was_named() {
        check(
            "https://graph.microsoft.com/v1.0/me?$top=1#a",
            false,
            Some(("https://graph.microsoft.com", "/v1.0/me", Some("$top=1"), None)),
        );
        check(
            "https://graph.microsoft.us:443/v1.0/me",
            false,
            Some(("https://graph.microsoft.us:443", "/v1.0/me", None, Some(Cloud::Usgov))),
        );
        check(
            "http://127.0.0.1:7000/graph/v1.0/me",
            false,
            Some(("http://127.0.0.1:7000/graph", "/v1.0/me", None, None)),
        );
        check(
            "HTTP://127.0.0.1:7000/Graph/v1.0/me",
            false,
            Some(("HTTP://127.0.0.1:7000/Graph", "/v1.0/me", None, None)),
        );
        check("http://127.0.0.1:7000/graphs/v1.0/me", false, None);
        check("https://graph.microsoft.com", false, Some(("https://graph.microsoft.com", "/", None, None)));
        check("/v1.0/me", true, Some(("", "/v1.0/me", None, None)));
        check("/v1.0/me", false, None);
        check("/lamps", true, None);
    }
}

//! A documented URL, taken apart.

use super::endpoint::is_graph_host;
use super::query::query_parameters;

/// The parts of a documented URL, each as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target<'a> {
    /// The host with its port, or the placeholder for it; absent in a relative URL.
    pub host: Option<&'a str>,
    /// What stands between the host and the version: empty, or such as `/api`.
    pub base: &'a str,
    /// The API version, where the path begins with one, or has one behind a segment `api`.
    pub version: Option<&'a str>,
    /// The path below the version; empty, or it begins with `/`.
    pub path: &'a str,
    /// What follows the `?`.
    pub query: Option<&'a str>,
}

/// The versions that Microsoft Graph has.
const GRAPH_VERSIONS: [&str; 2] = ["v1.0", "beta"];

impl<'a> Target<'a> {
    /// Takes a documented URL apart.
    pub fn read(url: &'a str) -> Target<'a> {
        let (host, rest) = match split_scheme(url).or_else(|| begins_with_host(url).then_some(url)) {
            Some(rest) => {
                let end = memchr::memchr2(b'/', b'?', rest.as_bytes()).unwrap_or(rest.len());
                (Some(&rest[..end]), &rest[end..])
            }
            None => (None, url),
        };
        let (path, query) = match split_at(rest, b'?') {
            // `/a[?b=c]`: the query may be left out.
            Some((path, query)) => match (path.strip_suffix('['), query.strip_suffix(']')) {
                (Some(path), Some(query)) => (path, Some(query)),
                _ => (path, Some(query)),
            },
            None => (rest, None),
        };
        let target = Target { host, base: "", version: None, path, query };
        let is_other = host.is_some() && !target.is_graph();
        let (base, version, path) = split_version(path, is_other);
        Target { base, version, path, ..target }
    }

    /// Whether this is the URL of a request to Microsoft Graph itself that names none of its versions. A placeholder for the version
    /// may stand for one.
    pub fn lacks_graph_version(&self) -> bool {
        let is_own = self.host.is_some_and(is_graph_host);
        let first = self.path.trim_start_matches('/').split('/').next().unwrap_or_default();
        is_own
            && match self.version {
                Some(version) => !GRAPH_VERSIONS.iter().any(|own| version.eq_ignore_ascii_case(own)),
                None => !first.is_empty() && !first.starts_with(['{', '<', '$', '(']),
            }
    }

    /// What is wrong with a URL that lacks one, in words.
    pub fn graph_version_defect(&self) -> Option<String> {
        self.lacks_graph_version().then(|| match self.version {
            Some(version) => format!("Microsoft Graph has no version `{version}`, only `v1.0` and `beta`"),
            None => "the URL has no version of Microsoft Graph behind its host".to_owned(),
        })
    }

    /// Whether the URL is one of Microsoft Graph, in whatever cloud, or relative.
    pub fn is_graph(&self) -> bool {
        self.host.is_none_or(is_graph_host)
    }

    /// The host without the marks of a placeholder, which pages set in one place and leave out in another: `businesscentralPrefix`,
    /// `{businesscentralPrefix}`.
    pub(crate) fn host_name(&self) -> Option<&'a str> {
        self.host.map(|host| host.trim_matches(['{', '}', '<', '>']))
    }

    /// Whether a placeholder stands for the host, so that it may be any.
    pub(crate) fn has_any_host(&self) -> bool {
        self.host.is_some_and(|host| host.ends_with(['}', '>']) || !host.contains(['.', ':']))
    }

    /// The query's parameters, decoded, in documented order.
    pub fn query_parameters(&self) -> Vec<(String, String)> {
        query_parameters(self.query.unwrap_or_default())
    }
}

/// What stands before and behind the first of a character of ASCII. Each URL of a page is read several times, and most of them have no such
/// character.
fn split_at(text: &str, character: u8) -> Option<(&str, &str)> {
    let at = memchr::memchr(character, text.as_bytes())?;
    Some((&text[..at], &text[at + 1..]))
}

/// What follows the scheme of an absolute URL; `None` for a relative one, whose query may well hold a URL.
pub fn split_scheme(url: &str) -> Option<&str> {
    // A scheme has no colon, so that the first one decides.
    let (scheme, rest) = split_at(url, b':')?;
    let rest = rest.strip_prefix("//")?;
    (!scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))).then_some(rest)
}

/// Whether a URL without a scheme begins with a host all the same, or with a placeholder for one: `{baseUrl}/users`,
/// `businesscentralPrefix/companies`, `graph.microsoft.com/v1.0/users`. A relative path that begins without `/` begins with a name of the service.
fn begins_with_host(url: &str) -> bool {
    let Some((first, _)) = split_at(url, b'/').filter(|(first, _)| !first.is_empty()) else { return false };
    let within = |open: char, close: char| first.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    let is_word = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_ ".contains(c));
    if let Some(name) = within('{', '}').or_else(|| within('<', '>')) {
        let name = name.to_ascii_lowercase();
        let words = ["prefix", "base", "url", "uri", "host", "endpoint", "server", "domain", "serviceroot", "instance"];
        return is_word(&name) && words.iter().any(|word| name.contains(word));
    }
    if is_word(first) {
        let name = first.to_ascii_lowercase();
        return ["prefix", "baseurl", "hostname", "endpoint"].iter().any(|word| name.ends_with(word) && name != *word);
    }
    let is_label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let domain = first.rsplit_once('.').map_or("", |(_, last)| last);
    ["com", "net", "org", "us", "de", "cn", "io"].contains(&domain) && first.split('.').all(is_label)
}

/// What stands before the version, the version, and the path behind it. The version is the path's first segment: `v1.0`, `v1`, `V1.0` or
/// `beta`. With other services than Microsoft Graph it may also follow a segment `api`, with up to two names between them:
/// `/v2.0/{tenant}/api/v2.0/companies`, `/api/contoso/sales/v1.0/orders`.
fn split_version(path: &str, is_other_service: bool) -> (&str, Option<&str>, &str) {
    // How many segments ago `api` was; a relative URL has it first or not at all.
    let mut since_api: Option<usize> = None;
    let mut first = None;
    for (index, segment) in path.trim_start_matches('/').split('/').take(MOST_BEFORE_VERSION).enumerate() {
        let start = segment.as_ptr() as usize - path.as_ptr() as usize;
        if is_version(segment) {
            let found = (path[..start].trim_end_matches('/'), Some(segment), &path[start + segment.len()..]);
            if since_api.is_some_and(|since| since <= 2) {
                return found;
            }
            if index == 0 {
                first = Some(found);
            }
        }
        since_api = match since_api {
            _ if segment.eq_ignore_ascii_case("api") && (is_other_service || index == 0) => Some(0),
            Some(since) if is_other_service => Some(since + 1),
            // Nothing behind it can be a version of Microsoft Graph.
            None if !is_other_service => break,
            Some(_) | None => None,
        };
    }
    first.unwrap_or(("", None, path))
}

/// So many segments stand before a version, at most.
const MOST_BEFORE_VERSION: usize = 8;

/// A reference without its query and its fragment (RFC 3986 section 3).
pub fn without_query(reference: &str) -> &str {
    reference.split(['?', '#']).next().unwrap_or_default()
}

/// Whether a path segment names an API version.
pub fn is_version(segment: &str) -> bool {
    let number = segment.strip_prefix(['v', 'V']);
    let is_number = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || c == '.')
    };
    segment.eq_ignore_ascii_case("beta") || number.is_some_and(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, host: Option<&str>, version: Option<&str>, path: &str, query: Option<&str>) {
        assert_eq!(Target::read(url), Target { host, base: "", version, path, query });
    }

    #[test]
    fn documented_urls_are_taken_apart() {
        check(
            "https://graph.microsoft.com/beta/users/{id}",
            Some("graph.microsoft.com"),
            Some("beta"),
            "/users/{id}",
            None,
        );
        check("https://h/V1.0/a?$filter=b eq 'c?'", Some("h"), Some("V1.0"), "/a", Some("$filter=b eq 'c?'"));
        check("/me/drive", None, None, "/me/drive", None);
        check("me/devices/{id}", None, None, "me/devices/{id}", None);
        check("https://h", Some("h"), None, "", None);
        check("https://h/v1.0", Some("h"), Some("v1.0"), "", None);
        check("/vips/a", None, None, "/vips/a", None);
        check("/a/$ref?$id=https://h/v1.0/b", None, None, "/a/$ref", Some("$id=https://h/v1.0/b"));
    }

    #[test]
    fn a_host_may_be_a_placeholder_or_have_no_scheme() {
        check("businesscentralPrefix/companies({id})", Some("businesscentralPrefix"), None, "/companies({id})", None);
        check("{baseUrl}/v1.0/users?a=b", Some("{baseUrl}"), Some("v1.0"), "/users", Some("a=b"));
        check("graph.microsoft.com/beta/me", Some("graph.microsoft.com"), Some("beta"), "/me", None);
        check("{id}/messages", None, None, "{id}/messages", None);
        check("users/{id}", None, None, "users/{id}", None);
        check("microsoft.graph.delta/x", None, None, "microsoft.graph.delta/x", None);
        check("/prefix/a", None, None, "/prefix/a", None);
    }

    #[test]
    fn a_version_may_follow_the_name_of_an_api() {
        let check = |url: &str, base: &str, version: Option<&str>, path: &str| {
            let target = Target::read(url);
            assert_eq!((target.base, target.version, target.path), (base, version, path), "{url}");
        };
        check("https://{prefix}/api/v2.0/companies", "/api", Some("v2.0"), "/companies");
        check("https://h/v2.0/{tenant}/live/api/v2.0/a(1)", "/v2.0/{tenant}/live/api", Some("v2.0"), "/a(1)");
        check("https://h/api/contoso/sales/v1.0/orders", "/api/contoso/sales", Some("v1.0"), "/orders");
        check("/api/v2.0/companies", "/api", Some("v2.0"), "/companies");
        check("https://h/api/a/b/c/v1.0", "", None, "/api/a/b/c/v1.0");
        check("/users/api/v1.0", "", None, "/users/api/v1.0");
        check("https://graph.microsoft.com/v1.0/x/api/v2", "", Some("v1.0"), "/x/api/v2");
    }

    #[test]
    fn a_url_of_microsoft_graph_has_one_of_its_versions() {
        let check = |url: &str, expected: bool| assert_eq!(Target::read(url).lacks_graph_version(), expected, "{url}");
        check("https://graph.microsoft.com/v1/users", true);
        check("https://graph.microsoft.com/v2.0/users", true);
        check("https://graph.microsoft.com/users", true);
        check("https://graph.microsoft.us/1.0/users", true);
        check("https://graph.microsoft.com/V1.0/users", false);
        check("https://graph.microsoft.com/{version}/users", false);
        check("https://graph.windows.net/contoso/users", false);
        check("https://graph.microsoft.com", false);
        check("/users", false);
    }

    #[test]
    fn query_parameters_are_decoded() {
        let target = Target::read("/a?$filter=b%20eq 'c'&$top=5&flag");
        let expected = [("$filter", "b eq 'c'"), ("$top", "5"), ("flag", "")];
        assert_eq!(target.query_parameters(), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}

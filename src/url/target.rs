//! A documented URL, taken apart.

use super::query::query_parameters;

/// The parts of a documented URL, each as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target<'a> {
    /// The host with its port; absent in a relative URL.
    pub host: Option<&'a str>,
    /// The API version, where the path begins with one.
    pub version: Option<&'a str>,
    /// The path below the version; empty, or it begins with `/`.
    pub path: &'a str,
    /// What follows the `?`.
    pub query: Option<&'a str>,
}

impl<'a> Target<'a> {
    /// Takes a documented URL apart.
    pub fn read(url: &'a str) -> Target<'a> {
        let (host, rest) = match split_scheme(url) {
            Some(rest) => {
                let end = rest.find(['/', '?']).unwrap_or(rest.len());
                (Some(&rest[..end]), &rest[end..])
            }
            None => (None, url),
        };
        let (path, query) = match rest.split_once('?') {
            // `/a[?b=c]`: the query may be left out.
            Some((path, query)) => match (path.strip_suffix('['), query.strip_suffix(']')) {
                (Some(path), Some(query)) => (path, Some(query)),
                _ => (path, Some(query)),
            },
            None => (rest, None),
        };
        let (version, path) = split_version(path);
        Target { host, version, path, query }
    }

    /// Whether the URL is one of Microsoft Graph, in whatever cloud: the first label of its host says so, or it is relative.
    pub fn is_graph(&self) -> bool {
        let labels = ["graph", "dod-graph", "microsoftgraph"];
        let is_own = |host: &str| {
            host.split('.').next().is_some_and(|first| labels.contains(&first.to_ascii_lowercase().as_str()))
        };
        self.host.is_none_or(is_own)
    }

    /// The query's parameters, decoded, in documented order.
    pub fn query_parameters(&self) -> Vec<(String, String)> {
        query_parameters(self.query.unwrap_or_default())
    }
}

/// What follows the scheme of an absolute URL; `None` for a relative one, whose query may well hold a URL.
pub fn split_scheme(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    (!scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))).then_some(rest)
}

/// `v1.0`, `v1`, `V1.0` or `beta` as the path's first segment.
fn split_version(path: &str) -> (Option<&str>, &str) {
    let first = path.strip_prefix('/').unwrap_or(path);
    let end = first.find('/').unwrap_or(first.len());
    if is_version(&first[..end]) { (Some(&first[..end]), &first[end..]) } else { (None, path) }
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
        assert_eq!(Target::read(url), Target { host, version, path, query });
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
    fn query_parameters_are_decoded() {
        let target = Target::read("/a?$filter=b%20eq 'c'&$top=5&flag");
        let expected = [("$filter", "b eq 'c'"), ("$top", "5"), ("flag", "")];
        assert_eq!(target.query_parameters(), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}

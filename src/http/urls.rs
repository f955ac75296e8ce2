//! URLs: how they may be shown, and which are of this machine.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// A URL as it may be shown: without user and password, and with only the names of its query parameters. Values of a query may
/// be tokens (`$skiptoken`, signatures of download links) or personal (`$filter`).
pub fn shown(url: &Url) -> String {
    let names: Vec<String> = url
        .query()
        .into_iter()
        .flat_map(|query| query.split('&'))
        .map(|pair| pair.split_once('=').map_or_else(|| "…".to_owned(), |(name, _)| format!("{name}=…")))
        .collect();
    let query = if names.is_empty() { String::new() } else { format!("?{}", names.join("&")) };
    format!("{}{}{query}", url.origin().ascii_serialization(), url.path())
}

/// Whether a URL is of this machine: what goes there does not leave it, and no proxy is asked for it.
pub fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => Ipv4Addr::is_loopback(&address),
        Some(Host::Ipv6(address)) => Ipv6Addr::is_loopback(&address),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: &str) {
        assert_eq!(shown(&Url::parse(url).expect("a URL")), expected);
    }

    #[test]
    fn a_url_is_shown_without_what_may_be_secret() {
        check("https://h/v1.0/users/1", "https://h/v1.0/users/1");
        check("https://u:p@h:8/a?$top=1&sig=secret#part", "https://h:8/a?$top=…&sig=…");
        check("https://h/a?secret", "https://h/a?…");
        check("https://h/a?a=b=c", "https://h/a?a=…");
    }
}

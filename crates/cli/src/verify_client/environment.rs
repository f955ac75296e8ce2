//! What a command is told of the proxy, by variables that clients read.

use std::ffi::OsString;
use std::path::Path;

use graph_contracts::url::endpoint::graph_hosts;
use graph_contracts_serve::sign_in_hosts;

/// Variables that name the proxy for https (curl, "Environment", of which most clients follow the names).
const PROXY: [&str; 2] = ["HTTPS_PROXY", "https_proxy"];

/// Variables that name a file of trusted certificates: OpenSSL and what follows it (Python, Go, .NET), requests of Python, curl, Deno, and Node.js.
pub(super) const TRUST: [&str; 5] =
    ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "DENO_CERT", "NODE_EXTRA_CA_CERTS"];

/// Variables that name hosts to which clients go without a proxy.
const DIRECT: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// The base URL in the place of `https://graph.microsoft.com`, for clients that ask no proxy.
const BASE_URL: &str = "GRAPH_BASE_URL";

/// The variables with their values. `inherited` has those that there are.
pub(super) fn environment(
    proxy: &str,
    bundle: &Path,
    inherited: impl Fn(&str) -> Option<String>,
) -> Vec<(&'static str, OsString)> {
    let mut all: Vec<(&str, OsString)> = PROXY.iter().map(|name| (*name, proxy.into())).collect();
    all.extend(TRUST.iter().map(|name| (*name, bundle.into())));
    all.extend(DIRECT.iter().filter_map(|name| Some((*name, without_graph(&inherited(name)?).into()))));
    // From version 22.21 on, `fetch` of Node.js asks the proxy then.
    all.extend([("NODE_USE_ENV_PROXY", "1".into()), (BASE_URL, proxy.into())]);
    all
}

/// The hosts without those that are, or have below them, one of Microsoft Graph or of sign-in.
fn without_graph(hosts: &str) -> String {
    let is_other = |entry: &&str| {
        let name = entry.trim().trim_start_matches('*').trim_start_matches('.').to_ascii_lowercase();
        !name.is_empty() && !graph_hosts().chain(sign_in_hosts()).any(|host| host.ends_with(&name))
    };
    hosts.split(',').filter(is_other).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn microsoft_graph_is_never_reached_without_the_proxy() {
        let check = |hosts: &str, expected: &str| assert_eq!(without_graph(hosts), expected, "{hosts}");
        check("localhost,127.0.0.1", "localhost,127.0.0.1");
        check("*", "");
        check("localhost, .microsoft.com,graph.microsoft.us", "localhost");
        check("", "");
        check("microsoft.example,.com", "microsoft.example");
    }

    #[test]
    fn a_command_is_told_of_the_proxy_and_of_whom_to_trust() {
        let inherited = |name: &str| (name == "NO_PROXY").then(|| "localhost,*".to_owned());
        let all = environment("http://127.0.0.1:1", Path::new("all.pem"), inherited);
        let value = |name: &str| all.iter().find(|(own, _)| *own == name).map(|(_, value)| value.to_string_lossy());
        assert_eq!(value("HTTPS_PROXY").as_deref(), Some("http://127.0.0.1:1"));
        assert_eq!(value("NODE_EXTRA_CA_CERTS").as_deref(), Some("all.pem"));
        assert_eq!(value("NO_PROXY").as_deref(), Some("localhost"));
        assert_eq!(value("no_proxy"), None);
    }
}

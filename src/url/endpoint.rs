//! The endpoints of Microsoft Graph in its clouds (Microsoft Graph documentation, "National cloud deployments").

/// The global service.
pub const GLOBAL: &str = "https://graph.microsoft.com";
/// US Government L4.
pub const USGOV: &str = "https://graph.microsoft.us";
/// US Government L5 (DOD).
pub const USGOV_DOD: &str = "https://dod-graph.microsoft.us";
/// China, operated by 21Vianet.
pub const CHINA: &str = "https://microsoftgraph.chinacloudapi.cn";
/// The hosts of Microsoft Graph: those of these endpoints.
const HOSTS: [&str; 5] = [
    "graph.microsoft.com",
    "graph.microsoft.us",
    "dod-graph.microsoft.us",
    "microsoftgraph.chinacloudapi.cn",
    // Germany: closed in 2021, but older pages have it.
    "graph.microsoft.de",
];

/// The hosts of Microsoft Graph.
pub fn graph_hosts() -> impl Iterator<Item = &'static str> {
    HOSTS.into_iter()
}

/// Whether Microsoft Graph is at that host, with or without the port of https.
pub fn is_graph_host(host: &str) -> bool {
    let host = host.strip_suffix(":443").unwrap_or(host);
    graph_hosts().any(|own| own.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_endpoint_is_at_a_host_of_microsoft_graph() {
        for endpoint in [GLOBAL, USGOV, USGOV_DOD, CHINA] {
            assert!(endpoint.strip_prefix("https://").is_some_and(is_graph_host), "{endpoint}");
        }
    }

    #[test]
    fn a_host_is_one_of_microsoft_graph_only_as_a_whole() {
        let check = |host: &str, expected: bool| assert_eq!(is_graph_host(host), expected, "{host}");
        check("graph.microsoft.com", true);
        check("Graph.Microsoft.US:443", true);
        check("microsoftgraph.chinacloudapi.cn", true);
        check("graph.windows.net", false);
        check("graph.facebook.com", false);
        check("graph.microsoft.com.example", false);
        check("graph.microsoft.com:80", false);
        check("", false);
    }
}

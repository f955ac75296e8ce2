//! The page of the server, as it is sent. `crates/cli/tests/reports` opens it in a browser.

use graph_contracts_serve::{ADMIN, ServeOptions};
use graph_contracts_testing::{TestResult, contracts_of_pair};

use crate::server::{request, serve};

#[tokio::test]
async fn the_page_and_its_files_are_sent_with_a_strict_policy() -> TestResult {
    let contracts = contracts_of_pair("lamp get", "GET /lamps/{id}", "", "204 No Content", "");
    let server = serve(contracts, ServeOptions::default()).await;
    for (file, media_type) in [("", "text/html"), ("page.css", "text/css"), ("page.js", "text/javascript")] {
        let response = request(&server, "GET", &format!("{ADMIN}/{file}")).send().await?;
        assert_eq!(response.status(), 200, "{file}");
        let field = |name: &str| response.headers()[name].to_str().unwrap_or_default().to_owned();
        assert_eq!(field("content-type"), format!("{media_type}; charset=utf-8"));
        assert_eq!(field("x-content-type-options"), "nosniff");
        let policy = field("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'") && !policy.contains("unsafe"), "{policy}");
        let text = response.text().await?;
        assert!(!text.contains("http://") && !text.contains("https://"), "nothing of {file} is elsewhere");
    }
    let short = request(&server, "GET", ADMIN).send().await?;
    assert_eq!(short.headers()["location"], format!("{ADMIN}/"));
    let unknown = request(&server, "GET", &format!("{ADMIN}/nothing")).send().await?;
    assert_eq!(unknown.status(), 404);
    for file in ["", "events", "requests.har"] {
        let stranger = request(&server, "GET", &format!("{ADMIN}/{file}")).header("origin", "https://app.example");
        assert_eq!(stranger.send().await?.status(), 403, "{file}");
    }
    let reset = request(&server, "POST", &format!("{ADMIN}/reset"));
    assert_eq!(reset.header("origin", "https://app.example").send().await?.status(), 403);
    let reset = request(&server, "POST", &format!("{ADMIN}/reset"));
    assert_eq!(reset.header("origin", server.url()).send().await?.status(), 204);
    Ok(())
}

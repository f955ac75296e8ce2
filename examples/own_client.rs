//! Tests a small Graph client of one's own against the documentation: `cargo test --example own_client`.
//!
//! The stub answers a documented request as documented. Any other it refuses, and says in the body what is wrong; a client
//! that passes errors on shows it in the test's failure. `cargo run --example own_client` prints both.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use anyhow::{Result, bail};
use graph_contracts::stub::Stub;
use serde_json::{Value, json};

/// The client under test: counts the devices on which a user's copy of an eBook is installed.
async fn create_user_summary(base: &str, book: &str, installed: u32) -> Result<Value> {
    let url = format!("{base}/v1.0/deviceAppManagement/managedEBooks/{book}/userStateSummary");
    let body = json!({
        "@odata.type": "#microsoft.graph.userInstallStateSummary",
        "userName": "User Name value",
        "installedDeviceCount": installed,
        "failedDeviceCount": 1,
        "notInstalledDeviceCount": 7
    });
    let request = reqwest::Client::new().post(url).bearer_auth("token").header("Accept", "application/json");
    let response = request.header("Content-Type", "application/json").body(body.to_string()).send().await?;
    let (status, text) = (response.status(), response.text().await?);
    if !status.is_success() {
        bail!("{status}: {text}");
    }
    Ok(serde_json::from_str(&text)?)
}

#[tokio::main]
async fn main() -> Result<()> {
    let stub = Stub::start("contracts").await?;
    println!("{:#}", create_user_summary(&stub.uri(), "my-book", 4).await?);
    if let Err(explanation) = create_user_summary(&stub.uri(), "my-book", 5).await {
        println!("{explanation}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_client_understands_the_documented_answer() -> Result<()> {
        let stub = Stub::start("contracts").await?;
        let summary = create_user_summary(&stub.uri(), "my-book", 4).await?;
        assert_eq!(summary["installedDeviceCount"], 4);
        Ok(())
    }

    #[tokio::test]
    async fn a_request_that_is_not_documented_is_explained() -> Result<()> {
        let stub = Stub::start("contracts").await?;
        let explanation = create_user_summary(&stub.uri(), "my-book", 5).await.map(|_| ()).unwrap_err().to_string();
        assert!(explanation.contains("$['installedDeviceCount']: expected 4, got 5"), "{explanation}");
        Ok(())
    }
}

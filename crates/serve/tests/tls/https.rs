//! https at the server's own address.

use graph_contracts_serve::{ADMIN, Certificate, Tls};
use graph_contracts_testing::TestResult;
use reqwest::Version;

use crate::support::{serve, start};

#[tokio::test]
async fn every_name_of_this_machine_is_trusted_with_both_versions_of_http() -> TestResult {
    let served = serve(Some(Certificate::OfAuthority), false).await;
    let port = served.port();
    assert_eq!(served.server.url(), format!("https://127.0.0.1:{port}"));
    for (client, version) in [(served.client(), Version::HTTP_2), (served.client().http1_only(), Version::HTTP_11)] {
        let client = client.build()?;
        for host in ["127.0.0.1", "localhost", "[::1]"] {
            let base = format!("https://{host}:{port}");
            let response = client.get(format!("{base}/v1.0/lamps")).bearer_auth("t").send().await?;
            assert_eq!((response.status().as_u16(), response.version()), (200, version));
            let body: serde_json::Value = serde_json::from_slice(&response.bytes().await?)?;
            assert_eq!(body["@odata.nextLink"], format!("{base}/v1.0/lamps?$skiptoken=2"));
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_same_port_answers_plain_requests() -> TestResult {
    let served = serve(Some(Certificate::OfAuthority), false).await;
    let base = format!("http://127.0.0.1:{}", served.port());
    let response = reqwest::Client::new().get(format!("{base}/v1.0/lamps")).bearer_auth("t").send().await?;
    let body: serde_json::Value = serde_json::from_slice(&response.bytes().await?)?;
    assert_eq!(body["@odata.nextLink"], format!("{base}/v1.0/lamps?$skiptoken=2"));
    Ok(())
}

#[tokio::test]
async fn who_does_not_trust_the_authority_is_not_answered() -> TestResult {
    let served = serve(Some(Certificate::OfAuthority), false).await;
    let other = serve(Some(Certificate::OfAuthority), false).await;
    let url = format!("{}{ADMIN}/health", served.server.url());
    assert!(other.client().build()?.get(&url).send().await.is_err());
    assert_eq!(served.client().build()?.get(&url).send().await?.status(), 200);
    Ok(())
}

#[tokio::test]
async fn a_certificate_can_be_brought_along() -> TestResult {
    let folder = tempfile::tempdir()?;
    let (certificate, key) = (folder.path().join("own.pem"), folder.path().join("key.pem"));
    let own = rcgen::generate_simple_self_signed(["lamps.example".to_owned()])?;
    std::fs::write(&certificate, own.cert.pem())?;
    std::fs::write(&key, own.signing_key.serialize_pem())?;
    let files = Certificate::Files { certificate: certificate.clone(), key: key.clone() };
    let nowhere = folder.path().join("authority");
    let tls = Tls::new(Some(&files), false, &nowhere)?;
    assert!(tls.authority().is_none() && !nowhere.exists());
    let server = start(tls, Default::default()).await?;
    let trusted = reqwest::Certificate::from_pem(&std::fs::read(&certificate)?)?;
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([trusted]);
    let client = client.resolve("lamps.example", server.addresses()[0]).build()?;
    let url = format!("https://lamps.example:{}/v1.0/lamps/1", server.addresses()[0].port());
    assert_eq!(client.get(url).bearer_auth("t").send().await?.status(), 200);
    let swapped = Certificate::Files { certificate: key, key: certificate };
    let error = Tls::new(Some(&swapped), false, &nowhere).expect_err("neither is the other");
    assert!(error.to_string().contains("key.pem: "), "{error}");
    Ok(())
}

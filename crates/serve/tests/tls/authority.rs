//! The certificate authority that is kept.

use std::path::Path;

use graph_contracts_serve::{Authority, Certificate};
use graph_contracts_testing::TestResult;

use crate::support::serve;

fn certificate(folder: &Path) -> Vec<u8> {
    std::fs::read(folder.join("ca.pem")).expect("a certificate")
}

#[test]
fn it_is_made_once_and_nobody_else_can_read_its_key() -> TestResult {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("data").join("authority");
    assert!(Authority::open(&path)?.is_new());
    let first = certificate(&path);
    let again = Authority::open(&path)?;
    assert_eq!((again.is_new(), again.file()), (false, path.join("ca.pem").as_path()));
    assert_eq!(certificate(&path), first);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!((mode(&path.join("ca-key.pem")), mode(&path)), (0o600, 0o700));
    }
    Ok(())
}

#[test]
fn processes_that_start_at_once_have_the_same() -> TestResult {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("authority");
    let made = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..8).map(|_| scope.spawn(|| Authority::open(&path).expect("an authority").is_new())).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).filter(|is_new| *is_new).count()
    });
    assert_eq!(made, 1);
    let left = std::fs::read_dir(folder.path())?.count();
    assert_eq!(left, 1, "nothing else is left in the folder");
    Ok(())
}

#[test]
fn one_that_no_client_would_trust_is_made_anew() -> TestResult {
    let check = |damage: &dyn Fn(&Path)| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("authority");
        Authority::open(&path).expect("an authority");
        let first = certificate(&path);
        damage(&path);
        assert!(Authority::open(&path).expect("another authority").is_new());
        assert_ne!(certificate(&path), first);
    };
    check(&|path| std::fs::write(path.join("ca.pem"), "damaged").expect("written"));
    check(&|path| std::fs::write(path.join("ca-key.pem"), "damaged").expect("written"));
    check(&|path| std::fs::remove_file(path.join("ca-key.pem")).expect("removed"));
    // A key of another authority.
    check(&|path| {
        let other = rcgen::KeyPair::generate().expect("a key").serialize_pem();
        std::fs::write(path.join("ca-key.pem"), other).expect("written");
    });
    Ok(())
}

#[tokio::test]
async fn whoever_has_its_key_can_speak_for_no_other_host() -> TestResult {
    let served = serve(Some(Certificate::OfAuthority), false).await;
    let folder = served.authority_folder();
    let key = rcgen::KeyPair::from_pem(&std::fs::read_to_string(folder.join("ca-key.pem"))?)?;
    // The issuer is named as in its certificate.
    let mut own = rcgen::CertificateParams::default();
    own.distinguished_name
        .push(rcgen::DnType::CommonName, "graph-contracts: simulated Microsoft Graph on this machine");
    let issuer = rcgen::Issuer::new(own, key);
    let check = async |host: &str, is_trusted: bool| {
        let leaf_key = rcgen::KeyPair::generate().expect("a key");
        let leaf = rcgen::CertificateParams::new([host.to_owned()]).expect("parameters");
        let leaf = leaf.signed_by(&leaf_key, &issuer).expect("a certificate");
        let files = tempfile::tempdir().expect("a folder");
        let (certificate, key) = (files.path().join("c.pem"), files.path().join("k.pem"));
        std::fs::write(&certificate, leaf.pem()).expect("written");
        std::fs::write(&key, leaf_key.serialize_pem()).expect("written");
        let tls = graph_contracts_serve::Tls::new(Some(&Certificate::Files { certificate, key }), false, files.path());
        let server = crate::support::start(tls.expect("TLS"), Default::default()).await.expect("a server");
        let address = server.addresses()[0];
        let client = served.client().resolve(host, address).build().expect("a client");
        let answer =
            client.get(format!("https://{host}:{}/v1.0/lamps/1", address.port())).bearer_auth("t").send().await;
        assert_eq!(answer.is_ok(), is_trusted, "{host}: {answer:?}");
    };
    check("graph.microsoft.com", true).await;
    check("bank.example", false).await;
    check("microsoft.com", false).await;
    Ok(())
}

//! A certificate authority of the test's own, and TLS before a simulated tenant.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use graph_contracts::store::Store;
use graph_contracts_live::{Identity, IdentityKind, Profile};
use graph_contracts_tenant::{Sandbox, SandboxOptions};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::TempDir;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

pub(crate) type TestResult = Result<(), Box<dyn std::error::Error>>;

/// What must never be shown.
pub(crate) const CANARY: &str = "canary-secret-0123456789";

/// A certificate authority, whose certificate is in a file.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

impl Authority {
    pub(crate) fn new() -> Authority {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a certificate");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("ca.pem"), issuer.pem()).expect("written");
        Authority { issuer, folder }
    }

    /// The file of its certificate.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// What a server with that name needs.
    fn server(&self, name: &str) -> TlsAcceptor {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new([name.to_owned()]).expect("parameters");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("a configuration");
        TlsAcceptor::from(Arc::new(config))
    }

    /// A server with that name in its certificate, whose requests go on to the provider at that base URL without TLS; its own base
    /// URL.
    pub(crate) async fn serve(&self, name: &str, provider: &str) -> std::io::Result<String> {
        let provider = provider.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("https://localhost:{}", listener.local_addr()?.port());
        let acceptor = self.server(name);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (acceptor, provider) = (acceptor.clone(), provider.clone());
                tokio::spawn(async move {
                    // A client that does not trust the certificate goes away.
                    let mut client = acceptor.accept(client).await?;
                    let mut server = TcpStream::connect(provider).await?;
                    copy_bidirectional(&mut client, &mut server).await
                });
            }
        });
        Ok(base)
    }
}

/// A simulated tenant behind TLS, which also issues the tokens.
pub(crate) struct Tenant {
    pub(crate) store: Arc<Store>,
    pub(crate) sandbox: Sandbox,
    pub(crate) authority: Authority,
    pub(crate) base: String,
}

impl Tenant {
    pub(crate) async fn start() -> Result<Tenant, Box<dyn std::error::Error>> {
        let contracts = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
        let store = Arc::new(Store::read(&contracts)?);
        let options = SandboxOptions { drift: false, latency: Duration::ZERO, throttle_every: None };
        let sandbox = Sandbox::start(Arc::clone(&store), options).await?;
        let authority = Authority::new();
        let base = authority.serve("localhost", &sandbox.uri()).await?;
        Ok(Tenant { store, sandbox, authority, base })
    }

    /// The objects of the tenant in which contracts create others, by their place.
    pub(crate) async fn containers(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for (version, place) in [("beta", "managedEBooks"), ("beta", "mobileApps")] {
            let url = format!("{}/{version}/deviceAppManagement/{place}", self.sandbox.uri());
            let answer = reqwest::Client::new().get(url).bearer_auth(self.sandbox.token()).send().await;
            let body = answer.expect("an answer").bytes().await.expect("a body");
            let listed: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
            let key = listed["value"][0]["id"].as_str().expect("an object").to_owned();
            found.push((format!("deviceAppManagement/{place}/{{id}}"), key));
        }
        found
    }

    /// A profile for the tenant.
    pub(crate) fn profile(&self, kind: IdentityKind) -> Profile {
        let tenant = self.sandbox.tenant().to_owned();
        let identity = Identity {
            client_id: Some("00000000-0000-0000-0000-00000000c11e".to_owned()),
            client_secret_env: Some("SECRET".to_owned()),
            authority: Some(self.base.clone()),
            scope: Some("https://graph.microsoft.com/.default".to_owned()),
            ..Identity::new(kind)
        };
        Profile {
            base_url: Some(self.base.clone()),
            tenant: Some(tenant.clone()),
            write_tenants: vec![tenant],
            requests_per_second: Some(1000.0),
            identity: Some(identity),
            ca_cert: vec![self.authority.file()],
            ..Profile::default()
        }
    }
}

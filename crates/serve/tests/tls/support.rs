//! A server with TLS, and clients of it.

use std::sync::Arc;

use graph_contracts::normal::VolatileRules;
use graph_contracts::store::Store;
use graph_contracts_serve::{Certificate, ServeOptions, Server, Tls};
use graph_contracts_testing::contracts_of_pair;
use reqwest::{Client, ClientBuilder, Proxy};
use tempfile::TempDir;

/// A server, and the folder in which its authority is.
pub(crate) struct Served {
    pub(crate) server: Server,
    pub(crate) tls: Tls,
    folder: TempDir,
}

/// Serves lamps.
pub(crate) async fn serve(certificate: Option<Certificate>, with_proxy: bool) -> Served {
    let folder = tempfile::tempdir().expect("a folder");
    let tls = Tls::new(certificate.as_ref(), with_proxy, &folder.path().join("authority")).expect("TLS");
    let server = start(tls.clone(), ServeOptions::default()).await.expect("a server");
    Served { server, tls, folder }
}

/// A server of lamps on a free port.
pub(crate) async fn start(tls: Tls, options: ServeOptions) -> Result<Server, graph_contracts_serve::ServeError> {
    let link = r#"{"value": [{"id": "1"}], "@odata.nextLink": "https://graph.microsoft.com/v1.0/lamps?$skiptoken=2"}"#;
    let mut contracts = [
        contracts_of_pair("lamp list", "GET /lamps", "", "200 OK", link),
        contracts_of_pair("lamp get", "GET /lamps/{id}", "", "200 OK", r#"{"id": "1"}"#),
    ]
    .concat();
    contracts.sort_by(|a, b| a.id.cmp(&b.id));
    let store = Store::new(contracts, VolatileRules::parse("v", "").expect("rules"));
    Server::start_with_tls(Arc::new(store), ServeOptions { port: 0, ..options }, tls).await
}

impl Served {
    pub(crate) fn port(&self) -> u16 {
        self.server.addresses()[0].port()
    }

    /// A client that trusts the authority, and nobody else.
    pub(crate) fn client(&self) -> ClientBuilder {
        let (file, _) = self.tls.authority().expect("an authority");
        let pem = std::fs::read(file).expect("its certificate");
        let authority = reqwest::Certificate::from_pem(&pem).expect("a certificate");
        Client::builder().no_proxy().tls_certs_only([authority])
    }

    /// The same through the proxy.
    pub(crate) fn client_of_proxy(&self) -> ClientBuilder {
        self.client().proxy(Proxy::all(format!("http://127.0.0.1:{}", self.port())).expect("a URL"))
    }

    /// The folder of the authority.
    pub(crate) fn authority_folder(&self) -> std::path::PathBuf {
        self.folder.path().join("authority")
    }
}

//! TLS and the proxy of `graph-contracts serve`, which only the feature `live` compiles in: where they are asked for, the command line is built
//! again with it.

use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use anyhow::ensure;
use graph_contracts::store::Store;
use graph_contracts_serve::{ServeOptions, Server};

#[derive(clap::Args)]
pub(crate) struct TlsArguments {
    /// Speak https: `auto`, with a certificate authority that is made for this machine, or with the files of a certificate and its key
    #[arg(long, value_name = "auto|CERT,KEY")]
    tls: Option<TlsSource>,

    /// Be a proxy too: clients with HTTPS_PROXY reach the server at the hosts of Microsoft Graph and of sign-in, and others untouched
    #[arg(long)]
    proxy: bool,
}

/// Whose certificate is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
enum TlsSource {
    Auto,
    Files(PathBuf, PathBuf),
}

impl FromStr for TlsSource {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<TlsSource, &'static str> {
        match text.split_once(',') {
            Some((certificate, key)) if !certificate.is_empty() && !key.is_empty() => {
                Ok(TlsSource::Files(certificate.into(), key.into()))
            }
            None if text == "auto" => Ok(TlsSource::Auto),
            _ => Err("give `auto`, or the files of the certificate and of its key, with a comma between them"),
        }
    }
}

/// What clients have to be told.
pub(crate) struct Trust {
    /// The certificate of the authority, if clients need it, and whether it is new.
    pub(crate) authority: Option<(PathBuf, bool)>,
    /// The URL of the proxy.
    pub(crate) proxy: Option<String>,
}

impl TlsArguments {
    /// Sees to it that the command can do what is asked for; where it has to be built again for that, it does not return.
    pub(crate) fn prepare(&self, host: IpAddr) -> anyhow::Result<()> {
        ensure!(
            !self.proxy || host.is_loopback(),
            "a proxy is for programs of this machine, and {host} is reached by others: leave out --proxy or --host"
        );
        if self.tls.is_some() || self.proxy {
            crate::tls::ensure()?;
        }
        Ok(())
    }

    /// Starts the server.
    #[cfg(feature = "live")]
    pub(crate) async fn start(
        &self,
        store: Arc<Store>,
        options: ServeOptions,
    ) -> anyhow::Result<(Server, Option<Trust>)> {
        use graph_contracts_serve::{Certificate, Tls};

        if self.tls.is_none() && !self.proxy {
            return Ok((Server::start(store, options).await?, None));
        }
        let certificate = self.tls.as_ref().map(|source| match source {
            TlsSource::Auto => Certificate::OfAuthority,
            TlsSource::Files(certificate, key) => {
                Certificate::Files { certificate: certificate.clone(), key: key.clone() }
            }
        });
        let tls = Tls::new(certificate.as_ref(), self.proxy, &authority_folder()?)?;
        let authority = tls.authority().map(|(file, is_new)| (file.to_owned(), is_new));
        let server = Server::start_with_tls(store, options, tls).await?;
        // Clients speak plain HTTP to a proxy.
        let proxy = self.proxy.then(|| server.url().replacen("https://", "http://", 1));
        Ok((server, Some(Trust { authority, proxy })))
    }

    /// Starts the server.
    #[cfg(not(feature = "live"))]
    pub(crate) async fn start(
        &self,
        store: Arc<Store>,
        options: ServeOptions,
    ) -> anyhow::Result<(Server, Option<Trust>)> {
        Ok((Server::start(store, options).await?, None))
    }
}

/// The folder in which this user's certificate authority is kept.
#[cfg(feature = "live")]
pub(crate) fn authority_folder() -> anyhow::Result<PathBuf> {
    use anyhow::Context as _;

    let folders = directories::ProjectDirs::from("", "", "graph-contracts");
    let folders = folders.context("this user has no home folder for the certificate authority")?;
    Ok(folders.data_local_dir().join("authority"))
}

impl Trust {
    /// What to set, by the program that reads it.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some((file, is_new)) = &self.authority {
            let file = file.display();
            let new = if *is_new { ", which is new" } else { "" };
            lines.push(format!("clients have to trust the certificate authority {file}{new}:"));
            lines.push(format!("  Node.js             NODE_EXTRA_CA_CERTS={file}"));
            lines.push(format!("  Python              REQUESTS_CA_BUNDLE={file} SSL_CERT_FILE={file}"));
            lines.push(format!("  Go, .NET, OpenSSL   SSL_CERT_FILE={file}"));
            lines.push(format!("  curl                CURL_CA_BUNDLE={file}"));
            lines.push(format!(
                "  Java                keytool -importcert -noprompt -alias graph-contracts -file {file} -keystore trust.p12 -storepass changeit"
            ));
        }
        if let Some(proxy) = &self.proxy {
            lines.push(format!("and they run unchanged with HTTPS_PROXY={proxy}"));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_made_or_comes_with_its_key() {
        assert_eq!("auto".parse(), Ok(TlsSource::Auto));
        assert_eq!("a.pem,b.pem".parse(), Ok(TlsSource::Files("a.pem".into(), "b.pem".into())));
        for text in ["", "a.pem", "a.pem,", ",b.pem"] {
            assert!(text.parse::<TlsSource>().is_err(), "{text}");
        }
    }

    #[test]
    fn clients_are_told_what_to_trust_and_where_the_proxy_is() {
        let trust = Trust { authority: Some(("/a/ca.pem".into(), true)), proxy: Some("http://h:1".to_owned()) };
        let text = trust.lines().join("\n");
        assert!(text.contains("NODE_EXTRA_CA_CERTS=/a/ca.pem\n") && text.ends_with("HTTPS_PROXY=http://h:1"), "{text}");
        assert!(Trust { authority: None, proxy: None }.lines().is_empty());
    }
}

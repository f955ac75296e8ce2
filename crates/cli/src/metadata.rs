//! `--metadata`: the service's own description of itself, from files or URLs.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use graph_contracts::contract::Cloud;
use graph_contracts::file;
use graph_contracts_odata::check::{FetchError, MetadataName, MetadataText, SourceError, fetch, is_url, shown_name};
use graph_contracts_odata::csdl::document_text;

use crate::limits::LimitArguments;
use crate::output::Waiting;
use crate::tls;

/// The metadata to check against.
#[derive(clap::Args)]
#[command(mut_arg("max_body", |argument| argument.default_value("64MiB")))]
#[command(mut_arg("timeout", |argument| argument.default_value("120")))]
pub(crate) struct MetadataArguments {
    /// Check against this metadata of the service (CSDL XML, as `$metadata` returns it); name the version if the file or URL does not, and
    /// the cloud (usgov, usgov-dod, china) if it is not global. May be repeated: for versions and clouds, and for several documents of
    /// one. A URL is fetched without credentials
    #[arg(long, value_name = "[[CLOUD:]VERSION=]FILE|URL")]
    metadata: Vec<MetadataArgument>,

    /// Trust the certificate authorities in this PEM file too when fetching metadata; may be repeated
    #[arg(long, value_name = "FILE")]
    ca_cert: Vec<PathBuf>,

    #[command(flatten, next_help_heading = "Limits of a response")]
    limits: LimitArguments,
}

/// A document of metadata as the command line names it: `[[CLOUD:]VERSION=]FILE|URL`.
#[derive(Clone, Debug)]
pub(crate) struct MetadataArgument(String);

impl From<&str> for MetadataArgument {
    fn from(text: &str) -> MetadataArgument {
        MetadataArgument(text.to_owned())
    }
}

impl MetadataArgument {
    /// The same text for a file that stands below a folder. What names a URL stays as it is.
    pub(crate) fn below(folder: &Path, argument: &str) -> String {
        match MetadataName::read(argument) {
            Ok(MetadataName { name, .. }) if is_url(&name) => argument.to_owned(),
            Ok(MetadataName { cloud, version, name }) => {
                let cloud = cloud.map(|cloud| format!("{}:", cloud.name())).unwrap_or_default();
                format!("{cloud}{version}={}", folder.join(name).display())
            }
            // Whoever reads the file says what is wrong.
            Err(_) => folder.join(argument).display().to_string(),
        }
    }
}

impl MetadataArguments {
    /// The documents.
    pub(crate) fn texts(&self) -> anyhow::Result<Vec<MetadataText>> {
        self.metadata.iter().map(|argument| self.text(&argument.0)).collect()
    }

    fn text(&self, argument: &str) -> anyhow::Result<MetadataText> {
        // A file that cannot be read is said before its version is asked for.
        let named = MetadataName::read(argument);
        if matches!(named, Err(SourceError::NoVersion(_))) && !is_url(argument) {
            file::read(argument.as_ref()).with_context(|| format!("{argument}: cannot be read"))?;
        }
        let MetadataName { cloud, version, name } = named.map_err(version_with_option)?;
        let cloud = cloud.unwrap_or_default();
        if is_url(&name) {
            return self.fetched(cloud, version, &name);
        }
        let text = document(name.as_ref())?;
        Ok(MetadataText { cloud, version, name, text })
    }

    fn fetched(&self, cloud: Cloud, version: String, url: &str) -> anyhow::Result<MetadataText> {
        let waiting = Waiting::on(&format!("GET {}", shown_name(url)));
        let runtime = tokio::runtime::Runtime::new()?;
        let limits = self.limits.limits();
        let http = tls::client(false, &self.ca_cert)?;
        let fetched = match runtime.block_on(fetch(http, tls::HAS_TLS, url, &limits)) {
            Err(FetchError::NeedsTls { .. }) => {
                drop(waiting);
                // Builds this command again with TLS, and runs that instead.
                let http = tls::client(true, &self.ca_cert)?;
                runtime.block_on(fetch(http, tls::HAS_TLS, url, &limits))
            }
            fetched => fetched,
        };
        let fetched = fetched.map_err(fetch_with_option)?;
        Ok(MetadataText { cloud, version, name: fetched.name, text: fetched.text })
    }
}

/// The text of a document in a file, whatever its encoding.
pub(crate) fn document(file: &Path) -> anyhow::Result<String> {
    let read = || Ok::<_, anyhow::Error>(document_text(&file::read(file)?, None)?);
    read().with_context(|| format!("{}: cannot be read", file.display()))
}

/// Why the version of a document is not known, with the option that says it.
fn version_with_option(error: SourceError) -> anyhow::Error {
    match &error {
        SourceError::NoVersion(name) => {
            anyhow::anyhow!("{error} Say so with --metadata VERSION={name}, such as v1.0={name}")
        }
        _ => error.into(),
    }
}

/// Why there is no document at a URL, with the option that takes it from a file where that helps.
fn fetch_with_option(error: FetchError) -> anyhow::Error {
    const OPTION: &str = "--metadata VERSION=FILE";
    match error {
        FetchError::Send { url, cause } => {
            let hint = format!("(a document that was downloaded otherwise does as well: {OPTION})");
            anyhow::Error::new(cause).context(format!("GET {url} failed {hint}"))
        }
        FetchError::Response { needs_file: true, .. } => anyhow::anyhow!("{error}: {OPTION}"),
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use clap::Args as _;
    use clap::FromArgMatches as _;
    use graph_contracts_odata::check::fetch_limits;

    use super::*;

    #[test]
    fn where_a_file_helps_the_error_names_the_option_that_takes_it() {
        let url = || "https://h/v1.0".to_owned();
        let cause = graph_contracts::http::SendError::TooLarge { limit: 5 };
        let failed = format!("{:#}", fetch_with_option(FetchError::Send { url: url(), cause }));
        assert!(
            failed.starts_with("GET https://h/v1.0 failed (a document")
                && failed.contains("--metadata VERSION=FILE): ")
        );
        let response = |what: &str, needs_file| FetchError::Response { url: url(), what: what.to_owned(), needs_file };
        for (error, expected) in [
            (response("give a file", true), "GET https://h/v1.0: give a file: --metadata VERSION=FILE"),
            (response("not in UTF-8", false), "GET https://h/v1.0: not in UTF-8"),
        ] {
            assert_eq!(format!("{:#}", fetch_with_option(error)), expected);
        }
    }

    #[test]
    fn the_flags_have_the_limits_of_the_library() -> Result<(), clap::Error> {
        let command = MetadataArguments::augment_args(clap::Command::new("lint"));
        let matches = command.try_get_matches_from(["lint"])?;
        assert_eq!(MetadataArguments::from_arg_matches(&matches)?.limits.limits(), fetch_limits());
        Ok(())
    }
}

//! `--metadata`: the service's own description of itself, from files or URLs.

use anyhow::Context as _;
use graph_contracts::metadata::{Metadata, MetadataText};

/// Which metadata.
#[derive(clap::Args)]
pub(crate) struct MetadataArguments {
    /// The service's metadata (CSDL XML, as `$metadata` answers), and the version that it is of if its name does not say so. May be
    /// repeated, once for each version
    #[arg(long, value_name = "[VERSION=]FILE|URL", required = true)]
    metadata: Vec<String>,
}

impl MetadataArguments {
    /// The documents.
    pub(crate) fn texts(&self) -> anyhow::Result<Vec<MetadataText>> {
        self.metadata.iter().map(|argument| text(argument)).collect()
    }
}

fn text(argument: &str) -> anyhow::Result<MetadataText> {
    let (version, name) = MetadataText::version_and_name(argument)?;
    let text = std::fs::read_to_string(&name).with_context(|| format!("{name}: cannot be read"))?;
    Ok(MetadataText { version, name, text })
}

/// Reads a document.
pub(crate) fn read(text: &MetadataText) -> anyhow::Result<Metadata<'_>> {
    Ok(text.read()?)
}

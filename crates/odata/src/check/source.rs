//! Metadata with the version that it is of.

use super::shown_name;
use crate::csdl::{Csdl, CsdlError};
use graph_contracts::url::is_version;

/// The text of a metadata document, and what it is of.
#[derive(Clone, Debug)]
pub struct MetadataText {
    /// The API version, such as `v1.0`.
    pub version: String,
    /// Where the text is from, as findings show it: a file's path or a URL.
    pub name: String,
    /// The document.
    pub text: String,
}

/// A metadata document that contracts are checked against.
#[derive(Debug)]
pub struct Metadata<'x> {
    /// The API version that it describes.
    pub version: &'x str,
    /// Where it is from.
    pub name: &'x str,
    /// What it declares.
    pub csdl: Csdl<'x>,
}

/// Why a metadata document cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// It is not CSDL.
    #[error("{name}:{error}")]
    Broken {
        /// Where it is from.
        name: String,
        /// What is wrong where.
        error: CsdlError,
    },
    /// Nothing says which version it is of.
    #[error("{0}: which version is this the metadata of?")]
    NoVersion(String),
    /// Two documents are of one version.
    #[error(
        "{one} and {other} are both the metadata of {version}: give one of them, or say which version each is of (VERSION=…)"
    )]
    Twice {
        /// The version.
        version: String,
        /// Where the first is from.
        one: String,
        /// Where the second is from.
        other: String,
    },
}

impl MetadataText {
    /// Takes `VERSION=NAME` apart. Without a version, the name says it: a segment of a URL, or the name of a file without its
    /// ending.
    ///
    /// # Errors
    ///
    /// When nothing says which version it is.
    pub fn version_and_name(argument: &str) -> Result<(String, String), SourceError> {
        if let Some((version, name)) = argument.split_once('=').filter(|(version, _)| is_word(version)) {
            return Ok((version.to_owned(), name.to_owned()));
        }
        let path = argument.split(['?', '#']).next().unwrap_or(argument);
        let mut parts = path.split(['/', '\\']).rev();
        let found = parts.find_map(|part| {
            // `v1.0` is one as it is, `v1.0.csdl` without its ending.
            let stem = part.rsplit_once('.').map_or(part, |(stem, _)| stem);
            [part, stem].into_iter().find(|name| is_version(name)).map(str::to_ascii_lowercase)
        });
        match found {
            Some(version) => Ok((version, argument.to_owned())),
            None => Err(SourceError::NoVersion(shown_name(argument))),
        }
    }

    /// Reads the document.
    ///
    /// # Errors
    ///
    /// When it is not CSDL.
    pub fn read(&self) -> Result<Metadata<'_>, SourceError> {
        let csdl = Csdl::read(&self.text).map_err(|error| SourceError::Broken { name: self.name.clone(), error })?;
        Ok(Metadata { version: &self.version, name: &self.name, csdl })
    }
}

/// Reads documents, each of a version of its own.
///
/// # Errors
///
/// When one is not CSDL, or two are of one version.
pub fn read_all(texts: &[MetadataText]) -> Result<Vec<Metadata<'_>>, SourceError> {
    for (index, other) in texts.iter().enumerate() {
        if let Some(one) = texts[..index].iter().find(|one| one.version.eq_ignore_ascii_case(&other.version)) {
            let (one, other, version) = (one.name.clone(), other.name.clone(), other.version.clone());
            return Err(SourceError::Twice { version, one, other });
        }
    }
    texts.iter().map(MetadataText::read).collect()
}

/// Whether a text is a word, and no part of a path.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(argument: &str, expected: Option<(&str, &str)>) {
        let read = MetadataText::version_and_name(argument).ok();
        assert_eq!(read.as_ref().map(|(version, name)| (version.as_str(), name.as_str())), expected, "{argument}");
    }

    #[test]
    fn the_version_is_said_or_in_the_name() {
        check("v1.0=a/b.xml", Some(("v1.0", "a/b.xml")));
        check("beta=https://h/x?a=b", Some(("beta", "https://h/x?a=b")));
        check("metadata/v1.0.csdl", Some(("v1.0", "metadata/v1.0.csdl")));
        check("beta.xml", Some(("beta", "beta.xml")));
        check("v1.0", Some(("v1.0", "v1.0")));
        check("https://h/v1.0/$metadata", Some(("v1.0", "https://h/v1.0/$metadata")));
        check("https://h/beta/$metadata?x=v1.0", Some(("beta", "https://h/beta/$metadata?x=v1.0")));
        check("metadata.xml", None);
        check("https://h/$metadata?a=1", None);
    }
}

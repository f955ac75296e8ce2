//! Metadata with the version that it is of.

use super::shown_name;
use crate::csdl::{Csdl, CsdlError};
use graph_contracts::contract::Cloud;
use graph_contracts::url::{is_version, without_query};

/// The text of a metadata document, and what it is of.
#[derive(Clone, Debug)]
pub struct MetadataText {
    /// The cloud.
    pub cloud: Cloud,
    /// The API version, such as `v1.0`.
    pub version: String,
    /// Where the text is from, as findings show it: a file's path or a URL.
    pub name: String,
    /// The document.
    pub text: String,
}

/// The metadata that contracts are checked against, of a version in a cloud: a document, or several together.
#[derive(Debug)]
pub struct Metadata<'x> {
    /// The cloud.
    pub cloud: Cloud,
    /// The API version that it describes.
    pub version: &'x str,
    /// Where it is from; of several documents, the first.
    pub name: &'x str,
    /// What it declares.
    pub csdl: Csdl<'x>,
}

/// What an argument says of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetadataName {
    /// The cloud, where it names one.
    pub cloud: Option<Cloud>,
    /// The API version.
    pub version: String,
    /// The document: a file or a URL.
    pub name: String,
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
    /// What stands before the version is no cloud.
    #[error("{argument}: `{cloud}` is not a cloud; {known}")]
    UnknownCloud {
        /// The argument.
        argument: String,
        /// What stands where a cloud does.
        cloud: String,
        /// The clouds that there are.
        known: String,
    },
    /// Nothing says which version it is of.
    #[error("{0}: which version is this the metadata of?")]
    NoVersion(String),
}

impl MetadataText {
    /// Reads the document alone.
    ///
    /// # Errors
    ///
    /// When it is not CSDL.
    pub fn read(&self) -> Result<Metadata<'_>, SourceError> {
        read_together(&[self])
    }
}

impl Metadata<'_> {
    /// What it is of: the version, behind the cloud if that is not the global one.
    pub fn label(&self) -> String {
        match self.cloud {
            Cloud::Global => self.version.to_owned(),
            cloud => format!("{}:{}", cloud.name(), self.version),
        }
    }
}

impl MetadataName {
    /// Takes `CLOUD:VERSION=NAME` apart. Without a version, the name says it: a segment of a URL, or the name of a file without its
    /// ending.
    ///
    /// # Errors
    ///
    /// When nothing says which version it is, or a cloud is not known.
    pub fn read(argument: &str) -> Result<MetadataName, SourceError> {
        let named = argument.split_once(':').and_then(|(cloud, rest)| Some((cloud.parse::<Cloud>().ok()?, rest)));
        let (cloud, argument) = named.map_or((None, argument), |(cloud, rest)| (Some(cloud), rest));
        if let Some((version, name)) = argument.split_once('=').filter(|(version, _)| is_word(version)) {
            return Ok(MetadataName { cloud, version: version.to_owned(), name: name.to_owned() });
        }
        if let Some((cloud, _)) = argument.split_once('=').and_then(|(before, _)| before.split_once(':'))
            && is_word(cloud)
            && let Err(known) = cloud.parse::<Cloud>()
            && !argument.contains("://")
        {
            return Err(SourceError::UnknownCloud { argument: argument.to_owned(), cloud: cloud.to_owned(), known });
        }
        let path = without_query(argument);
        let mut parts = path.split(['/', '\\']).rev();
        let found = parts.find_map(|part| {
            // `v1.0` is one as it is, `v1.0.csdl` without its ending.
            let stem = part.rsplit_once('.').map_or(part, |(stem, _)| stem);
            [part, stem].into_iter().find(|name| is_version(name)).map(str::to_ascii_lowercase)
        });
        match found {
            Some(version) => Ok(MetadataName { cloud, version, name: argument.to_owned() }),
            None => Err(SourceError::NoVersion(shown_name(argument))),
        }
    }
}

/// Reads documents: those of one version in one cloud together, in the order in which the versions were named.
///
/// # Errors
///
/// When one is not CSDL, or two of one version declare the same.
pub fn read_all(texts: &[MetadataText]) -> Result<Vec<Metadata<'_>>, SourceError> {
    let mut groups: Vec<Vec<&MetadataText>> = Vec::new();
    for text in texts {
        let is_same = |own: &MetadataText| own.cloud == text.cloud && own.version.eq_ignore_ascii_case(&text.version);
        match groups.iter_mut().find(|own| own.first().is_some_and(|own| is_same(own))) {
            Some(group) => group.push(text),
            None => groups.push(vec![text]),
        }
    }
    groups.iter().map(|group| read_together(group)).collect()
}

/// Reads documents of one version in one cloud, whatever each says that it is of.
///
/// # Errors
///
/// When one is not CSDL, or two declare the same.
pub fn read_together<'x>(texts: &[&'x MetadataText]) -> Result<Metadata<'x>, SourceError> {
    let documents: Vec<(&str, &'x str)> = texts.iter().map(|own| (own.name.as_str(), own.text.as_str())).collect();
    let broken = |error: CsdlError| {
        let name = texts.get(error.document).map(|own| own.name.clone()).unwrap_or_default();
        SourceError::Broken { name, error }
    };
    let csdl = Csdl::read_all(&documents).map_err(broken)?;
    let first = texts.first().map(|own| (own.cloud, own.version.as_str(), own.name.as_str()));
    let (cloud, version, name) = first.unwrap_or_default();
    Ok(Metadata { cloud, version, name, csdl })
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
        let read = MetadataName::read(argument).ok();
        let own = |own: &MetadataName| {
            let cloud = own.cloud.map(|cloud| format!("{}:", cloud.name())).unwrap_or_default();
            (format!("{cloud}{}", own.version), own.name.clone())
        };
        let expected = expected.map(|(version, name)| (version.to_owned(), name.to_owned()));
        assert_eq!(read.as_ref().map(own), expected, "{argument}");
    }

    #[test]
    fn the_cloud_may_be_said_before_the_version() {
        check("china:v1.0=a/b.xml", Some(("china:v1.0", "a/b.xml")));
        check("usgov-dod:beta=https://h/x?a=b", Some(("usgov-dod:beta", "https://h/x?a=b")));
        check("global:beta.xml", Some(("global:beta", "beta.xml")));
        check("usgov:https://h/v1.0/$metadata", Some(("usgov:v1.0", "https://h/v1.0/$metadata")));
        let error = MetadataName::read("moon:v1.0=a.xml").expect_err("not a cloud").to_string();
        assert_eq!(error, "moon:v1.0=a.xml: `moon` is not a cloud; the clouds are global, usgov, usgov-dod and china");
        check("c:/v1.0.xml", Some(("v1.0", "c:/v1.0.xml")));
    }

    #[test]
    fn documents_of_one_version_in_one_cloud_are_read_together() {
        let text = |cloud: Cloud, version: &str, name: &str, schema: &str| MetadataText {
            cloud,
            version: version.to_owned(),
            name: name.to_owned(),
            text: format!(
                "<Edmx><DataServices><Schema Namespace=\"{schema}\"><EnumType Name=\"a\"/></Schema></DataServices></Edmx>"
            ),
        };
        let texts = [
            text(Cloud::Global, "v1.0", "one", "lamps"),
            text(Cloud::China, "v1.0", "two", "lamps"),
            text(Cloud::Global, "beta", "three", "lamps"),
            text(Cloud::Global, "V1.0", "four", "bulbs"),
        ];
        let read = read_all(&texts).expect("documents that can be read");
        let shown: Vec<String> = read
            .iter()
            .map(|own| {
                let names = own.csdl.document_names().collect::<Vec<_>>().join("+");
                format!("{}:{} {} {names}", own.cloud.name(), own.version, own.name)
            })
            .collect();
        assert_eq!(shown, ["global:v1.0 one one+four", "china:v1.0 two two", "global:beta three three"]);
        let twice = [texts[0].clone(), MetadataText { name: "five".to_owned(), ..texts[0].clone() }];
        let error = read_all(&twice).expect_err("declared twice").to_string();
        assert!(error.starts_with("five:1:47: `lamps.a` is declared in one:1:47 already"), "{error}");
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

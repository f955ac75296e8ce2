//! The metadata comment of a block: `<!-- { "blockType": "request", "name": "…" } -->`.
//!
//! It enriches a pair and never makes one. What stands there is often not quite JSON, so it is read by a tolerant parser then.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use jsonc_parser::errors::ParseError;
use jsonc_parser::{ParseOptions, parse_to_serde_value};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::accepted::Accepted;
use crate::json::cause;

/// What a metadata comment says, as far as it is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// `blockType`.
    pub block_type: Option<String>,
    /// `name`: one, or several where a response is shared by several requests.
    pub names: Vec<String>,
    /// Whether `name` is an array.
    pub shared: bool,
    /// `truncated`: whether the example leaves members out.
    pub truncated: bool,
    /// `@odata.type`: the type of the body, or of its elements if `isCollection`.
    pub odata_type: Option<String>,
    /// `isCollection`, where it is said.
    pub is_collection: Option<bool>,
    /// `baseType` of a resource.
    pub base_type: Option<String>,
    /// `openType` of a resource: whether it may have members that are not declared.
    pub open_type: bool,
    /// Whether it is about the page as a whole: `"type": "#page.annotation"`.
    pub(super) is_of_page: bool,
    /// `expectError`: whether the response is one of an error.
    pub expect_error: bool,
    /// `opaqueUrl`: whether the URL is not built from the page's templates, such as that of a next page.
    pub opaque_url: bool,
    /// `isEmpty`: whether the response has nothing in it.
    pub is_empty: bool,
    /// `optionalProperties`: members that an example may leave out.
    pub optional_properties: Vec<String>,
    /// `nullableProperties`: members that may be `null`.
    pub nullable_properties: Vec<String>,
    /// `suppressions`: what the authors accept.
    pub(crate) suppressions: BTreeSet<Accepted>,
}

impl Metadata {
    /// Reads the text of a comment. `None` if it is not metadata at all (no object); an error says that it should be some.
    pub fn read(comment: &str) -> Option<Result<Metadata, NotMetadata>> {
        let text = comment.trim_end();
        if !text.trim_start().starts_with('{') {
            return None;
        }
        // The strict parser takes a third of the time.
        let read = serde_json::from_str(text).or_else(|_| parse_to_serde_value(text, &ParseOptions::default()));
        Some(read.map_err(|error| NotMetadata::of(text, &error)))
    }

    /// Whether it is about a code block: comments of other kinds stand before tables and at the end of the page.
    pub(super) fn is_of_block(&self) -> bool {
        self.block_type.as_deref() != Some("permissions") && !self.is_of_page
    }

    /// Whether it says that the block is not an example that tools should use.
    pub fn is_ignored(&self) -> bool {
        self.block_type.as_deref() == Some("ignored")
    }

    /// Takes a member. Of several of one name, the last one counts, as it does for API Doctor.
    fn take(&mut self, member: Member, value: Value) {
        // Booleans are written as strings, too.
        let stated = match &value {
            Value::Bool(stated) => Some(*stated),
            Value::String(text) => Some(text.trim() == "true"),
            _ => None,
        };
        let flag = stated == Some(true);
        match member {
            Member::BlockType => self.block_type = text(value),
            Member::Name => {
                self.shared = value.is_array();
                self.names = if self.shared { texts(value) } else { text(value).into_iter().collect() };
            }
            Member::Truncated => self.truncated = flag,
            Member::ODataType => self.odata_type = text(value).or(self.odata_type.take()),
            Member::ShortType => self.odata_type = self.odata_type.take().or_else(|| text(value)),
            Member::IsCollection => self.is_collection = stated,
            Member::BaseType => self.base_type = text(value),
            Member::OpenType => self.open_type = flag,
            Member::Type => self.is_of_page = text(value).as_deref() == Some("#page.annotation"),
            Member::ExpectError => self.expect_error = flag,
            Member::OpaqueUrl => self.opaque_url = flag,
            Member::IsEmpty => self.is_empty = flag,
            Member::OptionalProperties => self.optional_properties = texts(value),
            Member::NullableProperties => self.nullable_properties = texts(value),
            Member::Suppressions => {
                self.suppressions = texts(value).iter().filter_map(|entry| Accepted::read(entry)).collect();
            }
            Member::Other => {}
        }
    }
}

/// Why a comment that should be metadata is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotMetadata {
    /// The line of the comment on which the slip is, counted from 0.
    pub line: u32,
    /// What is wrong there.
    pub what: Cow<'static, str>,
}

impl NotMetadata {
    fn of(text: &str, error: &ParseError) -> NotMetadata {
        let before = &text[..text.floor_char_boundary(error.range().start)];
        let last = before.rsplit('\n').next().unwrap_or_default();
        let line = before.matches('\n').count() as u32;
        match cause(text, (line + 1, last.chars().count() as u32 + 1)) {
            Some(slip) => NotMetadata { line: slip.line - 1, what: slip.what },
            None => NotMetadata { line, what: error.kind().to_string().to_lowercase().into() },
        }
    }
}

/// The members that are read.
#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum Member {
    BlockType,
    Name,
    Truncated,
    #[serde(rename = "@odata.type")]
    ODataType,
    #[serde(rename = "@type")]
    ShortType,
    IsCollection,
    BaseType,
    OpenType,
    Type,
    ExpectError,
    OpaqueUrl,
    IsEmpty,
    OptionalProperties,
    NullableProperties,
    Suppressions,
    #[serde(other)]
    Other,
}

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Metadata, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

/// Reads the members of a comment.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Metadata;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Metadata, A::Error> {
        let mut metadata = Metadata::default();
        while let Some((member, value)) = members.next_entry()? {
            metadata.take(member, value);
        }
        Ok(metadata)
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) if text.trim().len() == text.len() => Some(text),
        Value::String(text) => Some(text.trim().to_owned()),
        _ => None,
    }
}

fn texts(value: Value) -> Vec<String> {
    let Value::Array(items) = value else { return Vec::new() };
    let text = |item| match item {
        Value::String(text) => Some(text),
        _ => None,
    };
    items.into_iter().filter_map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_read_although_it_is_not_quite_json() {
        let comment = r#" { "blockType": "response", "truncated": "true", name: ["a", "b"], "isCollection": true, } "#;
        let expected = Metadata {
            block_type: Some("response".into()),
            names: vec!["a".into(), "b".into()],
            shared: true,
            truncated: true,
            odata_type: None,
            is_collection: Some(true),
            ..Metadata::default()
        };
        assert_eq!(Metadata::read(comment), Some(Ok(expected.clone())));
        let strict =
            r#"{ "blockType": "response", "name": ["a", "b"], "truncated": true, "isCollection": "true", "x": [{}] }"#;
        assert_eq!(Metadata::read(strict), Some(Ok(expected)));
    }

    #[test]
    fn a_comment_that_is_no_object_is_no_metadata() {
        assert_eq!(Metadata::read(" Note to self "), None);
        assert!(matches!(Metadata::read("{ blockType = ignored }"), Some(Err(_))));
    }

    #[test]
    fn what_is_wrong_with_a_comment_has_its_line() {
        let check = |comment: &str, expected: &str| {
            let Some(Err(NotMetadata { line, what })) = Metadata::read(comment) else {
                panic!("{comment} is metadata")
            };
            assert_eq!(format!("{line}: {what}"), expected, "{comment}");
        };
        check(" {\n  \"name\": \"a,\n  \"blockType\": \"ignored\"\n}", "1: the quotation mark is not closed");
        check(" {\n\n  \"blockType\": request\"\n}", "2: the value `request` is not in quotation marks");
        check("{ blockType = ignored }", "0: unexpected token");
    }
}

//! The metadata comment of a block: `<!-- { "blockType": "request", "name": "…" } -->`.
//!
//! It enriches a pair and never makes one. What stands there is often not quite JSON, so it is read by a tolerant parser.

use std::borrow::Cow;
use std::collections::BTreeSet;

use jsonc_parser::ast::{Array, Object, Value};
use jsonc_parser::errors::ParseError;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

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
        let parsed = parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default());
        Some(match parsed.map(|parsed| parsed.value) {
            Ok(Some(Value::Object(object))) => Ok(Metadata::from_object(&object)),
            Ok(_) => Err(NotMetadata { line: 0, what: "it is not a JSON object".into() }),
            Err(error) => Err(NotMetadata::of(text, &error)),
        })
    }

    /// Whether it is about a code block: comments of other kinds stand before tables and at the end of the page.
    pub(super) fn is_of_block(&self) -> bool {
        self.block_type.as_deref() != Some("permissions") && !self.is_of_page
    }

    /// Whether it says that the block is not an example that tools should use.
    pub fn is_ignored(&self) -> bool {
        self.block_type.as_deref() == Some("ignored")
    }

    fn from_object(object: &Object<'_>) -> Metadata {
        let text = |name| object.get_string(name).map(|text| text.value.trim().to_owned());
        // Booleans are written as strings, too.
        let stated = |name| {
            let literal = object.get_boolean(name).map(|literal| literal.value);
            literal.or_else(|| Some(text(name)?.as_str() == "true"))
        };
        let flag = |name| stated(name) == Some(true);
        let array = object.get_array("name");
        let suppressions = object.get_array("suppressions").map(strings).unwrap_or_default();
        Metadata {
            block_type: text("blockType"),
            names: array.map_or_else(|| text("name").into_iter().collect(), strings),
            shared: array.is_some(),
            truncated: flag("truncated"),
            odata_type: text("@odata.type").or_else(|| text("@type")),
            is_collection: stated("isCollection"),
            base_type: text("baseType"),
            open_type: flag("openType"),
            is_of_page: text("type").as_deref() == Some("#page.annotation"),
            expect_error: flag("expectError"),
            opaque_url: flag("opaqueUrl"),
            is_empty: flag("isEmpty"),
            optional_properties: object.get_array("optionalProperties").map(strings).unwrap_or_default(),
            nullable_properties: object.get_array("nullableProperties").map(strings).unwrap_or_default(),
            suppressions: suppressions.iter().filter_map(|entry| Accepted::read(entry)).collect(),
        }
    }
}

/// Why a comment that should be metadata is none.
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

fn strings(array: &Array<'_>) -> Vec<String> {
    array.elements.iter().filter_map(|element| element.as_string_lit()).map(|text| text.value.to_string()).collect()
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
        assert_eq!(Metadata::read(comment), Some(Ok(expected)));
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

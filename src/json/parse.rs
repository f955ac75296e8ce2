//! Text in, tree and positions out: strict JSON (RFC 8259) on top of `jsonc-parser`.

use jsonc_parser::ast::{self, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::{Json, Member, Number, Path, Step};
use crate::source::LineIndex;

/// A JSON text that has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// What the text says.
    pub json: Json,
    /// Where each value stands: byte offsets into the text, one per value, parents before their children in document
    /// order. The offset of a member is that of its name.
    pub offsets: Vec<usize>,
}

impl Parsed {
    /// The byte offset of the value at a path.
    pub fn offset_of(&self, path: &Path) -> Option<usize> {
        let mut offsets = self.offsets.iter();
        let first = *offsets.next()?;
        find(&self.json, path.steps(), first, &mut offsets)
    }
}

/// Walks to a value, in step with the offsets of the values inside `value`.
fn find(value: &Json, steps: &[Step], own: usize, offsets: &mut std::slice::Iter<'_, usize>) -> Option<usize> {
    let Some((step, rest)) = steps.split_first() else { return Some(own) };
    let children: Vec<(Step, &Json)> = match value {
        Json::Array(items) => items.iter().enumerate().map(|(index, item)| (Step::Index(index), item)).collect(),
        Json::Object(members) => members.iter().map(|m| (Step::Name(m.name.clone()), &m.value)).collect(),
        _ => return None,
    };
    for (own_step, child) in children {
        let offset = *offsets.next()?;
        if own_step == *step {
            return find(child, rest, offset, offsets);
        }
        // The offsets of what is inside are passed over.
        offsets.by_ref().take(child.descendants()).for_each(drop);
    }
    None
}

/// Why a text is not JSON, and where: line and column counted from 1, in characters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at line {line}, column {column}")]
pub struct JsonError {
    /// What is wrong, as a lowercase fragment.
    pub message: String,
    /// The line in the text.
    pub line: u32,
    /// The column in the line.
    pub column: u32,
}

/// `jsonc-parser` without any of its extensions.
pub(super) const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Reads one JSON text.
///
/// # Errors
///
/// When the text is not JSON as RFC 8259 defines it, is empty, or nests deeper than 512 levels.
pub fn parse(text: &str) -> Result<Parsed, JsonError> {
    let (parsed, control) = read(text, &STRICT)?;
    if let Some(offset) = control {
        return Err(error_at(text, offset, "control character in a string (it must be escaped)"));
    }
    check_blanks(text)?;
    Ok(parsed)
}

/// Reads one text with those extensions of JSON. Also gives the offset of the first control character in a string:
/// `jsonc-parser` lets them through, RFC 8259 section 7 wants them escaped.
pub(super) fn read(text: &str, options: &ParseOptions) -> Result<(Parsed, Option<usize>), JsonError> {
    let ast = parse_to_ast(text, &CollectOptions::default(), options).map_err(|error| {
        let message = lowercase_first(&error.kind().to_string());
        JsonError { message, line: error.line_display() as u32, column: error.column_display() as u32 }
    })?;
    let Some(value) = ast.value else {
        return Err(error_at(text, text.len(), "no value, the text is empty"));
    };
    let mut reader = Reader { text, offsets: vec![value.start()], control: None };
    let json = reader.convert(value);
    Ok((Parsed { json, offsets: reader.offsets }, reader.control))
}

struct Reader<'t> {
    text: &'t str,
    offsets: Vec<usize>,
    control: Option<usize>,
}

impl Reader<'_> {
    fn convert(&mut self, value: Value<'_>) -> Json {
        match value {
            Value::NullKeyword(_) => Json::Null,
            Value::BooleanLit(literal) => Json::Bool(literal.value),
            Value::NumberLit(literal) => Json::Number(Number::from_parsed(literal.value)),
            Value::StringLit(literal) => {
                self.look_for_control(literal.start(), literal.end());
                Json::String(literal.value.into_owned())
            }
            Value::Array(array) => {
                let mut items = Vec::with_capacity(array.elements.len());
                for element in array.elements {
                    self.offsets.push(element.start());
                    items.push(self.convert(element));
                }
                Json::Array(items)
            }
            Value::Object(object) => {
                let mut members = Vec::with_capacity(object.properties.len());
                for property in object.properties {
                    self.offsets.push(property.start());
                    if let ast::ObjectPropName::String(name) = &property.name {
                        self.look_for_control(name.start(), name.end());
                    }
                    let name = property.name.into_string();
                    members.push(Member { name, value: self.convert(property.value) });
                }
                Json::Object(members)
            }
        }
    }

    fn look_for_control(&mut self, start: usize, end: usize) {
        if self.control.is_none() {
            self.control = self.text[start..end].bytes().position(|byte| byte < b' ').map(|at| start + at);
        }
    }
}

/// `jsonc-parser` takes any Unicode white space between tokens; RFC 8259 section 2 only blank, tab and line ends. A text
/// with others somewhere is rare, so `serde_json` decides about it.
fn check_blanks(text: &str) -> Result<(), JsonError> {
    let foreign = |c: char| c.is_whitespace() && !matches!(c, ' ' | '\t' | '\n' | '\r');
    let Some(at) = text.find(foreign) else { return Ok(()) };
    let is_json = serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok();
    if is_json { Ok(()) } else { Err(error_at(text, at, "white space that JSON does not know")) }
}

fn error_at(text: &str, offset: usize, message: &str) -> JsonError {
    let (line, column) = LineIndex::new(text).position(offset);
    JsonError { message: message.to_owned(), line, column }
}

fn lowercase_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_refused(text: &str, line: u32, column: u32) {
        let error = parse(text).expect_err(text);
        assert_eq!((error.line, error.column), (line, column), "{text:?}: {error}");
    }

    #[test]
    fn what_rfc_8259_does_not_allow_is_refused_with_its_position() {
        check_refused("", 1, 1);
        check_refused("  \n ", 2, 2);
        check_refused("{\n  \"a\": 1,\n}", 2, 9);
        check_refused("{\"a\": \"x\ny\"}", 1, 9);
        check_refused("[1]\u{a0}", 1, 4);
        check_refused("{\"a\": 1} {}", 1, 10);
    }

    #[test]
    fn nesting_of_any_depth_is_an_error_and_not_a_crash() {
        let deep = "[".repeat(200_000);
        assert!(parse(&deep).is_err());
        let deep = format!("{}{}", "{\"a\":".repeat(200_000), "}".repeat(200_000));
        assert!(parse(&deep).is_err());
    }

    #[test]
    fn foreign_white_space_inside_a_string_is_content() {
        assert!(parse("\"a\u{a0}b\"").is_ok());
    }

    #[test]
    fn offsets_come_in_document_order_with_parents_first() -> Result<(), JsonError> {
        let parsed = parse(r#"{"a": [1, {"b": 2}], "c": 3}"#)?;
        assert_eq!(parsed.offsets, [0, 1, 7, 10, 11, 21]);
        let root = Path::root();
        assert_eq!(parsed.offset_of(&root.member("a").element(1).member("b")), Some(11));
        assert_eq!(parsed.offset_of(&root.member("c")), Some(21));
        assert_eq!(parsed.offset_of(&root.member("d")), None);
        Ok(())
    }
}

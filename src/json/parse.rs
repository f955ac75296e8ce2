//! Text in, tree and positions out: strict JSON (RFC 8259) on top of `jsonc-parser`.

use jsonc_parser::ast::{self, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseErrorKind;
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
    /// Whether the text nests too deep. No extension of JSON changes that.
    pub(super) is_too_deep: bool,
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
    read_with(text, options, None)
}

/// The same, with where the text departs from JSON.
pub(super) fn read_marked(
    text: &str,
    options: &ParseOptions,
    marks: &mut Marks,
) -> Result<(Parsed, Option<usize>), JsonError> {
    read_with(text, options, Some(marks))
}

fn read_with(
    text: &str,
    options: &ParseOptions,
    marks: Option<&mut Marks>,
) -> Result<(Parsed, Option<usize>), JsonError> {
    let ast = parse_to_ast(text, &CollectOptions::default(), options).map_err(|error| JsonError {
        message: lowercase_first(&error.kind().to_string()),
        line: error.line_display() as u32,
        column: error.column_display() as u32,
        is_too_deep: matches!(error.kind(), ParseErrorKind::NestingDepthExceeded),
    })?;
    let Some(value) = ast.value else {
        return Err(error_at(text, text.len(), "no value, the text is empty"));
    };
    let range = value.range();
    let mut reader = Reader { text, offsets: vec![range.start], control: None, marks };
    reader.gap(0, range.start);
    let json = reader.convert(value);
    reader.gap(range.end, text.len());
    Ok((Parsed { json, offsets: reader.offsets }, reader.control))
}

/// Where a text departs from JSON for the first time, in each of the ways that [`ParseOptions`] may allow.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// The commas behind the last members or elements.
    pub(super) trailing_commas: Vec<usize>,
    /// The end of a member or element behind which a comma is missing.
    pub(super) missing_comma: Option<usize>,
    /// A comment.
    pub(super) comment: Option<usize>,
    /// A string in single quotes.
    pub(super) single_quotes: Option<usize>,
    /// A name without quotes.
    pub(super) unquoted_name: Option<usize>,
}

impl Marks {
    /// Reads what stands between two tokens: white space, comments, and perhaps a comma or a colon. Gives the place of the comma.
    fn gap(&mut self, text: &str, start: usize, end: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        let (mut at, mut comma) = (start, None);
        while at < end {
            let rest = &bytes[at..end];
            let comment = match rest {
                [b'/', b'/', ..] => Some(memchr::memchr(b'\n', rest).unwrap_or(rest.len())),
                [b'/', b'*', inner @ ..] => Some(memchr::memmem::find(inner, b"*/").map_or(rest.len(), |at| at + 4)),
                _ => None,
            };
            if comment.is_some() {
                self.comment.get_or_insert(at);
            } else if rest[0] == b',' {
                comma.get_or_insert(at);
            }
            at += comment.unwrap_or(1);
        }
        comma
    }

    /// Reads what stands between the end of one member or element and the beginning of the next, or the end of what holds it.
    fn separator(&mut self, text: &str, end: usize, next: usize, is_last: bool) {
        match (self.gap(text, end, next), is_last) {
            (Some(comma), true) => self.trailing_commas.push(comma),
            (None, false) => drop(self.missing_comma.get_or_insert(end)),
            _ => {}
        }
    }
}

struct Reader<'t, 'm> {
    text: &'t str,
    offsets: Vec<usize>,
    control: Option<usize>,
    marks: Option<&'m mut Marks>,
}

impl Reader<'_, '_> {
    fn gap(&mut self, start: usize, end: usize) {
        if let Some(marks) = &mut self.marks {
            marks.gap(self.text, start, end);
        }
    }

    /// Looks at what stands before a member or element: `before` is where the one before it ends, or else the brace or bracket.
    fn before(&mut self, before: usize, start: usize, is_first: bool) {
        if let Some(marks) = &mut self.marks {
            if is_first {
                marks.gap(self.text, before, start);
            } else {
                marks.separator(self.text, before, start, false);
            }
        }
    }

    /// Looks at what stands behind the last member or element of what ends there.
    fn behind(&mut self, before: usize, end: usize) {
        if let Some(marks) = &mut self.marks {
            marks.separator(self.text, before, end.saturating_sub(1), true);
        }
    }

    /// Looks at how a name or a string is quoted.
    fn quotes(&mut self, start: usize, is_string: bool) {
        if let Some(marks) = &mut self.marks {
            if !is_string {
                marks.unquoted_name.get_or_insert(start);
            } else if self.text.as_bytes().get(start) == Some(&b'\'') {
                marks.single_quotes.get_or_insert(start);
            }
        }
    }

    fn convert(&mut self, value: Value<'_>) -> Json {
        match value {
            Value::NullKeyword(_) => Json::Null,
            Value::BooleanLit(literal) => Json::Bool(literal.value),
            Value::NumberLit(literal) => Json::Number(Number::from_parsed(literal.value)),
            Value::StringLit(literal) => {
                self.quotes(literal.start(), true);
                self.look_for_control(literal.start(), literal.end());
                Json::String(literal.value.into_owned())
            }
            Value::Array(array) => {
                let mut items = Vec::with_capacity(array.elements.len());
                let mut before = array.range.start + 1;
                for element in array.elements {
                    let range = element.range();
                    self.before(before, range.start, items.is_empty());
                    self.offsets.push(range.start);
                    items.push(self.convert(element));
                    before = range.end;
                }
                self.behind(before, array.range.end);
                Json::Array(items)
            }
            Value::Object(object) => {
                let mut members = Vec::with_capacity(object.properties.len());
                let mut before = object.range.start + 1;
                for property in object.properties {
                    let range = property.range;
                    self.before(before, range.start, members.is_empty());
                    self.offsets.push(range.start);
                    let is_string = matches!(property.name, ast::ObjectPropName::String(_));
                    self.quotes(range.start, is_string);
                    let name_end = property.name.range().end;
                    if is_string {
                        self.look_for_control(range.start, name_end);
                    }
                    self.gap(name_end, property.value.start());
                    let name = property.name.into_string();
                    members.push(Member { name, value: self.convert(property.value) });
                    before = range.end;
                }
                self.behind(before, object.range.end);
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
    if text.is_ascii() && memchr::memchr2(0x0b, 0x0c, text.as_bytes()).is_none() {
        return Ok(());
    }
    let foreign = |c: char| c.is_whitespace() && !matches!(c, ' ' | '\t' | '\n' | '\r');
    let Some(at) = text.find(foreign) else { return Ok(()) };
    let is_json = serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok();
    if is_json { Ok(()) } else { Err(error_at(text, at, "white space that JSON does not know")) }
}

fn error_at(text: &str, offset: usize, message: &str) -> JsonError {
    let (line, column) = LineIndex::new(text).position(offset);
    JsonError { message: message.to_owned(), line, column, is_too_deep: false }
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
        assert!(parse(&deep).is_err_and(|error| error.is_too_deep));
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

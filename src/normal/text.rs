//! A normal form as the text of a snapshot, and back.
//!
//! ```text
//! POST https://graph.microsoft.com/v1.0/users
//! route /users
//! content-type: application/json
//!
//! {
//!   "displayName": "Adele"
//! }
//!
//! HTTP 201
//! content-type: application/json
//!
//! {
//!   "id": "[guid:1]",
//!   "displayName": "Adele"
//! }
//! ```
//!
//! Text that is not JSON has `| ` before each line, bytes that are not text are `[binary]`. A documented text that happens to
//! look like a mask has a `\` before it.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::{Declared, Identified, Mask, Node, NormalBody, NormalForm, NormalHeader, NormalRequest, Piece, Text};
use crate::json::{self, Json, Member, bounded};

/// Why a text is not a normal form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct FormError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong, as a lowercase fragment.
    pub message: String,
}

/// The longest text that is a mask, in bytes: `[datetime:4294967295?]` has 23. The end of a longer one is not looked for, which
/// would take the square of a text of brackets.
const LONGEST_MASK: usize = 32;

const BINARY: &str = "[binary]";
const ROUTE: &str = "route ";
const STATUS: &str = "HTTP ";

impl fmt::Display for NormalForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.request.line)?;
        for route in &self.request.routes {
            writeln!(f, "{ROUTE}{route}")?;
        }
        write_message(f, &self.request.headers, &self.request.body)?;
        writeln!(f, "\n{STATUS}{}", self.status)?;
        write_message(f, &self.headers, &self.body)
    }
}

fn write_message(f: &mut fmt::Formatter<'_>, headers: &[NormalHeader], body: &NormalBody) -> fmt::Result {
    for NormalHeader { name, value } in headers {
        writeln!(f, "{name}: {value}")?;
    }
    match body {
        NormalBody::None => Ok(()),
        NormalBody::Binary => writeln!(f, "\n{BINARY}"),
        NormalBody::Text(text) => {
            writeln!(f)?;
            text.split('\n').try_for_each(|line| writeln!(f, "| {line}"))
        }
        NormalBody::Json(node) => writeln!(f, "\n{}", escape_controls(&node.to_json().to_pretty())),
    }
}

impl NormalForm {
    /// The text, or its beginning of at most that many bytes before dangerous characters are escaped, and whether it is cut. A
    /// hostile body is never written out as a whole: indented, it may take hundreds of times its size.
    pub(crate) fn beginning(&self, most: usize) -> (String, bool) {
        let NormalBody::Json(node) = &self.body else {
            let mut text = self.to_string();
            let is_cut = text.len() > most;
            text.truncate(text.floor_char_boundary(most));
            return (text, is_cut);
        };
        let head = self.head();
        let (body, is_cut) = bounded(most, |out| serde_json::to_writer_pretty(out, node));
        (format!("{head}\n{}\n", escape_controls(&body)), is_cut)
    }

    /// The form without its body.
    fn head(&self) -> NormalForm {
        let (status, headers) = (self.status, self.headers.clone());
        NormalForm { status, headers, ..NormalForm::of_request(Arc::clone(&self.request)) }
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Mask(mask) => serializer.collect_str(mask),
            Node::String(text) => serializer.collect_str(text),
            Node::Plain(value) => value.serialize(serializer),
            Node::Array(items) => serializer.collect_seq(items),
            Node::Object(members) => serializer.collect_map(members.iter().map(|(name, value)| (name, value))),
        }
    }
}

/// Whether a character is one that a terminal would act on, or that changes the order of what is shown.
pub fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Dangerous characters but line feeds become JSON escapes.
pub(super) fn escape_controls(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '\n' && is_dangerous(c) {
            let _ = write!(escaped, "\\u{:04x}", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

impl Node {
    /// The beginning of the value as compact JSON, in at most that many bytes.
    pub(crate) fn beginning(&self, most: usize) -> String {
        bounded(most, |out| serde_json::to_writer(out, self)).0
    }

    /// The value as JSON, a mask being a string.
    pub fn to_json(&self) -> Json {
        match self {
            Node::Mask(mask) => Json::String(mask.to_string()),
            Node::String(text) => Json::String(text.to_string()),
            Node::Plain(value) => value.clone(),
            Node::Array(items) => Json::Array(items.iter().map(Node::to_json).collect()),
            Node::Object(members) => {
                let member = |(name, value): &(String, Node)| Member { name: name.clone(), value: value.to_json() };
                Json::Object(members.iter().map(member).collect())
            }
        }
    }

    fn from_json(json: Json) -> Node {
        match json {
            Json::String(text) => {
                let text = Text::read(&text);
                text.as_mask().map_or(Node::String(text), Node::Mask)
            }
            Json::Array(items) => Node::Array(items.into_iter().map(Node::from_json).collect()),
            Json::Object(members) => {
                Node::Object(members.into_iter().map(|member| (member.name, Node::from_json(member.value))).collect())
            }
            plain => Node::Plain(plain),
        }
    }
}

impl fmt::Display for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}", self.shape)?;
        if let Some(number) = self.number {
            write!(f, ":{number}")?;
        }
        f.write_str(if self.optional { "?]" } else { "]" })
    }
}

impl Mask {
    /// Reads the mask with which a text begins, and says how long it is.
    fn read(text: &str) -> Option<(Mask, usize)> {
        let end = text.bytes().take(LONGEST_MASK).position(|byte| byte == b']')?;
        let inner = text[..end].strip_prefix('[')?;
        let (inner, optional) = inner.strip_suffix('?').map_or((inner, false), |inner| (inner, true));
        let (name, number) = match inner.split_once(':') {
            Some((name, number)) => (name, Some(number.parse().ok()?)),
            None => (inner, None),
        };
        let shape = name.parse().ok()?;
        Some((Mask { shape, number, optional }, end + 1))
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, piece) in self.0.iter().enumerate() {
            match piece {
                Piece::Mask(mask) => write!(f, "{mask}")?,
                Piece::Literal(text) => {
                    let before_mask = matches!(self.0.get(index + 1), Some(Piece::Mask(_)));
                    f.write_str(&escape_masks(text, before_mask))?;
                }
            }
        }
        Ok(())
    }
}

/// Puts `\` before what only looks like a mask, and doubles those that stand before one.
fn escape_masks(text: &str, before_mask: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut backslashes = 0;
    for (at, c) in text.char_indices() {
        if c == '[' && Mask::read(&text[at..]).is_some() {
            escaped.extend(std::iter::repeat_n('\\', backslashes + 1));
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        escaped.push(c);
    }
    if before_mask {
        escaped.extend(std::iter::repeat_n('\\', backslashes));
    }
    escaped
}

impl Text {
    /// Reads text in which masks stand.
    fn read(text: &str) -> Text {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            let Some((mask, length)) = (c == '[').then(|| Mask::read(&text[at..])).flatten() else {
                literal.push(c);
                at += c.len_utf8();
                continue;
            };
            let backslashes = literal.len() - literal.trim_end_matches('\\').len();
            literal.truncate(literal.len() - backslashes.div_ceil(2));
            if backslashes % 2 == 1 {
                literal.push_str(&text[at..at + length]);
            } else {
                if !literal.is_empty() {
                    pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                }
                pieces.push(Piece::Mask(mask));
            }
            at += length;
        }
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Text(pieces)
    }
}

impl NormalForm {
    /// Reads the text of a snapshot.
    ///
    /// # Errors
    ///
    /// When the text does not have the form that this module writes.
    pub fn parse(text: &str) -> Result<NormalForm, FormError> {
        let text = text.replace("\r\n", "\n");
        let lines: Vec<&str> = text.trim_end().split('\n').collect();
        // No body has such a line: in JSON it would be in quotes, and other text has `| ` before each line.
        let status_at = lines.iter().position(|line| line.starts_with(STATUS));
        let status_at = status_at.ok_or_else(|| error(lines.len(), "expected a line with `HTTP` and a status code"))?;
        let (request, response) = lines.split_at(status_at);
        let status = lines[status_at][STATUS.len()..].trim().parse();
        let status = status.map_err(|_| error(status_at + 1, "expected a status code behind `HTTP`"))?;
        let line =
            request.first().filter(|line| !line.is_empty()).ok_or_else(|| error(1, "expected a request line"))?;
        let routes: Vec<String> =
            request[1..].iter().map_while(|line| line.strip_prefix(ROUTE)).map(str::to_owned).collect();
        let (headers, body) = read_message(&request[1 + routes.len()..], 2 + routes.len())?;
        let request = Arc::new(NormalRequest { line: (*line).to_owned(), routes, headers, body });
        let (headers, body) = read_message(&response[1..], status_at + 2)?;
        Ok(NormalForm {
            request,
            status,
            headers,
            body,
            identified: Identified::default(),
            declared: Declared::default(),
        })
    }
}

/// Reads header fields and body from the lines that begin with that number.
fn read_message(lines: &[&str], first: usize) -> Result<(Vec<NormalHeader>, NormalBody), FormError> {
    let head = lines.iter().position(|line| line.is_empty()).unwrap_or(lines.len());
    let mut headers = Vec::new();
    for (index, line) in lines[..head].iter().enumerate() {
        let Some((name, value)) = line.split_once(": ").or_else(|| line.split_once(':')) else {
            return Err(error(first + index, "expected a header field, `name: value`"));
        };
        headers.push(NormalHeader { name: name.to_owned(), value: Text::read(value) });
    }
    let body = lines.get(head + 1..).unwrap_or_default().join("\n");
    let body = match body.trim_end() {
        "" => NormalBody::None,
        BINARY => NormalBody::Binary,
        body if body.starts_with('|') => {
            let lines = body.lines().map(|line| line.strip_prefix("| ").or(line.strip_prefix('|')).unwrap_or(line));
            NormalBody::Text(lines.collect::<Vec<_>>().join("\n"))
        }
        body => {
            let parsed = json::parse(body).map_err(|cause| {
                error(first + head + cause.line as usize, &format!("the body is not JSON: {}", cause.message))
            })?;
            NormalBody::Json(Node::from_json(parsed.json))
        }
    };
    Ok((headers, body))
}

fn error(line: usize, message: &str) -> FormError {
    FormError { line, message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normal::Shape;

    #[track_caller]
    fn check_survives(form: &NormalForm, expected: &str) {
        assert_eq!(form.to_string(), expected);
        assert_eq!(NormalForm::parse(expected).as_ref(), Ok(form));
        // insta cuts the final line end off.
        assert_eq!(NormalForm::parse(expected.trim_end()).as_ref(), Ok(form));
    }

    fn request(body: NormalBody) -> Arc<NormalRequest> {
        let headers = vec![NormalHeader { name: "accept".into(), value: Text::literal("application/json") }];
        Arc::new(NormalRequest {
            line: "GET https://h/a".into(),
            routes: vec!["/a".into(), "/b".into()],
            headers,
            body,
        })
    }

    const REQUEST: &str = "GET https://h/a\nroute /a\nroute /b\naccept: application/json\n";

    fn mask(shape: Shape, number: Option<u32>) -> Mask {
        Mask { shape, number, optional: false }
    }

    #[test]
    fn a_form_survives_writing_and_reading() {
        let guid = mask(Shape::Guid, Some(1));
        let location = Text(vec![Piece::Literal("/users/".into()), Piece::Mask(guid), Piece::Literal("/x".into())]);
        let form = NormalForm {
            request: request(NormalBody::Json(Node::Object(vec![("HTTP 200".into(), Node::Plain(Json::Bool(true)))]))),
            status: 201,
            headers: vec![
                NormalHeader {
                    name: "content-length".into(),
                    value: Text(vec![Piece::Mask(Mask { shape: Shape::Int, number: None, optional: true })]),
                },
                NormalHeader { name: "location".into(), value: location },
            ],
            body: NormalBody::Json(Node::Object(vec![
                ("id".into(), Node::Mask(guid)),
                ("when".into(), Node::Array(vec![Node::Mask(mask(Shape::DateTime, None)), Node::Plain(Json::Null)])),
                ("a\u{1b}[31m".into(), Node::String(Text::literal("\u{202e}"))),
            ])),
            identified: Identified::default(),
            declared: Declared::default(),
        };
        check_survives(
            &form,
            &format!(
                "{REQUEST}\n{{\n  \"HTTP 200\": true\n}}\n\n{}",
                "HTTP 201\ncontent-length: [int?]\nlocation: /users/[guid:1]/x\n\n{\n  \"id\": \"[guid:1]\",\n  \"when\": [\n    \
             \"[datetime]\",\n    null\n  ],\n  \"a\\u001b[31m\": \"\\u202e\"\n}\n"
            ),
        );
    }

    #[test]
    fn bodies_of_every_kind_survive() {
        let check = |body: NormalBody, expected: &str| {
            let form = NormalForm {
                request: request(body.clone()),
                status: 200,
                headers: Vec::new(),
                body,
                identified: Identified::default(),
                declared: Declared::default(),
            };
            check_survives(&form, &format!("{REQUEST}{expected}\nHTTP 200\n{expected}"));
        };
        check(NormalBody::None, "");
        check(NormalBody::Binary, "\n[binary]\n");
        check(NormalBody::Text("a\n\n{}".into()), "\n| a\n| \n| {}\n");
        check(NormalBody::Text("HTTP 404".into()), "\n| HTTP 404\n");
    }

    #[test]
    fn text_that_looks_like_a_mask_is_told_from_one() {
        let number = mask(Shape::Guid, Some(1));
        for pieces in [
            vec![Piece::Literal("[guid:1]".into())],
            vec![Piece::Literal("\\[guid:1] and [string]".into())],
            vec![Piece::Literal("\\".into()), Piece::Mask(number)],
            vec![Piece::Literal("\\\\".into()), Piece::Mask(number), Piece::Literal("\\[int]".into())],
            vec![Piece::Literal("[x] [guid: [".into())],
        ] {
            let text = Text(pieces);
            assert_eq!(Text::read(&text.to_string()), text, "{text}");
        }
    }

    #[test]
    fn a_text_of_brackets_takes_no_square_of_its_size() {
        let text = Text::literal(&"[".repeat(1_000_000));
        assert_eq!(Text::read(&text.to_string()), text);
    }

    #[test]
    fn the_longest_mask_is_read() {
        for shape in <Shape as strum::VariantArray>::VARIANTS.iter().copied() {
            let text = Text(vec![Piece::Mask(Mask { shape, number: Some(u32::MAX), optional: true })]);
            assert_eq!(Text::read(&text.to_string()), text, "{text}");
        }
    }

    #[test]
    fn a_text_of_another_form_is_refused_with_its_line() {
        let line = |text: &str| NormalForm::parse(text).expect_err(text).line;
        assert_eq!(line(""), 1);
        assert_eq!(line("GET /a\n\nHTTP x"), 3);
        assert_eq!(line("HTTP 200"), 1);
        assert_eq!(line("GET /a\nroute /a\nnonsense\n\nHTTP 200"), 3);
        assert_eq!(line("GET /a\n\nHTTP 200\nnonsense"), 4);
        assert_eq!(line("GET /a\n\nHTTP 200\na: b\n\n{\n  \"a\": 1,\n}"), 7);
    }
}

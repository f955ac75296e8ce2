//! How a contract is laid out in its file: as indented JSON, in which small objects and arrays stand on one line. Bodies are
//! laid out as on their pages, one member or element a line.

use sha2::{Digest as _, Sha256};

use super::Contract;
use crate::json::Json;

/// Lines are not made longer than this, in bytes.
const WIDTH: usize = 120;

/// The text of a contract's file.
///
/// # Errors
///
/// When the contract cannot be written as JSON.
pub(crate) fn contract_text(contract: &Contract) -> serde_json::Result<String> {
    let mut text = laid_out(&serde_json::to_string(contract)?);
    text.push('\n');
    Ok(text)
}

/// A digest of what the import writes into a contract; what people add (`volatile`) is not part of it.
pub fn digest(contract: &Contract) -> String {
    let mut generated = contract.clone();
    generated.source.digest.clear();
    generated.volatile.clear();
    let text = serde_json::to_vec(&generated).unwrap_or_default();
    short_digest(&text)
}

/// The digest that the import of any version has written into a file with that content, unless somebody has changed it since.
pub(crate) fn digest_of_file(file: &Json) -> String {
    let Json::Object(members) = file else { return String::new() };
    let mut members = members.clone();
    members.retain(|member| member.name != "volatile");
    for member in &mut members {
        if let ("source", Json::Object(source)) = (member.name.as_str(), &mut member.value) {
            source
                .iter_mut()
                .filter(|own| own.name == "digest")
                .for_each(|own| own.value = Json::String(String::new()));
        }
    }
    short_digest(&serde_json::to_vec(&Json::Object(members)).unwrap_or_default())
}

/// A digest of some bytes: the first eight of SHA-256, in hexadecimal digits. What pages hold is told apart by it.
pub fn short_digest(text: &[u8]) -> String {
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// A container in a compact text.
struct Container {
    /// What closes it.
    close: u8,
    is_empty: bool,
    /// Its length on one line; `None` where it may not stand on one.
    line: Option<usize>,
}

/// An object or array that is being read.
struct Open {
    index: usize,
    start: usize,
    /// So many blanks come in on one line: one behind each comma and colon.
    blanks: usize,
    /// How deep arrays nest in it; `None` where it has objects.
    arrays: Option<usize>,
}

/// The bytes of a compact text, as `serde_json` writes it, that are outside of strings and have a meaning, with their offsets.
fn marks(compact: &str) -> impl Iterator<Item = (usize, u8)> {
    let (mut in_string, mut is_escaped) = (false, false);
    compact.bytes().enumerate().filter(move |(_, byte)| {
        if in_string {
            let ends = *byte == b'"' && !is_escaped;
            is_escaped = *byte == b'\\' && !is_escaped;
            in_string = !ends;
            return false;
        }
        in_string = *byte == b'"';
        matches!(byte, b'{' | b'}' | b'[' | b']' | b',' | b':')
    })
}

/// The objects and arrays of a compact text, in the order in which they begin. On one line stands an object or array of scalars, or of arrays of
/// them; the arrays of an object may themselves have arrays of scalars.
fn containers(compact: &str) -> Vec<Container> {
    let mut containers: Vec<Container> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for (at, mark) in marks(compact) {
        match mark {
            b'{' | b'[' => {
                let close = if mark == b'{' { b'}' } else { b']' };
                open.push(Open { index: containers.len(), start: at, blanks: 0, arrays: Some(0) });
                containers.push(Container { close, is_empty: false, line: None });
            }
            b',' | b':' => {
                if let Some(own) = open.last_mut() {
                    own.blanks += 1;
                }
            }
            _ => {
                let Some(own) = open.pop() else { continue };
                let is_empty = own.start + 1 == at;
                let is_object = mark == b'}';
                let most = if is_object { 2 } else { 1 };
                // An object has a blank within each of its braces.
                let length = at + 1 - own.start + own.blanks + if is_object { 2 } else { 0 };
                let may_be_line = !is_empty && own.arrays.is_some_and(|arrays| arrays <= most);
                containers[own.index].is_empty = is_empty;
                containers[own.index].line = may_be_line.then_some(length);
                if let Some(around) = open.last_mut() {
                    around.blanks += own.blanks;
                    let arrays = own.arrays.filter(|_| !is_object);
                    around.arrays = arrays.and_then(|arrays| Some(around.arrays?.max(arrays + 1)));
                }
            }
        }
    }
    containers
}

/// How a container is written that has been opened.
struct Writing {
    close: u8,
    has_lines: bool,
    /// Everything in it has a line of its own: it is a body.
    is_wide: bool,
    /// Where its last member began in the text.
    member: usize,
}

/// Lays a compact text out. Takes linear time.
fn laid_out(compact: &str) -> String {
    let mut out = String::with_capacity(compact.len() * 2);
    let mut containers = containers(compact).into_iter();
    let mut open: Vec<Writing> = Vec::new();
    let mut written = 0;
    for (at, mark) in marks(compact) {
        out.push_str(&compact[written..at]);
        written = at + 1;
        let has_lines = open.last().is_none_or(|open| open.has_lines);
        match mark {
            b'{' | b'[' => {
                let Some(own) = containers.next() else { continue };
                let around = open.last();
                let is_body =
                    around.is_some_and(|around| around.close == b'}' && compact[around.member..at] == *"\"json\":");
                let is_wide = around.is_some_and(|around| around.is_wide) || is_body;
                let column = out.len() - out.rfind('\n').map_or(0, |at| at + 1);
                let is_line = around.is_some() && !is_wide && own.line.is_some_and(|length| column + length < WIDTH);
                let has_lines = has_lines && !own.is_empty && !is_line;
                out.push(char::from(mark));
                open.push(Writing { close: own.close, has_lines, is_wide, member: at + 1 });
                if has_lines {
                    new_line(open.len(), &mut out);
                } else if mark == b'{' && !own.is_empty {
                    out.push(' ');
                }
            }
            b',' => {
                out.push(',');
                if has_lines {
                    new_line(open.len(), &mut out)
                } else {
                    out.push(' ')
                }
                if let Some(own) = open.last_mut() {
                    own.member = at + 1;
                }
            }
            b':' => out.push_str(": "),
            _ => {
                open.pop();
                if has_lines {
                    new_line(open.len(), &mut out);
                } else if mark == b'}' && !out.ends_with('{') {
                    out.push(' ');
                }
                out.push(char::from(mark));
            }
        }
    }
    out.push_str(&compact[written..]);
    out
}

fn new_line(depth: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[track_caller]
    fn check(text: &str) {
        let json = json::parse(text).expect(text).json;
        assert_eq!(laid_out(&serde_json::to_string(&json).expect(text)), text);
    }

    #[test]
    fn small_objects_and_arrays_stand_on_one_line() {
        check("{\n  \"a\": { \"b\": 1, \"c\": [\"d\", 2] },\n  \"e\": [\n    { \"f\": null }\n  ],\n  \"g\": []\n}");
    }

    #[test]
    fn long_ones_do_not() {
        let long = "x".repeat(WIDTH);
        check(&format!("{{\n  \"a\": [\n    \"{long}\"\n  ]\n}}"));
    }

    #[test]
    fn bodies_have_one_member_or_element_a_line() {
        check("{\n  \"body\": {\n    \"json\": {\n      \"a\": [\n        1,\n        {}\n      ]\n    }\n  }\n}");
    }
}

//! How a contract is laid out in its file: as indented JSON, in which small objects and arrays stand on one line. Bodies are
//! laid out as on their pages, one member or element a line.

use sha2::{Digest as _, Sha256};

use super::Contract;
use crate::json::{self, Json};

/// Lines are not made longer than this, in bytes.
const WIDTH: usize = 120;

/// The text of a contract's file; an error if it could not be read again.
pub(crate) fn contract_text(contract: &Contract) -> Result<String, String> {
    let text = serde_json::to_string(contract).map_err(|error| error.to_string())?;
    let json = json::parse(&text).map_err(|error| error.to_string())?.json;
    let mut out = String::with_capacity(text.len() * 2);
    write(&json, 0, false, &mut out);
    out.push('\n');
    Ok(out)
}

/// A digest of what the import writes into a contract; what people add (`volatile`) is not part of it.
pub fn digest(contract: &Contract) -> String {
    let mut generated = contract.clone();
    generated.source.digest.clear();
    generated.volatile.clear();
    let text = serde_json::to_vec(&generated).unwrap_or_default();
    hex(&text)
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
    hex(&serde_json::to_vec(&Json::Object(members)).unwrap_or_default())
}

fn hex(text: &[u8]) -> String {
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Writes a value that begins at the given depth. `wide` asks for one member or element a line throughout.
fn write(value: &Json, depth: usize, wide: bool, out: &mut String) {
    let column = out.len() - out.rfind('\n').map_or(0, |at| at + 1);
    if !wide && depth > 0 {
        // One blank around braces and behind commas and colons is as much as fits between.
        if let Some(line) = on_one_line(value).filter(|line| column + line.len() < WIDTH) {
            return out.push_str(&line);
        }
    }
    match value {
        Json::Object(members) if !members.is_empty() => {
            out.push('{');
            for (index, member) in members.iter().enumerate() {
                separate(index, depth + 1, out);
                out.push_str(&Json::String(member.name.clone()).to_string());
                out.push_str(": ");
                write(&member.value, depth + 1, wide || member.name == "json", out);
            }
            separate(0, depth, out);
            out.push('}');
        }
        Json::Array(items) if !items.is_empty() => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(index, depth + 1, out);
                write(item, depth + 1, wide, out);
            }
            separate(0, depth, out);
            out.push(']');
        }
        scalar_or_empty => out.push_str(&scalar_or_empty.to_string()),
    }
}

fn separate(index: usize, depth: usize, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

/// An object or array of scalars, or of arrays of them, on one line; the arrays of an object may themselves have arrays of scalars.
fn on_one_line(value: &Json) -> Option<String> {
    let flat = |value: &Json| match value {
        Json::Array(items) => items.iter().all(is_scalar),
        other => is_scalar(other),
    };
    let simple = |value: &Json| match value {
        Json::Array(items) => items.iter().all(flat),
        other => is_scalar(other),
    };
    match value {
        Json::Object(members) if !members.is_empty() && members.iter().all(|member| simple(&member.value)) => {
            let member = |m: &json::Member| format!("{}: {}", Json::String(m.name.clone()), spaced(&m.value));
            Some(format!("{{ {} }}", members.iter().map(member).collect::<Vec<_>>().join(", ")))
        }
        Json::Array(items) if !items.is_empty() && items.iter().all(flat) => Some(spaced(value)),
        _ => None,
    }
}

fn is_scalar(value: &Json) -> bool {
    !matches!(value, Json::Object(_) | Json::Array(_))
}

fn spaced(value: &Json) -> String {
    match value {
        Json::Array(items) => format!("[{}]", items.iter().map(spaced).collect::<Vec<_>>().join(", ")),
        scalar => scalar.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str) {
        let json = json::parse(text).expect(text).json;
        let mut out = String::new();
        write(&json, 0, false, &mut out);
        assert_eq!(out, text);
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

//! Where a tool says that an answer is wrong, as replay names places.

use serde_json::Value;

/// What stands for a place where an entry of Hurl ended before its assertions.
pub(crate) const CAPTURE: &str = "capture";

/// The places at which assertions of a Hurl file failed, by a line of `hurl --json`. `file` is the text of the file.
pub(crate) fn of_hurl(file: &str, result: &Value) -> Vec<String> {
    let lines: Vec<&str> = file.lines().collect();
    let asserts = result["entries"][0]["asserts"].as_array().into_iter().flatten();
    let failed = asserts.filter(|assert| assert["success"] == false);
    let lines = failed.filter_map(|assert| lines.get(usize::try_from(assert["line"].as_u64()?).ok()? - 1));
    let mut places: Vec<String> = lines.map(|line| of_line(line)).collect();
    // What cannot be captured ends the entry before its assertions.
    if places.is_empty() && result["success"] == false {
        places.push(CAPTURE.to_owned());
    }
    places
}

fn of_line(line: &str) -> String {
    let quoted = || line.split('"').nth(1).unwrap_or_default().replace("\\\\", "\\");
    match line.split(' ').next().unwrap_or_default() {
        "HTTP" => "status".to_owned(),
        "header" => format!("header {}", quoted()),
        "jsonpath" => {
            let path = quoted();
            path.split("[?").next().unwrap_or_default().trim_end_matches(".*").to_owned()
        }
        _ => "body".to_owned(),
    }
}

/// The places of the mismatches of a verification.
pub(crate) fn of_pact(result: &Value) -> Vec<String> {
    let errors = result.as_array().into_iter().flatten();
    let mismatches = errors.flat_map(|error| match error["mismatch"]["mismatches"].as_array() {
        Some(mismatches) => mismatches.clone(),
        // There was no answer to compare.
        None => vec![serde_json::json!({"type": "BodyTypeMismatch"})],
    });
    mismatches.flat_map(|own| of_mismatch(&own)).collect()
}

fn of_mismatch(mismatch: &Value) -> Vec<String> {
    let text = |name: &str| mismatch[name].as_str().unwrap_or_default();
    match text("type") {
        "StatusMismatch" => vec!["status".to_owned()],
        "HeaderMismatch" => vec![format!("header {}", text("key").to_lowercase())],
        "BodyMismatch" => {
            let path = normalized(text("path"));
            match text("mismatch").split_once("missing the following keys: ") {
                Some((_, names)) => names.split(", ").map(|name| format!("{path}['{name}']")).collect(),
                // Of a body that is not there.
                None if path == "/" => vec!["body".to_owned()],
                None => vec![path],
            }
        }
        _ => vec!["body".to_owned()],
    }
}

/// A path in the form in which replay shows it: `$.a[0]` is `$['a'][0]`.
fn normalized(path: &str) -> String {
    let mut normalized = String::new();
    let mut rest = path;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '.' => {
                let name = rest[1..].split(['.', '[']).next().unwrap_or_default();
                normalized.push_str(&format!("['{name}']"));
                1 + name.len()
            }
            '[' => {
                let length = rest.find(']').map_or(rest.len(), |end| end + 1);
                normalized.push_str(&rest[..length]);
                length
            }
            other => {
                normalized.push(other);
                other.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    normalized
}

/// Whether a tool names the place of a mutant. A member that is missing or too many is also one of the object around it, and a body that is
/// no JSON is wrong at each of its values.
pub(crate) fn is_same(found: &str, place: &str) -> bool {
    let is_around =
        place.strip_prefix(found).is_some_and(|rest| rest.starts_with('[') && rest.matches('[').count() == 1);
    found == place || is_around || (place == "body" && found.starts_with('$'))
}

#[test]
fn places_are_named_as_replay_names_them() {
    assert_eq!(of_line(r#"jsonpath "$['a'][0]" == "b" # page:1"#), "$['a'][0]");
    assert_eq!(of_line(r#"jsonpath "$['a'][?length($['a']) == 1]" exists # page:1"#), "$['a']");
    assert_eq!(of_line(r#"header "etag" == "b""#), "header etag");
    assert_eq!(normalized("$.a[0]['@b'].c"), "$['a'][0]['@b']['c']");
    assert!(is_same("$", "$['a']") && is_same("$['a']", "$['a']") && is_same("$['a']", "body"));
    assert!(!is_same("$['a']", "$") && !is_same("$", "$['a']['b']") && !is_same("$['a']", "$['ab']"));
}

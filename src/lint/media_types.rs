//! The rule for media types: what `Content-Type` and `Accept` name exists.

use mediatype::MediaType;

use super::Linter;
use crate::diagnostic::Code;
use crate::page::Header;

/// Checks the media types in a header field.
pub(super) fn check(linter: &mut Linter<'_>, field: &Header) {
    let is_list = field.name.eq_ignore_ascii_case("accept");
    if !is_list && !field.name.eq_ignore_ascii_case("content-type") {
        return;
    }
    let types = if is_list { field.value.split(',').collect() } else { vec![field.value.as_str()] };
    for written in types {
        if let Some(message) = problem(written.trim()) {
            let column = linter.page.column_of(field.line, written.trim());
            linter.report_at(Code::MediaTypeNotValid, (field.line, column), message);
        }
    }
}

/// The names before the slash (<https://www.iana.org/assignments/media-types>).
const TOP_LEVEL: [&str; 12] = [
    "application",
    "audio",
    "chemical",
    "example",
    "font",
    "haptics",
    "image",
    "message",
    "model",
    "multipart",
    "text",
    "video",
];

/// Media types that examples have, by the name before the slash and the one behind it.
const KNOWN: [(&str, &str); 9] = [
    ("application", "json"),
    ("application", "xml"),
    ("application", "octet-stream"),
    ("application", "x-www-form-urlencoded"),
    ("text", "plain"),
    ("text", "html"),
    ("image", "jpeg"),
    ("multipart", "form-data"),
    ("multipart", "mixed"),
];

/// Names that are nearly one of those, and exist or are in use.
const REAL: [&str; 9] = ["jose", "bson", "json5", "jsonl", "jsonp", "xhtml", "dml", "jpg", "jpe"];

/// What is wrong with a media type; `None` if it may exist.
fn problem(written: &str) -> Option<String> {
    let essence = written.split(';').next().unwrap_or(written).trim().to_ascii_lowercase();
    // A placeholder, or several types.
    if essence.is_empty() || essence.len() > 64 || essence.contains(['{', '<', '*', '.', ',', ' ', '"', '[']) {
        return None;
    }
    let Some((top, sub)) = essence.split_once('/') else {
        let is_near = |(top, sub): &(&str, &str)| strsim::osa_distance(&essence, &format!("{top}/{sub}")) <= 2;
        let (top, sub) = KNOWN.iter().find(|known| is_near(known))?;
        return Some(not_a_type(&essence, &format!("{top}/{sub}")));
    };
    if !TOP_LEVEL.contains(&top) && !top.starts_with("x-") {
        let near = TOP_LEVEL.iter().find(|known| strsim::osa_distance(top, known) <= 2)?;
        return Some(not_a_type(&essence, &format!("{near}/{sub}")));
    }
    if MediaType::parse(&essence).is_err() {
        return Some(format!("`{essence}` is not a media type"));
    }
    let is_near = |known: &str| {
        let most = if known.len() > 5 { 2 } else { 1 };
        (1..=most).contains(&strsim::osa_distance(sub, known))
    };
    if REAL.contains(&sub) || KNOWN.contains(&(top, sub)) {
        return None;
    }
    let (_, near) = KNOWN.iter().find(|(own, known)| *own == top && is_near(known))?;
    Some(not_a_type(&essence, &format!("{top}/{near}")))
}

fn not_a_type(written: &str, near: &str) -> String {
    format!("there is no media type `{written}`; did you mean `{near}`?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_media_type_that_nearly_exists_is_found() {
        let check = |written: &str, near: &str| {
            let message = problem(written).unwrap_or_default();
            assert!(message.contains(near), "{written}: {message}");
        };
        check("applicaton/json", "`application/json`");
        check("application/jsn", "`application/json`");
        check("application\\json", "`application/json`");
        check("application-json; charset=utf-8", "`application/json`");
        check("text/plan", "`text/plain`");
        check("multipart/form-date", "`multipart/form-data`");
        check("application/a/b", "not a media type");
    }

    #[test]
    fn a_media_type_that_may_exist_is_not() {
        for written in [
            "application/json",
            "Application/JSON;odata.metadata=minimal",
            "application/vnd.ms-excel",
            "image/jpg",
            "image/png",
            "text/xml",
            "text/csv",
            "application/bson",
            "application/jsonl",
            "chemical/x-pdb",
            "x-world/x-3dmf",
            "{content-type}",
            "*/*",
            "",
            "json",
        ] {
            assert_eq!(problem(written), None, "{written}");
        }
    }
}

//! What a contract expects of the header fields of a request.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::received::Received;
use crate::contract::{Contract, media_type};
use crate::http::is_hop_by_hop;
use crate::url::{Target, fits_value};

/// With this request header a client says which contract it means, by its percent-encoded id. It decides between contracts
/// whose documented requests are the same.
pub const CONTRACT_HEADER: &str = "x-graph-contract";

/// With this header field an answer says where the contract that answers is documented, as `page:line`.
pub const SOURCE_HEADER: &str = "x-graph-source";

/// What cannot stand in a header field, and what would be read as encoded (RFC 9110 section 5.5).
const FIELD: &AsciiSet = &CONTROLS.add(b'%');

/// A text as a header field carries it: percent-encoded where it has to be.
pub fn field_value(text: &str) -> String {
    utf8_percent_encode(text, FIELD).to_string()
}

/// A header field that a request has to have.
#[derive(Clone, Debug)]
pub(super) struct ExpectedHeader {
    pub(super) name: String,
    pub(super) value: ExpectedValue,
}

/// What the value of a header field has to be.
#[derive(Clone, Debug)]
pub(super) enum ExpectedValue {
    /// A bearer token, whichever.
    Bearer,
    /// Media types of which one must be acceptable.
    Accepted(Vec<String>),
    /// A media type without parameters.
    MediaType(String),
    /// Preferences, each with its value.
    Preferences(String),
    /// A value, possibly with placeholders.
    Value(String),
}

/// How a header field departs from the documented one.
pub(super) struct HeaderDifference {
    pub(super) expected: String,
    /// What came; `None` if the field did not.
    pub(super) actual: Option<String>,
}

/// The header fields that a request must have: the documented ones, and a bearer token for Microsoft Graph, which the
/// documentation requires on every page and leaves out of the examples.
pub(super) fn expected_headers(contract: &Contract, target: &Target<'_>) -> Vec<ExpectedHeader> {
    let mut headers: Vec<ExpectedHeader> = Vec::new();
    for header in &contract.request.headers {
        let name = header.name.to_ascii_lowercase();
        let earlier = headers.iter_mut().find(|other| other.name.eq_ignore_ascii_case(&name));
        if let Some(ExpectedValue::Value(value) | ExpectedValue::Preferences(value)) = earlier.map(|own| &mut own.value)
        {
            // A field that occurs twice is the same as one with both values (RFC 9110 section 5.2).
            value.push_str(&format!(", {}", header.value));
            continue;
        }
        let value = match name.as_str() {
            "content-length" | "host" | CONTRACT_HEADER => continue,
            name if is_hop_by_hop(name) => continue,
            "authorization" if is_bearer(&header.value) => ExpectedValue::Bearer,
            "accept" => ExpectedValue::Accepted(header.value.split(',').map(media_type).collect()),
            "content-type" if contract.request.body.is_none() => continue,
            "content-type" => ExpectedValue::MediaType(media_type(&header.value)),
            "prefer" => ExpectedValue::Preferences(header.value.clone()),
            _ => ExpectedValue::Value(header.value.clone()),
        };
        headers.push(ExpectedHeader { name: header.name.clone(), value });
    }
    if target.is_graph() && !headers.iter().any(|header| header.name.eq_ignore_ascii_case("authorization")) {
        headers.push(ExpectedHeader { name: "Authorization".to_owned(), value: ExpectedValue::Bearer });
    }
    headers
}

impl ExpectedHeader {
    /// Whether the field of a request agrees with this one.
    pub(super) fn agrees(&self, received: &Received<'_>) -> bool {
        self.agrees_with(received.header(&self.name).as_deref())
    }

    fn agrees_with(&self, actual: Option<&str>) -> bool {
        match (&self.value, actual) {
            // No `Accept` means that any media type is acceptable (RFC 9110 section 12.5.1).
            (ExpectedValue::Accepted(_), None) => true,
            (_, None) => false,
            (ExpectedValue::Bearer, Some(actual)) => bearer_token(actual).is_some(),
            (ExpectedValue::Accepted(expected), Some(actual)) => {
                expected.iter().any(|expected| accepts(actual, expected))
            }
            (ExpectedValue::MediaType(expected), Some(actual)) => media_type(actual) == *expected,
            (ExpectedValue::Preferences(expected), Some(actual)) => prefers(actual, expected),
            (ExpectedValue::Value(expected), Some(actual)) => is_same_list(expected, actual),
        }
    }

    /// How the field of a request departs from this one, if it does.
    pub(super) fn difference(&self, received: &Received<'_>) -> Option<HeaderDifference> {
        let actual = received.header(&self.name);
        if self.agrees_with(actual.as_deref()) {
            return None;
        }
        let expected = match &self.value {
            ExpectedValue::Bearer => "Bearer {token}".to_owned(),
            ExpectedValue::Accepted(expected) => expected.join(", "),
            ExpectedValue::MediaType(expected)
            | ExpectedValue::Preferences(expected)
            | ExpectedValue::Value(expected) => expected.clone(),
        };
        let shown = actual.map(|actual| match &self.value {
            // What stands in a wrong Authorization field may be a secret.
            ExpectedValue::Bearer => "something else".to_owned(),
            _ => actual.into_owned(),
        });
        Some(HeaderDifference { expected, actual: shown })
    }
}

/// Whether a documented `Authorization` asks for a bearer token (RFC 6750 section 2.1).
pub fn is_bearer(value: &str) -> bool {
    value.get(.."bearer".len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer"))
}

/// The token in an `Authorization` field; the scheme is read in any case (RFC 9110 section 11.1).
pub fn bearer_token(value: &str) -> Option<&str> {
    let (scheme, token) = value.trim().split_once(' ')?;
    Some(token.trim()).filter(|token| scheme.eq_ignore_ascii_case("bearer") && !token.is_empty())
}

/// Whether an `Accept` field lets a media type through (RFC 9110 section 12.5.1).
fn accepts(field: &str, media_type: &str) -> bool {
    let kind = media_type.split('/').next().unwrap_or_default();
    let ranges = list(field);
    ranges.is_empty()
        || ranges.into_iter().any(|range| {
            let is_refused = range.split(';').skip(1).any(|parameter| {
                let (name, weight) = parameter.split_once('=').unwrap_or((parameter, ""));
                name.trim().eq_ignore_ascii_case("q") && weight.trim().parse::<f32>().is_ok_and(|weight| weight == 0.0)
            });
            let range = crate::contract::media_type(range);
            !is_refused && (range == media_type || range == "*/*" || range.strip_suffix("/*") == Some(kind))
        })
}

/// The elements of a list: they are separated by commas outside of quotes, with blanks around them, and empty ones do not count
/// (RFC 9110 section 5.6.1).
fn list(field: &str) -> Vec<&str> {
    split(field, ',').into_iter().map(str::trim).filter(|element| !element.is_empty()).collect()
}

/// The pieces between separators that stand outside of quoted strings (RFC 9110 section 5.6.4).
fn split(field: &str, separator: char) -> Vec<&str> {
    let (mut pieces, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, c) in field.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            c if c == separator && !quoted => {
                pieces.push(&field[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    pieces.push(&field[start..]);
    pieces
}

/// Whether two fields are the same list, or the same value.
fn is_same_list(documented: &str, actual: &str) -> bool {
    if fits_value(documented, actual) {
        return true;
    }
    let (documented, actual) = (list(documented), list(actual));
    documented.len() == actual.len() && documented.iter().zip(&actual).all(|(one, other)| fits_value(one, other))
}

/// Whether a `Prefer` field states all documented preferences: their names are read in any case, values with or without quotes, and
/// their order says nothing (RFC 7240 section 2). A value in which placeholders stand is any.
fn prefers(field: &str, documented: &str) -> bool {
    let actual: Vec<(String, String)> = list(field).into_iter().map(preference).collect();
    list(documented).into_iter().map(preference).all(|(name, value)| {
        // Of a preference that is stated more than once, the first counts.
        let own = actual.iter().find(|(own, _)| *own == name);
        own.is_some_and(|(_, own)| *own == value || fits_value(&value, own))
    })
}

/// The name of a preference in lower case, and its value without quotes. Parameters behind it do not change what is preferred.
fn preference(text: &str) -> (String, String) {
    let token = split(text, ';').first().copied().unwrap_or_default();
    let (name, value) = token.split_once('=').unwrap_or((token, ""));
    let value = value.trim();
    let bare = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
    (name.trim().to_ascii_lowercase(), bare.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_have_no_order_and_names_in_any_case() {
        let documented = r#"outlook.timezone="UTC", outlook.body-content-type="text""#;
        let check = |field: &str, expected: bool| assert_eq!(prefers(field, documented), expected, "{field}");
        check(r#"outlook.timezone="UTC",outlook.body-content-type="text""#, true);
        check(r#"outlook.body-content-type=text, Outlook.Timezone="UTC"; a=b"#, true);
        check(r#"respond-async, outlook.timezone="UTC", outlook.body-content-type="text""#, true);
        check(r#"outlook.timezone="PST", outlook.body-content-type="text""#, false);
        check(r#"outlook.timezone="UTC""#, false);
    }

    #[test]
    fn lists_are_the_same_whatever_blanks_they_have() {
        let check = |one: &str, other: &str, expected: bool| assert_eq!(is_same_list(one, other), expected, "{other}");
        check("a, b", "a,b", true);
        check("a, b", " a ,, b", true);
        check("a, b", "b, a", false);
        check("\"a,b\"", "\"a, b\"", false);
        check("W/\"{etag}\"", "W/\"1\"", true);
    }

    #[test]
    fn any_scheme_of_bearer_will_do() {
        for (field, expected) in [("bearer x", true), ("BEARER  x", true), ("Bearer ", false), ("Basic x", false)] {
            assert_eq!(bearer_token(field).is_some(), expected, "{field}");
        }
    }

    #[test]
    fn what_is_accepted_may_be_refused_by_its_weight() {
        let check = |field: &str, expected: bool| assert_eq!(accepts(field, "application/json"), expected, "{field}");
        check("text/html, application/json;q=0.5", true);
        check("application/json; Q=0", false);
        check("application/*", true);
        check("", true);
        check("text/*", false);
    }
}

//! What is never written anywhere: tokens, cookies, passwords, keys, and whatever signing in sends.
//!
//! Header fields, parameters of URLs and members of bodies are secret by their names. A name that is taken for secret although it is not costs a value in
//! the journal; the other way round costs a secret.

use std::borrow::Cow;

use graph_contracts::at::RequestPart;
use graph_contracts::json::{self, Json, Step};
use graph_contracts::matching::{Difference, NOTHING, Note, Refusal, request_line};
use graph_contracts::url::decode;
use http::{HeaderName, HeaderValue};

use crate::incoming::Incoming;

/// What stands in the place of a secret.
pub(crate) const REDACTED: &str = "(redacted)";

/// Parts of the names of secret header fields, without what is no letter. Of two that begin alike, both are beside each other in [`parts_from`].
const FIELDS: [&str; 8] =
    ["authorization", "apikey", "cookie", "credential", "password", "secret", "subscriptionkey", "token"];

/// The names of secret parameters and members, without what is no letter or digit (RFC 6749 appendix A, RFC 6750 section 2.3, RFC 7521 section 4.2,
/// and the shared access signatures of storage).
const NAMES: [&str; 14] = [
    "authorization",
    "proxyauthorization",
    "cookie",
    "setcookie",
    "pwd",
    "passphrase",
    "secrettext",
    "apikey",
    "xapikey",
    "assertion",
    "clientassertion",
    "privatekey",
    "sig",
    "tempauth",
];

/// What the names of other secret parameters and members end with.
const ENDINGS: [&str; 3] = ["password", "secret", "token"];

/// Tokens that only say where a list goes on.
const PAGING: [&str; 6] = ["skiptoken", "deltatoken", "continuationtoken", "synctoken", "nexttoken", "pagetoken"];

/// A name without what is no letter or digit, in lower case.
fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether the value of a header field is secret.
fn is_secret_field(name: &str) -> bool {
    // Each field of each request is asked for, so that no text is made of its name.
    let is_same = |own: u8, letter: u8| own.eq_ignore_ascii_case(&letter);
    let begins = |rest: &[u8], part: &str| {
        let mut own = rest.iter().filter(|own| own.is_ascii_alphanumeric());
        part.bytes().all(|letter| own.next().is_some_and(|own| is_same(*own, letter)))
    };
    let bytes = name.as_bytes();
    let has_part = |(at, first): (usize, &u8)| parts_from(*first).iter().any(|part| begins(&bytes[at..], part));
    let mut end = bytes.iter().rev().filter(|own| own.is_ascii_alphanumeric());
    bytes.iter().enumerate().any(has_part)
        || b"yek".iter().all(|letter| end.next().is_some_and(|own| is_same(*own, *letter)))
}

/// Those of [`FIELDS`] that begin with a letter: few letters of a name begin any.
fn parts_from(first: u8) -> &'static [&'static str] {
    match first.to_ascii_lowercase() {
        b'a' => &FIELDS[..2],
        b'c' => &FIELDS[2..4],
        b'p' => &FIELDS[4..5],
        b's' => &FIELDS[5..7],
        b't' => &FIELDS[7..],
        _ => &[],
    }
}

/// Whether the value of a parameter or a member is secret.
fn is_secret(name: &str) -> bool {
    let name = folded(name);
    NAMES.contains(&name.as_str())
        || (ENDINGS.iter().any(|ending| name.ends_with(ending)) && !PAGING.contains(&name.as_str()))
}

/// Whether a path is one of the endpoints at which clients sign in (OpenID Connect Discovery 1.0 and RFC 8628 name them).
pub(crate) fn is_sign_in(path: &str) -> bool {
    !path.trim_start_matches('/').split('/').next().is_some_and(graph_contracts::url::is_version)
        && path.split('/').any(|segment| {
            ["oauth2", "devicecode", "deviceauth", "token", "authorize", "login"]
                .iter()
                .any(|own| segment.eq_ignore_ascii_case(own))
        })
}

/// Whether bodies of a media type may have secrets that cannot be found by name.
pub(crate) fn is_opaque(media_type: &str) -> bool {
    media_type == "application/x-www-form-urlencoded" || media_type.starts_with("multipart/")
}

/// The value of a header field, as it may be written.
pub(crate) fn header<'v>(name: &HeaderName, value: &'v HeaderValue) -> Cow<'v, str> {
    if is_secret_field(name.as_str()) {
        return REDACTED.into();
    }
    let text = String::from_utf8_lossy(value.as_bytes());
    if text.contains("://") && text.contains(['?', '#']) { url(&text).into() } else { text }
}

/// A URL, or the path and query of one, without the values of secret parameters; at the endpoints of signing in, without any.
pub(crate) fn url(url: &str) -> String {
    let Some(start) = url.find(['?', '#']) else { return url.to_owned() };
    let (path, parameters) = url.split_at(start);
    let path_only = path.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..])).unwrap_or(path);
    let is_sign_in = is_sign_in(path_only);
    let mut shown = path.to_owned();
    for piece in parameters.split_inclusive(['?', '&', '#']) {
        let end = piece.len() - usize::from(piece.ends_with(['?', '&', '#']));
        let (parameter, separator) = piece.split_at(end);
        match parameter.split_once('=') {
            Some((name, _)) if is_sign_in || is_secret(&decode(name)) => {
                shown.extend([name, "=", REDACTED]);
            }
            _ => shown.push_str(parameter),
        }
        shown.push_str(separator);
    }
    shown
}

/// A refusal, as it may be written.
pub(crate) fn refusal(refusal: &mut Refusal, request: &Incoming) {
    refusal.request = request_line(request.method.as_str(), &url(&request.target()));
    for difference in &mut refusal.differences {
        redact_difference(difference);
    }
}

/// Notes, as they may be written.
pub(crate) fn notes(notes: &mut [Note]) {
    for note in notes {
        redact_difference(&mut note.difference);
    }
}

fn redact_difference(difference: &mut Difference) {
    let is_hidden = match &difference.at {
        RequestPart::Header(name) => is_secret_field(name),
        RequestPart::Query(name) => is_secret(name),
        RequestPart::Path(path) => path.steps().iter().any(|step| match step {
            Step::Name(name) => is_secret(name),
            Step::Index(_) => false,
        }),
        _ => false,
    };
    if is_hidden && difference.actual != NOTHING {
        REDACTED.clone_into(&mut difference.actual);
    } else if difference.actual.contains(['{', '[']) {
        difference.actual = match json_text(&difference.actual) {
            Some(text) => text.into_owned(),
            // Of JSON that is shortened, nobody knows where a secret ends.
            None if mentions_secret(&difference.actual) => REDACTED.to_owned(),
            None => return,
        };
    }
}

/// Whether a text has a word that the names of secrets have.
fn mentions_secret(text: &str) -> bool {
    let text = folded(text);
    FIELDS.iter().chain(&ENDINGS).any(|word| text.contains(word))
}

/// A body as it may be written: its text; or why it is not.
pub(crate) fn body<'b>(media_type: &str, body: &'b [u8]) -> Result<Cow<'b, str>, &'static str> {
    let text = std::str::from_utf8(body).map_err(|_| "not text")?;
    let is_json = media_type.ends_with("json") || text.trim_start().starts_with(['{', '[']);
    if !is_json || text.trim().is_empty() {
        return Ok(Cow::Borrowed(text));
    }
    json_text(text).ok_or("not JSON that can be read, so secrets in it cannot be found")
}

/// JSON without the values of secret members; `None` if it is not JSON.
fn json_text(text: &str) -> Option<Cow<'_, str>> {
    let mut parsed = json::parse(text).ok()?.json;
    Some(if redact(&mut parsed) { Cow::Owned(parsed.to_string()) } else { Cow::Borrowed(text) })
}

/// Replaces secrets; says whether there were any.
fn redact(json: &mut Json) -> bool {
    let mut found = false;
    let mut open = vec![json];
    while let Some(value) = open.pop() {
        match value {
            Json::Object(members) => {
                for member in members {
                    let is_value = matches!(member.value, Json::String(_) | Json::Number(_) | Json::Array(_));
                    if is_value && is_secret(&member.name) {
                        member.value = Json::String(REDACTED.to_owned());
                        found = true;
                    } else {
                        open.push(&mut member.value);
                    }
                }
            }
            Json::Array(items) => open.extend(items.iter_mut()),
            // Requests within a batch have URLs, too.
            Json::String(text) if text.contains(['?', '#']) && text.contains('=') => {
                let shown = url(text);
                found |= shown != *text;
                *text = shown;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_url(given: &str, expected: &str) {
        assert_eq!(url(given), expected);
    }

    #[test]
    fn secret_parameters_of_urls_are_replaced() {
        check_url("/v1.0/lamps", "/v1.0/lamps");
        check_url("/v1.0/lamps?$top=1&access_token=abc&$skip=2", "/v1.0/lamps?$top=1&access_token=(redacted)&$skip=2");
        check_url("/v1.0/lamps?client%5Fsecret=abc", "/v1.0/lamps?client%5Fsecret=(redacted)");
        check_url("/v1.0/lamps?$skiptoken=abc", "/v1.0/lamps?$skiptoken=abc");
        check_url("https://h/cb?a=1#id_token=abc&b=2", "https://h/cb?a=1#id_token=(redacted)&b=2");
        check_url(
            "/common/oauth2/v2.0/authorize?code=abc&state=1",
            "/common/oauth2/v2.0/authorize?code=(redacted)&state=(redacted)",
        );
        check_url("/v1.0/lamps?&&=?", "/v1.0/lamps?&&=?");
    }

    #[test]
    fn parts_of_names_are_found_by_their_first_letter() {
        for part in FIELDS {
            let found: Vec<&str> = FIELDS.into_iter().filter(|own| own.as_bytes()[0] == part.as_bytes()[0]).collect();
            assert_eq!(parts_from(part.as_bytes()[0].to_ascii_uppercase()), found, "{part}");
        }
        assert_eq!((b'a'..=b'z').map(|first| parts_from(first).len()).sum::<usize>(), FIELDS.len());
    }

    #[test]
    fn secret_header_fields_are_replaced() {
        let check = |name: &str, is_hidden: bool| {
            let name = HeaderName::try_from(name).expect("a name");
            assert_eq!(header(&name, &HeaderValue::from_static("abc")) == REDACTED, is_hidden, "{name}");
        };
        let secret = ["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "apikey", "api-key"];
        let others = ["ocp-apim-subscription-key", "x-functions-key", "x-auth-token", "x-csrf-token"];
        for name in secret.into_iter().chain(others) {
            check(name, true);
        }
        for name in ["www-authenticate", "accept", "prefer", "client-request-id", "content-type", "x-graph-contract"] {
            check(name, false);
        }
    }

    #[test]
    fn secret_members_of_bodies_are_replaced() {
        let check = |given: &str, expected: Result<&str, ()>| {
            let shown = body("application/json", given.as_bytes());
            assert_eq!(shown.as_deref().map_err(|_| ()), expected, "{given}");
        };
        check(r#"{"name": "hall"}"#, Ok(r#"{"name": "hall"}"#));
        check(r#"{"a":[{"clientSecret":"abc"}]}"#, Ok(r#"{"a":[{"clientSecret":"(redacted)"}]}"#));
        check(
            r#"{"passwordProfile":{"password":"abc","forceChangePasswordNextSignIn":true}}"#,
            Ok(r#"{"passwordProfile":{"password":"(redacted)","forceChangePasswordNextSignIn":true}}"#),
        );
        check(r#"{"u":"https://h/?access_token=abc"}"#, Ok(r#"{"u":"https://h/?access_token=(redacted)"}"#));
        check(r#"{"u":"/a?client_secret=abc"}"#, Ok(r#"{"u":"/a?client_secret=(redacted)"}"#));
        check(r#"{"password": "abc"#, Err(()));
        check("", Ok(""));
    }

    #[test]
    fn only_paths_of_signing_in_are_those() {
        let check = |path: &str, expected: bool| assert_eq!(is_sign_in(path), expected, "{path}");
        check("/common/oauth2/v2.0/token", true);
        check("/organizations/oauth2/v2.0/devicecode", true);
        check("/v1.0/oauth2PermissionGrants", false);
        check("/v1.0/lamps/token", false);
        check("/v1.0/lamps", false);
    }
}

//! Percent-encoding (RFC 3986 section 2.1).

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What has to be encoded in a segment of a path as data (RFC 3986 section 3.3: all but `pchar`).
const DATA: &AsciiSet = &NON_ALPHANUMERIC.complement().union(set(b"-._~!$&()*+,;=:@'")).complement();

/// What cannot stand in a segment of a path as it is (RFC 3986 section 3.3).
const WRITTEN: &AsciiSet = &CONTROLS.union(set(b" \"#<>?`{}\\^|"));

/// The set of these characters.
const fn set(characters: &[u8]) -> AsciiSet {
    let (mut set, mut index) = (AsciiSet::EMPTY, 0);
    while index < characters.len() {
        set = set.add(characters[index]);
        index += 1;
    }
    set
}

/// Text with its percent-encoding resolved; bytes that are not UTF-8 become replacement characters.
pub fn decode(text: &str) -> Cow<'_, str> {
    // Hardly any text has something to decode.
    if memchr::memchr(b'%', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    percent_decode_str(text).decode_utf8_lossy()
}

/// Text as part of one segment of a path: a `/` or `%` in it is data, too.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, DATA).to_string()
}

/// Text within quotes of a segment: quotes are doubled (OData URL Conventions 4.01 section 2), then it is encoded.
pub fn encode_quoted(text: &str) -> String {
    encode(&text.replace('\'', "''"))
}

/// A key as a segment of its own (OData URL Conventions 4.01 section 4.3.3, key-as-segment). `None` for what no URL can carry as a
/// segment.
pub fn encode_key(key: &str) -> Option<String> {
    // RFC 3986 section 5.2.4 takes such segments away, and an empty one names nothing.
    (!matches!(key, "" | "." | "..")).then(|| encode(key))
}

/// A path as the value of a parameter in path addressing, such as that of a site or a file (Microsoft Graph documentation, "Addressing
/// resources in a drive"): its `/` separate, and a `:` would end it. `None` for what no URL can carry.
pub fn encode_addressed(path: &str) -> Option<String> {
    let segments: Option<Vec<String>> = path.trim_matches('/').split('/').map(encode_key).collect();
    segments.map(|segments| segments.join("/").replace(':', "%3A"))
}

/// A segment as documented, in a form that can be sent. Percent-encoding that is there stays (RFC 3986 section 2.4).
pub fn encode_written(segment: &str) -> String {
    // A `/` in braces or parentheses is part of a value, one in the path of an item is not.
    let encoded = utf8_percent_encode(segment, WRITTEN).to_string();
    if segment.contains(['{', '(']) { encoded.replace('/', "%2F") } else { encoded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_escaped_as_urls_require() {
        let check = |key: &str, expected: Option<&str>| assert_eq!(encode_key(key).as_deref(), expected, "{key}");
        check("87d349ed-44d7", Some("87d349ed-44d7"));
        check("a/b c?d#e%f", Some("a%2Fb%20c%3Fd%23e%25f"));
        check("ann@contoso.com", Some("ann@contoso.com"));
        check("grün", Some("gr%C3%BCn"));
        check("..", None);
        check("", None);
        assert_eq!(encode_quoted("O'Neil & co"), "O''Neil%20&%20co");
    }

    #[test]
    fn a_path_keeps_what_separates_its_names() {
        let check =
            |path: &str, expected: Option<&str>| assert_eq!(encode_addressed(path).as_deref(), expected, "{path}");
        check("sites/hr", Some("sites/hr"));
        check("/My Files/a:1.txt/", Some("My%20Files/a%3A1.txt"));
        check("a%20b/c#d", Some("a%2520b/c%23d"));
        check("a/../b", None);
        check("a//b", None);
        check("/", None);
    }

    #[test]
    fn what_is_encoded_already_is_not_encoded_again() {
        let check = |segment: &str, expected: &str| assert_eq!(encode_written(segment), expected);
        check("a b%20c|d", "a%20b%20c%7Cd");
        check("f(path='x/y')", "f(path='x%2Fy')");
        check("a/b:", "a/b:");
    }
}

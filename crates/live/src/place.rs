//! Where a parameter stands in a route. Parameters are known by their place, not by their name: the two of
//! `groups/{id}/members/{id}` are different, and `groups/{id}` and `groups/{group-id}` are the same.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use graph_contracts::url::split_path;

/// A route up to a segment, whatever its parameters are called and in whatever case its words are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceKey(String);

/// A segment of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Text that stays as it is.
    Literal(String),
    /// A parameter that is the whole segment: the key of an object.
    Key {
        /// Its name in the route.
        name: String,
    },
    /// A segment in which parameters stand: `range(address='{address}')`, `root:/{path}:`.
    Mixed(String),
}

impl PlaceKey {
    /// The key of a route's path, or of its beginning.
    pub fn read(path: &str) -> PlaceKey {
        let segments = split_path(path).into_iter().map(|segment| match Segment::read(segment) {
            Segment::Key { .. } => "{}".to_owned(),
            Segment::Literal(text) => text.to_ascii_lowercase(),
            Segment::Mixed(text) => unnamed(&text).to_ascii_lowercase(),
        });
        PlaceKey(segments.collect::<Vec<_>>().join("/"))
    }

    /// Whether the last segment has a parameter.
    pub fn is_parameter(&self) -> bool {
        self.0.rsplit('/').next().is_some_and(|last| last.contains("{}"))
    }

    /// The place around this one; for a key, the collection.
    pub fn parent(&self) -> Option<PlaceKey> {
        self.0.rsplit_once('/').map(|(parent, _)| PlaceKey(parent.to_owned()))
    }

    /// The place of the objects in a collection.
    pub fn item(&self) -> PlaceKey {
        PlaceKey(format!("{}/{{}}", self.0))
    }

    /// The number of segments.
    pub fn depth(&self) -> usize {
        self.0.split('/').count()
    }
}

impl fmt::Display for PlaceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Segment {
    /// Reads a segment as the route has it.
    pub fn read(text: &str) -> Segment {
        let inner = |open: char, close: char| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        let name = inner('{', '}').or_else(|| inner('<', '>')).or_else(|| {
            // Some authors write a parameter as `(id)`.
            inner('(', ')').filter(|name| !name.contains(['\'', '=']))
        });
        match name {
            Some(name) if !name.contains(['{', '}', '<', '>']) => Segment::Key { name: name.trim().to_owned() },
            _ if text.contains(['{', '<']) => Segment::Mixed(text.to_owned()),
            _ => Segment::Literal(text.to_owned()),
        }
    }
}

/// A segment without the names of its parameters.
fn unnamed(segment: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in segment.chars() {
        match c {
            '{' | '<' if !inside => {
                inside = true;
                text.push_str("{}");
            }
            '}' | '>' if inside => inside = false,
            _ if inside => {}
            other => text.push(other),
        }
    }
    text
}

/// What need not be encoded in a segment of a path (RFC 3986 section 3.3: `pchar`).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@')
    .remove(b'\'');

/// A key as a segment of its own (OData URL Conventions 4.01 section 4.3.3, key-as-segment): percent-encoded, a `/` too. `None` for what
/// no URL can carry as a segment.
pub fn key_segment(key: &str) -> Option<String> {
    // RFC 3986 section 5.2.4 takes such segments away, and an empty one names nothing.
    if matches!(key, "" | "." | "..") {
        return None;
    }
    Some(utf8_percent_encode(key, SEGMENT).to_string())
}

/// Text within quotes of a segment: quotes are doubled (OData URL Conventions 4.01 section 2), then it is encoded.
pub fn quoted(text: &str) -> String {
    utf8_percent_encode(&text.replace('\'', "''"), SEGMENT).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_known_by_their_place() {
        let same = |one: &str, other: &str| PlaceKey::read(one) == PlaceKey::read(other);
        assert!(same("/groups/{id}", "groups/{group-id}"));
        assert!(same("/Groups/<id>/", "groups/(id)"));
        assert!(!same("/groups/{id}", "/groups/{id}/members/{id}"));
        assert!(same("/x/range(address='{a}')", "/x/Range(Address='{b}')"));
        let place = PlaceKey::read("/groups/{id}/members/{id}");
        assert_eq!(place.to_string(), "groups/{}/members/{}");
        assert_eq!(place.parent().map(|parent| parent.to_string()).as_deref(), Some("groups/{}/members"));
        assert!(place.is_parameter() && !PlaceKey::read("/groups").is_parameter());
    }

    #[test]
    fn keys_are_escaped_as_urls_require() {
        let check = |key: &str, expected: Option<&str>| assert_eq!(key_segment(key).as_deref(), expected, "{key}");
        check("87d349ed-44d7", Some("87d349ed-44d7"));
        check("a/b c?d#e%f", Some("a%2Fb%20c%3Fd%23e%25f"));
        check("ann@contoso.com", Some("ann@contoso.com"));
        check("grün", Some("gr%C3%BCn"));
        check("..", None);
        check("", None);
        assert_eq!(quoted("O'Neil & co"), "O''Neil%20&%20co");
    }
}

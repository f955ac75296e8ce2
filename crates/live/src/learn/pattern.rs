//! Places in bodies that are the same for every element of an array, and the JSONPath (RFC 9535) that selects them.

use std::fmt;

use serde::{Serialize, Serializer};

use graph_contracts::json::{Json, Path};

/// One step from a value to its child.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// To the member of that name.
    Name(String),
    /// To any element.
    Any,
}

/// A place in a body, whatever the indices of elements are: `$.value[*].id`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern(pub Vec<Part>);

/// What a rule selects: one pattern, or every pattern that begins and ends in some way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Selector {
    /// How a selected place begins; all of it, if there is no tail.
    pub head: Vec<Part>,
    /// How it ends, with anything before: `..`.
    pub tail: Option<Vec<Part>>,
}

impl Pattern {
    /// The pattern of a member of this value.
    #[must_use]
    pub fn member(&self, name: &str) -> Pattern {
        self.child(Part::Name(name.to_owned()))
    }

    /// The pattern of the elements of this value.
    #[must_use]
    pub fn elements(&self) -> Pattern {
        self.child(Part::Any)
    }

    fn child(&self, part: Part) -> Pattern {
        let mut parts = Vec::with_capacity(self.0.len() + 1);
        parts.extend_from_slice(&self.0);
        parts.push(part);
        Pattern(parts)
    }

    /// The last name with what follows it; all of the pattern if it has no name. Patterns that have it in common may be selected
    /// together.
    pub fn ending(&self) -> &[Part] {
        let name = self.0.iter().rposition(|part| matches!(part, Part::Name(_)));
        &self.0[name.unwrap_or(0)..]
    }

    /// The first place in a body that the pattern fits.
    pub fn first_in(&self, body: &Json) -> Option<Path> {
        fn below(value: &Json, path: Path, parts: &[Part]) -> Option<Path> {
            let Some((part, rest)) = parts.split_first() else { return Some(path) };
            match (part, value) {
                (Part::Name(name), _) => below(value.get(name)?, path.member(name), rest),
                (Part::Any, Json::Array(items)) => {
                    items.iter().enumerate().find_map(|(index, item)| below(item, path.element(index), rest))
                }
                (Part::Any, _) => None,
            }
        }
        below(body, Path::root(), &self.0)
    }
}

impl Selector {
    /// The narrowest selector for all of these patterns: the pattern itself if there is one, or else their common beginning, `..`
    /// and their common ending. `None` if there is no pattern, or nothing in which they end together.
    pub fn narrowest<'p>(patterns: impl IntoIterator<Item = &'p Pattern>) -> Option<Selector> {
        let mut patterns = patterns.into_iter();
        let first = &patterns.next()?.0;
        let rest: Vec<&[Part]> = patterns.map(|pattern| pattern.0.as_slice()).filter(|parts| parts != first).collect();
        if rest.is_empty() {
            return Some(Selector { head: first.clone(), tail: None });
        }
        let shortest = rest.iter().map(|parts| parts.len()).min().unwrap_or_default().min(first.len());
        let agree =
            |index: &usize| rest.iter().all(|parts| parts[parts.len() - 1 - index] == first[first.len() - 1 - index]);
        let tail = (0..shortest).take_while(agree).count();
        if tail == 0 {
            return None;
        }
        // What is in the ending cannot be in the beginning too.
        let head =
            (0..shortest - tail).take_while(|index| rest.iter().all(|parts| parts[*index] == first[*index])).count();
        Some(Selector { head: first[..head].to_vec(), tail: Some(first[first.len() - tail..].to_vec()) })
    }

    /// Whether a rule with this selector masks the values at a place: it selects them, or something around them.
    pub(crate) fn covers(&self, place: &Pattern) -> bool {
        (0..=place.0.len()).any(|length| self.selects(&place.0[..length]))
    }

    fn selects(&self, parts: &[Part]) -> bool {
        match &self.tail {
            None => self.head == parts,
            Some(tail) => {
                parts.len() >= self.head.len() + tail.len() && parts.starts_with(&self.head) && parts.ends_with(tail)
            }
        }
    }
}

/// Writes one step; in brackets where a shorthand name cannot say it (RFC 9535 section 2.5.1.1).
fn write_part(f: &mut fmt::Formatter<'_>, part: &Part, is_descendant: bool) -> fmt::Result {
    match part {
        Part::Any => f.write_str("[*]"),
        Part::Name(name) if is_shorthand(name) => write!(f, "{}{name}", if is_descendant { "" } else { "." }),
        Part::Name(name) => f.write_str(&Path::root().member(name).to_string()[1..]),
    }
}

fn is_shorthand(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        self.0.iter().try_for_each(|part| write_part(f, part, false))
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        self.head.iter().try_for_each(|part| write_part(f, part, false))?;
        let Some(tail) = &self.tail else { return Ok(()) };
        f.write_str("..")?;
        tail.iter().enumerate().try_for_each(|(index, part)| write_part(f, part, index == 0))
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pattern of names separated by blanks, where `*` is any element.
    fn pattern(text: &str) -> Pattern {
        let part = |word: &str| if word == "*" { Part::Any } else { Part::Name(word.to_owned()) };
        Pattern(text.split_whitespace().map(part).collect())
    }

    #[track_caller]
    fn check(patterns: &[&str], expected: Option<&str>) {
        let patterns: Vec<Pattern> = patterns.iter().map(|text| pattern(text)).collect();
        let selector = Selector::narrowest(&patterns);
        assert_eq!(selector.as_ref().map(ToString::to_string).as_deref(), expected);
        if let Some(selector) = selector {
            assert!(patterns.iter().all(|pattern| selector.covers(pattern)), "{selector} covers all of them");
            let text = selector.to_string();
            assert!(serde_json_path::JsonPath::parse(&text).is_ok(), "{text} is a JSONPath");
        }
    }

    #[test]
    fn the_narrowest_selector_is_what_the_patterns_have_in_common() {
        check(&[], None);
        check(&[""], Some("$"));
        check(&["seen"], Some("$.seen"));
        check(&["value * seen", "value * seen"], Some("$.value[*].seen"));
        check(&["value * seen", "seen"], Some("$..seen"));
        check(&["value * device seen", "device seen"], Some("$..device.seen"));
        check(&["a b seen", "a c seen"], Some("$.a..seen"));
        check(&["a seen", "a c seen"], Some("$.a..seen"));
        check(&["value * a hues *", "value * b hues *"], Some("$.value[*]..hues[*]"));
        check(&["a", "b"], None);
        check(&["a a", "a"], Some("$..a"));
        check(&["it's @odata.etag", "@odata.etag"], Some("$..['@odata.etag']"));
        check(&["it's"], Some(r"$['it\'s']"));
    }

    #[test]
    fn a_selector_covers_what_is_within_what_it_selects() {
        let selector = Selector::narrowest(&[pattern("a b"), pattern("c b")]).expect("a selector");
        for (place, expected) in [("b", true), ("x y b", true), ("b c * d", true), ("a", false), ("b2", false)] {
            assert_eq!(selector.covers(&pattern(place)), expected, "{place}");
        }
        let selector = Selector { head: pattern("a").0, tail: None };
        for (place, expected) in [("a", true), ("a b", true), ("b a", false), ("", false)] {
            assert_eq!(selector.covers(&pattern(place)), expected, "{place}");
        }
    }

    #[test]
    fn a_pattern_is_found_in_the_first_element_that_has_it() {
        let body = graph_contracts::json::parse(r#"{"value": [{"a": 1}, {"b": 2}, {"b": 3}]}"#).expect("JSON").json;
        let first = |text: &str| pattern(text).first_in(&body).map(|path| path.to_string());
        assert_eq!(first("value * b").as_deref(), Some("$['value'][1]['b']"));
        assert_eq!(first("value * c"), None);
        assert_eq!(first("value b"), None);
        assert_eq!(first("").as_deref(), Some("$"));
    }
}

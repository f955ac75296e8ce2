//! The identifiers of one exchange, numbered, and masked where they stand within other text.

use std::collections::HashMap;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, Input, MatchKind};

use super::{Identified, Mask, Node, PathSet, Piece, Shape, Text};

/// The identifiers of one exchange with their numbers.
#[derive(Default)]
pub(super) struct Identifiers {
    numbers: HashMap<(Shape, String), u32>,
    count: HashMap<Shape, u32>,
    /// Those that are looked for within other text, as soon as there is text.
    finder: OnceLock<Option<Finder>>,
}

/// Finds identifiers in text, in time that does not depend on their number.
struct Finder {
    automaton: AhoCorasick,
    masks: Vec<Mask>,
}

/// Identifiers shorter than this are not looked for within other text: `1` stands everywhere.
const MIN_EMBEDDED: usize = 8;

/// Nor are identifiers longer than this, in bytes: none is, and each would be compared at every place of a text.
const MAX_EMBEDDED: usize = 1024;

/// What all identifiers that are looked for may have together, in bytes. A response with more is searched for none.
const MAX_TOGETHER: usize = 1 << 20;

/// How many bytes of a text may be compared in vain for each byte of it. Only a text that was written for that needs more: it has
/// something that looks like a long identifier, and goes on, at each of its characters.
const MOST_VAIN: usize = 16;

impl Identifiers {
    /// The number of an identifier; a new one gets the next. `None` if equal values of the shape mean nothing.
    pub(super) fn assign(&mut self, shape: Shape, text: &str) -> Option<u32> {
        if !shape.identifies() {
            return None;
        }
        let count = self.count.entry(shape).or_default();
        Some(*self.numbers.entry((shape, text.to_owned())).or_insert_with(|| {
            *count += 1;
            *count
        }))
    }

    /// The number of an identifier that was assigned.
    pub(super) fn number(&self, shape: Shape, text: &str) -> Option<u32> {
        self.numbers.get(&(shape, text.to_owned())).copied()
    }

    /// Masks the identifiers within the other strings of a body, except where the request itself sent the string.
    pub(super) fn mask_within(&self, node: &mut Node, echoes: Option<&PathSet>) {
        if self.numbers.is_empty() {
            return;
        }
        match node {
            Node::String(text) if !echoes.is_some_and(|echoes| echoes.contained) => {
                if let [Piece::Literal(literal)] = text.0.as_slice() {
                    let masked = self.mask_text(literal);
                    // A string that is an identifier and nothing else is volatile as a whole.
                    *node = masked.as_mask().map_or(Node::String(masked), Node::Mask);
                }
            }
            Node::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.mask_within(item, echoes.and_then(|echoes| echoes.elements.get(&index)));
                }
            }
            Node::Object(members) => {
                for (name, value) in members {
                    self.mask_within(value, echoes.and_then(|echoes| echoes.members.get(name)));
                }
            }
            Node::Mask(_) | Node::String(_) | Node::Plain(_) => {}
        }
    }

    /// Text with its identifiers masked, of several at one place the longest.
    pub(super) fn mask_text(&self, text: &str) -> Text {
        let mut pieces = Vec::new();
        let mut done = 0;
        if let Some(finder) = self.finder() {
            let mut left = MOST_VAIN * text.len();
            while let Some((start, end, mask)) = finder.first_in(text, done, &mut left) {
                if start > done {
                    pieces.push(Piece::Literal(text[done..start].to_owned()));
                }
                pieces.push(Piece::Mask(mask));
                done = end;
            }
        }
        if done < text.len() {
            pieces.push(Piece::Literal(text[done..].to_owned()));
        }
        Text(pieces)
    }

    /// The identifiers by number.
    pub(super) fn into_identified(self) -> Identified {
        Identified(self.numbers.into_iter().map(|((shape, text), number)| ((shape, number), text)).collect())
    }

    fn finder(&self) -> Option<&Finder> {
        self.finder.get_or_init(|| self.make_finder()).as_ref()
    }

    fn make_finder(&self) -> Option<Finder> {
        let is_sought = |length: usize| (MIN_EMBEDDED..=MAX_EMBEDDED).contains(&length);
        let mut sought: Vec<_> = self.numbers.iter().filter(|((_, text), _)| is_sought(text.len())).collect();
        let together: usize = sought.iter().map(|((_, text), _)| text.len()).sum();
        if sought.is_empty() || together > MAX_TOGETHER {
            return None;
        }
        sought.sort_unstable_by(|((_, one), _), ((_, other), _)| one.cmp(other));
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(sought.iter().map(|((_, text), _)| text))
            .ok()?;
        let mask = |((shape, _), number): &(&(Shape, String), &u32)| Mask {
            shape: *shape,
            number: Some(**number),
            optional: false,
        };
        Some(Finder { automaton, masks: sought.iter().map(mask).collect() })
    }
}

impl Finder {
    /// The first identifier from a place of a text on that no letter or digit touches. `left` is how many bytes may still be compared
    /// in vain.
    fn first_in(&self, text: &str, from: usize, left: &mut usize) -> Option<(usize, usize, Mask)> {
        let mut from = from;
        while let Some(found) = self.automaton.find(Input::new(text).range(from..)) {
            if is_word(text, found.start(), found.end()) {
                return Some((found.start(), found.end(), self.masks[found.pattern().as_usize()]));
            }
            *left = left.checked_sub(found.len())?;
            from = found.start() + text[found.start()..].chars().next().map_or(1, char::len_utf8);
        }
        None
    }
}

/// Whether no letter or digit touches a piece of a text. In URLs, a percent-encoded character may stand before it.
fn is_word(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    let touches = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    !touches(after) && (!touches(before) || ends_encoded(&text[..start]))
}

/// Whether a text ends with a percent-encoded octet (RFC 3986 section 2.1).
fn ends_encoded(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes, [.., b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_nearly_repeats_an_identifier_everywhere_is_searched_in_linear_time() {
        let mut identifiers = Identifiers::default();
        identifiers.assign(Shape::String, &"a".repeat(MAX_EMBEDDED));
        let text = "a".repeat(300_000);
        assert_eq!(identifiers.mask_text(&text), Text::literal(&text));
    }
}

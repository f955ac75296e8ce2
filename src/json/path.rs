//! Where a value is in a JSON tree.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A location in a JSON tree; shown as an RFC 9535 section 2.7 normalized path, such as `$['value'][0]['id']`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<Step>);

/// One step from a value to its child.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// To the member of that name.
    Name(String),
    /// To the element of that index, counted from 0.
    Index(usize),
}

impl Path {
    /// The path of the document itself, `$`.
    pub fn root() -> Path {
        Path::default()
    }

    /// The path of a member of this value.
    #[must_use]
    pub fn member(&self, name: &str) -> Path {
        self.child(Step::Name(name.to_owned()))
    }

    /// The path of an element of this value.
    #[must_use]
    pub fn element(&self, index: usize) -> Path {
        self.child(Step::Index(index))
    }

    fn child(&self, step: Step) -> Path {
        Path([self.0.as_slice(), &[step]].concat())
    }

    /// The path of the value around this one; `None` for the document itself.
    pub fn parent(&self) -> Option<Path> {
        let (_, steps) = self.0.split_last()?;
        Some(Path(steps.to_vec()))
    }

    /// The name of the member at this path, or of the nearest one around it.
    pub fn last_name(&self) -> Option<&str> {
        self.0.iter().rev().find_map(|step| match step {
            Step::Name(name) => Some(name.as_str()),
            Step::Index(_) => None,
        })
    }

    /// The steps from the document to the value.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }
}

/// What leads from a value to one inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key<'a> {
    /// The name of a member.
    Name(&'a str),
    /// The index of an element.
    Index(usize),
}

/// The way to a value while a tree is walked: it costs nothing to extend, and becomes a [`Path`] where one is needed.
#[derive(Clone, Copy, Debug)]
pub enum Cursor<'a> {
    /// At the document itself.
    Root,
    /// At a member of the value before.
    Member(&'a Cursor<'a>, &'a str),
    /// At an element of the value before.
    Element(&'a Cursor<'a>, usize),
}

impl<'a> Cursor<'a> {
    /// The way to a value inside this one.
    pub fn to(&'a self, key: Key<'a>) -> Cursor<'a> {
        match key {
            Key::Name(name) => Cursor::Member(self, name),
            Key::Index(index) => Cursor::Element(self, index),
        }
    }

    /// The path of the value.
    pub fn path(&self) -> Path {
        let (parent, step) = match self {
            Cursor::Root => return Path::root(),
            Cursor::Member(parent, name) => (parent, Step::Name((*name).to_owned())),
            Cursor::Element(parent, index) => (parent, Step::Index(*index)),
        };
        let mut path = parent.path();
        path.0.push(step);
        path
    }

    /// How many values this one is within.
    pub(crate) fn depth(&self) -> usize {
        let (mut depth, mut cursor) = (0, self);
        while let Cursor::Member(parent, _) | Cursor::Element(parent, _) = cursor {
            (depth, cursor) = (depth + 1, parent);
        }
        depth
    }

    /// Whether this is the document itself.
    pub fn is_root(&self) -> bool {
        matches!(self, Cursor::Root)
    }
}

/// The characters that have a short escape sequence, behind its letter.
const SHORT: &[(char, char)] =
    &[('b', '\u{8}'), ('t', '\t'), ('n', '\n'), ('f', '\u{c}'), ('r', '\r'), ('\'', '\''), ('\\', '\\')];

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        for step in &self.0 {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Name(name) => {
                    f.write_str("['")?;
                    for c in name.chars() {
                        match SHORT.iter().find(|(_, short)| *short == c) {
                            Some((letter, _)) => write!(f, "\\{letter}")?,
                            None if c < ' ' => write!(f, "\\u{:04x}", u32::from(c))?,
                            None => f.write_char(c)?,
                        }
                    }
                    f.write_str("']")?;
                }
            }
        }
        Ok(())
    }
}

/// Why a text is not a normalized path, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a normalized path (RFC 9535 section 2.7): at character {at}, {expected} should stand")]
pub struct PathError {
    /// The text.
    pub text: String,
    /// The position of the first character that is wrong, counted from 1.
    pub at: usize,
    /// What should stand there.
    pub expected: &'static str,
}

impl FromStr for Path {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Path, PathError> {
        let read = || -> Result<Path, (&str, &'static str)> {
            let mut rest = text.strip_prefix('$').ok_or((text, "`$`"))?;
            let mut steps = Vec::new();
            while !rest.is_empty() {
                let step;
                (step, rest) = read_step(rest)?;
                steps.push(step);
            }
            Ok(Path(steps))
        };
        read().map_err(|(rest, expected)| {
            let at = text[..text.len() - rest.len()].chars().count() + 1;
            PathError { text: text.to_owned(), at, expected }
        })
    }
}

/// Reads one step and what follows it; otherwise, says from where on the text is wrong, and what should stand there.
fn read_step(text: &str) -> Result<(Step, &str), (&str, &'static str)> {
    let inner = text.strip_prefix('[').ok_or((text, "`[`"))?;
    let (step, rest) = match inner.strip_prefix('\'') {
        Some(name) => {
            let (name, rest) = read_name(name)?;
            (Step::Name(name), rest)
        }
        None => {
            let digits = inner.find(|c: char| !c.is_ascii_digit()).unwrap_or(inner.len());
            let (index, rest) = inner.split_at(digits);
            let is_normal = index == "0" || !index.starts_with('0');
            let index = index.parse().ok().filter(|_| is_normal).ok_or((inner, "a quoted name or an index"))?;
            (Step::Index(index), rest)
        }
    };
    Ok((step, rest.strip_prefix(']').ok_or((rest, "`]`"))?))
}

/// Reads a name up to the quotation mark that ends it.
fn read_name(text: &str) -> Result<(String, &str), (&str, &'static str)> {
    let mut name = String::new();
    let mut chars = text.chars();
    loop {
        let here = chars.as_str();
        name.push(match chars.next() {
            Some('\'') => return Ok((name, chars.as_str())),
            Some('\\') => {
                let (c, rest) = read_escaped(chars.as_str()).ok_or((here, "an escape sequence of the normal form"))?;
                chars = rest.chars();
                c
            }
            Some(c) if c >= ' ' => c,
            Some(_) => return Err((here, "an escaped control character")),
            None => return Err((here, "`'`")),
        });
    }
}

/// The character that a sequence behind a backslash stands for, and what follows the sequence.
fn read_escaped(text: &str) -> Option<(char, &str)> {
    if let Some((_, c)) = SHORT.iter().find(|(name, _)| text.starts_with(*name)) {
        return Some((*c, &text[1..]));
    }
    let (digits, rest) = text.strip_prefix('u')?.split_at_checked(4)?;
    let is_normal = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let c = char::from_u32(u32::from_str_radix(digits, 16).ok().filter(|_| is_normal)?)?;
    (c < ' ' && !SHORT.iter().any(|(_, short)| *short == c)).then_some((c, rest))
}

impl Serialize for Path {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Path {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Path, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_shown_as_rfc_9535_normalizes_it() {
        let path = Path::root().member("value").element(0).member("it's\n\u{1}\\");
        assert_eq!(path.to_string(), r"$['value'][0]['it\'s\n\u0001\\']");
        assert_eq!(Path::root().to_string(), "$");
        assert_eq!(r"$['value'][0]['it\'s\n\u0001\\']".parse(), Ok(path.clone()));
        let value = Cursor::Member(&Cursor::Root, "value");
        let first = Cursor::Element(&value, 0);
        assert_eq!(Cursor::Member(&first, "it's\n\u{1}\\").path(), path);
    }

    #[track_caller]
    fn check_refused(text: &str, at: usize, expected: &str) {
        let error = text.parse::<Path>().expect_err(text);
        assert_eq!((error.at, error.expected), (at, expected), "{text}");
    }

    #[test]
    fn what_is_not_normalized_is_refused_with_its_position() {
        check_refused("", 1, "`$`");
        check_refused("value", 1, "`$`");
        check_refused("$.value", 2, "`[`");
        check_refused("$['é'].b", 7, "`[`");
        check_refused("$[01]", 3, "a quoted name or an index");
        check_refused("$[*]", 3, "a quoted name or an index");
        check_refused("$[\"a\"]", 3, "a quoted name or an index");
        check_refused("$[99999999999999999999999]", 3, "a quoted name or an index");
        check_refused("$[1", 4, "`]`");
        check_refused("$['a'", 6, "`]`");
        check_refused("$['a", 5, "`'`");
        check_refused("$['a\n']", 5, "an escaped control character");
        for escape in [r"\x", r"\u0041", r"\u000a", r"\u001F", r"\u00", r"\u+001"] {
            check_refused(&format!("$['{escape}']"), 4, "an escape sequence of the normal form");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_path_is_read_as_it_is_written(names in proptest::collection::vec(".*", 0..4), index: usize) {
            let path = names.iter().fold(Path::root().element(index), |path, name| path.member(name).element(0));
            proptest::prop_assert_eq!(path.to_string().parse(), Ok(path));
        }
    }
}

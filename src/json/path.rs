//! Where a value is in a JSON tree.

use std::fmt;

use super::Key;

/// A location in a JSON tree; shown as an RFC 9535 section 2.7 normalised path, such as `$['value'][0]['id']`.
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
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        steps.extend_from_slice(&self.0);
        steps.push(step);
        Path(steps)
    }

    /// The path of the value around this one; `None` for the document itself.
    pub fn parent(&self) -> Option<Path> {
        let (_, steps) = self.0.split_last()?;
        Some(Path(steps.to_vec()))
    }

    /// The steps from the document to the value.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }
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
        let mut steps = Vec::new();
        let mut cursor = self;
        loop {
            match cursor {
                Cursor::Root => break,
                Cursor::Member(parent, name) => {
                    steps.push(Step::Name((*name).to_owned()));
                    cursor = parent;
                }
                Cursor::Element(parent, index) => {
                    steps.push(Step::Index(*index));
                    cursor = parent;
                }
            }
        }
        steps.reverse();
        Path(steps)
    }

    /// Whether this is the document itself.
    pub fn is_root(&self) -> bool {
        matches!(self, Cursor::Root)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        for step in &self.0 {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Name(name) => {
                    f.write_str("['")?;
                    for c in name.chars() {
                        match c {
                            '\u{8}' => f.write_str("\\b")?,
                            '\t' => f.write_str("\\t")?,
                            '\n' => f.write_str("\\n")?,
                            '\u{c}' => f.write_str("\\f")?,
                            '\r' => f.write_str("\\r")?,
                            '\'' => f.write_str("\\'")?,
                            '\\' => f.write_str("\\\\")?,
                            c if c < ' ' => write!(f, "\\u{:04x}", u32::from(c))?,
                            c => write!(f, "{c}")?,
                        }
                    }
                    f.write_str("']")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_shown_as_rfc_9535_normalises_it() {
        let path = Path::root().member("value").element(0).member("it's\n\u{1}\\");
        assert_eq!(path.to_string(), r"$['value'][0]['it\'s\n\u0001\\']");
        assert_eq!(Path::root().to_string(), "$");
        let value = Cursor::Member(&Cursor::Root, "value");
        let first = Cursor::Element(&value, 0);
        assert_eq!(Cursor::Member(&first, "it's\n\u{1}\\").path(), path);
    }
}

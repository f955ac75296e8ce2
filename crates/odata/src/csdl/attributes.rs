//! The attributes of a start tag, as they stand in the text.

use quick_xml::events::attributes::{AttrError, Attributes as AnyAttributes};

/// The names and values of attributes. What has the form that nearly all have (`name="value"`) is read here, in one step for the name and
/// one for the value; what has another form, or is broken, is left to the XML parser, from there on.
pub(super) struct Attributes<'x> {
    tag: &'x str,
    rest: Rest<'x>,
}

enum Rest<'x> {
    /// From an offset on.
    From(usize),
    /// What the parser makes of it.
    Any(Box<AnyAttributes<'x>>),
}

impl<'x> Attributes<'x> {
    /// Those in what stands between the brackets of a start tag, behind the name.
    pub(super) fn new(tag: &'x str, name_length: usize) -> Attributes<'x> {
        Attributes { tag, rest: Rest::From(name_length) }
    }

    /// The attribute at an offset, if it has the usual form, and where it ends; `None` also where there is no further one.
    fn plain(&self, from: usize) -> Option<(&'x str, &'x str, usize)> {
        let bytes = self.tag.as_bytes();
        let start = from + bytes.get(from..)?.iter().position(|byte| !is_blank(*byte))?;
        // The parser takes whatever comes first for a part of the name.
        let name = bytes.get(start + 1..)?;
        let equals = start + 1 + name.iter().position(|byte| *byte == b'=' || is_blank(*byte))?;
        let quote = *bytes.get(equals + 1)?;
        if bytes[equals] != b'=' || !matches!(quote, b'"' | b'\'') {
            return None;
        }
        let value = equals + 2;
        let end = value + memchr::memchr(quote, &bytes[value..])?;
        Some((self.tag.get(start..equals)?, self.tag.get(value..end)?, end + 1))
    }
}

impl<'x> Iterator for Attributes<'x> {
    type Item = Result<(&'x str, &'x str), AttrError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if let Rest::From(from) = self.rest {
            if let Some((name, value, end)) = self.plain(from) {
                self.rest = Rest::From(end);
                return Some(Ok((name, value)));
            }
            if from >= self.tag.len() {
                return None;
            }
            let mut others = AnyAttributes::new(self.tag, from);
            // The check for repeated attributes takes a list for each element; those that matter are checked where they are looked for.
            others.with_checks(false);
            self.rest = Rest::Any(Box::new(others));
        }
        let Rest::Any(others) = &mut self.rest else { return None };
        let borrowed = |value| if let std::borrow::Cow::Borrowed(value) = value { value } else { "" };
        others.next().map(|own| own.map(|own| (own.key.0, borrowed(own.value))))
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks that the parser alone reads the same.
    #[track_caller]
    fn check(tag: &str) {
        let name_length = tag.find([' ', '\t', '\n', '\r']).unwrap_or(tag.len());
        let mut alone = AnyAttributes::new(tag, name_length);
        alone.with_checks(false);
        let alone: Vec<_> = alone.map(|own| own.map(|own| (own.key.0, own.value.into_owned()))).collect();
        let own = Attributes::new(tag, name_length);
        let own: Vec<_> = own.map(|own| own.map(|(name, value)| (name, value.to_owned()))).collect();
        assert_eq!(own, alone, "{tag:?}");
    }

    #[test]
    fn every_tag_has_the_attributes_that_the_parser_reads() {
        for tag in [
            "a",
            "a ",
            "a b=\"c\"",
            "a b='c' d=\"e\"/",
            "a\r\n\tb=\"\"\n c='\"'  ",
            "a b=\"c\"d=\"e\"",
            "a b = \"c\" d =\"e\" f= 'g' h=\"i\"",
            "a b=\"c\" d e=\"f\"",
            "a b=\"c\" d=e f=\"g\"",
            "a b=\"c\" d=",
            "a b=\"c\" d= ",
            "a b=\"c\" d=\"e",
            "a b=\"c\" =\"d\" e=\"f\"",
            "a b=\"ä&amp;ö\" ü='€'",
            "a é b=\"c\"",
        ] {
            check(tag);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_tag_has_the_attributes_that_the_parser_reads(rest in "[ab= \n\t\"'/é]{0,24}") {
            check(&format!("tag {rest}"));
        }
    }
}

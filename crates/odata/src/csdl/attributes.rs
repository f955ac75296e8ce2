//! The attributes of a start tag, as they stand in the text.

use quick_xml::events::attributes::{AttrError, Attributes as AnyAttributes};

/// The attributes in the form that nearly all have (`name="value"`), which are read in one step for the name and one for the value. What has
/// another form, or is broken, is left to the XML parser, from there on ([`Attributes::others`]).
pub(super) struct Attributes<'x> {
    tag: &'x str,
    /// Where the next attribute begins.
    from: usize,
}

impl<'x> Attributes<'x> {
    /// Those in what stands between the brackets of a start tag, behind the name.
    pub(super) fn new(tag: &'x str, name_length: usize) -> Attributes<'x> {
        Attributes { tag, from: name_length }
    }

    /// The value of the next attribute, if it has this name, the usual form, and no reference in its value: then nothing has to be looked for but
    /// where the value ends.
    #[inline]
    pub(super) fn next_called(&mut self, name: &str) -> Option<&'x str> {
        let rest = self.tag.as_bytes().get(self.from..)?.strip_prefix(b" ")?.strip_prefix(name.as_bytes())?;
        let [b'=', quote @ (b'"' | b'\''), value @ ..] = rest else { return None };
        let start = self.tag.len() - value.len();
        let end = start + memchr::memchr2(*quote, b'&', value)?;
        if self.tag.as_bytes()[end] == b'&' {
            return None;
        }
        self.from = end + 1;
        self.tag.get(start..end)
    }

    /// The name and the value of the next attribute, if it has the usual form; `None` also where there is no further one.
    #[inline]
    pub(super) fn next_plain(&mut self) -> Option<(&'x str, &'x str)> {
        let (tag, bytes) = (self.tag, self.tag.as_bytes());
        let Some(blanks) = bytes.get(self.from..)?.iter().position(|byte| !is_blank(*byte)) else {
            self.from = tag.len();
            return None;
        };
        let start = self.from + blanks;
        // The parser takes whatever comes first for a part of the name.
        let name = bytes.get(start + 1..)?;
        let equals = start + 1 + name.iter().position(|byte| *byte == b'=' || is_blank(*byte))?;
        let [b'=', quote @ (b'"' | b'\''), value @ ..] = &bytes[equals..] else { return None };
        let end = equals + 2 + memchr::memchr(*quote, value)?;
        self.from = end + 1;
        Some((tag.get(start..equals)?, tag.get(equals + 2..end)?))
    }

    /// Whether nothing is left.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.from >= self.tag.len()
    }

    /// What the parser makes of the rest.
    pub(super) fn others(self) -> impl Iterator<Item = Result<(&'x str, &'x str), AttrError>> {
        let rest = (self.from < self.tag.len()).then(|| {
            let mut rest = AnyAttributes::new(self.tag, self.from);
            // The check for repeated attributes takes a list for each element; those that matter are checked where they are looked for.
            rest.with_checks(false);
            rest
        });
        let borrowed = |value| if let std::borrow::Cow::Borrowed(value) = value { value } else { "" };
        rest.into_iter().flatten().map(move |own| own.map(|own| (own.key.0, borrowed(own.value))))
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
        let mut plain = Attributes::new(tag, name_length);
        let mut own: Vec<_> = std::iter::from_fn(|| plain.next_plain()).map(Ok).collect();
        own.extend(plain.others());
        let own: Vec<_> = own.into_iter().map(|own| own.map(|(name, value)| (name, value.to_owned()))).collect();
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

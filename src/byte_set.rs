//! Sets of bytes that a text is searched for: one lookup for each byte, however many are in the set.

/// A set of bytes at each of which a text may be cut: ASCII characters, and what other characters begin with in UTF-8.
pub(crate) struct ByteSet([bool; 256]);

impl ByteSet {
    /// The set of these bytes. None of them may be one of those that continue a character.
    pub(crate) const fn of(bytes: &[u8]) -> ByteSet {
        let mut set = [false; 256];
        let mut at = 0;
        while at < bytes.len() {
            assert!(!matches!(bytes[at], 0x80..=0xbf), "a text cannot be cut there");
            set[bytes[at] as usize] = true;
            at += 1;
        }
        ByteSet(set)
    }

    /// Whether a byte is in the set.
    pub(crate) fn contains(&self, byte: u8) -> bool {
        self.0[usize::from(byte)]
    }

    /// Where the first byte of a text is that is in the set.
    pub(crate) fn find(&self, text: &str) -> Option<usize> {
        text.bytes().position(|byte| self.contains(byte))
    }

    /// The bytes of a text that are in the set, with their offsets.
    pub(crate) fn matches<'t>(&self, text: &'t str) -> impl Iterator<Item = (usize, u8)> + use<'t, '_> {
        text.bytes().enumerate().filter(|(_, byte)| self.contains(*byte))
    }

    /// The pieces of a text between characters of a set, which are all ASCII.
    pub(crate) fn split<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> + use<'t, '_> {
        let mut rest = Some(text);
        std::iter::from_fn(move || {
            let text = rest?;
            let end = self.find(text);
            rest = end.map(|end| &text[end + 1..]);
            Some(end.map_or(text, |end| &text[..end]))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_each_byte_of_a_set() {
        const SET: ByteSet = ByteSet::of(b"/,");
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(SET.split(text).collect::<Vec<_>>(), expected, "{text}");
            assert_eq!(SET.find(text), text.find(['/', ',']), "{text}");
        };
        check("", &[""]);
        check("ab", &["ab"]);
        check("/é,,b", &["", "é", "", "b"]);
        check("a/", &["a", ""]);
    }

    #[test]
    fn characters_beyond_ascii_are_found_by_their_first_byte() {
        const SET: ByteSet = ByteSet::of(b"'\xe2");
        assert_eq!(SET.matches("a’é'").collect::<Vec<_>>(), [(1, 0xe2), (6, b'\'')]);
    }
}
